//! Settings: command line first, then environment, then the defaults of a first start.

use std::{net::SocketAddr, path::PathBuf};

use clap::Args;
use lettre::message::Mailbox;
use tower_http::csrf::CsrfLayer;

use crate::{http::access::Limits, mail::render::Stationery, store::Settings};

/// How the server runs.
#[derive(Clone, Debug, Args)]
pub struct Config {
    /// Where to listen. Port 0 takes any free port.
    #[arg(long, env = "THUOCSO_LISTEN", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,

    /// The database: `sqlite:PATH` or `postgres://…`.
    #[arg(long, env = "THUOCSO_DATABASE", default_value = "sqlite:data/thuocso.sqlite")]
    pub database: String,

    /// The public address, such as `https://thuocso.example.vn`, when a proxy stands in front.
    /// With https, cookies get the `__Host-` prefix and `Secure`; forms sent from this origin are accepted.
    #[arg(long, env = "THUOCSO_ORIGIN", value_parser = origin)]
    pub origin: Option<String>,

    /// Believe the last address of `X-Forwarded-For`: only behind a proxy of your own that sets it.
    #[arg(long, env = "THUOCSO_BEHIND_PROXY")]
    pub behind_proxy: bool,

    /// Who runs this, shown beside the name, until the administrator changes the settings.
    #[arg(long, env = "THUOCSO_OWNER", default_value = "Tỉnh Bắc Ninh")]
    pub owner: String,

    /// Where respondents get help, shown at the foot of every page: a phone number, hours, a chat account. It counts
    /// until the administrator changes the settings.
    #[arg(long, env = "THUOCSO_HELP_LINE")]
    pub help_line: Option<String>,

    /// The mail server: `smtps://user:password@host`, or `smtp://user:password@host:587?tls=required`.
    /// Without one, messages are shown to the administrator and written to a folder.
    #[arg(long, env = "THUOCSO_SMTP_URL", hide_env_values = true)]
    pub smtp_url: Option<String>,

    /// The address that messages come from, such as `Thước Số <thuocso@example.vn>`.
    #[arg(long, env = "THUOCSO_MAIL_FROM")]
    pub mail_from: Option<Mailbox>,

    /// Where messages are written while there is no mail server, one file each.
    #[arg(long, env = "THUOCSO_MAIL_FOLDER", default_value = "data/mail")]
    pub mail_folder: PathBuf,

    /// Where the evidence files of enterprises lie. Keep it with the database: a backup needs both.
    #[arg(long, env = "THUOCSO_EVIDENCE_FOLDER", default_value = "data/evidence")]
    pub evidence_folder: PathBuf,

    /// How long to wait after the first failed attempt to send a message, in seconds; doubles up to 12 hours.
    #[arg(long, env = "THUOCSO_MAIL_RETRY", default_value = "60", value_parser = clap::value_parser!(u32).range(1..=3600))]
    pub mail_retry: u32,

    /// A questionnaire file for the campaign made at the first start, instead of the built-in one.
    #[arg(long, env = "THUOCSO_QUESTIONNAIRE")]
    pub questionnaire: Option<PathBuf>,

    /// How long calls may take. Nobody has to set it.
    #[arg(skip)]
    pub limits: Limits,
}

impl Config {
    /// Whether browsers reach the server over https, so that cookies can be marked `Secure`.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.origin.as_deref().is_some_and(|origin| origin.starts_with("https://"))
    }

    /// The whole address of a path for somebody who does not look at this server yet, such as the reader of a printed letter;
    /// none where nobody has said under which address it is reached.
    #[must_use]
    pub fn address(&self, path: &str) -> Option<String> {
        self.origin.as_ref().map(|origin| format!("{origin}{path}"))
    }

    /// What is the same in all messages: this server's address and who runs it.
    #[must_use]
    pub fn stationery(&self) -> Stationery {
        let origin = self.origin.clone().unwrap_or_else(|| format!("http://{}", self.listen));
        Stationery { origin, settings: self.settings() }
    }

    /// The settings of the province as long as nobody has changed them.
    #[must_use]
    pub fn settings(&self) -> Settings {
        let (help_vi, help_en) = (self.help_line.clone(), self.help_line.clone());
        Settings { owner: self.owner.clone(), help_vi, help_en, ..Settings::default() }
    }
}

/// Refuses what browsers never send as `Origin`: forms would be refused later, and nobody would know why.
fn origin(typed: &str) -> Result<String, String> {
    let remedy =
        "give scheme and host as a browser shows them, such as https://thuocso.example.vn, without a slash at the end";
    // The layer takes these, but browsers shorten or drop them.
    let has_default_port = |scheme: &str, port: &str| typed.starts_with(scheme) && typed.ends_with(port);
    let is_shortened = typed != typed.to_lowercase()
        || typed.contains('@')
        || has_default_port("https://", ":443")
        || has_default_port("http://", ":80");
    match CsrfLayer::new().add_trusted_origin(typed) {
        Ok(_) if !is_shortened => Ok(typed.to_owned()),
        _ => Err(remedy.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::{Config, origin};

    #[derive(Debug, Parser)]
    struct Program {
        #[command(flatten)]
        config: Config,
    }

    #[test]
    fn the_program_says_what_to_give_instead_of_such_an_origin() {
        let error = Program::try_parse_from(["thuocso", "--origin", "https://example.vn/"]).unwrap_err().to_string();
        assert!(error.contains("--origin") && error.contains("without a slash at the end"), "{error}");
    }

    #[test]
    fn only_what_browsers_send_is_an_origin() {
        for good in
            ["https://thuocso.example.vn", "http://127.0.0.1:8080", "https://example.vn:8443", "http://[::1]:443"]
        {
            assert_eq!(origin(good).as_deref(), Ok(good));
        }
        for bad in [
            "thuocso.example.vn",
            "https://thuocso.example.vn/",
            "https://example.vn/so",
            "https://example.vn?so",
            "https://Example.vn",
            "https://example.vn:443",
            "http://example.vn:80",
            "https://so@example.vn",
            "https://thước.example.vn",
            "ftp://example.vn",
            "null",
            "*",
            "",
        ] {
            assert!(origin(bad).is_err(), "{bad}");
        }
    }
}
