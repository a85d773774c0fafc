//! Evidence: the files of an item, sent and taken back by the enterprise, opened by whoever may see the assessment.

use app::{
    date,
    i18n::Tr,
    pages::evidence::{self, EvidencePage},
    paths,
    ui::{
        errors::Mistake,
        files::{File, about_it},
    },
};
use axum::{
    extract::{Multipart, Path, State, multipart::MultipartRejection},
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    assessment::State as Stage,
    evidence::{MOST_FILES, Media, file_name, may_add, may_remove},
    role::Role,
};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use uuid::Uuid;

use super::{
    App,
    assessment::{Loaded, load},
    context::Cx,
    upload,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    evidence::Refused,
    store::{
        evidence::{Added, Evidence, NewEvidence, Removed},
        review::Scope,
    },
};

/// `GET /assessments/{id}/evidence/{question}`
pub async fn form(cx: Cx, Path((id, question)): Path<(Uuid, String)>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    show(&cx, &loaded, &question, StatusCode::OK, None).await
}

/// `POST /assessments/{id}/evidence/{question}`: takes a file.
pub async fn send(
    State(app): State<App>,
    cx: Cx,
    Path((id, about)): Path<(Uuid, String)>,
    form: Result<Multipart, MultipartRejection>,
) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let form = form.map_err(|_| Error::BadRequest("a file that is sent by no form of ours"))?;
    loaded.questionnaire.question(&about).ok_or(Error::NotFound)?;
    let question = open_question(&cx, id, &about).await?;
    let sent = upload::read(app.evidence(), form).await?;
    let tr = cx.tr();
    let refused = |message: String| (StatusCode::UNPROCESSABLE_ENTITY, message);
    let (status, message) = match sent.file {
        None => refused(tr.t("evidence-none").into_owned()),
        Some((_, Err(why))) => refused(reason(tr, why)),
        Some((name, Ok(taken))) => {
            let who = cx.respondent()?;
            let name = file_name(&name, taken.media);
            let new = NewEvidence {
                id: clock::id(),
                entry: clock::id(),
                assessment: id,
                enterprise: who.enterprise,
                account: who.account,
                about: &about,
                question,
                file: &taken.file,
                name: &name,
                media: taken.media.as_str(),
                bytes: taken.bytes,
            };
            match app.store().add_evidence(&new, cx.by()).await? {
                Added::Done => {
                    taken.keep();
                    return Ok(
                        Redirect::to(&format!("{}?done", paths::evidence_of(&id.to_string(), &about))).into_response()
                    );
                }
                Added::Closed => (StatusCode::CONFLICT, tr.t("evidence-closed").into_owned()),
                Added::Full => refused(tr.with("evidence-full", [("most", &MOST_FILES.to_string())])),
                Added::Missing => return Err(Error::NotFound),
            }
        }
    };
    show(&cx, &loaded, &about, status, Some(message)).await
}

/// `POST /assessments/{id}/evidence/{question}/{file}/remove`: takes a file back.
pub async fn remove(
    State(app): State<App>,
    cx: Cx,
    Path((id, about, file)): Path<(Uuid, String, Uuid)>,
) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let gone = app.store().remove_evidence(file, (id, who.enterprise), (who.account, clock::id()), cx.by()).await?;
    match gone {
        Removed::Done(file) => {
            app.evidence().remove(&file).await;
            Ok(Redirect::to(&format!("{}?removed", paths::evidence_of(&id.to_string(), &about))).into_response())
        }
        Removed::Closed => {
            let message = cx.tr().t("evidence-kept").into_owned();
            show(&cx, &load(&cx, id).await?, &about, StatusCode::CONFLICT, Some(message)).await
        }
        Removed::Missing => Err(Error::NotFound),
    }
}

/// `GET /evidence/{file}`: the file, to be kept on the disk and never shown as a page of this server.
pub async fn open(State(app): State<App>, cx: Cx, Path(file): Path<Uuid>) -> Result<Response, Error> {
    let visitor = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    let scope = match visitor.role {
        Role::Enterprise | Role::Colleague => Scope::Enterprise(cx.respondent()?.enterprise),
        _ => cx.reviewer()?,
    };
    let found = app.store().evidence_file(file, scope).await?.ok_or(Error::NotFound)?;
    let media = Media::named(&found.media).ok_or(Error::NotFound)?;
    let content = app.evidence().open(&found.file).await.map_err(anyhow::Error::from)?;
    let mut response = content.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media.as_str()));
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(found.bytes));
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    headers.insert("cross-origin-resource-policy", HeaderValue::from_static("same-origin"));
    if let Ok(value) = HeaderValue::from_str(&disposition(&found.name)) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// Keep it under this name (RFC 6266; the second form is RFC 8187, for letters beyond ASCII).
fn disposition(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ' ') { c } else { '_' }).collect();
    format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{}", utf8_percent_encode(name, NON_ALPHANUMERIC))
}

/// Stored files as the pages list them.
pub fn listed(tr: Tr, files: Vec<Evidence>) -> Vec<File> {
    let file = |file: Evidence| File {
        id: file.id.to_string(),
        about_it: about_it(
            tr,
            Media::named(&file.media).map_or("", Media::label),
            file.bytes,
            &date::moment(file.uploaded_at.to_offset(VIETNAM)),
        ),
        about: file.about,
        name: file.name,
    };
    files.into_iter().map(file).collect()
}

/// The reviewers' question about this answer that is open, the last if there are several.
async fn open_question(cx: &Cx, assessment: Uuid, about: &str) -> Result<Option<Uuid>, Error> {
    let scope = Scope::Enterprise(cx.respondent()?.enterprise);
    let questions = cx.app.store().questions(assessment, scope).await?;
    Ok(questions.into_iter().rfind(|known| known.about == about && known.closed_at.is_none()).map(|known| known.id))
}

fn reason(tr: Tr, why: Refused) -> String {
    match why {
        Refused::TooLarge => tr.t("evidence-too-large"),
        Refused::Kind => tr.t("evidence-kind"),
        Refused::Empty => tr.t("evidence-empty"),
    }
    .into_owned()
}

async fn show(
    cx: &Cx,
    loaded: &Loaded,
    about: &str,
    status: StatusCode,
    problem: Option<String>,
) -> Result<Response, Error> {
    let (id, tr) = (loaded.row.id, cx.tr());
    loaded.questionnaire.question(about).ok_or(Error::NotFound)?;
    let scope = Scope::Enterprise(cx.respondent()?.enterprise);
    let stored = cx.app.store().evidence(id, scope).await?;
    let left = MOST_FILES - i64::try_from(stored.len()).unwrap_or(MOST_FILES);
    let files = stored.into_iter().filter(|file| file.about == about).collect();
    let state: Stage = loaded.row.state.parse().map_err(|_| anyhow::anyhow!("a state that is none"))?;
    let is_closed = cx.now >= loaded.row.closes_at;
    let question = open_question(cx, id, about).await?;
    let query = cx.query();
    let page = EvidencePage {
        assessment: id.to_string(),
        questionnaire: &loaded.questionnaire,
        about: about.to_owned(),
        files: listed(tr, files),
        may_add: may_add(state, is_closed, question.is_some()),
        may_remove: may_remove(state, is_closed),
        is_draft: loaded.row.is_draft(),
        left: left.max(0),
        added: status.is_success() && query.has("done"),
        removed: status.is_success() && query.has("removed"),
        mistakes: problem.into_iter().map(|message| Mistake { field: "file".into(), message }).collect(),
    };
    let title = evidence::title(tr, &page);
    let view = || evidence::view(tr, &page);
    Ok(if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) })
}

#[cfg(test)]
mod tests {
    use super::disposition;

    #[test]
    fn a_name_cannot_leave_its_header() {
        assert_eq!(
            disposition("hóa đơn \"1\".pdf"),
            "attachment; filename=\"h_a __n _1_.pdf\"; filename*=UTF-8''h%C3%B3a%20%C4%91%C6%A1n%20%221%22%2Epdf"
        );
        assert!(disposition("a\r\nx: y.pdf").bytes().all(|byte| (b' '..=b'~').contains(&byte)));
    }
}
