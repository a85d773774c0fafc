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
