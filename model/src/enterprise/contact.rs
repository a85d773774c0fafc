//! Telephone numbers and mail addresses.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A Vietnamese telephone number, kept as E.164 (`+84912345678`); shown as it is dialled in the country.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Phone(String);

/// A mail address in lower case.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Email(String);

impl Phone {
    /// Reads a mobile (03, 05, 07, 08, 09 and eight digits), landline (02, eleven digits) or hotline (1800, 1900 and four
    /// to six digits) number; spaces, dots, hyphens and brackets are ignored, +84, 0084 and 84 stand for the 0.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Phone> {
        let kept = |c: &char| !c.is_whitespace() && !matches!(c, '.' | '-' | '(' | ')' | '\u{2010}'..='\u{2013}');
        let compact: String = typed.chars().filter(kept).collect();
        let national = national(&compact)?;
        is_in_use(&national).then(|| Phone(format!("+84{}", national.strip_prefix('0').unwrap_or(&national))))
    }

    /// The number for storing and dialling from anywhere: `+84912345678`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// "0912 345 678", "0204 3854 321", "024 3825 1234", "1900 1234".
impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rest = self.0.strip_prefix("+84").unwrap_or(&self.0);
        let (prefix, sizes) = match rest.as_bytes() {
            [b'1', ..] => ("", [4, 4]),
            [b'2', b'4' | b'8', ..] => ("0", [2, 4]),
            [b'2', ..] => ("0", [3, 4]),
            _ => ("0", [3, 3]),
        };
        let (area, subscriber) = rest.split_at_checked(sizes[0]).unwrap_or((rest, ""));
        let (first, last) = subscriber.split_at_checked(sizes[1]).unwrap_or((subscriber, ""));
        write!(f, "{prefix}{area} {first}{}{last}", if last.is_empty() { "" } else { " " })
    }
}

impl Email {
    /// Reads a mail address: one @, a plain local part, a domain with a dot, at most 254 characters. Whether somebody
    /// reads it only a message can tell.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Email> {
        let address = typed.trim().to_ascii_lowercase();
        let (local, domain) = address.split_once('@')?;
        (address.len() <= 254 && is_local(local) && is_domain(domain)).then_some(Email(address))
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Text that is no telephone number or mail address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" cannot be used to reach anybody")]
pub struct Unreachable(String);

impl TryFrom<String> for Phone {
    type Error = Unreachable;

    fn try_from(typed: String) -> Result<Phone, Unreachable> {
        Phone::parse(&typed).ok_or(Unreachable(typed))
    }
}

impl TryFrom<String> for Email {
    type Error = Unreachable;

    fn try_from(typed: String) -> Result<Email, Unreachable> {
        Email::parse(&typed).ok_or(Unreachable(typed))
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> String {
        phone.0
    }
}

impl From<Email> for String {
    fn from(email: Email) -> String {
        email.0
    }
}

/// The digits as dialled in the country. People also write +84 (0) 912.
fn national(compact: &str) -> Option<String> {
    let country = ["+84", "0084"].into_iter().find_map(|prefix| compact.strip_prefix(prefix));
    // Without a plus, 84 is the country only if the number would be too long otherwise.
    let country = country.or_else(|| compact.strip_prefix("84").filter(|rest| rest.len() >= 9));
    let digits = match country {
        Some(rest) if rest.starts_with(['0', '1']) => rest.to_owned(),
        Some(rest) => format!("0{rest}"),
        None => compact.to_owned(),
    };
    digits.bytes().all(|byte| byte.is_ascii_digit()).then_some(digits)
}

fn is_in_use(national: &str) -> bool {
    match (national.as_bytes(), national.len()) {
        ([b'0', b'3' | b'5' | b'7' | b'8' | b'9', ..], 10) | ([b'0', b'2', ..], 11) => true,
        ([b'1', b'8' | b'9', b'0', b'0', ..], length) => (8..=10).contains(&length),
        _ => false,
    }
}

fn is_local(local: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(c);
    (1..=64).contains(&local.len()) && local.chars().all(plain) && local.split('.').all(|part| !part.is_empty())
}

fn is_domain(domain: &str) -> bool {
    let plain = |label: &str| label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    let label = |label: &str| {
        (1..=63).contains(&label.len()) && plain(label) && !label.starts_with('-') && !label.ends_with('-')
    };
    let top = domain.rsplit('.').next().unwrap_or(domain);
    domain.contains('.')
        && domain.split('.').all(label)
        && top.len() >= 2
        && !top.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn one_number_in_all_the_ways_it_is_written() {
        let forms = [
            "0912345678",
            "0912 345 678",
            "0912.345.678",
            "(0912) 345-678",
            "+84 912 345 678",
            "+84 (0) 912 345 678",
            "0084912345678",
            "84912345678",
        ];
        for typed in forms {
            let phone = Phone::parse(typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!((phone.as_str(), phone.to_string().as_str()), ("+84912345678", "0912 345 678"), "{typed}");
        }
    }

    #[test]
    fn landlines_and_hotlines() {
        let numbers = [
            ("0204 3854321", "+842043854321", "0204 3854 321"),
            ("02223822345", "+842223822345", "0222 3822 345"),
            ("024 3825 1234", "+842438251234", "024 3825 1234"),
            ("1900 1234", "+8419001234", "1900 1234"),
            ("1800 599 920", "+841800599920", "1800 5999 20"),
            ("0845 123 456", "+84845123456", "0845 123 456"),
        ];
        for (typed, stored, shown) in numbers {
            let phone = Phone::parse(typed).unwrap_or_else(|| panic!("{typed}"));
            assert_eq!((phone.as_str(), phone.to_string().as_str()), (stored, shown));
        }
    }

    #[test]
    fn no_telephone_numbers() {
        for typed in [
            "",
            "0",
            "0612345678",
            "091234567",
            "09123456789",
            "0204385432",
            "113",
            "1700 1234",
            "+1 202 555 0100",
            "0912x45678",
        ] {
            assert_eq!(Phone::parse(typed), None, "{typed}");
        }
    }

    #[test]
    fn mail_addresses() {
        assert_eq!(Email::parse("  Lan.Nguyen+so@Cong-Ty.vn ").unwrap().as_str(), "lan.nguyen+so@cong-ty.vn");
        let long = format!("{}@{}.vn", "a".repeat(64), "b".repeat(200));
        let refused = [
            "",
            "@",
            "a@",
            "@b.vn",
            "a@b",
            "a b@c.vn",
            "a@b@c.vn",
            "a..b@c.vn",
            ".a@c.vn",
            "a@-c.vn",
            "a@c-.vn",
            "a@c..vn",
            "a@c.v",
            "a@1.2.3.4",
            "a@c.vn\r\nBcc: x@y.vn",
            "\"a\"@c.vn",
            "ả@c.vn",
            long.as_str(),
        ];
        for typed in refused {
            assert_eq!(Email::parse(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_is_shown_and_stored_is_read_again(typed in "0[35789][0-9]{8}|02[0-9]{9}|1[89]00[0-9]{4,6}") {
            let phone = Phone::parse(&typed).unwrap();
            prop_assert_eq!(Phone::parse(&phone.to_string()), Some(phone.clone()));
            prop_assert_eq!(Phone::parse(phone.as_str()), Some(phone));
        }
    }
}
