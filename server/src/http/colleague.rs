//! Colleagues of an enterprise: invited and ended by the owner, given sections, and what two of them agree on.

use app::{
    pages::{
        agree::{self, Agree, Both, NOW, OTHER},
        colleagues::{self, Assignments, Colleagues, Made, Standing},
        tasks::{Done, Team},
        words,
    },
    paths,
    ui::errors::Mistake,
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    answer::Answer,
    check::differences,
    enterprise::{Email, Phone},
    role::Role,
    text::nfc,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    App,
    assessment::{Loaded, load},
    context::{Cx, moment},
    forms::Pairs,
    hex, invitation,
    sign_in::session_hash,
};
use crate::{
    clock,
    error::Error,
    mail::compose,
    password,
    store::{Account, Invitation, Kind, MOST_COLLEAGUES, MOST_PEOPLE, Message, NotInvited, Person, account::Taken},
};

/// How long a link works.
const LINK: Duration = Duration::days(7);

/// `GET /colleagues`
pub async fn list(cx: Cx) -> Result<Response, Error> {
    let page = Colleagues { taken_over: cx.query().has("taken-over"), ..Colleagues::default() };
    show(&cx, StatusCode::OK, page).await
}

/// `POST /colleagues`: invites somebody. The link is in the answer and, where there is an e-mail address, in a message.
pub async fn invite(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let (full_name, typed) = (nfc(form.get("full_name")), nfc(form.get("contact")));
    let page = Colleagues { full_name: full_name.clone(), contact: typed.clone(), ..Colleagues::default() };
    let (email, phone) = (Email::parse(&typed), Phone::parse(&typed));
    let mistakes = mistakes(&cx, &full_name, email.is_some() || phone.is_some());
    if !mistakes.is_empty() {
        return show(&cx, StatusCode::UNPROCESSABLE_ENTITY, Colleagues { mistakes, ..page }).await;
    }
    let email = email.map(|email| email.as_str().to_owned());
    let account = Account {
        id: clock::id(),
        role: Role::Colleague,
        full_name,
        phone: phone.filter(|_| email.is_none()).map(|phone| phone.as_str().to_owned()),
        email,
        // Nobody knows this password: the link sets the first one.
        password_hash: password::hash(hex(&clock::secret::<32>())).await?,
    };
    let (link, made) = link(&app, &cx, account.id, &account.full_name, account.email.as_deref());
    match app.store().invite_colleague(&account, who.enterprise, &link, cx.by()).await? {
        Ok(()) => show(&cx, StatusCode::OK, Colleagues { made: Some(made), ..Colleagues::default() }).await,
        Err(why) => refused(&cx, why, page).await,
    }
}

/// The page again with the reason why nobody was invited.
async fn refused(cx: &Cx, why: NotInvited, page: Colleagues) -> Result<Response, Error> {
    let tr = cx.tr();
    let message = match why {
        NotInvited::Unknown => return Err(Error::NotFound),
        NotInvited::TooMany => tr.with("colleague-too-many", [("most", &MOST_COLLEAGUES.to_string())]),
        NotInvited::TooManyEver => tr.with("colleague-too-many-ever", [("most", &MOST_PEOPLE.to_string())]),
        NotInvited::Taken(Taken::Phone) => tr.t("taken-phone").into_owned(),
        NotInvited::Taken(_) => tr.t("taken-email").into_owned(),
    };
    let mistakes = vec![Mistake { field: "contact".into(), message }];
    show(cx, StatusCode::UNPROCESSABLE_ENTITY, Colleagues { mistakes, ..page }).await
}

/// `POST /colleagues/{id}`: a new link, or the end of a colleague's access.
pub async fn change(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    match form.get("do") {
        "end" => match app.store().end_access(id, who.enterprise, cx.by()).await? {
            true => Ok(Redirect::to("/colleagues").into_response()),
            false => Err(Error::NotFound),
        },
        "again" => {
            let people = app.store().people(who.enterprise).await?;
            let person = people.into_iter().find(|person| person.id == id).ok_or(Error::NotFound)?;
            let (link, made) = link(&app, &cx, id, &person.full_name, person.email.as_deref());
            match app.store().invite_colleague_again(id, who.enterprise, &link, cx.by()).await? {
                Ok(()) => show(&cx, StatusCode::OK, Colleagues { made: Some(made), ..Colleagues::default() }).await,
                Err(why) => refused(&cx, why, Colleagues::default()).await,
            }
        }
        _ => Err(Error::NotFound),
    }
}

/// `GET /assessments/{id}/people`: who answers which section.
pub async fn assignments(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let who = cx.respondent()?;
    let given = cx.app.store().assignments(id, who.enterprise).await?;
    let people = cx.app.store().people(who.enterprise).await?;
    let tr = cx.tr();
    let section = |section: &model::questionnaire::Section| {
        let person = given.iter().find(|(id, _)| *id == section.id).map(|(_, person)| person.to_string());
        (section.id.clone(), words::section_name(tr, &loaded.questionnaire, section), person.unwrap_or_default())
    };
    let page = Assignments {
        assessment: id.to_string(),
        sections: loaded.questionnaire.sections.iter().map(section).collect(),
        people: people
            .into_iter()
            .filter(|person| person.disabled_at.is_none())
            .map(|person| (person.id.to_string(), person.full_name))
            .collect(),
    };
    let title = tr.t("assign-title");
    Ok(cx.page(&title, || colleagues::assignments(tr, &page)))
}

/// `POST /assessments/{id}/people`
pub async fn assign(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let who = cx.respondent()?;
    let mut given = Vec::new();
    for section in &loaded.questionnaire.sections {
        match form.get(&section.id) {
            "" => {}
            person => given.push((section.id.clone(), person.parse().map_err(|_| Error::NotFound)?)),
        }
    }
    match app.store().assign(id, who.enterprise, &given, cx.by()).await? {
        true => Ok(Redirect::to(&paths::tasks(&id.to_string())).into_response()),
        false => Err(Error::NotFound),
    }
}

/// What the task list says about people: nothing where one person alone answers.
///
/// # Errors
/// When the database fails.
pub async fn team(cx: &Cx, loaded: &Loaded) -> Result<Team, Error> {
    let who = cx.respondent()?;
    let is_owner = cx.is_owner();
    let people = cx.app.store().people(who.enterprise).await?;
    if people.len() < 2 {
        return Ok(Team { is_owner, ..Team::default() });
    }
    let given = cx.app.store().assignments(loaded.row.id, who.enterprise).await?;
    let times = cx.app.store().save_times(loaded.row.id, who.enterprise).await?;
    let name = |id: Uuid| people.iter().find(|person| person.id == id).map(|person| person.full_name.clone());
    let at = |revision: i64| times.iter().find(|(known, _)| *known == revision).map(|(_, at)| moment(*at));
    let done = |section: &model::questionnaire::Section| {
        let of_section = |(question, revision, seat): (&str, i64, i64)| {
            section.questions().any(|id| id == question).then_some((revision, seat))
        };
        let (revision, seat) = loaded.row.writers().filter_map(of_section).max()?;
        Some(Done { section: section.id.clone(), name: by_seat(&people, seat)?, at: at(revision) })
    };
    Ok(Team {
        is_owner,
        has_colleagues: true,
        assigned: given.into_iter().filter_map(|(section, person)| Some((section, name(person)?))).collect(),
        mine: cx.visitor.as_ref().map(|visitor| visitor.full_name.clone()).unwrap_or_default(),
        done: loaded.questionnaire.sections.iter().filter_map(done).collect(),
    })
}

fn by_seat(people: &[Person], seat: i64) -> Option<String> {
    people.iter().find(|person| person.seat == seat).map(|person| person.full_name.clone())
}

/// `GET /assessments/{id}/agree`: items that two people answered far apart.
pub async fn agree_form(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Ok(Redirect::to(&paths::result(&id.to_string())).into_response());
    }
    show_agree(&cx, &loaded, StatusCode::OK, (Vec::new(), false)).await
}

/// `POST /assessments/{id}/agree`: the agreed answers count from now on.
pub async fn agree(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Err(Error::AlreadySubmitted);
    }
    if cx.now >= loaded.row.closes_at {
        return Err(Error::CampaignClosed);
    }
    if form.get("_revision") != loaded.row.revision.to_string() {
        return show_agree(&cx, &loaded, StatusCode::CONFLICT, (Vec::new(), true)).await;
    }
    let (mut agreed, mut missing) = (Vec::new(), Vec::new());
    for both in both(&cx, &loaded).await? {
        let item = both.difference.item.id.clone();
        match form.get(&item) {
            NOW => agreed.push((item, both.now.0)),
            OTHER => agreed.push((item, both.other.0)),
            _ => missing.push(item),
        }
    }
    if !missing.is_empty() {
        return show_agree(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, (missing, false)).await;
    }
    let who = cx.respondent()?;
    let whose = (id, who.enterprise);
    if app.store().agree(whose, loaded.row.revision, &agreed, who.account, cx.by()).await? {
        return Ok(Redirect::to(&paths::check(&id.to_string())).into_response());
    }
    show_agree(&cx, &load(&cx, id).await?, StatusCode::CONFLICT, (Vec::new(), true)).await
}

async fn show_agree(
    cx: &Cx,
    loaded: &Loaded,
    status: StatusCode,
    (missing, changed): (Vec<String>, bool),
) -> Result<Response, Error> {
    let items = both(cx, loaded).await?;
    if items.is_empty() && !changed {
        return Ok(Redirect::to(&paths::check(&loaded.row.id.to_string())).into_response());
    }
    let page = Agree {
        assessment: loaded.row.id.to_string(),
        questionnaire: &loaded.questionnaire,
        revision: loaded.row.revision,
        items,
        missing,
        changed,
    };
    let title = cx.tr().t("agree-title");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || agree::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || agree::view(cx.tr(), &page)),
    })
}

async fn both<'a>(cx: &Cx, loaded: &'a Loaded) -> Result<Vec<Both<'a>>, Error> {
    let others = loaded.row.others();
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let people = cx.app.store().people(cx.respondent()?.enterprise).await?;
    let name = |seat: i64| by_seat(&people, seat).unwrap_or_default();
    let given: Vec<(String, Answer)> = others.iter().map(|(id, answer, _)| (id.clone(), answer.clone())).collect();
    let both = |difference: model::check::Difference<'a>| {
        let (_, other, [theirs, ours]) = others.iter().find(|(id, ..)| *id == difference.item.id)?;
        let now = loaded.answers.get(&difference.item.id)?.clone();
        Some(Both { now: (now, name(*ours)), other: (other.clone(), name(*theirs)), difference })
    };
    Ok(differences(&loaded.questionnaire, &loaded.answers, &given).into_iter().filter_map(both).collect())
}

fn link(app: &App, cx: &Cx, account: Uuid, full_name: &str, email: Option<&str>) -> (Invitation, Made) {
    let token = hex(&clock::secret::<32>());
    let expires_at = cx.now + LINK;
    let enterprise = cx.visitor.as_ref().and_then(|visitor| visitor.enterprise_name.clone()).unwrap_or_default();
    let path = invitation::path(&token);
    let message = email.map(|email| Message {
        id: clock::id(),
        to: email.to_owned(),
        lang: cx.lang,
        kind: Kind::AccountInvitation,
        letter: compose::colleague(cx.tr(), full_name, &enterprise, &path, &moment(expires_at)),
        about: "account",
        about_id: Some(account),
        sender: None,
        stop: None,
        at: cx.now,
    });
    let made = Made {
        full_name: full_name.to_owned(),
        address: app.config().address(&path).unwrap_or(path),
        until: moment(expires_at),
        mailed: message.is_some(),
    };
    (Invitation { token_hash: session_hash(&token), expires_at, message }, made)
}

fn mistakes(cx: &Cx, full_name: &str, is_reachable: bool) -> Vec<Mistake> {
    let is_name = (2..=100).contains(&full_name.chars().count()) && !full_name.contains('\u{fffd}');
    let checks = [
        ("full_name", is_name, cx.tr().t("wrong-full-name")),
        ("contact", is_reachable, cx.tr().t("colleague-wrong-contact")),
    ];
    let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
    wrong.map(|(field, _, message)| Mistake { field: field.into(), message: message.into_owned() }).collect()
}

async fn show(cx: &Cx, status: StatusCode, page: Colleagues) -> Result<Response, Error> {
    let people = cx.app.store().people(cx.respondent()?.enterprise).await?;
    let people = people.into_iter().filter(|person| !person.is_erased).map(|person| row(person, cx.now)).collect();
    let page = Colleagues { people, ..page };
    let title = cx.tr().t("colleagues-title");
    Ok(match status {
        StatusCode::OK => cx.page(&title, || colleagues::view(cx.tr(), &page)),
        _ => cx.refused(status, &title, || colleagues::view(cx.tr(), &page)),
    })
}

fn row(person: Person, now: OffsetDateTime) -> colleagues::Person {
    let standing = match (person.is_owner, person.disabled_at, person.invited_until) {
        (true, ..) => Standing::Owner,
        (_, Some(_), _) => Standing::Ended,
        (_, None, Some(until)) if until > now => Standing::Invited(moment(until)),
        (_, None, Some(_)) => Standing::Ended,
        (_, None, None) => Standing::Active,
    };
    colleagues::Person {
        id: person.id.to_string(),
        full_name: person.full_name,
        contact: person.email.or(person.phone).unwrap_or_default(),
        standing,
    }
}
