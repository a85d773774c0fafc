//! What several releases reveal together: differences of published sets (AT4), re-issues of one cell (AT5), and
//! numbers that reach a public surface without being released (AT6).

use std::collections::{BTreeMap, BTreeSet};

use super::DisclosureError;
use super::table::{Cell, Equation, Table};

/// A published figure as a set of atoms: the smallest groups of enterprises any release tells apart.
#[derive(Debug, Clone, PartialEq)]
pub struct PublishedSet {
    /// Name, unique over all releases.
    pub id: String,
    /// Identifiers of its atoms.
    pub atoms: BTreeSet<String>,
}

/// Two published sets, one within the other, whose difference has too few contributors.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The larger set.
    pub whole: String,
    /// The set within it.
    pub part: String,
    /// Contributors of the difference.
    pub n: u32,
}

/// Whether a cell may be issued again for the same wave.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reissue {
    /// Nothing changed; the figure is the same anyway.
    Unchanged,
    /// Too few groups changed: the earlier figure stays.
    Frozen {
        /// Groups that entered, left or changed.
        changed: usize,
    },
    /// Enough groups changed.
    Allowed {
        /// Groups that entered, left or changed.
        changed: usize,
    },
}

/// A number found on a public surface: a page, an export, a chart, a tooltip.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    /// Where, for people.
    pub place: String,
    /// The cell it is about.
    pub cell: String,
    /// What it says about it: value, se, n, …
    pub item: String,
    /// The number.
    pub value: f64,
}

/// A number that must not be shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Leak {
    /// The number.
    pub shown: Shown,
    /// Why not.
    pub reason: LeakReason,
}

/// Why a number must not be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LeakReason {
    /// Its cell is suppressed; companions share the fate of their cell (P5).
    Suppressed,
    /// The release has no such number.
    NotReleased,
    /// The release has another number.
    Different,
}

/// What a release makes public.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct ReleaseStore {
    /// Numbers by cell and item.
    pub numbers: BTreeMap<(String, String), f64>,
    /// Suppressed cells.
    pub suppressed: BTreeSet<String>,
}

/// AT4: all pairs of published sets, one within the other, whose difference has contributors, but fewer than `nmin`.
/// `contributors` counts them by atom. Sets are those of all tables and releases together.
///
/// # Errors
/// A repeated set, or an atom without a count.
pub fn differences(
    sets: &[PublishedSet],
    contributors: &BTreeMap<String, u32>,
    nmin: u32,
) -> Result<Vec<Difference>, DisclosureError> {
    check_sets(sets, |atom| contributors.contains_key(atom))?;
    let place: BTreeMap<&str, usize> = contributors.keys().enumerate().map(|(i, atom)| (atom.as_str(), i)).collect();
    let counts: Vec<u32> = contributors.values().copied().collect();
    let bits: Vec<Vec<u64>> = sets.iter().map(|set| bits(set, &place)).collect();
    let mut found = Vec::new();
    for (whole, all) in bits.iter().enumerate() {
        for (part, some) in bits.iter().enumerate() {
            let within = part != whole && some.iter().zip(all).all(|(s, a)| s & !a == 0);
            let n = if within { difference(all, some, &counts) } else { 0 };
            if 0 < n && n < nmin {
                found.push(Difference { whole: sets[whole].id.clone(), part: sets[part].id.clone(), n });
            }
        }
    }
    found.sort_by(|a, b| (&a.whole, &a.part).cmp(&(&b.whole, &b.part)));
    Ok(found)
}

/// The table an attacker has who keeps everything ever published: atoms, and sets as their sums. Auditing it with the
/// atoms suppressed finds what any combination of sets reveals, differences and beyond.
///
/// # Errors
/// A repeated set, an unknown atom, and the errors of [`Table::new`].
pub fn combined(atoms: Vec<Cell>, sets: &[PublishedSet]) -> Result<Table, DisclosureError> {
    let by_id: BTreeMap<String, Cell> = atoms.iter().map(|atom| (atom.id.clone(), atom.clone())).collect();
    check_sets(sets, |atom| by_id.contains_key(atom))?;
    let mut cells = atoms;
    let mut equations = Vec::new();
    for set in sets {
        let mut sum = Cell { id: set.id.clone(), value: 0.0, n: 0, lower: 0.0, upper: 0.0 };
        for atom in set.atoms.iter().filter_map(|atom| by_id.get(atom)) {
            sum.value += atom.value;
            sum.n += atom.n;
            sum.lower += atom.lower;
            sum.upper += atom.upper;
        }
        cells.push(sum);
        let parts: Vec<&str> = set.atoms.iter().map(String::as_str).collect();
        equations.push(Equation::sum(&set.id, &parts));
    }
    Table::new(cells, &equations)
}

/// AT5: whether a cell may be issued again, from the values of its enterprise groups then and now. A figure changes only
/// together with at least `nmin` groups, so that no difference of two issues is about fewer.
pub fn reissue(before: &BTreeMap<String, f64>, after: &BTreeMap<String, f64>, nmin: u32) -> Reissue {
    let groups: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let changed = groups.into_iter().filter(|group| before.get(*group) != after.get(*group)).count();
    if changed == 0 {
        Reissue::Unchanged
    } else if changed < nmin as usize {
        Reissue::Frozen { changed }
    } else {
        Reissue::Allowed { changed }
    }
}

/// AT6: the numbers among those collected from public surfaces that the release does not have.
pub fn leaks(store: &ReleaseStore, shown: &[Shown]) -> Vec<Leak> {
    let reason = |one: &Shown| {
        if store.suppressed.contains(&one.cell) {
            return Some(LeakReason::Suppressed);
        }
        match store.numbers.get(&(one.cell.clone(), one.item.clone())) {
            None => Some(LeakReason::NotReleased),
            Some(value) if value.to_bits() == one.value.to_bits() => None,
            Some(_) => Some(LeakReason::Different),
        }
    };
    shown.iter().filter_map(|one| reason(one).map(|reason| Leak { shown: one.clone(), reason })).collect()
}

fn check_sets(sets: &[PublishedSet], is_atom: impl Fn(&str) -> bool) -> Result<(), DisclosureError> {
    let mut seen = BTreeSet::new();
    for set in sets {
        if !seen.insert(&set.id) {
            return Err(DisclosureError::Repeated { place: "published sets".into(), cell: set.id.clone() });
        }
        if let Some(atom) = set.atoms.iter().find(|atom| !is_atom(atom)) {
            return Err(DisclosureError::Unknown { place: format!("published set {}", set.id), cell: atom.clone() });
        }
    }
    Ok(())
}

fn bits(set: &PublishedSet, place: &BTreeMap<&str, usize>) -> Vec<u64> {
    let mut bits = vec![0; place.len().div_ceil(64)];
    for place in set.atoms.iter().filter_map(|atom| place.get(atom.as_str())) {
        bits[place / 64] |= 1 << (place % 64);
    }
    bits
}

/// Contributors of the atoms in `all` but not in `some`.
fn difference(all: &[u64], some: &[u64], counts: &[u32]) -> u32 {
    let only = |place: &usize| (all[place / 64] & !some[place / 64]) >> (place % 64) & 1 == 1;
    (0..counts.len()).filter(only).map(|place| counts[place]).sum()
}
