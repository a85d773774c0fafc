//! Exact fractions, so that a score of exactly 40 is at the bound 40 on every machine.

use std::cmp::Ordering;
use std::ops::{Add, Div, Mul, Sub};

use serde::{Serialize, Serializer};

/// An exact fraction in lowest terms with a denominator above zero.
///
/// Scores are of 100. The questionnaire checker limits weights and pillars so that no score overflows 128 bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

impl Ratio {
    /// Nothing.
    pub const ZERO: Ratio = Ratio { num: 0, den: 1 };

    /// `num / den`; a denominator of zero counts as one, so that a mistake shows as a wrong number and not as a crash.
    #[must_use]
    pub fn new(num: i128, den: i128) -> Ratio {
        if den == 0 {
            return Ratio { num, den: 1 };
        }
        let divisor = gcd(num, den) * den.signum();
        Ratio { num: num / divisor, den: den / divisor }
    }

    /// The numerator in lowest terms; carries the sign.
    #[must_use]
    pub fn numerator(self) -> i128 {
        self.num
    }

    /// The denominator in lowest terms, at least one.
    #[must_use]
    pub fn denominator(self) -> i128 {
        self.den
    }

    /// The nearest whole number; halves are rounded up.
    #[must_use]
    pub fn rounded(self) -> i128 {
        (2 * self.num + self.den).div_euclid(2 * self.den)
    }

    /// The nearest floating-point number, for showing and for files; never for comparing with a bound.
    #[must_use]
    #[allow(clippy::cast_precision_loss, reason = "the nearest number is what is asked for")]
    pub fn value(self) -> f64 {
        self.num as f64 / self.den as f64
    }
}

impl From<u32> for Ratio {
    fn from(whole: u32) -> Ratio {
        Ratio { num: i128::from(whole), den: 1 }
    }
}

impl From<Ratio> for f64 {
    fn from(ratio: Ratio) -> f64 {
        ratio.value()
    }
}

impl Add for Ratio {
    type Output = Ratio;

    fn add(self, other: Ratio) -> Ratio {
        let shared = gcd(self.den, other.den);
        let left = other.den / shared;
        Ratio::new(self.num * left + other.num * (self.den / shared), self.den * left)
    }
}

impl Sub for Ratio {
    type Output = Ratio;

    fn sub(self, other: Ratio) -> Ratio {
        self + Ratio { num: -other.num, den: other.den }
    }
}

impl Mul<u32> for Ratio {
    type Output = Ratio;

    fn mul(self, factor: u32) -> Ratio {
        let factor = i128::from(factor);
        let shared = gcd(factor, self.den);
        Ratio::new(self.num * (factor / shared), self.den / shared)
    }
}

impl Div<u32> for Ratio {
    type Output = Ratio;

    fn div(self, divisor: u32) -> Ratio {
        let divisor = i128::from(divisor);
        let shared = gcd(self.num, divisor);
        Ratio::new(self.num / shared, self.den * (divisor / shared))
    }
}

impl Ord for Ratio {
    fn cmp(&self, other: &Ratio) -> Ordering {
        match (self.num.checked_mul(other.den), other.num.checked_mul(self.den)) {
            (Some(left), Some(right)) => left.cmp(&right),
            _ => by_whole_parts(*self, *other),
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Ratio) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Ratio {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_f64(self.value())
    }
}

/// The greatest common divisor, at least one.
fn gcd(a: i128, b: i128) -> i128 {
    // Nearly every fraction here fits 64 bits, where division is several times faster.
    if let (Ok(a), Ok(b)) = (i64::try_from(a), i64::try_from(b)) {
        let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
        while b != 0 {
            (a, b) = (b, a % b);
        }
        return i128::from(a.max(1));
    }
    let (mut a, mut b) = (a.abs(), b.abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

/// Compares without multiplying: whole parts first, then what is left, upside down.
fn by_whole_parts(left: Ratio, right: Ratio) -> Ordering {
    let (mut a, mut b) = ((left.num, left.den), (right.num, right.den));
    loop {
        let whole = a.0.div_euclid(a.1).cmp(&b.0.div_euclid(b.1));
        let rest = (a.0.rem_euclid(a.1), b.0.rem_euclid(b.1));
        match (whole, rest) {
            (Ordering::Equal, (0, 0)) => return Ordering::Equal,
            (Ordering::Equal, (0, _)) => return Ordering::Less,
            (Ordering::Equal, (_, 0)) => return Ordering::Greater,
            (Ordering::Equal, (x, y)) => (a, b) = ((b.1, y), (a.1, x)),
            (unequal, _) => return unequal,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lowest_terms_and_sign() {
        assert_eq!(Ratio::new(840, 22), Ratio::new(420, 11));
        assert_eq!(Ratio::new(1, -2), Ratio::new(-1, 2));
        assert_eq!(Ratio::new(0, -7), Ratio::ZERO);
        assert_eq!(Ratio::new(3, 0), Ratio::from(3));
    }

    #[test]
    fn a_third_is_not_rounded_away() {
        let third = Ratio::new(100, 3);
        assert_eq!(third + third + third, Ratio::from(100));
        assert_eq!((third * 3) / 4, Ratio::from(25));
        assert!(third < Ratio::new(33_333_334, 1_000_000));
    }

    #[test]
    fn ordering_beyond_128_bits() {
        let huge = i128::MAX / 2;
        assert!(Ratio::new(huge, huge - 1) > Ratio::new(huge + 1, huge));
        assert!(Ratio::new(-huge, huge - 1) < Ratio::new(-huge - 1, huge));
        assert_eq!(Ratio::new(huge, 3).cmp(&Ratio::new(huge, 3)), Ordering::Equal);
    }

    proptest! {
        #[test]
        fn ordering_agrees_with_integers(a in -1000_i128..1000, b in 1_i128..1000, c in -1000_i128..1000, d in 1_i128..1000) {
            let exact = (a * d).cmp(&(c * b));
            prop_assert_eq!(Ratio::new(a, b).cmp(&Ratio::new(c, d)), exact);
            prop_assert_eq!(by_whole_parts(Ratio::new(a, b), Ratio::new(c, d)), exact);
        }

        #[test]
        fn arithmetic_agrees_with_integers(a in -1000_i128..1000, b in 1_i128..1000, c in -1000_i128..1000, d in 1_i128..1000, n in 1_u32..50) {
            let (left, right) = (Ratio::new(a, b), Ratio::new(c, d));
            prop_assert_eq!(left + right, Ratio::new(a * d + c * b, b * d));
            prop_assert_eq!(left + right - right, left);
            prop_assert_eq!(left * n / n, left);
        }
    }
}
