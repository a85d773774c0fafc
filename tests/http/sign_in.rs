use tests::{
    Client, Page, TestServer,
    answers::{self, PASSWORD, email},
    each_database,
};

use crate::{EN, VI};

/// A page without what differs in every answer: nonce and the name that was typed.
fn plain(page: &Page, name: &str) -> String {
    page.text.replace(name, "NAME")
}

/// Types wrong passwords until the server asks to wait; answers how many were free.
async fn slow_down(client: &Client, name: &str) -> usize {
    for tries in 0..20 {
        let page = client.try_sign_in(name, "một mật khẩu sai").await;
        if page.status == 429 {
            return tries;
        }
        assert_eq!(page.status, 422);
    }
    panic!("nothing slows down who guesses passwords");
}

#[tokio::test]
async fn an_unknown_account_and_a_wrong_password_look_the_same() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    for lang in ["vi", "en"] {
        let client = server.client();
        client.speak(lang).await;
        let known = client.try_sign_in(&email(1), "một mật khẩu sai").await;
        let unknown = client.try_sign_in("nobody@example.vn", "một mật khẩu sai").await;
        assert_eq!((known.status.as_u16(), unknown.status.as_u16()), (422, 422));
        assert_eq!(plain(&known, &email(1)), plain(&unknown, "nobody@example.vn"));
        let message = if lang == "vi" { VI } else { EN }.t("sign-in-wrong").into_owned();
        assert_eq!(known.html().summary(), [("name".to_owned(), message)]);
        assert_eq!(known.html().problems(), [""; 0]);
    }
}

#[tokio::test]
async fn the_name_is_kept_and_the_password_is_not() {
    let server = TestServer::sqlite().await;
    let page = server.client().try_sign_in("ai@example.vn", "bí mật của tôi").await;
    let form = page.form("/sign-in");
    assert_eq!((form.values("name"), form.values("password")), (vec!["ai@example.vn"], vec![""]));
    assert!(!page.text.contains("bí mật của tôi"));
}

#[tokio::test]
async fn an_empty_name_or_password_is_said_and_not_counted() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    for (name, password) in [("", PASSWORD), ("ai@example.vn", ""), ("", "")] {
        let page = client.try_sign_in(name, password).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.html().summary(), [("name".to_owned(), VI.t("sign-in-empty").into_owned())]);
    }
    assert_eq!(server.database.number("SELECT count(*) FROM attempt").await, 0);
}

#[tokio::test]
async fn the_e_mail_address_and_the_phone_number_are_known_in_every_spelling() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    let (email, phone) = (email(1).to_uppercase(), "0900000001");
    let spaced = format!("{} {} {}", &phone[..4], &phone[4..7], &phone[7..]);
    for name in [&email, phone, &spaced, &format!("+84{}", &phone[1..]), &format!("  {email}  ")] {
        assert_eq!(server.client().try_sign_in(name, PASSWORD).await.status, 303, "{name}");
    }
}

#[tokio::test]
async fn a_password_is_compared_sign_by_sign() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    for wrong in [format!("{PASSWORD} "), PASSWORD.to_uppercase(), PASSWORD[..PASSWORD.len() - 1].to_owned()] {
        assert_eq!(server.client().try_sign_in(&email(1), &wrong).await.status, 422, "{wrong:?}");
    }
}

#[tokio::test]
async fn wrong_passwords_slow_down_even_for_the_right_one_and_even_after_a_restart() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        answers::register(&server.client(), 1).await;
        let free = slow_down(&server.client(), &email(1)).await;
        assert!(free > 4, "{free} mistakes are human");
        // As if somebody had gone on: the wait is long enough for a slow machine to restart.
        server.database.execute("UPDATE attempt SET failures = 12").await;
        let refused = server.client().try_sign_in(&email(1), PASSWORD).await;
        assert_waits(&refused);
        let server = TestServer::start(server.stop().await, &[]).await;
        assert_waits(&server.client().try_sign_in(&email(1), PASSWORD).await);
        assert_eq!(server.database.number("SELECT max(failures) FROM attempt").await, 12, "waiting costs nothing");
    })
    .await;
}

#[track_caller]
fn assert_waits(page: &Page) {
    assert_eq!(page.status, 429);
    let html = page.html();
    assert_eq!(html.problems(), [""; 0]);
    let [(field, message)] = &html.summary()[..] else { panic!("one message") };
    assert_eq!(field, "name");
    let pattern = VI.with("sign-in-wait-minutes", [("minutes", "#")]);
    let (before, after) = pattern.split_once('#').expect("a number");
    assert!(message.starts_with(before) && message.ends_with(after), "{message}");
    assert!(page.cookies().is_empty(), "{:?}", page.cookies());
}

#[tokio::test]
async fn somebody_elses_guesses_do_not_slow_down_another_account() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    answers::register(&server.client(), 2).await;
    slow_down(&server.client(), &email(1)).await;
    assert_eq!(server.client().try_sign_in(&email(2), PASSWORD).await.status, 303);
}

#[tokio::test]
async fn an_unknown_account_slows_down_like_a_known_one() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    let unknown = slow_down(&server.client(), "nobody@example.vn").await;
    let known = slow_down(&server.client(), &email(1)).await;
    assert!(unknown > 4 && known > 4, "{unknown}, {known}");
}

#[tokio::test]
async fn guessing_at_many_accounts_from_one_address_slows_down_too() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    client.try_sign_in("a@example.vn", "một mật khẩu sai").await;
    assert_eq!(server.database.number("SELECT count(*) FROM attempt").await, 2, "the name and the address");
    server.database.execute("UPDATE attempt SET failures = 40").await;
    assert_eq!(client.try_sign_in("b@example.vn", "một mật khẩu sai").await.status, 429);
}

#[tokio::test]
async fn the_right_password_after_the_wait_starts_the_counting_again() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    slow_down(&server.client(), &email(1)).await;
    server.database.execute("UPDATE attempt SET last_at = '2026-01-01T00:00:00Z'").await;
    assert_eq!(server.client().try_sign_in(&email(1), PASSWORD).await.status, 303);
    assert_eq!(server.database.number("SELECT count(*) FROM attempt").await, 1, "only the address is remembered");
    assert_eq!(server.client().try_sign_in(&email(1), "một mật khẩu sai").await.status, 422);
}

#[tokio::test]
async fn refused_sign_ins_are_in_the_audit_log_without_the_name() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    server.client().try_sign_in(&email(1), "một mật khẩu sai").await;
    server.client().try_sign_in("nobody@example.vn", "một mật khẩu sai").await;
    let details = server.database.texts("SELECT detail FROM audit WHERE action = 'sign_in_refused'").await;
    assert_eq!(details, ["{}", "{}"]);
}

#[tokio::test]
async fn very_long_passwords_are_refused_without_being_hashed_whole() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    let page = server.client().try_sign_in(&email(1), &"x".repeat(50_000)).await;
    assert_eq!(page.status, 422);
}
