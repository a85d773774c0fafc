//! Signing in and out.

use std::net::IpAddr;

use app::pages::account::{self, Kept, SignIn, SignInProblem};
use axum::{
    extract::State,
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use model::enterprise::{Email, Phone};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{App, context::Cx, forms::Pairs, frame::cookie, topic};
use crate::{
    clock,
    error::Error,
    password,
    store::{Action, AttemptKey, Event, session},
};

/// No password is longer; hashing more would only cost time.
pub const LONGEST_PASSWORD: usize = 200;

/// `GET /sign-in`
pub async fn form(cx: Cx, uri: axum::http::Uri) -> Response {
    let to = Pairs::decode(uri.query().unwrap_or_default()).get("to").to_owned();
    let page = SignIn { to: local(&to).unwrap_or("/home").to_owned(), ..SignIn::default() };
    show(&cx, StatusCode::OK, page)
}

/// `POST /sign-in`
pub async fn send(State(app): State<App>, mut cx: Cx, headers: HeaderMap, form: Pairs) -> Result<Response, Error> {
    let page = SignIn {
        name: model::text::nfc(form.get("name")),
        to: local(form.get("to")).unwrap_or("/home").to_owned(),
        kept: form.has("kept").then(|| Kept { encoded: form.get("kept").to_owned() }),
        problem: None,
    };
    if page.name.is_empty() || form.get("password").is_empty() {
        return Ok(refuse(&cx, StatusCode::UNPROCESSABLE_ENTITY, page, SignInProblem::Empty));
    }
    let name = account_name(&page.name);
    let keys = attempt_keys(&name, cx.address);
    if let Some(wait) = app.store().wait(&keys, cx.now).await? {
        let problem = SignInProblem::Wait(wait.whole_seconds());
        return Ok(refuse(&cx, StatusCode::TOO_MANY_REQUESTS, page, problem));
    }
    let known = app.store().credentials(&name).await?;
    let typed: String = form.get("password").chars().take(LONGEST_PASSWORD).collect();
    let hash = known.as_ref().map(|account| account.password_hash.clone());
    let Some(account) = known.filter(|_| hash.is_some()) else {
        password::verify(typed, None).await?;
        return wrong(&app, &cx, page, &keys, None).await;
    };
    if !password::verify(typed, hash).await? {
        return wrong(&app, &cx, page, &keys, Some(account.id)).await;
    }
    app.store().right_password(keys[0]).await?;
    let set_cookie = begin(&app, &cx, &headers, account.id).await?;
    let response = match &page.kept {
        Some(kept) => {
            let token = session_hash(&set_cookie);
            cx.visitor = app.store().visitor(token, cx.now).await?;
            topic::after_sign_in(&app, &cx, &page.to, Pairs::decode(&kept.encoded)).await?
        }
        None => Redirect::to(&page.to).into_response(),
    };
    Ok(with_cookie(response, &cookie_text(&app, &set_cookie)))
}

/// `POST /sign-out`
pub async fn sign_out(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    if let Some(visitor) = &cx.visitor {
        app.store().end_session(visitor, clock::id(), cx.now).await?;
    }
    Ok(forget(&app, Redirect::to("/").into_response()))
}

/// Makes the browser forget the session and the answers that it keeps.
pub fn forget(app: &App, response: Response) -> Response {
    let secure = if app.config().is_https() { "; Secure" } else { "" };
    let gone = format!("{}=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax{secure}", cookie_name(app));
    let mut response = with_cookie(response, &gone);
    response.headers_mut().insert("clear-site-data", HeaderValue::from_static("\"storage\""));
    response
}

/// The sign-in page for somebody whose session ended while a form was open; the form goes along.
pub fn expired(cx: &Cx, typed: Pairs) -> Response {
    let to = cx.path.split('?').next().unwrap_or("/home");
    let kept = topic::is_topic(to).then(|| Kept { encoded: typed.encode() });
    let to = if kept.is_some() { to } else { "/home" };
    let page = SignIn { to: to.to_owned(), kept, problem: Some(SignInProblem::Expired), ..SignIn::default() };
    show(cx, StatusCode::UNAUTHORIZED, page)
}

/// The sign-in page for somebody whose session ended while a file was chosen; it leads back to the form, where the file
/// is chosen again.
pub fn expired_upload(cx: &Cx) -> Response {
    let to = cx.path.split('?').next().unwrap_or("/home").to_owned();
    let page = SignIn { to, problem: Some(SignInProblem::ExpiredUpload), ..SignIn::default() };
    show(cx, StatusCode::UNAUTHORIZED, page)
}

/// The address of the sign-in page that leads back to `path`.
pub fn address(path: &str) -> String {
    let to = percent_encoding::utf8_percent_encode(path, percent_encoding::NON_ALPHANUMERIC);
    format!("/sign-in?to={to}")
}

/// A path on this server, never another server's address.
pub fn local(path: &str) -> Option<&str> {
    let own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n', '\t']);
    own.then_some(path)
}

/// Starts a session and answers its token.
///
/// # Errors
/// When the database fails.
pub async fn begin(app: &App, cx: &Cx, headers: &HeaderMap, account: Uuid) -> Result<String, Error> {
    let token = hex(&clock::secret::<32>());
    let old = session_token(app, headers);
    app.store().start_session(session_hash(&token), account, old, clock::id(), cx.now).await?;
    Ok(token)
}

/// Adds the session's cookie to a response.
pub fn signed_in(app: &App, response: Response, token: &str) -> Response {
    with_cookie(response, &cookie_text(app, token))
}

/// The hash of the session token that the browser sent.
pub fn session_token(app: &App, headers: &HeaderMap) -> Option<[u8; 32]> {
    cookie(headers, cookie_name(app)).filter(|token| token.len() == 64).map(session_hash)
}

/// E-mail addresses and phone numbers in the form in which they are stored.
pub fn account_name(typed: &str) -> String {
    if let Some(email) = Email::parse(typed) {
        return email.as_str().to_owned();
    }
    Phone::parse(typed).map_or_else(|| typed.to_owned(), |phone| phone.as_str().to_owned())
}

async fn wrong(
    app: &App,
    cx: &Cx,
    page: SignIn,
    keys: &[AttemptKey],
    account: Option<Uuid>,
) -> Result<Response, Error> {
    app.store().wrong_password(keys, cx.now).await?;
    let event = Event {
        id: clock::id(),
        at: cx.now,
        account: None,
        action: Action::SignInRefused,
        subject: "account",
        subject_id: account,
        detail: json!({}),
    };
    app.store().log(&event).await?;
    Ok(refuse(cx, StatusCode::UNPROCESSABLE_ENTITY, page, SignInProblem::Wrong))
}

fn refuse(cx: &Cx, status: StatusCode, mut page: SignIn, problem: SignInProblem) -> Response {
    page.problem = Some(problem);
    show(cx, status, page)
}

fn show(cx: &Cx, status: StatusCode, page: SignIn) -> Response {
    let title = cx.tr().t("sign-in-title");
    if page.problem.is_some() {
        cx.refused(status, &title, || account::sign_in(cx.tr(), page))
    } else {
        cx.page(&title, || account::sign_in(cx.tr(), page))
    }
}

/// The hash under which wrong passwords for an account name are counted.
pub fn attempt_of(name: &str) -> [u8; 32] {
    session_hash(&format!("name {name}"))
}

fn attempt_keys(name: &str, address: Option<IpAddr>) -> Vec<AttemptKey> {
    let mut keys = vec![AttemptKey { hash: attempt_of(name), free: 4 }];
    keys.extend(address.map(|address| AttemptKey { hash: session_hash(&format!("address {address}")), free: 30 }));
    keys
}

/// Over https the prefix keeps other hosts of the domain from setting the cookie. Browsers refuse the prefix over
/// plain http, where the server is only meant to be used on this machine.
fn cookie_name(app: &App) -> &'static str {
    if app.config().is_https() { "__Host-session" } else { "session" }
}

fn cookie_text(app: &App, token: &str) -> String {
    let secure = if app.config().is_https() { "; Secure" } else { "" };
    let age = session::LONGEST.whole_seconds();
    format!("{}={token}; Path=/; Max-Age={age}; HttpOnly; SameSite=Lax{secure}", cookie_name(app))
}

fn with_cookie(mut response: Response, cookie: &str) -> Response {
    if let Ok(cookie) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    response
}

/// The SHA-256 of a token: the form in which tokens are stored.
pub fn session_hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// Bytes as the text of a token.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(2 * bytes.len()), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use super::local;

    #[test]
    fn only_paths_of_this_server_are_followed() {
        assert_eq!(local("/assessments?x=1"), Some("/assessments?x=1"));
        for foreign in ["//evil.example", "https://evil.example", "/\\evil.example", "", "/\tx"] {
            assert_eq!(local(foreign), None, "{foreign:?}");
        }
    }
}
