//! The error summary at the top of a page that was refused.

use leptos::prelude::*;

use crate::i18n::Tr;

/// One mistake: the id of the field it is about and what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The element to go to.
    pub field: String,
    /// What is wrong, in the reader's language, the same words as beside the field.
    pub message: String,
}

/// All mistakes with links to their fields; nothing without mistakes.
/// It takes the focus when the page opens, so that a screen reader starts here.
pub fn summary(tr: Tr, mistakes: &[Mistake]) -> AnyView {
    if mistakes.is_empty() {
        return ().into_any();
    }
    let links: Vec<_> = mistakes
        .iter()
        .map(|mistake| view! { <li><a href=format!("#{}", mistake.field)>{mistake.message.clone()}</a></li> })
        .collect();
    view! {
        <div class="c-errors" role="alert" aria-labelledby="errors-title" tabindex="-1" autofocus>
            <h2 class="c-errors__title" id="errors-title">{tr.t("errors-title")}</h2>
            <ul class="c-errors__list">{links}</ul>
        </div>
    }
    .into_any()
}

/// The message about one field, if it has a mistake.
#[must_use]
pub fn of<'m>(mistakes: &'m [Mistake], field: &str) -> Option<&'m str> {
    mistakes.iter().find(|mistake| mistake.field == field).map(|mistake| mistake.message.as_str())
}
