//! Earlier assessments, and two of them side by side.

use leptos::prelude::*;
use model::{
    answer::Answers,
    change::{Change, change},
    format,
    questionnaire::{Item, ItemAnswer, Questionnaire},
    ratio::Ratio,
    score::score,
};

use super::words::{moved as moved_words, said};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        level::chip,
        subnav::{Here, subnav},
    },
};

/// The most changed items that the result page names.
const MOST_NAMED: usize = 3;

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct History<'a> {
    /// What was sent, the newest first.
    pub results: Vec<Past<'a>>,
    /// Which two are compared: the earlier and the later one, as positions in the list.
    pub compared: Option<(usize, usize)>,
}

/// One assessment that was sent.
#[derive(Clone, Debug)]
pub struct Past<'a> {
    /// Id of the assessment.
    pub assessment: String,
    /// The campaign's title.
    pub title: String,
    /// The day it was sent.
    pub day: String,
    /// The questionnaire version it was scored with.
    pub questionnaire: &'a Questionnaire,
    /// The answers that were sent.
    pub answers: &'a Answers,
}

/// The page.
pub fn view(tr: Tr, page: &History<'_>) -> AnyView {
    let body = if page.results.is_empty() {
        view! { <p class="c-empty">{tr.t("history-none")}</p> }.into_any()
    } else {
        view! { {table(tr, page)}{choice(tr, page)} }.into_any()
    };
    let compared = page.compared.and_then(|(before, after)| {
        let (before, after) = (page.results.get(before)?, page.results.get(after)?);
        Some(comparison(tr, before, after))
    });
    view! {
        {subnav(tr, Here::History)}
        <div class="c-head">
            <h1>{tr.t("history-title")}</h1>
            <p class="c-head__lead">{tr.t("history-lead")}</p>
        </div>
        {body}
        {compared}
    }
    .into_any()
}

/// What changed since the assessment before, in a few lines for the result page.
pub(super) fn since(tr: Tr, questionnaire: &Questionnaire, title: &str, change: &Change<'_>) -> AnyView {
    let rose = change.moved.iter().filter(|moved| moved.to > moved.from).take(MOST_NAMED);
    let rows: Vec<_> = rose
        .map(|moved| view! { <li>{moved_words(tr, questionnaire, moved.item, moved.from, moved.to)}</li> })
        .collect();
    let list = (!rows.is_empty()).then(|| view! { <ul class="c-list">{rows}</ul> });
    view! {
        <section class="l-section" aria-labelledby="since">
            <h2 id="since">{tr.with("since-title", [("title", title)])}</h2>
            <p class="l-text">{summary(tr, change)}</p>
            {list}
            <p><a href="/history">{tr.t("since-link")}</a></p>
        </section>
    }
    .into_any()
}

fn table(tr: Tr, page: &History<'_>) -> AnyView {
    let rows: Vec<_> = page
        .results
        .iter()
        .map(|past| {
            let score = score(past.questionnaire, past.answers);
            let points = score.overall.map_or_else(|| "–".to_owned(), |overall| format::score(tr.lang, overall));
            view! {
                <tr>
                    <th scope="row"><a href=paths::result(&past.assessment)>{past.title.clone()}</a></th>
                    <td class="u-num" data-label=tr.t("column-sent")>{past.day.clone()}</td>
                    <td class="is-num" data-label=tr.t("overall")>{points}</td>
                    <td data-label=tr.t("column-level")>{score.level.map(|level| chip(tr, level))}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <table class="c-table c-rows">
            <thead>
                <tr>
                    <th scope="col">{tr.t("column-campaign")}</th>
                    <th scope="col">{tr.t("column-sent")}</th>
                    <th scope="col" class="is-num">{tr.t("overall")}</th>
                    <th scope="col">{tr.t("column-level")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The form that chooses which two are compared; an address of its own for every pair.
fn choice(tr: Tr, page: &History<'_>) -> AnyView {
    let Some((before, after)) = page.compared else {
        return view! { <p class="l-text l-gap">{tr.t("history-one")}</p> }.into_any();
    };
    if page.results.len() == 2 {
        return ().into_any();
    }
    let select = |name: &'static str, label: String, chosen: usize| {
        let options: Vec<_> = page
            .results
            .iter()
            .enumerate()
            .map(|(index, past)| {
                let text = format!("{} ({})", past.title, past.day);
                view! { <option value=past.assessment.clone() selected=index == chosen>{text}</option> }
            })
            .collect();
        view! {
            <div class="c-field">
                <label class="c-field__label" for=name>{label}</label>
                <select class="c-select c-select--wide" id=name name=name>{options}</select>
            </div>
        }
    };
    view! {
        <form class="l-gap" method="get" action="/history">
            {select("before", tr.t("history-before").into_owned(), before)}
            {select("after", tr.t("history-after").into_owned(), after)}
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit">{tr.t("history-compare")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn comparison(tr: Tr, before: &Past<'_>, after: &Past<'_>) -> AnyView {
    let title = tr.with("history-pair", [("before", &before.title), ("after", &after.title)]);
    if before.questionnaire.id != after.questionnaire.id {
        return view! {
            <section class="l-section"><h2>{title}</h2><p class="l-text">{tr.t("history-other")}</p></section>
        }
        .into_any();
    }
    let change = change((before.questionnaire, before.answers), (after.questionnaire, after.answers));
    view! {
        <section class="l-section" aria-labelledby="pair">
            <h2 id="pair">{title}</h2>
            <p class="l-text">{summary(tr, &change)}</p>
            {pillars(tr, after.questionnaire, &change)}
            {moves(tr, before, after, &change)}
            {reasons(tr, before, after, &change)}
        </section>
    }
    .into_any()
}

/// One sentence about score and level.
fn summary(tr: Tr, change: &Change<'_>) -> String {
    let (Some(before), Some(after)) = (change.before.overall, change.after.overall) else { return String::new() };
    let points = |ratio: Ratio| format::score(tr.lang, ratio);
    let (from, to) = (change.before.level.unwrap_or_default(), change.after.level.unwrap_or_default());
    let (low, high) = (points(before), points(after));
    let score = if before == after {
        tr.with("since-same", [("score", &high)])
    } else if after > before {
        tr.with("since-up", [("before", &low), ("after", &high)])
    } else {
        tr.with("since-down", [("before", &low), ("after", &high)])
    };
    let level = if from == to {
        tr.with("since-level-same", [("level", &to.to_string())])
    } else {
        tr.with("since-level", [("before", &from.to_string()), ("after", &to.to_string())])
    };
    format!("{score} {level}")
}

fn pillars(tr: Tr, questionnaire: &Questionnaire, change: &Change<'_>) -> AnyView {
    let rows: Vec<_> = questionnaire
        .pillars()
        .zip(&change.after.pillars)
        .enumerate()
        .map(|(index, (section, after))| {
            let before = change.before.pillars.iter().find(|pillar| pillar.id == section.id);
            let before = before.and_then(|pillar| pillar.score).map(Ratio::value);
            let after = after.score.map(Ratio::value);
            let points = |value: Option<f64>| value.map_or_else(|| "–".to_owned(), |v| format::score(tr.lang, v));
            let difference = before.zip(after).map(|(before, after)| signed(tr, after - before));
            view! {
                <tr>
                    <th scope="row">{format!("{}. {}", index + 1, section.title.get(tr.lang))}</th>
                    <td class="is-num">{points(before)}</td>
                    <td class="is-num">{points(after)}</td>
                    <td class="is-num">{difference.unwrap_or_else(|| "–".to_owned())}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("pillars-title")>
            <table class="c-table">
                <caption>{tr.t("pillars-caption")}</caption>
                <thead>
                    <tr>
                        <th scope="col">{tr.t("column-pillar")}</th>
                        <th scope="col" class="is-num">{tr.t("history-before")}</th>
                        <th scope="col" class="is-num">{tr.t("history-after")}</th>
                        <th scope="col" class="is-num">{tr.t("column-change")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// A difference with its sign, a true minus included.
fn signed(tr: Tr, difference: f64) -> String {
    let text = format::score(tr.lang, difference.abs());
    match difference {
        _ if text.chars().all(|sign| matches!(sign, '0' | ',' | '.')) => text,
        up if up > 0.0 => format!("+{text}"),
        _ => format!("−{text}"),
    }
}

fn moves(tr: Tr, before: &Past<'_>, after: &Past<'_>, change: &Change<'_>) -> AnyView {
    if change.moved.is_empty() {
        return view! { <p class="l-text">{tr.t("history-unmoved")}</p> }.into_any();
    }
    let rows: Vec<_> = change
        .moved
        .iter()
        .map(|moved| {
            let now = statement(tr, after.questionnaire, moved.item, moved.to);
            let was = before.questionnaire.item(&moved.item.id);
            let was = was.map(|item| statement(tr, before.questionnaire, item, moved.from)).unwrap_or_default();
            let number = after.questionnaire.number(&moved.item.id);
            let difference = i16::from(moved.to) - i16::from(moved.from);
            view! {
                <tr>
                    <th scope="row">{format!("{number} {}", moved.item.title.get(tr.lang))}</th>
                    <td data-label=tr.t("history-before")>{was}</td>
                    <td data-label=tr.t("history-after")>{now}</td>
                    <td class="is-num" data-label=tr.t("column-change")>{steps(difference)}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <h3>{tr.t("history-moves")}</h3>
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("history-moves")>
            <table class="c-table">
                <thead>
                    <tr>
                        <th scope="col">{tr.t("column-question")}</th>
                        <th scope="col">{tr.t("history-before")}</th>
                        <th scope="col">{tr.t("history-after")}</th>
                        <th scope="col" class="is-num">{tr.t("column-lines")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

fn steps(difference: i16) -> String {
    if difference > 0 { format!("+{difference}") } else { format!("−{}", difference.unsigned_abs()) }
}

/// A level with its statement.
fn statement(tr: Tr, questionnaire: &Questionnaire, item: &Item, level: u8) -> String {
    match &item.answer {
        ItemAnswer::Ladder { levels } => {
            let words = levels.get(usize::from(level)).map_or("", |words| words.get(tr.lang));
            format!("{level} – {words}")
        }
        ItemAnswer::Checklist { .. } => {
            let number = questionnaire.number(&item.id);
            tr.with("history-checklist", [("level", &level.to_string()), ("number", &number)])
        }
    }
}

/// Changed profile facts, and the questions that came or went because of them.
fn reasons(tr: Tr, before: &Past<'_>, after: &Past<'_>, change: &Change<'_>) -> AnyView {
    if change.facts.is_empty() && change.came.is_empty() && change.went.is_empty() {
        return ().into_any();
    }
    let facts: Vec<_> = change
        .facts
        .iter()
        .filter_map(|id| {
            let fact = after.questionnaire.fact(id)?;
            let was = said(tr, before.questionnaire, id, before.answers.get(id));
            let now = said(tr, after.questionnaire, id, after.answers.get(id));
            let row = [("fact", fact.text.get(tr.lang)), ("before", was.as_str()), ("after", now.as_str())];
            Some(view! { <li>{tr.with("history-fact", row)}</li> })
        })
        .collect();
    let list = |items: &[&Item], title: String| {
        let rows: Vec<_> = items
            .iter()
            .map(|item| {
                let number = after.questionnaire.number(&item.id);
                view! { <li>{format!("{number} {}", item.title.get(tr.lang))}</li> }
            })
            .collect();
        (!rows.is_empty()).then(|| view! { <p>{title}</p><ul class="c-list">{rows}</ul> })
    };
    view! {
        <h3>{tr.t("history-profile")}</h3>
        <p class="l-text">{tr.t("history-profile-text")}</p>
        <ul class="c-list">{facts}</ul>
        {list(&change.came, tr.t("history-came").into_owned())}
        {list(&change.went, tr.t("history-went").into_owned())}
    }
    .into_any()
}
