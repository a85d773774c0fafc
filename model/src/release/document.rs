//! The document of a release: what is public, and nothing else.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::microdata::Measure;
use crate::indicator::Target;
use crate::text::Text;

/// A release. Immutable once it has a number and a hash ([`super::sealed`]).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Release {
    /// Version of this format.
    pub format: u32,
    /// 1 for the first; 0 for a draft.
    pub number: u32,
    /// The day it was issued, `2026-11-15`; empty for a draft.
    pub issued: String,
    /// The campaign whose answers these are.
    pub campaign: Campaign,
    /// Which enterprises the figures stand for.
    pub frame: FrameNote,
    /// What was asked.
    pub questionnaire: QuestionnaireVersion,
    /// Version of the rules of computation.
    pub rules: String,
    /// Their parameters.
    pub parameters: Parameters,
    /// Who answered.
    pub response: Response,
    /// How answers were weighted.
    pub weighting: Weighting,
    /// The groups of enterprises that figures are about; the first is the whole province.
    pub domains: Vec<Domain>,
    /// The indicators with one figure per domain.
    pub indicators: Vec<Indicator>,
    /// Earlier campaigns, oldest first.
    pub trend: Vec<Wave>,
    /// What changed since the last of them, where the two may be compared.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changes: Option<Changes>,
    /// What the analyst has to say.
    pub note: Text,
    /// What this release changes, if it corrects one.
    pub correction: Option<Correction>,
    /// The proof of disclosure control.
    pub certificate: Certificate,
    /// SHA-256 of the document with this field empty ([`super::hash_of`]).
    pub hash: String,
}

/// A campaign.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Campaign {
    /// Its key.
    pub id: String,
    /// Its title.
    pub title: Text,
    /// First day, `2026-10-01`.
    pub opens: String,
    /// Day from which answers no longer count.
    pub closes: String,
}

/// Where the frame comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FrameKind {
    /// A snapshot of the business register: figures are about the province.
    Register,
    /// The enterprises that registered themselves: figures are about them and not about the province.
    Registered,
}

/// Which enterprises the figures stand for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FrameNote {
    /// Where they come from.
    pub kind: FrameKind,
    /// The day the list was taken.
    pub date: String,
    /// N, enterprises.
    pub enterprises: u32,
}

/// What was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuestionnaireVersion {
    /// Which questionnaire.
    pub id: String,
    /// Which version.
    pub version: String,
}

/// Parameters of the computation. Those that must stay secret (method 9, P2) are not among them.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Parameters {
    /// Fewest respondents of a response cell (method 2.2).
    pub nmin: u32,
    /// Largest weight of a response cell in units of N/n (method 2.2).
    pub fmax: f64,
    /// Fewest enterprises behind a figure (P1).
    pub groups: u32,
    /// The same for sensitive items.
    pub groups_sensitive: u32,
    /// Fewest enterprises of the register behind a figure (P4).
    pub population: u32,
    /// How closely a withheld figure may become known, in points.
    pub protection: f64,
    /// Operations spent on withholding fewer figures.
    pub effort: u64,
    /// The tables.
    pub tables: Vec<TableKind>,
}

/// Who answered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// Per cent of the frame, rounded to whole per cent: an exact rate would reveal the exact number.
    pub rate: f64,
    /// Class of the number of respondents.
    pub n: NClass,
    /// How evenly groups answered (method 2.7).
    pub representativeness: Vec<Representativeness>,
    /// Whether one of the indicators of representativeness is low.
    pub low: bool,
    /// Kish's design effect of the weights (method 2.6).
    pub design_effect: f64,
    /// By how many points the provincial figures would move if those who did not answer differed by 2 and by 5 points
    /// within response cells (method 1).
    pub band: [f64; 2],
}

/// The R-indicator of one classification.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Representativeness {
    /// `district`, `section`, `size` or `cell`.
    pub by: String,
    /// R; 1 when every group answered at the same rate.
    pub r: f64,
}

/// How answers were weighted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Weighting {
    /// Response cells after the collapse.
    pub strata: usize,
    /// The classifications whose totals the weights meet.
    pub margins: Vec<String>,
    /// Categories that were merged because few answered.
    pub merged: Vec<Merged>,
    /// Limits of g the weights keep, if plain raking left them.
    pub bounds: Option<[f64; 2]>,
}

/// A category that was merged with others before raking (method 2.4).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Merged {
    /// The margin.
    pub margin: String,
    /// The category.
    pub code: String,
    /// What it became part of.
    pub into: String,
}

/// A classification of domains.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableKind {
    /// The whole province.
    Province,
    /// Former districts.
    District,
    /// Wards and communes.
    Unit,
    /// Groups of industries.
    Group,
    /// VSIC sections.
    Section,
    /// Size classes.
    Size,
    /// Former districts by size class.
    DistrictSize,
    /// VSIC sections by size class.
    SectionSize,
    /// Former districts by group of industries.
    DistrictGroup,
}

/// A group of enterprises that figures are about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Domain {
    /// By what it is formed.
    pub table: TableKind,
    /// Its code; two codes joined by `|` in crossed tables; empty for the province.
    pub code: String,
    /// N, enterprises of the frame.
    pub enterprises: u32,
}

/// An indicator with its figures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indicator {
    /// Stable name.
    pub id: String,
    /// What it belongs to.
    pub theme: String,
    /// Its name.
    pub name: Text,
    /// Its definition.
    pub about: Text,
    /// Who defined it.
    pub source: Text,
    /// What plans ask for, in the unit of the figures.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub targets: Vec<Target>,
    /// What is measured.
    pub measure: Measure,
    /// Whether stricter rules hold for it.
    pub sensitive: bool,
    /// One per domain, in their order.
    pub figures: Vec<Figure>,
    /// Quartiles of scores in groups that enterprises compare themselves with, by domain.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quartiles: Vec<Quartiles>,
}

/// The lower quartile, the median and the upper quartile of a score, in whole points.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Quartiles {
    /// Position of the domain.
    pub domain: usize,
    /// The three of them, ascending.
    pub values: [u32; 3],
}

/// A figure, or why there is none.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Figure {
    /// It may be used.
    Published {
        /// Points or per cent, one decimal.
        value: f64,
        /// Lower limit of the 95 % interval, one decimal.
        low: f64,
        /// Upper limit.
        high: f64,
        /// Standard error, two decimals.
        se: f64,
        /// Class of the number of respondents.
        n: NClass,
        /// Whether to use it with caution (`u`).
        caution: bool,
    },
    /// `c`: withheld to protect enterprises, by itself or together with others.
    Confidential,
    /// `:u`: too unreliable to be published.
    Unreliable,
}

/// A class of a number of respondents; exact numbers are not published (method 10).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NClass {
    /// 5–9.
    #[serde(rename = "5-9")]
    From5,
    /// 10–19.
    #[serde(rename = "10-19")]
    From10,
    /// 20–49.
    #[serde(rename = "20-49")]
    From20,
    /// 50–99.
    #[serde(rename = "50-99")]
    From50,
    /// 100 and more.
    #[serde(rename = "100+")]
    From100,
}

/// An earlier campaign in the trend.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Wave {
    /// Number of its release.
    pub number: u32,
    /// The campaign's title.
    pub title: Text,
    /// The campaign's first day.
    pub opens: String,
    /// Whether something changed between it and the next one, so that the two must not be compared.
    pub breaks: bool,
    /// Its provincial figures by indicator.
    pub figures: BTreeMap<String, WaveFigure>,
}

/// A provincial figure of an earlier campaign.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct WaveFigure {
    /// Points or per cent.
    pub value: f64,
    /// Lower limit of its 95 % interval.
    pub low: f64,
    /// Upper limit.
    pub high: f64,
}

/// Changes of provincial figures since an earlier campaign (method 6).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Changes {
    /// Number of the release of the earlier campaign.
    pub since: u32,
    /// The title of the earlier campaign.
    pub title: Text,
    /// How many changes were tested together: with more than 20, the false discovery rate is held at 5 % (Benjamini &
    /// Hochberg).
    pub tests: usize,
    /// By indicator.
    pub figures: BTreeMap<String, Change>,
}

/// The change of a provincial figure.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Points, or percentage points; one decimal.
    pub change: f64,
    /// Lower limit of the 95 % interval.
    pub low: Option<f64>,
    /// Upper limit.
    pub high: Option<f64>,
    /// Standard error with the covariance of those who answered twice, two decimals.
    pub se: f64,
    /// Whether it is more than chance.
    pub significant: bool,
    /// Class of the number of enterprises that answered in both campaigns; none below 10.
    pub n_both: Option<NClass>,
    /// The change among these.
    pub both: Option<f64>,
}

/// What a correction changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Correction {
    /// The release that is corrected.
    pub of: u32,
    /// All earlier releases of the campaign that the differencing audit compared it with.
    pub compared: Vec<u32>,
    /// Positions of domains whose figures stay as they were, because a change would be about too few enterprises.
    pub kept: Vec<usize>,
    /// Figures that differ.
    pub changes: Vec<FigureChange>,
}

/// A figure that a correction changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FigureChange {
    /// The indicator.
    pub indicator: String,
    /// Position of the domain.
    pub domain: usize,
    /// What was published before.
    pub before: Figure,
}

/// The proof of disclosure control. There is none for a red audit, since nothing is released then.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Certificate {
    /// The attack tests that were run.
    pub tests: Vec<String>,
    /// The solver of the audit.
    pub solver: String,
    /// Domains of the linked tables.
    pub domains: usize,
    /// Sums between them that an attacker knows.
    pub sums: usize,
    /// Patterns of withheld figures: one per group of indicators about the same enterprises.
    pub patterns: usize,
    /// Indicators that were audited, all green.
    pub audits: usize,
    /// Pairs of published groups that were compared.
    pub sets: usize,
    /// SHA-256 of the patterns.
    pub hash: String,
}

/// Less than a second for the tables of a province.
const EFFORT: u64 = 30_000_000;

impl Default for Parameters {
    fn default() -> Self {
        use crate::disclosure::primary;
        use crate::statistics::frame::CollapseRule;
        let rule = CollapseRule::default();
        Self {
            nmin: rule.nmin,
            fmax: rule.fmax,
            groups: primary::GROUPS,
            groups_sensitive: primary::GROUPS_OF_SENSITIVE_ITEM,
            population: primary::POPULATION,
            protection: primary::POINTS.upper,
            effort: EFFORT,
            tables: TableKind::ALL.to_vec(),
        }
    }
}

impl TableKind {
    /// All tables, coarse before fine.
    pub const ALL: [Self; 9] = [
        Self::Province,
        Self::District,
        Self::Unit,
        Self::Group,
        Self::Section,
        Self::Size,
        Self::DistrictSize,
        Self::SectionSize,
        Self::DistrictGroup,
    ];

    /// The name in addresses and files.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Province => "province",
            Self::District => "district",
            Self::Unit => "unit",
            Self::Group => "group",
            Self::Section => "section",
            Self::Size => "size",
            Self::DistrictSize => "district_size",
            Self::SectionSize => "section_size",
            Self::DistrictGroup => "district_group",
        }
    }
}

impl NClass {
    /// The class of `n`; numbers below 5 have none, since nothing is published about them.
    #[must_use]
    pub fn of(n: usize) -> Self {
        match n {
            100.. => Self::From100,
            50.. => Self::From50,
            20.. => Self::From20,
            10.. => Self::From10,
            _ => Self::From5,
        }
    }

    /// As people read it: "20–49", "100+".
    #[must_use]
    pub fn label(self) -> &'static str {
        match self {
            Self::From5 => "5–9",
            Self::From10 => "10–19",
            Self::From20 => "20–49",
            Self::From50 => "50–99",
            Self::From100 => "100+",
        }
    }

    /// As files hold it: "20-49", "100+".
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::From5 => "5-9",
            Self::From10 => "10-19",
            Self::From20 => "20-49",
            Self::From50 => "50-99",
            Self::From100 => "100+",
        }
    }
}

impl Figure {
    /// The value, where it is published.
    #[must_use]
    pub fn value(self) -> Option<f64> {
        match self {
            Self::Published { value, .. } => Some(value),
            Self::Confidential | Self::Unreliable => None,
        }
    }

    /// The class of the number of respondents, where the figure is published.
    #[must_use]
    pub fn n(self) -> Option<NClass> {
        match self {
            Self::Published { n, .. } => Some(n),
            Self::Confidential | Self::Unreliable => None,
        }
    }

    /// The letter of Eurostat: nothing, `u`, `c`, `:u`.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Self::Published { caution: false, .. } => "",
            Self::Published { caution: true, .. } => "u",
            Self::Confidential => "c",
            Self::Unreliable => ":u",
        }
    }
}

impl Release {
    /// The indicator with this name.
    #[must_use]
    pub fn indicator(&self, id: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|indicator| indicator.id == id)
    }

    /// The positions of the domains of a table, in the order of their codes.
    pub fn domains_of(&self, table: TableKind) -> impl Iterator<Item = (usize, &Domain)> {
        self.domains.iter().enumerate().filter(move |(_, domain)| domain.table == table)
    }
}

impl Indicator {
    /// The figure of the whole province.
    #[must_use]
    pub fn province(&self) -> Figure {
        self.figures.first().copied().unwrap_or(Figure::Unreliable)
    }
}
