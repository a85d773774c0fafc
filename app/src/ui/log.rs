//! Lists of what happened or exists: a table that becomes a list on a phone, and the links to its other pages.

use leptos::prelude::*;

use crate::i18n::Tr;

/// A table whose first column names the rows. Every row has as many cells as there are columns.
pub fn table(caption: String, columns: &[String], rows: Vec<Vec<AnyView>>) -> AnyView {
    let heads: Vec<_> = columns.iter().map(|column| view! { <th scope="col">{column.clone()}</th> }).collect();
    let rows: Vec<_> = rows
        .into_iter()
        .map(|cells| {
            let cells: Vec<_> = cells.into_iter().zip(columns).enumerate().map(cell).collect();
            view! { <tr>{cells}</tr> }
        })
        .collect();
    view! {
        <table class="c-table c-board c-board--log l-gap">
            <caption class="u-hidden">{caption}</caption>
            <thead><tr>{heads}</tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn cell((index, (cell, column)): (usize, (AnyView, &String))) -> AnyView {
    match index {
        0 => view! { <th class="c-board__who" scope="row">{cell}</th> }.into_any(),
        _ => view! { <td data-label=column.clone()>{cell}</td> }.into_any(),
    }
}

/// The way to the next page of a list, and back to its beginning.
pub fn paging(tr: Tr, first: Option<String>, next: Option<String>) -> AnyView {
    if first.is_none() && next.is_none() {
        return ().into_any();
    }
    let first = first.map(|href| view! { <a class="c-buttons__link" href=href>{tr.t("list-first")}</a> });
    let next = next.map(|href| view! { <a class="c-buttons__link" rel="next" href=href>{tr.t("list-next")}</a> });
    view! {
        <nav class="c-buttons l-gap" aria-label=tr.t("list-pages")>{first}{next}</nav>
    }
    .into_any()
}

/// A form of one button that changes something.
pub fn button(action: String, text: String) -> AnyView {
    view! {
        <form method="post" action=action>
            <button class="c-button c-button--second c-button--small" type="submit">{text}</button>
        </form>
    }
    .into_any()
}
