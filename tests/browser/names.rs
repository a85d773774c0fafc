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

/// Controls and groups without a name, and fields and buttons that the accessibility tree leaves out.
pub async fn problems(chromium: &Chromium) -> Vec<String> {
    let tree = chromium.devtools("Accessibility.getFullAXTree", json!({})).await;
    let nodes = tree["nodes"].as_array().expect("the accessibility tree");
    let role = |node: &Value| node["role"]["value"].as_str().unwrap_or_default().to_owned();
    let name = |node: &Value| node["name"]["value"].as_str().unwrap_or_default().trim().to_owned();
    let present = nodes.iter().filter(|node| node["ignored"] == false);
    let controls: Vec<&Value> = present.clone().filter(|node| CONTROLS.contains(&role(node).as_str())).collect();
    let nameless = controls.iter().filter(|node| name(node).is_empty());
    let mut problems: Vec<String> = nameless.map(|node| format!("without a name: {node}")).collect();
    let groups = present.filter(|node| ["group", "radiogroup"].contains(&role(node).as_str()));
    let nameless: Vec<&Value> = groups.filter(|node| name(node).is_empty()).collect();
    // An opened or closed `details` is a group that its summary names for the reader.
    let details = chromium.script("return document.querySelectorAll('details').length", &[]).await;
    if nameless.len() as u64 > details.as_u64().unwrap_or_default() {
        problems.push(format!("groups without a name: {nameless:?}"));
    }
    // A control that the tree leaves out has no name for anybody. A date has a part for day, month and year and a button.
    let script = "return [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button')]
        .filter(field => field.checkVisibility()).reduce((sum, field) => sum + (field.type === 'date' ? 4 : 1), 0)";
    let shown = chromium.script(script, &[]).await.as_u64().expect("a number");
    let told = controls.iter().filter(|node| !["link", "DisclosureTriangle"].contains(&role(node).as_str())).count();
    if told as u64 != shown {
        problems.push(format!("{shown} fields and buttons are shown, {told} are in the accessibility tree"));
    }
    problems
}
