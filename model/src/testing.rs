//! Small questionnaires and random answers for tests.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::answer::{Answer, Answers};
use crate::questionnaire::{FactAnswer, ItemAnswer, Questionnaire};

/// A questionnaire file under construction: one fact `staff`, one flag `big` (ten or more), pillars of ladders.
pub(crate) struct File(pub(crate) Value);

/// The built-in questionnaire.
pub(crate) fn bn5() -> &'static Questionnaire {
    Questionnaire::builtin("bn5").unwrap()
}

pub(crate) fn text(words: &str) -> Value {
    json!({ "vi": words, "en": words })
}

impl File {
    /// Pillars of weight 1 by id, each with its ladders by id. All pillars must reach a level.
    pub(crate) fn new(pillars: &[(&str, &[&str])]) -> File {
        let six = |words: &str| (0..6).map(|level| text(&format!("{words} {level}"))).collect::<Vec<Value>>();
        let items = pillars.iter().flat_map(|(_, items)| items.iter());
        let items = items.map(|id| {
            json!({
                "id": id, "title": text(id), "question": text("?"), "evidence": text("e"),
                "action_low": text("low"), "action_next": text("next"), "effort": 1, "impact": 1,
                "answer": { "type": "ladder", "levels": six("statement") },
            })
        });
        let mut sections = vec![json!({
            "id": "profile", "title": text("profile"), "hint": text("h"),
            "topics": [{ "id": "size", "title": text("size"), "questions": ["staff"] }],
        })];
        sections.extend(pillars.iter().map(|(id, items)| {
            json!({
                "id": id, "title": text(id), "hint": text("h"), "weight": 1,
                "topics": [{ "id": format!("{id}-topic"), "title": text("topic"), "questions": items }],
            })
        }));
        File(json!({
            "format": 1, "id": "tiny", "version": "1", "title": text("tiny"),
            "levels": (0..6).map(|level| json!({ "name": text(&level.to_string()), "meaning": text("m") })).collect::<Vec<_>>(),
            "bounds": [0, 10, 20, 40, 60, 80], "gate": vec![pillars.len(); 5], "sufficient_percent": 80,
            "security_floor": [], "checks": [], "glossary": [],
            "flags": [{ "id": "big", "when": { "fact": "staff", "at_least": 10 } }],
            "facts": [{ "id": "staff", "text": text("staff?"), "answer": { "type": "whole", "min": 1, "max": 1000 }, "required": true }],
            "items": items.collect::<Vec<Value>>(),
            "sections": sections,
        }))
    }

    /// Sets a place of the file, named by JSON pointer; the last key may be new.
    pub(crate) fn set(mut self, pointer: &str, value: Value) -> File {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        match self.0.pointer_mut(parent).unwrap_or_else(|| panic!("no {parent}")) {
            Value::Array(list) if key == "-" => list.push(value),
            Value::Array(list) => list[key.parse::<usize>().unwrap()] = value,
            object => object[key] = value,
        }
        self
    }

    /// Takes a key out.
    pub(crate) fn without(mut self, pointer: &str) -> File {
        let (parent, key) = pointer.rsplit_once('/').unwrap();
        self.0.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(key);
        self
    }

    pub(crate) fn build(&self) -> Questionnaire {
        Questionnaire::parse(&self.0.to_string()).unwrap_or_else(|problems| {
            panic!("{}", problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))
        })
    }

    /// The problems as they are shown.
    pub(crate) fn problems(&self) -> Vec<String> {
        let problems = Questionnaire::parse(&self.0.to_string()).err().unwrap_or_default();
        problems.iter().map(ToString::to_string).collect()
    }
}

/// A good file: A and B in the pillar P1, C in P2.
pub(crate) fn file() -> File {
    File::new(&[("P1", &["A", "B"]), ("P2", &["C"])])
}

/// The one problem that a change to a good file makes.
pub(crate) fn problem(pointer: &str, value: Value) -> String {
    let mut problems = file().set(pointer, value).problems();
    assert_eq!(problems.len(), 1, "{problems:#?}");
    problems.remove(0)
}

/// Answers out of JSON.
pub(crate) fn answers(json: Value) -> Answers {
    serde_json::from_value(json).unwrap()
}

/// Answers out of facts, levels such as "Q101=1 Q102=2", and ticks such as ("Q505", "acd").
pub(crate) fn given(facts: Value, levels: &str, ticks: &[(&str, &str)]) -> Answers {
    let mut all = answers(facts);
    for (item, level) in levels.split_whitespace().filter_map(|pair| pair.split_once('=')) {
        all.insert(item, Answer::Whole(level.parse().unwrap()));
    }
    for (item, options) in ticks {
        all.insert(*item, Answer::Many(options.chars().map(String::from).collect()));
    }
    all
}

/// Case A of the instrument (§2, "Test cases"): a retail shop with 12 staff.
pub(crate) fn shop() -> Answers {
    let facts = json!({"F01": 12, "F02": "47", "F03": ["b2c"], "F04": ["c", "f"], "F05": false, "F06": true, "F07": true, "F08": "10to50b"});
    let levels = "Q101=1 Q102=2 Q103=1 Q105=2 Q201=2 Q202=3 Q206=3 Q208=3 Q301=3 Q302=2 Q303=3 Q305=3 Q306=2 Q307=3 Q308=2 \
                  Q309=1 Q401=1 Q402=3 Q403=2 Q404=2 Q405=1 Q406=2 Q407=1 Q408=2 Q501=3 Q502=2 Q503=1 Q504=2 Q506=1 \
                  Q507=1 Q508=1 Q509=2 Q510=3 Q511=3";
    given(facts, levels, &[("Q104", "beh"), ("Q505", "acd")])
}

/// Answers to any questions, of the right kind, some left open.
pub(crate) fn any_answers(questionnaire: &'static Questionnaire) -> impl Strategy<Value = Answers> {
    let questions = questionnaire.facts.len() + questionnaire.items.len();
    let seeds = prop::collection::vec(any::<u32>(), questions);
    (seeds, 0_u32..4).prop_map(|(seeds, open)| drawn(questionnaire, &seeds, open))
}

/// Answers to all questions.
pub(crate) fn full_answers(questionnaire: &'static Questionnaire) -> impl Strategy<Value = Answers> {
    let questions = questionnaire.facts.len() + questionnaire.items.len();
    prop::collection::vec(any::<u32>(), questions).prop_map(|seeds| drawn(questionnaire, &seeds, 0))
}

/// One answer for every seed, except for about `open` questions in ten.
fn drawn(questionnaire: &Questionnaire, seeds: &[u32], open: u32) -> Answers {
    let facts = questionnaire.facts.iter().map(|fact| (&fact.id, Err(&fact.answer)));
    let items = questionnaire.items.iter().map(|item| (&item.id, Ok(&item.answer)));
    let answered = facts.chain(items).zip(seeds).filter(|(_, seed)| *seed % 10 >= open);
    let ticks = |ids: Vec<&String>, seed: u32| -> BTreeSet<String> {
        ids.into_iter().enumerate().filter(|(nth, _)| seed >> nth & 1 == 1).map(|(_, id)| id.clone()).collect()
    };
    let answers = answered.map(|((id, kind), seed)| {
        let seed = seed / 10;
        let answer = match kind {
            Ok(ItemAnswer::Ladder { .. }) => Answer::Whole(i64::from(seed % 6)),
            Ok(ItemAnswer::Checklist { options, .. }) => {
                Answer::Many(ticks(options.iter().map(|option| &option.id).collect(), seed))
            }
            Err(FactAnswer::Whole { min, max }) => Answer::Whole((min + i64::from(seed % 20)).min(*max)),
            Err(FactAnswer::Percent) => Answer::Decimal(f64::from(seed % 1001) / 10.0),
            Err(FactAnswer::YesNo) => Answer::YesNo(seed % 2 == 1),
            Err(FactAnswer::One { options }) => Answer::One(options[seed as usize % options.len()].id.clone()),
            Err(FactAnswer::Many { options, .. }) => {
                Answer::Many(ticks(options.iter().map(|option| &option.id).collect(), seed))
            }
            Err(FactAnswer::Industry) => Answer::One("47".to_owned()),
        };
        (id.clone(), answer)
    });
    answers.collect()
}
