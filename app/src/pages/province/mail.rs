//! The outbox: what was sent, what waits, what did not arrive.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        log, notice,
    },
};

/// The states in the order of a message's life, as they stand in addresses.
pub const STATES: [&str; 4] = ["queued", "sent", "held", "failed"];

/// What the list shows.
#[derive(Clone, Debug, Default)]
pub struct Outbox {
    /// The one state that is shown; all when empty.
    pub state: String,
    /// The messages, newest first.
    pub messages: Vec<Line>,
    /// Whether this is not the first page.
    pub later_page: bool,
    /// The key after which the next page begins.
    pub next: Option<String>,
    /// The folder that messages are written to; none when there is a mail server.
    pub folder: Option<String>,
    /// The address typed for a test message.
    pub to: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// One message in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Key of the message.
    pub id: String,
    /// When it was queued.
    pub queued_at: String,
    /// Its address.
    pub recipient: String,
    /// What it is for.
    pub kind: String,
    /// Its subject line.
    pub title: String,
    /// How far it is.
    pub state: String,
}

/// One message with everything about it.
#[derive(Clone, Debug)]
pub struct Detail {
    /// As in the list.
    pub line: Line,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next; none when it is not.
    pub next_at: Option<String>,
    /// When it was sent, held or given up.
    pub settled_at: Option<String>,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// What it says, as plain text.
    pub text: String,
}

/// The list with the test message.
pub fn outbox(tr: Tr, page: Outbox) -> AnyView {
    let folder = page.folder.as_ref().map(|folder| {
        let text = tr.with("mail-no-server", [("folder", folder)]);
        notice::plain(tr.t("mail-no-server-title").into_owned(), view! { <p>{text}</p> })
    });
    let list = if page.messages.is_empty() {
        view! { <p class="c-empty l-gap">{tr.t("mail-empty")}</p> }.into_any()
    } else {
        list(tr, &page.messages)
    };
    let state = (!page.state.is_empty()).then(|| format!("state={}", page.state));
    let address = |extra: Option<String>| {
        let query: Vec<String> = state.iter().cloned().chain(extra).collect();
        if query.is_empty() { "/province/mail".to_owned() } else { format!("/province/mail?{}", query.join("&")) }
    };
    let first = page.later_page.then(|| address(None));
    let next = page.next.as_ref().map(|next| address(Some(format!("before={next}"))));
    view! {
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><h1>{tr.t("mail-title")}</h1><p class="c-head__lead">{tr.t("mail-lead")}</p></div>
        {folder}
        {filter(tr, &page.state)}
        {list}
        {log::paging(tr, first, next)}
        {test(tr, page.to, &page.mistakes)}
    }
    .into_any()
}

fn filter(tr: Tr, chosen: &str) -> impl IntoView + use<> {
    let all = view! {
        <a class="c-buttons__link" href="/province/mail" aria-current=chosen.is_empty().then_some("true")>
            {tr.t("mail-all")}
        </a>
    };
    let links: Vec<_> = STATES
        .into_iter()
        .map(|state| {
            let current = (state == chosen).then_some("true");
            let href = format!("/province/mail?state={state}");
            view! { <a class="c-buttons__link" href=href aria-current=current>{state_word(tr, state)}</a> }
        })
        .collect();
    view! { <nav class="c-buttons l-gap" aria-label=tr.t("mail-filter")>{all}{links}</nav> }
}

fn list(tr: Tr, messages: &[Line]) -> AnyView {
    let columns =
        [tr.t("mail-recipient"), tr.t("mail-subject"), tr.t("mail-state"), tr.t("mail-queued")].map(|c| c.into_owned());
    let rows = messages
        .iter()
        .map(|line| {
            let href = format!("/province/mail/{}", line.id);
            let (recipient, title, kind) = (line.recipient.clone(), line.title.clone(), kind_word(tr, &line.kind));
            vec![
                view! { <a class="c-board__name" href=href>{recipient}</a> }.into_any(),
                view! { {title}<span class="c-board__sub">{kind}</span> }.into_any(),
                status(tr, &line.state),
                view! { <span class="u-nowrap">{line.queued_at.clone()}</span> }.into_any(),
            ]
        })
        .collect();
    log::table(tr.t("mail-title").into_owned(), &columns, rows)
}

fn test(tr: Tr, to: String, mistakes: &[Mistake]) -> impl IntoView + use<> {
    let field = Field {
        label: tr.t("mail-test-to").into_owned(),
        value: to,
        kind: "email",
        autocomplete: "email",
        ..Field::default()
    };
    view! {
        <section class="l-section l-text" aria-labelledby="test">
            <h2 id="test">{tr.t("mail-test-heading")}</h2>
            <form class="l-gap" method="post" action="/province/mail" novalidate>
                {field::input(tr, "to", field, mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--second" type="submit">{tr.t("mail-test-button")}</button>
                </div>
            </form>
        </section>
    }
}

/// One message.
pub fn detail(tr: Tr, page: Detail) -> AnyView {
    let line = page.line;
    let fact = |name: String, value: String| {
        view! { <div class="c-facts__row"><dt>{name}</dt><dd>{value}</dd></div> }
    };
    let again = matches!(line.state.as_str(), "held" | "failed").then(|| {
        view! {
            <div class="l-gap">
                {log::button(format!("/province/mail/{}/resend", line.id), tr.t("mail-resend").into_owned())}
            </div>
        }
    });
    view! {
        <p><a class="c-back" href="/province/mail">{tr.t("mail-title")}</a></p>
        <div class="c-head"><p class="c-head__over">{kind_word(tr, &line.kind)}</p><h1>{line.title}</h1></div>
        <dl class="c-facts l-text">
            {fact(tr.t("mail-recipient").into_owned(), line.recipient)}
            <div class="c-facts__row"><dt>{tr.t("mail-state")}</dt><dd>{status(tr, &line.state)}</dd></div>
            {fact(tr.t("mail-queued").into_owned(), line.queued_at)}
            {fact(tr.t("mail-attempts").into_owned(), page.attempts.to_string())}
            {page.next_at.map(|at| fact(tr.t("mail-next").into_owned(), at))}
            {page.settled_at.map(|at| fact(tr.t("mail-settled").into_owned(), at))}
            {page.last_error.map(|error| fact(tr.t("mail-error").into_owned(), error))}
        </dl>
        {again}
        <h2 class="l-gap-l">{tr.t("mail-text")}</h2>
        <pre class="c-letter l-gap">{page.text}</pre>
    }
    .into_any()
}

/// How far a message is.
pub fn status(tr: Tr, state: &str) -> AnyView {
    let class = match state {
        "sent" => "c-status c-status--done",
        "failed" => "c-status c-status--alert",
        "held" => "c-status c-status--back",
        _ => "c-status c-status--wait",
    };
    view! { <span class=class>{state_word(tr, state)}</span> }.into_any()
}

fn state_word(tr: Tr, state: &str) -> String {
    match state {
        "queued" => tr.t("mail-queued-word").into_owned(),
        "sent" => tr.t("mail-sent").into_owned(),
        "held" => tr.t("mail-held").into_owned(),
        "failed" => tr.t("mail-failed").into_owned(),
        other => other.to_owned(),
    }
}

/// What a message is for.
#[must_use]
pub fn kind_word(tr: Tr, kind: &str) -> String {
    match kind {
        "test" => tr.t("mail-kind-test").into_owned(),
        "account_invitation" => tr.t("mail-kind-invitation").into_owned(),
        "account_erased" => tr.t("mail-kind-erased").into_owned(),
        "taken_over" => tr.t("mail-kind-taken-over").into_owned(),
        "member_invitation" => tr.t("mail-kind-member-invitation").into_owned(),
        "member_reminder" => tr.t("mail-kind-member-reminder").into_owned(),
        "group_invitation" => tr.t("mail-kind-group-invitation").into_owned(),
        "group_reminder" => tr.t("mail-kind-group-reminder").into_owned(),
        "application" => tr.t("mail-kind-application").into_owned(),
        "review" => tr.t("mail-kind-review").into_owned(),
        other => other.to_owned(),
    }
}
