//! The fewest small steps to the next level.

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use serde::Serialize;

use crate::answer::Answers;
use crate::plan::{Ranked, Ranking};
use crate::questionnaire::Questionnaire;
use crate::ratio::Ratio;
use crate::score::{Score, level_of_score, score};

/// The way to the next overall level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Path {
    /// The level that it reaches.
    pub level: u8,
    /// The steps in the order in which they are worth taking.
    pub steps: Vec<Step>,
    /// The overall score at the end, 0–100.
    pub overall_after: Ratio,
}

/// One item up by one level.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step {
    /// The id of the item.
    pub item: String,
    /// Its level before, 0–4.
    pub from: u8,
    /// Its level after, one higher.
    pub to: u8,
    /// The id of its pillar.
    pub pillar: String,
    /// The score of the pillar before the step, 0–100.
    pub before: Ratio,
    /// The score of the pillar after the step.
    pub after: Ratio,
    /// The level that the pillar reaches by this step, if it reaches one.
    pub pillar_level_reached: Option<u8>,
}

/// The fewest steps to the next overall level, each raising one item by one level. Among equally short ways the one
/// that closes security gaps first and lifts the pillars that lack least, as the gate names them; within a pillar, items
/// whose needs are met come before others, and high priority before low.
///
/// Absent at level 5, and as long as a pillar has too few answers for a score.
#[must_use]
pub fn shortest_path(questionnaire: &Questionnaire, answers: &Answers) -> Option<Path> {
    let score = score(questionnaire, answers);
    let next = score.level? + 1;
    let mut climb = Climb::new(questionnaire, &score, next)?;
    let ranking = Ranking::new(questionnaire, &score);
    let mut levels = score.items;
    let mut steps = Vec::new();
    for remaining in (1..=climb.fewest()).rev() {
        let ranked = climb.first_on_a_shortest_way(&ranking, &levels, remaining)?;
        let from = levels.get(&ranked.item.id).copied()?;
        levels.insert(ranked.item.id.clone(), from + 1);
        let pillar = questionnaire.pillar_of(&ranked.item.id)?;
        steps.push(climb.step(ranked, from, &pillar.id, &questionnaire.bounds));
    }
    Some(Path { level: next, steps, overall_after: climb.overall() })
}

/// The pillars on the way up, and where they have to get.
#[derive(Clone)]
struct Climb {
    pillars: Vec<Pillar>,
    /// The score, of 100, that the overall score and enough pillars must reach.
    bound: i128,
    pillars_needed: usize,
    /// A common multiple of all pillars' item weights, so that overall scores are compared as whole numbers.
    common: i128,
}

#[derive(Clone)]
struct Pillar {
    weight: i128,
    /// Σ item weight over the answered items.
    total: i128,
    /// Σ item weight × level.
    sum: i128,
    /// How many steps are left by item weight, the heaviest weight first.
    room: Vec<(i128, i128)>,
}

impl Climb {
    fn new(questionnaire: &Questionnaire, score: &Score, next: u8) -> Option<Climb> {
        let bound = i128::from(*questionnaire.bounds.get(usize::from(next))?);
        if score.pillars.iter().any(|pillar| pillar.score.is_none()) {
            return None;
        }
        let pillars: Vec<Pillar> = Pillar::all(questionnaire, score);
        // A product instead of the least common multiple would overflow with large questionnaires.
        let common = pillars.iter().fold(1, |common, pillar| common * Ratio::new(pillar.total, common).numerator());
        Some(Climb { pillars, bound, pillars_needed: questionnaire.gate[usize::from(next) - 1], common })
    }

    fn overall(&self) -> Ratio {
        let weights: i128 = self.pillars.iter().map(|pillar| pillar.weight).sum();
        Ratio::new(self.height(&self.pillars), weights * self.common)
    }

    /// The overall score, times the pillar weights and the common multiple.
    fn height(&self, pillars: &[Pillar]) -> i128 {
        pillars.iter().map(|pillar| pillar.sum * self.gain(pillar)).sum()
    }

    /// By how much one level of an item of weight 1 raises the height.
    fn gain(&self, pillar: &Pillar) -> i128 {
        20 * pillar.weight * (self.common / pillar.total)
    }

    /// The fewest steps: for every choice of as many pillars as are needed, lift each of them to the bound by its
    /// heaviest items, then lift the overall score by whatever lifts it most. Both are best possible because every step
    /// costs the same and within a pillar the heaviest items come first.
    fn fewest(&self) -> usize {
        let count = self.pillars.len();
        let choices = (0_u32..1 << count).filter(|choice| choice.count_ones() as usize == self.pillars_needed);
        let steps = choices.map(|choice| self.fewest_with(|position| choice >> position & 1 == 1));
        steps.min().and_then(|steps| usize::try_from(steps).ok()).unwrap_or(0)
    }

    fn fewest_with(&self, chosen: impl Fn(usize) -> bool) -> i128 {
        let mut pillars = self.pillars.clone();
        let mut steps = 0;
        for (_, pillar) in pillars.iter_mut().enumerate().filter(|(position, _)| chosen(*position)) {
            steps += pillar.lift_to(self.bound);
        }
        let weights: i128 = pillars.iter().map(|pillar| pillar.weight).sum();
        let mut lacking = self.bound * weights * self.common - self.height(&pillars);
        let rooms = pillars.iter().flat_map(|pillar| {
            let gain = self.gain(pillar);
            pillar.room.iter().map(move |(weight, room)| (gain * weight, *room))
        });
        let mut rooms: Vec<(i128, i128)> = rooms.collect();
        rooms.sort_unstable_by(|a, b| b.cmp(a));
        for (gain, room) in rooms {
            if lacking <= 0 {
                break;
            }
            let taken = room.min(ceil(lacking, gain));
            lacking -= taken * gain;
            steps += taken;
        }
        steps
    }

    /// The first item of the ranking after whose step `remaining - 1` steps are enough.
    fn first_on_a_shortest_way<'r, 'q>(
        &self,
        ranking: &'r Ranking<'q>,
        levels: &BTreeMap<String, u8>,
        remaining: usize,
    ) -> Option<&'r Ranked<'q>> {
        // All items of one pillar with one weight are equally good for the score.
        let mut useless: BTreeSet<(usize, u32)> = BTreeSet::new();
        loop {
            let open = ranking.items.iter().filter_map(|ranked| {
                let level = *levels.get(&ranked.item.id)?;
                (level < 5 && !useless.contains(&(ranked.pillar, ranked.item.weight))).then_some((ranked, level))
            });
            let (best, _) = open.min_by_key(|(ranked, level)| {
                let gap = ranking.is_gap(ranked.item, *level);
                let waits = !gap && !ranking.unmet(ranked.item, levels).is_empty();
                (!gap, self.lacking(ranked.pillar), waits, ranking.rank(ranked, *level))
            })?;
            let mut after = self.clone();
            after.pillars.get_mut(best.pillar)?.raise(best.item.weight);
            if after.fewest() < remaining {
                return Some(best);
            }
            useless.insert((best.pillar, best.item.weight));
        }
    }

    /// The points that a pillar lacks to the bound; one that has reached it comes after all that have not.
    fn lacking(&self, pillar: usize) -> (bool, Ratio) {
        let bound = Ratio::new(self.bound, 1);
        let score = self.pillars.get(pillar).map_or(Ratio::ZERO, Pillar::score);
        if score >= bound { (true, Ratio::ZERO) } else { (false, bound - score) }
    }

    fn step(&mut self, ranked: &Ranked<'_>, from: u8, pillar_id: &str, bounds: &[u32; 6]) -> Step {
        let pillar = &mut self.pillars[ranked.pillar];
        let before = pillar.score();
        pillar.raise(ranked.item.weight);
        let after = pillar.score();
        let reached = Some(level_of_score(bounds, after)).filter(|level| *level > level_of_score(bounds, before));
        let (item, pillar) = (ranked.item.id.clone(), pillar_id.to_owned());
        Step { item, from, to: from + 1, pillar, before, after, pillar_level_reached: reached }
    }
}

impl Pillar {
    fn all(questionnaire: &Questionnaire, score: &Score) -> Vec<Pillar> {
        let empty = questionnaire.pillars().map(|section| Pillar {
            weight: i128::from(section.weight.unwrap_or(1)),
            total: 0,
            sum: 0,
            room: Vec::new(),
        });
        let mut pillars: Vec<Pillar> = empty.collect();
        for (position, item) in questionnaire.items.iter().enumerate() {
            if let Some(level) = score.items.get(&item.id) {
                let pillar = &mut pillars[questionnaire.pillar_position(position)];
                pillar.total += i128::from(item.weight);
                pillar.sum += i128::from(item.weight) * i128::from(*level);
                pillar.add_room(item.weight, i128::from(5 - level));
            }
        }
        for pillar in &mut pillars {
            pillar.room.sort_unstable_by(|a, b| b.cmp(a));
        }
        pillars
    }

    fn score(&self) -> Ratio {
        Ratio::new(20 * self.sum, self.total)
    }

    fn add_room(&mut self, weight: u32, steps: i128) {
        let weight = i128::from(weight);
        match self.room.iter_mut().find(|(known, _)| *known == weight) {
            Some((_, room)) => *room += steps,
            None => self.room.push((weight, steps)),
        }
    }

    fn raise(&mut self, weight: u32) {
        self.sum += i128::from(weight);
        self.add_room(weight, -1);
    }

    /// Takes the heaviest steps until the score reaches the bound; returns how many.
    fn lift_to(&mut self, bound: i128) -> i128 {
        let mut steps = 0;
        let goal = ceil(bound * self.total, 20);
        for (weight, room) in &mut self.room {
            let taken = (*room).min(ceil((goal - self.sum).max(0), *weight));
            *room -= taken;
            self.sum += taken * *weight;
            steps += taken;
        }
        steps
    }
}

/// Division rounded up; both are at least zero, the divisor above.
fn ceil(dividend: i128, divisor: i128) -> i128 {
    (dividend + divisor - 1) / divisor
}

#[cfg(test)]
mod tests;
