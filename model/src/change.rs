//! Two assessments of one enterprise side by side: what changed, and why questions came or went.

use std::cmp::Reverse;

use crate::answer::Answers;
use crate::profile::asked;
use crate::questionnaire::{Item, Questionnaire};
use crate::score::{Score, score};

/// What changed between two assessments.
#[derive(Debug, Clone, PartialEq)]
pub struct Change<'q> {
    /// The score of the earlier answers.
    pub before: Score,
    /// The score of the later answers.
    pub after: Score,
    /// Items with another level, the largest rise first.
    pub moved: Vec<Moved<'q>>,
    /// Items that are asked now and were not before.
    pub came: Vec<&'q Item>,
    /// Items that were asked before and are not now.
    pub went: Vec<&'q Item>,
    /// The ids of profile facts with another answer: they are why items came and went.
    pub facts: Vec<&'q str>,
}

/// An item that was answered both times, differently.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moved<'q> {
    /// The item.
    pub item: &'q Item,
    /// The level, 0–5, before.
    pub from: u8,
    /// The level, 0–5, after.
    pub to: u8,
}

/// Compares answers to the same questionnaire. Each time is scored by the version it was answered in; `now` is the
/// later version and gives the words. Items are the same if their ids are.
#[must_use]
pub fn change<'q>(
    (then, before): (&Questionnaire, &Answers),
    (now, after): (&'q Questionnaire, &Answers),
) -> Change<'q> {
    let (asked_before, asked_after) = (asked(then, before), asked(now, after));
    let (score_before, score_after) = (score(then, before), score(now, after));
    let moved = |item: &'q Item| {
        let (from, to) = (*score_before.items.get(&item.id)?, *score_after.items.get(&item.id)?);
        (from != to).then_some(Moved { item, from, to })
    };
    let mut moves: Vec<Moved<'q>> = now.items.iter().filter_map(moved).collect();
    moves.sort_by_key(|moved| Reverse(i16::from(moved.to) - i16::from(moved.from)));
    let came = |item: &&Item| asked_after.item(&item.id) && !asked_before.item(&item.id);
    let went = |item: &&Item| asked_before.item(&item.id) && !asked_after.item(&item.id);
    let facts = now.sections.iter().filter(|section| !section.is_pillar()).flat_map(|section| section.questions());
    let required = facts.filter(|id| now.question(id).is_some_and(|question| question.required()));
    Change {
        moved: moves,
        came: now.items.iter().filter(came).collect(),
        went: now.items.iter().filter(went).collect(),
        facts: required.filter(|id| before.get(id) != after.get(id)).collect(),
        before: score_before,
        after: score_after,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Answer;
    use crate::testing::{bn5, shop};

    fn ids<'a>(items: &[&'a Item]) -> Vec<&'a str> {
        items.iter().map(|item| item.id.as_str()).collect()
    }

    #[test]
    fn nothing_changes_between_the_same_answers() {
        let change = change((bn5(), &shop()), (bn5(), &shop()));
        assert_eq!((change.moved.len(), change.came.len(), change.went.len(), change.facts.len()), (0, 0, 0, 0));
        assert_eq!(change.before, change.after);
    }

    #[test]
    fn moves_are_listed_from_the_largest_rise_to_the_largest_fall() {
        let mut now = shop();
        now.insert("Q101", Answer::Whole(5));
        now.insert("Q103", Answer::Whole(2));
        now.insert("Q202", Answer::Whole(0));
        let change = change((bn5(), &shop()), (bn5(), &now));
        let moves: Vec<_> = change.moved.iter().map(|moved| (moved.item.id.as_str(), moved.from, moved.to)).collect();
        assert_eq!(moves, [("Q101", 1, 5), ("Q103", 1, 2), ("Q202", 3, 0)]);
        assert!(change.facts.is_empty());
    }

    #[test]
    fn a_changed_profile_explains_which_questions_came_and_went() {
        let mut now = shop();
        now.insert("F04", Answer::Many(["c", "f", "g"].map(ToOwned::to_owned).into()));
        now.insert("F07", Answer::YesNo(false));
        now.insert("Q106", Answer::Whole(3));
        let change = change((bn5(), &shop()), (bn5(), &now));
        assert_eq!((ids(&change.came), ids(&change.went)), (vec!["Q106"], vec!["Q309"]));
        assert_eq!(change.facts, ["F04", "F07"]);
        assert!(change.moved.is_empty(), "what was asked once only did not move");
    }
}
