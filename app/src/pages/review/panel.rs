//! Beside the answers: the scores side by side, the verdict, notes, and what happened.

use leptos::prelude::*;
use model::{
    assessment::State,
    format,
    score::{Score, reviewed, score},
};

use super::{ReviewPage, Side, area, feed, hidden};
use crate::{
    chart::pairs::{self, Pair},
    i18n::Tr,
    paths,
    ui::{level::chip, state},
};

/// The panel.
pub(super) fn view(tr: Tr, page: &ReviewPage<'_>) -> impl IntoView + use<> {
    view! {
        <aside class="c-panel" aria-labelledby="panel">
            <h2 class="c-panel__title" id="panel">{tr.t("review-title")}</h2>
            <p>{state::status(tr, Some(page.state))}" "<span class="u-quiet u-small">{reviewer(tr, page)}</span></p>
            {scores(tr, page)}
            {verdict(tr, page)}
            {notes(tr, page)}
            <div class="c-panel__part">
                <h3>{tr.t("review-feed")}</h3>
                {feed::entries(tr, page.questionnaire, &page.feed, Side::Association)}
            </div>
        </aside>
    }
}

fn reviewer(tr: Tr, page: &ReviewPage<'_>) -> Option<String> {
    page.reviewer.as_ref().map(|name| tr.with("review-by", [("name", name)]))
}

fn scores(tr: Tr, page: &ReviewPage<'_>) -> AnyView {
    let own = score(page.questionnaire, page.answers);
    let found = reviewed(page.questionnaire, page.answers, page.recorded);
    let pairs: Vec<Pair> = page
        .questionnaire
        .pillars()
        .enumerate()
        .map(|(index, section)| Pair {
            name: format!("{}. {}", index + 1, section.title.get(tr.lang)),
            own: own.pillars.get(index).and_then(|pillar| pillar.score).map(f64::from),
            reviewed: found.pillars.get(index).and_then(|pillar| pillar.score).map(f64::from),
        })
        .collect();
    let line = view! { <p class="u-num">{figure(tr, &own)}" "{tr.t("review-own")}</p> };
    let second = (!page.recorded.is_empty())
        .then(|| view! { <p class="u-num">{figure(tr, &found)}" "{tr.t("review-found")}</p> });
    view! {
        <div class="c-panel__part">
            <h3>{tr.t("review-scores")}</h3>
            {line}
            {second}
            {pairs::pairs(tr, pairs, page.questionnaire.bounds)}
        </div>
    }
    .into_any()
}

fn figure(tr: Tr, score: &Score) -> AnyView {
    let Some((overall, level)) = score.overall.zip(score.level) else { return "–".into_any() };
    view! { <strong>{format::score(tr.lang, overall)}</strong>" "{chip(tr, level)} }.into_any()
}

fn verdict(tr: Tr, page: &ReviewPage<'_>) -> AnyView {
    let inner = match page.state {
        State::Draft | State::Returned => view! { <p class="u-small">{tr.t("review-with-enterprise")}</p> }.into_any(),
        State::Submitted => button(tr.t("review-take-up").into_owned(), tr.t("review-take-up-text").into_owned(), page),
        State::Accepted => button(tr.t("review-again").into_owned(), tr.t("review-again-text").into_owned(), page),
        State::InReview => decide(tr, page),
    };
    let take_over = (page.state == State::InReview && !page.is_mine)
        .then(|| button(tr.t("review-take-over").into_owned(), tr.t("review-take-over-text").into_owned(), page));
    view! { <div class="c-panel__part" id="verdict"><h3>{tr.t("review-verdict")}</h3>{inner}{take_over}</div> }
        .into_any()
}

/// The button that takes the submission up.
fn button(text: String, why: String, page: &ReviewPage<'_>) -> AnyView {
    view! {
        <p class="u-small">{why}</p>
        <form method="post" action=paths::review(&page.id)>
            {hidden("take-up", page.number.0)}
            <div class="c-buttons"><button class="c-button c-button--small" type="submit">{text}</button></div>
        </form>
    }
    .into_any()
}

fn decide(tr: Tr, page: &ReviewPage<'_>) -> AnyView {
    let open = page.open();
    let (text, can_accept) = if open > 0 {
        (tr.with("review-open", [("count", &open.to_string())]), false)
    } else if page.four_eyes && page.is_mine {
        (tr.t("review-four-eyes").into_owned(), false)
    } else {
        (tr.t("review-nothing-open").into_owned(), true)
    };
    let accept = if can_accept {
        view! {
            <form method="post" action=paths::review(&page.id)>
                {hidden("accept", page.number.0)}
                <button class="c-button c-button--small" type="submit">{tr.t("review-accept")}</button>
            </form>
        }
        .into_any()
    } else {
        view! {
            <button class="c-button c-button--small" type="button" aria-disabled="true">{tr.t("review-accept")}</button>
        }
        .into_any()
    };
    let field = "return";
    view! {
        <p class="u-small">{text}</p>
        <div class="c-buttons">{accept}</div>
        <details class="c-details" open=page.unsent.field == field>
            <summary>{tr.t("review-return")}</summary>
            <form class="c-details__body l-flow" method="post" action=paths::review(&page.id) novalidate>
                {hidden("return", page.number.0)}
                <p class="u-small">{tr.t("review-return-text")}</p>
                {area(tr, field, tr.t("review-return-reason").into_owned(), page.typed(field), &page.unsent.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--second c-button--small" type="submit">
                        {tr.t("review-return-button")}
                    </button>
                </div>
            </form>
        </details>
    }
    .into_any()
}

fn notes(tr: Tr, page: &ReviewPage<'_>) -> impl IntoView + use<> {
    let field = "note";
    view! {
        <div class="c-panel__part">
            <h3>{tr.t("review-notes")}</h3>
            <p class="u-small">{tr.t("review-notes-text")}</p>
            <form method="post" action=paths::review(&page.id) novalidate class="l-flow">
                {hidden("note", page.number.0)}
                {area(tr, field, tr.t("review-note").into_owned(), page.typed(field), &page.unsent.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--second c-button--small" type="submit">{tr.t("review-note-button")}</button>
                </div>
            </form>
        </div>
    }
}
