//! Properties that hold for any data (method 8).
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

use model::statistics::estimate::cell::{CellDesign, CellRows, canonical_order, in_parallel, joint_moments, moments};
use model::statistics::estimate::change::{change_in_mean, panel};
use model::statistics::estimate::{
    Design, DesignColumns, Estimate, EstimateError, SinglePsu, mean, proportion, ratio, total,
};
use model::statistics::frame::{Cells, CollapseRule, collapse};
use model::statistics::interval::{published_proportion, t_interval};
use model::statistics::request::{Fpc, Request, Tables, estimate};
use model::statistics::table::{Codes, Needs, TableBuilder};
use model::statistics::weight::{
    Calibration, Distance, Incidence, Margin, MarginCategory, MarginColumns, THIN, WeightError, calibrate,
    calibrate_bounded, kish, merge_thin, rake_ipf,
};
use proptest::prelude::*;

const AREAS: [&str; 3] = ["a", "b", "c"];
const SIZES: [&str; 2] = ["s", "t"];

/// A respondent: area, size, score, indicator, starting weight.
type Unit = (usize, usize, f64, bool, f64);

/// Samples in which every area × size cell answered at least three times.
fn samples() -> impl Strategy<Value = Vec<Unit>> {
    let unit = (0..3_usize, 0..2_usize, 0.0..100.0, any::<bool>(), 1.0..5.0);
    let value = (0.0..100.0, any::<bool>(), 1.0..5.0);
    let base = prop::collection::vec(value, 18);
    let base = base.prop_map(|values| {
        let unit = |(i, (y, b, w)): (usize, (f64, bool, f64))| (i % 3, i / 3 % 2, y, b, w);
        values.into_iter().enumerate().map(unit).collect::<Vec<Unit>>()
    });
    (base, prop::collection::vec(unit, 0..40)).prop_map(|(base, more)| [base, more].concat())
}

fn scores(sample: &[Unit]) -> Vec<f64> {
    sample.iter().map(|unit| unit.2).collect()
}

fn indicators(sample: &[Unit]) -> Vec<f64> {
    sample.iter().map(|unit| f64::from(unit.3)).collect()
}

fn weights(sample: &[Unit]) -> Vec<f64> {
    sample.iter().map(|unit| unit.4).collect()
}

/// The area × size cell of every unit.
fn cells_of(sample: &[Unit]) -> Vec<u32> {
    let cell = |unit: &Unit| [[0, 1], [2, 3], [4, 5]][unit.0][unit.1];
    sample.iter().map(cell).collect()
}

fn areas(sample: &[Unit]) -> Codes {
    Codes::from_labels(sample.iter().map(|unit| AREAS[unit.0]))
}

fn sizes(sample: &[Unit]) -> Codes {
    Codes::from_labels(sample.iter().map(|unit| SIZES[unit.1]))
}

/// Margins of area and size with shares `area` and `size` of 1,000 enterprises.
fn margins(sample: &[Unit], area: [f64; 3], size: f64) -> Incidence {
    let sum: f64 = area.iter().sum();
    let margin = |by: &str, codes: &[&str], totals: &[f64]| Margin {
        by: vec![by.to_owned()],
        totals: codes.iter().map(|c| vec![(*c).to_owned()]).zip(totals.iter().copied()).collect(),
    };
    let area = margin("area", &AREAS, &area.map(|share| 1000.0 * share / sum));
    let size = margin("size", &SIZES, &[1000.0 * size, 1000.0 * (1.0 - size)]);
    let (areas, sizes) = (areas(sample), sizes(sample));
    let columns =
        [MarginColumns { margin: &area, codes: &[&areas] }, MarginColumns { margin: &size, codes: &[&sizes] }];
    Incidence::new(&columns, sample.len(), |row| row.to_string()).unwrap()
}

fn design(sample: &[Unit], population: Option<f64>) -> Design {
    let population = population.map(|size| vec![size; sample.len()]);
    Design::new(DesignColumns {
        strata: None,
        psu: None,
        weight: &weights(sample),
        population: population.as_deref(),
        single_psu: SinglePsu::Error,
    })
    .unwrap()
}

fn raked(sample: &[Unit], incidence: Incidence) -> Result<(Design, Calibration), WeightError> {
    let calibration = calibrate(incidence, weights(sample), Distance::Raking)?;
    let design = design(sample, None).calibrated(0..sample.len(), calibration.clone());
    Ok((design, calibration))
}

fn close(a: f64, b: f64, tolerance: f64) -> Result<(), TestCaseError> {
    prop_assert!((a - b).abs() <= tolerance * (1.0 + b.abs()), "{} is not {}", a, b);
    Ok(())
}

fn shares() -> impl Strategy<Value = ([f64; 3], f64)> {
    ([0.2..1.0, 0.2..1.0, 0.2..1.0], 0.2..0.8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calibrated_totals_are_the_margins_and_weights_positive(
        sample in samples(), (area, size) in shares(),
    ) {
        let incidence = margins(&sample, area, size);
        let mass = weights(&sample);
        let raking = calibrate(incidence.clone(), mass.clone(), Distance::Raking).unwrap();
        let ipf = rake_ipf(&incidence, &mass).unwrap();
        for g in [raking.g(), &ipf] {
            let w: Vec<f64> = g.iter().zip(&mass).map(|(g, d)| g * d).collect();
            prop_assert!(w.iter().all(|w| *w > 0.0));
            close(w.iter().sum(), 1000.0, 1e-9)?;
            for (sum, total) in incidence.sums(&w).iter().zip(incidence.totals()) {
                close(*sum, *total, 1e-9)?;
            }
        }
        for (newton, ipf) in raking.g().iter().zip(&ipf) {
            close(*newton, *ipf, 1e-8)?;
        }
    }

    #[test]
    fn bounded_weights_keep_their_bounds_and_the_margins(
        sample in samples(), (area, size) in shares(),
    ) {
        let incidence = margins(&sample, area, size);
        let mass = weights(&sample);
        let start: f64 = 1000.0 / mass.iter().sum::<f64>();
        let mass: Vec<f64> = mass.iter().map(|d| d * start).collect();
        if let Ok((bounded, _)) = calibrate_bounded(&incidence, &mass) {
            prop_assert!(bounded.g().iter().all(|g| (0.2..=6.0).contains(g)));
            let w: Vec<f64> = bounded.g().iter().zip(&mass).map(|(g, d)| g * d).collect();
            for (sum, total) in incidence.sums(&w).iter().zip(incidence.totals()) {
                close(*sum, *total, 1e-9)?;
            }
        }
    }

    #[test]
    fn raking_again_changes_nothing(sample in samples(), (area, size) in shares()) {
        let incidence = margins(&sample, area, size);
        let (design, _) = raked(&sample, incidence.clone()).unwrap();
        let again = calibrate(incidence, design.weight().to_vec(), Distance::Raking).unwrap();
        for g in again.g() {
            close(*g, 1.0, 1e-10)?;
        }
    }

    #[test]
    fn means_follow_a_change_of_units(
        sample in samples(), (area, size) in shares(), a in -50.0..50.0, b in 0.5..4.0,
    ) {
        let (design, _) = raked(&sample, margins(&sample, area, size)).unwrap();
        let y = scores(&sample);
        let moved: Vec<f64> = y.iter().map(|y| a + b * y).collect();
        let all = vec![true; y.len()];
        let (before, after) = (mean(&design, &y, &all).unwrap(), mean(&design, &moved, &all).unwrap());
        close(after.estimate, a + b * before.estimate, 1e-11)?;
        close(after.se, b * before.se, 1e-9)?;
    }

    #[test]
    fn totals_add_up_over_domains_and_means_average(
        sample in samples(), (area, size) in shares(),
    ) {
        let (design, _) = raked(&sample, margins(&sample, area, size)).unwrap();
        let y = scores(&sample);
        let all = vec![true; y.len()];
        let (mut totals, mut weighted) = (0.0, 0.0);
        for domain in 0..3 {
            let inside: Vec<bool> = sample.iter().map(|unit| unit.0 == domain).collect();
            totals += total(&design, &y, &inside).unwrap().estimate;
            let part = mean(&design, &y, &inside).unwrap();
            weighted += part.estimate * part.sum_w / 1000.0;
        }
        close(totals, total(&design, &y, &all).unwrap().estimate, 1e-11)?;
        close(weighted, mean(&design, &y, &all).unwrap().estimate, 1e-11)?;
    }

    #[test]
    fn a_calibrated_count_has_no_variance(sample in samples(), (area, size) in shares()) {
        let (design, _) = raked(&sample, margins(&sample, area, size)).unwrap();
        let in_area: Vec<f64> = sample.iter().map(|unit| f64::from(unit.0 == 1)).collect();
        let all = vec![true; sample.len()];
        prop_assert_eq!(total(&design, &in_area, &all).unwrap().se, 0.0);
        prop_assert_eq!(proportion(&design, &in_area, &all).unwrap().se, 0.0);
    }

    #[test]
    fn a_census_has_no_variance(sample in samples()) {
        let design = design(&sample, Some(sample.len() as f64));
        let all = vec![true; sample.len()];
        let estimate = mean(&design, &scores(&sample), &all).unwrap();
        prop_assert_eq!(estimate.se, 0.0);
    }

    #[test]
    fn halved_weights_on_doubled_rows_give_the_same_point(sample in samples()) {
        let doubled: Vec<Unit> = sample
            .iter()
            .flat_map(|&(a, s, y, b, w)| [(a, s, y, b, w / 2.0); 2])
            .collect();
        let point = |sample: &[Unit]| {
            let all = vec![true; sample.len()];
            mean(&design(sample, None), &scores(sample), &all).unwrap().estimate
        };
        close(point(&doubled), point(&sample), 1e-13)?;
    }

    #[test]
    fn proportions_and_their_intervals_stay_between_0_and_1(
        sample in samples(), (area, size) in shares(), domain in 0..3_usize,
    ) {
        let (design, _) = raked(&sample, margins(&sample, area, size)).unwrap();
        let inside: Vec<bool> = sample.iter().map(|unit| unit.0 == domain).collect();
        let p = proportion(&design, &indicators(&sample), &inside).unwrap();
        let interval = published_proportion(p.estimate, p.se, p.df, p.n, p.kish_deff);
        if let Some(interval) = interval {
            let [lower, upper] = interval.limits();
            prop_assert!(0.0 <= lower && lower <= p.estimate && p.estimate <= upper && upper <= 1.0);
        }
    }

    #[test]
    fn a_wave_against_itself_has_not_changed(sample in samples()) {
        let stacked = [sample.clone(), sample.clone()].concat();
        let n = sample.len();
        let ids = Codes::from_labels((0..2 * n).map(|row| (row % n).to_string()));
        let design = Design::new(DesignColumns {
            strata: None,
            psu: Some(&ids),
            weight: &weights(&stacked),
            population: None,
            single_psu: SinglePsu::Error,
        }).unwrap();
        let second: Vec<bool> = (0..2 * n).map(|row| row >= n).collect();
        let all = vec![true; 2 * n];
        let change = change_in_mean(&design, &scores(&stacked), &all, &second).unwrap();
        prop_assert_eq!((change.change, change.se_change), (0.0, 0.0));
        prop_assert_eq!((change.n_panel, change.p_value), (n, None));
    }

    #[test]
    fn cells_agree_with_rows(
        sample in samples(), extra in 0.0..2.0, missing in 0..7_usize, fpc in any::<bool>(),
    ) {
        check_cells_against_rows(&sample, extra, missing, fpc)?;
    }

    #[test]
    fn the_order_of_rows_does_not_change_a_bit(
        sample in samples(), (area, size) in shares(), seed in any::<u64>(), has_id in any::<bool>(),
    ) {
        let request = request(area, size, has_id);
        let answer = |order: &[usize]| {
            let answer = estimate(&request, tables(&request, &sample, order)).unwrap();
            serde_json::to_string(&answer).unwrap()
        };
        let sorted: Vec<usize> = (0..sample.len()).collect();
        prop_assert_eq!(answer(&sorted), answer(&shuffled(sample.len(), seed)));
    }

    #[test]
    fn threads_and_order_do_not_change_a_bit_of_cells(sample in samples(), seed in any::<u64>()) {
        let y = scores(&sample);
        let b = indicators(&sample);
        let cell = cells_of(&sample);
        let ids: Vec<usize> = (0..sample.len()).collect();
        let bits = |order: &[usize], threads: usize| {
            fn pick<T: Copy>(of: &[T], order: &[usize]) -> Vec<T> {
                order.iter().map(|&row| of[row]).collect()
            }
            let (y, b) = (pick(&y, order), pick(&b, order));
            let sorted = canonical_order(&pick(&ids, order)).unwrap();
            let rows = CellRows::new(&pick(&cell, order), 6, &sorted);
            format!("{:?}", moments(&rows, &[&y, &b, &y], threads))
        };
        let shuffled = shuffled(sample.len(), seed);
        prop_assert_eq!(bits(&ids, 1), bits(&shuffled, 3));
    }
}

/// The cell path and the row path on the same sample: cells of area × size, collapsed to strata, raked to both margins.
fn check_cells_against_rows(sample: &[Unit], extra: f64, missing: usize, fpc: bool) -> Result<(), TestCaseError> {
    let cell = cells_of(sample);
    let order = canonical_order(&(0..sample.len()).collect::<Vec<_>>()).unwrap();
    let rows = CellRows::new(&cell, 6, &order);
    let respondents = rows.respondents();
    let factor = |c: usize| 1.0 + extra * (1.0 + (c % 4) as f64);
    let cells = Cells {
        population: (0..6).map(|c| (f64::from(respondents[c]) * factor(c)).round()).collect(),
        levels: vec![
            Codes::from_labels((0..6).map(|c| format!("{}|{}", AREAS[c / 2], SIZES[c % 2]))),
            Codes::from_labels((0..6).map(|c| SIZES[c % 2])),
        ],
        respondents,
    };
    let strata = collapse(&cells, CollapseRule::default()).unwrap();
    let by_cell = CellDesign::new(&strata, &cells.respondents, fpc, SinglePsu::Zero).unwrap();
    let area = [0, 1, 2].map(|a| cells.population[2 * a] + cells.population[2 * a + 1]);
    let all: f64 = area.iter().sum();
    let size = (cells.population[0] + cells.population[2] + cells.population[4]) / all;
    let units: Vec<Unit> = (0..6).map(|c| (c / 2, c % 2, 0.0, false, 1.0)).collect();
    let scale = |mut mass: Vec<f64>| {
        mass.iter_mut().for_each(|d| *d *= 1000.0 / all);
        mass
    };
    let incidence = margins(&units, area, size);
    let mass = scale(by_cell.mass());
    let by_cell = by_cell.calibrated(calibrate(incidence, mass, Distance::Raking).unwrap());

    let stratum = |c: &u32| strata.of_cell[*c as usize].unwrap() as usize;
    let d: Vec<f64> = cell.iter().map(|c| strata.weight(stratum(c))).collect();
    let labels = Codes::from_labels(cell.iter().map(|c| &strata.label[stratum(c)]));
    let population: Vec<f64> = cell.iter().map(|c| strata.population[stratum(c)]).collect();
    let by_row = Design::new(DesignColumns {
        strata: Some(&labels),
        psu: None,
        weight: &d,
        population: fpc.then_some(&population),
        single_psu: SinglePsu::Zero,
    })
    .unwrap();
    let incidence = margins(sample, area, size);
    let calibration = calibrate(incidence, scale(d), Distance::Raking).unwrap();
    let by_row = by_row.calibrated(0..sample.len(), calibration);

    let mut y = scores(sample);
    y.iter_mut().skip(3).step_by(9 - missing).for_each(|y| *y = f64::NAN);
    let b = indicators(sample);
    let x: Vec<f64> = (0..sample.len()).map(|row| 1.0 + (row % 5) as f64).collect();
    let found = moments(&rows, &[&y, &b, &x], 2);
    for (area, domain) in [vec![0, 1], vec![2, 3], vec![4, 5], (0..6).collect()].iter().enumerate() {
        let inside: Vec<bool> = sample.iter().map(|unit| area == 3 || unit.0 == area).collect();
        same(by_cell.mean(&found[0], domain), mean(&by_row, &y, &inside))?;
        same(by_cell.mean(&found[1], domain), proportion(&by_row, &b, &inside))?;
        same(by_cell.total(&found[2], domain), total(&by_row, &x, &inside))?;
        same(by_cell.total(&found[0], domain), total(&by_row, &y, &inside))?;
        let joint = joint_moments(&rows, &y, &x);
        same(by_cell.ratio(&joint, domain), ratio(&by_row, &y, &x, &inside))?;
    }
    Ok(())
}

#[test]
fn a_variable_without_spread_has_no_design_effect() {
    // Weights that do not add up exactly: the mean of a constant then differs from it in the last digit.
    let weight: Vec<f64> = (0..26).map(|row| 1.0 + 0.1 * f64::from(row % 7)).collect();
    for constant in [0.1, 1.0, 3.3, 1e9] {
        let y = vec![constant; weight.len()];
        let design = Design::new(DesignColumns {
            strata: None,
            psu: None,
            weight: &weight,
            population: None,
            single_psu: SinglePsu::Error,
        })
        .unwrap();
        let all = vec![true; y.len()];
        assert_eq!(mean(&design, &y, &all).unwrap().deff, None, "{constant}");
        let total = total(&design, &y, &all).unwrap();
        assert!(total.se > 0.0, "the size of the population is estimated too");
        assert_eq!(total.deff, None, "{constant}");
    }
}

fn same(cells: Result<Estimate, EstimateError>, rows: Result<Estimate, EstimateError>) -> Result<(), TestCaseError> {
    let (cells, rows) = match (cells, rows) {
        (Ok(cells), Ok(rows)) => (cells, rows),
        (cells, rows) => {
            prop_assert_eq!(cells.err(), rows.err());
            return Ok(());
        }
    };
    prop_assert_eq!((cells.n, cells.df, cells.nrow_design), (rows.n, rows.df, rows.nrow_design));
    close(cells.estimate, rows.estimate, 1e-11)?;
    close(cells.se, rows.se, 1e-9)?;
    close(cells.kish_deff, rows.kish_deff, 1e-11)?;
    prop_assert_eq!(cells.deff.is_some(), rows.deff.is_some());
    close(cells.deff.unwrap_or(0.0), rows.deff.unwrap_or(0.0), 1e-8)?;
    let interval = |e: &Estimate| t_interval(e.estimate, e.se, e.df).unwrap_or_default();
    close(interval(&cells)[1], interval(&rows)[1], 1e-9)
}

fn request(area: [f64; 3], size: f64, has_id: bool) -> Request {
    let sum: f64 = area.iter().sum();
    let area =
        AREAS.iter().zip(area).map(|(code, share)| serde_json::json!({"area": code, "count": 1000.0 * share / sum}));
    let estimates = ["mean", "total", "quantile"].into_iter().flat_map(|estimator| {
        [serde_json::Value::Null, serde_json::json!({"area": "a"})].map(|domain| {
            let mut estimate = serde_json::json!({"estimator": estimator, "variable": "y", "domain": domain});
            if estimator == "quantile" {
                estimate["q"] = 0.3.into();
            }
            estimate
        })
    });
    serde_json::from_value(serde_json::json!({
        "id": "properties",
        "data": "data.csv",
        "design": {"id": has_id.then_some("id"), "strata": "size", "weight": "w"},
        "calibration": {"method": "raking", "margins": [
            {"by": ["area"], "totals": area.collect::<Vec<_>>()},
            {"by": ["size"], "totals": [
                {"size": "s", "count": 1000.0 * size}, {"size": "t", "count": 1000.0 * (1.0 - size)}
            ]},
        ]},
        "estimates": estimates.collect::<Vec<_>>(),
    }))
    .unwrap()
}

fn tables(request: &Request, sample: &[Unit], order: &[usize]) -> Tables {
    let needs: &Needs = &request.files().unwrap().data[0].needs;
    let header = ["id", "area", "size", "y", "w"];
    let mut builder = TableBuilder::new("data.csv", &header, needs).unwrap();
    for &row in order {
        let (area, size, y, _, w) = sample[row];
        let fields = [format!("e{row}"), AREAS[area].into(), SIZES[size].into(), y.to_string(), w.to_string()];
        builder.push(&fields.each_ref().map(String::as_str)).unwrap();
    }
    Tables { data: vec![builder.finish()], stacked: None, cells: None, margins: None }
}

fn shuffled(n: usize, mut seed: u64) -> Vec<usize> {
    let mut order: Vec<usize> = (0..n).collect();
    for last in (1..n).rev() {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        order.swap(last, (seed >> 33) as usize % (last + 1));
    }
    order
}

#[test]
fn thin_patterns_do_not_converge_to_zero_weights() {
    // Only (a, s), (b, s), (b, t) answered, but the margins leave nothing for (b, s).
    let sample: Vec<Unit> = vec![(0, 0, 1.0, true, 1.0), (1, 0, 1.0, true, 1.0), (1, 1, 1.0, true, 1.0)];
    let margin = |by: &str, codes: [&str; 2]| Margin {
        by: vec![by.to_owned()],
        totals: codes.iter().map(|c| (vec![(*c).to_owned()], 50.0)).collect(),
    };
    let (area, size) = (margin("area", ["a", "b"]), margin("size", ["s", "t"]));
    let (areas, sizes) = (areas(&sample), sizes(&sample));
    let columns =
        [MarginColumns { margin: &area, codes: &[&areas] }, MarginColumns { margin: &size, codes: &[&sizes] }];
    let incidence = Incidence::new(&columns, 3, |row| row.to_string()).unwrap();
    let refused = calibrate(incidence.clone(), vec![1.0; 3], Distance::Raking);
    assert!(matches!(refused, Err(WeightError::Degenerate { .. } | WeightError::NoConvergence { .. })));
    assert!(rake_ipf(&incidence, &[1.0; 3]).is_err());
}

#[test]
fn parallel_results_keep_their_order() {
    assert_eq!(in_parallel(50, 4, |i| i * i), (0..50).map(|i| i * i).collect::<Vec<_>>());
}

#[test]
fn kish_of_equal_weights_is_one() {
    let kish = kish([2.5; 7]);
    assert_eq!((kish.deff(), kish.n_eff()), (1.0, 7.0));
}

/// Samples large enough to be estimated by classes give what rows give.
#[test]
fn classes_of_rows_agree_with_rows() {
    let size = 24_000;
    let sample: Vec<Unit> = (0..size)
        .map(|k: usize| {
            let y = (k * 7919 % 1009) as f64 / 10.0 + (k % 3) as f64;
            (k % 3, k / 3 % 2, y, k % 7 < 3, [1.5, 2.0][k / 6 % 2])
        })
        .collect();
    let by_class = request([0.2, 0.5, 0.3], 0.6, true);
    let mut by_row = by_class.clone();
    by_row.design.psu = by_row.design.id.clone();
    let order = shuffled(size, 5);
    let run = |request: &Request, order: &[usize]| {
        let answer = estimate(request, tables(request, &sample, order)).unwrap();
        serde_json::to_value(answer).unwrap()
    };
    let found = run(&by_class, &order);
    assert_eq!(found, run(&by_class, &(0..size).collect::<Vec<_>>()));
    compare("answer", &found, &run(&by_row, &order));
}

fn compare(place: &str, a: &serde_json::Value, b: &serde_json::Value) {
    use serde_json::Value;
    match (a, b) {
        (Value::Object(a), Value::Object(b)) => {
            assert_eq!(a.len(), b.len(), "{place}");
            a.iter().for_each(|(name, a)| compare(&format!("{place}.{name}"), a, &b[name]));
        }
        (Value::Array(a), Value::Array(b)) => {
            a.iter().zip(b).enumerate().for_each(|(i, (a, b))| compare(&format!("{place}.{i}"), a, b));
        }
        (Value::Number(a), Value::Number(b)) => {
            let (a, b) = (a.as_f64().unwrap(), b.as_f64().unwrap());
            assert!((a - b).abs() <= 1e-10 * b.abs(), "{place}: {a} is not {b}");
        }
        (a, b) => assert_eq!(a, b, "{place}"),
    }
}

/// Nobody of area c answered: raking needs c merged first, and keeps the merged total.
#[test]
fn merged_categories_can_be_raked() {
    let sample: Vec<Unit> = (0..12).map(|k| (k % 2, k / 2 % 2, 1.0, true, 1.0)).collect();
    let respondents = |area: usize| sample.iter().map(|unit| u32::from(unit.0 == area)).sum();
    let categories: Vec<MarginCategory> = (0..3)
        .map(|area| MarginCategory { code: AREAS[area].to_owned(), respondents: respondents(area), group: None })
        .collect();
    let margin = Margin {
        by: vec!["area".to_owned()],
        totals: AREAS.iter().zip([50.0, 30.0, 20.0]).map(|(a, n)| (vec![(*a).to_owned()], n)).collect(),
    };
    let incidence = |margin: &Margin, codes: &Codes| {
        let columns = [MarginColumns { margin, codes: &[codes] }];
        Incidence::new(&columns, sample.len(), |row| row.to_string())
    };
    let refused = incidence(&margin, &areas(&sample));
    assert!(matches!(refused, Err(WeightError::EmptyCategory { .. })));
    let labels = merge_thin(&categories, THIN);
    let merged = margin.relabelled("area", &labels);
    let codes = areas(&sample).relabelled(&labels);
    let incidence = incidence(&merged, &codes).unwrap();
    let g = calibrate(incidence.clone(), vec![1.0; 12], Distance::Raking).unwrap();
    assert_eq!(incidence.totals(), [70.0, 30.0]);
    assert!((g.g().iter().sum::<f64>() - 100.0).abs() < 1e-9);
}

#[test]
fn the_panel_has_the_units_of_both_waves() {
    let ids = Codes::from_labels(["a", "b", "c", "a", "c", "d"]);
    let design = Design::new(DesignColumns {
        strata: None,
        psu: Some(&ids),
        weight: &[1.0; 6],
        population: None,
        single_psu: SinglePsu::Error,
    })
    .unwrap();
    let second = [false, false, false, true, true, true];
    let domain = [true, true, true, true, false, true];
    let expected = [true, false, false, true, false, false];
    assert_eq!(panel(&design, &domain, &second), expected);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    /// Any small table, however odd, gives finite figures or an error, never a panic.
    #[test]
    fn odd_samples_give_figures_or_errors(
        units in prop::collection::vec((0..3_usize, 0..2_usize, odd_value(), any::<bool>(), odd_weight()), 1..9),
        (area, size) in shares(), is_calibrated in any::<bool>(), fpc in prop::option::of(1.0..9.0_f64),
    ) {
        let mut request = request(area, size, true);
        if !is_calibrated {
            request.calibration = None;
        }
        request.design.fpc = fpc.map(|size| Fpc::Number(size.round()));
        let order: Vec<usize> = (0..units.len()).collect();
        if let Ok(answer) = estimate(&request, tables(&request, &units, &order)) {
            for result in &answer.results {
                let value = serde_json::to_value(result).unwrap();
                for field in ["estimate", "sum_w", "kish_deff", "kish_neff"] {
                    prop_assert!(value[field].is_number(), "{} of {}", field, value);
                }
                prop_assert!(value["se"].is_number() || value["se_p_at_q"].is_number());
            }
        }
    }
}

fn odd_value() -> impl Strategy<Value = f64> {
    prop_oneof![Just(0.0), Just(-3.5), Just(1e300), Just(-1e308), Just(5e-324), -10.0..10.0]
}

fn odd_weight() -> impl Strategy<Value = f64> {
    prop_oneof![8 => 0.5..3.0, 1 => Just(1e-300), 1 => Just(1e200)]
}
