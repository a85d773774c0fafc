//! The audit: what an attacker learns from a table in which some cells are suppressed, and the verdict.
//!
//! It answers attack tests AT1 (outsiders), AT2 (a single contributor who knows its own cell), AT3 (unions of
//! contributors in one line) and AT7 (public register counts as coefficients) of method 12.

use super::DisclosureError;
use super::interval::{Interval, Point, are_open, deviations, reaching};
use super::region::Region;
use super::table::{Line, Table};

/// A pattern to be judged.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Pattern {
    /// Suppressed cells.
    pub suppressed: Vec<String>,
    /// Those that need protection, with the protection they need.
    pub sensitive: Vec<(String, Protection)>,
    /// Half of the width of the interval a published figure stands for, in its unit; 0 where figures are exact.
    pub half_width: f64,
    /// Values everybody knows beyond the table, such as structural zeros.
    pub known: Vec<(String, f64)>,
}

/// How far from the true value an attacker must hold values possible, in the unit of the cell; method 9.
/// 0 and 0: the value must not be determined exactly.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Protection {
    /// Lower protection level, at least 0.
    pub lower: f64,
    /// Upper protection level, at least 0.
    pub upper: f64,
}

/// Why a cell is not protected.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Weakness {
    /// Its value is determined.
    Exact,
    /// The largest possible value lies below the true value plus the upper protection level.
    TooFewAbove,
    /// The smallest possible value lies above the true value minus the lower protection level.
    TooFewBelow,
}

/// A line whose suppressed parts have too few contributors together: its published total minus its published parts
/// is their sum.
#[derive(Debug, Clone, PartialEq)]
pub struct Union {
    /// Number of the equation in the list the table was made from, from 0.
    pub equation: usize,
    /// The suppressed parts.
    pub suppressed: Vec<String>,
    /// Their contributors.
    pub n: u32,
}

/// A contributor who learns what a cell is from knowing its own.
#[derive(Debug, Clone, PartialEq)]
pub struct InsiderDisclosure {
    /// The cell of the only contributor.
    pub insider: String,
    /// The sensitive cell it learns.
    pub discloses: String,
}

/// What an attacker learns.
#[derive(Debug, Clone, PartialEq)]
pub struct Audit {
    /// Feasibility interval of each suppressed cell, in the order of the pattern; none in a [`verdict`].
    pub intervals: Vec<(String, Interval)>,
    /// Suppressed cells whose value is determined, sensitive or not.
    pub exactly_disclosed: Vec<String>,
    /// Sensitive cells with too little protection, and why.
    pub unprotected: Vec<(String, Weakness)>,
    /// Lines with too few contributors, by equation.
    pub unions: Vec<Union>,
    /// The same, counting only parts that are not determined themselves; a superset of what matters in `unions`.
    pub hidden_unions: Vec<Union>,
    /// Contributors who learn a sensitive cell.
    pub insiders: Vec<InsiderDisclosure>,
}

/// A pattern with identifiers resolved.
struct Resolved {
    suppressed: Vec<usize>,
    is_suppressed: Vec<bool>,
    sensitive: Vec<(usize, Protection)>,
    known: Vec<bool>,
    /// Attacker's bounds on the deviation of each cell from its true value.
    bounds: Vec<(f64, f64)>,
}

/// Judges a pattern. Lines whose union has fewer than `nmin` contributors fail.
///
/// The attacker knows published cells exactly or within ± `half_width`, each suppressed cell to lie between its
/// bounds, and every equation.
///
/// # Errors
/// A pattern that names an unknown cell, one twice, a sensitive cell that is published, a negative protection level
/// or half width, a known value that is not the true one; a linear program without a verified answer.
pub fn audit(table: &Table, nmin: u32, pattern: &Pattern) -> Result<Audit, DisclosureError> {
    let resolved = resolve(table, pattern)?;
    let region = Region::new(table, &resolved.bounds);
    let (suppressed, targets) = unknowns(&region, &resolved);
    let room = rooms(table, &suppressed, deviations(table, &region, &targets)?);
    let intervals = resolved.suppressed.iter().map(|&cell| {
        let id = table.cells()[cell].id.clone();
        (id, interval(table, cell, room[cell]))
    });
    Ok(Audit { intervals: intervals.collect(), ..found(table, nmin, &resolved, &room, Vec::new())? })
}

/// The same verdict without intervals: no linear program is solved where another one's answer already proves that a cell
/// is open far enough.
///
/// # Errors
/// As [`audit`].
pub fn verdict(table: &Table, nmin: u32, pattern: &Pattern) -> Result<Audit, DisclosureError> {
    let resolved = resolve(table, pattern)?;
    let region = Region::new(table, &resolved.bounds);
    let (suppressed, targets) = unknowns(&region, &resolved);
    let mut needs = vec![(0.0, 0.0); table.cells().len()];
    // Whether the value of a single contributor lies strictly inside its interval decides what it can conclude.
    for &cell in resolved.suppressed.iter().filter(|&&cell| table.cells()[cell].n == 1) {
        let inside = 2.0 * table.cells()[cell].tolerance();
        needs[cell] = (-inside, inside);
    }
    for &(cell, need) in &resolved.sensitive {
        needs[cell] = (needs[cell].0.min(-need.lower), needs[cell].1.max(need.upper));
    }
    let enough: Vec<(f64, f64)> = suppressed.iter().map(|&cell| needs[cell]).collect();
    let mut points = Vec::new();
    let room = rooms(table, &suppressed, reaching(table, &region, &targets, &enough, &mut points)?);
    found(table, nmin, &resolved, &room, points)
}

/// What follows from the room of each cell. `points` are deviations that are known to be possible.
fn found(
    table: &Table,
    nmin: u32,
    resolved: &Resolved,
    room: &[(f64, f64)],
    points: Vec<Point>,
) -> Result<Audit, DisclosureError> {
    let id = |cell: usize| table.cells()[cell].id.clone();
    let exact = |cell: usize| room[cell].1 - room[cell].0 <= table.cells()[cell].tolerance();
    let weak = |&(cell, need): &(usize, Protection)| {
        weakness(room[cell], need, table.cells()[cell].tolerance()).map(|weakness| (id(cell), weakness))
    };
    let exact_cells: Vec<bool> = (0..room.len()).map(exact).collect();
    Ok(Audit {
        intervals: Vec::new(),
        exactly_disclosed: resolved.suppressed.iter().filter(|&&cell| exact_cells[cell]).map(|&c| id(c)).collect(),
        unprotected: resolved.sensitive.iter().filter_map(weak).collect(),
        unions: unions(table, nmin, resolved, &resolved.known),
        hidden_unions: unions(table, nmin, resolved, &exact_cells),
        insiders: insiders(table, resolved, room, points)?,
    })
}

impl Audit {
    /// Whether outsiders learn nothing they must not.
    pub fn is_safe_outside(&self) -> bool {
        self.unprotected.is_empty()
    }

    /// Whether neither outsiders nor contributors learn anything they must not, as the oracles define it.
    pub fn is_safe(&self) -> bool {
        self.is_safe_outside() && self.unions.is_empty() && self.insiders.is_empty()
    }

    /// Whether the pattern may be published: safe, and also safe against those who first deduce the determined cells
    /// of a line and then look at the union of the rest.
    pub fn is_publishable(&self) -> bool {
        self.is_safe() && self.hidden_unions.is_empty()
    }

    /// What is wrong, a sentence each; empty exactly if [`Audit::is_publishable`].
    pub fn reasons(&self) -> Vec<String> {
        let weak = self.unprotected.iter().map(|(cell, weakness)| format!("{cell}: {}", weakness.text()));
        let union = |union: &Union| {
            let cells = union.suppressed.join(", ");
            format!("equation {}: the suppressed cells {cells} have {} contributors together", union.equation, union.n)
        };
        let hidden = self.hidden_unions.iter().filter(|hidden| !self.unions.contains(hidden));
        let insider = |one: &InsiderDisclosure| {
            format!("{}: the only contributor of {} learns its value", one.discloses, one.insider)
        };
        let unions = self.unions.iter().chain(hidden).map(union);
        weak.chain(unions).chain(self.insiders.iter().map(insider)).collect()
    }
}

impl Protection {
    /// The protection that the bounds of a value leave possible. A score of 98 cannot be open up to 103: an attacker who
    /// holds everything up to 100 possible has learnt nothing from above.
    pub fn within(self, value: f64, (lower, upper): (f64, f64)) -> Self {
        Self { lower: self.lower.min((value - lower).max(0.0)), upper: self.upper.min((upper - value).max(0.0)) }
    }
}

impl Weakness {
    /// The weakness in words.
    pub fn text(self) -> &'static str {
        match self {
            Self::Exact => "its value is determined exactly",
            Self::TooFewAbove => "its largest possible value is nearer than the upper protection level",
            Self::TooFewBelow => "its smallest possible value is nearer than the lower protection level",
        }
    }
}

fn resolve(table: &Table, pattern: &Pattern) -> Result<Resolved, DisclosureError> {
    if !(pattern.half_width >= 0.0 && pattern.half_width.is_finite()) {
        let problem = format!("{} must be a finite number of at least 0", pattern.half_width);
        return Err(DisclosureError::Invalid { place: "published_half_width".into(), problem });
    }
    let suppressed = indices(table, "suppressed", pattern.suppressed.iter())?;
    let mut is_suppressed = vec![false; table.cells().len()];
    suppressed.iter().for_each(|&cell| is_suppressed[cell] = true);
    let sensitive = sensitive(table, pattern, &is_suppressed)?;
    let known = known(table, pattern)?;
    let bounds = |(cell, data): (usize, &super::table::Cell)| {
        if known[cell] {
            (0.0, 0.0)
        } else if is_suppressed[cell] {
            ((data.lower - data.value).min(0.0), (data.upper - data.value).max(0.0))
        } else {
            (-pattern.half_width, pattern.half_width)
        }
    };
    let bounds = table.cells().iter().enumerate().map(bounds).collect();
    Ok(Resolved { suppressed, is_suppressed, sensitive, known, bounds })
}

fn indices<'a>(
    table: &Table,
    place: &str,
    names: impl Iterator<Item = &'a String>,
) -> Result<Vec<usize>, DisclosureError> {
    let mut seen = vec![false; table.cells().len()];
    let mut index = |name: &String| {
        let cell = table.index(place, name)?;
        if std::mem::replace(&mut seen[cell], true) {
            return Err(DisclosureError::Repeated { place: place.to_owned(), cell: name.clone() });
        }
        Ok(cell)
    };
    names.map(&mut index).collect()
}

fn sensitive(
    table: &Table,
    pattern: &Pattern,
    is_suppressed: &[bool],
) -> Result<Vec<(usize, Protection)>, DisclosureError> {
    let cells = indices(table, "sensitive", pattern.sensitive.iter().map(|(name, _)| name))?;
    for (&cell, (name, need)) in cells.iter().zip(&pattern.sensitive) {
        let fault = |problem: &str| Err(DisclosureError::Cell { cell: name.clone(), problem: problem.to_owned() });
        if !is_suppressed[cell] {
            return fault("it is sensitive but not suppressed; suppress it");
        }
        let level = |level: f64| level >= 0.0 && level.is_finite();
        if !level(need.lower) || !level(need.upper) {
            return fault("a protection level must be a finite number of at least 0");
        }
    }
    Ok(cells.into_iter().zip(pattern.sensitive.iter().map(|(_, need)| *need)).collect())
}

fn known(table: &Table, pattern: &Pattern) -> Result<Vec<bool>, DisclosureError> {
    let cells = indices(table, "known", pattern.known.iter().map(|(name, _)| name))?;
    let mut known = vec![false; table.cells().len()];
    for (cell, (name, value)) in cells.into_iter().zip(&pattern.known) {
        let data = &table.cells()[cell];
        if value.is_nan() || (value - data.value).abs() > data.tolerance() {
            let problem = format!("it is said to be known as {value}, but its value is another; correct one of them");
            return Err(DisclosureError::Cell { cell: name.clone(), problem });
        }
        known[cell] = true;
    }
    Ok(known)
}

/// The suppressed cells that bounds leave open, ascending, and their unknowns.
fn unknowns(region: &Region, resolved: &Resolved) -> (Vec<usize>, Vec<usize>) {
    let mut suppressed: Vec<usize> = resolved.suppressed.clone();
    suppressed.sort_unstable();
    suppressed.into_iter().filter_map(|cell| region.unknown[cell].map(|unknown| (cell, unknown))).unzip()
}

/// Smallest and largest deviation of each cell; 0 and 0 for those that are not among `suppressed`.
fn rooms(table: &Table, suppressed: &[usize], found: Vec<(f64, f64)>) -> Vec<(f64, f64)> {
    let mut room = vec![(0.0, 0.0); table.cells().len()];
    suppressed.iter().zip(found).for_each(|(&cell, found)| room[cell] = found);
    room
}

fn interval(table: &Table, cell: usize, room: (f64, f64)) -> Interval {
    // Adding 0 turns −0 into 0.
    let value = table.cells()[cell].value;
    Interval { low: value + room.0 + 0.0, high: value + room.1 + 0.0 }
}

fn weakness(room: (f64, f64), need: Protection, tolerance: f64) -> Option<Weakness> {
    if room.1 - room.0 <= tolerance {
        Some(Weakness::Exact)
    } else if room.1 < need.upper - tolerance {
        Some(Weakness::TooFewAbove)
    } else if room.0 > tolerance - need.lower {
        Some(Weakness::TooFewBelow)
    } else {
        None
    }
}

/// Lines with a published total whose suppressed parts have too few contributors; cells that are `open` count as
/// published.
fn unions(table: &Table, nmin: u32, resolved: &Resolved, open: &[bool]) -> Vec<Union> {
    let hidden = |cell: usize| resolved.is_suppressed[cell] && !open[cell];
    let one = |line: &Line| {
        if hidden(line.total) {
            return None;
        }
        let parts = || line.parts().filter(|&cell| hidden(cell));
        let n: u32 = parts().map(|cell| table.cells()[cell].n).sum();
        let named = || line.parts().filter(|&cell| resolved.is_suppressed[cell]);
        let suppressed = || named().map(|cell| table.cells()[cell].id.clone()).collect();
        (0 < n && n < nmin).then(|| Union { equation: line.number, suppressed: suppressed(), n })
    };
    let mut unions: Vec<Union> = table.lines().iter().filter_map(one).collect();
    unions.sort_by_key(|union| union.equation);
    unions
}

/// For each cell of a single contributor, the sensitive cells of others that are open to outsiders and exact
/// to it.
fn insiders(
    table: &Table,
    resolved: &Resolved,
    room: &[(f64, f64)],
    mut points: Vec<Point>,
) -> Result<Vec<InsiderDisclosure>, DisclosureError> {
    let tolerance = |cell: usize| table.cells()[cell].tolerance();
    let open = |cell: usize| room[cell].1 - room[cell].0 > tolerance(cell);
    let single = |cell: &usize| table.cells()[*cell].n == 1 && open(*cell);
    let singles: Vec<usize> = resolved.suppressed.iter().copied().filter(single).collect();
    if singles.is_empty() {
        return Ok(Vec::new());
    }
    let contributor = table.single_contributors();
    let mut bounds = resolved.bounds.clone();
    resolved.suppressed.iter().filter(|&&cell| !open(cell)).for_each(|&cell| bounds[cell] = (0.0, 0.0));
    let hull = Region::new(table, &bounds);
    let mut found = Vec::new();
    for insider in singles {
        let foreign = |cell: usize| contributor[cell] != contributor[insider];
        let others = resolved.sensitive.iter().map(|one| one.0).filter(|&cell| foreign(cell) && open(cell));
        let others: Vec<usize> = others.collect();
        let inside = room[insider].0 < -tolerance(insider) && room[insider].1 > tolerance(insider);
        let learned =
            if inside { tied(&hull, insider, &others) } else { fixed(table, &bounds, insider, others, &mut points)? };
        let id = |cell: usize| table.cells()[cell].id.clone();
        found.extend(learned.into_iter().map(|cell| InsiderDisclosure { insider: id(insider), discloses: id(cell) }));
    }
    Ok(found)
}

/// The cells among `others` that the value of `insider` determines, where that value lies strictly inside its interval.
///
/// The possible values that agree with it then cut through the middle of the polytope `hull`, from which everything
/// with an interval of one value was removed, so that bounds determine nothing: only the equations can.
fn tied(hull: &Region, insider: usize, others: &[usize]) -> Vec<usize> {
    let tied = |cell: &&usize| match (hull.unknown[insider], hull.unknown[**cell]) {
        (Some(one), Some(other)) => hull.kernel.tied(one, other),
        _ => false,
    };
    others.iter().filter(tied).copied().collect()
}

/// The same where the value is an end of its interval, so that bounds matter: linear programs answer, and before them
/// the points that they have found so far. One that leaves the insider's cell as it is is possible for it, too.
fn fixed(
    table: &Table,
    bounds: &[(f64, f64)],
    insider: usize,
    mut others: Vec<usize>,
    points: &mut Vec<Point>,
) -> Result<Vec<usize>, DisclosureError> {
    let mut open = vec![false; table.cells().len()];
    for point in points.iter().filter(|point| point.iter().all(|&(cell, _)| cell != insider)) {
        let moved = point.iter().filter(|&&(cell, value)| value.abs() > table.cells()[cell].tolerance());
        moved.for_each(|&(cell, _)| open[cell] = true);
    }
    others.retain(|&cell| !open[cell]);
    if others.is_empty() {
        return Ok(others);
    }
    let mut bounds = bounds.to_vec();
    bounds[insider] = (0.0, 0.0);
    let region = Region::new(table, &bounds);
    let targets: Vec<usize> = others.iter().filter_map(|&cell| region.unknown[cell]).collect();
    let open = are_open(table, &region, &targets, points)?;
    Ok(targets.iter().zip(open).filter(|(_, open)| !open).map(|(&target, _)| region.cell[target]).collect())
}
