//! Text in two languages, and the forms of Vietnamese text that can be compared, searched and sorted.

use std::str::FromStr;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// A language of the interface and of the questionnaires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Lang {
    /// Vietnamese, the first language.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// Both languages, Vietnamese first.
    pub const ALL: [Lang; 2] = [Lang::Vi, Lang::En];

    /// The ISO 639-1 code, as in the `lang` attribute of a page.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Lang::Vi => "vi",
            Lang::En => "en",
        }
    }
}

/// A code that names no language of ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no language here; use vi or en")]
pub struct UnknownLang(pub String);

impl FromStr for Lang {
    type Err = UnknownLang;

    fn from_str(code: &str) -> Result<Lang, UnknownLang> {
        Lang::ALL.into_iter().find(|lang| lang.code() == code).ok_or_else(|| UnknownLang(code.to_owned()))
    }
}

/// Something a person reads, in both languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// The text in `lang`.
    #[must_use]
    pub fn get(&self, lang: Lang) -> &str {
        match lang {
            Lang::Vi => &self.vi,
            Lang::En => &self.en,
        }
    }
}

/// One line as it is stored: Unicode NFC, trimmed, white space folded to single spaces, control and invisible
/// characters removed (they hide in pasted text and make equal names differ).
#[must_use]
pub fn nfc(raw: &str) -> String {
    let visible: String = raw.chars().filter(|c| c.is_whitespace() || !is_invisible(*c)).collect();
    visible.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// Several lines as they are stored: every line as by [`nfc`], line ends as `\n`, no empty lines before the first and
/// after the last line with text.
#[must_use]
pub fn nfc_lines(raw: &str) -> String {
    let lines: Vec<String> = raw.replace("\r\n", "\n").split(['\n', '\r']).map(nfc).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// What is searched for and searched in: lower case without any mark, đ as d, white space folded.
///
/// Typed tones are dropped on both sides, so "hòa" and "hoà" find each other. đ has no Unicode decomposition and is
/// replaced by hand.
#[must_use]
pub fn search_key(text: &str) -> String {
    let plain: String = lower_marks_apart(text).filter(|c| !is_combining_mark(*c)).map(without_bar).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect()
}

/// A key whose bytewise order is the Vietnamese dictionary order: a ă â b c d đ e ê … y z; tones (ngang, huyền, hỏi,
/// ngã, sắc, nặng) only break ties; capitals do not count. Store it beside the name and sort with the binary collation.
#[must_use]
pub fn sort_key(text: &str) -> String {
    let mut letters = String::with_capacity(text.len());
    let mut tones = String::new();
    let mut marked = lower_marks_apart(text).peekable();
    while let Some(base) = marked.next() {
        let (mut letter, mut tone) = (base, '0');
        while let Some(mark) = marked.next_if(|c| is_combining_mark(*c)) {
            match tone_rank(mark) {
                Some(rank) => tone = rank,
                None => letter = with_shape(letter, mark),
            }
        }
        letters.push(rank(letter));
        tones.push(tone);
    }
    // The mark between the two parts sorts before every letter, so "an" stays before "anh" whatever the tones.
    format!("{letters}\u{1}{}", tones.trim_end_matches('0'))
}

/// Lower case with every mark apart from its letter.
fn lower_marks_apart(text: &str) -> impl Iterator<Item = char> + '_ {
    text.nfc().flat_map(char::to_lowercase).nfd()
}

fn without_bar(c: char) -> char {
    if c == 'đ' { 'd' } else { c }
}

/// The place of a tone mark in the dictionary; ngang, which has no mark, is `'0'`.
fn tone_rank(mark: char) -> Option<char> {
    match mark {
        '\u{300}' => Some('1'),
        '\u{309}' => Some('2'),
        '\u{303}' => Some('3'),
        '\u{301}' => Some('4'),
        '\u{323}' => Some('5'),
        _ => None,
    }
}

/// The letter that a letter becomes with a breve, circumflex or horn; other marks do not make a letter of their own.
fn with_shape(letter: char, mark: char) -> char {
    match (letter, mark) {
        ('a', '\u{306}') => 'ă',
        ('a', '\u{302}') => 'â',
        ('e', '\u{302}') => 'ê',
        ('o', '\u{302}') => 'ô',
        ('o', '\u{31b}') => 'ơ',
        ('u', '\u{31b}') => 'ư',
        _ => letter,
    }
}

/// One character per letter in dictionary order, after the digits; characters that are no letters keep their order.
fn rank(letter: char) -> char {
    const ALPHABET: &str = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz";
    match ALPHABET.chars().zip('A'..).find(|(known, _)| *known == letter) {
        Some((_, place)) => place,
        // A control character would fall before the mark between letters and tones.
        None if letter.is_control() => ' ',
        None if letter.is_ascii_punctuation() => '!',
        None => letter,
    }
}

/// Control characters and the format characters that nobody sees.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn languages() {
        assert_eq!(Lang::default().code(), "vi");
        assert_eq!("en".parse(), Ok(Lang::En));
        assert!("fr".parse::<Lang>().is_err());
    }

    #[test]
    fn stored_text_is_composed_and_tidy() {
        assert_eq!(nfc("  Nguye\u{302}\u{303}n\u{a0} Thi\u{323} \t"), "Nguyễn Thị");
        assert_eq!(nfc("a\u{0}b\u{200b}c"), "abc");
        assert_eq!(nfc("a\u{200b}\u{301}"), "á");
        assert_eq!(nfc_lines("\r\n một \r\n\n hai  ba\r"), "một\n\nhai ba");
    }

    #[test]
    fn search_ignores_marks_and_bars() {
        assert_eq!(search_key("Đức Điện"), "duc dien");
        assert_eq!(search_key("ĐƯỜNG  Nguyễn Thị Minh Khai"), "duong nguyen thi minh khai");
        assert_eq!(search_key("hòa"), search_key("hoà"));
        assert_eq!(search_key("thúy"), search_key("thuý"));
    }

    #[test]
    fn names_sort_as_in_the_dictionary() {
        let names = ["An", "Ánh", "Ân", "Bình", "Châu", "Dũng", "Đạt", "Ea", "Yên"];
        let mut sorted = names;
        sorted.reverse();
        sorted.sort_by_key(|name| sort_key(name));
        assert_eq!(sorted, names);
    }

    #[test]
    fn the_whole_alphabet_and_the_tones() {
        let alphabet = "a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y";
        let tones = "ma mà mả mã má mạ mâ mầ mẩ mẫ mấ mậ";
        for row in [alphabet, tones] {
            let keys: Vec<String> = row.split(' ').map(sort_key).collect();
            assert!(keys.is_sorted_by(|a, b| a < b), "{row}");
        }
        assert_eq!(sort_key("BÌNH"), sort_key("bình"));
    }

    #[test]
    fn tones_only_break_ties() {
        let sorted = ["Ha", "Hà", "Hạ", "Ha An", "Hà Anh", "Hạ Bình", "Hai", "Hài Hòa 2", "Hai Hòa 3"];
        assert!(sorted.is_sorted_by_key(|name| sort_key(name)));
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(raw in "\\PC{0,40}|[\\x00-\\x20a\u{301}\u{323}\u{200b}ợ]{0,20}") {
            prop_assert_eq!(nfc(&nfc(&raw)), nfc(&raw));
            prop_assert_eq!(nfc_lines(&nfc_lines(&raw)), nfc_lines(&raw));
            prop_assert!(!nfc(&raw).contains(char::is_control));
        }

        #[test]
        fn search_finds_what_was_typed_decomposed(raw in "[a-zđáàảãạăâêôơưỵỹĐƯ ]{0,30}") {
            let decomposed: String = raw.nfd().collect();
            prop_assert_eq!(search_key(&decomposed), search_key(&raw));
            prop_assert_eq!(sort_key(&decomposed), sort_key(&raw));
            prop_assert!(search_key(&raw).is_ascii());
        }
    }
}
