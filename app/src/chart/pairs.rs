//! Dot rows with two dots: what the enterprise says of itself (hollow) and what reviewers found (filled).

use leptos::prelude::*;
use model::format;

use super::{
    dots::{axis, grid},
    percent,
};
use crate::i18n::Tr;

/// One row.
#[derive(Clone, Debug)]
pub struct Pair {
    /// What the row is about.
    pub name: String,
    /// The enterprise's own score; none when too few items were answered.
    pub own: Option<f64>,
    /// The score with the recorded levels.
    pub reviewed: Option<f64>,
}

/// The rows over one axis, with a legend and a table. `bounds` are the lower bounds of the levels.
pub fn pairs(tr: Tr, rows: Vec<Pair>, bounds: [u32; 6]) -> AnyView {
    let lines: Vec<_> = rows.iter().map(|row| line(tr, row, bounds)).collect();
    view! {
        <ul class="c-legend">
            <li>
                <svg class="c-legend__swatch" viewBox="0 0 28 18" aria-hidden="true">
                    <circle class="g-dot--hollow" cx="14" cy="9" r="6"></circle>
                </svg>
                {tr.t("pairs-own")}
            </li>
            <li>
                <svg class="c-legend__swatch" viewBox="0 0 28 18" aria-hidden="true">
                    <circle class="g-dot g-dot--brand" cx="14" cy="9" r="7"></circle>
                </svg>
                {tr.t("pairs-found")}
            </li>
        </ul>
        <div class="c-dots c-dots--narrow">
            {lines}
            {axis(bounds)}
        </div>
        {table(tr, &rows)}
    }
    .into_any()
}

fn number(tr: Tr, score: Option<f64>) -> String {
    score.map_or_else(|| tr.t("insufficient").into_owned(), |score| format::score(tr.lang, score))
}

fn line(tr: Tr, row: &Pair, bounds: [u32; 6]) -> impl IntoView + use<> {
    let (own, found) = (number(tr, row.own), number(tr, row.reviewed));
    let value = if own == found { own.clone() } else { format!("{own} → {found}") };
    let label = tr.with("pairs-label", [("name", &row.name), ("own", &own), ("found", &found)]);
    let between = row.own.zip(row.reviewed).filter(|_| own != found).map(|(own, found)| {
        view! {
            <line class="g-ink" x1=percent(own) x2=percent(found) y1="14" y2="14"></line>
            <circle class="g-dot--hollow" cx=percent(own) cy="14" r="6"></circle>
        }
    });
    let dot = row
        .reviewed
        .map(|found| view! { <circle class="g-dot g-dot--brand" cx=percent(found) cy="14" r="7"></circle> });
    view! {
        <div class="c-dots__row">
            <span class="c-dots__name">{row.name.clone()}</span>
            <span class="c-dots__value u-small">{value}</span>
            <div class="c-dots__plot">
                <svg width="100%" height="28" role="img" aria-label=label>
                    <line class="g-axis" x1="0" x2="100%" y1="14" y2="14"></line>
                    {grid(bounds, 24)}
                    {between}
                    {dot}
                </svg>
            </div>
        </div>
    }
}

fn table(tr: Tr, rows: &[Pair]) -> impl IntoView + use<> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            let (name, own, found) = (row.name.clone(), number(tr, row.own), number(tr, row.reviewed));
            view! { <tr><th scope="row">{name}</th><td class="is-num">{own}</td><td class="is-num">{found}</td></tr> }
        })
        .collect();
    view! {
        <details class="c-details">
            <summary>{tr.t("table-summary")}</summary>
            <div class="c-details__body">
                <table class="c-table">
                    <thead>
                        <tr>
                            <th scope="col">{tr.t("column-pillar")}</th>
                            <th scope="col" class="is-num">{tr.t("pairs-own")}</th>
                            <th scope="col" class="is-num">{tr.t("pairs-found")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
}
