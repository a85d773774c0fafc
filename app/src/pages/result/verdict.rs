//! The answer: the level, the score, how far it was reviewed, and in one sentence why it is this level.

use leptos::prelude::*;
use model::{
    assessment::State,
    format,
    ratio::Ratio,
    score::{Gate, Score, gate},
};

use super::ResultPage;
use crate::{chart::ruler, i18n::Tr, paths};

/// Level, score and ruler; nothing as long as there are too few answers for a level.
pub(super) fn view(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let (Some(level), Some(overall)) = (score.level, score.overall) else { return ().into_any() };
    let named = &page.questionnaire.levels[usize::from(level)];
    view! {
        <div class="c-verdict">
            <div class="c-verdict__top">
                <div class="c-verdict__level">
                    <span class="c-verdict__digit">{level}</span>
                    <div>
                        <p class="c-verdict__label">{tr.with("level-on-scale", [("level", &level.to_string())])}</p>
                        <p class="c-verdict__name">{named.name.get(tr.lang).to_owned()}</p>
                        <p class="c-verdict__label">{named.meaning.get(tr.lang).to_owned()}</p>
                    </div>
                </div>
                <div class="c-verdict__right">
                    <p class="c-verdict__label">{tr.t("overall")}</p>
                    <p class="c-verdict__score">{format::score(tr.lang, overall)}" "<small>{tr.t("of-hundred")}</small></p>
                    <p class="c-verdict__label">{reviewed(tr, page)}</p>
                </div>
            </div>
            {ruler::ruler(tr, page.questionnaire, overall.value(), level)}
            {because(tr, page, score).map(|text| view! { <p class="c-verdict__why">{text}</p> })}
            {found(tr, page, level)}
        </div>
    }
    .into_any()
}

fn reviewed(tr: Tr, page: &ResultPage<'_>) -> String {
    match page.review.as_ref().map(|review| review.state) {
        Some(State::InReview) => tr.t("reviewed-now"),
        Some(State::Returned) => tr.t("reviewed-returned"),
        Some(State::Accepted) => tr.t("reviewed-accepted"),
        Some(State::Draft | State::Submitted) | None => tr.t("self-declared"),
    }
    .into_owned()
}

/// Why it is this level and not the next one.
fn because(tr: Tr, page: &ResultPage<'_>, score: &Score) -> Option<String> {
    let gate = gate(page.questionnaire, score)?;
    let (overall, level) = (score.overall?, score.level?);
    let points = format::score(tr.lang, overall);
    let next = gate.next.to_string();
    if !gate.score_reached {
        let bound = gate.bound.to_string();
        let lacking = format::score(tr.lang, Ratio::from(gate.bound) - overall);
        return Some(tr.with("because-score", [("next", &next), ("bound", &bound), ("lacking", &lacking)]));
    }
    let reached = score.score_level?;
    let about = [
        ("score", points.as_str()),
        ("reached", &reached.to_string()),
        ("bounds", &bounds(tr, page, reached)),
        ("level", &level.to_string()),
        ("pillars", &pillars(tr, page, &gate)),
    ];
    Some(tr.with("because-pillars", about))
}

/// "từ 40 đến dưới 60".
fn bounds(tr: Tr, page: &ResultPage<'_>, level: u8) -> String {
    let from = page.questionnaire.bounds[usize::from(level)].to_string();
    match page.questionnaire.bounds.get(usize::from(level) + 1) {
        Some(to) => tr.with("bounds-between", [("from", &from), ("to", &to.to_string())]),
        None => tr.with("bounds-from", [("from", &from)]),
    }
}

fn pillars(tr: Tr, page: &ResultPage<'_>, gate: &Gate) -> String {
    let all = page.questionnaire.pillars().count();
    let (needed, all) = (gate.pillars_needed.to_string(), all.to_string());
    let (next, has) = (gate.next.to_string(), gate.pillars_reached.to_string());
    if needed == all {
        tr.with("because-all", [("all", &all), ("next", &next), ("has", &has)])
    } else {
        tr.with("because-some", [("needed", &needed), ("all", &all), ("next", &next), ("has", &has)])
    }
}

/// What the reviewers found, once they are done and where it differs; and the way back for a form that was returned.
fn found(tr: Tr, page: &ResultPage<'_>, own: u8) -> Option<AnyView> {
    let review = page.review.as_ref()?;
    let (text, href, link) = match (review.state, review.found) {
        (State::Returned, _) => {
            (tr.t("found-returned").into_owned(), paths::tasks(&page.assessment), tr.t("found-edit"))
        }
        (State::Accepted, Some((score, level))) => {
            let points = format::score(tr.lang, score);
            let (level, own_level) = (level.to_string(), own.to_string());
            let row = [("level", level.as_str()), ("score", points.as_str()), ("own", own_level.as_str())];
            (tr.with("found-level", row), paths::exchange(&page.assessment), tr.t("found-link"))
        }
        _ => return None,
    };
    Some(view! { <p class="c-verdict__why">{text}" "<a href=href>{link}</a></p> }.into_any())
}
