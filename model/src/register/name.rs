//! Names without their legal form, for sorting and searching.

use crate::text::search_key;

/// What names begin with and nobody looks for, folded, the longest first.
const FORMS: [&str; 25] = [
    "trach nhiem huu han",
    "hai thanh vien tro len",
    "doanh nghiep tu nhan",
    "lien hiep hop tac xa",
    "van phong dai dien",
    "dia diem kinh doanh",
    "mot thanh vien",
    "1 thanh vien",
    "2 thanh vien",
    "chi nhanh",
    "hop tac xa",
    "ho kinh doanh",
    "to hop tac",
    "cong ty",
    "co phan",
    "hop danh",
    "lien hiep",
    "tnhh",
    "dntn",
    "mtv",
    "cty",
    "hkd",
    "htx",
    "cp",
    "tm",
];

/// Most words of a name that can be searched from.
const MOST_TAILS: usize = 8;
/// Most letters of a name that are searched in.
const LONGEST_TAIL: usize = 48;

/// The name without the legal form at its beginning: "Minh Khôi" of "Công ty TNHH MTV Minh Khôi". A name that is nothing
/// but a legal form stays whole.
#[must_use]
pub fn short_name(name: &str) -> &str {
    let name = name.trim();
    let offset = |word: &str| word.as_ptr() as usize - name.as_ptr() as usize;
    let words: Vec<(usize, String)> = name.split_whitespace().map(|word| (offset(word), searched(word))).collect();
    let mut at = 0;
    while let Some(form) = FORMS.iter().find(|form| begins(&words[at..], form)) {
        at += form.split(' ').count();
    }
    words.get(at).map_or(name, |(offset, _)| &name[*offset..])
}

/// For every word of the short name, the folded name from that word on: a search by any words of a name in their order is
/// a search by the beginning of one of these.
#[must_use]
pub fn tails(name: &str) -> Vec<String> {
    let folded = searched(short_name(name));
    let mut tails: Vec<String> = folded
        .match_indices(' ')
        .map(|(at, _)| at + 1)
        .take(MOST_TAILS - 1)
        .chain([0])
        .map(|at| folded[at..].chars().take(LONGEST_TAIL).collect())
        .filter(|tail: &String| !tail.is_empty())
        .collect();
    tails.sort_unstable();
    tails.dedup();
    tails
}

/// What is searched in and for: folded, with spaces for everything that is no letter and no digit.
#[must_use]
pub fn searched(text: &str) -> String {
    let plain: String = search_key(text).chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the folded words begin with a legal form and something follows.
fn begins(words: &[(usize, String)], form: &str) -> bool {
    let mut left = words.iter().map(|(_, word)| word.as_str());
    form.split(' ').all(|part| left.next() == Some(part)) && left.next().is_some()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn legal_forms_go_and_names_stay() {
        let names = [
            ("Công ty TNHH MTV Minh Khôi", "Minh Khôi"),
            ("CÔNG TY CỔ PHẦN  CƠ KHÍ NẾNH", "CƠ KHÍ NẾNH"),
            ("Công ty TNHH Một thành viên Thương mại An Phát", "Thương mại An Phát"),
            ("HTX Sơn Hải", "Sơn Hải"),
            ("Doanh nghiệp tư nhân Hoa Lài", "Hoa Lài"),
            ("Samsung Electronics", "Samsung Electronics"),
            ("Công ty", "Công ty"),
            ("Công ty CP", "CP"),
        ];
        for (name, short) in names {
            assert_eq!(short_name(name), short);
        }
    }

    #[test]
    fn every_word_can_be_searched_from() {
        assert_eq!(tails("Công ty TNHH Điện Đức-Hòa"), ["dien duc hoa", "duc hoa", "hoa"]);
        assert_eq!(tails("Ba ba ba"), ["ba", "ba ba", "ba ba ba"]);
        assert!(tails("!?").is_empty());
    }

    proptest! {
        #[test]
        fn a_name_is_found_by_itself(name in "\\PC{0,60}") {
            let key = searched(short_name(&name));
            let tails = tails(&name);
            let begin: String = key.chars().take(LONGEST_TAIL).collect();
            prop_assert!(key.is_empty() || tails.contains(&begin));
            prop_assert!(tails.len() <= MOST_TAILS);
        }
    }
}
