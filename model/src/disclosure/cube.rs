//! Tables from leaves: every combination of the codes of hierarchical dimensions, and every equation between them.
//!
//! Linked tables share cells, so a list of tables with common margins is one table whose leaves are their leaves; drop
//! the cells that are not published from [`Cube::without`].

use std::collections::{BTreeMap, BTreeSet};

use super::DisclosureError;
use super::table::{Cell, Equation, Table};

/// A dimension: codes in a tree.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Name, for errors.
    pub name: String,
    /// Code of the total.
    pub root: String,
    /// Codes of the parts of each total.
    pub parts: BTreeMap<String, Vec<String>>,
}

/// A figure of a combination of leaf codes.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Leaf {
    /// Value, in the unit of the indicator.
    pub value: f64,
    /// Contributing enterprise groups.
    pub n: u32,
    /// Enterprises in the register; the weight of a mean, not used for sums.
    pub population: u32,
}

/// How a figure of a total follows from those of its parts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Measure {
    /// It is their sum; values are at least 0.
    Sum,
    /// It is their mean, weighted by public register counts; values lie between the two numbers.
    Mean(f64, f64),
}

/// Cells and equations, not yet checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// The cells; identifiers are the codes joined by `|`.
    pub cells: Vec<Cell>,
    /// The equations.
    pub equations: Vec<Equation>,
}

impl Dimension {
    /// A dimension without subtotals.
    pub fn flat(name: &str, root: &str, leaves: &[&str]) -> Self {
        let leaves = leaves.iter().map(|&leaf| leaf.to_owned()).collect();
        Self { name: name.to_owned(), root: root.to_owned(), parts: BTreeMap::from([(root.to_owned(), leaves)]) }
    }

    /// Every code with the leaves below it.
    fn leaves(&self) -> Result<BTreeMap<String, Vec<String>>, DisclosureError> {
        let mut leaves = BTreeMap::new();
        self.visit(&self.root, &mut leaves, &mut BTreeSet::new())?;
        Ok(leaves)
    }

    fn visit(
        &self,
        code: &str,
        leaves: &mut BTreeMap<String, Vec<String>>,
        seen: &mut BTreeSet<String>,
    ) -> Result<Vec<String>, DisclosureError> {
        if !seen.insert(code.to_owned()) {
            return Err(DisclosureError::Repeated { place: format!("dimension {}", self.name), cell: code.to_owned() });
        }
        let mut below = Vec::new();
        match self.parts.get(code) {
            None => below.push(code.to_owned()),
            Some(parts) => {
                for part in parts {
                    below.extend(self.visit(part, leaves, seen)?);
                }
            }
        }
        leaves.insert(code.to_owned(), below.clone());
        Ok(below)
    }
}

impl Cube {
    /// Every combination of codes of `dimensions`, with its figure from `leaves` (keyed by leaf codes in the order of
    /// the dimensions; a missing one is 0). A mean of no enterprises is left out.
    ///
    /// # Errors
    /// A code that stands in a hierarchy twice.
    pub fn new(
        dimensions: &[Dimension],
        leaves: &BTreeMap<Vec<String>, Leaf>,
        measure: Measure,
    ) -> Result<Self, DisclosureError> {
        let below = dimensions.iter().map(Dimension::leaves).collect::<Result<Vec<_>, _>>()?;
        let mut figures = BTreeMap::new();
        for codes in product(&below.iter().map(|codes| codes.keys().cloned().collect()).collect::<Vec<Vec<_>>>()) {
            let parts: Vec<Vec<String>> = codes.iter().zip(&below).map(|(code, all)| all[code].clone()).collect();
            let figure = total(product(&parts).iter().filter_map(|leaf| leaves.get(leaf)), measure);
            if figure.population > 0 || measure == Measure::Sum {
                figures.insert(codes, figure);
            }
        }
        let cells = figures.iter().map(|(codes, figure)| cell(codes, figure, measure)).collect();
        Ok(Self { cells, equations: equations(dimensions, &figures, measure) })
    }

    /// The cube without the cells `drop` says, and without the equations that lose their total. Parts that are not
    /// published stay: they are suppressed for good.
    pub fn without(mut self, drop: impl Fn(&str) -> bool) -> Self {
        self.equations.retain(|equation| !equation.cells.iter().any(|id| drop(id)));
        self.cells.retain(|cell| !drop(&cell.id));
        self
    }

    /// The checked table.
    ///
    /// # Errors
    /// Those of [`Table::new`].
    pub fn table(self) -> Result<Table, DisclosureError> {
        Table::new(self.cells, &self.equations)
    }
}

/// All combinations of one item of each list, in order.
fn product(lists: &[Vec<String>]) -> Vec<Vec<String>> {
    lists.iter().fold(vec![Vec::new()], |combinations, list| {
        let longer = |start: &Vec<String>| {
            let start = start.clone();
            list.iter().map(move |item| [start.as_slice(), std::slice::from_ref(item)].concat()).collect::<Vec<_>>()
        };
        combinations.iter().flat_map(longer).collect()
    })
}

fn total<'a>(leaves: impl Iterator<Item = &'a Leaf>, measure: Measure) -> Leaf {
    let (mut sum, mut n, mut population) = (0.0, 0, 0);
    for leaf in leaves {
        let weight = if measure == Measure::Sum { 1.0 } else { f64::from(leaf.population) };
        sum += weight * leaf.value;
        n += leaf.n;
        population += leaf.population;
    }
    let value = if measure == Measure::Sum { sum } else { sum / f64::from(population) };
    Leaf { value, n, population }
}

fn cell(codes: &[String], figure: &Leaf, measure: Measure) -> Cell {
    let (lower, upper) = match measure {
        Measure::Sum => (0.0, f64::INFINITY),
        Measure::Mean(lower, upper) => (lower, upper),
    };
    Cell { id: codes.join("|"), value: figure.value, n: figure.n, lower, upper }
}

/// Total = sum of the parts, for each subdivided code of each dimension and each combination of the others.
fn equations(dimensions: &[Dimension], figures: &BTreeMap<Vec<String>, Leaf>, measure: Measure) -> Vec<Equation> {
    let weight = |figure: &Leaf| if measure == Measure::Sum { 1.0 } else { f64::from(figure.population) };
    let mut equations = Vec::new();
    for (codes, figure) in figures {
        for (axis, dimension) in dimensions.iter().enumerate() {
            let Some(parts) = dimension.parts.get(&codes[axis]) else { continue };
            let mut equation = Equation { cells: vec![codes.join("|")], coefficients: vec![-weight(figure)] };
            for part in parts {
                let mut codes = codes.clone();
                codes[axis].clone_from(part);
                if let Some(figure) = figures.get(&codes) {
                    equation.cells.push(codes.join("|"));
                    equation.coefficients.push(weight(figure));
                }
            }
            equations.push(equation);
        }
    }
    equations
}
