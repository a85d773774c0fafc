//! What an association does with its members: letters, and what it may never touch.

use reqwest::Method;
use server::http::routes;
use tests::{Client, Page, TestServer, answers, each_database, html::words};

use crate::{
    EN, VI,
    association::{NAME, decide, invitation, list, staff},
    claim::officer,
    messages,
};

/// Everything the letters say, the oldest first.
async fn letters(server: &TestServer) -> Vec<String> {
    server.database.texts("SELECT title || ' ' || CAST(body AS TEXT) FROM outbox ORDER BY id").await
}

/// The path that begins so in a letter.
fn path(letter: &str, begin: &str) -> String {
    let at = letter.find(begin).unwrap_or_else(|| panic!("no {begin} in {letter}"));
    letter[at..].chars().take_while(|c| *c != '"').collect()
}

/// Presses a button of the letters' form.
async fn press(client: &Client, button: &str, chosen: &[&str]) -> Page {
    let mut form = vec![("do", button)];
    form.extend(chosen.iter().map(|id| ("chosen", *id)));
    client.post("/association/letters", &form).await
}

/// The key of an enterprise's membership in the association of that name.
async fn key(server: &TestServer, association: &str, n: usize) -> String {
    let id = server.association(association).await;
    let members = server.app.store().members(id, None, None, 99).await.expect("the members");
    members.iter().find(|member| member.tax_code == answers::tax_code(n)).expect("the member").id.to_string()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_member_without_an_account_registers_by_the_link_in_its_invitation() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let lines = format!("{}\tHợp tác xã <Xanh>\tketoan@example.vn\n{}", answers::tax_code(1), answers::tax_code(2));
        list(&client, &lines).await;
        let sent = press(&client, "invite-all", &[]).await;
        assert_eq!(sent.location.as_deref(), Some("/association/members?sent=1&left=1"), "the second has no address");
        let page = client.follow(sent).await.html();
        assert_eq!(page.problems(), [""; 0]);
        assert!(page.main_text().contains(&VI.with("letters-sent-some", [("sent", "1"), ("left", "1")])));
        assert_eq!(
            press(&client, "invite-all", &[]).await.location.as_deref(),
            Some("/association/members?sent=0&left=1")
        );

        let all = letters(&server).await;
        assert_eq!(all.len(), 1);
        let join = path(&all[0], "/join/");
        let visitor = server.client();
        let form = visitor.get(&join).await;
        assert_eq!(form.html().problems(), [""; 0]);
        assert!(form.html().main_text().contains(NAME), "who invites");
        let form = form.form(&join);
        assert_eq!((form.values("name"), form.values("email")), (vec!["Hợp tác xã <Xanh>"], vec!["ketoan@example.vn"]));
        assert!(form.values("tax_code").is_empty(), "the link says which enterprise");
        let mut filled = form;
        for (name, value) in answers::registration(7) {
            if name != "tax_code" {
                filled = filled.set(name, &[&value]);
            }
        }
        let refused = visitor.submit(&filled.clone().set("unit", &[""])).await;
        assert_eq!((refused.status.as_u16(), messages(&refused)), (422, vec![VI.t("wrong-unit").into_owned()]));
        assert_eq!(refused.form(&join).values("full_name"), ["Nguyễn Thị Ánh"], "nothing is lost");
        // Another tax code in the form changes nothing.
        let mut pairs = filled.pairs.clone();
        pairs.push(("tax_code".into(), answers::tax_code(9)));
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let registered = visitor.post(&join, &pairs).await;
        assert_eq!(registered.location.as_deref(), Some("/memberships?joined"), "{}", registered.text);
        assert_eq!(server.database.texts("SELECT tax_code FROM enterprise").await, [answers::tax_code(1)]);
        let page = visitor.follow(registered).await;
        assert!(page.text.contains(&*VI.t("memberships-joined")));
        decide(&visitor, &invitation(&visitor).await, "agree").await;

        for address in [join.as_str(), "/join/abc"] {
            let gone = server.client().get(address).await;
            assert_eq!((gone.status.as_u16(), gone.html().problems().len()), (404, 0), "{address}");
            assert!(gone.text.contains(&*VI.t("join-gone-title")), "{address}");
            assert_eq!(server.client().post(address, &pairs).await.status, 404, "{address}");
        }
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_tax_code_that_was_typed_alone_has_the_name_of_the_register_unless_it_is_a_persons() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        officer(&server, 3).await;
        let household = "UPDATE register_entry SET name = 'Hộ kinh doanh Lê Thị Bình' WHERE tax_code = ";
        server.database.execute(&format!("{household}'{}'", answers::tax_code(2))).await;
        // The name under which an enterprise is here is not shown before it agrees.
        let enterprise = server.client();
        answers::register(&enterprise, 1).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let lines = [1, 2, 3, 4].map(answers::tax_code);
        list(&client, &format!("{}\n{}\n{}\tTên của hội\n{}", lines[0], lines[1], lines[2], lines[3])).await;
        let page = client.get("/association/members").await.html();
        assert_eq!(page.problems(), [""; 0]);
        let names: Vec<&str> = page.with_class("c-board__title").map(|name| name.text.as_str()).collect();
        let (known, typed) = ("Công ty TNHH Gốm 001", "Tên của hội");
        assert_eq!(names, [&lines[3], typed, &lines[1], known], "the latest first");
        let source = VI.t("members-register-name");
        assert_eq!(page.main_text().matches(&*source).count(), 1, "where the name is from");
        let link = format!("/association/members/{}", key(&server, NAME, 1).await);
        let one = client.get(&link).await.html();
        assert!(one.main_text().contains(known) && one.main_text().contains(&*source));
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
        let agreed = client.get("/association/members").await.html().main_text();
        assert!(agreed.contains("Đức Điện 1") && !agreed.contains(known), "its own name from then on");

        // A personal number has no name beside it, whatever the register says.
        let person = "001099012345";
        server
            .database
            .execute(&format!(
                "UPDATE membership SET tax_code = '{person}' WHERE name = ''
            AND tax_code = '{}'",
                lines[3]
            ))
            .await;
        server
            .database
            .execute(&format!(
                "UPDATE register_entry SET tax_code = '{person}', name = 'Lê Thị Bình'
            WHERE tax_code = '{}'",
                lines[1]
            ))
            .await;
        let text = client.get("/association/members").await.html().main_text();
        assert!(text.contains(person) && !text.contains("Lê Thị Bình"), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_letter_says_where_to_go_on_in_both_languages() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    let (agreed, undecided) = (server.client(), server.client());
    answers::register(&agreed, 1).await;
    answers::register(&undecided, 2).await;
    list(&client, &format!("{}\n{}", answers::tax_code(1), answers::tax_code(2))).await;
    decide(&agreed, &invitation(&agreed).await, "agree").await;
    let sent = press(&client, "invite-all", &[]).await;
    assert_eq!(sent.location.as_deref(), Some("/association/members?sent=2&left=0"), "to the accounts' addresses");
    let all = letters(&server).await;
    for tr in [VI, EN] {
        assert!(all.iter().all(|letter| letter.contains(&tr.with("mail-member-title", [("association", NAME)]))));
    }
    assert!(all.iter().any(|letter| letter.contains("\"/assessments\"")), "{all:?}");
    assert!(all.iter().any(|letter| letter.contains("\"/memberships\"")), "{all:?}");
    assert!(all.iter().all(|letter| !letter.contains("/join/")), "{all:?}");
    let recipients = server.database.texts("SELECT recipient FROM outbox ORDER BY recipient").await;
    assert_eq!(recipients, [answers::email(1), answers::email(2)]);

    // The association does not read the address of an account anywhere.
    let detail = format!("/association/members/{}", key(&server, NAME, 1).await);
    let page = client.get(&detail).await;
    assert_eq!(page.html().problems(), [""; 0]);
    let text = words(&page.html().main_text());
    assert!(text.contains(&*VI.t("letters-own-address")) && !page.text.contains(&answers::email(1)), "{text}");
    assert!(text.contains(&*VI.t("mail-kind-member-invitation")), "{text}");
    let list = client.get("/association/members").await;
    assert!(list.text.contains(&*VI.t("mail-kind-member-invitation")) && !list.text.contains(&answers::email(1)));
}

#[tokio::test(flavor = "multi_thread")]
async fn reminders_end_with_the_stop_link_which_asks_first_and_needs_no_account() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        list(&client, &format!("{}\tA\ta@example.vn", answers::tax_code(1))).await;
        let id = key(&server, NAME, 1).await;
        let none = press(&client, "remind", &[&id]).await;
        assert_eq!(none.location.as_deref(), Some("/association/members?sent=0&left=1"), "not before an invitation");
        press(&client, "invite", &[&id]).await;
        let sent = press(&client, "remind", &[&id]).await;
        assert_eq!(sent.location.as_deref(), Some("/association/members?sent=1&left=0"));
        let again = press(&client, "remind", &[&id]).await;
        assert_eq!(again.location.as_deref(), Some("/association/members?sent=0&left=1"), "not twice in a week");
        let all = letters(&server).await;
        assert_eq!(all.len(), 2);
        assert_ne!(path(&all[0], "/join/"), path(&all[1], "/join/"), "both links work");
        for letter in &all {
            assert_eq!(server.client().get(&path(letter, "/join/")).await.status, 200);
        }

        let stop = path(&all[1], "/stop/");
        let file = "SELECT CAST(id AS TEXT) FROM outbox WHERE kind = 'member_reminder' AND state = 'held'";
        if server.database.kind == "postgres" {
            crate::mail::until("the reminder is written", async || !server.database.texts(file).await.is_empty()).await;
            let name = format!("{}.eml", server.database.texts(file).await[0]);
            let mail = std::fs::read_to_string(server.mail.path().join(name)).expect("the message");
            assert!(mail.contains("List-Unsubscribe:") && mail.contains("/stop/"), "{mail}");
        }
        let visitor = server.client();
        let page = visitor.get(&stop).await;
        assert_eq!((page.status.as_u16(), page.html().problems().len()), (200, 0));
        let stopped = "SELECT count(*) FROM membership WHERE stopped_at IS NOT NULL";
        assert_eq!(server.database.number(stopped).await, 0, "looking stops nothing");
        let done = visitor.follow(visitor.submit(&page.form(&stop)).await).await;
        assert!(done.text.contains(&VI.with("stop-done", [("sender", NAME)])), "{}", done.text);
        assert_eq!(server.database.number(stopped).await, 1);
        assert_eq!(visitor.post(&stop, &[]).await.status, 303, "again is no mistake");
        for address in ["/stop/abc", &stop.replace(|c: char| c.is_ascii_digit(), "f")] {
            assert_eq!(visitor.get(address).await.status, 404, "{address}");
            assert_eq!(visitor.post(address, &[]).await.status, 404, "{address}");
        }
        let after = press(&client, "remind-all", &[]).await;
        assert_eq!(after.location.as_deref(), Some("/association/members?sent=0&left=0"));
        let list = client.get("/association/members").await;
        assert!(list.text.contains(&*VI.t("members-stopped")) && !list.text.contains("name=\"chosen\""));
    })
    .await;
}

#[tokio::test]
async fn the_address_of_a_member_is_corrected_on_its_page() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    list(&client, &format!("{}\tA\tcu@example.vn", answers::tax_code(1))).await;
    let address = format!("/association/members/{}", key(&server, NAME, 1).await);
    let form = client.get(&address).await.form(&address);
    let wrong = client.submit(&form.clone().set("email", &["sai@"]).set("phone", &["12"])).await;
    let expected = vec![VI.t("wrong-email").into_owned(), VI.t("wrong-phone").into_owned()];
    assert_eq!((wrong.status.as_u16(), messages(&wrong)), (422, expected));
    assert_eq!((wrong.form(&address).values("email"), wrong.html().problems().len()), (vec!["sai@"], 0));
    let done = client.submit(&form.set("email", &["Moi@example.vn"]).set("phone", &["0912 345 678"])).await;
    assert!(client.follow(done).await.text.contains(&*VI.t("member-changed")));
    assert_eq!(server.database.texts("SELECT email || phone FROM membership").await, ["moi@example.vn+84912345678"]);
}

#[tokio::test]
async fn letters_need_an_open_campaign_a_choice_and_a_button_that_exists() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    list(&client, &format!("{}\tA\ta@example.vn", answers::tax_code(1))).await;
    let nobody = press(&client, "invite", &[]).await;
    assert_eq!((nobody.status.as_u16(), messages(&nobody)), (422, vec![VI.t("letters-none-chosen").into_owned()]));
    assert_eq!(press(&client, "spam", &[]).await.status, 400);
    assert_eq!(press(&client, "invite", &["not-an-id"]).await.status, 404);
    server.database.execute("UPDATE campaign SET closes_at = opens_at").await;
    let closed = press(&client, "invite-all", &[]).await;
    assert_eq!((closed.status.as_u16(), messages(&closed)), (422, vec![VI.t("letters-no-campaign").into_owned()]));
    assert_eq!(closed.html().problems(), [""; 0]);
    assert_eq!(server.database.number("SELECT count(*) FROM outbox").await, 0);
}

/// The routes about one member: to everybody but its own association they are as good as missing.
#[tokio::test(flavor = "multi_thread")]
async fn nobody_else_reaches_the_members_of_an_association_by_any_verb() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let other = staff(&server, "Hội khác", "b@example.vn").await;
        let (enterprise, visitor) = (server.client(), server.client());
        answers::register(&enterprise, 5).await;
        list(&client, &format!("{}\tCông ty Kín\tkin@example.vn", answers::tax_code(1))).await;
        press(&client, "invite-all", &[]).await;
        let id = key(&server, NAME, 1).await;
        let (mut walked, before) = (0, counts(&server).await);
        let own = |path: &str| path.replace("{membership}", &id);
        for route in routes::all().table.iter().filter(|route| route.path.starts_with("/association/members/{")) {
            let address = own(route.path);
            for (who, expected) in [(&other, &[404][..]), (&enterprise, &[403]), (&visitor, &[303, 401])] {
                let page = match route.method {
                    Method::GET => who.get(&address).await,
                    _ => who.post(&address, &[]).await,
                };
                assert!(expected.contains(&page.status.as_u16()), "{} {address}: {}", route.method, page.status);
                assert!(!page.text.contains("Công ty Kín") && !page.text.contains("kin@example.vn"), "{address}");
                walked += 1;
            }
        }
        assert!(walked >= 6, "{walked} calls");
        for button in ["invite", "remind"] {
            assert_eq!(press(&other, button, &[&id]).await.status, 404);
            assert_eq!(press(&enterprise, button, &[&id]).await.status, 403);
            assert_eq!(press(&visitor, button, &[&id]).await.status, 401);
        }
        let all = press(&other, "invite-all", &[]).await;
        assert_eq!(all.location.as_deref(), Some("/association/members?sent=0&left=0"), "nobody of the other's list");
        for page in ["/association", "/association/members"] {
            assert!(!other.get(page).await.text.contains("Công ty Kín"), "{page}");
        }
        assert_eq!(counts(&server).await, before, "nothing was changed");
    })
    .await;
}

async fn counts(server: &TestServer) -> [i64; 3] {
    let mut counts = [0; 3];
    for (count, table) in counts.iter_mut().zip(["membership", "outbox", "invitation"]) {
        *count = server.database.number(&format!("SELECT count(*) FROM {table}")).await;
    }
    counts
}
