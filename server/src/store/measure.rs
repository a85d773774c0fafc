//! The values of indicators, kept beside the submissions they come from.
//!
//! A trigger puts every submission on a list (`unmeasured`) in the transaction that stores it; whoever computes its values
//! stores them and takes it off the list in one transaction. What is on no list is therefore measured.

use model::answer::Answers;
use sqlx::{FromRow, types::Json};
use uuid::Uuid;

use super::{BeginWrite as _, Result, Store, on};

/// A submission that is still to be measured.
#[derive(Clone, Debug, FromRow)]
pub struct Unmeasured {
    /// Key of the submission.
    pub id: Uuid,
    /// Its campaign.
    pub campaign_id: Uuid,
    /// Its enterprise.
    pub enterprise_id: Uuid,
    /// Its assessment.
    pub assessment_id: Uuid,
    /// The how-many-eth submission of the assessment it is.
    pub number: i64,
    /// Which questionnaire was answered.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
    /// The answers.
    pub answers: Json<Answers>,
}

/// Values of a submission.
#[derive(Clone, Debug)]
pub struct Measured<'a> {
    /// The submission.
    pub of: &'a Unmeasured,
    /// What computed them: [`model::release::Measures::version`].
    pub version: &'a str,
    /// The values as an archive has them: `41.5,1,,0`.
    pub content: &'a str,
}

/// A measured enterprise with its classes in the frame.
#[derive(Clone, Debug, FromRow)]
pub struct MeasuredRow {
    /// Key of the enterprise.
    pub id: Uuid,
    /// Its values.
    pub content: String,
    /// Former district in the frame; none if the frame does not have the enterprise.
    pub district: Option<String>,
    /// Ward or commune; empty where only the district is known.
    pub unit: Option<String>,
    /// Section of VSIC 2025.
    pub section: Option<String>,
    /// Size class.
    pub size: Option<String>,
}

impl Store {
    /// Submissions that are still to be measured, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn unmeasured(&self, limit: i64) -> Result<Vec<Unmeasured>> {
        const SQL: &str = "SELECT s.id, a.campaign_id, a.enterprise_id, s.assessment_id, s.number, c.questionnaire_id,
            c.questionnaire_version, s.answers
            FROM unmeasured u JOIN submission s ON s.id = u.submission_id JOIN assessment a ON a.id = s.assessment_id
            JOIN campaign c ON c.id = a.campaign_id
            ORDER BY u.submission_id LIMIT $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(limit).fetch_all(pool).await)
    }

    /// Stores values and takes their submissions off the list. Those of an earlier submission never replace those of a
    /// later one.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn add_measured(&self, all: &[Measured<'_>]) -> Result<()> {
        const STORE: &str = "INSERT INTO measured (campaign_id, enterprise_id, assessment_id, submission_id, number,
            version, content) VALUES ($1, $2, $3, $4, $5, $6, $7)
            ON CONFLICT (campaign_id, enterprise_id) DO UPDATE SET submission_id = excluded.submission_id,
                number = excluded.number, version = excluded.version, content = excluded.content
                WHERE measured.number <= excluded.number";
        const DONE: &str = "DELETE FROM unmeasured WHERE submission_id = $1";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            for one in all {
                sqlx::query(STORE)
                    .bind(one.of.campaign_id).bind(one.of.enterprise_id).bind(one.of.assessment_id).bind(one.of.id)
                    .bind(one.of.number).bind(one.version).bind(one.content)
                    .execute(&mut *tx).await?;
                sqlx::query(DONE).bind(one.of.id).execute(&mut *tx).await?;
            }
            tx.commit().await
        })
    }

    /// Puts everything of a campaign that was measured otherwise than by `version` on the list again.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn measure_again(&self, campaign: Uuid, version: &str) -> Result<u64> {
        const SQL: &str = "INSERT INTO unmeasured (submission_id)
            SELECT submission_id FROM measured WHERE campaign_id = $1 AND version <> $2
            ON CONFLICT (submission_id) DO NOTHING";
        on!(&self.write, pool => {
            let done = sqlx::query(SQL).bind(campaign).bind(version).execute(pool).await?;
            Ok(done.rows_affected())
        })
    }

    /// Measured enterprises of a campaign with their classes in a snapshot, or as they registered themselves, ascending,
    /// after the enterprise `after`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn measured_rows(
        &self,
        campaign: Uuid,
        snapshot: Option<Uuid>,
        after: Uuid,
        limit: i64,
    ) -> Result<Vec<MeasuredRow>> {
        const IN_SNAPSHOT: &str = "SELECT m.enterprise_id AS id, m.content, f.district_code AS district,
            f.unit_code AS unit, f.section, f.size
            FROM measured m
            JOIN assessment a ON a.id = m.assessment_id
            JOIN enterprise e ON e.id = m.enterprise_id
            LEFT JOIN register_snapshot_entry f ON f.snapshot_id = $4 AND f.tax_code = e.tax_code
            WHERE m.campaign_id = $1 AND m.enterprise_id > $2 AND a.state <> 'withdrawn'
            ORDER BY m.enterprise_id LIMIT $3";
        const REGISTERED: &str = "SELECT m.enterprise_id AS id, m.content, '' AS district, e.unit_code AS unit,
            e.industry_code AS section, 'unknown' AS size
            FROM measured m
            JOIN assessment a ON a.id = m.assessment_id
            JOIN enterprise e ON e.id = m.enterprise_id
            WHERE m.campaign_id = $1 AND m.enterprise_id > $2 AND a.state <> 'withdrawn'
            ORDER BY m.enterprise_id LIMIT $3";
        on!(&self.read, pool => match snapshot {
            Some(snapshot) => {
                let query = sqlx::query_as(IN_SNAPSHOT).bind(campaign).bind(after).bind(limit).bind(snapshot);
                query.fetch_all(pool).await
            }
            None => sqlx::query_as(REGISTERED).bind(campaign).bind(after).bind(limit).fetch_all(pool).await,
        })
    }
}
