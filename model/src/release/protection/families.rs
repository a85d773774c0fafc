//! Families: indicators about the same enterprises that say something about each other.

use std::collections::HashMap;

use super::super::layout::Layout;
use super::super::microdata::{Item, Measure, Microdata};
use super::super::weights::Weighted;

/// Indicators that share a pattern, with the numbers of those they are about.
pub(super) struct Family {
    pub indicators: Vec<usize>,
    /// Those of the indicators that are classes: everybody is in exactly one.
    pub classes: Vec<usize>,
    /// Other shares of the family, with the classes that make them up: "level 3 and above".
    pub unions: Vec<(usize, Vec<usize>)>,
    /// n per cell of the frame.
    pub of_cell: Vec<u32>,
    /// n per domain.
    pub n: Vec<u32>,
    /// Sum of the weights per domain.
    pub size: Vec<f64>,
}

impl Family {
    /// Respondents of the whole province.
    pub fn everybody(&self) -> u32 {
        self.n.first().copied().unwrap_or(0)
    }

    /// Domains about which somebody has answered.
    pub fn answered(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.n.len()).filter(|&domain| self.n[domain] > 0)
    }
}

/// The families, in the order of their first indicators.
pub(super) fn families(microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Family> {
    let mut position: HashMap<(&str, Vec<u32>), usize> = HashMap::new();
    let mut families: Vec<Family> = Vec::new();
    for (indicator, (item, column)) in microdata.items.iter().zip(&microdata.respondents.columns).enumerate() {
        let mut of_cell = vec![0; microdata.frame.cells.len()];
        for (&cell, value) in microdata.respondents.cell.iter().zip(column) {
            of_cell[cell as usize] += u32::from(!value.is_nan());
        }
        if let Some(&known) = position.get(&(item.family.as_str(), of_cell.clone())) {
            families[known].indicators.push(indicator);
            continue;
        }
        position.insert((item.family.as_str(), of_cell.clone()), families.len());
        families.push(family(indicator, of_cell, layout, weighted));
    }
    for family in &mut families {
        let is_class = |&indicator: &usize| microdata.items[indicator].class;
        family.classes = family.indicators.iter().copied().filter(is_class).collect();
        family.unions = unions(microdata, family);
    }
    families
}

fn family(indicator: usize, of_cell: Vec<u32>, layout: &Layout, weighted: &Weighted) -> Family {
    let n = layout.cells.iter().map(|cells| cells.iter().map(|&cell| of_cell[cell as usize]).sum()).collect();
    let size = |cells: &Vec<u32>| {
        let size = |&cell: &u32| weighted.weight[cell as usize] * f64::from(of_cell[cell as usize]);
        cells.iter().map(size).sum()
    };
    let size = layout.cells.iter().map(size).collect();
    Family { indicators: vec![indicator], classes: Vec::new(), unions: Vec::new(), of_cell, n, size }
}

/// Shares that are sums of classes, found in the answers: nobody of a class differs from the others of it.
fn unions(microdata: &Microdata, family: &Family) -> Vec<(usize, Vec<usize>)> {
    let columns = &microdata.respondents.columns;
    let made_of = |&share: &usize| {
        let within = |&class: &usize| {
            let mut members = columns[class].iter().zip(&columns[share]).filter(|(class, _)| **class == 1.0);
            members.all(|(_, share)| *share == 1.0)
        };
        let classes: Vec<usize> = family.classes.iter().copied().filter(within).collect();
        let outside = family.classes.iter().filter(|class| !classes.contains(class));
        let is_sum = outside.into_iter().all(|&class| {
            let mut members = columns[class].iter().zip(&columns[share]).filter(|(class, _)| **class == 1.0);
            members.all(|(_, share)| *share == 0.0)
        });
        is_sum.then_some((share, classes))
    };
    let is_share = |&indicator: &usize| {
        let item = &microdata.items[indicator];
        item.measure == Measure::Share && !item.class
    };
    if family.classes.is_empty() {
        return Vec::new();
    }
    family.indicators.iter().copied().filter(is_share).filter_map(|share| made_of(&share)).collect()
}

/// Respondents with and without the attribute, by domain, of the sensitive shares.
pub(super) fn attributes(microdata: &Microdata, layout: &Layout) -> Vec<Option<Vec<(u32, u32)>>> {
    let of_indicator = |(item, column): (&Item, &Vec<f64>)| {
        let is_asked = item.sensitive && item.measure == Measure::Share;
        is_asked.then(|| {
            let mut of_cell = vec![(0, 0); microdata.frame.cells.len()];
            for (&cell, &value) in microdata.respondents.cell.iter().zip(column) {
                let (ones, zeros): &mut (u32, u32) = &mut of_cell[cell as usize];
                *ones += u32::from(value == 1.0);
                *zeros += u32::from(value == 0.0);
            }
            let sum = |cells: &Vec<u32>| {
                let counts = cells.iter().map(|&cell| of_cell[cell as usize]);
                counts.fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1))
            };
            layout.cells.iter().map(sum).collect()
        })
    };
    microdata.items.iter().zip(&microdata.respondents.columns).map(of_indicator).collect()
}
