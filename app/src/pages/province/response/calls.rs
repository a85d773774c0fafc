//! Who to call: enterprises of the frame that have not answered.

use leptos::prelude::*;

use super::cell_name;
use crate::{
    i18n::Tr,
    pages::province::{register::pages, words},
};

/// What the list to call shows.
#[derive(Clone, Debug)]
pub struct Calls {
    /// The campaign's title.
    pub campaign: String,
    /// The cell, from the largest part to the smallest: district, section, size; each may be left out from the end.
    pub cell: [Option<String>; 3],
    /// The enterprises of this page.
    pub rows: Vec<Call>,
    /// The address of the list as a file, its kind still to be added.
    pub download: String,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the first page, unless this is it.
    pub first: Option<String>,
}

/// An enterprise that has not answered.
#[derive(Clone, Debug)]
pub struct Call {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name, as the register has it now.
    pub name: String,
    /// Ward or commune; may be empty.
    pub unit: String,
    /// Former district.
    pub district: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class or `unknown`.
    pub size: String,
    /// Telephone of the contact.
    pub phone: String,
    /// Mail of the contact.
    pub email: String,
    /// Whether it has begun an assessment.
    pub has_begun: bool,
}

/// The list to call.
pub fn calls(tr: Tr, page: Calls) -> AnyView {
    let cell = match &page.cell {
        [Some(district), Some(section), Some(size)] => cell_name(tr, district, section, size),
        [Some(district), Some(section), None] => {
            format!("{} · {}", words::district(tr, district), words::section(tr, section))
        }
        [Some(district), ..] => words::district(tr, district),
        _ => tr.t("response-whole").into_owned(),
    };
    let download = |format: &str| format!("{}format={format}", page.download);
    let empty = page.rows.is_empty();
    let rows: Vec<_> = page.rows.into_iter().map(|row| call(tr, row)).collect();
    let table = if empty {
        let words = if page.next.is_some() { tr.t("response-nobody-yet") } else { tr.t("response-nobody") };
        view! { <p class="c-empty">{words}</p> }.into_any()
    } else {
        view! {
            <p><a href=download("csv")>{tr.t("download-csv")}</a>" · "<a href=download("xlsx")>{tr.t("download-xlsx")}</a></p>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("column-name")}</th>
                    <th scope="col">{tr.t("column-phone")}</th>
                    <th scope="col">{tr.t("column-email")}</th>
                    <th scope="col">{tr.t("register-place")}</th>
                    <th scope="col">{tr.t("response-progress")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        <a class="c-back" href="/province/response">{tr.t("response-title")}</a>
        <div class="c-head"><p class="c-head__over">{page.campaign}</p><h1>{tr.t("call-title")}</h1><p class="c-head__lead">{cell}</p></div>
        {table}
        {pages(tr, page.first, page.next)}
    }
    .into_any()
}

fn call(tr: Tr, row: Call) -> AnyView {
    let begun = if row.has_begun { tr.t("response-begun") } else { tr.t("response-not-begun") };
    view! {
        <tr>
            <th scope="row">{row.name}<span class="c-facts__more u-num">{row.tax_code}</span></th>
            <td class="u-num" data-label=tr.t("column-phone")>{row.phone}</td>
            <td data-label=tr.t("column-email")>{row.email}</td>
            <td data-label=tr.t("register-place")>{words::place(tr, &row.unit, &row.district)}</td>
            <td data-label=tr.t("response-progress")>{begun}</td>
        </tr>
    }
    .into_any()
}

/// The headers of the list as a file.
#[must_use]
pub fn call_headers(tr: Tr) -> Vec<String> {
    let headers = [
        tr.t("column-tax-code"),
        tr.t("column-name"),
        tr.t("column-phone"),
        tr.t("column-email"),
        tr.t("register-place"),
        tr.t("register-section"),
        tr.t("register-size"),
        tr.t("response-progress"),
    ];
    headers.map(|header| header.into_owned()).to_vec()
}

/// A row of the file.
#[must_use]
pub fn call_cells(tr: Tr, row: Call) -> [String; 8] {
    let begun = if row.has_begun { tr.t("response-begun") } else { tr.t("response-not-begun") };
    let place = words::place(tr, &row.unit, &row.district);
    let (section, size) = (words::section(tr, &row.section), words::size(tr, &row.size));
    [row.tax_code, row.name, row.phone, row.email, place, section, size, begun.into_owned()]
}
