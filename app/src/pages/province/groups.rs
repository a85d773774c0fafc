//! Invitation groups of a campaign: the list, making one, one group with its letters.

use std::borrow::Cow;

use leptos::prelude::*;
use model::format;

use super::{
    claims, mail,
    register::{choices, pages},
    words,
};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        log, notice,
    },
};

/// The campaign that the groups belong to.
#[derive(Clone, Debug)]
pub struct Of {
    /// The address of the campaign.
    pub path: String,
    /// Its title.
    pub title: String,
}

/// A group and how far it is.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its address.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// How it was chosen.
    pub choice: Choice,
    /// How many enterprises are in it.
    pub entries: i64,
    /// Of them, those that a letter by mail was queued for.
    pub invited: i64,
    /// Of these, those whose letter went out, …
    pub sent: i64,
    /// … and those whose letter is held because there is no mail server.
    pub held: i64,
    /// Those whose letter could not be delivered.
    pub failed: i64,
    /// Those that a code for a printed letter was made for.
    pub lettered: i64,
    /// Those that no address is known of.
    pub without_address: i64,
    /// Those that want no letters.
    pub stopped: i64,
    /// Those that have begun, the submitted ones included.
    pub begun: i64,
    /// Those that have submitted.
    pub submitted: i64,
    /// The day of the last invitation.
    pub last_invited: Option<String>,
}

/// How the enterprises of a group were chosen.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The ward or commune …
    pub unit: Option<String>,
    /// … or the former district.
    pub district: Option<String>,
    /// The section.
    pub section: Option<String>,
    /// The size.
    pub size: Option<String>,
    /// Out of how many they were drawn, and by which seed.
    pub drawn: Option<(i64, String)>,
}

/// The list.
#[derive(Clone, Debug)]
pub struct Groups {
    /// The campaign.
    pub of: Of,
    /// Its frame; none while it has none.
    pub frame: Option<String>,
    /// Whether the reader may make a group now.
    pub may_add: bool,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The page that makes a group.
#[derive(Clone, Debug)]
pub struct Making {
    /// The campaign.
    pub of: Of,
    /// The place that is chosen: `u07210`, `d213` or nothing.
    pub place: String,
    /// The section that is chosen.
    pub section: String,
    /// The size that is chosen.
    pub size: String,
    /// How many enterprises of the frame fit, and how many of them are in a group already.
    pub fitting: (i64, i64),
    /// The title that was typed.
    pub title: String,
    /// How many are to be drawn, as typed.
    pub draw: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

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

/// The choice in words: "Phường Tân An · C. Công nghiệp chế biến, chế tạo · Nhỏ".
#[must_use]
pub fn in_words(tr: Tr, choice: &Choice) -> String {
    let place = match (&choice.unit, &choice.district) {
        (Some(unit), _) => Some(words::place(tr, unit, "")),
        (None, Some(district)) => Some(words::district(tr, district)),
        (None, None) => None,
    };
    let section = choice.section.as_ref().map(|code| words::section(tr, code));
    let size = choice.size.as_ref().map(|code| words::size(tr, code));
    let parts: Vec<String> = [place, section, size].into_iter().flatten().collect();
    if parts.is_empty() { tr.t("groups-everybody").into_owned() } else { parts.join(" · ") }
}

/// The list.
pub fn list(tr: Tr, page: Groups) -> AnyView {
    let new = page.may_add.then(|| {
        let href = format!("{}/groups/new", page.of.path);
        view! { <div class="c-buttons l-gap"><a class="c-button" href=href>{tr.t("groups-new")}</a></div> }
    });
    let frame = match &page.frame {
        Some(title) => {
            view! { <p class="u-small u-quiet">{tr.with("groups-frame", [("title", title)])}</p> }.into_any()
        }
        None => {
            let text = view! { <p>{tr.t("groups-no-frame")}</p> };
            notice::plain(tr.t("groups-no-frame-title").into_owned(), text)
        }
    };
    let table = match (page.groups.is_empty(), page.frame.is_some()) {
        (false, _) => table(tr, page.groups),
        (true, true) => view! { <p class="c-empty l-gap">{tr.t("groups-none")}</p> }.into_any(),
        (true, false) => ().into_any(),
    };
    view! {
        <a class="c-back" href=page.of.path>{tr.t("campaign-one")}</a>
        <div class="c-head">
            <p class="c-head__over">{page.of.title}</p>
            <h1>{tr.t("groups-title")}</h1>
            <p class="c-head__lead">{tr.t("groups-lead")}</p>
        </div>
        {frame}
        {new}
        {table}
    }
    .into_any()
}

fn table(tr: Tr, groups: Vec<Group>) -> AnyView {
    let rows: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let choice = in_words(tr, &group.choice);
            let number = |label: Cow<'static, str>, count: i64| {
                view! { <td class="is-num" data-label=label>{format::number(tr.lang, count)}</td> }
            };
            let last = group.last_invited.unwrap_or_else(|| tr.t("groups-never").into_owned());
            view! {
                <tr>
                    <th scope="row"><a href=group.path>{group.title}</a><span class="c-facts__more">{choice}</span></th>
                    {number(tr.t("groups-entries"), group.entries)}
                    {number(tr.t("groups-invited"), group.invited)}
                    {number(tr.t("groups-lettered"), group.lettered)}
                    {number(tr.t("groups-without-address"), group.without_address)}
                    {number(tr.t("groups-begun"), group.begun)}
                    {number(tr.t("groups-submitted"), group.submitted)}
                    <td class="u-num u-nowrap" data-label=tr.t("groups-last")>{last}</td>
                </tr>
            }
        })
        .collect();
    let number = |label: Cow<'static, str>| view! { <th scope="col" class="is-num">{label}</th> };
    view! {
        <table class="c-table c-rows l-gap">
            <caption class="u-hidden">{tr.t("groups-title")}</caption>
            <thead><tr>
                <th scope="col">{tr.t("groups-group")}</th>
                {number(tr.t("groups-entries"))}
                {number(tr.t("groups-invited"))}
                {number(tr.t("groups-lettered"))}
                {number(tr.t("groups-without-address"))}
                {number(tr.t("groups-begun"))}
                {number(tr.t("groups-submitted"))}
                <th scope="col">{tr.t("groups-last")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Making a group: first the choice, then its name.
pub fn making(tr: Tr, page: Making) -> AnyView {
    let (all, taken) = page.fitting;
    let free = all - taken;
    let [all_said, taken_said, free_said] = [all, taken, free].map(|count| format::number(tr.lang, count));
    let found = match (free, taken) {
        (0, 0) => tr.t("groups-fit-none").into_owned(),
        (_, 0) => tr.with("groups-fit", [("free", &free_said)]),
        (0, _) => tr.with("groups-fit-all-taken", [("all", &all_said)]),
        _ => tr.with("groups-fit-some", [("all", &all_said), ("taken", &taken_said), ("free", &free_said)]),
    };
    let chosen = [("place", &page.place), ("section", &page.section), ("size", &page.size)];
    let hidden: Vec<_> = chosen
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
        .collect();
    let title = Field {
        label: tr.t("groups-name").into_owned(),
        hint: Some(tr.t("groups-name-hint").into_owned()),
        value: page.title.clone(),
        ..Field::default()
    };
    let draw = Field {
        label: tr.t("groups-draw").into_owned(),
        hint: Some(tr.t("groups-draw-hint").into_owned()),
        value: page.draw.clone(),
        inputmode: "numeric",
        narrow: true,
        unit: Some(tr.t("groups-draw-unit").into_owned()),
        ..Field::default()
    };
    let list = format!("{}/groups", page.of.path);
    let form = (free > 0 || !page.mistakes.is_empty()).then(|| {
        view! {
            <form class="l-text" method="post" action=list.clone() novalidate>
                {hidden}
                {field::input(tr, "title", title, &page.mistakes)}
                {field::input(tr, "draw", draw, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("groups-make")}</button></div>
            </form>
        }
    });
    view! {
        <a class="c-back" href=list.clone()>{tr.t("groups-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.of.title}</p>
            <h1>{tr.t("groups-new")}</h1>
            <p class="c-head__lead">{tr.t("groups-new-lead")}</p>
        </div>
        <form class="c-filter" method="get" action=format!("{list}/new")>
            {choices(tr, &page.place, &page.section, &page.size)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("groups-choose")}</button>
        </form>
        <p class="u-lead l-gap">{found}</p>
        {form}
    }
    .into_any()
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
