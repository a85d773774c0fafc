//! The ruler from 0 to 100 with the span in which a score is certain to lie.

use leptos::prelude::*;
use model::{format, questionnaire::Questionnaire, quick::Outlook};

use super::{
    percent,
    ruler::{band, span, ticks},
};
use crate::i18n::Tr;

/// The ruler of a quick check: the span of the whole, and the score of the core items alone.
pub fn outlook(tr: Tr, questionnaire: &Questionnaire, outlook: &Outlook) -> AnyView {
    let (low, high) = (outlook.range.0.value(), outlook.range.1.value());
    let core = outlook.core.value();
    let points = |value: f64| format::score(tr.lang, value);
    let label = tr.with("outlook-label", [("low", &points(low)), ("high", &points(high)), ("core", &points(core))]);
    let spans: Vec<(f64, f64)> = (0..6).map(|index| span(questionnaire, index)).collect();
    view! {
        <div class="c-rulerscale">
            <svg width="100%" height="120" role="img" aria-label=label>
                {spans.iter().enumerate().map(|(index, span)| band(index, *span)).collect_view()}
                <rect class="g-gate" x=percent(low) y="32" width=percent(high - low) height="34"></rect>
                {ticks(questionnaire)}
                <line class="g-ink" x1=percent(core) x2=percent(core) y1="18" y2="72"></line>
                <circle class="g-dot" cx=percent(core) cy="22" r="7"></circle>
                <line class="g-ink" x1=percent(low) x2=percent(high) y1="98" y2="98"></line>
                <text class="g-text g-text--ink" x=percent(low) y="116" text-anchor="start">{points(low)}</text>
                <text class="g-text g-text--ink" x=percent(high) y="116" text-anchor="end">{points(high)}</text>
            </svg>
        </div>
    }
    .into_any()
}
