//! Sending what is queued: claims, and how attempts ended.
//!
//! This bookkeeping is kept in the row of the message and has no audit rows of its own.

use serde_json::json;
use sqlx::types::Json;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Event, Kind, MailState, Message, Pool, Result, Store, StoredMessage,
    audit::audit,
    on,
    outbox::{columns, queue},
};

/// Whoever claims a message has this long to send it; then it may be claimed again, by whoever.
pub const LEASE: Duration = Duration::minutes(15);

/// How an attempt to send ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The mail server has taken it.
    Sent,
    /// It was written to the folder.
    Held,
    /// It did not work; it is tried again from then on.
    Later(String, OffsetDateTime),
    /// It is not tried again.
    Failed(String),
}

macro_rules! claim {
    ($lock:literal) => {
        concat!(
            "UPDATE outbox SET attempts = attempts + 1, next_at = $2
             WHERE id = (SELECT id FROM outbox WHERE state = 'queued' AND next_at <= $1
                ORDER BY next_at, id LIMIT 1",
            $lock,
            ") RETURNING ",
            columns!()
        )
    };
}

impl Store {
    /// Takes the message that has waited longest, for one attempt to send it; none when nothing is due.
    ///
    /// The claim is committed before anything is sent and gives way after [`LEASE`]. No two workers hold the same
    /// message: on SQLite there is one writer, on PostgreSQL rows that another claims are skipped.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_message(&self, now: OffsetDateTime) -> Result<Option<StoredMessage>> {
        const DUE: &str = "SELECT 1 FROM outbox WHERE state = 'queued' AND next_at <= $1 LIMIT 1";
        let due: Option<i32> = on!(&self.read, pool => sqlx::query_scalar(DUE).bind(now).fetch_optional(pool).await)?;
        if due.is_none() {
            return Ok(None);
        }
        let sql = match &self.write {
            Pool::Sqlite(_) => claim!(""),
            Pool::Postgres(_) => claim!(" FOR UPDATE SKIP LOCKED"),
        };
        on!(&self.write, pool => sqlx::query_as(sql).bind(now).bind(now + LEASE).fetch_optional(pool).await)
    }

    /// Writes down how an attempt ended; without effect when the claim has passed to somebody else.
    /// A message that was sent keeps no address that acts.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn settle_message(&self, claim: &StoredMessage, outcome: &Outcome, now: OffsetDateTime) -> Result<()> {
        const SETTLE: &str =
            "UPDATE outbox SET state = $1, next_at = $2, last_error = $3, settled_at = $4, body = $5, recipient = $8
            WHERE id = $6 AND attempts = $7 AND state = 'queued'";
        let (state, next, error) = match outcome {
            Outcome::Sent => (MailState::Sent, now, None),
            Outcome::Held => (MailState::Held, now, None),
            Outcome::Later(error, next) => (MailState::Queued, *next, Some(error)),
            Outcome::Failed(error) => (MailState::Failed, now, Some(error)),
        };
        let body = if state == MailState::Sent { claim.body.without_secrets() } else { claim.body.0.clone() };
        // Who is erased is known to nobody from the last letter on.
        let is_last_letter = state != MailState::Queued && claim.kind == Kind::Erased.as_str();
        let recipient = if is_last_letter { "" } else { claim.recipient.as_str() };
        let error = error.filter(|_| !is_last_letter);
        let settled = (state != MailState::Queued).then_some(now);
        on!(&self.write, pool => sqlx::query(SETTLE)
            .bind(state.as_str()).bind(next).bind(error).bind(settled).bind(Json(&body))
            .bind(claim.id).bind(claim.attempts).bind(recipient)
            .execute(pool).await.map(drop))
    }

    /// Queues a message that goes with no other change, such as a test message.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn send_message(&self, message: &Message, account: Uuid, event: Uuid) -> Result<()> {
        let event = event_of(message.id, account, Action::MessageQueued, event, message.at);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            queue!(tx, message);
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// Queues a held or failed message again. Answers whether there was one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn resend_message(&self, id: Uuid, account: Uuid, event: Uuid, at: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "UPDATE outbox SET state = 'queued', attempts = 0, next_at = $1, settled_at = NULL
            WHERE id = $2 AND state IN ('held', 'failed') AND recipient <> ''";
        let event = event_of(id, account, Action::MessageQueued, event, at);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let queued = sqlx::query(SQL).bind(at).bind(id).execute(&mut *tx).await?.rows_affected() == 1;
            if queued {
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(queued)
        })
    }
}

fn event_of(message: Uuid, account: Uuid, action: Action, event: Uuid, at: OffsetDateTime) -> Event {
    Event {
        id: event,
        at,
        account: Some(account),
        action,
        subject: "message",
        subject_id: Some(message),
        detail: json!({}),
    }
}
