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
        Kind::TooManyAttempts => tr.t("error-too-many-title"),
        Kind::Internal => tr.t("error-internal-title"),
    }
    .into_owned()
}

/// What happened and what to do now.
pub fn view(tr: Tr, kind: Kind) -> impl IntoView {
    let text = match kind {
        Kind::BadRequest => tr.t("error-bad-request"),
        Kind::NotFound => tr.t("error-not-found"),
        Kind::Forbidden => tr.t("error-forbidden"),
        Kind::AlreadySubmitted => tr.t("error-already-submitted"),
        Kind::CampaignClosed => tr.t("error-campaign-closed"),
        Kind::TooLarge => tr.t("error-too-large"),
        Kind::TooManyAttempts => tr.t("error-too-many"),
        Kind::Internal => tr.t("error-internal"),
    };
    view! {
        <div class="l-text l-flow">
            <h1>{title(tr, kind)}</h1>
            <p class="u-lead">{text}</p>
            <p><a href="/home">{tr.t("error-home")}</a></p>
        </div>
    }
}
