//! Links that show level and date of an assessment to whoever has them.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// More links than one assessment needs at a time.
pub const MOST_LINKS: i64 = 20;

/// A link as its owner sees it; the token itself is not stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ShareLink {
    /// Key of the link.
    pub id: Uuid,
    /// For whom it is, in the owner's words.
    pub label: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// From when it shows nothing.
    pub expires_at: OffsetDateTime,
    /// When it was taken back.
    pub revoked_at: Option<OffsetDateTime>,
    /// How often it was opened while it was valid.
    pub views: i64,
}

/// A link to be stored.
#[derive(Clone, Debug)]
pub struct NewLink<'a> {
    /// Key of the link.
    pub id: Uuid,
    /// SHA-256 of the token.
    pub token_hash: [u8; 32],
    /// For whom it is.
    pub label: &'a str,
    /// From when it shows nothing.
    pub expires_at: OffsetDateTime,
}

/// What a link shows, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Shared {
    /// The enterprise's name.
    pub enterprise: String,
    /// The level, 0–5, of the last submission.
    pub level: Option<i64>,
    /// When that was sent.
    pub submitted_at: OffsetDateTime,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
    /// From when the link shows nothing.
    pub expires_at: OffsetDateTime,
}

impl Store {
    /// Stores a link to a submitted assessment of this enterprise. Answers whether there is one and it has room for
    /// another link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_link(
        &self,
        new: &NewLink<'_>,
        (assessment, enterprise): (Uuid, Uuid),
        account: Uuid,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<bool> {
        const INSERT: &str = "INSERT INTO share_link
            (id, assessment_id, token_hash, label, created_at, created_by, expires_at, views)
            SELECT $1, a.id, $4, $5, $6, $7, $8, 0 FROM assessment a WHERE a.id = $2 AND a.enterprise_id = $3
            AND EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id)
            AND (SELECT count(*) FROM share_link l WHERE l.assessment_id = a.id) < $9";
        let event = link_event(Action::LinkCreated, event, assessment, account, new.id, at);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let added = sqlx::query(INSERT)
                .bind(new.id).bind(assessment).bind(enterprise).bind(&new.token_hash[..]).bind(new.label)
                .bind(at).bind(account).bind(new.expires_at).bind(MOST_LINKS)
                .execute(&mut *tx).await?;
            if added.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// The links to an assessment of this enterprise, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn links(&self, assessment: Uuid, enterprise: Uuid) -> Result<Vec<ShareLink>> {
        const SQL: &str = "SELECT l.id, l.label, l.created_at, l.expires_at, l.revoked_at, l.views
            FROM share_link l JOIN assessment a ON a.id = l.assessment_id
            WHERE l.assessment_id = $1 AND a.enterprise_id = $2 ORDER BY l.id DESC LIMIT $3";
        on!(&self.read, pool => {
            sqlx::query_as(SQL).bind(assessment).bind(enterprise).bind(MOST_LINKS).fetch_all(pool).await
        })
    }

    /// Takes a link back. Answers whether this enterprise has such a link; a second time changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn revoke_link(
        &self,
        link: Uuid,
        (assessment, enterprise): (Uuid, Uuid),
        account: Uuid,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<bool> {
        const KNOWN: &str = "SELECT count(*) FROM share_link l JOIN assessment a ON a.id = l.assessment_id
            WHERE l.id = $1 AND l.assessment_id = $2 AND a.enterprise_id = $3";
        const REVOKE: &str = "UPDATE share_link SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL";
        let event = link_event(Action::LinkRevoked, event, assessment, account, link, at);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let known: i64 =
                sqlx::query_scalar(KNOWN).bind(link).bind(assessment).bind(enterprise).fetch_one(&mut *tx).await?;
            if known == 0 {
                return Ok(false);
            }
            let revoked = sqlx::query(REVOKE).bind(link).bind(at).execute(&mut *tx).await?;
            if revoked.rows_affected() == 1 {
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(true)
        })
    }

    /// What the link with this token shows, counting the view; nothing once it is revoked or has expired. A view is
    /// counted and not logged: it changes nothing but the count.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn shared(&self, token_hash: [u8; 32], now: OffsetDateTime) -> Result<Option<Shared>> {
        const COUNT: &str = "UPDATE share_link SET views = views + 1
            WHERE token_hash = $1 AND revoked_at IS NULL AND expires_at > $2";
        const SQL: &str = "SELECT e.name AS enterprise, s.level, s.submitted_at, c.questionnaire_id,
            c.questionnaire_version, l.expires_at
            FROM share_link l JOIN assessment a ON a.id = l.assessment_id JOIN enterprise e ON e.id = a.enterprise_id
            JOIN campaign c ON c.id = a.campaign_id JOIN submission s ON s.assessment_id = a.id
            WHERE l.token_hash = $1 AND l.revoked_at IS NULL AND l.expires_at > $2 ORDER BY s.number DESC LIMIT 1";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let counted = sqlx::query(COUNT).bind(&token_hash[..]).bind(now).execute(&mut *tx).await?;
            if counted.rows_affected() == 0 {
                return Ok(None);
            }
            let shared = sqlx::query_as(SQL).bind(&token_hash[..]).bind(now).fetch_optional(&mut *tx).await?;
            tx.commit().await?;
            Ok(shared)
        })
    }
}

fn link_event(action: Action, id: Uuid, assessment: Uuid, account: Uuid, link: Uuid, at: OffsetDateTime) -> Event {
    Event {
        id,
        at,
        account: Some(account),
        action,
        subject: "assessment",
        subject_id: Some(assessment),
        detail: json!({ "link": link }),
    }
}
