//! The province's messages, as letters in the reader's language.

use app::i18n::Tr;

use super::letter::Letter;

/// The message by which an administrator tries out the mail settings.
#[must_use]
pub fn test(tr: Tr) -> Letter {
    Letter::new(&tr.t("mail-test-title"))
        .paragraph(&tr.t("mail-test-text"))
        .link(&tr.t("mail-test-link"), "/province/mail")
}

/// The message to somebody who got an account, or a new link to set its password.
#[must_use]
pub fn invitation(tr: Tr, full_name: &str, path: &str, until: &str) -> Letter {
    Letter::new(&tr.t("mail-invitation-title"))
        .paragraph(&tr.with("mail-invitation-greeting", [("name", full_name)]))
        .paragraph(&tr.t("mail-invitation-text"))
        .secret_link(&tr.t("mail-invitation-link"), path)
        .paragraph(&tr.with("mail-invitation-until", [("moment", until)]))
}

/// A review has a question for the enterprise. What is asked stands on the page alone: mail is read by others too.
#[must_use]
pub fn review_question(tr: Tr, campaign: &str, path: &str) -> Letter {
    Letter::new(&tr.t("mail-question-title"))
        .paragraph(&tr.with("mail-question-text", [("campaign", campaign)]))
        .link(&tr.t("mail-review-link"), path)
}

/// A submission went back to the enterprise.
#[must_use]
pub fn review_returned(tr: Tr, campaign: &str, reason: &str, path: &str) -> Letter {
    let letter =
        Letter::new(&tr.t("mail-returned-title")).paragraph(&tr.with("mail-returned-text", [("campaign", campaign)]));
    let letter = if reason.is_empty() { letter } else { letter.paragraph(reason) };
    letter.link(&tr.t("mail-review-link"), path)
}

/// A submission was accepted.
#[must_use]
pub fn review_accepted(tr: Tr, campaign: &str, path: &str) -> Letter {
    Letter::new(&tr.t("mail-accepted-title"))
        .paragraph(&tr.with("mail-accepted-text", [("campaign", campaign)]))
        .link(&tr.t("mail-review-link"), path)
}
