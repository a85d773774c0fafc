//! The accounts of the province and of associations.

use leptos::prelude::*;
use model::role::Role;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, Group},
        log, notice,
    },
};

/// The roles that the administrator gives. Enterprises register themselves, associations are made with their account.
pub const ROLES: [Role; 3] = [Role::Officer, Role::Analyst, Role::Administrator];

/// What the list shows.
#[derive(Clone, Debug, Default)]
pub struct Accounts {
    /// The accounts, newest first.
    pub accounts: Vec<Line>,
    /// Whether this is not the first page.
    pub later_page: bool,
    /// The key after which the next page begins.
    pub next: Option<String>,
    /// What was typed for a new account.
    pub new: New,
}

/// One account.
#[derive(Clone, Debug)]
pub struct Line {
    /// Key of the account.
    pub id: String,
    /// The person's name.
    pub full_name: String,
    /// The e-mail address.
    pub email: String,
    /// What the person may do.
    pub role: String,
    /// When it was made.
    pub created_at: String,
    /// What it can be used for now.
    pub standing: Standing,
}

/// What an account can be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its person signs in.
    Active,
    /// Its person has not yet set a password.
    Invited,
    /// It may not be used.
    Disabled,
}

/// What is typed for a new account.
#[derive(Clone, Debug, Default)]
pub struct New {
    /// The person's name.
    pub full_name: String,
    /// The e-mail address.
    pub email: String,
    /// The role.
    pub role: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// One account with what can be done about it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// As in the list.
    pub line: Line,
    /// Whether it is the reader's own, which others look after.
    pub own: bool,
    /// The message with the link, when one has just been queued.
    pub message: Option<String>,
}

/// The list with the form of a new account.
pub fn accounts(tr: Tr, page: Accounts) -> AnyView {
    let columns = [tr.t("account-person"), tr.t("account-role"), tr.t("account-standing"), tr.t("account-since")]
        .map(|column| column.into_owned());
    let rows = page
        .accounts
        .into_iter()
        .map(|line| {
            let href = format!("/province/accounts/{}", line.id);
            vec![
                view! {
                    <a class="c-board__name" href=href>
                        <span class="c-board__title">{line.full_name}</span><span class="c-board__sub">{line.email}</span>
                    </a>
                }
                .into_any(),
                role_word(tr, &line.role).into_any(),
                standing(tr, line.standing),
                view! { <span class="u-num u-nowrap">{line.created_at}</span> }.into_any(),
            ]
        })
        .collect();
    let first = page.later_page.then(|| "/province/accounts".to_owned());
    let next = page.next.map(|next| format!("/province/accounts?before={next}"));
    view! {
        {errors::summary(tr, &page.new.mistakes)}
        <div class="c-head"><h1>{tr.t("accounts-title")}</h1><p class="c-head__lead">{tr.t("accounts-lead")}</p></div>
        {log::table(tr.t("accounts-title").into_owned(), &columns, rows)}
        {log::paging(tr, first, next)}
        {new(tr, page.new)}
    }
    .into_any()
}

fn new(tr: Tr, new: New) -> impl IntoView {
    let wrong = &new.mistakes;
    let name = Field { label: tr.t("field-full-name").into_owned(), value: new.full_name.clone(), ..Field::default() };
    let email = Field {
        label: tr.t("field-email").into_owned(),
        hint: Some(tr.t("account-email-hint").into_owned()),
        value: new.email.clone(),
        kind: "email",
        ..Field::default()
    };
    view! {
        <section class="l-section l-text" aria-labelledby="new">
            <h2 id="new">{tr.t("account-new")}</h2>
            <form class="l-gap" method="post" action="/province/accounts" novalidate>
                {field::input(tr, "full_name", name, wrong)}
                {field::input(tr, "email", email, wrong)}
                {roles(tr, &new.role, wrong)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("account-invite")}</button></div>
            </form>
        </section>
    }
}

fn roles(tr: Tr, chosen: &str, mistakes: &[Mistake]) -> AnyView {
    let choices = ROLES.map(|role| (role.as_str().to_owned(), role_word(tr, role.as_str()))).to_vec();
    let choose = (tr.t("choose").into_owned(), vec![Group { label: None, choices }]);
    let hint = Some(tr.t("account-role-hint").into_owned());
    field::select(tr, "role", tr.t("account-role").into_owned(), hint, choose, chosen, mistakes)
}

/// One account.
pub fn account(tr: Tr, page: Detail) -> AnyView {
    let line = page.line.clone();
    let fact = |name: String, value: String| {
        view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let invited = page.message.as_ref().map(|message| {
        let href = format!("/province/mail/{message}");
        let body = view! { <p><a href=href>{tr.t("account-see-message")}</a></p> };
        notice::plain(tr.t("account-invited").into_owned(), body)
    });
    view! {
        <p><a class="c-back" href="/province/accounts">{tr.t("accounts-title")}</a></p>
        {invited}
        <div class="c-head"><p class="c-head__over">{role_word(tr, &line.role)}</p><h1>{line.full_name}</h1></div>
        <dl class="c-facts l-text">
            {fact(tr.t("field-email").into_owned(), line.email)}
            <div class="c-facts__row"><dt>{tr.t("account-standing")}</dt><dd>{standing(tr, line.standing)}</dd></div>
            {fact(tr.t("account-since").into_owned(), line.created_at)}
        </dl>
        {steps(tr, &page)}
    }
    .into_any()
}

fn steps(tr: Tr, page: &Detail) -> AnyView {
    if page.own {
        return view! { <p class="l-gap">{tr.t("account-own")}</p> }.into_any();
    }
    let line = &page.line;
    let action = |step: &str| format!("/province/accounts/{}/{step}", line.id);
    if line.standing == Standing::Disabled {
        return view! {
            <div class="l-gap">{log::button(action("enable"), tr.t("account-enable").into_owned())}</div>
        }
        .into_any();
    }
    let role = ROLES.iter().any(|role| role.as_str() == line.role).then(|| {
        view! {
            <form class="l-gap" method="post" action=action("role") novalidate>
                {roles(tr, &line.role, &[])}
                <button class="c-button c-button--second c-button--small" type="submit">{tr.t("account-change-role")}</button>
            </form>
        }
    });
    view! {
        <section class="l-section l-text" aria-labelledby="steps">
            <h2 id="steps">{tr.t("account-steps")}</h2>
            {role}
            <div class="l-gap"><p>{tr.t("account-link-text")}</p>{log::button(action("invite"), tr.t("account-link").into_owned())}</div>
            <div class="l-gap"><p>{tr.t("account-disable-text")}</p>{log::button(action("disable"), tr.t("account-disable").into_owned())}</div>
        </section>
    }
    .into_any()
}

/// A role in words.
#[must_use]
pub fn role_word(tr: Tr, role: &str) -> String {
    let word = match role {
        "enterprise" => tr.t("role-enterprise"),
        "colleague" => tr.t("role-colleague"),
        "association" => tr.t("role-association"),
        "officer" => tr.t("role-officer"),
        "analyst" => tr.t("role-analyst"),
        "administrator" => tr.t("role-administrator"),
        other => return other.to_owned(),
    };
    word.into_owned()
}

fn standing(tr: Tr, standing: Standing) -> AnyView {
    let (class, word) = match standing {
        Standing::Active => ("c-status c-status--done", tr.t("standing-active")),
        Standing::Invited => ("c-status c-status--todo", tr.t("standing-invited")),
        Standing::Disabled => ("c-status c-status--wait", tr.t("standing-disabled")),
    };
    view! { <span class=class>{word}</span> }.into_any()
}
