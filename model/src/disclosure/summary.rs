//! Mean and quartiles of bounded scores, as far as the primary rules (method 9, P1 and P5) let them be shown.

use super::primary::{GROUPS, frequency_unsafe, quantile};

/// What may be said about a set of scores.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Summary {
    /// How many there are.
    pub count: u32,
    /// Their mean; none when there are too few (P1).
    pub mean: Option<f64>,
    /// Lower quartile, median, upper quartile, rounded to integers; none when there are too few (P5).
    pub quartiles: Option<[f64; 3]>,
}

/// Summarises scores, one for each enterprise. A quantile is the smallest value that at least its share of all reaches
/// (method 3, Q_p = min{y: F(y) ≥ p}).
#[must_use]
pub fn summary(scores: &[f64]) -> Summary {
    let mut sorted = scores.to_vec();
    sorted.sort_by(f64::total_cmp);
    let count = u32::try_from(sorted.len()).unwrap_or(u32::MAX);
    let is_shown = count > 0 && !frequency_unsafe(count, GROUPS);
    let mean = is_shown.then(|| sorted.iter().sum::<f64>() / f64::from(count));
    let at = |quarter: usize| {
        let rank = (quarter * sorted.len()).div_ceil(4);
        sorted.get(rank.max(1) - 1).and_then(|value| quantile(*value, count))
    };
    let quartiles = match [at(1), at(2), at(3)] {
        [Some(lower), Some(median), Some(upper)] => Some([lower, median, upper]),
        _ => None,
    };
    Summary { count, mean, quartiles }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::disclosure::primary::QUANTILE;

    #[test]
    fn too_few_enterprises_have_no_mean_and_no_quartiles() {
        let scores: Vec<f64> = (1..=20).map(f64::from).collect();
        assert_eq!(summary(&[]), Summary::default());
        assert_eq!(summary(&scores[..4]), Summary { count: 4, mean: None, quartiles: None });
        assert_eq!(summary(&scores[..5]), Summary { count: 5, mean: Some(3.0), quartiles: None });
        assert_eq!(summary(&scores[..19]).quartiles, None);
        assert_eq!(summary(&scores), Summary { count: 20, mean: Some(10.5), quartiles: Some([5.0, 10.0, 15.0]) });
    }

    #[test]
    fn quartiles_are_integers() {
        let scores: Vec<f64> = (0..40).map(|n| f64::from(n) + 0.4).collect();
        assert_eq!(summary(&scores).quartiles, Some([9.0, 19.0, 29.0]));
    }

    proptest! {
        #[test]
        fn the_order_says_nothing_and_the_middle_lies_between(scores in prop::collection::vec(0.0..=100.0_f64, 0..60)) {
            let mut turned = scores.clone();
            turned.reverse();
            let found = summary(&scores);
            prop_assert_eq!(found, summary(&turned));
            prop_assert_eq!(found.mean.is_some(), scores.len() >= 5);
            prop_assert_eq!(found.quartiles.is_some(), found.count >= QUANTILE);
            if let Some([lower, median, upper]) = found.quartiles {
                prop_assert!(lower <= median && median <= upper);
            }
        }
    }
}
