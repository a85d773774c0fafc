//! Numbers as people write and read them: "1.234,5" in Vietnamese, "1,234.5" in English.

use crate::{ratio::Ratio, text::Lang};

/// A score with one decimal, "41,5" or "41.5"; halves are rounded up, and nothing is ever "-0,0". Takes a
/// [`Ratio`](crate::Ratio) or an `f64`; "–" for what is no number.
#[must_use]
pub fn score(lang: Lang, value: impl Into<f64>) -> String {
    let value: f64 = value.into();
    if !value.is_finite() {
        return "–".to_owned();
    }
    // A half such as 41.15 has no exact binary form; the next scores are much further away than this.
    let tenths = (value.abs() * 10.0 + 0.5 + 1e-9).floor();
    let sign = if value < 0.0 && tenths > 0.0 { "-" } else { "" };
    let text = format!("{:.1}", tenths / 10.0);
    match lang {
        Lang::Vi => format!("{sign}{}", text.replace('.', ",")),
        Lang::En => format!("{sign}{text}"),
    }
}

/// What [`score`] says of an exact score of 0 or more, without floating point: the formatter of the standard library
/// would be a sixth of the browser part.
#[must_use]
pub fn exact_score(lang: Lang, score: Ratio) -> String {
    let tenths = (score * 10).rounded();
    let point = if lang == Lang::Vi { ',' } else { '.' };
    format!("{}{point}{}", tenths / 10, tenths % 10)
}

/// A whole number in groups of three, "1.234.567" or "1,234,567".
#[must_use]
pub fn number(lang: Lang, value: i64) -> String {
    let separator = match lang {
        Lang::Vi => '.',
        Lang::En => ',',
    };
    let digits = value.unsigned_abs().to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3 + 1);
    if value < 0 {
        text.push('-');
    }
    for (position, digit) in digits.chars().enumerate() {
        if position > 0 && (digits.len() - position).is_multiple_of(3) {
            text.push(separator);
        }
        text.push(digit);
    }
    text
}

/// The number somebody typed: "1234", "1.234" (1234, as Vietnamese groups), "1.234,5", "1234,5", "1234.5", "12 %".
/// Nothing for what is no number, and for "1,234", which is 1.234 to some and 1234 to others. Spaces do not matter.
#[must_use]
pub fn parse_number(typed: &str) -> Option<f64> {
    let compact: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    let unsigned = compact.strip_suffix('%').unwrap_or(&compact);
    let (sign, digits) = match unsigned.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => ("-", rest),
        None => ("", unsigned.strip_prefix('+').unwrap_or(unsigned)),
    };
    let plain = if digits.len() > 30 { None } else { without_groups(digits) };
    plain.and_then(|plain| format!("{sign}{plain}").parse().ok()).filter(|number: &f64| number.is_finite())
}

/// Only digits and at most one point, for the standard library to read.
fn without_groups(digits: &str) -> Option<String> {
    let commas = digits.matches(',').count();
    let points = digits.matches('.').count();
    match (commas, points) {
        (0, 0) => whole(digits),
        (1, 0) => match digits.split_once(',') {
            Some(parts) if could_be_group(parts) => None,
            _ => decimal(digits, ',', None),
        },
        (0, 1) => match digits.split_once('.') {
            Some(parts) if could_be_group(parts) => grouped(digits, '.'),
            _ => decimal(digits, '.', None),
        },
        (0, _) => grouped(digits, '.'),
        (_, 0) => grouped(digits, ','),
        // With both, the one that comes last is the decimal one.
        (1, _) if digits.rfind(',') > digits.rfind('.') => decimal(digits, ',', Some('.')),
        (_, 1) => decimal(digits, '.', Some(',')),
        _ => None,
    }
}

/// Whether "1,234" could be read as a thousand and more; "0,125" and "1234,567" could not.
fn could_be_group((before, after): (&str, &str)) -> bool {
    (1..=3).contains(&before.len()) && !before.starts_with('0') && after.len() == 3
}

fn decimal(digits: &str, point: char, group: Option<char>) -> Option<String> {
    let (before, after) = digits.split_once(point)?;
    let before = group.map_or_else(|| whole(before), |group| grouped(before, group))?;
    Some(format!("{before}.{}", whole(after)?))
}

fn grouped(digits: &str, group: char) -> Option<String> {
    let mut groups = digits.split(group);
    let first = groups.next()?;
    let rest: Vec<&str> = groups.collect();
    let proper = (1..=3).contains(&first.len()) && !first.starts_with('0') && rest.iter().all(|part| part.len() == 3);
    if proper { whole(&format!("{first}{}", rest.concat())) } else { None }
}

fn whole(digits: &str) -> Option<String> {
    let proper = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    proper.then(|| digits.to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_exact_score_reads_like_any_other(num in 0_u32..=40_000, den in 1_u32..=400) {
            let ratio = Ratio::from(num) / den;
            for lang in [Lang::Vi, Lang::En] {
                prop_assert_eq!(exact_score(lang, ratio), score(lang, ratio));
            }
        }
    }

    #[test]
    fn scores_have_one_decimal() {
        assert_eq!(score(Lang::Vi, Ratio::new(420, 11)), "38,2");
        assert_eq!(score(Lang::En, 41.54), "41.5");
        assert_eq!(score(Lang::Vi, Ratio::from(100)), "100,0");
        assert_eq!(score(Lang::Vi, Ratio::new(4725, 100)), "47,3");
        assert_eq!(score(Lang::Vi, -0.04), "0,0");
        assert_eq!(score(Lang::Vi, -0.0), "0,0");
        assert_eq!(score(Lang::En, -3.25), "-3.3");
        assert_eq!(score(Lang::En, f64::NAN), "–");
    }

    #[test]
    fn whole_numbers_are_grouped() {
        assert_eq!(number(Lang::Vi, 1_234_567), "1.234.567");
        assert_eq!(number(Lang::En, -1_234_567), "-1,234,567");
        assert_eq!(number(Lang::Vi, 999), "999");
        assert_eq!(number(Lang::Vi, i64::MIN), "-9.223.372.036.854.775.808");
    }

    #[test]
    fn typed_numbers() {
        let read = [
            ("0", 0.0),
            ("1234", 1234.0),
            ("1.234", 1234.0),
            ("1.234.567", 1_234_567.0),
            ("1.234,5", 1234.5),
            ("1234,5", 1234.5),
            ("1234.5", 1234.5),
            ("1234,567", 1234.567),
            ("1234.567", 1234.567),
            ("0,125", 0.125),
            ("0.125", 0.125),
            ("1,234,567", 1_234_567.0),
            ("1,234.5", 1234.5),
            ("12 %", 12.0),
            (" 1 234,5\u{a0}%", 1234.5),
            ("-3,5", -3.5),
            ("+7", 7.0),
        ];
        for (typed, number) in read {
            assert_eq!(parse_number(typed), Some(number), "{typed}");
        }
        let refused = [
            "",
            " ",
            "%",
            "-",
            "1,234",
            "12,345",
            "999,999",
            "1.23.456",
            "1.2345.678",
            "1.234,5,6",
            "1,2.3,4",
            ",5",
            "5,",
            "5.",
            "1e3",
            "0x10",
            "١٢",
            "inf",
            "NaN",
            "12 người",
            "--1",
            "1-2",
            "1.234.5",
            "1,23,456.7",
            "9999999999999999999999999999999",
        ];
        for typed in refused {
            assert_eq!(parse_number(typed), None, "{typed}");
        }
    }

    proptest! {
        #[test]
        fn what_we_show_in_vietnamese_is_read_back(value in -999_999_999_i64..999_999_999) {
            prop_assert_eq!(parse_number(&number(Lang::Vi, value)), Some(value as f64));
        }

        #[test]
        fn ratios_round_half_up_exactly(num in 0_i128..100_000, den in 1_i128..1000) {
            let ratio = Ratio::new(num, den);
            let tenths = (20 * ratio.numerator() + ratio.denominator()) / (2 * ratio.denominator());
            prop_assert_eq!(score(Lang::En, ratio), format!("{}.{}", tenths / 10, tenths % 10));
        }
    }
}
