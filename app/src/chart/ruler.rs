//! The ruler from 0 to 100 with the six levels, the score and the result.

use leptos::prelude::*;
use model::{format, questionnaire::Questionnaire};

use super::percent;
use crate::{i18n::Tr, ui::level::fill};

/// The ruler of a result: `level` is the result, `score` the overall score.
pub fn ruler(tr: Tr, questionnaire: &Questionnaire, score: f64, level: u8) -> AnyView {
    let names: Vec<_> = questionnaire
        .levels
        .iter()
        .enumerate()
        .map(|(index, named)| {
            let class = (index == usize::from(level)).then_some("is-here");
            view! { <li class=class>{named.name.get(tr.lang).to_owned()}</li> }
        })
        .collect();
    let spans: Vec<(f64, f64)> = (0..6).map(|index| span(questionnaire, index)).collect();
    let (from, to) = spans[usize::from(level)];
    let points = tr.with("points", [("score", &format::score(tr.lang, score))]);
    let result = tr.with("result-level", [("level", &level.to_string())]);
    let label = tr.with("ruler-label", [("score", &format::score(tr.lang, score)), ("level", &level.to_string())]);
    // Near the right end the words stand on the left of the needle.
    let (anchor, shift) = if score > 70.0 { ("end", -12) } else { ("start", 12) };
    let middle = percent(f64::midpoint(from, to));
    view! {
        <div>
            <ol class="c-rulerscale__names" aria-hidden="true">{names}</ol>
            <div class="c-rulerscale">
                <svg width="100%" height="120" role="img" aria-label=label>
                    {spans.iter().enumerate().map(|(index, span)| band(index, *span)).collect_view()}
                    <rect class="g-gate" x=percent(from) y="32" width=percent(to - from) height="34"></rect>
                    {ticks(questionnaire)}
                    <line class="g-ink" x1=percent(score) x2=percent(score) y1="18" y2="72"></line>
                    <circle class="g-dot" cx=percent(score) cy="22" r="7"></circle>
                    <text class="g-text g-text--ink" x=percent(score) dx=shift y="20" text-anchor=anchor>{points}</text>
                    <line class="g-ink" x1=percent(from) x2=percent(to) y1="98" y2="98"></line>
                    <text class="g-text g-text--ink" x=middle y="116" text-anchor=result_anchor(level)>{result}</text>
                </svg>
            </div>
        </div>
    }
    .into_any()
}

fn result_anchor(level: u8) -> &'static str {
    match level {
        0 => "start",
        5 => "end",
        _ => "middle",
    }
}

pub(super) fn span(questionnaire: &Questionnaire, level: usize) -> (f64, f64) {
    let bound = |index: usize| questionnaire.bounds.get(index).map_or(100.0, |bound| f64::from(*bound));
    (bound(level), bound(level + 1))
}

pub(super) fn band(level: usize, (from, to): (f64, f64)) -> impl IntoView {
    let fill = fill(u8::try_from(level).unwrap_or(5));
    view! {
        <rect class=format!("g-fill {fill}") x=percent(from) y="36" width=percent(to - from) height="26"></rect>
        <text class=format!("g-onfill {fill}") x=percent(f64::midpoint(from, to)) y="54" text-anchor="middle">{level}</text>
    }
}

pub(super) fn ticks(questionnaire: &Questionnaire) -> impl IntoView + use<> {
    let lines: Vec<_> = (0..=50)
        .map(|step| {
            let x = format!("{}%", 2 * step);
            let bottom = if step % 5 == 0 { 72 } else { 67 };
            view! { <line class="g-axis" x1=x.clone() x2=x y1=62 y2=bottom></line> }
        })
        .collect();
    let ends = questionnaire.bounds.iter().copied().chain([100]);
    let numbers: Vec<_> = ends
        .map(|bound| {
            let anchor = match bound {
                0 => "start",
                100 => "end",
                _ => "middle",
            };
            view! { <text class="g-text" x=format!("{bound}%") y="88" text-anchor=anchor>{bound}</text> }
        })
        .collect();
    view! { {lines}{numbers} }
}
