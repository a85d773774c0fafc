//! Times disclosure control: `cargo run --release -p model --example audit_speed [RESPONDENTS]`.
//!
//! A cube of 10 areas × 21 industries × 4 sizes with all margins (1,210 cells) from synthetic respondents, of counts and
//! of mean scores: the pattern that protects every cell of fewer than 5, and its audit with everything an attacker may
//! try; and the audit of a pattern that hides too little.

use std::collections::BTreeMap;
use std::time::Instant;

use model::disclosure::audit::{Pattern, Protection, audit};
use model::disclosure::cube::{Cube, Dimension, Leaf, Measure};
use model::disclosure::primary::POINTS;
use model::disclosure::protect::{Task, protect};

const NMIN: u32 = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let respondents = std::env::args().nth(1).map_or(Ok(6_000), |a| a.parse())?;
    time("counts", cube(respondents, Measure::Sum)?, Protection::default())?;
    time("scores", cube(respondents, Measure::Mean(0.0, 100.0))?, POINTS)
}

fn time(what: &str, cube: Cube, need: Protection) -> Result<(), Box<dyn std::error::Error>> {
    let table = cube.table()?;
    let small = table.cells().iter().filter(|cell| 0 < cell.n && cell.n < NMIN);
    let sensitive: Vec<_> =
        small.map(|cell| (cell.id.clone(), need.within(cell.value, (cell.lower, cell.upper)))).collect();
    println!(
        "{what}: {} cells, {} equations, {} below {NMIN}",
        table.cells().len(),
        table.lines().len(),
        sensitive.len()
    );

    let start = Instant::now();
    let headline = vec!["T|T|T".to_owned()];
    let task = Task { nmin: NMIN, sensitive: sensitive.clone(), headline, ..Task::default() };
    let suppressed = protect(&table, &task)?;
    println!("  protect {:>7.3} s ({} suppressed)", start.elapsed().as_secs_f64(), suppressed.len());

    let primary: Vec<String> = sensitive.iter().map(|one| one.0.clone()).collect();
    for (name, suppressed) in [("audit", suppressed), ("audit of too little", primary)] {
        let start = Instant::now();
        let found = audit(&table, NMIN, &Pattern { suppressed, sensitive: sensitive.clone(), ..Pattern::default() })?;
        println!("  {name} {:>7.3} s ({} faults)", start.elapsed().as_secs_f64(), found.reasons().len());
    }
    Ok(())
}

/// Respondents crowd in few areas, industries and sizes; one enterprise in five answers.
fn cube(respondents: u32, measure: Measure) -> Result<Cube, Box<dyn std::error::Error>> {
    let codes = |letter: char, count: u32| (0..count).map(|i| format!("{letter}{i:02}")).collect::<Vec<_>>();
    let lists = [codes('A', 10), codes('I', 21), codes('S', 4)];
    let flat = |(name, list): (&str, &Vec<String>)| {
        Dimension::flat(name, "T", &list.iter().map(String::as_str).collect::<Vec<_>>())
    };
    let dimensions: Vec<Dimension> = ["area", "industry", "size"].into_iter().zip(&lists).map(flat).collect();
    let mut state = 42_u64;
    let mut below = |end: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let share = (state >> 11) as f64 / (1_u64 << 53) as f64;
        // Squares crowd at the first codes.
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "below `end`: truncation picks one"
        )]
        let at = (share * share * end as f64) as usize;
        at
    };
    let mut leaves = BTreeMap::new();
    for _ in 0..respondents {
        let cell: Vec<String> = lists.iter().map(|list| list[below(list.len())].clone()).collect();
        let leaf = leaves.entry(cell).or_insert(Leaf { value: 0.0, n: 0, population: 0 });
        leaf.value = if measure == Measure::Sum { leaf.value + 1.0 } else { 10.0 + below(80) as f64 };
        leaf.n += 1;
        leaf.population += 5;
    }
    Ok(Cube::new(&dimensions, &leaves, measure)?)
}
