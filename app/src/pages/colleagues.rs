//! The people of an enterprise: who is invited, and who answers which section.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    paths,
    ui::{
        errors::{self, Mistake},
        field::{self, Field, Group},
        notice,
    },
};

/// What the owner sees of the people.
#[derive(Clone, Debug, Default)]
pub struct Colleagues {
    /// Everybody, the owner first.
    pub people: Vec<Person>,
    /// The address of a link that was made just now, and for whom; it is shown this once.
    pub made: Option<Made>,
    /// What was typed for the next one.
    pub full_name: String,
    /// E-mail address or phone number, as typed.
    pub contact: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
    /// The reader has just taken the enterprise over.
    pub taken_over: bool,
}

/// A link to hand over.
#[derive(Clone, Debug)]
pub struct Made {
    /// For whom it is.
    pub full_name: String,
    /// Its address.
    pub address: String,
    /// Until when it works.
    pub until: String,
    /// Whether a message with it is on its way.
    pub mailed: bool,
}

/// A person of the enterprise.
#[derive(Clone, Debug)]
pub struct Person {
    /// Key of the account.
    pub id: String,
    /// The name.
    pub full_name: String,
    /// E-mail address or phone number.
    pub contact: String,
    /// How far the person is.
    pub standing: Standing,
}

/// How far a person is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Registered the enterprise.
    Owner,
    /// Answers.
    Active,
    /// Has not taken up the invitation, which works until then.
    Invited(String),
    /// May not sign in any more, or let the invitation grow too old.
    Ended,
}

/// Who answers which section.
#[derive(Clone, Debug, Default)]
pub struct Assignments {
    /// Id of the assessment, for the addresses.
    pub assessment: String,
    /// Id, name and person of each section; nobody: empty.
    pub sections: Vec<(String, String, String)>,
    /// The people who can be chosen: key and name.
    pub people: Vec<(String, String)>,
}

/// The people.
pub fn view(tr: Tr, page: &Colleagues) -> AnyView {
    let made = page.made.as_ref().map(|made| {
        let words = [("name", made.full_name.as_str()), ("moment", made.until.as_str())];
        let text = if made.mailed { tr.with("colleague-mailed", words) } else { tr.with("colleague-copy", words) };
        notice::plain(
            tr.t("colleague-made").into_owned(),
            view! { <p>{text}</p><p><a class="c-share" href=made.address.clone()>{made.address.clone()}</a></p> },
        )
    });
    let rows: Vec<_> = page.people.iter().map(|person| row(tr, person)).collect();
    view! {
        <a class="c-back" href="/assessments">{tr.t("colleague-back")}</a>
        {errors::summary(tr, &page.mistakes)}
        {page.taken_over.then(|| notice::done(tr.t("takeover-done").into_owned()))}
        <div class="c-head">
            <h1>{tr.t("colleagues-title")}</h1>
            <p class="c-head__lead">{tr.t("colleagues-lead")}</p>
        </div>
        {made}
        <table class="c-table c-rows">
            <caption class="u-hidden">{tr.t("colleagues-title")}</caption>
            <thead><tr>
                <th scope="col">{tr.t("colleague-person")}</th>
                <th scope="col">{tr.t("colleague-contact")}</th>
                <th scope="col">{tr.t("column-state")}</th>
                <th scope="col">{tr.t("colleague-do")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
        {form(tr, page)}
    }
    .into_any()
}

fn row(tr: Tr, person: &Person) -> AnyView {
    let state = match &person.standing {
        Standing::Owner => tr.t("colleague-owner").into_owned(),
        Standing::Active => tr.t("colleague-active").into_owned(),
        Standing::Invited(until) => tr.with("colleague-invited", [("moment", until)]),
        Standing::Ended => tr.t("colleague-ended").into_owned(),
    };
    let button = |step: &'static str, text: String| {
        view! {
            <button class="c-textbutton" type="submit" name="do" value=step>
                {text}<span class="u-hidden">" "{person.full_name.clone()}</span>
            </button>
        }
    };
    let end = || button("end", tr.t("colleague-end").into_owned());
    let again = || button("again", tr.t("colleague-again").into_owned());
    let buttons = match person.standing {
        Standing::Owner => ().into_any(),
        Standing::Active => end().into_any(),
        Standing::Invited(_) => view! { {again()}" "{end()} }.into_any(),
        Standing::Ended => again().into_any(),
    };
    let form = (person.standing != Standing::Owner).then(|| {
        view! { <form method="post" action=format!("/colleagues/{}", person.id)>{buttons}</form> }
    });
    view! {
        <tr>
            <th scope="row">{person.full_name.clone()}</th>
            <td data-label=tr.t("colleague-contact")>{person.contact.clone()}</td>
            <td data-label=tr.t("column-state")>{state}</td>
            <td>{form}</td>
        </tr>
    }
    .into_any()
}

fn form(tr: Tr, page: &Colleagues) -> AnyView {
    let full_name =
        Field { label: tr.t("colleague-name").into_owned(), value: page.full_name.clone(), ..Field::default() };
    let contact = Field {
        label: tr.t("colleague-contact").into_owned(),
        hint: Some(tr.t("colleague-contact-hint").into_owned()),
        value: page.contact.clone(),
        ..Field::default()
    };
    view! {
        <section class="l-section" aria-labelledby="new">
            <h2 id="new">{tr.t("colleague-new")}</h2>
            <p class="l-text">{tr.t("colleague-may")}</p>
            <form method="post" action="/colleagues" novalidate>
                {field::input(tr, "full_name", full_name, &page.mistakes)}
                {field::input(tr, "contact", contact, &page.mistakes)}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("colleague-button")}</button></div>
            </form>
        </section>
    }
    .into_any()
}

/// Who answers which section.
pub fn assignments(tr: Tr, page: &Assignments) -> AnyView {
    let nobody = || tr.t("assign-nobody").into_owned();
    let selects: Vec<_> = page
        .sections
        .iter()
        .map(|(id, name, chosen)| {
            let people = vec![Group { label: None, choices: page.people.clone() }];
            field::select(tr, id, name.clone(), None, (nobody(), people), chosen, &[])
        })
        .collect();
    view! {
        <a class="c-back" href=paths::tasks(&page.assessment)>{tr.t("topic-back")}</a>
        <div class="l-text">
            <div class="c-head">
                <h1>{tr.t("assign-title")}</h1>
                <p class="c-head__lead">{tr.t("assign-lead")}</p>
            </div>
            <form method="post" action=paths::people(&page.assessment) novalidate>
                {selects}
                <div class="c-buttons"><button class="c-button" type="submit">{tr.t("assign-button")}</button></div>
            </form>
            <p class="l-gap"><a href="/colleagues">{tr.t("colleagues-title")}</a></p>
        </div>
    }
    .into_any()
}
