//! The province's associations, their settings and their people.

use app::{
    pages::associations::{self, AssociationPage, Associations, NewPerson, Row},
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{enterprise::Email, role::Role, text::nfc};
use uuid::Uuid;

use super::{App, context::Cx, forms::Pairs};
use crate::{
    clock,
    error::Error,
    password,
    store::{Account, Association},
};

/// The longest name of an association, in characters.
const LONGEST_NAME: usize = 200;

/// `GET /province/associations`
pub async fn list(cx: Cx) -> Result<Response, Error> {
    show_list(&cx, StatusCode::OK, String::new(), Vec::new()).await
}

/// `POST /province/associations`: adds one.
pub async fn add(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let name = nfc(form.get("name"));
    if let Some(mistake) = name_mistake(&cx, &name) {
        return show_list(&cx, StatusCode::UNPROCESSABLE_ENTITY, name, vec![mistake]).await;
    }
    let new = Association { id: clock::id(), name, four_eyes: false };
    if app.store().add_association(&new, cx.by()).await? {
        return Ok(Redirect::to(&address(new.id)).into_response());
    }
    let mistakes = vec![mistake("name", cx.tr().t("assoc-taken").into_owned())];
    show_list(&cx, StatusCode::UNPROCESSABLE_ENTITY, new.name, mistakes).await
}

/// `GET /province/associations/{association}`
pub async fn one(cx: Cx, Path(id): Path<Uuid>, uri: Uri) -> Result<Response, Error> {
    let page = AssociationPage { changed: uri.query() == Some("changed"), ..page(&cx, id).await? };
    Ok(show_one(&cx, StatusCode::OK, page))
}

/// `POST /province/associations/{association}`: changes name and four-eyes rule.
pub async fn change(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let stored = page(&cx, id).await?;
    let new = Association { id, name: nfc(form.get("name")), four_eyes: form.has("four_eyes") };
    let mistake = match name_mistake(&cx, &new.name) {
        Some(mistake) => mistake,
        None if app.store().change_association(&new, cx.by()).await? => {
            return Ok(Redirect::to(&format!("{}?changed", address(id))).into_response());
        }
        None => mistake("name", cx.tr().t("assoc-taken").into_owned()),
    };
    let page = AssociationPage { name: new.name, four_eyes: new.four_eyes, mistakes: vec![mistake], ..stored };
    Ok(show_one(&cx, StatusCode::UNPROCESSABLE_ENTITY, page))
}

/// `POST /province/associations/{association}/accounts`: adds a person and shows the first password, this once.
pub async fn add_person(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let stored = page(&cx, id).await?;
    let person = NewPerson { full_name: nfc(form.get("full_name")), email: nfc(form.get("email")) };
    let mut mistakes = person_mistakes(&cx, &person);
    if mistakes.is_empty() {
        let first = first_password();
        let account = Account {
            id: clock::id(),
            role: Role::Association,
            full_name: person.full_name.clone(),
            email: Email::parse(&person.email).map(|email| email.as_str().to_owned()),
            phone: None,
            password_hash: password::hash(first.clone()).await?,
        };
        match app.store().add_association_account(&account, id, cx.by()).await? {
            Ok(()) => {
                let page = AssociationPage { added: Some((person.email, first)), ..page(&cx, id).await? };
                return Ok(show_one(&cx, StatusCode::OK, page));
            }
            Err(_) => {
                mistakes.push(mistake("email", cx.tr().t("assoc-email-taken").into_owned()));
            }
        }
    }
    let page = AssociationPage { person, mistakes, ..stored };
    Ok(show_one(&cx, StatusCode::UNPROCESSABLE_ENTITY, page))
}

async fn page(cx: &Cx, id: Uuid) -> Result<AssociationPage, Error> {
    let stored = cx.app.store().association(id).await?.ok_or(Error::NotFound)?;
    let people = cx.app.store().colleagues(id).await?;
    Ok(AssociationPage {
        id: id.to_string(),
        name: stored.name,
        four_eyes: stored.four_eyes,
        people: people.into_iter().map(|known| (known.full_name, known.email.unwrap_or_default())).collect(),
        ..AssociationPage::default()
    })
}

async fn show_list(cx: &Cx, status: StatusCode, name: String, mistakes: Vec<Mistake>) -> Result<Response, Error> {
    let rows = cx.app.store().associations().await?.into_iter().map(|listed| Row {
        id: listed.id.to_string(),
        name: listed.name,
        accounts: listed.accounts,
        agreed: listed.agreed,
        invited: listed.invited,
    });
    let page =
        Associations { rows: rows.collect(), name, mistakes, waiting: cx.app.store().waiting_applications().await? };
    let title = cx.tr().t("assoc-title");
    let view = || associations::list(cx.tr(), page);
    Ok(if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) })
}

fn show_one(cx: &Cx, status: StatusCode, page: AssociationPage) -> Response {
    let title = page.name.clone();
    let view = || associations::one(cx.tr(), page);
    if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) }
}

fn address(id: Uuid) -> String {
    format!("/province/associations/{id}")
}

fn mistake(field: &str, message: String) -> Mistake {
    Mistake { field: field.to_owned(), message }
}

pub(super) fn name_mistake(cx: &Cx, name: &str) -> Option<Mistake> {
    let fits = (2..=LONGEST_NAME).contains(&name.chars().count()) && !name.contains('\u{fffd}');
    (!fits).then(|| mistake("name", cx.tr().t("assoc-name-wrong").into_owned()))
}

fn person_mistakes(cx: &Cx, person: &NewPerson) -> Vec<Mistake> {
    let mut mistakes = Vec::new();
    if !(2..=100).contains(&person.full_name.chars().count()) || person.full_name.contains('\u{fffd}') {
        mistakes.push(mistake("full_name", cx.tr().t("wrong-full-name").into_owned()));
    }
    if Email::parse(&person.email).is_none() {
        mistakes.push(mistake("email", cx.tr().t("wrong-email").into_owned()));
    }
    mistakes
}

/// A password to be handed over and changed at the first sign-in: sixteen signs that cannot be mistaken for each other,
/// 80 random bits.
fn first_password() -> String {
    const SIGNS: &[u8; 32] = b"23456789abcdefghjkmnpqrstuvwxyz+";
    let signs: String = clock::secret::<16>().iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    [&signs[..4], &signs[4..8], &signs[8..12], &signs[12..]].join("-")
}
