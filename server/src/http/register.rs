//! Registering an enterprise with its first account.

use app::{
    i18n::Tr,
    pages::register::{self, Register, Way},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{HeaderMap, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    claim::ClaimCode,
    classification,
    enterprise::{Email, LegalForm, Phone, TaxCode, TaxCodeError},
    role::Role,
    text::{nfc, search_key},
};
use validator::{Validate, ValidationError};

use super::{
    App, assessment, claim,
    context::{Cx, Respondent},
    forms::Pairs,
    sign_in::{LONGEST_PASSWORD, begin, session_hash, signed_in},
    tried,
};
use crate::{
    clock,
    error::Error,
    password,
    store::{Account, Registration, account::Taken, consent::CONTACT},
};

/// The version of the consent texts in `app/locales`; grows when their meaning changes.
pub(super) const CONSENT_TEXT: &str = "2026-11";
/// The shortest password. Length is what makes a password hard to guess, not odd signs (ASVS 6.2.1, 6.2.5).
const SHORTEST_PASSWORD: usize = 10;
/// The order of the fields on the page, for the error summary.
const FIELDS: [&str; 10] = [
    "tax_code",
    "name",
    "legal_form",
    "unit",
    "industry",
    "full_name",
    "phone",
    "email",
    "password",
    "consent_service",
];
/// What people type when a long password is asked for.
const COMMON: [&str; 14] = [
    "1234567890",
    "0123456789",
    "0987654321",
    "12345678910",
    "123456789a",
    "qwertyuiop",
    "qwerty12345",
    "password123",
    "matkhau123",
    "matkhau1234",
    "abcdefghij",
    "abc1234567",
    "iloveyou123",
    "doanhnghiep",
];

/// What was typed, normalised, with the rules that every field must meet.
#[derive(Validate)]
#[validate(schema(function = "tax_code_fits_form"), schema(function = "reachable"))]
struct Form {
    #[validate(custom(function = "tax_code"))]
    tax_code: String,
    #[validate(length(min = 2, max = 200, code = "name"), custom(function = "readable"))]
    name: String,
    #[validate(custom(function = "legal_form"))]
    legal_form: String,
    #[validate(custom(function = "unit"))]
    unit: String,
    #[validate(custom(function = "industry"))]
    industry: String,
    #[validate(length(min = 2, max = 100, code = "full_name"), custom(function = "readable"))]
    full_name: String,
    #[validate(custom(function = "phone"))]
    phone: String,
    #[validate(custom(function = "email"))]
    email: String,
    password: String,
    #[validate(custom(function = "agreed"))]
    consent_service: bool,
    consent_contact: bool,
    /// Answers that came along from trying the questions out.
    answers: String,
}

/// `GET /register`
pub async fn form(cx: Cx) -> Response {
    show(&cx, Register::default())
}

/// The form as far as it is known.
pub(super) fn show(cx: &Cx, page: Register) -> Response {
    let title = cx.tr().t("register-title");
    cx.page(&title, || register::view(cx.tr(), page))
}

/// `POST /register`: stores everything or nothing, and signs in.
pub async fn send(State(app): State<App>, cx: Cx, headers: HeaderMap, pairs: Pairs) -> Result<Response, Error> {
    store(&app, &cx, &headers, Form::of(&pairs), Way::Open).await
}

/// `GET /join/{token}`: the same form for a member that an association wrote to, filled in as far as it is known.
/// Looking at it uses nothing up, since mail programs look at links too.
pub async fn join_form(State(app): State<App>, cx: Cx, Path(token): Path<String>) -> Result<Response, Error> {
    let Some(link) = app.store().registration_link(session_hash(&token), cx.now).await? else {
        return Ok(gone(&cx));
    };
    let industry = link.industry_code.clone().unwrap_or_default();
    let page = Register {
        tax_code: link.tax_code,
        name: link.name,
        legal_form: link.legal_form.filter(|code| code.parse::<LegalForm>().is_ok()).unwrap_or_default(),
        unit: link.unit_code.unwrap_or_default(),
        industry: classification::division(&industry).map(|known| known.code.clone()).unwrap_or_default(),
        email: link.email.unwrap_or_default(),
        phone: link.phone.and_then(|phone| Phone::parse(&phone)).map(|phone| phone.to_string()).unwrap_or_default(),
        way: by_link(&token, link.association),
        ..Register::default()
    };
    Ok(show(&cx, page))
}

/// `POST /join/{token}`: registers the enterprise of the link, whatever tax code is sent, and leads to the invitation.
pub async fn join(
    State(app): State<App>,
    cx: Cx,
    headers: HeaderMap,
    Path(token): Path<String>,
    pairs: Pairs,
) -> Result<Response, Error> {
    let Some(link) = app.store().registration_link(session_hash(&token), cx.now).await? else {
        return Ok(gone(&cx));
    };
    let form = Form { tax_code: link.tax_code.clone(), ..Form::of(&pairs) };
    store(&app, &cx, &headers, form, by_link(&token, link.association)).await
}

fn by_link(token: &str, association: String) -> Way {
    Way::Link { path: format!("/join/{token}"), association }
}

fn gone(cx: &Cx) -> Response {
    let title = cx.tr().t("join-gone-title");
    cx.refused(StatusCode::NOT_FOUND, &title, || register::gone(cx.tr()))
}

/// Registers the enterprise of a code that was looked at, whatever tax code is sent.
///
/// # Errors
/// When the database fails.
pub(super) async fn by_code(
    app: &App,
    cx: &Cx,
    headers: &HeaderMap,
    pairs: &Pairs,
    (tax_code, code): (String, ClaimCode),
) -> Result<Response, Error> {
    let form = Form { tax_code, ..Form::of(pairs) };
    store(app, cx, headers, form, Way::Code(code.to_string())).await
}

/// Stores what was typed, signs in, and leads on; by a link to the association's invitation.
async fn store(app: &App, cx: &Cx, headers: &HeaderMap, form: Form, way: Way) -> Result<Response, Error> {
    let mistakes = form.mistakes(cx.tr());
    if !mistakes.is_empty() {
        return Ok(refuse(cx, form, way, mistakes));
    }
    let hash = password::hash(form.password.clone()).await?;
    let registration = form.registration(hash);
    let stored = match &way {
        Way::Open | Way::Link { .. } => app.store().register(&registration, &mut clock::id, cx.now).await?,
        Way::Code(code) => {
            let hash = claim::hash(&registration.tax_code, code);
            app.store().register_claimed(&registration, hash, &mut clock::id, cx.now).await?
        }
    };
    match stored {
        Ok(()) => {
            let who = Respondent { account: registration.account.id, enterprise: registration.enterprise };
            if form.answers.is_empty() {
                assessment::start(app, cx, who).await?;
            } else {
                tried::carry(app, cx, who, &form.answers).await?;
            }
            let token = begin(app, cx, headers, who.account).await?;
            let next = if matches!(way, Way::Link { .. }) { "/memberships?joined" } else { "/assessments" };
            Ok(signed_in(app, Redirect::to(next).into_response(), &token))
        }
        // Somebody else used it up while this form was open.
        Err(Taken::Claim) => Ok(claim::gone(cx, form.tax_code)),
        Err(taken) => {
            let (field, message) = match taken {
                Taken::TaxCode => ("tax_code", cx.tr().t("taken-tax-code")),
                Taken::Email => ("email", cx.tr().t("taken-email")),
                Taken::Phone | Taken::Claim => ("phone", cx.tr().t("taken-phone")),
            };
            let mistakes = vec![Mistake { field: field.into(), message: message.into_owned() }];
            Ok(refuse(cx, form, way, mistakes))
        }
    }
}

/// What is wrong with a new password; `known` are words that everybody who knows the account knows.
#[must_use]
pub fn password_problem(tr: Tr, password: &str, known: &[&str]) -> Option<String> {
    let length = password.chars().count();
    if length < SHORTEST_PASSWORD {
        return Some(tr.with("password-short", [("length", &SHORTEST_PASSWORD.to_string())]));
    }
    if length > LONGEST_PASSWORD {
        return Some(tr.with("password-long", [("length", &LONGEST_PASSWORD.to_string())]));
    }
    let plain = search_key(password);
    let first = plain.chars().next();
    let is_common = COMMON.contains(&plain.as_str()) || plain.chars().all(|sign| Some(sign) == first);
    let is_known = known.iter().any(|word| word.chars().count() >= 4 && search_key(word) == plain);
    (is_common || is_known).then(|| tr.t("password-common").into_owned())
}

impl Form {
    fn of(pairs: &Pairs) -> Self {
        let text = |name| nfc(pairs.get(name));
        Self {
            tax_code: text("tax_code"),
            name: text("name"),
            legal_form: text("legal_form"),
            unit: text("unit"),
            industry: text("industry"),
            full_name: text("full_name"),
            phone: text("phone"),
            email: text("email"),
            password: pairs.get("password").to_owned(),
            consent_service: pairs.has("consent_service"),
            consent_contact: pairs.has("consent_contact"),
            answers: pairs.get("_answers").to_owned(),
        }
    }

    fn mistakes(&self, tr: Tr) -> Vec<Mistake> {
        let errors = self.validate().err().unwrap_or_default();
        let codes = errors.field_errors();
        let mut mistakes = Vec::new();
        for field in FIELDS {
            let code = codes.get(field).and_then(|errors| errors.first()).map(|error| error.code.as_ref());
            let message = code.map(|code| complaint(tr, field, code)).or_else(|| {
                let known = [self.tax_code.as_str(), &self.name, &self.email, &self.phone, &self.full_name];
                (field == "password").then(|| password_problem(tr, &self.password, &known)).flatten()
            });
            mistakes.extend(message.map(|message| Mistake { field: field.to_owned(), message }));
        }
        // Rules about two fields count only once each field is right by itself.
        if mistakes.is_empty() {
            for error in codes.get("__all__").map(|errors| errors.as_slice()).unwrap_or_default() {
                let field = if error.code == "unreachable" { "phone" } else { "tax_code" };
                mistakes.push(Mistake { field: field.into(), message: complaint(tr, field, &error.code) });
            }
        }
        mistakes
    }

    fn registration(&self, password_hash: String) -> Registration {
        let mut consents = vec![("service", CONSENT_TEXT)];
        if self.consent_contact {
            consents.push((CONTACT, CONSENT_TEXT));
        }
        Registration {
            enterprise: clock::id(),
            tax_code: TaxCode::parse(&self.tax_code)
                .map_or_else(|_| self.tax_code.clone(), |code| code.as_str().into()),
            name: self.name.clone(),
            legal_form: self.legal_form.clone(),
            unit_code: self.unit.clone(),
            industry_code: self.industry.clone(),
            account: Account {
                id: clock::id(),
                role: Role::Enterprise,
                full_name: self.full_name.clone(),
                email: Email::parse(&self.email).map(|email| email.as_str().to_owned()),
                phone: Phone::parse(&self.phone).map(|phone| phone.as_str().to_owned()),
                password_hash,
            },
            consents,
        }
    }
}

fn refuse(cx: &Cx, form: Form, way: Way, mistakes: Vec<Mistake>) -> Response {
    let page = Register {
        tax_code: form.tax_code,
        name: form.name,
        legal_form: form.legal_form,
        unit: form.unit,
        industry: form.industry,
        full_name: form.full_name,
        email: form.email,
        phone: form.phone,
        consent_service: form.consent_service,
        consent_contact: form.consent_contact,
        way,
        answers: form.answers,
        mistakes,
    };
    let title = cx.tr().t("register-title");
    cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || register::view(cx.tr(), page))
}

fn complaint(tr: Tr, field: &str, code: &str) -> String {
    match (field, code) {
        (_, "unreadable") => tr.t("wrong-unreadable"),
        ("tax_code", "empty") => tr.t("wrong-tax-code-empty"),
        ("tax_code", "letters") => tr.t("wrong-tax-code-letters"),
        ("tax_code", "length") => tr.t("wrong-tax-code-length"),
        ("tax_code", "branch") => tr.t("wrong-tax-code-branch"),
        ("tax_code", "form") => tr.t("wrong-tax-code-form"),
        ("tax_code", _) => tr.t("wrong-tax-code-digit"),
        ("name", _) => tr.t("wrong-name"),
        ("legal_form", _) => tr.t("wrong-legal-form"),
        ("unit", _) => tr.t("wrong-unit"),
        ("industry", _) => tr.t("wrong-industry"),
        ("full_name", _) => tr.t("wrong-full-name"),
        ("phone", "unreachable") => tr.t("wrong-unreachable"),
        ("phone", _) => tr.t("wrong-phone"),
        ("email", _) => tr.t("wrong-email"),
        _ => tr.t("wrong-consent"),
    }
    .into_owned()
}

fn wrong(code: &'static str) -> ValidationError {
    ValidationError::new(code)
}

fn tax_code(typed: &str) -> Result<(), ValidationError> {
    if typed.is_empty() {
        return Err(wrong("empty"));
    }
    TaxCode::parse(typed).map(drop).map_err(|error| {
        wrong(match error {
            TaxCodeError::Letters => "letters",
            TaxCodeError::Length => "length",
            TaxCodeError::CheckDigit | TaxCodeError::NeverIssued => "digit",
            TaxCodeError::BranchSuffix => "branch",
        })
    })
}

fn readable(typed: &str) -> Result<(), ValidationError> {
    if typed.contains('\u{fffd}') { Err(wrong("unreadable")) } else { Ok(()) }
}

fn legal_form(code: &str) -> Result<(), ValidationError> {
    code.parse::<LegalForm>().map(drop).map_err(|_| wrong("unknown"))
}

fn unit(code: &str) -> Result<(), ValidationError> {
    classification::unit(code).map(drop).ok_or_else(|| wrong("unknown"))
}

fn industry(code: &str) -> Result<(), ValidationError> {
    classification::division(code).map(drop).ok_or_else(|| wrong("unknown"))
}

fn phone(typed: &str) -> Result<(), ValidationError> {
    if typed.is_empty() || Phone::parse(typed).is_some() { Ok(()) } else { Err(wrong("form")) }
}

fn email(typed: &str) -> Result<(), ValidationError> {
    if typed.is_empty() || Email::parse(typed).is_some() { Ok(()) } else { Err(wrong("form")) }
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "the derive passes references")]
fn agreed(ticked: &bool) -> Result<(), ValidationError> {
    if *ticked { Ok(()) } else { Err(wrong("missing")) }
}

/// A 12-digit personal number only for household businesses, a 13-digit code only for dependent units.
fn tax_code_fits_form(form: &Form) -> Result<(), ValidationError> {
    match (TaxCode::parse(&form.tax_code), form.legal_form.parse::<LegalForm>()) {
        (Ok(code), Ok(legal_form)) if !legal_form.allows(&code) => Err(wrong("form")),
        _ => Ok(()),
    }
}

fn reachable(form: &Form) -> Result<(), ValidationError> {
    if form.phone.is_empty() && form.email.is_empty() { Err(wrong("unreachable")) } else { Ok(()) }
}
