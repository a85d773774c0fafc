//! Taking over an enterprise that somebody else registered, by the code of the province's letter.

use app::{
    pages::{
        register::{Register, Way},
        takeover,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    claim::ClaimCode,
    enterprise::{Email, Phone},
    role::Role,
    text::{Lang, nfc},
};

use super::{
    App, claim,
    context::{Cx, moment},
    forms::Pairs,
    register::{CONSENT_TEXT, password_problem},
    sign_in::{begin, signed_in},
};
use crate::{
    clock,
    error::Error,
    mail::compose,
    password,
    store::{Account, RegisterEntry, account::Taken, consent::CONTACT, takeover::TakingOver},
};

/// The page that says what will happen; nothing about the person is filled in from the register.
pub(super) fn show(cx: &Cx, page: Register) -> Response {
    let page = Register { phone: String::new(), email: String::new(), ..page };
    let title = cx.tr().t("takeover-title");
    cx.page(&title, || takeover::view(cx.tr(), &page, false))
}

/// `POST /claim/takeover`: makes whoever holds the code the owner, ends everybody else's access, and signs in.
pub async fn send(State(app): State<App>, cx: Cx, headers: HeaderMap, form: Pairs) -> Result<Response, Error> {
    let (entry, code) = match claim::checked(&app, &cx, &form).await? {
        Ok(known) => known,
        Err(page) => return Ok(page),
    };
    let page = typed(&form, &entry, &code);
    let mistakes = mistakes(&cx, &page, &form);
    if !mistakes.is_empty() {
        return Ok(refuse(&cx, Register { mistakes, ..page }, &form));
    }
    let new = TakingOver {
        tax_code: &entry.tax_code,
        code_hash: claim::hash(&entry.tax_code, &code.to_string()),
        account: Account {
            id: clock::id(),
            role: Role::Enterprise,
            full_name: page.full_name.clone(),
            email: Email::parse(&page.email).map(|email| email.as_str().to_owned()),
            phone: Phone::parse(&page.phone).map(|phone| phone.as_str().to_owned()),
            password_hash: password::hash(form.get("password").to_owned()).await?,
        },
        consents: [Some(("service", CONSENT_TEXT)), page.consent_contact.then_some((CONTACT, CONSENT_TEXT))]
            .into_iter()
            .flatten()
            .collect(),
        letter: letter(&entry, &cx),
    };
    match app.store().take_over(&new, &mut clock::id, cx.now).await? {
        Ok(()) => {
            let token = begin(&app, &cx, &headers, new.account.id).await?;
            Ok(signed_in(&app, Redirect::to("/colleagues?taken-over").into_response(), &token))
        }
        // Somebody else used it up while this page was open.
        Err(Taken::Claim | Taken::TaxCode) => Ok(claim::gone(&cx, page.tax_code)),
        Err(Taken::Email) => Ok(taken(&cx, page, &form, "email")),
        Err(Taken::Phone) => Ok(taken(&cx, page, &form, "phone")),
    }
}

fn typed(form: &Pairs, entry: &RegisterEntry, code: &ClaimCode) -> Register {
    Register {
        tax_code: entry.tax_code.clone(),
        name: entry.name.clone(),
        full_name: nfc(form.get("full_name")),
        phone: nfc(form.get("phone")),
        email: nfc(form.get("email")),
        consent_service: form.has("consent_service"),
        consent_contact: form.has("consent_contact"),
        way: Way::Code(code.to_string()),
        ..Register::default()
    }
}

fn mistakes(cx: &Cx, page: &Register, form: &Pairs) -> Vec<Mistake> {
    let tr = cx.tr();
    let readable = !page.full_name.contains('\u{fffd}') && (2..=100).contains(&page.full_name.chars().count());
    let (phone, email) = (Phone::parse(&page.phone), Email::parse(&page.email));
    let phone_problem = if page.phone.is_empty() && page.email.is_empty() {
        Some(tr.t("wrong-unreachable").into_owned())
    } else {
        (!page.phone.is_empty() && phone.is_none()).then(|| tr.t("wrong-phone").into_owned())
    };
    let known = [page.tax_code.as_str(), &page.name, &page.email, &page.phone, &page.full_name];
    let problems = [
        ("full_name", (!readable).then(|| tr.t("wrong-full-name").into_owned())),
        ("phone", phone_problem),
        ("email", (!page.email.is_empty() && email.is_none()).then(|| tr.t("wrong-email").into_owned())),
        ("password", password_problem(tr, form.get("password"), &known)),
        ("consent_service", (!page.consent_service).then(|| tr.t("wrong-consent").into_owned())),
        ("confirm", (!form.has("confirm")).then(|| tr.t("takeover-wrong-confirm").into_owned())),
    ];
    let wrong = problems.into_iter().filter_map(|(field, problem)| Some((field, problem?)));
    wrong.map(|(field, message)| Mistake { field: field.to_owned(), message }).collect()
}

fn taken(cx: &Cx, page: Register, form: &Pairs, field: &str) -> Response {
    let message = if field == "email" { cx.tr().t("taken-email") } else { cx.tr().t("taken-phone") };
    let mistakes = vec![Mistake { field: field.to_owned(), message: message.into_owned() }];
    refuse(cx, Register { mistakes, ..page }, form)
}

fn refuse(cx: &Cx, page: Register, form: &Pairs) -> Response {
    let title = cx.tr().t("takeover-title");
    let is_confirmed = form.has("confirm");
    cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || takeover::view(cx.tr(), &page, is_confirmed))
}

/// Nobody has said in which language the people of an enterprise read.
fn letter(entry: &RegisterEntry, cx: &Cx) -> crate::mail::letter::Letter {
    let in_one = |lang| compose::taken_over(app::i18n::Tr::new(lang), &entry.name, &moment(cx.now));
    in_one(Lang::Vi).and(in_one(Lang::En))
}
