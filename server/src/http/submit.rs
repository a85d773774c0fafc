//! Looking over the answers, sending them, the receipt.

use app::{
    date,
    pages::check::{self, Check, Receipt},
    paths,
    shell::Head,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    answer::Answers,
    assessment::may_submit,
    check::{Finding, differ, differences},
    quick::Kind,
    score::score,
    text::nfc,
};
use time::Duration;
use uuid::Uuid;

use super::{
    App,
    assessment::{Loaded, left_behind, load},
    context::Cx,
    forms::Pairs,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Raised, Submitted, Submitting},
};

/// How long ago an assessment may be for large rises since then to be odd (instrument §6, X13: six months).
const RECENT: Duration = Duration::days(183);

/// What was posted and not sent.
#[derive(Default)]
struct Refused {
    reasons: Vec<(String, String)>,
    too_long: Vec<String>,
    undeclared: bool,
    changed: bool,
}

/// `GET /assessments/{id}/check`
pub async fn check(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Ok(Redirect::to(&paths::result(&id.to_string())).into_response());
    }
    if loaded.row.kind() == Kind::Quick {
        return Ok(Redirect::to(&paths::quick(&id.to_string())).into_response());
    }
    show(&cx, &loaded, StatusCode::OK, Refused::default()).await
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
    if loaded.row.kind() == Kind::Quick {
        return Err(Error::BadRequest("a quick check is not sent"));
    }
    let recent = recent(&cx, &loaded).await?;
    let raised = raised(&loaded, recent.as_ref());
    let findings: Vec<Raised> = raised.iter().map(|finding| typed_reason(finding, &form)).collect();
    let refused = refused(&loaded, &form, &findings);
    if refused.changed {
        return show(&cx, &loaded, StatusCode::CONFLICT, refused).await;
    }
    let is_whole = may_submit(&loaded.questionnaire, &loaded.answers).is_ok();
    if !is_whole || refused.undeclared || !refused.too_long.is_empty() {
        return show(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, refused).await;
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
        findings: &findings,
        event: clock::id(),
        at: cx.now,
    };
    match app.store().submit(&new).await? {
        Submitted::Done => Ok(receipt()),
        Submitted::Changed => {
            show(&cx, &load(&cx, id).await?, StatusCode::CONFLICT, Refused { changed: true, ..refused }).await
        }
        Submitted::Missing => Err(Error::NotFound),
    }
}

/// The warnings that the answers raise, and that about two people who differ.
fn raised<'a>(loaded: &'a Loaded, recent: Option<&Answers>) -> Vec<Finding<'a>> {
    let others: Vec<_> = loaded.row.others().into_iter().map(|(id, answer, _)| (id, answer)).collect();
    let mut raised = model::check::check(&loaded.questionnaire, &loaded.answers, recent);
    raised.extend(differ(&differences(&loaded.questionnaire, &loaded.answers, &others)));
    raised
}

fn typed_reason(finding: &Finding<'_>, form: &Pairs) -> Raised {
    let typed = nfc(form.get(&check::reason_field(finding.code())));
    let reason = typed.trim();
    Raised { check_id: finding.code().to_owned(), reason: (!reason.is_empty()).then(|| reason.to_owned()) }
}

/// What keeps the form from being sent, apart from open questions.
fn refused(loaded: &Loaded, form: &Pairs, findings: &[Raised]) -> Refused {
    let reasons: Vec<(String, String)> =
        findings.iter().filter_map(|raised| Some((raised.check_id.clone(), raised.reason.clone()?))).collect();
    let is_long = |(_, reason): &&(String, String)| reason.chars().count() > check::LONGEST_REASON;
    Refused {
        too_long: reasons.iter().filter(is_long).map(|(code, _)| code.clone()).collect(),
        undeclared: form.get("declare") != "yes",
        changed: form.get("_revision") != loaded.row.revision.to_string(),
        reasons,
    }
}

/// The answers of the enterprise's assessment before this one, if it was of the same questionnaire and not long ago.
async fn recent(cx: &Cx, loaded: &Loaded) -> Result<Option<Answers>, Error> {
    let results = cx.app.store().results(cx.respondent()?.enterprise).await?;
    let before = results.into_iter().find(|past| {
        past.assessment != loaded.row.id
            && past.questionnaire_id == loaded.questionnaire.id
            && cx.now - past.submitted_at <= RECENT
    });
    Ok(before.map(|past| past.answers().clone()))
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

async fn show(cx: &Cx, loaded: &Loaded, status: StatusCode, refused: Refused) -> Result<Response, Error> {
    let recent = recent(cx, loaded).await?;
    let missing = may_submit(&loaded.questionnaire, &loaded.answers).err().unwrap_or_default();
    let page = Check {
        assessment: loaded.row.id.to_string(),
        questionnaire: &loaded.questionnaire,
        answers: &loaded.answers,
        revision: loaded.row.revision,
        findings: raised(loaded, recent.as_ref()),
        reasons: refused.reasons,
        // Without the form there is no field to be wrong.
        undeclared: refused.undeclared && missing.is_empty() && !refused.changed,
        too_long: if missing.is_empty() { refused.too_long } else { Vec::new() },
        changed: refused.changed,
        may_send: cx.is_owner(),
        missing,
    };
    let mut title = cx.tr().t("check-title").into_owned();
    if status != StatusCode::OK {
        title = cx.tr().with("title-error", [("title", &title)]);
    }
    let head = Head::new(&title).with_islands();
    Ok(cx.respond(status, &head, || (left_behind(cx, loaded.row.id), check::view(cx.tr(), &page))))
}

/// A new receipt: eight signs that cannot be mistaken for each other when read aloud or copied by hand, 40 random bits.
#[must_use]
pub fn new_receipt() -> String {
    const SIGNS: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let secret = clock::secret::<8>();
    let signs: String = secret.iter().map(|byte| char::from(SIGNS[usize::from(byte % 32)])).collect();
    format!("TS-{}-{}", &signs[..4], &signs[4..])
}
