//! Saving in the background: what the page says, and what the server has.

use std::{net::SocketAddr, time::Duration};

use serde_json::{Value, json};
use server::{clock, config::Config, start::Server, store::Durability};
use sqlx::{Connection as _, SqliteConnection};
use tests::TestServer;
use tokio::{sync::oneshot, task::JoinHandle};

use crate::{Chromium, Person};

/// The page of these tests.
const PLACE: &str = "P1/plan";
/// How long a save is held up: long enough for a page that does not wait for the server to give itself away.
const HELD: Duration = Duration::from_millis(400);

/// Writes down what the save state says, and when by the browser's clock.
const OBSERVE: &str = "window.said = [];
    const state = document.querySelector('.c-saved');
    const note = () => said.push([Date.now(), state.innerText.trim()]);
    new MutationObserver(note).observe(state, { subtree: true, childList: true, characterData: true });";

#[tokio::test(flavor = "multi_thread")]
async fn a_clicked_answer_is_stored_without_a_button_and_the_page_says_so_only_then() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = open(&server, &person).await;
    chromium.script(OBSERVE, &[]).await;
    let mut lock = SqliteConnection::connect(&server.database.url).await.expect("the database opens");
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.expect("the only writer's lock");
    chromium.answer("Q101", "3").await;
    chromium.until_saved("Đang lưu").await;
    tokio::time::sleep(HELD).await;
    assert_eq!(person.stored(PLACE, "Q101").await, [""; 0], "the lock holds the save up");
    let released = chromium.script("return Date.now()", &[]).await.as_i64().expect("a time");
    sqlx::query("ROLLBACK").execute(&mut lock).await.expect("the lock is released");
    let state = chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(person.stored(PLACE, "Q101").await, ["3"]);
    assert_is_now(state.trim_start_matches("Đã lưu lúc "));
    let said = chromium.script("return said", &[]).await;
    let too_early = |entry: &&Value| entry[1].as_str() != Some("Đang lưu…") && entry[0].as_i64() < Some(released);
    assert_eq!(said.as_array().expect("a list").iter().find(too_early), None, "released at {released}: {said}");
    assert_eq!(chromium.path().await, person.topic(PLACE), "the page stayed");
}

#[tokio::test(flavor = "multi_thread")]
async fn every_kind_of_field_is_saved_in_the_background() {
    let server = TestServer::sqlite().await;
    let person = Person::new(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    let fields = [("profile/size", "F01", "25"), ("profile/size", "F02", "56"), ("profile/customers", "F03", "b2b")];
    for (place, question, value) in fields {
        chromium.open(&server.url(&person.topic(place))).await;
        chromium.awake().await;
        if question == "F02" {
            // The driver selects without the `input` event that every browser sends; keys do it as a person does.
            chromium.find("#F02").await.send_keys(value).await.expect("keys");
        } else {
            chromium.answer(question, value).await;
        }
        person.until_stored(place, question, &[value]).await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_server_the_page_says_so_and_saves_by_itself_when_it_is_back() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = open(&server, &person).await;
    let (address, config) = (server.address, server.app.config().clone());
    let database = server.stop().await;
    chromium.answer("Q101", "4").await;
    chromium.answer("Q102", "2").await;
    chromium.until_saved("Chưa lưu được, đang thử lại.").await;
    let again = Again::start(address, config).await;
    chromium.until_saved("Đã lưu lúc ").await;
    assert_eq!(person.stored(PLACE, "Q101").await, ["4"]);
    assert_eq!(person.stored(PLACE, "Q102").await, ["2"]);
    again.stop().await;
    drop(database);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_is_given_before_the_islands_listen_is_saved_too() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, &server).await;
    // Two seconds and more until the scripts have come: a phone far from the mast.
    chromium.devtools("Network.enable", json!({})).await;
    let slow = json!({ "offline": false, "latency": 1000, "downloadThroughput": 60_000, "uploadThroughput": 60_000 });
    chromium.devtools("Network.emulateNetworkConditions", slow).await;
    let early = json!({ "source": "document.addEventListener('DOMContentLoaded', () =>
        document.querySelector(`input[name=Q101][value='2']`).click())" });
    chromium.devtools("Page.addScriptToEvaluateOnNewDocument", early).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    person.until_stored(PLACE, "Q101", &["2"]).await;
    let strip = chromium.text(".c-strip__score").await;
    assert!(strip.ends_with("1/5 câu"), "the strip counts the answer: {strip}");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_stored_when_the_page_is_left_right_after_it() {
    let server = TestServer::sqlite().await;
    let person = Person::with_profile(&server).await;
    let chromium = open(&server, &person).await;
    chromium.answer("Q103", "5").await;
    chromium.open(&server.url("/method")).await;
    person.until_stored(PLACE, "Q103", &["5"]).await;
}

async fn open(server: &TestServer, person: &Person) -> Chromium {
    let chromium = Chromium::phone().await;
    person.sign_in(&chromium, server).await;
    chromium.open(&server.url(&person.topic(PLACE))).await;
    chromium.awake().await;
    chromium
}

/// Asserts a time of day in Viet Nam that is the present one or was a minute ago.
fn assert_is_now(time: &str) {
    let now = clock::now().to_offset(clock::VIETNAM);
    let times = [now, now - Duration::from_secs(60)].map(|at| format!("{:02}:{:02}", at.hour(), at.minute()));
    assert!(times.iter().any(|known| known == time), "{time} is none of {times:?}");
}

/// A server that was started again: on the port and the database of one that was stopped.
struct Again {
    stop: oneshot::Sender<()>,
    task: JoinHandle<anyhow::Result<()>>,
}

impl Again {
    async fn start(address: SocketAddr, config: Config) -> Self {
        let config = Config { listen: address, ..config };
        let server = Server::start(config, Durability::ThrowAway).await.expect("the server starts again");
        let (stop, stopped) = oneshot::channel();
        Self { stop, task: tokio::spawn(server.serve(async move { drop(stopped.await) })) }
    }

    async fn stop(self) {
        drop(self.stop);
        self.task.await.expect("the server does not panic").expect("the server stops cleanly");
    }
}
