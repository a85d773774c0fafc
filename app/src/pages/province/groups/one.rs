//! One group: how far it is, its letters, its enterprises.

use std::borrow::Cow;

use leptos::prelude::*;
use model::format;

use super::{Group, Of, in_words};
use crate::{
    i18n::Tr,
    pages::province::{claims, mail, register::pages},
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        log,
    },
};

/// One group.
#[derive(Clone, Debug)]
pub struct One {
    /// The campaign.
    pub of: Of,
    /// The group.
    pub group: Group,
    /// The snapshot that it was chosen from.
    pub snapshot: String,
    /// The letters that are being written: `invitation` or `reminder`, and how many are still to come.
    pub running: Option<(String, i64)>,
    /// What the reader may do; nothing for those who only read.
    pub acts: Option<Acts>,
    /// The title that was typed.
    pub title: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
    /// Enterprises of this page.
    pub rows: Vec<Row>,
    /// The address of the first page, unless this is it.
    pub first: Option<String>,
    /// The address of the next page.
    pub next: Option<String>,
}

/// What can be done with a group.
#[derive(Clone, Copy, Debug, Default)]
pub struct Acts {
    /// Whether the campaign is open, so that letters by mail may go out.
    pub is_open: bool,
    /// Whether the campaign is not over, so that letters may be printed.
    pub is_ahead: bool,
    /// How many may be invited by mail now.
    pub to_invite: i64,
    /// How many may be reminded now.
    pub to_remind: i64,
    /// How many need a printed letter, and whether there are more than one file takes.
    pub to_print: (i64, bool),
    /// Whether printed letters can name the address of this site.
    pub site_has_address: bool,
    /// The days between two letters.
    pub pause: i64,
    /// Whether it may be deleted.
    pub may_delete: bool,
}

/// An enterprise of a group.
#[derive(Clone, Debug)]
pub struct Row {
    /// Canonical tax code.
    pub tax_code: String,
    /// Its name.
    pub name: String,
    /// Whether an address is known.
    pub has_address: bool,
    /// The day of its invitation by mail, and how far that is: a state of the outbox.
    pub invited: Option<(String, Option<String>)>,
    /// The day its printed letter was made.
    pub lettered: Option<String>,
    /// Whether it wants no letters.
    pub is_stopped: bool,
    /// The state of its assessment.
    pub state: Option<String>,
}

/// One group.
pub fn one(tr: Tr, page: One) -> AnyView {
    let running = page.running.as_ref().map(|(asked, left)| running(tr, asked, *left, &page.group));
    let acts = page.acts.filter(|_| page.running.is_none()).map(|acts| letters(tr, &page.group, acts));
    let edit = page.acts.filter(|_| page.running.is_none()).map(|acts| edit(tr, &page, acts.may_delete));
    let rows = rows(tr, page.rows);
    view! {
        <a class="c-back" href=format!("{}/groups", page.of.path)>{tr.t("groups-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.of.title.clone()}</p>
            <h1>{page.group.title.clone()}</h1>
            <p class="c-head__lead">{in_words(tr, &page.group.choice)}</p>
        </div>
        {running}
        {facts(tr, &page.group, &page.snapshot)}
        {acts}
        <section class="l-section" aria-labelledby="enterprises">
            <h2 id="enterprises">{tr.t("groups-entries")}</h2>
            {rows}
            {pages(tr, page.first, page.next)}
        </section>
        {edit}
    }
    .into_any()
}

/// Letters are being written; the server makes the browser ask again.
fn running(tr: Tr, asked: &str, left: i64, group: &Group) -> AnyView {
    let said = tr.with("groups-running", [("left", &format::number(tr.lang, left))]);
    let (title, bar) = if asked == "reminder" {
        (tr.t("groups-reminding"), None)
    } else {
        let bar = view! {
            <progress class="c-progress" max=(group.invited + left).max(1).to_string() value=group.invited.to_string() aria-labelledby="progress-text"></progress>
        };
        (tr.t("groups-inviting"), Some(bar))
    };
    view! {
        <div class="c-notice l-text l-flow" role="status">
            <h2 class="c-notice__title">{title}</h2>
            {bar}
            <p class="u-num" id="progress-text">{said}</p>
            <p>{tr.t("groups-running-lead")}</p>
            <p><a href=group.path.clone()>{tr.t("import-look-again")}</a></p>
        </div>
    }
    .into_any()
}

fn facts(tr: Tr, group: &Group, snapshot: &str) -> AnyView {
    let number = |count: i64| format::number(tr.lang, count);
    let fact = |label: Cow<'static, str>, value: String| {
        view! { <div class="c-facts__row"><dt>{label}</dt><dd class="u-num">{value}</dd></div> }
    };
    let some = |label: Cow<'static, str>, count: i64| (count > 0).then(|| fact(label, number(count)));
    let drawn = group.choice.drawn.as_ref().map(|(fitting, seed)| {
        let said = tr.with("groups-drawn-text", [("entries", &number(group.entries)), ("fitting", &number(*fitting))]);
        let seed = tr.with("groups-seed", [("seed", seed)]);
        view! {
            <div class="c-facts__row"><dt>{tr.t("groups-drawn")}</dt><dd>{said}<span class="c-facts__more u-num">{seed}</span></dd></div>
        }
    });
    let invited = tr.with("groups-invited-text", [("invited", &number(group.invited)), ("sent", &number(group.sent))]);
    let last = group.last_invited.clone().unwrap_or_else(|| tr.t("groups-never").into_owned());
    view! {
        <dl class="c-facts l-text">
            {fact(tr.t("campaign-snapshot"), snapshot.to_owned())}
            {fact(tr.t("groups-entries"), number(group.entries))}
            {drawn}
            {fact(tr.t("groups-invited"), invited)}
            {some(tr.t("groups-held"), group.held)}
            {some(tr.t("groups-failed"), group.failed)}
            {some(tr.t("groups-lettered"), group.lettered)}
            {fact(tr.t("groups-without-address"), number(group.without_address))}
            {some(tr.t("groups-stopped"), group.stopped)}
            {fact(tr.t("groups-begun"), number(group.begun))}
            {fact(tr.t("groups-submitted"), number(group.submitted))}
            {fact(tr.t("groups-last"), last)}
        </dl>
    }
    .into_any()
}

fn letters(tr: Tr, group: &Group, acts: Acts) -> AnyView {
    let number = |count: i64| format::number(tr.lang, count);
    let by_mail = if acts.is_open {
        let pause = acts.pause.to_string();
        let invite = tr.with("groups-invite", [("count", &number(acts.to_invite))]);
        let remind = tr.with("groups-remind", [("count", &number(acts.to_remind))]);
        view! {
            <p>{tr.with("groups-letters-lead", [("days", &pause)])}</p>
            {act(group, "invite", acts.to_invite, (invite, tr.t("groups-nobody-to-invite")), true)}
            {act(group, "remind", acts.to_remind, (remind, tr.t("groups-nobody-to-remind")), false)}
        }
        .into_any()
    } else {
        view! { <p>{tr.t("groups-not-open")}</p> }.into_any()
    };
    let (count, more) = acts.to_print;
    let print = (count > 0 && acts.is_ahead).then(|| {
        let said = if more {
            tr.with("groups-print-first", [("count", &number(count))])
        } else {
            tr.with("groups-print", [("count", &number(count))])
        };
        view! {
            <form class="l-gap" method="post" action=format!("{}/codes", group.path)>
                <p>{said}</p>
                {claims::no_address(tr, acts.site_has_address)}
                <p>{tr.t("groups-print-once")}</p>
                <div class="c-buttons l-gap-s">
                    <button class="c-button c-button--second" type="submit" name="format" value="xlsx">{tr.t("codes-xlsx")}</button>
                    <button class="c-button c-button--second" type="submit" name="format" value="csv">{tr.t("codes-csv")}</button>
                </div>
            </form>
        }
    });
    view! {
        <section class="l-section l-text" aria-labelledby="letters">
            <h2 id="letters">{tr.t("groups-letters")}</h2>
            {by_mail}
            {print}
        </section>
    }
    .into_any()
}

/// A button that says how many letters it writes, or why there is none.
fn act(
    group: &Group,
    what: &'static str,
    count: i64,
    (text, nobody): (String, Cow<'static, str>),
    first: bool,
) -> AnyView {
    if count == 0 {
        return view! { <p class="u-quiet">{nobody}</p> }.into_any();
    }
    let class = if first { "c-button" } else { "c-button c-button--second" };
    view! {
        <form method="post" action=group.path.clone()>
            <div class="c-buttons"><button class=class type="submit" name="do" value=what>{text}</button></div>
        </form>
    }
    .into_any()
}

fn edit(tr: Tr, page: &One, may_delete: bool) -> AnyView {
    let title = Field { label: tr.t("groups-name").into_owned(), value: page.title.clone(), ..Field::default() };
    let delete = may_delete.then(|| {
        view! {
            <form class="l-gap" method="post" action=page.group.path.clone()>
                <p>{tr.t("groups-delete-text")}</p>
                <button class="c-button c-button--second c-button--small" type="submit" name="do" value="delete">{tr.t("groups-delete")}</button>
            </form>
        }
    });
    view! {
        <section class="l-section l-text" aria-labelledby="edit">
            <h2 id="edit">{tr.t("groups-edit")}</h2>
            <form method="post" action=page.group.path.clone() novalidate>
                {field::input(tr, "title", title, &page.mistakes)}
                <button class="c-button c-button--second c-button--small" type="submit" name="do" value="rename">{tr.t("groups-rename")}</button>
            </form>
            {delete}
        </section>
    }
    .into_any()
}

fn rows(tr: Tr, rows: Vec<Row>) -> AnyView {
    let columns = [tr.t("column-name"), tr.t("column-tax-code"), tr.t("groups-letter"), tr.t("response-progress")]
        .map(|column| column.into_owned());
    let cells = rows
        .into_iter()
        .map(|row| {
            let href = format!("/province/register/entries/{}", row.tax_code);
            let (letter, progress) = (letter(tr, &row), progress(tr, row.state.as_deref()));
            vec![
                view! { <a class="c-board__name" href=href>{row.name}</a> }.into_any(),
                view! { <span class="u-num">{row.tax_code}</span> }.into_any(),
                letter,
                progress.into_any(),
            ]
        })
        .collect();
    log::table(tr.t("groups-entries").into_owned(), &columns, cells)
}

/// How far the letter to an enterprise is.
fn letter(tr: Tr, row: &Row) -> AnyView {
    if row.is_stopped {
        return tr.t("groups-row-stopped").into_any();
    }
    if let Some((day, state)) = &row.invited {
        let day = tr.with("groups-row-invited", [("day", day)]);
        let state = state.as_ref().map(|state| mail::status(tr, state));
        return view! { {state}" "{day} }.into_any();
    }
    match (&row.lettered, row.has_address) {
        (Some(day), _) => tr.with("groups-row-lettered", [("day", day)]).into_any(),
        (None, false) => tr.t("groups-row-no-address").into_any(),
        (None, true) => tr.t("groups-row-none").into_any(),
    }
}

fn progress(tr: Tr, state: Option<&str>) -> String {
    match state {
        None => tr.t("response-not-begun"),
        Some("draft" | "returned") => tr.t("response-begun"),
        Some(_) => tr.t("groups-submitted"),
    }
    .into_owned()
}
