//! Taking over an enterprise that somebody else registered, by a code of the province.
//!
//! The letter with the code goes to the enterprise's address in the register, so whoever holds it is believed more than
//! whoever registered. Nobody knows whether those who had access are strangers: all of it ends, and the new owner invites
//! again whom it knows. Answers, submissions and decisions belong to the enterprise and stay.

use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Account, Action, BeginWrite as _, Event, Kind, Message, NewClaim, Result, Store,
    account::{Taken, insert_account},
    association::By,
    audit::audit,
    on,
    outbox::queue,
};
use crate::mail::letter::Letter;

/// Who takes which enterprise over.
#[derive(Clone, Debug)]
pub struct TakingOver<'a> {
    /// Canonical tax code.
    pub tax_code: &'a str,
    /// SHA-256 of tax code and code.
    pub code_hash: [u8; 32],
    /// The new owner's account.
    pub account: Account,
    /// Purposes agreed to, with the version of the text shown.
    pub consents: Vec<(&'static str, &'static str)>,
    /// What those are told whose access ends.
    pub letter: Letter,
}

impl Store {
    /// Stores the code of a letter that takes over an enterprise of the register; the code that it had before no longer
    /// works. Answers whether somebody has registered it.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn make_takeover_code(
        &self,
        new: &NewClaim,
        expires_at: OffsetDateTime,
        account: Uuid,
        by: By,
    ) -> Result<bool> {
        const INSERT: &str = "INSERT INTO claim_code (tax_code, code_hash, expires_at, made_at, made_by)
            SELECT e.tax_code, $2, $3, $4, $5 FROM register_entry e JOIN enterprise r ON r.tax_code = e.tax_code
            WHERE e.tax_code = $1
            ON CONFLICT (tax_code) DO UPDATE SET code_hash = excluded.code_hash, expires_at = excluded.expires_at,
                made_at = excluded.made_at, made_by = excluded.made_by";
        let event = Event {
            id: by.event,
            at: by.at,
            account: Some(account),
            action: Action::ClaimCodesMade,
            subject: "register",
            subject_id: None,
            detail: json!({ "codes": 1, "tax_codes": [new.tax_code], "takes_over": true }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let made = sqlx::query(INSERT).bind(&new.tax_code).bind(&new.hash[..]).bind(expires_at).bind(by.at)
                .bind(account).execute(&mut *tx).await?;
            if made.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Makes the new account the owner of a registered enterprise and uses the code up, all or nothing. Whoever had access
    /// loses it: sessions, invitations and links for others end, and there is a message to each who has an e-mail address.
    ///
    /// # Errors
    /// When the database fails; a code that no longer works, or an e-mail or phone that exists, is the inner error.
    pub async fn take_over(
        &self,
        new: &TakingOver<'_>,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<std::result::Result<(), Taken>> {
        match self.try_take_over(new, ids, at).await {
            Ok(true) => Ok(Ok(())),
            Ok(false) => Ok(Err(Taken::Claim)),
            Err(error) => Taken::of(&error).map_or(Err(error), |taken| Ok(Err(taken))),
        }
    }

    /// Answers whether the code worked and the enterprise is registered.
    async fn try_take_over(
        &self,
        new: &TakingOver<'_>,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        at: OffsetDateTime,
    ) -> Result<bool> {
        // Whoever invites a colleague at the same time waits here, and so do two who take over at once.
        const LOCK: &str = "UPDATE enterprise SET claimed_at = $2 WHERE tax_code = $1 RETURNING id";
        const USE: &str = "DELETE FROM claim_code WHERE tax_code = $1 AND code_hash = $2 AND expires_at > $3";
        const TOLD: &str = "SELECT p.email FROM account p WHERE p.enterprise_id = $1 AND p.email IS NOT NULL
            AND p.disabled_at IS NULL AND p.erased_at IS NULL
            AND NOT EXISTS (SELECT 1 FROM account_invitation i WHERE i.account_id = p.id) ORDER BY p.seat LIMIT 100";
        const DISABLE: &str = "UPDATE account SET disabled_at = $2
            WHERE enterprise_id = $1 AND disabled_at IS NULL AND erased_at IS NULL";
        const GONE: [&str; 4] = [
            "UPDATE account SET role = 'colleague' WHERE enterprise_id = $1 AND role = 'enterprise'",
            "DELETE FROM session WHERE account_id IN (SELECT a.id FROM account a WHERE a.enterprise_id = $1)",
            "DELETE FROM account_invitation WHERE account_id IN (SELECT a.id FROM account a WHERE a.enterprise_id = $1)",
            "DELETE FROM assignment WHERE account_id IN (SELECT a.id FROM account a WHERE a.enterprise_id = $1)",
        ];
        const LINKS: &str = "UPDATE share_link SET revoked_at = $2 WHERE revoked_at IS NULL
            AND assessment_id IN (SELECT a.id FROM assessment a WHERE a.enterprise_id = $1)";
        // Answers say by the seat whose they are: nobody gets one that somebody else had.
        const SEAT: &str = "UPDATE account SET enterprise_id = $2, seat =
            (SELECT COALESCE(max(o.seat), 0) + 1 FROM account o WHERE o.enterprise_id = $2) WHERE id = $1";
        const CONSENT: &str =
            "INSERT INTO consent (id, account_id, purpose, text_version, given_at) VALUES ($1, $2, $3, $4, $5)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let enterprise: Option<Uuid> = sqlx::query_scalar(LOCK).bind(new.tax_code).bind(at)
                .fetch_optional(&mut *tx).await?;
            let Some(enterprise) = enterprise else { return Ok(false) };
            let used = sqlx::query(USE).bind(new.tax_code).bind(&new.code_hash[..]).bind(at).execute(&mut *tx).await?;
            if used.rows_affected() == 0 {
                return Ok(false);
            }
            let told: Vec<String> = sqlx::query_scalar(TOLD).bind(enterprise).fetch_all(&mut *tx).await?;
            let ended = sqlx::query(DISABLE).bind(enterprise).bind(at).execute(&mut *tx).await?.rows_affected();
            for gone in GONE {
                sqlx::query(gone).bind(enterprise).execute(&mut *tx).await?;
            }
            sqlx::query(LINKS).bind(enterprise).bind(at).execute(&mut *tx).await?;
            insert_account!(tx, &new.account, None::<Uuid>, at);
            sqlx::query(SEAT).bind(new.account.id).bind(enterprise).execute(&mut *tx).await?;
            for (purpose, version) in &new.consents {
                sqlx::query(CONSENT).bind(ids()).bind(new.account.id).bind(*purpose).bind(*version).bind(at)
                    .execute(&mut *tx).await?;
            }
            for to in told {
                queue!(tx, &message(ids(), to, new, enterprise, at));
            }
            let event = Event {
                id: ids(),
                at,
                account: Some(new.account.id),
                action: Action::EnterpriseTakenOver,
                subject: "enterprise",
                subject_id: Some(enterprise),
                detail: json!({ "access_ended": ended }),
            };
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}

fn message(id: Uuid, to: String, new: &TakingOver<'_>, enterprise: Uuid, at: OffsetDateTime) -> Message {
    Message {
        id,
        to,
        lang: model::text::Lang::Vi,
        kind: Kind::TakenOver,
        letter: new.letter.clone(),
        about: "enterprise",
        about_id: Some(enterprise),
        sender: None,
        stop: None,
        at,
    }
}
