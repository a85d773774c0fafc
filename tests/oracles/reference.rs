//! Reading of the oracle files and comparison within their tolerances.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use model::statistics::request::{File, Files, Request, Tables};
use model::statistics::table::{Needs, Table, TableBuilder};
use serde_json::Value;

/// The folder with `oracles/` and `requests/`.
pub fn folder() -> PathBuf {
    let default = concat!(env!("CARGO_MANIFEST_DIR"), "/oracles/data");
    std::env::var_os("THUOCSO_ORACLES").map_or(PathBuf::from(default), PathBuf::from)
}

/// Differences below this share of an estimate are rounding of an exact 0.
const ROUNDING: f64 = 1e-13;

/// What a comparison has seen.
#[derive(Debug, Default)]
pub struct Report {
    pub values: usize,
    /// Largest relative difference of fields compared with each tolerance.
    pub worst: BTreeMap<&'static str, f64>,
    pub failures: Vec<String>,
}

impl Report {
    /// Compares what an oracle has with what was found there; further fields found are ignored.
    pub fn compare(&mut self, place: &str, expected: &Value, found: &Value, scale: f64, tolerance: &Value) {
        match (expected, found) {
            (Value::Object(fields), _) => {
                let scale = fields.get("estimate").and_then(Value::as_f64).unwrap_or(scale);
                for (name, value) in fields {
                    let place = format!("{place}.{name}");
                    match found.get(name) {
                        Some(found) => self.compare(&place, value, found, scale, tolerance),
                        None => self.failures.push(format!("{place} is missing")),
                    }
                }
            }
            (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
                for (index, (item, other)) in items.iter().zip(others).enumerate() {
                    self.compare(&format!("{place}.{index}"), item, other, scale, tolerance);
                }
            }
            (Value::Number(_), Value::Number(_)) => {
                let numbers = (expected.as_f64().unwrap(), found.as_f64().unwrap());
                self.number(place, numbers, scale, tolerance);
            }
            _ => {
                self.values += 1;
                if expected != found {
                    self.failures.push(format!("{place}: {found} is not {expected}"));
                }
            }
        }
    }

    fn number(&mut self, place: &str, (expected, found): (f64, f64), scale: f64, tolerance: &Value) {
        self.values += 1;
        let kind = kind(place);
        let allowed = match kind {
            "iterated" => 1e-6,
            kind => tolerance.get(kind).and_then(Value::as_f64).unwrap_or(1e-9),
        };
        let difference = (expected - found).abs();
        if difference <= ROUNDING * scale.abs() {
            return;
        }
        let relative = difference / expected.abs();
        let worst = self.worst.entry(kind).or_default();
        *worst = worst.max(relative);
        if relative > allowed || relative.is_nan() {
            self.failures.push(format!("{place}: {found} is not {expected} ({relative:.1e})"));
        }
    }

    /// Prints the worst differences and panics on failures.
    pub fn finish(&self, name: &str) {
        println!("{name}: {} values, worst {:?}", self.values, self.worst);
        assert!(self.failures.is_empty(), "{name}:\n{}", self.failures.join("\n"));
        assert!(self.values > 0, "{name}: nothing compared");
    }
}

fn kind(place: &str) -> &'static str {
    let field = |part: &&str| part.parse::<usize>().is_err();
    let field = place.split('.').rfind(field).unwrap_or_default();
    let is_se = ["se", "cv", "cov", "corr", "deff_survey", "korn_graubard_neff_raw", "variance"];
    let is_ci = ["ci95", "kg_", "p_value"];
    if field == "ci95_logit_svyciprop" {
        "iterated"
    } else if field == "t" || field.contains("woodruff") || is_ci.iter().any(|p| field.starts_with(p)) {
        "ci"
    } else if field.starts_with("sensitivity") || is_se.iter().any(|p| field.starts_with(p)) {
        "se"
    } else {
        "point"
    }
}

pub fn json(path: &Path) -> Value {
    let text = std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    serde_json::from_str(&text).unwrap()
}

pub fn oracle(id: &str) -> Value {
    json(&folder().join("oracles").join(format!("{id}.json")))
}

/// The files of all requests, ascending.
pub fn requests() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder().join("requests")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty());
    paths
}

pub fn request(path: &Path) -> Request {
    serde_json::from_value(json(path)).unwrap()
}

pub fn read_table(path: &Path, needs: &Needs) -> Table {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let header = reader.headers().unwrap().clone();
    let names: Vec<&str> = header.iter().collect();
    let mut builder = TableBuilder::new(&path.display().to_string(), &names, needs).unwrap();
    for record in reader.records() {
        let record = record.unwrap();
        builder.push(&record.iter().collect::<Vec<_>>()).unwrap();
    }
    builder.finish()
}

/// A table of `oracles/` with some columns as codes and some as numbers.
pub fn table(file: &str, codes: &[&str], numbers: &[&str]) -> Table {
    let mut needs = Needs::default();
    codes.iter().for_each(|column| needs.code(column));
    numbers.iter().for_each(|column| needs.number(column));
    read_table(&folder().join("oracles").join(file), &needs)
}

pub fn tables(folder: &Path, files: &Files<File>) -> Tables {
    let read = |file: &File| read_table(&folder.join(&file.path), &file.needs);
    Tables {
        data: files.data.iter().map(read).collect(),
        stacked: files.stacked.as_ref().map(read),
        cells: files.cells.as_ref().map(read),
        margins: files.margins.as_ref().map(read),
    }
}

/// Compares an answer with the oracle of the same id.
pub fn compare_answer(answer: &Value) -> Report {
    let id = answer["id"].as_str().unwrap();
    let oracle = oracle(id);
    let tolerance = &oracle["rel_tolerance"];
    let mut report = Report::default();
    let (expected, found) = (&oracle["results"], &answer["results"]);
    report.compare("results", expected, found, 0.0, tolerance);
    if let Some(summary) = oracle.get("weights_summary") {
        let mut summary = summary.clone();
        summary.as_object_mut().unwrap().remove("first10");
        let found = &answer["weights_summary"];
        report.compare("weights_summary", &summary, found, 0.0, tolerance);
    }
    report
}
