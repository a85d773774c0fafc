//! Planning campaigns and taking them through their life. The rules are in [`model::campaign`].

use model::campaign::{Schedule, State};
use serde_json::{Value, json};
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// A campaign as those who run it see it.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct PlannedCampaign {
    /// Key of the campaign.
    pub id: Uuid,
    /// Title in Vietnamese.
    pub title_vi: String,
    /// Title in English.
    pub title_en: String,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
    /// The first moment.
    pub opens_at: OffsetDateTime,
    /// The moment after the last.
    pub closes_at: OffsetDateTime,
    state: String,
    /// Grows with every change.
    pub revision: i64,
}

/// What a campaign is about, apart from its schedule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CampaignText {
    /// Title in Vietnamese.
    pub title_vi: String,
    /// Title in English.
    pub title_en: String,
    /// Which questionnaire.
    pub questionnaire_id: String,
    /// Which version of it.
    pub questionnaire_version: String,
}

impl PlannedCampaign {
    /// A campaign that is not stored yet.
    #[must_use]
    pub fn new(id: Uuid, text: CampaignText, schedule: Schedule) -> Self {
        Self {
            id,
            title_vi: text.title_vi,
            title_en: text.title_en,
            questionnaire_id: text.questionnaire_id,
            questionnaire_version: text.questionnaire_version,
            opens_at: schedule.opens_at,
            closes_at: schedule.closes_at,
            state: schedule.state.as_str().to_owned(),
            revision: 0,
        }
    }

    /// The same campaign about something else.
    #[must_use]
    pub fn rewritten(self, text: CampaignText, schedule: Schedule) -> Self {
        Self { revision: self.revision, ..Self::new(self.id, text, schedule) }
    }

    /// Its state and dates.
    #[must_use]
    pub fn schedule(&self) -> Schedule {
        // An unknown state takes no answers and no steps.
        let state = State::named(&self.state).unwrap_or(State::Archived);
        Schedule { state, opens_at: self.opens_at, closes_at: self.closes_at }
    }

    /// The same campaign after a step.
    #[must_use]
    pub fn scheduled(self, schedule: Schedule) -> Self {
        Self {
            opens_at: schedule.opens_at,
            closes_at: schedule.closes_at,
            state: schedule.state.as_str().to_owned(),
            ..self
        }
    }

    fn event(&self, action: Action, by: &By) -> Event {
        Event {
            id: by.event,
            at: by.at,
            account: Some(by.account),
            action,
            subject: "campaign",
            subject_id: Some(self.id),
            detail: json!({
                "questionnaire": self.questionnaire_id,
                "version": self.questionnaire_version,
                "opens_at": self.opens_at.unix_timestamp(),
                "closes_at": self.closes_at.unix_timestamp(),
            }),
        }
    }
}

/// Who changes something, and when.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Key of the account.
    pub account: Uuid,
    /// Key of the audit row.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// How a change of a campaign ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Changed {
    /// It is stored.
    Done,
    /// Somebody else changed the campaign in between. Nothing was stored.
    Stale,
    /// Another campaign of this key is open at the same time. Nothing was stored.
    Overlaps(Uuid),
}

/// One step in the life of a campaign, from the audit log.
#[derive(Clone, Debug, FromRow)]
pub struct CampaignStep {
    /// When.
    pub at: OffsetDateTime,
    /// What happened, as in the audit log.
    pub action: String,
    /// Who did it; none for the program itself.
    pub full_name: Option<String>,
    detail: Json<Value>,
}

impl CampaignStep {
    /// When the campaign was to close after this step.
    #[must_use]
    pub fn closes_at(&self) -> Option<OffsetDateTime> {
        OffsetDateTime::from_unix_timestamp(self.detail.get("closes_at")?.as_i64()?).ok()
    }
}

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT id, title_vi, title_en, questionnaire_id, questionnaire_version, opens_at, closes_at, state, revision
             FROM campaign ",
            $rest
        )
    };
}

impl Store {
    /// Stores a new campaign.
    ///
    /// # Errors
    /// When the database fails or the questionnaire version does not exist.
    pub async fn plan_campaign(&self, new: &PlannedCampaign, by: &By) -> Result<()> {
        const INSERT: &str = "INSERT INTO campaign (id, title_vi, title_en, questionnaire_id, questionnaire_version,
            opens_at, closes_at, created_at, state, revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
        let event = new.event(Action::CampaignPlanned, by);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(INSERT)
                .bind(new.id).bind(&new.title_vi).bind(&new.title_en)
                .bind(&new.questionnaire_id).bind(&new.questionnaire_version)
                .bind(new.opens_at).bind(new.closes_at).bind(by.at).bind(&new.state)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// Stores a changed campaign, if its revision is still the stored one and no other is open at the same time.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn change_campaign(&self, new: &PlannedCampaign, action: Action, by: &By) -> Result<Changed> {
        // All campaigns are locked, there are few: two that are opened at once must see each other.
        const LOCK: &str = "UPDATE campaign SET revision = revision";
        const OTHER: &str = "SELECT id FROM campaign
            WHERE id <> $1 AND state = 'open' AND opens_at < $3 AND closes_at > $2 ORDER BY id LIMIT 1";
        const UPDATE: &str = "UPDATE campaign SET title_vi = $1, title_en = $2, questionnaire_id = $3,
            questionnaire_version = $4, opens_at = $5, closes_at = $6, state = $7, revision = revision + 1
            WHERE id = $8 AND revision = $9";
        let event = new.event(action, by);
        let opens = new.schedule().state == State::Open;
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(LOCK).execute(&mut *tx).await?;
            let other: Option<Uuid> = sqlx::query_scalar(OTHER).bind(new.id).bind(new.opens_at.max(by.at))
                .bind(new.closes_at).fetch_optional(&mut *tx).await?;
            if let Some(other) = other.filter(|_| opens) {
                return Ok(Changed::Overlaps(other));
            }
            let changed = sqlx::query(UPDATE)
                .bind(&new.title_vi).bind(&new.title_en).bind(&new.questionnaire_id).bind(&new.questionnaire_version)
                .bind(new.opens_at).bind(new.closes_at).bind(&new.state).bind(new.id).bind(new.revision)
                .execute(&mut *tx).await?;
            if changed.rows_affected() == 0 {
                return Ok(Changed::Stale);
            }
            audit!(tx, &event);
            tx.commit().await?;
            Ok(Changed::Done)
        })
    }

    /// The last campaigns, the one that opens last first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaigns(&self, most: i64) -> Result<Vec<PlannedCampaign>> {
        const SQL: &str = select!("ORDER BY opens_at DESC, id DESC LIMIT $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(most).fetch_all(pool).await)
    }

    /// A campaign.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaign(&self, id: Uuid) -> Result<Option<PlannedCampaign>> {
        const SQL: &str = select!("WHERE id = $1");
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_optional(pool).await)
    }

    /// What happened to a campaign, oldest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn campaign_history(&self, id: Uuid) -> Result<Vec<CampaignStep>> {
        const SQL: &str = "SELECT x.at, x.action, a.full_name, x.detail
            FROM audit x LEFT JOIN account a ON a.id = x.account_id
            WHERE x.subject = 'campaign' AND x.subject_id = $1 ORDER BY x.id";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).fetch_all(pool).await)
    }

    /// The published questionnaire versions as id and version, the newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn questionnaire_versions(&self) -> Result<Vec<(String, String, OffsetDateTime)>> {
        const SQL: &str =
            "SELECT id, version, published_at FROM questionnaire ORDER BY published_at DESC, id, version DESC";
        on!(&self.read, pool => sqlx::query_as(SQL).fetch_all(pool).await)
    }
}
