//! An association lists its members by a file: upload, what the columns are, what came of it.

use std::collections::BTreeMap;

use app::{
    pages::{
        member_import::{self as pages, Ended, Past, Preview, Upload, Waiting},
        province::words,
        sent_file::Rejected,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Multipart, Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use model::register::{Column, Mapping};
use tokio::task;
use uuid::Uuid;

use super::{
    App,
    context::{Cx, moment},
    forms::Pairs,
    province::import::uploaded,
};
use crate::{
    clock,
    error::Error,
    export::{self, Cell, Format},
    import::{
        file::FileError,
        members::{self, Members, RejectedRow},
    },
    store::{MemberImport, MemberRejected, NewMemberImport},
};

/// Rows that the preview shows.
const SHOWN: usize = 10;

/// `GET /association/imports`
pub async fn form(cx: Cx) -> Result<Response, Error> {
    let page = upload_page(&cx, Vec::new()).await?;
    let title = cx.tr().t("member-import-title");
    Ok(cx.page(&title, || pages::upload(cx.tr(), page)))
}

async fn upload_page(cx: &Cx, mistakes: Vec<Mistake>) -> Result<Upload, Error> {
    let staff = cx.staff()?;
    let past = cx.app.store().member_imports(staff.association).await?.into_iter().map(|import| Past {
        id: import.id.to_string(),
        uploaded: moment(import.created_at),
        counts: counts(&import),
        file_name: import.file_name,
    });
    Ok(Upload { association: staff.name, past: past.collect(), mistakes })
}

fn counts(import: &MemberImport) -> [i64; 4] {
    let rejected = i64::try_from(import.rejected.len()).unwrap_or(i64::MAX);
    [import.added, import.changed, import.unchanged, rejected]
}

/// `POST /association/imports`: takes a file and proposes what its columns are.
pub async fn upload(State(app): State<App>, cx: Cx, form: Multipart) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let looked = match uploaded(form).await? {
        Ok((file_name, content)) => {
            let look = move || members::headers(&content).map(|headers| (file_name, headers, content));
            task::spawn_blocking(look).await.map_err(anyhow::Error::from)?
        }
        Err(problem) => Err(problem),
    };
    let (file_name, headers, content) = match looked {
        Ok(looked) => looked,
        Err(problem) => {
            let mistakes = vec![Mistake { field: "file".into(), message: complaint(&cx, problem) }];
            let page = upload_page(&cx, mistakes).await?;
            let title = cx.tr().t("member-import-title");
            return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || pages::upload(cx.tr(), page)));
        }
    };
    let remembered = app.store().member_mapping(staff.association, &headers.names).await?;
    let new = NewMemberImport {
        id: clock::id(),
        association: staff.association,
        file_name: &file_name,
        headers: &headers.names,
        mapping: &remembered.unwrap_or_else(|| proposed(&headers.names)),
        content: &content,
        account: staff.account,
        at: cx.now,
    };
    app.store().add_member_import(&new).await?;
    Ok(Redirect::to(&address(new.id)).into_response())
}

/// What the headers say, of the columns that a list of members has.
fn proposed(headers: &[String]) -> Mapping {
    let mut mapping = Mapping::propose(headers);
    mapping.columns.retain(|column, _| pages::COLUMNS.contains(column));
    mapping
}

fn complaint(cx: &Cx, problem: FileError) -> String {
    let most = members::MOST_ROWS.to_string();
    match problem {
        FileError::TooLarge => cx.tr().t("member-import-too-large").into_owned(),
        FileError::TooManyRows => cx.tr().with("member-import-too-many", [("most", &most)]),
        other => words::failure(cx.tr(), other.code()),
    }
}

/// `GET /association/imports/{import}`
pub async fn show(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let found = load(&cx, id).await?;
    if found.state == "uploaded" {
        waiting(&cx, found, StatusCode::OK, Vec::new()).await
    } else {
        Ok(ended(&cx, found))
    }
}

async fn load(cx: &Cx, id: Uuid) -> Result<MemberImport, Error> {
    cx.app.store().member_import(id, cx.staff()?.association).await?.ok_or(Error::NotFound)
}

/// The rows of a file that waits.
async fn rows(cx: &Cx, found: &MemberImport) -> Result<Result<Members, FileError>, Error> {
    let content = cx.app.store().member_file(found.id, cx.staff()?.association).await?.ok_or(Error::NotFound)?;
    let mapping = found.mapping.clone();
    Ok(task::spawn_blocking(move || members::read(&content, &mapping)).await.map_err(anyhow::Error::from)?)
}

async fn waiting(
    cx: &Cx,
    found: MemberImport,
    status: StatusCode,
    mut mistakes: Vec<Mistake>,
) -> Result<Response, Error> {
    let mut preview = None;
    if found.mapping.columns.contains_key(&Column::TaxCode) {
        match rows(cx, &found).await? {
            Ok(read) => preview = Some(shown(read)),
            Err(problem) => mistakes.push(Mistake { field: "tax_code".into(), message: complaint(cx, problem) }),
        }
    }
    let page = Waiting {
        href: address(found.id),
        file_name: found.file_name,
        headers: found.headers,
        columns: found.mapping.columns,
        preview,
        mistakes,
    };
    let title = cx.tr().t("import-columns");
    if status == StatusCode::OK {
        return Ok(cx.page(&title, || pages::waiting(cx.tr(), page)));
    }
    Ok(cx.refused(status, &title, || pages::waiting(cx.tr(), page)))
}

fn shown(read: Members) -> Preview {
    let first = read.taken.iter().take(SHOWN).map(|(line, one)| {
        let text = |text: Option<&str>| text.unwrap_or_default().to_owned();
        let phone = one.phone.as_ref().map(ToString::to_string);
        let cells = [
            one.tax_code.to_string(),
            one.name.clone(),
            text(one.email.as_ref().map(|email| email.as_str())),
            text(phone.as_deref()),
        ];
        (*line, cells)
    });
    Preview {
        first: first.collect(),
        taken: read.taken.len(),
        rejected: read.rejected.into_iter().map(|row| page_row(stored(row))).collect(),
    }
}

fn stored(row: RejectedRow) -> MemberRejected {
    let [tax_code, name] = row.who;
    MemberRejected { line: i64::try_from(row.line).unwrap_or(i64::MAX), tax_code, name, problems: row.problems }
}

fn page_row(row: MemberRejected) -> Rejected {
    Rejected { line: row.line, who: [row.tax_code, row.name], problems: row.problems }
}

fn ended(cx: &Cx, found: MemberImport) -> Response {
    let page = Ended {
        href: address(found.id),
        counts: counts(&found),
        file_name: found.file_name,
        rejected: found.rejected.into_iter().map(page_row).collect(),
    };
    let title = cx.tr().t("member-import-done");
    cx.page(&title, || pages::ended(cx.tr(), page))
}

/// `POST /association/imports/{import}`: sets what the columns are, and lists the members unless `do` is `preview`.
pub async fn act(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let found = load(&cx, id).await?;
    if found.state != "uploaded" {
        // Sent twice: the page of what came of it.
        return Ok(Redirect::to(&address(id)).into_response());
    }
    let mapping = mapping(&form, &found);
    let mistakes = mistakes(&cx, &mapping);
    let found = MemberImport { mapping, ..found };
    if !mistakes.is_empty() {
        return waiting(&cx, found, StatusCode::UNPROCESSABLE_ENTITY, mistakes).await;
    }
    app.store().map_member_import(id, staff.association, &found.mapping).await?;
    if form.get("do") == "preview" {
        return Ok(Redirect::to(&address(id)).into_response());
    }
    let Ok(read) = rows(&cx, &found).await? else {
        return waiting(&cx, found, StatusCode::UNPROCESSABLE_ENTITY, Vec::new()).await;
    };
    let taken: Vec<_> = read.taken.into_iter().map(|(_, contact)| (clock::id(), contact)).collect();
    let rejected: Vec<_> = read.rejected.into_iter().map(stored).collect();
    app.store().run_member_import(id, staff.association, (&taken, &rejected), staff.account, cx.by()).await?;
    Ok(Redirect::to(&address(id)).into_response())
}

/// What was chosen for the columns; positions that the file does not have choose nothing.
fn mapping(form: &Pairs, found: &MemberImport) -> Mapping {
    let at = |column: Column| form.get(column.as_str()).parse().ok().filter(|at| *at < found.headers.len());
    let columns: BTreeMap<Column, usize> =
        pages::COLUMNS.into_iter().filter_map(|column| Some((column, at(column)?))).collect();
    Mapping { columns, ..found.mapping.clone() }
}

fn mistakes(cx: &Cx, mapping: &Mapping) -> Vec<Mistake> {
    let mistake = |column: Column, message: String| Mistake { field: column.as_str().into(), message };
    let needed = (!mapping.columns.contains_key(&Column::TaxCode))
        .then(|| mistake(Column::TaxCode, cx.tr().t("import-needs-column").into_owned()));
    let twice = mapping.used_twice().into_iter().map(|column| mistake(column, cx.tr().t("import-twice").into_owned()));
    needed.into_iter().chain(twice).collect()
}

/// `GET /association/imports/{import}/rejected`: the rejected rows as a file.
pub async fn rejected(cx: Cx, Path(id): Path<Uuid>, uri: Uri) -> Result<Response, Error> {
    let found = load(&cx, id).await?;
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let format: Format = asked.get("format").parse().map_err(|_| Error::BadRequest("no such kind of file"))?;
    let headers = app::pages::province::import::rejected_headers(cx.tr());
    let lang = cx.lang;
    export::download(format, "rejected-rows", &headers, found.rejected, move |rows| async move {
        let cells = rows.into_iter().map(|row| {
            let problems = app::pages::province::import::problems_in_words(lang, &row.problems);
            vec![Cell::Whole(row.line), row.tax_code.into(), row.name.into(), problems.into()]
        });
        Ok((cells.collect(), Vec::new()))
    })
    .await
}

fn address(id: Uuid) -> String {
    format!("/association/imports/{id}")
}
