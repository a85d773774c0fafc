//! Figures: an estimate of every indicator for every domain, with interval and quality flag.

use super::ReleaseError;
use super::document::{Figure, NClass};
use super::layout::Layout;
use super::microdata::{Item, Measure, Microdata};
use super::weights::Weighted;
use crate::statistics::estimate::cell::{CellRows, in_parallel, joint_moments, moments};
use crate::statistics::estimate::{Estimate, EstimateError};
use crate::statistics::interval::{published_proportion, t_interval};
use crate::statistics::quality::{CAUTION, Flag, Kind, flag};

/// Fewer respondents than this make every figure unreliable (method 7), so that it is never published.
#[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a small whole number")]
pub(super) fn fewest() -> u32 {
    CAUTION.n as u32
}

/// An estimate in points or per cent, before anything is withheld.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Estimated {
    pub value: f64,
    pub figure: Figure,
}

/// One per indicator and domain; none where nobody has a value.
pub(super) fn estimated(
    microdata: &Microdata,
    layout: &Layout,
    weighted: &Weighted,
    rows: &CellRows,
    threads: usize,
) -> Result<Vec<Vec<Option<Estimated>>>, ReleaseError> {
    let columns: Vec<&[f64]> =
        microdata.respondents.columns[..microdata.items.len()].iter().map(Vec::as_slice).collect();
    let moments = moments(rows, &columns, threads);
    let of_indicator = |position: usize| {
        let item = &microdata.items[position];
        let joint = microdata.whole(position).map(|whole| joint_moments(rows, columns[position], whole));
        let of_domain = |cells: &Vec<u32>| match &joint {
            Some(joint) => one(item, weighted.design.ratio(joint, cells)),
            None => one(item, weighted.design.mean(&moments[position], cells)),
        };
        layout.cells.iter().map(of_domain).collect::<Result<Vec<_>, _>>()
    };
    in_parallel(columns.len(), threads, of_indicator).into_iter().collect()
}

fn one(item: &Item, found: Result<Estimate, EstimateError>) -> Result<Option<Estimated>, ReleaseError> {
    match found {
        Ok(estimate) => Ok(Some(figure(item.measure, &estimate))),
        Err(EstimateError::EmptyDomain) => Ok(None),
        Err(error) => Err(ReleaseError::Estimate { indicator: item.id.clone(), error }),
    }
}

fn figure(measure: Measure, estimate: &Estimate) -> Estimated {
    let (p, se, df, n) = (estimate.estimate, estimate.se, estimate.df, estimate.n);
    let (interval, kind, scale) = match measure {
        Measure::Score | Measure::Percentage => {
            // Scores and percentages have ends, and so have their intervals.
            let limits = t_interval(p, se, df).map(|[low, high]| [low.max(0.0), high.min(100.0)]);
            (limits, if measure == Measure::Score { Kind::ScoreMean } else { Kind::Amount }, 1.0)
        }
        Measure::Ratio => {
            let limits = t_interval(p, se, df).map(|[low, high]| [low.max(0.0), high.min(1.0)]);
            (limits, Kind::Amount, 100.0)
        }
        Measure::Share => {
            let interval = published_proportion(p, se, df, n, estimate.kish_deff).map(|found| found.limits());
            (interval, Kind::Proportion { interval }, 100.0)
        }
    };
    let flag = flag(estimate, kind);
    let figure = match (interval, flag) {
        (Some([low, high]), Flag::Reliable | Flag::Caution) => Figure::Published {
            value: tenths(p * scale),
            low: tenths(low * scale),
            high: tenths(high * scale),
            se: hundredths(se * scale),
            n: NClass::of(n),
            caution: flag == Flag::Caution,
        },
        _ => Figure::Unreliable,
    };
    Estimated { value: p * scale, figure }
}

/// One decimal, halves up; never −0.
pub(super) fn tenths(value: f64) -> f64 {
    (value * 10.0 + 1e-9).round() / 10.0 + 0.0
}

/// Two decimals, halves up; never −0.
pub(super) fn hundredths(value: f64) -> f64 {
    (value * 100.0 + 1e-9).round() / 100.0 + 0.0
}
