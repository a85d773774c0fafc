//! Sections, questions and answers in words.

use std::collections::BTreeSet;

use model::{
    answer::{Answer, Answers},
    classification, format,
    questionnaire::{Fact, FactAnswer, Item, ItemAnswer, Question, Questionnaire, Section},
    text::{Lang, Text},
};

use crate::i18n::Tr;

/// "Trụ cột 3: Kết nối lại với khách hàng"; sections of facts have no number.
#[must_use]
pub fn section_name(tr: Tr, questionnaire: &Questionnaire, section: &Section) -> String {
    let title = section.title.get(tr.lang);
    match questionnaire.pillars().position(|pillar| pillar.id == section.id) {
        Some(position) => tr.with("pillar-name", [("number", &(position + 1).to_string()), ("title", title)]),
        None => title.to_owned(),
    }
}

/// An answer in words.
#[must_use]
pub fn said(tr: Tr, questionnaire: &Questionnaire, id: &str, answer: Option<&Answer>) -> String {
    let (Some(question), Some(answer)) = (questionnaire.question(id), answer) else {
        return tr.t("unanswered").into_owned();
    };
    match answer {
        Answer::YesNo(true) => tr.t("yes").into_owned(),
        Answer::YesNo(false) => tr.t("no").into_owned(),
        Answer::Whole(level) => match question {
            Question::Item(item) => statement(tr.lang, item, *level),
            Question::Fact(_) => format::number(tr.lang, *level),
        },
        Answer::Decimal(number) => tr.with("percent", [("number", &decimal(tr.lang, *number))]),
        Answer::One(option) => option_text(tr, question, option),
        Answer::Many(options) if options.is_empty() => tr.t("none").into_owned(),
        Answer::Many(options) => {
            options.iter().map(|option| option_text(tr, question, option)).collect::<Vec<_>>().join("; ")
        }
    }
}

fn statement(lang: Lang, item: &Item, level: i64) -> String {
    match (&item.answer, usize::try_from(level)) {
        (ItemAnswer::Ladder { levels }, Ok(level)) => levels.get(level).map_or("", |text| text.get(lang)).to_owned(),
        _ => String::new(),
    }
}

/// The words of an option.
#[must_use]
pub fn option_text(tr: Tr, question: Question<'_>, option: &str) -> String {
    let found: Option<&Text> = match question {
        Question::Item(item) => match &item.answer {
            ItemAnswer::Checklist { options, .. } => options.iter().find(|known| known.id == option).map(|o| &o.text),
            ItemAnswer::Ladder { .. } => None,
        },
        Question::Fact(fact) => match &fact.answer {
            FactAnswer::One { options } | FactAnswer::Many { options, .. } => {
                options.iter().find(|known| known.id == option).map(|o| &o.text)
            }
            FactAnswer::YesNo if option == "yes" => return tr.t("yes").into_owned(),
            FactAnswer::YesNo => return tr.t("no").into_owned(),
            FactAnswer::Industry => classification::division(option).map(|division| &division.name),
            FactAnswer::Whole { .. } | FactAnswer::Percent => None,
        },
    };
    found.map_or_else(|| option.to_owned(), |text| text.get(tr.lang).to_owned())
}

/// What is typed or chosen in the fields of a question, in words.
#[must_use]
pub fn typed(tr: Tr, questionnaire: &Questionnaire, id: &str, raw: &[String]) -> String {
    let number = raw.first().and_then(|value| value.parse::<i64>().ok());
    let answer = match (questionnaire.question(id), number) {
        (Some(Question::Item(item)), Some(level)) if item.is_ladder() => Some(Answer::Whole(level)),
        (Some(_), _) if raw.iter().any(|value| value == "none") => Some(Answer::Many(BTreeSet::new())),
        (None, _) | (Some(Question::Fact(Fact { answer: FactAnswer::Whole { .. } | FactAnswer::Percent, .. })), _) => {
            return raw.join("; ");
        }
        _ if raw.iter().all(String::is_empty) => None,
        _ => Some(Answer::Many(raw.iter().cloned().collect())),
    };
    said(tr, questionnaire, id, answer.as_ref())
}

/// The question itself, items with their number.
#[must_use]
pub fn question_text(tr: Tr, questionnaire: &Questionnaire, id: &str) -> String {
    match questionnaire.question(id) {
        Some(Question::Item(item)) => format!("{} {}", questionnaire.number(id), item.question.get(tr.lang)),
        Some(Question::Fact(fact)) => fact.text.get(tr.lang).to_owned(),
        None => id.to_owned(),
    }
}

/// "câu 3.1" for items, the question itself for facts.
#[must_use]
pub fn short_name(tr: Tr, questionnaire: &Questionnaire, id: &str) -> String {
    match questionnaire.question(id) {
        Some(Question::Item(_)) => tr.with("item-name", [("number", &questionnaire.number(id))]),
        Some(Question::Fact(fact)) => format!("“{}”", fact.text.get(tr.lang)),
        None => id.to_owned(),
    }
}

/// "3. Kết nối lại với khách hàng": a pillar by its id.
#[must_use]
pub fn pillar(tr: Tr, questionnaire: &Questionnaire, id: &str) -> String {
    let mut pillars = questionnaire.pillars().enumerate();
    let found = pillars.find(|(_, pillar)| pillar.id == id);
    found.map_or_else(String::new, |(index, pillar)| format!("{}. {}", index + 1, pillar.title.get(tr.lang)))
}

/// How the answer to an item moved, in the words of its statements: levels mean nothing to a later reader.
#[must_use]
pub fn moved(tr: Tr, questionnaire: &Questionnaire, item: &Item, from: u8, to: u8) -> String {
    let (title, number) = (item.title.get(tr.lang), questionnaire.number(&item.id));
    match &item.answer {
        ItemAnswer::Ladder { levels } => {
            let words = |level: u8| levels.get(usize::from(level)).map_or("", |text| text.get(tr.lang));
            let row = [("title", title), ("number", number.as_str()), ("from", words(from)), ("to", words(to))];
            tr.with("moved-ladder", row)
        }
        ItemAnswer::Checklist { .. } if to > from => tr.with("moved-more", [("title", title), ("number", &number)]),
        ItemAnswer::Checklist { .. } => tr.with("moved-less", [("title", title), ("number", &number)]),
    }
}

/// A stored answer as the values of its fields.
#[must_use]
pub fn stored(answers: &Answers, id: &str) -> Vec<String> {
    match answers.get(id) {
        None => Vec::new(),
        Some(Answer::YesNo(yes)) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        Some(Answer::Whole(number)) => vec![number.to_string()],
        Some(Answer::Decimal(number)) => vec![decimal(Lang::Vi, *number)],
        Some(Answer::One(option)) => vec![option.clone()],
        Some(Answer::Many(options)) if options.is_empty() => vec!["none".to_owned()],
        Some(Answer::Many(options)) => options.iter().cloned().collect(),
    }
}

fn decimal(lang: Lang, number: f64) -> String {
    let text = number.to_string();
    if lang == Lang::Vi { text.replace('.', ",") } else { text }
}
