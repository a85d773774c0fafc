//! The audit log, for the administrator.

use app::{
    pages::province::{
        accounts::ROLES,
        audit::{self, Audit, Filter, Object, Row},
    },
    ui::errors::Mistake,
};
use axum::{extract::State, http::StatusCode, response::Response};
use model::text::Lang;
use serde_json::Value;
use time::{Date, OffsetDateTime};
use uuid::Uuid;

use crate::{
    clock::VIETNAM,
    error::Error,
    export::{self, Cell, Format},
    http::{
        App,
        context::{Cx, moment},
        forms::Pairs,
        sign_in::account_name,
    },
    store::{
        Store,
        audit_log::{AuditFilter, AuditRow},
        audit_object::AuditObject,
    },
};

/// Rows on a page.
const PAGE: usize = 50;
/// Rows read at once for an export.
const BATCH: i64 = 1_000;

/// `GET /province/audit`
pub async fn list(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let query = cx.query();
    let asked = asked(&cx, &query).await?;
    let mut rows = match &asked.filter {
        Some(filter) => app.store().audit_log(filter, i64::try_from(PAGE + 1).unwrap_or(i64::MAX)).await?,
        None => Vec::new(),
    };
    let more = rows.len() > PAGE;
    rows.truncate(PAGE);
    let own =
        Pairs(["action", "who", "from", "until"].map(|name| (name.to_owned(), query.get(name).to_owned())).to_vec());
    let own = own.encode();
    let next =
        rows.last().filter(|_| more).map(|last| format!("{own}&at={}&before={}", last.at.unix_timestamp(), last.id));
    let mut ids: Vec<Uuid> = rows.iter().filter_map(|row| row.subject_id).collect();
    ids.sort_unstable();
    ids.dedup();
    let objects = app.store().audit_objects(&ids).await?;
    let page = Audit {
        filter: typed(&query),
        actions: app.store().audit_actions().await?,
        rows: rows.iter().map(|found| row(&cx, found, &objects)).collect(),
        next,
        query: own,
        later_page: query.has("before"),
        mistakes: asked.mistakes,
    };
    let title = cx.tr().t("audit-title");
    Ok(match page.mistakes.is_empty() {
        true => cx.page(&title, || audit::view(cx.tr(), page)),
        false => cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || audit::view(cx.tr(), page)),
    })
}

/// `GET /province/audit/export`: everything that passes the filter, as a table.
pub async fn export(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let query = cx.query();
    let format: Format = query.get("format").parse().map_err(|_| Error::BadRequest("no such format"))?;
    let filter = asked(&cx, &query).await?.filter.ok_or(Error::BadRequest("a filter that cannot be read"))?;
    let headers = ["at", "action", "name", "role", "subject", "subject_id", "detail", "origin", "seq"];
    let headers = headers.map(ToOwned::to_owned);
    let store = app.store().clone();
    export::download(format, "nhat-ky", &headers, filter, move |filter| batch(store.clone(), filter)).await
}

/// The next rows, and the filter that begins after them.
async fn batch(store: Store, mut filter: AuditFilter) -> Result<(Vec<Vec<Cell>>, AuditFilter), Error> {
    let rows = store.audit_log(&filter, BATCH).await?;
    filter.before = rows.last().map(|last| (last.at, last.id)).or(filter.before);
    Ok((rows.into_iter().map(cells).collect(), filter))
}

fn cells(row: AuditRow) -> Vec<Cell> {
    let at = row.at.to_offset(VIETNAM);
    let detail = row.detail();
    vec![
        Cell::from(format!("{} {}", app::date::iso(at.date()), app::date::time(at.time()))),
        Cell::from(row.action),
        Cell::from(row.full_name),
        Cell::from(row.role),
        Cell::from(row.subject),
        Cell::from(row.subject_id.map(|id| id.to_string())),
        Cell::from(detail),
        Cell::from(row.origin),
        Cell::from(row.seq),
    ]
}

/// A filter as it was asked for; none when something in it cannot be read.
struct Asked {
    filter: Option<AuditFilter>,
    mistakes: Vec<Mistake>,
}

async fn asked(cx: &Cx, query: &Pairs) -> Result<Asked, Error> {
    let tr = cx.tr();
    let mut mistakes = Vec::new();
    let mut wrong = |field: &str, message: String| mistakes.push(Mistake { field: field.into(), message });
    let who = query.get("who").trim();
    let account = if who.is_empty() { None } else { cx.app.store().account_named(&account_name(who)).await? };
    if account.is_none() && !who.is_empty() {
        wrong("who", tr.t("audit-wrong-who").into_owned());
    }
    for name in ["from", "until"] {
        if query.day(name).is_none() && !query.get(name).is_empty() {
            wrong(name, tr.t("campaign-wrong-day").into_owned());
        }
    }
    let action = Some(query.get("action")).filter(|action| !action.is_empty()).map(ToOwned::to_owned);
    let from = query.day("from").map(midnight);
    let until = query.day("until").and_then(Date::next_day).map(midnight);
    let filter = AuditFilter { action, account, from, until, before: before(query) };
    Ok(Asked { filter: mistakes.is_empty().then_some(filter), mistakes })
}

fn before(query: &Pairs) -> Option<(OffsetDateTime, Uuid)> {
    let at = OffsetDateTime::from_unix_timestamp(query.get("at").parse().ok()?).ok()?;
    Some((at, query.get("before").parse().ok()?))
}

/// The first moment of a day in Viet Nam, in UTC.
fn midnight(day: Date) -> OffsetDateTime {
    day.midnight().assume_offset(VIETNAM).to_offset(time::UtcOffset::UTC)
}

fn typed(query: &Pairs) -> Filter {
    let get = |name: &str| query.get(name).to_owned();
    Filter { action: get("action"), who: get("who"), from: get("from"), until: get("until") }
}

fn row(cx: &Cx, row: &AuditRow, objects: &[AuditObject]) -> Row {
    let role = row.role.clone().unwrap_or_default();
    let raw = [row.action.clone(), row.subject.clone()].into_iter().chain(row.subject_id.map(|id| id.to_string()));
    Row {
        at: moment(row.at),
        action: row.action.clone(),
        who: row.full_name.clone(),
        who_href: row.account_id.filter(|_| is_office(&role)).map(account_address),
        role: row.role.clone(),
        object: object(cx, row, objects),
        facts: row.facts().into_iter().map(fact).collect(),
        raw: raw.chain([row.detail()]).collect::<Vec<_>>().join(" ").trim_end().to_owned(),
        origin: row.origin.clone(),
        seq: row.seq,
    }
}

/// Whether accounts of this role have a page among those of the office.
fn is_office(role: &str) -> bool {
    ROLES.iter().any(|known| known.as_str() == role)
}

fn account_address(id: Uuid) -> String {
    format!("/province/accounts/{id}")
}

/// A fact as it is read: moments are stored as seconds.
fn fact((name, value): (String, Value)) -> (String, String) {
    let said = match value.as_i64().filter(|_| name.ends_with("_at")) {
        Some(seconds) => OffsetDateTime::from_unix_timestamp(seconds).map(moment).unwrap_or_default(),
        None => value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned),
    };
    (name, said)
}

/// What a row is about, with its page where the administrator may open one.
fn object(cx: &Cx, row: &AuditRow, objects: &[AuditObject]) -> Object {
    let found = objects.iter().find(|one| Some(one.id) == row.subject_id && one.kind == row.subject);
    let (name, href) = match found {
        Some(found) => (Some(name(cx, found)).filter(|name| !name.is_empty()), page_of(found)),
        None => named_by_its_facts(row),
    };
    Object { kind: row.subject.clone(), name, href }
}

fn name(cx: &Cx, found: &AuditObject) -> String {
    let name = found.name_en.as_ref().filter(|_| cx.lang == Lang::En).unwrap_or(&found.name).clone();
    match found.number {
        Some(number) => format!("{} · {name}", cx.tr().with("release-number", [("number", &number.to_string())])),
        None => name,
    }
}

fn page_of(found: &AuditObject) -> Option<String> {
    let id = found.id;
    match found.kind.as_str() {
        "account" => found.role.as_deref().filter(|role| is_office(role)).map(|_| account_address(id)),
        "application" => Some(format!("/province/applications/{id}")),
        "association" => Some(format!("/province/associations/{id}")),
        "campaign" => Some(format!("/province/campaigns/{id}")),
        "invitation_group" => Some(format!("/province/campaigns/{}/groups/{id}", found.campaign?)),
        "message" => Some(format!("/province/mail/{id}")),
        "register_import" => Some(format!("/province/register/imports/{id}")),
        "register_snapshot" => Some("/province/register/snapshots".to_owned()),
        "release" => Some(format!("/indicators/{}", found.number?)),
        _ => Some(format!("/province/register/entries/{}", found.tax_code.as_ref()?)),
    }
}

/// Name and page of what has no key: a version of a questionnaire, the register, the settings.
fn named_by_its_facts(row: &AuditRow) -> (Option<String>, Option<String>) {
    match row.subject.as_str() {
        "questionnaire" => {
            let facts = row.facts();
            let of = |name: &str| facts.iter().find(|(known, _)| known == name).and_then(|(_, value)| value.as_str());
            let (Some(id), Some(version)) = (of("id"), of("version")) else { return (None, None) };
            (Some(format!("{id} {version}")), Some(format!("/province/questionnaires/{id}/{version}")))
        }
        "register" => (None, Some("/province/register".to_owned())),
        "province" => (None, Some("/province/settings".to_owned())),
        _ => (None, None),
    }
}
