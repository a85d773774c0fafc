use model::role::Role;
use tests::{Client, TestServer, answers::PASSWORD, each_database};

use crate::{VI, messages};

async fn administrator(server: &TestServer) -> Client {
    server.add_account(Role::Administrator, "quan-tri@example.vn").await;
    let client = server.client();
    client.sign_in("quan-tri@example.vn").await;
    client
}

/// Invites a person and answers the account's page and the link in the message.
async fn invite(client: &Client, email: &str, role: &str) -> (String, String) {
    let form = client.get("/province/accounts").await.form("/province/accounts");
    let form = form.set("full_name", &["Trần Thị Bích"]).set("email", &[email]).set("role", &[role]);
    let page = client.submit(&form).await;
    assert_eq!(page.status, 303, "{:?}", messages(&page));
    let address = page.location.expect("the account");
    let message = address.split("message=").nth(1).expect("the message");
    let account = address.split('?').next().expect("the account").to_owned();
    assert_eq!(client.get(&address).await.html().problems(), [""; 0]);
    (account, link(client, message).await)
}

/// The path of the link in a message that waits or is held.
async fn link(client: &Client, message: &str) -> String {
    let text = client.get(&format!("/province/mail/{message}")).await.html().main_text();
    let at = text.find("/invitation/").unwrap_or_else(|| panic!("no link in {text}"));
    text[at..].split_whitespace().next().expect("a link").to_owned()
}

#[tokio::test]
async fn an_invited_officer_sets_a_password_and_signs_in() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let administrator = administrator(&server).await;
        let (account, link) = invite(&administrator, "bich@example.vn", "officer").await;
        let text = administrator.get(&account).await.html().main_text();
        assert!(text.contains(&*VI.t("standing-invited")), "{text}");

        let person = server.client();
        assert_eq!(person.try_sign_in("bich@example.vn", PASSWORD).await.status, 422, "no password yet");
        let form = person.get(&link).await.form(&link);
        let refused = person.submit(&form.clone().set("password", &["ngắn"])).await;
        assert_eq!((refused.status.as_u16(), messages(&refused).len()), (422, 1));
        assert_eq!(refused.html().problems(), [""; 0]);
        let done = person.submit(&form.clone().set("password", &[PASSWORD])).await;
        assert_eq!(done.location.as_deref(), Some("/sign-in"));
        person.sign_in("bich@example.vn").await;
        assert_eq!(person.get("/province").await.status, 200);
        let again = person.submit(&form.set("password", &["một mật khẩu khác hẳn"])).await;
        assert_eq!(again.status, 404);
        assert_eq!(again.html().problems(), [""; 0]);
        assert!(again.html().main_text().contains(&*VI.t("invitation-gone")));
        let text = administrator.get(&account).await.html().main_text();
        assert!(text.contains(&*VI.t("standing-active")), "{text}");
    })
    .await;
}

#[tokio::test]
async fn an_account_is_given_another_role_disabled_and_enabled() {
    let server = TestServer::sqlite().await;
    let administrator = administrator(&server).await;
    let (account, link) = invite(&administrator, "bich@example.vn", "officer").await;
    let person = server.client();
    let form = person.get(&link).await.form(&link).set("password", &[PASSWORD]);
    person.submit(&form).await;
    person.sign_in("bich@example.vn").await;
    assert_eq!(person.get("/province/audit").await.status, 403);
    let change = administrator.get(&account).await.form(&format!("{account}/role")).set("role", &["administrator"]);
    assert_eq!(administrator.submit(&change).await.status, 303);
    assert_eq!(person.get("/province/audit").await.status, 200, "at once");

    let disable = administrator.get(&account).await.form(&format!("{account}/disable"));
    assert_eq!(administrator.submit(&disable).await.status, 303);
    assert!(person.get("/province").await.location.is_some_and(|to| to.starts_with("/sign-in")), "signed out at once");
    assert_eq!(person.try_sign_in("bich@example.vn", PASSWORD).await.status, 422);
    let enable = administrator.get(&account).await.form(&format!("{account}/enable"));
    assert_eq!(administrator.submit(&enable).await.status, 303);
    person.sign_in("bich@example.vn").await;
    for (step, status) in [("explode", 404), ("role", 400)] {
        assert_eq!(administrator.post(&format!("{account}/{step}"), &[("role", "enterprise")]).await.status, status);
    }
}

#[tokio::test]
async fn a_new_link_replaces_the_old_one_and_the_password_works_until_it_is_used() {
    let server = TestServer::sqlite().await;
    let administrator = administrator(&server).await;
    let (account, old) = invite(&administrator, "bich@example.vn", "analyst").await;
    let again = administrator.submit(&administrator.get(&account).await.form(&format!("{account}/invite"))).await;
    let address = again.location.expect("the account");
    let new = link(&administrator, address.split("message=").nth(1).expect("the message")).await;
    assert_ne!(old, new);
    let person = server.client();
    assert_eq!(person.get(&old).await.status, 404);
    assert_eq!(person.get(&new).await.status, 200);
}

#[tokio::test]
async fn nobody_disables_themselves_and_mistakes_keep_what_was_typed() {
    let server = TestServer::sqlite().await;
    let administrator = administrator(&server).await;
    let id = server.app.store().account_named("quan-tri@example.vn").await.unwrap().expect("the account");
    let own = format!("/province/accounts/{id}");
    let page = administrator.get(&own).await;
    assert_eq!(page.html().problems(), [""; 0]);
    assert!(page.html().main_text().contains(&*VI.t("account-own")));
    assert_eq!(administrator.post(&format!("{own}/disable"), &[]).await.status, 403);
    assert_eq!(administrator.get("/province/accounts").await.status, 200);

    let form = administrator.get("/province/accounts").await.form("/province/accounts");
    let form = form.set("full_name", &["Bích"]).set("email", &["quan-tri@example.vn"]).set("role", &["officer"]);
    let refused = administrator.submit(&form).await;
    assert_eq!((refused.status.as_u16(), messages(&refused)), (422, vec![VI.t("taken-email").into_owned()]));
    assert_eq!(refused.form("/province/accounts").values("full_name"), ["Bích"]);
    let empty = administrator.post("/province/accounts", &[]).await;
    assert_eq!((empty.status.as_u16(), messages(&empty).len()), (422, 3));
    assert_eq!(empty.html().problems(), [""; 0]);
    assert_eq!(server.database.number("SELECT count(*) FROM outbox").await, 0);
}
