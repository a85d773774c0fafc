//! The state of an assessment as a word with a shape; done is plain ink.

use leptos::prelude::*;
use model::assessment::State;

use super::icon;
use crate::i18n::Tr;

/// The word of a state; none: nothing was answered yet.
#[must_use]
pub fn word(tr: Tr, state: Option<State>) -> String {
    match state {
        None => tr.t("state-none"),
        Some(State::Draft) => tr.t("state-draft"),
        Some(State::Submitted) => tr.t("state-submitted"),
        Some(State::InReview) => tr.t("state-in-review"),
        Some(State::Returned) => tr.t("state-returned"),
        Some(State::Accepted) => tr.t("state-accepted"),
    }
    .into_owned()
}

/// The word in its shape.
pub fn status(tr: Tr, state: Option<State>) -> AnyView {
    let class = match state {
        None | Some(State::Draft) => "c-status c-status--wait",
        Some(State::Submitted) => "c-status c-status--todo",
        Some(State::InReview) => "c-status c-status--doing",
        Some(State::Returned) => "c-status c-status--back",
        Some(State::Accepted) => "c-status c-status--done",
    };
    let tick = (state == Some(State::Accepted)).then(|| icon::tick("c-status__icon"));
    view! { <span class=class>{tick}{word(tr, state)}</span> }.into_any()
}
