//! Computations of releases: what was asked for, how far they are, and what came out.

use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// A computation with everything but its results.
#[derive(Clone, Debug, FromRow)]
pub struct ReleaseJob {
    /// Key.
    pub id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The campaign's title in Vietnamese.
    pub title_vi: String,
    /// The campaign's title in English.
    pub title_en: String,
    /// The snapshot; none where the registered enterprises are the frame.
    pub snapshot_id: Option<Uuid>,
    /// Number of the release that it corrects.
    pub corrects: Option<i64>,
    /// Parameters of the computation.
    pub parameters: Json<Value>,
    /// `running`, `done` or `failed`.
    pub state: String,
    /// The step it is at: `reading`, `weights`, `figures`, `protection`, `storing`.
    pub step: String,
    /// Submissions read so far.
    pub done: i64,
    /// Why it failed.
    pub failure: Option<String>,
    /// The method note in Vietnamese.
    pub note_vi: String,
    /// The method note in English.
    pub note_en: String,
    /// When it was asked for.
    pub created_at: OffsetDateTime,
    /// The last sign of life.
    pub beat_at: OffsetDateTime,
    /// The number of the release it became.
    pub number: Option<i64>,
}

/// What is to be computed.
#[derive(Clone, Debug)]
pub struct NewReleaseJob {
    /// Key.
    pub id: Uuid,
    /// The campaign.
    pub campaign: Uuid,
    /// The snapshot; none where the registered enterprises are the frame.
    pub snapshot: Option<Uuid>,
    /// Number of the release that it corrects.
    pub corrects: Option<i64>,
    /// Parameters of the computation.
    pub parameters: Value,
    /// Who asks; none for the demonstration.
    pub account: Option<Uuid>,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

const JOB: &str =
    "SELECT j.id, j.campaign_id, c.title_vi, c.title_en, j.snapshot_id, j.corrects, j.parameters, j.state,
    j.step, j.done, j.failure, j.note_vi, j.note_en, j.created_at, j.beat_at, r.number
    FROM release_job j JOIN campaign c ON c.id = j.campaign_id LEFT JOIN release r ON r.job_id = j.id";

impl Store {
    /// Stores what is to be computed.
    ///
    /// # Errors
    /// When the database fails or the campaign does not exist.
    pub async fn add_release_job(&self, new: &NewReleaseJob) -> Result<()> {
        const INSERT: &str = "INSERT INTO release_job (id, campaign_id, snapshot_id, corrects, parameters, state, step,
            done, note_vi, note_en, created_at, created_by, beat_at)
            VALUES ($1, $2, $3, $4, $5, 'running', 'reading', 0, '', '', $6, $7, $6)";
        let event = Event {
            id: new.event,
            at: new.at,
            account: new.account,
            action: Action::ReleaseComputed,
            subject: "release",
            subject_id: Some(new.id),
            detail: json!({ "campaign": new.campaign, "snapshot": new.snapshot, "corrects": new.corrects }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(INSERT)
                .bind(new.id).bind(new.campaign).bind(new.snapshot).bind(new.corrects).bind(Json(&new.parameters))
                .bind(new.at).bind(new.account)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// Says how far a computation is, or only that it lives.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn beat_release_job(&self, id: Uuid, step: &str, done: i64, at: OffsetDateTime) -> Result<()> {
        const SQL: &str = "UPDATE release_job SET step = $2, done = $3, beat_at = $4
            WHERE id = $1 AND state = 'running'";
        on!(&self.write, pool => {
            sqlx::query(SQL).bind(id).bind(step).bind(done).bind(at).execute(pool).await?;
        });
        Ok(())
    }

    /// Stores the result of a computation with its microdata, all or nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_release_job(
        &self,
        id: Uuid,
        (draft, review): (&str, &str),
        parts: impl Iterator<Item = String> + Send,
        at: OffsetDateTime,
    ) -> Result<()> {
        const PART: &str = "INSERT INTO release_part (job_id, number, content) VALUES ($1, $2, $3)";
        const DONE: &str = "UPDATE release_job SET state = 'done', draft = $2, review = $3, beat_at = $4
            WHERE id = $1 AND state = 'running'";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            for (part, number) in parts.zip(0_i64..) {
                sqlx::query(PART).bind(id).bind(number).bind(part).execute(&mut *tx).await?;
            }
            sqlx::query(DONE).bind(id).bind(draft).bind(review).bind(at).execute(&mut *tx).await?;
            tx.commit().await
        })
    }

    /// Says why a computation failed.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fail_release_job(&self, id: Uuid, failure: &str, at: OffsetDateTime) -> Result<()> {
        const SQL: &str = "UPDATE release_job SET state = 'failed', failure = $2, beat_at = $3
            WHERE id = $1 AND state = 'running'";
        on!(&self.write, pool => {
            sqlx::query(SQL).bind(id).bind(failure).bind(at).execute(pool).await?;
        });
        Ok(())
    }

    /// A computation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_job(&self, id: Uuid) -> Result<Option<ReleaseJob>> {
        let sql = format!("{JOB} WHERE j.id = $1");
        on!(&self.write, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(pool).await)
    }

    /// The computations, newest first, at most fifty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_jobs(&self) -> Result<Vec<ReleaseJob>> {
        let sql = format!("{JOB} ORDER BY j.id DESC LIMIT 50");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await)
    }

    /// The draft and the review of a finished computation.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_draft(&self, id: Uuid) -> Result<Option<(String, String)>> {
        const SQL: &str = "SELECT draft, review FROM release_job WHERE id = $1 AND state = 'done'";
        on!(&self.write, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// Stores the method note of a draft that is not released. Answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn save_release_note(&self, id: Uuid, (vi, en): (&str, &str), event: &Event) -> Result<bool> {
        const SQL: &str = "UPDATE release_job SET note_vi = $2, note_en = $3 WHERE id = $1 AND state = 'done'
            AND NOT EXISTS (SELECT 1 FROM release WHERE job_id = $1)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let changed = sqlx::query(SQL).bind(id).bind(vi).bind(en).execute(&mut *tx).await?.rows_affected();
            if changed == 1 {
                audit!(tx, event);
            }
            tx.commit().await?;
            Ok(changed == 1)
        })
    }

    /// One piece of the microdata of a computation; none after the last.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release_part(&self, id: Uuid, number: i64) -> Result<Option<String>> {
        const SQL: &str = "SELECT content FROM release_part WHERE job_id = $1 AND number = $2";
        on!(&self.write, pool => sqlx::query_scalar(SQL).bind(id).bind(number).fetch_optional(pool).await)
    }
}
