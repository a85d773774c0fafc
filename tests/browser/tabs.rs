//! Two tabs on the same questions.

use fantoccini::wd::WindowHandle;
use model::{questionnaire::ItemAnswer, text::Lang};
use tests::{TestServer, answers};

use crate::{Chromium, Person, until};

const PLACE: &str = "P1/plan";

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_tabs_sees_both_versions_and_keeps_its_own() {
    let (chromium, person, _server) = conflict().await;
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.path().await, person.topic("P1/offers"));
    assert_eq!(person.stored(PLACE, "Q101").await, ["4"]);
    until("the kept copies to be gone", || async { (chromium.kept().await == 0).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_second_of_two_tabs_sees_both_versions_and_keeps_the_stored_one() {
    let (chromium, person, _server) = conflict().await;
    chromium.answer("_keep_Q101", "theirs").await;
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.path().await, person.topic("P1/offers"));
    assert_eq!(person.stored(PLACE, "Q101").await, ["1"]);
    assert_eq!(person.stored(PLACE, "Q102").await, ["2"]);
    until("the kept copies to be gone", || async { (chromium.kept().await == 0).then_some(()) }).await;
    assert_eq!(person.stored(PLACE, "Q101").await, ["1"], "no kept copy comes after the decision");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_conflict_that_nobody_decided_is_still_one_when_the_page_is_opened_again() {
    let (chromium, person, server) = conflict().await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.until_saved("Chưa lưu: người khác vừa trả lời cùng câu.").await;
    assert_eq!(chromium.values("Q101").await, ["4"]);
    assert_eq!(person.stored(PLACE, "Q101").await, ["1"]);
}

/// The page that the second tab sees: Q101 has two versions.
async fn conflict() -> (Chromium, Person, TestServer) {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let (chromium, first, second) = two_tabs(&server, &person).await;

    chromium.tab.switch_to_window(first).await.expect("the first tab");
    chromium.awake().await;
    chromium.answer("Q101", "1").await;
    person.until_stored(PLACE, "Q101", &["1"]).await;

    chromium.tab.switch_to_window(second).await.expect("the second tab");
    chromium.awake().await;
    chromium.answer("Q101", "4").await;
    chromium.until_saved("Chưa lưu: người khác vừa trả lời cùng câu.").await;
    assert_eq!(person.stored(PLACE, "Q101").await, ["1"], "the first answer stands until somebody decides");
    for question in ["Q102", "Q103"] {
        chromium.answer(question, "2").await;
    }
    chromium.until_saved("Chưa lưu: người khác vừa trả lời cùng câu.").await;
    chromium.leave(".c-saved__do:not([hidden])").await;
    let notice = chromium.text(".c-notice").await;
    assert!(notice.starts_with("Có người khác vừa trả lời cùng câu"), "{notice}");
    assert!(notice.contains(&format!("Giữ câu đã lưu: “{}”", statement(1))), "{notice}");
    assert!(notice.contains(&format!("Giữ câu của bạn: “{}”", statement(4))), "{notice}");
    assert_eq!(chromium.values("Q101").await, ["4"]);
    assert_eq!(chromium.values("Q102").await, ["2"], "the questions without a conflict keep what was typed");
    chromium.awake().await;
    assert!(chromium.saved().await.starts_with("Chưa lưu. Xem xong"), "nothing goes before somebody decides");
    (chromium, person, server)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_tabs_on_different_questions_of_a_page_both_save() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let (chromium, first, second) = two_tabs(&server, &person).await;
    for (tab, question) in [(first, "Q101"), (second, "Q102")] {
        chromium.tab.switch_to_window(tab).await.expect("a tab");
        chromium.awake().await;
        chromium.answer(question, "3").await;
        person.until_stored(PLACE, question, &["3"]).await;
    }
    assert_eq!(
        person.stored(PLACE, "Q101").await,
        ["3"],
        "the other tab did not know this answer and must not take it away"
    );
}

/// A browser with the same page in two tabs; the second is in front.
async fn two_tabs(server: &TestServer, person: &Person) -> (Chromium, WindowHandle, WindowHandle) {
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, server).await;
    let address = server.url(&person.topic(PLACE));
    chromium.open(&address).await;
    let first = chromium.tab.window().await.expect("the first tab");
    let second = chromium.tab.new_window(true).await.expect("a second tab").handle;
    chromium.tab.switch_to_window(second.clone()).await.expect("the second tab");
    chromium.open(&address).await;
    (chromium, first, second)
}

/// What statement `level` of Q101 says.
fn statement(level: usize) -> String {
    let item = answers::questionnaire().item("Q101").expect("the item");
    let ItemAnswer::Ladder { levels } = &item.answer else { panic!("Q101 is a ladder") };
    levels[level].get(Lang::Vi).split_whitespace().collect::<Vec<_>>().join(" ")
}
