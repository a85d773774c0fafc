//! AT4: groups of too few that are left over when one known group is taken from another one.
//!
//! Known are not only published figures. What the sums determine is known as well, and so is what the withheld parts of a
//! published whole add up to.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ReleaseError;
use super::Case;
use super::families::Family;
use crate::disclosure::linear::Kernel;
use crate::disclosure::release::{Difference, PublishedSet, differences};

/// A group of enterprises about which a figure is known.
struct Known {
    /// The cells of the frame it is made of.
    cells: BTreeSet<u32>,
    /// Published domains, one of which must be withheld so that it is no longer known, best first.
    because: Vec<usize>,
}

impl Case<'_> {
    /// Pairs of known groups of which one is within the other, which has a few respondents more: for each a domain that is to
    /// be withheld so that one of them is no longer known, if there is any.
    pub(super) fn differing(
        &self,
        family: &Family,
        pattern: &BTreeSet<usize>,
    ) -> Result<Vec<Option<usize>>, ReleaseError> {
        let known = self.known_groups(family, pattern);
        let name = |cell: &u32| cell.to_string();
        let set = |(number, one): (usize, &Known)| PublishedSet {
            id: number.to_string(),
            atoms: one.cells.iter().map(name).collect(),
        };
        let sets: Vec<PublishedSet> = known.iter().enumerate().map(set).collect();
        let contributors: BTreeMap<String, u32> =
            family.people.of_cell.iter().zip(0_u32..).map(|(&n, cell)| (name(&cell), n)).collect();
        let found = differences(&sets, &contributors, self.parameters.groups)?;
        let because =
            |id: &String| id.parse::<usize>().ok().and_then(|number| known.get(number)).map(|one| &one.because);
        let remedy = |one: &Difference| {
            let mut remedies = [&one.part, &one.whole].into_iter().filter_map(because).flatten();
            remedies.find(|domain| **domain > 0).copied()
        };
        Ok(found.iter().map(remedy).collect())
    }

    fn known_groups(&self, family: &Family, pattern: &BTreeSet<usize>) -> Vec<Known> {
        let cells = |domain: usize| self.layout.cells[domain].iter().copied();
        let is_published = |domain: &usize| family.people.n[*domain] > 0 && !pattern.contains(domain);
        let mut known: Vec<Known> = (0..family.people.n.len())
            .filter(is_published)
            .map(|domain| Known { cells: cells(domain).collect(), because: vec![domain] })
            .collect();
        // The figures of a line by which something becomes known, smallest first: withholding one of them hides it.
        let because = |total: usize, parts: &[usize]| {
            let mut because: Vec<usize> =
                std::iter::once(total).chain(parts.iter().copied()).filter(is_published).collect();
            because.sort_by_key(|&domain| family.people.n[domain]);
            because
        };
        for &domain in &self.determined(family, pattern) {
            let lines = self.layout.sums.iter().filter(|(total, parts)| *total == domain || parts.contains(&domain));
            let because = lines.flat_map(|(total, parts)| because(*total, parts)).collect();
            known.push(Known { cells: cells(domain).collect(), because });
        }
        for (total, parts) in self.layout.sums.iter().filter(|(total, _)| is_published(total)) {
            let hidden: Vec<usize> =
                parts.iter().copied().filter(|part| family.people.n[*part] > 0 && pattern.contains(part)).collect();
            if hidden.len() > 1 {
                let cells = hidden.iter().flat_map(|&part| cells(part)).collect();
                known.push(Known { cells, because: because(*total, parts) });
            }
        }
        known
    }

    /// Withheld domains whose figure the sums alone determine, whatever the values.
    fn determined(&self, family: &Family, pattern: &BTreeSet<usize>) -> Vec<usize> {
        let is_answered = |domain: &usize| family.people.n[*domain] > 0;
        let hidden: Vec<usize> = pattern.iter().copied().filter(is_answered).collect();
        let term = |domain: usize, coefficient: f64| Some((hidden.binary_search(&domain).ok()?, coefficient));
        let equation = |(total, parts): &(usize, Vec<usize>)| {
            let size = |part: usize| family.people.size[part] / family.people.size[*total];
            let parts = parts.iter().copied().filter(is_answered).filter_map(|part| term(part, size(part)));
            let terms: Vec<(usize, f64)> = term(*total, -1.0).into_iter().chain(parts).collect();
            (!terms.is_empty()).then_some(terms)
        };
        let lines = self.layout.sums.iter().filter(|(total, _)| is_answered(total));
        let kernel = Kernel::new(hidden.len(), &lines.filter_map(equation).collect::<Vec<_>>());
        (0..hidden.len()).filter(|&unknown| kernel.determined(unknown)).map(|unknown| hidden[unknown]).collect()
    }
}
