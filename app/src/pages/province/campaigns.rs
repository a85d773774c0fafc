//! Campaigns: the list, the form of a draft, one campaign with its next steps and its history.

use leptos::prelude::*;
use model::{campaign::Phase, format};

use super::overview::CampaignProgress;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, Group},
        log, notice,
    },
};

/// One campaign in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Key of the campaign.
    pub id: String,
    /// Its title.
    pub title: String,
    /// What it is now.
    pub phase: Phase,
    /// The first day.
    pub opens_on: String,
    /// The last day.
    pub last_day: String,
    /// Which questionnaire, and which version of it.
    pub questionnaire: String,
}

/// What is typed about a campaign.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Title in Vietnamese.
    pub title_vi: String,
    /// Title in English.
    pub title_en: String,
    /// The chosen version, as in `questionnaires`.
    pub questionnaire: String,
    /// The first day.
    pub opens_on: String,
    /// The last day.
    pub last_day: String,
    /// The revision that was shown.
    pub revision: i64,
    /// The versions to choose from: value and text.
    pub questionnaires: Vec<(String, String)>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// One campaign.
#[derive(Clone, Debug)]
pub struct Campaign {
    /// As in the list.
    pub line: Line,
    /// How far the enterprises are.
    pub progress: CampaignProgress,
    /// The snapshot of the register that is its frame.
    pub snapshot: Option<String>,
    /// The snapshots to choose from: key and text.
    pub snapshots: Vec<(String, String)>,
    /// Whether the reader may take steps.
    pub may_act: bool,
    /// The form, while it is a draft.
    pub draft: Option<Draft>,
    /// The new last day that was typed.
    pub new_last_day: String,
    /// What is wrong with it, or why a step was not taken.
    pub mistakes: Vec<Mistake>,
    /// What happened so far, oldest first.
    pub history: Vec<Step>,
}

/// Something that happened to a campaign.
#[derive(Clone, Debug)]
pub struct Step {
    /// When.
    pub at: String,
    /// What, as in the audit log.
    pub action: String,
    /// Who; none for the program itself.
    pub who: Option<String>,
    /// The last day from then on.
    pub last_day: Option<String>,
}

/// The list.
pub fn list(tr: Tr, lines: Vec<Line>, may_act: bool) -> AnyView {
    let columns =
        [tr.t("campaign-title"), tr.t("campaign-phase"), tr.t("campaign-days"), tr.t("province-questionnaire")]
            .map(|column| column.into_owned());
    let rows = lines
        .into_iter()
        .map(|line| {
            let href = format!("/province/campaigns/{}", line.id);
            vec![
                view! { <a class="c-board__name" href=href>{line.title}</a> }.into_any(),
                status(tr, line.phase),
                view! { <span class="u-num">{line.opens_on}" – "{line.last_day}</span> }.into_any(),
                line.questionnaire.into_any(),
            ]
        })
        .collect();
    let new = may_act.then(|| {
        view! {
            <div class="c-buttons l-gap"><a class="c-button" href="/province/campaigns/new">{tr.t("campaign-new")}</a></div>
        }
    });
    view! {
        <div class="c-head"><h1>{tr.t("campaigns-title")}</h1><p class="c-head__lead">{tr.t("campaigns-lead")}</p></div>
        {new}
        {log::table(tr.t("campaigns-title").into_owned(), &columns, rows)}
    }
    .into_any()
}

/// The form of a new campaign.
pub fn new(tr: Tr, draft: Draft) -> AnyView {
    view! {
        <div class="l-text">
            <p><a class="c-back" href="/province/campaigns">{tr.t("campaigns-title")}</a></p>
            {errors::summary(tr, &draft.mistakes)}
            <h1>{tr.t("campaign-new")}</h1>
            <p>{tr.t("campaign-new-lead")}</p>
            {form(tr, "/province/campaigns".to_owned(), draft, tr.t("campaign-save-draft").into_owned())}
        </div>
    }
    .into_any()
}

/// One campaign.
pub fn campaign(tr: Tr, page: Campaign) -> AnyView {
    let draft_mistakes = page.draft.as_ref().map(|draft| draft.mistakes.clone()).unwrap_or_default();
    let mistakes = [page.mistakes.clone(), draft_mistakes].concat();
    let line = page.line.clone();
    let steps = page.may_act.then(|| steps(tr, &page));
    let snapshot = page.may_act.then(|| snapshot(tr, &page));
    let edit = page.draft.clone().filter(|_| page.may_act).map(|draft| {
        view! {
            <section class="l-section l-text" aria-labelledby="edit">
                <h2 id="edit">{tr.t("campaign-edit")}</h2>
                {form(tr, format!("/province/campaigns/{}", line.id), draft, tr.t("campaign-save").into_owned())}
            </section>
        }
    });
    view! {
        <p><a class="c-back" href="/province/campaigns">{tr.t("campaigns-title")}</a></p>
        {errors::summary(tr, &mistakes)}
        <div class="c-head"><p class="c-head__over">{tr.t("campaign-one")}</p><h1>{line.title.clone()}</h1></div>
        {facts(tr, &page)}
        {steps}
        {snapshot}
        {groups(tr, &line.id)}
        {edit}
        {history(tr, page.history)}
    }
    .into_any()
}

fn facts(tr: Tr, page: &Campaign) -> impl IntoView + use<> {
    let line = page.line.clone();
    let fact = |name: String, value: String| {
        view! { <div class="c-facts__row"><dt>{name}</dt><dd class="u-num">{value}</dd></div> }
    };
    let progress = (line.phase != Phase::Draft).then(|| {
        let number = |count| format::number(tr.lang, count);
        view! {
            {fact(tr.t("province-submitted").into_owned(), number(page.progress.submitted))}
            {fact(tr.t("province-drafts").into_owned(), number(page.progress.drafts))}
        }
    });
    view! {
        <dl class="c-facts l-text">
            <div class="c-facts__row"><dt>{tr.t("campaign-phase")}</dt><dd>{status(tr, line.phase)}</dd></div>
            {fact(tr.t("campaign-opens-on").into_owned(), line.opens_on)}
            {fact(tr.t("campaign-last-day").into_owned(), line.last_day)}
            {fact(tr.t("province-questionnaire").into_owned(), line.questionnaire)}
            {fact(
                tr.t("campaign-snapshot").into_owned(),
                page.snapshot.clone().unwrap_or_else(|| tr.t("campaign-no-snapshot").into_owned()),
            )}
            {progress}
        </dl>
    }
}

fn steps(tr: Tr, page: &Campaign) -> AnyView {
    let action = |step: &str| format!("/province/campaigns/{}/{step}", page.line.id);
    let parts: Vec<AnyView> = match page.line.phase {
        Phase::Draft => {
            vec![button(tr.t("campaign-open-text").into_owned(), action("open"), tr.t("campaign-open").into_owned())]
        }
        Phase::Scheduled => vec![until(tr, page, action("extend"), tr.t("campaign-extend").into_owned())],
        Phase::Open => vec![
            until(tr, page, action("extend"), tr.t("campaign-extend").into_owned()),
            button(tr.t("campaign-close-text").into_owned(), action("close"), tr.t("campaign-close").into_owned()),
        ],
        Phase::Closed => vec![
            until(tr, page, action("reopen"), tr.t("campaign-reopen").into_owned()),
            button(
                tr.t("campaign-archive-text").into_owned(),
                action("archive"),
                tr.t("campaign-archive").into_owned(),
            ),
        ],
        Phase::Archived => {
            return notice::plain(
                tr.t("phase-archived").into_owned(),
                view! { <p>{tr.t("campaign-archived-text")}</p> },
            );
        }
    };
    view! {
        <section class="l-section l-text" aria-labelledby="steps">
            <h2 id="steps">{tr.t("campaign-steps")}</h2>
            {parts}
        </section>
    }
    .into_any()
}

/// Choosing the frame; it may still be chosen while the campaign runs.
fn snapshot(tr: Tr, page: &Campaign) -> AnyView {
    if page.snapshots.is_empty() || matches!(page.line.phase, Phase::Closed | Phase::Archived) {
        return ().into_any();
    }
    let choose = (tr.t("choose").into_owned(), vec![Group { label: None, choices: page.snapshots.clone() }]);
    let hint = Some(tr.t("campaign-snapshot-hint").into_owned());
    let label = tr.t("campaign-snapshot").into_owned();
    view! {
        <form class="l-gap l-text" method="post" action=format!("/province/campaigns/{}/snapshot", page.line.id) novalidate>
            {field::select(tr, "snapshot", label, hint, choose, "", &page.mistakes)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("campaign-attach")}</button>
        </form>
    }
    .into_any()
}

/// The way to the invitation groups.
fn groups(tr: Tr, campaign: &str) -> AnyView {
    view! {
        <section class="l-section l-text" aria-labelledby="groups">
            <h2 id="groups">{tr.t("groups-title")}</h2>
            <p>{tr.t("groups-lead")}</p>
            <p><a href=format!("/province/campaigns/{campaign}/groups")>{tr.t("groups-open")}</a></p>
        </section>
    }
    .into_any()
}

fn button(text: String, action: String, label: String) -> AnyView {
    view! { <div class="l-gap"><p>{text}</p>{log::button(action, label)}</div> }.into_any()
}

/// A step that needs a new last day.
fn until(tr: Tr, page: &Campaign, action: String, label: String) -> AnyView {
    let field = Field {
        label: tr.t("campaign-new-last-day").into_owned(),
        hint: Some(tr.t("campaign-day-hint").into_owned()),
        value: page.new_last_day.clone(),
        kind: "date",
        narrow: true,
        ..Field::default()
    };
    view! {
        <form class="l-gap" method="post" action=action novalidate>
            {field::input(tr, "new_last_day", field, &page.mistakes)}
            <button class="c-button c-button--second c-button--small" type="submit">{label}</button>
        </form>
    }
    .into_any()
}

fn form(tr: Tr, action: String, draft: Draft, label: String) -> AnyView {
    let wrong = &draft.mistakes;
    let text = |label: String, value: &str| Field { label, value: value.to_owned(), ..Field::default() };
    let day = |label: String, hint: String, value: &str| Field {
        label,
        hint: Some(hint),
        value: value.to_owned(),
        kind: "date",
        narrow: true,
        ..Field::default()
    };
    let opens = day(tr.t("campaign-opens-on").into_owned(), tr.t("campaign-opens-hint").into_owned(), &draft.opens_on);
    let closes = day(tr.t("campaign-last-day").into_owned(), tr.t("campaign-day-hint").into_owned(), &draft.last_day);
    let versions = vec![Group { label: None, choices: draft.questionnaires.clone() }];
    let choose = (tr.t("choose").into_owned(), versions);
    view! {
        <form class="l-gap" method="post" action=action novalidate>
            <input type="hidden" name="_revision" value=draft.revision.to_string()/>
            {field::input(tr, "title_vi", text(tr.t("campaign-title-vi").into_owned(), &draft.title_vi), wrong)}
            {field::input(tr, "title_en", text(tr.t("campaign-title-en").into_owned(), &draft.title_en), wrong)}
            {field::select(tr, "questionnaire", tr.t("province-questionnaire").into_owned(), None, choose, &draft.questionnaire, wrong)}
            {field::input(tr, "opens_on", opens, wrong)}
            {field::input(tr, "last_day", closes, wrong)}
            <div class="c-buttons"><button class="c-button" type="submit">{label}</button></div>
        </form>
    }
    .into_any()
}

fn history(tr: Tr, steps: Vec<Step>) -> impl IntoView {
    let rows = steps
        .into_iter()
        .map(|step| {
            let who = step.who.unwrap_or_else(|| tr.t("campaign-by-program").into_owned());
            vec![
                view! { <span class="u-num u-nowrap">{step.at}</span> }.into_any(),
                step_word(tr, &step.action, step.last_day.as_deref().unwrap_or_default()).into_any(),
                who.into_any(),
            ]
        })
        .collect();
    let columns = [tr.t("column-when"), tr.t("column-what"), tr.t("column-who")].map(|column| column.into_owned());
    view! {
        <section class="l-section" aria-labelledby="history">
            <h2 id="history">{tr.t("campaign-history")}</h2>
            {log::table(tr.t("campaign-history").into_owned(), &columns, rows)}
        </section>
    }
}

fn step_word(tr: Tr, action: &str, day: &str) -> String {
    match action {
        "campaign_planned" => tr.t("campaign-step-planned").into_owned(),
        "campaign_changed" => tr.t("campaign-step-changed").into_owned(),
        "campaign_opened" => tr.t("campaign-step-opened").into_owned(),
        "campaign_extended" => tr.with("campaign-step-extended", [("day", day)]),
        "campaign_closed" => tr.t("campaign-step-closed").into_owned(),
        "campaign_reopened" => tr.with("campaign-step-reopened", [("day", day)]),
        "snapshot_attached" => tr.t("action-snapshot-attached").into_owned(),
        "campaign_archived" => tr.t("campaign-step-archived").into_owned(),
        other => other.to_owned(),
    }
}

fn status(tr: Tr, phase: Phase) -> AnyView {
    let (class, word) = match phase {
        Phase::Draft => ("c-status c-status--wait", tr.t("phase-draft")),
        Phase::Scheduled => ("c-status c-status--todo", tr.t("phase-scheduled")),
        Phase::Open => ("c-status c-status--doing", tr.t("phase-open")),
        Phase::Closed => ("c-status c-status--done", tr.t("phase-closed")),
        Phase::Archived => ("c-status c-status--wait", tr.t("phase-archived")),
    };
    view! { <span class=class>{word}</span> }.into_any()
}
