//! Invitation groups of a campaign: what they are; the pages stand in the folder of this name.

mod list;
mod making;
mod one;

use super::words;
use crate::i18n::Tr;

pub use list::{Groups, list};
pub use making::{Making, making};
pub use one::{Acts, One, Row, one};

/// The campaign that the groups belong to.
#[derive(Clone, Debug)]
pub struct Of {
    /// The address of the campaign.
    pub path: String,
    /// Its title.
    pub title: String,
}

/// A group and how far it is.
#[derive(Clone, Debug)]
pub struct Group {
    /// Its address.
    pub path: String,
    /// What it is called.
    pub title: String,
    /// How it was chosen.
    pub choice: Choice,
    /// How many enterprises are in it.
    pub entries: i64,
    /// Of them, those that a letter by mail was queued for.
    pub invited: i64,
    /// Of these, those whose letter went out, …
    pub sent: i64,
    /// … and those whose letter is held because there is no mail server.
    pub held: i64,
    /// Those whose letter could not be delivered.
    pub failed: i64,
    /// Those that a code for a printed letter was made for.
    pub lettered: i64,
    /// Those that no address is known of.
    pub without_address: i64,
    /// Those that want no letters.
    pub stopped: i64,
    /// Those that have begun, the submitted ones included.
    pub begun: i64,
    /// Those that have submitted.
    pub submitted: i64,
    /// The day of the last invitation.
    pub last_invited: Option<String>,
}

/// How the enterprises of a group were chosen.
#[derive(Clone, Debug, Default)]
pub struct Choice {
    /// The ward or commune …
    pub unit: Option<String>,
    /// … or the former district.
    pub district: Option<String>,
    /// The section.
    pub section: Option<String>,
    /// The size.
    pub size: Option<String>,
    /// Out of how many they were drawn, and by which seed.
    pub drawn: Option<(i64, String)>,
}

/// The choice in words: "Phường Tân An · C. Công nghiệp chế biến, chế tạo · Nhỏ".
#[must_use]
pub fn in_words(tr: Tr, choice: &Choice) -> String {
    let place = match (&choice.unit, &choice.district) {
        (Some(unit), _) => Some(words::place(tr, unit, "")),
        (None, Some(district)) => Some(words::district(tr, district)),
        (None, None) => None,
    };
    let section = choice.section.as_ref().map(|code| words::section(tr, code));
    let size = choice.size.as_ref().map(|code| words::size(tr, code));
    let parts: Vec<String> = [place, section, size].into_iter().flatten().collect();
    if parts.is_empty() { tr.t("groups-everybody").into_owned() } else { parts.join(" · ") }
}
