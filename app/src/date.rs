//! Dates and times as people write them in Viet Nam. The caller has already turned them into local time.

use time::{Date, OffsetDateTime, Time};

/// `23/11/2026`
#[must_use]
pub fn date(date: Date) -> String {
    format!("{:02}/{:02}/{}", date.day(), u8::from(date.month()), date.year())
}

/// `14:05`
#[must_use]
pub fn time(time: Time) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `23/11/2026 14:05`
#[must_use]
pub fn moment(at: OffsetDateTime) -> String {
    format!("{} {}", date(at.date()), time(at.time()))
}

/// `2026-11-23`, as date fields of browsers hold it.
#[must_use]
pub fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}
