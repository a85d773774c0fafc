//! Industry codes of both versions of VSIC, and what a code of 2018 is called since 15 November 2025.

use std::{str::FromStr, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::{Industry, division, rows};

/// A version of the Vietnamese industrial classification. Equal codes of two versions may mean different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Vsic {
    /// Decision 27/2018/QĐ-TTg, until 14 November 2025.
    #[serde(rename = "2018")]
    V2018,
    /// Decision 36/2025/QĐ-TTg, from 15 November 2025.
    #[serde(rename = "2025")]
    V2025,
}

/// A code with its version, and the division of VSIC 2025 that it belongs to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Activity {
    /// The version of the code.
    pub version: Vsic,
    /// The code: 2, 4 or 5 digits.
    pub code: String,
    /// The division of VSIC 2025.
    pub division: &'static Industry,
}

/// Why something is no industry code.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NoActivity {
    /// Nothing is there.
    #[error("the industry code is missing")]
    Missing,
    /// Three digits: a group, or a class whose first zero was dropped.
    #[error("three digits may be a class without its zero; write it with four digits")]
    ThreeDigits,
    /// No division begins like this.
    #[error("no division of this version of VSIC has this number")]
    Unknown,
    /// Division 45 was dissolved in 2025: the code is one of VSIC 2018.
    #[error("division 45 ended in 2025; say that the file uses VSIC 2018")]
    Dissolved,
    /// Division 45 of 2018 went into several divisions: more digits are needed.
    #[error("division 45 went into three divisions; give the code with four or five digits")]
    NeedsDigits,
}

impl Vsic {
    /// The year of the version.
    #[must_use]
    pub fn year(self) -> i64 {
        match self {
            Vsic::V2018 => 2018,
            Vsic::V2025 => 2025,
        }
    }

    /// Reads a code as people write it: "4773", "47.73", "G4773", "47".
    ///
    /// # Errors
    /// Why it is no code of this version.
    pub fn activity(self, typed: &str) -> Result<Activity, NoActivity> {
        let code = digits(typed)?;
        let division = match self {
            Vsic::V2025 => division(&code[..2]),
            Vsic::V2018 => moved(&code)?,
        };
        let gone = self == Vsic::V2025 && code.starts_with("45");
        match division {
            Some(division) => Ok(Activity { version: self, code, division }),
            None if gone => Err(NoActivity::Dissolved),
            None => Err(NoActivity::Unknown),
        }
    }
}

/// A year that is no version.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no version of VSIC; use 2018 or 2025")]
pub struct UnknownVsic(pub String);

impl FromStr for Vsic {
    type Err = UnknownVsic;

    fn from_str(year: &str) -> Result<Vsic, UnknownVsic> {
        match year {
            "2018" => Ok(Vsic::V2018),
            "2025" => Ok(Vsic::V2025),
            _ => Err(UnknownVsic(year.to_owned())),
        }
    }
}

/// The letter of a division's section in VSIC 2018: A–U, where VSIC 2025 has A–V.
#[must_use]
pub fn section_2018(division: &str) -> Option<&'static str> {
    MOVES.iter().find(|known| known.code == division).map(|known| known.section.as_str())
}

/// A line of the file: codes of 2018 that begin like this, and where they are now; an empty division: in several.
struct Move {
    code: String,
    section: String,
    division: String,
}

static MOVES: LazyLock<Vec<Move>> = LazyLock::new(|| {
    let mut moves: Vec<Move> = rows(include_str!("../../classifications/vsic2018.csv")).filter_map(move_of).collect();
    // The longest beginning decides.
    moves.sort_by_key(|known| std::cmp::Reverse(known.code.len()));
    moves
});

fn move_of(row: Vec<String>) -> Option<Move> {
    let [code, section, division] = <[String; 3]>::try_from(row).ok()?;
    Some(Move { code, section, division })
}

fn moved(code: &str) -> Result<Option<&'static Industry>, NoActivity> {
    match MOVES.iter().find(|known| code.starts_with(&known.code)) {
        Some(known) if known.division.is_empty() => Err(NoActivity::NeedsDigits),
        Some(known) => Ok(division(&known.division)),
        None => Ok(None),
    }
}

/// The digits of a code: 2, 4 or 5, perhaps after the letter of its section.
fn digits(typed: &str) -> Result<String, NoActivity> {
    let kept: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '.').collect();
    if kept.is_empty() {
        return Err(NoActivity::Missing);
    }
    let bare = kept.strip_prefix(|c: char| c.is_ascii_alphabetic()).unwrap_or(&kept);
    if !bare.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(NoActivity::Unknown);
    }
    match bare.len() {
        1 => Ok(format!("0{bare}")),
        2 | 4 | 5 => Ok(bare.to_owned()),
        3 => Err(NoActivity::ThreeDigits),
        _ => Err(NoActivity::Unknown),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::classification::{divisions, section};

    fn place(version: Vsic, typed: &str) -> Result<(&'static str, &'static str), NoActivity> {
        version.activity(typed).map(|found| (found.division.code.as_str(), found.division.section.as_str()))
    }

    #[test]
    fn codes_as_people_write_them() {
        for typed in ["4773", "47.73", "G4773", "g 47.73", "47", "47730"] {
            assert_eq!(place(Vsic::V2025, typed), Ok(("47", "G")), "{typed}");
        }
        assert_eq!(place(Vsic::V2025, "1"), Ok(("01", "A")));
        assert_eq!(place(Vsic::V2025, "111"), Err(NoActivity::ThreeDigits), "0111 is rice, 111 would be drinks");
        assert_eq!(place(Vsic::V2025, " "), Err(NoActivity::Missing));
        for wrong in ["0000", "34", "bán lẻ", "471234", "４７"] {
            assert_eq!(place(Vsic::V2025, wrong), Err(NoActivity::Unknown), "{wrong}");
        }
    }

    #[test]
    fn letters_shift_behind_j_and_what_was_j_is_now_two_sections() {
        let shifts = [
            ("01", "A", "A"),
            ("56", "I", "I"),
            ("58", "J", "J"),
            ("61", "J", "K"),
            ("62", "J", "K"),
            ("64", "K", "L"),
            ("68", "L", "M"),
            ("69", "M", "N"),
            ("77", "N", "O"),
            ("84", "O", "P"),
            ("85", "P", "Q"),
            ("86", "Q", "R"),
            ("90", "R", "S"),
            ("94", "S", "T"),
            ("97", "T", "U"),
            ("99", "U", "V"),
        ];
        for (code, before, now) in shifts {
            assert_eq!(section_2018(code), Some(before), "{code}");
            assert_eq!(place(Vsic::V2018, code).map(|found| found.1), Ok(now), "{code}");
        }
    }

    #[test]
    fn division_45_went_into_wholesale_retail_and_repair() {
        assert_eq!(place(Vsic::V2018, "4511"), Ok(("46", "G")));
        assert_eq!(place(Vsic::V2018, "45412"), Ok(("47", "G")));
        assert_eq!(place(Vsic::V2018, "4520"), Ok(("95", "T")));
        assert_eq!(place(Vsic::V2018, "45"), Err(NoActivity::NeedsDigits));
        assert_eq!(place(Vsic::V2018, "4541"), Err(NoActivity::NeedsDigits));
        assert_eq!(place(Vsic::V2025, "4511"), Err(NoActivity::Dissolved));
        assert_eq!(place(Vsic::V2018, "6391"), Ok(("60", "J")), "news agencies moved");
    }

    #[test]
    fn vsic_2018_has_88_divisions_in_21_sections() {
        let two: Vec<&Move> = MOVES.iter().filter(|known| known.code.len() == 2).collect();
        assert_eq!(two.len(), 88);
        let mut letters: Vec<&str> = two.iter().map(|known| known.section.as_str()).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.concat(), "ABCDEFGHIJKLMNOPQRSTU");
        assert!(divisions().iter().all(|division| section_2018(&division.code).is_some()));
    }

    proptest! {
        #[test]
        fn whatever_is_read_lies_in_a_section(typed in "[A-Z]?[0-9.]{0,6}") {
            for version in [Vsic::V2018, Vsic::V2025] {
                if let Ok(found) = version.activity(&typed) {
                    prop_assert!(section(&found.division.section).is_some());
                    prop_assert!(matches!(found.code.len(), 2 | 4 | 5));
                }
            }
        }
    }
}
