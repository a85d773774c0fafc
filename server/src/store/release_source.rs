//! What releases are computed from: campaigns with answers, and frames. The answers are in
//! `measure`.

use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, Store, on};

/// A campaign that can be released.
#[derive(Clone, Debug, FromRow)]
pub struct SourceCampaign {
    /// Key.
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
    /// Submissions.
    pub submitted: i64,
}

/// How many registered enterprises have the same unit and division.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct RegisteredCell {
    /// Ward or commune.
    pub unit: String,
    /// Division of VSIC 2025.
    pub division: String,
    /// How many there are.
    pub enterprises: i64,
}

const CAMPAIGN: &str = "SELECT c.id, c.title_vi, c.title_en, c.questionnaire_id, c.questionnaire_version, c.opens_at,
    c.closes_at, (SELECT count(*) FROM assessment a WHERE a.campaign_id = c.id AND a.state NOT IN ('draft', 'withdrawn'))
    AS submitted FROM campaign c";

impl Store {
    /// The campaigns that have opened, newest first, at most a hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_campaigns(&self, now: OffsetDateTime) -> Result<Vec<SourceCampaign>> {
        let sql = format!("{CAMPAIGN} WHERE c.opens_at <= $1 ORDER BY c.opens_at DESC, c.id DESC LIMIT 100");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(now).fetch_all(pool).await)
    }

    /// A campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_campaign(&self, id: Uuid) -> Result<Option<SourceCampaign>> {
        let sql = format!("{CAMPAIGN} WHERE c.id = $1");
        on!(&self.read, pool => sqlx::query_as(sqlx::AssertSqlSafe(sql)).bind(id).fetch_optional(pool).await)
    }

    /// The registered enterprises by unit and division.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered_cells(&self) -> Result<Vec<RegisteredCell>> {
        const SQL: &str = "SELECT unit_code AS unit, industry_code AS division, count(*) AS enterprises
            FROM enterprise GROUP BY unit_code, industry_code ORDER BY unit_code, industry_code";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }
}
