//! The pages of an enterprise, beside each other.

use leptos::prelude::*;

use crate::i18n::Tr;

/// The page that is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// Assessment or result.
    Assessment,
    /// What to do.
    Actions,
    /// Earlier assessments.
    History,
}

/// Links to the pages of an enterprise.
pub fn subnav(tr: Tr, here: Here) -> AnyView {
    let links = [
        (Here::Assessment, "/assessments", tr.t("subnav-assessment")),
        (Here::Actions, "/actions", tr.t("subnav-actions")),
        (Here::History, "/history", tr.t("subnav-history")),
    ];
    let rows: Vec<_> = links
        .into_iter()
        .map(|(page, href, text)| {
            let current = (page == here).then_some("page");
            view! { <li><a class="c-masthead__link" href=href aria-current=current>{text}</a></li> }
        })
        .collect();
    view! { <nav class="c-subnav c-subnav--page" aria-label=tr.t("subnav")><ul class="c-subnav__list">{rows}</ul></nav> }.into_any()
}
