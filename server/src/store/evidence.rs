//! Files that enterprises send as evidence: the rows. The files themselves lie in a folder (`crate::evidence`); a file
//! is written before its row and removed after it, so that a row never points to nothing.

use model::{
    assessment::State,
    evidence::{MOST_BYTES, MOST_FILES, may_add, may_remove},
};
use serde_json::json;
use sqlx::FromRow;
use time::OffsetDateTime;
use uuid::Uuid;

use super::{
    Action, BeginWrite as _, Result, Store,
    association::By,
    audit::audit,
    on,
    review::{Scope, scoped},
};

/// A file that somebody may open.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct Evidence {
    /// Key of the row.
    pub id: Uuid,
    /// The question of the questionnaire that it is about.
    pub about: String,
    /// The random name under which it lies in the folder.
    pub file: String,
    /// What the enterprise called it.
    pub name: String,
    /// Its media type, found by its content.
    pub media: String,
    /// Its size.
    pub bytes: i64,
    /// When it came.
    pub uploaded_at: OffsetDateTime,
}

/// A file to add, written already.
#[derive(Clone, Debug)]
pub struct NewEvidence<'a> {
    /// Key of the row.
    pub id: Uuid,
    /// Key of the entry in the line of time.
    pub entry: Uuid,
    /// The assessment …
    pub assessment: Uuid,
    /// … of this enterprise.
    pub enterprise: Uuid,
    /// Who sends it.
    pub account: Uuid,
    /// The question of the questionnaire.
    pub about: &'a str,
    /// The reviewers' question that it answers.
    pub question: Option<Uuid>,
    /// The random name under which it lies in the folder.
    pub file: &'a str,
    /// What the enterprise called it.
    pub name: &'a str,
    /// Its media type.
    pub media: &'a str,
    /// Its size.
    pub bytes: u64,
}

/// How adding ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// The row is stored.
    Done,
    /// The assessment takes no files now, and no open question is answered. Nothing was stored.
    Closed,
    /// The assessment has as many files, or as many bytes, as it may have. Nothing was stored.
    Full,
    /// There is no such assessment of this enterprise.
    Missing,
}

/// How taking a file back ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Removed {
    /// The row is gone; this is the file to remove.
    Done(String),
    /// The assessment is with the reviewers. Nothing changed.
    Closed,
    /// There is no such file of this enterprise.
    Missing,
}

#[derive(FromRow)]
struct Locked {
    state: String,
    version: i64,
    closes_at: OffsetDateTime,
}

impl Locked {
    fn state(&self) -> State {
        self.state.parse().unwrap_or(State::Accepted)
    }
}

/// Who may see the files of an assessment `a`: its enterprise at any time, reviewers once it was submitted.
macro_rules! visible {
    () => {
        concat!("(a.enterprise_id = $3 OR ($3 IS NULL AND ", scoped!(), "))")
    };
}

/// The update holds the row until the end: files of one assessment follow one another, so that limits hold.
const LOCK: &str = "UPDATE assessment SET version = version WHERE id = $1 AND enterprise_id = $2
    RETURNING state, version, (SELECT c.closes_at FROM campaign c WHERE c.id = campaign_id) AS closes_at";

/// An entry in the line of time. Before the first submission nobody but the enterprise knows of the assessment:
/// nothing is noted then.
macro_rules! note {
    ($tx:expr, $entry:expr, $kind:literal, $locked:expr, ($assessment:expr, $about:expr, $question:expr, $name:expr, $account:expr, $at:expr)) => {
        if $locked.version > 0 {
            sqlx::query(concat!(
                "INSERT INTO review_entry (id, assessment_id, number, kind, about, question_id, level, text, account_id, at)
                 VALUES ($1, $2, $3, '", $kind, "', $4, $5, NULL, $6, $7, $8)"
            ))
            .bind($entry).bind($assessment).bind($locked.version).bind($about).bind($question).bind($name)
            .bind($account).bind($at)
            .execute(&mut *$tx)
            .await?;
            sqlx::query("UPDATE assessment SET active_at = $2 WHERE id = $1")
                .bind($assessment).bind($at).execute(&mut *$tx).await?;
        }
    };
}

impl Store {
    /// The files of an assessment in a scope, the first first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn evidence(&self, assessment: Uuid, scope: Scope) -> Result<Vec<Evidence>> {
        const SQL: &str = concat!(
            "SELECT f.id, f.about, f.file, f.name, f.media, f.bytes, f.uploaded_at
             FROM assessment a JOIN evidence f ON f.assessment_id = a.id WHERE a.id = $1 AND ",
            visible!(),
            " ORDER BY f.id LIMIT 1000"
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(assessment).bind(scope.association()).bind(scope.enterprise())
            .fetch_all(pool).await)
    }

    /// One file, if it may be opened in this scope.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn evidence_file(&self, id: Uuid, scope: Scope) -> Result<Option<Evidence>> {
        const SQL: &str = concat!(
            "SELECT f.id, f.about, f.file, f.name, f.media, f.bytes, f.uploaded_at
             FROM evidence f JOIN assessment a ON a.id = f.assessment_id WHERE f.id = $1 AND ",
            visible!()
        );
        on!(&self.read, pool => sqlx::query_as(SQL).bind(id).bind(scope.association()).bind(scope.enterprise())
            .fetch_optional(pool).await)
    }

    /// Adds a file that lies in the folder already, all or nothing.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn add_evidence(&self, new: &NewEvidence<'_>, by: By) -> Result<Added> {
        const OPEN: &str = "SELECT count(*) FROM question
            WHERE id = $1 AND assessment_id = $2 AND about = $3 AND closed_at IS NULL";
        const SUMS: &str =
            "SELECT count(*), CAST(COALESCE(sum(bytes), 0) AS BIGINT) FROM evidence WHERE assessment_id = $1";
        const INSERT: &str = "INSERT INTO evidence
            (id, assessment_id, about, file, name, media, bytes, uploaded_by, uploaded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        let bytes = i64::try_from(new.bytes).unwrap_or(i64::MAX);
        let detail = json!({ "about": new.about, "media": new.media, "bytes": new.bytes });
        let event = by.event(Action::EvidenceAdded, "assessment", new.assessment, detail);
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let locked: Option<Locked> = sqlx::query_as(LOCK).bind(new.assessment).bind(new.enterprise)
                .fetch_optional(&mut *tx).await?;
            let Some(locked) = locked else { return Ok(Added::Missing) };
            let open: i64 = sqlx::query_scalar(OPEN).bind(new.question).bind(new.assessment).bind(new.about)
                .fetch_one(&mut *tx).await?;
            if !may_add(locked.state(), by.at >= locked.closes_at, open > 0) {
                return Ok(Added::Closed);
            }
            let (files, stored): (i64, i64) = sqlx::query_as(SUMS).bind(new.assessment).fetch_one(&mut *tx).await?;
            let most = i64::try_from(MOST_BYTES).unwrap_or(i64::MAX);
            if files >= MOST_FILES || stored.saturating_add(bytes) > most {
                return Ok(Added::Full);
            }
            sqlx::query(INSERT).bind(new.id).bind(new.assessment).bind(new.about).bind(new.file).bind(new.name)
                .bind(new.media).bind(bytes).bind(new.account).bind(by.at).execute(&mut *tx).await?;
            let question = new.question.filter(|_| open > 0);
            note!(tx, new.entry, "evidence", locked,
                (new.assessment, new.about, question, new.name, new.account, by.at));
            audit!(tx, &event);
            tx.commit().await?;
            Ok(Added::Done)
        })
    }

    /// Takes a file back, all or nothing. `entry` is the key of its entry in the line of time.
    ///
    /// # Errors
    /// When the database fails: nothing was stored then.
    pub async fn remove_evidence(
        &self,
        id: Uuid,
        (assessment, enterprise): (Uuid, Uuid),
        (account, entry): (Uuid, Uuid),
        by: By,
    ) -> Result<Removed> {
        const DELETE: &str = "DELETE FROM evidence WHERE id = $1 AND assessment_id = $2 RETURNING about, name, file";
        on!(&self.write, pool => {
            let mut tx = pool.begin_write().await?;
            let locked: Option<Locked> = sqlx::query_as(LOCK).bind(assessment).bind(enterprise)
                .fetch_optional(&mut *tx).await?;
            let Some(locked) = locked else { return Ok(Removed::Missing) };
            let gone: Option<(String, String, String)> = sqlx::query_as(DELETE).bind(id).bind(assessment)
                .fetch_optional(&mut *tx).await?;
            let Some((about, name, file)) = gone else { return Ok(Removed::Missing) };
            if !may_remove(locked.state(), by.at >= locked.closes_at) {
                return Ok(Removed::Closed);
            }
            note!(tx, entry, "removed", locked, (assessment, &about, None::<Uuid>, &name, account, by.at));
            audit!(tx, &by.event(Action::EvidenceRemoved, "assessment", assessment, json!({ "about": about })));
            tx.commit().await?;
            Ok(Removed::Done(file))
        })
    }

    /// Whether a file of the folder belongs to a row.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn is_evidence(&self, file: &str) -> Result<bool> {
        const SQL: &str = "SELECT count(*) FROM evidence WHERE file = $1";
        let count: i64 = on!(&self.read, pool => sqlx::query_scalar(SQL).bind(file).fetch_one(pool).await)?;
        Ok(count > 0)
    }
}
