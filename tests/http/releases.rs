//! From answers to open data: an analyst computes a release, looks at it, issues it; a crawl finds no number that the
//! release does not have.

use std::collections::{BTreeSet, VecDeque};

use model::{
    release::{Figure, Release, archive, hash_of, verify},
    role::Role,
};
use server::clock;
use tests::{Client, Page, TestServer, each_database, province::submissions};
use time::Duration;

use crate::{EN, VI};

/// Enough for figures of the province and of some of its parts.
const ENTERPRISES: usize = 150;

/// A server with submissions, and the analyst.
async fn province(database: tests::Database) -> (TestServer, Client) {
    let server = TestServer::start(database, &[]).await;
    submissions(&server, ENTERPRISES).await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    (server, analyst)
}

/// Computes and waits, as the page does that loads itself again.
async fn computed(analyst: &Client) -> (String, Page) {
    let form = analyst.get("/province/releases/new").await.form("/province/releases/new");
    let begun = analyst.submit(&form).await;
    assert_eq!(begun.status, 303, "{}", begun.text);
    let address = begun.location.expect("an address");
    let page = analyst.when_done(&address).await;
    (address, page)
}

async fn issued(analyst: &Client, address: &str) -> String {
    let page = analyst.post(&format!("{address}/issue"), &[]).await;
    assert_eq!(page.status, 303, "{}", page.html().main_text());
    page.location.expect("the release")
}

async fn document(client: &Client, number: i64) -> Release {
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
        assert_eq!(verify(&archived, &microdata, &[], 2).expect("it can be recomputed"), []);
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

#[tokio::test]
async fn a_crawl_finds_no_number_that_the_release_does_not_have() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let visitor = server.client();
    let release = document(&visitor, 1).await;
    let known = Known::of(&release);
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut open: VecDeque<String> = ["/indicators".into(), "/data/releases".into()].into();
    while let Some(path) = open.pop_front() {
        if !seen.insert(path.clone()) {
            continue;
        }
        let page = visitor.follow(visitor.get(&path).await).await;
        assert_eq!(page.status, 200, "{path}");
        if page.header("content-type").starts_with("text/html") {
            let html = page.html();
            assert_eq!(html.problems(), [""; 0], "{path}");
            for element in html.elements().filter(|element| LEAVES.contains(&element.name.as_str())) {
                known.check_page(&path, &element.text);
            }
            for label in html.elements().filter_map(|element| element.attribute("aria-label")) {
                known.check_page(&path, label);
            }
            let links = html.named("a").filter_map(|link| link.attribute("href"));
            let links = links.map(|href| href.split('#').next().unwrap_or_default().to_owned());
            open.extend(links.filter(|href| href.starts_with("/indicators") || href.starts_with("/data")));
        } else if path.ends_with("figures.csv") || path.contains("/indicators/") {
            check_csv(&path, &page.text, &release);
        }
    }
    assert!(seen.len() > release.indicators.len(), "the crawl saw {} addresses", seen.len());
    assert!(release.indicators.iter().any(|one| one.figures.iter().any(|figure| figure.value().is_none())));
}

/// The elements that hold text; what they stand in would run their numbers together.
const LEAVES: [&str; 13] = ["td", "th", "p", "dt", "dd", "caption", "h1", "h2", "h3", "a", "text", "summary", "title"];

/// Every number that the public may see, as pages write it in Vietnamese.
struct Known(BTreeSet<String>);

impl Known {
    fn of(release: &Release) -> Self {
        let mut known = BTreeSet::new();
        let mut add = |number: f64| {
            for text in [format!("{number:.1}"), format!("{number:.2}"), format!("{:.0}", number.round())] {
                known.insert(text.replace('.', ","));
                known.insert(text.trim_end_matches('0').trim_end_matches('.').replace('.', ","));
            }
        };
        for figure in release.indicators.iter().flat_map(|one| &one.figures) {
            if let Figure::Published { value, low, high, se, .. } = *figure {
                [value, low, high, se].into_iter().for_each(&mut add);
            }
        }
        let response = &release.response;
        response.representativeness.iter().for_each(|one| add(one.r));
        response.band.into_iter().for_each(&mut add);
        [response.rate, response.design_effect, f64::from(release.frame.enterprises)].into_iter().for_each(&mut add);
        // Axes, levels, fills of the map, what the words around the figures say.
        (0..=20).for_each(|tick| add(f64::from(tick * 5)));
        (0..=5).for_each(|level| add(f64::from(level)));
        let words = serde_json::to_string(&(
            &release.campaign,
            &release.indicators.iter().map(|one| (&one.name, &one.about, &one.source)).collect::<Vec<_>>(),
            &release.issued,
            &release.frame.date,
        ))
        .expect("text");
        known.extend(numbers(&words));
        for fixed in ["01/07/2025", "5–9", "10–19", "20–49", "50–99", "100+", "95"] {
            known.extend(numbers(fixed));
        }
        Self(known)
    }

    #[track_caller]
    fn check_page(&self, path: &str, text: &str) {
        let unknown: Vec<String> = numbers(text).into_iter().filter(|number| !self.0.contains(number)).collect();
        assert!(unknown.is_empty(), "{path} shows {unknown:?}");
    }
}

/// The numbers in a text: digits with at most one comma between them.
fn numbers(text: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let is_word = |c: char| c.is_alphanumeric() || c == ',' || c == '.';
    for word in text.split(|c| !is_word(c)) {
        // A digit beside a letter is part of a name: "P1", "v4".
        if word.chars().any(char::is_alphabetic) {
            continue;
        }
        let number = word.trim_matches([',', '.']);
        if number.chars().any(|c| c.is_ascii_digit()) {
            found.insert(number.to_owned());
        }
    }
    found
}

/// Every line of a file of figures is a figure of the release, and a withheld one has no number.
fn check_csv(path: &str, text: &str, release: &Release) {
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let headers = reader.headers().expect("headers").clone();
    let at = |name: &str| headers.iter().position(|header| header == name).unwrap_or_else(|| panic!("no {name}"));
    let mut lines = 0;
    for line in reader.records() {
        let line = line.expect("a line");
        let indicator = release.indicator(&line[at("indicator")]).expect("an indicator");
        let domain = release
            .domains
            .iter()
            .position(|domain| domain.table.as_str() == &line[at("table")] && domain.code == line[at("code")]);
        let figure = indicator.figures[domain.expect("a domain")];
        let numbers: Vec<&str> = ["value", "low", "high", "se", "n"].iter().map(|name| &line[at(name)]).collect();
        match figure {
            Figure::Published { value, low, high, se, n, .. } => {
                let expected = [value.to_string(), low.to_string(), high.to_string(), se.to_string(), n.code().into()];
                assert_eq!(numbers, expected, "{path}");
            }
            Figure::Confidential | Figure::Unreliable => assert_eq!(numbers, [""; 5], "{path}"),
        }
        assert_eq!(&line[at("flag")], figure.flag());
        lines += 1;
    }
    assert!(lines > 0, "{path} is empty");
}
