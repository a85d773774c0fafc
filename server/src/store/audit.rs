//! The audit log: one row for every change of state, written in the transaction of the change.

use std::net::{IpAddr, Ipv6Addr};

use serde_json::Value;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, Store, on};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// An enterprise registered itself.
    EnterpriseRegistered,
    /// Somebody with a code of the province took an enterprise over.
    EnterpriseTakenOver,
    /// Codes were made by which enterprises of the register register.
    ClaimCodesMade,
    /// An account was made on the command line.
    AccountAdded,
    /// An account got a new link to set its password.
    AccountInvited,
    /// Somebody set the password of an account by the link.
    InvitationAccepted,
    /// An account got another role.
    AccountRoleChanged,
    /// An enterprise invited a colleague, or gave one a new link.
    ColleagueInvited,
    /// An enterprise ended a colleague's access.
    ColleagueEnded,
    /// Sections of an assessment were given to people.
    SectionsAssigned,
    /// Of two people's answers one was agreed on.
    AnswersAgreed,
    /// An account may not sign in any more.
    AccountDisabled,
    /// An account may sign in again.
    AccountEnabled,
    /// Somebody had the account closed and the person erased.
    AccountErased,
    /// Somebody agreed to an optional purpose once more.
    ConsentGiven,
    /// Somebody withdrew the consent to an optional purpose.
    ConsentWithdrawn,
    /// Somebody signed in.
    SignedIn,
    /// Somebody signed out.
    SignedOut,
    /// A wrong password was given for an existing or unknown account.
    SignInRefused,
    /// A password was changed; other sessions ended.
    PasswordChanged,
    /// A campaign was opened.
    CampaignOpened,
    /// A file of the register was uploaded.
    RegisterUploaded,
    /// It was said what the columns of a file of the register are.
    RegisterMapped,
    /// An import of the register began.
    RegisterImportStarted,
    /// An import of the register ended.
    RegisterImported,
    /// The register was frozen.
    SnapshotTaken,
    /// A snapshot became the frame of a campaign.
    SnapshotAttached,
    /// A campaign was planned.
    CampaignPlanned,
    /// A draft campaign was changed.
    CampaignChanged,
    /// The closing of a campaign was moved to later.
    CampaignExtended,
    /// A campaign was closed before its time.
    CampaignClosed,
    /// A closed campaign was opened once more.
    CampaignReopened,
    /// A closed campaign was put away.
    CampaignArchived,
    /// Enterprises of the frame became a group.
    GroupMade,
    /// A group got another title.
    GroupRenamed,
    /// A group that nobody was invited in was deleted.
    GroupDeleted,
    /// Somebody had letters written to a group.
    GroupAsked,
    /// Invitations or reminders to enterprises of a group were queued.
    GroupWritten,
    /// A questionnaire file was uploaded as a draft.
    QuestionnaireUploaded,
    /// A questionnaire version was published.
    QuestionnairePublished,
    /// A draft was begun.
    AssessmentStarted,
    /// A change of profile facts removed items that had been asked.
    ItemsRemoved,
    /// An assessment was submitted.
    AssessmentSubmitted,
    /// An administrator sent a test message, or a held or failed message again.
    MessageQueued,
    /// A draft became a quick check or a full assessment.
    KindChosen,
    /// An enterprise decided about an action of its plan.
    ActionDecided,
    /// An enterprise made a link that shows its level.
    LinkCreated,
    /// It took such a link back.
    LinkRevoked,
    /// An association was made.
    AssociationAdded,
    /// An association's settings were changed.
    AssociationChanged,
    /// An association listed enterprises as its members.
    MembersInvited,
    /// An association wrote down another address or telephone number of a member.
    MemberChanged,
    /// An association listed members by a file.
    MembersImported,
    /// An association invited members to a campaign by mail.
    InvitationsSent,
    /// An association reminded members of a campaign.
    RemindersSent,
    /// An association took an enterprise off its list.
    InvitationCancelled,
    /// An enterprise let an association see, refused, or withdrew.
    MembershipDecided,
    /// Somebody stopped the letters of an association or of the province by the link in one of them.
    RemindersStopped,
    /// A submission was taken up for review.
    ReviewTakenUp,
    /// Something was asked, answered or noted in a review.
    ReviewCommented,
    /// A question of a review was settled.
    QuestionClosed,
    /// A reviewer recorded a level beside the enterprise's own, or took it back.
    LevelRecorded,
    /// A file was added as evidence.
    EvidenceAdded,
    /// A file was taken back.
    EvidenceRemoved,
    /// A submission was accepted.
    AssessmentAccepted,
    /// A submission went back to the enterprise.
    AssessmentReturned,
    /// The administrator changed the settings of the province.
    SettingsChanged,
    /// An association asked for an account.
    AssociationApplied,
    /// The province made an association of an application.
    ApplicationAccepted,
    /// The province declined an application.
    ApplicationDeclined,
    /// A release was computed; nothing is public yet.
    ReleaseComputed,
    /// The method note of a draft was written.
    ReleaseNoted,
    /// A release was issued.
    ReleaseIssued,
}

impl Action {
    /// The name in the database and in exports.
    #[allow(clippy::too_many_lines, reason = "one line an action")]
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::EnterpriseRegistered => "enterprise_registered",
            Self::EnterpriseTakenOver => "enterprise_taken_over",
            Self::ClaimCodesMade => "claim_codes_made",
            Self::AccountAdded => "account_added",
            Self::AccountInvited => "account_invited",
            Self::InvitationAccepted => "invitation_accepted",
            Self::AccountRoleChanged => "account_role_changed",
            Self::ColleagueInvited => "colleague_invited",
            Self::ColleagueEnded => "colleague_ended",
            Self::SectionsAssigned => "sections_assigned",
            Self::AnswersAgreed => "answers_agreed",
            Self::AccountDisabled => "account_disabled",
            Self::AccountEnabled => "account_enabled",
            Self::AccountErased => "account_erased",
            Self::ConsentGiven => "consent_given",
            Self::ConsentWithdrawn => "consent_withdrawn",
            Self::SignedIn => "signed_in",
            Self::SignedOut => "signed_out",
            Self::SignInRefused => "sign_in_refused",
            Self::PasswordChanged => "password_changed",
            Self::CampaignOpened => "campaign_opened",
            Self::RegisterUploaded => "register_uploaded",
            Self::RegisterMapped => "register_mapped",
            Self::RegisterImportStarted => "register_import_started",
            Self::RegisterImported => "register_imported",
            Self::SnapshotTaken => "snapshot_taken",
            Self::SnapshotAttached => "snapshot_attached",
            Self::CampaignPlanned => "campaign_planned",
            Self::CampaignChanged => "campaign_changed",
            Self::CampaignExtended => "campaign_extended",
            Self::CampaignClosed => "campaign_closed",
            Self::CampaignReopened => "campaign_reopened",
            Self::CampaignArchived => "campaign_archived",
            Self::GroupMade => "invitation_group_made",
            Self::GroupRenamed => "invitation_group_renamed",
            Self::GroupDeleted => "invitation_group_deleted",
            Self::GroupAsked => "invitation_group_asked",
            Self::GroupWritten => "invitation_group_written",
            Self::QuestionnaireUploaded => "questionnaire_uploaded",
            Self::QuestionnairePublished => "questionnaire_published",
            Self::AssessmentStarted => "assessment_started",
            Self::ItemsRemoved => "items_removed",
            Self::AssessmentSubmitted => "assessment_submitted",
            Self::MessageQueued => "message_queued",
            Self::KindChosen => "assessment_kind_chosen",
            Self::ActionDecided => "action_decided",
            Self::LinkCreated => "link_created",
            Self::LinkRevoked => "link_revoked",
            Self::AssociationAdded => "association_added",
            Self::AssociationChanged => "association_changed",
            Self::MembersInvited => "members_invited",
            Self::MemberChanged => "member_changed",
            Self::MembersImported => "members_imported",
            Self::InvitationsSent => "invitations_sent",
            Self::RemindersSent => "reminders_sent",
            Self::InvitationCancelled => "invitation_cancelled",
            Self::MembershipDecided => "membership_decided",
            Self::RemindersStopped => "reminders_stopped",
            Self::ReviewTakenUp => "review_taken_up",
            Self::ReviewCommented => "review_commented",
            Self::QuestionClosed => "question_closed",
            Self::LevelRecorded => "level_recorded",
            Self::EvidenceAdded => "evidence_added",
            Self::EvidenceRemoved => "evidence_removed",
            Self::AssessmentAccepted => "assessment_accepted",
            Self::AssessmentReturned => "assessment_returned",
            Self::SettingsChanged => "settings_changed",
            Self::AssociationApplied => "association_applied",
            Self::ApplicationAccepted => "application_accepted",
            Self::ApplicationDeclined => "application_declined",
            Self::ReleaseComputed => "release_computed",
            Self::ReleaseNoted => "release_noted",
            Self::ReleaseIssued => "release_issued",
        }
    }
}

/// One row of the log. `detail` never holds secrets or personal data.
#[derive(Clone, Debug)]
pub struct Event {
    /// Key of the row.
    pub id: Uuid,
    /// When it happened.
    pub at: OffsetDateTime,
    /// Who did it; none for the system and for visitors.
    pub account: Option<Uuid>,
    /// What happened.
    pub action: Action,
    /// The kind of thing it happened to: `account`, `assessment`, …
    pub subject: &'static str,
    /// Its key.
    pub subject_id: Option<Uuid>,
    /// What else a reader of the log needs.
    pub detail: Value,
}

tokio::task_local! {
    /// Where the request that is being answered came from.
    static ORIGIN: Option<IpAddr>;
}

/// Runs the work of a request; what it logs says that it came from this address.
pub fn from<F: Future>(origin: Option<IpAddr>, work: F) -> impl Future<Output = F::Output> {
    ORIGIN.scope(origin, work)
}

/// The address that the work under way came from, if it is that of a request.
pub(super) fn origin() -> Option<IpAddr> {
    ORIGIN.try_with(|origin| *origin).ok().flatten()
}

/// The network that the work under way came from: enough to tell the office from elsewhere, not to tell one machine
/// from another (the last byte of IPv4 is cut off, of IPv6 all but the first 48 bits).
pub(super) fn network() -> Option<String> {
    origin().map(|address| match address.to_canonical() {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!("{a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!("{}/48", Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0))
        }
    })
}

/// Writes an [`Event`] inside a transaction.
macro_rules! audit {
    ($tx:expr, $event:expr) => {{
        let event: &$crate::store::Event = $event;
        sqlx::query(
            "INSERT INTO audit (id, at, account_id, action, subject, subject_id, detail, origin)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(event.id)
        .bind(event.at)
        .bind(event.account)
        .bind(event.action.as_str())
        .bind(event.subject)
        .bind(event.subject_id)
        .bind(sqlx::types::Json(&event.detail))
        .bind($crate::store::audit::network())
        .execute(&mut *$tx)
        .await?;
    }};
}
pub(crate) use audit;

impl Store {
    /// Writes an event that goes with no other change, such as a refused sign-in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn log(&self, event: &Event) -> Result<()> {
        on!(&self.write, pool => {
            let mut connection = pool.acquire().await?;
            audit!(connection, event);
        });
        Ok(())
    }

    /// The actions logged for one subject, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn events(&self, subject: &str, subject_id: Uuid) -> Result<Vec<String>> {
        const SQL: &str = "SELECT action FROM audit WHERE subject = $1 AND subject_id = $2 ORDER BY id";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(subject).bind(subject_id).fetch_all(pool).await)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn addresses_are_cut_to_networks() {
        let cut = async |address: &str| from(address.parse().ok(), async { network() }).await;
        assert_eq!(cut("203.0.113.77").await.as_deref(), Some("203.0.113.0/24"));
        assert_eq!(cut("::ffff:203.0.113.77").await.as_deref(), Some("203.0.113.0/24"));
        assert_eq!(cut("2001:db8:1:2:3::4").await.as_deref(), Some("2001:db8:1::/48"));
        assert_eq!(network(), None, "outside of a request");
    }
}
