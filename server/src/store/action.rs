//! What enterprises decided about the actions of their plans.

use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

/// A decision about one action; a new one replaces the last.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Decided {
    /// The questionnaire of the plan.
    pub questionnaire_id: String,
    /// The item that the action improves.
    pub item_id: String,
    /// The level of the item when it was decided, 0–5.
    pub level_then: i64,
    /// `accepted`, `postponed` or `done`.
    pub state: String,
    /// Why it is postponed.
    pub reason: Option<String>,
    /// Who does it.
    pub person: Option<String>,
    /// Until when, as `2027-03-31`.
    pub due_on: Option<String>,
    /// When it was decided.
    pub decided_at: OffsetDateTime,
}

/// How often an action was decided how: the demand for training and support.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Demand {
    /// The item that the action improves.
    pub item_id: String,
    /// `accepted`, `postponed` or `done`.
    pub state: String,
    /// How many enterprises.
    pub enterprises: i64,
}

impl Store {
    /// Stores a decision of this enterprise. `new`: keys of the row and of its audit row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decide(&self, decided: &Decided, enterprise: Uuid, account: Uuid, new: [Uuid; 2]) -> Result<()> {
        const UPSERT: &str = "INSERT INTO action (id, enterprise_id, questionnaire_id, item_id, level_then, state,
            reason, person, due_on, decided_at, decided_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
            ON CONFLICT (enterprise_id, questionnaire_id, item_id) DO UPDATE SET
            level_then = excluded.level_then, state = excluded.state, reason = excluded.reason,
            person = excluded.person, due_on = excluded.due_on, decided_at = excluded.decided_at,
            decided_by = excluded.decided_by";
        let event = Event {
            id: new[1],
            at: decided.decided_at,
            account: Some(account),
            action: Action::ActionDecided,
            subject: "enterprise",
            subject_id: Some(enterprise),
            // Reason and person are free text and personal data: they stay out of the log.
            detail: json!({ "item": decided.item_id, "state": decided.state }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            sqlx::query(UPSERT)
                .bind(new[0]).bind(enterprise).bind(&decided.questionnaire_id).bind(&decided.item_id)
                .bind(decided.level_then).bind(&decided.state).bind(decided.reason.as_deref())
                .bind(decided.person.as_deref()).bind(decided.due_on.as_deref())
                .bind(decided.decided_at).bind(account)
                .execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await
        })
    }

    /// All decisions of this enterprise about the actions of one questionnaire, by item.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn decisions(&self, enterprise: Uuid, questionnaire: &str) -> Result<Vec<Decided>> {
        const SQL: &str = "SELECT questionnaire_id, item_id, level_then, state, reason, person, due_on, decided_at
            FROM action WHERE enterprise_id = $1 AND questionnaire_id = $2 ORDER BY item_id";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(enterprise).bind(questionnaire).fetch_all(pool).await)
    }

    /// How many enterprises decided how about each action of a questionnaire.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn demand(&self, questionnaire: &str) -> Result<Vec<Demand>> {
        const SQL: &str = "SELECT item_id, state, count(*) AS enterprises FROM action
            WHERE questionnaire_id = $1 GROUP BY item_id, state ORDER BY item_id, state";
        on!(&self.read, pool => sqlx::query_as(SQL).bind(questionnaire).fetch_all(pool).await)
    }
}
