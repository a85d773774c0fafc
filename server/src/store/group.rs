//! Groups of enterprises of a campaign's frame that the province invites together. An enterprise is in one of them at most.

use serde_json::json;
use sqlx::{AssertSqlSafe, FromRow};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Filter, InPlace, Result, Store, association::By, audit::audit, breaks_unique, on,
};

/// Rows that one statement inserts: both databases take more placeholders than that.
const ROWS: usize = 500;

/// A group to be made.
#[derive(Clone, Debug)]
pub struct NewGroup {
    /// Key of the group.
    pub id: Uuid,
    /// Key of the campaign.
    pub campaign: Uuid,
    /// What it is called; unique in the campaign.
    pub title: String,
    /// Which enterprises of the frame are chosen.
    pub choice: Filter,
    /// How many of them are drawn, and the seed to draw them by; all are taken where there are no more.
    pub draw: Option<(usize, String)>,
    /// Who makes it.
    pub account: Uuid,
}

/// How making a group ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GroupMade {
    /// It has so many enterprises.
    Done(i64),
    /// Nobody fits who is not in another group. Nothing was stored.
    Nobody,
    /// Another group of the campaign has this title. Nothing was stored.
    TitleTaken,
    /// The campaign is over, or has no frame. Nothing was stored.
    Refused,
}

/// How many enterprises of the frame fit a choice.
#[derive(Clone, Copy, Debug, PartialEq, Eq, FromRow)]
pub struct Fitting {
    /// All of them.
    pub all: i64,
    /// Those that are in a group of the campaign already.
    pub taken: i64,
}

/// A group and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Group {
    /// Key of the group.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// The snapshot that it was chosen from.
    pub snapshot: String,
    /// The ward or commune that was chosen, …
    pub unit_code: Option<String>,
    /// … or the former district.
    pub district_code: Option<String>,
    /// The section that was chosen.
    pub section: Option<String>,
    /// The size that was chosen.
    pub size: Option<String>,
    /// How many fitted when it was made, and were in no other group.
    pub fitting: i64,
    /// The seed that it was drawn by.
    pub seed: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// The letters that are being written to it: an `Occasion` by its name.
    pub asked: Option<String>,
    /// How many enterprises are in it.
    pub entries: i64,
    /// Of them, those that a letter by mail was queued for.
    pub invited: i64,
    /// Of these, those whose letter the mail server has taken, …
    pub sent: i64,
    /// … and those whose letter is held because there is no mail server.
    pub held: i64,
    /// Those that it could not be delivered to.
    pub failed: i64,
    /// Those that a code for a printed letter was made for.
    pub lettered: i64,
    /// Those that no address is known of.
    pub without_address: i64,
    /// Those that want no letters.
    pub stopped: i64,
    /// Those that have begun an assessment, the submitted ones included.
    pub begun: i64,
    /// Those that have submitted.
    pub submitted: i64,
    /// When the last of them was invited, by mail or by a printed letter.
    pub last_invited_at: Option<OffsetDateTime>,
}

/// An enterprise of a group.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct GroupEntry {
    /// Canonical tax code.
    pub tax_code: String,
    /// The name in the register today; the tax code when it has left.
    pub name: String,
    /// Whether an address is known.
    pub has_address: bool,
    /// When it was invited by mail.
    pub invited_at: Option<OffsetDateTime>,
    /// How far that letter is: a `MailState`; none once it was deleted.
    pub mail: Option<String>,
    /// When a code for a printed letter was made.
    pub lettered_at: Option<OffsetDateTime>,
    /// Whether it wants no letters.
    pub is_stopped: bool,
    /// The state of its assessment, if it has begun one.
    pub state: Option<String>,
}

/// Where letters to an entry `e` go, with its register row `r` and its enterprise `x`: to the account of an owner who
/// agreed to be written to, else to the address in the register.
macro_rules! address {
    () => {
        "COALESCE((SELECT p.email FROM account p WHERE p.enterprise_id = x.id AND p.role = 'enterprise'
            AND p.email IS NOT NULL AND p.disabled_at IS NULL AND EXISTS (SELECT 1 FROM consent c
                WHERE c.account_id = p.id AND c.purpose = 'contact' AND c.withdrawn_at IS NULL)
            ORDER BY p.id LIMIT 1), r.email)"
    };
}
pub(super) use address;

/// The entries `e` of groups with everything that says how far they are.
macro_rules! entries {
    () => {
        "invitation_group_entry e LEFT JOIN register_entry r ON r.tax_code = e.tax_code
         LEFT JOIN enterprise x ON x.tax_code = e.tax_code
         LEFT JOIN assessment a ON a.enterprise_id = x.id AND a.campaign_id = e.campaign_id
         LEFT JOIN province_stop s ON s.tax_code = e.tax_code
         LEFT JOIN outbox o ON o.id = e.message_id "
    };
}
pub(super) use entries;

/// The groups of a campaign ($1), with their counts.
macro_rules! groups {
    ($condition:literal) => {
        concat!(
            "SELECT g.id, g.title, n.title AS snapshot, g.unit_code, g.district_code, g.section, g.size, g.fitting,
             g.seed, g.created_at, g.asked, count(*) AS entries, count(e.message_id) AS invited,
             count(*) FILTER (WHERE o.state = 'sent') AS sent, count(*) FILTER (WHERE o.state = 'held') AS held,
             count(*) FILTER (WHERE o.state = 'failed') AS failed, count(e.lettered_at) AS lettered,
             count(*) FILTER (WHERE ",
            address!(),
            " IS NULL) AS without_address, count(s.tax_code) AS stopped, count(a.id) AS begun,
             count(*) FILTER (WHERE a.version > 0) AS submitted,
             max(COALESCE(e.invited_at, e.lettered_at)) AS last_invited_at FROM ",
            entries!(),
            "JOIN invitation_group g ON g.id = e.group_id JOIN register_snapshot n ON n.id = g.snapshot_id
             WHERE g.campaign_id = $1 ",
            $condition,
            " GROUP BY g.id, n.title ORDER BY g.id LIMIT 500"
        )
    };
}

impl Store {
    /// How many enterprises of a campaign's frame fit a choice; none without a frame.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn fitting(&self, campaign: Uuid, choice: &Filter) -> Result<Fitting> {
        let sql = format!(
            r#"SELECT count(*) AS "all", count(t.id) AS taken FROM campaign_snapshot c
             JOIN register_snapshot_entry e ON e.snapshot_id = c.snapshot_id
             LEFT JOIN invitation_group_entry t ON t.campaign_id = c.campaign_id AND t.tax_code = e.tax_code
             WHERE c.campaign_id = $1{}"#,
            choice.sql(2)
        );
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql)).bind(campaign);
            for (_, value) in choice.conditions() {
                query = query.bind(value);
            }
            query.fetch_one(pool).await
        })
    }

    /// Makes a group of the enterprises of the frame that fit and are in no other group of the campaign.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn make_group(
        &self,
        new: &NewGroup,
        ids: &mut (dyn FnMut() -> Uuid + Send),
        by: By,
    ) -> Result<GroupMade> {
        match self.insert_group(new, ids, by).await {
            Err(error) if breaks_unique(&error, "title") => Ok(GroupMade::TitleTaken),
            made => made,
        }
    }

    async fn insert_group(&self, new: &NewGroup, ids: &mut (dyn FnMut() -> Uuid + Send), by: By) -> Result<GroupMade> {
        // Whoever makes another group of the campaign waits here: both must not choose the same enterprise.
        const LOCK: &str = "UPDATE campaign SET revision = revision
            WHERE id = $1 AND state IN ('draft', 'open') AND closes_at > $2";
        const SNAPSHOT: &str = "SELECT snapshot_id FROM campaign_snapshot WHERE campaign_id = $1";
        const INSERT: &str = "INSERT INTO invitation_group (id, campaign_id, snapshot_id, title, unit_code,
            district_code, section, size, fitting, seed, created_at, created_by)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
        let fitting = format!(
            "SELECT e.tax_code FROM register_snapshot_entry e WHERE e.snapshot_id = $1 AND NOT EXISTS
             (SELECT 1 FROM invitation_group_entry t WHERE t.campaign_id = $2 AND t.tax_code = e.tax_code){}
             ORDER BY e.tax_code",
            new.choice.sql(3)
        );
        let (unit, district) = match &new.choice.place {
            Some(InPlace::Unit(code)) => (Some(code), None),
            Some(InPlace::District(code)) => (None, Some(code)),
            None => (None, None),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let locked = sqlx::query(LOCK).bind(new.campaign).bind(by.at).execute(&mut *tx).await?;
            let snapshot: Option<Uuid> =
                sqlx::query_scalar(SNAPSHOT).bind(new.campaign).fetch_optional(&mut *tx).await?;
            let Some(snapshot) = snapshot.filter(|_| locked.rows_affected() == 1) else {
                return Ok(GroupMade::Refused);
            };
            let mut query = sqlx::query_scalar(AssertSqlSafe(fitting)).bind(snapshot).bind(new.campaign);
            for (_, value) in new.choice.conditions() {
                query = query.bind(value);
            }
            let found: Vec<String> = query.fetch_all(&mut *tx).await?;
            let fitting = count(found.len());
            let draw = new.draw.as_ref().filter(|(most, _)| *most < found.len());
            let chosen = match draw {
                Some((most, seed)) => model::sample::draw(seed, found, *most),
                None => found,
            };
            if chosen.is_empty() {
                return Ok(GroupMade::Nobody);
            }
            sqlx::query(INSERT)
                .bind(new.id).bind(new.campaign).bind(snapshot).bind(&new.title).bind(unit).bind(district)
                .bind(&new.choice.section).bind(&new.choice.size).bind(fitting).bind(draw.map(|(_, seed)| seed))
                .bind(by.at).bind(new.account)
                .execute(&mut *tx).await?;
            for some in chosen.chunks(ROWS) {
                let sql = insert_entries(some.len());
                let mut query = sqlx::query(AssertSqlSafe(sql)).bind(new.id).bind(new.campaign);
                for tax_code in some {
                    query = query.bind(ids()).bind(tax_code);
                }
                query.execute(&mut *tx).await?;
            }
            let detail = json!({ "campaign": new.campaign, "fitting": fitting, "entries": chosen.len() });
            audit!(tx, &by.event(Action::GroupMade, "invitation_group", new.id, detail));
            tx.commit().await?;
            Ok(GroupMade::Done(count(chosen.len())))
        })
    }

    /// The groups of a campaign in the order in which they were made, at most 500.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn groups(&self, campaign: Uuid) -> Result<Vec<Group>> {
        const SQL: &str = groups!("");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).fetch_all(pool).await)
    }

    /// A group of a campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group(&self, campaign: Uuid, id: Uuid) -> Result<Option<Group>> {
        const SQL: &str = groups!("AND g.id = $2");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).bind(id).fetch_optional(pool).await)
    }

    /// The enterprises of a group in the order of their tax codes, after the one given.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn group_entries(&self, group: Uuid, after: &str, limit: i64) -> Result<Vec<GroupEntry>> {
        const SQL: &str = concat!(
            "SELECT e.tax_code, COALESCE(x.name, r.name, e.tax_code) AS name, ",
            address!(),
            " IS NOT NULL AS has_address, e.invited_at, o.state AS mail, e.lettered_at,
             s.tax_code IS NOT NULL AS is_stopped, a.state FROM ",
            entries!(),
            "WHERE e.group_id = $1 AND e.tax_code > $2 ORDER BY e.tax_code LIMIT $3"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(group).bind(after).bind(limit).fetch_all(pool).await)
    }

    /// Gives a group another title. Answers whether it has it now: another group of the campaign may.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn rename_group(&self, (campaign, id): (Uuid, Uuid), title: &str, by: By) -> Result<bool> {
        const SQL: &str = "UPDATE invitation_group SET title = $3 WHERE id = $1 AND campaign_id = $2";
        let renamed: Result<()> = on!(&self.write, pool => async {
            let mut tx = pool.begin_write().await?;
            let renamed = sqlx::query(SQL).bind(id).bind(campaign).bind(title).execute(&mut *tx).await?;
            if renamed.rows_affected() == 1 {
                audit!(tx, &by.event(Action::GroupRenamed, "invitation_group", id, json!({ "campaign": campaign })));
            }
            tx.commit().await
        }.await);
        match renamed {
            Err(error) if breaks_unique(&error, "title") => Ok(false),
            other => other.map(|()| true),
        }
    }

    /// Deletes a group that nobody was invited in, by mail or by a printed letter. Answers whether it is gone.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn delete_group(&self, (campaign, id): (Uuid, Uuid), by: By) -> Result<bool> {
        // Whoever writes letters to it waits here, and finds it gone or keeps it.
        const LOCK: &str =
            "UPDATE invitation_group SET title = title WHERE id = $1 AND campaign_id = $2 AND asked IS NULL";
        const INVITED: &str = "SELECT count(*) FROM invitation_group_entry
            WHERE group_id = $1 AND (message_id IS NOT NULL OR lettered_at IS NOT NULL)";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let locked = sqlx::query(LOCK).bind(id).bind(campaign).execute(&mut *tx).await?;
            let invited: i64 = sqlx::query_scalar(INVITED).bind(id).fetch_one(&mut *tx).await?;
            if locked.rows_affected() == 0 || invited > 0 {
                return Ok(false);
            }
            sqlx::query("DELETE FROM invitation_group_entry WHERE group_id = $1").bind(id).execute(&mut *tx).await?;
            sqlx::query("DELETE FROM invitation_group WHERE id = $1").bind(id).execute(&mut *tx).await?;
            audit!(tx, &by.event(Action::GroupDeleted, "invitation_group", id, json!({ "campaign": campaign })));
            tx.commit().await?;
            Ok(true)
        })
    }
}

/// A statement that inserts so many entries: the group is $1, the campaign $2, then come key and tax code of each.
fn insert_entries(rows: usize) -> String {
    let values: Vec<String> = (0..rows).map(|row| format!("(${}, $1, $2, ${})", 2 * row + 3, 2 * row + 4)).collect();
    format!("INSERT INTO invitation_group_entry (id, group_id, campaign_id, tax_code) VALUES {}", values.join(", "))
}

fn count(number: usize) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}
