//! What the browser does about answers that are not saved yet.

use leptos::prelude::*;

use crate::{
    i18n::Tr,
    islands::{
        autosave::{self, Autosave, Given},
        given::give,
        queue::prefix,
        saver::Mode,
    },
    paths,
};

/// The save state of a page of questions.
pub fn state(tr: Tr, account: &str, assessment: &str, path: &str, mode: Mode, saved_at: Option<String>) -> AnyView {
    let (queue, sign_in) = (prefix(account, assessment), paths::sign_in(path));
    let given = Given { mode, queue, sign_in, saved_at, words: words(tr) };
    give(autosave::ID, given.encode(), Autosave)
}

/// On pages of an assessment without questions: sends what pages with questions left behind, and says so if it cannot.
pub fn left_behind(tr: Tr, account: &str, assessment: &str, path: &str) -> AnyView {
    view! { <div class="c-unsent">{state(tr, account, assessment, path, Mode::Elsewhere, None)}</div> }.into_any()
}

/// The texts of [`WORDS`](crate::islands::shown::WORDS), in their order.
fn words(tr: Tr) -> Vec<String> {
    vec![
        tr.t("saving").into_owned(),
        tr.with("saved", [("time", "{time}")]),
        tr.t("save-failed").into_owned(),
        tr.t("save-offline").into_owned(),
        tr.t("save-safe").into_owned(),
        tr.t("save-unsafe").into_owned(),
        tr.t("save-expired").into_owned(),
        tr.t("save-sign-in").into_owned(),
        tr.t("save-conflict").into_owned(),
        tr.t("save-see").into_owned(),
        tr.t("save-elsewhere").into_owned(),
        tr.t("save-open").into_owned(),
        tr.t("save-invalid").into_owned(),
        tr.t("save-see-invalid").into_owned(),
        tr.t("save-file").into_owned(),
        tr.t("save-file-name").into_owned(),
        tr.t("save-undecided").into_owned(),
    ]
}

#[cfg(test)]
mod tests {
    use model::text::Lang;

    use super::*;
    use crate::islands::shown::WORDS;

    #[test]
    fn words_come_in_the_order_in_which_the_island_looks_for_them() {
        for lang in [Lang::Vi, Lang::En] {
            let tr = Tr::new(lang);
            let expected: Vec<String> = WORDS.iter().map(|key| tr.with(key, [("time", "{time}")])).collect();
            assert_eq!(words(tr), expected);
        }
    }
}
