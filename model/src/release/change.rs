//! Change since an earlier campaign (method 6).
//!
//! Enterprises that answered in both campaigns make the two figures move together, so that the standard error of a change
//! is not that of two independent figures. Both campaigns are weighted by the same scheme; every enterprise is one sampling
//! unit of the stacked sample, what it contributes to a change is its contribution to the later figure minus that to the
//! earlier one (calibration residuals per campaign), and its stratum is industry group and size in the latest frame that
//! has it.
//!
//! Changes are about the whole province only: what is published beside two published figures of at least ten respondents
//! is their difference, with an error that is a sum over all respondents.

use std::collections::BTreeMap;

use super::ReleaseError;
use super::document::{Change, Changes, Figure, Indicator, NClass, Parameters};
use super::figures::{fewest, hundredths, tenths};
use super::layout::Layout;
use super::microdata::{Earlier, Measure, Microdata};
use super::weights::{Weighted, weigh};
use crate::statistics::estimate::EstimateError;
use crate::statistics::estimate::cell::{CellRows, canonical_order};
use crate::statistics::estimate::change::benjamini_hochberg;
use crate::statistics::interval::{t_interval, t_two_sided};
use crate::statistics::sum::{Sum, sum};

/// Changes that are tested together count as many tests above this number (method 6).
const MANY: usize = 20;

/// Level of significance.
const LEVEL: f64 = 0.05;

/// Shares of the figures below which an error is rounding.
const ROUNDING: f64 = 1e-12;

/// One campaign with its weights.
pub(super) struct Campaign<'a> {
    pub microdata: &'a Microdata,
    pub layout: &'a Layout,
    pub weighted: &'a Weighted,
}

/// A change before it is rounded.
struct Estimated {
    change: f64,
    se: f64,
    df: i64,
    p_value: Option<f64>,
    panel: Vec<(f64, f64, f64, f64)>,
}

/// The changes of all indicators that both campaigns have published for the province.
pub(super) fn changes(
    now: &Campaign,
    before: &Earlier,
    indicators: &[Indicator],
    parameters: &Parameters,
) -> Result<Changes, ReleaseError> {
    let layout = Layout::new(&before.microdata.frame, &before.release.parameters.tables)?;
    let order = canonical_order(&before.microdata.respondents.id).ok_or(ReleaseError::RepeatedRespondent)?;
    let rows = CellRows::new(&before.microdata.respondents.cell, before.microdata.frame.cells.len(), &order);
    let weighted = weigh(&before.microdata.frame, &layout, &rows.respondents(), parameters)?;
    let then = Campaign { microdata: &before.microdata, layout: &layout, weighted: &weighted };
    let strata = strata(now, &then);
    let mut found: Vec<(&str, Measure, Estimated)> = Vec::new();
    for (position, indicator) in indicators.iter().enumerate() {
        let known = before.microdata.items.iter().position(|item| item.id == indicator.id);
        let was = before.release.indicator(&indicator.id).map(Indicator::province);
        let published = |figure: Figure| figure.value().is_some();
        if let (Some(known), true, Some(true)) = (known, published(indicator.province()), was.map(published)) {
            let change = change((now, position), (&then, known), &strata)
                .map_err(|error| ReleaseError::Estimate { indicator: indicator.id.clone(), error })?;
            found.push((&indicator.id, indicator.measure, change));
        }
    }
    let p: Vec<f64> = found.iter().map(|(_, _, one)| one.p_value.unwrap_or(1.0)).collect();
    let significant =
        if p.len() > MANY { benjamini_hochberg(&p, LEVEL) } else { p.iter().map(|p| *p < LEVEL).collect() };
    let figures = found.iter().zip(significant);
    Ok(Changes {
        since: before.release.number,
        title: before.release.campaign.title.clone(),
        tests: found.len(),
        figures: figures
            .map(|((id, measure, one), significant)| ((*id).to_owned(), one.published(*measure, significant)))
            .collect(),
    })
}

impl Estimated {
    fn published(&self, measure: Measure, significant: bool) -> Change {
        let scale = if matches!(measure, Measure::Share | Measure::Ratio) { 100.0 } else { 1.0 };
        let [low, high] = t_interval(self.change, self.se, self.df).unwrap_or([f64::NAN; 2]);
        let limit = |value: f64| value.is_finite().then(|| tenths(value * scale));
        Change {
            change: tenths(self.change * scale),
            low: limit(low),
            high: limit(high),
            se: hundredths(self.se * scale),
            significant,
            n_both: (self.panel.len() >= fewest() as usize).then(|| NClass::of(self.panel.len())),
            both: (self.panel.len() >= fewest() as usize).then(|| tenths(self.panel_change() * scale)),
        }
    }

    /// The change among those who answered in both campaigns, each campaign with its weights: what the change is without
    /// those who came and went.
    fn panel_change(&self) -> f64 {
        let mean = |values: Vec<(f64, f64)>| {
            sum(values.iter().map(|(value, weight)| value * weight)) / sum(values.iter().map(|(_, weight)| *weight))
        };
        let then = self.panel.iter().map(|&(value, weight, _, _)| (value, weight));
        let now = self.panel.iter().map(|&(_, _, value, weight)| (value, weight));
        mean(now.collect()) - mean(then.collect())
    }
}

/// The variance stratum of every enterprise. One that is alone in its stratum joins the others that are, or, where it is
/// the only one, the largest stratum.
fn strata<'a>(now: &Campaign<'a>, then: &Campaign<'a>) -> BTreeMap<&'a str, usize> {
    let mut of: BTreeMap<&str, String> = BTreeMap::new();
    for campaign in [then, now] {
        let respondents = &campaign.microdata.respondents;
        for (id, &cell) in respondents.id.iter().zip(&respondents.cell) {
            let codes = &campaign.layout.codes[cell as usize];
            of.insert(id, format!("{}|{}", codes.group, codes.size));
        }
    }
    let mut sizes: BTreeMap<String, usize> = BTreeMap::new();
    of.values().for_each(|stratum| *sizes.entry(stratum.clone()).or_default() += 1);
    let alone = sizes.values().filter(|size| **size < 2).count();
    let largest = sizes.iter().max_by(|a, b| a.1.cmp(b.1).then(b.0.cmp(a.0))).map(|(stratum, _)| stratum.clone());
    let names: Vec<&String> = sizes.keys().collect();
    let place = |stratum: &String| {
        let stratum = match sizes[stratum] {
            0 | 1 if alone == 1 => largest.as_ref().unwrap_or(stratum),
            0 | 1 => return names.len(),
            _ => stratum,
        };
        names.binary_search(&stratum).unwrap_or(names.len())
    };
    of.iter().map(|(id, stratum)| (*id, place(stratum))).collect()
}

fn change(
    (now, later): (&Campaign, usize),
    (then, first): (&Campaign, usize),
    strata: &BTreeMap<&str, usize>,
) -> Result<Estimated, EstimateError> {
    let (mean_then, t_then) = contributions(then, first)?;
    let (mean_now, t_now) = contributions(now, later)?;
    let mut units: BTreeMap<&str, f64> = strata.keys().map(|id| (*id, 0.0)).collect();
    for (campaign, t, sign) in [(then, &t_then, -1.0), (now, &t_now, 1.0)] {
        for (id, t) in campaign.microdata.respondents.id.iter().zip(t) {
            *units.entry(id).or_default() += sign * t;
        }
    }
    let (variance, df) = variance(&units, strata);
    let scale = mean_then.abs() + mean_now.abs();
    if !(variance.is_finite() && scale.is_finite()) {
        return Err(EstimateError::NotFinite { estimate: scale, variance });
    }
    let se = if variance.sqrt() <= ROUNDING * scale { 0.0 } else { variance.sqrt() };
    let change = mean_now - mean_then;
    let p_value = (se > 0.0).then(|| t_two_sided(change / se, df)).flatten();
    Ok(Estimated { change, se, df, p_value, panel: panel((now, later), (then, first)) })
}

/// The mean or the ratio of an indicator, and what each respondent contributes to its error (method 4.1 and 4.2).
fn contributions(campaign: &Campaign, indicator: usize) -> Result<(f64, Vec<f64>), EstimateError> {
    let respondents = &campaign.microdata.respondents;
    let (column, weight) = (&respondents.columns[indicator], &campaign.weighted.weight);
    let whole = campaign.microdata.whole(indicator);
    let whole = |row: usize| whole.map_or(1.0, |whole| whole[row]);
    let observed = || (0..column.len()).filter(|&row| !column[row].is_nan());
    let of =
        |value: &dyn Fn(usize) -> f64| sum(observed().map(|row| weight[respondents.cell[row] as usize] * value(row)));
    let size = of(&whole);
    if size == 0.0 {
        return Err(EstimateError::EmptyDomain);
    }
    let mean = of(&|row| column[row]) / size;
    let influence = |row: usize| if column[row].is_nan() { 0.0 } else { (column[row] - mean * whole(row)) / size };
    let cells = campaign.microdata.frame.cells.len();
    let (mut sums, mut counts) = (vec![Sum::default(); cells], vec![0.0; cells]);
    for (row, &cell) in respondents.cell.iter().enumerate() {
        sums[cell as usize].add(influence(row));
        counts[cell as usize] += 1.0;
    }
    let means: Vec<f64> = sums.into_iter().zip(&counts).map(|(sum, n)| sum.value() / f64::max(*n, 1.0)).collect();
    let design = &campaign.weighted.design;
    let mut residual: Vec<f64> = design.responding().iter().map(|&cell| means[cell as usize]).collect();
    design.residual(&mut residual);
    let mut shift = vec![0.0; cells];
    for (&cell, residual) in design.responding().iter().zip(residual) {
        shift[cell as usize] = residual - means[cell as usize];
    }
    let of_row = |(row, &cell): (usize, &u32)| weight[cell as usize] * (influence(row) + shift[cell as usize]);
    Ok((mean, respondents.cell.iter().enumerate().map(of_row).collect()))
}

/// Σ_h n_h/(n_h − 1)·Σ(u − ū_h)² over the enterprises (method 4.3, without finite population correction), and the degrees
/// of freedom.
fn variance(units: &BTreeMap<&str, f64>, strata: &BTreeMap<&str, usize>) -> (f64, i64) {
    let count = strata.values().max().map_or(0, |last| last + 1);
    let (mut sums, mut n) = (vec![Sum::default(); count], vec![0.0; count]);
    for (id, u) in units {
        sums[strata[id]].add(*u);
        n[strata[id]] += 1.0;
    }
    let means: Vec<f64> = sums.into_iter().zip(&n).map(|(sum, n)| sum.value() / f64::max(*n, 1.0)).collect();
    let mut squares = vec![Sum::default(); count];
    units.iter().for_each(|(id, u)| squares[strata[id]].add((u - means[strata[id]]).powi(2)));
    let terms =
        squares.into_iter().zip(&n).filter(|(_, n)| **n > 1.0).map(|(squares, n)| n / (n - 1.0) * squares.value());
    let used = n.iter().filter(|n| **n > 0.0).count() as i64;
    (sum(terms), units.len() as i64 - used)
}

/// Value and weight then, value and weight now, of those who have a value in both campaigns. Of a ratio it is the enterprise's
/// own ratio, and its whole belongs to the weight.
fn panel((now, later): (&Campaign, usize), (then, first): (&Campaign, usize)) -> Vec<(f64, f64, f64, f64)> {
    let values = |campaign: &Campaign, indicator: usize| -> BTreeMap<String, (f64, f64)> {
        let respondents = &campaign.microdata.respondents;
        let column = &respondents.columns[indicator];
        let whole = campaign.microdata.whole(indicator);
        let of_row = |row: usize| {
            let whole = whole.map_or(1.0, |whole| whole[row]);
            let weight = campaign.weighted.weight[respondents.cell[row] as usize];
            (respondents.id[row].clone(), (column[row] / whole, weight * whole))
        };
        (0..column.len()).filter(|&row| !column[row].is_nan()).map(of_row).collect()
    };
    let (before, after) = (values(then, first), values(now, later));
    let both = before.iter().filter_map(|(id, one)| after.get(id).map(|other| (one.0, one.1, other.0, other.1)));
    both.collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{parameters, province, with_ratio};
    use super::*;
    use crate::statistics::estimate::cell::{joint_moments, moments};

    /// What single respondents contribute adds up, within the strata of one campaign, to the error that the estimate from
    /// cells has, calibration and missing values included.
    #[test]
    fn contributions_give_the_standard_error_of_the_estimate() {
        let people = |row: usize, score: f64| [(row % 7) as f64, 7.0 + score.floor()];
        let microdata = with_ratio(&province(1_500, 2.0, 21), people);
        let layout = Layout::new(&microdata.frame, &parameters().tables).unwrap();
        let order = canonical_order(&microdata.respondents.id).unwrap();
        let rows = CellRows::new(&microdata.respondents.cell, microdata.frame.cells.len(), &order);
        let weighted = weigh(&microdata.frame, &layout, &rows.respondents(), &parameters()).unwrap();
        let campaign = Campaign { microdata: &microdata, layout: &layout, weighted: &weighted };
        let mut stratum = vec![0; microdata.frame.cells.len()];
        for (&cell, &h) in weighted.design.responding().iter().zip(weighted.design.stratum()) {
            stratum[cell as usize] = h as usize;
        }
        for indicator in [0, 1, 3, 4] {
            let column = microdata.respondents.columns[indicator].as_slice();
            let expected = match microdata.whole(indicator) {
                Some(whole) => weighted.design.ratio(&joint_moments(&rows, column, whole), &layout.cells[0]),
                None => weighted.design.mean(&moments(&rows, &[column], 1)[0], &layout.cells[0]),
            };
            let expected = expected.unwrap();
            let (mean, t) = contributions(&campaign, indicator).unwrap();
            let ids = || microdata.respondents.id.iter().map(String::as_str);
            let of = ids().zip(&microdata.respondents.cell).map(|(id, &cell)| (id, stratum[cell as usize])).collect();
            let (variance, _) = variance(&ids().zip(t).collect(), &of);
            assert!((mean - expected.estimate).abs() < 1e-12 * mean);
            assert!((variance.sqrt() - expected.se).abs() < 1e-9 * expected.se, "{} {}", variance.sqrt(), expected.se);
        }
    }
}
