//! An association lists its members by a file: upload, what the columns are, what came of it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{
    format,
    register::{Column, Problem},
};

use super::province::{import::problem_list, words};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Group},
        log,
    },
};

/// What a list of members can hold.
pub const COLUMNS: [Column; 4] = [Column::TaxCode, Column::Name, Column::Email, Column::Phone];
/// Rejected rows on a page; the file has all of them.
const SHOWN: usize = 200;

/// What the upload page shows.
#[derive(Clone, Debug)]
pub struct Upload {
    /// The association's name.
    pub association: String,
    /// The last imports, the newest first.
    pub past: Vec<Past>,
    /// What is wrong with the file that was sent.
    pub mistakes: Vec<Mistake>,
}

/// An import that was done.
#[derive(Clone, Debug)]
pub struct Past {
    /// Key of the import.
    pub id: String,
    /// The name of the file.
    pub file_name: String,
    /// When it was uploaded.
    pub uploaded: String,
    /// New, changed, unchanged and rejected rows.
    pub counts: [i64; 4],
}

/// What the page of an uploaded file shows.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The address of the page.
    pub href: String,
    /// The name of the file.
    pub file_name: String,
    /// The headers of the file.
    pub headers: Vec<String>,
    /// The position of each column.
    pub columns: BTreeMap<Column, usize>,
    /// What would become of the rows; none while the column of the tax codes is missing.
    pub preview: Option<Preview>,
    /// What is wrong with the choice of columns.
    pub mistakes: Vec<Mistake>,
}

/// What would become of the rows.
#[derive(Clone, Debug)]
pub struct Preview {
    /// The first rows that would be taken: line, tax code, name, mail address, telephone number.
    pub first: Vec<(u64, [String; 4])>,
    /// How many would be taken.
    pub taken: usize,
    /// Those that would not.
    pub rejected: Vec<Rejected>,
}

/// A row that is not taken.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Its line in the file.
    pub line: i64,
    /// The tax code and the name, as they stand there.
    pub who: [String; 2],
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// What the page of an import that was done shows.
#[derive(Clone, Debug)]
pub struct Ended {
    /// The address of the page.
    pub href: String,
    /// The name of the file.
    pub file_name: String,
    /// New, changed, unchanged and rejected rows.
    pub counts: [i64; 4],
    /// The rejected rows.
    pub rejected: Vec<Rejected>,
}

/// The upload page.
pub fn upload(tr: Tr, page: Upload) -> AnyView {
    let mistakes = page.mistakes;
    let error = errors::of(&mistakes, "file").map(ToOwned::to_owned);
    let described = field::described_by("file", true, error.is_some());
    let class = if error.is_some() { "c-field c-field--error" } else { "c-field" };
    view! {
        <a class="c-back" href="/association/members">{tr.t("members-title")}</a>
        {errors::summary(tr, &mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.association}</p>
            <h1>{tr.t("member-import-title")}</h1>
            <p class="c-head__lead">{tr.t("member-import-lead")}</p>
        </div>
        <form class="l-text" method="post" action="/association/imports" enctype="multipart/form-data">
            <div class=class>
                <label class="c-field__label" for="file">{tr.t("import-file")}</label>
                <p class="c-field__hint" id="file-hint">{tr.t("member-import-hint")}</p>
                {error.map(|error| field::message(tr, "file", error))}
                <input class="c-input" id="file" name="file" type="file" accept=".csv,.xlsx,.txt" aria-describedby=described/>
            </div>
            <div class="c-buttons l-gap"><button class="c-button" type="submit">{tr.t("import-upload")}</button></div>
        </form>
        {past(tr, page.past)}
    }
    .into_any()
}

fn past(tr: Tr, imports: Vec<Past>) -> AnyView {
    if imports.is_empty() {
        return ().into_any();
    }
    let columns = [
        tr.t("import-file-name"),
        tr.t("import-when"),
        tr.t("member-import-added"),
        tr.t("import-changed"),
        tr.t("import-unchanged"),
        tr.t("import-rejected"),
    ]
    .map(|column| column.into_owned());
    let rows = imports.into_iter().map(|import| {
        let href = format!("/association/imports/{}", import.id);
        let counts = import.counts.map(|count| format::number(tr.lang, count).into_any());
        let mut cells = vec![
            view! { <a class="c-board__name" href=href>{import.file_name}</a> }.into_any(),
            import.uploaded.into_any(),
        ];
        cells.extend(counts);
        cells
    });
    let rows = rows.collect();
    view! {
        <section class="l-section"><h2>{tr.t("import-past")}</h2>{log::table(tr.t("import-past").into_owned(), &columns, rows)}</section>
    }
    .into_any()
}

/// The page of an uploaded file: what its columns are, and what would become of its rows.
pub fn waiting(tr: Tr, page: Waiting) -> AnyView {
    let columns: Vec<_> = COLUMNS.into_iter().map(|column| column_field(tr, column, &page)).collect();
    view! {
        <a class="c-back" href="/association/imports">{tr.t("member-import-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.file_name}</p>
            <h1>{tr.t("import-columns")}</h1>
            <p class="c-head__lead">{tr.t("member-import-columns")}</p>
        </div>
        <form method="post" action=page.href>
            <div class="c-mapping">{columns}</div>
            <div class="c-buttons l-gap">
                <button class="c-button" type="submit" name="do" value="start">{tr.t("member-import-start")}</button>
                <button class="c-button c-button--second" type="submit" name="do" value="preview">{tr.t("import-preview-again")}</button>
            </div>
        </form>
        {page.preview.map(|rows| preview(tr, rows))}
    }
    .into_any()
}

fn column_field(tr: Tr, column: Column, page: &Waiting) -> AnyView {
    let choices = page.headers.iter().enumerate().filter(|(_, header)| !header.is_empty());
    let choices = choices.map(|(at, header)| (at.to_string(), header.clone())).collect();
    let chosen = page.columns.get(&column).map(ToString::to_string).unwrap_or_default();
    let hint = (column == Column::TaxCode).then(|| tr.t("import-needed").into_owned());
    let none = tr.t("import-no-column").into_owned();
    let groups = vec![Group { label: None, choices }];
    field::select(tr, column.as_str(), words::column(tr, column), hint, (none, groups), &chosen, &page.mistakes)
}

fn preview(tr: Tr, preview: Preview) -> AnyView {
    let number = |count: usize| format::number(tr.lang, i64::try_from(count).unwrap_or(i64::MAX));
    let counts = (number(preview.taken), number(preview.rejected.len()));
    let columns =
        [tr.t("column-tax-code"), tr.t("column-name"), tr.t("column-email"), tr.t("column-phone"), tr.t("import-line")]
            .map(|column| column.into_owned());
    let rows = preview.first.into_iter().map(|(line, cells)| {
        let shown = |text: String| if text.is_empty() { "–".to_owned() } else { text };
        let mut cells: Vec<AnyView> = cells.map(|text| shown(text).into_any()).into();
        cells.push(line.to_string().into_any());
        cells
    });
    let rows: Vec<_> = rows.collect();
    let first = (!rows.is_empty()).then(|| log::table(tr.t("import-preview").into_owned(), &columns, rows));
    view! {
        <section class="l-section">
            <h2>{tr.t("import-preview")}</h2>
            <p>{tr.with("member-import-preview", [("taken", &counts.0), ("rejected", &counts.1)])}</p>
            {first}
        </section>
        {rejected(tr, preview.rejected, None)}
    }
    .into_any()
}

/// The page of an import that was done.
pub fn ended(tr: Tr, page: Ended) -> AnyView {
    let [added, changed, unchanged, left] = page.counts.map(|count| format::number(tr.lang, count));
    let fact = |label: String, value: String| {
        view! { <div class="c-facts__row"><dt>{label}</dt><dd class="u-num">{value}</dd></div> }
    };
    view! {
        <a class="c-back" href="/association/imports">{tr.t("member-import-title")}</a>
        <div class="c-head"><p class="c-head__over">{page.file_name}</p><h1>{tr.t("member-import-done")}</h1></div>
        <dl class="c-facts l-text l-gap">
            {fact(tr.t("member-import-added").into_owned(), added)}
            {fact(tr.t("import-changed").into_owned(), changed)}
            {fact(tr.t("import-unchanged").into_owned(), unchanged)}
            {fact(tr.t("import-rejected").into_owned(), left)}
        </dl>
        <p class="l-gap"><a class="c-button" href="/association/members">{tr.t("member-import-next")}</a></p>
        {rejected(tr, page.rejected, Some(page.href))}
    }
    .into_any()
}

/// The rejected rows with their reasons, and the same as a file.
fn rejected(tr: Tr, rows: Vec<Rejected>, href: Option<String>) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let columns = [tr.t("column-tax-code"), tr.t("column-name"), tr.t("import-line"), tr.t("import-why")]
        .map(|column| column.into_owned());
    let (all, shown) = (rows.len(), rows.len().min(SHOWN));
    let more = (all > shown).then(|| {
        let numbers = (shown.to_string(), all.to_string());
        view! { <p>{tr.with("member-import-more", [("shown", &numbers.0), ("all", &numbers.1)])}</p> }
    });
    let lines = rows.into_iter().take(SHOWN).map(|row| {
        let [tax_code, name] = row.who;
        vec![
            view! { <span class="u-num">{tax_code}</span> }.into_any(),
            name.into_any(),
            row.line.to_string().into_any(),
            problem_list(tr, &row.problems),
        ]
    });
    let lines = lines.collect();
    let files = href.map(|href| {
        let file = |format: &str| format!("{href}/rejected?format={format}");
        view! {
            <p>{tr.t("import-rejected-lead")}" "<a href=file("csv")>{tr.t("download-csv")}</a>" · "<a href=file("xlsx")>{tr.t("download-xlsx")}</a></p>
        }
    });
    view! {
        <section class="l-section">
            <h2>{tr.t("import-rejected-title")}</h2>
            {files}
            {more}
            {log::table(tr.t("import-rejected-title").into_owned(), &columns, lines)}
        </section>
    }
    .into_any()
}
