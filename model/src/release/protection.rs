//! Protection: which figures are withheld so that nobody learns anything about a single enterprise, and the audit that
//! proves it (method 9 to 12).
//!
//! Indicators about the same enterprises share one pattern. Figures that are always too unreliable to be published help
//! to protect others for nothing, so they are withheld before a pattern is looked for. The coefficients of the sums are
//! the sums of the weights, which an attacker is taken to know although they are not published.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::ReleaseError;
use super::document::{Certificate, Parameters};
use super::figures::{Estimated, fewest};
use super::layout::Layout;
use super::microdata::{Item, Measure, Microdata};
use super::seal::sha256;
use super::weights::Weighted;
use crate::disclosure::DisclosureError;
use crate::disclosure::audit::{Audit, Pattern, Protection, audit};
use crate::disclosure::primary::{attribute_unsafe, frequency_unsafe, population_unsafe};
use crate::disclosure::protect::{Task, protect_within};
use crate::disclosure::release::{PublishedSet, differences};
use crate::disclosure::table::{Cell, Equation, Table};
use crate::statistics::estimate::cell::in_parallel;

/// Rounds of "withhold a part whose complement is too small, and protect anew".
const ROUNDS: usize = 20;

/// What is withheld.
pub(super) struct Protected {
    /// Per indicator and domain, whether it is withheld.
    pub withheld: Vec<Vec<bool>>,
    /// Per indicator and domain, whether it is sensitive by itself.
    pub primary: Vec<Vec<bool>>,
    pub certificate: Certificate,
}

/// The indicators about the same enterprises, with their numbers by domain.
struct Base {
    indicators: Vec<usize>,
    /// n per cell of the frame.
    of_cell: Vec<u32>,
    /// n per domain.
    n: Vec<u32>,
    /// Sum of the weights per domain.
    size: Vec<f64>,
}

/// A pattern that several indicators share.
struct Common {
    pattern: BTreeSet<usize>,
    /// Indicators that it cannot protect; at most their provincial figure is published.
    apart: BTreeSet<usize>,
}

struct Case<'a> {
    microdata: &'a Microdata,
    layout: &'a Layout,
    parameters: &'a Parameters,
    estimates: &'a [Vec<Option<Estimated>>],
    /// Respondents with and without the attribute, by domain, of the sensitive shares.
    attributes: Vec<Option<Vec<(u32, u32)>>>,
    threads: usize,
}

/// Withholds and audits. `forced` are domains per indicator that earlier releases of the campaign withheld.
pub(super) fn protected(
    (microdata, layout): (&Microdata, &Layout),
    weighted: &Weighted,
    estimates: &[Vec<Option<Estimated>>],
    forced: &[BTreeSet<usize>],
    parameters: &Parameters,
    threads: usize,
) -> Result<Protected, ReleaseError> {
    let attributes = attributes(microdata, layout);
    let case = Case { microdata, layout, parameters, estimates, attributes, threads };
    let domains = layout.domains.len();
    let mut found = Protected {
        withheld: vec![vec![false; domains]; microdata.items.len()],
        primary: vec![vec![false; domains]; microdata.items.len()],
        certificate: certificate(layout),
    };
    let mut text = String::new();
    for (position, base) in bases(microdata, layout, weighted).into_iter().enumerate() {
        if position == 0 && base.n.first().is_none_or(|&n| n < fewest()) {
            return Err(ReleaseError::TooFew);
        }
        if base.n.first().is_none_or(|&n| n < fewest()) {
            base.indicators.iter().for_each(|&indicator| found.withheld[indicator] = vec![true; domains]);
            continue;
        }
        let common = case.common(&base, forced)?;
        found.certificate.patterns += 1;
        for &indicator in &base.indicators {
            let mut pattern = case.own(&base, indicator, &common)?;
            let earlier = forced[indicator].iter().copied().filter(|&domain| base.n[domain] > 0);
            pattern = case.with_earlier(&base, indicator, pattern, earlier.collect())?;
            for domain in 0..domains {
                found.primary[indicator][domain] = case.is_primary(&base, indicator, domain);
                found.withheld[indicator][domain] = pattern.contains(&domain) || base.n[domain] == 0;
            }
            found.certificate.audits += 1;
            text.push_str(&format!("{}:{:?};", microdata.items[indicator].id, pattern));
        }
        found.certificate.sets += domains - common.pattern.len();
    }
    found.certificate.hash = sha256(text.as_bytes());
    Ok(found)
}

fn certificate(layout: &Layout) -> Certificate {
    let tests = ["AT1", "AT2", "AT3", "AT4", "AT5", "AT7"];
    Certificate {
        tests: tests.map(str::to_owned).to_vec(),
        solver: "microlp".to_owned(),
        domains: layout.domains.len(),
        sums: layout.sums.len(),
        patterns: 0,
        audits: 0,
        sets: 0,
        hash: String::new(),
    }
}

fn is_unprotectable(error: &ReleaseError) -> bool {
    matches!(error, ReleaseError::Disclosure(DisclosureError::Unprotectable { .. } | DisclosureError::Invalid { .. }))
}

fn attributes(microdata: &Microdata, layout: &Layout) -> Vec<Option<Vec<(u32, u32)>>> {
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

fn bases(microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Base> {
    let mut position: HashMap<Vec<u32>, usize> = HashMap::new();
    let mut bases: Vec<Base> = Vec::new();
    for (indicator, column) in microdata.respondents.columns.iter().enumerate() {
        let mut of_cell = vec![0; microdata.frame.cells.len()];
        for (&cell, value) in microdata.respondents.cell.iter().zip(column) {
            of_cell[cell as usize] += u32::from(!value.is_nan());
        }
        if let Some(&known) = position.get(&of_cell) {
            bases[known].indicators.push(indicator);
            continue;
        }
        let n = layout.cells.iter().map(|cells| cells.iter().map(|&cell| of_cell[cell as usize]).sum());
        let size = |cells: &Vec<u32>| {
            let size = |&cell: &u32| weighted.weight[cell as usize] * f64::from(of_cell[cell as usize]);
            cells.iter().map(size).sum()
        };
        let (n, size) = (n.collect(), layout.cells.iter().map(size).collect());
        position.insert(of_cell.clone(), bases.len());
        bases.push(Base { indicators: vec![indicator], of_cell, n, size });
    }
    bases
}

impl Case<'_> {
    /// The pattern that protects the indicators of a base, and those that no pattern of parts protects.
    fn common(&self, base: &Base, forced: &[BTreeSet<usize>]) -> Result<Common, ReleaseError> {
        let too_few = (0..base.n.len()).filter(|&domain| (1..fewest()).contains(&base.n[domain]));
        let mut common = Common { pattern: too_few.collect(), apart: BTreeSet::new() };
        // What earlier releases withheld of a single indicator stays with that indicator.
        let of_all = |domain: &usize| base.indicators.iter().all(|&indicator| forced[indicator].contains(domain));
        common.pattern.extend((0..base.n.len()).filter(of_all).filter(|&domain| domain > 0 && base.n[domain] > 0));
        for _ in 0..ROUNDS + base.indicators.len() {
            let Some(&lead) = base.indicators.iter().find(|one| !common.apart.contains(one)) else {
                return Ok(common);
            };
            if !self.extend(base, lead, &mut common, self.parameters.effort)? {
                continue;
            }
            self.all_indicators(base, &mut common)?;
            let parts = self.differing(base, &common.pattern)?;
            if parts.is_empty() {
                return Ok(common);
            }
            common.pattern.extend(parts);
        }
        Err(self.red(base.indicators[0], "differences of published groups stay too small".into()))
    }

    /// Audits every indicator; those that the pattern does not protect extend it, or stand apart.
    fn all_indicators(&self, base: &Base, common: &mut Common) -> Result<(), ReleaseError> {
        for last in [false, true] {
            let pattern = common.pattern.clone();
            let verdict = |position: usize| -> Result<Audit, ReleaseError> {
                self.judge(base, base.indicators[position], &pattern, self.parameters.groups)
            };
            let audits = in_parallel(base.indicators.len(), self.threads, verdict);
            for (audit, &indicator) in audits.into_iter().zip(&base.indicators) {
                if audit?.is_publishable() || common.apart.contains(&indicator) {
                    continue;
                }
                if last {
                    common.apart.insert(indicator);
                } else {
                    self.extend(base, indicator, common, 0)?;
                }
            }
            if common.pattern == pattern {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Extends the pattern for an indicator; one that cannot be protected by withholding parts is put apart.
    fn extend(&self, base: &Base, indicator: usize, common: &mut Common, effort: u64) -> Result<bool, ReleaseError> {
        match self.extended(base, indicator, &common.pattern, self.parameters.groups, effort) {
            Ok(pattern) => {
                common.pattern = pattern;
                Ok(true)
            }
            Err(error) if is_unprotectable(&error) => {
                common.apart.insert(indicator);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The pattern of one indicator: sensitive items have stricter rules on top of the common ones.
    fn own(&self, base: &Base, indicator: usize, common: &Common) -> Result<BTreeSet<usize>, ReleaseError> {
        let is_sensitive = self.microdata.items[indicator].sensitive;
        let nmin = if is_sensitive { self.parameters.groups_sensitive } else { self.parameters.groups };
        if common.apart.contains(&indicator) || self.is_primary(base, indicator, 0) {
            return self.province_at_most(base, indicator, nmin);
        }
        if !is_sensitive {
            return Ok(common.pattern.clone());
        }
        match self.extended(base, indicator, &common.pattern, nmin, 0) {
            Ok(pattern) if self.judge(base, indicator, &pattern, nmin)?.is_publishable() => Ok(pattern),
            Ok(_) => self.province_at_most(base, indicator, nmin),
            Err(error) if is_unprotectable(&error) => self.province_at_most(base, indicator, nmin),
            Err(error) => Err(error),
        }
    }

    /// The pattern with what earlier releases withheld, audited again if that is more.
    fn with_earlier(
        &self,
        base: &Base,
        indicator: usize,
        pattern: BTreeSet<usize>,
        earlier: BTreeSet<usize>,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        if earlier.is_subset(&pattern) {
            return Ok(pattern);
        }
        let is_sensitive = self.microdata.items[indicator].sensitive;
        let nmin = if is_sensitive { self.parameters.groups_sensitive } else { self.parameters.groups };
        let all: BTreeSet<usize> = pattern.union(&earlier).copied().collect();
        if self.judge(base, indicator, &all, nmin)?.is_publishable() {
            return Ok(all);
        }
        let parts = self.province_at_most(base, indicator, nmin)?;
        Ok(parts.union(&earlier).copied().collect())
    }

    /// Only the figure of the province, where the audit allows it; else none.
    fn province_at_most(&self, base: &Base, indicator: usize, nmin: u32) -> Result<BTreeSet<usize>, ReleaseError> {
        let answered = (0..base.n.len()).filter(|&domain| base.n[domain] > 0);
        let all: BTreeSet<usize> = answered.collect();
        let parts: BTreeSet<usize> = all.iter().copied().filter(|&domain| domain != 0).collect();
        if self.is_primary(base, indicator, 0) || !self.judge(base, indicator, &parts, nmin)?.is_publishable() {
            return Ok(all);
        }
        Ok(parts)
    }

    /// A superset of `pattern` that protects an indicator; `effort` goes into keeping it small.
    fn extended(
        &self,
        base: &Base,
        indicator: usize,
        pattern: &BTreeSet<usize>,
        nmin: u32,
        effort: u64,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let table = self.table(base, indicator)?;
        let id = |domain: usize| self.layout.id(domain);
        let task = Task {
            nmin,
            sensitive: self.sensitive(&table, base, indicator, nmin)?,
            suppressed: pattern.iter().map(|&domain| id(domain)).collect(),
            headline: vec![id(0)],
        };
        let chosen: BTreeSet<String> = protect_within(&table, &task, effort)?.into_iter().collect();
        Ok((0..base.n.len()).filter(|&domain| chosen.contains(&id(domain))).collect())
    }

    fn judge(
        &self,
        base: &Base,
        indicator: usize,
        pattern: &BTreeSet<usize>,
        nmin: u32,
    ) -> Result<Audit, ReleaseError> {
        let table = self.table(base, indicator)?;
        let sensitive = self.sensitive(&table, base, indicator, nmin)?;
        let suppressed = pattern.iter().map(|&domain| self.layout.id(domain)).collect();
        Ok(audit(&table, nmin, &Pattern { suppressed, sensitive, ..Pattern::default() })?)
    }

    /// The table an attacker sees: means, with the sums of the weights as coefficients.
    fn table(&self, base: &Base, indicator: usize) -> Result<Table, ReleaseError> {
        let value = |domain: usize| self.estimates[indicator][domain].map_or(0.0, |estimate| estimate.value);
        let answered = |domain: &usize| base.n[*domain] > 0;
        let cell = |domain: usize| Cell {
            id: self.layout.id(domain),
            value: value(domain).clamp(0.0, 100.0),
            n: base.n[domain],
            lower: 0.0,
            upper: 100.0,
        };
        let cells = (0..base.n.len()).filter(answered).map(cell).collect();
        let mut equations = Vec::new();
        for (total, parts) in self.layout.sums.iter().filter(|(total, _)| answered(total)) {
            let parts: Vec<usize> = parts.iter().copied().filter(answered).collect();
            let whole = base.size[*total];
            let mut equation = Equation { cells: vec![self.layout.id(*total)], coefficients: vec![-1.0] };
            equation.cells.extend(parts.iter().map(|&part| self.layout.id(part)));
            equation.coefficients.extend(parts.iter().map(|&part| base.size[part] / whole));
            equations.push(equation);
        }
        Ok(Table::new(cells, &equations)?)
    }

    fn sensitive(
        &self,
        table: &Table,
        base: &Base,
        indicator: usize,
        nmin: u32,
    ) -> Result<Vec<(String, Protection)>, ReleaseError> {
        let strict = nmin > self.parameters.groups;
        let mut sensitive = Vec::new();
        for domain in (0..base.n.len()).filter(|&domain| base.n[domain] > 0) {
            let few =
                frequency_unsafe(base.n[domain], nmin) || population_unsafe(self.layout.domains[domain].enterprises);
            let is_sensitive = few || (strict && self.attribute_unsafe(indicator, domain));
            if is_sensitive && (strict || !self.is_implied(base, indicator, domain)) {
                let cell = &table.cells()[table.index("sensitive", &self.layout.id(domain))?];
                sensitive.push((cell.id.clone(), self.need(indicator).within(cell)));
            }
        }
        Ok(sensitive)
    }

    /// How far from the truth an attacker must hold values possible. Shares that are not sensitive are counts: they must
    /// not be determined exactly (method 9).
    fn need(&self, indicator: usize) -> Protection {
        let item = &self.microdata.items[indicator];
        if item.measure == Measure::Share && !item.sensitive {
            return Protection::default();
        }
        Protection { lower: self.parameters.protection, upper: self.parameters.protection }
    }

    /// Whether everybody or nobody in a whole of enough respondents has an attribute that is not sensitive: that may be
    /// published (P3 is about sensitive ones), and then it is known of every part.
    fn is_implied(&self, base: &Base, indicator: usize, domain: usize) -> bool {
        let item = &self.microdata.items[indicator];
        let edge = |domain: usize| {
            let value = self.estimates[indicator][domain].map(|estimate| estimate.value);
            value.filter(|value| *value == 0.0 || *value == 100.0)
        };
        let whole = |total: usize| base.n[total] >= fewest() && edge(total).is_some() && edge(total) == edge(domain);
        let sums = self.layout.sums.iter().filter(|(_, parts)| parts.contains(&domain));
        item.measure == Measure::Share && !item.sensitive && sums.into_iter().any(|(total, _)| whole(*total))
    }

    fn is_primary(&self, base: &Base, indicator: usize, domain: usize) -> bool {
        let item = &self.microdata.items[indicator];
        let nmin = if item.sensitive { self.parameters.groups_sensitive } else { self.parameters.groups };
        frequency_unsafe(base.n[domain], nmin)
            || population_unsafe(self.layout.domains[domain].enterprises)
            || (item.sensitive && base.n[domain] > 0 && self.attribute_unsafe(indicator, domain))
    }

    /// P3, from the unweighted answers.
    fn attribute_unsafe(&self, indicator: usize, domain: usize) -> bool {
        let counts = self.attributes[indicator].as_ref();
        counts.is_some_and(|counts| attribute_unsafe(counts[domain].0, counts[domain].1))
    }

    /// AT4: published parts whose complement in a published whole has too few respondents.
    fn differing(&self, base: &Base, pattern: &BTreeSet<usize>) -> Result<Vec<usize>, ReleaseError> {
        let published = (0..base.n.len()).filter(|domain| base.n[*domain] > 0 && !pattern.contains(domain));
        let name = |cell: &u32| cell.to_string();
        let set = |domain: usize| PublishedSet {
            id: domain.to_string(),
            atoms: self.layout.cells[domain].iter().map(name).collect(),
        };
        let sets: Vec<PublishedSet> = published.map(set).collect();
        let contributors: BTreeMap<String, u32> =
            base.of_cell.iter().zip(0_u32..).map(|(&n, cell)| (name(&cell), n)).collect();
        let found = differences(&sets, &contributors, self.parameters.groups)?;
        Ok(found.iter().filter_map(|one| one.part.parse().ok()).collect())
    }

    fn red(&self, indicator: usize, reasons: String) -> ReleaseError {
        ReleaseError::Red { indicator: self.microdata.items[indicator].id.clone(), reasons }
    }
}
