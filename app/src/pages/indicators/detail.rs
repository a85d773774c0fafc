//! The page of one indicator: its definition, and its figures by every table.

use leptos::prelude::*;
use model::release::{Indicator, TableKind};

use super::{Shown, corrections, notices, sure, table, targets, trend, words};
use crate::i18n::Tr;

/// The page.
pub fn detail(tr: Tr, shown: &Shown<'_>, indicator: &Indicator) -> AnyView {
    let number = shown.release.number.to_string();
    let over = tr.with("release-over", [("number", &number), ("day", &words::day(&shown.release.issued))]);
    let tables = TableKind::ALL.into_iter().filter(|kind| shown.release.domains_of(*kind).next().is_some());
    let tables = tables.map(|kind| {
        let name = words::table(tr, kind);
        view! { <section class="l-section"><h2>{name}</h2>{table::figures(tr, shown, indicator, kind)}</section> }
    });
    let tables: Vec<_> = tables.collect();
    let csv = format!("/data/releases/{number}/indicators/{}.csv", indicator.id);
    let back = format!("/indicators/{number}");
    view! {
        <a class="c-back" href=back>{tr.t("back-release")}</a>
        <div class="c-head">
            <p class="c-head__over">{over}" · "{shown.release.campaign.title.get(tr.lang).to_owned()}</p>
            <h1>{indicator.name.get(tr.lang).to_owned()}</h1>
            <p class="c-head__lead u-lead">{indicator.about.get(tr.lang).to_owned()}</p>
        </div>
        {notices(tr, shown)}
        {corrections::section(tr, shown, Some(indicator))}
        <dl class="c-facts l-text">
            <div class="c-facts__row"><dt>{tr.t("indicator-source")}</dt><dd>{indicator.source.get(tr.lang).to_owned()}</dd></div>
            {(!indicator.targets.is_empty()).then(|| {
                let lines = targets::sentences(tr, indicator).into_iter().map(|line| view! { <p>{line}</p> });
                view! {
                    <div class="c-facts__row"><dt>{tr.t("targets-title")}</dt><dd>{lines.collect::<Vec<_>>()}</dd></div>
                }
            })}
            {indicator.sensitive.then(|| view! {
                <div class="c-facts__row"><dt>{tr.t("indicator-sensitive")}</dt><dd>{tr.t("indicator-sensitive-text")}</dd></div>
            })}
            <div class="c-facts__row"><dt>{tr.t("flag-column")}</dt><dd class="c-facts__text">{flags(tr)}</dd></div>
            <div class="c-facts__row"><dt>{tr.t("files-title")}</dt><dd><a href=csv>"CSV"</a></dd></div>
        </dl>
        {trend::section(tr, shown, indicator)}
        {tables}
        {sure::sure(tr, shown)}
    }
    .into_any()
}

/// What stands in the last column of the tables, and what it means.
fn flags(tr: Tr) -> AnyView {
    let flags = [
        (tr.t("flag-caution"), tr.t("flag-caution-explained")),
        (tr.t("flag-confidential"), tr.t("flag-confidential-explained")),
        (tr.t("flag-unreliable"), tr.t("flag-unreliable-explained")),
    ];
    let line = |(flag, meaning)| view! { <li><strong>{flag}</strong>": "{meaning}</li> };
    view! { <ul class="c-list">{flags.map(line).into_iter().collect::<Vec<_>>()}</ul> }.into_any()
}
