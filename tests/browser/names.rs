//! What a screen reader calls the controls.

use serde_json::{Value, json};

use crate::Chromium;

/// Roles that somebody can operate.
const CONTROLS: [&str; 10] = [
    "button",
    "checkbox",
    "combobox",
    "DisclosureTriangle",
    "link",
    "listbox",
    "radio",
    "searchbox",
    "spinbutton",
    "textbox",
];

/// Every control and group has a name, and every field and button is in the accessibility tree.
pub async fn assert_named(chromium: &Chromium, path: &str) {
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
    let script = "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button')]
        .filter(field => field.checkVisibility()).length";
    let shown = chromium.script(script, &[]).await.as_u64().expect("a number");
    let told = controls.iter().filter(|node| !["link", "DisclosureTriangle"].contains(&role(node).as_str())).count();
    assert_eq!(told as u64, shown, "{path}: every field and button is in the accessibility tree");
}
