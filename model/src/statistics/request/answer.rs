use serde::Serialize;

use super::Domain;
use crate::statistics::weight::Kish;

/// The answer to a request; fields as in `statistics/README.md`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Answer {
    /// The request's.
    pub id: String,
    /// The final weights of all rows.
    pub weights_summary: WeightsSummary,
    /// In the order of the request's `estimates`.
    pub results: Vec<EstimateResult>,
}

/// Summary of the final weights.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WeightsSummary {
    /// Rows.
    pub n: usize,
    /// Σw.
    pub sum: f64,
    /// Σw².
    pub sum_sq: f64,
    /// Smallest weight.
    pub min: f64,
    /// Largest weight.
    pub max: f64,
    /// nΣw²/(Σw)².
    pub kish_deff: f64,
}

/// One result.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum EstimateResult {
    /// Mean, total or ratio.
    Domain(DomainResult),
    /// Proportion.
    Proportion(ProportionResult),
    /// Quantile.
    Quantile(QuantileResult),
    /// Change between waves.
    Change(ChangeResult),
}

/// What was estimated, and the fields that mean, total, ratio and proportion share.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DomainResult {
    /// Estimator.
    pub estimator: &'static str,
    /// Variable; of a ratio `numerator/denominator`.
    pub variable: String,
    /// Of a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub numerator: Option<String>,
    /// Of a ratio.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub denominator: Option<String>,
    /// Rows; null for all.
    pub domain: Option<Domain>,
    /// Respondents of the domain with a value.
    pub n: usize,
    /// Rows the design counts.
    pub nrow_design: usize,
    /// Degrees of freedom.
    pub df: i64,
    /// Σw of the domain.
    pub sum_w: f64,
    /// Kish's design effect of the domain.
    pub kish_deff: f64,
    /// Kish's effective size of the domain.
    pub kish_neff: f64,
    /// The estimate.
    pub estimate: f64,
    /// Its standard error.
    pub se: f64,
    /// se/|estimate|; null at 0.
    pub cv: Option<f64>,
    /// estimate ± t·se, [null, null] without degrees of freedom; absent for proportions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ci95: Option<[Option<f64>; 2]>,
    /// Design effect as R `survey` computes it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub deff_survey: Option<f64>,
}

/// A proportion; the intervals are absent where p is 0 or 1 or se is 0, and null without degrees of freedom.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProportionResult {
    /// The shared fields.
    #[serde(flatten)]
    pub domain: DomainResult,
    /// Intervals.
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    pub intervals: Option<ProportionIntervals>,
}

/// The intervals of a proportion.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProportionIntervals {
    /// Logit.
    pub ci95_logit: [Option<f64>; 2],
    /// `svyciprop(method = "beta")`.
    pub ci95_beta: [Option<f64>; 2],
    /// `svyciprop(method = "logit")`: the logit interval at the limit of its iterations.
    pub ci95_logit_svyciprop: [Option<f64>; 2],
    /// p(1−p)/se².
    pub korn_graubard_neff_raw: Option<f64>,
    /// n* of the NCHS standard.
    pub kg_nchs_neff: Option<f64>,
    /// Its interval.
    pub kg_nchs_ci95: [Option<f64>; 2],
}

/// A quantile.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QuantileResult {
    /// Always `quantile`.
    pub estimator: &'static str,
    /// Variable.
    pub variable: String,
    /// Rows; null for all.
    pub domain: Option<Domain>,
    /// Order.
    pub q: f64,
    /// Always `math`: the smallest y with F(y) ≥ q.
    pub qrule: &'static str,
    /// Respondents of the domain with a value.
    pub n: usize,
    /// Rows the design counts.
    pub nrow_design: usize,
    /// Degrees of freedom.
    pub df: i64,
    /// Σw of the domain.
    pub sum_w: f64,
    /// Kish's design effect of the domain.
    pub kish_deff: f64,
    /// Kish's effective size of the domain.
    pub kish_neff: f64,
    /// The quantile.
    pub estimate: f64,
    /// Woodruff's interval from F ± t·se.
    pub ci95_woodruff_mean: [Option<f64>; 2],
    /// Its width/(2t).
    pub se_woodruff_mean: Option<f64>,
    /// Woodruff's interval from the logit interval of F.
    pub ci95_woodruff_xlogit: [Option<f64>; 2],
    /// Its width/(2t).
    pub se_woodruff_xlogit: Option<f64>,
    /// F at the estimate.
    pub p_at_q: f64,
    /// Its standard error.
    pub se_p_at_q: f64,
}

/// A change between waves.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChangeResult {
    /// Always `change_in_mean`.
    pub estimator: &'static str,
    /// Variable.
    pub variable: String,
    /// Rows; null for all.
    pub domain: Option<Domain>,
    /// Respondents of wave 1.
    pub n_wave1: usize,
    /// Respondents of wave 2.
    pub n_wave2: usize,
    /// Enterprises in both.
    pub n_panel: usize,
    /// Mean of wave 1.
    pub mean_w1: f64,
    /// Mean of wave 2.
    pub mean_w2: f64,
    /// Their difference.
    pub change: f64,
    /// Standard error of the mean of wave 1.
    pub se_w1: f64,
    /// Standard error of the mean of wave 2.
    pub se_w2: f64,
    /// Covariance of the means.
    pub cov_w1_w2: f64,
    /// Correlation of the means.
    pub corr_w1_w2: Option<f64>,
    /// Standard error of the change.
    pub se_change: f64,
    /// Degrees of freedom.
    pub df: i64,
    /// change ± t·se.
    pub ci95: [Option<f64>; 2],
    /// change/se.
    pub t: Option<f64>,
    /// Two-sided.
    pub p_value: Option<f64>,
    /// √(se_w1² + se_w2²): not the standard error of the change, only for comparison.
    pub se_change_if_independence_wrongly_assumed: f64,
}

impl From<Kish> for WeightsSummary {
    fn from(kish: Kish) -> Self {
        Self { n: kish.n, sum: kish.sum, sum_sq: kish.sum_sq, min: kish.min, max: kish.max, kish_deff: kish.deff() }
    }
}

/// Limits as JSON has them: [null, null] for no interval.
pub(super) fn limits(interval: Option<[f64; 2]>) -> [Option<f64>; 2] {
    interval.map_or([None; 2], |limits| limits.map(Some))
}
