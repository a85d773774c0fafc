//! Optional consents of a person: withdrawn as easily as they were given (Law 91/2025/QH15 on personal data, articles 9
//! and 10). What is optional is asked by its purpose; a withdrawn row stays as the proof of what was agreed to until then.

use serde_json::json;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Result, Store, association::By, audit::audit, on};

/// News about results, support programmes and the next campaign: the one purpose that nobody has to agree to.
pub const CONTACT: &str = "contact";

impl Store {
    /// Whether a person agrees to an optional purpose now. Whoever writes to people, or lists them, for that purpose asks
    /// this when it does so, so that a withdrawal works from its commit on.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn agrees(&self, account: Uuid, purpose: &str) -> Result<bool> {
        const SQL: &str =
            "SELECT count(*) FROM consent WHERE account_id = $1 AND purpose = $2 AND withdrawn_at IS NULL";
        let found: i64 = on!(&self.read, pool => sqlx::query_scalar(SQL)
            .bind(account).bind(purpose).fetch_one(pool).await)?;
        Ok(found > 0)
    }

    /// Withdraws the consent to an optional purpose. Answers whether there was one; a second time changes nothing.
    ///
    /// # Errors
    /// When the database fails: nothing was changed then.
    pub async fn withdraw_consent(&self, account: Uuid, purpose: &str, by: By) -> Result<bool> {
        const WITHDRAW: &str = "UPDATE consent SET withdrawn_at = $3
            WHERE account_id = $1 AND purpose = $2 AND withdrawn_at IS NULL";
        let event = by.event(Action::ConsentWithdrawn, "account", account, json!({ "purpose": purpose }));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let ended = sqlx::query(WITHDRAW).bind(account).bind(purpose).bind(by.at).execute(&mut *tx).await?;
            if ended.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Gives the consent to an optional purpose, in the words of a version of its text; `new` is the key of the row.
    /// Answers whether it was not given already.
    ///
    /// # Errors
    /// When the database fails: nothing was changed then.
    pub async fn give_consent(
        &self,
        account: Uuid,
        (purpose, text_version): (&str, &str),
        new: Uuid,
        by: By,
    ) -> Result<bool> {
        // The same form sent twice at once waits here, and finds what the first has given.
        const LOCK: &str = "UPDATE account SET role = role WHERE id = $1 AND erased_at IS NULL";
        const GIVE: &str = "INSERT INTO consent (id, account_id, purpose, text_version, given_at)
            SELECT $1, a.id, $3, $4, $5 FROM account a WHERE a.id = $2 AND NOT EXISTS (SELECT 1 FROM consent c
                WHERE c.account_id = a.id AND c.purpose = $3 AND c.withdrawn_at IS NULL)";
        let event = by.event(Action::ConsentGiven, "account", account, json!({ "purpose": purpose }));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            if sqlx::query(LOCK).bind(account).execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(false);
            }
            let given = sqlx::query(GIVE).bind(new).bind(account).bind(purpose).bind(text_version).bind(by.at)
                .execute(&mut *tx).await?;
            if given.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}
