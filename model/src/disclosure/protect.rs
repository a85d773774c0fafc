//! Complementary suppression: which further cells to suppress so that nobody learns a sensitive one.
//!
//! A pattern is built by cheapest circulations (method 11, step 3), repaired against insiders (step 4), cleaned up
//! (step 5) and improved by taking parts of it away and building them anew at other prices. The result must pass the
//! audit, which uses another solver (step 6); otherwise nothing is returned.

mod draft;

use super::DisclosureError;
use super::audit::{Pattern, Protection, verdict};
use super::table::{Line, Table};
use draft::{Draft, Setting};

/// What to protect, and what must stay published.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Task {
    /// Fewest enterprise groups a figure may rest on.
    pub nmin: u32,
    /// Sensitive cells with the protection they need (see [`super::primary`]).
    pub sensitive: Vec<(String, Protection)>,
    /// Cells suppressed anyway, such as in earlier releases of the wave.
    pub suppressed: Vec<String>,
    /// Those of them that may become known: neither sensitive themselves nor needed to hide others.
    pub known: Vec<String>,
    /// Cells that nobody would publish anyway, so that suppressing them costs next to nothing.
    pub free: Vec<String>,
    /// Cells that must be published: headline figures.
    pub headline: Vec<String>,
}

/// Work for improvements, in operations: about a second for small tables. It is counted, not timed, so that results are the same
/// everywhere.
const WORK: u64 = 300_000_000;

/// Rounds of improvement at most.
const ROUNDS: u64 = 1500;

/// Price of a total in units of other cells: readers miss it more.
const TOTAL: f64 = 3.0;

/// Share of the price of a cell that depends on its contributors, so that small cells go first.
const SIZE: f64 = 0.05;

/// Price of a cell that nobody would publish anyway, in units of other cells.
const FREE: f64 = 0.01;

/// A safe pattern: the suppressed cells, in the order of the table.
///
/// Structural zeros (no contributors) and headline cells are never suppressed further. Patterns with few cells and few
/// totals are preferred, then those of small cells.
///
/// # Errors
/// An unknown cell, a sensitive cell that is a headline cell, [`DisclosureError::Unprotectable`] when no suppression
/// protects a cell, and the errors of [`verdict`].
pub fn protect(table: &Table, task: &Task) -> Result<Vec<String>, DisclosureError> {
    protect_within(table, task, WORK)
}

/// The same with at most `work` operations spent on making the pattern smaller; with none, the first safe one is taken.
///
/// # Errors
/// As [`protect`].
pub fn protect_within(table: &Table, task: &Task, work: u64) -> Result<Vec<String>, DisclosureError> {
    let setting = setting(table, task)?;
    let mut best = Draft::new(&setting);
    best.build(&setting, &setting.prices, 0)?;
    best.clean(&setting);
    improve(&setting, &mut best, work);
    let named = |cell: usize| table.cells()[cell].id.clone();
    let suppressed: Vec<String> = best.members().map(named).collect();
    let pattern = Pattern { suppressed, sensitive: task.sensitive.clone(), ..Pattern::default() };
    let found = verdict(table, task.nmin, &pattern)?;
    if !found.is_publishable() {
        let problem = format!("the pattern found fails its audit: {}", found.reasons().join("; "));
        return Err(DisclosureError::Invalid { place: "protect".into(), problem });
    }
    Ok(pattern.suppressed)
}

fn setting<'a>(table: &'a Table, task: &Task) -> Result<Setting<'a>, DisclosureError> {
    let index = |place: &'static str| move |name: &String| table.index(place, name);
    let headline = task.headline.iter().map(index("headline")).collect::<Result<Vec<_>, _>>()?;
    let mut forced = task.suppressed.iter().map(index("suppressed")).collect::<Result<Vec<_>, _>>()?;
    let one = |(name, need): &(String, Protection)| Ok((table.index("sensitive", name)?, *need));
    let mut sensitive = task.sensitive.iter().map(one).collect::<Result<Vec<_>, DisclosureError>>()?;
    let hard = |one: &(usize, Protection)| one.1.lower.max(one.1.upper);
    sensitive.sort_by(|a, b| hard(b).total_cmp(&hard(a)).then(a.0.cmp(&b.0)));
    forced.extend(sensitive.iter().map(|one| one.0));
    forced.sort_unstable();
    forced.dedup();
    if let Some(&cell) = headline.iter().find(|cell| forced.contains(cell)) {
        let cell = table.cells()[cell].id.clone();
        return Err(DisclosureError::Unprotectable { cell, problem: "it is a headline figure and sensitive".into() });
    }
    let known = task.known.iter().map(index("known")).collect::<Result<Vec<_>, _>>()?;
    let mut prices = prices(table, &headline);
    for cell in task.free.iter().map(index("free")) {
        prices[cell?] *= FREE;
    }
    Ok(Setting::new(table, task.nmin, sensitive, (forced, known), prices))
}

/// What suppressing each cell costs; infinite for cells that must be published.
fn prices(table: &Table, headline: &[usize]) -> Vec<f64> {
    let largest = table.cells().iter().map(|cell| f64::from(cell.n)).fold(1.0, f64::max);
    let is_total = table.is_total();
    let price = |(cell, data): (usize, &super::table::Cell)| {
        if data.n == 0 || headline.contains(&cell) {
            return f64::INFINITY;
        }
        let size = 1.0 + SIZE * (f64::from(data.n) / largest).sqrt();
        if is_total[cell] { TOTAL * size } else { size }
    };
    table.cells().iter().enumerate().map(price).collect()
}

/// Takes part of the pattern away, again and again, and builds it anew at prices that favour other cells.
fn improve(setting: &Setting, best: &mut Draft, work: u64) {
    let start = best.work;
    for round in 1..ROUNDS {
        if best.work - start >= work {
            break;
        }
        let ruined = ruin(setting, best, round);
        let mut prices = setting.prices.clone();
        for (cell, price) in prices.iter_mut().enumerate() {
            let shake = 1.0 + 0.6 * fraction(round, cell);
            *price *= if ruined.contains(&cell) { 3.0 * shake } else { shake };
        }
        let mut draft = best.clone();
        ruined.iter().for_each(|&cell| draft.remove(cell));
        let built = draft.build(setting, &prices, round).is_ok();
        if built {
            draft.clean(setting);
        }
        best.work = draft.work;
        if built && draft.cost(setting) <= best.cost(setting) {
            *best = draft;
        }
    }
}

/// The secondary cells to take away: around one of them, or, now and then, all.
fn ruin(setting: &Setting, draft: &Draft, round: u64) -> Vec<usize> {
    let secondary: Vec<usize> = draft.members().filter(|&cell| !setting.forced[cell]).collect();
    if secondary.is_empty() || round.is_multiple_of(8) {
        return secondary;
    }
    // Truncation picks one of the list.
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let centre = secondary[(fraction(round, usize::MAX) * secondary.len() as f64) as usize];
    let near = |line: &&Line| line.terms.iter().any(|term| term.0 == centre);
    let lines: Vec<&Line> = setting.table.lines().iter().filter(near).collect();
    let close = |cell: usize| lines.iter().any(|line| line.terms.iter().any(|term| term.0 == cell));
    let chosen = |cell: &usize| *cell == centre || fraction(round, *cell) < if close(*cell) { 0.6 } else { 0.15 };
    secondary.into_iter().filter(chosen).collect()
}

/// A number in [0, 1) that looks like chance and is always the same (splitmix64).
fn fraction(round: u64, cell: usize) -> f64 {
    let mut z =
        round.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add((cell as u64).wrapping_mul(0xD1B5_4A32_D192_ED03));
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    ((z ^ (z >> 31)) >> 11) as f64 / (1_u64 << 53) as f64
}
