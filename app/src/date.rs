//! Dates and times as people write them in Viet Nam. The caller has already turned them into local time.

use time::{Date, Time};

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
