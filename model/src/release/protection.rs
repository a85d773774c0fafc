//! Protection: which figures are withheld so that nobody learns anything about a single enterprise, and the audit that
//! proves it (method 9 to 12).
//!
//! Indicators that say something about each other share a pattern of withheld figures: those of one family about the same
//! enterprises ([`families`]). Indicators that do not are protected each by itself: sums tie the figures of one indicator
//! to each other, and nothing ties one indicator to another, so that a pattern of their own is no less safe than the
//! common one that method 10 recommends for simplicity, and a rare attribute does not blot out all others. Where classes
//! add up to everybody, or an attribute includes another one, the audit lets the attacker add them up ([`joint`]).
//!
//! Figures that are always too unreliable to be published, but not sensitive, help to protect others for nothing. Those
//! that are not needed for it count as published: whoever works them out learns what P1 allows.
//!
//! The coefficients of the sums are the sums of the weights, which an attacker is taken to know although they are not
//! published.

mod attacker;
mod dominance;
mod families;
mod joint;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use super::ReleaseError;
use super::document::{Certificate, Figure, Parameters};
use super::figures::{Estimated, fewest};
use super::layout::Layout;
use super::microdata::{Measure, Microdata};
use super::seal::sha256;
use super::weights::Weighted;
use crate::disclosure::DisclosureError;
use crate::disclosure::protect::{Task, protect_within};
use crate::disclosure::release::{PublishedSet, differences};
use crate::statistics::estimate::cell::in_parallel;
use attacker::View;
use families::{Family, attributes, families};

/// Rounds of "withhold a part whose complement is too small, and protect anew".
const ROUNDS: usize = 20;

/// How many figures of a family are tried to be published again at the end; each costs up to all its audits.
const TRIALS: usize = 8;

/// What is withheld.
pub(super) struct Protected {
    /// Per indicator and domain, whether it is withheld.
    pub withheld: Vec<Vec<bool>>,
    /// Per indicator and domain, whether it is sensitive by itself.
    pub primary: Vec<Vec<bool>>,
    /// Per indicator and domain, whether that is for dominance alone (P2).
    pub dominated: Vec<Vec<bool>>,
    pub certificate: Certificate,
}

/// A pattern that the indicators of a family share.
#[derive(Clone)]
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
    /// Points that P2 asks for, by domain, of the ratios.
    dominance: Vec<Option<Vec<f64>>>,
    /// Work for smaller patterns, per family.
    effort: u64,
}

/// What is withheld of one family: the common pattern, and that of each indicator in the order of the family.
struct Found {
    common: BTreeSet<usize>,
    own: Vec<BTreeSet<usize>>,
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
    let families = families(microdata, layout, weighted);
    if families.first().is_none_or(|family| family.everybody() < fewest()) {
        return Err(ReleaseError::TooFew);
    }
    let attributes = attributes(microdata, layout);
    let effort = parameters.effort / families.len().max(1) as u64;
    let dominance = dominance::dominance(microdata, layout, weighted);
    let case = Case { microdata, layout, parameters, estimates, attributes, dominance, effort };
    let domains = layout.domains.len();
    let mut found = Protected {
        withheld: vec![vec![true; domains]; microdata.items.len()],
        primary: vec![vec![false; domains]; microdata.items.len()],
        dominated: vec![vec![false; domains]; microdata.items.len()],
        certificate: certificate(layout),
    };
    let mut text = String::new();
    let done = in_parallel(families.len(), threads, |family| case.family(&families[family], forced));
    for (family, done) in families.iter().zip(done) {
        let Some(done) = done? else { continue };
        found.certificate.patterns += 1;
        found.certificate.sets += domains - done.common.len();
        for (&indicator, pattern) in family.indicators.iter().zip(&done.own) {
            for domain in 0..domains {
                found.primary[indicator][domain] = case.is_primary(family, indicator, domain);
                found.dominated[indicator][domain] =
                    case.dominance(indicator, domain) > 0.0 && !case.is_small(family, domain, case.nmin(indicator));
                found.withheld[indicator][domain] = pattern.contains(&domain) || family.n[domain] == 0;
            }
            found.certificate.audits += 1;
            text.push_str(&format!("{}:{:?};", microdata.items[indicator].id, pattern));
        }
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

impl Case<'_> {
    /// Protects one family; none if too few answered for any of its figures.
    fn family(&self, family: &Family, forced: &[BTreeSet<usize>]) -> Result<Option<Found>, ReleaseError> {
        if family.everybody() < fewest() {
            return Ok(None);
        }
        let common = self.common(family, forced)?;
        let own = |&indicator: &usize| {
            let pattern = self.own(family, indicator, &common)?;
            let earlier = forced[indicator].iter().copied().filter(|&domain| family.n[domain] > 0);
            self.with_earlier(family, indicator, pattern, earlier.collect())
        };
        let own = family.indicators.iter().map(own).collect::<Result<_, _>>()?;
        Ok(Some(Found { common: common.pattern, own }))
    }

    /// The pattern that protects the indicators of a family, and those that no pattern of parts protects.
    fn common(&self, family: &Family, forced: &[BTreeSet<usize>]) -> Result<Common, ReleaseError> {
        let mut common = Common { pattern: self.primary(family), apart: BTreeSet::new() };
        // What earlier releases withheld of a single indicator stays with that indicator.
        let of_all = |domain: &usize| family.indicators.iter().all(|&indicator| forced[indicator].contains(domain));
        common.pattern.extend((1..family.n.len()).filter(of_all).filter(|&domain| family.n[domain] > 0));
        for _ in 0..ROUNDS + family.indicators.len() {
            let Some(&lead) = family.indicators.iter().find(|one| !common.apart.contains(one)) else {
                return Ok(common);
            };
            if !self.extend(family, lead, &mut common, self.effort)? {
                continue;
            }
            self.all_indicators(family, &mut common)?;
            self.all_or_none(family, &mut common);
            if self.hide_joint(family, &mut common)? {
                continue;
            }
            let parts = self.differing(family, &common.pattern)?;
            if parts.is_empty() {
                return self.trimmed(family, common, forced);
            }
            common.pattern.extend(parts);
        }
        Err(self.red(family.indicators[0], "differences of published groups stay too small".into()))
    }

    /// Publishes again what the pattern of all indicators together can do without, wholes before parts: what one indicator
    /// needed hidden may be hidden well enough by what another one needed.
    fn trimmed(&self, family: &Family, mut common: Common, forced: &[BTreeSet<usize>]) -> Result<Common, ReleaseError> {
        if self.effort == 0 {
            return Ok(common);
        }
        let kept = self.primary(family);
        let wholes: BTreeSet<usize> = self.layout.sums.iter().map(|(total, _)| *total).collect();
        let was = |domain: usize| family.indicators.iter().any(|&indicator| forced[indicator].contains(&domain));
        let of = |domain: &usize| !kept.contains(domain) && !was(*domain) && !self.is_never_published(family, *domain);
        let mut others: Vec<usize> = common.pattern.iter().copied().filter(of).collect();
        others.sort_by_key(|domain| !wholes.contains(domain));
        let mut order = family.indicators.clone();
        for domain in others.into_iter().take(TRIALS) {
            let mut less = common.clone();
            less.pattern.remove(&domain);
            if self.holds(family, &less, &mut order)? {
                common = less;
            }
        }
        Ok(common)
    }

    /// Whether a pattern passes all audits of its family. `order` is that of the indicators: one that fails comes first the next
    /// time, as it is likely to fail again.
    fn holds(&self, family: &Family, common: &Common, order: &mut [usize]) -> Result<bool, ReleaseError> {
        if !self.differing(family, &common.pattern)?.is_empty() {
            return Ok(false);
        }
        for at in 0..order.len() {
            let indicator = order[at];
            if !common.apart.contains(&indicator)
                && !self.judge(family, indicator, &common.pattern, self.parameters.groups)?.is_publishable()
            {
                order[..=at].rotate_right(1);
                return Ok(false);
            }
        }
        Ok(self.closed(family, common)?.is_empty())
    }

    /// Audits every indicator; those that the pattern does not protect extend it, or stand apart.
    fn all_indicators(&self, family: &Family, common: &mut Common) -> Result<(), ReleaseError> {
        for last in [false, true] {
            let before = common.pattern.clone();
            for &indicator in &family.indicators {
                if common.apart.contains(&indicator)
                    || self.judge(family, indicator, &common.pattern, self.parameters.groups)?.is_publishable()
                {
                    continue;
                }
                if last {
                    common.apart.insert(indicator);
                } else {
                    self.extend(family, indicator, common, 0)?;
                }
            }
            if common.pattern == before {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Where figures follow from the others of a family, as the last class does and a score from its pillars, one of them
    /// cannot stand apart.
    fn all_or_none(&self, family: &Family, common: &mut Common) {
        let is_score = |indicator: &usize| self.microdata.items[*indicator].measure == Measure::Score;
        let unions = family.unions.iter().map(|(union, _)| *union);
        let classes: BTreeSet<usize> = family.classes.iter().copied().chain(unions).collect();
        let scores: BTreeSet<usize> = family.indicators.iter().copied().filter(is_score).collect();
        for tied in [classes, scores] {
            if !common.apart.is_disjoint(&tied) {
                common.apart.extend(tied);
            }
        }
    }

    /// Extends the pattern for an indicator; one that cannot be protected by withholding parts is put apart.
    fn extend(
        &self,
        family: &Family,
        indicator: usize,
        common: &mut Common,
        effort: u64,
    ) -> Result<bool, ReleaseError> {
        match self.extended(family, indicator, &common.pattern, self.parameters.groups, effort) {
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
    fn own(&self, family: &Family, indicator: usize, common: &Common) -> Result<BTreeSet<usize>, ReleaseError> {
        let is_sensitive = self.microdata.items[indicator].sensitive;
        let nmin = self.nmin(indicator);
        if common.apart.contains(&indicator) || self.is_primary(family, indicator, 0) {
            return self.province_at_most(family, indicator, nmin);
        }
        if !is_sensitive {
            return Ok(common.pattern.clone());
        }
        match self.extended(family, indicator, &common.pattern, nmin, 0) {
            Ok(pattern) if self.judge(family, indicator, &pattern, nmin)?.is_publishable() => Ok(pattern),
            Ok(_) => self.province_at_most(family, indicator, nmin),
            Err(error) if is_unprotectable(&error) => self.province_at_most(family, indicator, nmin),
            Err(error) => Err(error),
        }
    }

    /// The pattern with what earlier releases withheld, audited again if that is more.
    fn with_earlier(
        &self,
        family: &Family,
        indicator: usize,
        pattern: BTreeSet<usize>,
        earlier: BTreeSet<usize>,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        if earlier.is_subset(&pattern) {
            return Ok(pattern);
        }
        let nmin = self.nmin(indicator);
        let all: BTreeSet<usize> = pattern.union(&earlier).copied().collect();
        if self.judge(family, indicator, &all, nmin)?.is_publishable() {
            return Ok(all);
        }
        let parts = self.province_at_most(family, indicator, nmin)?;
        Ok(parts.union(&earlier).copied().collect())
    }

    /// Only the figure of the province, where the audit allows it; else none.
    fn province_at_most(&self, family: &Family, indicator: usize, nmin: u32) -> Result<BTreeSet<usize>, ReleaseError> {
        let all: BTreeSet<usize> = family.answered().collect();
        let parts: BTreeSet<usize> = all.iter().copied().filter(|&domain| domain != 0).collect();
        if self.is_primary(family, indicator, 0) || !self.judge(family, indicator, &parts, nmin)?.is_publishable() {
            return Ok(all);
        }
        Ok(parts)
    }

    /// A superset of `pattern` that protects an indicator; `effort` goes into keeping it small.
    fn extended(
        &self,
        family: &Family,
        indicator: usize,
        pattern: &BTreeSet<usize>,
        nmin: u32,
        effort: u64,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let view = View::of(indicator);
        let mut pattern = pattern.clone();
        let primary = |&domain: &usize| domain > 0 && self.is_primary_at(family, indicator, domain, nmin);
        pattern.extend(family.answered().filter(primary));
        let mut sensitive = self.sensitive(family, indicator, nmin, &pattern);
        for _ in 0..ROUNDS {
            let chosen = self.chosen(family, view, &pattern, &sensitive, (nmin, effort))?;
            // What a larger pattern no longer implies is sensitive after all.
            let more = self.sensitive(family, indicator, nmin, &chosen);
            if more.is_subset(&sensitive) {
                return Ok(chosen);
            }
            sensitive.extend(more);
        }
        Err(self.red(indicator, "the pattern does not settle".into()))
    }

    /// A superset of `pattern` that keeps the sensitive domains open in a view.
    ///
    /// What is withheld without being sensitive may become known, as long as no union of the rest gets too small, which
    /// only the audit can tell; where it says so, only the primary figures that others imply may.
    fn chosen(
        &self,
        family: &Family,
        view: View,
        pattern: &BTreeSet<usize>,
        sensitive: &BTreeSet<usize>,
        (nmin, effort): (u32, u64),
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let table = self.table(family, view)?;
        let id = |domain: usize| self.layout.id(domain);
        let named = |domains: &mut dyn Iterator<Item = usize>| domains.map(id).collect::<Vec<_>>();
        let harmless: Vec<usize> = pattern.difference(sensitive).copied().collect();
        let mut task = Task {
            nmin,
            sensitive: self.needs(&table, view, sensitive)?,
            suppressed: named(&mut pattern.iter().copied()),
            known: named(&mut harmless.iter().copied()),
            free: named(&mut family.answered().filter(|&domain| self.is_never_published(family, domain))),
            headline: vec![id(0)],
        };
        let mut chosen = protect_within(&table, &task, effort);
        if matches!(chosen, Err(DisclosureError::Invalid { .. })) {
            task.known = named(&mut harmless.into_iter().filter(|&domain| family.n[domain] < nmin));
            chosen = protect_within(&table, &task, effort);
        }
        let chosen: BTreeSet<String> = chosen?.into_iter().collect();
        Ok((0..family.n.len()).filter(|&domain| chosen.contains(&id(domain))).collect())
    }

    /// Whether no indicator of the family has a figure of this domain that is reliable enough to be published.
    fn is_never_published(&self, family: &Family, domain: usize) -> bool {
        let unreliable = |&indicator: &usize| {
            self.estimates[indicator][domain].is_none_or(|estimate| estimate.figure == Figure::Unreliable)
        };
        domain > 0 && family.indicators.iter().all(unreliable)
    }

    /// AT4: published parts whose complement in a published whole has too few respondents.
    fn differing(&self, family: &Family, pattern: &BTreeSet<usize>) -> Result<Vec<usize>, ReleaseError> {
        let published = family.answered().filter(|domain| !pattern.contains(domain));
        let name = |cell: &u32| cell.to_string();
        let set = |domain: usize| PublishedSet {
            id: domain.to_string(),
            atoms: self.layout.cells[domain].iter().map(name).collect(),
        };
        let sets: Vec<PublishedSet> = published.map(set).collect();
        let contributors: BTreeMap<String, u32> =
            family.of_cell.iter().zip(0_u32..).map(|(&n, cell)| (name(&cell), n)).collect();
        let found = differences(&sets, &contributors, self.parameters.groups)?;
        Ok(found.iter().filter_map(|one| one.part.parse().ok()).collect())
    }

    fn red(&self, indicator: usize, reasons: String) -> ReleaseError {
        ReleaseError::Red { indicator: self.microdata.items[indicator].id.clone(), reasons }
    }
}
