use model::answer::Answers;
use tests::{TestServer, answers, answers::case_a, each_database};

use crate::{VI, assert_error};

#[tokio::test]
async fn a_link_shows_level_and_date_to_anybody_and_nothing_else_until_it_is_taken_back() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let (client, bank) = (server.client(), server.client());
        let assessment = answers::submitted(&client, 1).await;
        let links = format!("{assessment}/links");
        let form = client.get(&links).await.form(&links).set("label", &["Ngân hàng"]).set("days", &["30"]);
        let made = client.submit(&form).await;
        assert_eq!((made.status.as_u16(), made.html().problems()), (200, vec![]));
        let html = made.html();
        let address = html.with_class("c-share").next().expect("the link").text.trim().to_owned();
        let token = address.strip_prefix("/shared/").expect("a path").to_owned();
        assert!(!server.database.texts("SELECT label FROM share_link").await.contains(&token));

        let page = bank.get(&address).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));
        assert_eq!(page.header("x-robots-tag"), "noindex");
        let text = page.html().main_text();
        assert!(text.contains("Đức Điện 1") && text.contains(&VI.with("level-of-five", [("level", "2")])), "{text}");
        assert!(!page.text.contains("41,5") && !text.contains("Ngân hàng"), "no score, no note of the owner");
        let again = client.get(&links).await;
        assert!(!again.text.contains(&token), "the link is shown once");
        assert!(again.html().named("td").any(|cell| cell.text.trim() == "1"), "one view");

        assert_eq!(client.submit(&again.form(&links).set("label", &[])).await.status, 303, "the button takes it back");
        assert_error(&bank.get(&address).await, 404, VI, "error-not-found-title");
        assert!(client.get(&links).await.html().main_text().contains(&*VI.t("link-revoked")));
    })
    .await;
}

#[tokio::test]
async fn a_link_needs_a_name_and_a_time_and_belongs_to_its_enterprise() {
    let server = TestServer::sqlite().await;
    let (client, other) = (server.client(), server.client());
    let assessment = answers::submitted(&client, 1).await;
    answers::register(&other, 2).await;
    let links = format!("{assessment}/links");
    let page = client.post(&links, &[("label", " "), ("days", "9999")]).await;
    assert_eq!((page.status.as_u16(), page.html().problems()), (422, vec![]));
    let wrong: Vec<String> = page.html().summary().into_iter().map(|(field, _)| field).collect();
    assert_eq!(wrong, ["label", "days"]);
    assert_eq!(other.post(&links, &[("label", "x"), ("days", "30")]).await.status, 404);
    assert_eq!(client.post(&links, &[("revoke", "no-key")]).await.status, 404);
    assert_eq!(server.database.number("SELECT count(*) FROM share_link").await, 0);
    for path in ["/shared/x", &format!("/shared/{}", "0".repeat(64))] {
        assert_eq!(client.get(path).await.status, 404, "{path}");
    }
}

#[tokio::test]
async fn answers_and_result_are_downloaded_as_files() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let json = format!("{assessment}/export/json");
    assert_eq!(client.get(&json).await.location.as_deref(), Some(assessment.as_str()), "nothing is sent yet");
    answers::answer_all(&client, &assessment, &case_a()).await;
    client.submit(&answers::declared(&client, &assessment).await).await;

    let file = client.get(&json).await;
    assert!(file.header("content-disposition").ends_with(".json\""));
    let document: serde_json::Value = serde_json::from_str(&file.text).expect("JSON");
    let kept: Answers = serde_json::from_value(document["answers"].clone()).expect("answers");
    assert_eq!((kept, &document["score"]["level"]), (case_a(), &2.into()));
    let csv = client.get(&format!("{assessment}/export/csv")).await;
    let given = case_a();
    let asked = model::asked(answers::questionnaire(), &given);
    let topics = answers::questionnaire().sections.iter().flat_map(|section| &section.topics);
    let lines = 1 + topics.flat_map(|topic| asked.questions(topic)).count();
    assert_eq!(csv.text.lines().count(), lines, "a line for every question that is asked");
    assert!(csv.text.contains("5.6"), "{}", csv.text);
    let workbook = client.get(&format!("{assessment}/export/xlsx")).await;
    assert!(workbook.header("content-type").contains("spreadsheetml") && workbook.text.starts_with("PK"));
    assert_eq!(client.get(&format!("{assessment}/export/exe")).await.status, 404);
}

#[tokio::test]
async fn the_method_page_computes_with_the_readers_own_numbers() {
    let server = TestServer::sqlite().await;
    let (client, visitor) = (server.client(), server.client());
    answers::submitted(&client, 1).await;
    let own = client.get("/method").await.html();
    assert_eq!(own.problems(), [""; 0]);
    // Worked case A: pillar 1 is 8 lines of 5 questions, 32 points; 41,54 points overall are level 2.
    assert!(own.main_text().contains("100 × 8 ÷ (5 × 5)"), "{}", own.main_text());
    assert!(own.main_text().contains(&VI.with("method-own-end", [("score", "41,5"), ("level", "2")])));
    assert!(!visitor.get("/method").await.html().main_text().contains(&*VI.t("method-own")));
    let glossary = visitor.get("/glossary").await.html();
    assert_eq!(glossary.problems(), [""; 0]);
    assert_eq!(glossary.named("dt").count(), answers::questionnaire().glossary.len());
}
