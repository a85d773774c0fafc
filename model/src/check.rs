//! Plausibility checks (instrument §6): warnings about answers that do not go together. They block nothing.

use crate::answer::Answers;
use crate::condition::Context;
use crate::questionnaire::{Check, Questionnaire};

/// A check that is raised.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding<'q> {
    /// The check, with its code, its message and the questions to look at again.
    pub check: &'q Check,
}

/// The checks that these answers raise, in the order of the questionnaire. Checks between two assessments or two
/// respondents (X13, X14) are not among them.
#[must_use]
pub fn check<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<Finding<'q>> {
    let context = Context::new(questionnaire, answers);
    let raised = questionnaire.checks.iter().filter(|check| check.when.holds(&context));
    raised.map(|check| Finding { check }).collect()
}

#[cfg(test)]
mod tests;
