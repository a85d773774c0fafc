//! `migrate` and `check`.

use std::process::ExitCode;

use anyhow::{Context as _, bail};

use crate::{
    http::hex,
    store::{Durability, Store, chain::Head, sqlite_path},
};

/// Brings the schema up to date.
pub async fn migrate(url: &str) -> anyhow::Result<ExitCode> {
    let store = Store::connect(url, Durability::Full).await.context("cannot open the database; check --database")?;
    store.migrate().await?;
    store.close().await;
    println!("The database is up to date.");
    Ok(ExitCode::SUCCESS)
}

/// Lists the promises that the database breaks, and says where the audit log ends.
pub async fn check(url: &str, noted: Option<&Head>) -> anyhow::Result<ExitCode> {
    // Connecting would make it: a database that is not where it is looked for must not look sound.
    if let Some(missing) = sqlite_path(url).filter(|path| !path.is_file()) {
        bail!("there is no database {}; check --database", missing.display());
    }
    let store = Store::connect(url, Durability::Full).await.context("cannot open the database; check --database")?;
    let mut broken = store.check().await?;
    if let Some(noted) = noted
        && !store.audit_has(noted).await?
    {
        broken.push(format!("audit log: entry {} is not the one that was noted", noted.seq));
    }
    let head = store.audit_head().await?;
    store.close().await;
    println!("The audit log is sealed up to {}:{}", head.seq, hex(&head.hash));
    if broken.is_empty() {
        println!("All promises hold.");
        return Ok(ExitCode::SUCCESS);
    }
    broken.iter().for_each(|line| eprintln!("{line}"));
    Ok(ExitCode::FAILURE)
}

/// Reads the end of an audit log as `check` prints it: the number of entries, a colon, the hash of the last.
pub fn noted_head(typed: &str) -> Result<Head, String> {
    let remedy = "give what an earlier check printed: number:hash";
    let (seq, hash) = typed.split_once(':').ok_or(remedy)?;
    let bytes = (0..hash.len()).step_by(2).map(|at| u8::from_str_radix(hash.get(at..at + 2)?, 16).ok());
    let hash: Option<Vec<u8>> = bytes.collect();
    let hash = hash.filter(|hash| hash.len() == 32).ok_or(remedy)?;
    Ok(Head { seq: seq.parse().map_err(|_| remedy)?, hash })
}

#[cfg(test)]
mod tests {
    use super::noted_head;

    #[test]
    fn a_noted_end_is_read_as_it_was_printed() {
        let typed = format!("12:{}", "0a".repeat(32));
        let head = noted_head(&typed).unwrap();
        assert_eq!((head.seq, head.hash), (12, vec![10; 32]));
        for bad in ["", "12", "12:0a", "x:0a", &format!("12:{}ê", "0a".repeat(31)), &format!("12:{}", "0g".repeat(32))]
        {
            assert!(noted_head(bad).is_err(), "{bad}");
        }
    }
}
