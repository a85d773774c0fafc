//! What the administrator decides for the whole province.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    ui::{
        choices::{Choices, choices},
        errors::{self, Mistake},
        field::{self, Field},
        notice,
    },
};

/// Everything the page shows, as typed or stored.
#[derive(Clone, Debug, Default)]
pub struct SettingsPage {
    /// Who runs this.
    pub owner: String,
    /// The address that people write to.
    pub email: String,
    /// The number that people call.
    pub phone: String,
    /// Help in Vietnamese …
    pub help_vi: String,
    /// … and in English.
    pub help_en: String,
    /// Code of the language of pages for whoever has not chosen one.
    pub lang: String,
    /// Days between two reminders.
    pub reminder_days: String,
    /// A second person accepts what somebody of the province took up.
    pub four_eyes: bool,
    /// Something was changed just now.
    pub changed: bool,
    /// What is wrong with what was typed.
    pub mistakes: Vec<Mistake>,
}

/// The page.
pub fn view(tr: Tr, page: SettingsPage) -> AnyView {
    let SettingsPage { owner, email, phone, help_vi, help_en, lang, reminder_days, four_eyes, changed, mistakes } =
        page;
    let text =
        |label: String, hint: String, value: String| Field { label, hint: Some(hint), value, ..Field::default() };
    let owner = text(tr.t("settings-owner").into_owned(), tr.t("settings-owner-hint").into_owned(), owner);
    let email = text(tr.t("settings-email").into_owned(), tr.t("settings-email-hint").into_owned(), email);
    let email = Field { kind: "email", inputmode: "email", ..email };
    let phone = text(tr.t("settings-phone").into_owned(), tr.t("settings-phone-hint").into_owned(), phone);
    let phone = Field { kind: "tel", inputmode: "tel", narrow: true, ..phone };
    let help_vi = text(tr.t("settings-help-vi").into_owned(), tr.t("settings-help-hint").into_owned(), help_vi);
    let help_en = Field { label: tr.t("settings-help-en").into_owned(), value: help_en, ..Field::default() };
    let days =
        text(tr.t("settings-reminders").into_owned(), tr.t("settings-reminders-hint").into_owned(), reminder_days);
    let days = Field { inputmode: "numeric", narrow: true, unit: Some(tr.t("settings-days").into_owned()), ..days };
    let lang = Choices {
        name: "lang".into(),
        legend: tr.t("settings-lang").into_owned(),
        hint: Some(tr.t("settings-lang-hint").into_owned()),
        options: vec![("vi".into(), "Tiếng Việt".into()), ("en".into(), "English".into())],
        chosen: vec![lang],
        error: errors::of(&mistakes, "lang").map(ToOwned::to_owned),
        ..Choices::default()
    };
    view! {
        {errors::summary(tr, &mistakes)}
        {changed.then(|| notice::done(tr.t("settings-changed").into_owned()))}
        <div class="c-head"><h1>{tr.t("settings-title")}</h1><p class="c-head__lead">{tr.t("settings-lead")}</p></div>
        <form class="l-text" method="post" action="/province/settings" novalidate>
            <h2>{tr.t("settings-contact")}</h2>
            {field::input(tr, "owner", owner, &mistakes)}
            {field::input(tr, "email", email, &mistakes)}
            {field::input(tr, "phone", phone, &mistakes)}
            {field::input(tr, "help_vi", help_vi, &mistakes)}
            {field::input(tr, "help_en", help_en, &mistakes)}
            <h2 class="l-gap">{tr.t("settings-rules")}</h2>
            {choices(tr, lang)}
            {field::input(tr, "reminder_days", days, &mistakes)}
            <div class="c-choices__list l-gap">
                <label class="c-choice">
                    <input class="c-choice__input" type="checkbox" name="four_eyes" value="yes" checked=four_eyes/>
                    <span class="c-choice__text">{tr.t("settings-four-eyes")}</span>
                </label>
            </div>
            <div class="c-buttons l-gap"><button class="c-button" type="submit">{tr.t("settings-save")}</button></div>
        </form>
    }
    .into_any()
}
