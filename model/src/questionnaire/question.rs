//! The questions themselves: facts, which are not scored, and items, which are.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::condition::Condition;
use crate::text::Text;

/// A question that is not scored.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Fact {
    /// Unique among all questions.
    pub id: String,
    /// The question.
    pub text: Text,
    /// What to count and what not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hint: Option<Text>,
    /// What kind of answer is asked for.
    pub answer: FactAnswer,
    /// Whether an assessment can be submitted without it.
    pub required: bool,
    /// When it is asked; always if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_if: Option<Condition>,
}

/// The kinds of answers to facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FactAnswer {
    /// A whole number; both bounds are allowed.
    Whole {
        /// The lowest number allowed.
        min: i64,
        /// The highest number allowed.
        max: i64,
    },
    /// 0 to 100, decimals allowed.
    Percent,
    /// Yes or no.
    YesNo,
    /// Exactly one of several.
    One {
        /// What can be chosen.
        options: Vec<Choice>,
    },
    /// Any number of several.
    Many {
        /// What can be ticked.
        options: Vec<Choice>,
        /// The words for "none of these", which is an answer; if absent, at least one must be ticked.
        #[serde(skip_serializing_if = "Option::is_none")]
        none: Option<Text>,
    },
    /// A division of the industrial classification, two digits.
    Industry,
}

/// One of several answers to a fact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// Unique within the question.
    pub id: String,
    /// What it says.
    pub text: Text,
}

/// A scored question.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Item {
    /// Unique among all questions.
    pub id: String,
    /// Whether it belongs to the quick check.
    pub core: bool,
    /// A name of a few words.
    pub title: Text,
    /// The question.
    pub question: Text,
    /// A remark below the question.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Text>,
    /// When it is asked; always if absent. An item that is not asked does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_if: Option<Condition>,
    /// A ladder or a checklist.
    pub answer: ItemAnswer,
    /// Products and services that are meant; examples, not recommendations.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub examples: Option<Text>,
    /// What could show that the answer is right.
    pub evidence: Text,
    /// What to do at level 0, 1 or 2.
    pub action_low: Text,
    /// What to do at level 3 or 4.
    pub action_next: Text,
    /// 1 up to a month, 2 one to three months, 3 longer.
    pub effort: u8,
    /// 1 little to 3 much.
    pub impact: u8,
    /// How much it counts within its pillar; 1 unless the file says otherwise.
    #[serde(skip_serializing_if = "is_one")]
    pub weight: u32,
    /// What should be in order before work on this item makes sense.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub needs: Vec<Need>,
    /// Codes of the same subject in other instruments, by instrument.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub maps: BTreeMap<String, Vec<String>>,
}

/// How an item is answered.
#[allow(clippy::large_enum_variant, reason = "nearly all items are ladders; a box would only add a step")]
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ItemAnswer {
    /// Six statements; the highest one that is fully true is chosen.
    Ladder {
        /// Statements 0 to 5.
        levels: [Text; 6],
    },
    /// Statements to tick; how many are ticked gives the level.
    Checklist {
        /// What can be ticked. "None of these" is always offered besides.
        options: Vec<ChecklistOption>,
        /// How ticks become a level.
        bands: Bands,
    },
}

/// One line of a checklist.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChecklistOption {
    /// Unique within the item.
    pub id: String,
    /// What it says.
    pub text: Text,
    /// When it is shown; always if absent. A line that is not shown does not count.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_if: Option<Condition>,
}

/// How the ticks of a checklist become a level.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bands {
    /// Level n if the share of the shown lines that are ticked is above the n-th number, in per cent.
    ShareAbove([u32; 5]),
    /// Level n if at least the n-th number of lines are ticked.
    CountFrom([u32; 5]),
}

/// What another item must have reached first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Need {
    /// The id of the other item.
    pub item: String,
    /// The level it must have, 1–5.
    pub at_least: u8,
}

/// A question, scored or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Question<'q> {
    /// Not scored.
    Fact(&'q Fact),
    /// Scored.
    Item(&'q Item),
}

impl Item {
    /// Whether the item is answered by choosing one of six statements.
    #[must_use]
    pub fn is_ladder(&self) -> bool {
        matches!(self.answer, ItemAnswer::Ladder { .. })
    }
}

impl<'q> Question<'q> {
    /// The id of the question.
    #[must_use]
    pub fn id(self) -> &'q str {
        match self {
            Question::Fact(fact) => &fact.id,
            Question::Item(item) => &item.id,
        }
    }

    /// When it is asked; always if absent.
    #[must_use]
    pub fn asked_if(self) -> Option<&'q Condition> {
        match self {
            Question::Fact(fact) => fact.asked_if.as_ref(),
            Question::Item(item) => item.asked_if.as_ref(),
        }
    }

    /// Whether an assessment needs an answer to it: every item and the required facts.
    #[must_use]
    pub fn required(self) -> bool {
        match self {
            Question::Fact(fact) => fact.required,
            Question::Item(_) => true,
        }
    }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_one(weight: &u32) -> bool {
    *weight == 1
}
