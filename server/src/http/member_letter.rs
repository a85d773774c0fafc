//! Letters of an association to its members, and the links in them that work without a sign-in.

use app::{
    i18n::Tr,
    pages::stop::{self, Stop},
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{enterprise::Email, text::Lang};
use uuid::Uuid;

use super::{
    App,
    assessment::last_day,
    context::{Cx, Staff},
    forms::Pairs,
    member,
    sign_in::{hex, session_hash},
};
use crate::{
    clock,
    error::Error,
    mail::compose::{self, ToMember, Way},
    store::{Addressee, Campaign, Kind, MemberLetter, Message, Occasion},
};

/// Letters queued in one transaction: on SQLite others may write between two of them.
const BATCH: i64 = 100;
/// More members than any association writes to at once.
const MOST: usize = 20_000;
/// More members than a page shows cannot be chosen.
const MOST_CHOSEN: usize = 100;

/// `POST /association/letters`: invites or reminds the chosen members or all, as `do` says: `invite`, `remind`,
/// `invite-all`, `remind-all`. Those that may not be written to now are left out.
pub async fn send(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let (occasion, all) = match form.get("do") {
        "invite" => (Occasion::Invitation, false),
        "invite-all" => (Occasion::Invitation, true),
        "remind" => (Occasion::Reminder, false),
        "remind-all" => (Occasion::Reminder, true),
        _ => return Err(Error::BadRequest("a letter that no button sends")),
    };
    let Some(campaign) = app.store().open_campaign(cx.now).await? else {
        return member::refuse_letters(&cx, cx.tr().t("letters-no-campaign").into_owned()).await;
    };
    let post = Post { app: &app, cx: &cx, staff, campaign, occasion };
    let (sent, left) = if all {
        post.to_all().await?
    } else {
        let chosen = form.all("chosen");
        if chosen.is_empty() {
            return member::refuse_letters(&cx, cx.tr().t("letters-none-chosen").into_owned()).await;
        }
        post.to_chosen(&chosen).await?
    };
    let back = form.get("back");
    let back = if back.parse::<Uuid>().is_ok() { format!("/{back}") } else { String::new() };
    Ok(Redirect::to(&format!("/association/members{back}?sent={sent}&left={left}")).into_response())
}

/// What is sent, on whose behalf.
struct Post<'a> {
    app: &'a App,
    cx: &'a Cx,
    staff: Staff,
    campaign: Campaign,
    occasion: Occasion,
}

impl Post<'_> {
    /// How many letters were queued, and how many of those that could get one have no address.
    async fn to_all(&self) -> Result<(usize, usize), Error> {
        let (mut sent, mut seen, mut after) = (0, 0, None);
        while seen < MOST {
            let found = self.addressees(None, after, BATCH).await?;
            let Some(last) = found.last() else { break };
            after = Some(last.id);
            seen += found.len();
            sent += self.queue(&found).await?;
        }
        Ok((sent, seen - sent))
    }

    /// How many letters were queued, and how many of the chosen members got none.
    async fn to_chosen(&self, chosen: &[String]) -> Result<(usize, usize), Error> {
        let mut found = Vec::new();
        let mut keys = Vec::new();
        for id in chosen.iter().take(MOST_CHOSEN) {
            let id: Uuid = id.parse().map_err(|_| Error::NotFound)?;
            // Somebody else's member is as good as missing.
            self.app.store().member(id, self.staff.association).await?.ok_or(Error::NotFound)?;
            if !keys.contains(&id) {
                keys.push(id);
                found.extend(self.addressees(Some(id), None, 1).await?);
            }
        }
        let sent = self.queue(&found).await?;
        Ok((sent, keys.len() - sent))
    }

    async fn addressees(
        &self,
        only: Option<Uuid>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Addressee>, sqlx::Error> {
        let where_to = (self.staff.association, self.campaign.id);
        self.app.store().addressees(self.occasion, where_to, only, after, limit, self.cx.now).await
    }

    async fn queue(&self, to: &[Addressee]) -> Result<usize, Error> {
        let letters: Vec<MemberLetter> = to.iter().filter_map(|one| self.letter(one)).collect();
        if letters.is_empty() {
            return Ok(0);
        }
        let where_to = (self.staff.association, self.campaign.id);
        Ok(self.app.store().send_letters(self.occasion, where_to, &letters, self.cx.by()).await?)
    }

    /// The letter to a member; none if it has no address.
    fn letter(&self, one: &Addressee) -> Option<MemberLetter> {
        let to = Email::parse(one.email.as_deref()?)?;
        let [token, stop] = [(); 2].map(|()| hex(&clock::secret::<32>()));
        let (register, stop_path) = (format!("/join/{token}"), format!("/stop/{stop}"));
        let day = last_day(self.campaign.closes_at);
        let about = ToMember {
            association: &self.staff.name,
            enterprise: &one.name,
            tax_code: &one.tax_code,
            campaign: &self.campaign.title_vi,
            day: &day,
            way: match (one.is_registered, one.is_agreed) {
                (false, _) => Way::Register(&register),
                (true, false) => Way::Decide,
                (true, true) => Way::Answer,
            },
            stop: &stop_path,
        };
        let english = ToMember { campaign: &self.campaign.title_en, ..about };
        let [vi, en] = [Lang::Vi, Lang::En].map(Tr::new);
        // Nobody knows which language is read there: both stand in the letter.
        let (kind, letter) = match self.occasion {
            Occasion::Invitation => (
                Kind::MemberInvitation,
                compose::member_invitation(vi, &about).and(compose::member_invitation(en, &english)),
            ),
            Occasion::Reminder => {
                (Kind::MemberReminder, compose::member_reminder(vi, &about).and(compose::member_reminder(en, &english)))
            }
        };
        let message = Message {
            id: clock::id(),
            to: to.as_str().to_owned(),
            lang: Lang::Vi,
            kind,
            letter,
            about: "membership",
            about_id: Some(one.id),
            sender: Some(self.staff.association),
            stop: Some(session_hash(&stop)),
            at: self.cx.now,
        };
        // The link works as long as the campaign takes assessments; a reminder brings a new one.
        let link = (!one.is_registered).then(|| (session_hash(&token), self.campaign.closes_at));
        Some(MemberLetter { membership: one.id, message, link })
    }
}

/// `GET /stop/{token}`: asks first, since mail programs look at links too.
pub async fn ask_stop(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    let (sender, is_stopped) = stopping(&app, &cx, &token).await?;
    let page = Stop { path: format!("/stop/{token}"), sender, is_stopped };
    let title = cx.tr().t("stop-title");
    Ok(cx.page(&title, || stop::view(cx.tr(), page)))
}

/// `POST /stop/{token}`: the association, or the province, writes to the enterprise no more.
pub async fn stop_now(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    stopping(&app, &cx, &token).await?;
    app.store().stop_letters(session_hash(&token), cx.by()).await?;
    app.store().stop_province_letters(session_hash(&token), cx.by()).await?;
    Ok(Redirect::to(&format!("/stop/{token}")).into_response())
}

/// Whose letters a stop link stops, and whether it has.
async fn stopping(app: &App, cx: &Cx, token: &str) -> Result<(String, bool), Error> {
    let hash = session_hash(token);
    if let Some(found) = app.store().stop_link(hash).await? {
        return Ok((found.association, found.is_stopped));
    }
    let is_stopped = app.store().province_stop_link(hash).await?.ok_or(Error::NotFound)?;
    Ok((cx.settings.owner.clone(), is_stopped))
}
