//! The same work by other programs, where they are installed: R with the package `survey`, and DuckDB.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::{Data, INDUSTRIES, SCORES, SIZES, VARIABLES};

/// R keeps the influence of every row on every estimate: a million of them take about 12 GB.
const ROWS_FOR_R: usize = 50_000;

/// Design with N/n as weights, raking on three margins, five means with standard error overall and by size.
const R: &str = r#"
suppressMessages(library(survey)); options(survey.lonely.psu = "certainty")
d <- read.csv(commandArgs(TRUE)[1], colClasses = c(area = "factor", industry = "factor", size = "factor", cell = "factor"))
seconds <- function(work) system.time(work)[["elapsed"]]
f <- reformulate(paste0("y", 1:5))
a <- seconds(s <- svydesign(ids = ~1, strata = ~cell, weights = ~w, data = d))
m <- function(v) { t <- aggregate(d$w, d[v], sum); names(t)[2] <- "Freq"; t }
b <- seconds(s <- rake(s, list(~area, ~industry, ~size), lapply(c("area", "industry", "size"), m)))
c <- seconds({ svymean(f, s); svyby(f, ~size, s, svymean) })
cat(sprintf("R survey, %d rows: design %.1f s, raking %.1f s, 5 means with se overall and by size %.1f s\n", nrow(d), a, b, c))
"#;

/// Prints what the programs that are installed say.
pub fn print(data: &Data) -> std::io::Result<()> {
    if answers("Rscript", &["-e", "library(survey)"]) {
        let rows = file(data, ROWS_FOR_R)?;
        let script = rows.with_extension("R");
        fs::write(&script, R)?;
        let output = Command::new("Rscript").arg(&script).arg(&rows).output()?;
        print!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        remove(&[&script, &rows])?;
    }
    if answers("duckdb", &["-version"]) {
        let rows = file(data, usize::MAX)?;
        println!(
            "DuckDB, {} rows: reading, then {VARIABLES} weighted means in 840 cells, no standard errors",
            data.cell.len()
        );
        let mut duckdb = Command::new("duckdb").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn()?;
        if let Some(input) = &mut duckdb.stdin {
            input.write_all(sql(&rows).as_bytes())?;
        }
        let output = duckdb.wait_with_output()?;
        let output = String::from_utf8_lossy(&output.stdout);
        output.lines().filter(|line| line.starts_with("Run Time")).for_each(|line| println!("  {line}"));
        remove(&[&rows])?;
    }
    Ok(())
}

/// Whether a program is there and ends well.
fn answers(program: &str, arguments: &[&str]) -> bool {
    let quiet =
        Command::new(program).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|status| status.success())
}

fn sql(rows: &Path) -> String {
    let means: Vec<String> = (1..=VARIABLES).map(|i| format!("sum(w * y{i}) / sum(w)")).collect();
    format!(
        ".timer on\ncreate table t as select * from read_csv('{}');\n.output {}\nselect cell, {} from t group by cell;\n",
        rows.display(),
        if cfg!(windows) { "NUL" } else { "/dev/null" },
        means.join(", ")
    )
}

/// The first `most` respondents as CSV in the folder for temporary files: classes, weight N/n of the cell, variables.
fn file(data: &Data, most: usize) -> std::io::Result<PathBuf> {
    let mut respondents = vec![0.0; data.population.len()];
    for &cell in data.cell.iter().take(most) {
        respondents[cell as usize] += 1.0;
    }
    let path = env::temp_dir().join(format!("million-{}.csv", std::process::id()));
    let mut output = std::io::BufWriter::new(fs::File::create(&path)?);
    let names: Vec<String> = (1..=VARIABLES).map(|i| format!("y{i}")).collect();
    writeln!(output, "area,industry,size,cell,w,{}", names.join(","))?;
    for (row, &cell) in data.cell.iter().enumerate().take(most) {
        let at = cell as usize;
        let (area, industry, size) = (at / (INDUSTRIES * SIZES), at / SIZES % INDUSTRIES, at % SIZES);
        let weight = data.population[at] / respondents[at];
        let mut line = format!("A{area},I{industry},S{size},C{cell},{weight}");
        for (variable, column) in data.columns.iter().enumerate() {
            let value = column[row];
            let _ = if variable < SCORES { write!(line, ",{value:.2}") } else { write!(line, ",{value:.0}") };
        }
        writeln!(output, "{line}")?;
    }
    output.flush()?;
    Ok(path)
}

fn remove(files: &[&PathBuf]) -> std::io::Result<()> {
    files.iter().try_for_each(fs::remove_file)
}
