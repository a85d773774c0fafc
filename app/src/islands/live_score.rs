//! The strip beside a page of questions: between which scores the pillar lies, narrowing with every answer.
#![allow(missing_docs, reason = "the island macro makes a public struct of the properties without a description")]

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use model::{format, questionnaire::Bands, ratio::Ratio, score, text::Lang};
use serde::{Deserialize, Serialize};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlFormElement, HtmlInputElement};

/// An item of the pillar, on this page or another.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StripItem {
    /// The field name on the page.
    pub id: String,
    /// How much it counts.
    pub weight: u32,
    /// What is chosen: a level for a ladder, option ids for a checklist. Empty while open.
    pub chosen: BTreeSet<String>,
    /// For a checklist: how ticks become a level.
    pub checklist: Option<Checklist>,
}

/// How the ticks of a checklist become a level.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Checklist {
    /// The bounds are shares of the shown lines (else numbers of lines).
    pub by_share: bool,
    /// The bounds of levels 1 to 5.
    pub bounds: [u32; 5],
    /// How many lines are shown.
    pub shown: usize,
}

/// The few words of the strip, in the reader's language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StripWords {
    /// For number formats.
    pub english: bool,
    /// After the score: points.
    pub points: String,
    /// After the count: items.
    pub items: String,
    /// What the picture shows; `{low}` and `{high}` are filled in.
    pub picture: String,
}

impl StripItem {
    fn level(&self) -> Option<u8> {
        let Some(checklist) = self.checklist else {
            return self.chosen.first().and_then(|level| level.parse().ok());
        };
        let ticked = self.chosen.iter().filter(|option| *option != "none").count();
        let bands = if checklist.by_share { Bands::ShareAbove } else { Bands::CountFrom };
        (!self.chosen.is_empty()).then(|| bands(checklist.bounds).level(ticked, checklist.shown))
    }

    fn change(&mut self, value: String, checked: bool) {
        if self.checklist.is_none() {
            self.chosen.clear();
        }
        if checked {
            self.chosen.insert(value);
        } else {
            self.chosen.remove(&value);
        }
    }
}

/// The live score. Computes with the same functions as the server, without a request.
#[island]
pub fn LiveScore(items: Vec<StripItem>, words: StripWords) -> impl IntoView {
    let items = RwSignal::new(items);
    Effect::new(move |_| {
        let answered = move |input: HtmlInputElement| {
            let (name, value, checked) = (input.name(), input.value(), input.checked());
            let position = items.read_untracked().iter().position(|item| item.id == name);
            if let Some(position) = position {
                items.write()[position].change(value, checked);
            }
        };
        // On a slow line answers are given before this listens.
        changed_inputs().into_iter().for_each(answered);
        window_event_listener(ev::change, move |event| {
            if let Some(input) = event.target().and_then(|target| target.dyn_into().ok()) {
                answered(input);
            }
        });
    });
    let range = Memo::new(move |_| score::range(items.read().iter().map(|item| (item.weight, item.level()))));
    let answered = move || items.read().iter().filter(|item| item.level().is_some()).count();
    let all = items.read_untracked().len();
    let lang = if words.english { Lang::En } else { Lang::Vi };
    let show = move |ratio: Ratio| format::score(lang, ratio);
    let percent = |ratio: Ratio| format!("{}%", ratio.value());
    let low = move || percent(range.get().0);
    let high = move || percent(range.get().1);
    let points = words.points.clone();
    let text = move || match range.get() {
        (low, high) if low == high => format!("{} {points}", show(low)),
        (low, high) => format!("{} – {} {points}", show(low), show(high)),
    };
    let picture = words.picture.clone();
    let label = move || picture.replace("{low}", &show(range.get().0)).replace("{high}", &show(range.get().1));
    view! {
        <p class="c-strip__score">
            {text}" "<span class="c-strip__count">{answered}"/"{all}" "{words.items}</span>
        </p>
        <svg class="c-strip__plot" width="100%" height="42" role="img" aria-label=label>
            {axis()}
            <line class="g-range" x1=low x2=high y1="8" y2="8"></line>
            <line class="g-whisker" x1=low x2=low y1="2" y2="24"></line>
            <line class="g-whisker" x1=high x2=high y1="2" y2="24"></line>
        </svg>
    }
}

/// The choices of the form `topic` that differ from what the server sent, taken back ones first.
fn changed_inputs() -> Vec<HtmlInputElement> {
    let form = document().get_element_by_id("topic").and_then(|form| form.dyn_into::<HtmlFormElement>().ok());
    let Some(form) = form else { return Vec::new() };
    let fields = form.elements();
    let inputs = (0..fields.length()).filter_map(|index| fields.item(index)?.dyn_into::<HtmlInputElement>().ok());
    let mut changed: Vec<_> = inputs.filter(|input| input.checked() != input.default_checked()).collect();
    changed.sort_by_key(HtmlInputElement::checked);
    changed
}

fn axis() -> impl IntoView {
    let ticks: Vec<_> = (0..=20)
        .map(|step| {
            let x = format!("{}%", 5 * step);
            let top = if step % 4 == 0 { 14 } else { 17 };
            view! { <line class="g-axis" x1=x.clone() x2=x y1=top y2=24></line> }
        })
        .collect();
    let numbers: Vec<_> = (0..=5)
        .map(|step| {
            let anchor = match step {
                0 => "start",
                5 => "end",
                _ => "middle",
            };
            view! { <text class="g-text" x=format!("{}%", 20 * step) y="40" text-anchor=anchor>{20 * step}</text> }
        })
        .collect();
    view! { <line class="g-axis" x1="0" x2="100%" y1="24" y2="24"></line>{ticks}{numbers} }
}
