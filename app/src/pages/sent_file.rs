//! A file with an enterprise in each row, as the register and the list of members take it: sending it, saying what its
//! columns are, and what was not taken.

use leptos::prelude::*;
use model::{
    format,
    register::{Column, Problem},
};

use super::province::words;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Group},
    },
};

/// A row that was not taken.
#[derive(Clone, Debug)]
pub struct Rejected {
    /// Its line in the file.
    pub line: i64,
    /// The tax code and the name, as they stand there.
    pub who: [String; 2],
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The form that sends the file to an address.
pub fn form(tr: Tr, action: &'static str, hint: String, mistakes: &[Mistake]) -> AnyView {
    let error = errors::of(mistakes, "file").map(ToOwned::to_owned);
    let described = field::described_by("file", true, error.is_some());
    let class = if error.is_some() { "c-field c-field--error" } else { "c-field" };
    view! {
        <form class="l-text" method="post" action=action enctype="multipart/form-data">
            <div class=class>
                <label class="c-field__label" for="file">{tr.t("import-file")}</label>
                <p class="c-field__hint" id="file-hint">{hint}</p>
                {error.map(|error| field::message(tr, "file", error))}
                <input class="c-input" id="file" name="file" type="file" accept=".csv,.xlsx,.txt" aria-describedby=described/>
            </div>
            <div class="c-buttons l-gap"><button class="c-button" type="submit">{tr.t("import-upload")}</button></div>
        </form>
    }
    .into_any()
}

/// Which of the headers a column has.
pub fn column(
    tr: Tr,
    column: Column,
    headers: &[String],
    chosen: Option<&usize>,
    hint: Option<String>,
    mistakes: &[Mistake],
) -> AnyView {
    let choices = headers.iter().enumerate().filter(|(_, header)| !header.is_empty());
    let choices = choices.map(|(at, header)| (at.to_string(), header.clone())).collect();
    let chosen = chosen.map(ToString::to_string).unwrap_or_default();
    let groups = vec![Group { label: None, choices }];
    let none = tr.t("import-no-column").into_owned();
    field::select(tr, column.as_str(), words::column(tr, column), hint, (none, groups), &chosen, mistakes)
}

/// How many rows were new, changed, unchanged and rejected; new ones are called differently.
pub fn counts(tr: Tr, added: String, counts: [i64; 4]) -> AnyView {
    let labels = [
        added,
        tr.t("import-changed").into_owned(),
        tr.t("import-unchanged").into_owned(),
        tr.t("import-rejected").into_owned(),
    ];
    let facts: Vec<_> = labels
        .into_iter()
        .zip(counts)
        .map(|(label, count)| {
            let count = format::number(tr.lang, count);
            view! { <div class="c-facts__row"><dt>{label}</dt><dd class="u-num">{count}</dd></div> }
        })
        .collect();
    view! { <dl class="c-facts l-text l-gap">{facts}</dl> }.into_any()
}

/// The rejected rows with their reasons, and, where there is an address for it, the same as a file; nothing where none
/// was rejected.
pub fn rejected(tr: Tr, rows: Vec<Rejected>, href: Option<&str>, below: AnyView) -> AnyView {
    if rows.is_empty() {
        return ().into_any();
    }
    let files = href.map(|href| {
        let file = |format: &str| format!("{href}/rejected?format={format}");
        view! {
            <p>{tr.t("import-rejected-lead")}" "<a href=file("csv")>{tr.t("download-csv")}</a>" · "<a href=file("xlsx")>{tr.t("download-xlsx")}</a></p>
        }
    });
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let [tax_code, name] = row.who;
            view! {
                <tr>
                    <td class="is-num" data-label=tr.t("import-line")>{row.line}</td>
                    <td class="u-num" data-label=tr.t("column-tax-code")>{tax_code}</td>
                    <td data-label=tr.t("column-name")>{name}</td>
                    <td>{problems(tr, &row.problems)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("import-rejected-title")}</h2>
            {files}
            <table class="c-table c-rows">
                <caption class="u-hidden">{tr.t("import-rejected-title")}</caption>
                <thead><tr>
                    <th scope="col" class="is-num">{tr.t("import-line")}</th>
                    <th scope="col">{tr.t("column-tax-code")}</th>
                    <th scope="col">{tr.t("column-name")}</th>
                    <th scope="col">{tr.t("import-why")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
            {below}
        </section>
    }
    .into_any()
}

/// What is wrong with a row.
pub fn problems(tr: Tr, problems: &[Problem]) -> AnyView {
    let problems: Vec<_> = problems.iter().map(|problem| view! { <li>{words::problem(tr, problem)}</li> }).collect();
    view! { <ul>{problems}</ul> }.into_any()
}
