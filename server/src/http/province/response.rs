//! The response dashboard: who answered, against the snapshot of the open campaign, and who to call.

use app::{
    date,
    pages::province::response::{self, Call, Calls, Dashboard, Framed, OfAssociation},
};
use axum::{
    extract::State,
    http::Uri,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    classification,
    register::{Response as Answers, ResponseCell},
    size::SizeClass,
    statistics::frame::CollapseRule,
    text::Lang,
};
use uuid::Uuid;

use super::{groups, register::is_officer};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    export::{self, Cell, Format},
    http::{App, context::Cx, forms::Pairs},
    store::{Campaign, Part, Silent, SilentAfter, Snapshot, Store},
};

/// Enterprises on a page of the list to call.
const PAGE: usize = 50;
/// Enterprises read at once for a download.
const BATCH: usize = 1_000;

/// `GET /province/response`
pub async fn dashboard(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let title = cx.tr().t("response-title");
    let Some(campaign) = app.store().open_campaign(cx.now).await? else {
        return Ok(cx.page(&title, || response::no_campaign(cx.tr())));
    };
    let framed = match app.store().campaign_snapshot(campaign.id).await? {
        Some(snapshot) => Some(framed(&app, &campaign, snapshot).await?),
        None => None,
    };
    let choices = if framed.is_none() && is_officer(&cx) {
        let snapshots = app.store().snapshots().await?;
        snapshots.into_iter().map(|snapshot| (snapshot.id.to_string(), snapshot.title)).collect()
    } else {
        Vec::new()
    };
    let page = Dashboard { campaign: name(&cx, campaign), framed, choices, may_call: is_officer(&cx) };
    Ok(cx.page(&title, || response::dashboard(cx.tr(), page)))
}

fn name(cx: &Cx, campaign: Campaign) -> String {
    if cx.lang == Lang::Vi { campaign.title_vi } else { campaign.title_en }
}

/// The cells of a snapshot with the answers of the campaign.
///
/// # Errors
/// When the database fails.
pub async fn response_of(store: &Store, campaign: Uuid, snapshot: Uuid) -> Result<Answers, sqlx::Error> {
    let mut cells: Vec<ResponseCell> = Vec::new();
    let key = |cell: &ResponseCell| (cell.district.clone(), cell.section.clone(), cell.size_code());
    for found in store.snapshot_cells(snapshot).await? {
        let cell = ResponseCell {
            district: found.district,
            section: found.section,
            size: found.size.and_then(|size| size.parse::<SizeClass>().ok()),
            population: u32::try_from(found.entries).unwrap_or(u32::MAX),
            respondents: 0,
        };
        cells.push(cell);
    }
    // The store has the units apart; the cells of the method have only their former district.
    cells.sort_by_cached_key(key);
    cells.dedup_by(|next, kept| {
        let same = key(next) == key(kept);
        if same {
            kept.population += next.population;
        }
        same
    });
    for answered in store.answered(campaign, snapshot).await? {
        let found = cells.binary_search_by(|cell| {
            let known = (cell.district.as_str(), cell.section.as_str(), cell.size_code());
            known.cmp(&(answered.district.as_str(), answered.section.as_str(), answered.size.as_str()))
        });
        if let Ok(at) = found {
            cells[at].respondents = u32::try_from(answered.respondents).unwrap_or(u32::MAX);
        }
    }
    Ok(Answers::new(cells, CollapseRule::default()))
}

async fn framed(app: &App, campaign: &Campaign, snapshot: Snapshot) -> Result<Framed, Error> {
    let store = app.store();
    let response = response_of(store, campaign.id, snapshot.id).await?;
    let in_frame = i64::try_from(response.respondents()).unwrap_or(i64::MAX);
    let strangers = store.answered_in_all(campaign.id).await? - in_frame;
    let taken = date::date(snapshot.taken_at.to_offset(VIETNAM).date());
    let by_association = store
        .answered_by_association(campaign.id, snapshot.id)
        .await?
        .into_iter()
        .map(|one| OfAssociation { name: one.association, members: one.members, answered: one.respondents });
    let groups = groups::responses(app, campaign.id).await?;
    Ok(Framed { snapshot: snapshot.title, taken, response, strangers, associations: by_association.collect(), groups })
}

/// `POST /province/response`: makes a snapshot the frame of the open campaign, which has none yet.
pub async fn attach(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let (campaign, framed) = open(&app, &cx).await?;
    let snapshot: Uuid = form.get("snapshot").parse().map_err(|_| Error::BadRequest("no such snapshot"))?;
    app.store().snapshot(snapshot).await?.ok_or(Error::NotFound)?;
    // A frame that answers were already counted against is changed with the campaign, not here.
    if framed.is_none() {
        let account = cx.visitor.as_ref().map(|visitor| visitor.account);
        app.store().attach_snapshot(campaign.id, snapshot, account, clock::id(), cx.now).await?;
    }
    Ok(Redirect::to("/province/response").into_response())
}

/// The open campaign and its snapshot.
async fn open(app: &App, cx: &Cx) -> Result<(Campaign, Option<Snapshot>), Error> {
    let campaign = app.store().open_campaign(cx.now).await?.ok_or(Error::NotFound)?;
    let snapshot = app.store().campaign_snapshot(campaign.id).await?;
    Ok((campaign, snapshot))
}

/// `GET /province/response/call`: who has not answered, in one cell or in all of them.
pub async fn calls(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let (campaign, snapshot) = open(&app, &cx).await?;
    let snapshot = snapshot.ok_or(Error::NotFound)?;
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let (part, after) = (part(&asked), after(&asked));
    let (mut found, mut next) = app.store().silent(campaign.id, snapshot.id, &part, after.as_ref(), PAGE + 1).await?;
    if found.len() > PAGE {
        found.truncate(PAGE);
        next = found.last().map(Silent::place);
    }
    let next = next.map(|next| address("/province/response/call", &part, Some(next)));
    let download = address("/province/response/call/file", &part, None);
    let page = Calls {
        campaign: name(&cx, campaign),
        first: after.is_some().then(|| address("/province/response/call", &part, None)),
        next,
        download: format!("{download}{}", if download.contains('?') { '&' } else { '?' }),
        cell: [part.district, part.section, part.size],
        rows: found.into_iter().map(call).collect(),
    };
    let title = cx.tr().t("call-title");
    Ok(cx.page(&title, || response::calls(cx.tr(), page)))
}

/// `GET /province/response/call/file`: the same list as a file.
pub async fn call_file(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let (campaign, snapshot) = open(&app, &cx).await?;
    let snapshot = snapshot.ok_or(Error::NotFound)?;
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let format: Format = asked.get("format").parse().map_err(|_| Error::BadRequest("no such kind of file"))?;
    let (store, tr, part) = (app.store().clone(), cx.tr(), part(&asked));
    // The outer none: the list is at its end. The inner one: it begins.
    export::download(format, "call-list", &response::call_headers(tr), Some(None), move |mut from| {
        let (store, part) = (store.clone(), part.clone());
        async move {
            let mut cells = Vec::new();
            while let Some(after) = from.take_if(|_| cells.is_empty()) {
                let (rows, next) = store.silent(campaign.id, snapshot.id, &part, after.as_ref(), BATCH).await?;
                cells.extend(rows.into_iter().map(|row| response::call_cells(tr, call(row)).map(Cell::from).to_vec()));
                from = next.map(Some);
            }
            Ok((cells, from))
        }
    })
    .await
}

fn call(row: Silent) -> Call {
    Call {
        tax_code: row.tax_code,
        name: row.name,
        unit: row.unit,
        district: row.district,
        section: row.section,
        size: row.size,
        phone: row.phone.unwrap_or_default(),
        email: row.email.unwrap_or_default(),
        has_begun: row.has_begun,
    }
}

/// The part that was asked for; words that are no class of ours ask for more, never for something else.
fn part(asked: &Pairs) -> Part {
    let known = |name: &str, is_known: &dyn Fn(&str) -> bool| {
        Some(asked.get(name)).filter(|code| is_known(code)).map(ToOwned::to_owned)
    };
    let district = known("district", &|code| classification::district(code).is_some());
    let section = known("section", &|code| classification::section(code).is_some()).filter(|_| district.is_some());
    let is_size = |code: &str| code == "unknown" || code.parse::<SizeClass>().is_ok();
    let size = known("size", &is_size).filter(|_| section.is_some());
    Part { district, section, size }
}

fn after(asked: &Pairs) -> Option<SilentAfter> {
    let place: [String; 4] = asked.all("after").try_into().ok()?;
    Some(place)
}

/// An address with the part, and the place to go on from.
fn address(path: &str, part: &Part, after: Option<SilentAfter>) -> String {
    let chosen = [("district", &part.district), ("section", &part.section), ("size", &part.size)];
    let mut pairs: Vec<(String, String)> =
        chosen.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value.clone()?))).collect();
    pairs.extend(after.into_iter().flatten().map(|value| ("after".to_owned(), value)));
    let query = Pairs(pairs).encode();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
}
