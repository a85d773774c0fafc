//! Requests of `thuocso estimate`: what to estimate, from which tables, and the answer.
//!
//! [`Request`] is the request file, [`Request::files`] says which tables it needs and which of their columns,
//! [`estimate`] answers it. Reading files is the caller's business.

mod answer;
mod classes;
mod run;
mod sample;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::statistics::estimate::EstimateError;
use crate::statistics::frame::FrameError;
use crate::statistics::table::{Needs, Table, TableError};
use crate::statistics::weight::WeightError;

pub use answer::{
    Answer, ChangeResult, DomainResult, EstimateResult, ProportionResult, QuantileResult, WeightsSummary,
};
pub use run::estimate;

/// Codes of a domain: column → code. Rows must have all of them.
pub type Domain = BTreeMap<String, Code>;

/// A request file.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Request {
    /// Name of the request, repeated in the answer.
    pub id: String,
    /// CSV of respondents, relative to the request file.
    pub data: Option<String>,
    /// CSV of respondents of wave 1 and wave 2, for changes.
    pub waves: Option<[String; 2]>,
    /// CSV with a row per respondent and wave: id, `wave`, strata, weight.
    pub stacked_design: Option<String>,
    /// The design.
    pub design: DesignRequest,
    /// Response cells, which make strata and weights.
    pub response_cells: Option<ResponseCells>,
    /// Calibration of the weights.
    pub calibration: Option<CalibrationRequest>,
    /// What to estimate.
    pub estimates: Vec<EstimateRequest>,
}

/// The columns of the design.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DesignRequest {
    /// Identifier; puts rows into canonical order and must not repeat (within a wave).
    pub id: Option<String>,
    /// Variance strata; null for one stratum.
    pub strata: Option<String>,
    /// Primary sampling units; null when each row is one.
    pub psu: Option<String>,
    /// Weights; null for `population`/n on every row.
    pub weight: Option<String>,
    /// Finite population correction; null for none.
    pub fpc: Option<Fpc>,
    /// N, for constant weights.
    pub population: Option<f64>,
    /// Treatment of strata with a single sampling unit.
    #[serde(default)]
    pub single_psu_strata: SinglePsuStrata,
}

/// Where the population of a stratum comes from.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(untagged)]
pub enum Fpc {
    /// Sampling units in the population of every stratum.
    Number(f64),
    /// A column with it, or `"cells"`: the register size of the response cell.
    Column(String),
}

/// Treatment of strata with a single sampling unit.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SinglePsuStrata {
    /// Refuse.
    #[default]
    Error,
    /// Let them contribute 0.
    Zero,
}

/// The collapse of register cells into response cells (method 2.2).
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ResponseCells {
    /// CSV of the register by cells.
    pub frame: String,
    /// Its column of counts N.
    pub count: String,
    /// The columns that make a cell, in the frame and in the data.
    pub keys: Vec<String>,
    /// Grouping columns of the frame, coarser and coarser.
    pub levels: Vec<Vec<String>>,
    /// Fewest respondents of a stratum; default 5.
    pub nmin: Option<u32>,
    /// Largest weight in units of N/n; default 5.
    pub fmax: Option<f64>,
}

/// Calibration of the weights, with margins given or taken from a frame.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalibrationRequest {
    /// Method.
    pub method: Method,
    /// [L, U] of the logit method; default [0.3, 3].
    pub bounds: Option<[f64; 2]>,
    /// Margins with their totals.
    pub margins: Option<Vec<MarginRequest>>,
    /// CSV whose counts make the margins.
    pub frame: Option<String>,
    /// Its column of counts.
    pub count: Option<String>,
    /// The margins to take from it, each a list of columns.
    pub by: Option<Vec<Vec<String>>>,
    /// Whether each wave is calibrated by itself.
    pub within: Option<Within>,
}

/// Method of calibration.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Method {
    /// Exponential distance.
    Raking,
    /// One margin.
    Poststratification,
    /// Bounded logit distance.
    Logit,
    /// Chi-square distance (GREG).
    Linear,
}

/// The parts of the data that are calibrated by themselves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Within {
    /// Each wave, starting from the constant weight N/n of that wave (see [`estimate`]).
    Wave,
}

/// A margin with its totals.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MarginRequest {
    /// Its columns.
    pub by: Vec<String>,
    /// Per category a code for each column, and `count`.
    pub totals: Vec<BTreeMap<String, Code>>,
}

/// A code or a count in a request: text, or a number.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(untagged)]
pub enum Code {
    /// Text, as it stands in the data.
    Text(String),
    /// A number; as a code, in its shortest decimal spelling.
    Number(f64),
}

/// One estimate.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "estimator", rename_all = "snake_case", deny_unknown_fields)]
pub enum EstimateRequest {
    /// Mean of a variable.
    Mean {
        /// Column.
        variable: String,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
    /// Total of a variable.
    Total {
        /// Column.
        variable: String,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
    /// Share of rows with value 1.
    Proportion {
        /// Column of 0 and 1.
        variable: String,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
    /// Ratio of two totals.
    Ratio {
        /// Column.
        numerator: String,
        /// Column.
        denominator: String,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
    /// Quantile of a variable.
    Quantile {
        /// Column.
        variable: String,
        /// Order, between 0 and 1.
        q: f64,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
    /// Change of a mean from wave 1 to wave 2.
    ChangeInMean {
        /// Column.
        variable: String,
        /// Rows; null for all.
        domain: Option<Domain>,
    },
}

/// One thing of every kind of file of a request.
#[derive(Debug, Clone, PartialEq)]
pub struct Files<T> {
    /// The data: one file, or one per wave.
    pub data: Vec<T>,
    /// The stacked design.
    pub stacked: Option<T>,
    /// The frame of the response cells.
    pub cells: Option<T>,
    /// The frame of the margins.
    pub margins: Option<T>,
}

/// A file to be read, and the columns needed from it.
#[derive(Debug, Clone, PartialEq)]
pub struct File {
    /// Path, relative to the request file.
    pub path: String,
    /// Columns.
    pub needs: Needs,
}

/// The tables of a request.
pub type Tables = Files<Table>;

/// A request that cannot be answered.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum RequestError {
    /// The request contradicts itself.
    #[error("{place}: {problem}")]
    Invalid {
        /// Where in the request.
        place: String,
        /// What is wrong and what to do.
        problem: String,
    },
    /// A table cannot be used.
    #[error(transparent)]
    Table(#[from] TableError),
    /// No response cells can be built.
    #[error("response_cells: {0}")]
    Frame(#[from] FrameError),
    /// No weights can be built.
    #[error("calibration{wave}: {error}")]
    Weight {
        /// ` of wave 1`, or nothing.
        wave: String,
        /// The error.
        error: WeightError,
    },
    /// The design does not fit the data.
    #[error("design: {0}")]
    Design(EstimateError),
    /// An estimate cannot be made.
    #[error("estimate {number} ({what}): {error}")]
    Estimate {
        /// Position in the request, from 1.
        number: usize,
        /// The estimate.
        what: String,
        /// The error.
        error: EstimateError,
    },
}

impl Code {
    /// The spelling to compare with the data.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
        }
    }
}

impl EstimateRequest {
    /// The rows it is about.
    #[must_use]
    pub fn domain(&self) -> Option<&Domain> {
        match self {
            Self::Mean { domain, .. }
            | Self::Total { domain, .. }
            | Self::Proportion { domain, .. }
            | Self::Ratio { domain, .. }
            | Self::Quantile { domain, .. }
            | Self::ChangeInMean { domain, .. } => domain.as_ref(),
        }
    }

    /// The variables it is about.
    #[must_use]
    pub fn variables(&self) -> Vec<&str> {
        match self {
            Self::Mean { variable, .. }
            | Self::Total { variable, .. }
            | Self::Proportion { variable, .. }
            | Self::Quantile { variable, .. }
            | Self::ChangeInMean { variable, .. } => vec![variable],
            Self::Ratio { numerator, denominator, .. } => vec![numerator, denominator],
        }
    }

    /// The name of the estimator, as requests and answers spell it.
    #[must_use]
    pub fn estimator(&self) -> &'static str {
        match self {
            Self::Mean { .. } => "mean",
            Self::Total { .. } => "total",
            Self::Proportion { .. } => "proportion",
            Self::Ratio { .. } => "ratio",
            Self::Quantile { .. } => "quantile",
            Self::ChangeInMean { .. } => "change_in_mean",
        }
    }
}

impl Request {
    /// The files to read, with the columns needed from each.
    ///
    /// # Errors
    /// [`RequestError::Invalid`] where the request contradicts itself.
    pub fn files(&self) -> Result<Files<File>, RequestError> {
        let needs = self.data_needs();
        let data = match (&self.data, &self.waves, &self.stacked_design) {
            (Some(path), None, None) => vec![(path, needs)],
            (None, Some([first, second]), Some(_)) => {
                let needs = self.wave_needs(needs);
                vec![(first, needs.clone()), (second, needs)]
            }
            _ => {
                let problem = "give either data, or waves with stacked_design";
                return Err(invalid("request", problem));
            }
        };
        let file = |(path, needs): (&String, Needs)| File { path: path.clone(), needs };
        Ok(Files {
            data: data.into_iter().map(file).collect(),
            stacked: self.stacked_file(),
            cells: self.response_cells.as_ref().map(ResponseCells::file),
            margins: self.calibration.as_ref().and_then(CalibrationRequest::file),
        })
    }

    fn data_needs(&self) -> Needs {
        let mut needs = Needs::default();
        let design = &self.design;
        for column in [&design.id, &design.strata, &design.psu].into_iter().flatten() {
            needs.code(column);
        }
        if let Some(weight) = &design.weight {
            needs.number(weight);
        }
        if let Some(Fpc::Column(column)) = &design.fpc
            && column != "cells"
        {
            needs.number(column);
        }
        for column in self.response_cells.iter().flat_map(|cells| &cells.keys) {
            needs.code(column);
        }
        for column in self.calibration.iter().flat_map(CalibrationRequest::columns) {
            needs.code(column);
        }
        for estimate in &self.estimates {
            for column in estimate.domain().into_iter().flat_map(BTreeMap::keys) {
                needs.code(column);
            }
            for variable in estimate.variables() {
                needs.number(variable);
            }
        }
        needs
    }

    /// The columns a wave's data must have: not those that the stacked design brings.
    fn wave_needs(&self, mut needs: Needs) -> Needs {
        let design = &self.design;
        for column in [&design.strata, &design.weight].into_iter().flatten() {
            needs = needs.without(column);
        }
        needs.code(WAVE);
        needs
    }

    fn stacked_file(&self) -> Option<File> {
        let mut needs = Needs::default();
        needs.code(WAVE);
        for column in [&self.design.id, &self.design.strata].into_iter().flatten() {
            needs.code(column);
        }
        if let Some(weight) = &self.design.weight {
            needs.number(weight);
        }
        let path = self.stacked_design.clone()?;
        Some(File { path, needs })
    }
}

impl ResponseCells {
    fn file(&self) -> File {
        let mut needs = Needs::default();
        for column in self.keys.iter().chain(self.levels.iter().flatten()) {
            needs.code(column);
        }
        needs.number(&self.count);
        File { path: self.frame.clone(), needs }
    }
}

impl CalibrationRequest {
    /// The columns of the margins.
    fn columns(&self) -> impl Iterator<Item = &String> {
        let given = self.margins.iter().flatten().flat_map(|margin| &margin.by);
        given.chain(self.by.iter().flatten().flatten())
    }

    fn file(&self) -> Option<File> {
        let mut needs = Needs::default();
        for column in self.by.iter().flatten().flatten() {
            needs.code(column);
        }
        needs.number(self.count.as_ref()?);
        let path = self.frame.clone()?;
        Some(File { path, needs })
    }
}

/// The column that tells waves apart.
const WAVE: &str = "wave";

fn invalid(place: &str, problem: impl Into<String>) -> RequestError {
    RequestError::Invalid { place: place.to_owned(), problem: problem.into() }
}
