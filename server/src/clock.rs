//! The only place that reads the clock and makes ids and secrets; everything else takes them as arguments.
#![allow(clippy::disallowed_methods, reason = "this file is the one exception to the ban in clippy.toml")]

use time::{Duration, OffsetDateTime, UtcOffset, macros::offset};
use uuid::Uuid;

/// Viet Nam has one time zone and no summer time.
pub const VIETNAM: UtcOffset = offset!(+7);

/// The present, in UTC and whole seconds: SQLite keeps times as text, and text sorts like time only at equal length.
#[must_use]
pub fn now() -> OffsetDateTime {
    let now = OffsetDateTime::now_utc();
    now - Duration::nanoseconds(i64::from(now.nanosecond()))
}

/// A new key: sorts by creation, is no secret.
#[must_use]
pub fn id() -> Uuid {
    Uuid::now_v7()
}

/// Random bytes from the operating system, for tokens and receipts.
///
/// # Panics
/// When the operating system has no randomness: nothing safe can be done then.
#[must_use]
pub fn secret<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[allow(clippy::expect_used, reason = "without randomness no session can be safe")]
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}
