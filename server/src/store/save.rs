//! Saving answers: merged question by question, durable before it is acknowledged.
//!
//! A disk syncs a few hundred times a second, whatever is written. On SQLite, saves that arrive while the disk is
//! busy therefore share the next transaction: one sync acknowledges all of them.

use std::collections::BTreeMap;

use model::answer::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{FromRow, SqlitePool, types::Json};
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Pool, Result, Store, audit::audit};

/// The most saves in one transaction.
const BATCH: usize = 256;

/// An answer as stored: its value (none: emptied) and the revision of the assessment that wrote it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The value.
    pub v: Option<Answer>,
    /// The revision that wrote it.
    pub r: i64,
}

/// All answers of an assessment by question id.
pub type StoredAnswers = BTreeMap<String, StoredAnswer>;

/// What somebody wants to save.
#[derive(Clone, Debug)]
pub struct Save {
    /// The assessment …
    pub assessment: Uuid,
    /// … of this enterprise; another's is as good as missing.
    pub enterprise: Uuid,
    /// Who saves.
    pub account: Uuid,
    /// The revision that the page was made from.
    pub base: i64,
    /// The page's answers; none empties an answer.
    pub answers: Vec<(String, Option<Answer>)>,
    /// Items that are no longer asked once this is saved.
    pub removed: Vec<String>,
    /// Key of the audit row, should one be needed.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// How a save ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// Everything is stored, or was stored already.
    Done {
        /// The assessment's revision from now on.
        revision: i64,
    },
    /// Somebody else answered some of these questions after the page was made. Nothing was stored.
    Conflict {
        /// The assessment's revision.
        revision: i64,
        /// The stored answers that differ.
        theirs: Vec<(String, Option<Answer>)>,
    },
    /// The assessment is no longer a draft. Nothing was stored.
    Closed,
    /// There is no such assessment for this enterprise.
    Missing,
}

enum Merge {
    Nothing,
    Conflict(Vec<(String, Option<Answer>)>),
    Write(StoredAnswers),
}

/// Hands saves to the one task that writes them to SQLite. Without effect on PostgreSQL, which commits in parallel.
#[derive(Clone)]
pub(super) struct Saver(Option<mpsc::Sender<Job>>);

struct Job {
    save: Save,
    reply: oneshot::Sender<Result<Saved>>,
}

#[derive(FromRow)]
struct Row {
    state: String,
    answers: Json<StoredAnswers>,
    revision: i64,
}

impl Store {
    /// Saves answers. What is answered is durable; the same save sent twice has the effect of one.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn save(&self, save: Save) -> Result<Saved> {
        match (&self.write, &self.saver.0) {
            (Pool::Sqlite(_), Some(queue)) => {
                let (reply, answer) = oneshot::channel();
                queue.send(Job { save, reply }).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
                answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
            }
            (Pool::Sqlite(pool), None) => save_all(pool, &[&save]).await?.pop().ok_or(sqlx::Error::WorkerCrashed),
            (Pool::Postgres(pool), _) => loop {
                let mut tx = pool.begin_write().await?;
                if let Some(saved) = save_one!(tx, &save) {
                    tx.commit().await?;
                    return Ok(saved);
                }
                // Somebody else's save came between reading and writing: merge with theirs.
            },
        }
    }
}

impl Saver {
    pub(super) fn start(pool: Pool) -> Self {
        let Pool::Sqlite(pool) = pool else { return Self(None) };
        let (queue, jobs) = mpsc::channel(4 * BATCH);
        tokio::spawn(write_batches(pool, jobs));
        Self(Some(queue))
    }
}

async fn write_batches(pool: SqlitePool, mut jobs: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH);
    while jobs.recv_many(&mut batch, BATCH).await > 0 {
        let saves: Vec<&Save> = batch.iter().map(|job| &job.save).collect();
        match save_all(&pool, &saves).await {
            Ok(all) => batch.drain(..).zip(all).for_each(|(job, saved)| drop(job.reply.send(Ok(saved)))),
            Err(error) => {
                tracing::error!(%error, saves = batch.len(), "a batch of saves failed");
                batch.drain(..).for_each(|job| drop(job.reply.send(Err(sqlx::Error::Protocol(error.to_string())))));
            }
        }
    }
}

async fn save_all(pool: &SqlitePool, saves: &[&Save]) -> Result<Vec<Saved>> {
    let mut tx = pool.begin_write().await?;
    let mut all = Vec::with_capacity(saves.len());
    for save in saves {
        // The only writer holds the lock, so nobody comes in between.
        all.push(save_one!(tx, *save).ok_or(sqlx::Error::RowNotFound)?);
    }
    tx.commit().await?;
    Ok(all)
}

/// Saves inside a transaction; none when somebody else's save came in between.
macro_rules! save_one {
    ($tx:expr, $save:expr) => {{
        let save: &Save = $save;
        let row: Option<Row> =
            sqlx::query_as("SELECT state, answers, revision FROM assessment WHERE id = $1 AND enterprise_id = $2")
                .bind(save.assessment)
                .bind(save.enterprise)
                .fetch_optional(&mut *$tx)
                .await?;
        match row {
            None => Some(Saved::Missing),
            Some(row) if row.state != "draft" => Some(Saved::Closed),
            Some(row) => match merge(&row.answers, save, row.revision + 1) {
                Merge::Nothing => Some(Saved::Done { revision: row.revision }),
                Merge::Conflict(theirs) => Some(Saved::Conflict { revision: row.revision, theirs }),
                Merge::Write(answers) => {
                    let updated = sqlx::query(
                        "UPDATE assessment SET answers = $1, revision = $2, saved_at = $3, saved_by = $4
                         WHERE id = $5 AND revision = $6 AND state = 'draft'",
                    )
                    .bind(Json(&answers))
                    .bind(row.revision + 1)
                    .bind(save.at)
                    .bind(save.account)
                    .bind(save.assessment)
                    .bind(row.revision)
                    .execute(&mut *$tx)
                    .await?;
                    if !save.removed.is_empty() {
                        audit!($tx, &items_removed(save));
                    }
                    (updated.rows_affected() == 1).then_some(Saved::Done { revision: row.revision + 1 })
                }
            },
        }
    }};
}
use save_one;

fn merge(stored: &StoredAnswers, save: &Save, revision: i64) -> Merge {
    let mut theirs = Vec::new();
    let mut changed = Vec::new();
    for (question, answer) in &save.answers {
        match stored.get(question) {
            Some(known) if known.v == *answer => {}
            None if answer.is_none() => {}
            Some(known) if known.r > save.base => theirs.push((question.clone(), known.v.clone())),
            _ => changed.push((question.clone(), StoredAnswer { v: answer.clone(), r: revision })),
        }
    }
    if !theirs.is_empty() {
        return Merge::Conflict(theirs);
    }
    if changed.is_empty() {
        return Merge::Nothing;
    }
    let mut answers = stored.clone();
    answers.extend(changed);
    Merge::Write(answers)
}

fn items_removed(save: &Save) -> Event {
    Event {
        id: save.event,
        at: save.at,
        account: Some(save.account),
        action: Action::ItemsRemoved,
        subject: "assessment",
        subject_id: Some(save.assessment),
        detail: json!({ "items": save.removed }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn save(base: i64, answers: &[(&str, Option<i64>)]) -> Save {
        Save {
            assessment: Uuid::nil(),
            enterprise: Uuid::nil(),
            account: Uuid::nil(),
            base,
            answers: answers.iter().map(|(id, level)| ((*id).into(), level.map(Answer::Whole))).collect(),
            removed: Vec::new(),
            event: Uuid::nil(),
            at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn stored(answers: &[(&str, i64, i64)]) -> StoredAnswers {
        let answer = |(id, v, r): &(&str, i64, i64)| ((*id).into(), StoredAnswer { v: Some(Answer::Whole(*v)), r: *r });
        answers.iter().map(answer).collect()
    }

    #[test]
    fn the_same_answers_again_change_nothing() {
        let known = stored(&[("Q101", 3, 7)]);
        assert!(matches!(merge(&known, &save(2, &[("Q101", Some(3)), ("Q102", None)]), 8), Merge::Nothing));
    }

    #[test]
    fn different_questions_of_two_colleagues_are_merged() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(2, &[("Q102", Some(1))]), 8) else { panic!("not written") };
        assert_eq!(answers, stored(&[("Q101", 3, 7), ("Q102", 1, 8)]));
    }

    #[test]
    fn a_newer_answer_is_never_overwritten() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Conflict(theirs) = merge(&known, &save(6, &[("Q101", Some(1))]), 8) else { panic!("no conflict") };
        assert_eq!(theirs, [("Q101".into(), Some(Answer::Whole(3)))]);
        assert!(matches!(merge(&known, &save(7, &[("Q101", Some(1))]), 8), Merge::Write(_)));
    }

    #[test]
    fn an_emptied_answer_is_remembered_as_emptied() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(7, &[("Q101", None)]), 8) else { panic!("not written") };
        assert_eq!(answers["Q101"], StoredAnswer { v: None, r: 8 });
    }
}
