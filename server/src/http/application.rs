//! Associations that ask for an account: the public form, and the province's decision with a letter either way.

use app::{
    i18n::Tr,
    pages::application::{self, Apply, Decision, Line, Standing},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    enterprise::Email,
    role::Role,
    text::{nfc, nfc_lines},
};
use time::Duration;
use uuid::Uuid;

use super::{
    App,
    context::{Cx, moment},
    forms::Pairs,
    hex, invitation,
    sign_in::session_hash,
};
use crate::{
    clock,
    error::Error,
    mail::compose,
    password,
    store::{
        Account, Association, AttemptKey, Invitation, Kind, Message,
        application::{Application, NewApplication, NotAccepted},
    },
};

/// Applications on the list.
const MOST: i64 = 200;
/// The longest text, in characters.
const LONGEST: usize = 2_000;
/// Applications of one network address that cost nothing; then each waits longer.
const FREE: i64 = 5;
/// How long the link works that sets the first password.
const LINK: Duration = Duration::days(7);

/// `GET /associations/apply`
pub async fn form(cx: Cx) -> Response {
    if cx.query().has("received") {
        let title = cx.tr().t("apply-done-title");
        return cx.page(&title, || application::received(cx.tr()));
    }
    let title = cx.tr().t("apply-title");
    cx.page(&title, || application::apply(cx.tr(), Apply::default()))
}

/// `POST /associations/apply`. The answer is the same whether the address has an account or not.
pub async fn send(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let keys: Vec<AttemptKey> = cx
        .address
        .map(|address| AttemptKey { hash: session_hash(&format!("apply {address}")), free: FREE })
        .into_iter()
        .collect();
    if let Some(wait) = app.store().wait(&keys, cx.now).await? {
        return Err(Error::TooManyAttempts(wait));
    }
    let (name, full_name, phone) = (nfc(form.get("name")), nfc(form.get("full_name")), nfc(form.get("phone")));
    let (email, note) = (Email::parse(form.get("email")), nfc_lines(form.get("text")));
    let tr = cx.tr();
    let fits = |text: &str, longest: usize| text.chars().count() <= longest && !text.contains('\u{fffd}');
    let checks = [
        ("name", name.chars().count() >= 2 && fits(&name, 200), tr.t("assoc-name-wrong").into_owned()),
        ("full_name", full_name.chars().count() >= 2 && fits(&full_name, 100), tr.t("wrong-full-name").into_owned()),
        ("email", email.is_some(), tr.t("wrong-email").into_owned()),
        ("phone", fits(&phone, 40), tr.t("settings-wrong-phone").into_owned()),
        ("text", fits(&note, LONGEST), tr.with("review-text-long", [("most", &LONGEST.to_string())])),
    ];
    let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
    let mut mistakes: Vec<Mistake> =
        wrong.map(|(field, _, message)| Mistake { field: field.into(), message }).collect();
    if let (Some(email), true) = (email, mistakes.is_empty()) {
        let new = NewApplication {
            id: clock::id(),
            name,
            full_name,
            email: email.as_str().to_owned(),
            phone: Some(phone).filter(|phone| !phone.is_empty()),
            note,
            lang: cx.lang,
        };
        app.store().wrong_password(&keys, cx.now).await?;
        if app.store().apply(&new, cx.by()).await? {
            return Ok(Redirect::to("/associations/apply?received").into_response());
        }
        mistakes.push(Mistake { field: "name".into(), message: tr.t("apply-full").into_owned() });
    }
    let get = |name: &str| form.get(name).to_owned();
    let page = Apply {
        name: get("name"),
        full_name: get("full_name"),
        email: get("email"),
        phone: get("phone"),
        note: get("text"),
        mistakes,
    };
    let title = tr.t("apply-title");
    Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || application::apply(tr, page)))
}

/// `GET /province/applications`
pub async fn list(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let lines: Vec<Line> = app.store().applications(MOST).await?.iter().map(line).collect();
    let title = cx.tr().t("applications-title");
    Ok(cx.page(&title, || application::list(cx.tr(), &lines)))
}

/// `GET /province/applications/{application}`
pub async fn one(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let found = app.store().application(id).await?.ok_or(Error::NotFound)?;
    let name = found.name.clone();
    Ok(show(&cx, StatusCode::OK, found, name, String::new(), Vec::new()))
}

/// `POST /province/applications/{application}`: accepts or declines, as `do` says.
pub async fn decide(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let found = app.store().application(id).await?.ok_or(Error::NotFound)?;
    let back = || Redirect::to(&format!("/province/applications/{id}")).into_response();
    if found.state != "waiting" {
        return Ok(back());
    }
    let (name, reason) = (nfc(form.get("name")), nfc_lines(form.get("text")));
    let mistake = |field: &str, message: String| vec![Mistake { field: field.into(), message }];
    let refuse =
        |found, name, reason, mistakes| Ok(show(&cx, StatusCode::UNPROCESSABLE_ENTITY, found, name, reason, mistakes));
    match form.get("do") {
        "accept" => {
            if let Some(wrong) = super::association::name_mistake(&cx, &name) {
                return refuse(found, name, reason, vec![wrong]);
            }
            let message = match accept(&app, &cx, &found, &name).await? {
                Ok(()) | Err(NotAccepted::Decided) => return Ok(back()),
                Err(NotAccepted::Name) => cx.tr().t("assoc-taken"),
                Err(NotAccepted::Email) => cx.tr().t("application-email-taken"),
            };
            refuse(found, name, reason, mistake("name", message.into_owned()))
        }
        "decline" => {
            if reason.is_empty() || reason.chars().count() > LONGEST {
                let message = if reason.is_empty() {
                    cx.tr().t("application-no-reason").into_owned()
                } else {
                    cx.tr().with("review-text-long", [("most", &LONGEST.to_string())])
                };
                let name = found.name.clone();
                return refuse(found, name, reason, mistake("text", message));
            }
            let letter = compose::association_declined(Tr::new(found.lang()), &found.full_name, &found.name, &reason);
            let message = message(&cx, &found, Kind::Application, letter);
            app.store().decline_application(id, &reason, &message, cx.by()).await?;
            Ok(back())
        }
        _ => Err(Error::BadRequest("a decision that no button sends")),
    }
}

async fn accept(app: &App, cx: &Cx, found: &Application, name: &str) -> Result<Result<(), NotAccepted>, Error> {
    let association = Association { id: clock::id(), name: name.to_owned(), four_eyes: false };
    let account = Account {
        id: clock::id(),
        role: Role::Association,
        full_name: found.full_name.clone(),
        email: Some(found.email.clone()),
        phone: None,
        // Nobody knows this password: the link sets the first one.
        password_hash: password::hash(hex(&clock::secret::<32>())).await?,
    };
    let token = hex(&clock::secret::<32>());
    let expires_at = cx.now + LINK;
    let letter = compose::association_accepted(
        Tr::new(found.lang()),
        &found.full_name,
        name,
        &invitation::path(&token),
        &moment(expires_at),
    );
    let message =
        Message { about: "account", about_id: Some(account.id), ..message(cx, found, Kind::AccountInvitation, letter) };
    let invitation = Invitation { token_hash: session_hash(&token), expires_at, message: Some(message) };
    Ok(app.store().accept_application(found.id, &association, &account, &invitation, cx.by()).await?)
}

fn message(cx: &Cx, found: &Application, kind: Kind, letter: crate::mail::letter::Letter) -> Message {
    Message {
        id: clock::id(),
        to: found.email.clone(),
        lang: found.lang(),
        kind,
        letter,
        about: "application",
        about_id: Some(found.id),
        sender: None,
        stop: None,
        at: cx.now,
    }
}

fn line(found: &Application) -> Line {
    Line {
        id: found.id.to_string(),
        name: found.name.clone(),
        full_name: found.full_name.clone(),
        when: moment(found.applied_at),
        standing: match found.state.as_str() {
            "waiting" => Standing::Waiting,
            "accepted" => Standing::Accepted,
            _ => Standing::Declined,
        },
    }
}

fn show(
    cx: &Cx,
    status: StatusCode,
    found: Application,
    name: String,
    typed: String,
    mistakes: Vec<Mistake>,
) -> Response {
    let page = Decision {
        line: line(&found),
        email: found.email,
        phone: found.phone,
        note: found.note,
        reason: found.reason,
        association: found.association_id.map(|id| id.to_string()),
        name,
        typed,
        mistakes,
    };
    let title = page.line.name.clone();
    let view = || application::one(cx.tr(), page);
    if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) }
}
