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
        "SELECT count(*) FROM (SELECT place, section, size FROM
            (SELECT place, section, size, entries, active FROM register_total UNION ALL
             SELECT CASE p.n WHEN 0 THEN '' WHEN 1 THEN c.district_code ELSE c.unit_code END,
                CASE s.n WHEN 0 THEN '' ELSE c.section END, CASE z.n WHEN 0 THEN '' ELSE c.size END,
                -c.entries, CASE WHEN c.status = 'active' THEN -c.entries ELSE 0 END
             FROM (SELECT district_code, unit_code, section, size, status, count(*) AS entries FROM register_entry
                   GROUP BY district_code, unit_code, section, size, status) c
                CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) p
                CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) s CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) z
             WHERE p.n < 2 OR c.unit_code <> '') AS both_sides
         GROUP BY place, section, size HAVING sum(entries) <> 0 OR sum(active) <> 0) AS different",
    ),
    (
        "what is kept of members is what their enterprises and assessments say, as long as they agree",
        "SELECT (SELECT count(*) FROM membership m LEFT JOIN enterprise e ON e.tax_code = m.tax_code AND m.state = 'agreed'
            WHERE COALESCE(m.enterprise_name, '') <> COALESCE(e.name, '')
            OR COALESCE(m.name_sort, '') <> COALESCE(e.name_sort, '')
            OR COALESCE(m.name_search, '') <> COALESCE(e.name_search, '')
            OR COALESCE(m.industry_code, '') <> COALESCE(e.industry_code, ''))
         + (SELECT count(*) FROM member_progress p LEFT JOIN membership m ON m.id = p.membership_id AND m.state = 'agreed'
                AND m.association_id = p.association_id
            LEFT JOIN enterprise e ON e.tax_code = m.tax_code
            LEFT JOIN assessment a ON a.id = p.assessment_id AND a.enterprise_id = e.id AND a.campaign_id = p.campaign_id
            LEFT JOIN submission s ON s.assessment_id = a.id AND s.number = a.version
            WHERE a.id IS NULL OR p.state <> a.state OR p.begun <> (a.state <> 'draft' OR a.revision > 0)
            OR p.version <> a.version OR p.open_questions <> a.open_questions OR p.saved_at <> a.saved_at
            OR (p.active_at IS NULL) <> (a.active_at IS NULL) OR p.active_at <> a.active_at
            OR COALESCE(p.overall, -1) <> COALESCE(s.overall, -1) OR COALESCE(p.level, -1) <> COALESCE(s.level, -1))
         + (SELECT count(*) FROM membership m JOIN enterprise e ON e.tax_code = m.tax_code
            JOIN assessment a ON a.enterprise_id = e.id WHERE m.state = 'agreed' AND NOT EXISTS
            (SELECT 1 FROM member_progress p WHERE p.membership_id = m.id AND p.assessment_id = a.id))",
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
