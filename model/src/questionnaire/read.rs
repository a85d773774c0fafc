//! Reads the parts of a questionnaire out of JSON. A part that is wrong is reported and replaced by a harmless value, so
//! that one reading finds every mistake.

mod at;
mod conditions;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use super::index::Index;
use super::question::{Bands, ChecklistOption, Choice, Fact, FactAnswer, Item, ItemAnswer, Need};
use super::{Check, Flag, Floor, Level, Questionnaire, Section, Term, Topic};
use crate::text::Text;
pub(crate) use at::{At, Reader};
pub(super) use at::{MAX_PROBLEMS, short};
pub(crate) use conditions::condition;

/// The most questions a questionnaire may have.
const MAX_QUESTIONS: usize = 2000;

/// Far more than any list in a questionnaire needs.
const MAX_LIST: usize = 1000;

pub(super) fn questionnaire(reader: &Reader, json: &crate::json::Json) -> Questionnaire {
    let file = At::top(reader, json);
    file.keys(&[
        "format",
        "id",
        "version",
        "title",
        "levels",
        "bounds",
        "gate",
        "sufficient_percent",
        "security_floor",
        "flags",
        "facts",
        "items",
        "sections",
        "checks",
        "glossary",
    ]);
    let facts: Vec<Fact> = file.field("facts").list(0, MAX_QUESTIONS).iter().map(fact).collect();
    let most_items = MAX_QUESTIONS.saturating_sub(facts.len());
    Questionnaire {
        format: file.field("format").small(1, 1),
        id: file.field("id").id(),
        version: file.field("version").string(),
        title: file.field("title").text(),
        levels: six(&file.field("levels"), level, || Level { name: empty(), meaning: empty() }),
        bounds: file.field("bounds").numbers(0, 100).unwrap_or([0, 1, 2, 3, 4, 5]),
        gate: file.field("gate").numbers(1, 8).map_or([1; 5], |gate| gate.map(|pillars: u32| pillars as usize)),
        sufficient_percent: file.field("sufficient_percent").small(1, 100),
        security_floor: file.field("security_floor").list(0, MAX_LIST).iter().map(floor).collect(),
        flags: file.field("flags").list(0, MAX_LIST).iter().map(flag).collect(),
        facts,
        items: file.field("items").list(1, most_items).iter().map(item).collect(),
        sections: file.field("sections").list(1, MAX_LIST).iter().map(section).collect(),
        checks: file.field("checks").list(0, MAX_LIST).iter().map(check).collect(),
        glossary: file.field("glossary").list(0, MAX_LIST).iter().map(term).collect(),
        index: Index::default(),
    }
}

fn level(at: &At<'_>) -> Level {
    at.keys(&["name", "meaning"]);
    Level { name: at.field("name").text(), meaning: at.field("meaning").text() }
}

fn floor(at: &At<'_>) -> Floor {
    at.keys(&["item", "at_most"]);
    Floor { item: at.field("item").string(), at_most: at.field("at_most").small(0, 4) }
}

fn flag(at: &At<'_>) -> Flag {
    at.keys(&["id", "when"]);
    Flag { id: at.field("id").id(), when: condition(&at.field("when")) }
}

fn fact(at: &At<'_>) -> Fact {
    at.keys(&["id", "text", "hint", "answer", "required", "asked_if"]);
    Fact {
        id: at.field("id").id(),
        text: at.field("text").text(),
        hint: at.optional("hint").map(|hint| hint.text()),
        answer: fact_answer(&at.field("answer")),
        required: at.optional("required").is_some_and(|required| required.bool()),
        asked_if: at.optional("asked_if").map(|asked_if| condition(&asked_if)),
    }
}

fn fact_answer(at: &At<'_>) -> FactAnswer {
    let kinds = ["whole", "percent", "yes_no", "one", "many", "industry"];
    match at.field("type").one_of(&kinds) {
        Some("whole") => {
            at.keys(&["type", "min", "max"]);
            let (min, max) = (at.field("min").whole(i64::MIN, i64::MAX), at.field("max").whole(i64::MIN, i64::MAX));
            // Beyond this a floating-point number skips whole numbers, and conditions compare with those.
            if !(0..=1 << 53).contains(&min) || !(min..=1 << 53).contains(&max) {
                at.wrong("min and max must be whole numbers from 0 to 2^53, min not above max");
            }
            FactAnswer::Whole { min, max }
        }
        Some("one") => {
            at.keys(&["type", "options"]);
            FactAnswer::One { options: at.field("options").list(2, MAX_LIST).iter().map(choice).collect() }
        }
        Some("many") => {
            at.keys(&["type", "options", "none"]);
            let options = at.field("options").list(1, MAX_LIST).iter().map(choice).collect();
            FactAnswer::Many { options, none: at.optional("none").map(|none| none.text()) }
        }
        plain => {
            at.keys(&["type"]);
            match plain {
                Some("percent") => FactAnswer::Percent,
                Some("industry") => FactAnswer::Industry,
                _ => FactAnswer::YesNo,
            }
        }
    }
}

fn choice(at: &At<'_>) -> Choice {
    at.keys(&["id", "text"]);
    Choice { id: at.field("id").id(), text: at.field("text").text() }
}

fn item(at: &At<'_>) -> Item {
    at.keys(&[
        "id",
        "core",
        "title",
        "question",
        "note",
        "asked_if",
        "answer",
        "examples",
        "evidence",
        "action_low",
        "action_next",
        "effort",
        "impact",
        "weight",
        "needs",
        "maps",
    ]);
    Item {
        id: at.field("id").id(),
        core: at.optional("core").is_some_and(|core| core.bool()),
        title: at.field("title").text(),
        question: at.field("question").text(),
        note: at.optional("note").map(|note| note.text()),
        asked_if: at.optional("asked_if").map(|asked_if| condition(&asked_if)),
        answer: item_answer(&at.field("answer")),
        examples: at.optional("examples").map(|examples| examples.text()),
        evidence: at.field("evidence").text(),
        action_low: at.field("action_low").text(),
        action_next: at.field("action_next").text(),
        effort: at.field("effort").small(1, 3),
        impact: at.field("impact").small(1, 3),
        weight: at.optional("weight").map_or(1, |weight| weight.weight()),
        needs: at.optional("needs").map_or(Vec::new(), |needs| needs.list(0, MAX_LIST).iter().map(need).collect()),
        maps: at.optional("maps").map_or(BTreeMap::new(), |maps| codes(&maps)),
    }
}

fn item_answer(at: &At<'_>) -> ItemAnswer {
    if at.field("type").one_of(&["ladder", "checklist"]) == Some("checklist") {
        at.keys(&["type", "options", "bands"]);
        let options = at.field("options").list(1, MAX_LIST).iter().map(checklist_option).collect();
        return ItemAnswer::Checklist { options, bands: bands(&at.field("bands")) };
    }
    if at.has("options") {
        at.keys(&["type", "options", "bands"]);
        return ItemAnswer::Ladder { levels: std::array::from_fn(|_| empty()) };
    }
    at.keys(&["type", "levels"]);
    ItemAnswer::Ladder { levels: six(&at.field("levels"), |level| level.text(), empty) }
}

fn checklist_option(at: &At<'_>) -> ChecklistOption {
    at.keys(&["id", "text", "asked_if"]);
    ChecklistOption {
        id: at.field("id").id(),
        text: at.field("text").text(),
        asked_if: at.optional("asked_if").map(|asked_if| condition(&asked_if)),
    }
}

fn bands(at: &At<'_>) -> Bands {
    at.keys(&["share_above", "count_from"]);
    match (at.optional("share_above"), at.optional("count_from")) {
        (Some(share), None) => Bands::ShareAbove(share.numbers(0, 99).unwrap_or([0, 20, 40, 60, 80])),
        (None, Some(count)) => count.numbers(1, 1000).map_or(Bands::ShareAbove([0, 1, 2, 3, 4]), Bands::CountFrom),
        _ => {
            at.wrong(
                "must have exactly one of share_above (per cent of the shown lines) and count_from (ticked lines)",
            );
            Bands::ShareAbove([0, 20, 40, 60, 80])
        }
    }
}

fn need(at: &At<'_>) -> Need {
    at.keys(&["item", "at_least"]);
    Need { item: at.field("item").string(), at_least: at.field("at_least").small(1, 5) }
}

fn codes(at: &At<'_>) -> BTreeMap<String, Vec<String>> {
    let strings = |list: &At<'_>| list.list(0, MAX_LIST).iter().map(At::string).collect();
    at.entries().into_iter().map(|(instrument, list)| (instrument, strings(&list))).collect()
}

fn section(at: &At<'_>) -> Section {
    at.keys(&["id", "title", "hint", "weight", "topics"]);
    Section {
        id: at.field("id").id(),
        title: at.field("title").text(),
        hint: at.field("hint").text(),
        weight: at.optional("weight").map(|weight| weight.weight()),
        topics: at.field("topics").list(1, MAX_LIST).iter().map(topic).collect(),
    }
}

fn topic(at: &At<'_>) -> Topic {
    at.keys(&["id", "title", "questions"]);
    Topic {
        id: at.field("id").id(),
        title: at.field("title").text(),
        questions: at.field("questions").list(1, MAX_LIST).iter().map(At::string).collect(),
    }
}

fn check(at: &At<'_>) -> Check {
    at.keys(&["id", "when", "questions", "message"]);
    Check {
        id: at.field("id").id(),
        when: condition(&at.field("when")),
        questions: at.field("questions").list(0, MAX_LIST).iter().map(At::string).collect(),
        message: at.field("message").text(),
    }
}

fn term(at: &At<'_>) -> Term {
    at.keys(&["term", "meaning"]);
    Term { term: at.field("term").text(), meaning: at.field("meaning").text() }
}

fn six<T>(at: &At<'_>, read: fn(&At<'_>) -> T, missing: fn() -> T) -> [T; 6] {
    let mut values = at.list(6, 6).iter().map(read).collect::<Vec<T>>().into_iter();
    std::array::from_fn(|_| values.next().unwrap_or_else(missing))
}

/// Stands for a text that could not be read; never leaves the checker.
fn empty() -> Text {
    Text { vi: String::new(), en: String::new() }
}
