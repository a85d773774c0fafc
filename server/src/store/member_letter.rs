//! What associations write to their members: invitations, reminders, the links in them, and how far each message is.

use serde_json::json;
use sqlx::FromRow;
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{Action, BeginWrite as _, Message, Result, Store, association::By, audit::audit, on, outbox::queue};

/// Why an association writes to members, or the province to a group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Once per campaign, to those that are not done; to members only if they have agreed or not decided.
    Invitation,
    /// At most once in the pause of the settings, to those that are not done.
    Reminder,
}

impl Occasion {
    /// The name in the database.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Invitation => "invitation",
            Self::Reminder => "reminder",
        }
    }
}

/// A member that may be written to now.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Addressee {
    /// Key of the membership.
    pub id: Uuid,
    /// The enterprise's tax code.
    pub tax_code: String,
    /// What it is called in the letter.
    pub name: String,
    /// The address the association wrote down, else that of the account, else that of the register, as written there.
    pub email: Option<String>,
    /// Whether it has an account.
    pub is_registered: bool,
    /// Whether it agreed to be seen.
    pub is_agreed: bool,
}

/// A letter to one member.
#[derive(Clone, Debug)]
pub struct MemberLetter {
    /// Key of the membership.
    pub membership: Uuid,
    /// The message.
    pub message: Message,
    /// SHA-256 of the token of the registration link in it, and until when that works.
    pub link: Option<([u8; 32], OffsetDateTime)>,
}

/// What a registration link fills in.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Joining {
    /// The association that invites.
    pub association: String,
    /// The tax code that may be registered.
    pub tax_code: String,
    /// The name in the register, else what the association wrote; may be empty.
    pub name: String,
    /// The legal form in the register, as a code or as written.
    pub legal_form: Option<String>,
    /// The ward or commune in the register; empty when it is not known.
    pub unit_code: Option<String>,
    /// The VSIC division in the register.
    pub industry_code: Option<String>,
    /// The address the association wrote down.
    pub email: Option<String>,
    /// The telephone number the association wrote down.
    pub phone: Option<String>,
}

/// What a stop link stops.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Stopping {
    /// The association whose letters it stops.
    pub association: String,
    /// Whether that was done already.
    pub is_stopped: bool,
}

/// A message of an association to one of its members.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Delivery {
    /// Key of the message.
    pub id: Uuid,
    /// What it is for, as in the outbox.
    pub kind: String,
    /// A `MailState`.
    pub state: String,
    /// When it was queued.
    pub queued_at: OffsetDateTime,
    /// When it was sent, held or given up.
    pub settled_at: Option<OffsetDateTime>,
    /// Where it went; only an address that the association wrote down itself.
    pub recipient: Option<String>,
    /// What went wrong last; it may name the address, so it is only there with it.
    pub last_error: Option<String>,
}

/// Whether the enterprise of a membership `m` has sent its assessment in the campaign ($2) and need not correct it.
macro_rules! done {
    () => {
        "EXISTS (SELECT 1 FROM enterprise x JOIN assessment a ON a.enterprise_id = x.id WHERE x.tax_code = m.tax_code
         AND a.campaign_id = $2 AND a.state IN ('submitted', 'in_review', 'accepted'))"
    };
}

/// Whether a membership `m` of the association ($1) may be invited to the campaign ($2), if it was not yet.
macro_rules! invitable {
    () => {
        concat!(
            "m.association_id = $1 AND m.stopped_at IS NULL AND (m.state = 'invited' OR (m.state = 'agreed' AND NOT ",
            done!(),
            "))"
        )
    };
}

/// Whether a membership `m` of the association ($1) may be reminded of the campaign ($2), if it was not lately.
macro_rules! remindable {
    () => {
        concat!(
            "m.association_id = $1 AND m.stopped_at IS NULL AND (m.state = 'agreed' OR (m.state = 'invited' AND EXISTS
             (SELECT 1 FROM invitation i WHERE i.membership_id = m.id AND i.campaign_id = $2))) AND NOT ",
            done!()
        )
    };
}

/// Those that may be written to: of one member ($3) or all, after a given one ($4), at most $5.
macro_rules! addressees {
    ($($due:expr),+) => {
        concat!(
            "SELECT m.id, m.tax_code, COALESCE(x.name, NULLIF(m.name, ''), g.name, m.tax_code) AS name,
             COALESCE(m.email, (SELECT p.email FROM account p WHERE p.enterprise_id = x.id AND p.email IS NOT NULL
                AND p.disabled_at IS NULL AND p.role = 'enterprise' ORDER BY p.id LIMIT 1), g.email) AS email,
             x.id IS NOT NULL AS is_registered, m.state = 'agreed' AS is_agreed
             FROM membership m LEFT JOIN enterprise x ON x.tax_code = m.tax_code
             LEFT JOIN register_entry g ON g.tax_code = m.tax_code
             WHERE ($3 IS NULL OR m.id = $3) AND ($4 IS NULL OR m.id > $4) AND ",
            $($due),+,
            " ORDER BY m.id LIMIT $5"
        )
    };
}

const TO_INVITE: &str = addressees!(
    invitable!(),
    " AND NOT EXISTS (SELECT 1 FROM invitation i LEFT JOIN outbox o ON o.id = i.message_id
      WHERE i.membership_id = m.id AND i.campaign_id = $2 AND COALESCE(o.state, '') <> 'failed')"
);
const TO_REMIND: &str = addressees!(
    remindable!(),
    " AND NOT EXISTS (SELECT 1 FROM reminder r WHERE r.campaign_id = $2 AND r.tax_code = m.tax_code
      AND r.reminded_at > $6)"
);

const INVITE: &str = concat!(
    "INSERT INTO invitation (membership_id, campaign_id, message_id, invited_at)
     SELECT m.id, $2, $4, $5 FROM membership m WHERE m.id = $3 AND ",
    invitable!(),
    " ON CONFLICT (membership_id, campaign_id) DO UPDATE SET message_id = excluded.message_id,
        invited_at = excluded.invited_at
      WHERE EXISTS (SELECT 1 FROM outbox o WHERE o.id = invitation.message_id AND o.state = 'failed')"
);
const REMIND: &str = concat!(
    "INSERT INTO reminder (campaign_id, tax_code, reminded_at)
     SELECT $2, m.tax_code, $4 FROM membership m WHERE m.id = $3 AND ",
    remindable!(),
    " ON CONFLICT (campaign_id, tax_code) DO UPDATE SET reminded_at = excluded.reminded_at
      WHERE reminder.reminded_at <= $5"
);

impl Store {
    /// An enterprise is reminded of a campaign at most once in this time, whoever does it.
    pub(super) async fn reminder_pause(&self) -> Result<Duration> {
        Ok(Duration::days(self.settings().await?.unwrap_or_default().reminder_days))
    }

    /// The members that may be written to now, in the order of their keys after a given one; or `only` one, if it may.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn addressees(
        &self,
        occasion: Occasion,
        (association, campaign): (Uuid, Uuid),
        only: Option<Uuid>,
        after: Option<Uuid>,
        limit: i64,
        now: OffsetDateTime,
    ) -> Result<Vec<Addressee>> {
        let pause = self.reminder_pause().await?;
        on!(&self.read, pool => {
            let asked = match occasion {
                Occasion::Invitation => sqlx::query_as(TO_INVITE),
                Occasion::Reminder => sqlx::query_as(TO_REMIND),
            };
            let asked = asked.bind(association).bind(campaign).bind(only).bind(after).bind(limit);
            let asked = if occasion == Occasion::Reminder { asked.bind(now - pause) } else { asked };
            asked.fetch_all(pool).await
        })
    }

    /// Queues letters to members, leaving out those that may no longer be written to: somebody else was quicker, or the
    /// enterprise is done by now. Answers how many were queued.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn send_letters(
        &self,
        occasion: Occasion,
        (association, campaign): (Uuid, Uuid),
        letters: &[MemberLetter],
        by: By,
    ) -> Result<usize> {
        const LINK: &str = "INSERT INTO registration_link (token_hash, membership_id, expires_at) VALUES ($1, $2, $3)";
        let action = match occasion {
            Occasion::Invitation => Action::InvitationsSent,
            Occasion::Reminder => Action::RemindersSent,
        };
        let pause = self.reminder_pause().await?;
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let mut queued = 0;
            for letter in letters {
                let recorded = match occasion {
                    Occasion::Invitation => sqlx::query(INVITE).bind(association).bind(campaign).bind(letter.membership)
                        .bind(letter.message.id).bind(by.at),
                    Occasion::Reminder => sqlx::query(REMIND).bind(association).bind(campaign).bind(letter.membership)
                        .bind(by.at).bind(by.at - pause),
                };
                if recorded.execute(&mut *tx).await?.rows_affected() == 0 {
                    continue;
                }
                if let Some((hash, expires_at)) = &letter.link {
                    sqlx::query(LINK).bind(&hash[..]).bind(letter.membership).bind(expires_at).execute(&mut *tx).await?;
                }
                queue!(tx, &letter.message);
                queued += 1;
            }
            if queued > 0 {
                let detail = json!({ "campaign": campaign, "letters": queued });
                audit!(tx, &by.event(action, "association", association, detail));
            }
            tx.commit().await?;
            Ok(queued)
        })
    }

    /// What a registration link fills in; nothing once it is too old or the enterprise has registered.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn registration_link(&self, token_hash: [u8; 32], now: OffsetDateTime) -> Result<Option<Joining>> {
        const SQL: &str = "SELECT o.name AS association, m.tax_code, COALESCE(g.name, m.name) AS name, g.legal_form,
            g.unit_code, g.division AS industry_code, m.email, m.phone
            FROM registration_link l JOIN membership m ON m.id = l.membership_id
            JOIN association o ON o.id = m.association_id LEFT JOIN register_entry g ON g.tax_code = m.tax_code
            WHERE l.token_hash = $1 AND l.expires_at > $2
            AND NOT EXISTS (SELECT 1 FROM enterprise x WHERE x.tax_code = m.tax_code)";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(&token_hash[..]).bind(now).fetch_optional(pool).await)
    }

    /// What a stop link stops, if there is such a link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stop_link(&self, token_hash: [u8; 32]) -> Result<Option<Stopping>> {
        const SQL: &str = "SELECT a.name AS association, m.stopped_at IS NOT NULL AS is_stopped
            FROM outbox o JOIN membership m ON m.id = o.about_id JOIN association a ON a.id = m.association_id
            WHERE o.stop_hash = $1 AND o.about = 'membership'";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(&token_hash[..]).fetch_optional(pool).await)
    }

    /// Stops the letters of the association to the enterprise that a stop link belongs to; again changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stop_letters(&self, token_hash: [u8; 32], by: By) -> Result<()> {
        const STOP: &str = "UPDATE membership SET stopped_at = $2 WHERE stopped_at IS NULL
            AND id = (SELECT about_id FROM outbox WHERE stop_hash = $1 AND about = 'membership') RETURNING id";
        // What has not gone out stays here; the message with this link has, or somebody tried.
        const KEEP: &str = "DELETE FROM outbox WHERE about = 'membership' AND about_id = $1 AND state = 'queued'
            AND stop_hash <> $2";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let stopped: Option<Uuid> =
                sqlx::query_scalar(STOP).bind(&token_hash[..]).bind(by.at).fetch_optional(&mut *tx).await?;
            let Some(membership) = stopped else { return Ok(()) };
            sqlx::query(KEEP).bind(membership).bind(&token_hash[..]).execute(&mut *tx).await?;
            audit!(tx, &by.event(Action::RemindersStopped, "membership", membership, json!({})));
            tx.commit().await
        })
    }

    /// The messages that an association sent to one of its members, the newest first: letters, and as long as the
    /// member agrees, what reviews told it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn deliveries(&self, membership: Uuid, association: Uuid) -> Result<Vec<Delivery>> {
        macro_rules! messages {
            ($about:literal) => {
                concat!(
                    "SELECT o.id, o.kind, o.state, o.queued_at, o.settled_at,
                     CASE WHEN o.recipient = m.email THEN o.recipient END AS recipient,
                     CASE WHEN o.recipient = m.email THEN o.last_error END AS last_error FROM membership m ",
                    $about,
                    " AND o.sender_id = m.association_id WHERE m.id = $1 AND m.association_id = $2 "
                )
            };
        }
        const SQL: &str = concat!(
            messages!("JOIN outbox o ON o.about = 'membership' AND o.about_id = m.id"),
            "UNION ALL ",
            messages!(
                "JOIN enterprise x ON x.tax_code = m.tax_code AND m.state = 'agreed'
                 JOIN assessment a ON a.enterprise_id = x.id
                 JOIN outbox o ON o.about = 'assessment' AND o.about_id = a.id"
            ),
            "ORDER BY 1 DESC LIMIT 100"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(membership).bind(association).fetch_all(pool).await)
    }
}
