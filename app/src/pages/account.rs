//! Signing in, and one's own account.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        notice,
    },
};

/// What the sign-in page shows.
#[derive(Clone, Debug, Default)]
pub struct SignIn {
    /// The e-mail or phone number typed.
    pub name: String,
    /// Where to go afterwards, a path of this server.
    pub to: String,
    /// Answers that were on their way when the session ended.
    pub kept: Option<Kept>,
    /// Why the page is shown again.
    pub problem: Option<SignInProblem>,
}

/// A form that goes along through the sign-in.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Its fields in form encoding.
    pub encoded: String,
}

/// Why somebody is not signed in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignInProblem {
    /// Name or password is missing.
    Empty,
    /// Name and password do not belong together; it is not said which is wrong.
    Wrong,
    /// Too many wrong passwords: wait this many seconds.
    Wait(i64),
    /// The session ended in the middle of a page.
    Expired,
    /// The session ended while a file was chosen.
    ExpiredUpload,
}

/// What the account page shows.
#[derive(Clone, Debug, Default)]
pub struct Account {
    /// The person's name.
    pub full_name: String,
    /// What is wrong with the passwords typed.
    pub mistakes: Vec<Mistake>,
    /// The password was changed just now.
    pub changed: bool,
}

/// The sign-in page.
pub fn sign_in(tr: Tr, page: SignIn) -> AnyView {
    let mistakes = match page.problem {
        Some(SignInProblem::Empty) => one("name", tr.t("sign-in-empty").into_owned()),
        Some(SignInProblem::Wrong) => one("name", tr.t("sign-in-wrong").into_owned()),
        Some(SignInProblem::Wait(seconds)) => one("name", wait(tr, seconds)),
        Some(SignInProblem::Expired | SignInProblem::ExpiredUpload) | None => Vec::new(),
    };
    let expired = match page.problem {
        Some(SignInProblem::Expired) if page.kept.is_some() => Some(tr.t("expired-kept")),
        Some(SignInProblem::Expired) => Some(tr.t("expired-text")),
        Some(SignInProblem::ExpiredUpload) => Some(tr.t("expired-upload")),
        _ => None,
    };
    let expired = expired.map(|text| notice::warn(tr.t("expired-title").into_owned(), view! { <p>{text}</p> }));
    let kept = page.kept.map(|kept| view! { <input type="hidden" name="kept" value=kept.encoded/> });
    let name = Field {
        label: tr.t("sign-in-name").into_owned(),
        hint: Some(tr.t("sign-in-name-hint").into_owned()),
        value: page.name,
        autocomplete: "username",
        ..Field::default()
    };
    view! {
        <div class="l-text">
            {errors::summary(tr, &mistakes)}
            <h1>{tr.t("sign-in-title")}</h1>
            {expired}
            <form class="l-gap" method="post" action="/sign-in" novalidate>
                <input type="hidden" name="to" value=page.to/>
                {kept}
                {field::input(tr, "name", name, &mistakes)}
                {field::input(tr, "password", password(tr.t("password").into_owned(), None, "current-password"), &[])}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("sign-in-button")}</button></div>
            </form>
            <p class="l-gap">{tr.t("sign-in-no-account")}" "<a href="/register">{tr.t("sign-in-register")}</a></p>
        </div>
    }
    .into_any()
}

/// One's own account: changing the password.
pub fn account(tr: Tr, page: Account) -> AnyView {
    let mistakes = page.mistakes;
    let current = password(tr.t("password-current").into_owned(), None, "current-password");
    let new = password(tr.t("password-new").into_owned(), Some(tr.t("password-hint").into_owned()), "new-password");
    view! {
        <div class="l-text">
            {errors::summary(tr, &mistakes)}
            {page.changed.then(|| notice::done(tr.t("password-changed").into_owned()))}
            <p class="c-head__over">{page.full_name}</p>
            <h1>{tr.t("account-title")}</h1>
            <h2 class="l-gap">{tr.t("password-title")}</h2>
            <p>{tr.t("password-lead")}</p>
            <form class="l-gap" method="post" action="/account" novalidate>
                {field::input(tr, "current", current, &mistakes)}
                {field::input(tr, "password", new, &mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("password-button")}</button></div>
            </form>
            <h2 class="l-gap-l">{tr.t("data-title")}</h2>
            <p class="l-gap-s">{tr.t("data-link-text")}</p>
            <p class="l-gap-s"><a href="/account/data">{tr.t("data-link")}</a></p>
        </div>
    }
    .into_any()
}

/// The first page of somebody whose role has no page of its own yet.
pub fn home(tr: Tr) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("home-title")}</h1>
            <p class="c-empty">{tr.t("home-text")}</p>
        </div>
    }
}

/// A password field; it is never filled with what was typed.
#[must_use]
pub fn password(label: String, hint: Option<String>, autocomplete: &'static str) -> Field {
    Field { label, hint, kind: "password", autocomplete, ..Field::default() }
}

fn one(field: &str, message: String) -> Vec<Mistake> {
    vec![Mistake { field: field.to_owned(), message }]
}

fn wait(tr: Tr, seconds: i64) -> String {
    if seconds > 90 {
        let minutes = (seconds + 59) / 60;
        return tr.with("sign-in-wait-minutes", [("minutes", &minutes.to_string())]);
    }
    tr.with("sign-in-wait-seconds", [("seconds", &seconds.max(1).to_string())])
}
