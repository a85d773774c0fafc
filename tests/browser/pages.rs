//! Every page at the three widths: no error in the console, nothing that the policy refuses, no sideways scrolling.

use serde_json::{Value, json};
use tests::{TestServer, answers};

use crate::{Chromium, Person, until};

/// What sticks out of the page to the right or makes it scroll sideways, each by its tag and class.
const WIDE: &str = "const width = document.documentElement.clientWidth;
    if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => `${e.tagName}.${e.getAttribute('class')} ${Math.round(e.getBoundingClientRect().right)} > ${width}`)
        .concat(['the page scrolls sideways']);";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_quiet_and_fits_on_a_narrow_phone() {
    every_page(320).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_quiet_and_fits_on_a_phone() {
    every_page(390).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_is_quiet_and_fits_on_a_desk() {
    every_page(1280).await;
}

async fn every_page(width: u32) {
    let server = TestServer::sqlite().await;
    let chromium = Chromium::start(width, true).await;
    for path in ["/", "/register", "/sign-in", "/method", "/privacy", "/accessibility"] {
        look(&chromium, &server, path, width).await;
    }
    let person = Person::with_profile(&server).await;
    person.sign_in(&chromium, &server).await;
    look(&chromium, &server, &person.assessment, width).await;
    for place in places() {
        look(&chromium, &server, &person.topic(&place), width).await;
    }
    answers::answer_all(&person.client, &person.assessment, &answers::case_a()).await;
    for page in ["", "/check"] {
        look(&chromium, &server, &format!("{}{page}", person.assessment), width).await;
    }
    let sent = person.client.submit(&answers::declared(&person.client, &person.assessment).await).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    for page in ["/receipt", "/result"] {
        look(&chromium, &server, &format!("{}{page}", person.assessment), width).await;
    }
    look(&chromium, &server, "/account", width).await;
    assert_a_violation_is_noticed(&chromium).await;
}

/// Every page of questions that case A is asked.
fn places() -> Vec<String> {
    let (questionnaire, answers) = (answers::questionnaire(), answers::case_a());
    let topics = |section| model::topics_asked(questionnaire, section, &answers);
    let sections = questionnaire.sections.iter();
    sections
        .flat_map(|section| topics(section).into_iter().map(|topic| format!("{}/{}", section.id, topic.id)))
        .collect()
}

async fn look(chromium: &Chromium, server: &TestServer, path: &str, width: u32) {
    chromium.open(&server.url(path)).await;
    assert_eq!(chromium.path().await, path, "the page itself is looked at");
    if path.contains("/sections/") {
        chromium.awake().await;
    }
    let shown = chromium.script("return document.documentElement.clientWidth", &[]).await;
    assert!(shown.as_u64().is_some_and(|shown| shown <= u64::from(width) && shown + 20 > u64::from(width)), "{shown}");
    assert_eq!(chromium.script(WIDE, &[]).await, json!([]), "{path} at {width} pixels");
    // Opened details must fit, too.
    chromium.script("document.querySelectorAll('details').forEach(details => { details.open = true })", &[]).await;
    assert_eq!(chromium.script(WIDE, &[]).await, json!([]), "{path} at {width} pixels with its details open");
    assert_eq!(complaints(chromium).await, [""; 0], "{path}");
}

/// What the console says above the level of information.
async fn complaints(chromium: &Chromium) -> Vec<String> {
    let quiet = |entry: &&Value| !matches!(entry["level"].as_str(), Some("INFO" | "DEBUG"));
    chromium.log("browser").await.iter().filter(quiet).map(ToString::to_string).collect()
}

/// Does what the policy forbids, to see that these tests would notice.
async fn assert_a_violation_is_noticed(chromium: &Chromium) {
    let forbidden = "const style = document.createElement('style'); style.textContent = 'p { color: red }';
        document.head.append(style);";
    chromium.script(forbidden, &[]).await;
    until("the violation in the log", || async {
        complaints(chromium).await.iter().any(|line| line.contains("Content Security Policy")).then_some(())
    })
    .await;
}
