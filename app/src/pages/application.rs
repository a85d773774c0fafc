//! An association asks for an account: the public form, and the province's decision.

use leptos::prelude::*;

use super::review::area;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        notice,
    },
};

/// What was typed into the public form.
#[derive(Clone, Debug, Default)]
pub struct Apply {
    /// The association's name.
    pub name: String,
    /// The person who will sign in.
    pub full_name: String,
    /// That person's address.
    pub email: String,
    /// A number to ask back.
    pub phone: String,
    /// Who the association is.
    pub note: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// An application in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Key, for the address.
    pub id: String,
    /// The association's name.
    pub name: String,
    /// The person who asked.
    pub full_name: String,
    /// When it came.
    pub when: String,
    /// Where it stands.
    pub standing: Standing,
}

/// Where an application stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Nobody has decided.
    Waiting,
    /// The association has an account.
    Accepted,
    /// The province declined.
    Declined,
}

/// What the page of one application shows.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The application.
    pub line: Line,
    /// The address of the person who asked.
    pub email: String,
    /// The number to ask back.
    pub phone: Option<String>,
    /// Who the association is.
    pub note: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// Key of the association that was made of it.
    pub association: Option<String>,
    /// The name under which it is to be accepted.
    pub name: String,
    /// The reason that was typed.
    pub typed: String,
    /// What is wrong with what was typed.
    pub mistakes: Vec<Mistake>,
}

/// The public form.
pub fn apply(tr: Tr, page: Apply) -> AnyView {
    let field = |label: String, value: String| Field { label, value, ..Field::default() };
    let name = Field { autocomplete: "organization", ..field(tr.t("assoc-name").into_owned(), page.name) };
    let full_name = Field { autocomplete: "name", ..field(tr.t("field-full-name").into_owned(), page.full_name) };
    let email = Field {
        kind: "email",
        inputmode: "email",
        autocomplete: "email",
        hint: Some(tr.t("apply-email-hint").into_owned()),
        ..field(tr.t("field-email").into_owned(), page.email)
    };
    let phone = Field {
        kind: "tel",
        inputmode: "tel",
        autocomplete: "tel",
        narrow: true,
        ..field(tr.t("apply-phone").into_owned(), page.phone)
    };
    view! {
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><h1>{tr.t("apply-title")}</h1><p class="c-head__lead">{tr.t("apply-lead")}</p></div>
        <form class="l-text l-flow" method="post" action="/associations/apply" novalidate>
            {field::input(tr, "name", name, &page.mistakes)}
            {field::input(tr, "full_name", full_name, &page.mistakes)}
            {field::input(tr, "email", email, &page.mistakes)}
            {field::input(tr, "phone", phone, &page.mistakes)}
            {area(tr, "text", tr.t("apply-note").into_owned(), page.note, &page.mistakes)}
            <p class="u-quiet">{tr.t("apply-privacy")}" "<a href="/privacy">{tr.t("nav-privacy")}</a></p>
            <div class="c-buttons"><button class="c-button" type="submit">{tr.t("apply-button")}</button></div>
        </form>
    }
    .into_any()
}

/// After the form was sent.
pub fn received(tr: Tr) -> AnyView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("apply-done-title")}</h1>
            <p class="u-lead">{tr.t("apply-done-text")}</p>
            <p><a href="/">{tr.t("apply-done-home")}</a></p>
        </div>
    }
    .into_any()
}

/// All applications, those that wait first.
pub fn list(tr: Tr, lines: &[Line]) -> AnyView {
    let rows: Vec<_> = lines
        .iter()
        .map(|line| {
            view! {
                <tr>
                    <th scope="row"><a href=format!("/province/applications/{}", line.id)>{line.name.clone()}</a></th>
                    <td data-label=tr.t("application-person")>{line.full_name.clone()}</td>
                    <td class="u-num" data-label=tr.t("application-when")>{line.when.clone()}</td>
                    <td data-label=tr.t("application-standing")>{status(tr, line.standing)}</td>
                </tr>
            }
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("applications-none")}</p> }.into_any()
    } else {
        view! {
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("assoc-name")}</th>
                    <th scope="col">{tr.t("application-person")}</th>
                    <th scope="col">{tr.t("application-when")}</th>
                    <th scope="col">{tr.t("application-standing")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <a class="c-back" href="/province/associations">{tr.t("assoc-title")}</a>
        <div class="c-head"><h1>{tr.t("applications-title")}</h1><p class="c-head__lead">{tr.t("applications-lead")}</p></div>
        {table}
    }
    .into_any()
}

/// One application with what can be decided.
pub fn one(tr: Tr, page: Decision) -> AnyView {
    let row = |name: String, value: AnyView| view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let phone = page.phone.clone().map(|phone| row(tr.t("apply-phone").into_owned(), phone.into_any()));
    let reason = page.reason.clone().map(|reason| row(tr.t("application-reason").into_owned(), said(&reason)));
    let note = (!page.note.is_empty()).then(|| row(tr.t("apply-note").into_owned(), said(&page.note)));
    view! {
        <a class="c-back" href="/province/applications">{tr.t("applications-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><h1>{page.line.name.clone()}</h1><p>{status(tr, page.line.standing)}</p></div>
        <dl class="c-facts l-text">
            {row(tr.t("application-person").into_owned(), page.line.full_name.clone().into_any())}
            {row(tr.t("field-email").into_owned(), page.email.clone().into_any())}
            {phone}
            {row(tr.t("application-when").into_owned(), page.line.when.clone().into_any())}
            {note}
            {reason}
        </dl>
        {decide(tr, &page)}
    }
    .into_any()
}

/// What somebody wrote, with its line breaks; never read as anything but text.
fn said(text: &str) -> AnyView {
    view! { <span class="c-review__said">{text.to_owned()}</span> }.into_any()
}

fn decide(tr: Tr, page: &Decision) -> AnyView {
    if let Some(association) = &page.association {
        let href = format!("/province/associations/{association}");
        return notice::plain(
            tr.t("application-accepted-title").into_owned(),
            view! { <p><a href=href>{tr.t("application-association")}</a></p> },
        );
    }
    if page.line.standing != Standing::Waiting {
        return ().into_any();
    }
    let action = format!("/province/applications/{}", page.line.id);
    let hint = Some(tr.t("application-name-hint").into_owned());
    let name = Field { label: tr.t("assoc-name").into_owned(), value: page.name.clone(), hint, ..Field::default() };
    view! {
        <section class="l-section l-text">
            <h2>{tr.t("application-accept")}</h2>
            <p>{tr.t("application-accept-text")}</p>
            <form method="post" action=action.clone() novalidate>
                {field::input(tr, "name", name, &page.mistakes)}
                <div class="c-buttons">
                    <button class="c-button" type="submit" name="do" value="accept">{tr.t("application-accept-button")}</button>
                </div>
            </form>
        </section>
        <section class="l-section l-text">
            <h2>{tr.t("application-decline")}</h2>
            <form class="l-flow" method="post" action=action novalidate>
                {area(tr, "text", tr.t("application-decline-reason").into_owned(), page.typed.clone(), &page.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--second" type="submit" name="do" value="decline">
                        {tr.t("application-decline-button")}
                    </button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

fn status(tr: Tr, standing: Standing) -> AnyView {
    let (class, text) = match standing {
        Standing::Waiting => ("c-status c-status--todo", tr.t("application-waiting")),
        Standing::Accepted => ("c-status c-status--done", tr.t("application-accepted")),
        Standing::Declined => ("c-status c-status--wait", tr.t("application-declined")),
    };
    view! { <span class=class>{text}</span> }.into_any()
}
