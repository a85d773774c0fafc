//! Number, hash and canonical form of a release.

use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::document::Release;
use crate::text::Text;

/// Gives a draft its number, day, note and hash: from then on it is a release.
#[must_use]
pub fn sealed(mut draft: Release, number: u32, issued: &str, note: Text) -> Release {
    draft.number = number;
    issued.clone_into(&mut draft.issued);
    draft.note = note;
    draft.hash = hash_of(&draft);
    draft
}

/// SHA-256, in hexadecimal, of the canonical form of a release with an empty hash.
#[must_use]
pub fn hash_of(release: &Release) -> String {
    let bare = Release { hash: String::new(), ..release.clone() };
    sha256(canonical(&bare).as_bytes())
}

/// JSON in one form only: keys of objects ascending, no white space, numbers in their shortest form.
#[must_use]
pub fn canonical<T: Serialize>(document: &T) -> String {
    let mut text = String::new();
    write(&serde_json::to_value(document).unwrap_or_default(), &mut text);
    text
}

/// SHA-256 in hexadecimal.
pub(super) fn sha256(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Array(items) => {
            text.push('[');
            for (position, item) in items.iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(fields) => {
            let mut keys: Vec<&String> = fields.keys().collect();
            keys.sort_unstable();
            text.push('{');
            for (position, key) in keys.into_iter().enumerate() {
                if position > 0 {
                    text.push(',');
                }
                text.push_str(&Value::String(key.clone()).to_string());
                text.push(':');
                write(&fields[key], text);
            }
            text.push('}');
        }
        other => text.push_str(&other.to_string()),
    }
}
