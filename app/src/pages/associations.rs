//! The province's associations: the list, and one with its settings and people.

use leptos::prelude::*;
use model::format;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        notice,
    },
};

/// An association in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Key, for the address.
    pub id: String,
    /// Its name.
    pub name: String,
    /// People who may sign in.
    pub accounts: i64,
    /// Enterprises that agreed.
    pub agreed: i64,
    /// Enterprises that have not decided.
    pub invited: i64,
}

/// What the list shows.
#[derive(Clone, Debug, Default)]
pub struct Associations {
    /// All associations by name.
    pub rows: Vec<Row>,
    /// The name typed for a new one.
    pub name: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
    /// Applications that wait.
    pub waiting: i64,
}

/// What the page of one association shows.
#[derive(Clone, Debug, Default)]
pub struct AssociationPage {
    /// Key, for the addresses.
    pub id: String,
    /// Its name as typed or stored.
    pub name: String,
    /// Whoever takes a submission up may not accept it.
    pub four_eyes: bool,
    /// The people who work for it: name and e-mail address.
    pub people: Vec<(String, String)>,
    /// What was typed for a new person.
    pub person: NewPerson,
    /// The settings were changed just now.
    pub changed: bool,
    /// A person was added just now: the address and the first password, shown this once.
    pub added: Option<(String, String)>,
    /// What is wrong with what was typed.
    pub mistakes: Vec<Mistake>,
}

/// A person to be added.
#[derive(Clone, Debug, Default)]
pub struct NewPerson {
    /// Family name first.
    pub full_name: String,
    /// What the person will sign in with.
    pub email: String,
}

/// The list with the form for a new association.
pub fn list(tr: Tr, page: Associations) -> AnyView {
    let name = Field { label: tr.t("assoc-name").into_owned(), value: page.name, ..Field::default() };
    let rows: Vec<_> = page.rows.iter().map(|row| line(tr, row)).collect();
    let table = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("assoc-none")}</p> }.into_any()
    } else {
        view! {
            <table class="c-table c-rows">
                <thead>
                    <tr>
                        <th scope="col">{tr.t("assoc-name")}</th>
                        <th scope="col" class="is-num">{tr.t("assoc-agreed")}</th>
                        <th scope="col" class="is-num">{tr.t("assoc-invited")}</th>
                        <th scope="col" class="is-num">{tr.t("assoc-people")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <h1>{tr.t("assoc-title")}</h1>
            <p class="c-head__lead">{tr.t("assoc-lead")}</p>
        </div>
        <p><a class="c-textbutton" href="/province/applications">
            {tr.with("assoc-applications", [("count", &format::number(tr.lang, page.waiting))])}
        </a></p>
        {table}
        <section class="l-section l-text">
            <h2>{tr.t("assoc-add")}</h2>
            <form method="post" action="/province/associations" novalidate>
                {field::input(tr, "name", name, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("assoc-add-button")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

fn line(tr: Tr, row: &Row) -> impl IntoView + use<> {
    let number = |count: i64| format::number(tr.lang, count);
    view! {
        <tr>
            <th scope="row"><a href=format!("/province/associations/{}", row.id)>{row.name.clone()}</a></th>
            <td class="is-num" data-label=tr.t("assoc-agreed")>{number(row.agreed)}</td>
            <td class="is-num" data-label=tr.t("assoc-invited")>{number(row.invited)}</td>
            <td class="is-num" data-label=tr.t("assoc-people")>{number(row.accounts)}</td>
        </tr>
    }
}

/// One association.
pub fn one(tr: Tr, page: AssociationPage) -> AnyView {
    let action = format!("/province/associations/{}", page.id);
    let name = Field { label: tr.t("assoc-name").into_owned(), value: page.name.clone(), ..Field::default() };
    view! {
        <a class="c-back" href="/province/associations">{tr.t("assoc-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        {page.changed.then(|| notice::done(tr.t("assoc-changed").into_owned()))}
        {added(tr, page.added.as_ref())}
        <h1>{page.name}</h1>
        {people(tr, &action, &page.people, page.person, &page.mistakes)}
        <section class="l-section l-text">
            <h2>{tr.t("assoc-settings")}</h2>
            <form method="post" action=action.clone() novalidate>
                {field::input(tr, "name", name, &page.mistakes)}
                <div class="c-choices__list">
                    <label class="c-choice">
                        <input class="c-choice__input" type="checkbox" name="four_eyes" value="yes" checked=page.four_eyes/>
                        <span class="c-choice__text">{tr.t("assoc-four-eyes")}</span>
                    </label>
                </div>
                <div class="c-buttons"><button class="c-button c-button--second" type="submit">{tr.t("assoc-save")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// The first password is shown on this page only: it is stored nowhere.
fn added(tr: Tr, added: Option<&(String, String)>) -> Option<AnyView> {
    let (email, password) = added?;
    let text = tr.with("assoc-added", [("email", email)]);
    let password = password.clone();
    Some(notice::plain(
        text,
        view! {
            <p>{tr.t("assoc-password")}" "<strong class="u-num u-nowrap">{password}</strong></p>
            <p>{tr.t("assoc-password-once")}</p>
        },
    ))
}

fn people(tr: Tr, action: &str, people: &[(String, String)], person: NewPerson, mistakes: &[Mistake]) -> AnyView {
    let rows: Vec<_> = people
        .iter()
        .map(|(name, email)| {
            view! { <div class="c-facts__row"><dt>{name.clone()}</dt><dd>{email.clone()}</dd></div> }
        })
        .collect();
    let list = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("assoc-nobody")}</p> }.into_any()
    } else {
        view! { <dl class="c-facts">{rows}</dl> }.into_any()
    };
    let full_name = Field { label: tr.t("field-full-name").into_owned(), value: person.full_name, ..Field::default() };
    let email = Field {
        label: tr.t("field-email").into_owned(),
        value: person.email,
        kind: "email",
        inputmode: "email",
        ..Field::default()
    };
    view! {
        <section class="l-gap l-text">
            <h2>{tr.t("assoc-people-title")}</h2>
            {list}
            <form class="l-gap" method="post" action=format!("{action}/accounts") novalidate>
                {field::input(tr, "full_name", full_name, mistakes)}
                {field::input(tr, "email", email, mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("assoc-add-person")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
