//! Large samples: rows that agree in everything design, margins and domains ask for are one class, and classes are the
//! cells of [`crate::statistics::estimate::cell`].

use std::collections::BTreeMap;

use super::{Domain, EstimateRequest, Request};
use crate::statistics::estimate::cell::{CellDesign, CellRows, JointMoments, Moments, joint_moments, moments};
use crate::statistics::estimate::{Design, Estimate, EstimateError};
use crate::statistics::table::{Codes, Table, TableError, index};
use crate::statistics::weight::Calibration;

/// Rows from which classes are worth their bookkeeping.
const MIN_ROWS: usize = 20_000;

/// Fewest rows per class on average for which they are.
const MIN_ROWS_PER_CLASS: usize = 10;

/// The classes of a sample.
pub(super) struct RowClasses {
    /// The class of each row.
    pub class: Vec<u32>,
    /// The first row of each class.
    pub first_row: Vec<u32>,
}

/// A sample by classes, with the moments of its variables.
pub(super) struct Classes {
    first_row: Vec<u32>,
    design: CellDesign,
    rows: CellRows,
    moments: BTreeMap<String, Moments>,
}

impl RowClasses {
    /// The classes of a single-wave sample whose sampling units are rows; `None` for samples that are small or fall
    /// into many classes.
    ///
    /// Whether there are any depends on the content of the sample only, so it does not depend on the order of its rows.
    pub fn new(
        request: &Request,
        table: &Table,
        strata: Option<&Codes>,
        weight: &[f64],
    ) -> Result<Option<Self>, TableError> {
        if table.rows() < MIN_ROWS || request.design.psu.is_some() || request.waves.is_some() {
            return Ok(None);
        }
        let weights = Codes::from_numbers(weight);
        let mut keys = vec![&weights];
        keys.extend(strata);
        for column in request.class_columns() {
            keys.push(table.codes(column)?);
        }
        let crossed = Codes::crossed(&keys, table.rows());
        let mut first_row = vec![u32::MAX; crossed.levels.len()];
        for (row, &class) in crossed.code.iter().enumerate().rev() {
            first_row[class as usize] = index(row);
        }
        let are_worth_it = first_row.len() * MIN_ROWS_PER_CLASS <= table.rows();
        let class = crossed.code;
        Ok(are_worth_it.then_some(Self { class, first_row }))
    }
}

impl Classes {
    /// Takes the classes' design from that of the rows, not yet calibrated, and the calibration of the classes.
    pub fn new(
        classes: &RowClasses,
        design: &Design,
        strata: Option<&Codes>,
        calibration: Option<Calibration>,
    ) -> Self {
        let order: Vec<u32> = (0..index(design.rows())).collect();
        let rows = CellRows::new(&classes.class, classes.first_row.len(), &order);
        let first_rows = || classes.first_row.iter().map(|&row| row as usize);
        let stratum = |row: usize| Some(strata.map_or(0, |codes| codes.code[row]));
        let by_class = CellDesign::of_cells(
            &rows.respondents(),
            &first_rows().map(stratum).collect::<Vec<_>>(),
            &first_rows().map(|row| design.weight()[row]).collect::<Vec<_>>(),
            design.stratum_factors().to_vec(),
        );
        Self {
            first_row: classes.first_row.clone(),
            design: match calibration {
                Some(calibration) => by_class.calibrated(calibration),
                None => by_class,
            },
            rows,
            moments: BTreeMap::new(),
        }
    }

    /// Computes the moments of the variables that means, totals and proportions need.
    pub fn prepare(&mut self, request: &Request, table: &Table) -> Result<(), TableError> {
        for wanted in &request.estimates {
            if let EstimateRequest::Mean { variable, .. }
            | EstimateRequest::Total { variable, .. }
            | EstimateRequest::Proportion { variable, .. } = wanted
                && !self.moments.contains_key(variable)
            {
                let moments = moments(&self.rows, &[table.numbers(variable)?], 1);
                self.moments.extend(moments.into_iter().map(|m| (variable.clone(), m)));
            }
        }
        Ok(())
    }

    /// The estimate, where classes can give it: not for quantiles, nor for a proportion of a variable with other values
    /// than 0 and 1.
    pub fn estimate(
        &self,
        wanted: &EstimateRequest,
        y: &[&[f64]],
        domain: &[bool],
    ) -> Option<Result<Estimate, EstimateError>> {
        let inside = self.first_row.iter().zip(0..);
        let inside = inside.filter(|(row, _)| domain[**row as usize]);
        let cells: Vec<u32> = inside.map(|(_, class)| class).collect();
        let moments = |variable: &String| self.moments.get(variable);
        match wanted {
            EstimateRequest::Mean { variable, .. } => Some(self.design.mean(moments(variable)?, &cells)),
            EstimateRequest::Total { variable, .. } => Some(self.design.total(moments(variable)?, &cells)),
            EstimateRequest::Proportion { variable, .. } => {
                let moments = moments(variable)?;
                moments.is_binary.then(|| self.design.mean(moments, &cells))
            }
            EstimateRequest::Ratio { .. } => {
                let joint: JointMoments = joint_moments(&self.rows, y[0], y[1]);
                Some(self.design.ratio(&joint, &cells))
            }
            EstimateRequest::Quantile { .. } | EstimateRequest::ChangeInMean { .. } => None,
        }
    }
}

impl Request {
    /// The columns of margins and domains.
    fn class_columns(&self) -> Vec<&String> {
        let margins = self.calibration.iter().flat_map(super::CalibrationRequest::columns);
        let domains = self.estimates.iter().filter_map(EstimateRequest::domain);
        let mut columns: Vec<&String> = margins.chain(domains.flat_map(Domain::keys)).collect();
        columns.sort_unstable();
        columns.dedup();
        columns
    }
}
