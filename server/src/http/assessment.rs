//! An enterprise's assessment: finding it, its task list, its result.

use std::sync::Arc;

use app::{
    date,
    pages::{
        result::{self, ResultPage, Review},
        tasks::{self, Tasks},
    },
    paths,
    shell::Head,
    ui::saved,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::AnyView;
use model::{
    answer::Answers, assessment::State as Stage, change::change, plan::Decision, questionnaire::Questionnaire,
    quick::Kind, text::Lang,
};
use time::{Date, Duration, Month, OffsetDateTime};
use uuid::Uuid;

use super::{
    App, Edition, actions, colleague,
    context::{Cx, Respondent},
    forms::Pairs,
    history, peers,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Assessment, review::Scope},
};

/// An assessment with its answers and its questionnaire.
pub struct Loaded {
    /// The row.
    pub row: Assessment,
    /// Its answers.
    pub answers: Answers,
    /// The questionnaire version of its campaign, as an assessment of its kind asks it …
    pub questionnaire: Arc<Questionnaire>,
    /// … with its sheets.
    pub edition: Arc<Edition>,
}

impl Loaded {
    /// The campaign's title.
    #[must_use]
    pub fn title(&self, lang: Lang) -> &str {
        if lang == Lang::Vi { &self.row.title_vi } else { &self.row.title_en }
    }
}

/// Loads an assessment of whoever asks; any other id is not found.
///
/// # Errors
/// `NotFound`, or when the database fails.
pub async fn load(cx: &Cx, id: Uuid) -> Result<Loaded, Error> {
    let who = cx.respondent()?;
    let row = cx.app.store().assessment(id, who.enterprise).await?.ok_or(Error::NotFound)?;
    let edition = cx.app.edition(&row.questionnaire_id, &row.questionnaire_version).await?;
    Ok(Loaded { answers: row.answers(), questionnaire: edition.asked_by(row.kind()), row, edition })
}

/// `GET /assessments`: the assessment of the open campaign, or the button that begins it. When none is open, the last
/// assessment: what was answered can still be read.
pub async fn current(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let Some(campaign) = app.store().open_campaign(cx.now).await? else {
        let last = app.store().last_assessment(who.enterprise).await?.ok_or(Error::CampaignClosed)?;
        return Ok(Redirect::to(&paths::tasks(&last.to_string())).into_response());
    };
    if let Some(id) = app.store().assessment_in(campaign.id, who.enterprise).await? {
        return Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response());
    }
    let questionnaire = app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await?;
    let has_core = questionnaire.items.iter().any(|item| item.core);
    let title = if cx.lang == Lang::Vi { campaign.title_vi } else { campaign.title_en };
    let heading = title.clone();
    Ok(cx.page(&title, || tasks::begin(cx.tr(), heading, &last_day(campaign.closes_at), has_core)))
}

/// `POST /assessments`: begins the assessment of the open campaign; a second time finds the first.
pub async fn begin(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let id = start(&app, &cx, who).await?.ok_or(Error::CampaignClosed)?;
    if form.get("kind") == Kind::Quick.as_str() {
        app.store().set_kind((id, who.enterprise), Kind::Quick, who.account, clock::id(), cx.now).await?;
    }
    Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response())
}

/// Begins the assessment of the open campaign; none when no campaign is open.
///
/// # Errors
/// When the database fails.
pub async fn start(app: &App, cx: &Cx, who: Respondent) -> Result<Option<Uuid>, Error> {
    let Some(campaign) = app.store().open_campaign(cx.now).await? else { return Ok(None) };
    let new = [clock::id(), clock::id()];
    let id = app.store().start_assessment(campaign.id, who.enterprise, who.account, new, cx.now).await?;
    Ok(Some(id))
}

/// `GET /assessments/{id}`
pub async fn tasks(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Ok(Redirect::to(&paths::result(&id.to_string())).into_response());
    }
    let enterprise = cx.respondent()?.enterprise;
    let decisions = actions::decisions(&cx, enterprise, &loaded.questionnaire.id).await?;
    let asked = open_questions(&cx, &loaded).await?;
    let page = Tasks {
        assessment: id.to_string(),
        enterprise: loaded.row.enterprise_name.clone(),
        tax_code: loaded.row.tax_code.clone(),
        title: loaded.title(cx.lang).to_owned(),
        last_day: last_day(loaded.row.closes_at),
        closed: cx.now >= loaded.row.closes_at,
        kind: loaded.row.kind(),
        questionnaire: &loaded.questionnaire,
        answers: &loaded.answers,
        team: colleague::team(&cx, &loaded).await?,
        accepted: decisions.iter().filter(|decided| decided.decision == Decision::Accepted).count(),
        asked,
    };
    let head = Head::new(&cx.tr().t("tasks-title")).with_islands();
    Ok(cx.respond(StatusCode::OK, &head, || (left_behind(&cx, id), tasks::view(cx.tr(), &page))))
}

/// `GET /assessments/{id}/result`
pub async fn result(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let who = cx.respondent()?;
    let Some(submission) = cx.app.store().submission(id, who.enterprise).await? else {
        return Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response());
    };
    let day = submission.submitted_at.to_offset(VIETNAM).date();
    let earlier = history::before(&cx, who.enterprise, id, &loaded.questionnaire.id).await?;
    let compared = earlier.as_ref().map(|(past, then)| {
        let title = history::title(cx.lang, past).to_owned();
        (title, change((then, past.answers()), (&loaded.questionnaire, submission.answers())))
    });
    let level = submission.reviewed_level.and_then(|level| u8::try_from(level).ok());
    let review = Review {
        state: loaded.row.state.parse().unwrap_or(Stage::Submitted),
        found: submission.reviewed_overall.zip(level),
        asked: open_questions(&cx, &loaded).await?,
    };
    let page = ResultPage {
        assessment: id.to_string(),
        enterprise: loaded.row.enterprise_name.clone(),
        title: loaded.title(cx.lang).to_owned(),
        submitted_on: date::date(day),
        receipt: submission.receipt.clone(),
        questionnaire: &loaded.questionnaire,
        answers: submission.answers(),
        review: Some(review),
        horizons: [date::date(months_after(day, 3)), date::date(months_after(day, 12))],
        decisions: Some(actions::decisions(&cx, who.enterprise, &loaded.questionnaire.id).await?),
        since: compared,
        compared: peers::compared(&cx, &loaded.row, &loaded.questionnaire).await?,
        may_share: cx.is_owner(),
    };
    let title = result::title(cx.tr(), &page);
    Ok(cx.page(&title, || result::view(cx.tr(), &page)))
}

/// The questions of the questionnaire about which reviewers ask something that is open, one for each of theirs.
async fn open_questions(cx: &Cx, loaded: &Loaded) -> Result<Vec<String>, Error> {
    if loaded.row.open_questions == 0 {
        return Ok(Vec::new());
    }
    let scope = Scope::Enterprise(cx.respondent()?.enterprise);
    let all = cx.app.store().questions(loaded.row.id, scope).await?;
    Ok(all.into_iter().filter(|question| question.closed_at.is_none()).map(|question| question.about).collect())
}

/// Sends what pages of questions left in the reader's browser.
#[must_use]
pub fn left_behind(cx: &Cx, assessment: Uuid) -> AnyView {
    let account = cx.visitor.as_ref().map(|visitor| visitor.account.to_string()).unwrap_or_default();
    saved::left_behind(cx.tr(), &account, &assessment.to_string(), cx.path.split('?').next().unwrap_or_default())
}

/// The last day on which a campaign takes answers: it closes at the midnight after it.
#[must_use]
pub fn last_day(closes_at: OffsetDateTime) -> String {
    date::date((closes_at.to_offset(VIETNAM) - Duration::seconds(1)).date())
}

/// The same day some months later, or the last day of a shorter month.
#[must_use]
pub fn months_after(day: Date, months: u8) -> Date {
    let index = u8::from(day.month()) - 1 + months;
    let (year, month) = (day.year() + i32::from(index / 12), index % 12 + 1);
    let month = Month::try_from(month).unwrap_or(Month::January);
    Date::from_calendar_date(year, month, day.day().min(month.length(year))).unwrap_or(day)
}

#[cfg(test)]
mod tests {
    use time::macros::{date, datetime};

    use super::*;

    #[test]
    fn a_campaign_that_closes_at_midnight_ends_the_day_before() {
        assert_eq!(last_day(datetime!(2026-12-31 17:00 UTC)), "31/12/2026");
        assert_eq!(last_day(datetime!(2026-12-31 16:59:59 UTC)), "31/12/2026");
    }

    #[test]
    fn months_end_where_the_calendar_ends() {
        assert_eq!(months_after(date!(2026 - 11 - 30), 3), date!(2027 - 02 - 28));
        assert_eq!(months_after(date!(2026 - 11 - 18), 12), date!(2027 - 11 - 18));
    }
}
