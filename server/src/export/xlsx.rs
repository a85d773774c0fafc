//! A workbook with one sheet, written row by row to temporary files.

use std::{fs::File, io::Seek as _};

use anyhow::Context as _;
use rust_xlsxwriter::{DocProperties, ExcelDateTime, Format, Workbook};

use super::{Cell, is_dangerous};
use crate::error::Error;

/// Spreadsheets have no more rows.
const MOST_ROWS: u32 = 1_048_576;

/// A workbook that is being written.
pub struct Xlsx {
    workbook: Workbook,
    row: u32,
    quoted: Format,
    decimal: Format,
}

impl Xlsx {
    /// A workbook with its line of headers.
    ///
    /// # Errors
    /// When no temporary file can be written.
    pub fn begin(headers: &[String]) -> Result<Self, Error> {
        let mut workbook = Workbook::new();
        workbook.add_worksheet_with_constant_memory().context("a workbook")?;
        let decimal = Format::new().set_num_format("0.00");
        let mut xlsx = Self { workbook, row: 0, quoted: Format::new().set_quote_prefix(), decimal };
        let headers: Vec<Cell> = headers.iter().map(|header| Cell::from(header.as_str())).collect();
        xlsx.rows(&[headers])?;
        Ok(xlsx)
    }

    /// Says that the file was made on this day, `2026-11-15`: the same content then makes the same bytes.
    ///
    /// # Errors
    /// When this is no day.
    pub fn dated(&mut self, day: &str) -> Result<(), Error> {
        let day = ExcelDateTime::parse_from_str(day).context("a day")?;
        self.workbook.set_properties(&DocProperties::new().set_creation_datetime(&day));
        Ok(())
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When they cannot be written, or there are more than a sheet holds.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) -> Result<(), Error> {
        let sheet = self.workbook.worksheet_from_index(0).context("the sheet of a workbook")?;
        for cells in rows {
            if self.row == MOST_ROWS {
                return Err(anyhow::anyhow!("a sheet holds {MOST_ROWS} rows; ask for CSV").into());
            }
            for (column, cell) in (0_u16..).zip(cells) {
                match cell {
                    // A cell of text is never computed; the mark keeps it so when somebody edits it or saves it as CSV.
                    Cell::Text(text) if is_dangerous(text) => {
                        sheet.write_string_with_format(self.row, column, text, &self.quoted)
                    }
                    Cell::Text(text) => sheet.write_string(self.row, column, text),
                    #[expect(clippy::cast_precision_loss, reason = "a spreadsheet has only floating-point numbers")]
                    Cell::Whole(number) => sheet.write_number(self.row, column, *number as f64),
                    Cell::Decimal(number) => sheet.write_number_with_format(self.row, column, *number, &self.decimal),
                    Cell::Empty => continue,
                }
                .context("a cell of a workbook")?;
            }
            self.row += 1;
        }
        Ok(())
    }

    /// The finished file, to be read from its beginning; it goes away when it is closed.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn finish(mut self) -> Result<File, Error> {
        let mut file = tempfile::tempfile().context("a temporary file")?;
        self.workbook.save_to_writer(&mut file).context("a workbook")?;
        file.rewind().context("a temporary file")?;
        Ok(file)
    }
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read as _};

    use calamine::{Data, Reader as _, Xlsx as Workbook};

    use super::*;

    #[test]
    fn what_is_written_is_read_back_and_no_cell_is_a_formula() {
        let mut xlsx = Xlsx::begin(&["=1+1".to_owned(), "Số".to_owned()]).unwrap();
        xlsx.rows(&[vec![Cell::from("@SUM(1)"), Cell::Whole(-5)], vec![Cell::Empty, Cell::Decimal(0.25)]]).unwrap();
        let mut bytes = Vec::new();
        xlsx.finish().unwrap().read_to_end(&mut bytes).unwrap();
        let mut workbook: Workbook<_> = Workbook::new(Cursor::new(bytes)).unwrap();
        let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
        let cells: Vec<Vec<Data>> = sheet.rows().map(<[Data]>::to_vec).collect();
        assert_eq!(cells[0], [Data::String("=1+1".into()), Data::String("Số".into())]);
        assert_eq!(cells[1], [Data::String("@SUM(1)".into()), Data::Float(-5.0)]);
        assert_eq!(cells[2], [Data::Empty, Data::Float(0.25)]);
        let formulas = workbook.worksheet_formula("Sheet1").unwrap();
        assert!(formulas.cells().all(|(_, _, formula)| formula.is_empty()));
    }
}
