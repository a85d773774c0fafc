//! Stacked bars: how enterprises spread over the levels, one bar per group.

use leptos::prelude::*;
use model::{format, text::Lang};

use super::percent;
use crate::ui::level::fill;

/// Parts from this size on carry their number.
const WIDE: f64 = 7.0;

/// One bar.
#[derive(Clone, Debug)]
pub struct Bar {
    /// What it is about.
    pub name: String,
    /// How many answered, as a class.
    pub n: String,
    /// Per cent at each level; none where nothing is published.
    pub parts: Option<[f64; 6]>,
    /// The sum shown at the right.
    pub sum: String,
    /// A sentence with all of it.
    pub label: String,
    /// Whether it is the whole.
    pub is_whole: bool,
}

/// The bars under a heading of two words.
pub fn stack(lang: Lang, heading: [String; 2], bars: Vec<Bar>) -> AnyView {
    let [name, sum] = heading;
    let bars: Vec<_> = bars.into_iter().map(|bar| row(lang, bar)).collect();
    view! {
        <div class="c-bars">
            <div class="c-bars__row c-bars__row--head" aria-hidden="true">
                <span>{name}</span>
                <span class="c-bars__sum">{sum}</span>
            </div>
            {bars}
        </div>
    }
    .into_any()
}

fn row(lang: Lang, bar: Bar) -> impl IntoView {
    let class = match (bar.is_whole, bar.parts.is_some()) {
        (true, _) => "c-bars__row c-bars__row--all",
        (false, true) => "c-bars__row",
        (false, false) => "c-bars__row c-bars__row--none",
    };
    let parts = bar.parts.map(|parts| segments(lang, parts));
    view! {
        <div class=class>
            <span class="c-bars__name">{bar.name}" "<span class="c-bars__n">{bar.n}</span></span>
            <svg class="c-bars__plot" width="100%" height="30" role="img" aria-label=bar.label>
                {match parts {
                    Some(parts) => parts.into_any(),
                    None => view! { <line class="g-axis" x1="0" x2="100%" y1="15" y2="15" stroke-dasharray="4 4"></line> }
                        .into_any(),
                }}
            </svg>
            <span class="c-bars__sum">{bar.sum}</span>
        </div>
    }
}

fn segments(lang: Lang, parts: [f64; 6]) -> Vec<AnyView> {
    let mut start = 0.0;
    let whole: f64 = parts.iter().sum();
    let scale = if whole > 0.0 { 100.0 / whole } else { 1.0 };
    let mut views = Vec::new();
    for (level, part) in (0_u8..).zip(parts) {
        let width = part * scale;
        let class = format!("g-fill {}", fill(level));
        views.push(
            view! { <rect class=class x=percent(start) y="1" width=percent(width) height="28"></rect> }.into_any(),
        );
        if part >= WIDE {
            let class = format!("g-onfill {}", fill(level));
            let x = percent(start + width / 2.0);
            #[allow(clippy::cast_possible_truncation, reason = "per cent")]
            let text = format::number(lang, part.round() as i64);
            views.push(view! { <text class=class x=x y="20" text-anchor="middle">{text}</text> }.into_any());
        }
        start += width;
    }
    views
}
