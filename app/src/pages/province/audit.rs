//! The audit log: who did what, when, from where.

use leptos::prelude::*;

use super::accounts::role_word;
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        log,
    },
};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Audit {
    /// What was asked for.
    pub filter: Filter,
    /// The actions that occur.
    pub actions: Vec<String>,
    /// The rows, newest first.
    pub rows: Vec<Row>,
    /// The query of the next page.
    pub next: Option<String>,
    /// The query of the filter alone, for the first page and the export.
    pub query: String,
    /// Whether this is not the first page.
    pub later_page: bool,
    /// What is wrong with the filter.
    pub mistakes: Vec<Mistake>,
}

/// What was typed into the filter.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// An action; all when empty.
    pub action: String,
    /// An e-mail address or phone number; everybody when empty.
    pub who: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub until: String,
}

/// One row of the log.
#[derive(Clone, Debug)]
pub struct Row {
    /// When.
    pub at: String,
    /// What, as in the database.
    pub action: String,
    /// The person's name; none for the program and for visitors.
    pub who: Option<String>,
    /// The person's role.
    pub role: Option<String>,
    /// What it happened to.
    pub subject: String,
    /// What else is known.
    pub detail: String,
    /// The network it came from.
    pub origin: Option<String>,
    /// Its place in the chain.
    pub seq: Option<i64>,
}

/// The page.
pub fn view(tr: Tr, page: Audit) -> AnyView {
    let list = if page.rows.is_empty() {
        view! { <p class="c-empty l-gap">{tr.t("audit-empty")}</p> }.into_any()
    } else {
        list(tr, page.rows)
    };
    let address = |query: String| format!("/province/audit?{query}");
    let first = page.later_page.then(|| address(page.query.clone()));
    let export = |format: &str| format!("/province/audit/export?{}&format={format}", page.query);
    view! {
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head"><h1>{tr.t("audit-title")}</h1><p class="c-head__lead">{tr.t("audit-lead")}</p></div>
        {filter(tr, page.filter, page.actions, &page.mistakes)}
        {list}
        {log::paging(tr, first, page.next.map(address))}
        <p class="c-buttons l-gap">
            <a class="c-buttons__link" href=export("csv")>{tr.t("audit-csv")}</a>
            <a class="c-buttons__link" href=export("xlsx")>{tr.t("audit-xlsx")}</a>
        </p>
    }
    .into_any()
}

fn filter(tr: Tr, filter: Filter, actions: Vec<String>, mistakes: &[Mistake]) -> impl IntoView + use<> {
    let options: Vec<_> = actions
        .into_iter()
        .map(|action| {
            let (selected, word) = (action == filter.action, action_word(tr, &action));
            view! { <option value=action selected=selected>{word}</option> }
        })
        .collect();
    let field = |name: &'static str, kind: &'static str, label: String, value: String| {
        let wrong = errors::of(mistakes, name).is_some().then_some("true");
        view! {
            <div>
                <label class="c-field__label" for=name>{label}</label>
                <input class="c-input" id=name name=name type=kind value=value aria-invalid=wrong/>
            </div>
        }
    };
    view! {
        <form class="c-filter" method="get" action="/province/audit">
            <div>
                <label class="c-field__label" for="action">{tr.t("audit-what")}</label>
                <select class="c-select" id="action" name="action">
                    <option value="">{tr.t("audit-all")}</option>
                    {options}
                </select>
            </div>
            {field("who", "text", tr.t("audit-who").into_owned(), filter.who)}
            {field("from", "date", tr.t("audit-from").into_owned(), filter.from)}
            {field("until", "date", tr.t("audit-until").into_owned(), filter.until)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("audit-filter")}</button>
        </form>
    }
}

fn list(tr: Tr, rows: Vec<Row>) -> AnyView {
    let columns = columns(tr);
    let rows = rows
        .into_iter()
        .map(|row| {
            let role = row.role.map(|role| view! { <span class="c-board__sub">{role_word(tr, &role)}</span> });
            let detail = (!row.detail.is_empty()).then(|| view! { <span class="c-board__sub">{row.detail}</span> });
            vec![
                view! { <span class="u-num u-nowrap">{row.at}</span> }.into_any(),
                view! { {action_word(tr, &row.action)}<span class="c-board__sub">{row.subject}</span>{detail} }
                    .into_any(),
                view! { {row.who.unwrap_or_else(|| tr.t("audit-nobody").into_owned())}{role} }.into_any(),
                row.origin.unwrap_or_default().into_any(),
                row.seq.map(|seq| seq.to_string()).unwrap_or_default().into_any(),
            ]
        })
        .collect();
    log::table(tr.t("audit-title").into_owned(), &columns, rows)
}

/// The headers of the list.
#[must_use]
pub fn columns(tr: Tr) -> [String; 5] {
    [tr.t("column-when"), tr.t("column-what"), tr.t("column-who"), tr.t("audit-origin"), tr.t("audit-seq")]
        .map(|column| column.into_owned())
}

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
