//! From answers to scores and levels (instrument §2). Exact: every comparison with a bound is one of whole numbers.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::answer::{Answer, Answers};
use crate::condition::Context;
use crate::questionnaire::{Bands, ChecklistOption, Item, ItemAnswer, Questionnaire};
use crate::ratio::Ratio;

/// The result of one set of answers.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Score {
    /// The flags that are set, sorted.
    pub flags: Vec<String>,
    /// The level, 0–5, of every item that is asked and answered.
    pub items: BTreeMap<String, u8>,
    /// How many items are asked.
    pub items_on: usize,
    /// How many of them are answered.
    pub answered: usize,
    /// The pillars in the order of the questionnaire.
    pub pillars: Vec<PillarScore>,
    /// 0–100; absent when no pillar has a score.
    pub overall: Option<Ratio>,
    /// The level 0–5 by score and gate; absent with the overall score.
    pub level: Option<u8>,
    /// The level 0–5 that the overall score alone would give.
    pub score_level: Option<u8>,
    /// The items whose level is a security gap, in the order of the questionnaire's list.
    pub security_gaps: Vec<String>,
}

/// The result of one pillar.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PillarScore {
    /// The id of the section.
    pub id: String,
    /// How many of its items are asked.
    pub items_on: usize,
    /// How many of them are answered.
    pub answered: usize,
    /// 0–100 over the answered items; absent when too few are answered.
    pub score: Option<Ratio>,
    /// The level 0–5 of that score.
    pub level: Option<u8>,
    /// The score if all unanswered items were at 0, and if all were at 5.
    pub range: (Ratio, Ratio),
}

/// What is missing to the next level, condition by condition.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Gate {
    /// The next level, 1–5.
    pub next: u8,
    /// The overall score it needs, of 100.
    pub bound: u32,
    /// Whether the overall score is there.
    pub score_reached: bool,
    /// How many pillars must be at that level.
    pub pillars_needed: usize,
    /// How many are.
    pub pillars_reached: usize,
    /// The pillars with a score that are not, with the points they lack, nearest first.
    pub missing: Vec<(String, Ratio)>,
}

/// Weighted sums over the items of one pillar.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    items_on: usize,
    answered: usize,
    weight_on: u32,
    weight_answered: u32,
    weighted_levels: u32,
}

/// Scores the answers. Answers to questions that are not asked do not count, whatever they are.
#[must_use]
pub fn score(questionnaire: &Questionnaire, answers: &Answers) -> Score {
    reviewed(questionnaire, answers, &BTreeMap::new())
}

/// The score with the levels that reviewers recorded in place of the enterprise's own, by the same rules. A recorded
/// level counts only where the item is asked and answered.
#[must_use]
pub fn reviewed(questionnaire: &Questionnaire, answers: &Answers, recorded: &BTreeMap<String, u8>) -> Score {
    let context = Context::new(questionnaire, answers);
    let mut sums = vec![Sums::default(); questionnaire.pillars().count()];
    let mut levels: Vec<(&str, u8)> = Vec::with_capacity(questionnaire.items.len());
    for (position, item) in questionnaire.items.iter().enumerate() {
        if !context.asks(item.asked_if.as_ref()) {
            continue;
        }
        let own = level_in(&context, item);
        let level = own.map(|own| recorded.get(&item.id).map_or(own, |level| (*level).min(5)));
        sums[questionnaire.pillar_position(position)].add(item.weight, level);
        levels.extend(level.map(|level| (item.id.as_str(), level)));
    }
    let pillars: Vec<PillarScore> =
        questionnaire.pillars().zip(&sums).map(|(section, sums)| sums.score(&section.id, questionnaire)).collect();
    let overall = overall(questionnaire, &pillars);
    Score {
        flags: context.flags.iter().map(|flag| (*flag).to_owned()).collect(),
        items_on: sums.iter().map(|pillar| pillar.items_on).sum(),
        answered: levels.len(),
        level: overall.map(|overall| level_overall(questionnaire, overall, &pillars)),
        score_level: overall.map(|overall| level_of_score(&questionnaire.bounds, overall)),
        security_gaps: security_gaps(questionnaire, &levels),
        items: levels.into_iter().map(|(id, level)| (id.to_owned(), level)).collect(),
        pillars,
        overall,
    }
}

/// The level, 0–5, of one item; absent when it is unanswered, wrongly answered or not asked.
#[must_use]
pub fn level_of(questionnaire: &Questionnaire, item: &Item, answers: &Answers) -> Option<u8> {
    Context::new(questionnaire, answers).level(item)
}

/// What the next level needs. Absent at level 5 and without a level.
#[must_use]
pub fn gate(questionnaire: &Questionnaire, score: &Score) -> Option<Gate> {
    let (overall, level) = (score.overall?, score.level?);
    let next = level + 1;
    let bound = *questionnaire.bounds.get(usize::from(next))?;
    let mut missing: Vec<(String, Ratio)> = Vec::new();
    for pillar in &score.pillars {
        if let Some(reached) = pillar.score.filter(|reached| *reached < Ratio::from(bound)) {
            missing.push((pillar.id.clone(), Ratio::from(bound) - reached));
        }
    }
    missing.sort_by_key(|(_, points)| *points);
    Some(Gate {
        next,
        bound,
        score_reached: overall >= Ratio::from(bound),
        pillars_needed: questionnaire.gate[usize::from(level)],
        pillars_reached: score.pillars.iter().filter(|pillar| pillar.level >= Some(next)).count(),
        missing,
    })
}

/// The level, 0–5, whose bounds a score lies between; a bound belongs to the higher level (instrument §2, "Level
/// (pillar)").
#[must_use]
pub fn level_of_score(bounds: &[u32; 6], score: Ratio) -> u8 {
    bounds.iter().skip(1).map(|bound| u8::from(score >= Ratio::from(*bound))).sum()
}

/// Between which scores, of 100, a pillar lies: open items at 0 and at 5. Takes weight and level of each item asked.
#[must_use]
pub fn range(items: impl IntoIterator<Item = (u32, Option<u8>)>) -> (Ratio, Ratio) {
    let mut sums = Sums::default();
    for (weight, level) in items {
        sums.add(weight, level);
    }
    sums.range()
}

/// The level of an item's answer, whether or not the item is asked.
pub(crate) fn level_in(context: &Context<'_>, item: &Item) -> Option<u8> {
    match (&item.answer, context.answers.get(&item.id)?) {
        (ItemAnswer::Ladder { .. }, Answer::Whole(level)) => u8::try_from(*level).ok().filter(|level| *level <= 5),
        (ItemAnswer::Checklist { options, bands }, Answer::Many(ticked)) => {
            let shown: Vec<&ChecklistOption> =
                options.iter().filter(|option| context.asks(option.asked_if.as_ref())).collect();
            let counted = shown.iter().filter(|option| ticked.contains(&option.id)).count();
            Some(bands.level(counted, shown.len()))
        }
        _ => None,
    }
}

impl Bands {
    /// The level, 0–5, of `ticked` lines out of `shown`.
    #[must_use]
    pub fn level(&self, ticked: usize, shown: usize) -> u8 {
        let reached = |bound: &u32| match self {
            Bands::ShareAbove(_) => ticked * 100 > *bound as usize * shown,
            Bands::CountFrom(_) => ticked >= *bound as usize,
        };
        let (Bands::ShareAbove(bounds) | Bands::CountFrom(bounds)) = self;
        bounds.iter().map(|bound| u8::from(reached(bound))).sum()
    }
}

impl Sums {
    fn add(&mut self, weight: u32, level: Option<u8>) {
        self.items_on += 1;
        self.weight_on += weight;
        if let Some(level) = level {
            self.answered += 1;
            self.weight_answered += weight;
            self.weighted_levels += weight * u32::from(level);
        }
    }

    /// The score with every open item at 0, and at 5.
    fn range(&self) -> (Ratio, Ratio) {
        let open = self.weight_on - self.weight_answered;
        (of_hundred(self.weighted_levels, self.weight_on), of_hundred(self.weighted_levels + 5 * open, self.weight_on))
    }

    fn score(&self, id: &str, questionnaire: &Questionnaire) -> PillarScore {
        let enough = self.answered * 100 >= questionnaire.sufficient_percent as usize * self.items_on;
        let score = (enough && self.answered > 0).then(|| of_hundred(self.weighted_levels, self.weight_answered));
        PillarScore {
            id: id.to_owned(),
            items_on: self.items_on,
            answered: self.answered,
            score,
            level: score.map(|score| level_of_score(&questionnaire.bounds, score)),
            range: self.range(),
        }
    }
}

/// 100 × Σ w·s / (5 × Σ w) (instrument §2, "Pillar score").
fn of_hundred(weighted_levels: u32, weight: u32) -> Ratio {
    Ratio::new(20 * i128::from(weighted_levels), i128::from(weight))
}

/// The weighted mean of the pillars that have a score (instrument §2, "Overall").
fn overall(questionnaire: &Questionnaire, pillars: &[PillarScore]) -> Option<Ratio> {
    let (mut sum, mut weights) = (Ratio::ZERO, 0);
    for (section, pillar) in questionnaire.pillars().zip(pillars) {
        if let (Some(score), Some(weight)) = (pillar.score, section.weight) {
            sum = sum + score * weight;
            weights += weight;
        }
    }
    (weights > 0).then(|| sum / weights)
}

/// The highest level whose bound the overall score reaches and that enough pillars have (instrument §2, "Level
/// (overall)"). A pillar without a score has no level.
fn level_overall(questionnaire: &Questionnaire, overall: Ratio, pillars: &[PillarScore]) -> u8 {
    let reaches = |level: &u8| {
        let at_level = pillars.iter().filter(|pillar| pillar.level >= Some(*level)).count();
        overall >= Ratio::from(questionnaire.bounds[usize::from(*level)])
            && at_level >= questionnaire.gate[usize::from(*level) - 1]
    };
    (1..=5).rev().find(reaches).unwrap_or(0)
}

fn security_gaps(questionnaire: &Questionnaire, levels: &[(&str, u8)]) -> Vec<String> {
    let low = |item: &str, at_most: u8| levels.iter().any(|(id, level)| *id == item && *level <= at_most);
    let gaps = questionnaire.security_floor.iter().filter(|floor| low(&floor.item, floor.at_most));
    gaps.map(|floor| floor.item.clone()).collect()
}

#[cfg(test)]
mod tests;
