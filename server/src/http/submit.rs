//! Looking over the answers, sending them, the receipt.

use app::{
    date,
    pages::check::{self, Check, Receipt},
    paths,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{assessment::may_submit, score::score};
use uuid::Uuid;

use super::{
    App,
    assessment::{Loaded, load},
    context::Cx,
    forms::Pairs,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Submitted, Submitting},
};

/// `GET /assessments/{id}/check`
pub async fn check(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Ok(Redirect::to(&paths::result(&id.to_string())).into_response());
    }
    Ok(show(&cx, &loaded, StatusCode::OK, false, false))
}

/// `POST /assessments/{id}/check`: submits; sent twice, the second finds the receipt of the first.
pub async fn send(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let receipt = || Redirect::to(&paths::receipt(&id.to_string())).into_response();
    if !loaded.row.is_draft() {
        return Ok(receipt());
    }
    if cx.now >= loaded.row.closes_at {
        return Err(Error::CampaignClosed);
    }
    if form.get("_revision") != loaded.row.revision.to_string() {
        return Ok(show(&cx, &loaded, StatusCode::CONFLICT, false, true));
    }
    if may_submit(&loaded.questionnaire, &loaded.answers).is_err() {
        return Ok(show(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, false, false));
    }
    if form.get("declare") != "yes" {
        return Ok(show(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, true, false));
    }
    let who = cx.respondent()?;
    let new = Submitting {
        id: clock::id(),
        assessment: id,
        enterprise: who.enterprise,
        revision: loaded.row.revision,
        account: who.account,
        receipt: new_receipt(),
        answers: &loaded.answers,
        score: &score(&loaded.questionnaire, &loaded.answers),
        event: clock::id(),
        at: cx.now,
    };
    match app.store().submit(&new).await? {
        Submitted::Done => Ok(receipt()),
        Submitted::Changed => Ok(show(&cx, &load(&cx, id).await?, StatusCode::CONFLICT, false, true)),
        Submitted::Missing => Err(Error::NotFound),
    }
}

/// `GET /assessments/{id}/receipt`
pub async fn receipt(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let who = cx.respondent()?;
    let Some(submission) = app.store().submission(id, who.enterprise).await? else {
        return Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response());
    };
    let at = submission.submitted_at.to_offset(VIETNAM);
    let page = Receipt {
        assessment: id.to_string(),
        enterprise: loaded.row.enterprise_name,
        number: submission.receipt,
        submitted_at: format!("{}, {}", date::time(at.time()), date::date(at.date())),
    };
    let title = cx.tr().t("receipt-title");
    Ok(cx.page(&title, || check::receipt(cx.tr(), page)))
}

fn show(cx: &Cx, loaded: &Loaded, status: StatusCode, undeclared: bool, changed: bool) -> Response {
    let page = Check {
        assessment: loaded.row.id.to_string(),
        questionnaire: &loaded.questionnaire,
        answers: &loaded.answers,
        revision: loaded.row.revision,
        missing: may_submit(&loaded.questionnaire, &loaded.answers).err().unwrap_or_default(),
        undeclared,
        changed,
    };
    let title = cx.tr().t("check-title");
    match status {
        StatusCode::OK => cx.page(&title, || check::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || check::view(cx.tr(), &page)),
    }
}

/// A new receipt: eight signs that cannot be mistaken for each other when read aloud or copied by hand, 40 random bits.
#[must_use]
pub fn new_receipt() -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let secret = clock::secret::<8>();
    let signs: String = secret.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    format!("TS-{}-{}", &signs[..4], &signs[4..])
}
