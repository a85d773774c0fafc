//! All answers before they are sent, the declaration, and the receipt.

use leptos::prelude::*;
use model::{
    answer::{Answer, Answers},
    check::Finding,
    profile::asked,
    questionnaire::{Item, Question, Questionnaire, Section, Topic},
    score::level_of,
};

use super::words::{option_text, said, section_name, short_name};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, message},
        level::chip,
        notice,
    },
};

/// Everything the check page shows.
#[derive(Clone, Debug)]
pub struct Check<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The questionnaire version of the campaign.
    pub questionnaire: &'a Questionnaire,
    /// The stored answers.
    pub answers: &'a Answers,
    /// The revision that is shown: only this one can be submitted from this page.
    pub revision: i64,
    /// Required questions without an answer.
    pub missing: Vec<String>,
    /// The warnings that the answers raise.
    pub findings: Vec<Finding<'a>>,
    /// Why the answers are right all the same, by code, as typed.
    pub reasons: Vec<(String, String)>,
    /// The form was sent without the declaration.
    pub undeclared: bool,
    /// The codes of warnings whose reason is too long.
    pub too_long: Vec<String>,
    /// Answers changed after this page was opened, so that nothing was sent.
    pub changed: bool,
    /// Whether the reader may send: colleagues only answer.
    pub may_send: bool,
}

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 500;

/// The field for the reason of a warning.
#[must_use]
pub fn reason_field(code: &str) -> String {
    format!("reason-{code}")
}

/// Everything the receipt shows.
#[derive(Clone, Debug)]
pub struct Receipt {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The enterprise's name.
    pub enterprise: String,
    /// What to quote.
    pub number: String,
    /// Date and time of sending.
    pub submitted_at: String,
}

/// The check page.
pub fn view(tr: Tr, page: &Check<'_>) -> AnyView {
    let mistakes = mistakes(tr, page);
    let sections: Vec<_> = page.questionnaire.sections.iter().map(|section| self::section(tr, page, section)).collect();
    view! {
        <a class="c-back" href=paths::tasks(&page.assessment)>{tr.t("topic-back")}</a>
        {errors::summary(tr, &mistakes)}
        {page.changed.then(|| notice::warn(tr.t("changed-title").into_owned(), view! { <p>{tr.t("changed-text")}</p> }))}
        <div class="c-head">
            <h1>{tr.t("check-title")}</h1>
            <p class="c-head__lead">{tr.t("check-lead")}</p>
        </div>
        {pointer(tr, page)}
        {sections}
        {declaration(tr, page, &mistakes)}
    }
    .into_any()
}

/// The receipt.
pub fn receipt(tr: Tr, page: Receipt) -> impl IntoView {
    view! {
        <div class="c-receipt">
            <h1 class="c-receipt__title">{tr.t("receipt-title")}</h1>
            <p class="c-receipt__label">{tr.t("receipt-label")}</p>
            <p class="c-receipt__no">{page.number}</p>
            <p class="c-receipt__text">
                {tr.with("receipt-text", [("enterprise", &page.enterprise), ("time", &page.submitted_at)])}
            </p>
            <div class="c-buttons">
                <a class="c-button" href=paths::result(&page.assessment)>{tr.t("receipt-result")}</a>
            </div>
        </div>
    }
}

fn mistakes(tr: Tr, page: &Check<'_>) -> Vec<Mistake> {
    let long = |code: &String| Mistake {
        field: reason_field(code),
        message: tr.with("reason-long", [("length", &LONGEST_REASON.to_string())]),
    };
    let mut mistakes: Vec<Mistake> = page.too_long.iter().map(long).collect();
    if page.undeclared {
        mistakes.push(Mistake { field: "declare".into(), message: tr.t("declare-missing").into_owned() });
    }
    mistakes
}

/// Says at the top that there are warnings further down.
fn pointer(tr: Tr, page: &Check<'_>) -> AnyView {
    if page.findings.is_empty() {
        return ().into_any();
    }
    let text = tr.with("findings-count", [("count", &page.findings.len().to_string())]);
    let link = view! { <p><a href="#findings">{text}</a></p> };
    notice::warn(tr.t("findings-title").into_owned(), link)
}

/// Warnings about answers that do not go together; they block nothing. Each can be confirmed with a reason.
fn findings(tr: Tr, page: &Check<'_>, mistakes: &[Mistake]) -> AnyView {
    if page.findings.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = page.findings.iter().map(|finding| self::finding(tr, page, finding, mistakes)).collect();
    view! {
        <section class="l-section" aria-labelledby="findings">
            <h2 id="findings">{tr.t("findings-title")}</h2>
            <p class="l-text">{tr.t("findings-text")}</p>
            <ol class="c-findings">{rows}</ol>
        </section>
    }
    .into_any()
}

fn finding(tr: Tr, page: &Check<'_>, finding: &Finding<'_>, mistakes: &[Mistake]) -> AnyView {
    let links: Vec<_> = finding.questions().into_iter().filter_map(|id| change(tr, page, id)).collect();
    let message = match finding {
        Finding::Check(check) => check.message.get(tr.lang).to_owned(),
        Finding::Jump(_) => tr.t("findings-jump").into_owned(),
        Finding::Differ(_) => tr.t("findings-differ").into_owned(),
    };
    let agree = matches!(finding, Finding::Differ(_)).then(|| {
        view! { <a href=paths::agree(&page.assessment)>{tr.t("agree-title")}</a>" " }
    });
    let name = reason_field(finding.code());
    let field = (page.missing.is_empty() && page.may_send).then(|| {
        let reason = page.reasons.iter().find(|(code, _)| code == finding.code());
        let shown = Field {
            label: tr.t("reason-label").into_owned(),
            value: reason.map(|(_, typed)| typed.clone()).unwrap_or_default(),
            ..Field::default()
        };
        field::input(tr, &name, shown, mistakes)
    });
    view! { <li class="c-findings__row"><p>{message}" "{agree}{links}</p>{field}</li> }.into_any()
}

/// A link to a question, by its name.
fn change(tr: Tr, page: &Check<'_>, id: &str) -> Option<AnyView> {
    let (section, topic) = page.questionnaire.topic_of(id)?;
    let href = format!("{}#{id}", paths::topic(&page.assessment, &section.id, &topic.id));
    let name = tr.with("change-question", [("question", &short_name(tr, page.questionnaire, id))]);
    Some(view! { <a href=href>{name}</a>" " }.into_any())
}

fn section(tr: Tr, page: &Check<'_>, section: &Section) -> AnyView {
    let asked = asked(page.questionnaire, page.answers);
    let rows: Vec<_> = section
        .topics
        .iter()
        .flat_map(|topic| asked.questions(topic).map(move |question| (topic, question)))
        .map(|(topic, question)| row(tr, page, section, topic, question))
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! {
        <section class="l-section">
            <h2>{section_name(tr, page.questionnaire, section)}</h2>
            <dl class="c-check">{rows}</dl>
        </section>
    }
    .into_any()
}

fn row(tr: Tr, page: &Check<'_>, section: &Section, topic: &Topic, question: Question<'_>) -> AnyView {
    let id = question.id();
    let href = format!("{}#{id}", paths::topic(&page.assessment, &section.id, &topic.id));
    let name = short_name(tr, page.questionnaire, id);
    let head = match question {
        Question::Item(item) => {
            let text = item.question.get(tr.lang).to_owned();
            view! {
                <dt class="c-check__q"><span class="c-check__no">{page.questionnaire.number(id)}</span><span>{text}</span></dt>
            }
            .into_any()
        }
        Question::Fact(fact) => {
            let text = fact.text.get(tr.lang).to_owned();
            view! { <dt class="c-check__q"><span>{text}</span></dt> }.into_any()
        }
    };
    view! {
        <div class="c-check__row">
            {head}
            <dd class="c-check__a">{answer(tr, page, question)}</dd>
            <dd class="c-check__change">
                <a href=href>{tr.t("change")}<span class="u-hidden">" "{name}</span></a>
            </dd>
        </div>
    }
    .into_any()
}

fn answer(tr: Tr, page: &Check<'_>, question: Question<'_>) -> AnyView {
    let id = question.id();
    let Some(answer) = page.answers.get(id) else {
        let text = if question.required() { tr.t("unanswered") } else { tr.t("not-given") };
        return view! { <span class="c-check__none">{text}</span> }.into_any();
    };
    let chip = match question {
        Question::Item(item) => item_level(page, item).map(|level| chip(tr, level)),
        Question::Fact(_) => None,
    };
    let words = match answer {
        Answer::Many(options) if !options.is_empty() => {
            let rows: Vec<_> =
                options.iter().map(|option| view! { <li>{option_text(tr, question, option)}</li> }).collect();
            view! { <ul class="c-check__list">{rows}</ul> }.into_any()
        }
        _ => view! { <span>{said(tr, page.questionnaire, id, Some(answer))}</span> }.into_any(),
    };
    view! { {chip}{words} }.into_any()
}

fn item_level(page: &Check<'_>, item: &Item) -> Option<u8> {
    level_of(page.questionnaire, item, page.answers)
}

fn declaration(tr: Tr, page: &Check<'_>, mistakes: &[Mistake]) -> AnyView {
    if !page.missing.is_empty() {
        let links: Vec<_> =
            page.missing.iter().filter_map(|id| change(tr, page, id).map(|link| view! { <li>{link}</li> })).collect();
        let text = tr.with("check-missing", [("count", &page.missing.len().to_string())]);
        return view! {
            {findings(tr, page, mistakes)}
            <section class="l-section">
                <h2>{tr.t("declare-title")}</h2>
                <p>{text}</p>
                <ul class="c-list">{links}</ul>
            </section>
        }
        .into_any();
    }
    if !page.may_send {
        let text = tr.t("declare-owner");
        return view! {
            {findings(tr, page, mistakes)}
            <section class="l-section"><h2>{tr.t("declare-title")}</h2><p class="l-text">{text}</p></section>
        }
        .into_any();
    }
    let error = errors::of(mistakes, "declare").map(|error| message(tr, "declare", error.to_owned()));
    let class = if error.is_some() { "c-choices c-choices--error" } else { "c-choices" };
    let described = error.is_some().then_some("declare-error");
    view! {
        <form method="post" action=paths::check(&page.assessment) novalidate>
            <input type="hidden" name="_revision" value=page.revision/>
            {findings(tr, page, mistakes)}
            <section class="l-section">
                <h2>{tr.t("declare-title")}</h2>
                <p class="l-text">{tr.t("declare-lead")}</p>
                <fieldset class=class aria-describedby=described>
                    <legend class="c-choices__legend"><span class="u-hidden">{tr.t("declare-title")}</span></legend>
                    {error}
                    <div class="c-choices__list">
                        <label class="c-choice">
                            <input class="c-choice__input" type="checkbox" id="declare" name="declare" value="yes"/>
                            <span class="c-choice__text">{tr.t("declare-text")}</span>
                        </label>
                    </div>
                </fieldset>
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("declare-send")}</button></div>
            </section>
        </form>
    }
    .into_any()
}
