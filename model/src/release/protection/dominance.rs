//! Dominance (method 9, P2): a figure that one enterprise makes up by itself.
//!
//! A ratio tells two amounts, whoever knows the whole: the part, and the rest that is not part of it. Either is sensitive where
//! the second largest contributor could work out the largest one to p %. The largest enterprises of a province are known
//! to everybody, and so, roughly, is how many people they employ.

use super::super::layout::Layout;
use super::super::microdata::Microdata;
use super::super::weights::Weighted;
use crate::disclosure::primary::{Largest, PERCENT};

/// Per indicator and domain how far from the truth an attacker must hold values possible, in points; 0 where nobody
/// dominates. Ratios alone have it.
pub(super) fn dominance(microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Option<Vec<f64>>> {
    let of_indicator = |indicator: usize| {
        let whole = microdata.whole(indicator)?;
        let cells = cells(microdata, weighted, &microdata.respondents.columns[indicator], whole);
        let level = |domain: &Vec<u32>| {
            let (mut part, mut rest) = (Largest::default(), Largest::default());
            for &cell in domain {
                part.join(&cells[cell as usize].0);
                rest.join(&cells[cell as usize].1);
            }
            let whole = part.total + rest.total;
            if whole > 0.0 { 100.0 * part.upper(PERCENT).max(rest.upper(PERCENT)) / whole } else { 0.0 }
        };
        Some(layout.cells.iter().map(level).collect())
    };
    (0..microdata.items.len()).map(of_indicator).collect()
}

/// Part and rest per cell of the frame.
fn cells(microdata: &Microdata, weighted: &Weighted, part: &[f64], whole: &[f64]) -> Vec<(Largest, Largest)> {
    let mut cells = vec![(Largest::default(), Largest::default()); microdata.frame.cells.len()];
    let values = part.iter().zip(whole);
    for (&cell, (&part, &whole)) in
        microdata.respondents.cell.iter().zip(values).filter(|(_, (part, _))| !part.is_nan())
    {
        let weight = weighted.weight[cell as usize];
        let of_cell = &mut cells[cell as usize];
        of_cell.0.add(part, weight);
        of_cell.1.add(whole - part, weight);
    }
    cells
}
