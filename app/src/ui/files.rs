//! Files that an enterprise sent as evidence, as a list.

use leptos::prelude::*;
use model::format;

use crate::{i18n::Tr, paths};

/// A file that an enterprise sent as evidence.
#[derive(Clone, Debug)]
pub struct File {
    /// Key, for the address.
    pub id: String,
    /// The question of the questionnaire.
    pub about: String,
    /// What the enterprise called it.
    pub name: String,
    /// Its kind, its size and when it came, in words.
    pub about_it: String,
}

/// "PDF, 1,2 MB, 24/11/2026 10:05"
#[must_use]
pub fn about_it(tr: Tr, kind: &str, bytes: i64, when: &str) -> String {
    format!("{kind}, {}, {when}", size(tr, bytes))
}

/// The files about one question, each with what stands beside it; nothing when there are none.
pub fn list(tr: Tr, files: &[File], about: &str, beside: impl Fn(&File) -> AnyView) -> AnyView {
    let rows: Vec<_> = files
        .iter()
        .filter(|file| file.about == about)
        .map(|file| {
            view! {
                <li>
                    <span class="c-files__name">
                        <a href=paths::evidence(&file.id)>{file.name.clone()}</a>
                        <span class="u-quiet u-small">{file.about_it.clone()}</span>
                    </span>
                    {beside(file)}
                </li>
            }
        })
        .collect();
    if rows.is_empty() {
        return ().into_any();
    }
    view! { <ul class="c-files" aria-label=tr.t("evidence-files")>{rows}</ul> }.into_any()
}

/// Rounded up to whole KB (1,024 bytes), from 1 MB on to tenths.
fn size(tr: Tr, bytes: i64) -> String {
    const KB: i64 = 1024;
    const MB: i64 = 1024 * KB;
    let bytes = bytes.max(0);
    if bytes < MB {
        return format!("{} KB", format::number(tr.lang, (bytes + KB - 1) / KB));
    }
    // Tenths without floating point: rounded up, as a limit is.
    let tenths = (bytes * 10 + MB - 1) / MB;
    let point = if tr.lang == model::text::Lang::Vi { ',' } else { '.' };
    format!("{}{point}{} MB", tenths / 10, tenths % 10)
}

#[cfg(test)]
mod tests {
    use model::text::Lang;

    use super::*;

    #[test]
    fn sizes_are_rounded_up_and_written_as_people_do() {
        let (vi, en) = (Tr::new(Lang::Vi), Tr::new(Lang::En));
        let cases = [(0, "0 KB"), (1, "1 KB"), (1_025, "2 KB"), (1_048_575, "1.024 KB"), (1_048_576, "1,0 MB")];
        for (bytes, expected) in cases {
            assert_eq!(size(vi, bytes), expected);
        }
        assert_eq!(size(en, 10 * 1_048_576), "10.0 MB");
        assert_eq!(size(en, 1_048_577), "1.1 MB");
    }
}
