//! What differs between two versions of a questionnaire, question by question.

use super::{Fact, Item, Question, Questionnaire};

/// A part of a question that can differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// The question, its title, note or hint.
    Text,
    /// What can be answered: statements, options, bands, bounds.
    Answer,
    /// How much it counts.
    Weight,
    /// Of whom it is asked, or whether it must be answered.
    Asked,
    /// What could prove the answer, and examples.
    Evidence,
    /// What is advised, how hard it is and how much it brings.
    Action,
    /// Where it stands.
    Place,
}

/// One question that is not the same in both versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Difference {
    /// The id of the question.
    pub id: String,
    /// What happened to it.
    pub change: Change,
}

/// What happened to a question from the older to the newer version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Added,
    /// It is gone.
    Removed,
    /// These parts of it are different.
    Changed(Vec<Part>),
}

/// The questions that differ: first those of the newer version in its order of asking, then those that are gone. The
/// weight of a pillar counts as a part of each of its items.
#[must_use]
pub fn compare(older: &Questionnaire, newer: &Questionnaire) -> Vec<Difference> {
    let ids = |of: &Questionnaire| -> Vec<String> {
        of.sections.iter().flat_map(|section| section.questions().map(ToOwned::to_owned)).collect()
    };
    let gone = ids(older).into_iter().filter(|id| newer.question(id).is_none());
    let all = ids(newer).into_iter().chain(gone);
    all.filter_map(|id| difference(older, newer, &id).map(|change| Difference { id, change })).collect()
}

fn difference(older: &Questionnaire, newer: &Questionnaire, id: &str) -> Option<Change> {
    let (Some(old), Some(new)) = (older.question(id), newer.question(id)) else {
        return Some(if older.question(id).is_none() { Change::Added } else { Change::Removed });
    };
    let mut parts = match (old, new) {
        (Question::Item(old), Question::Item(new)) => item(old, new),
        (Question::Fact(old), Question::Fact(new)) => fact(old, new),
        _ => vec![Part::Text, Part::Answer],
    };
    let weight = |of: &Questionnaire| of.topic_of(id).and_then(|(section, _)| section.weight);
    if weight(older) != weight(newer) && !parts.contains(&Part::Weight) {
        parts.push(Part::Weight);
    }
    let place = |of: &Questionnaire| of.topic_of(id).map(|(section, topic)| (section.id.clone(), topic.id.clone()));
    if place(older) != place(newer) || older.number(id) != newer.number(id) {
        parts.push(Part::Place);
    }
    parts.sort();
    (!parts.is_empty()).then_some(Change::Changed(parts))
}

fn item(old: &Item, new: &Item) -> Vec<Part> {
    let checks = [
        (Part::Text, old.title == new.title && old.question == new.question && old.note == new.note),
        (Part::Answer, old.answer == new.answer),
        (Part::Weight, old.weight == new.weight),
        (Part::Asked, old.asked_if == new.asked_if && old.core == new.core),
        (Part::Evidence, old.evidence == new.evidence && old.examples == new.examples),
        (
            Part::Action,
            old.action_low == new.action_low
                && old.action_next == new.action_next
                && (old.effort, old.impact) == (new.effort, new.impact)
                && old.needs == new.needs,
        ),
    ];
    different(&checks)
}

fn fact(old: &Fact, new: &Fact) -> Vec<Part> {
    different(&[
        (Part::Text, old.text == new.text && old.hint == new.hint),
        (Part::Answer, old.answer == new.answer),
        (Part::Asked, old.asked_if == new.asked_if && old.required == new.required),
    ])
}

fn different(checks: &[(Part, bool)]) -> Vec<Part> {
    checks.iter().filter(|(_, same)| !same).map(|(part, _)| *part).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn builtin() -> Questionnaire {
        Questionnaire::builtin("bn5").expect("built in").clone()
    }

    fn parse(questionnaire: &Questionnaire) -> Questionnaire {
        // The index is made when the file is read.
        Questionnaire::parse(&serde_json::to_string(questionnaire).unwrap()).unwrap()
    }

    #[test]
    fn a_version_does_not_differ_from_itself() {
        assert_eq!(compare(&builtin(), &builtin()), []);
    }

    #[test]
    fn every_part_that_changed_is_named() {
        let old = builtin();
        let mut new = old.clone();
        new.items[0].title.vi.push('!');
        new.items[0].weight = 2;
        new.items[1].effort = 4 - new.items[1].effort.min(3);
        new.facts[0].required = !new.facts[0].required;
        let changed_effort = new.items[1].effort != old.items[1].effort;
        let found = compare(&old, &new);
        let of = |id: &str| found.iter().find(|difference| difference.id == id).map(|found| found.change.clone());
        assert_eq!(of(&old.items[0].id), Some(Change::Changed(vec![Part::Text, Part::Weight])));
        assert_eq!(of(&old.items[1].id), changed_effort.then(|| Change::Changed(vec![Part::Action])));
        assert_eq!(of(&old.facts[0].id), Some(Change::Changed(vec![Part::Asked])));
    }

    #[test]
    fn questions_that_came_went_and_moved_are_told_apart() {
        let old = builtin();
        let mut new = old.clone();
        let topic = new.sections.iter_mut().find(|section| section.is_pillar()).map(|pillar| &mut pillar.topics[0]);
        topic.expect("a pillar").questions.swap(0, 1);
        let new = parse(&new);
        let moved: Vec<Difference> = compare(&old, &new);
        assert_eq!(moved.len(), 2, "{moved:?}");
        assert!(moved.iter().all(|difference| difference.change == Change::Changed(vec![Part::Place])));
        let mut fewer = old.clone();
        let section = fewer.sections.iter_mut().find(|section| section.weight.is_none() && !section.topics.is_empty());
        let gone = section.and_then(|section| section.topics.last_mut()?.questions.pop()).expect("a fact");
        fewer.facts.retain(|fact| fact.id != gone);
        fewer.index = super::super::Index::of(&fewer);
        let removed = Difference { id: gone.clone(), change: Change::Removed };
        assert!(compare(&old, &fewer).contains(&removed));
        assert!(compare(&fewer, &old).contains(&Difference { id: gone, change: Change::Added }));
    }
}
