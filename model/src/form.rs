//! From the fields of a posted page to answers.

use std::collections::BTreeSet;

use crate::answer::{Answer, Answers};
use crate::fit::{AnswerError, fits, is_answered, offers_none};
use crate::format::parse_number;
use crate::profile::{Asked, asked};
use crate::questionnaire::{Fact, FactAnswer, Question, Questionnaire, Topic};

/// One question of a posted page: what was typed, and what it means.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The id of the question.
    pub question: String,
    /// The values as they were posted, to show them again.
    pub raw: Vec<String>,
    /// The answer, nothing if the question was left empty, or what is wrong.
    pub read: Result<Option<Answer>, AnswerError>,
}

/// A field that belongs to no question of the page. Nothing of such a post is saved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{id}\" is no question of this page that is asked of this enterprise")]
pub struct UnknownQuestion {
    /// The name of the field.
    pub id: String,
}

/// Reads the fields of one page: named by question id, repeated for several ticks, `none` for "none of these", empty
/// for "left empty", `yes` and `no`. Names that begin with `_` belong to the form itself and are passed over.
///
/// Gives one entry for every question of the topic that is asked given `current`, in their order.
///
/// # Errors
/// A field of another page, of a question that is not asked, or of nothing.
pub fn read_topic(
    questionnaire: &Questionnaire,
    topic: &Topic,
    current: &Answers,
    pairs: &[(String, String)],
) -> Result<Vec<Entry>, UnknownQuestion> {
    let asked = asked(questionnaire, current);
    let questions: Vec<Question<'_>> = asked.questions(topic).collect();
    let known = |name: &str| name.starts_with('_') || questions.iter().any(|question| question.id() == name);
    if let Some((name, _)) = pairs.iter().find(|(name, _)| !known(name)) {
        return Err(UnknownQuestion { id: name.clone() });
    }
    Ok(questions.into_iter().map(|question| entry(question, &asked, pairs)).collect())
}

/// The questions of a topic that are asked, must be answered and are not: items and required facts.
#[must_use]
pub fn missing(questionnaire: &Questionnaire, topic: &Topic, answers: &Answers) -> Vec<String> {
    let asked = asked(questionnaire, answers);
    let open = asked.questions(topic).filter(|question| question.required() && !is_answered(*question, answers));
    open.map(|question| question.id().to_owned()).collect()
}

fn entry(question: Question<'_>, asked: &Asked<'_>, pairs: &[(String, String)]) -> Entry {
    let own = pairs.iter().filter(|(name, _)| name == question.id());
    let raw: Vec<String> = own.map(|(_, value)| value.clone()).collect();
    let typed: BTreeSet<&str> = raw.iter().map(|value| value.trim()).filter(|value| !value.is_empty()).collect();
    let read = if typed.is_empty() { Ok(None) } else { read(question, asked, &typed).map(Some) };
    Entry { question: question.id().to_owned(), read, raw }
}

fn read(question: Question<'_>, asked: &Asked<'_>, typed: &BTreeSet<&str>) -> Result<Answer, AnswerError> {
    let answer = match question {
        Question::Item(item) if item.is_ladder() => {
            Answer::Whole(only(typed).and_then(|value| value.parse().ok()).ok_or(AnswerError::UnknownOption)?)
        }
        Question::Item(_) | Question::Fact(Fact { answer: FactAnswer::Many { .. }, .. }) => {
            ticks(question, asked, typed)?
        }
        Question::Fact(fact) => match &fact.answer {
            FactAnswer::Whole { min, max } => {
                whole(only(typed).ok_or(AnswerError::NotWhole)?, AnswerError::OutOfRange { min: *min, max: *max })?
            }
            FactAnswer::Percent => Answer::Decimal(only(typed).and_then(parse_number).ok_or(AnswerError::NotNumber)?),
            FactAnswer::YesNo => match only(typed) {
                Some("yes" | "true") => Answer::YesNo(true),
                Some("no" | "false") => Answer::YesNo(false),
                _ => return Err(AnswerError::UnknownOption),
            },
            _ => Answer::One(only(typed).ok_or(AnswerError::UnknownOption)?.to_owned()),
        },
    };
    fits(question, &answer).map(|()| answer)
}

/// The value of a field that can have only one.
fn only<'t>(typed: &BTreeSet<&'t str>) -> Option<&'t str> {
    typed.first().copied().filter(|_| typed.len() == 1)
}

#[allow(clippy::cast_possible_truncation, reason = "the bound is checked first")]
fn whole(typed: &str, out_of_range: AnswerError) -> Result<Answer, AnswerError> {
    let number = parse_number(typed).ok_or(AnswerError::NotWhole)?;
    if number.fract() != 0.0 {
        return Err(AnswerError::NotWhole);
    }
    if number.abs() > 9e15 { Err(out_of_range) } else { Ok(Answer::Whole(number as i64)) }
}

fn ticks(question: Question<'_>, asked: &Asked<'_>, typed: &BTreeSet<&str>) -> Result<Answer, AnswerError> {
    if typed.contains("none") {
        return match (offers_none(question), typed.len()) {
            (false, _) => Err(AnswerError::UnknownOption),
            (true, 1) => Ok(Answer::Many(BTreeSet::new())),
            (true, _) => Err(AnswerError::NoneWithOthers),
        };
    }
    if typed.iter().any(|option| !asked.option(question.id(), option)) {
        return Err(AnswerError::UnknownOption);
    }
    Ok(Answer::Many(typed.iter().map(|option| (*option).to_owned()).collect()))
}

#[cfg(test)]
mod tests;
