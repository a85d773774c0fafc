//! `release verify FILE`: recomputes a release from its archive and compares every number.

use std::{
    fs::File,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Subcommand;
use model::release::{Earlier, Microdata, Release, archive, verify};

/// What to do with releases.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Recompute a release from its archive and compare every number.
    Verify {
        /// The archive, from the release's page.
        file: PathBuf,
        /// Archives of the earlier releases of the same campaign, oldest first; needed for a correction.
        #[arg(long)]
        earlier: Vec<PathBuf>,
        /// Archive of the release of the campaign that changes are counted from; needed where there are changes.
        #[arg(long)]
        before: Option<PathBuf>,
    },
}

/// Runs the command. Exit code 1 when a number differs.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    let Command::Verify { file, earlier, before } = command;
    let (release, microdata) = read(&file)?;
    let whole = |path: &PathBuf| read(path).map(|(release, microdata)| Earlier { release, microdata });
    let earlier = earlier.iter().map(whole).collect::<anyhow::Result<Vec<_>>>()?;
    let before = before.as_ref().map(whole).transpose()?;
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let found = verify(&release, &microdata, &earlier, before.as_ref(), threads)
        .with_context(|| format!("release {} cannot be recomputed from {}", release.number, file.display()))?;
    let figures: usize = release.indicators.iter().map(|indicator| indicator.figures.len()).sum();
    for one in &found {
        println!("{}: released {}, computed {}", one.place, one.released, one.computed);
    }
    if found.is_empty() {
        println!("release {}: {figures} figures agree, hash {}", release.number, release.hash);
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("release {}: {} differences; do not use it before they are explained", release.number, found.len());
    Ok(ExitCode::FAILURE)
}

fn read(path: &Path) -> anyhow::Result<(Release, Microdata)> {
    let place = || format!("cannot read {}; give the archive of a release", path.display());
    let reader = BufReader::new(File::open(path).with_context(place)?);
    let mut failure = None;
    let lines = reader.lines().map_while(|line| line.map_err(|error| failure = Some(error)).ok());
    let read = archive::read(lines);
    match failure {
        Some(error) => Err(error).with_context(place),
        None => read.with_context(place),
    }
}
