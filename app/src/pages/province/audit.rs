//! The audit log: who did what, when, from where.

mod words;

use leptos::prelude::*;
pub use words::{action_word, subject_word};

use super::accounts::role_word;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        log,
    },
};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// What was asked for.
    pub filter: Filter,
    /// The actions that occur.
    pub actions: Vec<String>,
    /// The rows, newest first.
    pub rows: Vec<Row>,
    /// The query of the next page.
    pub next: Option<String>,
    /// The query of the filter alone, for the first page and the export.
    pub query: String,
    /// Whether this is not the first page.
    pub later_page: bool,
    /// What is wrong with the filter.
    pub mistakes: Vec<Mistake>,
}

/// What was typed into the filter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// An action; all when empty.
    pub action: String,
    /// An e-mail address or phone number; everybody when empty.
    pub who: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
}

/// One row of the log.
#[derive(Clone, Debug)]
pub struct Row {
    /// When.
    pub at: String,
    /// What, as in the database.
    pub action: String,
    /// The person's name; none for the program and for visitors.
    pub who: Option<String>,
    /// The person's role.
    pub role: Option<String>,
    /// The address of the person's page, where there is one.
    pub who_href: Option<String>,
    /// What it happened to.
    pub object: Object,
    /// What else is known: names and values; moments as they are read.
    pub facts: Vec<(String, String)>,
    /// The entry as it is stored and exported.
    pub raw: String,
    /// The network it came from.
    pub origin: Option<String>,
    /// Its place in the chain.
    pub seq: Option<i64>,
}

/// What a row is about.
#[derive(Clone, Debug)]
pub struct Object {
    /// The kind of thing, as in the database.
    pub kind: String,
    /// What it is called; none where it has no name of its own, or is gone.
    pub name: Option<String>,
    /// The address of its page, where the reader has one.
    pub href: Option<String>,
}

/// The page.
pub fn view(tr: Tr, page: Audit) -> AnyView {
    let list = if page.rows.is_empty() {
        view! { <p class="c-empty l-gap">{tr.t("audit-empty")}</p> }.into_any()
    } else {
        list(tr, page.rows)
    };
    let address = |query: String| format!("/province/audit?{query}");
    let first = page.later_page.then(|| address(page.query.clone()));
    let export = |format: &str| format!("/province/audit/export?{}&format={format}", page.query);
    view! {
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><h1>{tr.t("audit-title")}</h1><p class="c-head__lead">{tr.t("audit-lead")}</p></div>
        {filter(tr, page.filter, page.actions, &page.mistakes)}
        {list}
        {log::paging(tr, first, page.next.map(address))}
        <p class="c-buttons l-gap">
            <a class="c-buttons__link" href=export("csv")>{tr.t("audit-csv")}</a>
            <a class="c-buttons__link" href=export("xlsx")>{tr.t("audit-xlsx")}</a>
        </p>
    }
    .into_any()
}

fn filter(tr: Tr, filter: Filter, actions: Vec<String>, mistakes: &[Mistake]) -> impl IntoView + use<> {
    let options: Vec<_> = actions
        .into_iter()
        .map(|action| {
            let (selected, word) = (action == filter.action, action_word(tr, &action));
            view! { <option value=action selected=selected>{word}</option> }
        })
        .collect();
    let field = |name: &'static str, kind: &'static str, label: String, value: String| {
        let wrong = errors::of(mistakes, name).is_some().then_some("true");
        view! {
            <div>
                <label class="c-field__label" for=name>{label}</label>
                <input class="c-input" id=name name=name type=kind value=value aria-invalid=wrong/>
            </div>
        }
    };
    view! {
        <form class="c-filter" method="get" action="/province/audit">
            <div>
                <label class="c-field__label" for="action">{tr.t("audit-what")}</label>
                <select class="c-select" id="action" name="action">
                    <option value="">{tr.t("audit-all")}</option>
                    {options}
                </select>
            </div>
            {field("who", "text", tr.t("audit-who").into_owned(), filter.who)}
            {field("from", "date", tr.t("audit-from").into_owned(), filter.from)}
            {field("until", "date", tr.t("audit-until").into_owned(), filter.until)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("audit-filter")}</button>
        </form>
    }
}

fn list(tr: Tr, rows: Vec<Row>) -> AnyView {
    let columns = columns(tr);
    let rows = rows
        .into_iter()
        .map(|row| {
            vec![
                view! { <span class="u-num u-nowrap">{row.at.clone()}</span> }.into_any(),
                what(tr, &row),
                who(tr, &row),
                row.origin.unwrap_or_default().into_any(),
                row.seq.map(|seq| seq.to_string()).unwrap_or_default().into_any(),
            ]
        })
        .collect();
    log::table(tr.t("audit-title").into_owned(), &columns, rows)
}

/// What was done, to what, and the entry itself for whoever needs it to the letter.
fn what(tr: Tr, row: &Row) -> AnyView {
    let facts: Vec<String> = row.facts.iter().filter_map(|(name, value)| words::fact(tr, name, value)).collect();
    let facts = (!facts.is_empty()).then(|| view! { <span class="c-board__sub u-num">{facts.join(" · ")}</span> });
    let said = action_word(tr, &row.action);
    view! {
        <span class="c-board__plain">{said.clone()}</span>
        <span class="c-board__sub">{object(tr, &row.object)}</span>
        {facts}
        <details class="c-details c-details--small">
            <summary>{tr.t("audit-raw")}<span class="u-hidden">": "{said}", "{row.at.clone()}</span></summary>
            <div class="c-details__body"><code class="c-raw">{row.raw.clone()}</code></div>
        </details>
    }
    .into_any()
}

fn object(tr: Tr, object: &Object) -> AnyView {
    let kind = subject_word(tr, &object.kind);
    match (object.name.clone(), object.href.clone()) {
        (Some(name), Some(href)) => view! { {kind}": "<a href=href>{name}</a> }.into_any(),
        (Some(name), None) => view! { {kind}": "{name} }.into_any(),
        (None, Some(href)) => view! { <a href=href>{kind}</a> }.into_any(),
        (None, None) => kind.into_any(),
    }
}

fn who(tr: Tr, row: &Row) -> AnyView {
    let name = row.who.clone().unwrap_or_else(|| tr.t("audit-nobody").into_owned());
    let name = match row.who_href.clone() {
        Some(href) => view! { <a href=href>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let role = row.role.as_ref().map(|role| view! { <span class="c-board__sub">{role_word(tr, role)}</span> });
    view! { {name}{role} }.into_any()
}

/// The headers of the list.
#[must_use]
pub fn columns(tr: Tr) -> [String; 5] {
    [tr.t("column-when"), tr.t("column-what"), tr.t("column-who"), tr.t("audit-origin"), tr.t("audit-seq")]
        .map(|column| column.into_owned())
}
