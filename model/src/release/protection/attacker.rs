//! What an attacker sees of one indicator, what must stay hidden from him, and whether it does.

use std::collections::BTreeSet;

use super::super::ReleaseError;
use super::super::microdata::Measure;
use super::Case;
use super::families::Family;
use crate::disclosure::audit::{Audit, Pattern, Protection, verdict};
use crate::disclosure::primary::{attribute_unsafe, frequency_unsafe, population_unsafe};
use crate::disclosure::table::{Cell, Equation, Table};

/// What an attacker looks at: an indicator by itself, or a piece of everybody that can only grow at the cost of another one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct View {
    pub indicator: usize,
    pub mass: Mass,
    pub partner: Option<Mass>,
}

/// A share of the enterprises in the figures of indicators: a constant, and figures with their signs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Mass {
    pub constant: f64,
    pub terms: [(f64, usize); 2],
}

impl View {
    pub fn of(indicator: usize) -> Self {
        Self { indicator, mass: Mass::of(indicator), partner: None }
    }
}

impl Mass {
    pub fn of(indicator: usize) -> Self {
        Self { constant: 0.0, terms: [(1.0, indicator), (0.0, indicator)] }
    }
}

impl Case<'_> {
    /// Fewest respondents behind a figure of an indicator.
    pub(super) fn nmin(&self, indicator: usize) -> u32 {
        let is_sensitive = self.microdata.items[indicator].sensitive;
        if is_sensitive { self.parameters.groups_sensitive } else { self.parameters.groups }
    }

    /// P1, P2 and P4 for everything of a family.
    pub(super) fn primary(&self, family: &Family) -> BTreeSet<usize> {
        let unsafe_anyway = |&domain: &usize| {
            self.is_small(family, domain, self.parameters.groups)
                || family.indicators.iter().any(|&indicator| self.dominance(indicator, domain) > 0.0)
        };
        family.answered().filter(unsafe_anyway).collect()
    }

    pub(super) fn is_primary(&self, family: &Family, indicator: usize, domain: usize) -> bool {
        family.n[domain] > 0 && self.is_primary_at(family, indicator, domain, self.nmin(indicator))
    }

    /// P1, P2, P4, and for sensitive shares P3.
    pub(super) fn is_primary_at(&self, family: &Family, indicator: usize, domain: usize, nmin: u32) -> bool {
        self.is_small(family, domain, nmin)
            || self.dominance(indicator, domain) > 0.0
            || (nmin > self.parameters.groups && self.attribute_unsafe(indicator, domain))
    }

    /// P1 and P4.
    pub(super) fn is_small(&self, family: &Family, domain: usize, nmin: u32) -> bool {
        frequency_unsafe(family.n[domain], nmin) || population_unsafe(self.layout.domains[domain].enterprises)
    }

    /// P2: the points that a figure needs, 0 where nobody dominates it.
    pub(super) fn dominance(&self, indicator: usize, domain: usize) -> f64 {
        self.dominance[indicator].as_ref().map_or(0.0, |levels| levels[domain])
    }

    /// P3, from the unweighted answers.
    fn attribute_unsafe(&self, indicator: usize, domain: usize) -> bool {
        let counts = self.attributes[indicator].as_ref();
        counts.is_some_and(|counts| attribute_unsafe(counts[domain].0, counts[domain].1))
    }

    /// Audits a pattern for one indicator.
    pub(super) fn judge(
        &self,
        family: &Family,
        indicator: usize,
        pattern: &BTreeSet<usize>,
        nmin: u32,
    ) -> Result<Audit, ReleaseError> {
        let sensitive = self.sensitive(family, indicator, nmin, pattern);
        self.audited(family, View::of(indicator), pattern, &sensitive, nmin)
    }

    /// Audits a pattern in a view.
    pub(super) fn audited(
        &self,
        family: &Family,
        view: View,
        pattern: &BTreeSet<usize>,
        sensitive: &BTreeSet<usize>,
        nmin: u32,
    ) -> Result<Audit, ReleaseError> {
        let table = self.table(family, view)?;
        let suppressed = pattern.iter().map(|&domain| self.layout.id(domain)).collect();
        let sensitive = self.needs(&table, view, sensitive)?;
        Ok(verdict(&table, nmin, &Pattern { suppressed, sensitive, ..Pattern::default() })?)
    }

    /// How large a share is, in per cent.
    pub(super) fn mass(&self, mass: Mass, domain: usize) -> f64 {
        let value = |indicator: usize| self.estimates[indicator][domain].map_or(0.0, |estimate| estimate.value);
        let terms: f64 = mass.terms.iter().map(|&(c, indicator)| c * value(indicator)).sum();
        (mass.constant + terms).clamp(0.0, 100.0)
    }

    /// The table an attacker sees: means, with the sums of the weights as coefficients. A piece lies between 0 and what
    /// it and its partner have together.
    pub(super) fn table(&self, family: &Family, view: View) -> Result<Table, ReleaseError> {
        let cell = |domain: usize| {
            let own = self.mass(view.mass, domain);
            let upper = view.partner.map_or(100.0, |partner| own + self.mass(partner, domain));
            Cell { id: self.layout.id(domain), value: own, n: family.n[domain], lower: 0.0, upper }
        };
        let cells = family.answered().map(cell).collect();
        let is_answered = |domain: &usize| family.n[*domain] > 0;
        let mut equations = Vec::new();
        for (total, parts) in self.layout.sums.iter().filter(|(total, _)| is_answered(total)) {
            let parts: Vec<usize> = parts.iter().copied().filter(is_answered).collect();
            let whole = family.size[*total];
            let mut equation = Equation { cells: vec![self.layout.id(*total)], coefficients: vec![-1.0] };
            equation.cells.extend(parts.iter().map(|&part| self.layout.id(part)));
            equation.coefficients.extend(parts.iter().map(|&part| family.size[part] / whole));
            equations.push(equation);
        }
        Ok(Table::new(cells, &equations)?)
    }

    /// The domains whose figure must stay hidden under a pattern.
    pub(super) fn sensitive(
        &self,
        family: &Family,
        indicator: usize,
        nmin: u32,
        pattern: &BTreeSet<usize>,
    ) -> BTreeSet<usize> {
        let strict = nmin > self.parameters.groups;
        let primary = family.answered().filter(|&domain| self.is_primary_at(family, indicator, domain, nmin));
        primary.filter(|&domain| strict || !self.is_implied(family, indicator, domain, pattern)).collect()
    }

    /// Each of them with the protection it needs.
    pub(super) fn needs(
        &self,
        table: &Table,
        view: View,
        sensitive: &BTreeSet<usize>,
    ) -> Result<Vec<(String, Protection)>, ReleaseError> {
        let one = |&domain: &usize| {
            let need = if view.partner.is_some() { Protection::default() } else { self.need(view.indicator, domain) };
            let cell = &table.cells()[table.index("sensitive", &self.layout.id(domain))?];
            Ok((cell.id.clone(), need.within(cell)))
        };
        sensitive.iter().map(one).collect()
    }

    /// How far from the truth an attacker must hold values possible. Shares that are not sensitive are counts: they must
    /// not be determined exactly (method 9).
    fn need(&self, indicator: usize, domain: usize) -> Protection {
        let item = &self.microdata.items[indicator];
        if item.measure == Measure::Share && !item.sensitive {
            return Protection::default();
        }
        let points = self.parameters.protection.max(self.dominance(indicator, domain));
        Protection { lower: points, upper: points }
    }

    /// Whether it may be known of a few that all or none of them have an attribute, because it follows from a figure
    /// about more of which that is so.
    ///
    /// A share that is not sensitive may be published for every group of at least five (P1), also where it is 0 or
    /// 100 %: that groups must not reveal an attribute is asked of sensitive ones only (P3). Whoever reads "none of these
    /// 12 enterprises" knows it of any three of them. Such a figure is a published total, or the sum of the parts of a published
    /// total that readers cannot see, which anybody can work out; nothing else counts, so that every such conclusion goes
    /// back to one group of at least five.
    ///
    /// Why nothing else leaks by it:
    ///
    /// * Only figures that readers see count, and wholes that follow from such figures. A total or a part that is too unreliable to be published implies nothing, though
    ///   the audit, which errs on the safe side, takes it for known.
    /// * What is implied stays withheld, and the audit deduces it like everything that the sums determine. It is no cover for
    ///   others: where a few depend on it, their figure becomes exact, and they are sensitive by themselves. Lines in which
    ///   fewer than five withheld respondents are left beside it are refused (AT3, `hidden_unions`).
    /// * Classes that add up are audited together, and so are attributes that include each other ([`super::joint`]): that none has the one
    ///   says something about the other.
    /// * Members of the group learn nothing: what they know of themselves is what everybody knows of them. Where one of the
    ///   group differs, the figure is neither 0 nor 100 and implies nothing here.
    fn is_implied(&self, family: &Family, indicator: usize, domain: usize, pattern: &BTreeSet<usize>) -> bool {
        let item = &self.microdata.items[indicator];
        if item.measure != Measure::Share || item.sensitive {
            return false;
        }
        let edge = |domain: usize| {
            let value = self.estimates[indicator][domain].map(|estimate| estimate.value);
            value.filter(|value| *value == 0.0 || *value == 100.0)
        };
        let Some(own) = edge(domain) else { return false };
        let is_seen = |domain: usize| {
            let published = self.estimates[indicator][domain].is_some_and(|one| one.figure.value().is_some());
            published && !pattern.contains(&domain)
        };
        let implies = |(total, parts): &&(usize, Vec<usize>)| {
            // What is known of a whole is known of its parts, also where it follows from a larger one.
            if !is_seen(*total) && !self.is_implied(family, indicator, *total, pattern) {
                return false;
            }
            let hidden = || parts.iter().copied().filter(|&part| family.n[part] > 0 && !is_seen(part));
            let respondents: u32 = hidden().map(|part| family.n[part]).sum();
            let is_whole = family.n[*total] >= self.parameters.groups && edge(*total) == Some(own);
            is_whole || (respondents >= self.parameters.groups && hidden().all(|part| edge(part) == Some(own)))
        };
        self.layout.sums.iter().filter(|(_, parts)| parts.contains(&domain)).any(|sum| implies(&sum))
    }
}
