//! The indicators of a release and their values for one enterprise, from a questionnaire and its file of indicators.

use super::microdata::{Item, Measure};
use super::seal;
use crate::answer::Answers;
use crate::indicator::{Assessed, Figure, Formula, Indicator, Indicators, Kind, Value};
use crate::questionnaire::Questionnaire;
use crate::score::score;
use crate::text::Text;

/// The name of the share of enterprises at level 3 or above.
pub const FROM_LEVEL_3: &str = "level-from-3";

/// The indicator with levels, from which the share at level 3 or above is made.
const LEVEL: &str = "level";

/// Raised whenever the same answers get other values by a change of the program.
const VALUES: u32 = 1;

/// What a release measures.
#[derive(Debug, Clone)]
pub struct Measures<'q> {
    questionnaire: &'q Questionnaire,
    columns: Vec<Column<'q>>,
    items: Vec<Item>,
}

#[derive(Debug, Clone)]
struct Column<'q> {
    indicator: &'q Indicator,
    part: Part,
}

/// Which of the figures of an indicator.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Figure(usize),
    ClassFrom(usize),
    /// The whole of a ratio.
    Whole,
}

impl<'q> Measures<'q> {
    /// The scores, levels, shares and ratios. Means of amounts are not among them: questionnaires ask for no amounts of
    /// money, and how many people an enterprise employs is no indicator of its own.
    #[must_use]
    pub fn new(questionnaire: &'q Questionnaire, indicators: &'q Indicators) -> Self {
        let mut measures = Self { questionnaire, columns: Vec::new(), items: Vec::new() };
        for indicator in &indicators.indicators {
            let family = family(indicator, indicators);
            for (position, figure) in indicator.figures(questionnaire).iter().enumerate() {
                let Some(measure) = measure(figure.kind) else { continue };
                let item = Item { family: family.to_owned(), ..item(indicator, figure, measure) };
                measures.push(indicator, Part::Figure(position), item);
            }
            if indicator.id == LEVEL {
                let item = Item { family: family.to_owned(), ..from_level_3(indicator) };
                measures.push(indicator, Part::ClassFrom(3), item);
            }
        }
        let ratios = measures.columns.iter().zip(&measures.items).filter(|(_, item)| item.measure == Measure::Ratio);
        let wholes: Vec<Column> =
            ratios.map(|(column, _)| Column { indicator: column.indicator, part: Part::Whole }).collect();
        measures.columns.extend(wholes);
        measures
    }

    /// The indicators, in the order of the values.
    #[must_use]
    pub fn items(&self) -> &[Item] {
        &self.items
    }

    /// What the values depend on besides the answers, as a hash: questionnaire, indicators and the rules of this program.
    #[must_use]
    pub fn version(&self) -> String {
        let columns: Vec<(&Indicator, String)> =
            self.columns.iter().map(|column| (column.indicator, format!("{:?}", column.part))).collect();
        seal::sha256(seal::canonical(&(VALUES, self.questionnaire, columns)).as_bytes())
    }

    /// The values of one enterprise, one per indicator, then the wholes of the ratios; `NaN` where an indicator is not about it
    /// or not known.
    #[must_use]
    pub fn values(&self, answers: &Answers) -> Vec<f64> {
        let score = score(self.questionnaire, answers);
        let assessed = Assessed::new(self.questionnaire, answers, &score);
        let mut last: Option<(&Indicator, Value)> = None;
        let value = |column: &Column<'q>| {
            let known = last.filter(|(indicator, _)| std::ptr::eq(*indicator, column.indicator));
            let value = known.map_or_else(|| column.indicator.value(&assessed), |(_, value)| value);
            last = Some((column.indicator, value));
            column.part.of(value)
        };
        self.columns.iter().map(value).collect()
    }

    fn push(&mut self, indicator: &'q Indicator, part: Part, item: Item) {
        self.columns.push(Column { indicator, part });
        self.items.push(item);
    }
}

impl Part {
    fn of(self, value: Value) -> f64 {
        match (self, value) {
            // More people than there are: one of the two answers is wrong.
            (_, Value::Ratio { part, whole }) if part > whole || whole == 0.0 => f64::NAN,
            (Self::Whole, Value::Ratio { whole, .. }) => whole,
            (Self::ClassFrom(from), Value::Class { class, .. }) => f64::from(u8::from(class >= from)),
            (Self::Figure(position), value) => value.terms().get(position).map_or(f64::NAN, |(a, _)| *a),
            (Self::ClassFrom(_) | Self::Whole, _) => f64::NAN,
        }
    }
}

/// What says something about an indicator: scores about each other, since the overall one is made of the pillars;
/// classes and the counts they are made from; and what is asked about one theme, where one answer may rule out another,
/// such as special cloud services without any.
fn family<'a>(indicator: &'a Indicator, all: &'a Indicators) -> &'a str {
    let counts_same = |parts| {
        let same = |other: &&Indicator| matches!(&other.formula, Formula::Count { parts: of, .. } if of == parts);
        all.indicators.iter().find(same).map_or(indicator.id.as_str(), |other| other.id.as_str())
    };
    match &indicator.formula {
        Formula::Score(_) => "score",
        Formula::Level(_) => &indicator.id,
        Formula::Count { parts, .. } | Formula::CountFrom { parts, .. } => counts_same(parts),
        Formula::Ratio { .. } => &indicator.id,
        Formula::When(_) | Formula::Number(_) => &indicator.theme,
    }
}

fn measure(kind: Kind) -> Option<Measure> {
    match kind {
        Kind::Score => Some(Measure::Score),
        Kind::Percentage => Some(Measure::Percentage),
        Kind::Share => Some(Measure::Share),
        Kind::Ratio => Some(Measure::Ratio),
        Kind::Number => None,
    }
}

fn item(indicator: &Indicator, figure: &Figure, measure: Measure) -> Item {
    let name = match &figure.class {
        Some(class) => joined(&indicator.title, ": ", class),
        None => indicator.title.clone(),
    };
    Item {
        id: figure.id.clone(),
        theme: indicator.theme.clone(),
        name,
        about: joined(&indicator.definition, " ", &indicator.denominator),
        source: indicator.source.clone(),
        measure,
        // What a plan asks of an indicator with classes, it asks of none of them.
        targets: if figure.class.is_none() { indicator.targets.clone() } else { Vec::new() },
        family: String::new(),
        class: figure.class.is_some(),
        sensitive: indicator.sensitive,
    }
}

fn from_level_3(indicator: &Indicator) -> Item {
    let name =
        Text { vi: "Doanh nghiệp đạt mức 3 trở lên".into(), en: "Enterprises at level 3 or above".into() };
    Item {
        id: FROM_LEVEL_3.to_owned(),
        theme: indicator.theme.clone(),
        name,
        about: joined(&indicator.definition, " ", &indicator.denominator),
        source: indicator.source.clone(),
        measure: Measure::Share,
        targets: Vec::new(),
        family: String::new(),
        class: false,
        sensitive: indicator.sensitive,
    }
}

fn joined(a: &Text, between: &str, b: &Text) -> Text {
    Text { vi: format!("{}{between}{}", a.vi, b.vi), en: format!("{}{between}{}", a.en, b.en) }
}
