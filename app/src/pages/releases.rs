//! The analyst's pages: computing a release, looking at it from all sides, writing its note, issuing it.

use leptos::prelude::*;
use model::{
    format,
    release::{Reason, Release, ResponseRow, Review, TableKind},
};

use super::indicators::{order, words};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        notice,
    },
};

/// The first page: what was released, what is being worked on.
#[derive(Clone, Debug)]
pub struct Overview {
    /// Issued releases, newest first: number, campaign, day, and the address of the computation with its archive.
    pub issued: Vec<(i64, String, String, String)>,
    /// Computations that were not issued: address, campaign, day, state.
    pub jobs: Vec<Job>,
}

/// A computation in a list.
#[derive(Clone, Debug)]
pub struct Job {
    /// Its address.
    pub href: String,
    /// The campaign's title.
    pub campaign: String,
    /// When it was asked for.
    pub when: String,
    /// How far it is.
    pub state: Progress,
}

/// How far a computation is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// It runs.
    Running,
    /// It has given no sign of life for long.
    Lost,
    /// It is done.
    Done,
    /// It failed.
    Failed,
}

/// What can be computed.
#[derive(Clone, Debug)]
pub struct Choice {
    /// Campaigns: key, title, submissions.
    pub campaigns: Vec<(String, String, i64)>,
    /// Snapshots: key, title, enterprises.
    pub snapshots: Vec<(String, String, i64)>,
    /// The chosen campaign.
    pub campaign: String,
    /// The chosen snapshot.
    pub snapshot: String,
    /// The chosen tables.
    pub tables: Vec<TableKind>,
    /// What is wrong with the choice.
    pub mistakes: Vec<Mistake>,
}

/// A running or failed computation.
#[derive(Clone, Debug)]
pub struct Running {
    /// The campaign's title.
    pub campaign: String,
    /// The step.
    pub step: String,
    /// Submissions read.
    pub done: i64,
    /// How far it is.
    pub state: Progress,
    /// Why it failed.
    pub failure: Option<String>,
}

/// A draft.
#[derive(Clone, Debug)]
pub struct DraftPage<'a> {
    /// Its address.
    pub href: String,
    /// The document so far.
    pub release: &'a Release,
    /// Exact numbers and reasons.
    pub review: &'a Review,
    /// Which table is looked at.
    pub table: TableKind,
    /// Which indicator, by its position.
    pub indicator: usize,
    /// The note in Vietnamese and English.
    pub note: [String; 2],
    /// The number, once it is issued.
    pub number: Option<i64>,
    /// Whether the note was just saved.
    pub saved: bool,
    /// What is wrong with the note.
    pub mistakes: Vec<Mistake>,
}

/// The overview.
pub fn overview(tr: Tr, page: Overview) -> AnyView {
    let issued = page.issued.into_iter().map(|(number, campaign, day, job)| {
        let name = tr.with("release-number", [("number", &number.to_string())]);
        view! { <tr><th scope="row"><a href=format!("/indicators/{number}")>{name}</a></th><td data-label=tr.t("release-campaign")>{campaign}</td><td class="is-num" data-label=tr.t("release-issued")>{day}</td><td><a href=job>{tr.t("archive-title")}</a></td></tr> }
    });
    let issued: Vec<_> = issued.collect();
    let jobs = page.jobs.into_iter().map(|job| {
        let state = state(tr, job.state);
        view! { <tr><th scope="row"><a href=job.href>{job.campaign}</a></th><td class="is-num">{job.when}</td><td>{state}</td></tr> }
    });
    let jobs: Vec<_> = jobs.collect();
    view! {
        <div class="c-head">
            <h1>{tr.t("releases-title")}</h1>
            <p class="c-head__lead">{tr.t("releases-lead")}</p>
        </div>
        <p><a class="c-button" href="/province/releases/new">{tr.t("releases-new")}</a></p>
        <section class="l-section"><h2>{tr.t("releases-issued")}</h2>
            {if issued.is_empty() {
                view! { <p class="c-empty">{tr.t("releases-none")}</p> }.into_any()
            } else {
                view! { <table class="c-table c-rows"><thead><tr>
                    <th scope="col">{tr.t("release-column")}</th><th scope="col">{tr.t("release-campaign")}</th>
                    <th scope="col" class="is-num">{tr.t("release-issued")}</th>
                    <th scope="col">{tr.t("releases-proof")}</th></tr></thead><tbody>{issued}</tbody></table> }.into_any()
            }}
        </section>
        {(!jobs.is_empty()).then(|| view! {
            <section class="l-section"><h2>{tr.t("releases-jobs")}</h2>
                <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("releases-jobs")><table class="c-table"><thead><tr>
                    <th scope="col">{tr.t("release-campaign")}</th><th scope="col" class="is-num">{tr.t("releases-asked")}</th>
                    <th scope="col">{tr.t("releases-state")}</th></tr></thead><tbody>{jobs}</tbody></table></div>
            </section>
        })}
    }
    .into_any()
}

fn state(tr: Tr, state: Progress) -> String {
    let word = match state {
        Progress::Running => tr.t("job-running"),
        Progress::Lost => tr.t("job-lost"),
        Progress::Done => tr.t("job-done"),
        Progress::Failed => tr.t("job-failed"),
    };
    word.into_owned()
}

/// The form: campaign, frame, tables.
pub fn choose(tr: Tr, page: Choice) -> AnyView {
    let campaign = page.campaign.clone();
    let campaigns = page.campaigns.into_iter().map(|(key, title, submitted)| {
        let count = format::number(tr.lang, submitted);
        let text = tr.with("release-choice-campaign", [("title", &title), ("count", &count)]);
        let selected = key == campaign;
        view! { <option value=key selected=selected>{text}</option> }
    });
    let snapshot = page.snapshot.clone();
    let snapshots = page.snapshots.into_iter().map(|(key, title, entries)| {
        let count = format::number(tr.lang, entries);
        let text = tr.with("release-choice-snapshot", [("title", &title), ("count", &count)]);
        let selected = key == snapshot;
        view! { <option value=key selected=selected>{text}</option> }
    });
    let tables = TableKind::ALL.into_iter().skip(1).map(|table| {
        let id = format!("table-{}", table.as_str());
        let checked = page.tables.contains(&table);
        view! {
            <div class="c-choice">
                <input class="c-choice__input" type="checkbox" name="table" id=id.clone() value=table.as_str() checked=checked/>
                <label class="c-choice__label" for=id>{words::table(tr, table)}</label>
            </div>
        }
    });
    let tables: Vec<_> = tables.collect();
    view! {
        <a class="c-back" href="/province/releases">{tr.t("releases-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <h1>{tr.t("releases-new")}</h1>
        <p class="l-text">{tr.t("releases-new-lead")}</p>
        <form class="l-text l-flow" method="post" action="/province/releases/new">
            <div class="c-field">
                <label class="c-field__label" for="campaign">{tr.t("release-campaign")}</label>
                <select class="c-select c-select--wide" id="campaign" name="campaign">{campaigns.collect::<Vec<_>>()}</select>
            </div>
            <div class="c-field">
                <label class="c-field__label" for="snapshot">{tr.t("release-frame")}</label>
                <p class="c-field__hint">{tr.t("release-frame-hint")}</p>
                <select class="c-select c-select--wide" id="snapshot" name="snapshot">
                    {snapshots.collect::<Vec<_>>()}
                    <option value="" selected=snapshot.is_empty()>{tr.t("release-frame-registered")}</option>
                </select>
            </div>
            <fieldset class="c-field">
                <legend class="c-field__label">{tr.t("release-tables")}</legend>
                <p class="c-field__hint">{tr.t("release-tables-hint")}</p>
                {tables}
            </fieldset>
            <button class="c-button" type="submit">{tr.t("release-compute")}</button>
        </form>
    }
    .into_any()
}

/// The progress page; it loads itself again.
pub fn running(tr: Tr, page: Running) -> AnyView {
    let step = match page.step.as_str() {
        "reading" => tr.with("step-reading", [("count", &format::number(tr.lang, page.done))]),
        "weights" => tr.t("step-weights").into_owned(),
        "figures" => tr.t("step-figures").into_owned(),
        "protection" => tr.t("step-protection").into_owned(),
        _ => tr.t("step-storing").into_owned(),
    };
    let body = match page.state {
        Progress::Failed => {
            let failure = page.failure.unwrap_or_default();
            notice::alert(
                tr.t("job-failed-title").into_owned(),
                view! { <p>{tr.t("job-failed-text")}</p><p lang="en">{failure}</p> },
            )
        }
        Progress::Lost => notice::warn(tr.t("job-lost").into_owned(), view! { <p>{tr.t("job-lost-text")}</p> }),
        Progress::Running | Progress::Done => {
            view! { <p class="u-lead" role="status">{step}</p><p class="u-quiet">{tr.t("job-reloads")}</p> }.into_any()
        }
    };
    view! {
        <a class="c-back" href="/province/releases">{tr.t("releases-title")}</a>
        <div class="c-head"><p class="c-head__over">{page.campaign}</p><h1>{tr.t("job-title")}</h1></div>
        {body}
        <p><a class="c-button c-button--second" href="/province/releases/new">{tr.t("releases-new")}</a></p>
    }
    .into_any()
}

/// The draft from all sides.
pub fn draft(tr: Tr, page: &DraftPage<'_>) -> AnyView {
    let preview = format!("{}/preview", page.href);
    view! {
        <a class="c-back" href="/province/releases">{tr.t("releases-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        {page.saved.then(|| notice::done(tr.t("note-saved").into_owned()))}
        <div class="c-head">
            <p class="c-head__over">{page.release.campaign.title.get(tr.lang).to_owned()}</p>
            <h1>{tr.t("draft-title")}</h1>
            <p class="c-head__lead">{tr.t("draft-lead")}</p>
        </div>
        {page.number.map(|number| {
            let name = tr.with("release-number", [("number", &number.to_string())]);
            let body = view! { <p><a href=format!("/indicators/{number}")>{name}</a></p> };
            notice::plain(tr.t("draft-issued").into_owned(), body)
        })}
        <p><a class="c-button c-button--second" href=preview>{tr.t("draft-preview")}</a></p>
        {response(tr, page)}
        {groups(tr, page)}
        {suppressed(tr, page)}
        {estimates(tr, page)}
        {changes(tr, page)}
        {note(tr, page)}
        {issue(tr, page)}
    }
    .into_any()
}

fn response(tr: Tr, page: &DraftPage<'_>) -> impl IntoView + use<> {
    let (review, response) = (page.review, &page.release.response);
    let whole = |count: u32| format::number(tr.lang, i64::from(count));
    let fact = |name: String, text: String| view! { <div class="c-facts__row"><dt>{name}</dt><dd class="u-num">{text}</dd></div> };
    let merged = page.release.weighting.merged.iter().map(|one| format!("{} {} → {}", one.margin, one.code, one.into));
    let merged = merged.collect::<Vec<_>>().join("; ");
    view! {
        <section class="l-section"><h2>{tr.t("draft-response")}</h2>
            {response.low.then(|| notice::warn(
                tr.t("representativeness-low-title").into_owned(),
                view! { <p>{tr.t("representativeness-low")}</p> },
            ))}
            <dl class="c-facts l-text">
                {fact(tr.t("draft-enterprises").into_owned(), whole(page.release.frame.enterprises))}
                {fact(tr.t("draft-respondents").into_owned(), whole(review.respondents))}
                {fact(tr.t("draft-misses").into_owned(), whole(review.misses))}
                {fact(tr.t("draft-effective").into_owned(), format::score(tr.lang, review.effective))}
                {fact(tr.t("draft-largest").into_owned(), format::score(tr.lang, review.largest_weight))}
                {fact(tr.t("sure-deff").into_owned(), words::two_decimals(tr, response.design_effect))}
                {fact(tr.t("sure-r").into_owned(), words::representativeness(tr, response))}
                {(!merged.is_empty()).then(|| fact(tr.t("draft-merged").into_owned(), merged))}
            </dl>
        </section>
    }
}

fn groups(tr: Tr, page: &DraftPage<'_>) -> impl IntoView + use<> {
    let of = |table: TableKind| {
        let domains = order::domains_of(page.release, table).into_iter();
        let rows = domains.filter_map(|(position, domain)| {
            Some(group(tr, words::domain(tr, domain), page.review.response.get(position)?))
        });
        let rows: Vec<_> = rows.collect();
        (!rows.is_empty()).then(|| view! {
            <details class="c-details"><summary>{words::table(tr, table)}</summary>
                <div class="c-scroll" tabindex="0" role="group" aria-label=words::table(tr, table)><table class="c-table"><thead><tr>
                    <th scope="col">{words::table(tr, table)}</th><th scope="col" class="is-num">"N"</th>
                    <th scope="col" class="is-num">"n"</th><th scope="col" class="is-num">{tr.t("draft-rate")}</th>
                </tr></thead><tbody>{rows}</tbody></table></div>
            </details>
        })
    };
    let all = [TableKind::District, TableKind::Section, TableKind::Size, TableKind::Unit].map(of);
    view! { <section class="l-section"><h2>{tr.t("draft-groups")}</h2>{all.into_iter().collect::<Vec<_>>()}</section> }
}

fn group(tr: Tr, name: String, row: &ResponseRow) -> impl IntoView + use<> {
    let whole = |count: u32| format::number(tr.lang, i64::from(count));
    let rate = 100.0 * f64::from(row.respondents) / f64::from(row.enterprises.max(1));
    view! {
        <tr>
            <th scope="row">{name}</th>
            <td class="is-num">{whole(row.enterprises)}</td>
            <td class="is-num">{whole(row.respondents)}</td>
            <td class="is-num">{format::score(tr.lang, rate)}"%"</td>
        </tr>
    }
}

fn reason(tr: Tr, reason: Reason) -> String {
    let word = match reason {
        Reason::Published => tr.t("reason-published"),
        Reason::Empty => tr.t("reason-empty"),
        Reason::Primary => tr.t("reason-primary"),
        Reason::Dominance => tr.t("reason-dominance"),
        Reason::Complementary => tr.t("reason-complementary"),
        Reason::Quality => tr.t("reason-quality"),
    };
    word.into_owned()
}

const REASONS: [Reason; 6] =
    [Reason::Published, Reason::Quality, Reason::Primary, Reason::Dominance, Reason::Complementary, Reason::Empty];

/// How many figures of each table are published, and why the others are not.
fn suppressed(tr: Tr, page: &DraftPage<'_>) -> impl IntoView + use<> {
    let count = |table: TableKind, reason: Reason| {
        let of = |reasons: &Vec<Reason>| {
            let domains = page.release.domains.iter().zip(reasons);
            domains.filter(|(domain, one)| domain.table == table && **one == reason).count()
        };
        i64::try_from(page.review.reasons.iter().map(of).sum::<usize>()).unwrap_or(i64::MAX)
    };
    let rows = TableKind::ALL.into_iter().filter(|table| page.release.domains_of(*table).next().is_some());
    let rows = rows.map(|table| {
        let cells = REASONS.map(|reason| {
            view! { <td class="is-num">{format::number(tr.lang, count(table, reason))}</td> }
        });
        view! { <tr><th scope="row">{words::table(tr, table)}</th>{cells.into_iter().collect::<Vec<_>>()}</tr> }
    });
    let rows: Vec<_> = rows.collect();
    let heads: Vec<_> =
        REASONS.into_iter().map(|one| view! { <th scope="col" class="is-num">{reason(tr, one)}</th> }).collect();
    view! {
        <section class="l-section"><h2>{tr.t("draft-suppressed")}</h2>
            <p class="l-text">{tr.t("draft-suppressed-text")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("draft-suppressed")><table class="c-table">
                <thead><tr><th scope="col">{tr.t("draft-table")}</th>{heads}</tr></thead><tbody>{rows}</tbody>
            </table></div>
        </section>
    }
}

/// One indicator by one table, with flags and reasons; chosen by a form that works without scripts.
fn estimates(tr: Tr, page: &DraftPage<'_>) -> AnyView {
    let Some(indicator) = page.release.indicators.get(page.indicator) else { return ().into_any() };
    let options = page.release.indicators.iter().enumerate().map(|(position, one)| {
        let selected = position == page.indicator;
        view! { <option value=one.id.clone() selected=selected>{one.name.get(tr.lang).to_owned()}</option> }
    });
    let options: Vec<_> = options.collect();
    let tables = TableKind::ALL.into_iter().filter(|table| page.release.domains_of(*table).next().is_some());
    let tables = tables.map(|table| {
        let selected = table == page.table;
        view! { <option value=table.as_str() selected=selected>{words::table(tr, table)}</option> }
    });
    let tables: Vec<_> = tables.collect();
    let rows = order::domains_of(page.release, page.table).into_iter().map(|(position, domain)| {
        let figure = indicator.figures[position];
        let why = page.review.reasons.get(page.indicator).and_then(|reasons| reasons.get(position)).copied();
        let n = page.review.response.get(position).map_or(0, |row| row.respondents);
        view! {
            <tr>
                <th scope="row">{words::domain(tr, domain)}</th>
                <td class="is-num">{words::figure(tr, indicator.measure, figure)}</td>
                <td class="is-num">{words::interval(tr.lang, figure)}</td>
                <td class="is-num">{format::number(tr.lang, i64::from(n))}</td>
                <td>{words::flag(tr, figure)}</td>
                <td>{why.map(|why| reason(tr, why))}</td>
            </tr>
        }
    });
    let rows: Vec<_> = rows.collect();
    view! {
        <section class="l-section" id="estimates"><h2>{tr.t("draft-estimates")}</h2>
            <form class="c-filter l-flow" method="get" action=format!("{}#estimates", page.href)>
                <div class="c-field">
                    <label class="c-field__label" for="indicator">{tr.t("indicator-column")}</label>
                    <select class="c-select c-select--wide" id="indicator" name="indicator">{options}</select>
                </div>
                <div class="c-field">
                    <label class="c-field__label" for="table">{tr.t("draft-table")}</label>
                    <select class="c-select" id="table" name="table">{tables}</select>
                </div>
                <button class="c-button c-button--second" type="submit">{tr.t("draft-show")}</button>
            </form>
            <div class="c-scroll" tabindex="0" role="group" aria-label=words::table(tr, page.table)><table class="c-table"><thead><tr>
                <th scope="col">{words::table(tr, page.table)}</th>
                <th scope="col" class="is-num">{tr.t("value-column")}</th>
                <th scope="col" class="is-num">{tr.t("interval-column")}</th>
                <th scope="col" class="is-num">"n"</th>
                <th scope="col">{tr.t("flag-column")}</th>
                <th scope="col">{tr.t("draft-reason")}</th>
            </tr></thead><tbody>{rows}</tbody></table></div>
        </section>
    }
    .into_any()
}

fn changes(tr: Tr, page: &DraftPage<'_>) -> Option<impl IntoView + use<>> {
    let correction = page.release.correction.as_ref()?;
    let number = |count: usize| format::number(tr.lang, i64::try_from(count).unwrap_or(i64::MAX));
    let of = correction.of.to_string();
    let text = tr.with(
        "draft-correction",
        [("of", &of), ("changes", &number(correction.changes.len())), ("kept", &number(correction.kept.len()))],
    );
    Some(view! { <section class="l-section"><h2>{tr.t("correction-title")}</h2><p class="l-text">{text}</p></section> })
}

fn note(tr: Tr, page: &DraftPage<'_>) -> AnyView {
    if page.number.is_some() {
        return ().into_any();
    }
    let area = |name: &'static str, label: String, value: String, mistakes: &[Mistake]| {
        let error = errors::of(mistakes, name).map(ToOwned::to_owned);
        view! {
            <div class="c-field">
                <label class="c-field__label" for=name>{label}</label>
                {error.map(|error| crate::ui::field::message(tr, name, error))}
                <textarea class="c-input" id=name name=name rows="6">{value}</textarea>
            </div>
        }
    };
    let [vi, en] = page.note.clone();
    view! {
        <section class="l-section" id="note"><h2>{tr.t("sure-note")}</h2>
            <p class="l-text">{tr.t("note-lead")}</p>
            <form class="l-text l-flow" method="post" action=format!("{}/note", page.href)>
                {area("note_vi", tr.t("note-vi").into_owned(), vi, &page.mistakes)}
                {area("note_en", tr.t("note-en").into_owned(), en, &page.mistakes)}
                <button class="c-button c-button--second" type="submit">{tr.t("note-save")}</button>
            </form>
        </section>
    }
    .into_any()
}

fn issue(tr: Tr, page: &DraftPage<'_>) -> AnyView {
    if page.number.is_some() {
        let href = format!("{}/archive", page.href);
        return view! {
            <section class="l-section"><h2>{tr.t("archive-title")}</h2>
                <p class="l-text">{tr.t("archive-text")}</p><p><a href=href>{tr.t("archive-link")}</a></p>
            </section>
        }
        .into_any();
    }
    view! {
        <section class="l-section"><h2>{tr.t("issue-title")}</h2>
            <p class="l-text">{tr.t("issue-text")}</p>
            <form method="post" action=format!("{}/issue", page.href)>
                <button class="c-button" type="submit">{tr.t("issue-button")}</button>
            </form>
        </section>
    }
    .into_any()
}
