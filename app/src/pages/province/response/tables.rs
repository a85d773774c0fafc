//! The response by class, by invitation group and by association: a line each, with counts and a rate.

use leptos::prelude::*;
use model::{
    format,
    register::{Share, evenness},
    statistics::weight::LOW_REPRESENTATIVENESS,
};

use super::{OfAssociation, OfGroup, rate};
use crate::{i18n::Tr, ui::notice};

/// A line: what it is about, and the numbers beside it, one a column.
struct Line {
    about: AnyView,
    numbers: Vec<String>,
}

/// A table under its title, with what is said before it. The first column says what a line is about, the others are numbers.
fn table(title: String, before: AnyView, columns: &[String], lines: Vec<Line>) -> AnyView {
    let heads: Vec<_> = columns
        .iter()
        .enumerate()
        .map(|(place, column)| view! { <th scope="col" class=(place > 0).then_some("is-num")>{column.clone()}</th> })
        .collect();
    let row = |line: Line| {
        let labels = columns[1..].iter().cloned();
        let cells: Vec<_> = line
            .numbers
            .into_iter()
            .zip(labels)
            .map(|(number, label)| view! { <td class="is-num" data-label=label>{number}</td> })
            .collect();
        view! { <tr><th scope="row">{line.about}</th>{cells}</tr> }
    };
    let rows: Vec<_> = lines.into_iter().map(row).collect();
    view! {
        <section class="l-section">
            <h2>{title}</h2>
            {before}
            <table class="c-table c-rows">
                <thead><tr>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
    .into_any()
}

/// The response by the classes of a margin. `call` is the address of the list to call, the code of the class still to be
/// added; `name` says what a class is called.
pub(super) fn margin(
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
    let columns = [
        tr.t("response-class"),
        tr.t("response-population"),
        tr.t("response-answered"),
        tr.t("response-rate"),
        tr.t("response-missing"),
    ]
    .map(|column| column.into_owned());
    let number = |count: u32| format::number(tr.lang, i64::from(count));
    let line = |share: &Share| Line {
        about: linked(call.map(|href| format!("{href}{}", share.code)), name(share)),
        numbers: vec![
            number(share.population),
            number(share.respondents),
            rate(tr, share.respondents, share.population),
            number(share.missing),
        ],
    };
    table(title, evenness.into_any(), &columns, shares.iter().map(line).collect())
}

/// The response by invitation group; nothing where there is none.
pub(super) fn groups(tr: Tr, groups: Vec<OfGroup>) -> AnyView {
    if groups.is_empty() {
        return ().into_any();
    }
    let columns = [
        tr.t("groups-group"),
        tr.t("groups-entries"),
        tr.t("response-invited"),
        tr.t("groups-begun"),
        tr.t("response-answered"),
        tr.t("response-rate"),
    ]
    .map(|column| column.into_owned());
    let line = |one: OfGroup| {
        let counts = [one.entries, one.invited, one.begun, one.answered];
        let counts = counts.into_iter().map(|count| format::number(tr.lang, count));
        Line {
            about: linked(Some(one.path), one.name),
            numbers: counts.chain([rate(tr, count(one.answered), count(one.entries))]).collect(),
        }
    };
    let lines = groups.into_iter().map(line).collect();
    table(tr.t("response-by-group").into_owned(), ().into_any(), &columns, lines)
}

/// The response by association; nothing where none has members in the snapshot.
pub(super) fn associations(tr: Tr, associations: Vec<OfAssociation>) -> AnyView {
    if associations.is_empty() {
        return ().into_any();
    }
    let columns =
        [tr.t("nav-associations"), tr.t("response-members"), tr.t("response-answered"), tr.t("response-rate")]
            .map(|column| column.into_owned());
    let line = |one: OfAssociation| {
        let counts = [one.members, one.answered].into_iter().map(|count| format::number(tr.lang, count));
        Line {
            about: linked(None, one.name),
            numbers: counts.chain([rate(tr, count(one.answered), count(one.members))]).collect(),
        }
    };
    let lines = associations.into_iter().map(line).collect();
    table(tr.t("response-by-association").into_owned(), ().into_any(), &columns, lines)
}

fn linked(href: Option<String>, text: String) -> AnyView {
    match href {
        Some(href) => view! { <a href=href>{text}</a> }.into_any(),
        None => text.into_any(),
    }
}

fn count(count: i64) -> u64 {
    u64::try_from(count).unwrap_or_default()
}
