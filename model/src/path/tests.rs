use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::answer::Answer;
use crate::testing::{File, answers, bn5, full_answers, shop};

fn steps(path: &Path) -> Vec<(&str, u8)> {
    path.steps.iter().map(|step| (step.item.as_str(), step.to)).collect()
}

/// Takes the steps of a path over ladders.
fn walked(given: &Answers, path: &Path) -> Answers {
    let mut after = given.clone();
    for step in &path.steps {
        assert_eq!(
            after.insert(step.item.as_str(), Answer::Whole(step.to.into())),
            Some(Answer::Whole(step.from.into()))
        );
        assert_eq!(step.to, step.from + 1);
    }
    after
}

/// The fewest steps by trying everything: all sets of answers one step further, until one has the level.
fn fewest_by_trying(questionnaire: &Questionnaire, given: &Answers, level: u8) -> usize {
    let mut reached: BTreeSet<Vec<(String, u8)>> = BTreeSet::new();
    reached.insert(score(questionnaire, given).items.into_iter().collect());
    for steps in 0.. {
        let to_answers = |levels: &Vec<(String, u8)>| -> Answers {
            levels.iter().map(|(id, level)| (id.clone(), Answer::Whole((*level).into()))).collect()
        };
        if reached.iter().any(|levels| score(questionnaire, &to_answers(levels)).level >= Some(level)) {
            return steps;
        }
        let mut further = BTreeSet::new();
        for levels in &reached {
            for nth in (0..levels.len()).filter(|nth| levels[*nth].1 < 5) {
                let mut next = levels.clone();
                next[nth].1 += 1;
                further.insert(next);
            }
        }
        reached = further;
    }
    unreachable!("everything at 5 has level 5")
}

#[test]
fn the_retail_shop_needs_three_steps() {
    let path = shortest_path(bn5(), &shop()).unwrap();
    assert_eq!((path.level, path.overall_after), (3, Ratio::new(429, 10)));
    assert_eq!(steps(&path), [("Q506", 2), ("Q405", 2), ("Q407", 2)]);
    let first = &path.steps[0];
    assert_eq!((first.pillar.as_str(), first.before, first.after), ("P5", Ratio::new(420, 11), Ratio::from(40)));
    assert_eq!(first.pillar_level_reached, Some(3));
    assert_eq!((path.steps[1].pillar_level_reached, path.steps[2].pillar_level_reached), (None, Some(3)));
}

#[test]
fn heavy_items_are_worth_more_steps() {
    // 20 × (3 + 1 + 1) / 5 = 20: one step on the heavy item lifts the pillar by 12, any other by 4.
    let questionnaire = File::new(&[("P1", &["A", "B", "C"])]).set("/items/2/weight", json!(3)).build();
    let path = shortest_path(&questionnaire, &answers(json!({"A": 1, "B": 1, "C": 1}))).unwrap();
    assert_eq!((path.level, steps(&path)), (3, vec![("C", 2), ("C", 3)]));
}

#[test]
fn among_equals_the_order_of_the_plan_decides() {
    let file = || File::new(&[("P1", &["A", "B"])]);
    let path = |file: File| {
        let path = shortest_path(&file.build(), &answers(json!({"A": 1, "B": 1}))).unwrap();
        steps(&path).into_iter().map(|(item, _)| item.to_owned()).collect::<Vec<String>>()
    };
    assert_eq!(path(file()), ["A", "B"], "after its first step A leaves more to gain at B");
    assert_eq!(path(file().set("/items/1/impact", json!(3))), ["B", "B"]);
    assert_eq!(path(file().set("/security_floor", json!([{"item": "B", "at_most": 1}]))), ["B", "A"]);
    let needs = json!([{"item": "B", "at_least": 2}]);
    assert_eq!(path(file().set("/items/0/needs", needs)), ["B", "A"], "A waits until B is at 2");
}

#[test]
fn no_path_at_the_top_and_with_too_few_answers() {
    let questionnaire = File::new(&[("P1", &["A"]), ("P2", &["B"])]).build();
    assert_eq!(shortest_path(&questionnaire, &answers(json!({"A": 5, "B": 5}))), None);
    assert_eq!(shortest_path(&questionnaire, &answers(json!({"A": 3}))), None);
    assert!(shortest_path(&questionnaire, &answers(json!({"A": 0, "B": 0}))).is_some());
}

/// Up to three pillars with up to five ladders in all, of any weight, with any gate, at any level.
fn tiny() -> impl Strategy<Value = (Questionnaire, Answers)> {
    let items = prop::collection::vec((0_usize..3, 1_u32..4, 1_u8..4, 0_u8..6), 1..=5);
    (items, prop::collection::vec(1_u32..4, 3), prop::collection::vec(1_usize..=3, 5)).prop_map(
        |(items, weights, gate)| {
            const NAMES: [[&str; 5]; 3] =
                [["A1", "A2", "A3", "A4", "A5"], ["B1", "B2", "B3", "B4", "B5"], ["C1", "C2", "C3", "C4", "C5"]];
            let mut drawn: Vec<Vec<(u32, u8, u8)>> = vec![Vec::new(); 3];
            for (pillar, weight, impact, level) in items {
                drawn[pillar].push((weight, impact, level));
            }
            drawn.retain(|pillar| !pillar.is_empty());
            let pillars: Vec<(&str, &[&str])> = drawn
                .iter()
                .zip(NAMES.iter().zip(["P1", "P2", "P3"]))
                .map(|(items, (names, id))| (id, &names[..items.len()]))
                .collect();
            let mut gate: Vec<usize> = gate.into_iter().map(|pillars| pillars.min(drawn.len())).collect();
            gate.sort_unstable();
            let mut file = File::new(&pillars).set("/gate", json!(gate));
            for (nth, (weight, impact, _)) in drawn.iter().flatten().enumerate() {
                file = file
                    .set(&format!("/items/{nth}/weight"), json!(weight))
                    .set(&format!("/items/{nth}/impact"), json!(impact));
            }
            for (nth, weight) in weights.iter().enumerate().take(drawn.len()) {
                file = file.set(&format!("/sections/{}/weight", nth + 1), json!(weight));
            }
            let questionnaire = file.build();
            let levels = drawn.iter().flatten().map(|(_, _, level)| Answer::Whole(i64::from(*level)));
            let given = questionnaire.items.iter().map(|item| item.id.clone()).zip(levels).collect();
            (questionnaire, given)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(150))]

    #[test]
    fn no_way_is_shorter((questionnaire, given) in tiny()) {
        let level = score(&questionnaire, &given).level.unwrap();
        let path = shortest_path(&questionnaire, &given);
        prop_assert_eq!(path.is_none(), level == 5);
        if let Some(path) = path {
            let after = score(&questionnaire, &walked(&given, &path));
            prop_assert_eq!(path.level, level + 1);
            prop_assert!(after.level >= Some(path.level));
            prop_assert_eq!(after.overall, Some(path.overall_after));
            prop_assert_eq!(path.steps.len(), fewest_by_trying(&questionnaire, &given, path.level));
        }
    }

    #[test]
    fn every_step_says_what_it_does(given in full_answers(bn5())) {
        let Some(path) = shortest_path(bn5(), &given) else { return Ok(()) };
        let mut pillars: BTreeMap<&str, (Ratio, u8)> = BTreeMap::new();
        let before = score(bn5(), &given);
        for pillar in &before.pillars {
            pillars.insert(&pillar.id, (pillar.score.unwrap(), pillar.level.unwrap()));
        }
        for step in &path.steps {
            let (score, level) = pillars[step.pillar.as_str()];
            let reached = level_of_score(&bn5().bounds, step.after);
            prop_assert!(step.before == score && step.after > score);
            prop_assert_eq!(step.pillar_level_reached, (reached > level).then_some(reached));
            pillars.insert(&step.pillar, (step.after, reached));
        }
        let at_level = pillars.values().filter(|(_, level)| *level >= path.level).count();
        prop_assert!(at_level >= bn5().gate[usize::from(path.level) - 1]);
        prop_assert!(path.overall_after >= Ratio::from(bn5().bounds[usize::from(path.level)]));
        prop_assert!(path.overall_after > before.overall.unwrap());
    }
}

/// As many pillars and as heavy as the checker allows, with sums of weights that share no divisor.
#[test]
fn the_largest_questionnaire_is_still_exact() {
    let ids: Vec<Vec<String>> =
        (0..8).map(|pillar| (0..100).map(|item| format!("{pillar}-{item}")).collect()).collect();
    let items: Vec<Vec<&str>> = ids.iter().map(|ids| ids.iter().map(String::as_str).collect()).collect();
    let pillars: Vec<(String, &[&str])> =
        items.iter().enumerate().map(|(nth, items)| (format!("P{nth}"), items.as_slice())).collect();
    let pillars: Vec<(&str, &[&str])> = pillars.iter().map(|(id, items)| (id.as_str(), *items)).collect();
    let mut file = File::new(&pillars);
    for (pillar, total) in [9973, 9967, 9949, 9941, 9931, 9929, 9923, 9907].into_iter().enumerate() {
        for item in 0..100 {
            let weight = if 9900 + item < total { 100 } else { 99 };
            file = file.set(&format!("/items/{}/weight", pillar * 100 + item), json!(weight));
        }
        file = file.set(&format!("/sections/{}/weight", pillar + 1), json!(100 - pillar));
    }
    let questionnaire = file.build();
    let given: Answers =
        questionnaire.items.iter().zip(0_i64..).map(|(item, nth)| (item.id.clone(), Answer::Whole(nth % 4))).collect();
    let path = shortest_path(&questionnaire, &given).unwrap();
    let after = score(&questionnaire, &walked(&given, &path));
    assert_eq!((after.level, after.overall), (Some(path.level), Some(path.overall_after)));
    assert!(path.overall_after.denominator() > 1 << 100, "nothing was lost");
}
