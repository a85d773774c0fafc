//! The questionnaire: what is asked, of whom, and what counts how much. Everything in it is data from one file.

pub mod compare;
mod index;
mod question;
mod read;
mod rules;

use std::fmt;
use std::sync::LazyLock;

use serde::{Deserialize, Deserializer, Serialize};

use crate::condition::Condition;
use crate::json::{self, Json};
use crate::text::Text;
use index::{Index, Place};
pub use question::{Bands, ChecklistOption, Choice, Fact, FactAnswer, Item, ItemAnswer, Need, Question};
pub(crate) use read::{At, Reader, condition};
pub(crate) use rules::condition_problems;

/// One published version of a questionnaire. Read it with [`Questionnaire::parse`], which also checks it: there is no
/// other way to get one, so everybody who holds a questionnaire may rely on its rules.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Questionnaire {
    /// The version of the file format, 1.
    pub format: u32,
    /// The name of the questionnaire in addresses and commands.
    pub id: String,
    /// The version that answers and results refer to.
    pub version: String,
    /// The name that people read.
    pub title: Text,
    /// The results 0 to 5.
    pub levels: [Level; 6],
    /// The lowest score, of 100, of each level; a bound belongs to the higher level.
    pub bounds: [u32; 6],
    /// How many pillars must reach level 1, 2, … 5 before the overall level may (instrument §2, "Level (overall)").
    pub gate: [usize; 5],
    /// The share of its items, in per cent, that must be answered before a pillar has a score.
    pub sufficient_percent: u32,
    /// Answers that mark the result with a security gap (instrument §2, "Security floor").
    pub security_floor: Vec<Floor>,
    /// Properties of the enterprise that follow from its profile and decide what is asked.
    pub flags: Vec<Flag>,
    /// Questions that are not scored.
    pub facts: Vec<Fact>,
    /// Questions that are scored.
    pub items: Vec<Item>,
    /// The order in which everything is asked.
    pub sections: Vec<Section>,
    /// Plausibility checks (instrument §6).
    pub checks: Vec<Check>,
    /// Words with a fixed meaning.
    pub glossary: Vec<Term>,
    #[serde(skip)]
    index: Index,
}

/// The name of a result and what it means.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Level {
    /// One or two words.
    pub name: Text,
    /// One sentence.
    pub meaning: Text,
}

/// An item whose low levels are a security gap.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Floor {
    /// The id of the item.
    pub item: String,
    /// The highest level that is still a gap, 0–4.
    pub at_most: u8,
}

/// A property of the enterprise, such as `has_employees`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Flag {
    /// The name by which conditions use it.
    pub id: String,
    /// What must be so; only facts of the profile.
    pub when: Condition,
}

/// A part of the questionnaire: the profile, a pillar, or further facts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Section {
    /// Unique, part of addresses.
    pub id: String,
    /// The name.
    pub title: Text,
    /// One sentence that says what it is about.
    pub hint: Text,
    /// How much the pillar counts; a section with a weight is a pillar and holds items, others hold facts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub weight: Option<u32>,
    /// The pages of the section.
    pub topics: Vec<Topic>,
}

/// Questions that stand on one page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Topic {
    /// Unique in the questionnaire, part of addresses.
    pub id: String,
    /// The name.
    pub title: Text,
    /// Question ids in the order of asking.
    pub questions: Vec<String>,
}

/// A warning about answers that do not go together.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Check {
    /// The code, such as X01.
    pub id: String,
    /// When it is raised.
    pub when: Condition,
    /// The questions to look at again.
    pub questions: Vec<String>,
    /// What is odd.
    pub message: Text,
}

/// A word with a fixed meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Term {
    /// The word.
    pub term: Text,
    /// What it means in every question.
    pub meaning: Text,
}

/// A mistake in a questionnaire file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Where it is, such as `items[3] Q104 › answer.bands`; empty for the file as a whole.
    pub place: String,
    /// What is wrong and what to do about it, in English.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.place.is_empty() { f.write_str(&self.message) } else { write!(f, "{}: {}", self.place, self.message) }
    }
}

impl Questionnaire {
    /// The largest file that is read, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads and checks a questionnaire file.
    ///
    /// # Errors
    /// Every mistake in the file with its place, not only the first one.
    pub fn parse(file: &str) -> Result<Questionnaire, Vec<Problem>> {
        if file.len() > Questionnaire::MAX_BYTES {
            let message = format!("the file has {} bytes; at most {} are read", file.len(), Questionnaire::MAX_BYTES);
            return Err(vec![Problem { place: String::new(), message }]);
        }
        // Some editors put a byte order mark before the first character.
        match serde_json::from_str::<Json>(file.trim_start_matches('\u{feff}')) {
            Ok(json) => from_json(&json),
            Err(error) => {
                let place = format!("line {} column {}", error.line(), error.column());
                Err(vec![Problem { place, message: format!("this is no JSON: {}", json::reason(&error)) }])
            }
        }
    }

    /// A questionnaire that comes with the program: `bn5`.
    #[must_use]
    pub fn builtin(id: &str) -> Option<&'static Questionnaire> {
        BUILTIN.iter().find(|questionnaire| questionnaire.id == id)
    }

    /// The question with this id.
    #[must_use]
    pub fn question(&self, id: &str) -> Option<Question<'_>> {
        match self.index.place(id)? {
            Place::Fact(position) => Some(Question::Fact(self.facts.get(position)?)),
            Place::Item(position) => Some(Question::Item(self.items.get(position)?)),
        }
    }

    /// The item with this id.
    #[must_use]
    pub fn item(&self, id: &str) -> Option<&Item> {
        match self.question(id)? {
            Question::Item(item) => Some(item),
            Question::Fact(_) => None,
        }
    }

    /// The fact with this id.
    #[must_use]
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        match self.question(id)? {
            Question::Fact(fact) => Some(fact),
            Question::Item(_) => None,
        }
    }

    /// The sections that are scored, in their order.
    pub fn pillars(&self) -> impl Iterator<Item = &Section> {
        self.sections.iter().filter(|section| section.is_pillar())
    }

    /// The pillar that an item belongs to.
    #[must_use]
    pub fn pillar_of(&self, item_id: &str) -> Option<&Section> {
        let Some(Place::Item(position)) = self.index.place(item_id) else { return None };
        self.pillars().nth(self.index.pillar(position))
    }

    /// The number people see, such as "3.4" for the fourth item of the third pillar, whether or not items before it are
    /// asked; empty for anything that is no item.
    #[must_use]
    pub fn number(&self, item_id: &str) -> String {
        match self.index.place(item_id) {
            Some(Place::Item(position)) => {
                format!("{}.{}", self.index.pillar(position) + 1, self.index.within_pillar(position) + 1)
            }
            _ => String::new(),
        }
    }

    /// A section by its id.
    #[must_use]
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|section| section.id == id)
    }

    /// A topic by the ids of its section and its own.
    #[must_use]
    pub fn topic(&self, section_id: &str, topic_id: &str) -> Option<(&Section, &Topic)> {
        let section = self.section(section_id)?;
        section.topics.iter().find(|topic| topic.id == topic_id).map(|topic| (section, topic))
    }

    /// The topic that a question stands in, with its section.
    #[must_use]
    pub fn topic_of(&self, question_id: &str) -> Option<(&Section, &Topic)> {
        let mut topics =
            self.sections.iter().flat_map(|section| section.topics.iter().map(move |topic| (section, topic)));
        topics.find(|(_, topic)| topic.questions.iter().any(|question| question == question_id))
    }

    /// The flag with this id.
    #[must_use]
    pub fn flag(&self, id: &str) -> Option<&Flag> {
        self.flags.iter().find(|flag| flag.id == id)
    }

    /// The position, among the pillars, of the pillar of the item at `position` in `items`.
    pub(crate) fn pillar_position(&self, position: usize) -> usize {
        self.index.pillar(position)
    }
}

impl Section {
    /// Whether the section is scored.
    #[must_use]
    pub fn is_pillar(&self) -> bool {
        self.weight.is_some()
    }

    /// All question ids of the section, in the order of asking.
    pub fn questions(&self) -> impl Iterator<Item = &str> {
        self.topics.iter().flat_map(|topic| topic.questions.iter().map(String::as_str))
    }
}

impl<'de> Deserialize<'de> for Questionnaire {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Questionnaire, D::Error> {
        let json = Json::deserialize(deserializer)?;
        from_json(&json).map_err(|problems| {
            let lines: Vec<String> = problems.iter().map(Problem::to_string).collect();
            serde::de::Error::custom(lines.join("; "))
        })
    }
}

static BUILTIN: LazyLock<Vec<Questionnaire>> = LazyLock::new(|| {
    let bn5 = Questionnaire::parse(include_str!("../questionnaires/bn5.json"));
    vec![bn5.expect("a test parses the questionnaires that come with the program")]
});

fn from_json(json: &Json) -> Result<Questionnaire, Vec<Problem>> {
    let reader = read::Reader::default();
    let mut questionnaire = read::questionnaire(&reader, json);
    questionnaire.index = Index::of(&questionnaire);
    let mut problems = reader.into_problems();
    problems.extend(rules::problems(&questionnaire));
    if problems.is_empty() { Ok(questionnaire) } else { Err(problems) }
}

#[cfg(test)]
mod tests;
