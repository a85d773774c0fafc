//! What a reader sees when a request could not be answered.

use leptos::prelude::*;

use crate::i18n::Tr;

/// The kinds of errors that have a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The request makes no sense.
    BadRequest,
    /// Nothing is here for this reader.
    NotFound,
    /// The reader's role may not do this, or the form came from another site.
    Forbidden,
    /// The assessment was submitted already.
    AlreadySubmitted,
    /// The campaign is closed.
    CampaignClosed,
    /// The form is larger than any form of ours.
    TooLarge,
    /// A file stopped arriving.
    Stalled,
    /// Too many wrong passwords.
    TooManyAttempts,
    /// Our fault.
    Internal,
}

/// The title of the page.
#[must_use]
pub fn title(tr: Tr, kind: Kind) -> String {
    match kind {
        Kind::BadRequest => tr.t("error-bad-request-title"),
        Kind::NotFound => tr.t("error-not-found-title"),
        Kind::Forbidden => tr.t("error-forbidden-title"),
        Kind::AlreadySubmitted => tr.t("error-already-submitted-title"),
        Kind::CampaignClosed => tr.t("error-campaign-closed-title"),
        Kind::TooLarge => tr.t("error-too-large-title"),
        Kind::Stalled => tr.t("error-stalled-title"),
        Kind::TooManyAttempts => tr.t("error-too-many-title"),
        Kind::Internal => tr.t("error-internal-title"),
    }
    .into_owned()
}

/// What happened and what to do now, in a sentence or two.
#[must_use]
pub fn text(tr: Tr, kind: Kind) -> String {
    match kind {
        Kind::BadRequest => tr.t("error-bad-request"),
        Kind::NotFound => tr.t("error-not-found"),
        Kind::Forbidden => tr.t("error-forbidden"),
        Kind::AlreadySubmitted => tr.t("error-already-submitted"),
        Kind::CampaignClosed => tr.t("error-campaign-closed"),
        Kind::TooLarge => tr.t("error-too-large"),
        Kind::Stalled => tr.t("error-stalled"),
        Kind::TooManyAttempts => tr.t("error-too-many"),
        Kind::Internal => tr.t("error-internal"),
    }
    .into_owned()
}

/// The page.
pub fn view(tr: Tr, kind: Kind) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{title(tr, kind)}</h1>
            <p class="u-lead">{text(tr, kind)}</p>
            <p><a href="/">{tr.t("error-home")}</a></p>
        </div>
    }
}

/// The same for answers that were not stored and never will be: they are shown, and offered as a file.
pub fn refused(tr: Tr, kind: Kind, answers: Vec<(String, String)>) -> impl IntoView {
    let lines: String = answers.iter().map(|(question, answer)| format!("{question}: {answer}\n")).collect();
    let file = percent_encoding::utf8_percent_encode(&lines, percent_encoding::NON_ALPHANUMERIC);
    let file = format!("data:text/plain;charset=utf-8,{file}");
    let rows: Vec<_> =
        answers.into_iter().map(|(question, answer)| view! { <dt>{question}</dt><dd>{answer}</dd> }).collect();
    view! {
        <div class="l-text l-flow">
            <h1>{title(tr, kind)}</h1>
            <p class="u-lead">{text(tr, kind)}</p>
            <h2>{tr.t("refused-answers")}</h2>
            <dl class="c-glossary">{rows}</dl>
            <p><a class="c-button" href=file download=tr.t("save-file-name").into_owned()>{tr.t("save-file")}</a></p>
            <p><a href="/">{tr.t("error-home")}</a></p>
        </div>
    }
}
