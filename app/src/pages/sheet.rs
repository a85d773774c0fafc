//! The items of a published questionnaire as they are printed for everybody.

use std::collections::HashMap;

use model::{questionnaire::Questionnaire, text::Lang};

use crate::{i18n::Tr, ui::item::ItemMarkup};

/// All items of a questionnaire version in one language, rendered once: a version never changes.
#[derive(Clone, Debug)]
pub struct Sheet(HashMap<String, ItemMarkup>);

impl Sheet {
    /// Renders the items.
    #[must_use]
    pub fn new(questionnaire: &Questionnaire, lang: Lang) -> Self {
        let markup = |item| ItemMarkup::new(Tr::new(lang), item, questionnaire.number(&item.id));
        Self(questionnaire.items.iter().map(|item| (item.id.clone(), markup(item))).collect())
    }

    /// An item of the questionnaire that the sheet was made of.
    ///
    /// # Panics
    /// When it is an item of another questionnaire.
    #[must_use]
    pub fn item(&self, id: &str) -> &ItemMarkup {
        &self.0[id]
    }
}
