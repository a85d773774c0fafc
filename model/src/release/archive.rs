//! The archive of a release: the microdata as text, so that the release can be verified years later.
//!
//! ```text
//! {…}                         the release, one line of JSON
//! {"frame":…,"items":…,…}     frame and indicators, one line of JSON
//! id,cell,value,value,…       one line per respondent; empty where there is no value
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
            let _ = match column[row] {
                value if value.is_nan() => write!(text, ","),
                value => write!(text, ",{value}"),
            };
        }
        text.push('\n');
    }
    text
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
    values.clear();
    for field in fields {
        let value = if field.is_empty() { Ok(f64::NAN) } else { field.parse() };
        values.push(value.map_err(|_| format!("{field:?} is no number"))?);
    }
    microdata.push_at(id, cell, values).map_err(|error: ReleaseError| error.to_string())
}

fn wrong(line: usize, error: &dyn std::fmt::Display) -> ArchiveError {
    ArchiveError::Line { line, problem: error.to_string() }
}
