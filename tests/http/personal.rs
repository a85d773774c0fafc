//! A person's own data: shown, downloaded, and erased once the password is right.

use model::role::Role;
use tests::{
    TestServer,
    answers::{self, PASSWORD},
    each_database,
    html::words,
};

use crate::{EN, VI, messages};

#[tokio::test]
async fn what_is_stored_about_a_person_is_shown_and_downloaded() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        answers::submitted(&client, 1).await;
        answers::submitted(&server.client(), 2).await;
        let html = client.get("/account/data").await.html();
        assert_eq!(html.problems(), [""; 0]);
        let text = words(&html.main_text());
        for said in ["Nguyễn Thị Ánh", "dn1@example.vn", "Công ty TNHH Đức Điện 1", &*VI.t("data-purpose-service")]
        {
            assert!(text.contains(said), "{said} in {text}");
        }
        assert!(!text.contains(&*VI.t("data-purpose-contact")), "what was not agreed to is not there: {text}");
        let file = client.get("/account/data/json").await;
        assert!(file.header("content-disposition").ends_with(".json\""));
        let data: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
        assert_eq!(data["account"]["email"], "dn1@example.vn");
        assert_eq!(
            (data["sessions"].as_array().map(Vec::len), data["consents"][0]["purpose"].as_str()),
            (Some(1), Some("service"))
        );
        let log = data["log"].as_array().expect("the log");
        assert!(
            log.iter().any(|row| row["action"] == "assessment_submitted" && row["origin"] == "127.0.0.0/24"),
            "{log:?}"
        );
        for secret in ["password", "argon2", "token", "dn2@"] {
            assert!(!file.text.contains(secret), "{secret} in {}", file.text);
        }
        client.speak("en").await;
        let csv = client.get("/account/data/csv").await;
        let name = format!("{},,{},Nguyễn Thị Ánh", EN.t("account-title"), EN.t("field-full-name"));
        assert!(csv.text.contains(&name), "{}", csv.text);
        assert!(csv.text.contains(&*EN.t("action-signed-in")) && !csv.text.contains("dn2@"), "{}", csv.text);
        assert_eq!(client.get("/account/data/xlsx").await.status, 200);
        assert_eq!(client.get("/account/data/exe").await.status, 404);
        assert_eq!(server.client().get("/account/data/json").await.status, 303, "nobody's data");
    })
    .await;
}

#[tokio::test]
async fn the_consent_to_news_is_withdrawn_and_given_again_with_one_button() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        answers::register(&client, 1).await;
        answers::register(&server.client(), 2).await;
        let page = client.get("/account/data").await;
        assert_eq!(page.html().problems(), [""; 0]);
        let news = async |value: &str| client.post("/account/data", &[("news", value)]).await;
        let open = "SELECT count(*) FROM consent WHERE purpose = 'contact' AND withdrawn_at IS NULL";
        assert_eq!(server.database.number(open).await, 0, "it is not ticked beforehand");
        for _ in 0..2 {
            assert_eq!(news("give").await.status, 303);
            assert_eq!(server.database.number(open).await, 1, "given once, however often it is sent");
        }
        let given = client.get("/account/data").await.html();
        assert!(given.main_text().contains(&*VI.t("data-consent-withdraw")), "{}", given.main_text());
        for _ in 0..2 {
            let gone = client.follow(news("withdraw").await).await;
            assert_eq!((gone.status.as_u16(), gone.html().problems()), (200, vec![]));
            assert!(gone.html().main_text().contains(&*VI.t("data-consent-none")));
            assert_eq!(server.database.number(open).await, 0, "at once");
        }
        // The proof of what was agreed to until then stays, and stands in the copy.
        let data: serde_json::Value = serde_json::from_str(&client.get("/account/data/json").await.text).expect("JSON");
        let consents = data["consents"].as_array().expect("consents");
        let contact = consents.iter().find(|consent| consent["purpose"] == "contact").expect("the withdrawn one");
        assert!(contact["withdrawn_at"].is_string(), "{contact}");
        let service = consents.iter().find(|consent| consent["purpose"] == "service").expect("the needed one");
        assert!(service["withdrawn_at"].is_null(), "the other one stays");
        let logged = server.database.texts("SELECT action FROM audit WHERE action LIKE 'consent%' ORDER BY id").await;
        assert_eq!(logged, ["consent_given", "consent_withdrawn"], "one row for each change");
        assert_eq!(client.post("/account/data", &[("news", "service")]).await.status, 400);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_person_goes_with_the_right_password_and_what_was_sent_stays() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let (client, elsewhere) = (server.client(), server.client());
        let assessment = answers::submitted(&client, 1).await;
        elsewhere.sign_in("dn1@example.vn").await;
        let page = client.get("/account/erase").await;
        assert_eq!(page.html().problems(), [""; 0]);
        let text = words(&page.html().main_text());
        for said in ["erase-goes-person", "erase-stays-sent", "erase-last-title"] {
            assert!(text.contains(&words(&VI.t(said))), "{said} in {text}");
        }
        for wrong in ["", "sai rồi"] {
            let refused = client.submit(&page.form("/account/erase").set("current", &[wrong])).await;
            assert_eq!((refused.status.as_u16(), messages(&refused).len()), (422, 1), "{wrong:?}");
        }
        assert_eq!(client.get("/account").await.status, 200, "nothing has happened yet");
        let gone = client.submit(&page.form("/account/erase").set("current", &[PASSWORD])).await;
        assert_eq!(gone.location.as_deref(), Some("/account-closed"), "{}", gone.text);
        assert_eq!(gone.header("clear-site-data"), "\"storage\"");
        let closed = client.follow(gone).await;
        assert_eq!((closed.status.as_u16(), closed.html().problems()), (200, vec![]));
        for client in [&client, &elsewhere] {
            assert!(client.get(&assessment).await.location.is_some_and(|to| to.starts_with("/sign-in")), "signed out");
        }
        assert_eq!(server.client().try_sign_in("dn1@example.vn", PASSWORD).await.status, 422);
        assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 1);
        let letters = server.database.texts("SELECT kind || ' ' || recipient FROM outbox ORDER BY id").await;
        // The worker may have handed the letter over already; then nobody knows to whom.
        assert!(letters == ["account_erased dn1@example.vn"] || letters == ["account_erased "], "{letters:?}");
        let again = answers::registration_with(2, "email", "dn1@example.vn");
        let again = answers::send_registration(&server.client(), &again).await;
        assert_eq!(again.status, 303, "the address is free");
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_only_administrator_stays_and_whoever_is_gone_is_in_no_list() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Administrator, "quan-tri@example.vn").await;
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let (administrator, officer) = (server.client(), server.client());
    administrator.sign_in("quan-tri@example.vn").await;
    officer.sign_in("can-bo@example.vn").await;
    let form = administrator.get("/account/erase").await.form("/account/erase").set("current", &[PASSWORD]);
    let refused = administrator.submit(&form).await;
    assert_eq!(
        (refused.status.as_u16(), messages(&refused)),
        (422, vec![VI.t("erase-last-administrator").into_owned()])
    );
    assert!(administrator.get("/province/accounts").await.text.contains("can-bo@example.vn"));
    let form = officer.get("/account/erase").await.form("/account/erase").set("current", &[PASSWORD]);
    assert!(!officer.get("/account/erase").await.text.contains(&*VI.t("erase-last-title")));
    assert_eq!(officer.submit(&form).await.status, 303);
    let accounts = administrator.get("/province/accounts").await;
    assert!(!accounts.text.contains("can-bo@") && !accounts.text.contains("erased"), "{}", accounts.html().main_text());
    let log = administrator.get("/province/audit?action=account_erased").await.html();
    assert!(log.main_text().contains(&*VI.t("action-account-erased")), "{}", log.main_text());
}
