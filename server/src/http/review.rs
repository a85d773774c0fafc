//! The review of a submission, for associations and the province through the same code, and the enterprise's part in it.

use std::sync::Arc;

use app::{
    i18n::Tr,
    pages::{
        exchange::{self, Exchange},
        review::{self, Entry, Raised, ReviewPage, Side, Thread, Unsent, What},
    },
    paths,
    ui::{beside, errors::Mistake, files::File},
};
use axum::{
    extract::{Path, State},
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{
    answer::Answers,
    check::{Finding, check},
    classification,
    questionnaire::Questionnaire,
    review::{Levels, Refusal, changes},
    role::Role,
    score,
    text::{Lang, nfc_lines},
};
use uuid::Uuid;

use super::{App, context::Cx, evidence, forms::Pairs, membership::moment};
use crate::{
    clock,
    error::Error,
    mail::{compose, letter::Letter},
    store::{
        self,
        review::{Act, Acted, Acting, Entry as Stored, Question, Reviewed, Scope, Version, recorded},
    },
};

/// The longest text of a question, an answer, a note or a reason, in characters.
const LONGEST_TEXT: usize = 4_000;

/// A review with everything that its pages show.
struct Loaded {
    row: Reviewed,
    versions: Vec<Version>,
    entries: Vec<Stored>,
    questions: Vec<Question>,
    questionnaire: Arc<Questionnaire>,
    recorded: Levels,
    findings: Vec<store::Raised>,
    files: Vec<File>,
}

/// `GET /reviews/{id}`
pub async fn show(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let scope = cx.reviewer()?;
    let loaded = load(&cx, id, scope).await?;
    page(&cx, &loaded, StatusCode::OK, Unsent::default())
}

/// `POST /reviews/{id}`: does one thing to the review; `act` says what.
pub async fn act(State(app): State<App>, cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let scope = cx.reviewer()?;
    let loaded = load(&cx, id, scope).await?;
    let (act, field) = read(&loaded, &form)?;
    let text = text(&form);
    let unsent = |message: String| Unsent {
        mistakes: vec![Mistake { field: field.clone(), message }],
        field: field.clone(),
        text: text.clone(),
    };
    let needed = matches!(act, Act::Ask { .. } | Act::Comment { .. } | Act::Rate { .. } | Act::Note(_));
    if let Some(message) = text_problem(&cx, needed, &text) {
        return page(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, unsent(message));
    }
    let number = form.get("number").parse().map_err(|_| Error::BadRequest("a review without its number"))?;
    let letter = letter(&act, &loaded.row);
    let doing = Acting {
        assessment: id,
        scope,
        number: Some(number),
        account: cx.visitor.as_ref().ok_or(Error::Forbidden)?.account,
        entry: clock::id(),
        act: &act,
        letter: letter.as_ref(),
        ids: clock::id,
    };
    let questionnaire = loaded.questionnaire.clone();
    let scoring = move |answers: &Answers, levels: &Levels| score::reviewed(&questionnaire, answers, levels);
    let refusal = match app.store().review(doing, cx.by(), &scoring).await? {
        Acted::Done => {
            let place = form.get("about");
            let place = if place.is_empty() { form.get("back") } else { place };
            let place = if loaded.questionnaire.question(place).is_some() { place } else { "verdict" };
            return Ok(Redirect::to(&format!("{}?done#{place}", paths::review(&id.to_string()))).into_response());
        }
        Acted::Missing => return Err(Error::NotFound),
        Acted::Stale => cx.tr().t("review-stale"),
        Acted::Refused(Refusal::NotNow) => cx.tr().t("review-not-now"),
        Acted::Refused(Refusal::OpenQuestions) => cx.tr().t("review-refused-open"),
        Acted::Refused(Refusal::FourEyes) => cx.tr().t("review-four-eyes"),
        Acted::Refused(Refusal::NoReason) => cx.tr().t("review-no-reason"),
    };
    let field = if matches!(act, Act::GiveBack(_)) { "return" } else { "verdict" };
    let mistakes = vec![Mistake { field: field.into(), message: refusal.into_owned() }];
    let now = load(&cx, id, scope).await?;
    page(&cx, &now, StatusCode::CONFLICT, Unsent { mistakes, field: field.into(), text })
}

/// `GET /review`: the exchange about the assessment of the open campaign.
pub async fn current(State(app): State<App>, cx: Cx) -> Result<Response, Error> {
    let who = cx.respondent()?;
    if let Some(open) = app.store().open_campaign(cx.now).await?
        && let Some(id) = app.store().assessment_in(open.id, who.enterprise).await?
        && app.store().reviewed(id, Scope::Enterprise(who.enterprise)).await?.is_some()
    {
        return Ok(Redirect::to(&paths::exchange(&id.to_string())).into_response());
    }
    let title = cx.tr().t("exchange-title");
    Ok(cx.page(&title, || exchange::nothing(cx.tr())))
}

/// `GET /assessments/{id}/review`: the enterprise's part.
pub async fn exchange(cx: Cx, Path(id): Path<Uuid>) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let loaded = load(&cx, id, Scope::Enterprise(who.enterprise)).await?;
    exchange_page(&cx, &loaded, StatusCode::OK, Unsent::default())
}

/// `POST /assessments/{id}/review`: answers a question.
pub async fn answer(cx: Cx, Path(id): Path<Uuid>, form: Pairs) -> Result<Response, Error> {
    let who = cx.respondent()?;
    let scope = Scope::Enterprise(who.enterprise);
    let loaded = load(&cx, id, scope).await?;
    let question = form.get("question").parse().map_err(|_| Error::BadRequest("an answer without its question"))?;
    if let Some(message) = text_problem(&cx, true, &text(&form)) {
        let field = format!("q-{question}");
        let mistakes = vec![Mistake { field: field.clone(), message }];
        let unsent = Unsent { mistakes, field, text: text(&form) };
        return exchange_page(&cx, &loaded, StatusCode::UNPROCESSABLE_ENTITY, unsent);
    }
    if reply(&cx, id, &loaded.questionnaire, question, &text(&form)).await? {
        return Ok(Redirect::to(&format!("{}?done", paths::exchange(&id.to_string()))).into_response());
    }
    Err(Error::NotFound)
}

/// The enterprise replies to a question; false when there is no such open question. The same text again, as by a second
/// press of the button, changes nothing.
///
/// # Errors
/// When the database fails.
pub(super) async fn reply(
    cx: &Cx,
    assessment: Uuid,
    questionnaire: &Questionnaire,
    question: Uuid,
    text: &str,
) -> Result<bool, Error> {
    let (who, store) = (cx.respondent()?, cx.app.store());
    let scope = Scope::Enterprise(who.enterprise);
    let entries = store.entries(assessment, scope).await?;
    let last = entries.iter().rfind(|entry| entry.question_id == Some(question));
    if last.is_some_and(|last| last.kind == "comment" && last.text == text) {
        return Ok(true);
    }
    let act = Act::Comment { question, text: text.to_owned() };
    let doing = Acting {
        assessment,
        scope,
        number: None,
        account: who.account,
        entry: clock::id(),
        act: &act,
        letter: None,
        ids: clock::id,
    };
    let scoring = move |answers: &Answers, levels: &Levels| score::reviewed(questionnaire, answers, levels);
    Ok(store.review(doing, cx.by(), &scoring).await? == Acted::Done)
}

/// What is wrong with replies, by the names of their fields.
pub(super) fn wrong_replies(cx: &Cx, replies: &[(String, String)]) -> Vec<Mistake> {
    let wrong = |(question, text): &(String, String)| {
        Some(Mistake { field: beside::reply(question), message: text_problem(cx, true, text)? })
    };
    replies.iter().filter_map(wrong).collect()
}

/// What a form asks for, and the field whose text it sends.
fn read(loaded: &Loaded, form: &Pairs) -> Result<(Act, String), Error> {
    let about = form.get("about").to_owned();
    let question = || form.get("question").parse().map_err(|_| Error::BadRequest("no question is named"));
    let text = text(form);
    Ok(match form.get("act") {
        "take-up" => (Act::TakeUp, String::new()),
        "ask" => {
            loaded.questionnaire.question(&about).ok_or(Error::BadRequest("a question that does not exist"))?;
            let field = format!("ask-{about}");
            (Act::Ask { question: clock::id(), about, text }, field)
        }
        "comment" => (Act::Comment { question: question()?, text }, format!("q-{}", question()?)),
        "close" => (Act::Close { question: question()? }, String::new()),
        "rate" => {
            loaded.questionnaire.item(&about).ok_or(Error::BadRequest("an item that does not exist"))?;
            let level = match form.get("level") {
                "" => None,
                level => {
                    Some(level.parse().ok().filter(|level| *level <= 5).ok_or(Error::BadRequest("no such level"))?)
                }
            };
            let field = format!("rate-{about}");
            (Act::Rate { about, level, reason: text }, field)
        }
        "note" => (Act::Note(text), "note".into()),
        "accept" => (Act::Accept, String::new()),
        "return" => (Act::GiveBack(text), "return".into()),
        _ => return Err(Error::BadRequest("an act that no button sends")),
    })
}

fn text(form: &Pairs) -> String {
    nfc_lines(form.get("text"))
}

/// What is wrong with the text; a verdict may do without one.
fn text_problem(cx: &Cx, needed: bool, text: &str) -> Option<String> {
    if needed && text.is_empty() {
        return Some(cx.tr().t("review-text-missing").into_owned());
    }
    let longest = LONGEST_TEXT.to_string();
    (text.chars().count() > LONGEST_TEXT).then(|| cx.tr().with("review-text-long", [("most", &longest)]))
}

/// What the enterprise is told; nothing about notes, levels and who has it.
#[must_use]
pub fn letter(act: &Act, row: &Reviewed) -> Option<Letter> {
    let path = paths::exchange(&row.id.to_string());
    let in_one = |lang: Lang| {
        let (tr, title) = (Tr::new(lang), if lang == Lang::Vi { &row.title_vi } else { &row.title_en });
        match act {
            Act::Ask { .. } | Act::Comment { .. } => Some(compose::review_question(tr, title, &path)),
            Act::GiveBack(reason) => Some(compose::review_returned(tr, title, reason, &path)),
            Act::Accept => Some(compose::review_accepted(tr, title, &path)),
            Act::TakeUp | Act::Close { .. } | Act::Rate { .. } | Act::Note(_) => None,
        }
    };
    // Nobody has said in which language the people of an enterprise read.
    Some(in_one(Lang::Vi)?.and(in_one(Lang::En)?))
}

async fn load(cx: &Cx, id: Uuid, scope: Scope) -> Result<Loaded, Error> {
    let store = cx.app.store();
    let row = store.reviewed(id, scope).await?.ok_or(Error::NotFound)?;
    let questionnaire = cx.app.questionnaire(&row.questionnaire_id, &row.questionnaire_version).await?;
    let entries = store.entries(id, scope).await?;
    let rated = entries.iter().filter(|entry| entry.kind == "rated" && entry.number == row.version);
    Ok(Loaded {
        recorded: recorded(rated.map(|entry| (entry.about.as_deref(), entry.level))),
        findings: store.findings(id, row.version).await?,
        files: evidence::listed(cx.tr(), store.evidence(id, scope).await?),
        versions: store.versions(id, scope).await?,
        questions: store.questions(id, scope).await?,
        entries,
        questionnaire,
        row,
    })
}

impl Loaded {
    fn title(&self, lang: Lang) -> &str {
        if lang == Lang::Vi { &self.row.title_vi } else { &self.row.title_en }
    }

    fn last(&self) -> Result<&Version, Error> {
        self.versions.last().ok_or(Error::NotFound)
    }

    fn threads(&self) -> Vec<Thread> {
        threads(&self.questions, &self.entries)
    }

    /// Submissions and entries in one line of time, the latest first.
    fn feed(&self) -> Vec<Entry> {
        let mut feed: Vec<(time::OffsetDateTime, usize, Entry)> = Vec::new();
        for (index, version) in self.versions.iter().enumerate() {
            let before = index.checked_sub(1).and_then(|before| self.versions.get(before));
            feed.push((version.submitted_at, 0, submitted(version, before)));
        }
        let said = self.entries.iter().enumerate();
        feed.extend(said.filter_map(|(index, stored)| Some((stored.at, index + 1, entry(stored)?))));
        feed.sort_by_key(|(at, order, _)| std::cmp::Reverse((*at, *order)));
        feed.into_iter().map(|(_, _, entry)| entry).collect()
    }
}

/// Questions to the enterprise, each with what was said on it.
pub(super) fn threads(questions: &[Question], entries: &[Stored]) -> Vec<Thread> {
    let posts = |id: Uuid| entries.iter().filter(move |entry| entry.question_id == Some(id)).filter_map(entry);
    let thread = |question: &Question| Thread {
        id: question.id.to_string(),
        about: question.about.clone(),
        open: question.closed_at.is_none(),
        posts: posts(question.id).collect(),
    };
    questions.iter().map(thread).collect()
}

/// The warnings about a submission with what the enterprise said about them. What was sent before reasons were kept is
/// checked again; X13 compares with answers of then and is only known as it was stored.
fn findings(loaded: &Loaded, last: &Version) -> Vec<Raised> {
    let found = check(&loaded.questionnaire, last.answers(), None);
    let mut codes: Vec<&str> = found.iter().map(Finding::code).collect();
    codes.extend(loaded.findings.iter().map(|stored| stored.check_id.as_str()));
    codes.sort_unstable();
    codes.dedup();
    let reason = |code: &str| loaded.findings.iter().find(|stored| stored.check_id == code)?.reason.clone();
    codes.into_iter().map(|code| Raised { code: code.to_owned(), reason: reason(code) }).collect()
}

fn submitted(version: &Version, before: Option<&Version>) -> Entry {
    let changed = before.map_or_else(Vec::new, |before| changes(before.answers(), version.answers()));
    Entry {
        who: version.submitted_by.clone(),
        side: Side::Enterprise,
        when: moment(version.submitted_at),
        what: What::Submitted {
            number: version.number,
            changes: changed
                .into_iter()
                .map(|change| (change.question.to_owned(), change.before.cloned(), change.after.cloned()))
                .collect(),
        },
    }
}

fn entry(stored: &Stored) -> Option<Entry> {
    let about = stored.about.clone().unwrap_or_default();
    let text = stored.text.clone();
    let what = match stored.kind.as_str() {
        "taken" => What::Taken,
        "question" => What::Asked(about, text),
        "comment" => What::Said(about, text),
        "closed" => What::Closed(about),
        "rated" => What::Rated(about, stored.level.and_then(|level| u8::try_from(level).ok()), text),
        "note" => What::Noted(text),
        "evidence" => What::Evidence(about, text),
        "removed" => What::Removed(about, text),
        "returned" => What::Returned(text),
        "accepted" => What::Accepted,
        _ => return None,
    };
    let side = match stored.role.parse() {
        Ok(Role::Enterprise | Role::Colleague) => Side::Enterprise,
        Ok(Role::Association) => Side::Association,
        _ => Side::Province,
    };
    Some(Entry { who: stored.full_name.clone(), side, when: moment(stored.at), what })
}

fn page(cx: &Cx, loaded: &Loaded, status: StatusCode, unsent: Unsent) -> Result<Response, Error> {
    let (row, last) = (&loaded.row, loaded.last()?);
    let tr = cx.tr();
    let industry = classification::division(&row.industry_code).map(|known| known.name.get(cx.lang).to_owned());
    let unit = classification::unit(&row.unit_code).map(|known| known.label(cx.lang));
    let is_province = cx.visitor.as_ref().is_some_and(|visitor| visitor.role == Role::Officer);
    let back = if is_province {
        ("/province/reviews", tr.t("reviews-title").into_owned())
    } else {
        ("/association", tr.t("board-title").into_owned())
    };
    let page = ReviewPage {
        id: row.id.to_string(),
        back,
        enterprise: row.enterprise.clone(),
        facts: [Some(row.tax_code.clone()), industry, unit].into_iter().flatten().collect(),
        title: loaded.title(cx.lang).to_owned(),
        state: row.state.parse().map_err(|_| anyhow::anyhow!("a state that is none"))?,
        number: (row.version, moment(last.submitted_at)),
        reviewer: row.reviewer.clone(),
        is_mine: row.reviewer_id.is_some() && row.reviewer_id == cx.visitor.as_ref().map(|visitor| visitor.account),
        four_eyes: row.four_eyes,
        questionnaire: &loaded.questionnaire,
        answers: last.answers(),
        before: loaded.versions.len().checked_sub(2).and_then(|at| loaded.versions.get(at)).map(Version::answers),
        recorded: &loaded.recorded,
        threads: loaded.threads(),
        findings: findings(loaded, last),
        files: loaded.files.clone(),
        feed: loaded.feed(),
        done: cx.query().has("done") && status.is_success(),
        unsent,
    };
    let title = row.enterprise.clone();
    let view = || review::view(tr, &page);
    Ok(if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) })
}

fn exchange_page(cx: &Cx, loaded: &Loaded, status: StatusCode, unsent: Unsent) -> Result<Response, Error> {
    let (row, last) = (&loaded.row, loaded.last()?);
    let page = Exchange {
        id: row.id.to_string(),
        title: loaded.title(cx.lang).to_owned(),
        state: row.state.parse().map_err(|_| anyhow::anyhow!("a state that is none"))?,
        number: (row.version, moment(last.submitted_at)),
        questionnaire: &loaded.questionnaire,
        threads: loaded.threads(),
        files: loaded.files.clone(),
        feed: loaded.feed(),
        done: cx.query().has("done") && status.is_success(),
        unsent,
    };
    let title = cx.tr().t("exchange-title");
    let view = || exchange::view(cx.tr(), &page);
    Ok(if status.is_success() { cx.page(&title, view) } else { cx.refused(status, &title, view) })
}
