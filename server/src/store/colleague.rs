//! The people of an enterprise: who is invited, who answers which section, and what they agree on.

use model::answer::Answer;
use serde_json::json;
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Account, Action, BeginWrite as _, Invitation, Result, Store,
    account::Taken,
    assessment::is_open,
    association::By,
    audit::audit,
    invitation::{insert_invited, invite},
    on,
    save::StoredAnswers,
};

/// How many colleagues have access at once: more than a questionnaire has sections are of no use to it.
pub const MOST_COLLEAGUES: i64 = 20;

/// How many people an enterprise ever has, those whose access ended and the owner included: whoever invites and ends again
/// and again would make letters to strangers of it. [`Store::people`] lists as many.
pub const MOST_PEOPLE: i64 = 100;

/// Two changes at once wait for each other here, so that no seat is given twice and no more colleagues come than may.
const LOCK: &str = "UPDATE enterprise SET name = name WHERE id = $1";

/// How many people an enterprise ($1) has, and how many colleagues have access beside an account ($2).
const COUNTS: &str = "SELECT count(*), count(*) FILTER (WHERE role = 'colleague' AND disabled_at IS NULL
    AND erased_at IS NULL AND id <> $2) FROM account WHERE enterprise_id = $1";

/// A person of an enterprise.
#[derive(Clone, Debug, FromRow)]
pub struct Person {
    /// Key of the account.
    pub id: Uuid,
    /// Whose answers are whose: 0 is who registered the enterprise.
    pub seat: i64,
    /// Whether the person decides for the enterprise.
    pub is_owner: bool,
    /// Whether the person asked to be erased: there is a seat and no name.
    pub is_erased: bool,
    /// The person's name.
    pub full_name: String,
    /// E-mail address.
    pub email: Option<String>,
    /// Phone number.
    pub phone: Option<String>,
    /// Since when the person may not sign in.
    pub disabled_at: Option<OffsetDateTime>,
    /// Until when an invitation waits to be taken up.
    pub invited_until: Option<OffsetDateTime>,
}

/// Why nobody was invited.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotInvited {
    /// The e-mail address or phone number belongs to an account.
    Taken(Taken),
    /// [`MOST_COLLEAGUES`] have access to the enterprise already.
    TooMany,
    /// The enterprise has had [`MOST_PEOPLE`].
    TooManyEver,
    /// The enterprise has no such colleague.
    Unknown,
}

/// Whom a link invites.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Invited {
    /// The name that the owner wrote.
    pub full_name: String,
    /// The enterprise's name.
    pub enterprise: String,
}

/// What a colleague says when taking up an invitation.
#[derive(Clone, Debug)]
pub struct Joining<'a> {
    /// SHA-256 of the link's token.
    pub token_hash: [u8; 32],
    /// The name, as the person writes it.
    pub full_name: &'a str,
    /// Argon2id hash of the password.
    pub password_hash: &'a str,
    /// Key of the consent.
    pub consent: Uuid,
    /// The version of the text that was agreed to.
    pub text_version: &'a str,
}

impl Store {
    /// The people of an enterprise in the order in which they came.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn people(&self, enterprise: Uuid) -> Result<Vec<Person>> {
        const SQL: &str =
            "SELECT a.id, a.seat, a.role = 'enterprise' AS is_owner, a.erased_at IS NOT NULL AS is_erased,
            a.full_name, a.email, a.phone, a.disabled_at,
            i.expires_at AS invited_until
            FROM account a LEFT JOIN account_invitation i ON i.account_id = a.id
            WHERE a.enterprise_id = $1 ORDER BY a.seat LIMIT $2";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(enterprise).bind(MOST_PEOPLE).fetch_all(pool).await)
    }

    /// Stores a colleague's account, which nobody can sign in to yet, with the link that lets the person in.
    ///
    /// # Errors
    /// When the database fails; the inner error says why nobody was invited.
    pub async fn invite_colleague(
        &self,
        account: &Account,
        enterprise: Uuid,
        link: &Invitation,
        by: By,
    ) -> Result<std::result::Result<(), NotInvited>> {
        const SEAT: &str = "UPDATE account SET seat =
            (SELECT COALESCE(max(o.seat), 0) + 1 FROM account o WHERE o.enterprise_id = $2) WHERE id = $1";
        let event = by.event(Action::ColleagueInvited, "account", account.id, json!({}));
        let stored: Result<std::result::Result<(), NotInvited>> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            sqlx::query(LOCK).bind(enterprise).execute(&mut *tx).await?;
            let (ever, active): (i64, i64) =
                sqlx::query_as(COUNTS).bind(enterprise).bind(account.id).fetch_one(&mut *tx).await?;
            if active >= MOST_COLLEAGUES {
                return Ok(Err(NotInvited::TooMany));
            }
            if ever >= MOST_PEOPLE {
                return Ok(Err(NotInvited::TooManyEver));
            }
            // It gets its seat before it belongs to the enterprise: the owner's is 0.
            insert_invited!(tx, account, link, by.at);
            sqlx::query(SEAT).bind(account.id).bind(enterprise).execute(&mut *tx).await?;
            sqlx::query("UPDATE account SET enterprise_id = $2 WHERE id = $1").bind(account.id).bind(enterprise)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await?;
            Ok(Ok(()))
        }.await);
        stored.or_else(|error| Taken::of(&error).map_or(Err(error), |taken| Ok(Err(NotInvited::Taken(taken)))))
    }

    /// A new link for a colleague, also for one whose access had ended; the link before it no longer works.
    ///
    /// # Errors
    /// When the database fails; the inner error says why nobody was invited.
    pub async fn invite_colleague_again(
        &self,
        account: Uuid,
        enterprise: Uuid,
        link: &Invitation,
        by: By,
    ) -> Result<std::result::Result<(), NotInvited>> {
        const ENABLE: &str =
            "UPDATE account SET disabled_at = NULL WHERE id = $1 AND enterprise_id = $2 AND role = 'colleague'
             AND erased_at IS NULL";
        let event = by.event(Action::ColleagueInvited, "account", account, json!({ "again": true }));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(LOCK).bind(enterprise).execute(&mut *tx).await?;
            let known = sqlx::query(ENABLE).bind(account).bind(enterprise).execute(&mut *tx).await?;
            if known.rows_affected() == 0 {
                return Ok(Err(NotInvited::Unknown));
            }
            let (_, others): (i64, i64) =
                sqlx::query_as(COUNTS).bind(enterprise).bind(account).fetch_one(&mut *tx).await?;
            if others >= MOST_COLLEAGUES {
                return Ok(Err(NotInvited::TooMany));
            }
            invite!(tx, account, link);
            audit!(tx, &event);
            tx.commit().await?;
            Ok(Ok(()))
        })
    }

    /// Ends a colleague's access: all sessions end, the link no longer works, the sections are nobody's. Answers
    /// whether this enterprise has such a colleague; a second time changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_access(&self, account: Uuid, enterprise: Uuid, by: By) -> Result<bool> {
        const KNOWN: &str = "SELECT count(*) FROM account WHERE id = $1 AND enterprise_id = $2 AND role = 'colleague'";
        const DISABLE: &str = "UPDATE account SET disabled_at = $2 WHERE id = $1 AND disabled_at IS NULL";
        const GONE: [&str; 3] = [
            "DELETE FROM session WHERE account_id = $1",
            "DELETE FROM account_invitation WHERE account_id = $1",
            "DELETE FROM assignment WHERE account_id = $1",
        ];
        let event = by.event(Action::ColleagueEnded, "account", account, json!({}));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let known: i64 = sqlx::query_scalar(KNOWN).bind(account).bind(enterprise).fetch_one(&mut *tx).await?;
            if known == 0 {
                return Ok(false);
            }
            if sqlx::query(DISABLE).bind(account).bind(by.at).execute(&mut *tx).await?.rows_affected() == 1 {
                for gone in GONE {
                    sqlx::query(gone).bind(account).execute(&mut *tx).await?;
                }
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Whom a link invites into an enterprise, if it still works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invited_colleague(&self, token_hash: [u8; 32], now: OffsetDateTime) -> Result<Option<Invited>> {
        const SQL: &str = "SELECT a.full_name, e.name AS enterprise FROM account_invitation i
            JOIN account a ON a.id = i.account_id JOIN enterprise e ON e.id = a.enterprise_id
            WHERE i.token_hash = $1 AND i.expires_at > $2 AND a.disabled_at IS NULL AND a.role = 'colleague'";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(&token_hash[..]).bind(now).fetch_optional(pool).await)
    }

    /// Uses a colleague's link up: name, password and consent are the person's own. Answers whether the link worked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn join_enterprise(&self, new: &Joining<'_>, event: Uuid, at: OffsetDateTime) -> Result<bool> {
        const USE: &str = "DELETE FROM account_invitation WHERE token_hash = $1 AND expires_at > $2
            AND EXISTS (SELECT 1 FROM account a WHERE a.id = account_id AND a.disabled_at IS NULL
                AND a.role = 'colleague') RETURNING account_id";
        const CONSENT: &str =
            "INSERT INTO consent (id, account_id, purpose, text_version, given_at) VALUES ($1, $2, 'service', $3, $4)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let account: Option<Uuid> = sqlx::query_scalar(USE).bind(&new.token_hash[..]).bind(at)
                .fetch_optional(&mut *tx).await?;
            let Some(account) = account else { return Ok(false) };
            sqlx::query("UPDATE account SET full_name = $2, password_hash = $3 WHERE id = $1")
                .bind(account).bind(new.full_name).bind(new.password_hash).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM session WHERE account_id = $1").bind(account).execute(&mut *tx).await?;
            sqlx::query(CONSENT).bind(new.consent).bind(account).bind(new.text_version).bind(at)
                .execute(&mut *tx).await?;
            let by = By { account: Some(account), event, at };
            audit!(tx, &by.event(Action::InvitationAccepted, "account", account, json!({})));
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Who is asked to answer which section of an assessment of this enterprise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn assignments(&self, assessment: Uuid, enterprise: Uuid) -> Result<Vec<(String, Uuid)>> {
        const SQL: &str = "SELECT g.section_id, g.account_id FROM assignment g
            JOIN assessment a ON a.id = g.assessment_id WHERE a.id = $1 AND a.enterprise_id = $2";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(enterprise).fetch_all(pool).await)
    }

    /// Gives sections to people of the enterprise, all at once; a section that is not named is nobody's. Answers whether
    /// the assessment and all these people are this enterprise's.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn assign(
        &self,
        assessment: Uuid,
        enterprise: Uuid,
        sections: &[(String, Uuid)],
        by: By,
    ) -> Result<bool> {
        const KNOWN: &str = "SELECT count(*) FROM assessment WHERE id = $1 AND enterprise_id = $2";
        const INSERT: &str = "INSERT INTO assignment (assessment_id, section_id, account_id)
            SELECT $1, $2, p.id FROM account p WHERE p.id = $3 AND p.enterprise_id = $4 AND p.disabled_at IS NULL";
        let detail = json!({ "sections": sections.iter().map(|(section, _)| section).collect::<Vec<_>>() });
        let event = by.event(Action::SectionsAssigned, "assessment", assessment, detail);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let known: i64 = sqlx::query_scalar(KNOWN).bind(assessment).bind(enterprise).fetch_one(&mut *tx).await?;
            if known == 0 {
                return Ok(false);
            }
            sqlx::query("DELETE FROM assignment WHERE assessment_id = $1").bind(assessment).execute(&mut *tx).await?;
            for (section, account) in sections {
                let given = sqlx::query(INSERT).bind(assessment).bind(section).bind(account).bind(enterprise)
                    .execute(&mut *tx).await?;
                if given.rows_affected() == 0 {
                    return Ok(false);
                }
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// When the revisions of an assessment of this enterprise were saved, as far as it is known.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_times(&self, assessment: Uuid, enterprise: Uuid) -> Result<Vec<(i64, OffsetDateTime)>> {
        const SQL: &str = "SELECT s.revision, min(s.at) FROM save s JOIN assessment a ON a.id = s.assessment_id
            WHERE a.id = $1 AND a.enterprise_id = $2 GROUP BY s.revision ORDER BY s.revision";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(enterprise).fetch_all(pool).await)
    }

    /// Stores the answers that the people of an enterprise agreed on: what others had answered is no longer kept.
    /// `revision` is the one that was looked at. Answers whether it was the present one of an open assessment.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agree(
        &self,
        (assessment, enterprise): (Uuid, Uuid),
        revision: i64,
        agreed: &[(String, Answer)],
        account: Uuid,
        by: By,
    ) -> Result<bool> {
        const READ: &str = "SELECT a.state, a.answers,
            COALESCE((SELECT p.seat FROM account p WHERE p.id = $4 AND p.enterprise_id = $2), 0)
            FROM assessment a WHERE a.id = $1 AND a.enterprise_id = $2 AND a.revision = $3";
        const WRITE: &str = "UPDATE assessment SET answers = $1, revision = revision + 1, saved_at = $2, saved_by = $3
            WHERE id = $4 AND revision = $5 AND state IN ('draft', 'returned')";
        let items: Vec<&String> = agreed.iter().map(|(item, _)| item).collect();
        let event = by.event(Action::AnswersAgreed, "assessment", assessment, json!({ "items": items }));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let found: Option<(String, Json<StoredAnswers>, i64)> = sqlx::query_as(READ)
                .bind(assessment).bind(enterprise).bind(revision).bind(account).fetch_optional(&mut *tx).await?;
            let Some((state, mut answers, seat)) = found else { return Ok(false) };
            if !is_open(&state) {
                return Ok(false);
            }
            for (item, answer) in agreed {
                let Some(stored) = answers.get_mut(item) else { return Ok(false) };
                if stored.v.as_ref() != Some(answer) {
                    (stored.v, stored.r, stored.by) = (Some(answer.clone()), revision + 1, seat);
                }
                stored.other = None;
            }
            let written = sqlx::query(WRITE)
                .bind(&answers).bind(by.at).bind(account).bind(assessment).bind(revision)
                .execute(&mut *tx).await?;
            if written.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}
