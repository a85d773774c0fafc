//! Primary rules: which figures are sensitive by themselves (method 9, P1 to P6), and the protection they need.

use std::collections::BTreeMap;

use super::DisclosureError;
use super::audit::Protection;

/// Fewest enterprise groups a figure may rest on (P1).
pub const GROUPS: u32 = 5;

/// The same for especially sensitive items such as cyber incidents (P1).
pub const GROUPS_OF_SENSITIVE_ITEM: u32 = 10;

/// Fewest respondents with, and without, an attribute (P3).
pub const ATTRIBUTE: u32 = 3;

/// Fewest enterprises of the register in a published cell (P4).
pub const POPULATION: u32 = 5;

/// Fewest respondents of a published quantile (P5).
pub const QUANTILE: u32 = 20;

/// Fewest other groups in a comparison with peers (P6).
pub const PEERS: usize = 5;

/// p of the p %-rule (P2). Like k it is no part of what a release says about itself.
pub const PERCENT: f64 = 10.0;

/// Protection of score means and of percentages, in points.
pub const POINTS: Protection = Protection { lower: 5.0, upper: 5.0 };

/// What one respondent adds to a magnitude such as revenue.
#[derive(Debug, Clone, PartialEq)]
pub struct Contribution {
    /// Its value, at least 0.
    pub value: f64,
    /// Its survey weight, above 0.
    pub weight: f64,
    /// Its enterprise group; none for a group of its own.
    pub group: Option<String>,
}

/// A total with its two largest contributions: all that the p %-rule (P2) asks. Contributions of one group are one.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Largest {
    /// Weighted total X, in the unit of the item.
    pub total: f64,
    /// Largest unweighted value, x1.
    pub first: f64,
    /// Second largest, x2.
    pub second: f64,
}

/// Parameters of the rules for magnitudes. `percent` and `dominance` are secret.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rules {
    /// Fewest enterprise groups.
    pub nmin: u32,
    /// p of the p %-rule.
    pub percent: f64,
    /// n and k of the (n, k)-dominance rule.
    pub dominance: (usize, f64),
}

/// What the rules say about a magnitude.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Finding {
    /// Respondents.
    pub units: u32,
    /// Their enterprise groups.
    pub groups: u32,
    /// Weighted total X, in the unit of the item.
    pub total: f64,
    /// Largest unweighted value of a group, x1.
    pub largest: f64,
    /// Second largest, x2.
    pub second: f64,
    /// P1: some groups, but fewer than the least.
    pub frequency_unsafe: bool,
    /// The n largest groups have more than k % of the total.
    pub dominance_unsafe: bool,
    /// P2: the rest X − x1 − x2 is less than p % of x1.
    pub p_percent_unsafe: bool,
    /// Upper protection level p/100·x1 − (X − x1 − x2), or 0.
    pub upper_p: f64,
    /// Upper protection level 100/k·(x1 + … + xn) − X, or 0.
    pub upper_dominance: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { nmin: GROUPS, percent: PERCENT, dominance: (2, 85.0) }
    }
}

/// Differences of this share of a total are rounding: limits are strict.
const ROUNDING: f64 = 1e-12;

/// P1: whether some groups, but too few, stand behind a figure.
pub fn frequency_unsafe(groups: u32, nmin: u32) -> bool {
    0 < groups && groups < nmin
}

/// P3: whether a share of a sensitive 0/1 item reveals who has the attribute or who lacks it.
pub fn attribute_unsafe(ones: u32, zeros: u32) -> bool {
    ones < ATTRIBUTE || zeros < ATTRIBUTE
}

/// P4: whether a cell of the register is too small to be published, whatever the number of respondents.
pub fn population_unsafe(enterprises: u32) -> bool {
    enterprises < POPULATION
}

/// P5: a quantile as it may be published: rounded to integers, as it is a respondent's own value; none if it rests on
/// too few respondents.
pub fn quantile(value: f64, respondents: u32) -> Option<f64> {
    (respondents >= QUANTILE && value.is_finite()).then(|| value.round() + 0.0)
}

/// P6: the mean of the peers of a group, which it must not be part of, rounded to an integer; none if they are too few.
/// Values are (group, value) of the frozen release.
pub fn peers<'a>(own: &str, values: impl IntoIterator<Item = (&'a str, f64)>) -> Option<f64> {
    let mut others: Vec<(&str, f64)> = values.into_iter().filter(|one| one.0 != own).collect();
    others.sort_by(|a, b| a.0.cmp(b.0).then(a.1.total_cmp(&b.1)));
    let sum: f64 = others.iter().map(|one| one.1).sum();
    let mean = sum / others.len() as f64;
    others.dedup_by_key(|one| one.0);
    (others.len() >= PEERS && mean.is_finite()).then(|| mean.round() + 0.0)
}

/// P1 and P2 for a magnitude: values of a group are added up before they are compared; the total is weighted, the
/// largest values are not (ESSnet SDC handbook, weights secret).
///
/// # Errors
/// A value that is negative or no number, a weight that is not above 0, a parameter out of range.
pub fn magnitude(contributions: &[Contribution], rules: &Rules) -> Result<Finding, DisclosureError> {
    check(contributions, rules)?;
    let groups = groups(contributions);
    let total: f64 = contributions.iter().map(|one| one.weight * one.value).sum();
    let at = |rank: usize| groups.get(rank).copied().unwrap_or(0.0);
    let (largest, second) = (at(0), at(1));
    let upper_p = Largest { total, first: largest, second }.upper(rules.percent);
    let (n, k) = rules.dominance;
    let dominant: f64 = groups.iter().take(n).sum();
    let rounding = ROUNDING * total.max(dominant);
    let upper_dominance = 100.0 / k * dominant - total;
    let count = |length: usize| u32::try_from(length).unwrap_or(u32::MAX);
    Ok(Finding {
        units: count(contributions.len()),
        groups: count(groups.len()),
        total,
        largest,
        second,
        frequency_unsafe: frequency_unsafe(count(groups.len()), rules.nmin),
        dominance_unsafe: dominant - k / 100.0 * total > rounding,
        p_percent_unsafe: upper_p > 0.0,
        upper_p,
        upper_dominance: if upper_dominance > rounding { upper_dominance } else { 0.0 },
    })
}

impl Largest {
    /// Adds a respondent by its value, at least 0, and its weight.
    pub fn add(&mut self, value: f64, weight: f64) {
        self.total += weight * value;
        self.rank(value);
    }

    /// Adds the respondents of another total.
    pub fn join(&mut self, other: &Self) {
        self.total += other.total;
        self.rank(other.first);
        self.rank(other.second);
    }

    /// How far above the truth values must stay possible, p/100·x1 − (X − x1 − x2); 0 where the rest hides the largest
    /// contribution from the second largest one.
    #[must_use]
    pub fn upper(&self, percent: f64) -> f64 {
        let upper = percent / 100.0 * self.first - (self.total - self.first - self.second);
        if upper > ROUNDING * self.total.max(self.first + self.second) { upper } else { 0.0 }
    }

    fn rank(&mut self, value: f64) {
        let (first, second) = (self.first, self.second);
        (self.first, self.second) = if value > first { (value, first) } else { (first, second.max(value)) };
    }
}

impl Finding {
    /// The protection a magnitude needs, the lower level like the upper one; none if it is not sensitive by P1 and the
    /// p %-rule. A figure of too few groups must at least not be exact.
    pub fn protection(&self) -> Option<Protection> {
        let need = Protection { lower: self.upper_p, upper: self.upper_p };
        (self.frequency_unsafe || self.p_percent_unsafe).then_some(need)
    }
}

fn check(contributions: &[Contribution], rules: &Rules) -> Result<(), DisclosureError> {
    let fault = |place: String, problem: &str| Err(DisclosureError::Invalid { place, problem: problem.to_owned() });
    for (number, one) in contributions.iter().enumerate() {
        if !(one.value >= 0.0 && one.value.is_finite()) {
            return fault(format!("contribution {number}"), "the value must be a finite number of at least 0");
        }
        if !(one.weight > 0.0 && one.weight.is_finite()) {
            return fault(format!("contribution {number}"), "the weight must be a finite number above 0");
        }
    }
    let (n, k) = rules.dominance;
    if !(rules.percent >= 0.0 && rules.percent.is_finite()) || n == 0 || !(k > 0.0 && k <= 100.0) {
        return fault("rules".into(), "p must be at least 0, n at least 1, and k above 0 and at most 100");
    }
    Ok(())
}

/// The values of the groups, largest first.
fn groups(contributions: &[Contribution]) -> Vec<f64> {
    let mut merged: BTreeMap<&str, f64> = BTreeMap::new();
    let mut values = Vec::new();
    for one in contributions {
        match &one.group {
            Some(group) => *merged.entry(group).or_default() += one.value,
            None => values.push(one.value),
        }
    }
    values.extend(merged.into_values());
    values.sort_by(|a, b| b.total_cmp(a));
    values
}
