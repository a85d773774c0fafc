//! Earlier assessments of an enterprise.

use std::sync::Arc;

use app::{
    date,
    pages::history::{self, History, Past},
};
use axum::{extract::State, http::Uri, response::Response};
use model::{questionnaire::Questionnaire, text::Lang};
use uuid::Uuid;

use super::{App, context::Cx, forms::Pairs};
use crate::{clock::VIETNAM, error::Error, store::PastResult};

/// `GET /history`: all of them, and two side by side: the last two unless `before` and `after` name others.
pub async fn list(State(app): State<App>, cx: Cx, uri: Uri) -> Result<Response, Error> {
    let results = with_questionnaires(&app, cx.respondent()?.enterprise).await?;
    let asked = Pairs::decode(uri.query().unwrap_or_default());
    let position = |name: &str, otherwise: usize| {
        let id: Option<Uuid> = asked.get(name).parse().ok();
        results.iter().position(|(past, _)| Some(past.assessment) == id).unwrap_or(otherwise)
    };
    let compared = (results.len() > 1).then(|| (position("before", 1), position("after", 0)));
    let page = History { results: results.iter().map(|known| past(cx.lang, known)).collect(), compared };
    let title = cx.tr().t("history-title");
    Ok(cx.page(&title, || history::view(cx.tr(), &page)))
}

fn past(lang: Lang, (past, questionnaire): &(PastResult, Arc<Questionnaire>)) -> Past<'_> {
    Past {
        assessment: past.assessment.to_string(),
        title: title(lang, past).to_owned(),
        day: date::date(past.submitted_at.to_offset(VIETNAM).date()),
        questionnaire,
        answers: past.answers(),
    }
}

/// The last result before this assessment that answered the same questionnaire, with the version it answered.
///
/// # Errors
/// When the database fails.
pub async fn before(
    cx: &Cx,
    enterprise: Uuid,
    assessment: Uuid,
    questionnaire: &str,
) -> Result<Option<(PastResult, Arc<Questionnaire>)>, Error> {
    let results = cx.app.store().results(enterprise).await?;
    // The list is newest first: what comes after this assessment in it is older. A draft is not in it yet.
    let at = results.iter().position(|past| past.assessment == assessment).map_or(0, |at| at + 1);
    let Some(past) = results.into_iter().skip(at).find(|past| past.questionnaire_id == questionnaire) else {
        return Ok(None);
    };
    let version = cx.app.questionnaire(&past.questionnaire_id, &past.questionnaire_version).await?;
    Ok(Some((past, version)))
}

/// The campaign's title.
pub fn title(lang: Lang, past: &PastResult) -> &str {
    if lang == Lang::Vi { &past.title_vi } else { &past.title_en }
}

async fn with_questionnaires(app: &App, enterprise: Uuid) -> Result<Vec<(PastResult, Arc<Questionnaire>)>, Error> {
    let mut results = Vec::new();
    for past in app.store().results(enterprise).await? {
        let questionnaire = app.questionnaire(&past.questionnaire_id, &past.questionnaire_version).await?;
        results.push((past, questionnaire));
    }
    Ok(results)
}
