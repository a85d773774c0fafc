//! `audit TABLE.json` and `protect TABLE.json`: disclosure control of a table in a file, without a server.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, anyhow};
use model::disclosure::request::{
    CellKeyRequest, PrimaryRequest, TableRequest, audit_request, cell_key_request, primary_request, protect_request,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Prints what an attacker learns from each pattern of a table, or the answers to cases of primary rules or cell keys.
/// An unsafe pattern is an answer, not a failure.
pub fn audit(path: &Path) -> anyhow::Result<ExitCode> {
    run(path, |text| {
        let file: Value = read(text)?;
        if file.get("ptable").is_some() {
            pretty(&cell_key_request(&read::<CellKeyRequest>(text)?)?)
        } else if file.get("cases").is_some() {
            pretty(&primary_request(&read::<PrimaryRequest>(text)?)?)
        } else {
            pretty(&audit_request(&read::<TableRequest>(text)?)?)
        }
    })
}

/// Prints the cells that must be suppressed so that the pattern `primary_only` becomes safe.
pub fn protect(path: &Path) -> anyhow::Result<ExitCode> {
    run(path, |text| pretty(&protect_request(&read::<TableRequest>(text)?)?))
}

/// Answers on standard output. When anything is wrong, nothing is answered, and one line says where and what to do.
fn run(path: &Path, answer: impl Fn(&str) -> anyhow::Result<String>) -> anyhow::Result<ExitCode> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; give a table file in UTF-8", path.display()))
        .and_then(|text| answer(text.trim_start_matches('\u{feff}')).with_context(|| path.display().to_string()))
        .map_err(|error| anyhow!(format!("{error:#}").replace(['\n', '\r'], " ")))?;
    let mut output = io::stdout().lock();
    writeln!(output, "{text}").and_then(|()| output.flush()).context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}

fn read<T: DeserializeOwned>(text: &str) -> anyhow::Result<T> {
    Ok(serde_json::from_str(text)?)
}

fn pretty(answer: &impl Serialize) -> anyhow::Result<String> {
    Ok(serde_json::to_string_pretty(answer)?)
}
