//! The outbox, for the administrator.

use app::{
    pages::province::mail::{self, Detail, Line, Outbox},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::enterprise::Email;
use uuid::Uuid;

use crate::{
    clock,
    error::Error,
    http::{
        App,
        context::{Cx, moment},
        forms::Pairs,
    },
    mail::{compose, render::Stationery},
    store::{Kind, MailState, Message, StoredMessage},
};

/// Messages on a page.
const PAGE: i64 = 50;

/// `GET /province/mail`
pub async fn list(cx: Cx) -> Result<Response, Error> {
    let query = cx.query();
    let page = outbox(&cx, query.get("state"), query.get("before").parse().ok()).await?;
    let title = cx.tr().t("mail-title");
    Ok(cx.page(&title, || mail::outbox(cx.tr(), page)))
}

/// `POST /province/mail`: queues a test message.
pub async fn test(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let who = cx.visitor.clone().ok_or(Error::Forbidden)?;
    let Some(to) = Email::parse(form.get("to")) else {
        let mistakes = vec![Mistake { field: "to".into(), message: cx.tr().t("wrong-email").into_owned() }];
        let page = Outbox { to: form.get("to").to_owned(), mistakes, ..outbox(&cx, "", None).await? };
        let title = cx.tr().t("mail-title");
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || mail::outbox(cx.tr(), page)));
    };
    let message = Message {
        id: clock::id(),
        to: to.as_str().to_owned(),
        lang: cx.lang,
        kind: Kind::Test,
        letter: compose::test(cx.tr()),
        about: "account",
        about_id: Some(who.account),
        sender: None,
        stop: None,
        at: cx.now,
    };
    app.store().send_message(&message, who.account, clock::id()).await?;
    Ok(Redirect::to(&format!("/province/mail/{}", message.id)).into_response())
}

/// `GET /province/mail/{id}`
pub async fn message(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let message = app.store().message(id).await?.ok_or(Error::NotFound)?;
    let stationery = Stationery { settings: (*cx.settings).clone(), ..app.config().stationery() };
    let page = Detail {
        line: line(&message),
        attempts: message.attempts,
        next_at: (message.state() == MailState::Queued).then(|| moment(message.next_at)),
        settled_at: message.settled_at.map(moment),
        last_error: message.last_error.clone(),
        text: stationery.text(message.lang(), message.body()),
    };
    Ok(cx.page(&message.title, || mail::detail(cx.tr(), page)))
}

/// `POST /province/mail/{id}/resend`
pub async fn resend(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let who = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    let queued = app.store().resend_message(id, who.account, clock::id(), cx.now).await?;
    // Pressed twice, the second finds the message queued and leads to it all the same.
    if !queued && app.store().message(id).await?.is_none() {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&format!("/province/mail/{id}")).into_response())
}

async fn outbox(cx: &Cx, state: &str, before: Option<Uuid>) -> Result<Outbox, Error> {
    let state = MailState::named(state);
    let mut messages = cx.app.store().messages(state, before, PAGE + 1).await?;
    let more = i64::try_from(messages.len()).is_ok_and(|found| found > PAGE);
    messages.truncate(usize::try_from(PAGE).unwrap_or_default());
    let config = cx.app.config();
    Ok(Outbox {
        state: state.map_or("", MailState::as_str).to_owned(),
        next: messages.last().filter(|_| more).map(|last| last.id.to_string()),
        messages: messages.iter().map(line).collect(),
        later_page: before.is_some(),
        folder: config.smtp_url.is_none().then(|| config.mail_folder.display().to_string()),
        ..Outbox::default()
    })
}

fn line(message: &StoredMessage) -> Line {
    Line {
        id: message.id.to_string(),
        queued_at: moment(message.queued_at),
        recipient: message.recipient.clone(),
        kind: message.kind.clone(),
        title: message.title.clone(),
        state: message.state().as_str().to_owned(),
    }
}
