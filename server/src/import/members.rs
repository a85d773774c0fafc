//! An association's file of members: small enough to be read whole.

use std::{collections::HashMap, ops::ControlFlow};

use model::register::{Cell, Column, Contact, Mapping, Problem, read_contact};

use super::{
    file::{FileError, Headers, Kind},
    job::repeated,
};

/// Larger files are refused.
pub const LARGEST: usize = 2 * 1024 * 1024;
/// Workbooks are compressed; this is what they may unpack to.
const LARGEST_UNPACKED: u64 = 64 * 1024 * 1024;
/// More rows than any association of a province has members.
pub const MOST_ROWS: usize = 5_000;

/// A file as it was read.
#[derive(Debug, Default)]
pub struct Members {
    /// The rows that can be taken, in their order.
    pub taken: Vec<(u64, Contact)>,
    /// The others.
    pub rejected: Vec<RejectedRow>,
}

/// A row that is not taken.
#[derive(Debug)]
pub struct RejectedRow {
    /// Its line in the file.
    pub line: u64,
    /// The tax code and the name, as they stand there.
    pub who: [String; 2],
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// The headers of a file.
///
/// # Errors
/// When it is no table, or too large.
pub fn headers(content: &[u8]) -> Result<Headers, FileError> {
    kind(content)?.headers(content)
}

/// The kind of a file, within the limits of a list of members.
///
/// # Errors
/// When it is no table, or too large.
pub fn kind(content: &[u8]) -> Result<Kind, FileError> {
    Kind::within(content, LARGEST, LARGEST_UNPACKED)
}

/// Reads all rows below the headers.
///
/// # Errors
/// When the file cannot be read to its end, or has more than [`MOST_ROWS`] rows.
pub fn read(content: &[u8], mapping: &Mapping) -> Result<Members, FileError> {
    let kind = kind(content)?;
    let header_line = kind.headers(content)?.line;
    let (mut members, mut seen, mut rows) = (Members::default(), HashMap::new(), 0);
    kind.rows(content, &mut |line, cells| {
        if line <= header_line {
            return ControlFlow::Continue(());
        }
        rows += 1;
        if rows > MOST_ROWS {
            return ControlFlow::Break(());
        }
        let read = read_contact(mapping, &cells).and_then(|contact| {
            let twice = repeated(&mut seen, line, &contact.tax_code);
            twice.map_or(Ok(contact), |problem| Err(vec![problem]))
        });
        match read {
            Ok(contact) => members.taken.push((line, contact)),
            Err(problems) => members.rejected.push(RejectedRow { line, who: who(mapping, &cells), problems }),
        }
        ControlFlow::Continue(())
    })?;
    if rows > MOST_ROWS { Err(FileError::TooManyRows) } else { Ok(members) }
}

fn who(mapping: &Mapping, cells: &[Cell]) -> [String; 2] {
    [Column::TaxCode, Column::Name].map(|column| {
        let cell = mapping.columns.get(&column).and_then(|at| cells.get(*at));
        cell.map(|cell| cell.text().chars().take(100).collect()).unwrap_or_default()
    })
}

#[cfg(test)]
mod tests {
    use model::register::Reason;

    use super::*;

    fn read_text(text: &str) -> Members {
        let headers = headers(text.as_bytes()).unwrap();
        read(text.as_bytes(), &Mapping::propose(&headers.names)).unwrap()
    }

    #[test]
    fn every_row_is_taken_or_rejected_with_its_reasons() {
        let members = read_text(
            "Danh sách hội viên,\nMST,Tên công ty,Email,Điện thoại\n0100109106,A,a@b.vn,912 345 678\n\
             100109106,B,,\n12,C,sai,1\n0102859048,,,\n",
        );
        let taken: Vec<_> = members.taken.iter().map(|(line, one)| (*line, one.tax_code.as_str())).collect();
        assert_eq!(taken, [(3, "0100109106"), (6, "0102859048")]);
        assert_eq!(members.taken[0].1.phone.as_ref().map(ToString::to_string).as_deref(), Some("0912 345 678"));
        let reasons: Vec<Vec<Reason>> =
            members.rejected.iter().map(|row| row.problems.iter().map(|problem| problem.reason).collect()).collect();
        assert_eq!(reasons, [vec![Reason::Repeated], vec![Reason::TaxCodeLength, Reason::Email, Reason::Phone]]);
        assert_eq!(members.rejected[1].who, ["12".to_owned(), "C".to_owned()]);
    }

    #[test]
    fn more_rows_or_bytes_than_a_list_of_members_has_are_refused() {
        let rows = |count: usize| format!("MST,Tên\n{}", "x,y\n".repeat(count));
        assert_eq!(read_text(&rows(MOST_ROWS)).rejected.len(), MOST_ROWS);
        let long = rows(MOST_ROWS + 1);
        let mapping = Mapping::propose(&["MST".into(), "Tên".into()]);
        assert_eq!(read(long.as_bytes(), &mapping).unwrap_err(), FileError::TooManyRows);
        assert_eq!(headers(&vec![b'a'; LARGEST + 1]).unwrap_err(), FileError::TooLarge);
    }
}
