use model::role::Role;
use tests::{Client, Page, TestServer, answers::questionnaire, client::read, each_database};

use crate::VI;

const LIST: &str = "/province/questionnaires";

async fn administrator(server: &TestServer) -> Client {
    server.add_account(Role::Administrator, "quan-tri@example.vn").await;
    let client = server.client();
    client.sign_in("quan-tri@example.vn").await;
    client
}

/// Uploads a file as the form of the page does.
async fn upload(client: &Client, content: &[u8]) -> Page {
    let head = "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"q.json\"\r\n\r\n";
    let body = [head.as_bytes(), content, b"\r\n--b--\r\n"].concat();
    read(client.own(LIST).header("content-type", "multipart/form-data; boundary=b").body(body)).await
}

/// The built-in questionnaire as a new version with one question changed.
fn next_version() -> serde_json::Value {
    let mut next = serde_json::to_value(questionnaire()).expect("a document");
    next["version"] = "9.1 thử".into();
    next["items"][0]["question"]["vi"] = "Một câu <b>khác</b>".into();
    next
}

#[tokio::test]
async fn a_version_is_uploaded_looked_at_compared_and_published_for_good() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = administrator(&server).await;
        assert_eq!(client.get(LIST).await.html().problems(), [""; 0]);
        let address = upload(&client, next_version().to_string().as_bytes()).await.location.expect("the preview");
        let preview = client.get(&address).await;
        assert_eq!(preview.status, 200, "{}", preview.text);
        assert_eq!(preview.html().problems(), [""; 0]);
        assert!(preview.html().main_text().contains("Một câu <b>khác</b>"), "{}", preview.text);
        assert!(!preview.text.contains("<b>khác"));
        assert_eq!(server.database.number("SELECT count(*) FROM questionnaire").await, 1, "not published yet");

        let known = format!("{} {}", questionnaire().id, questionnaire().version);
        let query = known.replace(' ', "+");
        let compared = client.get(&format!("{address}/compare?with={query}")).await;
        assert_eq!(compared.html().problems(), [""; 0]);
        let words: Vec<String> = compared.html().named("td").map(|cell| cell.text.trim().to_owned()).collect();
        assert_eq!(words, [&*VI.t("part-text")]);

        let form = preview.form(&address);
        assert_eq!(client.submit(&form).await.location.as_deref(), Some(address.as_str()));
        assert_eq!(server.database.number("SELECT count(*) FROM questionnaire").await, 2);
        assert_eq!(client.submit(&form).await.status, 303, "pressed twice");
        assert!(!client.get(&address).await.text.contains("name=\"uploaded\""), "nothing is left to publish");
        let again = upload(&client, next_version().to_string().as_bytes()).await;
        assert_eq!(again.status, 422, "a published version never changes");
        let plan = client.get("/province/campaigns/new").await.form("/province/campaigns");
        assert!(plan.offers("questionnaire", &format!("{} 9.1 thử", questionnaire().id)));
        let log = server.database.texts("SELECT action FROM audit WHERE subject = 'questionnaire' ORDER BY id").await;
        assert_eq!(log, ["questionnaire_published", "questionnaire_uploaded", "questionnaire_published"]);
    })
    .await;
}

#[tokio::test]
async fn every_mistake_of_a_file_is_shown_with_its_place_and_nothing_is_stored() {
    let server = TestServer::sqlite().await;
    let client = administrator(&server).await;
    let mut wrong = next_version();
    wrong["items"][0]["effort"] = 9.into();
    wrong["items"][1]["title"]["vi"] = "".into();
    let refused = upload(&client, wrong.to_string().as_bytes()).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.html().problems(), [""; 0]);
    let text = refused.html().main_text();
    assert!(text.contains("items[0]") && text.contains("items[1]"), "{text}");
    for content in ["không phải JSON", "", "{}"] {
        let refused = upload(&client, content.as_bytes()).await;
        assert_eq!(refused.status, 422, "{content:?}");
        assert_eq!(refused.html().problems(), [""; 0], "{content:?}");
    }
    assert_eq!(upload(&client, &[0xff, 0xfe, b'{']).await.status, 422);
    assert_eq!(upload(&client, &vec![b' '; 3 << 20]).await.status, 413);
    assert_eq!(server.database.number("SELECT count(*) FROM questionnaire_draft").await, 0);
    assert_eq!(client.get(&format!("{LIST}/bn5/99")).await.status, 404);
    assert_eq!(client.get(&format!("{LIST}/bn5/99/compare?with=bn5")).await.status, 404);
}

#[tokio::test]
async fn a_draft_that_was_replaced_meanwhile_is_not_published_unseen() {
    let server = TestServer::sqlite().await;
    let client = administrator(&server).await;
    let address = upload(&client, next_version().to_string().as_bytes()).await.location.expect("the preview");
    let form = client.get(&address).await.form(&address).set("uploaded", &["1"]);
    let stale = client.submit(&form).await;
    assert_eq!(stale.status, 409);
    assert_eq!(stale.html().problems(), [""; 0]);
    assert!(stale.html().main_text().contains(&*VI.t("questionnaire-stale")));
    assert_eq!(server.database.number("SELECT count(*) FROM questionnaire").await, 1);
}
