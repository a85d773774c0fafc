//! What machines can find of WCAG 2.2 AA, by axe-core, in both themes; titles; calm motion.

use std::path::Path;

use serde_json::{Value, json};

use crate::{Chromium, pictures, tour::Stop};

/// Where `tests/run` puts axe-core.
const AXE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/axe-core/axe.min.js");

/// All rules of WCAG 2.0 to 2.2, A and AA, and what axe calls best practice.
const CHECK: &str = "const [rules, done] = arguments;
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    axe.run(document, { resultTypes: ['violations'], runOnly: rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags } })
        .then(found => done(found.violations.map(rule => `${rule.id}: ${rule.help}: `
            + rule.nodes.map(node => `${node.target.join(' ')} (${node.failureSummary})`).join(', '))))
        .catch(error => done([String(error)]));";

/// What moves although the reader does not want it.
const MOVING: &str = "return [...document.querySelectorAll('*')].filter(element => {
        const style = getComputedStyle(element);
        return style.animationName !== 'none' || style.transitionDuration.split(',').some(time => parseFloat(time) > 0);
    }).map(element => `${element.tagName}.${element.className}`);";

#[tokio::test(flavor = "multi_thread")]
async fn axe_notices_a_mistake() {
    let chromium = Chromium::phone().await;
    let axe = axe();
    chromium.open("data:text/html,<title>t</title><html lang=vi><main><h1>h</h1><img src=x><input></main>").await;
    let found = check(&chromium, &axe, Value::Null).await;
    for rule in ["image-alt", "label"] {
        assert!(found.iter().any(|line| line.starts_with(rule)), "{rule} in {found:#?}");
    }
}

/// What is wrong with the title: it says where one is, and whether something is wrong.
pub async fn title_problems(chromium: &Chromium, stop: &Stop<'_>) -> Vec<String> {
    let title = chromium.tab.title().await.expect("a title");
    let says_where = title.ends_with(" | Thước Số") && title.chars().count() > 14;
    let says_wrong = title.starts_with("Lỗi: ") || title.starts_with("Error: ");
    let is_right = says_where && says_wrong == stop.is_refused;
    if is_right { Vec::new() } else { vec![format!("its title is “{title}”")] }
}

/// What is wrong with the page as it is shown now, light and dark. Closed details are not looked at. A picture of the
/// dark one is kept under this name.
pub async fn problems(chromium: &Chromium, axe: &str, name: &str) -> Vec<String> {
    prefer(chromium, "light").await;
    let mut problems = check(chromium, axe, Value::Null).await;
    let moving = chromium.script(MOVING, &[]).await;
    if moving != json!([]) {
        problems.push(format!("moves although the reader wants calm: {moving}"));
    }
    prefer(chromium, "dark").await;
    pictures::keep(chromium, &format!("{name}, dark")).await;
    let dark = check(chromium, axe, json!(["color-contrast", "link-in-text-block"])).await;
    problems.extend(dark.into_iter().map(|problem| format!("dark: {problem}")));
    problems
}

/// Shows pages as to readers who prefer this scheme, and calm.
pub async fn prefer(chromium: &Chromium, scheme: &str) {
    let features = json!({ "features": [
        { "name": "prefers-color-scheme", "value": scheme }, { "name": "prefers-reduced-motion", "value": "reduce" },
    ] });
    chromium.devtools("Emulation.setEmulatedMedia", features).await;
}

async fn check(chromium: &Chromium, axe: &str, rules: Value) -> Vec<String> {
    if chromium.script("return typeof axe", &[]).await != "object" {
        // By the protocol: the page's own policy admits no script of somebody else.
        let loaded = chromium.devtools("Runtime.evaluate", json!({ "expression": axe })).await;
        assert!(loaded["exceptionDetails"].is_null(), "{loaded}");
    }
    let found = chromium.script_later(CHECK, &[rules]).await;
    serde_json::from_value(found).expect("a list")
}

/// The rules, as a script.
pub fn axe() -> String {
    std::fs::read_to_string(Path::new(AXE))
        .unwrap_or_else(|_| panic!("{AXE} is missing: start the tests with tests/run, which fetches it"))
}
