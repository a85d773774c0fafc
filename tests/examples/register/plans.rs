//! How the database goes about a query: from what the driver says about the statements it sends.

use std::sync::{
    LazyLock, Mutex,
    atomic::{AtomicBool, Ordering},
};

use server::store::{Durability, Store};
use sqlx::{AssertSqlSafe, Connection as _, Row as _, SqliteConnection};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
};
use tracing_subscriber::{
    Layer, filter::dynamic_filter_fn, layer::Context, layer::SubscriberExt as _, util::SubscriberInitExt as _,
};

/// Whether anybody listens: while times are taken, nobody does.
static LISTENING: AtomicBool = AtomicBool::new(false);
/// What the driver said since the last call of [`heard`].
static HEARD: LazyLock<Mutex<Vec<String>>> = LazyLock::new(Mutex::default);

/// Keeps statements and notices of the driver.
struct Ear;

#[derive(Default)]
struct Fields {
    summary: String,
    statement: String,
    message: String,
}

impl Visit for Fields {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => value.clone_into(&mut self.summary),
            "db.statement" => value.trim().clone_into(&mut self.statement),
            "message" => value.clone_into(&mut self.message),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" {
            self.message = format!("{value:?}");
        }
    }
}

impl<S: Subscriber> Layer<S> for Ear {
    fn on_event(&self, event: &Event<'_>, _: Context<'_, S>) {
        let mut fields = Fields::default();
        event.record(&mut fields);
        let said = [fields.message, fields.statement, fields.summary].into_iter().find(|text| !text.is_empty());
        if let (Some(said), Ok(mut heard)) = (said, HEARD.lock()) {
            heard.push(said);
        }
    }
}

/// Makes it possible to listen to the driver.
pub fn prepare() {
    let driver = dynamic_filter_fn(|about, _| {
        LISTENING.load(Ordering::Relaxed) && matches!(about.target(), "sqlx::query" | "sqlx::postgres::notice")
    });
    tracing_subscriber::registry().with(Ear.with_filter(driver)).init();
}

/// Listens from now on.
pub fn listen() {
    drop(heard());
    LISTENING.store(true, Ordering::Relaxed);
}

fn heard() -> Vec<String> {
    HEARD.lock().map(|mut heard| std::mem::take(&mut *heard)).unwrap_or_default()
}

/// A store that tells its plans, where the database has to be asked for them beforehand.
pub async fn talkative(url: &str) -> anyhow::Result<Store> {
    if url.starts_with("sqlite:") {
        return Ok(Store::connect(url, Durability::Full).await?);
    }
    let options = "options[session_preload_libraries]=auto_explain&options[auto_explain.log_min_duration]=0\
        &options[client_min_messages]=log";
    let mark = if url.contains('?') { '&' } else { '?' };
    Ok(Store::connect(&format!("{url}{mark}{options}"), Durability::Full).await?)
}

/// The plans of what was done since [`listen`], line by line.
pub async fn of_what_was_done(url: &str) -> anyhow::Result<Vec<String>> {
    LISTENING.store(false, Ordering::Relaxed);
    let said = heard();
    if !url.starts_with("sqlite:") {
        let plans = said.iter().filter_map(|text| text.split_once("plan:\n")).map(|(_, plan)| plan);
        return Ok(plans.flat_map(nodes).collect());
    }
    let mut connection = SqliteConnection::connect(url).await?;
    let mut lines = Vec::new();
    for statement in said.into_iter().filter(|text| text.starts_with("SELECT") || text.starts_with("WITH")) {
        let explain = AssertSqlSafe(format!("EXPLAIN QUERY PLAN {statement}"));
        for row in sqlx::query(explain).fetch_all(&mut connection).await? {
            lines.push(row.get::<String, _>("detail"));
        }
    }
    Ok(lines)
}

/// The nodes of a plan of PostgreSQL with their conditions: behind the text of the query, which has no costs.
fn nodes(plan: &str) -> Vec<String> {
    let lines = plan.lines().skip_while(|line| !line.contains("(cost="));
    lines.map(|line| line.split("  (cost=").next().unwrap_or(line).to_owned()).collect()
}
