use proptest::prelude::*;

use super::*;
use crate::testing::{any_answers, bn5, shop};

fn error(line: &str) -> String {
    score_line(bn5(), line).unwrap_err().to_string()
}

/// A line with these answers.
fn line_of(answers: &Answers) -> String {
    let list = |facts: bool| {
        let fields = answers.iter().filter(|(id, _)| bn5().fact(id).is_some() == facts);
        let fields = fields.map(|(id, answer)| format!("{id:?}:{}", serde_json::to_string(answer).unwrap()));
        fields.collect::<Vec<String>>().join(",")
    };
    format!(r#"{{"id":"A","facts":{{{}}},"answers":{{{}}}}}"#, list(true), list(false))
}

#[test]
fn the_retail_shop() {
    let result = score_line(bn5(), &line_of(&shop())).unwrap();
    let expected = r#"{"id":"A","flags":["buys_inputs","can_sell_online","delivers","handles_goods","has_employees","holds_personal_data","sells_b2c"],"items_on":36,"items":{"Q101":1,"#;
    assert!(result.starts_with(expected), "{result}");
    let end = r#""pillars":{"P1":{"score":32.0,"level":2},"P2":{"score":55.0,"level":3},"P3":{"score":47.5,"level":3},"P4":{"score":35.0,"level":2},"P5":{"score":38.18181818181818,"level":2}},"overall":41.53636363636364,"level":2,"security_gap":true}"#;
    assert!(result.ends_with(end), "{result}");
}

#[test]
fn nothing_answered_has_no_level() {
    let result = score_line(bn5(), r#"{"facts":{},"answers":{"Q101":null}}"#).unwrap();
    let pillars = r#""pillars":{"P1":null,"P2":null,"P3":null,"P4":null,"P5":null},"overall":null,"level":null,"security_gap":false}"#;
    assert!(result.starts_with(r#"{"id":null,"flags":[],"items_on":"#) && result.ends_with(pillars), "{result}");
}

#[test]
fn answers_to_items_that_are_not_asked_are_ignored() {
    let line = |extra: &str| format!(r#"{{"facts":{{"F01":1}},"answers":{{"Q505":["a"]{extra}}}}}"#);
    assert_eq!(score_line(bn5(), &line(r#","Q501":5"#)).unwrap(), score_line(bn5(), &line("")).unwrap());
}

#[test]
fn messages_name_the_place_and_the_remedy() {
    let table = [
        ("", "column 0: this is no JSON: EOF while parsing a value"),
        ("[]", "must be an object, not a list"),
        (r#"{"facts":{}}"#, r#"the key "answers" is missing; write "answers": {} if there are none"#),
        (r#"{"facts":{},"answers":{},"answer":{}}"#, r#"unknown key "answer"; use id, facts and answers"#),
        (r#"{"facts":{},"answers":{},"facts":{}}"#, r#"the key "facts" comes twice; remove one"#),
        (r#"{"facts":[],"answers":{}}"#, "facts: must be an object, not a list"),
        (r#"{"id":true,"facts":{},"answers":{}}"#, "id: must be a text or a whole number, not true or false"),
        (
            r#"{"facts":{},"answers":{"Q999":1}}"#,
            r#"Q999: no such question under "answers" in bn5 2026.1; look for a mistyped id"#,
        ),
        (r#"{"facts":{},"answers":{"F01":1}}"#, r#"F01: is a fact; write it under "facts""#),
        (r#"{"facts":{"Q101":1},"answers":{}}"#, r#"Q101: is an item; write it under "answers""#),
        (r#"{"facts":{},"answers":{"Q101":1,"Q101":2}}"#, "Q101: is answered twice; remove one"),
        (r#"{"facts":{},"answers":{"Q101":6}}"#, "Q101: is 6; it must be from 0 to 5"),
        (r#"{"facts":{},"answers":{"Q101":-1}}"#, "Q101: is -1; it must be from 0 to 5"),
        (r#"{"facts":{},"answers":{"Q101":3.5}}"#, "Q101: is a number with decimals; write a whole number from 0 to 5"),
        (r#"{"facts":{},"answers":{"Q101":"3"}}"#, "Q101: is a text; write a whole number from 0 to 5"),
        (r#"{"facts":{},"answers":{"Q101":true}}"#, "Q101: is true or false; write a whole number from 0 to 5"),
        (
            r#"{"facts":{},"answers":{"Q104":["k"]}}"#,
            r#"Q104: has no option "k"; write a list of options, such as ["a"], out of a, b, c, d, e, f, g, h, i, j"#,
        ),
        (r#"{"facts":{},"answers":{"Q104":["a","a"]}}"#, r#"Q104: has the option "a" twice; remove one"#),
        (
            r#"{"facts":{},"answers":{"Q104":[1]}}"#,
            r#"Q104: has a whole number in its list; write a list of options, such as ["a"], out of a, b, c, d, e, f, g, h, i, j"#,
        ),
        (
            r#"{"facts":{},"answers":{"Q104":3}}"#,
            r#"Q104: is a whole number; write a list of options, such as ["a"], out of a, b, c, d, e, f, g, h, i, j"#,
        ),
        (r#"{"facts":{"F01":0},"answers":{}}"#, "F01: is 0; it must be from 1 to 500000"),
        (
            r#"{"facts":{"F02":"99x"},"answers":{}}"#,
            r#"F02: "99x" does not exist; write the two digits of a VSIC 2025 division in quotes"#,
        ),
        (
            r#"{"facts":{"F03":["b2x"]},"answers":{}}"#,
            r#"F03: has no option "b2x"; write a list of options out of b2c, b2b, b2g, export"#,
        ),
        (r#"{"facts":{"F05":"yes"},"answers":{}}"#, "F05: is a text; write true or false"),
        (r#"{"facts":{"F11":101},"answers":{}}"#, "F11: is 101; it must be from 0 to 100"),
        (
            r#"{"facts":{"F17":"robot"},"answers":{}}"#,
            r#"F17: has no option "robot"; write one of none, industrial, service in quotes"#,
        ),
        (r#"{"facts":{"F17":{}},"answers":{}}"#, "F17: is an object; write one of none, industrial, service in quotes"),
    ];
    for (line, message) in table {
        assert_eq!(error(line), message, "{line}");
    }
}

proptest! {
    #[test]
    fn the_line_agrees_with_the_score(given in any_answers(bn5())) {
        let result: serde_json::Value = serde_json::from_str(&score_line(bn5(), &line_of(&given)).unwrap()).unwrap();
        let score = crate::score::score(bn5(), &given);
        prop_assert_eq!(result["level"].as_u64(), score.level.map(u64::from));
        let overall = score.overall.map_or(0.0, |overall| overall.value());
        // Reading JSON may be off by the last bit.
        prop_assert!((result["overall"].as_f64().unwrap_or_default() - overall).abs() < 1e-12);
        prop_assert_eq!(result["items"].as_object().unwrap().len(), score.answered);
    }

    #[test]
    fn no_line_is_a_crash(line in "\\PC{0,60}|[\\[\\]{}\":,0-9aFQ]{0,60}") {
        let _ = score_line(bn5(), &line);
    }
}
