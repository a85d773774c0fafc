//! Codes by which enterprises of the register register: for one entry as a letter, for many as a file for letters.

use app::{
    pages::province::{
        claims::{self, Claims, Letter},
        words,
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{HeaderName, HeaderValue, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{claim::ClaimCode, enterprise::TaxCode};
use time::Duration;
use uuid::Uuid;

use super::register::{address, filter};
use crate::{
    clock,
    error::Error,
    export::{self, Cell, Format},
    http::{
        App,
        claim::hash,
        context::{Cx, moment},
        forms::Pairs,
    },
    store::{Claimable, MOST_CLAIMS, NewClaim},
};

/// How long a code works: time for a letter to arrive and for somebody to find an hour.
const VALID: Duration = Duration::days(60);

/// `POST /province/register/entries/{tax_code}/code`: a new code for one entry, shown this once, as a letter to print.
///
/// For an enterprise that has registered the code takes over, which the form has to ask for: a page that was opened before
/// it registered does not.
pub async fn one(State(app): State<App>, cx: Cx, Path(tax_code): Path<String>, form: Pairs) -> Result<Response, Error> {
    let code = TaxCode::parse(&tax_code).map_err(|_| Error::NotFound)?;
    let entry = app.store().register_entry(code.as_str()).await?.ok_or(Error::NotFound)?;
    let account = cx.visitor.as_ref().ok_or(Error::Forbidden)?.account;
    let (code, new) = new_claim(&entry.tax_code)?;
    let until = cx.now + VALID;
    let takes_over = form.has("takeover");
    let is_made = if takes_over {
        app.store().make_takeover_code(&new, until, account, cx.by()).await?
    } else {
        !app.store().make_claims(&[new], None, until, account, cx.by()).await?.is_empty()
    };
    if !is_made {
        // It registered or went meanwhile: its page says so.
        return Ok(Redirect::to(&format!("/province/register/entries/{}", entry.tax_code)).into_response());
    }
    let page = Letter {
        tax_code: entry.tax_code,
        name: entry.name,
        address: entry.address,
        place: words::place(cx.tr(), &entry.unit_code, &entry.district_code),
        code: code.to_string(),
        until: moment(until),
        link: link(&cx),
        has_address: app.config().origin.is_some(),
        owner: cx.settings.owner.clone(),
        takes_over,
    };
    let title = if takes_over { cx.tr().t("code-letter-takeover-title") } else { cx.tr().t("code-letter-title") };
    let mut response = cx.page(&title, || claims::letter(cx.tr(), &page));
    response.headers_mut().insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    Ok(response)
}

/// `GET /province/register/codes`: for which part of the register letters are to be written.
pub async fn form(cx: Cx) -> Result<Response, Error> {
    show(&cx, StatusCode::OK, &cx.query(), Vec::new()).await
}

/// `POST /province/register/codes`: makes the codes of a part and answers the file with them, this once.
pub async fn many(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let format: Format = form.get("format").parse().map_err(|_| Error::BadRequest("a kind of file that is none"))?;
    let entries = app.store().claimable(&filter(&form), MOST_CLAIMS, cx.now).await?;
    if entries.is_empty() {
        let mistakes = vec![Mistake { field: "place".into(), message: cx.tr().t("codes-none").into_owned() }];
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, &form, mistakes).await;
    }
    file(&cx, entries, None, format).await
}

/// Makes codes for these entries, those of a group if one is given, and answers the file with them.
///
/// # Errors
/// When the database or the file fails.
pub(super) async fn file(
    cx: &Cx,
    entries: Vec<Claimable>,
    group: Option<Uuid>,
    format: Format,
) -> Result<Response, Error> {
    let account = cx.visitor.as_ref().ok_or(Error::Forbidden)?.account;
    let (mut rows, mut new) = (Vec::with_capacity(entries.len()), Vec::with_capacity(entries.len()));
    let until = cx.now + VALID;
    let (link, day) = (link(cx), moment(until));
    for entry in entries {
        let (code, claim) = new_claim(&entry.tax_code)?;
        rows.push((entry.tax_code.clone(), row(cx, entry, &code, &link, &day)));
        new.push(claim);
    }
    let stored = cx.app.store().make_claims(&new, group, until, account, cx.by()).await?;
    let stored: std::collections::HashSet<String> = stored.into_iter().collect();
    let rows: Vec<_> = rows.into_iter().filter(|(tax_code, _)| stored.contains(tax_code)).map(|(_, row)| row).collect();
    let headers = claims::headers(cx.tr());
    // All of them are one batch: there are not so many.
    let mut response =
        export::download(format, "codes", &headers, rows, |rows| async move { Ok((rows, Vec::new())) }).await?;
    response.headers_mut().insert(HeaderName::from_static("cache-control"), HeaderValue::from_static("no-store"));
    Ok(response)
}

async fn show(cx: &Cx, status: StatusCode, asked: &Pairs, mistakes: Vec<Mistake>) -> Result<Response, Error> {
    let found = cx.app.store().claimable(&filter(asked), MOST_CLAIMS + 1, cx.now).await?.len();
    let most = usize::try_from(MOST_CLAIMS).unwrap_or(usize::MAX);
    let page = Claims {
        place: asked.get("place").to_owned(),
        section: asked.get("section").to_owned(),
        size: asked.get("size").to_owned(),
        count: found.min(most),
        more: found > most,
        back: address(asked, None),
        has_address: cx.app.config().origin.is_some(),
        mistakes,
    };
    let title = cx.tr().t("codes-title");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || claims::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || claims::view(cx.tr(), &page)),
    })
}

fn new_claim(tax_code: &str) -> Result<(ClaimCode, NewClaim), Error> {
    let code = ClaimCode::of_random(&clock::secret::<64>()).ok_or_else(|| anyhow::anyhow!("no fair random bytes"))?;
    let claim = NewClaim { tax_code: tax_code.to_owned(), hash: hash(tax_code, &code.to_string()) };
    Ok((code, claim))
}

fn row(cx: &Cx, entry: Claimable, code: &ClaimCode, link: &str, until: &str) -> Vec<Cell> {
    let place = words::place(cx.tr(), &entry.unit_code, &entry.district_code);
    let cells = [entry.name, entry.tax_code, entry.address.unwrap_or_default(), place, code.to_string()];
    cells.into_iter().chain([link.to_owned(), until.to_owned()]).map(Cell::from).collect()
}

/// Where a letter tells its reader to go: the address, or how to make it where the server does not know its own.
fn link(cx: &Cx) -> String {
    const PATH: &str = "/claim";
    cx.app.config().address(PATH).unwrap_or_else(|| cx.tr().with("code-address", [("path", PATH)]))
}
