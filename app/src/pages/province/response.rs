//! The response dashboard: who answered, against the snapshot, and who to call.

mod calls;
mod tables;

use leptos::prelude::*;
use model::{
    format,
    register::{Response, ResponseCell, Share},
    size::SizeClass,
};

pub use calls::{Call, Calls, call_cells, call_headers, calls};
use tables::{associations, groups, margin};

use super::words;
use crate::{
    i18n::Tr,
    ui::field::{self, Group},
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
