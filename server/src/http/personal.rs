//! What is stored about the person who asks: shown, downloaded, erased.

use std::borrow::Cow;

use app::{
    pages::{
        personal::{self, ErasurePage, PersonalPage},
        province::audit::action_word,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse as _, Redirect, Response},
};
use serde_json::json;
use time::OffsetDateTime;

use super::{
    App, account,
    context::{Cx, moment},
    forms::Pairs,
    register::CONSENT_TEXT,
    sign_in,
};
use crate::{
    clock,
    error::Error,
    export::{self, Cell, Format},
    mail::compose,
    store::{Erasing, Erasure, Kind, Message, Personal, StoredMessage, Visitor, consent::CONTACT},
};

/// `GET /account/data`
pub async fn show(cx: Cx) -> Result<Response, Error> {
    let personal = load(&cx).await?;
    let visitor = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    let tr = cx.tr();
    let consents = personal.consents.iter().map(|consent| {
        let name = purpose(&cx, &consent.purpose, consent.association.as_deref());
        let given = tr.with("data-given", [("moment", &moment(consent.given_at))]);
        let ended = consent.withdrawn_at.map(|at| tr.with("data-withdrawn", [("moment", &moment(at))]));
        (name, ended.unwrap_or(given))
    });
    let page = PersonalPage {
        facts: facts(&cx, &personal),
        consents: consents.collect(),
        // Only people of enterprises are asked about news.
        news: match visitor.enterprise {
            Some(_) => Some(cx.app.store().agrees(visitor.account, CONTACT).await?),
            None => None,
        },
        decides: cx.is_owner(),
        saved: cx.query().has("saved"),
        sessions: personal.sessions.len(),
        logged: personal.logged.len(),
        messages: personal.messages.len(),
        written: personal.written.len(),
    };
    Ok(cx.page(&tr.t("data-title"), || personal::data(tr, page)))
}

/// `POST /account/data`: gives or withdraws the consent to news, at once.
pub async fn choose(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let account = cx.respondent()?.account;
    match form.get("news") {
        "withdraw" => app.store().withdraw_consent(account, CONTACT, cx.by()).await?,
        "give" => app.store().give_consent(account, (CONTACT, CONSENT_TEXT), clock::id(), cx.by()).await?,
        _ => return Err(Error::BadRequest("a choice about news that is none")),
    };
    Ok(Redirect::to("/account/data?saved#consents").into_response())
}

/// `GET /account/data/{format}`: `json` has everything as it is stored, `xlsx` and `csv` one line a thing.
pub async fn download(cx: Cx, Path(format): Path<String>) -> Result<Response, Error> {
    let personal = load(&cx).await?;
    let name = "thuoc-so-du-lieu-ca-nhan";
    if format == "json" {
        let disposition = format!("attachment; filename=\"{name}.json\"");
        let headers =
            [(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, disposition)];
        return Ok((headers, document(&personal).to_string()).into_response());
    }
    let format: Format = format.parse().map_err(|_| Error::NotFound)?;
    let tr = cx.tr();
    let headers = [tr.t("data-kind"), tr.t("data-when"), tr.t("data-what"), tr.t("data-value")].map(Cow::into_owned);
    let rows = lines(&cx, &personal);
    export::download(format, name, &headers, rows, |rows| async move { Ok((rows, Vec::new())) }).await
}

/// `GET /account/erase`
pub async fn erasure(cx: Cx) -> Result<Response, Error> {
    let page = erasure_page(&cx, Vec::new()).await?;
    Ok(cx.page(&cx.tr().t("erase-title"), || personal::erasure(cx.tr(), page)))
}

/// `POST /account/erase`: closes the account and erases the person, once the password is right.
pub async fn erase(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let visitor = cx.visitor.clone().ok_or(Error::Forbidden)?;
    if !account::knows_password(&app, &visitor, form.get("current")).await? {
        return refuse(&cx, cx.tr().t("password-current-wrong")).await;
    }
    let personal = load(&cx).await?;
    let names = [&personal.profile.email, &personal.profile.phone].into_iter().flatten();
    let erasing = Erasing {
        account: visitor.account,
        attempts: names.map(|name| sign_in::attempt_of(name)).collect(),
        confirmation: personal.profile.email.as_ref().map(|email| confirmation(&cx, &visitor, email)),
    };
    match app.store().erase(&erasing, cx.by()).await? {
        Erasure::Done(messages) => {
            for message in messages {
                // What waited for an administrator to hand it over is in a file.
                let file = app.config().mail_folder.join(format!("{message}.eml"));
                drop(tokio::fs::remove_file(file).await);
            }
            Ok(sign_in::forget(&app, Redirect::to("/account-closed").into_response()))
        }
        Erasure::LastAdministrator => refuse(&cx, cx.tr().t("erase-last-administrator")).await,
        Erasure::Missing => Err(Error::NotFound),
    }
}

/// `GET /account-closed`
pub async fn closed(cx: Cx) -> Response {
    cx.page(&cx.tr().t("closed-title"), || personal::closed(cx.tr()))
}

async fn load(cx: &Cx) -> Result<Personal, Error> {
    let visitor = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    cx.app.store().personal(visitor.account).await?.ok_or(Error::NotFound)
}

async fn erasure_page(cx: &Cx, mistakes: Vec<Mistake>) -> Result<ErasurePage, Error> {
    let visitor = cx.visitor.as_ref().ok_or(Error::Forbidden)?;
    Ok(ErasurePage {
        mistakes,
        is_last_of_enterprise: cx.app.store().is_last_of_enterprise(visitor.account).await?,
        of_enterprise: visitor.enterprise.is_some(),
        email: load(cx).await?.profile.email,
    })
}

async fn refuse(cx: &Cx, message: Cow<'static, str>) -> Result<Response, Error> {
    let mistake = Mistake { field: "current".into(), message: message.into_owned() };
    let page = erasure_page(cx, vec![mistake]).await?;
    let title = cx.tr().t("erase-title");
    Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || personal::erasure(cx.tr(), page)))
}

fn confirmation(cx: &Cx, visitor: &Visitor, email: &str) -> Message {
    Message {
        id: clock::id(),
        to: email.to_owned(),
        lang: cx.lang,
        kind: Kind::Erased,
        letter: compose::erased(cx.tr(), &moment(cx.now)),
        about: "account",
        about_id: Some(visitor.account),
        sender: None,
        stop: None,
        at: cx.now,
    }
}

fn facts(cx: &Cx, personal: &Personal) -> Vec<(String, String)> {
    let (tr, profile) = (cx.tr(), &personal.profile);
    let known = [
        (tr.t("field-full-name"), Some(profile.full_name.clone())),
        (tr.t("field-email"), profile.email.clone()),
        (tr.t("field-phone"), profile.phone.clone()),
        (tr.t("data-enterprise"), profile.enterprise.clone()),
        (tr.t("data-association"), profile.association.clone()),
        (tr.t("data-since"), Some(moment(profile.created_at))),
    ];
    known.into_iter().filter_map(|(name, value)| Some((name.into_owned(), value?))).collect()
}

fn purpose(cx: &Cx, purpose: &str, association: Option<&str>) -> String {
    match (purpose, association) {
        ("service", _) => cx.tr().t("data-purpose-service").into_owned(),
        ("contact", _) => cx.tr().t("data-purpose-contact").into_owned(),
        (_, Some(association)) => cx.tr().with("data-purpose-association", [("name", association)]),
        (other, None) => other.to_owned(),
    }
}

fn document(personal: &Personal) -> serde_json::Value {
    let message = |message: &StoredMessage| {
        json!({
            "queued_at": message.queued_at.unix_timestamp(),
            "kind": message.kind,
            "state": message.state().as_str(),
            "title": message.title,
            "body": message.body(),
        })
    };
    json!({
        "account": personal.profile,
        "sessions": personal.sessions,
        "consents": personal.consents,
        "log": personal.logged,
        "messages": personal.messages.iter().map(message).collect::<Vec<_>>(),
        "written": personal.written,
    })
}

/// One line a thing: its kind, when, what, and more about it.
fn lines(cx: &Cx, personal: &Personal) -> Vec<Vec<Cell>> {
    let tr = cx.tr();
    let line = |kind: Cow<'static, str>, at: Option<OffsetDateTime>, what: String, value: String| {
        vec![Cell::from(kind.into_owned()), Cell::from(at.map(moment)), Cell::from(what), Cell::from(value)]
    };
    let facts = facts(cx, personal).into_iter().map(|(name, value)| line(tr.t("account-title"), None, name, value));
    let consents = personal.consents.iter().map(|consent| {
        let ended = consent.withdrawn_at.map(|at| tr.with("data-withdrawn", [("moment", &moment(at))]));
        let what = purpose(cx, &consent.purpose, consent.association.as_deref());
        line(tr.t("data-consents"), Some(consent.given_at), what, ended.unwrap_or_default())
    });
    let sessions = personal.sessions.iter().map(|session| {
        let seen = tr.with("data-seen", [("moment", &moment(session.seen_at))]);
        line(tr.t("data-sessions"), Some(session.created_at), seen, String::new())
    });
    let logged = personal.logged.iter().map(|row| {
        line(tr.t("data-logged"), Some(row.at), action_word(tr, &row.action), row.origin.clone().unwrap_or_default())
    });
    let stationery = cx.app.config().stationery();
    let messages = personal.messages.iter().map(|message| {
        let text = stationery.text(message.lang(), message.body());
        line(tr.t("data-messages"), Some(message.queued_at), message.title.clone(), text)
    });
    let written = personal
        .written
        .iter()
        .map(|entry| line(tr.t("data-written"), Some(entry.at), entry.text.clone(), String::new()));
    facts.chain(consents).chain(sessions).chain(logged).chain(messages).chain(written).collect()
}
