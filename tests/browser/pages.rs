//! Every page and state at the three widths (320 pixels are a desk at 400 per cent): no error in the console, nothing that the policy refuses, no sideways scrolling.

use serde_json::{Value, json};

use crate::{Chromium, tour::everywhere, until};

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
    let chromium = Chromium::start(width, true).await;
    everywhere(&chromium, async |stop| look(&chromium, stop.name, width).await).await;
    assert_a_violation_is_noticed(&chromium).await;
}

async fn look(chromium: &Chromium, name: &str, width: u32) {
    let shown = chromium.script("return document.documentElement.clientWidth", &[]).await;
    assert!(shown.as_u64().is_some_and(|shown| shown <= u64::from(width) && shown + 20 > u64::from(width)), "{shown}");
    assert_eq!(chromium.script(WIDE, &[]).await, json!([]), "{name} at {width} pixels");
    // Opened details must fit, too.
    chromium.script("document.querySelectorAll('details').forEach(details => { details.open = true })", &[]).await;
    assert_eq!(chromium.script(WIDE, &[]).await, json!([]), "{name} at {width} pixels with its details open");
    assert_eq!(complaints(chromium).await, [""; 0], "{name}");
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
