use super::WeightError;
use crate::statistics::sum::{Sum, sum};

/// Each round moves at least one more weight to a limit or shrinks the excess; rounding ends it.
const MAX_ROUNDS: usize = 10_000;

/// Trims weights to [`lower`, `upper`] and keeps their sum (method 2.5; `trimWeights(strict=TRUE)` of R `survey`):
/// clip, add the clipped sum equally to the weights that were not outside, repeat until none is outside.
///
/// Trimming breaks calibrated margins; bounded calibration is preferred.
///
/// # Errors
/// [`WeightError::Untrimmable`] when every weight is outside, or the excess never vanishes.
pub fn trim(weights: &[f64], lower: f64, upper: f64) -> Result<Vec<f64>, WeightError> {
    let outside = |w: f64| w < lower || w > upper;
    let mut trimmed = weights.to_vec();
    for _ in 0..MAX_ROUNDS {
        let inside = trimmed.iter().filter(|w| !outside(**w)).count();
        if inside == trimmed.len() {
            return Ok(trimmed);
        }
        if inside == 0 {
            break;
        }
        let excess: Sum = trimmed.iter().map(|w| w - w.max(lower).min(upper)).collect();
        let share = excess.value() / inside as f64;
        for w in &mut trimmed {
            *w = if outside(*w) { w.max(lower).min(upper) } else { *w + share };
        }
    }
    Err(WeightError::Untrimmable { lower, upper, sum: sum(weights.iter().copied()) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sum_is_kept() {
        let trimmed = trim(&[1.0, 4.0, 5.0, 20.0], 2.0, 12.0).unwrap();
        assert_eq!(trimmed.iter().sum::<f64>(), 30.0);
        assert_eq!((trimmed[0], trimmed[3]), (2.0, 12.0));
    }

    #[test]
    fn limits_that_cannot_hold_the_sum_are_refused() {
        assert!(trim(&[5.0, 5.0, 5.0], 1.0, 4.0).is_err());
    }
}
