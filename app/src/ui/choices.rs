//! Radios and checkboxes in a group.

use leptos::prelude::*;

use super::field::{described_by, message};
use crate::i18n::Tr;

/// A group of radios or checkboxes.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Field name and id of the group.
    pub name: String,
    /// The question.
    pub legend: String,
    /// How to answer, or what counts.
    pub hint: Option<String>,
    /// Checkboxes instead of radios.
    pub many: bool,
    /// Side by side, for yes and no.
    pub inline: bool,
    /// Value and text.
    pub options: Vec<(String, String)>,
    /// The text of the choice that excludes all others; its value is `none`.
    pub none: Option<String>,
    /// Values that are chosen.
    pub chosen: Vec<String>,
    /// What is wrong.
    pub error: Option<String>,
}

/// The group.
pub fn choices(tr: Tr, group: Choices) -> AnyView {
    let class = class_of(&group);
    let described = described_by(&group.name, group.hint.is_some(), group.error.is_some());
    let kind = if group.many { "checkbox" } else { "radio" };
    let name = group.name;
    let is_chosen = |value: &str| group.chosen.iter().any(|chosen| chosen == value);
    let options: Vec<_> =
        group.options.into_iter().map(|(value, text)| choice(kind, &name, &value, text, is_chosen(&value))).collect();
    let none = group.none.map(|text| none(tr, kind, &name, text, is_chosen("none")));
    view! {
        <fieldset class=class id=name.clone() aria-describedby=described>
            <legend class="c-choices__legend"><h2>{group.legend}</h2></legend>
            {group.hint.map(|hint| view! { <p class="c-choices__hint" id=format!("{name}-hint")>{hint}</p> })}
            {group.error.map(|error| message(tr, &name, error))}
            <div class="c-choices__list">{options}{none}</div>
        </fieldset>
    }
    .into_any()
}

/// One choice; `kind` is `radio` or `checkbox`.
pub fn choice(kind: &'static str, name: &str, value: &str, text: String, checked: bool) -> impl IntoView + use<> {
    view! {
        <label class="c-choice">
            <input class="c-choice__input" type=kind name=name.to_owned() value=value.to_owned() checked=checked/>
            <span class="c-choice__text">{text}</span>
        </label>
    }
}

/// The choice that excludes all others, with the value `none`.
pub fn none(tr: Tr, kind: &'static str, name: &str, text: String, checked: bool) -> impl IntoView + use<> {
    view! { <p class="c-choices__or">{tr.t("or")}</p> {choice(kind, name, "none", text, checked)} }
}

fn class_of(group: &Choices) -> &'static str {
    match (group.inline, group.error.is_some()) {
        (false, false) => "c-choices",
        (true, false) => "c-choices c-choices--inline",
        (false, true) => "c-choices c-choices--error",
        (true, true) => "c-choices c-choices--inline c-choices--error",
    }
}
