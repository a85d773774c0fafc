//! Assessments and what was submitted of them.

use model::{
    answer::{Answer, Answers},
    assessment::State,
    quick::Kind,
    score::Score,
};
use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Event, Raised, Result, Store,
    audit::audit,
    breaks_unique, on,
    save::{StoredAnswer, StoredAnswers},
};

/// An assessment with what every page about it needs.
#[derive(Clone, Debug, FromRow)]
pub struct Assessment {
    /// Key of the assessment.
    pub id: Uuid,
    /// A `model::assessment::State`.
    pub state: String,
    kind: String,
    /// The number of the last submission; 0 before the first.
    pub version: i64,
    answers: Json<StoredAnswers>,
    /// Questions of reviewers that are open.
    pub open_questions: i64,
    /// Files that were sent as evidence.
    pub files: i64,
    /// Whether the enterprise has submitted in another campaign.
    pub has_past: bool,
    /// Grows with every save.
    pub revision: i64,
    /// The last save.
    pub saved_at: OffsetDateTime,
    /// The enterprise's name.
    pub enterprise_name: String,
    /// The enterprise's tax code.
    pub tax_code: String,
    /// The enterprise's VSIC division.
    pub industry_code: String,
    /// The campaign's title in Vietnamese.
    pub title_vi: String,
    /// The campaign's title in English.
    pub title_en: String,
    /// When the campaign closes.
    pub closes_at: OffsetDateTime,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
}

impl Assessment {
    /// The answers, without those that were emptied.
    #[must_use]
    pub fn answers(&self) -> Answers {
        self.answers
            .iter()
            .filter_map(|(question, stored)| stored.v.clone().map(|answer| (question.clone(), answer)))
            .collect()
    }

    /// Whose answer stands for each question that has one: the revision that wrote it, and the seat of whoever did.
    pub fn writers(&self) -> impl Iterator<Item = (&str, i64, i64)> {
        self.answers.iter().map(|(question, stored)| (question.as_str(), stored.r, stored.by))
    }

    /// Answers of other people that were replaced, by question, with the seats of who gave them and who replaced them.
    #[must_use]
    pub fn others(&self) -> Vec<(String, Answer, [i64; 2])> {
        let other = |(question, stored): (&String, &StoredAnswer)| {
            let other = stored.other.clone()?;
            Some((question.clone(), other.v, [other.by, stored.by]))
        };
        self.answers.iter().filter_map(other).collect()
    }

    /// Whether a question was ever answered in it, even if its answer was emptied later.
    #[must_use]
    pub fn is_touched(&self, question: &str) -> bool {
        self.answers.contains_key(question)
    }

    /// Which questions it asks for now.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind.parse().unwrap_or_default()
    }

    /// Whether answers may still change.
    #[must_use]
    pub fn is_draft(&self) -> bool {
        is_open(&self.state)
    }
}

/// A submitted version of an assessment.
#[derive(Clone, Debug, FromRow)]
pub struct Submission {
    /// 1 for the first.
    pub number: i64,
    /// What the enterprise quotes when it asks about its submission.
    pub receipt: String,
    answers: Json<Answers>,
    /// When it was sent.
    pub submitted_at: OffsetDateTime,
    /// The overall score, 0–100, by the levels that reviewers recorded; none where they recorded none.
    pub reviewed_overall: Option<f64>,
    /// The level, 0–5, that goes with it.
    pub reviewed_level: Option<i64>,
}

impl Submission {
    /// The answers that were sent.
    #[must_use]
    pub fn answers(&self) -> &Answers {
        &self.answers
    }
}

/// What is stored when an assessment is submitted.
#[derive(Clone, Debug)]
pub struct Submitting<'a> {
    /// Key of the submission.
    pub id: Uuid,
    /// The assessment …
    pub assessment: Uuid,
    /// … of this enterprise …
    pub enterprise: Uuid,
    /// … with the revision that was checked and scored.
    pub revision: i64,
    /// Who submits.
    pub account: Uuid,
    /// A new receipt.
    pub receipt: String,
    /// The checked answers.
    pub answers: &'a Answers,
    /// Their score.
    pub score: &'a Score,
    /// The warnings they raise, with the reasons given.
    pub findings: &'a [Raised],
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// How a submission ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Submitted {
    /// It is stored; sent twice, the second finds the first.
    Done,
    /// Answers changed since they were checked. Nothing was stored.
    Changed,
    /// There is no such assessment for this enterprise.
    Missing,
}

/// Whether a stored state lets the enterprise change its answers.
pub(super) fn is_open(state: &str) -> bool {
    state.parse::<State>().is_ok_and(State::is_open)
}

const FIND: &str = "SELECT id FROM assessment WHERE enterprise_id = $1 AND campaign_id = $2";
const ASSESSMENT: &str = "SELECT a.id, a.state, a.kind, a.version, a.open_questions,
    (SELECT count(*) FROM evidence f WHERE f.assessment_id = a.id) AS files,
    EXISTS (SELECT 1 FROM assessment p WHERE p.enterprise_id = a.enterprise_id AND p.id <> a.id AND p.version > 0)
    AS has_past, a.answers, a.revision, a.saved_at,
    e.name AS enterprise_name, e.tax_code, e.industry_code,
    c.title_vi, c.title_en, c.closes_at, c.questionnaire_id, c.questionnaire_version
    FROM assessment a JOIN enterprise e ON e.id = a.enterprise_id JOIN campaign c ON c.id = a.campaign_id
    WHERE a.id = $1 AND a.enterprise_id = $2";

impl Store {
    /// The enterprise's assessment in a campaign, begun now if there is none.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_assessment(
        &self,
        campaign: Uuid,
        enterprise: Uuid,
        account: Uuid,
        new: [Uuid; 2],
        at: OffsetDateTime,
    ) -> Result<Uuid> {
        const INSERT: &str = "INSERT INTO assessment
            (id, enterprise_id, campaign_id, state, answers, revision, created_at, saved_at, saved_by)
            VALUES ($1, $2, $3, 'draft', $4, 0, $5, $5, $6) ON CONFLICT (enterprise_id, campaign_id) DO NOTHING";
        let event = Event {
            id: new[1],
            at,
            account: Some(account),
            action: Action::AssessmentStarted,
            subject: "assessment",
            subject_id: Some(new[0]),
            detail: json!({ "campaign": campaign }),
        };
        on!(&self.write, pool => {
            if let Some(id) = sqlx::query_scalar(FIND).bind(enterprise).bind(campaign).fetch_optional(pool).await? {
                return Ok(id);
            }
            let mut tx = pool.begin_write().await?;
            let inserted = sqlx::query(INSERT)
                .bind(new[0]).bind(enterprise).bind(campaign).bind(Json(StoredAnswers::new())).bind(at).bind(account)
                .execute(&mut *tx).await?;
            if inserted.rows_affected() == 1 {
                audit!(tx, &event);
            }
            let id = sqlx::query_scalar(FIND).bind(enterprise).bind(campaign).fetch_one(&mut *tx).await?;
            tx.commit().await?;
            Ok(id)
        })
    }

    /// The key of the enterprise's assessment in a campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn assessment_in(&self, campaign: Uuid, enterprise: Uuid) -> Result<Option<Uuid>> {
        on!(&self.read, pool => sqlx::query_scalar(FIND).bind(enterprise).bind(campaign).fetch_optional(pool).await)
    }

    /// The key of the enterprise's assessment that was begun last, whatever the campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn last_assessment(&self, enterprise: Uuid) -> Result<Option<Uuid>> {
        const SQL: &str =
            "SELECT id FROM assessment WHERE enterprise_id = $1 ORDER BY created_at DESC, id DESC LIMIT 1";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(enterprise).fetch_optional(pool).await)
    }

    /// An assessment of this enterprise; none for any other id.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn assessment(&self, id: Uuid, enterprise: Uuid) -> Result<Option<Assessment>> {
        on!(&self.read, pool => sqlx::query_as(ASSESSMENT).bind(id).bind(enterprise).fetch_optional(pool).await)
    }

    /// The last submission of an assessment of this enterprise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn submission(&self, assessment: Uuid, enterprise: Uuid) -> Result<Option<Submission>> {
        const SQL: &str = "SELECT s.number, s.receipt, s.answers, s.submitted_at, s.reviewed_overall, s.reviewed_level
            FROM submission s JOIN assessment a ON a.id = s.assessment_id
            WHERE a.id = $1 AND a.enterprise_id = $2 ORDER BY s.number DESC LIMIT 1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(enterprise).fetch_optional(pool).await)
    }

    /// Stores a submission with its score and closes the draft, all or nothing.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn submit(&self, new: &Submitting<'_>) -> Result<Submitted> {
        match self.try_submit(new).await {
            // The same form sent twice at once: the other one has won, and its receipt is the receipt.
            Err(error) if breaks_unique(&error, "assessment_id") => Ok(Submitted::Done),
            other => other,
        }
    }

    async fn try_submit(&self, new: &Submitting<'_>) -> Result<Submitted> {
        const STATE: &str = "SELECT state FROM assessment WHERE id = $1 AND enterprise_id = $2";
        const CLOSE: &str = "UPDATE assessment SET state = 'submitted', version = version + 1, active_at = $4
            WHERE id = $1 AND enterprise_id = $2 AND revision = $3 AND state IN ('draft', 'returned') AND kind = 'full'
            RETURNING version";
        const INSERT: &str = "INSERT INTO submission
            (id, assessment_id, number, receipt, answers, score, overall, level, submitted_at, submitted_by)
            VALUES ($1, $2, $10, $3, $4, $5, $6, $7, $8, $9)";
        // Nobody who is done is reminded, not even by a message that waits.
        const REMINDERS: &str = "DELETE FROM outbox WHERE about = 'membership' AND kind = 'member_reminder'
            AND state = 'queued' AND about_id IN
            (SELECT m.id FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code WHERE e.id = $1)";
        const OF_PROVINCE: &str = "DELETE FROM outbox WHERE about = 'invitation_group_entry' AND state = 'queued'
            AND about_id IN (SELECT g.id FROM invitation_group_entry g JOIN enterprise e ON e.tax_code = g.tax_code
                JOIN assessment a ON a.enterprise_id = e.id AND a.campaign_id = g.campaign_id
                WHERE e.id = $1 AND a.id = $2)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let number: Option<i64> = sqlx::query_scalar(CLOSE)
                .bind(new.assessment).bind(new.enterprise).bind(new.revision).bind(new.at)
                .fetch_optional(&mut *tx).await?;
            let Some(number) = number else {
                let state: Option<String> = sqlx::query_scalar(STATE).bind(new.assessment).bind(new.enterprise)
                    .fetch_optional(&mut *tx).await?;
                return Ok(match state.as_deref() {
                    None => Submitted::Missing,
                    Some(state) if is_open(state) => Submitted::Changed,
                    Some(_) => Submitted::Done,
                });
            };
            sqlx::query(INSERT)
                .bind(new.id).bind(new.assessment).bind(&new.receipt)
                .bind(Json(new.answers)).bind(Json(new.score))
                .bind(new.score.overall.map(model::ratio::Ratio::value)).bind(new.score.level.map(i64::from))
                .bind(new.at).bind(new.account).bind(number)
                .execute(&mut *tx).await?;
            for raised in new.findings {
                sqlx::query("INSERT INTO finding (submission_id, check_id, reason) VALUES ($1, $2, $3)")
                    .bind(new.id).bind(&raised.check_id).bind(raised.reason.as_deref())
                    .execute(&mut *tx).await?;
            }
            sqlx::query(REMINDERS).bind(new.enterprise).execute(&mut *tx).await?;
            sqlx::query(OF_PROVINCE).bind(new.enterprise).bind(new.assessment).execute(&mut *tx).await?;
            audit!(tx, &submitted_event(new, number));
            tx.commit().await?;
            Ok(Submitted::Done)
        })
    }
}

fn submitted_event(new: &Submitting<'_>, number: i64) -> Event {
    // The reasons are free text and may name people: the log holds the codes alone.
    let codes = |confirmed: bool| -> Vec<&str> {
        let such = new.findings.iter().filter(|raised| raised.reason.is_some() == confirmed);
        such.map(|raised| raised.check_id.as_str()).collect()
    };
    let detail: Value = json!({
        "receipt": new.receipt, "level": new.score.level, "number": number, "confirmed": codes(true), "unconfirmed": codes(false),
    });
    Event {
        id: new.event,
        at: new.at,
        account: Some(new.account),
        action: Action::AssessmentSubmitted,
        subject: "assessment",
        subject_id: Some(new.assessment),
        detail,
    }
}
