//! Questionnaire versions: uploaded and checked, looked at, published, compared.

use leptos::prelude::*;
use model::questionnaire::{
    Fact, FactAnswer, Problem, Question, Questionnaire, Section, Topic,
    compare::{Change, Difference, Part},
};

use crate::{
    i18n::Tr,
    pages::{
        sheet::Sheet,
        words::{section_name, short_name},
    },
    ui::{log, notice},
};

/// One version in the list.
#[derive(Clone, Debug)]
pub struct Line {
    /// Id and version, as people say them.
    pub name: String,
    /// The address of its page.
    pub href: String,
    /// When it was published or uploaded.
    pub at: String,
    /// Whether it is published.
    pub published: bool,
}

/// The list with the upload.
#[derive(Clone, Debug, Default)]
pub struct Versions {
    /// Drafts first, then what is published.
    pub lines: Vec<Line>,
    /// The mistakes of an uploaded file.
    pub problems: Vec<Problem>,
    /// Why an upload was refused as a whole.
    pub refused: Option<String>,
}

/// One version, read only.
#[derive(Clone, Debug)]
pub struct Preview<'a> {
    /// Id and version.
    pub name: String,
    /// The address of this page.
    pub href: String,
    /// The questionnaire.
    pub questionnaire: &'a Questionnaire,
    /// Its items in the reader's language.
    pub sheet: &'a Sheet,
    /// When a draft was uploaded, as the publishing names it; none when it is published.
    pub draft: Option<i64>,
    /// The draft was replaced while this page was open.
    pub stale: bool,
    /// The published versions to compare with.
    pub others: Vec<String>,
}

/// What differs between two versions.
#[derive(Clone, Debug)]
pub struct Comparison<'a> {
    /// Id and version of the older one.
    pub older_name: String,
    /// Id and version of the newer one.
    pub newer_name: String,
    /// The address of the newer one.
    pub href: String,
    /// The older one.
    pub older: &'a Questionnaire,
    /// The newer one.
    pub newer: &'a Questionnaire,
    /// The differences.
    pub differences: Vec<Difference>,
}

/// The list with the upload.
pub fn versions(tr: Tr, page: Versions) -> AnyView {
    let columns = [tr.t("questionnaire-version"), tr.t("questionnaire-standing"), tr.t("column-when")]
        .map(|column| column.into_owned());
    let rows = page
        .lines
        .into_iter()
        .map(|line| {
            vec![
                view! { <a class="c-board__name" href=line.href>{line.name}</a> }.into_any(),
                standing(tr, line.published),
                view! { <span class="u-num u-nowrap">{line.at}</span> }.into_any(),
            ]
        })
        .collect();
    let invalid = (!page.problems.is_empty() || page.refused.is_some()).then_some("true");
    view! {
        {problems(tr, page.problems, page.refused)}
        <div class="c-head">
            <h1>{tr.t("questionnaires-title")}</h1><p class="c-head__lead">{tr.t("questionnaires-lead")}</p>
        </div>
        {log::table(tr.t("questionnaires-title").into_owned(), &columns, rows)}
        <section class="l-section l-text" aria-labelledby="upload">
            <h2 id="upload">{tr.t("questionnaire-upload")}</h2>
            <form class="l-gap" method="post" action="/province/questionnaires" enctype="multipart/form-data">
                <div class="c-field">
                    <label class="c-field__label" for="file">{tr.t("questionnaire-file")}</label>
                    <p class="c-field__hint" id="file-hint">{tr.t("questionnaire-file-hint")}</p>
                    <input
                        class="c-input" type="file" id="file" name="file" accept=".json,application/json"
                        aria-describedby="file-hint" aria-invalid=invalid
                    />
                </div>
                <div class="c-buttons">
                    <button class="c-button" type="submit">{tr.t("questionnaire-check")}</button>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// Every mistake with its place; the checker's words are English, like the words of the file.
fn problems(tr: Tr, problems: Vec<Problem>, refused: Option<String>) -> AnyView {
    if problems.is_empty() && refused.is_none() {
        return ().into_any();
    }
    let refused = refused.map(|refused| view! { <li><a href="#file">{refused}</a></li> });
    let lines: Vec<_> = problems
        .into_iter()
        .map(|problem| {
            let place = (!problem.place.is_empty()).then(|| view! { <strong>{problem.place}</strong>": " });
            view! { <li lang="en">{place}{problem.message}</li> }
        })
        .collect();
    view! {
        <div class="c-errors" role="alert" aria-labelledby="errors-title" tabindex="-1" autofocus>
            <h2 class="c-errors__title" id="errors-title">{tr.t("questionnaire-wrong")}</h2>
            <ul class="c-errors__list">{refused}{lines}</ul>
        </div>
    }
    .into_any()
}

/// One version as an enterprise would see it, all questions on one page.
pub fn preview(tr: Tr, page: &Preview<'_>) -> AnyView {
    let sections: Vec<_> = page.questionnaire.sections.iter().map(|section| self::section(tr, page, section)).collect();
    let stale = page.stale.then(|| {
        notice::warn(tr.t("questionnaire-stale-title").into_owned(), view! { <p>{tr.t("questionnaire-stale")}</p> })
    });
    let publish = page.draft.map(|uploaded| {
        view! {
            <form class="l-gap" method="post" action=page.href.clone()>
                <p>{tr.t("questionnaire-publish-text")}</p>
                <input type="hidden" name="uploaded" value=uploaded.to_string()/>
                <button class="c-button" type="submit">{tr.t("questionnaire-publish")}</button>
            </form>
        }
    });
    view! {
        <p><a class="c-back" href="/province/questionnaires">{tr.t("questionnaires-title")}</a></p>
        {stale}
        <div class="c-head">
            <p class="c-head__over">{page.name.clone()}" · "{standing(tr, page.draft.is_none())}</p>
            <h1>{page.questionnaire.title.get(tr.lang).to_owned()}</h1>
            <p class="c-head__lead">{tr.t("questionnaire-preview-lead")}</p>
        </div>
        {publish}
        {others(tr, page)}
        <fieldset class="c-preview" disabled>
            <legend class="u-hidden">{tr.t("questionnaire-preview")}</legend>
            {sections}
        </fieldset>
    }
    .into_any()
}

fn others(tr: Tr, page: &Preview<'_>) -> AnyView {
    if page.others.is_empty() {
        return ().into_any();
    }
    let options: Vec<_> =
        page.others.iter().map(|other| view! { <option value=other.clone()>{other.clone()}</option> }).collect();
    view! {
        <form class="c-filter" method="get" action=format!("{}/compare", page.href)>
            <div>
                <label class="c-field__label" for="with">{tr.t("questionnaire-with")}</label>
                <select class="c-select" id="with" name="with">{options}</select>
            </div>
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("questionnaire-compare")}</button>
        </form>
    }
    .into_any()
}

fn section(tr: Tr, page: &Preview<'_>, section: &Section) -> AnyView {
    let topics: Vec<_> = section.topics.iter().map(|topic| self::topic(tr, page, topic)).collect();
    view! {
        <section class="l-section">
            <h2>{section_name(tr, page.questionnaire, section)}</h2>
            <p>{section.hint.get(tr.lang).to_owned()}</p>
            {topics}
        </section>
    }
    .into_any()
}

fn topic(tr: Tr, page: &Preview<'_>, topic: &Topic) -> AnyView {
    let questions: Vec<_> = topic
        .questions
        .iter()
        .filter_map(|id| page.questionnaire.question(id))
        .map(|question| match question {
            Question::Item(item) => page.sheet.item(&item.id).view(tr, &[], |_| true, None),
            Question::Fact(fact) => self::fact(tr, fact),
        })
        .collect();
    view! { <h3 class="l-gap">{topic.title.get(tr.lang).to_owned()}</h3>{questions} }.into_any()
}

fn fact(tr: Tr, fact: &Fact) -> AnyView {
    let text = |text: &model::text::Text| text.get(tr.lang).to_owned();
    let answers = match &fact.answer {
        FactAnswer::Whole { min, max } => vec![format!("{min} – {max}")],
        FactAnswer::Percent => vec!["0 – 100%".to_owned()],
        FactAnswer::YesNo => vec![tr.t("yes").into_owned(), tr.t("no").into_owned()],
        FactAnswer::One { options } => options.iter().map(|option| text(&option.text)).collect(),
        FactAnswer::Many { options, none } => {
            options.iter().map(|option| text(&option.text)).chain(none.as_ref().map(text)).collect()
        }
        FactAnswer::Industry => vec![tr.t("field-industry").into_owned()],
    };
    let answers: Vec<_> = answers.into_iter().map(|answer| view! { <li>{answer}</li> }).collect();
    view! {
        <div class="l-gap">
            <p><strong>{text(&fact.text)}</strong></p>
            {fact.hint.as_ref().map(|hint| view! { <p class="u-quiet">{text(hint)}</p> })}
            <ul class="c-list">{answers}</ul>
        </div>
    }
    .into_any()
}

/// What differs between two versions.
pub fn comparison(tr: Tr, page: &Comparison<'_>) -> AnyView {
    let columns = [tr.t("questionnaire-question"), tr.t("questionnaire-change")].map(|column| column.into_owned());
    let rows: Vec<Vec<AnyView>> = page.differences.iter().map(|difference| row(tr, page, difference)).collect();
    let list = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("questionnaire-same")}</p> }.into_any()
    } else {
        log::table(tr.t("questionnaire-differences").into_owned(), &columns, rows)
    };
    let names = [("older", page.older_name.as_str()), ("newer", page.newer_name.as_str())];
    let lead = tr.with("questionnaire-between", names);
    view! {
        <p><a class="c-back" href=page.href.clone()>{page.newer_name.clone()}</a></p>
        <div class="c-head">
            <h1>{tr.t("questionnaire-differences")}</h1>
            <p class="c-head__lead">{lead}</p>
        </div>
        {list}
    }
    .into_any()
}

fn row(tr: Tr, page: &Comparison<'_>, difference: &Difference) -> Vec<AnyView> {
    let holder = if difference.change == Change::Removed { page.older } else { page.newer };
    let title = match holder.question(&difference.id) {
        Some(Question::Item(item)) => item.title.get(tr.lang).to_owned(),
        _ => String::new(),
    };
    let name = short_name(tr, holder, &difference.id);
    let change = match &difference.change {
        Change::Added => tr.t("change-added").into_owned(),
        Change::Removed => tr.t("change-removed").into_owned(),
        Change::Changed(parts) => parts.iter().map(|part| part_word(tr, *part)).collect::<Vec<_>>().join(", "),
    };
    vec![
        view! { {name}<span class="c-board__sub">{title}</span> }.into_any(),
        view! { <span>{change}</span> }.into_any(),
    ]
}

fn part_word(tr: Tr, part: Part) -> String {
    match part {
        Part::Text => tr.t("part-text"),
        Part::Answer => tr.t("part-answer"),
        Part::Weight => tr.t("part-weight"),
        Part::Asked => tr.t("part-asked"),
        Part::Evidence => tr.t("part-evidence"),
        Part::Action => tr.t("part-action"),
        Part::Place => tr.t("part-place"),
    }
    .into_owned()
}

fn standing(tr: Tr, published: bool) -> AnyView {
    let (class, word) = match published {
        true => ("c-status c-status--done", tr.t("questionnaire-published")),
        false => ("c-status c-status--todo", tr.t("questionnaire-draft")),
    };
    view! { <span class=class>{word}</span> }.into_any()
}
