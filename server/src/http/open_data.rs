//! Open data: every figure of a release as a file with a stable address, and a description of the interface.
//!
//! Everything reads the documents of releases and nothing else.

use std::io::Read as _;

use anyhow::Context as _;
use app::{
    i18n::Tr,
    pages::indicators::{order, words},
};
use axum::{
    body::Bytes,
    extract::{Path, State},
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    release::{Domain, Figure, GROUPS, Indicator, Measure, Release, TableKind, canonical},
    text::Lang,
};
use serde_json::{Value, json};

use super::{
    App,
    context::Cx,
    indicators::{Key, Made, parse},
};
use crate::{
    error::Error,
    export::{Cell, Csv, Xlsx},
};

/// The name of the data flow in SDMX.
const DATAFLOW: &str = "BN:THUOCSO(1.0)";

/// How long a reader may keep a file without asking.
const CACHING: &str = "public, max-age=3600";

/// `GET /data/releases`: the releases, newest first.
pub async fn releases(State(app): State<App>) -> Result<Response, Error> {
    let head = |head: crate::store::ReleaseHead| {
        json!({
            "number": head.number,
            "campaign": { "vi": head.title_vi, "en": head.title_en },
            "hash": head.hash,
            "document": format!("/data/releases/{}/release.json", head.number),
        })
    };
    let all: Vec<Value> = app.store().releases().await?.into_iter().map(head).collect();
    Ok(open(json_response(&json!({ "releases": all }))))
}

/// `GET /data/latest/{file}`: leads to the file of the newest release.
pub async fn latest(State(app): State<App>, Path(file): Path<String>) -> Result<Response, Error> {
    match app.store().latest_release().await? {
        0 => Err(Error::NotFound),
        number if kind(&file).is_some() => {
            Ok(open(Redirect::temporary(&format!("/data/releases/{number}/{file}")).into_response()))
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /data/releases/{number}/{file}`
pub async fn file(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    Path((number, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let number = parse(&number)?;
    let media = kind(&file).ok_or(Error::NotFound)?;
    made(&app, &cx, &headers, number, media, |release| content(release, &file)).await
}

/// `GET /data/releases/{number}/indicators/{file}`: one indicator as CSV.
pub async fn indicator(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    Path((number, file)): Path<(String, String)>,
) -> Result<Response, Error> {
    let number = parse(&number)?;
    let id = file.strip_suffix(".csv").ok_or(Error::NotFound)?.to_owned();
    made(&app, &cx, &headers, number, CSV, move |release| {
        let indicator = release.indicator(&id).ok_or(Error::NotFound)?;
        Ok(csv(&HEADERS, &rows(release, std::slice::from_ref(indicator))))
    })
    .await
}

/// `GET /data/openapi.json`
pub async fn openapi() -> Response {
    open(json_response(&description()))
}

const CSV: &str = "text/csv; charset=utf-8";
const JSON: &str = "application/json";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const SDMX: &str = "application/vnd.sdmx.data+csv; version=2.0.0; charset=utf-8";

/// The files of a release with their media types.
const FILES: [(&str, &str); 6] = [
    ("release.json", JSON),
    ("certificate.json", JSON),
    ("figures.csv", CSV),
    ("figures.xlsx", XLSX),
    ("figures.sdmx.csv", SDMX),
    ("codelists.csv", CSV),
];

const HEADERS: [&str; 16] = [
    "release",
    "indicator",
    "indicator_vi",
    "indicator_en",
    "unit",
    "table",
    "code",
    "name_vi",
    "name_en",
    "enterprises",
    "value",
    "low",
    "high",
    "se",
    "n",
    "flag",
];

fn kind(file: &str) -> Option<&'static str> {
    FILES.iter().find(|(name, _)| *name == file).map(|(_, media)| *media)
}

/// The file, made once.
async fn made(
    app: &App,
    cx: &Cx,
    headers: &HeaderMap,
    number: i64,
    media: &'static str,
    content: impl FnOnce(&Release) -> Result<Bytes, Error>,
) -> Result<Response, Error> {
    let key = Key::file(cx.path.split('?').next().unwrap_or_default());
    if let Some(made) = app.published().page(&key) {
        return Ok(open(made.answer(headers, CACHING)));
    }
    let release = app.document(number).await?;
    let made = Made::new(content(&release)?, media).await?;
    Ok(open(app.published().keep(key, made).answer(headers, CACHING)))
}

fn json_response(value: &Value) -> Response {
    ([(header::CONTENT_TYPE, JSON)], value.to_string()).into_response()
}

/// Open data may be read from pages of others.
fn open(mut response: Response) -> Response {
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    response
}

fn content(release: &Release, file: &str) -> Result<Bytes, Error> {
    Ok(match file {
        "release.json" => canonical(release).into(),
        "certificate.json" => {
            let certificate = json!({
                "release": release.number, "hash": release.hash, "certificate": release.certificate,
                "parameters": release.parameters,
            });
            canonical(&certificate).into()
        }
        "figures.csv" => csv(&HEADERS, &rows(release, &release.indicators)),
        "figures.xlsx" => xlsx(&HEADERS, &rows(release, &release.indicators), &release.issued)?,
        "figures.sdmx.csv" => csv(&SDMX_HEADERS, &sdmx(release)),
        "codelists.csv" => csv(&["list", "code", "name_vi", "name_en"], &codelists(release)),
        _ => return Err(Error::NotFound),
    })
}

/// One row per figure.
fn rows(release: &Release, indicators: &[Indicator]) -> Vec<Vec<Cell>> {
    let row = |indicator: &Indicator, domain: &Domain, figure: Figure| {
        let [value, low, high, se] = numbers(figure);
        vec![
            Cell::Whole(i64::from(release.number)),
            Cell::from(indicator.id.as_str()),
            Cell::from(indicator.name.vi.as_str()),
            Cell::from(indicator.name.en.as_str()),
            Cell::from(unit(indicator.measure)),
            Cell::from(domain.table.as_str()),
            Cell::from(domain.code.as_str()),
            Cell::from(words::domain(Tr::new(Lang::Vi), domain)),
            Cell::from(words::domain(Tr::new(Lang::En), domain)),
            Cell::Whole(i64::from(domain.enterprises)),
            value,
            low,
            high,
            se,
            Cell::from(respondents(figure)),
            Cell::from(figure.flag()),
        ]
    };
    let of = |indicator: &Indicator| {
        let domains = order::domains(release).into_iter();
        domains.map(|(position, domain)| row(indicator, domain, indicator.figures[position])).collect::<Vec<_>>()
    };
    indicators.iter().flat_map(of).collect()
}

fn numbers(figure: Figure) -> [Cell; 4] {
    match figure {
        Figure::Published { value, low, high, se, .. } => [value, low, high, se].map(Cell::Decimal),
        Figure::Confidential | Figure::Unreliable => [Cell::Empty, Cell::Empty, Cell::Empty, Cell::Empty],
    }
}

fn respondents(figure: Figure) -> &'static str {
    match figure {
        Figure::Published { n, .. } => n.code(),
        Figure::Confidential | Figure::Unreliable => "",
    }
}

fn unit(measure: Measure) -> &'static str {
    match measure {
        Measure::Score => "points",
        Measure::Share | Measure::Percentage | Measure::Ratio => "percent",
    }
}

const SDMX_HEADERS: [&str; 17] = [
    "STRUCTURE",
    "STRUCTURE_ID",
    "ACTION",
    "FREQ",
    "TIME_PERIOD",
    "INDICATOR",
    "BREAKDOWN",
    "DOMAIN",
    "OBS_VALUE",
    "LOWER",
    "UPPER",
    "STD_ERROR",
    "UNIT_MEASURE",
    "N_CLASS",
    "OBS_STATUS",
    "CONF_STATUS",
    "RELEASE",
];

/// SDMX-CSV 2.0, with the code lists of SDMX for the status of an observation (A normal, U of low reliability, Q
/// suppressed) and its confidentiality (F free, C confidential).
fn sdmx(release: &Release) -> Vec<Vec<Cell>> {
    let period = release.campaign.opens.split('-').next().unwrap_or_default().to_owned();
    let row = |indicator: &Indicator, domain: &Domain, figure: Figure| {
        let [value, low, high, se] = numbers(figure);
        let (status, confidentiality) = match figure {
            Figure::Published { caution: false, .. } => ("A", "F"),
            Figure::Published { caution: true, .. } => ("U", "F"),
            Figure::Confidential => ("Q", "C"),
            Figure::Unreliable => ("Q", "F"),
        };
        let mut cells: Vec<Cell> =
            ["dataflow", DATAFLOW, "I", "A", &period, &indicator.id, domain.table.as_str()].map(Cell::from).into();
        cells.push(Cell::from(if domain.code.is_empty() { "_T" } else { &domain.code }));
        cells.extend([value, low, high, se]);
        cells.extend([unit(indicator.measure), respondents(figure), status, confidentiality].map(Cell::from));
        cells.push(Cell::Whole(i64::from(release.number)));
        cells
    };
    let of = |indicator: &Indicator| {
        let domains = order::domains(release).into_iter();
        domains.map(|(position, domain)| row(indicator, domain, indicator.figures[position])).collect::<Vec<_>>()
    };
    release.indicators.iter().flat_map(of).collect()
}

/// Every code of the files in words.
fn codelists(release: &Release) -> Vec<Vec<Cell>> {
    let (vi, en) = (Tr::new(Lang::Vi), Tr::new(Lang::En));
    let line = |list: &str, code: &str, vi: &str, en: &str| [list, code, vi, en].map(Cell::from).to_vec();
    let mut lines = Vec::new();
    for indicator in &release.indicators {
        lines.push(line("INDICATOR", &indicator.id, &indicator.name.vi, &indicator.name.en));
    }
    for table in TableKind::ALL.into_iter().filter(|table| release.domains_of(*table).next().is_some()) {
        lines.push(line("BREAKDOWN", table.as_str(), &words::table(vi, table), &words::table(en, table)));
    }
    for (_, domain) in order::domains(release) {
        let code = if domain.code.is_empty() { "_T" } else { &domain.code };
        lines.push(line("DOMAIN", code, &words::domain(vi, domain), &words::domain(en, domain)));
    }
    for group in GROUPS {
        lines.push(line("INDUSTRY_GROUP", group.code, group.sections, group.sections));
    }
    for (code, vi, en) in [
        ("A", "bình thường", "normal value"),
        ("U", "độ tin cậy thấp", "low reliability"),
        ("Q", "không công bố", "suppressed"),
    ] {
        lines.push(line("OBS_STATUS", code, vi, en));
    }
    for (code, vi, en) in [("F", "công khai", "free"), ("C", "giữ kín", "confidential")] {
        lines.push(line("CONF_STATUS", code, vi, en));
    }
    for (code, vi, en) in [("points", "điểm", "points"), ("percent", "phần trăm", "per cent")] {
        lines.push(line("UNIT_MEASURE", code, vi, en));
    }
    lines
}

fn csv(headers: &[&str], rows: &[Vec<Cell>]) -> Bytes {
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let mut csv = Csv::begin(&headers);
    csv.rows(rows);
    csv.take().into()
}

fn xlsx(headers: &[&str], rows: &[Vec<Cell>], issued: &str) -> Result<Bytes, Error> {
    let headers: Vec<String> = headers.iter().map(|header| (*header).to_owned()).collect();
    let mut workbook = Xlsx::begin(&headers)?;
    workbook.dated(issued)?;
    workbook.rows(rows)?;
    let mut bytes = Vec::new();
    workbook.finish()?.read_to_end(&mut bytes).context("a workbook")?;
    Ok(bytes.into())
}

/// The interface in OpenAPI 3.1.
fn description() -> Value {
    let number =
        json!({ "name": "number", "in": "path", "required": true, "schema": { "type": "integer", "minimum": 1 } });
    let file = |name: &str, media: &str| {
        let about = format!("The file {name} of a release. It never changes; answers carry an ETag.");
        let content = json!({ media: {} });
        json!({ "get": {
            "summary": about, "parameters": [number],
            "responses": { "200": { "description": "The file", "content": content },
                           "304": { "description": "The reader has it" }, "404": { "description": "No such release" } },
        } })
    };
    let mut paths = serde_json::Map::new();
    paths.insert("/data/releases".into(), json!({ "get": {
        "summary": "The releases, newest first", "responses": { "200": { "description": "A list", "content": { JSON: {} } } },
    } }));
    for (name, media) in FILES {
        paths.insert(format!("/data/releases/{{number}}/{name}"), file(name, media));
        paths.insert(
            format!("/data/latest/{name}"),
            json!({ "get": {
            "summary": format!("Leads to {name} of the newest release"),
            "responses": { "307": { "description": "The address of the file" } },
        } }),
        );
    }
    let id = json!({ "name": "indicator", "in": "path", "required": true, "schema": { "type": "string" } });
    paths.insert(
        "/data/releases/{number}/indicators/{indicator}.csv".into(),
        json!({ "get": {
        "summary": "One indicator by every table", "parameters": [number, id],
        "responses": { "200": { "description": "The file", "content": { CSV: {} } } },
    } }),
    );
    json!({
        "openapi": "3.1.0",
        "info": { "title": "Thước Số: open data", "version": "1" },
        "paths": paths,
    })
}
