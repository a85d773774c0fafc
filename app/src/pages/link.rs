//! Links that show level and date to a bank or partner.

use leptos::prelude::*;
use model::{questionnaire::Questionnaire, text::Text};

use crate::{
    i18n::Tr,
    paths,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, Group},
        notice,
        subnav::{Here, subnav},
    },
};

/// How many days a link may be valid.
pub const DAYS: [i64; 3] = [30, 90, 180];

/// What the owner sees.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// Id of the assessment.
    pub assessment: String,
    /// The links, the newest first.
    pub links: Vec<Link>,
    /// The address of a link that was made just now: it is shown this once.
    pub made: Option<String>,
    /// For whom the next one is, as typed.
    pub label: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
}

/// One link.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its key.
    pub id: String,
    /// For whom it is.
    pub label: String,
    /// The day it was made.
    pub created: String,
    /// The last day it shows anything.
    pub expires: String,
    /// How often it was opened.
    pub views: i64,
    /// Whether it still shows something.
    pub state: LinkState,
}

/// Whether a link still shows something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkState {
    /// It does.
    Valid,
    /// Its time is over.
    Expired,
    /// Its owner took it back.
    Revoked,
}

/// What whoever has a link sees.
#[derive(Clone, Debug)]
pub struct SharedResult<'a> {
    /// The enterprise's name.
    pub enterprise: String,
    /// The level.
    pub level: u8,
    /// The day it was sent.
    pub day: String,
    /// The last day the link shows anything.
    pub expires: String,
    /// The questionnaire version.
    pub questionnaire: &'a Questionnaire,
}

/// The owner's page.
pub fn view(tr: Tr, page: &Links) -> AnyView {
    let made = page.made.as_ref().map(|address| {
        notice::plain(
            tr.t("link-made").into_owned(),
            view! { <p>{tr.t("link-made-text")}</p><p><a class="c-share" href=address.clone()>{address.clone()}</a></p> },
        )
    });
    view! {
        {subnav(tr, Here::Assessment)}
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <h1>{tr.t("link-title")}</h1>
            <p class="c-head__lead">{tr.t("link-lead")}</p>
        </div>
        {made}
        {list(tr, page)}
        {form(tr, page)}
        <p class="l-gap"><a href=paths::result(&page.assessment)>{tr.t("receipt-result")}</a></p>
    }
    .into_any()
}

/// The page of whoever has a link.
pub fn shared(tr: Tr, page: &SharedResult<'_>) -> AnyView {
    let level = page.questionnaire.levels.get(usize::from(page.level));
    let words = |text: Option<&Text>| text.map(|text| text.get(tr.lang).to_owned()).unwrap_or_default();
    view! {
        <div class="c-head">
            <p class="c-head__over">{page.enterprise.clone()}</p>
            <h1>{tr.t("shared-title")}</h1>
        </div>
        <div class="c-verdict__level">
            <span class="c-verdict__digit">{page.level}</span>
            <div>
                <p class="c-verdict__label">{tr.with("level-of-five", [("level", &page.level.to_string())])}</p>
                <p class="c-verdict__name">{words(level.map(|level| &level.name))}</p>
                <p class="c-verdict__label">{words(level.map(|level| &level.meaning))}</p>
            </div>
        </div>
        <dl class="c-facts l-gap">
            <div class="c-facts__row"><dt>{tr.t("column-sent")}</dt><dd>{page.day.clone()}</dd></div>
            <div class="c-facts__row"><dt>{tr.t("shared-until")}</dt><dd>{page.expires.clone()}</dd></div>
        </dl>
        <p class="l-text l-gap">{tr.t("shared-text")}" "<a href="/method">{tr.t("nav-method")}</a></p>
    }
    .into_any()
}

fn list(tr: Tr, page: &Links) -> AnyView {
    if page.links.is_empty() {
        return view! { <p class="c-empty">{tr.t("link-none")}</p> }.into_any();
    }
    let rows: Vec<_> = page.links.iter().map(|link| row(tr, page, link)).collect();
    view! {
        <table class="c-table c-rows">
            <caption class="u-hidden">{tr.t("link-list")}</caption>
            <thead>
                <tr>
                    <th scope="col">{tr.t("link-label")}</th>
                    <th scope="col">{tr.t("column-made")}</th>
                    <th scope="col">{tr.t("column-until")}</th>
                    <th scope="col" class="is-num">{tr.t("column-views")}</th>
                    <th scope="col">{tr.t("column-state")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn row(tr: Tr, page: &Links, link: &Link) -> AnyView {
    let state = match link.state {
        LinkState::Expired => tr.t("link-expired").into_any(),
        LinkState::Revoked => tr.t("link-revoked").into_any(),
        LinkState::Valid => view! {
            <form method="post" action=paths::links(&page.assessment)>
                <input type="hidden" name="revoke" value=link.id.clone()/>
                <button class="c-textbutton" type="submit">
                    {tr.t("link-revoke")}<span class="u-hidden">" "{link.label.clone()}</span>
                </button>
            </form>
        }
        .into_any(),
    };
    view! {
        <tr>
            <th scope="row">{link.label.clone()}</th>
            <td data-label=tr.t("column-made")>{link.created.clone()}</td>
            <td data-label=tr.t("column-until")>{link.expires.clone()}</td>
            <td class="is-num" data-label=tr.t("column-views")>{link.views}</td>
            <td>{state}</td>
        </tr>
    }
    .into_any()
}

fn form(tr: Tr, page: &Links) -> AnyView {
    let label = Field {
        label: tr.t("link-label").into_owned(),
        hint: Some(tr.t("link-label-hint").into_owned()),
        value: page.label.clone(),
        ..Field::default()
    };
    let day = |days: &i64| (days.to_string(), tr.with("link-days", [("days", &days.to_string())]));
    let days = Group { label: None, choices: DAYS.iter().map(day).collect() };
    let empty = tr.t("choose").into_owned();
    let mistakes = &page.mistakes;
    view! {
        <section class="l-section" aria-labelledby="new">
            <h2 id="new">{tr.t("link-new")}</h2>
            <form method="post" action=paths::links(&page.assessment) novalidate>
                {field::input(tr, "label", label, mistakes)}
                {field::select(tr, "days", tr.t("link-valid").into_owned(), None, (empty, vec![days]), "90", mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("link-make")}</button></div>
            </form>
        </section>
    }
    .into_any()
}
