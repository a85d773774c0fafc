//! Items that two people of one enterprise answered far apart (instrument §6, X14), to be agreed on.

use leptos::prelude::*;
use model::{answer::Answer, check::Difference, questionnaire::Questionnaire};

use super::words::{question_text, said, short_name};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        choices::{Choices, choices},
        errors::{self, Mistake},
        notice,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Agree<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The questionnaire version of the campaign.
    pub questionnaire: &'a Questionnaire,
    /// The revision that is shown: only this one can be agreed on from this page.
    pub revision: i64,
    /// The items.
    pub items: Vec<Both<'a>>,
    /// Items for which nothing was chosen.
    pub missing: Vec<String>,
    /// Answers changed after this page was opened, so that nothing was stored.
    pub changed: bool,
}

/// An item with its two answers.
#[derive(Clone, Debug)]
pub struct Both<'a> {
    /// The item and the two levels.
    pub difference: Difference<'a>,
    /// The answer that counts now, and who gave it.
    pub now: (Answer, String),
    /// The answer before it, and who gave that.
    pub other: (Answer, String),
}

/// Of two answers, the one that counts now.
pub const NOW: &str = "now";
/// … and the one before it.
pub const OTHER: &str = "other";

/// The page.
pub fn view(tr: Tr, page: &Agree<'_>) -> AnyView {
    let mistake = |id: &String| Mistake {
        field: id.clone(),
        message: tr.with("missing-answer", [("question", &short_name(tr, page.questionnaire, id))]),
    };
    let mistakes: Vec<Mistake> = page.missing.iter().map(mistake).collect();
    let items: Vec<_> = page.items.iter().map(|item| both(tr, page, item, &mistakes)).collect();
    view! {
        <a class="c-back" href=paths::check(&page.assessment)>{tr.t("check-title")}</a>
        <div class="l-text">
            {errors::summary(tr, &mistakes)}
            {page.changed.then(|| notice::warn(tr.t("changed-title").into_owned(), view! { <p>{tr.t("agree-changed")}</p> }))}
            <div class="c-head">
                <h1>{tr.t("agree-title")}</h1>
                <p class="c-head__lead">{tr.t("agree-lead")}</p>
            </div>
            <form method="post" action=paths::agree(&page.assessment) novalidate>
                <input type="hidden" name="_revision" value=page.revision/>
                {items}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("agree-button")}</button></div>
            </form>
        </div>
    }
    .into_any()
}

fn both(tr: Tr, page: &Agree<'_>, item: &Both<'_>, mistakes: &[Mistake]) -> AnyView {
    let id = &item.difference.item.id;
    let line = |(answer, name): &(Answer, String), level: u8| {
        let words = said(tr, page.questionnaire, id, Some(answer));
        tr.with("agree-answer", [("name", name), ("level", &level.to_string()), ("answer", &words)])
    };
    let group = Choices {
        name: id.clone(),
        legend: question_text(tr, page.questionnaire, id),
        options: vec![
            (NOW.into(), line(&item.now, item.difference.now)),
            (OTHER.into(), line(&item.other, item.difference.other)),
        ],
        error: errors::of(mistakes, id).map(ToOwned::to_owned),
        ..Choices::default()
    };
    choices(tr, group)
}
