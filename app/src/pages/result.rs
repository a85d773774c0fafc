//! The result: level with its gate, the way to the next level, pillars, what to do next.

use leptos::prelude::*;
use model::{
    answer::Answers,
    change::Change,
    format,
    plan::{Action, Horizon, Path, plan, shortest_path},
    questionnaire::{ItemAnswer, Questionnaire},
    score::{Gate, Score, gate, score},
};

use super::{
    actions::{Decided, status},
    history::since,
    peers::{self, Compared},
    words::short_name,
};
use crate::{
    chart::{dots, matrix, radar, ruler},
    i18n::Tr,
    paths,
    ui::{
        icon,
        level::chip,
        notice,
        subnav::{Here, subnav},
    },
};

/// A longer way is not shown step by step: it would be a list of everything.
const MOST_STEPS: usize = 7;

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
        {verdict(tr, page, &score)}
        {gaps(tr, page, &score)}
        {why(tr, page, &score)}
        {way(tr, page)}
        {pillars(tr, page, &score)}
        {page.since.as_ref().map(|(title, change)| since(tr, page.questionnaire, title, change))}
        {actions(tr, page)}
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

fn verdict(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let (Some(level), Some(overall)) = (score.level, score.overall) else { return ().into_any() };
    let name = page.questionnaire.levels[usize::from(level)].name.get(tr.lang).to_owned();
    let meaning = page.questionnaire.levels[usize::from(level)].meaning.get(tr.lang).to_owned();
    let number = format::score(tr.lang, overall);
    view! {
        <div class="c-verdict">
            <div class="c-verdict__top">
                <div class="c-verdict__level">
                    <span class="c-verdict__digit">{level}</span>
                    <div>
                        <p class="c-verdict__label">{tr.with("level-of-five", [("level", &level.to_string())])}</p>
                        <p class="c-verdict__name">{name}</p>
                        <p class="c-verdict__label">{meaning}</p>
                    </div>
                </div>
                <div class="c-verdict__right">
                    <p class="c-verdict__label">{tr.t("overall")}</p>
                    <p class="c-verdict__score">{number}" "<small>{tr.t("of-hundred")}</small></p>
                    <p class="c-verdict__label">{tr.t("self-declared")}</p>
                </div>
            </div>
            {ruler::ruler(tr, page.questionnaire, overall.value(), level)}
        </div>
    }
    .into_any()
}

/// The security gaps that the answers leave open.
pub(super) fn gaps(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    if score.security_gaps.is_empty() {
        return ().into_any();
    }
    let rows: Vec<_> = score
        .security_gaps
        .iter()
        .filter_map(|id| {
            let item = page.questionnaire.item(id)?;
            let name = short_name(tr, page.questionnaire, id);
            let words = chosen(tr, page, id).unwrap_or_default();
            let title = item.title.get(tr.lang);
            Some(view! { <li>{tr.with("gap-row", [("title", title), ("question", &name), ("chosen", &words)])}</li> })
        })
        .collect();
    notice::alert(
        tr.t("gap-title").into_owned(),
        view! {
            <p>{tr.t("gap-text")}</p>
            <ul class="c-list">{rows}</ul>
            <p><a href="#action-1">{tr.t("gap-link")}</a></p>
        },
    )
}

/// The chosen statement of a ladder.
fn chosen(tr: Tr, page: &ResultPage<'_>, id: &str) -> Option<String> {
    let item = page.questionnaire.item(id)?;
    let level = model::score::level_of(page.questionnaire, item, page.answers)?;
    match &item.answer {
        ItemAnswer::Ladder { levels } => Some(levels[usize::from(level)].get(tr.lang).to_owned()),
        ItemAnswer::Checklist { .. } => Some(tr.with("checklist-level", [("level", &level.to_string())])),
    }
}

fn why(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let (Some(gate), Some(level)) = (gate(page.questionnaire, score), score.level) else {
        return top(tr, score);
    };
    let (this, next) = (level.to_string(), gate.next.to_string());
    view! {
        <section class="l-section" aria-labelledby="why">
            <h2 id="why">{tr.with("why-title", [("level", &this), ("next", &next)])}</h2>
            <p class="l-text">{tr.with("why-text", [("next", &next)])}</p>
            <div class="c-gate">{score_row(tr, score, &gate)}{pillar_row(tr, page, score, &gate)}</div>
        </section>
    }
    .into_any()
}

fn top(tr: Tr, score: &Score) -> AnyView {
    if score.level != Some(5) {
        return ().into_any();
    }
    view! {
        <section class="l-section"><h2>{tr.t("top-title")}</h2><p class="l-text">{tr.t("top-text")}</p></section>
    }
    .into_any()
}

fn score_row(tr: Tr, score: &Score, gate: &Gate) -> AnyView {
    let has = format::score(tr.lang, score.overall.map_or(0.0, model::ratio::Ratio::value));
    let condition = tr.with("gate-score", [("bound", &gate.bound.to_string())]);
    gate_row(tr, gate.score_reached, condition, tr.with("gate-score-fact", [("score", &has)]), ().into_any())
}

fn pillar_row(tr: Tr, page: &ResultPage<'_>, score: &Score, gate: &Gate) -> AnyView {
    let all = page.questionnaire.pillars().count();
    let next = gate.next.to_string();
    let needed = gate.pillars_needed.to_string();
    let condition = if gate.pillars_needed == all {
        tr.with("gate-pillars-all", [("all", &needed), ("next", &next)])
    } else {
        tr.with("gate-pillars", [("needed", &needed), ("all", &all.to_string()), ("next", &next)])
    };
    let short = gate.pillars_needed.saturating_sub(gate.pillars_reached);
    let missing: Vec<String> = gate
        .missing
        .iter()
        .take(short)
        .map(|(id, points)| {
            let points = format::score(tr.lang, *points);
            tr.with("gate-missing", [("number", &pillar_number(page, id)), ("points", &points)])
        })
        .collect();
    let mut fact = tr.with("gate-pillars-fact", [("reached", &gate.pillars_reached.to_string())]);
    if !missing.is_empty() {
        fact = format!("{fact} {}.", missing.join(", "));
    }
    let chips: Vec<_> = score
        .pillars
        .iter()
        .enumerate()
        .map(|(index, pillar)| {
            let name = tr.with("pillar-short", [("number", &(index + 1).to_string())]);
            view! { <span>{name}" "{pillar.level.map(|level| chip(tr, level))}</span> }
        })
        .collect();
    let chips = view! { <span class="c-gate__chips">{chips}</span> }.into_any();
    gate_row(tr, gate.pillars_reached >= gate.pillars_needed, condition, fact, chips)
}

fn gate_row(tr: Tr, reached: bool, condition: String, fact: String, more: AnyView) -> AnyView {
    let (sign, word) = if reached {
        (icon::tick("c-gate__icon").into_any(), tr.t("gate-yes"))
    } else {
        (icon::cross("c-gate__icon").into_any(), tr.t("gate-no"))
    };
    view! {
        <div class="c-gate__row">
            {sign}
            <p class="c-gate__cond">{condition}" "<span class="c-gate__fact">{fact}</span>{more}</p>
            <span class="c-gate__word">{word}</span>
        </div>
    }
    .into_any()
}

fn pillar_number(page: &ResultPage<'_>, id: &str) -> String {
    page.questionnaire.pillars().position(|pillar| pillar.id == id).map_or_else(String::new, |p| (p + 1).to_string())
}

fn way(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let Some(path) = shortest_path(page.questionnaire, page.answers) else { return ().into_any() };
    let numbers = (path.steps.len().to_string(), path.level.to_string());
    let title = tr.with("way-title", [("steps", &numbers.0), ("level", &numbers.1)]);
    if path.steps.len() > MOST_STEPS {
        let text = tr.with("way-long", [("steps", &numbers.0), ("level", &numbers.1)]);
        return view! {
            <section class="l-section" aria-labelledby="way"><h2 id="way">{title}</h2><p class="l-text">{text}</p></section>
        }
        .into_any();
    }
    let last = path.steps.len() - 1;
    let steps: Vec<_> = (0..path.steps.len()).map(|index| step(tr, page, &path, index, index == last)).collect();
    view! {
        <section class="l-section" aria-labelledby="way">
            <h2 id="way">{title}</h2>
            <p class="l-text">{tr.t("way-text")}</p>
            <ol class="c-steps">{steps}</ol>
        </section>
    }
    .into_any()
}

fn step(tr: Tr, page: &ResultPage<'_>, path: &Path, index: usize, is_last: bool) -> AnyView {
    let step = &path.steps[index];
    let item = page.questionnaire.item(&step.item);
    let what = match item.map(|item| (&item.answer, item)) {
        Some((ItemAnswer::Ladder { levels }, _)) => levels[usize::from(step.to)].get(tr.lang).to_owned(),
        Some((ItemAnswer::Checklist { .. }, item)) => item.action_low.get(tr.lang).to_owned(),
        None => String::new(),
    };
    let number = page.questionnaire.number(&step.item);
    let title = item.map_or("", |item| item.title.get(tr.lang));
    let (from, to) = (step.from.to_string(), step.to.to_string());
    let about = tr.with("step-about", [("title", title), ("number", &number), ("from", &from), ("to", &to)]);
    let points = |ratio| format::score(tr.lang, ratio);
    let pillar = pillar_number(page, &step.pillar);
    let (before, after) = (points(step.before), points(step.after));
    let mut gain = match step.pillar_level_reached {
        Some(level) => tr.with(
            "step-gain-level",
            [("pillar", &pillar), ("before", &before), ("after", &after), ("level", &level.to_string())],
        ),
        None => tr.with("step-gain", [("pillar", &pillar), ("before", &before), ("after", &after)]),
    };
    if is_last {
        let overall = points(path.overall_after);
        let end = tr.with("step-last", [("overall", &overall), ("level", &path.level.to_string())]);
        gain = format!("{gain} {end}");
    }
    view! {
        <li>
            <p class="c-steps__what">{about}</p>
            <p class="c-steps__gain">"“"{what}"”"</p>
            <p class="c-steps__gain">{gain}</p>
        </li>
    }
    .into_any()
}

/// A row of the chart and of its table.
struct Line {
    name: String,
    score: Option<f64>,
    level: Option<u8>,
    items: usize,
    peers: Option<[u32; 3]>,
}

/// The pillars, with the overall score before them where there are peers to compare it with.
fn lines(tr: Tr, page: &ResultPage<'_>, score: &Score) -> Vec<Line> {
    let peers = page.compared.as_ref().and_then(|compared| compared.peers.as_ref().ok());
    let pillars = page.questionnaire.pillars().zip(&score.pillars).enumerate();
    let mut lines: Vec<Line> = pillars
        .map(|(index, (section, pillar))| Line {
            name: format!("{}. {}", index + 1, section.title.get(tr.lang)),
            score: pillar.score.map(model::ratio::Ratio::value),
            level: pillar.level,
            items: pillar.items_on,
            peers: peers.and_then(|peers| peers.pillars.get(index).copied()),
        })
        .collect();
    if let Some(peers) = peers {
        let overall = Line {
            name: tr.t("overall").into_owned(),
            score: score.overall.map(model::ratio::Ratio::value),
            level: score.level,
            items: lines.iter().map(|line| line.items).sum(),
            peers: Some(peers.overall),
        };
        lines.insert(0, overall);
    }
    lines
}

fn pillars(tr: Tr, page: &ResultPage<'_>, score: &Score) -> AnyView {
    let lines = lines(tr, page, score);
    let has_peers = lines.iter().any(|line| line.peers.is_some());
    let row =
        |line: &Line| dots::Row { name: line.name.clone(), score: line.score, level: line.level, peers: line.peers };
    let rows = lines.iter().map(row).collect();
    let values: Vec<f64> =
        score.pillars.iter().filter_map(|pillar| pillar.score).map(model::ratio::Ratio::value).collect();
    let shape = (values.len() == score.pillars.len()).then(|| {
        view! {
            <figure>
                <figcaption class="c-figure__title">{tr.t("radar-title")}</figcaption>
                {radar::radar(tr, &values)}
                <p class="c-figure__note">{tr.t("radar-note")}</p>
            </figure>
        }
    });
    let (title, text) = match (&page.compared, has_peers) {
        (None, _) => (tr.t("pillars-title"), tr.t("pillars-text-unreleased")),
        (Some(_), false) => (tr.t("pillars-title"), tr.t("pillars-text")),
        (Some(_), true) => (tr.t("pillars-title-peers"), tr.t("pillars-text")),
    };
    view! {
        <section class="l-section" aria-labelledby="pillars">
            <h2 id="pillars">{title}</h2>
            {page.compared.as_ref().map(|compared| peers::lead(tr, compared))}
            <p class="l-text">{text}</p>
            <figure>
                {has_peers.then(|| dots::legend(tr))}
                {dots::dots(tr, rows, page.questionnaire.bounds)}
            </figure>
            <div class="l-split">{table(tr, &lines, has_peers)}{shape}</div>
        </section>
    }
    .into_any()
}

fn table(tr: Tr, lines: &[Line], has_peers: bool) -> AnyView {
    let peers = |line: &Line| {
        let [low, median, high] = line.peers?.map(|points| points.to_string());
        Some(view! { <td class="is-num">{median}</td><td class="is-num u-nowrap">{low}"–"{high}</td> })
    };
    let row = |line: &Line| {
        let score = line.score.map_or_else(|| tr.t("insufficient").into_owned(), |score| format::score(tr.lang, score));
        let level = line.level.map_or_else(|| "–".to_owned(), |level| level.to_string());
        view! {
            <tr>
                <th scope="row">{line.name.clone()}</th>
                <td class="is-num">{score}</td>
                {peers(line)}
                <td class="is-num">{level}</td>
                <td class="is-num">{line.items}</td>
            </tr>
        }
    };
    let rows: Vec<_> = lines.iter().map(row).collect();
    let heads = has_peers.then(|| {
        view! {
            <th scope="col" class="is-num">{tr.t("column-median")}</th>
            <th scope="col" class="is-num">{tr.t("column-half")}</th>
        }
    });
    view! {
        <details class="c-details" open>
            <summary>{tr.t("table-summary")}</summary>
            <div class="c-scroll" tabindex="0" role="group" aria-label=tr.t("table-summary")>
                <table class="c-table">
                    <caption>{tr.t("pillars-caption")}</caption>
                    <thead>
                        <tr>
                            <th scope="col">{tr.t("column-pillar")}</th>
                            <th scope="col" class="is-num">{tr.t("column-score")}</th>
                            {heads}
                            <th scope="col" class="is-num">{tr.t("column-level")}</th>
                            <th scope="col" class="is-num">{tr.t("column-items")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </details>
    }
    .into_any()
}

/// What to do next, by horizon.
pub(super) fn actions(tr: Tr, page: &ResultPage<'_>) -> AnyView {
    let plan = plan(page.questionnaire, page.answers);
    if plan.actions.is_empty() {
        return ().into_any();
    }
    let mut number = 0;
    let horizons: Vec<_> = plan
        .by_horizon()
        .into_iter()
        .filter(|(_, actions)| !actions.is_empty())
        .map(|(horizon, actions)| {
            let list: Vec<_> = actions
                .into_iter()
                .map(|action| {
                    number += 1;
                    self::action(tr, page, action, number)
                })
                .collect();
            let (when, until) = horizon_words(tr, page, horizon);
            view! {
                <div class="c-plan__horizon">
                    <h3 class="c-plan__when">{when}{until.map(|text| view! { <span class="c-plan__span">{text}</span> })}</h3>
                    <div class="c-plan__list">{list}</div>
                </div>
            }
        })
        .collect();
    view! {
        <section class="l-section" aria-labelledby="plan">
            <h2 id="plan">{tr.t("plan-title")}</h2>
            <p class="l-text">{tr.t("plan-text")}</p>
            <div class="c-plan">{horizons}</div>
        </section>
    }
    .into_any()
}

fn horizon_words(tr: Tr, page: &ResultPage<'_>, horizon: Horizon) -> (String, Option<String>) {
    let until = |day: &str| Some(tr.with("until", [("day", day)]));
    match horizon {
        Horizon::Months3 => (tr.t("horizon-3").into_owned(), until(&page.horizons[0])),
        Horizon::Months12 => (tr.t("horizon-12").into_owned(), until(&page.horizons[1])),
        Horizon::Later => (tr.t("horizon-later").into_owned(), None),
    }
}

fn action(tr: Tr, page: &ResultPage<'_>, action: &Action, number: usize) -> AnyView {
    let item = page.questionnaire.item(&action.item);
    let evidence = item.map(|item| item.evidence.get(tr.lang).to_owned()).unwrap_or_default();
    let flag = action.first.then(|| view! { <p class="c-flag">{tr.t("action-first")}</p> });
    let enables = action.enables.as_ref().map(|waiting| {
        let title = page.questionnaire.item(waiting).map_or("", |item| item.title.get(tr.lang));
        let text = tr.with("action-enables", [("title", title), ("number", &page.questionnaire.number(waiting))]);
        view! { <dt>{tr.t("action-order")}</dt><dd>{text}</dd> }
    });
    let effort = match action.effort {
        1 => tr.t("effort-1"),
        2 => tr.t("effort-2"),
        _ => tr.t("effort-3"),
    };
    let impact = match action.impact {
        1 => tr.t("impact-1"),
        2 => tr.t("impact-2"),
        _ => tr.t("impact-3"),
    };
    view! {
        <article class="c-action" id=format!("action-{number}")>
            <span class="c-action__no">{number}</span>
            <div class="c-action__body">
                {flag}
                <h4 class="c-action__title">{action.text.get(tr.lang).to_owned()}</h4>
                <dl class="c-action__why">
                    <dt>{tr.with("action-because", [("number", &page.questionnaire.number(&action.item))])}</dt>
                    <dd>{reason(tr, page.questionnaire, action)}</dd>
                    {enables}
                    <dt>{tr.t("action-effort")}</dt>
                    <dd>
                        <span class="c-matrix">
                            {matrix::matrix(action.effort, action.impact)}
                            <span>{effort}", "{impact}</span>
                        </span>
                    </dd>
                    <dt>{tr.t("action-evidence")}</dt>
                    <dd>{evidence}</dd>
                </dl>
                {decision(tr, page, &action.item)}
            </div>
        </article>
    }
    .into_any()
}

/// What was decided about an action, and where that is done.
fn decision(tr: Tr, page: &ResultPage<'_>, item: &str) -> AnyView {
    let Some(decisions) = &page.decisions else { return ().into_any() };
    let decided = decisions.iter().find(|decided| decided.item == item);
    let text = if decided.is_some() { tr.t("decision-change") } else { tr.t("decision-make") };
    let title = page.questionnaire.item(item).map_or("", |item| item.title.get(tr.lang)).to_owned();
    view! {
        {decided.map(|decided| status(tr, decided))}
        <p class="c-action__decide">
            <a href=format!("/actions#action-{item}")>{text}<span class="u-hidden">" "{title}</span></a>
        </p>
    }
    .into_any()
}

/// Why an action is proposed: the chosen statement and the next one.
pub(super) fn reason(tr: Tr, questionnaire: &Questionnaire, action: &Action) -> String {
    let level = action.level.to_string();
    match (&action.now, &action.next) {
        (Some(now), Some(next)) => {
            tr.with("reason-ladder", [("level", &level), ("now", now.get(tr.lang)), ("next", next.get(tr.lang))])
        }
        _ => {
            let title = questionnaire.item(&action.item).map_or("", |item| item.title.get(tr.lang));
            tr.with("reason-checklist", [("level", &level), ("title", title)])
        }
    }
}
