//! The log in words: what was done, to what, and what else a reader wants to know of it.

use model::{membership::Membership, quick};

use crate::{
    i18n::Tr,
    pages::{members, province::accounts::role_word},
};

/// An action in words; one that has none yet under its own name.
#[must_use]
pub fn action_word(tr: Tr, action: &str) -> String {
    let word = match action {
        "consent_given" => tr.t("action-consent-given"),
        "consent_withdrawn" => tr.t("action-consent-withdrawn"),
        "enterprise_taken_over" => tr.t("action-enterprise-taken-over"),
        "enterprise_registered" => tr.t("action-enterprise-registered"),
        "claim_codes_made" => tr.t("action-claim-codes-made"),
        "account_added" => tr.t("action-account-added"),
        "account_invited" => tr.t("action-account-invited"),
        "invitation_accepted" => tr.t("action-invitation-accepted"),
        "account_role_changed" => tr.t("action-account-role-changed"),
        "colleague_invited" => tr.t("action-colleague-invited"),
        "colleague_ended" => tr.t("action-colleague-ended"),
        "sections_assigned" => tr.t("action-sections-assigned"),
        "answers_agreed" => tr.t("action-answers-agreed"),
        "account_disabled" => tr.t("action-account-disabled"),
        "account_enabled" => tr.t("action-account-enabled"),
        "account_erased" => tr.t("action-account-erased"),
        "signed_in" => tr.t("action-signed-in"),
        "signed_out" => tr.t("action-signed-out"),
        "sign_in_refused" => tr.t("action-sign-in-refused"),
        "password_changed" => tr.t("action-password-changed"),
        "invitation_group_made" => tr.t("action-invitation-group-made"),
        "invitation_group_renamed" => tr.t("action-invitation-group-renamed"),
        "invitation_group_deleted" => tr.t("action-invitation-group-deleted"),
        "invitation_group_asked" => tr.t("action-invitation-group-asked"),
        "invitation_group_written" => tr.t("action-invitation-group-written"),
        "campaign_planned" => tr.t("action-campaign-planned"),
        "campaign_changed" => tr.t("action-campaign-changed"),
        "campaign_opened" => tr.t("action-campaign-opened"),
        "campaign_extended" => tr.t("action-campaign-extended"),
        "campaign_closed" => tr.t("action-campaign-closed"),
        "campaign_reopened" => tr.t("action-campaign-reopened"),
        "campaign_archived" => tr.t("action-campaign-archived"),
        "snapshot_taken" => tr.t("action-snapshot-taken"),
        "snapshot_attached" => tr.t("action-snapshot-attached"),
        "questionnaire_uploaded" => tr.t("action-questionnaire-uploaded"),
        "questionnaire_published" => tr.t("action-questionnaire-published"),
        "assessment_started" => tr.t("action-assessment-started"),
        "items_removed" => tr.t("action-items-removed"),
        "assessment_submitted" => tr.t("action-assessment-submitted"),
        "register_uploaded" => tr.t("action-register-uploaded"),
        "register_mapped" => tr.t("action-register-mapped"),
        "register_import_started" => tr.t("action-register-import-started"),
        "register_imported" => tr.t("action-register-imported"),
        "assessment_kind_chosen" => tr.t("action-assessment-kind-chosen"),
        "action_decided" => tr.t("action-action-decided"),
        "link_created" => tr.t("action-link-created"),
        "link_revoked" => tr.t("action-link-revoked"),
        "settings_changed" => tr.t("action-settings-changed"),
        "release_computed" => tr.t("action-release-computed"),
        "release_noted" => tr.t("action-release-noted"),
        "release_issued" => tr.t("action-release-issued"),
        "message_queued" => tr.t("action-message-queued"),
        other => return association_word(tr, other),
    };
    word.into_owned()
}

/// What associations do, and what happens between them and enterprises.
fn association_word(tr: Tr, action: &str) -> String {
    let word = match action {
        "association_added" => tr.t("action-association-added"),
        "association_changed" => tr.t("action-association-changed"),
        "members_invited" => tr.t("action-members-invited"),
        "member_changed" => tr.t("action-member-changed"),
        "members_imported" => tr.t("action-members-imported"),
        "invitations_sent" => tr.t("action-invitations-sent"),
        "reminders_sent" => tr.t("action-reminders-sent"),
        "invitation_cancelled" => tr.t("action-invitation-cancelled"),
        "membership_decided" => tr.t("action-membership-decided"),
        "reminders_stopped" => tr.t("action-reminders-stopped"),
        "review_taken_up" => tr.t("action-review-taken-up"),
        "review_commented" => tr.t("action-review-commented"),
        "question_closed" => tr.t("action-question-closed"),
        "level_recorded" => tr.t("action-level-recorded"),
        "evidence_added" => tr.t("action-evidence-added"),
        "evidence_removed" => tr.t("action-evidence-removed"),
        "assessment_accepted" => tr.t("action-assessment-accepted"),
        "assessment_returned" => tr.t("action-assessment-returned"),
        "association_applied" => tr.t("action-association-applied"),
        "application_accepted" => tr.t("action-application-accepted"),
        "application_declined" => tr.t("action-application-declined"),
        other => return other.to_owned(),
    };
    word.into_owned()
}

/// The kind of thing that something was done to; one that has no word under its own name.
#[must_use]
pub fn subject_word(tr: Tr, subject: &str) -> String {
    let word = match subject {
        "account" => tr.t("subject-account"),
        "application" => tr.t("subject-application"),
        "assessment" => tr.t("subject-assessment"),
        "association" => tr.t("subject-association"),
        "campaign" => tr.t("subject-campaign"),
        "enterprise" => tr.t("subject-enterprise"),
        "invitation_group" => tr.t("subject-invitation-group"),
        "invitation_group_entry" => tr.t("subject-invitation-group-entry"),
        "membership" => tr.t("subject-membership"),
        "message" => tr.t("subject-message"),
        "province" => tr.t("subject-province"),
        "questionnaire" => tr.t("subject-questionnaire"),
        "register" => tr.t("subject-register"),
        "register_import" => tr.t("subject-register-import"),
        "register_snapshot" => tr.t("subject-register-snapshot"),
        "release" => tr.t("subject-release"),
        other => return other.to_owned(),
    };
    word.into_owned()
}

/// A fact of an entry in words; none for what only the raw entry tells.
#[must_use]
pub fn fact(tr: Tr, name: &str, value: &str) -> Option<String> {
    let said = match (name, value) {
        ("role", role) => role_word(tr, role),
        ("state", state) => members::word(tr, state.parse::<Membership>().ok()?),
        ("kind", kind) => match kind.parse().ok()? {
            quick::Kind::Quick => tr.t("audit-fact-quick").into_owned(),
            quick::Kind::Full => tr.t("audit-fact-full").into_owned(),
        },
        ("letters", "invitation") => tr.t("audit-fact-invitations").into_owned(),
        ("letters", "reminder") => tr.t("audit-fact-reminders").into_owned(),
        ("letters" | "queued", count) => tr.with("audit-fact-letters", [("count", count)]),
        ("codes", count) => tr.with("audit-fact-codes", [("count", count)]),
        ("entries" | "members", count) => tr.with("audit-fact-entries", [("count", count)]),
        ("added", count) => tr.with("audit-fact-added", [("count", count)]),
        ("changed", count) => tr.with("audit-fact-changed", [("count", count)]),
        ("rejected", count) => tr.with("audit-fact-rejected", [("count", count)]),
        ("access_ended", count) => tr.with("audit-fact-access-ended", [("count", count)]),
        ("opens_at", moment) => tr.with("audit-fact-opens", [("moment", moment)]),
        ("closes_at", moment) => tr.with("audit-fact-closes", [("moment", moment)]),
        ("failure", _) => tr.t("audit-fact-failed").into_owned(),
        _ => return None,
    };
    Some(said)
}
