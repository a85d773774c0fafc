//! Submissions across associations, for the province, and accepting several at once.

use app::{
    pages::reviews::{self, Reviews, Row},
    paths,
};
use axum::{
    extract::State,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{answer::Answers, assessment::State as Stage, classification, review::Levels, score};
use uuid::Uuid;

use super::{
    App,
    context::Cx,
    forms::Pairs,
    membership::{level, moment},
};
use crate::{
    clock,
    error::Error,
    store::review::{Act, Acted, Acting, Scope, Waiting},
};

/// Submissions on one page.
const PAGE: i64 = 50;

/// `GET /province/reviews`
pub async fn list(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let query = cx.query();
    let state = query.get("state").parse::<Stage>().ok().filter(|state| *state != Stage::Draft);
    let state = state.unwrap_or(Stage::Submitted);
    let association: Option<Uuid> = query.get("association").parse().ok();
    let associations = app.store().associations().await?;
    let mut rows = Vec::new();
    if let Some(open) = app.store().open_campaign(cx.now).await? {
        let after = query.get("after").parse().ok();
        rows = app.store().waiting(open.id, state, association, after, PAGE + 1).await?;
    }
    let more = rows.len() > usize::try_from(PAGE).unwrap_or_default();
    rows.truncate(usize::try_from(PAGE).unwrap_or_default());
    let page = Reviews {
        state,
        association: association.map(|id| id.to_string()).unwrap_or_default(),
        associations: associations.into_iter().map(|known| (known.id.to_string(), known.name)).collect(),
        next: rows.last().filter(|_| more).map(|last| last.id.to_string()),
        rows: rows.into_iter().map(|waiting| row(&cx, waiting)).collect(),
        accepted: query.get("accepted").parse().ok().zip(query.get("left").parse().ok()),
    };
    let title = cx.tr().t("reviews-title");
    Ok(cx.page(&title, || reviews::view(cx.tr(), &page)))
}

/// `POST /reviews`: accepts the chosen submissions that somebody took up and in which nothing is open, each by itself.
pub async fn accept(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let scope = cx.reviewer()?;
    let account = cx.visitor.as_ref().ok_or(Error::Forbidden)?.account;
    let (mut accepted, mut left) = (0, 0);
    for id in form.all("chosen").iter().take(usize::try_from(PAGE).unwrap_or_default()) {
        let Ok(assessment) = id.parse::<Uuid>() else { return Err(Error::BadRequest("a submission that is none")) };
        let Some(row) = app.store().reviewed(assessment, scope).await? else { return Err(Error::NotFound) };
        let letter = super::review::letter(&Act::Accept, &row);
        let doing = Acting {
            assessment,
            scope,
            number: Some(row.version),
            account,
            entry: clock::id(),
            act: &Act::Accept,
            letter: letter.as_ref(),
            ids: clock::id,
        };
        let questionnaire = cx.app.questionnaire(&row.questionnaire_id, &row.questionnaire_version).await?;
        let scoring = move |answers: &Answers, levels: &Levels| score::reviewed(&questionnaire, answers, levels);
        match app.store().review(doing, cx.by(), &scoring).await? {
            Acted::Done => accepted += 1,
            Acted::Missing | Acted::Stale | Acted::Refused(_) => left += 1,
        }
    }
    let back = if scope == Scope::Province { "/province/reviews" } else { "/association" };
    Ok(Redirect::to(&format!("{back}?state=in_review&accepted={accepted}&left={left}")).into_response())
}

fn row(cx: &Cx, waiting: Waiting) -> Row {
    let industry = classification::division(&waiting.industry_code);
    Row {
        id: waiting.id.to_string(),
        industry: industry.map_or(waiting.industry_code, |division| division.name.get(cx.lang).to_owned()),
        state: waiting.state.parse().ok(),
        result: waiting.overall.zip(level(waiting.level)),
        active: waiting.active_at.map(moment).unwrap_or_default(),
        open_questions: waiting.open_questions,
        review: paths::review(&waiting.id.to_string()),
        name: waiting.name,
        tax_code: waiting.tax_code,
    }
}
