//! The members of an association beside each other: who agreed and has sent the assessment.

use leptos::prelude::*;
use model::{
    disclosure::{
        primary::{GROUPS, QUANTILE},
        summary::Summary,
    },
    format,
};

use super::board::member_filter;
use crate::{
    i18n::Tr,
    ui::{level::chip, log},
};

/// How members are filtered, sorted and paged, as it stands in the address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// What is searched for.
    pub search: String,
    /// A VSIC division; all if empty.
    pub industry: String,
    /// `name`, `overall`, `level` or the id of a pillar.
    pub sort: String,
    /// The lowest or A first.
    pub ascending: bool,
    /// Which page, from 1.
    pub page: usize,
}

/// A member that has sent its assessment.
#[derive(Clone, Debug)]
pub struct Row {
    /// The enterprise's name.
    pub name: String,
    /// Its industry and tax code.
    pub about: String,
    /// Where its submission is reviewed.
    pub review: String,
    /// The overall score, 0–100.
    pub overall: Option<f64>,
    /// The level.
    pub level: Option<u8>,
    /// The scores of the pillars, in their order.
    pub pillars: Vec<Option<f64>>,
}

/// Everything the page shows.
#[derive(Clone, Debug, Default)]
pub struct Comparison {
    /// The association's name.
    pub association: String,
    /// The campaign's title; none when none is open.
    pub campaign: Option<String>,
    /// The pillars: id and name.
    pub pillars: Vec<(String, String)>,
    /// How many members are compared, and how many of them fit the filter.
    pub all: usize,
    /// How many fit the filter.
    pub found: usize,
    /// What may be said about all members: overall, then the pillars.
    pub summaries: Vec<Summary>,
    /// The members of this page.
    pub rows: Vec<Row>,
    /// Whether no page follows.
    pub is_last: bool,
    /// What was asked for.
    pub query: Query,
}

const HERE: &str = "/association/comparison";

impl Query {
    fn address(&self, base: &str, more: &[(&str, &str)]) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let order = if self.ascending { "up" } else { "" };
        let own = [
            ("q", self.search.as_str()),
            ("industry", &self.industry),
            ("sort", &self.sort),
            ("order", order),
            ("page", &page),
        ];
        let all: Vec<(&str, &str)> = own.iter().chain(more).copied().collect();
        crate::paths::with_query(base, &all)
    }
}

/// The page.
pub fn view(tr: Tr, page: &Comparison) -> AnyView {
    let over = match &page.campaign {
        Some(campaign) => format!("{} · {campaign}", page.association),
        None => page.association.clone(),
    };
    let head = view! {
        <a class="c-back" href="/association">{tr.t("board-title")}</a>
        <div class="c-head">
            <p class="c-head__over">{over}</p>
            <h1>{tr.t("comparison-title")}</h1>
            <p class="c-head__lead">{tr.t("comparison-lead")}</p>
        </div>
    };
    if page.campaign.is_none() {
        return view! { {head} <p class="c-empty">{tr.t("province-none")}</p> }.into_any();
    }
    if page.all == 0 {
        return view! { {head} <p class="c-empty">{tr.t("comparison-nobody")}</p> }.into_any();
    }
    view! { {head} {figures(tr, page)} {filter(tr, page)} {table(tr, page)} {files(tr, &page.query)} }.into_any()
}

/// Mean and quartiles of all members, or why there are none.
fn figures(tr: Tr, page: &Comparison) -> AnyView {
    let count = format::number(tr.lang, i64::try_from(page.all).unwrap_or(i64::MAX));
    let (groups, quantile) = (GROUPS.to_string(), QUANTILE.to_string());
    let why = [("count", count.as_str()), ("least", &groups)];
    if !page.summaries.iter().any(|summary| summary.mean.is_some()) {
        return view! { <p class="l-text l-gap">{tr.with("comparison-too-few", why)}</p> }.into_any();
    }
    let names = std::iter::once(tr.t("comparison-overall").into_owned());
    let names = names.chain(page.pillars.iter().map(|(_, name)| name.clone()));
    let rows: Vec<_> = names.zip(&page.summaries).map(|(name, summary)| figure(tr, name, summary)).collect();
    let without = !page.summaries.iter().any(|summary| summary.quartiles.is_some());
    let note = without.then(|| {
        let why = [("count", count.as_str()), ("least", &quantile)];
        view! { <p class="u-small u-quiet">{tr.with("comparison-no-quartiles", why)}</p> }
    });
    view! {
        <section class="l-section">
            <h2>{tr.t("comparison-all")}</h2>
            <p class="l-text">{tr.t("comparison-all-text")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("comparison-all")>
                <table class="c-table l-text">
                    <caption class="u-hidden">{tr.t("comparison-all")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tr.t("comparison-figure")}</th>
                            <th scope="col" class="is-num">{tr.t("comparison-mean")}</th>
                            <th scope="col">{tr.t("comparison-quartiles")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <p class="u-small u-quiet">{tr.with("comparison-count", [("count", &count)])}</p>
            {note}
        </section>
    }
    .into_any()
}

/// The mean of a score, and its lower quartile, median and upper quartile.
fn figure(tr: Tr, name: String, summary: &Summary) -> impl IntoView + use<> {
    let none = || "–".to_owned();
    let mean = summary.mean.map_or_else(none, |mean| format::score(tr.lang, mean));
    let quartiles = summary.quartiles.map_or_else(none, |found| found.map(|one| format!("{one:.0}")).join(" · "));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="is-num">{mean}</td>
            <td class="u-nowrap">{quartiles}</td>
        </tr>
    }
}

fn filter(tr: Tr, page: &Comparison) -> impl IntoView + use<> {
    let order = if page.query.ascending { "up" } else { "" };
    let kept = [("sort", page.query.sort.as_str()), ("order", order)];
    view! {
        <h2 class="l-section">{tr.t("comparison-each")}</h2>
        {member_filter(tr, HERE, &kept, &page.query.search, &page.query.industry)}
    }
}

/// A heading that sorts: the highest first (names: A first), the same again turns the order round.
fn sorted(tr: Tr, query: &Query, text: String, by: &str, is_number: bool) -> AnyView {
    let is_current = query.sort == by;
    let ascending = if is_current { !query.ascending } else { by == "name" };
    let order = match (is_current, query.ascending) {
        (false, _) => "none",
        (true, true) => "ascending",
        (true, false) => "descending",
    };
    let arrow = is_current.then(|| {
        let arrow = if query.ascending { "↑" } else { "↓" };
        view! { " "<span aria-hidden="true">{arrow}</span> }
    });
    let href = Query { sort: by.to_owned(), ascending, page: 1, ..query.clone() }.address(HERE, &[]);
    view! {
        <th scope="col" aria-sort=order class=is_number.then_some("is-num")>
            <a class="c-table__sort" href=href><span class="u-hidden">{tr.t("board-sort")}" "</span>{text}{arrow}</a>
        </th>
    }
    .into_any()
}

fn table(tr: Tr, page: &Comparison) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="c-empty l-gap">{tr.t("board-empty")}</p> }.into_any();
    }
    let query = &page.query;
    let numbers: Vec<String> = (1..=page.pillars.len())
        .map(|number| tr.with("comparison-pillar", [("number", &number.to_string())]))
        .collect();
    let heads: Vec<_> =
        numbers.iter().zip(&page.pillars).map(|(text, (id, _))| sorted(tr, query, text.clone(), id, true)).collect();
    let rows: Vec<_> = page.rows.iter().map(|row| line(tr, row, &numbers)).collect();
    let legend: Vec<_> = numbers
        .iter()
        .zip(&page.pillars)
        .map(|(number, (_, name))| view! { <li>{format!("{number}: {name}")}</li> })
        .collect();
    let first = (query.page > 1).then(|| Query { page: 1, ..query.clone() }.address(HERE, &[]));
    let next = (!page.is_last).then(|| Query { page: query.page + 1, ..query.clone() }.address(HERE, &[]));
    view! {
        <table class="c-table c-board l-gap">
            <caption class="u-hidden">{tr.t("comparison-each")}</caption>
            <thead>
                <tr>
                    {sorted(tr, query, tr.t("board-enterprise").into_owned(), "name", false)}
                    {sorted(tr, query, tr.t("board-level").into_owned(), "level", false)}
                    {sorted(tr, query, tr.t("comparison-overall").into_owned(), "overall", true)}
                    {heads}
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <ul class="u-small u-quiet">{legend}</ul>
        {log::paging(tr, first, next)}
    }
    .into_any()
}

fn line(tr: Tr, row: &Row, numbers: &[String]) -> impl IntoView + use<> {
    let score = |score: Option<f64>| score.map_or_else(|| "–".to_owned(), |score| format::score(tr.lang, score));
    let pillars: Vec<_> = row
        .pillars
        .iter()
        .zip(numbers)
        .map(|(pillar, number)| view! { <td class="is-num" data-label=number.clone()>{score(*pillar)}</td> })
        .collect();
    view! {
        <tr>
            <th scope="row" class="c-board__who">
                <a class="c-board__name" href=row.review.clone()>
                    <span class="c-board__title">{row.name.clone()}</span>
                    <span class="c-board__sub">{row.about.clone()}</span>
                </a>
            </th>
            <td>{row.level.map(|level| chip(tr, level))}</td>
            <td class="is-num" data-label=tr.t("comparison-overall")>{score(row.overall)}</td>
            {pillars}
        </tr>
    }
}

fn files(tr: Tr, query: &Query) -> impl IntoView + use<> {
    let file = |format: &str| {
        Query { page: 1, ..query.clone() }.address("/association/comparison/file", &[("format", format)])
    };
    view! {
        <p class="c-buttons l-gap">
            <a class="c-buttons__link" href=file("csv")>{tr.t("board-csv")}</a>
            <a class="c-buttons__link" href=file("xlsx")>{tr.t("board-xlsx")}</a>
        </p>
    }
}

/// The headers of the file; `pillars` are the pillars' names.
#[must_use]
pub fn columns(tr: Tr, pillars: impl Iterator<Item = String>) -> Vec<String> {
    let first = [
        tr.t("board-enterprise"),
        tr.t("field-tax-code"),
        tr.t("board-industry"),
        tr.t("board-level"),
        tr.t("comparison-overall"),
    ];
    first.map(|column| column.into_owned()).into_iter().chain(pillars).collect()
}
