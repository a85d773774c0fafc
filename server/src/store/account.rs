//! Enterprises and the accounts of people.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, breaks_unique, on};
use model::role::Role;

/// An account as sign-in needs it.
#[derive(Clone, Debug, FromRow)]
pub struct Credentials {
    /// Key of the account.
    pub id: Uuid,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
}

/// A person who may sign in.
#[derive(Clone, Debug)]
pub struct Account {
    /// Key of the account.
    pub id: Uuid,
    /// What the person may do.
    pub role: Role,
    /// Family name first, as written by the person.
    pub full_name: String,
    /// Lower-case e-mail address.
    pub email: Option<String>,
    /// Phone number in E.164 form.
    pub phone: Option<String>,
    /// Argon2id hash in PHC form.
    pub password_hash: String,
}

/// An enterprise that registers with its first account.
#[derive(Clone, Debug)]
pub struct Registration {
    /// Key of the enterprise.
    pub enterprise: Uuid,
    /// Canonical tax code.
    pub tax_code: String,
    /// Name in NFC.
    pub name: String,
    /// Code of the legal form.
    pub legal_form: String,
    /// Code of the ward or commune.
    pub unit_code: String,
    /// VSIC division.
    pub industry_code: String,
    /// The account.
    pub account: Account,
    /// Purposes agreed to, with the version of the text shown.
    pub consents: Vec<(&'static str, &'static str)>,
}

/// Why a registration was not stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Taken {
    /// The tax code belongs to a registered enterprise.
    TaxCode,
    /// The e-mail address belongs to an account.
    Email,
    /// The phone number belongs to an account.
    Phone,
    /// The code was used, replaced, or is too old.
    Claim,
}

impl Taken {
    /// What an error of the database says is taken.
    pub(super) fn of(error: &sqlx::Error) -> Option<Self> {
        let all = [(Self::TaxCode, "tax_code"), (Self::Email, "email"), (Self::Phone, "phone")];
        all.into_iter().find(|(_, name)| breaks_unique(error, name)).map(|(taken, _)| taken)
    }
}

impl Store {
    /// Stores an enterprise with its first account and the consents given, all or nothing.
    ///
    /// # Errors
    /// When the database fails; a tax code, e-mail or phone that exists is the inner error.
    pub async fn register(
        &self,
        registration: &Registration,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<std::result::Result<(), Taken>> {
        self.try_register(registration, None, ids, at).await
    }

    /// With the hash of a code of the province, if there is one.
    pub(super) async fn try_register(
        &self,
        registration: &Registration,
        claim: Option<[u8; 32]>,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<std::result::Result<(), Taken>> {
        match self.insert_registration(registration, claim, ids, at).await {
            Ok(true) => Ok(Ok(())),
            Ok(false) => Ok(Err(Taken::Claim)),
            Err(error) => Taken::of(&error).map_or(Err(error), |taken| Ok(Err(taken))),
        }
    }

    /// Answers whether the code worked, if there is one.
    async fn insert_registration(
        &self,
        new: &Registration,
        claim: Option<[u8; 32]>,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<bool> {
        const ENTERPRISE: &str = "INSERT INTO enterprise
            (id, tax_code, name, name_search, name_sort, legal_form, unit_code, industry_code, created_at,
            claimed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        const USE: [&str; 2] = [
            "DELETE FROM claim_code WHERE tax_code = $1 AND code_hash = $2 AND expires_at > $3",
            "DELETE FROM mailed_code WHERE tax_code = $1 AND code_hash = $2 AND expires_at > $3",
        ];
        // Codes by mail have served. That of a printed letter goes on where it was not needed: whoever registered may be
        // a stranger, and the letter lets its reader take the enterprise over.
        const MAILED: &str = "DELETE FROM mailed_code WHERE tax_code = $1";
        const PRINTED: &str = "DELETE FROM claim_code WHERE tax_code = $1";
        const CONSENT: &str =
            "INSERT INTO consent (id, account_id, purpose, text_version, given_at) VALUES ($1, $2, $3, $4, $5)";
        const USED: &str = "DELETE FROM registration_link WHERE membership_id IN
            (SELECT id FROM membership WHERE tax_code = $1)";
        let event = Event {
            id: ids(),
            at,
            account: Some(new.account.id),
            action: Action::EnterpriseRegistered,
            subject: "enterprise",
            subject_id: Some(new.enterprise),
            detail: json!({ "unit": new.unit_code, "industry": new.industry_code, "by_code": claim.is_some() }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            if let Some(hash) = claim {
                let mut used = 0;
                for sql in USE {
                    let gone = sqlx::query(sql).bind(&new.tax_code).bind(&hash[..]).bind(at).execute(&mut *tx).await?;
                    used += gone.rows_affected();
                }
                if used == 0 {
                    return Ok(false);
                }
            }
            sqlx::query(ENTERPRISE)
                .bind(new.enterprise).bind(&new.tax_code).bind(&new.name)
                .bind(model::text::search_key(&new.name)).bind(model::text::sort_key(&new.name))
                .bind(&new.legal_form).bind(&new.unit_code).bind(&new.industry_code).bind(at)
                .bind(claim.map(|_| at))
                .execute(&mut *tx).await?;
            insert_account!(tx, &new.account, Some(new.enterprise), at);
            // Links that invited it to register have served.
            sqlx::query(USED).bind(&new.tax_code).execute(&mut *tx).await?;
            sqlx::query(MAILED).bind(&new.tax_code).execute(&mut *tx).await?;
            if claim.is_some() {
                sqlx::query(PRINTED).bind(&new.tax_code).execute(&mut *tx).await?;
            }
            for (purpose, version) in &new.consents {
                sqlx::query(CONSENT).bind(ids()).bind(new.account.id).bind(*purpose).bind(*version).bind(at)
                    .execute(&mut *tx).await?;
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Stores an account that belongs to no enterprise (association, province).
    ///
    /// # Errors
    /// When the database fails; an e-mail or phone that exists is the inner error.
    pub async fn add_account(
        &self,
        account: &Account,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<std::result::Result<(), Taken>> {
        let event = Event {
            id: event,
            at,
            account: None,
            action: Action::AccountAdded,
            subject: "account",
            subject_id: Some(account.id),
            detail: json!({ "role": account.role.as_str() }),
        };
        let stored: Result<()> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            insert_account!(tx, account, None::<Uuid>, at);
            audit!(tx, &event);
            tx.commit().await
        }.await);
        match stored {
            Ok(()) => Ok(Ok(())),
            Err(error) => Taken::of(&error).map_or(Err(error), |taken| Ok(Err(taken))),
        }
    }

    /// The account with this e-mail address or E.164 phone number, if it may sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials(&self, name: &str) -> Result<Option<Credentials>> {
        const SQL: &str =
            "SELECT id, password_hash FROM account WHERE (email = $1 OR phone = $1) AND disabled_at IS NULL";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(name).fetch_optional(pool).await)
    }

    /// The account with this key, if it may sign in.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn credentials_of(&self, account: Uuid) -> Result<Option<Credentials>> {
        const SQL: &str = "SELECT id, password_hash FROM account WHERE id = $1 AND disabled_at IS NULL";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(account).fetch_optional(pool).await)
    }

    /// Sets a new password and ends every session of the account but the one given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_password(
        &self,
        account: Uuid,
        hash: &str,
        keep: [u8; 32],
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<()> {
        let event = Event {
            id: event,
            at,
            account: Some(account),
            action: Action::PasswordChanged,
            subject: "account",
            subject_id: Some(account),
            detail: json!({}),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query("UPDATE account SET password_hash = $1 WHERE id = $2").bind(hash).bind(account)
                .execute(&mut *tx).await?;
            sqlx::query("DELETE FROM session WHERE account_id = $1 AND token_hash <> $2").bind(account).bind(&keep[..])
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }
}

macro_rules! insert_account {
    ($tx:expr, $account:expr, $enterprise:expr, $at:expr) => {{
        let account: &$crate::store::Account = $account;
        sqlx::query(
            "INSERT INTO account (id, role, enterprise_id, full_name, email, phone, password_hash, created_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(account.id)
        .bind(account.role.as_str())
        .bind($enterprise)
        .bind(&account.full_name)
        .bind(account.email.as_deref())
        .bind(account.phone.as_deref())
        .bind(&account.password_hash)
        .bind($at)
        .execute(&mut *$tx)
        .await?;
    }};
}
pub(super) use insert_account;
