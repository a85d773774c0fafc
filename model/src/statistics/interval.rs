//! Confidence intervals at 95 % (method 5).

use statrs::function::gamma::ln_gamma;

/// Probability in each tail.
const TAIL: f64 = 0.025;

/// Largest number of terms of the continued fraction; it needs about √max(a, b).
const MAX_TERMS: usize = 100_000;

/// Steps of a quantile search: bisection from 1 down to the smallest positive number takes 1,075.
const MAX_STEPS: usize = 2_000;

/// From this many degrees of freedom on the t quantile comes from its expansion around the normal one, whose first
/// omitted term is below 1e-15 there.
const LARGE_DF: i64 = 10_000;

/// The .975 quantile of the standard normal distribution.
const Z: f64 = 1.959_963_984_540_054;

/// The interval of a proportion chosen for publication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ProportionInterval {
    /// [`logit_interval`].
    Logit([f64; 2]),
    /// [`korn_graubard`].
    KornGraubard([f64; 2]),
    /// [`clopper_pearson_at_edge`]: at 0 or 1 the upper or lower limit is one-sided.
    ClopperPearson([f64; 2]),
}

impl ProportionInterval {
    /// Lower and upper limit.
    #[must_use]
    pub fn limits(self) -> [f64; 2] {
        match self {
            Self::Logit(limits) | Self::KornGraubard(limits) | Self::ClopperPearson(limits) => limits,
        }
    }
}

/// The .975 quantile of Student's t with `df` degrees of freedom; `None` for `df` ≤ 0.
///
/// From the beta distribution: t² = df·y/(1−y) where I_y(1/2, df/2) = 0.95.
#[must_use]
pub fn t_quantile(df: i64) -> Option<f64> {
    if df <= 0 {
        return None;
    }
    let nu = df as f64;
    if df >= LARGE_DF {
        return Some(t_expansion(nu));
    }
    let near = t_expansion(nu);
    let start = near * near / (nu + near * near);
    let y = beta_quantile(1.0 - 2.0 * TAIL, 0.5, nu / 2.0, start);
    Some((nu * y / (1.0 - y)).sqrt())
}

/// P(|T| > |t|) for Student's t with `df` degrees of freedom; `None` for `df` ≤ 0.
#[must_use]
pub fn t_two_sided(t: f64, df: i64) -> Option<f64> {
    if df <= 0 {
        return None;
    }
    let nu = df as f64;
    let y = t * t / (nu + t * t);
    Some(beta_tails(0.5, nu / 2.0, y).1)
}

/// estimate ± t·se; `None` for `df` ≤ 0.
#[must_use]
pub fn t_interval(estimate: f64, se: f64, df: i64) -> Option<[f64; 2]> {
    let margin = t_quantile(df)? * se;
    Some([estimate - margin, estimate + margin])
}

/// logit(p) ± t·se/(p(1−p)), transformed back; `None` unless 0 < p < 1, se > 0 and `df` > 0.
#[must_use]
pub fn logit_interval(p: f64, se: f64, df: i64) -> Option<[f64; 2]> {
    if !is_interior(p, se) {
        return None;
    }
    let centre = (p / (1.0 - p)).ln();
    let margin = t_quantile(df)? * se / (p * (1.0 - p));
    let expit = |x: f64| 1.0 / (1.0 + (-x).exp());
    Some([expit(centre - margin), expit(centre + margin)])
}

/// Korn and Graubard's effective sample size before truncation, p(1−p)/se².
#[must_use]
pub fn korn_graubard_raw(p: f64, se: f64) -> Option<f64> {
    is_interior(p, se).then(|| p * (1.0 - p) / (se * se))
}

/// n* of the NCHS standard: min(n, p(1−p)/se²·(t_{n−1}/t_df)²), with `n` respondents of the domain.
///
/// `None` unless 0 < p < 1, se > 0, `df` > 0 and `n` > 1.
#[must_use]
pub fn korn_graubard_neff(p: f64, se: f64, df: i64, n: usize) -> Option<f64> {
    let adjusted = adjusted_neff(p, se, df, n)?;
    Some(adjusted.min(n as f64))
}

/// The interval of Korn & Graubard (1998) as the NCHS standard takes it (Parker et al. 2017): beta quantiles with
/// [`korn_graubard_neff`].
#[must_use]
pub fn korn_graubard(p: f64, se: f64, df: i64, n: usize) -> Option<[f64; 2]> {
    Some(beta_interval(p, korn_graubard_neff(p, se, df, n)?))
}

/// The interval `svyciprop(method = "beta")` of R `survey` gives: like [`korn_graubard`], but without truncation and
/// with the rows of the whole design as `nrow`.
#[must_use]
pub fn beta_svyciprop(p: f64, se: f64, df: i64, nrow: usize) -> Option<[f64; 2]> {
    Some(beta_interval(p, adjusted_neff(p, se, df, nrow)?))
}

/// The interval for p = 0 or p = 1: one-sided Clopper–Pearson with n* = n/deff (our convention, method 5). `None` for
/// other p.
#[must_use]
pub fn clopper_pearson_at_edge(p: f64, n: usize, kish_deff: f64) -> Option<[f64; 2]> {
    let n_star = n as f64 / kish_deff;
    // Both Beta quantiles have a closed form at the edge, at one-sided 95 %.
    let reach = (2.0 * TAIL).powf(1.0 / n_star);
    if p == 0.0 {
        Some([0.0, 1.0 - reach])
    } else if p == 1.0 {
        Some([reach, 1.0])
    } else {
        None
    }
}

/// The interval of a proportion to publish (method 5): logit, or Korn–Graubard where n_eff < 30 or p is outside [0.1,
/// 0.9], or Clopper–Pearson at 0 and 1.
///
/// `n` respondents of the domain with Kish's design effect `kish_deff`; `None` without degrees of freedom or with
/// se = 0 inside (0, 1).
pub fn published_proportion(p: f64, se: f64, df: i64, n: usize, kish_deff: f64) -> Option<ProportionInterval> {
    if let Some(limits) = clopper_pearson_at_edge(p, n, kish_deff) {
        return Some(ProportionInterval::ClopperPearson(limits));
    }
    let small = (n as f64 / kish_deff) < 30.0 || !(0.1..=0.9).contains(&p);
    if small {
        korn_graubard(p, se, df, n).map(ProportionInterval::KornGraubard)
    } else {
        logit_interval(p, se, df).map(ProportionInterval::Logit)
    }
}

fn is_interior(p: f64, se: f64) -> bool {
    p > 0.0 && p < 1.0 && se > 0.0
}

fn adjusted_neff(p: f64, se: f64, df: i64, n: usize) -> Option<f64> {
    let ratio = t_quantile(n as i64 - 1)? / t_quantile(df)?;
    Some(korn_graubard_raw(p, se)? * ratio * ratio)
}

fn beta_interval(p: f64, n: f64) -> [f64; 2] {
    let lower = (n * p, n * (1.0 - p) + 1.0);
    let upper = (n * p + 1.0, n * (1.0 - p));
    let near = |(a, b): (f64, f64), z: f64| {
        let mean = a / (a + b);
        let deviation = (mean * (1.0 - mean) / (a + b + 1.0)).sqrt();
        (mean + z * deviation).clamp(mean / 8.0, 1.0 - (1.0 - mean) / 8.0)
    };
    [
        beta_quantile(TAIL, lower.0, lower.1, near(lower, -Z)),
        beta_quantile(1.0 - TAIL, upper.0, upper.1, near(upper, Z)),
    ]
}

/// Cornish–Fisher expansion of the t quantile in 1/ν (Abramowitz & Stegun 26.7.5).
fn t_expansion(nu: f64) -> f64 {
    let z2 = Z * Z;
    let g1 = (z2 + 1.0) * Z / 4.0;
    let g2 = ((5.0 * z2 + 16.0) * z2 + 3.0) * Z / 96.0;
    let g3 = (((3.0 * z2 + 19.0) * z2 + 17.0) * z2 - 15.0) * Z / 384.0;
    Z + (g1 + (g2 + g3 / nu) / nu) / nu
}

/// The `probability` quantile of the beta distribution with shapes `a`, `b` > 0.
///
/// Newton's method from `start`, kept inside a shrinking bracket, on the smaller of the two tails.
fn beta_quantile(probability: f64, a: f64, b: f64, start: f64) -> f64 {
    let ln_beta = ln_gamma(a) + ln_gamma(b) - ln_gamma(a + b);
    let (mut low, mut high) = (0.0, 1.0);
    let mut x = start;
    for _ in 0..MAX_STEPS {
        let (below, above) = beta_tails(a, b, x);
        let error = if probability < 0.5 { below - probability } else { (1.0 - probability) - above };
        if error > 0.0 {
            high = x;
        } else {
            low = x;
        }
        let density = ((a - 1.0) * x.ln() + (b - 1.0) * (-x).ln_1p() - ln_beta).exp();
        let newton = x - error / density;
        let next = if newton > low && newton < high { newton } else { f64::midpoint(low, high) };
        if (next - x).abs() <= 4.0 * f64::EPSILON * x {
            return next;
        }
        x = next;
    }
    x
}

/// Lower and upper tail of the beta distribution at `x`, each to full relative precision.
///
/// The regularised incomplete beta function by its continued fraction (modified Lentz, as in
/// `statrs::function::beta::beta_reg`, which stops after 140 terms and gives only the lower tail).
fn beta_tails(a: f64, b: f64, x: f64) -> (f64, f64) {
    if x <= 0.0 {
        return (0.0, 1.0);
    }
    if x >= 1.0 {
        return (1.0, 0.0);
    }
    let ln_front = ln_gamma(a + b) - ln_gamma(a) - ln_gamma(b) + a * x.ln() + b * (-x).ln_1p();
    let front = ln_front.exp();
    if x < (a + 1.0) / (a + b + 2.0) {
        let lower = front * continued_fraction(a, b, x) / a;
        (lower, 1.0 - lower)
    } else {
        let upper = front * continued_fraction(b, a, 1.0 - x) / b;
        (1.0 - upper, upper)
    }
}

fn continued_fraction(a: f64, b: f64, x: f64) -> f64 {
    let away_from_zero = |v: f64| if v.abs() < 1e-300 { 1e-300 } else { v };
    let mut c = 1.0;
    let mut d = 1.0 / away_from_zero(1.0 - (a + b) * x / (a + 1.0));
    let mut fraction = d;
    for m in 1..MAX_TERMS {
        let m = m as f64;
        let even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
        let odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
        let mut step = 1.0;
        for term in [even, odd] {
            d = 1.0 / away_from_zero(1.0 + term * d);
            c = away_from_zero(1.0 + term / c);
            step *= c * d;
            fraction *= c * d;
        }
        if (step - 1.0).abs() <= f64::EPSILON {
            break;
        }
    }
    fraction
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance * b.abs(), "{a} is not {b}");
    }

    #[test]
    fn t_quantiles_are_those_of_the_tables() {
        // R: print(qt(.975, c(1, 2, 10, 100)), digits = 16)
        close(t_quantile(1).unwrap(), 12.706_204_736_174_69, 1e-12);
        close(t_quantile(2).unwrap(), 4.302_652_729_749_464, 1e-12);
        close(t_quantile(10).unwrap(), 2.228_138_851_986_274, 1e-12);
        close(t_quantile(100).unwrap(), 1.983_971_518_523_552, 1e-12);
        assert_eq!(t_quantile(0), None);
    }

    #[test]
    fn the_expansion_continues_the_exact_quantile() {
        let exact = |df: f64| {
            let y = beta_quantile(0.95, 0.5, df / 2.0, 1.0 / (1.0 + df));
            (df * y / (1.0 - y)).sqrt()
        };
        close(t_expansion(1e4), exact(1e4), 1e-11);
        close(t_expansion(1e6), exact(1e6), 1e-9);
    }

    #[test]
    fn tails_agree_with_statrs() {
        for (a, b, x) in [(0.5, 4.0, 0.3), (7.5, 2.0, 0.9), (40.0, 60.0, 0.45)] {
            let lower = statrs::function::beta::beta_reg(a, b, x);
            close(beta_tails(a, b, x).0, lower, 1e-12);
        }
    }

    #[test]
    fn large_shapes_are_symmetric() {
        close(beta_quantile(0.5, 5e5, 5e5, 0.3), 0.5, 1e-9);
    }

    #[test]
    fn tiny_shapes_have_tiny_quantiles() {
        // For b = 1 the distribution function is x^a.
        close(beta_quantile(0.025, 0.02, 1.0, 0.1), 0.025_f64.powf(50.0), 1e-9);
    }

    #[test]
    fn edges_are_one_sided() {
        let [low, high] = clopper_pearson_at_edge(0.0, 10, 1.0).unwrap();
        assert_eq!(low, 0.0);
        close(high, 1.0 - 0.05_f64.powf(0.1), 1e-15);
    }
}
