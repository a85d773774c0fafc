//! Saves on SQLite.
//!
//! A disk syncs a few hundred times a second, whatever is written. Saves that arrive while the disk is busy therefore
//! share the next transaction: one sync acknowledges all of them. The whole batch is read by one statement, merged here
//! and written by another: with a statement for each, handing them to the database's thread would take longer than the
//! sync.

use std::{
    collections::{BTreeMap, HashMap},
    net::IpAddr,
};

use sqlx::{QueryBuilder, Sqlite, SqlitePool, Transaction, types::Json};
use time::OffsetDateTime;
use tokio::sync::{mpsc, oneshot};
use uuid::Uuid;

use super::{
    Row, Save, Saved, items_removed,
    merge::{Effect, effect},
};
use crate::store::{
    BeginWrite as _, Pool, Result,
    audit::{self, audit},
};

/// The most saves in one transaction.
const BATCH: usize = 256;

/// Hands saves to the one task that writes them to SQLite. Without effect on PostgreSQL, which commits in parallel.
#[derive(Clone)]
pub(in crate::store) struct Saver(Option<mpsc::Sender<Job>>);

struct Job {
    save: Save,
    /// Where it came from: the task that writes is not that of the request.
    origin: Option<IpAddr>,
    reply: oneshot::Sender<Result<Saved>>,
}

/// An assessment and the key of a save.
type Name = (Uuid, Uuid);

impl Saver {
    pub(in crate::store) fn start(pool: Pool) -> Self {
        let Pool::Sqlite(pool) = pool else { return Self(None) };
        let (queue, jobs) = mpsc::channel(4 * BATCH);
        tokio::spawn(write_batches(pool, jobs));
        Self(Some(queue))
    }

    /// Hands the save over and waits until it is on the disk.
    pub(super) async fn save(&self, pool: &SqlitePool, save: Save) -> Result<Saved> {
        let Some(queue) = &self.0 else {
            return save_all(pool, &[(&save, audit::origin())]).await?.pop().ok_or(sqlx::Error::WorkerCrashed);
        };
        let (reply, answer) = oneshot::channel();
        let job = Job { save, origin: audit::origin(), reply };
        queue.send(job).await.map_err(|_| sqlx::Error::WorkerCrashed)?;
        answer.await.map_err(|_| sqlx::Error::WorkerCrashed)?
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
