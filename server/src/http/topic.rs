//! A page of questions: shown, saved by its button, saved in the background.

use std::collections::{BTreeMap, BTreeSet};

use app::{
    date,
    i18n::Tr,
    pages::{
        error,
        topic::{self, TopicPage},
        words,
    },
    paths,
    shell::Head,
    ui::{
        beside::{self, Beside},
        errors::Mistake,
    },
};
use axum::{
    extract::{Path, Request, State},
    http::{HeaderName, Method, StatusCode},
    response::{IntoResponse as _, Redirect, Response},
};
use leptos::prelude::IntoAny as _;
use model::{
    answer::{Answer, AnswerError, Answers, Entry},
    assessment::{next_topic, topics_asked},
    form::{missing, read_topic},
    profile::asked,
    questionnaire::{Questionnaire, Section, Topic},
    text::nfc_lines,
};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    App,
    access::wants_json,
    assessment::{Loaded, load},
    context::Cx,
    evidence,
    forms::{self, Pairs},
    history, review,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::{Save, Saved, review::Scope},
};

/// The revision that the browser builds its next save on.
const REVISION: HeaderName = HeaderName::from_static("x-revision");
/// When the answers became durable, as a time of day.
const SAVED_AT: HeaderName = HeaderName::from_static("x-saved-at");

type Address = Path<(Uuid, String, String)>;

/// What was posted and not stored.
#[derive(Default)]
struct Unsaved {
    typed: Vec<(String, Vec<String>)>,
    problems: Vec<(String, AnswerError)>,
    conflicts: Vec<(String, Option<Answer>)>,
    kept: bool,
    /// Of what was not posted: questions whose fields hold the answer of the last assessment.
    last_time: Vec<String>,
    replies: Vec<(String, String)>,
    wrong_replies: Vec<Mistake>,
    late_replies: Vec<String>,
}

/// `GET /assessments/{id}/sections/{section}`: the first page of the section with an open question.
pub async fn first(cx: Cx, Path((id, section)): Path<(Uuid, String)>) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    let questionnaire = &loaded.questionnaire;
    let section = questionnaire.sections.iter().find(|known| known.id == section).ok_or(Error::NotFound)?;
    let topics = topics_asked(questionnaire, section, &loaded.answers);
    let is_open = |topic: &&&Topic| has_open(questionnaire, topic, &loaded.answers);
    let topic = topics.iter().find(is_open).or(topics.first());
    Ok(match topic {
        Some(topic) => Redirect::to(&paths::topic(&id.to_string(), &section.id, &topic.id)).into_response(),
        None => Redirect::to(&paths::tasks(&id.to_string())).into_response(),
    })
}

/// `GET /assessments/{id}/sections/{section}/{topic}`
pub async fn form(cx: Cx, Path((id, section, topic)): Address) -> Result<Response, Error> {
    let loaded = load(&cx, id).await?;
    if !loaded.row.is_draft() {
        return Ok(Redirect::to(&paths::result(&id.to_string())).into_response());
    }
    let questionnaire = loaded.questionnaire.clone();
    let place = questionnaire.topic(&section, &topic).ok_or(Error::NotFound)?;
    let typed = last_time(&cx, &loaded, place.1).await?;
    let last_time = typed.iter().map(|(id, _)| id.clone()).collect();
    let unsaved = Unsaved { last_time, typed, ..Unsaved::default() };
    show(&cx, &loaded, place, StatusCode::OK, unsaved).await
}

/// The answers of the enterprise's last assessment to those questions of a page that nobody has touched in this one.
/// They only stand in the fields: what is not saved by whoever looks at them does not count.
async fn last_time(cx: &Cx, loaded: &Loaded, topic: &Topic) -> Result<Vec<(String, Vec<String>)>, Error> {
    let untouched = || topic.questions.iter().filter(|id| !loaded.row.is_touched(id));
    if !loaded.row.has_past || untouched().next().is_none() {
        return Ok(Vec::new());
    }
    let enterprise = cx.respondent()?.enterprise;
    let past = history::before(cx, enterprise, loaded.row.id, &loaded.questionnaire.id).await?;
    let Some((past, _)) = past else { return Ok(Vec::new()) };
    let asked = asked(&loaded.questionnaire, &loaded.answers);
    let is_asked = |id: &&String| asked.questions(topic).any(|question| question.id() == *id);
    let known = untouched().filter(is_asked).filter(|id| past.answers().get(id).is_some());
    Ok(known.map(|id| (id.clone(), words::stored(past.answers(), id))).collect())
}

/// `POST /assessments/{id}/sections/{section}/{topic}`
pub async fn send(
    State(app): State<App>,
    cx: Cx,
    Path((id, section, topic)): Address,
    request: Request,
) -> Result<Response, Error> {
    let in_background = wants_json(&request);
    let pairs = forms::read(request).await?;
    match store(&app, &cx, (id, &section, &topic), &pairs, in_background).await {
        Err(error) if !in_background && error.page().0.is_client_error() => Ok(refused(&cx, &error, &pairs)),
        other => other,
    }
}

async fn store(
    app: &App,
    cx: &Cx,
    (id, section, topic): (Uuid, &str, &str),
    pairs: &Pairs,
    in_background: bool,
) -> Result<Response, Error> {
    let loaded = load(cx, id).await?;
    open_for_answers(cx, &loaded)?;
    let questionnaire = loaded.questionnaire.clone();
    let place = questionnaire.topic(section, topic).ok_or(Error::NotFound)?;
    let mut entries = entries(&questionnaire, place.1, &loaded, pairs)?;
    // Of two versions the reader chose the stored one.
    entries.retain(|entry| pairs.get(&topic::decision(&entry.question)) != topic::THEIRS);
    let replies = replies(pairs);
    let unsaved = || Unsaved { typed: typed(&entries), replies: replies.clone(), ..Unsaved::default() };
    let problems = unreadable(&entries);
    let wrong_replies = if in_background { Vec::new() } else { review::wrong_replies(cx, &replies) };
    if !problems.is_empty() || !wrong_replies.is_empty() {
        if in_background {
            return Ok(StatusCode::UNPROCESSABLE_ENTITY.into_response());
        }
        let unsaved = Unsaved { problems, wrong_replies, ..unsaved() };
        return show(cx, &loaded, place, StatusCode::UNPROCESSABLE_ENTITY, unsaved).await;
    }
    let save = save(cx, &loaded, place.1, &entries, pairs)?;
    match app.store().save(save).await? {
        Saved::Done { revision } if in_background => Ok(acknowledged(revision, cx.now)),
        Saved::Repeated { revision, at } if in_background => Ok(acknowledged(revision, at)),
        Saved::Done { .. } | Saved::Repeated { .. } => {
            let late_replies = send_replies(cx, &loaded, replies).await?;
            if late_replies.is_empty() {
                return after_save(cx, id, place, pairs, &entries).await;
            }
            let now = load(cx, id).await?;
            show(cx, &now, place, StatusCode::CONFLICT, Unsaved { late_replies, ..Unsaved::default() }).await
        }
        Saved::Conflict { revision, .. } if in_background => {
            Ok((StatusCode::CONFLICT, [(REVISION, revision.to_string())]).into_response())
        }
        Saved::Conflict { theirs, .. } => {
            let now = load(cx, id).await?;
            show(cx, &now, place, StatusCode::CONFLICT, Unsaved { conflicts: theirs, ..unsaved() }).await
        }
        Saved::Closed => Err(Error::AlreadySubmitted),
        Saved::Missing => Err(Error::NotFound),
    }
}

/// What was typed for the reviewers, by key of their question.
fn replies(pairs: &Pairs) -> Vec<(String, String)> {
    let start = beside::reply("");
    let reply = |(name, text): &(String, String)| Some((name.strip_prefix(&start)?.to_owned(), nfc_lines(text)));
    pairs.0.iter().filter_map(reply).filter(|(_, text)| !text.is_empty()).collect()
}

/// Sends replies; answers those whose question is closed by now.
async fn send_replies(cx: &Cx, loaded: &Loaded, replies: Vec<(String, String)>) -> Result<Vec<String>, Error> {
    let mut late = Vec::new();
    for (question, text) in replies {
        let question = question.parse().map_err(|_| Error::BadRequest("a reply without its question"))?;
        if !review::reply(cx, loaded.row.id, &loaded.questionnaire, question, &text).await? {
            late.push(text);
        }
    }
    Ok(late)
}

/// Whether a path is a page of questions.
pub fn is_topic(path: &str) -> bool {
    place_of(path).is_some()
}

/// Whether a request brings the answers of a page of questions.
pub fn is_sent(request: &Request) -> bool {
    request.method() == Method::POST && is_topic(request.uri().path())
}

/// Answers that will never be stored: why, and the answers themselves, which the reader may want to keep.
pub fn refused(cx: &Cx, error: &Error, pairs: &Pairs) -> Response {
    let (status, kind) = error.page();
    let tr = cx.tr();
    let title = tr.with("title-error", [("title", &error::title(tr, kind))]);
    let answers = unstored(tr, pairs);
    cx.respond(status, &Head::new(&title), || match answers.is_empty() {
        true => error::view(tr, kind).into_any(),
        false => error::refused(tr, kind, answers).into_any(),
    })
}

/// What a posted page changed, in words; where it belongs may not be told to whoever asks, so that the words are those
/// of the questionnaire that is built in, and the fields themselves where it does not know them.
fn unstored(tr: Tr, pairs: &Pairs) -> Vec<(String, String)> {
    let was = Pairs::decode(pairs.get("_was"));
    let mut ids: Vec<&str> = pairs.0.iter().map(|(name, _)| name.as_str()).collect();
    ids.dedup();
    let is_changed = |id: &&str| !id.starts_with('_') && !same(&was.all(id), &pairs.all(id));
    let questionnaire = Questionnaire::builtin("bn5");
    let in_words = |id: &str| match questionnaire {
        Some(known) => (words::question_text(tr, known, id), words::typed(tr, known, id, &pairs.all(id))),
        None => (id.to_owned(), pairs.all(id).join("; ")),
    };
    let replies = replies(pairs).into_iter().map(|(_, text)| (tr.t("exchange-answer").into_owned(), text));
    ids.into_iter().filter(is_changed).map(in_words).chain(replies).collect()
}

/// The page that somebody was filling in when the session ended, with what was typed and is not stored yet.
///
/// # Errors
/// When the page does not exist for whoever signed in.
pub async fn after_sign_in(_: &App, cx: &Cx, path: &str, pairs: Pairs) -> Result<Response, Error> {
    let Some((id, section, topic)) = place_of(path) else { return Ok(Redirect::to("/home").into_response()) };
    let Ok(loaded) = load(cx, id).await else { return Ok(Redirect::to("/home").into_response()) };
    open_for_answers(cx, &loaded)?;
    let questionnaire = loaded.questionnaire.clone();
    let place = questionnaire.topic(&section, &topic).ok_or(Error::NotFound)?;
    let entries = entries(&questionnaire, place.1, &loaded, &pairs)?;
    let unsaved = Unsaved { typed: typed(&entries), kept: true, replies: replies(&pairs), ..Unsaved::default() };
    show(cx, &loaded, place, StatusCode::OK, unsaved).await
}

fn place_of(path: &str) -> Option<(Uuid, String, String)> {
    let parts: Vec<&str> = path.split('/').collect();
    match parts[..] {
        ["", "assessments", id, "sections", section, topic] => Some((id.parse().ok()?, section.into(), topic.into())),
        _ => None,
    }
}

fn open_for_answers(cx: &Cx, loaded: &Loaded) -> Result<(), Error> {
    if !loaded.row.is_draft() {
        return Err(Error::AlreadySubmitted);
    }
    if cx.now >= loaded.row.closes_at { Err(Error::CampaignClosed) } else { Ok(()) }
}

fn entries(questionnaire: &Questionnaire, topic: &Topic, loaded: &Loaded, pairs: &Pairs) -> Result<Vec<Entry>, Error> {
    read_topic(questionnaire, topic, &loaded.answers, &pairs.0)
        .map_err(|_| Error::BadRequest("an answer to a question that is not asked on this page"))
}

fn typed(entries: &[Entry]) -> Vec<(String, Vec<String>)> {
    entries.iter().map(|entry| (entry.question.clone(), entry.raw.clone())).collect()
}

fn unreadable(entries: &[Entry]) -> Vec<(String, AnswerError)> {
    entries.iter().filter_map(|entry| entry.read.as_ref().err().map(|error| (entry.question.clone(), *error))).collect()
}

fn save(cx: &Cx, loaded: &Loaded, topic: &Topic, entries: &[Entry], pairs: &Pairs) -> Result<Save, Error> {
    let who = cx.respondent()?;
    // A form sends all its fields; only those that differ from what the page was made with are the reader's doing.
    // Answers of the last assessment that the reader did not change are confirmed by the button.
    let confirmed: Vec<&str> = pairs.get("_last").split(' ').collect();
    let was = pairs.has("_was").then(|| Pairs::decode(pairs.get("_was")).without(&confirmed));
    let is_changed = |entry: &&Entry| match &was {
        Some(was) => !same(&was.all(&entry.question), &entry.raw),
        None => !entry.raw.is_empty(),
    };
    let read = |entry: &Entry| Some((entry.question.clone(), entry.read.clone().ok()?));
    let answers: Vec<(String, Option<Answer>)> = entries.iter().filter(is_changed).filter_map(read).collect();
    Ok(Save {
        assessment: loaded.row.id,
        enterprise: who.enterprise,
        account: who.account,
        // Every save has a key, so that it is known when each answer was given.
        key: Some(if pairs.get("_key").is_empty() { clock::id() } else { key(pairs.get("_key"))? }),
        base: pairs
            .get("_revision")
            .parse()
            .map_err(|_| Error::BadRequest("a page of questions without its revision"))?,
        was: was.map(|was| seen(loaded, topic, entries, was)).unwrap_or_default(),
        removed: removed_items(&loaded.questionnaire, &loaded.answers, &answers),
        answers,
        event: clock::id(),
        at: cx.now,
    })
}

fn key(text: &str) -> Result<Uuid, Error> {
    text.parse().map_err(|_| Error::BadRequest("a save with a key that is none"))
}

/// What the page showed when it was made, as answers.
fn seen(loaded: &Loaded, topic: &Topic, entries: &[Entry], was: Pairs) -> BTreeMap<String, Option<Answer>> {
    let shown: Vec<_> = was.0.into_iter().filter(|(id, _)| entries.iter().any(|entry| entry.question == *id)).collect();
    // What cannot be read was not made by this server: the revision decides then.
    let read = read_topic(&loaded.questionnaire, topic, &loaded.answers, &shown).unwrap_or_default();
    read.into_iter().filter_map(|entry| Some((entry.question, entry.read.ok()?))).collect()
}

/// Whether two lists of field values say the same; an empty field says nothing.
fn same(some: &[String], others: &[String]) -> bool {
    let said = |values: &[String]| -> BTreeSet<String> {
        values.iter().map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()).collect()
    };
    said(some) == said(others)
}

/// Items that had been asked and are not asked any more after these answers.
fn removed_items(questionnaire: &Questionnaire, before: &Answers, changes: &[(String, Option<Answer>)]) -> Vec<String> {
    if changes.iter().all(|(id, _)| questionnaire.fact(id).is_none()) {
        return Vec::new();
    }
    let mut after = before.clone();
    for (id, answer) in changes {
        match answer {
            Some(answer) => drop(after.insert(id.clone(), answer.clone())),
            None => drop(after.remove(id)),
        }
    }
    let (had, still) = (asked(questionnaire, before), asked(questionnaire, &after));
    let gone = had.items().filter(|item| !still.item(&item.id));
    gone.map(|item| item.id.clone()).collect()
}

fn acknowledged(revision: i64, at: OffsetDateTime) -> Response {
    let time = date::time(at.to_offset(VIETNAM).time());
    (StatusCode::OK, [(REVISION, revision.to_string()), (SAVED_AT, time)]).into_response()
}

/// Where to go after the button: back to the list, to the next page, or here again when something is open.
async fn after_save(
    cx: &Cx,
    id: Uuid,
    (section, topic): (&Section, &Topic),
    pairs: &Pairs,
    entries: &[Entry],
) -> Result<Response, Error> {
    let assessment = id.to_string();
    if pairs.has("_later") {
        return Ok(Redirect::to(&paths::tasks(&assessment)).into_response());
    }
    if pairs.has("_stay") {
        return Ok(Redirect::to(&paths::topic(&assessment, &section.id, &topic.id)).into_response());
    }
    let about = pairs.get(beside::EVIDENCE);
    if topic.questions.iter().any(|id| id == about) {
        return Ok(Redirect::to(&paths::evidence_of(&assessment, about)).into_response());
    }
    let loaded = load(cx, id).await?;
    let open = missing(&loaded.questionnaire, topic, &loaded.answers);
    // What became a question only by these answers has not been seen yet: it is asked on the page shown again.
    if !open.is_empty() {
        let problems = open.into_iter().map(|question| (question, AnswerError::Missing)).collect();
        let unsaved = Unsaved { typed: typed(entries), problems, ..Unsaved::default() };
        return show(cx, &loaded, (section, topic), StatusCode::UNPROCESSABLE_ENTITY, unsaved).await;
    }
    let next = next_topic(&loaded.questionnaire, &section.id, &topic.id, &loaded.answers);
    let to = next.map_or_else(
        || paths::tasks(&assessment),
        |(section, topic)| paths::topic(&assessment, &section.id, &topic.id),
    );
    Ok(Redirect::to(&to).into_response())
}

fn has_open(questionnaire: &Questionnaire, topic: &Topic, answers: &Answers) -> bool {
    let asked = asked(questionnaire, answers);
    asked.questions(topic).any(|question| answers.get(question.id()).is_none())
}

async fn show(
    cx: &Cx,
    loaded: &Loaded,
    (section, topic): (&Section, &Topic),
    status: StatusCode,
    unsaved: Unsaved,
) -> Result<Response, Error> {
    let beside = Beside { replies: unsaved.replies.clone(), ..beside_answers(cx, loaded).await? };
    let page = TopicPage {
        assessment: loaded.row.id.to_string(),
        questionnaire: &loaded.questionnaire,
        sheet: loaded.edition.sheet(cx.lang),
        section,
        topic,
        answers: &loaded.answers,
        revision: loaded.row.revision,
        was: seen_values(topic, loaded, &unsaved),
        typed: unsaved.typed,
        problems: unsaved.problems,
        conflicts: unsaved.conflicts,
        last_time: unsaved.last_time,
        kept: unsaved.kept,
        account: cx.visitor.as_ref().map(|visitor| visitor.account.to_string()).unwrap_or_default(),
        is_refused: status != StatusCode::OK,
        industry: loaded.row.industry_code.clone(),
        saved_at: (loaded.row.revision > 0 && status == StatusCode::OK && !unsaved.kept)
            .then(|| moment(loaded.row.saved_at, cx.now)),
        beside,
        wrong_replies: unsaved.wrong_replies,
        late_replies: unsaved.late_replies,
        tried: None,
    };
    let mut title = topic::title(cx.tr(), &page);
    if status != StatusCode::OK {
        title = cx.tr().with("title-error", [("title", &title)]);
    }
    Ok(cx.respond(status, &Head::new(&title).with_islands(), || topic::view(cx.tr(), &page)))
}

/// Open questions of reviewers and evidence. Most assessments have neither, and nothing more is read for them.
async fn beside_answers(cx: &Cx, loaded: &Loaded) -> Result<Beside, Error> {
    let (row, store) = (&loaded.row, cx.app.store());
    let scope = Scope::Enterprise(cx.respondent()?.enterprise);
    let mut threads = Vec::new();
    if row.open_questions > 0 {
        threads = review::threads(&store.questions(row.id, scope).await?, &store.entries(row.id, scope).await?);
        threads.retain(|thread| thread.open);
    }
    let files = if row.files > 0 { store.evidence(row.id, scope).await? } else { Vec::new() };
    Ok(Beside { threads, replies: Vec::new(), files: evidence::listed(cx.tr(), files) })
}

/// What the reader has before the eyes, in form encoding: the stored answers and those of the last assessment.
fn seen_values(topic: &Topic, loaded: &Loaded, unsaved: &Unsaved) -> String {
    let last_time = |id: &String| unsaved.typed.iter().find(|(known, _)| unsaved.last_time.contains(id) && known == id);
    let values = |id: &String| match last_time(id) {
        Some((_, values)) => values.clone(),
        None => words::stored(&loaded.answers, id),
    };
    let pairs = topic.questions.iter().flat_map(|id| values(id).into_iter().map(|value| (id.clone(), value)));
    Pairs(pairs.collect()).encode()
}

/// The time of day, with the date when it was another day.
fn moment(at: OffsetDateTime, now: OffsetDateTime) -> String {
    let (at, now) = (at.to_offset(VIETNAM), now.to_offset(VIETNAM));
    let time = date::time(at.time());
    if at.date() == now.date() { time } else { format!("{time}, {}", date::date(at.date())) }
}
