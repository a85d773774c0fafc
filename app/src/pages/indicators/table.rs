//! Tables of figures: every number with its interval, class of respondents and flag.

use leptos::prelude::*;
use model::release::{Indicator, TableKind};

use super::{Shown, order, words};
use crate::i18n::Tr;

/// A table of one indicator, one row per domain. Rows can be linked to: `#07210`.
pub fn figures(tr: Tr, shown: &Shown<'_>, indicator: &Indicator, table: TableKind) -> AnyView {
    let (rows_by, then_by) = match table {
        TableKind::DistrictSize => (TableKind::District, Some(TableKind::Size)),
        TableKind::SectionSize => (TableKind::Section, Some(TableKind::Size)),
        TableKind::DistrictGroup => (TableKind::District, Some(TableKind::Group)),
        other => (other, None),
    };
    let rows = order::domains_of(shown.release, table).into_iter().map(|(position, domain)| {
        let figure = indicator.figures[position];
        let [first, second] = words::parts(tr, domain);
        view! {
            <tr id=words::anchor(domain)>
                <th scope="row">{first}</th>
                {then_by.map(|_| view! { <td>{second}</td> })}
                <td class="is-num">{words::figure(tr, indicator.measure, figure)}</td>
                <td class="is-num">{words::interval(tr.lang, figure)}</td>
                <td class="is-num">{words::respondents(figure)}</td>
                <td>{words::flag(tr, figure)}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let caption = format!("{}. {}", indicator.name.get(tr.lang), words::table(tr, table));
    around(
        caption,
        view! {
            <tr>
                <th scope="col">{words::table(tr, rows_by)}</th>
                {then_by.map(|table| view! { <th scope="col">{words::table(tr, table)}</th> })}
                {heads(tr)}
            </tr>
        }
        .into_any(),
        rows.into_any(),
    )
}

/// A table of several indicators for the whole province, each with a link to its page.
pub fn indicators(tr: Tr, shown: &Shown<'_>, chosen: &[&Indicator], caption: String) -> AnyView {
    let row = |indicator: &&Indicator| {
        let figure = indicator.province();
        let name = indicator.name.get(tr.lang).to_owned();
        let name = if shown.is_draft {
            name.into_any()
        } else {
            view! { <a href=shown.indicator(&indicator.id)>{name}</a> }.into_any()
        };
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="is-num">{words::figure(tr, indicator.measure, figure)}</td>
                <td class="is-num">{words::interval(tr.lang, figure)}</td>
                <td class="is-num">{words::respondents(figure)}</td>
                <td>{words::flag(tr, figure)}</td>
            </tr>
        }
    };
    let rows: Vec<_> = chosen.iter().map(row).collect();
    let head = view! { <tr><th scope="col">{tr.t("indicator-column")}</th>{heads(tr)}</tr> };
    around(caption, head.into_any(), rows.into_any())
}

/// A table of indicators by domain: names in the columns, values only. Each value stands with its interval on the page of
/// its indicator.
pub fn matrix(
    tr: Tr,
    shown: &Shown<'_>,
    columns: &[(&Indicator, String)],
    table: TableKind,
    caption: String,
) -> AnyView {
    let domains = shown.release.domains_of(TableKind::Province).chain(order::domains_of(shown.release, table));
    let rows = domains.map(|(position, domain)| {
        let cell = |(indicator, _): &(&Indicator, String)| {
            let text = words::figure(tr, indicator.measure, indicator.figures[position]);
            view! { <td class="is-num">{text}</td> }
        };
        let n = columns.first().map_or("–", |(indicator, _)| words::respondents(indicator.figures[position]));
        view! {
            <tr>
                <th scope="row">{words::domain(tr, domain)}</th>
                {columns.iter().map(cell).collect::<Vec<_>>()}
                <td class="is-num">{n}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    let heads = columns.iter().map(|(_, name)| view! { <th scope="col" class="is-num">{name.clone()}</th> });
    let head = view! {
        <tr>
            <th scope="col">{words::table(tr, table)}</th>
            {heads.collect::<Vec<_>>()}
            <th scope="col" class="is-num">{tr.t("respondents-column")}</th>
        </tr>
    };
    around(caption, head.into_any(), rows.into_any())
}

fn heads(tr: Tr) -> AnyView {
    view! {
        <th scope="col" class="is-num">{tr.t("value-column")}</th>
        <th scope="col" class="is-num">{tr.t("interval-column")}</th>
        <th scope="col" class="is-num">{tr.t("respondents-column")}</th>
        <th scope="col">{tr.t("flag-column")}</th>
    }
    .into_any()
}

fn around(caption: String, head: AnyView, rows: AnyView) -> AnyView {
    let label = caption.clone();
    view! {
        <div class="c-scroll" tabindex="0" role="group" aria-label=label>
            <table class="c-table">
                <caption>{caption}</caption>
                <thead>{head}</thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A table that opens.
pub fn folded(tr: Tr, table: AnyView) -> AnyView {
    view! { <details class="c-details"><summary>{tr.t("chart-table")}</summary>{table}</details> }.into_any()
}
