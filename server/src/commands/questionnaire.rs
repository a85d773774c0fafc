//! `questionnaire check FILE`: explains what is wrong, with the place.

use std::{path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::Subcommand;
use model::questionnaire::Questionnaire;

/// Commands on questionnaire files.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// List every mistake of a questionnaire file with its place and remedy.
    Check {
        /// The file.
        file: PathBuf,
    },
}

/// Runs the command.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Check { file } = command;
    let text = std::fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    match Questionnaire::parse(&text) {
        Ok(questionnaire) => {
            let pillars = questionnaire.pillars().count();
            let (items, facts) = (questionnaire.items.len(), questionnaire.facts.len());
            println!(
                "{} {}: {pillars} pillars, {items} items, {facts} facts, no mistakes",
                questionnaire.id, questionnaire.version
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
