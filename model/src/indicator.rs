//! Indicators: what a province publishes about its enterprises, as data.
//!
//! A file lists indicators; the formula of each says what it is for one enterprise ([`Value`]), and its figures say what
//! is estimated from these values for many ([`Figure`]):
//!
//! ```text
//! answers ──value──▶ Value ──terms──▶ (a, b) per figure        estimate: Σ w·a / Σ w·b over the enterprises of a domain
//! ```
//!
//! An enterprise that an indicator does not apply to, or about which too little is known, has no terms and stays out of
//! numerator and denominator (method 2.1).

mod read;
#[cfg(test)]
mod tests;
mod value;

use std::sync::LazyLock;

use serde::{Deserialize, Serialize};

use crate::condition::Condition;
use crate::json::{self, Json};
use crate::questionnaire::{Problem, Questionnaire};
use crate::text::Text;

pub use value::{Assessed, Value};

/// The indicators of one questionnaire. [`Indicators::parse`] is the only way to get them, and checks them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicators {
    /// The version of the file format, 1.
    pub format: u32,
    /// The id of the questionnaire whose answers they use.
    pub questionnaire: String,
    /// The version that releases refer to.
    pub version: String,
    /// The headings under which they are shown.
    pub themes: Vec<Theme>,
    /// The tables that indicators are published in; every table has the margins of its dimensions and the grand total.
    pub tables: Vec<Table>,
    /// The indicators, in the order of showing.
    pub indicators: Vec<Indicator>,
}

/// A heading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Theme {
    /// Unique.
    pub id: String,
    /// What it says.
    pub title: Text,
}

/// A table of domains.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Table {
    /// Unique, part of addresses.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// What it is broken down by, one or two dimensions.
    pub by: Vec<Dimension>,
}

/// A classification of enterprises in the register.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Dimension {
    /// Statistical area of level 2, a former district.
    Area,
    /// Section of the industrial classification, A–V.
    Industry,
    /// Group of sections.
    IndustryGroup,
    /// Size class: micro, small, medium, large.
    Size,
}

/// An indicator.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Indicator {
    /// Unique, part of addresses and column names.
    pub id: String,
    /// The id of its theme.
    pub theme: String,
    /// Its name.
    pub title: Text,
    /// What exactly is counted, a sentence or two.
    pub definition: Text,
    /// Who is in the denominator, in words.
    pub denominator: Text,
    /// What it is for one enterprise.
    pub formula: Formula,
    /// The enterprises it is about; all if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub among: Option<Condition>,
    /// The ids of the tables it is published in.
    pub tables: Vec<String>,
    /// Where the definition comes from.
    pub source: Text,
    /// What plans ask for.
    pub targets: Vec<Target>,
    /// Whether the subject is delicate, such as gaps in security: such figures need 10 enterprise groups instead of 5
    /// (method 9, P1).
    pub sensitive: bool,
}

/// A value that a plan asks for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Target {
    /// By the end of this year.
    pub year: i32,
    /// In the unit of the indicator: points, or per cent of enterprises.
    pub value: f64,
    /// The plan.
    pub source: Text,
}

/// What an indicator is for one enterprise.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Formula {
    /// The score 0–100, overall or of a pillar.
    Score(Subject),
    /// The level 0–5, overall or of a pillar.
    Level(Subject),
    /// Whether something is so.
    When(Condition),
    /// How many of several things are so, in classes. Where an open answer could change the class, it is unknown
    /// (instrument §5).
    Count {
        /// What is counted.
        parts: Vec<Part>,
        /// Classes of the count, ascending; the first from 0.
        classes: Vec<Class>,
    },
    /// Whether at least so many of several things are so.
    CountFrom {
        /// What is counted.
        parts: Vec<Part>,
        /// The count that is enough.
        from: usize,
    },
    /// A number that was given, such as a percentage.
    Number(String),
    /// A number that was given as a part of another one, over all enterprises together.
    Ratio {
        /// The fact with the part.
        part: String,
        /// The fact with the whole.
        whole: String,
    },
}

/// What a score or level is of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// The whole assessment.
    Overall,
    /// A pillar, by the id of its section.
    Pillar(String),
}

/// One of several things that are counted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Part {
    /// Its code, such as `v3-1`.
    pub id: String,
    /// What it is.
    pub title: Text,
    /// When it is met.
    pub when: Condition,
}

/// A class of a count.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Class {
    /// Unique in its indicator.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The lowest count in it.
    pub from: usize,
}

/// One number that is estimated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Figure {
    /// Unique among all figures: the id of the indicator, with that of the class where there are classes.
    pub id: String,
    /// The name of the class; absent where the indicator has a single figure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub class: Option<Text>,
    /// How it is estimated.
    pub kind: Kind,
}

/// How a figure is estimated, and its unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Mean of scores, points of 100.
    Score,
    /// Mean of percentages, per cent.
    Percentage,
    /// Mean of other numbers, in their unit.
    Number,
    /// Share of enterprises, estimated in [0, 1] and shown in per cent.
    Share,
    /// Ratio of two totals, estimated in [0, 1] and shown in per cent.
    Ratio,
}

impl Indicators {
    /// The largest file that is read, in bytes.
    pub const MAX_BYTES: usize = 1 << 20;

    /// Reads and checks a file of indicators for a questionnaire.
    ///
    /// # Errors
    /// Every mistake in the file with its place, not only the first one.
    pub fn parse(file: &str, questionnaire: &Questionnaire) -> Result<Indicators, Vec<Problem>> {
        if file.len() > Indicators::MAX_BYTES {
            let message = format!("the file has {} bytes; at most {} are read", file.len(), Indicators::MAX_BYTES);
            return Err(vec![Problem { place: String::new(), message }]);
        }
        match serde_json::from_str::<Json>(file.trim_start_matches('\u{feff}')) {
            Ok(json) => read::indicators(&json, questionnaire),
            Err(error) => {
                let place = format!("line {} column {}", error.line(), error.column());
                Err(vec![Problem { place, message: format!("this is no JSON: {}", json::reason(&error)) }])
            }
        }
    }

    /// The indicators that come with the program, for a questionnaire that does: `bn5`.
    #[must_use]
    pub fn builtin(questionnaire: &str) -> Option<&'static Indicators> {
        BUILTIN.iter().find(|indicators| indicators.questionnaire == questionnaire)
    }

    /// The indicator with this id.
    #[must_use]
    pub fn get(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The table with this id.
    #[must_use]
    pub fn table(&self, id: &str) -> Option<&Table> {
        self.tables.iter().find(|table| table.id == id)
    }
}

impl Indicator {
    /// The numbers that are estimated, at least one. The names of levels are those of the questionnaire.
    #[must_use]
    pub fn figures(&self, questionnaire: &Questionnaire) -> Vec<Figure> {
        let one = |kind| vec![Figure { id: self.id.clone(), class: None, kind }];
        let class = |id: &str, title: &Text| Figure {
            id: format!("{}-{id}", self.id),
            class: Some(title.clone()),
            kind: Kind::Share,
        };
        match &self.formula {
            Formula::Score(_) => one(Kind::Score),
            Formula::Number(fact) => one(read::kind_of_number(questionnaire, fact)),
            Formula::When(_) | Formula::CountFrom { .. } => one(Kind::Share),
            Formula::Ratio { .. } => one(Kind::Ratio),
            Formula::Count { classes, .. } => classes.iter().map(|one| class(&one.id, &one.title)).collect(),
            Formula::Level(_) => {
                let levels = questionnaire.levels.iter().enumerate();
                levels.map(|(level, named)| class(&level.to_string(), &named.name)).collect()
            }
        }
    }
}

static BUILTIN: LazyLock<Vec<Indicators>> = LazyLock::new(|| {
    let bn5 = Questionnaire::builtin("bn5").expect("it comes with the program");
    let indicators = Indicators::parse(include_str!("../indicators/bn5.json"), bn5);
    vec![indicators.expect("a test parses the indicators that come with the program")]
});
