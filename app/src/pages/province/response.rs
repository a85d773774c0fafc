//! The response dashboard: who answered, against the snapshot, and who to call.

use std::borrow::Cow;

use leptos::prelude::*;
use model::{
    format,
    register::{Response, ResponseCell, Share, evenness},
    size::SizeClass,
    statistics::weight::LOW_REPRESENTATIVENESS,
};

use super::{register::pages, words};
use crate::{
    i18n::Tr,
    ui::{
        field::{self, Group},
        notice,
    },
};

/// How many cells are listed: more calls than an office makes in a week.
const GAPS: usize = 40;

/// What the dashboard shows.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// The campaign's title.
    pub campaign: String,
    /// The frame with its answers; none while the campaign has no snapshot.
    pub framed: Option<Framed>,
    /// Snapshots that could become the frame, key and title; empty when the reader may not choose.
    pub choices: Vec<(String, String)>,
    /// Whether the reader may see who to call.
    pub may_call: bool,
}

/// A snapshot with the answers of the campaign.
#[derive(Clone, Debug)]
pub struct Framed {
    /// The snapshot's title.
    pub snapshot: String,
    /// When it was taken, as a date.
    pub taken: String,
    /// The cells.
    pub response: Response,
    /// Respondents that the snapshot does not have.
    pub strangers: i64,
    /// The associations with members in the snapshot.
    pub associations: Vec<OfAssociation>,
    /// The invitation groups.
    pub groups: Vec<OfGroup>,
}

/// How far an invitation group is.
#[derive(Clone, Debug)]
pub struct OfGroup {
    /// The address of its page.
    pub path: String,
    /// What it is called.
    pub name: String,
    /// How many enterprises are in it.
    pub entries: i64,
    /// Of them, those that were invited, by mail or by a printed letter.
    pub invited: i64,
    /// Those that have begun.
    pub begun: i64,
    /// Those that have answered.
    pub answered: i64,
}

/// How far the members of an association are.
#[derive(Clone, Debug)]
pub struct OfAssociation {
    /// Its name.
    pub name: String,
    /// Its members in the snapshot.
    pub members: i64,
    /// Of them, those that have answered.
    pub answered: i64,
}

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

/// The page when no campaign is open.
pub fn no_campaign(tr: Tr) -> AnyView {
    view! {
        <a class="c-back" href="/province">{tr.t("province-back")}</a>
        <h1>{tr.t("response-title")}</h1>
        <p class="c-empty">{tr.t("province-none")}</p>
    }
    .into_any()
}

/// The dashboard.
pub fn dashboard(tr: Tr, page: Dashboard) -> AnyView {
    let body = match page.framed {
        Some(framed) => framed_view(tr, framed, page.may_call),
        None => frameless(tr, page.choices),
    };
    view! {
        <a class="c-back" href="/province">{tr.t("province-back")}</a>
        <div class="c-head"><p class="c-head__over">{page.campaign}</p><h1>{tr.t("response-title")}</h1></div>
        {body}
    }
    .into_any()
}

fn frameless(tr: Tr, choices: Vec<(String, String)>) -> AnyView {
    let form = (!choices.is_empty()).then(|| {
        view! {
            <form class="l-text l-gap" method="post" action="/province/response">
                <div class="c-field">
                    <label class="c-field__label" for="snapshot">{tr.t("response-choose")}</label>
                    <select class="c-select c-select--wide" id="snapshot" name="snapshot">
                        {field::options(Group { label: None, choices }, "")}
                    </select>
                </div>
                <div class="c-buttons l-gap-s"><button class="c-button" type="submit">{tr.t("response-attach")}</button></div>
            </form>
        }
    });
    view! {
        <div class="c-empty"><p>{tr.t("response-no-frame")}</p><p><a href="/province/register/snapshots">{tr.t("snapshots-title")}</a></p></div>
        {form}
    }
    .into_any()
}

fn framed_view(tr: Tr, framed: Framed, may_call: bool) -> AnyView {
    let response = framed.response;
    let (all, answered) = (response.population(), response.respondents());
    let [all_said, answered_said] =
        [all, answered].map(|count| format::number(tr.lang, i64::try_from(count).unwrap_or(i64::MAX)));
    let percent = rate(tr, answered, all);
    let by_size = in_order(response.by(|cell| cell.size_code()));
    let by_section = response.by(|cell| &cell.section);
    let by_district = response.by(|cell| &cell.district);
    let strangers = (framed.strangers > 0).then(|| {
        view! { <p class="u-small u-quiet">{tr.with("response-strangers", [("count", &format::number(tr.lang, framed.strangers))])}</p> }
    });
    let lead = tr.with("response-lead", [("answered", &answered_said), ("all", &all_said), ("percent", &percent)]);
    let frame = tr.with("response-frame", [("title", &framed.snapshot), ("day", &framed.taken)]);
    let whole = may_call.then(|| view! { <p><a href="/province/response/call">{tr.t("response-call-all")}</a></p> });
    let size = |share: &Share| words::size(tr, &share.code);
    let section = |share: &Share| words::section(tr, &share.code);
    let district = |share: &Share| words::district(tr, &share.code);
    view! {
        <p class="u-lead">{lead}</p>
        <p class="u-small u-quiet">{frame}</p>
        {strangers}
        {whole}
        {gaps(tr, &response, may_call)}
        {margin(tr, tr.t("response-by-size").into_owned(), &by_size, size, None)}
        {margin(tr, tr.t("response-by-section").into_owned(), &by_section, section, None)}
        {margin(tr, tr.t("response-by-district").into_owned(), &by_district, district, may_call.then_some("/province/response/call?district="))}
        {groups(tr, framed.groups)}
        {associations(tr, framed.associations)}
    }
    .into_any()
}

/// Size classes from the smallest; what is not known comes last.
fn in_order(mut shares: Vec<Share>) -> Vec<Share> {
    shares.sort_by_key(|share| SizeClass::rank(&share.code));
    shares
}

fn rate(tr: Tr, part: impl Into<u64>, whole: impl Into<u64>) -> String {
    let (part, whole): (u64, u64) = (part.into(), whole.into());
    if whole == 0 {
        return tr.t("response-no-rate").into_owned();
    }
    #[expect(clippy::cast_precision_loss, reason = "a per cent with one digit")]
    let percent = part as f64 * 100.0 / whole as f64;
    if part > 0 && percent < 0.05 {
        return tr.t("response-rate-tiny").into_owned();
    }
    tr.with("percent", [("number", &format::score(tr.lang, percent))])
}

fn gaps(tr: Tr, response: &Response, may_call: bool) -> AnyView {
    let gaps = response.gaps();
    if gaps.is_empty() {
        return view! {
            <section class="l-section"><h2>{tr.t("response-gaps-title")}</h2><p>{tr.t("response-no-gaps")}</p></section>
        }
        .into_any();
    }
    let cells = format::number(tr.lang, i64::try_from(gaps.len()).unwrap_or(i64::MAX));
    let answers: u64 = gaps.iter().map(|(_, missing)| u64::from(*missing)).sum();
    let answers = format::number(tr.lang, i64::try_from(answers).unwrap_or(i64::MAX));
    let rows: Vec<_> = gaps.into_iter().take(GAPS).map(|(cell, missing)| gap(tr, cell, missing, may_call)).collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("response-gaps-title")}</h2>
            <p class="l-text">{tr.with("response-gaps-lead", [("cells", &cells), ("answers", &answers)])}</p>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("response-cell")}</th>
                    <th scope="col" class="is-num">{tr.t("response-population")}</th>
                    <th scope="col" class="is-num">{tr.t("response-answered")}</th>
                    <th scope="col" class="is-num">{tr.t("response-missing")}</th>
                    <th scope="col">{tr.t("response-call")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn gap(tr: Tr, cell: &ResponseCell, missing: u32, may_call: bool) -> AnyView {
    let name = cell_name(tr, &cell.district, &cell.section, cell.size_code());
    let href = format!(
        "/province/response/call?district={}&section={}&size={}",
        cell.district,
        cell.section,
        cell.size_code()
    );
    let call = if may_call {
        view! { <td><a href=href>{tr.t("response-call-list")}</a></td> }.into_any()
    } else {
        view! { <td></td> }.into_any()
    };
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="is-num" data-label=tr.t("response-population")>{format::number(tr.lang, i64::from(cell.population))}</td>
            <td class="is-num" data-label=tr.t("response-answered")>{format::number(tr.lang, i64::from(cell.respondents))}</td>
            <td class="is-num" data-label=tr.t("response-missing")>{format::number(tr.lang, i64::from(missing))}</td>
            {call}
        </tr>
    }
    .into_any()
}

fn cell_name(tr: Tr, district: &str, section: &str, size: &str) -> String {
    format!("{} · {} · {}", words::district(tr, district), words::section(tr, section), words::size(tr, size))
}

fn margin(
    tr: Tr,
    title: String,
    shares: &[Share],
    name: impl Fn(&Share) -> String,
    call: Option<&'static str>,
) -> AnyView {
    let evenness = evenness(shares).map(|found| {
        let said = tr.with("response-evenness", [("r", &format::score(tr.lang, found.r * 100.0))]);
        if found.r < LOW_REPRESENTATIVENESS {
            notice::warn(tr.t("response-uneven").into_owned(), view! { <p>{said}</p> })
        } else {
            view! { <p class="u-small u-quiet">{said}</p> }.into_any()
        }
    });
    let rows: Vec<_> = shares
        .iter()
        .map(|share| {
            let text = name(share);
            let head = match call {
                Some(href) => view! { <th scope="row"><a href=format!("{href}{}", share.code)>{text}</a></th> }.into_any(),
                None => view! { <th scope="row">{text}</th> }.into_any(),
            };
            let percent = rate(tr, share.respondents, share.population);
            view! {
                <tr>
                    {head}
                    <td class="is-num" data-label=tr.t("response-population")>{format::number(tr.lang, i64::from(share.population))}</td>
                    <td class="is-num" data-label=tr.t("response-answered")>{format::number(tr.lang, i64::from(share.respondents))}</td>
                    <td class="is-num" data-label=tr.t("response-rate")>{percent}</td>
                    <td class="is-num" data-label=tr.t("response-missing")>{format::number(tr.lang, i64::from(share.missing))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section">
            <h2>{title}</h2>
            {evenness}
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("response-class")}</th>
                    <th scope="col" class="is-num">{tr.t("response-population")}</th>
                    <th scope="col" class="is-num">{tr.t("response-answered")}</th>
                    <th scope="col" class="is-num">{tr.t("response-rate")}</th>
                    <th scope="col" class="is-num">{tr.t("response-missing")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The response by invitation group; nothing where there is none.
fn groups(tr: Tr, groups: Vec<OfGroup>) -> AnyView {
    if groups.is_empty() {
        return ().into_any();
    }
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let rows: Vec<_> = groups
        .into_iter()
        .map(|one| {
            let number = |label: Cow<'static, str>, count: i64| {
                view! { <td class="is-num" data-label=label>{format::number(tr.lang, count)}</td> }
            };
            view! {
                <tr>
                    <th scope="row"><a href=one.path>{one.name}</a></th>
                    {number(tr.t("groups-entries"), one.entries)}
                    {number(tr.t("response-invited"), one.invited)}
                    {number(tr.t("groups-begun"), one.begun)}
                    {number(tr.t("response-answered"), one.answered)}
                    <td class="is-num" data-label=tr.t("response-rate")>{rate(tr, count(one.answered), count(one.entries))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("response-by-group")}</h2>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("groups-group")}</th>
                    <th scope="col" class="is-num">{tr.t("groups-entries")}</th>
                    <th scope="col" class="is-num">{tr.t("response-invited")}</th>
                    <th scope="col" class="is-num">{tr.t("groups-begun")}</th>
                    <th scope="col" class="is-num">{tr.t("response-answered")}</th>
                    <th scope="col" class="is-num">{tr.t("response-rate")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The response by association; nothing where none has members in the snapshot.
fn associations(tr: Tr, associations: Vec<OfAssociation>) -> AnyView {
    if associations.is_empty() {
        return ().into_any();
    }
    let count = |count: i64| u64::try_from(count).unwrap_or_default();
    let rows: Vec<_> = associations
        .into_iter()
        .map(|one| {
            view! {
                <tr>
                    <th scope="row">{one.name}</th>
                    <td class="is-num" data-label=tr.t("response-members")>{format::number(tr.lang, one.members)}</td>
                    <td class="is-num" data-label=tr.t("response-answered")>{format::number(tr.lang, one.answered)}</td>
                    <td class="is-num" data-label=tr.t("response-rate")>{rate(tr, count(one.answered), count(one.members))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section">
            <h2>{tr.t("response-by-association")}</h2>
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("nav-associations")}</th>
                    <th scope="col" class="is-num">{tr.t("response-members")}</th>
                    <th scope="col" class="is-num">{tr.t("response-answered")}</th>
                    <th scope="col" class="is-num">{tr.t("response-rate")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
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
