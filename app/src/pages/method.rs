//! How the score is computed, from the questionnaire itself, so that the page cannot differ from the program.

use leptos::prelude::*;
use model::{answer::Answers, format, questionnaire::Questionnaire, score::score};

use crate::{i18n::Tr, ui::level::chip};

/// The reader's own last result.
#[derive(Clone, Copy, Debug)]
pub struct Own<'a> {
    /// The questionnaire version it was scored with.
    pub questionnaire: &'a Questionnaire,
    /// The answers that were sent.
    pub answers: &'a Answers,
}

/// The words with a fixed meaning.
pub fn glossary(tr: Tr, questionnaire: &Questionnaire) -> impl IntoView + use<> {
    let terms: Vec<_> = questionnaire
        .glossary
        .iter()
        .map(|term| {
            let (term, meaning) = (term.term.get(tr.lang).to_owned(), term.meaning.get(tr.lang).to_owned());
            view! { <dt>{term}</dt><dd>{meaning}</dd> }
        })
        .collect();
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("glossary-title")}</h1>
            <p class="u-lead">{tr.t("glossary-lead")}</p>
            <dl class="c-glossary">{terms}</dl>
        </div>
    }
}

/// The method page; whoever has a result sees the same steps with their own numbers.
pub fn method(tr: Tr, questionnaire: &Questionnaire, own: Option<Own<'_>>) -> AnyView {
    let version = [("title", questionnaire.title.get(tr.lang)), ("version", questionnaire.version.as_str())];
    view! {
        <div class="l-text l-flow">
            <h1>{tr.t("method-title")}</h1>
            <p class="u-lead">{tr.t("method-lead")}</p>
            <p class="u-quiet">{tr.with("method-version", version)}</p>
            <h2>{tr.t("method-items")}</h2>
            <p>{tr.t("method-items-text")}</p>
            <h2>{tr.t("method-pillars")}</h2>
            <p>{tr.with("method-pillars-text", [("percent", &questionnaire.sufficient_percent.to_string())])}</p>
            {pillars(tr, questionnaire)}
            <h2>{tr.t("method-overall")}</h2>
            <p>{tr.t("method-overall-text")}</p>
            {own.map(|own| self::own(tr, own))}
            <h2>{tr.t("method-levels")}</h2>
            <p>{tr.t("method-levels-text")}</p>
            {levels(tr, questionnaire)}
            <h2>{tr.t("method-security")}</h2>
            <p>{tr.t("method-security-text")}</p>
            {floor(tr, questionnaire)}
            <h2>{tr.t("method-plan")}</h2>
            <p>{tr.t("method-plan-text")}</p>
        </div>
    }
    .into_any()
}

fn pillars(tr: Tr, questionnaire: &Questionnaire) -> impl IntoView + use<> {
    let total: u32 = questionnaire.pillars().filter_map(|pillar| pillar.weight).sum();
    let rows: Vec<_> = questionnaire
        .pillars()
        .enumerate()
        .map(|(index, pillar)| {
            let share = (100 * pillar.weight.unwrap_or_default()).checked_div(total).unwrap_or_default();
            view! {
                <tr>
                    <th scope="row">{format!("{}. {}", index + 1, pillar.title.get(tr.lang))}</th>
                    <td class="is-num">{pillar.questions().count()}</td>
                    <td class="is-num">{format!("{share}%")}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("method-pillars")>
            <table class="c-table">
                <thead>
                    <tr>
                        <th scope="col">{tr.t("column-pillar")}</th>
                        <th scope="col" class="is-num">{tr.t("column-items")}</th>
                        <th scope="col" class="is-num">{tr.t("column-weight")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

/// The sums of the reader's own result, step by step.
fn own(tr: Tr, own: Own<'_>) -> AnyView {
    let score = score(own.questionnaire, own.answers);
    let (Some(overall), Some(level)) = (score.overall, score.level) else { return ().into_any() };
    let rows: Vec<_> =
        own.questionnaire
            .pillars()
            .zip(&score.pillars)
            .enumerate()
            .map(|(index, (section, pillar))| {
                let items =
                    own.questionnaire.items.iter().filter(|item| {
                        own.questionnaire.pillar_of(&item.id).is_some_and(|known| known.id == section.id)
                    });
                let counted = items.filter_map(|item| Some((item.weight, *score.items.get(&item.id)?)));
                let (weights, levels) = counted.fold((0, 0), |(weights, levels), (weight, level)| {
                    (weights + weight, levels + weight * u32::from(level))
                });
                let points = pillar.score.map_or_else(|| "–".to_owned(), |score| format::score(tr.lang, score));
                view! {
                    <tr>
                        <th scope="row">{format!("{}. {}", index + 1, section.title.get(tr.lang))}</th>
                        <td class="is-num">{format!("100 × {levels} ÷ (5 × {weights})")}</td>
                        <td class="is-num">{points}</td>
                    </tr>
                }
            })
            .collect();
    let (points, level) = (format::score(tr.lang, overall), level.to_string());
    let end = tr.with("method-own-end", [("score", &points), ("level", &level)]);
    view! {
        <h2>{tr.t("method-own")}</h2>
        <p>{tr.t("method-own-text")}</p>
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("method-own")>
            <table class="c-table">
                <thead>
                    <tr>
                        <th scope="col">{tr.t("column-pillar")}</th>
                        <th scope="col" class="is-num">{tr.t("column-sum")}</th>
                        <th scope="col" class="is-num">{tr.t("column-score")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        <p>{end}</p>
    }
    .into_any()
}

fn levels(tr: Tr, questionnaire: &Questionnaire) -> impl IntoView + use<> {
    let all = questionnaire.pillars().count();
    let rows: Vec<_> = questionnaire
        .levels
        .iter()
        .enumerate()
        .map(|(index, level)| {
            let bound = questionnaire.bounds[index].to_string();
            let gate = index.checked_sub(1).map(|index| questionnaire.gate[index]);
            let pillars = match gate {
                None => "–".to_owned(),
                Some(gate) => {
                    let numbers = (gate.to_string(), all.to_string(), index.to_string());
                    tr.with("method-gate", [("needed", &numbers.0), ("all", &numbers.1), ("level", &numbers.2)])
                }
            };
            let name = level.name.get(tr.lang).to_owned();
            view! {
                <tr>
                    <th scope="row">{chip(tr, u8::try_from(index).unwrap_or(5))}" "{name}</th>
                    <td class="is-num">{tr.with("method-from", [("bound", &bound)])}</td>
                    <td>{pillars}</td>
                </tr>
            }
        })
        .collect();
    view! {
        <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("method-levels")>
            <table class="c-table">
                <thead>
                    <tr>
                        <th scope="col">{tr.t("column-level")}</th>
                        <th scope="col" class="is-num">{tr.t("overall")}</th>
                        <th scope="col">{tr.t("column-gate")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
}

fn floor(tr: Tr, questionnaire: &Questionnaire) -> impl IntoView + use<> {
    let rows: Vec<_> = questionnaire
        .security_floor
        .iter()
        .filter_map(|floor| {
            let item = questionnaire.item(&floor.item)?;
            let (number, level) = (questionnaire.number(&floor.item), floor.at_most.to_string());
            let row = [("title", item.title.get(tr.lang)), ("number", number.as_str()), ("level", level.as_str())];
            Some(view! { <li>{tr.with("method-floor", row)}</li> })
        })
        .collect();
    view! { <ul class="c-list">{rows}</ul> }
}
