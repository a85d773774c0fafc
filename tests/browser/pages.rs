//! Every page and state, with closed and with opened details, at three widths (320 pixels are a desk at 400 per cent):
//! nothing that axe finds, every control named, no sideways scrolling, no error in the console, nothing that the policy
//! refuses. A page is opened once and looked at in all widths and themes.

use std::cell::RefCell;

use serde_json::{Value, json};

use crate::{
    Chromium, accessibility,
    chromium::PHONE,
    names, pictures,
    tour::{self, Stop},
    until,
};

const DESK: u32 = 1280;
const NARROW: u32 = 320;
const WIDTHS: [u32; 3] = [NARROW, PHONE, DESK];

/// What sticks out of the page to the right or makes it scroll sideways, each by its tag and class.
const WIDE: &str = "const asked = arguments[0], width = Math.min(document.documentElement.clientWidth, asked);
    if (innerWidth === asked && Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) <= width) return [];
    return [...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > width + 1)
        .map(e => `${e.tagName}.${e.getAttribute('class')} ${Math.round(e.getBoundingClientRect().right)} > ${width}`)
        .concat(['the page scrolls sideways']);";

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_visitors_and_enterprises_is_accessible_quiet_and_fits() {
    let chromium = Chromium::start(DESK, true).await;
    let inspector = Inspector::new(&chromium);
    tour::of_enterprises(&chromium, async |stop| inspector.look(stop).await).await;
    inspector.assert_nothing_found();
    assert_a_violation_is_noticed(&chromium).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_of_offices_and_of_a_release_is_accessible_quiet_and_fits() {
    let chromium = Chromium::start(DESK, true).await;
    let inspector = Inspector::new(&chromium);
    tour::of_offices(&chromium, async |stop| inspector.look(stop).await).await;
    inspector.assert_nothing_found();
}

/// Looks at one page after the other and notes what is wrong, so that one walk finds everything.
struct Inspector<'a> {
    chromium: &'a Chromium,
    axe: String,
    found: RefCell<Vec<String>>,
}

impl<'a> Inspector<'a> {
    fn new(chromium: &'a Chromium) -> Self {
        Self { chromium, axe: accessibility::axe(), found: RefCell::default() }
    }

    async fn look(&self, stop: Stop<'_>) {
        let chromium = self.chromium;
        self.note(stop.name, accessibility::title_problems(chromium, &stop).await);
        accessibility::prefer(chromium, "light").await;
        for width in WIDTHS {
            self.note(stop.name, too_wide(chromium, width).await);
            if width != NARROW {
                pictures::keep(chromium, &format!("{} at {width} pixels", stop.name)).await;
            }
        }
        chromium.resize(PHONE).await;
        self.note(stop.name, names::problems(chromium).await);
        chromium.script("document.querySelectorAll('details').forEach(details => { details.open = true })", &[]).await;
        for width in WIDTHS {
            self.note(&format!("{} with its details open", stop.name), too_wide(chromium, width).await);
            if width != NARROW {
                let name = format!("{} at {width} pixels", stop.name);
                self.note(&name, accessibility::problems(chromium, &self.axe, &name).await);
            }
        }
        self.note(stop.name, complaints(chromium).await);
    }

    fn note(&self, name: &str, problems: Vec<String>) {
        self.found.borrow_mut().extend(problems.into_iter().map(|problem| format!("{name}: {problem}")));
    }

    fn assert_nothing_found(&self) {
        let found = self.found.borrow();
        assert!(found.is_empty(), "{} problems:\n{}", found.len(), found.join("\n"));
    }
}

/// What makes the page scroll sideways on a screen of this width.
async fn too_wide(chromium: &Chromium, width: u32) -> Vec<String> {
    chromium.resize(width).await;
    let wide: Vec<String> = serde_json::from_value(chromium.script(WIDE, &[json!(width)]).await).expect("a list");
    if wide.is_empty() { wide } else { vec![format!("scrolls sideways at {width} pixels: {}", wide.join(", "))] }
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
