//! Scores answer sets line by line, for `thuocso score`.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::answer::{Answer, Answers};
use crate::fit::{AnswerError, fits};
use crate::json::{self, Json};
use crate::questionnaire::{Fact, FactAnswer, Item, ItemAnswer, Question, Questionnaire};
use crate::score::{PillarScore, score};

/// Why a line cannot be scored. The message names the question and the remedy; the caller adds the number of the line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineError {
    /// No JSON.
    #[error("column {column}: this is no JSON: {message}")]
    NoJson {
        /// Where reading stopped, from 1.
        column: usize,
        /// What was expected.
        message: String,
    },
    /// No object, or one without the right keys.
    #[error("{0}")]
    Shape(String),
    /// An answer that the questionnaire does not understand.
    #[error("{question}: {message}")]
    Question {
        /// The id as it stands in the line.
        question: String,
        /// What is wrong and what to do.
        message: String,
    },
}

/// Scores one line `{"id": …, "facts": {…}, "answers": {…}}` and returns one line: id, flags (sorted), items_on, items,
/// pillars (score and level, or null with too few answers), overall, level, security_gap. Scores are of 100 and not
/// rounded. `id` may be left out; `null` stands for "unanswered"; answers to items that are not asked are ignored.
///
/// # Errors
/// The first thing in the line that cannot be understood: an unknown key or id, a value of the wrong type, an option or
/// a level that does not exist.
pub fn score_line(questionnaire: &Questionnaire, line: &str) -> Result<String, LineError> {
    let json: Json = serde_json::from_str(line)
        .map_err(|error| LineError::NoJson { column: error.column(), message: json::reason(&error) })?;
    let (id, answers) = answer_set(questionnaire, &json)?;
    let score = score(questionnaire, &answers);
    let pillars = questionnaire.pillars().map(|section| section.id.as_str()).zip(score.pillars.iter().map(pillar));
    let result = Line {
        id,
        flags: &score.flags,
        items_on: score.items_on,
        items: &score.items,
        pillars: pillars.collect(),
        overall: score.overall.map(|overall| overall.value()),
        level: score.level,
        security_gap: !score.security_gaps.is_empty(),
    };
    serde_json::to_string(&result).map_err(|error| LineError::Shape(error.to_string()))
}

#[derive(Serialize)]
struct Line<'a> {
    id: serde_json::Value,
    flags: &'a [String],
    items_on: usize,
    items: &'a BTreeMap<String, u8>,
    pillars: BTreeMap<&'a str, Option<LinePillar>>,
    overall: Option<f64>,
    level: Option<u8>,
    security_gap: bool,
}

#[derive(Serialize)]
struct LinePillar {
    score: f64,
    level: u8,
}

fn pillar(pillar: &PillarScore) -> Option<LinePillar> {
    Some(LinePillar { score: pillar.score?.value(), level: pillar.level? })
}

fn answer_set(questionnaire: &Questionnaire, json: &Json) -> Result<(serde_json::Value, Answers), LineError> {
    let Json::Object(fields) = json else {
        return Err(LineError::Shape(format!("must be an object, not {}", json.kind())));
    };
    let known = ["id", "facts", "answers"];
    if let Some((key, _)) = fields.iter().find(|(key, _)| !known.contains(&key.as_str())) {
        return Err(LineError::Shape(format!("unknown key \"{key}\"; use id, facts and answers")));
    }
    if let Some(twice) = known.iter().find(|known| fields.iter().filter(|(key, _)| key == *known).count() > 1) {
        return Err(LineError::Shape(format!("the key \"{twice}\" comes twice; remove one")));
    }
    let mut answers = Answers::new();
    for (list, wants_items) in [("facts", false), ("answers", true)] {
        for (question, value) in object(json, list)? {
            let wrong = |message: String| LineError::Question { question: question.clone(), message };
            let asked = known_question(questionnaire, question, list, wants_items).map_err(wrong)?;
            if answers.get(question).is_some() {
                return Err(wrong("is answered twice; remove one".to_owned()));
            }
            if let Some(answer) = answer(asked, value).map_err(wrong)? {
                answers.insert(question, answer);
            }
        }
    }
    Ok((line_id(json)?, answers))
}

fn object<'j>(json: &'j Json, key: &str) -> Result<&'j [(String, Json)], LineError> {
    match json.get(key) {
        Some(Json::Object(fields)) => Ok(fields),
        Some(other) => Err(LineError::Shape(format!("{key}: must be an object, not {}", other.kind()))),
        None => Err(LineError::Shape(format!("the key \"{key}\" is missing; write \"{key}\": {{}} if there are none"))),
    }
}

fn line_id(json: &Json) -> Result<serde_json::Value, LineError> {
    match json.get("id") {
        None | Some(Json::Null) => Ok(serde_json::Value::Null),
        Some(Json::Text(text)) => Ok(text.as_str().into()),
        Some(Json::Whole(whole)) => Ok((*whole).into()),
        Some(other) => Err(LineError::Shape(format!("id: must be a text or a whole number, not {}", other.kind()))),
    }
}

fn known_question<'q>(
    questionnaire: &'q Questionnaire,
    id: &str,
    list: &str,
    wants_items: bool,
) -> Result<Question<'q>, String> {
    match questionnaire.question(id) {
        Some(Question::Item(_)) if !wants_items => Err("is an item; write it under \"answers\"".to_owned()),
        Some(Question::Fact(_)) if wants_items => Err("is a fact; write it under \"facts\"".to_owned()),
        Some(question) => Ok(question),
        None => Err(format!(
            "no such question under \"{list}\" in {} {}; look for a mistyped id",
            questionnaire.id, questionnaire.version
        )),
    }
}

fn answer(question: Question<'_>, value: &Json) -> Result<Option<Answer>, String> {
    let answer = match value {
        Json::Null => return Ok(None),
        Json::Bool(yes) => Answer::YesNo(*yes),
        Json::Whole(whole) => Answer::Whole(*whole),
        Json::Decimal(decimal) => Answer::Decimal(*decimal),
        Json::Text(text) => Answer::One(text.clone()),
        Json::List(values) => Answer::Many(ticks(question, values)?),
        Json::Object(_) => return Err(format!("is an object; {}", remedy(question))),
    };
    let Err(error) = fits(question, &answer) else { return Ok(Some(answer)) };
    Err(match (error, &answer) {
        (AnswerError::OutOfRange { min, max }, _) => format!("is {}; it must be from {min} to {max}", shown(value)),
        (AnswerError::UnknownIndustry, Answer::One(code)) => format!("\"{code}\" does not exist; {}", remedy(question)),
        (_, Answer::One(option)) if !options(question).is_empty() => {
            format!("has no option \"{option}\"; {}", remedy(question))
        }
        _ => format!("is {}; {}", value.kind(), remedy(question)),
    })
}

fn ticks(question: Question<'_>, values: &[Json]) -> Result<BTreeSet<String>, String> {
    let mut ticked = BTreeSet::new();
    for value in values {
        let Some(option) = value.as_text() else {
            return Err(format!("has {} in its list; {}", value.kind(), remedy(question)));
        };
        if !options(question).contains(&option) {
            return Err(format!("has no option \"{option}\"; {}", remedy(question)));
        }
        if !ticked.insert(option.to_owned()) {
            return Err(format!("has the option \"{option}\" twice; remove one"));
        }
    }
    Ok(ticked)
}

fn shown(value: &Json) -> String {
    match value {
        Json::Whole(whole) => whole.to_string(),
        Json::Decimal(decimal) => decimal.to_string(),
        other => other.kind().to_owned(),
    }
}

/// How the question is answered.
fn remedy(question: Question<'_>) -> String {
    let options = options(question).join(", ");
    match question {
        Question::Item(Item { answer: ItemAnswer::Ladder { .. }, .. }) => "write a whole number from 0 to 5".to_owned(),
        Question::Item(_) => format!("write a list of options, such as [\"a\"], out of {options}"),
        Question::Fact(Fact { answer, .. }) => match answer {
            FactAnswer::Whole { min, max } => format!("write a whole number from {min} to {max}"),
            FactAnswer::Percent => "write a number from 0 to 100".to_owned(),
            FactAnswer::YesNo => "write true or false".to_owned(),
            FactAnswer::One { .. } => format!("write one of {options} in quotes"),
            FactAnswer::Many { .. } => format!("write a list of options out of {options}"),
            FactAnswer::Industry => "write the two digits of a VSIC 2025 division in quotes".to_owned(),
        },
    }
}

fn options<'q>(question: Question<'q>) -> Vec<&'q str> {
    match question {
        Question::Item(Item { answer: ItemAnswer::Checklist { options, .. }, .. }) => {
            options.iter().map(|option| option.id.as_str()).collect()
        }
        Question::Fact(Fact { answer: FactAnswer::One { options } | FactAnswer::Many { options, .. }, .. }) => {
            options.iter().map(|option| option.id.as_str()).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests;
