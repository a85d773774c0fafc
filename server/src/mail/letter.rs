//! What a message says, before it is plain text or HTML.

use serde::{Deserialize, Serialize};

/// A piece of a message. Texts are plain: whoever renders them escapes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Block {
    /// A paragraph.
    Paragraph(String),
    /// A line between two parts.
    Rule,
    /// Short lines, one below the other.
    List(Vec<String>),
    /// A link to a page of ours.
    Link {
        /// What happens there.
        text: String,
        /// Path and query; the worker puts the server's address in front.
        path: String,
        /// Whoever has the path may act: it is wiped from the database once the message is sent.
        secret: bool,
    },
    /// The link that stops messages of this kind; it is wiped like a secret one.
    Stop {
        /// What it stops.
        text: String,
        /// Path with the token.
        path: String,
    },
}

/// The body of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Body(pub Vec<Block>);

/// A message in one language: its subject line and its body. Greeting and signature are added when it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Letter {
    /// The subject line, on one line.
    pub title: String,
    /// The body.
    pub body: Body,
}

impl Letter {
    /// An empty message with this subject line.
    #[must_use]
    pub fn new(title: &str) -> Self {
        Self { title: one_line(title), body: Body::default() }
    }

    /// The same message in another language below, for readers whose language nobody knows.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let title = one_line(&format!("{} / {}", self.title, other.title));
        let blocks = self.body.0.into_iter().chain([Block::Rule]).chain(other.body.0);
        Self { title, body: Body(blocks.collect()) }
    }

    /// With another paragraph.
    #[must_use]
    pub fn paragraph(mut self, text: &str) -> Self {
        self.body.0.push(Block::Paragraph(text.to_owned()));
        self
    }

    /// With a list.
    #[must_use]
    pub fn list(mut self, lines: Vec<String>) -> Self {
        self.body.0.push(Block::List(lines));
        self
    }

    /// With a link to a page that needs a sign-in or is public.
    #[must_use]
    pub fn link(mut self, text: &str, path: &str) -> Self {
        self.body.0.push(Block::Link { text: text.to_owned(), path: path.to_owned(), secret: false });
        self
    }

    /// With a link that acts for whoever has it, such as one that sets a password.
    #[must_use]
    pub fn secret_link(mut self, text: &str, path: &str) -> Self {
        self.body.0.push(Block::Link { text: text.to_owned(), path: path.to_owned(), secret: true });
        self
    }

    /// With the link that stops such messages.
    #[must_use]
    pub fn stop_link(mut self, text: &str, path: &str) -> Self {
        self.body.0.push(Block::Stop { text: text.to_owned(), path: path.to_owned() });
        self
    }
}

impl Body {
    /// The body as it is kept once the message is sent: without the paths that act.
    #[must_use]
    pub fn without_secrets(&self) -> Self {
        let wiped = |block: &Block| match block {
            Block::Link { text, secret: true, .. } => {
                Block::Link { text: text.clone(), path: String::new(), secret: true }
            }
            Block::Stop { text, .. } => Block::Stop { text: text.clone(), path: String::new() },
            other => other.clone(),
        };
        Self(self.0.iter().map(wiped).collect())
    }

    /// The path of the stop link, if there is one.
    #[must_use]
    pub fn stop_path(&self) -> Option<&str> {
        self.0.iter().find_map(|block| match block {
            Block::Stop { path, .. } if !path.is_empty() => Some(path.as_str()),
            _ => None,
        })
    }
}

/// Line breaks in a subject line would begin another header.
fn one_line(text: &str) -> String {
    text.split(char::is_control).map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_subject_line_is_one_line() {
        assert_eq!(Letter::new("Nhắc\r\nBcc: x@example.vn\tngay").title, "Nhắc Bcc: x@example.vn ngay");
    }

    #[test]
    fn two_languages_stand_in_one_message_with_a_line_between() {
        let both = Letter::new("Thư").paragraph("Chào.").and(Letter::new("Letter").paragraph("Hello."));
        assert_eq!(both.title, "Thư / Letter");
        let body = [Block::Paragraph("Chào.".into()), Block::Rule, Block::Paragraph("Hello.".into())];
        assert_eq!(both.body.0, body);
    }

    #[test]
    fn only_paths_that_act_are_wiped() {
        let letter = Letter::new("t").link("a", "/a").secret_link("b", "/b/token").stop_link("c", "/c/token");
        assert_eq!(letter.body.stop_path(), Some("/c/token"));
        let kept = letter.body.without_secrets();
        assert_eq!(kept, Letter::new("t").link("a", "/a").secret_link("b", "").stop_link("c", "").body);
        assert_eq!(kept.stop_path(), None);
    }
}
