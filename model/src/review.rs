//! The review of what was submitted: who may do what, and what came of it.

use std::collections::BTreeMap;

use crate::answer::{Answer, Answers};
use crate::assessment::State;

/// Where the review of the last submission stands. `P` is whatever tells people apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review<P> {
    /// The state of the assessment.
    pub state: State,
    /// Who took it up last.
    pub taken_by: Option<P>,
    /// How many questions to the enterprise are open.
    pub open_questions: usize,
    /// Whoever takes a submission up may not accept it.
    pub four_eyes: bool,
}

/// Why something cannot be done. Nothing changes then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    /// The state does not allow it: another reviewer or the enterprise was faster.
    #[error("the state does not allow it")]
    NotNow,
    /// Questions are open: an accepted answer is one that nobody doubts any more.
    #[error("questions are open")]
    OpenQuestions,
    /// The same person took it up.
    #[error("a second person accepts")]
    FourEyes,
    /// It goes back without a question or a reason: the enterprise would not know what to change.
    #[error("a reason or an open question is needed")]
    NoReason,
}

impl<P: PartialEq> Review<P> {
    /// Takes the submission up. A colleague may take it over, and an accepted one may be taken up again; who has it
    /// already changes nothing.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] while the enterprise has it.
    pub fn take_up(self, by: P) -> Result<Self, Refusal> {
        match self.state {
            State::Submitted | State::InReview | State::Accepted => {
                Ok(Review { state: State::InReview, taken_by: Some(by), ..self })
            }
            State::Draft | State::Returned => Err(Refusal::NotNow),
        }
    }

    /// Opens a question.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] unless somebody reviews it.
    pub fn ask(self) -> Result<Self, Refusal> {
        let open_questions = self.open_questions + 1;
        self.in_review().map(|review| Review { open_questions, ..review })
    }

    /// Records a level beside the enterprise's own, or takes it back.
    ///
    /// # Errors
    /// [`Refusal::NotNow`] unless somebody reviews it.
    pub fn rate(self) -> Result<Self, Refusal> {
        self.in_review()
    }

    /// Accepts the submission.
    ///
    /// # Errors
    /// Unless somebody reviews it, nothing is open, and with four eyes a second person accepts.
    pub fn accept(self, by: &P) -> Result<Self, Refusal> {
        let review = self.in_review()?;
        if review.open_questions > 0 {
            return Err(Refusal::OpenQuestions);
        }
        if review.four_eyes && review.taken_by.as_ref() == Some(by) {
            return Err(Refusal::FourEyes);
        }
        Ok(Review { state: State::Accepted, ..review })
    }

    /// Gives the submission back: the enterprise may change its answers and submit again.
    ///
    /// # Errors
    /// Unless somebody reviews it, and a question is open or a reason is given.
    pub fn give_back(self, reason: &str) -> Result<Self, Refusal> {
        let review = self.in_review()?;
        if review.open_questions == 0 && reason.trim().is_empty() {
            return Err(Refusal::NoReason);
        }
        Ok(Review { state: State::Returned, ..review })
    }

    fn in_review(self) -> Result<Self, Refusal> {
        if self.state == State::InReview { Ok(self) } else { Err(Refusal::NotNow) }
    }
}

/// The levels that reviewers recorded, by item.
pub type Levels = BTreeMap<String, u8>;

/// A question whose answer differs between two submissions.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Change<'a> {
    /// The id of the question.
    pub question: &'a str,
    /// The answer before; none when it was unanswered or not asked.
    pub before: Option<&'a Answer>,
    /// The answer after.
    pub after: Option<&'a Answer>,
}

/// What differs between two submissions, by question id.
#[must_use]
pub fn changes<'a>(before: &'a Answers, after: &'a Answers) -> Vec<Change<'a>> {
    let mut ids: Vec<&str> = before.iter().chain(after.iter()).map(|(question, _)| question).collect();
    ids.sort_unstable();
    ids.dedup();
    let pairs =
        ids.into_iter().map(|question| Change { question, before: before.get(question), after: after.get(question) });
    pairs.filter(|change| change.before != change.after).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::testing::answers;

    fn review(state: State) -> Review<u8> {
        Review { state, taken_by: None, open_questions: 0, four_eyes: false }
    }

    #[test]
    fn a_submission_is_taken_up_asked_about_and_accepted() {
        let review = review(State::Submitted).take_up(1).unwrap().ask().unwrap();
        assert_eq!(review.clone().accept(&1), Err(Refusal::OpenQuestions));
        let review = Review { open_questions: 0, ..review };
        assert_eq!(review.accept(&1).unwrap().state, State::Accepted);
    }

    #[test]
    fn with_four_eyes_a_second_person_accepts() {
        let review = Review { four_eyes: true, ..review(State::Submitted) }.take_up(1).unwrap();
        assert_eq!(review.clone().accept(&1), Err(Refusal::FourEyes));
        assert_eq!(review.accept(&2).unwrap().state, State::Accepted);
    }

    #[test]
    fn nothing_goes_back_without_saying_why() {
        let review = review(State::Submitted).take_up(1).unwrap();
        assert_eq!(review.clone().give_back(" \n"), Err(Refusal::NoReason));
        assert_eq!(review.clone().give_back("3.1").unwrap().state, State::Returned);
        assert_eq!(review.ask().unwrap().give_back("").unwrap().state, State::Returned);
    }

    #[test]
    fn what_the_enterprise_has_is_not_reviewed() {
        for state in [State::Draft, State::Returned] {
            assert_eq!(review(state).take_up(1), Err(Refusal::NotNow));
        }
        for state in [State::Draft, State::Submitted, State::Returned, State::Accepted] {
            assert_eq!(review(state).ask(), Err(Refusal::NotNow));
            assert_eq!(review(state).rate(), Err(Refusal::NotNow));
            assert_eq!(review(state).accept(&1), Err(Refusal::NotNow));
            assert_eq!(review(state).give_back("why"), Err(Refusal::NotNow));
        }
    }

    #[test]
    fn changes_name_what_came_went_and_differs() {
        let (before, after) = (answers(json!({"A": 1, "B": 2, "C": 3})), answers(json!({"A": 1, "C": 4, "D": 0})));
        let found: Vec<_> = changes(&before, &after).into_iter().map(|change| change.question).collect();
        assert_eq!(found, ["B", "C", "D"]);
        assert!(changes(&after, &after).is_empty());
    }

    proptest! {
        /// Whatever reviewers try, in whatever order: with four eyes, who took it up last never accepts it, and nothing
        /// with an open question is accepted.
        #[test]
        fn four_eyes_hold(steps in prop::collection::vec((0..4_u8, 0..3_u8), 0..20)) {
            let mut now = Review { four_eyes: true, ..review(State::Submitted) };
            for (step, who) in steps {
                let next = match step {
                    0 => now.clone().take_up(who),
                    1 => now.clone().ask(),
                    2 => now.clone().accept(&who),
                    _ => Ok(Review { open_questions: 0, ..now.clone() }),
                };
                if let Ok(next) = next {
                    if next.state == State::Accepted && now.state == State::InReview {
                        prop_assert_ne!(now.taken_by, Some(who));
                        prop_assert_eq!(now.open_questions, 0);
                    }
                    now = next;
                }
            }
        }
    }
}
