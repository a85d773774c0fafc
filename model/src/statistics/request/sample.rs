//! From the tables of a request to a sample with final weights.

use std::collections::BTreeMap;

use super::classes::{Classes, RowClasses};
use super::{
    CalibrationRequest, Code, Fpc, MarginRequest, Method, Request, RequestError, ResponseCells, SinglePsuStrata,
    Tables, WAVE, Within, invalid,
};
use crate::statistics::estimate::{Design, DesignColumns, SinglePsu};
use crate::statistics::frame::{Cells, CollapseRule, FrameError, Strata, collapse};
use crate::statistics::sum::Sum;
use crate::statistics::table::{Codes, Table, TableError, index};
use crate::statistics::weight::{
    Calibration, DEFAULT_BOUNDS, Distance, Incidence, Margin, MarginColumns, WeightError, calibrate,
};

/// The rows of a request in canonical order, and their design.
pub(super) struct Sample {
    pub table: Table,
    pub design: Design,
    /// The same by classes of rows, for large samples.
    pub classes: Option<Classes>,
    /// Whether a row is of wave 2; `None` for a single wave.
    pub second: Option<Vec<bool>>,
}

/// Response cells on the rows: stratum and N_h.
struct RowCells {
    stratum: Codes,
    weight: Vec<f64>,
    population: Vec<f64>,
}

/// Rows that are calibrated together, or one row for each class of them.
struct Part<'a> {
    table: &'a Table,
    rows: Vec<u32>,
    id: Option<&'a str>,
    wave: Option<usize>,
}

/// Builds the sample of a request.
pub(super) fn sample(request: &Request, mut tables: Tables) -> Result<Sample, RequestError> {
    let id = request.design.id.as_deref();
    let data = std::mem::take(&mut tables.data);
    let mut waves = Vec::with_capacity(data.len());
    for table in data {
        waves.push(table.canonical(id)?);
    }
    match <[Table; 2]>::try_from(waves) {
        Ok([first, second]) => {
            let boundary = first.rows();
            let table = stack(request, &tables, &first, &second)?;
            build(request, &tables, table, boundary)
        }
        Err(mut single) => {
            let table = single.pop().ok_or_else(|| invalid("data", "no file"))?;
            let boundary = table.rows();
            build(request, &tables, table, boundary)
        }
    }
}

/// The sample of a table whose rows from `boundary` on are of wave 2.
fn build(request: &Request, tables: &Tables, table: Table, boundary: usize) -> Result<Sample, RequestError> {
    let is_stacked = boundary < table.rows();
    check_within(request, is_stacked)?;
    let cells = row_cells(request, tables, &table)?;
    let margins = match &request.calibration {
        Some(calibration) => margins(calibration, tables)?,
        None => Vec::new(),
    };
    let weight = if request.calibration.is_some() && is_stacked {
        constant_weights(&margins, boundary, table.rows())
    } else {
        weights(request, &table, cells.as_ref())?
    };
    let strata = match (&cells, &request.design.strata) {
        (Some(cells), _) => Some(&cells.stratum),
        (None, Some(column)) => Some(table.complete_codes(column)?),
        (None, None) => None,
    };
    let design = design(request, &table, cells.as_ref(), strata, &weight)?;
    let row_classes = RowClasses::new(request, &table, strata, &weight)?;
    let (design, classes) = match row_classes {
        Some(rows) => by_classes(request, &table, strata, &margins, design, &rows)?,
        None => (by_rows(request, &table, &margins, design, boundary)?, None),
    };
    let second = is_stacked.then(|| (0..table.rows()).map(|row| row >= boundary).collect());
    Ok(Sample { table, design, classes, second })
}

fn check_within(request: &Request, is_stacked: bool) -> Result<(), RequestError> {
    let within = request.calibration.as_ref().map(|calibration| calibration.within);
    match within {
        Some(within) if (within == Some(Within::Wave)) != is_stacked => {
            let problem = "waves, and only waves, are calibrated with \"within\": \"wave\"";
            Err(invalid("calibration", problem))
        }
        _ => Ok(()),
    }
}

/// The design of the rows before calibration.
fn design(
    request: &Request,
    table: &Table,
    cells: Option<&RowCells>,
    strata: Option<&Codes>,
    weight: &[f64],
) -> Result<Design, RequestError> {
    let psu = match &request.design.psu {
        Some(column) => Some(table.complete_codes(column)?),
        None => None,
    };
    let population = populations(request, table, cells)?;
    let columns = DesignColumns {
        strata,
        psu,
        weight,
        population: population.as_deref(),
        single_psu: match request.design.single_psu_strata {
            SinglePsuStrata::Error => SinglePsu::Error,
            SinglePsuStrata::Zero => SinglePsu::Zero,
        },
    };
    Design::new(columns).map_err(RequestError::Design)
}

/// Calibrates each wave row by row.
fn by_rows(
    request: &Request,
    table: &Table,
    margins: &[Margin],
    mut design: Design,
    boundary: usize,
) -> Result<Design, RequestError> {
    let Some(calibration) = &request.calibration else {
        return Ok(design);
    };
    for rows in [0..boundary, boundary..table.rows()] {
        if !rows.is_empty() {
            let part = Part {
                table,
                rows: (index(rows.start)..index(rows.end)).collect(),
                id: request.design.id.as_deref(),
                wave: (boundary < table.rows()).then(|| 1 + usize::from(rows.start > 0)),
            };
            let mass = design.weight()[rows.clone()].to_vec();
            design = design.calibrated(rows, part.calibrate(calibration, margins, mass)?);
        }
    }
    Ok(design)
}

/// Calibrates classes of rows, and gives the rows the weights of their classes.
fn by_classes(
    request: &Request,
    table: &Table,
    strata: Option<&Codes>,
    margins: &[Margin],
    mut design: Design,
    rows: &RowClasses,
) -> Result<(Design, Option<Classes>), RequestError> {
    let mut mass = vec![Sum::default(); rows.first_row.len()];
    for (&class, weight) in rows.class.iter().zip(design.weight()) {
        mass[class as usize].add(*weight);
    }
    let mass: Vec<f64> = mass.into_iter().map(Sum::value).collect();
    let calibration = match &request.calibration {
        Some(calibration) => {
            let part = Part { table, rows: rows.first_row.clone(), id: request.design.id.as_deref(), wave: None };
            Some(part.calibrate(calibration, margins, mass)?)
        }
        None => None,
    };
    let mut classes = Classes::new(rows, &design, strata, calibration.clone());
    classes.prepare(request, table)?;
    if let Some(calibration) = calibration {
        let mass = design.weight().to_vec();
        let calibration = calibration.of_members(&rows.class, mass);
        design = design.calibrated(0..table.rows(), calibration);
    }
    Ok((design, Some(classes)))
}

impl Part<'_> {
    fn calibrate(
        &self,
        request: &CalibrationRequest,
        margins: &[Margin],
        mass: Vec<f64>,
    ) -> Result<Calibration, RequestError> {
        let mut codes = Vec::new();
        for margin in margins {
            let columns = self.table.all_codes(&margin.by)?;
            let of_rows = columns.into_iter().map(|codes| codes.of_rows(&self.rows));
            codes.push(of_rows.collect::<Vec<Codes>>());
        }
        let codes: Vec<Vec<&Codes>> = codes.iter().map(|c| c.iter().collect()).collect();
        let columns = margins.iter().zip(&codes);
        let columns = columns.map(|(margin, codes)| MarginColumns { margin, codes });
        let columns: Vec<MarginColumns> = columns.collect();
        let row_name = |unit: usize| self.table.row_name(self.rows[unit] as usize, self.id);
        let distance = distance(request, margins.len());
        let calibration =
            Incidence::new(&columns, mass.len(), row_name).and_then(|incidence| calibrate(incidence, mass, distance?));
        calibration.map_err(|error| RequestError::Weight {
            wave: self.wave.map_or(String::new(), |wave| format!(" of wave {wave}")),
            error,
        })
    }
}

fn distance(request: &CalibrationRequest, margins: usize) -> Result<Distance, WeightError> {
    match request.method {
        Method::Raking => Ok(Distance::Raking),
        Method::Linear => Ok(Distance::Linear),
        Method::Poststratification if margins == 1 => Ok(Distance::Raking),
        Method::Poststratification => Err(WeightError::NotOneMargin { margins }),
        Method::Logit => {
            let [lower, upper] = request.bounds.unwrap_or(DEFAULT_BOUNDS.into());
            Ok(Distance::Logit { lower, upper })
        }
    }
}

/// Stacks two waves and joins strata and weights from the stacked design by id and wave.
fn stack(request: &Request, tables: &Tables, first: &Table, second: &Table) -> Result<Table, RequestError> {
    if request.response_cells.is_some() {
        let problem = "waves take strata and weights from stacked_design; drop response_cells";
        return Err(invalid("response_cells", problem));
    }
    let (Some(id), Some(design)) = (&request.design.id, &tables.stacked) else {
        return Err(invalid("design", "waves need an id column and a stacked_design"));
    };
    let mut table = Table::stacked(first, second)?;
    let source = matching_rows(&table, design, id)?;
    if let Some(strata) = &request.design.strata {
        let codes = design.complete_codes(strata)?;
        let labels = source.iter().map(|&row| codes.label(row));
        table.set_codes(strata, Codes::from_labels(labels));
    }
    if let Some(weight) = &request.design.weight {
        let weights = design.complete_numbers(weight, Some(id))?;
        let weights = source.iter().map(|&row| weights[row]).collect();
        table.set_numbers(weight, weights);
    }
    Ok(table)
}

/// For every row of the data the row of the stacked design with its id and wave; both must have the same rows.
fn matching_rows(table: &Table, design: &Table, id: &str) -> Result<Vec<usize>, RequestError> {
    let name = |of: &Table, row: usize| -> Result<(String, String), TableError> {
        let (id, wave) = (of.codes(id)?.label(row), of.codes(WAVE)?.label(row));
        Ok((id.to_owned(), wave.to_owned()))
    };
    let mut rows = BTreeMap::new();
    for row in 0..design.rows() {
        let (id, wave) = name(design, row)?;
        if rows.insert((id.clone(), wave.clone()), row).is_some() {
            let problem = format!("{id:?} stands twice in wave {wave:?}; keep one row");
            return Err(invalid(design.name(), problem));
        }
    }
    let mut source = Vec::with_capacity(table.rows());
    for row in 0..table.rows() {
        let key = name(table, row)?;
        let Some(found) = rows.remove(&key) else {
            let problem = format!("no row for {:?} in wave {:?}; add one", key.0, key.1);
            return Err(invalid(design.name(), problem));
        };
        source.push(found);
    }
    match rows.keys().next() {
        None => Ok(source),
        Some((id, wave)) => {
            let problem = format!("{id:?} in wave {wave:?} is not in the data; drop the row");
            Err(invalid(design.name(), problem))
        }
    }
}

/// N/n of each wave, N being the total of the margins.
fn constant_weights(margins: &[Margin], boundary: usize, rows: usize) -> Vec<f64> {
    let totals = margins.first().map(|margin| margin.totals.iter().map(|(_, total)| *total));
    let population: Sum = totals.into_iter().flatten().collect();
    let weight = |n: usize| population.value() / n as f64;
    let mut weights = vec![weight(boundary); boundary];
    weights.resize(rows, weight(rows - boundary));
    weights
}

fn weights(request: &Request, table: &Table, cells: Option<&RowCells>) -> Result<Vec<f64>, RequestError> {
    let design = &request.design;
    match (cells, &design.weight, design.population) {
        (Some(cells), None, None) => Ok(cells.weight.clone()),
        (None, Some(column), None) => Ok(table.complete_numbers(column, design.id.as_deref())?.to_vec()),
        (None, None, Some(population)) => Ok(vec![population / table.rows() as f64; table.rows()]),
        _ => {
            let problem = "weights come from exactly one of weight, population, response_cells";
            Err(invalid("design", problem))
        }
    }
}

fn populations(request: &Request, table: &Table, cells: Option<&RowCells>) -> Result<Option<Vec<f64>>, RequestError> {
    match (&request.design.fpc, cells) {
        (None, _) => Ok(None),
        (Some(Fpc::Number(population)), _) => Ok(Some(vec![*population; table.rows()])),
        (Some(Fpc::Column(column)), Some(cells)) if column == "cells" => Ok(Some(cells.population.clone())),
        (Some(Fpc::Column(column)), None) if column == "cells" => {
            Err(invalid("design.fpc", "\"cells\" needs response_cells"))
        }
        (Some(Fpc::Column(column)), _) => {
            let id = request.design.id.as_deref();
            Ok(Some(table.complete_numbers(column, id)?.to_vec()))
        }
    }
}

/// Collapses the response cells of a request and looks every row's up.
fn row_cells(request: &Request, tables: &Tables, table: &Table) -> Result<Option<RowCells>, RequestError> {
    let (cells, frame) = match (&request.response_cells, &tables.cells) {
        (Some(cells), Some(frame)) => (cells, frame),
        _ => return Ok(None),
    };
    if request.design.strata.is_some() {
        let problem = "response cells are the strata; set strata to null";
        return Err(invalid("design.strata", problem));
    }
    let id = request.design.id.as_deref();
    let cell_of_row = cells.match_rows(frame, table, id)?;
    let strata = cells.collapse(frame, &cell_of_row)?;
    let stratum_of_row = cell_of_row.iter().filter_map(|&cell| strata.of_cell[cell]);
    let stratum_of_row: Vec<u32> = stratum_of_row.collect();
    let each_row = || stratum_of_row.iter().map(|&stratum| stratum as usize);
    Ok(Some(RowCells {
        stratum: Codes::from_positions(&strata.label, &stratum_of_row),
        weight: each_row().map(|h| strata.weight(h)).collect(),
        population: each_row().map(|h| strata.population[h]).collect(),
    }))
}

impl ResponseCells {
    /// The row of the frame of every row of the data.
    fn match_rows(&self, frame: &Table, table: &Table, id: Option<&str>) -> Result<Vec<usize>, RequestError> {
        let cell_of_key = self.cells_by_key(frame)?;
        let row_keys = Codes::crossed(&table.all_codes(&self.keys)?, table.rows());
        let cell_of_level = row_keys.levels.iter().map(|key| cell_of_key.get(key).copied());
        let cell_of_level: Vec<Option<usize>> = cell_of_level.collect();
        let mut cells = Vec::with_capacity(table.rows());
        for (row, &key) in row_keys.code.iter().enumerate() {
            let cell = cell_of_level[key as usize];
            cells.push(cell.ok_or_else(|| FrameError::UnmatchedCell {
                row: table.row_name(row, id),
                codes: row_keys.label(row).to_owned(),
                frame: frame.name().to_owned(),
            })?);
        }
        Ok(cells)
    }

    /// The rows of the frame with enterprises, by their keys joined with `|`.
    fn cells_by_key(&self, frame: &Table) -> Result<BTreeMap<String, usize>, RequestError> {
        let counts = frame.complete_numbers(&self.count, None)?;
        let keys = Codes::crossed(&frame.all_codes(&self.keys)?, frame.rows());
        let mut seen = vec![false; keys.levels.len()];
        let mut cell_of_key = BTreeMap::new();
        for (cell, (&count, &key)) in counts.iter().zip(&keys.code).enumerate() {
            let codes = keys.label(cell).to_owned();
            let frame = frame.name().to_owned();
            if count < 0.0 {
                return Err(FrameError::BadCount { frame, codes, count }.into());
            }
            if std::mem::replace(&mut seen[key as usize], true) {
                return Err(FrameError::DuplicateCell { frame, codes }.into());
            }
            if count > 0.0 {
                cell_of_key.insert(codes, cell);
            }
        }
        Ok(cell_of_key)
    }

    fn collapse(&self, frame: &Table, cell_of_row: &[usize]) -> Result<Strata, RequestError> {
        let mut respondents = vec![0; frame.rows()];
        for &cell in cell_of_row {
            respondents[cell] += 1;
        }
        let mut levels = Vec::new();
        for columns in &self.levels {
            levels.push(Codes::crossed(&frame.all_codes(columns)?, frame.rows()));
        }
        let default = CollapseRule::default();
        let rule = CollapseRule { nmin: self.nmin.unwrap_or(default.nmin), fmax: self.fmax.unwrap_or(default.fmax) };
        let cells = Cells { population: frame.numbers(&self.count)?.to_vec(), respondents, levels };
        Ok(collapse(&cells, rule)?)
    }
}

/// The margins of a calibration, given or taken from its frame.
fn margins(request: &CalibrationRequest, tables: &Tables) -> Result<Vec<Margin>, RequestError> {
    match (&request.margins, &request.by, &request.count, &tables.margins) {
        (Some(margins), None, None, None) => margins.iter().map(MarginRequest::margin).collect(),
        (None, Some(by), Some(count), Some(frame)) => {
            by.iter().map(|columns| frame_margin(frame, count, columns)).collect()
        }
        _ => {
            let problem = "give either margins, or frame with count and by";
            Err(invalid("calibration", problem))
        }
    }
}

impl MarginRequest {
    fn margin(&self) -> Result<Margin, RequestError> {
        let mut totals = Vec::with_capacity(self.totals.len());
        for (position, row) in self.totals.iter().enumerate() {
            let place = || format!("margin {}, total {}", self.by.join("×"), position + 1);
            let codes = self.by.iter().map(|column| row.get(column).map(Code::text));
            let codes: Option<Vec<String>> = codes.collect();
            match (codes, row.get("count")) {
                (Some(codes), Some(Code::Number(count))) if row.len() == self.by.len() + 1 => {
                    totals.push((codes, *count));
                }
                _ => {
                    let problem = "give a code for each column of by, and a number as count";
                    return Err(invalid(&place(), problem));
                }
            }
        }
        let by = self.by.clone();
        Ok(Margin { by, totals })
    }
}

fn frame_margin(frame: &Table, count: &str, columns: &[String]) -> Result<Margin, RequestError> {
    let counts = frame.complete_numbers(count, None)?;
    let codes = frame.all_codes(columns)?;
    let mut sums: BTreeMap<Vec<String>, Sum> = BTreeMap::new();
    for (row, &count) in counts.iter().enumerate() {
        let category = codes.iter().map(|codes| codes.label(row).to_owned());
        sums.entry(category.collect()).or_default().add(count);
    }
    let totals = sums.into_iter().map(|(codes, sum)| (codes, sum.value()));
    Ok(Margin { by: columns.to_vec(), totals: totals.collect() })
}
