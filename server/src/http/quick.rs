//! The quick check: its result, and the way to and from the full assessment.

use app::{
    date,
    pages::{
        quick::{self, Next, Quick},
        result::ResultPage,
    },
    paths,
};
use axum::{
    extract::{Path, State},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    assessment::may_submit,
    quick::{Kind, outlook},
};
use uuid::Uuid;

use super::{
    App,
    assessment::{load, months_after},
    context::Cx,
    forms::Pairs,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
};

/// `GET /assessments/{id}/quick`: what the core items say, once all of them are answered.
pub async fn result(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let to_tasks = || Redirect::to(&paths::tasks(&id.to_string())).into_response();
    if loaded.row.kind() != Kind::Quick || may_submit(&loaded.questionnaire, &loaded.answers).is_err() {
        return Ok(to_tasks());
    }
    let (name, version) = (&loaded.row.questionnaire_id, &loaded.row.questionnaire_version);
    let whole = app.questionnaire(name, version).await?;
    let Some(outlook) = outlook(&whole, &loaded.answers) else { return Ok(to_tasks()) };
    let day = loaded.row.saved_at.to_offset(VIETNAM).date();
    let page = Quick {
        core: ResultPage {
            assessment: id.to_string(),
            enterprise: loaded.row.enterprise_name.clone(),
            title: loaded.title(cx.lang).to_owned(),
            submitted_on: date::date(day),
            receipt: String::new(),
            questionnaire: &loaded.questionnaire,
            answers: &loaded.answers,
            review: None,
            horizons: [date::date(months_after(day, 3)), date::date(months_after(day, 12))],
            decisions: None,
            since: None,
            compared: None,
            may_share: false,
        },
        outlook,
        next: Next::Extend { assessment: id.to_string() },
    };
    let title = cx.tr().t("quick-title");
    Ok(cx.page(&title, || quick::view(cx.tr(), &page)))
}

/// `POST /assessments/{id}/kind`: to the full assessment, or to the core items for now. Answers stay.
pub async fn choose(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let loaded = load(&cx, id).await?;
    let kind: Kind = form.get("kind").parse().map_err(|_| Error::BadRequest("a kind of assessment that is none"))?;
    if !loaded.row.is_draft() {
        return Err(Error::AlreadySubmitted);
    }
    if !app.store().set_kind((id, who.enterprise), kind, who.account, clock::id(), cx.now).await? {
        return Err(Error::AlreadySubmitted);
    }
    Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response())
}
