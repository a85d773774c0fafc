use std::ops::Range;

use super::EstimateError;
use crate::statistics::sum::Sum;
use crate::statistics::table::{Codes, index};
use crate::statistics::weight::{Calibration, is_usable};

/// What to do with a stratum of one sampling unit whose population is larger.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum SinglePsu {
    /// Refuse: its variance is unknown.
    #[default]
    Error,
    /// Let it contribute 0 (method 4.4: after the collapse only where n_h = N_h = 1).
    Zero,
}

/// The design of a sample, row by row in canonical order.
#[derive(Debug, Clone, Copy)]
pub struct DesignColumns<'a> {
    /// Variance strata; `None` for one stratum.
    pub strata: Option<&'a Codes>,
    /// Primary sampling units; `None` when every row is its own.
    pub psu: Option<&'a Codes>,
    /// Weights before calibration, above 0.
    pub weight: &'a [f64],
    /// Sampling units in the population of the row's stratum; `None` for no finite population correction.
    pub population: Option<&'a [f64]>,
    /// Treatment of strata with a single unit.
    pub single_psu: SinglePsu,
}

/// A sample with its weights, ready for variance estimation.
#[derive(Debug, Clone)]
pub struct Design {
    weight: Vec<f64>,
    /// The sampling unit of each row.
    psu: Vec<u32>,
    /// The stratum of each sampling unit.
    stratum: Vec<u32>,
    /// (1 − f_h)·n_h/(n_h − 1) per stratum.
    factor: Vec<f64>,
    /// n_h, sampling units per stratum.
    psus: Vec<u32>,
    calibrations: Vec<(Range<usize>, Calibration)>,
}

impl Design {
    /// Builds the design.
    ///
    /// # Errors
    /// [`EstimateError::BadWeight`], [`EstimateError::PsuInTwoStrata`], [`EstimateError::PopulationDiffers`],
    /// [`EstimateError::PopulationTooSmall`], [`EstimateError::SinglePsu`].
    pub fn new(columns: DesignColumns) -> Result<Self, EstimateError> {
        let rows = columns.weight.len();
        check_weights(columns.weight)?;
        let psu = match columns.psu {
            Some(psu) => dense(psu),
            None => (0..index(rows)).collect(),
        };
        let stratum = strata_of_psus(&columns, &psu)?;
        let strata = columns.strata.map_or(1, |codes| codes.levels.len());
        let mut psus = vec![0; strata];
        for &stratum in &stratum {
            psus[stratum as usize] += 1;
        }
        Ok(Self {
            factor: factors(&columns, &psus)?,
            weight: columns.weight.to_vec(),
            psu,
            stratum,
            psus,
            calibrations: Vec::new(),
        })
    }

    /// The same design with calibrated weights: `calibration` has the rows `rows` as units, and their weights as
    /// masses.
    #[must_use]
    pub fn calibrated(mut self, rows: Range<usize>, calibration: Calibration) -> Self {
        debug_assert_eq!(rows.len(), calibration.g().len());
        for (weight, g) in self.weight[rows.clone()].iter_mut().zip(calibration.g()) {
            *weight *= g;
        }
        self.calibrations.push((rows, calibration));
        self
    }

    /// Final weights w, per row.
    #[must_use]
    pub fn weight(&self) -> &[f64] {
        &self.weight
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.weight.len()
    }

    /// Number of sampling units.
    #[must_use]
    pub fn psus(&self) -> usize {
        self.stratum.len()
    }

    /// The sampling unit of each row, numbered from 0.
    #[must_use]
    pub fn psu(&self) -> &[u32] {
        &self.psu
    }

    /// (1 − f_h)·n_h/(n_h − 1) per stratum, in the order of the strata's codes.
    #[must_use]
    pub fn stratum_factors(&self) -> &[f64] {
        &self.factor
    }

    /// Whether the weights were calibrated.
    #[must_use]
    pub fn is_calibrated(&self) -> bool {
        !self.calibrations.is_empty()
    }

    /// Degrees of freedom of a domain: sampling units minus strata, counting those with at least one row of the domain
    /// (method 4.5).
    #[must_use]
    pub fn degrees_of_freedom(&self, domain: &[bool]) -> i64 {
        let mut psu_seen = vec![false; self.psus()];
        let mut stratum_seen = vec![false; self.factor.len()];
        for (&psu, _) in self.psu.iter().zip(domain).filter(|(_, inside)| **inside) {
            psu_seen[psu as usize] = true;
            stratum_seen[self.stratum[psu as usize] as usize] = true;
        }
        let count = |seen: &[bool]| seen.iter().filter(|s| **s).count() as i64;
        count(&psu_seen) - count(&stratum_seen)
    }

    /// Totals per sampling unit of the (calibration residuals of the) linearised variable u = w·v (method 4.2).
    pub fn contributions(&self, mut v: Vec<f64>) -> Vec<f64> {
        for (rows, calibration) in &self.calibrations {
            calibration.residual(&mut v[rows.clone()]);
        }
        let mut totals = vec![Sum::default(); self.psus()];
        for ((&psu, w), v) in self.psu.iter().zip(&self.weight).zip(&v) {
            totals[psu as usize].add(w * v);
        }
        totals.into_iter().map(Sum::value).collect()
    }

    /// Σ_h (1−f_h)·n_h/(n_h−1)·Σ_j (a_hj − ā_h)(b_hj − b̄_h) over sampling units (method 4.3): the covariance of the
    /// estimates with contributions `a` and `b`.
    #[must_use]
    pub fn covariance(&self, a: &[f64], b: &[f64]) -> f64 {
        let (mean_a, mean_b) = (self.stratum_means(a), self.stratum_means(b));
        let mut products = vec![Sum::default(); self.factor.len()];
        for ((&stratum, a), b) in self.stratum.iter().zip(a).zip(b) {
            let h = stratum as usize;
            products[h].add((a - mean_a[h]) * (b - mean_b[h]));
        }
        let terms = products.iter().zip(&self.factor);
        let sum: Sum = terms.map(|(product, factor)| factor * product.value()).collect();
        sum.value()
    }

    /// The variance of the estimate whose linearised variable is w·v.
    #[must_use]
    pub fn variance(&self, v: Vec<f64>) -> f64 {
        let contributions = self.contributions(v);
        self.covariance(&contributions, &contributions)
    }

    fn stratum_means(&self, contributions: &[f64]) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.factor.len()];
        for (&stratum, t) in self.stratum.iter().zip(contributions) {
            sums[stratum as usize].add(*t);
        }
        let means = sums.iter().zip(&self.psus);
        means.map(|(sum, &n)| sum.value() / f64::from(n)).collect()
    }
}

fn check_weights(weights: &[f64]) -> Result<(), EstimateError> {
    match weights.iter().position(|&weight| !is_usable(weight)) {
        None => Ok(()),
        Some(row) => Err(EstimateError::BadWeight { row, weight: weights[row] }),
    }
}

/// Renumbers codes by first appearance in canonical order, so that every number occurs.
fn dense(codes: &Codes) -> Vec<u32> {
    let mut number = vec![u32::MAX; codes.levels.len()];
    let mut next = 0;
    let renumber = |&code: &u32| {
        let number = &mut number[code as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *number
    };
    codes.code.iter().map(renumber).collect()
}

fn strata_of_psus(columns: &DesignColumns, psu: &[u32]) -> Result<Vec<u32>, EstimateError> {
    let count = psu.iter().max().map_or(0, |&last| last as usize + 1);
    let Some(strata) = columns.strata else {
        return Ok(vec![0; count]);
    };
    let mut stratum: Vec<Option<u32>> = vec![None; count];
    for (row, (&psu, &code)) in psu.iter().zip(&strata.code).enumerate() {
        let first = *stratum[psu as usize].get_or_insert(code);
        if first != code {
            return Err(EstimateError::PsuInTwoStrata {
                psu: columns.psu.map_or(String::new(), |p| p.label(row).to_owned()),
                first: strata.levels[first as usize].clone(),
                second: strata.levels[code as usize].clone(),
            });
        }
    }
    Ok(stratum.into_iter().flatten().collect())
}

fn factors(columns: &DesignColumns, psus: &[u32]) -> Result<Vec<f64>, EstimateError> {
    let label = |h: usize| columns.strata.map_or("all", |s| s.levels[h].as_str()).to_owned();
    let population = populations(columns, psus.len(), label)?;
    let mut factors = Vec::with_capacity(psus.len());
    for (h, (&n, population)) in psus.iter().zip(population).enumerate() {
        let units = f64::from(n);
        let rest = match population {
            None => 1.0,
            Some(size) if size >= units => 1.0 - units / size,
            Some(size) => {
                return Err(EstimateError::PopulationTooSmall { stratum: label(h), psus: n, population: size });
            }
        };
        factors.push(match n {
            0 => 0.0,
            1 if rest > 0.0 && columns.single_psu == SinglePsu::Error => {
                return Err(EstimateError::SinglePsu { stratum: label(h) });
            }
            1 => 0.0,
            _ => rest * units / (units - 1.0),
        });
    }
    Ok(factors)
}

/// The population of every stratum, which its rows must agree about.
fn populations(
    columns: &DesignColumns,
    strata: usize,
    label: impl Fn(usize) -> String,
) -> Result<Vec<Option<f64>>, EstimateError> {
    let mut population: Vec<Option<f64>> = vec![None; strata];
    for (row, &size) in columns.population.unwrap_or_default().iter().enumerate() {
        let h = columns.strata.map_or(0, |codes| codes.code[row] as usize);
        let first = *population[h].get_or_insert(size);
        if first != size {
            return Err(EstimateError::PopulationDiffers { stratum: label(h), first, second: size });
        }
    }
    Ok(population)
}
