//! Password hashing: argon2id, off the async threads, a few at a time.

use std::sync::LazyLock;

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHasher as _, PasswordVerifier as _, phc::PasswordHash},
};
use tokio::sync::Semaphore;

/// Each hash takes 19 MiB: more at once would let a burst of sign-ins use up the memory.
static PERMITS: Semaphore = Semaphore::const_new(4);

/// Checked when an account does not exist, so that the answer takes as long as for one that does.
static NOBODY: LazyLock<String> = LazyLock::new(|| hash_now("nobody has this password").unwrap_or_default());

/// Makes the hash for unknown accounts before the first of them signs in.
pub fn prepare() {
    drop(tokio::task::spawn_blocking(|| LazyLock::force(&NOBODY).len()));
}

/// Hashes a password to PHC text with OWASP's parameters (19 MiB, 2 passes, 1 lane).
///
/// # Errors
/// When hashing fails, which no password can cause.
pub async fn hash(password: String) -> anyhow::Result<String> {
    let _permit = PERMITS.acquire().await?;
    tokio::task::spawn_blocking(move || hash_now(&password)).await?
}

/// Whether the password belongs to the hash; without a hash, takes the same time and says no.
///
/// # Errors
/// When the stored hash cannot be read.
pub async fn verify(password: String, hash: Option<String>) -> anyhow::Result<bool> {
    let _permit = PERMITS.acquire().await?;
    tokio::task::spawn_blocking(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| NOBODY.clone());
        let parsed = PasswordHash::new(&hash).map_err(|error| anyhow::anyhow!("stored password hash: {error}"))?;
        Ok(hasher()?.verify_password(password.as_bytes(), &parsed).is_ok() && known)
    })
    .await?
}

/// Hashes on the calling thread: for the command line and for preparing many accounts.
///
/// # Errors
/// When hashing fails, which no password can cause.
pub fn hash_now(password: &str) -> anyhow::Result<String> {
    let salt = crate::clock::secret::<16>();
    hasher()?
        .hash_password_with_salt(password.as_bytes(), &salt)
        .map(|hash| hash.to_string())
        .map_err(|error| anyhow::anyhow!("cannot hash a password: {error}"))
}

fn hasher() -> anyhow::Result<Argon2<'static>> {
    let params = Params::new(19 * 1024, 2, 1, None).map_err(|error| anyhow::anyhow!("argon2 parameters: {error}"))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn only_the_right_password_of_an_existing_account_passes() {
        let stored = hash("mật khẩu đủ dài".into()).await.unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("mật khẩu đủ dài".into(), Some(stored.clone())).await.unwrap());
        assert!(!verify("mật khẩu khác".into(), Some(stored)).await.unwrap());
        assert!(!verify("nobody has this password".into(), None).await.unwrap());
    }
}
