//! A value in the file together with its place, so that every message can say where it belongs.

use std::cell::RefCell;

use unicode_normalization::is_nfc;

use super::super::Problem;
use crate::json::Json;
use crate::text::Text;

/// Collects the problems of one reading.
#[derive(Default)]
pub(crate) struct Reader {
    problems: RefCell<Vec<Problem>>,
}

/// A value, or the lack of one, at a place.
pub(crate) struct At<'a> {
    reader: &'a Reader,
    json: Option<&'a Json>,
    /// The list element it belongs to, such as `items[3] Q104`.
    element: String,
    /// The keys below that, such as `answer.bands`.
    path: String,
    /// Nothing more is said below a value that is itself missing or of the wrong kind.
    silent: bool,
}

/// After this many problems the rest of a file is no help to anybody.
pub(in super::super) const MAX_PROBLEMS: usize = 1000;

impl Reader {
    pub(crate) fn into_problems(self) -> Vec<Problem> {
        self.problems.into_inner()
    }
}

impl<'a> At<'a> {
    pub(crate) fn top(reader: &'a Reader, json: &'a Json) -> At<'a> {
        At { reader, json: Some(json), element: String::new(), path: String::new(), silent: false }
    }

    /// Reports a problem at this place.
    pub(crate) fn wrong(&self, message: impl Into<String>) {
        if self.silent {
            return;
        }
        let place = match (self.element.as_str(), self.path.as_str()) {
            (element, "") => element.to_owned(),
            ("", path) => path.to_owned(),
            (element, path) => format!("{element} › {path}"),
        };
        let mut problems = self.reader.problems.borrow_mut();
        if problems.len() < MAX_PROBLEMS {
            problems.push(Problem { place, message: message.into() });
        }
    }

    /// Reports a value of the wrong kind, or its lack.
    fn must_be(&self, wanted: &str) {
        match self.json {
            None => self.wrong(format!("is missing; it must be {wanted}")),
            Some(json) => self.wrong(format!("must be {wanted}, not {}", json.kind())),
        }
    }

    /// Reports keys that are unknown or come twice, and a value that is no object.
    pub(crate) fn keys(&self, known: &[&str]) {
        let Some(Json::Object(fields)) = self.json else {
            return self.must_be("an object");
        };
        for (position, (key, _)) in fields.iter().enumerate() {
            if !known.contains(&key.as_str()) {
                self.wrong(format!(
                    "unknown key \"{key}\"{}; known keys: {}",
                    suggestion(key, known),
                    known.join(", ")
                ));
            } else if fields[..position].iter().any(|(earlier, _)| earlier == key) {
                self.wrong(format!("the key \"{key}\" comes twice; remove one"));
            }
        }
    }

    /// A key of this object, present or not.
    pub(crate) fn field(&self, key: &str) -> At<'a> {
        let json = self.json.and_then(|json| json.get(key));
        self.below(key, json)
    }

    /// A key of this object if it is present.
    pub(crate) fn optional(&self, key: &str) -> Option<At<'a>> {
        let json = self.json?.get(key)?;
        Some(self.below(key, Some(json)))
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.json.is_some_and(|json| json.get(key).is_some())
    }

    /// All keys of this object with their values.
    pub(crate) fn entries(&self) -> Vec<(String, At<'a>)> {
        let Some(Json::Object(fields)) = self.json else {
            self.must_be("an object");
            return Vec::new();
        };
        fields.iter().map(|(key, json)| (key.clone(), self.below(key, Some(json)))).collect()
    }

    /// The values of a list with at least `min` and at most `max` of them.
    pub(crate) fn list(&self, min: usize, max: usize) -> Vec<At<'a>> {
        let Some(Json::List(values)) = self.json else {
            self.must_be("a list");
            return Vec::new();
        };
        if values.len() < min || values.len() > max {
            let wanted = if min == max { format!("exactly {min}") } else { format!("{min} to {max}") };
            self.wrong(format!("must have {wanted} entries, not {}", values.len()));
        }
        values.iter().take(max).enumerate().map(|(position, json)| self.entry(position, json)).collect()
    }

    /// As many whole numbers from `min` to `max` as the caller has room for; nothing if one of them is wrong.
    pub(crate) fn numbers<const N: usize>(&self, min: u32, max: u32) -> Option<[u32; N]> {
        let before = self.reader.problems.borrow().len();
        let numbers: Vec<u32> = self.list(N, N).iter().map(|number| number.small(min, max)).collect();
        let unharmed = self.reader.problems.borrow().len() == before;
        numbers.try_into().ok().filter(|_| unharmed)
    }

    pub(crate) fn bool(&self) -> bool {
        match self.json {
            Some(Json::Bool(value)) => *value,
            _ => {
                self.must_be("true or false");
                false
            }
        }
    }

    /// A whole number from `min` to `max`; `min` stands for a wrong one.
    pub(crate) fn whole(&self, min: i64, max: i64) -> i64 {
        match self.json {
            Some(Json::Whole(whole)) if (min..=max).contains(whole) => *whole,
            Some(Json::Whole(whole)) => {
                self.wrong(format!("is {whole}; it must be {}", span(min, max)));
                min
            }
            _ => {
                self.must_be(&format!("a whole number ({})", span(min, max)));
                min
            }
        }
    }

    /// A whole number that fits a small type; the bounds do.
    pub(crate) fn small<T: TryFrom<i64> + Default>(&self, min: impl Into<i64>, max: impl Into<i64>) -> T {
        T::try_from(self.whole(min.into(), max.into())).unwrap_or_default()
    }

    /// The weight of an item or a pillar.
    pub(crate) fn weight(&self) -> u32 {
        if matches!(self.json, Some(Json::Decimal(_))) {
            self.wrong("weights are whole numbers from 1 to 100; multiply all of them by the same number");
            return 1;
        }
        self.small(1, 100)
    }

    /// A number, with decimals or not.
    #[allow(clippy::cast_precision_loss, reason = "conditions compare with numbers far below 2^53")]
    pub(crate) fn number(&self) -> f64 {
        match self.json {
            Some(Json::Whole(whole)) => *whole as f64,
            Some(Json::Decimal(decimal)) => *decimal,
            _ => {
                self.must_be("a number");
                0.0
            }
        }
    }

    /// A text that is no sentence: a code, a version, the id of something else.
    pub(crate) fn string(&self) -> String {
        let Some(text) = self.json.and_then(Json::as_text) else {
            self.must_be("a text in quotes");
            return String::new();
        };
        self.readable(text);
        text.to_owned()
    }

    /// An id: part of addresses and names of form fields.
    pub(crate) fn id(&self) -> String {
        let id = self.string();
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
        let starts_well = id.starts_with(|c: char| c.is_ascii_alphanumeric());
        if !id.trim().is_empty() && (!id.chars().all(plain) || !starts_well || id.len() > 40) {
            self.wrong(format!(
                "\"{id}\" is no id; use 1 to 40 letters without marks, digits, _ or -, beginning with a letter or digit"
            ));
        }
        id
    }

    /// One of these words, none of them if it is wrong.
    pub(crate) fn one_of<'w>(&self, words: &[&'w str]) -> Option<&'w str> {
        let Some(text) = self.json.and_then(Json::as_text) else {
            self.must_be(&format!("one of {}", words.join(", ")));
            return None;
        };
        let found = words.iter().find(|word| **word == text).copied();
        if found.is_none() {
            self.wrong(format!("\"{text}\" is none of {}", words.join(", ")));
        }
        found
    }

    /// A text in both languages.
    pub(crate) fn text(&self) -> Text {
        if self.json.is_none_or(|json| !matches!(json, Json::Object(_))) {
            self.must_be("a text in both languages, {\"vi\": \"…\", \"en\": \"…\"}");
            return Text { vi: String::new(), en: String::new() };
        }
        self.keys(&["vi", "en"]);
        Text { vi: self.field("vi").string(), en: self.field("en").string() }
    }

    /// The value as it stands, for the readers of conditions.
    pub(crate) fn json(&self) -> Option<&'a Json> {
        self.json
    }

    /// Reports what no reader can see on the screen: nothing, decomposed letters, control characters.
    fn readable(&self, text: &str) {
        if text.trim().is_empty() {
            self.wrong("is empty; write something or leave the key out if it is optional");
        } else if !is_nfc(text) {
            self.wrong(format!(
                "\"{}\" is not in Unicode normal form C; save the file again with composed letters",
                short(text)
            ));
        } else if let Some(control) = text.chars().find(|c| c.is_control() && *c != '\n') {
            self.wrong(format!("contains the control character U+{:04X}; remove it", u32::from(control)));
        }
    }

    fn below(&self, key: &str, json: Option<&'a Json>) -> At<'a> {
        let path = if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) };
        let silent = self.silent || !matches!(self.json, Some(Json::Object(_)));
        At { reader: self.reader, json, element: self.element.clone(), path, silent }
    }

    /// An entry of a list. In a list of the file itself it is named by its id, too.
    fn entry(&self, position: usize, json: &'a Json) -> At<'a> {
        let place = format!("{}[{position}]", self.path);
        if !self.element.is_empty() || self.path.contains('.') {
            let element = self.element.clone();
            return At { reader: self.reader, json: Some(json), element, path: place, silent: self.silent };
        }
        let id = json.get("id").and_then(Json::as_text);
        let element = id.map_or(place.clone(), |id| format!("{place} {}", short(id)));
        At { reader: self.reader, json: Some(json), element, path: String::new(), silent: self.silent }
    }
}

/// As much of a text as a message needs; a place is repeated with every problem.
pub(in super::super) fn short(text: &str) -> String {
    text.chars().take(40).collect()
}

fn span(min: i64, max: i64) -> String {
    match (min, max) {
        (i64::MIN, i64::MAX) => "any".to_owned(),
        (min, max) if min == max => format!("{min}"),
        (min, max) => format!("{min} to {max}"),
    }
}

/// The known key that was probably meant.
fn suggestion(key: &str, known: &[&str]) -> String {
    let near = known.iter().map(|candidate| (distance(key, candidate), candidate)).min();
    near.filter(|(distance, _)| *distance <= (key.chars().count() / 3).max(1))
        .map_or(String::new(), |(_, meant)| format!(", did you mean \"{meant}\"?"))
}

/// How many letters must be inserted, removed or replaced.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().take(40).enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
