//! Which column of a file is what: recognised by its header, changed by hand, remembered.

use std::{collections::BTreeMap, sync::LazyLock};

use serde::{Deserialize, Serialize};

use super::name::searched;
use crate::classification::{Vsic, rows};

/// What a column can hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Column {
    /// The tax code: the key.
    TaxCode,
    /// The enterprise's name.
    Name,
    /// The legal form.
    LegalForm,
    /// The ward or commune, by code or name, of today or of 2024.
    Unit,
    /// The former district, by code or name.
    District,
    /// The address in one piece.
    Address,
    /// The code of the main industry.
    Industry,
    /// Employees with social insurance, yearly average.
    Employees,
    /// Revenue of the year before.
    Revenue,
    /// Total capital.
    Capital,
    /// Whether it is active.
    Status,
    /// Mail for the contact.
    Email,
    /// Telephone for the contact.
    Phone,
}

/// The unit of the money columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Money {
    /// Đồng.
    #[default]
    Dong,
    /// Nghìn đồng.
    Thousand,
    /// Triệu đồng.
    Million,
    /// Tỷ đồng.
    Billion,
}

/// How a file is read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mapping {
    /// The position of each column that the file has, from 0.
    pub columns: BTreeMap<Column, usize>,
    /// The version of the industry codes.
    pub vsic: Vsic,
    /// The unit of revenue and capital.
    pub money: Money,
}

impl Column {
    /// Every column, in the order in which they are offered.
    pub const ALL: [Column; 13] = [
        Column::TaxCode,
        Column::Name,
        Column::LegalForm,
        Column::Unit,
        Column::District,
        Column::Address,
        Column::Industry,
        Column::Employees,
        Column::Revenue,
        Column::Capital,
        Column::Status,
        Column::Email,
        Column::Phone,
    ];

    /// The stored and typed form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Column::TaxCode => "tax_code",
            Column::Name => "name",
            Column::LegalForm => "legal_form",
            Column::Unit => "unit",
            Column::District => "district",
            Column::Address => "address",
            Column::Industry => "industry",
            Column::Employees => "employees",
            Column::Revenue => "revenue",
            Column::Capital => "capital",
            Column::Status => "status",
            Column::Email => "email",
            Column::Phone => "phone",
        }
    }

    /// The column with this stored form.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.as_str() == code)
    }
}

/// Headers that stand for a column, folded, in Vietnamese and English; for each column the most telling first.
static HEADERS: LazyLock<Vec<(Column, String)>> = LazyLock::new(|| {
    let header_of = |row: Vec<String>| {
        let [column, header] = <[String; 2]>::try_from(row).ok()?;
        Some((Column::from_code(&column)?, header))
    };
    rows(include_str!("headers.csv")).filter_map(header_of).collect()
});

impl Money {
    /// Every unit, from the smallest.
    pub const ALL: [Money; 4] = [Money::Dong, Money::Thousand, Money::Million, Money::Billion];

    /// The stored and typed form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Money::Dong => "dong",
            Money::Thousand => "thousand",
            Money::Million => "million",
            Money::Billion => "billion",
        }
    }

    /// How many đồng one is.
    #[must_use]
    pub fn in_dong(self) -> f64 {
        match self {
            Money::Dong => 1.0,
            Money::Thousand => 1e3,
            Money::Million => 1e6,
            Money::Billion => 1e9,
        }
    }

    /// The unit that a header names in words.
    fn in_header(header: &str) -> Option<Money> {
        let words = searched(header);
        let has = |word: &str| words.split(' ').any(|one| one == word);
        match () {
            () if has("ty") || has("billion") => Some(Money::Billion),
            () if has("trieu") || has("million") => Some(Money::Million),
            () if has("nghin") || has("ngan") || has("thousand") => Some(Money::Thousand),
            () => None,
        }
    }
}

impl Mapping {
    /// What the headers say. Headers that are known exactly are taken first, then those that contain a known one; a
    /// column is only used once.
    #[must_use]
    pub fn propose(headers: &[String]) -> Mapping {
        let folded: Vec<(String, String)> =
            headers.iter().map(|header| (searched(bare(header)), searched(header))).collect();
        let mut columns = BTreeMap::new();
        let mut taken = vec![false; headers.len()];
        for exactly in [true, false] {
            for column in Column::ALL {
                if columns.contains_key(&column) {
                    continue;
                }
                let free = |at: &usize| !taken[*at];
                let found = best(&folded, column, exactly, free);
                if let Some(at) = found {
                    taken[at] = true;
                    columns.insert(column, at);
                }
            }
        }
        let of_money = [Column::Revenue, Column::Capital].into_iter().filter_map(|column| columns.get(&column));
        let money = of_money.filter_map(|at| Money::in_header(&headers[*at])).next().unwrap_or_default();
        Mapping { columns, vsic: Vsic::V2025, money }
    }

    /// What the file must have and has not; empty when it can be read. Of unit, district and address one is enough.
    #[must_use]
    pub fn missing(&self) -> Vec<Column> {
        let has = |column: &Column| self.columns.contains_key(column);
        let needed = [Column::TaxCode, Column::Name, Column::Industry].into_iter();
        let mut missing: Vec<Column> = needed.filter(|column| !has(column)).collect();
        if ![Column::Unit, Column::District, Column::Address].iter().any(has) {
            missing.push(Column::Unit);
        }
        missing
    }

    /// Columns of the file that are used twice.
    #[must_use]
    pub fn used_twice(&self) -> Vec<Column> {
        let is_twice = |at: &usize| self.columns.values().filter(|other| *other == at).count() > 1;
        self.columns.iter().filter(|(_, at)| is_twice(at)).map(|(column, _)| *column).collect()
    }
}

/// The free header that fits the column best: the longest known one wins.
fn best(headers: &[(String, String)], column: Column, exactly: bool, free: impl Fn(&usize) -> bool) -> Option<usize> {
    let positions = || (0..headers.len()).filter(|at| free(at));
    let known = HEADERS.iter().filter(|(of, _)| *of == column).map(|(_, header)| header);
    known.into_iter().find_map(|known| {
        positions().find(|at| {
            let (bare, whole) = &headers[*at];
            // Short words would be found everywhere.
            let inside = known.len() > 5 && format!(" {whole} ").contains(&format!(" {known} "));
            if exactly { bare == known || whole == known } else { inside }
        })
    })
}

/// A header without what stands in brackets: "Doanh thu (triệu đồng)" is "Doanh thu".
fn bare(header: &str) -> &str {
    header.split(['(', '[']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn propose(headers: &str) -> Mapping {
        Mapping::propose(&headers.split(';').map(ToOwned::to_owned).collect::<Vec<_>>())
    }

    #[test]
    fn vietnamese_headers() {
        let mapping = propose(
            "STT;Mã số thuế;TÊN DOANH NGHIỆP;Địa chỉ trụ sở chính;Xã/Phường;Mã ngành chính;Số lao động;Doanh thu (triệu đồng);Tổng nguồn vốn (triệu đồng);Điện thoại;Thư điện tử;Tình trạng hoạt động;Loại hình doanh nghiệp",
        );
        let at = |column| mapping.columns.get(&column).copied();
        assert_eq!(at(Column::TaxCode), Some(1));
        assert_eq!(at(Column::Name), Some(2));
        assert_eq!(at(Column::Address), Some(3));
        assert_eq!(at(Column::Unit), Some(4));
        assert_eq!(at(Column::Industry), Some(5));
        assert_eq!(at(Column::Employees), Some(6));
        assert_eq!((at(Column::Revenue), at(Column::Capital)), (Some(7), Some(8)));
        assert_eq!((at(Column::Phone), at(Column::Email)), (Some(9), Some(10)));
        assert_eq!((at(Column::Status), at(Column::LegalForm)), (Some(11), Some(12)));
        assert_eq!(mapping.money, Money::Million);
        assert!(mapping.missing().is_empty() && mapping.used_twice().is_empty());
    }

    #[test]
    fn english_and_decorated_headers() {
        let mapping = propose("Tax code;Company name;Ward;Industry code;Employees;Revenue (billion VND)");
        assert_eq!(mapping.columns.len(), 6);
        assert_eq!(mapping.money, Money::Billion);
        let decorated = propose("1. Mã số thuế *;2. Tên doanh nghiệp *;3. Địa chỉ;4. Mã ngành nghề chính (VSIC)");
        assert_eq!(decorated.columns.len(), 4);
        assert!(decorated.missing().is_empty());
    }

    #[test]
    fn every_line_of_the_headers_is_understood_and_stands_for_one_column() {
        let lines = include_str!("headers.csv").lines().count() - 1;
        assert_eq!(HEADERS.len(), lines);
        for (column, header) in HEADERS.iter() {
            assert_eq!(searched(header), *header);
            let of: Vec<_> = HEADERS.iter().filter(|(_, other)| other == header).map(|(of, _)| *of).collect();
            assert_eq!(of, [*column], "{header}");
        }
    }

    #[test]
    fn what_is_missing_is_named() {
        let mapping = propose("MST;Ghi chú");
        assert_eq!(mapping.missing(), [Column::Name, Column::Industry, Column::Unit]);
        assert!(propose("").columns.is_empty());
        let mut twice = propose("MST;Tên;Xã;Ngành");
        twice.columns.insert(Column::District, 2);
        assert_eq!(twice.used_twice(), [Column::Unit, Column::District]);
    }

    #[test]
    fn a_mapping_survives_storing() {
        let mapping = propose("MST;Tên;Xã;Ngành;Vốn (tỷ đồng)");
        let stored = serde_json::to_string(&mapping).unwrap();
        assert_eq!(serde_json::from_str::<Mapping>(&stored).unwrap(), mapping);
        for column in Column::ALL {
            assert_eq!(Column::from_code(column.as_str()), Some(column));
            assert_eq!(serde_json::to_string(&column).unwrap(), format!("\"{}\"", column.as_str()));
        }
    }
}
