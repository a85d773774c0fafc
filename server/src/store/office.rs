//! Accounts of the province and of associations, as the administrator looks after them.

use model::role::Role;
use serde_json::{Value, json};
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Account, Action, BeginWrite as _, By, Event, Invitation, Result, Store,
    account::Taken,
    audit::audit,
    invitation::{insert_invited, invite},
    on,
};

/// An account that belongs to no enterprise.
#[derive(Clone, Debug, FromRow)]
pub struct OfficeAccount {
    /// Key of the account.
    pub id: Uuid,
    role: String,
    /// The person's name.
    pub full_name: String,
    /// The e-mail address.
    pub email: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Since when it may not sign in.
    pub disabled_at: Option<OffsetDateTime>,
    /// Until when an invitation waits to be taken up.
    pub invited_until: Option<OffsetDateTime>,
}

impl OfficeAccount {
    /// What the person may do.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        self.role.parse().ok()
    }
}

/// A change of an account by the administrator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// Another role.
    Role(Role),
    /// May not sign in any more; all sessions end.
    Disable,
    /// May sign in again.
    Enable,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT a.id, a.role, a.full_name, a.email, a.created_at, a.disabled_at, i.expires_at AS invited_until
             FROM account a LEFT JOIN account_invitation i ON i.account_id = a.id
             WHERE a.enterprise_id IS NULL AND a.erased_at IS NULL ",
            $rest
        )
    };
}

impl Store {
    /// Accounts that belong to no enterprise, newest first, those made before `before`.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn office_accounts(&self, before: Option<Uuid>, most: i64) -> Result<Vec<OfficeAccount>> {
        const SQL: &str = select!("AND a.id < $1 ORDER BY a.id DESC LIMIT $2");
        let before = before.unwrap_or(Uuid::max());
        on!(&self.read, pool => sqlx::query_as(SQL).bind(before).bind(most).fetch_all(pool).await)
    }

    /// One of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn office_account(&self, id: Uuid) -> Result<Option<OfficeAccount>> {
        const SQL: &str = select!("AND a.id = $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// Stores an account and queues its invitation, all or nothing.
    ///
    /// # Errors
    /// When the database fails; an e-mail address that exists is the inner error.
    pub async fn invite_account(
        &self,
        account: &Account,
        invitation: &Invitation,
        by: &By,
    ) -> Result<std::result::Result<(), Taken>> {
        let event = event(account.id, Action::AccountAdded, json!({ "role": account.role.as_str() }), by);
        let stored: Result<()> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            insert_invited!(tx, account, invitation, by.at);
            audit!(tx, &event);
            tx.commit().await
        }.await);
        match stored {
            Ok(()) => Ok(Ok(())),
            Err(error) => Taken::of(&error).map_or(Err(error), |taken| Ok(Err(taken))),
        }
    }

    /// Queues a new invitation; the link before it no longer works. The password stays until the new one is used.
    ///
    /// # Errors
    /// When the database fails or there is no such account.
    pub async fn invite_again(&self, account: Uuid, invitation: &Invitation, by: &By) -> Result<()> {
        let event = event(account, Action::AccountInvited, json!({}), by);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            invite!(tx, account, invitation);
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// The name of the person whom a link invites, if it still works.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn invitation(&self, token_hash: [u8; 32], now: OffsetDateTime) -> Result<Option<String>> {
        const SQL: &str = "SELECT a.full_name FROM account_invitation i JOIN account a ON a.id = i.account_id
            WHERE i.token_hash = $1 AND i.expires_at > $2 AND a.disabled_at IS NULL";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(&token_hash[..]).bind(now).fetch_optional(pool).await)
    }

    /// Uses a link up: sets the password and ends every session of the account. Answers whether the link worked.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn accept_invitation(
        &self,
        token_hash: [u8; 32],
        password_hash: &str,
        event_id: Uuid,
        at: OffsetDateTime,
    ) -> Result<bool> {
        const USE: &str = "DELETE FROM account_invitation WHERE token_hash = $1 AND expires_at > $2
            AND EXISTS (SELECT 1 FROM account a WHERE a.id = account_id AND a.disabled_at IS NULL) RETURNING account_id";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let account: Option<Uuid> = sqlx::query_scalar(USE).bind(&token_hash[..]).bind(at)
                .fetch_optional(&mut *tx).await?;
            let Some(account) = account else { return Ok(false) };
            sqlx::query("UPDATE account SET password_hash = $1 WHERE id = $2").bind(password_hash).bind(account)
                .execute(&mut *tx).await?;
            sqlx::query("DELETE FROM session WHERE account_id = $1").bind(account).execute(&mut *tx).await?;
            let by = By { account, event: event_id, at };
            audit!(tx, &event(account, Action::InvitationAccepted, json!({}), &by));
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Changes an account that belongs to no enterprise. Nobody changes their own, so that there is always an
    /// administrator. Answers whether there was such an account to change.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_account(&self, account: Uuid, change: AccountChange, by: &By) -> Result<bool> {
        const ROLE: &str = "UPDATE account SET role = $1
            WHERE id = $2 AND id <> $3 AND enterprise_id IS NULL AND role <> $1";
        const DISABLE: &str = "UPDATE account SET disabled_at = $1
            WHERE id = $2 AND id <> $3 AND enterprise_id IS NULL AND disabled_at IS NULL";
        const ENABLE: &str = "UPDATE account SET disabled_at = NULL
            WHERE id = $1 AND id <> $2 AND enterprise_id IS NULL AND disabled_at IS NOT NULL AND erased_at IS NULL";
        let (action, detail) = match change {
            AccountChange::Role(role) => (Action::AccountRoleChanged, json!({ "role": role.as_str() })),
            AccountChange::Disable => (Action::AccountDisabled, json!({})),
            AccountChange::Enable => (Action::AccountEnabled, json!({})),
        };
        let event = event(account, action, detail, by);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let changed = match change {
                AccountChange::Role(role) => sqlx::query(ROLE).bind(role.as_str()).bind(account).bind(by.account),
                AccountChange::Disable => sqlx::query(DISABLE).bind(by.at).bind(account).bind(by.account),
                AccountChange::Enable => sqlx::query(ENABLE).bind(account).bind(by.account),
            };
            if changed.execute(&mut *tx).await?.rows_affected() == 0 {
                return Ok(false);
            }
            if change == AccountChange::Disable {
                sqlx::query("DELETE FROM session WHERE account_id = $1").bind(account).execute(&mut *tx).await?;
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}

fn event(account: Uuid, action: Action, detail: Value, by: &By) -> Event {
    Event {
        id: by.event,
        at: by.at,
        account: Some(by.account),
        action,
        subject: "account",
        subject_id: Some(account),
        detail,
    }
}
