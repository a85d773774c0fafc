//! The command line.

use std::{
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::{Parser, Subcommand};
use model::questionnaire::Questionnaire;
use tracing_subscriber::EnvFilter;

use crate::store::chain::Head;

mod database;
mod disclosure;
mod estimate;
mod import;
mod indicators;
mod questionnaire;
mod release;
mod score;
mod serve;
mod user;

/// Thước Số: measures how digital the enterprises of a province are.
#[derive(Debug, Parser)]
#[command(name = "thuocso", version, about, args_conflicts_with_subcommands = true)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: serve::Serve,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start the server (also without any command).
    Serve(Box<serve::Serve>),
    /// Bring the database up to date and stop.
    Migrate(DatabaseArgs),
    /// Verify that the database keeps its promises.
    Check {
        #[command(flatten)]
        database: DatabaseArgs,
        /// The end of the audit log that an earlier check printed: is everything up to there still the same?
        #[arg(long, value_name = "NUMBER:HASH", value_parser = database::noted_head)]
        audit_head: Option<Head>,
    },
    /// Manage the accounts of associations and the province.
    #[command(subcommand)]
    User(user::User),
    /// Import the register of enterprises from a CSV or XLSX file.
    Import(import::Import),
    /// Work on questionnaire files.
    #[command(subcommand)]
    Questionnaire(questionnaire::Command),
    /// Work on files of indicators.
    #[command(subcommand)]
    Indicators(indicators::Command),
    /// Work on releases.
    #[command(subcommand)]
    Release(release::Command),
    /// Score answer sets, one JSON object per line from standard input.
    Score {
        /// A questionnaire file, or the name of a built-in one: bn5.
        questionnaire: PathBuf,
    },
    /// Estimate means, totals, proportions, ratios, quantiles and changes from CSV files.
    Estimate {
        /// A request file; the paths in it are relative to it.
        request: PathBuf,
    },
    /// Tell what an attacker learns from a table in which some cells are suppressed.
    Audit {
        /// A table file with patterns of suppressed cells, or a file of cases.
        table: PathBuf,
    },
    /// Choose which further cells of a table to suppress so that nobody learns a sensitive one.
    Protect {
        /// A table file with the pattern `primary_only`.
        table: PathBuf,
    },
}

#[derive(Debug, clap::Args)]
struct DatabaseArgs {
    /// The database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, env = "THUOCSO_DATABASE", default_value = "sqlite:data/thuocso.sqlite")]
    database: String,
}

/// Runs the command line. Exit code 0: done; 1: bad input or a failure, said on standard error; 2: wrong usage.
pub async fn run() -> ExitCode {
    let cli = Cli::parse();
    let filter = EnvFilter::try_from_env("THUOCSO_LOG").unwrap_or_else(|_| EnvFilter::new("warn,server=info"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    let done = match cli.command {
        None => serve::run(cli.serve).await,
        Some(Command::Serve(serve)) => serve::run(*serve).await,
        Some(Command::Migrate(args)) => database::migrate(&args.database).await,
        Some(Command::Check { database, audit_head }) => database::check(&database.database, audit_head.as_ref()).await,
        Some(Command::User(user)) => user::run(user).await,
        Some(Command::Import(arguments)) => import::run(arguments).await,
        Some(Command::Questionnaire(command)) => questionnaire::run(command),
        Some(Command::Indicators(command)) => indicators::run(command),
        Some(Command::Release(command)) => release::run(command),
        Some(Command::Score { questionnaire }) => score::run(&questionnaire),
        Some(Command::Estimate { request }) => estimate::run(&request),
        Some(Command::Audit { table }) => disclosure::audit(&table),
        Some(Command::Protect { table }) => disclosure::protect(&table),
    };
    done.unwrap_or_else(|error| {
        eprintln!("thuocso: {error:#}");
        ExitCode::FAILURE
    })
}

/// Reads a questionnaire by the name of a built-in one or from a file.
fn load_questionnaire(name: &Path) -> anyhow::Result<Questionnaire> {
    if let Some(built_in) = name.to_str().and_then(Questionnaire::builtin) {
        return Ok(built_in.clone());
    }
    let file = std::fs::read_to_string(name).with_context(|| {
        format!("cannot read {}; give a questionnaire file or the name of a built-in one (bn5)", name.display())
    })?;
    Questionnaire::parse(&file).map_err(|problems| {
        let lines: Vec<String> = problems.iter().map(ToString::to_string).collect();
        anyhow::anyhow!("{} has mistakes:\n{}", name.display(), lines.join("\n"))
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        super::Cli::command().debug_assert();
    }
}
