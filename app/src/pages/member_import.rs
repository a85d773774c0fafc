//! An association lists its members by a file: upload, what the columns are, what came of it.

use std::collections::BTreeMap;

use leptos::prelude::*;
use model::{format, register::Column};

use super::sent_file::{self, Rejected};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
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
    let hint = tr.t("member-import-hint").into_owned();
    view! {
        <a class="c-back" href="/association/members">{tr.t("members-title")}</a>
        {errors::summary(tr, &mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.association}</p>
            <h1>{tr.t("member-import-title")}</h1>
            <p class="c-head__lead">{tr.t("member-import-lead")}</p>
        </div>
        {sent_file::form(tr, "/association/imports", hint, &mistakes)}
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
    let hint = (column == Column::TaxCode).then(|| tr.t("import-needed").into_owned());
    sent_file::column(tr, column, &page.headers, page.columns.get(&column), hint, &page.mistakes)
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
    view! {
        <a class="c-back" href="/association/imports">{tr.t("member-import-title")}</a>
        <div class="c-head"><p class="c-head__over">{page.file_name}</p><h1>{tr.t("member-import-done")}</h1></div>
        {sent_file::counts(tr, tr.t("member-import-added").into_owned(), page.counts)}
        <p class="l-gap"><a class="c-button" href="/association/members">{tr.t("member-import-next")}</a></p>
        {rejected(tr, page.rejected, Some(&page.href))}
    }
    .into_any()
}

/// The first of the rejected rows; the file has all of them.
fn rejected(tr: Tr, mut rows: Vec<Rejected>, href: Option<&str>) -> AnyView {
    let all = rows.len();
    rows.truncate(SHOWN);
    let more = (all > SHOWN).then(|| {
        let numbers = (SHOWN.to_string(), all.to_string());
        view! { <p>{tr.with("member-import-more", [("shown", &numbers.0), ("all", &numbers.1)])}</p> }
    });
    sent_file::rejected(tr, rows, href, more.into_any())
}
