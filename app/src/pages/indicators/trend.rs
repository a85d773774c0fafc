//! Over the campaigns: the figures of the province, and whether the last change is more than chance.

use leptos::prelude::*;
use model::{
    format,
    release::{Change, Indicator, Measure, Release},
};

use super::{Shown, words};
use crate::{
    chart::trend::{self, Point},
    i18n::Tr,
};

/// The section of one indicator; nothing while there is no earlier campaign.
pub fn section(tr: Tr, shown: &Shown<'_>, indicator: &Indicator) -> AnyView {
    let release = shown.release;
    if release.trend.iter().all(|wave| !wave.figures.contains_key(&indicator.id)) {
        return ().into_any();
    }
    let points = points(tr, release, indicator);
    let label = points.iter().map(|point| format!("{}: {}", point.name, point.text)).collect::<Vec<_>>().join("; ");
    let broken = points.iter().any(|point| point.breaks);
    let lines: Vec<_> = points.iter().map(|point| line(tr, point)).collect();
    let chart = trend::trend(points, 100.0, label);
    view! {
        <section class="l-section" aria-labelledby="trend">
            <h2 id="trend">{tr.t("trend-title")}</h2>
            <p class="l-text">{indicator.name.get(tr.lang).to_owned()}". "{sentence(tr, release, indicator)}</p>
            {broken.then(|| view! { <p class="l-text u-quiet">{tr.t("trend-break")}</p> })}
            <figure>
                {chart}
                <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("trend-title")><table class="c-table">
                    <thead><tr>
                        <th scope="col">{tr.t("release-campaign")}</th>
                        <th scope="col" class="is-num">{tr.t("value-column")}</th>
                        <th scope="col" class="is-num">{tr.t("interval-column")}</th>
                        <th scope="col">{tr.t("flag-column")}</th>
                    </tr></thead>
                    <tbody>{lines}</tbody>
                </table></div>
            </figure>
        </section>
    }
    .into_any()
}

/// The changes of all indicators in one table; nothing where the campaigns cannot be compared.
pub fn changes(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let Some(changes) = &shown.release.changes else { return ().into_any() };
    let row = |indicator: &Indicator| {
        let change = changes.figures.get(&indicator.id)?;
        let name = indicator.name.get(tr.lang).to_owned();
        let name = match shown.is_draft {
            true => name.into_any(),
            false => view! { <a href=format!("{}#trend", shown.indicator(&indicator.id))>{name}</a> }.into_any(),
        };
        let both = change.both.map_or_else(|| "–".to_owned(), |both| signed(tr, both));
        Some(view! {
            <tr>
                <th scope="row">{name}</th>
                <td class="is-num">{amount(tr, indicator.measure, change.change)}</td>
                <td class="is-num">{limits(tr, change)}</td>
                <td class="is-num">{format::score(tr.lang, change.se)}</td>
                <td class="is-num">{both}</td>
                <td>{verdict(tr, change)}</td>
            </tr>
        })
    };
    let rows: Vec<_> = shown.release.indicators.iter().filter_map(row).collect();
    let caption = tr.with("changes-caption", [("before", changes.title.get(tr.lang))]);
    let label = caption.clone();
    view! {
        <details class="c-details"><summary>{tr.t("changes-summary")}</summary>
            <p class="l-text">{tr.t("changes-lead")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=label>
                <table class="c-table">
                    <caption>{caption}</caption>
                    <thead><tr>
                        <th scope="col">{tr.t("indicator-column")}</th>
                        <th scope="col" class="is-num">{tr.t("change-column")}</th>
                        <th scope="col" class="is-num">{tr.t("interval-column")}</th>
                        <th scope="col" class="is-num">{tr.t("change-se-column")}</th>
                        <th scope="col" class="is-num">{tr.t("change-both-column")}</th>
                        <th scope="col">{tr.t("change-verdict-column")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

fn points(tr: Tr, release: &Release, indicator: &Indicator) -> Vec<Point> {
    let mut breaks = false;
    let mut points: Vec<Point> = Vec::new();
    for wave in &release.trend {
        let figure = wave.figures.get(&indicator.id);
        let text = figure.map_or_else(
            || tr.t("not-published").into_owned(),
            |one| words::number(tr.lang, indicator.measure, one.value),
        );
        let name = wave.title.get(tr.lang).to_owned();
        points.push(Point { name, figure: figure.map(|one| [one.value, one.low, one.high]), text, breaks });
        breaks = wave.breaks;
    }
    let text = words::figure(tr, indicator.measure, indicator.province());
    let name = release.campaign.title.get(tr.lang).to_owned();
    points.push(Point { name, figure: words::limits(indicator.province()), text, breaks });
    points
}

fn line(tr: Tr, point: &Point) -> impl IntoView + use<> {
    let interval = point.figure.map_or_else(
        || "–".to_owned(),
        |[_, low, high]| format!("{}–{}", format::score(tr.lang, low), format::score(tr.lang, high)),
    );
    view! {
        <tr>
            <th scope="row">{point.name.clone()}</th>
            <td class="is-num">{point.text.clone()}</td>
            <td class="is-num">{interval}</td>
            <td>{point.breaks.then(|| tr.t("flag-break"))}</td>
        </tr>
    }
}

/// The last change in words; nothing where there is none to speak of.
pub fn sentence(tr: Tr, release: &Release, indicator: &Indicator) -> String {
    let Some(changes) = &release.changes else { return String::new() };
    let Some(change) = changes.figures.get(&indicator.id) else { return String::new() };
    let amount = amount(tr, indicator.measure, change.change.abs());
    let amount = amount.trim_start_matches('+');
    let interval = limits(tr, change);
    let before = changes.title.get(tr.lang);
    let signed = self::amount(tr, indicator.measure, change.change);
    let mut text = match change.significant {
        true if change.change > 0.0 => {
            tr.with("change-up", [("change", amount), ("before", before), ("interval", &interval)])
        }
        true => tr.with("change-down", [("change", amount), ("before", before), ("interval", &interval)]),
        false => tr.with("change-unclear", [("change", &signed), ("before", before), ("interval", &interval)]),
    };
    if let (Some(n), Some(both)) = (change.n_both, change.both) {
        let both = self::amount(tr, indicator.measure, both);
        text.push(' ');
        text.push_str(&tr.with("change-both", [("n", n.label()), ("change", &both)]));
    }
    text
}

/// Whether a change is more than chance, in a word.
fn verdict(tr: Tr, change: &Change) -> String {
    let word = match change.significant {
        true if change.change > 0.0 => tr.t("change-verdict-up"),
        true => tr.t("change-verdict-down"),
        false => tr.t("change-verdict-unclear"),
    };
    word.into_owned()
}

fn limits(tr: Tr, change: &Change) -> String {
    match (change.low, change.high) {
        (Some(low), Some(high)) => tr.with("from-to", [("from", &signed(tr, low)), ("to", &signed(tr, high))]),
        _ => "–".to_owned(),
    }
}

/// "+2,3 điểm", "−1,0 điểm phần trăm".
fn amount(tr: Tr, measure: Measure, value: f64) -> String {
    let number = signed(tr, value);
    match measure {
        Measure::Score => tr.with("points-changed", [("number", &number)]),
        Measure::Share | Measure::Percentage | Measure::Ratio => {
            tr.with("percentage-points-changed", [("number", &number)])
        }
    }
}

fn signed(tr: Tr, value: f64) -> String {
    let number = format::score(tr.lang, value.abs());
    match value {
        0.0 => number,
        value if value > 0.0 => format!("+{number}"),
        _ => format!("−{number}"),
    }
}
