//! A session that ends in the middle of a page.

use tests::{TestServer, answers};

use crate::{Chromium, Person};

const PLACE: &str = "P1/plan";

#[tokio::test(flavor = "multi_thread")]
async fn what_was_typed_survives_the_end_of_a_session_and_is_saved_after_the_sign_in() {
    expired(&Chromium::phone().await, true).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn with_scripts_off_what_was_typed_survives_the_end_of_a_session_too() {
    expired(&Chromium::without_scripts().await, false).await;
}

async fn expired(chromium: &Chromium, scripts: bool) {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    person.sign_in(chromium, &server).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    if scripts {
        chromium.awake().await;
    }
    assert_ne!(server.database.execute("DELETE FROM session").await, 0);
    for (question, level) in [("Q101", "3"), ("Q102", "1"), ("Q103", "4")] {
        chromium.answer(question, level).await;
    }
    if scripts {
        chromium.until_saved("Chưa lưu: phiên làm việc đã hết.").await;
    }
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.text("h1").await, "Đăng nhập");
    assert!(chromium.text(".c-notice").await.starts_with("Phiên làm việc đã hết"));
    // A wrong password in between loses nothing either.
    for password in ["sai mật khẩu rồi", answers::PASSWORD] {
        chromium.answer("name", &answers::email(1)).await;
        chromium.answer("password", password).await;
        chromium.leave("main form button").await;
    }
    assert!(chromium.text(".c-notice").await.starts_with("Câu trả lời của bạn vẫn còn, nhưng chưa được lưu"));
    assert_eq!(chromium.values("Q101").await, ["3"]);
    assert_eq!(chromium.values("Q102").await, ["1"]);
    assert_eq!(chromium.values("Q103").await, ["4"]);
    chromium.leave("#topic button:not([name])").await;
    assert_eq!(chromium.path().await, person.topic("P1/offers"));
    let saved = "SELECT group_concat(json_extract(answers, path), '')
        FROM assessment, (SELECT '$.Q101.v' AS path UNION ALL SELECT '$.Q102.v' UNION ALL SELECT '$.Q103.v')";
    assert_eq!(server.database.texts(saved).await, ["314"]);
}
