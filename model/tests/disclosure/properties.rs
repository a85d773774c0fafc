//! Properties that hold for any table.

use std::collections::BTreeMap;

use model::disclosure::audit::{Audit, Pattern, Protection, audit, verdict};
use model::disclosure::cube::{Cube, Dimension, Leaf, Measure};
use model::disclosure::protect::{Task, protect};
use model::disclosure::table::Table;
use proptest::prelude::*;

const NMIN: u32 = 3;

/// Counts of a two-way or three-way table, one of its dimensions with subtotals.
fn cubes() -> impl Strategy<Value = Cube> {
    let count = prop_oneof![2 => 0..4_u32, 5 => 4..60_u32];
    (2..4_usize, 3..5_usize, any::<bool>(), prop::collection::vec(count, 40)).prop_map(
        |(areas, branches, third, counts)| {
            let mut dimensions =
                vec![area(areas), Dimension::flat("branch", "T", &["b1", "b2", "b3", "b4"][..branches])];
            if third {
                dimensions.push(Dimension::flat("size", "T", &["s1", "s2"]));
            }
            Cube::new(&dimensions, &leaves(&dimensions, &counts), Measure::Sum).unwrap()
        },
    )
}

/// U has the parts u1 and u2, R has `rural` parts.
fn area(rural: usize) -> Dimension {
    let list = |codes: &[&str]| codes.iter().map(|&code| code.to_owned()).collect();
    let parts = BTreeMap::from([
        ("P".to_owned(), list(&["U", "R"])),
        ("U".to_owned(), list(&["u1", "u2"])),
        ("R".to_owned(), list(&["r1", "r2", "r3"][..rural])),
    ]);
    Dimension { name: "area".into(), root: "P".into(), parts }
}

fn leaves(dimensions: &[Dimension], counts: &[u32]) -> BTreeMap<Vec<String>, Leaf> {
    let mut codes: Vec<Vec<String>> = vec![Vec::new()];
    for dimension in dimensions {
        let leaf = |code: &&String| !dimension.parts.contains_key(*code);
        let list: Vec<&String> = dimension.parts.values().flatten().filter(leaf).collect();
        codes = codes
            .iter()
            .flat_map(|start| list.iter().map(|&code| [start.clone(), vec![code.clone()]].concat()))
            .collect();
    }
    let figure = |n: &u32| Leaf { value: f64::from(*n), n: *n, population: *n };
    codes.into_iter().zip(counts.iter().cycle().map(figure)).collect()
}

fn sensitive(table: &Table, protection: Protection) -> Vec<(String, Protection)> {
    let small = table.cells().iter().filter(|cell| 0 < cell.n && cell.n < NMIN);
    small.map(|cell| (cell.id.clone(), protection)).collect()
}

/// Some cells are suppressed, the sensitive ones in any case.
fn pattern(table: &Table, chosen: &[bool]) -> Pattern {
    let sensitive = sensitive(table, Protection::default());
    let is_sensitive = |id: &String| sensitive.iter().any(|one| one.0 == *id);
    let cells = table.cells().iter().zip(chosen.iter().cycle());
    let suppressed =
        cells.filter(|(cell, chosen)| **chosen || is_sensitive(&cell.id)).map(|(cell, _)| cell.id.clone()).collect();
    Pattern { suppressed, sensitive, ..Pattern::default() }
}

fn choices() -> impl Strategy<Value = Vec<bool>> {
    prop::collection::vec(prop::bool::weighted(0.35), 97)
}

/// Moves the items from their places, by keys.
fn shuffle<T: Clone>(items: &[T], keys: &[u32]) -> Vec<T> {
    let mut keyed: Vec<(u32, usize)> =
        (0..items.len()).map(|i| (keys[i % keys.len()].rotate_left(u32::try_from(i).unwrap()), i)).collect();
    keyed.sort_unstable();
    keyed.into_iter().map(|(_, i)| items[i].clone()).collect()
}

/// The bits of everything an audit says, whatever the order of the pattern.
fn bits(audit: &Audit) -> String {
    let mut intervals: Vec<_> =
        audit.intervals.iter().map(|(cell, one)| (cell.clone(), one.low.to_bits(), one.high.to_bits())).collect();
    intervals.sort();
    let mut exact = audit.exactly_disclosed.clone();
    exact.sort();
    let mut insiders: Vec<String> = audit.insiders.iter().map(|one| format!("{one:?}")).collect();
    insiders.sort();
    format!("{intervals:?} {exact:?} {insiders:?} {} {}", audit.unions.len(), audit.is_publishable())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A verdict that stops as soon as enough is known is the verdict of the full audit.
    #[test]
    fn a_verdict_says_what_the_audit_says(cube in cubes(), chosen in choices(), need in 0..3_u8) {
        let table = cube.table().unwrap();
        let mut pattern = pattern(&table, &chosen);
        let need = Protection { lower: f64::from(need), upper: 2.0 * f64::from(need) };
        pattern.sensitive.iter_mut().for_each(|one| one.1 = need);
        let full = audit(&table, NMIN, &pattern).unwrap();
        prop_assert_eq!(verdict(&table, NMIN, &pattern).unwrap(), Audit { intervals: Vec::new(), ..full });
    }

    #[test]
    fn the_true_value_lies_in_its_interval(cube in cubes(), chosen in choices(), half in prop_oneof![Just(0.0), Just(0.5)]) {
        let table = cube.table().unwrap();
        let pattern = Pattern { half_width: half, ..pattern(&table, &chosen) };
        let found = audit(&table, NMIN, &pattern).unwrap();
        for (cell, interval) in &found.intervals {
            let value = table.cells()[table.index("", cell).unwrap()].value;
            prop_assert!(interval.low <= value && value <= interval.high, "{cell}: {value} {interval:?}");
        }
    }

    #[test]
    fn suppressing_more_narrows_no_interval(cube in cubes(), chosen in choices(), more in any::<prop::sample::Index>()) {
        let table = cube.table().unwrap();
        let less = pattern(&table, &chosen);
        let mut chosen: Vec<bool> = table.cells().iter().map(|cell| less.suppressed.contains(&cell.id)).collect();
        let added = more.index(chosen.len());
        chosen[added] = true;
        let (few, many) = (audit(&table, NMIN, &less).unwrap(), audit(&table, NMIN, &pattern(&table, &chosen)).unwrap());
        let wide: BTreeMap<_, _> = many.intervals.into_iter().collect();
        for (cell, narrow) in &few.intervals {
            let slack = 1e-6 * narrow.high.abs().clamp(1.0, 1e9);
            prop_assert!(wide[cell].low <= narrow.low + slack && narrow.high <= wide[cell].high + slack, "{cell}");
        }
    }

    #[test]
    fn the_order_of_cells_changes_no_bit(cube in cubes(), chosen in choices(), keys in prop::collection::vec(any::<u32>(), 31)) {
        let table = cube.clone().table().unwrap();
        let mut moved = cube.clone();
        moved.cells = shuffle(&cube.cells, &keys);
        moved.equations = shuffle(&cube.equations, &keys);
        let moved = moved.table().unwrap();
        let mut pattern = pattern(&table, &chosen);
        let first = bits(&audit(&table, NMIN, &pattern).unwrap());
        pattern.suppressed = shuffle(&pattern.suppressed, &keys);
        prop_assert_eq!(first, bits(&audit(&moved, NMIN, &pattern).unwrap()));
    }

    #[test]
    fn a_thinner_figure_is_never_safer(cube in cubes(), chosen in choices()) {
        let table = cube.table().unwrap();
        let pattern = pattern(&table, &chosen);
        let (few, many) = (audit(&table, NMIN, &pattern).unwrap(), audit(&table, NMIN + 4, &pattern).unwrap());
        prop_assert!(few.unions.len() <= many.unions.len());
        prop_assert!(few.is_safe() || !many.is_safe());
        prop_assert_eq!(few.is_publishable(), few.reasons().is_empty());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(6))]

    #[test]
    fn a_protected_pattern_passes_the_audit(cube in cubes(), level in prop_oneof![Just(0.0), Just(2.0)], keys in prop::collection::vec(any::<u32>(), 31)) {
        let protection = Protection { lower: 0.0, upper: level };
        let table = cube.clone().table().unwrap();
        let sensitive = sensitive(&table, protection);
        let headline = vec![table.cells().iter().max_by(|a, b| a.value.total_cmp(&b.value)).unwrap().id.clone()];
        let task = Task { nmin: NMIN, sensitive: sensitive.clone(), headline: headline.clone(), ..Task::default() };
        let moved = Cube { cells: shuffle(&cube.cells, &keys), equations: shuffle(&cube.equations, &keys) };
        let found = protect(&table, &task);
        prop_assert_eq!(&found, &protect(&moved.table().unwrap(), &task));
        let Ok(suppressed) = found else { return Ok(()) };
        prop_assert!(sensitive.iter().all(|one| suppressed.contains(&one.0)) && !suppressed.contains(&headline[0]));
        let pattern = Pattern { suppressed, sensitive, ..Pattern::default() };
        prop_assert!(audit(&table, NMIN, &pattern).unwrap().is_publishable());
    }
}
