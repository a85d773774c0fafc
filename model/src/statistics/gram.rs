//! Rank-revealing solution of the normal equations of margins.

/// Columns whose share of independent variation is below this are treated as dependent.
///
/// Margins of one frame are always dependent (each adds up to the same grand total), exactly; the rounding of that
/// dependence stays below `1e-13`, a real category of one unit in a million above `1e-7`.
const RANK_TOLERANCE: f64 = 1e-11;

/// Pivoted Cholesky factor of a symmetric positive semidefinite matrix.
///
/// Dependent columns are dropped, which yields *a* solution of a consistent system. Calibration only uses the fitted
/// values `x'λ`, which are the same for every solution, so it needs no minimum-norm one.
#[derive(Debug, Clone)]
pub struct Factor {
    size: usize,
    rank: usize,
    /// `pivot[i]` is the original column at position `i`; the first `rank` of them are kept.
    pivot: Vec<usize>,
    /// Reciprocal square roots of the diagonal: the scaling that makes the tolerance unitless.
    scale: Vec<f64>,
    /// Row-major lower triangle, rows and columns in pivot order, `rank` columns used.
    lower: Vec<f64>,
}

impl Factor {
    /// Factors the row-major `size` × `size` matrix; only its lower triangle is read.
    ///
    /// Pivots are chosen by the largest remaining diagonal, ties by the smallest column, so the factor is the same on
    /// every run.
    pub fn new(mut matrix: Vec<f64>, size: usize) -> Self {
        let scale = rescale(&mut matrix, size);
        let mut pivot: Vec<usize> = (0..size).collect();
        let mut rank = 0;
        while rank < size {
            let best = largest_diagonal(&matrix, size, rank);
            if matrix[best * size + best] <= RANK_TOLERANCE {
                break;
            }
            swap_symmetric(&mut matrix, size, rank, best);
            pivot.swap(rank, best);
            eliminate(&mut matrix, size, rank);
            rank += 1;
        }
        Self { size, rank, pivot, scale, lower: matrix }
    }

    /// A solution of `matrix · x = right`, zero in the dropped columns.
    ///
    /// `right` must have `size` entries and lie in the range of the matrix (up to rounding).
    pub fn solve(&self, right: &[f64]) -> Vec<f64> {
        let mut y: Vec<f64> =
            self.pivot[..self.rank].iter().map(|&column| right[column] * self.scale[column]).collect();
        for i in 0..self.rank {
            let row = &self.lower[i * self.size..i * self.size + i];
            let known: f64 = row.iter().zip(&y).map(|(l, y)| l * y).sum();
            y[i] = (y[i] - known) / self.lower[i * self.size + i];
        }
        for i in (0..self.rank).rev() {
            y[i] /= self.lower[i * self.size + i];
            let solved = y[i];
            let row = &self.lower[i * self.size..i * self.size + i];
            for (y, l) in y.iter_mut().zip(row) {
                *y -= l * solved;
            }
        }
        let mut solution = vec![0.0; self.size];
        for (&column, y) in self.pivot.iter().zip(y) {
            solution[column] = y * self.scale[column];
        }
        solution
    }
}

fn rescale(matrix: &mut [f64], size: usize) -> Vec<f64> {
    let scale: Vec<f64> =
        (0..size).map(|i| matrix[i * size + i]).map(|d| if d > 0.0 { 1.0 / d.sqrt() } else { 0.0 }).collect();
    for i in 0..size {
        for j in 0..=i {
            matrix[i * size + j] *= scale[i] * scale[j];
        }
    }
    scale
}

fn largest_diagonal(matrix: &[f64], size: usize, from: usize) -> usize {
    let mut best = from;
    for i in from + 1..size {
        if matrix[i * size + i] > matrix[best * size + best] {
            best = i;
        }
    }
    best
}

/// Exchanges rows and columns `a` < `b` in the lower triangle, finished columns included.
fn swap_symmetric(matrix: &mut [f64], size: usize, a: usize, b: usize) {
    if a == b {
        return;
    }
    for j in 0..a {
        matrix.swap(a * size + j, b * size + j);
    }
    for i in a + 1..b {
        matrix.swap(i * size + a, b * size + i);
    }
    for i in b + 1..size {
        matrix.swap(i * size + a, i * size + b);
    }
    matrix.swap(a * size + a, b * size + b);
}

fn eliminate(matrix: &mut [f64], size: usize, k: usize) {
    let root = matrix[k * size + k].sqrt();
    matrix[k * size + k] = root;
    for i in k + 1..size {
        matrix[i * size + k] /= root;
    }
    let column: Vec<f64> = (k + 1..size).map(|i| matrix[i * size + k]).collect();
    for i in k + 1..size {
        let factor = column[i - k - 1];
        if factor != 0.0 {
            let row = &mut matrix[i * size + k + 1..=i * size + i];
            for (entry, other) in row.iter_mut().zip(&column) {
                *entry -= factor * other;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_singular_consistent_system_is_solved() {
        // Two margins of two categories: columns 0 + 1 equal columns 2 + 3.
        let matrix = vec![
            5.0, 0.0, 2.0, 3.0, //
            0.0, 7.0, 4.0, 3.0, //
            2.0, 4.0, 6.0, 0.0, //
            3.0, 3.0, 0.0, 6.0,
        ];
        let factor = Factor::new(matrix.clone(), 4);
        let right: Vec<f64> = (0..4).map(|i| matrix[i * 4..i * 4 + 4].iter().sum()).collect();
        let x = factor.solve(&right);
        let back: Vec<f64> = (0..4).map(|i| (0..4).map(|j| matrix[i * 4 + j] * x[j]).sum()).collect();
        assert_eq!(factor.rank, 3);
        for (a, b) in right.iter().zip(&back) {
            assert!((a - b).abs() < 1e-12, "{a} {b}");
        }
    }
}
