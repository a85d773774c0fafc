//! What is stored about the reader as a person: a copy to take along, and its erasure.

use std::borrow::Cow;

use leptos::prelude::*;

use super::account::password;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field, notice,
    },
};

/// What is stored, in short.
#[derive(Clone, Debug, Default)]
pub struct PersonalPage {
    /// Name, addresses and where the account belongs: label and value.
    pub facts: Vec<(String, String)>,
    /// What was agreed to, with its days.
    pub consents: Vec<(String, String)>,
    /// Whether the reader agrees to receive news; none where nobody asks.
    pub news: Option<bool>,
    /// Whether the reader decides which association sees the enterprise.
    pub decides: bool,
    /// A choice was stored just now.
    pub saved: bool,
    /// How many sessions have not ended.
    pub sessions: usize,
    /// How many rows of the log are about the reader.
    pub logged: usize,
    /// How many messages went to the reader.
    pub messages: usize,
    /// How many entries of reviews the reader wrote, files included.
    pub written: usize,
}

/// What the page about the erasure shows.
#[derive(Clone, Debug, Default)]
pub struct ErasurePage {
    /// What is wrong with what was typed.
    pub mistakes: Vec<Mistake>,
    /// Nobody else may sign in for the enterprise.
    pub is_last_of_enterprise: bool,
    /// The account belongs to an enterprise.
    pub of_enterprise: bool,
    /// Where the confirmation goes, if there is an e-mail address.
    pub email: Option<String>,
}

/// The page with the copy.
pub fn data(tr: Tr, page: PersonalPage) -> AnyView {
    let count = |name: Cow<'static, str>, number: usize| {
        (name.into_owned(), model::format::number(tr.lang, i64::try_from(number).unwrap_or(i64::MAX)))
    };
    let counts = [
        count(tr.t("data-sessions"), page.sessions),
        count(tr.t("data-logged"), page.logged),
        count(tr.t("data-messages"), page.messages),
        count(tr.t("data-written"), page.written),
    ];
    view! {
        <div class="l-text">
            <a class="c-back" href="/account">{tr.t("account-title")}</a>
            <div class="c-head">
                <h1>{tr.t("data-title")}</h1>
                <p class="c-head__lead">{tr.t("data-lead")}</p>
            </div>
            {facts(page.facts)}
            <h2 class="l-gap-l" id="consents">{tr.t("data-consents")}</h2>
            {page.saved.then(|| notice::done(tr.t("data-consent-saved").into_owned()))}
            {facts(page.consents)}
            {page.news.map(|agrees| news(tr, agrees))}
            {page.decides.then(|| view! {
                <p class="l-gap-s">
                    {tr.t("data-consent-association")}" "<a href="/memberships">{tr.t("memberships-title")}</a>
                </p>
            })}
            <p class="l-gap-s u-quiet">{tr.t("data-consent-service")}</p>
            <h2 class="l-gap-l">{tr.t("data-more")}</h2>
            {facts(counts.into())}
            <h2 class="l-gap-l">{tr.t("data-copy-title")}</h2>
            <p class="l-gap-s">{tr.t("data-copy-text")}</p>
            <ul class="c-files l-gap">
                <li><a href="/account/data/xlsx" download>{tr.t("data-xlsx")}</a></li>
                <li><a href="/account/data/json" download>{tr.t("data-json")}</a></li>
            </ul>
            <h2 class="l-gap-l">{tr.t("erase-title")}</h2>
            <p class="l-gap-s">{tr.t("data-erase-text")}</p>
            <p class="l-gap"><a href="/account/erase">{tr.t("data-erase-link")}</a></p>
        </div>
    }
    .into_any()
}

/// The one consent that nobody has to give: withdrawn as easily as it was given.
fn news(tr: Tr, agrees: bool) -> impl IntoView {
    let (text, value, button) = if agrees {
        (tr.t("data-purpose-contact"), "withdraw", tr.t("data-consent-withdraw"))
    } else {
        (tr.t("data-consent-none"), "give", tr.t("data-consent-give"))
    };
    view! {
        <form method="post" action="/account/data" class="l-gap">
            <p>{text}</p>
            <div class="c-buttons l-gap-s">
                <button class="c-button c-button--second" type="submit" name="news" value=value>{button}</button>
            </div>
        </form>
    }
}

fn facts(facts: Vec<(String, String)>) -> impl IntoView {
    let rows = facts.into_iter().map(|(name, value)| {
        view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> }
    });
    view! { <dl class="c-facts l-gap">{rows.collect::<Vec<_>>()}</dl> }
}

/// The page that says what an erasure takes away and what it leaves, and asks for the password.
pub fn erasure(tr: Tr, page: ErasurePage) -> AnyView {
    let mistakes = page.mistakes;
    let current = password(tr.t("password-current").into_owned(), None, "current-password");
    let last = page.is_last_of_enterprise.then(|| {
        let lines = [tr.t("erase-last-seen"), tr.t("erase-last-links"), tr.t("erase-last-household")];
        notice::warn(tr.t("erase-last-title").into_owned(), list(lines))
    });
    let mut stays = vec![tr.t("erase-stays-log"), tr.t("erase-stays-review")];
    if page.of_enterprise {
        stays.insert(0, tr.t("erase-stays-sent"));
        stays.push(tr.t("erase-stays-register"));
    }
    let goes =
        [tr.t("erase-goes-person"), tr.t("erase-goes-sessions"), tr.t("erase-goes-messages"), tr.t("erase-goes-lists")];
    let confirmation = match page.email {
        Some(email) => tr.with("erase-mail", [("email", &email)]),
        None => tr.t("erase-no-mail").into_owned(),
    };
    view! {
        <div class="l-text">
            <a class="c-back" href="/account/data">{tr.t("data-title")}</a>
            {errors::summary(tr, &mistakes)}
            <div class="c-head">
                <h1>{tr.t("erase-title")}</h1>
                <p class="c-head__lead">{tr.t("erase-lead")}</p>
            </div>
            <h2>{tr.t("erase-goes")}</h2>
            {list(goes)}
            <h2 class="l-gap-l">{tr.t("erase-stays")}</h2>
            {list(stays)}
            {last}
            <form class="l-gap-l" method="post" action="/account/erase" novalidate>
                <p>{confirmation}</p>
                {field::input(tr, "current", current, &mistakes)}
                <div class="c-buttons l-gap">
                    <button class="c-button" type="submit">{tr.t("erase-button")}</button>
                    <a class="c-button c-button--second" href="/account/data">{tr.t("erase-keep")}</a>
                </div>
            </form>
        </div>
    }
    .into_any()
}

fn list(lines: impl IntoIterator<Item = Cow<'static, str>>) -> impl IntoView {
    let lines: Vec<_> = lines.into_iter().map(|line| view! { <li>{line}</li> }).collect();
    view! { <ul class="c-list l-gap-s">{lines}</ul> }
}

/// The page after it: nobody is signed in any more.
pub fn closed(tr: Tr) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("closed-title")}</h1>
            <p class="u-lead">{tr.t("closed-lead")}</p>
            <p>{tr.t("closed-more")}</p>
            <p><a href="/">{tr.t("closed-home")}</a></p>
        </div>
    }
}
