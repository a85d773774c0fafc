//! CSV in memory, a batch of rows at a time.

use super::{Cell, is_dangerous};

/// A CSV file that grows and is taken away in pieces.
pub struct Csv {
    writer: csv::Writer<Vec<u8>>,
}

impl Csv {
    /// A file with its line of headers.
    #[must_use]
    pub fn begin(headers: &[String]) -> Self {
        // Without the mark, spreadsheets read UTF-8 as something else.
        let mut csv = Self { writer: csv::Writer::from_writer("\u{feff}".as_bytes().to_vec()) };
        let headers: Vec<Cell> = headers.iter().map(|header| Cell::from(header.as_str())).collect();
        csv.rows(&[headers]);
        csv
    }

    /// Adds rows.
    pub fn rows(&mut self, rows: &[Vec<Cell>]) {
        for row in rows {
            // Writing to memory does not fail, and rows may have any length here.
            drop(self.writer.write_record(row.iter().map(text)));
        }
    }

    /// What was written since the last call.
    #[must_use]
    pub fn take(&mut self) -> Vec<u8> {
        drop(self.writer.flush());
        let fresh = csv::Writer::from_writer(Vec::new());
        std::mem::replace(&mut self.writer, fresh).into_inner().unwrap_or_default()
    }
}

/// A cell as text. An apostrophe before what looks like a formula makes it text in every spreadsheet.
fn text(cell: &Cell) -> String {
    match cell {
        Cell::Text(text) if is_dangerous(text) => format!("'{text}"),
        Cell::Text(text) => text.clone(),
        Cell::Whole(number) => number.to_string(),
        Cell::Decimal(number) => number.to_string(),
        Cell::Empty => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_text_in_cells_and_headers_and_numbers_stay_numbers() {
        let mut csv = Csv::begin(&["=cmd()".to_owned(), "Tên".to_owned()]);
        csv.rows(&[vec![Cell::from("@SUM(1)"), Cell::Whole(-5)], vec![Cell::from("a,\"b\""), Cell::Decimal(-0.5)]]);
        let written = String::from_utf8(csv.take()).unwrap();
        assert_eq!(written, "\u{feff}'=cmd(),Tên\n'@SUM(1),-5\n\"a,\"\"b\"\"\",-0.5\n");
        csv.rows(&[vec![Cell::Empty, Cell::from("x")]]);
        assert_eq!(csv.take(), b",x\n", "the header comes once");
    }
}
