//! Links that set a password, once.

use app::{
    pages::invitation::{self, Invitation},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};

use model::text::nfc;

use super::{
    App,
    context::Cx,
    forms::Pairs,
    register::{CONSENT_TEXT, password_problem},
    sign_in::session_hash,
};
use crate::{
    clock,
    error::Error,
    password,
    store::{Invited, JoiningColleague},
};

/// The path of a link.
#[must_use]
pub fn path(token: &str) -> String {
    format!("/invitation/{token}")
}

/// `GET /invitation/{token}`: looking at it uses nothing up, since mail programs look at links too.
pub async fn form(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    let hash = session_hash(&token);
    if let Some(invited) = app.store().invited_colleague(hash, cx.now).await? {
        let page = Invitation {
            path: path(&token),
            full_name: invited.full_name,
            enterprise: Some(invited.enterprise),
            mistakes: Vec::new(),
        };
        let title = cx.tr().t("colleague-join-title");
        return Ok(cx.page(&title, || invitation::view(cx.tr(), page)));
    }
    match app.store().invitation(hash, cx.now).await? {
        Some(full_name) => {
            let page = Invitation { path: path(&token), full_name, enterprise: None, mistakes: Vec::new() };
            let title = cx.tr().t("invitation-title");
            Ok(cx.page(&title, || invitation::view(cx.tr(), page)))
        }
        None => Ok(gone(&cx)),
    }
}

/// `POST /invitation/{token}`: sets the password; the person then signs in with it.
pub async fn send(State(app): State<App>, cx: Cx, Path(token): Path<String>, form: Pairs) -> Result<Response, Error> {
    let hash = session_hash(&token);
    if let Some(invited) = app.store().invited_colleague(hash, cx.now).await? {
        return join(&app, &cx, (&token, invited), &form).await;
    }
    let Some(full_name) = app.store().invitation(hash, cx.now).await? else { return Ok(gone(&cx)) };
    if let Some(message) = password_problem(cx.tr(), form.get("password"), &[&full_name]) {
        let mistakes = vec![Mistake { field: "password".into(), message }];
        let page = Invitation { path: path(&token), full_name, enterprise: None, mistakes };
        let title = cx.tr().t("invitation-title");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || invitation::view(cx.tr(), page)));
    }
    let password = password::hash(form.get("password").to_owned()).await?;
    match app.store().accept_invitation(hash, &password, clock::id(), cx.now).await? {
        true => Ok(Redirect::to("/sign-in").into_response()),
        false => Ok(gone(&cx)),
    }
}

/// A colleague takes up the invitation of an enterprise: name, password and consent are the person's own.
async fn join(app: &App, cx: &Cx, (token, invited): (&str, Invited), form: &Pairs) -> Result<Response, Error> {
    let full_name = nfc(form.get("full_name"));
    let tr = cx.tr();
    let mut mistakes = Vec::new();
    let mut wrong = |field: &str, message: String| mistakes.push(Mistake { field: field.into(), message });
    if !(2..=100).contains(&full_name.chars().count()) || full_name.contains('\u{fffd}') {
        wrong("full_name", tr.t("wrong-full-name").into_owned());
    }
    if let Some(message) = password_problem(tr, form.get("password"), &[&full_name, &invited.enterprise]) {
        wrong("password", message);
    }
    if form.get("consent") != "yes" {
        wrong("consent", tr.t("colleague-wrong-consent").into_owned());
    }
    if !mistakes.is_empty() {
        let page = Invitation { path: path(token), full_name, enterprise: Some(invited.enterprise), mistakes };
        let title = tr.t("colleague-join-title");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || invitation::view(tr, page)));
    }
    let password_hash = password::hash(form.get("password").to_owned()).await?;
    let new = JoiningColleague {
        token_hash: session_hash(token),
        full_name: &full_name,
        password_hash: &password_hash,
        consent: clock::id(),
        text_version: CONSENT_TEXT,
    };
    match app.store().join_enterprise(&new, clock::id(), cx.now).await? {
        true => Ok(Redirect::to("/sign-in").into_response()),
        false => Ok(gone(cx)),
    }
}

fn gone(cx: &Cx) -> Response {
    let title = cx.tr().t("invitation-gone-title");
    cx.refused(StatusCode::NOT_FOUND, &title, || invitation::gone(cx.tr()))
}
