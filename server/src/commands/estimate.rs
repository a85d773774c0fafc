//! `estimate REQUEST.json`: weights and estimates from CSV files, without a server.

use std::{
    fs,
    io::{self, Write as _},
    path::Path,
    process::ExitCode,
};

use anyhow::{Context as _, anyhow};
use model::statistics::{
    request::{self, Answer, File, Request, Tables},
    table::{Table, TableBuilder},
};

/// Answers the request on standard output. When anything is wrong, nothing is answered, and one line says where and
/// what to do.
pub fn run(path: &Path) -> anyhow::Result<ExitCode> {
    let answer = answer(path).map_err(|error| anyhow!(format!("{error:#}").replace(['\n', '\r'], " ")))?;
    let answer = serde_json::to_string_pretty(&answer)?;
    let mut output = io::stdout().lock();
    writeln!(output, "{answer}").and_then(|()| output.flush()).context("cannot write to standard output")?;
    Ok(ExitCode::SUCCESS)
}

fn answer(path: &Path) -> anyhow::Result<Answer> {
    let text = fs::read_to_string(path)
        .with_context(|| format!("cannot read {}; give a request file in UTF-8", path.display()))?;
    let place = || path.display().to_string();
    let request: Request = serde_json::from_str(text.trim_start_matches('\u{feff}')).with_context(place)?;
    let files = request.files().with_context(place)?;
    // Paths in the request are relative to the request file.
    let folder = path.parent().unwrap_or(Path::new(""));
    let read = |file: &File| read_table(folder, file);
    let tables = Tables {
        data: files.data.iter().map(read).collect::<Result<_, _>>()?,
        stacked: files.stacked.as_ref().map(read).transpose()?,
        cells: files.cells.as_ref().map(read).transpose()?,
        margins: files.margins.as_ref().map(read).transpose()?,
    };
    request::estimate(&request, tables).with_context(place)
}

fn read_table(folder: &Path, file: &File) -> anyhow::Result<Table> {
    let path = folder.join(&file.path);
    let place = || format!("cannot read {}; give a CSV file in UTF-8 with a header", path.display());
    // Rows of another length are refused by the table, which knows their line.
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_path(&path).with_context(place)?;
    let header = reader.headers().with_context(place)?.clone();
    let mut names: Vec<&str> = header.iter().collect();
    if let Some(first) = names.first_mut() {
        *first = first.trim_start_matches('\u{feff}');
    }
    let mut table = TableBuilder::new(&path.display().to_string(), &names, &file.needs)?;
    let mut record = csv::StringRecord::new();
    while reader.read_record(&mut record).with_context(place)? {
        table.push(&record.iter().collect::<Vec<_>>())?;
    }
    Ok(table.finish())
}
