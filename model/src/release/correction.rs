//! Corrections: a release of a campaign that was released before (method 12, AT4 and AT5).
//!
//! A figure is issued again only if nobody or at least five enterprises behind it changed; else its earlier value stays.
//! That alone is not enough: where a whole is issued again and parts of it stay, the difference is about the changes in
//! the parts that stay, so these must be nobody or at least five as well.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ReleaseError;
use super::document::{Correction, Domain, Figure, FigureChange, Indicator, Parameters, Release};
use super::layout::Layout;
use super::microdata::{Earlier, Microdata};
use crate::disclosure::release::{PublishedSet, differences};

/// What earlier releases of the campaign demand.
pub(super) struct Demands {
    /// Per indicator, domains that were withheld.
    pub forced: Vec<BTreeSet<usize>>,
    /// Domains whose figures stay.
    pub kept: BTreeSet<usize>,
}

/// The answers and the place of one enterprise in one release.
type Record = (String, Vec<u64>);

/// Reads from the earlier releases which figures must stay withheld and which must stay as they are.
pub(super) fn demands(
    microdata: &Microdata,
    layout: &Layout,
    earlier: &[Earlier],
    parameters: &Parameters,
) -> Result<Demands, ReleaseError> {
    let mut demands = Demands { forced: vec![BTreeSet::new(); microdata.items.len()], kept: BTreeSet::new() };
    for one in earlier {
        forced(microdata, layout, &one.release, &mut demands.forced);
        let before = Layout::new(&one.microdata.frame, &one.release.parameters.tables)?;
        let changed = changed((microdata, layout), (&one.microdata, &before));
        let few = |count: u32| 0 < count && count < parameters.groups;
        demands.kept.extend((0..changed.len()).filter(|&domain| few(changed[domain])));
        keep_wholes(layout, &changed, &mut demands.kept, few);
        keep_differing((microdata, layout), (&one.microdata, &before), &mut demands.kept, parameters.groups)?;
        keep_wholes(layout, &changed, &mut demands.kept, few);
    }
    Ok(demands)
}

/// Puts the earlier figures back where they must stay, and says what changed.
pub(super) fn corrected(
    of: u32,
    earlier: &[Earlier],
    domains: &[Domain],
    indicators: &mut [Indicator],
    kept: &BTreeSet<usize>,
) -> Result<Correction, ReleaseError> {
    let last = earlier.last().filter(|_| earlier.iter().any(|one| one.release.number == of));
    let last = &last.ok_or(ReleaseError::NotCorrectable(of))?.release;
    let mut correction =
        Correction { of, compared: Vec::new(), kept: kept.iter().copied().collect(), changes: Vec::new() };
    correction.compared.extend(earlier.iter().map(|one| one.release.number));
    let places = places(&last.domains);
    for indicator in indicators.iter_mut() {
        let known = last.indicator(&indicator.id);
        for (domain, about) in domains.iter().enumerate() {
            let place = places.get(&(about.table.as_str(), about.code.as_str()));
            let before = known.zip(place).map(|(known, &place)| known.figures[place]);
            if kept.contains(&domain) {
                indicator.figures[domain] = before.unwrap_or(Figure::Confidential);
            } else if let Some(before) = before.filter(|before| *before != indicator.figures[domain]) {
                correction.changes.push(FigureChange { indicator: indicator.id.clone(), domain, before });
            }
        }
    }
    Ok(correction)
}

fn places(domains: &[Domain]) -> HashMap<(&'static str, &str), usize> {
    domains
        .iter()
        .enumerate()
        .map(|(position, domain)| ((domain.table.as_str(), domain.code.as_str()), position))
        .collect()
}

fn forced(microdata: &Microdata, layout: &Layout, release: &Release, forced: &mut [BTreeSet<usize>]) {
    let places = places(&release.domains);
    for (item, forced) in microdata.items.iter().zip(forced) {
        let Some(indicator) = release.indicator(&item.id) else { continue };
        for (domain, about) in layout.domains.iter().enumerate() {
            let place = places.get(&(about.table.as_str(), about.code.as_str()));
            if place.is_some_and(|&place| indicator.figures[place] == Figure::Confidential) {
                forced.insert(domain);
            }
        }
    }
}

/// How many enterprises entered, left or changed, by domain.
fn changed(now: (&Microdata, &Layout), before: (&Microdata, &Layout)) -> Vec<u32> {
    let mut counts = vec![0; now.1.domains.len()];
    let later = records(now.0);
    let first = records(before.0);
    let ids: BTreeSet<&String> = later.keys().chain(first.keys()).copied().collect();
    let here = membership(now.1, now.1, now.0.frame.cells.len());
    let there = membership(before.1, now.1, before.0.frame.cells.len());
    for id in ids {
        let (a, b) = (later.get(id), first.get(id));
        if a.map(|(_, record)| record) == b.map(|(_, record)| record) {
            continue;
        }
        let mut touched: BTreeSet<usize> = BTreeSet::new();
        touched.extend(a.into_iter().flat_map(|(cell, _)| &here[*cell as usize]));
        touched.extend(b.into_iter().flat_map(|(cell, _)| &there[*cell as usize]));
        touched.into_iter().for_each(|domain| counts[domain] += 1);
    }
    counts
}

/// Cell and record of every respondent; codes and bits, so that equal records are equal whatever the frame.
fn records(microdata: &Microdata) -> BTreeMap<&String, (u32, Record)> {
    let respondents = &microdata.respondents;
    let record = |row: usize| {
        let cell = &microdata.frame.cells[respondents.cell[row] as usize];
        let values = respondents.columns.iter().map(|column| column[row].to_bits()).collect();
        (respondents.cell[row], (cell.key(), values))
    };
    respondents.id.iter().enumerate().map(|(row, id)| (id, record(row))).collect()
}

/// The domains of `of` that each cell of `layout` lies in.
fn membership(layout: &Layout, of: &Layout, cells: usize) -> Vec<Vec<usize>> {
    let places = places(&of.domains);
    let mut membership = vec![Vec::new(); cells];
    for (domain, members) in layout.domains.iter().zip(&layout.cells) {
        if let Some(&place) = places.get(&(domain.table.as_str(), domain.code.as_str())) {
            members.iter().for_each(|&cell| membership[cell as usize].push(place));
        }
    }
    membership
}

/// Wholes stay where the parts that stay hold changes of too few, until nothing more must stay.
fn keep_wholes(layout: &Layout, changed: &[u32], kept: &mut BTreeSet<usize>, few: impl Fn(u32) -> bool) {
    loop {
        let hidden = |parts: &[usize]| -> u32 {
            parts.iter().filter(|part| kept.contains(part)).map(|&part| changed[part]).sum()
        };
        let must = |(total, parts): &&(usize, Vec<usize>)| !kept.contains(total) && few(hidden(parts));
        let Some((total, _)) = layout.sums.iter().find(must) else { return };
        kept.insert(*total);
    }
}

/// AT4 over both releases: pairs of groups, one within the other, whose difference is about too few.
fn keep_differing(
    (now, layout): (&Microdata, &Layout),
    (old, before): (&Microdata, &Layout),
    kept: &mut BTreeSet<usize>,
    nmin: u32,
) -> Result<(), ReleaseError> {
    let (later, first) = (records(now), records(old));
    let mut contributors: BTreeMap<String, u32> = BTreeMap::new();
    let mut sets: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let here = membership(layout, layout, now.frame.cells.len());
    let there = membership(before, before, old.frame.cells.len());
    let ids: BTreeSet<&String> = later.keys().chain(first.keys()).copied().collect();
    for id in ids {
        let (a, b) = (later.get(id), first.get(id));
        let same = a.map(|(_, record)| &record.1) == b.map(|(_, record)| &record.1);
        let versions = if same { vec![(a, b)] } else { vec![(a, None), (None, b)] };
        for (a, b) in versions.into_iter().filter(|(a, b)| a.is_some() || b.is_some()) {
            let cell = |one: Option<&(u32, Record)>| one.map_or("-".to_owned(), |(cell, _)| cell.to_string());
            let atom = format!("{}/{}", cell(a), cell(b));
            *contributors.entry(atom.clone()).or_insert(0) += 1;
            let domains_now = a.into_iter().flat_map(|(cell, _)| &here[*cell as usize]);
            let domains_then = b.into_iter().flat_map(|(cell, _)| &there[*cell as usize]);
            let names = domains_now.map(|d| format!("now {d}")).chain(domains_then.map(|d| format!("then {d}")));
            for name in names {
                sets.entry(name).or_default().insert(atom.clone());
            }
        }
    }
    let sets: Vec<PublishedSet> = sets.into_iter().map(|(id, atoms)| PublishedSet { id, atoms }).collect();
    for found in differences(&sets, &contributors, nmin)? {
        let of_now = |name: &str| name.strip_prefix("now ").and_then(|domain| domain.parse().ok());
        // What lies within one release is the business of its own pattern.
        if let (Some(domain), None) | (None, Some(domain)) = (of_now(&found.whole), of_now(&found.part)) {
            kept.insert(domain);
        }
    }
    Ok(())
}
