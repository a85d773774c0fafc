//! The wards, communes and former districts of the province, and the industrial classification VSIC.
//!
//! Every classification is a file in `classifications/`; `versions.csv` says from when to when each is valid, and by which
//! decision.

use std::sync::LazyLock;

mod district;
mod place;
mod vsic;

pub use district::{District, DistrictKind, district, districts, former_province};
pub use place::{Place, Unplaced};
pub use vsic::{Activity, NoActivity, UnknownVsic, Vsic, section_2018};

use crate::text::{Lang, Text};

/// A ward or commune of Bắc Ninh as of 1 July 2025.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// The five-digit code of the statistics office.
    pub code: String,
    /// Ward or commune.
    pub kind: UnitKind,
    /// The name without its kind, in Vietnamese.
    pub name: String,
    /// The code of the former district that held the same code before; a merged unit may hold parts of others.
    pub former_district_code: String,
    /// The name of that district with its kind.
    pub former_district: String,
    /// 24 for the former Bắc Giang, 27 for the former Bắc Ninh.
    pub former_province_code: String,
}

/// The two kinds of units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// Phường.
    Ward,
    /// Xã.
    Commune,
}

/// A section (a letter) or division (two digits) of VSIC 2025, Decision 36/2025/QĐ-TTg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Industry {
    /// "C" or "31".
    pub code: String,
    /// The letter of the section; for a section its own.
    pub section: String,
    /// The name.
    pub name: Text,
}

/// All units, in the order of their codes.
#[must_use]
pub fn units() -> &'static [Unit] {
    &UNITS
}

/// The unit with this code.
#[must_use]
pub fn unit(code: &str) -> Option<&'static Unit> {
    UNITS.binary_search_by(|unit| unit.code.as_str().cmp(code)).ok().map(|position| &UNITS[position])
}

/// The sections of VSIC 2025, A to V.
#[must_use]
pub fn sections() -> &'static [Industry] {
    &VSIC.sections
}

/// The divisions of VSIC 2025, in the order of their codes.
#[must_use]
pub fn divisions() -> &'static [Industry] {
    &VSIC.divisions
}

/// The section with this letter.
#[must_use]
pub fn section(code: &str) -> Option<&'static Industry> {
    VSIC.sections.iter().find(|section| section.code == code)
}

/// The division with these two digits.
#[must_use]
pub fn division(code: &str) -> Option<&'static Industry> {
    let divisions = &VSIC.divisions;
    divisions.binary_search_by(|division| division.code.as_str().cmp(code)).ok().map(|position| &divisions[position])
}

impl Unit {
    /// The name with its kind: "Phường Bắc Giang", "Bắc Giang ward".
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        match (lang, self.kind) {
            (Lang::Vi, UnitKind::Ward) => format!("Phường {}", self.name),
            (Lang::Vi, UnitKind::Commune) => format!("Xã {}", self.name),
            (Lang::En, UnitKind::Ward) => format!("{} ward", self.name),
            (Lang::En, UnitKind::Commune) => format!("{} commune", self.name),
        }
    }
}

struct Industries {
    sections: Vec<Industry>,
    divisions: Vec<Industry>,
}

static UNITS: LazyLock<Vec<Unit>> = LazyLock::new(|| {
    let mut units: Vec<Unit> = rows(include_str!("../classifications/units.csv")).filter_map(unit_of).collect();
    units.sort_by(|a, b| a.code.cmp(&b.code));
    units
});

static VSIC: LazyLock<Industries> = LazyLock::new(|| {
    let industries = rows(include_str!("../classifications/vsic2025.csv")).filter_map(industry_of);
    let (mut sections, mut divisions): (Vec<Industry>, Vec<Industry>) =
        industries.partition(|industry| industry.code.starts_with(|c: char| c.is_ascii_uppercase()));
    sections.sort_by(|a, b| a.code.cmp(&b.code));
    divisions.sort_by(|a, b| a.code.cmp(&b.code));
    Industries { sections, divisions }
});

fn unit_of(row: Vec<String>) -> Option<Unit> {
    let [code, kind, name, former_district_code, former_district, former_province_code] = row.try_into().ok()?;
    let kind = match kind.as_str() {
        "ward" => UnitKind::Ward,
        "commune" => UnitKind::Commune,
        _ => return None,
    };
    Some(Unit { code, kind, name, former_district_code, former_district, former_province_code })
}

fn industry_of(row: Vec<String>) -> Option<Industry> {
    let [code, section, vi, en] = row.try_into().ok()?;
    let section = if section.is_empty() { code.clone() } else { section };
    Some(Industry { code, section, name: Text { vi, en } })
}

/// The rows of a CSV file below its header. Our own files hold no line ends in their fields.
pub(crate) fn rows(file: &'static str) -> impl Iterator<Item = Vec<String>> {
    file.lines().skip(1).filter(|line| !line.trim().is_empty()).map(fields)
}

fn fields(line: &str) -> Vec<String> {
    let (mut fields, mut field, mut quoted) = (Vec::new(), String::new(), false);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        match c {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => field.push('"'),
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(std::mem::take(&mut field)),
            c => field.push(c),
        }
    }
    fields.push(field);
    fields
}

#[cfg(test)]
mod tests {
    use unicode_normalization::is_nfc;

    use super::*;

    #[test]
    fn all_99_units_are_read() {
        assert_eq!(units().len(), 99);
        assert_eq!(units().iter().filter(|unit| unit.kind == UnitKind::Ward).count(), 33);
        assert!(units().is_sorted_by(|a, b| a.code < b.code));
        let first = unit("07210").unwrap();
        assert_eq!(first.label(Lang::Vi), "Phường Bắc Giang");
        assert_eq!(first.label(Lang::En), "Bắc Giang ward");
        assert_eq!(first.former_province_code, "24");
        assert!(unit("7210").is_none());
    }

    #[test]
    fn every_line_of_the_files_is_understood() {
        let lines = |file: &str| file.lines().skip(1).filter(|line| !line.is_empty()).count();
        assert_eq!(lines(include_str!("../classifications/units.csv")), units().len());
        let industries = sections().len() + divisions().len();
        assert_eq!(lines(include_str!("../classifications/vsic2025.csv")), industries);
    }

    #[test]
    fn vsic_2025_is_complete() {
        let letters: String = sections().iter().map(|section| section.code.as_str()).collect();
        assert_eq!(letters, "ABCDEFGHIJKLMNOPQRSTUV");
        assert_eq!(divisions().len(), 87);
        for industry in divisions() {
            assert!(section(&industry.section).is_some(), "{}", industry.code);
            assert!(industry.code.len() == 2 && industry.code.bytes().all(|b| b.is_ascii_digit()));
        }
        for industry in sections().iter().chain(divisions()) {
            assert!(!industry.name.vi.is_empty() && !industry.name.en.is_empty() && is_nfc(&industry.name.vi));
        }
        assert_eq!(division("62").unwrap().section, "K");
        assert!(division("45").is_none(), "division 45 was dissolved in 2025");
    }

    #[test]
    fn every_file_has_a_date_of_validity() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/classifications");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name != "versions.csv")
            .collect();
        files.sort();
        let versions: Vec<Vec<String>> = rows(include_str!("../classifications/versions.csv")).collect();
        let mut listed: Vec<String> = versions.iter().map(|row| row[0].clone()).collect();
        listed.sort();
        assert_eq!(listed, files);
        let is_day = |day: &str| day.len() == 10 && day.split('-').all(|part| part.parse::<u32>().is_ok());
        assert!(
            versions.iter().all(|row| is_day(&row[1]) && (row[2].is_empty() || is_day(&row[2])) && !row[3].is_empty())
        );
    }

    #[test]
    fn quoted_fields() {
        assert_eq!(fields(r#"01,A,"a, ""b""",c"#), ["01", "A", r#"a, "b""#, "c"]);
    }
}
