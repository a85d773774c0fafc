//! Colleagues of an enterprise: invited, given sections, agreeing, ended.

use tests::{
    Client, TestServer,
    answers::{self, PASSWORD, case_a},
    each_database,
};

use crate::{VI, messages, topic};

/// Invites a colleague and answers the path of the link.
async fn invite(owner: &Client, full_name: &str, contact: &str) -> String {
    let form = owner.get("/colleagues").await.form("/colleagues");
    let page = owner.submit(&form.set("full_name", &[full_name]).set("contact", &[contact])).await;
    assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]), "{}", page.html().main_text());
    let html = page.html();
    let link = html.with_class("c-share").next().expect("a link");
    let address = link.attribute("href").expect("an address").to_owned();
    address[address.find("/invitation/").expect("a path")..].to_owned()
}

/// Takes the invitation up and signs in.
async fn join(client: &Client, path: &str, name: &str) {
    let form = client.get(path).await.form(path).set("password", &[PASSWORD]).set("consent", &["yes"]);
    let joined = client.submit(&form).await;
    assert_eq!(joined.location.as_deref(), Some("/sign-in"), "{}", joined.html().main_text());
    client.sign_in(name).await;
}

#[tokio::test]
async fn a_colleague_joins_with_an_own_account_answers_and_cannot_send() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let (owner, lan) = (server.client(), server.client());
        let assessment = answers::register(&owner, 1).await;
        assert!(!owner.get(&assessment).await.text.contains("/people"), "alone, nobody is given anything");
        let path = invite(&owner, "Trần Thị Lan", "lan@example.vn").await;
        assert_eq!(server.database.number("SELECT count(*) FROM outbox WHERE kind = 'account_invitation'").await, 1);
        assert!(!owner.get("/colleagues").await.text.contains(&path), "the link is shown once");

        let page = lan.get(&path).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains("Đức Điện 1"), "it says who invites");
        let form = page.form(&path).set("full_name", &["Lan"]).set("password", &[PASSWORD]);
        let refused = lan.submit(&form).await;
        assert_eq!(messages(&refused), [VI.t("colleague-wrong-consent")]);
        assert_eq!(refused.form(&path).values("full_name"), ["Lan"], "nothing typed is lost");
        join(&lan, &path, "lan@example.vn").await;
        assert_eq!(server.client().get(&path).await.status, 404, "once");

        answers::answer_all(&lan, &assessment, &case_a()).await;
        let check = lan.get(&format!("{assessment}/check")).await;
        assert!(check.html().main_text().contains(&*VI.t("declare-owner")));
        assert_eq!(
            lan.post(&format!("{assessment}/check"), &[("declare", "yes"), ("_revision", "1")]).await.status,
            403
        );
        for closed in ["/colleagues", "/memberships", &format!("{assessment}/links"), &format!("{assessment}/people")] {
            assert_eq!(lan.get(closed).await.status, 403, "{closed}");
        }
        let tasks = owner.get(&assessment).await.html().main_text();
        assert!(tasks.contains("Trả lời gần nhất: Trần Thị Lan, "), "{tasks}");
        let sent = owner.submit(&answers::declared(&owner, &assessment).await).await;
        assert_eq!(sent.location, Some(format!("{assessment}/receipt")));
        assert_eq!(lan.get(&format!("{assessment}/result")).await.status, 200, "colleagues see the result");
    })
    .await;
}

#[tokio::test]
async fn sections_are_given_and_access_ends_at_once() {
    let server = TestServer::sqlite().await;
    let (owner, lan, stranger) = (server.client(), server.client(), server.client());
    let assessment = answers::register(&owner, 1).await;
    answers::register(&stranger, 2).await;
    let path = invite(&owner, "Trần Thị Lan", "0912345678").await;
    join(&lan, &path, "0912345678").await;
    assert_eq!(server.database.number("SELECT count(*) FROM outbox WHERE kind = 'account_invitation'").await, 0);

    let people = format!("{assessment}/people");
    let form = owner.get(&people).await.form(&people);
    let (_, key) = form.offered.iter().find(|(name, value)| name == "P2" && !value.is_empty()).expect("people").clone();
    let lan_key = form.offered.iter().filter(|(name, _)| name == "P2").nth(2).expect("a colleague").1.clone();
    assert_ne!(key, lan_key);
    assert_eq!(owner.submit(&form.set("P2", &[lan_key.as_str()])).await.location.as_deref(), Some(assessment.as_str()));
    let words = VI.with("tasks-whose", [("name", "Trần Thị Lan")]);
    assert!(owner.get(&assessment).await.html().main_text().contains(&words));
    assert!(lan.get(&assessment).await.html().main_text().contains(&*VI.t("tasks-yours")));
    assert_eq!(owner.post(&people, &[("P1", "no-key")]).await.status, 404);
    assert_eq!(owner.post(&people, &[("P1", "00000000-0000-0000-0000-000000000001")]).await.status, 404);

    let address = format!("/colleagues/{lan_key}");
    assert_eq!(stranger.post(&address, &[("do", "end")]).await.status, 404);
    assert_eq!(stranger.post(&address, &[("do", "again")]).await.status, 404);
    assert_eq!(lan.get(&assessment).await.status, 200);
    assert_eq!(owner.post(&address, &[("do", "end")]).await.status, 303);
    assert_eq!(lan.get(&assessment).await.location.map(|to| to.starts_with("/sign-in")), Some(true), "at once");
    assert_eq!(lan.try_sign_in("0912345678", PASSWORD).await.status, 422);
    let page = owner.get("/colleagues").await;
    assert_eq!(page.html().problems(), [""; 0]);
    assert!(page.html().main_text().contains(&*VI.t("colleague-ended")));
    let again = owner.post(&address, &[("do", "again")]).await;
    assert_eq!(again.html().with_class("c-share").count(), 1);
}

#[tokio::test]
async fn an_invitation_needs_a_name_and_a_free_address() {
    let server = TestServer::sqlite().await;
    let owner = server.client();
    answers::register(&owner, 1).await;
    let form = owner.get("/colleagues").await.form("/colleagues");
    let wrong = owner.submit(&form.clone().set("full_name", &[" "]).set("contact", &["không phải email"])).await;
    assert_eq!(messages(&wrong), [VI.t("wrong-full-name"), VI.t("colleague-wrong-contact")]);
    assert_eq!(wrong.form("/colleagues").values("contact"), ["không phải email"]);
    let taken = owner.submit(&form.set("full_name", &["Lan"]).set("contact", &[&answers::email(1)])).await;
    assert_eq!(messages(&taken), [VI.t("taken-email")]);
}

#[tokio::test]
async fn two_answers_far_apart_are_a_warning_until_one_is_agreed_on() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let (owner, lan) = (server.client(), server.client());
        let assessment = answers::register(&owner, 1).await;
        answers::answer_all(&owner, &assessment, &case_a()).await;
        let check = format!("{assessment}/check");
        let agree = format!("{assessment}/agree");
        assert_eq!(owner.get(&agree).await.location.as_deref(), Some(check.as_str()), "nobody differs");
        let path = invite(&owner, "Trần Thị Lan", "lan@example.vn").await;
        join(&lan, &path, "lan@example.vn").await;
        // Case A answers 1 to Q101 and 2 to Q102.
        let plan = topic(&assessment, "P1/plan");
        let form = lan.get(&plan).await.form(&plan).set("Q101", &["4"]).set("Q102", &["3"]);
        assert_eq!(lan.submit(&form).await.status, 303);

        let warned = owner.get(&check).await;
        assert!(warned.html().main_text().contains(&*VI.t("findings-differ")), "{}", warned.html().main_text());
        let page = owner.get(&agree).await;
        assert_eq!(page.html().problems(), [""; 0]);
        let text = page.html().main_text();
        assert!(text.contains("Trần Thị Lan") && text.contains("Nguyễn Thị Ánh"), "{text}");
        let form = page.form(&agree);
        assert!(form.offers("Q101", "now") && form.offers("Q101", "other"));
        assert!(!form.offers("Q102", "now"), "one statement is no difference");
        let none = owner.submit(&form).await;
        assert_eq!((none.status.as_u16(), none.html().summary().len()), (422, 1));
        let stale = form.clone().set("_revision", &["1"]).set("Q101", &["other"]);
        assert_eq!(owner.submit(&stale).await.status, 409);
        assert_eq!(owner.submit(&form.set("Q101", &["other"])).await.location.as_deref(), Some(check.as_str()));
        assert_eq!(lan.get(&plan).await.form(&plan).values("Q101"), ["1"]);
        assert!(!owner.get(&check).await.html().main_text().contains(&*VI.t("findings-differ")));
    })
    .await;
}
