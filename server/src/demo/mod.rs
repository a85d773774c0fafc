//! A synthetic province for `serve --demo`: the same every time, stored through the same functions as real data.

use std::fmt::Write as _;

use anyhow::Context as _;
use fastrand::Rng;
use model::{campaign::Schedule, release::Parameters, role::Role};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use self::{
    associations::PLANS,
    firms::{Firm, file, firms},
    province::Province,
};
use crate::{
    clock,
    http::{App, register_import::store_file},
    import::{self, file::Kind},
    password,
    store::{
        Action, By, Campaign, Changed, Event, Filter, GroupMade, NewGroup, NewReleaseJob, NewSnapshot, Occasion,
        association,
    },
};

mod answers;
mod associations;
mod firms;
mod province;

/// The same province every time.
const SEED: u64 = 24_2026;
/// The password of every account of a throw-away database.
const PASSWORD: &str = "thuoc-so-demo";
/// How long ago the campaign opened.
const OPEN_FOR: Duration = Duration::days(40);

/// Who works for the province.
const OFFICES: [(Role, &str, &str); 3] = [
    (Role::Officer, "can-bo@example.vn", "Nguyễn Thị Thu"),
    (Role::Analyst, "phan-tich@example.vn", "Trần Văn Đức"),
    (Role::Administrator, "quan-tri@example.vn", "Lê Minh Ánh"),
];

/// A province that is filled.
#[derive(Debug)]
pub struct Demo {
    /// What to print: the password, and one sign-in per role.
    pub sign_ins: String,
    /// The campaigns that have answers, the first first.
    campaigns: [Campaign; 2],
    now: OffsetDateTime,
}

impl Demo {
    /// Computes and issues the releases of both campaigns with these parameters. That takes longer than filling, so the
    /// province can be looked at meanwhile.
    ///
    /// # Errors
    /// When the database fails or a figure cannot be protected.
    pub async fn release(&self, app: &App, parameters: &Parameters) -> anyhow::Result<()> {
        let [before, current] = &self.campaigns;
        // Fewer figures of last year are shown, so that both are there in half the time.
        let quickly = Parameters { effort: 0, ..parameters.clone() };
        release(app, before, &quickly, self.now).await?;
        release(app, current, parameters, self.now).await
    }
}

/// Fills the open campaign and one of last year.
///
/// # Errors
/// When the database fails.
pub async fn fill(app: &App) -> anyhow::Result<Demo> {
    let now = clock::now();
    let store = app.store();
    let campaign = store.open_campaign(now).await?.context("the demonstration has no open campaign")?;
    let questionnaire = app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await;
    let questionnaire = questionnaire.map_err(|error| anyhow::anyhow!("{error}"))?;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let mut province = Province { store, campaign, questionnaire: &questionnaire, hash, now };
    let officer = offices(&province).await?;
    province.campaign = opened_earlier(&province, officer).await?;
    let mut rng = Rng::with_seed(SEED);
    let firms = firms(&mut rng);
    register(&province, &mut rng, officer, &firms).await?;
    let mut respondents = Vec::new();
    for (number, firm) in firms.iter().filter(|firm| firm.takes_part).enumerate() {
        respondents.push(province.take_part(&mut rng, number, firm).await?);
    }
    let (mut whole, half) = (province.shop(true).await?, province.shop(false).await?);
    let silent: Vec<&Firm> = firms.iter().filter(|firm| !firm.takes_part).collect();
    let [first, others @ ..] = &PLANS;
    let staff = province.associate(first, &mut respondents, &[&whole, &half], &silent).await?;
    province.ask_shop(&staff, &mut whole).await?;
    for plan in others {
        province.associate(plan, &mut respondents, &[&half], &silent).await?;
    }
    groups(&province, officer).await?;
    let before = province.last_year(&mut rng, &respondents).await?;
    let snapshot = store.campaign_snapshot(province.campaign.id).await?.context("the campaign has no frame")?;
    store.attach_snapshot(before.id, snapshot.id, Some(officer), clock::id(), now).await?;
    Ok(Demo { sign_ins: sign_ins(), campaigns: [before, province.campaign], now })
}

/// The accounts of the province; answers the officer's key.
async fn offices(province: &Province<'_>) -> anyhow::Result<Uuid> {
    let mut officer = None;
    for (role, email, name) in OFFICES {
        let account = province.account(role, email, name);
        let added = province.store.add_account(&account, clock::id(), province.now).await?;
        added.map_err(|taken| anyhow::anyhow!("the demonstration repeats itself: {taken:?}"))?;
        officer = officer.or((role == Role::Officer).then_some(account.id));
    }
    officer.context("nobody is an officer")
}

/// The campaign as if it had been open for some weeks.
async fn opened_earlier(province: &Province<'_>, officer: Uuid) -> anyhow::Result<Campaign> {
    let found = province.store.campaign(province.campaign.id).await?.context("the campaign is gone")?;
    let opens_at = found.opens_at - OPEN_FOR;
    let changed = Schedule { opens_at, ..found.schedule() };
    let by = By { account: officer, event: clock::id(), at: province.now };
    let stored = province.store.change_campaign(&found.scheduled(changed), Action::CampaignChanged, &by).await?;
    anyhow::ensure!(stored == Changed::Done, "the campaign of the demonstration was not changed: {stored:?}");
    Ok(Campaign { opens_at, ..province.campaign.clone() })
}

/// Imports the register from a file, freezes it, and makes it the frame of the campaign.
async fn register(province: &Province<'_>, rng: &mut Rng, officer: Uuid, firms: &[Firm]) -> anyhow::Result<()> {
    let store = province.store;
    let file = file(rng, firms.iter());
    let headers = Kind::Csv.headers(file.as_bytes())?;
    let name = "danh-ba-doanh-nghiep.csv";
    let import = store_file(store, name, Kind::Csv, &headers, file.as_bytes(), Some(officer)).await?;
    let started = store.start_import(import, Some(officer), clock::id(), clock::now()).await?;
    anyhow::ensure!(started, "the register of the demonstration is not imported");
    import::run(store, import, &mut |_| {}).await?;
    let snapshot = clock::id();
    let title = format!("Khung mẫu {}", province.now.year());
    let new = NewSnapshot { id: snapshot, title, account: Some(officer), event: clock::id(), at: province.now };
    store.take_snapshot(&new).await?;
    store.attach_snapshot(province.campaign.id, snapshot, Some(officer), clock::id(), province.now).await?;
    Ok(())
}

/// Two invitation groups: a drawn one that letters are written to as soon as the server runs, and one that waits.
async fn groups(province: &Province<'_>, officer: Uuid) -> anyhow::Result<()> {
    let section = |code: &str| Filter { section: Some(code.to_owned()), ..Filter::default() };
    let plans = [
        ("Đợt 1: 60 doanh nghiệp chế biến, chế tạo", section("C"), Some((60, "2026".to_owned()))),
        ("Đợt 2: doanh nghiệp thương mại", section("G"), None),
    ];
    let by = || association::By { account: Some(officer), event: clock::id(), at: province.now };
    let campaign = province.campaign.id;
    let mut groups = Vec::new();
    for (title, choice, draw) in plans {
        let new = NewGroup { id: clock::id(), campaign, title: title.to_owned(), choice, draw, account: officer };
        let made = province.store.make_group(&new, &mut clock::id, by()).await?;
        anyhow::ensure!(matches!(made, GroupMade::Done(_)), "a group of the demonstration was not made: {made:?}");
        groups.push(new.id);
    }
    province.store.ask_group((campaign, groups[0]), Occasion::Invitation, officer, by()).await?;
    Ok(())
}

/// Computes and issues a release of the campaign, weighted to its snapshot of the register.
async fn release(app: &App, campaign: &Campaign, parameters: &Parameters, now: OffsetDateTime) -> anyhow::Result<()> {
    let store = app.store();
    let snapshot = store.campaign_snapshot(campaign.id).await?.map(|snapshot| snapshot.id);
    let new = NewReleaseJob {
        id: clock::id(),
        campaign: campaign.id,
        snapshot,
        corrects: None,
        parameters: serde_json::to_value(parameters)?,
        account: None,
        event: clock::id(),
        at: now,
    };
    store.add_release_job(&new).await?;
    crate::release::run(app.clone(), new.id).await;
    let event = Event {
        id: clock::id(),
        at: now,
        account: None,
        action: Action::ReleaseNoted,
        subject: "release",
        subject_id: Some(new.id),
        detail: serde_json::json!({}),
    };
    store.save_release_note(new.id, NOTE, &event).await?;
    let job = store.release_job(new.id).await?.context("the release of the demonstration is gone")?;
    anyhow::ensure!(job.state == "done", "the release of the demonstration failed: {:?}", job.failure);
    crate::release::issue(store, &job, None, now).await?;
    Ok(())
}

/// What the release says about itself, in Vietnamese and English.
const NOTE: (&str, &str) = (
    "Số liệu minh họa: mọi doanh nghiệp và câu trả lời đều do máy tạo ra. Điểm là tự khai.",
    "Synthetic data: all enterprises and answers were made by a program. Scores are self-declared.",
);

fn sign_ins() -> String {
    let mut text = format!("Demonstration, thrown away at the end. Password of every account: {PASSWORD}\n");
    let enterprises =
        [("enterprise with a result", "ket-qua@example.vn"), ("enterprise in the middle", "dang-lam@example.vn")];
    let associations = PLANS.iter().flat_map(|plan| plan.emails()).map(|email| ("association", email));
    let offices = OFFICES.iter().map(|(role, email, _)| (role.as_str(), *email));
    for (role, email) in enterprises.into_iter().chain(associations).chain(offices) {
        let _ = writeln!(text, "  {role:<26}{email}");
    }
    text
}
