use proptest::prelude::*;
use serde_json::{Value, json};

use crate::questionnaire::Questionnaire;
use crate::testing::{file, problem, text};

/// Changes a good file and looks at the first problem.
fn first_problem(pointer: &str, value: Value, expected: &str) {
    let problems = file().set(pointer, value).problems();
    assert_eq!(problems.first().map(String::as_str), Some(expected), "{pointer}: {problems:#?}");
}

#[test]
fn no_json_and_too_much_of_it() {
    let problems =
        |file: &str| Questionnaire::parse(file).unwrap_err().iter().map(ToString::to_string).collect::<Vec<_>>();
    assert_eq!(problems("{\n \"format\": 1,\n}"), ["line 3 column 1: this is no JSON: trailing comma"]);
    assert_eq!(
        problems(&" ".repeat(Questionnaire::MAX_BYTES + 1)),
        ["the file has 1048577 bytes; at most 1048576 are read"]
    );
    assert_eq!(problems("[]"), ["must be an object, not a list"]);
    assert_eq!(problems("{}").len(), 15, "one for every key that is missing");
}

#[test]
fn keys() {
    assert_eq!(
        problem("/items/1/efort", json!(2)),
        "items[1] B: unknown key \"efort\", did you mean \"effort\"?; known keys: id, core, title, question, note, asked_if, \
         answer, examples, evidence, action_low, action_next, effort, impact, weight, needs, maps"
    );
    assert_eq!(problem("/title/fr", json!("x")), "title: unknown key \"fr\"; known keys: vi, en");
    let missing = file().without("/items/0/effort").without("/sections/1/topics/0/title/vi").problems();
    assert_eq!(
        missing,
        [
            "items[0] A › effort: is missing; it must be a whole number (1 to 3)",
            "sections[1] P1 › topics[0].title.vi: is missing; it must be a text in quotes",
        ]
    );
    let twice = file().0.to_string().replacen("\"format\":1", "\"format\":1,\"format\":1", 1);
    let problems = Questionnaire::parse(&twice).unwrap_err();
    assert_eq!(problems[0].to_string(), "the key \"format\" comes twice; remove one");
}

#[test]
fn numbers_and_words() {
    let table = [
        ("/format", json!(2), "format: is 2; it must be 1"),
        ("/items/0", json!("A"), "items[0]: must be an object, not a text"),
        ("/items/0/effort", json!(4), "items[0] A › effort: is 4; it must be 1 to 3"),
        ("/items/0/impact", json!(0), "items[0] A › impact: is 0; it must be 1 to 3"),
        ("/items/0/impact", json!("2"), "items[0] A › impact: must be a whole number (1 to 3), not a text"),
        ("/items/0/weight", json!(0), "items[0] A › weight: is 0; it must be 1 to 100"),
        (
            "/sections/1/weight",
            json!(0.5),
            "sections[1] P1 › weight: weights are whole numbers from 1 to 100; multiply all of them by the same number",
        ),
        ("/items/0/core", json!("yes"), "items[0] A › core: must be true or false, not a text"),
    ];
    for (pointer, value, expected) in table {
        first_problem(pointer, value, expected);
    }
}

#[test]
fn texts() {
    let table = [
        (
            "/items/0/title",
            json!("A"),
            "items[0] A › title: must be a text in both languages, {\"vi\": \"…\", \"en\": \"…\"}, not a text",
        ),
        (
            "/items/0/title/vi",
            json!(" "),
            "items[0] A › title.vi: is empty; write something or leave the key out if it is optional",
        ),
        (
            "/items/0/title/vi",
            json!("Ke\u{302}\u{301} hoạch"),
            "items[0] A › title.vi: \"Ke\u{302}\u{301} hoạch\" is not in Unicode normal form C; save the file again with composed letters",
        ),
        (
            "/items/0/title/en",
            json!("a\u{7}"),
            "items[0] A › title.en: contains the control character U+0007; remove it",
        ),
    ];
    for (pointer, value, expected) in table {
        first_problem(pointer, value, expected);
    }
}

#[test]
fn lists_and_objects() {
    let table = [
        (
            "/items/0/answer/levels",
            json!([text("x")]),
            "items[0] A › answer.levels: must have exactly 6 entries, not 1",
        ),
        (
            "/items/0/answer/levels/2/en",
            json!(""),
            "items[0] A › answer.levels[2].en: is empty; write something or leave the key out if it is optional",
        ),
        ("/items/0/answer/type", json!("scale"), "items[0] A › answer.type: \"scale\" is none of ladder, checklist"),
        (
            "/facts/0/answer",
            json!({"type": "whole", "min": 5, "max": 1}),
            "facts[0] staff › answer: min and max must be whole numbers from 0 to 2^53, min not above max",
        ),
        (
            "/facts/0/answer",
            json!({"type": "one", "options": []}),
            "facts[0] staff › answer.options: must have 2 to 1000 entries, not 0",
        ),
        ("/gate", json!([1, 1, 1]), "gate: must have exactly 5 entries, not 3"),
        ("/sufficient_percent", json!(0), "sufficient_percent: is 0; it must be 1 to 100"),
        (
            "/items/0/needs",
            json!([{"item": "B", "at_least": 6}]),
            "items[0] A › needs[0].at_least: is 6; it must be 1 to 5",
        ),
        (
            "/items/0/maps",
            json!({"dmat": [1]}),
            "items[0] A › maps.dmat[0]: must be a text in quotes, not a whole number",
        ),
    ];
    for (pointer, value, expected) in table {
        first_problem(pointer, value, expected);
    }
}

#[test]
fn ids() {
    let bad = "\"a b\" is no id; use 1 to 40 letters without marks, digits, _ or -, beginning with a letter or digit";
    assert_eq!(
        problem("/checks", json!([{"id": "a b", "when": "big", "questions": [], "message": text("m")}])),
        format!("checks[0] a b › id: {bad}")
    );
}

#[test]
fn all_mistakes_are_found_in_one_go() {
    let problems = file()
        .set("/bounds", json!([0, 50, 20, 40, 60, 80]))
        .set("/items/0/effort", json!(9))
        .set("/items/1/asked_if", json!("nobody"))
        .set("/items/2/titel", json!("x"))
        .set("/security_floor", json!([{"item": "Z", "at_most": 1}]))
        .set("/sections/1/topics/0/questions", json!(["A", "B", "B"]))
        .problems();
    assert_eq!(problems.len(), 6, "{problems:#?}");
}

proptest! {
    #[test]
    fn a_value_anywhere_else_is_a_problem_and_never_a_crash(nth in any::<prop::sample::Index>(), kind in 0_usize..6) {
        let good = file().0;
        let mut pointers = Vec::new();
        collect(&good, String::new(), &mut pointers);
        let pointer = nth.get(&pointers);
        let value = [json!(null), json!(true), json!(-7), json!("\u{0}"), json!([[]]), json!({"x": 1})][kind].clone();
        let _ = file().set(pointer, value).problems();
    }
}

fn collect(value: &Value, pointer: String, into: &mut Vec<String>) {
    match value {
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(nth, value)| collect(value, format!("{pointer}/{nth}"), into))
        }
        Value::Object(fields) => {
            fields.iter().for_each(|(key, value)| collect(value, format!("{pointer}/{key}"), into))
        }
        _ => {}
    }
    if !pointer.is_empty() {
        into.push(pointer);
    }
}

#[test]
fn a_byte_order_mark_is_no_problem() {
    assert!(Questionnaire::parse(&format!("\u{feff}{}", file().0)).is_ok());
}

#[test]
fn long_ids_and_many_mistakes_give_short_reports() {
    let long = file().set("/items/0/id", json!("x".repeat(100_000))).problems();
    assert!(long.iter().all(|problem| problem.len() < 300_000) && long[0].starts_with("items[0] xxxx"));
    let parts: Vec<Value> = (0..100).map(|_| json!({ "any": vec!["nobody"; 100] })).collect();
    let many = file().set("/items/0/asked_if", json!({ "all": parts })).problems();
    assert_eq!(many.len(), 1000);
}
