//! Weights: calibration to register margins, and what to report about the result (method 2.4–2.7).

mod calibrate;
mod kish;
mod margin;
mod merge;
mod representativeness;
mod trim;

use thiserror::Error;

pub use calibrate::{
    Bounded, Calibration, DEFAULT_BOUNDS, Distance, WIDER_BOUNDS, calibrate, calibrate_bounded, rake_ipf,
};
pub use kish::{DEFF_WARNING, Kish, kish};
pub use margin::{Incidence, Margin, MarginColumns};
pub use merge::{MarginCategory, THIN, merge_thin};
pub use representativeness::{LOW_REPRESENTATIVENESS, Representativeness, r_indicator};
pub use trim::trim;

/// Whether a number can serve as a weight: above 0, and so far from 0 and ∞ that squares of sums of weights are
/// numbers.
#[must_use]
pub fn is_usable(weight: f64) -> bool {
    (1e-100..=1e100).contains(&weight)
}

/// Weights that cannot be built; every message names the place and the remedy.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum WeightError {
    /// A unit belongs to no category of a margin.
    #[error(
        "margin {margin}: {row} has code {code:?}, for which the margin has no total; add the total or correct the code"
    )]
    UnmatchedCode {
        /// The margin, its columns joined by `×`.
        margin: String,
        /// The unit.
        row: String,
        /// Its codes, joined by `|`.
        code: String,
    },
    /// A category with a total but without a respondent.
    #[error(
        "margin {margin}: category {category:?} has total {total} but no respondent; merge it with another category"
    )]
    EmptyCategory {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// Its total.
        total: f64,
    },
    /// A total that is negative or no number, or 0 where somebody answered.
    #[error(
        "margin {margin}: category {category:?} has total {total}; totals are numbers, not negative, and above 0 where somebody answered"
    )]
    BadTotal {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
        /// Its total.
        total: f64,
    },
    /// The same category twice in one margin.
    #[error("margin {margin}: category {category:?} stands twice; keep one total per category")]
    DuplicateCategory {
        /// The margin.
        margin: String,
        /// The category.
        category: String,
    },
    /// Margins with different grand totals.
    #[error(
        "margin {first} adds up to {first_total} but margin {second} to {second_total}; take both from the same register snapshot"
    )]
    MarginsDisagree {
        /// A margin.
        first: String,
        /// Its grand total.
        first_total: f64,
        /// Another margin.
        second: String,
        /// Its grand total.
        second_total: f64,
    },
    /// No margin at all.
    #[error("calibration needs at least one margin")]
    NoMargins,
    /// Post-stratification on more or less than one margin.
    #[error("post-stratification takes exactly one margin, not {margins}; cross the columns into one, or rake")]
    NotOneMargin {
        /// Margins given.
        margins: usize,
    },
    /// The iteration did not reach the totals.
    #[error(
        "{method} did not converge after {rounds} rounds: {category:?} is off by {misfit:.3e} of its total; merge thin categories or widen the bounds"
    )]
    NoConvergence {
        /// The iteration.
        method: &'static str,
        /// Rounds done.
        rounds: usize,
        /// The category with the largest misfit, as `margin=category`.
        category: String,
        /// That misfit, relative to 1 + its total.
        misfit: f64,
    },
    /// The totals are only met by weights of (nearly) nothing for some respondents.
    #[error(
        "{method} drives g to {g:.3e} in {category:?}: the margins contradict the pattern of answers; merge thin categories"
    )]
    Degenerate {
        /// The iteration.
        method: &'static str,
        /// A category of the unit with the extreme g, as `margin=category`.
        category: String,
        /// The extreme ratio of final to starting weight.
        g: f64,
    },
    /// Bounds that do not contain 1, or are no numbers.
    #[error("bounds [{lower}, {upper}] must satisfy 0 <= lower < 1 < upper")]
    BadBounds {
        /// L.
        lower: f64,
        /// U.
        upper: f64,
    },
    /// A starting weight that is no usable number ([`is_usable`]).
    #[error("unit {unit} has weight {weight}; weights are above 0, and neither tiny nor huge")]
    BadWeight {
        /// Position of the unit in canonical order, from 0.
        unit: usize,
        /// The weight found.
        weight: f64,
    },
    /// Trimming that cannot keep the sum.
    #[error("no weights within [{lower}, {upper}] keep the sum {sum}; widen the limits")]
    Untrimmable {
        /// Lower limit.
        lower: f64,
        /// Upper limit.
        upper: f64,
        /// Sum of the weights given.
        sum: f64,
    },
}
