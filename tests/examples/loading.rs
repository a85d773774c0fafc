//! What it costs to bring the answers of a province into columns, from SQLite in a temporary folder.
//!
//! ```sh
//! cargo run --release -p tests --example loading -- 1000000
//! ```
//!
//! It prints how long measuring takes (which goes on behind the submissions while a campaign runs), and loading: every
//! submission with the classes of its enterprise in a snapshot of the register.

use std::{fs, time::Instant};

use anyhow::Context as _;
use model::{
    answer::{Answer, Answers},
    indicator::Indicators,
    release::Parameters,
};
use server::{
    clock, measure, release,
    store::{NewReleaseJob, Store},
};
use sqlx::{AssertSqlSafe, Connection as _, SqliteConnection};
use tests::{
    Database, TestServer,
    answers::{case_a, questionnaire},
};
use uuid::Uuid;

/// How many different answers there are.
const KINDS: usize = 997;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let enterprises: i64 = std::env::args().nth(1).map_or(Ok(100_000), |number| number.parse())?;
    println!("load average {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let server = TestServer::start(Database::sqlite(), &[]).await;
    let store = server.app.store();
    let campaign = store.open_campaign(clock::now()).await?.context("a campaign")?;
    let (begun, snapshot) = (Instant::now(), clock::id());
    fill(&server.database.url, enterprises, campaign.id, snapshot).await?;
    println!("{enterprises} enterprises stored in {:.1} s", begun.elapsed().as_secs_f64());

    let begun = Instant::now();
    measure::drain(&server.app).await?;
    println!("measured in {:.1} s", begun.elapsed().as_secs_f64());

    let job = job(store, campaign.id, snapshot).await?;
    let campaign = store.source_campaign(campaign.id).await?.context("a campaign")?;
    let indicators = Indicators::builtin("bn5").context("indicators")?;
    let begun = Instant::now();
    let microdata = release::read(&server.app, &job, &campaign, (questionnaire(), indicators)).await?;
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "loaded {} respondents, {} columns, {} cells in {seconds:.2} s",
        microdata.respondents.len(),
        microdata.items.len(),
        microdata.frame.cells.len()
    );
    anyhow::ensure!(i64::try_from(microdata.respondents.len())? == enterprises, "somebody is missing");
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    println!("{}", status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no peak memory here"));
    Ok(())
}

async fn job(store: &Store, campaign: Uuid, snapshot: Uuid) -> anyhow::Result<server::store::ReleaseJob> {
    let new = NewReleaseJob {
        id: clock::id(),
        campaign,
        snapshot: Some(snapshot),
        corrects: None,
        parameters: serde_json::to_value(Parameters::default())?,
        account: None,
        event: clock::id(),
        at: clock::now(),
    };
    store.add_release_job(&new).await?;
    store.release_job(new.id).await?.context("the job")
}

/// Answers that differ from one kind to the next, the same every time.
fn answers(kind: usize) -> Answers {
    let mut answers = Answers::new();
    for (position, (id, answer)) in case_a().iter().enumerate() {
        let varied = match answer {
            Answer::Whole(_) if id.starts_with('Q') => {
                Answer::Whole(i64::try_from((kind * 7 + position * 5 + kind * position) % 6).expect("a level"))
            }
            other => other.clone(),
        };
        answers.insert(id, varied);
    }
    answers
}

/// Enterprises, assessments, submissions and a snapshot behind the program's back.
async fn fill(url: &str, enterprises: i64, campaign: Uuid, snapshot: Uuid) -> anyhow::Result<()> {
    let mut connection = SqliteConnection::connect(url).await?;
    for pragma in ["PRAGMA foreign_keys = OFF", "PRAGMA synchronous = OFF", "PRAGMA cache_size = -200000"] {
        sqlx::query(pragma).execute(&mut connection).await?;
    }
    let mut tx = connection.begin().await?;
    sqlx::query("CREATE TEMP TABLE kind (place INTEGER PRIMARY KEY, answers TEXT)").execute(&mut *tx).await?;
    for kind in 0..KINDS {
        let answers = serde_json::to_string(&answers(kind))?;
        let insert = sqlx::query("INSERT INTO kind VALUES ($1, $2)").bind(i64::try_from(kind)?).bind(answers);
        insert.execute(&mut *tx).await?;
    }
    sqlx::query("CREATE TEMP TABLE unit (place INTEGER PRIMARY KEY, code TEXT, district TEXT)")
        .execute(&mut *tx)
        .await?;
    for (unit, n) in model::classification::units().iter().zip(0_i64..) {
        let insert = sqlx::query("INSERT INTO unit VALUES ($1, $2, $3)").bind(n);
        insert.bind(&unit.code).bind(&unit.former_district_code).execute(&mut *tx).await?;
    }
    for statement in statements(enterprises) {
        let query = sqlx::query(AssertSqlSafe(statement)).bind(campaign).bind(snapshot);
        query.execute(&mut *tx).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// `$1` is the campaign, `$2` the snapshot.
fn statements(enterprises: i64) -> Vec<String> {
    let numbers =
        format!("WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < {enterprises})");
    let id = |kind: &str| format!("unhex(printf('0191{kind}%026x', n))");
    let (enterprise, assessment, submission) = (id("e0"), id("a0"), id("b0"));
    let at = "'2026-11-20T03:00:00Z'";
    let tax_code = "printf('%010d', 2300000000 + n)";
    let section = "substr('ACCCCFGGGGHIKNPT', 1 + n * 7 % 16, 1)";
    let size = "CASE WHEN n % 10 < 6 THEN 'micro' WHEN n % 10 < 9 THEN 'small' WHEN n % 40 < 39 THEN 'medium' ELSE 'large' END";
    let units = (model::classification::units().len()).to_string();
    let entry = format!(
        "SELECT $2, {tax_code}, u.code, u.district, '00', {section}, {size}
        FROM number JOIN unit u ON u.place = number.n * 13 % {units} WHERE $1 = $1"
    );
    vec![
        format!("{numbers} INSERT INTO enterprise (id, tax_code, name, name_search, name_sort, legal_form, unit_code,
            industry_code, created_at) SELECT {enterprise}, {tax_code}, 'Công ty ' || n, 'cong ty ' || n, 'cong ty ' || n,
            'TNHH2', '07210', '47', {at} FROM number WHERE $1 = $1 AND $2 = $2"),
        format!("{numbers} INSERT INTO assessment (id, enterprise_id, campaign_id, state, answers, revision, created_at,
            saved_at, version) SELECT {assessment}, {enterprise}, $1, 'submitted', '{{}}', 1, {at}, {at}, 1 FROM number
            WHERE $2 = $2"),
        format!("{numbers} INSERT INTO submission (id, assessment_id, number, receipt, answers, score, submitted_at,
            submitted_by) SELECT {submission}, {assessment}, 1, 'R' || number.n, k.answers, '{{}}', {at}, {submission}
            FROM number JOIN kind k ON k.place = number.n % {KINDS} WHERE $1 = $1 AND $2 = $2"),
        format!("INSERT INTO register_snapshot (id, title, entries, taken_at) SELECT $2, 'X', {enterprises}, {at}
            WHERE $1 = $1"),
        format!("{numbers} INSERT INTO register_snapshot_entry (snapshot_id, tax_code, unit_code, district_code, division,
            section, size) {entry}"),
        "INSERT INTO register_snapshot_cell (snapshot_id, district_code, unit_code, section, size, entries)
            SELECT snapshot_id, district_code, unit_code, section, size, count(*) FROM register_snapshot_entry
            WHERE snapshot_id = $2 AND $1 = $1 GROUP BY 1, 2, 3, 4, 5"
            .to_owned(),
    ]
}
