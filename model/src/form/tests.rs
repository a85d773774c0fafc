use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::{File, answers, bn5};

fn posted(section: &str, topic: &str, current: serde_json::Value, fields: &str) -> Result<Vec<Entry>, UnknownQuestion> {
    let (_, topic) = bn5().topic(section, topic).unwrap();
    let pairs = fields.split('&').filter_map(|pair| pair.split_once('='));
    let pairs: Vec<(String, String)> = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    read_topic(bn5(), topic, &answers(current), &pairs)
}

/// What one field of the topic was read as.
fn read_one(section: &str, topic: &str, id: &str, fields: &str) -> Result<Option<Answer>, AnswerError> {
    let current = json!({"F01": 5, "F03": ["b2c"], "F04": ["c"], "F06": true, "F07": true, "F11": 5});
    let entries = posted(section, topic, current, fields).unwrap();
    entries.into_iter().find(|entry| entry.question == id).unwrap().read
}

fn many(options: &[&str]) -> Answer {
    Answer::Many(options.iter().map(|option| (*option).to_owned()).collect())
}

#[test]
fn every_asked_question_has_an_entry_in_its_order() {
    let entries = posted("profile", "size", json!({}), "F02=47&F01= 1.234 &_version=3").unwrap();
    assert_eq!(
        entries[0],
        Entry { question: "F01".into(), raw: vec![" 1.234 ".into()], read: Ok(Some(Answer::Whole(1234))) }
    );
    assert_eq!(entries[1].read, Ok(Some(Answer::One("47".into()))));
    let empty = posted("profile", "size", json!({}), "F01=").unwrap();
    assert_eq!((empty.len(), &empty[0].read, &empty[1].read), (2, &Ok(None), &Ok(None)));
    assert_eq!(empty[1].raw, Vec::<String>::new());
}

#[test]
fn whole_numbers() {
    let read = |value: &str| read_one("profile", "size", "F01", &format!("F01={value}"));
    assert_eq!(read("12"), Ok(Some(Answer::Whole(12))));
    assert_eq!(read("12,0"), Ok(Some(Answer::Whole(12))));
    assert_eq!(read("12,5"), Err(AnswerError::NotWhole));
    assert_eq!(read("1,234"), Err(AnswerError::NotWhole));
    assert_eq!(read("abc"), Err(AnswerError::NotWhole));
    assert_eq!(read("0"), Err(AnswerError::OutOfRange { min: 1, max: 500_000 }));
    assert_eq!(read("-5"), Err(AnswerError::OutOfRange { min: 1, max: 500_000 }));
    assert_eq!(read("99999999999999999999"), Err(AnswerError::OutOfRange { min: 1, max: 500_000 }));
    assert_eq!(read("1&F01=2"), Err(AnswerError::NotWhole));
    assert_eq!(read("2&F01=2&F01="), Ok(Some(Answer::Whole(2))));
}

#[test]
fn percentages() {
    let read = |value: &str| read_one("technology", "sales", "F11", &format!("F11={value}"));
    assert_eq!(read("12,5 %"), Ok(Some(Answer::Decimal(12.5))));
    assert_eq!(read("0"), Ok(Some(Answer::Decimal(0.0))));
    assert_eq!(read("100,1"), Err(AnswerError::OutOfRange { min: 0, max: 100 }));
    assert_eq!(read("1,234"), Err(AnswerError::NotNumber));
}

#[test]
fn yes_and_no() {
    let read = |value: &str| read_one("profile", "conditions", "F06", &format!("F06={value}"));
    assert_eq!(read("yes"), Ok(Some(Answer::YesNo(true))));
    assert_eq!(read("no"), Ok(Some(Answer::YesNo(false))));
    assert_eq!(read("maybe"), Err(AnswerError::UnknownOption));
    assert_eq!(read("yes&F06=no"), Err(AnswerError::UnknownOption));
}

#[test]
fn one_option_and_industries() {
    let turnover = |value: &str| read_one("profile", "turnover", "F08", &format!("F08={value}"));
    assert_eq!(turnover("lt1b"), Ok(Some(Answer::One("lt1b".into()))));
    assert_eq!(turnover("none"), Err(AnswerError::UnknownOption));
    let industry = |value: &str| read_one("profile", "size", "F02", &format!("F02={value}"));
    assert_eq!(industry("47"), Ok(Some(Answer::One("47".into()))));
    assert_eq!(industry("45"), Err(AnswerError::UnknownIndustry));
    assert_eq!(read_one("technology", "software", "F17", "F17=none"), Ok(Some(Answer::One("none".into()))));
}

#[test]
fn ticks() {
    let activities = |fields: &str| read_one("profile", "customers", "F04", fields);
    assert_eq!(activities("F04=c&F04=a&F04=c"), Ok(Some(many(&["a", "c"]))));
    assert_eq!(activities("F04=z"), Err(AnswerError::UnknownOption));
    assert_eq!(activities("F04=none"), Err(AnswerError::UnknownOption), "not offered");
    let areas = |fields: &str| read_one("P1", "offers", "Q104", fields);
    assert_eq!(areas("Q104=none"), Ok(Some(many(&[]))));
    assert_eq!(areas("Q104=none&Q104=a"), Err(AnswerError::NoneWithOthers));
    assert_eq!(areas("Q104=d"), Ok(Some(many(&["d"]))));
    assert_eq!(areas("Q104=g"), Err(AnswerError::UnknownOption), "a line that is not shown");
    assert_eq!(areas("_x=1"), Ok(None), "nothing ticked is left empty");
}

#[test]
fn ladders() {
    let plan = |value: &str| read_one("P1", "plan", "Q101", &format!("Q101={value}"));
    assert_eq!(plan("0"), Ok(Some(Answer::Whole(0))));
    assert_eq!(plan("5"), Ok(Some(Answer::Whole(5))));
    assert_eq!(plan("6"), Err(AnswerError::OutOfRange { min: 0, max: 5 }));
    assert_eq!(plan("x"), Err(AnswerError::UnknownOption));
}

#[test]
fn fields_of_other_pages_are_refused() {
    let wrong =
        |section: &str, topic: &str, current, fields: &str| posted(section, topic, current, fields).unwrap_err().id;
    assert_eq!(wrong("P1", "plan", json!({}), "Q101=1&Q201=2"), "Q201");
    assert_eq!(wrong("P1", "plan", json!({}), "Q101=1&zzz=2"), "zzz");
    assert_eq!(wrong("P1", "offers", json!({"F04": ["c"]}), "Q106=1"), "Q106", "not asked");
    assert!(posted("P1", "offers", json!({"F04": ["g"]}), "Q106=1").is_ok());
    assert_eq!(wrong("profile", "turnover", json!({"F06": true}), "F06r=law"), "F06r");
    assert!(posted("profile", "turnover", json!({"F06": false}), "F06r=law").is_ok());
}

#[test]
fn what_is_missing_on_a_page() {
    let missing = |section: &str, topic: &str, given| {
        let (_, topic) = bn5().topic(section, topic).unwrap();
        missing(bn5(), topic, &answers(given)).join(" ")
    };
    assert_eq!(missing("profile", "size", json!({"F01": 0})), "F01 F02", "an answer that does not fit is none");
    assert_eq!(missing("profile", "customers", json!({"F03": [], "F04": ["a"]})), "F03", "without \"none of these\"");
    assert_eq!(missing("profile", "turnover", json!({"F06": false})), "F06r F08");
    assert_eq!(missing("technology", "staff", json!({})), "", "facts that are not required");
    assert_eq!(missing("P1", "offers", json!({"F04": ["c"], "Q104": [], "Q105": 2})), "");
}

#[test]
fn a_many_without_none_needs_a_tick() {
    let questionnaire = File::new(&[("P1", &["A"])]).build();
    assert!(!offers_none(questionnaire.question("staff").unwrap()));
    assert!(offers_none(bn5().question("Q505").unwrap()));
    assert!(!offers_none(bn5().question("Q506").unwrap()));
}

#[test]
fn errors_have_codes() {
    assert_eq!(AnswerError::OutOfRange { min: 1, max: 9 }.code(), "out_of_range");
    assert_eq!(AnswerError::OutOfRange { min: 1, max: 9 }.to_string(), "must be from 1 to 9");
}

proptest! {
    #[test]
    fn whatever_is_posted_is_read_or_refused(fields in prop::collection::vec(("F0[1-8]|Q10[1-6]|_[a-z]|\\PC{0,5}", "\\PC{0,12}|[0-9., %]{0,8}|none|a|yes"), 0..8)) {
        for (section, topic) in [("profile", "size"), ("profile", "customers"), ("P1", "offers")] {
            let (_, topic) = bn5().topic(section, topic).unwrap();
            if let Ok(entries) = read_topic(bn5(), topic, &Answers::new(), &fields) {
                let mut saved = Answers::new();
                saved.apply(&entries);
                for entry in &entries {
                    let fitting = saved.get(&entry.question).is_none_or(|answer| fits(bn5().question(&entry.question).unwrap(), answer).is_ok());
                    prop_assert!(fitting);
                }
            }
        }
    }
}
