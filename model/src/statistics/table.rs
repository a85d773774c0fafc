//! Column-oriented tables: codes as `u32`, measurements as `f64`.

use std::cmp::Ordering;
use std::collections::{BTreeMap, HashMap};

use thiserror::Error;

/// Most rows of a table: codes and rows are numbered by `u32`, and `u32::MAX` is no row.
const MAX_ROWS: usize = u32::MAX as usize - 1;

/// Crossings with at most this many possible pairs are numbered through a table of all pairs.
const DENSE_PAIRS: u64 = 1 << 22;

/// A column of class codes, dictionary-encoded.
///
/// `levels` holds every spelling once, ascending; `code[row]` is a position in `levels`. Spellings are never read as
/// numbers: `"01"` and `"1"` are different codes.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Codes {
    /// The distinct spellings, ascending.
    pub levels: Vec<String>,
    /// One position in `levels` per row.
    pub code: Vec<u32>,
}

/// What the columns of a table are needed for; columns that are not needed are not stored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Needs {
    columns: BTreeMap<String, Use>,
}

/// Whether a column is read as codes, as numbers, or as both.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Use {
    /// Read the spellings.
    pub code: bool,
    /// Read the numbers.
    pub number: bool,
}

/// Rows of one file in columns.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Table {
    name: String,
    rows: usize,
    codes: BTreeMap<String, Codes>,
    numbers: BTreeMap<String, Vec<f64>>,
}

/// Builds a [`Table`] from the text of its fields, row by row.
#[derive(Debug)]
pub struct TableBuilder {
    name: String,
    fields: usize,
    rows: usize,
    columns: Vec<ColumnBuilder>,
}

/// A table that cannot be used; every message names the file and the place in it.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum TableError {
    /// The header lacks a column that the request names.
    #[error("{table}: no column {column:?}; name a column of the header")]
    MissingColumn {
        /// File.
        table: String,
        /// Column asked for.
        column: String,
    },
    /// The header has the same name twice.
    #[error("{table}: the header has column {column:?} twice; rename one of them")]
    DuplicateColumn {
        /// File.
        table: String,
        /// Repeated name.
        column: String,
    },
    /// A row is longer or shorter than the header.
    #[error("{table}, line {line}: {found} fields where the header has {expected}; check the commas of the line")]
    FieldCount {
        /// File.
        table: String,
        /// Line, the header being line 1.
        line: usize,
        /// Fields of this row.
        found: usize,
        /// Fields of the header.
        expected: usize,
    },
    /// A measurement that is no finite number.
    #[error(
        "{table}, line {line}, column {column:?}: {value:?} is no number; write one like 12.5, or nothing where the value is missing"
    )]
    NotANumber {
        /// File.
        table: String,
        /// Line, the header being line 1.
        line: usize,
        /// Column.
        column: String,
        /// The text found.
        value: String,
    },
    /// A value that must not be missing is missing.
    #[error("{table}, column {column:?}: the value for {row} is missing; fill it in or drop the row")]
    MissingValue {
        /// File.
        table: String,
        /// Column.
        column: String,
        /// The row, by identifier where it has one.
        row: String,
    },
    /// The same identifier stands in two rows.
    #[error("{table}, column {column:?}: {id:?} stands in two rows; keep one submission per enterprise")]
    DuplicateId {
        /// File.
        table: String,
        /// Identifier column.
        column: String,
        /// The repeated identifier.
        id: String,
    },
    /// More rows than can be numbered.
    #[error("{table}: more than {MAX_ROWS} rows; estimate parts of the file")]
    TooManyRows {
        /// File.
        table: String,
    },
    /// A table without rows.
    #[error("{table}: no rows; give a file with a row for each respondent")]
    Empty {
        /// File.
        table: String,
    },
}

#[derive(Debug)]
struct ColumnBuilder {
    name: String,
    field: usize,
    codes: Option<CodesBuilder>,
    numbers: Option<Vec<f64>>,
}

#[derive(Debug, Default)]
struct CodesBuilder {
    position: HashMap<String, u32>,
    code: Vec<u32>,
}

impl Codes {
    /// Encodes spellings given row by row.
    pub fn from_labels<S: AsRef<str>>(labels: impl IntoIterator<Item = S>) -> Self {
        let mut builder = CodesBuilder::default();
        for label in labels {
            builder.push(label.as_ref());
        }
        builder.finish()
    }

    /// The spelling of a row.
    #[must_use]
    pub fn label(&self, row: usize) -> &str {
        &self.levels[self.code[row] as usize]
    }

    /// The position of a spelling, if any row has it.
    pub fn find(&self, level: &str) -> Option<u32> {
        let position = self.levels.binary_search_by(|l| l.as_str().cmp(level));
        position.ok().map(index)
    }

    /// The crossing of several columns: one code per combination that occurs, labelled by the spellings joined with
    /// `|`, numbered by the spellings column by column.
    #[must_use]
    pub fn crossed(columns: &[&Codes], rows: usize) -> Self {
        let mut crossing = Self { levels: vec![String::new()], code: vec![0; rows] };
        for (position, column) in columns.iter().enumerate() {
            let separator = if position == 0 { "" } else { "|" };
            crossing = crossing.crossed_with(column, separator);
        }
        crossing
    }

    fn crossed_with(&self, other: &Codes, separator: &str) -> Self {
        let width = other.levels.len() as u64;
        let pair = |row: usize| u64::from(self.code[row]) * width + u64::from(other.code[row]);
        let possible = self.levels.len() as u64 * width;
        let (pairs, code) = if possible <= DENSE_PAIRS {
            number_densely(self.code.len(), pair, possible)
        } else {
            number_by_hash(self.code.len(), pair)
        };
        let label = |pair: &u64| {
            let (a, b) = (place(pair / width), place(pair % width));
            format!("{}{separator}{}", self.levels[a], other.levels[b])
        };
        Self { levels: pairs.iter().map(label).collect(), code }
    }

    /// Codes given by position in a list of distinct spellings, in any order.
    #[must_use]
    pub fn from_positions(labels: &[String], positions: &[u32]) -> Self {
        let mut order: Vec<usize> = (0..labels.len()).collect();
        order.sort_unstable_by_key(|&position| &labels[position]);
        let mut rank = vec![0; labels.len()];
        for (place, &position) in order.iter().enumerate() {
            rank[position] = index(place);
        }
        Self {
            levels: order.iter().map(|&position| labels[position].clone()).collect(),
            code: positions.iter().map(|&p| rank[p as usize]).collect(),
        }
    }

    /// One code per distinct number; numbers are equal when their bits are.
    #[must_use]
    pub fn from_numbers(numbers: &[f64]) -> Self {
        let mut distinct: Vec<u64> = Vec::new();
        let mut position: HashMap<u64, u32> = HashMap::new();
        let code = numbers.iter().map(|number| {
            *position.entry(number.to_bits()).or_insert_with(|| {
                distinct.push(number.to_bits());
                index(distinct.len() - 1)
            })
        });
        let positions: Vec<u32> = code.collect();
        let labels: Vec<String> = distinct.iter().map(|bits| format!("{bits:016x}")).collect();
        Self::from_positions(&labels, &positions)
    }

    /// The same column with spellings replaced (several may become one); those without a replacement stay.
    #[must_use]
    pub fn relabelled(&self, replacement: &BTreeMap<String, String>) -> Self {
        let label = |level: &String| replacement.get(level).unwrap_or(level).clone();
        let mut labels: Vec<String> = self.levels.iter().map(label).collect();
        let new = labels.clone();
        labels.sort_unstable();
        labels.dedup();
        let position = |level: &String| index(labels.partition_point(|other| other < level));
        let positions: Vec<u32> = new.iter().map(position).collect();
        Self { code: self.code.iter().map(|&code| positions[code as usize]).collect(), levels: labels }
    }

    /// The codes of some of the rows; spellings that none of them has stay in `levels`.
    #[must_use]
    pub fn of_rows(&self, rows: &[u32]) -> Self {
        Self { levels: self.levels.clone(), code: rows.iter().map(|&row| self.code[row as usize]).collect() }
    }

    fn permute(&mut self, order: &[u32]) {
        self.code = order.iter().map(|&row| self.code[row as usize]).collect();
    }
}

impl Needs {
    /// Asks for the spellings of a column.
    pub fn code(&mut self, column: &str) {
        self.columns.entry(column.to_owned()).or_default().code = true;
    }

    /// Asks for the numbers of a column.
    pub fn number(&mut self, column: &str) {
        self.columns.entry(column.to_owned()).or_default().number = true;
    }

    /// Drops a column that comes from elsewhere.
    #[must_use]
    pub fn without(mut self, column: &str) -> Self {
        self.columns.remove(column);
        self
    }

    /// The columns asked for, by name.
    pub fn columns(&self) -> impl Iterator<Item = (&str, Use)> {
        self.columns.iter().map(|(name, &needed)| (name.as_str(), needed))
    }
}

impl Table {
    /// The name that messages use, usually the file's.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of rows.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// The codes of a column.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`].
    pub fn codes(&self, column: &str) -> Result<&Codes, TableError> {
        self.codes.get(column).ok_or_else(|| self.no_column(column))
    }

    /// The numbers of a column; a missing value is `NaN`.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`].
    pub fn numbers(&self, column: &str) -> Result<&[f64], TableError> {
        let numbers = self.numbers.get(column).map(Vec::as_slice);
        numbers.ok_or_else(|| self.no_column(column))
    }

    /// The codes of several columns, in the order asked for.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`].
    pub fn all_codes(&self, columns: &[String]) -> Result<Vec<&Codes>, TableError> {
        columns.iter().map(|column| self.codes(column)).collect()
    }

    /// The codes of a column in which no row may be empty.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`], [`TableError::MissingValue`].
    pub fn complete_codes(&self, column: &str) -> Result<&Codes, TableError> {
        let codes = self.codes(column)?;
        // The empty spelling sorts first.
        if codes.levels.first().is_some_and(String::is_empty) {
            let row = codes.code.iter().position(|&code| code == 0).unwrap_or(0);
            return Err(self.missing(column, format!("row {}", row + 1)));
        }
        Ok(codes)
    }

    /// The numbers of a column in which no row may be empty; `id` names rows in messages.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`], [`TableError::MissingValue`].
    pub fn complete_numbers(&self, column: &str, id: Option<&str>) -> Result<&[f64], TableError> {
        let numbers = self.numbers(column)?;
        match numbers.iter().position(|value| value.is_nan()) {
            None => Ok(numbers),
            Some(row) => Err(self.missing(column, self.row_name(row, id))),
        }
    }

    /// How messages call a row: by its identifier where there is one.
    #[must_use]
    pub fn row_name(&self, row: usize, id: Option<&str>) -> String {
        let codes = id.and_then(|id| self.codes.get(id));
        codes.map_or_else(|| format!("row {}", row + 1), |codes| format!("{:?}", codes.label(row)))
    }

    /// The same rows in canonical order: ascending by identifier, or, without one, by the whole content of the stored
    /// columns (rows that agree in all of them are interchangeable).
    ///
    /// # Errors
    /// [`TableError::Empty`]; [`TableError::MissingValue`] or [`TableError::DuplicateId`] in the identifier column.
    pub fn canonical(mut self, id: Option<&str>) -> Result<Self, TableError> {
        if self.rows == 0 {
            return Err(TableError::Empty { table: self.name });
        }
        let order = match id {
            Some(id) => self.order_by_id(id)?,
            None => self.order_by_content(),
        };
        self.permute(&order);
        Ok(self)
    }

    /// The rows of `first`, then those of `second`; both must have the same columns.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`] when `second` lacks a column of `first`.
    pub fn stacked(first: &Self, second: &Self) -> Result<Self, TableError> {
        let mut stacked = Self {
            name: format!("{} and {}", first.name, second.name),
            rows: first.rows + second.rows,
            ..Self::default()
        };
        for (name, codes) in &first.codes {
            let other = second.codes(name)?;
            let rows = (0..first.rows).map(|r| codes.label(r));
            let rows = rows.chain((0..second.rows).map(|r| other.label(r)));
            stacked.codes.insert(name.clone(), Codes::from_labels(rows));
        }
        for (name, numbers) in &first.numbers {
            let both = [numbers, second.numbers(name)?].concat();
            stacked.numbers.insert(name.clone(), both);
        }
        Ok(stacked)
    }

    /// Adds or replaces a column of codes, one per row.
    pub fn set_codes(&mut self, column: &str, codes: Codes) {
        debug_assert_eq!(codes.code.len(), self.rows);
        self.codes.insert(column.to_owned(), codes);
    }

    /// Adds or replaces a column of numbers, one per row.
    pub fn set_numbers(&mut self, column: &str, numbers: Vec<f64>) {
        debug_assert_eq!(numbers.len(), self.rows);
        self.numbers.insert(column.to_owned(), numbers);
    }

    fn order_by_id(&self, id: &str) -> Result<Vec<u32>, TableError> {
        let codes = self.complete_codes(id)?;
        let mut order = vec![u32::MAX; codes.levels.len()];
        for (row, &code) in codes.code.iter().enumerate() {
            if order[code as usize] != u32::MAX {
                return Err(TableError::DuplicateId {
                    table: self.name.clone(),
                    column: id.to_owned(),
                    id: codes.label(row).to_owned(),
                });
            }
            order[code as usize] = index(row);
        }
        order.retain(|&row| row != u32::MAX);
        Ok(order)
    }

    fn order_by_content(&self) -> Vec<u32> {
        let compare = |a: u32, b: u32| {
            let (a, b) = (a as usize, b as usize);
            let codes = self.codes.values().map(|c| c.code[a].cmp(&c.code[b]));
            let numbers = self.numbers.values().map(|n| n[a].total_cmp(&n[b]));
            let mut unequal = codes.chain(numbers).filter(|order| order.is_ne());
            unequal.next().unwrap_or(Ordering::Equal)
        };
        let mut order: Vec<u32> = (0..index(self.rows)).collect();
        order.sort_by(|&a, &b| compare(a, b));
        order
    }

    fn permute(&mut self, order: &[u32]) {
        if order.is_sorted() {
            return;
        }
        for codes in self.codes.values_mut() {
            codes.permute(order);
        }
        for numbers in self.numbers.values_mut() {
            *numbers = order.iter().map(|&row| numbers[row as usize]).collect();
        }
    }

    fn no_column(&self, column: &str) -> TableError {
        TableError::MissingColumn { table: self.name.clone(), column: column.to_owned() }
    }

    fn missing(&self, column: &str, row: String) -> TableError {
        TableError::MissingValue { table: self.name.clone(), column: column.to_owned(), row }
    }
}

impl TableBuilder {
    /// Starts a table with the given header, keeping the columns of `needs`.
    ///
    /// # Errors
    /// [`TableError::MissingColumn`], [`TableError::DuplicateColumn`].
    pub fn new(name: &str, header: &[&str], needs: &Needs) -> Result<Self, TableError> {
        let mut columns = Vec::new();
        for (column, needed) in needs.columns() {
            let mut fields = header.iter().enumerate().filter(|(_, h)| **h == column);
            let (table, column) = (name.to_owned(), column.to_owned());
            let Some((field, _)) = fields.next() else {
                return Err(TableError::MissingColumn { table, column });
            };
            if fields.next().is_some() {
                return Err(TableError::DuplicateColumn { table, column });
            }
            columns.push(ColumnBuilder {
                name: column,
                field,
                codes: needed.code.then(CodesBuilder::default),
                numbers: needed.number.then(Vec::new),
            });
        }
        Ok(Self { name: name.to_owned(), fields: header.len(), rows: 0, columns })
    }

    /// Adds a row, given field by field as in the header; an empty field is a missing value.
    ///
    /// # Errors
    /// [`TableError::FieldCount`], [`TableError::NotANumber`].
    pub fn push(&mut self, row: &[&str]) -> Result<(), TableError> {
        let line = self.rows + 2;
        if row.len() != self.fields {
            return Err(TableError::FieldCount {
                table: self.name.clone(),
                line,
                found: row.len(),
                expected: self.fields,
            });
        }
        for column in &mut self.columns {
            let text = row[column.field];
            if let Some(codes) = &mut column.codes {
                codes.push(text);
            }
            if let Some(numbers) = &mut column.numbers {
                let number = parse_number(text).ok_or_else(|| TableError::NotANumber {
                    table: self.name.clone(),
                    line,
                    column: column.name.clone(),
                    value: text.to_owned(),
                })?;
                numbers.push(number);
            }
        }
        if self.rows == MAX_ROWS {
            return Err(TableError::TooManyRows { table: self.name.clone() });
        }
        self.rows += 1;
        Ok(())
    }

    /// The finished table.
    #[must_use]
    pub fn finish(self) -> Table {
        let mut table = Table { name: self.name, rows: self.rows, ..Table::default() };
        for column in self.columns {
            if let Some(codes) = column.codes {
                table.codes.insert(column.name.clone(), codes.finish());
            }
            if let Some(numbers) = column.numbers {
                table.numbers.insert(column.name, numbers);
            }
        }
        table
    }
}

impl CodesBuilder {
    fn push(&mut self, label: &str) {
        let code = match self.position.get(label) {
            Some(&code) => code,
            None => {
                let code = index(self.position.len());
                self.position.insert(label.to_owned(), code);
                code
            }
        };
        self.code.push(code);
    }

    fn finish(self) -> Codes {
        let mut levels: Vec<(String, u32)> = self.position.into_iter().collect();
        levels.sort_unstable();
        let mut rank = vec![0; levels.len()];
        for (position, (_, first_seen)) in levels.iter().enumerate() {
            rank[*first_seen as usize] = index(position);
        }
        Codes {
            levels: levels.into_iter().map(|(level, _)| level).collect(),
            code: self.code.iter().map(|&code| rank[code as usize]).collect(),
        }
    }
}

/// The pairs that occur, ascending, and the place of each row's pair among them.
fn number_densely(rows: usize, pair: impl Fn(usize) -> u64, possible: u64) -> (Vec<u64>, Vec<u32>) {
    let mut codes = vec![u32::MAX; place(possible)];
    (0..rows).for_each(|row| codes[place(pair(row))] = 0);
    let pairs: Vec<u64> = (0..possible).filter(|&pair| codes[place(pair)] == 0).collect();
    for (code, &pair) in pairs.iter().enumerate() {
        codes[place(pair)] = index(code);
    }
    let code = (0..rows).map(|row| codes[place(pair(row))]).collect();
    (pairs, code)
}

/// Like [`number_densely`], for more possible pairs than a table can hold.
fn number_by_hash(rows: usize, pair: impl Fn(usize) -> u64) -> (Vec<u64>, Vec<u32>) {
    let mut codes: HashMap<u64, u32> = (0..rows).map(|row| (pair(row), 0)).collect();
    let mut pairs: Vec<u64> = codes.keys().copied().collect();
    pairs.sort_unstable();
    for (code, &pair) in pairs.iter().enumerate() {
        codes.insert(pair, index(code));
    }
    let code = (0..rows).map(|row| codes[&pair(row)]).collect();
    (pairs, code)
}

/// The number of a row, a code, a cell or a stratum.
#[allow(clippy::cast_possible_truncation, reason = "of none are there more than rows, at most MAX_ROWS")]
pub(super) fn index(position: usize) -> u32 {
    debug_assert!(u32::try_from(position).is_ok());
    position as u32
}

/// The place of a code or of a pair of codes in a list that holds all of them.
#[allow(clippy::cast_possible_truncation, reason = "a list in memory has no place beyond usize")]
fn place(number: u64) -> usize {
    number as usize
}

/// `NaN` for an empty field, `None` for text that is no finite decimal number ("nan" and "inf" are none either).
fn parse_number(text: &str) -> Option<f64> {
    if text.is_empty() {
        return Some(f64::NAN);
    }
    text.parse().ok().filter(|number: &f64| number.is_finite())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(rows: &[[&str; 3]]) -> Result<Table, TableError> {
        let mut needs = Needs::default();
        needs.code("id");
        needs.code("size");
        needs.number("score");
        let mut builder = TableBuilder::new("t.csv", &["id", "size", "score"], &needs)?;
        for row in rows {
            builder.push(row)?;
        }
        Ok(builder.finish())
    }

    #[test]
    fn canonical_order_does_not_depend_on_the_order_of_rows() {
        let a = table(&[["b", "2", "1"], ["a", "10", ""], ["c", "2", "3"]]).unwrap();
        let b = table(&[["c", "2", "3"], ["b", "2", "1"], ["a", "10", ""]]).unwrap();
        for id in [Some("id"), None] {
            let (a, b) = (a.clone().canonical(id).unwrap(), b.clone().canonical(id).unwrap());
            assert_eq!(a.codes, b.codes);
            let bits = |t: &Table| -> Vec<u64> { t.numbers["score"].iter().map(|x| x.to_bits()).collect() };
            assert_eq!(bits(&a), bits(&b));
        }
    }

    #[test]
    fn faults_name_the_place() {
        let text = |rows: &[[&str; 3]]| match table(rows).and_then(|t| t.canonical(Some("id"))) {
            Ok(_) => String::new(),
            Err(error) => error.to_string(),
        };
        assert!(text(&[["a", "1", "NaN"]]).contains("line 2, column \"score\": \"NaN\""));
        assert!(text(&[["a", "1", "1"], ["a", "1", "1"]]).contains("\"a\" stands in two rows"));
        assert!(text(&[["", "1", "1"]]).contains("row 1 is missing"));
        assert!(text(&[]).contains("no rows"));
    }
}
