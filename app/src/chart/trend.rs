//! A trend over campaigns: a dot with its interval for each, joined by a line where the two may be compared.

use leptos::prelude::*;

use super::percent;

/// One campaign.
#[derive(Clone, Debug)]
pub struct Point {
    /// Its name.
    pub name: String,
    /// Value, lower and upper limit; none where nothing is published.
    pub figure: Option<[f64; 3]>,
    /// The value as shown.
    pub text: String,
    /// Whether it must not be compared with the one before.
    pub breaks: bool,
}

const HEIGHT: f64 = 160.0;
const TOP: f64 = 24.0;

/// The chart, oldest first, on an axis from 0 to `most`; `label` says all of it.
pub fn trend(points: Vec<Point>, most: f64, label: String) -> AnyView {
    let count = points.len().max(1) as f64;
    let x = |position: usize| (position as f64 + 0.5) / count * 100.0;
    let y = |value: f64| TOP + (HEIGHT - TOP) * (1.0 - (value / most).clamp(0.0, 1.0));
    let mut parts: Vec<AnyView> = Vec::new();
    for (position, pair) in points.windows(2).enumerate() {
        let (x1, x2) = (percent(x(position)), percent(x(position + 1)));
        if pair[1].breaks {
            let middle = percent(x(position) / 2.0 + x(position + 1) / 2.0);
            parts.push(view! { <line class="g-gate" x1=middle.clone() x2=middle y1="8" y2=HEIGHT stroke-dasharray="3 4"></line> }.into_any());
        } else if let (Some(from), Some(to)) = (pair[0].figure, pair[1].figure) {
            parts.push(view! { <line class="g-axis" x1=x1 x2=x2 y1=y(from[0]) y2=y(to[0])></line> }.into_any());
        }
    }
    for (position, point) in points.into_iter().enumerate() {
        parts.push(one(point, percent(x(position)), &y));
    }
    view! {
        <svg class="c-trend" width="100%" height="204" role="img" aria-label=label>
            <line class="g-axis" x1="0" x2="100%" y1=HEIGHT y2=HEIGHT></line>
            {parts}
        </svg>
    }
    .into_any()
}

fn one(point: Point, x: String, y: &impl Fn(f64) -> f64) -> AnyView {
    let dot = point.figure.map(|[value, low, high]| {
        let above = (y(high) - 8.0).max(14.0);
        view! {
            <line class="g-whisker" x1=x.clone() x2=x.clone() y1=y(low) y2=y(high)></line>
            <circle class="g-dot" cx=x.clone() cy=y(value) r="6"></circle>
            <text class="g-text g-text--ink" x=x.clone() y=above text-anchor="middle">{point.text}</text>
        }
    });
    view! {
        {dot}
        <text class="g-text" x=x y="182" text-anchor="middle">{point.name}</text>
    }
    .into_any()
}
