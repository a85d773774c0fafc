//! Measures the server on this machine and prints the figures of the README:
//!
//! ```text
//! cargo build --release -p server && cargo run --release -p tests --example measure
//! ```
//!
//! Start to first answer, memory when idle, a page of 40 items from the database, durable background saves.
//! Client and server share the machine's cores.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use model::questionnaire::Questionnaire;
use serde_json::{Value, json};
use tests::{Client, answers};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
    task::JoinSet,
};

/// How long each load runs.
const LOAD: Duration = Duration::from_secs(10);

/// A running server process.
struct Running {
    child: Child,
    address: SocketAddr,
    first_answer: Duration,
}

#[tokio::main]
async fn main() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let file = folder.path().join("forty.json");
    std::fs::write(&file, forty_items()?.to_string())?;
    let database = format!("sqlite:{}", folder.path().join("measure.sqlite").display());
    let arguments = ["--database", &database, "--questionnaire", file.to_str().context("a path in UTF-8")?];
    // The first start makes the schema; the second is what an operator waits for.
    let mut first = start(&arguments).await?;
    println!("first start to first answer    {:>9.3} s", first.first_answer.as_secs_f64());
    first.child.kill().await?;
    let mut server = start(&arguments).await?;
    println!("start to first answer          {:>9.3} s", server.first_answer.as_secs_f64());
    tokio::time::sleep(Duration::from_secs(2)).await;
    println!("memory when idle               {:>9.1} MB", memory(&server.child)?);
    pages(server.address).await?;
    saves(server.address).await?;
    println!("memory after the load          {:>9.1} MB", memory(&server.child)?);
    server.child.kill().await?;
    println!("load average                   {}", std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim());
    Ok(())
}

/// The built-in questionnaire with all its items on one page.
fn forty_items() -> Result<Value> {
    let mut document = serde_json::to_value(Questionnaire::builtin("bn5").context("bn5")?)?;
    let ids: Vec<Value> =
        document["items"].as_array().context("items")?.iter().map(|item| item["id"].clone()).collect();
    let sections = document["sections"].as_array_mut().context("sections")?;
    sections.retain(|section| !matches!(section["id"].as_str(), Some("P2" | "P3" | "P4" | "P5")));
    let pillar = sections.iter_mut().find(|section| section["id"] == "P1").context("P1")?;
    let mut topic = pillar["topics"][0].clone();
    topic["questions"] = Value::Array(ids);
    pillar["topics"] = json!([topic]);
    document["id"] = json!("forty");
    document["gate"] = json!([1, 1, 1, 1, 1]);
    Ok(document)
}

async fn start(arguments: &[&str]) -> Result<Running> {
    let program = program()?;
    let begun = Instant::now();
    let mut child = Command::new(&program)
        .args(["serve", "--listen", "127.0.0.1:0"])
        .args(arguments)
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| {
            format!("cannot start {}; build it with `cargo build --release -p server`", program.display())
        })?;
    let mut lines = BufReader::new(child.stdout.take().context("standard output")?).lines();
    let line = lines.next_line().await?.context("the server said nothing")?;
    let address = line.split('/').nth(2).context("an address in the first line")?.parse()?;
    let mut connection = Connection::open(address).await?;
    connection.call("GET / HTTP/1.1\r\nhost: x\r\n\r\n").await?;
    Ok(Running { child, address, first_answer: begun.elapsed() })
}

fn program() -> Result<PathBuf> {
    let own = std::env::current_exe()?;
    let folder = own.parent().and_then(|examples| examples.parent()).context("the folder of the build")?;
    Ok(folder.join("thuocso"))
}

/// Memory that the process holds, without what it shares with files on disk, in MB.
fn memory(child: &Child) -> Result<f64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id().context("a process id")?))?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:")).context("VmRSS")?;
    let kilobytes: f64 = line.split_whitespace().nth(1).context("a number")?.parse()?;
    Ok(kilobytes / 1024.0)
}

async fn pages(address: SocketAddr) -> Result<()> {
    let (cookie, assessment) = enterprise(address, 1).await?;
    let request = format!("GET {assessment}/sections/P1/plan HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    let body = Connection::open(address).await?.call(&request).await?;
    let page = String::from_utf8(body)?;
    ensure!(page.matches("<fieldset").count() >= 40, "the page has {} items", page.matches("<fieldset").count());
    println!("page of {} items               {:>9} bytes", page.matches("<fieldset").count(), page.len());
    report("pages, 16 connections", run(address, vec![request; 16]).await?);
    Ok(())
}

async fn saves(address: SocketAddr) -> Result<()> {
    let mut requests = Vec::new();
    for number in 0..64 {
        let (cookie, assessment) = enterprise(address, 100 + number).await?;
        // Two levels in turn, so that every save changes something.
        requests.push([1, 2].map(|level| {
            let body = format!("_revision=1000000&Q101={level}");
            format!(
                "POST {assessment}/sections/P1/plan HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\nsec-fetch-site: same-origin\r\n\
                 accept: application/json\r\ncontent-type: application/x-www-form-urlencoded\r\ncontent-length: {}\r\n\r\n{body}",
                body.len()
            )
        }));
    }
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for pair in requests {
        clients.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut times = Vec::new();
            while begun.elapsed() < LOAD {
                let sent = Instant::now();
                connection.call(&pair[times.len() % 2]).await?;
                times.push(sent.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    report("durable saves, 64 connections", collect(clients).await?);
    Ok(())
}

/// Registers an enterprise to which at least 40 items apply; its cookie and its assessment.
async fn enterprise(address: SocketAddr, number: usize) -> Result<(String, String)> {
    let client = Client::new(&format!("http://{address}"));
    let form = answers::registration(number);
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let page = client.post("/register", &pairs).await;
    let cookie = page.headers.get("set-cookie").context("a session")?.to_str()?;
    let cookie = cookie.split(';').next().context("a cookie")?.to_owned();
    let assessment = client.get("/assessments").await.location.context("an assessment")?;
    let pages: [(&str, &[(&str, &str)]); 4] = [
        ("size", &[("F01", "180"), ("F02", "31")]),
        (
            "customers",
            &[
                ("F03", "b2b"),
                ("F03", "b2g"),
                ("F04", "a"),
                ("F04", "b"),
                ("F04", "c"),
                ("F04", "d"),
                ("F04", "f"),
                ("F04", "g"),
            ],
        ),
        ("conditions", &[("F06", "yes"), ("F07", "yes")]),
        ("turnover", &[("F08", "10to50b")]),
    ];
    for (topic, facts) in pages {
        let fields: Vec<(&str, &str)> = facts.iter().copied().chain([("_revision", "1000")]).collect();
        let page = client.post(&format!("{assessment}/sections/profile/{topic}"), &fields).await;
        ensure!(page.status == 303, "{topic}: {}", page.status);
    }
    Ok((cookie, assessment))
}

async fn run(address: SocketAddr, requests: Vec<String>) -> Result<(Vec<Duration>, Duration)> {
    let begun = Instant::now();
    let mut clients = JoinSet::new();
    for request in requests {
        clients.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut times = Vec::new();
            while begun.elapsed() < LOAD {
                let sent = Instant::now();
                connection.call(&request).await?;
                times.push(sent.elapsed());
            }
            anyhow::Ok(times)
        });
    }
    collect(clients).await
}

async fn collect(mut clients: JoinSet<Result<Vec<Duration>>>) -> Result<(Vec<Duration>, Duration)> {
    let mut all = Vec::new();
    while let Some(times) = clients.join_next().await {
        all.extend(times??);
    }
    all.sort_unstable();
    Ok((all, LOAD))
}

#[allow(clippy::cast_precision_loss, reason = "counts of requests")]
fn report(what: &str, (times, span): (Vec<Duration>, Duration)) {
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    let rate = times.len() as f64 / span.as_secs_f64();
    println!("{what:<30} {rate:>9.0} /s   median {:.1} ms   p99 {:.1} ms", at(50), at(99));
}

/// A connection that is kept open; as little work as possible for the client's side.
struct Connection(BufReader<TcpStream>);

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(BufReader::with_capacity(1 << 16, stream)))
    }

    /// Sends a request and reads the whole answer; anything but success is an error.
    async fn call(&mut self, request: &str) -> Result<Vec<u8>> {
        self.0.get_mut().write_all(request.as_bytes()).await?;
        let mut line = String::new();
        self.0.read_line(&mut line).await?;
        if !line.starts_with("HTTP/1.1 200") {
            bail!("{line} for {}", request.lines().next().unwrap_or_default());
        }
        let mut length = 0;
        loop {
            line.clear();
            self.0.read_line(&mut line).await?;
            if line == "\r\n" {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse()?;
            }
        }
        let mut body = vec![0; length];
        self.0.read_exact(&mut body).await?;
        Ok(body)
    }
}
