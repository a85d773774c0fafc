//! `import FILE`: the register from a file, with a progress bar when somebody looks.

use std::{
    io::{IsTerminal as _, Write as _},
    path::PathBuf,
    process::ExitCode,
};

use anyhow::{Context as _, anyhow, bail};
use app::{i18n::Tr, pages::province::words};
use clap::Args;
use model::{
    classification::Vsic,
    register::{Column, Mapping, Money},
    text::Lang,
};

use crate::{
    clock,
    http::register_import::{hash, store_file},
    import::{self, file::Kind},
    store::{Counts, Store},
};

/// How many rejected rows are printed; all of them are on the page of the import.
const PRINTED: i64 = 20;

/// What to import and how.
#[derive(Debug, Args)]
pub struct Import {
    /// A CSV or XLSX file with headers.
    file: PathBuf,
    /// What a column is, such as `--map "tax_code=MST"`: the field, then the header or the number of the column from 1.
    /// Repeat it for every column that is not recognised.
    #[arg(long = "map", value_name = "FIELD=COLUMN")]
    map: Vec<String>,
    /// The version of the industry codes: 2018 or 2025.
    #[arg(long)]
    vsic: Option<Vsic>,
    /// The unit of revenue and capital: dong, thousand, million or billion.
    #[arg(long)]
    money: Option<String>,
    #[command(flatten)]
    database: super::DatabaseArgs,
}

/// Runs the command.
pub async fn run(arguments: Import) -> anyhow::Result<ExitCode> {
    let place = arguments.file.display().to_string();
    let content = std::fs::read(&arguments.file).with_context(|| format!("cannot read {place}"))?;
    let kind = Kind::of(&content).with_context(|| place.clone())?;
    let headers = kind.headers(&content).with_context(|| place.clone())?;
    let store =
        Store::open(&arguments.database.database).await.context("cannot open the database; check --database")?;
    let name = arguments.file.file_name().map_or_else(|| place.clone(), |name| name.to_string_lossy().into_owned());
    let id = store_file(&store, &name, kind, &headers, &content, None).await?;
    drop(content);
    let stored = store.import(id).await?.context("the import is gone")?;
    let mapping = mapping(&arguments, stored.mapping, &headers.names).with_context(|| place.clone())?;
    store.map_import(id, hash(&headers.names), &mapping, (None, clock::id()), clock::now()).await?;
    if !store.start_import(id, None, clock::id(), clock::now()).await? {
        bail!("another import is running; wait for it to end");
    }
    let mut bar = Bar::new(stored.lines);
    let counts = import::run(&store, id, &mut |counts| bar.show(counts)).await.with_context(|| place.clone())?;
    bar.end();
    println!(
        "{place}: {} new, {} changed, {} unchanged, {} rejected",
        counts.added, counts.changed, counts.unchanged, counts.rejected
    );
    print_rejected(&store, id, counts.rejected).await?;
    store.close().await;
    Ok(if counts.rejected == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

async fn print_rejected(store: &Store, id: uuid::Uuid, rejected: i64) -> anyhow::Result<()> {
    for row in store.rejections(id, 0, PRINTED).await? {
        let problems: Vec<String> = row.problems.iter().map(|one| words::problem(Tr::new(Lang::En), one)).collect();
        eprintln!("line {}: {}", row.line, problems.join("; "));
    }
    if rejected > PRINTED {
        eprintln!("… and {} more: /province/register/imports/{id}", rejected - PRINTED);
    }
    Ok(())
}

/// What is known of the columns, changed by what was said on the command line.
fn mapping(arguments: &Import, known: Mapping, headers: &[String]) -> anyhow::Result<Mapping> {
    let mut mapping = known;
    for said in &arguments.map {
        let (field, column) = said.split_once('=').with_context(|| format!("--map {said:?}: write FIELD=COLUMN"))?;
        let fields = || Column::ALL.map(Column::as_str).join(", ");
        let field = Column::from_code(field).with_context(|| format!("no field {field:?}; use {}", fields()))?;
        let by_number = column.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
        let at = headers.iter().position(|header| header == column).or(by_number.filter(|at| *at < headers.len()));
        let at = at.with_context(|| format!("no column {column:?}; the headers are {}", headers.join(", ")))?;
        mapping.columns.retain(|_, other| *other != at);
        mapping.columns.insert(field, at);
    }
    mapping.vsic = arguments.vsic.unwrap_or(mapping.vsic);
    if let Some(said) = &arguments.money {
        let known = Money::ALL.into_iter().find(|money| money.as_str() == said);
        mapping.money = known.with_context(|| format!("no unit {said:?}; use dong, thousand, million or billion"))?;
    }
    match mapping.missing()[..] {
        [] => Ok(mapping),
        [first, ..] => Err(anyhow!(
            "no column is recognised for {}; the headers are {}: say --map \"{}=HEADER\"",
            first.as_str(),
            headers.join(", "),
            first.as_str()
        )),
    }
}

/// A line on a terminal that says how far the import is; nothing elsewhere.
struct Bar {
    lines: i64,
    visible: bool,
}

impl Bar {
    fn new(lines: i64) -> Self {
        Self { lines: lines.max(1), visible: std::io::stderr().is_terminal() }
    }

    fn show(&mut self, counts: Counts) {
        const WIDTH: i64 = 40;
        if !self.visible {
            return;
        }
        let done = (counts.rows() * WIDTH / self.lines).clamp(0, WIDTH);
        let done = usize::try_from(done).unwrap_or_default();
        let mut out = std::io::stderr().lock();
        // A terminal that is gone is no reason to stop.
        let _ = write!(out, "\r[{:<40}] {} / {} rows", "#".repeat(done), counts.rows(), self.lines);
        let _ = out.flush();
    }

    fn end(&self) {
        if self.visible {
            eprintln!();
        }
    }
}
