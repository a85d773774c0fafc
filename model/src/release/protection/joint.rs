//! Attackers who can add up: figures that follow from those of other indicators.
//!
//! Each class by itself may be open while all together are not: where four of five classes of a small group are known to
//! be empty, the fifth has everybody. The same holds for attributes that include, exclude or complete each other: where
//! nobody uses cloud services, nobody uses special ones, though the two may be about different respondents and have
//! patterns of their own. What proves that figures are open is a change of all of them that everything published allows: an
//! [`Exchange`], by which some answer otherwise in some domains and others the other way round elsewhere. It keeps the number of
//! both together in every domain, so that it is a table of its own, in which the ones lie between 0 and that number; it can move what
//! every indicator withholds that counts one side and not the other. A figure is safe if some exchange moves it as far as it must be
//! open; several exchanges at a time are not tried, so that the verdict errs on the safe side.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::super::ReleaseError;
use super::attacker::View;
use super::families::Cluster;
use super::ties::{Exchange, Tie};
use super::{Case, Patterns};
use crate::disclosure::DisclosureError;
use crate::disclosure::audit::Protection;

/// Who learns the figure of an indicator for a domain: outsiders, or only single contributors of other domains.
#[derive(Clone)]
enum Learns {
    Everybody,
    Contributors(BTreeSet<String>),
}

/// A figure that follows from others.
pub(super) struct Closed<'a> {
    tie: &'a Tie,
    pub indicator: usize,
    domain: usize,
}

impl Case<'_> {
    /// The indicators that have to withhold more so that a figure does not follow from others, and what all of them have to
    /// withhold.
    pub(super) fn hidden(
        &self,
        cluster: &Cluster,
        closed: &Closed,
        patterns: &Patterns,
    ) -> Result<(Vec<usize>, BTreeSet<usize>), ReleaseError> {
        let unmoved = || DisclosureError::Unprotectable {
            cell: self.layout.id(closed.domain),
            problem: "no exchange moves it".into(),
        };
        let exchange = best(closed).ok_or_else(unmoved)?;
        let view = exchange.view(closed.tie);
        let pattern = exchange.pattern(patterns);
        let needs = self.exchange_needs(cluster, exchange, &view, &BTreeSet::from([closed.domain]));
        let chosen = self.chosen(&view, (&pattern, &pattern), needs, (0, 0), |_| false)?;
        Ok((exchange.moved.iter().map(|(indicator, _)| *indicator).collect(), chosen))
    }

    /// Figures of ties that are known, or known to a contributor, where they must not be: figures of small groups, and
    /// with `strict` all that are sensitive by rules of their own.
    pub(super) fn closed<'a>(
        &self,
        cluster: &'a Cluster,
        ties: impl Iterator<Item = &'a Tie>,
        patterns: &Patterns,
        strict: bool,
    ) -> Result<Vec<Closed<'a>>, ReleaseError> {
        let mut closed = Vec::new();
        for tie in ties {
            let known = self.known(cluster, tie, patterns, strict)?;
            closed.extend(known.into_iter().map(|(indicator, domain)| Closed { tie, indicator, domain }));
        }
        Ok(closed)
    }

    fn known(
        &self,
        cluster: &Cluster,
        tie: &Tie,
        patterns: &Patterns,
        strict: bool,
    ) -> Result<Vec<(usize, usize)>, ReleaseError> {
        let mut known: BTreeMap<(usize, usize), Learns> = BTreeMap::new();
        for &indicator in &tie.indicators {
            let family = &cluster.families[cluster.family_of(indicator)];
            let pattern = &patterns[&indicator];
            // Of an indicator of which nothing is published nothing can be worked out.
            if family.people.answered().all(|domain| pattern.contains(&domain)) {
                continue;
            }
            let nmin = if strict { self.nmin(indicator) } else { self.parameters.groups };
            let domains = self.sensitive(family, indicator, nmin, pattern);
            known.extend(domains.into_iter().map(|domain| ((indicator, domain), Learns::Everybody)));
        }
        for exchange in &tie.exchanges {
            let asked: BTreeSet<usize> = known
                .iter()
                .filter(|((indicator, _), learns)| exchange.moves(*indicator) && is_closed(learns))
                .map(|((_, domain), _)| *domain)
                .collect();
            if !asked.is_empty() {
                self.exchanged(cluster, (tie, exchange), (patterns, &asked), &mut known)?;
            }
        }
        Ok(known.into_iter().filter(|(_, learns)| is_closed(learns)).map(|(place, _)| place).collect())
    }

    /// Notes what an exchange leaves open, for all indicators that it moves.
    fn exchanged(
        &self,
        cluster: &Cluster,
        (tie, exchange): (&Tie, &Exchange),
        (patterns, asked): (&Patterns, &BTreeSet<usize>),
        known: &mut BTreeMap<(usize, usize), Learns>,
    ) -> Result<(), ReleaseError> {
        let view = exchange.view(tie);
        let pattern = exchange.pattern(patterns);
        let asked: BTreeSet<usize> =
            asked.iter().copied().filter(|&domain| view.upper[domain] > 0.0 && pattern.contains(&domain)).collect();
        if asked.is_empty() {
            return Ok(());
        }
        let needs = self.exchange_needs(cluster, exchange, &view, &asked);
        let found = self.audited(&view, &pattern, needs, 0)?;
        let weak: BTreeSet<&String> = found.unprotected.iter().map(|(cell, _)| cell).collect();
        for domain in asked {
            let id = self.layout.id(domain);
            if weak.contains(&id) {
                continue;
            }
            let insiders = found.insiders.iter().filter(|one| one.discloses == id).map(|one| one.insider.clone());
            let insiders: BTreeSet<String> = insiders.collect();
            for &(indicator, _) in &exchange.moved {
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

    /// How far the ones must be able to move so that each indicator moves as far as it has to.
    fn exchange_needs(
        &self,
        cluster: &Cluster,
        exchange: &Exchange,
        view: &View,
        domains: &BTreeSet<usize>,
    ) -> Vec<(String, Protection)> {
        let need = |domain: usize| {
            let mut all = Protection::default();
            for &(indicator, is_up) in &exchange.moved {
                let family = &cluster.families[cluster.family_of(indicator)];
                // Points of the figure in points of the people who can move it.
                let scale = family.people.size[domain] / view.people.size[domain];
                let value = self.value(indicator, domain);
                let need = self.need(indicator, domain).within(value, (0.0, 100.0));
                let (lower, upper) = (need.lower * scale, need.upper * scale);
                let (lower, upper) = if is_up { (lower, upper) } else { (upper, lower) };
                all = Protection { lower: all.lower.max(lower), upper: all.upper.max(upper) };
            }
            (self.layout.id(domain), all)
        };
        domains.iter().map(|&domain| need(domain)).collect()
    }
}

impl Exchange {
    /// The ones, who can only be more where the others are fewer.
    fn view<'a>(&self, tie: &'a Tie) -> View<'a> {
        let upper = self.one.iter().zip(&self.other).map(|(one, other)| one + other).collect();
        View { people: &tie.people[self.people], value: self.one.clone(), upper }
    }

    fn moves(&self, indicator: usize) -> bool {
        self.moved.iter().any(|(moved, _)| *moved == indicator)
    }

    /// Where all indicators that it moves are withheld.
    fn pattern(&self, patterns: &Patterns) -> BTreeSet<usize> {
        let mut of = self.moved.iter().map(|(indicator, _)| &patterns[indicator]);
        let first = of.next().cloned().unwrap_or_default();
        of.fold(first, |common, pattern| &common & pattern)
    }
}

/// The exchange that can move a figure: of those that somebody there can take part in the one that moves the fewest other
/// indicators, among the most people, between the largest sides.
fn best<'a>(closed: &Closed<'a>) -> Option<&'a Exchange> {
    let room = |exchange: &Exchange| {
        let (one, other) = (exchange.one[closed.domain], exchange.other[closed.domain]);
        let size = closed.tie.people[exchange.people].size[closed.domain];
        (one + other > 0.0, Reverse(exchange.moved.len()), [size * (one + other), one.min(other)])
    };
    let moving = closed.tie.exchanges.iter().filter(|exchange| exchange.moves(closed.indicator));
    moving.max_by(|a, b| {
        let (a, b) = (room(a), room(b));
        (a.0, a.1).cmp(&(b.0, b.1)).then(a.2[0].total_cmp(&b.2[0])).then(a.2[1].total_cmp(&b.2[1]))
    })
}

fn is_closed(learns: &Learns) -> bool {
    !matches!(learns, Learns::Contributors(who) if who.is_empty())
}
