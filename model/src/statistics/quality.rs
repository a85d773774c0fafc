//! Quality flags of figures to be published, and the sensitivity band (method 1 and 7).

use crate::statistics::estimate::Estimate;

/// Differences δ between respondents and non-respondents for which a band is published, in units of the score (points)
/// or percentage points (method 1).
pub const SENSITIVITY_DELTAS: [f64; 2] = [2.0, 5.0];

/// How far a figure can be trusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Flag {
    /// No restriction.
    Reliable,
    /// `u`: use with caution.
    Caution,
    /// `:u`: too unreliable to be published.
    Unreliable,
}

/// What is measured; the rules differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Kind {
    /// A score from 0 to 100: the half-width of its interval counts besides its CV.
    ScoreMean,
    /// Any other mean, a total or a ratio: its CV counts.
    Amount,
    /// A proportion p in [0, 1]: the width of its published interval counts.
    Proportion {
        /// The published interval; `None` where there is none.
        interval: Option<[f64; 2]>,
    },
}

/// The thresholds of one flag; all must hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Threshold {
    /// Fewest respondents, and fewest effective respondents.
    pub n: f64,
    /// Fewest degrees of freedom.
    pub df: i64,
    /// Largest coefficient of variation.
    pub cv: f64,
    /// Largest half-width of a score's interval, points.
    pub half_width: f64,
    /// Largest width of a proportion's interval.
    pub width: f64,
    /// Largest width of a proportion's interval in units of p and of 1 − p …
    pub relative_width: f64,
    /// … unless the width is at most this.
    pub narrow: f64,
}

/// For [`Flag::Reliable`]: CV band of Statistics Canada, widths, n and df of the NCHS standard.
pub const RELIABLE: Threshold =
    Threshold { n: 30.0, df: 8, cv: 0.165, half_width: 5.0, width: 0.30, relative_width: 1.3, narrow: 0.05 };

/// For [`Flag::Caution`].
pub const CAUTION: Threshold =
    Threshold { n: 10.0, df: 2, cv: 0.333, half_width: 10.0, width: 0.40, relative_width: f64::INFINITY, narrow: 0.40 };

/// The flag of an estimate (method 7). Confidentiality comes first and is decided elsewhere.
#[must_use]
pub fn flag(estimate: &Estimate, kind: Kind) -> Flag {
    if holds(estimate, kind, &RELIABLE) {
        Flag::Reliable
    } else if holds(estimate, kind, &CAUTION) {
        Flag::Caution
    } else {
        Flag::Unreliable
    }
}

/// The sensitivity band of a mean: how far it would shift if non-respondents differed by `delta` inside cells,
/// (1 − n/N)·δ (method 1). It is added and subtracted, in units of `delta`.
#[must_use]
pub fn sensitivity_band(respondents: u32, population: f64, delta: f64) -> f64 {
    (1.0 - f64::from(respondents) / population).max(0.0) * delta
}

fn holds(estimate: &Estimate, kind: Kind, limit: &Threshold) -> bool {
    let enough = estimate.n as f64 >= limit.n && estimate.kish_neff >= limit.n && estimate.df >= limit.df;
    let precise = match kind {
        Kind::Amount => cv_holds(estimate, limit),
        Kind::ScoreMean => cv_holds(estimate, limit) && half_width_holds(estimate, limit),
        Kind::Proportion { interval } => {
            interval.is_some_and(|interval| width_holds(estimate.estimate, interval, limit))
        }
    };
    enough && precise
}

fn cv_holds(estimate: &Estimate, limit: &Threshold) -> bool {
    estimate.cv().is_some_and(|cv| cv <= limit.cv)
}

fn half_width_holds(estimate: &Estimate, limit: &Threshold) -> bool {
    let t = crate::statistics::interval::t_quantile(estimate.df);
    t.is_some_and(|t| t * estimate.se <= limit.half_width)
}

fn width_holds(p: f64, [lower, upper]: [f64; 2], limit: &Threshold) -> bool {
    let width = upper - lower;
    let relative = width <= limit.relative_width * p && width <= limit.relative_width * (1.0 - p);
    width <= limit.width && (width <= limit.narrow || relative)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn estimate(estimate: f64, se: f64, n: usize) -> Estimate {
        Estimate {
            n,
            nrow_design: n,
            df: n as i64 - 1,
            sum_w: 1000.0,
            kish_deff: 1.0,
            kish_neff: n as f64,
            estimate,
            se,
            deff: None,
        }
    }

    #[test]
    fn amounts_follow_the_cv_bands() {
        assert_eq!(flag(&estimate(100.0, 16.5, 30), Kind::Amount), Flag::Reliable);
        assert_eq!(flag(&estimate(100.0, 16.6, 30), Kind::Amount), Flag::Caution);
        assert_eq!(flag(&estimate(100.0, 33.4, 30), Kind::Amount), Flag::Unreliable);
        assert_eq!(flag(&estimate(100.0, 1.0, 9), Kind::Amount), Flag::Unreliable);
        assert_eq!(flag(&estimate(100.0, 1.0, 29), Kind::Amount), Flag::Caution);
    }

    #[test]
    fn scores_also_need_a_narrow_interval() {
        assert_eq!(flag(&estimate(40.0, 2.0, 100), Kind::ScoreMean), Flag::Reliable);
        assert_eq!(flag(&estimate(40.0, 3.0, 100), Kind::ScoreMean), Flag::Caution);
        assert_eq!(flag(&estimate(40.0, 6.0, 100), Kind::ScoreMean), Flag::Unreliable);
    }

    #[test]
    fn proportions_follow_the_width_of_the_interval() {
        let flagged = |p: f64, lower: f64, upper: f64| {
            let interval = Some([lower, upper]);
            flag(&estimate(p, 0.05, 100), Kind::Proportion { interval })
        };
        assert_eq!(flagged(0.5, 0.4, 0.6), Flag::Reliable);
        assert_eq!(flagged(0.02, 0.0, 0.04), Flag::Reliable);
        assert_eq!(flagged(0.05, 0.01, 0.10), Flag::Caution);
        assert_eq!(flagged(0.5, 0.3, 0.69), Flag::Caution);
        assert_eq!(flagged(0.5, 0.2, 0.7), Flag::Unreliable);
    }
}
