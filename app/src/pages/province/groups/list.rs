//! The list of a campaign's groups.

use std::borrow::Cow;

use leptos::prelude::*;
use model::format;

use super::{Group, Of, in_words};
use crate::{i18n::Tr, ui::notice};

/// The list.
#[derive(Clone, Debug)]
pub struct Groups {
    /// The campaign.
    pub of: Of,
    /// Its frame; none while it has none.
    pub frame: Option<String>,
    /// Whether the reader may make a group now.
    pub may_add: bool,
    /// The groups.
    pub groups: Vec<Group>,
}

/// The list.
pub fn list(tr: Tr, page: Groups) -> AnyView {
    let new = page.may_add.then(|| {
        let href = format!("{}/groups/new", page.of.path);
        view! { <div class="c-buttons l-gap"><a class="c-button" href=href>{tr.t("groups-new")}</a></div> }
    });
    let frame = match &page.frame {
        Some(title) => {
            view! { <p class="u-small u-quiet">{tr.with("groups-frame", [("title", title)])}</p> }.into_any()
        }
        None => {
            let text = view! { <p>{tr.t("groups-no-frame")}</p> };
            notice::plain(tr.t("groups-no-frame-title").into_owned(), text)
        }
    };
    let table = match (page.groups.is_empty(), page.frame.is_some()) {
        (false, _) => table(tr, page.groups),
        (true, true) => view! { <p class="c-empty l-gap">{tr.t("groups-none")}</p> }.into_any(),
        (true, false) => ().into_any(),
    };
    view! {
        <a class="c-back" href=page.of.path>{tr.t("campaign-one")}</a>
        <div class="c-head">
            <p class="c-head__over">{page.of.title}</p>
            <h1>{tr.t("groups-title")}</h1>
            <p class="c-head__lead">{tr.t("groups-lead")}</p>
        </div>
        {frame}
        {new}
        {table}
    }
    .into_any()
}

fn table(tr: Tr, groups: Vec<Group>) -> AnyView {
    let rows: Vec<_> = groups
        .into_iter()
        .map(|group| {
            let choice = in_words(tr, &group.choice);
            let number = |label: Cow<'static, str>, count: i64| {
                view! { <td class="is-num" data-label=label>{format::number(tr.lang, count)}</td> }
            };
            let last = group.last_invited.unwrap_or_else(|| tr.t("groups-never").into_owned());
            view! {
                <tr>
                    <th scope="row"><a href=group.path>{group.title}</a><span class="c-facts__more">{choice}</span></th>
                    {number(tr.t("groups-entries"), group.entries)}
                    {number(tr.t("groups-invited"), group.invited)}
                    {number(tr.t("groups-lettered"), group.lettered)}
                    {number(tr.t("groups-without-address"), group.without_address)}
                    {number(tr.t("groups-begun"), group.begun)}
                    {number(tr.t("groups-submitted"), group.submitted)}
                    <td class="u-num u-nowrap" data-label=tr.t("groups-last")>{last}</td>
                </tr>
            }
        })
        .collect();
    let number = |label: Cow<'static, str>| view! { <th scope="col" class="is-num">{label}</th> };
    view! {
        <table class="c-table c-rows l-gap">
            <caption class="u-hidden">{tr.t("groups-title")}</caption>
            <thead><tr>
                <th scope="col">{tr.t("groups-group")}</th>
                {number(tr.t("groups-entries"))}
                {number(tr.t("groups-invited"))}
                {number(tr.t("groups-lettered"))}
                {number(tr.t("groups-without-address"))}
                {number(tr.t("groups-begun"))}
                {number(tr.t("groups-submitted"))}
                <th scope="col">{tr.t("groups-last")}</th>
            </tr></thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}
