//! Intervals on an axis: one row per group, a dot with its 95 % interval, perhaps an earlier figure as a hollow dot.

use leptos::prelude::*;

use super::percent;

/// One row.
#[derive(Clone, Debug)]
pub struct Row {
    /// What it is about.
    pub name: Name,
    /// The value in words, with its unit, or why there is none.
    pub value: String,
    /// Value, lower and upper limit; none where nothing is published.
    pub figure: Option<[f64; 3]>,
    /// A sentence with all of it.
    pub label: String,
}

/// A name, perhaps with a link.
#[derive(Clone, Debug)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// The rows over one axis from 0 to 100; `lines` are drawn across.
pub fn intervals(rows: Vec<Row>, lines: &[u32]) -> AnyView {
    let rows: Vec<_> = rows.into_iter().map(|row| line(row, lines)).collect();
    let axis = |bound: &u32| {
        let anchor = match bound {
            0 => "start",
            100 => "end",
            _ => "middle",
        };
        view! { <text class="g-text" x=format!("{bound}%") y="14" text-anchor=anchor>{*bound}</text> }
    };
    let axis: Vec<_> = lines.iter().map(axis).collect();
    view! {
        <div class="c-bars">
            {rows}
            <div class="c-bars__row" aria-hidden="true">
                <span class="c-bars__name"></span>
                <svg class="c-bars__plot" width="100%" height="18">{axis}</svg>
            </div>
        </div>
    }
    .into_any()
}

fn line(row: Row, lines: &[u32]) -> impl IntoView + use<> {
    let grid = |bound: &u32| {
        let x = format!("{bound}%");
        view! { <line class="g-grid" x1=x.clone() x2=x y1="2" y2="28"></line> }
    };
    let grid: Vec<_> = lines.iter().map(grid).collect();
    let class = if row.figure.is_some() { "c-bars__row" } else { "c-bars__row c-bars__row--none" };
    let name = match row.name.href {
        Some(href) => view! { <a href=href>{row.name.text}</a> }.into_any(),
        None => row.name.text.into_any(),
    };
    view! {
        <div class=class>
            <span class="c-bars__name">{name}</span>
            <svg class="c-bars__plot" width="100%" height="30" role="img" aria-label=row.label>
                {grid}
                <line class="g-axis" x1="0" x2="100%" y1="15" y2="15"></line>
                {row.figure.map(dot)}
            </svg>
            <span class="c-bars__sum">{row.value}</span>
        </div>
    }
}

fn dot([value, low, high]: [f64; 3]) -> impl IntoView {
    view! {
        <line class="g-range" x1=percent(low) x2=percent(high) y1="15" y2="15"></line>
        <line class="g-whisker" x1=percent(low) x2=percent(low) y1="8" y2="22"></line>
        <line class="g-whisker" x1=percent(high) x2=percent(high) y1="8" y2="22"></line>
        <circle class="g-dot" cx=percent(value) cy="15" r="6"></circle>
    }
}
