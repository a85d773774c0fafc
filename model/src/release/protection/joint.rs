//! Attributes that say something about each other, and attackers who can add up.
//!
//! Each class by itself may be open while all together are not: where four of five classes of a small group are known to
//! be empty, the fifth has everybody. The same holds for an attribute that includes another one: where nobody uses cloud
//! services, nobody uses special ones. What proves that figures are open is a change of all of them that everything
//! published allows: in a partition of everybody ([`Piece`]) one piece grows in some domains and shrinks in others, and
//! another piece does the opposite. Such an exchange between two pieces keeps their sum in every domain, so that it is a
//! table of its own in which the first piece lies between 0 and that sum. A figure is safe if some exchange moves it; more
//! than two pieces at a time are not tried, so that the verdict errs on the safe side.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ReleaseError;
use super::attacker::View;
use super::families::{Family, Piece};
use super::{Case, Common, is_unprotectable};

/// Who learns the figure of an indicator for a domain: outsiders, or only single contributors of other domains.
#[derive(Clone)]
enum Learns {
    Everybody,
    Contributors(BTreeSet<String>),
}

/// A figure that follows from others.
pub(super) struct Closed<'a> {
    partition: &'a [Piece],
    indicator: usize,
    domain: usize,
}

impl Case<'_> {
    /// Extends the pattern until no figure of a partition follows from the others. Whether it had to.
    pub(super) fn hide_joint(&self, family: &Family, common: &mut Common) -> Result<bool, ReleaseError> {
        let closed = self.closed(family, common)?;
        for one in &closed {
            let Some(view) = self.exchange(one) else { continue };
            let sensitive = BTreeSet::from([one.domain]);
            match self.chosen(family, view, &common.pattern, &sensitive, (self.parameters.groups, 0)) {
                Ok(pattern) => common.pattern = pattern,
                Err(error) if is_unprotectable(&error) => {
                    common.apart.insert(one.indicator);
                    self.all_or_none(family, common);
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(!closed.is_empty())
    }

    /// Figures of the partitions that are known, or known to a contributor.
    pub(super) fn closed<'a>(&self, family: &'a Family, common: &Common) -> Result<Vec<Closed<'a>>, ReleaseError> {
        let is_apart = |pieces: &&Vec<Piece>| {
            let mut all = pieces.iter().flat_map(|piece| &piece.of);
            all.any(|indicator| common.apart.contains(indicator))
        };
        let mut closed = Vec::new();
        for partition in family.partitions.iter().filter(|pieces| !is_apart(pieces)) {
            let known = self.known(family, partition, &common.pattern)?;
            closed.extend(known.into_iter().map(|(indicator, domain)| Closed { partition, indicator, domain }));
        }
        Ok(closed)
    }

    fn known(
        &self,
        family: &Family,
        partition: &[Piece],
        pattern: &BTreeSet<usize>,
    ) -> Result<Vec<(usize, usize)>, ReleaseError> {
        let mut known: BTreeMap<(usize, usize), Learns> = BTreeMap::new();
        let indicators: BTreeSet<usize> = partition.iter().flat_map(|piece| piece.of.iter().copied()).collect();
        for &indicator in &indicators {
            let domains = self.sensitive(family, indicator, self.parameters.groups, pattern);
            known.extend(domains.into_iter().map(|domain| ((indicator, domain), Learns::Everybody)));
        }
        for (position, one) in partition.iter().enumerate() {
            for other in &partition[position + 1..] {
                let moved: Vec<usize> =
                    indicators.iter().copied().filter(|of| one.of.contains(of) != other.of.contains(of)).collect();
                let asked: BTreeSet<usize> = known
                    .iter()
                    .filter(|((indicator, _), learns)| moved.contains(indicator) && is_closed(learns))
                    .map(|((_, domain), _)| *domain)
                    .collect();
                if !asked.is_empty() {
                    let view = View { indicator: moved[0], mass: one.mass, partner: Some(other.mass) };
                    self.exchanged(family, view, (pattern, &asked), &moved, &mut known)?;
                }
            }
        }
        Ok(known.into_iter().filter(|(_, learns)| is_closed(learns)).map(|(place, _)| place).collect())
    }

    /// Notes what an exchange between two pieces leaves open, for all indicators that it moves.
    fn exchanged(
        &self,
        family: &Family,
        view: View,
        (pattern, asked): (&BTreeSet<usize>, &BTreeSet<usize>),
        moved: &[usize],
        known: &mut BTreeMap<(usize, usize), Learns>,
    ) -> Result<(), ReleaseError> {
        let found = self.audited(family, view, pattern, asked, self.parameters.groups)?;
        let exact: BTreeSet<&String> = found.unprotected.iter().map(|(cell, _)| cell).collect();
        for &domain in asked {
            let id = self.layout.id(domain);
            if exact.contains(&id) {
                continue;
            }
            let insiders = found.insiders.iter().filter(|one| one.discloses == id).map(|one| one.insider.clone());
            let insiders: BTreeSet<String> = insiders.collect();
            for &indicator in moved {
                if let Some(learns) = known.get_mut(&(indicator, domain)) {
                    *learns = match &*learns {
                        Learns::Everybody => Learns::Contributors(insiders.clone()),
                        Learns::Contributors(who) => Learns::Contributors(who & &insiders),
                    };
                }
            }
        }
        Ok(())
    }

    /// The exchange that can move a figure: between the largest piece that it is made of there and the largest other one.
    fn exchange(&self, closed: &Closed) -> Option<View> {
        let value = |piece: &&Piece| self.mass(piece.mass, closed.domain);
        let is_within = |piece: &&Piece| piece.of.contains(&closed.indicator);
        let largest = |within: bool| {
            let pieces = closed.partition.iter().filter(|piece| is_within(piece) == within);
            pieces.max_by(|a, b| value(a).total_cmp(&value(b))).map(|piece| piece.mass)
        };
        Some(View { indicator: closed.indicator, mass: largest(true)?, partner: Some(largest(false)?) })
    }
}

fn is_closed(learns: &Learns) -> bool {
    !matches!(learns, Learns::Contributors(who) if who.is_empty())
}
