use std::{collections::BTreeSet, fs, path::Path};

use model::role::Role;
use tests::{Client, TestServer, answers, each_database};

use crate::{EN, VI, mail::until};

async fn administrator(server: &TestServer) -> Client {
    server.add_account(Role::Administrator, "quan-tri@example.vn").await;
    let client = server.client();
    client.sign_in("quan-tri@example.vn").await;
    client
}

#[tokio::test]
async fn the_administrator_reads_who_did_what_when_and_from_where() {
    each_database(|database| async {
        let server = TestServer::start(database, &["--behind-proxy"]).await;
        let client = administrator(&server).await;
        let stranger = server.client();
        let signing = stranger.own("/sign-in").header("x-forwarded-for", "203.0.113.77");
        let refused = tests::client::read(signing.form(&[("name", "quan-tri@example.vn"), ("password", "sai")])).await;
        assert_eq!(refused.status, 422);
        let page = client.get("/province/audit").await;
        assert_eq!(page.html().problems(), [""; 0]);
        let text = page.html().main_text();
        for known in ["203.0.113.0/24", &*VI.t("action-signed-in"), &*VI.t("action-sign-in-refused"), "Trần Văn Bình"]
        {
            assert!(text.contains(known), "{known} in {text}");
        }
        assert!(!text.contains("203.0.113.77"), "the address itself is not kept");
        let rows = async |query: &str| client.get(&format!("/province/audit?{query}")).await.html().named("tr").count();
        let today = app::date::iso(server::clock::now().to_offset(server::clock::VIETNAM).date());
        assert_eq!(rows("action=sign_in_refused").await, 2, "a head and a row");
        assert_eq!(rows("action=signed_in&who=quan-tri%40example.vn").await, 2);
        assert!(rows(&format!("from={today}&until={today}")).await > 4);
        assert_eq!(rows("until=2020-01-01").await, 0);
        let wrong = client.get("/province/audit?who=ai%40example.vn&from=mai").await;
        assert_eq!(wrong.status, 422);
        assert_eq!(wrong.html().problems(), [""; 0]);
        assert_eq!(wrong.html().summary().len(), 2);
        assert_eq!(wrong.form("/province/audit").values("who"), ["ai@example.vn"]);
    })
    .await;
}

#[tokio::test]
async fn the_log_names_what_was_changed_in_words_and_leads_to_its_page() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = administrator(&server).await;
        let visitor = server.client();
        answers::register(&visitor, 1).await;
        let campaign = server.database.texts("SELECT title_vi FROM campaign").await.remove(0);
        let english = server.database.texts("SELECT title_en FROM campaign").await.remove(0);
        for (tr, title) in [(VI, campaign), (EN, english)] {
            client.speak(tr.lang.code()).await;
            let page = client.get("/province/audit").await.html();
            assert_eq!(page.problems(), [""; 0]);
            let text = page.main_text();
            for known in ["subject-account", "subject-assessment", "subject-enterprise", "subject-campaign"] {
                assert!(text.contains(&format!("{}: ", tr.t(known))), "{known} in {text}");
            }
            assert!(text.contains("Đức Điện 1"), "the enterprise by its name: {text}");
            let link = page.named("a").find(|link| link.text == title).expect("the campaign by its title");
            let address = link.attribute("href").expect("an address");
            assert!(address.starts_with("/province/campaigns/"), "{address}");
            let links = page.named("a").filter_map(|link| link.attribute("href"));
            let links: BTreeSet<&str> = links.filter(|to| to.starts_with("/province/") && !to.contains('?')).collect();
            assert!(links.iter().any(|to| to.starts_with("/province/accounts/")), "whoever did it: {links:?}");
            for to in links {
                assert_eq!(client.get(to).await.status, 200, "{to}");
            }
            let raw: Vec<&str> = page.with_class("c-raw").map(|entry| entry.text.as_str()).collect();
            assert!(raw.iter().any(|entry| entry.starts_with("enterprise_registered enterprise ")), "{raw:?}");
            assert!(raw.iter().any(|entry| entry.contains(r#"{"by_code":false"#)), "{raw:?}");
        }
    })
    .await;
}

/// Whatever the program may log, by its sources: the actions, and the kinds of things that they are about.
fn loggable() -> (Vec<String>, BTreeSet<String>) {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../server/src");
    let log = fs::read_to_string(root.join("store/audit.rs")).expect("a source");
    let quoted = |line: &str| line.split('"').nth(1).map(str::to_owned);
    let actions = log.lines().filter(|line| line.trim().starts_with("Self::")).filter_map(quoted).collect();
    let (mut subjects, mut folders) = (BTreeSet::new(), vec![root]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
                continue;
            }
            let source = fs::read_to_string(&path).expect("a source");
            let named = source.split("subject: ").skip(1).map(|rest| rest.lines().next().unwrap_or_default());
            let given = source.split(".event(").skip(1).map(|rest| rest.split(')').next().unwrap_or_default());
            for text in
                named.chain(given.filter(|rest| rest.contains("ction")).filter_map(|rest| rest.split(',').nth(1)))
            {
                subjects.extend(text.split('"').skip(1).step_by(2).map(str::to_owned));
            }
        }
    }
    (actions, subjects)
}

#[test]
fn every_action_and_everything_it_is_about_has_words_in_both_languages() {
    use app::pages::province::audit::{action_word, subject_word};
    let (actions, subjects) = loggable();
    assert!(actions.len() > 70 && subjects.len() >= 16, "the scan finds them: {actions:?}, {subjects:?}");
    for name in ["invitation_group_made", "signed_in", "release_issued"] {
        assert!(actions.iter().any(|action| action == name), "{name}");
    }
    for name in ["account", "invitation_group", "register", "province", "membership"] {
        assert!(subjects.contains(name), "{name}");
    }
    for tr in [VI, EN] {
        let without = actions.iter().filter(|name| action_word(tr, name) == **name);
        assert_eq!(without.collect::<Vec<_>>(), [""; 0], "actions");
        let without = subjects.iter().filter(|name| subject_word(tr, name) == **name);
        assert_eq!(without.collect::<Vec<_>>(), [""; 0], "subjects");
    }
}

#[tokio::test]
async fn the_log_is_exported_whole_and_formula_safe() {
    let server = TestServer::sqlite().await;
    let client = administrator(&server).await;
    server.database.execute("UPDATE account SET full_name = '=cmd()'").await;
    for n in 0..60 {
        answers::send_registration(&server.client(), &answers::registration(n)).await;
    }
    let first = client.get("/province/audit").await.html();
    assert_eq!(first.named("tr").count(), 51);
    assert!(first.named("a").any(|link| link.attribute("rel") == Some("next")));
    let csv = client.get("/province/audit/export?format=csv").await;
    assert_eq!(csv.status, 200);
    assert!(csv.header("content-disposition").contains("nhat-ky.csv"));
    let lines = csv.text.lines().count() as i64;
    assert_eq!(lines, 1 + server.database.number("SELECT count(*) FROM audit").await);
    assert!(csv.text.contains(",'=cmd(),") && !csv.text.contains(",=cmd(),"));
    let some = client.get("/province/audit/export?action=enterprise_registered&format=csv").await;
    assert_eq!(some.text.lines().count(), 61);
    assert_eq!(client.get("/province/audit/export?format=xlsx").await.status, 200);
    for wrong in ["format=exe", "format=csv&from=mai"] {
        assert_eq!(client.get(&format!("/province/audit/export?{wrong}")).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn the_running_server_seals_the_log() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        administrator(&server).await;
        let store = server.app.store().clone();
        until("the sign-in is sealed", async || store.audit_head().await.expect("the head").seq >= 4).await;
        assert_eq!(store.verify_audit().await.expect("the database works"), None);
        answers::register(&server.client(), 1).await;
        let database = server.stop().await;
        assert_eq!(database.number("SELECT count(*) FROM audit WHERE hash IS NULL").await, 0, "sealed at the end too");
    })
    .await;
}
