//! Files that an enterprise sends to show that an answer is right: what is taken, and when.
//!
//! What a file is stands in its first bytes. Its name and the type that the browser declares are only what somebody
//! said about it.

use crate::assessment::State;
use crate::text::nfc;

/// Larger files are refused, in bytes: a photograph of a phone fits.
pub const LARGEST: u64 = 10 * 1024 * 1024;
/// Files of one assessment at the most.
pub const MOST_FILES: i64 = 30;
/// All files of one assessment together, in bytes.
pub const MOST_BYTES: u64 = 100 * 1024 * 1024;
/// The longest name that is kept, in characters, its ending included.
pub const LONGEST_NAME: usize = 120;
/// How many bytes of the beginning [`Media::of`] looks at.
pub const HEAD: usize = 16;

/// The kinds of files that are taken: they can be looked at everywhere and are no programs or packed folders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A PDF document (ISO 32000-1, 7.5.2: it begins with `%PDF-`).
    Pdf,
    /// A PNG picture (ISO/IEC 15948, 5.2: eight bytes, then the chunk `IHDR`).
    Png,
    /// A JPEG picture (ISO/IEC 10918-1, B.1: `FF D8`, then the next marker).
    Jpeg,
}

impl Media {
    /// All kinds.
    pub const ALL: [Self; 3] = [Self::Pdf, Self::Png, Self::Jpeg];

    /// What a file is by its first bytes; none: nothing that is taken.
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        if head.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if head.starts_with(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR") {
            Some(Self::Png)
        } else if head.starts_with(&[0xff, 0xd8, 0xff]) {
            Some(Self::Jpeg)
        } else {
            None
        }
    }

    /// The media type in which it is sent and stored.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
        }
    }

    /// The kind of this media type.
    #[must_use]
    pub fn named(media: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == media)
    }

    /// How people call it.
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
        }
    }

    /// Endings of names of such files, the usual one first.
    fn endings(self) -> &'static [&'static str] {
        match self {
            Self::Pdf => &["pdf"],
            Self::Png => &["png"],
            Self::Jpeg => &["jpg", "jpeg"],
        }
    }
}

/// The name under which a file is shown and given back: the last part of what the browser sent, without signs that
/// hide or turn around what a name says, with an ending that fits what the file is.
#[must_use]
pub fn file_name(sent: &str, media: Media) -> String {
    let last = sent.rsplit(['/', '\\']).next().unwrap_or_default();
    let visible: String = last.chars().filter(|c| c.is_whitespace() || !is_hidden(*c)).collect();
    let visible = nfc(&visible);
    let visible = visible.trim_matches(|c: char| c == '.' || c.is_whitespace());
    let (stem, ending) = visible.rsplit_once('.').unwrap_or((visible, ""));
    let ending = ending.to_lowercase();
    let known = media.endings().iter().find(|known| **known == ending);
    // An ending that fits goes; any other belongs to the name.
    let stem = if known.is_some() { stem } else { visible };
    let ending = known.or(media.endings().first()).copied().unwrap_or_default();
    let stem: String = stem.chars().take(LONGEST_NAME - 1 - ending.len()).collect();
    let stem = stem.trim();
    let stem = if stem.is_empty() { media.label() } else { stem };
    format!("{stem}.{ending}")
}

/// Control signs, signs of no width and signs that turn the direction of writing (Unicode Bidi_Control), and what
/// stands for bytes that were no text.
fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{feff}' | '\u{fff9}'..='\u{fffd}')
}

/// Whether the enterprise may send files now: as long as its answers may change, and to answer an open question.
#[must_use]
pub fn may_add(state: State, is_closed: bool, answers_open_question: bool) -> bool {
    may_remove(state, is_closed) || answers_open_question
}

/// Whether the enterprise may take files back now: as long as its answers may change. What reviewers judged by stays.
#[must_use]
pub fn may_remove(state: State, is_closed: bool) -> bool {
    state.is_open() && !is_closed
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_a_file_is_stands_in_its_first_bytes() {
        assert_eq!(Media::of(b"%PDF-1.7\n%\xe2\xe3"), Some(Media::Pdf));
        assert_eq!(Media::of(b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0"), Some(Media::Png));
        assert_eq!(Media::of(&[0xff, 0xd8, 0xff, 0xe0, 0, 16]), Some(Media::Jpeg));
        let others: [&[u8]; 10] = [
            b"",
            b"%PD",
            b" %PDF-1.7",
            b"<html>%PDF-1.7",
            b"\x89PNG\r\n\x1a\n",
            b"\x89PNG\r\n\x1a\n\0\0\0\x04tEXt",
            b"PK\x03\x04",
            b"GIF89a",
            b"<svg xmlns=",
            b"MZ\x90\0",
        ];
        for other in others {
            assert_eq!(Media::of(other), None, "{other:?}");
        }
        for media in Media::ALL {
            assert_eq!(Media::named(media.as_str()), Some(media));
        }
    }

    #[test]
    fn a_name_is_the_last_part_with_an_ending_that_fits() {
        let cases = [
            ("hóa đơn.pdf", Media::Pdf, "hóa đơn.pdf"),
            ("Ảnh.JPEG", Media::Jpeg, "Ảnh.jpeg"),
            ("../../etc/passwd", Media::Png, "passwd.png"),
            ("C:\\fakepath\\man-hinh.png", Media::Png, "man-hinh.png"),
            ("trang.html", Media::Pdf, "trang.html.pdf"),
            ("gdp\u{202e}fdp.exe", Media::Pdf, "gdpfdp.exe.pdf"),
            ("a\r\nSet-Cookie: x.pdf", Media::Pdf, "a Set-Cookie: x.pdf"),
            (".htaccess", Media::Jpeg, "htaccess.jpg"),
            ("", Media::Pdf, "PDF.pdf"),
            (".pdf", Media::Pdf, "pdf.pdf"),
        ];
        for (sent, media, expected) in cases {
            assert_eq!(file_name(sent, media), expected, "{sent:?}");
        }
    }

    #[test]
    fn files_come_and_go_while_answers_may_change_and_come_to_answer_a_question() {
        for state in [State::Draft, State::Returned] {
            assert!(may_add(state, false, false) && may_remove(state, false));
            assert!(!may_add(state, true, false) && !may_remove(state, true), "the campaign is closed");
        }
        for state in [State::Submitted, State::InReview, State::Accepted] {
            assert!(!may_add(state, false, false) && !may_remove(state, false));
            assert!(may_add(state, false, true) && may_add(state, true, true));
        }
    }

    proptest! {
        /// Whatever was sent as a name: what is kept is short, has one part, and its ending is that of the kind.
        #[test]
        fn no_name_hides_what_a_file_is(sent in "\\PC{0,300}|[\\x00-\\u{2fff}]{0,40}", kind in 0..3_usize) {
            let media = Media::ALL[kind];
            let name = file_name(&sent, media);
            prop_assert!(name.chars().count() <= LONGEST_NAME, "{name}");
            prop_assert!(!name.contains(['/', '\\']) && !name.chars().any(is_hidden), "{name:?}");
            prop_assert!(media.endings().iter().any(|ending| name.ends_with(&format!(".{ending}"))), "{name}");
            prop_assert_eq!(file_name(&name, media), name);
        }
    }
}
