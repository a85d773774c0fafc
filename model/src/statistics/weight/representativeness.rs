use crate::statistics::sum::sum;

/// R-indicators below this call for the banner "low representativeness" (method 2.7).
pub const LOW_REPRESENTATIVENESS: f64 = 0.75;

/// How evenly the groups of a classification answered.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Representativeness {
    /// R = 1 − 2S, 1 when every group answered at the same rate.
    pub r: f64,
    /// S, the standard deviation of response rates over the population.
    pub s: f64,
    /// The overall response rate n/N.
    pub mean_rate: f64,
}

/// The unadjusted R-indicator over groups of `population` N_h and `respondents` n_h (Schouten, Cobben & Bethlehem 2009;
/// method 2.7): S² = Σ N_h(ρ_h − ρ̄)²/(N − 1), ρ_h = n_h/N_h.
///
/// Groups with N_h = 0 are left out. `None` when the population is not above 1.
#[must_use]
pub fn r_indicator(population: &[f64], respondents: &[u32]) -> Option<Representativeness> {
    let groups = || population.iter().zip(respondents).filter(|(n, _)| **n > 0.0);
    let total = sum(groups().map(|(population, _)| *population));
    if total <= 1.0 {
        return None;
    }
    let mean_rate = sum(groups().map(|(_, n)| f64::from(*n))) / total;
    let spread = sum(groups().map(|(population, &n)| {
        let deviation = f64::from(n) / population - mean_rate;
        population * deviation * deviation
    }));
    let s = (spread / (total - 1.0)).sqrt();
    Some(Representativeness { r: 1.0 - 2.0 * s, s, mean_rate })
}
