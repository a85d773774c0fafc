//! Submissions across associations, for the province: the longest waiting first.

use leptos::prelude::*;
use model::{assessment::State, format};

use crate::{
    i18n::Tr,
    ui::{level::chip, notice, state},
};

/// A submission in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Key of the assessment.
    pub id: String,
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its industry in words.
    pub industry: String,
    /// Its state.
    pub state: Option<State>,
    /// Score and level.
    pub result: Option<(f64, u8)>,
    /// Day and time of the last thing that happened.
    pub active: String,
    /// Questions that are open.
    pub open_questions: i64,
    /// Where it is reviewed.
    pub review: String,
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Reviews {
    /// The state that is shown.
    pub state: State,
    /// Only members of this association; all if empty.
    pub association: String,
    /// Key and name of every association.
    pub associations: Vec<(String, String)>,
    /// The submissions of this page.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// How many were accepted at once just now, and how many were not.
    pub accepted: Option<(i64, i64)>,
}

/// The page.
pub fn view(tr: Tr, page: &Reviews) -> AnyView {
    view! {
        {accepted(tr, page.accepted)}
        <div class="c-head">
            <h1>{tr.t("reviews-title")}</h1>
            <p class="c-head__lead">{tr.t("reviews-lead")}</p>
        </div>
        {filter(tr, page)}
        {table(tr, page)}
    }
    .into_any()
}

/// What came of accepting several at once.
pub(super) fn accepted(tr: Tr, accepted: Option<(i64, i64)>) -> Option<AnyView> {
    let (done, left) = accepted?;
    let numbers = (done.to_string(), left.to_string());
    Some(notice::done(tr.with("reviews-accepted", [("done", &numbers.0), ("left", &numbers.1)])))
}

fn filter(tr: Tr, page: &Reviews) -> impl IntoView + use<> {
    let states: Vec<_> = [State::Submitted, State::InReview, State::Returned, State::Accepted]
        .into_iter()
        .map(|known| {
            let (value, text) = (known.as_str(), state::word(tr, Some(known)));
            view! { <option value=value selected=known == page.state>{text}</option> }
        })
        .collect();
    let associations: Vec<_> = page
        .associations
        .iter()
        .map(|(id, name)| {
            let selected = *id == page.association;
            view! { <option value=id.clone() selected=selected>{name.clone()}</option> }
        })
        .collect();
    view! {
        <form class="c-filter" method="get" action="/province/reviews">
            <div>
                <label class="c-field__label" for="state">{tr.t("board-state")}</label>
                <select class="c-select" id="state" name="state">{states}</select>
            </div>
            <div>
                <label class="c-field__label" for="association">{tr.t("reviews-association")}</label>
                <select class="c-select" id="association" name="association">
                    <option value="">{tr.t("reviews-all")}</option>
                    {associations}
                </select>
            </div>
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("board-filter")}</button>
        </form>
    }
}

fn table(tr: Tr, page: &Reviews) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="c-empty">{tr.t("reviews-none")}</p> }.into_any();
    }
    let can_accept = page.state == State::InReview;
    let rows: Vec<_> = page.rows.iter().map(|row| line(tr, row, can_accept)).collect();
    let next = page.next.as_ref().map(|after| {
        let href =
            format!("/province/reviews?state={}&association={}&after={after}", page.state.as_str(), page.association);
        view! { <p class="u-small"><a href=href>{tr.t("page-next")}</a></p> }
    });
    let button = can_accept.then(|| {
        view! {
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit">{tr.t("reviews-accept")}</button>
            </div>
        }
    });
    view! {
        <form method="post" action="/reviews">
            <table class="c-table c-board">
                <caption class="u-hidden">{tr.t("reviews-title")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr.t("board-enterprise")}</th>
                        <th scope="col">{tr.t("board-state")}</th>
                        <th scope="col" class="is-num">{tr.t("board-score")}</th>
                        <th scope="col">{tr.t("board-active")}</th>
                        <th scope="col" class="is-num">{tr.t("board-questions")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
            {button}
        </form>
        {next}
    }
    .into_any()
}

fn line(tr: Tr, row: &Row, can_accept: bool) -> impl IntoView + use<> {
    let result = row.result.map(|(score, level)| view! { {format::score(tr.lang, score)}" "{chip(tr, level)} });
    let asks = row.open_questions > 0;
    let questions =
        (row.open_questions > 0).then(|| tr.with("board-open", [("count", &row.open_questions.to_string())]));
    let choose = (can_accept && row.open_questions == 0).then(|| {
        let name = row.name.clone();
        view! {
            <label class="c-board__choose">
                <input type="checkbox" name="chosen" value=row.id.clone()/>
                {tr.t("reviews-choose")}<span class="u-hidden">" "{name}</span>
            </label>
        }
    });
    view! {
        <tr>
            <th scope="row" class="c-board__who">
                <a class="c-board__name" href=row.review.clone()>
                    <span class="c-board__title">{row.name.clone()}</span>
                    <span class="c-board__sub">{format!("{} · {}", row.industry, row.tax_code)}</span>
                </a>
            </th>
            <td>{state::status(tr, row.state)}" "{choose}</td>
            <td class="is-num">{result}</td>
            <td class="u-num">{row.active.clone()}</td>
            <td class="is-num" data-label=asks.then(|| tr.t("board-questions"))>{questions}</td>
        </tr>
    }
}
