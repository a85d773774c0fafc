//! A release: the figures of one campaign, weighted to the register, with their uncertainty, protected against
//! disclosure, and sealed.
//!
//! ```text
//! Microdata ─▶ Layout (domains, sums between them) ─▶ weights ─▶ figures ─▶ protection and audit ─▶ Draft ─▶ Release
//! ```
//!
//! [`compute`] is the whole of it, a pure function: the same microdata and parameters give the same bytes, so that anybody
//! who is allowed to hold the microdata can [`verify`] a release. Everything fails closed: raking that does not
//! converge, margins that do not add up, a code that no classification has, a lonely stratum or a red audit is an error,
//! and then there is no draft.
//!
//! What leaves is in [`Release`] alone. Exact numbers of respondents stay in [`Review`], which only the analyst sees;
//! the document has their classes ([`NClass`]).
//!
//! "Method n" refers to the method specification of the statistics.

pub mod archive;
mod change;
mod compute;
mod correction;
mod document;
mod figures;
mod items;
mod layout;
mod microdata;
mod peers;
mod protection;
mod quartiles;
mod review;
mod seal;
#[cfg(test)]
mod tests;
mod verify;
mod weights;

use thiserror::Error;

use crate::disclosure::DisclosureError;
use crate::statistics::estimate::EstimateError;
use crate::statistics::frame::FrameError;
use crate::statistics::weight::WeightError;

pub use compute::{Draft, Request, compute};
pub use document::{
    Campaign, Certificate, Change, Changes, Correction, Domain, Figure, FigureChange, FrameKind, FrameNote, Indicator,
    Merged, NClass, Parameters, Quartiles, QuestionnaireVersion, Release, Representativeness, Response, TableKind,
    Wave, WaveFigure, Weighting,
};
pub use items::{FROM_LEVEL_3, Measures};
pub use layout::{GROUPS, IndustryGroup, industry_group};
pub use microdata::{Earlier, Frame, FrameCell, Item, Measure, Microdata, Respondents};
pub use peers::{NoPeers, Peers, peers};
pub use quartiles::PEERS;
pub use review::{Reason, ResponseRow, Review};
pub use seal::{canonical, hash_of, sealed};
pub use verify::{Mismatch, verify};

/// Why nothing can be released. Every message names the place and the remedy.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum ReleaseError {
    /// A cell of the register has a code that no classification knows.
    #[error("the frame has {kind} {code:?}, which no classification lists; correct the register snapshot")]
    UnknownCode {
        /// District, unit or section.
        kind: &'static str,
        /// The code.
        code: String,
    },
    /// A cell of the register stands twice.
    #[error("the frame lists the cell {0:?} twice; add the two up")]
    RepeatedCell(String),
    /// A respondent lies in no cell of the frame.
    #[error("respondent {respondent} has the codes {codes:?}, which the frame does not list; take a newer snapshot")]
    UnmatchedCell {
        /// The respondent's key.
        respondent: String,
        /// Unit, section and size class.
        codes: String,
    },
    /// A respondent stands twice.
    #[error("a respondent stands twice in the microdata; keep the last submission of each enterprise")]
    RepeatedRespondent,
    /// A row with more or fewer values than there are indicators.
    #[error("respondent {respondent} has {found} values for {expected} indicators; load the microdata again")]
    WrongWidth {
        /// The respondent's key.
        respondent: String,
        /// Values of the row.
        found: usize,
        /// Indicators.
        expected: usize,
    },
    /// A value that its indicator cannot have.
    #[error(
        "indicator {indicator}: the value {value} of {respondent} is out of range; correct the indicator's formula"
    )]
    BadValue {
        /// The indicator.
        indicator: String,
        /// The respondent's key.
        respondent: String,
        /// The value.
        value: f64,
    },
    /// Nothing to release.
    #[error("nobody in the frame has submitted; wait for answers or take another snapshot")]
    NoRespondents,
    /// A stratum with a single respondent of several enterprises.
    #[error("stratum {0:?} has a single respondent of several enterprises; raise the smallest size of a response cell")]
    LonelyStratum(String),
    /// A parameter out of range.
    #[error("{place}: {problem}")]
    Parameter {
        /// Which parameter.
        place: &'static str,
        /// What is wrong and what to do.
        problem: &'static str,
    },
    /// The provincial total itself may not be published.
    #[error("the figures of the whole province rest on too few enterprises to be published; wait for more answers")]
    TooFew,
    /// A correction of something that is not there, or of another campaign.
    #[error("release {0} is not an earlier release of this campaign; choose the release that is corrected")]
    NotCorrectable(u32),
    /// A release with changes since another campaign, without that campaign.
    #[error("the changes are counted from release {0}; give the archive of that release too")]
    NothingBefore(u32),
    /// The response cells.
    #[error(transparent)]
    Frame(#[from] FrameError),
    /// The weights.
    #[error(transparent)]
    Weight(#[from] WeightError),
    /// An estimate.
    #[error("indicator {indicator}: {error}")]
    Estimate {
        /// The indicator.
        indicator: String,
        /// What failed.
        error: EstimateError,
    },
    /// The protection or its audit.
    #[error("disclosure control: {0}")]
    Disclosure(#[from] DisclosureError),
    /// The audit is red.
    #[error("disclosure audit of {indicator}: {reasons}; publish fewer tables or larger groups")]
    Red {
        /// The indicator.
        indicator: String,
        /// What an attacker would learn.
        reasons: String,
    },
}
