//! Conditions: when a question is asked, when a flag is set, when a check is raised. Data, not code.

use std::collections::BTreeSet;

use serde::{Serialize, Serializer};

use crate::answer::{Answer, Answers};
use crate::questionnaire::{Fact, Item, Question, Questionnaire};
use crate::score;

/// Something that is so or not, given the answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Condition {
    /// A flag is set.
    Flag(String),
    /// All of these are so.
    All {
        /// At least one condition.
        all: Vec<Condition>,
    },
    /// At least one of these is so.
    Any {
        /// At least one condition.
        any: Vec<Condition>,
    },
    /// So many of these are so.
    Some {
        /// At least as many conditions.
        some: Vec<Condition>,
        /// How many must be so, 1 or more.
        at_least: usize,
    },
    /// This is not so.
    Not {
        /// What must not be so.
        not: Box<Condition>,
    },
    /// Something about the answer to a fact.
    Fact {
        /// The id of the fact.
        fact: String,
        /// What must be so.
        #[serde(flatten)]
        test: FactTest,
    },
    /// Something about the answer to an item.
    Item {
        /// The id of the item.
        item: String,
        /// What must be so.
        #[serde(flatten)]
        test: ItemTest,
    },
    /// The level that a share stands for (0; up to 20; 40; 60; 80; above 80 %) is far from an item's level.
    Share {
        /// The fact with the part, a whole number.
        share: String,
        /// The fact with the whole, a whole number.
        of: String,
        /// The item whose level is compared.
        away_from: String,
        /// The distance in levels from which the condition holds, 1–5.
        by: u8,
    },
    /// A fact is more than so many per cent of another one.
    Part {
        /// The fact with the part, a whole number.
        part: String,
        /// The fact with the whole, a whole number.
        of: String,
        /// The share that must be exceeded, in per cent.
        above: u32,
    },
    /// All asked ladders are answered with the same level, or more than `top` items are at 5.
    StraightLine {
        /// Always true; names the condition in the file.
        straight_line: bool,
        /// How many items at 5 are not yet odd.
        top: usize,
    },
}

/// What can be so about the answer to a fact.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FactTest {
    /// A number above this one.
    Above(#[serde(serialize_with = "plain")] f64),
    /// This number or a higher one.
    AtLeast(#[serde(serialize_with = "plain")] f64),
    /// This number or a lower one.
    AtMost(#[serde(serialize_with = "plain")] f64),
    /// Exactly this answer.
    Is(Expected),
    /// This option is ticked.
    Has(String),
    /// Whether "none of these" was answered.
    Empty(bool),
}

/// An answer to compare with.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Expected {
    /// Yes or no.
    YesNo(bool),
    /// The id of an option.
    Option(String),
}

/// What can be so about the answer to an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ItemTest {
    /// This level or a higher one.
    AtLeast(u8),
    /// This level or a lower one.
    AtMost(u8),
    /// This line of the checklist is ticked.
    Has(String),
}

/// What conditions look at.
#[derive(Debug, Clone)]
pub struct Context<'a> {
    /// The questionnaire that the conditions are part of.
    pub questionnaire: &'a Questionnaire,
    /// The answers so far.
    pub answers: &'a Answers,
    /// The flags that are set.
    pub flags: BTreeSet<&'a str>,
}

/// Whether something is so; it is unknown as long as a question it depends on is unanswered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Truth {
    No,
    Unknown,
    Yes,
}

impl<'a> Context<'a> {
    /// Finds out which flags are set.
    #[must_use]
    pub fn new(questionnaire: &'a Questionnaire, answers: &'a Answers) -> Context<'a> {
        let mut context = Context { questionnaire, answers, flags: BTreeSet::new() };
        let set = questionnaire.flags.iter().filter(|flag| flag.when.holds(&context)).map(|flag| flag.id.as_str());
        context.flags = set.collect();
        context
    }

    /// Whether something with this condition is asked; without a condition it always is.
    #[must_use]
    pub fn asks(&self, asked_if: Option<&Condition>) -> bool {
        asked_if.is_none_or(|condition| condition.holds(self))
    }

    /// The answer to a fact, unless the fact is not asked.
    #[must_use]
    pub fn answer(&self, fact: &Fact) -> Option<&'a Answer> {
        let answer = self.answers.get(&fact.id)?;
        self.asks(fact.asked_if.as_ref()).then_some(answer)
    }

    /// The level of an item, unless it is unanswered or not asked.
    #[must_use]
    pub fn level(&self, item: &Item) -> Option<u8> {
        self.asks(item.asked_if.as_ref()).then(|| score::level_in(self, item)).flatten()
    }

    fn whole(&self, fact_id: &str) -> Option<i64> {
        match self.answer(self.questionnaire.fact(fact_id)?)? {
            Answer::Whole(whole) => Some(*whole),
            _ => None,
        }
    }

    /// Whether the profile says that the question is not asked.
    fn is_skipped(&self, id: &str) -> bool {
        let asked_if = self.questionnaire.question(id).and_then(Question::asked_if);
        asked_if.is_some_and(|condition| condition.truth(self, Truth::Unknown) == Truth::No)
    }
}

impl Condition {
    /// Whether it is so. Unanswered questions leave a condition open, also under `not`, and an open condition does not
    /// hold.
    #[must_use]
    pub fn holds(&self, context: &Context<'_>) -> bool {
        self.truth(context, Truth::Unknown) == Truth::Yes
    }

    /// Whether it is so, for statistics: a question that the profile says is not asked counts as not met, and nothing is
    /// known as long as an unanswered one decides (instrument §5).
    #[must_use]
    pub fn verdict(&self, context: &Context<'_>) -> Option<bool> {
        match self.truth(context, Truth::No) {
            Truth::No => Some(false),
            Truth::Unknown => None,
            Truth::Yes => Some(true),
        }
    }

    /// `skipped` is what a test of a question that is not asked amounts to.
    fn truth(&self, context: &Context<'_>, skipped: Truth) -> Truth {
        let of = |part: &Condition| part.truth(context, skipped);
        // Whether a question is skipped matters only where that says more than an open answer.
        let is_skipped =
            |ids: &[&str]| skipped != Truth::Unknown && ids.iter().any(|question| context.is_skipped(question));
        let asked = |ids: &[&str], so: &dyn Fn() -> Option<bool>| {
            if is_skipped(ids) { skipped } else { so().map_or(Truth::Unknown, known) }
        };
        match self {
            Condition::Flag(flag) => flag_truth(flag, context, skipped),
            Condition::All { all } => all.iter().map(of).min().unwrap_or(Truth::Yes),
            Condition::Any { any } => any.iter().map(of).max().unwrap_or(Truth::No),
            Condition::Some { some, at_least } => nth_truth(some.iter().map(of).collect(), *at_least),
            Condition::Not { not } => opposite(of(not)),
            Condition::Fact { fact, test } => asked(&[fact], &|| fact_truth(fact, test, context)),
            Condition::Item { item, test } => asked(&[item], &|| item_truth(item, test, context)),
            Condition::Share { share, of, away_from, by } => {
                asked(&[share, of, away_from], &|| Some(distance(context, share, of, away_from)? >= *by))
            }
            Condition::Part { part, of, above } => asked(&[part, of], &|| exceeds(context, part, of, *above)),
            Condition::StraightLine { top, .. } => known(is_straight_line(context, *top)),
        }
    }
}

/// Writes 5 and not 5.0, as people write it in files.
#[allow(clippy::cast_possible_truncation, reason = "the whole number is compared with the original")]
#[allow(clippy::cast_precision_loss, reason = "the whole number is compared with the original")]
#[allow(clippy::float_cmp, reason = "exactly equal or written with decimals")]
#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn plain<S: Serializer>(number: &f64, serializer: S) -> Result<S::Ok, S::Error> {
    let whole = *number as i64;
    if whole as f64 == *number { serializer.serialize_i64(whole) } else { serializer.serialize_f64(*number) }
}

fn known(so: bool) -> Truth {
    if so { Truth::Yes } else { Truth::No }
}

fn opposite(truth: Truth) -> Truth {
    match truth {
        Truth::No => Truth::Yes,
        Truth::Unknown => Truth::Unknown,
        Truth::Yes => Truth::No,
    }
}

/// The n-th best of these: at least n are so, may be so, or cannot be so.
fn nth_truth(mut truths: Vec<Truth>, n: usize) -> Truth {
    truths.sort_unstable_by(|a, b| b.cmp(a));
    n.checked_sub(1).map_or(Truth::Yes, |last| truths.get(last).copied().unwrap_or(Truth::No))
}

/// A flag that is not set may be refused or still open; only its own condition knows.
fn flag_truth(id: &str, context: &Context<'_>, skipped: Truth) -> Truth {
    if context.flags.contains(id) {
        return Truth::Yes;
    }
    context.questionnaire.flag(id).map_or(Truth::Unknown, |flag| flag.when.truth(context, skipped))
}

fn fact_truth(id: &str, test: &FactTest, context: &Context<'_>) -> Option<bool> {
    let answer = context.answer(context.questionnaire.fact(id)?)?;
    match test {
        FactTest::Above(bound) => answer.number().map(|number| number > *bound),
        FactTest::AtLeast(bound) => answer.number().map(|number| number >= *bound),
        FactTest::AtMost(bound) => answer.number().map(|number| number <= *bound),
        FactTest::Is(expected) => match (answer, expected) {
            (Answer::YesNo(given), Expected::YesNo(wanted)) => Some(given == wanted),
            (Answer::One(given), Expected::Option(wanted)) => Some(given == wanted),
            _ => None,
        },
        FactTest::Has(option) => ticked(answer).map(|ticked| ticked.contains(option)),
        FactTest::Empty(empty) => ticked(answer).map(|ticked| ticked.is_empty() == *empty),
    }
}

fn item_truth(id: &str, test: &ItemTest, context: &Context<'_>) -> Option<bool> {
    let item = context.questionnaire.item(id)?;
    let level = context.level(item)?;
    match test {
        ItemTest::AtLeast(bound) => Some(level >= *bound),
        ItemTest::AtMost(bound) => Some(level <= *bound),
        ItemTest::Has(option) => context.answers.get(id).and_then(ticked).map(|ticked| ticked.contains(option)),
    }
}

fn ticked(answer: &Answer) -> Option<&BTreeSet<String>> {
    match answer {
        Answer::Many(ticked) => Some(ticked),
        _ => None,
    }
}

/// How many levels the share is away from the item (instrument §6, X06).
fn distance(context: &Context<'_>, share: &str, of: &str, away_from: &str) -> Option<u8> {
    let (part, whole) = (context.whole(share)?, context.whole(of)?);
    if part < 0 || whole <= 0 {
        return None;
    }
    let level = context.level(context.questionnaire.item(away_from)?)?;
    Some(level_of_share(part, whole).abs_diff(level))
}

/// Whether `part` is more than `above` per cent of `whole`.
fn exceeds(context: &Context<'_>, part: &str, whole: &str, above: u32) -> Option<bool> {
    let (part, whole) = (context.whole(part)?, context.whole(whole)?);
    (part >= 0 && whole > 0).then(|| i128::from(part) * 100 > i128::from(above) * i128::from(whole))
}

fn level_of_share(part: i64, whole: i64) -> u8 {
    let above = |percent: i128| i128::from(part) * 100 > percent * i128::from(whole);
    [0, 20, 40, 60, 80].into_iter().map(|percent| u8::from(above(percent))).sum()
}

/// Whether somebody seems to have ticked along one line (instrument §6, X12). The first half needs every asked ladder:
/// two equal answers at the start say nothing.
fn is_straight_line(context: &Context<'_>, top: usize) -> bool {
    let asked = context.questionnaire.items.iter().filter(|item| context.asks(item.asked_if.as_ref()));
    let (mut ladders, mut at_top) = (Vec::new(), 0);
    for item in asked {
        let level = score::level_in(context, item);
        at_top += usize::from(level == Some(5));
        if item.is_ladder() {
            ladders.push(level);
        }
    }
    let all_equal = ladders.len() > 1 && ladders.iter().all(|level| level.is_some() && *level == ladders[0]);
    all_equal || at_top > top
}

#[cfg(test)]
mod tests;
