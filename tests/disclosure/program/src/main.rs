//! `cli audit FILE` and `cli protect FILE`: for trying the `model` crate out.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;

use model::disclosure::DisclosureError;
use model::disclosure::request::{
    CellKeyRequest, PrimaryRequest, TableRequest, audit_request, cell_key_request, primary_request, protect_request,
};
use thiserror::Error;

#[derive(Debug, Error)]
enum Error {
    #[error("usage: cli audit|protect FILE")]
    Usage,
    #[error("{path}: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path}: {source}")]
    Json { path: PathBuf, source: serde_json::Error },
    #[error("{path}: {source}")]
    Disclosure { path: PathBuf, source: DisclosureError },
}

/// Why a file has no answer.
enum Fault {
    Json(serde_json::Error),
    Disclosure(DisclosureError),
}

fn main() -> ExitCode {
    match run() {
        Ok(answer) => {
            println!("{answer}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{}", error.to_string().replace(['\n', '\r'], " "));
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<String, Error> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(command), Some(path), None) = (arguments.next(), arguments.next(), arguments.next()) else {
        return Err(Error::Usage);
    };
    let path = PathBuf::from(path);
    let answer: fn(&str) -> Result<String, Fault> = match command.to_str() {
        Some("audit") => audit,
        Some("protect") => protect,
        _ => return Err(Error::Usage),
    };
    let text = fs::read_to_string(&path).map_err(|source| Error::Read { path: path.clone(), source })?;
    answer(&text).map_err(|fault| match fault {
        Fault::Json(source) => Error::Json { path, source },
        Fault::Disclosure(source) => Error::Disclosure { path, source },
    })
}

/// Judges the patterns of a table, or answers the cases of primary rules or of cell keys.
fn audit(text: &str) -> Result<String, Fault> {
    let file: serde_json::Value = serde_json::from_str(text)?;
    let answer = if file.get("ptable").is_some() {
        serde_json::to_string_pretty(&cell_key_request(&serde_json::from_str::<CellKeyRequest>(text)?)?)
    } else if file.get("cases").is_some() {
        serde_json::to_string_pretty(&primary_request(&serde_json::from_str::<PrimaryRequest>(text)?)?)
    } else {
        serde_json::to_string_pretty(&audit_request(&serde_json::from_str::<TableRequest>(text)?)?)
    };
    Ok(answer?)
}

fn protect(text: &str) -> Result<String, Fault> {
    let answer = protect_request(&serde_json::from_str::<TableRequest>(text)?)?;
    Ok(serde_json::to_string_pretty(&answer)?)
}

impl From<serde_json::Error> for Fault {
    fn from(error: serde_json::Error) -> Self {
        Self::Json(error)
    }
}

impl From<DisclosureError> for Fault {
    fn from(error: DisclosureError) -> Self {
        Self::Disclosure(error)
    }
}
