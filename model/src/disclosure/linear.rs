//! Which figures the equations alone determine: reduced row echelon form and the kernel it gives.

/// The directions in which unknowns can move together without breaking an equation.
///
/// Row j of the kernel says how unknown j moves with each free unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Kernel {
    rows: Vec<Vec<(usize, f64)>>,
}

/// Entries below this, after rows were scaled to 1, are rounding.
const ZERO: f64 = 1e-9;

impl Kernel {
    /// The kernel of homogeneous equations (index and coefficient of each term) in `unknowns` unknowns.
    pub fn new(unknowns: usize, equations: &[Vec<(usize, f64)>]) -> Self {
        let mut rows: Vec<Vec<f64>> = equations.iter().map(|terms| scaled(unknowns, terms)).collect();
        let pivot_of = reduce(unknowns, &mut rows);
        let mut free_number = vec![0; unknowns];
        let mut next = 0;
        for (column, pivot) in pivot_of.iter().enumerate() {
            if pivot.is_none() {
                free_number[column] = next;
                next += 1;
            }
        }
        let kernel_row = |column: usize| match pivot_of[column] {
            None => vec![(free_number[column], 1.0)],
            Some(row) => {
                let is_free = |&(other, _): &(usize, f64)| pivot_of[other].is_none();
                let terms = rows[row].iter().copied().enumerate().filter(|(_, value)| value.abs() > ZERO);
                terms.filter(is_free).map(|(other, value)| (free_number[other], -value)).collect()
            }
        };
        Self { rows: (0..unknowns).map(kernel_row).collect() }
    }

    /// How an unknown moves with each free unknown: numbers of free unknowns and coefficients.
    pub fn row(&self, unknown: usize) -> &[(usize, f64)] {
        &self.rows[unknown]
    }

    /// Whether the equations leave an unknown no room at all.
    pub fn determined(&self, unknown: usize) -> bool {
        self.rows[unknown].is_empty()
    }

    /// Whether knowing one unknown determines the other, neither being determined by itself.
    pub fn tied(&self, one: usize, other: usize) -> bool {
        let (one, other) = (&self.rows[one], &self.rows[other]);
        let (Some(&(_, first)), Some(&(_, second))) = (one.first(), other.first()) else { return false };
        let ratio = second / first;
        let same = |(a, b): (&(usize, f64), &(usize, f64))| {
            a.0 == b.0 && (b.1 - ratio * a.1).abs() <= 10.0 * ZERO * b.1.abs().max(1.0)
        };
        one.len() == other.len() && one.iter().zip(other).all(same)
    }
}

/// The dense row of an equation, its largest coefficient scaled to 1.
fn scaled(unknowns: usize, terms: &[(usize, f64)]) -> Vec<f64> {
    let largest = terms.iter().map(|term| term.1.abs()).fold(0.0, f64::max);
    let mut row = vec![0.0; unknowns];
    for &(unknown, coefficient) in terms {
        row[unknown] = coefficient / largest;
    }
    row
}

/// Brings the rows to reduced echelon form; the row of the pivot of each column, if it has one.
fn reduce(unknowns: usize, rows: &mut [Vec<f64>]) -> Vec<Option<usize>> {
    let mut pivot_of = vec![None; unknowns];
    let mut done = 0;
    for column in 0..unknowns {
        let size = |row: &usize| rows[*row][column].abs();
        let Some(best) = (done..rows.len()).reduce(|a, b| if size(&b) > size(&a) { b } else { a }) else { break };
        if rows[best][column].abs() <= ZERO {
            continue;
        }
        rows.swap(done, best);
        eliminate(rows, done, column);
        pivot_of[column] = Some(done);
        done += 1;
    }
    pivot_of
}

/// Makes the pivot 1 and the rest of its column 0.
fn eliminate(rows: &mut [Vec<f64>], pivot: usize, column: usize) {
    let mut row = std::mem::take(&mut rows[pivot]);
    let divisor = row[column];
    let mut support = Vec::new();
    for (index, value) in row.iter_mut().enumerate() {
        *value /= divisor;
        if value.abs() <= ZERO {
            *value = 0.0;
        } else {
            support.push(index);
        }
    }
    for other in rows.iter_mut().filter(|other| !other.is_empty()) {
        let factor = other[column];
        if factor != 0.0 {
            support.iter().for_each(|&index| other[index] -= factor * row[index]);
            other[column] = 0.0;
        }
    }
    rows[pivot] = row;
}
