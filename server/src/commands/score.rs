//! `score QUESTIONNAIRE < cases.jsonl`: scores answer sets without a server.

use std::{
    io::{self, BufRead as _, BufWriter, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::Context as _;
use model::batch::score_line;

/// Scores every line; a wrong line is named on standard error and the others are still scored.
pub fn run(questionnaire: &Path) -> anyhow::Result<ExitCode> {
    let questionnaire = super::load_questionnaire(questionnaire)?;
    let mut output = BufWriter::new(io::stdout().lock());
    let mut all_good = true;
    for (index, line) in io::stdin().lock().split(b'\n').enumerate() {
        let bytes = line.context("cannot read standard input")?;
        let number = index + 1;
        let Ok(line) = std::str::from_utf8(&bytes) else {
            all_good = false;
            eprintln!("line {number}: not UTF-8; save the file as UTF-8");
            continue;
        };
        if line.trim().is_empty() {
            continue;
        }
        match score_line(&questionnaire, line) {
            Ok(result) => writeln!(output, "{result}")?,
            Err(error) => {
                all_good = false;
                eprintln!("line {number}: {error}");
            }
        }
    }
    output.flush()?;
    Ok(if all_good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
