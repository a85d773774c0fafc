//! Trying the quick check without an account.

use leptos::prelude::*;

use crate::{i18n::Tr, ui::notice};

/// What it is; `items`: how many core items there are.
pub fn view(tr: Tr, items: usize) -> AnyView {
    let lead = tr.with("try-lead", [("items", &items.to_string())]);
    view! {
        <div class="l-text">
            <div class="c-head">
                <h1>{tr.t("try-title")}</h1>
                <p class="c-head__lead">{lead}</p>
            </div>
            {notice::plain(tr.t("try-nothing-title").into_owned(), view! { <p>{tr.t("try-nothing")}</p> })}
            <form class="l-gap" method="post" action="/try">
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("try-begin")}</button></div>
            </form>
            <p class="l-gap">{tr.t("try-register")}" "<a href="/register">{tr.t("start-register")}</a></p>
        </div>
    }
    .into_any()
}
