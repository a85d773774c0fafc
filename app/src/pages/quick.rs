//! The result of a quick check: provisional, and labelled as such.

use leptos::prelude::*;
use model::{format, quick::Outlook, ratio::Ratio, score::score};

use super::result::{self, ResultPage};
use crate::{chart, i18n::Tr, paths, ui::notice};

/// Everything the page shows.
#[derive(Clone, Debug)]
pub struct Quick<'a> {
    /// The core items with their answers, shown as far as they carry.
    pub core: ResultPage<'a>,
    /// What they say about the whole.
    pub outlook: Outlook,
    /// What comes after it.
    pub next: Next,
}

/// What somebody can do after a quick check.
#[derive(Clone, Debug)]
pub enum Next {
    /// Go on with the other questions.
    Extend {
        /// Id of the assessment.
        assessment: String,
    },
    /// Keep the answers, for somebody without an account.
    Register {
        /// The answers in form encoding.
        answers: String,
        /// The reader has an account already.
        signed_in: bool,
        /// A campaign is open, so that answers can become a draft.
        is_open: bool,
    },
}

/// The page.
pub fn view(tr: Tr, page: &Quick<'_>) -> AnyView {
    let yours = match page.next {
        Next::Extend { .. } => tr.t("quick-yours"),
        Next::Register { .. } => tr.t("try-yours"),
    };
    let over = [page.core.enterprise.clone(), page.core.title.clone()];
    let over: Vec<String> = over.into_iter().filter(|text| !text.is_empty()).collect();
    view! {
        <div class="c-head">
            <p class="c-head__over">{over.join(" · ")}</p>
            <h1>{tr.t("quick-title")}</h1>
            <p class="c-head__lead">
                {tr.with("quick-lead", [("items", &page.outlook.core_items.to_string())])}
            </p>
        </div>
        {verdict(tr, page)}
        {notice::plain(tr.t("quick-yours-title").into_owned(), view! { <p>{yours}</p> })}
        {result::first(tr, &page.core)}
        {pillars(tr, page)}
        {result::plan(tr, &page.core)}
        {next(tr, page)}
    }
    .into_any()
}

fn verdict(tr: Tr, page: &Quick<'_>) -> AnyView {
    let outlook = &page.outlook;
    let points = |ratio: Ratio| format::score(tr.lang, ratio);
    let (low, high) = (outlook.levels.0.to_string(), outlook.levels.1.to_string());
    let level = if outlook.levels.0 == outlook.levels.1 {
        tr.with("quick-level", [("level", &low)])
    } else {
        tr.with("quick-levels", [("low", &low), ("high", &high)])
    };
    let (from, to) = (points(outlook.range.0), points(outlook.range.1));
    view! {
        <div class="c-verdict">
            <p class="c-verdict__name">{level}</p>
            {chart::outlook::outlook(tr, page.core.questionnaire, outlook)}
            <dl class="c-facts">
                <div class="c-facts__row">
                    <dt>{tr.t("quick-range")}</dt>
                    <dd>
                        {tr.with("quick-range-value", [("low", &from), ("high", &to)])}" "
                        <span class="c-facts__more">
                            {tr.with("quick-range-more", [("open", &outlook.open.to_string())])}
                        </span>
                    </dd>
                </div>
                <div class="c-facts__row">
                    <dt>{tr.t("quick-core")}</dt>
                    <dd>
                        {tr.with("points", [("score", &points(outlook.core))])}" "
                        <span class="c-facts__more">{tr.t("quick-core-more")}</span>
                    </dd>
                </div>
            </dl>
        </div>
    }
    .into_any()
}

fn pillars(tr: Tr, page: &Quick<'_>) -> AnyView {
    let score = score(page.core.questionnaire, page.core.answers);
    let rows: Vec<_> = page
        .core
        .questionnaire
        .pillars()
        .zip(&score.pillars)
        .enumerate()
        .map(|(index, (section, pillar))| {
            let points = pillar.score.map_or_else(|| "–".to_owned(), |score| format::score(tr.lang, score));
            view! {
                <tr>
                    <th scope="row">{format!("{}. {}", index + 1, section.title.get(tr.lang))}</th>
                    <td class="is-num">{points}</td>
                    <td class="is-num">{pillar.items_on}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <section class="l-section" aria-labelledby="pillars">
            <h2 id="pillars">{tr.t("pillars-title")}</h2>
            <p class="l-text">{tr.t("quick-pillars")}</p>
            <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("pillars-title")>
                <table class="c-table">
                    <thead>
                        <tr>
                            <th scope="col">{tr.t("column-pillar")}</th>
                            <th scope="col" class="is-num">{tr.t("column-provisional")}</th>
                            <th scope="col" class="is-num">{tr.t("column-items")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}

fn next(tr: Tr, page: &Quick<'_>) -> AnyView {
    let assessment = match &page.next {
        Next::Extend { assessment } => assessment,
        Next::Register { answers, signed_in, is_open } => return keep(tr, answers, *signed_in, *is_open),
    };
    let open = page.outlook.open.to_string();
    view! {
        <section class="l-section" aria-labelledby="next">
            <h2 id="next">{tr.t("quick-next")}</h2>
            <p class="l-text">{tr.with("quick-extend-text", [("open", &open)])}</p>
            <form method="post" action=paths::kind(assessment)>
                <div class="c-buttons">
                    <button class="c-button" type="submit" name="kind" value="full">{tr.t("quick-extend")}</button>
                    <a class="c-button c-button--second" href=paths::tasks(assessment)>{tr.t("quick-back")}</a>
                </div>
            </form>
        </section>
    }
    .into_any()
}

/// What somebody without an account can do with the answers.
fn keep(tr: Tr, answers: &str, signed_in: bool, is_open: bool) -> AnyView {
    let look = view! {
        <form method="post" action="/try">
            <input type="hidden" name="_answers" value=answers.to_owned()/>
            <div class="c-buttons">
                <button class="c-button c-button--second" type="submit">{tr.t("quick-back")}</button>
            </div>
        </form>
    };
    let text = match (signed_in, is_open) {
        (true, _) => tr.t("try-signed-in"),
        (false, true) => tr.t("try-keep-text"),
        (false, false) => tr.t("try-keep-closed"),
    };
    let register = (!signed_in && is_open).then(|| {
        view! {
            <form method="post" action="/try/register">
                <input type="hidden" name="_answers" value=answers.to_owned()/>
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("try-keep")}</button></div>
            </form>
        }
    });
    view! {
        <section class="l-section" aria-labelledby="next">
            <h2 id="next">{tr.t("try-next")}</h2>
            <p class="l-text">{text}</p>
            {register}
            {look}
        </section>
    }
    .into_any()
}
