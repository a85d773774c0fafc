//! What an enterprise sent over the campaigns.

use model::answer::Answers;
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, Store, on};

/// More than anybody looks back.
const MOST: i64 = 20;

/// The last submission of one assessment, with the campaign it belongs to.
#[derive(Clone, Debug, FromRow)]
pub struct PastResult {
    /// Key of the assessment.
    pub assessment: Uuid,
    /// The campaign's title in Vietnamese.
    pub title_vi: String,
    /// The campaign's title in English.
    pub title_en: String,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
    answers: Json<Answers>,
    /// When it was sent.
    pub submitted_at: OffsetDateTime,
}

impl PastResult {
    /// The answers that were sent.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
}

/// A warning that was raised when answers were sent.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Raised {
    /// The code, such as X01.
    pub check_id: String,
    /// Why the answers are right all the same, as the enterprise wrote it.
    pub reason: Option<String>,
}

impl Store {
    /// The last submission of each assessment of this enterprise, the newest campaign first, at most 20.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn results(&self, enterprise: Uuid) -> Result<Vec<PastResult>> {
        const SQL: &str = "SELECT a.id AS assessment, c.title_vi, c.title_en, c.questionnaire_id,
            c.questionnaire_version, s.answers, s.submitted_at
            FROM assessment a JOIN campaign c ON c.id = a.campaign_id JOIN submission s ON s.assessment_id = a.id
            WHERE a.enterprise_id = $1
            AND s.number = (SELECT max(last.number) FROM submission last WHERE last.assessment_id = a.id)
            ORDER BY c.opens_at DESC, a.id DESC LIMIT $2";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(enterprise).bind(MOST).fetch_all(pool).await)
    }

    /// The warnings raised when a submission was sent, by code. The caller has found the submission within its scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn findings(&self, assessment: Uuid, number: i64) -> Result<Vec<Raised>> {
        const SQL: &str = "SELECT f.check_id, f.reason FROM finding f JOIN submission s ON s.id = f.submission_id
            WHERE s.assessment_id = $1 AND s.number = $2 ORDER BY f.check_id";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(number).fetch_all(pool).await)
    }
}
