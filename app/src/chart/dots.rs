//! Dot rows: one row per pillar on an axis from 0 to 100 with lines at the level bounds; where there are peers, a band
//! for the middle half of them and a bar at their median.

use leptos::prelude::*;
use model::format;

use super::percent;
use crate::{i18n::Tr, ui::level::chip};

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What the row is about.
    pub name: String,
    /// The score; none when too few items were answered.
    pub score: Option<f64>,
    /// Its level.
    pub level: Option<u8>,
    /// Lower quartile, median and upper quartile of the peers.
    pub peers: Option<[u32; 3]>,
}

/// The rows over one axis. `bounds` are the lower bounds of the levels.
pub fn dots(tr: Tr, rows: Vec<Row>, bounds: [u32; 6]) -> AnyView {
    let rows: Vec<_> = rows.into_iter().map(|row| line(tr, row, bounds)).collect();
    view! {
        <div class="c-dots">
            {rows}
            {axis(bounds)}
        </div>
    }
    .into_any()
}

/// The axis under rows of dots: the lower bounds of the levels, and 100.
pub(super) fn axis(bounds: [u32; 6]) -> impl IntoView {
    let bounds = bounds.into_iter().chain([100]);
    let texts = bounds.map(
        |bound| view! { <text class="g-text" x=percent(f64::from(bound)) y="14" text-anchor="middle">{bound}</text> },
    );
    view! {
        <div class="c-dots__axis">
            <svg class="c-dots__axis-plot" width="100%" height="18" aria-hidden="true">{texts.collect::<Vec<_>>()}</svg>
        </div>
    }
}

/// The lines of the axis through a row that ends at `bottom` pixels.
pub(super) fn grid(bounds: [u32; 6], bottom: u32) -> impl IntoView {
    let line = |bound: u32| view! { <line class="g-grid" x1=percent(f64::from(bound)) x2=percent(f64::from(bound)) y1="4" y2=bottom></line> };
    bounds.into_iter().chain([100]).map(line).collect::<Vec<_>>()
}

fn line(tr: Tr, row: Row, bounds: [u32; 6]) -> impl IntoView {
    let value = row.score.map_or_else(|| tr.t("insufficient").into_owned(), |score| format::score(tr.lang, score));
    let mut label = tr.with("dot-label", [("name", &row.name), ("score", &value)]);
    if let Some([low, median, high]) = row.peers.map(|peers| peers.map(|points| points.to_string())) {
        let peers = tr.with("dot-peers", [("low", &low), ("median", &median), ("high", &high)]);
        label = format!("{label} {peers}");
    }
    view! {
        <div class="c-dots__row">
            <span class="c-dots__name">{row.name}</span>
            <span class="c-dots__value">{value}" "{row.level.map(|level| chip(tr, level))}</span>
            <div class="c-dots__plot">
                <svg width="100%" height="36" role="img" aria-label=label>
                    <line class="g-axis" x1="0" x2="100%" y1="18" y2="18"></line>
                    {grid(bounds, 32)}
                    {row.peers.map(band)}
                    {row.score.map(|score| view! {
                        {row.peers.is_none().then(|| view! {
                            <line class="g-range" x1="0%" x2=percent(score) y1="18" y2="18"></line>
                        })}
                        <circle class="g-dot" cx=percent(score) cy="18" r="8"></circle>
                    })}
                </svg>
            </div>
        </div>
    }
}

/// The middle half of the peers, at least as wide as its outline, and their median.
fn band([low, median, high]: [u32; 3]) -> impl IntoView {
    let width = high.saturating_sub(low);
    view! {
        <rect class="g-band" x=format!("{low}%") y="10" width=format!("{width}%") height="16"></rect>
        <line class="g-median" x1=format!("{median}%") x2=format!("{median}%") y1="4" y2="32"></line>
    }
}

/// What dot, band and bar mean.
pub fn legend(tr: Tr) -> AnyView {
    let row = |sign: AnyView, text: String| {
        view! {
            <li><svg class="c-legend__swatch" viewBox="0 0 28 18" aria-hidden="true">{sign}</svg>{text}</li>
        }
    };
    let dot = view! { <circle class="g-dot" cx="14" cy="9" r="8"></circle> }.into_any();
    let band = view! { <rect class="g-band" x="1" y="2" width="26" height="14"></rect> }.into_any();
    let median = view! { <line class="g-median" x1="14" x2="14" y1="0" y2="18"></line> }.into_any();
    view! {
        <ul class="c-legend">
            {row(dot, tr.t("legend-you").into_owned())}
            {row(band, tr.t("legend-half").into_owned())}
            {row(median, tr.t("legend-median").into_owned())}
        </ul>
    }
    .into_any()
}
