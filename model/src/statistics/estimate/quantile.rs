use super::point::{check_denominator, domain_sum, finish, influence, observed};
use super::{Design, Estimate, EstimateError, standard_error};
use crate::statistics::interval::{logit_interval, t_interval, t_quantile};
use crate::statistics::sum::Sum;

/// Relative slack when cumulative weights are compared with a share of their sum (method 3).
const SLACK: f64 = 1e-13;

/// A quantile of a domain.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileEstimate {
    /// Sizes, weights and degrees of freedom of the domain; `estimate` is the quantile, in units of the variable, and
    /// `se` is 0: use those of the intervals.
    pub domain: Estimate,
    /// F̂ at the estimate.
    pub p_at_q: f64,
    /// Standard error of F̂ at the estimate.
    pub se_p_at_q: f64,
    /// Woodruff's interval from a symmetric interval for F̂.
    pub mean: Woodruff,
    /// Woodruff's interval from a logit interval for F̂.
    pub logit: Woodruff,
}

/// A quantile's interval, by inverting the interval of the distribution function there (Woodruff 1952; method 5).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Woodruff {
    /// 95 % limits; `None` where the limit for F̂ leaves [0, 1] or there are no degrees of freedom.
    pub limits: [Option<f64>; 2],
    /// Width/(2t).
    pub se: Option<f64>,
}

/// The weighted distribution of a variable over a domain.
struct Distribution {
    /// Values, ascending.
    value: Vec<f64>,
    /// Cumulative weights.
    cumulative: Vec<f64>,
}

/// The `q`-quantile of `y` over `domain`: the smallest y with F̂(y) ≥ q (method 3), with Woodruff's intervals.
///
/// # Errors
/// [`EstimateError::BadQuantile`], [`EstimateError::EmptyDomain`].
pub fn quantile(design: &Design, y: &[f64], q: f64, domain: &[bool]) -> Result<QuantileEstimate, EstimateError> {
    if !(q > 0.0 && q < 1.0) {
        return Err(EstimateError::BadQuantile { q });
    }
    let inside = observed(domain, &[y]);
    let size = domain_sum(design, &inside, |_| 1.0);
    check_denominator(size, &inside)?;
    let distribution = Distribution::new(design, y, &inside);
    let estimate = distribution.quantile(q);
    let below = |row: usize| f64::from(y[row] <= estimate);
    let p = domain_sum(design, &inside, below) / size;
    let v = influence(&inside, |row| (below(row) - p) / size);
    let se = standard_error(design.variance(v), p)?;
    let companions = finish(design, &inside, estimate, 0.0, None)?;
    let df = companions.df;
    let logit = logit_interval(p, se, df);
    Ok(QuantileEstimate {
        domain: companions,
        p_at_q: p,
        se_p_at_q: se,
        mean: distribution.woodruff(t_interval(p, se, df), df),
        logit: distribution.woodruff(logit, df),
    })
}

impl Distribution {
    fn new(design: &Design, y: &[f64], inside: &[bool]) -> Self {
        let rows = (0..y.len()).filter(|&row| inside[row]);
        let mut pairs: Vec<(f64, f64)> = rows.map(|row| (y[row], design.weight()[row])).collect();
        // Stable: rows with equal values stay in canonical order.
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut sum = Sum::default();
        let cumulative = pairs.iter().map(|(_, weight)| {
            sum.add(*weight);
            sum.value()
        });
        Self { cumulative: cumulative.collect(), value: pairs.iter().map(|(value, _)| *value).collect() }
    }

    /// The smallest value with F̂ ≥ p.
    fn quantile(&self, p: f64) -> f64 {
        let size = self.cumulative.last().copied().unwrap_or_default();
        let target = p * size * (1.0 - SLACK);
        let position = self.cumulative.partition_point(|weight| *weight < target);
        self.value[position.min(self.value.len() - 1)]
    }

    fn woodruff(&self, limits_of_p: Option<[f64; 2]>, df: i64) -> Woodruff {
        let invert = |p: f64| (0.0..=1.0).contains(&p).then(|| self.quantile(p));
        let limits = limits_of_p.map_or([None; 2], |limits| limits.map(invert));
        let se = match (limits, t_quantile(df)) {
            ([Some(lower), Some(upper)], Some(t)) => Some((upper - lower) / (2.0 * t)),
            _ => None,
        };
        Woodruff { limits, se }
    }
}
