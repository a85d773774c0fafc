//! Legal forms: Enterprise Law 59/2020/QH14, Law on Co-operatives 17/2023/QH15, Decree 168/2025/NĐ-CP.

use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::TaxCode;
use crate::text::{Text, search_key};

/// The legal form of an enterprise or of a dependent unit. State or foreign ownership is another matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum LegalForm {
    /// Limited liability company with one member.
    #[serde(rename = "TNHH1")]
    OneMemberLimited,
    /// Limited liability company with 2 to 50 members.
    #[serde(rename = "TNHH2")]
    Limited,
    /// Joint-stock company.
    #[serde(rename = "CTCP")]
    JointStock,
    /// Partnership.
    #[serde(rename = "CTHD")]
    Partnership,
    /// Private enterprise of one person, who is liable.
    #[serde(rename = "DNTN")]
    SoleProprietorship,
    /// Co-operative.
    #[serde(rename = "HTX")]
    Cooperative,
    /// Union of co-operatives.
    #[serde(rename = "LHHTX")]
    CooperativeUnion,
    /// Co-operative group.
    #[serde(rename = "THT")]
    CooperativeGroup,
    /// Household business.
    #[serde(rename = "HKD")]
    Household,
    /// Branch.
    #[serde(rename = "CN")]
    Branch,
    /// Representative office.
    #[serde(rename = "VPDD")]
    RepresentativeOffice,
    /// Place of business.
    #[serde(rename = "DDKD")]
    BusinessLocation,
}

/// A code that is no legal form.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no legal form; use TNHH1, TNHH2, CTCP, CTHD, DNTN, HTX, LHHTX, THT, HKD, CN, VPDD or DDKD")]
pub struct UnknownLegalForm(pub String);

const ALL: [(LegalForm, &str, &str, &str); 12] = [
    (LegalForm::OneMemberLimited, "TNHH1", "Công ty TNHH một thành viên", "Single-member limited liability company"),
    (
        LegalForm::Limited,
        "TNHH2",
        "Công ty TNHH hai thành viên trở lên",
        "Limited liability company, 2 or more members",
    ),
    (LegalForm::JointStock, "CTCP", "Công ty cổ phần", "Joint-stock company"),
    (LegalForm::Partnership, "CTHD", "Công ty hợp danh", "Partnership"),
    (LegalForm::SoleProprietorship, "DNTN", "Doanh nghiệp tư nhân", "Sole proprietorship"),
    (LegalForm::Cooperative, "HTX", "Hợp tác xã", "Co-operative"),
    (LegalForm::CooperativeUnion, "LHHTX", "Liên hiệp hợp tác xã", "Union of co-operatives"),
    (LegalForm::CooperativeGroup, "THT", "Tổ hợp tác", "Co-operative group"),
    (LegalForm::Household, "HKD", "Hộ kinh doanh", "Household business"),
    (LegalForm::Branch, "CN", "Chi nhánh", "Branch"),
    (LegalForm::RepresentativeOffice, "VPDD", "Văn phòng đại diện", "Representative office"),
    (LegalForm::BusinessLocation, "DDKD", "Địa điểm kinh doanh", "Place of business"),
];

impl LegalForm {
    /// Every legal form, in the order in which they are offered.
    #[must_use]
    pub fn all() -> [LegalForm; 12] {
        ALL.map(|(form, ..)| form)
    }

    /// The abbreviation by which it is stored.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().1
    }

    /// The name.
    #[must_use]
    pub fn name(self) -> Text {
        let (_, _, vi, en) = self.row();
        Text { vi: vi.to_owned(), en: en.to_owned() }
    }

    /// Whether it is a part of another enterprise.
    #[must_use]
    pub fn is_dependent(self) -> bool {
        matches!(self, LegalForm::Branch | LegalForm::RepresentativeOffice | LegalForm::BusinessLocation)
    }

    /// Whether an enterprise of this form can have such a tax code: a personal number only as a household business.
    #[must_use]
    pub fn allows(self, code: &TaxCode) -> bool {
        self == LegalForm::Household || !matches!(code, TaxCode::Household(_))
    }

    /// Whether a name of the register says that it is a household business, whose name is as a rule a person's.
    #[must_use]
    pub fn is_household_name(name: &str) -> bool {
        let name = search_key(name);
        ["ho kinh doanh", "ho ca the", "hkd"].iter().any(|begin| {
            name.strip_prefix(begin).is_some_and(|rest| !rest.starts_with(|letter: char| letter.is_alphanumeric()))
        })
    }

    fn row(self) -> (LegalForm, &'static str, &'static str, &'static str) {
        ALL[self as usize]
    }
}

impl FromStr for LegalForm {
    type Err = UnknownLegalForm;

    fn from_str(code: &str) -> Result<LegalForm, UnknownLegalForm> {
        LegalForm::all()
            .into_iter()
            .find(|form| form.code().eq_ignore_ascii_case(code))
            .ok_or_else(|| UnknownLegalForm(code.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_forms_are_one_to_one() {
        for form in LegalForm::all() {
            assert_eq!(form.row().0, form);
            assert_eq!(form.code().parse(), Ok(form));
            assert_eq!(serde_json::to_string(&form).unwrap(), format!("\"{}\"", form.code()));
        }
        assert_eq!("htx".parse(), Ok(LegalForm::Cooperative));
        assert!("GmbH".parse::<LegalForm>().is_err());
    }

    #[test]
    fn names_of_households_are_known_by_their_first_words() {
        for name in ["Hộ kinh doanh Nguyễn Văn An", "HỘ KINH DOANH AN", "Hộ cá thể Lê Thị B", "HKD Bình", "Hkd. Bình"]
        {
            assert!(LegalForm::is_household_name(name), "{name}");
        }
        for name in ["Công ty TNHH Hộ Kinh", "Hồ Kinh Doanhnghiep", "Công ty cổ phần HKD", "Hợp tác xã Xanh", ""]
        {
            assert!(!LegalForm::is_household_name(name), "{name}");
        }
    }

    #[test]
    fn personal_numbers_are_for_households_only() {
        let personal = TaxCode::parse("024190012345").unwrap();
        let organisation = TaxCode::parse("0100109106").unwrap();
        for form in LegalForm::all() {
            assert_eq!(form.allows(&personal), form == LegalForm::Household);
            assert!(form.allows(&organisation));
        }
    }
}
