//! What a release is computed from: the frame, the indicators, and one row per respondent.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::ReleaseError;
use super::document::{FrameKind, Release};
use crate::indicator::Target;
use crate::text::Text;

/// The enterprises the figures stand for, by cells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Frame {
    /// Where the enterprises come from.
    pub kind: FrameKind,
    /// The day it was taken, `2026-10-01`.
    pub date: String,
    /// The cells, in any order.
    pub cells: Vec<FrameCell>,
}

/// Enterprises of the same unit, industry and size.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FrameCell {
    /// Code of the former district.
    pub district: String,
    /// Code of the ward or commune; empty where only the former district is known.
    pub unit: String,
    /// Letter of the VSIC section.
    pub section: String,
    /// Size class.
    pub size: String,
    /// N: how many there are.
    pub enterprises: u32,
}

/// What is measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Measure {
    /// A score from 0 to 100 points.
    Score,
    /// A share of enterprises: values are 0 and 1, figures per cent.
    Share,
    /// A mean of percentages from 0 to 100, such as the share of turnover from online orders.
    Percentage,
    /// A part of a whole over all enterprises together, such as the share of persons employed who use the internet: values
    /// are amounts, figures per cent.
    Ratio,
}

/// One indicator, with what a reader needs to understand it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Item {
    /// Stable name, part of addresses and files.
    pub id: String,
    /// What it belongs to: `overall`, `level`, `pillar`, …
    pub theme: String,
    /// Its name.
    pub name: Text,
    /// How it is defined.
    pub about: Text,
    /// Who defined it.
    pub source: Text,
    /// What is measured.
    pub measure: Measure,
    /// Indicators of one family say something about each other, so that their figures are withheld together.
    #[serde(default)]
    pub family: String,
    /// Whether it is one of the classes of its family, of which everybody is in exactly one.
    #[serde(default)]
    pub class: bool,
    /// What plans ask for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// Whether the answer could harm an enterprise, so that stricter rules hold (method 9: P1 with 10, P3).
    pub sensitive: bool,
}

/// The respondents in columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Respondents {
    /// Key of the enterprise, the same in every release; never published.
    pub id: Vec<String>,
    /// Position of the respondent's cell in the frame.
    pub cell: Vec<u32>,
    /// One column per indicator; `NaN` where the indicator is not about this enterprise or has no value. After them one column
    /// per ratio, in their order, with the wholes that its values are parts of.
    pub columns: Vec<Vec<f64>>,
    /// Submissions of enterprises that the frame does not have (method 2.1: "frame misses", left out).
    pub misses: u32,
}

/// Everything a release is computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Microdata {
    /// The enterprises.
    pub frame: Frame,
    /// The indicators.
    pub items: Vec<Item>,
    /// The respondents.
    pub respondents: Respondents,
    index: HashMap<String, u32>,
}

/// An earlier release of the same campaign with what it was computed from.
#[derive(Debug, Clone, PartialEq)]
pub struct Earlier {
    /// The document.
    pub release: Release,
    /// Its microdata.
    pub microdata: Microdata,
}

impl Microdata {
    /// An empty table of respondents over a frame.
    ///
    /// # Errors
    /// [`ReleaseError::RepeatedCell`].
    pub fn new(frame: Frame, items: Vec<Item>) -> Result<Self, ReleaseError> {
        let mut index = HashMap::with_capacity(frame.cells.len());
        for (cell, position) in frame.cells.iter().zip(0..) {
            if index.insert(cell.key(), position).is_some() {
                return Err(ReleaseError::RepeatedCell(cell.key()));
            }
        }
        let columns = vec![Vec::new(); width(&items)];
        let respondents = Respondents { columns, ..Respondents::default() };
        Ok(Self { frame, items, respondents, index })
    }

    /// Adds a respondent by its codes in the frame: district, unit, section and size.
    ///
    /// # Errors
    /// [`ReleaseError::UnmatchedCell`], and those of [`Microdata::push_at`].
    pub fn push(&mut self, id: String, codes: [&str; 4], values: &[f64]) -> Result<(), ReleaseError> {
        let codes = codes.join("|");
        match self.index.get(&codes) {
            Some(&cell) => self.push_at(id, cell, values),
            None => Err(ReleaseError::UnmatchedCell { respondent: id, codes }),
        }
    }

    /// Adds a respondent whose cell is known.
    ///
    /// # Errors
    /// [`ReleaseError::WrongWidth`], [`ReleaseError::BadValue`], [`ReleaseError::UnmatchedCell`].
    pub fn push_at(&mut self, id: String, cell: u32, values: &[f64]) -> Result<(), ReleaseError> {
        if values.len() != self.respondents.columns.len() {
            let expected = self.respondents.columns.len();
            return Err(ReleaseError::WrongWidth { respondent: id, found: values.len(), expected });
        }
        if cell as usize >= self.frame.cells.len() {
            return Err(ReleaseError::UnmatchedCell { respondent: id, codes: cell.to_string() });
        }
        if let Some((item, value)) = self.items.iter().zip(values).find(|(item, value)| !item.measure.allows(**value)) {
            return Err(ReleaseError::BadValue { indicator: item.id.clone(), respondent: id, value: *value });
        }
        for indicator in 0..self.items.len() {
            let Some(whole) = self.whole_at(indicator) else { continue };
            let (part, whole) = (values[indicator], values[whole]);
            if part.is_nan() != whole.is_nan() || part > whole || whole == 0.0 || whole.is_infinite() {
                let indicator = self.items[indicator].id.clone();
                return Err(ReleaseError::BadValue { indicator, respondent: id, value: whole });
            }
        }
        for (column, value) in self.respondents.columns.iter_mut().zip(values) {
            column.push(*value);
        }
        self.respondents.id.push(id);
        self.respondents.cell.push(cell);
        Ok(())
    }
}

impl Microdata {
    /// The wholes of a ratio, by respondent; none of other indicators.
    #[must_use]
    pub fn whole(&self, indicator: usize) -> Option<&[f64]> {
        self.whole_at(indicator).map(|column| self.respondents.columns[column].as_slice())
    }

    fn whole_at(&self, indicator: usize) -> Option<usize> {
        let ratios = self.items[..indicator].iter().filter(|item| item.measure == Measure::Ratio).count();
        (self.items[indicator].measure == Measure::Ratio).then(|| self.items.len() + ratios)
    }
}

/// How many columns these indicators have.
fn width(items: &[Item]) -> usize {
    items.len() + items.iter().filter(|item| item.measure == Measure::Ratio).count()
}

impl FrameCell {
    /// Its codes, joined.
    #[must_use]
    pub fn key(&self) -> String {
        [&self.district, &self.unit, &self.section, &self.size].map(String::as_str).join("|")
    }
}

impl Respondents {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.id.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.id.is_empty()
    }
}

impl Measure {
    /// Whether a respondent may have this value; `NaN` stands for none.
    fn allows(self, value: f64) -> bool {
        match self {
            Self::Score | Self::Percentage => value.is_nan() || (0.0..=100.0).contains(&value),
            Self::Share => value.is_nan() || value == 0.0 || value == 1.0,
            Self::Ratio => value.is_nan() || value >= 0.0,
        }
    }
}
