//! Who is a member of which association, and what the enterprise decided about being seen.

use model::membership::{Decision, Membership};
use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Result, Store, association::By, audit::audit, on};

/// An enterprise that an association lists as its member.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewMember {
    /// Key of the membership.
    pub id: Uuid,
    /// Canonical tax code.
    pub tax_code: String,
    /// The name as the association wrote it; may be empty.
    pub name: String,
    /// Where the invitation goes.
    pub email: Option<String>,
    /// Whom to call.
    pub phone: Option<String>,
}

/// A line of the association's list.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Member {
    /// Key of the membership.
    pub id: Uuid,
    /// The enterprise's tax code.
    pub tax_code: String,
    /// The enterprise's own name once it agreed, before that what the association wrote.
    pub name: String,
    /// The name that the register has for the tax code; none for personal numbers.
    pub register_name: Option<String>,
    /// Where the invitation goes, as the association wrote it.
    pub email: Option<String>,
    /// Whom to call, as the association wrote it.
    pub phone: Option<String>,
    /// A `model::membership::Membership`.
    pub state: String,
    /// When the association listed it.
    pub invited_at: OffsetDateTime,
    /// When the enterprise decided last.
    pub decided_at: Option<OffsetDateTime>,
    /// When the enterprise asked for no more letters.
    pub stopped_at: Option<OffsetDateTime>,
    /// What the last letter was for, as in the outbox; none was sent if there is none.
    pub letter: Option<String>,
    /// How far it is: a `MailState`.
    pub letter_state: Option<String>,
    /// When it was queued.
    pub letter_at: Option<OffsetDateTime>,
}

/// A membership as the enterprise sees it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct MembershipRow {
    /// Key of the membership.
    pub id: Uuid,
    /// The association's name.
    pub association: String,
    /// A `model::membership::Membership`.
    pub state: String,
    /// When the association listed the enterprise.
    pub invited_at: OffsetDateTime,
    /// When the enterprise decided last.
    pub decided_at: Option<OffsetDateTime>,
}

/// What an enterprise decides about one membership.
#[derive(Clone, Copy, Debug)]
pub struct Deciding {
    /// The membership …
    pub membership: Uuid,
    /// … of this enterprise; another's is as good as missing.
    pub enterprise: Uuid,
    /// The decision.
    pub decision: Decision,
    /// The version of the text that was shown.
    pub text_version: &'static str,
    /// Key of the row that proves a consent.
    pub consent: Uuid,
}

/// How a decision ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decided {
    /// It is stored, or was stored already.
    Done,
    /// It does not fit what was decided before. Nothing was stored.
    NotNow,
    /// There is no such membership of this enterprise.
    Missing,
}

/// How many memberships are in which state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, FromRow)]
pub struct Standing {
    /// Waiting for the enterprise's word.
    pub invited: i64,
    /// Agreed.
    pub agreed: i64,
    /// Refused.
    pub refused: i64,
    /// Withdrawn.
    pub withdrawn: i64,
}

/// Members of the association ($1) with their last letter. The name of the register is public; it says nothing of whether the
/// enterprise is here. A tax code of 12 digits is a person's number, and the name beside it would be a person's.
const MEMBERS: &str = "SELECT m.id, m.tax_code, COALESCE(m.enterprise_name, m.name) AS name,
    CASE WHEN length(m.tax_code) <> 12 THEN r.name END AS register_name, m.email, m.phone, m.state, m.invited_at,
    m.decided_at, m.stopped_at, o.kind AS letter, o.state AS letter_state, o.queued_at AS letter_at
    FROM membership m LEFT JOIN register_entry r ON r.tax_code = m.tax_code
    LEFT JOIN outbox o ON o.id = (SELECT l.id FROM outbox l WHERE l.about = 'membership'
        AND l.about_id = m.id AND l.sender_id = m.association_id ORDER BY l.id DESC LIMIT 1)
    WHERE m.association_id = $1";

#[derive(FromRow)]
struct Locked {
    association_id: Uuid,
    state: String,
}

impl Store {
    /// Lists enterprises as members; those that are listed already stay as they are. Answers the new ones.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn invite(&self, association: Uuid, new: &[NewMember], account: Uuid, by: By) -> Result<Vec<Uuid>> {
        const INSERT: &str = "INSERT INTO membership
            (id, association_id, tax_code, name, email, phone, state, invited_at, invited_by)
            VALUES ($1, $2, $3, $4, $5, $6, 'invited', $7, $8) ON CONFLICT (association_id, tax_code) DO NOTHING";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let mut added = Vec::new();
            for member in new {
                let inserted = sqlx::query(INSERT)
                    .bind(member.id).bind(association).bind(&member.tax_code).bind(&member.name)
                    .bind(member.email.as_deref()).bind(member.phone.as_deref()).bind(by.at).bind(account)
                    .execute(&mut *tx).await?;
                if inserted.rows_affected() == 1 {
                    added.push(member.id);
                }
            }
            if !added.is_empty() {
                let detail = json!({ "members": added.len() });
                audit!(tx, &by.event(Action::MembersInvited, "association", association, detail));
            }
            tx.commit().await?;
            Ok(added)
        })
    }

    /// Takes an enterprise off the list as long as it has not decided; false when it has, or is not on it.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn cancel_invitation(&self, membership: Uuid, association: Uuid, by: By) -> Result<bool> {
        // The update holds the row until the end: the enterprise decides before or after.
        const LOCK: &str = "UPDATE membership SET state = state
            WHERE id = $1 AND association_id = $2 AND state = 'invited' AND decided_at IS NULL";
        const DELETE: [&str; 3] = [
            "DELETE FROM registration_link WHERE membership_id = $1",
            "DELETE FROM invitation WHERE membership_id = $1",
            "DELETE FROM membership WHERE id = $1",
        ];
        let event = by.event(Action::InvitationCancelled, "membership", membership, json!({}));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let found = sqlx::query(LOCK).bind(membership).bind(association).execute(&mut *tx).await?;
            if found.rows_affected() == 0 {
                return Ok(false);
            }
            for delete in DELETE {
                sqlx::query(delete).bind(membership).execute(&mut *tx).await?;
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// Writes down how to reach a member; false when the association has no such member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_member(
        &self,
        membership: Uuid,
        association: Uuid,
        (email, phone): (Option<&str>, Option<&str>),
        by: By,
    ) -> Result<bool> {
        const CHANGE: &str = "UPDATE membership SET email = $3, phone = $4 WHERE id = $1 AND association_id = $2";
        let event = by.event(Action::MemberChanged, "membership", membership, json!({}));
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let changed = sqlx::query(CHANGE).bind(membership).bind(association).bind(email).bind(phone)
                .execute(&mut *tx).await?;
            if changed.rows_affected() == 0 {
                return Ok(false);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }

    /// The members of an association, the latest first, after a given one.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn members(
        &self,
        association: Uuid,
        state: Option<Membership>,
        after: Option<Uuid>,
        limit: i64,
    ) -> Result<Vec<Member>> {
        let given = [(state.is_some(), "m.state = ?"), (after.is_some(), "m.id < ?")];
        let conditions = (2..).zip(given.into_iter().filter(|(is_given, _)| *is_given));
        let conditions: String = conditions
            .map(|(place, (_, condition))| format!(" AND {}", condition.replace('?', &format!("${place}"))))
            .collect();
        let sql = format!("{MEMBERS}{conditions} ORDER BY m.id DESC LIMIT {limit}");
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(association);
            if let Some(state) = state {
                query = query.bind(state.as_str());
            }
            if let Some(after) = after {
                query = query.bind(after);
            }
            query.fetch_all(pool).await
        })
    }

    /// One member of an association.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn member(&self, membership: Uuid, association: Uuid) -> Result<Option<Member>> {
        let sql = format!("{MEMBERS} AND m.id = $2");
        on!(&self.read, pool => sqlx::query_as(AssertSqlSafe(sql)).bind(association).bind(membership).fetch_optional(pool).await)
    }

    /// How many members of an association are in which state.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn standing(&self, association: Uuid) -> Result<Standing> {
        const SQL: &str = "SELECT count(*) FILTER (WHERE state = 'invited') AS invited,
            count(*) FILTER (WHERE state = 'agreed') AS agreed, count(*) FILTER (WHERE state = 'refused') AS refused,
            count(*) FILTER (WHERE state = 'withdrawn') AS withdrawn FROM membership WHERE association_id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(association).fetch_one(pool).await)
    }

    /// The associations that list an enterprise as their member.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn memberships(&self, enterprise: Uuid) -> Result<Vec<MembershipRow>> {
        const SQL: &str = "SELECT m.id, o.name AS association, m.state, m.invited_at, m.decided_at
            FROM enterprise e JOIN membership m ON m.tax_code = e.tax_code JOIN association o ON o.id = m.association_id
            WHERE e.id = $1 ORDER BY o.name_sort, m.id LIMIT 200";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(enterprise).fetch_all(pool).await)
    }

    /// Stores what an enterprise decides, with the proof of its consent. Access ends with the commit.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn decide_membership(&self, new: Deciding, account: Uuid, by: By) -> Result<Decided> {
        // The update holds the row until the end, so that two decisions follow one another.
        const LOCK: &str = "UPDATE membership SET state = state WHERE id = $1
            AND tax_code = (SELECT tax_code FROM enterprise WHERE id = $2) RETURNING association_id, state";
        const STORE: &str = "UPDATE membership SET state = $2, decided_at = $3, decided_by = $4, text_version = $5
            WHERE id = $1";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let row: Option<Locked> = sqlx::query_as(LOCK).bind(new.membership).bind(new.enterprise)
                .fetch_optional(&mut *tx).await?;
            let Some(row) = row else { return Ok(Decided::Missing) };
            let Ok(before) = row.state.parse::<Membership>() else { return Ok(Decided::Missing) };
            let Ok(after) = before.decide(new.decision) else { return Ok(Decided::NotNow) };
            if before == after {
                return Ok(Decided::Done);
            }
            sqlx::query(STORE).bind(new.membership).bind(after.as_str()).bind(by.at).bind(account)
                .bind(new.text_version).execute(&mut *tx).await?;
            match after {
                Membership::Agreed => prove_consent!(tx, new, row.association_id, account, by.at),
                _ => end_consent!(tx, new.enterprise, row.association_id, by.at),
            }
            let detail = json!({ "association": row.association_id, "state": after.as_str() });
            audit!(tx, &by.event(Action::MembershipDecided, "membership", new.membership, detail));
            tx.commit().await?;
            Ok(Decided::Done)
        })
    }
}

macro_rules! prove_consent {
    ($tx:expr, $new:expr, $association:expr, $account:expr, $at:expr) => {{
        sqlx::query(
            "INSERT INTO consent (id, account_id, purpose, text_version, given_at, association_id)
             VALUES ($1, $2, 'association', $3, $4, $5)",
        )
        .bind($new.consent)
        .bind($account)
        .bind($new.text_version)
        .bind($at)
        .bind($association)
        .execute(&mut *$tx)
        .await?;
    }};
}
use prove_consent;

/// A colleague may withdraw what another one agreed to.
macro_rules! end_consent {
    ($tx:expr, $enterprise:expr, $association:expr, $at:expr) => {{
        sqlx::query(
            "UPDATE consent SET withdrawn_at = $3 WHERE association_id = $2 AND withdrawn_at IS NULL
             AND account_id IN (SELECT id FROM account WHERE enterprise_id = $1)",
        )
        .bind($enterprise)
        .bind($association)
        .bind($at)
        .execute(&mut *$tx)
        .await?;
    }};
}
use end_consent;
