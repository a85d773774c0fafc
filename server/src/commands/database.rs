//! `migrate` and `check`.

use std::process::ExitCode;

use anyhow::Context as _;

use crate::store::{Durability, Store};

/// Brings the schema up to date.
pub async fn migrate(url: &str) -> anyhow::Result<ExitCode> {
    let store = Store::connect(url, Durability::Full).await.context("cannot open the database; check --database")?;
    store.migrate().await?;
    store.close().await;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Lists the promises that the database breaks.
pub async fn check(url: &str) -> anyhow::Result<ExitCode> {
    let store = Store::connect(url, Durability::Full).await.context("cannot open the database; check --database")?;
    let broken = store.check().await?;
    store.close().await;
    if broken.is_empty() {
        println!("All promises hold.");
        return Ok(ExitCode::SUCCESS);
    }
    broken.iter().for_each(|line| eprintln!("{line}"));
    Ok(ExitCode::FAILURE)
}
