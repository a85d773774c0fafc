//! Snapshots of the register.

use leptos::prelude::*;
use model::format;

use crate::{
    i18n::Tr,
    ui::{
        errors::{self, Mistake},
        field::{self, Field},
        notice,
    },
};

/// What the page shows.
#[derive(Clone, Debug, Default)]
pub struct Snapshots {
    /// The snapshots, newest first.
    pub rows: Vec<Row>,
    /// How many entries the next one would have; none when the reader may take none.
    pub next: Option<i64>,
    /// The title typed.
    pub title: String,
    /// What is wrong with it.
    pub mistakes: Vec<Mistake>,
    /// One was taken just now.
    pub taken: bool,
}

/// A snapshot.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its key.
    pub id: String,
    /// Its title.
    pub title: String,
    /// When it was taken, as a date and a time.
    pub taken: String,
    /// How many enterprises it has.
    pub entries: i64,
}

/// The page.
pub fn view(tr: Tr, page: Snapshots) -> AnyView {
    let rows: Vec<_> = page
        .rows
        .into_iter()
        .map(|row| {
            view! {
                <tr>
                    <th scope="row">{row.title}</th>
                    <td class="u-num" data-label=tr.t("snapshot-taken")>{row.taken}</td>
                    <td class="is-num" data-label=tr.t("snapshot-entries")>{format::number(tr.lang, row.entries)}</td>
                </tr>
            }
        })
        .collect();
    let table = if rows.is_empty() {
        view! { <p class="c-empty">{tr.t("snapshot-none")}</p> }.into_any()
    } else {
        view! {
            <table class="c-table c-rows">
                <thead><tr>
                    <th scope="col">{tr.t("snapshot-title")}</th>
                    <th scope="col">{tr.t("snapshot-taken")}</th>
                    <th scope="col" class="is-num">{tr.t("snapshot-entries")}</th>
                </tr></thead>
                <tbody>{rows}</tbody>
            </table>
        }
        .into_any()
    };
    let title = Field {
        label: tr.t("snapshot-title").into_owned(),
        hint: Some(tr.t("snapshot-title-hint").into_owned()),
        value: page.title,
        ..Field::default()
    };
    let form = page.next.map(|entries| {
        let would = tr.with("snapshot-would", [("entries", &format::number(tr.lang, entries))]);
        view! {
            <form class="l-text l-gap" method="post" action="/province/register/snapshots">
                {field::input(tr, "title", title, &page.mistakes)}
                <p class="u-small u-quiet l-gap-s">{would}</p>
                <div class="c-buttons l-gap-s"><button class="c-button" type="submit">{tr.t("snapshot-take")}</button></div>
            </form>
        }
    });
    view! {
        <a class="c-back" href="/province/register">{tr.t("register-list-title")}</a>
        {errors::summary(tr, &page.mistakes)}
        {page.taken.then(|| notice::done(tr.t("snapshot-done").into_owned()))}
        <div class="c-head"><h1>{tr.t("snapshots-title")}</h1><p class="c-head__lead">{tr.t("snapshots-lead")}</p></div>
        {form}
        <section class="l-gap-l">{table}</section>
    }
    .into_any()
}
