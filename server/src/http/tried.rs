//! The quick check without an account. Nothing of it is stored: the answers travel in the form, page by page, and each
//! page reads them as it reads what is typed.

use std::sync::Arc;

use app::{
    date,
    pages::{
        quick::{self, Next, Quick},
        register::Register,
        result::ResultPage,
        topic::{self, TopicPage, Tried},
        tried, words,
    },
    paths,
    shell::Head,
    ui::beside::Beside,
};
use axum::{
    extract::Path,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    answer::{AnswerError, Answers, Entry},
    assessment::{may_submit, topics_asked},
    form::{missing, read_topic},
    questionnaire::{Questionnaire, Section, Topic},
    quick::{Kind, outlook},
};

use super::{
    App, Edition,
    assessment::{months_after, start},
    context::{Cx, Respondent},
    forms::Pairs,
    register,
};
use crate::{
    clock::{self, VIETNAM},
    error::Error,
    store::Save,
};

/// The field in which the answers of the other pages travel.
const ANSWERS: &str = "_answers";

/// What was typed on a page and is wrong.
#[derive(Default)]
struct Wrong {
    typed: Vec<(String, Vec<String>)>,
    problems: Vec<(String, AnswerError)>,
}

/// `GET /try`: what it is.
pub async fn form(cx: Cx) -> Result<Response, Error> {
    let edition = edition(&cx).await?;
    let items = edition.asked_by(Kind::Quick).items.iter().filter(|item| item.core).count();
    let title = cx.tr().t("try-title");
    Ok(cx.page(&title, || tried::view(cx.tr(), items)))
}

/// `POST /try`: the first page of questions, or the first that is open in what was answered so far.
pub async fn begin(cx: Cx, form: Pairs) -> Result<Response, Error> {
    let edition = edition(&cx).await?;
    let questionnaire = edition.asked_by(Kind::Quick);
    let answers = decode(&questionnaire, form.get(ANSWERS));
    let pages = pages(&questionnaire, &answers);
    let first = pages.first().copied().ok_or(Error::NotFound)?;
    Ok(show(&cx, &edition, first, &answers, Wrong::default()))
}

/// `GET /try/…`: pages without their form have nothing to show.
pub async fn again() -> Redirect {
    Redirect::to("/try")
}

/// `POST /try/{section}/{topic}`: reads the page and shows the next one, or the result.
pub async fn send(cx: Cx, Path((section, topic)): Path<(String, String)>, form: Pairs) -> Result<Response, Error> {
    let edition = edition(&cx).await?;
    let questionnaire = edition.asked_by(Kind::Quick);
    let place = questionnaire.topic(&section, &topic).ok_or(Error::NotFound)?;
    let mut answers = decode(&questionnaire, form.get(ANSWERS));
    let entries = read_topic(&questionnaire, place.1, &answers, &form.0)
        .map_err(|_| Error::BadRequest("an answer to a question that is not asked on this page"))?;
    let is_back = form.has("_back");
    let problems: Vec<_> = unreadable(&entries);
    if !problems.is_empty() && !is_back {
        return Ok(show(&cx, &edition, place, &answers, Wrong { typed: typed(&entries), problems }));
    }
    take(&mut answers, &entries);
    let open = missing(&questionnaire, place.1, &answers);
    if !open.is_empty() && !is_back {
        let problems = open.into_iter().map(|id| (id, AnswerError::Missing)).collect();
        return Ok(show(&cx, &edition, place, &answers, Wrong { typed: typed(&entries), problems }));
    }
    let pages = pages(&questionnaire, &answers);
    let here = pages.iter().position(|(_, known)| known.id == place.1.id).unwrap_or_default();
    let next = if is_back { here.checked_sub(1) } else { Some(here + 1) };
    match next.map(|at| pages.get(at).copied()) {
        None => Ok(Redirect::to("/try").into_response()),
        Some(Some(next)) => Ok(show(&cx, &edition, next, &answers, Wrong::default())),
        Some(None) => result(&cx, &edition, &answers).await,
    }
}

/// `POST /try/register`: the registration, with the answers along.
pub async fn register(cx: Cx, form: Pairs) -> Response {
    register::show(&cx, Register { answers: form.get(ANSWERS).to_owned(), ..Register::default() })
}

/// Puts answers that came along with a registration into the draft of the new account. What the open campaign does not
/// ask, or cannot read, is left out.
///
/// # Errors
/// When the database fails.
pub async fn carry(app: &App, cx: &Cx, who: Respondent, carried: &str) -> Result<(), Error> {
    let Some(assessment) = start(app, cx, who).await? else { return Ok(()) };
    let answers = decode(&edition(cx).await?.questionnaire, carried);
    let answers: Vec<_> = answers.into_iter().map(|(id, answer)| (id, Some(answer))).collect();
    if answers.is_empty() {
        return Ok(());
    }
    let save = Save {
        assessment,
        enterprise: who.enterprise,
        account: who.account,
        key: Some(clock::id()),
        base: 0,
        was: std::collections::BTreeMap::new(),
        answers,
        removed: Vec::new(),
        event: clock::id(),
        at: cx.now,
    };
    app.store().save(save).await?;
    Ok(())
}

/// The questionnaire of the open campaign, or the built-in one: whoever tries it out need not wait.
async fn edition(cx: &Cx) -> Result<Arc<Edition>, Error> {
    match cx.app.store().open_campaign(cx.now).await? {
        Some(open) => cx.app.edition(&open.questionnaire_id, &open.questionnaire_version).await,
        None => Ok(Arc::new(Edition::new(Questionnaire::builtin("bn5").cloned().ok_or(Error::NotFound)?))),
    }
}

/// All pages on which something is asked, in their order.
fn pages<'q>(questionnaire: &'q Questionnaire, answers: &Answers) -> Vec<(&'q Section, &'q Topic)> {
    let of_section = |section: &'q Section| {
        topics_asked(questionnaire, section, answers).into_iter().map(move |topic| (section, topic))
    };
    questionnaire.sections.iter().flat_map(of_section).collect()
}

/// Reads answers as their pages would, the profile first, since it decides what is asked after it. What cannot be read
/// was not made by this server and is left out.
fn decode(questionnaire: &Questionnaire, encoded: &str) -> Answers {
    let pairs = Pairs::decode(encoded).0;
    let mut answers = Answers::new();
    for topic in questionnaire.sections.iter().flat_map(|section| &section.topics) {
        // An answer can ask another question of its own page.
        for _ in 0..=topic.questions.len() {
            let asked = model::profile::asked(questionnaire, &answers);
            let is_here = |name: &str| asked.questions(topic).any(|question| question.id() == name);
            let own: Vec<_> = pairs.iter().filter(|(name, _)| is_here(name)).cloned().collect();
            let entries = read_topic(questionnaire, topic, &answers, &own).unwrap_or_default();
            let before = answers.clone();
            take(&mut answers, &entries);
            if answers == before {
                break;
            }
        }
    }
    answers
}

fn encode(answers: &Answers) -> String {
    let values =
        |id: &str| words::stored(answers, id).into_iter().map(|value| (id.to_owned(), value)).collect::<Vec<_>>();
    Pairs(answers.iter().flat_map(|(id, _)| values(id)).collect()).encode()
}

/// Puts what could be read among the answers; an empty field empties its answer.
fn take(answers: &mut Answers, entries: &[Entry]) {
    for entry in entries {
        match &entry.read {
            Ok(Some(answer)) => drop(answers.insert(entry.question.clone(), answer.clone())),
            Ok(None) => drop(answers.remove(&entry.question)),
            Err(_) => {}
        }
    }
}

fn typed(entries: &[Entry]) -> Vec<(String, Vec<String>)> {
    entries.iter().map(|entry| (entry.question.clone(), entry.raw.clone())).collect()
}

fn unreadable(entries: &[Entry]) -> Vec<(String, AnswerError)> {
    entries.iter().filter_map(|entry| Some((entry.question.clone(), *entry.read.as_ref().err()?))).collect()
}

fn show(cx: &Cx, edition: &Edition, (section, topic): (&Section, &Topic), answers: &Answers, wrong: Wrong) -> Response {
    let questionnaire = edition.asked_by(Kind::Quick);
    let status = if wrong.problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = TopicPage {
        assessment: String::new(),
        questionnaire: &questionnaire,
        sheet: edition.sheet(cx.lang),
        section,
        topic,
        answers,
        typed: wrong.typed,
        problems: wrong.problems,
        conflicts: Vec::new(),
        kept: false,
        last_time: Vec::new(),
        is_refused: status != StatusCode::OK,
        account: String::new(),
        revision: 0,
        was: String::new(),
        industry: String::new(),
        saved_at: None,
        beside: Beside::default(),
        wrong_replies: Vec::new(),
        late_replies: Vec::new(),
        tried: Some(Tried { action: paths::tried(&section.id, &topic.id), answers: encode(answers) }),
    };
    let mut title = topic::title(cx.tr(), &page);
    if status != StatusCode::OK {
        title = cx.tr().with("title-error", [("title", &title)]);
    }
    cx.respond(status, &Head::new(&title).with_islands(), || topic::view(cx.tr(), &page))
}

async fn result(cx: &Cx, edition: &Edition, answers: &Answers) -> Result<Response, Error> {
    let questionnaire = edition.asked_by(Kind::Quick);
    // A change of the profile on the way can ask something on a page that was passed already.
    if let Err(open) = may_submit(&questionnaire, answers) {
        let place = open.first().and_then(|id| questionnaire.topic_of(id)).ok_or(Error::NotFound)?;
        let problems = missing(&questionnaire, place.1, answers);
        let problems = problems.into_iter().map(|id| (id, AnswerError::Missing)).collect();
        return Ok(show(cx, edition, place, answers, Wrong { typed: Vec::new(), problems }));
    }
    let outlook = outlook(&edition.questionnaire, answers).ok_or(Error::NotFound)?;
    let day = cx.now.to_offset(VIETNAM).date();
    let page = Quick {
        core: ResultPage {
            assessment: String::new(),
            enterprise: String::new(),
            title: String::new(),
            submitted_on: date::date(day),
            receipt: String::new(),
            questionnaire: &questionnaire,
            answers,
            review: None,
            horizons: [date::date(months_after(day, 3)), date::date(months_after(day, 12))],
            decisions: None,
            since: None,
            compared: None,
            may_share: false,
        },
        outlook,
        next: Next::Register {
            answers: encode(answers),
            signed_in: cx.visitor.is_some(),
            is_open: cx.app.store().open_campaign(cx.now).await?.is_some(),
        },
    };
    let title = cx.tr().t("quick-title");
    Ok(cx.page(&title, || quick::view(cx.tr(), &page)))
}
