//! Plausibility checks (instrument §6): warnings about answers that do not go together. They block nothing; whoever
//! sends the answers may say why they are right all the same.

mod differ;

use crate::answer::Answers;
use crate::condition::Context;
use crate::profile::asked;
use crate::questionnaire::{Check, Item, Questionnaire};
use crate::score::level_of;

pub use differ::{Difference, differ, differences};

/// A rise of this many levels since the last assessment is a large one (instrument §6, X13).
const LARGE_JUMP: u8 = 3;

/// A check that is raised.
#[derive(Debug, Clone, PartialEq)]
pub enum Finding<'q> {
    /// A check of the questionnaire.
    Check(&'q Check),
    /// X13: these items rose by three levels or more since an assessment of the last six months.
    Jump(Vec<&'q Item>),
    /// X14: two people answered these items two levels or more apart.
    Differ(Vec<&'q Item>),
}

impl<'q> Finding<'q> {
    /// The code, such as X01.
    #[must_use]
    pub fn code(&self) -> &'q str {
        match self {
            Finding::Check(check) => &check.id,
            Finding::Jump(_) => "X13",
            Finding::Differ(_) => "X14",
        }
    }

    /// The questions to look at again.
    #[must_use]
    pub fn questions(&self) -> Vec<&'q str> {
        match self {
            Finding::Check(check) => check.questions.iter().map(String::as_str).collect(),
            Finding::Jump(items) | Finding::Differ(items) => items.iter().map(|item| item.id.as_str()).collect(),
        }
    }
}

/// The checks that these answers raise, in the order of the questionnaire, and X13 after them. `recent` are the
/// answers of the enterprise's last assessment, if that was sent within the last six months.
#[must_use]
pub fn check<'q>(questionnaire: &'q Questionnaire, answers: &Answers, recent: Option<&Answers>) -> Vec<Finding<'q>> {
    let context = Context::new(questionnaire, answers);
    let raised = questionnaire.checks.iter().filter(|check| check.when.holds(&context));
    let mut findings: Vec<Finding<'q>> = raised.map(Finding::Check).collect();
    let jumps = recent.map(|before| jumps(questionnaire, before, answers)).unwrap_or_default();
    if !jumps.is_empty() {
        findings.push(Finding::Jump(jumps));
    }
    findings
}

/// The items, asked both times, that rose by [`LARGE_JUMP`] or more.
fn jumps<'q>(questionnaire: &'q Questionnaire, before: &Answers, now: &Answers) -> Vec<&'q Item> {
    let (asked_before, asked_now) = (asked(questionnaire, before), asked(questionnaire, now));
    let level = |item: &Item, answers: &Answers| level_of(questionnaire, item, answers);
    let rose = |item: &&Item| match (level(item, before), level(item, now)) {
        (Some(before), Some(now)) => now >= before.saturating_add(LARGE_JUMP),
        _ => false,
    };
    let both = questionnaire.items.iter().filter(|item| asked_before.item(&item.id) && asked_now.item(&item.id));
    both.filter(rose).collect()
}

#[cfg(test)]
mod tests;
