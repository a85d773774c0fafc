//! Who answered, against a snapshot, and what is missing for a representative picture.

use std::collections::BTreeMap;

use crate::{
    size::SizeClass,
    statistics::{
        frame::CollapseRule,
        weight::{Representativeness, r_indicator},
    },
};

/// A response cell: enterprises of the same former district, section and size (method 2.2, level 0).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseCell {
    /// Former district.
    pub district: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class; none where the figures do not decide it.
    pub size: Option<SizeClass>,
    /// Enterprises of the snapshot.
    pub population: u32,
    /// Of them, those that answered.
    pub respondents: u32,
}

/// One class of a margin.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    /// The code of the class.
    pub code: String,
    /// Enterprises of the snapshot.
    pub population: u32,
    /// Of them, those that answered.
    pub respondents: u32,
    /// Answers that its cells still need.
    pub missing: u32,
}

/// A snapshot with the answers of a campaign.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The cells with at least one enterprise.
    pub cells: Vec<ResponseCell>,
    rule: (u32, u32),
}

impl ResponseCell {
    /// The stored form of the size: `unknown` for none.
    #[must_use]
    pub fn size_code(&self) -> &'static str {
        self.size.map_or("unknown", SizeClass::as_str)
    }
}

impl Response {
    /// Cells with the rule by which cells stand on their own.
    #[must_use]
    pub fn new(cells: Vec<ResponseCell>, rule: CollapseRule) -> Response {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a rule of a few units")]
        let fmax = rule.fmax.clamp(1.0, 1e6) as u32;
        let cells = cells.into_iter().filter(|cell| cell.population > 0).collect();
        Response { cells, rule: (rule.nmin, fmax) }
    }

    /// Enterprises of the snapshot.
    #[must_use]
    pub fn population(&self) -> u64 {
        self.cells.iter().map(|cell| u64::from(cell.population)).sum()
    }

    /// Of them, those that answered.
    #[must_use]
    pub fn respondents(&self) -> u64 {
        self.cells.iter().map(|cell| u64::from(cell.respondents)).sum()
    }

    /// How many more answers a cell needs to stand on its own (method 2.2, level 0): `nmin`, or all there are, and so
    /// many that one answer stands for at most `fmax` times as many enterprises as on the whole. Cells that lack answers
    /// are pooled with their neighbours: their own figures are lost, not the picture of the whole.
    #[must_use]
    pub fn missing(&self, cell: &ResponseCell) -> u32 {
        let (nmin, fmax) = self.rule;
        let (all, answered) = (self.population(), self.respondents());
        // N/n ≤ fmax · ΣN/Σn, without fractions: n ≥ N · Σn / (fmax · ΣN).
        let by_weight = (u64::from(cell.population) * answered).div_ceil((u64::from(fmax) * all).max(1));
        let by_weight = u32::try_from(by_weight).unwrap_or(u32::MAX);
        nmin.max(by_weight).min(cell.population).saturating_sub(cell.respondents)
    }

    /// The cells that lack answers: first where one more answer speaks for most enterprises.
    #[must_use]
    pub fn gaps(&self) -> Vec<(&ResponseCell, u32)> {
        let mut gaps: Vec<_> =
            self.cells.iter().map(|cell| (cell, self.missing(cell))).filter(|gap| gap.1 > 0).collect();
        let order = |cell: &ResponseCell| (cell.district.clone(), cell.section.clone(), cell.size);
        gaps.sort_by(|(a, missing_a), (b, missing_b)| {
            let speaks_for = |cell: &ResponseCell, missing: u32| u64::from(cell.population) / u64::from(missing);
            let by_weight = speaks_for(b, *missing_b).cmp(&speaks_for(a, *missing_a));
            by_weight.then_with(|| order(a).cmp(&order(b)))
        });
        gaps
    }

    /// The response by one classification, in the order of its codes.
    #[must_use]
    pub fn by(&self, code: impl Fn(&ResponseCell) -> &str) -> Vec<Share> {
        let mut shares: BTreeMap<&str, Share> = BTreeMap::new();
        for cell in &self.cells {
            let share = shares.entry(code(cell)).or_insert_with(|| Share {
                code: code(cell).to_owned(),
                population: 0,
                respondents: 0,
                missing: 0,
            });
            share.population += cell.population;
            share.respondents += cell.respondents;
            share.missing += self.missing(cell);
        }
        shares.into_values().collect()
    }
}

/// How evenly the classes of a margin answered (method 2.7); none when there is nobody to ask.
#[must_use]
pub fn evenness(shares: &[Share]) -> Option<Representativeness> {
    let population: Vec<f64> = shares.iter().map(|share| f64::from(share.population)).collect();
    let respondents: Vec<u32> = shares.iter().map(|share| share.respondents).collect();
    r_indicator(&population, &respondents)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::statistics::{
        frame::{Cells, collapse},
        table::Codes,
    };

    fn cell(district: &str, section: &str, population: u32, respondents: u32) -> ResponseCell {
        ResponseCell {
            district: district.into(),
            section: section.into(),
            size: Some(SizeClass::Small),
            population,
            respondents,
        }
    }

    fn response(cells: Vec<ResponseCell>) -> Response {
        Response::new(cells, CollapseRule::default())
    }

    #[test]
    fn five_answers_or_all_there_are() {
        let answers = response(vec![
            cell("213", "C", 100, 0),
            cell("213", "G", 3, 1),
            cell("215", "C", 5, 5),
            cell("216", "C", 0, 0),
        ]);
        let missing: Vec<u32> = answers.cells.iter().map(|cell| answers.missing(cell)).collect();
        assert_eq!(missing, [5, 2, 0], "a cell without enterprises is no cell");
        assert_eq!((answers.population(), answers.respondents()), (108, 6));
    }

    #[test]
    fn large_cells_need_as_many_that_no_answer_weighs_more_than_five_times_the_mean() {
        let answers = response(vec![cell("213", "C", 1000, 5), cell("213", "G", 1000, 395)]);
        // 2000/400 = 5 on the whole, so at most 25 enterprises an answer: 40 answers.
        assert_eq!(answers.missing(&answers.cells[0]), 35);
        assert_eq!(answers.missing(&answers.cells[1]), 0);
    }

    #[test]
    fn gaps_begin_where_an_answer_speaks_for_most() {
        let answers = response(vec![
            cell("213", "C", 10, 0),
            cell("213", "G", 50, 4),
            cell("215", "C", 50, 0),
            cell("216", "C", 9, 9),
        ]);
        let gaps: Vec<(&str, &str, u32)> =
            answers.gaps().into_iter().map(|(cell, missing)| (&*cell.district, &*cell.section, missing)).collect();
        assert_eq!(gaps, [("213", "G", 1), ("215", "C", 5), ("213", "C", 5)]);
    }

    #[test]
    fn margins_add_up() {
        let answers = response(vec![cell("213", "C", 10, 1), cell("213", "G", 20, 2), cell("215", "C", 30, 30)]);
        let by = answers.by(|cell| &cell.district);
        assert_eq!(
            by.iter()
                .map(|share| (&*share.code, share.population, share.respondents, share.missing))
                .collect::<Vec<_>>(),
            [("213", 30, 3, 7), ("215", 30, 30, 0)]
        );
        assert!(evenness(&by).unwrap().r < 0.75);
        assert!(evenness(&[]).is_none());
    }

    proptest! {
        #[test]
        fn a_cell_that_lacks_nothing_is_a_stratum_of_the_collapse_and_one_that_lacks_is_not(
            counts in proptest::collection::vec((1..300_u32, 0..60_u32), 1..20),
        ) {
            let cells: Vec<ResponseCell> = counts.iter().enumerate()
                .map(|(at, (population, n))| cell(&format!("{at:03}"), "C", *population, (*n).min(*population))).collect();
            let answers = response(cells);
            prop_assume!(answers.respondents() > 0);
            let frame = Cells {
                population: answers.cells.iter().map(|cell| f64::from(cell.population)).collect(),
                respondents: answers.cells.iter().map(|cell| cell.respondents).collect(),
                levels: vec![Codes::from_labels(answers.cells.iter().map(|cell| cell.district.clone()))],
            };
            let strata = collapse(&frame, CollapseRule::default()).unwrap();
            for (at, cell) in answers.cells.iter().enumerate() {
                prop_assert_eq!(answers.missing(cell) == 0, strata.level[at] == Some(0), "{:?}", cell);
            }
        }
    }
}
