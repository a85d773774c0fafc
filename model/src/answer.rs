//! Answers: values by question id, as they are stored and sent.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

pub use crate::fit::AnswerError;
pub use crate::form::{Entry, UnknownQuestion, missing, read_topic};

/// The answer to one question. In JSON: `true`, `12`, `12.5`, `"a"` or `["a", "c"]`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// Yes (`true`) or no.
    YesNo(bool),
    /// A whole number, or the chosen level of a ladder.
    Whole(i64),
    /// A percentage; always finite.
    Decimal(f64),
    /// The id of one option, or the code of an industry.
    One(String),
    /// The ids of all ticked options; empty when "none of these" was ticked.
    Many(BTreeSet<String>),
}

impl Answer {
    /// The number that was given, if the answer is one.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "numbers asked for are far below 2^53")]
    pub fn number(&self) -> Option<f64> {
        match self {
            Answer::Whole(whole) => Some(*whole as f64),
            Answer::Decimal(decimal) => Some(*decimal),
            Answer::YesNo(_) | Answer::One(_) | Answer::Many(_) => None,
        }
    }
}

/// All answers of one assessment, by question id. A question without an entry is unanswered.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Answers(BTreeMap<String, Answer>);

impl Answers {
    /// No answers yet.
    #[must_use]
    pub fn new() -> Answers {
        Answers::default()
    }

    /// The answer to a question.
    #[must_use]
    pub fn get(&self, question: &str) -> Option<&Answer> {
        self.0.get(question)
    }

    /// Sets an answer and returns the one it replaces.
    pub fn insert(&mut self, question: impl Into<String>, answer: Answer) -> Option<Answer> {
        self.0.insert(question.into(), answer)
    }

    /// Takes an answer out.
    pub fn remove(&mut self, question: &str) -> Option<Answer> {
        self.0.remove(question)
    }

    /// Takes over what was read from a posted page: answers replace, questions left empty are cleared, wrong input
    /// changes nothing.
    pub fn apply(&mut self, entries: &[Entry]) {
        for entry in entries {
            match &entry.read {
                Ok(Some(answer)) => drop(self.insert(&entry.question, answer.clone())),
                Ok(None) => drop(self.remove(&entry.question)),
                Err(_) => {}
            }
        }
    }

    /// Question ids with their answers, in the order of the ids.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &Answer)> {
        self.0.iter().map(|(question, answer)| (question.as_str(), answer))
    }

    /// How many questions have an answer.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no answer at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl FromIterator<(String, Answer)> for Answers {
    fn from_iter<T: IntoIterator<Item = (String, Answer)>>(answers: T) -> Answers {
        Answers(answers.into_iter().collect())
    }
}

impl IntoIterator for Answers {
    type Item = (String, Answer);
    type IntoIter = std::collections::btree_map::IntoIter<String, Answer>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_keeps_the_kind_of_every_answer() {
        let json = r#"{"F01":12,"F03":["b2b","b2c"],"F05":false,"F08":"lt1b","F11":12.5,"Q104":[]}"#;
        let answers: Answers = serde_json::from_str(json).unwrap();
        assert_eq!(answers.get("F01"), Some(&Answer::Whole(12)));
        assert_eq!(answers.get("F05"), Some(&Answer::YesNo(false)));
        assert_eq!(answers.get("F11"), Some(&Answer::Decimal(12.5)));
        assert_eq!(answers.get("Q104"), Some(&Answer::Many(BTreeSet::new())));
        assert_eq!(serde_json::to_string(&answers).unwrap(), json);
    }

    #[test]
    fn numbers_that_are_none_are_refused() {
        for json in [r#"{"F11":1e999}"#, r#"{"F11":NaN}"#, r#"{"F11":null}"#, r#"{"F11":{"a":1}}"#, r#"{"F11":[1]}"#] {
            assert!(serde_json::from_str::<Answers>(json).is_err(), "{json}");
        }
    }

    #[test]
    fn entries_set_and_clear() {
        let entry = |question: &str, read| Entry { question: question.to_owned(), raw: Vec::new(), read };
        let mut answers: Answers = serde_json::from_str(r#"{"F01":1,"F05":true,"F11":5}"#).unwrap();
        answers.apply(&[
            entry("F01", Ok(Some(Answer::Whole(2)))),
            entry("F05", Ok(None)),
            entry("F11", Err(AnswerError::NotNumber)),
        ]);
        assert_eq!(serde_json::to_string(&answers).unwrap(), r#"{"F01":2,"F11":5}"#);
    }
}
