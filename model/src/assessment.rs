//! The state of an assessment, how far it is, and what comes next.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::answer::Answers;
use crate::fit::is_answered;
use crate::profile::asked;
use crate::questionnaire::{Question, Questionnaire, Section, Topic};

/// What may be done with an assessment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// The enterprise is filling it.
    Draft,
    /// The enterprise has handed it in.
    Submitted,
    /// Somebody reviews it.
    InReview,
    /// The reviewer asks for changes: the enterprise may answer again.
    Returned,
    /// The review is done.
    Accepted,
}

/// A word that is no state.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no state of an assessment; use draft, submitted, in_review, returned or accepted")]
pub struct UnknownState(pub String);

/// How far a section is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Progress {
    /// How many questions are asked.
    pub asked: usize,
    /// How many of them are answered.
    pub answered: usize,
}

impl State {
    /// Every state, in the order of the descriptions.
    pub const ALL: [State; 5] = [State::Draft, State::Submitted, State::InReview, State::Returned, State::Accepted];

    /// Whether the enterprise may change its answers.
    #[must_use]
    pub fn is_open(self) -> bool {
        matches!(self, State::Draft | State::Returned)
    }

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            State::Draft => "draft",
            State::Submitted => "submitted",
            State::InReview => "in_review",
            State::Returned => "returned",
            State::Accepted => "accepted",
        }
    }
}

impl FromStr for State {
    type Err = UnknownState;

    fn from_str(word: &str) -> Result<State, UnknownState> {
        State::ALL.into_iter().find(|state| state.as_str() == word).ok_or_else(|| UnknownState(word.to_owned()))
    }
}

/// Whether everything that must be answered is (instrument §2: submission requires all applicable items).
///
/// # Errors
/// The ids of the items and required facts that are asked and unanswered, in the order of asking.
pub fn may_submit(questionnaire: &Questionnaire, answers: &Answers) -> Result<(), Vec<String>> {
    let asked = asked(questionnaire, answers);
    let topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
    let open = topics
        .flat_map(|topic| asked.questions(topic))
        .filter(|question| question.required() && !is_answered(*question, answers));
    let missing: Vec<String> = open.map(|question| question.id().to_owned()).collect();
    if missing.is_empty() { Ok(()) } else { Err(missing) }
}

/// How many questions of a section are asked and answered, optional facts included.
#[must_use]
pub fn progress(questionnaire: &Questionnaire, section: &Section, answers: &Answers) -> Progress {
    let asked = asked(questionnaire, answers);
    let questions: Vec<Question<'_>> = section.topics.iter().flat_map(|topic| asked.questions(topic)).collect();
    let answered = questions.iter().filter(|question| is_answered(**question, answers)).count();
    Progress { asked: questions.len(), answered }
}

/// The topics of a section in which at least one question is asked.
#[must_use]
pub fn topics_asked<'q>(questionnaire: &Questionnaire, section: &'q Section, answers: &Answers) -> Vec<&'q Topic> {
    let asked = asked(questionnaire, answers);
    section.topics.iter().filter(|topic| asked.questions(topic).next().is_some()).collect()
}

/// The next topic of the same section in which something is asked; nothing after the last one.
#[must_use]
pub fn next_topic<'q>(
    questionnaire: &'q Questionnaire,
    section_id: &str,
    topic_id: &str,
    answers: &Answers,
) -> Option<(&'q Section, &'q Topic)> {
    let (section, _) = questionnaire.topic(section_id, topic_id)?;
    let asked = asked(questionnaire, answers);
    let mut after = section.topics.iter().skip_while(|topic| topic.id != topic_id).skip(1);
    after.find(|topic| asked.questions(topic).next().is_some()).map(|topic| (section, topic))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::testing::{File, answers, bn5, shop, text};

    #[test]
    fn words_and_states_are_one_to_one() {
        for state in State::ALL {
            assert_eq!(state.as_str().parse(), Ok(state));
            assert_eq!(serde_json::to_value(state).unwrap(), json!(state.as_str()));
        }
        assert!("lost".parse::<State>().is_err());
    }

    #[test]
    fn everything_that_is_asked_must_be_answered() {
        assert_eq!(may_submit(bn5(), &shop()), Ok(()));
        let mut open = shop();
        open.remove("Q101");
        open.remove("F08");
        open.insert("Q303", crate::Answer::Whole(9));
        assert_eq!(may_submit(bn5(), &open), Err(vec!["F08".into(), "Q101".into(), "Q303".into()]));
        open.insert("F06", crate::Answer::YesNo(false));
        let missing = may_submit(bn5(), &open).unwrap_err();
        assert_eq!(missing, ["F06r", "F08", "Q101"], "a reason is asked for, and selling online no more");
    }

    #[test]
    fn progress_counts_what_is_asked() {
        let progress = |section: &str, given: Value| {
            let progress = progress(bn5(), bn5().section(section).unwrap(), &answers(given));
            (progress.asked, progress.answered)
        };
        assert_eq!(progress("P1", json!({})), (5, 0));
        assert_eq!(progress("P1", json!({"F04": ["g"], "Q101": 0, "Q106": 2})), (6, 2));
        assert_eq!(progress("profile", json!({"F01": 3})), (7, 1), "F05 waits for F04");
        assert_eq!(progress("technology", json!({"F11": 3, "F10": "none"})), (20, 2));
    }

    #[test]
    fn topics_in_which_nothing_is_asked_are_passed_over() {
        let after = |topic: &str, given: Value| {
            next_topic(bn5(), "technology", topic, &answers(given)).map(|(_, topic)| topic.id.clone())
        };
        assert_eq!(after("sales", json!({"F11": 0})).as_deref(), Some("software"));
        assert_eq!(after("sales", json!({"F11": 2})).as_deref(), Some("web-sales"));
        assert_eq!(after("e-dealings", json!({})), None);
        assert_eq!(after("nowhere", json!({})), None);
        let section = bn5().section("technology").unwrap();
        let topics = topics_asked(bn5(), section, &Answers::new());
        assert_eq!(
            topics.iter().map(|topic| topic.id.as_str()).collect::<Vec<_>>(),
            ["staff", "sales", "software", "e-dealings"]
        );
    }

    #[test]
    fn facts_that_are_not_required_may_stay_open() {
        let fact = json!({"id": "extra", "text": text("?"), "answer": {"type": "yes_no"}});
        let questionnaire = File::new(&[("P1", &["A"])])
            .set("/facts/-", fact)
            .set("/sections/0/topics/0/questions", json!(["staff", "extra"]))
            .build();
        assert_eq!(may_submit(&questionnaire, &answers(json!({"staff": 2, "A": 3}))), Ok(()));
    }
}
