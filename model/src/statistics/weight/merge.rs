use std::collections::BTreeMap;

/// Categories with fewer respondents are merged before raking (method 2.4).
pub const THIN: u32 = 5;

/// Label of the pool for what no residual category can take.
const OTHER: &str = "other";

/// A category of a margin, before thin ones are merged.
#[derive(Debug, Clone, PartialEq)]
pub struct MarginCategory {
    /// Code, e.g. an industry.
    pub code: String,
    /// Respondents.
    pub respondents: u32,
    /// The group whose residual category takes it, e.g. the industry group; `None` for margins without groups.
    pub group: Option<String>,
}

/// Merges categories with fewer than `min` respondents (method 2.4): into the residual category of their group;
/// residuals that are still thin into `other`; a thin `other` into the residual with the most respondents, or the
/// category with the most (ties: the smallest label).
///
/// Returns the new label of every code. Raking fails on categories that (almost) nobody answered for; merging them
/// first gives up their exact totals and keeps all others.
#[must_use]
pub fn merge_thin(categories: &[MarginCategory], min: u32) -> BTreeMap<String, String> {
    let thin = |c: &&MarginCategory| c.respondents < min;
    let mut label: BTreeMap<String, String> = categories.iter().map(|c| (c.code.clone(), c.code.clone())).collect();
    for category in categories.iter().filter(thin) {
        let residual = match &category.group {
            Some(group) => format!("{group}:{OTHER}"),
            None => OTHER.to_owned(),
        };
        label.insert(category.code.clone(), residual);
    }
    let sizes = sizes(categories, &label);
    let residual_is_thin = |l: &String| is_pool(l) && sizes.get(l).is_some_and(|&n| n < min);
    for pool in label.values_mut().filter(|l| residual_is_thin(l)) {
        OTHER.clone_into(pool);
    }
    join_thin_pool(categories, &mut label, min);
    label
}

fn join_thin_pool(categories: &[MarginCategory], label: &mut BTreeMap<String, String>, min: u32) {
    let sizes = sizes(categories, label);
    if sizes.get(OTHER).is_none_or(|&n| n >= min) {
        return;
    }
    let largest = |pools: bool| {
        let candidates = sizes.iter().filter(|(l, _)| *l != OTHER && is_pool(l) == pools);
        candidates.max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0))).map(|(l, _)| l.clone())
    };
    if let Some(target) = largest(true).or_else(|| largest(false)) {
        for pool in label.values_mut().filter(|l| *l == OTHER) {
            pool.clone_from(&target);
        }
    }
}

fn is_pool(label: &str) -> bool {
    label == OTHER || label.ends_with(":other")
}

fn sizes(categories: &[MarginCategory], label: &BTreeMap<String, String>) -> BTreeMap<String, u32> {
    let mut sizes = BTreeMap::new();
    for category in categories {
        if let Some(label) = label.get(&category.code) {
            *sizes.entry(label.clone()).or_insert(0) += category.respondents;
        }
    }
    sizes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merged(categories: &[(&str, u32, Option<&str>)]) -> Vec<(String, String)> {
        let categories: Vec<MarginCategory> = categories
            .iter()
            .map(|(code, respondents, group)| MarginCategory {
                code: (*code).to_owned(),
                respondents: *respondents,
                group: group.map(str::to_owned),
            })
            .collect();
        let changed = merge_thin(&categories, THIN).into_iter();
        changed.filter(|(code, label)| code != label).collect()
    }

    fn pairs(expected: &[(&str, &str)]) -> Vec<(String, String)> {
        let owned = |(a, b): &(&str, &str)| ((*a).to_owned(), (*b).to_owned());
        expected.iter().map(owned).collect()
    }

    #[test]
    fn thin_categories_go_to_their_group_then_to_other() {
        let (g1, g2, g3) = (Some("G1"), Some("G2"), Some("G3"));
        let categories = [("A", 9, g1), ("B", 3, g1), ("C", 2, g1), ("D", 4, g2), ("E", 1, g3)];
        let expected = [("B", "G1:other"), ("C", "G1:other"), ("D", "other"), ("E", "other")];
        assert_eq!(merged(&categories), pairs(&expected));
    }

    #[test]
    fn a_thin_other_joins_the_largest_residual_or_category() {
        let g1 = Some("G1");
        let with_residual = [("A", 9, g1), ("B", 3, g1), ("C", 2, g1), ("D", 1, None)];
        assert_eq!(merged(&with_residual).last(), pairs(&[("D", "G1:other")]).last());
        assert_eq!(merged(&[("A", 9, None), ("B", 9, None), ("D", 1, None)]), pairs(&[("D", "A")]));
    }
}
