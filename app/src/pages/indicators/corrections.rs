//! What a correction changed, figure by figure.

use leptos::prelude::*;
use model::{
    format,
    release::{FigureChange, Indicator, Release},
};

use super::{Shown, words};
use crate::i18n::Tr;

/// More rows are in the file.
const ROWS: usize = 200;

/// The figures that differ from the release before, of one indicator or of all; nothing where there are none.
pub fn section(tr: Tr, shown: &Shown<'_>, only: Option<&Indicator>) -> AnyView {
    let release = shown.release;
    let Some(correction) = &release.correction else { return ().into_any() };
    let of = |change: &&FigureChange| only.is_none_or(|only| only.id == change.indicator);
    let changes: Vec<&FigureChange> = correction.changes.iter().filter(of).collect();
    if changes.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = changes.iter().take(ROWS).filter_map(|change| row(tr, release, change)).collect();
    let number = |count: usize| format::number(tr.lang, i64::try_from(count).unwrap_or(i64::MAX));
    let caption = tr.with("corrections-caption", [("of", &correction.of.to_string())]);
    let label = caption.clone();
    let more = (changes.len() > ROWS).then(|| {
        let text = tr.with("corrections-more", [("shown", &number(ROWS)), ("all", &number(changes.len()))]);
        view! { <p class="u-small u-quiet">{text}</p> }
    });
    view! {
        <details class="c-details"><summary>{tr.with("corrections-summary", [("changes", &number(changes.len()))])}</summary>
            <p class="l-text">{tr.t("corrections-lead")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=label>
                <table class="c-table">
                    <caption>{caption}</caption>
                    <thead><tr>
                        <th scope="col">{tr.t("indicator-column")}</th>
                        <th scope="col">{tr.t("corrections-where")}</th>
                        <th scope="col" class="is-num">{tr.t("corrections-before")}</th>
                        <th scope="col" class="is-num">{tr.t("corrections-now")}</th>
                    </tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            {more}
        </details>
    }
    .into_any()
}

fn row(tr: Tr, release: &Release, change: &FigureChange) -> Option<impl IntoView + use<>> {
    let indicator = release.indicator(&change.indicator)?;
    let domain = release.domains.get(change.domain)?;
    let now = *indicator.figures.get(change.domain)?;
    let said = |figure| match words::interval(tr.lang, figure) {
        limits if limits == "–" => words::figure(tr, indicator.measure, figure),
        limits => format!("{} ({limits})", words::figure(tr, indicator.measure, figure)),
    };
    Some(view! {
        <tr>
            <th scope="row">{indicator.name.get(tr.lang).to_owned()}</th>
            <td>{words::domain(tr, domain)}</td>
            <td class="is-num">{said(change.before)}</td>
            <td class="is-num">{said(now)}</td>
        </tr>
    })
}
