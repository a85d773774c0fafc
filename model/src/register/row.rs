//! One row of a register file: an entry, or everything that is wrong with it.

use std::{collections::HashMap, sync::LazyLock};

use super::{Column, Mapping, Problem, Reason, Status, name::searched, number::number};
use crate::{
    classification::{Activity, NoActivity, Place, Unplaced},
    enterprise::{Email, LegalForm, Phone, TaxCode, TaxCodeError},
    size::{SizeClass, SizeInputs},
    text::nfc,
};

/// What a cell of a file holds.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// Text, empty for nothing.
    Text(String),
    /// A number of a spreadsheet.
    Number(f64),
}

/// An enterprise of the register.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key.
    pub tax_code: TaxCode,
    /// The name.
    pub name: String,
    /// The code of the legal form, or what was typed instead of one.
    pub legal_form: Option<String>,
    /// Where it is.
    pub place: Place,
    /// The address as written.
    pub address: Option<String>,
    /// The main industry.
    pub activity: Activity,
    /// What the size is computed from.
    pub inputs: SizeInputs,
    /// The size class; none when the figures do not decide it.
    pub size: Option<SizeClass>,
    /// Whether it is active.
    pub status: Status,
    /// Mail of the contact, as written.
    pub email: Option<String>,
    /// Telephone of the contact, as written.
    pub phone: Option<String>,
}

/// What a list of members says about an enterprise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Contact {
    /// The key.
    pub tax_code: TaxCode,
    /// The name; may be empty.
    pub name: String,
    /// Where mail goes.
    pub email: Option<Email>,
    /// Whom to call.
    pub phone: Option<Phone>,
}

impl Cell {
    /// The text of a cell; whole numbers without a decimal point.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Cell::Text(text) => nfc(text),
            Cell::Number(number) => number.to_string(),
        }
    }
}

/// Reads a row: an entry, or all its problems in the order of the columns.
///
/// # Errors
/// What is wrong with the row. A row is taken whole or not at all.
pub fn read(mapping: &Mapping, cells: &[Cell]) -> Result<Entry, Vec<Problem>> {
    let mut row = Row { mapping, cells, problems: Vec::new() };
    let tax_code = row.tax_code();
    let name = row.needed(Column::Name);
    let legal_form = row.optional(Column::LegalForm).map(legal_form);
    let place = row.place();
    let address = row.optional(Column::Address);
    let activity = row.activity();
    let inputs = SizeInputs {
        employees: row.number(Column::Employees, 1.0),
        revenue: row.number(Column::Revenue, mapping.money.in_dong()),
        capital: row.number(Column::Capital, mapping.money.in_dong()),
    };
    let status = row.status();
    let (email, phone) = (row.optional(Column::Email), row.optional(Column::Phone));
    match (tax_code, name, place, activity, status) {
        (Some(tax_code), Some(name), Some(place), Some(activity), Some(status)) if row.problems.is_empty() => {
            let size = SizeClass::of(&activity.division.section, inputs);
            Ok(Entry { tax_code, name, legal_form, place, address, activity, inputs, size, status, email, phone })
        }
        _ => Err(row.problems),
    }
}

/// Reads a row of a list of members, which needs nothing but a tax code.
///
/// # Errors
/// What is wrong with the row. A row is taken whole or not at all.
pub fn read_contact(mapping: &Mapping, cells: &[Cell]) -> Result<Contact, Vec<Problem>> {
    let mut row = Row { mapping, cells, problems: Vec::new() };
    let tax_code = row.tax_code();
    let name = row.optional(Column::Name).unwrap_or_default();
    let (email, phone) = (row.email(), row.phone());
    match tax_code {
        Some(tax_code) if row.problems.is_empty() => Ok(Contact { tax_code, name, email, phone }),
        _ => Err(row.problems),
    }
}

/// A row that is being read.
struct Row<'a> {
    mapping: &'a Mapping,
    cells: &'a [Cell],
    problems: Vec<Problem>,
}

impl Row<'_> {
    fn cell(&self, column: Column) -> Option<&Cell> {
        self.cells.get(*self.mapping.columns.get(&column)?)
    }

    fn text(&self, column: Column) -> String {
        self.cell(column).map(Cell::text).unwrap_or_default()
    }

    fn problem(&mut self, column: Column, reason: Reason, value: &str) {
        // A cell may hold a whole book; the beginning is enough to find it.
        let value = value.chars().take(100).collect();
        self.problems.push(Problem { column, reason, value });
    }

    /// The text of a cell that is not longer than any of its kind; none when it is empty.
    fn optional(&mut self, column: Column) -> Option<String> {
        let longest = if matches!(column, Column::Name | Column::Address) { 500 } else { 200 };
        let text = self.text(column);
        if text.chars().count() > longest {
            self.problem(column, Reason::TooLong, &text);
            return None;
        }
        Some(text).filter(|text| !text.is_empty())
    }

    fn needed(&mut self, column: Column) -> Option<String> {
        if self.text(column).is_empty() {
            self.problem(column, Reason::Missing, "");
            return None;
        }
        self.optional(column)
    }

    fn tax_code(&mut self) -> Option<TaxCode> {
        let typed = self.needed(Column::TaxCode)?;
        // Spreadsheets drop the zero that codes of Hà Nội and others begin with; the check digit tells whether it was one.
        let nine = typed.len() == 9 && typed.bytes().all(|byte| byte.is_ascii_digit());
        let code = if nine { format!("0{typed}") } else { typed.clone() };
        match TaxCode::parse(&code) {
            Ok(code) => Some(code),
            Err(problem) => {
                let reason = match problem {
                    TaxCodeError::Letters => Reason::TaxCodeLetters,
                    TaxCodeError::Length => Reason::TaxCodeLength,
                    TaxCodeError::CheckDigit if nine => Reason::TaxCodeLength,
                    TaxCodeError::CheckDigit => Reason::TaxCodeCheckDigit,
                    TaxCodeError::NeverIssued => Reason::TaxCodeNeverIssued,
                    TaxCodeError::BranchSuffix => Reason::TaxCodeBranch,
                };
                self.problem(Column::TaxCode, reason, &typed);
                None
            }
        }
    }

    fn place(&mut self) -> Option<Place> {
        let (unit, district, address) =
            (self.text(Column::Unit), self.text(Column::District), self.text(Column::Address));
        let problem = match Place::find(&unit, &district, &address) {
            Ok(place) => return Some(place),
            Err(problem) => problem,
        };
        let reason = match problem {
            Unplaced::Missing => Reason::Missing,
            Unplaced::Unknown => Reason::PlaceUnknown,
            Unplaced::Ambiguous => Reason::PlaceAmbiguous,
        };
        let typed = [(Column::Unit, unit), (Column::District, district), (Column::Address, address)];
        let has = |column: &Column| self.mapping.columns.contains_key(column);
        let filled = typed.iter().find(|(_, text)| !text.is_empty()).map(|(column, text)| (*column, text.clone()));
        let mapped = || typed.iter().find(|(column, _)| has(column)).map(|(column, _)| (*column, String::new()));
        let (column, value) = filled.or_else(mapped).unwrap_or((Column::Unit, String::new()));
        self.problem(column, reason, &value);
        None
    }

    fn activity(&mut self) -> Option<Activity> {
        let typed = self.text(Column::Industry);
        let reason = match self.mapping.vsic.activity(&typed) {
            Ok(activity) => return Some(activity),
            Err(NoActivity::Missing) => Reason::Missing,
            Err(NoActivity::Unknown) => Reason::IndustryUnknown,
            Err(NoActivity::ThreeDigits) => Reason::IndustryThreeDigits,
            Err(NoActivity::Dissolved) => Reason::IndustryDissolved,
            Err(NoActivity::NeedsDigits) => Reason::IndustryNeedsDigits,
        };
        self.problem(Column::Industry, reason, &typed);
        None
    }

    /// A whole number of `factor`s, rounded; none when the cell is empty.
    fn number(&mut self, column: Column, factor: f64) -> Option<i64> {
        let cell = self.cell(column)?.clone();
        let text = cell.text();
        if text.is_empty() {
            return None;
        }
        let number = match cell {
            Cell::Number(number) => Some(number),
            Cell::Text(_) => number(&text),
        };
        // Far above any enterprise, far below what i64 and f64 hold exactly.
        let number = number.map(|number| (number * factor).round()).filter(|number| (0.0..=9e15).contains(number));
        match number {
            #[expect(clippy::cast_possible_truncation, reason = "between 0 and 9e15, without a fraction")]
            Some(number) => Some(number as i64),
            None => {
                self.problem(column, Reason::Number, &text);
                None
            }
        }
    }

    fn email(&mut self) -> Option<Email> {
        let typed = self.optional(Column::Email)?;
        let email = Email::parse(&typed);
        if email.is_none() {
            self.problem(Column::Email, Reason::Email, &typed);
        }
        email
    }

    fn phone(&mut self) -> Option<Phone> {
        let typed = self.optional(Column::Phone)?;
        // Spreadsheets drop the zero that every number in the country begins with.
        let phone = Phone::parse(&typed).or_else(|| Phone::parse(&format!("0{typed}")));
        if phone.is_none() {
            self.problem(Column::Phone, Reason::Phone, &typed);
        }
        phone
    }

    fn status(&mut self) -> Option<Status> {
        let words = self.text(Column::Status);
        let status = Status::of(&words);
        if status.is_none() {
            self.problem(Column::Status, Reason::StatusUnknown, &words);
        }
        status
    }
}

/// Every legal form by its folded code and by its folded Vietnamese name.
static LEGAL_FORMS: LazyLock<HashMap<String, &'static str>> = LazyLock::new(|| {
    let forms = LegalForm::all().into_iter();
    forms.flat_map(|form| [(searched(form.code()), form.code()), (searched(&form.name().vi), form.code())]).collect()
});

/// The code of a legal form that is known by its code or its Vietnamese name, else what was typed.
fn legal_form(typed: String) -> String {
    LEGAL_FORMS.get(&searched(&typed)).map_or(typed, |code| (*code).to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::register::Money;

    fn mapping() -> Mapping {
        let headers = [
            "Mã số thuế",
            "Tên",
            "Xã",
            "Huyện",
            "Địa chỉ",
            "Ngành",
            "Lao động",
            "Doanh thu",
            "Vốn",
            "Trạng thái",
            "Email",
            "Điện thoại",
            "Loại hình",
        ];
        Mapping { money: Money::Million, ..Mapping::propose(&headers.map(ToOwned::to_owned)) }
    }

    const GOOD: [&str; 13] = [
        "0100109106",
        "Công ty  TNHH Minh Khôi",
        "Phường Thọ Xương",
        "",
        "Số 1",
        "4773",
        "12",
        "1.500",
        "",
        "Đang hoạt động",
        "a@b.vn",
        "0204 3555666",
        "Công ty cổ phần",
    ];

    fn cells(row: [&str; 13]) -> Vec<Cell> {
        row.iter().map(|text| Cell::Text((*text).to_owned())).collect()
    }

    fn with(changes: &[(usize, &str)]) -> Result<Entry, Vec<(Column, Reason)>> {
        let mut row = cells(GOOD);
        for (at, text) in changes {
            row[*at] = Cell::Text((*text).to_owned());
        }
        read(&mapping(), &row).map_err(|problems| problems.into_iter().map(|p| (p.column, p.reason)).collect())
    }

    #[test]
    fn a_good_row_becomes_an_entry() {
        let entry = with(&[]).unwrap();
        assert_eq!((entry.tax_code.as_str(), entry.name.as_str()), ("0100109106", "Công ty TNHH Minh Khôi"));
        assert_eq!(entry.place.unit.map(|unit| unit.code.as_str()), Some("07210"));
        assert_eq!((entry.activity.code.as_str(), entry.activity.division.section.as_str()), ("4773", "G"));
        assert_eq!(entry.inputs, SizeInputs { employees: Some(12), revenue: Some(1_500_000_000), capital: None });
        assert_eq!((entry.size, entry.status), (Some(SizeClass::Small), Status::Active));
        assert_eq!(entry.legal_form.as_deref(), Some("CTCP"));
    }

    #[test]
    fn every_problem_of_a_row_is_named() {
        let problems =
            with(&[(0, "0100109107"), (1, " "), (2, "Atlantis"), (5, "111"), (6, "nhiều"), (9, "?!a")]).unwrap_err();
        assert_eq!(
            problems,
            [
                (Column::TaxCode, Reason::TaxCodeCheckDigit),
                (Column::Name, Reason::Missing),
                (Column::Unit, Reason::PlaceUnknown),
                (Column::Industry, Reason::IndustryThreeDigits),
                (Column::Employees, Reason::Number),
                (Column::Status, Reason::StatusUnknown),
            ]
        );
        assert_eq!(with(&[(0, "")]), Err(vec![(Column::TaxCode, Reason::Missing)]));
        assert_eq!(with(&[(5, "4511")]), Err(vec![(Column::Industry, Reason::IndustryDissolved)]));
        assert_eq!(with(&[(6, "-3")]), Err(vec![(Column::Employees, Reason::Number)]));
        assert_eq!(with(&[(1, &"a".repeat(501))]), Err(vec![(Column::Name, Reason::TooLong)]));
        assert_eq!(with(&[(2, "Đồng Tiến")]), Err(vec![(Column::Unit, Reason::PlaceAmbiguous)]));
        assert_eq!(with(&[(2, ""), (4, "")]), Err(vec![(Column::Unit, Reason::Missing)]));
    }

    #[test]
    fn spreadsheets_drop_zeros_and_give_numbers() {
        let mut row = cells(GOOD);
        row[0] = Cell::Number(100_109_106.0);
        row[2] = Cell::Number(7210.0);
        row[7] = Cell::Number(1.234);
        let entry = read(&mapping(), &row).unwrap();
        assert_eq!(entry.tax_code.as_str(), "0100109106");
        assert_eq!(entry.inputs.revenue, Some(1_234_000), "a number of a spreadsheet has no thousands marks");
    }

    proptest! {
        #[test]
        fn no_row_breaks_it_and_a_row_is_an_entry_or_has_problems(
            row in proptest::collection::vec(prop_oneof!["\\PC{0,12}".prop_map(Cell::Text), proptest::num::f64::ANY.prop_map(Cell::Number)], 0..15),
        ) {
            if let Err(problems) = read(&mapping(), &row) {
                prop_assert!(!problems.is_empty());
                prop_assert!(problems.iter().all(|problem| problem.value.chars().count() <= 100));
            }
        }
    }
}
