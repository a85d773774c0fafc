//! The quick check: the core items alone, and what they say about the whole.

use std::collections::BTreeSet;
use std::str::FromStr;

use crate::answer::{Answer, Answers};
use crate::condition::Condition;
use crate::profile::asked;
use crate::questionnaire::{Item, ItemAnswer, Question, Questionnaire};
use crate::ratio::Ratio;
use crate::score::{level_of, score};

/// Which questions an assessment asks for now.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Kind {
    /// All of them: only such an assessment can be submitted.
    #[default]
    Full,
    /// The core items.
    Quick,
}

/// A word that is no kind of assessment.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no kind of assessment; use full or quick")]
pub struct UnknownKind(pub String);

impl Kind {
    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Kind::Full => "full",
            Kind::Quick => "quick",
        }
    }
}

impl FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(word: &str) -> Result<Kind, UnknownKind> {
        let kinds = [Kind::Full, Kind::Quick];
        kinds.into_iter().find(|kind| kind.as_str() == word).ok_or_else(|| UnknownKind(word.to_owned()))
    }
}

/// What the core items say about the result of the whole questionnaire.
#[derive(Debug, Clone, PartialEq)]
pub struct Outlook {
    /// The score, 0–100, of the core items alone.
    pub core: Ratio,
    /// How many core items are asked.
    pub core_items: usize,
    /// How many items the whole questionnaire asks that are still open.
    pub open: usize,
    /// The scores, 0–100, that the whole is certain to lie between: all open items at 0, and all at 5.
    pub range: (Ratio, Ratio),
    /// The levels that belong to them, gate included.
    pub levels: (u8, u8),
}

/// The same questionnaire asking only its core items and the facts that something depends on. Ids, pages and numbers
/// stay, so that every answer given here is an answer to the whole.
#[must_use]
pub fn quick(questionnaire: &Questionnaire) -> Questionnaire {
    let never = || Some(Condition::Any { any: Vec::new() });
    let mut quick = questionnaire.clone();
    for item in quick.items.iter_mut().filter(|item| !item.core) {
        item.asked_if = never();
    }
    let needed = needed_facts(questionnaire);
    for fact in quick.facts.iter_mut().filter(|fact| !needed.contains(fact.id.as_str())) {
        fact.asked_if = never();
    }
    quick
}

/// What the whole can still become. Absent until every core item that is asked has its answer.
#[must_use]
pub fn outlook(questionnaire: &Questionnaire, answers: &Answers) -> Option<Outlook> {
    let quick = quick(questionnaire);
    let core = score(&quick, answers);
    let whole = score(questionnaire, answers);
    if core.items_on == 0 || core.answered < core.items_on {
        return None;
    }
    let low = score(questionnaire, &filled(questionnaire, answers, false));
    let high = score(questionnaire, &filled(questionnaire, answers, true));
    Some(Outlook {
        core: core.overall?,
        core_items: core.items_on,
        open: whole.items_on - whole.answered,
        range: (low.overall?, high.overall?),
        levels: (low.level?, high.level?),
    })
}

/// The facts of sections in which something must be answered: the profile, which decides what is asked.
fn needed_facts(questionnaire: &Questionnaire) -> BTreeSet<&str> {
    let is_required = |id: &str| questionnaire.question(id).is_some_and(|question| question.required());
    let needed = questionnaire.sections.iter().filter(|section| section.questions().any(is_required));
    let ids = needed.flat_map(|section| section.questions());
    ids.filter(|id| matches!(questionnaire.question(id), Some(Question::Fact(_)))).collect()
}

/// The answers with every open item at its lowest or its highest level.
fn filled(questionnaire: &Questionnaire, answers: &Answers, highest: bool) -> Answers {
    let asked = asked(questionnaire, answers);
    let mut all = answers.clone();
    for item in asked.items().filter(|item| level_of(questionnaire, item, answers).is_none()) {
        all.insert(&item.id, extreme(item, highest));
    }
    all
}

fn extreme(item: &Item, highest: bool) -> Answer {
    match &item.answer {
        ItemAnswer::Ladder { .. } => Answer::Whole(if highest { 5 } else { 0 }),
        ItemAnswer::Checklist { options, .. } => {
            Answer::Many(options.iter().filter(|_| highest).map(|option| option.id.clone()).collect())
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::assessment::may_submit;
    use crate::testing::{bn5, shop};

    /// The shop with its core answers alone.
    fn core_of(all: &Answers) -> Answers {
        let is_kept = |id: &str| bn5().item(id).is_none_or(|item| item.core);
        all.iter().filter(|(id, _)| is_kept(id)).map(|(id, answer)| (id.to_owned(), answer.clone())).collect()
    }

    #[test]
    fn words_and_kinds_are_one_to_one() {
        for kind in [Kind::Full, Kind::Quick] {
            assert_eq!(kind.as_str().parse(), Ok(kind));
        }
        assert!("half".parse::<Kind>().is_err());
    }

    #[test]
    fn twenty_items_are_core_and_keep_their_numbers() {
        let quick = quick(bn5());
        let shop = core_of(&shop());
        let asked = asked(&quick, &shop);
        assert_eq!(bn5().items.iter().filter(|item| item.core).count(), 20);
        assert!(asked.items().all(|item| item.core) && asked.items_on() == 18, "{}", asked.items_on());
        assert_eq!(quick.number("Q506"), bn5().number("Q506"));
        assert_eq!(may_submit(&quick, &shop), Ok(()));
        assert!(may_submit(bn5(), &shop).is_err(), "the whole asks more");
        assert!(!asked.fact("F11") && asked.fact("F08"), "only what decides about questions");
    }

    #[test]
    fn the_whole_lies_in_the_range_that_the_core_promises() {
        let outlook = outlook(bn5(), &core_of(&shop())).expect("all core items are answered");
        let whole = score(bn5(), &shop());
        let (low, high) = outlook.range;
        assert!(low <= whole.overall.unwrap() && whole.overall.unwrap() <= high);
        assert!(outlook.levels.0 <= 2 && 2 <= outlook.levels.1);
        assert_eq!((outlook.core_items, outlook.open), (18, 18));
        assert!(low <= outlook.core && outlook.core <= high);
    }

    #[test]
    fn without_all_core_items_nothing_is_said() {
        let mut open = core_of(&shop());
        open.remove("Q101");
        assert_eq!(outlook(bn5(), &open), None);
        assert_eq!(outlook(bn5(), &Answers::new()), None);
    }

    #[test]
    fn with_everything_answered_the_range_is_one_point() {
        let outlook = outlook(bn5(), &shop()).unwrap();
        assert_eq!((outlook.range.0, outlook.open), (outlook.range.1, 0));
        assert_eq!(Some(outlook.range.0), score(bn5(), &shop()).overall);
    }

    proptest! {
        #[test]
        fn whatever_else_is_answered_the_result_lies_in_the_range(levels in prop::collection::vec(0_i64..=5, 43)) {
            let core = core_of(&shop());
            let outlook = outlook(bn5(), &core).unwrap();
            let mut whole = core;
            let asked_items: Vec<String> = asked(bn5(), &shop()).items().map(|item| item.id.clone()).collect();
            for (id, level) in asked_items.iter().zip(levels) {
                let item = bn5().item(id).unwrap();
                if !item.core && item.is_ladder() {
                    whole.insert(id, Answer::Whole(level));
                }
            }
            whole.insert("Q104", shop().get("Q104").unwrap().clone());
            let score = score(bn5(), &whole);
            let (overall, level) = (score.overall.unwrap(), score.level.unwrap());
            prop_assert!(outlook.range.0 <= overall && overall <= outlook.range.1);
            prop_assert!(outlook.levels.0 <= level && level <= outlook.levels.1);
        }
    }
}
