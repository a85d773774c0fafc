use reqwest::Method;
use tests::{TestServer, answers, client::read};

use crate::{EN, VI, assert_error};

#[tokio::test]
async fn an_address_that_leads_nowhere_has_a_page_in_both_languages() {
    let server = TestServer::sqlite().await;
    for (lang, tr) in [("vi", VI), ("en", EN)] {
        let client = server.client();
        client.speak(lang).await;
        for path in ["/nothing-here", "/assessments/", "/register/x", "/pkg/nothing.css", "//", "/%ff", "/wp-login.php"]
        {
            assert_error(&client.get(path).await, 404, tr, "error-not-found-title");
        }
    }
}

#[tokio::test]
async fn a_method_that_a_page_does_not_know_has_a_page_too() {
    let server = TestServer::sqlite().await;
    let request = server.client().request(Method::PUT, "/").header("sec-fetch-site", "same-origin");
    assert_error(&read(request).await, 405, VI, "error-bad-request-title");
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_a_page_and_nothing_is_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let body = format!("_revision=0&Q101={}", "1".repeat(10 * 1024 * 1024));
    for path in [format!("{assessment}/sections/P1/plan"), "/register".into(), "/sign-in".into(), "/language".into()] {
        let request = client.own(&path).header("content-type", "application/x-www-form-urlencoded");
        assert_error(&read(request.body(body.clone())).await, 413, VI, "error-too-large-title");
    }
    assert_eq!(server.database.number("SELECT revision FROM assessment").await, 0);
}

#[tokio::test]
async fn a_body_that_is_no_form_is_refused_with_a_page() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let page = format!("{assessment}/sections/P1/plan");
    for media in
        ["application/json", "multipart/form-data; boundary=x", "text/plain", "application/x-www-form-urlencodedx"]
    {
        let request = client.own(&page).header("content-type", media).body("{\"Q101\": 1}");
        assert_error(&read(request).await, 400, VI, "error-bad-request-title");
    }
    let request = client.own(&page).body("_revision=0&Q101=1");
    assert_error(&read(request).await, 400, VI, "error-bad-request-title");
    assert_eq!(server.database.number("SELECT revision FROM assessment").await, 0);
}

#[tokio::test]
async fn thousands_of_fields_and_strange_encodings_are_answered() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let bodies = ["a=1&".repeat(15_000), "%".repeat(1_000), "&&&=&=&".into(), "name=%00%00&tax_code=%u1234".into()];
    for body in bodies {
        let request = client.own("/register").header("content-type", "application/x-www-form-urlencoded");
        let page = read(request.body(body)).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.html().problems(), [""; 0]);
    }
}

#[tokio::test]
async fn a_database_that_fails_gives_a_page_that_reveals_nothing() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    server.database.execute("ALTER TABLE assessment RENAME COLUMN answers TO lost").await;
    let page = client.get(&assessment).await;
    assert_error(&page, 500, VI, "error-internal-title");
    for secret in ["lost", "answers", "SELECT", "sqlite", "no such column"] {
        assert!(!page.html().main_text().contains(secret), "{secret}");
    }
}
