//! What releases are computed from: campaigns with answers, frames, and submissions page by page.

use model::answer::Answers;
use sqlx::{FromRow, types::Json};
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

/// A submission with the classes of its enterprise in the frame.
#[derive(Clone, Debug, FromRow)]
pub struct SourceRow {
    /// Key of the enterprise.
    pub id: Uuid,
    /// What was submitted last.
    pub answers: Json<Answers>,
    /// Former district in the frame; none if the frame does not have the enterprise.
    pub district: Option<String>,
    /// Ward or commune; empty where only the district is known.
    pub unit: Option<String>,
    /// Section of VSIC 2025.
    pub section: Option<String>,
    /// Size class.
    pub size: Option<String>,
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

    /// The last submissions of a campaign with the classes of their enterprises in a snapshot, ascending by enterprise,
    /// after the enterprise `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn source_rows(&self, campaign: Uuid, snapshot: Uuid, after: Uuid, limit: i64) -> Result<Vec<SourceRow>> {
        const SQL: &str = "SELECT a.enterprise_id AS id, s.answers, f.district_code AS district, f.unit_code AS unit,
            f.section, f.size
            FROM assessment a
            JOIN submission s ON s.assessment_id = a.id
                AND s.number = (SELECT max(number) FROM submission WHERE assessment_id = a.id)
            JOIN enterprise e ON e.id = a.enterprise_id
            LEFT JOIN register_snapshot_entry f ON f.snapshot_id = $2 AND f.tax_code = e.tax_code
            WHERE a.campaign_id = $1 AND a.enterprise_id > $3 AND a.state <> 'withdrawn'
            ORDER BY a.enterprise_id LIMIT $4";
        on!(&self.read, pool => {
            sqlx::query_as(SQL).bind(campaign).bind(snapshot).bind(after).bind(limit).fetch_all(pool).await
        })
    }

    /// The last submissions of a campaign with unit and division of their enterprises as registered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registered_rows(&self, campaign: Uuid, after: Uuid, limit: i64) -> Result<Vec<SourceRow>> {
        const SQL: &str = "SELECT a.enterprise_id AS id, s.answers, '' AS district, e.unit_code AS unit,
            e.industry_code AS section, 'unknown' AS size
            FROM assessment a
            JOIN submission s ON s.assessment_id = a.id
                AND s.number = (SELECT max(number) FROM submission WHERE assessment_id = a.id)
            JOIN enterprise e ON e.id = a.enterprise_id
            WHERE a.campaign_id = $1 AND a.enterprise_id > $2 AND a.state <> 'withdrawn'
            ORDER BY a.enterprise_id LIMIT $3";
        on!(&self.read, pool => {
            sqlx::query_as(SQL).bind(campaign).bind(after).bind(limit).fetch_all(pool).await
        })
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
