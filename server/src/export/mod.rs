//! Tables to download: CSV and XLSX, formula-safe, in constant memory.
//!
//! A caller gives the headers, where to begin, and a function that answers the next rows and where to go on:
//!
//! ```text
//! export::download(Format::Csv, "members", &headers, first, move |from| async move { … Ok((rows, next)) }).await
//! ```

mod body;
mod csv;
mod xlsx;

use std::{future::Future, str::FromStr};

use axum::{
    http::{HeaderValue, header},
    response::{IntoResponse as _, Response},
};

use crate::error::Error;

pub use self::csv::Csv;
pub use self::xlsx::Xlsx;

/// One cell of a table.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Text; never a formula, whatever it begins with.
    Text(String),
    /// A whole number.
    Whole(i64),
    /// A number with a fraction; shown with at most two digits by spreadsheets.
    Decimal(f64),
    /// Nothing.
    Empty,
}

/// The two kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Comma-separated values in UTF-8 with a byte-order mark, which spreadsheets need to read Vietnamese.
    Csv,
    /// An Excel workbook.
    Xlsx,
}

/// A word that names no kind of file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no kind of file; use csv or xlsx")]
pub struct UnknownFormat(pub String);

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }
}

impl From<i64> for Cell {
    fn from(number: i64) -> Self {
        Self::Whole(number)
    }
}

impl<T: Into<Self>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Empty, Into::into)
    }
}

impl Format {
    /// The ending of file names.
    #[must_use]
    pub fn extension(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        }
    }
}

impl FromStr for Format {
    type Err = UnknownFormat;

    fn from_str(word: &str) -> Result<Self, UnknownFormat> {
        [Self::Csv, Self::Xlsx]
            .into_iter()
            .find(|format| format.extension() == word)
            .ok_or_else(|| UnknownFormat(word.to_owned()))
    }
}

/// A table as a file to save. `name` is the file's name without its ending, in ASCII; `next` gets the place from which on
/// it reads, at first `from`, and answers the rows and the next place; no rows are the end.
///
/// CSV is sent while it is read. A workbook is written to a temporary file first: its table of contents stands at its end.
///
/// # Errors
/// When the first rows (CSV) or any rows (XLSX) cannot be read, or no temporary file can be written.
pub async fn download<S, N, F>(
    format: Format,
    name: &str,
    headers: &[String],
    from: S,
    mut next: N,
) -> Result<Response, Error>
where
    S: Send + 'static,
    N: FnMut(S) -> F + Send + 'static,
    F: Future<Output = Result<(Vec<Vec<Cell>>, S), Error>> + Send + 'static,
{
    let body = match format {
        Format::Csv => {
            let first = next(from).await?;
            body::csv(Csv::begin(headers), first, next)
        }
        Format::Xlsx => {
            let (mut workbook, mut from) = (Xlsx::begin(headers)?, from);
            loop {
                let (rows, then) = next(from).await?;
                if rows.is_empty() {
                    break;
                }
                workbook.rows(&rows)?;
                from = then;
            }
            body::file(workbook.finish()?)
        }
    };
    let mut response = body.into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.media_type()));
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.extension());
    let disposition = HeaderValue::from_str(&disposition).map_err(|_| Error::BadRequest("a file name is not ASCII"))?;
    response.headers_mut().insert(header::CONTENT_DISPOSITION, disposition);
    Ok(response)
}

/// Whether a spreadsheet would read this text as a formula or run something because of it.
///
/// Spreadsheets skip white space and take full-width signs as well; tab and carriage return begin a cell of their own.
fn is_dangerous(text: &str) -> bool {
    text.starts_with(['\t', '\r', '\n'])
        || text.trim_start().starts_with(['=', '+', '-', '@', '＝', '＋', '－', '＠', '|', '%'])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_are_known_however_they_begin() {
        for text in ["=1+1", "+84", "-1", "@SUM", "\t=1", "\r=1", " =1", "＝1", "|calc", "%0A"] {
            assert!(is_dangerous(text), "{text:?}");
        }
        for text in ["", "Công ty A=B", "0100109106-001", "a@b.vn", "1+1"] {
            assert!(!is_dangerous(text), "{text:?}");
        }
    }
}
