//! The strip that shows between which scores a pillar lies.

use std::collections::BTreeSet;

use model::{
    answer::{Answer, Answers},
    format,
    score::score,
    text::Lang,
};
use serde_json::json;
use tests::{TestServer, answers};

use crate::{Chromium, Person};

/// What the strip shows at the next frame but one after a click, with the ends of its line.
const CLICK: &str = "const [name, value, done] = arguments;
    document.querySelector(`input[name='${name}'][value='${value}']`).click();
    requestAnimationFrame(() => requestAnimationFrame(() => {
        const line = document.querySelector('.c-strip .g-range');
        done([document.querySelector('.c-strip__score').innerText, line.getAttribute('x1'), line.getAttribute('x2')]);
    }));";

#[tokio::test(flavor = "multi_thread")]
async fn a_chosen_statement_changes_the_range_at_once_and_without_a_server() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    chromium.open(&server.url(&person.topic("P3/online"))).await;
    chromium.awake().await;
    // Nothing that is asked of the server can be answered from here on.
    let _database = server.stop().await;
    let mut answers = profile();
    for (question, level) in [("Q301", 3), ("Q302", 2), ("Q301", 5), ("Q303", 0), ("Q302", 1)] {
        answers.insert(question, Answer::Whole(level));
        assert_strip(&chromium, "P3", question, &level.to_string(), &answers).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn ticks_change_the_range_as_the_model_scores_them() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    for (place, question) in [("P1/offers", "Q104"), ("P5/security", "Q505")] {
        chromium.open(&server.url(&person.topic(place))).await;
        chromium.awake().await;
        let (mut answers, mut ticked) = (profile(), BTreeSet::new());
        // The last one takes a tick away again.
        for option in ["a", "b", "c", "d", "e", "b"] {
            if !ticked.remove(option) {
                ticked.insert(option.to_owned());
            }
            answers.insert(question, Answer::Many(ticked.clone()));
            assert_strip(&chromium, &place[..2], question, option, &answers).await;
        }
    }
}

async fn assert_strip(chromium: &Chromium, pillar: &str, question: &str, value: &str, answers: &Answers) {
    let shown = chromium.script_later(CLICK, &[json!(question), json!(value)]).await;
    let scored = score(answers::questionnaire(), answers);
    let pillar = scored.pillars.iter().find(|known| known.id == pillar).expect("a pillar");
    let (low, high) = pillar.range;
    let points = |ratio| format::score(Lang::Vi, ratio);
    let range = if low == high { points(low) } else { format!("{} – {}", points(low), points(high)) };
    let expected = format!("{range} điểm {}/{} câu", pillar.answered, pillar.items_on);
    let text: Vec<&str> = shown[0].as_str().unwrap_or_default().split_whitespace().collect();
    assert_eq!(text.join(" "), expected, "after {question} {value}");
    for (end, expected) in [(&shown[1], low), (&shown[2], high)] {
        let percent: f64 = end.as_str().and_then(|end| end.strip_suffix('%')?.parse().ok()).expect("a per cent");
        assert!((percent - expected.value()).abs() <= 0.005, "the line ends at {end}, after {question} {value}");
    }
}

/// What case A answers without its scored items.
fn profile() -> Answers {
    answers::case_a().into_iter().filter(|(question, _)| question.starts_with('F')).collect()
}
