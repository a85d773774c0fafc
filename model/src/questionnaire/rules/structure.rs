//! Sections, topics and what items need: every question in one place, nothing in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::{Problems, element, exists_item};
use crate::questionnaire::{Item, Question, Questionnaire, Section};

/// More would make exact scores too long for 128 bits, and a result page unreadable.
const MAX_PILLARS: usize = 8;

/// The highest sum of item weights in a pillar, for the same reason.
const MAX_WEIGHT: u32 = 10_000;

pub(super) fn rules(questionnaire: &Questionnaire, problems: &mut Problems) {
    let topics = questionnaire.sections.iter().flat_map(|section| section.topics.iter().map(|topic| topic.id.as_str()));
    let place = |nth: usize| topic_places(questionnaire).nth(nth).map_or(String::new(), |place| format!("{place}.id"));
    problems.twice(place, "topic id", topics);
    let pillars = questionnaire.pillars().count();
    if pillars == 0 && !questionnaire.sections.is_empty() {
        problems.add("sections", "none has a weight; give one to every section that is a pillar");
    }
    if pillars > MAX_PILLARS {
        problems.add("sections", format!("{pillars} have a weight; at most {MAX_PILLARS} pillars can be scored"));
    }
    questions_of_topics(questionnaire, problems);
    for (position, section) in questionnaire.sections.iter().enumerate().filter(|(_, section)| section.is_pillar()) {
        pillar(questionnaire, section, &element("sections", position, &section.id), problems);
    }
    for (position, item) in questionnaire.items.iter().enumerate() {
        needs(questionnaire, item, &element("items", position, &item.id), problems);
    }
    circles(questionnaire, problems);
    for (position, check) in questionnaire.checks.iter().enumerate() {
        let place = element("checks", position, &check.id);
        for (nth, id) in check.questions.iter().enumerate().filter(|(_, id)| !id.is_empty()) {
            if questionnaire.question(id).is_none() {
                let message = format!("there is no question \"{id}\"; look for a mistyped id");
                problems.add(format!("{place} › questions[{nth}]"), message);
            }
        }
    }
}

/// The places of all topics, in their order.
fn topic_places(questionnaire: &Questionnaire) -> impl Iterator<Item = String> + '_ {
    questionnaire.sections.iter().enumerate().flat_map(|(position, section)| {
        (0..section.topics.len())
            .map(move |nth| format!("{} › topics[{nth}]", element("sections", position, &section.id)))
    })
}

/// Every question stands in exactly one topic: items in pillars, facts elsewhere.
fn questions_of_topics(questionnaire: &Questionnaire, problems: &mut Problems) {
    let mut homes: BTreeMap<&str, String> = BTreeMap::new();
    let topics =
        questionnaire.sections.iter().flat_map(|section| section.topics.iter().map(move |topic| (section, topic)));
    for ((section, topic), place) in topics.zip(topic_places(questionnaire)) {
        for (nth, id) in topic.questions.iter().enumerate().filter(|(_, id)| !id.is_empty()) {
            let here = format!("{place}.questions[{nth}]");
            if let Some(message) = misplaced(questionnaire, section, id) {
                problems.add(here, message);
            } else if let Some(home) = homes.get(id.as_str()) {
                problems.add(here, format!("{id} already stands in {home}; a question belongs to one topic"));
            } else {
                homes.insert(id, here);
            }
        }
    }
    if questionnaire.sections.is_empty() {
        return;
    }
    let facts = questionnaire.facts.iter().enumerate().map(|(position, fact)| ("facts", position, &fact.id));
    let items = questionnaire.items.iter().enumerate().map(|(position, item)| ("items", position, &item.id));
    for (list, position, id) in facts.chain(items).filter(|(_, _, id)| !id.is_empty()) {
        if !homes.contains_key(id.as_str()) {
            problems.add(element(list, position, id), "stands in no topic; add it to the questions of one");
        }
    }
}

fn misplaced(questionnaire: &Questionnaire, section: &Section, id: &str) -> Option<String> {
    match (questionnaire.question(id), section.is_pillar()) {
        (None, _) => Some(format!("there is no question \"{id}\"; look for a mistyped id")),
        (Some(Question::Fact(_)), true) => {
            Some(format!("{id} is a fact; a section with a weight is a pillar and holds only items"))
        }
        (Some(Question::Item(_)), false) => {
            Some(format!("{id} is an item; give the section a weight or move the item to a pillar"))
        }
        _ => None,
    }
}

fn pillar(questionnaire: &Questionnaire, section: &Section, place: &str, problems: &mut Problems) {
    let items: Vec<&Item> = section.questions().filter_map(|id| questionnaire.item(id)).collect();
    let weight = items.iter().fold(0_u32, |sum, item| sum.saturating_add(item.weight));
    if weight > MAX_WEIGHT {
        problems.add(place, format!("the weights of its items add up to {weight}; at most {MAX_WEIGHT} is allowed"));
    }
    if !items.is_empty() && items.iter().all(|item| item.asked_if.is_some()) {
        problems.add(
            place,
            "all its items have asked_if; at least one must always be asked, or the pillar may have no score",
        );
    }
}

fn needs(questionnaire: &Questionnaire, item: &Item, place: &str, problems: &mut Problems) {
    for (nth, need) in item.needs.iter().enumerate() {
        exists_item(questionnaire, &need.item, format!("{place} › needs[{nth}].item"), problems);
    }
}

/// Reports every circle of needs once, at the item where it was met first.
fn circles(questionnaire: &Questionnaire, problems: &mut Problems) {
    let mut finished: BTreeSet<&str> = BTreeSet::new();
    for start in &questionnaire.items {
        // The way from `start` to here: items with how many of their needs have been followed.
        let mut way: Vec<(&Item, usize)> = vec![(start, 0)];
        while let Some((item, followed)) = way.last_mut() {
            let Some(need) = item.needs.get(*followed).filter(|_| !finished.contains(item.id.as_str())) else {
                finished.insert(&item.id);
                way.pop();
                continue;
            };
            *followed += 1;
            if let Some(begin) = way.iter().position(|(earlier, _)| earlier.id == need.item) {
                report_circle(questionnaire, &way[begin..], problems);
            } else if let Some(needed) = questionnaire.item(&need.item) {
                way.push((needed, 0));
            }
        }
    }
}

fn report_circle(questionnaire: &Questionnaire, circle: &[(&Item, usize)], problems: &mut Problems) {
    let names: Vec<&str> = circle.iter().chain(circle.first()).map(|(item, _)| item.id.as_str()).collect();
    let position = questionnaire.items.iter().position(|item| item.id == names[0]).unwrap_or_default();
    let message = format!("goes in a circle: {}; remove one of these needs", names.join(" → "));
    problems.add(format!("{} › needs", element("items", position, names[0])), message);
}
