//! The server of the tests: the real one, on a port of its own, in this process.

use std::net::SocketAddr;

use clap::Parser as _;
use model::role::Role;
use server::{
    clock,
    config::Config,
    http::{App, access::Limits},
    start::Server,
    store::{Account, Association, Campaign, Durability, Invitation, JoiningColleague, association::By},
};
use tempfile::TempDir;
use time::Duration;
use tokio::{sync::oneshot, task::JoinHandle};
use uuid::Uuid;

use crate::{
    Client, Database,
    answers::{PASSWORD_HASH, email},
};

/// A running server; stops when dropped.
pub struct TestServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// The application, to look into its store.
    pub app: App,
    /// Its database lives as long as it does.
    pub database: Database,
    /// Where it writes messages while it has no mail server.
    pub mail: TempDir,
    /// Where evidence files lie.
    pub evidence: TempDir,
    stop: Option<oneshot::Sender<()>>,
    task: Option<JoinHandle<anyhow::Result<()>>>,
}

fn by() -> By {
    By { account: None, event: clock::id(), at: clock::now() }
}

#[derive(clap::Parser)]
struct Arguments {
    #[command(flatten)]
    config: Config,
}

/// The settings of these arguments, on any free port.
///
/// # Panics
/// When they are wrong.
#[must_use]
pub fn config(arguments: &[&str]) -> Config {
    Arguments::parse_from(["thuocso", "--listen", "127.0.0.1:0"].iter().chain(arguments)).config
}

impl TestServer {
    /// Starts a server on a database, with more command-line arguments if needed.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn start(database: Database, arguments: &[&str]) -> Self {
        Self::within(Limits::default(), database, arguments).await
    }

    /// The same with other limits on how long calls may take.
    ///
    /// # Panics
    /// When it does not start.
    pub async fn within(limits: Limits, database: Database, arguments: &[&str]) -> Self {
        let mail = tempfile::tempdir().expect("a temporary folder");
        let folder = mail.path().to_str().expect("a path in UTF-8");
        let evidence = tempfile::tempdir().expect("a temporary folder");
        let files = evidence.path().to_str().expect("a path in UTF-8");
        let fixed = ["--database", database.url.as_str(), "--mail-folder", folder, "--evidence-folder", files];
        let config = Config { limits, ..config(&[&fixed, arguments].concat()) };
        let server = Server::start(config, Durability::ThrowAway).await.expect("the server starts");
        let (address, app) = (server.address().expect("an address"), server.app().clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let task = tokio::spawn(server.serve(async move { drop(stopped.await) }));
        Self { address, app, database, mail, evidence, stop: Some(stop), task: Some(task) }
    }

    /// A server on a new SQLite database.
    pub async fn sqlite() -> Self {
        Self::start(Database::sqlite(), &[]).await
    }

    /// Its address as a browser types it.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// A visitor without cookies.
    #[must_use]
    pub fn client(&self) -> Client {
        Client::new(&self.url(""))
    }

    /// Adds an account of the province or of an association, as `thuocso user add` does; its name to sign in with is
    /// `email`, its password [`crate::answers::PASSWORD`].
    ///
    /// # Panics
    /// When the address is taken.
    pub async fn add_account(&self, role: Role, email: &str) {
        let account = Account {
            id: clock::id(),
            role,
            full_name: "Trần Văn Bình".into(),
            email: Some(email.into()),
            phone: None,
            password_hash: PASSWORD_HASH.clone(),
        };
        if role == Role::Colleague {
            return self.add_colleague(account).await;
        }
        let added = match role {
            Role::Association => {
                let association = self.association("Hội Doanh nghiệp nhỏ và vừa").await;
                self.app.store().add_association_account(&account, association, by()).await
            }
            _ => self.app.store().add_account(&account, clock::id(), clock::now()).await,
        };
        added.expect("the database works").expect("the address is free");
    }

    /// Adds a colleague to the first enterprise.
    async fn add_colleague(&self, account: Account) {
        let (store, now) = (self.app.store(), clock::now());
        let owner = store.credentials(&email(1)).await.expect("the database works").expect("it is registered").id;
        store.start_session([8; 32], owner, None, clock::id(), now).await.expect("the database works");
        let visitor = store.visitor([8; 32], now).await.expect("the database works");
        let enterprise = visitor.and_then(|visitor| visitor.enterprise).expect("an enterprise");
        let link =
            Invitation { token_hash: [7; 32], expires_at: clock::now() + time::Duration::days(1), message: None };
        let invited = store.invite_colleague(&account, enterprise, &link, by()).await;
        invited.expect("the database works").expect("the address is free");
        let joining = JoiningColleague {
            token_hash: [7; 32],
            full_name: &account.full_name,
            password_hash: &account.password_hash,
            consent: clock::id(),
            text_version: "2026-11",
        };
        assert!(store.join_enterprise(&joining, clock::id(), clock::now()).await.expect("the database works"));
    }

    /// The association of this name, made if there is none.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn association(&self, name: &str) -> Uuid {
        let store = self.app.store();
        if let Some(known) = store.association_named(name).await.expect("the database works") {
            return known.id;
        }
        let new = Association { id: clock::id(), name: name.into(), four_eyes: false };
        assert!(store.add_association(&new, by()).await.expect("the database works"), "{name} is free");
        new.id
    }

    /// Adds an account that works for the association of this name, which is made if there is none.
    ///
    /// # Panics
    /// When the address is taken.
    pub async fn add_staff(&self, association: &str, email: &str) {
        let id = self.association(association).await;
        let account = Account {
            id: clock::id(),
            role: Role::Association,
            full_name: "Nguyễn Thu Hà".into(),
            email: Some(email.into()),
            phone: None,
            password_hash: PASSWORD_HASH.clone(),
        };
        let added = self.app.store().add_association_account(&account, id, by()).await;
        added.expect("the database works").expect("the address is free");
    }

    /// The open campaign ends, and another one opens that asks the same.
    ///
    /// # Panics
    /// When the database fails.
    pub async fn next_campaign(&self) {
        let (store, now) = (self.app.store(), clock::now());
        let ending = store.open_campaign(now).await.expect("the database works").expect("an open campaign");
        let ends = "UPDATE campaign SET closes_at = '2026-01-02T00:00:00Z', opens_at = '2026-01-01T00:00:00Z'";
        self.database.execute(ends).await;
        let next = Campaign {
            id: clock::id(),
            title_vi: "Kỳ sau".into(),
            title_en: "Next round".into(),
            opens_at: now - Duration::hours(1),
            closes_at: now + Duration::days(90),
            ..ending
        };
        store.add_campaign(&next, clock::id(), now).await.expect("the database works");
    }

    /// Stops it and gives the database back, to start again on it.
    ///
    /// # Panics
    /// When it does not stop cleanly.
    pub async fn stop(mut self) -> Database {
        drop(self.stop.take());
        if let Some(task) = self.task.take() {
            task.await.expect("the server does not panic").expect("the server stops cleanly");
        }
        std::mem::replace(&mut self.database, Database::sqlite())
    }
}
