//! Classes add up to everybody, and an attacker can add up.
//!
//! Each class by itself may be open while all together are not: where four of five classes of a small group are known to
//! be empty, the fifth has everybody. What proves that they are not is a change of the figures that everything published
//! allows: one class grows in some domains and shrinks in others, and another class does the opposite. Such an exchange
//! between two classes keeps their sum in every domain, so that it is a table of its own in which the first class lies
//! between 0 and that sum. A figure is safe if some exchange moves it; more than two classes at a time are not tried, so
//! that the verdict errs on the safe side.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ReleaseError;
use super::attacker::View;
use super::families::Family;
use super::{Case, Common, is_unprotectable};

/// Who learns the figure of an indicator for a domain: outsiders, or only single contributors of other domains.
#[derive(Clone)]
enum Learns {
    Everybody,
    Contributors(BTreeSet<String>),
}

impl Case<'_> {
    /// Extends the pattern until no figure of a class follows from the others. Whether it had to.
    pub(super) fn hide_classes(&self, family: &Family, common: &mut Common) -> Result<bool, ReleaseError> {
        let closed = self.closed(family, common)?;
        for &(indicator, domain) in &closed {
            let Some(view) = self.exchange(family, indicator, domain) else { continue };
            let sensitive = BTreeSet::from([domain]);
            match self.chosen(family, view, &common.pattern, &sensitive, (self.parameters.groups, 0)) {
                Ok(pattern) => common.pattern = pattern,
                Err(error) if is_unprotectable(&error) => {
                    common.apart.insert(indicator);
                    self.all_or_none(family, common);
                    return Ok(true);
                }
                Err(error) => return Err(error),
            }
        }
        Ok(!closed.is_empty())
    }

    /// Classes and their sums with the domains where they are known, or known to a contributor.
    pub(super) fn closed(&self, family: &Family, common: &Common) -> Result<Vec<(usize, usize)>, ReleaseError> {
        let groups = self.parameters.groups;
        let of = |indicator: usize| (indicator, self.sensitive(family, indicator, groups, &common.pattern));
        let classes: Vec<usize> =
            family.classes.iter().copied().filter(|class| !common.apart.contains(class)).collect();
        if classes.is_empty() {
            return Ok(Vec::new());
        }
        let sensitive: BTreeMap<usize, BTreeSet<usize>> = classes.iter().map(|&class| of(class)).collect();
        let unions: BTreeMap<usize, BTreeSet<usize>> = family.unions.iter().map(|(union, _)| of(*union)).collect();
        let mut known: BTreeMap<(usize, usize), Learns> = BTreeMap::new();
        for (&indicator, domains) in sensitive.iter().chain(&unions) {
            known.extend(domains.iter().map(|&domain| ((indicator, domain), Learns::Everybody)));
        }
        let all: BTreeSet<usize> = self.primary(family);
        for (position, &one) in classes.iter().enumerate() {
            for &other in &classes[position + 1..] {
                let view = View { indicator: one, partner: Some(other) };
                let across = |(_, parts): &&(usize, Vec<usize>)| parts.contains(&one) != parts.contains(&other);
                let moved = family.unions.iter().filter(across).map(|(union, _)| *union).chain([one, other]);
                self.exchanged(family, view, (&common.pattern, &all), moved.collect(), &mut known)?;
            }
        }
        let is_closed = |learns: &Learns| !matches!(learns, Learns::Contributors(who) if who.is_empty());
        Ok(known.into_iter().filter(|(_, learns)| is_closed(learns)).map(|(place, _)| place).collect())
    }

    /// Notes what an exchange between two classes leaves open, for all indicators that it moves.
    fn exchanged(
        &self,
        family: &Family,
        view: View,
        (pattern, sensitive): (&BTreeSet<usize>, &BTreeSet<usize>),
        moved: Vec<usize>,
        known: &mut BTreeMap<(usize, usize), Learns>,
    ) -> Result<(), ReleaseError> {
        let found = self.audited(family, view, pattern, sensitive, self.parameters.groups)?;
        let exact: BTreeSet<&String> = found.unprotected.iter().map(|(cell, _)| cell).collect();
        for &domain in sensitive {
            let id = self.layout.id(domain);
            if exact.contains(&id) {
                continue;
            }
            let insiders = found.insiders.iter().filter(|one| one.discloses == id).map(|one| one.insider.clone());
            let insiders: BTreeSet<String> = insiders.collect();
            for &indicator in &moved {
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

    /// The exchange that can move an indicator in a domain: with the largest class there that it is not made of.
    fn exchange(&self, family: &Family, indicator: usize, domain: usize) -> Option<View> {
        let value = |class: usize| self.estimates[class][domain].map_or(0.0, |estimate| estimate.value);
        let largest = |classes: Vec<usize>| classes.into_iter().max_by(|&a, &b| value(a).total_cmp(&value(b)));
        let within = family.unions.iter().find(|(union, _)| *union == indicator).map(|(_, classes)| classes.clone());
        let within = within.unwrap_or_else(|| vec![indicator]);
        let outside = family.classes.iter().copied().filter(|class| !within.contains(class)).collect();
        Some(View { indicator: largest(within)?, partner: largest(outside) })
    }
}
