//! Accounts, for the administrator.

use app::{
    i18n::Tr,
    pages::province::accounts::{self, Accounts, Detail, Line, New, ROLES, Standing},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{enterprise::Email, role::Role, text::nfc};
use time::Duration;
use uuid::Uuid;

use crate::{
    clock,
    error::Error,
    http::{
        App,
        context::{Cx, moment},
        forms::Pairs,
        hex, invitation,
        sign_in::session_hash,
    },
    mail::compose,
    password,
    store::{
        Account, By, Invitation, Kind, Message,
        office::{AccountChange, OfficeAccount},
    },
};

/// Accounts on a page.
const PAGE: usize = 50;
/// How long a link works.
const LINK: Duration = Duration::days(7);

/// `GET /province/accounts`
pub async fn list(cx: Cx) -> Result<Response, Error> {
    let page = accounts(&cx, New::default()).await?;
    let title = cx.tr().t("accounts-title");
    Ok(cx.page(&title, || accounts::accounts(cx.tr(), page)))
}

/// `POST /province/accounts`: makes an account and sends its person the link.
pub async fn create(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let (full_name, email, role) = (nfc(form.get("full_name")), Email::parse(form.get("email")), role(&form));
    let mistakes = mistakes(cx.tr(), &full_name, email.as_ref(), role);
    let (Some(email), Some(role), true) = (email, role, mistakes.is_empty()) else {
        return refuse(&cx, &form, mistakes).await;
    };
    let account = Account {
        id: clock::id(),
        role,
        full_name,
        email: Some(email.as_str().to_owned()),
        phone: None,
        // Nobody knows this password: the link sets the first one.
        password_hash: password::hash(hex(&clock::secret::<32>())).await?,
    };
    let invitation = invitation(&cx, account.id, &account.full_name, email.as_str());
    match app.store().invite_account(&account, &invitation, &by(&cx)?).await? {
        Ok(()) => Ok(invited(account.id, &invitation)),
        Err(_) => {
            let message = cx.tr().t("taken-email").into_owned();
            refuse(&cx, &form, vec![Mistake { field: "email".into(), message }]).await
        }
    }
}

/// `GET /province/accounts/{id}`
pub async fn account(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let found = app.store().office_account(id).await?.ok_or(Error::NotFound)?;
    let own = cx.visitor.as_ref().is_some_and(|visitor| visitor.account == id);
    let message = cx.query().get("message").parse::<Uuid>().ok().map(|id| id.to_string());
    let page = Detail { line: line(&found), own, message };
    Ok(cx.page(&found.full_name, || accounts::account(cx.tr(), page)))
}

/// `POST /province/accounts/{id}/{step}`: another role, a new link, disabled, enabled.
pub async fn step(
    State(app): State<App>,
    cx: Cx,
    Path((id, step)): Path<(Uuid, String)>,
    form: Pairs,
) -> Result<Response, Error> {
    let found = app.store().office_account(id).await?.ok_or(Error::NotFound)?;
    let by = by(&cx)?;
    let change = match step.as_str() {
        "role" => AccountChange::Role(role(&form).ok_or(Error::BadRequest("no role that is given here"))?),
        "disable" => AccountChange::Disable,
        "enable" => AccountChange::Enable,
        "invite" => {
            let email = found.email.as_deref().ok_or(Error::BadRequest("an account without an e-mail address"))?;
            let invitation = invitation(&cx, id, &found.full_name, email);
            app.store().invite_again(id, &invitation, &by).await?;
            return Ok(invited(id, &invitation));
        }
        _ => return Err(Error::NotFound),
    };
    if id == by.account {
        return Err(Error::Forbidden);
    }
    // Pressed twice, the second finds nothing left to change.
    app.store().change_account(id, change, &by).await?;
    Ok(Redirect::to(&address(id)).into_response())
}

async fn accounts(cx: &Cx, new: New) -> Result<Accounts, Error> {
    let before: Option<Uuid> = cx.query().get("before").parse().ok();
    let most = i64::try_from(PAGE + 1).unwrap_or(i64::MAX);
    let mut found = cx.app.store().office_accounts(before, most).await?;
    let more = found.len() > PAGE;
    found.truncate(PAGE);
    let next = found.last().filter(|_| more).map(|last| last.id.to_string());
    Ok(Accounts { accounts: found.iter().map(line).collect(), later_page: before.is_some(), next, new })
}

async fn refuse(cx: &Cx, form: &Pairs, mistakes: Vec<Mistake>) -> Result<Response, Error> {
    let get = |name: &str| form.get(name).to_owned();
    let new = New { full_name: get("full_name"), email: get("email"), role: get("role"), mistakes };
    let page = accounts(cx, new).await?;
    let title = cx.tr().t("accounts-title");
    Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || accounts::accounts(cx.tr(), page)))
}

fn mistakes(tr: Tr, full_name: &str, email: Option<&Email>, role: Option<Role>) -> Vec<Mistake> {
    let checks = [
        ("full_name", (2..=100).contains(&full_name.chars().count()), tr.t("wrong-full-name")),
        ("email", email.is_some(), tr.t("wrong-email")),
        ("role", role.is_some(), tr.t("account-wrong-role")),
    ];
    let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
    wrong.map(|(field, _, message)| Mistake { field: field.into(), message: message.into_owned() }).collect()
}

fn role(form: &Pairs) -> Option<Role> {
    form.get("role").parse().ok().filter(|role| ROLES.contains(role))
}

/// A new link with its message, in the administrator's language: the two work in one office.
fn invitation(cx: &Cx, account: Uuid, full_name: &str, email: &str) -> Invitation {
    let token = hex(&clock::secret::<32>());
    let expires_at = cx.now + LINK;
    let message = Message {
        id: clock::id(),
        to: email.to_owned(),
        lang: cx.lang,
        kind: Kind::AccountInvitation,
        letter: compose::invitation(cx.tr(), full_name, &invitation::path(&token), &moment(expires_at)),
        about: "account",
        about_id: Some(account),
        sender: None,
        stop: None,
        at: cx.now,
    };
    Invitation { token_hash: session_hash(&token), expires_at, message: Some(message) }
}

fn invited(account: Uuid, invitation: &Invitation) -> Response {
    let message = invitation.message.as_ref().map(|message| format!("?message={}", message.id)).unwrap_or_default();
    Redirect::to(&format!("{}{message}", address(account))).into_response()
}

fn line(account: &OfficeAccount) -> Line {
    let standing = match (account.disabled_at, account.invited_until) {
        (Some(_), _) => Standing::Disabled,
        (None, Some(_)) => Standing::Invited,
        (None, None) => Standing::Active,
    };
    Line {
        id: account.id.to_string(),
        full_name: account.full_name.clone(),
        email: account.email.clone().unwrap_or_default(),
        role: account.role().map_or("", Role::as_str).to_owned(),
        created_at: moment(account.created_at),
        standing,
    }
}

fn by(cx: &Cx) -> Result<By, Error> {
    let who = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    Ok(By { account: who.account, event: clock::id(), at: cx.now })
}

fn address(id: Uuid) -> String {
    format!("/province/accounts/{id}")
}
