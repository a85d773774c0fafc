//! What the enterprise is asked, given its profile (instrument §3: only profile facts decide, never single items).

use std::collections::BTreeSet;

use crate::answer::Answers;
use crate::condition::Context;
use crate::questionnaire::{Item, ItemAnswer, Question, Questionnaire, Topic};

/// What is asked of one enterprise.
#[derive(Debug, Clone)]
pub struct Asked<'a> {
    context: Context<'a>,
}

/// The flags that the profile sets.
#[must_use]
pub fn flags<'a>(questionnaire: &'a Questionnaire, answers: &'a Answers) -> BTreeSet<&'a str> {
    Context::new(questionnaire, answers).flags
}

/// What is asked, given the answers so far. As long as the profile is open, what depends on it is not asked.
#[must_use]
pub fn asked<'a>(questionnaire: &'a Questionnaire, answers: &'a Answers) -> Asked<'a> {
    Asked { context: Context::new(questionnaire, answers) }
}

impl<'a> Asked<'a> {
    /// Whether the item is asked; false for ids that are no item.
    #[must_use]
    pub fn item(&self, id: &str) -> bool {
        self.context.questionnaire.item(id).is_some_and(|item| self.context.asks(item.asked_if.as_ref()))
    }

    /// Whether the fact is asked; false for ids that are no fact.
    #[must_use]
    pub fn fact(&self, id: &str) -> bool {
        self.context.questionnaire.fact(id).is_some_and(|fact| self.context.asks(fact.asked_if.as_ref()))
    }

    /// Whether the question, item or fact, is asked.
    #[must_use]
    pub fn question(&self, id: &str) -> bool {
        self.context.questionnaire.question(id).is_some_and(|question| self.context.asks(question.asked_if()))
    }

    /// Whether a line of a checklist is shown; the lines of facts always are.
    #[must_use]
    pub fn option(&self, question_id: &str, option_id: &str) -> bool {
        let Some(item) = self.context.questionnaire.item(question_id) else { return true };
        match &item.answer {
            ItemAnswer::Ladder { .. } => false,
            ItemAnswer::Checklist { options, .. } => options
                .iter()
                .find(|option| option.id == option_id)
                .is_some_and(|option| self.context.asks(option.asked_if.as_ref())),
        }
    }

    /// The items that are asked, in the order of the file.
    pub fn items(&self) -> impl Iterator<Item = &'a Item> {
        self.context.questionnaire.items.iter().filter(|item| self.context.asks(item.asked_if.as_ref()))
    }

    /// How many items are asked.
    #[must_use]
    pub fn items_on(&self) -> usize {
        self.items().count()
    }

    /// The questions of a topic that are asked, in their order.
    pub fn questions(&self, topic: &Topic) -> impl Iterator<Item = Question<'a>> {
        let known = topic.questions.iter().filter_map(|id| self.context.questionnaire.question(id));
        known.filter(|question| self.context.asks(question.asked_if()))
    }

    /// What conditions look at.
    #[must_use]
    pub fn context(&self) -> &Context<'a> {
        &self.context
    }
}
