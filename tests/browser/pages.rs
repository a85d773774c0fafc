//! Every page and state, with closed and with opened details, at three widths (320 pixels are a desk at 400 per cent):
//! nothing that axe finds, every control named, no sideways scrolling, no error in the console, nothing that the policy
//! refuses. A page is opened once and looked at in all widths and themes.

use serde_json::{Value, json};

use crate::{
    Chromium, accessibility,
    chromium::PHONE,
    names,
    tour::{self, Stop},
    until,
};

const DESK: u32 = 1280;
const WIDTHS: [u32; 3] = [320, PHONE, DESK];

/// What sticks out of the page to the right or makes it scroll sideways, each by its tag and class.
const WIDE: &str = "const width = document.documentElement.clientWidth;
    if (Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => `${e.tagName}.${e.getAttribute('class')} ${Math.round(e.getBoundingClientRect().right)} > ${width}`)
        .concat(['the page scrolls sideways']);";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_visitors_and_enterprises_is_accessible_quiet_and_fits() {
    let chromium = Chromium::start(DESK, true).await;
    let axe = accessibility::axe();
    tour::of_enterprises(&chromium, async |stop| look(&chromium, &axe, stop).await).await;
    assert_a_violation_is_noticed(&chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_offices_and_of_a_release_is_accessible_quiet_and_fits() {
    let chromium = Chromium::start(DESK, true).await;
    let axe = accessibility::axe();
    tour::of_offices(&chromium, async |stop| look(&chromium, &axe, stop).await).await;
}

async fn look(chromium: &Chromium, axe: &str, stop: Stop<'_>) {
    let name = stop.name;
    accessibility::assert_titled(chromium, &stop).await;
    assert_fits(chromium, &WIDTHS, name).await;
    chromium.resize(PHONE).await;
    names::assert_named(chromium, name).await;
    chromium.script("document.querySelectorAll('details').forEach(details => { details.open = true })", &[]).await;
    assert_fits(chromium, &WIDTHS, &format!("{name} with its details open")).await;
    for width in [PHONE, DESK] {
        chromium.resize(width).await;
        accessibility::assert_accessible(chromium, axe, &format!("{name} at {width} pixels")).await;
    }
    assert_eq!(complaints(chromium).await, [""; 0], "{name}");
}

async fn assert_fits(chromium: &Chromium, widths: &[u32], name: &str) {
    for width in widths {
        chromium.resize(*width).await;
        assert_eq!(chromium.script("return innerWidth", &[]).await, json!(width), "{name}");
        assert_eq!(chromium.script(WIDE, &[]).await, json!([]), "{name} at {width} pixels");
    }
}

/// What the console says above the level of information.
async fn complaints(chromium: &Chromium) -> Vec<String> {
    let is_loud = |entry: &&Value| !matches!(entry["level"].as_str(), Some("INFO" | "DEBUG"));
    // Every answer that says what is wrong has such a line.
    let is_status =
        |entry: &&Value| entry["message"].as_str().is_some_and(|said| said.contains("responded with a status of 4"));
    let log = chromium.log("browser").await;
    log.iter().filter(is_loud).filter(|entry| !is_status(entry)).map(ToString::to_string).collect()
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
