//! The order in which readers see the groups that figures are about.
//!
//! A release has them in the order of their codes, over which its hash is made: large, medium, micro, small. Pages and files
//! have size classes from the smallest instead; what they say of each group is the same.

use model::{
    release::{Domain, Release, TableKind},
    size::SizeClass,
};

/// All domains of a release with their positions in it, table by table.
#[must_use]
pub fn domains(release: &Release) -> Vec<(usize, &Domain)> {
    let mut domains: Vec<(usize, &Domain)> = release.domains.iter().enumerate().collect();
    // Whatever has the same place keeps its order in the document.
    domains.sort_by_key(|(_, domain)| (domain.table, place(domain)));
    domains
}

/// The domains of one table with their positions in the release.
#[must_use]
pub fn domains_of(release: &Release, table: TableKind) -> Vec<(usize, &Domain)> {
    let mut domains: Vec<(usize, &Domain)> = release.domains_of(table).collect();
    domains.sort_by_key(|(_, domain)| place(domain));
    domains
}

/// What the size is crossed with, and the place of the size; nothing in tables without sizes.
fn place(domain: &Domain) -> (&str, usize) {
    match domain.table {
        TableKind::Size => ("", SizeClass::rank(&domain.code)),
        TableKind::DistrictSize | TableKind::SectionSize => {
            let (first, size) = domain.code.split_once('|').unwrap_or((&domain.code, ""));
            (first, SizeClass::rank(size))
        }
        _ => ("", 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn domain(table: TableKind, code: &str) -> Domain {
        Domain { table, code: code.into(), enterprises: 10 }
    }

    #[test]
    fn sizes_come_from_the_smallest_and_the_rest_as_in_the_document() {
        let place = |table, codes: &[&str]| {
            let mut domains: Vec<Domain> = codes.iter().map(|code| domain(table, code)).collect();
            domains.sort_by(|a, b| place(a).cmp(&place(b)));
            domains.into_iter().map(|domain| domain.code).collect::<Vec<_>>()
        };
        let sizes = ["", "large", "medium", "micro", "small"];
        assert_eq!(place(TableKind::Size, &sizes), ["micro", "small", "medium", "large", ""]);
        let crossed = ["213|large", "213|micro", "213|small", "215|", "215|large", "215|medium"];
        let expected = ["213|micro", "213|small", "213|large", "215|medium", "215|large", "215|"];
        assert_eq!(place(TableKind::DistrictSize, &crossed), expected);
        assert_eq!(place(TableKind::SectionSize, &["C|large", "C|micro"]), ["C|micro", "C|large"]);
        for table in [TableKind::District, TableKind::Section, TableKind::DistrictGroup] {
            assert_eq!(place(table, &["b|small", "a|micro"]), ["b|small", "a|micro"], "{table:?}");
        }
    }
}
