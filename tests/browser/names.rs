//! What a screen reader calls the controls.

use serde_json::{Value, json};
use tests::{TestServer, answers};

use crate::{Chromium, Person};

/// Roles that somebody can operate.
const CONTROLS: [&str; 9] =
    ["button", "checkbox", "combobox", "DisclosureTriangle", "link", "listbox", "radio", "searchbox", "textbox"];

#[tokio::test(flavor = "multi_thread")]
async fn every_control_has_a_name() {
    let server = TestServer::sqlite().await;
    let chromium = Chromium::phone().await;
    for path in ["/", "/register", "/sign-in", "/method"] {
        assert_named(&chromium, &server, path).await;
    }
    let person = Person::with_answers(&server).await;
    person.sign_in(&chromium, &server).await;
    let topics = ["profile/size", "profile/turnover", "P1/plan", "P1/offers", "technology/staff", "technology/sales"];
    let mut paths: Vec<String> = topics.iter().map(|place| person.topic(place)).collect();
    paths.extend(["", "/check"].map(|page| format!("{}{page}", person.assessment)));
    paths.push("/account".into());
    for path in paths {
        assert_named(&chromium, &server, &path).await;
    }
    let sent = person.client.submit(&answers::declared(&person.client, &person.assessment).await).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    assert_named(&chromium, &server, &format!("{}/result", person.assessment)).await;
}

async fn assert_named(chromium: &Chromium, server: &TestServer, path: &str) {
    chromium.open(&server.url(path)).await;
    assert_eq!(chromium.path().await, path);
    let tree = chromium.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().expect("the accessibility tree");
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().trim().to_owned();
    let present = nodes.iter().filter(|node| node["ignored"] == false);
    let controls: Vec<&Value> = present.clone().filter(|node| CONTROLS.contains(&role(node).as_str())).collect();
    let nameless: Vec<&&Value> = controls.iter().filter(|node| name(node).is_empty()).collect();
    assert!(nameless.is_empty(), "{path}: without a name: {nameless:#?}");
    let groups = present.filter(|node| ["group", "radiogroup"].contains(&role(node).as_str()));
    let nameless: Vec<&Value> = groups.filter(|node| name(node).is_empty()).collect();
    // An opened or closed `details` is a group that its summary names for the reader.
    let fieldsets = chromium.script("return document.querySelectorAll('fieldset').length", &[]).await;
    let details = chromium.script("return document.querySelectorAll('details').length", &[]).await;
    assert!(nameless.len() as u64 <= details.as_u64().unwrap_or_default(), "{path}: {fieldsets} groups: {nameless:#?}");
    // A control that the tree leaves out has no name for anybody.
    let script = "return document.querySelectorAll('input:not([type=hidden]), select, button').length";
    let shown = chromium.script(script, &[]).await.as_u64().expect("a number");
    let told = controls.iter().filter(|node| !["link", "DisclosureTriangle"].contains(&role(node).as_str())).count();
    assert_eq!(told as u64, shown, "{path}: every field and button is in the accessibility tree");
}
