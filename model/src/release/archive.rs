//! The archive of a release: the microdata as text, so that the release can be verified years later.
//!
//! ```text
//! {…}                         the release, one line of JSON
//! {"frame":…,"items":…,…}     frame and indicators, one line of JSON
//! id,cell,value,value,…       one line per respondent; empty where there is no value; wholes of ratios at the end
//! ```
//!
//! Numbers are written in the shortest form that reads back to the same bits.

use std::fmt::Write as _;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::document::Release;
use super::microdata::{Frame, Item, Microdata};
use super::{ReleaseError, seal};

/// An archive that cannot be read.
#[derive(Debug, Error)]
pub enum ArchiveError {
    /// The file ends too early.
    #[error("the archive ends before its line {0}; take it from the release page again")]
    Short(usize),
    /// A line is not what it should be.
    #[error("line {line} of the archive: {problem}")]
    Line {
        /// Which line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

/// The second line of an archive.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct Head {
    frame: Frame,
    items: Vec<Item>,
    misses: u32,
}

/// The line with frame and indicators.
#[must_use]
pub fn head(microdata: &Microdata) -> String {
    let head =
        Head { frame: microdata.frame.clone(), items: microdata.items.clone(), misses: microdata.respondents.misses };
    seal::canonical(&head)
}

/// The lines of the respondents `rows`, each with its line end.
#[must_use]
pub fn rows(microdata: &Microdata, rows: std::ops::Range<usize>) -> String {
    let mut text = String::new();
    for row in rows {
        let _ = write!(text, "{},{}", microdata.respondents.id[row], microdata.respondents.cell[row]);
        for column in &microdata.respondents.columns {
            text.push(',');
            write_value(column[row], &mut text);
        }
        text.push('\n');
    }
    text
}

/// Writes the values of one respondent: `41.5,1,,0`.
pub fn write_values(values: &[f64], text: &mut String) {
    for (position, value) in values.iter().enumerate() {
        if position > 0 {
            text.push(',');
        }
        write_value(*value, text);
    }
}

/// Reads the values of one respondent, `NaN` where there is none.
///
/// # Errors
/// Names the field that is no number.
pub fn read_values<'a>(fields: impl Iterator<Item = &'a str>, values: &mut Vec<f64>) -> Result<(), String> {
    values.clear();
    for field in fields {
        // Most are shares, and there may be a million rows.
        let value = match field {
            "" => Ok(f64::NAN),
            "0" => Ok(0.0),
            "1" => Ok(1.0),
            number => number.parse(),
        };
        values.push(value.map_err(|_| format!("{field:?} is no number"))?);
    }
    Ok(())
}

fn write_value(value: f64, text: &mut String) {
    if !value.is_nan() {
        let _ = write!(text, "{value}");
    }
}

/// Reads an archive line by line.
///
/// # Errors
/// [`ArchiveError`] with the line.
pub fn read(mut lines: impl Iterator<Item = String>) -> Result<(Release, Microdata), ArchiveError> {
    let release = lines.next().ok_or(ArchiveError::Short(1))?;
    let release: Release = serde_json::from_str(&release).map_err(|error| wrong(1, &error))?;
    let head = lines.next().ok_or(ArchiveError::Short(2))?;
    Ok((release, microdata(&head, lines)?))
}

/// Reads the microdata from the line with frame and indicators and the lines of the respondents.
///
/// # Errors
/// [`ArchiveError`] with the line.
pub fn microdata(head: &str, lines: impl Iterator<Item = String>) -> Result<Microdata, ArchiveError> {
    let head: Head = serde_json::from_str(head).map_err(|error| wrong(2, &error))?;
    let mut microdata = Microdata::new(head.frame, head.items).map_err(|error| wrong(2, &error))?;
    microdata.respondents.misses = head.misses;
    let mut values = Vec::new();
    for (line, number) in lines.zip(3..).filter(|(line, _)| !line.is_empty()) {
        row(&mut microdata, &mut values, &line).map_err(|problem| ArchiveError::Line { line: number, problem })?;
    }
    Ok(microdata)
}

fn row(microdata: &mut Microdata, values: &mut Vec<f64>, line: &str) -> Result<(), String> {
    let mut fields = line.split(',');
    let id = fields.next().unwrap_or_default().to_owned();
    let cell = fields.next().unwrap_or_default();
    let cell = cell.parse().map_err(|_| format!("{cell:?} is no cell of the frame"))?;
    read_values(fields, values)?;
    microdata.push_at(id, cell, values).map_err(|error: ReleaseError| error.to_string())
}

fn wrong(line: usize, error: &dyn std::fmt::Display) -> ArchiveError {
    ArchiveError::Line { line, problem: error.to_string() }
}
