//! Every answer of the submission, with its flags, evidence and questions.

use leptos::prelude::*;
use model::{
    answer::Answer,
    assessment::State,
    profile::asked,
    questionnaire::{Item, ItemAnswer, Question, Section},
    score::level_of,
};

use super::{ReviewPage, Side, Thread, area, feed, hidden};
use crate::{
    i18n::Tr,
    pages::words::{option_text, said, section_name, short_name},
    paths,
    ui::{files, level::chip, notice},
};

/// The answers by section.
pub(super) fn view(tr: Tr, page: &ReviewPage<'_>) -> impl IntoView + use<> {
    let sections: Vec<_> = page.questionnaire.sections.iter().map(|section| self::section(tr, page, section)).collect();
    view! {
        <div class="c-review">
            {findings(tr, page)}
            {sections}
        </div>
    }
}

/// Answers that do not go together, by their codes, each with what the enterprise says about it.
fn findings(tr: Tr, page: &ReviewPage<'_>) -> AnyView {
    if page.findings.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = page
        .findings
        .iter()
        .map(|raised| {
            let check = page.questionnaire.checks.iter().find(|check| check.id == raised.code);
            let links: Vec<_> = check
                .into_iter()
                .flat_map(|check| &check.questions)
                .map(|id| view! { " "<a href=format!("#{id}")>{short_name(tr, page.questionnaire, id)}</a> })
                .collect();
            let message = match check {
                Some(check) => check.message.get(tr.lang).to_owned(),
                None if raised.code == "X14" => tr.t("findings-differ").into_owned(),
                None => tr.t("findings-jump").into_owned(),
            };
            let said = match &raised.reason {
                Some(reason) => tr.with("review-finding-reason", [("reason", reason)]),
                None => tr.t("review-finding-silent").into_owned(),
            };
            let code = raised.code.clone();
            view! { <li><p><strong>{code}</strong>" "{message}{links}</p><p class="c-review__said">{said}</p></li> }
        })
        .collect();
    notice::warn(tr.t("review-findings").into_owned(), view! { <ul class="c-list">{rows}</ul> })
}

fn section(tr: Tr, page: &ReviewPage<'_>, section: &Section) -> AnyView {
    let asked = asked(page.questionnaire, page.answers);
    let rows: Vec<_> = section
        .topics
        .iter()
        .flat_map(|topic| asked.questions(topic))
        .filter(|question| page.answers.get(question.id()).is_some() || question.required())
        .map(|question| row(tr, page, question))
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="c-review__section">
            <h2>{section_name(tr, page.questionnaire, section)}</h2>
            {rows}
        </section>
    }
    .into_any()
}

fn row(tr: Tr, page: &ReviewPage<'_>, question: Question<'_>) -> AnyView {
    let id = question.id();
    let text = match question {
        Question::Item(item) => item.question.get(tr.lang).to_owned(),
        Question::Fact(fact) => fact.text.get(tr.lang).to_owned(),
    };
    let threads: Vec<_> =
        page.threads.iter().filter(|thread| thread.about == id).map(|thread| self::thread(tr, page, thread)).collect();
    let checks = page.questionnaire.checks.iter().filter(|check| check.questions.iter().any(|known| known == id));
    let raised = checks.filter(|check| page.findings.iter().any(|raised| raised.code == check.id));
    let flags: Vec<String> = raised.map(|check| check.id.clone()).collect();
    let flags =
        (!flags.is_empty()).then(|| view! { <span class="c-status c-status--back u-small">{flags.join(", ")}</span> });
    view! {
        <article class="c-review__row" id=id.to_owned()>
            <h3 class="c-review__q">
                <span class="c-check__no">{page.questionnaire.number(id)}</span><span>{text}" "{flags}</span>
            </h3>
            {quotes(tr, page, question)}
            {aids(tr, page, question)}
            {threads}
            {acts(tr, page, question)}
        </article>
    }
    .into_any()
}

/// The enterprise's answer, what it was before, and the level that was recorded.
fn quotes(tr: Tr, page: &ReviewPage<'_>, question: Question<'_>) -> impl IntoView + use<> {
    let id = question.id();
    let answer = page.answers.get(id);
    let level = match question {
        Question::Item(item) => level_of(page.questionnaire, item, page.answers),
        Question::Fact(_) => None,
    };
    let before = page.before.filter(|before| before.get(id) != answer).map(|before| {
        let text = tr.with("review-before", [("answer", &said(tr, page.questionnaire, id, before.get(id)))]);
        view! { <div class="c-quote__row"><span></span><span class="u-quiet">{text}</span></div> }
    });
    let recorded = page.recorded.get(id).map(|level| {
        let words = match question {
            Question::Item(item) => statement(tr, item, *level),
            Question::Fact(_) => String::new(),
        };
        view! {
            <div class="c-quote__row">
                {chip(tr, *level)}<span><span class="u-quiet">{tr.t("review-recorded")}</span>" "{words}</span>
            </div>
        }
    });
    view! {
        <div class="c-quote">
            <div class="c-quote__row">
                <span>{level.map(|level| chip(tr, level))}</span><span>{words(tr, page, question, answer)}</span>
            </div>
            {before}
            {recorded}
        </div>
    }
}

fn words(tr: Tr, page: &ReviewPage<'_>, question: Question<'_>, answer: Option<&Answer>) -> AnyView {
    match answer {
        Some(Answer::Many(options)) if !options.is_empty() => {
            let rows: Vec<_> =
                options.iter().map(|option| view! { <li>{option_text(tr, question, option)}</li> }).collect();
            view! { <ul class="c-check__list">{rows}</ul> }.into_any()
        }
        _ => said(tr, page.questionnaire, question.id(), answer).into_any(),
    }
}

fn statement(tr: Tr, item: &Item, level: u8) -> String {
    match &item.answer {
        ItemAnswer::Ladder { levels } => {
            levels.get(usize::from(level)).map_or_else(String::new, |text| text.get(tr.lang).to_owned())
        }
        ItemAnswer::Checklist { .. } => tr.with("checklist-level", [("level", &level.to_string())]),
    }
}

/// What could show that the answer is right, and what was sent to show it.
fn aids(tr: Tr, page: &ReviewPage<'_>, question: Question<'_>) -> impl IntoView + use<> {
    let hint = match question {
        Question::Item(item) => Some(item.evidence.get(tr.lang).to_owned()),
        Question::Fact(_) => None,
    };
    let hint = hint.map(|hint| {
        view! { <p class="u-small"><span class="u-quiet">{tr.t("evidence")}</span>" "{hint}</p> }
    });
    view! { {hint}{files::list(tr, &page.files, question.id(), |_| ().into_any())} }
}

fn thread(tr: Tr, page: &ReviewPage<'_>, thread: &Thread) -> impl IntoView + use<> {
    let posts = feed::entries(tr, page.questionnaire, &thread.posts, Side::Association);
    let (status, class) = if thread.open {
        (tr.t("question-open"), "c-status c-status--doing u-small")
    } else {
        (tr.t("question-closed"), "c-status c-status--wait u-small")
    };
    let forms = thread.open.then(|| {
        let field = format!("q-{}", thread.id);
        let question = thread.id.clone();
        view! {
            <form method="post" action=paths::review(&page.id) novalidate class="l-flow">
                <input type="hidden" name="number" value=page.number.0.to_string()/>
                <input type="hidden" name="question" value=question/>
                <input type="hidden" name="back" value=thread.about.clone()/>
                {area(tr, &field, tr.t("question-reply").into_owned(), page.typed(&field), &page.unsent.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--small" type="submit" name="act" value="comment">
                        {tr.t("question-send")}
                    </button>
                    <button class="c-button c-button--second c-button--small" type="submit" name="act" value="close">
                        {tr.t("question-close")}
                    </button>
                </div>
            </form>
        }
    });
    view! { <div class="c-review__thread"><p><span class=class>{status}</span></p>{posts}{forms}</div> }
}

/// Asking and recording, folded away until they are wanted.
fn acts(tr: Tr, page: &ReviewPage<'_>, question: Question<'_>) -> AnyView {
    if page.state != State::InReview {
        return ().into_any();
    }
    let id = question.id().to_owned();
    let field = format!("ask-{id}");
    let ask = view! {
        <details class="c-details" open=page.unsent.field == field>
            <summary>{tr.t("review-ask")}<span class="u-hidden">" "{short_name(tr, page.questionnaire, &id)}</span></summary>
            <form class="c-details__body l-flow" method="post" action=paths::review(&page.id) novalidate>
                {hidden("ask", page.number.0)}
                <input type="hidden" name="about" value=id.clone()/>
                {area(tr, &field, tr.t("review-ask-label").into_owned(), page.typed(&field), &page.unsent.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--small" type="submit">{tr.t("review-ask-button")}</button>
                </div>
            </form>
        </details>
    };
    let rate = match question {
        Question::Item(item) => Some(rate(tr, page, item)),
        Question::Fact(_) => None,
    };
    view! { <div class="c-review__acts">{ask}{rate}</div> }.into_any()
}

fn rate(tr: Tr, page: &ReviewPage<'_>, item: &Item) -> impl IntoView + use<> {
    let field = format!("rate-{}", item.id);
    let select = format!("level-{}", item.id);
    let current = page.recorded.get(&item.id).copied();
    let options: Vec<_> = (0..=5_u8)
        .map(|level| {
            let text = format!("{level} – {}", statement(tr, item, level));
            view! { <option value=level.to_string() selected=current == Some(level)>{text}</option> }
        })
        .collect();
    let name = short_name(tr, page.questionnaire, &item.id);
    view! {
        <details class="c-details" open=page.unsent.field == field>
            <summary>{tr.t("review-rate")}<span class="u-hidden">" "{name}</span></summary>
            <form class="c-details__body l-flow" method="post" action=paths::review(&page.id) novalidate>
                {hidden("rate", page.number.0)}
                <input type="hidden" name="about" value=item.id.clone()/>
                <div>
                    <label class="c-field__label" for=select.clone()>{tr.t("review-rate-level")}</label>
                    <select class="c-select c-select--wide" id=select name="level">
                        <option value="">{tr.t("review-rate-none")}</option>
                        {options}
                    </select>
                </div>
                {area(tr, &field, tr.t("review-rate-reason").into_owned(), page.typed(&field), &page.unsent.mistakes)}
                <div class="c-buttons">
                    <button class="c-button c-button--small" type="submit">{tr.t("review-rate-button")}</button>
                </div>
            </form>
        </details>
    }
}
