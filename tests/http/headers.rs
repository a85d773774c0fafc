use std::collections::BTreeSet;

use reqwest::Method;
use tests::{
    Client, Database, Page, TestServer,
    answers::{self, registration},
    client::read,
};

use crate::topic;

/// What every answer carries, whatever it is.
#[track_caller]
fn assert_secure(page: &Page) {
    let policy = page.header("content-security-policy");
    for rule in [
        "default-src 'self'",
        "'strict-dynamic' 'wasm-unsafe-eval'",
        "style-src 'self'",
        "object-src 'none'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.contains(rule), "{rule} in {policy:?}");
    }
    assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert_eq!(page.header("referrer-policy"), "same-origin");
    assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
    assert!(page.header("permissions-policy").contains("geolocation=()"));
}

fn nonce(page: &Page) -> String {
    let policy = page.header("content-security-policy");
    let (_, rest) = policy.split_once("'nonce-").expect("a nonce");
    rest.split_once('\'').expect("the end of the nonce").0.to_owned()
}

/// The addresses of stylesheet, icon and scripts of a page.
fn assets(page: &Page) -> BTreeSet<String> {
    let parts = page.text.split(['"', '\'']).filter(|part| part.starts_with("/pkg/"));
    parts.filter(|part| part.contains('.')).map(ToOwned::to_owned).collect()
}

async fn a_page_of_each_kind(server: &TestServer, client: &Client) -> Vec<Page> {
    let assessment = answers::register(client, 1).await;
    vec![
        client.get("/").await,
        client.get(&assessment).await,
        client.get(&topic(&assessment, "P1/plan")).await,
        client.get("/assessments").await,
        client.get("/nothing-here").await,
        client.post("/register", &[]).await,
        read(client.request(Method::POST, "/register").header("sec-fetch-site", "cross-site")).await,
        read(client.request(Method::DELETE, "/").header("sec-fetch-site", "same-origin")).await,
        server.client().get("/account").await,
        server.client().post("/account", &[]).await,
    ]
}

#[tokio::test]
async fn every_answer_carries_the_security_headers_and_is_not_stored_by_caches() {
    let server = TestServer::sqlite().await;
    let pages = a_page_of_each_kind(&server, &server.client()).await;
    let statuses: Vec<u16> = pages.iter().map(|page| page.status.as_u16()).collect();
    assert_eq!(statuses, [200, 200, 200, 303, 404, 422, 403, 405, 303, 401]);
    for page in &pages {
        assert_secure(page);
        assert_eq!(page.header("cache-control"), "no-store", "{}", page.status);
        assert_eq!(page.header("strict-transport-security"), "", "plain http must not pin https");
    }
}

#[tokio::test]
async fn every_answer_has_a_nonce_of_its_own() {
    let server = TestServer::sqlite().await;
    let pages = a_page_of_each_kind(&server, &server.client()).await;
    let nonces: BTreeSet<String> = pages.iter().map(nonce).collect();
    assert_eq!(nonces.len(), pages.len());
    assert!(nonces.iter().all(|nonce| nonce.len() >= 32), "128 random bits: {nonces:?}");
}

#[tokio::test]
async fn scripts_stand_only_on_pages_with_islands_and_carry_the_nonce_of_the_header() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let questions = client.get(&topic(&assessment, "P1/plan")).await;
    let html = questions.html();
    assert!(html.named("script").count() > 0, "the page of questions has islands");
    for script in html.named("script") {
        assert_eq!(script.attribute("nonce"), Some(nonce(&questions).as_str()), "{:?}", script.attributes);
    }
    for path in ["/", "/register", "/sign-in", "/method", "/account"] {
        assert_eq!(client.get(path).await.html().named("script").count(), 0, "{path}");
    }
}

#[tokio::test]
async fn no_page_has_inline_styles_or_handlers() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::submitted(&client, 1).await;
    for path in ["/", "/register", "/method", &format!("{assessment}/result"), &format!("{assessment}/receipt")] {
        for element in client.get(path).await.html().elements {
            let forbidden = |name: &str| name == "style" || name.starts_with("on");
            let bad: Vec<_> = element.attributes.iter().filter(|(name, _)| forbidden(name)).collect();
            assert!(bad.is_empty(), "{path}: <{}> {bad:?}", element.name);
            assert_ne!(element.name, "style", "{path}");
        }
    }
}

#[tokio::test]
async fn assets_are_kept_for_good_and_sent_compressed_to_whoever_can_read_it() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let page = client.get(&topic(&assessment, "P1/plan")).await;
    let files = assets(&page);
    assert!(files.len() >= 3, "stylesheet, icon, script: {files:?}");
    for file in files {
        let plain = read(client.request(Method::GET, &file)).await;
        assert_eq!(plain.status, 200, "{file}");
        assert_secure(&plain);
        assert_eq!(plain.header("cache-control"), "public, max-age=31536000, immutable", "{file}");
        let media = plain.header("content-type").to_owned();
        assert!(["text/css", "image/svg", "text/javascript", "application/wasm"].iter().any(|m| media.starts_with(m)));
        for coding in ["br", "gzip"] {
            let request = client.request(Method::GET, &file).header("accept-encoding", coding);
            let response = request.send().await.expect("an answer");
            assert_eq!(response.headers()["content-encoding"], coding, "{file}");
            assert_eq!(response.headers()["vary"], "accept-encoding", "{file}");
        }
    }
}

#[tokio::test]
async fn names_that_lead_out_of_the_folder_of_assets_are_not_found() {
    let server = TestServer::sqlite().await;
    for name in ["..%2f..%2fCargo.toml", "%2e%2e/%2e%2e/etc/passwd", "x.css", "%00", "style.css%00.js"] {
        assert_eq!(server.client().get(&format!("/pkg/{name}")).await.status, 404, "{name}");
    }
}

#[tokio::test]
async fn over_plain_http_cookies_are_hidden_from_scripts_and_other_sites() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let form = registration(1);
    let registered = answers::send_registration(&client, &form).await;
    let language = client.post("/language", &[("lang", "en"), ("to", "/")]).await;
    let signed_out = client.post("/sign-out", &[]).await;
    for (page, name) in [(registered, "session="), (language, "lang="), (signed_out, "session=;")] {
        let [cookie] = page.cookies()[..] else { panic!("one cookie in {:?}", page.cookies()) };
        assert!(cookie.starts_with(name), "{cookie}");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/"] {
            assert!(cookie.split("; ").any(|known| known == part), "{part} in {cookie}");
        }
        assert!(!cookie.contains("Secure") && !cookie.contains("Domain"), "{cookie}");
    }
}

#[tokio::test]
async fn behind_https_cookies_are_secure_and_bound_to_the_host() {
    let server = TestServer::start(Database::sqlite(), &["--origin", "https://thuocso.example.vn"]).await;
    let client = server.client();
    let registered = answers::send_registration(&client, &registration(1)).await;
    let [cookie] = registered.cookies()[..] else { panic!("one cookie in {:?}", registered.cookies()) };
    assert!(cookie.starts_with("__Host-session="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Secure"] {
        assert!(cookie.split("; ").any(|known| known == part), "{part} in {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert!(registered.header("strict-transport-security").starts_with("max-age=31536000"));
    // The browser would send it over https only; the proxy passes it on.
    let pair = cookie.split(';').next().expect("name and value");
    let home = async |cookie: &str| {
        read(client.request(Method::GET, "/assessments").header("cookie", cookie)).await.location.expect("a redirect")
    };
    assert!(home(pair).await.starts_with("/assessments/"));
    let without_prefix = pair.trim_start_matches("__Host-").to_owned();
    assert!(home(&without_prefix).await.starts_with("/sign-in"), "a cookie that another host could have set");
    let language = client.post("/language", &[("lang", "en"), ("to", "/")]).await;
    assert!(language.cookies()[0].contains("; Secure"), "{:?}", language.cookies());
}
