//! The evidence for one answer: the files that were sent, and the form for another.

use leptos::prelude::*;
use model::questionnaire::{Question, Questionnaire};

use super::words::{question_text, short_name};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        errors::{self, Mistake},
        field,
        files::{self, File},
        notice,
    },
};

/// What browsers offer to choose from; what arrives is looked at by its content.
const ACCEPT: &str = ".pdf,.png,.jpg,.jpeg,application/pdf,image/png,image/jpeg";

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct EvidencePage<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The questionnaire version.
    pub questionnaire: &'a Questionnaire,
    /// The question of the questionnaire.
    pub about: String,
    /// The files about it.
    pub files: Vec<File>,
    /// A file may be sent now.
    pub may_add: bool,
    /// A file may be taken back now.
    pub may_remove: bool,
    /// The answers may change: the page of questions is the way back.
    pub is_draft: bool,
    /// How many files more the assessment may have.
    pub left: i64,
    /// A file was stored just now.
    pub added: bool,
    /// A file was taken back just now.
    pub removed: bool,
    /// What is wrong with what was sent.
    pub mistakes: Vec<Mistake>,
}

/// The title of the page.
#[must_use]
pub fn title(tr: Tr, page: &EvidencePage<'_>) -> String {
    tr.with("evidence-title", [("question", &short_name(tr, page.questionnaire, &page.about))])
}

/// The page.
pub fn view(tr: Tr, page: &EvidencePage<'_>) -> AnyView {
    let done = page.added.then(|| tr.t("evidence-added")).or_else(|| page.removed.then(|| tr.t("evidence-removed")));
    let hint = match page.questionnaire.question(&page.about) {
        Some(Question::Item(item)) => Some(item.evidence.get(tr.lang).to_owned()),
        _ => None,
    };
    let hint = hint.map(|hint| view! { <p><span class="u-quiet">{tr.t("evidence")}</span>" "{hint}</p> });
    view! {
        {back(tr, page)}
        {errors::summary(tr, &page.mistakes)}
        {done.map(|done| notice::done(done.into_owned()))}
        <div class="c-head l-text">
            <h1>{title(tr, page)}</h1>
            <p class="c-head__lead">{question_text(tr, page.questionnaire, &page.about)}</p>
            {hint}
        </div>
        <section class="l-text l-gap" aria-labelledby="sent">
            <h2 id="sent">{tr.t("evidence-sent")}</h2>
            {sent(tr, page)}
        </section>
        {form(tr, page)}
    }
    .into_any()
}

fn back(tr: Tr, page: &EvidencePage<'_>) -> AnyView {
    let topic = page.questionnaire.topic_of(&page.about).filter(|_| page.is_draft);
    let (href, text) = match topic {
        Some((section, topic)) => (
            format!("{}#{}", paths::topic(&page.assessment, &section.id, &topic.id), page.about),
            topic.title.get(tr.lang).to_owned(),
        ),
        None => (paths::exchange(&page.assessment), tr.t("exchange-title").into_owned()),
    };
    view! { <a class="c-back" href=href>{text}</a> }.into_any()
}

fn sent(tr: Tr, page: &EvidencePage<'_>) -> AnyView {
    if page.files.is_empty() {
        return view! { <p class="c-empty">{tr.t("evidence-nothing")}</p> }.into_any();
    }
    files::list(tr, &page.files, &page.about, |file| {
        if !page.may_remove {
            return ().into_any();
        }
        let action = paths::evidence_removed(&page.assessment, &page.about, &file.id);
        view! {
            <form method="post" action=action>
                <button class="c-textbutton" type="submit">
                    {tr.t("evidence-remove")}<span class="u-hidden">" "{file.name.clone()}</span>
                </button>
            </form>
        }
        .into_any()
    })
}

fn form(tr: Tr, page: &EvidencePage<'_>) -> AnyView {
    if !page.may_add {
        return view! { <p class="l-text l-gap" id="file">{tr.t("evidence-closed")}</p> }.into_any();
    }
    let error = errors::of(&page.mistakes, "file").map(ToOwned::to_owned);
    let described = field::described_by("file", true, error.is_some());
    let class = if error.is_some() { "c-field c-field--error" } else { "c-field" };
    let hint = tr.with("evidence-hint", [("left", &page.left.to_string())]);
    view! {
        <section class="l-section l-text" aria-labelledby="add">
            <h2 id="add">{tr.t("evidence-add")}</h2>
            <form method="post" enctype="multipart/form-data" action=paths::evidence_of(&page.assessment, &page.about)>
                <div class=class>
                    <label class="c-field__label" for="file">{tr.t("evidence-file")}</label>
                    <p class="c-field__hint" id="file-hint">{hint}</p>
                    {error.map(|error| field::message(tr, "file", error))}
                    <input class="c-input" id="file" name="file" type="file" accept=ACCEPT aria-describedby=described/>
                </div>
                <p class="u-quiet l-gap-s">{tr.t("evidence-who")}</p>
                <div class="c-buttons l-gap"><button class="c-button" type="submit">{tr.t("evidence-send")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
