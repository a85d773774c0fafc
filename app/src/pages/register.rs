//! Registering an enterprise.

use leptos::prelude::*;
use model::{
    classification::{self, Unit},
    enterprise::LegalForm,
    text::sort_key,
};

use super::{account::password, topic::industries};
use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, Group, message},
        notice,
    },
};

/// What was typed, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Register {
    /// Tax code.
    pub tax_code: String,
    /// The enterprise's name.
    pub name: String,
    /// Code of the legal form.
    pub legal_form: String,
    /// Code of the ward or commune.
    pub unit: String,
    /// VSIC division.
    pub industry: String,
    /// The person's name.
    pub full_name: String,
    /// E-mail address.
    pub email: String,
    /// Phone number.
    pub phone: String,
    /// Agreed to what registration needs.
    pub consent_service: bool,
    /// Agreed to be written to about results and support.
    pub consent_contact: bool,
    /// How its reader came here.
    pub way: Way,
    /// Answers of somebody who tried the questions out, in form encoding: they become the draft of the new account.
    pub answers: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// How somebody came to the form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Way {
    /// By themselves.
    #[default]
    Open,
    /// By the link of an association's letter; the tax code is given.
    Link {
        /// Its path.
        path: String,
        /// Who invites.
        association: String,
    },
    /// With the code of the province's letter; the tax code is given.
    Code(String),
}

/// The page.
pub fn view(tr: Tr, page: Register) -> AnyView {
    let wrong = &page.mistakes;
    let (action, lead) = match &page.way {
        Way::Open => ("/register".to_owned(), tr.t("register-lead").into_owned()),
        Way::Link { path, association } => (path.clone(), tr.with("join-lead", [("association", association)])),
        Way::Code(_) => ("/claim/register".to_owned(), tr.t("claim-register-lead").into_owned()),
    };
    let carried = (!page.answers.is_empty()).then(|| {
        view! {
            {notice::plain(tr.t("try-carried-title").into_owned(), view! { <p>{tr.t("try-carried")}</p> })}
            <input type="hidden" name="_answers" value=page.answers.clone()/>
        }
    });
    view! {
        <div class="l-text">
            {errors::summary(tr, wrong)}
            <div class="c-head">
                <h1>{tr.t("register-title")}</h1>
                <p class="c-head__lead">{lead}</p>
            </div>
            <form method="post" action=action novalidate>
                {carried}
                <h2>{tr.t("register-enterprise")}</h2>
                {enterprise(tr, &page)}
                <h2 class="l-gap-l">{tr.t("register-contact")}</h2>
                {contact(tr, &page)}
                <h2 class="l-gap-l">{tr.t("register-consent")}</h2>
                {consents(tr, &page)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("register-button")}</button></div>
            </form>
            {matches!(page.way, Way::Open).then(|| view! { <p class="l-gap"><a href="/claim">{tr.t("register-has-code")}</a></p> })}
            <p class="l-gap">{tr.t("register-has-account")}" "<a href="/sign-in">{tr.t("sign-in-title")}</a></p>
        </div>
    }
    .into_any()
}

fn enterprise(tr: Tr, page: &Register) -> AnyView {
    let wrong = &page.mistakes;
    let tax_code = Field {
        label: tr.t("field-tax-code").into_owned(),
        hint: Some(tr.t("field-tax-code-hint").into_owned()),
        value: page.tax_code.clone(),
        inputmode: "numeric",
        narrow: true,
        ..Field::default()
    };
    let name = Field {
        label: tr.t("field-name").into_owned(),
        hint: Some(tr.t("field-name-hint").into_owned()),
        value: page.name.clone(),
        autocomplete: "organization",
        ..Field::default()
    };
    let choose = || tr.t("choose").into_owned();
    let unit_hint = Some(tr.t("field-unit-hint").into_owned());
    let industry_hint = Some(tr.t("field-industry-hint").into_owned());
    let tax_code = match &page.way {
        Way::Link { .. } => given(tr.t("field-tax-code").into_owned(), page.tax_code.clone(), None),
        Way::Code(code) => given(tr.t("field-tax-code").into_owned(), page.tax_code.clone(), Some(code.clone())),
        Way::Open => field::input(tr, "tax_code", tax_code, wrong),
    };
    view! {
        {tax_code}
        {field::input(tr, "name", name, wrong)}
        {field::select(tr, "legal_form", tr.t("field-legal-form").into_owned(), None, (choose(), legal_forms(tr)), &page.legal_form, wrong)}
        {field::select(tr, "unit", tr.t("field-unit").into_owned(), unit_hint, (choose(), units(tr)), &page.unit, wrong)}
        {field::select(tr, "industry", tr.t("field-industry").into_owned(), industry_hint, (choose(), industries(tr)), &page.industry, wrong)}
    }
    .into_any()
}

/// The tax code of a link or code, which nobody changes; a code is sent along with it.
pub(super) fn given(label: String, tax_code: String, code: Option<String>) -> AnyView {
    let sent = code.map(|code| {
        view! {
            <input type="hidden" name="tax_code" value=tax_code.clone()/>
            <input type="hidden" name="code" value=code/>
        }
    });
    view! {
        <dl class="c-facts" id="tax_code" tabindex="-1">
            <div class="c-facts__row"><dt>{label}</dt><dd class="u-num">{tax_code.clone()}</dd></div>
        </dl>
        {sent}
    }
    .into_any()
}

/// The page of a link that was used or is too old.
pub fn gone(tr: Tr) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("join-gone-title")}</h1>
            <p class="u-lead">{tr.t("join-gone")}</p>
            <p><a href="/sign-in">{tr.t("sign-in-title")}</a></p>
            <p><a href="/register">{tr.t("register-title")}</a></p>
        </div>
    }
}

pub(super) fn contact(tr: Tr, page: &Register) -> AnyView {
    let wrong = &page.mistakes;
    let full_name = Field {
        label: tr.t("field-full-name").into_owned(),
        value: page.full_name.clone(),
        autocomplete: "name",
        ..Field::default()
    };
    let phone = Field {
        label: tr.t("field-phone").into_owned(),
        hint: Some(tr.t("field-phone-hint").into_owned()),
        value: page.phone.clone(),
        kind: "tel",
        autocomplete: "tel",
        ..Field::default()
    };
    let email = Field {
        label: tr.t("field-email").into_owned(),
        value: page.email.clone(),
        kind: "email",
        autocomplete: "email",
        ..Field::default()
    };
    let new = password(tr.t("password").into_owned(), Some(tr.t("password-hint").into_owned()), "new-password");
    view! {
        {field::input(tr, "full_name", full_name, wrong)}
        {field::input(tr, "phone", phone, wrong)}
        {field::input(tr, "email", email, wrong)}
        {field::input(tr, "password", new, wrong)}
    }
    .into_any()
}

/// One tick per purpose, none set beforehand (Law 91/2025/QH15, article 9).
pub(super) fn consents(tr: Tr, page: &Register) -> AnyView {
    let error =
        errors::of(&page.mistakes, "consent_service").map(|error| message(tr, "consent_service", error.to_owned()));
    let class = if error.is_some() { "c-choices c-choices--error" } else { "c-choices" };
    let described = error.is_some().then_some("consent_service-error");
    view! {
        <p>{tr.t("consent-lead")}" "<a href="/privacy">{tr.t("consent-privacy")}</a></p>
        <fieldset class=class aria-describedby=described>
            <legend class="c-choices__legend"><span class="u-hidden">{tr.t("register-consent")}</span></legend>
            {error}
            <div class="c-choices__list">
                {consent("consent_service", page.consent_service, tr.t("consent-service").into_owned())}
                {consent("consent_contact", page.consent_contact, tr.t("consent-contact").into_owned())}
            </div>
        </fieldset>
    }
    .into_any()
}

fn consent(name: &'static str, given: bool, text: String) -> impl IntoView {
    view! {
        <label class="c-choice">
            <input class="c-choice__input" type="checkbox" id=name name=name value="yes" checked=given/>
            <span class="c-choice__text">{text}</span>
        </label>
    }
}

fn legal_forms(tr: Tr) -> Vec<Group> {
    let choice = |form: LegalForm| (form.code().to_owned(), form.name().get(tr.lang).to_owned());
    vec![Group { label: None, choices: LegalForm::all().into_iter().map(choice).collect() }]
}

/// The wards and communes under their former districts: people still look for them there.
fn units(tr: Tr) -> Vec<Group> {
    let mut groups: Vec<(String, Vec<&Unit>)> = Vec::new();
    for unit in classification::units() {
        match groups.iter_mut().find(|(district, _)| *district == unit.former_district) {
            Some((_, units)) => units.push(unit),
            None => groups.push((unit.former_district.clone(), vec![unit])),
        }
    }
    groups
        .into_iter()
        .map(|(district, mut units)| {
            units.sort_by_cached_key(|unit| sort_key(&unit.name));
            let label = tr.with("former-district", [("name", &district)]);
            let choices = units.into_iter().map(|unit| (unit.code.clone(), unit.label(tr.lang))).collect();
            Group { label: Some(label), choices }
        })
        .collect()
}
