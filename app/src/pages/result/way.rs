//! The fewest steps to the next level.

use leptos::prelude::*;
use model::{
    format,
    plan::{Path, Step, plan, shortest_path},
    questionnaire::ItemAnswer,
};

use super::{super::words::pillar, ResultPage, begin_with};
use crate::i18n::Tr;

/// A longer way is not shown step by step: it would be a list of everything.
const MOST_STEPS: usize = 7;

/// The section; nothing at the highest level.
pub(super) fn view(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let Some(path) = shortest_path(page.questionnaire, page.answers) else { return ().into_any() };
    let numbers = (path.steps.len().to_string(), path.level.to_string());
    let title = tr.with("way-title", [("steps", &numbers.0), ("level", &numbers.1)]);
    if path.steps.len() > MOST_STEPS {
        let text = tr.with("way-long", [("steps", &numbers.0), ("level", &numbers.1)]);
        return view! {
            <section class="l-section" aria-labelledby="way"><h2 id="way">{title}</h2><p class="l-text">{text}</p></section>
        }
        .into_any();
    }
    let plan = plan(page.questionnaire, page.answers);
    let first = begin_with(&plan);
    let is_first = |step: &Step| first.is_some_and(|action| action.item == step.item);
    // Marked once, where the item comes up first: it may rise more than once.
    let marked = path.steps.iter().position(is_first);
    let after = first.filter(|action| action.first && marked.is_none()).map(|_| tr.t("way-after-first"));
    let last = path.steps.len() - 1;
    let steps = path.steps.iter().enumerate();
    let steps: Vec<_> = steps
        .map(|(index, taken)| {
            let flag = (marked == Some(index)).then(|| {
                let class = if first.is_some_and(|action| action.first) { "c-flag" } else { "c-flag c-flag--plain" };
                view! { <p class=class>{tr.t("step-first")}</p> }
            });
            let end = (index == last).then(|| end(tr, &path));
            view! { <li>{flag}{step(tr, page, taken)}{end}</li> }
        })
        .collect();
    view! {
        <section class="l-section" aria-labelledby="way">
            <h2 id="way">{title}</h2>
            <p class="l-text">{tr.t("way-text")}" "{after}</p>
            <ol class="c-steps">{steps}</ol>
        </section>
    }
    .into_any()
}

/// What it is about, where it stands, what it looks like when done, and what that brings.
fn step(tr: Tr, page: &ResultPage<'_>, step: &Step) -> AnyView {
    let Some(item) = page.questionnaire.item(&step.item) else { return ().into_any() };
    let number = page.questionnaire.number(&step.item);
    let about = tr.with("step-what", [("title", item.title.get(tr.lang)), ("number", &number)]);
    let words = match &item.answer {
        ItemAnswer::Ladder { levels } => {
            let statement = |level: u8| levels.get(usize::from(level)).map_or("", |text| text.get(tr.lang));
            let (now, then) = (statement(step.from), statement(step.to));
            tr.with("reason-ladder", [("now", now), ("next", then)])
        }
        ItemAnswer::Checklist { .. } => tr.with("step-checklist", [("action", item.action_low.get(tr.lang))]),
    };
    let points = |ratio| format::score(tr.lang, ratio);
    let (before, after) = (points(step.before), points(step.after));
    let pillar = pillar(tr, page.questionnaire, &step.pillar);
    let gain = match step.pillar_level_reached {
        Some(level) => tr.with(
            "step-gain-level",
            [("pillar", &pillar), ("before", &before), ("after", &after), ("level", &level.to_string())],
        ),
        None => tr.with("step-gain", [("pillar", &pillar), ("before", &before), ("after", &after)]),
    };
    view! {
        <p class="c-steps__what">{about}</p>
        <p class="c-steps__gain">{words}</p>
        <p class="c-steps__gain">{gain}</p>
    }
    .into_any()
}

fn end(tr: Tr, path: &Path) -> AnyView {
    let overall = format::score(tr.lang, path.overall_after);
    let text = tr.with("step-last", [("overall", &overall), ("level", &path.level.to_string())]);
    view! { <p class="c-steps__end">{text}</p> }.into_any()
}
