//! Tax codes (mã số thuế), Circular 86/2024/TT-BTC.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// A tax code in its canonical form. Equal codes are equal however they were typed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum TaxCode {
    /// Ten digits: an enterprise, a co-operative or another organisation; also older household businesses.
    Organisation(String),
    /// `NNNNNNNNNN-NNN`: a dependent unit of the organisation with the first ten digits.
    Branch(String),
    /// Twelve digits: the personal identification number of a household business's representative, since 1 July 2025.
    /// Personal data.
    Household(String),
}

/// Why something is no tax code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TaxCodeError {
    /// Something other than digits, spaces, dots and hyphens.
    #[error("a tax code has only digits, and perhaps a hyphen before the last three")]
    Letters,
    /// Neither 10, 12 nor 13 digits.
    #[error("a tax code has 10 digits, 13 for a dependent unit, 12 for a household business")]
    Length,
    /// The tenth digit does not follow from the nine before it.
    #[error("the tenth digit does not match the others; look for a mistyped or swapped digit")]
    CheckDigit,
    /// The digits follow the rule but cannot belong to anybody.
    #[error("no such number is ever issued; look for a mistyped or swapped digit")]
    NeverIssued,
    /// The number of a dependent unit runs from 001 to 999.
    #[error("the number of a dependent unit runs from 001 to 999")]
    BranchSuffix,
}

impl TaxCode {
    /// Reads a tax code; spaces, dots and hyphens are ignored.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parse(typed: &str) -> Result<TaxCode, TaxCodeError> {
        let kept = |c: &char| !c.is_whitespace() && !matches!(c, '.' | '-' | '\u{2010}'..='\u{2013}');
        let digits: String = typed.chars().filter(kept).collect();
        if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(TaxCodeError::Letters);
        }
        match digits.len() {
            10 => organisation(&digits).map(|()| TaxCode::Organisation(digits)),
            12 => household(&digits).map(|()| TaxCode::Household(digits)),
            13 => branch(&digits).map(TaxCode::Branch),
            _ => Err(TaxCodeError::Length),
        }
    }

    /// The canonical form: digits, with a hyphen before the last three of a dependent unit.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            TaxCode::Organisation(code) | TaxCode::Branch(code) | TaxCode::Household(code) => code,
        }
    }
}

impl fmt::Display for TaxCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for TaxCode {
    type Err = TaxCodeError;

    fn from_str(typed: &str) -> Result<TaxCode, TaxCodeError> {
        TaxCode::parse(typed)
    }
}

impl TryFrom<String> for TaxCode {
    type Error = TaxCodeError;

    fn try_from(typed: String) -> Result<TaxCode, TaxCodeError> {
        TaxCode::parse(&typed)
    }
}

impl From<TaxCode> for String {
    fn from(code: TaxCode) -> String {
        let (TaxCode::Organisation(code) | TaxCode::Branch(code) | TaxCode::Household(code)) = code;
        code
    }
}

/// The tenth digit is 10 − (Σ digit × weight mod 11). A remainder of 0 would give 10: such numbers are never issued, nor
/// are those whose third to ninth digits are all zero.
fn organisation(digits: &str) -> Result<(), TaxCodeError> {
    const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];
    let values: Vec<u32> = digits.bytes().map(|byte| u32::from(byte - b'0')).collect();
    let remainder = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum::<u32>() % 11;
    if remainder == 0 || values[2..9].iter().all(|value| *value == 0) {
        return Err(TaxCodeError::NeverIssued);
    }
    if values[9] == 10 - remainder { Ok(()) } else { Err(TaxCodeError::CheckDigit) }
}

fn branch(digits: &str) -> Result<String, TaxCodeError> {
    let (parent, suffix) = digits.split_at(10);
    organisation(parent)?;
    if suffix == "000" { Err(TaxCodeError::BranchSuffix) } else { Ok(format!("{parent}-{suffix}")) }
}

/// Personal identification numbers have no check digit; they begin with the province of birth, which is never 000.
fn household(digits: &str) -> Result<(), TaxCodeError> {
    if digits.starts_with("000") { Err(TaxCodeError::NeverIssued) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ISSUED: [&str; 6] = ["0100109106", "0101248141", "0100686209", "1600891913", "1602042520", "1602109020"];

    #[test]
    fn issued_codes_are_read() {
        for code in ISSUED {
            assert_eq!(TaxCode::parse(code), Ok(TaxCode::Organisation(code.to_owned())));
        }
        assert_eq!(TaxCode::parse(" 0100.109-106 ").unwrap().as_str(), "0100109106");
    }

    #[test]
    fn dependent_units_have_a_number() {
        for typed in ["0100109106-001", "0100109106001", "0100109106 001"] {
            assert_eq!(TaxCode::parse(typed), Ok(TaxCode::Branch("0100109106-001".to_owned())), "{typed}");
        }
        assert_eq!(TaxCode::parse("0100109106-000"), Err(TaxCodeError::BranchSuffix));
        assert_eq!(TaxCode::parse("0100109107-001"), Err(TaxCodeError::CheckDigit));
    }

    #[test]
    fn households_use_the_personal_number() {
        assert_eq!(TaxCode::parse("024 190 012 345"), Ok(TaxCode::Household("024190012345".to_owned())));
        assert_eq!(TaxCode::parse("000190012345"), Err(TaxCodeError::NeverIssued));
    }

    #[test]
    fn mistakes_have_names() {
        let wrong = [
            ("", TaxCodeError::Length),
            ("010010910", TaxCodeError::Length),
            ("01001091066", TaxCodeError::Length),
            ("01001O9106", TaxCodeError::Letters),
            ("٠١٠٠١٠٩١٠٦", TaxCodeError::Letters),
            ("0100109107", TaxCodeError::CheckDigit),
            ("0101248411", TaxCodeError::CheckDigit),
            ("0100000008", TaxCodeError::NeverIssued),
            ("0000000000", TaxCodeError::NeverIssued),
        ];
        for (typed, error) in wrong {
            assert_eq!(TaxCode::parse(typed), Err(error), "{typed}");
        }
    }

    #[test]
    fn a_remainder_of_zero_is_never_issued() {
        // Whatever the last digit is, such a body is refused for the same reason.
        let body = (1..1000).map(|n| format!("01{n:07}")).find(|body| {
            let weights = [31, 29, 23, 19, 17, 13, 7, 5, 3];
            body.bytes().zip(weights).map(|(digit, weight)| u32::from(digit - b'0') * weight).sum::<u32>() % 11 == 0
        });
        for last in 0..10 {
            assert_eq!(TaxCode::parse(&format!("{}{last}", body.as_ref().unwrap())), Err(TaxCodeError::NeverIssued));
        }
    }

    #[test]
    fn json_is_checked_too() {
        assert_eq!(serde_json::from_str::<TaxCode>("\"0100 109 106\"").unwrap().to_string(), "0100109106");
        assert!(serde_json::from_str::<TaxCode>("\"0100109107\"").is_err());
    }

    proptest! {
        #[test]
        fn one_mistyped_digit_is_always_noticed(code in 0_usize..6, position in 0_usize..10, digit in 0_u8..10) {
            let mut typed = ISSUED[code].as_bytes().to_vec();
            prop_assume!(typed[position] != b'0' + digit);
            typed[position] = b'0' + digit;
            prop_assert!(TaxCode::parse(std::str::from_utf8(&typed).unwrap()).is_err());
        }

        #[test]
        fn no_input_is_a_crash(typed in "\\PC{0,20}|[0-9 .-]{0,20}") {
            if let Ok(code) = TaxCode::parse(&typed) {
                prop_assert_eq!(TaxCode::parse(code.as_str()), Ok(code));
            }
        }
    }
}
