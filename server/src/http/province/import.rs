//! Importing the register.

use std::collections::BTreeMap;

use app::{
    pages::{
        province::import::{self, Ended, Past, PreviewRow, Running, State as PageState, Upload, Waiting},
        sent_file,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::register::{Column, Mapping, Money};
use sha2::{Digest as _, Sha256};
use tokio::task;
use uuid::Uuid;

use super::register::moment;
use crate::{
    clock,
    error::Error,
    export::{self, Cell, Format},
    http::{App, context::Cx, forms::Pairs},
    import::{
        self as work,
        file::{FileError, Headers, Kind},
    },
    store::{Import, NewImport, Store},
};

/// Rejected rows on a page.
const PAGE: i64 = 100;
/// Rejected rows read at once for a download.
const BATCH: i64 = 1_000;
/// How often the page of a running import is asked for again, in seconds.
const REFRESH: &str = "2";

/// `GET /province/register/imports`
pub async fn form(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let page = Upload { imports: past(&app, &cx).await?, ..Upload::default() };
    let title = cx.tr().t("import-title");
    Ok(cx.page(&title, || import::upload(cx.tr(), page)))
}

async fn past(app: &App, cx: &Cx) -> Result<Vec<Past>, Error> {
    let past = |import: Import| Past {
        id: import.id.to_string(),
        state: state(&import, cx),
        uploaded: moment(import.created_at),
        counts: [import.added, import.changed, import.unchanged, import.rejected],
        file_name: import.file_name,
    };
    Ok(app.store().imports().await?.into_iter().map(past).collect())
}

fn state(import: &Import, cx: &Cx) -> PageState {
    match import.state.as_str() {
        "uploaded" => PageState::Uploaded,
        "running" if import.is_interrupted(cx.now) => PageState::Interrupted,
        "running" => PageState::Running,
        "done" => PageState::Done,
        "discarded" => PageState::Discarded,
        _ => PageState::Failed,
    }
}

/// `POST /province/register/imports`: takes a file and proposes what its columns are.
pub async fn upload(State(app): State<App>, cx: Cx, form: Multipart) -> Result<Response, Error> {
    let read = match uploaded(form).await? {
        Ok((file_name, content)) => {
            let looked = task::spawn_blocking(move || look(content)).await.map_err(anyhow::Error::from)?;
            looked.map(|(kind, headers, content)| (file_name, kind, headers, content))
        }
        Err(problem) => Err(problem),
    };
    let (file_name, kind, headers, content) = match read {
        Ok(read) => read,
        Err(problem) => {
            let message = app::pages::province::words::failure(cx.tr(), problem.code());
            let mistakes = vec![Mistake { field: "file".into(), message }];
            let page = Upload { imports: past(&app, &cx).await?, mistakes };
            let title = cx.tr().t("import-title");
            return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || import::upload(cx.tr(), page)));
        }
    };
    let account = cx.visitor.as_ref().map(|visitor| visitor.account);
    let id = store_file(app.store(), &file_name, kind, &headers, &content, account).await?;
    Ok(Redirect::to(&format!("/province/register/imports/{id}")).into_response())
}

/// Stores a file with what is proposed for its columns: as the last time, if it has the headers of an earlier file.
///
/// # Errors
/// When the database fails.
pub async fn store_file(
    store: &Store,
    file_name: &str,
    kind: Kind,
    headers: &Headers,
    content: &[u8],
    account: Option<Uuid>,
) -> Result<Uuid, sqlx::Error> {
    let remembered = store.remembered_mapping(hash(&headers.names)).await?;
    let mapping = remembered.unwrap_or_else(|| Mapping::propose(&headers.names));
    let new = NewImport {
        id: clock::id(),
        file_name,
        format: kind.as_str(),
        headers: &headers.names,
        mapping: &mapping,
        lines: i64::try_from(headers.rows).unwrap_or(i64::MAX),
        content,
        account,
        event: clock::id(),
        at: clock::now(),
    };
    store.add_import(&new).await?;
    Ok(new.id)
}

/// What files with the same headers have in common.
#[must_use]
pub fn hash(headers: &[String]) -> [u8; 32] {
    Sha256::digest(headers.join("\u{1f}").as_bytes()).into()
}

fn look(content: Vec<u8>) -> Result<(Kind, Headers, Vec<u8>), FileError> {
    let kind = Kind::of(&content)?;
    let headers = kind.headers(&content)?;
    Ok((kind, headers, content))
}

/// The file of a form: its name and its content.
///
/// # Errors
/// When the form is damaged; a file that is missing or too large is the inner error.
pub async fn uploaded(mut form: Multipart) -> Result<Result<(String, Vec<u8>), FileError>, Error> {
    let too_large = |error: &MultipartError| error.status() == StatusCode::PAYLOAD_TOO_LARGE;
    while let Some(field) = form.next_field().await.map_err(|_| Error::BadRequest("the form is damaged"))? {
        if field.name() != Some("file") {
            continue;
        }
        let name: String = field.file_name().unwrap_or_default().chars().take(200).collect();
        return match field.bytes().await {
            Ok(content) => Ok(Ok((model::text::nfc(&name), content.to_vec()))),
            Err(error) if too_large(&error) => Ok(Err(FileError::TooLarge)),
            Err(_) => Err(Error::BadRequest("the upload broke off")),
        };
    }
    Ok(Err(FileError::Empty))
}

/// `GET /province/register/imports/{import}`
pub async fn show(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, uri: Uri) -> Result<Response, Error> {
    let found = app.store().import(id).await?.ok_or(Error::NotFound)?;
    match state(&found, &cx) {
        PageState::Uploaded => waiting(&app, &cx, found, StatusCode::OK, Vec::new()).await,
        PageState::Running => Ok(running(&cx, found)),
        state => ended(&app, &cx, found, state, &uri).await,
    }
}

async fn waiting(
    app: &App,
    cx: &Cx,
    found: Import,
    status: StatusCode,
    mistakes: Vec<Mistake>,
) -> Result<Response, Error> {
    let remembered = app.store().remembered_mapping(hash(&found.headers)).await?.as_ref() == Some(&found.mapping);
    let preview = if found.mapping.missing().is_empty() {
        let content = app.store().import_content(found.id).await?;
        let mapping = found.mapping.clone();
        let done = task::spawn_blocking(move || preview(&content, &mapping)).await.map_err(anyhow::Error::from)?;
        done.ok()
    } else {
        None
    };
    let page = Waiting {
        id: found.id.to_string(),
        file_name: found.file_name,
        headers: found.headers,
        mapping: found.mapping,
        remembered,
        mistakes,
        preview,
    };
    let title = cx.tr().t("import-columns");
    if status == StatusCode::OK {
        return Ok(cx.page(&title, || import::waiting(cx.tr(), page)));
    }
    Ok(cx.refused(status, &title, || import::waiting(cx.tr(), page)))
}

fn preview(content: &[u8], mapping: &Mapping) -> Result<import::Preview, FileError> {
    let kind = Kind::of(content)?;
    let headers = kind.headers(content)?;
    let preview = work::preview(kind, content, headers.line, mapping)?;
    let said = |cells: &[String], column| {
        mapping.columns.get(&column).and_then(|at| cells.get(*at)).cloned().unwrap_or_default()
    };
    let rows = preview.rows.into_iter().map(|row| PreviewRow {
        line: row.line,
        who: [said(&row.cells, Column::TaxCode), said(&row.cells, Column::Name)],
        read: row.read.map(|entry| {
            let unit = entry.place.unit.map(|unit| unit.code.clone()).unwrap_or_default();
            let size = entry.size.map_or("unknown", model::size::SizeClass::as_str).to_owned();
            [unit, entry.place.district.code.clone(), entry.activity.division.section.clone(), size]
        }),
    });
    Ok(import::Preview { checked: preview.checked, rejected: preview.rejected, rows: rows.collect() })
}

fn running(cx: &Cx, found: Import) -> Response {
    let page = Running {
        href: format!("/province/register/imports/{}", found.id),
        file_name: found.file_name,
        position: found.position,
        lines: found.lines,
    };
    let title = cx.tr().t("import-running-title");
    let mut response = cx.page(&title, || import::running(cx.tr(), page));
    // The browser asks again by itself, with or without scripts.
    response.headers_mut().insert(header::REFRESH, HeaderValue::from_static(REFRESH));
    response
}

async fn ended(app: &App, cx: &Cx, found: Import, state: PageState, uri: &Uri) -> Result<Response, Error> {
    let href = format!("/province/register/imports/{}", found.id);
    let after = Pairs::decode(uri.query().unwrap_or_default()).get("after").parse().unwrap_or(0);
    let mut rows = app.store().rejections(found.id, after, PAGE + 1).await?;
    let shown = usize::try_from(PAGE).unwrap_or(usize::MAX);
    let is_more = rows.len() > shown;
    rows.truncate(shown);
    let next = rows.last().filter(|_| is_more).map(|last| format!("{href}?after={}", last.line));
    let rejected = rows.into_iter().map(|row| sent_file::Rejected {
        line: row.line,
        who: [row.tax_code, row.name],
        problems: row.problems,
    });
    let page = Ended {
        rejected: rejected.collect(),
        next,
        first: (after > 0).then(|| href.clone()),
        href,
        file_name: found.file_name,
        state,
        failure: found.failure,
        counts: [found.added, found.changed, found.unchanged, found.rejected],
    };
    let title = cx.tr().t("import-title");
    Ok(cx.page(&title, || import::ended(cx.tr(), page)))
}

/// `POST /province/register/imports/{import}`: sets what the columns are, starts, or starts again.
pub async fn act(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let found = app.store().import(id).await?.ok_or(Error::NotFound)?;
    let account = cx.visitor.as_ref().map(|visitor| visitor.account);
    if form.get("do") != "repeat" {
        let mapping = mapping(&form, found.headers.len());
        let mistakes = mistakes(&cx, &mapping);
        if !mistakes.is_empty() {
            let found = Import { mapping, ..found };
            return waiting(&app, &cx, found, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await;
        }
        app.store().map_import(id, hash(&found.headers), &mapping, (account, clock::id()), cx.now).await?;
    }
    let href = format!("/province/register/imports/{id}");
    if form.get("do") != "preview" {
        if app.store().start_import(id, account, clock::id(), cx.now).await? {
            work::spawn(app.store().clone(), id);
        } else if found.state == "uploaded" {
            let message = cx.tr().t("import-busy").into_owned();
            let found = app.store().import(id).await?.ok_or(Error::NotFound)?;
            let mistakes = vec![Mistake { field: "tax_code".into(), message }];
            return waiting(&app, &cx, found, StatusCode::CONFLICT, mistakes).await;
        }
    }
    Ok(Redirect::to(&href).into_response())
}

/// What was chosen for the columns; positions that the file does not have choose nothing.
fn mapping(form: &Pairs, width: usize) -> Mapping {
    let at = |column: Column| form.get(column.as_str()).parse::<usize>().ok().filter(|at| *at < width);
    let columns: BTreeMap<Column, usize> =
        Column::ALL.into_iter().filter_map(|column| Some((column, at(column)?))).collect();
    let money = Money::ALL.into_iter().find(|money| money.as_str() == form.get("money")).unwrap_or_default();
    let vsic = form.get("vsic").parse().unwrap_or(model::classification::Vsic::V2025);
    Mapping { columns, vsic, money }
}

fn mistakes(cx: &Cx, mapping: &Mapping) -> Vec<Mistake> {
    let missing = mapping.missing().into_iter().map(|column| {
        let message =
            if column == Column::Unit { cx.tr().t("import-needs-place") } else { cx.tr().t("import-needs-column") };
        Mistake { field: column.as_str().into(), message: message.into_owned() }
    });
    let twice = mapping
        .used_twice()
        .into_iter()
        .map(|column| Mistake { field: column.as_str().into(), message: cx.tr().t("import-twice").into_owned() });
    missing.chain(twice).collect()
}

/// `GET /province/register/imports/{import}/rejected`: the rejected rows as a file.
pub async fn rejected(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, uri: Uri) -> Result<Response, Error> {
    app.store().import(id).await?.ok_or(Error::NotFound)?;
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let format: Format = asked.get("format").parse().map_err(|_| Error::BadRequest("no such kind of file"))?;
    let headers = import::rejected_headers(cx.tr());
    let (store, lang) = (app.store().clone(), cx.lang);
    export::download(format, "rejected-rows", &headers, 0, move |after| {
        let store = store.clone();
        async move {
            let rows = store.rejections(id, after, BATCH).await?;
            let last = rows.last().map_or(after, |row| row.line);
            let cells = rows.into_iter().map(|row| {
                let problems = import::problems_in_words(lang, &row.problems);
                vec![Cell::Whole(row.line), row.tax_code.into(), row.name.into(), problems.into()]
            });
            Ok((cells.collect(), last))
        }
    })
    .await
}
