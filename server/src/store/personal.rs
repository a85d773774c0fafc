//! What is stored about a person: a copy of it, and its erasure (Law 91/2025/QH15 on personal data, articles 4 and 16).
//!
//! What was done stays: submissions, because published figures rest on them, and the audit log, because it is a chain.
//! Both know people by the key of their account alone, and after the erasure that key leads to nobody.

use model::role::Role;
use serde::Serialize;
use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Message, Result, Store, StoredMessage,
    association::By,
    audit::audit,
    on,
    outbox::{columns, queue},
};

/// What stands in the place of a name.
pub const ERASED: &str = "(đã xóa)";

/// More rows of one kind are not copied: who has more asks the administrator for the rest of the log.
const MOST: i64 = 20_000;

/// The account itself.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Profile {
    /// What the person may do.
    pub role: String,
    /// The name.
    pub full_name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// The phone number.
    pub phone: Option<String>,
    /// The enterprise that the account belongs to …
    pub enterprise: Option<String>,
    /// … or the association.
    pub association: Option<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

/// A session that has not ended.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct SessionSeen {
    /// The sign-in.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// A request not long before the last.
    #[serde(with = "time::serde::rfc3339")]
    pub seen_at: OffsetDateTime,
}

/// A consent.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Consent {
    /// What for.
    pub purpose: String,
    /// The association that it is about.
    pub association: Option<String>,
    /// The version of the text that was agreed to.
    pub text_version: String,
    /// When it was given.
    #[serde(with = "time::serde::rfc3339")]
    pub given_at: OffsetDateTime,
    /// When it was withdrawn.
    #[serde(with = "time::serde::rfc3339::option")]
    pub withdrawn_at: Option<OffsetDateTime>,
}

/// Something that the person did, or that was done to the account.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Logged {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// An [`Action`] by its name.
    pub action: String,
    /// What it was done to …
    pub subject: String,
    /// … by its key.
    pub subject_id: Option<Uuid>,
    /// What else the log says.
    pub detail: Json<Value>,
    /// The network it came from.
    pub origin: Option<String>,
}

/// What the person wrote in a review, or a file that was added.
#[derive(Clone, Debug, FromRow, Serialize)]
pub struct Written {
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// The kind of entry; `evidence` for a file.
    pub kind: String,
    /// The words, or the file's name.
    pub text: String,
}

/// Everything about one person.
#[derive(Clone, Debug)]
pub struct Personal {
    /// The account.
    pub profile: Profile,
    /// Its sessions.
    pub sessions: Vec<SessionSeen>,
    /// Its consents.
    pub consents: Vec<Consent>,
    /// Its rows of the audit log, newest first.
    pub logged: Vec<Logged>,
    /// Messages to the person, newest first.
    pub messages: Vec<StoredMessage>,
    /// What the person wrote, newest first.
    pub written: Vec<Written>,
}

/// An erasure.
#[derive(Clone, Debug)]
pub struct Erasing {
    /// Whose.
    pub account: Uuid,
    /// Under which hashes wrong passwords of this person are counted.
    pub attempts: Vec<[u8; 32]>,
    /// The message that confirms it; it forgets its recipient once it is sent.
    pub confirmation: Option<Message>,
}

/// How an erasure ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Erasure {
    /// Done; these messages are gone.
    Done(Vec<Uuid>),
    /// Somebody else has to be an administrator first. Nothing was changed.
    LastAdministrator,
    /// There is no such account, or it was erased before.
    Missing,
}

#[derive(FromRow)]
struct Who {
    full_name: String,
    email: Option<String>,
    phone: Option<String>,
    enterprise_id: Option<Uuid>,
}

impl Store {
    /// Everything that is stored about the person of an account.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn personal(&self, account: Uuid) -> Result<Option<Personal>> {
        const PROFILE: &str = "SELECT a.role, a.full_name, a.email, a.phone, e.name AS enterprise,
            o.name AS association, a.created_at FROM account a LEFT JOIN enterprise e ON e.id = a.enterprise_id
            LEFT JOIN association o ON o.id = a.association_id WHERE a.id = $1";
        const SESSIONS: &str = "SELECT created_at, seen_at FROM session WHERE account_id = $1 ORDER BY created_at DESC";
        const CONSENTS: &str = "SELECT c.purpose, o.name AS association, c.text_version, c.given_at, c.withdrawn_at
            FROM consent c LEFT JOIN association o ON o.id = c.association_id WHERE c.account_id = $1 ORDER BY c.id";
        const LOGGED: &str = "SELECT at, action, subject, subject_id, detail, origin FROM audit
            WHERE account_id = $1 OR (subject = 'account' AND subject_id = $1) ORDER BY at DESC, id DESC LIMIT $2";
        const MESSAGES: &str =
            concat!("SELECT ", columns!(), " FROM outbox WHERE recipient = $1 ORDER BY id DESC LIMIT $2");
        const WRITTEN: &str = "SELECT at, kind, text FROM review_entry WHERE account_id = $1 AND text <> ''
            UNION ALL SELECT uploaded_at AS at, 'evidence' AS kind, name AS text FROM evidence WHERE uploaded_by = $1
            ORDER BY at DESC LIMIT $2";
        on!(&self.read, pool => {
            let profile: Option<Profile> = sqlx::query_as(PROFILE).bind(account).fetch_optional(pool).await?;
            let Some(profile) = profile else { return Ok(None) };
            let email = profile.email.clone().unwrap_or_default();
            Ok(Some(Personal {
                sessions: sqlx::query_as(SESSIONS).bind(account).fetch_all(pool).await?,
                consents: sqlx::query_as(CONSENTS).bind(account).fetch_all(pool).await?,
                logged: sqlx::query_as(LOGGED).bind(account).bind(MOST).fetch_all(pool).await?,
                messages: sqlx::query_as(MESSAGES).bind(email).bind(MOST).fetch_all(pool).await?,
                written: sqlx::query_as(WRITTEN).bind(account).bind(MOST).fetch_all(pool).await?,
                profile,
            }))
        })
    }

    /// Whether nobody else may sign in for the enterprise of an account; false for accounts of no enterprise.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_last_of_enterprise(&self, account: Uuid) -> Result<bool> {
        const SQL: &str = "SELECT count(*) FROM account a WHERE a.id = $1 AND a.enterprise_id IS NOT NULL
            AND NOT EXISTS (SELECT 1 FROM account b WHERE b.enterprise_id = a.enterprise_id AND b.id <> a.id
                AND b.disabled_at IS NULL
                AND NOT EXISTS (SELECT 1 FROM account_invitation i WHERE i.account_id = b.id))";
        let last: i64 = on!(&self.read, pool => sqlx::query_scalar(SQL).bind(account).fetch_one(pool).await)?;
        Ok(last > 0)
    }

    /// Closes an account and erases the person, in one transaction with its audit row.
    ///
    /// # Errors
    /// When the database fails: nothing was changed then.
    pub async fn erase(&self, erasing: &Erasing, by: By) -> Result<Erasure> {
        // Administrators wait for each other here: of the last two that go at once, one stays.
        const ADMINISTRATORS: &str = "UPDATE account SET role = role WHERE role = 'administrator'";
        const LAST: &str = "SELECT count(*) FROM account a WHERE a.id = $1 AND a.role = 'administrator'
            AND NOT EXISTS (SELECT 1 FROM account b WHERE b.role = 'administrator' AND b.id <> a.id
                AND b.disabled_at IS NULL)";
        const LOCK: &str = "UPDATE account SET role = role WHERE id = $1 AND erased_at IS NULL
            RETURNING full_name, email, phone, enterprise_id";
        // Who has not taken up an invitation could take nothing back.
        const OTHERS: &str = "SELECT count(*) FROM account a
            WHERE a.enterprise_id = $1 AND a.id <> $2 AND a.disabled_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM account_invitation i WHERE i.account_id = a.id)";
        // Where the owner goes, the colleague who came first decides from now on.
        const SUCCEED: &str = "UPDATE account SET role = 'enterprise' WHERE id = (SELECT a.id FROM account a
            WHERE a.enterprise_id = $1 AND a.role = 'colleague' AND a.disabled_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM account_invitation i WHERE i.account_id = a.id)
            ORDER BY a.seat LIMIT 1)
            AND NOT EXISTS (SELECT 1 FROM account o WHERE o.enterprise_id = $1 AND o.role = 'enterprise'
                AND o.disabled_at IS NULL)";
        // That an association may see the enterprise is the enterprise's consent; a colleague can withdraw it.
        const WITHDRAW: &str = "UPDATE consent SET withdrawn_at = $2
            WHERE account_id = $1 AND withdrawn_at IS NULL AND association_id IS NULL";
        const OVERWRITE: &str = "UPDATE account SET full_name = $2, email = $3, phone = NULL, password_hash = '',
            disabled_at = COALESCE(disabled_at, $4), erased_at = $4 WHERE id = $1";
        let account = erasing.account;
        // No address, but unique, as the column wants it.
        let nobody = format!("{account}@erased.invalid");
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let role: Option<String> = sqlx::query_scalar("SELECT role FROM account WHERE id = $1").bind(account)
                .fetch_optional(&mut *tx).await?;
            if role.as_deref() == Some(Role::Administrator.as_str()) {
                sqlx::query(ADMINISTRATORS).execute(&mut *tx).await?;
                let last: i64 = sqlx::query_scalar(LAST).bind(account).fetch_one(&mut *tx).await?;
                if last > 0 {
                    return Ok(Erasure::LastAdministrator);
                }
            }
            let who: Option<Who> = sqlx::query_as(LOCK).bind(account).fetch_optional(&mut *tx).await?;
            let Some(who) = who else { return Ok(Erasure::Missing) };
            let mut messages = forget_traces!(tx, erasing, who);
            let mut others: i64 = 0;
            if let Some(enterprise) = who.enterprise_id {
                others = sqlx::query_scalar(OTHERS).bind(enterprise).bind(account).fetch_one(&mut *tx).await?;
                if others == 0 {
                    messages.extend(close_enterprise!(tx, enterprise, by.at));
                }
            }
            sqlx::query(WITHDRAW).bind(account).bind(by.at).execute(&mut *tx).await?;
            sqlx::query(OVERWRITE).bind(account).bind(ERASED).bind(&nobody).bind(by.at).execute(&mut *tx).await?;
            if let Some(enterprise) = who.enterprise_id.filter(|_| others > 0) {
                sqlx::query(SUCCEED).bind(enterprise).execute(&mut *tx).await?;
            }
            if let Some(message) = &erasing.confirmation {
                queue!(tx, message);
            }
            let is_last = who.enterprise_id.is_some() && others == 0;
            let detail = json!({ "last_of_enterprise": is_last });
            audit!(tx, &by.event(Action::AccountErased, "account", account, detail));
            tx.commit().await?;
            Ok(Erasure::Done(messages))
        })
    }
}

/// Deletes what exists only because of the person, and takes the person out of what others wrote down. Answers which
/// messages are gone.
macro_rules! forget_traces {
    ($tx:expr, $erasing:expr, $who:expr) => {{
        let (erasing, who): (&Erasing, &Who) = ($erasing, &$who);
        sqlx::query("DELETE FROM session WHERE account_id = $1").bind(erasing.account).execute(&mut *$tx).await?;
        for gone in
            ["DELETE FROM account_invitation WHERE account_id = $1", "DELETE FROM assignment WHERE account_id = $1"]
        {
            sqlx::query(gone).bind(erasing.account).execute(&mut *$tx).await?;
        }
        for hash in &erasing.attempts {
            sqlx::query("DELETE FROM attempt WHERE key_hash = $1").bind(&hash[..]).execute(&mut *$tx).await?;
        }
        let email = who.email.as_deref().unwrap_or_default();
        let messages: Vec<Uuid> = sqlx::query_scalar("DELETE FROM outbox WHERE recipient = $1 RETURNING id")
            .bind(email)
            .fetch_all(&mut *$tx)
            .await?;
        sqlx::query("UPDATE membership SET email = NULL WHERE email = $1").bind(email).execute(&mut *$tx).await?;
        sqlx::query("DELETE FROM association_application WHERE email = $1 AND state = 'waiting'")
            .bind(email)
            .execute(&mut *$tx)
            .await?;
        sqlx::query(
            "UPDATE association_application SET full_name = $2, email = '', phone = NULL, note = '' WHERE email = $1",
        )
        .bind(email)
        .bind(ERASED)
        .execute(&mut *$tx)
        .await?;
        let phone = who.phone.as_deref().unwrap_or_default();
        sqlx::query("UPDATE membership SET phone = NULL WHERE phone = $1").bind(phone).execute(&mut *$tx).await?;
        sqlx::query("UPDATE action SET person = $1 WHERE enterprise_id = $2 AND person = $3")
            .bind(ERASED)
            .bind(who.enterprise_id)
            .bind(&who.full_name)
            .execute(&mut *$tx)
            .await?;
        messages
    }};
}
use forget_traces;

/// Nobody is left who could take back what the enterprise allowed: it ends. The tax code of a household business is its
/// owner's personal number (12 digits), and its name mostly the owner's; both go, with the letters that have them in their
/// greeting, whatever address they went to. Answers which messages are gone.
macro_rules! close_enterprise {
    ($tx:expr, $enterprise:expr, $at:expr) => {{
        sqlx::query(
            "UPDATE share_link SET revoked_at = $2 WHERE revoked_at IS NULL
             AND assessment_id IN (SELECT id FROM assessment WHERE enterprise_id = $1)",
        )
        .bind($enterprise)
        .bind($at)
        .execute(&mut *$tx)
        .await?;
        sqlx::query(
            "UPDATE membership SET state = 'withdrawn', decided_at = $2 WHERE state = 'agreed'
             AND tax_code = (SELECT tax_code FROM enterprise WHERE id = $1)",
        )
        .bind($enterprise)
        .bind($at)
        .execute(&mut *$tx)
        .await?;
        sqlx::query(
            "UPDATE consent SET withdrawn_at = $2 WHERE withdrawn_at IS NULL AND association_id IS NOT NULL
             AND account_id IN (SELECT id FROM account WHERE enterprise_id = $1)",
        )
        .bind($enterprise)
        .bind($at)
        .execute(&mut *$tx)
        .await?;
        let nobody = format!("x{}", $enterprise.simple());
        let messages: Vec<Uuid> = sqlx::query_scalar(
            "DELETE FROM outbox WHERE id IN (SELECT o.id FROM enterprise x
                JOIN invitation_group_entry g ON g.tax_code = x.tax_code
                JOIN outbox o ON o.about = 'invitation_group_entry' AND o.about_id = g.id
                WHERE x.id = $1 AND length(x.tax_code) = 12
             UNION ALL SELECT o.id FROM enterprise x JOIN membership m ON m.tax_code = x.tax_code
                JOIN outbox o ON o.about = 'membership' AND o.about_id = m.id
                WHERE x.id = $1 AND length(x.tax_code) = 12) RETURNING id",
        )
        .bind($enterprise)
        .fetch_all(&mut *$tx)
        .await?;
        // A wish for no letters stays as long as the register has an address that they would go to.
        for gone in [
            "DELETE FROM claim_code
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)",
            "DELETE FROM mailed_code
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)",
            "DELETE FROM province_stop
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)
             AND NOT EXISTS (SELECT 1 FROM register_entry r WHERE r.tax_code = province_stop.tax_code)",
        ] {
            sqlx::query(gone).bind($enterprise).execute(&mut *$tx).await?;
        }
        sqlx::query(
            "UPDATE invitation_group_entry SET tax_code = $2
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)",
        )
        .bind($enterprise)
        .bind(&nobody)
        .execute(&mut *$tx)
        .await?;
        sqlx::query(
            "UPDATE reminder SET tax_code = $2
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)",
        )
        .bind($enterprise)
        .bind(&nobody)
        .execute(&mut *$tx)
        .await?;
        sqlx::query(
            "UPDATE membership SET tax_code = $2, name = $3
             WHERE tax_code = (SELECT tax_code FROM enterprise WHERE id = $1 AND length(tax_code) = 12)",
        )
        .bind($enterprise)
        .bind(&nobody)
        .bind(ERASED)
        .execute(&mut *$tx)
        .await?;
        sqlx::query(
            "UPDATE enterprise SET tax_code = $2, name = $3, name_search = $4, name_sort = $5
             WHERE id = $1 AND length(tax_code) = 12",
        )
        .bind($enterprise)
        .bind(&nobody)
        .bind(ERASED)
        .bind(model::text::search_key(ERASED))
        .bind(model::text::sort_key(ERASED))
        .execute(&mut *$tx)
        .await?;
        messages
    }};
}
use close_enterprise;
