mod across;

use std::collections::BTreeSet;

use super::super::document::{Figure, Parameters};
use super::super::figures::estimated;
use super::super::microdata::{Item, Measure, Microdata};
use super::super::tests::{item, parameters, province, with_ratio};
use super::super::weights::weigh;
use super::cluster::Draft;
use super::families::{Cluster, Family};
use super::*;
use crate::disclosure::audit::{Pattern, Protection, audit};
use crate::disclosure::table::{Cell, Equation, Table};
use crate::statistics::estimate::cell::{CellRows, canonical_order};

/// A province with four classes of which one is rare, and the share of the two upper ones.
fn classes() -> Microdata {
    let scores = province(1_200, 2.0, 31);
    let class = |id: &str| Item { family: "class".into(), class: true, ..item(id, Measure::Share, false) };
    let union = Item { family: "class".into(), ..item("upper", Measure::Share, false) };
    let items = vec![class("c0"), class("c1"), class("c2"), class("c3"), union];
    let mut microdata = Microdata::new(scores.frame.clone(), items).unwrap();
    let respondents = &scores.respondents;
    for (row, id) in respondents.id.iter().enumerate() {
        let class = match respondents.columns[0][row] {
            ..14.0 => 0,
            ..40.0 => 1,
            ..68.0 => 2,
            _ => 3,
        };
        let is = |one: usize| f64::from(u8::from(class == one));
        let values = [is(0), is(1), is(2), is(3), f64::from(u8::from(class >= 2))];
        microdata.push_at(id.clone(), respondents.cell[row], &values).unwrap();
    }
    microdata
}

fn with_case<T>(
    microdata: &Microdata,
    parameters: &Parameters,
    test: impl FnOnce(&Case, &[Cluster], &Protected) -> T,
) -> T {
    let layout = Layout::new(&microdata.frame, &parameters.tables).unwrap();
    let order = canonical_order(&microdata.respondents.id).unwrap();
    let rows = CellRows::new(&microdata.respondents.cell, microdata.frame.cells.len(), &order);
    let weighted = weigh(&microdata.frame, &layout, &rows.respondents(), parameters).unwrap();
    let estimates = estimated(microdata, &layout, &weighted, &rows, 2).unwrap();
    let demands = Demands { forced: vec![BTreeSet::new(); microdata.items.len()], kept: BTreeSet::new() };
    let found = protected((microdata, &layout), &weighted, &estimates, &demands, parameters, 2).unwrap();
    let families = families(microdata, &layout, &weighted);
    let ties = ties(microdata, &layout, &weighted, &families);
    let clusters = clusters(families, ties);
    let attributes = attributes(microdata, &layout);
    let dominance = dominance::dominance(microdata, &layout, &weighted);
    let (demands, conditions, layout) = (&demands, conditions(microdata), &layout);
    let case = Case {
        microdata,
        layout,
        parameters,
        estimates: &estimates,
        demands,
        attributes,
        dominance,
        conditions,
        effort: 0,
    };
    test(&case, &clusters, &found)
}

/// All classes in one table, in which they add up to everybody: what an attacker knows who adds up. The exchanges of two
/// classes that the protection looks at are not used here.
fn together(case: &Case, family: &Family) -> Table {
    let value = |class: usize, domain: usize| case.estimates[class][domain].map_or(0.0, |one| one.value);
    let id = |class: usize, domain: usize| format!("{class}/{}", case.layout.id(domain));
    let (mut cells, mut equations) = (Vec::new(), Vec::new());
    for domain in family.people.answered() {
        let all = format!("all/{}", case.layout.id(domain));
        let mut parts = Equation { cells: vec![all.clone()], coefficients: vec![-1.0] };
        for &class in &family.classes {
            let (value, n) = (value(class, domain), family.people.n[domain]);
            cells.push(Cell { id: id(class, domain), value, n, lower: 0.0, upper: 100.0 });
            parts.cells.push(id(class, domain));
            parts.coefficients.push(1.0);
        }
        cells.push(Cell { id: all, value: 100.0, n: family.people.n[domain], lower: 0.0, upper: 100.0 });
        equations.push(parts);
    }
    for &class in &family.classes {
        for (total, parts) in case.layout.sums.iter().filter(|(total, _)| family.people.n[*total] > 0) {
            let mut equation = Equation { cells: vec![id(class, *total)], coefficients: vec![-1.0] };
            for &part in parts.iter().filter(|part| family.people.n[**part] > 0) {
                equation.cells.push(id(class, part));
                equation.coefficients.push(family.people.size[part] / family.people.size[*total]);
            }
            equations.push(equation);
        }
    }
    Table::new(cells, &equations).unwrap()
}

#[test]
fn classes_that_add_up_to_everybody_do_not_give_each_other_away() {
    let (microdata, parameters) = (classes(), parameters());
    with_case(&microdata, &parameters, |case, clusters, found| {
        let family = &clusters[0].families[0];
        assert_eq!((clusters.len(), clusters[0].families.len(), family.classes.len()), (1, 1, 4));
        assert_eq!(family.unions, [(4, vec![2, 3])], "found in the answers");
        let pattern: BTreeSet<usize> = family.people.answered().filter(|&domain| found.withheld[0][domain]).collect();
        assert!(family.classes.iter().all(|&class| found.withheld[class] == found.withheld[0]));
        assert!(pattern.len() > 5 && pattern.len() < family.people.n.len(), "{} are withheld", pattern.len());
        let name = |class: usize, domain: usize| format!("{class}/{}", case.layout.id(domain));
        let mut sensitive = Vec::new();
        let mut suppressed = Vec::new();
        for &class in &family.classes {
            suppressed.extend(pattern.iter().map(|&domain| name(class, domain)));
            let domains = case.sensitive(family, class, parameters.groups, &pattern);
            sensitive.extend(domains.into_iter().map(|domain| (name(class, domain), Protection::default())));
        }
        assert!(sensitive.len() > 5);
        let table = together(case, family);
        let found = audit(&table, parameters.groups, &Pattern { suppressed, sensitive, ..Pattern::default() }).unwrap();
        assert_eq!(found.unprotected, []);
    });
}

/// With nothing but the primary figures withheld, the same audit finds what is known.
#[test]
fn withholding_only_the_small_ones_would_give_them_away() {
    let (microdata, parameters) = (classes(), parameters());
    with_case(&microdata, &parameters, |case, clusters, _| {
        let family = &clusters[0].families[0];
        let draft = Draft { of: vec![case.primary(family)], apart: BTreeSet::new() };
        assert!(!case.holds(&clusters[0], 0, &draft, &mut family.indicators.clone()).unwrap());
    });
}

/// What follows of a few from a figure about at least five of whom it is so may be known; nothing else. Only figures that
/// readers see count: a figure that is too unreliable to be published implies nothing.
#[test]
fn only_a_group_of_five_without_exception_implies_what_its_members_are() {
    let (microdata, parameters) = (classes(), parameters());
    with_case(&microdata, &parameters, |case, clusters, _| {
        let family = &clusters[0].families[0];
        let pattern = case.primary(family);
        let mut implied = 0;
        for &class in &family.classes {
            let sensitive = case.sensitive(family, class, parameters.groups, &pattern);
            for &domain in pattern.iter().filter(|domain| !sensitive.contains(domain)) {
                implied += 1;
                let own: BTreeSet<u32> = case.layout.cells[domain].iter().copied().collect();
                let groups = uniform_groups(case, family, class, &pattern);
                let group = groups.iter().find(|group| {
                    own.iter().all(|cell| group.contains(cell) || family.people.of_cell[*cell as usize] == 0)
                });
                assert!(group.is_some(), "{}: no group implies it", case.layout.id(domain));
            }
        }
        assert!(implied > 0, "the province has such groups");
    });
}

/// A group whose figure keeps its earlier value implies nothing about its members: readers see what was so before.
#[test]
fn what_keeps_its_earlier_value_implies_nothing() {
    let (microdata, parameters) = (classes(), parameters());
    with_case(&microdata, &parameters, |case, clusters, _| {
        let (family, groups) = (&clusters[0].families[0], parameters.groups);
        let pattern = case.primary(family);
        let kept: BTreeSet<usize> = (0..case.layout.domains.len()).collect();
        let demands = Demands { forced: case.demands.forced.clone(), kept };
        let (attributes, dominance, conditions) = (Vec::new(), case.dominance.clone(), case.conditions.clone());
        let keeping = Case { demands: &demands, attributes, dominance, conditions, ..*case };
        let mut implied = 0;
        for &class in &family.classes {
            assert_eq!(keeping.sensitive(family, class, groups, &pattern), pattern);
            implied += pattern.len() - case.sensitive(family, class, groups, &pattern).len();
        }
        assert!(implied > 0, "figures of this release imply some");
    });
}

/// Cells of the frame of each group of at least five of which a reader learns from one line of the tables that all of them, or
/// none, are of a class; from the answers, not from the figures.
fn uniform_groups(case: &Case, family: &Family, class: usize, pattern: &BTreeSet<usize>) -> Vec<BTreeSet<u32>> {
    let respondents = &case.microdata.respondents;
    let is_seen = |domain: usize| {
        let figure = case.estimates[class][domain].map(|one| one.figure);
        matches!(figure, Some(Figure::Published { .. })) && !pattern.contains(&domain)
    };
    let is_uniform = |cells: &BTreeSet<u32>| {
        let members = respondents.cell.iter().zip(&respondents.columns[class]).filter(|(cell, _)| cells.contains(cell));
        let values: Vec<f64> = members.map(|(_, value)| *value).collect();
        values.len() >= 5 && values.iter().all(|value| *value == values[0])
    };
    let cells = |domain: usize| case.layout.cells[domain].iter().copied().collect::<BTreeSet<u32>>();
    let mut groups: Vec<BTreeSet<u32>> = Vec::new();
    for (total, parts) in case.layout.sums.iter().filter(|(total, _)| is_seen(*total)) {
        let hidden = parts.iter().filter(|part| family.people.n[**part] > 0 && !is_seen(**part));
        groups.push(cells(*total));
        groups.push(hidden.flat_map(|&part| cells(part)).collect());
    }
    groups.retain(is_uniform);
    groups
}

/// A rare attribute that another one includes, such as special cloud services and any of them.
fn including() -> Microdata {
    let scores = province(900, 2.0, 77);
    let share = |id: &str| Item { family: "cloud".into(), ..item(id, Measure::Share, false) };
    let mut microdata = Microdata::new(scores.frame.clone(), vec![share("any"), share("special")]).unwrap();
    let respondents = &scores.respondents;
    for (row, id) in respondents.id.iter().enumerate() {
        let score = respondents.columns[0][row];
        let values = [f64::from(u8::from(score > 30.0)), f64::from(u8::from(score > 55.0))];
        microdata.push_at(id.clone(), respondents.cell[row], &values).unwrap();
    }
    microdata
}

/// Both attributes in one table, with those who have the one and lack the other: what an attacker knows who knows what the
/// questions mean.
#[test]
fn an_attribute_that_includes_another_one_does_not_give_it_away() {
    let (microdata, parameters) = (including(), parameters());
    with_case(&microdata, &parameters, |case, clusters, found| {
        let family = &clusters[0].families[0];
        assert_eq!(clusters[0].ties.len(), 1, "found in the answers");
        let pattern: BTreeSet<usize> = family.people.answered().filter(|&domain| found.withheld[0][domain]).collect();
        assert_eq!(found.withheld[0], found.withheld[1]);
        assert!(pattern.len() > 5 && pattern.len() < family.people.n.len(), "{} are withheld", pattern.len());
        let table = pieces(case, family);
        let sensitive: Vec<(String, Protection)> = (0..2)
            .flat_map(|share| {
                let domains = case.sensitive(family, share, parameters.groups, &pattern);
                domains
                    .into_iter()
                    .map(move |domain| (format!("{share}/{}", case.layout.id(domain)), Protection::default()))
            })
            .collect();
        assert!(sensitive.len() > 5);
        let withheld = pattern.iter().map(|&domain| case.layout.id(domain));
        let suppressed =
            withheld.flat_map(|id| ["0", "1", "only", "none"].map(|piece| format!("{piece}/{id}"))).collect();
        let found = audit(&table, parameters.groups, &Pattern { suppressed, sensitive, ..Pattern::default() }).unwrap();
        assert_eq!(found.unprotected, []);
    });
}

fn pieces(case: &Case, family: &Family) -> Table {
    let value = |share: usize, domain: usize| case.estimates[share][domain].map_or(0.0, |one| one.value);
    let (mut cells, mut equations) = (Vec::new(), Vec::new());
    for domain in family.people.answered() {
        let id = case.layout.id(domain);
        let (any, special) = (value(0, domain), value(1, domain));
        for (piece, value) in
            [("0", any), ("1", special), ("only", any - special), ("none", 100.0 - any), ("all", 100.0)]
        {
            cells.push(Cell {
                id: format!("{piece}/{id}"),
                value,
                n: family.people.n[domain],
                lower: 0.0,
                upper: 100.0,
            });
        }
        let sum = |whole: &str, parts: [&str; 2]| Equation {
            cells: [whole, parts[0], parts[1]].map(|piece| format!("{piece}/{id}")).to_vec(),
            coefficients: vec![-1.0, 1.0, 1.0],
        };
        equations.extend([sum("0", ["1", "only"]), sum("all", ["0", "none"])]);
    }
    for share in ["0", "1"] {
        for (total, parts) in case.layout.sums.iter().filter(|(total, _)| family.people.n[*total] > 0) {
            let name = |domain: usize| format!("{share}/{}", case.layout.id(domain));
            let mut equation = Equation { cells: vec![name(*total)], coefficients: vec![-1.0] };
            for &part in parts.iter().filter(|part| family.people.n[**part] > 0) {
                equation.cells.push(name(part));
                equation.coefficients.push(family.people.size[part] / family.people.size[*total]);
            }
            equations.push(equation);
        }
    }
    Table::new(cells, &equations).unwrap()
}

#[test]
fn effort_publishes_no_less_and_stays_safe() {
    let (microdata, parameters) = (classes(), parameters());
    with_case(&microdata, &parameters, |case, clusters, _| {
        let cluster = &clusters[0];
        let plain = case.common(cluster).unwrap();
        let trimmed = case.trimmed(cluster, plain.clone()).unwrap();
        assert_eq!(plain.of, trimmed.of, "without effort nothing is tried");
        let (attributes, dominance, conditions) = (Vec::new(), case.dominance.clone(), case.conditions.clone());
        let tried = Case { effort: 1, attributes, dominance, conditions, ..*case };
        let trimmed = tried.trimmed(cluster, plain.clone()).unwrap();
        let holds = case.holds(cluster, 0, &trimmed, &mut cluster.families[0].indicators.clone());
        assert!(trimmed.of[0].is_subset(&plain.of[0]) && holds.unwrap());
    });
}

/// Everybody answers, and one enterprise employs as many people as all others together.
fn with_a_giant() -> Microdata {
    with_ratio(&province(600, 1.0, 5), |row, score| match row {
        0 => [12_000.0, 20_000.0],
        _ => [(score / 4.0).floor(), 10.0 + (score / 2.0).floor()],
    })
}

#[test]
fn p2_what_one_enterprise_dominates_is_withheld_and_cannot_be_worked_out() {
    let (microdata, parameters) = (with_a_giant(), parameters());
    with_case(&microdata, &parameters, |case, clusters, found| {
        let ratio = microdata.items.len() - 1;
        let families = clusters.iter().flat_map(|cluster| &cluster.families);
        let family = families.clone().find(|family| family.indicators.contains(&ratio)).unwrap();
        let (cell, levels) = (microdata.respondents.cell[0], case.dominance[ratio].as_ref().unwrap());
        let of_giant = |domain: usize| case.layout.cells[domain].contains(&cell);
        let district = |&domain: &usize| case.layout.id(domain).starts_with("district:") && of_giant(domain);
        let district = (0..family.people.n.len()).find(district).unwrap();
        assert!(family.people.n[district] >= 10 && levels[district] > 0.0 && levels[0] == 0.0, "not for being few");
        assert!(found.dominated[ratio][district] && found.withheld[ratio][district] && !found.withheld[ratio][0]);
        let dominated = (0..levels.len()).filter(|&domain| levels[domain] > 0.0);
        assert!(dominated.clone().all(|domain| found.withheld[ratio][domain]));

        // AT1 by the full audit: values as far away as P2 asks stay possible.
        let pattern: BTreeSet<usize> =
            family.people.answered().filter(|&domain| found.withheld[ratio][domain]).collect();
        let table = case.table(&case.view(family, ratio, &pattern)).unwrap();
        let suppressed = pattern.iter().map(|&domain| case.layout.id(domain)).collect();
        let seen = audit(&table, parameters.groups, &Pattern { suppressed, ..Pattern::default() }).unwrap();
        for domain in dominated {
            let id = case.layout.id(domain);
            let interval = seen.intervals.iter().find(|one| one.0 == id).unwrap().1;
            let value = case.estimates[ratio][domain].unwrap().value;
            let (low, high) = ((value - levels[domain]).max(0.0), (value + levels[domain]).min(100.0));
            assert!(interval.low <= low + 1e-6 && interval.high >= high - 1e-6, "{id}: {interval:?} around {value}");
        }

        // Without the rule nothing speaks against the district; and to withhold it alone would not be enough.
        let (dominance, conditions) = (vec![None; microdata.items.len()], case.conditions.clone());
        let blind = Case { dominance, attributes: Vec::new(), conditions, ..*case };
        assert!(!blind.is_primary(family, ratio, district));
        let alone = case.judge(family, ratio, &case.primary(family), parameters.groups).unwrap();
        assert!(alone.unprotected.iter().any(|(cell, _)| *cell == case.layout.id(district)));
    });
}

/// The second largest contributor of any published group, who knows its own numbers, learns the largest one's part and rest
/// no better than to 10 %.
#[test]
fn p2_nobody_learns_the_largest_contribution_to_a_published_ratio() {
    let (microdata, parameters) = (with_a_giant(), parameters());
    with_case(&microdata, &parameters, |case, _, found| {
        let ratio = microdata.items.len() - 1;
        let whole = microdata.whole(ratio).unwrap();
        let part = &microdata.respondents.columns[ratio];
        let published = |domain: &usize| !found.withheld[ratio][*domain];
        for domain in (0..case.layout.domains.len()).filter(published) {
            let cells = &case.layout.cells[domain];
            let rows: Vec<usize> =
                (0..part.len()).filter(|&row| cells.contains(&microdata.respondents.cell[row])).collect();
            for of_row in [|part: f64, _: f64| part, |part: f64, whole: f64| whole - part] {
                let mut values: Vec<f64> = rows.iter().map(|&row| of_row(part[row], whole[row])).collect();
                values.sort_by(|a, b| b.total_cmp(a));
                let others: f64 = values[2..].iter().sum();
                assert!(others >= 0.1 * values[0] - 1e-6, "{}", case.layout.id(domain));
            }
        }
    });
}
