//! The dashboard: key figures, levels, pillars, the map, trend, all indicators.

use std::borrow::Cow;

use leptos::prelude::*;
use model::{
    classification,
    release::{Domain, Figure, Indicator, Measure, Release, TableKind},
};

use super::{Shown, corrections, notices, order, sure, table, targets, trend, words};
use crate::{
    chart::{
        interval::{self, Name},
        stack::{self, Bar},
        tiles::{self, Group, Tile},
        window,
    },
    i18n::Tr,
};

/// Which indicators are key figures, where the release has them.
const KEYS: [&str; 4] = [SCORE, "level-from-3", "dii4-basic", "security-gap"];

/// The share that levels are compared by.
const FROM_3: &str = "level-from-3";

/// The mean score.
const SCORE: &str = "maturity";

/// What the map may show, with the lower bounds of its fills. Shares of a ward rest on a few dozen forms and are often too
/// uncertain to be published where a mean score is not.
const MAPS: [(&str, [f64; 4]); 2] = [(FROM_3, [15.0, 25.0, 35.0, 45.0]), (SCORE, [20.0, 30.0, 40.0, 50.0])];

/// The page.
pub fn dashboard(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let release = shown.release;
    let number = release.number.to_string();
    let over = match shown.is_draft {
        true => tr.t("draft-over").into_owned(),
        false => tr.with("release-over", [("number", &number), ("day", &words::day(&release.issued))]),
    };
    view! {
        <div class="c-head">
            <p class="c-head__over">{over}" · "{release.campaign.title.get(tr.lang).to_owned()}</p>
            <h1>{tr.with("indicators-heading", [("owner", &owner(shown.owner))])}</h1>
            <p class="c-head__lead u-lead">{lead(tr, release)}</p>
        </div>
        {notices(tr, shown)}
        {corrections::section(tr, shown, None)}
        {keys(tr, shown)}
        {levels(tr, shown, TableKind::Section)}
        {pillars(tr, shown)}
        {levels(tr, shown, TableKind::Size)}
        {map(tr, shown)}
        {districts(tr, shown)}
        {trends(tr, shown)}
        {targets::section(tr, shown)}
        {all(tr, shown)}
        {sure::sure(tr, shown)}
    }
    .into_any()
}

/// The province in the middle of a sentence: "tỉnh Bắc Ninh".
fn owner(name: &str) -> String {
    name.strip_prefix("Tỉnh ").map_or_else(|| name.to_owned(), |rest| format!("tỉnh {rest}"))
}

/// The value beside a bar; a dash where nothing is published, which the label and the table say in words.
fn beside(tr: Tr, indicator: &Indicator, figure: Figure) -> String {
    figure.value().map_or_else(|| "–".to_owned(), |value| words::number(tr.lang, indicator.measure, value))
}

/// The finding in two sentences.
fn lead(tr: Tr, release: &Release) -> String {
    let from_3 = release.indicator(FROM_3).map(|indicator| words::figure(tr, indicator.measure, indicator.province()));
    let common = level_indicators(release).into_iter().flatten().max_by(|a, b| {
        let value = |one: &(&Indicator, usize)| one.0.province().value().unwrap_or(-1.0);
        value(a).total_cmp(&value(b))
    });
    match (from_3, common) {
        (Some(share), Some((_, level))) => {
            tr.with("indicators-lead", [("share", &share), ("level", &level.to_string())])
        }
        _ => String::new(),
    }
}

/// The shares at the levels 0 to 5.
fn level_indicators(release: &Release) -> [Option<(&Indicator, usize)>; 6] {
    std::array::from_fn(|level| release.indicator(&format!("level-{level}")).map(|found| (found, level)))
}

fn keys(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let release = shown.release;
    let mut chosen: Vec<&Indicator> = KEYS.iter().filter_map(|id| release.indicator(id)).collect();
    if chosen.is_empty() {
        chosen = release.indicators.iter().take(4).collect();
    }
    let views: Vec<_> = chosen.iter().map(|indicator| key(tr, shown, indicator)).collect();
    let rows = table::indicators(tr, shown, &chosen, tr.t("keys-title").into_owned());
    let legend = release.trend.last().map(|wave| tr.with("keys-legend", [("before", wave.title.get(tr.lang))]));
    view! {
        <section class="l-gap-s" aria-labelledby="keys">
            <h2 class="u-hidden" id="keys">{tr.t("keys-title")}</h2>
            {legend.map(|legend| view! { <p class="u-small u-quiet">{legend}</p> })}
            <div class="c-keys">{views}</div>
            {table::folded(tr, rows)}
        </section>
    }
    .into_any()
}

/// The flag of a published figure, after what stands before it.
fn caution(tr: Tr, figure: Figure) -> String {
    match words::flag(tr, figure) {
        flag if flag.is_empty() => flag,
        flag => format!(" · {flag}"),
    }
}

fn key(tr: Tr, shown: &Shown<'_>, indicator: &Indicator) -> AnyView {
    let release = shown.release;
    let method = (!shown.is_draft).then(|| shown.indicator(&indicator.id));
    let figure = indicator.province();
    let before = release
        .trend
        .last()
        .filter(|wave| !wave.breaks)
        .and_then(|wave| Some((wave.title.get(tr.lang).to_owned(), wave.figures.get(&indicator.id)?.value)));
    let name = indicator.name.get(tr.lang).to_owned();
    let value = words::figure(tr, indicator.measure, figure);
    let label =
        tr.with("figure-label", [("name", &name), ("value", &value), ("interval", &words::interval(tr.lang, figure))]);
    let plot = words::limits(figure).map(|limits| {
        let shown = window::Shown { figure: limits, before: before.as_ref().map(|(_, value)| *value) };
        window::window(tr.lang, shown, label)
    });
    let before = before.map(|(title, value)| {
        let value = words::number(tr.lang, indicator.measure, value);
        tr.with("key-before", [("title", &title), ("value", &value)])
    });
    let class = if plot.is_some() { "c-key__no" } else { "c-key__no c-key__no--none" };
    view! {
        <div class="c-key">
            <p class=class>{value}</p>
            <p class="c-key__what">{name}</p>
            {plot}
            <p class="c-key__ci">{tr.t("interval-95")}" "<strong>{words::interval(tr.lang, figure)}</strong></p>
            <p class="c-key__ci">{tr.with("key-n", [("n", words::respondents(figure))])}{caution(tr, figure)}</p>
            {before.map(|before| view! { <p class="c-key__ci">{before}</p> })}
            {method.map(|href| view! { <p class="c-key__ci"><a href=href>{tr.t("key-method")}</a></p> })}
        </div>
    }
    .into_any()
}

fn levels(tr: Tr, shown: &Shown<'_>, kind: TableKind) -> AnyView {
    let release = shown.release;
    let all: Vec<&Indicator> = level_indicators(release).into_iter().flatten().map(|(found, _)| found).collect();
    let (Ok(levels), Some(from_3)) = (<[&Indicator; 6]>::try_from(all), release.indicator(FROM_3)) else {
        return ().into_any();
    };
    let mut domains: Vec<(usize, &Domain)> = order::domains_of(release, kind);
    if domains.is_empty() {
        return ().into_any();
    }
    let (id, title) = match kind {
        TableKind::Section => ("levels-section", tr.t("levels-section-title")),
        _ => ("levels-size", tr.t("levels-size-title")),
    };
    let published = |one: &Indicator| domains.iter().filter(|domain| one.figures[domain.0].value().is_some()).count();
    // Six shares of a group are often withheld or too uncertain where its mean score is not.
    let score = release.indicator(SCORE).filter(|score| published(score) > published(from_3));
    if let Some(score) = score.filter(|_| 2 * published(from_3) < domains.len()) {
        return scores(tr, shown, score, kind, (id, title, tr.t("pillars-lead")));
    }
    if kind == TableKind::Section {
        // Best first; what is not published last.
        let value = |position: usize| from_3.figures[position].value().unwrap_or(-1.0);
        domains.sort_by(|a, b| value(b.0).total_cmp(&value(a.0)));
    }
    let province = release.domains_of(TableKind::Province);
    let bars = province.chain(domains).map(|(position, domain)| bar(tr, &levels, from_3, position, domain)).collect();
    let heading = [words::table(tr, kind), tr.t("levels-3-5").into_owned()];
    let columns: Vec<(&Indicator, String)> = (0..6)
        .map(|level| (levels[level], tr.with("level-n", [("level", &level.to_string())])))
        .chain([(from_3, tr.t("levels-3-5").into_owned())])
        .collect();
    let caption = format!("{}. {}", tr.t("levels-caption"), words::table(tr, kind));
    view! {
        <section class="l-section" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <p class="l-text">{tr.t("levels-lead")}</p>
            <figure>
                {legend(tr)}
                {stack::stack(tr.lang, heading, bars)}
                {table::folded(tr, table::matrix(tr, shown, &columns, kind, caption))}
            </figure>
        </section>
    }
    .into_any()
}

fn legend(tr: Tr) -> AnyView {
    let entry = |level: u8| {
        let class = format!("c-swatch {}", crate::ui::level::fill(level));
        let name = tr.with("level-n", [("level", &level.to_string())]);
        view! { <li><span class=class></span>{name}</li> }
    };
    view! { <ul class="c-legend">{(0..6).map(entry).collect::<Vec<_>>()}</ul> }.into_any()
}

fn bar(tr: Tr, levels: &[&Indicator; 6], from_3: &Indicator, position: usize, domain: &Domain) -> Bar {
    let parts: Option<Vec<f64>> = levels.iter().map(|level| level.figures[position].value()).collect();
    let parts = parts.and_then(|parts| <[f64; 6]>::try_from(parts).ok());
    let name = words::domain(tr, domain);
    let sum = beside(tr, from_3, from_3.figures[position]);
    let said = parts.map(|parts| {
        let one = |(level, part): (usize, &f64)| {
            let part = words::number(tr.lang, from_3.measure, *part);
            tr.with("level-share", [("level", &level.to_string()), ("share", &part)])
        };
        parts.iter().enumerate().map(one).collect::<Vec<_>>().join("; ")
    });
    let label = format!("{name}: {}", said.unwrap_or_else(|| tr.t("not-published").into_owned()));
    let n = match from_3.figures[position] {
        figure @ Figure::Published { .. } => tr.with("n-class", [("n", words::respondents(figure))]),
        _ => String::new(),
    };
    Bar { name, n, parts, sum, label, is_whole: domain.table == TableKind::Province }
}

fn pillars(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let chosen: Vec<&Indicator> =
        shown.release.indicators.iter().filter(|one| one.id.starts_with("maturity")).collect();
    if chosen.len() < 2 {
        return ().into_any();
    }
    let rows = chosen.iter().map(|indicator| row(tr, shown, indicator, 0, indicator.name.get(tr.lang).to_owned()));
    let chart = interval::intervals(rows.collect(), &[0, 20, 40, 60, 80, 100]);
    let rows = table::indicators(tr, shown, &chosen, tr.t("pillars-question").into_owned());
    view! {
        <section class="l-section" aria-labelledby="pillars">
            <h2 id="pillars">{tr.t("pillars-question")}</h2>
            <p class="l-text">{tr.t("pillars-lead")}</p>
            <figure>{chart}{table::folded(tr, rows)}</figure>
        </section>
    }
    .into_any()
}

fn row(tr: Tr, shown: &Shown<'_>, indicator: &Indicator, position: usize, name: String) -> interval::Row {
    let figure = indicator.figures[position];
    let value = words::figure(tr, indicator.measure, figure);
    let limits = words::interval(tr.lang, figure);
    let label = tr.with("figure-label", [("name", &name), ("value", &value), ("interval", &limits)]);
    let href = (position == 0 && !shown.is_draft).then(|| shown.indicator(&indicator.id));
    let value = beside(tr, indicator, figure);
    interval::Row { name: Name { text: name, href }, value, figure: words::limits(figure), label }
}

/// The indicator that a map shows best: the first one that is published for at least half of the wards, else the one that is
/// published for most.
fn mapped(release: &Release) -> Option<(&Indicator, [f64; 4])> {
    let units = release.domains_of(TableKind::Unit).count();
    let published = |indicator: &Indicator| {
        release
            .domains_of(TableKind::Unit)
            .filter(|(position, _)| indicator.figures[*position].value().is_some())
            .count()
    };
    let known = || MAPS.iter().filter_map(|(id, fills)| Some((release.indicator(id)?, *fills)));
    let good = known().find(|(indicator, _)| 2 * published(indicator) >= units);
    good.or_else(|| known().reduce(|a, b| if published(b.0) > published(a.0) { b } else { a }))
}

fn map(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let Some((indicator, bounds)) = mapped(shown.release) else { return ().into_any() };
    let mut groups: Vec<Group> = Vec::new();
    for (position, domain) in shown.release.domains_of(TableKind::Unit) {
        let Some(unit) = classification::unit(&domain.code) else { continue };
        let group = match groups.iter().position(|group| group.code == unit.former_district_code) {
            Some(known) => known,
            None => {
                let name = words::without_kind(&unit.former_district).to_owned();
                groups.push(Group { code: unit.former_district_code.clone(), name, tiles: Vec::new() });
                groups.len() - 1
            }
        };
        groups[group].tiles.push(tile(tr, shown, indicator, position, &unit.name));
    }
    if groups.is_empty() {
        return ().into_any();
    }
    let unit = if indicator.measure == Measure::Score { "" } else { "%" };
    let bound = |at: usize| format!("{}{unit}", bounds[at]);
    let middle = |at: usize| tr.with("fill-between", [("from", &bound(at)), ("below", &bound(at + 1))]);
    let fills = [
        tr.with("fill-below", [("below", &bound(0))]),
        middle(0),
        middle(1),
        middle(2),
        tr.with("fill-from", [("from", &bound(3))]),
    ];
    let legend = view! {
        <p class="c-figure__title">{indicator.name.get(tr.lang).to_owned()}</p>
        {tiles::legend(fills, tr.t("not-published").into_owned())}
        <p class="c-figure__note">{tr.t("map-note")}</p>
    };
    view! {
        <section class="l-section" aria-labelledby="map">
            <h2 id="map">{tr.t("map-title")}</h2>
            <p class="l-text">{tr.t("map-lead")}</p>
            <figure>
                {tiles::tiles(groups, bounds, legend.into_any())}
                {table::folded(tr, table::figures(tr, shown, indicator, TableKind::Unit))}
            </figure>
        </section>
    }
    .into_any()
}

fn tile(tr: Tr, shown: &Shown<'_>, indicator: &Indicator, position: usize, name: &str) -> Tile {
    let domain = &shown.release.domains[position];
    let figure = indicator.figures[position];
    let value = figure.value();
    #[allow(clippy::cast_possible_truncation, reason = "per cent")]
    let text = value.map_or_else(|| "–".to_owned(), |value| (value.round() as i64).to_string());
    let said = words::figure(tr, indicator.measure, figure);
    let label = format!("{}: {said}", words::domain(tr, domain));
    let href = match shown.is_draft {
        true => format!("#{}", domain.code),
        false => format!("{}#{}", shown.indicator(&indicator.id), domain.code),
    };
    Tile { name: name.to_owned(), value, text, label, href }
}

fn districts(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let Some(indicator) = shown.release.indicator(FROM_3) else { return ().into_any() };
    scores(tr, shown, indicator, TableKind::District, ("districts", tr.t("districts-title"), tr.t("districts-lead")))
}

/// One figure of every domain of a table with its interval, best first; what is not published last. Sizes keep their order.
fn scores(
    tr: Tr,
    shown: &Shown<'_>,
    indicator: &Indicator,
    kind: TableKind,
    (id, title, lead): (&'static str, Cow<'static, str>, Cow<'static, str>),
) -> AnyView {
    let mut domains: Vec<(usize, &Domain)> = order::domains_of(shown.release, kind);
    if kind != TableKind::Size {
        let value = |position: usize| indicator.figures[position].value().unwrap_or(-1.0);
        domains.sort_by(|a, b| value(b.0).total_cmp(&value(a.0)));
    }
    let rows = domains.iter().map(|(position, domain)| row(tr, shown, indicator, *position, words::domain(tr, domain)));
    let chart = interval::intervals(rows.collect(), &[0, 20, 40, 60, 80, 100]);
    view! {
        <section class="l-section" aria-labelledby=id>
            <h2 id=id>{title}</h2>
            <p class="l-text">{lead}</p>
            <figure>{chart}{table::folded(tr, table::figures(tr, shown, indicator, kind))}</figure>
        </section>
    }
    .into_any()
}

fn trends(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let Some(indicator) = shown.release.indicators.first().filter(|_| !shown.release.trend.is_empty()) else {
        return ().into_any();
    };
    view! { {trend::section(tr, shown, indicator)}{trend::changes(tr, shown)} }.into_any()
}

fn all(tr: Tr, shown: &Shown<'_>) -> AnyView {
    let chosen: Vec<&Indicator> = shown.release.indicators.iter().collect();
    view! {
        <section class="l-section" aria-labelledby="all">
            <h2 id="all">{tr.t("all-title")}</h2>
            <p class="l-text">{tr.t("all-lead")}</p>
            {table::indicators(tr, shown, &chosen, tr.t("all-caption").into_owned())}
        </section>
    }
    .into_any()
}
