//! Whether the database keeps its promises; `thuocso check` and the fault tests run it.

use super::{Pool, Result, Store, on};

/// Promises as queries that count the rows that break them.
const PROMISES: &[(&str, &str)] = &[
    (
        "an assessment is a first draft exactly as long as it has no submission",
        "SELECT count(*) FROM assessment a WHERE (a.state <> 'draft')
         <> EXISTS (SELECT 1 FROM submission s WHERE s.assessment_id = a.id)",
    ),
    (
        "an assessment knows how many submissions it has",
        "SELECT count(*) FROM assessment a
         WHERE a.version <> (SELECT count(*) FROM submission s WHERE s.assessment_id = a.id)",
    ),
    (
        "an assessment knows how many questions are open",
        "SELECT count(*) FROM assessment a WHERE a.open_questions <>
         (SELECT count(*) FROM question q WHERE q.assessment_id = a.id AND q.closed_at IS NULL)",
    ),
    (
        "an enterprise has one assessment per campaign",
        "SELECT count(*) FROM (SELECT 1 FROM assessment GROUP BY enterprise_id, campaign_id HAVING count(*) > 1) AS twice",
    ),
    (
        "only full assessments are submitted",
        "SELECT count(*) FROM assessment a WHERE a.kind <> 'full' AND a.state <> 'draft'",
    ),
    (
        "every submission has its audit row",
        "SELECT count(*) FROM submission s WHERE NOT EXISTS
         (SELECT 1 FROM audit x WHERE x.subject_id = s.assessment_id AND x.action = 'assessment_submitted')",
    ),
    (
        "every enterprise account belongs to an enterprise, and no other account does",
        "SELECT count(*) FROM account WHERE (role IN ('enterprise', 'colleague')) <> (enterprise_id IS NOT NULL)",
    ),
    (
        "every account of an association belongs to one, and no other account does",
        "SELECT count(*) FROM account WHERE (role = 'association') <> (association_id IS NOT NULL)",
    ),
    (
        "the counts of the register are those of its entries",
        "SELECT count(*) FROM (SELECT district_code, unit_code, section, size, status, sum(entries) AS difference FROM
            (SELECT district_code, unit_code, section, size, status, entries FROM register_count UNION ALL
             SELECT district_code, unit_code, section, size, status, -1 FROM register_entry) AS both_sides
         GROUP BY district_code, unit_code, section, size, status HAVING sum(entries) <> 0) AS different",
    ),
    (
        "the totals of the register are those of its counts",
        "SELECT count(*) FROM (SELECT district_code, section, size, status, sum(entries) AS difference FROM
            (SELECT district_code, section, size, status, entries FROM register_total UNION ALL
             SELECT district_code, section, size, status, -entries FROM register_count UNION ALL
             SELECT '', section, size, status, -entries FROM register_count) AS both_sides
         GROUP BY district_code, section, size, status HAVING sum(entries) <> 0) AS different",
    ),
    (
        "a snapshot holds as many enterprises as it says",
        "SELECT count(*) FROM register_snapshot s WHERE s.entries <>
            (SELECT count(*) FROM register_snapshot_entry e WHERE e.snapshot_id = s.id) OR s.entries <>
            (SELECT sum(c.entries) FROM register_snapshot_cell c WHERE c.snapshot_id = s.id)",
    ),
];

impl Store {
    /// The promises that are broken, with how often; empty when all is well.
    ///
    /// # Errors
    /// When the database fails.
    pub async fn check(&self) -> Result<Vec<String>> {
        let mut broken = Vec::new();
        for &(promise, sql) in PROMISES {
            let count: i64 = on!(&self.read, pool => sqlx::query_scalar(sql).fetch_one(pool).await)?;
            if count > 0 {
                broken.push(format!("broken {count} times: {promise}"));
            }
        }
        broken.extend(self.verify_audit().await?);
        if let Pool::Sqlite(pool) = &self.read {
            let found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(pool).await?;
            broken.extend(found.into_iter().filter(|line| line != "ok"));
        }
        Ok(broken)
    }
}
