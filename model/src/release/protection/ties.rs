//! Ties: what the figure of one indicator says about another one.
//!
//! Classes add up to everybody. Of two attributes, one may include the other, exclude it, or complete it: special cloud
//! services and any of them. Such pairs are found in the answers, whichever theme the attributes belong to and whoever
//! was asked: among those who answered both, one combination never occurs. That may be chance where few have an
//! attribute; it then costs some figures and nothing else.
//!
//! Classes are not paired with attributes: they count many answers, and no single one settles them.

use super::super::layout::Layout;
use super::super::microdata::{Measure, Microdata};
use super::super::weights::Weighted;
use super::families::{Family, People};

/// Indicators that say something about each other.
pub(super) struct Tie {
    /// Ascending.
    pub indicators: Vec<usize>,
    /// Everybody whom one of them is about, by what is known of who answered which of them.
    pub partitions: Vec<Partition>,
}

/// A way to take people apart.
pub(super) struct Partition {
    pub people: People,
    pub pieces: Vec<Piece>,
}

/// Those who are of one class, or who answered both questions in the same way.
pub(super) struct Piece {
    /// How many of the people these are, in per cent by domain.
    pub share: Vec<f64>,
    /// The indicators that count them.
    pub of: Vec<usize>,
}

/// All ties between the indicators of the families: classes first, then pairs in the order of the indicators.
pub(super) fn ties(microdata: &Microdata, layout: &Layout, weighted: &Weighted, families: &[Family]) -> Vec<Tie> {
    let with_classes = families.iter().filter(|family| !family.classes.is_empty());
    let mut ties: Vec<Tie> = with_classes.map(|family| classes((microdata, layout), weighted, family)).collect();
    let is_union =
        |indicator: usize| families.iter().any(|family| family.unions.iter().any(|(union, _)| *union == indicator));
    let is_single = |&indicator: &usize| {
        let item = &microdata.items[indicator];
        item.measure == Measure::Share && !item.class && !is_union(indicator)
    };
    let shares: Vec<usize> = (0..microdata.items.len()).filter(is_single).collect();
    for (position, &a) in shares.iter().enumerate() {
        let others = shares[position + 1..].iter();
        ties.extend(others.filter_map(|&b| pair((microdata, layout), weighted, a, b)));
    }
    ties
}

fn classes(data: (&Microdata, &Layout), weighted: &Weighted, family: &Family) -> Tie {
    let columns = &data.0.respondents.columns;
    let people = People::new(data, weighted, |row| family.classes.iter().any(|&class| !columns[class][row].is_nan()));
    let piece = |&class: &usize| {
        let unions = family.unions.iter().filter(|(_, classes)| classes.contains(&class)).map(|(union, _)| *union);
        let of = std::iter::once(class).chain(unions).collect();
        piece(data, weighted, &people, of, |row| columns[class][row] == 1.0)
    };
    let pieces = family.classes.iter().map(piece).collect();
    let unions = family.unions.iter().map(|(union, _)| *union);
    let mut indicators: Vec<usize> = family.classes.iter().copied().chain(unions).collect();
    indicators.sort_unstable();
    Tie { indicators, partitions: vec![Partition { people, pieces }] }
}

/// The tie between two attributes, if there is one.
fn pair(data: (&Microdata, &Layout), weighted: &Weighted, a: usize, b: usize) -> Option<Tie> {
    let columns = &data.0.respondents.columns;
    let (of_a, of_b) = (&columns[a], &columns[b]);
    let occurring = occurring(of_a, of_b);
    let varies =
        |which: fn(&(f64, f64)) -> f64| [0.0, 1.0].iter().all(|value| occurring.iter().any(|one| which(one) == *value));
    // What all or none have says nothing about who has what else.
    if occurring.len() == COMBINATIONS.len() || !varies(|one| one.0) || !varies(|one| one.1) {
        return None;
    }
    let both = partition(data, weighted, |row| !of_a[row].is_nan() && !of_b[row].is_nan(), &|people| {
        let combination = |&(x, y): &(f64, f64)| {
            let of = [(x, a), (y, b)].into_iter().filter(|(value, _)| *value == 1.0).map(|(_, of)| of).collect();
            piece(data, weighted, people, of, |row| of_a[row] == x && of_b[row] == y)
        };
        occurring.iter().map(combination).collect()
    });
    // Who answered only one of the questions is tied to nothing.
    let one = |of: usize, other: usize| {
        let (column, missing) = (&columns[of], &columns[other]);
        partition(data, weighted, |row| !column[row].is_nan() && missing[row].is_nan(), &|people| {
            let half =
                |(value, of)| piece(data, weighted, people, of, |row| column[row] == value && missing[row].is_nan());
            [(1.0, vec![of]), (0.0, Vec::new())].map(half).into()
        })
    };
    let partitions = [both, one(a, b), one(b, a)].into_iter().filter(|one| one.people.everybody() > 0).collect();
    Some(Tie { indicators: vec![a, b], partitions })
}

const COMBINATIONS: [(f64, f64); 4] = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)];

/// The combinations of two attributes that somebody has.
fn occurring(of_a: &[f64], of_b: &[f64]) -> Vec<(f64, f64)> {
    let occurs = |(x, y): &(f64, f64)| of_a.iter().zip(of_b).any(|(a, b)| a == x && b == y);
    COMBINATIONS.into_iter().filter(occurs).collect()
}

fn partition(
    data: (&Microdata, &Layout),
    weighted: &Weighted,
    is_one: impl Fn(usize) -> bool,
    pieces: &dyn Fn(&People) -> Vec<Piece>,
) -> Partition {
    let people = People::new(data, weighted, is_one);
    Partition { pieces: pieces(&people), people }
}

fn piece(
    (microdata, layout): (&Microdata, &Layout),
    weighted: &Weighted,
    people: &People,
    of: Vec<usize>,
    is_one: impl Fn(usize) -> bool,
) -> Piece {
    let ones = People::new((microdata, layout), weighted, is_one);
    let share = |(&ones, &all): (&f64, &f64)| if all > 0.0 { (100.0 * ones / all).clamp(0.0, 100.0) } else { 0.0 };
    Piece { share: ones.size.iter().zip(&people.size).map(share).collect(), of }
}
