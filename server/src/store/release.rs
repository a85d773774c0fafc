//! Releases: inserted once, never changed, read by everything that is public.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, breaks_unique, on};

/// A release in a list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct ReleaseHead {
    /// Its number.
    pub number: i64,
    /// The computation it came from.
    pub job_id: Uuid,
    /// The campaign.
    pub campaign_id: Uuid,
    /// The campaign's title in Vietnamese.
    pub title_vi: String,
    /// The campaign's title in English.
    pub title_en: String,
    /// When the campaign opened.
    pub opens_at: OffsetDateTime,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// The hash of its document.
    pub hash: String,
}

/// What is stored when a release is issued.
#[derive(Clone, Debug)]
pub struct NewRelease<'a> {
    /// Its number.
    pub number: i64,
    /// The computation it comes from.
    pub job: Uuid,
    /// The campaign.
    pub campaign: Uuid,
    /// Who issues it; none for the demonstration.
    pub account: Option<Uuid>,
    /// The hash of the document.
    pub hash: &'a str,
    /// The document in its canonical form.
    pub document: &'a str,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// How issuing ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issued {
    /// It is public.
    Done,
    /// The number is taken: somebody else issued a release meanwhile.
    NumberTaken,
    /// This computation was released already; nothing new was stored.
    Already {
        /// The number it has.
        number: i64,
    },
}

const HEAD: &str = "SELECT r.number, r.job_id, r.campaign_id, c.title_vi, c.title_en, c.opens_at, r.issued_at, r.hash
    FROM release r JOIN campaign c ON c.id = r.campaign_id";

impl Store {
    /// Issues a release.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn add_release(&self, new: &NewRelease<'_>) -> Result<Issued> {
        const OF_JOB: &str = "SELECT number FROM release WHERE job_id = $1";
        const INSERT: &str = "INSERT INTO release (job_id, number, campaign_id, issued_at, issued_by, hash, document)
            VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let event = Event {
            id: new.event,
            at: new.at,
            account: new.account,
            action: Action::ReleaseIssued,
            subject: "release",
            subject_id: Some(new.job),
            detail: json!({ "number": new.number, "hash": new.hash }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            if let Some(number) = sqlx::query_scalar(OF_JOB).bind(new.job).fetch_optional(&mut *tx).await? {
                return Ok(Issued::Already { number });
            }
            let inserted = sqlx::query(INSERT)
                .bind(new.job).bind(new.number).bind(new.campaign).bind(new.at).bind(new.account)
                .bind(new.hash).bind(new.document)
                .execute(&mut *tx).await;
            match inserted {
                Err(error) if breaks_unique(&error, "number") => return Ok(Issued::NumberTaken),
                other => other?,
            };
            audit!(tx, &event);
            tx.commit().await?;
            Ok(Issued::Done)
        })
    }

    /// The releases, newest first, at most two hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases(&self) -> Result<Vec<ReleaseHead>> {
        let sql = format!("{HEAD} ORDER BY r.number DESC LIMIT 200");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).fetch_all(pool).await)
    }

    /// The number of the newest release; 0 without any.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn latest_release(&self) -> Result<i64> {
        const SQL: &str = "SELECT coalesce(max(number), 0) FROM release";
        on!(&self.read, pool => sqlx::query_scalar(SQL).fetch_one(pool).await)
    }

    /// The document of a release.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn release(&self, number: i64) -> Result<Option<String>> {
        const SQL: &str = "SELECT document FROM release WHERE number = $1";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(number).fetch_optional(pool).await)
    }

    /// The releases of a campaign, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases_of(&self, campaign: Uuid) -> Result<Vec<ReleaseHead>> {
        let sql = format!("{HEAD} WHERE r.campaign_id = $1 ORDER BY r.number");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(campaign).fetch_all(pool).await)
    }

    /// The last release of every campaign that opened before a moment, oldest campaign first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn releases_before(&self, opens_at: OffsetDateTime) -> Result<Vec<ReleaseHead>> {
        let sql = format!(
            "{HEAD} WHERE c.opens_at < $1
             AND r.number = (SELECT max(number) FROM release WHERE campaign_id = r.campaign_id)
             ORDER BY c.opens_at, r.number"
        );
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(opens_at).fetch_all(pool).await)
    }
}
