//! The code of the province's letter, by which an enterprise registers.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
    },
};

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Claim {
    /// Tax code.
    pub tax_code: String,
    /// The code.
    pub code: String,
    /// Whom to ask for a code, if the province says so.
    pub help: Option<String>,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// The page.
pub fn view(tr: Tr, page: &Claim) -> AnyView {
    let tax_code = Field {
        label: tr.t("field-tax-code").into_owned(),
        value: page.tax_code.clone(),
        inputmode: "numeric",
        narrow: true,
        ..Field::default()
    };
    let code = Field {
        label: tr.t("code-label").into_owned(),
        hint: Some(tr.t("claim-code-hint").into_owned()),
        value: page.code.clone(),
        autocomplete: "off",
        narrow: true,
        ..Field::default()
    };
    view! {
        <div class="l-text">
            {errors::summary(tr, &page.mistakes)}
            <div class="c-head">
                <h1>{tr.t("claim-title")}</h1>
                <p class="c-head__lead">{tr.t("claim-lead")}</p>
            </div>
            <form method="post" action="/claim" novalidate>
                {field::input(tr, "tax_code", tax_code, &page.mistakes)}
                {field::input(tr, "code", code, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("claim-button")}</button></div>
            </form>
            <h2 class="l-gap-l">{tr.t("claim-taken-title")}</h2>
            <p class="l-gap-s">{tr.t("claim-taken-text")}</p>
            {page.help.as_ref().map(|help| view! { <p class="l-gap-s">{tr.with("claim-taken-help", [("help", help)])}</p> })}
            <p class="l-gap-l">{tr.t("claim-without")}" "<a href="/register">{tr.t("register-title")}</a></p>
        </div>
    }
    .into_any()
}
