//! The task list of an assessment: what is done and what is left, in any order.

use leptos::prelude::*;
use model::{
    answer::Answers,
    assessment,
    questionnaire::{Questionnaire, Section},
    quick::Kind,
};

use crate::{
    i18n::Tr,
    paths,
    ui::{
        icon, notice,
        subnav::{Here, subnav},
        ticks::ticks,
        waiting::waiting,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Tasks<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The enterprise's name.
    pub enterprise: String,
    /// Its tax code.
    pub tax_code: String,
    /// The campaign's title.
    pub title: String,
    /// The last day to submit, as a date.
    pub last_day: String,
    /// The campaign takes no more answers.
    pub closed: bool,
    /// Whether it is a quick check for now.
    pub kind: Kind,
    /// The questionnaire version of the campaign, as an assessment of this kind asks it.
    pub questionnaire: &'a Questionnaire,
    /// The stored answers.
    pub answers: &'a Answers,
    /// How many actions of earlier results somebody has taken on and not finished.
    pub accepted: usize,
    /// The questions of the questionnaire about which reviewers ask something that is open.
    pub asked: Vec<String>,
    /// Who answers what.
    pub team: Team,
}

/// The people of the enterprise, as far as the task list is about them.
#[derive(Clone, Debug, Default)]
pub struct Team {
    /// The reader registered the enterprise and may invite others.
    pub is_owner: bool,
    /// There are others.
    pub has_colleagues: bool,
    /// The reader's own name.
    pub mine: String,
    /// Sections with the name of whoever is asked to answer them.
    pub assigned: Vec<(String, String)>,
    /// Who answered in which section last.
    pub done: Vec<Done>,
}

/// What was done in a section last.
#[derive(Clone, Debug)]
pub struct Done {
    /// Id of the section.
    pub section: String,
    /// Who did it.
    pub name: String,
    /// When, as far as it is known.
    pub at: Option<String>,
}

/// Before the assessment of a campaign is begun. `has_core`: its questionnaire has core items for a quick check.
pub fn begin(tr: Tr, title: String, last_day: &str, has_core: bool) -> impl IntoView + use<> {
    let quick = has_core.then(|| {
        view! {
            <button class="c-button c-button--second" type="submit" name="kind" value="quick">
                {tr.t("begin-quick")}
            </button>
        }
    });
    view! {
        <div class="l-text l-flow">
            <p class="c-head__over">{tr.with("province-lead", [("day", last_day)])}</p>
            <h1>{title}</h1>
            <p class="u-lead">{tr.t("begin-lead")}</p>
            <form method="post" action="/assessments">
                <div class="c-buttons">
                    <button class="c-button" type="submit" name="kind" value="full">{tr.t("begin-button")}</button>
                    {quick}
                </div>
                {has_core.then(|| view! { <p class="l-gap-s u-quiet">{tr.t("begin-quick-text")}</p> })}
            </form>
        </div>
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    Done,
    Doing,
    Todo,
    /// Depends on the profile, which is not complete.
    Wait,
    /// Nothing in it is required.
    Optional,
}

struct Row<'a> {
    section: &'a Section,
    state: State,
    answered: usize,
    asked: usize,
}

/// The page.
pub fn view(tr: Tr, page: &Tasks<'_>) -> AnyView {
    let rows = rows(page);
    let open: usize = rows.iter().filter(|row| row.section.weight.is_some()).map(|row| row.asked - row.answered).sum();
    let all: usize = rows.iter().filter(|row| row.section.weight.is_some()).map(|row| row.asked).sum();
    let profile_open = rows.iter().any(|row| row.state == State::Wait);
    let ready = assessment::may_submit(page.questionnaire, page.answers).is_ok();
    let lead = if page.closed {
        tr.with("tasks-lead-closed", [("day", &page.last_day)])
    } else if page.kind == Kind::Quick {
        tr.t("tasks-lead-quick").into_owned()
    } else if profile_open {
        tr.with("tasks-lead-profile", [("day", &page.last_day)])
    } else if open == 0 {
        tr.with("tasks-lead-done", [("day", &page.last_day)])
    } else {
        let numbers = [("open", open.to_string()), ("all", all.to_string())];
        tr.with("tasks-lead", [("open", &numbers[0].1), ("all", &numbers[1].1), ("day", &page.last_day)])
    };
    let next = (!page.closed).then(|| view! { <p class="c-buttons">{next(tr, page, &rows, ready)}</p> });
    let closed = page
        .closed
        .then(|| notice::plain(tr.t("tasks-closed-title").into_owned(), view! { <p>{tr.t("tasks-closed-text")}</p> }));
    let send = (!page.closed).then(|| {
        view! {
            <h2>{if page.kind == Kind::Quick { tr.t("tasks-quick") } else { tr.t("tasks-send") }}</h2>
            <ol class="c-tasks">{send(tr, page, ready)}</ol>
        }
    });
    let list: Vec<_> = rows.iter().map(|row| self::row(tr, page, row)).collect();
    view! {
        {subnav(tr, Here::Assessment)}
        <div class="c-head">
            <p class="c-head__over">
                {page.enterprise.clone()}" · "
                <span class="u-nowrap u-num">{tr.with("tax-code", [("code", &page.tax_code)])}</span>
            </p>
            <h1>{page.title.clone()}</h1>
            <p class="c-head__lead">{lead}</p>
        </div>
        {closed}
        {waiting(tr, page.questionnaire, &page.assessment, &page.asked, !page.closed)}
        {next}
        {accepted(tr, page.accepted)}
        <section class="l-flow l-text l-gap" aria-labelledby="parts">
            <h2 id="parts">{tr.t("tasks-parts")}</h2>
            <ol class="c-tasks">{list}</ol>
            {send}
            {(!page.closed).then(|| kind(tr, page, &rows))}
            {(!page.closed && page.team.is_owner).then(|| colleagues(tr, page))}
        </section>
    }
    .into_any()
}

/// Actions taken on after an earlier result come back with the next assessment.
fn accepted(tr: Tr, count: usize) -> AnyView {
    if count == 0 {
        return ().into_any();
    }
    let text = tr.with("tasks-accepted", [("count", &count.to_string())]);
    notice::plain(
        tr.t("tasks-accepted-title").into_owned(),
        view! { <p>{text}" "<a href="/actions">{tr.t("subnav-actions")}</a></p> },
    )
}

fn rows<'a>(page: &Tasks<'a>) -> Vec<Row<'a>> {
    let questionnaire = page.questionnaire;
    let missing = assessment::may_submit(questionnaire, page.answers).err().unwrap_or_default();
    let is_open = |section: &Section| section.questions().any(|id| missing.iter().any(|open| open == id));
    let profile_open = questionnaire.sections.first().is_some_and(is_open);
    questionnaire
        .sections
        .iter()
        .filter_map(|section| {
            let progress = assessment::progress(questionnaire, section, page.answers);
            let optional = section.weight.is_none()
                && section.questions().filter_map(|id| questionnaire.question(id)).all(|question| !question.required());
            let state = if section.weight.is_some() && profile_open {
                State::Wait
            } else if progress.asked > 0 && progress.answered == progress.asked || !optional && !is_open(section) {
                State::Done
            } else if progress.answered > 0 {
                State::Doing
            } else if optional {
                State::Optional
            } else {
                State::Todo
            };
            // A quick check asks nothing of some sections; pillars only wait for the profile.
            let is_shown = section.weight.is_some() || progress.asked > 0;
            is_shown.then_some(Row { section, state, answered: progress.answered, asked: progress.asked })
        })
        .collect()
}

fn next(tr: Tr, page: &Tasks<'_>, rows: &[Row<'_>], ready: bool) -> AnyView {
    if ready {
        let (href, text) = match page.kind {
            Kind::Full => (paths::check(&page.assessment), tr.t("tasks-check")),
            Kind::Quick => (paths::quick(&page.assessment), tr.t("tasks-quick-result")),
        };
        return view! { <a class="c-button" href=href>{text}</a> }.into_any();
    }
    let open = rows.iter().find(|row| matches!(row.state, State::Doing | State::Todo));
    let Some(row) = open else { return ().into_any() };
    let name = match page.questionnaire.pillars().position(|pillar| pillar.id == row.section.id) {
        Some(position) => tr.with("pillar-inline", [("number", &(position + 1).to_string())]),
        None => tr.with("section-inline", [("title", row.section.title.get(tr.lang))]),
    };
    let text = if row.state == State::Doing {
        tr.with("tasks-continue", [("section", &name)])
    } else {
        tr.with("tasks-start", [("section", &name)])
    };
    view! { <a class="c-button" href=paths::section(&page.assessment, &row.section.id)>{text}</a> }.into_any()
}

fn row(tr: Tr, page: &Tasks<'_>, row: &Row<'_>) -> AnyView {
    let position = page.questionnaire.pillars().position(|pillar| pillar.id == row.section.id);
    let number = position.map(|position| (position + 1).to_string()).unwrap_or_default();
    let title = row.section.title.get(tr.lang).to_owned();
    let hint = row.section.hint.get(tr.lang).to_owned();
    let name = if row.state == State::Wait {
        view! { <p class="c-tasks__off">{title}</p> }.into_any()
    } else {
        view! { <a class="c-tasks__link" href=paths::section(&page.assessment, &row.section.id)>{title}</a> }.into_any()
    };
    let asked = page.asked.iter().filter(|about| row.section.questions().any(|id| id == about.as_str())).count();
    let asked = (asked > 0).then(|| {
        let text = tr.with("tasks-asked", [("count", &asked.to_string())]);
        view! { <span class="c-status c-status--back">{text}</span>" " }
    });
    let count = (row.state != State::Wait).then(|| {
        let numbers = (row.answered.to_string(), row.asked.to_string());
        let text = tr.with("tasks-count", [("answered", &numbers.0), ("asked", &numbers.1)]);
        view! { <span class="c-tasks__count">{ticks(row.answered, row.asked)}{text}</span> }
    });
    view! {
        <li class="c-tasks__row">
            <span class="c-tasks__no" aria-hidden="true">{number}</span>
            <div>{name}<p class="c-tasks__hint">{hint}</p>{people(tr, page, &row.section.id)}</div>
            <p class="c-tasks__state">{asked}{status(tr, row.state)}" "{count}</p>
        </li>
    }
    .into_any()
}

/// Who is asked to answer a section, and who did so last.
fn people(tr: Tr, page: &Tasks<'_>, section: &str) -> AnyView {
    let team = &page.team;
    let assigned = team.assigned.iter().find(|(known, _)| known == section).map(|(_, name)| {
        if *name == team.mine { tr.t("tasks-yours").into_owned() } else { tr.with("tasks-whose", [("name", name)]) }
    });
    let done = team.done.iter().find(|done| done.section == section).map(|done| match &done.at {
        Some(at) => tr.with("tasks-last-at", [("name", &done.name), ("moment", at)]),
        None => tr.with("tasks-last", [("name", &done.name)]),
    });
    let lines: Vec<String> = assigned.into_iter().chain(done).collect();
    if lines.is_empty() {
        return ().into_any();
    }
    view! { <p class="c-tasks__hint">{lines.join(" ")}</p> }.into_any()
}

/// The owner's way to colleagues.
fn colleagues(tr: Tr, page: &Tasks<'_>) -> AnyView {
    let assign = page.team.has_colleagues.then(|| {
        view! { <a class="c-buttons__link" href=paths::people(&page.assessment)>{tr.t("assign-title")}</a> }
    });
    view! {
        <h2>{tr.t("colleagues-title")}</h2>
        <p>{tr.t("tasks-colleagues")}</p>
        <p class="c-buttons">
            <a class="c-button c-button--second" href="/colleagues">{tr.t("colleague-button")}</a>
            {assign}
        </p>
    }
    .into_any()
}

fn status(tr: Tr, state: State) -> AnyView {
    match state {
        State::Done => {
            view! { <span class="c-status c-status--done">{icon::tick("c-status__icon")}{tr.t("status-done")}</span> }
                .into_any()
        }
        State::Doing => view! { <span class="c-status c-status--doing">{tr.t("status-doing")}</span> }.into_any(),
        State::Todo => view! { <span class="c-status c-status--todo">{tr.t("status-todo")}</span> }.into_any(),
        State::Wait => view! { <span class="c-status c-status--wait">{tr.t("status-wait")}</span> }.into_any(),
        State::Optional => view! { <span class="c-status c-status--wait">{tr.t("status-optional")}</span> }.into_any(),
    }
}

fn send(tr: Tr, page: &Tasks<'_>, ready: bool) -> AnyView {
    let (href, title, hint) = match (page.kind, ready) {
        (Kind::Full, true) => (paths::check(&page.assessment), tr.t("tasks-send-row"), tr.t("tasks-send-ready")),
        (Kind::Full, false) => (String::new(), tr.t("tasks-send-row"), tr.t("tasks-send-wait")),
        (Kind::Quick, true) => (paths::quick(&page.assessment), tr.t("tasks-quick-result"), tr.t("tasks-quick-ready")),
        (Kind::Quick, false) => (String::new(), tr.t("tasks-quick-result"), tr.t("tasks-quick-wait")),
    };
    let (name, state) = if ready {
        let link = view! { <a class="c-tasks__link" href=href>{title}</a> }.into_any();
        (link, status(tr, State::Todo))
    } else {
        let wait = view! { <span class="c-status c-status--wait">{tr.t("status-not-yet")}</span> }.into_any();
        (view! { <p class="c-tasks__off">{title}</p> }.into_any(), wait)
    };
    view! {
        <li class="c-tasks__row">
            <span class="c-tasks__no" aria-hidden="true"></span>
            <div>{name}<p class="c-tasks__hint">{hint}</p></div>
            <p class="c-tasks__state">{state}</p>
        </li>
    }
    .into_any()
}

/// From the quick check to the full assessment at any time; the other way as long as no pillar is begun.
fn kind(tr: Tr, page: &Tasks<'_>, rows: &[Row<'_>]) -> AnyView {
    let has_core = page.questionnaire.items.iter().any(|item| item.core);
    let is_begun = rows.iter().any(|row| row.section.weight.is_some() && row.answered > 0);
    let (title, text, value, button) = match page.kind {
        Kind::Quick => (tr.t("kind-full-title"), tr.t("kind-full-text"), "full", tr.t("quick-extend")),
        Kind::Full if has_core && !is_begun => {
            (tr.t("kind-quick-title"), tr.t("kind-quick-text"), "quick", tr.t("begin-quick"))
        }
        Kind::Full => return ().into_any(),
    };
    view! {
        <h2>{title}</h2>
        <p>{text}</p>
        <form method="post" action=paths::kind(&page.assessment)>
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit" name="kind" value=value>{button}</button>
            </div>
        </form>
    }
    .into_any()
}
