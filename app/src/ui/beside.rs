//! What stands below an answer: questions of reviewers with the field for a reply, and files sent as evidence.

use leptos::prelude::*;
use model::questionnaire::Questionnaire;

use super::{
    errors::{self, Mistake},
    field,
    files::{self, File},
};
use crate::{
    i18n::Tr,
    pages::{
        review::{Side, Thread, entries},
        words::short_name,
    },
};

/// The name of the button that saves the page and leads to the evidence of an answer.
pub const EVIDENCE: &str = "_evidence";

/// What the pages of questions know of reviews and evidence.
#[derive(Clone, Debug, Default)]
pub struct Beside {
    /// Questions of reviewers that are open.
    pub threads: Vec<Thread>,
    /// Replies that were typed and not sent, by key of the question.
    pub replies: Vec<(String, String)>,
    /// Evidence.
    pub files: Vec<File>,
}

impl Beside {
    /// Whether there is a question of a reviewer or a file about this question.
    #[must_use]
    pub fn has(&self, id: &str) -> bool {
        self.threads.iter().any(|thread| thread.about == id) || self.files.iter().any(|file| file.about == id)
    }
}

/// The name of the field in which a question of the reviewers is answered.
#[must_use]
pub fn reply(thread: &str) -> String {
    format!("_reply_{thread}")
}

/// What stands below the answer to this question; `takes_files`: evidence can be sent for it.
pub fn beside(
    tr: Tr,
    questionnaire: &Questionnaire,
    beside: &Beside,
    id: &str,
    takes_files: bool,
    mistakes: &[Mistake],
) -> AnyView {
    let threads: Vec<_> = beside
        .threads
        .iter()
        .filter(|thread| thread.about == id)
        .map(|thread| self::thread(tr, questionnaire, beside, thread, mistakes))
        .collect();
    if threads.is_empty() && !takes_files {
        return ().into_any();
    }
    view! {
        <div class="c-beside">
            {threads}
            {files::list(tr, &beside.files, id, |_| ().into_any())}
            {add(tr, id, short_name(tr, questionnaire, id))}
        </div>
    }
    .into_any()
}

/// What stands below an answer without questions and files: the button alone. `name` is what the question is called.
pub fn alone(tr: Tr, id: &str, name: String) -> impl IntoView + use<> {
    view! { <div class="c-beside">{add(tr, id, name)}</div> }
}

fn add(tr: Tr, id: &str, name: String) -> impl IntoView + use<> {
    view! {
        <button class="c-textbutton" type="submit" name=EVIDENCE value=id.to_owned()>
            {tr.t("evidence-add")}<span class="u-hidden">" "{name}</span>
        </button>
    }
}

fn thread(
    tr: Tr,
    questionnaire: &Questionnaire,
    beside: &Beside,
    thread: &Thread,
    mistakes: &[Mistake],
) -> impl IntoView + use<> {
    let id = reply(&thread.id);
    let typed = beside.replies.iter().find(|(key, _)| *key == thread.id).map(|(_, text)| text.clone());
    let error = errors::of(mistakes, &id).map(|error| field::message(tr, &id, error.to_owned()));
    let invalid = error.is_some().then_some("true");
    let described = field::described_by(&id, true, error.is_some());
    view! {
        <div class="c-beside__thread">
            <p><span class="c-status c-status--doing u-small">{tr.t("beside-asked")}</span></p>
            {entries(tr, questionnaire, &thread.posts, Side::Enterprise)}
            <div class="c-field">
                <label class="c-field__label" for=id.clone()>{tr.t("exchange-answer")}</label>
                <p class="c-field__hint" id=format!("{id}-hint")>{tr.t("beside-reply-hint")}</p>
                {error}
                <textarea
                    class="c-textarea c-textarea--short"
                    id=id.clone()
                    name=id.clone()
                    rows="3"
                    aria-invalid=invalid
                    aria-describedby=described
                >
                    {typed.unwrap_or_default()}
                </textarea>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use model::text::Lang;

    use super::*;
    use crate::ui::item::ItemMarkup;

    #[test]
    fn what_is_rendered_once_for_every_reader_is_what_a_reader_without_files_would_see() {
        let questionnaire = Questionnaire::builtin("bn5").expect("the built-in questionnaire");
        for tr in [Lang::Vi, Lang::En].map(Tr::new) {
            for item in &questionnaire.items {
                let once = ItemMarkup::new(tr, item, questionnaire.number(&item.id)).evidence().to_html();
                let dynamic = beside(tr, questionnaire, &Beside::default(), &item.id, true, &[]).to_html();
                // Marks of the renderer where nothing stands, and between two texts.
                assert_eq!(once, dynamic.replace("<!--<() />-->", "").replace("<!>", ""));
            }
        }
    }
}
