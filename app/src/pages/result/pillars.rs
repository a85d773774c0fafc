//! The pillars: where each stands, beside similar enterprises where a release tells of them.

use leptos::prelude::*;
use model::{format, score::Score};

use super::{super::peers, ResultPage};
use crate::{
    chart::{dots, radar},
    i18n::Tr,
};

/// A row of the chart and of its table.
struct Line {
    name: String,
    score: Option<f64>,
    level: Option<u8>,
    items: usize,
    peers: Option<[u32; 3]>,
}

/// The pillars, with the overall score before them where there are peers to compare it with.
fn lines(tr: Tr, page: &ResultPage<'_>, score: &Score) -> Vec<Line> {
    let peers = page.compared.as_ref().and_then(|compared| compared.peers.as_ref().ok());
    let pillars = page.questionnaire.pillars().zip(&score.pillars).enumerate();
    let mut lines: Vec<Line> = pillars
        .map(|(index, (section, pillar))| Line {
            name: format!("{}. {}", index + 1, section.title.get(tr.lang)),
            score: pillar.score.map(model::ratio::Ratio::value),
            level: pillar.level,
            items: pillar.items_on,
            peers: peers.and_then(|peers| peers.pillars.get(index).copied()),
        })
        .collect();
    if let Some(peers) = peers {
        let overall = Line {
            name: tr.t("overall").into_owned(),
            score: score.overall.map(model::ratio::Ratio::value),
            level: score.level,
            items: lines.iter().map(|line| line.items).sum(),
            peers: Some(peers.overall),
        };
        lines.insert(0, overall);
    }
    lines
}

/// The section.
pub(super) fn view(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let lines = lines(tr, page, score);
    let has_peers = lines.iter().any(|line| line.peers.is_some());
    let row =
        |line: &Line| dots::Row { name: line.name.clone(), score: line.score, level: line.level, peers: line.peers };
    let rows = lines.iter().map(row).collect();
    let values: Vec<f64> =
        score.pillars.iter().filter_map(|pillar| pillar.score).map(model::ratio::Ratio::value).collect();
    let shape = (values.len() == score.pillars.len()).then(|| {
        view! {
            <figure>
                <figcaption class="c-figure__title">{tr.t("radar-title")}</figcaption>
                {radar::radar(tr, &values)}
                <p class="c-figure__note">{tr.t("radar-note")}</p>
            </figure>
        }
    });
    let (title, text) = match (&page.compared, has_peers) {
        (None, _) => (tr.t("pillars-title"), tr.t("pillars-text-unreleased")),
        (Some(_), false) => (tr.t("pillars-title"), tr.t("pillars-text")),
        (Some(_), true) => (tr.t("pillars-title-peers"), tr.t("pillars-text")),
    };
    view! {
        <section class="l-section" aria-labelledby="pillars">
            <h2 id="pillars">{title}</h2>
            {page.compared.as_ref().map(|compared| peers::lead(tr, compared, score.overall.map(f64::from)))}
            <p class="l-text">{text}</p>
            <figure>
                {has_peers.then(|| dots::legend(tr))}
                {dots::dots(tr, rows, page.questionnaire.bounds)}
            </figure>
            <div class="l-split">{table(tr, &lines, has_peers)}{shape}</div>
        </section>
    }
    .into_any()
}

fn table(tr: Tr, lines: &[Line], has_peers: bool) -> AnyView {
    let peers = |line: &Line| {
        let [low, median, high] = line.peers?.map(|points| points.to_string());
        Some(view! { <td class="is-num">{median}</td><td class="is-num u-nowrap">{low}"–"{high}</td> })
    };
    let row = |line: &Line| {
        let score = line.score.map_or_else(|| tr.t("insufficient").into_owned(), |score| format::score(tr.lang, score));
        let level = line.level.map_or_else(|| "–".to_owned(), |level| level.to_string());
        view! {
            <tr>
                <th scope="row">{line.name.clone()}</th>
                <td class="is-num">{score}</td>
                {peers(line)}
                <td class="is-num">{level}</td>
                <td class="is-num">{line.items}</td>
            </tr>
        }
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    let heads = has_peers.then(|| {
        view! {
            <th scope="col" class="is-num">{tr.t("column-median")}</th>
            <th scope="col" class="is-num">{tr.t("column-half")}</th>
        }
    });
    view! {
        <details class="c-details" open>
            <summary>{tr.t("table-summary")}</summary>
            <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("table-summary")>
                <table class="c-table">
                    <caption>{tr.t("pillars-caption")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tr.t("column-pillar")}</th>
                            <th scope="col" class="is-num">{tr.t("column-score")}</th>
                            {heads}
                            <th scope="col" class="is-num">{tr.t("column-level")}</th>
                            <th scope="col" class="is-num">{tr.t("column-items")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}
