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

use super::{App, context::Cx, forms::Pairs, register::password_problem, sign_in::session_hash};
use crate::{clock, error::Error, password};

/// The path of a link.
#[must_use]
pub fn path(token: &str) -> String {
    format!("/invitation/{token}")
}

/// `GET /invitation/{token}`: looking at it uses nothing up, since mail programs look at links too.
pub async fn form(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    match app.store().invitation(session_hash(&token), cx.now).await? {
        Some(full_name) => {
            let page = Invitation { path: path(&token), full_name, mistakes: Vec::new() };
            let title = cx.tr().t("invitation-title");
            Ok(cx.page(&title, || invitation::view(cx.tr(), page)))
        }
        None => Ok(gone(&cx)),
    }
}

/// `POST /invitation/{token}`: sets the password; the person then signs in with it.
pub async fn send(State(app): State<App>, cx: Cx, Path(token): Path<String>, form: Pairs) -> Result<Response, Error> {
    let hash = session_hash(&token);
    let Some(full_name) = app.store().invitation(hash, cx.now).await? else { return Ok(gone(&cx)) };
    if let Some(message) = password_problem(cx.tr(), form.get("password"), &[&full_name]) {
        let mistakes = vec![Mistake { field: "password".into(), message }];
        let page = Invitation { path: path(&token), full_name, mistakes };
        let title = cx.tr().t("invitation-title");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || invitation::view(cx.tr(), page)));
    }
    let password = password::hash(form.get("password").to_owned()).await?;
    match app.store().accept_invitation(hash, &password, clock::id(), cx.now).await? {
        true => Ok(Redirect::to("/sign-in").into_response()),
        false => Ok(gone(&cx)),
    }
}

fn gone(cx: &Cx) -> Response {
    let title = cx.tr().t("invitation-gone-title");
    cx.refused(StatusCode::NOT_FOUND, &title, || invitation::gone(cx.tr()))
}
