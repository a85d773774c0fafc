//! What can be wrong with a row.

use serde::{Deserialize, Serialize};

use super::Column;

/// Something that is wrong with a row.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// The column.
    pub column: Column,
    /// What is wrong.
    pub reason: Reason,
    /// What was there.
    pub value: String,
}

/// Why a row is rejected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// A cell that must be filled is empty.
    Missing,
    /// The tax code has other characters than digits.
    TaxCodeLetters,
    /// The tax code has another number of digits.
    TaxCodeLength,
    /// The tenth digit does not match.
    TaxCodeCheckDigit,
    /// The number is never issued.
    TaxCodeNeverIssued,
    /// The number of a dependent unit is 000.
    TaxCodeBranch,
    /// An earlier row of the file has the same tax code.
    Repeated,
    /// The text is longer than any name or address.
    TooLong,
    /// No such place in the province.
    PlaceUnknown,
    /// Several places have this name.
    PlaceAmbiguous,
    /// No such industry.
    IndustryUnknown,
    /// Three digits: perhaps a zero was dropped.
    IndustryThreeDigits,
    /// A code of 2018 in a file of 2025.
    IndustryDissolved,
    /// Division 45 of 2018 needs more digits.
    IndustryNeedsDigits,
    /// No number, or a negative one.
    Number,
    /// No known word for a status.
    StatusUnknown,
    /// No mail address, or several.
    Email,
    /// No telephone number of this country, or several.
    Phone,
}
