//! The register by cells, and the collapse of response cells into strata (method 2.2).

use std::collections::BTreeMap;

use thiserror::Error;

use crate::statistics::sum::sum;
use crate::statistics::table::{Codes, index};

/// Level of the cells that found no group of their own and joined an existing stratum.
pub const JOINED: u8 = 9;

/// The register by cells, with the respondents of one wave.
#[derive(Debug, Clone, PartialEq)]
pub struct Cells {
    /// N per cell: enterprises of the register snapshot.
    pub population: Vec<f64>,
    /// n per cell: respondents.
    pub respondents: Vec<u32>,
    /// The grouping keys from the finest to the coarsest, one code per cell each.
    pub levels: Vec<Codes>,
}

/// Parameters of the collapse.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CollapseRule {
    /// Fewest respondents of a stratum that is not a census; default 5.
    pub nmin: u32,
    /// Largest weight of a stratum in units of the overall N/n; default 5.
    pub fmax: f64,
}

/// Strata made of whole register cells.
#[derive(Debug, Clone, PartialEq)]
pub struct Strata {
    /// `L{level}:` and the key, per stratum.
    pub label: Vec<String>,
    /// N per stratum.
    pub population: Vec<f64>,
    /// n per stratum, at least 1.
    pub respondents: Vec<u32>,
    /// The stratum of each cell; `None` where the register has no enterprise.
    pub of_cell: Vec<Option<u32>>,
    /// The level at which each cell was assigned: 0, 1, … or [`JOINED`]; `None` like `of_cell`.
    pub level: Vec<Option<u8>>,
}

/// A frame on which no weights can be built.
#[derive(Debug, Clone, PartialEq, Error)]
pub enum FrameError {
    /// Nobody answered.
    #[error("no respondent lies in a cell of the frame; check that both use the same codes")]
    NoRespondents,
    /// A respondent whose codes the frame does not have (a "frame miss").
    #[error(
        "{row} has codes {codes:?}, which the frame {frame} does not list; correct the codes, or take the row out until the next frame"
    )]
    UnmatchedCell {
        /// The respondent.
        row: String,
        /// Its codes, joined by `|`.
        codes: String,
        /// The frame's file.
        frame: String,
    },
    /// Two rows of the frame have the same codes.
    #[error("the frame {frame} lists {codes:?} twice; add the two rows up")]
    DuplicateCell {
        /// The frame's file.
        frame: String,
        /// The repeated codes.
        codes: String,
    },
    /// More respondents than enterprises.
    #[error(
        "cell {codes:?} has {respondents} respondents but only {population} enterprises in the frame; check the codes or the snapshot"
    )]
    OverfullCell {
        /// The cell's codes.
        codes: String,
        /// n of the cell.
        respondents: u32,
        /// N of the cell.
        population: f64,
    },
    /// A count of the frame that is negative or missing.
    #[error("the frame {frame} has count {count} for {codes:?}; counts are 0 or more")]
    BadCount {
        /// The frame's file.
        frame: String,
        /// The cell's codes.
        codes: String,
        /// The count found.
        count: f64,
    },
    /// The rule has no level.
    #[error("response cells need at least one level of keys")]
    NoLevels,
    /// More levels than the rule numbers.
    #[error("response cells have {levels} levels of keys; give at most {JOINED}")]
    TooManyLevels {
        /// The levels given.
        levels: usize,
    },
}

impl Default for CollapseRule {
    fn default() -> Self {
        Self { nmin: 5, fmax: 5.0 }
    }
}

impl Strata {
    /// The cell weight d = N_h/n_h of a stratum (method 2.3).
    #[must_use]
    pub fn weight(&self, stratum: usize) -> f64 {
        self.population[stratum] / f64::from(self.respondents[stratum])
    }

    /// Number of strata.
    #[must_use]
    pub fn len(&self) -> usize {
        self.label.len()
    }

    /// Whether there is no stratum.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.label.is_empty()
    }
}

/// Collapses response cells by "leftover pooling" (method 2.2).
///
/// Level by level, the still unassigned cells with N > 0 are grouped by the level's key; a group becomes a stratum if
/// it has a respondent, enough of them (or is a census) and no weight above `fmax` times the overall one. What is left
/// joins the largest stratum of the same coarsest key (of equal ones the smallest label), else the largest of all.
///
/// # Errors
/// [`FrameError::NoRespondents`], [`FrameError::OverfullCell`], [`FrameError::NoLevels`],
/// [`FrameError::TooManyLevels`].
pub fn collapse(cells: &Cells, rule: CollapseRule) -> Result<Strata, FrameError> {
    let finest = cells.levels.first().ok_or(FrameError::NoLevels)?;
    if cells.levels.len() > usize::from(JOINED) {
        return Err(FrameError::TooManyLevels { levels: cells.levels.len() });
    }
    check_cells(cells, finest)?;
    let respondents: u32 = cells.respondents.iter().sum();
    let overall = sum(cells.population.iter().copied()) / f64::from(respondents);
    let count = cells.population.len();
    let mut strata = Strata {
        label: Vec::new(),
        population: Vec::new(),
        respondents: Vec::new(),
        of_cell: vec![None; count],
        level: vec![None; count],
    };
    for (level, keys) in (0..JOINED).zip(&cells.levels) {
        form_strata(cells, keys, level, rule, overall, &mut strata);
    }
    join_leftovers(cells, &mut strata);
    Ok(strata)
}

fn check_cells(cells: &Cells, finest: &Codes) -> Result<(), FrameError> {
    for (cell, (&n, &population)) in cells.respondents.iter().zip(&cells.population).enumerate() {
        if f64::from(n) > population {
            return Err(FrameError::OverfullCell { codes: finest.label(cell).to_owned(), respondents: n, population });
        }
    }
    if cells.respondents.iter().all(|&n| n == 0) {
        return Err(FrameError::NoRespondents);
    }
    Ok(())
}

/// Turns the eligible groups of unassigned cells of one level into strata.
fn form_strata(cells: &Cells, keys: &Codes, level: u8, rule: CollapseRule, overall: f64, strata: &mut Strata) {
    let mut groups: BTreeMap<u32, Vec<usize>> = BTreeMap::new();
    for cell in 0..cells.population.len() {
        if cells.population[cell] > 0.0 && strata.of_cell[cell].is_none() {
            groups.entry(keys.code[cell]).or_default().push(cell);
        }
    }
    for (key, members) in groups {
        let population = sum(members.iter().map(|&cell| cells.population[cell]));
        let respondents: u32 = members.iter().map(|&cell| cells.respondents[cell]).sum();
        let n = f64::from(respondents);
        let enough = respondents >= rule.nmin || n == population;
        if respondents == 0 || !enough || population / n > rule.fmax * overall {
            continue;
        }
        let stratum = index(strata.label.len());
        let label = format!("L{level}:{}", keys.levels[key as usize]);
        strata.label.push(label);
        strata.population.push(population);
        strata.respondents.push(respondents);
        for cell in members {
            strata.of_cell[cell] = Some(stratum);
            strata.level[cell] = Some(level);
        }
    }
}

/// Lets every cell that is still unassigned join an existing stratum.
///
/// Sizes are compared as they were before anything joined, so the order of cells plays no part. If no group was
/// eligible at all, everything becomes one stratum.
fn join_leftovers(cells: &Cells, strata: &mut Strata) {
    let Some(coarsest) = cells.levels.last() else {
        return;
    };
    let left: Vec<usize> = (0..cells.population.len())
        .filter(|&cell| cells.population[cell] > 0.0 && strata.of_cell[cell].is_none())
        .collect();
    if strata.is_empty() && !left.is_empty() {
        strata.label.push(format!("L{JOINED}:all"));
        strata.population.push(0.0);
        strata.respondents.push(0);
    }
    let largest = largest_stratum(strata, |_| true);
    let mut by_class = vec![None; coarsest.levels.len()];
    for (class, best) in by_class.iter_mut().enumerate() {
        let mut inside = vec![false; strata.len()];
        for (cell, stratum) in strata.of_cell.iter().enumerate() {
            if let Some(stratum) = stratum {
                inside[*stratum as usize] |= coarsest.code[cell] as usize == class;
            }
        }
        *best = largest_stratum(strata, |stratum| inside[stratum]);
    }
    for cell in left {
        let target = by_class[coarsest.code[cell] as usize].or(largest);
        if let Some(stratum) = target {
            strata.population[stratum] += cells.population[cell];
            strata.respondents[stratum] += cells.respondents[cell];
            strata.of_cell[cell] = Some(index(stratum));
            strata.level[cell] = Some(JOINED);
        }
    }
}

fn largest_stratum(strata: &Strata, eligible: impl Fn(usize) -> bool) -> Option<usize> {
    let size = |s: usize| strata.population[s];
    (0..strata.len()).filter(|&s| eligible(s)).max_by(|&a, &b| {
        let by_size = size(a).total_cmp(&size(b));
        by_size.then_with(|| strata.label[b].cmp(&strata.label[a]))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cells(population: &[f64], respondents: &[u32], levels: &[&[&str]]) -> Cells {
        Cells {
            population: population.to_vec(),
            respondents: respondents.to_vec(),
            levels: levels.iter().map(|keys| Codes::from_labels(*keys)).collect(),
        }
    }

    #[test]
    fn thin_cells_pool_and_leftovers_join_the_largest_of_their_class() {
        let cells = cells(
            &[50.0, 3.0, 2.0, 4.0, 0.0],
            &[10, 1, 2, 0, 0],
            &[&["a|s", "b|s", "c|s", "d|t", "e|t"], &["s", "s", "s", "t", "t"]],
        );
        let strata = collapse(&cells, CollapseRule::default()).unwrap();
        assert_eq!(strata.label, ["L0:a|s", "L0:c|s"]);
        assert_eq!(strata.level, [Some(0), Some(9), Some(0), Some(9), None]);
        assert_eq!(strata.of_cell, [Some(0), Some(0), Some(1), Some(0), None]);
        assert_eq!(strata.population, [57.0, 2.0]);
        assert_eq!(strata.respondents, [11, 2]);
    }

    #[test]
    fn levels_that_cannot_be_told_from_joined_cells_are_refused() {
        let levels = [["a"].as_slice(); 10];
        let error = collapse(&cells(&[1.0], &[1], &levels), CollapseRule::default()).unwrap_err();
        assert_eq!(error, FrameError::TooManyLevels { levels: 10 });
        assert!(collapse(&cells(&[1.0], &[1], &levels[..9]), CollapseRule::default()).is_ok());
    }

    #[test]
    fn more_respondents_than_enterprises_is_refused() {
        let cells = cells(&[1.0], &[2], &[&["a"]]);
        let error = collapse(&cells, CollapseRule::default()).unwrap_err();
        assert!(error.to_string().contains("\"a\" has 2 respondents"));
    }
}
