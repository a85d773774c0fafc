//! Attackers who can add up: figures that follow from those of other indicators.
//!
//! Each class by itself may be open while all together are not: where four of five classes of a small group are known to
//! be empty, the fifth has everybody. The same holds for attributes that include, exclude or complete each other: where
//! nobody uses cloud services, nobody uses special ones, though the two may be about different respondents and have
//! patterns of their own. What proves that figures are open is a change of all of them that everything published allows:
//! in a [`Partition`] one piece grows in some domains and shrinks in others, and another piece does the opposite. Such an
//! exchange between two pieces keeps their sum in every domain, so that it is a table of its own in which the first piece
//! lies between 0 and that sum; it can move what every indicator withholds that counts one of the pieces and not the
//! other. A figure is safe if some exchange moves it as far as it must be open; more than two pieces at a time are not
//! tried, so that the verdict errs on the safe side.

use std::collections::{BTreeMap, BTreeSet};

use super::super::ReleaseError;
use super::attacker::View;
use super::families::Cluster;
use super::ties::{Partition, Piece, Tie};
use super::{Case, Patterns};
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

/// An exchange between two pieces, with the indicators it moves.
struct Exchange<'a> {
    partition: &'a Partition,
    one: &'a Piece,
    other: &'a Piece,
    moved: Vec<usize>,
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
        let exchange = best(closed);
        let view = exchange.view();
        let pattern = exchange.pattern(patterns);
        let needs = self.exchange_needs(cluster, &exchange, &view, &BTreeSet::from([closed.domain]));
        let chosen = self.chosen(&view, (&pattern, &pattern), needs, (0, 0), |_| false)?;
        Ok((exchange.moved, chosen))
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
        for exchange in tie.partitions.iter().flat_map(exchanges) {
            let asked: BTreeSet<usize> = known
                .iter()
                .filter(|((indicator, _), learns)| exchange.moved.contains(indicator) && is_closed(learns))
                .map(|((_, domain), _)| *domain)
                .collect();
            if !asked.is_empty() {
                self.exchanged(cluster, &exchange, (patterns, &asked), &mut known)?;
            }
        }
        Ok(known.into_iter().filter(|(_, learns)| is_closed(learns)).map(|(place, _)| place).collect())
    }

    /// Notes what an exchange between two pieces leaves open, for all indicators that it moves.
    fn exchanged(
        &self,
        cluster: &Cluster,
        exchange: &Exchange,
        (patterns, asked): (&Patterns, &BTreeSet<usize>),
        known: &mut BTreeMap<(usize, usize), Learns>,
    ) -> Result<(), ReleaseError> {
        let view = exchange.view();
        let pattern = exchange.pattern(patterns);
        let asked: BTreeSet<usize> =
            asked.iter().copied().filter(|domain| view.people.n[*domain] > 0 && pattern.contains(domain)).collect();
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
            for &indicator in &exchange.moved {
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

    /// How far the first piece must be able to move so that each indicator moves as far as it has to.
    fn exchange_needs(
        &self,
        cluster: &Cluster,
        exchange: &Exchange,
        view: &View,
        domains: &BTreeSet<usize>,
    ) -> Vec<(String, Protection)> {
        let need = |domain: usize| {
            let mut all = Protection::default();
            for &indicator in &exchange.moved {
                let family = &cluster.families[cluster.family_of(indicator)];
                // Points of the figure in points of the people who can move it.
                let scale = family.people.size[domain] / view.people.size[domain];
                let value = self.value(indicator, domain);
                let need = self.need(indicator, domain).within(value, (0.0, 100.0));
                let (lower, upper) = (need.lower * scale, need.upper * scale);
                let (lower, upper) = if exchange.one.of.contains(&indicator) { (lower, upper) } else { (upper, lower) };
                all = Protection { lower: all.lower.max(lower), upper: all.upper.max(upper) };
            }
            (self.layout.id(domain), all)
        };
        domains.iter().map(|&domain| need(domain)).collect()
    }
}

impl<'a> Exchange<'a> {
    /// The first piece, which can only grow at the cost of the other one.
    fn view(&self) -> View<'a> {
        let upper = self.one.share.iter().zip(&self.other.share).map(|(one, other)| one + other).collect();
        View { people: &self.partition.people, value: self.one.share.clone(), upper }
    }

    /// Where all indicators that it moves are withheld.
    fn pattern(&self, patterns: &Patterns) -> BTreeSet<usize> {
        let mut of = self.moved.iter().map(|indicator| &patterns[indicator]);
        let first = of.next().cloned().unwrap_or_default();
        of.fold(first, |common, pattern| &common & pattern)
    }
}

fn exchanges(partition: &Partition) -> impl Iterator<Item = Exchange<'_>> {
    let pieces = partition.pieces.iter().enumerate();
    pieces.flat_map(move |(position, one)| {
        partition.pieces[position + 1..].iter().map(move |other| exchange(partition, one, other))
    })
}

fn exchange<'a>(partition: &'a Partition, one: &'a Piece, other: &'a Piece) -> Exchange<'a> {
    let only = |some: &'a Piece, rest: &'a Piece| some.of.iter().copied().filter(|of| !rest.of.contains(of));
    let moved = only(one, other).chain(only(other, one)).collect();
    Exchange { partition, one, other, moved }
}

/// The exchange that can move a figure: among the most people, between the largest piece that it is made of there and the largest
/// other one.
fn best<'a>(closed: &Closed<'a>) -> Exchange<'a> {
    let is_within = |piece: &Piece| piece.of.contains(&closed.indicator);
    let room = |exchange: &Exchange| {
        let shares = (exchange.one.share[closed.domain], exchange.other.share[closed.domain]);
        let size = exchange.partition.people.size[closed.domain];
        (size * (shares.0 + shares.1), shares.0.min(shares.1))
    };
    let all = closed.tie.partitions.iter().flat_map(exchanges);
    let moving = all.filter(|exchange| is_within(exchange.one) != is_within(exchange.other));
    let best = moving.max_by(|a, b| {
        let (a, b) = (room(a), room(b));
        a.0.total_cmp(&b.0).then(a.1.total_cmp(&b.1))
    });
    best.unwrap_or_else(|| unreachable!("a tie has an exchange for each of its indicators"))
}

fn is_closed(learns: &Learns) -> bool {
    !matches!(learns, Learns::Contributors(who) if who.is_empty())
}
