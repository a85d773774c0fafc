//! Links that show level and date: made, seen and taken back by the enterprise, opened by whoever has them.

use app::{
    date,
    pages::link::{self, DAYS, Link, LinkState, Links, SharedResult},
    paths,
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use model::text::nfc;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    App,
    assessment::{last_day, load},
    context::Cx,
    forms::Pairs,
    sign_in::{hex, session_hash},
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{NewLink, ShareLink},
};

/// The longest name of whom a link is for, in characters.
const LONGEST_LABEL: usize = 100;

/// `GET /assessments/{id}/links`
pub async fn list(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if cx.app.store().submission(id, cx.respondent()?.enterprise).await?.is_none() {
        return Ok(Redirect::to(&paths::tasks(&loaded.row.id.to_string())).into_response());
    }
    show(&cx, id, StatusCode::OK, Links::default()).await
}

/// `POST /assessments/{id}/links`: makes a link, or takes the one named by `revoke` back. A new link is in the answer
/// itself and nowhere else: only its hash is stored.
pub async fn change(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    load(&cx, id).await?;
    let who = cx.respondent()?;
    if form.has("revoke") {
        let link = form.get("revoke").parse().map_err(|_| Error::NotFound)?;
        let known = app.store().revoke_link(link, (id, who.enterprise), who.account, clock::id(), cx.now).await?;
        return if known {
            Ok(Redirect::to(&paths::links(&id.to_string())).into_response())
        } else {
            Err(Error::NotFound)
        };
    }
    let label = nfc(form.get("label")).trim().to_owned();
    let days = form.get("days").parse().ok().filter(|days| DAYS.contains(days));
    let (mistakes, Some(days)) = (mistakes(&cx, &label, days), days) else {
        let page = Links { mistakes: mistakes(&cx, &label, days), label, ..Links::default() };
        return show(&cx, id, StatusCode::UNPROCESSABLE_ENTITY, page).await;
    };
    if !mistakes.is_empty() {
        return show(&cx, id, StatusCode::UNPROCESSABLE_ENTITY, Links { mistakes, label, ..Links::default() }).await;
    }
    let token = hex(&clock::secret::<32>());
    let new = NewLink {
        id: clock::id(),
        token_hash: session_hash(&token),
        label: &label,
        expires_at: cx.now + Duration::days(days),
    };
    if !app.store().add_link(&new, (id, who.enterprise), who.account, clock::id(), cx.now).await? {
        let message = cx.tr().t("link-too-many").into_owned();
        let mistakes = vec![Mistake { field: "label".into(), message }];
        return show(&cx, id, StatusCode::UNPROCESSABLE_ENTITY, Links { mistakes, label, ..Links::default() }).await;
    }
    let path = format!("/shared/{token}");
    let made = Some(app.config().address(&path).unwrap_or(path));
    show(&cx, id, StatusCode::OK, Links { made, ..Links::default() }).await
}

/// `GET /shared/{token}`
pub async fn shared(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    if token.len() != 64 {
        return Err(Error::NotFound);
    }
    let shared = app.store().shared(session_hash(&token), cx.now).await?.ok_or(Error::NotFound)?;
    let level = shared.level.and_then(|level| u8::try_from(level).ok()).ok_or(Error::NotFound)?;
    let questionnaire = app.questionnaire(&shared.questionnaire_id, &shared.questionnaire_version).await?;
    let page = SharedResult {
        enterprise: shared.enterprise,
        level,
        day: day(shared.submitted_at),
        expires: last_day(shared.expires_at),
        questionnaire: &questionnaire,
    };
    let title = cx.tr().t("shared-title");
    let mut response = cx.page(&title, || link::shared(cx.tr(), &page));
    // The address is the secret: no search engine keeps it.
    response.headers_mut().insert(HeaderName::from_static("x-robots-tag"), HeaderValue::from_static("noindex"));
    Ok(response)
}

fn mistakes(cx: &Cx, label: &str, days: Option<i64>) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if label.is_empty() || label.chars().count() > LONGEST_LABEL {
        let message = cx.tr().with("link-label-wrong", [("length", &LONGEST_LABEL.to_string())]);
        mistakes.push(Mistake { field: "label".into(), message });
    }
    if days.is_none() {
        mistakes.push(Mistake { field: "days".into(), message: cx.tr().t("link-days-wrong").into_owned() });
    }
    mistakes
}

async fn show(cx: &Cx, id: Uuid, status: StatusCode, page: Links) -> Result<Response, Error> {
    let links = cx.app.store().links(id, cx.respondent()?.enterprise).await?;
    let links = links.into_iter().map(|link| row(link, cx.now)).collect();
    let page = Links { assessment: id.to_string(), links, ..page };
    let title = cx.tr().t("link-title");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || link::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || link::view(cx.tr(), &page)),
    })
}

fn row(link: ShareLink, now: OffsetDateTime) -> Link {
    let state = match link.revoked_at {
        Some(_) => LinkState::Revoked,
        None if link.expires_at <= now => LinkState::Expired,
        None => LinkState::Valid,
    };
    Link {
        id: link.id.to_string(),
        label: link.label,
        created: day(link.created_at),
        expires: last_day(link.expires_at),
        views: link.views,
        state,
    }
}

fn day(at: OffsetDateTime) -> String {
    date::date(at.to_offset(VIETNAM).date())
}
