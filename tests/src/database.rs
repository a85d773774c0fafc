//! Throw-away databases of both kinds.

use sqlx::{AssertSqlSafe, Connection as _, PgConnection, SqliteConnection};
use tempfile::TempDir;
use tokio::sync::{Semaphore, SemaphorePermit};

/// Where the tests find PostgreSQL: `postgres://user@host:port`, without a database. Set by `tests/run`.
pub const POSTGRES: &str = "THUOCSO_TEST_POSTGRES";

/// Tests on PostgreSQL at once. Each opens up to 17 connections, and machines with many cores run many tests.
static POSTGRES_TESTS: Semaphore = Semaphore::const_new(8);

/// An empty database of its own for one test.
pub struct Database {
    /// What `--database` takes.
    pub url: String,
    /// `sqlite` or `postgres`, for messages.
    pub kind: &'static str,
    folder: Option<TempDir>,
    _permit: Option<SemaphorePermit<'static>>,
}

impl Database {
    /// A new SQLite file in a folder that goes away with the value.
    ///
    /// # Panics
    /// When no temporary folder can be made.
    #[must_use]
    pub fn sqlite() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let url = format!("sqlite:{}", folder.path().join("test.sqlite").display());
        Self { url, kind: "sqlite", folder: Some(folder), _permit: None }
    }

    /// A new database on the PostgreSQL server of the tests.
    ///
    /// # Panics
    /// When there is no server: tests are never skipped silently.
    pub async fn postgres() -> Self {
        let server = std::env::var(POSTGRES).unwrap_or_else(|_| {
            panic!("{POSTGRES} is not set: start the tests with tests/run, which starts PostgreSQL")
        });
        let permit = POSTGRES_TESTS.acquire().await.expect("the semaphore is never closed");
        let name = format!("t{}", server::clock::id().simple());
        let mut connection = PgConnection::connect(&format!("{server}/postgres")).await.expect("PostgreSQL answers");
        sqlx::query(AssertSqlSafe(format!("CREATE DATABASE {name}")))
            .execute(&mut connection)
            .await
            .expect("a new database");
        Self { url: format!("{server}/{name}"), kind: "postgres", folder: None, _permit: Some(permit) }
    }

    /// The folder of an SQLite database.
    #[must_use]
    pub fn folder(&self) -> Option<&std::path::Path> {
        self.folder.as_ref().map(TempDir::path)
    }

    /// Runs a statement behind the program's back, to age a session or to plant a mistake. Foreign keys are not
    /// checked on SQLite. Answers how many rows it touched.
    ///
    /// # Panics
    /// When the statement fails.
    pub async fn execute(&self, sql: &str) -> u64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            let mut connection = self.open_sqlite().await;
            sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut connection).await.expect("a pragma");
            return sqlx::query(sql).execute(&mut connection).await.expect("the statement runs").rows_affected();
        }
        let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
        sqlx::query(sql).execute(&mut connection).await.expect("the statement runs").rows_affected()
    }

    /// Whether the database refuses a statement by itself.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn refuses(&self, sql: &str) -> bool {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            return sqlx::query(sql).execute(&mut self.open_sqlite().await).await.is_err();
        }
        let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
        sqlx::query(sql).execute(&mut connection).await.is_err()
    }

    /// The one number that a query answers.
    ///
    /// # Panics
    /// When the query fails.
    pub async fn number(&self, sql: &str) -> i64 {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            return sqlx::query_scalar(sql).fetch_one(&mut self.open_sqlite().await).await.expect("a number");
        }
        let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
        sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a number")
    }

    /// The texts in the one column that a query answers.
    ///
    /// # Panics
    /// When the query fails.
    pub async fn texts(&self, sql: &str) -> Vec<String> {
        let sql = AssertSqlSafe(sql.to_owned());
        if self.folder.is_some() {
            return sqlx::query_scalar(sql).fetch_all(&mut self.open_sqlite().await).await.expect("texts");
        }
        let mut connection = PgConnection::connect(&self.url).await.expect("PostgreSQL answers");
        sqlx::query_scalar(sql).fetch_all(&mut connection).await.expect("texts")
    }

    async fn open_sqlite(&self) -> SqliteConnection {
        SqliteConnection::connect(&self.url).await.expect("the SQLite file opens")
    }
}

/// Runs a test on an empty database of each kind.
pub async fn each_database<F, R>(test: F)
where
    F: Fn(Database) -> R,
    R: Future<Output = ()>,
{
    for database in [Database::sqlite(), Database::postgres().await] {
        eprintln!("on {}", database.kind);
        test(database).await;
    }
}
