//! Answers of the last assessment lose their mark when they are changed, and are saved one by one.

use tests::{TestServer, answers};

use crate::{Chromium, Person};

#[tokio::test(flavor = "multi_thread")]
async fn a_changed_answer_loses_its_mark_and_is_saved_alone() {
    let server = TestServer::sqlite().await;
    let person = Person::with_answers(&server).await;
    let sent = person.client.submit(&answers::declared(&person.client, &person.assessment).await).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    server.next_campaign().await;
    let next = person.client.post("/assessments", &[]).await.location.expect("the new assessment");
    let person = person.at(next);
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    let page = server.url(&person.topic("P1/plan"));
    chromium.open(&page).await;
    chromium.awake().await;
    assert_eq!(marked(&chromium).await, ["Q101", "Q102", "Q103"]);
    assert_eq!(chromium.values("Q101").await, ["1"]);
    chromium.answer("Q101", "4").await;
    chromium.until_saved("Đã lưu lúc").await;
    assert_eq!(marked(&chromium).await, ["Q102", "Q103"]);
    chromium.open(&page).await;
    chromium.awake().await;
    assert_eq!(marked(&chromium).await, ["Q102", "Q103"], "they wait for the button");
    assert_eq!(chromium.values("Q101").await, ["4"]);
    chromium.answer("Q102", "5").await;
    chromium.answer("Q102", "2").await;
    chromium.until_saved("Đã lưu lúc").await;
    assert_eq!(marked(&chromium).await, ["Q103"], "the same answer again, given knowingly");
    chromium.leave("#topic button:not([name])").await;
    chromium.open(&page).await;
    assert_eq!(marked(&chromium).await, [""; 0]);
    for (question, level) in [("Q101", "4"), ("Q102", "2"), ("Q103", "1")] {
        assert_eq!(chromium.values(question).await, [level], "{question}");
    }
}

/// Which questions are marked; a mark names a group for a screen reader.
async fn marked(chromium: &Chromium) -> Vec<String> {
    let script = r#"return [...document.querySelectorAll(`[role=group][aria-labelledby$="-last"]`)]
        .filter(group => document.getElementById(group.getAttribute('aria-labelledby')).checkVisibility())
        .map(group => group.querySelector('fieldset').id)"#;
    let marked = chromium.script(script, &[]).await;
    serde_json::from_value(marked).expect("questions")
}
