//! The rows of CSV files and of the first sheet of Excel workbooks, one after the other.

use std::{io::Cursor, ops::ControlFlow};

use calamine::{DataRef, Reader as _, Xlsx};
use model::register::{Cell, Mapping};

/// Larger files are refused at the upload.
pub const LARGEST: usize = 32 * 1024 * 1024;
/// Workbooks are compressed; this is what they may unpack to.
const LARGEST_UNPACKED: u64 = 1024 * 1024 * 1024;
/// More rows than any province has enterprises.
pub const MOST_ROWS: u64 = 1_000_000;
/// Columns further to the right are not read.
const MOST_COLUMNS: usize = 100;
/// The headers stand somewhere in the first lines: titles may stand above them.
const HEADER_LINES: usize = 20;

/// The two kinds of files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Values separated by commas, semicolons or tabs, in UTF-8.
    Csv,
    /// An Excel workbook (.xlsx).
    Xlsx,
}

/// Why a file cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileError {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// Neither CSV nor XLSX; an old .xls file, for instance.
    #[error("the file is neither CSV nor XLSX; save it as one of them")]
    Kind,
    /// Text in another encoding than UTF-8.
    #[error("the text is not UTF-8; save it as \"CSV UTF-8\"")]
    Encoding,
    /// A workbook that is damaged, locked with a password or without a sheet.
    #[error("the workbook cannot be read; open it, save it without a password and try again")]
    Broken,
    /// More than [`LARGEST`] bytes, or a workbook that unpacks to more than it should.
    #[error("the file is larger than 32 MB")]
    TooLarge,
    /// More than [`MOST_ROWS`] rows.
    #[error("the file has more than 1,000,000 rows; split it")]
    TooManyRows,
}

impl FileError {
    /// The stored form.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Kind => "kind",
            Self::Encoding => "encoding",
            Self::Broken => "broken",
            Self::TooLarge => "too_large",
            Self::TooManyRows => "too_many_rows",
        }
    }
}

impl Kind {
    /// The kind of a file by its content; its name says nothing.
    ///
    /// # Errors
    /// When it is neither, or too large, or empty.
    pub fn of(content: &[u8]) -> Result<Self, FileError> {
        Self::within(content, LARGEST, LARGEST_UNPACKED)
    }

    /// The same for files of at most `largest` bytes, and workbooks that unpack to at most `unpacks_to`.
    ///
    /// # Errors
    /// When it is neither, or too large, or empty.
    pub fn within(content: &[u8], largest: usize, unpacks_to: u64) -> Result<Self, FileError> {
        const OLD_OFFICE: &[u8] = &[0xd0, 0xcf, 0x11, 0xe0];
        match content {
            [] => Err(FileError::Empty),
            content if content.len() > largest => Err(FileError::TooLarge),
            content if content.starts_with(b"PK\x03\x04") && unpacked(content) > unpacks_to => Err(FileError::TooLarge),
            content if content.starts_with(b"PK\x03\x04") => Ok(Self::Xlsx),
            // A password turns a new workbook into an old container as well.
            content if content.starts_with(OLD_OFFICE) || content.starts_with(b"%PDF") => Err(FileError::Kind),
            content if content.contains(&0) => Err(FileError::Encoding),
            content if std::str::from_utf8(content).is_err() => Err(FileError::Encoding),
            _ => Ok(Self::Csv),
        }
    }

    /// The stored form and the ending of file names.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Xlsx => "xlsx",
        }
    }

    /// Calls `visit` with the line and the cells of every row that is not empty, until it breaks off.
    ///
    /// # Errors
    /// When the file cannot be read to its end.
    pub fn rows(
        self,
        content: &[u8],
        visit: &mut dyn FnMut(u64, Vec<Cell>) -> ControlFlow<()>,
    ) -> Result<(), FileError> {
        let mut rows = 0;
        let mut limited = |line: u64, cells: Vec<Cell>| {
            rows += 1;
            if rows > MOST_ROWS + HEADER_LINES as u64 { ControlFlow::Break(()) } else { visit(line, cells) }
        };
        match self {
            Self::Csv => csv_rows(content, &mut limited)?,
            Self::Xlsx => xlsx_rows(content, &mut limited)?,
        }
        if rows > MOST_ROWS + HEADER_LINES as u64 { Err(FileError::TooManyRows) } else { Ok(()) }
    }

    /// The headers, the line they stand in, and about how many rows follow.
    ///
    /// Titles may stand above them: the line with the most columns that are recognised is the one; without any, the first
    /// with two cells.
    ///
    /// # Errors
    /// When the file cannot be read or has no such line.
    pub fn headers(self, content: &[u8]) -> Result<Headers, FileError> {
        let mut best: Option<(usize, Headers)> = None;
        let mut seen = 0;
        self.rows(content, &mut |line, cells| {
            let names: Vec<String> = cells.iter().map(Cell::text).collect();
            let known = Mapping::propose(&names).columns.len();
            let filled = names.iter().filter(|name| !name.is_empty()).count();
            if filled >= 2 && best.as_ref().is_none_or(|(most, _)| known > *most) {
                best = Some((known, Headers { line, names, rows: 0 }));
            }
            seen += 1;
            if seen < HEADER_LINES { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        })?;
        let (_, headers) = best.ok_or(FileError::Empty)?;
        let rows = self.lines(content)?.saturating_sub(headers.line);
        Ok(Headers { rows, ..headers })
    }

    /// About how many lines there are: for the progress.
    fn lines(self, content: &[u8]) -> Result<u64, FileError> {
        match self {
            Self::Csv => Ok(content.iter().filter(|byte| **byte == b'\n').count() as u64
                + u64::from(content.last().is_some_and(|byte| *byte != b'\n'))),
            Self::Xlsx => {
                let mut workbook = open(content)?;
                let name = workbook.sheet_names().into_iter().next().ok_or(FileError::Broken)?;
                let cells = workbook.worksheet_cells_reader(&name).map_err(|_| FileError::Broken)?;
                Ok(u64::from(cells.dimensions().end.0) + 1)
            }
        }
    }
}

/// The line that names the columns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Headers {
    /// Where it stands, from 1.
    pub line: u64,
    /// The names; columns without one are empty.
    pub names: Vec<String>,
    /// About how many rows follow.
    pub rows: u64,
}

fn csv_rows(content: &[u8], visit: &mut dyn FnMut(u64, Vec<Cell>) -> ControlFlow<()>) -> Result<(), FileError> {
    let content = content.strip_prefix("\u{feff}".as_bytes()).unwrap_or(content);
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter(content)).from_reader(content);
    let mut record = csv::StringRecord::new();
    let mut lines = Lines { content, at: 0, line: 1 };
    while reader.read_record(&mut record).map_err(|_| FileError::Encoding)? {
        let line = lines.of(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|text| text.trim().is_empty()) {
            continue;
        }
        let cells = record.iter().take(MOST_COLUMNS).map(|text| Cell::Text(text.to_owned())).collect();
        if visit(line, cells).is_break() {
            break;
        }
    }
    Ok(())
}

/// Counts lines as an editor shows them. The reader's own count is one behind where lines end as on Windows: it begins a
/// row between the two characters of the line's end.
struct Lines<'c> {
    content: &'c [u8],
    at: usize,
    line: u64,
}

impl Lines<'_> {
    /// The line of the row that begins at this byte or after the ends of lines that follow it. Rows come in order.
    fn of(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(&now) = self.content.get(self.at) {
            if self.at >= byte && !matches!(now, b'\r' | b'\n') {
                break;
            }
            let ends = now == b'\n' || (now == b'\r' && self.content.get(self.at + 1) != Some(&b'\n'));
            self.line += u64::from(ends);
            self.at += 1;
        }
        self.line
    }
}

/// The separator that occurs most in the first lines, outside of quotes.
fn delimiter(content: &[u8]) -> u8 {
    let mut counts = [(b',', 0), (b';', 0), (b'\t', 0)];
    let mut quoted = false;
    for byte in content.iter().take(16 * 1024) {
        quoted ^= *byte == b'"';
        if let Some((_, count)) = counts.iter_mut().find(|(one, _)| one == byte && !quoted) {
            *count += 1;
        }
    }
    // Of equal counts the first: the comma.
    counts.iter().rev().max_by_key(|(_, count)| *count).map_or(b',', |(byte, _)| *byte)
}

fn open(content: &[u8]) -> Result<Xlsx<Cursor<&[u8]>>, FileError> {
    Xlsx::new(Cursor::new(content)).map_err(|_| FileError::Broken)
}

fn xlsx_rows(content: &[u8], visit: &mut dyn FnMut(u64, Vec<Cell>) -> ControlFlow<()>) -> Result<(), FileError> {
    let mut workbook = open(content)?;
    let name = workbook.sheet_names().into_iter().next().ok_or(FileError::Broken)?;
    let mut reader = workbook.worksheet_cells_reader(&name).map_err(|_| FileError::Broken)?;
    let (mut row, mut at) = (Vec::new(), 0);
    let mut emit = |at: u32, row: &mut Vec<Cell>| {
        let cells = std::mem::take(row);
        if cells.iter().all(|cell| cell.text().is_empty()) {
            return ControlFlow::Continue(());
        }
        visit(u64::from(at) + 1, cells)
    };
    while let Some(cell) = reader.next_cell().map_err(|_| FileError::Broken)? {
        let (line, column) = cell.get_position();
        if line != at {
            if emit(at, &mut row).is_break() {
                return Ok(());
            }
            at = line;
        }
        let column = column as usize;
        if column < MOST_COLUMNS {
            if row.len() <= column {
                row.resize(column + 1, Cell::Text(String::new()));
            }
            row[column] = value(cell.get_value());
        }
    }
    let _ = emit(at, &mut row);
    Ok(())
}

fn value(data: &DataRef<'_>) -> Cell {
    match data {
        #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has only floating-point numbers")]
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::DateTime(date) => Cell::Number(date.as_f64()),
        DataRef::String(text) | DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::Text(text.clone()),
        DataRef::SharedString(text) => Cell::Text((*text).to_owned()),
        DataRef::Bool(value) => Cell::Text(value.to_string()),
        DataRef::Error(error) => Cell::Text(error.to_string()),
        DataRef::Empty => Cell::Text(String::new()),
    }
}

/// What a ZIP archive says it unpacks to: the sizes in its central directory.
fn unpacked(content: &[u8]) -> u64 {
    let mut total = 0;
    let mut rest = content;
    while let Some(at) = rest.windows(4).position(|window| window == b"PK\x01\x02") {
        let entry = &rest[at..];
        if let Some(size) = entry.get(24..28).and_then(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes) {
            total += u64::from(size);
        }
        rest = &entry[4..];
    }
    total
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::export::{Cell as Out, Xlsx as Workbook};

    fn read(content: &[u8]) -> Vec<(u64, Vec<String>)> {
        let kind = Kind::of(content).unwrap();
        let mut rows = Vec::new();
        kind.rows(content, &mut |line, cells| {
            rows.push((line, cells.iter().map(Cell::text).collect()));
            ControlFlow::Continue(())
        })
        .unwrap();
        rows
    }

    fn workbook(headers: &[&str], rows: &[Vec<Out>]) -> Vec<u8> {
        use std::io::Read as _;
        let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
        let mut workbook = Workbook::begin(&headers).unwrap();
        workbook.rows(rows).unwrap();
        let mut content = Vec::new();
        workbook.finish().unwrap().read_to_end(&mut content).unwrap();
        content
    }

    #[test]
    fn csv_in_the_ways_people_save_it() {
        let expected = vec![(1, vec!["MST".to_owned(), "Tên".to_owned()]), (2, vec!["01".into(), "A, B".into()])];
        assert_eq!(read("MST,Tên\n01,\"A, B\"\n".as_bytes()), expected);
        assert_eq!(read("\u{feff}MST;Tên\r\n01;A, B\r\n".as_bytes()), expected);
        assert_eq!(read("MST\tTên\n01\tA, B".as_bytes()), expected);
        assert_eq!(read("MST,Tên\r01,\"A, B\"\r".as_bytes()), expected);
        assert_eq!(
            read("a,b\r\n\r\n\"c\r\nd\",e\r\nf,g\r\n".as_bytes())[2].0,
            5,
            "rows of several lines count as such"
        );
        assert_eq!(
            read("a,b\n\n , \n\"c\nd\",e\n".as_bytes())[1].0,
            4,
            "empty rows are passed over, lines are counted"
        );
    }

    #[test]
    fn workbooks() {
        let content = workbook(&["MST", "Tên", ""], &[vec![Out::Whole(100_109_106), Out::Empty, Out::from("x")]]);
        let rows = read(&content);
        assert_eq!(rows[1], (2, vec!["100109106".to_owned(), String::new(), "x".to_owned()]));
        assert_eq!(Kind::Xlsx.headers(&content).unwrap().rows, 1);
        assert_eq!(
            Kind::Xlsx.rows(&content[..content.len() / 2], &mut |_, _| ControlFlow::Continue(())),
            Err(FileError::Broken)
        );
    }

    #[test]
    fn headers_below_a_title() {
        let content = "DANH SÁCH,\nNăm 2026,x\nSTT,Mã số thuế,Tên doanh nghiệp\n1,0100109106,A\n2,,\n".as_bytes();
        let headers = Kind::Csv.headers(content).unwrap();
        assert_eq!((headers.line, headers.rows), (3, 2));
        assert_eq!(headers.names[1], "Mã số thuế");
        assert_eq!(Kind::Csv.headers(b"x\n"), Err(FileError::Empty));
    }

    #[test]
    fn what_is_no_table_is_refused() {
        assert_eq!(Kind::of(b""), Err(FileError::Empty));
        assert_eq!(Kind::of(&[0xd0, 0xcf, 0x11, 0xe0, 0xa1]), Err(FileError::Kind));
        assert_eq!(Kind::of(b"%PDF-1.7"), Err(FileError::Kind));
        assert_eq!(Kind::of(&[b'a', 0xff]), Err(FileError::Encoding));
        assert_eq!(Kind::of(b"a\0b\0"), Err(FileError::Encoding));
        assert_eq!(Kind::of(&vec![b'a'; LARGEST + 1]), Err(FileError::TooLarge));
    }

    #[test]
    fn a_workbook_that_says_it_is_huge_is_refused() {
        let mut content = workbook(&["a", "b"], &[]);
        let at = content.windows(4).position(|window| window == b"PK\x01\x02").unwrap();
        content[at + 24..at + 28].copy_from_slice(&u32::MAX.to_le_bytes());
        assert_eq!(Kind::of(&content), Err(FileError::TooLarge));
    }
}
