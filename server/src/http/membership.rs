//! An enterprise's word about the associations that list it.

use app::{
    date,
    pages::memberships::{self, Memberships, Row, Seen},
    paths,
};
use axum::{
    extract::{Path, State},
    http::Uri,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{assessment::State as Stage, classification, format, membership::Decision};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{App, context::Cx, forms::Pairs};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{
        MembershipRow,
        membership::{Decided, Deciding},
    },
};

/// The version of the texts about what an association sees; grows when their meaning changes.
const CONSENT_TEXT: &str = "2026-11";

/// `GET /memberships`
pub async fn list(cx: Cx, uri: Uri) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let rows = cx.app.store().memberships(who.enterprise).await?;
    let page = Memberships {
        rows: rows.into_iter().filter_map(row).collect(),
        seen: seen(&cx, who.enterprise).await?,
        changed: uri.query() == Some("changed"),
        joined: uri.query() == Some("joined"),
    };
    let title = cx.tr().t("memberships-title");
    Ok(cx.page(&title, || memberships::view(cx.tr(), page)))
}

/// `POST /memberships/{membership}`: agrees, refuses or withdraws.
pub async fn decide(
    State(app): State<App>,
    cx: Cx,
    Path(membership): Path<Uuid>,
    form: Pairs,
) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let decision: Decision =
        form.get("decision").parse().map_err(|_| Error::BadRequest("a decision that no button sends"))?;
    let new =
        Deciding { membership, enterprise: who.enterprise, decision, text_version: CONSENT_TEXT, consent: clock::id() };
    match app.store().decide_membership(new, who.account, cx.by()).await? {
        Decided::Done => Ok(Redirect::to("/memberships?changed").into_response()),
        // An old page: the present one shows what can be decided now.
        Decided::NotNow => Ok(Redirect::to("/memberships").into_response()),
        Decided::Missing => Err(Error::NotFound),
    }
}

fn row(row: MembershipRow) -> Option<Row> {
    let day = |at: OffsetDateTime| date::date(at.to_offset(VIETNAM).date());
    Some(Row {
        id: row.id.to_string(),
        state: row.state.parse().ok()?,
        association: row.association,
        invited: day(row.invited_at),
        decided: row.decided_at.map(day),
    })
}

/// What an association that was agreed to sees, read as the board reads it.
async fn seen(cx: &Cx, enterprise: Uuid) -> Result<Seen, Error> {
    let store = cx.app.store();
    let campaign = store.open_campaign(cx.now).await?.map_or_else(Uuid::nil, |open| open.id);
    let own = store.seen_by_associations(enterprise, campaign).await?;
    let lang = cx.lang;
    let submitted = own.assessment.filter(|_| own.version > 0).map(|id| paths::result(&id.to_string()));
    Ok(Seen {
        industry: classification::division(&own.industry_code)
            .map_or_else(|| own.industry_code.clone(), |division| division.name.get(lang).to_owned()),
        state: own.state.parse::<Stage>().ok(),
        active: own.active_at.map(moment),
        result: own.overall.zip(level(own.level)).map(|(overall, level)| (format::score(lang, overall), level)),
        submitted,
        name: own.name,
        tax_code: own.tax_code,
    })
}

/// Day and time as people write them.
pub fn moment(at: OffsetDateTime) -> String {
    let at = at.to_offset(VIETNAM);
    format!("{} {}", date::date(at.date()), date::time(at.time()))
}

/// A level as stored.
pub fn level(stored: Option<i64>) -> Option<u8> {
    u8::try_from(stored?).ok()
}
