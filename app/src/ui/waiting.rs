//! Questions of reviewers that wait for the enterprise, with the way to each.

use leptos::prelude::*;
use model::questionnaire::Questionnaire;

use super::notice;
use crate::{i18n::Tr, pages::words::short_name, paths};

/// A notice with a link to each question; nothing when none is open. `about` are the questions of the questionnaire;
/// while the answers may change, the place of an answer is its page, else the page of the review.
pub fn waiting(tr: Tr, questionnaire: &Questionnaire, assessment: &str, about: &[String], is_draft: bool) -> AnyView {
    if about.is_empty() {
        return ().into_any();
    }
    let links: Vec<_> = about
        .iter()
        .map(|id| {
            let place = questionnaire.topic_of(id).filter(|_| is_draft);
            let href = match place {
                Some((section, topic)) => format!("{}#{id}", paths::topic(assessment, &section.id, &topic.id)),
                None => paths::exchange(assessment),
            };
            let text = tr.with("exchange-about", [("question", &short_name(tr, questionnaire, id))]);
            view! { <li><a href=href>{text}</a></li> }
        })
        .collect();
    let title = tr.with("waiting-title", [("count", &about.len().to_string())]);
    notice::warn(title, view! { <ul class="c-list">{links}</ul> })
}
