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

/// The message to somebody whom an enterprise invites to answer its assessment.
#[must_use]
pub fn colleague(tr: Tr, full_name: &str, enterprise: &str, path: &str, until: &str) -> Letter {
    Letter::new(&tr.with("mail-colleague-title", [("enterprise", enterprise)]))
        .paragraph(&tr.with("mail-invitation-greeting", [("name", full_name)]))
        .paragraph(&tr.with("mail-colleague-text", [("enterprise", enterprise)]))
        .secret_link(&tr.t("mail-colleague-link"), path)
        .paragraph(&tr.with("mail-invitation-until", [("moment", until)]))
}

/// An account was closed and its person erased. It names nobody: it is the last that is kept, for as long as it waits.
#[must_use]
pub fn erased(tr: Tr, when: &str) -> Letter {
    Letter::new(&tr.t("mail-erased-title"))
        .paragraph(&tr.with("mail-erased-text", [("moment", when)]))
        .paragraph(&tr.t("mail-erased-stays"))
        .paragraph(&tr.t("mail-erased-not-you"))
}

/// Somebody else manages the enterprise of the reader now; who it is stays unsaid.
#[must_use]
pub fn taken_over(tr: Tr, enterprise: &str, when: &str) -> Letter {
    Letter::new(&tr.t("mail-taken-title"))
        .paragraph(&tr.with("mail-taken-text", [("moment", when), ("enterprise", enterprise)]))
        .paragraph(&tr.t("mail-taken-stays"))
        .paragraph(&tr.t("mail-taken-wrong"))
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

/// A letter of an association to one of its members, with what is in it every time.
#[derive(Clone, Copy, Debug)]
pub struct ToMember<'a> {
    /// The association that writes.
    pub association: &'a str,
    /// The enterprise's name.
    pub enterprise: &'a str,
    /// Its tax code.
    pub tax_code: &'a str,
    /// The campaign's title.
    pub campaign: &'a str,
    /// The last day on which it takes assessments.
    pub day: &'a str,
    /// Where to go on.
    pub way: Way<'a>,
    /// The path of the stop link.
    pub stop: &'a str,
}

/// Where a member goes on.
#[derive(Clone, Copy, Debug)]
pub enum Way<'a> {
    /// It has no account: the path by which it registers.
    Register(&'a str),
    /// It has an account and has not decided whether the association may see its assessment.
    Decide,
    /// It agreed and answers.
    Answer,
}

/// An association invites a member to the campaign.
#[must_use]
pub fn member_invitation(tr: Tr, to: &ToMember<'_>) -> Letter {
    let title = tr.with("mail-member-title", [("association", to.association)]);
    let about = [("association", to.association), ("campaign", to.campaign), ("day", to.day)];
    let letter = greeted(tr, &title, to)
        .paragraph(&tr.with("mail-member-text", about))
        .paragraph(&tr.t("mail-member-what"))
        .paragraph(&tr.with("mail-member-consent", [("association", to.association)]));
    ended(tr, letter, to)
}

/// An association reminds a member that is not done.
#[must_use]
pub fn member_reminder(tr: Tr, to: &ToMember<'_>) -> Letter {
    let title = tr.with("mail-reminder-title", [("day", to.day)]);
    let about = [("association", to.association), ("campaign", to.campaign), ("day", to.day)];
    let letter = greeted(tr, &title, to)
        .paragraph(&tr.with("mail-reminder-text", about))
        .paragraph(&tr.t("mail-reminder-often"));
    ended(tr, letter, to)
}

fn greeted(tr: Tr, title: &str, to: &ToMember<'_>) -> Letter {
    let who = [("name", to.enterprise), ("taxcode", to.tax_code)];
    Letter::new(title).paragraph(&tr.with("mail-member-greeting", who))
}

fn ended(tr: Tr, letter: Letter, to: &ToMember<'_>) -> Letter {
    let letter = match to.way {
        Way::Register(path) => letter
            .secret_link(&tr.t("mail-member-register"), path)
            .paragraph(&tr.with("mail-member-once", [("day", to.day)])),
        Way::Decide => letter.link(&tr.t("mail-member-decide"), "/memberships"),
        Way::Answer => letter.link(&tr.t("mail-member-answer"), "/assessments"),
    };
    letter.stop_link(&tr.with("mail-member-stop", [("association", to.association)]), to.stop)
}

/// A letter of the province to an enterprise of a group, with what is in it every time.
#[derive(Clone, Copy, Debug)]
pub struct ToEnterprise<'a> {
    /// The office that writes.
    pub owner: &'a str,
    /// The enterprise's name.
    pub enterprise: &'a str,
    /// Its tax code.
    pub tax_code: &'a str,
    /// The campaign's title.
    pub campaign: &'a str,
    /// The last day on which it takes assessments.
    pub day: &'a str,
    /// The path by which it registers with its code; none where it has an account.
    pub claim: Option<&'a str>,
    /// The path of the stop link.
    pub stop: &'a str,
}

/// The province invites an enterprise of a group to the campaign.
#[must_use]
pub fn group_invitation(tr: Tr, to: &ToEnterprise<'_>) -> Letter {
    let about = [("owner", to.owner), ("campaign", to.campaign), ("day", to.day)];
    let letter = Letter::new(&tr.with("mail-group-title", [("owner", to.owner)]))
        .paragraph(&tr.with("mail-member-greeting", [("name", to.enterprise), ("taxcode", to.tax_code)]))
        .paragraph(&tr.with("mail-group-text", about))
        .paragraph(&tr.t("mail-member-what"));
    group_ended(tr, letter, to)
}

/// The province reminds an enterprise of a group that is not done.
#[must_use]
pub fn group_reminder(tr: Tr, to: &ToEnterprise<'_>) -> Letter {
    let about = [("owner", to.owner), ("campaign", to.campaign), ("day", to.day)];
    let letter = Letter::new(&tr.with("mail-reminder-title", [("day", to.day)]))
        .paragraph(&tr.with("mail-member-greeting", [("name", to.enterprise), ("taxcode", to.tax_code)]))
        .paragraph(&tr.with("mail-group-reminder-text", about))
        .paragraph(&tr.t("mail-group-often"));
    group_ended(tr, letter, to)
}

fn group_ended(tr: Tr, letter: Letter, to: &ToEnterprise<'_>) -> Letter {
    let letter = match to.claim {
        Some(path) => letter
            .secret_link(&tr.t("mail-member-register"), path)
            .paragraph(&tr.with("mail-group-once", [("day", to.day)])),
        None => letter.link(&tr.t("mail-member-answer"), "/assessments"),
    };
    letter.stop_link(&tr.with("mail-member-stop", [("association", to.owner)]), to.stop)
}

/// An association that asked for an account has one.
#[must_use]
pub fn association_accepted(tr: Tr, full_name: &str, association: &str, path: &str, until: &str) -> Letter {
    Letter::new(&tr.with("mail-apply-accepted-title", [("association", association)]))
        .paragraph(&tr.with("mail-invitation-greeting", [("name", full_name)]))
        .paragraph(&tr.with("mail-apply-accepted-text", [("association", association)]))
        .secret_link(&tr.t("mail-invitation-link"), path)
        .paragraph(&tr.with("mail-invitation-until", [("moment", until)]))
}

/// An association that asked for an account gets none, and why.
#[must_use]
pub fn association_declined(tr: Tr, full_name: &str, association: &str, reason: &str) -> Letter {
    Letter::new(&tr.with("mail-apply-declined-title", [("association", association)]))
        .paragraph(&tr.with("mail-invitation-greeting", [("name", full_name)]))
        .paragraph(&tr.with("mail-apply-declined-text", [("association", association)]))
        .paragraph(reason)
        .link(&tr.t("mail-apply-again"), "/associations/apply")
}
