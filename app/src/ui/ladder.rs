//! The ladder: six statements on one upright ruler; the highest true one is chosen.

use leptos::prelude::*;

use super::field::message;
use crate::i18n::Tr;

/// One ladder item as shown.
#[derive(Clone, Debug)]
pub struct Ladder {
    /// Field name and id.
    pub name: String,
    /// The item's number, such as 3.1.
    pub number: String,
    /// The question.
    pub question: String,
    /// A remark below the question.
    pub note: Option<String>,
    /// Statements 0 to 5.
    pub levels: Vec<String>,
    /// The value that is chosen.
    pub chosen: Option<String>,
    /// What is wrong.
    pub error: Option<String>,
}

/// The item with its aids (evidence, examples) below the rungs.
pub fn ladder(tr: Tr, item: Ladder, aid: AnyView) -> AnyView {
    let class = if item.error.is_some() { "c-ladder c-ladder--error" } else { "c-ladder" };
    let described = match item.error {
        Some(_) => format!("{0}-error {0}-aid", item.name),
        None => format!("{}-aid", item.name),
    };
    let name = item.name.clone();
    let rungs: Vec<_> = item
        .levels
        .into_iter()
        .enumerate()
        .map(|(level, text)| rung(&item.name, level, text, item.chosen.as_deref()))
        .collect();
    view! {
        <fieldset class=class id=name.clone() aria-describedby=described>
            <legend class="c-ladder__legend">
                <span class="c-ladder__no">{item.number}</span>
                <h2 class="c-ladder__q">{item.question}</h2>
            </legend>
            {item.note.map(|note| view! { <p class="c-ladder__note">{note}</p> })}
            {item.error.map(|error| message(tr, &name, error))}
            <div class="c-ladder__rungs">{rungs}</div>
            {aid}
        </fieldset>
    }
    .into_any()
}

fn rung(name: &str, level: usize, text: String, chosen: Option<&str>) -> impl IntoView + use<> {
    let value = level.to_string();
    let checked = chosen == Some(value.as_str());
    view! {
        <label class="c-rung">
            <input class="c-rung__input" type="radio" name=name.to_owned() value=value checked=checked/>
            <span class="c-rung__no">{level}</span>
            <span class="c-rung__text">{text}</span>
        </label>
    }
}
