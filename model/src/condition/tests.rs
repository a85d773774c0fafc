use serde_json::{Value, json};

use super::*;
use crate::profile::asked;
use crate::testing::{File, answers, text};

/// A file with one fact of every kind and a check with this condition.
fn file(when: &Value) -> File {
    let options = ["a", "b"].map(|id| json!({ "id": id, "text": text("o") }));
    let facts = json!([
        {"id": "staff", "text": text("?"), "answer": {"type": "whole", "min": 1, "max": 1000}, "required": true},
        {"id": "users", "text": text("?"), "answer": {"type": "whole", "min": 0, "max": 1000}},
        {"id": "share", "text": text("?"), "answer": {"type": "percent"}},
        {"id": "yes", "text": text("?"), "answer": {"type": "yes_no"}},
        {"id": "one", "text": text("?"), "answer": {"type": "one", "options": options}},
        {"id": "many", "text": text("?"), "answer": {"type": "many", "options": options, "none": text("none")}},
    ]);
    File::new(&[("P1", &["A", "B", "C"])])
        .set("/facts", facts)
        .set("/sections/0/topics/0/questions", json!(["staff", "users", "share", "yes", "one", "many"]))
        .set(
            "/items/1/answer",
            json!({"type": "checklist", "options": options, "bands": {"share_above": [0, 20, 40, 60, 80]}}),
        )
        .set("/items/2/asked_if", json!("big"))
        .set("/checks", json!([{"id": "X1", "when": when, "questions": [], "message": text("odd")}]))
}

fn holds(when: Value, given: Value) -> bool {
    let questionnaire = file(&when).build();
    let given = answers(given);
    questionnaire.checks[0].when.holds(&Context::new(&questionnaire, &given))
}

#[test]
fn facts() {
    let table = [
        (json!({"fact": "staff", "above": 1}), json!({"staff": 1}), false),
        (json!({"fact": "staff", "above": 1}), json!({"staff": 2}), true),
        (json!({"fact": "share", "at_least": 1}), json!({"share": 1}), true),
        (json!({"fact": "share", "at_least": 1}), json!({"share": 0.99}), false),
        (json!({"fact": "share", "at_most": 0}), json!({"share": 0.0}), true),
        (json!({"fact": "share", "at_most": 0}), json!({"share": 0.1}), false),
        (json!({"fact": "yes", "is": true}), json!({"yes": true}), true),
        (json!({"fact": "yes", "is": false}), json!({"yes": true}), false),
        (json!({"fact": "one", "is": "a"}), json!({"one": "a"}), true),
        (json!({"fact": "one", "is": "a"}), json!({"one": "b"}), false),
        (json!({"fact": "many", "has": "b"}), json!({"many": ["a", "b"]}), true),
        (json!({"fact": "many", "has": "b"}), json!({"many": ["a"]}), false),
        (json!({"fact": "many", "empty": true}), json!({"many": []}), true),
        (json!({"fact": "many", "empty": true}), json!({"many": ["a"]}), false),
        (json!({"fact": "many", "empty": false}), json!({"many": ["a"]}), true),
    ];
    for (when, given, expected) in table {
        assert_eq!(holds(when.clone(), given.clone()), expected, "{when} {given}");
    }
}

#[test]
fn some_of_several() {
    let two = json!({"some": [{"fact": "many", "has": "a"}, {"fact": "many", "has": "b"}, {"fact": "yes", "is": true}], "at_least": 2});
    assert!(holds(two.clone(), json!({"many": ["a", "b"]})), "the open one cannot change it");
    assert!(holds(two.clone(), json!({"many": ["a"], "yes": true})));
    assert!(!holds(two.clone(), json!({"many": ["a"], "yes": false})));
    assert!(!holds(two.clone(), json!({"many": ["a"]})));
    assert!(!holds(json!({"not": two.clone()}), json!({"many": ["a"]})));
    assert!(holds(json!({"not": two}), json!({"many": []})), "the open one alone is not enough");
}

#[test]
fn parts() {
    let most = json!({"part": "users", "of": "staff", "above": 50});
    assert!(holds(most.clone(), json!({"staff": 3, "users": 2})));
    assert!(!holds(most.clone(), json!({"staff": 4, "users": 2})));
    assert!(!holds(json!({"not": most}), json!({"staff": 4})));
}

#[test]
fn a_verdict_takes_what_is_not_asked_as_not_met() {
    let verdict = |when: Value, given: Value| {
        let (questionnaire, given) = (file(&when).build(), answers(given));
        questionnaire.checks[0].when.verdict(&Context::new(&questionnaire, &given))
    };
    // C is asked of big ones only.
    let skipped = json!({"item": "C", "at_least": 0});
    assert_eq!(verdict(skipped.clone(), json!({"staff": 9, "C": 3})), Some(false));
    assert_eq!(verdict(skipped.clone(), json!({"staff": 10, "C": 3})), Some(true));
    assert_eq!(verdict(skipped.clone(), json!({"staff": 10})), None);
    assert_eq!(verdict(skipped.clone(), json!({"C": 3})), None, "whether it is asked is open");
    let any = json!({"any": [skipped, {"fact": "yes", "is": true}]});
    assert_eq!(verdict(any, json!({"staff": 9, "yes": false})), Some(false));
}

#[test]
fn items() {
    assert!(holds(json!({"item": "A", "at_least": 3}), json!({"A": 3})));
    assert!(!holds(json!({"item": "A", "at_least": 3}), json!({"A": 2})));
    assert!(holds(json!({"item": "A", "at_most": 1}), json!({"A": 0})));
    assert!(holds(json!({"item": "B", "has": "a"}), json!({"B": ["a"]})));
    assert!(!holds(json!({"item": "B", "has": "a"}), json!({"B": ["b"]})));
    assert!(holds(json!({"item": "B", "at_least": 5}), json!({"B": ["a", "b"]})));
    assert!(!holds(json!({"item": "C", "at_most": 5}), json!({"staff": 9, "C": 3})), "an item that is not asked");
    assert!(holds(json!({"item": "C", "at_most": 5}), json!({"staff": 10, "C": 3})));
}

#[test]
fn what_is_unanswered_is_open_also_under_not() {
    for leaf in [json!({"fact": "yes", "is": true}), json!({"item": "A", "at_least": 1}), json!("big")] {
        assert!(!holds(leaf.clone(), json!({})), "{leaf}");
        assert!(!holds(json!({"not": leaf}), json!({})), "not {leaf}");
    }
    assert!(holds(json!({"not": {"fact": "yes", "is": true}}), json!({"yes": false})));
    assert!(holds(json!({"not": "big"}), json!({"staff": 9})));
    assert!(holds(json!({"any": [{"fact": "yes", "is": true}, "big"]}), json!({"staff": 10})));
    assert!(!holds(json!({"all": [{"fact": "yes", "is": true}, "big"]}), json!({"staff": 10})));
    let neither = json!({"not": {"any": [{"fact": "yes", "is": true}, "big"]}});
    assert!(!holds(neither.clone(), json!({"staff": 9})));
    assert!(holds(neither, json!({"staff": 9, "yes": false})));
    let not_both = json!({"not": {"all": [{"fact": "yes", "is": true}, "big"]}});
    assert!(holds(not_both, json!({"staff": 9})), "one refused part is enough");
}

#[test]
fn shares_are_compared_with_levels() {
    let away = |users: u32, level: u8| {
        let when = json!({"share": "users", "of": "staff", "away_from": "A", "by": 2});
        holds(when, json!({"staff": 100, "users": users, "A": level}))
    };
    assert!(!away(0, 1) && away(0, 2));
    assert!(!away(20, 2) && away(20, 3), "20 % is level 1");
    assert!(!away(21, 3) && away(21, 4) && away(21, 0), "21 % is level 2");
    assert!(!away(80, 5) && away(81, 3));
    assert!(away(200, 0), "more users than staff count as all");
    let when = json!({"share": "users", "of": "staff", "away_from": "A", "by": 2});
    assert!(!holds(when, json!({"staff": 100, "A": 5})), "unanswered");
}

#[test]
fn straight_lines() {
    let straight = |top: u32, given: Value| holds(json!({"straight_line": true, "top": top}), given);
    assert!(straight(9, json!({"staff": 10, "A": 3, "C": 3})));
    assert!(!straight(9, json!({"staff": 10, "A": 3, "C": 4})));
    assert!(!straight(9, json!({"staff": 10, "A": 3})), "not all ladders are answered");
    assert!(!straight(9, json!({"staff": 9, "A": 3})), "one ladder is no line");
    assert!(straight(1, json!({"staff": 10, "A": 5, "B": ["a", "b"], "C": 1})), "checklists count at 5");
    assert!(!straight(2, json!({"staff": 10, "A": 5, "B": ["a", "b"], "C": 1})));
}

#[test]
fn a_fact_that_is_not_asked_has_no_answer() {
    let asked_if_yes = json!({"fact": "yes", "is": true});
    let topics = json!([
        {"id": "t1", "title": text("t"), "questions": ["staff", "users", "share", "yes", "one"]},
        {"id": "t2", "title": text("t"), "questions": ["many"]},
    ]);
    let questionnaire = file(&json!({"fact": "many", "has": "a"}))
        .set("/facts/5/asked_if", asked_if_yes)
        .set("/sections/0/topics", topics)
        .build();
    let raised = |given: Value| {
        let given = answers(given);
        questionnaire.checks[0].when.holds(&Context::new(&questionnaire, &given))
    };
    assert!(raised(json!({"yes": true, "many": ["a"]})));
    assert!(!raised(json!({"yes": false, "many": ["a"]})));
}

#[test]
fn what_is_asked() {
    let questionnaire = file(&json!("big")).set("/items/1/answer/options/1/asked_if", json!("big")).build();
    let (small, big) = (answers(json!({"staff": 9})), answers(json!({"staff": 10})));
    let (small, big) = (asked(&questionnaire, &small), asked(&questionnaire, &big));
    assert_eq!((small.items_on(), big.items_on()), (2, 3));
    assert!(small.item("A") && !small.item("C") && big.item("C"));
    assert!(small.fact("staff") && !small.fact("A") && !small.item("staff") && small.question("staff"));
    assert!(small.option("B", "a") && !small.option("B", "b") && big.option("B", "b") && !big.option("B", "z"));
    assert_eq!(big.context().flags.iter().copied().collect::<Vec<&str>>(), ["big"]);
}

#[test]
fn conditions_are_written_as_they_are_read() {
    let all = json!({"all": ["big", {"any": [{"not": "big"}, {"fact": "one", "is": "a"}]}, {"item": "B", "has": "a"},
        {"share": "users", "of": "staff", "away_from": "A", "by": 2}, {"straight_line": true, "top": 3}]});
    let questionnaire = file(&all).build();
    assert_eq!(serde_json::to_value(&questionnaire.checks[0].when).unwrap(), all);
}
