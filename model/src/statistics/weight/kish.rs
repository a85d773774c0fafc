use crate::statistics::sum::Sum;

/// Kish design effects above this deserve a warning (method 2.6).
pub const DEFF_WARNING: f64 = 2.0;

/// Summary of a set of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Kish {
    /// Number of weights.
    pub n: usize,
    /// Σw, enterprises.
    pub sum: f64,
    /// Σw².
    pub sum_sq: f64,
    /// Smallest weight; `+∞` for none.
    pub min: f64,
    /// Largest weight; `−∞` for none.
    pub max: f64,
}

impl Kish {
    /// Design effect of weighting, nΣw²/(Σw)² ≥ 1 (Kish 1965; method 2.6).
    #[must_use]
    pub fn deff(&self) -> f64 {
        self.n as f64 * self.sum_sq / (self.sum * self.sum)
    }

    /// Effective sample size (Σw)²/Σw² ≤ n.
    #[must_use]
    pub fn n_eff(&self) -> f64 {
        self.sum * self.sum / self.sum_sq
    }
}

/// Summarises `weights`, in their order.
pub fn kish(weights: impl IntoIterator<Item = f64>) -> Kish {
    let (mut sum, mut sum_sq) = (Sum::default(), Sum::default());
    let mut summary = Kish { n: 0, sum: 0.0, sum_sq: 0.0, min: f64::INFINITY, max: f64::NEG_INFINITY };
    for weight in weights {
        summary.n += 1;
        sum.add(weight);
        sum_sq.add(weight * weight);
        summary.min = summary.min.min(weight);
        summary.max = summary.max.max(weight);
    }
    summary.sum = sum.value();
    summary.sum_sq = sum_sq.value();
    summary
}
