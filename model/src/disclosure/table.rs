//! Tables as an attacker sees them: cells, and the equations everybody knows to hold between them.
//!
//! A [`Table`] is checked when it is made and put into one canonical order (cells by identifier, equations by their
//! cells), so that nothing that is computed from it depends on the order of a file.

use std::collections::BTreeMap;

use super::DisclosureError;

/// A cell: one figure, published or not.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// Identifier, unique in the table.
    pub id: String,
    /// True value, in the unit of the indicator (count, money, points of a score).
    pub value: f64,
    /// Enterprise groups that contribute.
    pub n: u32,
    /// Smallest value everybody would hold possible, in the unit of `value`; may be −∞.
    pub lower: f64,
    /// Largest value everybody would hold possible, in the unit of `value`; may be +∞.
    pub upper: f64,
}

/// A sum everybody knows: Σ coefficient · value = 0, the total first.
///
/// Coefficients are −1 and 1 for sums. For means with public register counts they are −N and the N of the parts,
/// as N·mean is a total (method 9).
#[derive(Debug, Clone, PartialEq)]
pub struct Equation {
    /// Identifiers of the cells, the total first.
    pub cells: Vec<String>,
    /// Their coefficients.
    pub coefficients: Vec<f64>,
}

/// Cells and equations, checked and in canonical order.
#[derive(Debug, Clone, PartialEq)]
pub struct Table {
    cells: Vec<Cell>,
    lines: Vec<Line>,
    place: BTreeMap<String, usize>,
    /// The contributor of cells that have a single one, where it is known that cells of different tables have the same.
    single: BTreeMap<usize, u32>,
}

/// An equation of a [`Table`].
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// Position of the equation in the list the table was made from, from 0.
    pub number: usize,
    /// Index of the total.
    pub total: usize,
    /// All terms, index and coefficient, ascending by index.
    pub terms: Vec<(usize, f64)>,
}

/// Share of the terms of an equation by which its sum may miss 0: what 17 digits and a sum leave.
const ROUNDING: f64 = 1e-7;

impl Cell {
    /// A cell whose value is known to be at least 0 and nothing else, such as a count or an amount of money.
    pub fn amount(id: &str, value: f64, n: u32) -> Self {
        Self { id: id.to_owned(), value, n, lower: 0.0, upper: f64::INFINITY }
    }

    /// What counts as the same value, in the unit of `value`: 1e-6 · max(1, |value|), as the oracles have it.
    pub fn tolerance(&self) -> f64 {
        1e-6 * self.value.abs().max(1.0)
    }
}

impl Equation {
    /// Total = sum of the parts.
    pub fn sum(total: &str, parts: &[&str]) -> Self {
        let mut equation = Self { cells: vec![total.to_owned()], coefficients: vec![-1.0] };
        equation.cells.extend(parts.iter().map(|&part| part.to_owned()));
        equation.coefficients.resize(parts.len() + 1, 1.0);
        equation
    }
}

impl Table {
    /// Checks cells and equations.
    ///
    /// # Errors
    /// A repeated identifier, a value that is no number or outside its bounds, an equation that names an unknown or a
    /// repeated cell, has no parts, a coefficient that is 0 or no number, or does not add up.
    pub fn new(mut cells: Vec<Cell>, equations: &[Equation]) -> Result<Self, DisclosureError> {
        cells.sort_by(|a, b| a.id.cmp(&b.id));
        cells.iter().try_for_each(check_cell)?;
        if let Some(pair) = cells.windows(2).find(|pair| pair[0].id == pair[1].id) {
            return Err(DisclosureError::Repeated { place: "cells".into(), cell: pair[0].id.clone() });
        }
        let place: BTreeMap<String, usize> = cells.iter().enumerate().map(|(i, cell)| (cell.id.clone(), i)).collect();
        let line = |(number, equation)| line(number, equation, &cells, &place);
        let mut lines = equations.iter().enumerate().map(line).collect::<Result<Vec<_>, _>>()?;
        lines.sort_by(|a, b| order(a).partial_cmp(&order(b)).unwrap_or(std::cmp::Ordering::Equal));
        Ok(Self { cells, lines, place, single: BTreeMap::new() })
    }

    /// The same table, in which cells with a single contributor (by identifier) are known to be about the same one where their
    /// numbers are equal.
    #[must_use]
    pub fn with_single_contributors(mut self, contributors: impl Iterator<Item = (String, u32)>) -> Self {
        for (id, contributor) in contributors {
            if let Some(&cell) = self.place.get(&id).filter(|&&cell| self.cells[cell].n == 1) {
                self.single.insert(cell, contributor);
            }
        }
        self
    }

    /// The cells, ascending by identifier.
    pub fn cells(&self) -> &[Cell] {
        &self.cells
    }

    /// The equations, in canonical order.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Index of a cell.
    ///
    /// # Errors
    /// A cell the table does not have; `place` says who asked.
    pub fn index(&self, place: &str, id: &str) -> Result<usize, DisclosureError> {
        let unknown = || DisclosureError::Unknown { place: place.to_owned(), cell: id.to_owned() };
        self.place.get(id).copied().ok_or_else(unknown)
    }

    /// Whether each cell is the total of some equation.
    pub fn is_total(&self) -> Vec<bool> {
        let mut total = vec![false; self.cells.len()];
        self.lines.iter().for_each(|line| total[line.total] = true);
        total
    }

    /// The contributor of each cell that has a single one, as an arbitrary number: a total and its part that both have
    /// a single contributor have the same, and so have cells that are known to.
    pub fn single_contributors(&self) -> Vec<Option<usize>> {
        let single = |cell: usize| self.cells[cell].n == 1;
        let mut of: Vec<Option<usize>> = (0..self.cells.len()).map(|cell| single(cell).then_some(cell)).collect();
        let mut same = |one: usize, other: usize| {
            let (old, new) = (of[one], of[other]);
            of.iter_mut().filter(|of| **of == old).for_each(|of| *of = new);
        };
        for line in self.lines.iter().filter(|line| single(line.total)) {
            line.parts().filter(|&part| single(part)).for_each(|part| same(part, line.total));
        }
        let mut first: BTreeMap<u32, usize> = BTreeMap::new();
        for (&cell, &contributor) in &self.single {
            same(cell, *first.entry(contributor).or_insert(cell));
        }
        of
    }

    /// Whether each cell is a part of some equation.
    pub fn is_part(&self) -> Vec<bool> {
        let mut part = vec![false; self.cells.len()];
        self.lines.iter().flat_map(Line::parts).for_each(|cell| part[cell] = true);
        part
    }
}

impl Line {
    /// Indices of the parts, without the total.
    pub fn parts(&self) -> impl Iterator<Item = usize> + '_ {
        self.terms.iter().map(|term| term.0).filter(|&cell| cell != self.total)
    }
}

/// Equal keys belong to equal equations but for their numbers.
fn order(line: &Line) -> (&[(usize, f64)], usize, usize) {
    (&line.terms, line.total, line.number)
}

fn check_cell(cell: &Cell) -> Result<(), DisclosureError> {
    let fault = |problem: &str| Err(DisclosureError::Cell { cell: cell.id.clone(), problem: problem.to_owned() });
    if !cell.value.is_finite() {
        return fault("the value is no finite number; give the true value");
    }
    if cell.lower.is_nan() || cell.upper.is_nan() {
        return fault("a bound is no number; give a number or null");
    }
    if cell.value < cell.lower - cell.tolerance() || cell.value > cell.upper + cell.tolerance() {
        return fault("the value lies outside lb and ub, which the attacker takes for granted; widen them");
    }
    Ok(())
}

fn line(
    number: usize,
    equation: &Equation,
    cells: &[Cell],
    place: &BTreeMap<String, usize>,
) -> Result<Line, DisclosureError> {
    let fault = |problem: String| DisclosureError::Equation { number, problem };
    if equation.cells.len() != equation.coefficients.len() || equation.cells.len() < 2 {
        return Err(fault("give a total, at least one part, and a coefficient for each".into()));
    }
    if let Some(bad) = equation.coefficients.iter().find(|c| !c.is_finite() || **c == 0.0) {
        return Err(fault(format!("the coefficient {bad} must be a finite number other than 0")));
    }
    let index = |id: &String| {
        place
            .get(id)
            .copied()
            .ok_or_else(|| fault(format!("the cell {id:?} is not in the table; add it or correct its name")))
    };
    let indices = equation.cells.iter().map(index).collect::<Result<Vec<_>, _>>()?;
    let mut terms: Vec<(usize, f64)> = indices.iter().copied().zip(equation.coefficients.iter().copied()).collect();
    terms.sort_by_key(|term| term.0);
    if let Some(pair) = terms.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(fault(format!("the cell {:?} stands in it twice; add its coefficients up", cells[pair[0].0].id)));
    }
    let sum: f64 = terms.iter().map(|&(cell, c)| c * cells[cell].value).sum();
    let size: f64 = terms.iter().map(|&(cell, c)| (c * cells[cell].value).abs()).sum();
    if sum.abs() > ROUNDING * size.max(1.0) {
        return Err(fault(format!("its cells add up to {sum}, not to 0; publish figures that add up")));
    }
    Ok(Line { number, total: indices[0], terms })
}
