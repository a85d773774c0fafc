//! The database: SQLite or PostgreSQL, one SQL text for both. All SQL of the program is in this folder.
//!
//! Rules of the common dialect are in `ARCHITECTURE.md`. Times and ids are arguments.

use std::{path::Path, str::FromStr as _, time::Duration};

use sqlx::{
    Database, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::PgPoolOptions,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};

pub mod account;
mod action;
pub mod application;
pub mod assessment;
pub mod association;
mod attempt;
pub mod audit;
pub mod audit_log;
pub mod audit_object;
pub mod board;
pub mod campaign;
pub mod campaign_life;
pub mod chain;
mod check;
mod claim;
pub mod colleague;
pub mod comparison;
pub mod consent;
pub mod delivery;
pub mod evidence;
pub mod group;
mod group_letter;
pub mod history;
mod invitation;
mod kind;
pub mod link;
mod measure;
pub mod member_import;
pub mod member_letter;
pub mod membership;
pub mod office;
pub mod outbox;
pub mod personal;
mod purge;
mod questionnaire_draft;
pub mod register;
mod register_batch;
pub mod register_import;
mod register_response;
mod release;
mod release_job;
mod release_source;
pub mod review;
mod review_act;
mod save;
pub mod session;
pub mod setting;
pub mod snapshot;
pub mod takeover;

pub use account::{Account, Credentials, Registration};
pub use action::{Decided, Demand};
pub use assessment::{Assessment, Submission, Submitted, Submitting};
pub use association::Association;
pub use attempt::AttemptKey;
pub use audit::{Action, Event};
pub use campaign::{Campaign, Progress};
pub use campaign_life::{By, CampaignText, Changed, PlannedCampaign};
pub use claim::{ClaimState, Claimable, MOST_CLAIMS, NewClaim};
pub use colleague::{Invited, Joining as JoiningColleague, MOST_COLLEAGUES, MOST_PEOPLE, NotInvited, Person};
pub use comparison::Compared;
pub use delivery::Outcome;
pub use group::{Fitting, Group, GroupEntry, GroupMade, NewGroup};
pub use group_letter::{AskedGroup, GroupAddressee, GroupLetter};
pub use history::{PastResult, Raised};
pub use invitation::Invitation;
pub use link::{NewLink, ShareLink, Shared};
pub use measure::{Measured, MeasuredRow, Unmeasured};
pub use member_import::{MemberCounts, MemberImport, MemberRejected, NewMemberImport};
pub use member_letter::{Addressee, Delivery, Joining, MemberLetter, Occasion, Stopping};
pub use membership::{Member, MembershipRow, NewMember};
pub use outbox::{Kind, MailState, Message, StoredMessage};
pub use personal::{Erasing, Erasure, Personal};
pub use purge::SAVE_KEYS;
pub use register::{After, Filter, InPlace, Listed, Order, RegisterEntry};
pub use register_batch::{Batch, Counts};
pub use register_import::{Import, NewImport, Rejected};
pub use register_response::{Answered, AnsweredOf, Part, Silent, SilentAfter};
pub use release::{Issued, NewRelease, ReleaseHead};
pub use release_job::{NewReleaseJob, ReleaseJob};
pub use release_source::{RegisteredCell, SourceCampaign};
pub use save::{Save, Saved};
pub use session::Visitor;
pub use setting::Settings;
pub use snapshot::{FrameCell, FrameRow, NewSnapshot, Snapshot};

static SQLITE: Migrator = sqlx::migrate!("../migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("../migrations/postgres");

/// What a store function answers.
pub type Result<T> = sqlx::Result<T>;

/// Runs the same statements on whichever database is behind the pool.
macro_rules! on {
    ($pool:expr, $p:ident => $body:expr) => {
        match $pool {
            $crate::store::Pool::Sqlite($p) => $body,
            $crate::store::Pool::Postgres($p) => $body,
        }
    };
}
pub(crate) use on;

/// The database. Cheap to clone.
#[derive(Clone)]
pub struct Store {
    read: Pool,
    /// SQLite has one writer: a second connection would only wait for the lock of the first.
    write: Pool,
    saver: save::Saver,
}

/// How far a commit on SQLite goes. PostgreSQL keeps its own settings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// To the disk, before it is acknowledged.
    Full,
    /// To the operating system: for a database that is thrown away anyhow.
    ThrowAway,
}

/// A pool of connections to one of the two databases.
#[derive(Clone)]
pub(crate) enum Pool {
    Sqlite(SqlitePool),
    Postgres(PgPool),
}

/// Opens a transaction that is going to write.
pub(crate) trait BeginWrite {
    type Db: Database;
    async fn begin_write(&self) -> Result<Transaction<'static, Self::Db>>;
}

impl BeginWrite for SqlitePool {
    type Db = Sqlite;
    async fn begin_write(&self) -> Result<Transaction<'static, Sqlite>> {
        // A transaction that reads first and writes later fails at once when somebody else wrote in between.
        self.begin_with("BEGIN IMMEDIATE").await
    }
}

impl BeginWrite for PgPool {
    type Db = Postgres;
    async fn begin_write(&self) -> Result<Transaction<'static, Postgres>> {
        self.begin().await
    }
}

impl Store {
    /// Connects to `sqlite:PATH` or `postgres://…` and brings the schema up to date.
    ///
    /// # Errors
    /// When the database cannot be reached, opened or migrated.
    pub async fn open(url: &str) -> Result<Self> {
        let store = Self::connect(url, Durability::Full).await?;
        store.migrate().await?;
        Ok(store)
    }

    /// Connects without touching the schema; an SQLite file and its folder are made if they are missing.
    ///
    /// # Errors
    /// When the database cannot be reached or opened.
    pub async fn connect(url: &str, durability: Durability) -> Result<Self> {
        let (read, write) = if let Some(path) = sqlite_path(url) {
            if let Some(folder) = path.parent() {
                std::fs::create_dir_all(folder)?;
            }
            let options = sqlite_options(url, durability)?;
            let write = SqlitePoolOptions::new().max_connections(1).connect_with(options.clone()).await?;
            let read = SqlitePoolOptions::new()
                .max_connections(4)
                .min_connections(1)
                .test_before_acquire(false)
                .connect_with(options.read_only(true))
                .await?;
            (Pool::Sqlite(read), Pool::Sqlite(write))
        } else {
            let options = PgPoolOptions::new().max_connections(16).acquire_timeout(Duration::from_secs(10));
            let pool = options.test_before_acquire(false).connect(url).await?;
            (Pool::Postgres(pool.clone()), Pool::Postgres(pool))
        };
        let saver = save::Saver::start(write.clone());
        Ok(Self { read, write, saver })
    }

    /// Brings the schema up to date.
    ///
    /// # Errors
    /// When a migration fails or the database is newer than this program.
    pub async fn migrate(&self) -> Result<()> {
        match &self.write {
            Pool::Sqlite(pool) => SQLITE.run(pool).await?,
            Pool::Postgres(pool) => POSTGRES.run(pool).await?,
        }
        Ok(())
    }

    /// Waits for running statements and closes the connections.
    pub async fn close(&self) {
        on!(&self.write, pool => pool.close().await);
        on!(&self.read, pool => pool.close().await);
    }
}

/// The file of an SQLite database; none for another kind of database.
pub(crate) fn sqlite_path(url: &str) -> Option<&Path> {
    let path = url.strip_prefix("sqlite:")?.split('?').next()?;
    Some(Path::new(path.strip_prefix("//").unwrap_or(path)))
}

fn sqlite_options(url: &str, durability: Durability) -> Result<SqliteConnectOptions> {
    let synchronous = match durability {
        // An acknowledged answer must survive a power cut: FULL syncs the log at every commit.
        Durability::Full => SqliteSynchronous::Full,
        Durability::ThrowAway => SqliteSynchronous::Off,
    };
    Ok(SqliteConnectOptions::from_str(url)?
        .create_if_missing(true)
        .foreign_keys(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(synchronous)
        .busy_timeout(Duration::from_secs(10))
        .pragma("cache_size", "-16000")
        .optimize_on_close(true, None))
}

/// Whether an error says that a unique constraint with this column or name was broken.
pub(crate) fn breaks_unique(error: &sqlx::Error, name: &str) -> bool {
    error.as_database_error().is_some_and(|error| {
        // PostgreSQL gives the constraint's name, SQLite only a message with table.column.
        error.is_unique_violation()
            && (error.constraint().is_some_and(|constraint| constraint.contains(name))
                || error.message().contains(name))
    })
}
