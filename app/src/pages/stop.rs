//! Stopping the letters of an association or of the province by the link in one of them, without a sign-in.

use leptos::prelude::*;

use crate::{i18n::Tr, ui::notice};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Stop {
    /// The path of the page, where the form goes.
    pub path: String,
    /// The association that writes, or the office of the province.
    pub sender: String,
    /// Whether it writes no more.
    pub is_stopped: bool,
}

/// The page.
pub fn view(tr: Tr, page: Stop) -> AnyView {
    let sender = [("sender", page.sender.as_str())];
    if page.is_stopped {
        return view! {
            {notice::done(tr.with("stop-done", sender))}
            <div class="l-text l-flow l-gap"><h1>{tr.t("stop-title")}</h1><p>{tr.t("stop-done-text")}</p></div>
        }
        .into_any();
    }
    view! {
        <div class="l-text l-flow">
            <p class="c-head__over">{page.sender.clone()}</p>
            <h1>{tr.t("stop-title")}</h1>
            <p class="u-lead">{tr.with("stop-text", sender)}</p>
            <p>{tr.t("stop-keeps")}</p>
            <form method="post" action=page.path>
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("stop-button")}</button></div>
            </form>
        </div>
    }
    .into_any()
}
