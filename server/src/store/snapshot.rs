//! Snapshots of the register: the frozen frame of a campaign.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// A frozen copy of the register's classifications.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Snapshot {
    /// Key of the snapshot.
    pub id: Uuid,
    /// What the officer calls it.
    pub title: String,
    /// How many enterprises it has.
    pub entries: i64,
    /// When it was taken.
    pub taken_at: OffsetDateTime,
}

/// One enterprise of a snapshot: its key and its classes, no name and no contact.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FrameRow {
    /// Canonical tax code.
    pub tax_code: String,
    /// Ward or commune; none where only the former district is known.
    pub unit: Option<String>,
    /// Former district.
    pub district: String,
    /// Division of VSIC 2025.
    pub division: String,
    /// Section of VSIC 2025.
    pub section: String,
    /// `micro`, `small`, `medium` or `large`; none where the figures do not decide it.
    pub size: Option<String>,
}

/// How many enterprises of a snapshot have the same classes.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct FrameCell {
    /// Former district.
    pub district: String,
    /// Ward or commune; none where only the former district is known.
    pub unit: Option<String>,
    /// Section of VSIC 2025.
    pub section: String,
    /// Size class; none where the figures do not decide it.
    pub size: Option<String>,
    /// How many there are.
    pub entries: i64,
}

/// Who takes a snapshot, and of what name.
#[derive(Clone, Debug)]
pub struct NewSnapshot {
    /// Key of the snapshot.
    pub id: Uuid,
    /// What it is called.
    pub title: String,
    /// The officer; none on the command line.
    pub account: Option<Uuid>,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

impl Store {
    /// Freezes the active entries of the register. Answers how many there are; with none, nothing is stored.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn take_snapshot(&self, new: &NewSnapshot) -> Result<i64> {
        const HEAD: &str =
            "INSERT INTO register_snapshot (id, title, entries, taken_at, taken_by) VALUES ($1, $2, 0, $3, $4)";
        const ENTRIES: &str = "INSERT INTO register_snapshot_entry
            (snapshot_id, tax_code, unit_code, district_code, division, section, size)
            SELECT $1, tax_code, unit_code, district_code, division, section, size
            FROM register_entry WHERE status = 'active' ORDER BY tax_code";
        const CELLS: &str = "INSERT INTO register_snapshot_cell
            (snapshot_id, district_code, unit_code, section, size, entries)
            SELECT snapshot_id, district_code, unit_code, section, size, count(*) FROM register_snapshot_entry
            WHERE snapshot_id = $1 GROUP BY snapshot_id, district_code, unit_code, section, size";
        const COUNT: &str = "UPDATE register_snapshot SET entries = $2 WHERE id = $1";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(HEAD).bind(new.id).bind(&new.title).bind(new.at).bind(new.account).execute(&mut *tx).await?;
            let entries = sqlx::query(ENTRIES).bind(new.id).execute(&mut *tx).await?.rows_affected();
            let entries = i64::try_from(entries).unwrap_or(i64::MAX);
            if entries == 0 {
                tx.rollback().await?;
                return Ok(0);
            }
            sqlx::query(CELLS).bind(new.id).execute(&mut *tx).await?;
            sqlx::query(COUNT).bind(new.id).bind(entries).execute(&mut *tx).await?;
            let event = Event {
                id: new.event,
                at: new.at,
                account: new.account,
                action: Action::SnapshotTaken,
                subject: "register_snapshot",
                subject_id: Some(new.id),
                detail: json!({ "entries": entries }),
            };
            audit!(tx, &event);
            tx.commit().await?;
            Ok(entries)
        })
    }

    /// The snapshots, newest first, at most a hundred.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshots(&self) -> Result<Vec<Snapshot>> {
        const SQL: &str = "SELECT id, title, entries, taken_at FROM register_snapshot ORDER BY id DESC LIMIT 100";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }

    /// A snapshot.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot(&self, id: Uuid) -> Result<Option<Snapshot>> {
        const SQL: &str = "SELECT id, title, entries, taken_at FROM register_snapshot WHERE id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// Every enterprise of a snapshot, by tax code: the sampling frame.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot_frame(&self, snapshot: Uuid) -> Result<Vec<FrameRow>> {
        const SQL: &str =
            "SELECT tax_code, NULLIF(unit_code, '') AS unit, district_code AS district, division, section,
            NULLIF(size, 'unknown') AS size FROM register_snapshot_entry WHERE snapshot_id = $1 ORDER BY tax_code";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(snapshot).fetch_all(pool).await)
    }

    /// A snapshot by cells, at most one per former district, unit, section and size.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn snapshot_cells(&self, snapshot: Uuid) -> Result<Vec<FrameCell>> {
        const SQL: &str = "SELECT district_code AS district, NULLIF(unit_code, '') AS unit, section,
            NULLIF(size, 'unknown') AS size, entries FROM register_snapshot_cell WHERE snapshot_id = $1
            ORDER BY district_code, unit_code, section, size";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(snapshot).fetch_all(pool).await)
    }

    /// Makes a snapshot the frame of a campaign, in place of the one before.
    ///
    /// # Errors
    /// When the database fails or one of the two does not exist.
    pub async fn attach_snapshot(
        &self,
        campaign: Uuid,
        snapshot: Uuid,
        account: Option<Uuid>,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<()> {
        const SQL: &str = "INSERT INTO campaign_snapshot (campaign_id, snapshot_id) VALUES ($1, $2)
            ON CONFLICT (campaign_id) DO UPDATE SET snapshot_id = excluded.snapshot_id";
        let event = Event {
            id: event,
            at,
            account,
            action: Action::SnapshotAttached,
            subject: "campaign",
            subject_id: Some(campaign),
            detail: json!({ "snapshot": snapshot }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(SQL).bind(campaign).bind(snapshot).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// The snapshot that is the frame of a campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaign_snapshot(&self, campaign: Uuid) -> Result<Option<Snapshot>> {
        const SQL: &str = "SELECT s.id, s.title, s.entries, s.taken_at FROM campaign_snapshot c
            JOIN register_snapshot s ON s.id = c.snapshot_id WHERE c.campaign_id = $1";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(campaign).fetch_optional(pool).await)
    }
}
