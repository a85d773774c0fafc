//! A window of 20 units on a ruler around a key figure, so that the widths of intervals compare between figures.

use leptos::prelude::*;
use model::{format, text::Lang};

use super::percent;

/// How many units the window shows.
const WIDTH: f64 = 20.0;

/// A figure with its limits, and that of an earlier campaign.
#[derive(Clone, Copy, Debug)]
pub struct Shown {
    /// Value, lower and upper limit.
    pub figure: [f64; 3],
    /// The earlier value.
    pub before: Option<f64>,
}

/// The plot; `label` says all of it in a sentence.
pub fn window(lang: Lang, shown: Shown, label: String) -> AnyView {
    let [value, low, high] = shown.figure;
    let width = if high - low > WIDTH - 4.0 { 100.0 } else { WIDTH };
    let start = if width > WIDTH { 0.0 } else { ((value / 5.0).round() * 5.0 - 10.0).clamp(0.0, 100.0 - WIDTH) };
    let at = |unit: f64| ((unit - start) / width * 100.0).clamp(0.0, 100.0);
    let step = width / 20.0;
    let tick = |n: i32| {
        let x = percent(f64::from(n) * 5.0);
        let top = if n % 5 == 0 { 16 } else { 21 };
        view! { <line class="g-axis" x1=x.clone() x2=x y1=top y2="26"></line> }
    };
    let number = |n: i32| {
        let anchor = match n {
            0 => "start",
            4 => "end",
            _ => "middle",
        };
        #[allow(clippy::cast_possible_truncation, reason = "whole numbers from 0 to 100")]
        let unit = (start + f64::from(n) * 5.0 * step) as i64;
        let text = format::number(lang, unit);
        view! { <text class="g-text" x=percent(f64::from(n) * 25.0) y="42" text-anchor=anchor>{text}</text> }
    };
    let before = shown.before.filter(|before| (start..=start + width).contains(before));
    view! {
        <svg class="c-key__plot" width="100%" height="46" role="img" aria-label=label>
            <line class="g-axis" x1="0" x2="100%" y1="26" y2="26"></line>
            {(0..=20).map(tick).collect::<Vec<_>>()}
            {(0..=4).map(number).collect::<Vec<_>>()}
            <line class="g-range" x1=percent(at(low)) x2=percent(at(high)) y1="8" y2="8"></line>
            <line class="g-whisker" x1=percent(at(low)) x2=percent(at(low)) y1="2" y2="14"></line>
            <line class="g-whisker" x1=percent(at(high)) x2=percent(at(high)) y1="2" y2="14"></line>
            {before.map(|before| view! { <circle class="c-key__then" cx=percent(at(before)) cy="8" r="5"></circle> })}
            <circle class="g-dot" cx=percent(at(value)) cy="8" r="6"></circle>
        </svg>
    }
    .into_any()
}
