//! Pages for everybody: start, data protection, accessibility.

use leptos::prelude::*;
use model::questionnaire::Level;

pub use super::method::{Own, glossary, method};
use crate::{i18n::Tr, ui::level::fill};

/// What the start page shows.
#[derive(Clone, Debug)]
pub struct Start {
    /// The campaign that is open.
    pub campaign: Option<OpenCampaign>,
    /// The six levels.
    pub levels: Option<[Level; 6]>,
    /// How many items there are at the most.
    pub items: usize,
    /// The last calendar year, which money questions ask about.
    pub last_year: i32,
    /// The reader is signed in.
    pub signed_in: bool,
}

/// An open campaign.
#[derive(Clone, Debug)]
pub struct OpenCampaign {
    /// Its title.
    pub title: String,
    /// The last day to submit, as a date.
    pub last_day: String,
}

/// The start page.
pub fn start(tr: Tr, page: Start) -> AnyView {
    let over = page.campaign.as_ref().map_or_else(|| tr.t("start-closed").into_owned(), |open| open.title.clone());
    view! {
        <div class="l-split l-split--hero">
            <div>
                <p class="c-head__over">{over}</p>
                <h1>{tr.t("start-heading")}</h1>
                <p class="c-head__lead u-lead">{tr.t("start-lead")}</p>
                {buttons(tr, page.signed_in)}
                <p class="l-text l-gap">{tr.t("start-fair")}</p>
            </div>
            {scale(tr, page.levels.as_ref())}
        </div>
        {before(tr, &page)}
        {sees(tr)}
    }
    .into_any()
}

fn buttons(tr: Tr, signed_in: bool) -> AnyView {
    if signed_in {
        return view! {
            <div class="c-buttons l-gap"><a class="c-button" href="/home">{tr.t("start-continue")}</a></div>
        }
        .into_any();
    }
    view! {
        <div class="c-buttons l-gap">
            <a class="c-button" href="/register">{tr.t("start-register")}</a>
            <a class="c-button c-button--second" href="/sign-in">{tr.t("start-sign-in")}</a>
            <a class="c-buttons__link" href="/try">{tr.t("start-try")}</a>
        </div>
        <p class="l-gap-s"><a class="c-textbutton" href="/associations/apply">{tr.t("start-association")}</a></p>
    }
    .into_any()
}

fn scale(tr: Tr, levels: Option<&[Level; 6]>) -> AnyView {
    let Some(levels) = levels else { return ().into_any() };
    let steps: Vec<_> = levels
        .iter()
        .enumerate()
        .map(|(index, level)| {
            let class = format!("c-scale__step {}", fill(u8::try_from(index).unwrap_or(5)));
            let (name, meaning) = (level.name.get(tr.lang).to_owned(), level.meaning.get(tr.lang).to_owned());
            view! {
                <li class=class>
                    <span class="c-scale__no">{index}</span>
                    <span class="c-scale__name">{name}</span>
                    <span class="c-scale__text">{meaning}</span>
                </li>
            }
        })
        .collect();
    view! {
        <section aria-labelledby="scale">
            <h2 class="u-hidden" id="scale">{tr.t("start-scale")}</h2>
            <ol class="c-scale">{steps}</ol>
        </section>
    }
    .into_any()
}

fn before(tr: Tr, page: &Start) -> AnyView {
    let items = page.items.to_string();
    let year = page.last_year.to_string();
    let deadline = page.campaign.as_ref().map(|open| {
        let day = tr.with("start-deadline-day", [("day", &open.last_day)]);
        view! { <div class="c-facts__row"><dt>{tr.t("start-deadline")}</dt><dd class="u-num">{day}</dd></div> }
    });
    view! {
        <section class="l-section" aria-labelledby="before">
            <h2 id="before">{tr.t("start-before")}</h2>
            <div class="l-split l-split--even">
                <dl class="c-facts">
                    <div class="c-facts__row">
                        <dt>{tr.t("start-time")}</dt>
                        <dd>
                            {tr.with("start-time-full", [("items", &items)])}" "
                            <span class="c-facts__more">{tr.t("start-time-more")}</span>
                        </dd>
                    </div>
                    <div class="c-facts__row">
                        <dt>{tr.t("start-pause")}</dt>
                        <dd>{tr.t("start-pause-yes")}" "<span class="c-facts__more">{tr.t("start-pause-more")}</span></dd>
                    </div>
                    {deadline}
                </dl>
                <dl class="c-facts">
                    <div class="c-facts__row">
                        <dt>{tr.t("start-have")}</dt>
                        <dd>{tr.t("start-have-tax")}</dd>
                        <dd>{tr.t("start-have-people")}</dd>
                        <dd>{tr.with("start-have-turnover", [("year", &year)])}</dd>
                        <dd>
                            {tr.t("start-have-colleagues")}" "
                            <span class="c-facts__more">{tr.t("start-have-colleagues-more")}</span>
                        </dd>
                    </div>
                    <div class="c-facts__row"><dt>{tr.t("start-cost")}</dt><dd>{tr.t("start-free")}</dd></div>
                </dl>
            </div>
        </section>
    }
    .into_any()
}

fn sees(tr: Tr) -> impl IntoView {
    let columns = [tr.t("sees-answers"), tr.t("sees-score"), tr.t("sees-figures")];
    let rows = [
        [tr.t("sees-you"), tr.t("sees-yes"), tr.t("sees-yes"), tr.t("sees-yes")],
        [tr.t("sees-association"), tr.t("sees-if-agreed"), tr.t("sees-if-agreed"), tr.t("sees-yes")],
        [tr.t("sees-province"), tr.t("sees-province-answers"), tr.t("sees-yes"), tr.t("sees-yes")],
        [tr.t("sees-everybody"), tr.t("sees-no"), tr.t("sees-no"), tr.t("sees-figures-safe")],
    ];
    let heads: Vec<_> = columns.iter().cloned().map(|column| view! { <th scope="col">{column}</th> }).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|[who, answers, score, figures]| {
            let [label_1, label_2, label_3] = columns.clone();
            view! {
                <tr>
                    <th scope="row">{who}</th>
                    <td data-label=label_1>{answers}</td>
                    <td data-label=label_2>{score}</td>
                    <td data-label=label_3>{figures}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section" aria-labelledby="sees">
            <h2 id="sees">{tr.t("sees-title")}</h2>
            <p class="l-text">{tr.t("sees-text")}</p>
            <table class="c-table c-sees">
                <thead><tr><th scope="col">{tr.t("sees-who")}</th>{heads}</tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
    }
}

/// What happens with data.
pub fn privacy(tr: Tr, contact: Option<String>) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("privacy-title")}</h1>
            <p class="u-lead">{tr.t("privacy-lead")}</p>
            <h2>{tr.t("privacy-what")}</h2>
            <ul class="c-list">
                <li>{tr.t("privacy-what-enterprise")}</li>
                <li>{tr.t("privacy-what-contact")}</li>
                <li>{tr.t("privacy-what-technical")}</li>
            </ul>
            <h2>{tr.t("privacy-why")}</h2>
            <p>{tr.t("privacy-why-text")}</p>
            <h2>{tr.t("privacy-who")}</h2>
            <p>{tr.t("privacy-who-text")}</p>
            <h2>{tr.t("privacy-cookies")}</h2>
            <p>{tr.t("privacy-cookies-text")}</p>
            <h2>{tr.t("privacy-rights")}</h2>
            <p>{tr.t("privacy-rights-text")}</p>
            {contact.map(|contact| view! { <p><strong>{contact}</strong></p> })}
            <p><a href="/account/data">{tr.t("data-link")}</a></p>
        </div>
    }
}

/// How the pages can be used, and what is not good yet.
pub fn accessibility(tr: Tr, contact: Option<String>) -> impl IntoView {
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("accessibility-title")}</h1>
            <p class="u-lead">{tr.t("accessibility-lead")}</p>
            <ul class="c-list">
                <li>{tr.t("accessibility-scripts")}</li>
                <li>{tr.t("accessibility-keyboard")}</li>
                <li>{tr.t("accessibility-zoom")}</li>
                <li>{tr.t("accessibility-colour")}</li>
                <li>{tr.t("accessibility-tables")}</li>
            </ul>
            <p>{tr.t("accessibility-tell")}</p>
            {contact.map(|contact| view! { <p><strong>{contact}</strong></p> })}
        </div>
    }
}
