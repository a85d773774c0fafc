//! Everything an attacker holds possible: a polytope around the true values.
//!
//! The unknowns are deviations from the true values, so that every equation is homogeneous and 0 is a solution.
//! [`Region::new`] narrows bounds by propagation and finds out what the equations alone determine, so that the linear
//! programs of [`super::interval`] are left with what is truly open.

use super::linear::Kernel;
use super::table::Table;

/// Cells the attacker does not know, with what is known about them.
#[derive(Debug, Clone, PartialEq)]
pub struct Region {
    /// The unknowns: index of the cell in the table.
    pub cell: Vec<usize>,
    /// Position of each cell of the table among the unknowns.
    pub unknown: Vec<Option<usize>>,
    /// Smallest and largest deviation that bounds and equations imply one by one; 0 and 0 for a known deviation.
    /// Every possible deviation lies within, but not every one within is possible.
    pub outer: Vec<(f64, f64)>,
    /// The attacker's bounds on each deviation before any deduction.
    pub given: Vec<(f64, f64)>,
    /// Equations over unknowns that are not determined.
    pub rows: Vec<Vec<(usize, f64)>>,
    /// How unknowns move together.
    pub kernel: Kernel,
    /// Largest size of a figure in the table, at least 1; the scale of rounding.
    pub tolerance: Vec<f64>,
}

/// Passes of bound propagation. More make bounds narrower, none makes them wrong.
const PASSES: usize = 30;

/// Share of [`super::table::Cell::tolerance`] below which a room is rounding.
const ROUNDING: f64 = 1e-3;

impl Region {
    /// The region of a table of which each cell is known to lie within `bounds` (deviations from its true value).
    pub fn new(table: &Table, bounds: &[(f64, f64)]) -> Self {
        let open = |&cell: &usize| bounds[cell].0 < bounds[cell].1;
        let cell: Vec<usize> = (0..bounds.len()).filter(open).collect();
        let mut unknown = vec![None; bounds.len()];
        cell.iter().enumerate().for_each(|(position, &cell)| unknown[cell] = Some(position));
        let terms = |line: &super::table::Line| -> Vec<(usize, f64)> {
            line.terms.iter().filter_map(|&(cell, c)| unknown[cell].map(|position| (position, c))).collect()
        };
        let mut rows: Vec<Vec<(usize, f64)>> = table.lines().iter().map(terms).collect();
        let tolerance: Vec<f64> = cell.iter().map(|&cell| ROUNDING * table.cells()[cell].tolerance()).collect();
        let given: Vec<(f64, f64)> = cell.iter().map(|&cell| bounds[cell]).collect();
        let mut outer = given.clone();
        propagate(&mut rows, &mut outer, &tolerance);
        let kernel = Kernel::new(cell.len(), &rows);
        (0..cell.len()).filter(|&unknown| kernel.determined(unknown)).for_each(|unknown| outer[unknown] = (0.0, 0.0));
        drop_known(&mut rows, &outer);
        Self { cell, unknown, outer, given, rows, kernel, tolerance }
    }

    /// Whether the deviation of an unknown is known to be 0 without a linear program.
    pub fn is_known(&self, unknown: usize) -> bool {
        self.outer[unknown] == (0.0, 0.0)
    }

    /// Unknowns that hang together by equations, each group ascending, known ones left out.
    pub fn components(&self) -> Vec<Vec<usize>> {
        let mut root: Vec<usize> = (0..self.cell.len()).collect();
        for row in &self.rows {
            for pair in row.windows(2) {
                let (a, b) = (find(&mut root, pair[0].0), find(&mut root, pair[1].0));
                root[a.max(b)] = a.min(b);
            }
        }
        let mut groups = vec![Vec::new(); self.cell.len()];
        for unknown in (0..self.cell.len()).filter(|&unknown| !self.is_known(unknown)) {
            groups[find(&mut root, unknown)].push(unknown);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }
}

fn find(root: &mut [usize], mut item: usize) -> usize {
    while root[item] != item {
        root[item] = root[root[item]];
        item = root[item];
    }
    item
}

/// Narrows the bounds of each unknown by each row until little changes, and drops known unknowns from the rows.
fn propagate(rows: &mut Vec<Vec<(usize, f64)>>, outer: &mut [(f64, f64)], tolerance: &[f64]) {
    for _ in 0..PASSES {
        drop_known(rows, outer);
        let mut changed = false;
        for row in rows.iter() {
            changed |= narrow(row, outer, tolerance);
        }
        if !changed {
            break;
        }
    }
    drop_known(rows, outer);
}

fn drop_known(rows: &mut Vec<Vec<(usize, f64)>>, outer: &[(f64, f64)]) {
    rows.iter_mut().for_each(|row| row.retain(|term| outer[term.0] != (0.0, 0.0)));
    rows.retain(|row| !row.is_empty());
}

/// Narrows the bounds of the unknowns of one row: each is minus the rest of the row. Whether one got narrower.
fn narrow(row: &[(usize, f64)], outer: &mut [(f64, f64)], tolerance: &[f64]) -> bool {
    let reach = |&(unknown, c): &(usize, f64), outer: &[(f64, f64)]| {
        let (low, high) = outer[unknown];
        if c > 0.0 { (c * low, c * high) } else { (c * high, c * low) }
    };
    let mut changed = false;
    for (position, &(unknown, c)) in row.iter().enumerate() {
        let rest = row.iter().enumerate().filter(|(other, _)| *other != position);
        let (low, high) = rest
            .map(|(_, term)| reach(term, outer))
            .fold((0.0, 0.0), |sum: (f64, f64), one| (sum.0 + one.0, sum.1 + one.1));
        let (low, high) = if c > 0.0 { (-high / c, -low / c) } else { (-low / c, -high / c) };
        let (old_low, old_high) = outer[unknown];
        let small = tolerance[unknown];
        let new_low = if low > old_low + small { low.min(0.0) } else { old_low };
        let new_high = if high < old_high - small { high.max(0.0) } else { old_high };
        if (new_low, new_high) != (old_low, old_high) {
            let known = new_high - new_low <= small;
            outer[unknown] = if known { (0.0, 0.0) } else { (new_low, new_high) };
            changed = true;
        }
    }
    changed
}
