//! Estimates from register cells: one pass over the rows, then a few thousand cells.
//!
//! Rows of one register cell share their margins, stratum and weight, so n, the mean and the squared deviations per
//! cell are enough for means, totals, proportions and ratios of every domain made of whole cells, and for their
//! calibrated variance (method 13). Sampling units are the rows. Deviations are taken around the cell's own mean: a
//! constant variable has variance 0 exactly, which sums of squares would lose to cancellation.
//!
//! Results agree with [`Design`](super::Design) to rounding, not to the bit.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use super::{Estimate, EstimateError, MAX_MISSING_IN_TOTAL, SinglePsu, design_effect, standard_error};
use crate::statistics::frame::Strata;
use crate::statistics::sum::{Sum, sum, sum_slice};
use crate::statistics::table::index;
use crate::statistics::weight::Calibration;

/// Rows grouped by register cell, in canonical order within each.
#[derive(Debug, Clone)]
pub struct CellRows {
    /// `row[start[c]..start[c + 1]]` are the rows of cell c.
    start: Vec<u32>,
    row: Vec<u32>,
}

/// Sums of one variable per register cell, over the rows that have a value.
#[derive(Debug, Clone)]
pub struct Moments {
    cells: Vec<CellMoments>,
    /// Whether all values are 0 or 1.
    pub is_binary: bool,
}

/// Sums of two variables per register cell, over the rows that have both values.
#[derive(Debug, Clone)]
pub struct JointMoments {
    cells: Vec<JointCellMoments>,
}

#[derive(Debug, Clone, Copy)]
struct CellMoments {
    n: u32,
    mean: f64,
    /// Σ(y − mean)².
    squares: f64,
}

#[derive(Debug, Clone, Copy)]
struct JointCellMoments {
    n: u32,
    mean_y: f64,
    mean_x: f64,
    squares_y: f64,
    squares_x: f64,
    products: f64,
}

/// The design of a sample whose sampling units are rows and whose weights are constant in cells.
#[derive(Debug, Clone)]
pub struct CellDesign {
    /// The register cells with respondents, ascending; all other vectors but `factor` follow it.
    responding: Vec<u32>,
    /// The position of each register cell in `responding`.
    position: Vec<Option<u32>>,
    respondents: Vec<u32>,
    /// Weight of each row of the cell.
    weight: Vec<f64>,
    stratum: Vec<u32>,
    /// (1 − f_h)·n_h/(n_h − 1) per stratum.
    factor: Vec<f64>,
    /// n_h per stratum.
    stratum_respondents: Vec<u32>,
    rows: usize,
    calibration: Option<Calibration>,
}

/// What a cell of a domain contributes to an estimate, v = u/w being the linearised variable per unit of weight.
struct Part {
    /// Position in `responding`.
    cell: usize,
    /// Rows with a value.
    n: u32,
    /// Mean of v over them.
    mean: f64,
    /// Σ(v − mean)² over them.
    squares: f64,
}

impl CellRows {
    /// Groups rows by `cell`, each row's register cell out of `cells`; `order` lists the rows in canonical order
    /// ([`canonical_order`]).
    #[must_use]
    pub fn new(cell: &[u32], cells: usize, order: &[u32]) -> Self {
        let mut start = vec![0; cells + 1];
        for &cell in cell {
            start[cell as usize + 1] += 1;
        }
        for c in 0..cells {
            start[c + 1] += start[c];
        }
        let mut next = start.clone();
        let mut row = vec![0; cell.len()];
        for &r in order {
            let place = &mut next[cell[r as usize] as usize];
            row[*place as usize] = r;
            *place += 1;
        }
        Self { start, row }
    }

    /// n per register cell.
    #[must_use]
    pub fn respondents(&self) -> Vec<u32> {
        self.start.windows(2).map(|ends| ends[1] - ends[0]).collect()
    }

    fn cells(&self) -> usize {
        self.start.len() - 1
    }

    fn rows_of(&self, cell: usize) -> &[u32] {
        &self.row[self.start[cell] as usize..self.start[cell + 1] as usize]
    }
}

/// The rows in ascending order of their identifiers; `None` if two are equal.
///
/// Costs one comparison per row when they are sorted already.
pub fn canonical_order<T: Ord>(ids: &[T]) -> Option<Vec<u32>> {
    let mut order: Vec<u32> = (0..index(ids.len())).collect();
    if !ids.is_sorted() {
        order.sort_unstable_by(|&a, &b| ids[a as usize].cmp(&ids[b as usize]));
    }
    let id = |at: usize| &ids[order[at] as usize];
    let repeats = (1..order.len()).any(|at| id(at - 1) == id(at));
    (!repeats).then_some(order)
}

/// The moments of every column (one `f64` per row, `NaN` for missing), on up to `threads` threads.
///
/// A column is always one thread's work, so the bits do not depend on `threads`.
#[must_use]
pub fn moments(rows: &CellRows, columns: &[&[f64]], threads: usize) -> Vec<Moments> {
    in_parallel(columns.len(), threads, |column| moments_of(rows, columns[column]))
}

/// The joint moments of two columns, for a ratio.
#[must_use]
pub fn joint_moments(rows: &CellRows, y: &[f64], x: &[f64]) -> JointMoments {
    let mut pairs = Vec::new();
    let cells = (0..rows.cells()).map(|cell| {
        pairs.clear();
        let values = rows.rows_of(cell).iter().map(|&row| (y[row as usize], x[row as usize]));
        pairs.extend(values.filter(|(y, x)| !y.is_nan() && !x.is_nan()));
        joint_cell_moments(&pairs)
    });
    JointMoments { cells: cells.collect() }
}

/// Runs `job` for 0, 1, … `count` − 1 on up to `threads` threads; the results in this order.
pub fn in_parallel<T: Send>(count: usize, threads: usize, job: impl Fn(usize) -> T + Sync) -> Vec<T> {
    if threads <= 1 || count <= 1 {
        return (0..count).map(job).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let task = next.fetch_add(1, Ordering::Relaxed);
            if task >= count {
                return done;
            }
            done.push((task, job(task)));
        }
    };
    let mut results: Vec<(usize, T)> = thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(count)).map(|_| scope.spawn(work)).collect();
        let joined = workers.into_iter().map(thread::ScopedJoinHandle::join);
        joined.flat_map(|done| done.unwrap_or_else(|panic| std::panic::resume_unwind(panic))).collect()
    });
    results.sort_unstable_by_key(|(task, _)| *task);
    results.into_iter().map(|(_, result)| result).collect()
}

impl CellDesign {
    /// The design of respondents in `strata` made of register cells, n per cell being `respondents`, with the cell
    /// weight d = N_h/n_h.
    ///
    /// With `fpc`, strata have the finite population correction 1 − n_h/N_h.
    ///
    /// # Errors
    /// [`EstimateError::SinglePsu`].
    pub fn new(strata: &Strata, respondents: &[u32], fpc: bool, single_psu: SinglePsu) -> Result<Self, EstimateError> {
        let stratum: Vec<Option<u32>> = strata.of_cell.clone();
        let weight = |h: &Option<u32>| h.map_or(0.0, |h| strata.weight(h as usize));
        let weight: Vec<f64> = stratum.iter().map(weight).collect();
        let factor = factors(strata, fpc, single_psu)?;
        Ok(Self::of_cells(respondents, &stratum, &weight, factor))
    }

    /// The design of any cells whose rows share stratum and weight, `factor` being (1 − f_h)·n_h/(n_h − 1) per stratum
    /// ([`Design::stratum_factors`](super::Design)).
    #[must_use]
    pub fn of_cells(respondents: &[u32], stratum: &[Option<u32>], weight: &[f64], factor: Vec<f64>) -> Self {
        let mut design = Self {
            responding: Vec::new(),
            position: vec![None; respondents.len()],
            respondents: Vec::new(),
            weight: Vec::new(),
            stratum: Vec::new(),
            stratum_respondents: vec![0; factor.len()],
            factor,
            rows: 0,
            calibration: None,
        };
        for (cell, (&n, stratum)) in respondents.iter().zip(stratum).enumerate() {
            if let (1.., Some(stratum)) = (n, *stratum) {
                design.position[cell] = Some(index(design.responding.len()));
                design.responding.push(index(cell));
                design.respondents.push(n);
                design.weight.push(weight[cell]);
                design.stratum.push(stratum);
                design.stratum_respondents[stratum as usize] += n;
                design.rows += n as usize;
            }
        }
        design
    }

    /// The same design with calibrated weights; the units of `calibration` are the cells
    /// [`responding`](Self::responding), their masses [`mass`](Self::mass).
    #[must_use]
    pub fn calibrated(mut self, calibration: Calibration) -> Self {
        debug_assert_eq!(calibration.g().len(), self.weight.len());
        for (weight, g) in self.weight.iter_mut().zip(calibration.g()) {
            *weight *= g;
        }
        self.calibration = Some(calibration);
        self
    }

    /// The register cells with respondents, ascending.
    #[must_use]
    pub fn responding(&self) -> &[u32] {
        &self.responding
    }

    /// Sum of the weights per responding cell: before calibration n·d, after it n·w.
    #[must_use]
    pub fn mass(&self) -> Vec<f64> {
        let cells = self.respondents.iter().zip(&self.weight);
        cells.map(|(&n, w)| f64::from(n) * w).collect()
    }

    /// The weight of each row, per responding cell.
    #[must_use]
    pub fn weight(&self) -> &[f64] {
        &self.weight
    }

    /// Replaces v, the linearised variable per unit of weight of the responding cells, by its calibration residual (method
    /// 4.2); without calibration it stays as it is.
    pub fn residual(&self, v: &mut [f64]) {
        if let Some(calibration) = &self.calibration {
            calibration.residual(v);
        }
    }

    /// The stratum of each responding cell.
    #[must_use]
    pub fn stratum(&self) -> &[u32] {
        &self.stratum
    }

    /// The mean over the register cells `domain`; for a binary variable the proportion. Formulas as for
    /// [`super::mean`].
    ///
    /// # Errors
    /// [`EstimateError::EmptyDomain`].
    pub fn mean(&self, moments: &Moments, domain: &[u32]) -> Result<Estimate, EstimateError> {
        let cells = self.domain(domain, |c| moments.cells[c].n);
        let (mean, size, parts) = self.mean_parts(moments, &cells)?;
        let variance = self.variance(&parts);
        let deff = self.deff(&parts, size, mean, variance);
        self.finish(&parts, mean, variance, deff)
    }

    /// The total over the register cells `domain`. Formulas as for [`super::total`].
    ///
    /// # Errors
    /// [`EstimateError::EmptyDomain`], [`EstimateError::TotalWithMissing`].
    pub fn total(&self, moments: &Moments, domain: &[u32]) -> Result<Estimate, EstimateError> {
        let cells = self.domain(domain, |c| moments.cells[c].n);
        let (mean, size, mean_parts) = self.mean_parts(moments, &cells)?;
        self.check_missing(domain, &mean_parts)?;
        let part = |&cell: &usize| {
            let CellMoments { n, mean, squares } = self.moments_at(moments, cell);
            Part { cell, n, mean, squares }
        };
        let parts: Vec<Part> = cells.iter().map(part).collect();
        let total = parts.iter().map(|part| f64::from(part.n) * part.mean * self.weight[part.cell]);
        let (total, variance) = (sum(total), self.variance(&parts));
        let deff = self.deff(&mean_parts, size, mean, variance / (size * size));
        self.finish(&parts, total, variance, deff)
    }

    /// The ratio of the totals of y and x over the register cells `domain`. Formulas as for [`super::ratio`].
    ///
    /// # Errors
    /// [`EstimateError::EmptyDomain`], [`EstimateError::ZeroDenominator`].
    pub fn ratio(&self, joint: &JointMoments, domain: &[u32]) -> Result<Estimate, EstimateError> {
        let cells = self.domain(domain, |c| joint.cells[c].n);
        let of = |position: usize| joint.cells[self.responding[position] as usize];
        if cells.is_empty() {
            return Err(EstimateError::EmptyDomain);
        }
        let denominator = self.weighted(&cells, |p| f64::from(of(p).n) * of(p).mean_x);
        if denominator == 0.0 {
            return Err(EstimateError::ZeroDenominator { sum: denominator });
        }
        let ratio = self.weighted(&cells, |p| f64::from(of(p).n) * of(p).mean_y) / denominator;
        let part = |&cell: &usize| {
            let sums = of(cell);
            let cross = sums.squares_y - 2.0 * ratio * sums.products;
            let squares = (cross + ratio * ratio * sums.squares_x).max(0.0);
            Part {
                cell,
                n: sums.n,
                mean: (sums.mean_y - ratio * sums.mean_x) / denominator,
                squares: squares / (denominator * denominator),
            }
        };
        let parts: Vec<Part> = cells.iter().map(part).collect();
        self.finish(&parts, ratio, self.variance(&parts), None)
    }

    /// Positions of the responding cells of a domain with values, ascending.
    fn domain(&self, domain: &[u32], n: impl Fn(usize) -> u32) -> Vec<usize> {
        let answered = domain.iter().filter(|&&cell| n(cell as usize) > 0);
        let positions = answered.filter_map(|&cell| self.position[cell as usize]);
        let mut positions: Vec<usize> = positions.map(|position| position as usize).collect();
        positions.sort_unstable();
        positions.dedup();
        positions
    }

    fn moments_at(&self, moments: &Moments, position: usize) -> CellMoments {
        moments.cells[self.responding[position] as usize]
    }

    /// A mean, its N̂, and its parts.
    fn mean_parts(&self, moments: &Moments, cells: &[usize]) -> Result<(f64, f64, Vec<Part>), EstimateError> {
        if cells.is_empty() {
            return Err(EstimateError::EmptyDomain);
        }
        let at = |position: usize| self.moments_at(moments, position);
        let size = self.weighted(cells, |p| f64::from(at(p).n));
        let mean = self.weighted(cells, |p| f64::from(at(p).n) * at(p).mean) / size;
        let part = |&cell: &usize| Part {
            cell,
            n: at(cell).n,
            mean: (at(cell).mean - mean) / size,
            squares: at(cell).squares / (size * size),
        };
        Ok((mean, size, cells.iter().map(part).collect()))
    }

    fn check_missing(&self, domain: &[u32], parts: &[Part]) -> Result<(), EstimateError> {
        let all = self.domain(domain, |_| 1);
        let respondents: usize = all.iter().map(|&p| self.respondents[p] as usize).sum();
        let values: usize = parts.iter().map(|part| part.n as usize).sum();
        let missing = respondents - values;
        if missing as f64 > MAX_MISSING_IN_TOTAL * respondents as f64 {
            return Err(EstimateError::TotalWithMissing { missing, respondents });
        }
        Ok(())
    }

    fn weighted(&self, cells: &[usize], value: impl Fn(usize) -> f64) -> f64 {
        sum(cells.iter().map(|&position| self.weight[position] * value(position)))
    }

    /// Method 4.2 and 4.3: squares within cells plus squares between the cells of each stratum.
    fn variance(&self, parts: &[Part]) -> f64 {
        let mut v = vec![0.0; self.weight.len()];
        let mut squares = vec![Sum::default(); self.factor.len()];
        for part in parts {
            let (all, n) = (f64::from(self.respondents[part.cell]), f64::from(part.n));
            v[part.cell] = n / all * part.mean;
            let missing = n * (all - n) / all * part.mean * part.mean;
            let w = self.weight[part.cell];
            squares[self.stratum[part.cell] as usize].add(w * w * (part.squares + missing));
        }
        self.residual(&mut v);
        let mut sums = vec![Sum::default(); self.factor.len()];
        for (v, w) in v.iter_mut().zip(&self.weight) {
            *v *= w;
        }
        for ((&h, &n), e) in self.stratum.iter().zip(&self.respondents).zip(&v) {
            sums[h as usize].add(f64::from(n) * e);
        }
        let means = sums.iter().zip(&self.stratum_respondents);
        let means: Vec<f64> = means.map(|(sum, &n)| sum.value() / f64::from(n)).collect();
        for ((&h, &n), e) in self.stratum.iter().zip(&self.respondents).zip(&v) {
            let deviation = e - means[h as usize];
            squares[h as usize].add(f64::from(n) * deviation * deviation);
        }
        let terms = squares.iter().zip(&self.factor);
        sum(terms.map(|(squares, factor)| squares.value() * factor))
    }

    /// As for rows; the parts are those of a mean, so their v is (y − ȳ)/N̂.
    fn deff(&self, parts: &[Part], size: f64, mean: f64, variance: f64) -> Option<f64> {
        let n = parts.iter().map(|part| f64::from(part.n)).sum::<f64>();
        let spread = parts.iter().map(|part| {
            let squares = part.squares + f64::from(part.n) * part.mean * part.mean;
            self.weight[part.cell] * squares
        });
        design_effect(variance, (n, size), sum(spread) * size * size, mean)
    }

    fn finish(
        &self,
        parts: &[Part],
        estimate: f64,
        variance: f64,
        deff: Option<f64>,
    ) -> Result<Estimate, EstimateError> {
        let n: usize = parts.iter().map(|part| part.n as usize).sum();
        let weight = |part: &Part| self.weight[part.cell];
        let sum_w = sum(parts.iter().map(|part| f64::from(part.n) * weight(part)));
        let squares = parts.iter().map(|part| f64::from(part.n) * weight(part) * weight(part));
        let sum_sq = sum(squares);
        let mut strata = vec![false; self.factor.len()];
        for part in parts {
            strata[self.stratum[part.cell] as usize] = true;
        }
        let strata = strata.iter().filter(|seen| **seen).count();
        let se = standard_error(variance, estimate)?;
        Ok(Estimate {
            n,
            nrow_design: if self.calibration.is_some() { self.rows } else { n },
            df: n as i64 - strata as i64,
            sum_w,
            kish_deff: n as f64 * sum_sq / (sum_w * sum_w),
            kish_neff: sum_w * sum_w / sum_sq,
            estimate,
            se,
            deff: deff.map(|deff| if se == 0.0 { 0.0 } else { deff }),
        })
    }
}

fn factors(strata: &Strata, fpc: bool, single: SinglePsu) -> Result<Vec<f64>, EstimateError> {
    let mut factors = Vec::with_capacity(strata.len());
    for (h, (&n, population)) in strata.respondents.iter().zip(&strata.population).enumerate() {
        let units = f64::from(n);
        let rest = if fpc { 1.0 - units / population } else { 1.0 };
        factors.push(match n {
            0 => 0.0,
            1 if rest > 0.0 && single == SinglePsu::Error => {
                let stratum = strata.label[h].clone();
                return Err(EstimateError::SinglePsu { stratum });
            }
            1 => 0.0,
            _ => rest * units / (units - 1.0),
        });
    }
    Ok(factors)
}

fn moments_of(rows: &CellRows, y: &[f64]) -> Moments {
    let mut values = Vec::new();
    let mut is_binary = true;
    let cells = (0..rows.cells()).map(|cell| {
        values.clear();
        let all = rows.rows_of(cell).iter().map(|&row| y[row as usize]);
        values.extend(all);
        values.retain(|y| !y.is_nan());
        is_binary &= values.iter().all(|y| *y == 0.0 || *y == 1.0);
        let (n, mean) = (index(values.len()), mean_of(&values));
        values.iter_mut().for_each(|y| *y = (*y - mean) * (*y - mean));
        let squares = sum_slice(&values);
        CellMoments { n, mean, squares }
    });
    Moments { cells: cells.collect(), is_binary }
}

fn joint_cell_moments(pairs: &[(f64, f64)]) -> JointCellMoments {
    let y: Vec<f64> = pairs.iter().map(|(y, _)| *y).collect();
    let x: Vec<f64> = pairs.iter().map(|(_, x)| *x).collect();
    let (mean_y, mean_x) = (mean_of(&y), mean_of(&x));
    JointCellMoments {
        n: index(pairs.len()),
        mean_y,
        mean_x,
        squares_y: sum(y.iter().map(|y| (y - mean_y) * (y - mean_y))),
        squares_x: sum(x.iter().map(|x| (x - mean_x) * (x - mean_x))),
        products: sum(pairs.iter().map(|(y, x)| (y - mean_y) * (x - mean_x))),
    }
}

/// 0 without values.
fn mean_of(values: &[f64]) -> f64 {
    if values.is_empty() {
        return 0.0;
    }
    sum_slice(values) / values.len() as f64
}
