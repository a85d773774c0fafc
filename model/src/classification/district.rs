//! The districts of both former provinces, abolished on 1 July 2025.

use std::sync::LazyLock;

use super::rows;
use crate::text::Lang;

/// A former district: the statistical area between a unit and the province.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct District {
    /// The three-digit code of the statistics office.
    pub code: String,
    /// City, town or rural district.
    pub kind: DistrictKind,
    /// The name without its kind, in Vietnamese.
    pub name: String,
    /// 24 for the former Bắc Giang, 27 for the former Bắc Ninh.
    pub province_code: String,
    /// The district that it became part of before districts were abolished.
    pub successor: Option<String>,
}

/// The three kinds of districts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DistrictKind {
    /// Thành phố thuộc tỉnh.
    City,
    /// Thị xã.
    Town,
    /// Huyện.
    District,
}

/// The eighteen districts on the day before they were abolished, in the order of their codes.
#[must_use]
pub fn districts() -> &'static [&'static District] {
    &LAST
}

/// The district with this code, of those that existed in 2024 or 2025.
#[must_use]
pub fn district(code: &str) -> Option<&'static District> {
    DISTRICTS.iter().find(|district| district.code == code)
}

/// Every district that existed in 2024 or 2025.
pub(super) fn all() -> &'static [District] {
    &DISTRICTS
}

/// The name of a former province: "Bắc Giang" for 24, "Bắc Ninh" for 27.
#[must_use]
pub fn former_province(code: &str) -> Option<&'static str> {
    match code {
        "24" => Some("Bắc Giang"),
        "27" => Some("Bắc Ninh"),
        _ => None,
    }
}

impl District {
    /// The name with its kind: "Huyện Yên Thế", "Yên Thế district".
    #[must_use]
    pub fn label(&self, lang: Lang) -> String {
        match (lang, self.kind) {
            (Lang::Vi, DistrictKind::City) => format!("Thành phố {}", self.name),
            (Lang::Vi, DistrictKind::Town) => format!("Thị xã {}", self.name),
            (Lang::Vi, DistrictKind::District) => format!("Huyện {}", self.name),
            (Lang::En, DistrictKind::City) => format!("{} city", self.name),
            (Lang::En, DistrictKind::Town) => format!("{} town", self.name),
            (Lang::En, DistrictKind::District) => format!("{} district", self.name),
        }
    }
}

static DISTRICTS: LazyLock<Vec<District>> =
    LazyLock::new(|| rows(include_str!("../../classifications/districts.csv")).filter_map(district_of).collect());

static LAST: LazyLock<Vec<&'static District>> =
    LazyLock::new(|| DISTRICTS.iter().filter(|district| district.successor.is_none()).collect());

fn district_of(row: Vec<String>) -> Option<District> {
    let [code, kind, name, province_code, _, _, successor] = <[String; 7]>::try_from(row).ok()?;
    let kind = match kind.as_str() {
        "city" => DistrictKind::City,
        "town" => DistrictKind::Town,
        "district" => DistrictKind::District,
        _ => return None,
    };
    let successor = Some(successor).filter(|code| !code.is_empty());
    Some(District { code, kind, name, province_code, successor })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::classification::units;

    #[test]
    fn eighteen_districts_hold_all_units() {
        assert_eq!(districts().len(), 18);
        assert!(districts().is_sorted_by(|a, b| a.code < b.code));
        for unit in units() {
            let district = district(&unit.former_district_code).unwrap();
            assert_eq!(district.label(Lang::Vi), unit.former_district);
            assert_eq!(district.province_code, unit.former_province_code);
            assert_eq!(district.successor, None);
        }
        for district in districts() {
            assert!(units().iter().any(|unit| unit.former_district_code == district.code), "{}", district.name);
            assert!(former_province(&district.province_code).is_some());
        }
    }

    #[test]
    fn a_district_that_went_before_the_others_has_a_successor() {
        let merged = district("221").unwrap();
        assert_eq!(merged.successor.as_deref(), Some("213"));
        assert_eq!(merged.label(Lang::En), "Yên Dũng district");
    }
}
