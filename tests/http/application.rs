//! Associations ask for an account; the province accepts or declines, and writes either way.

use model::role::Role;
use tests::{Client, Page, TestServer, answers::PASSWORD, each_database, html::words};

use crate::{EN, VI, messages};

const APPLY: &str = "/associations/apply";

async fn officer(server: &TestServer) -> Client {
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let client = server.client();
    client.sign_in("can-bo@example.vn").await;
    client
}

async fn apply(client: &Client, name: &str, email: &str) -> Page {
    let form = client.get(APPLY).await.form(APPLY).set("name", &[name]).set("full_name", &["Lê Thị Hòa"]);
    let form = form.set("email", &[email]).set("phone", &["0204 1"]).set("text", &["120 hội viên\n<b>Từ Sơn</b>"]);
    client.submit(&form).await
}

/// The address of the application with this name on the province's list.
async fn found(officer: &Client, name: &str) -> String {
    let html = officer.get("/province/applications").await.html();
    assert_eq!(html.problems(), [""; 0]);
    let link = html.named("a").find(|link| link.text == name);
    link.and_then(|link| link.attribute("href")).unwrap_or_else(|| panic!("no {name}")).to_owned()
}

#[tokio::test]
async fn an_application_is_accepted_and_its_person_signs_in_by_the_link() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let (officer, visitor) = (officer(&server).await, server.client());
        assert_eq!(visitor.get(APPLY).await.html().problems(), [""; 0]);
        let sent = apply(&visitor, "Hội Làng nghề", "hoa@example.vn").await;
        assert_eq!(sent.location.as_deref(), Some("/associations/apply?received"), "{}", sent.text);
        assert_eq!(visitor.follow(sent).await.html().problems(), [""; 0]);
        apply(&visitor, "Hội Làng nghề", "hoa@example.vn").await;
        assert_eq!(server.database.number("SELECT count(*) FROM association_application").await, 1, "sent twice, one");
        let list = officer.get("/province/associations").await.html();
        assert!(words(&list.main_text()).contains(&words(&VI.with("assoc-applications", [("count", "1")]))));
        let place = found(&officer, "Hội Làng nghề").await;
        let page = officer.get(&place).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.text.contains("&lt;b&gt;Từ Sơn") && !page.text.contains("<b>Từ Sơn"));
        let accept = [("do", "accept"), ("name", "Hội Làng nghề Từ Sơn")];
        assert_eq!(officer.post(&place, &accept).await.location.as_deref(), Some(&*place));
        assert_eq!(officer.post(&place, &accept).await.location.as_deref(), Some(&*place), "pressed twice");
        assert_eq!(officer.get(&place).await.html().problems(), [""; 0]);
        assert_eq!(server.database.texts("SELECT name FROM association").await, ["Hội Làng nghề Từ Sơn"]);
        let letters = server.database.texts("SELECT CAST(body AS TEXT) FROM outbox").await;
        assert_eq!(letters.len(), 1);
        let path = letters[0].split('"').find(|part| part.starts_with("/invitation/")).expect("a link").to_owned();
        let person = server.client();
        let form = person.get(&path).await.form(&path).set("password", &[PASSWORD]);
        assert_eq!(person.submit(&form).await.status, 303);
        person.sign_in("hoa@example.vn").await;
        assert_eq!(person.follow(person.get("/home").await).await.status, 200);
        let log = "SELECT action FROM audit WHERE action LIKE '%appli%' ORDER BY id";
        assert_eq!(server.database.texts(log).await, ["association_applied", "application_accepted"]);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn an_application_is_declined_with_a_reason_in_the_language_it_came_in() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let (officer, visitor) = (officer(&server).await, server.client());
        visitor.speak("en").await;
        apply(&visitor, "Foreign chamber", "amy@example.vn").await;
        let place = found(&officer, "Foreign chamber").await;
        let refused = officer.post(&place, &[("do", "decline"), ("text", " \n")]).await;
        assert_eq!(
            (refused.status.as_u16(), messages(&refused)),
            (422, vec![VI.t("application-no-reason").into_owned()])
        );
        assert_eq!(refused.html().problems(), [""; 0]);
        officer.post(&place, &[("do", "decline"), ("text", "Chưa có quyết định <thành lập>")]).await;
        let page = officer.get(&place).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().form(&place).is_none(), "decided is decided");
        officer.post(&place, &[("do", "accept"), ("name", "Foreign chamber")]).await;
        assert_eq!(server.database.number("SELECT count(*) FROM association").await, 0);
        let letter = server.database.texts("SELECT title || CAST(body AS TEXT) FROM outbox").await;
        let title = EN.with("mail-apply-declined-title", [("association", "Foreign chamber")]);
        assert!(letter.len() == 1 && letter[0].contains(&title) && letter[0].contains("<thành lập>"), "{letter:?}");
    })
    .await;
}

#[tokio::test]
async fn what_stands_against_it_is_said_and_who_has_an_account_is_told_to_nobody() {
    let server = TestServer::sqlite().await;
    let (officer, visitor) = (officer(&server).await, server.client());
    server.association("Hội cũ").await;
    let form = visitor.get(APPLY).await.form(APPLY).set("name", &["H"]).set("email", &["x"]);
    let page = visitor.submit(&form).await;
    assert_eq!((page.status.as_u16(), messages(&page).len()), (422, 3), "{:?}", messages(&page));
    assert_eq!(page.html().problems(), [""; 0]);
    for (name, email) in [("Hội cũ", "moi@example.vn"), ("Hội mới", "can-bo@example.vn")] {
        assert_eq!(apply(&visitor, name, email).await.location.as_deref(), Some("/associations/apply?received"));
    }
    let place = found(&officer, "Hội cũ").await;
    let page = officer.post(&place, &[("do", "accept"), ("name", "Hội cũ")]).await;
    assert_eq!(messages(&page), [VI.t("assoc-taken")]);
    let place = found(&officer, "Hội mới").await;
    let page = officer.post(&place, &[("do", "accept"), ("name", "Hội mới")]).await;
    assert_eq!(messages(&page), [VI.t("application-email-taken")]);
    assert_eq!(server.database.number("SELECT count(*) FROM association").await, 1, "all or nothing");
    assert_eq!(server.database.number("SELECT count(*) FROM outbox").await, 0);
}

#[tokio::test]
async fn whoever_sends_one_after_the_other_waits() {
    let server = TestServer::sqlite().await;
    let visitor = server.client();
    let mut statuses = Vec::new();
    for n in 0..9 {
        statuses.push(apply(&visitor, &format!("Hội {n}"), &format!("h{n}@example.vn")).await.status.as_u16());
    }
    assert!(statuses.starts_with(&[303; 5]) && statuses.contains(&429), "{statuses:?}");
}
