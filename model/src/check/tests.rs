use serde_json::{Value, json};

use super::*;
use crate::answer::Answer;
use crate::testing::{answers, bn5, shop};

fn codes(given: &Answers) -> Vec<&str> {
    check(bn5(), given, None).iter().map(Finding::code).collect()
}

/// Whether a check is raised by answers added to a profile in which everything is asked.
fn raised(code: &str, given: Value) -> bool {
    let mut all = json!({"F01": 50, "F03": ["b2b", "b2c"], "F04": ["a", "b", "c", "d", "e", "f", "g", "h"], "F05": true, "F06": true, "F07": true});
    for (id, answer) in given.as_object().unwrap() {
        all[id] = answer.clone();
    }
    let given = answers(all);
    codes(&given).contains(&code)
}

#[test]
fn a_plausible_shop_raises_nothing() {
    assert_eq!(codes(&shop()), Vec::<&str>::new());
}

#[test]
fn every_check_is_raised_by_what_it_describes_and_by_nothing_close() {
    let table = [
        ("X01", json!({"Q303": 3, "F11": 0}), json!({"Q303": 3, "F11": 0.5})),
        ("X01", json!({"Q303": 4, "F11": 0}), json!({"Q303": 2, "F11": 0})),
        ("X02", json!({"Q303": 1, "F11": 5}), json!({"Q303": 1, "F11": 4.9})),
        ("X03", json!({"Q402": 4, "Q208": 2}), json!({"Q402": 4, "Q208": 3})),
        ("X04", json!({"F21": true, "Q402": 2}), json!({"F21": true, "Q402": 3})),
        ("X05", json!({"F22": true, "Q305": 2}), json!({"F22": false, "Q305": 2})),
        ("X06", json!({"F09": 50, "Q501": 3}), json!({"F09": 50, "Q501": 4})),
        ("X07", json!({"Q509": 2, "F23": []}), json!({"Q509": 2})),
        ("X08", json!({"Q511": 2, "F13": []}), json!({"Q511": 2, "F13": ["email"]})),
        ("X07", json!({"Q509": 0, "F23": ["text"]}), json!({"Q509": 1, "F23": ["text"]})),
        ("X08", json!({"Q511": 1, "F13": ["email"]}), json!({"Q511": 1, "F13": []})),
        ("X09", json!({"Q505": ["g"], "Q506": 0}), json!({"Q505": ["g"], "Q506": 1})),
        ("X10", json!({"Q403": 5, "F18": false}), json!({"Q403": 4, "F18": false})),
        ("X11", json!({"Q204": 4, "Q203": 1}), json!({"Q204": 4, "Q203": 2})),
    ];
    for (code, odd, plausible) in table {
        assert!(raised(code, odd.clone()), "{code} {odd}");
        assert!(!raised(code, plausible.clone()), "{code} {plausible}");
    }
}

#[test]
fn one_line_through_all_ladders() {
    let ladders = |level: i64| -> Value {
        bn5()
            .items
            .iter()
            .filter(|item| item.is_ladder())
            .map(|item| (item.id.clone(), level.into()))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    assert!(raised("X12", ladders(3)));
    let mut one_off = ladders(3);
    one_off["Q101"] = json!(4);
    assert!(!raised("X12", one_off));
    let mut nearly_all_at_5 = ladders(5);
    nearly_all_at_5["Q101"] = json!(4);
    assert!(raised("X12", nearly_all_at_5));
}

#[test]
fn a_rise_by_three_levels_within_half_a_year_is_a_large_one() {
    let before = shop();
    let with = |id: &str, level: i64| {
        let mut now = shop();
        now.insert(id, crate::Answer::Whole(level));
        now
    };
    assert_eq!(check(bn5(), &with("Q101", 4), None), [], "without an earlier assessment there is nothing to compare");
    assert_eq!(check(bn5(), &with("Q101", 3), Some(&before)), [], "from 1 to 3");
    assert_eq!(check(bn5(), &before, Some(&with("Q101", 5))), [], "a fall is no jump");
    let now = with("Q101", 4);
    let found = check(bn5(), &now, Some(&before));
    assert_eq!(found.iter().map(|one| (one.code(), one.questions())).collect::<Vec<_>>(), [("X13", vec!["Q101"])]);
}

#[test]
fn items_that_were_asked_only_once_are_no_jump() {
    let mut before = shop();
    before.insert("F04", crate::Answer::Many(["d".to_owned()].into()));
    before.insert("Q202", crate::Answer::Whole(0));
    assert_eq!(check(bn5(), &shop(), Some(&before)), [], "stock was not asked about while there was none");
    before.insert("F04", crate::Answer::Many(["c".to_owned(), "e".to_owned(), "f".to_owned()].into()));
    assert_eq!(check(bn5(), &shop(), Some(&before)).len(), 1);
}

#[test]
fn two_answers_two_levels_apart_are_to_be_agreed() {
    let questionnaire = Questionnaire::builtin("bn5").unwrap();
    let mut answers: Answers = Answers::new();
    for (id, level) in [("Q101", 4), ("Q102", 3), ("Q103", 2)] {
        answers.insert(id, Answer::Whole(level));
    }
    let others =
        [("Q101", 2), ("Q102", 2), ("Q103", 5), ("Q309", 5)].map(|(id, level)| (id.to_owned(), Answer::Whole(level)));
    let found = differences(questionnaire, &answers, &others);
    let told: Vec<(&str, u8, u8)> = found.iter().map(|one| (one.item.id.as_str(), one.now, one.other)).collect();
    assert_eq!(
        told,
        [("Q101", 4, 2), ("Q103", 2, 5)],
        "one level is no difference, and what is not asked does not count"
    );
    assert_eq!(differ(&found).map(|finding| finding.code()), Some("X14"));
    assert_eq!(differ(&[]), None);
}
