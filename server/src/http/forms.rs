//! Posted forms: name and value pairs, in the order of the page.

use axum::{
    body::{self, Body},
    extract::{FromRequest, Request},
    http::header,
};
use percent_encoding::percent_decode_str;
use time::{Date, Month};

use crate::error::Error;

/// No form of ours comes near this.
pub const LIMIT: usize = 64 * 1024;
/// More fields than any page has.
const MOST_FIELDS: usize = 2_000;

/// The pairs of a posted form.
///
/// Bytes that are not UTF-8 become U+FFFD, which no field accepts: the reader sees what arrived and types it again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    /// The value of a field; the first, should there be several; empty if there is none.
    #[must_use]
    pub fn get(&self, name: &str) -> &str {
        self.0.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    /// All values of a field, in their order.
    #[must_use]
    pub fn all(&self, name: &str) -> Vec<String> {
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.clone()).collect()
    }

    /// The pairs of all fields but these.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.0.retain(|(key, _)| !names.contains(&key.as_str()));
        self
    }

    /// A day, as date fields of browsers send it (`2026-11-23`) or as people write it (`23/11/2026`).
    #[must_use]
    pub fn day(&self, name: &str) -> Option<Date> {
        day(self.get(name))
    }

    /// Whether a checkbox was ticked or a button pressed.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(key, _)| key == name)
    }

    /// Reads pairs from their form encoding.
    #[must_use]
    pub fn decode(encoded: &str) -> Self {
        let pair = |part: &str| {
            let (key, value) = part.split_once('=').unwrap_or((part, ""));
            (text(key), text(value))
        };
        Self(encoded.split('&').filter(|part| !part.is_empty()).take(MOST_FIELDS).map(pair).collect())
    }

    /// The pairs in their form encoding.
    #[must_use]
    pub fn encode(&self) -> String {
        let quote =
            |text: &str| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
        let parts: Vec<String> = self.0.iter().map(|(key, value)| format!("{}={}", quote(key), quote(value))).collect();
        parts.join("&")
    }
}

impl<S: Send + Sync> FromRequest<S> for Pairs {
    type Rejection = Error;

    async fn from_request(request: Request, _: &S) -> Result<Self, Error> {
        read(request).await
    }
}

/// Reads the form of a request.
///
/// # Errors
/// `TooLarge` above [`LIMIT`], `BadRequest` when the body is no form.
pub async fn read(request: Request<Body>) -> Result<Pairs, Error> {
    let is_form =
        request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(|value| {
            value
                .split(';')
                .next()
                .is_some_and(|media| media.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded"))
        });
    let bytes = body::to_bytes(request.into_body(), LIMIT).await.map_err(|_| Error::TooLarge)?;
    if !is_form && !bytes.is_empty() {
        return Err(Error::BadRequest("the body is not a form"));
    }
    // Percent-encoding is ASCII; anything else is decoded like the rest.
    Ok(Pairs::decode(&String::from_utf8_lossy(&bytes)))
}

/// A day, as date fields of browsers send it or as people write it.
#[must_use]
pub fn day(typed: &str) -> Option<Date> {
    let typed = typed.trim();
    let (year, month, day) = match typed.split('-').collect::<Vec<_>>()[..] {
        [year, month, day] => (year, month, day),
        _ => match typed.split('/').collect::<Vec<_>>()[..] {
            [day, month, year] => (year, month, day),
            _ => return None,
        },
    };
    let year = year.parse().ok().filter(|year| (1900..=2200).contains(year))?;
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    Date::from_calendar_date(year, month, day.parse().ok()?).ok()
}

fn text(encoded: &str) -> String {
    percent_decode_str(&encoded.replace('+', " ")).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_survive_encoding() {
        let pairs = Pairs(vec![
            ("tên".into(), "Công ty A & B = 100%".into()),
            ("Q104".into(), "a".into()),
            ("Q104".into(), "e".into()),
        ]);
        assert_eq!(Pairs::decode(&pairs.encode()), pairs);
    }

    #[test]
    fn days_are_read_in_both_spellings() {
        let expected = Date::from_calendar_date(2026, Month::December, 3).ok();
        for good in ["2026-12-03", "03/12/2026", " 3/12/2026 "] {
            assert_eq!(day(good), expected, "{good}");
        }
        for bad in ["", "2026-13-01", "30/02/2026", "2026-12", "12/2026", "3/12/26", "mai"] {
            assert_eq!(day(bad), None, "{bad}");
        }
    }

    #[test]
    fn broken_utf8_is_marked_not_lost() {
        assert_eq!(Pairs::decode("name=Nguy%ff+A").get("name"), "Nguy\u{fffd} A");
    }
}
