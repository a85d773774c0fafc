//! `indicators check FILE`: explains what is wrong in a file of indicators, with the place.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;
use model::indicator::Indicators;

/// Commands on files of indicators.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List every mistake of a file of indicators with its place and remedy.
    Check {
        /// The file.
        file: PathBuf,
        /// The questionnaire whose answers it uses: a file, or the name of a built-in one.
        #[arg(long, default_value = "bn5")]
        questionnaire: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Check { file, questionnaire } = command;
    check(&file, &questionnaire)
}

fn check(file: &Path, questionnaire: &Path) -> anyhow::Result<ExitCode> {
    let questionnaire = super::load_questionnaire(questionnaire)?;
    let text = std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))?;
    match Indicators::parse(&text, &questionnaire) {
        Ok(indicators) => {
            let figures: usize = indicators.indicators.iter().map(|one| one.figures(&questionnaire).len()).sum();
            println!(
                "{} {}: {} indicators with {figures} figures in {} tables, no mistakes",
                indicators.questionnaire,
                indicators.version,
                indicators.indicators.len(),
                indicators.tables.len()
            );
            Ok(ExitCode::SUCCESS)
        }
        Err(problems) => {
            problems.iter().for_each(|problem| eprintln!("{}: {problem}", file.display()));
            eprintln!("{} mistakes", problems.len());
            Ok(ExitCode::FAILURE)
        }
    }
}
