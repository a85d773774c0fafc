//! An association's progress board.

use app::{
    date,
    i18n::Tr,
    pages::board::{self, Board, Query, Row},
    paths,
    ui::state,
};
use axum::{extract::State, http::Uri, response::Response};
use model::{
    assessment::State as Stage,
    classification,
    text::{Lang, search_key},
};
use uuid::Uuid;

use super::{
    App,
    assessment::last_day,
    context::{Cx, moment},
    forms::Pairs,
    membership::level,
};
use crate::{
    clock::VIETNAM,
    error::Error,
    export::{self, Cell, Format},
    store::board::{BoardRow, Filter, Sort},
};

/// Members on one page.
const PAGE: i64 = 50;
/// Members read at once for a file.
const BATCH: i64 = 500;
/// No name or tax code is longer.
const LONGEST_SEARCH: usize = 200;

/// `GET /association`
pub async fn show(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let query = query(&uri);
    let standing = app.store().standing(staff.association).await?;
    let mut page = Board {
        association: staff.name,
        campaign: None,
        members: (standing.invited + standing.agreed + standing.refused + standing.withdrawn, standing.agreed),
        counts: Vec::new(),
        query,
        rows: Vec::new(),
        next: None,
        accepted: accepted(&uri),
    };
    if let Some(open) = app.store().open_campaign(cx.now).await? {
        let (filter, sort) = (filter(&page.query), sort(&page.query.sort));
        let after = page.query.after.parse().ok();
        let mut rows = app.store().board(staff.association, open.id, &filter, sort, after, PAGE + 1).await?;
        let more = rows.len() > usize::try_from(PAGE).unwrap_or_default();
        rows.truncate(usize::try_from(PAGE).unwrap_or_default());
        page.next = rows.last().filter(|_| more).map(|last| last.id.to_string());
        page.rows = rows.into_iter().map(|row| self::row(cx.lang, row)).collect();
        let counts = app.store().board_counts(staff.association, open.id).await?;
        page.counts = counts.into_iter().map(|count| (count.state.parse().ok(), count.members)).collect();
        let title = if cx.lang == Lang::Vi { open.title_vi } else { open.title_en };
        page.campaign = Some((title, last_day(open.closes_at)));
    }
    let title = cx.tr().t("board-title");
    Ok(cx.page(&title, || board::view(cx.tr(), &page)))
}

/// How many submissions were accepted at once just now, and how many were not.
fn accepted(uri: &Uri) -> Option<(i64, i64)> {
    let pairs = Pairs::decode(uri.query().unwrap_or_default());
    pairs.get("accepted").parse().ok().zip(pairs.get("left").parse().ok())
}

/// `GET /association/file`: the board as a file, with the same filters and in the same order.
pub async fn file(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let format: Format = cx.query().get("format").parse().map_err(|_| Error::BadRequest("no such kind of file"))?;
    let campaign = app.store().open_campaign(cx.now).await?.map_or_else(Uuid::nil, |open| open.id);
    let query = query(&uri);
    let (filter, sort) = (filter(&query), sort(&query.sort));
    let (store, tr) = (app.store().clone(), cx.tr());
    export::download(format, "members", &board::columns(tr), None, move |after| {
        let (store, filter) = (store.clone(), filter.clone());
        async move {
            let rows = store.board(staff.association, campaign, &filter, sort, after, BATCH).await?;
            let last = rows.last().map(|row| row.id);
            Ok((rows.into_iter().map(|row| cells(tr, row)).collect(), last))
        }
    })
    .await
}

fn cells(tr: Tr, row: BoardRow) -> Vec<Cell> {
    let industry = classification::division(&row.industry_code);
    let state: Option<Stage> = row.state.parse().ok();
    vec![
        row.name.into(),
        row.tax_code.into(),
        industry.map_or(row.industry_code, |division| division.name.get(tr.lang).to_owned()).into(),
        state::word(tr, state).into(),
        row.overall.map_or(Cell::Empty, Cell::Decimal),
        row.level.into(),
        row.version.into(),
        row.begun.then(|| moment(row.active_at)).into(),
        row.open_questions.into(),
    ]
}

/// What the address asks for; anything that is not offered is left out.
fn query(uri: &Uri) -> Query {
    let pairs = Pairs::decode(uri.query().unwrap_or_default());
    let state = pairs.get("state");
    let is_state = state == "none" || state.parse::<Stage>().is_ok();
    let industry = pairs.get("industry");
    let sort = pairs.get("sort");
    Query {
        state: if is_state { state.to_owned() } else { String::new() },
        search: pairs.get("q").chars().take(LONGEST_SEARCH).collect(),
        industry: classification::division(industry).map(|division| division.code.clone()).unwrap_or_default(),
        sort: ["name", "active", "silent", "high", "low"]
            .into_iter()
            .find(|known| *known == sort)
            .unwrap_or("name")
            .into(),
        after: pairs.get("after").to_owned(),
    }
}

fn filter(query: &Query) -> Filter {
    Filter { state: query.state.clone(), search: search_key(&query.search), industry: query.industry.clone() }
}

fn sort(word: &str) -> Sort {
    match word {
        "active" => Sort::Active,
        "silent" => Sort::Silent,
        "high" => Sort::High,
        "low" => Sort::Low,
        _ => Sort::Name,
    }
}

fn row(lang: Lang, row: BoardRow) -> Row {
    let at = row.active_at.to_offset(VIETNAM);
    let industry = classification::division(&row.industry_code);
    Row {
        industry: industry.map_or(row.industry_code, |division| division.name.get(lang).to_owned()),
        state: row.state.parse().ok(),
        result: row.overall.zip(level(row.level)),
        active: row.begun.then(|| (date::date(at.date()), date::time(at.time()))),
        open_questions: row.open_questions,
        acceptable: row
            .assessment
            .filter(|_| row.state == Stage::InReview.as_str() && row.open_questions == 0)
            .map(|id| id.to_string()),
        href: match row.assessment.filter(|_| row.version > 0) {
            Some(id) => paths::review(&id.to_string()),
            None => format!("/association/members/{}", row.id),
        },
        is_sent: row.version > 0,
        name: row.name,
        tax_code: row.tax_code,
    }
}
