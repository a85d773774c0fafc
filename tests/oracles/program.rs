//! The reference results and the refusals, by the program.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::reference::{compare_answer, folder, json, requests};
use serde_json::{Value, json};

#[test]
fn every_request_gives_its_oracle() {
    for path in requests() {
        let output = run(&path);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{}: {error}", path.display());
        let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
        compare_answer(&answer).finish(answer["id"].as_str().unwrap());
    }
}

#[test]
fn the_same_request_gives_the_same_bytes() {
    let path = &requests()[0];
    assert_eq!(run(path).stdout, run(path).stdout);
}

#[test]
fn margins_that_do_not_add_up_are_refused() {
    refused("api_strat_c_raked", "adds up to 6194", |request, _| {
        request["calibration"]["margins"][1]["totals"][0]["count"] = json!(1073);
    });
}

#[test]
fn a_code_without_a_margin_is_refused() {
    refused("api_strat_c_raked", "margin stype: \"0", |request, _| {
        request["calibration"]["margins"] = json!([{"by": ["stype"], "totals": [
            {"stype": "E", "count": 5000}, {"stype": "H", "count": 1194}
        ]}]);
    });
}

#[test]
fn a_category_without_respondents_is_refused() {
    refused("api_strat_c_raked", "category \"X\" has total 4 but no respondent", |request, _| {
        let totals = &mut request["calibration"]["margins"][0]["totals"];
        totals[0]["count"] = json!(4417);
        totals.as_array_mut().unwrap().push(json!({"stype": "X", "count": 4}));
    });
}

#[test]
fn infeasible_bounds_are_refused() {
    refused("api_strat_c4_bounded_logit", "did not converge", |request, _| {
        request["calibration"]["bounds"] = json!([0.99, 1.01]);
    });
    refused("api_strat_c4_bounded_logit", "must satisfy", |request, _| {
        request["calibration"]["bounds"] = json!([1.2, 1.6]);
    });
}

#[test]
fn a_lonely_stratum_is_refused_unless_allowed() {
    let id = "api_strat_a2_stratified_nofpc";
    let lonely = |csv: &mut String| {
        let line = csv.lines().nth(1).unwrap().replacen(",E,", ",Z,", 1);
        let first = csv.lines().nth(1).unwrap().to_owned();
        *csv = csv.replacen(&first, &line, 1);
    };
    refused(id, "stratum \"Z\" has a single sampling unit", |_, csv| lonely(csv));
    let output = changed(id, |request, csv| {
        lonely(csv);
        request["design"]["single_psu_strata"] = json!("zero");
    });
    assert!(output.status.success());
}

#[test]
fn bad_tables_are_refused() {
    let id = "api_strat_a_stratified";
    refused(id, "no column \"api00\"", |_, csv| *csv = csv.replacen("api00", "api_00", 1));
    refused(id, "is no number", |_, csv| *csv = csv.replacen(",840,", ",84O,", 1));
    refused(id, "stands in two rows", |_, csv| {
        let line = csv.lines().nth(1).unwrap().to_owned();
        csv.push_str(&line);
    });
    refused(id, "fields where the header has", |_, csv| csv.push_str("1,2\n"));
    refused(id, "no rows", |_, csv| csv.truncate(csv.find('\n').unwrap() + 1));
    refused(id, "column \"pw\": the value for", |_, csv| {
        *csv = csv.replacen(",44.209999084472656,", ",,", 1);
    });
    refused(id, "population sizes", |_, csv| *csv = csv.replacen(",4421,", ",4422,", 1));
    refused(id, "cannot read", |request, _| request["data"] = json!("nowhere.csv"));
}

#[test]
fn requests_that_make_no_sense_are_refused() {
    let id = "api_strat_a_stratified";
    refused(id, "unknown field `fcp`", |request, _| request["design"]["fcp"] = json!("fpc"));
    refused(id, "exactly one of weight", |request, _| request["design"]["weight"] = Value::Null);
    refused(id, "\"cells\" needs response_cells", |request, _| {
        request["design"]["fpc"] = json!("cells");
    });
    refused(id, "change_in_mean", |request, _| {
        request["estimates"][0]["estimator"] = json!("change_in_mean");
    });
    refused(id, "no respondent in the domain", |request, _| {
        request["estimates"][0]["domain"] = json!({"stype": "Q"});
    });
    refused(id, "estimate 1 (proportion of api00, all): a proportion takes values", |request, _| {
        request["estimates"][0]["estimator"] = json!("proportion");
    });
    refused("api_strat_b_poststratified", "exactly one margin", |request, _| {
        let margin = request["calibration"]["margins"][0].clone();
        request["calibration"]["margins"].as_array_mut().unwrap().push(margin);
    });
}

#[test]
fn files_that_cannot_be_read_are_refused() {
    let id = "api_strat_a_stratified";
    refused(id, "line 1 column", |request, _| *request = json!([]));
    refused(id, "no column", |_, csv| csv.clear());
    let output = run(Path::new("no-such-request.json"));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot read no-such-request.json"));
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

#[test]
fn a_respondent_outside_the_frame_is_refused() {
    refused("provA_c2n_production_nofpc", "does not list", |_, csv| {
        *csv = csv.replacen("E000008,D09", "E000008,D99", 1);
    });
}

/// Asserts that the changed request exits with 1, one line with `message`, and no answer.
fn refused(id: &str, message: &str, change: impl Fn(&mut Value, &mut String)) {
    let output = changed(id, change);
    let error = String::from_utf8_lossy(&output.stderr);
    assert!(error.contains(message), "{error:?} does not say {message:?}");
    assert_eq!(error.trim_end().lines().count(), 1, "{error}");
    assert_eq!((output.status.code(), output.stdout.len()), (Some(1), 0));
}

/// Runs a request of the oracles after `change` to it and to its data.
fn changed(id: &str, change: impl Fn(&mut Value, &mut String)) -> Output {
    let requests = folder().join("requests");
    let mut request = json(&requests.join(format!("{id}.request.json")));
    let data = requests.join(request["data"].as_str().unwrap());
    let mut csv = std::fs::read_to_string(data).unwrap();
    let scratch = tempfile::tempdir().unwrap();
    request["data"] = json!("data.csv");
    if let Some(frame) = request["response_cells"]["frame"].as_str() {
        let frame = requests.join(frame);
        request["response_cells"]["frame"] = json!(frame);
    } else {
        request.as_object_mut().unwrap().remove("response_cells");
    }
    change(&mut request, &mut csv);
    std::fs::write(scratch.path().join("data.csv"), csv).unwrap();
    let path = scratch.path().join("request.json");
    std::fs::write(&path, request.to_string()).unwrap();
    run(&path)
}

fn run(request: &Path) -> Output {
    thuocso("estimate", request)
}

/// Runs a command of the program on a file.
pub fn thuocso(command: &str, file: &Path) -> Output {
    Command::new(program()).arg(command).arg(file).output().unwrap()
}

/// The program: `THUOCSO_BIN`, or what cargo has put beside the folder of this test.
pub fn program() -> PathBuf {
    let built = || {
        let test = env::current_exe().unwrap();
        let folder = test.ancestors().nth(2).unwrap();
        folder.join("thuocso").with_extension(env::consts::EXE_EXTENSION)
    };
    let program = env::var_os("THUOCSO_BIN").map_or_else(built, PathBuf::from);
    let place = program.display();
    assert!(program.is_file(), "{place} is missing; build it by `cargo build -p server`, or name it in THUOCSO_BIN");
    program
}
