//! Answers that the server has not got yet: they outlive the network, the page and the browser, and arrive in order.

use serde_json::json;
use tests::{TestServer, answers};

use crate::{Chromium, Person, until};

const PLACE: &str = "P1/plan";

#[tokio::test(flavor = "multi_thread")]
async fn without_a_network_answers_are_kept_and_sent_when_it_is_back() {
    let (chromium, person, _server) = open().await;
    chromium.network(false).await;
    chromium.until_saved("Đang không có mạng.").await;
    chromium.answer("Q101", "3").await;
    chromium.answer("Q102", "1").await;
    until("the kept answers", || async { (chromium.kept().await > 0).then_some(()) }).await;
    chromium.click("#topic button:not([name])").await;
    chromium.until_saved("Đang không có mạng. Cứ trả lời tiếp").await;
    assert_eq!(chromium.path().await, person.topic(PLACE), "the button does not lead to the browser's error page");
    chromium.answer("Q101", "4").await;
    chromium.network(true).await;
    chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(person.stored(PLACE, "Q101").await, ["4"]);
    assert_eq!(person.stored(PLACE, "Q102").await, ["1"]);
    assert_eq!(chromium.kept().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn another_page_sends_what_a_closed_one_left_behind() {
    let (chromium, person, server) = open().await;
    answer_without_a_network(&chromium).await;
    let other = chromium.tab.new_window(true).await.expect("another tab").handle;
    chromium.tab.close_window().await.expect("the tab closes");
    chromium.tab.switch_to_window(other).await.expect("the other tab");
    chromium.open(&server.url(&person.assessment)).await;
    person.until_stored(PLACE, "Q101", &["3"]).await;
    until("the kept copy to be gone", || async { (chromium.kept().await == 0).then_some(()) }).await;
    until("the list counts it", || async { chromium.text("main").await.contains("1/5 câu").then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_outlive_the_browser_and_are_shown_and_sent_by_their_page() {
    let (chromium, person, server) = open().await;
    answer_without_a_network(&chromium).await;
    let chromium = chromium.restart().await;
    person.sign_in(&chromium, &server).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(chromium.values("Q101").await, ["3"]);
    person.until_stored(PLACE, "Q101", &["3"]).await;
    assert!(chromium.text(".c-strip__score").await.ends_with("1/5 câu"), "the strip counts it, too");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tab_that_is_closed_right_after_a_click_loses_nothing() {
    let (chromium, person, server) = open().await;
    let other = chromium.tab.new_window(true).await.expect("another tab").handle;
    let first = chromium.tab.window().await.expect("the tab");
    for (question, level) in [("Q102", "2"), ("Q103", "5")] {
        chromium.tab.switch_to_window(first.clone()).await.expect("the tab");
        chromium.answer(question, level).await;
    }
    chromium.tab.close_window().await.expect("the tab closes");
    chromium.tab.switch_to_window(other).await.expect("the other tab");
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    until("both answers on the page", || async {
        (chromium.values("Q102").await == ["2"] && chromium.values("Q103").await == ["5"]).then_some(())
    })
    .await;
    person.until_stored(PLACE, "Q103", &["5"]).await;
    assert_eq!(person.stored(PLACE, "Q102").await, ["2"]);
    until("nothing waits", || async { (chromium.kept().await == 0).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_save_whose_answer_was_lost_has_the_effect_of_one() {
    let (chromium, person, server) = open().await;
    let before = server.database.number("SELECT revision FROM assessment").await;
    // The first answer of the server gets lost, and the reader has answered again by then.
    let lose = "const send = window.fetch; window.sent = 0;
        window.fetch = (...all) => send(...all).then(answer => {
            if (++window.sent > 1) return answer;
            document.querySelector(`input[name=Q101][value='5']`).click();
            throw new TypeError('lost');
        });";
    chromium.script(lose, &[]).await;
    chromium.answer("Q101", "3").await;
    until("three requests and their end", || async {
        (chromium.script("return sent", &[]).await == 3 && chromium.kept().await == 0).then_some(())
    })
    .await;
    chromium.until_saved("Đã lưu lúc ").await;
    person.until_stored(PLACE, "Q101", &["5"]).await;
    assert_eq!(server.database.number("SELECT revision FROM assessment").await, before + 2, "two saves, one repeated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wrong_clock_changes_nothing() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    let wrong = json!({ "source": "const Right = Date; window.Date = class extends Right {
        constructor(...all) { all.length ? super(...all) : super(0) } static now() { return 0 } };" });
    chromium.devtools("Page.addScriptToEvaluateOnNewDocument", wrong).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    assert_eq!(chromium.script("return new Date().getFullYear()", &[]).await, 1970);
    chromium.answer("Q101", "2").await;
    let state = chromium.until_saved("Đã lưu lúc ").await;
    let stored = server.database.texts("SELECT saved_at FROM assessment").await;
    let minute = |text: &str| text.split(':').nth(1).and_then(|part| part.get(..2)).map(ToOwned::to_owned);
    assert_eq!(minute(&state), minute(&stored[0]), "the server's time is shown: {state}, {stored:?}");
    person.until_stored(PLACE, "Q101", &["2"]).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_will_never_be_saved_is_said_with_the_reason_and_offered_as_a_file() {
    let (chromium, _person, server) = open().await;
    server.database.execute("UPDATE account SET role = 'association'").await;
    chromium.answer("Q101", "3").await;
    chromium.until_saved("Tài khoản của bạn không làm được việc này").await;
    let file = "return decodeURIComponent(document.querySelector('.c-saved__do[download]').href)";
    let file = chromium.script(file, &[]).await;
    let item = answers::questionnaire().item("Q101").expect("the item");
    let model::questionnaire::ItemAnswer::Ladder { levels } = &item.answer else { panic!("a ladder") };
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    for said in [&item.question.vi, &levels[3].vi] {
        assert!(words(file.as_str().unwrap_or_default()).contains(&words(said)), "{said} in {file}");
    }
    chromium.click(".c-saved__do[download]").await;
    until("the kept copy to be gone", || async { (chromium.kept().await == 0).then_some(()) }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_is_kept_after_the_sign_out() {
    let (chromium, _person, server) = open().await;
    chromium.open(&server.url("/account")).await;
    chromium.script("localStorage.setItem('unsent/somebody/something/00000001/key', 'x')", &[]).await;
    chromium.leave("form[action='/sign-out'] button").await;
    assert_eq!(chromium.path().await, "/");
    assert_eq!(chromium.kept().await, 0);
}

async fn open() -> (Chromium, Person, TestServer) {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    (chromium, person, server)
}

async fn answer_without_a_network(chromium: &Chromium) {
    chromium.network(false).await;
    chromium.answer("Q101", "3").await;
    until("the kept answer", || async { (chromium.kept().await > 0).then_some(()) }).await;
}
