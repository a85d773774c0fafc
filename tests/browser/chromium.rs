//! Chromium through its driver.

use std::{
    env,
    io::{BufRead as _, BufReader},
    os::unix::process::CommandExt as _,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Stdio},
    time::Duration,
};

use fantoccini::{
    Client, ClientBuilder, Locator,
    actions::{InputSource as _, KeyAction, KeyActions},
    elements::Element,
    error::CmdError,
    key::Key,
    wd::WebDriverCompatibleCommand,
};
use hyper_util::client::legacy::connect::HttpConnector;
use reqwest::{Method, Url};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::until;

/// The phone of the design.
pub const PHONE: u32 = 390;

const ARGUMENTS: [&str; 9] = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--lang=vi",
];

/// A browser with a new profile; ends with the value.
pub struct Chromium {
    /// The tab that is driven.
    pub tab: Client,
    driver: Driver,
    scripts: bool,
}

/// A driver process with everything that it started.
struct Driver {
    process: Child,
    /// Held open: a driver that cannot write ends.
    _output: ChildStdout,
    port: u16,
    profile: TempDir,
}

/// A command that fantoccini does not know.
#[derive(Debug)]
struct Post {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Post {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, <Url as std::str::FromStr>::Err> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}

impl Chromium {
    /// A phone.
    pub async fn phone() -> Self {
        Self::start(PHONE, true).await
    }

    /// A phone on which scripts are switched off.
    pub async fn without_scripts() -> Self {
        Self::start(PHONE, false).await
    }

    /// A screen of this width in CSS pixels; a narrow one behaves like a phone's.
    pub async fn start(width: u32, scripts: bool) -> Self {
        let driver = tokio::task::spawn_blocking(Driver::start).await.expect("the driver starts");
        Self::run(driver, width, scripts).await
    }

    /// Closes the browser and starts it again: what it keeps on disk is there, sessions are not.
    pub async fn restart(self) -> Self {
        self.tab.close().await.expect("Chromium ends");
        Self::run(self.driver, PHONE, true).await
    }

    async fn run(driver: Driver, width: u32, scripts: bool) -> Self {
        let mut arguments: Vec<String> = ARGUMENTS.map(ToOwned::to_owned).into();
        arguments.push(format!("--user-data-dir={}", driver.profile.path().display()));
        arguments.push(format!("--window-size={},844", width.max(500)));
        let mut options = json!({
            "args": arguments,
            "binary": program(&["chromium", "chromium-browser", "google-chrome"], "chromium"),
        });
        if width < 500 {
            // With touch, a click with scripts off makes the driver wait for ever.
            let metrics = json!({ "width": width, "height": 844, "pixelRatio": 3, "touch": scripts });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        if !scripts {
            options["prefs"] = json!({ "profile.managed_default_content_settings.javascript": 2 });
        }
        let capabilities = json!({
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
            "timeouts": { "pageLoad": 20_000, "script": 10_000 },
        });
        let Value::Object(capabilities) = capabilities else { unreachable!("an object") };
        let address = format!("http://127.0.0.1:{}", driver.port);
        let tab = ClientBuilder::new(HttpConnector::new()).capabilities(capabilities).connect(&address).await;
        Self { tab: tab.expect("Chromium starts"), driver, scripts }
    }

    /// Whether pages may run scripts.
    #[must_use]
    pub fn runs_scripts(&self) -> bool {
        self.scripts
    }

    /// Shows the open page on a screen of this width; a narrow one behaves like a phone's.
    pub async fn resize(&self, width: u32) {
        self.resize_to(width, 844).await;
    }

    /// Shows the open page on a screen of this width and height.
    pub async fn resize_to(&self, width: u32, height: u32) {
        let phone = width < 500;
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone });
        self.devtools("Emulation.setDeviceMetricsOverride", metrics).await;
    }

    /// Runs a command of the DevTools protocol on the tab.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let answer = self.tab.issue_cmd(Post { path: "goog/cdp/execute", body }).await;
        answer.unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// What was logged since the last call: `browser` for the console, `performance` for network events.
    pub async fn log(&self, kind: &str) -> Vec<Value> {
        let log = self.tab.issue_cmd(Post { path: "se/log", body: json!({ "type": kind }) }).await.expect("a log");
        log.as_array().cloned().unwrap_or_default()
    }

    /// Opens a page.
    pub async fn open(&self, url: &str) {
        self.tab.goto(url).await.unwrap_or_else(|error| panic!("{url}: {error}"));
    }

    /// The path of the page.
    pub async fn path(&self) -> String {
        self.tab.current_url().await.expect("an address").path().to_owned()
    }

    /// Runs the body of a function on the page; works with scripts off, too.
    pub async fn script(&self, body: &str, arguments: &[Value]) -> Value {
        let answer = self.tab.execute(body, arguments.to_vec()).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// Runs the body of a function whose last argument takes the answer.
    pub async fn script_later(&self, body: &str, arguments: &[Value]) -> Value {
        let answer = self.tab.execute_async(body, arguments.to_vec()).await;
        answer.unwrap_or_else(|error| panic!("{body}: {error}"))
    }

    /// Waits until the islands of the page listen.
    pub async fn awake(&self) {
        until("the islands listen", || async {
            let window = self.devtools("Runtime.evaluate", json!({ "expression": "window" })).await;
            let id = json!({ "objectId": window["result"]["objectId"] });
            let listeners = self.devtools("DOMDebugger.getEventListeners", id).await;
            let heard =
                |kind| listeners["listeners"].as_array().is_some_and(|all| all.iter().any(|one| one["type"] == kind));
            let has_score = self.script("return !!document.querySelector('.c-strip__score')", &[]).await == true;
            (heard("submit") && (heard("change") || !has_score)).then_some(())
        })
        .await;
    }

    /// The first element that a CSS selector finds.
    pub async fn find(&self, selector: &str) -> Element {
        let found = self.tab.find(Locator::Css(selector)).await;
        match found {
            Ok(element) => element,
            Err(error) => panic!("{selector} on {}: {error}", self.path().await),
        }
    }

    /// The text of an element as it is shown, with single spaces.
    pub async fn text(&self, selector: &str) -> String {
        let script = "return document.querySelector(arguments[0])?.innerText ?? ''";
        let text = self.script(script, &[json!(selector)]).await;
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Clicks in the middle of an element, which is moved into the middle of the screen first.
    pub async fn click(&self, selector: &str) {
        let middle = "document.querySelector(arguments[0])?.scrollIntoView({ block: 'center', behavior: 'instant' })";
        self.script(middle, &[json!(selector)]).await;
        let clicked: Result<(), CmdError> = self.find(selector).await.click().await;
        clicked.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Clicks on what leads to another page, or to the same one again, and waits for it.
    pub async fn leave(&self, selector: &str) {
        self.script("window.left = true", &[]).await;
        self.click(selector).await;
        until("the next page", || async {
            // Between two pages there is none to ask.
            let arrived = "return !window.left && document.readyState === 'complete'";
            self.tab.execute(arrived, Vec::new()).await.is_ok_and(|arrived| arrived == true).then_some(())
        })
        .await;
    }

    /// Presses a key.
    pub async fn press(&self, key: Key) {
        let stroke = KeyActions::new("keyboard".to_owned())
            .then(KeyAction::Down { value: key.into() })
            .then(KeyAction::Up { value: key.into() });
        self.tab.perform_actions(stroke).await.expect("a key");
    }

    /// Answers a field: types, selects, or clicks on the choice unless it is chosen.
    pub async fn answer(&self, name: &str, value: &str) {
        let field = self.find(&format!("[name='{name}']")).await;
        let tag = field.tag_name().await.expect("a tag");
        let kind = field.attr("type").await.expect("an attribute").unwrap_or_default();
        match (tag.as_str(), kind.as_str()) {
            ("select", _) => field.select_by_value(value).await.expect("an option"),
            (_, "radio" | "checkbox") => {
                let choice = format!("input[name='{name}'][value='{value}']");
                if !self.find(&choice).await.is_selected().await.expect("a state") {
                    self.click(&format!("label:has(> {choice})")).await;
                }
            }
            _ => {
                field.clear().await.expect("an empty field");
                field.send_keys(value).await.expect("keys");
            }
        }
    }

    /// The values that are chosen or typed in a field, in the order of the page.
    pub async fn values(&self, name: &str) -> Vec<String> {
        let script = "return [...document.querySelectorAll(`#topic [name='${arguments[0]}']`)]
            .filter(field => !['radio', 'checkbox'].includes(field.type) || field.checked).map(field => field.value)";
        let values = self.script(script, &[json!(name)]).await;
        serde_json::from_value(values).expect("texts")
    }

    /// Takes the network away from this tab, or gives it back.
    pub async fn network(&self, is_there: bool) {
        self.devtools("Network.enable", json!({})).await;
        let (latency, through) = (0, -1);
        let conditions = json!({ "offline": !is_there, "latency": latency, "downloadThroughput": through, "uploadThroughput": through });
        self.devtools("Network.emulateNetworkConditions", conditions).await;
    }

    /// How many unsent saves the browser keeps; with scripts off it keeps none.
    pub async fn kept(&self) -> u64 {
        let script = "return Object.keys(localStorage).filter(item => item.startsWith('unsent/')).length";
        self.script(script, &[]).await.as_u64().expect("a number")
    }

    /// What the save state says.
    pub async fn saved(&self) -> String {
        self.text(".c-saved").await
    }

    /// Waits until the save state begins like this, and answers it.
    pub async fn until_saved(&self, begins: &str) -> String {
        let waiting = format!("the save state “{begins}…”");
        until(&waiting, || async { Some(self.saved().await).filter(|state| state.starts_with(begins)) }).await
    }
}

impl Driver {
    fn start() -> Self {
        let profile = tempfile::tempdir().expect("a folder for the profile");
        let mut process = Command::new(program(&["chromedriver"], "chromium-driver"))
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .process_group(0)
            .spawn()
            .expect("chromedriver starts");
        let mut output = BufReader::new(process.stdout.take().expect("its output"));
        let mut line = String::new();
        let port = loop {
            line.clear();
            assert!(output.read_line(&mut line).expect("a line") > 0, "chromedriver ended before it listened");
            let port =
                line.split_once("successfully on port ").map(|(_, port)| port.trim().trim_end_matches('.').parse());
            if let Some(port) = port {
                break port.expect("a port");
            }
        };
        Self { process, _output: output.into_inner(), port, profile }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Chromium stays in the process group of its driver.
        let group = format!("-{}", self.process.id());
        drop(Command::new("kill").args(["-KILL", "--", &group]).status());
        drop(self.process.wait());
        // A browser that is just ending may still write.
        for _ in 0..40 {
            if std::fs::remove_dir_all(self.profile.path()).is_ok() {
                break;
            }
            std::thread::sleep(Duration::from_millis(25));
        }
    }
}

/// Where a program is.
fn program(names: &[&str], package: &str) -> PathBuf {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH").unwrap_or_default()).collect();
    let all = names.iter().flat_map(|name| folders.iter().map(move |folder| folder.join(name)));
    all.into_iter().find(|path| path.is_file()).unwrap_or_else(|| {
        panic!("{} is not installed: the browser tests need it; on Debian type `apt-get install {package}`", names[0])
    })
}
