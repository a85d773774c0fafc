//! Saving answers: merged question by question, durable before it is acknowledged. What a save does to the stored answers
//! says `merge`; SQLite stores saves in `batch`es, PostgreSQL each `alone`.

mod alone;
mod batch;
mod merge;

use std::collections::BTreeMap;

use model::answer::Answer;
use serde::{Deserialize, Serialize};
use serde_json::json;
use sqlx::{FromRow, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Action, Event, Pool, Result, Store};

pub(super) use batch::Saver;

/// An answer as stored: its value (none: emptied), the revision of the assessment that wrote it, and whose it is. Where
/// one person alone answers, nothing more is stored than the first two.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct StoredAnswer {
    /// The value.
    pub v: Option<Answer>,
    /// The revision that wrote it.
    pub r: i64,
    /// The seat of whoever wrote it.
    #[serde(default, skip_serializing_if = "is_owner")]
    pub by: i64,
    /// What somebody else had answered before, until the two agree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub other: Option<Other>,
}

/// The answer of somebody else that was replaced.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Other {
    /// The value.
    pub v: Answer,
    /// The seat of whoever gave it.
    pub by: i64,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes references")]
fn is_owner(seat: &i64) -> bool {
    *seat == 0
}

/// All answers of an assessment by question id.
pub type StoredAnswers = BTreeMap<String, StoredAnswer>;

/// What somebody wants to save.
#[derive(Clone, Debug)]
pub struct Save {
    /// The assessment …
    pub assessment: Uuid,
    /// … of this enterprise; another's is as good as missing.
    pub enterprise: Uuid,
    /// Who saves.
    pub account: Uuid,
    /// What names this save: sent again, it is answered as it was the first time.
    pub key: Option<Uuid>,
    /// The revision that the page was made from.
    pub base: i64,
    /// What the reader had before the eyes when answering. A stored answer that is another one was given by somebody
    /// else meanwhile. For questions that are not here, what was written after `base` counts as somebody else's.
    pub was: BTreeMap<String, Option<Answer>>,
    /// The page's answers; none empties an answer.
    pub answers: Vec<(String, Option<Answer>)>,
    /// Items that are no longer asked once this is saved.
    pub removed: Vec<String>,
    /// Key of the audit row, should one be needed.
    pub event: Uuid,
    /// When.
    pub at: OffsetDateTime,
}

/// How a save ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Saved {
    /// Everything is stored, or was stored already.
    Done {
        /// The assessment's revision from now on.
        revision: i64,
    },
    /// A save with the same key was stored before. Nothing was stored now.
    Repeated {
        /// The revision that it was answered with.
        revision: i64,
        /// When it was stored.
        at: OffsetDateTime,
    },
    /// Somebody else answered some of these questions after the page was made. Nothing was stored.
    Conflict {
        /// The assessment's revision.
        revision: i64,
        /// The stored answers that differ.
        theirs: Vec<(String, Option<Answer>)>,
    },
    /// The assessment is no longer a draft. Nothing was stored.
    Closed,
    /// There is no such assessment for this enterprise.
    Missing,
}

#[derive(FromRow)]
struct Row {
    id: Uuid,
    enterprise_id: Uuid,
    state: String,
    answers: Json<StoredAnswers>,
    revision: i64,
    /// Who saves, and the seat they have.
    account_id: Uuid,
    seat: i64,
}

impl Store {
    /// Saves answers. What is answered is durable; the same save sent twice has the effect of one.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn save(&self, save: Save) -> Result<Saved> {
        match &self.write {
            Pool::Sqlite(pool) => self.saver.save(pool, save).await,
            Pool::Postgres(pool) => loop {
                if let Some(saved) = alone::save_one(pool, &save).await? {
                    return Ok(saved);
                }
                // Somebody else's save came between reading and writing: merge with theirs.
            },
        }
    }
}

fn items_removed(save: &Save) -> Event {
    Event {
        id: save.event,
        at: save.at,
        account: Some(save.account),
        action: Action::ItemsRemoved,
        subject: "assessment",
        subject_id: Some(save.assessment),
        detail: json!({ "items": save.removed }),
    }
}
