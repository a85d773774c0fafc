//! Protection: which figures are withheld so that nobody learns anything about a single enterprise, and the audit that
//! proves it (method 9 to 12).
//!
//! Indicators of one family about the same enterprises share a pattern of withheld figures ([`families`]). Others are
//! protected each by itself: sums tie the figures of one indicator to each other, and mostly nothing ties one indicator
//! to another, so that a pattern of their own is no less safe than the common one that method 10 recommends for
//! simplicity, and a rare attribute does not blot out all others. Where something does tie them ([`ties`]: classes add up
//! to everybody, an attribute includes another one), the audit lets the attacker put them together ([`joint`]), whatever
//! families they belong to.
//!
//! Figures that are always too unreliable to be published, but not sensitive, help to protect others for nothing. Those
//! that are not needed for it count as published: whoever works them out learns what P1 allows.
//!
//! The coefficients of the sums are the sums of the weights, which an attacker is taken to know although they are not
//! published. That counts are whole numbers is not used against him: with weights that he does not know it says nothing, and
//! figures are rounded.

mod attacker;
mod cluster;
mod differences;
mod dominance;
mod families;
mod joint;
#[cfg(test)]
mod tests;
mod ties;

use std::collections::{BTreeMap, BTreeSet};

use super::ReleaseError;
use super::correction::Demands;
use super::document::{Certificate, Parameters};
use super::figures::{Estimated, fewest};
use super::layout::Layout;
use super::microdata::{Measure, Microdata};
use super::seal::sha256;
use super::weights::Weighted;
use crate::disclosure::DisclosureError;
use crate::statistics::estimate::cell::in_parallel;
use families::{attributes, clusters, families};
use ties::ties;

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

/// What is withheld of each indicator.
type Patterns = BTreeMap<usize, BTreeSet<usize>>;

struct Case<'a> {
    microdata: &'a Microdata,
    layout: &'a Layout,
    parameters: &'a Parameters,
    estimates: &'a [Vec<Option<Estimated>>],
    /// What earlier releases withheld and what keeps its earlier value.
    demands: &'a Demands,
    /// Respondents with and without the attribute, by domain, of the sensitive shares.
    attributes: Vec<Option<Vec<(u32, u32)>>>,
    /// Points that P2 asks for, by domain, of the ratios.
    dominance: Vec<Option<Vec<f64>>>,
    /// Per indicator the shares without which it is 0: nothing is sold online where nobody sells online.
    conditions: Vec<Vec<usize>>,
    /// Work for smaller patterns, per family.
    effort: u64,
}

/// Withholds and audits.
pub(super) fn protected(
    (microdata, layout): (&Microdata, &Layout),
    weighted: &Weighted,
    estimates: &[Vec<Option<Estimated>>],
    demands: &Demands,
    parameters: &Parameters,
    threads: usize,
) -> Result<Protected, ReleaseError> {
    let families = families(microdata, layout, weighted);
    if families.first().is_none_or(|family| family.people.everybody() < fewest()) {
        return Err(ReleaseError::TooFew);
    }
    let case = Case {
        microdata,
        layout,
        parameters,
        estimates,
        demands,
        attributes: attributes(microdata, layout),
        dominance: dominance::dominance(microdata, layout, weighted),
        conditions: conditions(microdata),
        effort: parameters.effort / families.len().max(1) as u64,
    };
    let ties = ties(microdata, layout, weighted, &families);
    let clusters = clusters(families, ties);
    let domains = layout.domains.len();
    let mut found = Protected {
        withheld: vec![vec![true; domains]; microdata.items.len()],
        primary: vec![vec![false; domains]; microdata.items.len()],
        dominated: vec![vec![false; domains]; microdata.items.len()],
        certificate: certificate(layout),
    };
    let mut text = String::new();
    let done = in_parallel(clusters.len(), threads, |cluster| case.protect(&clusters[cluster]));
    for (cluster, patterns) in clusters.iter().zip(done) {
        let patterns = patterns?;
        for family in cluster.families.iter().filter(|family| family.people.everybody() >= fewest()) {
            found.certificate.patterns += 1;
            for &indicator in &family.indicators {
                let pattern = &patterns[&indicator];
                for domain in 0..domains {
                    found.primary[indicator][domain] = case.is_primary(family, indicator, domain);
                    found.dominated[indicator][domain] =
                        case.dominance(indicator, domain) > 0.0 && !case.is_small(family, domain, case.nmin(indicator));
                    found.withheld[indicator][domain] = pattern.contains(&domain) || family.people.n[domain] == 0;
                }
                found.certificate.audits += 1;
                text.push_str(&format!("{}:{:?};", microdata.items[indicator].id, pattern));
            }
            let of_all = |domain: &usize| family.indicators.iter().all(|indicator| found.withheld[*indicator][*domain]);
            found.certificate.sets += domains - (0..domains).filter(of_all).count();
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

/// The shares of the same family without which a percentage is 0, found in the answers.
fn conditions(microdata: &Microdata) -> Vec<Vec<usize>> {
    let columns = &microdata.respondents.columns;
    let needs = |of: usize, share: usize| {
        let mut answers = columns[of].iter().zip(&columns[share]);
        let is_one_family = answers.clone().all(|(value, share)| value.is_nan() == share.is_nan());
        let is_needed = answers.clone().all(|(value, share)| value.is_nan() || *share == 1.0 || *value == 0.0);
        is_one_family && is_needed && answers.any(|(_, share)| *share == 0.0)
    };
    let of = |(indicator, item): (usize, &super::microdata::Item)| {
        let is_one = |share: &usize| {
            let other = &microdata.items[*share];
            other.measure == Measure::Share
                && !other.sensitive
                && other.family == item.family
                && needs(indicator, *share)
        };
        if item.measure != Measure::Percentage {
            return Vec::new();
        }
        (0..microdata.items.len()).filter(is_one).collect()
    };
    microdata.items.iter().enumerate().map(of).collect()
}

fn is_unprotectable(error: &ReleaseError) -> bool {
    matches!(error, ReleaseError::Disclosure(DisclosureError::Unprotectable { .. } | DisclosureError::Invalid { .. }))
}

impl Case<'_> {
    fn red(&self, indicator: usize, reasons: String) -> ReleaseError {
        ReleaseError::Red { indicator: self.microdata.items[indicator].id.clone(), reasons }
    }
}
