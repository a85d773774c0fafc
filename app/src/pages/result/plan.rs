//! What to do next, by horizon.

use leptos::prelude::*;
use model::{
    plan::{Action, Horizon},
    questionnaire::Questionnaire,
};

use super::{super::actions::status, ResultPage};
use crate::{chart::matrix, i18n::Tr};

/// The actions of each horizon, the nearest first; nothing where nothing is left.
pub(in crate::pages) fn plan(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let plan = model::plan::plan(page.questionnaire, page.answers);
    if plan.actions.is_empty() {
        return ().into_any();
    }
    let mut number = 0;
    let horizons: Vec<_> = plan
        .by_horizon()
        .into_iter()
        .filter(|(_, actions)| !actions.is_empty())
        .map(|(horizon, actions)| {
            let list: Vec<_> = actions
                .into_iter()
                .map(|action| {
                    number += 1;
                    self::action(tr, page, action, number)
                })
                .collect();
            let (when, until) = horizon_words(tr, page, horizon);
            view! {
                <div class="c-plan__horizon">
                    <h3 class="c-plan__when">{when}{until.map(|text| view! { <span class="c-plan__span">{text}</span> })}</h3>
                    <div class="c-plan__list">{list}</div>
                </div>
            }
        })
        .collect();
    view! {
        <section class="l-section" aria-labelledby="plan">
            <h2 id="plan">{tr.t("plan-title")}</h2>
            <p class="l-text">{tr.t("plan-text")}</p>
            <div class="c-plan">{horizons}</div>
        </section>
    }
    .into_any()
}

fn horizon_words(tr: Tr, page: &ResultPage<'_>, horizon: Horizon) -> (String, Option<String>) {
    let until = |day: &str| Some(tr.with("until", [("day", day)]));
    match horizon {
        Horizon::Months3 => (tr.t("horizon-3").into_owned(), until(&page.horizons[0])),
        Horizon::Months12 => (tr.t("horizon-12").into_owned(), until(&page.horizons[1])),
        Horizon::Later => (tr.t("horizon-later").into_owned(), None),
    }
}

fn action(tr: Tr, page: &ResultPage<'_>, action: &Action, number: usize) -> AnyView {
    let item = page.questionnaire.item(&action.item);
    let evidence = item.map(|item| item.evidence.get(tr.lang).to_owned()).unwrap_or_default();
    let flag = action.first.then(|| view! { <p class="c-flag">{tr.t("action-first")}</p> });
    let enables = action.enables.as_ref().map(|waiting| {
        let title = page.questionnaire.item(waiting).map_or("", |item| item.title.get(tr.lang));
        let text = tr.with("action-enables", [("title", title), ("number", &page.questionnaire.number(waiting))]);
        view! { <dt>{tr.t("action-order")}</dt><dd>{text}</dd> }
    });
    let impact = match action.impact {
        1 => tr.t("impact-1"),
        2 => tr.t("impact-2"),
        _ => tr.t("impact-3"),
    };
    view! {
        <article class="c-action" id=format!("action-{}", action.item)>
            <span class="c-action__no">{number}</span>
            <div class="c-action__body">
                {flag}
                <h4 class="c-action__title">{action.text.get(tr.lang).to_owned()}</h4>
                <dl class="c-action__why">
                    <dt>{tr.with("action-because", [("number", &page.questionnaire.number(&action.item))])}</dt>
                    <dd>{reason(tr, page.questionnaire, action)}</dd>
                    {enables}
                    <dt>{tr.t("action-effort")}</dt>
                    <dd>
                        <span class="c-matrix">
                            {matrix::matrix(action.effort, action.impact)}
                            <span>{effort(tr, action)}", "{impact}</span>
                        </span>
                    </dd>
                    <dt>{tr.t("action-evidence")}</dt>
                    <dd>{evidence}</dd>
                </dl>
                {decision(tr, page, &action.item)}
            </div>
        </article>
    }
    .into_any()
}

/// What was decided about an action, and where that is done.
fn decision(tr: Tr, page: &ResultPage<'_>, item: &str) -> AnyView {
    let Some(decisions) = &page.decisions else { return ().into_any() };
    let decided = decisions.iter().find(|decided| decided.item == item);
    let text = if decided.is_some() { tr.t("decision-change") } else { tr.t("decision-make") };
    let title = page.questionnaire.item(item).map_or("", |item| item.title.get(tr.lang)).to_owned();
    view! {
        {decided.map(|decided| status(tr, decided))}
        <p class="c-action__decide">
            <a href=format!("/actions#action-{item}")>{text}<span class="u-hidden">" "{title}</span></a>
        </p>
    }
    .into_any()
}

/// How long an action takes.
pub(super) fn effort(tr: Tr, action: &Action) -> String {
    match action.effort {
        1 => tr.t("effort-1"),
        2 => tr.t("effort-2"),
        _ => tr.t("effort-3"),
    }
    .into_owned()
}

/// Where an action starts and where it leads: the chosen statement, and the next one as what it looks like when done.
pub(in crate::pages) fn reason(tr: Tr, questionnaire: &Questionnaire, action: &Action) -> String {
    match (&action.now, &action.next) {
        (Some(now), Some(next)) => tr.with("reason-ladder", [("now", now.get(tr.lang)), ("next", next.get(tr.lang))]),
        _ => {
            let title = questionnaire.item(&action.item).map_or("", |item| item.title.get(tr.lang));
            tr.with("reason-checklist", [("title", title)])
        }
    }
}
