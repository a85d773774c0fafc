//! Quartiles of scores: what an enterprise compares itself with.
//!
//! A quartile is a number that some respondent has, so it is rounded to whole points and shares the fate of the mean
//! beside it (method 9, P5): where that is withheld or unreliable, there are none. Groups have 30 respondents at least.
//! A group includes everybody who answered: a release cannot leave out whoever reads it. Whoever takes the own answers
//! out of a group of 30 is left with 29 others, and P6 asks for five. Of two groups, one within the other, the rest is
//! nobody or five at least by the pattern of the means (AT3, AT4), so that comparing their quartiles says nothing about
//! fewer enterprises than a figure may rest on.

use std::collections::BTreeSet;

use super::document::{Figure, Quartiles, Release, TableKind};
use super::layout::Layout;
use super::microdata::{Earlier, Item, Measure, Microdata};
use super::weights::Weighted;

/// Fewest respondents of a group that enterprises are compared with.
pub const PEERS: u32 = 30;

/// The groups: those of an industry and a size class, and the wider ones around them.
const TABLES: [TableKind; 4] = [TableKind::Province, TableKind::Group, TableKind::Section, TableKind::SectionSize];

/// A score in whole points has one of so many values.
const VALUES: usize = 101;

/// Relative slack when cumulative weights are compared with a share of their sum (method 3).
const SLACK: f64 = 1e-13;

/// The quartiles of every indicator before anything is withheld; none for what is no score.
///
/// Rounding keeps the order of scores, so the quartile of the rounded scores is the rounded quartile. Counts of whole
/// points per cell are therefore enough, whatever the number of enterprises.
pub(super) fn quartiles(microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Vec<Quartiles>> {
    let of_indicator = |(item, column): (&Item, &Vec<f64>)| {
        let is_score = item.measure == Measure::Score && !item.sensitive;
        if is_score { of_column(column, microdata, layout, weighted) } else { Vec::new() }
    };
    microdata.items.iter().zip(&microdata.respondents.columns).map(of_indicator).collect()
}

/// Puts them into a release: beside a mean that is published, and those of before where a figure stays as it was.
pub(super) fn publish(release: &mut Release, found: Vec<Vec<Quartiles>>, earlier: &[Earlier], kept: &BTreeSet<usize>) {
    let last = earlier.last().map(|earlier| &earlier.release);
    let before = |id: &str, domain: usize| {
        let about = &release.domains[domain];
        let last = last?;
        let place = last.domains.iter().position(|one| one.table == about.table && one.code == about.code)?;
        last.indicator(id)?.quartiles.iter().find(|one| one.domain == place).copied()
    };
    let mut all = Vec::with_capacity(found.len());
    for (indicator, found) in release.indicators.iter().zip(found) {
        let stays = kept.iter().filter_map(|&domain| Some(Quartiles { domain, ..before(&indicator.id, domain)? }));
        let is_public = |one: &Quartiles| matches!(indicator.figures[one.domain], Figure::Published { .. });
        let mut public: Vec<Quartiles> = found.into_iter().filter(|one| !kept.contains(&one.domain)).collect();
        public.extend(stays);
        public.retain(is_public);
        public.sort_by_key(|one| one.domain);
        all.push(public);
    }
    for (indicator, public) in release.indicators.iter_mut().zip(all) {
        indicator.quartiles = public;
    }
}

fn of_column(column: &[f64], microdata: &Microdata, layout: &Layout, weighted: &Weighted) -> Vec<Quartiles> {
    let mut counts = vec![[0_u32; VALUES]; microdata.frame.cells.len()];
    for (&cell, &score) in microdata.respondents.cell.iter().zip(column) {
        if let Some(value) = points(score) {
            counts[cell as usize][value] += 1;
        }
    }
    let domains = layout.domains.iter().zip(&layout.cells).enumerate();
    let groups = domains.filter(|(_, (domain, _))| TABLES.contains(&domain.table));
    let of_group = |(domain, (_, cells)): (usize, (_, &Vec<u32>))| {
        let inside = |value: usize| cells.iter().map(move |&cell| (cell as usize, value));
        let n: u32 = (0..VALUES).flat_map(inside).map(|(cell, value)| counts[cell][value]).sum();
        let weight = |(cell, value): (usize, usize)| weighted.weight[cell] * f64::from(counts[cell][value]);
        let weights: Vec<f64> = (0..VALUES).map(|value| inside(value).map(weight).sum()).collect();
        (n >= PEERS).then(|| Quartiles { domain, values: [0.25, 0.5, 0.75].map(|share| smallest(&weights, share)) })
    };
    groups.filter_map(of_group).collect()
}

/// Whole points, halves up; none for `NaN`.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "scores are from 0 to 100")]
fn points(score: f64) -> Option<usize> {
    (0.0..=100.0).contains(&score).then(|| (score + 1e-9).round() as usize)
}

/// The smallest value that this share of the weight lies at or below (method 3).
fn smallest(weights: &[f64], share: f64) -> u32 {
    let target = share * weights.iter().sum::<f64>() * (1.0 - SLACK);
    let mut below = 0.0;
    for (value, weight) in (0..).zip(weights) {
        below += weight;
        if *weight > 0.0 && below >= target {
            return value;
        }
    }
    100
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_quartile_is_the_smallest_value_that_reaches_its_share() {
        let mut weights = vec![0.0; VALUES];
        for (value, weight) in [(10, 1.0), (20, 1.0), (30, 1.0), (90, 1.0)] {
            weights[value] = weight;
        }
        assert_eq!([0.25, 0.5, 0.75].map(|share| smallest(&weights, share)), [10, 20, 30]);
        weights[90] = 5.0;
        assert_eq!([0.25, 0.5, 0.75].map(|share| smallest(&weights, share)), [20, 90, 90]);
    }

    #[test]
    fn scores_become_whole_points() {
        assert_eq!([41.54, 41.5, 0.0, 100.0].map(points), [Some(42), Some(42), Some(0), Some(100)]);
        assert_eq!(points(f64::NAN), None);
    }
}
