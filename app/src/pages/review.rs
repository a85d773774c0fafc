//! The review of a submission: every answer with what was asked about it, the scores side by side, what happened.

mod answers;
mod feed;
mod panel;

use leptos::prelude::*;
use model::{
    answer::{Answer, Answers},
    assessment::State,
    questionnaire::Questionnaire,
    review::Levels,
};

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        files::File,
        notice,
    },
};

pub use feed::entries;

/// On whose behalf somebody writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// An association.
    Association,
    /// The province.
    Province,
    /// The enterprise.
    Enterprise,
}

/// Something that was said or done.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Who.
    pub who: String,
    /// On whose behalf.
    pub side: Side,
    /// Day and time.
    pub when: String,
    /// What.
    pub what: What,
}

/// What was said or done; `about` is the id of a question of the questionnaire.
#[derive(Clone, Debug)]
pub enum What {
    /// The enterprise submitted.
    Submitted {
        /// 1 for the first time.
        number: i64,
        /// Questions whose answers differ from the time before, with both answers.
        changes: Vec<(String, Option<Answer>, Option<Answer>)>,
    },
    /// Somebody took it up.
    Taken,
    /// A question was asked.
    Asked(String, String),
    /// Something was said on it.
    Said(String, String),
    /// It was settled.
    Closed(String),
    /// A level was recorded with its reason; none: taken back.
    Rated(String, Option<u8>, String),
    /// A note that the enterprise does not see.
    Noted(String),
    /// A file came.
    Evidence(String, String),
    /// A file was taken back.
    Removed(String, String),
    /// It went back, with a reason if one was given.
    Returned(String),
    /// It was accepted.
    Accepted,
}

/// A question to the enterprise with everything said on it.
#[derive(Clone, Debug)]
pub struct Thread {
    /// Key, for the forms.
    pub id: String,
    /// The question of the questionnaire.
    pub about: String,
    /// Whether it waits to be settled.
    pub open: bool,
    /// What was said, the first first.
    pub posts: Vec<Entry>,
}

/// A warning that was raised when the answers were sent, and why they are right all the same, as the enterprise says.
#[derive(Clone, Debug)]
pub struct Raised {
    /// The code, such as X01.
    pub code: String,
    /// The reason; none: nothing was said.
    pub reason: Option<String>,
}

/// What is wrong with what was sent.
#[derive(Clone, Debug, Default)]
pub struct Unsent {
    /// What to do about it.
    pub mistakes: Vec<Mistake>,
    /// The field that it was typed into.
    pub field: String,
    /// What was typed.
    pub text: String,
}

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct ReviewPage<'a> {
    /// Key of the assessment, for the addresses.
    pub id: String,
    /// Where the list of submissions is, and what it is called.
    pub back: (&'static str, String),
    /// The enterprise's name.
    pub enterprise: String,
    /// Its tax code, industry, ward or commune in words.
    pub facts: Vec<String>,
    /// The campaign's title.
    pub title: String,
    /// The state of the assessment.
    pub state: State,
    /// The number of the last submission, and when it came.
    pub number: (i64, String),
    /// Who took it up.
    pub reviewer: Option<String>,
    /// The reader took it up.
    pub is_mine: bool,
    /// Whoever takes a submission up may not accept it.
    pub four_eyes: bool,
    /// The questionnaire version.
    pub questionnaire: &'a Questionnaire,
    /// The answers of the last submission …
    pub answers: &'a Answers,
    /// … and of the one before.
    pub before: Option<&'a Answers>,
    /// The levels that reviewers recorded.
    pub recorded: &'a Levels,
    /// Warnings about the answers of the last submission.
    pub findings: Vec<Raised>,
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

impl ReviewPage<'_> {
    /// Questions that wait to be settled.
    fn open(&self) -> usize {
        self.threads.iter().filter(|thread| thread.open).count()
    }

    /// What was typed into a field and not stored.
    fn typed(&self, field: &str) -> String {
        if self.unsent.field == field { self.unsent.text.clone() } else { String::new() }
    }
}

/// The page.
pub fn view(tr: Tr, page: &ReviewPage<'_>) -> AnyView {
    view! {
        <a class="c-back" href=page.back.0>{page.back.1.clone()}</a>
        {errors::summary(tr, &page.unsent.mistakes)}
        {page.done.then(|| notice::done(tr.t("review-done").into_owned()))}
        <div class="c-head">
            <p class="c-head__over">{page.facts.join(" · ")}</p>
            <h1>{page.enterprise.clone()}</h1>
            <p class="c-head__lead">{lead(tr, page)}</p>
        </div>
        <div class="l-split l-split--panel">
            {answers::view(tr, page)}
            {panel::view(tr, page)}
        </div>
    }
    .into_any()
}

fn lead(tr: Tr, page: &ReviewPage<'_>) -> String {
    let number = page.number.0.to_string();
    let sent = tr.with("review-sent", [("number", &number), ("day", &page.number.1)]);
    format!("{} · {sent}", page.title)
}

/// The form fields that every act sends: what is done, and to which submission.
fn hidden(act: &'static str, number: i64) -> impl IntoView + use<> {
    view! {
        <input type="hidden" name="act" value=act/>
        <input type="hidden" name="number" value=number.to_string()/>
    }
}

/// A field of several lines.
pub(super) fn area(tr: Tr, id: &str, label: String, value: String, mistakes: &[Mistake]) -> AnyView {
    let error = errors::of(mistakes, id).map(|error| crate::ui::field::message(tr, id, error.to_owned()));
    let invalid = error.is_some().then_some("true");
    view! {
        <div>
            <label class="c-field__label" for=id.to_owned()>{label}</label>
            {error}
            <textarea class="c-textarea c-textarea--short" id=id.to_owned() name="text" rows="3" aria-invalid=invalid>
                {value}
            </textarea>
        </div>
    }
    .into_any()
}
