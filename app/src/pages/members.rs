//! An association's list of members: who decided what, and adding more.

use leptos::prelude::*;
use model::{
    enterprise::TaxCodeError,
    format,
    membership::{
        Membership,
        list::{BadLine, LineProblem, MOST_LINES},
    },
};

use super::{member::letters_sent, province::mail};
use crate::{
    i18n::Tr,
    ui::{errors::Mistake, icon, notice},
};

/// A member in the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Key of the membership, for the address.
    pub id: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its name, as far as it is known; may be empty.
    pub name: String,
    /// Whether the name is that of the register: neither the association nor the enterprise wrote it here.
    pub is_register_name: bool,
    /// Where the invitation went; may be empty.
    pub email: String,
    /// What it decided.
    pub state: Membership,
    /// When it was listed, and when it decided.
    pub days: (String, Option<String>),
    /// Whether it wants no letters.
    pub is_stopped: bool,
    /// The last letter to it.
    pub last: Option<Last>,
}

/// The last letter to a member.
#[derive(Clone, Debug)]
pub struct Last {
    /// What it is for, as in the outbox.
    pub kind: String,
    /// How far it is, as in the outbox.
    pub state: String,
    /// When it was queued.
    pub day: String,
}

/// Everything the page shows.
#[derive(Clone, Debug, Default)]
pub struct Members {
    /// The association's name.
    pub association: String,
    /// How many are invited, agreed, refused, withdrawn.
    pub counts: [i64; 4],
    /// Only those in this state are shown.
    pub state: Option<Membership>,
    /// The members of this page, the latest first.
    pub rows: Vec<Row>,
    /// Where the next page begins.
    pub next: Option<String>,
    /// What came of the lines that were sent: how many were new, how many were listed already.
    pub added: Option<(usize, usize)>,
    /// Lines that were not understood.
    pub bad: Vec<BadLine>,
    /// What stands in the field.
    pub typed: String,
    /// How many letters were queued just now, and how many were not.
    pub sent: Option<(usize, usize)>,
    /// What is wrong with the field as a whole, or with sending letters.
    pub mistakes: Vec<Mistake>,
}

/// The page.
pub fn view(tr: Tr, page: Members) -> AnyView {
    let total: i64 = page.counts.iter().sum();
    let numbers = (format::number(tr.lang, total), format::number(tr.lang, page.counts[1]));
    view! {
        {problems(tr, &page)}
        {done(tr, page.added)}
        {page.sent.map(|sent| letters_sent(tr, sent))}
        <div class="c-head">
            <p class="c-head__over">{page.association.clone()}</p>
            <h1>{tr.t("members-title")}</h1>
            <p class="c-head__lead">{tr.with("members-lead", [("all", &numbers.0), ("agreed", &numbers.1)])}</p>
        </div>
        {counts(tr, &page)}
        {letters(tr, total)}
        {table(tr, &page)}
        {chosen(tr, &page)}
        {add(tr, &page)}
    }
    .into_any()
}

/// What a membership is called.
#[must_use]
pub fn word(tr: Tr, state: Membership) -> String {
    match state {
        Membership::Invited => tr.t("membership-invited"),
        Membership::Agreed => tr.t("membership-agreed"),
        Membership::Refused => tr.t("membership-refused"),
        Membership::Withdrawn => tr.t("membership-withdrawn"),
    }
    .into_owned()
}

/// The word in its shape.
pub fn status(tr: Tr, state: Membership) -> AnyView {
    let class = match state {
        Membership::Invited => "c-status c-status--todo",
        Membership::Agreed => "c-status c-status--done",
        Membership::Refused | Membership::Withdrawn => "c-status c-status--wait",
    };
    let tick = (state == Membership::Agreed).then(|| icon::tick("c-status__icon"));
    view! { <span class=class>{tick}{word(tr, state)}</span> }.into_any()
}

fn done(tr: Tr, added: Option<(usize, usize)>) -> Option<AnyView> {
    let (new, known) = added?;
    let numbers = (new.to_string(), known.to_string());
    Some(notice::done(tr.with("members-added", [("new", &numbers.0), ("known", &numbers.1)])))
}

/// The lines that were not understood, each with its reason; they stand in the field to be corrected.
fn problems(tr: Tr, page: &Members) -> AnyView {
    if page.bad.is_empty() && page.mistakes.is_empty() {
        return ().into_any();
    }
    let whole = page.mistakes.iter().map(|mistake| (format!("#{}", mistake.field), mistake.message.clone()));
    let lines = page.bad.iter().map(|bad| {
        let (number, reason) = (bad.number.to_string(), reason(tr, bad.problem));
        let line = tr.with("members-bad-line", [("number", &number), ("text", &bad.text), ("reason", &reason)]);
        ("#lines".to_owned(), line)
    });
    let rows: Vec<_> = whole.chain(lines).map(|(href, text)| view! { <li><a href=href>{text}</a></li> }).collect();
    view! {
        <div class="c-errors" role="alert" aria-labelledby="errors-title" tabindex="-1" autofocus>
            <h2 class="c-errors__title" id="errors-title">{tr.t("errors-title")}</h2>
            <ul class="c-errors__list">{rows}</ul>
        </div>
    }
    .into_any()
}

fn reason(tr: Tr, problem: LineProblem) -> String {
    match problem {
        LineProblem::TaxCode(TaxCodeError::Letters) => tr.t("wrong-tax-code-letters"),
        LineProblem::TaxCode(TaxCodeError::Length) => tr.t("wrong-tax-code-length"),
        LineProblem::TaxCode(TaxCodeError::CheckDigit | TaxCodeError::NeverIssued) => tr.t("wrong-tax-code-digit"),
        LineProblem::TaxCode(TaxCodeError::BranchSuffix) => tr.t("wrong-tax-code-branch"),
        LineProblem::Email => tr.t("wrong-email"),
        LineProblem::Name => tr.t("wrong-name"),
        LineProblem::Twice => tr.t("members-twice"),
    }
    .into_owned()
}

fn counts(tr: Tr, page: &Members) -> impl IntoView + use<> {
    let all: i64 = page.counts.iter().sum();
    let one = |state: Option<Membership>, count: i64| {
        let is_current = page.state == state;
        let text = state.map_or_else(|| tr.t("board-all").into_owned(), |state| word(tr, state));
        let href = match state {
            Some(state) => format!("/association/members?state={}", state.as_str()),
            None => "/association/members".to_owned(),
        };
        view! {
            <li class="c-counts__item" class:is-current=is_current>
                <span class="c-counts__no">{format::number(tr.lang, count)}</span>
                <a class="c-counts__link" href=href aria-current=is_current.then_some("true")>{text}</a>
            </li>
        }
    };
    let rest: Vec<_> =
        Membership::ALL.into_iter().zip(page.counts).map(|(state, count)| one(Some(state), count)).collect();
    view! { <ul class="c-counts">{one(None, all)}{rest}</ul> }
}

/// Letters to everybody who may get one now.
fn letters(tr: Tr, total: i64) -> AnyView {
    if total == 0 {
        return ().into_any();
    }
    view! {
        <section class="l-section">
            <h2>{tr.t("letters-title")}</h2>
            <p class="l-text">{tr.t("letters-lead")}</p>
            <form class="l-gap" id="letters" method="post" action="/association/letters">
                <div class="c-buttons">
                    <button class="c-button" type="submit" name="do" value="invite-all">{tr.t("letters-invite-all")}</button>
                    <button class="c-button c-button--second" type="submit" name="do" value="remind-all">{tr.t("letters-remind-all")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// Letters to the members that were ticked in the table.
fn chosen(tr: Tr, page: &Members) -> AnyView {
    if !page.rows.iter().any(may_be_written_to) {
        return ().into_any();
    }
    view! {
        <div class="c-buttons">
            <button class="c-button c-button--second" type="submit" form="letters" name="do" value="invite">{tr.t("letters-invite-chosen")}</button>
            <button class="c-button c-button--second" type="submit" form="letters" name="do" value="remind">{tr.t("letters-remind-chosen")}</button>
        </div>
    }
    .into_any()
}

fn may_be_written_to(row: &Row) -> bool {
    !row.is_stopped && matches!(row.state, Membership::Invited | Membership::Agreed)
}

fn table(tr: Tr, page: &Members) -> AnyView {
    if page.rows.is_empty() {
        return view! { <p class="c-empty l-gap">{tr.t("members-none")}</p> }.into_any();
    }
    let rows: Vec<_> = page.rows.iter().map(|row| line(tr, row)).collect();
    let next = page.next.as_ref().map(|after| {
        let state = page.state.map_or("", Membership::as_str);
        view! { <a href=format!("/association/members?state={state}&after={after}")>{tr.t("page-next")}</a> }
    });
    view! {
        <table class="c-table c-board l-gap">
            <thead>
                <tr>
                    <th scope="col">{tr.t("board-enterprise")}</th>
                    <th scope="col">{tr.t("members-decision")}</th>
                    <th scope="col">{tr.t("members-listed")}</th>
                    <th scope="col">{tr.t("members-decided")}</th>
                    <th scope="col">{tr.t("members-letter")}</th>
                    <th scope="col"><span class="u-hidden">{tr.t("members-do")}</span></th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <p class="u-small u-quiet">{next}</p>
    }
    .into_any()
}

fn line(tr: Tr, row: &Row) -> impl IntoView + use<> {
    let name = if row.name.is_empty() { row.tax_code.clone() } else { row.name.clone() };
    let source = if row.is_register_name { tr.t("members-register-name") } else { "".into() };
    let about = [row.tax_code.as_str(), &row.email, &source];
    let about = about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · ");
    let can_cancel = row.state == Membership::Invited && row.days.1.is_none();
    let cancel = can_cancel.then(|| {
        view! {
            <form method="post" action=format!("/association/members/{}/cancel", row.id)>
                <button class="c-textbutton" type="submit">
                    {tr.t("members-cancel")}<span class="u-hidden">" "{name.clone()}</span>
                </button>
            </form>
        }
    });
    // The ticks belong to the form above the table: a form cannot stand inside another.
    let choose = may_be_written_to(row).then(|| {
        view! {
            <label class="c-board__choose">
                <input type="checkbox" form="letters" name="chosen" value=row.id.clone()/>
                {tr.t("reviews-choose")}<span class="u-hidden">" "{name.clone()}</span>
            </label>
        }
    });
    view! {
        <tr>
            <th scope="row" class="c-board__who">
                <a class="c-board__name" href=format!("/association/members/{}", row.id)>
                    <span class="c-board__title">{name.clone()}</span>
                    <span class="c-board__sub">{about}</span>
                </a>
            </th>
            <td>{status(tr, row.state)}</td>
            <td class="u-num" data-label=tr.t("members-listed")>{row.days.0.clone()}</td>
            <td class="u-num" data-label=row.days.1.is_some().then(|| tr.t("members-decided"))>{row.days.1.clone()}</td>
            <td>{last(tr, row)}</td>
            <td>{choose}{cancel}</td>
        </tr>
    }
}

/// How far the last letter is.
fn last(tr: Tr, row: &Row) -> AnyView {
    let stopped = row.is_stopped.then(|| view! { <span class="c-board__sub">{tr.t("members-stopped")}</span> });
    let last = row.last.as_ref().map(|last| {
        let about = format!("{} · {}", mail::kind_word(tr, &last.kind), last.day);
        view! { {mail::status(tr, &last.state)}<span class="c-board__sub">{about}</span> }
    });
    view! { {last}{stopped} }.into_any()
}

fn add(tr: Tr, page: &Members) -> impl IntoView + use<> {
    let most = format::number(tr.lang, i64::try_from(MOST_LINES).unwrap_or_default());
    view! {
        <section class="l-section l-text">
            <h2>{tr.t("members-add")}</h2>
            <p>{tr.t("members-add-lead")}</p>
            <p class="l-gap"><a class="c-buttons__link" href="/association/imports">{tr.t("members-import")}</a></p>
            <form method="post" action="/association/members" novalidate>
                <div class="c-field">
                    <label class="c-field__label" for="lines">{tr.t("members-lines")}</label>
                    <p class="c-field__hint" id="lines-hint">{tr.with("members-lines-hint", [("most", &most)])}</p>
                    <textarea class="c-textarea" id="lines" name="lines" rows="8" aria-describedby="lines-hint">
                        {page.typed.clone()}
                    </textarea>
                </div>
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("members-add-button")}</button></div>
            </form>
        </section>
    }
}
