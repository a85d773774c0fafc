//! What the next level needs, and what of it is there.

use leptos::prelude::*;
use model::{
    format,
    score::{Gate, Score, gate},
};

use super::{super::words::pillar, ResultPage};
use crate::{
    i18n::Tr,
    ui::{icon, level::chip},
};

/// The section; nothing as long as there is no level.
pub(super) fn view(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let (Some(gate), Some(level)) = (gate(page.questionnaire, score), score.level) else {
        return top(tr, score);
    };
    let (this, next) = (level.to_string(), gate.next.to_string());
    view! {
        <section class="l-section" aria-labelledby="why">
            <h2 id="why">{tr.with("why-title", [("level", &this), ("next", &next)])}</h2>
            <p class="l-text">{tr.with("why-text", [("next", &next)])}</p>
            <div class="c-gate">{score_row(tr, score, &gate)}{pillar_row(tr, page, score, &gate)}</div>
        </section>
    }
    .into_any()
}

fn top(tr: Tr, score: &Score) -> AnyView {
    if score.level != Some(5) {
        return ().into_any();
    }
    view! {
        <section class="l-section"><h2>{tr.t("top-title")}</h2><p class="l-text">{tr.t("top-text")}</p></section>
    }
    .into_any()
}

fn score_row(tr: Tr, score: &Score, gate: &Gate) -> AnyView {
    let has = format::score(tr.lang, score.overall.map_or(0.0, model::ratio::Ratio::value));
    let condition = tr.with("gate-score", [("bound", &gate.bound.to_string())]);
    gate_row(tr, gate.score_reached, condition, tr.with("gate-score-fact", [("score", &has)]), ().into_any())
}

fn pillar_row(tr: Tr, page: &ResultPage<'_>, score: &Score, gate: &Gate) -> AnyView {
    let all = page.questionnaire.pillars().count();
    let next = gate.next.to_string();
    let needed = gate.pillars_needed.to_string();
    let condition = if gate.pillars_needed == all {
        tr.with("gate-pillars-all", [("all", &needed), ("next", &next)])
    } else {
        tr.with("gate-pillars", [("needed", &needed), ("all", &all.to_string()), ("next", &next)])
    };
    let short = gate.pillars_needed.saturating_sub(gate.pillars_reached);
    let missing: Vec<String> = gate
        .missing
        .iter()
        .take(short)
        .map(|(id, points)| {
            let points = format::score(tr.lang, *points);
            tr.with("gate-missing", [("pillar", &pillar(tr, page.questionnaire, id)), ("points", &points)])
        })
        .collect();
    let mut fact = tr.with("gate-pillars-fact", [("reached", &gate.pillars_reached.to_string())]);
    if !missing.is_empty() {
        let missing = missing.join("; ");
        fact = format!("{fact} {}", tr.with("gate-lacking", [("missing", &missing)]));
    }
    let chips: Vec<_> = score
        .pillars
        .iter()
        .map(|scored| {
            let name = pillar(tr, page.questionnaire, &scored.id);
            view! { <span>{scored.level.map(|level| chip(tr, level))}" "{name}</span> }
        })
        .collect();
    let chips = view! { <span class="c-gate__chips">{chips}</span> }.into_any();
    gate_row(tr, gate.pillars_reached >= gate.pillars_needed, condition, fact, chips)
}

fn gate_row(tr: Tr, reached: bool, condition: String, fact: String, more: AnyView) -> AnyView {
    let (sign, word) = if reached {
        (icon::tick("c-gate__icon").into_any(), tr.t("gate-yes"))
    } else {
        (icon::cross("c-gate__icon").into_any(), tr.t("gate-no"))
    };
    view! {
        <div class="c-gate__row">
            {sign}
            <p class="c-gate__cond">{condition}" "<span class="c-gate__fact">{fact}</span>{more}</p>
            <span class="c-gate__word">{word}</span>
        </div>
    }
    .into_any()
}
