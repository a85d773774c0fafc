//! Where to find a question by its id, and where an item stands. Made once, when the file is read.

use std::collections::BTreeMap;

use super::Questionnaire;

/// Positions by id. Ids that are used twice keep the first place; the checker refuses them anyway.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Index {
    questions: BTreeMap<String, Place>,
    /// For every item: the position of its pillar among the pillars, and its own within the pillar.
    standing: Vec<(usize, usize)>,
}

/// The list a question is in, and its position there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    Fact(usize),
    Item(usize),
}

impl Index {
    pub(super) fn of(questionnaire: &Questionnaire) -> Index {
        let mut questions = BTreeMap::new();
        for (position, fact) in questionnaire.facts.iter().enumerate() {
            questions.entry(fact.id.clone()).or_insert(Place::Fact(position));
        }
        for (position, item) in questionnaire.items.iter().enumerate() {
            questions.entry(item.id.clone()).or_insert(Place::Item(position));
        }
        let mut standing = vec![(0, 0); questionnaire.items.len()];
        for (pillar, section) in questionnaire.pillars().enumerate() {
            for (within, id) in section.questions().enumerate() {
                if let Some(Place::Item(position)) = questions.get(id) {
                    standing[*position] = (pillar, within);
                }
            }
        }
        Index { questions, standing }
    }

    pub(super) fn place(&self, id: &str) -> Option<Place> {
        self.questions.get(id).copied()
    }

    pub(super) fn pillar(&self, item: usize) -> usize {
        self.standing.get(item).map_or(0, |standing| standing.0)
    }

    pub(super) fn within_pillar(&self, item: usize) -> usize {
        self.standing.get(item).map_or(0, |standing| standing.1)
    }
}
