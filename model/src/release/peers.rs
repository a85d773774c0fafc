//! The group that an enterprise is compared with: what a release says about firms of its kind.

use super::document::{Domain, NClass, Release, TableKind};
use super::layout::industry_group;
use crate::indicator::{Formula, Indicators, Subject};
use crate::questionnaire::Questionnaire;

/// The group, and the middle half of its scores.
#[derive(Debug, Clone, PartialEq)]
pub struct Peers {
    /// Which enterprises.
    pub domain: Domain,
    /// How many of them answered.
    pub n: NClass,
    /// Lower quartile, median and upper quartile of the overall score, in whole points.
    pub overall: [u32; 3],
    /// The same for every pillar, in their order.
    pub pillars: Vec<[u32; 3]>,
}

/// Why there is no group to compare with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoPeers {
    /// The release is about another questionnaire or another version of it: its scores mean something else.
    OtherQuestions,
    /// No group around the enterprise has enough respondents.
    TooFew,
}

/// The narrowest group of firms like this one that has quartiles of every score: its industry and size class, its
/// industry, the industries around it, all enterprises. `section` is the letter of the VSIC section, `size` the size
/// class; empty where they are not known.
///
/// # Errors
/// Why there is none.
pub fn peers(
    release: &Release,
    questionnaire: &Questionnaire,
    (section, size): (&str, &str),
) -> Result<Peers, NoPeers> {
    let asked = &release.questionnaire;
    if (&asked.id, &asked.version) != (&questionnaire.id, &questionnaire.version) {
        return Err(NoPeers::OtherQuestions);
    }
    let indicators = Indicators::builtin(&questionnaire.id).ok_or(NoPeers::OtherQuestions)?;
    let group = industry_group(section).map_or("", |group| group.code);
    let groups = [
        (TableKind::SectionSize, format!("{section}|{size}")),
        (TableKind::Section, section.to_owned()),
        (TableKind::Group, group.to_owned()),
        (TableKind::Province, String::new()),
    ];
    let place = |(table, code): &(TableKind, String)| {
        release.domains.iter().position(|domain| domain.table == *table && domain.code == *code)
    };
    let found = groups.iter().filter_map(place).find_map(|place| in_group(release, questionnaire, indicators, place));
    found.ok_or(NoPeers::TooFew)
}

fn in_group(release: &Release, questionnaire: &Questionnaire, indicators: &Indicators, place: usize) -> Option<Peers> {
    let of = |subject: &Subject| {
        let indicator = indicators.indicators.iter().find(|one| one.formula == Formula::Score(subject.clone()))?;
        let released = release.indicator(&indicator.id)?;
        let quartiles = released.quartiles.iter().find(|one| one.domain == place)?;
        Some((quartiles.values, released.figures[place].n()?))
    };
    let pillars = questionnaire.pillars().map(|pillar| Some(of(&Subject::Pillar(pillar.id.clone()))?.0));
    let (overall, n) = of(&Subject::Overall)?;
    Some(Peers { domain: release.domains[place].clone(), n, overall, pillars: pillars.collect::<Option<_>>()? })
}
