//! Pages that need no account.

use std::borrow::Cow;

use app::pages::{self, public};
use axum::{
    extract::State,
    http::{HeaderValue, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{questionnaire::Questionnaire, role::Role, text::Lang};

use super::{App, actions, context::Cx, forms::Pairs, sign_in::local};
use crate::{clock::VIETNAM, error::Error};

/// `GET /`
pub async fn start(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let campaign = app.store().open_campaign(cx.now).await?;
    let questionnaire = match &campaign {
        Some(campaign) => Some(app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await?),
        None => None,
    };
    let page = public::Start {
        campaign: campaign.map(|campaign| public::OpenCampaign {
            title: if cx.lang == Lang::Vi { campaign.title_vi } else { campaign.title_en },
            last_day: super::assessment::last_day(campaign.closes_at),
        }),
        levels: questionnaire.as_deref().or(Questionnaire::builtin("bn5")).map(|q| q.levels.clone()),
        items: questionnaire.as_deref().map_or(0, |q| q.items.len()),
        last_year: cx.now.to_offset(VIETNAM).year() - 1,
        signed_in: cx.visitor.is_some(),
    };
    let title = cx.tr().t("start-title");
    Ok(cx.page(&title, || public::start(cx.tr(), page)))
}

/// `GET /method`: whoever has a result sees the steps with their own numbers.
pub async fn method(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let questionnaire = current(&app, &cx).await?;
    let enterprise = cx.visitor.as_ref().and_then(|visitor| visitor.enterprise);
    let last = match enterprise {
        Some(enterprise) => actions::last(&app, enterprise).await?,
        None => None,
    };
    let own = last.as_ref().map(|(past, questionnaire)| public::Own { questionnaire, answers: past.answers() });
    let title = cx.tr().t("method-title");
    Ok(cx.page(&title, || public::method(cx.tr(), &questionnaire, own)))
}

/// `GET /glossary`
pub async fn glossary(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let questionnaire = current(&app, &cx).await?;
    let title = cx.tr().t("glossary-title");
    Ok(cx.page(&title, || public::glossary(cx.tr(), &questionnaire)))
}

/// The questionnaire of the open campaign, or the built-in one.
async fn current(app: &App, cx: &Cx) -> Result<Cow<'static, Questionnaire>, Error> {
    Ok(match app.store().open_campaign(cx.now).await? {
        Some(open) => {
            Cow::Owned((*app.questionnaire(&open.questionnaire_id, &open.questionnaire_version).await?).clone())
        }
        None => Cow::Borrowed(Questionnaire::builtin("bn5").ok_or(Error::NotFound)?),
    })
}

/// `GET /privacy`
pub async fn privacy(cx: Cx) -> Response {
    let title = cx.tr().t("privacy-title");
    cx.page(&title, || public::privacy(cx.tr(), cx.settings.help(cx.lang)))
}

/// `GET /accessibility`
pub async fn accessibility(cx: Cx) -> Response {
    let title = cx.tr().t("accessibility-title");
    cx.page(&title, || public::accessibility(cx.tr(), cx.settings.help(cx.lang)))
}

/// `POST /language`: remembers the language and goes back to the page.
pub async fn language(cx: Cx, form: Pairs) -> Response {
    let lang: Lang = form.get("lang").parse().unwrap_or_default();
    let secure = if cx.app.config().is_https() { "; Secure" } else { "" };
    let cookie = format!("lang={}; Path=/; Max-Age=31536000; HttpOnly; SameSite=Lax{secure}", lang.code());
    let mut response = Redirect::to(local(form.get("to")).unwrap_or("/")).into_response();
    if let Ok(cookie) = HeaderValue::from_str(&cookie) {
        response.headers_mut().insert(header::SET_COOKIE, cookie);
    }
    response
}

/// `GET /home`: each role's first page.
pub async fn home(cx: Cx) -> Response {
    match cx.visitor.as_ref().map(|visitor| visitor.role) {
        Some(Role::Enterprise | Role::Colleague) => Redirect::to("/assessments").into_response(),
        Some(Role::Officer | Role::Analyst | Role::Administrator) => Redirect::to("/province").into_response(),
        Some(Role::Association) => Redirect::to("/association").into_response(),
        None => {
            let title = cx.tr().t("home-title");
            cx.page(&title, || pages::account::home(cx.tr()))
        }
    }
}
