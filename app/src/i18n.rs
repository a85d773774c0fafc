//! Interface texts in Vietnamese and English, from `locales/*.ftl`.

use std::{borrow::Cow, sync::LazyLock};

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use model::text::Lang;
use unic_langid::langid;

type Bundle = FluentBundle<FluentResource>;

static VI: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("vi"), include_str!("../locales/vi.ftl")));
static EN: LazyLock<Bundle> = LazyLock::new(|| bundle(langid!("en"), include_str!("../locales/en.ftl")));

/// The interface texts of one language.
#[derive(Clone, Copy, Debug)]
pub struct Tr {
    /// The language of the page.
    pub lang: Lang,
}

impl Tr {
    /// The texts of a language.
    #[must_use]
    pub fn new(lang: Lang) -> Self {
        Self { lang }
    }

    /// The text of a key without variables. A missing key shows itself; a test makes sure that none is missing.
    #[must_use]
    pub fn t(self, key: &'static str) -> Cow<'static, str> {
        self.format(key, None)
    }

    /// The text of a key with its variables filled in.
    #[must_use]
    pub fn with<const N: usize>(self, key: &'static str, variables: [(&'static str, &str); N]) -> String {
        let mut arguments = FluentArgs::with_capacity(N);
        for (name, value) in variables {
            arguments.set(name, FluentValue::from(value));
        }
        self.format(key, Some(&arguments)).into_owned()
    }

    fn format(self, key: &'static str, arguments: Option<&FluentArgs>) -> Cow<'static, str> {
        let bundle: &'static Bundle = match self.lang {
            Lang::Vi => &VI,
            Lang::En => &EN,
        };
        let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
            return Cow::Borrowed(key);
        };
        // A text without variables is borrowed from the bundle.
        bundle.format_pattern(pattern, arguments, &mut Vec::new())
    }
}

fn bundle(language: unic_langid::LanguageIdentifier, source: &str) -> Bundle {
    let mut bundle = Bundle::new_concurrent(vec![language]);
    // Isolation marks around variables would end up in copied text and in tests.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            debug_assert!(errors.is_empty(), "mistakes in a locale file: {errors:?}");
            resource
        }
    };
    bundle.add_resource_overriding(resource);
    bundle
}
