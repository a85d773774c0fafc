use super::answer::{ProportionIntervals, limits};
use super::sample::{Sample, sample};
use super::{
    Answer, ChangeResult, Domain, DomainResult, EstimateRequest, EstimateResult, ProportionResult, QuantileResult,
    Request, RequestError, Tables, invalid,
};
use crate::statistics::estimate::change::{Change, change_in_mean};
use crate::statistics::estimate::{
    Estimate, EstimateError, QuantileEstimate, mean, proportion, quantile, ratio, total,
};
use crate::statistics::interval::{
    beta_svyciprop, korn_graubard, korn_graubard_neff, korn_graubard_raw, logit_interval, t_interval,
};
use crate::statistics::weight::kish;

/// Answers a request from its tables: weights, then every estimate; all or nothing.
///
/// With `calibration.within = "wave"` each wave is calibrated from the constant weight N/n of that wave, N being the
/// margins' total: the weights of the stacked design do not enter (they would give other weights than the reference
/// results, method 6 and oracle `_h2_`).
///
/// # Errors
/// [`RequestError`]; nothing is estimated then.
pub fn estimate(request: &Request, tables: Tables) -> Result<Answer, RequestError> {
    let sample = sample(request, tables)?;
    let mut results = Vec::with_capacity(request.estimates.len());
    for (position, wanted) in request.estimates.iter().enumerate() {
        let domain = sample.domain(wanted.domain())?;
        results.push(sample.result(wanted, &domain, position + 1)?);
    }
    Ok(Answer { id: request.id.clone(), weights_summary: kish(sample.design.weight().iter().copied()).into(), results })
}

impl Sample {
    /// Whether each row has all codes of the domain.
    fn domain(&self, domain: Option<&Domain>) -> Result<Vec<bool>, RequestError> {
        let mut inside = vec![true; self.table.rows()];
        for (column, code) in domain.into_iter().flatten() {
            let codes = self.table.codes(column)?;
            let wanted = codes.find(&code.text());
            for (inside, &code) in inside.iter_mut().zip(&codes.code) {
                *inside &= wanted == Some(code);
            }
        }
        Ok(inside)
    }

    fn result(&self, wanted: &EstimateRequest, domain: &[bool], number: usize) -> Result<EstimateResult, RequestError> {
        let is_change = matches!(wanted, EstimateRequest::ChangeInMean { .. });
        if is_change != self.second.is_some() {
            let problem = "change_in_mean, and only that, is estimated from waves";
            return Err(invalid(&format!("estimate {number}"), problem));
        }
        let mut y = Vec::new();
        for variable in wanted.variables() {
            y.push(self.table.numbers(variable)?);
        }
        let result = self.evaluate(wanted, &y, domain);
        result.map_err(|error| RequestError::Estimate { number, what: describe(wanted), error })
    }

    fn evaluate(
        &self,
        wanted: &EstimateRequest,
        y: &[&[f64]],
        domain: &[bool],
    ) -> Result<EstimateResult, EstimateError> {
        let design = &self.design;
        let by_class = self.classes.as_ref();
        if let Some(estimate) = by_class.and_then(|c| c.estimate(wanted, y, domain)) {
            return estimate.map(|estimate| point_result(wanted, &estimate));
        }
        Ok(match wanted {
            EstimateRequest::Mean { .. } => point_result(wanted, &mean(design, y[0], domain)?),
            EstimateRequest::Total { .. } => point_result(wanted, &total(design, y[0], domain)?),
            EstimateRequest::Ratio { .. } => point_result(wanted, &ratio(design, y[0], y[1], domain)?),
            EstimateRequest::Proportion { .. } => point_result(wanted, &proportion(design, y[0], domain)?),
            EstimateRequest::Quantile { q, .. } => quantile_result(wanted, *q, &quantile(design, y[0], *q, domain)?),
            EstimateRequest::ChangeInMean { .. } => {
                let second = self.second.as_deref().unwrap_or_default();
                change_result(wanted, &change_in_mean(design, y[0], domain, second)?)
            }
        })
    }
}

/// How messages call an estimate.
fn describe(wanted: &EstimateRequest) -> String {
    let variable = wanted.variables().join("/");
    let domain = wanted.domain().into_iter().flatten();
    let domain = domain.map(|(column, code)| format!("{column}={}", code.text()));
    let domain: Vec<String> = domain.collect();
    let place = if domain.is_empty() { "all".to_owned() } else { domain.join(", ") };
    format!("{} of {variable}, {place}", wanted.estimator())
}

fn shared_fields(wanted: &EstimateRequest, estimate: &Estimate) -> DomainResult {
    let variables = wanted.variables();
    let is_ratio = variables.len() == 2;
    DomainResult {
        estimator: wanted.estimator(),
        variable: variables.join("/"),
        numerator: is_ratio.then(|| variables[0].to_owned()),
        denominator: is_ratio.then(|| variables[1].to_owned()),
        domain: wanted.domain().cloned(),
        n: estimate.n,
        nrow_design: estimate.nrow_design,
        df: estimate.df,
        sum_w: estimate.sum_w,
        kish_deff: estimate.kish_deff,
        kish_neff: estimate.kish_neff,
        estimate: estimate.estimate,
        se: estimate.se,
        cv: estimate.cv(),
        ci95: None,
        deff_survey: estimate.deff,
    }
}

fn point_result(wanted: &EstimateRequest, estimate: &Estimate) -> EstimateResult {
    if matches!(wanted, EstimateRequest::Proportion { .. }) {
        return proportion_result(wanted, estimate);
    }
    let interval = t_interval(estimate.estimate, estimate.se, estimate.df);
    EstimateResult::Domain(DomainResult { ci95: Some(limits(interval)), ..shared_fields(wanted, estimate) })
}

fn proportion_result(wanted: &EstimateRequest, estimate: &Estimate) -> EstimateResult {
    let (p, se, df) = (estimate.estimate, estimate.se, estimate.df);
    let logit = limits(logit_interval(p, se, df));
    let raw = korn_graubard_raw(p, se);
    EstimateResult::Proportion(ProportionResult {
        domain: shared_fields(wanted, estimate),
        intervals: raw.is_some().then(|| ProportionIntervals {
            ci95_logit: logit,
            ci95_beta: limits(beta_svyciprop(p, se, df, estimate.nrow_design)),
            ci95_logit_svyciprop: logit,
            korn_graubard_neff_raw: raw,
            kg_nchs_neff: korn_graubard_neff(p, se, df, estimate.n),
            kg_nchs_ci95: limits(korn_graubard(p, se, df, estimate.n)),
        }),
    })
}

fn quantile_result(wanted: &EstimateRequest, q: f64, result: &QuantileEstimate) -> EstimateResult {
    EstimateResult::Quantile(QuantileResult {
        estimator: wanted.estimator(),
        variable: wanted.variables().join("/"),
        domain: wanted.domain().cloned(),
        q,
        qrule: "math",
        n: result.domain.n,
        nrow_design: result.domain.nrow_design,
        df: result.domain.df,
        sum_w: result.domain.sum_w,
        kish_deff: result.domain.kish_deff,
        kish_neff: result.domain.kish_neff,
        estimate: result.domain.estimate,
        ci95_woodruff_mean: result.mean.limits,
        se_woodruff_mean: result.mean.se,
        ci95_woodruff_xlogit: result.logit.limits,
        se_woodruff_xlogit: result.logit.se,
        p_at_q: result.p_at_q,
        se_p_at_q: result.se_p_at_q,
    })
}

fn change_result(wanted: &EstimateRequest, change: &Change) -> EstimateResult {
    EstimateResult::Change(ChangeResult {
        estimator: wanted.estimator(),
        variable: wanted.variables().join("/"),
        domain: wanted.domain().cloned(),
        n_wave1: change.n_wave1,
        n_wave2: change.n_wave2,
        n_panel: change.n_panel,
        mean_w1: change.mean_w1,
        mean_w2: change.mean_w2,
        change: change.change,
        se_w1: change.se_w1,
        se_w2: change.se_w2,
        cov_w1_w2: change.cov_w1_w2,
        corr_w1_w2: change.corr_w1_w2,
        se_change: change.se_change,
        df: change.df,
        ci95: limits(change.ci95),
        t: change.t,
        p_value: change.p_value,
        se_change_if_independence_wrongly_assumed: change.se_w1.hypot(change.se_w2),
    })
}
