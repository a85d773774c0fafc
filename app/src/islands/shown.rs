//! The save state on the page: what it says, and what it offers to do. Written straight into the elements that the
//! server sent: reactive values for these few would weigh more than all the rest.

use leptos::prelude::document;

use super::{
    queue,
    saver::{Mode, State},
};

/// The texts that the save state needs, by their keys, in the order in which the island gets them.
pub const WORDS: [&str; 17] = [
    "saving",
    "saved",
    "save-failed",
    "save-offline",
    "save-safe",
    "save-unsafe",
    "save-expired",
    "save-sign-in",
    "save-conflict",
    "save-see",
    "save-elsewhere",
    "save-open",
    "save-invalid",
    "save-see-invalid",
    "save-file",
    "save-file-name",
    "save-undecided",
];

/// The texts of [`WORDS`].
pub struct Words(pub Vec<String>);

/// What the reader can do about it: the element, its text, and where it leads.
type Offer = (&'static str, String, String);

impl Words {
    /// The text of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> String {
        let place = WORDS.iter().position(|known| *known == key);
        place.and_then(|place| self.0.get(place)).cloned().unwrap_or_default()
    }
}

/// The class of the state.
#[must_use]
pub fn class(state: &State, mode: Mode) -> &'static str {
    match state {
        State::Idle => "c-saved c-saved--idle",
        State::Saving => "c-saved c-saved--waiting",
        State::Saved(_) if mode == Mode::Elsewhere => "c-saved c-saved--idle",
        State::Saved(_) => "c-saved",
        _ => "c-saved c-saved--failed",
    }
}

/// The state in words.
#[must_use]
pub fn text(state: &State, words: &Words) -> String {
    match state {
        State::Idle => String::new(),
        State::Saving => words.get("saving"),
        State::Saved(time) => words.get("saved").replace("{time}", time),
        State::Failed => words.get("save-failed") + " " + &words.get(kept()),
        State::Offline => words.get("save-offline") + " " + &words.get(kept()),
        State::Expired => words.get("save-expired"),
        State::Conflict(None) => words.get("save-conflict"),
        State::Invalid(None) => words.get("save-invalid"),
        State::Conflict(Some(_)) | State::Invalid(Some(_)) => words.get("save-elsewhere"),
        State::Refused(why, _) => why.clone(),
        State::Undecided => words.get("save-undecided"),
    }
}

/// Shows the state.
pub fn show(state: &State, words: &Words, mode: Mode, sign_in: &str) {
    set("saved", "class", class(state, mode));
    write("saved-text", &text(state, words));
    let offer = offer(state, words, sign_in);
    for element in ["saved-link", "saved-file", "saved-button"] {
        match &offer {
            Some((id, text, href)) if *id == element => {
                write(id, text);
                set(id, "href", href);
                remove(id, "hidden");
            }
            _ => set(element, "hidden", ""),
        }
    }
}

fn offer(state: &State, words: &Words, sign_in: &str) -> Option<Offer> {
    let button = |key| Some(("saved-button", words.get(key), String::new()));
    let link = |key, href: &str| Some(("saved-link", words.get(key), href.to_owned()));
    match state {
        // What the browser does not keep has to go along with the form.
        State::Expired if !queue::is_safe() => button("save-sign-in"),
        State::Expired => link("save-sign-in", sign_in),
        State::Conflict(None) => button("save-see"),
        State::Invalid(None) => button("save-see-invalid"),
        State::Conflict(Some(path)) | State::Invalid(Some(path)) => link("save-open", path),
        State::Refused(_, answers) => {
            let file = String::from(js_sys::encode_uri_component(answers));
            Some(("saved-file", words.get("save-file"), format!("data:text/plain;charset=utf-8,{file}")))
        }
        _ => None,
    }
}

/// Whether answers outlive the page.
fn kept() -> &'static str {
    if queue::is_safe() { "save-safe" } else { "save-unsafe" }
}

fn set(id: &str, name: &str, value: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        drop(element.set_attribute(name, value));
    }
}

fn remove(id: &str, name: &str) {
    if let Some(element) = document().get_element_by_id(id) {
        drop(element.remove_attribute(name));
    }
}

fn write(id: &str, text: &str) {
    // The same words again would be read out again.
    let element = document().get_element_by_id(id);
    if let Some(element) = element.filter(|known| known.text_content().as_deref() != Some(text)) {
        element.set_text_content(Some(text));
    }
}
