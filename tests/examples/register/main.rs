//! What a register costs: importing a file, and pages of every list with a thousand and with a million rows.
//!
//! ```sh
//! cargo run --release -p tests --example register -- import 100000 [postgres://…]
//! cargo run --release -p tests --example register -- lists [postgres://…]
//! ```
//!
//! Without an address, SQLite in a temporary folder is measured, with commits that reach the disk. `lists` prints the
//! medians of each query at both sizes, their ratio and the plan at a million; the database must be empty. Plans of
//! PostgreSQL come from its module `auto_explain`, which only a superuser may load.

mod grow;
mod import;
mod lists;
mod plans;

use anyhow::bail;
use server::store::{Durability, Store};

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    plans::prepare();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = tempfile::tempdir()?;
    let own = format!("sqlite:{}", folder.path().join("register.sqlite").display());
    let url = arguments.iter().find(|argument| argument.starts_with("postgres:")).cloned().unwrap_or(own);
    println!("load average {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let store = Store::connect(&url, Durability::Full).await?;
    store.migrate().await?;
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["import", rows, ..] => import::measure(&store, rows.parse()?).await,
        ["lists", ..] => lists::measure(&store, &url).await,
        _ => bail!("say import ROWS or lists"),
    }
}
