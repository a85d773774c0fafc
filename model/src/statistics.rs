//! Official statistics from enterprise self-assessments: response cells, calibrated weights, estimates with their
//! standard errors, intervals and quality flags.
//!
//! ```text
//! table ─▶ frame (response cells) ─▶ weight (margins, calibration) ─▶ estimate ─▶ interval ─▶ quality
//!   └──────────────────────── request: all of it for one request file ────────────────────────┘
//! ```
//!
//! "Method n" in the descriptions refers to the method specification of the statistics. The figures are those of
//! R `survey` 4.1-1; `tests/oracles` holds its results and the tolerances.
//!
//! # The same bits, whatever the order of rows or the number of threads
//!
//! Rows are put into one canonical order before anything is added up: by their identifier
//! ([`table::Table::canonical`]), or by their whole content where a file has no identifier. Codes are numbered by the
//! sorted list of their spellings. Every sum over rows then runs in that order and is compensated, and a thread always
//! owns whole variables ([`estimate::cell`]), so no sum is ever split between threads. Which of two ways a request takes
//! (row by row, or from 20,000 rows on by classes of rows) depends on the content of its tables only.
//!
//! # Choices that the method leaves open
//!
//! - Raking, post-stratification, logit and linear calibration are one Newton iteration on the convex dual
//!   ([`weight::calibrate`]); [`weight::rake_ipf`] is the cross-check. Any solution of the singular system gives the same
//!   weights, so a pivoted Cholesky factor stands in for the minimum-norm one. Residuals are projected twice, which
//!   restores the accuracy of a QR decomposition.
//! - `calibration.within = "wave"` starts from N/n of the wave and not from the weights of the stacked design.
//! - The degrees of freedom of a change are those of the whole stacked sample in every domain.
//! - A standard error below 1e-13 of its estimate is 0: it is the rounding of an exact 0.
//! - Everything doubtful is an error, and then nothing is answered: a proportion of other values than 0 and 1, a domain
//!   without a value, an identifier that repeats, more respondents than enterprises in a cell, an unknown field of a
//!   request.
//! - A request merges no thin categories, since its format has no such field; [`weight::merge_thin`],
//!   [`weight::Margin::relabelled`] and [`table::Codes::relabelled`] do it for a release, and
//!   [`weight::calibrate_bounded`] widens bounds.

pub mod estimate;
pub mod frame;
mod gram;
pub mod interval;
pub mod quality;
pub mod request;
pub(crate) mod sum;
pub mod table;
pub mod weight;
