//! Attack tests AT1 to AT7 of method 12; AT8 and AT9 are those of `tests/oracles` (tasks, and patterns to be refused).

use std::collections::{BTreeMap, BTreeSet};

use model::disclosure::audit::{Pattern, Protection, Weakness, audit};
use model::disclosure::cube::{Cube, Dimension, Leaf, Measure};
use model::disclosure::primary::{POINTS, peers, quantile};
use model::disclosure::protect::{Task, protect};
use model::disclosure::release::{
    LeakReason, PublishedSet, Reissue, ReleaseStore, Shown, combined, differences, leaks, reissue,
};
use model::disclosure::table::{Cell, Equation, Table};

const NMIN: u32 = 5;

#[test]
fn at1_outsiders_find_wide_intervals_only() {
    let table = areas_by_sizes(&[[3, 20, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let need = Protection { lower: 2.0, upper: 4.0 };
    let sensitive = vec![("a0|s0".to_owned(), need)];
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    let found = audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap();
    let interval = found.intervals.iter().find(|one| one.0 == "a0|s0").unwrap().1;
    assert!(found.is_publishable() && interval.low <= 1.0 && interval.high >= 7.0, "{interval:?}");
}

#[test]
fn at1_too_little_room_is_named() {
    let table = areas_by_sizes(&[[3, 20, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let rectangle = cells(&["a0|s0", "a0|s3", "a1|s0", "a1|s3"]);
    let weakness = |lower, upper| {
        let sensitive = [("a0|s0".to_owned(), Protection { lower, upper })];
        audit(&table, NMIN, &pattern(&rectangle, &sensitive)).unwrap().unprotected.first().map(|one| one.1)
    };
    assert_eq!(weakness(3.0, 9.0), None);
    assert_eq!(weakness(3.0, 9.1), Some(Weakness::TooFewAbove));
    assert_eq!(weakness(3.1, 9.0), Some(Weakness::TooFewBelow));
}

#[test]
fn at2_no_contributor_learns_another_cell() {
    let table = areas_by_sizes(&[[1, 20, 31, 9], [12, 1, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let sensitive = [("a0|s0".to_owned(), Protection::default()), ("a1|s1".to_owned(), Protection::default())];
    let rectangle = cells(&["a0|s0", "a0|s1", "a1|s0", "a1|s1"]);
    let found = audit(&table, NMIN, &pattern(&rectangle, &sensitive)).unwrap();
    assert!(found.is_safe_outside() && !found.is_safe());
    assert_eq!(found.insiders.len(), 2);
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    assert!(audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap().is_publishable());
}

/// The same enterprise may be the only one of a row and of a column: then it learns about itself, and about nobody else.
#[test]
fn at2_a_contributor_of_two_cells_is_one_contributor() {
    let cell = |id: &str, value: f64, n: u32| Cell::amount(id, value, n);
    let sums = [Equation::sum("row", &["r1", "rest"]), Equation::sum("column", &["c1", "rest"])];
    let of =
        vec![cell("row", 9.0, 7), cell("column", 9.0, 7), cell("r1", 2.0, 1), cell("c1", 2.0, 1), cell("rest", 7.0, 6)];
    let table = Table::new(of, &sums).unwrap();
    let sensitive = [("r1".to_owned(), Protection::default()), ("c1".to_owned(), Protection::default())];
    let judged = |table: &Table| audit(table, NMIN, &pattern(&cells(&["r1", "c1", "rest"]), &sensitive)).unwrap();
    assert_eq!(judged(&table).insiders.len(), 2, "strangers learn about each other");
    let same = table.clone().with_single_contributors([("r1".to_owned(), 4), ("c1".to_owned(), 4)].into_iter());
    assert!(judged(&same).is_publishable());
    let other = table.with_single_contributors([("r1".to_owned(), 4), ("c1".to_owned(), 5)].into_iter());
    assert_eq!(judged(&other).insiders.len(), 2);
}

/// The contributor reports the least possible value, 0, so that bounds and not only equations speak to it.
#[test]
fn at2_a_contributor_at_the_end_of_its_interval_counts() {
    let table =
        amounts(&[[(0.0, 1), (20.0, 9), (31.0, 8)], [(12.0, 7), (7.0, 2), (8.0, 9)], [(25.0, 9), (6.0, 8), (5.0, 7)]]);
    let sensitive = [("a1|s1".to_owned(), Protection::default()), ("a2|s2".to_owned(), Protection::default())];
    let rectangle = ["a0|s0", "a0|s1", "a1|s0", "a1|s1"];
    let found = audit(&table, 2, &pattern(&cells(&rectangle), &sensitive[..1])).unwrap();
    assert!(found.is_safe_outside());
    let pairs: Vec<_> = found.insiders.iter().map(|one| (one.insider.as_str(), one.discloses.as_str())).collect();
    assert_eq!(pairs, [("a0|s0", "a1|s1")]);
    let wider = [&rectangle[..], &["a1|s2", "a2|s1", "a2|s2"]].concat();
    assert!(audit(&table, 2, &pattern(&cells(&wider), &sensitive)).unwrap().insiders.is_empty());
}

#[test]
fn at2_a_total_of_a_single_contributor_is_its_own() {
    let table = areas_by_sizes(&[[1, 0, 0, 0], [12, 10, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let sensitive = [("a0|s0".to_owned(), Protection::default()), ("a0|T".to_owned(), Protection::default())];
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    let found = audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap();
    assert!(found.is_publishable(), "{:?}", found.reasons());
}

#[test]
fn at3_no_line_hides_too_few_contributors() {
    let table = areas_by_sizes(&[[2, 1, 31, 9], [2, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let small = ["a0|s0", "a0|s1", "a1|s0"];
    let sensitive: Vec<_> = small.iter().map(|&id| (id.to_owned(), Protection::default())).collect();
    let rectangle = cells(&["a0|s0", "a0|s1", "a1|s0", "a1|s1"]);
    let found = audit(&table, NMIN, &pattern(&rectangle, &sensitive)).unwrap();
    let unions: Vec<u32> = found.unions.iter().map(|union| union.n).collect();
    assert_eq!(unions, [4, 3]);
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    assert!(audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap().unions.is_empty());
}

/// A third suppressed cell that its own column gives away hides nobody.
#[test]
fn at3_determined_cells_do_not_count() {
    let table = areas_by_sizes(&[[2, 1, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let sensitive = [("a0|s0".to_owned(), Protection::default()), ("a0|s1".to_owned(), Protection::default())];
    let suppressed = cells(&["a0|s0", "a0|s1", "a1|s0", "a1|s1", "a0|s2"]);
    let found = audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap();
    assert!(found.unions.is_empty() && found.exactly_disclosed == ["a0|s2"]);
    assert_eq!(found.hidden_unions.len(), 1);
    assert!(!found.is_publishable() && !found.reasons().is_empty());
}

#[test]
fn at4_differences_of_published_sets_are_found() {
    let contributors: BTreeMap<String, u32> =
        [("a", 44), ("b", 54), ("c", 2), ("d", 30)].map(|(atom, n)| (atom.to_owned(), n)).into();
    let sets = [set("old", &["a", "b"]), set("new", &["a", "b", "c"]), set("all", &["a", "b", "c", "d"])];
    let found = differences(&sets, &contributors, NMIN).unwrap();
    let pairs: Vec<_> = found.iter().map(|one| (one.whole.as_str(), one.part.as_str(), one.n)).collect();
    assert_eq!(pairs, [("new", "old", 2)]);
    assert!(differences(&[set("x", &["e"])], &contributors, NMIN).is_err());

    let atoms = contributors.iter().map(|(atom, &n)| Cell::amount(atom, f64::from(n), n)).collect();
    let table = combined(atoms, &sets).unwrap();
    let sensitive = [("c".to_owned(), Protection::default())];
    let found = audit(&table, NMIN, &pattern(&cells(&["a", "b", "c", "d"]), &sensitive)).unwrap();
    assert_eq!(found.unprotected, [("c".to_owned(), Weakness::Exact)]);
}

/// Neither set contains the other, but three of them together give one atom away.
#[test]
fn at4_combinations_beyond_differences_are_found() {
    let atoms = [("a", 20), ("b", 30), ("c", 25)].map(|(atom, n)| Cell::amount(atom, f64::from(n), n));
    let sets = [set("ab", &["a", "b"]), set("bc", &["b", "c"]), set("ca", &["a", "c"])];
    let contributors = atoms.iter().map(|atom| (atom.id.clone(), atom.n)).collect();
    assert!(differences(&sets, &contributors, NMIN).unwrap().is_empty());
    let table = combined(atoms.to_vec(), &sets).unwrap();
    let found = audit(&table, NMIN, &pattern(&cells(&["a", "b", "c"]), &[("a".to_owned(), POINTS)])).unwrap();
    assert_eq!(found.exactly_disclosed.len(), 3);
}

#[test]
fn at5_a_cell_is_issued_again_only_with_enough_changes() {
    let before: BTreeMap<String, f64> = (0..11).map(|i| (format!("g{i}"), f64::from(i))).collect();
    let mut after = before.clone();
    assert_eq!(reissue(&before, &after, NMIN), Reissue::Unchanged);
    after.insert("new".into(), 32.4);
    assert_eq!(reissue(&before, &after, NMIN), Reissue::Frozen { changed: 1 });
    after.remove("g0");
    after.insert("g1".into(), 50.0);
    after.insert("g2".into(), 50.0);
    assert_eq!(reissue(&before, &after, NMIN), Reissue::Frozen { changed: 4 });
    after.insert("other".into(), 1.0);
    assert_eq!(reissue(&before, &after, NMIN), Reissue::Allowed { changed: 5 });
}

#[test]
fn at6_only_released_numbers_are_shown() {
    let store = ReleaseStore {
        numbers: BTreeMap::from([(("U|T".into(), "value".into()), 41.5), (("U|T".into(), "se".into()), 1.5)]),
        suppressed: BTreeSet::from(["D1|T".to_owned()]),
    };
    let shown =
        |cell: &str, item: &str, value| Shown { place: "chart".into(), cell: cell.into(), item: item.into(), value };
    let all =
        [shown("U|T", "value", 41.5), shown("U|T", "se", 1.6), shown("U|T", "n", 12.0), shown("D1|T", "value", 30.0)];
    let found: Vec<LeakReason> = leaks(&store, &all).iter().map(|leak| leak.reason).collect();
    assert_eq!(found, [LeakReason::Different, LeakReason::NotReleased, LeakReason::Suppressed]);
}

/// With public register counts a mean is a total, and rounding protects nothing.
#[test]
fn at7_means_are_not_reconstructed_from_register_counts() {
    let table = areas_by_sizes(&[[2, 20, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Mean(0.0, 100.0));
    let sensitive = [("a0|s0".to_owned(), POINTS)];
    let rounded = Pattern { half_width: 0.05, ..pattern(&cells(&["a0|s0"]), &sensitive) };
    assert!(!audit(&table, NMIN, &rounded).unwrap().is_safe_outside());
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    assert!(audit(&table, NMIN, &pattern(&suppressed, &sensitive)).unwrap().is_publishable());
}

#[test]
fn companions_of_figures_keep_their_limits() {
    assert_eq!((quantile(41.6, 19), quantile(41.6, 20)), (None, Some(42.0)));
    let values = [("own", 90.0), ("a", 10.0), ("b", 20.0), ("c", 30.0), ("d", 40.0), ("d", 50.0)];
    assert_eq!(peers("own", values), None);
    assert_eq!(peers("own", values.into_iter().chain([("e", 60.0)])), Some(35.0));
}

#[test]
fn headline_figures_and_structural_zeros_stay_published() {
    let table = areas_by_sizes(&[[3, 0, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let sensitive = [("a0|s0".to_owned(), Protection::default())];
    let suppressed = protect(&table, &task(&sensitive)).unwrap();
    assert!(!suppressed.contains(&"T|T".to_owned()) && !suppressed.contains(&"a0|s1".to_owned()));
    let sensitive = [("T|T".to_owned(), Protection::default())];
    assert!(protect(&table, &task(&sensitive)).is_err());
}

#[test]
fn earlier_suppressions_stay() {
    let table = areas_by_sizes(&[[3, 20, 31, 9], [12, 40, 8, 17], [25, 6, 11, 14]], Measure::Sum);
    let sensitive = [("a0|s0".to_owned(), Protection::default())];
    let task = Task { suppressed: cells(&["a2|s2"]), ..task(&sensitive) };
    assert!(protect(&table, &task).unwrap().contains(&"a2|s2".to_owned()));
}

/// Areas by sizes with all totals; for means the counts are respondents of five times as many enterprises, and the
/// values are some scores.
fn areas_by_sizes(counts: &[[u32; 4]], measure: Measure) -> Table {
    let codes = |letter: char, count: usize| (0..count).map(|i| format!("{letter}{i}")).collect::<Vec<_>>();
    let (areas, sizes) = (codes('a', counts.len()), codes('s', 4));
    let flat =
        |name: &str, list: &[String]| Dimension::flat(name, "T", &list.iter().map(String::as_str).collect::<Vec<_>>());
    let mut leaves = BTreeMap::new();
    for (area, row) in areas.iter().zip(counts) {
        for (size, &n) in sizes.iter().zip(row) {
            let value = if measure == Measure::Sum { f64::from(n) } else { f64::from(n * 17 % 83) };
            leaves.insert(vec![area.clone(), size.clone()], Leaf { value, n, population: 5 * n });
        }
    }
    Cube::new(&[flat("area", &areas), flat("size", &sizes)], &leaves, measure).unwrap().table().unwrap()
}

/// Areas by sizes with all totals, from amounts and contributors.
fn amounts(rows: &[[(f64, u32); 3]]) -> Table {
    let leaf = |(row, column): (usize, usize)| {
        let (value, n) = rows[row][column];
        (vec![format!("a{row}"), format!("s{column}")], Leaf { value, n, population: n })
    };
    let leaves = (0..9).map(|i| leaf((i / 3, i % 3))).collect();
    let dimensions =
        [Dimension::flat("area", "T", &["a0", "a1", "a2"]), Dimension::flat("size", "T", &["s0", "s1", "s2"])];
    Cube::new(&dimensions, &leaves, Measure::Sum).unwrap().table().unwrap()
}

fn task(sensitive: &[(String, Protection)]) -> Task {
    Task { nmin: NMIN, sensitive: sensitive.to_vec(), headline: cells(&["T|T"]), ..Task::default() }
}

fn pattern(suppressed: &[String], sensitive: &[(String, Protection)]) -> Pattern {
    Pattern { suppressed: suppressed.to_vec(), sensitive: sensitive.to_vec(), ..Pattern::default() }
}

fn cells(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

fn set(id: &str, atoms: &[&str]) -> PublishedSet {
    PublishedSet { id: id.to_owned(), atoms: atoms.iter().map(|&atom| atom.to_owned()).collect() }
}
