//! The register: its list and one entry.

use leptos::prelude::*;
use model::{classification, format, size::SizeClass, text::sort_key};

use super::{claims, words};
use crate::{
    i18n::Tr,
    paths::quoted,
    ui::field::{self, Group},
};

/// What the list shows.
#[derive(Clone, Debug, Default)]
pub struct List {
    /// What was searched for.
    pub query: String,
    /// The place that is chosen: `u07210`, `d213` or nothing.
    pub place: String,
    /// The section that is chosen.
    pub section: String,
    /// The size that is chosen.
    pub size: String,
    /// `name` or `-name`.
    pub sort: String,
    /// How many entries pass the filter and how many of them are active; none for a search.
    pub count: Option<(i64, i64)>,
    /// The entries of this page.
    pub rows: Vec<Row>,
    /// The address of the next page.
    pub next: Option<String>,
    /// The address of the first page, unless this is it.
    pub first: Option<String>,
    /// Whether the reader may import and freeze.
    pub is_officer: bool,
}

/// A line of the list.
#[derive(Clone, Debug)]
pub struct Row {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name.
    pub name: String,
    /// Ward or commune; may be empty.
    pub unit: String,
    /// Former district.
    pub district: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class or `unknown`.
    pub size: String,
    /// Whether it is at work.
    pub status: String,
}

/// What the page of an entry shows.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The line of the list.
    pub row: Row,
    /// The legal form in words.
    pub legal_form: Option<String>,
    /// The address as written.
    pub address: Option<String>,
    /// The version of the industry code.
    pub industry_version: i64,
    /// The code as it came.
    pub industry_code: String,
    /// Division of VSIC 2025.
    pub division: String,
    /// Employees.
    pub employees: Option<i64>,
    /// Revenue in đồng.
    pub revenue: Option<i64>,
    /// Capital in đồng.
    pub capital: Option<i64>,
    /// Mail of the contact.
    pub email: Option<String>,
    /// Telephone of the contact.
    pub phone: Option<String>,
    /// The file it last changed by.
    pub file_name: String,
    /// When it last changed, as a date.
    pub changed: String,
    /// The day on which the enterprise registered.
    pub registered: Option<String>,
    /// Whether it did so by a code of the province.
    pub by_code: bool,
    /// Until when a code waits to be used.
    pub code_until: Option<String>,
    /// Whether the reader may make codes.
    pub is_officer: bool,
}

/// The list.
pub fn list(tr: Tr, page: List) -> AnyView {
    let codes = format!(
        "/province/register/codes?place={}&section={}&size={}",
        quoted(&page.place),
        quoted(&page.section),
        quoted(&page.size)
    );
    let officer = page.is_officer.then(|| {
        view! {
            <div class="c-buttons">
                <a class="c-button c-button--second c-button--small" href="/province/register/imports">{tr.t("register-import")}</a>
                <a class="c-buttons__link" href=codes.clone()>{tr.t("codes-title")}</a>
            </div>
        }
    });
    let found = if page.rows.is_empty() {
        let empty = if page.count == Some((0, 0))
            && page.query.is_empty()
            && page.place.is_empty()
            && page.section.is_empty()
            && page.size.is_empty()
        {
            tr.t("register-empty")
        } else {
            tr.t("register-none")
        };
        view! { <p class="c-empty">{empty}</p> }.into_any()
    } else {
        table(tr, page.rows.clone())
    };
    let count = page.count.map(|(entries, active)| {
        let (entries, active) = (format::number(tr.lang, entries), format::number(tr.lang, active));
        view! { <p class="u-small u-quiet">{tr.with("register-count", [("entries", &entries), ("active", &active)])}</p> }
    });
    view! {
        <a class="c-back" href="/province">{tr.t("province-back")}</a>
        <div class="c-head">
            <h1>{tr.t("register-list-title")}</h1>
            <p class="c-head__lead">{tr.t("register-list-lead")}</p>
        </div>
        <div class="c-buttons">
            {officer}
            <a class="c-buttons__link" href="/province/register/snapshots">{tr.t("snapshots-title")}</a>
        </div>
        {filter(tr, &page)}
        {count}
        {found}
        {pages(tr, page.first, page.next)}
    }
    .into_any()
}

fn filter(tr: Tr, page: &List) -> AnyView {
    let sort = vec![("-name".to_owned(), tr.t("register-sort-descending").into_owned())];
    let query = page.query.clone();
    view! {
        <form class="c-filter" method="get" action="/province/register" role="search">
            <div class="c-filter__wide">
                <label class="c-field__label" for="q">{tr.t("register-search")}</label>
                <input class="c-input" id="q" name="q" type="search" value=query maxlength="100"/>
            </div>
            {choices(tr, &page.place, &page.section, &page.size)}
            {choice(tr.t("register-sort").into_owned(), "sort", tr.t("register-sort-ascending").into_owned(), vec![Group { label: None, choices: sort }], &page.sort)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("register-filter")}</button>
        </form>
    }
    .into_any()
}

/// The selects of place, section and size.
pub fn choices(tr: Tr, place: &str, section: &str, size: &str) -> AnyView {
    let sections =
        classification::sections().iter().map(|section| (section.code.clone(), words::section(tr, &section.code)));
    let sizes = SizeClass::ALL.iter().map(|size| size.as_str()).chain(["unknown"]);
    let sizes = sizes.map(|size| (size.to_owned(), words::size(tr, size)));
    let one = |choices: Vec<(String, String)>| vec![Group { label: None, choices }];
    view! {
        {choice(tr.t("register-place").into_owned(), "place", tr.t("register-place-all").into_owned(), places(tr), place)}
        {choice(tr.t("register-section").into_owned(), "section", tr.t("register-section-all").into_owned(), one(sections.collect()), section)}
        {choice(tr.t("register-size").into_owned(), "size", tr.t("register-size-all").into_owned(), one(sizes.collect()), size)}
    }
    .into_any()
}

/// A select of the filter.
fn choice(label: String, name: &'static str, all: String, groups: Vec<Group>, chosen: &str) -> AnyView {
    let options: Vec<_> = groups.into_iter().map(|group| field::options(group, chosen)).collect();
    view! {
        <div class="c-filter__one">
            <label class="c-field__label" for=name>{label}</label>
            <select class="c-select" id=name name=name><option value="">{all}</option>{options}</select>
        </div>
    }
    .into_any()
}

/// The former districts, each with its wards and communes.
#[must_use]
pub fn places(tr: Tr) -> Vec<Group> {
    let group = |district: &&'static classification::District| {
        let mut units: Vec<_> =
            classification::units().iter().filter(|unit| unit.former_district_code == district.code).collect();
        units.sort_by_cached_key(|unit| sort_key(&unit.name));
        let label = district.label(tr.lang);
        let whole = (format!("d{}", district.code), tr.with("register-whole", [("district", &label)]));
        let units = units.into_iter().map(|unit| (format!("u{}", unit.code), unit.label(tr.lang)));
        Group { label: Some(label), choices: std::iter::once(whole).chain(units).collect() }
    };
    classification::districts().iter().map(group).collect()
}

fn table(tr: Tr, rows: Vec<Row>) -> AnyView {
    let rows: Vec<_> = rows
        .into_iter()
        .map(|row| {
            let status = (row.status != "active").then(|| {
                view! { " "<span class="c-status c-status--wait">{words::status(tr, &row.status)}</span> }
            });
            view! {
                <tr>
                    <th scope="row"><a href=format!("/province/register/entries/{}", row.tax_code)>{row.name}</a>{status}</th>
                    <td class="u-num u-nowrap" data-label=tr.t("column-tax-code")>{row.tax_code}</td>
                    <td data-label=tr.t("register-place")>{words::place(tr, &row.unit, &row.district)}</td>
                    <td data-label=tr.t("register-section")>{words::section(tr, &row.section)}</td>
                    <td data-label=tr.t("register-size")>{words::size(tr, &row.size)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="c-table c-rows">
            <caption class="u-hidden">{tr.t("register-list-title")}</caption>
            <thead><tr>
                <th scope="col">{tr.t("column-name")}</th>
                <th scope="col">{tr.t("column-tax-code")}</th>
                <th scope="col">{tr.t("register-place")}</th>
                <th scope="col">{tr.t("register-section")}</th>
                <th scope="col">{tr.t("register-size")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// Links to the first and to the next page; nothing where there is only one.
pub fn pages(tr: Tr, first: Option<String>, next: Option<String>) -> AnyView {
    if first.is_none() && next.is_none() {
        return ().into_any();
    }
    let link = |href: String, text: String| view! { <a class="c-buttons__link" href=href>{text}</a> };
    let first = first.map(|href| link(href, tr.t("page-first").into_owned()));
    let next = next.map(|href| link(href, tr.t("page-next").into_owned()));
    view! { <nav class="c-buttons l-gap-s" aria-label=tr.t("page-nav")>{first}{next}</nav> }.into_any()
}

/// One entry.
pub fn entry(tr: Tr, page: Entry) -> AnyView {
    let code_section = claims::of_entry(tr, &page);
    let unknown = || tr.t("not-given").into_owned();
    let money = |value: Option<i64>| {
        value.map_or_else(unknown, |value| tr.with("money-amount", [("amount", &format::number(tr.lang, value))]))
    };
    let employees = page.employees.map_or_else(unknown, |value| format::number(tr.lang, value));
    let fact = |label: String, value: String, more: Option<String>| {
        let more = more.map(|more| view! { <span class="c-facts__more">{more}</span> });
        view! { <div class="c-facts__row"><dt>{label}</dt><dd>{value}{more}</dd></div> }
    };
    let code = tr.with(
        "register-code-as-given",
        [("code", &page.industry_code), ("version", &page.industry_version.to_string())],
    );
    let former = tr.with("former-district", [("name", &words::district(tr, &page.row.district))]);
    let source = tr.with("register-source", [("file", &page.file_name), ("day", &page.changed)]);
    view! {
        <a class="c-back" href="/province/register">{tr.t("register-list-title")}</a>
        <div class="c-head">
            <p class="c-head__over u-num">{page.row.tax_code}</p>
            <h1>{page.row.name}</h1>
        </div>
        <dl class="c-facts l-text">
            {fact(tr.t("column-status").into_owned(), words::status(tr, &page.row.status), None)}
            {fact(tr.t("column-legal-form").into_owned(), page.legal_form.unwrap_or_else(unknown), None)}
            {fact(tr.t("register-place").into_owned(), words::place(tr, &page.row.unit, &page.row.district), Some(former))}
            {fact(tr.t("column-address").into_owned(), page.address.unwrap_or_else(unknown), None)}
            {fact(tr.t("column-industry").into_owned(), words::division(tr, &page.division), Some(code))}
            {fact(tr.t("register-section").into_owned(), words::section(tr, &page.row.section), None)}
            {fact(tr.t("register-size").into_owned(), words::size(tr, &page.row.size), Some(tr.t("register-size-why").into_owned()))}
            {fact(tr.t("column-employees").into_owned(), employees, None)}
            {fact(tr.t("column-revenue").into_owned(), money(page.revenue), None)}
            {fact(tr.t("column-capital").into_owned(), money(page.capital), None)}
            {fact(tr.t("column-email").into_owned(), page.email.unwrap_or_else(unknown), None)}
            {fact(tr.t("column-phone").into_owned(), page.phone.unwrap_or_else(unknown), None)}
        </dl>
        <p class="u-small u-quiet">{source}</p>
        {code_section}
    }
    .into_any()
}
