//! Ties: what the figure of one indicator says about another one.
//!
//! Classes add up to everybody. Of two attributes, one may include the other, exclude it, or complete it: special cloud
//! services and any of them. Such pairs are found in the answers, whichever theme the attributes belong to and whoever
//! was asked: among those who answered both, one combination never occurs. That may be chance where few have an
//! attribute; it then costs some figures and nothing else. Attributes that such pairs connect are one tie.
//!
//! A tie is known by its exchanges: the ways in which enterprises could have answered otherwise without breaking it.
//!
//! Classes are not paired with attributes: they count many answers, and no single one settles them.

use std::collections::BTreeSet;

use super::super::layout::Layout;
use super::super::microdata::{Measure, Microdata};
use super::super::weights::Weighted;
use super::families::{Family, People};

/// Indicators that say something about each other.
pub(super) struct Tie {
    /// Ascending.
    pub indicators: Vec<usize>,
    /// Those who answered the same of the questions.
    pub people: Vec<People>,
    /// Those that move the fewest indicators first.
    pub exchanges: Vec<Exchange>,
}

/// Some could have answered as others did, and those as the first: what nobody can tell who sees only how many there are.
pub(super) struct Exchange {
    /// Which of the people of the tie.
    pub people: usize,
    /// How many of the people could change sides, in per cent by domain.
    pub one: Vec<f64>,
    /// How many are on the other side and could change, too.
    pub other: Vec<f64>,
    /// The indicators that count the ones and not the others (true), or the others and not the ones.
    pub moved: Vec<(usize, bool)>,
}

/// How many attributes change together at most, how many such sets are looked at, and how many exchanges a tie has at most:
/// what further ones would open counts as known.
const MOVED: usize = 6;
const SETS: usize = 4_000;
const EXCHANGES: usize = 300;

/// All ties between the indicators of the families: classes first, then attributes in the order of the indicators.
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
    let mut connected: Vec<BTreeSet<usize>> = Vec::new();
    for (position, &a) in shares.iter().enumerate() {
        for &b in shares[position + 1..].iter().filter(|&&b| is_pair(microdata, a, b)) {
            let is_touched = |group: &BTreeSet<usize>| group.contains(&a) || group.contains(&b);
            let (touched, mut others): (Vec<_>, Vec<_>) = connected.into_iter().partition(is_touched);
            others.push(touched.into_iter().flatten().chain([a, b]).collect());
            connected = others;
        }
    }
    connected.sort();
    ties.extend(
        connected.into_iter().map(|group| attributes((microdata, layout), weighted, group.into_iter().collect())),
    );
    ties
}

/// Classes: whoever is of one could be of another one.
fn classes(data: (&Microdata, &Layout), weighted: &Weighted, family: &Family) -> Tie {
    let columns = &data.0.respondents.columns;
    let people = People::new(data, weighted, |row| family.classes.iter().any(|&class| !columns[class][row].is_nan()));
    let counting = |class: usize| {
        let unions = family.unions.iter().filter(move |(_, classes)| classes.contains(&class)).map(|(union, _)| *union);
        std::iter::once(class).chain(unions).collect::<BTreeSet<usize>>()
    };
    let share = |class: usize| share(data, weighted, &people, |row| columns[class][row] == 1.0);
    let mut exchanges = Vec::new();
    for (position, &class) in family.classes.iter().enumerate() {
        for &other in &family.classes[position + 1..] {
            let (ones, others) = (counting(class), counting(other));
            let moved = ones.symmetric_difference(&others).map(|&of| (of, ones.contains(&of))).collect();
            exchanges.push(Exchange { people: 0, one: share(class), other: share(other), moved });
        }
    }
    let indicators = family.classes.iter().flat_map(|&class| counting(class)).collect::<BTreeSet<usize>>();
    Tie { indicators: indicators.into_iter().collect(), people: vec![people], exchanges }
}

/// Whether one combination of two attributes never occurs. What all or none have says nothing about who has what else.
fn is_pair(microdata: &Microdata, a: usize, b: usize) -> bool {
    let columns = &microdata.respondents.columns;
    let occurs = |x: f64, y: f64| columns[a].iter().zip(&columns[b]).any(|(of_a, of_b)| *of_a == x && *of_b == y);
    let [both, first, second, none] = [(1.0, 1.0), (1.0, 0.0), (0.0, 1.0), (0.0, 0.0)].map(|(x, y)| occurs(x, y));
    let varies = (first && second) || (both && none);
    varies && !(both && first && second && none)
}

/// The tie between attributes: whoever answered the same questions could have what others have, as long as no pair of answers
/// comes out that nobody gave.
fn attributes(data: (&Microdata, &Layout), weighted: &Weighted, indicators: Vec<usize>) -> Tie {
    let respondents = &data.0.respondents;
    let answers = |row: usize| indicators.iter().map(|&of| Answer::of(respondents.columns[of][row])).collect();
    let of_row: Vec<Vec<Answer>> = (0..respondents.len()).map(answers).collect();
    let combinations: BTreeSet<&Vec<Answer>> = of_row.iter().collect();
    let mut tie = Tie { indicators, people: Vec::new(), exchanges: Vec::new() };
    let questions: BTreeSet<Vec<bool>> = combinations.iter().map(|answers| answered(answers)).collect();
    let questions: Vec<Vec<bool>> = questions.into_iter().filter(|questions| questions.contains(&true)).collect();
    let of = |questions: &Vec<bool>| People::new(data, weighted, |row| answered(&of_row[row]) == *questions);
    tie.people = questions.iter().map(of).collect();
    for changes in changes(tie.indicators.len()) {
        for (people, questions) in questions.iter().enumerate() {
            if tie.exchanges.len() == EXCHANGES || changes.iter().any(|(position, _)| !questions[*position]) {
                continue;
            }
            let those = |is_one: bool| -> BTreeSet<&Vec<Answer>> {
                let may = |answers: &&&Vec<Answer>| {
                    answered(answers) == *questions
                        && changes.iter().all(|&(position, has)| (answers[position] == Answer::Yes) == (has == is_one))
                        && is_possible(&combinations, answers, &changes)
                };
                combinations.iter().filter(may).copied().collect()
            };
            let share = |is_one: bool| {
                let those = those(is_one);
                share(data, weighted, &tie.people[people], |row| those.contains(&of_row[row]))
            };
            let (one, other) = (share(true), share(false));
            if one[0] > 0.0 && other[0] > 0.0 {
                let moved = changes.iter().map(|&(position, has)| (tie.indicators[position], has)).collect();
                tie.exchanges.push(Exchange { people, one, other, moved });
            }
        }
    }
    tie
}

/// The sets of attributes, by position, that change together, the smallest first; each with whether the ones have it. The first
/// one of a set they do have: otherwise the two sides would only change their names.
fn changes(attributes: usize) -> Vec<Vec<(usize, bool)>> {
    let mut all: Vec<Vec<(usize, bool)>> = (0..attributes).map(|position| vec![(position, true)]).collect();
    let mut begin = 0;
    for _ in 1..MOVED {
        let end = all.len();
        for set in begin..end {
            let last = all[set].last().map_or(0, |(position, _)| position + 1);
            for position in last..attributes {
                for has in [true, false] {
                    let larger = all[set].iter().copied().chain([(position, has)]).collect();
                    all.push(larger);
                    if all.len() == SETS {
                        return all;
                    }
                }
            }
        }
        begin = end;
    }
    all
}

/// Whether answers can change in some places so that every pair of them is one that somebody gave.
fn is_possible(combinations: &BTreeSet<&Vec<Answer>>, answers: &[Answer], changes: &[(usize, bool)]) -> bool {
    let mut changed = answers.to_vec();
    changes.iter().for_each(|&(position, _)| changed[position] = changed[position].other());
    let occurs = |a: usize, b: usize| combinations.iter().any(|one| one[a] == changed[a] && one[b] == changed[b]);
    let pairs = changes.iter().flat_map(|&(a, _)| (0..changed.len()).map(move |b| (a, b)));
    let mut asked = pairs.filter(|&(a, b)| a != b && changed[b] != Answer::Missing);
    asked.all(|(a, b)| occurs(a, b))
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Answer {
    Yes,
    No,
    Missing,
}

impl Answer {
    fn of(value: f64) -> Self {
        if value.is_nan() {
            Self::Missing
        } else if value == 1.0 {
            Self::Yes
        } else {
            Self::No
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            Self::Missing => Self::Missing,
        }
    }
}

fn answered(answers: &[Answer]) -> Vec<bool> {
    answers.iter().map(|answer| *answer != Answer::Missing).collect()
}

/// How many of the people these are, in per cent by domain.
fn share(
    (microdata, layout): (&Microdata, &Layout),
    weighted: &Weighted,
    people: &People,
    is_one: impl Fn(usize) -> bool,
) -> Vec<f64> {
    let ones = People::new((microdata, layout), weighted, is_one);
    let share = |(&ones, &all): (&f64, &f64)| if all > 0.0 { (100.0 * ones / all).clamp(0.0, 100.0) } else { 0.0 };
    ones.size.iter().zip(&people.size).map(share).collect()
}
