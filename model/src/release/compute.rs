//! From microdata to a draft.

use super::ReleaseError;
use super::change::{self, changes};
use super::correction::{Demands, corrected, demands};
use super::document::{
    Campaign, Figure, FrameNote, Indicator, NClass, Parameters, QuestionnaireVersion, Release, Response, Wave,
};
use super::figures::{Estimated, estimated, tenths};
use super::layout::Layout;
use super::microdata::{Earlier, Item, Microdata};
use super::protection::{Protected, protected};
use super::quartiles;
use super::review::{Reason, ResponseRow, Review};
use super::weights::{Weighted, weigh};
use crate::statistics::estimate::cell::{CellRows, canonical_order};
use crate::statistics::quality::SENSITIVITY_DELTAS;
use crate::statistics::weight::{Kish, LOW_REPRESENTATIVENESS, kish};
use crate::text::Text;

/// Version of the document and of the rules.
const FORMAT: u32 = 1;
const RULES: &str = "3";

/// What is to be computed.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// The campaign.
    pub campaign: &'a Campaign,
    /// What was asked.
    pub questionnaire: &'a QuestionnaireVersion,
    /// Parameters of the computation.
    pub parameters: &'a Parameters,
    /// Frame, indicators and respondents.
    pub microdata: &'a Microdata,
    /// Earlier campaigns for the trend, oldest first.
    pub waves: &'a [Wave],
    /// The last of them with its answers, where the two campaigns may be compared.
    pub before: Option<&'a Earlier>,
    /// All earlier releases of this campaign, oldest first.
    pub earlier: &'a [Earlier],
    /// The release that is corrected; needed where there are earlier ones.
    pub corrects: Option<u32>,
    /// How many threads may work.
    pub threads: usize,
}

/// A computed release that has no number yet, and what only the analyst sees.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// The document.
    pub release: Release,
    /// Exact numbers and reasons.
    pub review: Review,
}

/// Computes a draft; `progress` is told which step begins: `weights`, `figures`, `protection`.
///
/// # Errors
/// Everything doubtful; see [`ReleaseError`].
pub fn compute(request: &Request, progress: &dyn Fn(&'static str)) -> Result<Draft, ReleaseError> {
    let Request { microdata, parameters, threads, .. } = *request;
    check(request)?;
    progress("weights");
    let layout = Layout::new(&microdata.frame, &parameters.tables)?;
    let order = canonical_order(&microdata.respondents.id).ok_or(ReleaseError::RepeatedRespondent)?;
    let rows = CellRows::new(&microdata.respondents.cell, microdata.frame.cells.len(), &order);
    let respondents = rows.respondents();
    let weighted = weigh(&microdata.frame, &layout, &respondents, parameters)?;
    progress("figures");
    let estimates = estimated(microdata, &layout, &weighted, &rows, threads)?;
    progress("protection");
    let demands = demands(microdata, &layout, request.earlier, parameters)?;
    let found = protected((microdata, &layout), &weighted, &estimates, &demands, parameters, threads)?;
    let kish = kish(row_weights(&weighted, &respondents));
    let review = review(microdata, &layout, &respondents, &estimates, &found, kish);
    let mut release = document(request, (&layout, &weighted), &respondents, &estimates, found, kish, &demands)?;
    if let Some(before) = request.before {
        let now = change::Campaign { microdata, layout: &layout, weighted: &weighted };
        release.changes = Some(changes(&now, before, &release.indicators, parameters)?);
    }
    let quartiles = quartiles::quartiles(microdata, &layout, &weighted);
    quartiles::publish(&mut release, quartiles, request.earlier, &demands.kept);
    Ok(Draft { release, review })
}

fn check(request: &Request) -> Result<(), ReleaseError> {
    let Parameters { nmin, fmax, groups, groups_sensitive, protection, .. } = *request.parameters;
    let fault = |place, problem| Err(ReleaseError::Parameter { place, problem });
    if nmin < 2 {
        return fault("nmin", "a response cell needs at least 2 respondents");
    }
    if !(fmax.is_finite() && fmax >= 1.0) {
        return fault("fmax", "the largest weight is at least 1 in units of N/n");
    }
    if groups < 3 || groups_sensitive < groups {
        return fault("groups", "a figure rests on at least 3 enterprises, and a sensitive one on no fewer");
    }
    if !(protection.is_finite() && protection > 0.0) {
        return fault("protection", "give points above 0");
    }
    if request.microdata.items.is_empty() {
        return fault("indicators", "give at least one indicator");
    }
    if request.microdata.respondents.is_empty() {
        return Err(ReleaseError::NoRespondents);
    }
    match (request.corrects, request.earlier.last()) {
        (None, Some(last)) => Err(ReleaseError::NotCorrectable(last.release.number)),
        (Some(number), None) => Err(ReleaseError::NotCorrectable(number)),
        _ => Ok(()),
    }
}

fn row_weights(weighted: &Weighted, respondents: &[u32]) -> impl Iterator<Item = f64> {
    let cells = weighted.weight.iter().zip(respondents);
    cells.flat_map(|(&weight, &n)| std::iter::repeat_n(weight, n as usize))
}

fn document(
    request: &Request,
    (layout, weighted): (&Layout, &Weighted),
    respondents: &[u32],
    estimates: &[Vec<Option<Estimated>>],
    found: Protected,
    kish: Kish,
    demands: &Demands,
) -> Result<Release, ReleaseError> {
    let frame = &request.microdata.frame;
    let enterprises = layout.domains.first().map_or(0, |province| province.enterprises);
    let note = FrameNote { kind: frame.kind, date: frame.date.clone(), enterprises };
    let mut indicators = indicators(&request.microdata.items, estimates, &found);
    let correction = match request.corrects {
        Some(of) => Some(corrected(of, request.earlier, &layout.domains, &mut indicators, &demands.kept)?),
        None => None,
    };
    let n = respondents.iter().sum();
    Ok(Release {
        format: FORMAT,
        number: 0,
        issued: String::new(),
        campaign: request.campaign.clone(),
        frame: note,
        questionnaire: request.questionnaire.clone(),
        rules: RULES.to_owned(),
        parameters: request.parameters.clone(),
        response: response(n, enterprises, weighted, kish),
        weighting: weighted.about.clone(),
        domains: layout.domains.clone(),
        indicators,
        trend: request.waves.to_vec(),
        changes: None,
        note: Text { vi: String::new(), en: String::new() },
        correction,
        certificate: found.certificate,
        hash: String::new(),
    })
}

fn response(n: u32, enterprises: u32, weighted: &Weighted, kish: Kish) -> Response {
    let rate = (100.0 * f64::from(n) / f64::from(enterprises)).round();
    // From the rounded rate: the exact one would say how many answered.
    let rounded = |delta: f64| tenths((1.0 - rate / 100.0).max(0.0) * delta);
    Response {
        rate,
        n: NClass::of(n as usize),
        low: weighted.representativeness.iter().any(|one| one.r < LOW_REPRESENTATIVENESS),
        representativeness: weighted.representativeness.clone(),
        design_effect: (kish.deff() * 100.0).round() / 100.0,
        band: SENSITIVITY_DELTAS.map(rounded),
    }
}

fn indicators(items: &[Item], estimates: &[Vec<Option<Estimated>>], found: &Protected) -> Vec<Indicator> {
    let figure = |(estimate, withheld): (&Option<Estimated>, &bool)| match estimate {
        Some(estimate) if !withheld => estimate.figure,
        _ => Figure::Confidential,
    };
    let indicator = |(position, item): (usize, &Item)| Indicator {
        id: item.id.clone(),
        theme: item.theme.clone(),
        name: item.name.clone(),
        about: item.about.clone(),
        source: item.source.clone(),
        targets: item.targets.clone(),
        measure: item.measure,
        sensitive: item.sensitive,
        figures: estimates[position].iter().zip(&found.withheld[position]).map(figure).collect(),
        quartiles: Vec::new(),
    };
    items.iter().enumerate().map(indicator).collect()
}

fn review(
    microdata: &Microdata,
    layout: &Layout,
    respondents: &[u32],
    estimates: &[Vec<Option<Estimated>>],
    found: &Protected,
    kish: Kish,
) -> Review {
    let n = |domain: usize| layout.cells[domain].iter().map(|&cell| respondents[cell as usize]).sum();
    let row = |(position, domain): (usize, &super::document::Domain)| ResponseRow {
        table: domain.table,
        code: domain.code.clone(),
        enterprises: domain.enterprises,
        respondents: n(position),
    };
    let reason = |indicator: usize, domain: usize| match estimates[indicator][domain] {
        None => Reason::Empty,
        Some(_) if found.dominated[indicator][domain] => Reason::Dominance,
        Some(_) if found.primary[indicator][domain] => Reason::Primary,
        Some(estimate) if estimate.figure == Figure::Unreliable => Reason::Quality,
        Some(_) if found.withheld[indicator][domain] => Reason::Complementary,
        Some(_) => Reason::Published,
    };
    let reasons = |indicator: usize| (0..layout.domains.len()).map(|domain| reason(indicator, domain)).collect();
    Review {
        respondents: respondents.iter().sum(),
        misses: microdata.respondents.misses,
        effective: kish.n_eff(),
        largest_weight: kish.max,
        response: layout.domains.iter().enumerate().map(row).collect(),
        reasons: (0..microdata.items.len()).map(reasons).collect(),
    }
}
