//! Messages as plain text and as simple HTML. Everything is escaped; there is no way to put HTML into a message.

use std::fmt::Write as _;

use app::i18n::Tr;
use model::text::Lang;

use super::letter::{Block, Body};
use crate::store::Settings;

/// What is the same in all messages.
#[derive(Clone, Debug)]
pub struct Stationery {
    /// The server's address without a slash at the end, put before every path.
    pub origin: String,
    /// Who runs this and where there is help, for the signature.
    pub settings: Settings,
}

impl Stationery {
    /// The message as plain text.
    #[must_use]
    pub fn text(&self, lang: Lang, body: &Body) -> String {
        let mut text = String::new();
        for block in &body.0 {
            let _ = match block {
                Block::Paragraph(paragraph) => writeln!(text, "{paragraph}\n"),
                Block::Rule => writeln!(text, "* * *\n"),
                Block::List(lines) => {
                    let lines: String = lines.iter().map(|line| format!("- {line}\n")).collect();
                    writeln!(text, "{lines}")
                }
                Block::Link { text: label, path, .. } | Block::Stop { text: label, path } => {
                    writeln!(text, "{label}:\n{}\n", self.address(lang, path))
                }
            };
        }
        let _ = writeln!(text, "-- ");
        for line in self.foot(lang) {
            let _ = writeln!(text, "{line}");
        }
        text
    }

    /// The message as HTML without styles, pictures or scripts.
    #[must_use]
    pub fn html(&self, lang: Lang, title: &str, body: &Body) -> String {
        let mut html = format!(
            "<!DOCTYPE html>\n<html lang=\"{}\"><head><meta charset=\"utf-8\"><title>{}</title></head><body>\n",
            lang.code(),
            escaped(title)
        );
        body.0.iter().for_each(|block| self.block(&mut html, lang, block));
        let foot: Vec<String> = self.foot(lang).iter().map(|line| escaped(line)).collect();
        let _ = writeln!(html, "<hr>\n<p><small>{}</small></p>\n</body></html>", foot.join("<br>"));
        html
    }

    fn block(&self, html: &mut String, lang: Lang, block: &Block) {
        let _ = match block {
            Block::Paragraph(paragraph) => writeln!(html, "<p>{}</p>", escaped(paragraph)),
            Block::Rule => writeln!(html, "<hr>"),
            Block::List(lines) => {
                let lines: String = lines.iter().map(|line| format!("<li>{}</li>", escaped(line))).collect();
                writeln!(html, "<ul>{lines}</ul>")
            }
            Block::Link { text, path, .. } | Block::Stop { text, path } if path.is_empty() => {
                writeln!(html, "<p>{}: {}</p>", escaped(text), escaped(&self.address(lang, path)))
            }
            Block::Link { text, path, .. } => {
                let address = escaped(&self.address(lang, path));
                writeln!(html, "<p><strong><a href=\"{address}\">{}</a></strong><br>{address}</p>", escaped(text))
            }
            Block::Stop { text, path } => {
                let address = escaped(&self.address(lang, path));
                writeln!(html, "<p><small><a href=\"{address}\">{}</a></small></p>", escaped(text))
            }
        };
    }

    /// The whole address of a path; what a wiped path is called.
    #[must_use]
    pub fn address(&self, lang: Lang, path: &str) -> String {
        match path {
            "" => Tr::new(lang).t("mail-wiped").into_owned(),
            path => format!("{}{path}", self.origin),
        }
    }

    /// Who writes, where there is help, and that nobody reads answers.
    fn foot(&self, lang: Lang) -> Vec<String> {
        let tr = Tr::new(lang);
        let help = self.settings.help(lang).map(|contact| tr.with("help-with", [("contact", &contact)]));
        let first = tr.with("mail-signature", [("owner", &self.settings.owner)]);
        [Some(first), help, Some(tr.t("mail-automatic").into_owned())].into_iter().flatten().collect()
    }
}

/// Text as HTML, fit for attributes in double quotes too.
fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            c => html.push(c),
        }
    }
    html
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::letter::Letter;

    fn stationery() -> Stationery {
        let settings =
            Settings {
                owner: "Tỉnh <Bắc Ninh>".into(), phone: Some("0204 385 4321".into()), ..Settings::default()
            };
        Stationery { origin: "https://so.example.vn".into(), settings }
    }

    #[test]
    fn nothing_in_a_message_becomes_html() {
        let evil = "<script>\"'&";
        let letter = Letter::new(evil)
            .paragraph(evil)
            .list(vec![evil.into()])
            .link(evil, "/x?a=\"><b>")
            .secret_link(evil, "/s")
            .stop_link(evil, "/stop");
        let html = stationery().html(Lang::Vi, &letter.title, &letter.body);
        assert!(!html.contains("<script") && !html.contains("<b>") && !html.contains("Tỉnh <"), "{html}");
        assert_eq!(html.matches("&lt;script&gt;&quot;&#39;&amp;").count(), 6, "{html}");
        assert!(html.contains("href=\"https://so.example.vn/x?a=&quot;&gt;&lt;b&gt;\""), "{html}");
    }

    #[test]
    fn plain_text_has_every_address_on_a_line_of_its_own() {
        let body = Letter::new("t").paragraph("Chào chị.").link("Mở phiếu", "/assessments").body;
        let text = stationery().text(Lang::Vi, &body);
        assert!(text.starts_with("Chào chị.\n\nMở phiếu:\nhttps://so.example.vn/assessments\n\n-- \n"), "{text}");
        assert!(text.contains("\nCần giúp? 0204 385 4321\n"), "where there is help: {text}");
    }

    #[test]
    fn a_wiped_address_is_no_link() {
        let body = Letter::new("t").secret_link("Đặt mật khẩu", "/invitation/abc").body.without_secrets();
        let html = stationery().html(Lang::Vi, "t", &body);
        assert!(!html.contains("href"), "{html}");
    }
}
