//! What is done to a review: one function does every act, in one transaction with its entry, its letters and its audit row.

use model::{
    answer::Answers,
    assessment::State,
    review::{Levels, Refusal, Review},
    score::Score,
    text::Lang,
};
use serde_json::json;
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Kind, Message, Result, Store,
    association::By,
    audit::audit,
    on,
    outbox::queue,
    review::{Scope, recorded, scoped},
};
use crate::mail::letter::Letter;

/// What is done to a review.
#[derive(Clone, Debug)]
pub enum Act {
    /// The submission is taken up.
    TakeUp,
    /// The enterprise is asked about one of its answers.
    Ask {
        /// Key of the new question.
        question: Uuid,
        /// The question of the questionnaire.
        about: String,
        /// What is asked.
        text: String,
    },
    /// Somebody says something on a question.
    Comment {
        /// Key of the question.
        question: Uuid,
        /// What is said.
        text: String,
    },
    /// A question is settled.
    Close {
        /// Key of the question.
        question: Uuid,
    },
    /// A level is recorded beside the enterprise's own, or taken back.
    Rate {
        /// The item.
        about: String,
        /// The level; none takes it back.
        level: Option<u8>,
        /// Why.
        reason: String,
    },
    /// A note that the enterprise does not see.
    Note(String),
    /// The submission is accepted.
    Accept,
    /// It goes back to the enterprise.
    GiveBack(String),
}

/// An act with where and by whom.
#[derive(Clone, Copy, Debug)]
pub struct Acting<'a> {
    /// The assessment …
    pub assessment: Uuid,
    /// … as this one may see it.
    pub scope: Scope,
    /// The submission that was looked at; nothing is done to a later one unseen. None: whichever is the last.
    pub number: Option<i64>,
    /// Who acts.
    pub account: Uuid,
    /// Key of the entry.
    pub entry: Uuid,
    /// What is done.
    pub act: &'a Act,
    /// What the enterprise is told by mail, and where the keys of the messages come from.
    pub letter: Option<&'a Letter>,
    /// Makes keys.
    pub ids: fn() -> Uuid,
}

/// How an act ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Acted {
    /// It is stored.
    Done,
    /// The rules do not allow it. Nothing was stored.
    Refused(Refusal),
    /// The enterprise submitted again after the page was made. Nothing was stored.
    Stale,
    /// There is no such assessment or question in this scope.
    Missing,
}

#[derive(FromRow)]
struct Locked {
    state: String,
    version: i64,
    open_questions: i64,
    reviewer_id: Option<Uuid>,
    four_eyes: bool,
}

/// How to score a submission with recorded levels: the store knows no questionnaires.
pub type Scoring<'a> = &'a (dyn Fn(&Answers, &Levels) -> Score + Sync);

impl Store {
    /// Does something to a review, all or nothing.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn review(&self, doing: Acting<'_>, by: By, scoring: Scoring<'_>) -> Result<Acted> {
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let acted = act!(tx, doing, by, scoring);
            if acted == Acted::Done {
                tx.commit().await?;
            }
            Ok(acted)
        })
    }
}

/// What an act makes of the review, by the rules.
fn next(review: Review<Uuid>, doing: &Acting<'_>) -> std::result::Result<Review<Uuid>, Refusal> {
    match doing.act {
        Act::TakeUp => review.take_up(doing.account),
        Act::Ask { .. } => review.ask(),
        Act::Rate { .. } => review.rate(),
        Act::Accept => review.accept(&doing.account),
        Act::GiveBack(reason) => review.give_back(reason),
        Act::Comment { .. } | Act::Close { .. } | Act::Note(_) => Ok(review),
    }
}

impl Act {
    /// Whether an enterprise may do it: it answers, the rest is the reviewers'.
    fn is_for(&self, scope: Scope) -> bool {
        matches!((scope, self), (Scope::Association(_) | Scope::Province, _) | (_, Self::Comment { .. }))
    }

    fn kind(&self) -> &'static str {
        match self {
            Self::TakeUp => "taken",
            Self::Ask { .. } => "question",
            Self::Comment { .. } => "comment",
            Self::Close { .. } => "closed",
            Self::Rate { .. } => "rated",
            Self::Note(_) => "note",
            Self::Accept => "accepted",
            Self::GiveBack(_) => "returned",
        }
    }

    fn action(&self) -> Action {
        match self {
            Self::TakeUp => Action::ReviewTakenUp,
            Self::Ask { .. } | Self::Comment { .. } | Self::Note(_) => Action::ReviewCommented,
            Self::Close { .. } => Action::QuestionClosed,
            Self::Rate { .. } => Action::LevelRecorded,
            Self::Accept => Action::AssessmentAccepted,
            Self::GiveBack(_) => Action::AssessmentReturned,
        }
    }

    /// The question to the enterprise, new or old.
    fn question(&self) -> Option<Uuid> {
        match self {
            Self::Ask { question, .. } | Self::Comment { question, .. } | Self::Close { question } => Some(*question),
            Self::TakeUp | Self::Rate { .. } | Self::Note(_) | Self::Accept | Self::GiveBack(_) => None,
        }
    }

    fn about(&self) -> Option<&str> {
        match self {
            Self::Ask { about, .. } | Self::Rate { about, .. } => Some(about),
            _ => None,
        }
    }

    fn text(&self) -> &str {
        match self {
            Self::Ask { text, .. } | Self::Comment { text, .. } => text,
            Self::Rate { reason, .. } => reason,
            Self::Note(text) | Self::GiveBack(text) => text,
            Self::TakeUp | Self::Close { .. } | Self::Accept => "",
        }
    }

    fn level(&self) -> Option<i64> {
        if let Self::Rate { level, .. } = self { level.map(i64::from) } else { None }
    }
}

fn event(doing: &Acting<'_>, by: By, number: i64) -> super::Event {
    let detail = json!({ "number": number, "about": doing.act.about(), "level": doing.act.level() });
    by.event(doing.act.action(), "assessment", doing.assessment, detail)
}

/// The update holds the row until the end: acts on one assessment follow one another.
const LOCK: &str = concat!(
    "UPDATE assessment AS a SET version = version WHERE a.id = $1 AND ",
    scoped!(),
    " RETURNING state, version, open_questions, reviewer_id,
     COALESCE((SELECT o.four_eyes FROM association o WHERE o.id = $2),
             (SELECT s.four_eyes FROM province_setting s), FALSE) AS four_eyes"
);

macro_rules! act {
    ($tx:expr, $doing:expr, $by:expr, $scoring:expr) => {{
        let (doing, by): (Acting<'_>, By) = ($doing, $by);
        let row: Option<Locked> = sqlx::query_as(LOCK)
            .bind(doing.assessment)
            .bind(doing.scope.association())
            .bind(doing.scope.enterprise())
            .fetch_optional(&mut *$tx)
            .await?;
        match row {
            None => Acted::Missing,
            Some(_) if !doing.act.is_for(doing.scope) => Acted::Missing,
            Some(row) if doing.number.is_some_and(|number| number != row.version) => Acted::Stale,
            Some(row) => match next(row.review(), &doing) {
                Err(refusal) => Acted::Refused(refusal),
                Ok(review) => {
                    if question!($tx, doing, by) {
                        write_entry!($tx, doing, by, row.version, review);
                        if matches!(doing.act, Act::Rate { .. }) {
                            rescore!($tx, doing.assessment, row.version, $scoring);
                        }
                        tell!($tx, doing, by);
                        audit!($tx, &event(&doing, by, row.version));
                        Acted::Done
                    } else {
                        Acted::Missing
                    }
                }
            },
        }
    }};
}
use act;

impl Locked {
    fn review(&self) -> Review<Uuid> {
        Review {
            state: self.state.parse().unwrap_or(State::Draft),
            taken_by: self.reviewer_id,
            open_questions: usize::try_from(self.open_questions).unwrap_or_default(),
            four_eyes: self.four_eyes,
        }
    }
}

/// Opens, finds or closes the question that an act is about; false when there is no such open question.
macro_rules! question {
    ($tx:expr, $doing:expr, $by:expr) => {{
        match $doing.act {
            Act::Ask { question, about, .. } => {
                sqlx::query("INSERT INTO question (id, assessment_id, about, opened_at) VALUES ($1, $2, $3, $4)")
                    .bind(*question)
                    .bind($doing.assessment)
                    .bind(about)
                    .bind($by.at)
                    .execute(&mut *$tx)
                    .await?;
                true
            }
            Act::Comment { question, .. } => {
                let found: Option<Uuid> = sqlx::query_scalar(
                    "SELECT id FROM question WHERE id = $1 AND assessment_id = $2 AND closed_at IS NULL",
                )
                .bind(*question)
                .bind($doing.assessment)
                .fetch_optional(&mut *$tx)
                .await?;
                found.is_some()
            }
            Act::Close { question } => {
                let closed = sqlx::query(
                    "UPDATE question SET closed_at = $3 WHERE id = $1 AND assessment_id = $2 AND closed_at IS NULL",
                )
                .bind(*question)
                .bind($doing.assessment)
                .bind($by.at)
                .execute(&mut *$tx)
                .await?;
                closed.rows_affected() == 1
            }
            _ => true,
        }
    }};
}
use question;

/// Writes the entry and what follows from it for the assessment.
macro_rules! write_entry {
    ($tx:expr, $doing:expr, $by:expr, $number:expr, $review:expr) => {{
        sqlx::query(
            "INSERT INTO review_entry (id, assessment_id, number, kind, about, question_id, level, text, account_id, at)
             VALUES ($1, $2, $3, $4, COALESCE($5, (SELECT about FROM question WHERE id = $6)), $6, $7, $8, $9, $10)")
            .bind($doing.entry).bind($doing.assessment).bind($number).bind($doing.act.kind())
            .bind($doing.act.about()).bind($doing.act.question()).bind($doing.act.level()).bind($doing.act.text())
            .bind($doing.account).bind($by.at)
            .execute(&mut *$tx).await?;
        sqlx::query(
            "UPDATE assessment SET state = $2, reviewer_id = $3, active_at = $4, open_questions =
             (SELECT count(*) FROM question q WHERE q.assessment_id = $1 AND q.closed_at IS NULL) WHERE id = $1")
            .bind($doing.assessment).bind($review.state.as_str()).bind($review.taken_by).bind($by.at)
            .execute(&mut *$tx).await?;
    }};
}
use write_entry;

/// Queues the letter for everybody of the enterprise who has an e-mail address.
macro_rules! tell {
    ($tx:expr, $doing:expr, $by:expr) => {{
        if let Some(letter) = $doing.letter {
            let people: Vec<String> = sqlx::query_scalar(
                "SELECT p.email FROM assessment a JOIN account p ON p.enterprise_id = a.enterprise_id
                 WHERE a.id = $1 AND p.email IS NOT NULL AND p.disabled_at IS NULL
                    AND (p.role <> 'colleague' OR NOT EXISTS (SELECT 1 FROM account_invitation i WHERE i.account_id = p.id))
                 ORDER BY p.id LIMIT 20",
            )
            .bind($doing.assessment)
            .fetch_all(&mut *$tx)
            .await?;
            for to in people {
                queue!($tx, &message(&$doing, letter, to, $by.at));
            }
        }
    }};
}
use tell;

fn message(doing: &Acting<'_>, letter: &Letter, to: String, at: OffsetDateTime) -> Message {
    Message {
        id: (doing.ids)(),
        to,
        lang: Lang::Vi,
        kind: Kind::Review,
        letter: letter.clone(),
        about: "assessment",
        about_id: Some(doing.assessment),
        sender: doing.scope.association(),
        stop: None,
        at,
    }
}

#[derive(FromRow)]
struct Recorded {
    about: Option<String>,
    level: Option<i64>,
}

/// Stores what the recorded levels make of a submission; nothing recorded, nothing stored.
macro_rules! rescore {
    ($tx:expr, $assessment:expr, $number:expr, $scoring:expr) => {{
        let rows: Vec<Recorded> = sqlx::query_as(
            "SELECT about, level FROM review_entry WHERE assessment_id = $1 AND number = $2 AND kind = 'rated' ORDER BY id")
            .bind($assessment).bind($number).fetch_all(&mut *$tx).await?;
        let levels = recorded(rows.iter().map(|row| (row.about.as_deref(), row.level)));
        let answers: Json<Answers> =
            sqlx::query_scalar("SELECT answers FROM submission WHERE assessment_id = $1 AND number = $2")
                .bind($assessment).bind($number).fetch_one(&mut *$tx).await?;
        let scoring: Scoring<'_> = $scoring;
        let score = (!levels.is_empty()).then(|| scoring(&answers, &levels));
        let overall = score.as_ref().and_then(|score| score.overall).map(model::ratio::Ratio::value);
        let level = score.as_ref().and_then(|score| score.level).map(i64::from);
        sqlx::query("UPDATE submission SET reviewed_overall = $3, reviewed_level = $4
             WHERE assessment_id = $1 AND number = $2")
            .bind($assessment).bind($number).bind(overall).bind(level).execute(&mut *$tx).await?;
    }};
}
use rescore;
