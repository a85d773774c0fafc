//! What the province writes to the groups of a campaign: invitations and reminders by mail, codes for printed letters, and
//! the stop link.

use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Claimable, Message, Occasion, Result, Store,
    association::By,
    audit::audit,
    group::{address, entries},
    on,
    outbox::queue,
};

/// A group that letters are being written to.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AskedGroup {
    /// Key of the group.
    pub id: Uuid,
    /// Key of its campaign.
    pub campaign: Uuid,
    asked: String,
    /// Who had it done.
    pub account: Option<Uuid>,
}

impl AskedGroup {
    /// Which letters.
    #[must_use]
    pub fn occasion(&self) -> Occasion {
        if self.asked == Occasion::Reminder.as_str() { Occasion::Reminder } else { Occasion::Invitation }
    }
}

/// An enterprise of a group that may be written to now.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct GroupAddressee {
    /// Key of the entry.
    pub id: Uuid,
    /// Canonical tax code.
    pub tax_code: String,
    /// What it is called in the letter.
    pub name: String,
    /// The address, as written down.
    pub email: String,
    /// Whether it has an account.
    pub is_registered: bool,
}

/// A letter to an enterprise of a group.
#[derive(Clone, Debug)]
pub struct GroupLetter {
    /// Key of the entry.
    pub entry: Uuid,
    /// The message.
    pub message: Message,
    /// SHA-256 of tax code and code in the letter, and until when the code works.
    pub code: Option<([u8; 32], OffsetDateTime)>,
}

/// Whether an entry `e` has no use for letters: its enterprise has sent its assessment and need not correct it, wants no
/// letters, or has closed down.
macro_rules! closed {
    () => {
        "EXISTS (SELECT 1 FROM enterprise x JOIN assessment a ON a.enterprise_id = x.id WHERE x.tax_code = e.tax_code
            AND a.campaign_id = e.campaign_id AND a.state IN ('submitted', 'in_review', 'accepted'))
         OR EXISTS (SELECT 1 FROM province_stop s WHERE s.tax_code = e.tax_code)
         OR EXISTS (SELECT 1 FROM register_entry r WHERE r.tax_code = e.tax_code AND r.status = 'closed')"
    };
}

/// Whether an entry `e` was not invited by mail yet, or by a message that could not be delivered.
macro_rules! invitable {
    () => {
        concat!(
            "(e.message_id IS NULL OR EXISTS (SELECT 1 FROM outbox o WHERE o.id = e.message_id AND o.state = 'failed'))
             AND NOT (",
            closed!(),
            ")"
        )
    };
}

/// Whether an entry `e` was invited by mail before a moment, and may be reminded if it was not since then.
macro_rules! remindable {
    ($since:literal) => {
        concat!("e.message_id IS NOT NULL AND e.invited_at <= ", $since, " AND NOT (", closed!(), ")")
    };
}

/// The entries of a group ($1) that may be written to and have an address, after a tax code ($2), at most $3.
macro_rules! addressees {
    ($($due:expr),+) => {
        concat!(
            "SELECT e.id, e.tax_code, COALESCE(x.name, r.name, e.tax_code) AS name, ",
            address!(),
            " AS email, x.id IS NOT NULL AS is_registered FROM ",
            entries!(),
            "WHERE e.group_id = $1 AND e.tax_code > $2 AND ",
            address!(),
            " IS NOT NULL AND ",
            $($due),+,
            " ORDER BY e.tax_code LIMIT $3"
        )
    };
}

const TO_INVITE: &str = addressees!(invitable!());
const TO_REMIND: &str = addressees!(
    remindable!("$4"),
    " AND NOT EXISTS (SELECT 1 FROM reminder m WHERE m.campaign_id = e.campaign_id AND m.tax_code = e.tax_code
      AND m.reminded_at > $4)"
);
const INVITE: &str = concat!(
    "UPDATE invitation_group_entry AS e SET message_id = $3, invited_at = $4 WHERE e.id = $1 AND e.group_id = $2 AND ",
    invitable!()
);
const REMIND: &str = concat!(
    "INSERT INTO reminder (campaign_id, tax_code, reminded_at)
     SELECT e.campaign_id, e.tax_code, $4 FROM invitation_group_entry e WHERE e.id = $1 AND e.group_id = $2 AND ",
    remindable!("$3"),
    " ON CONFLICT (campaign_id, tax_code) DO UPDATE SET reminded_at = excluded.reminded_at
      WHERE reminder.reminded_at <= $3"
);

impl Store {
    /// The enterprises of a group that have an address and may be written to now, in the order of their tax codes
    /// after a given one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group_addressees(
        &self,
        occasion: Occasion,
        group: Uuid,
        after: &str,
        limit: i64,
        now: OffsetDateTime,
    ) -> Result<Vec<GroupAddressee>> {
        let pause = self.reminder_pause().await?;
        on!(&self.read, pool => {
            let asked = match occasion {
                Occasion::Invitation => sqlx::query_as(TO_INVITE),
                Occasion::Reminder => sqlx::query_as(TO_REMIND),
            };
            let asked = asked.bind(group).bind(after).bind(limit);
            let asked = if occasion == Occasion::Reminder { asked.bind(now - pause) } else { asked };
            asked.fetch_all(pool).await
        })
    }

    /// How many enterprises of a group may be written to now.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn count_group_addressees(&self, occasion: Occasion, group: Uuid, now: OffsetDateTime) -> Result<i64> {
        let due = match occasion {
            Occasion::Invitation => TO_INVITE,
            Occasion::Reminder => TO_REMIND,
        };
        let sql = format!("SELECT count(*) FROM ({due}) AS due");
        let pause = self.reminder_pause().await?;
        on!(&self.read, pool => {
            let count = sqlx::query_scalar(AssertSqlSafe(sql)).bind(group).bind("").bind(i64::MAX);
            let count = if occasion == Occasion::Reminder { count.bind(now - pause) } else { count };
            count.fetch_one(pool).await
        })
    }

    /// Has letters written to a group of the campaign, which must be open. Answers whether that begins now: it does not
    /// while letters are being written to it already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn ask_group(
        &self,
        (campaign, group): (Uuid, Uuid),
        occasion: Occasion,
        account: Uuid,
        by: By,
    ) -> Result<bool> {
        const SQL: &str = "UPDATE invitation_group SET asked = $3, asked_at = $4, asked_by = $5
            WHERE id = $2 AND campaign_id = $1 AND asked IS NULL AND EXISTS (SELECT 1 FROM campaign c
                WHERE c.id = $1 AND c.state = 'open' AND c.opens_at <= $4 AND c.closes_at > $4)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let asked = sqlx::query(SQL).bind(campaign).bind(group).bind(occasion.as_str()).bind(by.at).bind(account)
                .execute(&mut *tx).await?;
            if asked.rows_affected() == 0 {
                return Ok(false);
            }
            let detail = json!({ "campaign": campaign, "letters": occasion.as_str() });
            audit!(tx, &by.event(Action::GroupAsked, "invitation_group", group, detail));
            tx.commit().await?;
            Ok(true)
        })
    }

    /// The groups that letters are being written to, the first one asked for first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn asked_groups(&self) -> Result<Vec<AskedGroup>> {
        const SQL: &str = "SELECT id, campaign_id AS campaign, asked, asked_by AS account FROM invitation_group
            WHERE asked IS NOT NULL ORDER BY asked_at, id LIMIT 100";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }

    /// Queues letters to enterprises of a group, leaving out those that may no longer be written to; with the last ones,
    /// nothing more is being written to it. Answers how many were queued.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn send_group_letters(
        &self,
        group: &AskedGroup,
        letters: &[GroupLetter],
        is_last: bool,
        by: By,
    ) -> Result<usize> {
        const LOCK: &str = "UPDATE invitation_group SET title = title WHERE id = $1 AND asked = $2";
        const CODE: &str = "INSERT INTO mailed_code (code_hash, tax_code, expires_at)
            SELECT $1, e.tax_code, $3 FROM invitation_group_entry e WHERE e.id = $2
            AND NOT EXISTS (SELECT 1 FROM enterprise x WHERE x.tax_code = e.tax_code)";
        const END: &str = "UPDATE invitation_group SET asked = NULL, asked_at = NULL, asked_by = NULL WHERE id = $1";
        let occasion = group.occasion();
        let pause = self.reminder_pause().await?;
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let locked = sqlx::query(LOCK).bind(group.id).bind(occasion.as_str()).execute(&mut *tx).await?;
            if locked.rows_affected() == 0 {
                // Another process came to its end.
                return Ok(0);
            }
            let mut queued = 0;
            for letter in letters {
                let recorded = match occasion {
                    Occasion::Invitation => sqlx::query(INVITE).bind(letter.entry).bind(group.id)
                        .bind(letter.message.id).bind(by.at),
                    Occasion::Reminder => sqlx::query(REMIND).bind(letter.entry).bind(group.id)
                        .bind(by.at - pause).bind(by.at),
                };
                if recorded.execute(&mut *tx).await?.rows_affected() == 0 {
                    continue;
                }
                if let Some((hash, expires_at)) = &letter.code {
                    sqlx::query(CODE).bind(&hash[..]).bind(letter.entry).bind(expires_at).execute(&mut *tx).await?;
                }
                queue!(tx, &letter.message);
                queued += 1;
            }
            if is_last {
                sqlx::query(END).bind(group.id).execute(&mut *tx).await?;
            }
            let detail = json!({ "campaign": group.campaign, "letters": occasion.as_str(), "queued": queued });
            audit!(tx, &by.event(Action::GroupWritten, "invitation_group", group.id, detail));
            tx.commit().await?;
            Ok(queued)
        })
    }

    /// The enterprises of a group that only a printed letter reaches and that still need one, in the order of names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn claimable_of_group(&self, group: Uuid, limit: i64, now: OffsetDateTime) -> Result<Vec<Claimable>> {
        const SQL: &str = concat!(
            "SELECT r.tax_code, r.name, r.address, r.unit_code, r.district_code FROM invitation_group_entry e
             JOIN register_entry r ON r.tax_code = e.tax_code WHERE e.group_id = $1 AND r.email IS NULL
             AND NOT EXISTS (SELECT 1 FROM enterprise x WHERE x.tax_code = e.tax_code)
             AND NOT EXISTS (SELECT 1 FROM claim_code c WHERE c.tax_code = e.tax_code AND c.expires_at > $2)
             AND NOT (",
            closed!(),
            ") ORDER BY r.name_sort, r.tax_code LIMIT $3"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(group).bind(now).bind(limit).fetch_all(pool).await)
    }

    /// Whether the province's letters to the enterprise of a stop link are stopped; none if there is no such link.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn province_stop_link(&self, token_hash: [u8; 32]) -> Result<Option<bool>> {
        const SQL: &str =
            "SELECT s.tax_code IS NOT NULL FROM outbox o JOIN invitation_group_entry e ON e.id = o.about_id
            LEFT JOIN province_stop s ON s.tax_code = e.tax_code
            WHERE o.stop_hash = $1 AND o.about = 'invitation_group_entry'";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(&token_hash[..]).fetch_optional(pool).await)
    }

    /// Stops the province's invitations and reminders to the enterprise that a stop link belongs to, in every campaign;
    /// again changes nothing.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn stop_province_letters(&self, token_hash: [u8; 32], by: By) -> Result<()> {
        const ENTRY: &str = "SELECT e.id, e.tax_code FROM outbox o JOIN invitation_group_entry e ON e.id = o.about_id
            WHERE o.stop_hash = $1 AND o.about = 'invitation_group_entry'";
        const STOP: &str = "INSERT INTO province_stop (tax_code, stopped_at) VALUES ($1, $2)
            ON CONFLICT (tax_code) DO NOTHING";
        // What has not gone out stays here; the message with this link has, or somebody tried.
        const KEEP: &str = "DELETE FROM outbox WHERE about = 'invitation_group_entry' AND state = 'queued'
            AND stop_hash <> $2 AND about_id IN (SELECT id FROM invitation_group_entry WHERE tax_code = $1)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let entry: Option<(Uuid, String)> =
                sqlx::query_as(ENTRY).bind(&token_hash[..]).fetch_optional(&mut *tx).await?;
            let Some((entry, tax_code)) = entry else { return Ok(()) };
            let stopped = sqlx::query(STOP).bind(&tax_code).bind(by.at).execute(&mut *tx).await?;
            if stopped.rows_affected() == 0 {
                return Ok(());
            }
            sqlx::query(KEEP).bind(&tax_code).bind(&token_hash[..]).execute(&mut *tx).await?;
            audit!(tx, &by.event(Action::RemindersStopped, "invitation_group_entry", entry, json!({})));
            tx.commit().await
        })
    }
}
