//! Domains and figures in words.

use model::{
    classification, format,
    release::{Domain, Figure, GROUPS, Measure, Response, TableKind},
    text::Lang,
};

use crate::i18n::Tr;

/// The name of a domain: "Huyện Yên Thế", "Xây dựng", "Toàn tỉnh".
#[must_use]
pub fn domain(tr: Tr, domain: &Domain) -> String {
    match domain.table {
        TableKind::Province => tr.t("domain-province").into_owned(),
        TableKind::District => district(tr, &domain.code),
        TableKind::Unit => unit(tr, &domain.code),
        TableKind::Group => group(tr, &domain.code),
        TableKind::Section => section(tr, &domain.code),
        TableKind::Size => size(tr, &domain.code),
        TableKind::DistrictSize | TableKind::SectionSize | TableKind::DistrictGroup => {
            let [first, second] = parts(tr, domain);
            format!("{first}, {second}")
        }
    }
}

/// The two names of a domain of a crossed table; the second is empty in plain tables.
#[must_use]
pub fn parts(tr: Tr, domain: &Domain) -> [String; 2] {
    let (first, second) = domain.code.split_once('|').unwrap_or((&domain.code, ""));
    match domain.table {
        TableKind::DistrictSize => [district(tr, first), size(tr, second)],
        TableKind::SectionSize => [section(tr, first), size(tr, second)],
        TableKind::DistrictGroup => [district(tr, first), group(tr, second)],
        _ => [self::domain(tr, domain), String::new()],
    }
}

/// The name of a domain in addresses: `/indicators/1/maturity#07210`.
#[must_use]
pub fn anchor(domain: &Domain) -> String {
    if domain.code.is_empty() { domain.table.as_str().to_owned() } else { domain.code.clone() }
}

/// The name of a table: "Theo ngành".
#[must_use]
pub fn table(tr: Tr, table: TableKind) -> String {
    let name = match table {
        TableKind::Province => tr.t("table-province"),
        TableKind::District => tr.t("table-district"),
        TableKind::Unit => tr.t("table-unit"),
        TableKind::Group => tr.t("table-group"),
        TableKind::Section => tr.t("table-section"),
        TableKind::Size => tr.t("table-size"),
        TableKind::DistrictSize => tr.t("table-district-size"),
        TableKind::SectionSize => tr.t("table-section-size"),
        TableKind::DistrictGroup => tr.t("table-district-group"),
    };
    name.into_owned()
}

/// The name of a size class; "unknown" where the frame does not know it.
#[must_use]
pub fn size(tr: Tr, code: &str) -> String {
    let name = match code {
        "micro" => tr.t("enterprises-micro"),
        "small" => tr.t("enterprises-small"),
        "medium" => tr.t("enterprises-medium"),
        "large" => tr.t("enterprises-large"),
        _ => tr.t("enterprises-size-unknown"),
    };
    name.into_owned()
}

/// The short name of a former district, as a map shows it.
#[must_use]
pub fn district(tr: Tr, code: &str) -> String {
    let unit = classification::units().iter().find(|unit| unit.former_district_code == code);
    let name = unit.map_or(code, |unit| unit.former_district.as_str());
    if tr.lang == Lang::Vi { name.to_owned() } else { without_kind(name).to_owned() }
}

/// The name of a former district without its kind.
#[must_use]
pub fn without_kind(name: &str) -> &str {
    ["Huyện ", "Thị xã "].iter().find_map(|kind| name.strip_prefix(kind)).unwrap_or(name)
}

fn unit(tr: Tr, code: &str) -> String {
    match code.strip_suffix('|') {
        Some(code) => tr.with("unit-unknown", [("district", &district(tr, code))]),
        None => classification::unit(code).map_or_else(|| code.to_owned(), |unit| unit.label(tr.lang)),
    }
}

fn group(tr: Tr, code: &str) -> String {
    let group = GROUPS.iter().find(|group| group.code == code);
    group.map_or(code, |group| if tr.lang == Lang::Vi { group.vi } else { group.en }).to_owned()
}

fn section(tr: Tr, code: &str) -> String {
    classification::section(code).map_or(code, |section| section.name.get(tr.lang)).to_owned()
}

/// A number of an indicator with its unit: "36,8", "31,4%".
#[must_use]
pub fn number(lang: Lang, measure: Measure, value: f64) -> String {
    let number = format::score(lang, value);
    if measure == Measure::Score { number } else { format!("{number}%") }
}

/// A figure: its number, or the word for why there is none.
#[must_use]
pub fn figure(tr: Tr, measure: Measure, figure: Figure) -> String {
    match figure {
        Figure::Published { value, .. } => number(tr.lang, measure, value),
        Figure::Confidential | Figure::Unreliable => tr.t("not-published").into_owned(),
    }
}

/// The limits of a figure: "29,4–33,4"; a dash where there are none.
#[must_use]
pub fn interval(lang: Lang, figure: Figure) -> String {
    match figure {
        Figure::Published { low, high, .. } => {
            format!("{}–{}", format::score(lang, low), format::score(lang, high))
        }
        Figure::Confidential | Figure::Unreliable => "–".to_owned(),
    }
}

/// The class of the number of respondents; a dash where nothing is published.
#[must_use]
pub fn respondents(figure: Figure) -> &'static str {
    match figure {
        Figure::Published { n, .. } => n.label(),
        Figure::Confidential | Figure::Unreliable => "–",
    }
}

/// What the flag of a figure means.
#[must_use]
pub fn flag(tr: Tr, figure: Figure) -> String {
    let word = match figure {
        Figure::Published { caution: false, .. } => return String::new(),
        Figure::Published { caution: true, .. } => tr.t("flag-caution"),
        Figure::Confidential => tr.t("flag-confidential"),
        Figure::Unreliable => tr.t("flag-unreliable"),
    };
    word.into_owned()
}

/// Value and limits, where a figure is published.
#[must_use]
pub fn limits(figure: Figure) -> Option<[f64; 3]> {
    match figure {
        Figure::Published { value, low, high, .. } => Some([value, low, high]),
        Figure::Confidential | Figure::Unreliable => None,
    }
}

/// A day such as `2026-11-15` as people write it.
#[must_use]
pub fn day(iso: &str) -> String {
    let mut parts = iso.split('-');
    match (parts.next(), parts.next(), parts.next()) {
        (Some(year), Some(month), Some(day)) => format!("{day}/{month}/{year}"),
        _ => iso.to_owned(),
    }
}

/// How evenly the groups of each margin answered: "theo quy mô 0,90; …".
#[must_use]
pub fn representativeness(tr: Tr, response: &Response) -> String {
    let said = response.representativeness.iter().map(|one| {
        let by = match one.by.as_str() {
            "district" => tr.t("by-district"),
            "section" => tr.t("by-section"),
            "size" => tr.t("by-size"),
            _ => tr.t("by-cell"),
        };
        format!("{by} {}", two_decimals(tr, one.r))
    });
    said.collect::<Vec<_>>().join("; ")
}

/// A number with two decimals: "1,27".
#[must_use]
pub fn two_decimals(tr: Tr, value: f64) -> String {
    let text = format!("{value:.2}");
    if tr.lang == Lang::Vi { text.replace('.', ",") } else { text }
}
