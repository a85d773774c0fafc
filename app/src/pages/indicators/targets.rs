//! What plans ask for, beside what the figures say.

use leptos::prelude::*;
use model::{
    indicator::Target,
    release::{Figure, Indicator},
};

use super::{Shown, words};
use crate::i18n::Tr;

/// All targets of a release; nothing where no indicator has one.
pub fn section(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let with_targets = shown.release.indicators.iter().filter(|indicator| !indicator.targets.is_empty());
    let rows: Vec<_> = with_targets.flat_map(|indicator| rows(tr, shown, indicator)).collect();
    if rows.is_empty() {
        return ().into_any();
    }
    let label = tr.t("targets-title").into_owned();
    view! {
        <section class="l-section" aria-labelledby="targets">
            <h2 id="targets">{tr.t("targets-title")}</h2>
            <p class="l-text">{tr.t("targets-lead")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=label>
                <table class="c-table">
                    <caption>{tr.t("targets-caption")}</caption>
                    <thead><tr>
                        <th scope="col">{tr.t("indicator-column")}</th>
                        <th scope="col" class="is-num">{tr.t("target-column")}</th>
                        <th scope="col" class="is-num">{tr.t("value-column")}</th>
                        <th scope="col" class="is-num">{tr.t("interval-column")}</th>
                        <th scope="col">{tr.t("change-verdict-column")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn rows(tr: Tr, shown: &Shown<'_>, indicator: &Indicator) -> Vec<AnyView> {
    let row = |target: &Target| {
        let name = indicator.name.get(tr.lang).to_owned();
        let name = match shown.is_draft {
            true => name.into_any(),
            false => view! { <a href=shown.indicator(&indicator.id)>{name}</a> }.into_any(),
        };
        let figure = indicator.province();
        view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="is-num">{wanted(tr, indicator, target)}</td>
                <td class="is-num">{words::figure(tr, indicator.measure, figure)}</td>
                <td class="is-num">{words::interval(tr.lang, figure)}</td>
                <td>{verdict(tr, target, figure)}</td>
            </tr>
        }
        .into_any()
    };
    indicator.targets.iter().map(row).collect()
}

/// The targets of one indicator, each in a sentence.
pub fn sentences(tr: Tr, indicator: &Indicator) -> Vec<String> {
    let sentence = |target: &Target| {
        let (wanted, source) = (wanted(tr, indicator, target), target.source.get(tr.lang));
        let verdict = verdict(tr, target, indicator.province());
        tr.with("target-sentence", [("target", &*wanted), ("source", source), ("verdict", &verdict)])
    };
    indicator.targets.iter().map(sentence).collect()
}

/// "80% (năm 2025)".
fn wanted(tr: Tr, indicator: &Indicator, target: &Target) -> String {
    let value = words::number(tr.lang, indicator.measure, target.value);
    // Plans ask for round numbers.
    let value = value.replace(",0%", "%").replace(".0%", "%");
    tr.with("target-by", [("value", &*value), ("year", &target.year.to_string())])
}

/// Reached or not only where the whole interval says so.
fn verdict(tr: Tr, target: &Target, figure: Figure) -> String {
    let word = match figure {
        Figure::Published { low, .. } if low >= target.value => tr.t("target-reached"),
        Figure::Published { high, .. } if high < target.value => tr.t("target-missed"),
        Figure::Published { .. } => tr.t("target-unclear"),
        Figure::Confidential | Figure::Unreliable => tr.t("not-published"),
    };
    word.into_owned()
}
