//! What entries of the audit log are about, by name.

use sqlx::{AssertSqlSafe, FromRow};
use uuid::Uuid;

use super::{Result, Store, on};

/// A thing that was logged.
#[derive(Clone, Debug, PartialEq, Eq, FromRow)]
pub struct AuditObject {
    /// The kind of thing, as the log calls it.
    pub kind: String,
    /// Its key.
    pub id: Uuid,
    /// Its name, that of the enterprise whose it is, or the Vietnamese title.
    pub name: String,
    /// The English title, where it has one.
    pub name_en: Option<String>,
    /// The tax code of the enterprise, where the register has it.
    pub tax_code: Option<String>,
    /// The campaign that an invitation group belongs to.
    pub campaign: Option<Uuid>,
    /// The number of a release that is issued.
    pub number: Option<i64>,
    /// The role of an account.
    pub role: Option<String>,
}

/// For each kind of thing: columns and tables, up to the condition on the key. The first says what types the columns have.
const KINDS: [&str; 13] = [
    "SELECT 'account' AS kind, a.id AS id, a.full_name AS name, CAST(NULL AS text) AS name_en,
        CAST(NULL AS text) AS tax_code, CAST(NULL AS uuid) AS campaign, CAST(NULL AS bigint) AS number, a.role AS role
        FROM account a WHERE a.id",
    "SELECT 'enterprise', e.id, e.name, NULL, r.tax_code, NULL, NULL, NULL FROM enterprise e
        LEFT JOIN register_entry r ON r.tax_code = e.tax_code WHERE e.id",
    "SELECT 'assessment', a.id, e.name, NULL, r.tax_code, NULL, NULL, NULL FROM assessment a
        JOIN enterprise e ON e.id = a.enterprise_id LEFT JOIN register_entry r ON r.tax_code = e.tax_code WHERE a.id",
    "SELECT 'campaign', c.id, c.title_vi, c.title_en, NULL, NULL, NULL, NULL FROM campaign c WHERE c.id",
    "SELECT 'association', o.id, o.name, NULL, NULL, NULL, NULL, NULL FROM association o WHERE o.id",
    "SELECT 'application', o.id, o.name, NULL, NULL, NULL, NULL, NULL FROM association_application o WHERE o.id",
    "SELECT 'membership', m.id, COALESCE(NULLIF(m.name, ''), r.name, m.tax_code), NULL, r.tax_code, NULL, NULL, NULL FROM membership m
        LEFT JOIN register_entry r ON r.tax_code = m.tax_code WHERE m.id",
    "SELECT 'invitation_group', g.id, g.title, NULL, NULL, g.campaign_id, NULL, NULL FROM invitation_group g WHERE g.id",
    "SELECT 'invitation_group_entry', n.id, COALESCE(r.name, n.tax_code), NULL, r.tax_code, NULL, NULL, NULL
        FROM invitation_group_entry n LEFT JOIN register_entry r ON r.tax_code = n.tax_code WHERE n.id",
    "SELECT 'message', m.id, m.title, NULL, NULL, NULL, NULL, NULL FROM outbox m WHERE m.id",
    "SELECT 'register_import', i.id, i.file_name, NULL, NULL, NULL, NULL, NULL FROM register_import i WHERE i.id",
    "SELECT 'register_snapshot', s.id, s.title, NULL, NULL, NULL, NULL, NULL FROM register_snapshot s WHERE s.id",
    "SELECT 'release', j.id, c.title_vi, c.title_en, NULL, NULL, l.number, NULL FROM release_job j
        JOIN campaign c ON c.id = j.campaign_id LEFT JOIN release l ON l.job_id = j.id WHERE j.id",
];

impl Store {
    /// The things with these keys as they are called today; what is gone, or has no name, is left out.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn audit_objects(&self, ids: &[Uuid]) -> Result<Vec<AuditObject>> {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let keys: Vec<String> = (1..=ids.len()).map(|place| format!("${place}")).collect();
        let keys = keys.join(", ");
        let sql = KINDS.map(|kind| format!("{kind} IN ({keys})")).join(" UNION ALL ");
        on!(&self.read, pool => {
            let mut query = sqlx::query_as(AssertSqlSafe(sql));
            for id in ids {
                query = query.bind(id);
            }
            query.fetch_all(pool).await
        })
    }
}
