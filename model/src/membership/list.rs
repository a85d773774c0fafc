//! Members as an association pastes them: one a line, the tax code first, then perhaps a name and an e-mail address.

use crate::enterprise::{Email, TaxCode, TaxCodeError};
use crate::text::nfc;

/// The most lines that are read at once.
pub const MOST_LINES: usize = 1_000;

/// The longest name that is kept, in characters.
const LONGEST_NAME: usize = 200;

/// A line that was understood.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The tax code in its canonical form.
    pub tax_code: String,
    /// The name as written; may be empty.
    pub name: String,
    /// Where an invitation can go.
    pub email: Option<String>,
}

/// Why a line was not understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LineProblem {
    /// The first part is no tax code.
    #[error(transparent)]
    TaxCode(#[from] TaxCodeError),
    /// Something with an @ that is no e-mail address.
    #[error("the e-mail address is wrong")]
    Email,
    /// The name is too long or has characters that could not be read.
    #[error("the name is too long or cannot be read")]
    Name,
    /// An earlier line has the same tax code.
    #[error("an earlier line has the same tax code")]
    Twice,
}

/// A line that was not understood: its number from 1, what it says, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BadLine {
    /// Number of the line, from 1.
    pub number: usize,
    /// What stands there.
    pub text: String,
    /// What is wrong.
    pub problem: LineProblem,
}

/// Reads up to [`MOST_LINES`] lines; empty ones are passed over. Tabs, commas and semicolons separate the parts, so
/// that cells copied from a spreadsheet are read too.
#[must_use]
pub fn read(pasted: &str) -> (Vec<Line>, Vec<BadLine>) {
    let (mut good, mut bad) = (Vec::<Line>::new(), Vec::new());
    let lines = pasted.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    for (position, text) in lines.take(MOST_LINES) {
        let line = read_line(text).and_then(|line| match good.iter().any(|known| known.tax_code == line.tax_code) {
            true => Err(LineProblem::Twice),
            false => Ok(line),
        });
        match line {
            Ok(line) => good.push(line),
            Err(problem) => bad.push(BadLine { number: position + 1, text: nfc(text), problem }),
        }
    }
    (good, bad)
}

fn read_line(text: &str) -> Result<Line, LineProblem> {
    let mut parts = text.split(['\t', ',', ';']).map(nfc).filter(|part| !part.is_empty());
    let tax_code = TaxCode::parse(&parts.next().unwrap_or_default())?;
    let (mail, words): (Vec<String>, Vec<String>) = parts.partition(|part| part.contains('@'));
    let email = match mail.as_slice() {
        [] => None,
        [one] => Some(Email::parse(one).ok_or(LineProblem::Email)?.as_str().to_owned()),
        _ => return Err(LineProblem::Email),
    };
    let name = words.join(", ");
    if name.chars().count() > LONGEST_NAME || name.contains('\u{fffd}') {
        return Err(LineProblem::Name);
    }
    Ok(Line { tax_code: tax_code.as_str().to_owned(), name, email })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn lines_of_a_spreadsheet_and_of_a_letter_are_read() {
        let pasted =
            "2300240000\tCông ty An Phát\tan.phat@example.vn\r\n\n 0100109106 ; ketoan@example.vn\n0102859048, A, B";
        let (good, bad) = read(pasted);
        assert_eq!(
            bad.iter().map(|line| (line.number, line.problem)).collect::<Vec<_>>(),
            [(1, LineProblem::TaxCode(TaxCodeError::CheckDigit))]
        );
        assert_eq!(
            good[0],
            Line { tax_code: "0100109106".into(), name: String::new(), email: Some("ketoan@example.vn".into()) }
        );
        assert_eq!((good[1].name.as_str(), good.len()), ("A, B", 2));
    }

    #[test]
    fn each_bad_line_says_why() {
        let problem = |line: &str| read(line).1.first().map(|bad| bad.problem);
        assert_eq!(problem("abc"), Some(LineProblem::TaxCode(TaxCodeError::Letters)));
        assert_eq!(problem("0100109106, a@b"), Some(LineProblem::Email));
        assert_eq!(problem("0100109106, a@b.vn, c@d.vn"), Some(LineProblem::Email));
        assert_eq!(problem(&format!("0100109106, {}", "x".repeat(201))), Some(LineProblem::Name));
        assert_eq!(problem("0100109106\n0100 109 106"), Some(LineProblem::Twice));
    }

    proptest! {
        #[test]
        fn every_line_with_text_is_good_or_bad(lines in prop::collection::vec("\\PC{0,30}", 0..20)) {
            let pasted = lines.join("\n");
            let (good, bad) = read(&pasted);
            prop_assert_eq!(good.len() + bad.len(), pasted.lines().filter(|line| !line.trim().is_empty()).count());
        }
    }
}
