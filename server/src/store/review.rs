//! The review of what was submitted: the same for associations, the province and, on its own pages, the enterprise.
//! Who asks is in the `WHERE` of every statement; what one may not see is as good as missing.

use model::{answer::Answers, assessment::State, review::Levels};
use sqlx::{AssertSqlSafe, FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

pub use super::review_act::{Act, Acted, Acting, Scoring};
use super::{Result, Store, on};

/// On whose behalf somebody looks at a review.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// An association: members that agreed.
    Association(Uuid),
    /// The province: everybody.
    Province,
    /// The enterprise itself; it does not see notes.
    Enterprise(Uuid),
}

impl Scope {
    /// The association, to be bound as `$2`.
    pub(super) fn association(self) -> Option<Uuid> {
        if let Self::Association(id) = self { Some(id) } else { None }
    }

    /// The enterprise, to be bound as `$3`.
    pub(super) fn enterprise(self) -> Option<Uuid> {
        if let Self::Enterprise(id) = self { Some(id) } else { None }
    }
}

/// The condition that an assessment `a` was submitted and belongs to the scope ($2, $3).
macro_rules! scoped {
    () => {
        "a.version > 0 AND ($3 IS NULL OR a.enterprise_id = $3) AND ($2 IS NULL OR EXISTS (SELECT 1 FROM enterprise x
         JOIN membership m ON m.tax_code = x.tax_code
         WHERE x.id = a.enterprise_id AND m.association_id = $2 AND m.state = 'agreed'))"
    };
}
pub(super) use scoped;

/// An assessment under review.
#[derive(Clone, Debug, FromRow)]
pub struct Reviewed {
    /// Key of the assessment.
    pub id: Uuid,
    /// A `model::assessment::State`.
    pub state: String,
    /// The number of the last submission.
    pub version: i64,
    /// Questions that are open.
    pub open_questions: i64,
    /// Who took the last submission up.
    pub reviewer_id: Option<Uuid>,
    /// That person's name.
    pub reviewer: Option<String>,
    /// The four-eyes rule of the association that looks, else of the province.
    pub four_eyes: bool,
    /// The enterprise's name.
    pub enterprise: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its VSIC division.
    pub industry_code: String,
    /// Its ward or commune.
    pub unit_code: String,
    /// The campaign's title in Vietnamese.
    pub title_vi: String,
    /// The campaign's title in English.
    pub title_en: String,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
}

/// One submission of an assessment.
#[derive(Clone, Debug, FromRow)]
pub struct Version {
    /// 1 for the first.
    pub number: i64,
    answers: Json<Answers>,
    /// When it was sent.
    pub submitted_at: OffsetDateTime,
    /// Who sent it.
    pub submitted_by: String,
}

impl Version {
    /// The answers that were sent.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
}

/// Something that was said or done.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Entry {
    /// Key of the entry.
    pub id: Uuid,
    /// The submission that was the last one then.
    pub number: i64,
    /// taken, question, comment, closed, rated, note, evidence, removed, returned or accepted.
    pub kind: String,
    /// The question of the questionnaire it is about.
    pub about: Option<String>,
    /// The question to the enterprise it belongs to.
    pub question_id: Option<Uuid>,
    /// The level that was recorded; none when it was taken back.
    pub level: Option<i64>,
    /// What was said; for a file that came or went its name.
    pub text: String,
    /// Who.
    pub full_name: String,
    /// That person's `model::role::Role`.
    pub role: String,
    /// When.
    pub at: OffsetDateTime,
}

/// A question to the enterprise.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Question {
    /// Key of the question.
    pub id: Uuid,
    /// The question of the questionnaire it is about.
    pub about: String,
    /// When it was closed; none while it is open.
    pub closed_at: Option<OffsetDateTime>,
}

impl Store {
    /// An assessment that was submitted, in a scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn reviewed(&self, assessment: Uuid, scope: Scope) -> Result<Option<Reviewed>> {
        const SQL: &str = concat!(
            "SELECT a.id, a.state, a.version, a.open_questions, a.reviewer_id, r.full_name AS reviewer,
             COALESCE((SELECT o.four_eyes FROM association o WHERE o.id = $2),
             (SELECT s.four_eyes FROM province_setting s), FALSE) AS four_eyes,
             e.name AS enterprise, e.tax_code, e.industry_code, e.unit_code, c.title_vi, c.title_en,
             c.questionnaire_id, c.questionnaire_version
             FROM assessment a JOIN enterprise e ON e.id = a.enterprise_id JOIN campaign c ON c.id = a.campaign_id
             LEFT JOIN account r ON r.id = a.reviewer_id WHERE a.id = $1 AND ",
            scoped!()
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(scope.association()).bind(scope.enterprise())
            .fetch_optional(pool).await)
    }

    /// All submissions of an assessment, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn versions(&self, assessment: Uuid, scope: Scope) -> Result<Vec<Version>> {
        const SQL: &str = concat!(
            "SELECT s.number, s.answers, s.submitted_at, p.full_name AS submitted_by
             FROM assessment a JOIN submission s ON s.assessment_id = a.id JOIN account p ON p.id = s.submitted_by
             WHERE a.id = $1 AND ",
            scoped!(),
            " ORDER BY s.number"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(scope.association()).bind(scope.enterprise())
            .fetch_all(pool).await)
    }

    /// Everything that was said and done, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn entries(&self, assessment: Uuid, scope: Scope) -> Result<Vec<Entry>> {
        const SQL: &str = concat!(
            "SELECT n.id, n.number, n.kind, n.about, n.question_id, n.level, n.text, p.full_name, p.role, n.at
             FROM assessment a JOIN review_entry n ON n.assessment_id = a.id JOIN account p ON p.id = n.account_id
             WHERE a.id = $1 AND ($3 IS NULL OR n.kind <> 'note') AND ",
            scoped!(),
            " ORDER BY n.id LIMIT 5000"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(scope.association()).bind(scope.enterprise())
            .fetch_all(pool).await)
    }

    /// All questions to the enterprise, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questions(&self, assessment: Uuid, scope: Scope) -> Result<Vec<Question>> {
        const SQL: &str = concat!(
            "SELECT q.id, q.about, q.closed_at FROM assessment a JOIN question q ON q.assessment_id = a.id
             WHERE a.id = $1 AND ",
            scoped!(),
            " ORDER BY q.id LIMIT 1000"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(scope.association()).bind(scope.enterprise())
            .fetch_all(pool).await)
    }
}

/// A submission in the list of a campaign.
#[derive(Clone, Debug, PartialEq, FromRow)]
pub struct Waiting {
    /// Key of the assessment.
    pub id: Uuid,
    /// The enterprise's name.
    pub name: String,
    /// Its tax code.
    pub tax_code: String,
    /// Its VSIC division.
    pub industry_code: String,
    /// A `model::assessment::State`.
    pub state: String,
    /// Questions that are open.
    pub open_questions: i64,
    /// The overall score, 0–100.
    pub overall: Option<f64>,
    /// The level, 0–5.
    pub level: Option<i64>,
    /// The last thing that happened to it.
    pub active_at: Option<OffsetDateTime>,
}

/// Submissions of a campaign ($1) in a state ($2), by the index of the queue: as many are looked at as are shown.
const WAITING: &str = "SELECT a.id, e.name, e.tax_code, e.industry_code, a.state, a.open_questions, s.overall, s.level,
    a.active_at FROM assessment a CROSS JOIN enterprise e CROSS JOIN submission s
    WHERE e.id = a.enterprise_id AND s.assessment_id = a.id AND s.number = a.version
    AND a.campaign_id = $1 AND a.state = $2 AND a.version > 0";

/// The same of the agreed members of an association ($3), by the index of their own queue.
const WAITING_MEMBERS: &str =
    "SELECT p.assessment_id AS id, m.enterprise_name AS name, m.tax_code, m.industry_code, p.state,
    p.open_questions, p.overall, p.level, p.active_at FROM member_progress p CROSS JOIN membership m
    WHERE p.association_id = $3 AND p.campaign_id = $1 AND p.state = $2 AND p.version > 0
    AND m.id = p.membership_id AND m.association_id = $3 AND m.state = 'agreed'";

impl Store {
    /// Submissions of a campaign in one state, the longest waiting first, after a given one; those of an association's
    /// agreed members, or all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting(
        &self,
        campaign: Uuid,
        state: State,
        association: Option<Uuid>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Waiting>> {
        let (from, [at, id], place) = match association {
            None => (WAITING, ["a.active_at", "a.id"], 3),
            Some(_) => (WAITING_MEMBERS, ["p.active_at", "p.assessment_id"], 4),
        };
        let behind = format!(" AND ({at}, {id}) > (SELECT active_at, id FROM assessment WHERE id = ${place})");
        let behind = if after.is_some() { behind.as_str() } else { "" };
        let sql = format!("{from}{behind} ORDER BY {at}, {id} LIMIT {limit}");
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(campaign).bind(state.as_str());
            for key in [association, after].into_iter().flatten() {
                query = query.bind(key);
            }
            query.fetch_all(pool).await
        })
    }
}

/// The last level recorded for each item.
#[must_use]
pub fn recorded<'a>(entries: impl Iterator<Item = (Option<&'a str>, Option<i64>)>) -> Levels {
    let mut levels = Levels::new();
    for (about, level) in entries {
        match (about, level.and_then(|level| u8::try_from(level).ok())) {
            (Some(about), Some(level)) => drop(levels.insert(about.to_owned(), level)),
            (Some(about), None) => drop(levels.remove(about)),
            (None, _) => {}
        }
    }
    levels
}
