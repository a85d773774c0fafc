//! Making a group.

use leptos::prelude::*;
use model::format;

use super::Of;
use crate::{
    i18n::Tr,
    pages::province::register::choices,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
    },
};

/// The page that makes a group.
#[derive(Clone, Debug)]
pub struct Making {
    /// The campaign.
    pub of: Of,
    /// The place that is chosen: `u07210`, `d213` or nothing.
    pub place: String,
    /// The section that is chosen.
    pub section: String,
    /// The size that is chosen.
    pub size: String,
    /// How many enterprises of the frame fit, and how many of them are in a group already.
    pub fitting: (i64, i64),
    /// The title that was typed.
    pub title: String,
    /// How many are to be drawn, as typed.
    pub draw: String,
    /// What is wrong.
    pub mistakes: Vec<Mistake>,
}

/// Making a group: first the choice, then its name.
pub fn making(tr: Tr, page: Making) -> AnyView {
    let (all, taken) = page.fitting;
    let free = all - taken;
    let [all_said, taken_said, free_said] = [all, taken, free].map(|count| format::number(tr.lang, count));
    let found = match (free, taken) {
        (0, 0) => tr.t("groups-fit-none").into_owned(),
        (_, 0) => tr.with("groups-fit", [("free", &free_said)]),
        (0, _) => tr.with("groups-fit-all-taken", [("all", &all_said)]),
        _ => tr.with("groups-fit-some", [("all", &all_said), ("taken", &taken_said), ("free", &free_said)]),
    };
    let chosen = [("place", &page.place), ("section", &page.section), ("size", &page.size)];
    let hidden: Vec<_> = chosen
        .into_iter()
        .map(|(name, value)| view! { <input type="hidden" name=name value=value.clone()/> })
        .collect();
    let title = Field {
        label: tr.t("groups-name").into_owned(),
        hint: Some(tr.t("groups-name-hint").into_owned()),
        value: page.title.clone(),
        ..Field::default()
    };
    let draw = Field {
        label: tr.t("groups-draw").into_owned(),
        hint: Some(tr.t("groups-draw-hint").into_owned()),
        value: page.draw.clone(),
        inputmode: "numeric",
        narrow: true,
        unit: Some(tr.t("groups-draw-unit").into_owned()),
        ..Field::default()
    };
    let list = format!("{}/groups", page.of.path);
    let form = (free > 0 || !page.mistakes.is_empty()).then(|| {
        view! {
            <form class="l-text" method="post" action=list.clone() novalidate>
                {hidden}
                {field::input(tr, "title", title, &page.mistakes)}
                {field::input(tr, "draw", draw, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("groups-make")}</button></div>
            </form>
        }
    });
    view! {
        <a class="c-back" href=list.clone()>{tr.t("groups-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        <div class="c-head">
            <p class="c-head__over">{page.of.title}</p>
            <h1>{tr.t("groups-new")}</h1>
            <p class="c-head__lead">{tr.t("groups-new-lead")}</p>
        </div>
        <form class="c-filter" method="get" action=format!("{list}/new")>
            {choices(tr, &page.place, &page.section, &page.size)}
            <button class="c-button c-button--second c-button--small" type="submit">{tr.t("groups-choose")}</button>
        </form>
        <p class="u-lead l-gap">{found}</p>
        {form}
    }
    .into_any()
}
