//! The one thing to do first, and why.

use leptos::prelude::*;
use model::plan::{Action, Horizon, plan};

use super::{ResultPage, begin_with, plan::effort, reason};
use crate::{i18n::Tr, ui::notice};

/// What to do first with its reason, effort and date; red where it closes a security gap. Nothing where nothing is left.
pub(in crate::pages) fn first(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let plan = plan(page.questionnaire, page.answers);
    let Some(action) = begin_with(&plan) else { return ().into_any() };
    let title = tr.with("first-title", [("action", action.text.get(tr.lang))]);
    let others = plan.actions.iter().filter(|other| other.first && other.item != action.item);
    let others: Vec<_> =
        others.map(|other| view! { <li><a href=anchor(other)>{other.text.get(tr.lang).to_owned()}</a></li> }).collect();
    let others = (!others.is_empty()).then(|| {
        view! { <p>{tr.t("first-others")}</p><ul class="c-list">{others}</ul> }
    });
    let decide = page.decisions.as_ref().map(|_| {
        view! { <a class="c-first__more" href=format!("/actions#action-{}", action.item)>{tr.t("first-decide")}</a> }
    });
    let body = view! {
        <dl class="c-first">
            <dt>{tr.t("first-why")}</dt>
            <dd>{why(tr, action)}" "{reason(tr, page.questionnaire, action)}</dd>
            <dt>{tr.t("action-effort")}</dt>
            <dd>{time(tr, page, action)}</dd>
        </dl>
        <p class="c-first__links"><a class="c-first__more" href=anchor(action)>{tr.t("first-more")}</a>{decide}</p>
        {others}
    };
    if action.first { notice::alert(title, body) } else { notice::plain(title, body) }
}

fn anchor(action: &Action) -> String {
    format!("#action-{}", action.item)
}

fn why(tr: Tr, action: &Action) -> String {
    if action.first {
        return tr.t("first-why-gap").into_owned();
    }
    match action.impact {
        1 => tr.t("first-why-1"),
        2 => tr.t("first-why-2"),
        _ => tr.t("first-why-3"),
    }
    .into_owned()
}

/// How long it takes, and by when it is done if it is begun now.
fn time(tr: Tr, page: &ResultPage<'_>, action: &Action) -> String {
    let effort = effort(tr, action);
    let day = match action.horizon {
        Horizon::Months3 => &page.horizons[0],
        Horizon::Months12 => &page.horizons[1],
        Horizon::Later => return tr.with("first-effort", [("effort", &effort)]),
    };
    tr.with("first-time", [("effort", &effort), ("day", day)])
}
