use tests::{TestServer, answers};

use crate::{EN, VI, assert_error, topic};

const CLOSE: &str = "UPDATE campaign SET closes_at = '2026-01-01T00:00:00Z'";

#[tokio::test]
async fn after_the_campaign_closes_nothing_is_saved_and_nothing_is_lost() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    answers::answer_section(&client, &assessment, "profile", &answers::case_a()).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set("Q102", &["3"]).set("Q103", &["3"]);
    let stored = server.database.texts("SELECT answers FROM assessment").await;
    server.database.execute(CLOSE).await;
    assert_error(&client.submit(&form).await, 409, VI, "error-campaign-closed-title");
    let pairs: Vec<(&str, &str)> = form.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(client.autosave(&page, &pairs).await.status, 409);
    assert_eq!(server.database.texts("SELECT answers FROM assessment").await, stored);
    assert_eq!(client.get(&page).await.status, 200, "what was answered can still be read");
    assert_eq!(client.get(&assessment).await.status, 200);
}

#[tokio::test]
async fn after_the_campaign_closes_nothing_is_submitted_and_results_stay() {
    let server = TestServer::sqlite().await;
    let (early, late) = (server.client(), server.client());
    let done = answers::submitted(&early, 1).await;
    let open = answers::register(&late, 2).await;
    answers::answer_all(&late, &open, &answers::case_a()).await;
    let form = answers::declared(&late, &open).await;
    server.database.execute(CLOSE).await;
    late.speak("en").await;
    assert_error(&late.submit(&form).await, 409, EN, "error-campaign-closed-title");
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 1);
    assert_eq!(early.get(&format!("{done}/result")).await.status, 200);
    assert_eq!(early.get(&format!("{done}/receipt")).await.status, 200);
}

#[tokio::test]
async fn without_an_open_campaign_pages_say_so_and_registering_still_works() {
    let server = TestServer::sqlite().await;
    server.database.execute(CLOSE).await;
    let client = server.client();
    let start = client.get("/").await;
    assert_eq!(start.status, 200);
    assert!(start.html().main_text().contains(&*VI.t("start-closed")));
    assert_eq!(client.get("/method").await.status, 200);
    let registered = answers::send_registration(&client, &answers::registration(1)).await;
    assert_eq!(registered.status, 303);
    assert_error(&client.get("/assessments").await, 409, VI, "error-campaign-closed-title");
    assert_error(&client.post("/assessments", &[]).await, 409, VI, "error-campaign-closed-title");
    assert_eq!(server.database.number("SELECT count(*) FROM assessment").await, 0);
    server.add_account(model::role::Role::Officer, "can-bo@example.vn").await;
    let officer = server.client();
    officer.sign_in("can-bo@example.vn").await;
    assert!(officer.get("/province").await.html().main_text().contains(&*VI.t("province-none")));
}

#[tokio::test]
async fn the_province_counts_who_is_how_far() {
    let server = TestServer::sqlite().await;
    answers::submitted(&server.client(), 1).await;
    answers::register(&server.client(), 2).await;
    answers::register(&server.client(), 3).await;
    server
        .database
        .execute("DELETE FROM assessment WHERE state = 'draft' AND id = (SELECT max(id) FROM assessment)")
        .await;
    server.add_account(model::role::Role::Analyst, "phan-tich@example.vn").await;
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    let html = analyst.get("/province").await.html();
    let figures: Vec<String> = html.named("dd").map(|figure| figure.text.trim().to_owned()).collect();
    assert_eq!(figures[..4], ["3", "1", "1", "1"], "registered, submitted, drafts, not begun");
}
