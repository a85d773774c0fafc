//! An association's progress board: its agreed members by state, with filter, sort and paging.

use leptos::prelude::*;
use model::{assessment::State, classification, format};

use super::reviews;
use crate::{
    i18n::Tr,
    ui::{level::chip, state},
};

/// A member on the board.
#[derive(Clone, Debug)]
pub struct Row {
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its industry in words.
    pub industry: String,
    /// Its state; none when nothing was answered.
    pub state: Option<State>,
    /// Score and level of the last submission.
    pub result: Option<(f64, u8)>,
    /// Day and time of the last activity.
    pub active: Option<(String, String)>,
    /// Questions of the review that are open.
    pub open_questions: i64,
    /// Where the submission is reviewed; before the first, the member's page with the letters to it.
    pub href: String,
    /// Whether something was submitted.
    pub is_sent: bool,
    /// Key of the assessment, when the submission can be accepted as it stands.
    pub acceptable: Option<String>,
}

/// How the board is sorted, filtered and continued, as it stands in its address.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// `none` or a state; all if empty.
    pub state: String,
    /// What is searched for.
    pub search: String,
    /// A VSIC division; all if empty.
    pub industry: String,
    /// `name`, `active`, `silent`, `high` or `low`.
    pub sort: String,
    /// Where the page begins; at the first member if empty.
    pub after: String,
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Board {
    /// The association's name.
    pub association: String,
    /// The campaign's title and its last day.
    pub campaign: Option<(String, String)>,
    /// How many members are listed, and how many of them agreed.
    pub members: (i64, i64),
    /// How many members are in each state; none: not started.
    pub counts: Vec<(Option<State>, i64)>,
    /// What was asked for.
    pub query: Query,
    /// The members of this page.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many submissions were accepted at once just now, and how many were not.
    pub accepted: Option<(i64, i64)>,
}

/// The states in the order of the work.
pub const STATES: [Option<State>; 6] = [
    None,
    Some(State::Draft),
    Some(State::Submitted),
    Some(State::InReview),
    Some(State::Returned),
    Some(State::Accepted),
];

impl Query {
    /// The address of the board with this query.
    #[must_use]
    pub fn address(&self, base: &str) -> String {
        let parts = [
            ("state", self.state.as_str()),
            ("q", &self.search),
            ("industry", &self.industry),
            ("sort", &self.sort),
            ("after", &self.after),
        ];
        crate::paths::with_query(base, &parts)
    }

    fn with_state(&self, state: &str) -> Self {
        Self { state: state.to_owned(), after: String::new(), ..self.clone() }
    }

    fn with_sort(&self, sort: &str) -> Self {
        Self { sort: sort.to_owned(), after: String::new(), ..self.clone() }
    }
}

/// The page.
pub fn view(tr: Tr, page: &Board) -> AnyView {
    let head = head(tr, page);
    if page.campaign.is_none() {
        return view! { {head} <p class="c-empty">{tr.t("province-none")}</p> }.into_any();
    }
    if page.members.1 == 0 {
        return view! {
            {head}
            <p class="c-empty">{tr.t("board-nobody")}</p>
            <p class="l-gap"><a class="c-button" href="/association/members">{tr.t("members-add")}</a></p>
        }
        .into_any();
    }
    view! {
        {reviews::accepted(tr, page.accepted)}
        {head}
        {counts(tr, page)}
        {filter(tr, page)}
        {remind(tr, page)}
        {table(tr, page)}
        {files(tr, &page.query)}
    }
    .into_any()
}

fn head(tr: Tr, page: &Board) -> impl IntoView + use<> {
    let numbers = (format::number(tr.lang, page.members.0), format::number(tr.lang, page.members.1));
    let over = match &page.campaign {
        Some((title, day)) => {
            format!("{} · {title} · {}", page.association, tr.with("board-until", [("day", day)]))
        }
        None => page.association.clone(),
    };
    view! {
        <div class="c-head">
            <p class="c-head__over">{over}</p>
            <h1>{tr.t("board-title")}</h1>
            <p class="c-head__lead">{tr.with("board-lead", [("all", &numbers.0), ("agreed", &numbers.1)])}</p>
        </div>
    }
}

/// The stored word of a state on the board.
#[must_use]
pub fn key(state: Option<State>) -> &'static str {
    state.map_or("none", State::as_str)
}

fn counts(tr: Tr, page: &Board) -> impl IntoView + use<> {
    let one = |text: String, word: &str, count: i64, ask: bool| {
        let is_current = page.query.state == word;
        let class = match (is_current, ask) {
            (true, _) => "c-counts__item is-current",
            (false, true) => "c-counts__item is-ask",
            (false, false) => "c-counts__item",
        };
        view! {
            <li class=class>
                <span class="c-counts__no">{format::number(tr.lang, count)}</span>
                <a
                    class="c-counts__link"
                    href=page.query.with_state(word).address("/association")
                    aria-current=is_current.then_some("true")
                >
                    {text}
                </a>
            </li>
        }
    };
    let of = |state| page.counts.iter().find(|(known, _)| *known == state).map_or(0, |(_, count)| *count);
    let rest: Vec<_> = STATES
        .into_iter()
        .map(|state| one(state::word(tr, state), key(state), of(state), state == Some(State::Submitted)))
        .collect();
    view! { <ul class="c-counts">{one(tr.t("board-all").into_owned(), "", page.members.1, false)}{rest}</ul> }
}

fn filter(tr: Tr, page: &Board) -> AnyView {
    let query = &page.query;
    let kept = [("state", query.state.as_str()), ("sort", &query.sort)];
    member_filter(tr, "/association", &kept, &query.search, &query.industry)
}

/// The filter of a list of members, by words and industry; `kept` are the other parts of the address, kept where they
/// say something.
pub(super) fn member_filter(
    tr: Tr,
    action: &'static str,
    kept: &[(&'static str, &str)],
    search: &str,
    industry: &str,
) -> AnyView {
    let choices: Vec<_> = classification::divisions()
        .iter()
        .map(|division| {
            let selected = division.code == industry;
            let text = format!("{} – {}", division.code, division.name.get(tr.lang));
            view! { <option value=division.code.clone() selected=selected>{text}</option> }
        })
        .collect();
    let kept: Vec<_> = kept
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=*name value=(*value).to_owned()/> })
        .collect();
    view! {
        <form class="c-filter" method="get" action=action>
            {kept}
            <div class="c-filter__wide">
                <label class="c-field__label" for="q">{tr.t("board-search")}</label>
                <input class="c-input" id="q" name="q" type="search" value=search.to_owned()/>
            </div>
            <div>
                <label class="c-field__label" for="industry">{tr.t("board-industry")}</label>
                <select class="c-select" id="industry" name="industry">
                    <option value="">{tr.t("board-industries")}</option>
                    {choices}
                </select>
            </div>
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("board-filter")}</button>
        </form>
    }
    .into_any()
}

/// A reminder to those who are not done, while there are any.
fn remind(tr: Tr, page: &Board) -> AnyView {
    let is_open = |state: Option<State>| state.is_none_or(State::is_open);
    if !page.counts.iter().any(|(state, count)| is_open(*state) && *count > 0) {
        return ().into_any();
    }
    view! {
        <form class="c-buttons" method="post" action="/association/letters">
            <button class="c-button c-button--second c-button--small" type="submit" name="do" value="remind-all">
                {tr.t("board-remind")}
            </button>
        </form>
    }
    .into_any()
}

/// A heading that sorts: the same again turns the order round.
fn sorted(tr: Tr, query: &Query, text: String, (first, second): (&str, &str), arrows: (&str, &str)) -> AnyView {
    let (to, arrow, order) = if query.sort == first {
        (second, arrows.0, "descending")
    } else if query.sort == second {
        (first, arrows.1, "ascending")
    } else {
        (first, "", "none")
    };
    let (to, order) =
        if first == second { (first, if arrow.is_empty() { "none" } else { "ascending" }) } else { (to, order) };
    let arrow = (!arrow.is_empty()).then(|| view! { " "<span aria-hidden="true">{arrow.to_owned()}</span> });
    let hint = tr.t("board-sort");
    view! {
        <th scope="col" aria-sort=order>
            <a class="c-table__sort" href=query.with_sort(to).address("/association")>
                <span class="u-hidden">{hint}" "</span>{text}{arrow}
            </a>
        </th>
    }
    .into_any()
}

fn table(tr: Tr, page: &Board) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="c-empty">{tr.t("board-empty")}</p> }.into_any();
    }
    let rows: Vec<_> = page.rows.iter().map(|row| line(tr, row)).collect();
    let query = &page.query;
    let next = page.next.as_ref().map(|after| {
        let href = Query { after: after.clone(), ..query.clone() }.address("/association");
        view! { <a href=href>{tr.t("page-next")}</a> }
    });
    let first = (!query.after.is_empty()).then(|| {
        let href = Query { after: String::new(), ..query.clone() }.address("/association");
        view! { <a href=href>{tr.t("page-first")}</a>" · " }
    });
    // What is in review and has no open question can be accepted at once; the form is around the ticks.
    let can_accept = page.rows.iter().any(|row| row.acceptable.is_some());
    let button = can_accept.then(|| {
        view! {
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit">{tr.t("reviews-accept")}</button>
            </div>
        }
    });
    let table = view! {
        <table class="c-table c-board">
            <caption class="u-hidden">{tr.t("board-title")}</caption>
            <thead>
                <tr>
                    {sorted(tr, query, tr.t("board-enterprise").into_owned(), ("name", "name"), ("↑", "↑"))}
                    <th scope="col">{tr.t("board-state")}</th>
                    {sorted(tr, query, tr.t("board-score").into_owned(), ("high", "low"), ("↓", "↑"))}
                    {sorted(tr, query, tr.t("board-active").into_owned(), ("active", "silent"), ("↓", "↑"))}
                    <th scope="col" class="is-num">{tr.t("board-questions")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    let table = match can_accept {
        true => view! { <form method="post" action="/reviews">{table}{button}</form> }.into_any(),
        false => table.into_any(),
    };
    view! { {table} <p class="u-small u-quiet">{first}{next}</p> }.into_any()
}

/// The same members in the same order as a file.
fn files(tr: Tr, query: &Query) -> impl IntoView + use<> {
    let query = Query { after: String::new(), ..query.clone() }.address("/association/file");
    let file = |format: &str| format!("{query}{}format={format}", if query.contains('?') { '&' } else { '?' });
    view! {
        <p class="c-buttons l-gap">
            <a class="c-buttons__link" href="/association/comparison">{tr.t("comparison-link")}</a>
            <a class="c-buttons__link" href=file("csv")>{tr.t("board-csv")}</a>
            <a class="c-buttons__link" href=file("xlsx")>{tr.t("board-xlsx")}</a>
        </p>
    }
}

/// The headers of the file.
#[must_use]
pub fn columns(tr: Tr) -> [String; 9] {
    [
        tr.t("board-enterprise"),
        tr.t("field-tax-code"),
        tr.t("board-industry"),
        tr.t("board-state"),
        tr.t("board-score"),
        tr.t("board-level"),
        tr.t("board-versions"),
        tr.t("board-active"),
        tr.t("board-questions"),
    ]
    .map(|column| column.into_owned())
}

fn line(tr: Tr, row: &Row) -> impl IntoView + use<> {
    let sub = format!("{} · {}", row.industry, row.tax_code);
    let title = if row.is_sent { "c-board__title" } else { "c-board__title c-board__plain" };
    let who = view! {
        <a class="c-board__name" href=row.href.clone()>
            <span class=title>{row.name.clone()}</span>
            <span class="c-board__sub">{sub}</span>
        </a>
    };
    let result = row.result.map(|(score, level)| view! { {format::score(tr.lang, score)}" "{chip(tr, level)} });
    let active = match &row.active {
        Some((day, time)) => view! {
            <span class="u-nowrap">{day.clone()}</span>" "<span class="c-board__time">{time.clone()}</span>
        }
        .into_any(),
        None => ().into_any(),
    };
    let choose = row.acceptable.as_ref().map(|id| {
        view! {
            <label class="c-board__choose">
                <input type="checkbox" name="chosen" value=id.clone()/>
                {tr.t("reviews-choose")}<span class="u-hidden">" "{row.name.clone()}</span>
            </label>
        }
    });
    let asks = row.open_questions > 0;
    let questions = asks.then(|| tr.with("board-open", [("count", &row.open_questions.to_string())]));
    view! {
        <tr>
            <th scope="row" class="c-board__who">{who}</th>
            <td>{state::status(tr, row.state)}" "{choose}</td>
            <td class="is-num">{result}</td>
            <td class="u-num">{active}</td>
            <td class="is-num" data-label=asks.then(|| tr.t("board-questions"))>{questions}</td>
        </tr>
    }
}
