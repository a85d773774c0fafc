//! Files of cases: primary rules and cell keys.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::DisclosureError;
use super::super::cell_key::{NoiseTable, Step};
use super::super::primary::{Contribution, Rules, magnitude};

/// Cases of the primary rules.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryRequest {
    /// Name, repeated in the answer.
    pub id: String,
    /// The rules, for people.
    pub rules: Option<String>,
    /// The cases.
    pub cases: Vec<PrimaryCase>,
}

/// A magnitude.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryCase {
    /// Name, repeated in the answer.
    pub name: String,
    /// Values of the respondents.
    pub contributions: Vec<f64>,
    /// Parameters.
    pub params: PrimaryParameters,
    /// What an oracle expects; not read.
    #[serde(default)]
    pub expected: serde::de::IgnoredAny,
}

/// Parameters of a case.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PrimaryParameters {
    /// Fewest enterprise groups; default 5.
    pub nmin: Option<u32>,
    /// p of the p %-rule; default 10.
    pub p: Option<f64>,
    /// n and k of the dominance rule; default 2 and 85.
    pub nk: Option<(usize, f64)>,
    /// Survey weights; default 1.
    pub w: Option<Vec<f64>>,
    /// Enterprise groups; default each its own.
    pub holding: Option<Vec<String>>,
}

/// Cases of cell-key noise.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellKeyRequest {
    /// Name, repeated in the answer.
    pub id: String,
    /// Noise by count.
    pub ptable: BTreeMap<String, Vec<StepRequest>>,
    /// The rule, for people.
    pub rule: Option<String>,
    /// The cases.
    pub cases: Vec<CellKeyCase>,
}

/// Noise of a range of cell keys.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepRequest {
    /// Noise.
    pub noise: i64,
    /// Excluded end.
    pub lower: f64,
    /// Included end.
    pub upper: f64,
}

/// A count.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellKeyCase {
    /// Keys of its records.
    pub record_keys: Vec<f64>,
    /// What an oracle expects; not read.
    #[serde(default)]
    pub expected: serde::de::IgnoredAny,
}

/// The answers of cases, in their order.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CasesAnswer<T> {
    /// Name of the request.
    pub id: String,
    /// An answer per case.
    pub cases: Vec<T>,
}

/// The answer for a magnitude; fields as in [`super::super::primary::Finding`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(non_snake_case, missing_docs)]
pub struct PrimaryAnswer {
    pub name: String,
    pub n_units: u32,
    pub n_groups: u32,
    pub X: f64,
    pub x1: f64,
    pub x2: f64,
    pub freq_unsafe: bool,
    pub dominance_unsafe: bool,
    pub p_percent_unsafe: bool,
    pub upl_p: f64,
    pub upl_nk: f64,
}

/// The answer for a count; fields as in [`super::super::cell_key::NoisyCount`].
#[derive(Debug, Clone, PartialEq, Serialize)]
#[allow(missing_docs)]
pub struct CellKeyAnswer {
    pub n: u64,
    pub cell_key: f64,
    pub noise: i64,
    pub published: u64,
}

/// Applies the primary rules to each case.
///
/// # Errors
/// Weights or groups that are not one per contribution, and the errors of [`magnitude`], with the name of the case.
pub fn primary_request(request: &PrimaryRequest) -> Result<CasesAnswer<PrimaryAnswer>, DisclosureError> {
    let cases = request.cases.iter().map(primary_case).collect::<Result<_, _>>()?;
    Ok(CasesAnswer { id: request.id.clone(), cases })
}

/// Adds cell-key noise to each case.
///
/// # Errors
/// A row of the noise table that is named by no count, and the errors of [`NoiseTable`].
pub fn cell_key_request(request: &CellKeyRequest) -> Result<CasesAnswer<CellKeyAnswer>, DisclosureError> {
    let row = |(name, steps): (&String, &Vec<StepRequest>)| {
        let problem = "its name must be a count".to_owned();
        let fault = |_| DisclosureError::Invalid { place: format!("ptable row {name}"), problem };
        let step = |one: &StepRequest| Step { noise: one.noise, lower: one.lower, upper: one.upper };
        Ok((name.parse().map_err(fault)?, steps.iter().map(step).collect()))
    };
    let table = NoiseTable::new(request.ptable.iter().map(row).collect::<Result<_, DisclosureError>>()?)?;
    let answer = |case: &CellKeyCase| {
        let found = table.count(&case.record_keys)?;
        Ok(CellKeyAnswer { n: found.n, cell_key: found.cell_key, noise: found.noise, published: found.published })
    };
    let cases = request.cases.iter().map(answer).collect::<Result<_, DisclosureError>>()?;
    Ok(CasesAnswer { id: request.id.clone(), cases })
}

fn primary_case(case: &PrimaryCase) -> Result<PrimaryAnswer, DisclosureError> {
    let params = &case.params;
    let per_unit = |length: Option<usize>| length.is_none_or(|length| length == case.contributions.len());
    if !per_unit(params.w.as_ref().map(Vec::len)) || !per_unit(params.holding.as_ref().map(Vec::len)) {
        let problem = "give one weight and one holding per contribution".to_owned();
        return Err(DisclosureError::Invalid { place: format!("case {}", case.name), problem });
    }
    let contribution = |(unit, &value): (usize, &f64)| Contribution {
        value,
        weight: params.w.as_ref().map_or(1.0, |weights| weights[unit]),
        group: params.holding.as_ref().map(|groups| groups[unit].clone()),
    };
    let contributions: Vec<Contribution> = case.contributions.iter().enumerate().map(contribution).collect();
    let default = Rules::default();
    let rules = Rules {
        nmin: params.nmin.unwrap_or(default.nmin),
        percent: params.p.unwrap_or(default.percent),
        dominance: params.nk.unwrap_or(default.dominance),
    };
    let named = |error: DisclosureError| DisclosureError::Invalid {
        place: format!("case {}", case.name),
        problem: error.to_string(),
    };
    let found = magnitude(&contributions, &rules).map_err(named)?;
    Ok(PrimaryAnswer {
        name: case.name.clone(),
        n_units: found.units,
        n_groups: found.groups,
        X: found.total,
        x1: found.largest,
        x2: found.second,
        freq_unsafe: found.frequency_unsafe,
        dominance_unsafe: found.dominance_unsafe,
        p_percent_unsafe: found.p_percent_unsafe,
        upl_p: found.upper_p,
        upl_nk: found.upper_dominance,
    })
}
