use reqwest::Method;
use server::store::session::{IDLE, LONGEST};
use tests::{
    Client, Page, TestServer,
    answers::{self, PASSWORD, email},
    client::read,
};
use time::{Duration, format_description::well_known::Rfc3339};

/// The session cookie that an answer sets.
fn session(page: &Page) -> String {
    let found = page.cookies().into_iter().find_map(|cookie| cookie.strip_prefix("session="));
    found.expect("a session cookie").split(';').next().expect("a value").to_owned()
}

async fn is_signed_in(client: &Client) -> bool {
    client.get("/account").await.status == 200
}

async fn knows(client: &Client, token: &str) -> bool {
    let request = client.request(Method::GET, "/account").header("cookie", format!("session={token}"));
    read(request).await.status == 200
}

/// Makes all sessions as old as this.
async fn age(server: &TestServer, column: &str, by: Duration) {
    let then = (server::clock::now() - by).format(&Rfc3339).expect("a time");
    assert_eq!(server.database.execute(&format!("UPDATE session SET {column} = '{then}'")).await, 1);
}

#[tokio::test]
async fn signing_in_makes_a_new_session_and_ends_the_one_the_browser_had() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let old = session(&answers::send_registration(&client, &answers::registration(1)).await);
    let new = session(&client.try_sign_in(&email(1), PASSWORD).await);
    assert_ne!(old, new);
    let stranger = server.client();
    assert!(!knows(&stranger, &old).await && knows(&stranger, &new).await);
    assert_eq!(server.database.number("SELECT count(*) FROM session").await, 1);
}

#[tokio::test]
async fn a_session_planted_by_somebody_else_is_not_taken_over() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    let planted = "a".repeat(64);
    let form = [("name", email(1)), ("password", PASSWORD.to_owned()), ("to", "/home".to_owned())];
    let client = server.client();
    let request = client.own("/sign-in").header("cookie", format!("session={planted}")).form(&form);
    let page = read(request).await;
    assert_eq!(page.status, 303);
    assert_ne!(session(&page), planted);
    assert!(!knows(&server.client(), &planted).await);
}

#[tokio::test]
async fn the_token_itself_is_not_in_the_database() {
    let server = TestServer::sqlite().await;
    let token = session(&answers::send_registration(&server.client(), &answers::registration(1)).await);
    assert_eq!(token.len(), 64, "256 bits");
    let stored = server.database.texts("SELECT lower(hex(token_hash)) FROM session").await;
    assert!(stored.len() == 1 && stored[0] != token, "{stored:?}");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_whoever_copied_the_cookie() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let token = session(&answers::send_registration(&client, &answers::registration(1)).await);
    assert!(knows(&server.client(), &token).await);
    let page = client.post("/sign-out", &[]).await;
    assert_eq!((page.status.as_u16(), page.location.as_deref()), (303, Some("/")));
    assert!(!is_signed_in(&client).await && !knows(&server.client(), &token).await);
    assert_eq!(client.post("/sign-out", &[]).await.status, 401, "nobody is left to sign out");
}

#[tokio::test]
async fn changing_the_password_ends_the_sessions_of_other_machines_only() {
    let server = TestServer::sqlite().await;
    let (here, there, other) = (server.client(), server.client(), server.client());
    answers::register(&here, 1).await;
    answers::register(&other, 2).await;
    there.sign_in(&email(1)).await;
    let form = here.get("/account").await.form("/account");
    let changed = here.submit(&form.set("current", &[PASSWORD]).set("password", &["một câu hoàn toàn khác"])).await;
    assert_eq!(changed.location.as_deref(), Some("/account?changed"));
    assert!(here.follow(changed).await.html().main_text().contains(&*crate::VI.t("password-changed")));
    assert!(is_signed_in(&here).await && is_signed_in(&other).await);
    assert!(!is_signed_in(&there).await);
    assert_eq!(there.try_sign_in(&email(1), PASSWORD).await.status, 422, "the old password");
    assert_eq!(there.try_sign_in(&email(1), "một câu hoàn toàn khác").await.status, 303);
}

#[tokio::test]
async fn a_password_is_changed_only_by_whoever_knows_it_and_to_a_good_one() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    let form = client.get("/account").await.form("/account");
    let cases = [
        ("sai sai sai sai", "một câu hoàn toàn khác", vec!["current"]),
        (PASSWORD, "ngắn", vec!["password"]),
        (PASSWORD, "1234567890", vec!["password"]),
        (PASSWORD, "Nguyễn Thị Ánh", vec!["password"]),
        ("", "", vec!["current", "password"]),
    ];
    for (current, new, fields) in cases {
        let page = client.submit(&form.clone().set("current", &[current]).set("password", &[new])).await;
        assert_eq!(page.status, 422, "{new}");
        let html = page.html();
        assert_eq!(html.problems(), [""; 0]);
        assert_eq!(html.summary().iter().map(|(field, _)| field.as_str()).collect::<Vec<_>>(), fields);
        assert!(html.form("/account").is_some_and(|form| form.values("password") == [""]), "{new}");
    }
    assert_eq!(server.client().try_sign_in(&email(1), PASSWORD).await.status, 303, "the password is the old one");
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_without_a_request() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    age(&server, "seen_at", IDLE - Duration::minutes(1)).await;
    assert!(is_signed_in(&client).await, "a minute before the end");
    // The request counts: only a longer silence ends the session now.
    assert!(is_signed_in(&client).await);
    age(&server, "seen_at", IDLE + Duration::minutes(1)).await;
    assert!(!is_signed_in(&client).await);
}

#[tokio::test]
async fn a_request_keeps_the_session_alive() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    age(&server, "seen_at", IDLE - Duration::minutes(1)).await;
    let before = server.database.texts("SELECT seen_at FROM session").await;
    assert!(is_signed_in(&client).await);
    assert!(server.database.texts("SELECT seen_at FROM session").await > before);
}

#[tokio::test]
async fn a_session_ends_after_fourteen_days_whatever_happens() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    age(&server, "created_at", LONGEST - Duration::minutes(1)).await;
    assert!(is_signed_in(&client).await, "a minute before the end");
    age(&server, "created_at", LONGEST + Duration::minutes(1)).await;
    assert!(!is_signed_in(&client).await);
}

#[tokio::test]
async fn sessions_survive_a_restart() {
    let server = TestServer::sqlite().await;
    let token = session(&answers::send_registration(&server.client(), &answers::registration(1)).await);
    let server = TestServer::start(server.stop().await, &[]).await;
    assert!(knows(&server.client(), &token).await);
}

#[tokio::test]
async fn a_disabled_account_is_signed_out_and_stays_out() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    server.database.execute("UPDATE account SET disabled_at = '2026-01-01T00:00:00Z'").await;
    assert!(!is_signed_in(&client).await);
    assert_eq!(client.try_sign_in(&email(1), PASSWORD).await.status, 422);
}

#[tokio::test]
async fn senseless_cookies_are_as_good_as_none() {
    let server = TestServer::sqlite().await;
    for cookie in ["session=", "session=x", "session", "session=%00", "=;;=", "lang=xx; session=\u{7f}"] {
        let Ok(value) = reqwest::header::HeaderValue::from_bytes(cookie.as_bytes()) else { continue };
        let page = read(server.client().request(Method::GET, "/").header("cookie", value)).await;
        assert_eq!((page.status.as_u16(), page.html().lang()), (200, Some("vi")), "{cookie}");
    }
}
