//! Cell-key noise for counts (optional method; ESSnet SDC handbook ch. 5). The same records always get the same noise.
//!
//! A cell's key is the fractional part of the sum of its records' keys, in 6-decimal fixed point, so that it does not
//! depend on their order.

use std::collections::BTreeMap;

use super::DisclosureError;

/// Noise of a range of cell keys: above `lower` up to `upper`; key 0 belongs to the first range.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Step {
    /// What is added to the count.
    pub noise: i64,
    /// Excluded end.
    pub lower: f64,
    /// Included end.
    pub upper: f64,
}

/// Noise by true count; counts beyond the last row use the last row. Secret.
#[derive(Debug, Clone, PartialEq)]
pub struct NoiseTable {
    rows: Vec<Vec<Step>>,
}

/// A count with its noise.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NoisyCount {
    /// True count.
    pub n: u64,
    /// Cell key, in [0, 1).
    pub cell_key: f64,
    /// Noise.
    pub noise: i64,
    /// What is published.
    pub published: u64,
}

/// Units of fixed point.
const UNIT: u64 = 1_000_000;

impl NoiseTable {
    /// A table with a row for each count from 0.
    ///
    /// # Errors
    /// No rows, a missing count, ranges that do not cover 0 to 1 one after the other, or noise below minus the count.
    pub fn new(rows: BTreeMap<u64, Vec<Step>>) -> Result<Self, DisclosureError> {
        let fault = |count: u64, problem: &str| {
            Err(DisclosureError::Invalid { place: format!("ptable row {count}"), problem: problem.to_owned() })
        };
        if rows.is_empty() {
            return fault(0, "it is missing; give a row for each count from 0");
        }
        for (expected, (&count, steps)) in (0..).zip(&rows) {
            if count != expected {
                return fault(expected, "it is missing; give a row for each count from 0");
            }
            let ends = steps.windows(2).all(|pair| pair[0].upper == pair[1].lower);
            let whole =
                steps.first().is_some_and(|one| one.lower == 0.0) && steps.last().is_some_and(|one| one.upper == 1.0);
            if !ends || !whole || steps.iter().any(|one| one.lower >= one.upper) {
                return fault(count, "the ranges must cover 0 to 1, one after the other");
            }
            if steps.iter().any(|one| i128::from(count) + i128::from(one.noise) < 0) {
                return fault(count, "the noise makes a count negative; raise it");
            }
        }
        Ok(Self { rows: rows.into_values().collect() })
    }

    /// The noisy count of records with these keys, each in [0, 1).
    ///
    /// # Errors
    /// A key outside [0, 1).
    pub fn count(&self, record_keys: &[f64]) -> Result<NoisyCount, DisclosureError> {
        let mut sum = 0;
        for (number, key) in record_keys.iter().enumerate() {
            if !(0.0..1.0).contains(key) {
                let place = format!("record key {number}");
                return Err(DisclosureError::Invalid { place, problem: format!("{key} must lie in [0, 1)") });
            }
            sum = (sum + fixed_point(*key)) % UNIT;
        }
        let (n, cell_key) = (record_keys.len() as u64, sum as f64 / UNIT as f64);
        let row = &self.rows[record_keys.len().min(self.rows.len() - 1)];
        let holds = |one: &&Step| (one.lower < cell_key || sum == 0) && cell_key <= one.upper;
        let noise = row.iter().find(holds).map_or(0, |one| one.noise);
        Ok(NoisyCount { n, cell_key, noise, published: n.saturating_add_signed(noise) })
    }
}

/// A key in [0, 1) in millionths.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "in 0..=UNIT, without a fraction")]
fn fixed_point(key: f64) -> u64 {
    (key * UNIT as f64).round() as u64
}
