//! The reference results, by the library.

use std::collections::BTreeMap;

use crate::reference::{Report, compare_answer, folder, oracle, request, requests, table, tables};
use model::statistics::estimate::cell::{CellDesign, CellRows, canonical_order, joint_moments, moments};
use model::statistics::estimate::change::{ChangeStratum, stratified_change};
use model::statistics::estimate::{Estimate, SinglePsu};
use model::statistics::frame::{Cells, CollapseRule, Strata, collapse};
use model::statistics::interval::t_interval;
use model::statistics::request::{Request, estimate};
use model::statistics::table::{Codes, Table};
use model::statistics::weight::{
    Distance, Incidence, Margin, MarginColumns, calibrate, kish, r_indicator, rake_ipf, trim,
};
use serde_json::{Value, json};

#[test]
fn every_request_gives_its_oracle() {
    for path in requests() {
        let request = request(&path);
        let tables = tables(path.parent().unwrap(), &request.files().unwrap());
        let answer = estimate(&request, tables).unwrap();
        let answer = serde_json::to_value(&answer).unwrap();
        compare_answer(&answer).finish(&request.id);
    }
}

/// Post-stratification by the collapsed cell of a simple random sample; no request file has it, as the strata are no
/// column of the data.
#[test]
fn b2_poststratified_simple_random_sample() {
    let id = "provA_b2_postStratify_srs";
    let wave = Wave::read();
    let strata = wave.strata();
    let mut totals = Vec::new();
    for (label, population) in strata.label.iter().zip(&strata.population) {
        totals.push(json!({"stratum": label, "count": population}));
    }
    let mut estimates = oracle(id)["results"].clone();
    for estimate in estimates.as_array_mut().unwrap() {
        let fields = estimate.as_object_mut().unwrap();
        if fields["estimator"] == "ratio" {
            fields.remove("variable");
        }
        let keys = ["estimator", "variable", "numerator", "denominator", "domain"];
        fields.retain(|name, _| keys.contains(&name.as_str()));
    }
    let request: Request = serde_json::from_value(json!({
        "id": id,
        "data": "../oracles/provA_wave1.csv",
        "design": {"id": "ent_id", "fpc": wave.size(), "population": wave.size()},
        "calibration": {
            "method": "poststratification",
            "margins": [{"by": ["stratum"], "totals": totals}],
        },
        "estimates": estimates,
    }))
    .unwrap();
    let mut files = request.files().unwrap();
    files.data[0].needs = files.data[0].needs.clone().without("stratum");
    let mut tables = tables(&folder().join("requests"), &files);
    // The file is in the order of ent_id, like `wave`.
    tables.data[0].set_codes("stratum", wave.row_strata(&strata));
    let answer = estimate(&request, tables).unwrap();
    compare_answer(&serde_json::to_value(&answer).unwrap()).finish(id);
}

#[test]
fn k_collapse() {
    let id = "provA_k_collapse";
    let expected = oracle(id);
    let wave = Wave::read();
    let strata = wave.strata();
    let mut order: Vec<usize> = (0..strata.len()).collect();
    order.sort_by_key(|&h| &strata.label[h]);
    let rows = order.iter().map(|&h| {
        json!({
            "stratum": strata.label[h], "Nh": strata.population[h], "nh": strata.respondents[h]
        })
    });
    let mut by_level: BTreeMap<String, u32> = BTreeMap::new();
    for level in strata.level.iter().flatten() {
        *by_level.entry(level.to_string()).or_default() += 1;
    }
    let found = json!({
        "n_strata": strata.len(),
        "n_frame_cells": wave.cells.population.len(),
        "n_empty_cells": wave.cells.respondents.iter().filter(|n| **n == 0).count(),
        "overall_factor": wave.size() / wave.rows() as f64,
        "strata": rows.collect::<Value>(),
        "cells_by_level": by_level,
    });
    let mut fields = expected.clone();
    fields["strata"].as_array_mut().unwrap().sort_by_key(|s| s["stratum"].to_string());
    let fields_of_input = ["id", "engine", "nmin", "fmax"];
    fields.as_object_mut().unwrap().retain(|name, _| !fields_of_input.contains(&name.as_str()));
    let mut report = Report::default();
    report.compare("", &fields, &found, 0.0, &Value::Null);

    let keys = ["district", "industry", "size", "level", "stratum"];
    let map = table("provA_wave1_collapse_map.csv", &keys, &["N", "n"]);
    let finest = &wave.cells.levels[0];
    for row in 0..map.rows() {
        let label = |column: &str| map.codes(column).unwrap().label(row).to_owned();
        let key = [label("district"), label("industry"), label("size")].join("|");
        let cell = finest.code.iter().position(|&c| finest.levels[c as usize] == key).unwrap();
        let stratum = strata.of_cell[cell].unwrap() as usize;
        let found = json!([
            strata.level[cell].unwrap().to_string(),
            strata.label[stratum],
            wave.cells.population[cell],
            wave.cells.respondents[cell],
        ]);
        let (all, n) = (map.numbers("N").unwrap()[row], map.numbers("n").unwrap()[row]);
        let expected = json!([label("level"), label("stratum"), all, n]);
        report.compare(&key, &expected, &found, 0.0, &Value::Null);
    }
    report.finish(id);
}

#[test]
fn i_representativeness_and_kish() {
    let id = "provA_i_representativeness";
    let expected = oracle(id);
    let wave = Wave::read();
    let strata = wave.strata();
    let entry = |population: &[f64], respondents: &[u32]| {
        let result = r_indicator(population, respondents).unwrap();
        json!({"R": result.r, "mean_rate": result.mean_rate, "S": result.s})
    };
    let mut found = json!({"by_stratum": entry(&strata.population, &strata.respondents)});
    for column in ["district", "industry", "size"] {
        let codes = wave.frame.codes(column).unwrap();
        let mut population = vec![0.0; codes.levels.len()];
        let mut respondents = vec![0; codes.levels.len()];
        for (cell, &code) in codes.code.iter().enumerate() {
            population[code as usize] += wave.cells.population[cell];
            respondents[code as usize] += wave.cells.respondents[cell];
        }
        found[column] = entry(&population, &respondents);
    }
    let mut report = Report::default();
    report.compare("R", &expected["r_indicator"], &found, 0.0, &Value::Null);

    let stratum = wave.row_strata(&strata);
    let position: BTreeMap<&str, usize> = strata.label.iter().map(String::as_str).zip(0..).collect();
    let weight = |row: usize| strata.weight(position[stratum.label(row)]);
    let cells = kish((0..wave.rows()).map(weight));
    let raked = kish(table("provA_c_weights.csv", &[], &["weight"]).numbers("weight").unwrap().to_vec());
    for (name, kish) in [("d_cells", cells), ("raked", raked)] {
        let mut expected = expected["kish"][name].clone();
        expected.as_object_mut().unwrap().retain(|name, _| name != "df" && name != "nrow_design");
        let found = json!({
            "n": kish.n, "sum_w": kish.sum, "kish_deff": kish.deff(), "kish_neff": kish.n_eff()
        });
        report.compare(name, &expected, &found, 0.0, &Value::Null);
    }
    report.finish(id);
}

#[test]
fn c5_trim() {
    let id = "provA_c5_trim";
    let expected = oracle(id);
    let weights = table("provA_c_weights.csv", &[], &["weight"]);
    let weights = weights.numbers("weight").unwrap();
    let limit = |name: &str| expected["design"][name].as_f64().unwrap();
    let (lower, upper) = (limit("lower"), limit("upper"));
    let trimmed = trim(weights, lower, upper).unwrap();
    let data = table("provA_wave1.csv", &[], &["dmi"]);
    let products = data.numbers("dmi").unwrap().iter().zip(&trimmed).map(|(y, w)| y * w);
    let at_bounds = |w: &&f64| (**w - lower).abs() < 1e-9 || (**w - upper).abs() < 1e-9;
    let (before, after) = (kish(weights.to_vec()), kish(trimmed.clone()));
    let found = json!({
        "sum_before": before.sum, "sum_after": after.sum, "min": after.min, "max": after.max,
        "kish_deff_before": before.deff(), "kish_deff_after": after.deff(),
        "n_at_bounds": trimmed.iter().filter(at_bounds).count(),
        "first10": trimmed[..10],
        "trimmed_mean_dmi": products.sum::<f64>() / after.sum,
    });
    let mut fields = expected.clone();
    fields.as_object_mut().unwrap().retain(|name, _| found.get(name).is_some());
    let mut report = Report::default();
    report.compare("", &fields, &found, 0.0, &expected["rel_tolerance"]);
    report.finish(id);
}

#[test]
fn h3_closed_form_change() {
    let id = "provA_h3_change_tam";
    let mut report = Report::default();
    for expected in oracle(id)["results"].as_array().unwrap() {
        let variable = expected["variable"].as_str().unwrap();
        let codes = ["ent_id", "size"];
        let waves = ["provA_wave1.csv", "provA_wave2.csv"].map(|f| table(f, &codes, &[variable]));
        let both = Table::stacked(&waves[0], &waves[1]).unwrap();
        let (units, sizes) = (both.codes("ent_id").unwrap(), both.codes("size").unwrap());
        let y = both.numbers(variable).unwrap();
        let frame = Wave::read().frame;
        let mut strata = Vec::new();
        for (size, label) in sizes.levels.iter().enumerate() {
            let values = |rows: std::ops::Range<usize>| {
                let rows = rows.filter(|&row| sizes.code[row] as usize == size);
                let mut values: Vec<(u32, f64)> = rows.map(|row| (units.code[row], y[row])).collect();
                values.sort_by_key(|value| value.0);
                values
            };
            let cells = (0..frame.rows()).filter(|&c| frame.codes("size").unwrap().label(c) == label);
            strata.push(ChangeStratum {
                population: cells.map(|c| frame.numbers("N").unwrap()[c]).sum(),
                wave1: values(0..waves[0].rows()),
                wave2: values(waves[0].rows()..both.rows()),
            });
        }
        let change = stratified_change(&strata).unwrap();
        let parts = change.strata.iter().enumerate().map(|(h, part)| {
            json!({
                "size": sizes.levels[h], "N": strata[h].population, "n1": part.n1, "n2": part.n2,
                "n_common": part.n_common, "s11": part.s11, "s22": part.s22, "s12": part.s12,
                "delta": part.delta, "var": part.variance,
            })
        });
        let found = json!({
            "estimator": "stratified_change_fpc", "variable": variable, "change": change.change,
            "variance": change.variance, "se": change.se, "strata": parts.collect::<Value>(),
        });
        report.compare(variable, expected, &found, 0.0, &Value::Null);
    }
    report.finish(id);
}

/// Weights row by row, and IPF against Newton.
#[test]
fn c_and_c2_weights_and_ipf() {
    let wave = Wave::read();
    let strata = wave.strata();
    let stratum = wave.row_strata(&strata);
    let position: BTreeMap<&str, usize> = strata.label.iter().map(String::as_str).zip(0..).collect();
    let constant = vec![wave.size() / wave.rows() as f64; wave.rows()];
    let cells = (0..wave.rows()).map(|row| strata.weight(position[stratum.label(row)]));
    let starts = [("provA_c_weights.csv", constant), ("provA_c2_weights.csv", cells.collect())];
    for (file, start) in starts {
        let expected = table(file, &[], &["weight"]);
        let incidence = wave.incidence(&(0..wave.rows()).collect::<Vec<_>>(), &wave.data);
        let newton = calibrate(incidence.clone(), start.clone(), Distance::Raking).unwrap();
        let ipf = rake_ipf(&incidence, &start).unwrap();
        let mut report = Report::default();
        for g in [newton.g(), &ipf] {
            let found: Vec<f64> = g.iter().zip(&start).map(|(g, d)| g * d).collect();
            let expected = json!(expected.numbers("weight").unwrap());
            report.compare("weight", &expected, &json!(found), 0.0, &Value::Null);
        }
        report.finish(file);
    }
}

/// Means, totals, proportions and ratios of `_b_`, `_c2_` and `_c2n_` through register cells.
#[test]
fn cells_give_the_oracles_of_rows() {
    for (id, fpc, is_raked) in [
        ("provA_b_poststratified_cells", true, false),
        ("provA_c2_cells_then_raked", true, true),
        ("provA_c2n_production_nofpc", false, true),
    ] {
        let wave = Wave::read();
        let strata = wave.strata();
        let single = if fpc { SinglePsu::Error } else { SinglePsu::Zero };
        let mut design = CellDesign::new(&strata, &wave.cells.respondents, fpc, single).unwrap();
        if is_raked {
            let cells: Vec<usize> = design.responding().iter().map(|&c| c as usize).collect();
            let incidence = wave.incidence(&cells, &wave.frame);
            let calibration = calibrate(incidence, design.mass(), Distance::Raking).unwrap();
            design = design.calibrated(calibration);
        }
        wave.check_cells(id, &design);
    }
}

/// Wave 1 of province A with its frame, in the order of `ent_id`.
struct Wave {
    frame: Table,
    data: Table,
    cells: Cells,
    /// The frame cell of each row.
    cell: Vec<u32>,
}

const CLASSES: [&str; 5] = ["district", "dgroup", "industry", "igroup", "size"];
const VARIABLES: [&str; 12] =
    ["dmi", "p1", "p2", "p3", "p4", "p5", "website", "ecom", "cloud", "ai", "cyber_inc", "revenue"];

impl Wave {
    fn read() -> Self {
        let frame = table("provA_frame_cells.csv", &CLASSES, &["N"]);
        let codes = [&CLASSES[..], &["ent_id"]].concat();
        let numbers = [&VARIABLES[..], &["ict_spend", "ecom_sales"]].concat();
        let data = table("provA_wave1.csv", &codes, &numbers);
        let data = data.canonical(Some("ent_id")).unwrap();
        let columns = |columns: &[&str]| -> Vec<String> { columns.iter().map(|&column| column.to_owned()).collect() };
        let crossed = |of: &Table, by: &[&str]| Codes::crossed(&of.all_codes(&columns(by)).unwrap(), of.rows());
        let by: [&[&str]; 5] = [
            &["district", "industry", "size"],
            &["district", "igroup", "size"],
            &["dgroup", "igroup", "size"],
            &["igroup", "size"],
            &["size"],
        ];
        let (keys, row_keys) = (crossed(&frame, by[0]), crossed(&data, by[0]));
        let cell_of_key = |label: &str| {
            let code = keys.find(label).unwrap();
            (0..).zip(&keys.code).find(|(_, other)| **other == code).unwrap().0
        };
        let cell: Vec<u32> = (0..data.rows()).map(|row| cell_of_key(row_keys.label(row))).collect();
        let mut respondents = vec![0; frame.rows()];
        cell.iter().for_each(|&c| respondents[c as usize] += 1);
        let cells = Cells {
            population: frame.numbers("N").unwrap().to_vec(),
            respondents,
            levels: by.iter().map(|by| crossed(&frame, by)).collect(),
        };
        Self { frame, data, cells, cell }
    }

    fn rows(&self) -> usize {
        self.data.rows()
    }

    fn size(&self) -> f64 {
        self.cells.population.iter().sum()
    }

    fn strata(&self) -> Strata {
        let parameters = oracle("provA_k_collapse");
        let rule = CollapseRule {
            nmin: parameters["nmin"].as_u64().unwrap().try_into().unwrap(),
            fmax: parameters["fmax"].as_f64().unwrap(),
        };
        collapse(&self.cells, rule).unwrap()
    }

    fn row_strata(&self, strata: &Strata) -> Codes {
        let stratum = |&cell: &u32| strata.of_cell[cell as usize].unwrap() as usize;
        Codes::from_labels(self.cell.iter().map(|cell| &strata.label[stratum(cell)]))
    }

    /// The margins district, industry and size of some rows of `units`.
    fn incidence(&self, rows: &[usize], units: &Table) -> Incidence {
        let columns = ["district", "industry", "size"];
        let margin = |column: &str| {
            let codes = self.frame.codes(column).unwrap();
            let mut totals: BTreeMap<String, f64> = BTreeMap::new();
            for cell in 0..self.frame.rows() {
                *totals.entry(codes.label(cell).to_owned()).or_default() += self.cells.population[cell];
            }
            Margin {
                by: vec![column.to_owned()],
                totals: totals.into_iter().map(|(code, total)| (vec![code], total)).collect(),
            }
        };
        let codes = |column: &str| {
            let codes = units.codes(column).unwrap();
            Codes::from_labels(rows.iter().map(|&row| codes.label(row)))
        };
        let margins = columns.map(margin);
        let codes = columns.map(codes);
        let codes = [0, 1, 2].map(|i| [&codes[i]]);
        let columns = [0, 1, 2].map(|i| MarginColumns { margin: &margins[i], codes: &codes[i] });
        Incidence::new(&columns, rows.len(), |row| format!("row {row}")).unwrap()
    }

    fn check_cells(&self, id: &str, design: &CellDesign) {
        let oracle = oracle(id);
        let order = canonical_order(&self.data.codes("ent_id").unwrap().code).unwrap();
        let rows = CellRows::new(&self.cell, self.frame.rows(), &order);
        let y = |variable: &Value| self.data.numbers(variable.as_str().unwrap()).unwrap();
        let mut report = Report::default();
        for expected in oracle["results"].as_array().unwrap() {
            let cells = (0..).zip(0..self.frame.rows());
            let inside = cells.filter(|(_, cell)| self.is_inside(*cell, &expected["domain"]));
            let cells: Vec<u32> = inside.map(|(cell, _)| cell).collect();
            let estimate = match expected["estimator"].as_str().unwrap() {
                "mean" | "proportion" => design.mean(&moments(&rows, &[y(&expected["variable"])], 1)[0], &cells),
                "total" => design.total(&moments(&rows, &[y(&expected["variable"])], 1)[0], &cells),
                "ratio" => {
                    let (y, x) = (y(&expected["numerator"]), y(&expected["denominator"]));
                    design.ratio(&joint_moments(&rows, y, x), &cells)
                }
                _ => continue,
            };
            let found = fields(&estimate.unwrap());
            let mut fields = expected.clone();
            fields.as_object_mut().unwrap().retain(|name, _| found.get(name).is_some());
            if expected["estimator"] == "proportion" {
                fields.as_object_mut().unwrap().remove("ci95");
            }
            let place = format!("{} {}", expected["estimator"], expected["domain"]);
            report.compare(&place, &fields, &found, 0.0, &oracle["rel_tolerance"]);
        }
        report.finish(&format!("{id} by cells"));
    }

    fn is_inside(&self, cell: usize, domain: &Value) -> bool {
        let codes = domain.as_object().into_iter().flatten();
        let mut codes = codes.map(|(column, code)| (column, code.as_str().unwrap()));
        codes.all(|(column, code)| self.frame.codes(column).unwrap().label(cell) == code)
    }
}

fn fields(estimate: &Estimate) -> Value {
    let interval = t_interval(estimate.estimate, estimate.se, estimate.df);
    json!({
        "n": estimate.n, "nrow_design": estimate.nrow_design, "df": estimate.df,
        "sum_w": estimate.sum_w, "kish_deff": estimate.kish_deff, "kish_neff": estimate.kish_neff,
        "estimate": estimate.estimate, "se": estimate.se, "cv": estimate.cv(),
        "ci95": interval.map_or(json!([null, null]), |limits| json!(limits)),
    })
}
