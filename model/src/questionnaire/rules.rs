//! What must hold between the parts of a questionnaire. The parts themselves are checked where they are read.

mod conditions;
mod structure;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use super::question::{Bands, Fact, FactAnswer, Item, ItemAnswer};
use super::read::{MAX_PROBLEMS, short};
use super::{Problem, Questionnaire};
use crate::condition::Condition;

/// All broken rules with their places.
pub(super) fn problems(questionnaire: &Questionnaire) -> Vec<Problem> {
    let mut problems = Problems::default();
    scoring(questionnaire, &mut problems);
    unique(questionnaire, &mut problems);
    for (position, fact) in questionnaire.facts.iter().enumerate() {
        choices(fact, &element("facts", position, &fact.id), &mut problems);
    }
    for (position, item) in questionnaire.items.iter().enumerate() {
        checklist(item, &element("items", position, &item.id), &mut problems);
    }
    structure::rules(questionnaire, &mut problems);
    conditions::rules(questionnaire, &mut problems);
    problems.0
}

/// What is wrong with a condition outside the questionnaire's own file, which may look at everything in it.
pub(crate) fn condition_problems(questionnaire: &Questionnaire, condition: &Condition, place: &str) -> Vec<Problem> {
    conditions::problems_of(questionnaire, condition, place).0
}

/// Collects problems.
#[derive(Default)]
struct Problems(Vec<Problem>);

impl Problems {
    fn add(&mut self, place: impl Into<String>, message: impl Into<String>) {
        if self.0.len() < MAX_PROBLEMS {
            self.0.push(Problem { place: place.into(), message: message.into() });
        }
    }

    /// Reports ids that come twice. Empty ids have been reported where they were read.
    fn twice<'i>(&mut self, place: impl Fn(usize) -> String, what: &str, ids: impl Iterator<Item = &'i str>) {
        let mut seen = BTreeSet::new();
        for (position, id) in ids.enumerate() {
            if !id.is_empty() && !seen.insert(id) {
                self.add(place(position), format!("the {what} \"{id}\" is used twice; give one of them another id"));
            }
        }
    }
}

/// The name of an entry of one of the file's lists.
fn element(list: &str, position: usize, id: &str) -> String {
    format!("{list}[{position}] {}", short(id)).trim_end().to_owned()
}

fn scoring(questionnaire: &Questionnaire, problems: &mut Problems) {
    if questionnaire.bounds[0] != 0 {
        problems.add("bounds", format!("begins with {}; level 0 must begin at 0", questionnaire.bounds[0]));
    }
    if !questionnaire.bounds.is_sorted_by(|a, b| a < b) {
        problems.add("bounds", "must increase from level to level");
    }
    let pillars = questionnaire.pillars().count();
    if !questionnaire.gate.is_sorted() {
        problems.add("gate", "must not decrease; a higher level cannot need fewer pillars");
    }
    if let Some(most) = questionnaire.gate.iter().max().filter(|most| **most > pillars && pillars > 0) {
        problems.add("gate", format!("asks for {most} pillars; there are {pillars}"));
    }
    for (position, floor) in questionnaire.security_floor.iter().enumerate() {
        exists_item(questionnaire, &floor.item, format!("security_floor[{position}] › item"), problems);
    }
    let floors = questionnaire.security_floor.iter().map(|floor| floor.item.as_str());
    problems.twice(|position| format!("security_floor[{position}] › item"), "item", floors);
}

fn unique(questionnaire: &Questionnaire, problems: &mut Problems) {
    let (facts, items) = (&questionnaire.facts, &questionnaire.items);
    let questions = facts.iter().map(|fact| fact.id.as_str()).chain(items.iter().map(|item| item.id.as_str()));
    let question_place = |position: usize| match position.checked_sub(facts.len()) {
        None => format!("{} › id", element("facts", position, &facts[position].id)),
        Some(position) => format!("{} › id", element("items", position, &items[position].id)),
    };
    problems.twice(question_place, "question id", questions);
    let flags = questionnaire.flags.iter().map(|flag| flag.id.as_str());
    problems.twice(|position| format!("flags[{position}] › id"), "flag id", flags);
    let sections = questionnaire.sections.iter().map(|section| section.id.as_str());
    problems.twice(|position| format!("sections[{position}] › id"), "section id", sections);
    let checks = questionnaire.checks.iter().map(|check| check.id.as_str());
    problems.twice(|position| format!("checks[{position}] › id"), "check id", checks);
}

fn choices(fact: &Fact, place: &str, problems: &mut Problems) {
    let (options, many) = match &fact.answer {
        FactAnswer::One { options } => (options, false),
        FactAnswer::Many { options, .. } => (options, true),
        _ => return,
    };
    let ids = || options.iter().map(|option| option.id.as_str());
    problems.twice(|position| format!("{place} › answer.options[{position}].id"), "option id", ids());
    if many && ids().any(|id| id == "none") {
        problems.add(
            format!("{place} › answer.options"),
            "\"none\" is kept for \"none of these\"; write its words under answer.none",
        );
    }
}

fn checklist(item: &Item, place: &str, problems: &mut Problems) {
    let ItemAnswer::Checklist { options, bands } = &item.answer else { return };
    let ids = || options.iter().map(|option| option.id.as_str());
    problems.twice(|position| format!("{place} › answer.options[{position}].id"), "option id", ids());
    if ids().any(|id| id == "none") {
        problems.add(
            format!("{place} › answer.options"),
            "\"none\" is kept for \"none of these\", which is always offered; leave it out",
        );
    }
    let always = options.iter().filter(|option| option.asked_if.is_none()).count();
    if always == 0 && !options.is_empty() {
        problems
            .add(format!("{place} › answer.options"), "all options have asked_if; at least one must always be shown");
    }
    let (Bands::ShareAbove(bounds) | Bands::CountFrom(bounds)) = bands;
    if !bounds.is_sorted_by(|a, b| a < b) {
        problems.add(format!("{place} › answer.bands"), "the five numbers must increase");
    }
    if matches!(bands, Bands::CountFrom(_)) && bounds[4] as usize > always && always > 0 {
        let message = format!("level 5 needs {} ticks, but only {always} options are always shown", bounds[4]);
        problems.add(format!("{place} › answer.bands"), message);
    }
}

/// Reports a name that is no item. An empty one has been reported where it was read.
fn exists_item(questionnaire: &Questionnaire, id: &str, place: String, problems: &mut Problems) {
    if id.is_empty() || questionnaire.item(id).is_some() {
        return;
    }
    let message = match questionnaire.fact(id) {
        Some(_) => format!("\"{id}\" is a fact; only items have levels"),
        None => format!("there is no item \"{id}\"; look for a mistyped id"),
    };
    problems.add(place, message);
}
