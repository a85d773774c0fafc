//! Setting the first password of an account by the link of a message.

use leptos::prelude::*;

use super::account::password;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field,
    },
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The path of the page, where the form goes.
    pub path: String,
    /// The person's name.
    pub full_name: String,
    /// What is wrong with the password typed.
    pub mistakes: Vec<Mistake>,
}

/// The page of a link that works.
pub fn view(tr: Tr, page: Invitation) -> impl IntoView {
    let new = password(tr.t("password-new").into_owned(), Some(tr.t("password-hint").into_owned()), "new-password");
    view! {
        <div class="l-text">
            {errors::summary(tr, &page.mistakes)}
            <p class="c-head__over">{page.full_name}</p>
            <h1>{tr.t("invitation-title")}</h1>
            <form class="l-gap" method="post" action=page.path novalidate>
                {field::input(tr, "password", new, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("invitation-button")}</button></div>
            </form>
        </div>
    }
}

/// The page of a link that was used, replaced, or is too old.
pub fn gone(tr: Tr) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("invitation-gone-title")}</h1>
            <p class="u-lead">{tr.t("invitation-gone")}</p>
            <p><a href="/sign-in">{tr.t("sign-in-title")}</a></p>
        </div>
    }
}
