//! What to do next (instrument §7).

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::str::FromStr;

use serde::Serialize;

use crate::answer::Answers;
pub use crate::path::{Path, Step, shortest_path};
use crate::questionnaire::{Item, ItemAnswer, Questionnaire, Section};
use crate::ratio::Ratio;
use crate::score::{Score, score};
use crate::text::Text;

/// The actions that come next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Plan {
    /// By priority, those against security gaps first, at most three for each horizon.
    pub actions: Vec<Action>,
}

/// Something to do, and why.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Action {
    /// The id of the item that it improves.
    pub item: String,
    /// The level of that item today, 0–4.
    pub level: u8,
    /// What to do.
    pub text: Text,
    /// Whether it closes a security gap and therefore comes first.
    pub first: bool,
    /// The id of the most important item that needs this one first.
    pub enables: Option<String>,
    /// When to do it.
    pub horizon: Horizon,
    /// 1 up to a month, 2 one to three months, 3 longer.
    pub effort: u8,
    /// 1 little to 3 much.
    pub impact: u8,
    /// The statement that was chosen; absent for a checklist.
    pub now: Option<Text>,
    /// The statement after it; absent for a checklist.
    pub next: Option<Text>,
}

/// When to do something; follows from the effort (instrument §7, rule 5).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Horizon {
    /// In the next three months.
    Months3,
    /// In three to twelve months.
    Months12,
    /// After twelve months.
    Later,
}

/// What an enterprise decides about an action (instrument §7, rule 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Decision {
    /// Somebody does it until a day.
    Accepted,
    /// Not now, for a reason.
    Postponed,
    /// It is done; the next assessment shows what came of it.
    Done,
}

/// A word that is no decision.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no decision about an action; use accepted, postponed or done")]
pub struct UnknownDecision(pub String);

impl Decision {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Decision::Accepted => "accepted",
            Decision::Postponed => "postponed",
            Decision::Done => "done",
        }
    }
}

impl FromStr for Decision {
    type Err = UnknownDecision;

    fn from_str(word: &str) -> Result<Decision, UnknownDecision> {
        let all = [Decision::Accepted, Decision::Postponed, Decision::Done];
        all.into_iter().find(|decision| decision.as_str() == word).ok_or_else(|| UnknownDecision(word.to_owned()))
    }
}

/// The most actions that are shown for one horizon (instrument §7, rule 5).
const PER_HORIZON: usize = 3;

impl Horizon {
    /// All horizons, the nearest first.
    pub const ALL: [Horizon; 3] = [Horizon::Months3, Horizon::Months12, Horizon::Later];

    fn of_effort(effort: u8) -> Horizon {
        match effort {
            0 | 1 => Horizon::Months3,
            2 => Horizon::Months12,
            _ => Horizon::Later,
        }
    }
}

impl Plan {
    /// The actions of each horizon, the nearest horizon first.
    #[must_use]
    pub fn by_horizon(&self) -> [(Horizon, Vec<&Action>); 3] {
        Horizon::ALL.map(|horizon| (horizon, self.actions.iter().filter(|action| action.horizon == horizon).collect()))
    }
}

/// The actions that come next, for every item that is answered below 5. An item whose needs are not met gives way to
/// the item it needs, unless it is a security gap; needs on items that are not asked or unanswered do not count.
#[must_use]
pub fn plan(questionnaire: &Questionnaire, answers: &Answers) -> Plan {
    let score = score(questionnaire, answers);
    let ranking = Ranking::new(questionnaire, &score);
    let mut waiting: BTreeMap<&str, &Item> = BTreeMap::new();
    let mut ready: Vec<(&Item, u8)> = Vec::new();
    for (item, level) in ranking.candidates() {
        let unmet = ranking.unmet(item, &score.items);
        if unmet.is_empty() || ranking.is_gap(item, level) {
            ready.push((item, level));
        }
        for needed in unmet {
            // Candidates come by priority, so the first that waits is the one that matters most.
            waiting.entry(needed).or_insert(item);
        }
    }
    let mut taken = [0; 3];
    let mut actions: Vec<Action> = Vec::new();
    for (item, level) in ready {
        let horizon = Horizon::of_effort(item.effort);
        if taken[horizon as usize] < PER_HORIZON {
            taken[horizon as usize] += 1;
            let enables = waiting.get(item.id.as_str()).map(|waiting| waiting.id.clone());
            actions.push(Action { first: ranking.is_gap(item, level), ..action(item, level, horizon, enables) });
        }
    }
    Plan { actions }
}

/// The order in which items are worth improving.
pub(crate) struct Ranking<'q> {
    questionnaire: &'q Questionnaire,
    /// The items that are asked and answered, in the order of the questionnaire.
    pub(crate) items: Vec<Ranked<'q>>,
}

/// An item with what its rank depends on.
pub(crate) struct Ranked<'q> {
    pub(crate) item: &'q Item,
    pub(crate) level: u8,
    /// The position of its pillar among the pillars.
    pub(crate) pillar: usize,
    pillar_weight: u32,
    pillar_score: Option<Ratio>,
}

/// Smaller comes first: gaps, then high priority, low effort, low pillar score, item id (instrument §7, rules 2 and 4).
pub(crate) type Rank<'q> = (Reverse<bool>, Reverse<u32>, u8, bool, Option<Ratio>, &'q str);

impl<'q> Ranking<'q> {
    pub(crate) fn new(questionnaire: &'q Questionnaire, score: &Score) -> Ranking<'q> {
        let pillars: Vec<(&Section, Option<Ratio>)> =
            questionnaire.pillars().zip(score.pillars.iter().map(|pillar| pillar.score)).collect();
        let ranked = |(position, item): (usize, &'q Item)| {
            let level = *score.items.get(&item.id)?;
            let pillar = questionnaire.pillar_position(position);
            let (section, pillar_score) = *pillars.get(pillar)?;
            Some(Ranked { item, level, pillar, pillar_weight: section.weight.unwrap_or(1), pillar_score })
        };
        Ranking { questionnaire, items: questionnaire.items.iter().enumerate().filter_map(ranked).collect() }
    }

    /// Whether an item at this level is a security gap.
    pub(crate) fn is_gap(&self, item: &Item, level: u8) -> bool {
        self.questionnaire.security_floor.iter().any(|floor| floor.item == item.id && level <= floor.at_most)
    }

    /// The items that this one needs and that are too low.
    pub(crate) fn unmet(&self, item: &'q Item, levels: &BTreeMap<String, u8>) -> Vec<&'q str> {
        let too_low = |item: &str, at_least: u8| levels.get(item).is_some_and(|level| *level < at_least);
        item.needs.iter().filter(|need| too_low(&need.item, need.at_least)).map(|need| need.item.as_str()).collect()
    }

    /// The items below 5 with their levels, the most worthwhile first.
    fn candidates(&self) -> Vec<(&'q Item, u8)> {
        let mut open: Vec<&Ranked<'q>> = self.items.iter().filter(|ranked| ranked.level < 5).collect();
        open.sort_by_key(|ranked| self.rank(ranked, ranked.level));
        open.into_iter().map(|ranked| (ranked.item, ranked.level)).collect()
    }

    /// Impact × gap × pillar weight ÷ effort. The instrument also divides by 5 and by the mean pillar weight, and 6 makes
    /// the division by the effort come out even; none of these changes the order.
    pub(crate) fn rank(&self, ranked: &Ranked<'q>, level: u8) -> Rank<'q> {
        let item = ranked.item;
        let gap = u32::from(5 - level.min(5));
        let priority = 6 * u32::from(item.impact) * gap * ranked.pillar_weight / u32::from(item.effort.max(1));
        let gap_first = Reverse(self.is_gap(item, level));
        (gap_first, Reverse(priority), item.effort, ranked.pillar_score.is_none(), ranked.pillar_score, &item.id)
    }
}

fn action(item: &Item, level: u8, horizon: Horizon, enables: Option<String>) -> Action {
    let statement = |level: u8| match &item.answer {
        ItemAnswer::Ladder { levels } => levels.get(usize::from(level)).cloned(),
        ItemAnswer::Checklist { .. } => None,
    };
    Action {
        item: item.id.clone(),
        level,
        text: if level <= 2 { item.action_low.clone() } else { item.action_next.clone() },
        first: false,
        enables,
        horizon,
        effort: item.effort,
        impact: item.impact,
        now: statement(level),
        next: statement(level + 1),
    }
}

#[cfg(test)]
mod tests;
