//! One member of an association: what it decided, and every message that was sent to it.

use leptos::prelude::*;
use model::membership::Membership;

use super::{members::status, province::mail};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        log, notice,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Member {
    /// Key of the membership, for the addresses.
    pub id: String,
    /// The association's name.
    pub association: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its name, as far as it is known; may be empty.
    pub name: String,
    /// Whether the name is that of the register.
    pub is_register_name: bool,
    /// The address and the telephone number that the association wrote down; may be empty.
    pub contact: [String; 2],
    /// What it decided.
    pub state: Membership,
    /// When it was listed, and when it decided.
    pub days: (String, Option<String>),
    /// Since when it wants no letters.
    pub stopped: Option<String>,
    /// The messages, the newest first.
    pub letters: Vec<Letter>,
    /// How many letters were queued just now, and how many were not.
    pub sent: Option<(usize, usize)>,
    /// Address and number were written down just now.
    pub changed: bool,
    /// What is wrong with what was typed as address and number.
    pub mistakes: Vec<Mistake>,
}

impl Member {
    /// What the page is called.
    #[must_use]
    pub fn title(&self) -> &str {
        if self.name.is_empty() { &self.tax_code } else { &self.name }
    }
}

/// A message to the member.
#[derive(Clone, Debug)]
pub struct Letter {
    /// What it is for, as in the outbox.
    pub kind: String,
    /// How far it is, as in the outbox.
    pub state: String,
    /// When it was queued, and when it was sent, held or given up.
    pub moments: (String, Option<String>),
    /// Where it went; none when that is not the association's to know.
    pub recipient: Option<String>,
    /// What went wrong last.
    pub error: Option<String>,
}

/// The page.
pub fn view(tr: Tr, page: &Member) -> AnyView {
    let source = page.is_register_name.then(|| format!(" · {}", tr.t("members-register-name")));
    view! {
        {errors::summary(tr, &page.mistakes)}
        {page.changed.then(|| notice::done(tr.t("member-changed").into_owned()))}
        {page.sent.map(|sent| letters_sent(tr, sent))}
        <a class="c-back" href="/association/members">{tr.t("members-title")}</a>
        <div class="c-head">
            <p class="c-head__over">{page.association.clone()}</p>
            <h1>{page.title().to_owned()}</h1>
            <p class="c-head__lead u-num">{page.tax_code.clone()}{source}</p>
        </div>
        {facts(tr, page)}
        {write(tr, page)}
        {contact(tr, page)}
        <section class="l-section"><h2>{tr.t("letters-all")}</h2>{letters(tr, page)}</section>
        {remove(tr, page)}
    }
    .into_any()
}

/// What came of sending letters.
pub(super) fn letters_sent(tr: Tr, (sent, left): (usize, usize)) -> AnyView {
    let numbers = (sent.to_string(), left.to_string());
    if left == 0 {
        return notice::done(tr.with("letters-sent", [("sent", &numbers.0)]));
    }
    notice::done(tr.with("letters-sent-some", [("sent", &numbers.0), ("left", &numbers.1)]))
}

fn facts(tr: Tr, page: &Member) -> impl IntoView + use<> {
    let fact = |name: String, value: AnyView| view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> };
    let text = |text: &str| text.to_owned().into_any();
    let decided = page.days.1.as_ref().map(|day| fact(tr.t("members-decided").into_owned(), text(day)));
    let stopped = page.stopped.as_ref().map(|day| fact(tr.t("member-stopped").into_owned(), text(day)));
    view! {
        <dl class="c-facts l-text">
            {fact(tr.t("members-decision").into_owned(), status(tr, page.state))}
            {fact(tr.t("members-listed").into_owned(), text(&page.days.0))}
            {decided}
            {stopped}
        </dl>
    }
}

/// How the association reaches the member.
fn contact(tr: Tr, page: &Member) -> impl IntoView + use<> {
    let [email, phone] = page.contact.clone();
    let email = Field {
        label: tr.t("field-email").into_owned(),
        hint: Some(tr.t("member-email-hint").into_owned()),
        value: email,
        kind: "email",
        ..Field::default()
    };
    let phone = Field { label: tr.t("field-phone").into_owned(), value: phone, kind: "tel", ..Field::default() };
    view! {
        <section class="l-section l-text">
            <h2>{tr.t("member-contact")}</h2>
            <form class="l-gap" method="post" action=format!("/association/members/{}", page.id) novalidate>
                {field::input(tr, "email", email, &page.mistakes)}
                {field::input(tr, "phone", phone, &page.mistakes)}
                <div class="c-buttons"><button class="c-button c-button--second" type="submit">{tr.t("member-contact-button")}</button></div>
            </form>
        </section>
    }
}

fn write(tr: Tr, page: &Member) -> AnyView {
    let is_open = matches!(page.state, Membership::Invited | Membership::Agreed);
    if !is_open || page.stopped.is_some() {
        return ().into_any();
    }
    view! {
        <form class="l-gap" method="post" action="/association/letters">
            <input type="hidden" name="chosen" value=page.id.clone()/>
            <input type="hidden" name="back" value=page.id.clone()/>
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit" name="do" value="invite">{tr.t("letters-invite-one")}</button>
                <button class="c-button c-button--second" type="submit" name="do" value="remind">{tr.t("letters-remind-one")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn letters(tr: Tr, page: &Member) -> AnyView {
    if page.letters.is_empty() {
        return view! { <p class="c-empty l-gap">{tr.t("letters-never")}</p> }.into_any();
    }
    let columns =
        [tr.t("mail-subject"), tr.t("mail-state"), tr.t("mail-recipient"), tr.t("mail-queued"), tr.t("mail-settled")]
            .map(|column| column.into_owned());
    let rows = page.letters.iter().map(|letter| line(tr, letter)).collect();
    log::table(tr.t("letters-all").into_owned(), &columns, rows)
}

fn line(tr: Tr, letter: &Letter) -> Vec<AnyView> {
    let error = letter.error.as_ref().map(|error| view! { <span class="c-board__sub">{error.clone()}</span> });
    let hidden = letter.state == "failed" && letter.recipient.is_none();
    let reason = hidden.then(|| view! { <span class="c-board__sub">{tr.t("letters-failed-hidden")}</span> });
    let recipient = letter.recipient.clone().unwrap_or_else(|| tr.t("letters-own-address").into_owned());
    vec![
        view! { <span class="c-board__plain">{mail::kind_word(tr, &letter.kind)}</span> }.into_any(),
        view! { {mail::status(tr, &letter.state)}{error}{reason} }.into_any(),
        recipient.into_any(),
        view! { <span class="u-num u-nowrap">{letter.moments.0.clone()}</span> }.into_any(),
        view! { <span class="u-num u-nowrap">{letter.moments.1.clone()}</span> }.into_any(),
    ]
}

/// An enterprise that has not decided can be taken off the list.
fn remove(tr: Tr, page: &Member) -> AnyView {
    if page.state != Membership::Invited || page.days.1.is_some() {
        return ().into_any();
    }
    view! {
        <form class="l-gap-l" method="post" action=format!("/association/members/{}/cancel", page.id)>
            <button class="c-textbutton" type="submit">{tr.t("members-cancel")}</button>
        </form>
    }
    .into_any()
}
