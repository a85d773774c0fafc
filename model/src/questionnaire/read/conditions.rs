//! Reads conditions.

use super::at::At;
use crate::condition::{Condition, Expected, FactTest, ItemTest};
use crate::json::Json;

/// How deep conditions may be nested.
const MAX_DEPTH: usize = 16;

pub(crate) fn condition(at: &At<'_>) -> Condition {
    nested(at, 0)
}

fn nested(at: &At<'_>, depth: usize) -> Condition {
    if depth > MAX_DEPTH {
        at.wrong(format!("is nested more than {MAX_DEPTH} deep; make a flag of a part of it"));
        return never();
    }
    if let Some(Json::Text(_)) = at.json() {
        return Condition::Flag(at.string());
    }
    let parts = |key| at.field(key).list(1, 100).iter().map(|part| nested(part, depth + 1)).collect();
    match first_key(at) {
        Some("all") => only(at, &["all"], Condition::All { all: parts("all") }),
        Some("any") => only(at, &["any"], Condition::Any { any: parts("any") }),
        Some("some") => some(at, depth),
        Some("not") => only(at, &["not"], Condition::Not { not: Box::new(nested(&at.field("not"), depth + 1)) }),
        Some("fact") => fact(at),
        Some("item") => item(at),
        Some("share") => share(at),
        Some("part") => part(at),
        Some("straight_line") => straight_line(at),
        _ => {
            at.wrong(
                "is no condition; write the id of a flag or an object with one of \
                 all, any, some, not, fact, item, share, part, straight_line",
            );
            never()
        }
    }
}

/// The key that says which condition it is, wherever it stands in the object.
fn first_key(at: &At<'_>) -> Option<&'static str> {
    ["all", "any", "some", "not", "fact", "item", "share", "part", "straight_line"].into_iter().find(|key| at.has(key))
}

fn only(at: &At<'_>, keys: &[&str], condition: Condition) -> Condition {
    at.keys(keys);
    condition
}

fn fact(at: &At<'_>) -> Condition {
    const TESTS: [&str; 6] = ["above", "at_least", "at_most", "is", "has", "empty"];
    at.keys(&["fact", "above", "at_least", "at_most", "is", "has", "empty"]);
    let test = match only_test(at, &TESTS) {
        Some("above") => FactTest::Above(at.field("above").number()),
        Some("at_least") => FactTest::AtLeast(at.field("at_least").number()),
        Some("at_most") => FactTest::AtMost(at.field("at_most").number()),
        Some("has") => FactTest::Has(at.field("has").string()),
        Some("empty") => FactTest::Empty(at.field("empty").bool()),
        Some(_) => FactTest::Is(expected(&at.field("is"))),
        None => return never(),
    };
    Condition::Fact { fact: at.field("fact").string(), test }
}

fn expected(at: &At<'_>) -> Expected {
    match at.json() {
        Some(Json::Bool(value)) => Expected::YesNo(*value),
        _ => Expected::Option(at.string()),
    }
}

fn item(at: &At<'_>) -> Condition {
    at.keys(&["item", "at_least", "at_most", "has"]);
    let test = match only_test(at, &["at_least", "at_most", "has"]) {
        Some("at_least") => ItemTest::AtLeast(at.field("at_least").small(0, 5)),
        Some("at_most") => ItemTest::AtMost(at.field("at_most").small(0, 5)),
        Some(_) => ItemTest::Has(at.field("has").string()),
        None => return never(),
    };
    Condition::Item { item: at.field("item").string(), test }
}

/// The one test that stands in a condition about a question.
fn only_test<'w>(at: &At<'_>, tests: &[&'w str]) -> Option<&'w str> {
    let mut present = tests.iter().filter(|test| at.has(test));
    let (first, second) = (present.next(), present.next());
    if first.is_none() || second.is_some() {
        at.wrong(format!("must have exactly one of {}", tests.join(", ")));
        return None;
    }
    first.copied()
}

fn share(at: &At<'_>) -> Condition {
    at.keys(&["share", "of", "away_from", "by"]);
    Condition::Share {
        share: at.field("share").string(),
        of: at.field("of").string(),
        away_from: at.field("away_from").string(),
        by: at.field("by").small(1, 5),
    }
}

fn some(at: &At<'_>, depth: usize) -> Condition {
    at.keys(&["some", "at_least"]);
    let parts = at.field("some").list(2, 100);
    let at_least: u32 = at.field("at_least").small(1, i64::try_from(parts.len().max(1)).unwrap_or(1));
    Condition::Some { some: parts.iter().map(|part| nested(part, depth + 1)).collect(), at_least: at_least as usize }
}

fn part(at: &At<'_>) -> Condition {
    at.keys(&["part", "of", "above"]);
    Condition::Part {
        part: at.field("part").string(),
        of: at.field("of").string(),
        above: at.field("above").small(0, 99),
    }
}

fn straight_line(at: &At<'_>) -> Condition {
    at.keys(&["straight_line", "top"]);
    if !at.field("straight_line").bool() {
        at.field("straight_line").wrong("must be true; use \"not\" for the opposite");
    }
    let top: u32 = at.field("top").small(0, 2000);
    Condition::StraightLine { straight_line: true, top: top as usize }
}

/// Stands for a condition that could not be read; says nothing about any question.
fn never() -> Condition {
    Condition::Any { any: Vec::new() }
}
