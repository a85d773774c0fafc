//! Requests of `thuocso audit` and `thuocso protect`: a table with patterns, as a file has them, and the answers.

mod cases;

use std::fmt;
use std::marker::PhantomData;

use serde::de::{MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::DisclosureError;
use super::audit::{Audit, Pattern, Protection, audit};
use super::protect::{Task, protect};
use super::table::{Cell, Equation, Table};

pub use cases::{
    CasesAnswer, CellKeyAnswer, CellKeyCase, CellKeyRequest, PrimaryAnswer, PrimaryCase, PrimaryParameters,
    PrimaryRequest, StepRequest, cell_key_request, primary_request,
};

/// A table with patterns.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRequest {
    /// Name, repeated in the answer.
    pub id: String,
    /// Heading, for people.
    pub title: Option<String>,
    /// Remark, for people.
    pub note: Option<String>,
    /// Fewest enterprise groups a figure may rest on.
    pub nmin: u32,
    /// Hierarchies of the dimensions. For people: the equations say all that counts.
    pub dims: Option<Vec<DimensionRequest>>,
    /// The cells.
    pub cells: Vec<CellRequest>,
    /// The equations.
    pub equations: Vec<EquationRequest>,
    /// The patterns.
    pub patterns: Vec<PatternRequest>,
}

/// A dimension.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct DimensionRequest {
    /// Name.
    pub name: String,
    /// Code of the total.
    pub root: String,
    /// Codes of the parts of each total.
    pub hierarchy: Entries<Vec<String>>,
}

/// A cell.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CellRequest {
    /// Identifier.
    pub id: String,
    /// True value.
    pub value: f64,
    /// Contributing enterprise groups.
    pub n: u32,
    /// Smallest possible value; null for none.
    pub lb: Option<f64>,
    /// Largest possible value; null for none.
    pub ub: Option<f64>,
    /// Enterprises in the register, for means; the coefficients of the equations repeat it.
    #[serde(rename = "N")]
    pub population: Option<u64>,
}

/// An equation: Σ coefficient · value = 0, the total first.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EquationRequest {
    /// Cells.
    pub cells: Vec<String>,
    /// Coefficients.
    pub coef: Vec<f64>,
}

/// A pattern.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PatternRequest {
    /// Name, repeated in the answer.
    pub name: String,
    /// Suppressed cells.
    pub suppressed: Vec<String>,
    /// Cells that need protection.
    pub sensitive: Entries<LevelsRequest>,
    /// Half of the width a published figure stands for.
    pub published_half_width: Option<f64>,
    /// Values everybody knows.
    #[serde(default)]
    pub known: Entries<f64>,
    /// What an oracle expects; not read.
    #[serde(default)]
    pub expected: serde::de::IgnoredAny,
}

/// Protection levels.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LevelsRequest {
    /// Lower.
    pub lpl: f64,
    /// Upper.
    pub upl: f64,
}

/// A JSON object with its members in the order of the file.
#[derive(Debug, Clone, PartialEq)]
pub struct Entries<T>(pub Vec<(String, T)>);

/// The answer of `audit`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AuditAnswer {
    /// Name of the request.
    pub id: String,
    /// An answer per pattern, in their order.
    pub patterns: Vec<PatternAnswer>,
}

/// The answer for a pattern.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PatternAnswer {
    /// Name of the pattern.
    pub name: String,
    /// Smallest and largest possible value of each suppressed cell; null where nothing bounds it.
    pub intervals: Entries<[Option<f64>; 2]>,
    /// Suppressed cells whose value is determined.
    pub exactly_disclosed: Vec<String>,
    /// Sensitive cells with too little protection.
    pub sensitive_unprotected: Vec<String>,
    /// Lines whose suppressed parts have too few contributors together.
    pub insider_union_below_nmin: Vec<UnionAnswer>,
    /// Contributors who learn a sensitive cell.
    pub insider_singleton_disclosures: Vec<InsiderAnswer>,
    /// Whether outsiders learn nothing they must not.
    pub safe_external: bool,
    /// Whether nobody learns anything they must not.
    pub safe: bool,
    /// What is wrong, a sentence each.
    pub reasons: Vec<String>,
}

/// A line with too few contributors.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct UnionAnswer {
    /// Position of the equation, from 0.
    pub equation: usize,
    /// Its suppressed parts.
    pub suppressed: Vec<String>,
    /// Their contributors.
    pub n_union: u32,
}

/// A contributor who learns a sensitive cell.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InsiderAnswer {
    /// The cell of the contributor.
    pub insider: String,
    /// The cell it learns.
    pub discloses: String,
}

/// The answer of `protect`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProtectAnswer {
    /// The cells to suppress, in the order of the table.
    pub suppressed: Vec<String>,
}

/// Judges every pattern of a request.
///
/// # Errors
/// Those of [`Table::new`] and [`audit`]; nothing is answered then.
pub fn audit_request(request: &TableRequest) -> Result<AuditAnswer, DisclosureError> {
    let table = request.table()?;
    let answer = |one: &PatternRequest| {
        let found = audit(&table, request.nmin, &one.pattern())?;
        Ok(PatternAnswer::new(&one.name, request, found))
    };
    let patterns = request.patterns.iter().map(answer).collect::<Result<_, DisclosureError>>()?;
    Ok(AuditAnswer { id: request.id.clone(), patterns })
}

/// Completes the pattern `primary_only` of a request to a safe one. Its sensitive cells get their protection, and the
/// total of everything stays published, if the request has dimensions.
///
/// # Errors
/// A request without that pattern, one that assumes rounding or knowledge, and those of [`protect`]; nothing is
/// answered then.
pub fn protect_request(request: &TableRequest) -> Result<ProtectAnswer, DisclosureError> {
    let fault = |problem: &str| DisclosureError::Invalid { place: "patterns".into(), problem: problem.to_owned() };
    let primary = request.patterns.iter().find(|pattern| pattern.name == PRIMARY);
    let pattern = primary.ok_or_else(|| fault("none is named primary_only; add it"))?.pattern();
    if pattern.half_width != 0.0 || !pattern.known.is_empty() {
        return Err(fault("primary_only must not assume rounding or knowledge; remove both"));
    }
    let table = request.table()?;
    let (is_total, is_part) = (table.is_total(), table.is_part());
    let is_root = |cell: &usize| request.dims.is_some() && is_total[*cell] && !is_part[*cell];
    let mut headline: Vec<String> =
        (0..table.cells().len()).filter(is_root).map(|cell| table.cells()[cell].id.clone()).collect();
    headline.retain(|cell| !pattern.suppressed.contains(cell));
    let task = Task {
        nmin: request.nmin,
        sensitive: pattern.sensitive,
        suppressed: pattern.suppressed,
        headline,
        ..Task::default()
    };
    let suppressed = protect(&table, &task)?;
    let in_order = request.cells.iter().map(|cell| &cell.id).filter(|cell| suppressed.contains(cell));
    Ok(ProtectAnswer { suppressed: in_order.cloned().collect() })
}

/// Name of the pattern that holds the primary cells.
const PRIMARY: &str = "primary_only";

impl TableRequest {
    /// The table of the request.
    ///
    /// # Errors
    /// Those of [`Table::new`].
    pub fn table(&self) -> Result<Table, DisclosureError> {
        let cell = |one: &CellRequest| Cell {
            id: one.id.clone(),
            value: one.value,
            n: one.n,
            lower: one.lb.unwrap_or(f64::NEG_INFINITY),
            upper: one.ub.unwrap_or(f64::INFINITY),
        };
        let equation = |one: &EquationRequest| Equation { cells: one.cells.clone(), coefficients: one.coef.clone() };
        let equations: Vec<Equation> = self.equations.iter().map(equation).collect();
        Table::new(self.cells.iter().map(cell).collect(), &equations)
    }
}

impl PatternRequest {
    /// The pattern of the request.
    pub fn pattern(&self) -> Pattern {
        let level = |(cell, levels): &(String, LevelsRequest)| {
            (cell.clone(), Protection { lower: levels.lpl, upper: levels.upl })
        };
        Pattern {
            suppressed: self.suppressed.clone(),
            sensitive: self.sensitive.0.iter().map(level).collect(),
            half_width: self.published_half_width.unwrap_or(0.0),
            known: self.known.0.clone(),
        }
    }
}

impl PatternAnswer {
    /// The answer from an audit; parts of a line in the order of its equation.
    fn new(name: &str, request: &TableRequest, audit: Audit) -> Self {
        let (safe_external, safe, reasons) = (audit.is_safe_outside(), audit.is_safe(), audit.reasons());
        let bound = |value: f64| value.is_finite().then_some(value);
        let intervals = audit.intervals.into_iter().map(|(cell, one)| (cell, [bound(one.low), bound(one.high)]));
        let union = |union: super::audit::Union| {
            let order = &request.equations[union.equation].cells;
            let suppressed = order.iter().filter(|cell| union.suppressed.contains(cell)).cloned().collect();
            UnionAnswer { equation: union.equation, suppressed, n_union: union.n }
        };
        let insider =
            |one: super::audit::InsiderDisclosure| InsiderAnswer { insider: one.insider, discloses: one.discloses };
        Self {
            name: name.to_owned(),
            intervals: Entries(intervals.collect()),
            exactly_disclosed: audit.exactly_disclosed,
            sensitive_unprotected: audit.unprotected.into_iter().map(|(cell, _)| cell).collect(),
            insider_union_below_nmin: audit.unions.into_iter().map(union).collect(),
            insider_singleton_disclosures: audit.insiders.into_iter().map(insider).collect(),
            safe_external,
            safe,
            reasons,
        }
    }
}

impl<T> Default for Entries<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Entries<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(EntriesVisitor(PhantomData))
    }
}

impl<T: Serialize> Serialize for Entries<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

struct EntriesVisitor<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for EntriesVisitor<T> {
    type Value = Entries<T>;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries = Vec::new();
        while let Some(entry) = map.next_entry()? {
            entries.push(entry);
        }
        Ok(Entries(entries))
    }
}
