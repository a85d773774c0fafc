//! The register: its list, one entry, its snapshots.

use app::{
    date,
    pages::province::{
        register::{self, Entry, List, Row},
        snapshots::{self, Snapshots},
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    classification,
    enterprise::{LegalForm, TaxCode},
    register::searched,
    size::SizeClass,
    text::nfc,
};
use time::OffsetDateTime;

use crate::{
    clock::{self, VIETNAM},
    error::Error,
    http::{App, access::OFFICE, context::Cx, forms::Pairs},
    store::{After, Filter, InPlace, Listed, NewSnapshot, Order},
};

/// Entries on a page.
const PAGE: i64 = 50;
/// Letters of a search that count.
const LONGEST_SEARCH: usize = 40;

/// `GET /province/register`
pub async fn list(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let filter = filter(&asked);
    let order = if asked.get("sort") == "-name" { Order::Descending } else { Order::Ascending };
    let after = after(&asked);
    let words: String = searched(&nfc(asked.get("q"))).chars().take(LONGEST_SEARCH).collect();
    let mut page = List {
        query: nfc(asked.get("q")),
        place: asked.get("place").to_owned(),
        section: asked.get("section").to_owned(),
        size: asked.get("size").to_owned(),
        sort: asked.get("sort").to_owned(),
        first: after.is_some().then(|| address(&asked, None)),
        is_officer: is_officer(&cx),
        ..List::default()
    };
    let next = if let Some(entry) = by_tax_code(&app, asked.get("q")).await? {
        page.rows = vec![entry];
        None
    } else if words.is_empty() {
        page.count = Some(app.store().register_count(&filter).await?);
        let (rows, next) = browse(&app, &filter, order, after.as_ref()).await?;
        page.rows = rows;
        next
    } else {
        let (found, next) = app.store().search_register(&words, &filter, after.as_ref(), PAGE).await?;
        page.rows = found.into_iter().map(row).collect();
        next
    };
    page.next = next.map(|next| address(&asked, Some(&next)));
    let title = cx.tr().t("register-list-title");
    Ok(cx.page(&title, || register::list(cx.tr(), page)))
}

/// A page of the list, and where the next one begins: one entry more than shown says whether there is one.
async fn browse(
    app: &App,
    filter: &Filter,
    order: Order,
    after: Option<&After>,
) -> Result<(Vec<Row>, Option<After>), Error> {
    let mut found = app.store().register_page(filter, order, after, PAGE + 1).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = found.len() > shown;
    found.truncate(shown);
    let last = found.last().filter(|_| is_more);
    let next = last.map(|last| After { key: last.key.clone(), tax_code: last.tax_code.clone() });
    Ok((found.into_iter().map(row).collect(), next))
}

/// The entry whose tax code was typed into the search.
async fn by_tax_code(app: &App, typed: &str) -> Result<Option<Row>, Error> {
    let Ok(code) = TaxCode::parse(typed) else { return Ok(None) };
    let entry = app.store().register_entry(code.as_str()).await?;
    Ok(entry.map(|entry| Row {
        tax_code: entry.tax_code,
        name: entry.name,
        unit: entry.unit_code,
        district: entry.district_code,
        section: entry.section,
        size: entry.size,
        status: entry.status,
    }))
}

fn row(listed: Listed) -> Row {
    Row {
        tax_code: listed.tax_code,
        name: listed.name,
        unit: listed.unit_code,
        district: listed.district_code,
        section: listed.section,
        size: listed.size,
        status: listed.status,
    }
}

/// What was chosen; words that are no class of ours choose nothing.
pub(super) fn filter(asked: &Pairs) -> Filter {
    let place = asked.get("place");
    let unit = place.strip_prefix('u').filter(|code| classification::unit(code).is_some());
    let district = place.strip_prefix('d').filter(|code| classification::district(code).is_some());
    let place = unit.map(|code| InPlace::Unit(code.to_owned()));
    let section = Some(asked.get("section")).filter(|code| classification::section(code).is_some());
    let size = Some(asked.get("size")).filter(|code| *code == "unknown" || code.parse::<SizeClass>().is_ok());
    Filter {
        place: place.or_else(|| district.map(|code| InPlace::District(code.to_owned()))),
        section: section.map(ToOwned::to_owned),
        size: size.map(ToOwned::to_owned),
    }
}

fn after(asked: &Pairs) -> Option<After> {
    asked.has("after").then(|| After { key: asked.get("after").to_owned(), tax_code: asked.get("code").to_owned() })
}

/// The list with the same choices, from another place on.
pub(super) fn address(asked: &Pairs, after: Option<&After>) -> String {
    let kept = ["q", "place", "section", "size", "sort"].into_iter();
    let mut pairs: Vec<(String, String)> =
        kept.map(|name| (name.to_owned(), asked.get(name).to_owned())).filter(|(_, value)| !value.is_empty()).collect();
    if let Some(after) = after {
        pairs.push(("after".into(), after.key.clone()));
        pairs.push(("code".into(), after.tax_code.clone()));
    }
    let query = Pairs(pairs).encode();
    if query.is_empty() { "/province/register".to_owned() } else { format!("/province/register?{query}") }
}

/// Whether somebody asks who may change the register; others of the province may read it.
pub(super) fn is_officer(cx: &Cx) -> bool {
    OFFICE.allows(cx.visitor.as_ref().map(|visitor| visitor.role))
}

/// `GET /province/register/entries/{tax_code}`
pub async fn entry(State(app): State<App>, cx: Cx, Path(tax_code): Path<String>) -> Result<Response, Error> {
    let code = TaxCode::parse(&tax_code).map_err(|_| Error::NotFound)?;
    let found = app.store().register_entry(code.as_str()).await?.ok_or(Error::NotFound)?;
    let form = |typed: String| typed.parse::<LegalForm>().map_or(typed, |form| form.name().get(cx.lang).to_owned());
    let title = found.name.clone();
    let state = app.store().claim_state(&found.tax_code, cx.now).await?;
    let day = |at: OffsetDateTime| date::date(at.to_offset(VIETNAM).date());
    let page = Entry {
        registered: state.registered_at.map(day),
        by_code: state.claimed_at.is_some(),
        code_until: state.code_until.map(moment),
        is_officer: is_officer(&cx),
        legal_form: found.legal_form.map(form),
        address: found.address,
        industry_version: found.industry_version,
        industry_code: found.industry_code,
        division: found.division,
        employees: found.employees,
        revenue: found.revenue,
        capital: found.capital,
        email: found.email,
        phone: found.phone,
        file_name: found.file_name,
        changed: date::date(found.changed_at.to_offset(VIETNAM).date()),
        row: Row {
            tax_code: found.tax_code,
            name: found.name,
            unit: found.unit_code,
            district: found.district_code,
            section: found.section,
            size: found.size,
            status: found.status,
        },
    };
    Ok(cx.page(&title, || register::entry(cx.tr(), page)))
}

/// `GET /province/register/snapshots`
pub async fn snapshots(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let page = Snapshots { taken: uri.query() == Some("taken"), ..Snapshots::default() };
    let page = with_snapshots(&app, &cx, page).await?;
    let title = cx.tr().t("snapshots-title");
    Ok(cx.page(&title, || snapshots::view(cx.tr(), page)))
}

/// `POST /province/register/snapshots`: freezes the register as it is now.
pub async fn take_snapshot(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let title = nfc(form.get("title"));
    let wrong = match title.chars().count() {
        0 => Some(cx.tr().t("snapshot-title-missing")),
        1..=100 => None,
        _ => Some(cx.tr().t("snapshot-title-long")),
    };
    if let Some(message) = wrong {
        return refused_snapshot(&app, &cx, title, message.into_owned()).await;
    }
    let account = cx.visitor.as_ref().map(|visitor| visitor.account);
    let new = NewSnapshot { id: clock::id(), title: title.clone(), account, event: clock::id(), at: cx.now };
    if app.store().take_snapshot(&new).await? == 0 {
        let message = cx.tr().t("snapshot-empty").into_owned();
        return refused_snapshot(&app, &cx, title, message).await;
    }
    Ok(Redirect::to("/province/register/snapshots?taken").into_response())
}

async fn refused_snapshot(app: &App, cx: &Cx, title: String, message: String) -> Result<Response, Error> {
    let mistakes = vec![Mistake { field: "title".into(), message }];
    let page = with_snapshots(app, cx, Snapshots { title, mistakes, ..Snapshots::default() }).await?;
    let title = cx.tr().t("snapshots-title");
    Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || snapshots::view(cx.tr(), page)))
}

async fn with_snapshots(app: &App, cx: &Cx, page: Snapshots) -> Result<Snapshots, Error> {
    let rows = app.store().snapshots().await?.into_iter().map(|snapshot| snapshots::Row {
        id: snapshot.id.to_string(),
        title: snapshot.title,
        taken: moment(snapshot.taken_at),
        entries: snapshot.entries,
    });
    let next = if is_officer(cx) { Some(app.store().register_count(&Filter::default()).await?.1) } else { None };
    Ok(Snapshots { rows: rows.collect(), next, ..page })
}

/// A date with its time, as people read it in Viet Nam.
pub(super) fn moment(at: OffsetDateTime) -> String {
    let local = at.to_offset(VIETNAM);
    format!("{} {}", date::date(local.date()), date::time(local.time()))
}
