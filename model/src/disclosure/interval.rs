//! Feasibility intervals: the smallest and largest value of a cell an attacker holds possible, by linear programming.
//!
//! The solver is `microlp` (bounded simplex), which shares no code with the circulations that build a pattern. Its
//! answers are checked against every equation and bound before they count.

use std::collections::BTreeMap;

use microlp::{ComparisonOp, Error, OptimizationDirection, Problem, Variable};

use super::DisclosureError;
use super::region::Region;
use super::table::Table;

/// Smallest and largest possible value; infinite where nothing bounds it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// Smallest value.
    pub low: f64,
    /// Largest value.
    pub high: f64,
}

/// Deviations that are possible together, of the cells that move.
pub(super) type Point = Vec<(usize, f64)>;

/// Whether the largest or the smallest value is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Goal {
    High,
    Low,
}

/// Unknowns that hang together, with the equations between them.
struct Component<'a> {
    table: &'a Table,
    region: &'a Region,
    unknowns: Vec<usize>,
    /// Position of each unknown of the region among `unknowns`.
    position: Vec<usize>,
    rows: Vec<&'a [(usize, f64)]>,
    /// Positions of unknowns that are free of each other and determine the rest.
    free: Vec<usize>,
    /// How each unknown moves with them: index in `free` and coefficient.
    moves: Vec<Vec<(usize, f64)>>,
    /// Deviations that points found so far have reached.
    inner: Vec<(f64, f64)>,
    /// These points.
    points: Vec<Point>,
}

/// The smallest and the largest deviation of an unknown.
type Room = Result<(f64, f64), DisclosureError>;

/// What a solver answers.
enum Found {
    Point(Vec<f64>),
    Unbounded,
}

/// The deviations of the unknowns of `targets` from their true values: smallest and largest, in the order of `targets`.
///
/// # Errors
/// [`DisclosureError::Solver`] when the solver fails or its answer breaks an equation or a bound.
pub(super) fn deviations(
    table: &Table,
    region: &Region,
    targets: &[usize],
) -> Result<Vec<(f64, f64)>, DisclosureError> {
    let both = |component: &mut Component, at: usize| {
        Ok((component.extreme(at, Goal::Low)?, component.extreme(at, Goal::High)?))
    };
    each(table, region, targets, &both, &mut Vec::new())
}

/// The same, but no further program is solved for a target once it is known to deviate at least as far as `enough` says (smallest
/// and largest), and at all: what a verdict needs. Answers are exact where less is possible. Cheaper than [`deviations`], since
/// a point found for one unknown answers for all that it moves. The points found join `points`.
///
/// # Errors
/// As [`deviations`].
pub(super) fn reaching(
    table: &Table,
    region: &Region,
    targets: &[usize],
    enough: &[(f64, f64)],
    points: &mut Vec<Point>,
) -> Result<Vec<(f64, f64)>, DisclosureError> {
    let mut wanted = vec![(0.0, 0.0); region.cell.len()];
    targets.iter().zip(enough).for_each(|(&target, &enough)| wanted[target] = enough);
    let reach = |component: &mut Component, at: usize| {
        let small = table.cells()[region.cell[component.unknowns[at]]].tolerance();
        let (low, high) = wanted[component.unknowns[at]];
        for goal in [Goal::High, Goal::Low] {
            let (least, most) = component.inner[at];
            let is_far = if goal == Goal::High { most >= high } else { least <= low };
            if !is_far || most - least <= small {
                component.extreme(at, goal)?;
            }
        }
        let found = component.inner[at];
        if found.1 - found.0 > small && found.0 <= low && found.1 >= high {
            return Ok(found);
        }
        Ok((component.extreme(at, Goal::Low)?, component.extreme(at, Goal::High)?))
    };
    each(table, region, targets, &reach, points)
}

/// Whether each of `targets` can deviate at all.
///
/// # Errors
/// As [`deviations`].
pub(super) fn are_open(
    table: &Table,
    region: &Region,
    targets: &[usize],
    points: &mut Vec<Point>,
) -> Result<Vec<bool>, DisclosureError> {
    let small = |&target: &usize| table.cells()[region.cell[target]].tolerance();
    let found = reaching(table, region, targets, &vec![(0.0, 0.0); targets.len()], points)?;
    Ok(targets.iter().zip(found).map(|(target, (low, high))| high - low > small(target)).collect())
}

/// Asks about each target in its component; those outside all components are known. Collects the points found.
fn each(
    table: &Table,
    region: &Region,
    targets: &[usize],
    ask: &dyn Fn(&mut Component, usize) -> Room,
    points: &mut Vec<Point>,
) -> Result<Vec<(f64, f64)>, DisclosureError> {
    let mut wanted = vec![false; region.cell.len()];
    targets.iter().for_each(|&target| wanted[target] = true);
    let mut answers = region.outer.clone();
    for unknowns in region.components() {
        if unknowns.iter().any(|&unknown| wanted[unknown]) {
            let mut component = Component::new(table, region, unknowns);
            for at in 0..component.unknowns.len() {
                let unknown = component.unknowns[at];
                if wanted[unknown] {
                    answers[unknown] = ask(&mut component, at)?;
                }
            }
            points.append(&mut component.points);
        }
    }
    Ok(targets.iter().map(|&target| answers[target]).collect())
}

impl<'a> Component<'a> {
    fn new(table: &'a Table, region: &'a Region, unknowns: Vec<usize>) -> Self {
        let mut position = vec![usize::MAX; region.cell.len()];
        unknowns.iter().enumerate().for_each(|(at, &unknown)| position[unknown] = at);
        let here = |row: &&Vec<(usize, f64)>| position[row[0].0] != usize::MAX;
        let rows = region.rows.iter().filter(here).map(Vec::as_slice).collect();
        let (free, moves) = moves(region, &unknowns);
        let inner = vec![(0.0, 0.0); unknowns.len()];
        Self { table, region, unknowns, position, rows, free, moves, inner, points: Vec::new() }
    }

    /// The extreme deviation of one unknown. No program is solved where a point found earlier already reaches a bound
    /// that propagation proves.
    fn extreme(&mut self, at: usize, goal: Goal) -> Result<f64, DisclosureError> {
        let unknown = self.unknowns[at];
        let outer = goal.of(self.region.outer[unknown]);
        if (goal.of(self.inner[at]) - outer).abs() <= self.region.tolerance[unknown] {
            return Ok(outer);
        }
        match self.program(at, goal, &|bounds| bounds)? {
            Found::Point(point) => {
                self.check(at, &point)?;
                self.reach(&point);
                Ok(point[at].clamp(self.region.outer[unknown].0, self.region.outer[unknown].1))
            }
            Found::Unbounded => self.ray(at, goal),
        }
    }

    /// Proves that nothing bounds an unknown, by a direction of infinite room in which it moves.
    fn ray(&self, at: usize, goal: Goal) -> Result<f64, DisclosureError> {
        let cone = |(low, high): (f64, f64)| {
            (if low.is_finite() { 0.0 } else { -1.0 }, if high.is_finite() { 0.0 } else { 1.0 })
        };
        match self.program(at, goal, &cone)? {
            Found::Point(point) if point[at].abs() > 1e-3 => {
                Ok(if goal == Goal::High { f64::INFINITY } else { f64::NEG_INFINITY })
            }
            _ => Err(self.fault(at, "the solver calls a bounded cell unbounded")),
        }
    }

    /// Solves the program in the free unknowns. Each is the difference of two amounts of at least 0, so that the true
    /// table is the vertex to start from and few pivots are needed.
    ///
    /// `bounds` is applied to the bounds of each unknown. The rows carry the bounds that were given, as those that
    /// propagation adds follow from them; the free unknowns carry the narrower ones, which keeps the solver near.
    fn program(
        &self,
        at: usize,
        goal: Goal,
        bounds: &dyn Fn((f64, f64)) -> (f64, f64),
    ) -> Result<Found, DisclosureError> {
        let mut problem = Problem::new(goal.direction());
        let mut variables = Vec::with_capacity(self.free.len());
        for (index, &position) in self.free.iter().enumerate() {
            let objective = self.moves[at].iter().find(|term| term.0 == index).map_or(0.0, |term| term.1);
            let (low, high) = bounds(self.region.outer[self.unknowns[position]]);
            variables.push((problem.add_var(objective, (0.0, high)), problem.add_var(-objective, (0.0, -low))));
        }
        for (position, &unknown) in self.unknowns.iter().enumerate() {
            if !self.free.contains(&position) {
                self.constrain(&mut problem, &variables, position, bounds(self.region.given[unknown]));
            }
        }
        let outcome = match problem.solve() {
            Ok(outcome) => outcome,
            Err(Error::Unbounded) => return Ok(Found::Unbounded),
            Err(error) => return Err(self.fault(at, &error.to_string())),
        };
        let solution = outcome.solution().ok_or_else(|| self.fault(at, "the solver stopped early"))?;
        let value = |index: usize| solution.var_value(variables[index].0) - solution.var_value(variables[index].1);
        let moved = |moves: &Vec<(usize, f64)>| moves.iter().map(|&(index, c)| c * value(index)).sum();
        Ok(Found::Point(self.moves.iter().map(moved).collect()))
    }

    /// Bounds an unknown that is not free.
    fn constrain(
        &self,
        problem: &mut Problem,
        variables: &[(Variable, Variable)],
        position: usize,
        (low, high): (f64, f64),
    ) {
        let both = |&(index, c): &(usize, f64)| [(variables[index].0, c), (variables[index].1, -c)];
        let terms: Vec<(Variable, f64)> = self.moves[position].iter().flat_map(both).collect();
        if high.is_finite() {
            problem.add_constraint(terms.clone(), ComparisonOp::Le, high);
        }
        if low.is_finite() {
            problem.add_constraint(terms, ComparisonOp::Ge, low);
        }
    }

    /// Refuses a point that breaks a bound or an equation by more than rounding.
    fn check(&self, at: usize, point: &[f64]) -> Result<(), DisclosureError> {
        for (&unknown, &value) in self.unknowns.iter().zip(point) {
            let (low, high) = self.region.outer[unknown];
            let slack = 100.0 * self.region.tolerance[unknown];
            if !(low - slack..=high + slack).contains(&value) {
                return Err(self.fault(at, "the solver's answer breaks a bound"));
            }
        }
        for row in &self.rows {
            let size: f64 = row.iter().map(|&(u, c)| (c * self.value(u).abs().max(1.0)).abs()).sum();
            let sum: f64 = row.iter().map(|&(u, c)| c * point[self.position[u]]).sum();
            if sum.abs() > 1e-7 * size {
                return Err(self.fault(at, "the solver's answer breaks an equation"));
            }
        }
        Ok(())
    }

    /// Notes what a possible point and its opposite reach. Equations are homogeneous in deviations, so any multiple
    /// of a point is possible as long as it keeps the bounds.
    fn reach(&mut self, point: &[f64]) {
        let room = |sign: f64| {
            let one = |(&unknown, &value): (&usize, &f64)| {
                let (low, high) = self.region.outer[unknown];
                let (value, small) = (sign * value, self.region.tolerance[unknown]);
                if value > small {
                    high / value
                } else if value < -small {
                    low / value
                } else {
                    f64::INFINITY
                }
            };
            self.unknowns.iter().zip(point).map(one).fold(f64::INFINITY, f64::min)
        };
        let steps = [(1.0, room(1.0)), (-1.0, room(-1.0))];
        let scale = if steps[0].1.is_finite() { steps[0].1 } else { 1.0 };
        let scaled =
            self.unknowns.iter().zip(point).map(|(&unknown, value)| (self.region.cell[unknown], scale * value));
        self.points.push(scaled.filter(|(_, value)| *value != 0.0).collect());
        for (sign, room) in steps.into_iter().filter(|step| step.1.is_finite()) {
            for (inner, value) in self.inner.iter_mut().zip(point) {
                let value = sign * room * value;
                *inner = (inner.0.min(value), inner.1.max(value));
            }
        }
    }

    fn value(&self, unknown: usize) -> f64 {
        self.table.cells()[self.region.cell[unknown]].value
    }

    fn fault(&self, at: usize, problem: &str) -> DisclosureError {
        let cell = self.table.cells()[self.region.cell[self.unknowns[at]]].id.clone();
        DisclosureError::Solver { cell, problem: problem.to_owned() }
    }
}

/// Positions of the free unknowns, and how every unknown moves with them.
fn moves(region: &Region, unknowns: &[usize]) -> (Vec<usize>, Vec<Vec<(usize, f64)>>) {
    let mut free = Vec::new();
    let mut index = BTreeMap::new();
    for (position, &unknown) in unknowns.iter().enumerate() {
        if let [(number, 1.0)] = region.kernel.row(unknown)
            && !index.contains_key(number)
        {
            index.insert(*number, free.len());
            free.push(position);
        }
    }
    // A number without an index cannot be: its unknown shares rows with these. If it were, the check would refuse.
    let local = |&(number, c): &(usize, f64)| index.get(&number).map(|&index| (index, c));
    let moves = unknowns.iter().map(|&unknown| region.kernel.row(unknown).iter().filter_map(local).collect()).collect();
    (free, moves)
}

impl Goal {
    fn of(self, pair: (f64, f64)) -> f64 {
        match self {
            Self::High => pair.1,
            Self::Low => pair.0,
        }
    }

    fn direction(self) -> OptimizationDirection {
        match self {
            Self::High => OptimizationDirection::Maximize,
            Self::Low => OptimizationDirection::Minimize,
        }
    }
}
