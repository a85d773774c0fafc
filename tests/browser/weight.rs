//! How many bytes a phone has to fetch.

use std::{cell::RefCell, collections::BTreeMap};

use serde_json::{Value, json};
use tests::{TestServer, answers};

use crate::{Chromium, Person, until};

/// A first visit of a page of questions, all files, with headers: bytes.
const FIRST: u64 = 130_000;
/// Of these, wasm and JavaScript.
const SCRIPTS: u64 = 100_000;
/// Every further page.
const AGAIN: u64 = 15_000;

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_questions_stay_light() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    let first = visit(&chromium, &server, &person.topic("P1/plan")).await;
    let scripts: u64 =
        first.iter().filter(|(url, _)| url.ends_with(".wasm") || url.ends_with(".js")).map(|(_, b)| b).sum();
    let total: u64 = first.values().sum();
    println!("first visit: {total} bytes, of these scripts {scripts}: {first:#?}");
    assert!(scripts > 10_000 && first.len() >= 4, "page, style, script and wasm are fetched: {first:#?}");
    assert!(total <= FIRST, "{total} bytes: {first:#?}");
    assert!(scripts <= SCRIPTS, "{scripts} bytes: {first:#?}");
    let mut heaviest = (0, String::new());
    for section in &answers::questionnaire().sections {
        for topic in model::topics_asked(answers::questionnaire(), section, &answers::case_a()) {
            let path = person.topic(&format!("{}/{}", section.id, topic.id));
            let again = visit(&chromium, &server, &path).await;
            let total: u64 = again.values().sum();
            heaviest = heaviest.max((total, path.clone()));
            assert!(total <= AGAIN, "{path}: {total} bytes: {again:#?}");
        }
    }
    println!("heaviest further visit: {} bytes, {}", heaviest.0, heaviest.1);
}

/// Opens a page and answers the bytes that came over the network, by address.
async fn visit(chromium: &Chromium, server: &TestServer, path: &str) -> BTreeMap<String, u64> {
    drop(chromium.log("performance").await);
    chromium.open(&server.url(path)).await;
    chromium.awake().await;
    let events = RefCell::new(Vec::new());
    // Awake means that everything has come; the last events may still be on their way through the driver.
    until("the end of every request", || async {
        let new = chromium.log("performance").await;
        events.borrow_mut().extend(new);
        (open_requests(&events.borrow()) == 0).then_some(())
    })
    .await;
    bytes(&events.into_inner())
}

fn messages(events: &[Value]) -> impl Iterator<Item = (String, Value)> + '_ {
    events.iter().filter_map(|event| {
        let message: Value = serde_json::from_str(event["message"].as_str()?).ok()?;
        Some((message["message"]["method"].as_str()?.to_owned(), message["message"]["params"].clone()))
    })
}

fn open_requests(events: &[Value]) -> i64 {
    messages(events)
        .map(|(method, _)| match method.as_str() {
            "Network.requestWillBeSent" => 1,
            "Network.loadingFinished" | "Network.loadingFailed" => -1,
            _ => 0,
        })
        .sum()
}

#[allow(clippy::cast_possible_truncation, reason = "the protocol counts bytes in floating point")]
fn bytes(events: &[Value]) -> BTreeMap<String, u64> {
    let mut urls = BTreeMap::new();
    let mut bytes = BTreeMap::new();
    for (method, event) in messages(events) {
        let id = event["requestId"].to_string();
        match method.as_str() {
            "Network.requestWillBeSent" => drop(urls.insert(id, event["request"]["url"].clone())),
            "Network.loadingFinished" => {
                let url = urls.get(&id).unwrap_or(&json!("?")).as_str().unwrap_or_default().to_owned();
                *bytes.entry(url).or_default() +=
                    event["encodedDataLength"].as_f64().unwrap_or_default().round() as u64;
            }
            _ => {}
        }
    }
    bytes
}
