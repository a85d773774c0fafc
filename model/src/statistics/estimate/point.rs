use super::{Design, EstimateError, MAX_MISSING_IN_TOTAL, design_effect, standard_error};
use crate::statistics::sum::sum;
use crate::statistics::weight::kish;

/// An estimate for a domain, with its standard error.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// Respondents of the domain that have a value.
    pub n: usize,
    /// Rows the design counts: all of the sample when it is calibrated, else `n` (only Korn and Graubard's interval in
    /// the manner of `svyciprop` uses it).
    pub nrow_design: usize,
    /// Degrees of freedom of the variance; 0 or less means that there is no interval.
    pub df: i64,
    /// Σw over the domain, enterprises.
    pub sum_w: f64,
    /// Kish's design effect within the domain.
    pub kish_deff: f64,
    /// Kish's effective size of the domain.
    pub kish_neff: f64,
    /// The estimate, in units of the variable (for a ratio, of the quotient).
    pub estimate: f64,
    /// Its standard error; exactly 0 when only rounding is left.
    pub se: f64,
    /// Design effect against simple random sampling of the same n without replacement, as R `survey` computes it
    /// (method 4.6); `None` for ratios and constant variables.
    pub deff: Option<f64>,
}

impl Estimate {
    /// Coefficient of variation se/|estimate|; `None` at estimate 0.
    #[must_use]
    pub fn cv(&self) -> Option<f64> {
        (self.estimate != 0.0).then(|| self.se / self.estimate.abs())
    }
}

/// The mean of `y` over `domain`: Σwyz/Σwz (method 3), u = wz(y − ȳ)/N̂ (method 4.1).
///
/// Rows with a missing (`NaN`) value count as outside the domain.
///
/// # Errors
/// [`EstimateError::EmptyDomain`], [`EstimateError::ZeroDenominator`].
pub fn mean(design: &Design, y: &[f64], domain: &[bool]) -> Result<Estimate, EstimateError> {
    let inside = observed(domain, &[y]);
    let size = domain_sum(design, &inside, |_| 1.0);
    check_denominator(size, &inside)?;
    let mean = domain_sum(design, &inside, |row| y[row]) / size;
    let v = influence(&inside, |row| (y[row] - mean) / size);
    let variance = design.variance(v);
    let deff = deff(design, y, &inside, mean, variance);
    finish(design, &inside, mean, variance, deff)
}

/// The proportion of `y` = 1 over `domain`: the mean of a variable of 0 and 1.
///
/// # Errors
/// Those of [`mean`], and [`EstimateError::NotBinary`].
pub fn proportion(design: &Design, y: &[f64], domain: &[bool]) -> Result<Estimate, EstimateError> {
    let inside = observed(domain, &[y]);
    let values = y.iter().zip(&inside).filter(|(_, inside)| **inside);
    let mut others = values.map(|(y, _)| *y).filter(|y| *y != 0.0 && *y != 1.0);
    match others.next() {
        Some(value) => Err(EstimateError::NotBinary { value }),
        None => mean(design, y, domain),
    }
}

/// The total of `y` over `domain`: Σwyz, u = wyz.
///
/// # Errors
/// [`EstimateError::EmptyDomain`]; [`EstimateError::TotalWithMissing`] when more than 5 % of the domain's values are
/// missing, as nothing stands in for them.
pub fn total(design: &Design, y: &[f64], domain: &[bool]) -> Result<Estimate, EstimateError> {
    let inside = observed(domain, &[y]);
    check_missing(domain, &inside)?;
    let size = domain_sum(design, &inside, |_| 1.0);
    check_denominator(size, &inside)?;
    let total = domain_sum(design, &inside, |row| y[row]);
    let variance = design.variance(influence(&inside, |row| y[row]));
    let mean = total / size;
    let deff = deff(design, y, &inside, mean, variance / (size * size));
    finish(design, &inside, total, variance, deff)
}

/// The ratio of the totals of `y` and `x` over `domain`: Σwyz/Σwxz, u = wz(y − R̂x)/Σwxz.
///
/// Rows in which either value is missing count as outside the domain.
///
/// # Errors
/// [`EstimateError::EmptyDomain`], [`EstimateError::ZeroDenominator`].
pub fn ratio(design: &Design, y: &[f64], x: &[f64], domain: &[bool]) -> Result<Estimate, EstimateError> {
    let inside = observed(domain, &[y, x]);
    let denominator = domain_sum(design, &inside, |row| x[row]);
    check_denominator(denominator, &inside)?;
    let ratio = domain_sum(design, &inside, |row| y[row]) / denominator;
    let v = influence(&inside, |row| (y[row] - ratio * x[row]) / denominator);
    let variance = design.variance(v);
    finish(design, &inside, ratio, variance, None)
}

/// The rows of the domain in which every variable has a value.
pub(super) fn observed(domain: &[bool], variables: &[&[f64]]) -> Vec<bool> {
    let has_values = |row: usize| variables.iter().all(|y| !y[row].is_nan());
    let rows = domain.iter().enumerate();
    rows.map(|(row, inside)| *inside && has_values(row)).collect()
}

/// Σ w·value over the rows inside.
pub(super) fn domain_sum(design: &Design, inside: &[bool], value: impl Fn(usize) -> f64) -> f64 {
    let rows = design.weight().iter().zip(inside).enumerate();
    let rows = rows.filter(|(_, (_, inside))| **inside);
    sum(rows.map(|(row, (w, _))| w * value(row)))
}

/// v = u/w: `value` inside, 0 outside. Rows outside stay in the design (zero extension).
pub(super) fn influence(inside: &[bool], value: impl Fn(usize) -> f64) -> Vec<f64> {
    let rows = inside.iter().enumerate();
    rows.map(|(row, inside)| if *inside { value(row) } else { 0.0 }).collect()
}

pub(super) fn check_denominator(sum: f64, inside: &[bool]) -> Result<(), EstimateError> {
    if !inside.contains(&true) {
        Err(EstimateError::EmptyDomain)
    } else if sum == 0.0 || !sum.is_finite() {
        Err(EstimateError::ZeroDenominator { sum })
    } else {
        Ok(())
    }
}

fn check_missing(domain: &[bool], inside: &[bool]) -> Result<(), EstimateError> {
    let count = |rows: &[bool]| rows.iter().filter(|r| **r).count();
    let respondents = count(domain);
    let missing = respondents - count(inside);
    if missing as f64 > MAX_MISSING_IN_TOTAL * respondents as f64 {
        return Err(EstimateError::TotalWithMissing { missing, respondents });
    }
    Ok(())
}

fn deff(design: &Design, y: &[f64], inside: &[bool], mean: f64, variance: f64) -> Option<f64> {
    let n = inside.iter().filter(|i| **i).count() as f64;
    let size = domain_sum(design, inside, |_| 1.0);
    let spread = domain_sum(design, inside, |row| (y[row] - mean) * (y[row] - mean));
    design_effect(variance, (n, size), spread, mean)
}

/// An estimate with the sizes and weights of its domain.
///
/// # Errors
/// [`EstimateError::NotFinite`].
pub(super) fn finish(
    design: &Design,
    inside: &[bool],
    estimate: f64,
    variance: f64,
    deff: Option<f64>,
) -> Result<Estimate, EstimateError> {
    let weights = design.weight().iter().zip(inside);
    let weights = weights.filter(|(_, inside)| **inside).map(|(w, _)| *w);
    let kish = kish(weights);
    let se = standard_error(variance, estimate)?;
    Ok(Estimate {
        n: kish.n,
        nrow_design: if design.is_calibrated() { design.rows() } else { kish.n },
        df: design.degrees_of_freedom(inside),
        sum_w: kish.sum,
        kish_deff: kish.deff(),
        kish_neff: kish.n_eff(),
        estimate,
        se,
        deff: deff.map(|deff| if se == 0.0 { 0.0 } else { deff }),
    })
}
