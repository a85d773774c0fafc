//! Associations that ask for an account, and what the province decides.

use model::text::Lang;
use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Account, Action, BeginWrite as _, Invitation, Message, Result, Store,
    account::Taken,
    association::{Association, By},
    audit::audit,
    breaks_unique,
    invitation::insert_invited,
    on,
    outbox::queue,
};

/// More than the province ever has waiting; what comes then is a flood.
const MOST_WAITING: i64 = 500;

/// What an association asks for.
#[derive(Clone, Debug)]
pub struct NewApplication {
    /// Key of the application.
    pub id: Uuid,
    /// The association's name.
    pub name: String,
    /// The person who will sign in.
    pub full_name: String,
    /// That person's address.
    pub email: String,
    /// A number to ask back.
    pub phone: Option<String>,
    /// Who the association is.
    pub note: String,
    /// The language of the form.
    pub lang: Lang,
}

/// An application as it is stored.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Application {
    /// Key of the application.
    pub id: Uuid,
    /// The association's name.
    pub name: String,
    /// The person who will sign in.
    pub full_name: String,
    /// That person's address.
    pub email: String,
    /// A number to ask back.
    pub phone: Option<String>,
    /// Who the association is.
    pub note: String,
    lang: String,
    /// waiting, accepted or declined.
    pub state: String,
    /// Why it was declined.
    pub reason: Option<String>,
    /// When it came.
    pub applied_at: OffsetDateTime,
    /// When it was decided.
    pub decided_at: Option<OffsetDateTime>,
    /// The association that was made of it.
    pub association_id: Option<Uuid>,
}

impl Application {
    /// The language the association asked in.
    #[must_use]
    pub fn lang(&self) -> Lang {
        self.lang.parse().unwrap_or_default()
    }
}

/// Why an application is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotAccepted {
    /// It was decided already, or never was.
    Decided,
    /// An association of this name exists.
    Name,
    /// The address belongs to an account.
    Email,
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, full_name, email, phone, note, lang, state, reason, applied_at, decided_at, association_id
             FROM association_application ",
            $rest
        )
    };
}

impl Store {
    /// Stores an application; false when too many wait. The same address again, as by a second press of the button,
    /// changes nothing as long as its first application waits.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn apply(&self, new: &NewApplication, by: By) -> Result<bool> {
        const WAITING: &str = "SELECT count(*), count(*) FILTER (WHERE email = $1)
            FROM association_application WHERE state = 'waiting'";
        const INSERT: &str = "INSERT INTO association_application
            (id, name, full_name, email, phone, note, lang, state, applied_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, 'waiting', $8)";
        let event = by.event(Action::AssociationApplied, "application", new.id, json!({}));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let (all, own): (i64, i64) = sqlx::query_as(WAITING).bind(&new.email).fetch_one(&mut *tx).await?;
            if own > 0 {
                return Ok(true);
            }
            if all >= MOST_WAITING {
                return Ok(false);
            }
            sqlx::query(INSERT).bind(new.id).bind(&new.name).bind(&new.full_name).bind(&new.email).bind(&new.phone)
                .bind(&new.note).bind(new.lang.code()).bind(by.at).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Applications, those that wait before the others, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn applications(&self, limit: i64) -> Result<Vec<Application>> {
        const SQL: &str = select!("ORDER BY CASE state WHEN 'waiting' THEN 0 ELSE 1 END, id DESC LIMIT $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(limit).fetch_all(pool).await)
    }

    /// How many applications wait.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn waiting_applications(&self) -> Result<i64> {
        const SQL: &str = "SELECT count(*) FROM association_application WHERE state = 'waiting'";
        on!(&self.read, pool => sqlx::query_scalar(SQL).fetch_one(pool).await)
    }

    /// An application.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn application(&self, id: Uuid) -> Result<Option<Application>> {
        const SQL: &str = select!("WHERE id = $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// Accepts an application: makes the association and the account of its first person, and sends the link that sets
    /// the password, all or nothing.
    ///
    /// # Errors
    /// When the database fails; what stands against it is the inner error.
    pub async fn accept_application(
        &self,
        id: Uuid,
        new: &Association,
        account: &Account,
        invitation: &Invitation,
        by: By,
    ) -> Result<std::result::Result<(), NotAccepted>> {
        const DECIDE: &str = "UPDATE association_application
            SET state = 'accepted', decided_at = $2, decided_by = $3, association_id = $4
            WHERE id = $1 AND state = 'waiting'";
        const INSERT: &str =
            "INSERT INTO association (id, name, name_sort, four_eyes, created_at) VALUES ($1, $2, $3, $4, $5)";
        let event = by.event(Action::ApplicationAccepted, "application", id, json!({ "association": new.id }));
        let stored: Result<bool> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            sqlx::query(INSERT).bind(new.id).bind(&new.name).bind(model::text::sort_key(&new.name))
                .bind(new.four_eyes).bind(by.at).execute(&mut *tx).await?;
            let decided = sqlx::query(DECIDE).bind(id).bind(by.at).bind(by.account).bind(new.id)
                .execute(&mut *tx).await?;
            if decided.rows_affected() == 0 {
                return Ok(false);
            }
            insert_invited!(tx, account, invitation, by.at);
            sqlx::query("UPDATE account SET association_id = $2 WHERE id = $1").bind(account.id).bind(new.id)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        }.await);
        match stored {
            Ok(true) => Ok(Ok(())),
            Ok(false) => Ok(Err(NotAccepted::Decided)),
            Err(error) if breaks_unique(&error, "name") => Ok(Err(NotAccepted::Name)),
            Err(error) => Taken::of(&error).map_or(Err(error), |_| Ok(Err(NotAccepted::Email))),
        }
    }

    /// Declines an application and tells why; false when it was decided already.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decline_application(&self, id: Uuid, reason: &str, message: &Message, by: By) -> Result<bool> {
        const DECIDE: &str = "UPDATE association_application
            SET state = 'declined', reason = $4, decided_at = $2, decided_by = $3 WHERE id = $1 AND state = 'waiting'";
        let event = by.event(Action::ApplicationDeclined, "application", id, json!({}));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let decided = sqlx::query(DECIDE).bind(id).bind(by.at).bind(by.account).bind(reason)
                .execute(&mut *tx).await?;
            if decided.rows_affected() == 0 {
                return Ok(false);
            }
            queue!(tx, message);
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}
