//! Families: indicators about the same enterprises that share a pattern of withheld figures.

use std::collections::{BTreeMap, HashMap};

use super::super::layout::Layout;
use super::super::microdata::{Item, Measure, Microdata};
use super::super::weights::Weighted;
use super::ties::Tie;

/// Indicators that share a pattern.
pub(super) struct Family {
    pub indicators: Vec<usize>,
    /// Those of the indicators that are classes: everybody is in exactly one.
    pub classes: Vec<usize>,
    /// Other shares of the family, with the classes that make them up: "level 3 and above".
    pub unions: Vec<(usize, Vec<usize>)>,
    /// Whom they are about.
    pub people: People,
}

/// Respondents that figures are about.
pub(super) struct People {
    /// n per cell of the frame.
    pub of_cell: Vec<u32>,
    /// n per domain.
    pub n: Vec<u32>,
    /// Sum of the weights per domain; of a ratio, weighted whole.
    pub size: Vec<f64>,
}

/// Families that are tied to each other, with what ties their indicators.
pub(super) struct Cluster {
    pub families: Vec<Family>,
    pub ties: Vec<Tie>,
}

impl People {
    /// The respondents for whom `is_one` holds, by their row.
    pub fn new(
        (microdata, layout): (&Microdata, &Layout),
        weighted: &Weighted,
        is_one: impl Fn(usize) -> bool,
    ) -> Self {
        let mut of_cell = vec![0; microdata.frame.cells.len()];
        for (row, &cell) in microdata.respondents.cell.iter().enumerate() {
            of_cell[cell as usize] += u32::from(is_one(row));
        }
        let n = layout.cells.iter().map(|cells| cells.iter().map(|&cell| of_cell[cell as usize]).sum()).collect();
        let size = |cells: &Vec<u32>| {
            let size = |&cell: &u32| weighted.weight[cell as usize] * f64::from(of_cell[cell as usize]);
            cells.iter().map(size).sum()
        };
        Self { n, size: layout.cells.iter().map(size).collect(), of_cell }
    }

    /// Respondents of the whole province.
    pub fn everybody(&self) -> u32 {
        self.n.first().copied().unwrap_or(0)
    }

    /// Domains that have one.
    pub fn answered(&self) -> impl Iterator<Item = usize> + '_ {
        (0..self.n.len()).filter(|&domain| self.n[domain] > 0)
    }
}

impl Cluster {
    /// The family of an indicator of the cluster.
    pub fn family_of(&self, indicator: usize) -> usize {
        self.families.iter().position(|family| family.indicators.contains(&indicator)).unwrap_or_default()
    }
}

/// The families, in the order of their first indicators: one family, the same respondents.
pub(super) fn families(microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Family> {
    let mut position: HashMap<(&str, Vec<bool>), usize> = HashMap::new();
    let mut families: Vec<Family> = Vec::new();
    for (indicator, (item, column)) in microdata.items.iter().zip(&microdata.respondents.columns).enumerate() {
        let has_value: Vec<bool> = column.iter().map(|value| !value.is_nan()).collect();
        if let Some(&known) = position.get(&(item.family.as_str(), has_value.clone())) {
            families[known].indicators.push(indicator);
            continue;
        }
        let mut people = People::new((microdata, layout), weighted, |row| has_value[row]);
        if let Some(whole) = microdata.whole(indicator) {
            people.size = wholes(microdata, layout, weighted, whole);
        }
        position.insert((item.family.as_str(), has_value), families.len());
        families.push(Family { indicators: vec![indicator], classes: Vec::new(), unions: Vec::new(), people });
    }
    for family in &mut families {
        let is_class = |&indicator: &usize| microdata.items[indicator].class;
        family.classes = family.indicators.iter().copied().filter(is_class).collect();
        family.unions = unions(microdata, family);
    }
    families
}

/// The families in groups that no tie connects.
pub(super) fn clusters(families: Vec<Family>, ties: Vec<Tie>) -> Vec<Cluster> {
    let of = |indicator: usize| families.iter().position(|family| family.indicators.contains(&indicator));
    let mut cluster_of: Vec<usize> = (0..families.len()).collect();
    let connected: Vec<Vec<usize>> =
        ties.iter().map(|tie| tie.indicators.iter().filter_map(|&indicator| of(indicator)).collect()).collect();
    for families in &connected {
        let together: Vec<usize> = families.iter().map(|&family| cluster_of[family]).collect();
        let Some(&first) = together.iter().min() else { continue };
        cluster_of.iter_mut().filter(|cluster| together.contains(cluster)).for_each(|cluster| *cluster = first);
    }
    let mut clusters: BTreeMap<usize, Cluster> = BTreeMap::new();
    let new = || Cluster { families: Vec::new(), ties: Vec::new() };
    for (tie, families) in ties.into_iter().zip(connected) {
        if let Some(&family) = families.first() {
            clusters.entry(cluster_of[family]).or_insert_with(new).ties.push(tie);
        }
    }
    for (family, cluster) in families.into_iter().zip(cluster_of) {
        clusters.entry(cluster).or_insert_with(new).families.push(family);
    }
    clusters.into_values().collect()
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
