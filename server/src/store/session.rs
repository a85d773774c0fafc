//! Who is signed in.

use serde_json::json;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};
use model::role::Role;

/// A session ends after this long without a request …
pub const IDLE: Duration = Duration::hours(12);
/// … and after this long whatever happens.
pub const LONGEST: Duration = Duration::days(14);
/// `seen_at` may lag this much, so that reading a page does not write to the database.
const LAG: Duration = Duration::minutes(10);

/// A person with a valid session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visitor {
    /// SHA-256 of the session's token.
    pub session: [u8; 32],
    /// Key of the account.
    pub account: Uuid,
    /// What the person may do.
    pub role: Role,
    /// The enterprise the account belongs to.
    pub enterprise: Option<Uuid>,
    /// The person's name.
    pub full_name: String,
    /// The enterprise's name.
    pub enterprise_name: Option<String>,
    /// The association the account belongs to.
    pub association: Option<Uuid>,
    /// The association's name.
    pub association_name: Option<String>,
}

#[derive(FromRow)]
struct Row {
    account_id: Uuid,
    seen_at: OffsetDateTime,
    role: String,
    enterprise_id: Option<Uuid>,
    full_name: String,
    enterprise_name: Option<String>,
    association_id: Option<Uuid>,
    association_name: Option<String>,
}

impl Store {
    /// Starts a session and logs the sign-in. A session that the browser already had ends.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn start_session(
        &self,
        token_hash: [u8; 32],
        account: Uuid,
        replaces: Option<[u8; 32]>,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<()> {
        const INSERT: &str =
            "INSERT INTO session (token_hash, account_id, created_at, seen_at) VALUES ($1, $2, $3, $3)";
        let event = Event {
            id: event,
            at,
            account: Some(account),
            action: Action::SignedIn,
            subject: "account",
            subject_id: Some(account),
            detail: json!({}),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            if let Some(old) = replaces {
                sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(&old[..]).execute(&mut *tx).await?;
            }
            sqlx::query("DELETE FROM session WHERE seen_at < $1 OR created_at < $2")
                .bind(at - IDLE).bind(at - LONGEST).execute(&mut *tx).await?;
            sqlx::query(INSERT).bind(&token_hash[..]).bind(account).bind(at).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// The person behind a session token, if the session is still valid.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn visitor(&self, token_hash: [u8; 32], now: OffsetDateTime) -> Result<Option<Visitor>> {
        const SQL: &str =
            "SELECT s.account_id, s.seen_at, a.role, a.enterprise_id, a.full_name, e.name AS enterprise_name,
                a.association_id, o.name AS association_name
            FROM session s JOIN account a ON a.id = s.account_id LEFT JOIN enterprise e ON e.id = a.enterprise_id
                LEFT JOIN association o ON o.id = a.association_id
            WHERE s.token_hash = $1 AND s.seen_at >= $2 AND s.created_at >= $3 AND a.disabled_at IS NULL";
        let row: Option<Row> = on!(&self.read, pool => sqlx::query_as(SQL)
            .bind(&token_hash[..]).bind(now - IDLE).bind(now - LONGEST).fetch_optional(pool).await)?;
        let Some(row) = row else { return Ok(None) };
        if now - row.seen_at > LAG {
            const SEEN: &str = "UPDATE session SET seen_at = $1 WHERE token_hash = $2";
            on!(&self.write, pool => sqlx::query(SEEN).bind(now).bind(&token_hash[..]).execute(pool).await.map(drop))?;
        }
        let Ok(role) = row.role.parse() else { return Ok(None) };
        Ok(Some(Visitor {
            session: token_hash,
            account: row.account_id,
            role,
            enterprise: row.enterprise_id,
            full_name: row.full_name,
            enterprise_name: row.enterprise_name,
            association: row.association_id,
            association_name: row.association_name,
        }))
    }

    /// Ends a session.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn end_session(&self, visitor: &Visitor, event: Uuid, at: OffsetDateTime) -> Result<()> {
        let event = Event {
            id: event,
            at,
            account: Some(visitor.account),
            action: Action::SignedOut,
            subject: "account",
            subject_id: Some(visitor.account),
            detail: json!({}),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query("DELETE FROM session WHERE token_hash = $1").bind(&visitor.session[..]).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }
}
