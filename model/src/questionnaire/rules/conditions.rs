//! Conditions: every name in them exists, fits what is asked about it, and is known by the time it is needed.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problems, element};
use crate::condition::{Condition, Expected, FactTest, ItemTest};
use crate::questionnaire::{Choice, FactAnswer, ItemAnswer, Questionnaire};

/// The section whose facts decide what is asked (instrument §3).
const PROFILE: &str = "profile";

/// What a condition may look at.
#[derive(Clone, Copy)]
enum Scope {
    /// A flag: facts of the profile.
    Flag,
    /// When an item or a line of a checklist is asked: flags and facts of the profile.
    Item,
    /// When a fact is asked: flags and facts of topics before this one, counted through the whole file.
    Fact(usize),
    /// A check: everything.
    Check,
}

struct Checker<'q> {
    questionnaire: &'q Questionnaire,
    profile: BTreeSet<&'q str>,
    /// The position of the topic of every question.
    topics: BTreeMap<&'q str, usize>,
}

pub(super) fn rules(questionnaire: &Questionnaire, problems: &mut Problems) {
    let checker = Checker::new(questionnaire);
    for (position, flag) in questionnaire.flags.iter().enumerate() {
        let place = format!("{} › when", element("flags", position, &flag.id));
        checker.check(&flag.when, Scope::Flag, &place, problems);
    }
    for (position, fact) in questionnaire.facts.iter().enumerate() {
        if let Some(condition) = &fact.asked_if {
            let topic = checker.topics.get(fact.id.as_str()).copied().unwrap_or(usize::MAX);
            let place = format!("{} › asked_if", element("facts", position, &fact.id));
            checker.check(condition, Scope::Fact(topic), &place, problems);
        }
    }
    for (position, item) in questionnaire.items.iter().enumerate() {
        let place = element("items", position, &item.id);
        if let Some(condition) = &item.asked_if {
            checker.check(condition, Scope::Item, &format!("{place} › asked_if"), problems);
        }
        let ItemAnswer::Checklist { options, .. } = &item.answer else { continue };
        for (nth, option) in options.iter().enumerate() {
            if let Some(condition) = &option.asked_if {
                let place = format!("{place} › answer.options[{nth}].asked_if");
                checker.check(condition, Scope::Item, &place, problems);
            }
        }
    }
    for (position, check) in questionnaire.checks.iter().enumerate() {
        let place = format!("{} › when", element("checks", position, &check.id));
        checker.check(&check.when, Scope::Check, &place, problems);
    }
}

/// What is wrong with a condition that may look at everything, such as that of an indicator.
pub(super) fn problems_of(questionnaire: &Questionnaire, condition: &Condition, place: &str) -> Problems {
    let mut problems = Problems::default();
    Checker::new(questionnaire).check(condition, Scope::Check, place, &mut problems);
    problems
}

impl<'q> Checker<'q> {
    fn new(questionnaire: &'q Questionnaire) -> Checker<'q> {
        let profile = questionnaire.section(PROFILE).into_iter().flat_map(|section| section.questions()).collect();
        let topics = questionnaire.sections.iter().flat_map(|section| &section.topics).enumerate();
        let topics = topics.flat_map(|(position, topic)| topic.questions.iter().map(move |id| (id.as_str(), position)));
        Checker { questionnaire, profile, topics: topics.collect() }
    }

    fn check(&self, condition: &Condition, scope: Scope, place: &str, problems: &mut Problems) {
        match condition {
            Condition::Flag(id) => self.flag(id, scope, place, problems),
            Condition::All { all: parts } | Condition::Any { any: parts } => {
                let key = if matches!(condition, Condition::All { .. }) { "all" } else { "any" };
                for (nth, part) in parts.iter().enumerate() {
                    self.check(part, scope, &format!("{place}.{key}[{nth}]"), problems);
                }
            }
            Condition::Some { some, .. } => {
                for (nth, part) in some.iter().enumerate() {
                    self.check(part, scope, &format!("{place}.some[{nth}]"), problems);
                }
            }
            Condition::Not { not } => self.check(not, scope, &format!("{place}.not"), problems),
            Condition::Fact { fact, test } => {
                self.fact(fact, scope, place, problems);
                self.fact_test(fact, test, place, problems);
            }
            Condition::Item { item, test } => {
                self.item(item, scope, place, problems);
                self.item_test(item, test, place, problems);
            }
            Condition::Share { share, of, away_from, .. } => {
                for fact in [share, of] {
                    self.fact(fact, scope, place, problems);
                    self.must_be_whole(fact, place, problems);
                }
                self.item(away_from, scope, place, problems);
            }
            Condition::Part { part, of, .. } => {
                for fact in [part, of] {
                    self.fact(fact, scope, place, problems);
                    self.must_be_whole(fact, place, problems);
                }
            }
            Condition::StraightLine { .. } => {
                if !matches!(scope, Scope::Check) {
                    problems.add(place, "straight_line can only be used in checks");
                }
            }
        }
    }

    fn flag(&self, id: &str, scope: Scope, place: &str, problems: &mut Problems) {
        let Some(flag) = self.questionnaire.flag(id) else {
            if !id.is_empty() {
                problems.add(place, format!("there is no flag \"{id}\"; look for a mistyped id"));
            }
            return;
        };
        match scope {
            Scope::Flag => {
                problems.add(place, format!("a flag cannot use another flag; write the condition of \"{id}\" out"))
            }
            Scope::Fact(topic) => {
                let late = facts_in(&flag.when).into_iter().find(|fact| !self.is_before(fact, topic));
                if let Some(fact) = late {
                    problems
                        .add(place, format!("the flag \"{id}\" uses {fact}, which is not asked in an earlier topic"));
                }
            }
            Scope::Item | Scope::Check => {}
        }
    }

    fn fact(&self, id: &str, scope: Scope, place: &str, problems: &mut Problems) {
        if id.is_empty() {
            return;
        }
        if self.questionnaire.fact(id).is_none() {
            let hint = if self.questionnaire.item(id).is_some() { "it is an item" } else { "look for a mistyped id" };
            problems.add(place, format!("there is no fact \"{id}\"; {hint}"));
            return;
        }
        match scope {
            Scope::Flag | Scope::Item if !self.profile.contains(id) => {
                problems.add(
                    place,
                    format!("{id} is not in the section \"{PROFILE}\"; only facts of the profile decide what is asked"),
                );
            }
            Scope::Fact(topic) if !self.is_before(id, topic) => {
                problems.add(place, format!("{id} is not asked in an earlier topic; move one of the two questions"));
            }
            _ => {}
        }
    }

    fn item(&self, id: &str, scope: Scope, place: &str, problems: &mut Problems) {
        if !matches!(scope, Scope::Check) {
            problems.add(place, "uses an item; only facts of the profile decide what is asked");
        } else if self.questionnaire.item(id).is_none() && !id.is_empty() {
            let hint = if self.questionnaire.fact(id).is_some() { "it is a fact" } else { "look for a mistyped id" };
            problems.add(place, format!("there is no item \"{id}\"; {hint}"));
        }
    }

    fn fact_test(&self, id: &str, test: &FactTest, place: &str, problems: &mut Problems) {
        let Some(fact) = self.questionnaire.fact(id) else { return };
        let wrong = match (test, &fact.answer) {
            (
                FactTest::Above(_) | FactTest::AtLeast(_) | FactTest::AtMost(_),
                FactAnswer::Whole { .. } | FactAnswer::Percent,
            )
            | (FactTest::Is(Expected::YesNo(_)), FactAnswer::YesNo)
            | (FactTest::Empty(_), FactAnswer::Many { none: Some(_), .. }) => None,
            (FactTest::Empty(_), FactAnswer::Many { none: None, .. }) => {
                Some(format!("{id} offers no \"none of these\", so it is never answered with nothing"))
            }
            (FactTest::Is(Expected::Option(option)), FactAnswer::One { options })
            | (FactTest::Has(option), FactAnswer::Many { options, .. }) => no_option(id, option, options),
            _ => Some(format!("this test does not fit the answers to {id}; use {}", tests_for(&fact.answer))),
        };
        if let Some(message) = wrong {
            problems.add(place, message);
        }
    }

    fn item_test(&self, id: &str, test: &ItemTest, place: &str, problems: &mut Problems) {
        let (Some(item), ItemTest::Has(option)) = (self.questionnaire.item(id), test) else { return };
        match &item.answer {
            ItemAnswer::Checklist { options, .. } if options.iter().any(|known| known.id == *option) => {}
            ItemAnswer::Checklist { .. } => problems.add(place, format!("{id} has no option \"{option}\"")),
            ItemAnswer::Ladder { .. } => problems.add(place, format!("{id} is a ladder; use at_least or at_most")),
        }
    }

    fn must_be_whole(&self, id: &str, place: &str, problems: &mut Problems) {
        let fact = self.questionnaire.fact(id);
        if fact.is_some_and(|fact| !matches!(fact.answer, FactAnswer::Whole { .. })) {
            problems.add(place, format!("{id} is no whole number; a share needs two of them"));
        }
    }

    fn is_before(&self, fact: &str, topic: usize) -> bool {
        self.topics.get(fact).is_some_and(|position| *position < topic)
    }
}

fn no_option(id: &str, option: &str, options: &[Choice]) -> Option<String> {
    let missing = !option.is_empty() && options.iter().all(|known| known.id != option);
    missing.then(|| format!("{id} has no option \"{option}\""))
}

fn tests_for(answer: &FactAnswer) -> &'static str {
    match answer {
        FactAnswer::Whole { .. } | FactAnswer::Percent => "above, at_least or at_most",
        FactAnswer::YesNo => "is with true or false",
        FactAnswer::One { .. } => "is with an option",
        FactAnswer::Many { .. } => "has with an option, or empty",
        FactAnswer::Industry => "another question; conditions cannot look at industries",
    }
}

/// The facts that a condition names.
fn facts_in(condition: &Condition) -> Vec<&str> {
    match condition {
        Condition::All { all: parts } | Condition::Any { any: parts } | Condition::Some { some: parts, .. } => {
            parts.iter().flat_map(facts_in).collect()
        }
        Condition::Not { not } => facts_in(not),
        Condition::Fact { fact, .. } => vec![fact],
        Condition::Share { share: part, of, .. } | Condition::Part { part, of, .. } => vec![part, of],
        Condition::Flag(_) | Condition::Item { .. } | Condition::StraightLine { .. } => Vec::new(),
    }
}
