//! Whether an answer is one that its question accepts.

use crate::answer::{Answer, Answers};
use crate::classification;
use crate::questionnaire::{FactAnswer, ItemAnswer, Question};

/// What is wrong with one answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
pub enum AnswerError {
    /// A required question is unanswered. Reading a page never says so; see [`missing`](crate::form::missing).
    #[error("needs an answer")]
    Missing,
    /// Not a whole number.
    #[error("must be a whole number")]
    NotWhole,
    /// Not a number, or one that can be read in two ways, such as "1,234".
    #[error("must be a number")]
    NotNumber,
    /// Outside the bounds, both of which are allowed.
    #[error("must be from {min} to {max}")]
    OutOfRange {
        /// The lowest number allowed.
        min: i64,
        /// The highest number allowed.
        max: i64,
    },
    /// An option that the question does not have or does not show.
    #[error("is no option of the question")]
    UnknownOption,
    /// "None of these" together with something else.
    #[error("has \"none of these\" together with something else")]
    NoneWithOthers,
    /// No division of the industrial classification.
    #[error("must be a division of VSIC 2025, two digits")]
    UnknownIndustry,
}

impl AnswerError {
    /// The code by which the interface finds its words.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            AnswerError::Missing => "missing",
            AnswerError::NotWhole => "not_whole",
            AnswerError::NotNumber => "not_number",
            AnswerError::OutOfRange { .. } => "out_of_range",
            AnswerError::UnknownOption => "unknown_option",
            AnswerError::NoneWithOthers => "none_with_others",
            AnswerError::UnknownIndustry => "unknown_industry",
        }
    }
}

/// Whether the answers hold one that the question accepts. Ticking nothing is an answer where "none of these" is
/// offered.
pub(crate) fn is_answered(question: Question<'_>, answers: &Answers) -> bool {
    let Some(answer) = answers.get(question.id()) else { return false };
    let nothing_ticked = matches!(answer, Answer::Many(ticked) if ticked.is_empty());
    (!nothing_ticked || offers_none(question)) && fits(question, answer).is_ok()
}

/// Whether "none of these" can be answered.
pub(crate) fn offers_none(question: Question<'_>) -> bool {
    match question {
        Question::Item(item) => !item.is_ladder(),
        Question::Fact(fact) => matches!(&fact.answer, FactAnswer::Many { none: Some(_), .. }),
    }
}

/// Whether an answer is of the kind, and within the bounds, that a question asks for. Lines that are hidden from this
/// enterprise are accepted: they do not count, and may have been ticked before the profile changed.
pub(crate) fn fits(question: Question<'_>, answer: &Answer) -> Result<(), AnswerError> {
    match question {
        Question::Item(item) => match &item.answer {
            ItemAnswer::Ladder { .. } => whole_within(answer, 0, 5),
            ItemAnswer::Checklist { options, .. } => many_of(answer, |id| options.iter().any(|option| option.id == id)),
        },
        Question::Fact(fact) => fits_fact(&fact.answer, answer),
    }
}

fn fits_fact(kind: &FactAnswer, answer: &Answer) -> Result<(), AnswerError> {
    match kind {
        FactAnswer::Whole { min, max } => whole_within(answer, *min, *max),
        FactAnswer::Percent => percent(answer),
        FactAnswer::YesNo => matches!(answer, Answer::YesNo(_)).then_some(()).ok_or(AnswerError::UnknownOption),
        FactAnswer::One { options } => one_of(answer, |id| options.iter().any(|option| option.id == id)),
        FactAnswer::Many { options, .. } => many_of(answer, |id| options.iter().any(|option| option.id == id)),
        FactAnswer::Industry => {
            one_of(answer, |code| classification::division(code).is_some()).map_err(|_| AnswerError::UnknownIndustry)
        }
    }
}

fn whole_within(answer: &Answer, min: i64, max: i64) -> Result<(), AnswerError> {
    match answer {
        Answer::Whole(whole) if (min..=max).contains(whole) => Ok(()),
        Answer::Whole(_) => Err(AnswerError::OutOfRange { min, max }),
        _ => Err(AnswerError::NotWhole),
    }
}

fn percent(answer: &Answer) -> Result<(), AnswerError> {
    let number = answer.number().ok_or(AnswerError::NotNumber)?;
    if (0.0..=100.0).contains(&number) { Ok(()) } else { Err(AnswerError::OutOfRange { min: 0, max: 100 }) }
}

fn one_of(answer: &Answer, exists: impl Fn(&str) -> bool) -> Result<(), AnswerError> {
    match answer {
        Answer::One(chosen) if exists(chosen) => Ok(()),
        _ => Err(AnswerError::UnknownOption),
    }
}

fn many_of(answer: &Answer, exists: impl Fn(&str) -> bool) -> Result<(), AnswerError> {
    match answer {
        Answer::Many(ticked) if ticked.iter().all(|id| exists(id)) => Ok(()),
        _ => Err(AnswerError::UnknownOption),
    }
}
