//! How long one score takes: `cargo run --release -p model --example score_speed`.
//!
//! The score runs at every keystroke in the browser and on a million rows on the server.

use std::hint::black_box;
use std::time::Instant;

use model::{Answer, Answers, ItemAnswer, Questionnaire, check, plan, score, score_line, shortest_path};

fn main() {
    let bn5 = Questionnaire::builtin("bn5").expect("bn5 is built in");
    let answers = everything_at(bn5, 2);
    let file = serde_json::to_string(bn5).expect("a questionnaire has no keys that JSON cannot write");
    let (facts, items): (Vec<_>, Vec<_>) = answers.iter().partition(|(id, _)| bn5.fact(id).is_some());
    let object = |pairs: Vec<(&str, &Answer)>| {
        let fields: Vec<String> = pairs
            .iter()
            .map(|(id, answer)| format!("\"{id}\":{}", serde_json::to_string(answer).unwrap_or_default()))
            .collect();
        fields.join(",")
    };
    let line = format!("{{\"id\":1,\"facts\":{{{}}},\"answers\":{{{}}}}}", object(facts), object(items));
    measure("score", 20_000, || score(bn5, &answers));
    measure("score_line", 10_000, || score_line(bn5, &line));
    measure("plan", 10_000, || plan(bn5, &answers));
    measure("shortest_path", 200, || shortest_path(bn5, &answers));
    measure("check", 20_000, || check(bn5, &answers, None).len());
    measure("parse", 50, || Questionnaire::parse(&file));
}

/// An enterprise that is asked everything and answers every item at this level.
fn everything_at(questionnaire: &Questionnaire, level: i64) -> Answers {
    let ticks = |ids: &[&str]| Answer::Many(ids.iter().map(|id| (*id).to_owned()).collect());
    let mut answers = Answers::new();
    answers.insert("F01", Answer::Whole(50));
    answers.insert("F03", ticks(&["b2b", "b2c"]));
    answers.insert("F04", ticks(&["a", "b", "c", "d", "e", "f", "g", "h"]));
    for id in ["F05", "F06", "F07"] {
        answers.insert(id, Answer::YesNo(true));
    }
    for item in &questionnaire.items {
        let answer = match item.answer {
            ItemAnswer::Ladder { .. } => Answer::Whole(level),
            ItemAnswer::Checklist { .. } => ticks(&["a", "b", "c", "d"]),
        };
        answers.insert(&item.id, answer);
    }
    answers
}

/// The best of five rounds: what is not the function itself only ever adds.
fn measure<T>(name: &str, rounds: u32, mut run: impl FnMut() -> T) {
    let best = (0..5).map(|_| {
        let start = Instant::now();
        for _ in 0..rounds {
            black_box(run());
        }
        start.elapsed() / rounds
    });
    println!("{name:14} {:>10.2} µs", best.min().unwrap_or_default().as_secs_f64() * 1e6);
}
