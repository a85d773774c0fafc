//! Patterns: what is withheld of the families of a cluster, built until every audit is green.

use std::collections::BTreeSet;

use super::super::ReleaseError;
use super::super::document::Figure;
use super::super::figures::fewest;
use super::super::microdata::Measure;
use super::attacker::View;
use super::families::{Cluster, Family};
use super::{Case, Patterns, is_unprotectable};
use crate::disclosure::DisclosureError;
use crate::disclosure::audit::Protection;
use crate::disclosure::protect::{Task, protect_within};

/// Rounds of "withhold more, and protect anew".
const ROUNDS: usize = 20;

/// How many figures of a family are tried to be published again at the end; each costs up to all its audits.
const TRIALS: usize = 8;

/// The pattern of each family, and the indicators that it cannot protect.
#[derive(Clone)]
pub(super) struct Draft {
    /// In the order of the families.
    pub of: Vec<BTreeSet<usize>>,
    /// At most their provincial figure is published.
    pub apart: BTreeSet<usize>,
}

impl Case<'_> {
    /// The patterns of all indicators of a cluster.
    pub(super) fn protect(&self, cluster: &Cluster) -> Result<Patterns, ReleaseError> {
        let draft = self.common(cluster)?;
        let mut patterns = Patterns::new();
        for (family, common) in cluster.families.iter().zip(&draft.of) {
            for &indicator in &family.indicators {
                let own = match self.is_about_enough(family) {
                    true => self.own(family, indicator, common, draft.apart.contains(&indicator))?,
                    false => family.people.answered().collect(),
                };
                patterns.insert(indicator, own);
            }
        }
        self.proven(cluster, patterns)
    }

    /// The patterns that protect the families of a cluster, and the indicators that no pattern of parts protects.
    pub(super) fn common(&self, cluster: &Cluster) -> Result<Draft, ReleaseError> {
        let first = |family: &Family| {
            // What earlier releases withheld of a single indicator stays with that indicator.
            let forced = |domain: &usize| self.was_withheld(family, *domain).all(|was| was);
            let mut pattern = self.primary(family);
            pattern.extend(family.people.answered().filter(|&domain| domain > 0).filter(forced));
            pattern
        };
        let mut draft = Draft { of: cluster.families.iter().map(first).collect(), apart: BTreeSet::new() };
        let enough = |family: &usize| self.is_about_enough(&cluster.families[*family]);
        let mut unsettled: BTreeSet<usize> = (0..cluster.families.len()).filter(enough).collect();
        for round in 0..ROUNDS {
            let effort = if round == 0 { self.effort } else { 0 };
            for &family in &unsettled {
                self.settle(&cluster.families[family], &mut draft.of[family], &mut draft.apart, effort)?;
            }
            unsettled = self.hide_joint(cluster, &mut draft)?;
            if unsettled.is_empty() {
                return self.trimmed(cluster, draft);
            }
        }
        Err(self.red(cluster.families[0].indicators[0], "figures that follow from each other stay known".into()))
    }

    /// Whether figures are open, the groups they leave are large enough, and nothing follows from others: for the indicators of one
    /// family under a draft. `order` is that of the indicators: one that fails comes first the next time, as it is likely to fail
    /// again.
    pub(super) fn holds(
        &self,
        cluster: &Cluster,
        family: usize,
        draft: &Draft,
        order: &mut [usize],
    ) -> Result<bool, ReleaseError> {
        let (of, pattern) = (&cluster.families[family], &draft.of[family]);
        if !self.differing(of, pattern)?.is_empty() {
            return Ok(false);
        }
        for at in 0..order.len() {
            let indicator = order[at];
            if !draft.apart.contains(&indicator)
                && !self.judge(of, indicator, pattern, self.parameters.groups)?.is_publishable()
            {
                order[..=at].rotate_right(1);
                return Ok(false);
            }
        }
        let touching = |indicator: &usize| of.indicators.contains(indicator);
        let ties = cluster.ties.iter().filter(|tie| tie.indicators.iter().any(touching));
        let closed = self.closed(cluster, ties, &self.patterns(cluster, draft), false)?;
        Ok(closed.iter().all(|one| draft.apart.contains(&one.indicator)))
    }

    /// The pattern of every indicator under a draft.
    pub(super) fn patterns(&self, cluster: &Cluster, draft: &Draft) -> Patterns {
        let mut patterns = Patterns::new();
        for (family, common) in cluster.families.iter().zip(&draft.of) {
            for &indicator in &family.indicators {
                let is_withheld = |domain: &usize| !self.is_about_enough(family) || *domain > 0;
                let pattern = match draft.apart.contains(&indicator) || !self.is_about_enough(family) {
                    true => family.people.answered().filter(is_withheld).collect(),
                    false => common.clone(),
                };
                patterns.insert(indicator, pattern);
            }
        }
        patterns
    }

    /// Protects the indicators of a family, each by itself under their common pattern.
    fn settle(
        &self,
        family: &Family,
        pattern: &mut BTreeSet<usize>,
        apart: &mut BTreeSet<usize>,
        effort: u64,
    ) -> Result<(), ReleaseError> {
        for _ in 0..ROUNDS + family.indicators.len() {
            let Some(&lead) = family.indicators.iter().find(|one| !apart.contains(one)) else {
                return Ok(());
            };
            if !self.extend(family, lead, pattern, apart, effort)? {
                continue;
            }
            self.all_indicators(family, pattern, apart)?;
            self.all_or_none(family, apart);
            let differing = self.differing(family, pattern)?;
            if differing.is_empty() {
                return Ok(());
            }
            let before = pattern.len();
            pattern.extend(differing.into_iter().flatten());
            if pattern.len() == before {
                break;
            }
        }
        Err(self.red(family.indicators[0], "differences of published groups stay too small".into()))
    }

    /// Withholds more until no figure of a tie follows from the others; the families whose patterns grew.
    fn hide_joint(&self, cluster: &Cluster, draft: &mut Draft) -> Result<BTreeSet<usize>, ReleaseError> {
        let patterns = self.patterns(cluster, draft);
        let mut grown = BTreeSet::new();
        for one in self.closed(cluster, cluster.ties.iter(), &patterns, false)? {
            if draft.apart.contains(&one.indicator) {
                continue;
            }
            let known = self.patterns(cluster, draft);
            match self.hidden(cluster, &one, &known) {
                Ok((moved, chosen)) if moved.iter().any(|indicator| !chosen.is_subset(&known[indicator])) => {
                    for family in moved.into_iter().map(|indicator| cluster.family_of(indicator)) {
                        draft.of[family].extend(&chosen);
                        grown.insert(family);
                    }
                }
                Err(error) if !is_unprotectable(&error) => return Err(error),
                // What else was withheld meanwhile hides it, too.
                Ok(_) if !grown.is_empty() => {}
                _ => {
                    let family = cluster.family_of(one.indicator);
                    draft.apart.insert(one.indicator);
                    self.all_or_none(&cluster.families[family], &mut draft.apart);
                    grown.insert(family);
                }
            }
        }
        Ok(grown)
    }

    /// Publishes again what the patterns can do without, wholes before parts: what one indicator needed hidden may be hidden
    /// well enough by what another one needed.
    pub(super) fn trimmed(&self, cluster: &Cluster, mut draft: Draft) -> Result<Draft, ReleaseError> {
        if self.effort == 0 {
            return Ok(draft);
        }
        let wholes: BTreeSet<usize> = self.layout.sums.iter().map(|(total, _)| *total).collect();
        for (position, family) in cluster.families.iter().enumerate().filter(|(_, family)| self.is_about_enough(family))
        {
            let kept = self.primary(family);
            let of = |domain: &usize| {
                !kept.contains(domain)
                    && !self.was_withheld(family, *domain).any(|was| was)
                    && !self.is_never_published(family, *domain)
            };
            let mut others: Vec<usize> = draft.of[position].iter().copied().filter(of).collect();
            others.sort_by_key(|domain| !wholes.contains(domain));
            let mut order = family.indicators.clone();
            for domain in others.into_iter().take(TRIALS) {
                let mut less = draft.clone();
                less.of[position].remove(&domain);
                if self.holds(cluster, position, &less, &mut order)? {
                    draft = less;
                }
            }
        }
        Ok(draft)
    }

    /// Whether enough answered for any figure of a family.
    fn is_about_enough(&self, family: &Family) -> bool {
        family.people.everybody() >= fewest()
    }

    /// Per indicator of a family, whether an earlier release withheld its figure of a domain.
    fn was_withheld<'a>(&'a self, family: &'a Family, domain: usize) -> impl Iterator<Item = bool> + 'a {
        family.indicators.iter().map(move |&indicator| self.demands.forced[indicator].contains(&domain))
    }

    /// Audits every indicator; those that the pattern does not protect extend it, or stand apart.
    fn all_indicators(
        &self,
        family: &Family,
        pattern: &mut BTreeSet<usize>,
        apart: &mut BTreeSet<usize>,
    ) -> Result<(), ReleaseError> {
        for last in [false, true] {
            let before = pattern.clone();
            for &indicator in &family.indicators {
                if apart.contains(&indicator)
                    || self.judge(family, indicator, pattern, self.parameters.groups)?.is_publishable()
                {
                    continue;
                }
                if last {
                    apart.insert(indicator);
                } else {
                    self.extend(family, indicator, pattern, apart, 0)?;
                }
            }
            if *pattern == before {
                return Ok(());
            }
        }
        Ok(())
    }

    /// Where figures follow from the others of a family, as the last class does and a score from its pillars, one of them
    /// cannot stand apart.
    fn all_or_none(&self, family: &Family, apart: &mut BTreeSet<usize>) {
        let is_score = |indicator: &usize| self.microdata.items[*indicator].measure == Measure::Score;
        let unions = family.unions.iter().map(|(union, _)| *union);
        let classes: BTreeSet<usize> = family.classes.iter().copied().chain(unions).collect();
        let scores: BTreeSet<usize> = family.indicators.iter().copied().filter(is_score).collect();
        for tied in [classes, scores] {
            if !apart.is_disjoint(&tied) {
                apart.extend(tied);
            }
        }
    }

    /// Extends the pattern for an indicator; one that cannot be protected by withholding parts is put apart.
    fn extend(
        &self,
        family: &Family,
        indicator: usize,
        pattern: &mut BTreeSet<usize>,
        apart: &mut BTreeSet<usize>,
        effort: u64,
    ) -> Result<bool, ReleaseError> {
        match self.extended(family, indicator, pattern, self.parameters.groups, effort) {
            Ok(extended) => {
                *pattern = extended;
                Ok(true)
            }
            Err(error) if is_unprotectable(&error) => {
                apart.insert(indicator);
                Ok(false)
            }
            Err(error) => Err(error),
        }
    }

    /// The pattern of one indicator: sensitive items have stricter rules on top of the common ones, and what earlier releases
    /// withheld stays withheld.
    fn own(
        &self,
        family: &Family,
        indicator: usize,
        common: &BTreeSet<usize>,
        is_apart: bool,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let earlier = self.demands.forced[indicator].iter().filter(|&&domain| family.people.n[domain] > 0);
        let earlier: BTreeSet<usize> = earlier.copied().collect();
        let pattern = if is_apart || self.is_primary(family, indicator, 0) {
            self.province_at_most(family, indicator)?
        } else if self.microdata.items[indicator].sensitive {
            self.safe(family, indicator, common)?
        } else {
            common.clone()
        };
        if earlier.is_subset(&pattern) {
            return Ok(pattern);
        }
        let all: BTreeSet<usize> = pattern.union(&earlier).copied().collect();
        if self.judge(family, indicator, &all, self.nmin(indicator))?.is_publishable() {
            return Ok(all);
        }
        let parts = self.province_at_most(family, indicator)?;
        Ok(parts.union(&earlier).copied().collect())
    }

    /// Looks once more at what follows from figures of different indicators, now that each has its own pattern, and withholds
    /// until nothing does: more figures, then all but the one of the province, then all.
    fn proven(&self, cluster: &Cluster, mut patterns: Patterns) -> Result<Patterns, ReleaseError> {
        for round in 0..2 * ROUNDS {
            let closed = self.closed(cluster, cluster.ties.iter(), &patterns, true)?;
            if closed.is_empty() {
                return Ok(patterns);
            }
            let (mut fallen, mut grew) = (BTreeSet::new(), false);
            for one in closed {
                let found = if round < ROUNDS {
                    self.hidden(cluster, &one, &patterns)
                } else {
                    Ok((Vec::new(), BTreeSet::new()))
                };
                match found {
                    Ok((moved, chosen)) if moved.iter().any(|indicator| !chosen.is_subset(&patterns[indicator])) => {
                        grew = true;
                        for indicator in moved {
                            let family = &cluster.families[cluster.family_of(indicator)];
                            let more: BTreeSet<usize> = patterns[&indicator].union(&chosen).copied().collect();
                            let safe = self.safe(family, indicator, &more)?;
                            patterns.insert(indicator, safe);
                        }
                    }
                    Ok(_) if grew => {}
                    Err(error) if !is_unprotectable(&error) => return Err(error),
                    _ => {
                        fallen.insert(one.indicator);
                        self.all_or_none(&cluster.families[cluster.family_of(one.indicator)], &mut fallen);
                    }
                }
            }
            for indicator in fallen {
                let family = &cluster.families[cluster.family_of(indicator)];
                let parts: BTreeSet<usize> = self.province_at_most(family, indicator)?;
                let falls = parts.is_subset(&patterns[&indicator]);
                patterns.insert(indicator, if falls { family.people.answered().collect() } else { parts });
            }
        }
        Err(self.red(cluster.families[0].indicators[0], "figures that follow from each other stay known".into()))
    }

    /// A superset of a pattern that protects an indicator by its own rules; at most the figure of the province if there is none.
    fn safe(
        &self,
        family: &Family,
        indicator: usize,
        pattern: &BTreeSet<usize>,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let nmin = self.nmin(indicator);
        match self.extended(family, indicator, pattern, nmin, 0) {
            Ok(pattern) if self.judge(family, indicator, &pattern, nmin)?.is_publishable() => Ok(pattern),
            Err(error) if !is_unprotectable(&error) => Err(error),
            _ => self.province_at_most(family, indicator),
        }
    }

    /// Only the figure of the province, where the audit allows it; else none.
    fn province_at_most(&self, family: &Family, indicator: usize) -> Result<BTreeSet<usize>, ReleaseError> {
        let all: BTreeSet<usize> = family.people.answered().collect();
        let parts: BTreeSet<usize> = all.iter().copied().filter(|&domain| domain != 0).collect();
        let is_safe =
            || Ok::<_, ReleaseError>(self.judge(family, indicator, &parts, self.nmin(indicator))?.is_publishable());
        if self.is_primary(family, indicator, 0) || !is_safe()? {
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
        let mut pattern = pattern.clone();
        let primary = |&domain: &usize| domain > 0 && self.is_primary_at(family, indicator, domain, nmin);
        pattern.extend(family.people.answered().filter(primary));
        let mut sensitive = self.sensitive(family, indicator, nmin, &pattern);
        for _ in 0..ROUNDS {
            let view = self.view(family, indicator, &pattern);
            let needs = self.needs(&view, &sensitive, |domain| self.need(indicator, domain));
            let harmless = pattern.difference(&sensitive).copied().collect();
            let is_free = |domain: usize| self.is_never_published(family, domain);
            let chosen = self.chosen(&view, (&pattern, &harmless), needs, (nmin, effort), is_free)?;
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
    /// What is withheld without being sensitive (`harmless`) may become known, as long as no union of the rest gets too small,
    /// which only the audit can tell; where it says so, only the primary figures that others imply may.
    pub(super) fn chosen(
        &self,
        view: &View,
        (pattern, harmless): (&BTreeSet<usize>, &BTreeSet<usize>),
        sensitive: Vec<(String, Protection)>,
        (nmin, effort): (u32, u64),
        is_free: impl Fn(usize) -> bool,
    ) -> Result<BTreeSet<usize>, ReleaseError> {
        let table = self.table(view)?;
        let people = view.people;
        let id = |domain: usize| self.layout.id(domain);
        let named = |domains: &mut dyn Iterator<Item = usize>| {
            domains.filter(|&domain| people.n[domain] > 0).map(id).collect::<Vec<_>>()
        };
        let mut task = Task {
            nmin,
            sensitive,
            suppressed: named(&mut pattern.iter().copied()),
            known: named(&mut harmless.iter().copied()),
            free: named(&mut (0..people.n.len()).filter(|&domain| is_free(domain))),
            headline: vec![id(0)],
        };
        let mut chosen = protect_within(&table, &task, effort);
        if matches!(chosen, Err(DisclosureError::Invalid { .. })) {
            task.known = named(&mut harmless.iter().copied().filter(|&domain| people.n[domain] < nmin));
            chosen = protect_within(&table, &task, effort);
        }
        let chosen: BTreeSet<String> = chosen?.into_iter().collect();
        Ok((0..people.n.len()).filter(|&domain| chosen.contains(&id(domain))).collect())
    }

    /// Whether no indicator of the family has a figure of this domain that is reliable enough to be published.
    fn is_never_published(&self, family: &Family, domain: usize) -> bool {
        let unreliable = |&indicator: &usize| {
            self.estimates[indicator][domain].is_none_or(|estimate| estimate.figure == Figure::Unreliable)
        };
        domain > 0 && family.indicators.iter().all(unreliable)
    }
}
