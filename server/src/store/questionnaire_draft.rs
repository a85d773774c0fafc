//! Questionnaire versions on their way to being published.

use serde_json::{Value, json};
use sqlx::types::Json;
use time::OffsetDateTime;

use super::{Action, BeginWrite as _, By, Event, Result, Store, audit::audit, on};

impl Store {
    /// Stores a draft in place of the one before. Answers no when that version is published: it never changes.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn draft_questionnaire(&self, id: &str, version: &str, document: &Value, by: &By) -> Result<bool> {
        const UPSERT: &str = "INSERT INTO questionnaire_draft (id, version, document, uploaded_at, uploaded_by)
            VALUES ($1, $2, $3, $4, $5) ON CONFLICT (id, version) DO UPDATE SET document = excluded.document,
            uploaded_at = excluded.uploaded_at, uploaded_by = excluded.uploaded_by";
        let event = event(Action::QuestionnaireUploaded, id, version, by);
        if self.questionnaire(id, version).await?.is_some() {
            return Ok(false);
        }
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(UPSERT).bind(id).bind(version).bind(Json(document)).bind(by.at).bind(by.account)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// The drafts as id, version and time of upload, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questionnaire_drafts(&self) -> Result<Vec<(String, String, OffsetDateTime)>> {
        const SQL: &str =
            "SELECT id, version, uploaded_at FROM questionnaire_draft ORDER BY uploaded_at DESC, id, version DESC";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }

    /// The document of a draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questionnaire_draft(&self, id: &str, version: &str) -> Result<Option<Value>> {
        const SQL: &str = "SELECT document FROM questionnaire_draft WHERE id = $1 AND version = $2";
        let row: Option<Json<Value>> =
            on!(&self.read, pool => sqlx::query_scalar(SQL).bind(id).bind(version).fetch_optional(pool).await)?;
        Ok(row.map(|Json(document)| document))
    }

    /// Publishes the draft that was uploaded at this time: the one that was looked at. Answers whether it is now
    /// published; a version that was published already stays as it is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn publish_draft(&self, id: &str, version: &str, seen: OffsetDateTime, by: &By) -> Result<bool> {
        const TAKE: &str = "DELETE FROM questionnaire_draft WHERE id = $1 AND version = $2 AND uploaded_at = $3
            RETURNING document";
        const INSERT: &str = "INSERT INTO questionnaire (id, version, document, published_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT (id, version) DO NOTHING";
        let event = event(Action::QuestionnairePublished, id, version, by);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let draft: Option<Json<Value>> = sqlx::query_scalar(TAKE).bind(id).bind(version).bind(seen)
                .fetch_optional(&mut *tx).await?;
            let Some(draft) = draft else { return Ok(false) };
            let published = sqlx::query(INSERT).bind(id).bind(version).bind(draft).bind(by.at).execute(&mut *tx).await?;
            if published.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}

fn event(action: Action, id: &str, version: &str, by: &By) -> Event {
    Event {
        id: by.event,
        at: by.at,
        account: Some(by.account),
        action,
        subject: "questionnaire",
        subject_id: None,
        detail: json!({ "id": id, "version": version }),
    }
}
