//! Saving answers: merged question by question, durable before it is acknowledged.
//!
//! A disk syncs a few hundred times a second, whatever is written. On SQLite, saves that arrive while the disk is
//! busy therefore share the next transaction: one sync acknowledges all of them. The whole batch is read by one
//! statement, merged here and written by another: with a statement for each, handing them to the database's thread
//! would take longer than the sync.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

use model::answer::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{FromRow, PgPool, Postgres, QueryBuilder, Sqlite, SqlitePool, Transaction, types::Json};
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Event, Pool, Result, Store,
    assessment::is_open,
    audit::{self, audit},
};

/// The most saves in one transaction.
const BATCH: usize = 256;

/// An answer as stored: its value (none: emptied), the revision of the assessment that wrote it, and whose it is. Where
/// one person alone answers, nothing more is stored than the first two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The value.
    pub v: Option<Answer>,
    /// The revision that wrote it.
    pub r: i64,
    /// The seat of whoever wrote it.
    #[serde(default, skip_serializing_if = "is_owner")]
    pub by: i64,
    /// What somebody else had answered before, until the two agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Other>,
}

/// The answer of somebody else that was replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// The value.
    pub v: Answer,
    /// The seat of whoever gave it.
    pub by: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_owner(seat: &i64) -> bool {
    *seat == 0
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
    /// What names this save: sent again, it is answered as it was the first time.
    pub key: Option<Uuid>,
    /// The revision that the page was made from.
    pub base: i64,
    /// What the reader had before the eyes when answering. A stored answer that is another one was given by somebody
    /// else meanwhile. For questions that are not here, what was written after `base` counts as somebody else's.
    pub was: BTreeMap<String, Option<Answer>>,
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
    /// A save with the same key was stored before. Nothing was stored now.
    Repeated {
        /// The revision that it was answered with.
        revision: i64,
        /// When it was stored.
        at: OffsetDateTime,
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
    /// Where it came from: the task that writes is not that of the request.
    origin: Option<IpAddr>,
    reply: oneshot::Sender<Result<Saved>>,
}

/// What a save does to an assessment.
enum Effect {
    /// Nothing; this is the answer.
    Nothing(Saved),
    Write(StoredAnswers),
}

/// An assessment and the key of a save.
type Name = (Uuid, Uuid);

#[derive(FromRow)]
struct Row {
    id: Uuid,
    enterprise_id: Uuid,
    state: String,
    answers: Json<StoredAnswers>,
    revision: i64,
    /// Who saves, and the seat they have.
    account_id: Uuid,
    seat: i64,
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
                queue
                    .send(Job { save, origin: audit::origin(), reply })
                    .await
                    .map_err(|_| sqlx::Error::WorkerCrashed)?;
                answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
            }
            (Pool::Sqlite(pool), None) => {
                save_all(pool, &[(&save, audit::origin())]).await?.pop().ok_or(sqlx::Error::WorkerCrashed)
            }
            (Pool::Postgres(pool), _) => loop {
                if let Some(saved) = save_one(pool, &save).await? {
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
        let saves: Vec<(&Save, Option<IpAddr>)> = batch.iter().map(|job| (&job.save, job.origin)).collect();
        match save_all(&pool, &saves).await {
            Ok(all) => batch.drain(..).zip(all).for_each(|(job, saved)| drop(job.reply.send(Ok(saved)))),
            Err(error) => {
                tracing::error!(%error, saves = batch.len(), "a batch of saves failed");
                batch.drain(..).for_each(|job| drop(job.reply.send(Err(sqlx::Error::Protocol(error.to_string())))));
            }
        }
    }
}

/// Saves one after the other in one transaction.
async fn save_all(pool: &SqlitePool, saves: &[(&Save, Option<IpAddr>)]) -> Result<Vec<Saved>> {
    let mut tx = pool.begin_write().await?;
    // The only writer holds the lock, so nobody comes in between.
    let (mut rows, seats) = read_all(&mut tx, saves).await?;
    let mut known = known_all(&mut tx, saves).await?;
    let mut new = Vec::new();
    let mut written = BTreeMap::new();
    let mut all = Vec::with_capacity(saves.len());
    for (save, origin) in saves {
        let row = rows.get_mut(&(save.assessment, save.enterprise));
        let name = save.key.map(|key| (save.assessment, key));
        if let (Some(&(revision, at)), Some(_)) = (name.and_then(|name| known.get(&name)), &row) {
            all.push(Saved::Repeated { revision, at });
            continue;
        }
        let seat = seats.get(&save.account).copied().unwrap_or_default();
        let saved = match (effect(row.as_deref(), seat, save), row) {
            (Effect::Write(answers), Some(row)) => {
                row.answers = Json(answers);
                row.revision += 1;
                written.insert(row.id, *save);
                if !save.removed.is_empty() {
                    audit::from(*origin, async {
                        audit!(tx, &items_removed(save));
                        Ok::<_, sqlx::Error>(())
                    })
                    .await?;
                }
                Saved::Done { revision: row.revision }
            }
            (Effect::Write(_), None) => Saved::Missing,
            (Effect::Nothing(saved), _) => saved,
        };
        if let (Some(name), Saved::Done { revision }) = (name, &saved) {
            known.insert(name, (*revision, save.at));
            new.push((name, *revision, save.at));
        }
        all.push(saved);
    }
    remember_all(&mut tx, &new).await?;
    write_all(&mut tx, &rows, &written).await?;
    tx.commit().await?;
    Ok(all)
}

/// The assessments that these saves are about, each by its own key and its enterprise's.
async fn read_all(
    tx: &mut Transaction<'_, Sqlite>,
    saves: &[(&Save, Option<IpAddr>)],
) -> Result<(HashMap<(Uuid, Uuid), Row>, HashMap<Uuid, i64>)> {
    let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (id, enterprise_id, account_id) AS (");
    query.push_values(saves, |mut tuple, (save, _)| {
        tuple.push_bind(save.assessment).push_bind(save.enterprise).push_bind(save.account);
    });
    query.push(
        ") SELECT a.id, a.enterprise_id, a.state, a.answers, a.revision, w.account_id, COALESCE(p.seat, 0) AS seat
        FROM wanted w CROSS JOIN assessment a ON a.id = w.id AND a.enterprise_id = w.enterprise_id
        LEFT JOIN account p ON p.id = w.account_id AND p.enterprise_id = w.enterprise_id",
    );
    // Every size of a batch is another text; keeping them would crowd out the statements that come again.
    let rows: Vec<Row> = query.build_query_as().persistent(false).fetch_all(&mut **tx).await?;
    let seats = rows.iter().map(|row| (row.account_id, row.seat)).collect();
    Ok((rows.into_iter().map(|row| ((row.id, row.enterprise_id), row)).collect(), seats))
}

/// The saves with a key that were stored before, with what they were answered.
async fn known_all(
    tx: &mut Transaction<'_, Sqlite>,
    saves: &[(&Save, Option<IpAddr>)],
) -> Result<HashMap<Name, (i64, OffsetDateTime)>> {
    if saves.iter().all(|(save, _)| save.key.is_none()) {
        return Ok(HashMap::new());
    }
    let mut query = QueryBuilder::<Sqlite>::new("WITH wanted (assessment_id, key) AS (");
    query.push_values(
        saves.iter().filter_map(|(save, _)| Some((save.assessment, save.key?))),
        |mut tuple, (id, key)| {
            tuple.push_bind(id).push_bind(key);
        },
    );
    query.push(
        ") SELECT s.assessment_id, s.key, s.revision, s.at
        FROM wanted w CROSS JOIN save s ON s.assessment_id = w.assessment_id AND s.key = w.key",
    );
    let rows: Vec<(Uuid, Uuid, i64, OffsetDateTime)> =
        query.build_query_as().persistent(false).fetch_all(&mut **tx).await?;
    Ok(rows.into_iter().map(|(id, key, revision, at)| ((id, key), (revision, at))).collect())
}

/// Remembers the keys of saves that are stored now.
async fn remember_all(tx: &mut Transaction<'_, Sqlite>, new: &[(Name, i64, OffsetDateTime)]) -> Result<()> {
    if new.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new("INSERT INTO save (assessment_id, key, revision, at) ");
    query.push_values(new, |mut tuple, ((id, key), revision, at)| {
        tuple.push_bind(id).push_bind(key).push_bind(revision).push_bind(at);
    });
    query.build().persistent(false).execute(&mut **tx).await?;
    Ok(())
}

/// Writes the rows that were changed, each with the last save that changed it.
async fn write_all(
    tx: &mut Transaction<'_, Sqlite>,
    rows: &HashMap<(Uuid, Uuid), Row>,
    written: &BTreeMap<Uuid, &Save>,
) -> Result<()> {
    if written.is_empty() {
        return Ok(());
    }
    let mut query = QueryBuilder::<Sqlite>::new("WITH saved (id, answers, revision, at, account) AS (");
    let changed = written.values().filter_map(|save| Some((save, rows.get(&(save.assessment, save.enterprise))?)));
    query.push_values(changed, |mut tuple, (save, row)| {
        tuple.push_bind(row.id).push_bind(&row.answers).push_bind(row.revision);
        tuple.push_bind(save.at).push_bind(save.account);
    });
    query.push(
        ") UPDATE assessment SET answers = s.answers, revision = s.revision, saved_at = s.at, saved_by = s.account
        FROM saved s WHERE assessment.id = s.id",
    );
    query.build().persistent(false).execute(&mut **tx).await?;
    Ok(())
}

/// Saves in a transaction of its own; none when somebody else's save came in between.
async fn save_one(pool: &PgPool, save: &Save) -> Result<Option<Saved>> {
    const READ: &str = "SELECT a.id, a.enterprise_id, a.state, a.answers, a.revision, $3 AS account_id,
        COALESCE((SELECT p.seat FROM account p WHERE p.id = $3 AND p.enterprise_id = $2), 0) AS seat
        FROM assessment a WHERE a.id = $1 AND a.enterprise_id = $2";
    const WRITE: &str = "UPDATE assessment SET answers = $1, revision = $2, saved_at = $3, saved_by = $4
        WHERE id = $5 AND revision = $6 AND state IN ('draft', 'returned')";
    let mut tx = pool.begin_write().await?;
    if let Some(repeated) = known(&mut tx, save).await? {
        return Ok(Some(repeated));
    }
    let row: Option<Row> = sqlx::query_as(READ)
        .bind(save.assessment)
        .bind(save.enterprise)
        .bind(save.account)
        .fetch_optional(&mut *tx)
        .await?;
    let seat = row.as_ref().map_or(0, |row| row.seat);
    let (answers, revision) = match (effect(row.as_ref(), seat, save), row) {
        (Effect::Write(answers), Some(row)) => (answers, row.revision),
        (Effect::Write(_), None) => return Ok(Some(Saved::Missing)),
        (Effect::Nothing(saved), _) => {
            if let Saved::Done { revision } = saved {
                remember(&mut tx, save, revision).await?;
                tx.commit().await?;
            }
            return Ok(Some(saved));
        }
    };
    let updated = sqlx::query(WRITE)
        .bind(Json(&answers))
        .bind(revision + 1)
        .bind(save.at)
        .bind(save.account)
        .bind(save.assessment)
        .bind(revision)
        .execute(&mut *tx)
        .await?;
    if updated.rows_affected() == 0 {
        return Ok(None);
    }
    if !save.removed.is_empty() {
        audit!(tx, &items_removed(save));
    }
    remember(&mut tx, save, revision + 1).await?;
    tx.commit().await?;
    Ok(Some(Saved::Done { revision: revision + 1 }))
}

/// What this save was answered before, if it has a key and was.
async fn known(tx: &mut Transaction<'_, Postgres>, save: &Save) -> Result<Option<Saved>> {
    const KNOWN: &str = "SELECT s.revision, s.at FROM save s JOIN assessment a ON a.id = s.assessment_id
        WHERE s.assessment_id = $1 AND s.key = $2 AND a.enterprise_id = $3";
    let Some(key) = save.key else { return Ok(None) };
    let found: Option<(i64, OffsetDateTime)> =
        sqlx::query_as(KNOWN).bind(save.assessment).bind(key).bind(save.enterprise).fetch_optional(&mut **tx).await?;
    Ok(found.map(|(revision, at)| Saved::Repeated { revision, at }))
}

/// Remembers the key of a save that is stored now.
async fn remember(tx: &mut Transaction<'_, Postgres>, save: &Save, revision: i64) -> Result<()> {
    const REMEMBER: &str = "INSERT INTO save (assessment_id, key, revision, at) VALUES ($1, $2, $3, $4)
        ON CONFLICT DO NOTHING";
    let Some(key) = save.key else { return Ok(()) };
    sqlx::query(REMEMBER).bind(save.assessment).bind(key).bind(revision).bind(save.at).execute(&mut **tx).await?;
    Ok(())
}

fn effect(row: Option<&Row>, seat: i64, save: &Save) -> Effect {
    let Some(row) = row else { return Effect::Nothing(Saved::Missing) };
    if !is_open(&row.state) {
        return Effect::Nothing(Saved::Closed);
    }
    match merge(&row.answers, save, (row.revision + 1, seat)) {
        Merge::Nothing => Effect::Nothing(Saved::Done { revision: row.revision }),
        Merge::Conflict(theirs) => Effect::Nothing(Saved::Conflict { revision: row.revision, theirs }),
        Merge::Write(answers) => Effect::Write(answers),
    }
}

fn merge(stored: &StoredAnswers, save: &Save, (revision, seat): (i64, i64)) -> Merge {
    let mut theirs = Vec::new();
    let mut changed = Vec::new();
    for (question, answer) in &save.answers {
        match stored.get(question) {
            Some(known) if known.v == *answer => {}
            None if answer.is_none() => {}
            Some(known) if is_unseen(known, save, question) => theirs.push((question.clone(), known.v.clone())),
            known => {
                let other =
                    known.and_then(|known| other(known, seat)).filter(|other| Some(&other.v) != answer.as_ref());
                changed.push((question.clone(), StoredAnswer { v: answer.clone(), r: revision, by: seat, other }));
            }
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

/// What somebody else than this person answered to a question that is now answered anew.
fn other(known: &StoredAnswer, seat: i64) -> Option<Other> {
    match &known.v {
        Some(answer) if known.by != seat => Some(Other { v: answer.clone(), by: known.by }),
        _ => known.other.clone(),
    }
}

/// Whether an answer is not the one that the reader had before the eyes.
fn is_unseen(known: &StoredAnswer, save: &Save, question: &str) -> bool {
    match save.was.get(question) {
        Some(seen) => known.v != *seen,
        None => known.r > save.base,
    }
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
            key: None,
            base,
            was: BTreeMap::new(),
            answers: answers.iter().map(|(id, level)| ((*id).into(), level.map(Answer::Whole))).collect(),
            removed: Vec::new(),
            event: Uuid::nil(),
            at: OffsetDateTime::UNIX_EPOCH,
        }
    }

    fn given(level: Option<i64>, r: i64, by: i64) -> StoredAnswer {
        StoredAnswer { v: level.map(Answer::Whole), r, by, other: None }
    }

    fn stored(answers: &[(&str, i64, i64)]) -> StoredAnswers {
        let answer = |(id, v, r): &(&str, i64, i64)| ((*id).into(), given(Some(*v), *r, 0));
        answers.iter().map(answer).collect()
    }

    #[test]
    fn the_same_answers_again_change_nothing() {
        let known = stored(&[("Q101", 3, 7)]);
        assert!(matches!(merge(&known, &save(2, &[("Q101", Some(3)), ("Q102", None)]), (8, 0)), Merge::Nothing));
    }

    #[test]
    fn different_questions_of_two_colleagues_are_merged() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(2, &[("Q102", Some(1))]), (8, 0)) else {
            panic!("not written")
        };
        assert_eq!(answers, stored(&[("Q101", 3, 7), ("Q102", 1, 8)]));
    }

    #[test]
    fn a_newer_answer_is_never_overwritten() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Conflict(theirs) = merge(&known, &save(6, &[("Q101", Some(1))]), (8, 0)) else {
            panic!("no conflict")
        };
        assert_eq!(theirs, [("Q101".into(), Some(Answer::Whole(3)))]);
        assert!(matches!(merge(&known, &save(7, &[("Q101", Some(1))]), (8, 0)), Merge::Write(_)));
    }

    #[test]
    fn what_the_reader_saw_counts_and_not_how_new_it_is() {
        let known = stored(&[("Q101", 3, 7)]);
        let seen = |level| Save { was: [("Q101".into(), level)].into(), ..save(9, &[("Q101", Some(1))]) };
        assert!(matches!(merge(&known, &seen(Some(Answer::Whole(3))), (10, 0)), Merge::Write(_)));
        for other in [None, Some(Answer::Whole(2))] {
            assert!(matches!(merge(&known, &seen(other), (10, 0)), Merge::Conflict(_)), "it was saved by another page");
        }
    }

    #[test]
    fn an_emptied_answer_is_remembered_as_emptied() {
        let known = stored(&[("Q101", 3, 7)]);
        let Merge::Write(answers) = merge(&known, &save(7, &[("Q101", None)]), (8, 0)) else { panic!("not written") };
        assert_eq!(answers["Q101"], given(None, 8, 0));
    }

    #[test]
    fn what_another_person_answered_is_kept_until_the_two_agree() {
        let known = stored(&[("Q101", 1, 7)]);
        let by = |known: &StoredAnswers, level: i64, r: i64, seat: i64| {
            let Merge::Write(answers) = merge(known, &save(r, &[("Q101", Some(level))]), (r + 1, seat)) else {
                panic!("not written")
            };
            answers
        };
        let other = |answers: &StoredAnswers| answers["Q101"].other.clone();
        let replaced = by(&known, 4, 7, 2);
        assert_eq!((replaced["Q101"].by, other(&replaced)), (2, Some(Other { v: Answer::Whole(1), by: 0 })));
        let again = by(&replaced, 5, 8, 2);
        assert_eq!(other(&again), Some(Other { v: Answer::Whole(1), by: 0 }), "the owner's word still stands");
        assert_eq!(other(&by(&again, 1, 9, 2)), None, "they agree");
        assert_eq!(other(&by(&again, 3, 9, 0)), Some(Other { v: Answer::Whole(5), by: 2 }), "now it is the other way");
        assert_eq!(other(&by(&known, 4, 7, 0)), None, "nobody differs from oneself");
        let text = serde_json::to_string(&by(&known, 4, 7, 0)).unwrap();
        assert_eq!(text, r#"{"Q101":{"v":4,"r":8}}"#, "one person alone costs nothing more");
    }
}
