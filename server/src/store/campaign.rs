//! Campaigns and the questionnaire versions they use.

use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// A round of assessment: one questionnaire version, from opening to closing.
#[derive(Clone, Debug, FromRow)]
pub struct Campaign {
    /// Key of the campaign.
    pub id: Uuid,
    /// Title in Vietnamese.
    pub title_vi: String,
    /// Title in English.
    pub title_en: String,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
    /// From when enterprises may answer.
    pub opens_at: OffsetDateTime,
    /// From when they no longer may.
    pub closes_at: OffsetDateTime,
}

/// How many enterprises are how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Progress {
    /// Registered enterprises.
    pub enterprises: i64,
    /// With an assessment that is not yet submitted.
    pub drafts: i64,
    /// With a submitted assessment.
    pub submitted: i64,
}

impl Store {
    /// Stores a questionnaire version, unless that version exists: a published version never changes.
    /// Answers the document that is in force for this id and version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish(
        &self,
        id: &str,
        version: &str,
        document: &Value,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<Value> {
        const INSERT: &str = "INSERT INTO questionnaire (id, version, document, published_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (id, version) DO NOTHING";
        let event = Event {
            id: event,
            at,
            account: None,
            action: Action::QuestionnairePublished,
            subject: "questionnaire",
            subject_id: None,
            detail: json!({ "id": id, "version": version }),
        };
        if let Some(stored) = self.questionnaire(id, version).await? {
            return Ok(stored);
        }
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let inserted = sqlx::query(INSERT).bind(id).bind(version).bind(Json(document)).bind(at)
                .execute(&mut *tx).await?;
            if inserted.rows_affected() == 1 {
                audit!(tx, &event);
            }
            tx.commit().await?;
        });
        Ok(self.questionnaire(id, version).await?.unwrap_or_else(|| document.clone()))
    }

    /// The document of a questionnaire version.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questionnaire(&self, id: &str, version: &str) -> Result<Option<Value>> {
        const SQL: &str = "SELECT document FROM questionnaire WHERE id = $1 AND version = $2";
        let row: Option<Json<Value>> =
            on!(&self.write, pool => sqlx::query_scalar(SQL).bind(id).bind(version).fetch_optional(pool).await)?;
        Ok(row.map(|Json(document)| document))
    }

    /// Stores a campaign that is open between its dates; for the program's own first campaign.
    ///
    /// # Errors
    /// When the database fails or the questionnaire version does not exist.
    pub async fn add_campaign(&self, campaign: &Campaign, event: Uuid, at: OffsetDateTime) -> Result<()> {
        const INSERT: &str = "INSERT INTO campaign
            (id, title_vi, title_en, questionnaire_id, questionnaire_version, opens_at, closes_at, created_at, state, revision)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 'open', 0)";
        let event = Event {
            id: event,
            at,
            account: None,
            action: Action::CampaignOpened,
            subject: "campaign",
            subject_id: Some(campaign.id),
            detail: json!({ "questionnaire": campaign.questionnaire_id, "version": campaign.questionnaire_version }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(INSERT)
                .bind(campaign.id).bind(&campaign.title_vi).bind(&campaign.title_en)
                .bind(&campaign.questionnaire_id).bind(&campaign.questionnaire_version)
                .bind(campaign.opens_at).bind(campaign.closes_at).bind(at)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// The campaign that is open now; the one opened last, should there be several.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn open_campaign(&self, now: OffsetDateTime) -> Result<Option<Campaign>> {
        const SQL: &str = "SELECT id, title_vi, title_en, questionnaire_id, questionnaire_version, opens_at, closes_at
            FROM campaign WHERE state = 'open' AND opens_at <= $1 AND closes_at > $1 ORDER BY opens_at DESC, id DESC LIMIT 1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(now).fetch_optional(pool).await)
    }

    /// Whether any campaign exists.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn has_campaign(&self) -> Result<bool> {
        const SQL: &str = "SELECT count(*) FROM campaign";
        let count: i64 = on!(&self.write, pool => sqlx::query_scalar(SQL).fetch_one(pool).await)?;
        Ok(count > 0)
    }

    /// How far the enterprises are in a campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn progress(&self, campaign: Uuid) -> Result<Progress> {
        const SQL: &str = "SELECT (SELECT count(*) FROM enterprise) AS enterprises,
            count(*) FILTER (WHERE state IN ('draft', 'returned')) AS drafts,
            count(*) FILTER (WHERE state NOT IN ('draft', 'returned')) AS submitted
            FROM assessment WHERE campaign_id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).fetch_one(pool).await)
    }
}
