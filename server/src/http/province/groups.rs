//! Invitation groups of a campaign: making them, and having letters written to them.

use app::{
    date,
    pages::province::{
        groups::{self, Acts, Choice, Groups, Making, Of, One, Row},
        response::OfGroup,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    campaign::Phase,
    text::{Lang, nfc},
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    claims,
    register::{filter, is_officer},
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    export::Format,
    http::{App, context::Cx, forms::Pairs, sign_in::hex},
    store::{Filter, Group, GroupEntry, GroupMade, MOST_CLAIMS, NewGroup, Occasion, PlannedCampaign},
};

/// Enterprises of a group on a page.
const PAGE: i64 = 50;
/// Letters of a title.
const LONGEST_TITLE: usize = 100;
/// The browser asks again after this many seconds while letters are being written.
const REFRESH: &str = "2";

/// `GET /province/campaigns/{id}/groups`
pub async fn list(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let campaign = campaign(&app, id).await?;
    let frame = app.store().campaign_snapshot(id).await?.map(|snapshot| snapshot.title);
    let found = app.store().groups(id).await?;
    let page = Groups {
        of: of(&cx, &campaign),
        may_add: is_officer(&cx) && frame.is_some() && is_ahead(&cx, &campaign),
        frame,
        groups: found.into_iter().map(|group| shown(&campaign, group)).collect(),
    };
    let title = cx.tr().t("groups-title");
    Ok(cx.page(&title, || groups::list(cx.tr(), page)))
}

/// `GET /province/campaigns/{id}/groups/new`: the choice so far, and how many fit.
pub async fn new(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let campaign = campaign(&app, id).await?;
    show_new(&cx, &campaign, &cx.query(), StatusCode::OK, Vec::new()).await
}

/// `POST /province/campaigns/{id}/groups`
pub async fn make(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let campaign = campaign(&app, id).await?;
    let (title, draw) = (nfc(form.get("title")), nfc(form.get("draw")));
    let mut mistakes = Vec::new();
    mistakes.extend(title_mistake(&cx, &title));
    let most = match draw.as_str() {
        "" => None,
        typed => typed.replace(['.', ',', ' '], "").parse::<usize>().ok().filter(|most| *most > 0),
    };
    if most.is_none() && !draw.is_empty() {
        mistakes.push(mistake("draw", cx.tr().t("groups-wrong-draw").into_owned()));
    }
    if !mistakes.is_empty() {
        return show_new(&cx, &campaign, &form, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await;
    }
    let new = NewGroup {
        id: clock::id(),
        campaign: id,
        title,
        choice: filter(&form),
        draw: most.map(|most| (most, hex(&clock::secret::<8>()))),
        account: account(&cx)?,
    };
    let wrong = match app.store().make_group(&new, &mut clock::id, cx.by()).await? {
        GroupMade::Done(_) => return Ok(Redirect::to(&address(id, new.id)).into_response()),
        GroupMade::Nobody => mistake("place", cx.tr().t("groups-nobody").into_owned()),
        GroupMade::TitleTaken => mistake("title", cx.tr().t("groups-title-taken").into_owned()),
        GroupMade::Refused => mistake("title", cx.tr().t("groups-over").into_owned()),
    };
    show_new(&cx, &campaign, &form, StatusCode::UNPROCESSABLE_ENTITY, vec![wrong]).await
}

/// `GET /province/campaigns/{id}/groups/{group}`
pub async fn one(State(app): State<App>, cx: Cx, Path((id, group)): Path<(Uuid, Uuid)>) -> Result<Response, Error> {
    let (campaign, group) = find(&app, id, group).await?;
    show(&cx, &campaign, group, StatusCode::OK, |_| {}).await
}

/// `POST /province/campaigns/{id}/groups/{group}`: `do` says what: `invite`, `remind`, `rename`, `delete`.
pub async fn act(
    State(app): State<App>,
    cx: Cx,
    Path((id, group)): Path<(Uuid, Uuid)>,
    form: Pairs,
) -> Result<Response, Error> {
    let (campaign, group) = find(&app, id, group).await?;
    let key = (id, group.id);
    let back = address(id, group.id);
    match form.get("do") {
        "invite" | "remind" => {
            let occasion = if form.get("do") == "invite" { Occasion::Invitation } else { Occasion::Reminder };
            if app.store().ask_group(key, occasion, account(&cx)?, cx.by()).await? || group.asked.is_some() {
                return Ok(Redirect::to(&back).into_response());
            }
            refuse(&cx, &campaign, group, mistake("letters", cx.tr().t("groups-not-open").into_owned())).await
        }
        "rename" => {
            let title = nfc(form.get("title"));
            let wrong = match title_mistake(&cx, &title) {
                Some(wrong) => Some(wrong),
                None if app.store().rename_group(key, &title, cx.by()).await? => None,
                None => Some(mistake("title", cx.tr().t("groups-title-taken").into_owned())),
            };
            let Some(wrong) = wrong else { return Ok(Redirect::to(&back).into_response()) };
            show(&cx, &campaign, group, StatusCode::UNPROCESSABLE_ENTITY, |page| {
                page.title = title;
                page.mistakes = vec![wrong];
            })
            .await
        }
        "delete" => {
            if app.store().delete_group(key, cx.by()).await? {
                return Ok(Redirect::to(&format!("/province/campaigns/{id}/groups")).into_response());
            }
            refuse(&cx, &campaign, group, mistake("edit", cx.tr().t("groups-invited-stays").into_owned())).await
        }
        _ => Err(Error::BadRequest("an act that no button sends")),
    }
}

/// `POST /province/campaigns/{id}/groups/{group}/codes`: makes codes for those without an address and answers the file
/// with them, this once.
pub async fn codes(
    State(app): State<App>,
    cx: Cx,
    Path((id, group)): Path<(Uuid, Uuid)>,
    form: Pairs,
) -> Result<Response, Error> {
    let (campaign, group) = find(&app, id, group).await?;
    let format: Format = form.get("format").parse().map_err(|_| Error::BadRequest("a kind of file that is none"))?;
    if !is_ahead(&cx, &campaign) {
        return refuse(&cx, &campaign, group, mistake("letters", cx.tr().t("groups-over").into_owned())).await;
    }
    let entries = app.store().claimable_of_group(group.id, MOST_CLAIMS, cx.now).await?;
    if entries.is_empty() {
        return refuse(&cx, &campaign, group, mistake("letters", cx.tr().t("groups-nobody-to-print").into_owned()))
            .await;
    }
    claims::file(&cx, entries, Some(group.id), format).await
}

/// The groups of a campaign as the response dashboard shows them.
///
/// # Errors
/// When the database fails.
pub(super) async fn responses(app: &App, campaign: Uuid) -> Result<Vec<OfGroup>, Error> {
    let found = app.store().groups(campaign).await?;
    let of = |group: Group| OfGroup {
        path: address(campaign, group.id),
        name: group.title,
        entries: group.entries,
        invited: group.invited + group.lettered,
        begun: group.begun,
        answered: group.submitted,
    };
    Ok(found.into_iter().map(of).collect())
}

async fn campaign(app: &App, id: Uuid) -> Result<PlannedCampaign, Error> {
    app.store().campaign(id).await?.ok_or(Error::NotFound)
}

async fn find(app: &App, id: Uuid, group: Uuid) -> Result<(PlannedCampaign, Group), Error> {
    let campaign = campaign(app, id).await?;
    let group = app.store().group(id, group).await?.ok_or(Error::NotFound)?;
    Ok((campaign, group))
}

fn account(cx: &Cx) -> Result<Uuid, Error> {
    cx.visitor.as_ref().map(|visitor| visitor.account).ok_or(Error::Forbidden)
}

fn address(campaign: Uuid, group: Uuid) -> String {
    format!("/province/campaigns/{campaign}/groups/{group}")
}

/// Whether a campaign is not over.
fn is_ahead(cx: &Cx, campaign: &PlannedCampaign) -> bool {
    matches!(campaign.schedule().phase(cx.now), Phase::Draft | Phase::Scheduled | Phase::Open)
}

fn of(cx: &Cx, campaign: &PlannedCampaign) -> Of {
    let title = if cx.lang == Lang::Vi { &campaign.title_vi } else { &campaign.title_en };
    Of { path: format!("/province/campaigns/{}", campaign.id), title: title.clone() }
}

fn mistake(field: &str, message: String) -> Mistake {
    Mistake { field: field.to_owned(), message }
}

fn title_mistake(cx: &Cx, title: &str) -> Option<Mistake> {
    let is_right = (2..=LONGEST_TITLE).contains(&title.chars().count());
    (!is_right).then(|| mistake("title", cx.tr().t("groups-wrong-title").into_owned()))
}

fn day(at: OffsetDateTime) -> String {
    date::date(at.to_offset(VIETNAM).date())
}

fn shown(campaign: &PlannedCampaign, group: Group) -> groups::Group {
    groups::Group {
        path: address(campaign.id, group.id),
        title: group.title,
        choice: Choice {
            unit: group.unit_code,
            district: group.district_code,
            section: group.section,
            size: group.size,
            drawn: group.seed.map(|seed| (group.fitting, seed)),
        },
        entries: group.entries,
        invited: group.invited,
        sent: group.sent,
        held: group.held,
        failed: group.failed,
        lettered: group.lettered,
        without_address: group.without_address,
        stopped: group.stopped,
        begun: group.begun,
        submitted: group.submitted,
        last_invited: group.last_invited_at.map(day),
    }
}

async fn show_new(
    cx: &Cx,
    campaign: &PlannedCampaign,
    asked: &Pairs,
    status: StatusCode,
    mistakes: Vec<Mistake>,
) -> Result<Response, Error> {
    let choice: Filter = filter(asked);
    let fitting = cx.app.store().fitting(campaign.id, &choice).await?;
    let page = Making {
        of: of(cx, campaign),
        place: asked.get("place").to_owned(),
        section: asked.get("section").to_owned(),
        size: asked.get("size").to_owned(),
        fitting: (fitting.all, fitting.taken),
        title: nfc(asked.get("title")),
        draw: nfc(asked.get("draw")),
        mistakes,
    };
    let title = cx.tr().t("groups-new");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || groups::making(cx.tr(), page)),
        _ => cx.refused(status, &title, || groups::making(cx.tr(), page)),
    })
}

async fn refuse(cx: &Cx, campaign: &PlannedCampaign, group: Group, wrong: Mistake) -> Result<Response, Error> {
    show(cx, campaign, group, StatusCode::CONFLICT, |page| page.mistakes = vec![wrong]).await
}

async fn show(
    cx: &Cx,
    campaign: &PlannedCampaign,
    group: Group,
    status: StatusCode,
    adapt: impl FnOnce(&mut One),
) -> Result<Response, Error> {
    let store = cx.app.store();
    let (id, asked) = (group.id, group.asked.clone());
    let query = cx.query();
    let mut found = store.group_entries(id, query.get("after"), PAGE + 1).await?;
    let is_more = i64::try_from(found.len()).is_ok_and(|found| found > PAGE);
    found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
    let here = address(campaign.id, id);
    let last = found.last().filter(|_| is_more);
    let running = match asked {
        Some(asked) => {
            let occasion = if asked == Occasion::Reminder.as_str() { Occasion::Reminder } else { Occasion::Invitation };
            Some((asked, store.count_group_addressees(occasion, id, cx.now).await?))
        }
        None => None,
    };
    let acts = if is_officer(cx) { Some(acts(cx, campaign, &group).await?) } else { None };
    let mut page = One {
        of: of(cx, campaign),
        snapshot: group.snapshot.clone(),
        title: group.title.clone(),
        running,
        acts,
        mistakes: Vec::new(),
        first: query.has("after").then(|| here.clone()),
        next: last.map(|last| format!("{here}?after={}", last.tax_code)),
        rows: found.into_iter().map(row).collect(),
        group: shown(campaign, group),
    };
    adapt(&mut page);
    let (title, is_running) = (page.group.title.clone(), page.running.is_some());
    let mut response = match status {
        StatusCode::OK => cx.page(&title, || groups::one(cx.tr(), page)),
        _ => cx.refused(status, &title, || groups::one(cx.tr(), page)),
    };
    if is_running && status == StatusCode::OK {
        response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    }
    Ok(response)
}

async fn acts(cx: &Cx, campaign: &PlannedCampaign, group: &Group) -> Result<Acts, Error> {
    let store = cx.app.store();
    let (is_open, is_ahead) = (campaign.schedule().phase(cx.now) == Phase::Open, is_ahead(cx, campaign));
    let mut acts = Acts {
        is_open,
        is_ahead,
        site_has_address: cx.app.config().origin.is_some(),
        pause: cx.settings.reminder_days,
        may_delete: group.invited + group.lettered == 0,
        ..Acts::default()
    };
    if group.asked.is_some() {
        return Ok(acts);
    }
    if is_open {
        acts.to_invite = store.count_group_addressees(Occasion::Invitation, group.id, cx.now).await?;
        acts.to_remind = store.count_group_addressees(Occasion::Reminder, group.id, cx.now).await?;
    }
    if is_ahead {
        let found = store.claimable_of_group(group.id, MOST_CLAIMS + 1, cx.now).await?.len();
        let found = i64::try_from(found).unwrap_or(i64::MAX);
        acts.to_print = (found.min(MOST_CLAIMS), found > MOST_CLAIMS);
    }
    Ok(acts)
}

fn row(entry: GroupEntry) -> Row {
    Row {
        tax_code: entry.tax_code,
        name: entry.name,
        has_address: entry.has_address,
        invited: entry.invited_at.map(|at| (day(at), entry.mail)),
        lettered: entry.lettered_at.map(day),
        is_stopped: entry.is_stopped,
        state: entry.state,
    }
}
