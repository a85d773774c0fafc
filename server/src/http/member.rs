//! An association's list of members.

use app::{
    date,
    pages::{
        member::{self as one, Letter},
        members::{self, Last, Members, Row},
    },
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::{StatusCode, Uri},
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    enterprise::{Email, LegalForm, Phone},
    membership::{
        Membership,
        list::{self, MOST_LINES},
    },
    text::nfc,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    App,
    context::{Cx, moment},
    forms::Pairs,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Delivery, Member, NewMember},
};

/// Members on one page.
const PAGE: i64 = 50;

/// `GET /association/members`
pub async fn list(cx: Cx, uri: Uri) -> Result<Response, Error> {
    let query = Pairs::decode(uri.query().unwrap_or_default());
    let added = query.get("new").parse().ok().zip(query.get("known").parse().ok());
    let page = Members { added, sent: sent(&query), ..page(&cx, &query).await? };
    let title = cx.tr().t("members-title");
    Ok(cx.page(&title, || members::view(cx.tr(), page)))
}

/// `GET /association/members/{membership}`: one member with every message that went to it.
pub async fn show(cx: Cx, Path(membership): Path<Uuid>) -> Result<Response, Error> {
    let page = detail(&cx, membership).await?;
    let title = page.title().to_owned();
    Ok(cx.page(&title, || one::view(cx.tr(), &page)))
}

/// `POST /association/members/{membership}`: writes down how to reach it.
pub async fn change(
    State(app): State<App>,
    cx: Cx,
    Path(membership): Path<Uuid>,
    form: Pairs,
) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let [email, phone] = ["email", "phone"].map(|field| nfc(form.get(field)));
    let (read_email, read_phone) = (Email::parse(&email), Phone::parse(&phone));
    let wrong = [
        ("email", !email.is_empty() && read_email.is_none(), cx.tr().t("wrong-email")),
        ("phone", !phone.is_empty() && read_phone.is_none(), cx.tr().t("wrong-phone")),
    ];
    let mistakes: Vec<Mistake> = wrong
        .into_iter()
        .filter(|(_, is_wrong, _)| *is_wrong)
        .map(|(field, _, message)| Mistake { field: field.into(), message: message.into_owned() })
        .collect();
    if !mistakes.is_empty() {
        let page = one::Member { contact: [email, phone], mistakes, ..detail(&cx, membership).await? };
        let title = page.title().to_owned();
        return Ok(cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || one::view(cx.tr(), &page)));
    }
    let contact = (read_email.as_ref().map(Email::as_str), read_phone.as_ref().map(Phone::as_str));
    if !app.store().change_member(membership, staff.association, contact, cx.by()).await? {
        return Err(Error::NotFound);
    }
    Ok(Redirect::to(&format!("/association/members/{membership}?changed")).into_response())
}

async fn detail(cx: &Cx, membership: Uuid) -> Result<one::Member, Error> {
    let staff = cx.staff()?;
    let store = cx.app.store();
    let member = store.member(membership, staff.association).await?.ok_or(Error::NotFound)?;
    let letters = store.deliveries(membership, staff.association).await?;
    let stopped = member.stopped_at.map(day);
    let contact = [member.email.clone().unwrap_or_default(), phone(member.phone.as_deref())];
    let row = row(member).ok_or(Error::NotFound)?;
    let query = cx.query();
    Ok(one::Member {
        id: row.id,
        association: staff.name,
        tax_code: row.tax_code,
        name: row.name,
        is_register_name: row.is_register_name,
        contact,
        state: row.state,
        days: row.days,
        stopped,
        letters: letters.into_iter().map(letter).collect(),
        sent: sent(&query),
        changed: query.has("changed"),
        mistakes: Vec::new(),
    })
}

/// The list with what is wrong about letters that should be sent.
pub async fn refuse_letters(cx: &Cx, message: String) -> Result<Response, Error> {
    let mistakes = vec![Mistake { field: "letters".into(), message }];
    Ok(refuse(cx, Members { mistakes, ..page(cx, &Pairs::default()).await? }))
}

/// How many letters were queued just now and how many were not, as the address says after sending.
fn sent(query: &Pairs) -> Option<(usize, usize)> {
    query.get("sent").parse().ok().zip(query.get("left").parse().ok())
}

/// `POST /association/members`: lists the enterprises of the lines that were understood and shows the others.
pub async fn add(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let staff = cx.staff()?;
    let typed = form.get("lines");
    let (lines, bad) = list::read(typed);
    let too_many = typed.lines().filter(|line| !line.trim().is_empty()).count() > MOST_LINES;
    let wrong = if too_many {
        Some(cx.tr().with("members-too-many", [("most", &MOST_LINES.to_string())]))
    } else {
        (lines.is_empty() && bad.is_empty()).then(|| cx.tr().t("members-nothing").into_owned())
    };
    if let Some(message) = wrong {
        let mistakes = vec![Mistake { field: "lines".into(), message }];
        let page = Members { typed: typed.to_owned(), mistakes, ..page(&cx, &Pairs::default()).await? };
        return Ok(refuse(&cx, page));
    }
    let new: Vec<NewMember> = lines
        .into_iter()
        .map(|line| NewMember {
            id: clock::id(),
            tax_code: line.tax_code,
            name: line.name,
            email: line.email,
            phone: None,
        })
        .collect();
    let added = app.store().invite(staff.association, &new, staff.account, cx.by()).await?.len();
    let known = new.len() - added;
    if bad.is_empty() {
        return Ok(Redirect::to(&format!("/association/members?new={added}&known={known}")).into_response());
    }
    let typed = bad.iter().map(|line| line.text.as_str()).collect::<Vec<_>>().join("\n");
    let page = Members { added: Some((added, known)), bad, typed, ..page(&cx, &Pairs::default()).await? };
    Ok(refuse(&cx, page))
}

/// `POST /association/members/{membership}/cancel`: takes an enterprise off the list that has not decided yet.
pub async fn cancel(State(app): State<App>, cx: Cx, Path(membership): Path<Uuid>) -> Result<Response, Error> {
    let staff = cx.staff()?;
    if app.store().cancel_invitation(membership, staff.association, cx.by()).await? {
        return Ok(Redirect::to("/association/members").into_response());
    }
    Err(Error::NotFound)
}

fn refuse(cx: &Cx, page: Members) -> Response {
    let title = cx.tr().t("members-title");
    cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || members::view(cx.tr(), page))
}

async fn page(cx: &Cx, query: &Pairs) -> Result<Members, Error> {
    let staff = cx.staff()?;
    let store = cx.app.store();
    let state: Option<Membership> = query.get("state").parse().ok();
    let mut rows = store.members(staff.association, state, query.get("after").parse().ok(), PAGE + 1).await?;
    let more = rows.len() > usize::try_from(PAGE).unwrap_or_default();
    rows.truncate(usize::try_from(PAGE).unwrap_or_default());
    let standing = store.standing(staff.association).await?;
    Ok(Members {
        association: staff.name,
        counts: [standing.invited, standing.agreed, standing.refused, standing.withdrawn],
        state,
        next: rows.last().filter(|_| more).map(|last| last.id.to_string()),
        rows: rows.into_iter().filter_map(row).collect(),
        ..Members::default()
    })
}

fn day(at: OffsetDateTime) -> String {
    date::date(at.to_offset(VIETNAM).date())
}

/// A telephone number as it is dialled in the country.
fn phone(stored: Option<&str>) -> String {
    let stored = stored.unwrap_or_default();
    Phone::parse(stored).map_or_else(|| stored.to_owned(), |phone| phone.to_string())
}

fn letter(sent: Delivery) -> Letter {
    Letter {
        kind: sent.kind,
        state: sent.state,
        moments: (moment(sent.queued_at), sent.settled_at.map(moment)),
        recipient: sent.recipient,
        error: sent.last_error,
    }
}

fn row(member: Member) -> Option<Row> {
    let last = member.letter.zip(member.letter_state).zip(member.letter_at);
    // Who typed a tax code alone is told whose it is, unless that is a person.
    let found = member.register_name.filter(|name| member.name.is_empty() && !LegalForm::is_household_name(name));
    Some(Row {
        id: member.id.to_string(),
        state: member.state.parse().ok()?,
        tax_code: member.tax_code,
        is_register_name: found.is_some(),
        name: found.unwrap_or(member.name),
        email: member.email.unwrap_or_default(),
        days: (day(member.invited_at), member.decided_at.map(day)),
        is_stopped: member.stopped_at.is_some(),
        last: last.map(|((kind, state), at)| Last { kind, state, day: day(at) }),
    })
}
