//! From the start page to the result by the keyboard alone.

use std::collections::BTreeMap;

use fantoccini::key::Key;
use serde_json::{Value, json};
use tests::{TestServer, answers};

use crate::{Chromium, until};

/// Where the focus is, and whether that is where the page leads on.
const FOCUS: &str = "const on = document.activeElement;
    return {
        type: on.tagName === 'SELECT' ? 'select' : on.type ?? '', name: on.name ?? '', value: on.value ?? '',
        checked: !!on.checked, is_goal: on.matches(arguments[0]),
    };";

#[tokio::test(flavor = "multi_thread")]
async fn the_whole_journey_needs_no_pointer() {
    let server = TestServer::sqlite().await;
    let chromium = Chromium::phone().await;
    let wanted = wanted();
    chromium.open(&server.url("/")).await;
    go_on(&chromium, &wanted, "main a[href='/register']").await;
    go_on(&chromium, &wanted, "main form button").await;
    let assessment = chromium.path().await;
    assert!(assessment.starts_with("/assessments/"), "{assessment}");
    // 16 pages, and the list before and after each section.
    for _ in 0..40 {
        let path = chromium.path().await;
        if path.ends_with("/check") {
            break;
        }
        let goal = if path == assessment { "main .c-buttons a.c-button" } else { "#topic button:not([name])" };
        go_on(&chromium, &wanted, goal).await;
    }
    go_on(&chromium, &wanted, "main form:has(#declare) button").await;
    assert_eq!(chromium.path().await, format!("{assessment}/receipt"));
    go_on(&chromium, &wanted, ".c-receipt a.c-button").await;
    assert_eq!(chromium.text(".c-verdict__digit").await, "2");
    assert_eq!(chromium.text(".c-verdict__score").await, "41,5 trên 100");
}

/// The values of every field on the way.
fn wanted() -> BTreeMap<String, Vec<String>> {
    let registration = answers::registration(1).into_iter().map(|(name, value)| (name.to_owned(), vec![value]));
    let questions = answers::case_a().into_iter().map(|(id, answer)| (id, answers::values(&answer)));
    let declaration = [("declare".to_owned(), vec!["yes".to_owned()])];
    registration.chain(questions).chain(declaration).collect()
}

/// Tabs through a page, fills in what has to be filled in, and presses Enter where the page leads on.
async fn go_on(chromium: &Chromium, wanted: &BTreeMap<String, Vec<String>>, goal: &str) {
    if chromium.path().await.contains("/sections/") {
        chromium.awake().await;
    }
    for _ in 0..200 {
        chromium.press(Key::Tab).await;
        let focus = chromium.script(FOCUS, &[json!(goal)]).await;
        if focus["is_goal"] == true {
            return enter(chromium).await;
        }
        if let Some(values) = focus["name"].as_str().and_then(|name| wanted.get(name)) {
            fill(chromium, &focus, values).await;
        }
    }
    panic!("{goal} is not reached on {}", chromium.path().await);
}

async fn enter(chromium: &Chromium) {
    chromium.script("window.left = true", &[]).await;
    chromium.press(Key::Enter).await;
    until("the next page", || async {
        // Between two pages there is none to ask.
        let arrived = "return !window.left && document.readyState === 'complete'";
        chromium.tab.execute(arrived, Vec::new()).await.is_ok_and(|arrived| arrived == true).then_some(())
    })
    .await;
}

async fn fill(chromium: &Chromium, focus: &Value, values: &[String]) {
    let is = |field: &Value, value: &str| field["value"] == value && field["checked"] == true;
    match focus["type"].as_str().unwrap_or_default() {
        "checkbox" if focus["checked"] == false && values.iter().any(|value| focus["value"] == **value) => {
            chromium.press(Key::Space).await;
        }
        "checkbox" => {}
        "radio" => {
            let mut now = focus.clone();
            if now["value"] == *values[0] && now["checked"] == false {
                chromium.press(Key::Space).await;
                now = chromium.script(FOCUS, &[json!("nothing")]).await;
            }
            for _ in 0..10 {
                if is(&now, &values[0]) {
                    return;
                }
                chromium.press(Key::Down).await;
                now = chromium.script(FOCUS, &[json!("nothing")]).await;
            }
            panic!("{values:?} is not reached from {focus}");
        }
        "select" => {
            let text = "const on = document.activeElement;
                return on.querySelector(`option[value='${arguments[0]}']`)?.textContent ?? ''";
            let text = chromium.script(text, &[json!(values[0])]).await;
            type_text(chromium, text.as_str().unwrap_or_default()).await;
            let now = chromium.script(FOCUS, &[json!("nothing")]).await;
            assert_eq!(now["value"], *values[0], "typing chooses {text}");
        }
        _ if focus["value"] == "" => type_text(chromium, &values[0]).await,
        _ => {}
    }
}

async fn type_text(chromium: &Chromium, text: &str) {
    let focused = chromium.tab.active_element().await.expect("a field");
    focused.send_keys(text).await.expect("keys");
}
