//! X14: where two people of one enterprise answered the same item differently (instrument §6).

use super::Finding;
use crate::answer::{Answer, Answers};
use crate::profile::asked;
use crate::questionnaire::{Item, Questionnaire};
use crate::score::level_of;

/// From this many levels on, two answers are asked to be agreed.
const FAR_APART: u8 = 2;

/// An item with two answers that are far apart.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference<'q> {
    /// The item.
    pub item: &'q Item,
    /// The level, 0–5, of the answer that counts now.
    pub now: u8,
    /// The level of the answer that another person gave before.
    pub other: u8,
}

/// The items whose two answers differ by two levels or more. `others` are the answers of other people that were
/// replaced, by question; only what is asked counts.
#[must_use]
pub fn differences<'q>(
    questionnaire: &'q Questionnaire,
    answers: &Answers,
    others: &[(String, Answer)],
) -> Vec<Difference<'q>> {
    let asked = asked(questionnaire, answers);
    let one = |(id, other): &(String, Answer)| {
        let item = questionnaire.item(id).filter(|item| asked.item(&item.id))?;
        let mut theirs = answers.clone();
        theirs.insert(id.clone(), other.clone());
        let (now, other) = (level_of(questionnaire, item, answers)?, level_of(questionnaire, item, &theirs)?);
        (now.abs_diff(other) >= FAR_APART).then_some(Difference { item, now, other })
    };
    others.iter().filter_map(one).collect()
}

/// The warning about them, if there are any.
#[must_use]
pub fn differ<'q>(differences: &[Difference<'q>]) -> Option<Finding<'q>> {
    let items: Vec<&'q Item> = differences.iter().map(|one| one.item).collect();
    (!items.is_empty()).then_some(Finding::Differ(items))
}
