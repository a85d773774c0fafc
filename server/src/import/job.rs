//! The import itself: a thread reads and checks rows, batches of them go into the database one transaction at a time.

use std::{collections::HashMap, ops::ControlFlow};

use anyhow::Context as _;
use model::{
    enterprise::TaxCode,
    register::{Column, Entry, Mapping, Problem, Reason, read},
};
use serde_json::json;
use tokio::{sync::mpsc, task};
use uuid::Uuid;

use super::file::{FileError, Kind};
use crate::{
    clock,
    store::{Batch, Counts, Rejected, Store},
};

/// Rows of one transaction. Every commit writes each page that it touched once more, so few large ones cost less; on
/// SQLite others write between two of them, so they must not wait for long (some tenths of a second).
const BATCH: usize = 2_000;

/// Why an import ended before its time.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The file cannot be read to its end.
    #[error(transparent)]
    File(#[from] FileError),
    /// Somebody else took the import over, or it is gone.
    #[error("the import is no longer running")]
    Superseded,
    /// The database failed.
    #[error("database: {0}")]
    Database(#[from] sqlx::Error),
    /// Something else that is our fault.
    #[error("{0:#}")]
    Internal(#[from] anyhow::Error),
}

impl Failure {
    /// The stored form.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::File(error) => error.code(),
            Self::Superseded => "superseded",
            Self::Database(_) | Self::Internal(_) => "internal",
        }
    }
}

/// Runs an import that was started, in the background; how it ended is stored.
pub fn spawn(store: Store, import: Uuid) {
    tokio::spawn(async move {
        if let Err(failure) = run(&store, import, &mut |_| {}).await {
            tracing::error!(%import, error = %failure, "an import of the register failed");
        }
    });
}

/// Runs an import that was started, to its end. `progress` is called after every batch with what was done so far.
///
/// # Errors
/// Why it ended early; the import is marked as failed, and what was stored before stays: repeating it changes nothing
/// there.
pub async fn run(store: &Store, import: Uuid, progress: &mut (dyn FnMut(Counts) + Send)) -> Result<Counts, Failure> {
    let done = work(store, import, progress).await;
    match &done {
        Ok(counts) => {
            let detail = json!({ "added": counts.added, "changed": counts.changed, "unchanged": counts.unchanged,
                "rejected": counts.rejected });
            store.finish_import(import, None, detail, clock::id(), clock::now()).await?;
        }
        Err(Failure::Superseded) => {}
        Err(failure) => {
            let detail = json!({ "failure": failure.code() });
            store.finish_import(import, Some(failure.code()), detail, clock::id(), clock::now()).await?;
        }
    }
    done
}

async fn work(store: &Store, import: Uuid, progress: &mut (dyn FnMut(Counts) + Send)) -> Result<Counts, Failure> {
    let started = store.import(import).await?.ok_or(Failure::Superseded)?;
    let content = store.import_content(import).await?;
    // Two batches wait at most: the file is read as fast as the database takes it.
    let (sender, mut batches) = mpsc::channel(2);
    let reading = task::spawn_blocking(move || read_batches(&content, &started.mapping, &sender));
    let mut counts = Counts::default();
    while let Some(batch) = batches.recv().await {
        let added = store.apply_batch(import, &batch, clock::now()).await?.ok_or(Failure::Superseded)?;
        counts.add(added);
        progress(counts);
    }
    reading.await.context("the thread that reads the file")??;
    Ok(counts)
}

fn read_batches(content: &[u8], mapping: &Mapping, batches: &mpsc::Sender<Batch>) -> Result<(), FileError> {
    let kind = Kind::of(content)?;
    let headers = kind.headers(content)?;
    let mut seen = HashMap::new();
    let mut batch = Batch::default();
    kind.rows(content, &mut |line, cells| {
        if line <= headers.line {
            return ControlFlow::Continue(());
        }
        match check(&mut seen, line, read(mapping, &cells)) {
            Ok(entry) => batch.entries.push(entry),
            Err(problems) => {
                let said = |column| {
                    let cell = mapping.columns.get(&column).and_then(|at| cells.get(*at));
                    cell.map(|cell| cell.text().chars().take(100).collect()).unwrap_or_default()
                };
                let (tax_code, name) = (said(Column::TaxCode), said(Column::Name));
                batch.rejected.push(Rejected {
                    line: i64::try_from(line).unwrap_or(i64::MAX),
                    tax_code,
                    name,
                    problems,
                });
            }
        }
        if batch.entries.len() + batch.rejected.len() < BATCH {
            return ControlFlow::Continue(());
        }
        // Nobody listens any more: the import failed on the other side.
        match batches.blocking_send(std::mem::take(&mut batch)) {
            Ok(()) => ControlFlow::Continue(()),
            Err(_) => ControlFlow::Break(()),
        }
    })?;
    drop(batches.blocking_send(batch));
    Ok(())
}

/// The row, unless an earlier one has the same tax code: whichever is right, somebody has to look.
pub(super) fn check(
    seen: &mut HashMap<u64, u64>,
    line: u64,
    row: Result<Entry, Vec<Problem>>,
) -> Result<Entry, Vec<Problem>> {
    let entry = row?;
    match repeated(seen, line, &entry.tax_code) {
        None => Ok(entry),
        Some(problem) => Err(vec![problem]),
    }
}

/// The problem of a row whose tax code an earlier one has.
pub(super) fn repeated(seen: &mut HashMap<u64, u64>, line: u64, tax_code: &TaxCode) -> Option<Problem> {
    let first = *seen.entry(number(tax_code.as_str())).or_insert(line);
    let value = || format!("{tax_code} ({first})");
    (first != line).then(|| Problem { column: Column::TaxCode, reason: Reason::Repeated, value: value() })
}

/// A tax code as a number, different for different codes: a million of them fit into some tens of megabytes.
fn number(tax_code: &str) -> u64 {
    let digits = tax_code.bytes().filter(u8::is_ascii_digit);
    // The leading one keeps the zeros that codes begin with.
    digits.fold(1, |number: u64, digit| number.wrapping_mul(10).wrapping_add(u64::from(digit - b'0')))
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn different_codes_are_different_numbers() {
        let codes = ["0100109106", "100109106", "0100109106-001", "024190012345", "24190012345"];
        for (at, one) in codes.iter().enumerate() {
            assert!(codes[..at].iter().all(|other| number(other) != number(one)), "{one}");
        }
    }
}
