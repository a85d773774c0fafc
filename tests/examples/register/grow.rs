//! Rows behind the program's back: a province of any size, the same on both databases.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};

/// Members of the one association: it does not grow with the province, over which they are spread.
pub const MEMBERS: usize = 400;

/// What both databases write differently.
struct Dialect {
    sqlite: bool,
}

impl Dialect {
    /// `g(n)` with n from here to there.
    fn series(&self, from: usize, to: usize) -> String {
        let last = to - 1;
        match self.sqlite {
            true => format!("WITH RECURSIVE g (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM g WHERE n < {last})"),
            false => format!("WITH g AS (SELECT generate_series({from}::bigint, {last}) AS n)"),
        }
    }

    /// A number as a key.
    fn id(&self, number: &str) -> String {
        match self.sqlite {
            true => format!("unhex(printf('%032x', {number}))"),
            false => format!("lpad(to_hex({number}), 32, '0')::uuid"),
        }
    }

    /// A number as ten digits.
    fn digits(&self, number: &str) -> String {
        match self.sqlite {
            true => format!("printf('%010d', {number})"),
            false => format!("lpad(({number})::text, 10, '0')"),
        }
    }

    /// The moment so many seconds after the beginning of 2026.
    fn moment(&self, seconds: &str) -> String {
        match self.sqlite {
            true => format!("strftime('%Y-%m-%dT%H:%M:%SZ', 1767225600 + {seconds}, 'unixepoch')"),
            false => format!("to_timestamp(1767225600 + {seconds})"),
        }
    }

    fn bytes(&self) -> &'static str {
        if self.sqlite { "x'00'" } else { "'\\x00'" }
    }
}

/// A number that scatters rows over every order, as names and times do.
const SCATTERED: &str = "(n * 7919 % 1000003)";

/// What everything hangs on: one account, one import, one campaign with its snapshot, one association.
pub async fn found(url: &str) -> anyhow::Result<()> {
    let dialect = Dialect { sqlite: url.starts_with("sqlite:") };
    let (one, at) = (dialect.id("1"), dialect.moment("0"));
    let end = dialect.moment("100000000");
    for sql in [
        format!(
            "INSERT INTO account (id, role, full_name, email, password_hash, created_at)
            VALUES ({one}, 'officer', 'a', 'a@example.vn', 'x', {at})"
        ),
        format!(
            "INSERT INTO register_import (id, file_name, format, headers, mapping, state, bytes, position, lines,
            added, changed, unchanged, rejected, created_at)
            VALUES ({one}, 'f', 'csv', '[]', '{{}}', 'done', 0, 0, 0, 0, 0, 0, 0, {at})"
        ),
        format!("INSERT INTO questionnaire (id, version, document, published_at) VALUES ('q', '1', '{{}}', {at})"),
        format!(
            "INSERT INTO campaign (id, title_vi, title_en, questionnaire_id, questionnaire_version, opens_at,
            closes_at, created_at) VALUES ({one}, 'c', 'c', 'q', '1', {at}, {end}, {at})"
        ),
        format!("INSERT INTO register_snapshot (id, title, entries, taken_at) VALUES ({one}, 's', 0, {at})"),
        format!(
            "INSERT INTO association (id, name, name_sort, four_eyes, created_at)
            VALUES ({one}, 'h', 'h', FALSE, {at})"
        ),
    ] {
        execute(url, &sql).await?;
    }
    Ok(())
}

/// Enterprises from one number to another, with everything that lists show of them: in the register, registered, half of
/// them with a submission, in the log and in the outbox. Every class occurs often enough at a thousand to fill a page.
pub async fn grow(url: &str, from: usize, to: usize) -> anyhow::Result<()> {
    let dialect = Dialect { sqlite: url.starts_with("sqlite:") };
    let series = dialect.series(from, to);
    let (one, n) = (dialect.id("1"), dialect.id("n + 1"));
    let (code, name) = (dialect.digits("n"), dialect.digits(SCATTERED));
    let (at, bytes) = (dialect.moment(SCATTERED), dialect.bytes());
    let first = dialect.moment("0");
    let either = |rare: &str, frequent: &str| format!("CASE WHEN n % 10 = 0 THEN '{rare}' ELSE '{frequent}' END");
    let (unit, district) = (either("07210", "09319"), either("213", "260"));
    let (section, size) = (either("G", "C"), either("micro", "small"));
    // Whoever writes the log writes it in the order of time; everything else happens in any order.
    let logged = dialect.moment("n");
    let (odd, in_review) =
        ("n % 2 = 1", "CASE WHEN n % 8 = 1 THEN 'in_review' WHEN n % 2 = 1 THEN 'submitted' ELSE 'draft' END");
    let mut all = vec![
        format!("{series} INSERT INTO register_entry (tax_code, name, name_sort, unit_code, district_code,
            industry_version, industry_code, division, section, size, status, fingerprint, import_id, changed_at)
            SELECT {code}, {name}, {name}, {unit}, {district}, 2025, '47', '47', {section}, {size}, 'active', {bytes},
            {one}, {first} FROM g"),
        format!("{series} INSERT INTO register_name (tail, tax_code) SELECT {name}, {code} FROM g"),
        format!("{series} INSERT INTO register_snapshot_entry (snapshot_id, tax_code, unit_code, district_code, division,
            section, size) SELECT {one}, {code}, {unit}, {district}, '47', {section}, {size} FROM g"),
        format!("{series} INSERT INTO enterprise (id, tax_code, name, name_search, name_sort, legal_form, unit_code,
            industry_code, created_at) SELECT {n}, {code}, {name}, {name}, {name}, 'TNHH2', {unit}, '47', {first} FROM g"),
        format!("{series} INSERT INTO assessment (id, enterprise_id, campaign_id, state, answers, revision, created_at,
            saved_at, version, active_at) SELECT {n}, {n}, {one}, {in_review}, '{{}}', 1, {first}, {at},
            CASE WHEN {odd} THEN 1 ELSE 0 END, {at} FROM g"),
        format!("{series} INSERT INTO submission (id, assessment_id, number, receipt, answers, score, overall, level,
            submitted_at, submitted_by) SELECT {n}, {n}, 1, {code}, '{{}}', '{{}}', n % 100, n % 6, {at}, {one} FROM g
            WHERE {odd}"),
        format!("{series} INSERT INTO audit (id, at, account_id, action, subject, detail) SELECT {n}, {logged},
            CASE WHEN n % 10 = 0 THEN {one} END, {}, 'enterprise', '{{}}' FROM g",
            either("assessment_submitted", "answers_saved")),
        format!("{series} INSERT INTO outbox (id, recipient, lang, kind, title, body, about, state, attempts, next_at,
            queued_at, sender_id) SELECT {n}, 'a@example.vn', 'vi', 'test', 't', '[]', 'x', {}, 1, {at}, {at},
            CASE WHEN n < {MEMBERS} THEN {one} END FROM g", either("held", "sent")),
    ];
    all.insert(0, "DELETE FROM membership".to_owned());
    all.push(members(&dialect, to));
    all.extend(counted());
    let indexes = indexes(url).await?;
    for (name, _) in &indexes {
        execute(url, &format!("DROP INDEX {name}")).await?;
    }
    for sql in all {
        execute(url, &sql).await?;
    }
    for (_, sql) in &indexes {
        execute(url, sql).await?;
    }
    // PostgreSQL does the same by itself after a while; a list that grew over years has long seen it.
    execute(url, if dialect.sqlite { "ANALYZE" } else { "VACUUM ANALYZE" }).await
}

/// The members of the association, anew: spread over all enterprises, of whom as many are in each state at any size.
fn members(dialect: &Dialect, enterprises: usize) -> String {
    let series = dialect.series(0, MEMBERS);
    let enterprise = format!("(n * {} + n % 8)", enterprises / MEMBERS);
    let (one, id, code) = (dialect.id("1"), dialect.id(&format!("{enterprise} + 1")), dialect.digits(&enterprise));
    let (first, at) = (dialect.moment("0"), dialect.moment(SCATTERED));
    format!(
        "{series} INSERT INTO membership (id, association_id, tax_code, name, state, invited_at, invited_by, decided_at)
        SELECT {id}, {one}, {code}, '', 'agreed', {first}, {one}, {at} FROM g"
    )
}

/// The indexes that are no keys, each with the statement that makes it: they are made anew when the rows are there, which
/// takes minutes less than adding a million rows to each.
async fn indexes(url: &str) -> anyhow::Result<Vec<(String, String)>> {
    const SQLITE: &str = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL";
    const POSTGRES: &str = "SELECT indexname::text, indexdef FROM pg_indexes
        WHERE schemaname = 'public' AND indexname NOT IN (SELECT conname FROM pg_constraint)";
    if url.starts_with("sqlite:") {
        return Ok(sqlx::query_as(SQLITE).fetch_all(&mut SqliteConnection::connect(url).await?).await?);
    }
    Ok(sqlx::query_as(POSTGRES).fetch_all(&mut PgConnection::connect(url).await?).await?)
}

/// What is counted of them, as an import does.
fn counted() -> [String; 2] {
    [
        "DELETE FROM register_total".to_owned(),
        "INSERT INTO register_total (place, section, size, entries, active)
            SELECT CASE p.n WHEN 0 THEN '' WHEN 1 THEN e.district_code ELSE e.unit_code END,
            CASE s.n WHEN 0 THEN '' ELSE e.section END, CASE z.n WHEN 0 THEN '' ELSE e.size END, sum(e.entries),
            sum(e.entries) FROM (SELECT district_code, unit_code, section, size, count(*) AS entries FROM register_entry
                GROUP BY district_code, unit_code, section, size) e
            CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1 UNION ALL SELECT 2) p
            CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) s CROSS JOIN (SELECT 0 AS n UNION ALL SELECT 1) z
            GROUP BY 1, 2, 3"
            .to_owned(),
    ]
}

async fn execute(url: &str, sql: &str) -> anyhow::Result<()> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        sqlx::raw_sql(sql).execute(&mut SqliteConnection::connect(url).await?).await?;
    } else {
        sqlx::raw_sql(sql).execute(&mut PgConnection::connect(url).await?).await?;
    }
    Ok(())
}
