//! What an attacker sees of one indicator, what must stay hidden from him, and whether it does.

use std::collections::BTreeSet;

use super::super::ReleaseError;
use super::super::microdata::Measure;
use super::Case;
use super::families::{Family, People};
use crate::disclosure::audit::{Audit, Pattern, Protection, verdict};
use crate::disclosure::primary::{attribute_unsafe, frequency_unsafe, population_unsafe};
use crate::disclosure::table::{Cell, Equation, Table};

/// What an attacker looks at: a figure in every domain, and how large it could be.
pub(super) struct View<'a> {
    pub people: &'a People,
    pub value: Vec<f64>,
    pub upper: Vec<f64>,
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
        family.people.answered().filter(unsafe_anyway).collect()
    }

    pub(super) fn is_primary(&self, family: &Family, indicator: usize, domain: usize) -> bool {
        family.people.n[domain] > 0 && self.is_primary_at(family, indicator, domain, self.nmin(indicator))
    }

    /// P1, P2, P4, and for sensitive shares P3.
    pub(super) fn is_primary_at(&self, family: &Family, indicator: usize, domain: usize, nmin: u32) -> bool {
        self.is_small(family, domain, nmin)
            || self.dominance(indicator, domain) > 0.0
            || (nmin > self.parameters.groups && self.attribute_unsafe(indicator, domain))
    }

    /// P1 and P4.
    pub(super) fn is_small(&self, family: &Family, domain: usize, nmin: u32) -> bool {
        frequency_unsafe(family.people.n[domain], nmin) || population_unsafe(self.layout.domains[domain].enterprises)
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
        let view = self.view(family, indicator, pattern);
        let sensitive = self.sensitive(family, indicator, nmin, pattern);
        let needs = self.needs(&view, &sensitive, |domain| self.need(indicator, domain));
        self.audited(&view, pattern, needs, nmin)
    }

    /// Audits a pattern in a view; what must stay hidden comes with the protection it needs.
    pub(super) fn audited(
        &self,
        view: &View,
        pattern: &BTreeSet<usize>,
        sensitive: Vec<(String, Protection)>,
        nmin: u32,
    ) -> Result<Audit, ReleaseError> {
        let is_there = |domain: &&usize| view.people.n[**domain] > 0;
        let suppressed = pattern.iter().filter(is_there).map(|&domain| self.layout.id(domain)).collect();
        Ok(verdict(&self.table(view)?, nmin, &Pattern { suppressed, sensitive, ..Pattern::default() })?)
    }

    /// An indicator by itself under a pattern.
    ///
    /// A mean of percentages cannot be above the share of those who have what it measures: where few sell online, little is
    /// sold online. An attacker is taken to know that share wherever it does not have to be hidden.
    pub(super) fn view<'a>(&self, family: &'a Family, indicator: usize, pattern: &BTreeSet<usize>) -> View<'a> {
        let value: Vec<f64> = (0..family.people.n.len()).map(|domain| self.value(indicator, domain)).collect();
        let mut upper = vec![100.0_f64; value.len()];
        for &condition in &self.conditions[indicator] {
            let hidden = self.sensitive(family, condition, self.nmin(condition), pattern);
            for domain in family.people.answered().filter(|domain| !hidden.contains(domain)) {
                upper[domain] = upper[domain].min(self.value(condition, domain)).max(value[domain]);
            }
        }
        View { people: &family.people, value, upper }
    }

    pub(super) fn value(&self, indicator: usize, domain: usize) -> f64 {
        self.estimates[indicator][domain].map_or(0.0, |estimate| estimate.value.clamp(0.0, 100.0))
    }

    /// The table an attacker sees: means, with the sums of the weights as coefficients.
    pub(super) fn table(&self, view: &View) -> Result<Table, ReleaseError> {
        let people = view.people;
        let cell = |domain: usize| Cell {
            id: self.layout.id(domain),
            value: view.value[domain],
            n: people.n[domain],
            lower: 0.0,
            upper: view.upper[domain],
        };
        let cells = people.answered().map(cell).collect();
        let is_answered = |domain: &usize| people.n[*domain] > 0;
        let mut equations = Vec::new();
        for (total, parts) in self.layout.sums.iter().filter(|(total, _)| is_answered(total)) {
            let parts: Vec<usize> = parts.iter().copied().filter(is_answered).collect();
            let whole = people.size[*total];
            let mut equation = Equation { cells: vec![self.layout.id(*total)], coefficients: vec![-1.0] };
            equation.cells.extend(parts.iter().map(|&part| self.layout.id(part)));
            equation.coefficients.extend(parts.iter().map(|&part| people.size[part] / whole));
            equations.push(equation);
        }
        let single = people.answered().filter(|&domain| people.n[domain] == 1);
        let contributor = |domain: usize| {
            let cell = self.layout.cells[domain].iter().copied().find(|&cell| people.of_cell[cell as usize] > 0);
            cell.map(|cell| (self.layout.id(domain), cell))
        };
        Ok(Table::new(cells, &equations)?.with_single_contributors(single.filter_map(contributor)))
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
        let primary = family.people.answered().filter(|&domain| self.is_primary_at(family, indicator, domain, nmin));
        primary.filter(|&domain| strict || !self.is_implied(family, indicator, domain, pattern)).collect()
    }

    /// Domains with the protection they need, as far as the bounds of the view leave it possible.
    pub(super) fn needs(
        &self,
        view: &View,
        domains: &BTreeSet<usize>,
        need: impl Fn(usize) -> Protection,
    ) -> Vec<(String, Protection)> {
        let one = |&domain: &usize| {
            let (value, upper) = (view.value[domain], view.upper[domain]);
            (self.layout.id(domain), need(domain).within(value, (0.0, upper)))
        };
        domains.iter().filter(|&&domain| view.people.n[domain] > 0).map(one).collect()
    }

    /// How far from the truth an attacker must hold values possible. Shares that are not sensitive are counts: they must
    /// not be determined exactly (method 9).
    pub(super) fn need(&self, indicator: usize, domain: usize) -> Protection {
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
    /// * A figure that keeps its value of an earlier release implies nothing: readers do not see what is so now.
    /// * Members of the group learn nothing: what they know of themselves is what everybody knows of them. Where one of the
    ///   group differs, the figure is neither 0 nor 100 and implies nothing here.
    fn is_implied(&self, family: &Family, indicator: usize, domain: usize, pattern: &BTreeSet<usize>) -> bool {
        let item = &self.microdata.items[indicator];
        let is_implied_by = |&condition: &usize| {
            self.value(condition, domain) == 0.0 && self.is_implied(family, condition, domain, pattern)
        };
        if self.conditions[indicator].iter().any(is_implied_by) {
            return true;
        }
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
            published && !pattern.contains(&domain) && !self.demands.kept.contains(&domain)
        };
        let implies = |(total, parts): &&(usize, Vec<usize>)| {
            // What is known of a whole is known of its parts, also where it follows from a larger one.
            if !is_seen(*total) && !self.is_implied(family, indicator, *total, pattern) {
                return false;
            }
            let hidden = || parts.iter().copied().filter(|&part| family.people.n[part] > 0 && !is_seen(part));
            let respondents: u32 = hidden().map(|part| family.people.n[part]).sum();
            let is_whole = family.people.n[*total] >= self.parameters.groups && edge(*total) == Some(own);
            is_whole || (respondents >= self.parameters.groups && hidden().all(|part| edge(part) == Some(own)))
        };
        self.layout.sums.iter().filter(|(_, parts)| parts.contains(&domain)).any(|sum| implies(&sum))
    }
}
