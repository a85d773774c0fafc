//! One's own account.

use app::{pages::account, ui::errors::Mistake};
use axum::{
    extract::State,
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};

use super::{App, context::Cx, forms::Pairs, register::password_problem, sign_in::LONGEST_PASSWORD};
use crate::{clock, error::Error, password, store::Visitor};

/// `GET /account`
pub async fn form(cx: Cx, uri: Uri) -> Result<Response, Error> {
    let changed = uri.query() == Some("changed");
    let visitor = cx.visitor.clone().ok_or(Error::Forbidden)?;
    let page = account::Account { full_name: visitor.full_name, changed, ..account::Account::default() };
    let title = cx.tr().t("account-title");
    Ok(cx.page(&title, || account::account(cx.tr(), page)))
}

/// `POST /account`: changes the password and ends all other sessions of the account.
pub async fn change_password(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let visitor = cx.visitor.clone().ok_or(Error::Forbidden)?;
    let mut mistakes = Vec::new();
    if let Some(message) = password_problem(cx.tr(), form.get("password"), &[&visitor.full_name]) {
        mistakes.push(Mistake { field: "password".into(), message });
    }
    if !knows_password(&app, &visitor, form.get("current")).await? {
        let message = cx.tr().t("password-current-wrong").into_owned();
        mistakes.insert(0, Mistake { field: "current".into(), message });
    }
    if !mistakes.is_empty() {
        let page = account::Account { full_name: visitor.full_name, mistakes, changed: false };
        let title = cx.tr().t("account-title");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || account::account(cx.tr(), page)));
    }
    let hash = password::hash(form.get("password").to_owned()).await?;
    app.store().set_password(visitor.account, &hash, visitor.session, clock::id(), cx.now).await?;
    Ok(Redirect::to("/account?changed").into_response())
}

/// Whether somebody typed the account's own password.
///
/// # Errors
/// When the database fails.
pub async fn knows_password(app: &App, visitor: &Visitor, typed: &str) -> Result<bool, Error> {
    let known = app.store().credentials_of(visitor.account).await?;
    let typed = typed.chars().take(LONGEST_PASSWORD).collect();
    Ok(password::verify(typed, known.map(|account| account.password_hash)).await?)
}
