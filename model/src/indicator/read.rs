//! Reads a file of indicators and checks it against its questionnaire.

use std::collections::BTreeSet;

use super::{Class, Dimension, Formula, Indicator, Indicators, Kind, Part, Subject, Table, Target, Theme};
use crate::json::Json;
use crate::questionnaire::{At, FactAnswer, Problem, Questionnaire, Reader, condition, condition_problems};

/// Far more than any list in a file of indicators needs.
const MAX_LIST: usize = 500;

/// A list of things to count, by which indicators refer to it.
struct Count {
    id: String,
    parts: Vec<Part>,
}

pub(super) fn indicators(json: &Json, questionnaire: &Questionnaire) -> Result<Indicators, Vec<Problem>> {
    let reader = Reader::default();
    let file = At::top(&reader, json);
    file.keys(&["format", "questionnaire", "version", "themes", "tables", "counts", "indicators"]);
    let counts: Vec<Count> = file.field("counts").list(0, MAX_LIST).iter().map(count).collect();
    let found = Indicators {
        format: file.field("format").small(1, 1),
        questionnaire: file.field("questionnaire").string(),
        version: file.field("version").string(),
        themes: file.field("themes").list(1, MAX_LIST).iter().map(theme).collect(),
        tables: file.field("tables").list(1, MAX_LIST).iter().map(table).collect(),
        indicators: file.field("indicators").list(1, MAX_LIST).iter().map(|at| indicator(at, &counts)).collect(),
    };
    let mut problems = reader.into_problems();
    if !found.questionnaire.is_empty() && found.questionnaire != questionnaire.id {
        let message = format!("is \"{}\", but the questionnaire is \"{}\"", found.questionnaire, questionnaire.id);
        problems.push(Problem { place: "questionnaire".to_owned(), message });
    }
    let unused = counts.iter().enumerate().flat_map(|(position, count)| {
        let place = format!("counts[{position}] {}", count.id);
        parts_problems(&count.parts, &place, questionnaire)
    });
    problems.extend(unused);
    problems.extend(rules(&found, &counts, questionnaire));
    if problems.is_empty() { Ok(found) } else { Err(problems) }
}

/// The unit of a number that was given.
pub(super) fn kind_of_number(questionnaire: &Questionnaire, fact: &str) -> Kind {
    match questionnaire.fact(fact).map(|fact| &fact.answer) {
        Some(FactAnswer::Percent) => Kind::Percentage,
        _ => Kind::Number,
    }
}

fn theme(at: &At<'_>) -> Theme {
    at.keys(&["id", "title"]);
    Theme { id: at.field("id").id(), title: at.field("title").text() }
}

fn table(at: &At<'_>) -> Table {
    at.keys(&["id", "title", "by"]);
    let by = at.field("by").list(1, 2);
    Table { id: at.field("id").id(), title: at.field("title").text(), by: by.iter().filter_map(dimension).collect() }
}

fn dimension(at: &At<'_>) -> Option<Dimension> {
    match at.one_of(&["area", "industry", "industry_group", "size"])? {
        "area" => Some(Dimension::Area),
        "industry" => Some(Dimension::Industry),
        "industry_group" => Some(Dimension::IndustryGroup),
        _ => Some(Dimension::Size),
    }
}

fn count(at: &At<'_>) -> Count {
    at.keys(&["id", "parts"]);
    let part = |at: &At<'_>| {
        at.keys(&["id", "title", "when"]);
        Part { id: at.field("id").id(), title: at.field("title").text(), when: condition(&at.field("when")) }
    };
    Count { id: at.field("id").id(), parts: at.field("parts").list(1, MAX_LIST).iter().map(part).collect() }
}

fn indicator(at: &At<'_>, counts: &[Count]) -> Indicator {
    at.keys(&[
        "id",
        "theme",
        "title",
        "definition",
        "denominator",
        "formula",
        "among",
        "tables",
        "source",
        "targets",
        "sensitive",
    ]);
    Indicator {
        id: at.field("id").id(),
        theme: at.field("theme").string(),
        title: at.field("title").text(),
        definition: at.field("definition").text(),
        denominator: at.field("denominator").text(),
        formula: formula(&at.field("formula"), counts),
        among: at.optional("among").map(|among| condition(&among)),
        tables: at.field("tables").list(1, MAX_LIST).iter().map(At::string).collect(),
        source: at.field("source").text(),
        targets: at.optional("targets").map_or(Vec::new(), |list| list.list(0, MAX_LIST).iter().map(target).collect()),
        sensitive: at.optional("sensitive").is_some_and(|sensitive| sensitive.bool()),
    }
}

fn target(at: &At<'_>) -> Target {
    at.keys(&["year", "value", "source"]);
    Target {
        year: at.field("year").small(2000, 2100),
        value: at.field("value").number(),
        source: at.field("source").text(),
    }
}

fn formula(at: &At<'_>, counts: &[Count]) -> Formula {
    const KINDS: [&str; 6] = ["score", "level", "when", "count", "number", "part"];
    let mut present = KINDS.into_iter().filter(|key| at.has(key));
    let only = |keys: &[&str], formula| {
        at.keys(keys);
        formula
    };
    match (present.next(), present.next()) {
        (Some("score"), None) => only(&["score"], Formula::Score(subject(&at.field("score")))),
        (Some("level"), None) => only(&["level"], Formula::Level(subject(&at.field("level")))),
        (Some("when"), None) => only(&["when"], Formula::When(condition(&at.field("when")))),
        (Some("number"), None) => only(&["number"], Formula::Number(at.field("number").string())),
        (Some("count"), None) => counted(at, counts),
        (Some("part"), None) => {
            let (part, whole) = (at.field("part").string(), at.field("whole").string());
            only(&["part", "whole"], Formula::Ratio { part, whole })
        }
        _ => {
            at.wrong(format!("must have exactly one of {}", KINDS.join(", ")));
            Formula::Score(Subject::Overall)
        }
    }
}

fn subject(at: &At<'_>) -> Subject {
    match at.string() {
        overall if overall == "overall" => Subject::Overall,
        pillar => Subject::Pillar(pillar),
    }
}

fn counted(at: &At<'_>, counts: &[Count]) -> Formula {
    at.keys(&["count", "classes", "from"]);
    let id = at.field("count").string();
    let list = counts.iter().find(|count| count.id == id);
    if list.is_none() && !id.is_empty() {
        at.field("count").wrong(format!("there is no count \"{id}\"; look for a mistyped id"));
    }
    let parts = list.map_or(Vec::new(), |count| count.parts.clone());
    let most = i64::try_from(parts.len().max(1)).unwrap_or(i64::MAX);
    let whole = |at: &At<'_>, min| usize::try_from(at.whole(min, most)).unwrap_or_default();
    let class = |at: &At<'_>| {
        at.keys(&["id", "title", "from"]);
        Class { id: at.field("id").id(), title: at.field("title").text(), from: whole(&at.field("from"), 0) }
    };
    match (at.optional("classes"), at.optional("from")) {
        (Some(classes), None) => {
            let list: Vec<Class> = classes.list(2, MAX_LIST).iter().map(class).collect();
            if !list.is_sorted_by(|a, b| a.from < b.from) || list.first().is_some_and(|first| first.from != 0) {
                classes.wrong("the first class begins at 0 and every other one above the one before");
            }
            Formula::Count { parts, classes: list }
        }
        (None, Some(from)) => Formula::CountFrom { parts, from: whole(&from, 1) },
        _ => {
            at.wrong("must have exactly one of classes and from");
            Formula::CountFrom { parts, from: 1 }
        }
    }
}

/// What must hold between the parts of the file, and between the file and its questionnaire.
fn rules(file: &Indicators, counts: &[Count], questionnaire: &Questionnaire) -> Vec<Problem> {
    let mut problems = Vec::new();
    let ids = |ids: Vec<&str>| ids.into_iter().map(str::to_owned).collect::<Vec<String>>();
    twice("themes", &ids(file.themes.iter().map(|one| one.id.as_str()).collect()), &mut problems);
    twice("tables", &ids(file.tables.iter().map(|one| one.id.as_str()).collect()), &mut problems);
    twice("counts", &ids(counts.iter().map(|one| one.id.as_str()).collect()), &mut problems);
    twice("indicators", &ids(file.indicators.iter().map(|one| one.id.as_str()).collect()), &mut problems);
    let figures = |one: &Indicator| one.figures(questionnaire).into_iter().map(|figure| figure.id).collect::<Vec<_>>();
    let figures: Vec<String> = file.indicators.iter().flat_map(figures).collect();
    twice("figures of indicators", &figures, &mut problems);
    for (position, table) in file.tables.iter().enumerate() {
        let place = format!("tables[{position}] {} › by", table.id);
        twice(&place, &table.by.iter().map(|by| format!("{by:?}")).collect::<Vec<_>>(), &mut problems);
    }
    for (position, indicator) in file.indicators.iter().enumerate() {
        let place = format!("indicators[{position}] {}", indicator.id);
        problems.extend(references(file, indicator, &place));
        problems.extend(fits(indicator, &place, questionnaire));
    }
    problems
}

/// Names of themes and tables that do not exist.
fn references(file: &Indicators, indicator: &Indicator, place: &str) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut missing = |field: &str, what: &str, id: &str| {
        let message = format!("there is no {what} \"{id}\"; look for a mistyped id");
        problems.push(Problem { place: format!("{place} › {field}"), message });
    };
    if !indicator.theme.is_empty() && file.themes.iter().all(|theme| theme.id != indicator.theme) {
        missing("theme", "theme", &indicator.theme);
    }
    for (nth, id) in indicator.tables.iter().enumerate() {
        if !id.is_empty() && file.table(id).is_none() {
            missing(&format!("tables[{nth}]"), "table", id);
        }
    }
    twice(&format!("{place} › tables"), &indicator.tables, &mut problems);
    problems
}

/// Whether the formula fits the questionnaire.
fn fits(indicator: &Indicator, place: &str, questionnaire: &Questionnaire) -> Vec<Problem> {
    let mut problems = Vec::new();
    if let Some(among) = &indicator.among {
        problems.extend(condition_problems(questionnaire, among, &format!("{place} › among")));
    }
    let formula = format!("{place} › formula");
    let mut wrong = |message: String| problems.push(Problem { place: formula.clone(), message });
    match &indicator.formula {
        Formula::Score(Subject::Pillar(id)) | Formula::Level(Subject::Pillar(id)) => {
            if !id.is_empty() && questionnaire.pillars().all(|pillar| pillar.id != *id) {
                wrong(format!("there is no pillar \"{id}\"; write \"overall\" or the id of a section with a weight"));
            }
        }
        Formula::Number(fact) => {
            if !is_number(questionnaire, fact, true) {
                wrong(format!("\"{fact}\" is no fact that is answered with a number"));
            }
        }
        Formula::Ratio { part, whole } => {
            for fact in [part, whole] {
                if !is_number(questionnaire, fact, false) {
                    wrong(format!("\"{fact}\" is no fact that is answered with a whole number"));
                }
            }
        }
        Formula::When(when) => problems.extend(condition_problems(questionnaire, when, &format!("{formula}.when"))),
        // The parts of counts are checked where they stand.
        Formula::Score(_) | Formula::Level(_) | Formula::Count { .. } | Formula::CountFrom { .. } => {}
    }
    if let Formula::Count { classes, .. } = &indicator.formula {
        let ids: Vec<String> = classes.iter().map(|class| class.id.clone()).collect();
        twice(&format!("{formula}.classes"), &ids, &mut problems);
    }
    problems
}

fn is_number(questionnaire: &Questionnaire, fact: &str, percent: bool) -> bool {
    // An empty id has been reported where it was read.
    fact.is_empty()
        || questionnaire.fact(fact).is_some_and(|fact| match fact.answer {
            FactAnswer::Whole { .. } => true,
            FactAnswer::Percent => percent,
            _ => false,
        })
}

fn parts_problems(parts: &[Part], place: &str, questionnaire: &Questionnaire) -> Vec<Problem> {
    let mut problems = Vec::new();
    twice(&format!("{place} › parts"), &parts.iter().map(|part| part.id.clone()).collect::<Vec<_>>(), &mut problems);
    for (nth, part) in parts.iter().enumerate() {
        let place = format!("{place} › parts[{nth}].when");
        problems.extend(condition_problems(questionnaire, &part.when, &place));
    }
    problems
}

/// Reports ids that come twice. Empty ids have been reported where they were read.
fn twice(place: &str, ids: &[String], problems: &mut Vec<Problem>) {
    let mut seen = BTreeSet::new();
    for id in ids.iter().filter(|id| !id.is_empty()) {
        if !seen.insert(id) {
            let message = format!("\"{id}\" comes twice; give one of them another id");
            problems.push(Problem { place: place.to_owned(), message });
        }
    }
}
