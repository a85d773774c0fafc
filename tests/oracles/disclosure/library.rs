//! The reference results, by the library.

use super::{compare_audit, compare_cases, oracles_with};
use crate::reference::json;
use model::disclosure::audit::{Pattern, audit};
use model::disclosure::request::{TableRequest, audit_request, cell_key_request, primary_request, protect_request};

#[test]
fn every_audit_gives_its_oracle() {
    for path in oracles_with("patterns") {
        let oracle = json(&path);
        let request: TableRequest = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let answer = serde_json::to_value(audit_request(&request).unwrap()).unwrap();
        println!("{}: {} values", request.id, compare_audit(&oracle, &answer));
    }
}

#[test]
fn every_task_is_solved_within_its_reference() {
    for path in oracles_with("patterns") {
        let request: TableRequest = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
        let pattern = |name: &str| request.patterns.iter().find(|pattern| pattern.name == name);
        let (Some(primary), Some(reference)) = (pattern("primary_only"), pattern("reference_heuristic")) else {
            continue;
        };
        let found = protect_request(&request).unwrap().suppressed;
        println!("{}: {} cells, reference {}", request.id, found.len(), reference.suppressed.len());
        assert!(primary.suppressed.iter().all(|cell| found.contains(cell)));
        assert!(found.len() as f64 <= 1.35 * reference.suppressed.len() as f64);
        let pattern = Pattern { suppressed: found, ..primary.pattern() };
        assert!(audit(&request.table().unwrap(), request.nmin, &pattern).unwrap().is_safe());
    }
}

#[test]
fn every_case_gives_its_oracle() {
    for path in oracles_with("cases") {
        let oracle = json(&path);
        let answer = if oracle.get("ptable").is_some() {
            serde_json::to_value(cell_key_request(&serde_json::from_value(oracle.clone()).unwrap()).unwrap())
        } else {
            serde_json::to_value(primary_request(&serde_json::from_value(oracle.clone()).unwrap()).unwrap())
        };
        println!("{}: {} values", oracle["id"], compare_cases(&oracle, &answer.unwrap()));
    }
}
