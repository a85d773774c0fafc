//! Weights: response cells, and raking to the margins of the frame (method 2).

use std::collections::BTreeMap;

use super::ReleaseError;
use super::document::{Merged, Parameters, Representativeness, Weighting};
use super::layout::{CellCodes, Layout};
use super::microdata::Frame;
use crate::statistics::estimate::SinglePsu;
use crate::statistics::estimate::cell::CellDesign;
use crate::statistics::frame::{Cells, CollapseRule, Strata, collapse};
use crate::statistics::table::Codes;
use crate::statistics::weight::{
    Bounded, Calibration, DEFAULT_BOUNDS, Incidence, Margin, MarginCategory, MarginColumns, THIN, WIDER_BOUNDS,
    WeightError, calibrate_bounded, merge_thin, r_indicator,
};

/// Respondents a category needs before raking; the later numbers where fewer merges leave no solution (method 2.5).
const MERGES: [u32; 4] = [THIN, 2 * THIN, 4 * THIN, 8 * THIN];

/// The weighted sample.
pub(super) struct Weighted {
    pub design: CellDesign,
    /// Weight of each respondent of a cell of the frame; 0 where nobody answered.
    pub weight: Vec<f64>,
    pub about: Weighting,
    pub representativeness: Vec<Representativeness>,
}

/// A classification that weights are raked to.
struct Axis {
    name: &'static str,
    /// Code of every cell of the frame.
    code: Vec<String>,
    /// Group of every code, for merging.
    group: BTreeMap<String, Option<String>>,
}

/// Collapses, weights and rakes; `respondents` is n per cell of the frame.
pub(super) fn weigh(
    frame: &Frame,
    layout: &Layout,
    respondents: &[u32],
    parameters: &Parameters,
) -> Result<Weighted, ReleaseError> {
    let population: Vec<f64> = frame.cells.iter().map(|cell| f64::from(cell.enterprises)).collect();
    let strata = strata(&population, layout, respondents, parameters)?;
    let design = CellDesign::new(&strata, respondents, false, SinglePsu::Zero);
    let design = design.map_err(|error| ReleaseError::Estimate { indicator: "weights".into(), error })?;
    let axes = axes(&layout.codes);
    let representativeness = representativeness(&axes, &strata, &population, respondents);
    let (calibration, bounds, merged) = raked(&axes, &design, &population, respondents)?;
    let design = design.calibrated(calibration);
    let mut weight = vec![0.0; population.len()];
    for (&cell, &w) in design.responding().iter().zip(design.weight()) {
        weight[cell as usize] = w;
    }
    let margins = axes.iter().map(|axis| axis.name.to_owned()).collect();
    let about = Weighting { strata: strata.len(), margins, merged, bounds };
    Ok(Weighted { design, weight, about, representativeness })
}

fn strata(
    population: &[f64],
    layout: &Layout,
    respondents: &[u32],
    parameters: &Parameters,
) -> Result<Strata, ReleaseError> {
    let codes = &layout.codes;
    let level = |key: &dyn Fn(&CellCodes) -> String| Codes::from_labels(codes.iter().map(key));
    let levels = vec![
        level(&|c| format!("{}|{}|{}", c.district, c.section, c.size)),
        level(&|c| format!("{}|{}|{}", c.district, c.group, c.size)),
        level(&|c| format!("{}|{}|{}", c.kind, c.group, c.size)),
        level(&|c| format!("{}|{}", c.group, c.size)),
        level(&|c| c.size.clone()),
    ];
    let cells = Cells { population: population.to_vec(), respondents: respondents.to_vec(), levels };
    let strata = collapse(&cells, CollapseRule { nmin: parameters.nmin, fmax: parameters.fmax })?;
    let lonely = |h: &usize| strata.respondents[*h] == 1 && strata.population[*h] > 1.0;
    match (0..strata.len()).find(lonely) {
        Some(h) => Err(ReleaseError::LonelyStratum(strata.label[h].clone())),
        None => Ok(strata),
    }
}

fn axes(codes: &[CellCodes]) -> Vec<Axis> {
    let axis = |name, code: &dyn Fn(&CellCodes) -> String, group: &dyn Fn(&CellCodes) -> Option<String>| Axis {
        name,
        code: codes.iter().map(code).collect(),
        group: codes.iter().map(|c| (code(c), group(c))).collect(),
    };
    let all = [
        axis("district", &|c| c.district.clone(), &|_| None),
        axis("section", &|c| c.section.clone(), &|c| Some(c.group.to_owned())),
        axis("size", &|c| c.size.clone(), &|_| None),
    ];
    // A classification with one class restores nothing that the others do not.
    let (several, one): (Vec<Axis>, Vec<Axis>) = all.into_iter().partition(|axis| axis.group.len() > 1);
    if several.is_empty() { one.into_iter().take(1).collect() } else { several }
}

type Raked = (Calibration, Option<[f64; 2]>, Vec<Merged>);

fn raked(axes: &[Axis], design: &CellDesign, population: &[f64], respondents: &[u32]) -> Result<Raked, ReleaseError> {
    let mut last = WeightError::NoMargins;
    for min in MERGES {
        let labels: Vec<BTreeMap<String, String>> = axes.iter().map(|axis| axis.merged(respondents, min)).collect();
        let incidence = incidence(axes, &labels, design, population)?;
        match calibrate_bounded(&incidence, &design.mass()) {
            Ok((calibration, bounded)) => return Ok((calibration, limits(bounded), merges(axes, &labels))),
            Err(error) => last = error,
        }
    }
    Err(last.into())
}

impl Axis {
    fn counts<T: Copy>(&self, of_cell: &[T], add: impl Fn(T, T) -> T) -> BTreeMap<&str, T> {
        let mut counts: BTreeMap<&str, T> = BTreeMap::new();
        for (code, &count) in self.code.iter().zip(of_cell) {
            counts.entry(code).and_modify(|sum| *sum = add(*sum, count)).or_insert(count);
        }
        counts
    }

    fn merged(&self, respondents: &[u32], min: u32) -> BTreeMap<String, String> {
        let counts = self.counts(respondents, |a, b| a + b);
        let category = |(code, group): (&String, &Option<String>)| MarginCategory {
            code: code.clone(),
            respondents: counts.get(code.as_str()).copied().unwrap_or(0),
            group: group.clone(),
        };
        let categories: Vec<MarginCategory> = self.group.iter().map(category).collect();
        merge_thin(&categories, min)
    }
}

fn incidence(
    axes: &[Axis],
    labels: &[BTreeMap<String, String>],
    design: &CellDesign,
    population: &[f64],
) -> Result<Incidence, WeightError> {
    let mut margins = Vec::new();
    let mut codes = Vec::new();
    for (axis, labels) in axes.iter().zip(labels) {
        let totals = axis.counts(population, |a, b| a + b).into_iter();
        let margin = Margin {
            by: vec![axis.name.to_owned()],
            totals: totals.map(|(code, total)| (vec![code.to_owned()], total)).collect(),
        };
        margins.push(margin.relabelled(axis.name, labels));
        let responding = design.responding().iter().map(|&cell| &axis.code[cell as usize]);
        codes.push(Codes::from_labels(responding.map(|code| labels.get(code).unwrap_or(code))));
    }
    let columns: Vec<[&Codes; 1]> = codes.iter().map(|codes| [codes]).collect();
    let columns = margins.iter().zip(&columns);
    let columns: Vec<MarginColumns> = columns.map(|(margin, codes)| MarginColumns { margin, codes }).collect();
    Incidence::new(&columns, design.responding().len(), |unit| format!("cell {}", design.responding()[unit]))
}

fn limits(bounded: Bounded) -> Option<[f64; 2]> {
    let (low, high) = match bounded {
        Bounded::ByItself => return None,
        Bounded::Default => DEFAULT_BOUNDS,
        Bounded::Wider => WIDER_BOUNDS,
    };
    Some([low, high])
}

fn merges(axes: &[Axis], labels: &[BTreeMap<String, String>]) -> Vec<Merged> {
    let of_axis = |(axis, labels): (&Axis, &BTreeMap<String, String>)| {
        let changed = labels.iter().filter(|(code, into)| code != into);
        let merged = |(code, into): (&String, &String)| Merged {
            margin: axis.name.to_owned(),
            code: code.clone(),
            into: into.clone(),
        };
        changed.map(merged).collect::<Vec<_>>()
    };
    axes.iter().zip(labels).flat_map(of_axis).collect()
}

fn representativeness(
    axes: &[Axis],
    strata: &Strata,
    population: &[f64],
    respondents: &[u32],
) -> Vec<Representativeness> {
    let mut all = Vec::new();
    let mut push = |by: &str, population: &[f64], respondents: &[u32]| {
        // Two decimals: more would say how many answered.
        if let Some(found) = r_indicator(population, respondents) {
            all.push(Representativeness { by: by.to_owned(), r: (found.r * 100.0).round() / 100.0 });
        }
    };
    for axis in axes {
        let population: Vec<f64> = axis.counts(population, |a, b| a + b).into_values().collect();
        let respondents: Vec<u32> = axis.counts(respondents, |a, b| a + b).into_values().collect();
        push(axis.name, &population, &respondents);
    }
    push("cell", &strata.population, &strata.respondents);
    all
}
