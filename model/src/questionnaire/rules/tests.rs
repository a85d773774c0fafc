use serde_json::{Value, json};

use crate::testing::{File, file, problem, text};

#[test]
fn a_good_file_has_no_problems() {
    assert_eq!(file().problems(), Vec::<String>::new());
}

#[test]
fn scoring() {
    assert_eq!(problem("/bounds", json!([5, 10, 20, 40, 60, 80])), "bounds: begins with 5; level 0 must begin at 0");
    assert_eq!(problem("/bounds", json!([0, 10, 10, 40, 60, 80])), "bounds: must increase from level to level");
    assert_eq!(problem("/bounds", json!([0, 10, 20, 40, 60, 101])), "bounds[5]: is 101; it must be 0 to 100");
    assert_eq!(problem("/gate", json!([1, 1, 2, 2, 3])), "gate: asks for 3 pillars; there are 2");
    assert_eq!(
        problem("/gate", json!([2, 1, 1, 1, 2])),
        "gate: must not decrease; a higher level cannot need fewer pillars"
    );
    let floor = |item: &str| json!([{"item": item, "at_most": 1}]);
    assert_eq!(
        problem("/security_floor", floor("Z")),
        "security_floor[0] › item: there is no item \"Z\"; look for a mistyped id"
    );
    assert_eq!(
        problem("/security_floor", floor("staff")),
        "security_floor[0] › item: \"staff\" is a fact; only items have levels"
    );
    let twice = json!([{"item": "A", "at_most": 1}, {"item": "A", "at_most": 0}]);
    assert_eq!(
        problem("/security_floor", twice),
        "security_floor[1] › item: the item \"A\" is used twice; give one of them another id"
    );
}

#[test]
fn ids_are_unique() {
    let problems = file().set("/items/1/id", json!("A")).problems();
    assert_eq!(problems[0], "items[1] A › id: the question id \"A\" is used twice; give one of them another id");
    let problems = file().set("/items/1/id", json!("staff")).problems();
    assert_eq!(
        problems[0],
        "items[1] staff › id: the question id \"staff\" is used twice; give one of them another id"
    );
    let flag = json!({"id": "big", "when": {"fact": "staff", "above": 1}});
    assert_eq!(
        problem("/flags/-", flag),
        "flags[1] › id: the flag id \"big\" is used twice; give one of them another id"
    );
    assert_eq!(
        problem("/sections/2/id", json!("P1")),
        "sections[2] › id: the section id \"P1\" is used twice; give one of them another id"
    );
    assert_eq!(
        problem("/sections/2/topics/0/id", json!("P1-topic")),
        "sections[2] P2 › topics[0].id: the topic id \"P1-topic\" is used twice; give one of them another id"
    );
}

#[test]
fn every_question_stands_in_one_topic() {
    let topic = "/sections/1/topics/0/questions";
    assert_eq!(problem(topic, json!(["A"])), "items[1] B: stands in no topic; add it to the questions of one");
    assert_eq!(
        problem(topic, json!(["A", "B", "C"])),
        "sections[2] P2 › topics[0].questions[0]: C already stands in sections[1] P1 › topics[0].questions[2]; a question belongs to one topic"
    );
    assert_eq!(
        problem(topic, json!(["A", "B", "Z"])),
        "sections[1] P1 › topics[0].questions[2]: there is no question \"Z\"; look for a mistyped id"
    );
    let problems =
        file().set(topic, json!(["A", "staff"])).set("/sections/0/topics/0/questions", json!(["B"])).problems();
    assert_eq!(
        problems[0],
        "sections[0] profile › topics[0].questions[0]: B is an item; give the section a weight or move the item to a pillar"
    );
    assert_eq!(
        problems[1],
        "sections[1] P1 › topics[0].questions[1]: staff is a fact; a section with a weight is a pillar and holds only items"
    );
}

#[test]
fn pillars() {
    let nine: Vec<(String, Vec<String>)> = (1..=9).map(|n| (format!("P{n}"), vec![format!("Q{n}")])).collect();
    let items: Vec<Vec<&str>> = nine.iter().map(|(_, items)| items.iter().map(String::as_str).collect()).collect();
    let pillars: Vec<(&str, &[&str])> =
        nine.iter().zip(&items).map(|((id, _), items)| (id.as_str(), items.as_slice())).collect();
    let problems = File::new(&pillars).set("/gate", json!([8, 8, 8, 8, 8])).problems();
    assert_eq!(problems, ["sections: 9 have a weight; at most 8 pillars can be scored"]);
    let problems = file().without("/sections/1/weight").without("/sections/2/weight").problems();
    assert_eq!(problems[0], "sections: none has a weight; give one to every section that is a pillar");
    assert_eq!(
        problem("/items/2/asked_if", json!("big")),
        "sections[2] P2: all its items have asked_if; at least one must always be asked, or the pillar may have no score"
    );
}

#[test]
fn needs() {
    let needs = |item: &str| json!([{"item": item, "at_least": 2}]);
    assert_eq!(
        problem("/items/0/needs", needs("Z")),
        "items[0] A › needs[0].item: there is no item \"Z\"; look for a mistyped id"
    );
    assert_eq!(
        problem("/items/0/needs", needs("A")),
        "items[0] A › needs: goes in a circle: A → A; remove one of these needs"
    );
    let circle =
        file().set("/items/0/needs", needs("B")).set("/items/1/needs", needs("C")).set("/items/2/needs", needs("B"));
    assert_eq!(circle.problems(), ["items[1] B › needs: goes in a circle: B → C → B; remove one of these needs"]);
    let ladder = file().set("/items/0/needs", needs("B")).set("/items/1/needs", needs("C"));
    assert_eq!(ladder.problems(), Vec::<String>::new());
}

#[test]
fn checklists() {
    let options = |ids: &[&str]| ids.iter().map(|id| json!({ "id": id, "text": text("o") })).collect::<Vec<Value>>();
    let checklist = |ids: &[&str], bands: Value| json!({"type": "checklist", "options": options(ids), "bands": bands});
    let share = || json!({"share_above": [0, 20, 40, 60, 80]});
    let table = [
        (
            checklist(&["a", "a"], share()),
            "items[0] A › answer.options[1].id: the option id \"a\" is used twice; give one of them another id",
        ),
        (
            checklist(&["a", "none"], share()),
            "items[0] A › answer.options: \"none\" is kept for \"none of these\", which is always offered; leave it out",
        ),
        (
            checklist(&["a"], json!({"share_above": [0, 20, 20, 60, 80]})),
            "items[0] A › answer.bands: the five numbers must increase",
        ),
        (
            checklist(&["a"], json!({"share_above": [0, 20, 40, 60, 100]})),
            "items[0] A › answer.bands.share_above[4]: is 100; it must be 0 to 99",
        ),
        (
            checklist(&["a"], json!({"count_from": [0, 1, 2, 3, 4]})),
            "items[0] A › answer.bands.count_from[0]: is 0; it must be 1 to 1000",
        ),
        (
            checklist(&["a", "b"], json!({"count_from": [1, 2, 3, 4, 5]})),
            "items[0] A › answer.bands: level 5 needs 5 ticks, but only 2 options are always shown",
        ),
        (
            checklist(&["a"], json!({})),
            "items[0] A › answer.bands: must have exactly one of share_above (per cent of the shown lines) and count_from (ticked lines)",
        ),
    ];
    for (answer, expected) in table {
        let problems = file().set("/items/0/answer", answer).problems();
        assert_eq!(problems.first().map(String::as_str), Some(expected), "{problems:#?}");
    }
    let hidden = file()
        .set("/items/0/answer", checklist(&["a"], share()))
        .set("/items/0/answer/options/0/asked_if", json!("big"))
        .problems();
    assert_eq!(hidden, ["items[0] A › answer.options: all options have asked_if; at least one must always be shown"]);
    let many = json!({"type": "many", "options": options(&["none"])});
    assert!(
        file().set("/facts/0/answer", many).problems()[0]
            .starts_with("facts[0] staff › answer.options: \"none\" is kept")
    );
}

#[test]
fn what_conditions_name_exists_and_fits() {
    let table = [
        (json!("small"), "items[0] A › asked_if: there is no flag \"small\"; look for a mistyped id"),
        (json!({"fact": "Z", "above": 1}), "items[0] A › asked_if: there is no fact \"Z\"; look for a mistyped id"),
        (json!({"fact": "B", "above": 1}), "items[0] A › asked_if: there is no fact \"B\"; it is an item"),
        (
            json!({"fact": "staff", "is": true}),
            "items[0] A › asked_if: this test does not fit the answers to staff; use above, at_least or at_most",
        ),
        (
            json!({"fact": "staff"}),
            "items[0] A › asked_if: must have exactly one of above, at_least, at_most, is, has, empty",
        ),
        (
            json!({"fact": "staff", "above": 1, "at_most": 2}),
            "items[0] A › asked_if: must have exactly one of above, at_least, at_most, is, has, empty",
        ),
        (
            json!({"item": "B", "at_least": 1}),
            "items[0] A › asked_if: uses an item; only facts of the profile decide what is asked",
        ),
        (
            json!({"all": ["big", {"not": "tall"}]}),
            "items[0] A › asked_if.all[1].not: there is no flag \"tall\"; look for a mistyped id",
        ),
        (json!({"any": []}), "items[0] A › asked_if.any: must have 1 to 100 entries, not 0"),
        (
            json!({"some": ["big", "tall"], "at_least": 1}),
            "items[0] A › asked_if.some[1]: there is no flag \"tall\"; look for a mistyped id",
        ),
        (json!({"some": ["big", "big"], "at_least": 3}), "items[0] A › asked_if.at_least: is 3; it must be 1 to 2"),
        (
            json!({"part": "staff", "of": "big", "above": 50}),
            "items[0] A › asked_if: there is no fact \"big\"; look for a mistyped id",
        ),
        (json!({"straight_line": true, "top": 3}), "items[0] A › asked_if: straight_line can only be used in checks"),
        (
            json!(3),
            "items[0] A › asked_if: is no condition; write the id of a flag or an object with one of all, any, some, not, fact, item, share, part, straight_line",
        ),
        (json!({"all": ["big"], "any": ["big"]}), "items[0] A › asked_if: unknown key \"any\"; known keys: all"),
    ];
    for (condition, expected) in table {
        assert_eq!(problem("/items/0/asked_if", condition), expected);
    }
    let deep = (0..30).fold(json!("big"), |condition, _| json!({ "not": condition }));
    assert!(problem("/items/0/asked_if", deep).ends_with("is nested more than 16 deep; make a flag of a part of it"));
}

#[test]
fn checks_may_look_at_everything_that_exists() {
    let with = |when: Value, questions: Value| {
        let check = json!([{"id": "X1", "when": when, "questions": questions, "message": text("m")}]);
        file().set("/checks", check).problems()
    };
    assert_eq!(with(json!({"item": "A", "at_least": 3}), json!(["A", "staff"])), Vec::<String>::new());
    assert_eq!(
        with(json!({"item": "Z", "at_least": 3}), json!(["Z"])),
        [
            "checks[0] X1 › questions[0]: there is no question \"Z\"; look for a mistyped id",
            "checks[0] X1 › when: there is no item \"Z\"; look for a mistyped id",
        ]
    );
    assert_eq!(
        with(json!({"item": "A", "has": "a"}), json!([])),
        ["checks[0] X1 › when: A is a ladder; use at_least or at_most"]
    );
    assert_eq!(
        with(json!({"item": "A", "at_least": 6}), json!([])),
        ["checks[0] X1 › when.at_least: is 6; it must be 0 to 5"]
    );
    let share = json!({"share": "staff", "of": "staff", "away_from": "staff", "by": 2});
    assert_eq!(with(share, json!([])), ["checks[0] X1 › when: there is no item \"staff\"; it is a fact"]);
    assert_eq!(with(json!({"straight_line": false, "top": 1}), json!([])).len(), 1);
}

/// Two facts in two topics of the profile and one in a later section.
fn two_topics(second: Value, later: Value) -> Vec<String> {
    let fact = |id: &str| json!({"id": id, "text": text("?"), "answer": {"type": "yes_no"}});
    let topic = |id: &str, question: &str| json!({"id": id, "title": text("t"), "questions": [question]});
    file()
        .set("/facts/-", fact("second"))
        .set("/facts/-", fact("later"))
        .set("/facts/1/asked_if", second)
        .set("/facts/2/asked_if", later)
        .set("/sections/0/topics/-", topic("next", "second"))
        .set(
            "/sections/-",
            json!({"id": "end", "title": text("t"), "hint": text("h"), "topics": [topic("end", "later")]}),
        )
        .problems()
}

#[test]
fn facts_depend_on_earlier_topics_only() {
    let (yes, none) = (|fact: &str| json!({"fact": fact, "is": true}), Vec::<String>::new());
    assert_eq!(two_topics(json!("big"), yes("second")), none);
    assert_eq!(two_topics(json!({"fact": "staff", "above": 3}), json!("big")), none);
    let late = |id: &str| format!("{id} is not asked in an earlier topic; move one of the two questions");
    assert_eq!(two_topics(yes("second"), json!("big")), [format!("facts[1] second › asked_if: {}", late("second"))]);
    assert_eq!(two_topics(yes("later"), json!("big")), [format!("facts[1] second › asked_if: {}", late("later"))]);
    let own_flag = file().set("/facts/0/asked_if", json!("big")).problems();
    assert_eq!(
        own_flag,
        ["facts[0] staff › asked_if: the flag \"big\" uses staff, which is not asked in an earlier topic"]
    );
}

#[test]
fn only_the_profile_decides_what_is_asked() {
    let fact = json!({"id": "late", "text": text("?"), "answer": {"type": "yes_no"}});
    let section = json!({"id": "end", "title": text("t"), "hint": text("h"), "topics": [{"id": "end", "title": text("t"), "questions": ["late"]}]});
    let with_late = || file().set("/facts/-", fact.clone()).set("/sections/-", section.clone());
    let message = "late is not in the section \"profile\"; only facts of the profile decide what is asked";
    let flag = with_late().set("/flags/0/when", json!({"fact": "late", "is": true})).problems();
    assert_eq!(flag, [format!("flags[0] big › when: {message}")]);
    let item = with_late().set("/items/0/asked_if", json!({"fact": "late", "is": true})).problems();
    assert_eq!(item, [format!("items[0] A › asked_if: {message}")]);
    let flags = problem("/flags/-", json!({"id": "small", "when": {"not": "big"}}));
    assert_eq!(flags, "flags[1] small › when.not: a flag cannot use another flag; write the condition of \"big\" out");
}
