//! What is of no use any more goes.

use time::{Duration, OffsetDateTime};

use super::{Result, Store, attempt, on, session};

/// The key of a background save is known this long. A save that a browser still repeats later is compared with what is
/// stored, like any other: it changes nothing when its answers are there, and never overwrites what it has not seen.
pub const SAVE_KEYS: Duration = Duration::days(30);

/// Rows that are deleted in one transaction: on SQLite everybody else's writes wait for it.
const BATCH: u64 = 1_000;

impl Store {
    /// Forgets keys of background saves, ended sessions, wrong passwords that no longer count, and links and codes in
    /// letters by mail that have expired. Not logged: nothing of it has an effect any more. Invitations to accounts and links for banks
    /// stay, since pages show that they have ended.
    ///
    /// # Errors
    /// When the database fails; what was forgotten until then stays forgotten.
    pub async fn purge(&self, now: OffsetDateTime) -> Result<u64> {
        // Row by row of the keys, so that no transaction is long.
        const SAVES: &str = "DELETE FROM save WHERE (assessment_id, key) IN
            (SELECT assessment_id, key FROM save WHERE at < $1 ORDER BY at LIMIT 1000)";
        const SESSIONS: &str = "DELETE FROM session WHERE seen_at < $1 OR created_at < $2";
        const ATTEMPTS: &str = "DELETE FROM attempt WHERE last_at < $1";
        const LINKS: &str = "DELETE FROM registration_link WHERE expires_at <= $1";
        const CODES: &str = "DELETE FROM mailed_code WHERE expires_at <= $1";
        let mut gone = 0;
        on!(&self.write, pool => {
            loop {
                let saves = sqlx::query(SAVES).bind(now - SAVE_KEYS).execute(pool).await?.rows_affected();
                gone += saves;
                if saves < BATCH {
                    break;
                }
            }
            gone += sqlx::query(SESSIONS).bind(now - session::IDLE).bind(now - session::LONGEST)
                .execute(pool).await?.rows_affected();
            gone += sqlx::query(LINKS).bind(now).execute(pool).await?.rows_affected();
            gone += sqlx::query(CODES).bind(now).execute(pool).await?.rows_affected();
            gone += sqlx::query(ATTEMPTS).bind(now - attempt::FORGOTTEN).execute(pool).await?.rows_affected();
        });
        Ok(gone)
    }
}
