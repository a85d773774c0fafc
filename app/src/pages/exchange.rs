//! What the reviewers ask and say, for the enterprise: it answers on the item and sees every recorded level.

use leptos::prelude::*;
use model::{assessment::State, questionnaire::Questionnaire};

use super::{
    review::{Entry, Side, Thread, Unsent, entries},
    words::short_name,
};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        errors, field,
        files::{self, File},
        notice, state,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Exchange<'a> {
    /// Key of the assessment, for the addresses.
    pub id: String,
    /// The campaign's title.
    pub title: String,
    /// The state of the assessment.
    pub state: State,
    /// The number of the last submission, and when it came.
    pub number: (i64, String),
    /// The questionnaire version.
    pub questionnaire: &'a Questionnaire,
    /// Questions to the enterprise.
    pub threads: Vec<Thread>,
    /// Evidence.
    pub files: Vec<File>,
    /// Everything in one line of time, the latest first.
    pub feed: Vec<Entry>,
    /// Something was stored just now.
    pub done: bool,
    /// What could not be stored.
    pub unsent: Unsent,
}

/// Before anything was submitted.
pub fn nothing(tr: Tr) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("exchange-title")}</h1>
            <p class="c-empty">{tr.t("exchange-nothing")}</p>
        </div>
    }
}

/// The page.
pub fn view(tr: Tr, page: &Exchange<'_>) -> AnyView {
    let number = page.number.0.to_string();
    let open: Vec<_> =
        page.threads.iter().filter(|thread| thread.open).map(|thread| self::thread(tr, page, thread)).collect();
    let questions = if open.is_empty() {
        view! { <p class="c-empty">{tr.t("exchange-none")}</p> }.into_any()
    } else {
        open.into_any()
    };
    view! {
        {errors::summary(tr, &page.unsent.mistakes)}
        {page.done.then(|| notice::done(tr.t("exchange-done").into_owned()))}
        <div class="c-head">
            <p class="c-head__over">
                {page.title.clone()}" · "{tr.with("review-sent", [("number", &number), ("day", &page.number.1)])}
            </p>
            <h1>{tr.t("exchange-title")}</h1>
            <p>{state::status(tr, Some(page.state))}</p>
        </div>
        {returned(tr, page)}
        <section class="l-gap l-text">
            <h2>{tr.t("exchange-questions")}</h2>
            {questions}
        </section>
        <section class="l-section l-text">
            <h2>{tr.t("review-feed")}</h2>
            {entries(tr, page.questionnaire, &page.feed, Side::Enterprise)}
        </section>
    }
    .into_any()
}

/// Where to change the answers and submit again.
fn returned(tr: Tr, page: &Exchange<'_>) -> Option<AnyView> {
    let href = paths::tasks(&page.id);
    (page.state == State::Returned).then(|| {
        notice::warn(
            tr.t("exchange-returned").into_owned(),
            view! {
                <p>{tr.t("exchange-returned-text")}</p>
                <p><a href=href>{tr.t("exchange-edit")}</a></p>
            },
        )
    })
}

fn thread(tr: Tr, page: &Exchange<'_>, thread: &Thread) -> AnyView {
    let about = short_name(tr, page.questionnaire, &thread.about);
    let edit =
        page.questionnaire.topic_of(&thread.about).filter(|_| page.state == State::Returned).map(|(section, topic)| {
            let href = format!("{}#{}", paths::topic(&page.id, &section.id, &topic.id), thread.about);
            view! { <p><a href=href>{tr.with("change-question", [("question", &about)])}</a></p> }
        });
    let id = format!("q-{}", thread.id);
    let typed = if page.unsent.field == id { page.unsent.text.clone() } else { String::new() };
    let error = errors::of(&page.unsent.mistakes, &id).map(|error| field::message(tr, &id, error.to_owned()));
    view! {
        <article class="c-review__row">
            <h3>{tr.with("exchange-about", [("question", &about)])}</h3>
            {edit}
            {entries(tr, page.questionnaire, &thread.posts, Side::Enterprise)}
            {files::list(tr, &page.files, &thread.about, |_| ().into_any())}
            <p class="l-gap-s">
                <a class="c-textbutton" href=paths::evidence_of(&page.id, &thread.about)>
                    {tr.t("evidence-add")}<span class="u-hidden">" "{about.clone()}</span>
                </a>
            </p>
            <form method="post" action=paths::exchange(&page.id) novalidate class="l-flow l-gap">
                <input type="hidden" name="question" value=thread.id.clone()/>
                <div>
                    <label class="c-field__label" for=id.clone()>{tr.t("exchange-answer")}</label>
                    {error}
                    <textarea class="c-textarea c-textarea--short" id=id.clone() name="text" rows="3">{typed}</textarea>
                </div>
                <div class="c-buttons">
                    <button class="c-button c-button--small" type="submit">{tr.t("question-send")}</button>
                </div>
            </form>
        </article>
    }
    .into_any()
}
