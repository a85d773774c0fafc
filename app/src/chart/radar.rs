//! The radar: a small second view of the pillars, never without the table.

use std::f64::consts::TAU;

use leptos::prelude::*;

use crate::i18n::Tr;

const CENTRE: (f64, f64) = (120.0, 112.0);
const RADIUS: f64 = 84.0;

/// The shape of the scores, clockwise from the top.
pub fn radar(tr: Tr, scores: &[f64]) -> AnyView {
    let count = scores.len();
    if count < 3 {
        return ().into_any();
    }
    let rings: Vec<_> = (1..=5)
        .map(|ring| {
            let points = points(&vec![20.0 * f64::from(ring); count]);
            view! { <polygon class="g-grid" fill="none" points=points></polygon> }
        })
        .collect();
    let spokes: Vec<_> = (0..count)
        .map(|index| {
            let (x, y) = point(index, count, 100.0);
            view! { <line class="g-grid" x1="120" y1="112" x2=number(x) y2=number(y)></line> }
        })
        .collect();
    let names: Vec<_> = (0..count)
        .map(|index| {
            let (x, y) = point(index, count, 116.0);
            view! { <text class="g-text g-text--ink" x=number(x) y=number(y + 4.0) text-anchor="middle">{index + 1}</text> }
        })
        .collect();
    view! {
        <svg class="c-radar" viewBox="0 0 240 214" role="img" aria-label=tr.t("radar-label")>
            {rings}{spokes}
            <polygon class="g-shape" points=points(scores)></polygon>
            {names}
        </svg>
    }
    .into_any()
}

fn points(scores: &[f64]) -> String {
    let corner = |(index, score): (usize, &f64)| {
        let (x, y) = point(index, scores.len(), *score);
        format!("{},{}", number(x), number(y))
    };
    scores.iter().enumerate().map(corner).collect::<Vec<_>>().join(" ")
}

#[allow(clippy::cast_precision_loss, reason = "a handful of pillars")]
fn point(index: usize, count: usize, score: f64) -> (f64, f64) {
    let angle = TAU * index as f64 / count as f64;
    let length = RADIUS * score / 100.0;
    (CENTRE.0 + length * angle.sin(), CENTRE.1 - length * angle.cos())
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}
