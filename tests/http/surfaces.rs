//! AT6: what is public says nothing that the release does not say.
//!
//! Two tests from two sides. The pages and files of a server that has all answers must be, byte by byte, those of a server
//! that has nothing but the documents of the releases: then no number on them, in a text, an attribute, a chart or the order
//! of rows, can come from anywhere else. And every number of every file and table must stand where the document has it,
//! with nothing beside a withheld figure: then the document itself is told rightly.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    io::Cursor,
};

use calamine::{Data, Reader as _, Xlsx};
use model::{
    release::{Figure, Measure, Release, archive, canonical},
    text::Lang,
};
use server::{
    clock,
    store::{Issued, NewRelease, NewReleaseJob},
};
use tests::{Client, Html, TestServer, province::more_submissions};

use crate::releases::{ENTERPRISES, computed, document, issued, province};

/// Every public address of releases with what it answers, in one language.
type Crawl = BTreeMap<String, Vec<u8>>;

/// Follows every link and fills every address that the interface describes. Each page is also asked for with a query, as
/// somebody would who looks for an order or a filter that is not offered.
async fn crawl(client: &Client, releases: &[&Release]) -> Crawl {
    let mut found = Crawl::new();
    let mut open: VecDeque<String> = ["/indicators", "/indicators/releases", "/data/releases", "/data/openapi.json"]
        .map(str::to_owned)
        .into_iter()
        .collect();
    let described: serde_json::Value =
        serde_json::from_str(&client.get("/data/openapi.json").await.text).expect("a description");
    for path in described["paths"].as_object().expect("paths").keys() {
        for release in releases {
            let path = path.replace("{number}", &release.number.to_string());
            open.extend(release.indicators.iter().map(|indicator| path.replace("{indicator}", &indicator.id)));
        }
    }
    while let Some(path) = open.pop_front() {
        if found.contains_key(&path) {
            continue;
        }
        let response = client.request(reqwest::Method::GET, &path).send().await.expect("an answer");
        let status = response.status();
        assert!(status == 200 || status == 307, "{path}: {status}");
        if let Some(to) = response.headers().get("location") {
            let to = to.to_str().expect("an address").to_owned();
            found.insert(path, to.clone().into_bytes());
            open.push_back(to);
            continue;
        }
        let is_page =
            response.headers().get("content-type").is_some_and(|media| media.as_bytes().starts_with(b"text/html"));
        let body = response.bytes().await.expect("a body").to_vec();
        if is_page {
            let html = Html::parse(std::str::from_utf8(&body).expect("text")).expect("a page");
            assert_eq!(html.problems(), [""; 0], "{path}");
            let links = html.named("a").filter_map(|link| link.attribute("href"));
            let links = links.map(|href| href.split('#').next().unwrap_or_default().to_owned());
            open.extend(links.filter(|href| href.starts_with("/indicators") || href.starts_with("/data")));
            if !path.contains('?') {
                open.extend(["?sort=n", "?sort=-value&table=unit&n=1"].map(|query| format!("{path}{query}")));
            }
        }
        found.insert(path, body);
    }
    found
}

/// Where two crawls differ.
fn differing(a: &Crawl, b: &Crawl) -> Vec<String> {
    let all: BTreeSet<&String> = a.keys().chain(b.keys()).collect();
    all.into_iter().filter(|path| a.get(*path) != b.get(*path)).cloned().collect()
}

/// A server that knows nothing but documents of releases.
async fn ignorant(documents: &[&Release]) -> TestServer {
    let server = TestServer::sqlite().await;
    let store = server.app.store();
    let campaign = store.open_campaign(clock::now()).await.expect("the database works").expect("a campaign");
    for release in documents {
        let (job, at) = (clock::id(), clock::now());
        let new = NewReleaseJob {
            id: job,
            campaign: campaign.id,
            snapshot: None,
            corrects: None,
            parameters: serde_json::json!({}),
            account: None,
            event: clock::id(),
            at,
        };
        store.add_release_job(&new).await.expect("a job");
        let new = NewRelease {
            number: i64::from(release.number),
            job,
            campaign: campaign.id,
            account: None,
            hash: &release.hash,
            document: &canonical(*release),
            event: clock::id(),
            at,
        };
        assert_eq!(store.add_release(&new).await.expect("stored"), Issued::Done);
    }
    server
}

#[tokio::test]
async fn what_is_public_follows_from_the_documents_alone() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    more_submissions(&server, ENTERPRISES + 1..=ENTERPRISES + 24).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let visitor = server.client();
    let (one, two) = (document(&visitor, 1).await, document(&visitor, 2).await);
    assert!(
        two.correction.as_ref().is_some_and(|correction| !correction.changes.is_empty()),
        "something was corrected"
    );
    let releases = [&one, &two];
    let knows_nothing = ignorant(&releases).await;
    for lang in ["vi", "en"] {
        let (all, documents) = (server.client(), knows_nothing.client());
        all.speak(lang).await;
        documents.speak(lang).await;
        let (mut seen, expected) = (crawl(&all, &releases).await, crawl(&documents, &releases).await);
        assert!(seen.len() > 4 * one.indicators.len(), "the crawl saw {} addresses", seen.len());
        assert_eq!(differing(&seen, &expected), [""; 0], "{lang}: these say something that the documents do not");
        // A leak of one digit in a chart is seen.
        let page = seen.get_mut("/indicators/1").expect("the dashboard");
        let at = page.windows(4).position(|bytes| bytes == b" x1=").expect("a chart");
        page.insert(at + 6, b'7');
        assert_eq!(differing(&seen, &expected), ["/indicators/1"]);
    }
}

#[tokio::test]
async fn every_number_stands_where_the_document_has_it_and_none_beside_a_withheld_figure() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let visitor = server.client();
    let release = document(&visitor, 1).await;
    let withheld = release.indicators.iter().flat_map(|one| &one.figures).filter(|figure| figure.value().is_none());
    assert!(withheld.count() > 20, "the province of the test has something to withhold");
    nothing_rests_on_few(&analyst, &address, &release).await;
    for lang in [Lang::Vi, Lang::En] {
        let client = server.client();
        client.speak(if lang == Lang::Vi { "vi" } else { "en" }).await;
        let crawl = crawl(&client, &[&release]).await;
        let faults: Vec<String> = crawl.iter().flat_map(|(path, body)| faults(path, body, lang, &release)).collect();
        assert_eq!(faults, [""; 0]);
    }
}

/// The check itself finds what is planted.
#[tokio::test]
async fn a_number_that_is_planted_beside_a_withheld_figure_is_found() {
    let (server, analyst) = province(tests::Database::sqlite()).await;
    let (address, _) = computed(&analyst).await;
    issued(&analyst, &address).await;
    let visitor = server.client();
    let release = document(&visitor, 1).await;
    let text = |page: tests::client::Page| page.text;
    let csv = text(visitor.get("/data/releases/1/figures.csv").await);
    let planted = csv.replacen(",,,,,,c", ",37.4,,,,,c", 1);
    assert_ne!(csv, planted);
    assert_eq!(faults("/data/releases/1/figures.csv", planted.as_bytes(), Lang::Vi, &release).len(), 1);
    let planted = csv.replacen(",,,,,,c", ",,,,,5-9,c", 1);
    assert_eq!(faults("/data/releases/1/figures.csv", planted.as_bytes(), Lang::Vi, &release).len(), 1, "also of n");
    let sdmx = text(visitor.get("/data/releases/1/figures.sdmx.csv").await);
    let place = sdmx.find(",,,,,percent,,Q,C").expect("a withheld share");
    let planted = format!("{},12.5{}", &sdmx[..place], &sdmx[place..].replacen(',', "", 1));
    assert_eq!(faults("/data/releases/1/figures.sdmx.csv", planted.as_bytes(), Lang::Vi, &release).len(), 1);
    let json = text(visitor.get("/data/releases/1/release.json").await);
    let planted = json.replacen(r#"{"status":"confidential"}"#, r#"{"n":"5-9","status":"confidential"}"#, 1);
    assert_eq!(faults("/data/releases/1/release.json", planted.as_bytes(), Lang::Vi, &release).len(), 1);
    let withheld = |indicator: &&model::release::Indicator| indicator.figures.contains(&Figure::Confidential);
    let indicator = release.indicators.iter().find(withheld).expect("a withheld figure");
    let path = format!("/indicators/1/{}", indicator.id);
    let page = text(visitor.get(&path).await);
    let hidden = crate::VI.t("not-published").into_owned();
    let cell = format!(">{hidden}</td>");
    assert!(page.contains(&cell));
    assert_eq!(faults(&path, page.as_bytes(), Lang::Vi, &release), [""; 0]);
    let planted = page.replacen(&cell, ">37,4</td>", 1);
    assert_eq!(faults(&path, planted.as_bytes(), Lang::Vi, &release).len(), 1);
    let interval = planted.replacen(">37,4</td>", &cell, 1).replacen("is-num\">–</td>", "is-num\">30,1–44,9</td>", 1);
    assert_eq!(faults(&path, interval.as_bytes(), Lang::Vi, &release).len(), 1, "also of an interval");
}

/// What is published about fewer than ten, counted anew from the archived answers.
async fn nothing_rests_on_few(analyst: &Client, address: &str, release: &Release) {
    let file = analyst.get(&format!("{address}/archive")).await;
    let (_, microdata) = archive::read(file.text.lines().map(str::to_owned)).expect("an archive");
    for (indicator, column) in release.indicators.iter().zip(&microdata.respondents.columns) {
        let mut n: BTreeMap<String, usize> = BTreeMap::new();
        for (&cell, value) in microdata.respondents.cell.iter().zip(column).filter(|(_, value)| !value.is_nan()) {
            let cell = &microdata.frame.cells[cell as usize];
            assert!((0.0..=100.0).contains(value) || indicator.measure == Measure::Ratio);
            for code in ["".to_owned(), format!("unit {}", cell.unit), format!("district {}", cell.district)] {
                *n.entry(code).or_default() += 1;
            }
        }
        for (domain, figure) in release.domains.iter().zip(&indicator.figures) {
            let code = match domain.table.as_str() {
                "province" => String::new(),
                table @ ("unit" | "district") => format!("{table} {}", domain.code),
                _ => continue,
            };
            let n = n.get(&code).copied().unwrap_or(0);
            assert!(figure.value().is_none() || n >= 10, "{} of {code} rests on {n}", indicator.id);
        }
    }
}

/// What is wrong in one answer of the server.
fn faults(path: &str, body: &[u8], lang: Lang, release: &Release) -> Vec<String> {
    let file = path.split('?').next().unwrap_or_default().rsplit('/').next().unwrap_or_default();
    let text = || std::str::from_utf8(body).expect("text").trim_start_matches('\u{feff}');
    let found = match file {
        // Leads to a file of the newest release.
        _ if path.starts_with("/data/latest/") => Vec::new(),
        "figures.xlsx" => rows(&sheet(body), ["indicator", "table", "code"], &FIGURES, release),
        "figures.sdmx.csv" => rows(&csv(text()), ["INDICATOR", "BREAKDOWN", "DOMAIN"], &SDMX, release),
        "release.json" => json(text(), release),
        "certificate.json" | "codelists.csv" | "openapi.json" | "releases" => Vec::new(),
        _ if file.ends_with(".csv") => rows(&csv(text()), ["indicator", "table", "code"], &FIGURES, release),
        _ => match release.indicator(file) {
            Some(indicator) => table(text(), lang, indicator, release),
            None => Vec::new(),
        },
    };
    found.into_iter().map(|fault| format!("{path}: {fault}")).collect()
}

/// Columns with value, limits, standard error, class of n.
const FIGURES: [&str; 5] = ["value", "low", "high", "se", "n"];
const SDMX: [&str; 5] = ["OBS_VALUE", "LOWER", "UPPER", "STD_ERROR", "N_CLASS"];

fn csv(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    reader.records().map(|line| line.expect("a line").iter().map(str::to_owned).collect()).collect()
}

fn sheet(bytes: &[u8]) -> Vec<Vec<String>> {
    let mut workbook: Xlsx<_> = Xlsx::new(Cursor::new(bytes.to_vec())).expect("a workbook");
    assert_eq!(workbook.sheet_names().len(), 1, "nothing is on another sheet");
    let sheet = workbook.worksheet_range_at(0).expect("a sheet").expect("a sheet");
    let text = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::Float(number) => number.to_string(),
        other => other.to_string(),
    };
    sheet.rows().map(|row| row.iter().map(text).collect()).collect()
}

/// Every line is a figure of the release, and a withheld one has no number.
fn rows(lines: &[Vec<String>], key: [&str; 3], numbers: &[&str; 5], release: &Release) -> Vec<String> {
    let at = |name: &str| lines[0].iter().position(|one| one == name).unwrap_or_else(|| panic!("no {name}"));
    let (key, numbers) = (key.map(at), numbers.map(at));
    let mut faults = Vec::new();
    for line in &lines[1..] {
        let [indicator, table, code] = key.map(|at| line[at].as_str());
        let code = if code == "_T" { "" } else { code };
        let shown = numbers.map(|at| line.get(at).map_or("", String::as_str));
        let indicator = release.indicator(indicator).expect("an indicator");
        let domain = release.domains.iter().position(|one| one.table.as_str() == table && one.code == code);
        let expected = match indicator.figures[domain.expect("a domain")] {
            Figure::Published { value, low, high, se, n, .. } => {
                [value.to_string(), low.to_string(), high.to_string(), se.to_string(), n.code().to_owned()]
            }
            Figure::Confidential | Figure::Unreliable => Default::default(),
        };
        if shown != expected.each_ref().map(String::as_str) {
            faults.push(format!("{} of {table} {code:?} is shown as {shown:?}", indicator.id));
        }
    }
    if lines.len() < 2 || !(lines.len() - 1).is_multiple_of(release.domains.len()) {
        faults.push(format!("{} lines", lines.len()));
    }
    faults
}

/// A withheld figure of the document is a word and nothing else; the document is what was sealed.
fn json(text: &str, release: &Release) -> Vec<String> {
    let document: serde_json::Value = serde_json::from_str(text).expect("a document");
    let mut faults = Vec::new();
    for indicator in document["indicators"].as_array().expect("indicators") {
        for figure in indicator["figures"].as_array().expect("figures") {
            let fields = figure.as_object().expect("a figure");
            if figure["status"] != "published" && fields.len() != 1 {
                faults.push(format!("{} has {figure} ", indicator["id"]));
            }
        }
    }
    if faults.is_empty() && text != canonical(release) {
        faults.push("it is not what was sealed".into());
    }
    faults
}

/// The table of an indicator's page: value, interval, class of n of each domain, in words.
fn table(text: &str, lang: Lang, indicator: &model::release::Indicator, release: &Release) -> Vec<String> {
    use app::pages::indicators::words;
    let tr = if lang == Lang::Vi { crate::VI } else { crate::EN };
    let html = Html::parse(text).expect("a page");
    let mut faults = Vec::new();
    for (domain, figure) in release.domains.iter().zip(&indicator.figures) {
        let id = words::anchor(domain);
        let Some(row) = html.elements.iter().position(|element| element.attribute("id") == Some(id.as_str())) else {
            faults.push(format!("no row for {id}"));
            continue;
        };
        let cells = html.elements.iter().filter(|element| element.parent == Some(row) && element.has_class("is-num"));
        let shown: Vec<String> = cells.map(|cell| tests::html::words(&cell.text)).collect();
        let expected = [
            words::figure(tr, indicator.measure, *figure),
            words::interval(lang, *figure),
            words::respondents(*figure).to_owned(),
        ];
        if shown != expected {
            faults.push(format!("{id} is shown as {shown:?}"));
        }
    }
    faults
}
