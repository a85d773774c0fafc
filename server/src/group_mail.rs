//! Writes the letters that an officer asked for to a group: in batches, each one transaction. A process that died leaves
//! the rest to the next one; nobody is written to twice.

use std::time::Duration;

use app::i18n::Tr;
use model::{claim::ClaimCode, enterprise::Email, text::Lang};
use tokio::sync::watch;

use crate::{
    clock,
    http::{App, claim_hash, hex, last_day, session_hash},
    mail::compose::{self, ToEnterprise},
    store::{AskedGroup, Campaign, GroupAddressee, GroupLetter, Kind, Message, Occasion, association::By},
};

/// Letters queued in one transaction: on SQLite others may write between two of them.
const BATCH: i64 = 100;

/// How often the list of groups is looked at.
const LOOK: Duration = Duration::from_secs(1);

/// Writes letters until `stop` changes or its sender is gone; the batch under way is finished.
pub async fn follow(app: App, mut stop: watch::Receiver<()>) {
    loop {
        if let Err(error) = drain(&app, &stop).await {
            tracing::error!(error = format!("{error:#}"), "letters to groups cannot be written");
        }
        tokio::select! {
            biased;
            _ = stop.changed() => return,
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}

async fn drain(app: &App, stop: &watch::Receiver<()>) -> anyhow::Result<()> {
    for group in app.store().asked_groups().await? {
        write(app, &group, stop).await?;
    }
    Ok(())
}

/// Writes the letters to one group. A campaign that has closed meanwhile ends them.
async fn write(app: &App, group: &AskedGroup, stop: &watch::Receiver<()>) -> anyhow::Result<()> {
    let mut after = String::new();
    loop {
        // The sender is gone when the server ends.
        if !matches!(stop.has_changed(), Ok(false)) {
            return Ok(());
        }
        let now = clock::now();
        let by = By { account: group.account, event: clock::id(), at: now };
        let campaign = app.store().open_campaign(now).await?.filter(|campaign| campaign.id == group.campaign);
        let Some(campaign) = campaign else {
            app.store().send_group_letters(group, &[], true, by).await?;
            return Ok(());
        };
        let found = app.store().group_addressees(group.occasion(), group.id, &after, BATCH, now).await?;
        after = found.last().map_or(after, |last| last.tax_code.clone());
        let is_last = i64::try_from(found.len()).is_ok_and(|found| found < BATCH);
        let owner = app.settings(now).await.owner.clone();
        let mut letters = Vec::with_capacity(found.len());
        for one in found {
            letters.extend(letter(&owner, &campaign, group.occasion(), one, by)?);
        }
        app.store().send_group_letters(group, &letters, is_last, by).await?;
        if is_last {
            return Ok(());
        }
    }
}

/// The letter to an enterprise; none where its address is none.
fn letter(
    owner: &str,
    campaign: &Campaign,
    occasion: Occasion,
    one: GroupAddressee,
    by: By,
) -> anyhow::Result<Option<GroupLetter>> {
    let Some(to) = Email::parse(&one.email) else { return Ok(None) };
    let stop = hex(&clock::secret::<32>());
    let code = ClaimCode::of_random(&clock::secret::<64>()).ok_or_else(|| anyhow::anyhow!("no fair random bytes"))?;
    let code = code.to_string();
    let (claim, stop_path) = (format!("/claim?tax_code={}&code={code}", one.tax_code), format!("/stop/{stop}"));
    let day = last_day(campaign.closes_at);
    let about = ToEnterprise {
        owner,
        enterprise: &one.name,
        tax_code: &one.tax_code,
        campaign: &campaign.title_vi,
        day: &day,
        claim: (!one.is_registered).then_some(&claim),
        stop: &stop_path,
    };
    let english = ToEnterprise { campaign: &campaign.title_en, ..about };
    let [vi, en] = [Lang::Vi, Lang::En].map(Tr::new);
    // Nobody knows which language is read there: both stand in the letter.
    let (kind, letter) = match occasion {
        Occasion::Invitation => {
            (Kind::GroupInvitation, compose::group_invitation(vi, &about).and(compose::group_invitation(en, &english)))
        }
        Occasion::Reminder => {
            (Kind::GroupReminder, compose::group_reminder(vi, &about).and(compose::group_reminder(en, &english)))
        }
    };
    let message = Message {
        id: clock::id(),
        to: to.as_str().to_owned(),
        lang: Lang::Vi,
        kind,
        letter,
        about: "invitation_group_entry",
        about_id: Some(one.id),
        sender: None,
        stop: Some(session_hash(&stop)),
        at: by.at,
    };
    // The code works as long as the campaign takes assessments; a reminder brings a new one.
    let code = (!one.is_registered).then(|| (claim_hash(&one.tax_code, &code), campaign.closes_at));
    Ok(Some(GroupLetter { entry: one.id, message, code }))
}
