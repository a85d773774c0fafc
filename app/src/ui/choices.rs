//! Radios and checkboxes in a group.

use leptos::prelude::*;

use super::field::{described_by, message};
use crate::i18n::Tr;

/// A group of radios or checkboxes.
#[derive(Clone, Debug, Default)]
pub struct Choices {
    /// Field name and id of the group.
    pub name: String,
    /// The item's number, such as 1.4; facts have none.
    pub number: Option<String>,
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

/// The group with whatever comes after it inside the same fieldset.
pub fn choices(tr: Tr, group: Choices, after: AnyView) -> AnyView {
    let class = class_of(&group);
    let described = described_by(&group.name, group.hint.is_some(), group.error.is_some());
    let hint_class = if group.number.is_some() { "c-ladder__note" } else { "c-choices__hint" };
    let legend = legend(&group);
    let kind = if group.many { "checkbox" } else { "radio" };
    let choice = |index: usize, value: String, text: String| {
        let checked = group.chosen.contains(&value);
        let id = (index == 0).then(|| format!("{}-0", group.name));
        view! {
            <label class="c-choice">
                <input class="c-choice__input" type=kind name=group.name.clone() value=value checked=checked id=id/>
                <span class="c-choice__text">{text}</span>
            </label>
        }
    };
    let options: Vec<_> =
        group.options.iter().cloned().enumerate().map(|(index, (value, text))| choice(index, value, text)).collect();
    let none = group.none.clone().map(|text| {
        view! { <p class="c-choices__or">{tr.t("or")}</p> {choice(usize::MAX, "none".into(), text)} }
    });
    let name = group.name.clone();
    view! {
        <fieldset class=class id=group.name.clone() aria-describedby=described>
            {legend}
            {group.hint.clone().map(|hint| view! { <p class=hint_class id=format!("{name}-hint")>{hint}</p> })}
            {group.error.clone().map(|error| message(tr, &group.name, error))}
            <div class="c-choices__list">{options}{none}</div>
            {after}
        </fieldset>
    }
    .into_any()
}

fn class_of(group: &Choices) -> &'static str {
    match (group.number.is_some(), group.inline, group.error.is_some()) {
        (true, _, false) => "c-ladder c-choices",
        (true, _, true) => "c-ladder c-choices c-ladder--error",
        (false, false, false) => "c-choices",
        (false, true, false) => "c-choices c-choices--inline",
        (false, false, true) => "c-choices c-choices--error",
        (false, true, true) => "c-choices c-choices--inline c-choices--error",
    }
}

fn legend(group: &Choices) -> AnyView {
    match &group.number {
        Some(number) => view! {
            <legend class="c-ladder__legend">
                <span class="c-ladder__no">{number.clone()}</span>
                <h2 class="c-ladder__q">{group.legend.clone()}</h2>
            </legend>
        }
        .into_any(),
        None => view! { <legend class="c-choices__legend"><h2>{group.legend.clone()}</h2></legend> }.into_any(),
    }
}
