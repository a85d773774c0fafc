//! Codes by which enterprises of the register register: made by the province, used once.

use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Event, Filter, Registration, Result, Store, account::Taken, association::By, audit::audit,
    on,
};

/// Codes in one file: more letters than a post office takes at a time.
pub const MOST_CLAIMS: i64 = 5_000;

/// Whom a letter with a code goes to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Claimable {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name.
    pub name: String,
    /// The address as written.
    pub address: Option<String>,
    /// Ward or commune; empty where only the former district is known.
    pub unit_code: String,
    /// Former district.
    pub district_code: String,
}

/// A code to be stored.
#[derive(Clone, Debug)]
pub struct NewClaim {
    /// Whose it is.
    pub tax_code: String,
    /// SHA-256 of tax code and code.
    pub hash: [u8; 32],
}

/// How far an entry of the register is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct ClaimState {
    /// When the enterprise registered.
    pub registered_at: Option<OffsetDateTime>,
    /// When it did so by a code.
    pub claimed_at: Option<OffsetDateTime>,
    /// Until when a code waits to be used.
    pub code_until: Option<OffsetDateTime>,
}

/// Entries that are at work and have neither registered nor been sent a code that still works.
const OPEN: &str = "e.status = 'active'
    AND NOT EXISTS (SELECT 1 FROM enterprise r WHERE r.tax_code = e.tax_code)
    AND NOT EXISTS (SELECT 1 FROM claim_code c WHERE c.tax_code = e.tax_code AND c.expires_at > $1)";

impl Store {
    /// The entries of a part of the register that a letter is still needed for, in the order of names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claimable(&self, filter: &Filter, limit: i64, now: OffsetDateTime) -> Result<Vec<Claimable>> {
        let sql = format!(
            "SELECT e.tax_code, e.name, e.address, e.unit_code, e.district_code FROM register_entry e
             WHERE {OPEN}{} ORDER BY e.name_sort, e.tax_code LIMIT $2",
            filter.sql(3)
        );
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(now).bind(limit);
            for (_, value) in filter.conditions() {
                query = query.bind(value);
            }
            query.fetch_all(pool).await
        })
    }

    /// Stores codes for letters, those of a group if one is given; the letter's code that an entry had before no longer
    /// works. Entries that have registered meanwhile, or are not in the register, get none: the answer says whose are
    /// stored.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn make_claims(
        &self,
        new: &[NewClaim],
        group: Option<Uuid>,
        expires_at: OffsetDateTime,
        account: Uuid,
        by: By,
    ) -> Result<Vec<String>> {
        const INSERT: &str = "INSERT INTO claim_code (tax_code, code_hash, expires_at, made_at, made_by)
            SELECT e.tax_code, $2, $3, $4, $5 FROM register_entry e
            WHERE e.tax_code = $1 AND NOT EXISTS (SELECT 1 FROM enterprise r WHERE r.tax_code = e.tax_code)
            ON CONFLICT (tax_code) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at,
                made_at = excluded.made_at, made_by = excluded.made_by";
        // A group is not deleted between its choice and its letters: whoever deletes it waits for this row.
        const GROUP: &str = "UPDATE invitation_group SET title = title WHERE id = $1";
        const LETTERED: &str =
            "UPDATE invitation_group_entry SET lettered_at = $3 WHERE group_id = $1 AND tax_code = $2";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let mut stored = Vec::with_capacity(new.len());
            if let Some(group) = group
                && sqlx::query(GROUP).bind(group).execute(&mut *tx).await?.rows_affected() == 0
            {
                return Ok(stored);
            }
            for claim in new {
                let done = sqlx::query(INSERT)
                    .bind(&claim.tax_code).bind(&claim.hash[..]).bind(expires_at).bind(by.at).bind(account)
                    .execute(&mut *tx).await?;
                if done.rows_affected() == 0 {
                    continue;
                }
                if let Some(group) = group {
                    sqlx::query(LETTERED).bind(group).bind(&claim.tax_code).bind(by.at).execute(&mut *tx).await?;
                }
                stored.push(claim.tax_code.clone());
            }
            if !stored.is_empty() {
                let few: Vec<&String> = stored.iter().take(20).collect();
                let event = Event {
                    id: by.event,
                    at: by.at,
                    account: Some(account),
                    action: Action::ClaimCodesMade,
                    subject: if group.is_some() { "invitation_group" } else { "register" },
                    subject_id: group,
                    detail: json!({ "codes": stored.len(), "tax_codes": few }),
                };
                audit!(tx, &event);
                tx.commit().await?;
            }
            Ok(stored)
        })
    }

    /// Whether this is a code of this entry, out of a printed letter or one by mail, and it still works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_claim(&self, tax_code: &str, hash: [u8; 32], now: OffsetDateTime) -> Result<bool> {
        const SQL: &str = "SELECT
            (SELECT count(*) FROM claim_code WHERE tax_code = $1 AND code_hash = $2 AND expires_at > $3) +
            (SELECT count(*) FROM mailed_code WHERE tax_code = $1 AND code_hash = $2 AND expires_at > $3)";
        let found: i64 = on!(&self.read, pool => sqlx::query_scalar(SQL)
            .bind(tax_code).bind(&hash[..]).bind(now).fetch_one(pool).await)?;
        Ok(found == 1)
    }

    /// How far the entry with this tax code is.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claim_state(&self, tax_code: &str, now: OffsetDateTime) -> Result<ClaimState> {
        const SQL: &str = "SELECT
            (SELECT r.created_at FROM enterprise r WHERE r.tax_code = $1) AS registered_at,
            (SELECT r.claimed_at FROM enterprise r WHERE r.tax_code = $1) AS claimed_at,
            (SELECT c.expires_at FROM claim_code c WHERE c.tax_code = $1 AND c.expires_at > $2) AS code_until";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(tax_code).bind(now).fetch_one(pool).await)
    }

    /// Registers the enterprise that the code belongs to and uses the code up, all or nothing.
    ///
    /// # Errors
    /// When the database fails; a code that no longer works, or a tax code, e-mail or phone that exists, is the inner
    /// error.
    pub async fn register_claimed(
        &self,
        registration: &Registration,
        hash: [u8; 32],
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<std::result::Result<(), Taken>> {
        self.try_register(registration, Some(hash), ids, at).await
    }
}
