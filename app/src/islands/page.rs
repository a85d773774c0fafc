//! The form of a page of questions, as the islands read and fill it.

use leptos::prelude::document;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{
    Element, Event, EventInit, FormData, HtmlFormElement, HtmlInputElement, HtmlSelectElement, Node, UrlSearchParams,
};

use super::queue::{Kept, changes};

/// The form of the page; none on pages without questions.
pub fn form() -> Option<HtmlFormElement> {
    document().get_element_by_id("topic")?.dyn_into().ok()
}

/// Whether something happened in the form.
pub fn holds(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Node>().ok());
    form().is_some_and(|form| form.contains(target.as_ref()))
}

/// Whether the file with unsaved answers was asked for.
pub fn is_file(event: &Event) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<Element>().ok());
    target.is_some_and(|target| target.matches(".c-saved__do[download]").unwrap_or(false))
}

/// What is in the fields now, in form encoding.
pub fn fields(form: &HtmlFormElement) -> Option<String> {
    let data = FormData::new_with_form(form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    ["_was", "_revision", "_key", "_last"].iter().for_each(|own| fields.delete(own));
    Some(String::from(fields.to_string()))
}

/// The value of a field that is not shown.
pub fn hidden(id: &str) -> String {
    input(id).map(|field| field.value()).unwrap_or_default()
}

/// Sets a field that is not shown.
pub fn set_hidden(id: &str, value: &str) {
    if let Some(field) = input(id) {
        field.set_value(value);
    }
}

/// What the page was made with, in the encoding of [`fields`].
pub fn was() -> String {
    let was = hidden("was");
    UrlSearchParams::new_with_str(&was).map_or(was, |was| String::from(was.to_string()))
}

/// Answers of the last assessment that differ from it by now are the reader's own: they lose their mark, and nobody has
/// seen an answer of this assessment before them.
pub fn own_what_changed(fields: &str) {
    let last = hidden("last");
    if last.is_empty() {
        return;
    }
    let was = was();
    let changed = changes(&was, fields);
    let own: Vec<&str> = last.split(' ').filter(|question| changed.contains(question)).collect();
    own.iter().for_each(|question| unmark(question));
    let others: Vec<&str> = last.split(' ').filter(|question| !own.contains(question)).collect();
    set_hidden("last", &others.join(" "));
    let seen = was.split('&').filter(|pair| !own.contains(&pair.split('=').next().unwrap_or_default()));
    set_hidden("was", &seen.collect::<Vec<_>>().join("&"));
}

fn unmark(question: &str) {
    let Some(mark) = document().get_element_by_id(&format!("{question}-last")) else { return };
    if let Some(group) = mark.parent_element() {
        ["class", "role", "aria-labelledby"].iter().for_each(|name| drop(group.remove_attribute(name)));
    }
    mark.remove();
}

/// Puts kept answers back into the fields that nobody has touched since, and tells the other islands. From then on
/// these answers stand against what their reader had seen, not against what the server has now.
pub fn restore(form: &HtmlFormElement, kept: &Kept) {
    let (Some(now), was) = (fields(form), was()) else { return };
    let touched = changes(&was, &now);
    let Ok(values) = UrlSearchParams::new_with_str(&kept.fields) else { return };
    let mut seen = was.clone();
    for name in kept.changes().into_iter().filter(|name| !touched.contains(name)) {
        fill(form, name, &values.get_all(name));
        let before = kept.was.split('&').filter(|pair| pair.split('=').next() == Some(name));
        let others = seen.split('&').filter(|pair| pair.split('=').next() != Some(name));
        seen = others.chain(before).filter(|pair| !pair.is_empty()).collect::<Vec<_>>().join("&");
    }
    set_hidden("was", &seen);
}

fn fill(form: &HtmlFormElement, name: &str, values: &js_sys::Array) {
    let elements = form.elements();
    for element in (0..elements.length()).filter_map(|index| elements.item(index)) {
        if element.get_attribute("name").as_deref() != Some(name) {
            continue;
        }
        let first = values.get(0).as_string().unwrap_or_default();
        let is_changed = if let Some(input) = element.dyn_ref::<HtmlInputElement>() {
            fill_input(input, values, &first)
        } else if let Some(select) = element.dyn_ref::<HtmlSelectElement>() {
            select.set_value(&first);
            true
        } else {
            false
        };
        if is_changed {
            let bubbling = EventInit::new();
            bubbling.set_bubbles(true);
            if let Ok(event) = Event::new_with_event_init_dict("change", &bubbling) {
                drop(element.dispatch_event(&event));
            }
        }
    }
}

fn fill_input(input: &HtmlInputElement, values: &js_sys::Array, first: &str) -> bool {
    if !matches!(&*input.type_(), "radio" | "checkbox") {
        input.set_value(first);
        return true;
    }
    let chosen = values.includes(&JsValue::from_str(&input.value()), 0);
    let is_changed = input.checked() != chosen;
    input.set_checked(chosen);
    // A radio that is no longer chosen sends no event; the one that takes its place does.
    is_changed && (chosen || input.type_() == "checkbox")
}

/// Answers in words, as the page says them, one a line; by their fields when they belong to another page.
pub fn in_words(kept: &Kept) -> String {
    let Ok(values) = UrlSearchParams::new_with_str(&kept.fields) else { return String::new() };
    let line = |name: &str| {
        let said: Vec<String> =
            values.get_all(name).iter().filter_map(|value| value.as_string()).map(|value| said(name, value)).collect();
        format!("{}: {}\n", question(name), said.join("; "))
    };
    kept.changes().into_iter().map(line).collect()
}

fn question(name: &str) -> String {
    text(&format!("fieldset[id='{name}'] legend, label[for='{name}']")).unwrap_or_else(|| name.to_owned())
}

fn said(name: &str, value: String) -> String {
    text(&format!("label:has(> [name='{name}'][value='{value}'])")).unwrap_or(value)
}

fn text(selector: &str) -> Option<String> {
    let text = document().query_selector(selector).ok()??.text_content()?;
    Some(text.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn input(id: &str) -> Option<HtmlInputElement> {
    document().get_element_by_id(id)?.dyn_into().ok()
}
