//! An enterprise's own answers and result as a file.

use app::{pages::words, paths};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    plan::plan,
    profile::asked,
    questionnaire::Question,
    score::{level_of, score},
};
use serde_json::json;
use uuid::Uuid;

use super::{
    App,
    assessment::{Loaded, load},
    context::Cx,
};
use crate::{
    error::Error,
    export::{self, Cell, Format},
    store::Submission,
};

/// `GET /assessments/{id}/export/{format}`: `json` has everything, `xlsx` and `csv` one line a question.
pub async fn download(
    State(app): State<App>,
    cx: Cx,
    Path((id, format)): Path<(Uuid, String)>,
) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let Some(submission) = app.store().submission(id, cx.respondent()?.enterprise).await? else {
        return Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response());
    };
    let name = format!("thuoc-so-{}", submission.receipt);
    if format == "json" {
        return Ok(document(&loaded, &submission, &name));
    }
    let format: Format = format.parse().map_err(|_| Error::NotFound)?;
    let headers = [
        cx.tr().t("export-number"),
        cx.tr().t("column-question"),
        cx.tr().t("sees-answers"),
        cx.tr().t("column-level"),
    ];
    let headers: Vec<String> = headers.into_iter().map(Into::into).collect();
    let rows = lines(&cx, &loaded, &submission);
    // All of them are one batch: a questionnaire is small.
    export::download(format, &name, &headers, rows, |rows| async move { Ok((rows, Vec::new())) }).await
}

fn document(loaded: &Loaded, submission: &Submission, name: &str) -> Response {
    let (questionnaire, answers) = (&loaded.questionnaire, submission.answers());
    let document = json!({
        "enterprise": loaded.row.enterprise_name,
        "tax_code": loaded.row.tax_code,
        "campaign": { "vi": loaded.row.title_vi, "en": loaded.row.title_en },
        "questionnaire": questionnaire.id,
        "version": questionnaire.version,
        "receipt": submission.receipt,
        "number": submission.number,
        "submitted_at": submission.submitted_at.unix_timestamp(),
        "answers": answers,
        "score": score(questionnaire, answers),
        "plan": plan(questionnaire, answers).actions,
    });
    let disposition = format!("attachment; filename=\"{name}.json\"");
    let headers = [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
    (headers, document.to_string()).into_response()
}

/// One line for every question that is asked, in the order of asking.
fn lines(cx: &Cx, loaded: &Loaded, submission: &Submission) -> Vec<Vec<Cell>> {
    let (questionnaire, answers) = (&loaded.questionnaire, submission.answers());
    let asked = asked(questionnaire, answers);
    let topics = questionnaire.sections.iter().flat_map(|section| &section.topics);
    let line = |question: Question<'_>| {
        let id = question.id();
        let (text, level) = match question {
            Question::Item(item) => (&item.question, level_of(questionnaire, item, answers)),
            Question::Fact(fact) => (&fact.text, None),
        };
        let number = questionnaire.number(id);
        vec![
            Cell::from(if number.is_empty() { id.to_owned() } else { number }),
            Cell::from(text.get(cx.lang)),
            Cell::from(words::said(cx.tr(), questionnaire, id, answers.get(id))),
            Cell::from(level.map(i64::from)),
        ]
    };
    topics.flat_map(|topic| asked.questions(topic)).map(line).collect()
}
