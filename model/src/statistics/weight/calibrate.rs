use super::{Incidence, WeightError, is_usable};
use crate::statistics::gram::Factor;
use crate::statistics::sum::{Sum, sum};

/// g-weights within these limits need no bounded calibration (method 2.5).
pub const DEFAULT_BOUNDS: (f64, f64) = (0.3, 3.0);

/// The limits to fall back to when [`DEFAULT_BOUNDS`] have no solution (method 2.5).
pub const WIDER_BOUNDS: (f64, f64) = (0.2, 6.0);

/// Newton stops when every total is met to this, relative to 1 + its size (method 2.4).
const NEWTON_TOLERANCE: f64 = 1e-12;

/// IPF stops when every total is met to this after a full cycle. Newton accepts it too where rounding lets no step get
/// closer.
const IPF_TOLERANCE: f64 = 1e-10;

const MAX_CYCLES: usize = 1_000;
const MAX_STEPS: usize = 100;
const MAX_HALVINGS: usize = 40;

/// A g this many times above or below the average means that only zero weights meet the totals.
const DEGENERATE: f64 = 1e9;

/// Distance between starting and final weights, by its g-function (Deville & Särndal 1992).
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Distance {
    /// g = eᵘ: raking.
    Raking,
    /// g = 1 + u: linear calibration, GREG. Weights can become negative.
    Linear,
    /// g = [L(U−1) + U(1−L)e^{Au}] / [(U−1) + (1−L)e^{Au}], A = (U−L)/((1−L)(U−1)).
    Logit {
        /// L, at least 0 and below 1.
        lower: f64,
        /// U, above 1.
        upper: f64,
    },
}

/// Which bounds the g-weights of [`calibrate_bounded`] keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bounded {
    /// Plain raking stayed within [`DEFAULT_BOUNDS`].
    ByItself,
    /// The logit distance with [`DEFAULT_BOUNDS`] was needed.
    Default,
    /// The logit distance with [`WIDER_BOUNDS`] was needed.
    Wider,
}

/// Calibrated units: g-weights, and the projection that takes calibration residuals.
///
/// A unit is a respondent with `mass` d, or a whole register cell with `mass` n·d.
#[derive(Debug, Clone)]
pub struct Calibration {
    incidence: Incidence,
    mass: Vec<f64>,
    g: Vec<f64>,
    factor: Factor,
}

impl Calibration {
    /// g = w/d of every unit.
    #[must_use]
    pub fn g(&self) -> &[f64] {
        &self.g
    }

    /// The margins.
    #[must_use]
    pub fn incidence(&self) -> &Incidence {
        &self.incidence
    }

    /// Replaces v = u/w (linearised variable per unit of final weight) by its residual from the regression on the
    /// margins, weighted by `mass`: v − x'β (method 4.2).
    ///
    /// Times w it is e = g√d·[I − P](u/(g√d)), P the projection on the columns √d·x. Every step is done twice, which
    /// makes up for the squared condition of the normal equations.
    pub fn residual(&self, v: &mut [f64]) {
        for _ in 0..2 {
            let weighted: Vec<f64> = v.iter().zip(&self.mass).map(|(v, d)| v * d).collect();
            let beta = self.factor.solve(&self.incidence.sums(&weighted));
            for (v, fitted) in v.iter_mut().zip(self.incidence.fitted(&beta)) {
                *v -= fitted;
            }
        }
    }

    /// The same calibration for members of the units: member k belongs to unit `unit[k]` and has `mass[k]`, the masses
    /// of a unit's members adding up to the unit's.
    #[must_use]
    pub fn of_members(&self, unit: &[u32], mass: Vec<f64>) -> Self {
        Self {
            incidence: self.incidence.of_members(unit),
            mass,
            g: unit.iter().map(|&unit| self.g[unit as usize]).collect(),
            factor: self.factor.clone(),
        }
    }

    fn new(incidence: Incidence, mass: Vec<f64>, g: Vec<f64>) -> Self {
        let factor = Factor::new(incidence.gram(&mass), incidence.columns());
        Self { incidence, mass, g, factor }
    }
}

impl Distance {
    fn name(self) -> &'static str {
        match self {
            Self::Raking => "raking",
            Self::Linear => "linear calibration",
            Self::Logit { .. } => "bounded logit calibration",
        }
    }

    /// F(u), F'(u) and the integral of F: g-weight, slope and potential.
    fn at(self, u: f64) -> (f64, f64, f64) {
        match self {
            Self::Raking => {
                let g = u.exp();
                (g, g, g)
            }
            Self::Linear => (1.0 + u, 1.0, u + u * u / 2.0),
            Self::Logit { lower, upper } => logit(lower, upper, u),
        }
    }
}

/// Calibrates units of `mass` d (or n·d) to the totals of the margins: w = d·F(x'λ), Σwx = X (method 2.4–2.5).
/// Post-stratification is raking on a single margin.
///
/// Newton's method on the convex dual, with step halving; the totals are met to 1e-12 of 1 + their size.
///
/// # Errors
/// [`WeightError::BadWeight`], [`WeightError::BadBounds`], [`WeightError::NoConvergence`], [`WeightError::Degenerate`].
pub fn calibrate(incidence: Incidence, mass: Vec<f64>, distance: Distance) -> Result<Calibration, WeightError> {
    check_mass(&mass)?;
    if let Distance::Logit { lower, upper } = distance {
        let valid = (0.0..1.0).contains(&lower) && upper > 1.0 && upper.is_finite();
        if !valid {
            return Err(WeightError::BadBounds { lower, upper });
        }
    }
    let g = newton(&incidence, &mass, distance)?;
    if distance == Distance::Raking {
        check_interior(&incidence, &mass, &g)?;
    }
    Ok(Calibration::new(incidence, mass, g))
}

/// Rakes, and where a g leaves [0.3, 3] calibrates with the logit distance within these bounds, then within [0.2, 6]
/// (method 2.5).
///
/// # Errors
/// Those of [`calibrate`] for the widest bounds; the remedy is then to merge categories.
pub fn calibrate_bounded(incidence: &Incidence, mass: &[f64]) -> Result<(Calibration, Bounded), WeightError> {
    let (low, high) = DEFAULT_BOUNDS;
    let raked = calibrate(incidence.clone(), mass.to_vec(), Distance::Raking);
    if let Ok(raked) = raked
        && raked.g.iter().all(|g| (low..=high).contains(g))
    {
        return Ok((raked, Bounded::ByItself));
    }
    let logit = |(lower, upper)| {
        let distance = Distance::Logit { lower, upper };
        calibrate(incidence.clone(), mass.to_vec(), distance)
    };
    if let Ok(bounded) = logit(DEFAULT_BOUNDS) {
        return Ok((bounded, Bounded::Default));
    }
    logit(WIDER_BOUNDS).map(|wider| (wider, Bounded::Wider))
}

/// g-weights by iterative proportional fitting (method 2.4a): cycles the margins with w ← w·N_c/ΣW_c until every total
/// of every margin is met to 1e-10 of 1 + its size.
///
/// Gives the weights of [`calibrate`] with [`Distance::Raking`], more slowly; a cross-check.
///
/// # Errors
/// [`WeightError::BadWeight`], [`WeightError::NoConvergence`] after 1,000 cycles.
pub fn rake_ipf(incidence: &Incidence, mass: &[f64]) -> Result<Vec<f64>, WeightError> {
    check_mass(mass)?;
    let mut weight = mass.to_vec();
    for _ in 0..MAX_CYCLES {
        for margin in &incidence.column {
            let sums = incidence.sums(&weight);
            let totals = incidence.total.iter().zip(&sums);
            let factor: Vec<f64> = totals.map(|(total, sum)| total / sum).collect();
            for (weight, &column) in weight.iter_mut().zip(margin) {
                *weight *= factor[column as usize];
            }
        }
        if worst_misfit(&incidence.total, &incidence.sums(&weight)).1 < IPF_TOLERANCE {
            return Ok(weight.iter().zip(mass).map(|(w, d)| w / d).collect());
        }
    }
    let (column, misfit) = worst_misfit(&incidence.total, &incidence.sums(&weight));
    Err(WeightError::NoConvergence {
        method: "iterative proportional fitting",
        rounds: MAX_CYCLES,
        category: incidence.label[column].clone(),
        misfit,
    })
}

/// A point of the dual problem.
struct Point {
    lambda: Vec<f64>,
    /// g of every unit.
    g: Vec<f64>,
    /// mass·F' of every unit.
    slope: Vec<f64>,
    /// X − Σ w x, per column.
    gap: Vec<f64>,
    /// Column and size of the largest relative gap.
    worst: (usize, f64),
    /// Σ mass·∫F − X'λ, convex in λ and smallest at the solution.
    dual: f64,
}

impl Point {
    fn at(incidence: &Incidence, mass: &[f64], distance: Distance, lambda: Vec<f64>) -> Self {
        let fitted = incidence.fitted(&lambda);
        let (mut g, mut slope) = (Vec::with_capacity(mass.len()), Vec::with_capacity(mass.len()));
        let mut dual = 0.0;
        for (u, d) in fitted.iter().zip(mass) {
            let (value, derivative, potential) = distance.at(*u);
            g.push(value);
            slope.push(d * derivative);
            dual += d * potential;
        }
        let weight: Vec<f64> = g.iter().zip(mass).map(|(g, d)| g * d).collect();
        let sums = incidence.sums(&weight);
        let totals = incidence.total.iter();
        dual -= totals.clone().zip(&lambda).map(|(x, l)| x * l).sum::<f64>();
        Self {
            gap: totals.zip(&sums).map(|(x, s)| x - s).collect(),
            worst: worst_misfit(&incidence.total, &sums),
            lambda,
            g,
            slope,
            dual,
        }
    }

    fn improves_on(&self, other: &Self) -> bool {
        self.worst.1 < other.worst.1 || self.dual < other.dual
    }
}

fn newton(incidence: &Incidence, mass: &[f64], distance: Distance) -> Result<Vec<f64>, WeightError> {
    let start = vec![0.0; incidence.columns()];
    let mut point = Point::at(incidence, mass, distance, start);
    let mut rounds = 0;
    while point.worst.1 >= NEWTON_TOLERANCE && rounds < MAX_STEPS {
        rounds += 1;
        let factor = Factor::new(incidence.gram(&point.slope), incidence.columns());
        let step = factor.solve(&point.gap);
        match line_search(incidence, mass, distance, &point, &step) {
            Some(next) => point = next,
            None => break,
        }
    }
    if point.worst.1 < IPF_TOLERANCE {
        return Ok(point.g);
    }
    Err(WeightError::NoConvergence {
        method: distance.name(),
        rounds,
        category: incidence.label[point.worst.0].clone(),
        misfit: point.worst.1,
    })
}

/// The first of λ + step, λ + step/2, … that is closer to the solution.
fn line_search(incidence: &Incidence, mass: &[f64], distance: Distance, from: &Point, step: &[f64]) -> Option<Point> {
    let mut length = 1.0;
    for _ in 0..MAX_HALVINGS {
        let moved = from.lambda.iter().zip(step).map(|(l, s)| l + length * s);
        let next = Point::at(incidence, mass, distance, moved.collect());
        if next.worst.1.is_finite() && next.improves_on(from) {
            return Some(next);
        }
        length /= 2.0;
    }
    None
}

fn logit(lower: f64, upper: f64, u: f64) -> (f64, f64, f64) {
    let (below, above) = (1.0 - lower, upper - 1.0);
    let a = (upper - lower) / (below * above);
    // Everything is a function of this share, which stays finite for large |u|.
    let share = 1.0 / (1.0 + above / below * (-a * u).exp());
    let g = lower + (upper - lower) * share;
    let slope = (upper - lower) * share * (1.0 - share) * a;
    let log_sum =
        if u > 0.0 { a * u + (below + above * (-a * u).exp()).ln() } else { (above + below * (a * u).exp()).ln() };
    (g, slope, lower * u + (upper - lower) / a * log_sum)
}

/// Column and size of the largest |Σw − N|/(1 + N).
fn worst_misfit(totals: &[f64], sums: &[f64]) -> (usize, f64) {
    let mut worst = (0, 0.0);
    for (column, (total, sum)) in totals.iter().zip(sums).enumerate() {
        let misfit = (total - sum).abs() / (1.0 + total.abs());
        // A NaN must win, and then stay.
        if misfit > worst.1 || misfit.is_nan() {
            worst = (column, misfit);
        }
    }
    worst
}

fn check_mass(mass: &[f64]) -> Result<(), WeightError> {
    match mass.iter().position(|&weight| !is_usable(weight)) {
        None => Ok(()),
        Some(unit) => Err(WeightError::BadWeight { unit, weight: mass[unit] }),
    }
}

/// Refuses "solutions" at infinity: where the margins contradict the pattern of empty cells, raking meets the totals
/// only in the limit of zero weights.
fn check_interior(incidence: &Incidence, mass: &[f64], g: &[f64]) -> Result<(), WeightError> {
    let grown: Sum = g.iter().zip(mass).map(|(g, d)| g * d).collect();
    let average = grown.value() / sum(mass.iter().copied());
    let extreme = |g: &f64| !(1.0 / DEGENERATE..=DEGENERATE).contains(&(g / average));
    match g.iter().position(extreme) {
        None => Ok(()),
        Some(unit) => {
            let column = incidence.column[0][unit] as usize;
            Err(WeightError::Degenerate {
                method: Distance::Raking.name(),
                category: incidence.label[column].clone(),
                g: g[unit],
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_logit_function_is_one_at_zero_and_keeps_its_bounds() {
        let (g, slope, _) = logit(0.3, 3.0, 0.0);
        assert!((g - 1.0).abs() < 1e-15 && (slope - 1.0).abs() < 1e-15);
        assert!((logit(0.3, 3.0, 1e4).0 - 3.0).abs() < 1e-12);
        assert!((logit(0.3, 3.0, -1e4).0 - 0.3).abs() < 1e-12);
    }

    #[test]
    fn potentials_are_the_integrals_of_the_g_functions() {
        let logit = Distance::Logit { lower: 0.4, upper: 2.5 };
        for distance in [Distance::Raking, Distance::Linear, logit] {
            for u in [-2.0, -0.1, 0.4, 3.0] {
                let h = 1e-5;
                let (g, slope, _) = distance.at(u);
                let potential = (distance.at(u + h).2 - distance.at(u - h).2) / (2.0 * h);
                let derivative = (distance.at(u + h).0 - distance.at(u - h).0) / (2.0 * h);
                assert!((g - potential).abs() < 1e-7 * (1.0 + g.abs()));
                assert!((slope - derivative).abs() < 1e-7 * (1.0 + slope));
            }
        }
    }
}
