//! Taking over an enterprise that somebody else registered: what will happen, and who does it.

use leptos::prelude::*;

use super::register::{Register, Way, consents, contact, given};
use crate::{
    i18n::Tr,
    ui::{errors, field::message},
};

/// The page, for whoever has the right code. `is_confirmed`: whether the reader ticked to act for the enterprise.
pub fn view(tr: Tr, page: &Register, is_confirmed: bool) -> AnyView {
    let Way::Code(code) = &page.way else { return ().into_any() };
    let what = [tr.t("takeover-ends"), tr.t("takeover-told"), tr.t("takeover-stays"), tr.t("takeover-links")];
    let what: Vec<_> = what.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! {
        <div class="l-text">
            {errors::summary(tr, &page.mistakes)}
            <div class="c-head">
                <p class="c-head__over">{page.name.clone()}</p>
                <h1>{tr.t("takeover-title")}</h1>
                <p class="c-head__lead">{tr.t("takeover-lead")}</p>
            </div>
            <form method="post" action="/claim/takeover" novalidate>
                {given(tr.t("field-tax-code").into_owned(), page.tax_code.clone(), Some(code.clone()))}
                <h2 class="l-gap">{tr.t("takeover-what")}</h2>
                <ul class="c-list l-gap-s">{what}</ul>
                <h2 class="l-gap-l">{tr.t("takeover-you")}</h2>
                {contact(tr, page)}
                <h2 class="l-gap-l">{tr.t("register-consent")}</h2>
                {consents(tr, page)}
                {confirm(tr, page, is_confirmed)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("takeover-button")}</button></div>
            </form>
            <p class="l-gap">{tr.t("takeover-not")}" "<a href="/">{tr.t("takeover-leave")}</a></p>
        </div>
    }
    .into_any()
}

fn confirm(tr: Tr, page: &Register, is_confirmed: bool) -> impl IntoView + use<> {
    let error = errors::of(&page.mistakes, "confirm").map(|error| message(tr, "confirm", error.to_owned()));
    let class = if error.is_some() { "c-choices c-choices--error l-gap" } else { "c-choices l-gap" };
    let described = error.is_some().then_some("confirm-error");
    view! {
        <fieldset class=class aria-describedby=described>
            <legend class="c-choices__legend"><span class="u-hidden">{tr.t("takeover-title")}</span></legend>
            {error}
            <div class="c-choices__list">
                <label class="c-choice">
                    <input class="c-choice__input" type="checkbox" id="confirm" name="confirm" value="yes" checked=is_confirmed/>
                    <span class="c-choice__text">{tr.t("takeover-confirm")}</span>
                </label>
            </div>
        </fieldset>
    }
}
