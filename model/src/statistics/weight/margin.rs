use std::collections::{BTreeMap, HashMap};

use super::WeightError;
use crate::statistics::sum::{Sum, sum};
use crate::statistics::table::{Codes, index};

/// Grand totals of two margins that differ by more than this share do not belong together.
const GRAND_TOTAL_TOLERANCE: f64 = 1e-9;

/// Known totals of one classification (or a crossing of several).
#[derive(Debug, Clone, PartialEq)]
pub struct Margin {
    /// The columns whose codes make the categories.
    pub by: Vec<String>,
    /// Per category its codes, in the order of `by`, and its total N_c in enterprises.
    pub totals: Vec<(Vec<String>, f64)>,
}

/// Where the codes of one margin stand for the units to be weighted.
#[derive(Debug, Clone, Copy)]
pub struct MarginColumns<'a> {
    /// The margin.
    pub margin: &'a Margin,
    /// One column of codes per entry of `margin.by`.
    pub codes: &'a [&'a Codes],
}

/// The calibration variables x: one 0/1 column per category of every margin.
///
/// Stored as the position of the single 1 per unit and margin.
#[derive(Debug, Clone)]
pub struct Incidence {
    /// `column[m][k]`: the column of margin `m` in which unit `k` has its 1.
    pub(super) column: Vec<Vec<u32>>,
    /// X: the total of each column.
    pub(super) total: Vec<f64>,
    /// `margin=category` per column.
    pub(super) label: Vec<String>,
    units: usize,
}

impl Margin {
    /// The columns joined by `×`, as messages name the margin.
    #[must_use]
    pub fn name(&self) -> String {
        self.by.join("×")
    }

    /// The same margin with the codes of one of its columns replaced and the totals of categories that become one added
    /// up: what [`merge_thin`](super::merge_thin) asks for.
    #[must_use]
    pub fn relabelled(&self, column: &str, replacement: &BTreeMap<String, String>) -> Self {
        let replaced = |(by, code): (&String, &String)| match replacement.get(code) {
            Some(new) if by == column => new.clone(),
            _ => code.clone(),
        };
        let mut sums: BTreeMap<Vec<String>, Sum> = BTreeMap::new();
        for (codes, total) in &self.totals {
            let codes = self.by.iter().zip(codes).map(replaced).collect();
            sums.entry(codes).or_default().add(*total);
        }
        let totals = sums.into_iter().map(|(codes, sum)| (codes, sum.value()));
        Self { by: self.by.clone(), totals: totals.collect() }
    }

    fn grand_total(&self) -> f64 {
        sum(self.totals.iter().map(|(_, total)| *total))
    }
}

impl Incidence {
    /// Matches `units` units with the categories of the margins; `row_name` is called for messages.
    ///
    /// Categories with total 0 and no unit are dropped.
    ///
    /// # Errors
    /// [`WeightError::NoMargins`], [`WeightError::MarginsDisagree`], [`WeightError::DuplicateCategory`],
    /// [`WeightError::UnmatchedCode`], [`WeightError::EmptyCategory`], [`WeightError::BadTotal`].
    pub fn new(
        margins: &[MarginColumns],
        units: usize,
        row_name: impl Fn(usize) -> String,
    ) -> Result<Self, WeightError> {
        check_grand_totals(margins)?;
        let mut incidence = Self { column: Vec::new(), total: Vec::new(), label: Vec::new(), units };
        for columns in margins {
            incidence.push(columns, &row_name)?;
        }
        Ok(incidence)
    }

    /// Number of columns of x.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.total.len()
    }

    /// Number of units.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units
    }

    /// Number of margins.
    #[must_use]
    pub fn margins(&self) -> usize {
        self.column.len()
    }

    /// The known totals X, per column.
    #[must_use]
    pub fn totals(&self) -> &[f64] {
        &self.total
    }

    /// x'λ for every unit.
    #[must_use]
    pub fn fitted(&self, coefficients: &[f64]) -> Vec<f64> {
        let mut fitted = vec![0.0; self.units];
        for margin in &self.column {
            for (fitted, &column) in fitted.iter_mut().zip(margin) {
                *fitted += coefficients[column as usize];
            }
        }
        fitted
    }

    /// Σ amount·x over the units, per column.
    pub fn sums(&self, amount: &[f64]) -> Vec<f64> {
        let mut sums = vec![Sum::default(); self.columns()];
        for margin in &self.column {
            let units = margin.iter().zip(amount);
            // Adding 0 changes no bit, and small domains are mostly 0.
            for (&column, &amount) in units.filter(|(_, amount)| **amount != 0.0) {
                sums[column as usize].add(amount);
            }
        }
        sums.into_iter().map(Sum::value).collect()
    }

    /// Σ mass·x x', row-major, `columns` × `columns`, lower triangle.
    #[must_use]
    pub fn gram(&self, mass: &[f64]) -> Vec<f64> {
        let size = self.columns();
        let mut gram = vec![0.0; size * size];
        for (a, rows) in self.column.iter().enumerate() {
            for columns in &self.column[..=a] {
                for ((&row, &column), &mass) in rows.iter().zip(columns).zip(mass) {
                    gram[row as usize * size + column as usize] += mass;
                }
            }
        }
        gram
    }

    /// The same margins for members of the units, member k belonging to unit `unit[k]`.
    pub(super) fn of_members(&self, unit: &[u32]) -> Self {
        let member_columns =
            |margin: &Vec<u32>| -> Vec<u32> { unit.iter().map(|&unit| margin[unit as usize]).collect() };
        Self {
            column: self.column.iter().map(member_columns).collect(),
            total: self.total.clone(),
            label: self.label.clone(),
            units: unit.len(),
        }
    }

    fn push(&mut self, columns: &MarginColumns, row_name: &impl Fn(usize) -> String) -> Result<(), WeightError> {
        let margin = columns.margin;
        let crossed = Codes::crossed(columns.codes, self.units);
        let category_of_code = categories(columns, &crossed, row_name)?;
        let mut answered = vec![false; margin.totals.len()];
        for &code in &crossed.code {
            answered[category_of_code[code as usize]] = true;
        }
        let mut position = vec![0; margin.totals.len()];
        for (category, (codes, total)) in margin.totals.iter().enumerate() {
            let (name, label) = (margin.name(), codes.join("|"));
            check_total(&name, &label, *total, answered[category])?;
            if answered[category] {
                position[category] = index(self.total.len());
                self.total.push(*total);
                self.label.push(format!("{name}={label}"));
            }
        }
        let unit_columns = crossed.code.iter();
        let unit_columns = unit_columns.map(|&code| position[category_of_code[code as usize]]);
        self.column.push(unit_columns.collect());
        Ok(())
    }
}

/// The category (index into `margin.totals`) of every combination of codes that occurs.
fn categories(
    columns: &MarginColumns,
    crossed: &Codes,
    row_name: &impl Fn(usize) -> String,
) -> Result<Vec<usize>, WeightError> {
    let margin = columns.margin;
    let mut index: HashMap<&[String], usize> = HashMap::new();
    for (position, (codes, _)) in margin.totals.iter().enumerate() {
        if index.insert(codes, position).is_some() {
            return Err(WeightError::DuplicateCategory { margin: margin.name(), category: codes.join("|") });
        }
    }
    let mut first_row = vec![None; crossed.levels.len()];
    for (row, &code) in crossed.code.iter().enumerate() {
        first_row[code as usize].get_or_insert(row);
    }
    let mut category = Vec::with_capacity(first_row.len());
    for row in first_row.into_iter().flatten() {
        let codes: Vec<String> = columns.codes.iter().map(|c| c.label(row).to_owned()).collect();
        match index.get(codes.as_slice()) {
            Some(&position) => category.push(position),
            None => {
                return Err(WeightError::UnmatchedCode {
                    margin: margin.name(),
                    row: row_name(row),
                    code: codes.join("|"),
                });
            }
        }
    }
    Ok(category)
}

fn check_total(margin: &str, label: &str, total: f64, answered: bool) -> Result<(), WeightError> {
    let (margin, category) = (margin.to_owned(), label.to_owned());
    if total == 0.0 && !answered {
        Ok(())
    } else if total <= 0.0 || !total.is_finite() {
        Err(WeightError::BadTotal { margin, category, total })
    } else if !answered {
        Err(WeightError::EmptyCategory { margin, category, total })
    } else {
        Ok(())
    }
}

fn check_grand_totals(margins: &[MarginColumns]) -> Result<(), WeightError> {
    let first = margins.first().ok_or(WeightError::NoMargins)?.margin;
    let first_total = first.grand_total();
    for other in margins.iter().map(|columns| columns.margin) {
        let second_total = other.grand_total();
        let gap = (first_total - second_total).abs();
        if gap > GRAND_TOTAL_TOLERANCE * first_total.abs() || gap.is_nan() {
            return Err(WeightError::MarginsDisagree {
                first: first.name(),
                first_total,
                second: other.name(),
                second_total,
            });
        }
    }
    Ok(())
}
