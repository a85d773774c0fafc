//! Messages to send. They are queued in the transaction of the change they tell of, so that none is sent for a change
//! that did not happen and none is forgotten for one that did.

use sqlx::{FromRow, QueryBuilder, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use model::text::Lang;

use super::{Result, Store, on};
use crate::mail::letter::{Body, Letter};

/// What a message is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The administrator tries out the mail settings.
    Test,
    /// Somebody got an account and sets its password.
    AccountInvitation,
    /// An account was closed and its person erased; the message forgets its recipient once it is sent.
    Erased,
    /// Somebody else took the enterprise of an account over.
    TakenOver,
    /// An association lists an enterprise as its member.
    MemberInvitation,
    /// An association reminds a member that has not submitted.
    MemberReminder,
    /// The province invites an enterprise of a group.
    GroupInvitation,
    /// The province reminds an enterprise of a group that has not submitted.
    GroupReminder,
    /// A review has a question or a verdict for the enterprise.
    Review,
    /// An association that asked for an account gets none.
    Application,
}

impl Kind {
    /// The name in the database and in exports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::AccountInvitation => "account_invitation",
            Self::Erased => "account_erased",
            Self::TakenOver => "taken_over",
            Self::MemberInvitation => "member_invitation",
            Self::MemberReminder => "member_reminder",
            Self::GroupInvitation => "group_invitation",
            Self::GroupReminder => "group_reminder",
            Self::Review => "review",
            Self::Application => "application",
        }
    }
}

/// How far a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// Waits for the worker, for the first time or for the next.
    Queued,
    /// The mail server has taken it.
    Sent,
    /// There is no mail server: it was written to the folder.
    Held,
    /// It was refused for good, or nobody took it for days.
    Failed,
}

impl MailState {
    /// All states, in the order of a message's life.
    pub const ALL: [Self; 4] = [Self::Queued, Self::Sent, Self::Held, Self::Failed];

    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sent => "sent",
            Self::Held => "held",
            Self::Failed => "failed",
        }
    }

    /// The state of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == name)
    }
}

/// A message to queue, with [`queue!`].
#[derive(Clone, Debug)]
pub struct Message {
    /// Key of the message, part of its Message-ID.
    pub id: Uuid,
    /// The e-mail address it goes to.
    pub to: String,
    /// Its language.
    pub lang: Lang,
    /// What it is for.
    pub kind: Kind,
    /// What it says.
    pub letter: Letter,
    /// The kind of thing it tells of, as in the audit log …
    pub about: &'static str,
    /// … and its key.
    pub about_id: Option<Uuid>,
    /// The association on whose behalf it goes out; none for the province.
    pub sender: Option<Uuid>,
    /// SHA-256 of the token of its stop link, if it has one.
    pub stop: Option<[u8; 32]>,
    /// When it is queued, and from when it may be sent.
    pub at: OffsetDateTime,
}

/// Queues a [`Message`] inside a transaction, beside the `audit!` of the same change.
macro_rules! queue {
    ($tx:expr, $message:expr) => {{
        let message: &$crate::store::Message = $message;
        sqlx::query(
            "INSERT INTO outbox (id, recipient, lang, kind, title, body, about, about_id, sender_id, stop_hash,
                state, attempts, next_at, queued_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $11, $11)",
        )
        .bind(message.id)
        .bind(&message.to)
        .bind(message.lang.code())
        .bind(message.kind.as_str())
        .bind(&message.letter.title)
        .bind(sqlx::types::Json(&message.letter.body))
        .bind(message.about)
        .bind(message.about_id)
        .bind(message.sender)
        .bind(message.stop.as_ref().map(|hash| &hash[..]))
        .bind(message.at)
        .execute(&mut *$tx)
        .await?;
    }};
}
pub(crate) use queue;

/// A message with its history.
#[derive(Clone, Debug, FromRow)]
pub struct StoredMessage {
    /// Key of the message.
    pub id: Uuid,
    /// The e-mail address it goes to.
    pub recipient: String,
    lang: String,
    /// What it is for.
    pub kind: String,
    /// Its subject line.
    pub title: String,
    pub(super) body: Json<Body>,
    state: String,
    /// How often it was tried, the running attempt included.
    pub attempts: i64,
    /// When it may be tried next.
    pub next_at: OffsetDateTime,
    /// What went wrong last.
    pub last_error: Option<String>,
    /// When it was queued.
    pub queued_at: OffsetDateTime,
    /// When it was sent, held or given up.
    pub settled_at: Option<OffsetDateTime>,
}

impl StoredMessage {
    /// Its language.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang.parse().unwrap_or_default()
    }

    /// What it says.
    #[must_use]
    pub fn body(&self) -> &Body {
        &self.body
    }

    /// How far it is.
    #[must_use]
    pub fn state(&self) -> MailState {
        MailState::named(&self.state).unwrap_or(MailState::Failed)
    }
}

/// The columns of a [`StoredMessage`].
macro_rules! columns {
    () => {
        "id, recipient, lang, kind, title, body, state, attempts, next_at, last_error, queued_at, settled_at"
    };
}
pub(super) use columns;

impl Store {
    /// Messages from the newest on, those older than `before`, in one state or in all.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn messages(
        &self,
        state: Option<MailState>,
        before: Option<Uuid>,
        most: i64,
    ) -> Result<Vec<StoredMessage>> {
        // What is asked for and nothing else, and the limit as a number: one plan is the best one whatever the values.
        on!(&self.read, pool => {
            let mut query = QueryBuilder::new(concat!("SELECT ", columns!(), " FROM outbox WHERE TRUE"));
            if let Some(state) = state {
                query.push(" AND state = ").push_bind(state.as_str());
            }
            if let Some(before) = before {
                query.push(" AND id < ").push_bind(before);
            }
            query.push(format!(" ORDER BY id DESC LIMIT {most}"));
            query.build_query_as().fetch_all(pool).await
        })
    }

    /// A message.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn message(&self, id: Uuid) -> Result<Option<StoredMessage>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM outbox WHERE id = $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }
}
