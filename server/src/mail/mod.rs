//! Mail: what messages say, and the worker that sends what the outbox holds.
//!
//! A message is claimed by a committed update before anything is sent, and marked as sent after the mail server has
//! taken it. It is therefore sent twice only when the program dies, or the connection breaks, between the server's
//! yes and that mark. SMTP leaves the same gap to everybody (RFC 5321, 4.1.1.10 and 6.1); both copies carry the same
//! Message-ID, by which mailboxes recognise them.

use std::{path::PathBuf, time::Duration as Wait};

use anyhow::Context as _;
use lettre::{
    Address, AsyncSmtpTransport, AsyncTransport as _, Message as Mail, Tokio1Executor,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
    transport::smtp::response::{Category, Severity},
};
use time::{Duration, OffsetDateTime};
use tokio::sync::watch;

use crate::{
    clock,
    config::Config,
    store::{Outcome, Store, StoredMessage},
};

pub mod compose;
pub mod letter;
pub mod render;

use render::Stationery;

/// How often the worker looks for messages that are due.
const LOOK: Wait = Wait::from_secs(2);
/// The mail server has this long for each command …
const COMMAND: Wait = Wait::from_secs(30);
/// … and this long for a whole message: less than the lease of a claim.
const WHOLE: Wait = Wait::from_secs(300);
/// With a first wait of a minute that doubles up to half a day, this many attempts take three days.
const MOST_ATTEMPTS: i64 = 16;
const LONGEST_WAIT: Duration = Duration::hours(12);
/// More of a mail server's answer is not kept.
const LONGEST_ERROR: usize = 500;

/// Sends what is due, one message after the other.
pub struct Mailer {
    store: Store,
    post: Post,
    from: Mailbox,
    first_wait: Duration,
    stationery: Stationery,
}

/// Where messages go.
enum Post {
    Smtp(AsyncSmtpTransport<Tokio1Executor>),
    /// There is no mail server: one file a message, for the administrator.
    Folder(PathBuf),
}

impl Mailer {
    /// A mailer as the settings say.
    ///
    /// # Errors
    /// When the settings do not go together or the address of the mail server cannot be read.
    pub fn new(store: Store, config: &Config) -> anyhow::Result<Self> {
        let post = match &config.smtp_url {
            Some(url) => Post::Smtp(transport(url)?),
            None => Post::Folder(config.mail_folder.clone()),
        };
        let from = match (&config.mail_from, &post) {
            (Some(from), _) => from.clone(),
            (None, Post::Folder(_)) => Mailbox::new(None, Address::new("thuocso", "localhost")?),
            (None, Post::Smtp(_)) => {
                anyhow::bail!("--smtp-url needs --mail-from, the address that messages come from")
            }
        };
        let first_wait = Duration::seconds(config.mail_retry.into());
        Ok(Self { store, post, from, first_wait, stationery: config.stationery() })
    }

    /// Sends messages until `stop` changes or its sender is gone; the message under way is finished.
    pub async fn run(self, mut stop: watch::Receiver<()>) {
        loop {
            let more = match self.deliver_next(clock::now()).await {
                Ok(delivered) => delivered,
                Err(error) => {
                    tracing::error!(%error, "the outbox cannot be read");
                    false
                }
            };
            // Stopping is looked at between two messages; waiting only when nothing is due.
            let wait = if more { Wait::ZERO } else { LOOK };
            tokio::select! {
                biased;
                _ = stop.changed() => return,
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Makes one attempt at the message that has waited longest; answers whether one was due.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliver_next(&self, now: OffsetDateTime) -> Result<bool, sqlx::Error> {
        let Some(claim) = self.store.claim_message(now).await? else { return Ok(false) };
        let outcome = self.attempt(&claim, now).await;
        match &outcome {
            Outcome::Sent | Outcome::Held => {}
            // The server's words may name the recipient: they stay in the database.
            Outcome::Later(..) => {
                tracing::warn!(message = %claim.id, attempts = claim.attempts, "not sent, tried again later");
            }
            Outcome::Failed(_) => tracing::warn!(message = %claim.id, attempts = claim.attempts, "given up"),
        }
        self.store.settle_message(&claim, &outcome, now).await?;
        Ok(true)
    }

    async fn attempt(&self, claim: &StoredMessage, now: OffsetDateTime) -> Outcome {
        let mut stationery = self.stationery.clone();
        if let Ok(Some(settings)) = self.store.settings().await {
            stationery.settings = settings;
        }
        let mail = match self.mail(claim, &stationery) {
            Ok(mail) => mail,
            Err(error) => return Outcome::Failed(short(&format!("{error:#}"))),
        };
        match &self.post {
            Post::Folder(folder) => {
                let written = write(folder, &format!("{}.eml", claim.id), &mail.formatted()).await;
                match written.with_context(|| format!("cannot write into {}", folder.display())) {
                    Ok(()) => Outcome::Held,
                    Err(error) => self.later(claim, &format!("{error:#}"), now),
                }
            }
            Post::Smtp(transport) => match tokio::time::timeout(WHOLE, transport.send(mail)).await {
                Ok(Ok(_)) => Outcome::Sent,
                Ok(Err(error)) if is_refusal(&error) => Outcome::Failed(short(&chain(&error))),
                Ok(Err(error)) => self.later(claim, &chain(&error), now),
                Err(_) => self.later(claim, "the mail server took too long", now),
            },
        }
    }

    /// Waits double from attempt to attempt, until there have been enough.
    fn later(&self, claim: &StoredMessage, error: &str, now: OffsetDateTime) -> Outcome {
        if claim.attempts >= MOST_ATTEMPTS {
            return Outcome::Failed(short(error));
        }
        let doublings = u32::try_from(claim.attempts - 1).unwrap_or(0).min(16);
        let wait = (self.first_wait * 2_i32.pow(doublings)).min(LONGEST_WAIT);
        Outcome::Later(short(error), now + wait)
    }

    fn mail(&self, message: &StoredMessage, stationery: &Stationery) -> anyhow::Result<Mail> {
        let (lang, body) = (message.lang(), message.body());
        let to: Address = message.recipient.parse().context("the recipient's address cannot be read")?;
        let mut mail = Mail::builder()
            .from(self.from.clone())
            .to(Mailbox::new(None, to))
            .subject(message.title.as_str())
            // The same at every attempt, so that a mailbox recognises a copy.
            .message_id(Some(format!("<{}@{}>", message.id, self.from.email.domain())))
            .date(message.queued_at.into())
            .raw_header(header("Auto-Submitted", "auto-generated")?);
        if let Some(path) = body.stop_path() {
            let address = format!("<{}>", stationery.address(lang, path));
            mail = mail.raw_header(header("List-Unsubscribe", &address)?);
        }
        let html = stationery.html(lang, &message.title, body);
        Ok(mail.multipart(MultiPart::alternative_plain_html(stationery.text(lang, body), html))?)
    }
}

fn header(name: &'static str, value: &str) -> anyhow::Result<HeaderValue> {
    let name = HeaderName::new_from_ascii(name.to_owned()).map_err(|_| anyhow::anyhow!("no header name: {name}"))?;
    Ok(HeaderValue::new(name, value.to_owned()))
}

fn transport(url: &str) -> anyhow::Result<AsyncSmtpTransport<Tokio1Executor>> {
    // The address may hold a password: it is not repeated.
    let builder = AsyncSmtpTransport::<Tokio1Executor>::from_url(url).map_err(|_| {
        anyhow::anyhow!(
            "--smtp-url cannot be read; write smtps://user:password@host, or smtp://user:password@host:587?tls=required"
        )
    })?;
    Ok(builder.timeout(Some(COMMAND)).build())
}

/// Whether the mail server refuses this message for good: codes 55x, which are about the mailbox or the message
/// (RFC 5321, 4.2.1). Others, such as a refused password (53x), are a matter of the settings: the message waits.
fn is_refusal(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| {
        code.severity == Severity::PermanentNegativeCompletion && code.category == Category::MailSystem
    })
}

/// An error with what caused it, once each.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        let said = next.to_string();
        if !text.contains(&said) {
            text = format!("{text}: {said}");
        }
        cause = next.source();
    }
    text
}

fn short(error: &str) -> String {
    error.chars().map(|c| if c.is_control() { ' ' } else { c }).take(LONGEST_ERROR).collect()
}

/// Writes a file whole or not at all; the same name again replaces it.
async fn write(folder: &std::path::Path, name: &str, bytes: &[u8]) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    let partial = folder.join(format!("{name}.partial"));
    tokio::fs::write(&partial, bytes).await?;
    tokio::fs::rename(partial, folder.join(name)).await
}
