//! The code by which whoever holds the province's letter registers an enterprise of the register.

use std::fmt;

/// Signs that nobody takes for another one: no 0 and O, no 1, I and L, no U beside V.
const SIGNS: [u8; 30] = *b"23456789ABCDEFGHJKMNPQRSTVWXYZ";
/// Twelve of them have 58 bits. With one code per enterprise, hashed with its tax code, and a wait after wrong ones,
/// that is more than anybody tries before it expires.
const LENGTH: usize = 12;
/// They are read in groups.
const GROUP: usize = 4;

/// A code of twelve signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClaimCode(String);

impl ClaimCode {
    /// A code of random bytes. Bytes that would make some signs likelier than others are left out; none where too few
    /// are left.
    #[must_use]
    pub fn of_random(bytes: &[u8]) -> Option<Self> {
        let fair = bytes.iter().filter(|byte| usize::from(**byte) < 256 / SIGNS.len() * SIGNS.len());
        let signs: String = fair.take(LENGTH).map(|byte| char::from(SIGNS[usize::from(*byte) % SIGNS.len()])).collect();
        (signs.len() == LENGTH).then_some(Self(signs))
    }

    /// Reads what somebody typed, whatever the case and the spaces or hyphens between.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let signs: String =
            typed.chars().filter(|sign| !sign.is_whitespace() && !"-–.".contains(*sign)).collect::<String>();
        let signs = signs.to_uppercase();
        let is_known = signs.len() == LENGTH && signs.bytes().all(|sign| SIGNS.contains(&sign));
        is_known.then_some(Self(signs))
    }
}

impl fmt::Display for ClaimCode {
    /// In groups of four, as a letter shows it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, sign) in self.0.chars().enumerate() {
            if position > 0 && position % GROUP == 0 {
                f.write_str("-")?;
            }
            write!(f, "{sign}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_as_it_is_shown_and_as_people_type_it() {
        let code = ClaimCode::of_random(&[0, 29, 30, 255, 240, 7, 8, 9, 10, 11, 12, 13, 14, 15]).expect("enough");
        assert_eq!(code.to_string(), "2Z29-ABCD-EFGH");
        for typed in ["2Z29-ABCD-EFGH", "2z29abcdefgh", " 2Z29 ABCD – EFGH "] {
            assert_eq!(ClaimCode::parse(typed), Some(code.clone()), "{typed}");
        }
    }

    #[test]
    fn nothing_else_is_a_code() {
        for typed in ["", "2Z29-ABCD-EFG", "2Z29-ABCD-EFGH-J", "0Z29-ABCD-EFGH", "2Z29-ABCD-EFGĐ"] {
            assert_eq!(ClaimCode::parse(typed), None, "{typed}");
        }
        assert_eq!(ClaimCode::of_random(&[255; 40]), None, "no sign is likelier than another");
    }
}
