//! What an indicator is for one enterprise.

use super::{Class, Formula, Indicator, Part, Subject};
use crate::answer::{Answer, Answers};
use crate::condition::Context;
use crate::questionnaire::Questionnaire;
use crate::score::{self, Score};

/// The answers of one enterprise with everything that indicators look at.
#[derive(Debug, Clone)]
pub struct Assessed<'a> {
    context: Context<'a>,
    score: &'a Score,
}

/// What an indicator is for one enterprise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// A number, in the unit of the indicator.
    Number(f64),
    /// Whether it is so.
    YesNo(bool),
    /// One of `count` classes or levels, from 0.
    Class {
        /// Its position.
        class: usize,
        /// How many there are.
        count: usize,
    },
    /// A part of a whole.
    Ratio {
        /// The part.
        part: f64,
        /// The whole.
        whole: f64,
    },
    /// The enterprise is not among those the indicator is about.
    NotApplicable,
    /// An open answer decides.
    Unknown,
}

impl<'a> Assessed<'a> {
    /// Brings answers and their score together; `score` is that of the same questionnaire and answers.
    #[must_use]
    pub fn new(questionnaire: &'a Questionnaire, answers: &'a Answers, score: &'a Score) -> Assessed<'a> {
        Assessed { context: Context::new(questionnaire, answers), score }
    }

    fn number(&self, fact: &str) -> Option<f64> {
        let fact = self.context.questionnaire.fact(fact)?;
        self.context.answer(fact).and_then(Answer::number)
    }
}

impl Value {
    /// The terms (a, b) of each figure of the indicator, in the order of [`Indicator::figures`]; the figure is
    /// Σ w·a / Σ w·b. Empty when the enterprise has no part in it.
    #[must_use]
    pub fn terms(self) -> Vec<(f64, f64)> {
        match self {
            Value::Number(number) => vec![(number, 1.0)],
            Value::YesNo(so) => vec![(f64::from(u8::from(so)), 1.0)],
            Value::Class { class, count } => (0..count).map(|one| (f64::from(u8::from(one == class)), 1.0)).collect(),
            Value::Ratio { part, whole } => vec![(part, whole)],
            Value::NotApplicable | Value::Unknown => Vec::new(),
        }
    }
}

impl Indicator {
    /// What it is for one enterprise.
    #[must_use]
    pub fn value(&self, assessed: &Assessed<'_>) -> Value {
        match self.among.as_ref().map(|among| among.verdict(&assessed.context)) {
            Some(Some(false)) => Value::NotApplicable,
            Some(None) => Value::Unknown,
            Some(Some(true)) | None => self.formula.value(assessed).unwrap_or(Value::Unknown),
        }
    }
}

impl Formula {
    fn value(&self, assessed: &Assessed<'_>) -> Option<Value> {
        match self {
            Formula::Score(of) => {
                let score = match of {
                    Subject::Overall => assessed.score.overall,
                    Subject::Pillar(id) => pillar(assessed.score, id)?.score,
                };
                score.map(|score| Value::Number(score.value()))
            }
            Formula::Level(of) => {
                let level = match of {
                    Subject::Overall => assessed.score.level,
                    Subject::Pillar(id) => pillar(assessed.score, id)?.level,
                };
                let count = assessed.context.questionnaire.levels.len();
                level.map(|level| Value::Class { class: usize::from(level), count })
            }
            Formula::When(condition) => condition.verdict(&assessed.context).map(Value::YesNo),
            Formula::Count { parts, classes } => {
                let (least, most) = count(parts, assessed);
                let class = class_of(classes, least);
                (class == class_of(classes, most)).then_some(Value::Class { class, count: classes.len() })
            }
            Formula::CountFrom { parts, from } => {
                let (least, most) = count(parts, assessed);
                ((least >= *from) == (most >= *from)).then_some(Value::YesNo(least >= *from))
            }
            Formula::Number(fact) => assessed.number(fact).map(Value::Number),
            Formula::Ratio { part, whole } => {
                Some(Value::Ratio { part: assessed.number(part)?, whole: assessed.number(whole)? })
            }
        }
    }
}

fn pillar<'s>(score: &'s Score, id: &str) -> Option<&'s score::PillarScore> {
    score.pillars.iter().find(|pillar| pillar.id == id)
}

/// How many parts are met, and how many could be.
fn count(parts: &[Part], assessed: &Assessed<'_>) -> (usize, usize) {
    let verdicts = || parts.iter().map(|part| part.when.verdict(&assessed.context));
    (verdicts().filter(|met| *met == Some(true)).count(), verdicts().filter(|met| *met != Some(false)).count())
}

/// The last class that begins at or below the count.
fn class_of(classes: &[Class], count: usize) -> usize {
    classes.iter().filter(|class| class.from <= count).count().saturating_sub(1)
}
