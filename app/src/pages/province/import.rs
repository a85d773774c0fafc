//! Importing the register: uploading, saying what the columns are, watching, reading the result.

use leptos::prelude::*;
use model::{
    classification::Vsic,
    format,
    register::{Column, Mapping, Money, Problem},
    text::Lang,
};

use super::{register::pages, words};
use crate::{
    i18n::Tr,
    pages::sent_file::{self, Rejected},
    ui::{
        errors::{self, Mistake},
        field::{self, Group},
        notice,
    },
};

/// What the upload page shows.
#[derive(Clone, Debug, Default)]
pub struct Upload {
    /// What is wrong with the file.
    pub mistakes: Vec<Mistake>,
    /// Earlier imports, newest first.
    pub imports: Vec<Past>,
}

/// An earlier import.
#[derive(Clone, Debug)]
pub struct Past {
    /// Its key.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// When it was uploaded, as a date and a time.
    pub uploaded: String,
    /// How far it is.
    pub state: State,
    /// New, changed, unchanged and rejected rows.
    pub counts: [i64; 4],
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The file waits for somebody to say what its columns are.
    Uploaded,
    /// It runs.
    Running,
    /// It ran to its end.
    Done,
    /// It ended early.
    Failed,
    /// Its process died.
    Interrupted,
    /// Nobody ran it, and its file is gone.
    Discarded,
}

/// What the page of an uploaded file shows.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The key of the import.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// Its headers.
    pub headers: Vec<String>,
    /// What its columns are.
    pub mapping: Mapping,
    /// Whether the columns were remembered from an earlier file.
    pub remembered: bool,
    /// What is wrong with the columns.
    pub mistakes: Vec<Mistake>,
    /// The first rows; none while a column is missing.
    pub preview: Option<Preview>,
}

/// The first rows as they would be taken.
#[derive(Clone, Debug)]
pub struct Preview {
    /// How many were checked.
    pub checked: usize,
    /// How many of them are rejected.
    pub rejected: usize,
    /// The rows.
    pub rows: Vec<PreviewRow>,
}

/// A row of the preview.
#[derive(Clone, Debug)]
pub struct PreviewRow {
    /// Its line in the file.
    pub line: u64,
    /// The tax code and the name, as they stand there.
    pub who: [String; 2],
    /// What it becomes: unit, district, section, size; or why it does not.
    pub read: Result<[String; 4], Vec<Problem>>,
}

/// What the page of a running import shows.
#[derive(Clone, Debug)]
pub struct Running {
    /// The address of this page.
    pub href: String,
    /// The name of the file.
    pub file_name: String,
    /// Rows done.
    pub position: i64,
    /// Rows of the file, about.
    pub lines: i64,
}

/// What the page of an import that ended shows.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The address of this page.
    pub href: String,
    /// The name of the file.
    pub file_name: String,
    /// How it ended.
    pub state: State,
    /// Why, as a stored code.
    pub failure: Option<String>,
    /// New, changed, unchanged and rejected rows.
    pub counts: [i64; 4],
    /// The rejected rows of this page.
    pub rejected: Vec<Rejected>,
    /// The address of the next page of them.
    pub next: Option<String>,
    /// The address of the first, unless this is it.
    pub first: Option<String>,
}

/// The upload page.
pub fn upload(tr: Tr, page: Upload) -> AnyView {
    let mistakes = page.mistakes;
    let hint = tr.t("import-file-hint").into_owned();
    view! {
        <a class="c-back" href="/province/register">{tr.t("register-list-title")}</a>
        {errors::summary(tr, &mistakes)}
        <div class="c-head"><h1>{tr.t("import-title")}</h1><p class="c-head__lead">{tr.t("import-lead")}</p></div>
        {sent_file::form(tr, "/province/register/imports", hint, &mistakes)}
        {past(tr, page.imports)}
    }
    .into_any()
}

fn past(tr: Tr, imports: Vec<Past>) -> AnyView {
    if imports.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = imports
        .into_iter()
        .map(|import| {
            let counts = import.counts.map(|count| format::number(tr.lang, count));
            let [added, changed, unchanged, rejected] = counts;
            view! {
                <tr>
                    <th scope="row"><a href=format!("/province/register/imports/{}", import.id)>{import.file_name}</a></th>
                    <td class="u-num" data-label=tr.t("import-when")>{import.uploaded}</td>
                    <td data-label=tr.t("import-state")>{state(tr, import.state)}</td>
                    <td class="is-num" data-label=tr.t("import-added")>{added}</td>
                    <td class="is-num" data-label=tr.t("import-changed")>{changed}</td>
                    <td class="is-num" data-label=tr.t("import-unchanged")>{unchanged}</td>
                    <td class="is-num" data-label=tr.t("import-rejected")>{rejected}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("import-past")}</h2>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("import-file-name")}</th>
                    <th scope="col">{tr.t("import-when")}</th>
                    <th scope="col">{tr.t("import-state")}</th>
                    <th scope="col" class="is-num">{tr.t("import-added")}</th>
                    <th scope="col" class="is-num">{tr.t("import-changed")}</th>
                    <th scope="col" class="is-num">{tr.t("import-unchanged")}</th>
                    <th scope="col" class="is-num">{tr.t("import-rejected")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn state(tr: Tr, state: State) -> AnyView {
    let (class, text) = match state {
        State::Uploaded => ("c-status c-status--todo", tr.t("import-uploaded")),
        State::Running => ("c-status c-status--doing", tr.t("import-running")),
        State::Done => ("c-status", tr.t("import-done")),
        State::Failed => ("c-status c-status--alert", tr.t("import-failed")),
        State::Interrupted => ("c-status c-status--alert", tr.t("import-interrupted")),
        State::Discarded => ("c-status c-status--wait", tr.t("import-discarded")),
    };
    view! { <span class=class>{text}</span> }.into_any()
}

/// The page of an uploaded file: what its columns are, and what would become of its first rows.
pub fn waiting(tr: Tr, page: Waiting) -> AnyView {
    let action = format!("/province/register/imports/{}", page.id);
    let remembered = page.remembered.then(|| view! { <p>{tr.t("import-remembered")}</p> });
    let columns: Vec<_> = Column::ALL.into_iter().map(|column| column_field(tr, column, &page)).collect();
    let money: Vec<(String, String)> =
        Money::ALL.into_iter().map(|money| (money.as_str().to_owned(), words::money(tr, money))).collect();
    let vsic = [(Vsic::V2025, tr.t("vsic-2025")), (Vsic::V2018, tr.t("vsic-2018"))];
    let vsic: Vec<(String, String)> =
        vsic.into_iter().map(|(version, text)| (version.year().to_string(), text.into_owned())).collect();
    view! {
        <a class="c-back" href="/province/register/imports">{tr.t("import-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><p class="c-head__over">{page.file_name}</p><h1>{tr.t("import-columns")}</h1>
            <p class="c-head__lead">{tr.t("import-columns-lead")}</p></div>
        {remembered}
        <form method="post" action=action>
            <div class="c-mapping">{columns}</div>
            <div class="c-mapping l-gap">
                {plain(tr.t("import-money").into_owned(), "money", money, page.mapping.money.as_str())}
                {plain(tr.t("import-vsic").into_owned(), "vsic", vsic, &page.mapping.vsic.year().to_string())}
            </div>
            <div class="c-buttons l-gap">
                <button class="c-button" type="submit" name="do" value="start">{tr.t("import-start")}</button>
                <button class="c-button c-button--second" type="submit" name="do" value="preview">{tr.t("import-preview-again")}</button>
            </div>
        </form>
        {page.preview.map(|rows| preview(tr, rows))}
    }
    .into_any()
}

fn column_field(tr: Tr, column: Column, page: &Waiting) -> AnyView {
    let needed = matches!(column, Column::TaxCode | Column::Name | Column::Industry);
    let hint = match column {
        Column::Unit | Column::District | Column::Address => Some(tr.t("import-place-hint").into_owned()),
        _ if needed => Some(tr.t("import-needed").into_owned()),
        _ => None,
    };
    let chosen = page.mapping.columns.get(&column);
    sent_file::column(tr, column, &page.headers, chosen, hint, &page.mistakes)
}

/// A select in which something is always chosen.
fn plain(label: String, name: &'static str, choices: Vec<(String, String)>, chosen: &str) -> AnyView {
    view! {
        <div class="c-field">
            <label class="c-field__label" for=name>{label}</label>
            <select class="c-select c-select--wide" id=name name=name>
                {field::options(Group { label: None, choices }, chosen)}
            </select>
        </div>
    }
    .into_any()
}

fn preview(tr: Tr, preview: Preview) -> AnyView {
    let [checked, rejected] = [preview.checked, preview.rejected]
        .map(|count| format::number(tr.lang, i64::try_from(count).unwrap_or(i64::MAX)));
    let rows: Vec<_> = preview.rows.into_iter().map(|row| preview_row(tr, row)).collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("import-preview")}</h2>
            <p>{tr.with("import-preview-counts", [("checked", &checked), ("rejected", &rejected)])}</p>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col" class="is-num">{tr.t("import-line")}</th>
                    <th scope="col">{tr.t("column-tax-code")}</th>
                    <th scope="col">{tr.t("column-name")}</th>
                    <th scope="col">{tr.t("import-becomes")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn preview_row(tr: Tr, row: PreviewRow) -> AnyView {
    let [tax_code, name] = row.who;
    let becomes = match row.read {
        Ok([unit, district, section, size]) => {
            let place = words::place(tr, &unit, &district);
            let (section, size) = (words::section(tr, &section), words::size(tr, &size));
            view! { <td>{place}" · "{section}" · "{size}</td> }.into_any()
        }
        Err(problems) => view! { <td>{problem_list(tr, &problems)}</td> }.into_any(),
    };
    view! {
        <tr><td class="is-num" data-label=tr.t("import-line")>{row.line}</td><td class="u-num" data-label=tr.t("column-tax-code")>{tax_code}</td><td data-label=tr.t("column-name")>{name}</td>{becomes}</tr>
    }
    .into_any()
}

/// What is wrong with a row that would not be taken.
pub fn problem_list(tr: Tr, problems: &[Problem]) -> AnyView {
    let problems = sent_file::problems(tr, problems);
    view! { <span class="c-status c-status--alert">{tr.t("import-not-taken")}</span>{problems} }.into_any()
}

/// The page of a running import; the server makes the browser ask again.
pub fn running(tr: Tr, page: Running) -> AnyView {
    let [position, lines] = [page.position, page.lines].map(|count| format::number(tr.lang, count));
    let said = tr.with("import-progress", [("position", &position), ("lines", &lines)]);
    view! {
        <div class="c-head"><p class="c-head__over">{page.file_name}</p><h1>{tr.t("import-running-title")}</h1></div>
        <div class="l-text l-flow">
            <progress class="c-progress" max=page.lines.max(1).to_string() value=page.position.min(page.lines).to_string() aria-labelledby="progress-text"></progress>
            <p class="u-num" id="progress-text" role="status">{said}</p>
            <p>{tr.t("import-running-lead")}</p>
            <p><a href=page.href>{tr.t("import-look-again")}</a></p>
        </div>
    }
    .into_any()
}

/// The page of an import that ended.
pub fn ended(tr: Tr, page: Ended) -> AnyView {
    let title = match page.state {
        State::Done if page.counts[3] == 0 => tr.t("import-done-title"),
        State::Done => tr.t("import-done-some-title"),
        State::Interrupted => tr.t("import-interrupted-title"),
        _ => tr.t("import-failed-title"),
    };
    let repeat = matches!(page.state, State::Failed | State::Interrupted).then(|| {
        let why = match (&page.failure, page.state) {
            (Some(code), _) => words::failure(tr, code),
            (None, State::Interrupted) => tr.t("import-interrupted-why").into_owned(),
            _ => String::new(),
        };
        view! {
            {notice::warn(tr.t("import-repeat-title").into_owned(), view! { <p>{why}</p><p>{tr.t("import-repeat-safe")}</p> })}
            <form class="c-buttons l-gap" method="post" action=page.href.clone()>
                <button class="c-button" type="submit" name="do" value="repeat">{tr.t("import-repeat")}</button>
            </form>
        }
    });
    view! {
        <a class="c-back" href="/province/register/imports">{tr.t("import-title")}</a>
        <div class="c-head"><p class="c-head__over">{page.file_name.clone()}</p><h1>{title}</h1></div>
        {repeat}
        {sent_file::counts(tr, tr.t("import-added").into_owned(), page.counts)}
        <p class="l-gap"><a href="/province/register">{tr.t("import-to-list")}</a></p>
        {sent_file::rejected(tr, page.rejected, Some(&page.href), pages(tr, page.first, page.next))}
    }
    .into_any()
}

/// The headers of the file with the rejected rows.
#[must_use]
pub fn rejected_headers(tr: Tr) -> [String; 4] {
    [tr.t("import-line"), tr.t("column-tax-code"), tr.t("column-name"), tr.t("import-why")]
        .map(|text| text.into_owned())
}

/// The problems of a row in one cell.
#[must_use]
pub fn problems_in_words(lang: Lang, problems: &[Problem]) -> String {
    problems.iter().map(|problem| words::problem(Tr::new(lang), problem)).collect::<Vec<_>>().join("; ")
}
