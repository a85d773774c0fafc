//! The settings of the province: changed by the administrator, read by pages, letters, reviews and reminders.

use model::role::Role;
use tests::{Client, TestServer, answers, each_database, html::words};

use crate::{VI, messages, review};

const SETTINGS: &str = "/province/settings";

async fn signed_in(server: &TestServer, role: Role) -> Client {
    let email = format!("{}@example.vn", role.as_str());
    server.add_account(role, &email).await;
    let client = server.client();
    client.sign_in(&email).await;
    client
}

#[tokio::test]
async fn what_the_administrator_sets_is_read_where_it_belongs() {
    each_database(|database| async move {
        let server = TestServer::start(database, &["--owner", "Tỉnh thử", "--help-line", "gọi 1022"]).await;
        let administrator = signed_in(&server, Role::Administrator).await;
        let page = administrator.get(SETTINGS).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains(&*VI.t("settings-title")) && page.text.contains("gọi 1022"));
        let form = page.form(SETTINGS);
        assert_eq!((form.values("owner"), form.values("help_vi")), (vec!["Tỉnh thử"], vec!["gọi 1022"]));
        let form = form
            .set("owner", &["Sở <Khoa học>"])
            .set("email", &["Ho-tro@Example.VN"])
            .set("phone", &["0204 385 4321"])
            .set("help_vi", &["Giờ hành chính"])
            .set("help_en", &["Office hours"])
            .set("lang", &["en"])
            .set("reminder_days", &["14"]);
        let saved = administrator.submit(&form).await;
        assert_eq!(saved.location.as_deref(), Some("/province/settings?changed"), "{}", saved.text);
        let visitor = server.client();
        let start = visitor.get("/").await;
        assert_eq!(start.html().lang(), Some("en"), "the language of whoever has not chosen");
        assert!(
            start.text.contains("Sở &lt;Khoa học&gt;")
                && start.text.contains("Office hours · 0204 385 4321 · ho-tro@example.vn")
        );
        visitor.speak("vi").await;
        for public in ["/", "/privacy", "/accessibility", "/indicators"] {
            let text = visitor.get(public).await.text;
            assert!(text.contains("Giờ hành chính · 0204 385 4321 · ho-tro@example.vn"), "{public}");
        }
        for contact in ["/privacy", "/accessibility"] {
            assert!(visitor.get(contact).await.html().main_text().contains("0204 385 4321"), "{contact}");
        }
        let log = "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'settings_changed'";
        let log = server.database.texts(log).await;
        assert!(log.len() == 1 && log[0].contains("reminder_days") && log[0].contains("Sở <Khoa học>"), "{log:?}");
        administrator.submit(&administrator.get(SETTINGS).await.form(SETTINGS)).await;
        let changes = "SELECT count(*) FROM audit WHERE action = 'settings_changed'";
        assert_eq!(server.database.number(changes).await, 1, "saved without a change, nothing changed");
        let other = TestServer::start(server.stop().await, &[]).await;
        assert!(other.client().get("/").await.text.contains("Sở &lt;Khoa học&gt;"), "after a restart, too");
    })
    .await;
}

#[tokio::test]
async fn what_does_not_fit_is_named_and_nothing_is_changed() {
    let server = TestServer::sqlite().await;
    let administrator = signed_in(&server, Role::Administrator).await;
    let form = administrator.get(SETTINGS).await.form(SETTINGS);
    let long = "dài".repeat(60);
    let wrong = form
        .set("owner", &[""])
        .set("email", &["không phải"])
        .set("phone", &["gọi tôi"])
        .set("help_vi", &[&long])
        .set("reminder_days", &["6"]);
    let page = administrator.submit(&wrong).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.html().problems(), [""; 0]);
    assert_eq!(messages(&page).len(), 5, "{:?}", messages(&page));
    assert!(messages(&page).contains(&VI.with("settings-wrong-days", [("least", "7"), ("most", "60")])));
    assert_eq!(page.form(SETTINGS).values("help_vi"), [long.as_str()], "nothing typed is lost");
    assert_eq!(server.database.number("SELECT count(*) FROM province_setting").await, 0);
}

#[tokio::test]
async fn four_eyes_of_the_province_and_letters_follow_the_settings() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let administrator = signed_in(&server, Role::Administrator).await;
        let form = administrator.get(SETTINGS).await.form(SETTINGS).set("owner", &["Sở KHCN"]).set("phone", &["1022"]);
        assert_eq!(administrator.submit(&form.set("four_eyes", &["yes"])).await.status, 303);
        let officer = signed_in(&server, Role::Officer).await;
        server.add_account(Role::Officer, "hai@example.vn").await;
        let second = server.client();
        second.sign_in("hai@example.vn").await;
        let assessment = answers::submitted(&server.client(), 1).await;
        let place = review::review(&assessment);
        review::done(&review::act(&officer, &place, 1, "take-up", &[]).await);
        let refused = review::act(&officer, &place, 1, "accept", &[]).await;
        assert_eq!(refused.status, 409);
        assert!(words(&refused.html().main_text()).contains(&*VI.t("review-four-eyes")));
        review::done(&review::act(&second, &place, 1, "accept", &[]).await);

        let id = server.database.texts("SELECT CAST(lower(title) AS TEXT) FROM outbox").await;
        assert_eq!(id.len(), 1);
        let list = administrator.get("/province/mail").await;
        let html = list.html();
        let link = html.named("a").filter_map(|link| link.attribute("href").map(ToOwned::to_owned));
        let message = link.into_iter().find(|href| href.starts_with("/province/mail/")).expect("a message");
        let shown = administrator.get(&message).await;
        assert!(shown.text.contains("Thước Số, Sở KHCN") && shown.text.contains("1022"), "{}", shown.text);
    })
    .await;
}
