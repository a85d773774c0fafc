//! The two solvers, which share no code, agree on the extremes of random tables.

use proptest::prelude::*;

use super::audit::{Pattern, audit};
use super::circulation::{Ask, Network};
use super::table::{Cell, Equation, Table};

/// Areas by sizes, with totals, values over many orders of magnitude, and upper bounds where a number is odd.
fn table(values: &[(f64, u32)]) -> Table {
    let (rows, columns) = (4, values.len() / 4);
    let mut cells = Vec::new();
    let mut equations = Vec::new();
    let name = |row: usize, column: usize| format!("{row}|{column}");
    let value = |row: usize, column: usize| -> f64 {
        let range = |i: usize, all: usize| if i == all { 0..all } else { i..i + 1 };
        range(row, rows).flat_map(|r| range(column, columns).map(move |c| values[r * columns + c].0)).sum()
    };
    for row in 0..=rows {
        for column in 0..=columns {
            let mut cell = Cell::amount(&name(row, column), value(row, column), 7);
            if let Some((value, odd)) = values.get(row * columns + column).filter(|_| row < rows && column < columns)
                && odd % 2 == 1
            {
                cell.upper = 1.5 * value + 1.0;
            }
            cells.push(cell);
        }
    }
    let sum = |names: Vec<String>| Equation::sum(&names[0], &names[1..].iter().map(String::as_str).collect::<Vec<_>>());
    equations.extend((0..=rows).map(|r| sum((0..=columns).rev().map(|c| name(r, c)).collect())));
    equations.extend((0..=columns).map(|c| sum((0..=rows).rev().map(|r| name(r, c)).collect())));
    Table::new(cells, &equations).unwrap()
}

/// Whether a circulation among `open` cells moves `target` by `amount`.
fn moves(network: &Network, open: &[bool], target: usize, amount: f64) -> bool {
    let prices: Vec<f64> = open.iter().map(|&open| if open { 1.0 } else { f64::INFINITY }).collect();
    network.cheapest(Ask { target, amount, without: None, prices: &prices }).0.is_some()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn both_solvers_find_the_same_extremes(
        values in prop::collection::vec(((-2.0..7.0_f64).prop_map(|x| 10_f64.powf(x)), any::<u32>()), 20),
        open in prop::collection::vec(prop::bool::weighted(0.5), 30),
    ) {
        let table = table(&values);
        let network = Network::new(&table);
        let ids = table.cells().iter().zip(&open).filter(|one| *one.1).map(|one| one.0.id.clone());
        let pattern = Pattern { suppressed: ids.collect(), ..Pattern::default() };
        for (id, interval) in audit(&table, 3, &pattern).unwrap().intervals {
            let cell = table.index("", &id).unwrap();
            let value = table.cells()[cell].value;
            for (sign, room) in [(1.0, interval.high - value), (-1.0, value - interval.low)] {
                let slack = 1e-6 * (value.abs() + room).max(1.0);
                if room.is_infinite() {
                    prop_assert!(moves(&network, &open, cell, sign * 1e9), "{id} {sign}");
                    continue;
                }
                prop_assert!(room <= slack || moves(&network, &open, cell, sign * (room - slack)), "{id} {sign} {room}");
                prop_assert!(!moves(&network, &open, cell, sign * (room + slack)), "{id} {sign} {room}");
            }
        }
    }
}
