//! Campaigns: planning them and taking them through their life.

use app::{
    date,
    pages::province::{
        campaigns::{self, Draft, Line, Step},
        overview::CampaignProgress,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    campaign::{Phase, Refusal, Schedule},
    format,
    text::{Lang, nfc},
};
use time::{Date, OffsetDateTime, UtcOffset};
use uuid::Uuid;

use crate::{
    clock::{self, VIETNAM},
    error::Error,
    http::{
        Access, App,
        access::OFFICE,
        assessment::last_day,
        context::{Cx, moment},
        forms::Pairs,
    },
    store::{Action, By, CampaignText, Changed, PlannedCampaign, snapshot::Snapshot},
};

/// A province runs a few campaigns a year.
const MOST: i64 = 200;

/// `GET /province/campaigns`
pub async fn list(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let lines = app.store().campaigns(MOST).await?.iter().map(|campaign| line(&cx, campaign)).collect();
    let title = cx.tr().t("campaigns-title");
    let may_act = may_act(&cx);
    Ok(cx.page(&title, || campaigns::list(cx.tr(), lines, may_act)))
}

/// `GET /province/campaigns/new`
pub async fn new(cx: Cx) -> Result<Response, Error> {
    let questionnaires = questionnaires(&cx).await?;
    let questionnaire = questionnaires.first().map(|(value, _)| value.clone()).unwrap_or_default();
    let title = cx.tr().t("campaign-new");
    Ok(cx.page(&title, || campaigns::new(cx.tr(), Draft { questionnaires, questionnaire, ..Draft::default() })))
}

/// `POST /province/campaigns`
pub async fn create(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let versions = questionnaires(&cx).await?;
    match read(&cx, &form, &versions) {
        Ok((text, schedule)) => {
            let campaign = PlannedCampaign::new(clock::id(), text, schedule);
            app.store().plan_campaign(&campaign, &by(&cx)?).await?;
            Ok(Redirect::to(&address(campaign.id)).into_response())
        }
        Err(mistakes) => {
            let draft = typed(&form, versions, mistakes);
            let title = cx.tr().t("campaign-new");
            Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || campaigns::new(cx.tr(), draft)))
        }
    }
}

/// `GET /province/campaigns/{id}`
pub async fn campaign(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let found = app.store().campaign(id).await?.ok_or(Error::NotFound)?;
    show(&cx, &found, StatusCode::OK, |_| {}).await
}

/// `POST /province/campaigns/{id}`: changes a draft.
pub async fn edit(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let found = app.store().campaign(id).await?.ok_or(Error::NotFound)?;
    if found.schedule().phase(cx.now) != Phase::Draft {
        return refuse(&cx, &found, vec![stale(&cx)]).await;
    }
    let versions = questionnaires(&cx).await?;
    if form.get("_revision") != found.revision.to_string() {
        // What was typed stays, with the new revision: sent once more, it is meant.
        let draft = Draft { revision: found.revision, ..typed(&form, versions, vec![stale(&cx)]) };
        return show(&cx, &found, StatusCode::CONFLICT, |page| page.draft = Some(draft)).await;
    }
    match read(&cx, &form, &versions) {
        Ok((text, schedule)) => {
            let changed = found.clone().rewritten(text, schedule);
            store(&cx, &found, &changed, Action::CampaignChanged).await
        }
        Err(mistakes) => {
            let draft = Draft { revision: found.revision, ..typed(&form, versions, mistakes) };
            show(&cx, &found, StatusCode::UNPROCESSABLE_ENTITY, |page| page.draft = Some(draft)).await
        }
    }
}

/// `POST /province/campaigns/{id}/{step}`: opens, extends, closes, reopens or archives.
pub async fn step(
    State(app): State<App>,
    cx: Cx,
    Path((id, step)): Path<(Uuid, String)>,
    form: Pairs,
) -> Result<Response, Error> {
    let found = app.store().campaign(id).await?.ok_or(Error::NotFound)?;
    if step == "snapshot" {
        return attach(&cx, &found, form.get("snapshot")).await;
    }
    let schedule = found.schedule();
    // Without a readable day, the closing is a moment that every rule refuses.
    let closes_at = form.day("new_last_day").and_then(closing).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    let (action, taken) = match step.as_str() {
        "open" => (Action::CampaignOpened, schedule.open(cx.now)),
        "extend" => (Action::CampaignExtended, schedule.extend(closes_at, cx.now)),
        "close" => (Action::CampaignClosed, schedule.close(cx.now)),
        "reopen" => (Action::CampaignReopened, schedule.reopen(closes_at, cx.now)),
        "archive" => (Action::CampaignArchived, schedule.archive(cx.now)),
        _ => return Err(Error::NotFound),
    };
    match taken {
        Ok(schedule) => store(&cx, &found, &found.clone().scheduled(schedule), action).await,
        Err(refusal) => {
            let field = match (refusal, step.as_str()) {
                (Refusal::WrongPhase(_), _) => "history",
                (_, "open") => "last_day",
                _ => "new_last_day",
            };
            let mistake = Mistake { field: field.into(), message: reason(&cx, refusal) };
            let day = form.get("new_last_day").to_owned();
            show(&cx, &found, status(refusal), |page| {
                page.new_last_day = day;
                page.mistakes = vec![mistake];
            })
            .await
        }
    }
}

/// Makes a snapshot of the register the frame of a campaign that is not over.
async fn attach(cx: &Cx, found: &PlannedCampaign, snapshot: &str) -> Result<Response, Error> {
    let store = cx.app.store();
    if matches!(found.schedule().phase(cx.now), Phase::Closed | Phase::Archived) {
        return refuse(cx, found, vec![stale(cx)]).await;
    }
    let known = match snapshot.parse() {
        Ok(id) => store.snapshot(id).await?,
        Err(_) => None,
    };
    let Some(known) = known else {
        let message = cx.tr().t("campaign-wrong-snapshot").into_owned();
        let mistakes = vec![Mistake { field: "snapshot".into(), message }];
        return show(cx, found, StatusCode::UNPROCESSABLE_ENTITY, |page| page.mistakes = mistakes).await;
    };
    let by = by(cx)?;
    store.attach_snapshot(found.id, known.id, Some(by.account), by.event, by.at).await?;
    Ok(Redirect::to(&address(found.id)).into_response())
}

fn snapshot_text(cx: &Cx, snapshot: &Snapshot) -> String {
    let entries = format::number(cx.lang, snapshot.entries);
    cx.tr().with("campaign-snapshot-text", [("title", &snapshot.title), ("entries", &entries)])
}

/// Stores a change and goes to the campaign, or says why it was not stored.
async fn store(cx: &Cx, found: &PlannedCampaign, new: &PlannedCampaign, action: Action) -> Result<Response, Error> {
    let other = match cx.app.store().change_campaign(new, action, &by(cx)?).await? {
        Changed::Done => return Ok(Redirect::to(&address(new.id)).into_response()),
        Changed::Stale => return refuse(cx, found, vec![stale(cx)]).await,
        Changed::Overlaps(other) => other,
    };
    let other = cx.app.store().campaign(other).await?.ok_or(Error::NotFound)?;
    let message =
        cx.tr().with("campaign-overlaps", [("title", title(cx, &other)), ("day", &last_day(other.closes_at))]);
    refuse(cx, found, vec![Mistake { field: "history".into(), message }]).await
}

async fn refuse(cx: &Cx, found: &PlannedCampaign, mistakes: Vec<Mistake>) -> Result<Response, Error> {
    show(cx, found, StatusCode::CONFLICT, |page| page.mistakes = mistakes).await
}

async fn show(
    cx: &Cx,
    found: &PlannedCampaign,
    status: StatusCode,
    adapt: impl FnOnce(&mut campaigns::Campaign),
) -> Result<Response, Error> {
    let store = cx.app.store();
    let progress = store.progress(found.id).await?;
    let line = line(cx, found);
    let draft = match line.phase {
        Phase::Draft => Some(stored(found, questionnaires(cx).await?)),
        _ => None,
    };
    let mut page = campaigns::Campaign {
        progress: CampaignProgress {
            title: line.title.clone(),
            last_day: line.last_day.clone(),
            questionnaire: line.questionnaire.clone(),
            enterprises: progress.enterprises,
            drafts: progress.drafts,
            submitted: progress.submitted,
        },
        line,
        snapshot: store.campaign_snapshot(found.id).await?.map(|snapshot| snapshot_text(cx, &snapshot)),
        snapshots: store
            .snapshots()
            .await?
            .iter()
            .map(|snapshot| (snapshot.id.to_string(), snapshot_text(cx, snapshot)))
            .collect(),
        may_act: may_act(cx),
        draft,
        new_last_day: String::new(),
        mistakes: Vec::new(),
        history: history(store.campaign_history(found.id).await?),
    };
    adapt(&mut page);
    let title = page.line.title.clone();
    Ok(match status {
        StatusCode::OK => cx.page(&title, || campaigns::campaign(cx.tr(), page)),
        _ => cx.refused(status, &title, || campaigns::campaign(cx.tr(), page)),
    })
}

fn history(steps: Vec<crate::store::campaign_life::CampaignStep>) -> Vec<Step> {
    let step = |step: crate::store::campaign_life::CampaignStep| Step {
        at: moment(step.at),
        last_day: step.closes_at().map(last_day),
        action: step.action,
        who: step.full_name,
    };
    steps.into_iter().map(step).collect()
}

fn line(cx: &Cx, campaign: &PlannedCampaign) -> Line {
    Line {
        id: campaign.id.to_string(),
        title: title(cx, campaign).to_owned(),
        phase: campaign.schedule().phase(cx.now),
        opens_on: date::date(campaign.opens_at.to_offset(VIETNAM).date()),
        last_day: last_day(campaign.closes_at),
        questionnaire: format!("{} {}", campaign.questionnaire_id, campaign.questionnaire_version),
    }
}

fn title<'c>(cx: &Cx, campaign: &'c PlannedCampaign) -> &'c str {
    if cx.lang == Lang::Vi { &campaign.title_vi } else { &campaign.title_en }
}

/// Reads the form of a draft.
fn read(cx: &Cx, form: &Pairs, versions: &[(String, String)]) -> Result<(CampaignText, Schedule), Vec<Mistake>> {
    let tr = cx.tr();
    let mut mistakes = Vec::new();
    let mut wrong = |field: &str, message: String| mistakes.push(Mistake { field: field.into(), message });
    let [title_vi, title_en] = ["title_vi", "title_en"].map(|name| nfc(form.get(name)));
    for (name, title, problem) in [
        ("title_vi", &title_vi, tr.t("campaign-wrong-title-vi")),
        ("title_en", &title_en, tr.t("campaign-wrong-title-en")),
    ] {
        if !(2..=200).contains(&title.chars().count()) {
            wrong(name, problem.into_owned());
        }
    }
    let chosen = versions.iter().find(|(value, _)| value == form.get("questionnaire"));
    if chosen.is_none() {
        wrong("questionnaire", tr.t("campaign-wrong-questionnaire").into_owned());
    }
    let opens = form.day("opens_on").and_then(opening);
    let closes = form.day("last_day").and_then(closing);
    for (name, day, problem) in
        [("opens_on", opens, tr.t("campaign-wrong-opens")), ("last_day", closes, tr.t("campaign-wrong-last"))]
    {
        if day.is_none() {
            wrong(name, problem.into_owned());
        }
    }
    let schedule = opens.zip(closes).map(|(opens, closes)| Schedule::draft(opens, closes));
    if let Some(Err(refusal)) = schedule {
        wrong("last_day", reason(cx, refusal));
    }
    match (chosen.and_then(|(value, _)| value.split_once(' ')), schedule) {
        (Some((id, version)), Some(Ok(schedule))) if mistakes.is_empty() => {
            let (questionnaire_id, questionnaire_version) = (id.to_owned(), version.to_owned());
            Ok((CampaignText { title_vi, title_en, questionnaire_id, questionnaire_version }, schedule))
        }
        _ => Err(mistakes),
    }
}

/// What was typed, to be shown again.
fn typed(form: &Pairs, questionnaires: Vec<(String, String)>, mistakes: Vec<Mistake>) -> Draft {
    let get = |name: &str| form.get(name).to_owned();
    Draft {
        title_vi: get("title_vi"),
        title_en: get("title_en"),
        questionnaire: get("questionnaire"),
        opens_on: get("opens_on"),
        last_day: get("last_day"),
        revision: 0,
        questionnaires,
        mistakes,
    }
}

/// What is stored, to be changed.
fn stored(campaign: &PlannedCampaign, questionnaires: Vec<(String, String)>) -> Draft {
    let last = (campaign.closes_at.to_offset(VIETNAM) - time::Duration::SECOND).date();
    Draft {
        title_vi: campaign.title_vi.clone(),
        title_en: campaign.title_en.clone(),
        questionnaire: format!("{} {}", campaign.questionnaire_id, campaign.questionnaire_version),
        opens_on: date::iso(campaign.opens_at.to_offset(VIETNAM).date()),
        last_day: date::iso(last),
        revision: campaign.revision,
        questionnaires,
        mistakes: Vec::new(),
    }
}

/// The published versions as values of a select: `id version`, no id has a space.
async fn questionnaires(cx: &Cx) -> Result<Vec<(String, String)>, Error> {
    let versions = cx.app.store().questionnaire_versions().await?;
    let choice = |(id, version, _)| {
        let name = format!("{id} {version}");
        (name.clone(), name)
    };
    Ok(versions.into_iter().map(choice).collect())
}

/// The first moment of a day in Viet Nam.
fn opening(day: Date) -> Option<OffsetDateTime> {
    Some(day.midnight().assume_offset(VIETNAM).to_offset(UtcOffset::UTC))
}

/// The moment after the last of a day in Viet Nam.
fn closing(last_day: Date) -> Option<OffsetDateTime> {
    opening(last_day.next_day()?)
}

fn stale(cx: &Cx) -> Mistake {
    Mistake { field: "history".into(), message: cx.tr().t("campaign-stale").into_owned() }
}

fn reason(cx: &Cx, refusal: Refusal) -> String {
    match refusal {
        Refusal::WrongPhase(_) => cx.tr().t("campaign-stale"),
        Refusal::ClosesBeforeOpening => cx.tr().t("campaign-closes-before"),
        Refusal::ClosesInThePast => cx.tr().t("campaign-closes-past"),
        Refusal::NotLater => cx.tr().t("campaign-not-later"),
    }
    .into_owned()
}

fn status(refusal: Refusal) -> StatusCode {
    match refusal {
        Refusal::WrongPhase(_) => StatusCode::CONFLICT,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

fn by(cx: &Cx) -> Result<By, Error> {
    let who = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    Ok(By { account: who.account, event: clock::id(), at: cx.now })
}

fn may_act(cx: &Cx) -> bool {
    let access: Access = OFFICE;
    access.allows(cx.visitor.as_ref().map(|visitor| visitor.role))
}

fn address(id: Uuid) -> String {
    format!("/province/campaigns/{id}")
}
