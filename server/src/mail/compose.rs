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
