//! Drawing a sample that can be drawn again.

use sha2::{Digest as _, Sha256};

/// A simple random sample without replacement: `size` of the units, or all of them where there are no more, in the
/// order in which they were given.
///
/// Every unit gets the SHA-256 of the seed and its own key for a random number, and those with the smallest numbers are
/// drawn (sequential simple random sampling: Ohlsson, in Cox et al., *Business Survey Methods*, 1995, chapter 9). Each
/// set of `size` units is as likely as any other; the same seed draws the same units, whatever the order of the list,
/// and a larger sample of the same seed contains the smaller one.
#[must_use]
pub fn draw(seed: &str, units: Vec<String>, size: usize) -> Vec<String> {
    if size >= units.len() {
        return units;
    }
    let number = |unit: &String| -> [u8; 32] { Sha256::digest(format!("{seed} {unit}").as_bytes()).into() };
    let numbers: Vec<[u8; 32]> = units.iter().map(number).collect();
    let mut sorted = numbers.clone();
    sorted.sort_unstable();
    let Some(limit) = sorted.get(size) else { return units };
    units.into_iter().zip(numbers).filter(|(_, number)| number < limit).map(|(unit, _)| unit).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn units(count: usize) -> Vec<String> {
        (1..=count).map(|n| format!("24000{n:05}")).collect()
    }

    #[test]
    fn the_same_seed_draws_the_same_units_whatever_their_order() {
        let sample = draw("a1", units(200), 20);
        assert_eq!(sample.len(), 20);
        assert!(sample.is_sorted(), "in the order of the list");
        let backwards = draw("a1", units(200).into_iter().rev().collect(), 20);
        assert_eq!(backwards.into_iter().rev().collect::<Vec<_>>(), sample);
        assert_ne!(draw("a2", units(200), 20), sample, "another seed");
        let larger = draw("a1", units(200), 40);
        assert!(sample.iter().all(|unit| larger.contains(unit)));
    }

    #[test]
    fn nobody_is_drawn_twice_and_all_are_where_there_are_no_more() {
        assert_eq!(draw("s", units(7), 7), units(7));
        assert_eq!(draw("s", units(7), 9), units(7));
        assert_eq!(draw("s", units(7), 0), [""; 0]);
        assert_eq!(draw("s", Vec::new(), 3), [""; 0]);
    }

    /// 10 pairs of 5 units, 20,000 seeds: each pair is drawn 2,000 times, give or take five standard deviations of 42.
    #[test]
    fn every_pair_is_as_likely_as_any_other() {
        let mut drawn: BTreeMap<Vec<String>, i64> = BTreeMap::new();
        for seed in 0..20_000 {
            *drawn.entry(draw(&format!("{seed:08x}"), units(5), 2)).or_default() += 1;
        }
        assert_eq!(drawn.len(), 10);
        for (pair, times) in drawn {
            assert!((times - 2_000).abs() < 212, "{pair:?} {times} times");
        }
    }
}
