//! Size classes of enterprises: Law 04/2017/QH14 article 4, Decree 80/2021/NĐ-CP article 5.

use std::{str::FromStr, sync::LazyLock};

use serde::{Deserialize, Serialize};

use crate::classification::rows;

/// How large an enterprise is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SizeClass {
    /// Siêu nhỏ.
    Micro,
    /// Nhỏ.
    Small,
    /// Vừa.
    Medium,
    /// Lớn: whatever fits no other class.
    Large,
}

/// What the class is computed from. Employees are the yearly average with social insurance; money is in đồng: revenue of
/// the year before, total capital.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SizeInputs {
    /// Employees.
    pub employees: Option<i64>,
    /// Revenue of the year before, in đồng.
    pub revenue: Option<i64>,
    /// Total capital, in đồng.
    pub capital: Option<i64>,
}

impl SizeClass {
    /// Every class, from the smallest.
    pub const ALL: [SizeClass; 4] = [SizeClass::Micro, SizeClass::Small, SizeClass::Medium, SizeClass::Large];

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            SizeClass::Micro => "micro",
            SizeClass::Small => "small",
            SizeClass::Medium => "medium",
            SizeClass::Large => "large",
        }
    }

    /// The place of a stored form among all classes, from the smallest, for lists; what is no class comes last.
    #[must_use]
    pub fn rank(code: &str) -> usize {
        SizeClass::ALL.iter().position(|class| class.as_str() == code).unwrap_or(SizeClass::ALL.len())
    }

    /// The class of an enterprise in a section of VSIC 2025, or none where the figures do not decide it.
    ///
    /// A class fits when the employees are within its bound **and** the revenue **or** the capital is; bounds are
    /// inclusive; the smallest class that fits is the one (Decree 80/2021 article 5). Figures that are missing are not
    /// guessed: the class is only given when no value of them could change it.
    #[must_use]
    pub fn of(section: &str, inputs: SizeInputs) -> Option<SizeClass> {
        for bounds in BOUNDS.iter().filter(|bounds| bounds.serves(section)) {
            match bounds.fits(inputs) {
                Some(true) => return Some(bounds.class),
                Some(false) => {}
                None => return None,
            }
        }
        Some(SizeClass::Large)
    }
}

/// A word that is no size class.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no size class; use micro, small, medium or large")]
pub struct UnknownSizeClass(pub String);

impl FromStr for SizeClass {
    type Err = UnknownSizeClass;

    fn from_str(word: &str) -> Result<SizeClass, UnknownSizeClass> {
        let found = SizeClass::ALL.into_iter().find(|class| class.as_str() == word);
        found.ok_or_else(|| UnknownSizeClass(word.to_owned()))
    }
}

/// One line of the table: the upper bounds of a class in a group of sections.
struct Bounds {
    sections: &'static str,
    class: SizeClass,
    employees: i64,
    revenue: i64,
    capital: i64,
}

/// The table, within each group from the smallest class.
static BOUNDS: LazyLock<Vec<Bounds>> =
    LazyLock::new(|| rows(include_str!("../classifications/sizes2021.csv")).filter_map(bounds_of).collect());

fn bounds_of(row: Vec<String>) -> Option<Bounds> {
    const BILLION: i64 = 1_000_000_000;
    let [group, class, employees, revenue, capital] = <[String; 5]>::try_from(row).ok()?;
    let sections = match group.as_str() {
        // Agriculture, forestry and fishing; industry and construction.
        "production" => "ABCDEF",
        // Trade and services: every other section of VSIC 2025.
        "services" => "GHIJKLMNOPQRSTUV",
        _ => return None,
    };
    let number = |text: String| text.parse::<i64>().ok();
    Some(Bounds {
        sections,
        class: class.parse().ok()?,
        employees: number(employees)?,
        revenue: number(revenue)? * BILLION,
        capital: number(capital)? * BILLION,
    })
}

impl Bounds {
    fn serves(&self, section: &str) -> bool {
        !section.is_empty() && self.sections.contains(section)
    }

    /// Whether the class fits; none when a missing figure decides.
    fn fits(&self, inputs: SizeInputs) -> Option<bool> {
        let within = |value: Option<i64>, bound: i64| value.map(|value| value <= bound);
        let people = within(inputs.employees, self.employees);
        let money = either(within(inputs.revenue, self.revenue), within(inputs.capital, self.capital));
        both(people, money)
    }
}

/// "Or" where some things are not known.
fn either(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        // One figure is enough in practice: small enterprises declare either revenue or capital.
        (Some(false), None) | (None, Some(false)) => Some(false),
        (None, None) => None,
    }
}

/// "And" where some things are not known.
fn both(a: Option<bool>, b: Option<bool>) -> Option<bool> {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const BILLION: i64 = 1_000_000_000;

    fn class(section: &str, employees: i64, revenue: i64, capital: i64) -> Option<SizeClass> {
        let inputs = SizeInputs {
            employees: Some(employees),
            revenue: Some(revenue * BILLION),
            capital: Some(capital * BILLION),
        };
        SizeClass::of(section, inputs)
    }

    #[test]
    fn the_table_has_three_classes_for_each_of_both_groups() {
        assert_eq!(BOUNDS.len(), 6);
        for section in crate::classification::sections() {
            assert_eq!(BOUNDS.iter().filter(|bounds| bounds.serves(&section.code)).count(), 3, "{}", section.code);
        }
    }

    #[test]
    fn bounds_are_inclusive_and_differ_by_group() {
        assert_eq!(class("C", 10, 3, 99), Some(SizeClass::Micro));
        assert_eq!(class("C", 11, 3, 3), Some(SizeClass::Small));
        assert_eq!(class("C", 100, 51, 20), Some(SizeClass::Small));
        assert_eq!(class("C", 100, 51, 21), Some(SizeClass::Medium));
        assert_eq!(class("C", 200, 200, 500), Some(SizeClass::Medium));
        assert_eq!(class("C", 201, 1, 1), Some(SizeClass::Large));
        assert_eq!(class("G", 10, 10, 99), Some(SizeClass::Micro));
        assert_eq!(class("G", 51, 1, 1), Some(SizeClass::Medium));
        assert_eq!(class("G", 101, 1, 1), Some(SizeClass::Large));
        assert_eq!(class("G", 5, 301, 101), Some(SizeClass::Large));
    }

    #[test]
    fn one_figure_of_money_is_enough_and_nothing_is_guessed() {
        let inputs = |employees, revenue, capital| SizeInputs { employees, revenue, capital };
        let of = |inputs| SizeClass::of("G", inputs);
        assert_eq!(of(inputs(Some(5), None, Some(2 * BILLION))), Some(SizeClass::Micro));
        assert_eq!(of(inputs(Some(5), Some(50 * BILLION), None)), Some(SizeClass::Small));
        assert_eq!(of(inputs(Some(5), None, None)), None, "could be anything");
        assert_eq!(of(inputs(None, Some(BILLION), Some(BILLION))), None);
        assert_eq!(of(inputs(Some(150), None, None)), Some(SizeClass::Large), "the employees alone decide");
        assert_eq!(of(inputs(None, Some(400 * BILLION), Some(200 * BILLION))), Some(SizeClass::Large));
        assert_eq!(of(SizeInputs::default()), None);
    }

    #[test]
    fn words_and_classes_are_one_to_one() {
        for class in SizeClass::ALL {
            assert_eq!(class.as_str().parse(), Ok(class));
        }
        assert!("huge".parse::<SizeClass>().is_err());
    }

    #[test]
    fn codes_are_sorted_from_the_smallest_and_what_is_none_last() {
        let mut codes = ["unknown", "large", "small", "", "micro", "medium"];
        codes.sort_by_key(|code| SizeClass::rank(code));
        assert_eq!(codes, ["micro", "small", "medium", "large", "unknown", ""]);
    }

    fn figure() -> impl Strategy<Value = Option<i64>> {
        prop_oneof![1 => Just(None), 4 => (0..400 * BILLION).prop_map(Some)]
    }

    proptest! {
        #[test]
        fn growing_never_makes_smaller(
            section in "[A-V]", people in 0..400_i64, money in (0..400 * BILLION, 0..400 * BILLION),
            more in (0..100_i64, 0..100 * BILLION, 0..100 * BILLION),
        ) {
            let of = |employees, revenue, capital| {
                SizeClass::of(&section, SizeInputs { employees: Some(employees), revenue: Some(revenue), capital: Some(capital) })
            };
            let (small, large) = (of(people, money.0, money.1), of(people + more.0, money.0 + more.1, money.1 + more.2));
            prop_assert!(small.is_some() && small <= large);
        }

        #[test]
        fn a_missing_number_of_employees_never_hides_a_class_it_could_change(
            section in "[A-V]", revenue in figure(), capital in figure(), people in 0..1_000_i64,
        ) {
            let inputs = SizeInputs { employees: None, revenue, capital };
            if let Some(class) = SizeClass::of(&section, inputs) {
                prop_assert_eq!(SizeClass::of(&section, SizeInputs { employees: Some(people), ..inputs }), Some(class));
            }
        }
    }
}
