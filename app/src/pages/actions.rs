//! The actions of an enterprise: what is decided about each, by whom and until when it is done.

use leptos::prelude::*;
use model::{
    answer::Answers,
    plan::{Action, Decision, plan},
    questionnaire::Questionnaire,
};

use super::{result::reason, words::moved};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, message},
        icon,
        subnav::{Here, subnav},
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Actions<'a> {
    /// The campaign of the last result and the day it was sent; none without a result.
    pub result: Option<LastResult<'a>>,
    /// What was decided so far.
    pub decisions: Vec<Decided>,
    /// What was posted and refused.
    pub typed: Option<Typed>,
    /// The item of a decision that has just been stored.
    pub saved: Option<String>,
}

/// The last result of the enterprise.
#[derive(Clone, Copy, Debug)]
pub struct LastResult<'a> {
    /// The questionnaire version it was computed with.
    pub questionnaire: &'a Questionnaire,
    /// The answers that were sent.
    pub answers: &'a Answers,
}

/// A decision about an action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decided {
    /// The item that the action improves.
    pub item: String,
    /// What was decided.
    pub decision: Decision,
    /// Why it is postponed.
    pub reason: Option<String>,
    /// Who does it.
    pub person: Option<String>,
    /// Until when, as `31/03/2027` and as `2027-03-31`.
    pub due: Option<(String, String)>,
    /// The level of the item when it was decided.
    pub level_then: u8,
    /// The day it was decided.
    pub day: String,
    /// The day it should be done has passed.
    pub overdue: bool,
}

/// A decision as it was typed, with what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Typed {
    /// The item.
    pub item: String,
    /// The chosen word.
    pub decision: String,
    /// The person.
    pub person: String,
    /// The day.
    pub due: String,
    /// The reason.
    pub reason: String,
    /// What is wrong; fields are named as [`name`] says.
    pub mistakes: Vec<Mistake>,
}

/// The name of a field in the form of an item.
#[must_use]
pub fn name(field: &str, item: &str) -> String {
    format!("{field}-{item}")
}

/// The page.
pub fn view(tr: Tr, page: &Actions<'_>) -> AnyView {
    let mistakes = page.typed.as_ref().map(|typed| typed.mistakes.clone()).unwrap_or_default();
    let body = match page.result {
        Some(result) => lists(tr, page, result),
        None => view! {
            <p class="c-empty">{tr.t("actions-none")}</p>
            <p><a href="/assessments">{tr.t("subnav-assessment")}</a></p>
        }
        .into_any(),
    };
    view! {
        {subnav(tr, Here::Actions)}
        {errors::summary(tr, &mistakes)}
        <div class="c-head">
            <h1>{tr.t("actions-title")}</h1>
            <p class="c-head__lead">{tr.t("actions-lead")}</p>
        </div>
        {body}
    }
    .into_any()
}

/// What was decided, in one line.
pub fn status(tr: Tr, decided: &Decided) -> AnyView {
    let text = match decided.decision {
        Decision::Accepted => tr.with(
            "decided-accepted",
            [
                ("person", decided.person.as_deref().unwrap_or_default()),
                ("day", decided.due.as_ref().map_or("", |(day, _)| day.as_str())),
            ],
        ),
        Decision::Postponed => {
            tr.with("decided-postponed", [("reason", decided.reason.as_deref().unwrap_or_default())])
        }
        Decision::Done => tr.with("decided-done", [("day", &decided.day)]),
    };
    let late = decided.overdue.then(|| view! { " "<strong>{tr.t("decided-overdue")}</strong> });
    view! { <p class="c-decided">{icon::tick("c-decided__icon")}<span>{text}{late}</span></p> }.into_any()
}

fn lists(tr: Tr, page: &Actions<'_>, result: LastResult<'_>) -> AnyView {
    let plan = plan(result.questionnaire, result.answers);
    let current: Vec<_> =
        plan.actions.iter().enumerate().map(|(index, action)| card(tr, page, result, action, index + 1)).collect();
    let is_current = |item: &str| plan.actions.iter().any(|action| action.item == item);
    let others: Vec<_> = page
        .decisions
        .iter()
        .filter(|decided| !is_current(&decided.item))
        .map(|decided| earlier(tr, page, result, decided))
        .collect();
    let others = (!others.is_empty()).then(|| {
        view! {
            <section class="l-section" aria-labelledby="earlier">
                <h2 id="earlier">{tr.t("actions-earlier")}</h2>
                <p class="l-text">{tr.t("actions-earlier-text")}</p>
                <div class="c-plan__list">{others}</div>
            </section>
        }
    });
    view! {
        <section class="l-section" aria-labelledby="plan">
            <h2 id="plan">{tr.t("plan-title")}</h2>
            <div class="c-plan__list">{current}</div>
        </section>
        {others}
    }
    .into_any()
}

fn card(tr: Tr, page: &Actions<'_>, result: LastResult<'_>, action: &Action, number: usize) -> AnyView {
    let flag = action.first.then(|| view! { <p class="c-flag">{tr.t("action-first")}</p> });
    view! {
        <article class="c-action" id=format!("action-{}", action.item)>
            <span class="c-action__no">{number}</span>
            <div class="c-action__body">
                {flag}
                <h3 class="c-action__title">{action.text.get(tr.lang).to_owned()}</h3>
                <p class="u-quiet">{reason(tr, result.questionnaire, action)}</p>
                {decision(tr, page, &action.item)}
            </div>
        </article>
    }
    .into_any()
}

/// An action decided earlier that the last result no longer puts among the next ones.
fn earlier(tr: Tr, page: &Actions<'_>, result: LastResult<'_>, decided: &Decided) -> AnyView {
    let Some(item) = result.questionnaire.item(&decided.item) else { return ().into_any() };
    let text = if decided.level_then <= 2 { &item.action_low } else { &item.action_next };
    let now = model::score::level_of(result.questionnaire, item, result.answers);
    let levels = now.map(|now| {
        view! { <p class="u-quiet">{moved(tr, result.questionnaire, item, decided.level_then, now)}</p> }
    });
    view! {
        <article class="c-action" id=format!("action-{}", decided.item)>
            <span class="c-action__no" aria-hidden="true">"–"</span>
            <div class="c-action__body">
                <h3 class="c-action__title">{text.get(tr.lang).to_owned()}</h3>
                {levels}
                {decision(tr, page, &decided.item)}
            </div>
        </article>
    }
    .into_any()
}

/// The state of an action and the form that changes it.
fn decision(tr: Tr, page: &Actions<'_>, item: &str) -> AnyView {
    let decided = page.decisions.iter().find(|decided| decided.item == item);
    let typed = page.typed.as_ref().filter(|typed| typed.item == item);
    let shown = typed.cloned().unwrap_or_else(|| decided.map(known).unwrap_or_default());
    let saved = (page.saved.as_deref() == Some(item))
        .then(|| view! { <p role="status" class="u-quiet">{tr.t("decision-saved")}</p> });
    let summary = if decided.is_some() { tr.t("decision-change") } else { tr.t("decision-make") };
    view! {
        {decided.map(|decided| status(tr, decided))}
        {saved}
        <details class="c-details" open=typed.is_some()>
            <summary>{summary}</summary>
            <div class="c-details__body">{form(tr, item, &shown)}</div>
        </details>
    }
    .into_any()
}

fn known(decided: &Decided) -> Typed {
    Typed {
        item: decided.item.clone(),
        decision: decided.decision.as_str().to_owned(),
        person: decided.person.clone().unwrap_or_default(),
        due: decided.due.as_ref().map(|(_, day)| day.clone()).unwrap_or_default(),
        reason: decided.reason.clone().unwrap_or_default(),
        mistakes: Vec::new(),
    }
}

fn form(tr: Tr, item: &str, shown: &Typed) -> AnyView {
    let mistakes = &shown.mistakes;
    let text = |label: String, value: &str| Field { label, value: value.to_owned(), ..Field::default() };
    let due = Field {
        kind: "date",
        narrow: true,
        hint: Some(tr.t("decision-due-hint").into_owned()),
        ..text(tr.t("decision-due").into_owned(), &shown.due)
    };
    let person = text(tr.t("decision-person").into_owned(), &shown.person);
    let reason = text(tr.t("decision-reason").into_owned(), &shown.reason);
    view! {
        <form method="post" action="/actions" novalidate>
            <input type="hidden" name="item" value=item.to_owned()/>
            {radios(tr, item, shown)}
            {field::input(tr, &name("person", item), person, mistakes)}
            {field::input(tr, &name("due", item), due, mistakes)}
            {field::input(tr, &name("reason", item), reason, mistakes)}
            <div class="c-buttons"><button class="c-button" type="submit">{tr.t("decision-save")}</button></div>
        </form>
    }
    .into_any()
}

fn radios(tr: Tr, item: &str, shown: &Typed) -> AnyView {
    let group = name("decision", item);
    let error = errors::of(&shown.mistakes, &group).map(|error| message(tr, &group, error.to_owned()));
    let class = if error.is_some() { "c-choices c-choices--error" } else { "c-choices" };
    let described = error.is_some().then(|| format!("{group}-error"));
    let options = [
        (Decision::Accepted, tr.t("decision-accepted")),
        (Decision::Postponed, tr.t("decision-postponed")),
        (Decision::Done, tr.t("decision-done")),
    ];
    let options: Vec<_> = options
        .into_iter()
        .map(|(decision, text)| {
            let (value, checked) = (decision.as_str(), shown.decision == decision.as_str());
            view! {
                <label class="c-choice">
                    <input class="c-choice__input" type="radio" name=group.clone() value=value checked=checked/>
                    <span class="c-choice__text">{text}</span>
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class=class id=group.clone() aria-describedby=described>
            <legend class="c-choices__legend">{tr.t("decision-legend")}</legend>
            {error}
            <div class="c-choices__list">{options}</div>
        </fieldset>
    }
    .into_any()
}
