//! "Số này chắc đến đâu?": who answered, how it was weighted, how uncertain it is; and the files.

use leptos::prelude::*;
use model::{
    format,
    release::{Figure, FrameKind, Release, TableKind},
};

use super::{Shown, words};
use crate::i18n::Tr;

/// Both boxes side by side.
pub fn sure(tr: Tr, shown: &Shown<'_>) -> AnyView {
    view! {
        <div class="l-section l-split l-split--even">
            {certainty(tr, shown)}
            {(!shown.is_draft).then(|| files(tr, shown))}
        </div>
    }
    .into_any()
}

fn certainty(tr: Tr, shown: &Shown<'_>) -> impl IntoView + use<> {
    let release = shown.release;
    let (letter, meaning) = grade(tr, release);
    let number = |value: f64| format::score(tr.lang, value);
    let rate = whole_percent(tr, release.response.rate);
    let enterprises = format::number(tr.lang, i64::from(release.frame.enterprises));
    let who =
        tr.with("sure-who-text", [("rate", &rate), ("enterprises", &enterprises), ("n", release.response.n.label())]);
    let band = tr.with(
        "sure-band-text",
        [("two", &number(release.response.band[0])), ("five", &number(release.response.band[1]))],
    );
    let day = words::day(&release.frame.date);
    let weighting = match release.frame.kind {
        FrameKind::Register => tr.with("sure-weights-register", [("day", &day)]),
        FrameKind::Registered => tr.with("sure-weights-registered", [("day", &day)]),
    };
    let fact = |name: String, text: String| view! { <div class="c-facts__row"><dt>{name}</dt><dd class="u-num">{text}</dd></div> };
    let note = release.note.get(tr.lang).to_owned();
    let note: Vec<_> =
        note.lines().filter(|line| !line.is_empty()).map(|line| view! { <p>{line.to_owned()}</p> }).collect();
    view! {
        <section class="c-sure" aria-labelledby="sure">
            <h2 id="sure">{tr.t("sure-title")}</h2>
            <div class="c-sure__grade"><span class="c-sure__letter">{letter}</span><p class="u-small">{meaning}</p></div>
            <dl class="c-facts">
                {fact(tr.t("sure-who").into_owned(), who)}
                {fact(tr.t("sure-error").into_owned(), error(tr, release))}
                {fact(tr.t("sure-weights").into_owned(), weighting)}
                {fact(tr.t("sure-r").into_owned(), words::representativeness(tr, &release.response))}
                {fact(tr.t("sure-deff").into_owned(), words::two_decimals(tr, release.response.design_effect))}
                {fact(tr.t("sure-band").into_owned(), band)}
                {fact(tr.t("sure-hidden").into_owned(), tr.t("sure-hidden-text").into_owned())}
            </dl>
            {(!note.is_empty()).then(|| view! { <h3>{tr.t("sure-note")}</h3>{note} })}
        </section>
    }
}

#[allow(clippy::cast_possible_truncation, reason = "whole per cent")]
fn whole_percent(tr: Tr, rate: f64) -> String {
    format::number(tr.lang, rate.round() as i64)
}

/// The interval of the first indicator, which is the score.
fn error(tr: Tr, release: &Release) -> String {
    match release.indicators.first() {
        Some(first) => tr.with(
            "sure-error-text",
            [
                ("value", &words::figure(tr, first.measure, first.province())),
                ("interval", &words::interval(tr.lang, first.province())),
            ],
        ),
        None => String::new(),
    }
}

/// A letter for the whole release: what it may be used for.
fn grade(tr: Tr, release: &Release) -> (&'static str, String) {
    let published = |table: TableKind| {
        let figures: Vec<Figure> = match release.indicators.first() {
            Some(first) => release.domains_of(table).map(|(position, _)| first.figures[position]).collect(),
            None => Vec::new(),
        };
        let good = figures.iter().filter(|figure| matches!(figure, Figure::Published { caution: false, .. })).count();
        !figures.is_empty() && good * 2 >= figures.len()
    };
    let census = release.frame.kind == FrameKind::Registered;
    if release.response.low || census {
        ("C", tr.t("grade-c").into_owned())
    } else if published(TableKind::District) && published(TableKind::Section) {
        ("A", tr.t("grade-a").into_owned())
    } else {
        ("B", tr.t("grade-b").into_owned())
    }
}

fn files(tr: Tr, shown: &Shown<'_>) -> impl IntoView + use<> {
    let file = |name: &'static str, text: String| {
        let href = shown.file(name);
        view! { <li><a href=href>{text}</a></li> }
    };
    let all = |kind: &str| tr.with("files-all", [("kind", kind)]);
    view! {
        <section class="c-sure c-sure--plain" aria-labelledby="files">
            <h2 id="files">{tr.t("files-title")}</h2>
            <p>{tr.t("files-lead")}</p>
            <ul class="c-files">
                {file("figures.xlsx", all("XLSX"))}
                {file("figures.csv", all("CSV"))}
                {file("release.json", all("JSON"))}
                {file("figures.sdmx.csv", all("SDMX-CSV"))}
                {file("codelists.csv", tr.t("files-codelists").into_owned())}
                {file("certificate.json", tr.t("files-certificate").into_owned())}
                <li><a href="/data/openapi.json">{tr.t("files-openapi")}</a></li>
                <li><a href="/indicators/releases">{tr.t("files-releases")}</a></li>
            </ul>
        </section>
    }
}
