//! Where an address is: today's ward or commune, from its code, its name, or the names of 2024.

use std::{collections::HashMap, sync::LazyLock};

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

use super::{District, Unit, district, rows, unit, units};
use crate::text::search_key;

/// A place in the province, as exactly as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The ward or commune; none when only the district is known.
    pub unit: Option<&'static Unit>,
    /// The former district.
    pub district: &'static District,
}

/// Why a place is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unplaced {
    /// Nothing was said about the place.
    #[error("neither a ward or commune nor a district is given")]
    Missing,
    /// No unit and no district of the province, today or in 2024, has this name or code.
    #[error("no ward, commune or district of the province has this name or code, today or in 2024")]
    Unknown,
    /// Several communes of 2024 had this name and the district is not given.
    #[error("several communes had this name; give the district as well")]
    Ambiguous,
}

impl Place {
    /// The place of a unit given by code or name, a district given by code or name, and a written-out address. What comes
    /// first is believed; what comes later fills the gaps.
    ///
    /// # Errors
    /// Why nothing is known: an address of somewhere else is never moved into the province.
    pub fn find(unit: &str, district: &str, address: &str) -> Result<Place, Unplaced> {
        let (in_address, district_in_address) = parts_of(address);
        let district = district_named(district).or(district_in_address);
        let mut failed = Unplaced::Missing;
        for typed in [unit, in_address.as_str()].into_iter().filter(|typed| !typed.trim().is_empty()) {
            match unit_named(typed, district) {
                Ok(unit) => return of_unit(unit),
                Err(problem) => failed = problem,
            }
        }
        match district {
            Some(district) => Ok(Place { unit: None, district }),
            None if failed == Unplaced::Missing && !address.trim().is_empty() => Err(Unplaced::Unknown),
            None => Err(failed),
        }
    }
}

/// A name in both forms, pointing to today's unit; names of 2024 know the district they were in.
struct Known {
    unit: &'static Unit,
    district_code: String,
}

struct Names {
    /// By name with its tones, wherever in the word they are written.
    exact: HashMap<String, Vec<Known>>,
    /// By name without any mark.
    folded: HashMap<String, Vec<Known>>,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let mut names = Names { exact: HashMap::new(), folded: HashMap::new() };
    for unit in units() {
        names.add(&unit.name, unit, &unit.former_district_code);
    }
    for row in rows(include_str!("../../classifications/communes2025.csv")) {
        let Ok([_, name, district_code, code]) = <[String; 4]>::try_from(row) else { continue };
        if let Some(unit) = unit(&code) {
            names.add(&name, unit, &district_code);
        }
    }
    names
});

impl Names {
    fn add(&mut self, name: &str, unit: &'static Unit, district_code: &str) {
        let known = || Known { unit, district_code: district_code.to_owned() };
        self.exact.entry(tone_key(name)).or_default().push(known());
        self.folded.entry(search_key(name)).or_default().push(known());
    }
}

fn of_unit(unit: &'static Unit) -> Result<Place, Unplaced> {
    let district = district(&unit.former_district_code).ok_or(Unplaced::Unknown)?;
    Ok(Place { unit: Some(unit), district })
}

fn unit_named(typed: &str, inside: Option<&District>) -> Result<&'static Unit, Unplaced> {
    let typed = typed.trim();
    // Spreadsheets drop the zero that codes begin with.
    if typed.bytes().all(|byte| byte.is_ascii_digit()) {
        return unit(&format!("{typed:0>5}")).ok_or(Unplaced::Unknown);
    }
    // The whole first: the town Phương Sơn is no ward (phường) called Sơn.
    let names = [Some(typed), without_kind(typed, &UNIT_KINDS)];
    let exact = names.iter().flatten().find_map(|name| NAMES.exact.get(&tone_key(name)));
    let folded = || names.iter().flatten().find_map(|name| NAMES.folded.get(&search_key(name)));
    only(exact.or_else(folded), inside)
}

/// The one unit that a name stands for.
fn only(known: Option<&Vec<Known>>, inside: Option<&District>) -> Result<&'static Unit, Unplaced> {
    let known = known.ok_or(Unplaced::Unknown)?;
    let fits = |known: &&Known| inside.is_some_and(|district| is_in(known, district));
    let mut units: Vec<&'static Unit> = known.iter().filter(fits).map(|known| known.unit).collect();
    if units.is_empty() {
        units = known.iter().map(|known| known.unit).collect();
    }
    units.dedup_by_key(|unit| &unit.code);
    match units[..] {
        [unit] => Ok(unit),
        _ => Err(Unplaced::Ambiguous),
    }
}

fn is_in(known: &Known, district: &District) -> bool {
    let codes = [known.district_code.as_str(), known.unit.former_district_code.as_str()];
    codes.contains(&district.code.as_str())
        || district.successor.as_deref().is_some_and(|successor| codes.contains(&successor))
}

/// A district by its code or its name, with or without its kind; one that was merged early is its successor.
fn district_named(typed: &str) -> Option<&'static District> {
    let typed = typed.trim();
    if typed.is_empty() {
        return None;
    }
    let name = without_kind(typed, &DISTRICT_KINDS).unwrap_or(typed);
    let found = DISTRICTS.get(typed).or_else(|| DISTRICTS.get(&search_key(name)))?;
    found.successor.as_deref().map_or(Some(*found), district)
}

/// Every district by its code and by its folded name; of two with one name the first.
static DISTRICTS: LazyLock<HashMap<String, &'static District>> = LazyLock::new(|| {
    let all = super::district::all().iter().rev();
    all.flat_map(|district| [(search_key(&district.name), district), (district.code.clone(), district)]).collect()
});

const UNIT_KINDS: [&str; 9] = ["phuong", "xa", "thi tran", "p.", "x.", "tt.", "p", "tt", "x"];
const DISTRICT_KINDS: [&str; 9] = ["thanh pho", "thi xa", "huyen", "tp.", "tx.", "h.", "tp", "tx", "h"];

/// The name behind a word for its kind; none without such a word.
fn without_kind<'t>(typed: &'t str, kinds: &[&str]) -> Option<&'t str> {
    let mut words = typed.split_whitespace();
    let first = search_key(words.next()?);
    let rest = words.next();
    let both = || rest.map(|second| format!("{first} {}", search_key(second)));
    let from = |word: Option<&str>| word.map(|word| &typed[offset(typed, word)..]);
    for kind in kinds {
        if kind.contains(' ') && first.len() < kind.len() && kind.starts_with(&first) && both().as_deref() == Some(kind)
        {
            return from(words.next());
        }
        if first == *kind {
            return from(rest);
        }
        // "P.Vũ Ninh": the abbreviation and the name are one word.
        if kind.ends_with('.') && first.starts_with(kind) {
            return typed.trim_start().get(kind.len()..).map(str::trim_start);
        }
    }
    None
}

fn offset(text: &str, part: &str) -> usize {
    part.as_ptr() as usize - text.as_ptr() as usize
}

/// The unit and the district that a written-out address names. Parts count only with their kind in front, since
/// "Bắc Ninh" alone may be a city, a province or a street. From the end: what comes last is the larger.
fn parts_of(address: &str) -> (String, Option<&'static District>) {
    let (mut unit, mut district) = (String::new(), None);
    let parts: Vec<&str> = address.split([',', ';', '\n']).flat_map(|part| part.split(" - ")).map(str::trim).collect();
    for part in parts.into_iter().rev() {
        if district.is_none() && without_kind(part, &DISTRICT_KINDS).is_some() {
            district = district_named(part);
        } else if unit.is_empty() && without_kind(part, &UNIT_KINDS).is_some() {
            unit = part.to_owned();
        }
    }
    (unit, district)
}

/// A name by letters and tones, whichever vowel carries the tone: "Hoà" and "Hòa" are one, "Đông" and "Đồng" are two.
fn tone_key(name: &str) -> String {
    let word = |word: &str| {
        let is_tone = |c: &char| matches!(c, '\u{300}' | '\u{301}' | '\u{303}' | '\u{309}' | '\u{323}');
        let (tones, letters): (String, String) = word.nfd().partition(is_tone);
        debug_assert!(tones.chars().all(is_combining_mark));
        letters + &tones
    };
    name.to_lowercase().split_whitespace().map(word).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn code(unit: &str, district: &str, address: &str) -> Result<(Option<&'static str>, &'static str), Unplaced> {
        let place = Place::find(unit, district, address)?;
        Ok((place.unit.map(|unit| unit.code.as_str()), place.district.code.as_str()))
    }

    #[test]
    fn units_of_today_by_code_and_name() {
        assert_eq!(code("07210", "", ""), Ok((Some("07210"), "213")));
        assert_eq!(code("7210", "", ""), Ok((Some("07210"), "213")), "a spreadsheet dropped the zero");
        for typed in ["Phường Bắc Giang", "bac giang", "P. Bắc Giang", "P.Bắc Giang", "PHƯỜNG BẮC GIANG"]
        {
            assert_eq!(code(typed, "", ""), Ok((Some("07210"), "213")), "{typed}");
        }
        assert_eq!(code("Xã Hiệp Hòa", "", ""), code("Xã Hiệp Hoà", "", ""));
        assert_eq!(code("99999", "", ""), Err(Unplaced::Unknown));
    }

    #[test]
    fn communes_of_2024_lead_to_the_unit_they_became_part_of() {
        assert_eq!(code("Phường Thọ Xương", "", ""), Ok((Some("07210"), "213")));
        assert_eq!(code("Thị trấn Lim", "Huyện Tiên Du", ""), Ok((Some("09319"), "260")));
        assert_eq!(code("Xã Quế Nham", "Tân Yên", ""), Ok((Some("07228"), "213")), "it crossed the district's border");
        assert_eq!(code("Nham Biền", "Huyện Yên Dũng", ""), Ok((Some("07681"), "213")));
    }

    #[test]
    fn one_name_in_two_districts_needs_the_district() {
        assert_eq!(code("Xã Đồng Tiến", "", ""), Err(Unplaced::Ambiguous));
        assert_eq!(code("Xã Đồng Tiến", "Yên Thế", ""), Ok((Some("07246"), "215")));
        assert_eq!(code("Xã Đồng Tiến", "Hiệp Hoà", ""), Ok((Some("07822"), "223")));
        assert_eq!(code("Xã Đông Tiến", "", ""), Ok((Some("09193"), "258")), "the tones tell them apart");
    }

    #[test]
    fn written_out_addresses() {
        let old = "Số 12, đường Hùng Vương, phường Ngô Quyền, thành phố Bắc Giang, tỉnh Bắc Giang";
        assert_eq!(code("", "", old), Ok((Some("07210"), "213")));
        let new = "Lô B3 KCN Quế Võ, Phường Nam Sơn, Tỉnh Bắc Ninh, Việt Nam";
        assert_eq!(code("", "", new), Ok((Some("09286"), "256")));
        assert_eq!(code("", "", "Thôn 3, Huyện Lục Ngạn, Bắc Giang"), Ok((None, "219")));
        assert_eq!(code("", "", "Số 1 Tràng Tiền, phường Hoàn Kiếm, Hà Nội"), Err(Unplaced::Unknown));
        assert_eq!(code("", "", "KCN Quế Võ"), Err(Unplaced::Unknown));
    }

    #[test]
    fn a_district_alone_is_less_and_is_said_so() {
        assert_eq!(code("", "216", ""), Ok((None, "216")));
        assert_eq!(code("không rõ", "huyện Tân Yên", ""), Ok((None, "216")));
        assert_eq!(code("", "Yên Dũng", ""), Ok((None, "213")));
        assert_eq!(code("", "", ""), Err(Unplaced::Missing));
        assert_eq!(code("Atlantis", "", ""), Err(Unplaced::Unknown));
    }

    #[test]
    fn every_commune_of_2024_is_found_by_its_name_and_district_and_none_hides_a_unit_of_today() {
        let file = rows(include_str!("../../classifications/communes2025.csv"));
        let mut found = 0;
        for row in file {
            let [_, name, district_code, unit_code] = <[String; 4]>::try_from(row).unwrap();
            assert_eq!(code(&name, &district_code, "").map(|place| place.0), Ok(Some(unit_code.as_str())), "{name}");
            found += 1;
        }
        assert_eq!(found, 313);
        for unit in units() {
            assert_eq!(code(&unit.name, "", ""), Ok((Some(unit.code.as_str()), unit.former_district_code.as_str())));
        }
    }

    proptest! {
        #[test]
        fn nothing_typed_breaks_it(unit in "\\PC{0,20}", district in "\\PC{0,20}", address in "(\\PC|,| phường | huyện ){0,20}") {
            if let Ok(place) = Place::find(&unit, &district, &address) {
                prop_assert!(place.district.successor.is_none());
            }
        }

        #[test]
        fn the_place_of_a_unit_is_in_its_district(at in 0..99_usize) {
            let unit = &units()[at];
            let place = Place::find(&unit.code, "", "").unwrap();
            prop_assert_eq!(place.unit, Some(unit));
            prop_assert_eq!(&place.district.code, &unit.former_district_code);
        }
    }
}
