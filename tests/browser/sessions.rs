//! A session that ends in the middle of a page.

use tests::{TestServer, answers};

use crate::{Chromium, Person};

const PLACE: &str = "P1/plan";
const TYPED: [(&str, &str); 3] = [("Q101", "3"), ("Q102", "1"), ("Q103", "4")];
const SAVED: &str = "SELECT group_concat(json_extract(answers, path), '')
    FROM assessment, (SELECT '$.Q101.v' AS path UNION ALL SELECT '$.Q102.v' UNION ALL SELECT '$.Q103.v')";

#[tokio::test(flavor = "multi_thread")]
async fn after_the_end_of_a_session_the_sign_in_comes_in_place_and_everything_is_saved() {
    let chromium = Chromium::phone().await;
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    answer_without_a_session(&chromium, &server, &person).await;
    chromium.until_saved("Chưa lưu: phiên làm việc đã hết.").await;
    chromium.leave(".c-saved__do:not([hidden])").await;
    assert_eq!(chromium.text("h1").await, "Đăng nhập");
    sign_in_at_the_second_try(&chromium).await;
    assert_eq!(chromium.path().await, person.topic(PLACE));
    chromium.awake().await;
    chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(chromium.values("Q103").await, ["4"]);
    assert_eq!(server.database.texts(SAVED).await, ["314"]);
    assert_eq!(chromium.kept().await, 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_leads_to_the_sign_in_too_when_the_session_has_ended() {
    let chromium = Chromium::phone().await;
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    answer_without_a_session(&chromium, &server, &person).await;
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.text("h1").await, "Đăng nhập");
    sign_in_at_the_second_try(&chromium).await;
    chromium.awake().await;
    chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(server.database.texts(SAVED).await, ["314"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_what_was_typed_survives_the_end_of_a_session_too() {
    let chromium = Chromium::without_scripts().await;
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    answer_without_a_session(&chromium, &server, &person).await;
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.text("h1").await, "Đăng nhập");
    assert!(chromium.text(".c-notice").await.starts_with("Phiên làm việc đã hết"));
    sign_in_at_the_second_try(&chromium).await;
    assert!(chromium.text(".c-notice").await.starts_with("Câu trả lời của bạn vẫn còn, nhưng chưa được lưu"));
    for (question, level) in TYPED {
        assert_eq!(chromium.values(question).await, [level]);
    }
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.path().await, person.topic("P1/offers"));
    assert_eq!(server.database.texts(SAVED).await, ["314"]);
}

/// Opens the page, ends the session behind its back, and answers.
async fn answer_without_a_session(chromium: &Chromium, server: &TestServer, person: &Person) {
    person.sign_in(chromium, server).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    if chromium.runs_scripts() {
        chromium.awake().await;
    }
    assert_ne!(server.database.execute("DELETE FROM session").await, 0);
    for (question, level) in TYPED {
        chromium.answer(question, level).await;
    }
}

/// A wrong password in between loses nothing either.
async fn sign_in_at_the_second_try(chromium: &Chromium) {
    for password in ["sai mật khẩu rồi", answers::PASSWORD] {
        chromium.answer("name", &answers::email(1)).await;
        chromium.answer("password", password).await;
        chromium.leave("main form button").await;
    }
}
