use model::answer::{Answer, Answers};
use tests::{Client, TestServer, answers, answers::case_a, each_database};

use crate::{VI, id_of};

/// Case A with a backup that is ticked in one question and denied in the next (X09).
fn odd() -> Answers {
    let mut odd = case_a();
    odd.insert("Q505", Answer::Many(["a", "c", "d", "g"].map(ToOwned::to_owned).into()));
    odd.insert("Q506", Answer::Whole(0));
    odd
}

async fn answered(client: &Client) -> String {
    let assessment = answers::register(client, 1).await;
    answers::answer_all(client, &assessment, &odd()).await;
    assessment
}

#[tokio::test]
async fn a_warning_is_confirmed_with_a_reason_that_stays_with_the_submission() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = answered(&client).await;
        let address = format!("{assessment}/check");
        let page = client.get(&address).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains("Đã đánh dấu có bản sao lưu"), "the warning itself");

        // Nothing typed is lost when the declaration is missing.
        let form = page.form(&address).set("reason-X09", &["  Bản sao do bên kế toán giữ "]);
        let refused = client.submit(&form).await;
        assert_eq!(refused.status, 422);
        let form = refused.form(&address);
        assert_eq!(form.values("reason-X09"), ["Bản sao do bên kế toán giữ"]);

        let sent = client.submit(&form.set("declare", &["yes"])).await;
        assert_eq!(sent.status, 303);
        let id = id_of(&assessment).parse().expect("an id");
        let found = server.app.store().findings(id, 1).await.expect("findings");
        let found: Vec<(&str, Option<&str>)> =
            found.iter().map(|one| (one.check_id.as_str(), one.reason.as_deref())).collect();
        assert_eq!(found, [("X09", Some("Bản sao do bên kế toán giữ"))]);
        let logged = "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'assessment_submitted'";
        let logged = server.database.texts(logged).await.concat();
        assert!(logged.contains("X09") && !logged.contains("kế toán"), "codes without free text: {logged}");
    })
    .await;
}

#[tokio::test]
async fn a_warning_blocks_nothing_and_without_a_reason_it_is_kept_as_such() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answered(&client).await;
    assert_eq!(client.submit(&answers::declared(&client, &assessment).await).await.status, 303);
    let found = server.app.store().findings(id_of(&assessment).parse().expect("an id"), 1).await.expect("findings");
    assert_eq!(found.iter().map(|one| (one.check_id.as_str(), &one.reason)).collect::<Vec<_>>(), [("X09", &None)]);
}

#[tokio::test]
async fn a_reason_that_is_too_long_is_refused_and_kept() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answered(&client).await;
    let long = "ă".repeat(501);
    let form = answers::declared(&client, &assessment).await;
    let refused = client.submit(&form.clone().set("reason-X09", &[&long])).await;
    assert_eq!(refused.status, 422);
    let message = VI.with("reason-long", [("length", "500")]);
    assert_eq!(refused.html().summary(), [("reason-X09".to_owned(), message)]);
    assert_eq!(refused.form(&format!("{assessment}/check")).values("reason-X09"), [long.as_str()]);
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 0);
    assert_eq!(client.submit(&form.set("reason-X09", &[&"ă".repeat(500)])).await.status, 303);
}
