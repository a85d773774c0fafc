//! The result: the level and why it is this one, what to do first, the way to the next level, pillars, the plan.

mod first;
mod gate;
mod pillars;
mod plan;
mod verdict;
mod way;

pub(super) use first::first;
use leptos::prelude::*;
use model::{
    answer::Answers,
    assessment::State,
    change::Change,
    plan::{Action, Plan},
    questionnaire::Questionnaire,
    score::score,
};
pub(super) use plan::{plan, reason};

use super::{actions::Decided, history::since, peers::Compared};
use crate::{
    i18n::Tr,
    paths,
    ui::{
        subnav::{Here, subnav},
        waiting::waiting,
    },
};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct ResultPage<'a> {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// The enterprise's name.
    pub enterprise: String,
    /// The campaign's title.
    pub title: String,
    /// The day of submission.
    pub submitted_on: String,
    /// The receipt.
    pub receipt: String,
    /// The questionnaire version that the score was computed with.
    pub questionnaire: &'a Questionnaire,
    /// The submitted answers.
    pub answers: &'a Answers,
    /// How far the review of them is; none where nothing was submitted.
    pub review: Option<Review>,
    /// Until when the first and the second horizon of the plan reach.
    pub horizons: [String; 2],
    /// What was decided about the actions; none where nothing can be decided.
    pub decisions: Option<Vec<Decided>>,
    /// What changed since the assessment before, with the title of its campaign.
    pub since: Option<(String, Change<'a>)>,
    /// What the last release says about firms like this one; none until there is a release.
    pub compared: Option<Compared>,
    /// Whether the reader may make links for others.
    pub may_share: bool,
}

/// How far the review of a submission is.
#[derive(Clone, Debug)]
pub struct Review {
    /// The state of the assessment.
    pub state: State,
    /// Score, 0–100, and level by what reviewers recorded beside the answers; none where they recorded nothing.
    pub found: Option<(f64, u8)>,
    /// The questions of the questionnaire about which reviewers ask something that is open.
    pub asked: Vec<String>,
}

/// The title of the page.
#[must_use]
pub fn title(tr: Tr, page: &ResultPage<'_>) -> String {
    let score = score(page.questionnaire, page.answers);
    let level = score.level.unwrap_or_default();
    let name = page.questionnaire.levels[usize::from(level)].name.get(tr.lang);
    tr.with("result-title", [("level", &level.to_string()), ("name", name)])
}

/// The page.
pub fn view(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let score = score(page.questionnaire, page.answers);
    view! {
        {subnav(tr, Here::Assessment)}
        <div class="c-head">
            <p class="c-head__over">
                {page.enterprise.clone()}" · "{page.title.clone()}" · "
                <span class="u-nowrap">{tr.with("submitted-on", [("day", &page.submitted_on)])}</span>
            </p>
            <h1>{tr.t("result-heading")}</h1>
        </div>
        {verdict::view(tr, page, &score)}
        {first(tr, page)}
        {asked(tr, page)}
        {gate::view(tr, page, &score)}
        {way::view(tr, page)}
        {pillars::view(tr, page, &score)}
        {page.since.as_ref().map(|(title, change)| since(tr, page.questionnaire, title, change))}
        {plan(tr, page)}
        {keep(tr, page)}
    }
    .into_any()
}

/// What reviewers wait for: after what to do first, since it is about the form and not about the enterprise.
fn asked(tr: Tr, page: &ResultPage<'_>) -> Option<AnyView> {
    let review = page.review.as_ref()?;
    Some(waiting(tr, page.questionnaire, &page.assessment, &review.asked, review.state == State::Returned))
}

fn keep(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    view! {
        <section class="l-section">
            <h2>{tr.t("result-keep")}</h2>
            <p class="l-text">{tr.with("result-keep-text", [("receipt", &page.receipt)])}</p>
            <ul class="c-list c-keep">
                <li><a href=paths::export(&page.assessment, "xlsx")>{tr.t("result-xlsx")}</a></li>
                <li><a href=paths::export(&page.assessment, "json")>{tr.t("result-json")}</a></li>
                {page.may_share.then(|| view! {
                    <li><a href=paths::links(&page.assessment)>{tr.t("link-title")}</a></li>
                })}
            </ul>
        </section>
    }
    .into_any()
}

/// The one action to begin with: the first that closes a security gap, or else the first that the page lists.
fn begin_with(plan: &Plan) -> Option<&Action> {
    let listed: Vec<&Action> = plan.by_horizon().into_iter().flat_map(|(_, actions)| actions).collect();
    listed.iter().find(|action| action.first).or_else(|| listed.first()).copied()
}
