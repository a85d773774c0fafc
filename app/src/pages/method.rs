//! How the score is computed, from the questionnaire itself, so that the page cannot differ from the program.

use leptos::prelude::*;
use model::questionnaire::Questionnaire;

use crate::{i18n::Tr, ui::level::chip};

/// The method page.
pub fn method(tr: Tr, questionnaire: &Questionnaire) -> AnyView {
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
        <div class="c-scroll" tabindex="0" role="region" aria-label=tr.t("method-pillars")>
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
        <div class="c-scroll" tabindex="0" role="region" aria-label=tr.t("method-levels")>
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
