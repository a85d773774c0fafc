//! The strip beside a page of questions: between which scores the pillar lies, narrowing with every answer.
#![allow(missing_docs, reason = "the island macro makes a public struct of the properties without a description")]

use std::collections::BTreeSet;

use leptos::{ev, prelude::*};
use model::{format, questionnaire::Bands, ratio::Ratio, score, text::Lang};
use wasm_bindgen::JsCast as _;
use web_sys::{HtmlFormElement, HtmlInputElement};

use super::given::given;

/// The element around the island.
pub const ID: &str = "live-score";

/// An item of the pillar, on this page or another.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Checklist {
    /// The bounds are shares of the shown lines (else numbers of lines).
    pub by_share: bool,
    /// The bounds of levels 1 to 5.
    pub bounds: [u32; 5],
    /// How many lines are shown.
    pub shown: usize,
}

/// What the strip is given.
#[derive(Clone, Debug, PartialEq)]
pub struct Strip {
    /// Its words.
    pub words: StripWords,
    /// All items of the pillar.
    pub items: Vec<StripItem>,
}

/// The few words of the strip, in the reader's language.
#[derive(Clone, Debug, Default, PartialEq)]
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

impl Strip {
    /// As one text: a line for each of the words, then a line for each item.
    #[must_use]
    pub fn encode(&self) -> String {
        let StripWords { english, points, items, picture } = &self.words;
        let language = if *english { "en" } else { "vi" };
        let mut text = [language, points, items, picture].join("\n");
        for item in &self.items {
            text.push('\n');
            text.push_str(&item.encode());
        }
        text
    }

    /// Reads what [`Strip::encode`] wrote.
    #[must_use]
    pub fn decode(text: &str) -> Self {
        let mut lines = text.split('\n');
        let mut word = || lines.next().unwrap_or_default().to_owned();
        let words = StripWords { english: word() == "en", points: word(), items: word(), picture: word() };
        Self { words, items: lines.filter_map(StripItem::decode).collect() }
    }
}

impl StripItem {
    fn encode(&self) -> String {
        let chosen: Vec<&str> = self.chosen.iter().map(String::as_str).collect();
        let mut text = format!("{};{};{}", self.id, self.weight, chosen.join(","));
        if let Some(Checklist { by_share, bounds: [one, two, three, four, five], shown }) = self.checklist {
            text +=
                &format!(";{}", [u32::from(by_share), one, two, three, four, five].map(|n| n.to_string()).join(","));
            text += &format!(";{shown}");
        }
        text
    }

    fn decode(line: &str) -> Option<Self> {
        let mut parts = line.split(';');
        let (id, weight, chosen) = (parts.next()?.to_owned(), parts.next()?.parse().ok()?, parts.next()?);
        let chosen = chosen.split(',').filter(|value| !value.is_empty()).map(ToOwned::to_owned).collect();
        let checklist = parts.next().and_then(|bands| {
            let mut numbers = bands.split(',').map(|number| number.parse().unwrap_or(0));
            let by_share = numbers.next()? == 1;
            let bounds = std::array::from_fn(|_| numbers.next().unwrap_or(0));
            Some(Checklist { by_share, bounds, shown: parts.next()?.parse().ok()? })
        });
        Some(Self { id, weight, chosen, checklist })
    }

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
pub fn LiveScore() -> impl IntoView {
    let Strip { words, items } = Strip::decode(&given(ID));
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
    let show = move |ratio: Ratio| format::exact_score(lang, ratio);
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

/// A place on the strip, to a hundredth of a per cent.
fn percent(score: Ratio) -> String {
    let hundredths = (score * 100).rounded();
    format!("{}.{:02}%", hundredths / 100, hundredths % 100)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_strip_arrives_as_it_was_given() {
        let words =
            StripWords {
                english: false, points: "điểm".into(), items: "mục".into(), picture: "{low}; {high}".into()
            };
        let ladder = StripItem { id: "Q101".into(), weight: 2, chosen: BTreeSet::from(["3".into()]), checklist: None };
        let open = StripItem { id: "Q102".into(), chosen: BTreeSet::new(), ..ladder.clone() };
        let checklist = Some(Checklist { by_share: true, bounds: [1, 2, 3, 4, 5], shown: 8 });
        let chosen = BTreeSet::from(["a".into(), "e".into()]);
        let list = StripItem { id: "Q104".into(), weight: 1, chosen, checklist };
        let strip = Strip { words, items: vec![ladder, open, list] };
        assert_eq!(Strip::decode(&strip.encode()), strip);
    }

    #[test]
    fn places_have_two_decimals() {
        assert_eq!(percent(Ratio::from(420) / 11), "38.18%");
        assert_eq!(percent(Ratio::from(100)), "100.00%");
    }
}
