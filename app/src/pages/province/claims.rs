//! Codes by which enterprises of the register register: a letter, and a file for many letters.

use leptos::prelude::*;
use model::format;

use super::register::{self, choices};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        notice,
    },
};

/// What the page about many codes shows.
#[derive(Clone, Debug, Default)]
pub struct Claims {
    /// The place that is chosen: `u07210`, `d213` or nothing.
    pub place: String,
    /// The section that is chosen.
    pub section: String,
    /// The size that is chosen.
    pub size: String,
    /// For how many entries codes would be made now.
    pub count: usize,
    /// Whether there are more of them than one file takes.
    pub more: bool,
    /// The address of the register with the same choices.
    pub back: String,
    /// Whether the server knows the address that the letters name.
    pub has_address: bool,
    /// Why no file was made.
    pub mistakes: Vec<Mistake>,
}

/// A letter with its code.
#[derive(Clone, Debug)]
pub struct Letter {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name.
    pub name: String,
    /// The address as written.
    pub address: Option<String>,
    /// Ward and district.
    pub place: String,
    /// The code, in groups.
    pub code: String,
    /// Until when it works.
    pub until: String,
    /// Where it is typed in.
    pub link: String,
    /// Whether that is a whole address, and not words that the office has to complete.
    pub has_address: bool,
    /// Who writes.
    pub owner: String,
    /// Whether the code takes an enterprise over that somebody else registered.
    pub takes_over: bool,
}

/// The headers of the file.
#[must_use]
pub fn headers(tr: Tr) -> Vec<String> {
    let headers = [
        tr.t("column-name"),
        tr.t("column-tax-code"),
        tr.t("column-address"),
        tr.t("register-place"),
        tr.t("code-label"),
        tr.t("code-where"),
        tr.t("code-until"),
    ];
    headers.into_iter().map(Into::into).collect()
}

/// For which part of the register codes are made.
pub fn view(tr: Tr, page: &Claims) -> AnyView {
    let count = format::number(tr.lang, i64::try_from(page.count).unwrap_or(i64::MAX));
    let found = match (page.count, page.more) {
        (0, _) => tr.t("codes-none").into_owned(),
        (_, false) => tr.with("codes-count", [("count", &count)]),
        (_, true) => tr.with("codes-first", [("count", &count)]),
    };
    let chosen = [("place", &page.place), ("section", &page.section), ("size", &page.size)];
    let hidden: Vec<_> = chosen
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
        .collect();
    let make = (page.count > 0).then(|| {
        view! {
            <form method="post" action="/province/register/codes">
                {hidden}
                {no_address(tr, page.has_address)}
                <p class="l-text">{tr.t("codes-once")}</p>
                <div class="c-buttons">
                    <button class="c-button" type="submit" name="format" value="xlsx">{tr.t("codes-xlsx")}</button>
                    <button class="c-button c-button--second" type="submit" name="format" value="csv">{tr.t("codes-csv")}</button>
                </div>
            </form>
        }
    });
    view! {
        <a class="c-back" href=page.back.clone()>{tr.t("register-list-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <h1>{tr.t("codes-title")}</h1>
            <p class="c-head__lead">{tr.t("codes-lead")}</p>
        </div>
        <form class="c-filter" method="get" action="/province/register/codes">
            {choices(tr, &page.place, &page.section, &page.size)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("register-filter")}</button>
        </form>
        <p class="u-lead l-gap">{found}</p>
        {make}
    }
    .into_any()
}

/// The letter, to print.
pub fn letter(tr: Tr, page: &Letter) -> AnyView {
    let back = format!("/province/register/entries/{}", page.tax_code);
    let (title, why) = if page.takes_over {
        (tr.t("code-letter-takeover-title"), tr.t("code-letter-takeover"))
    } else {
        (tr.t("code-letter-title"), tr.t("code-letter-why"))
    };
    view! {
        <a class="c-back" href=back>{tr.t("code-back")}</a>
        <div class="l-text l-flow c-code">
            <p class="c-head__over">{page.owner.clone()}</p>
            <p>
                <strong>{page.name.clone()}</strong><br/>
                <span class="u-num">{tr.with("tax-code", [("code", &page.tax_code)])}</span><br/>
                {page.address.clone().unwrap_or_else(|| page.place.clone())}
            </p>
            <h1>{title}</h1>
            <p>{why}</p>
            <ol class="c-list">
                <li>{tr.t("code-letter-1")}" "<strong class="u-num">{page.link.clone()}</strong></li>
                <li>{tr.t("code-letter-2")}</li>
            </ol>
            <p class="c-code__sign"><span class="u-hidden">{tr.t("code-label")}": "</span>{page.code.clone()}</p>
            <p>{tr.with("code-letter-until", [("moment", &page.until)])}</p>
            <p class="c-code__once u-quiet">{tr.t("code-letter-once")}</p>
            <div class="c-code__once">{no_address(tr, page.has_address)}</div>
        </div>
    }
    .into_any()
}

/// What the office has to do where letters cannot name the address of this site.
pub(super) fn no_address(tr: Tr, has_address: bool) -> AnyView {
    if has_address {
        return ().into_any();
    }
    notice::warn(tr.t("code-no-address-title").into_owned(), view! { <p>{tr.t("code-no-address")}</p> })
}

/// What the page of an entry says about codes: whether the enterprise is here already, and the button that makes one.
pub fn of_entry(tr: Tr, entry: &register::Entry) -> AnyView {
    let path = format!("/province/register/entries/{}/code", entry.row.tax_code);
    let takes_over = entry.registered.is_some();
    let (text, button) = match (&entry.registered, &entry.code_until) {
        (Some(day), waits) => {
            let by_code = tr.with("code-registered-by", [("day", day)]);
            let text = if entry.by_code { by_code } else { tr.with("code-registered", [("day", day)]) };
            let waits = waits.as_ref().map(|until| tr.with("code-takeover-waits", [("moment", until)]));
            (format!("{text} {}", waits.unwrap_or_default()), Some(tr.t("code-takeover-make")))
        }
        (None, Some(until)) => (tr.with("code-waits", [("moment", until)]), Some(tr.t("code-again"))),
        (None, None) => (tr.t("code-none").into_owned(), Some(tr.t("code-make"))),
    };
    let button = button.filter(|_| entry.is_officer).map(|button| {
        view! {
            <form method="post" action=path>
                {takes_over.then(|| view! {
                    <input type="hidden" name="takeover" value="yes"/>
                    <p class="l-text">{tr.t("code-takeover")}</p>
                })}
                <div class="c-buttons"><button class="c-button c-button--second" type="submit">{button}</button></div>
            </form>
        }
    });
    view! {
        <section class="l-section" aria-labelledby="code">
            <h2 id="code">{tr.t("code-section")}</h2>
            <p class="l-text">{text}</p>
            {button}
        </section>
    }
    .into_any()
}
