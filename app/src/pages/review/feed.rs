//! What happened, in one line of time.

use leptos::prelude::*;
use model::{answer::Answer, questionnaire::Questionnaire};

use super::{Entry, Side, What};
use crate::{
    i18n::Tr,
    pages::words::{said, short_name},
};

/// Entries as a list, in the order given.
pub fn entries(tr: Tr, questionnaire: &Questionnaire, entries: &[Entry], reader: Side) -> AnyView {
    let rows: Vec<_> = entries.iter().map(|entry| post(tr, questionnaire, entry, reader)).collect();
    view! { <ol class="c-thread">{rows}</ol> }.into_any()
}

fn post(tr: Tr, questionnaire: &Questionnaire, entry: &Entry, reader: Side) -> impl IntoView + use<> {
    let is_own = (entry.side == Side::Enterprise) == (reader == Side::Enterprise);
    let class = if is_own { "c-thread__post c-thread__post--mine" } else { "c-thread__post" };
    let side = match entry.side {
        Side::Association => tr.t("side-association"),
        Side::Province => tr.t("side-province"),
        Side::Enterprise => tr.t("side-enterprise"),
    };
    view! {
        <li class=class>
            <p>
                <span class="c-thread__who">{entry.who.clone()}</span>" ("{side}") "
                <span class="c-thread__when">{entry.when.clone()}</span>
            </p>
            {body(tr, questionnaire, &entry.what)}
        </li>
    }
}

fn body(tr: Tr, questionnaire: &Questionnaire, what: &What) -> AnyView {
    let name = |about: &str| short_name(tr, questionnaire, about);
    let line = |text: String| view! { <p>{text}</p> }.into_any();
    let with = |head: String, text: &str| {
        let text = text.to_owned();
        view! { <p class="c-thread__what">{head}</p>{paragraphs(&text)} }.into_any()
    };
    match what {
        What::Submitted { number, changes } => {
            let head = tr.with("feed-submitted", [("number", &number.to_string())]);
            let rows: Vec<_> =
                changes.iter().map(|change| view! { <li>{changed(tr, questionnaire, change)}</li> }).collect();
            let list = (!rows.is_empty()).then(|| view! { <ul class="c-list">{rows}</ul> });
            let none = (*number > 1 && changes.is_empty()).then(|| view! { <p>{tr.t("feed-no-changes")}</p> });
            view! { <p class="c-thread__what">{head}</p>{list}{none} }.into_any()
        }
        What::Taken => line(tr.t("feed-taken").into_owned()),
        What::Asked(about, text) => with(tr.with("feed-asked", [("question", &name(about))]), text),
        What::Said(about, text) => with(tr.with("feed-said", [("question", &name(about))]), text),
        What::Closed(about) => line(tr.with("feed-closed", [("question", &name(about))])),
        What::Rated(about, Some(level), reason) => {
            with(tr.with("feed-rated", [("question", &name(about)), ("level", &level.to_string())]), reason)
        }
        What::Rated(about, None, reason) => with(tr.with("feed-unrated", [("question", &name(about))]), reason),
        What::Noted(text) => with(tr.t("feed-noted").into_owned(), text),
        What::Evidence(about, file) => line(tr.with("feed-evidence", [("question", &name(about)), ("file", file)])),
        What::Removed(about, file) => line(tr.with("feed-removed", [("question", &name(about)), ("file", file)])),
        What::Returned(reason) => with(tr.t("feed-returned").into_owned(), reason),
        What::Accepted => line(tr.t("feed-accepted").into_owned()),
    }
}

/// What somebody wrote, line by line; never read as anything but text.
pub(super) fn paragraphs(text: &str) -> AnyView {
    let lines: Vec<_> =
        text.lines().filter(|line| !line.is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect();
    lines.into_any()
}

fn changed(
    tr: Tr,
    questionnaire: &Questionnaire,
    (about, before, after): &(String, Option<Answer>, Option<Answer>),
) -> String {
    let words = |answer: &Option<Answer>| said(tr, questionnaire, about, answer.as_ref());
    let (before, after) = (words(before), words(after));
    tr.with(
        "feed-change",
        [("question", &short_name(tr, questionnaire, about)), ("before", &before), ("after", &after)],
    )
}
