//! A scored question: six statements on one upright ruler, of which the highest true one is chosen, or a list to tick.
//!
//! Its texts are the same for every reader, so they are rendered once; a page says what is chosen and what is wrong.

use leptos::{prelude::*, tachys::html::InertElement};
use model::{
    questionnaire::{Item, ItemAnswer},
    text::Text,
};

use super::{beside, choices, field::message, fragment::Fragment};
use crate::i18n::Tr;

/// The value of the choice that excludes all others.
const NONE: &str = "none";

/// An item of a published questionnaire in one language.
#[derive(Clone, Debug)]
pub struct ItemMarkup {
    name: String,
    is_ladder: bool,
    /// Question and remark.
    head: Fragment,
    choices: Vec<Choice>,
    /// Evidence and examples.
    aid: Fragment,
    /// The item that nothing is wrong with, up to its choices and from there on: what nearly every page shows.
    right: (Fragment, Fragment),
    /// The button that leads to the evidence of the answer.
    evidence: Fragment,
}

/// One choice in its two looks.
#[derive(Clone, Debug)]
struct Choice {
    value: String,
    open: Fragment,
    chosen: Fragment,
}

impl ItemMarkup {
    /// The item with its number, such as 3.1.
    #[must_use]
    pub fn new(tr: Tr, item: &Item, number: String) -> Self {
        let choices = match &item.answer {
            ItemAnswer::Ladder { levels } => {
                levels.iter().enumerate().map(|(level, text)| rung(&item.id, level, text.get(tr.lang))).collect()
            }
            ItemAnswer::Checklist { options, .. } => {
                let lines = options.iter().map(|option| line(&item.id, &option.id, option.text.get(tr.lang)));
                lines.chain([none(tr, &item.id)]).collect()
            }
        };
        let name = tr.with("item-name", [("number", &number)]);
        let markup = Self {
            name: item.id.clone(),
            is_ladder: item.is_ladder(),
            head: head(tr, item, number),
            choices,
            aid: aid(tr, item),
            right: (Fragment::default(), Fragment::default()),
            evidence: Fragment::of(beside::alone(tr, &item.id, name)),
        };
        let right = Fragment::of(markup.around(tr, &[], None)).open_at(markup.list());
        Self { right, ..markup }
    }

    /// What stands below the item where evidence can be sent for it, and there is neither evidence nor a question of a
    /// reviewer about it.
    #[must_use]
    pub fn evidence(&self) -> InertElement {
        self.evidence.view()
    }

    /// The item as one reader sees it: `chosen` are the values of its fields, `shown` tells which lines of a list are
    /// for this reader, `error` is what is wrong.
    pub fn view(&self, tr: Tr, chosen: &[String], shown: impl Fn(&str) -> bool, error: Option<String>) -> AnyView {
        let is_shown = |choice: &&Choice| self.is_ladder || choice.value == NONE || shown(&choice.value);
        let look = |choice| self.look(choice, chosen);
        let choices = self.choices.iter().filter(is_shown).map(look);
        if error.is_some() {
            return self.around(tr, &choices.collect::<Vec<_>>(), error);
        }
        let all: Vec<&Fragment> = [&self.right.0].into_iter().chain(choices).chain([&self.right.1]).collect();
        Fragment::row(&all).into_any()
    }

    /// The item around its choices.
    fn around(&self, tr: Tr, choices: &[&Fragment], error: Option<String>) -> AnyView {
        let (class, described) = (self.class(error.is_some()), self.described(error.is_some()));
        view! {
            <fieldset class=class id=self.name.clone() aria-describedby=described>
                {self.head.view()}
                {error.map(|error| message(tr, &self.name, error))}
                <div class=self.list()>{Fragment::row(choices)}</div>
                {self.aid.view()}
            </fieldset>
        }
        .into_any()
    }

    /// The class of the element that holds the choices.
    fn list(&self) -> &'static str {
        if self.is_ladder { "c-ladder__rungs" } else { "c-choices__list" }
    }

    fn look<'c>(&self, choice: &'c Choice, chosen: &[String]) -> &'c Fragment {
        // Only one rung can be chosen, whatever was posted.
        let chosen = if self.is_ladder { chosen.get(..1).unwrap_or_default() } else { chosen };
        if chosen.contains(&choice.value) { &choice.chosen } else { &choice.open }
    }

    fn class(&self, wrong: bool) -> &'static str {
        match (self.is_ladder, wrong) {
            (true, false) => "c-ladder",
            (true, true) => "c-ladder c-ladder--error",
            (false, false) => "c-ladder c-choices",
            (false, true) => "c-ladder c-choices c-ladder--error",
        }
    }

    fn described(&self, wrong: bool) -> String {
        let name = &self.name;
        match (self.is_ladder, wrong) {
            (true, false) => format!("{name}-aid"),
            (true, true) => format!("{name}-error {name}-aid"),
            (false, false) => format!("{name}-hint"),
            (false, true) => format!("{name}-hint {name}-error"),
        }
    }
}

fn head(tr: Tr, item: &Item, number: String) -> Fragment {
    let text = |text: &Text| text.get(tr.lang).to_owned();
    let note = item.note.as_ref().map(text);
    // A list always says how to tick; the remark takes the place of the general words.
    let note = if item.is_ladder() { note } else { note.or_else(|| Some(tr.t("tick-all").into_owned())) };
    let id = (!item.is_ladder()).then(|| format!("{}-hint", item.id));
    Fragment::of(view! {
        <legend class="c-ladder__legend">
            <span class="c-ladder__no">{number}</span>
            <h2 class="c-ladder__q">{text(&item.question)}</h2>
        </legend>
        {note.map(|note| view! { <p class="c-ladder__note" id=id>{note}</p> })}
    })
}

fn rung(name: &str, level: usize, text: &str) -> Choice {
    let look = |checked| {
        Fragment::of(view! {
            <label class="c-rung">
                <input class="c-rung__input" type="radio" name=name.to_owned() value=level.to_string() checked=checked/>
                <span class="c-rung__no">{level}</span>
                <span class="c-rung__text">{text.to_owned()}</span>
            </label>
        })
    };
    Choice { value: level.to_string(), open: look(false), chosen: look(true) }
}

fn line(name: &str, value: &str, text: &str) -> Choice {
    let look = |checked| Fragment::of(choices::choice("checkbox", name, value, text.to_owned(), checked));
    Choice { value: value.to_owned(), open: look(false), chosen: look(true) }
}

fn none(tr: Tr, name: &str) -> Choice {
    let look = |checked| Fragment::of(choices::none(tr, "checkbox", name, tr.t("none").into_owned(), checked));
    Choice { value: NONE.to_owned(), open: look(false), chosen: look(true) }
}

fn aid(tr: Tr, item: &Item) -> Fragment {
    let examples = item.examples.as_ref().map(|examples| {
        let examples = examples.get(tr.lang).to_owned();
        view! {
            <details class="c-details">
                <summary>{tr.t("examples")}</summary>
                <div class="c-details__body"><p>{examples}</p></div>
            </details>
        }
    });
    Fragment::of(view! {
        <div class="c-ladder__aid">
            <p id=format!("{}-aid", item.id)>
                <span class="u-quiet">{tr.t("evidence")}</span>" "{item.evidence.get(tr.lang).to_owned()}
            </p>
            {examples.map(|examples| view! { <div class="c-ladder__more">{examples}</div> })}
        </div>
    })
}

#[cfg(test)]
mod tests {
    use model::{questionnaire::Questionnaire, text::Lang};

    use super::*;

    #[test]
    fn an_item_without_a_mistake_is_the_same_as_one_that_is_rendered_anew() {
        let questionnaire = Questionnaire::builtin("bn5").expect("the built-in questionnaire");
        for tr in [Lang::Vi, Lang::En].map(Tr::new) {
            for item in &questionnaire.items {
                let markup = ItemMarkup::new(tr, item, questionnaire.number(&item.id));
                let value = markup.choices[1].value.clone();
                for chosen in [vec![], vec![value]] {
                    let looks: Vec<&Fragment> =
                        markup.choices.iter().map(|choice| markup.look(choice, &chosen)).collect();
                    let anew =
                        markup.around(tr, &looks, None).to_html().replace("<!--<() />-->", "").replace("<!>", "");
                    assert_eq!(markup.view(tr, &chosen, |_| true, None).to_html(), anew);
                    assert_eq!(anew.matches("\" checked class").count(), chosen.len(), "{anew}");
                }
            }
        }
    }
}
