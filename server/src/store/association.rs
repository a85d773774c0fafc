//! Associations and their accounts.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Account, Action, BeginWrite as _, Event, Result, Store,
    account::{Taken, insert_account},
    audit::audit,
    breaks_unique, on,
};

/// An association of enterprises.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Association {
    /// Key of the association.
    pub id: Uuid,
    /// Its name in NFC.
    pub name: String,
    /// Whoever takes a submission up may not accept it.
    pub four_eyes: bool,
}

/// An association as the province's list shows it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Listed {
    /// Key of the association.
    pub id: Uuid,
    /// Its name.
    pub name: String,
    /// Whoever takes a submission up may not accept it.
    pub four_eyes: bool,
    /// Accounts that may sign in.
    pub accounts: i64,
    /// Enterprises that agreed.
    pub agreed: i64,
    /// Enterprises that have not decided.
    pub invited: i64,
}

/// A person who works for an association.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Colleague {
    /// The person's name.
    pub full_name: String,
    /// What the person signs in with.
    pub email: Option<String>,
}

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// The account; none for the command line.
    pub account: Option<Uuid>,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

impl By {
    /// The audit row of a change.
    pub(super) fn event(
        self,
        action: Action,
        subject: &'static str,
        subject_id: Uuid,
        detail: serde_json::Value,
    ) -> Event {
        Event {
            id: self.event,
            at: self.at,
            account: self.account,
            action,
            subject,
            subject_id: Some(subject_id),
            detail,
        }
    }
}

impl Store {
    /// Stores an association; false when the name is taken.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn add_association(&self, new: &Association, by: By) -> Result<bool> {
        const INSERT: &str =
            "INSERT INTO association (id, name, name_sort, four_eyes, created_at) VALUES ($1, $2, $3, $4, $5)";
        let event = by.event(Action::AssociationAdded, "association", new.id, json!({ "four_eyes": new.four_eyes }));
        let stored: Result<()> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            sqlx::query(INSERT).bind(new.id).bind(&new.name).bind(model::text::sort_key(&new.name))
                .bind(new.four_eyes).bind(by.at).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        }.await);
        match stored {
            Err(error) if breaks_unique(&error, "name") => Ok(false),
            other => other.map(|()| true),
        }
    }

    /// Changes name and four-eyes rule; false when the name is taken or there is no such association.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_association(&self, new: &Association, by: By) -> Result<bool> {
        const UPDATE: &str = "UPDATE association SET name = $2, name_sort = $3, four_eyes = $4 WHERE id = $1";
        let event = by.event(Action::AssociationChanged, "association", new.id, json!({ "four_eyes": new.four_eyes }));
        let stored: Result<bool> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            let changed = sqlx::query(UPDATE).bind(new.id).bind(&new.name).bind(model::text::sort_key(&new.name))
                .bind(new.four_eyes).execute(&mut *tx).await?;
            if changed.rows_affected() == 1 {
                audit!(tx, &event);
            }
            tx.commit().await?;
            Ok(changed.rows_affected() == 1)
        }.await);
        match stored {
            Err(error) if breaks_unique(&error, "name") => Ok(false),
            other => other,
        }
    }

    /// Stores an account that works for an association.
    ///
    /// # Errors
    /// When the database fails or there is no such association; an e-mail or phone that exists is the inner error.
    pub async fn add_association_account(
        &self,
        account: &Account,
        association: Uuid,
        by: By,
    ) -> Result<std::result::Result<(), Taken>> {
        let detail = json!({ "role": account.role.as_str(), "association": association });
        let event = by.event(Action::AccountAdded, "account", account.id, detail);
        let stored: Result<()> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            insert_account!(tx, account, None::<Uuid>, by.at);
            sqlx::query("UPDATE account SET association_id = $2 WHERE id = $1").bind(account.id).bind(association)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        }.await);
        match stored {
            Ok(()) => Ok(Ok(())),
            Err(error) => Taken::of(&error).map_or(Err(error), |taken| Ok(Err(taken))),
        }
    }

    /// The association with this key.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn association(&self, id: Uuid) -> Result<Option<Association>> {
        const SQL: &str = "SELECT id, name, four_eyes FROM association WHERE id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// The association with this name.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn association_named(&self, name: &str) -> Result<Option<Association>> {
        const SQL: &str = "SELECT id, name, four_eyes FROM association WHERE name = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(name).fetch_optional(pool).await)
    }

    /// All associations by name: a province has tens of them.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn associations(&self) -> Result<Vec<Listed>> {
        const SQL: &str = "SELECT o.id, o.name, o.four_eyes,
            (SELECT count(*) FROM account a WHERE a.association_id = o.id AND a.disabled_at IS NULL) AS accounts,
            (SELECT count(*) FROM membership m WHERE m.association_id = o.id AND m.state = 'agreed') AS agreed,
            (SELECT count(*) FROM membership m WHERE m.association_id = o.id AND m.state = 'invited') AS invited
            FROM association o ORDER BY o.name_sort, o.id LIMIT 500";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }

    /// The people who work for an association.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn colleagues(&self, association: Uuid) -> Result<Vec<Colleague>> {
        const SQL: &str = "SELECT full_name, email FROM account WHERE association_id = $1 AND disabled_at IS NULL
            ORDER BY id LIMIT 500";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(association).fetch_all(pool).await)
    }
}
