//! Text fields and selects with label, hint and error.

use leptos::prelude::*;

use super::errors::{self, Mistake};
use crate::i18n::Tr;

/// A one-line field.
#[derive(Clone, Debug, Default)]
pub struct Field {
    /// The label.
    pub label: String,
    /// What to type and why.
    pub hint: Option<String>,
    /// What was typed.
    pub value: String,
    /// `text` if empty.
    pub kind: &'static str,
    /// For the browser's own filling-in.
    pub autocomplete: &'static str,
    /// Which keyboard a phone shows.
    pub inputmode: &'static str,
    /// Narrow, for codes and numbers.
    pub narrow: bool,
    /// The unit after the field.
    pub unit: Option<String>,
}

/// One choice of a select, perhaps under a heading.
#[derive(Clone, Debug)]
pub struct Group {
    /// The heading; choices without one stand alone.
    pub label: Option<String>,
    /// Value and text.
    pub choices: Vec<(String, String)>,
}

/// A one-line field with its error, if any.
pub fn input(tr: Tr, name: &str, field: Field, mistakes: &[Mistake]) -> AnyView {
    let error = errors::of(mistakes, name).map(ToOwned::to_owned);
    let class = if field.narrow { "c-input c-input--narrow" } else { "c-input" };
    let control = view! {
        <input
            class=class
            id=name.to_owned()
            name=name.to_owned()
            type=if field.kind.is_empty() { "text" } else { field.kind }
            value=field.value
            autocomplete=(!field.autocomplete.is_empty()).then_some(field.autocomplete)
            inputmode=(!field.inputmode.is_empty()).then_some(field.inputmode)
            aria-describedby=described_by(name, field.hint.is_some(), error.is_some())
            aria-invalid=error.is_some().then_some("true")
        />
    };
    let control = match field.unit {
        Some(unit) => {
            view! { <div class="c-field__row">{control}<span class="c-field__unit">{unit}</span></div> }.into_any()
        }
        None => control.into_any(),
    };
    around(tr, name, field.label, field.hint, error, control)
}

/// A select with its error, if any. `empty` is the text of the choice that chooses nothing.
pub fn select(
    tr: Tr,
    name: &str,
    label: String,
    hint: Option<String>,
    (empty, groups): (String, Vec<Group>),
    chosen: &str,
    mistakes: &[Mistake],
) -> AnyView {
    let error = errors::of(mistakes, name).map(ToOwned::to_owned);
    let groups: Vec<_> = groups.into_iter().map(|group| options(group, chosen)).collect();
    let control = view! {
        <select
            class="c-select c-select--wide"
            id=name.to_owned()
            name=name.to_owned()
            aria-describedby=described_by(name, hint.is_some(), error.is_some())
            aria-invalid=error.is_some().then_some("true")
        >
            <option value="">{empty}</option>
            {groups}
        </select>
    };
    around(tr, name, label, hint, error, control.into_any())
}

/// The choices of a select, under their heading if they have one.
pub fn options(group: Group, chosen: &str) -> AnyView {
    let options: Vec<_> = group
        .choices
        .into_iter()
        .map(|(value, text)| {
            let selected = value == chosen;
            view! { <option value=value selected=selected>{text}</option> }
        })
        .collect();
    match group.label {
        Some(label) => view! { <optgroup label=label>{options}</optgroup> }.into_any(),
        None => options.into_any(),
    }
}

fn around(tr: Tr, name: &str, label: String, hint: Option<String>, error: Option<String>, control: AnyView) -> AnyView {
    let class = if error.is_some() { "c-field c-field--error" } else { "c-field" };
    view! {
        <div class=class>
            <label class="c-field__label" for=name.to_owned()>{label}</label>
            {hint.map(|hint| view! { <p class="c-field__hint" id=format!("{name}-hint")>{hint}</p> })}
            {error.map(|error| message(tr, name, error))}
            {control}
        </div>
    }
    .into_any()
}

/// The error beside a field.
pub fn message(tr: Tr, name: &str, error: String) -> impl IntoView + use<> {
    view! {
        <p class="c-field__error" id=format!("{name}-error")>
            <span class="u-hidden">{tr.t("error-word")}" "</span>{error}
        </p>
    }
}

/// The ids of hint and error, for `aria-describedby`.
#[must_use]
pub fn described_by(name: &str, hint: bool, error: bool) -> Option<String> {
    match (hint, error) {
        (true, true) => Some(format!("{name}-hint {name}-error")),
        (true, false) => Some(format!("{name}-hint")),
        (false, true) => Some(format!("{name}-error")),
        (false, false) => None,
    }
}
