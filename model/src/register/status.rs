//! Whether an enterprise is at work, in the words of a file.

use std::str::FromStr;

use super::name::searched;

/// Whether an enterprise is at work. Only active ones are part of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// At work.
    Active,
    /// Suspended for a time.
    Suspended,
    /// Dissolved, bankrupt or gone from its address.
    Closed,
}

impl Status {
    /// Every status.
    pub const ALL: [Status; 3] = [Status::Active, Status::Suspended, Status::Closed];

    /// The stored form.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Active => "active",
            Status::Suspended => "suspended",
            Status::Closed => "closed",
        }
    }

    /// The status that words stand for; nothing said is active.
    pub(super) fn of(words: &str) -> Option<Status> {
        const CLOSED: [&str; 9] = [
            "giai the",
            "pha san",
            "da dong",
            "dong ma so thue",
            "ngung hoat dong",
            "cham dut",
            "khong hoat dong",
            "bo dia chi",
            "closed",
        ];
        const SUSPENDED: [&str; 3] = ["tam ngung", "tam dung", "suspended"];
        const ACTIVE: [&str; 4] = ["dang hoat dong", "hoat dong", "binh thuong", "active"];
        let words = searched(words);
        let says = |known: &[&str]| known.iter().any(|known| words.contains(known));
        match () {
            () if words.is_empty() => Some(Status::Active),
            () if says(&SUSPENDED) => Some(Status::Suspended),
            () if says(&CLOSED) => Some(Status::Closed),
            () if says(&ACTIVE) => Some(Status::Active),
            () => None,
        }
    }
}

/// A word that is no status.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("\"{0}\" is no status; use active, suspended or closed")]
pub struct UnknownStatus(pub String);

impl FromStr for Status {
    type Err = UnknownStatus;

    fn from_str(word: &str) -> Result<Status, UnknownStatus> {
        Status::ALL.into_iter().find(|status| status.as_str() == word).ok_or_else(|| UnknownStatus(word.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_for_a_status() {
        for (words, status) in [
            ("", Status::Active),
            ("NNT đang hoạt động", Status::Active),
            ("Tạm ngừng kinh doanh", Status::Suspended),
            ("Ngừng hoạt động", Status::Closed),
            ("Đã giải thể", Status::Closed),
            ("active", Status::Active),
            ("Không hoạt động tại địa chỉ đăng ký", Status::Closed),
        ] {
            assert_eq!(Status::of(words), Some(status), "{words}");
        }
    }
}
