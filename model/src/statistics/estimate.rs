//! Estimates with their variance under the design (method 3, 4, 6).
//!
//! Two ways to the same figures:
//!
//! * [`Design`] works on rows: any weights, primary sampling units of several rows, two waves.
//! * [`cell`] works on register cells: one pass over a million rows, then a few thousand cells.

pub mod cell;
pub mod change;
mod design;
mod point;
mod quantile;

use thiserror::Error;

pub use design::{Design, DesignColumns, SinglePsu};
pub use point::{Estimate, mean, proportion, ratio, total};
pub use quantile::{QuantileEstimate, Woodruff, quantile};

/// Largest share of missing values with which a total is still published (method 2.1).
pub const MAX_MISSING_IN_TOTAL: f64 = 0.05;

/// Standard errors below this share of the estimate are rounding of an exact 0.
const SE_ROUNDING: f64 = 1e-13;

/// A smaller share of the population that did not answer is rounding of nobody: 1 − n/N̂ keeps no digits below it.
const CENSUS: f64 = 1e-7;

/// An estimate that cannot be made; every message names the place and the remedy.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum EstimateError {
    /// A stratum with one primary sampling unit, of several in the population.
    #[error(
        "stratum {stratum:?} has a single sampling unit, so its variance is unknown; collapse it with another, or set single_psu_strata to \"zero\""
    )]
    SinglePsu {
        /// The stratum.
        stratum: String,
    },
    /// A sampling unit with rows in two strata.
    #[error("sampling unit {psu:?} has rows in strata {first:?} and {second:?}; sampling units lie within one stratum")]
    PsuInTwoStrata {
        /// The unit.
        psu: String,
        /// A stratum.
        first: String,
        /// Another stratum.
        second: String,
    },
    /// A stratum whose rows disagree about its population size.
    #[error("stratum {stratum:?} has population sizes {first} and {second}; the fpc column is constant within strata")]
    PopulationDiffers {
        /// The stratum.
        stratum: String,
        /// A size.
        first: f64,
        /// Another size.
        second: f64,
    },
    /// A stratum with more sampling units than its population.
    #[error("stratum {stratum:?} has {psus} sampling units but a population of {population}; correct the fpc")]
    PopulationTooSmall {
        /// The stratum.
        stratum: String,
        /// Sampling units.
        psus: u32,
        /// Population given.
        population: f64,
    },
    /// A weight that is no usable number ([`crate::statistics::weight::is_usable`]).
    #[error(
        "row {row} (in canonical order, from 0) has weight {weight}; weights are above 0, and neither tiny nor huge"
    )]
    BadWeight {
        /// Position of the row.
        row: usize,
        /// The weight found.
        weight: f64,
    },
    /// Nobody in the domain has a value.
    #[error("no respondent in the domain has a value; check the domain's codes or drop the estimate")]
    EmptyDomain,
    /// The domain's weights, or its denominator, add up to nothing.
    #[error("the denominator adds up to {sum}; drop the estimate")]
    ZeroDenominator {
        /// The sum.
        sum: f64,
    },
    /// A proportion of something that is not 0 or 1.
    #[error("a proportion takes values 0 and 1, not {value}; use a mean")]
    NotBinary {
        /// The value found.
        value: f64,
    },
    /// Values or weights so large that sums overflow.
    #[error("the estimate {estimate} or its variance {variance} is not finite; check the values for misplaced digits")]
    NotFinite {
        /// The estimate.
        estimate: f64,
        /// Its variance.
        variance: f64,
    },
    /// A quantile outside (0, 1).
    #[error("quantile {q} is not between 0 and 1")]
    BadQuantile {
        /// The order asked for.
        q: f64,
    },
    /// A total with too many missing values.
    #[error("{missing} of {respondents} values are missing, too many for a total (5 %); estimate a mean")]
    TotalWithMissing {
        /// Missing values in the domain.
        missing: usize,
        /// Respondents in the domain.
        respondents: usize,
    },
}

/// The design effect: the variance of a mean over that of a simple random sample of `n` out of `size`,
/// (1 − n/N̂)·S²/n with S² = n/(n−1)·`spread`/N̂ and `spread` = Σw(y−ȳ)².
///
/// Absent for a variable without spread and where everybody answered: rounding would show a very small denominator.
fn design_effect(variance: f64, (n, size): (f64, f64), spread: f64, mean: f64) -> Option<f64> {
    let unobserved = 1.0 - n / size;
    let s2 = n / (n - 1.0) * spread / size;
    let has_spread = s2.is_finite() && s2.sqrt() > SE_ROUNDING * mean.abs();
    (has_spread && unobserved > CENSUS).then(|| variance / (unobserved * s2 / n))
}

/// The standard error from the variance of an estimate of size `scale`; rounding noise becomes exactly 0.
///
/// # Errors
/// [`EstimateError::NotFinite`].
fn standard_error(variance: f64, scale: f64) -> Result<f64, EstimateError> {
    if !(variance.is_finite() && scale.is_finite()) {
        return Err(EstimateError::NotFinite { estimate: scale, variance });
    }
    let se = variance.sqrt();
    let is_noise = se <= SE_ROUNDING * scale.abs();
    Ok(if is_noise { 0.0 } else { se })
}
