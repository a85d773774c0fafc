//! From answers to open data: an analyst computes a release, looks at it, issues it.

use model::{
    release::{Release, archive, hash_of, verify},
    role::Role,
};
use server::clock;
use tests::{Client, Page, TestServer, each_database, province::submissions};
use time::Duration;

use crate::{EN, VI};

/// Enough for figures of the province and of some of its parts.
pub const ENTERPRISES: usize = 150;

/// A server with submissions, and the analyst.
pub async fn province(database: tests::Database) -> (TestServer, Client) {
    let server = TestServer::start(database, &[]).await;
    submissions(&server, ENTERPRISES).await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    (server, analyst)
}

/// Computes and waits, as the page does that loads itself again.
pub async fn computed(analyst: &Client) -> (String, Page) {
    let form = analyst.get("/province/releases/new").await.form("/province/releases/new");
    let begun = analyst.submit(&form).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let address = begun.location.expect("an address");
    let page = analyst.when_done(&address).await;
    (address, page)
}

pub async fn issued(analyst: &Client, address: &str) -> String {
    let page = analyst.post(&format!("{address}/issue"), &[]).await;
    assert_eq!(page.status, 303, "{}", page.html().main_text());
    page.location.expect("the release")
}

pub async fn document(client: &Client, number: i64) -> Release {
    let page = client.get(&format!("/data/releases/{number}/release.json")).await;
    assert_eq!(page.status, 200);
    serde_json::from_str(&page.text).expect("a release")
}

#[tokio::test]
async fn an_analyst_computes_reviews_notes_and_issues_a_release_that_can_be_verified() {
    each_database(|database| async {
        let (server, analyst) = province(database).await;
        let visitor = server.client();
        let empty = visitor.get("/indicators").await;
        assert_eq!((empty.status.as_u16(), empty.html().problems()), (200, vec![]));
        assert!(empty.html().main_text().contains(&*VI.t("indicators-none")));
        let (address, page) = computed(&analyst).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains(&*VI.t("draft-title")), "{}", page.html().main_text());
        let preview = analyst.get(&format!("{address}/preview")).await;
        assert_eq!((preview.status.as_u16(), preview.html().problems()), (200, vec![]));
        assert_eq!(visitor.get("/data/latest/release.json").await.status, 404, "nothing is public yet");
        let form = analyst.get(&address).await.form(&format!("{address}/note"));
        let long = "x".repeat(3_000);
        let refused = analyst.submit(&form.clone().set("note_vi", &[long.as_str()])).await;
        assert_eq!(refused.status, 422);
        assert_eq!(
            refused.form(&format!("{address}/note")).values("note_vi"),
            [long.as_str()],
            "nothing typed is lost"
        );
        let saved = analyst.submit(&form.set("note_vi", &["Ghi chú <b>"]).set("note_en", &["A note"])).await;
        assert_eq!(saved.status, 303);
        let first = issued(&analyst, &address).await;
        assert_eq!(first, "/indicators/1");
        assert_eq!(issued(&analyst, &address).await, first, "sent twice, issued once");
        let release = document(&visitor, 1).await;
        assert_eq!((release.hash.clone(), release.number), (hash_of(&release), 1));
        assert_eq!(release.note.vi, "Ghi chú <b>");
        let public = visitor.get("/indicators").await;
        assert!(public.html().main_text().contains("Ghi chú <b>"));
        let file = analyst.get(&format!("{address}/archive")).await;
        let (archived, microdata) = archive::read(file.text.lines().map(str::to_owned)).expect("an archive");
        assert_eq!(archived, release);
        assert_eq!(verify(&archived, &microdata, &[], None, 2).expect("it can be recomputed"), []);
        assert_eq!(visitor.get(&format!("{address}/archive")).await.status, 303, "microdata is not public");
    })
    .await;
}

#[tokio::test]
async fn a_second_release_of_a_campaign_corrects_the_first() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let (address, page) = computed(&analyst).await;
    assert!(page.html().main_text().contains(&*VI.t("correction-title")), "{}", page.html().main_text());
    assert_eq!(issued(&analyst, &address).await, "/indicators/2");
    let visitor = server.client();
    let (one, two) = (document(&visitor, 1).await, document(&visitor, 2).await);
    let correction = two.correction.expect("a correction");
    assert_eq!((correction.of, correction.changes.len()), (1, 0), "nothing changed in between");
    for (before, after) in one.indicators.iter().zip(&two.indicators) {
        assert_eq!(before.figures, after.figures, "{}", before.id);
    }
    let old = visitor.get("/indicators/1").await;
    assert!(old.html().main_text().contains(&*VI.t("release-not-latest")));
    assert_eq!(visitor.get("/indicators/3").await.status, 404);
    assert_eq!(visitor.get("/indicators/x").await.status, 404);
}

#[tokio::test]
async fn a_campaign_without_answers_is_refused_with_a_reason() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    let form = analyst.get("/province/releases/new").await.form("/province/releases/new");
    let refused = analyst.submit(&form).await;
    assert_eq!(refused.status, 422);
    assert_eq!(crate::messages(&refused), [VI.t("release-no-answers")]);
}

#[tokio::test]
async fn a_computation_that_fails_says_why_and_publishes_nothing() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let store = server.app.store();
    let campaign = store.open_campaign(clock::now()).await.unwrap().unwrap();
    for n in 1..=3 {
        tests::answers::submitted(&server.client(), n).await;
    }
    assert_eq!(store.source_campaign(campaign.id).await.unwrap().unwrap().submitted, 3);
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    let (_, page) = computed(&analyst).await;
    assert!(page.html().main_text().contains(&*VI.t("job-failed-title")), "{}", page.html().main_text());
    assert_eq!(server.client().get("/data/latest/release.json").await.status, 404);
}

#[tokio::test]
async fn a_computation_whose_server_died_is_said_to_be_lost() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    let long_ago = clock::now() - Duration::hours(1);
    let long_ago = long_ago.format(&time::format_description::well_known::Rfc3339).unwrap();
    let sql = format!("UPDATE release_job SET state = 'running', beat_at = '{long_ago}'");
    server.database.execute(&sql).await;
    let page = analyst.get(&address).await;
    assert!(page.html().main_text().contains(&*VI.t("job-lost-text")));
    assert_eq!(page.header("refresh"), "");
}

#[tokio::test]
async fn public_pages_and_files_are_cached_by_their_content() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let visitor = server.client();
    for path in ["/indicators/1", "/data/releases/1/figures.csv", "/data/releases/1/figures.xlsx"] {
        let first = visitor.get(path).await;
        let etag = first.header("etag").to_owned();
        assert!(etag.len() > 10, "{path}");
        let request = visitor.request(reqwest::Method::GET, path).header("if-none-match", &etag);
        let again = tests::client::read(request).await;
        assert_eq!((again.status.as_u16(), again.text.len()), (304, 0), "{path}");
        let packed = visitor.request(reqwest::Method::GET, path).header("accept-encoding", "br");
        assert_eq!(tests::client::read(packed).await.header("content-encoding"), "br", "{path}");
    }
    let vietnamese = visitor.get("/indicators/1").await;
    visitor.speak("en").await;
    let english = visitor.get("/indicators/1").await;
    assert_ne!(vietnamese.header("etag"), english.header("etag"));
    assert!(english.html().main_text().contains(&*EN.t("sure-title")));
    assert!(analyst.get("/indicators/1").await.text.contains("Trần Văn Bình"), "a page with a name is nobody else's");
    assert!(!visitor.get("/indicators/1").await.text.contains("Trần Văn Bình"));
    let moved = visitor.get("/data/latest/figures.csv").await;
    assert_eq!(moved.location.as_deref(), Some("/data/releases/1/figures.csv"));
    let openapi: serde_json::Value = serde_json::from_str(&visitor.get("/data/openapi.json").await.text).unwrap();
    for path in openapi["paths"].as_object().unwrap().keys().filter(|path| !path.contains("{indicator}")) {
        let status = visitor.get(&path.replace("{number}", "1")).await.status.as_u16();
        assert!(status == 200 || status == 307, "{path}: {status}");
    }
}
