//! Saves a page of questions in the background and says so only when the server has it on disk.
#![allow(missing_docs, reason = "the island macro makes a public struct of the properties without a description")]

use std::cell::RefCell;

use leptos::prelude::*;

use super::{
    given::given,
    saver::{Mode, Saver, State},
    shown::{self, Words},
};

/// The element around the island.
pub const ID: &str = "autosave";

/// What the save state is given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Given {
    /// The kind of page.
    pub mode: Mode,
    /// What waits in the browser: what the names of its items begin with.
    pub queue: String,
    /// Leads through the sign-in back to this page.
    pub sign_in: String,
    /// When answers were last stored.
    pub saved_at: Option<String>,
    /// The texts of [`shown::WORDS`].
    pub words: Vec<String>,
}

impl Given {
    /// As one text: a line for each.
    #[must_use]
    pub fn encode(&self) -> String {
        let saved_at = self.saved_at.as_deref().unwrap_or_default();
        [self.mode.word(), &self.queue, &self.sign_in, saved_at, &self.words.join("\n")].join("\n")
    }

    /// Reads what [`Given::encode`] wrote.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let mut lines = text.split('\n').map(ToOwned::to_owned);
        let mut line = || lines.next().unwrap_or_default();
        let (mode, queue, sign_in, saved_at) = (Mode::of(&line()), line(), line(), line());
        Self { mode, queue, sign_in, saved_at: Some(saved_at).filter(|time| !time.is_empty()), words: lines.collect() }
    }
}

/// The save state.
#[island]
pub fn Autosave() -> impl IntoView {
    let Given { mode, queue, sign_in, saved_at, words } = Given::decode(&given(ID));
    let words = Words(words);
    let state = match saved_at.clone() {
        _ if mode == Mode::Undecided => State::Undecided,
        Some(time) => State::Saved(time),
        None => State::Idle,
    };
    let (class, text, file) = (shown::class(&state, mode), shown::text(&state, &words), words.get("save-file-name"));
    let start = RefCell::new(Some((words, queue, sign_in, saved_at)));
    Effect::new(move |_| {
        if let Some((words, queue, sign_in, saved_at)) = start.take() {
            Saver::start(words, queue, mode, sign_in, saved_at);
        }
    });
    view! {
        <span class=class role="status" id="saved">
            <svg class="c-saved__icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d="M2.5 8.5 6.5 12.5 13.5 4" fill="none" stroke="currentColor" stroke-width="2.5"></path>
            </svg>
            <svg class="c-saved__icon c-saved__icon--failed" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
                <path d="M8 2v8M8 12.5v2" fill="none" stroke="currentColor" stroke-width="2.5"></path>
            </svg>
            <span id="saved-text">{text}</span>
        </span>
        <a class="c-saved__do" id="saved-link" hidden></a>
        <a class="c-saved__do" id="saved-file" hidden download=file></a>
        <button
            class="c-saved__do c-textbutton"
            id="saved-button"
            type="submit"
            form="topic"
            name="_stay"
            value="1"
            hidden
        ></button>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_given_arrives() {
        let words = vec!["Đang lưu…".into(), "Đã lưu lúc {time}".into()];
        let given = Given {
            mode: Mode::Fresh,
            queue: "unsent/a/b/".into(),
            sign_in: "/sign-in".into(),
            words,
            ..Given::default()
        };
        assert_eq!(Given::decode(&given.encode()), given);
        let saved = Given { saved_at: Some("14:05".into()), mode: Mode::Undecided, ..given };
        assert_eq!(Given::decode(&saved.encode()), saved);
    }
}
