use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;
use crate::testing::{File, answers, any_answers, bn5, given, shop, text};

/// A worked case of the instrument (§2, "Test cases"): facts that give its flags, its answers, its results.
struct Case {
    name: &'static str,
    answers: Answers,
    flags: &'static str,
    items_on: usize,
    pillars: [(i128, i128, u8); 5],
    overall: (i128, i128),
    level: u8,
    score_level: u8,
    gaps: &'static [&'static str],
}

fn cases() -> [Case; 4] {
    [retail_shop(), furniture_exporter(), one_person_service(), weak_in_one_pillar()]
}

fn retail_shop() -> Case {
    Case {
        name: "A: retail shop, 12 staff",
        answers: shop(),
        flags: "buys_inputs can_sell_online delivers handles_goods has_employees holds_personal_data sells_b2c",
        items_on: 36,
        pillars: [(32, 1, 2), (55, 1, 3), (95, 2, 3), (35, 1, 2), (420, 11, 2)],
        overall: (4569, 110),
        level: 2,
        score_level: 3,
        gaps: &["Q506"],
    }
}

fn furniture_exporter() -> Case {
    Case {
        name: "B: furniture exporter, 180 staff",
        answers: given(
            json!({"F01": 180, "F02": "31", "F03": ["b2b"], "F04": ["a", "f", "g"], "F05": true, "F06": true, "F07": false, "F08": "100to200b"}),
            "Q101=5 Q102=5 Q103=4 Q105=3 Q106=4 Q201=4 Q202=4 Q203=4 Q204=3 Q206=4 Q207=4 Q208=4 Q209=4 Q301=4 Q302=4 \
                      Q303=2 Q304=4 Q305=4 Q306=3 Q307=4 Q308=4 Q401=4 Q402=4 Q403=4 Q404=4 Q405=4 Q406=4 Q407=4 Q408=4 Q501=4 \
                      Q502=4 Q503=4 Q504=4 Q506=5 Q507=4 Q508=4 Q509=3 Q510=4 Q511=4",
            &[("Q104", "abcdefghij"), ("Q505", "abcdefgh")],
        ),
        flags: "buys_inputs can_sell_online delivers develops_offers handles_goods has_employees manufactures sells_b2b \
                    uses_notable_energy_or_material",
        items_on: 41,
        pillars: [(260, 3, 5), (155, 2, 4), (145, 2, 4), (80, 1, 5), (80, 1, 5)],
        overall: (238, 3),
        level: 4,
        score_level: 4,
        gaps: &[],
    }
}

fn one_person_service() -> Case {
    Case {
        name: "C: one-person service business",
        answers: given(
            json!({"F01": 1, "F02": "96", "F03": [], "F04": ["d"], "F05": false, "F06": true, "F07": true, "F08": "lt1b"}),
            "Q101=0 Q102=0 Q103=0 Q105=0 Q205=0 Q208=2 Q301=2 Q302=1 Q303=0 Q305=0 Q306=0 Q307=2 Q308=0 Q309=0 Q401=0 \
                      Q402=0 Q404=1 Q405=0 Q406=0 Q407=0 Q408=0 Q504=0 Q506=0 Q507=0 Q508=0 Q509=0 Q510=3 Q511=0",
            &[("Q104", ""), ("Q505", "d")],
        ),
        flags: "can_sell_online holds_personal_data provides_services",
        items_on: 30,
        pillars: [(0, 1, 0), (20, 1, 2), (25, 2, 1), (20, 7, 0), (10, 1, 1)],
        overall: (127, 14),
        level: 0,
        score_level: 0,
        gaps: &["Q505", "Q506", "Q309"],
    }
}

fn weak_in_one_pillar() -> Case {
    Case {
        name: "D: strong in four pillars, weak in P5",
        answers: given(
            json!({"F01": 50, "F02": "10", "F03": ["b2b", "b2g"], "F04": ["a", "b", "c", "d", "e", "f", "g", "h"], "F05": true, "F06": true, "F07": true, "F08": "50to100b"}),
            "Q101=5 Q102=5 Q103=5 Q105=5 Q106=5 Q201=5 Q202=5 Q203=5 Q204=5 Q205=5 Q206=5 Q207=5 Q208=5 Q209=5 Q301=5 \
                      Q302=5 Q303=5 Q304=5 Q305=5 Q306=5 Q307=5 Q308=5 Q309=5 Q401=5 Q402=5 Q403=5 Q404=5 Q405=5 Q406=5 Q407=5 \
                      Q408=5 Q501=2 Q502=2 Q503=2 Q504=2 Q506=2 Q507=2 Q508=2 Q509=2 Q510=2 Q511=2",
            &[("Q104", "abcdefghij"), ("Q505", "abc")],
        ),
        flags: "buys_inputs can_sell_online delivers develops_offers grows_or_processes_food handles_goods has_employees \
                    holds_personal_data manufactures provides_services sells_b2b sells_b2g uses_notable_energy_or_material",
        items_on: 43,
        pillars: [(100, 1, 5), (100, 1, 5), (100, 1, 5), (100, 1, 5), (40, 1, 3)],
        overall: (88, 1),
        level: 4,
        score_level: 5,
        gaps: &[],
    }
}

#[test]
fn the_four_worked_cases_of_the_instrument() {
    for case in cases() {
        let score = score(bn5(), &case.answers);
        assert_eq!(score.flags.join(" "), case.flags, "{}", case.name);
        assert_eq!((score.items_on, score.answered), (case.items_on, case.items_on), "{}", case.name);
        for (pillar, (num, den, level)) in score.pillars.iter().zip(case.pillars) {
            assert_eq!(
                (pillar.score, pillar.level),
                (Some(Ratio::new(num, den)), Some(level)),
                "{} {}",
                case.name,
                pillar.id
            );
            assert_eq!(pillar.range, (Ratio::new(num, den), Ratio::new(num, den)), "{} {}", case.name, pillar.id);
        }
        assert_eq!(score.overall, Some(Ratio::new(case.overall.0, case.overall.1)), "{}", case.name);
        assert_eq!((score.level, score.score_level), (Some(case.level), Some(case.score_level)), "{}", case.name);
        assert_eq!(score.security_gaps, case.gaps, "{}", case.name);
    }
}

#[test]
fn the_gate_says_what_is_missing() {
    let [a, b, _, d] = cases().map(|case| gate(bn5(), &score(bn5(), &case.answers)).unwrap());
    assert_eq!((a.next, a.bound, a.score_reached, a.pillars_needed, a.pillars_reached), (3, 40, true, 4, 2));
    let missing = [("P5", Ratio::new(20, 11)), ("P4", Ratio::from(5)), ("P1", Ratio::from(8))];
    assert_eq!(a.missing, missing.map(|(pillar, points)| (pillar.to_owned(), points)));
    assert_eq!((b.next, b.score_reached, b.pillars_needed, b.pillars_reached), (5, false, 5, 3));
    assert_eq!((d.next, d.score_reached, d.pillars_needed, d.pillars_reached), (5, true, 5, 4));
    assert_eq!(d.missing, [("P5".to_owned(), Ratio::from(40))]);
}

#[test]
fn no_gate_at_the_top_and_without_a_level() {
    let questionnaire = File::new(&[("P1", &["A", "B"])]).build();
    assert_eq!(gate(&questionnaire, &score(&questionnaire, &answers(json!({"A": 5, "B": 5})))), None);
    assert_eq!(gate(&questionnaire, &score(&questionnaire, &answers(json!({"A": 5})))), None);
}

#[test]
fn a_bound_belongs_to_the_higher_level() {
    let questionnaire = File::new(&[("P1", &["A", "B"])]).build();
    let level = |a: u8, b: u8| score(&questionnaire, &answers(json!({"A": a, "B": b}))).level;
    assert_eq!([level(0, 0), level(0, 1), level(1, 1), level(1, 2)], [Some(0), Some(1), Some(2), Some(2)]);
    assert_eq!([level(2, 2), level(3, 3), level(4, 3), level(4, 4)], [Some(3), Some(4), Some(4), Some(5)]);
}

#[test]
fn a_third_below_a_bound_is_below() {
    // 20 × 2 / 3 = 13.33…: a bound of 14 is not reached, one of 13 is.
    let file =
        |bound: u32| File::new(&[("P1", &["A", "B", "C"])]).set("/bounds", json!([0, bound, 20, 40, 60, 80])).build();
    let given = answers(json!({"A": 1, "B": 1, "C": 0}));
    assert_eq!(score(&file(14), &given).level, Some(0));
    assert_eq!(score(&file(13), &given).level, Some(1));
}

#[test]
fn too_few_answers_give_no_score_and_no_zero() {
    let questionnaire = File::new(&[("P1", &["A", "B", "C", "D", "E"]), ("P2", &["F"])]).build();
    let four = score(&questionnaire, &answers(json!({"A": 5, "B": 5, "C": 5, "D": 5, "F": 5})));
    assert_eq!(four.pillars[0].score, Some(Ratio::from(100)));
    assert_eq!(four.pillars[0].range, (Ratio::from(80), Ratio::from(100)));
    let three = score(&questionnaire, &answers(json!({"A": 5, "B": 5, "C": 5, "F": 5})));
    assert_eq!((three.pillars[0].score, three.pillars[0].level), (None, None));
    assert_eq!(three.overall, Some(Ratio::from(100)), "over the pillars that have a score");
    assert_eq!((three.level, three.score_level), (Some(0), Some(5)), "a pillar without a score is at no level");
    let none = score(&questionnaire, &Answers::new());
    assert_eq!((none.overall, none.level, none.answered, none.items_on), (None, None, 0, 6));
    assert_eq!(none.pillars[0].range, (Ratio::ZERO, Ratio::from(100)));
}

#[test]
fn weights_of_items_and_pillars_count() {
    let questionnaire = File::new(&[("P1", &["A", "B"]), ("P2", &["C"])])
        .set("/items/0/weight", json!(3))
        .set("/sections/2/weight", json!(2))
        .build();
    let score = score(&questionnaire, &answers(json!({"A": 5, "B": 0, "C": 1})));
    assert_eq!(score.pillars[0].score, Some(Ratio::from(75)));
    assert_eq!(score.overall, Some(Ratio::new(75 + 2 * 20, 3)));
}

#[test]
fn an_item_that_is_not_asked_does_not_count() {
    let questionnaire = File::new(&[("P1", &["A", "B"])]).set("/items/1/asked_if", json!("big")).build();
    let small = score(&questionnaire, &answers(json!({"staff": 9, "A": 2, "B": 5})));
    assert_eq!((small.items_on, small.pillars[0].score), (1, Some(Ratio::from(40))));
    assert!(!small.items.contains_key("B"));
    let big = score(&questionnaire, &answers(json!({"staff": 10, "A": 2, "B": 5})));
    assert_eq!((big.items_on, big.pillars[0].score), (2, Some(Ratio::from(70))));
    let open = score(&questionnaire, &answers(json!({"A": 2, "B": 5})));
    assert_eq!(open.items_on, 1, "as long as the profile is open, what depends on it is not asked");
}

#[test]
fn shares_are_of_the_shown_lines() {
    let options: Vec<Value> = "abcde".chars().map(|id| json!({ "id": id, "text": text("o") })).collect();
    let questionnaire = File::new(&[("P1", &["A"])])
        .set(
            "/items/0/answer",
            json!({"type": "checklist", "options": options, "bands": {"share_above": [0, 20, 40, 60, 80]}}),
        )
        .set("/items/0/answer/options/4/asked_if", json!("big"))
        .build();
    let item = questionnaire.item("A").unwrap();
    let level =
        |staff: u32, ticks: Value| level_of(&questionnaire, item, &answers(json!({"staff": staff, "A": ticks})));
    assert_eq!(level(10, json!([])), Some(0));
    assert_eq!(level(10, json!(["a"])), Some(1), "20 % is up to 20 %");
    assert_eq!(level(9, json!(["a"])), Some(2), "25 % of four lines");
    assert_eq!(level(9, json!(["e"])), Some(0), "a line that is not shown does not count");
    assert_eq!(level(10, json!(["a", "b", "c", "d"])), Some(4));
    assert_eq!(level(9, json!(["a", "b", "c", "d"])), Some(5));
}

#[test]
fn counts_of_ticked_lines() {
    let level = |ticked: usize| Bands::CountFrom([1, 3, 5, 7, 9]).level(ticked, 10);
    assert_eq!((0..=10).map(level).collect::<Vec<u8>>(), [0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5]);
}

#[test]
fn answers_of_the_wrong_kind_are_no_answers() {
    let item = bn5().item("Q101").unwrap();
    for wrong in [json!(6), json!(-1), json!(2.5), json!("3"), json!(true), json!([])] {
        assert_eq!(level_of(bn5(), item, &answers(json!({"Q101": wrong}))), None);
    }
}

proptest! {
    #[test]
    fn scores_and_levels_stay_in_their_ranges(given in any_answers(bn5())) {
        let score = score(bn5(), &given);
        let within = |ratio: Ratio| ratio >= Ratio::ZERO && ratio <= Ratio::from(100);
        prop_assert!(score.answered <= score.items_on && score.items.len() == score.answered);
        prop_assert!(score.overall.is_none_or(within) && score.level.is_none_or(|level| level <= 5));
        prop_assert!(score.level <= score.score_level);
        for pillar in &score.pillars {
            prop_assert!(within(pillar.range.0) && within(pillar.range.1) && pillar.range.0 <= pillar.range.1);
            prop_assert!(pillar.score.is_none_or(|score| score >= pillar.range.0 && score <= pillar.range.1));
        }
    }

    #[test]
    fn raising_one_answer_never_lowers_anything(given in any_answers(bn5()), nth in any::<prop::sample::Index>()) {
        let before = score(bn5(), &given);
        let raisable: Vec<(&String, &u8)> = before.items.iter().filter(|(id, level)| **level < 5 && bn5().item(id).unwrap().is_ladder()).collect();
        prop_assume!(!raisable.is_empty());
        let (id, level) = nth.get(&raisable);
        let mut raised = given.clone();
        raised.insert(id.as_str(), Answer::Whole(i64::from(**level) + 1));
        let after = score(bn5(), &raised);
        prop_assert!(after.overall >= before.overall && after.level >= before.level && after.score_level >= before.score_level);
        prop_assert!(after.security_gaps.len() <= before.security_gaps.len());
        for (after, before) in after.pillars.iter().zip(&before.pillars) {
            prop_assert!(after.score >= before.score && after.level >= before.level && after.range >= before.range);
        }
    }

    #[test]
    fn a_further_tick_never_lowers_a_checklist(ticked in 0_usize..=10, more in 0_usize..=10, shown in 1_usize..=10) {
        for bands in [Bands::ShareAbove([0, 20, 40, 60, 80]), Bands::CountFrom([1, 3, 5, 7, 9])] {
            prop_assert!(bands.level((ticked + more).min(shown), shown) >= bands.level(ticked.min(shown), shown));
        }
    }

    #[test]
    fn the_order_of_answers_is_irrelevant(given in any_answers(bn5()), seed in any::<u64>()) {
        let mut shuffled: Vec<(String, Answer)> = given.clone().into_iter().collect();
        shuffled.sort_by_key(|(id, _)| id.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3)));
        prop_assert_eq!(score(bn5(), &shuffled.into_iter().collect()), score(bn5(), &given));
    }

    #[test]
    fn what_is_not_asked_never_counts(given in any_answers(bn5())) {
        let before = score(bn5(), &given);
        let mut without = given.clone();
        let context = Context::new(bn5(), &given);
        for item in bn5().items.iter().filter(|item| !context.asks(item.asked_if.as_ref())) {
            without.remove(&item.id);
        }
        prop_assert_eq!(score(bn5(), &without), before);
    }
}

#[test]
fn recorded_levels_replace_own_ones_where_the_item_is_asked_and_answered() {
    let own = score(bn5(), &shop());
    assert_eq!(reviewed(bn5(), &shop(), &BTreeMap::new()), own);
    let lower = reviewed(bn5(), &shop(), &BTreeMap::from([("Q301".into(), 2)]));
    assert_eq!((own.items["Q301"], lower.items["Q301"]), (3, 2));
    assert_eq!(own.pillars[2].score.unwrap() - lower.pillars[2].score.unwrap(), Ratio::new(20, 8));
    let mut open = shop();
    open.remove("Q301");
    assert_eq!(reviewed(bn5(), &open, &BTreeMap::from([("Q301".into(), 2)])), score(bn5(), &open));
}
