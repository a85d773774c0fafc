//! What an import would do with the first rows.

use std::{collections::HashMap, ops::ControlFlow};

use model::register::{Cell, Entry, Mapping, Problem, read};

use super::file::{FileError, Kind};

/// How many rows a preview checks.
const CHECKED: usize = 200;
/// How many rows it shows.
const SHOWN: usize = 20;

/// The first rows as they would be taken.
#[derive(Debug)]
pub struct Preview {
    /// The rows shown: the first, and in their place every one that is rejected.
    pub rows: Vec<PreviewRow>,
    /// How many were checked.
    pub checked: usize,
    /// How many of them are rejected.
    pub rejected: usize,
}

/// A row of the preview.
#[derive(Debug)]
pub struct PreviewRow {
    /// Its line in the file.
    pub line: u64,
    /// What it becomes, or why it does not.
    pub read: Result<Entry, Vec<Problem>>,
    /// The cells as they stand in the file.
    pub cells: Vec<String>,
}

/// Checks the first rows of a file.
///
/// # Errors
/// When the file cannot be read.
pub fn preview(kind: Kind, content: &[u8], header_line: u64, mapping: &Mapping) -> Result<Preview, FileError> {
    let mut preview = Preview { rows: Vec::new(), checked: 0, rejected: 0 };
    let mut seen = HashMap::new();
    kind.rows(content, &mut |line, cells| {
        if line <= header_line {
            return ControlFlow::Continue(());
        }
        let read = super::job::check(&mut seen, line, read(mapping, &cells));
        preview.checked += 1;
        preview.rejected += usize::from(read.is_err());
        if preview.rows.len() < SHOWN && (preview.checked <= SHOWN || read.is_err()) {
            preview.rows.push(PreviewRow { line, read, cells: cells.iter().map(Cell::text).collect() });
        }
        if preview.checked < CHECKED { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    })?;
    Ok(preview)
}
