use std::time::Duration as Wait;

use model::text::Lang;
use server::{
    clock,
    mail::{Mailer, compose},
    store::{Durability, Kind, MailState, Message, Store, delivery::LEASE},
};
use tests::{Database, MailServer, each_database, server::config};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

use crate::{VI, messages};

const NOW: OffsetDateTime = datetime!(2026-11-24 03:00 UTC);

/// A store with a mailer that is asked by hand, at times of the test's choosing.
struct Office {
    store: Store,
    mailer: Mailer,
    _database: Database,
}

impl Office {
    async fn on(database: Database, arguments: &[&str]) -> Self {
        let store = Store::connect(&database.url, Durability::ThrowAway).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        let fixed = ["--mail-from", "Thước Số <so@example.vn>", "--mail-retry", "60"];
        let config = config(&[&fixed, arguments].concat());
        let mailer = Mailer::new(store.clone(), &config).expect("a mailer");
        Self { store, mailer, _database: database }
    }

    async fn queue(&self, to: &str) -> Uuid {
        let message = test_message(to);
        self.store.send_message(&message, clock::id(), clock::id()).await.expect("queued");
        message.id
    }

    /// Whether a message was due at that time.
    async fn deliver(&self, at: OffsetDateTime) -> bool {
        self.mailer.deliver_next(at).await.expect("the database works")
    }

    async fn state(&self, id: Uuid) -> (MailState, i64) {
        let message = self.store.message(id).await.expect("the database works").expect("the message");
        (message.state(), message.attempts)
    }
}

fn test_message(to: &str) -> Message {
    Message {
        id: clock::id(),
        to: to.into(),
        lang: Lang::Vi,
        kind: Kind::Test,
        letter: compose::test(VI),
        about: "account",
        about_id: None,
        sender: None,
        stop: None,
        at: NOW,
    }
}

#[tokio::test]
async fn a_message_goes_out_by_smtp_once_with_both_bodies() {
    each_database(|database| async {
        let server = MailServer::start().await;
        let office = Office::on(database, &["--smtp-url", &server.url(), "--origin", "https://so.example.vn"]).await;
        let id = office.queue("chi@example.vn").await;
        assert!(office.deliver(NOW).await);
        assert!(!office.deliver(NOW + LEASE).await, "nothing is left to send");
        assert_eq!(office.state(id).await, (MailState::Sent, 1));
        let taken = server.taken();
        assert_eq!(taken.len(), 1);
        assert_eq!(
            (taken[0].from.as_str(), taken[0].to.as_slice()),
            ("so@example.vn", ["chi@example.vn".to_owned()].as_slice())
        );
        assert_eq!(taken[0].header("Message-ID"), format!("<{id}@example.vn>"));
        assert_eq!(taken[0].header("Date"), "Tue, 24 Nov 2026 03:00:00 +0000");
        assert_eq!(taken[0].header("Auto-Submitted"), "auto-generated");
        for part in ["Content-Type: text/plain; charset=utf-8", "Content-Type: text/html; charset=utf-8"] {
            assert!(taken[0].data.contains(part), "{}", taken[0].data);
        }
        assert!(taken[0].data.contains("https://so.example.vn/province/mail"), "{}", taken[0].data);
    })
    .await;
}

#[tokio::test]
async fn a_refused_recipient_is_given_up_and_the_next_message_goes_out() {
    each_database(|database| async {
        let server = MailServer::start().await;
        let office = Office::on(database, &["--smtp-url", &server.url()]).await;
        server.refuse("khong-co@example.vn");
        let refused = office.queue("khong-co@example.vn").await;
        let unreadable = office.queue("no address").await;
        let good = office.queue("chi@example.vn").await;
        while office.deliver(NOW).await {}
        assert_eq!(office.state(refused).await, (MailState::Failed, 1));
        assert_eq!(office.state(unreadable).await, (MailState::Failed, 1));
        assert_eq!(office.state(good).await, (MailState::Sent, 1));
        assert_eq!(server.taken().len(), 1);
        let refused = office.store.message(refused).await.unwrap().expect("the message");
        assert!(refused.last_error.as_deref().is_some_and(|error| error.contains("no such mailbox")), "{refused:?}");
    })
    .await;
}

#[tokio::test]
async fn a_mail_server_that_is_down_is_asked_again_after_longer_and_longer_waits() {
    each_database(|database| async {
        let server = MailServer::start().await;
        let office = Office::on(database, &["--smtp-url", &server.url()]).await;
        let address = server.stop().await;
        let id = office.queue("chi@example.vn").await;
        let mut at = NOW;
        for minutes in [1, 2, 4] {
            assert!(office.deliver(at).await);
            let wait = Duration::minutes(minutes);
            assert!(!office.deliver(at + wait - Duration::SECOND).await, "it waits {minutes} minutes");
            at += wait;
        }
        let message = office.store.message(id).await.unwrap().expect("the message");
        assert_eq!((message.state(), message.attempts), (MailState::Queued, 3));
        assert!(message.last_error.is_some_and(|error| !error.is_empty()));
        let server = MailServer::start_on(address).await;
        assert!(office.deliver(at).await);
        assert_eq!(office.state(id).await, (MailState::Sent, 4));
        assert_eq!(server.taken().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn after_three_days_without_a_mail_server_a_message_is_given_up() {
    let server = MailServer::start().await;
    let office = Office::on(Database::sqlite(), &["--smtp-url", &server.url()]).await;
    server.stop().await;
    let id = office.queue("chi@example.vn").await;
    let mut at = NOW;
    while office.state(id).await.0 == MailState::Queued {
        assert!(office.deliver(at).await);
        at = office.store.message(id).await.unwrap().expect("the message").next_at;
        assert!(at - NOW < Duration::days(4), "it is never given up");
    }
    assert_eq!(office.state(id).await, (MailState::Failed, 16));
    assert!(at - NOW > Duration::days(3));
}

#[tokio::test]
async fn a_worker_that_died_before_sending_loses_nothing() {
    each_database(|database| async {
        let server = MailServer::start().await;
        let office = Office::on(database, &["--smtp-url", &server.url()]).await;
        let id = office.queue("chi@example.vn").await;
        office.store.claim_message(NOW).await.unwrap().expect("claimed by the one that dies");
        assert!(!office.deliver(NOW + LEASE - Duration::SECOND).await);
        assert!(office.deliver(NOW + LEASE).await);
        assert_eq!(office.state(id).await, (MailState::Sent, 2));
        assert_eq!(server.taken().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn a_message_taken_without_a_word_is_sent_again_under_the_same_id() {
    let server = MailServer::start().await;
    let office = Office::on(Database::sqlite(), &["--smtp-url", &server.url()]).await;
    let id = office.queue("chi@example.vn").await;
    server.break_once();
    assert!(office.deliver(NOW).await);
    assert_eq!(office.state(id).await, (MailState::Queued, 1));
    assert!(office.deliver(NOW + Duration::minutes(1)).await);
    assert_eq!(office.state(id).await, (MailState::Sent, 2));
    let taken = server.taken();
    assert_eq!(taken.len(), 2);
    assert_eq!(taken[0].header("Message-ID"), taken[1].header("Message-ID"));
}

#[tokio::test]
async fn without_a_mail_server_messages_are_held_in_a_folder() {
    each_database(|database| async {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("mail");
        let office = Office::on(database, &["--mail-folder", path.to_str().expect("a path")]).await;
        let id = office.queue("chi@example.vn").await;
        assert!(office.deliver(NOW).await);
        assert_eq!(office.state(id).await, (MailState::Held, 1));
        let files: Vec<_> =
            std::fs::read_dir(&path).expect("the folder").map(|file| file.expect("a file").file_name()).collect();
        assert_eq!(files, [std::ffi::OsString::from(format!("{id}.eml"))]);
        let mail = std::fs::read_to_string(path.join(&files[0])).expect("the file");
        assert!(mail.contains("To: chi@example.vn\r\n"), "{mail}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn several_workers_send_each_message_once() {
    each_database(|database| async {
        let server = MailServer::start().await;
        let office = std::sync::Arc::new(Office::on(database, &["--smtp-url", &server.url()]).await);
        for n in 0..20 {
            office.queue(&format!("a{n}@example.vn")).await;
        }
        let mut workers = tokio::task::JoinSet::new();
        for _ in 0..4 {
            let office = office.clone();
            workers.spawn(async move { while office.deliver(NOW).await {} });
        }
        workers.join_all().await;
        while office.deliver(NOW).await {}
        let mut to: Vec<String> = server.taken().into_iter().flat_map(|taken| taken.to).collect();
        assert_eq!(to.len(), 20);
        to.sort();
        to.dedup();
        assert_eq!(to.len(), 20);
    })
    .await;
}

/// Waits until something holds; gives up after twenty seconds.
pub async fn until<F: Future<Output = bool>>(what: &str, holds: impl Fn() -> F) {
    for _ in 0..200 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Wait::from_millis(100)).await;
    }
    panic!("never: {what}");
}

#[tokio::test]
async fn the_running_server_sends_what_is_queued() {
    let mail = MailServer::start().await;
    let server =
        tests::TestServer::start(Database::sqlite(), &["--smtp-url", &mail.url(), "--mail-from", "so@example.vn"])
            .await;
    let message = Message { at: clock::now(), ..test_message("chi@example.vn") };
    server.app.store().send_message(&message, clock::id(), clock::id()).await.expect("queued");
    until("the message arrives", async || !mail.taken().is_empty()).await;
    let link = format!("http://{}/province/mail", server.address);
    assert!(mail.taken()[0].data.contains(&link), "{}", mail.taken()[0].data);
    server.stop().await;
}

#[tokio::test]
async fn a_mail_server_without_a_sender_is_refused_at_the_start() {
    let database = Database::sqlite();
    let store = Store::open(&database.url).await.expect("a store");
    let config = config(&["--smtp-url", "smtp://127.0.0.1:1"]);
    let refused = Mailer::new(store.clone(), &config).err().expect("refused");
    assert!(refused.to_string().contains("--mail-from"), "{refused}");
    let config = tests::server::config(&["--smtp-url", "smtp-server", "--mail-from", "so@example.vn"]);
    let refused = Mailer::new(store, &config).err().expect("refused");
    assert!(refused.to_string().contains("--smtp-url") && !refused.to_string().contains("smtp-server"), "{refused}");
}

#[tokio::test]
async fn the_administrator_tries_out_mail_and_sees_what_is_held() {
    let server = tests::TestServer::sqlite().await;
    server.add_account(model::role::Role::Administrator, "quan-tri@example.vn").await;
    let client = server.client();
    client.sign_in("quan-tri@example.vn").await;
    let outbox = client.get("/province/mail").await;
    assert_eq!(outbox.html().problems(), [""; 0]);
    let text = outbox.html().main_text();
    assert!(text.contains(&*VI.t("mail-no-server-title")) && text.contains(&*VI.t("mail-empty")), "{text}");
    let form = outbox.form("/province/mail");
    let refused = client.submit(&form.clone().set("to", &["không phải email"])).await;
    assert_eq!((refused.status.as_u16(), messages(&refused)), (422, vec![VI.t("wrong-email").into_owned()]));
    assert_eq!(refused.form("/province/mail").values("to"), ["không phải email"]);

    let detail = client.submit(&form.set("to", &["chi@example.vn"])).await.location.expect("the message");
    until("the message is held", async || client.get(&detail).await.text.contains(&*VI.t("mail-held"))).await;
    let page = client.get(&detail).await;
    assert_eq!(page.html().problems(), [""; 0]);
    let text = page.html().main_text();
    assert!(text.contains(&*VI.t("mail-test-text")) && text.contains(&server.url("/province/mail")), "{text}");
    let file = server.mail.path().join(format!("{}.eml", detail.rsplit('/').next().expect("an id")));
    assert!(file.exists());

    for (state, there) in [("held", true), ("queued", false), ("", true), ("nonsense", true)] {
        let list = client.get(&format!("/province/mail?state={state}")).await;
        assert_eq!(list.text.contains(&detail), there, "{state}");
        assert_eq!(list.html().problems(), [""; 0]);
    }
    std::fs::remove_file(&file).expect("the file");
    let again = client.submit(&page.form(&format!("{detail}/resend"))).await;
    assert_eq!(again.location.as_deref(), Some(detail.as_str()));
    until("the message is held again", async || file.exists()).await;
    assert_eq!(client.post(&format!("/province/mail/{}/resend", clock::id()), &[]).await.status, 404);
    assert_eq!(client.get(&format!("/province/mail/{}", clock::id())).await.status, 404);
}

#[tokio::test]
async fn a_long_outbox_is_read_page_by_page() {
    let server = tests::TestServer::sqlite().await;
    server.add_account(model::role::Role::Administrator, "quan-tri@example.vn").await;
    let client = server.client();
    client.sign_in("quan-tri@example.vn").await;
    for n in 0..60 {
        // Far in the future: the worker leaves them alone.
        let message = Message { at: NOW + Duration::days(9_000), ..test_message(&format!("a{n}@example.vn")) };
        server.app.store().send_message(&message, clock::id(), clock::id()).await.expect("queued");
    }
    let mut seen = 0;
    let mut next = Some("/province/mail?state=queued".to_owned());
    let mut pages = 0;
    while let Some(address) = next {
        let page = client.get(&address).await.html();
        seen += page.named("tr").count() - 1;
        pages += 1;
        let link = page.named("a").find(|link| link.attribute("rel") == Some("next"));
        next = link.and_then(|link| link.attribute("href")).map(ToOwned::to_owned);
    }
    assert_eq!((seen, pages), (60, 2));
}
