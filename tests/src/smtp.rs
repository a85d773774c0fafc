//! A small mail server: speaks as much SMTP (RFC 5321) as a client needs, and keeps what it takes.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// A running mail server; it is gone when dropped.
pub struct MailServer {
    /// Where it listens.
    pub address: SocketAddr,
    desk: Arc<Mutex<Desk>>,
    task: JoinHandle<()>,
}

/// A message as it was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The sender of the envelope.
    pub from: String,
    /// The recipients of the envelope.
    pub to: Vec<String>,
    /// Headers and body.
    pub data: String,
}

#[derive(Debug, Default)]
struct Desk {
    taken: Vec<Taken>,
    refused: Vec<String>,
    breaks: usize,
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Taken {
    /// The value of a header that stands on one line; empty if it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        let head = self.data.split("\r\n\r\n").next().unwrap_or_default();
        let lines = head.split("\r\n");
        let values = lines.filter_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        values.into_iter().next().unwrap_or_default()
    }
}

impl MailServer {
    /// Starts one on a free port.
    ///
    /// # Panics
    /// When there is none.
    pub async fn start() -> Self {
        Self::start_on("127.0.0.1:0".parse().expect("an address")).await
    }

    /// Starts one on this address, such as that of one that was dropped.
    ///
    /// # Panics
    /// When the address is taken.
    pub async fn start_on(address: SocketAddr) -> Self {
        let listener = TcpListener::bind(address).await.expect("the address is free");
        let address = listener.local_addr().expect("an address");
        let desk = Arc::<Mutex<Desk>>::default();
        let task = tokio::spawn(serve(listener, desk.clone()));
        Self { address, desk, task }
    }

    /// What `--smtp-url` takes.
    #[must_use]
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// Refuses this recipient from now on, for good.
    pub fn refuse(&self, recipient: &str) {
        self.desk().refused.push(recipient.to_owned());
    }

    /// Takes the next message and hangs up before saying so.
    pub fn break_once(&self) {
        self.desk().breaks += 1;
    }

    /// What was taken so far.
    #[must_use]
    pub fn taken(&self) -> Vec<Taken> {
        self.desk().taken.clone()
    }

    /// Stops listening; the address is free when this returns.
    pub async fn stop(mut self) -> SocketAddr {
        self.task.abort();
        drop((&mut self.task).await);
        self.address
    }

    fn desk(&self) -> std::sync::MutexGuard<'_, Desk> {
        self.desk.lock().expect("nobody panics at the desk")
    }
}

async fn serve(listener: TcpListener, desk: Arc<Mutex<Desk>>) {
    // Conversations end with the server.
    let mut conversations = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        conversations.spawn(converse(stream, desk.clone()));
    }
}

async fn converse(stream: TcpStream, desk: Arc<Mutex<Desk>>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 mail.example ready\r\n").await?;
    let (mut from, mut to) = (String::new(), Vec::new());
    let mut line = String::new();
    loop {
        line.clear();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let command = line.trim_end();
        let answer = if let Some(address) = path(command, "MAIL FROM:") {
            from = address;
            "250 ok\r\n"
        } else if let Some(address) = path(command, "RCPT TO:") {
            if desk.lock().expect("the desk").refused.contains(&address) {
                "550 5.1.1 no such mailbox\r\n"
            } else {
                to.push(address);
                "250 ok\r\n"
            }
        } else if command == "DATA" && to.is_empty() {
            "503 no recipient\r\n"
        } else if command == "DATA" {
            stream.write_all(b"354 go on\r\n").await?;
            let taken =
                Taken { from: std::mem::take(&mut from), to: std::mem::take(&mut to), data: data(&mut stream).await? };
            if !take(&desk, taken) {
                return Ok(());
            }
            "250 taken\r\n"
        } else if command == "QUIT" {
            return stream.write_all(b"221 bye\r\n").await;
        } else {
            "250 mail.example\r\n"
        };
        stream.write_all(answer.as_bytes()).await?;
    }
}

/// Keeps a message; no when the connection is to break now.
fn take(desk: &Mutex<Desk>, taken: Taken) -> bool {
    let mut desk = desk.lock().expect("the desk");
    desk.taken.push(taken);
    let breaks = desk.breaks > 0;
    desk.breaks -= usize::from(breaks);
    !breaks
}

/// The address in `MAIL FROM:<…>` and the like.
fn path(command: &str, verb: &str) -> Option<String> {
    let rest = command.strip_prefix(verb)?.split_once('<')?.1;
    Some(rest.split_once('>')?.0.to_owned())
}

/// The lines up to the single dot, without the dots that were put before dots.
async fn data(stream: &mut BufReader<TcpStream>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        if line == ".\r\n" {
            return Ok(data);
        }
        data.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
