//! The level chip: digit and fill.

use leptos::prelude::*;

use crate::i18n::Tr;

/// The fill class of a level.
#[must_use]
pub fn fill(level: u8) -> &'static str {
    ["is-l0", "is-l1", "is-l2", "is-l3", "is-l4", "is-l5"][usize::from(level.min(5))]
}

/// A chip with the level's digit.
pub fn chip(tr: Tr, level: u8) -> impl IntoView {
    view! { <span class=format!("c-level {}", fill(level))><span class="u-hidden">{tr.t("level-word")}" "</span>{level}</span> }
}
