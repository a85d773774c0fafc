//! Change between two waves (method 6).

use thiserror::Error;

use super::point::{check_denominator, domain_sum, influence, observed};
use super::{Design, EstimateError, standard_error};
use crate::statistics::interval::{t_interval, t_two_sided};
use crate::statistics::sum::{Sum, sum};

/// The change of a mean from wave 1 to wave 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change {
    /// Respondents of wave 1 in the domain.
    pub n_wave1: usize,
    /// Respondents of wave 2 in the domain.
    pub n_wave2: usize,
    /// Enterprises in the domain in both waves.
    pub n_panel: usize,
    /// Mean of wave 1, in units of the variable.
    pub mean_w1: f64,
    /// Mean of wave 2.
    pub mean_w2: f64,
    /// `mean_w2 − mean_w1`.
    pub change: f64,
    /// Standard error of `mean_w1`.
    pub se_w1: f64,
    /// Standard error of `mean_w2`.
    pub se_w2: f64,
    /// Covariance of the two means, through the enterprises in both waves.
    pub cov_w1_w2: f64,
    /// Their correlation; `None` when a standard error is 0.
    pub corr_w1_w2: Option<f64>,
    /// Standard error of `change`, panel covariance included.
    pub se_change: f64,
    /// Degrees of freedom: sampling units minus strata of the whole stacked sample. Unlike those of a single wave
    /// (method 4.5) they do not shrink with the domain, as in the oracles `_h_`.
    pub df: i64,
    /// 95 % interval of `change`.
    pub ci95: Option<[f64; 2]>,
    /// `change/se_change`; `None` when the standard error is 0.
    pub t: Option<f64>,
    /// Two-sided p-value of no change.
    pub p_value: Option<f64>,
}

/// One stratum of [`stratified_change`]: a simple random sample in each wave.
#[derive(Debug, Clone, PartialEq)]
pub struct ChangeStratum {
    /// N, the same in both waves.
    pub population: f64,
    /// Unit and value in wave 1, ascending by unit.
    pub wave1: Vec<(u32, f64)>,
    /// Unit and value in wave 2, ascending by unit.
    pub wave2: Vec<(u32, f64)>,
}

/// What one stratum contributes to [`StratifiedChange`].
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StratumChange {
    /// Respondents of wave 1.
    pub n1: usize,
    /// Respondents of wave 2.
    pub n2: usize,
    /// Units in both.
    pub n_common: usize,
    /// Variance of the values of wave 1.
    pub s11: f64,
    /// Variance of the values of wave 2.
    pub s22: f64,
    /// Covariance over the common units; 0 with fewer than 2.
    pub s12: f64,
    /// Mean of wave 2 minus mean of wave 1.
    pub delta: f64,
    /// Variance of `delta`.
    pub variance: f64,
}

/// A change by the closed form.
#[derive(Debug, Clone, PartialEq)]
pub struct StratifiedChange {
    /// Σ W_h·delta_h.
    pub change: f64,
    /// Σ W_h²·variance_h.
    pub variance: f64,
    /// Its root.
    pub se: f64,
    /// The strata, in the order given.
    pub strata: Vec<StratumChange>,
}

/// A closed form that does not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub enum ChangeError {
    /// A stratum with fewer than two respondents in a wave.
    #[error("stratum {stratum} (from 0) has fewer than 2 respondents in a wave; collapse strata")]
    ThinStratum {
        /// Position of the stratum.
        stratum: usize,
    },
    /// Too few common units for the estimated covariances to fit together.
    #[error("the estimated variance of the change is negative; collapse strata, or use the stacked design")]
    NegativeVariance,
}

/// The change of the mean of `y` in a stacked two-wave sample whose sampling units are the enterprises (method 6):
/// u = u₂ − u₁, with calibration residuals per wave, through the stratified sum of method 4.3 once. An enterprise in
/// both waves is one unit, which is how the panel covariance enters.
///
/// `second[row]` tells whether a row is of wave 2.
///
/// # Errors
/// [`EstimateError::EmptyDomain`], [`EstimateError::ZeroDenominator`] when a wave has no value.
pub fn change_in_mean(design: &Design, y: &[f64], domain: &[bool], second: &[bool]) -> Result<Change, EstimateError> {
    let inside = observed(domain, &[y]);
    let of_wave = |wave: bool| -> Vec<bool> {
        let rows = inside.iter().zip(second);
        rows.map(|(inside, second)| *inside && *second == wave).collect()
    };
    let (first, later) = (of_wave(false), of_wave(true));
    let (mean_w1, t1) = wave_mean(design, y, &first)?;
    let (mean_w2, t2) = wave_mean(design, y, &later)?;
    let difference: Vec<f64> = t2.iter().zip(&t1).map(|(b, a)| b - a).collect();
    let change = mean_w2 - mean_w1;
    let se = |t: &[f64], scale: f64| standard_error(design.covariance(t, t), scale);
    let (se_w1, se_w2) = (se(&t1, mean_w1)?, se(&t2, mean_w2)?);
    let se_change = se(&difference, mean_w1.abs() + mean_w2.abs())?;
    let cov_w1_w2 = design.covariance(&t1, &t2);
    let df = design.degrees_of_freedom(&vec![true; design.rows()]);
    let t = (se_change > 0.0).then(|| change / se_change);
    let count = |rows: &[bool]| rows.iter().filter(|r| **r).count();
    Ok(Change {
        n_wave1: count(&first),
        n_wave2: count(&later),
        n_panel: panel_size(design, &inside, second),
        mean_w1,
        mean_w2,
        change,
        se_w1,
        se_w2,
        cov_w1_w2,
        corr_w1_w2: (se_w1 * se_w2 > 0.0).then(|| cov_w1_w2 / (se_w1 * se_w2)),
        se_change,
        df,
        ci95: t_interval(change, se_change, df),
        t,
        p_value: t.and_then(|t| t_two_sided(t, df)),
    })
}

/// The rows of `domain` whose enterprise has a row of the domain in both waves: the domain of the panel-only change
/// that is published as a cross-check (method 6).
#[must_use]
pub fn panel(design: &Design, domain: &[bool], second: &[bool]) -> Vec<bool> {
    let mut waves = vec![[false; 2]; design.psus()];
    for (row, &psu) in design.psu().iter().enumerate() {
        waves[psu as usize][usize::from(second[row])] |= domain[row];
    }
    let rows = domain.iter().zip(design.psu());
    rows.map(|(inside, &psu)| *inside && waves[psu as usize] == [true; 2]).collect()
}

/// The change by the closed form for strata with simple random samples in both waves and a static population (Tam 1984;
/// Qualité & Tillé 2008; method 6): Σ W_h²[(1/n₁−1/N)S₁² + (1/n₂−1/N)S₂² − 2(n_c/(n₁n₂)−1/N)S₁₂].
///
/// # Errors
/// [`ChangeError::ThinStratum`], [`ChangeError::NegativeVariance`].
pub fn stratified_change(strata: &[ChangeStratum]) -> Result<StratifiedChange, ChangeError> {
    let population = sum(strata.iter().map(|s| s.population));
    let mut parts = Vec::with_capacity(strata.len());
    let (mut change, mut variance) = (Sum::default(), Sum::default());
    for (position, stratum) in strata.iter().enumerate() {
        if stratum.wave1.len() < 2 || stratum.wave2.len() < 2 {
            return Err(ChangeError::ThinStratum { stratum: position });
        }
        let part = stratum_change(stratum);
        let share = stratum.population / population;
        change.add(share * part.delta);
        variance.add(share * share * part.variance);
        parts.push(part);
    }
    let variance = variance.value();
    if variance < 0.0 {
        return Err(ChangeError::NegativeVariance);
    }
    Ok(StratifiedChange { change: change.value(), variance, se: variance.sqrt(), strata: parts })
}

/// Which of many tests are significant with the false discovery rate held at `level` (Benjamini & Hochberg 1995; method
/// 6, for more than 20 domains), in the order of `p_values`.
#[must_use]
pub fn benjamini_hochberg(p_values: &[f64], level: f64) -> Vec<bool> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let tests = p_values.len() as f64;
    let passes = |rank: usize| p_values[order[rank]] <= level * (rank + 1) as f64 / tests;
    let rejected = (0..order.len()).rev().find(|&rank| passes(rank));
    let mut significant = vec![false; p_values.len()];
    for &test in &order[..rejected.map_or(0, |rank| rank + 1)] {
        significant[test] = true;
    }
    significant
}

/// A wave's mean and its contributions per sampling unit.
fn wave_mean(design: &Design, y: &[f64], inside: &[bool]) -> Result<(f64, Vec<f64>), EstimateError> {
    let size = domain_sum(design, inside, |_| 1.0);
    check_denominator(size, inside)?;
    let mean = domain_sum(design, inside, |row| y[row]) / size;
    let v = influence(inside, |row| (y[row] - mean) / size);
    Ok((mean, design.contributions(v)))
}

fn panel_size(design: &Design, inside: &[bool], second: &[bool]) -> usize {
    let mut units = vec![false; design.psus()];
    for (&psu, is_panel) in design.psu().iter().zip(panel(design, inside, second)) {
        units[psu as usize] |= is_panel;
    }
    units.iter().filter(|unit| **unit).count()
}

fn stratum_change(stratum: &ChangeStratum) -> StratumChange {
    let (n1, n2) = (stratum.wave1.len(), stratum.wave2.len());
    let common = common_values(&stratum.wave1, &stratum.wave2);
    let values = |wave: &[(u32, f64)]| -> Vec<(f64, f64)> { wave.iter().map(|&(_, y)| (y, y)).collect() };
    let (mean1, s11) = mean_and_covariance(&values(&stratum.wave1));
    let (mean2, s22) = mean_and_covariance(&values(&stratum.wave2));
    let (_, s12) = mean_and_covariance(&common);
    let inverse = |n: usize| 1.0 / n as f64;
    let rest = 1.0 / stratum.population;
    let overlap = common.len() as f64 * inverse(n1) * inverse(n2);
    StratumChange {
        n1,
        n2,
        n_common: common.len(),
        s11,
        s22,
        s12,
        delta: mean2 - mean1,
        variance: (inverse(n1) - rest) * s11 + (inverse(n2) - rest) * s22 - 2.0 * (overlap - rest) * s12,
    }
}

fn common_values(wave1: &[(u32, f64)], wave2: &[(u32, f64)]) -> Vec<(f64, f64)> {
    let partner = |unit: u32| wave2.binary_search_by_key(&unit, |&(other, _)| other).ok();
    let pairs = wave1.iter().filter_map(|&(unit, y)| Some((y, wave2[partner(unit)?].1)));
    pairs.collect()
}

/// The mean of the first values and the sample covariance of the pairs (0 below 2 pairs).
fn mean_and_covariance(pairs: &[(f64, f64)]) -> (f64, f64) {
    let n = pairs.len() as f64;
    let mean_a = sum(pairs.iter().map(|p| p.0)) / n;
    let mean_b = sum(pairs.iter().map(|p| p.1)) / n;
    if pairs.len() < 2 {
        return (mean_a, 0.0);
    }
    let products = pairs.iter().map(|(a, b)| (a - mean_a) * (b - mean_b));
    (mean_a, sum(products) / (n - 1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benjamini_hochberg_steps_up() {
        let p = [0.01, 0.9, 0.02, 0.035, 0.2];
        assert_eq!(benjamini_hochberg(&p, 0.05), [true, false, true, false, false]);
        assert_eq!(benjamini_hochberg(&[0.04, 0.05], 0.05), [true, true]);
    }
}
