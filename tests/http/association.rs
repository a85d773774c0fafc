//! Associations: made by the province, their members' consent, their board.

use model::role::Role;
use tests::{Client, TestServer, answers, each_database, html::words};

use crate::{EN, VI, assert_error};

pub(crate) const NAME: &str = "Hội Doanh nghiệp trẻ";

/// Somebody of the association who is signed in.
pub(crate) async fn staff(server: &TestServer, association: &str, email: &str) -> Client {
    server.add_staff(association, email).await;
    let client = server.client();
    client.sign_in(email).await;
    client
}

/// Lists tax codes as members.
pub(crate) async fn list(client: &Client, lines: &str) {
    let page = client.post("/association/members", &[("lines", lines)]).await;
    assert_eq!(page.status, 303, "{}", page.text);
}

/// The address of the enterprise's only invitation.
pub(crate) async fn invitation(client: &Client) -> String {
    let html = client.get("/memberships").await.html();
    let form = html.named("form").find_map(|form| {
        form.attribute("action").filter(|action| action.starts_with("/memberships/")).map(ToOwned::to_owned)
    });
    form.expect("an invitation")
}

pub(crate) async fn decide(client: &Client, address: &str, decision: &str) {
    let page = client.post(address, &[("decision", decision)]).await;
    assert_eq!(page.location.as_deref(), Some("/memberships?changed"), "{}", page.text);
}

#[tokio::test(flavor = "multi_thread")]
async fn the_province_makes_an_association_whose_member_agrees_and_withdraws() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        server.add_account(Role::Officer, "can-bo@example.vn").await;
        let officer = server.client();
        officer.sign_in("can-bo@example.vn").await;
        let form = officer.get("/province/associations").await.form("/province/associations").set("name", &[NAME]);
        let one = officer.submit(&form).await.location.expect("the association's page");
        let accounts = format!("{one}/accounts");
        let form = officer.get(&one).await.form(&accounts);
        let added = officer.submit(&form.set("full_name", &["Nguyễn Thu Hà"]).set("email", &["ha@example.vn"])).await;
        assert_eq!(added.status, 200, "{}", added.text);
        let password = added.html().named("strong").next().expect("the first password").text.clone();
        let client = server.client();
        assert_eq!(client.try_sign_in("ha@example.vn", &password).await.status, 303, "{password}");
        assert!(!officer.get(&one).await.text.contains(&password), "it is shown once");

        let home = client.follow(client.get("/home").await).await.html();
        assert!(home.main_text().contains(&*VI.t("board-nobody")), "{}", home.main_text());
        let enterprise = server.client();
        let assessment = answers::submitted(&enterprise, 1).await;
        list(&client, &answers::tax_code(1)).await;
        assert!(!client.get("/association").await.text.contains("Đức Điện 1"), "not before the enterprise agrees");
        assert!(!client.get("/association/members").await.text.contains("Đức Điện 1"));

        let address = invitation(&enterprise).await;
        let seen = enterprise.get("/memberships").await;
        let text = words(&seen.html().main_text());
        assert!(text.contains(NAME) && text.contains("41,5") && text.contains(&answers::tax_code(1)), "{text}");
        assert!(seen.html().named("a").any(|a| a.attribute("href") == Some(&format!("{assessment}/result"))));
        decide(&enterprise, &address, "agree").await;
        let board = client.get("/association").await.html();
        assert_eq!(board.problems(), [""; 0]);
        let text = words(&board.main_text());
        assert!(
            text.contains("Đức Điện 1") && text.contains("41,5") && text.contains(&*VI.t("state-submitted")),
            "{text}"
        );
        decide(&enterprise, &address, "withdraw").await;
        for page in ["/association", "/association/members"] {
            assert!(!client.get(page).await.text.contains("Đức Điện 1"), "{page} after the withdrawal");
        }
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn lines_that_are_wrong_are_named_with_their_reason_and_the_others_are_listed() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    let lines = format!("{}\tCông ty <An & Phát>\n12345\n\n{}, sai@", answers::tax_code(1), answers::tax_code(2));
    for (lang, tr) in [("vi", VI), ("en", EN)] {
        client.speak(lang).await;
        let form = client.get("/association/members").await.form("/association/members").set("lines", &[&lines]);
        let page = client.submit(&form).await;
        assert_eq!(page.status, 422);
        let html = page.html();
        assert_eq!(html.problems(), [""; 0]);
        let summary: Vec<String> = html.summary().into_iter().map(|(_, message)| message).collect();
        assert_eq!(summary.len(), 2, "{summary:?}");
        assert!(summary[0].contains('2') && summary[0].contains(&*tr.t("wrong-tax-code-length")), "{summary:?}");
        assert!(summary[1].contains('4') && summary[1].contains(&*tr.t("wrong-email")), "{summary:?}");
        let kept = html.form("/association/members").expect("the form").values("lines").join("");
        assert!(kept.contains("12345") && !kept.contains("An & Phát"), "only what is wrong stays: {kept}");
    }
    assert_eq!(server.database.number("SELECT count(*) FROM membership").await, 1);
    let nothing = client.post("/association/members", &[("lines", " \n ")]).await;
    assert_eq!(nothing.status, 422);
}

#[tokio::test]
async fn an_invitation_can_be_taken_back_until_the_enterprise_decides_and_by_its_association_only() {
    let server = TestServer::sqlite().await;
    let (client, other) =
        (staff(&server, NAME, "ha@example.vn").await, staff(&server, "Hội khác", "b@example.vn").await);
    let enterprise = server.client();
    answers::register(&enterprise, 1).await;
    list(&client, &format!("{}\n{}", answers::tax_code(1), answers::tax_code(2))).await;
    let address = invitation(&enterprise).await;
    let cancel = format!("{}/cancel", address.replace("/memberships/", "/association/members/"));
    assert_eq!(other.post(&cancel, &[]).await.status, 404);
    decide(&enterprise, &address, "refuse").await;
    assert_eq!(client.post(&cancel, &[]).await.status, 404);
    let html = client.get("/association/members").await.html();
    let form = html
        .named("form")
        .find_map(|form| form.attribute("action").filter(|a| a.ends_with("/cancel")).map(ToOwned::to_owned));
    assert_eq!(client.post(&form.expect("a button for the other one"), &[]).await.status, 303);
    assert_eq!(server.database.number("SELECT count(*) FROM membership").await, 1);
}

#[tokio::test]
async fn only_the_enterprise_that_is_listed_decides() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    let (one, two) = (server.client(), server.client());
    answers::register(&one, 1).await;
    answers::register(&two, 2).await;
    list(&client, &answers::tax_code(1)).await;
    let address = invitation(&one).await;
    assert_error(&two.post(&address, &[("decision", "agree")]).await, 404, VI, "error-not-found-title");
    assert_error(&one.post(&address, &[("decision", "maybe")]).await, 400, VI, "error-bad-request-title");
    assert_eq!(client.post(&address, &[("decision", "agree")]).await.status, 403, "not for the association itself");
    assert_eq!(server.database.texts("SELECT state FROM membership").await, ["invited"]);
}

#[tokio::test]
async fn the_board_is_filtered_sorted_and_never_sorted_by_anything_else() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    for n in 1..=3 {
        let enterprise = server.client();
        answers::register(&enterprise, n).await;
        list(&client, &answers::tax_code(n)).await;
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
    }
    let names = async |query: &str| {
        let page = client.get(&format!("/association?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        let html = page.html();
        assert_eq!(html.problems(), [""; 0], "{query}");
        let found: Vec<String> = html.with_class("c-board__plain").map(|name| name.text.clone()).collect();
        found
    };
    assert_eq!(names("").await.len(), 3);
    assert_eq!(names("q=dien+2").await, ["Công ty TNHH Đức Điện 2"]);
    assert_eq!(names(&format!("q={}", answers::tax_code(3))).await, ["Công ty TNHH Đức Điện 3"]);
    assert_eq!(names("state=accepted").await.len(), 0);
    assert_eq!(names("state=none&sort=low&industry=47").await.len(), 3);
    for odd in ["sort=password_hash", "state=%27%3B--", "industry=xx", "after=1", "q=%25", "q=%27"] {
        assert!(names(odd).await.len() % 3 == 0, "{odd}");
    }
}
