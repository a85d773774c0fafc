//! The associations that list an enterprise, what each would see, and the enterprise's word about it.

use leptos::prelude::*;
use model::{
    assessment::State,
    membership::{Decision, Membership},
};

use super::members;
use crate::{
    i18n::Tr,
    ui::{level::chip, notice, state},
};

/// An association that lists the enterprise.
#[derive(Clone, Debug)]
pub struct Row {
    /// Key of the membership, for the address.
    pub id: String,
    /// The association's name.
    pub association: String,
    /// What the enterprise decided.
    pub state: Membership,
    /// When the association listed it.
    pub invited: String,
    /// When the enterprise decided last.
    pub decided: Option<String>,
}

/// What an association sees of the enterprise at this moment.
#[derive(Clone, Debug)]
pub struct Seen {
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its industry in words.
    pub industry: String,
    /// How far its assessment is; none when nothing was answered.
    pub state: Option<State>,
    /// The day and time of the last activity.
    pub active: Option<String>,
    /// Score and level of the last submission.
    pub result: Option<(String, u8)>,
    /// Where everything that was submitted can be read.
    pub submitted: Option<String>,
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Memberships {
    /// The associations by name.
    pub rows: Vec<Row>,
    /// What they see, or would see.
    pub seen: Seen,
    /// A decision was stored just now.
    pub changed: bool,
    /// The enterprise has registered just now, by the link of an association.
    pub joined: bool,
}

/// The page.
pub fn view(tr: Tr, page: Memberships) -> AnyView {
    let rows: Vec<_> = page.rows.iter().map(|row| self::row(tr, row)).collect();
    let list = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("memberships-none")}</p> }.into_any()
    } else {
        view! { <ul class="c-memberships">{rows}</ul> }.into_any()
    };
    view! {
        {page.changed.then(|| notice::done(tr.t("memberships-changed").into_owned()))}
        {page.joined.then(|| notice::done(tr.t("memberships-joined").into_owned()))}
        <div class="c-head">
            <h1>{tr.t("memberships-title")}</h1>
            <p class="c-head__lead">{tr.t("memberships-lead")}</p>
        </div>
        {list}
        <p class="l-gap"><a class="c-button c-button--second" href="/assessments">{tr.t("memberships-go-on")}</a></p>
        {seen(tr, page.seen)}
    }
    .into_any()
}

fn row(tr: Tr, row: &Row) -> impl IntoView + use<> {
    let when = match &row.decided {
        Some(day) => tr.with("memberships-decided", [("day", day)]),
        None => tr.with("memberships-invited", [("day", &row.invited)]),
    };
    let button = |decision: Decision, primary: bool| {
        let (value, text) = match decision {
            Decision::Agree => ("agree", tr.with("memberships-agree", [("association", &row.association)])),
            Decision::Refuse => ("refuse", tr.t("memberships-refuse").into_owned()),
            Decision::Withdraw => ("withdraw", tr.t("memberships-withdraw").into_owned()),
        };
        let class = if primary { "c-button" } else { "c-button c-button--second" };
        view! { <button class=class type="submit" name="decision" value=value>{text}</button> }
    };
    let (buttons, explained) = match row.state {
        Membership::Invited => {
            (vec![button(Decision::Agree, true), button(Decision::Refuse, false)], tr.t("memberships-agree-text"))
        }
        Membership::Agreed => (vec![button(Decision::Withdraw, false)], tr.t("memberships-withdraw-text")),
        Membership::Refused | Membership::Withdrawn => {
            (vec![button(Decision::Agree, false)], tr.t("memberships-agree-text"))
        }
    };
    view! {
        <li class="c-memberships__row">
            <h2 class="c-memberships__name">{row.association.clone()}</h2>
            <p>{members::status(tr, row.state)}" "<span class="u-quiet u-small">{when}</span></p>
            <p class="u-small l-text">{explained}</p>
            <form method="post" action=format!("/memberships/{}", row.id)>
                <div class="c-buttons">{buttons}</div>
            </form>
        </li>
    }
}

/// What an association that was agreed to sees, with the values of this moment, and what it never sees.
fn seen(tr: Tr, seen: Seen) -> impl IntoView {
    let fact = |name: String, value: AnyView| view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let text = |text: String| view! { <span>{text}</span> }.into_any();
    let result = match seen.result {
        Some((score, level)) => view! { {score}" "{chip(tr, level)} }.into_any(),
        None => text(tr.t("memberships-no-result").into_owned()),
    };
    let answers = match seen.submitted {
        Some(href) => view! { <a href=href>{tr.t("memberships-answers-all")}</a> }.into_any(),
        None => text(tr.t("memberships-answers-none").into_owned()),
    };
    let active = seen.active.unwrap_or_else(|| tr.t("memberships-no-result").into_owned());
    view! {
        <section class="l-section">
            <h2>{tr.t("memberships-sees")}</h2>
            <p class="l-text">{tr.t("memberships-sees-text")}</p>
            <dl class="c-facts l-text">
                {fact(tr.t("field-name").into_owned(), text(seen.name))}
                {fact(tr.t("field-tax-code").into_owned(), text(seen.tax_code))}
                {fact(tr.t("field-industry").into_owned(), text(seen.industry))}
                {fact(tr.t("board-state").into_owned(), state::status(tr, seen.state))}
                {fact(tr.t("board-active").into_owned(), text(active))}
                {fact(tr.t("memberships-result").into_owned(), result)}
                {fact(tr.t("memberships-answers").into_owned(), answers)}
                {fact(tr.t("memberships-review").into_owned(), text(tr.t("memberships-review-text").into_owned()))}
            </dl>
            <h3 class="l-gap">{tr.t("memberships-never")}</h3>
            <p class="l-text">{tr.t("memberships-never-text")}</p>
        </section>
    }
}
