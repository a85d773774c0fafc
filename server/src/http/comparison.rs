//! The members of an association beside each other.

use std::{cmp::Ordering, sync::Arc};

use app::{
    pages::comparison::{self, Comparison, Query, Row},
    paths,
};
use axum::{extract::State, http::Uri, response::Response};
use model::{
    classification,
    disclosure::summary::summary,
    questionnaire::Questionnaire,
    text::{Lang, search_key},
};

use super::{
    App,
    context::{Cx, Staff},
    forms::Pairs,
    membership::level,
};
use crate::{
    error::Error,
    export::{self, Cell, Format},
    store::{Campaign, Compared, board::Filter},
};

/// Members on one page.
const PAGE: usize = 50;
/// No name or tax code is longer.
const LONGEST_SEARCH: usize = 200;

/// What is compared.
struct Loaded {
    campaign: Campaign,
    questionnaire: Arc<Questionnaire>,
    /// The pillars' ids.
    pillars: Vec<String>,
    /// Those that fit the filter, in the order asked for.
    rows: Vec<Compared>,
}

/// `GET /association/comparison`
pub async fn show(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let mut query = query(&uri);
    let title = cx.tr().t("comparison-title");
    let Some(loaded) = load(&app, &cx, &staff, &mut query).await? else {
        let page = Comparison { association: staff.name, query, ..Comparison::default() };
        return Ok(cx.page(&title, || comparison::view(cx.tr(), &page)));
    };
    // Always of all members: figures about a choice of them could be subtracted from each other.
    let everybody = app.store().compared(staff.association, loaded.campaign.id, &Filter::default()).await?;
    let figures =
        |value: &dyn Fn(&Compared) -> Option<f64>| summary(&everybody.iter().filter_map(value).collect::<Vec<_>>());
    let overall = figures(&|row| row.overall);
    let pillars = loaded.pillars.iter().map(|id| figures(&|row| row.pillar(id)));
    let number = query.page.max(1);
    let page = Comparison {
        association: staff.name,
        campaign: Some(if cx.lang == Lang::Vi { loaded.campaign.title_vi } else { loaded.campaign.title_en }),
        pillars: loaded
            .questionnaire
            .pillars()
            .map(|section| (section.id.clone(), section.title.get(cx.lang).to_owned()))
            .collect(),
        all: everybody.len(),
        found: loaded.rows.len(),
        summaries: std::iter::once(overall).chain(pillars).collect(),
        is_last: number * PAGE >= loaded.rows.len(),
        rows: loaded
            .rows
            .iter()
            .skip((number - 1) * PAGE)
            .take(PAGE)
            .map(|one| row(cx.lang, one, &loaded.pillars))
            .collect(),
        query,
    };
    Ok(cx.page(&title, || comparison::view(cx.tr(), &page)))
}

/// `GET /association/comparison/file`: the same members in the same order, without the figures about all of them.
pub async fn file(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let format: Format = cx.query().get("format").parse().map_err(|_| Error::BadRequest("no such kind of file"))?;
    let mut query = query(&uri);
    let loaded = load(&app, &cx, &staff, &mut query).await?.ok_or(Error::NotFound)?;
    let titles = loaded.questionnaire.pillars().map(|section| section.title.get(cx.lang).to_owned());
    let headers = comparison::columns(cx.tr(), titles);
    let lang = cx.lang;
    let cells: Vec<Vec<Cell>> = loaded.rows.into_iter().map(|row| cells(lang, row, &loaded.pillars)).collect();
    export::download(format, "comparison", &headers, cells, |rows| async { Ok((rows, Vec::new())) }).await
}

/// What the address asks for; anything that is not offered is left out.
fn query(uri: &Uri) -> Query {
    let pairs = Pairs::decode(uri.query().unwrap_or_default());
    let industry = pairs.get("industry");
    Query {
        search: pairs.get("q").chars().take(LONGEST_SEARCH).collect(),
        industry: classification::division(industry).map(|division| division.code.clone()).unwrap_or_default(),
        sort: pairs.get("sort").to_owned(),
        ascending: pairs.get("order") == "up",
        page: pairs.get("page").parse().unwrap_or(1).clamp(1, 1_000),
    }
}

async fn load(app: &App, cx: &Cx, staff: &Staff, query: &mut Query) -> Result<Option<Loaded>, Error> {
    let Some(campaign) = app.store().open_campaign(cx.now).await? else { return Ok(None) };
    let questionnaire = app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await?;
    let pillars: Vec<String> = questionnaire.pillars().map(|section| section.id.clone()).collect();
    let filter = Filter { search: search_key(&query.search), industry: query.industry.clone(), state: String::new() };
    let mut rows = app.store().compared(staff.association, campaign.id, &filter).await?;
    let offered = ["name", "overall", "level"].contains(&query.sort.as_str()) || pillars.contains(&query.sort);
    if !offered {
        query.sort = "overall".into();
    }
    sort(&mut rows, query);
    Ok(Some(Loaded { campaign, questionnaire, pillars, rows }))
}

/// Sorts by what was asked for; who has no score comes last, and equal ones stay in the order of their names.
fn sort(rows: &mut [Compared], query: &Query) {
    let value = |row: &Compared| match query.sort.as_str() {
        "overall" => row.overall,
        "level" => row.level.and_then(|level| u8::try_from(level).ok()).map(f64::from),
        pillar => row.pillar(pillar),
    };
    if query.sort == "name" {
        // They come from the database by name, A first.
        if !query.ascending {
            rows.reverse();
        }
        return;
    }
    rows.sort_by(|a, b| match (value(a), value(b)) {
        (Some(a), Some(b)) if query.ascending => a.total_cmp(&b),
        (Some(a), Some(b)) => b.total_cmp(&a),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    });
}

fn industry(lang: Lang, code: &str) -> String {
    classification::division(code).map_or_else(|| code.to_owned(), |division| division.name.get(lang).to_owned())
}

fn row(lang: Lang, row: &Compared, pillars: &[String]) -> Row {
    Row {
        name: row.name.clone(),
        about: format!("{} · {}", industry(lang, &row.industry_code), row.tax_code),
        review: paths::review(&row.assessment.to_string()),
        overall: row.overall,
        level: level(row.level),
        pillars: pillars.iter().map(|id| row.pillar(id)).collect(),
    }
}

fn cells(lang: Lang, row: Compared, pillars: &[String]) -> Vec<Cell> {
    let score = |score: Option<f64>| score.map_or(Cell::Empty, Cell::Decimal);
    let scores: Vec<Cell> = pillars.iter().map(|id| score(row.pillar(id))).collect();
    let first = [
        row.name.into(),
        row.tax_code.into(),
        industry(lang, &row.industry_code).into(),
        row.level.into(),
        score(row.overall),
    ];
    first.into_iter().chain(scores).collect()
}
