//! Wrong passwords in a row, kept so that the slow-down survives a restart.

use time::{Duration, OffsetDateTime};

use super::{Result, Store, on};

/// The longest wait between two tries. Never a lock: somebody else must not be able to shut an owner out for good.
const LONGEST: Duration = Duration::minutes(15);
/// After this long without a try, counting starts again.
pub const FORGOTTEN: Duration = Duration::hours(24);

/// What wrong passwords are counted under: an account name or a network address, as a hash.
#[derive(Clone, Copy, Debug)]
pub struct AttemptKey {
    /// SHA-256 of the name or address.
    pub hash: [u8; 32],
    /// Wrong passwords that cost nothing; an address may be shared by a whole office.
    pub free: i64,
}

impl Store {
    /// How long a caller known by any of these keys must still wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wait(&self, keys: &[AttemptKey], now: OffsetDateTime) -> Result<Option<Duration>> {
        const SQL: &str = "SELECT failures, last_at FROM attempt WHERE key_hash = $1";
        let mut longest = None;
        for key in keys {
            let row: Option<(i64, OffsetDateTime)> =
                on!(&self.read, pool => sqlx::query_as(SQL).bind(&key.hash[..]).fetch_optional(pool).await)?;
            if let Some((failures, last_at)) = row {
                let left = last_at + delay(failures - key.free) - now;
                longest = longest.max(left.is_positive().then_some(left));
            }
        }
        Ok(longest)
    }

    /// Counts one wrong password for each key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn wrong_password(&self, keys: &[AttemptKey], now: OffsetDateTime) -> Result<()> {
        const SQL: &str = "INSERT INTO attempt (key_hash, failures, last_at) VALUES ($1, 1, $2)
            ON CONFLICT (key_hash) DO UPDATE SET last_at = excluded.last_at,
            failures = CASE WHEN attempt.last_at < $3 THEN 1 ELSE attempt.failures + 1 END";
        for key in keys {
            on!(&self.write, pool => sqlx::query(SQL).bind(&key.hash[..]).bind(now).bind(now - FORGOTTEN).execute(pool).await.map(drop))?;
        }
        Ok(())
    }

    /// Forgets the wrong passwords of a key after a right one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn right_password(&self, key: AttemptKey) -> Result<()> {
        on!(&self.write, pool => sqlx::query("DELETE FROM attempt WHERE key_hash = $1").bind(&key.hash[..]).execute(pool).await.map(drop))?;
        Ok(())
    }
}

/// 2, 4, 8 … seconds for each wrong password that is not free.
fn delay(counted: i64) -> Duration {
    match u32::try_from(counted.min(20)) {
        Ok(doublings) if doublings > 0 => Duration::seconds(1_i64 << doublings).min(LONGEST),
        _ => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_wait_doubles_and_ends() {
        assert_eq!(delay(-4), Duration::ZERO);
        assert_eq!(delay(0), Duration::ZERO);
        assert_eq!(delay(1), Duration::seconds(2));
        assert_eq!(delay(3), Duration::seconds(8));
        assert_eq!(delay(i64::MAX), LONGEST);
    }
}
