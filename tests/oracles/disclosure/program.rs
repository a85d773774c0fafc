//! The reference results and the refusals, by the programs `thuocso audit` and `thuocso protect`.

use std::path::Path;
use std::process::Output;

use super::{compare_audit, compare_cases, oracles_with};
use crate::program::thuocso;
use crate::reference::{folder, json};
use serde_json::{Value, json};

#[test]
fn every_audit_gives_its_oracle() {
    for path in oracles_with("patterns") {
        compare_audit(&json(&path), &answer("audit", &path));
    }
}

#[test]
fn every_case_gives_its_oracle() {
    for path in oracles_with("cases") {
        compare_cases(&json(&path), &answer("audit", &path));
    }
}

#[test]
fn every_task_is_solved_within_its_reference() {
    for path in oracles_with("patterns") {
        let mut table = json(&path);
        let named = |name: &str| table["patterns"].as_array().unwrap().iter().find(|one| one["name"] == name).cloned();
        let (Some(mut pattern), Some(reference)) = (named("primary_only"), named("reference_heuristic")) else {
            continue;
        };
        let found = answer("protect", &path)["suppressed"].clone();
        let cells = |list: &Value| list.as_array().unwrap().clone();
        assert!(cells(&pattern["suppressed"]).iter().all(|cell| cells(&found).contains(cell)));
        assert!(cells(&found).len() as f64 <= 1.35 * cells(&reference["suppressed"]).len() as f64);
        pattern["suppressed"] = found;
        table["patterns"] = json!([pattern]);
        let audited = answered(&run("audit", &table));
        assert_eq!(audited["patterns"][0]["safe"], true, "{}", table["id"]);
    }
}

#[test]
fn figures_that_do_not_add_up_are_refused() {
    refused("equation 0", |table| table["cells"][0]["value"] = json!(321));
}

#[test]
fn a_value_outside_its_bounds_is_refused() {
    refused("r1|c1", |table| table["cells"][5]["ub"] = json!(1));
}

#[test]
fn an_unknown_cell_is_refused() {
    refused("suppressed", |table| table["patterns"][0]["suppressed"] = json!(["r9|c1"]));
    refused("equation 3", |table| table["equations"][3]["cells"][1] = json!("r9|c1"));
}

#[test]
fn a_repeated_cell_is_refused() {
    refused("named twice", |table| table["patterns"][0]["suppressed"] = json!(["r1|c1", "r1|c1"]));
    refused("named twice", |table| table["cells"][1] = table["cells"][0].clone());
    refused("stands in it twice", |table| table["equations"][3]["cells"][1] = json!("r2|c2"));
}

#[test]
fn a_published_sensitive_cell_is_refused() {
    refused("suppress it", |table| table["patterns"][0]["suppressed"] = json!(["r1|c2"]));
}

#[test]
fn wrong_knowledge_is_refused() {
    refused("known as 7", |table| table["patterns"][0]["known"] = json!({"r1|c1": 7}));
}

#[test]
fn missing_and_unknown_fields_are_refused() {
    refused("nmin", |table| drop(table.as_object_mut().unwrap().remove("nmin")));
    refused("colour", |table| table["patterns"][0]["colour"] = json!("red"));
    refused("published_half_width", |table| table["patterns"][0]["published_half_width"] = json!(-1));
}

#[test]
fn a_task_without_primary_cells_is_refused() {
    let path = folder().join("oracles/sdc_open_01_basic2d.json");
    check_refusal(&thuocso("protect", &path), "primary_only");
}

#[test]
fn a_cell_that_nothing_hides_is_refused() {
    let cell = |id: &str, n: u32| json!({"id": id, "value": n, "n": n, "lb": 0, "ub": null});
    let table = json!({
        "id": "hopeless", "nmin": 5, "dims": [],
        "cells": [cell("T", 40), cell("a", 3), cell("b", 37), cell("c", 0)],
        "equations": [{"cells": ["T", "a", "b", "c"], "coef": [-1, 1, 1, 1]}, {"cells": ["b", "c"], "coef": [0, 1]}],
        "patterns": [{"name": "primary_only", "suppressed": ["a"], "sensitive": {"a": {"lpl": 0, "upl": 90}}}],
    });
    check_refusal(&run("protect", &table), "equation 1");
    let mut table = table;
    table["equations"].as_array_mut().unwrap().pop();
    check_refusal(&run("protect", &table), "merge categories");
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    check_refusal(&thuocso("audit", Path::new("no-such-file.json")), "no-such-file.json");
    check_refusal(&run("audit", &json!([])), "line 1 column");
}

/// Asserts that the first oracle is refused after `change`, with `message`.
fn refused(message: &str, change: impl Fn(&mut Value)) {
    let mut table = json(&folder().join("oracles/sdc_open_01_basic2d.json"));
    change(&mut table);
    check_refusal(&run("audit", &table), message);
}

fn check_refusal(output: &Output, message: &str) {
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(message), "{error:?} does not say {message:?}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

fn answer(command: &str, path: &Path) -> Value {
    answered(&thuocso(command, path))
}

fn answered(output: &Output) -> Value {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// Runs a command on a file of its own with that table.
fn run(command: &str, table: &Value) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("table.json");
    std::fs::write(&path, table.to_string()).unwrap();
    thuocso(command, &path)
}
