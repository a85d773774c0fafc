//! The register's codes in words.

use model::{
    classification,
    register::{Column, Money, Problem, Reason},
    size::SizeClass,
};

use crate::i18n::Tr;

/// The unit with its former district, or the district with the remark that no more is known.
#[must_use]
pub fn place(tr: Tr, unit: &str, district: &str) -> String {
    let former = classification::district(district).map(|district| district.label(tr.lang)).unwrap_or_default();
    match classification::unit(unit) {
        Some(unit) => unit.label(tr.lang),
        None => tr.with("register-district-only", [("district", &former)]),
    }
}

/// The name of a former district.
#[must_use]
pub fn district(tr: Tr, code: &str) -> String {
    classification::district(code).map_or_else(|| code.to_owned(), |district| district.label(tr.lang))
}

/// "C. Công nghiệp chế biến, chế tạo".
#[must_use]
pub fn section(tr: Tr, code: &str) -> String {
    match classification::section(code) {
        Some(section) => format!("{code}. {}", section.name.get(tr.lang)),
        None => code.to_owned(),
    }
}

/// "31. Sản xuất giường, tủ, bàn, ghế".
#[must_use]
pub fn division(tr: Tr, code: &str) -> String {
    match classification::division(code) {
        Some(division) => format!("{code}. {}", division.name.get(tr.lang)),
        None => code.to_owned(),
    }
}

/// The size class; anything that is none is not known.
#[must_use]
pub fn size(tr: Tr, code: &str) -> String {
    match code.parse() {
        Ok(SizeClass::Micro) => tr.t("size-micro"),
        Ok(SizeClass::Small) => tr.t("size-small"),
        Ok(SizeClass::Medium) => tr.t("size-medium"),
        Ok(SizeClass::Large) => tr.t("size-large"),
        Err(_) => tr.t("size-unknown"),
    }
    .into_owned()
}

/// Whether an enterprise is at work.
#[must_use]
pub fn status(tr: Tr, code: &str) -> String {
    match code {
        "suspended" => tr.t("register-suspended"),
        "closed" => tr.t("register-closed"),
        _ => tr.t("register-active"),
    }
    .into_owned()
}

/// What a column holds.
#[must_use]
pub fn column(tr: Tr, column: Column) -> String {
    match column {
        Column::TaxCode => tr.t("column-tax-code"),
        Column::Name => tr.t("column-name"),
        Column::LegalForm => tr.t("column-legal-form"),
        Column::Unit => tr.t("column-unit"),
        Column::District => tr.t("column-district"),
        Column::Address => tr.t("column-address"),
        Column::Industry => tr.t("column-industry"),
        Column::Employees => tr.t("column-employees"),
        Column::Revenue => tr.t("column-revenue"),
        Column::Capital => tr.t("column-capital"),
        Column::Status => tr.t("column-status"),
        Column::Email => tr.t("column-email"),
        Column::Phone => tr.t("column-phone"),
    }
    .into_owned()
}

/// The unit of money.
#[must_use]
pub fn money(tr: Tr, money: Money) -> String {
    match money {
        Money::Dong => tr.t("money-dong"),
        Money::Thousand => tr.t("money-thousand"),
        Money::Million => tr.t("money-million"),
        Money::Billion => tr.t("money-billion"),
    }
    .into_owned()
}

/// What is wrong with a row, with the column and what stood there.
#[must_use]
pub fn problem(tr: Tr, problem: &Problem) -> String {
    let (column, reason) = (column(tr, problem.column), reason(tr, problem.reason));
    if problem.value.is_empty() {
        return tr.with("problem-empty", [("column", &column), ("reason", &reason)]);
    }
    tr.with("problem-value", [("column", &column), ("reason", &reason), ("value", &problem.value)])
}

/// Why a row is rejected, and what to do.
#[must_use]
pub fn reason(tr: Tr, reason: Reason) -> String {
    match reason {
        Reason::Missing => tr.t("reason-missing"),
        Reason::TaxCodeLetters => tr.t("reason-tax-code-letters"),
        Reason::TaxCodeLength => tr.t("reason-tax-code-length"),
        Reason::TaxCodeCheckDigit => tr.t("reason-tax-code-check-digit"),
        Reason::TaxCodeNeverIssued => tr.t("reason-tax-code-never-issued"),
        Reason::TaxCodeBranch => tr.t("reason-tax-code-branch"),
        Reason::Repeated => tr.t("reason-repeated"),
        Reason::TooLong => tr.t("reason-too-long"),
        Reason::PlaceUnknown => tr.t("reason-place-unknown"),
        Reason::PlaceAmbiguous => tr.t("reason-place-ambiguous"),
        Reason::IndustryUnknown => tr.t("reason-industry-unknown"),
        Reason::IndustryThreeDigits => tr.t("reason-industry-three-digits"),
        Reason::IndustryDissolved => tr.t("reason-industry-dissolved"),
        Reason::IndustryNeedsDigits => tr.t("reason-industry-needs-digits"),
        Reason::Number => tr.t("reason-number"),
        Reason::StatusUnknown => tr.t("reason-status-unknown"),
        Reason::Email => tr.t("wrong-email"),
        Reason::Phone => tr.t("wrong-phone"),
    }
    .into_owned()
}

/// Why a file cannot be read, and what to do; by the stored code of the failure.
#[must_use]
pub fn failure(tr: Tr, code: &str) -> String {
    match code {
        "empty" => tr.t("file-empty"),
        "kind" => tr.t("file-kind"),
        "encoding" => tr.t("file-encoding"),
        "broken" => tr.t("file-broken"),
        "too_large" => tr.t("file-too-large"),
        "too_many_rows" => tr.t("file-too-many-rows"),
        _ => tr.t("file-internal"),
    }
    .into_owned()
}
