use serde_json::json;

use super::*;
use crate::testing::{File, bn5, text};

#[test]
fn the_built_in_questionnaire_is_complete() {
    let bn5 = bn5();
    assert_eq!((bn5.items.len(), bn5.items.iter().filter(|item| item.core).count()), (43, 20));
    assert_eq!((bn5.facts.len(), bn5.checks.len(), bn5.glossary.len()), (31, 12, 9));
    let sizes: Vec<usize> = bn5.pillars().map(|pillar| pillar.questions().count()).collect();
    assert_eq!(sizes, [6, 9, 9, 8, 11]);
    assert!(Questionnaire::builtin("bn6").is_none());
}

#[test]
fn vietnamese_is_vietnamese() {
    // English left in the place of a translation would have the same words in both languages.
    let same = |text: &Text| text.vi == text.en;
    for item in &bn5().items {
        let mut texts = vec![&item.title, &item.question, &item.evidence, &item.action_low, &item.action_next];
        match &item.answer {
            ItemAnswer::Ladder { levels } => texts.extend(levels),
            ItemAnswer::Checklist { options, .. } => texts.extend(options.iter().map(|option| &option.text)),
        }
        let untranslated: Vec<&&Text> = texts.iter().filter(|text| same(text)).collect();
        assert!(untranslated.is_empty(), "{}: {untranslated:?}", item.id);
    }
    assert!(bn5().facts.iter().all(|fact| !same(&fact.text)));
}

#[test]
fn a_questionnaire_is_written_as_it_is_read() {
    let file: serde_json::Value = serde_json::from_str(include_str!("../../questionnaires/bn5.json")).unwrap();
    let written = serde_json::to_string(bn5()).unwrap();
    assert_eq!(Questionnaire::parse(&written).as_ref(), Ok(bn5()));
    assert_eq!(serde_json::from_str::<Questionnaire>(&written).unwrap(), *bn5());
    let written: serde_json::Value = serde_json::from_str(&written).unwrap();
    for (key, value) in file.as_object().unwrap() {
        assert!(written[key] == *value, "{key}");
    }
}

#[test]
fn questions_are_found_by_id() {
    assert!(matches!(bn5().question("Q303"), Some(Question::Item(item)) if item.id == "Q303"));
    assert!(matches!(bn5().question("F12a"), Some(Question::Fact(fact)) if fact.id == "F12a"));
    assert!(bn5().question("Q999").is_none());
    assert!(bn5().item("F01").is_none() && bn5().fact("Q101").is_none());
    assert_eq!(bn5().pillar_of("Q511").unwrap().id, "P5");
    assert!(bn5().pillar_of("F01").is_none());
    let (section, topic) = bn5().topic_of("Q309").unwrap();
    assert_eq!((section.id.as_str(), topic.id.as_str()), ("P3", "care"));
    assert_eq!(bn5().topic("P3", "care"), bn5().topic_of("Q309"));
    assert!(bn5().topic("P4", "care").is_none());
}

#[test]
fn numbers_follow_the_position_in_the_pillar() {
    let numbers = ["Q101", "Q304", "Q305", "Q511", "F01", "zzz"].map(|id| bn5().number(id));
    assert_eq!(numbers, ["1.1", "3.4", "3.5", "5.11", "", ""]);
    let reordered = File::new(&[("P1", &["A", "B"])])
        .set("/sections/1/topics/0/questions", json!(["B"]))
        .set("/sections/1/topics/-", json!({"id": "more", "title": text("t"), "questions": ["A"]}))
        .build();
    assert_eq!((reordered.number("B"), reordered.number("A")), ("1.1".to_owned(), "1.2".to_owned()));
}

#[test]
fn an_unread_questionnaire_cannot_be_deserialized() {
    let error = serde_json::from_value::<Questionnaire>(json!({"id": "x"})).unwrap_err().to_string();
    assert!(error.contains("sections: is missing; it must be a list"), "{error}");
}
