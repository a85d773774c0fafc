//! Answers that the server has not acknowledged yet, kept in the browser: one item a save, in the order in which they
//! were given. Nothing else is kept. Order comes from counting, never from the clock.

use std::cell::RefCell;

use leptos::prelude::window;
use web_sys::Storage;

thread_local! {
    /// What the browser does not want to keep lives as long as the page.
    static MEMORY: RefCell<Vec<(String, String)>> = const { RefCell::new(Vec::new()) };
}

/// The unsent answers of one account to one assessment: what their items begin with.
pub struct Queue(pub String);

/// A save that waits.
#[derive(Clone, Debug, PartialEq)]
pub struct Kept {
    /// Its place in the order and its key: `unsent/account/assessment/00000001/key`.
    pub item: String,
    /// The page of questions.
    pub path: String,
    /// The revision that the page was made from.
    pub revision: String,
    /// What the reader had before the eyes when answering, in form encoding.
    pub was: String,
    /// What the page holds now, in form encoding.
    pub fields: String,
}

/// What the items of an account and an assessment begin with, both given by their keys.
#[must_use]
pub fn prefix(account: &str, assessment: &str) -> String {
    format!("unsent/{account}/{assessment}/")
}

impl Queue {
    /// All that waits, the oldest first.
    #[must_use]
    pub fn list(&self) -> Vec<Kept> {
        let mut items: Vec<(String, String)> = Vec::new();
        // A sort by the library would weigh more than this file.
        let mut put = |name: String, text: String| {
            if name.starts_with(&self.0) {
                let place = items.iter().position(|(known, _)| *known > name).unwrap_or(items.len());
                items.insert(place, (name, text));
            }
        };
        MEMORY.with_borrow(|memory| memory.iter().for_each(|(name, text)| put(name.clone(), text.clone())));
        if let Some(storage) = storage() {
            for index in 0..storage.length().unwrap_or(0) {
                let name = storage.key(index).ok().flatten().unwrap_or_default();
                let text = storage.get_item(&name).ok().flatten().unwrap_or_default();
                put(name, text);
            }
        }
        items.into_iter().filter_map(|(item, text)| Kept::read(item, &text)).collect()
    }

    /// Keeps what a page holds, in the place of an older state of the same page if there is one. Every state has a key
    /// of its own: one key never stands for two different saves.
    #[must_use]
    pub fn keep(&self, old: Option<String>, path: &str, revision: String, was: String, fields: String) -> Kept {
        let place =
            |item: &str| item[self.0.len()..].split('/').next().and_then(|place| place.parse().ok()).unwrap_or(0_u32);
        let place = match &old {
            Some(item) => place(item),
            None => self.list().last().map_or(0, |kept| place(&kept.item)) + 1,
        };
        let kept =
            Kept { item: format!("{}{place:08}/{}", self.0, key()), path: path.to_owned(), revision, was, fields };
        write(&kept);
        if let Some(item) = old {
            remove(&item);
        }
        kept
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.list().iter().for_each(Kept::remove);
    }
}

impl Kept {
    /// The key of the save.
    #[must_use]
    pub fn key(&self) -> &str {
        self.item.rsplit('/').next().unwrap_or_default()
    }

    /// The questions that the reader answered differently from what was there.
    #[must_use]
    pub fn changes(&self) -> Vec<&str> {
        changes(&self.was, &self.fields)
    }

    /// Another page state with this save done: what was saved is what is there now.
    #[must_use]
    pub fn done_in(&self, was: &str) -> String {
        let changed = self.changes();
        let before = pairs(was).filter(|(name, _)| !changed.contains(name));
        let now = pairs(&self.fields).filter(|(name, _)| changed.contains(name));
        before.chain(now).map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// Writes a changed state; the save was not sent yet.
    pub fn rewrite(&self) {
        write(self);
    }

    /// Forgets this one.
    pub fn remove(&self) {
        remove(&self.item);
    }

    fn read(item: String, text: &str) -> Option<Self> {
        let mut lines = text.split('\n').map(ToOwned::to_owned);
        let kept =
            Self { item, path: lines.next()?, revision: lines.next()?, was: lines.next()?, fields: lines.next()? };
        Some(kept)
    }
}

/// The questions whose values differ. An empty field says nothing, and a question for which the stored version was
/// chosen is not changed.
#[must_use]
pub fn changes<'a>(was: &'a str, fields: &'a str) -> Vec<&'a str> {
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in pairs(was).chain(pairs(fields)) {
        let known = name.starts_with('_') || names.contains(&name);
        if !known && (!holds(was, fields, name) || !holds(fields, was, name)) && !is_given_up(fields, name) {
            names.push(name);
        }
    }
    names
}

/// Whether every value of a question in one text is in the other.
fn holds(text: &str, other: &str, name: &str) -> bool {
    pairs(other).all(|pair| pair.0 != name || pair.1.is_empty() || pairs(text).any(|known| known == pair))
}

/// Whether the stored version of an answer was chosen.
fn is_given_up(fields: &str, question: &str) -> bool {
    pairs(fields).any(|(name, value)| name.strip_prefix("_keep_") == Some(question) && value == "theirs")
}

/// Whether the browser keeps something when the page is closed.
#[must_use]
pub fn is_safe() -> bool {
    MEMORY.with_borrow(Vec::is_empty)
}

fn pairs(text: &str) -> impl Iterator<Item = (&str, &str)> {
    text.split('&').filter_map(|pair| pair.split_once('='))
}

fn storage() -> Option<Storage> {
    window().local_storage().ok()?
}

fn write(kept: &Kept) {
    let text = [&*kept.path, &kept.revision, &kept.was, &kept.fields].join("\n");
    // Full, or switched off by the reader.
    if storage().is_none_or(|storage| storage.set_item(&kept.item, &text).is_err()) {
        remove(&kept.item);
        MEMORY.with_borrow_mut(|memory| memory.push((kept.item.clone(), text)));
    }
}

fn remove(item: &str) {
    MEMORY.with_borrow_mut(|memory| memory.retain(|(known, _)| known != item));
    if let Some(storage) = storage() {
        drop(storage.remove_item(item));
    }
}

/// 128 random bits.
fn key() -> String {
    let mut bytes = [0_u8; 16];
    if let Ok(crypto) = window().crypto() {
        drop(crypto.get_random_values_with_u8_array(&mut bytes));
    }
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(was: &str, fields: &str) -> Kept {
        let [item, path, revision, was, fields] =
            ["unsent/a/b/00000001/k", "/p", "3", was, fields].map(ToOwned::to_owned);
        Kept { item, path, revision, was, fields }
    }

    #[test]
    fn changed_is_what_differs_and_empty_says_nothing() {
        assert_eq!(changes("Q101=3&Q104=a&Q104=b", "Q104=b&Q104=a&F01=&Q102=1"), ["Q101", "Q102"]);
        assert_eq!(changes("", "_stay=1&F01="), [""; 0]);
        assert_eq!(changes("Q101=1&Q102=1", "Q101=4&Q102=4&_keep_Q101=theirs&_keep_Q102=ours"), ["Q102"]);
    }

    #[test]
    fn a_save_that_is_done_changes_only_its_own_questions() {
        let done = kept("Q101=1&Q104=a", "Q101=2&Q104=b&Q104=c&Q105=5");
        assert_eq!(done.done_in("Q101=1&Q104=a&Q103=4"), "Q103=4&Q101=2&Q104=b&Q104=c&Q105=5");
        assert_eq!(kept("Q101=1", "").done_in("Q101=1&Q103=4"), "Q103=4");
    }

    #[test]
    fn an_item_that_somebody_else_wrote_is_passed_over() {
        assert_eq!(Kept::read("unsent/a/b/00000001/k".into(), "/p\n3\nQ1=1"), None);
        assert_eq!(Kept::read("unsent/a/b/00000001/k".into(), "/p\n3\nQ1=1\nQ1=2"), Some(kept("Q1=1", "Q1=2")));
    }
}
