//! What the analyst sees beside a draft: exact numbers and reasons, which never leave.

use serde::{Deserialize, Serialize};

use super::document::TableKind;

/// Why a figure is withheld.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// It is published.
    Published,
    /// Nobody answered.
    Empty,
    /// Too few enterprises behind it (P1, P3, P4).
    Primary,
    /// One enterprise makes up too much of it (P2).
    Dominance,
    /// It would reveal another one.
    Complementary,
    /// Too few respondents or too wide an interval.
    Quality,
}

/// Response of one group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResponseRow {
    /// By what the group is formed.
    pub table: TableKind,
    /// Its code.
    pub code: String,
    /// N.
    pub enterprises: u32,
    /// n.
    pub respondents: u32,
}

/// What the analyst looks at before releasing.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Review {
    /// n of the whole frame.
    pub respondents: u32,
    /// Submissions of enterprises that the frame does not have.
    pub misses: u32,
    /// Effective number of respondents (Kish).
    pub effective: f64,
    /// Largest weight.
    pub largest_weight: f64,
    /// n by domain, for the indicators that are about everybody.
    pub response: Vec<ResponseRow>,
    /// Per indicator and domain.
    pub reasons: Vec<Vec<Reason>>,
}
