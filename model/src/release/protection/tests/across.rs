//! What crosses between indicators of different families and different respondents.

use std::collections::BTreeMap;

use super::super::super::weights::Weighted;
use super::*;

/// Provinces, and of how many respondents one does not answer.
const CASES: [(u64, usize); 3] = [(102, 4), (105, 12), (101, 40)];

/// A province in which `special` is part of `any`, asked in another theme, and not answered by some; `sold` is a percentage
/// that needs `any`.
fn across(seed: u64, missing: usize) -> Microdata {
    let scores = province(900, 2.0, seed);
    let other = |id: &str, measure| Item { family: "sales".into(), ..item(id, measure, false) };
    let items = vec![
        item("any", Measure::Share, false),
        other("special", Measure::Share),
        other("sells", Measure::Share),
        other("sold", Measure::Percentage),
    ];
    let mut microdata = Microdata::new(scores.frame.clone(), items).unwrap();
    let respondents = &scores.respondents;
    for (row, id) in respondents.id.iter().enumerate() {
        let score = respondents.columns[0][row];
        let is = |limit: f64| f64::from(u8::from(score > limit));
        let special = if row % missing == 0 { f64::NAN } else { is(60.0) };
        let sold = if score > 50.0 { score / 2.0 } else { 0.0 };
        microdata.push_at(id.clone(), respondents.cell[row], &[is(45.0), special, is(50.0), sold]).unwrap();
    }
    microdata
}

/// Attributes in one table, with all combinations, in weighted numbers of enterprises: what an attacker knows who knows what
/// the questions mean and who answered which of them. And what is withheld of it. The cells of attributes have their numbers.
fn together(case: &Case, attributes: &[usize], withheld: &[Vec<bool>]) -> (Table, Vec<String>) {
    let respondents = &case.microdata.respondents;
    let (weights, columns) = (weighted(case).weight, &respondents.columns);
    // A combination as it is written: y, n, or - for no answer.
    let letter = |value: f64| {
        if value.is_nan() {
            '-'
        } else if value == 1.0 {
            'y'
        } else {
            'n'
        }
    };
    let combination = |row: usize| attributes.iter().map(|of| letter(columns[*of][row])).collect::<String>();
    let of_row: Vec<String> = (0..respondents.len()).map(combination).collect();
    let occurring: BTreeSet<&String> = of_row.iter().collect();
    let mut counts: BTreeMap<String, BTreeSet<&String>> = BTreeMap::new();
    for &one in &occurring {
        counts.entry(one.clone()).or_default().insert(one);
        counts.entry(format!("missing {}", one.replace('y', "n"))).or_default().insert(one);
        for (_, of) in one.chars().zip(attributes).filter(|(value, _)| *value == 'y') {
            counts.entry(of.to_string()).or_default().insert(one);
        }
    }
    let (mut cells, mut equations, mut suppressed) = (Vec::new(), Vec::new(), Vec::new());
    let answered = |domain: usize| {
        let is_in = |row: &usize| case.layout.cells[domain].binary_search(&respondents.cell[*row]).is_ok();
        (0..respondents.len()).filter(is_in).collect::<Vec<usize>>()
    };
    let domains: Vec<usize> = (0..case.layout.domains.len()).filter(|&domain| !answered(domain).is_empty()).collect();
    for &domain in &domains {
        let rows = answered(domain);
        let sum = |holds: &dyn Fn(&String) -> bool| -> f64 {
            let rows = rows.iter().filter(|row| holds(&of_row[**row]));
            rows.map(|&row| weights[respondents.cell[row] as usize]).sum()
        };
        let (n, upper) = (u32::try_from(rows.len()).unwrap(), sum(&|_| true));
        for (name, of) in &counts {
            let value = sum(&|one| of.contains(one));
            cells.push(Cell { id: id(case, name, domain), value, n, lower: 0.0, upper });
            let is_hidden = match name.parse::<usize>() {
                Ok(attribute) => withheld[attribute][domain],
                Err(_) => !name.starts_with("missing"),
            };
            suppressed.extend(is_hidden.then(|| id(case, name, domain)));
            if !occurring.contains(name) {
                let parts: Vec<String> = of.iter().map(|one| id(case, one, domain)).collect();
                let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
                equations.push(Equation::sum(&id(case, name, domain), &parts));
            }
        }
    }
    equations.extend(occurring.iter().flat_map(|one| sums(case, one, &domains)));
    (Table::new(cells, &equations).unwrap(), suppressed)
}

fn id(case: &Case, name: &str, domain: usize) -> String {
    format!("{name}/{}", case.layout.id(domain))
}

/// What adds up over the domains.
fn sums(case: &Case, name: &str, domains: &[usize]) -> Vec<Equation> {
    let lines = case.layout.sums.iter().filter(|(total, _)| domains.contains(total));
    let line = |(total, parts): &(usize, Vec<usize>)| {
        let parts = parts.iter().filter(|part| domains.contains(part));
        let parts: Vec<String> = parts.map(|&part| id(case, name, part)).collect();
        Equation::sum(&id(case, name, *total), &parts.iter().map(String::as_str).collect::<Vec<_>>())
    };
    lines.map(line).collect()
}

fn weighted(case: &Case) -> Weighted {
    let respondents = &case.microdata.respondents;
    let order = canonical_order(&respondents.id).unwrap();
    let rows = CellRows::new(&respondents.cell, case.microdata.frame.cells.len(), &order);
    weigh(&case.microdata.frame, case.layout, &rows.respondents(), case.parameters).unwrap()
}

fn family_of(clusters: &[Cluster], indicator: usize) -> &Family {
    let mut families = clusters.iter().flat_map(|cluster| &cluster.families);
    families.find(|family| family.indicators.contains(&indicator)).unwrap()
}

/// Withheld domains about which somebody answered.
fn pattern(family: &Family, withheld: &[bool]) -> BTreeSet<usize> {
    family.people.answered().filter(|&domain| withheld[domain]).collect()
}

/// The small groups whose figure an attacker knows, although no group of five without exception implies it; and how many were
/// looked at.
fn known(case: &Case, clusters: &[Cluster], withheld: &[Vec<bool>], attributes: &[usize]) -> (usize, Vec<String>) {
    let (table, suppressed) = together(case, attributes, withheld);
    let mut sensitive = Vec::new();
    for &indicator in attributes {
        let family = family_of(clusters, indicator);
        let domains = case.sensitive(family, indicator, case.parameters.groups, &pattern(family, &withheld[indicator]));
        let named = domains.into_iter().filter(|&domain| withheld[indicator][domain]);
        sensitive.extend(named.map(|domain| (id(case, &indicator.to_string(), domain), Protection::default())));
    }
    let asked = sensitive.len();
    let seen = audit(&table, 1, &Pattern { suppressed, sensitive, ..Pattern::default() }).unwrap();
    (asked, seen.unprotected.into_iter().map(|(cell, _)| cell).collect())
}

#[test]
fn what_is_asked_in_another_theme_does_not_give_it_away() {
    let parameters = parameters();
    for (seed, missing) in CASES {
        let microdata = across(seed, missing);
        with_case(&microdata, &parameters, |case, clusters, found| {
            let published = |indicator: usize| found.withheld[indicator].iter().filter(|is| !**is).count();
            assert!(published(0) > 5 && published(1) > 5, "{} and {} are published", published(0), published(1));
            let (asked, known) = known(case, clusters, &found.withheld, &[0, 1, 2]);
            assert!(asked > 5, "{asked} are looked at");
            assert_eq!(known, [] as [String; 0]);
        });
    }
}

/// Protected each by itself, the same attributes do give each other away.
#[test]
fn patterns_of_their_own_would_give_it_away() {
    let parameters = parameters();
    for (seed, missing) in CASES {
        let microdata = across(seed, missing);
        with_case(&microdata, &parameters, |case, clusters, _| {
            let families = families(&microdata, case.layout, &weighted(case));
            let mut withheld = vec![vec![true; case.layout.domains.len()]; microdata.items.len()];
            for alone in super::clusters(families, Vec::new()) {
                for (indicator, pattern) in case.protect(&alone).unwrap() {
                    let people = &alone.families[0].people;
                    let is_withheld = |domain: usize| pattern.contains(&domain) || people.n[domain] == 0;
                    withheld[indicator] = (0..case.layout.domains.len()).map(is_withheld).collect();
                }
            }
            let (_, known) = known(case, clusters, &withheld, &[0, 1]);
            assert!(!known.is_empty(), "{seed}");
        });
    }
}

/// A mean of percentages together with the share of those for whom it is not 0: values as far away as method 9 asks stay
/// possible, though nobody sells more than everything.
#[test]
fn a_percentage_stays_open_although_readers_know_who_has_what_it_measures() {
    let parameters = parameters();
    for seed in [77, 78, 79] {
        let microdata = across(seed, 25);
        with_case(&microdata, &parameters, |case, clusters, found| {
            let (sells, sold) = (2, 3);
            let family = family_of(clusters, sold);
            assert_eq!(case.conditions[sold], [sells], "found in the answers");
            let withheld = pattern(family, &found.withheld[sold]);
            let sensitive = case.sensitive(family, sold, case.parameters.groups, &withheld);
            assert!(sensitive.len() > 5 && withheld.len() < family.people.n.len());
            let (mut cells, mut equations, mut suppressed) = (Vec::new(), Vec::new(), Vec::new());
            let id = |name: &str, domain: usize| id(case, name, domain);
            for domain in family.people.answered() {
                let (all, value) = (family.people.size[domain], |of: usize| case.value(of, domain));
                let n = family.people.n[domain];
                for (name, value) in
                    [("sells", value(sells)), ("sold", value(sold)), ("room", value(sells) - value(sold))]
                {
                    let value = (value * all).max(0.0);
                    cells.push(Cell { id: id(name, domain), value, n, lower: 0.0, upper: 100.0 * all });
                    if name == "room" || withheld.contains(&domain) {
                        suppressed.push(id(name, domain));
                    }
                }
                let [sells, sold, room] = ["sells", "sold", "room"].map(|name| id(name, domain));
                equations.push(Equation::sum(&sells, &[&sold, &room]));
            }
            let domains: Vec<usize> = family.people.answered().collect();
            equations.extend(["sells", "sold"].iter().flat_map(|name| sums(case, name, &domains)));
            let table = Table::new(cells, &equations).unwrap();
            let need = |domain: usize| {
                let all = family.people.size[domain];
                let points = Protection { lower: 5.0 * all, upper: 5.0 * all };
                (id("sold", domain), points.within(case.value(sold, domain) * all, (0.0, 100.0 * all)))
            };
            let sensitive = sensitive.into_iter().map(need).collect();
            let seen = audit(&table, 1, &Pattern { suppressed, sensitive, ..Pattern::default() }).unwrap();
            assert_eq!(seen.unprotected, []);
        });
    }
}

/// A figure that is withheld, but follows from the others, counts like a published one.
#[test]
fn at4_groups_that_can_be_worked_out_leave_no_few_either() {
    let parameters = parameters();
    with_case(&province(150, 1.0, 11), &parameters, |case, clusters, found| {
        let family = family_of(clusters, 1);
        let cells = |domain: usize| case.layout.cells[domain].iter().collect::<BTreeSet<_>>();
        let differ = |whole: usize, part: usize| {
            let left = family.people.n[whole].saturating_sub(family.people.n[part]);
            0 < left && left < 5 && cells(part).is_subset(&cells(whole))
        };
        let is_one_line = |whole: usize, part: usize| {
            case.layout.sums.iter().any(|(total, parts)| *total == whole && parts.contains(&part))
        };
        let domains: Vec<usize> = family.people.answered().filter(|&domain| domain > 0).collect();
        let pairs = domains.iter().flat_map(|&whole| domains.iter().map(move |&part| (whole, part)));
        let pair = pairs.clone().find(|&(whole, part)| differ(whole, part) && !is_one_line(whole, part));
        let (whole, part) = pair.unwrap();
        // All others that differ by few are out of the way.
        let others = pairs.filter(|&(whole, part)| differ(whole, part)).map(|(_, part)| part);
        let others: BTreeSet<usize> = others.filter(|&one| one != part).collect();
        let published = |pattern: &BTreeSet<usize>| case.differing(family, pattern).unwrap();
        let mut alone = BTreeSet::from([whole]);
        assert!(published(&alone).contains(&Some(part)), "the whole is worked out from a line");
        alone.extend(others);
        assert!(found.withheld[1][part] || found.withheld[1][whole]);
    });
}
