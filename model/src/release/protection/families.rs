//! Families: indicators about the same enterprises that say something about each other.

use std::collections::HashMap;

use super::super::layout::Layout;
use super::super::microdata::{Item, Measure, Microdata};
use super::super::weights::Weighted;
use super::attacker::Mass;

/// Indicators that share a pattern, with the numbers of those they are about.
pub(super) struct Family {
    pub indicators: Vec<usize>,
    /// Those of the indicators that are classes: everybody is in exactly one.
    pub classes: Vec<usize>,
    /// Other shares of the family, with the classes that make them up: "level 3 and above".
    pub unions: Vec<(usize, Vec<usize>)>,
    /// Ways to take everybody apart that tie indicators to each other.
    pub partitions: Vec<Vec<Piece>>,
    /// n per cell of the frame.
    pub of_cell: Vec<u32>,
    /// n per domain.
    pub n: Vec<u32>,
    /// Sum of the weights per domain; of a ratio, weighted whole.
    pub size: Vec<f64>,
}

/// A piece of everybody: one class, or those who have one attribute and lack another.
pub(super) struct Piece {
    pub mass: Mass,
    /// The indicators that count its enterprises.
    pub of: Vec<usize>,
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
        let mut new = family(indicator, of_cell, layout, weighted);
        if let Some(whole) = microdata.whole(indicator) {
            new.size = wholes(microdata, layout, weighted, whole);
        }
        families.push(new);
    }
    for family in &mut families {
        let is_class = |&indicator: &usize| microdata.items[indicator].class;
        family.classes = family.indicators.iter().copied().filter(is_class).collect();
        family.unions = unions(microdata, family);
        family.partitions = partitions(microdata, family);
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
    Family {
        indicators: vec![indicator],
        classes: Vec::new(),
        unions: Vec::new(),
        partitions: Vec::new(),
        of_cell,
        n,
        size,
    }
}

/// Weighted whole of a ratio per domain.
fn wholes(microdata: &Microdata, layout: &Layout, weighted: &Weighted, whole: &[f64]) -> Vec<f64> {
    let mut of_cell = vec![0.0; microdata.frame.cells.len()];
    for (&cell, &whole) in microdata.respondents.cell.iter().zip(whole).filter(|(_, whole)| !whole.is_nan()) {
        of_cell[cell as usize] += weighted.weight[cell as usize] * whole;
    }
    layout.cells.iter().map(|cells| cells.iter().map(|&cell| of_cell[cell as usize]).sum()).collect()
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

/// The classes, and the pairs of other shares of which one includes, excludes or completes the other.
fn partitions(microdata: &Microdata, family: &Family) -> Vec<Vec<Piece>> {
    let mut partitions = Vec::new();
    if !family.classes.is_empty() {
        let piece = |&class: &usize| {
            let unions = family.unions.iter().filter(|(_, classes)| classes.contains(&class)).map(|(union, _)| *union);
            Piece { mass: Mass::of(class), of: std::iter::once(class).chain(unions).collect() }
        };
        partitions.push(family.classes.iter().map(piece).collect());
    }
    let is_single = |&indicator: &usize| {
        let item = &microdata.items[indicator];
        let is_union = family.unions.iter().any(|(union, _)| *union == indicator);
        item.measure == Measure::Share && !item.sensitive && !item.class && !is_union
    };
    let shares: Vec<usize> = family.indicators.iter().copied().filter(is_single).collect();
    for (position, &a) in shares.iter().enumerate() {
        partitions.extend(shares[position + 1..].iter().filter_map(|&b| pair(microdata, a, b)));
    }
    partitions
}

/// The pieces that two attributes make, where one combination of them never occurs; else the figures do not say how large
/// the pieces are.
fn pair(microdata: &Microdata, a: usize, b: usize) -> Option<Vec<Piece>> {
    let columns = &microdata.respondents.columns;
    let occurs = |of_a: f64, of_b: f64| columns[a].iter().zip(&columns[b]).any(|(x, y)| *x == of_a && *y == of_b);
    let mass = |constant, of_a, of_b| Mass { constant, terms: [(of_a, a), (of_b, b)] };
    let both = |mass| Piece { mass, of: vec![a, b] };
    let only = |of, mass| Piece { mass, of: vec![of] };
    let none = |mass| Piece { mass, of: Vec::new() };
    if !occurs(1.0, 0.0) {
        Some(vec![both(mass(0.0, 1.0, 0.0)), only(b, mass(0.0, -1.0, 1.0)), none(mass(100.0, 0.0, -1.0))])
    } else if !occurs(0.0, 1.0) {
        Some(vec![both(mass(0.0, 0.0, 1.0)), only(a, mass(0.0, 1.0, -1.0)), none(mass(100.0, -1.0, 0.0))])
    } else if !occurs(1.0, 1.0) {
        Some(vec![only(a, mass(0.0, 1.0, 0.0)), only(b, mass(0.0, 0.0, 1.0)), none(mass(100.0, -1.0, -1.0))])
    } else if !occurs(0.0, 0.0) {
        Some(vec![both(mass(-100.0, 1.0, 1.0)), only(a, mass(100.0, 0.0, -1.0)), only(b, mass(100.0, -1.0, 0.0))])
    } else {
        None
    }
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
