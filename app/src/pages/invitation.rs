//! Setting the first password of an account by the link of a message.

use leptos::prelude::*;

use super::account::password;
use crate::{
    i18n::Tr,
    ui::{
        choices::{Choices, choices},
        errors::{self, Mistake},
        field::{self, Field},
    },
};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct Invitation {
    /// The path of the page, where the form goes.
    pub path: String,
    /// The person's name.
    pub full_name: String,
    /// The enterprise that a colleague is invited to.
    pub enterprise: Option<String>,
    /// What is wrong with the password typed.
    pub mistakes: Vec<Mistake>,
}

/// The page of a link that works.
pub fn view(tr: Tr, page: Invitation) -> impl IntoView {
    let new = password(tr.t("password-new").into_owned(), Some(tr.t("password-hint").into_owned()), "new-password");
    let head = match &page.enterprise {
        Some(enterprise) => view! {
            <p class="c-head__over">{enterprise.clone()}</p>
            <h1>{tr.t("colleague-join-title")}</h1>
            <p class="u-lead">{tr.with("colleague-join-lead", [("enterprise", enterprise)])}</p>
        }
        .into_any(),
        None => view! {
            <p class="c-head__over">{page.full_name.clone()}</p>
            <h1>{tr.t("invitation-title")}</h1>
        }
        .into_any(),
    };
    let own_name = page.enterprise.as_ref().map(|_| {
        let shown = Field {
            label: tr.t("field-full-name").into_owned(),
            value: page.full_name.clone(),
            autocomplete: "name",
            ..Field::default()
        };
        field::input(tr, "full_name", shown, &page.mistakes)
    });
    let consent = page.enterprise.as_ref().map(|_| {
        let group = Choices {
            name: "consent".into(),
            legend: tr.t("register-consent").into_owned(),
            many: true,
            options: vec![("yes".into(), tr.t("colleague-consent").into_owned())],
            error: errors::of(&page.mistakes, "consent").map(ToOwned::to_owned),
            ..Choices::default()
        };
        choices(tr, group)
    });
    view! {
        <div class="l-text">
            {errors::summary(tr, &page.mistakes)}
            {head}
            <form class="l-gap" method="post" action=page.path novalidate>
                {own_name}
                {field::input(tr, "password", new, &page.mistakes)}
                {consent}
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
