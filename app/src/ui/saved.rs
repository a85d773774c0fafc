//! What the browser does about answers that are not saved yet.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    islands::{
        autosave::{self, Autosave, Given},
        given::give,
        queue::prefix,
        saver::Mode,
        shown::WORDS,
    },
    paths,
};

/// The save state of a page of questions.
pub fn state(tr: Tr, account: &str, assessment: &str, path: &str, mode: Mode, saved_at: Option<String>) -> AnyView {
    let words = WORDS.iter().map(|key| tr.with(key, [("time", "{time}")])).collect();
    let (queue, sign_in) = (prefix(account, assessment), paths::sign_in(path));
    let given = Given { mode, queue, sign_in, saved_at, words };
    give(autosave::ID, given.encode(), Autosave)
}

/// On pages of an assessment without questions: sends what pages with questions left behind, and says so if it cannot.
pub fn left_behind(tr: Tr, account: &str, assessment: &str, path: &str) -> AnyView {
    view! { <div class="c-unsent">{state(tr, account, assessment, path, Mode::Elsewhere, None)}</div> }.into_any()
}
