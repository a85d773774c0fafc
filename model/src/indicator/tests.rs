use proptest::prelude::*;
use serde_json::{Value as Json, json};

use super::*;
use crate::answer::Answers;
use crate::score;
use crate::testing::{answers, any_answers, bn5, full_answers, shop};

fn builtin() -> &'static Indicators {
    Indicators::builtin("bn5").unwrap()
}

fn value(id: &str, answers: &Answers) -> Value {
    value_of(builtin().get(id).unwrap(), answers)
}

fn value_of(indicator: &Indicator, answers: &Answers) -> Value {
    indicator.value(&Assessed::new(bn5(), answers, &score(bn5(), answers)))
}

/// The shop with further answers.
fn shop_with(more: Json) -> Answers {
    let mut all = shop();
    for (question, answer) in answers(more) {
        all.insert(question, answer);
    }
    all
}

/// The file that comes with the program, after a change.
fn problems(pointer: &str, value: Json) -> Vec<String> {
    let mut file: Json = serde_json::from_str(include_str!("../../indicators/bn5.json")).unwrap();
    let (parent, key) = pointer.rsplit_once('/').unwrap();
    match file.pointer_mut(parent).unwrap() {
        Json::Array(list) => list[key.parse::<usize>().unwrap()] = value,
        object => object[key] = value,
    }
    let problems = Indicators::parse(&file.to_string(), bn5()).err().unwrap_or_default();
    problems.iter().map(ToString::to_string).collect()
}

fn position(id: &str) -> usize {
    builtin().indicators.iter().position(|indicator| indicator.id == id).unwrap()
}

#[test]
fn the_built_in_file_has_what_the_province_publishes() {
    let ids: Vec<&str> = builtin().indicators.iter().map(|indicator| indicator.id.as_str()).collect();
    for id in ["maturity", "maturity-P1", "maturity-P5", "level", "dii3", "dii4", "platforms", "e-contracts", "e-tax"] {
        assert!(ids.contains(&id), "{id}");
    }
    for id in ["smedx", "vn-domain", "selling-online", "social-commerce", "cloud", "ai", "security-gap"] {
        assert!(ids.contains(&id), "{id}");
    }
    for indicator in &builtin().indicators {
        for text in [&indicator.title, &indicator.definition, &indicator.denominator, &indicator.source] {
            assert_ne!(text.vi, text.en, "{}", indicator.id);
        }
    }
    assert!(Indicators::builtin("bn6").is_none());
}

#[test]
fn figures_have_unique_ids_and_as_many_terms() {
    let mut seen = std::collections::BTreeSet::new();
    for indicator in &builtin().indicators {
        let figures = indicator.figures(bn5());
        assert!(figures.iter().all(|figure| seen.insert(figure.id.clone())), "{}", indicator.id);
        let terms = value_of(indicator, &shop()).terms().len();
        assert!(terms == 0 || terms == figures.len(), "{}", indicator.id);
    }
    assert_eq!(builtin().get("level").unwrap().figures(bn5())[3].id, "level-3");
    assert_eq!(builtin().get("e-sales").unwrap().figures(bn5())[0].kind, Kind::Percentage);
}

#[test]
fn the_shop() {
    let Value::Number(maturity) = value("maturity", &shop()) else { panic!("a number") };
    assert!((maturity - 41.536_363_636_363_64).abs() < 1e-9, "{maturity}");
    assert_eq!(value("maturity-P1", &shop()), Value::Number(32.0));
    assert_eq!(value("level", &shop()), Value::Class { class: 2, count: 6 });
    // Q506 = 1.
    assert_eq!(value("security-gap", &shop()), Value::YesNo(true));
    assert_eq!(value("ai", &shop()), Value::Unknown);
    assert_eq!(value("dii3", &shop()), Value::Unknown);
    // Q303 = 3: a shop that takes orders is a platform, whatever else is open.
    assert_eq!(value("platforms", &shop()), Value::YesNo(true));
}

#[test]
fn an_index_is_known_as_soon_as_open_answers_cannot_change_its_class() {
    // Met: internet users, line, e-sales, cloud. Not met: web sales to consumers, advanced cloud, ERP, CRM, analytics.
    let four = json!({"F09": 7, "F10": "30", "F11": 1, "F12a": 1, "F12b": 50, "F13": ["email"], "F21": false, "F22": false,
        "F16": false});
    // Open: social media (two variables) and AI: 4 to 7.
    assert_eq!(value("dii3", &shop_with(four.clone())), Value::Unknown);
    assert_eq!(value("dii3-basic", &shop_with(four.clone())), Value::YesNo(true));
    let mut closed = four;
    closed["F14"] = json!(["networks"]);
    assert_eq!(value("dii3", &shop_with(closed.clone())), Value::Class { class: 1, count: 4 });
    closed["F23"] = json!(["text"]);
    closed["F14"] = json!(["networks", "media"]);
    assert_eq!(value("dii3", &shop_with(closed)), Value::Class { class: 2, count: 4 });
}

#[test]
fn every_variable_of_the_indices_counts_once() {
    let nothing = json!({"F01": 20, "F09": 10, "F10": "lt30", "F11": 0.9, "F12a": 1, "F12b": 10, "F13": [], "F14": [],
        "F15": false, "F16": false, "F17": "none", "F18": false, "F19": false, "F20": ["specialists"], "F21": false,
        "F22": false, "F23": [], "Q505": ["a", "b", "c", "d"], "Q507": 1});
    let class = |class| Value::Class { class, count: 4 };
    assert_eq!(value("dii3", &shop_with(nothing.clone())), class(0));
    assert_eq!(value("dii4", &shop_with(nothing.clone())), class(0));
    let met = [
        (
            "dii3",
            vec![json!({"F09": 11}), json!({"F10": "1000"}), json!({"F11": 1}), json!({"F12a": 1.1, "F12b": 10.1})],
        ),
        ("dii3", vec![json!({"F13": ["crm"]}), json!({"F14": ["blogs", "wiki"]})]),
        ("dii3", vec![json!({"F16": true}), json!({"F21": true}), json!({"F22": true}), json!({"F23": ["media"]})]),
        ("dii4", vec![json!({"F15": true}), json!({"F19": true}), json!({"Q507": 2}), json!({"F18": true})]),
        ("dii4", vec![json!({"F20": ["others"]}), json!({"Q505": ["a", "b", "e"]}), json!({"F17": "service"})]),
    ];
    let count = |id: &str, answers: &Answers| {
        let (parts, score) = match &builtin().get(id).unwrap().formula {
            Formula::Count { parts, .. } => (parts, score(bn5(), answers)),
            other => panic!("{other:?}"),
        };
        let assessed = Assessed::new(bn5(), answers, &score);
        let one = |part: &Part| Indicator {
            formula: Formula::When(part.when.clone()),
            ..builtin().get("cloud").unwrap().clone()
        };
        parts.iter().filter(|part| one(part).value(&assessed) == Value::YesNo(true)).count()
    };
    // Twice two variables come together: the cloud, social media; and both on rules.
    for ((id, list), expected) in met.into_iter().zip([4, 4, 4, 5, 3]) {
        let mut all = nothing.clone();
        for more in &list {
            all.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        }
        assert_eq!(count(id, &shop_with(nothing.clone())), 0);
        assert_eq!(count(id, &shop_with(all)), expected, "{list:?}");
    }
}

#[test]
fn what_is_not_asked_is_not_met_and_who_is_not_meant_does_not_count() {
    // No online sales: the questions about web sales are not asked. One person: nor are those about staff.
    let small =
        shop_with(json!({"F01": 1, "F09": 1, "F10": "100", "F11": 0, "F13": [], "F14": ["networks"], "F16": false,
        "F21": false, "F22": false, "F23": []}));
    assert_eq!(value("dii3", &small), Value::NotApplicable);
    assert_eq!(value("dii3-basic-micro", &small), Value::YesNo(false));
    assert_eq!(value("internet-users", &small), Value::Ratio { part: 1.0, whole: 1.0 });
    assert_eq!(
        value("security-gap", &shop_with(json!({"F07": false, "Q505": ["a", "b", "c", "d", "e"], "Q506": 3}))),
        Value::YesNo(false)
    );
    let large = shop_with(json!({"F01": 201}));
    assert_eq!(value("platforms", &large), Value::NotApplicable);
    assert_eq!(value("platforms", &shop_with(json!({"F08": "gt300b"}))), Value::NotApplicable);
    assert_eq!(value("e-contracts", &shop_with(json!({"F26": false}))), Value::YesNo(false));
}

/// Every change makes a problem that says this.
fn check(cases: &[(&str, Json, &str)]) {
    for (pointer, value, expected) in cases {
        let found = problems(pointer, value.clone());
        assert!(found.iter().any(|problem| problem.contains(expected)), "{pointer} {value}: {found:#?}");
    }
}

#[test]
fn the_place_of_every_mistake_is_named() {
    let cases = [
        ("/questionnaire", json!("bn6"), "questionnaire: is \"bn6\""),
        ("/indicators/0/theme", json!("mature"), "indicators[0] maturity › theme: there is no theme \"mature\""),
        (
            "/indicators/0/tables",
            json!(["area-size", "x"]),
            "indicators[0] maturity › tables[1]: there is no table \"x\"",
        ),
        ("/indicators/0/definition", json!({"vi": "x"}), "indicators[0] maturity › definition.en: is missing"),
        (
            "/indicators/0/targets",
            json!([{"year": 25, "value": 1, "source": {"vi": "a", "en": "b"}}]),
            "targets[0].year: is 25",
        ),
        ("/indicators/0/id", json!("level"), "indicators: \"level\" comes twice"),
        ("/tables/0/by", json!(["area", "area"]), "tables[0] area-size › by: \"Area\" comes twice"),
        ("/tables/0/by", json!(["ward"]), "tables[0] area-size › by[0]: \"ward\" is none of"),
    ];
    check(&cases);
    let figure = format!("/indicators/{}/id", position("ai"));
    assert!(
        problems(&figure, json!("level-3"))
            .contains(&"figures of indicators: \"level-3\" comes twice; give one of them another id".to_owned())
    );
    assert!(problems("/version", json!("2")).is_empty());
    let no_json = Indicators::parse("{", bn5()).unwrap_err();
    assert!(no_json[0].to_string().contains("line 1 column 1"));
}

#[test]
fn formulas_fit_the_questionnaire() {
    let cases = [
        (
            "/indicators/0/formula",
            json!({"score": "P9"}),
            "indicators[0] maturity › formula: there is no pillar \"P9\"",
        ),
        ("/indicators/0/formula", json!({}), "indicators[0] maturity › formula: must have exactly one of"),
        ("/indicators/0/formula", json!({"score": "P1", "level": "P1"}), "must have exactly one of"),
        ("/indicators/0/formula", json!({"number": "F05"}), "\"F05\" is no fact that is answered with a number"),
        (
            "/indicators/0/formula",
            json!({"part": "F11", "whole": "F01"}),
            "\"F11\" is no fact that is answered with a whole",
        ),
        ("/indicators/0/formula", json!({"count": "dii5", "from": 4}), "formula.count: there is no count \"dii5\""),
        ("/indicators/0/formula", json!({"count": "dii3", "from": 13}), "formula.from: is 13; it must be 1 to 12"),
        ("/indicators/0/among", json!({"fact": "F99", "is": true}), "indicators[0] maturity › among: there is no fact"),
        ("/counts/0/parts/0/when", json!({"part": "F09", "of": "F11", "above": 50}), "counts[0] dii3 › parts[0].when"),
        (
            "/counts/0/parts/7/when/at_least",
            json!(5),
            "counts[0] dii3 › parts[7].when.at_least: is 5; it must be 1 to 4",
        ),
        (
            "/counts/0/parts/7/when/some/3",
            json!({"fact": "F14", "has": "tv"}),
            "parts[7].when.some[3]: F14 has no option",
        ),
    ];
    check(&cases);
    let level = format!("/indicators/{}/id", position("level"));
    assert!(problems(&level, json!("bậc")).iter().any(|problem| problem.contains("is no id")));
    let classes = format!("/indicators/{}/formula/classes/0/from", position("dii3"));
    assert!(problems(&classes, json!(1)).iter().any(|problem| problem.contains("begins at 0")));
}

#[test]
fn a_file_is_written_with_every_formula() {
    let written = serde_json::to_value(builtin()).unwrap();
    assert_eq!(written["indicators"][position("level")]["formula"], json!({"level": "overall"}));
    assert_eq!(written["indicators"][position("dii3-basic")]["formula"]["count_from"]["from"], json!(4));
}

proptest! {
    #[test]
    fn complete_answers_leave_nothing_open(answers in full_answers(bn5())) {
        let score = score(bn5(), &answers);
        let assessed = Assessed::new(bn5(), &answers, &score);
        for indicator in &builtin().indicators {
            prop_assert_ne!(indicator.value(&assessed), Value::Unknown, "{}", indicator.id);
        }
    }

    #[test]
    fn a_known_value_stays_when_more_is_answered(some in any_answers(bn5()), rest in full_answers(bn5())) {
        let mut more = rest;
        for (question, answer) in some.iter() {
            more.insert(question, answer.clone());
        }
        for indicator in &builtin().indicators {
            // Scores are of the items answered so far.
            if matches!(indicator.formula, Formula::Score(_) | Formula::Level(_)) {
                continue;
            }
            let (before, after) = (value_of(indicator, &some), value_of(indicator, &more));
            prop_assert!(before == Value::Unknown || before == after, "{}: {before:?} {after:?}", indicator.id);
        }
    }

    #[test]
    fn shares_are_shares_and_classes_add_up_to_one(answers in any_answers(bn5())) {
        for indicator in &builtin().indicators {
            let (value, figures) = (value_of(indicator, &answers), indicator.figures(bn5()));
            let terms = value.terms();
            let is_share = figures.iter().all(|figure| figure.kind == Kind::Share);
            prop_assert!(!is_share || terms.iter().all(|(a, b)| (*a == 0.0 || *a == 1.0) && *b == 1.0));
            if let Value::Class { .. } = value {
                prop_assert_eq!(terms.iter().map(|(a, _)| a).sum::<f64>(), 1.0);
            }
        }
    }
}
