//! What an enterprise decides about its actions.

use std::sync::Arc;

use app::{
    date,
    pages::actions::{self, Actions, LastResult, Typed, name},
    ui::errors::Mistake,
};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{plan::Decision, questionnaire::Questionnaire, score::level_of, text::nfc};
use time::{Date, Month};
use uuid::Uuid;

use super::{App, context::Cx, forms::Pairs};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Decided, PastResult},
};

/// The longest name of a person and the longest reason, in characters.
const LONGEST: usize = 300;

/// `GET /actions`
pub async fn list(cx: Cx, uri: Uri) -> Result<Response, Error> {
    let saved = uri.query().and_then(|query| query.strip_prefix("saved=")).map(ToOwned::to_owned);
    show(&cx, StatusCode::OK, None, saved).await
}

/// `POST /actions`: one decision; a new one replaces the last.
pub async fn decide(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let Some((past, questionnaire)) = last(&app, who.enterprise).await? else { return Err(Error::NotFound) };
    let item = questionnaire.item(form.get("item")).ok_or(Error::BadRequest("a decision about no item"))?;
    let level = level_of(&questionnaire, item, past.answers()).unwrap_or_default();
    let mut typed = typed(&form, &item.id);
    match read(&cx, &typed) {
        Ok((decision, due)) => {
            let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
            let decided = Decided {
                questionnaire_id: questionnaire.id.clone(),
                item_id: item.id.clone(),
                level_then: i64::from(level),
                state: decision.as_str().to_owned(),
                reason: text(&typed.reason),
                person: text(&typed.person),
                due_on: due.map(|due| due.to_string()),
                decided_at: cx.now,
            };
            app.store().decide(&decided, who.enterprise, who.account, [clock::id(), clock::id()]).await?;
            Ok(Redirect::to(&format!("/actions?saved={id}#action-{id}", id = item.id)).into_response())
        }
        Err(mistakes) => {
            typed.mistakes = mistakes;
            show(&cx, StatusCode::UNPROCESSABLE_ENTITY, Some(typed), None).await
        }
    }
}

/// The decisions of an enterprise as pages show them.
///
/// # Errors
/// When the database fails.
pub async fn decisions(cx: &Cx, enterprise: Uuid, questionnaire: &str) -> Result<Vec<actions::Decided>, Error> {
    let today = cx.now.to_offset(VIETNAM).date();
    let stored = cx.app.store().decisions(enterprise, questionnaire).await?;
    Ok(stored.into_iter().filter_map(|decided| shown(decided, today)).collect())
}

/// The last result of an enterprise with its questionnaire.
///
/// # Errors
/// When the database fails.
pub async fn last(app: &App, enterprise: Uuid) -> Result<Option<(PastResult, Arc<Questionnaire>)>, Error> {
    let Some(past) = app.store().results(enterprise).await?.into_iter().next() else { return Ok(None) };
    let questionnaire = app.questionnaire(&past.questionnaire_id, &past.questionnaire_version).await?;
    Ok(Some((past, questionnaire)))
}

async fn show(cx: &Cx, status: StatusCode, typed: Option<Typed>, saved: Option<String>) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let last = last(&cx.app, who.enterprise).await?;
    let decisions = match &last {
        Some((_, questionnaire)) => decisions(cx, who.enterprise, &questionnaire.id).await?,
        None => Vec::new(),
    };
    let result = last.as_ref().map(|(past, questionnaire)| LastResult { questionnaire, answers: past.answers() });
    let page = Actions { result, decisions, typed, saved };
    let title = cx.tr().t("actions-title");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || actions::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || actions::view(cx.tr(), &page)),
    })
}

fn typed(form: &Pairs, item: &str) -> Typed {
    let text = |field: &str| nfc(form.get(&name(field, item))).trim().to_owned();
    Typed {
        item: item.to_owned(),
        decision: text("decision"),
        person: text("person"),
        due: text("due"),
        reason: text("reason"),
        mistakes: Vec::new(),
    }
}

/// What was decided, and until when; or what is wrong, in the order of the fields.
fn read(cx: &Cx, typed: &Typed) -> Result<(Decision, Option<Date>), Vec<Mistake>> {
    let tr = cx.tr();
    let mut mistakes = Vec::new();
    let mut wrong = |field: &str, message: String| {
        mistakes.push(Mistake { field: name(field, &typed.item), message });
    };
    let decision = typed.decision.parse::<Decision>().ok();
    if decision.is_none() {
        wrong("decision", tr.t("decision-missing").into_owned());
    }
    if typed.person.chars().count() > LONGEST {
        wrong("person", tr.with("reason-long", [("length", &LONGEST.to_string())]));
    } else if decision == Some(Decision::Accepted) && typed.person.is_empty() {
        wrong("person", tr.t("decision-person-missing").into_owned());
    }
    let today = cx.now.to_offset(VIETNAM).date();
    let due = day(&typed.due);
    match (decision, due) {
        (_, Err(())) => wrong("due", tr.t("decision-due-wrong").into_owned()),
        (Some(Decision::Accepted), Ok(None)) => wrong("due", tr.t("decision-due-missing").into_owned()),
        (Some(Decision::Accepted), Ok(Some(due))) if due < today => {
            wrong("due", tr.t("decision-due-past").into_owned());
        }
        _ => {}
    }
    if typed.reason.chars().count() > LONGEST {
        wrong("reason", tr.with("reason-long", [("length", &LONGEST.to_string())]));
    } else if decision == Some(Decision::Postponed) && typed.reason.is_empty() {
        wrong("reason", tr.t("decision-reason-missing").into_owned());
    }
    match (decision, mistakes.is_empty()) {
        (Some(decision), true) => Ok((decision, due.unwrap_or_default())),
        _ => Err(mistakes),
    }
}

/// A day as browsers send it (`2027-03-31`) or as people type it (`31/03/2027`); nothing when nothing is typed.
fn day(typed: &str) -> Result<Option<Date>, ()> {
    if typed.is_empty() {
        return Ok(None);
    }
    let parts: Vec<u16> = typed.split(['-', '/', '.']).filter_map(|part| part.trim().parse().ok()).collect();
    let (year, month, day) = match parts[..] {
        [year, month, day] if year >= 1000 => (year, month, day),
        [day, month, year] if year >= 1000 => (year, month, day),
        _ => return Err(()),
    };
    let month = u8::try_from(month).ok().and_then(|month| Month::try_from(month).ok()).ok_or(())?;
    let day = u8::try_from(day).map_err(drop)?;
    let date = Date::from_calendar_date(i32::from(year), month, day).map_err(drop)?;
    if (2020..2100).contains(&date.year()) { Ok(Some(date)) } else { Err(()) }
}

fn shown(decided: Decided, today: Date) -> Option<actions::Decided> {
    let decision: Decision = decided.state.parse().ok()?;
    let due = decided.due_on.and_then(|typed| Some((day(&typed).ok().flatten()?, typed)));
    Some(actions::Decided {
        item: decided.item_id,
        decision,
        reason: decided.reason,
        person: decided.person,
        overdue: decision == Decision::Accepted && due.as_ref().is_some_and(|(due, _)| *due < today),
        due: due.map(|(due, typed)| (date::date(due), typed)),
        level_then: u8::try_from(decided.level_then).unwrap_or_default(),
        day: date::date(decided.decided_at.to_offset(VIETNAM).date()),
    })
}

#[cfg(test)]
mod tests {
    use time::macros::date;

    use super::day;

    #[test]
    fn days_are_read_as_browsers_send_and_people_type_them() {
        for typed in ["2027-03-31", "31/03/2027", "31.3.2027"] {
            assert_eq!(day(typed), Ok(Some(date!(2027 - 03 - 31))), "{typed}");
        }
        assert_eq!(day(""), Ok(None));
        for typed in ["31/02/2027", "tomorrow", "2027-13-01", "1/2", "01/01/9999", "2027-03-31-04"] {
            assert_eq!(day(typed), Err(()), "{typed}");
        }
    }
}
