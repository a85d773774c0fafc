//! Whether an assessment is a quick check or a full assessment.

use model::quick::Kind;
use serde_json::json;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, BeginWrite as _, Event, Result, Store, audit::audit, on};

impl Store {
    /// Makes a draft of this enterprise a quick check or a full assessment; its answers stay. Answers whether there is
    /// such a draft.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn set_kind(
        &self,
        (assessment, enterprise): (Uuid, Uuid),
        kind: Kind,
        account: Uuid,
        event: Uuid,
        at: OffsetDateTime,
    ) -> Result<bool> {
        const KNOWN: &str = "SELECT kind FROM assessment WHERE id = $1 AND enterprise_id = $2 AND state = 'draft'";
        const SET: &str = "UPDATE assessment SET kind = $3 WHERE id = $1 AND enterprise_id = $2 AND state = 'draft'";
        let event = Event {
            id: event,
            at,
            account: Some(account),
            action: Action::KindChosen,
            subject: "assessment",
            subject_id: Some(assessment),
            detail: json!({ "kind": kind.as_str() }),
        };
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let known: Option<String> =
                sqlx::query_scalar(KNOWN).bind(assessment).bind(enterprise).fetch_optional(&mut *tx).await?;
            if known.as_deref().is_none_or(|known| known == kind.as_str()) {
                return Ok(known.is_some());
            }
            sqlx::query(SET).bind(assessment).bind(enterprise).bind(kind.as_str()).execute(&mut *tx).await?;
            audit!(tx, &event);
            tx.commit().await?;
            Ok(true)
        })
    }
}
