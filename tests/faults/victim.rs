//! The server process that is killed.

use std::{
    env,
    net::TcpListener,
    path::PathBuf,
    process::{ExitStatus, Stdio},
    time::{Duration, Instant},
};

use tests::Database;
use tokio::process::{Child, Command};

/// A server that has not begun to listen by then never will.
const START: Duration = Duration::from_secs(20);

/// A `thuocso serve` with its settings, to start it again.
pub struct Victim {
    child: Child,
    port: u16,
    database: String,
}

impl Victim {
    /// Starts a server on the database.
    pub async fn start(database: &Database) -> Self {
        let (port, database) = (free_port(), database.url.clone());
        let victim = Self { child: spawn(port, &database), port, database };
        victim.until_it_listens().await
    }

    /// Its address as a browser types it.
    pub fn base(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Ends it as a power cut would: SIGKILL, without a chance to finish anything.
    pub async fn kill(&mut self) {
        self.child.start_kill().expect("the server is still running");
        let status: ExitStatus = self.child.wait().await.expect("an end");
        assert_eq!(status.code(), None, "the server ended by itself: {status}");
    }

    /// Starts it again, at the same address.
    pub async fn restart(&mut self) {
        let child = spawn(self.port, &self.database);
        let again = Self { child, port: self.port, database: self.database.clone() };
        *self = again.until_it_listens().await;
    }

    /// What `thuocso check` says about the database.
    ///
    /// # Panics
    /// When it finds something.
    pub async fn check(database: &Database) -> String {
        let output =
            Command::new(program()).args(["check", "--database", &database.url]).output().await.expect("it runs");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).trim().to_owned()
    }

    async fn until_it_listens(mut self) -> Self {
        let begun = Instant::now();
        while tokio::net::TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
            let ended = self.child.try_wait().expect("a state");
            assert_eq!(ended, None, "the server does not start");
            assert!(begun.elapsed() < START, "the server does not listen after {START:?}");
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        self
    }
}

fn spawn(port: u16, database: &str) -> Child {
    let mut command = Command::new(program());
    command.args(["serve", "--database", database, "--listen", &format!("127.0.0.1:{port}")]);
    // What it says on standard error stands beside what the test says.
    command.stdout(Stdio::null()).stdin(Stdio::null()).kill_on_drop(true);
    command.spawn().expect("the server starts")
}

/// The program of the same build as this test.
pub fn program() -> PathBuf {
    if let Some(path) = env::var_os("THUOCSO_BIN") {
        return path.into();
    }
    let test = env::current_exe().expect("the test's own path");
    let folder = test.ancestors().nth(2).expect("target/<profile>/deps/<test>");
    let path = folder.join("thuocso");
    assert!(
        path.is_file(),
        "{} does not exist: type `cargo build -p server` first, or set THUOCSO_BIN to the program",
        path.display()
    );
    path
}

/// A port below those that outgoing connections take: nobody gets it while the server is down.
fn free_port() -> u16 {
    let first = 20_000 + u16::try_from(std::process::id() % 8_000).expect("below 8000");
    let free = |port: &u16| TcpListener::bind(("127.0.0.1", *port)).is_ok();
    (first..first + 2_000).find(free).expect("a free port")
}
