//! The disclosure oracles `sdc_*` and comparison with them; intervals within 1e-6 of the value, cases within 1e-9.

mod library;
mod program;

use std::path::PathBuf;

use serde_json::Value;

use crate::reference::{folder, json};

/// The disclosure oracles with a field of that name, ascending.
fn oracles_with(field: &str) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder().join("oracles")).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.file_name().unwrap().to_str().unwrap().starts_with("sdc_"));
    paths.retain(|path| json(path).get(field).is_some());
    paths.sort();
    assert!(!paths.is_empty(), "no oracle with {field}");
    paths
}

/// Compares the answer of an audit with the oracle; the number of values compared.
fn compare_audit(oracle: &Value, answer: &Value) -> usize {
    let mut values = 0;
    assert_eq!(oracle["patterns"].as_array().unwrap().len(), answer["patterns"].as_array().unwrap().len());
    for (pattern, found) in oracle["patterns"].as_array().unwrap().iter().zip(answer["patterns"].as_array().unwrap()) {
        let place = format!("{} {}", oracle["id"], pattern["name"]);
        assert_eq!(pattern["name"], found["name"]);
        for (field, expected) in pattern["expected"].as_object().unwrap() {
            let found = &found[field];
            if field == "intervals" {
                values += compare_intervals(&place, oracle, expected, found);
            } else {
                values += expected.as_array().map_or(1, Vec::len).max(1);
                assert_eq!(expected, found, "{place}: {field}");
            }
        }
    }
    values
}

fn compare_intervals(place: &str, oracle: &Value, expected: &Value, found: &Value) -> usize {
    let (expected, found) = (expected.as_object().unwrap(), found.as_object().unwrap());
    assert_eq!(expected.len(), found.len(), "{place}");
    for (cell, interval) in expected {
        let is_it = |one: &&Value| one["id"] == cell.as_str();
        let value = oracle["cells"].as_array().unwrap().iter().find(is_it).unwrap()["value"].as_f64().unwrap();
        for end in 0..2 {
            let (expected, found) = (interval[end].as_f64(), found[cell][end].as_f64());
            let near = match (expected, found) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-6 * value.abs().max(1.0),
                (a, b) => a == b,
            };
            assert!(near, "{place}: {cell} end {end}: {found:?} is not {expected:?}");
        }
    }
    2 * expected.len()
}

/// Compares the answers of cases with the oracle; the number of values compared.
fn compare_cases(oracle: &Value, answer: &Value) -> usize {
    let (cases, answers) = (oracle["cases"].as_array().unwrap(), answer["cases"].as_array().unwrap());
    assert_eq!(cases.len(), answers.len());
    let mut values = 0;
    for (case, found) in cases.iter().zip(answers) {
        for (field, expected) in case["expected"].as_object().unwrap() {
            values += 1;
            let found = &found[field];
            let near = match (expected.as_f64(), found.as_f64()) {
                (Some(a), Some(b)) => (a - b).abs() <= 1e-9 * a.abs().max(1.0),
                _ => expected == found,
            };
            assert!(near, "{} {case}: {field} is {found}", oracle["id"]);
        }
    }
    values
}
