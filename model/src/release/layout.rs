//! Domains: which groups of enterprises figures are about, and which sums everybody knows to hold between them.

use std::collections::BTreeMap;

use super::ReleaseError;
use super::document::{Domain, TableKind};
use super::microdata::{Frame, FrameCell};
use crate::classification::{self, UnitKind};

/// A group of VSIC sections, for response cells and for tables that sections would make too thin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct IndustryGroup {
    /// Its code.
    pub code: &'static str,
    /// The letters of its sections.
    pub sections: &'static str,
    /// Its name in Vietnamese.
    pub vi: &'static str,
    /// Its name in English.
    pub en: &'static str,
}

/// All groups; every section of VSIC 2025 is in exactly one.
pub const GROUPS: [IndustryGroup; 8] = [
    IndustryGroup {
        code: "AGR",
        sections: "A",
        vi: "Nông, lâm nghiệp, thủy sản",
        en: "Agriculture, forestry, fishing",
    },
    IndustryGroup {
        code: "IND",
        sections: "BCDE",
        vi: "Công nghiệp, năng lượng, môi trường",
        en: "Industry, energy, environment",
    },
    IndustryGroup { code: "CON", sections: "F", vi: "Xây dựng", en: "Construction" },
    IndustryGroup { code: "TRA", sections: "G", vi: "Bán buôn, bán lẻ", en: "Wholesale and retail trade" },
    IndustryGroup {
        code: "LOG",
        sections: "HI",
        vi: "Vận tải, lưu trú, ăn uống",
        en: "Transport, accommodation, food services",
    },
    IndustryGroup {
        code: "ICT",
        sections: "JK",
        vi: "Nội dung, viễn thông, máy tính",
        en: "Content, telecoms, computing",
    },
    IndustryGroup {
        code: "BUS",
        sections: "LMNO",
        vi: "Tài chính, bất động sản, dịch vụ kinh doanh",
        en: "Finance, real estate, business services",
    },
    IndustryGroup {
        code: "SOC",
        sections: "PQRSTUV",
        vi: "Giáo dục, y tế, dịch vụ khác",
        en: "Education, health, other services",
    },
];

/// The group of a VSIC section.
#[must_use]
pub fn industry_group(section: &str) -> Option<&'static IndustryGroup> {
    let letter = section.chars().next()?;
    GROUPS.iter().find(|group| section.len() == 1 && group.sections.contains(letter))
}

/// Domains with the cells of the frame they are made of, and the sums between them.
#[derive(Debug, Clone)]
pub(super) struct Layout {
    pub domains: Vec<Domain>,
    /// The cells of the frame of each domain, ascending.
    pub cells: Vec<Vec<u32>>,
    /// A domain and the domains it is made of.
    pub sums: Vec<(usize, Vec<usize>)>,
    /// Codes of every cell.
    pub codes: Vec<CellCodes>,
}

/// The codes of a cell of the frame on every level.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CellCodes {
    pub district: String,
    pub kind: &'static str,
    pub unit: String,
    pub group: &'static str,
    pub section: String,
    pub size: String,
}

/// Which table is made of which, and how the code of a part names its whole.
const MADE_OF: [(TableKind, TableKind, Whole); 11] = [
    (TableKind::Province, TableKind::District, Whole::All),
    (TableKind::District, TableKind::Unit, Whole::District),
    (TableKind::Province, TableKind::Group, Whole::All),
    (TableKind::Group, TableKind::Section, Whole::Group),
    (TableKind::Province, TableKind::Size, Whole::All),
    (TableKind::District, TableKind::DistrictSize, Whole::First),
    (TableKind::Size, TableKind::DistrictSize, Whole::Second),
    (TableKind::Section, TableKind::SectionSize, Whole::First),
    (TableKind::Size, TableKind::SectionSize, Whole::Second),
    (TableKind::District, TableKind::DistrictGroup, Whole::First),
    (TableKind::Group, TableKind::DistrictGroup, Whole::Second),
];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Whole {
    All,
    District,
    Group,
    First,
    Second,
}

impl Layout {
    /// The domains of `tables` over the cells of the frame that have enterprises. Tables by size are left out where
    /// the frame knows no sizes. All coarser tables that a table is made from are always there: an attacker can add up.
    pub(super) fn new(frame: &Frame, tables: &[TableKind]) -> Result<Self, ReleaseError> {
        let codes = frame.cells.iter().map(codes_of).collect::<Result<Vec<_>, _>>()?;
        let tables = with_wholes(tables, has_sizes(frame));
        let mut members: BTreeMap<(TableKind, String), Vec<u32>> = BTreeMap::new();
        for ((cell, codes), position) in frame.cells.iter().zip(&codes).zip(0..) {
            for table in tables.iter().filter(|_| cell.enterprises > 0) {
                members.entry((*table, codes.code(*table))).or_default().push(position);
            }
        }
        let enterprises = |cells: &[u32]| cells.iter().map(|&cell| frame.cells[cell as usize].enterprises).sum();
        let mut layout = Self { domains: Vec::new(), cells: Vec::new(), sums: Vec::new(), codes };
        for ((table, code), cells) in members {
            layout.domains.push(Domain { table, code, enterprises: enterprises(&cells) });
            layout.cells.push(cells);
        }
        layout.sums = sums(&layout.domains);
        Ok(layout)
    }

    /// A name for the disclosure tables.
    pub(super) fn id(&self, domain: usize) -> String {
        let domain = &self.domains[domain];
        format!("{}:{}", domain.table.as_str(), domain.code)
    }
}

impl CellCodes {
    fn code(&self, table: TableKind) -> String {
        match table {
            TableKind::Province => String::new(),
            TableKind::District => self.district.clone(),
            // What lies in no known ward is a part of its district too.
            TableKind::Unit if self.unit.is_empty() => format!("{}|", self.district),
            TableKind::Unit => self.unit.clone(),
            TableKind::Group => self.group.to_owned(),
            TableKind::Section => self.section.clone(),
            TableKind::Size => self.size.clone(),
            TableKind::DistrictSize => format!("{}|{}", self.district, self.size),
            TableKind::SectionSize => format!("{}|{}", self.section, self.size),
            TableKind::DistrictGroup => format!("{}|{}", self.district, self.group),
        }
    }
}

fn codes_of(cell: &FrameCell) -> Result<CellCodes, ReleaseError> {
    let unknown = |kind, code: &str| ReleaseError::UnknownCode { kind, code: code.to_owned() };
    let group = industry_group(&cell.section).ok_or_else(|| unknown("section", &cell.section))?;
    if !classification::units().iter().any(|unit| unit.former_district_code == cell.district) {
        return Err(unknown("district", &cell.district));
    }
    let unit = classification::unit(&cell.unit);
    if !cell.unit.is_empty() && unit.is_none_or(|unit| unit.former_district_code != cell.district) {
        return Err(unknown("unit", &cell.unit));
    }
    Ok(CellCodes {
        district: cell.district.clone(),
        kind: match unit.map(|unit| unit.kind) {
            Some(UnitKind::Ward) => "ward",
            Some(UnitKind::Commune) => "commune",
            None => "unknown",
        },
        unit: cell.unit.clone(),
        group: group.code,
        section: cell.section.clone(),
        size: cell.size.clone(),
    })
}

fn has_sizes(frame: &Frame) -> bool {
    let first = frame.cells.first().map(|cell| &cell.size);
    frame.cells.iter().any(|cell| Some(&cell.size) != first)
}

fn with_wholes(tables: &[TableKind], sizes: bool) -> Vec<TableKind> {
    let mut all = vec![TableKind::Province];
    all.extend_from_slice(tables);
    while let Some((whole, _, _)) = MADE_OF.iter().find(|(whole, part, _)| all.contains(part) && !all.contains(whole)) {
        all.push(*whole);
    }
    all.sort_unstable();
    all.dedup();
    let by_size = [TableKind::Size, TableKind::DistrictSize, TableKind::SectionSize];
    all.retain(|table| sizes || !by_size.contains(table));
    all
}

fn sums(domains: &[Domain]) -> Vec<(usize, Vec<usize>)> {
    let mut sums = Vec::new();
    for (whole, part, how) in MADE_OF {
        for (total, domain) in domains.iter().enumerate().filter(|(_, domain)| domain.table == whole) {
            let belongs = |one: &Domain| one.table == part && how.of(&one.code).as_deref() == Some(&domain.code);
            let parts: Vec<usize> = (0..domains.len()).filter(|&one| belongs(&domains[one])).collect();
            if !parts.is_empty() {
                sums.push((total, parts));
            }
        }
    }
    sums
}

impl Whole {
    fn of(self, code: &str) -> Option<String> {
        match self {
            Self::All => Some(String::new()),
            Self::District => match code.strip_suffix('|') {
                Some(district) => Some(district.to_owned()),
                None => classification::unit(code).map(|unit| unit.former_district_code.clone()),
            },
            Self::Group => industry_group(code).map(|group| group.code.to_owned()),
            Self::First => code.split_once('|').map(|(first, _)| first.to_owned()),
            Self::Second => code.split_once('|').map(|(_, second)| second.to_owned()),
        }
    }
}
