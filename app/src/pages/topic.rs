//! A page of questions that belong together.

use leptos::prelude::*;
use model::{
    answer::{Answer, AnswerError, Answers},
    classification, format,
    profile::{Asked, asked},
    questionnaire::{Bands, Fact, FactAnswer, Item, ItemAnswer, Question, Questionnaire, Section, Topic},
    text::Lang,
};

use super::{
    sheet::Sheet,
    words::{question_text, said, section_name, short_name, stored, typed},
};
use crate::{
    i18n::Tr,
    islands::{
        given::give,
        live_score::{self, Checklist, LiveScore, Strip, StripItem, StripWords},
        saver::Mode,
    },
    paths,
    ui::{
        beside::{Beside, beside},
        choices::{Choices, choices},
        errors::{self, Mistake},
        field::{self, Field, Group},
        notice, saved,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct TopicPage<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The questionnaire version of the campaign.
    pub questionnaire: &'a Questionnaire,
    /// Its items in the reader's language.
    pub sheet: &'a Sheet,
    /// The section.
    pub section: &'a Section,
    /// The topic.
    pub topic: &'a Topic,
    /// The stored answers; they decide what is asked.
    pub answers: &'a Answers,
    /// What was typed and is not stored, by question.
    pub typed: Vec<(String, Vec<String>)>,
    /// What is wrong with it.
    pub problems: Vec<(String, AnswerError)>,
    /// Answers that somebody else stored meanwhile.
    pub conflicts: Vec<(String, Option<Answer>)>,
    /// Typed answers came along through a sign-in and are not stored yet.
    pub kept: bool,
    /// Questions whose fields hold the answer of the last assessment (in `typed`), which is not stored in this one yet.
    pub last_time: Vec<String>,
    /// The page was posted and is shown again.
    pub is_refused: bool,
    /// Key of the reader's account: the browser keeps unsent answers under it.
    pub account: String,
    /// The revision that the next save builds on.
    pub revision: i64,
    /// The stored answers of this page's fields in form encoding: a save changes only what differs from them.
    pub was: String,
    /// The industry under which the enterprise is registered: a proposal for the fact that asks for it.
    pub industry: String,
    /// When answers were last stored, as a time of day or a date.
    pub saved_at: Option<String>,
    /// Questions of reviewers and evidence.
    pub beside: Beside,
    /// Replies that cannot be sent: the name of the field, and why.
    pub wrong_replies: Vec<Mistake>,
    /// Replies to questions that were closed meanwhile: nobody will read them.
    pub late_replies: Vec<String>,
    /// The page of somebody without an account: nothing is stored, and there is no assessment.
    pub tried: Option<Tried>,
}

/// What a page of questions carries along where nothing is stored.
#[derive(Clone, Debug)]
pub struct Tried {
    /// Where the form goes.
    pub action: String,
    /// The answers of all pages so far in form encoding.
    pub answers: String,
}

/// Of two versions of an answer, the one that is stored.
pub const THEIRS: &str = "theirs";
/// … and the reader's own.
const OURS: &str = "ours";

/// The name of the field that says which version of an answer is kept.
#[must_use]
pub fn decision(question: &str) -> String {
    format!("_keep_{question}")
}

/// The title of the page.
#[must_use]
pub fn title(tr: Tr, page: &TopicPage<'_>) -> String {
    format!("{} – {}", page.topic.title.get(tr.lang), section_name(tr, page.questionnaire, page.section))
}

/// The page.
pub fn view(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    let asked = asked(page.questionnaire, page.answers);
    let mistakes = mistakes(tr, page);
    let questions: Vec<_> =
        asked.questions(page.topic).map(|question| self::question(tr, page, &asked, question, &mistakes)).collect();
    let lang = tr.lang;
    let (back, action) = match &page.tried {
        Some(tried) => {
            (view! { <a class="c-back" href="/try">{tr.t("try-leave")}</a> }.into_any(), tried.action.clone())
        }
        None => (
            view! { <a class="c-back" href=paths::tasks(&page.assessment)>{tr.t("topic-back")}</a> }.into_any(),
            paths::topic(&page.assessment, &page.section.id, &page.topic.id),
        ),
    };
    view! {
        {back}
        <div class="l-split">
            <form
                id="topic"
                method="post"
                novalidate
                autocomplete="off"
                action=action
            >
                {errors::summary(tr, &mistakes)}
                {notices(tr, page)}
                {late(tr, page)}
                <div class="c-head">
                    <p class="c-head__over">{section_name(tr, page.questionnaire, page.section)}</p>
                    <h1>{page.topic.title.get(lang).to_owned()}</h1>
                    {lead(tr, page)}
                </div>
                {hidden(page)}
                {questions}
                <div class="l-section">{buttons(tr, page)}</div>
            </form>
            {strip(tr, page, &asked)}
        </div>
    }
    .into_any()
}

/// What the form sends along.
fn hidden(page: &TopicPage<'_>) -> AnyView {
    match &page.tried {
        Some(tried) => view! { <input type="hidden" name="_answers" value=tried.answers.clone()/> }.into_any(),
        None => view! {
            <input type="hidden" name="_revision" id="revision" value=page.revision/>
            <input type="hidden" name="_was" id="was" value=page.was.clone()/>
            <input type="hidden" name="_last" id="last" value=page.last_time.join(" ")/>
            <input type="hidden" name="_key" id="key" value=""/>
        }
        .into_any(),
    }
}

fn buttons(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    let (on, name, second) = match page.tried {
        Some(_) => (tr.t("try-continue"), "_back", tr.t("try-back")),
        None => (tr.t("save-continue"), "_later", tr.t("save-later")),
    };
    view! {
        <div class="c-buttons">
            <button class="c-button" type="submit">{on}</button>
            <button class="c-button c-button--second" type="submit" name=name value="1">{second}</button>
        </div>
    }
    .into_any()
}

fn lead(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    if page.section.weight.is_none() {
        let text = if page.topic.questions.iter().any(|id| is_required(page.questionnaire, id)) {
            tr.t("topic-lead-facts")
        } else {
            tr.t("topic-lead-optional")
        };
        return view! { <p class="c-head__lead">{text}</p> }.into_any();
    }
    let terms: Vec<_> = page
        .questionnaire
        .glossary
        .iter()
        .map(|term| {
            let (term, meaning) = (term.term.get(tr.lang).to_owned(), term.meaning.get(tr.lang).to_owned());
            view! { <dt>{term}</dt><dd>{meaning}</dd> }
        })
        .collect();
    view! {
        <p class="c-head__lead">
            {tr.t("topic-lead-1")}" "<strong>{tr.t("topic-lead-2")}</strong>" "{tr.t("topic-lead-3")}
        </p>
        <details class="c-details">
            <summary>{tr.t("topic-words")}</summary>
            <div class="c-details__body"><dl class="c-glossary">{terms}</dl></div>
        </details>
    }
    .into_any()
}

fn is_required(questionnaire: &Questionnaire, id: &str) -> bool {
    questionnaire.question(id).is_some_and(|question| question.required())
}

fn notices(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    if page.kept {
        let text = tr.t("kept-text");
        return notice::warn(tr.t("kept-title").into_owned(), view! { <p>{text}</p> });
    }
    if !page.last_time.is_empty() {
        let text = tr.t("prefill-text");
        return notice::plain(tr.t("prefill-title").into_owned(), view! { <p>{text}</p> });
    }
    if page.conflicts.is_empty() {
        return ().into_any();
    }
    let versions: Vec<_> = page.conflicts.iter().map(|(id, theirs)| versions(tr, page, id, theirs.as_ref())).collect();
    let text = tr.t("conflict-text");
    notice::warn(tr.t("conflict-title").into_owned(), view! { <p>{text}</p>{versions} })
}

/// What was typed for a question that is closed by now is shown, so that it is not lost.
fn late(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    if page.late_replies.is_empty() {
        return ().into_any();
    }
    let texts: Vec<_> =
        page.late_replies.iter().map(|text| view! { <p class="c-review__said">{text.clone()}</p> }).collect();
    notice::warn(tr.t("beside-late-title").into_owned(), view! { <p>{tr.t("beside-late-text")}</p>{texts} })
}

/// The two versions of an answer, to choose from.
fn versions(tr: Tr, page: &TopicPage<'_>, id: &str, theirs: Option<&Answer>) -> AnyView {
    let stored = said(tr, page.questionnaire, id, theirs);
    let typed = typed(tr, page.questionnaire, id, &raw(page, id));
    let group = Choices {
        name: decision(id),
        legend: question_text(tr, page.questionnaire, id),
        options: vec![
            (THEIRS.into(), tr.with("conflict-theirs", [("answer", &stored)])),
            (OURS.into(), tr.with("conflict-ours", [("answer", &typed)])),
        ],
        chosen: vec![OURS.into()],
        ..Choices::default()
    };
    choices(tr, group)
}

fn mistakes(tr: Tr, page: &TopicPage<'_>) -> Vec<Mistake> {
    let one =
        |(id, error): &(String, AnswerError)| Mistake { field: id.clone(), message: complaint(tr, page, id, *error) };
    page.problems.iter().map(one).chain(page.wrong_replies.iter().cloned()).collect()
}

fn complaint(tr: Tr, page: &TopicPage<'_>, id: &str, error: AnswerError) -> String {
    let name = short_name(tr, page.questionnaire, id);
    let is_ladder = page.questionnaire.item(id).is_some_and(Item::is_ladder);
    match error {
        AnswerError::Missing if is_ladder => tr.with("missing-ladder", [("question", &name)]),
        AnswerError::Missing => tr.with("missing-answer", [("question", &name)]),
        AnswerError::NotWhole => tr.with("not-whole", [("question", &name)]),
        AnswerError::NotNumber => tr.with("not-number", [("question", &name)]),
        AnswerError::OutOfRange { min, max } => tr.with(
            "out-of-range",
            [("question", &name), ("min", &format::number(tr.lang, min)), ("max", &format::number(tr.lang, max))],
        ),
        AnswerError::UnknownOption => tr.with("unknown-option", [("question", &name)]),
        AnswerError::NoneWithOthers => tr.with("none-with-others", [("question", &name)]),
        AnswerError::UnknownIndustry => tr.with("unknown-industry", [("question", &name)]),
    }
}

/// The values in the fields of a question: what was typed, else what is stored.
fn raw(page: &TopicPage<'_>, id: &str) -> Vec<String> {
    if let Some((_, typed)) = page.typed.iter().find(|(known, _)| known == id) {
        return typed.clone();
    }
    stored(page.answers, id)
}

fn question(tr: Tr, page: &TopicPage<'_>, asked: &Asked<'_>, question: Question<'_>, mistakes: &[Mistake]) -> AnyView {
    let (field, takes_files) = match question {
        Question::Item(item) => (self::item(tr, page, asked, item, mistakes), page.tried.is_none()),
        Question::Fact(fact) => (self::fact(tr, page, fact, mistakes), false),
    };
    let is_last_time = page.last_time.iter().any(|id| id == question.id());
    let field = if is_last_time { last_time(tr, question.id(), field) } else { field };
    // Most answers have nothing beside them but the button, which is the same for every reader.
    let below = if takes_files && !page.beside.has(question.id()) {
        page.sheet.item(question.id()).evidence().into_any()
    } else {
        beside(tr, page.questionnaire, &page.beside, question.id(), takes_files, mistakes)
    };
    view! { {field}{below} }.into_any()
}

/// A question whose answer is the last assessment's, with a mark that says so. The island takes the mark away when the
/// answer is changed (`islands/page.rs`).
fn last_time(tr: Tr, id: &str, question: AnyView) -> AnyView {
    view! {
        <div class="c-last" role="group" aria-labelledby=format!("{id}-last")>
            <p class="c-last__mark" id=format!("{id}-last")>{tr.t("prefill-mark")}</p>
            {question}
        </div>
    }
    .into_any()
}

fn item(tr: Tr, page: &TopicPage<'_>, asked: &Asked<'_>, item: &Item, mistakes: &[Mistake]) -> AnyView {
    let error = errors::of(mistakes, &item.id).map(ToOwned::to_owned);
    page.sheet.item(&item.id).view(tr, &raw(page, &item.id), |line| asked.option(&item.id, line), error)
}

fn fact(tr: Tr, page: &TopicPage<'_>, fact: &Fact, mistakes: &[Mistake]) -> AnyView {
    let lang = tr.lang;
    let mut raw = raw(page, &fact.id);
    let hint = fact.hint.as_ref().map(|hint| hint.get(lang).to_owned());
    let label = fact.text.get(lang).to_owned();
    let texts = |options: &[model::questionnaire::Choice]| -> Vec<(String, String)> {
        options.iter().map(|option| (option.id.clone(), option.text.get(lang).to_owned())).collect()
    };
    let group = Choices {
        name: fact.id.clone(),
        legend: label.clone(),
        hint: hint.clone(),
        chosen: raw.clone(),
        error: errors::of(mistakes, &fact.id).map(ToOwned::to_owned),
        ..Choices::default()
    };
    match &fact.answer {
        FactAnswer::Whole { .. } | FactAnswer::Percent => {
            let unit = matches!(fact.answer, FactAnswer::Percent).then(|| "%".to_owned());
            let inputmode = if unit.is_some() { "decimal" } else { "numeric" };
            let value = raw.into_iter().next().unwrap_or_default();
            let shown = Field { label, hint, value, inputmode, narrow: true, unit, ..Field::default() };
            field::input(tr, &fact.id, shown, mistakes)
        }
        FactAnswer::YesNo => {
            let options = vec![("yes".into(), tr.t("yes").into_owned()), ("no".into(), tr.t("no").into_owned())];
            choices(tr, Choices { inline: true, options, ..group })
        }
        FactAnswer::One { options } => choices(tr, Choices { options: texts(options), ..group }),
        FactAnswer::Many { options, none } => {
            let none = none.as_ref().map(|none| none.get(lang).to_owned());
            let hint = group.hint.clone().or_else(|| Some(tr.t("tick-all").into_owned()));
            choices(tr, Choices { many: true, options: texts(options), none, hint, ..group })
        }
        FactAnswer::Industry => {
            if raw.is_empty() {
                raw.push(page.industry.clone());
            }
            let chosen = raw.swap_remove(0);
            let empty = tr.t("choose").into_owned();
            field::select(tr, &fact.id, label, hint, (empty, industries(tr)), &chosen, mistakes)
        }
    }
}

/// The divisions of VSIC under their sections.
#[must_use]
pub fn industries(tr: Tr) -> Vec<Group> {
    let choice = |division: &classification::Industry| {
        (division.code.clone(), format!("{} – {}", division.code, division.name.get(tr.lang)))
    };
    classification::sections()
        .iter()
        .map(|section| Group {
            label: Some(format!("{} – {}", section.code, section.name.get(tr.lang))),
            choices: classification::divisions().iter().filter(|d| d.section == section.code).map(choice).collect(),
        })
        .collect()
}

fn strip(tr: Tr, page: &TopicPage<'_>, asked: &Asked<'_>) -> AnyView {
    let autosave = page.tried.is_none().then(|| save_state(tr, page));
    let Some(position) = page.questionnaire.pillars().position(|pillar| pillar.id == page.section.id) else {
        if autosave.is_none() {
            return ().into_any();
        }
        return view! { <aside class="c-strip c-strip--facts" aria-label=tr.t("strip-saving")>{autosave}</aside> }
            .into_any();
    };
    let number = (position + 1).to_string();
    let words = StripWords {
        english: tr.lang == Lang::En,
        points: tr.t("points-word").into_owned(),
        items: tr.t("items-word").into_owned(),
        picture: tr.with("strip-picture", [("number", &number), ("low", "{low}"), ("high", "{high}")]),
    };
    let strip = Strip { words, items: strip_items(page, asked) };
    view! {
        <aside class="c-strip" aria-label=tr.t("strip-label")>
            <h2 class="c-strip__title">{tr.with("strip-title", [("number", &number)])}</h2>
            {give(live_score::ID, strip.encode(), LiveScore)}
            {autosave}
            <p class="c-strip__more">{tr.t("strip-more")}</p>
        </aside>
    }
    .into_any()
}

fn save_state(tr: Tr, page: &TopicPage<'_>) -> AnyView {
    let mode = match page.is_refused {
        _ if page.kept || !page.conflicts.is_empty() => Mode::Undecided,
        true => Mode::Refused,
        false => Mode::Fresh,
    };
    let path = paths::topic(&page.assessment, &page.section.id, &page.topic.id);
    saved::state(tr, &page.account, &page.assessment, &path, mode, page.saved_at.clone())
}

fn strip_items(page: &TopicPage<'_>, asked: &Asked<'_>) -> Vec<StripItem> {
    let questions = page.section.topics.iter().flat_map(|topic| asked.questions(topic));
    questions
        .filter_map(|question| match question {
            Question::Item(item) => Some(item),
            Question::Fact(_) => None,
        })
        .map(|item| StripItem {
            id: item.id.clone(),
            weight: item.weight,
            chosen: raw(page, &item.id).into_iter().collect(),
            checklist: match &item.answer {
                ItemAnswer::Ladder { .. } => None,
                ItemAnswer::Checklist { options, bands } => {
                    let shown = options.iter().filter(|option| asked.option(&item.id, &option.id)).count();
                    let (by_share, bounds) = match bands {
                        Bands::ShareAbove(bounds) => (true, *bounds),
                        Bands::CountFrom(bounds) => (false, *bounds),
                    };
                    Some(Checklist { by_share, bounds, shown })
                }
            },
        })
        .collect()
}
