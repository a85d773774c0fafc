//! A save on PostgreSQL, which commits many transactions at once.

use sqlx::{PgPool, Postgres, Transaction, types::Json};
use time::OffsetDateTime;

use super::{
    Row, Save, Saved, items_removed,
    merge::{Effect, effect},
};
use crate::store::{BeginWrite as _, Result, audit::audit};

/// Saves in a transaction of its own; none when somebody else's save came in between.
pub(super) async fn save_one(pool: &PgPool, save: &Save) -> Result<Option<Saved>> {
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
