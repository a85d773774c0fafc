//! Imports of the register: the uploaded file, how far the import is, what it rejected.

use model::register::{Mapping, Problem};
use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// An import that has not been heard of for so long died with its process.
pub const SILENCE: Duration = Duration::seconds(60);
/// Uploads that nobody ran are kept for so long.
const KEPT: Duration = Duration::days(7);
/// Bytes of a piece of an uploaded file.
const PIECE: usize = 256 * 1024;

/// An import.
#[derive(Clone, Debug, FromRow)]
pub struct Import {
    /// Key of the import.
    pub id: Uuid,
    /// The name of the uploaded file.
    pub file_name: String,
    /// `csv` or `xlsx`.
    pub format: String,
    /// The headers of the file.
    #[sqlx(json)]
    pub headers: Vec<String>,
    /// How its columns are read.
    #[sqlx(json)]
    pub mapping: Mapping,
    /// `uploaded`, `running`, `done`, `failed` or `discarded`; see [`Import::is_interrupted`].
    pub state: String,
    /// The size of the file.
    pub bytes: i64,
    /// Rows read so far.
    pub position: i64,
    /// Rows of the file, about; exact when it is done.
    pub lines: i64,
    /// Entries that were not there before.
    pub added: i64,
    /// Entries that were there and are different now.
    pub changed: i64,
    /// Entries that were there and are the same.
    pub unchanged: i64,
    /// Rows that were not taken.
    pub rejected: i64,
    /// Why it failed, as a code.
    pub failure: Option<String>,
    /// When the file was uploaded.
    pub created_at: OffsetDateTime,
    /// When it was last heard of.
    pub beat_at: Option<OffsetDateTime>,
    /// When it ended.
    pub finished_at: Option<OffsetDateTime>,
}

/// An uploaded file.
#[derive(Clone, Debug)]
pub struct NewImport<'a> {
    /// Key of the import.
    pub id: Uuid,
    /// The name of the file.
    pub file_name: &'a str,
    /// `csv` or `xlsx`.
    pub format: &'static str,
    /// Its headers.
    pub headers: &'a [String],
    /// What is proposed for its columns.
    pub mapping: &'a Mapping,
    /// About how many rows it has.
    pub lines: i64,
    /// The file.
    pub content: &'a [u8],
    /// Who uploaded it; none on the command line.
    pub account: Option<Uuid>,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// A row that was not taken.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Rejected {
    /// Its line in the file.
    pub line: i64,
    /// The tax code as it stands there.
    pub tax_code: String,
    /// The name as it stands there.
    pub name: String,
    /// What is wrong.
    #[sqlx(json)]
    pub problems: Vec<Problem>,
}

impl Import {
    /// Whether the process that ran it is gone.
    #[must_use]
    pub fn is_interrupted(&self, now: OffsetDateTime) -> bool {
        self.state == "running" && self.beat_at.is_none_or(|beat| beat < now - SILENCE)
    }
}

const COLUMNS: &str =
    "id, file_name, format, headers, mapping, state, bytes, position, lines, added, changed, unchanged,
    rejected, failure, created_at, beat_at, finished_at";

impl Store {
    /// Stores an uploaded file; uploads that nobody ran for a week go.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_import(&self, new: &NewImport<'_>) -> Result<()> {
        const INSERT: &str = "INSERT INTO register_import (id, file_name, format, headers, mapping, state, bytes,
            position, lines, added, changed, unchanged, rejected, account_id, created_at)
            VALUES ($1, $2, $3, $4, $5, 'uploaded', $6, 0, $7, 0, 0, 0, 0, $8, $9)";
        const PART: &str = "INSERT INTO register_import_part (import_id, number, content) VALUES ($1, $2, $3)";
        const OLD_PARTS: &str = "DELETE FROM register_import_part WHERE import_id IN
            (SELECT id FROM register_import WHERE state IN ('uploaded', 'failed') AND created_at < $1)";
        const OLD: &str = "UPDATE register_import SET state = 'discarded'
            WHERE state IN ('uploaded', 'failed') AND created_at < $1";
        let bytes = i64::try_from(new.content.len()).unwrap_or(i64::MAX);
        let event = Event {
            id: new.event,
            at: new.at,
            account: new.account,
            action: Action::RegisterUploaded,
            subject: "register_import",
            subject_id: Some(new.id),
            detail: json!({ "bytes": bytes, "rows": new.lines }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(OLD_PARTS).bind(new.at - KEPT).execute(&mut *tx).await?;
            sqlx::query(OLD).bind(new.at - KEPT).execute(&mut *tx).await?;
            sqlx::query(INSERT)
                .bind(new.id).bind(new.file_name).bind(new.format).bind(Json(new.headers)).bind(Json(new.mapping))
                .bind(bytes).bind(new.lines).bind(new.account).bind(new.at)
                .execute(&mut *tx).await?;
            for (number, piece) in (0_i64..).zip(new.content.chunks(PIECE)) {
                sqlx::query(PART).bind(new.id).bind(number).bind(piece).execute(&mut *tx).await?;
            }
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// An import.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import(&self, id: Uuid) -> Result<Option<Import>> {
        let sql = format!("SELECT {COLUMNS} FROM register_import WHERE id = $1");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(pool).await)
    }

    /// The imports, newest first, at most fifty.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn imports(&self) -> Result<Vec<Import>> {
        let sql = format!("SELECT {COLUMNS} FROM register_import ORDER BY id DESC LIMIT 50");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await)
    }

    /// The uploaded file; empty when it is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn import_content(&self, id: Uuid) -> Result<Vec<u8>> {
        const SQL: &str = "SELECT content FROM register_import_part WHERE import_id = $1 ORDER BY number";
        let parts: Vec<Vec<u8>> = on!(&self.read, pool => sqlx::query_scalar(SQL).bind(id).fetch_all(pool).await)?;
        Ok(parts.concat())
    }

    /// Sets how an uploaded file is read, and remembers it for files with the same headers. Answers whether the import
    /// was still waiting.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn map_import(
        &self,
        id: Uuid,
        headers: [u8; 32],
        mapping: &Mapping,
        (account, event): (Option<Uuid>, Uuid),
        at: OffsetDateTime,
    ) -> Result<bool> {
        const SQL: &str = "UPDATE register_import SET mapping = $2 WHERE id = $1 AND state <> 'running'";
        const REMEMBER: &str = "INSERT INTO register_mapping (headers_hash, mapping, saved_at) VALUES ($1, $2, $3)
            ON CONFLICT (headers_hash) DO UPDATE SET mapping = excluded.mapping, saved_at = excluded.saved_at";
        let event = Event {
            id: event,
            at,
            account,
            action: Action::RegisterMapped,
            subject: "register_import",
            subject_id: Some(id),
            detail: json!({ "mapping": mapping }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let mapped = sqlx::query(SQL).bind(id).bind(Json(mapping)).execute(&mut *tx).await?.rows_affected() == 1;
            if mapped {
                sqlx::query(REMEMBER).bind(&headers[..]).bind(Json(mapping)).bind(at).execute(&mut *tx).await?;
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(mapped)
        })
    }

    /// How a file with these headers was read the last time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn remembered_mapping(&self, headers: [u8; 32]) -> Result<Option<Mapping>> {
        const SQL: &str = "SELECT mapping FROM register_mapping WHERE headers_hash = $1";
        let stored: Option<Json<Mapping>> =
            on!(&self.read, pool => sqlx::query_scalar(SQL).bind(&headers[..]).fetch_optional(pool).await)?;
        Ok(stored.map(|Json(mapping)| mapping))
    }

    /// Starts an import, or starts one again that failed, was interrupted or is done and still has its file. Answers
    /// whether it may run: not while it or another one does.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_import(&self, id: Uuid, account: Option<Uuid>, event: Uuid, at: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "UPDATE register_import SET state = 'running', position = 0, added = 0, changed = 0,
            unchanged = 0, rejected = 0, failure = NULL, finished_at = NULL, beat_at = $2
            WHERE id = $1 AND state IN ('uploaded', 'failed', 'running')
            AND NOT EXISTS (SELECT 1 FROM register_import r WHERE r.state = 'running' AND r.beat_at >= $3)";
        const FORGET: &str = "DELETE FROM register_rejection WHERE import_id = $1";
        let event = Event {
            id: event,
            at,
            account,
            action: Action::RegisterImportStarted,
            subject: "register_import",
            subject_id: Some(id),
            detail: json!({}),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let started = sqlx::query(SQL).bind(id).bind(at).bind(at - SILENCE).execute(&mut *tx).await?;
            let started = started.rows_affected() == 1;
            if started {
                sqlx::query(FORGET).bind(id).execute(&mut *tx).await?;
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(started)
        })
    }

    /// Ends an import that runs: as done, when the file goes, or as failed with a code, when it stays to be repeated.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn finish_import(
        &self,
        id: Uuid,
        failure: Option<&str>,
        detail: Value,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "UPDATE register_import SET state = $2, failure = $3, finished_at = $4,
            lines = CASE WHEN $2 = 'done' THEN position ELSE lines END WHERE id = $1 AND state = 'running'";
        const PARTS: &str = "DELETE FROM register_import_part WHERE import_id = $1";
        let state = if failure.is_some() { "failed" } else { "done" };
        let event = Event {
            id: event,
            at,
            account: None,
            action: Action::RegisterImported,
            subject: "register_import",
            subject_id: Some(id),
            detail,
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let ended = sqlx::query(SQL).bind(id).bind(state).bind(failure).bind(at).execute(&mut *tx).await?;
            if ended.rows_affected() == 1 {
                if failure.is_none() {
                    sqlx::query(PARTS).bind(id).execute(&mut *tx).await?;
                }
                audit!(tx, &event);
            }
            tx.commit().await
        })
    }

    /// The rows that an import rejected, by line, after the line given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rejections(&self, import: Uuid, after: i64, limit: i64) -> Result<Vec<Rejected>> {
        const SQL: &str = "SELECT line, tax_code, name, problems FROM register_rejection
            WHERE import_id = $1 AND line > $2 ORDER BY line LIMIT $3";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(import).bind(after).bind(limit).fetch_all(pool).await)
    }
}
