//! Registering by the code of the province's letter.

use std::borrow::Cow;

use app::{
    pages::{
        claim::{self, Claim},
        register::{Register, Way},
    },
    ui::errors::Mistake,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::Response,
};
use model::{
    claim::ClaimCode,
    classification,
    enterprise::{LegalForm, Phone, TaxCode},
    text::nfc,
};

use super::{App, context::Cx, forms::Pairs, register, sign_in::session_hash, takeover};
use crate::{
    error::Error,
    store::{AttemptKey, RegisterEntry},
};

/// The form in which codes, as letters show them, are stored: with the tax code, so that one guess is a guess about one enterprise.
#[must_use]
pub fn hash(tax_code: &str, code: &str) -> [u8; 32] {
    session_hash(&format!("{tax_code} {code}"))
}

/// `GET /claim`: filled in as far as the link in a letter by mail says; looking at it uses nothing up, since mail programs
/// look at links too.
pub async fn form(cx: Cx) -> Response {
    let query = cx.query();
    let page = Claim { tax_code: nfc(query.get("tax_code")), code: nfc(query.get("code")), ..Claim::default() };
    show(&cx, StatusCode::OK, page)
}

/// `POST /claim`: where the code is right, the registration, filled in from the register, or the page that takes over an
/// enterprise which somebody has registered. Nothing is used up yet.
pub async fn send(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    match checked(&app, &cx, &form).await? {
        Ok((entry, code)) => {
            let is_registered = app.store().claim_state(&entry.tax_code, cx.now).await?.registered_at.is_some();
            let page = prefilled(entry, &code);
            Ok(if is_registered { takeover::show(&cx, page) } else { register::show(&cx, page) })
        }
        Err(page) => Ok(page),
    }
}

/// `POST /claim/register`: registers the enterprise of the code, whatever else is sent, and uses the code up.
pub async fn register(State(app): State<App>, cx: Cx, headers: HeaderMap, form: Pairs) -> Result<Response, Error> {
    match checked(&app, &cx, &form).await? {
        Ok((entry, code)) => register::by_code(&app, &cx, &headers, &form, (entry.tax_code, code)).await,
        Err(page) => Ok(page),
    }
}

/// The entry and its code, or the page that says why not. Wrong codes are counted like wrong passwords, by enterprise
/// and by address, and each costs a longer wait.
pub(super) async fn checked(
    app: &App,
    cx: &Cx,
    form: &Pairs,
) -> Result<Result<(RegisterEntry, ClaimCode), Response>, Error> {
    let page = Claim { tax_code: nfc(form.get("tax_code")), code: nfc(form.get("code")), ..Claim::default() };
    let (tax_code, code) = (TaxCode::parse(&page.tax_code), ClaimCode::parse(&page.code));
    let (Ok(tax_code), Some(code)) = (&tax_code, &code) else {
        let mut mistakes = Vec::new();
        if tax_code.is_err() {
            mistakes.push(mistake("tax_code", cx.tr().t("claim-wrong-tax-code")));
        }
        if code.is_none() {
            mistakes.push(mistake("code", cx.tr().t("claim-wrong-form")));
        }
        return Ok(Err(show(cx, StatusCode::UNPROCESSABLE_ENTITY, Claim { mistakes, ..page })));
    };
    let keys = attempt_keys(cx, tax_code.as_str());
    if let Some(wait) = app.store().wait(&keys, cx.now).await? {
        let message = cx.tr().with("claim-wait", [("seconds", &wait.whole_seconds().to_string())]);
        let mistakes = vec![Mistake { field: "code".into(), message }];
        return Ok(Err(show(cx, StatusCode::TOO_MANY_REQUESTS, Claim { mistakes, ..page })));
    }
    let is_right = app.store().is_claim(tax_code.as_str(), hash(tax_code.as_str(), &code.to_string()), cx.now).await?;
    let entry = if is_right { app.store().register_entry(tax_code.as_str()).await? } else { None };
    let Some(entry) = entry else {
        app.store().wrong_password(&keys, cx.now).await?;
        let mistakes = vec![mistake("code", cx.tr().t("claim-wrong"))];
        return Ok(Err(show(cx, StatusCode::UNPROCESSABLE_ENTITY, Claim { mistakes, ..page })));
    };
    app.store().right_password(keys[0]).await?;
    Ok(Ok((entry, code.clone())))
}

/// A whole office may sit behind one address.
fn attempt_keys(cx: &Cx, tax_code: &str) -> Vec<AttemptKey> {
    let mut keys = vec![AttemptKey { hash: session_hash(&format!("claim {tax_code}")), free: 4 }];
    let address = cx.address.map(|address| session_hash(&format!("claim address {address}")));
    keys.extend(address.map(|hash| AttemptKey { hash, free: 30 }));
    keys
}

/// What the register knows, to be looked over by who it is about.
fn prefilled(entry: RegisterEntry, code: &ClaimCode) -> Register {
    let known = |division: &str| classification::division(division).map(|known| known.code.clone());
    Register {
        tax_code: entry.tax_code,
        name: entry.name,
        legal_form: entry.legal_form.filter(|form| form.parse::<LegalForm>().is_ok()).unwrap_or_default(),
        unit: entry.unit_code,
        industry: known(&entry.division).unwrap_or_default(),
        phone: entry
            .phone
            .and_then(|phone| Phone::parse(&phone))
            .map(|phone| phone.as_str().to_owned())
            .unwrap_or_default(),
        email: entry.email.unwrap_or_default(),
        way: Way::Code(code.to_string()),
        ..Register::default()
    }
}

fn mistake(field: &str, message: Cow<'static, str>) -> Mistake {
    Mistake { field: field.to_owned(), message: message.into_owned() }
}

/// The page of somebody whose code was used up while the registration was open.
pub(super) fn gone(cx: &Cx, tax_code: String) -> Response {
    let mistakes = vec![mistake("code", cx.tr().t("claim-wrong"))];
    show(cx, StatusCode::CONFLICT, Claim { tax_code, mistakes, ..Claim::default() })
}

fn show(cx: &Cx, status: StatusCode, page: Claim) -> Response {
    let title = cx.tr().t("claim-title");
    let page = Claim { help: cx.settings.help(cx.lang), ..page };
    match status {
        StatusCode::OK => cx.page(&title, || claim::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || claim::view(cx.tr(), &page)),
    }
}
