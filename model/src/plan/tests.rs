use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::answer::Answer;
use crate::profile::asked;
use crate::testing::{File, answers, any_answers, bn5, shop, text};

fn items(plan: &Plan) -> Vec<&str> {
    plan.actions.iter().map(|action| action.item.as_str()).collect()
}

#[test]
fn the_worked_example_of_the_instrument() {
    let plan = plan(bn5(), &shop());
    assert_eq!(items(&plan), ["Q506", "Q101", "Q102", "Q309", "Q406", "Q401", "Q105", "Q402"]);
    let first = &plan.actions[0];
    assert!(first.first && first.horizon == Horizon::Months3 && first.level == 1);
    assert_eq!(first.text.vi, "Liệt kê dữ liệu quan trọng, bật sao lưu tự động và giữ một bản ở nơi khác.");
    assert_eq!(first.now.as_ref().unwrap().vi, "Thỉnh thoảng có người sao chép bằng tay.");
    assert_eq!(first.next.as_ref().unwrap().vi, "Một phần dữ liệu quan trọng có một bản sao tự động.");
    assert_eq!(plan.actions.iter().filter(|action| action.first).count(), 1);
    let [soon, _, later] = plan.by_horizon();
    assert_eq!((soon.0, soon.1.len()), (Horizon::Months3, 3));
    assert_eq!((later.0, later.1.len()), (Horizon::Later, 2));
}

#[test]
fn low_levels_and_high_levels_have_their_own_action() {
    let questionnaire = File::new(&[("P1", &["A"])]).build();
    let action =
        |level: u8| plan(&questionnaire, &answers(json!({"A": level}))).actions.pop().map(|action| action.text.en);
    assert_eq!([0, 1, 2].map(action), [0, 1, 2].map(|_| Some("low".to_owned())));
    assert_eq!([3, 4].map(action), [3, 4].map(|_| Some("next".to_owned())));
    assert_eq!(action(5), None);
}

#[test]
fn priority_is_impact_times_gap_times_weight_by_effort() {
    let order = |file: File| items(&plan(&file.build(), &answers(json!({"A": 1, "B": 1})))).join(" ");
    let file = || File::new(&[("P1", &["A"]), ("P2", &["B"])]);
    assert_eq!(order(file()), "A B", "equal: the item id decides");
    assert_eq!(order(file().set("/items/1/impact", json!(2))), "B A");
    assert_eq!(order(file().set("/items/0/effort", json!(2))), "B A");
    assert_eq!(order(file().set("/sections/2/weight", json!(2))), "B A");
    // 2 ÷ 2 against 1 ÷ 1: equal, and the lower effort goes first.
    assert_eq!(order(file().set("/items/0/impact", json!(2)).set("/items/0/effort", json!(2))), "B A");
}

#[test]
fn equal_priorities_go_to_the_weaker_pillar() {
    let questionnaire = File::new(&[("P1", &["A", "B"]), ("P2", &["C", "D"])]).build();
    let plan = plan(&questionnaire, &answers(json!({"A": 1, "B": 5, "C": 5, "D": 1})));
    assert_eq!(items(&plan), ["A", "D"]);
    let plan = super::plan(&questionnaire, &answers(json!({"A": 1, "B": 5, "C": 1, "D": 1})));
    assert_eq!(items(&plan), ["C", "D", "A"]);
}

#[test]
fn what_is_needed_first_takes_the_place() {
    let chain = || {
        File::new(&[("P1", &["A", "B", "C"])])
            .set("/items/0/needs", json!([{"item": "B", "at_least": 2}]))
            .set("/items/1/needs", json!([{"item": "C", "at_least": 3}]))
    };
    let plan_of = |file: File, a: u8, b: u8, c: u8| plan(&file.build(), &answers(json!({"A": a, "B": b, "C": c})));
    let waits = plan_of(chain(), 0, 1, 0);
    assert_eq!(items(&waits), ["C"], "A waits for B, and B for C");
    assert_eq!(waits.actions[0].enables.as_deref(), Some("B"));
    let met = plan_of(chain(), 0, 2, 3);
    assert_eq!(items(&met), ["A", "B", "C"]);
    assert!(met.actions.iter().all(|action| action.enables.is_none()));
    let gap = plan_of(chain().set("/security_floor", json!([{"item": "A", "at_most": 1}])), 0, 1, 5);
    assert_eq!(items(&gap), ["A", "B"], "a security gap does not wait");
    assert_eq!(gap.actions[1].enables.as_deref(), Some("A"));
}

#[test]
fn needs_on_items_that_are_not_asked_or_unanswered_do_not_count() {
    let questionnaire = File::new(&[("P1", &["A", "B"])])
        .set("/items/0/needs", json!([{"item": "B", "at_least": 2}]))
        .set("/items/1/asked_if", json!("big"))
        .build();
    let plan_of = |given| items(&plan(&questionnaire, &answers(given))).join(" ");
    assert_eq!(plan_of(json!({"staff": 9, "A": 0, "B": 0})), "A");
    assert_eq!(plan_of(json!({"staff": 10, "A": 0})), "A");
    assert_eq!(plan_of(json!({"staff": 10, "A": 0, "B": 0})), "B");
}

#[test]
fn a_checklist_has_no_statements() {
    let options = ["a", "b"].map(|id| json!({ "id": id, "text": text("o") }));
    let questionnaire = File::new(&[("P1", &["A"])])
        .set(
            "/items/0/answer",
            json!({"type": "checklist", "options": options, "bands": {"share_above": [0, 20, 40, 60, 80]}}),
        )
        .build();
    let plan = plan(&questionnaire, &answers(json!({"A": ["b"]})));
    assert_eq!((plan.actions[0].level, &plan.actions[0].now, &plan.actions[0].next), (3, &None, &None));
}

proptest! {
    #[test]
    fn the_plan_makes_sense(given in any_answers(bn5())) {
        let plan = plan(bn5(), &given);
        let (score, asked) = (score(bn5(), &given), asked(bn5(), &given));
        for (_, actions) in plan.by_horizon() {
            prop_assert!(actions.len() <= 3);
        }
        let mut ids = items(&plan);
        prop_assert!(ids.iter().all(|id| asked.item(id) && score.items[*id] < 5));
        let gaps = plan.actions.iter().take_while(|action| action.first).count();
        prop_assert!(plan.actions[gaps..].iter().all(|action| !action.first), "gaps come first");
        prop_assert!(score.security_gaps.iter().all(|gap| ids[..gaps].contains(&gap.as_str())), "every gap of bn5 fits");
        ids.sort_unstable();
        ids.dedup();
        prop_assert_eq!(ids.len(), plan.actions.len(), "no action comes twice");
        let open = score.items.values().any(|level| *level < 5);
        prop_assert_eq!(plan.actions.is_empty(), !open, "there is something to do as long as something is below 5");
    }

    #[test]
    fn an_item_raised_to_5_has_no_action(given in any_answers(bn5()), nth in any::<prop::sample::Index>()) {
        let before = plan(bn5(), &given);
        prop_assume!(!before.actions.is_empty());
        let item = &nth.get(&before.actions).item;
        prop_assume!(bn5().item(item).unwrap().is_ladder());
        let mut raised = given.clone();
        raised.insert(item.as_str(), Answer::Whole(5));
        prop_assert!(!items(&plan(bn5(), &raised)).contains(&item.as_str()));
    }
}

#[test]
fn words_and_decisions_are_one_to_one() {
    for decision in [Decision::Accepted, Decision::Postponed, Decision::Done] {
        assert_eq!(decision.as_str().parse(), Ok(decision));
    }
    assert!("maybe".parse::<Decision>().is_err());
}
