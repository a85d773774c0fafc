//! Reading the audit log: filtered, newest first, page by page.

use serde_json::Value;
use sqlx::{FromRow, QueryBuilder, types::Json};
use time::OffsetDateTime;
use uuid::Uuid;

use super::{Result, Store, on};

/// Which rows of the log are wanted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuditFilter {
    /// Only this action.
    pub action: Option<String>,
    /// Only what this account did.
    pub account: Option<Uuid>,
    /// From this moment on.
    pub from: Option<OffsetDateTime>,
    /// Before this moment.
    pub until: Option<OffsetDateTime>,
    /// Only what is older than this row: when it happened, and its key.
    pub before: Option<(OffsetDateTime, Uuid)>,
}

/// One row of the log.
#[derive(Clone, Debug, FromRow)]
pub struct AuditRow {
    /// Key of the row.
    pub id: Uuid,
    /// When it happened.
    pub at: OffsetDateTime,
    /// What happened.
    pub action: String,
    /// The account that did it; none for the system and for visitors.
    pub account_id: Option<Uuid>,
    /// Its name; none for accounts that are gone.
    pub full_name: Option<String>,
    /// The role of the account.
    pub role: Option<String>,
    /// The kind of thing it happened to.
    pub subject: String,
    /// Its key.
    pub subject_id: Option<Uuid>,
    detail: Json<Value>,
    /// The network it came from.
    pub origin: Option<String>,
    /// Its place in the chain; none while it is not sealed.
    pub seq: Option<i64>,
}

impl AuditRow {
    /// What else is known, as JSON.
    #[must_use]
    pub fn detail(&self) -> String {
        match &self.detail.0 {
            Value::Object(fields) if fields.is_empty() => String::new(),
            other => other.to_string(),
        }
    }

    /// What else is known that is one word or number each, by name; lists and what is not known are left out.
    #[must_use]
    pub fn facts(&self) -> Vec<(String, Value)> {
        let fields = self.detail.0.as_object().into_iter().flatten();
        let simple = fields.filter(|(_, value)| value.is_string() || value.is_number());
        simple.map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}

impl AuditFilter {
    /// Only what is older than this: the end of the time asked for, or the row to go on after.
    fn end(&self) -> Option<(OffsetDateTime, Uuid)> {
        let until = self.until.map(|until| (until, Uuid::nil()));
        [until, self.before].into_iter().flatten().min()
    }
}

const ROWS: &str =
    "SELECT x.id, x.at, x.action, x.account_id, a.full_name, a.role, x.subject, x.subject_id, x.detail, x.origin, x.seq
    FROM audit x LEFT JOIN account a ON a.id = x.account_id WHERE TRUE";

impl Store {
    /// Rows of the log that pass the filter, newest first.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_log(&self, filter: &AuditFilter, most: i64) -> Result<Vec<AuditRow>> {
        // Conditions that are asked for and no others: there is an index for every combination, and one plan is the best
        // one whatever the values.
        on!(&self.read, pool => {
            let mut query = QueryBuilder::new(ROWS);
            if let Some(account) = filter.account {
                query.push(" AND x.account_id = ").push_bind(account);
            }
            if let Some(action) = &filter.action {
                query.push(" AND x.action = ").push_bind(action);
            }
            if let Some(from) = filter.from {
                query.push(" AND x.at >= ").push_bind(from);
            }
            if let Some((at, id)) = filter.end() {
                query.push(" AND (x.at, x.id) < (").push_bind(at).push(", ").push_bind(id).push(")");
            }
            query.push(format!(" ORDER BY x.at DESC, x.id DESC LIMIT {most}"));
            query.build_query_as().fetch_all(pool).await
        })
    }

    /// The actions that occur in the log, in the order of their names.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_actions(&self) -> Result<Vec<String>> {
        // From one to the next by the index: there are few actions and many rows.
        const SQL: &str = "WITH RECURSIVE known (action) AS (
                SELECT min(action) FROM audit
                UNION ALL SELECT (SELECT min(x.action) FROM audit x WHERE x.action > k.action) FROM known k
                    WHERE k.action IS NOT NULL)
            SELECT action FROM known WHERE action IS NOT NULL";
        on!(&self.read, pool => sqlx::query_scalar(SQL).fetch_all(pool).await)
    }

    /// The account with this e-mail address or E.164 phone number, disabled ones too.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn account_named(&self, name: &str) -> Result<Option<Uuid>> {
        const SQL: &str = "SELECT id FROM account WHERE email = $1 OR phone = $1";
        on!(&self.read, pool => sqlx::query_scalar(SQL).bind(name).fetch_optional(pool).await)
    }
}
