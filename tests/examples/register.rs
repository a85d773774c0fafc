//! What a register costs: importing a file, and pages of the list with a thousand and with a million entries.
//!
//! ```sh
//! cargo run --release -p tests --example register -- import 100000 [postgres://…]
//! cargo run --release -p tests --example register -- lists [postgres://…]
//! ```
//!
//! Without an address, SQLite in a temporary folder is measured, with commits that reach the disk. `lists` prints the
//! medians of each query at both sizes, their ratio and the plan at a million; the database must be empty.

use std::{
    fmt::Write as _,
    fs,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};
use model::{classification, register::Mapping};
use server::{
    clock,
    http::register_import::store_file,
    import::{self, file::Kind},
    store::{After, Durability, Filter, InPlace, Order, Store},
};
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tests::answers::tax_code;

/// Calls of a query; the median counts.
const CALLS: usize = 200;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = tempfile::tempdir()?;
    let own = format!("sqlite:{}", folder.path().join("register.sqlite").display());
    let url = arguments.iter().find(|argument| argument.starts_with("postgres:")).cloned().unwrap_or(own);
    println!("load average {}", fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    let store = Store::connect(&url, Durability::Full).await?;
    store.migrate().await?;
    match arguments.first().map(String::as_str) {
        Some("import") => {
            let rows = arguments.get(1).and_then(|rows| rows.parse().ok()).context("how many rows?")?;
            measure_import(&store, rows).await
        }
        Some("lists") => measure_lists(&store, &url).await,
        _ => bail!("say import ROWS or lists"),
    }
}

/// A register file of so many enterprises, one in a hundred with a mistake.
fn file(rows: usize) -> String {
    let units = classification::units();
    let industries = ["4711", "4649", "1010", "2599", "4100", "4933", "5610", "6201", "0111", "4520"];
    let mut file =
        String::from("STT,Mã số thuế,Tên doanh nghiệp,Xã/phường,Địa chỉ,Mã ngành,Lao động,Doanh thu,Vốn,Điện thoại\n");
    for at in 0..rows {
        let unit = units[at * 7 % units.len()].label(model::text::Lang::Vi);
        let industry = if at % 100 == 99 { "999" } else { industries[at * 3 % (industries.len() - 1)] };
        let _ = writeln!(
            file,
            "{at},{},Công ty TNHH Thương mại và Sản xuất Số {at},{unit},\"Số {at}, đường Hùng Vương\",{industry},{},{},{},0204{at:07}",
            tax_code(at),
            at % 230,
            at as u64 * 1_000_000 % 300_000_000_000,
            at as u64 * 700_000 % 120_000_000_000,
        );
    }
    file
}

async fn measure_import(store: &Store, rows: usize) -> anyhow::Result<()> {
    let file = file(rows);
    println!("{rows} rows, {} MB", file.len() / 1_000_000);
    for round in ["first", "again"] {
        let begun = Instant::now();
        let headers = Kind::Csv.headers(file.as_bytes())?;
        let id = store_file(store, "register.csv", Kind::Csv, &headers, file.as_bytes(), None).await?;
        store.start_import(id, None, clock::id(), clock::now()).await?;
        let done = import::run(store, id, &mut |_| {}).await?;
        println!("{round}: {:.1} s, {done:?}", begun.elapsed().as_secs_f64());
    }
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("no peak memory here");
    println!("{peak} (the file itself included)");
    let mapping = Mapping::propose(&Kind::Csv.headers(file.as_bytes())?.names);
    println!("{} columns recognised", mapping.columns.len());
    Ok(())
}

/// Entries behind the program's back: every class occurs often enough at a thousand to fill a page.
async fn grow(url: &str, from: usize, to: usize) -> anyhow::Result<()> {
    let sqlite = url.starts_with("sqlite:");
    let (series, id, bytes) = if sqlite {
        let series =
            format!("WITH RECURSIVE g (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM g WHERE n < {})", to - 1);
        (series, "x'00000000000000000000000000000001'", "x'00'")
    } else {
        (
            format!("WITH g AS (SELECT generate_series({from}, {}) AS n)", to - 1),
            "'00000000-0000-0000-0000-000000000001'",
            "'\\x00'",
        )
    };
    let code = if sqlite { "printf('%010d', n)" } else { "lpad(n::text, 10, '0')" };
    // Scattered over the order of names, as names are.
    let name = if sqlite {
        "printf('%010d', n * 7919 % 1000003)"
    } else {
        "lpad((n::bigint * 7919 % 1000003)::text, 10, '0')"
    };
    let sql = format!(
        "{series} INSERT INTO register_entry (tax_code, name, name_sort, unit_code, district_code, industry_version,
            industry_code, division, section, size, status, fingerprint, import_id, changed_at)
         SELECT {code}, {name}, {name}, CASE WHEN n % 10 = 0 THEN '07210' ELSE '09319' END,
            CASE WHEN n % 10 = 0 THEN '213' ELSE '260' END, 2025, '47', '47', CASE WHEN n % 10 = 0 THEN 'G' ELSE 'C' END,
            CASE WHEN n % 10 = 0 THEN 'micro' ELSE 'small' END, 'active', {bytes}, {id}, '2026-11-24T00:00:00Z' FROM g"
    );
    let names = format!(
        "INSERT INTO register_name (tail, tax_code) SELECT name, tax_code FROM register_entry WHERE tax_code >= {}",
        format_args!("'{from:010}'")
    );
    execute(url, &sql).await?;
    execute(url, &names).await?;
    execute(url, "ANALYZE").await
}

async fn execute(url: &str, sql: &str) -> anyhow::Result<()> {
    let sql = AssertSqlSafe(sql.to_owned());
    if url.starts_with("sqlite:") {
        sqlx::query(sql).execute(&mut SqliteConnection::connect(url).await?).await?;
    } else {
        sqlx::query(sql).execute(&mut PgConnection::connect(url).await?).await?;
    }
    Ok(())
}

/// The queries of the list, each with a name.
fn queries() -> Vec<(&'static str, Filter)> {
    let unit = || Some(InPlace::Unit("07210".into()));
    let district = || Some(InPlace::District("213".into()));
    let (section, size) = (|| Some("G".to_owned()), || Some("micro".to_owned()));
    vec![
        ("all", Filter::default()),
        ("district", Filter { place: district(), ..Filter::default() }),
        ("unit", Filter { place: unit(), ..Filter::default() }),
        ("section", Filter { section: section(), ..Filter::default() }),
        ("size", Filter { size: size(), ..Filter::default() }),
        ("district × section", Filter { place: district(), section: section(), size: None }),
        ("district × size", Filter { place: district(), section: None, size: size() }),
        ("unit × section", Filter { place: unit(), section: section(), size: None }),
        ("unit × size", Filter { place: unit(), section: None, size: size() }),
        ("section × size", Filter { place: None, section: section(), size: size() }),
        ("district × section × size", Filter { place: district(), section: section(), size: size() }),
        ("unit × section × size", Filter { place: unit(), section: section(), size: size() }),
    ]
}

async fn measure_lists(store: &Store, url: &str) -> anyhow::Result<()> {
    let import = if url.starts_with("sqlite:") {
        "x'00000000000000000000000000000001'"
    } else {
        "'00000000-0000-0000-0000-000000000001'"
    };
    execute(url, &format!("INSERT INTO register_import (id, file_name, format, headers, mapping, state, bytes, position, lines,
        added, changed, unchanged, rejected, created_at) VALUES ({import}, 'f', 'csv', '[]', '{{}}', 'done', 0, 0, 0, 0, 0, 0, 0,
        '2026-11-24T00:00:00Z')")).await?;
    grow(url, 0, 1_000).await?;
    let small = times(store).await?;
    let begun = Instant::now();
    grow(url, 1_000, 1_000_000).await?;
    println!("grown to a million in {:.0} s", begun.elapsed().as_secs_f64());
    let large = times(store).await?;
    for ((name, small), (_, large)) in small.iter().zip(&large) {
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!(
            "{name:<36} {:>7.0} µs {:>7.0} µs  × {ratio:.2}",
            small.as_secs_f64() * 1e6,
            large.as_secs_f64() * 1e6
        );
    }
    Ok(())
}

async fn times(store: &Store) -> anyhow::Result<Vec<(String, Duration)>> {
    let after = After { key: "0000300000".into(), tax_code: String::new() };
    let mut times = Vec::new();
    for (name, filter) in queries() {
        for (place, after) in [("", None), (", further on", Some(&after))] {
            let mut taken = Vec::with_capacity(CALLS);
            for _ in 0..CALLS {
                let begun = Instant::now();
                let page = store.register_page(&filter, Order::Ascending, after, 50).await?;
                taken.push(begun.elapsed());
                if page.len() < 50 {
                    bail!("{name}{place}: {} entries are no page", page.len());
                }
            }
            taken.sort_unstable();
            times.push((format!("{name}{place}"), taken[CALLS / 2]));
        }
    }
    let mut taken = Vec::with_capacity(CALLS);
    for _ in 0..CALLS {
        let begun = Instant::now();
        store.search_register("00003", &Filter::default(), None, 5).await?;
        taken.push(begun.elapsed());
    }
    taken.sort_unstable();
    times.push(("search".into(), taken[CALLS / 2]));
    Ok(times)
}
