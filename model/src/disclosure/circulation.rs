//! Cheapest circulations: the change of some cells that moves one cell by a wanted amount and keeps every equation.
//!
//! This is the subproblem of Fischetti & Salazar's heuristic (method 11, step 3), solved by a bounded dual simplex of our
//! own: prices are at least 0, so "nothing moves" is dual feasible, and each pivot pushes the imbalance that the target
//! leaves one line further. It shares no code with the audit.

use super::table::Table;

/// The equations by cells, with the room of each cell.
#[derive(Debug, Clone, PartialEq)]
pub struct Network {
    /// Per cell its lines and coefficients; lines are scaled to coefficients of at most 1.
    columns: Vec<Vec<(usize, f64)>>,
    lines: usize,
    /// How far each cell can go up and down.
    room: Vec<(f64, f64)>,
}

/// A circulation to look for.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The cell to move.
    pub target: usize,
    /// By how much, in its unit; negative for down, never 0.
    pub amount: f64,
    /// A cell that must not move.
    pub without: Option<usize>,
    /// Price of moving each cell by 1; infinite for cells that must not move.
    pub prices: &'a [f64],
}

/// Rounding, in units of the amount.
const ZERO: f64 = 1e-9;

/// Smallest coefficient to pivot on.
const PIVOT: f64 = 1e-7;

/// A column of the program: a cell going up (even) or down (odd).
type Column = usize;

struct Simplex {
    /// Cells that may move.
    cells: Vec<usize>,
    prices: Vec<f64>,
    /// Room of each column in units of the amount.
    room: Vec<f64>,
    /// The tableau, a row per line, for the columns that go up.
    rows: Vec<Vec<f64>>,
    /// Price of each column that goes up under the present basis.
    dual: Vec<f64>,
    /// The column that is basic in each row; none for the slack of an equation, which must be 0.
    basis: Vec<Option<Column>>,
    value: Vec<f64>,
    basic: Vec<bool>,
    at_upper: Vec<bool>,
}

impl Network {
    /// The network of a table.
    pub fn new(table: &Table) -> Self {
        let mut columns = vec![Vec::new(); table.cells().len()];
        for (line, equation) in table.lines().iter().enumerate() {
            let largest = equation.terms.iter().map(|term| term.1.abs()).fold(0.0, f64::max);
            equation.terms.iter().for_each(|&(cell, c)| columns[cell].push((line, c / largest)));
        }
        let room = table.cells().iter().map(|cell| (cell.upper - cell.value, cell.value - cell.lower)).collect();
        Self { columns, lines: table.lines().len(), room }
    }

    /// Cells that move in a cheapest circulation, ascending and with the target; none if there is no circulation.
    /// The second number is the work done, in operations.
    pub fn cheapest(&self, ask: Ask) -> (Option<Vec<usize>>, u64) {
        let (up, down) = self.room[ask.target];
        let scale = ask.amount.abs();
        if (if ask.amount > 0.0 { up } else { down }) < scale * (1.0 - ZERO) || ask.without == Some(ask.target) {
            return (None, 1);
        }
        let Some(mut simplex) = self.simplex(&ask) else { return (None, self.lines as u64) };
        let (solved, work) = simplex.solve();
        if !solved {
            return (None, work);
        }
        let mut moved = simplex.moved();
        moved.push(ask.target);
        moved.sort_unstable();
        (Some(moved), work)
    }

    /// The program, on the cells that hang together with the target by cells that may move.
    fn simplex(&self, ask: &Ask) -> Option<Simplex> {
        let may_move = |cell: usize| ask.prices[cell].is_finite() && cell != ask.target && Some(cell) != ask.without;
        let (lines, cells) = self.reachable(ask.target, &may_move);
        let mut place = vec![usize::MAX; self.lines];
        lines.iter().enumerate().for_each(|(at, &line)| place[line] = at);
        let mut rows = vec![vec![0.0; cells.len()]; lines.len()];
        for (at, &cell) in cells.iter().enumerate() {
            self.columns[cell].iter().for_each(|&(line, c)| rows[place[line]][at] = c);
        }
        let mut value = vec![0.0; lines.len()];
        for &(line, c) in &self.columns[ask.target] {
            value[place[line]] = -c * ask.amount.signum();
            if rows[place[line]].iter().all(|c| *c == 0.0) {
                return None;
            }
        }
        let scale = ask.amount.abs();
        let room = cells.iter().flat_map(|&cell| [self.room[cell].0 / scale, self.room[cell].1 / scale]).collect();
        let prices: Vec<f64> = cells.iter().map(|&cell| ask.prices[cell]).collect();
        let (columns, count) = (2 * cells.len(), lines.len());
        Some(Simplex {
            dual: vec![0.0; cells.len()],
            cells,
            prices,
            room,
            rows,
            basis: vec![None; count],
            value,
            basic: vec![false; columns],
            at_upper: vec![false; columns],
        })
    }

    /// Lines and cells that the target reaches, both ascending.
    fn reachable(&self, target: usize, may_move: &dyn Fn(usize) -> bool) -> (Vec<usize>, Vec<usize>) {
        let mut members = vec![Vec::new(); self.lines];
        for cell in (0..self.columns.len()).filter(|&cell| may_move(cell)) {
            self.columns[cell].iter().for_each(|&(line, _)| members[line].push(cell));
        }
        let mut lines = vec![false; self.lines];
        let mut cells = vec![false; self.columns.len()];
        let mut next: Vec<usize> = self.columns[target].iter().map(|term| term.0).collect();
        next.iter().for_each(|&line| lines[line] = true);
        while let Some(line) = next.pop() {
            for &cell in &members[line] {
                if !std::mem::replace(&mut cells[cell], true) {
                    for &(other, _) in &self.columns[cell] {
                        if !std::mem::replace(&mut lines[other], true) {
                            next.push(other);
                        }
                    }
                }
            }
        }
        let marked = |flags: &[bool]| (0..flags.len()).filter(|&index| flags[index]).collect();
        (marked(&lines), marked(&cells))
    }
}

impl Simplex {
    /// Pivots until every value keeps its bounds. False if that is impossible, or takes too long.
    fn solve(&mut self) -> (bool, u64) {
        let mut work = (self.rows.len() * self.cells.len()) as u64;
        for _ in 0..20 * (self.rows.len() + self.cells.len()) + 200 {
            let Some((row, bound)) = self.leaving() else { return (true, work) };
            let Some(column) = self.entering(row, self.value[row] < bound) else { return (false, work) };
            work += self.pivot(row, column, bound);
        }
        (false, work)
    }

    /// The row whose value misses its bounds most, and the bound it misses.
    fn leaving(&self) -> Option<(usize, f64)> {
        let mut worst = None;
        let mut most = ZERO;
        for (row, &value) in self.value.iter().enumerate() {
            let bound = value.clamp(0.0, self.basis[row].map_or(0.0, |column| self.room[column].max(0.0)));
            if (value - bound).abs() > most {
                most = (value - bound).abs();
                worst = Some((row, bound));
            }
        }
        worst
    }

    /// The column whose price rises least when it pushes the value of `row` up or down.
    fn entering(&self, row: usize, up: bool) -> Option<Column> {
        let mut best: Option<(f64, f64, Column)> = None;
        for (at, &entry) in self.rows[row].iter().enumerate().filter(|(_, entry)| entry.abs() > PIVOT) {
            for column in [2 * at, 2 * at + 1] {
                let entry = sign(column) * entry;
                let pushes_up = (entry < 0.0) != self.at_upper[column];
                if self.basic[column] || self.room[column] <= ZERO || pushes_up != up {
                    continue;
                }
                let ratio = (self.prices[at] - sign(column) * self.dual[at]).abs() / entry.abs();
                let better = best.is_none_or(|(least, size, _)| {
                    ratio < least - 1e-12 || (ratio < least + 1e-12 && entry.abs() > size + ZERO)
                });
                if better {
                    best = Some((ratio, entry.abs(), column));
                }
            }
        }
        best.map(|one| one.2)
    }

    /// Makes `column` basic in `row`, whose old column goes to `bound`. The work done.
    fn pivot(&mut self, row: usize, column: Column, bound: f64) -> u64 {
        let at = column / 2;
        let entry = sign(column) * self.rows[row][at];
        let step = (self.value[row] - bound) / entry;
        let start = if self.at_upper[column] { self.room[column] } else { 0.0 };
        if let Some(old) = self.basis[row] {
            self.basic[old] = false;
            self.at_upper[old] = bound > 0.0;
        }
        let mut pivot_row = std::mem::take(&mut self.rows[row]);
        pivot_row.iter_mut().for_each(|value| *value /= entry);
        let support: Vec<usize> = (0..pivot_row.len()).filter(|&index| pivot_row[index].abs() > 1e-12).collect();
        let mut work = pivot_row.len() as u64;
        for (other, values) in self.rows.iter_mut().enumerate().filter(|(other, _)| *other != row) {
            let factor = sign(column) * values[at];
            if factor != 0.0 {
                support.iter().for_each(|&index| values[index] -= factor * pivot_row[index]);
                values[at] = 0.0;
                self.value[other] -= factor * step;
                work += support.len() as u64;
            }
        }
        let price = self.prices[at] - sign(column) * self.dual[at];
        support.iter().for_each(|&index| self.dual[index] += price * pivot_row[index]);
        self.rows[row] = pivot_row;
        self.value[row] = start + step;
        self.basis[row] = Some(column);
        self.basic[column] = true;
        work + self.rows.len() as u64
    }

    /// Cells that move.
    fn moved(&self) -> Vec<usize> {
        let mut amount = vec![0.0; self.cells.len()];
        for column in (0..self.at_upper.len()).filter(|&column| self.at_upper[column] && !self.basic[column]) {
            amount[column / 2] += sign(column) * self.room[column];
        }
        for (basis, value) in self.basis.iter().zip(&self.value) {
            if let Some(column) = *basis {
                amount[column / 2] += sign(column) * value;
            }
        }
        let moves = |(_, amount): &(&usize, &f64)| amount.abs() > 10.0 * ZERO;
        self.cells.iter().zip(&amount).filter(moves).map(|(&cell, _)| cell).collect()
    }
}

fn sign(column: Column) -> f64 {
    if column.is_multiple_of(2) { 1.0 } else { -1.0 }
}
