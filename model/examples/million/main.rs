//! Times the statistics of a release: `cargo run --release -p model --example million [ROWS] [THREADS]`.
//!
//! Synthetic respondents in 10 areas × 21 industries × 4 sizes (840 cells): collapse, raking on 3 margins, then 5
//! scores and 25 indicators with standard error and interval by every margin and cell. Where R with `survey` or DuckDB
//! is installed, their times for their part of it stand below.

mod beside;

use std::time::Instant;

use model::statistics::estimate::cell::{CellDesign, CellRows, canonical_order, in_parallel, moments};
use model::statistics::estimate::{Estimate, SinglePsu};
use model::statistics::frame::{Cells, CollapseRule, collapse};
use model::statistics::interval::{published_proportion, t_interval};
use model::statistics::table::Codes;
use model::statistics::weight::{Distance, Incidence, Margin, MarginColumns, calibrate};

const AREAS: usize = 10;
const INDUSTRIES: usize = 21;
const SIZES: usize = 4;
const CELLS: usize = AREAS * INDUSTRIES * SIZES;
const SCORES: usize = 5;
const VARIABLES: usize = 30;

struct Data {
    id: Vec<u64>,
    cell: Vec<u32>,
    columns: Vec<Vec<f64>>,
    population: Vec<f64>,
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut arguments = std::env::args().skip(1);
    let rows = arguments.next().map_or(Ok(1_000_000), |a| a.parse())?;
    let threads = arguments.next().map_or(Ok(2), |a| a.parse())?;
    let data = synthetic(rows);
    println!("{rows} rows, {VARIABLES} variables, {threads} threads; data: {} MB", peak_mb());

    let start = Instant::now();
    let order = canonical_order(&data.id).ok_or("an identifier repeats")?;
    let cell_rows = CellRows::new(&data.cell, CELLS, &order);
    let respondents = cell_rows.respondents();
    println!("order and cells     {:>7.3} s", start.elapsed().as_secs_f64());

    let labels = cell_labels();
    let strata = collapse(&frame(&data, &respondents, &labels), CollapseRule::default())?;
    let design = CellDesign::new(&strata, &respondents, false, SinglePsu::Zero)?;
    let design = raked(design, &data.population, &labels)?;
    println!("collapse and raking {:>7.3} s ({} strata)", start.elapsed().as_secs_f64(), strata.len());

    let columns: Vec<&[f64]> = data.columns.iter().map(Vec::as_slice).collect();
    let moments = moments(&cell_rows, &columns, threads);
    println!("moments             {:>7.3} s", start.elapsed().as_secs_f64());

    let domains = domains();
    let results = in_parallel(VARIABLES, threads, |variable| {
        let estimates = domains.iter().filter_map(|d| design.mean(&moments[variable], d).ok());
        let published = estimates.map(|e| (e, interval(&e, variable < SCORES)));
        published.collect::<Vec<_>>()
    });
    let elapsed = start.elapsed().as_secs_f64();
    let count: usize = results.iter().map(Vec::len).sum();
    println!("estimates           {elapsed:>7.3} s ({count} with se and interval)");
    let checksum: u64 = results.iter().flatten().fold(0, |bits, (estimate, limits)| {
        let limits = limits.unwrap_or_default();
        let parts = [estimate.estimate, estimate.se, limits[0], limits[1]];
        parts.iter().fold(bits, |bits, x| bits.rotate_left(7) ^ x.to_bits())
    });
    println!("all {elapsed:.3} s, peak {} MB, bits {checksum:016x}", peak_mb());
    Ok(beside::print(&data)?)
}

fn interval(estimate: &Estimate, is_score: bool) -> Option<[f64; 2]> {
    let (p, se, df) = (estimate.estimate, estimate.se, estimate.df);
    if is_score {
        return t_interval(p, se, df);
    }
    published_proportion(p, se, df, estimate.n, estimate.kish_deff).map(|i| i.limits())
}

/// Labels of area, industry, industry group and size per cell.
fn cell_labels() -> [Vec<String>; 4] {
    let area = |c: usize| c / (INDUSTRIES * SIZES);
    let industry = |c: usize| c / SIZES % INDUSTRIES;
    let label = |prefix: &str, of: &dyn Fn(usize) -> usize| -> Vec<String> {
        (0..CELLS).map(|c| format!("{prefix}{:02}", of(c))).collect()
    };
    [label("A", &area), label("I", &industry), label("G", &|c| industry(c) / 3), label("S", &|c| c % SIZES)]
}

fn frame(data: &Data, respondents: &[u32], labels: &[Vec<String>; 4]) -> Cells {
    let columns: Vec<Codes> = labels.iter().map(Codes::from_labels).collect();
    let [area, industry, group, size] = [0, 1, 2, 3].map(|i| &columns[i]);
    let keys: [&[&Codes]; 4] = [&[area, industry, size], &[area, group, size], &[group, size], &[size]];
    Cells {
        population: data.population.clone(),
        respondents: respondents.to_vec(),
        levels: keys.iter().map(|key| Codes::crossed(key, CELLS)).collect(),
    }
}

fn raked(
    design: CellDesign,
    population: &[f64],
    labels: &[Vec<String>; 4],
) -> Result<CellDesign, Box<dyn std::error::Error>> {
    let mut margins = Vec::new();
    let mut codes = Vec::new();
    for labels in [&labels[0], &labels[1], &labels[3]] {
        let all = Codes::from_labels(labels);
        let mut totals: Vec<(Vec<String>, f64)> = all.levels.iter().map(|level| (vec![level.clone()], 0.0)).collect();
        for (cell, n) in population.iter().enumerate() {
            totals[all.code[cell] as usize].1 += n;
        }
        let by = vec!["class".to_owned()];
        margins.push(Margin { by, totals });
        let responding = design.responding().iter().map(|&cell| &labels[cell as usize]);
        codes.push([Codes::from_labels(responding)]);
    }
    let codes: Vec<[&Codes; 1]> = codes.iter().map(|c| [&c[0]]).collect();
    let columns = margins.iter().zip(&codes);
    let columns = columns.map(|(margin, codes)| MarginColumns { margin, codes });
    let columns: Vec<MarginColumns> = columns.collect();
    let units = design.responding().len();
    let incidence = Incidence::new(&columns, units, |unit| format!("cell {unit}"))?;
    let calibration = calibrate(incidence, design.mass(), Distance::Raking)?;
    Ok(design.calibrated(calibration))
}

/// The total, the categories of the three margins, and the cells.
fn domains() -> Vec<Vec<u32>> {
    let every = |keep: &dyn Fn(usize) -> bool| -> Vec<u32> {
        (0..).zip(0..CELLS).filter(|(_, c)| keep(*c)).map(|(cell, _)| cell).collect()
    };
    let mut domains = vec![every(&|_| true)];
    for area in 0..AREAS {
        domains.push(every(&|c| c / (INDUSTRIES * SIZES) == area));
    }
    for industry in 0..INDUSTRIES {
        domains.push(every(&|c| c / SIZES % INDUSTRIES == industry));
    }
    for size in 0..SIZES {
        domains.push(every(&|c| c % SIZES == size));
    }
    domains.extend((0..).take(CELLS).map(|c| vec![c]));
    domains
}

/// Respondents in shuffled order, about one enterprise in two answering.
fn synthetic(rows: usize) -> Data {
    let mut state = 42_u64;
    let mut random = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let weight: Vec<f64> = (0..CELLS).map(|c| 1.0 / (1 + c % SIZES * 3 + c % 7) as f64).collect();
    let total: f64 = weight.iter().sum();
    let mut cell = Vec::with_capacity(rows);
    for _ in 0..rows {
        let mut left = random() * total;
        let at = (0..).zip(&weight).find(|(_, weight)| {
            left -= **weight;
            left < 0.0
        });
        cell.push(at.map_or(0, |(cell, _)| cell));
    }
    let mut population = vec![0.0; CELLS];
    for &c in &cell {
        population[c as usize] += 1.0 + f64::from(random() < 0.8) + f64::from(random() < 0.3);
    }
    let column = |variable: usize, random: &mut dyn FnMut() -> f64| -> Vec<f64> {
        let value = |&cell: &u32| {
            let level = 0.2 + 0.5 * f64::from(cell % 11) / 11.0;
            if variable < SCORES {
                (100.0 * (0.7 * level + 0.3 * random()) * 100.0).round() / 100.0
            } else {
                f64::from(random() < level)
            }
        };
        cell.iter().map(value).collect()
    };
    let columns = (0..VARIABLES).map(|v| column(v, &mut random)).collect();
    // An odd multiplier permutes the identifiers.
    let id = (0..rows as u64).map(|i| i.wrapping_mul(0x9E37_79B9_7F4A_7C15)).collect();
    Data { id, cell, columns, population }
}

/// Peak resident memory of this process on Linux, in MB.
fn peak_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM"));
    let kb = line.and_then(|line| line.split_whitespace().nth(1));
    kb.and_then(|kb| kb.parse::<u64>().ok()).unwrap_or(0) / 1024
}
