//! Questionnaire versions, for the administrator.

use app::pages::{
    province::questionnaires::{self, Comparison, Line, Preview, Versions},
    sheet::Sheet,
};
use axum::{
    extract::{Multipart, Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::questionnaire::{Questionnaire, compare::compare};
use time::OffsetDateTime;

use crate::{
    clock,
    error::Error,
    http::{
        App,
        context::{Cx, moment},
        forms::Pairs,
    },
    store::By,
};

/// `GET /province/questionnaires`
pub async fn list(cx: Cx) -> Result<Response, Error> {
    let page = versions(&cx).await?;
    let title = cx.tr().t("questionnaires-title");
    Ok(cx.page(&title, || questionnaires::versions(cx.tr(), page)))
}

/// `POST /province/questionnaires`: checks a file and keeps it as a draft when nothing is wrong with it.
pub async fn upload(State(app): State<App>, cx: Cx, form: Multipart) -> Result<Response, Error> {
    let Ok(file) = String::from_utf8(file(form).await?) else {
        return refuse(&cx, Vec::new(), Some(cx.tr().t("questionnaire-not-text").into_owned())).await;
    };
    if file.trim().is_empty() {
        return refuse(&cx, Vec::new(), Some(cx.tr().t("questionnaire-no-file").into_owned())).await;
    }
    let questionnaire = match Questionnaire::parse(&file) {
        Ok(questionnaire) => questionnaire,
        Err(problems) => return refuse(&cx, problems, None).await,
    };
    let document = serde_json::to_value(&questionnaire).map_err(anyhow::Error::from)?;
    let (id, version) = (&questionnaire.id, &questionnaire.version);
    if !app.store().draft_questionnaire(id, version, &document, &by(&cx)?).await? {
        let name = format!("{id} {version}");
        return refuse(&cx, Vec::new(), Some(cx.tr().with("questionnaire-exists", [("version", &name)]))).await;
    }
    Ok(Redirect::to(&address(id, version)).into_response())
}

/// `GET /province/questionnaires/{id}/{version}`
pub async fn preview(cx: Cx, Path((id, version)): Path<(String, String)>) -> Result<Response, Error> {
    show(&cx, &id, &version, StatusCode::OK).await
}

/// `POST /province/questionnaires/{id}/{version}`: publishes the draft that was looked at.
pub async fn publish(
    State(app): State<App>,
    cx: Cx,
    Path((id, version)): Path<(String, String)>,
    form: Pairs,
) -> Result<Response, Error> {
    let seen = form.get("uploaded").parse().ok().and_then(|seen| OffsetDateTime::from_unix_timestamp(seen).ok());
    let seen = seen.ok_or(Error::BadRequest("which draft?"))?;
    let published = app.store().publish_draft(&id, &version, seen, &by(&cx)?).await?;
    if published || app.store().questionnaire(&id, &version).await?.is_some() {
        return Ok(Redirect::to(&address(&id, &version)).into_response());
    }
    show(&cx, &id, &version, StatusCode::CONFLICT).await
}

/// `GET /province/questionnaires/{id}/{version}/compare?with=…`
pub async fn comparison(cx: Cx, Path((id, version)): Path<(String, String)>) -> Result<Response, Error> {
    let with = cx.query().get("with").to_owned();
    let (other_id, other_version) = with.split_once(' ').ok_or(Error::NotFound)?;
    let (newer, _) = find(&cx, &id, &version).await?;
    let (older, _) = find(&cx, other_id, other_version).await?;
    let page = Comparison {
        older_name: with.clone(),
        newer_name: format!("{id} {version}"),
        href: address(&id, &version),
        differences: compare(&older, &newer),
        older: &older,
        newer: &newer,
    };
    let title = cx.tr().t("questionnaire-differences");
    Ok(cx.page(&title, || questionnaires::comparison(cx.tr(), &page)))
}

async fn show(cx: &Cx, id: &str, version: &str, status: StatusCode) -> Result<Response, Error> {
    let (questionnaire, draft) = find(cx, id, version).await?;
    let name = format!("{id} {version}");
    let published = cx.app.store().questionnaire_versions().await?;
    let others = published.into_iter().map(|(id, version, _)| format!("{id} {version}"));
    let page = Preview {
        href: address(id, version),
        sheet: &Sheet::new(&questionnaire, cx.lang),
        questionnaire: &questionnaire,
        draft: draft.map(OffsetDateTime::unix_timestamp),
        stale: status != StatusCode::OK,
        others: others.filter(|other| *other != name).collect(),
        name: name.clone(),
    };
    Ok(match status {
        StatusCode::OK => cx.page(&name, || questionnaires::preview(cx.tr(), &page)),
        _ => cx.refused(status, &name, || questionnaires::preview(cx.tr(), &page)),
    })
}

/// A published version, else a draft with the time of its upload.
async fn find(cx: &Cx, id: &str, version: &str) -> Result<(Questionnaire, Option<OffsetDateTime>), Error> {
    let store = cx.app.store();
    if store.questionnaire(id, version).await?.is_some() {
        return Ok(((*cx.app.questionnaire(id, version).await?).clone(), None));
    }
    let drafts = store.questionnaire_drafts().await?;
    let draft = drafts.into_iter().find(|(known, of, _)| (known.as_str(), of.as_str()) == (id, version));
    let (_, _, uploaded) = draft.ok_or(Error::NotFound)?;
    let document = store.questionnaire_draft(id, version).await?.ok_or(Error::NotFound)?;
    let questionnaire = Questionnaire::parse(&document.to_string())
        .map_err(|_| anyhow::anyhow!("the draft {id} {version} cannot be read any more"))?;
    Ok((questionnaire, Some(uploaded)))
}

async fn versions(cx: &Cx) -> Result<Versions, Error> {
    let store = cx.app.store();
    let line = |(id, version, at): (String, String, OffsetDateTime), published| Line {
        name: format!("{id} {version}"),
        href: address(&id, &version),
        at: moment(at),
        published,
    };
    let drafts = store.questionnaire_drafts().await?.into_iter().map(|draft| line(draft, false));
    let published = store.questionnaire_versions().await?.into_iter().map(|version| line(version, true));
    Ok(Versions { lines: drafts.chain(published).collect(), ..Versions::default() })
}

async fn refuse(
    cx: &Cx,
    problems: Vec<model::questionnaire::Problem>,
    refused: Option<String>,
) -> Result<Response, Error> {
    let page = Versions { problems, refused, ..versions(cx).await? };
    let title = cx.tr().t("questionnaires-title");
    Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || questionnaires::versions(cx.tr(), page)))
}

/// The content of the field `file`; empty without one. The framework takes at most 2 MB.
async fn file(mut form: Multipart) -> Result<Vec<u8>, Error> {
    let broken = |error: axum::extract::multipart::MultipartError| match error.status() {
        StatusCode::PAYLOAD_TOO_LARGE => Error::TooLarge,
        _ => Error::BadRequest("the form is damaged"),
    };
    while let Some(field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("file") {
            return Ok(field.bytes().await.map_err(broken)?.to_vec());
        }
    }
    Ok(Vec::new())
}

fn by(cx: &Cx) -> Result<By, Error> {
    let who = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    Ok(By { account: who.account, event: clock::id(), at: cx.now })
}

/// The address of a version; its name may hold signs that mean something in addresses.
fn address(id: &str, version: &str) -> String {
    let quote = |text| percent_encoding::utf8_percent_encode(text, percent_encoding::NON_ALPHANUMERIC).to_string();
    format!("/province/questionnaires/{}/{}", quote(id), quote(version))
}
