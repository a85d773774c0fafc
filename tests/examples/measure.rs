//! Measures the server on this machine and prints the figures of the README:
//!
//! ```text
//! cargo build --release -p server -p tests --bins --example measure && target/release/examples/measure
//! ```
//!
//! Start to first answer, memory when idle, a page of 40 items from the database, durable background saves.
//! Client and server share the machine's cores, perhaps with others: every load also says who had the processors.

use std::{
    net::SocketAddr,
    path::PathBuf,
    process::Stdio,
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result, bail, ensure};
use model::questionnaire::Questionnaire;
use serde_json::{Value, json};
use tests::{Client, answers, chunked::Chunks};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::TcpStream,
    process::{Child, Command},
    task::JoinSet,
};

/// How long each load runs.
const LOAD: Duration = Duration::from_secs(10);

/// The headers of a form of the server's own pages.
const FORM: &str = "sec-fetch-site: same-origin\r\ncontent-type: application/x-www-form-urlencoded\r\n";

/// A running server process.
struct Running {
    child: Child,
    address: SocketAddr,
    first_answer: Duration,
}

// One thread: the client is never more than one core's worth of the load that it measures.
#[tokio::main(flavor = "current_thread")]
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
    pages(&server).await?;
    saves(&server).await?;
    println!("memory after the load          {:>9.1} MB", memory(&server.child)?);
    server.child.kill().await?;
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

async fn pages(server: &Running) -> Result<()> {
    let (cookie, assessment) = enterprise(server.address, 1).await?;
    let address = format!("{assessment}/sections/P1/plan");
    let mut connection = Connection::open(server.address).await?;
    connection.call(&save(&address, &cookie, &all_ladders(3)?)).await?;
    let request = format!("GET {address} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n");
    let page = std::str::from_utf8(connection.call(&request).await?)?;
    let items = page.matches("<fieldset").count();
    ensure!(items >= 40, "the page has {items} items");
    ensure!(page.matches(" checked").count() >= 30, "the page does not show the stored answers");
    println!("page of {items} items               {:>9} bytes", page.len());
    load("pages, 16 connections", server, vec![vec![request.clone()]; 16]).await?;
    let as_browsers = request.replace("host: x", "host: x\r\naccept-encoding: gzip, deflate, br");
    let compressed = connection.call(&as_browsers).await?.len();
    println!("the same page compressed       {compressed:>9} bytes");
    load("compressed, 16 connections", server, vec![vec![as_browsers]; 16]).await
}

async fn saves(server: &Running) -> Result<()> {
    let mut clients = Vec::new();
    for number in 0..64 {
        let (cookie, assessment) = enterprise(server.address, 100 + number).await?;
        // Two levels in turn, so that every save changes something.
        let address = format!("{assessment}/sections/P1/plan");
        clients.push([1, 2].map(|level| save(&address, &cookie, &format!("&Q101={level}"))).to_vec());
    }
    load("durable saves, 64 connections", server, clients).await
}

/// A save in the background, as the autosave sends it.
fn save(address: &str, cookie: &str, answers: &str) -> String {
    let body = format!("_revision=1000000{answers}");
    format!(
        "POST {address} HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n{FORM}accept: application/json\r\n\
         content-length: {}\r\n\r\n{body}",
        body.len()
    )
}

/// Every ladder of the questionnaire answered with this level, in form encoding.
fn all_ladders(level: u8) -> Result<String> {
    let questionnaire = Questionnaire::builtin("bn5").context("bn5")?;
    let ladders = questionnaire.items.iter().filter(|item| item.is_ladder());
    Ok(ladders.map(|item| format!("&{}={level}", item.id)).collect())
}

/// Registers an enterprise to which all items apply; its cookie and its assessment.
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

/// Every client sends its requests in turn, again and again, on a connection of its own; prints what came of it.
async fn load(what: &str, server: &Running, clients: Vec<Vec<String>>) -> Result<()> {
    let process = server.child.id().context("a process id")?;
    let before = Ticks::now(process)?;
    let begun = Instant::now();
    let mut running = JoinSet::new();
    for requests in clients {
        running.spawn(client(server.address, requests, begun));
    }
    let mut times = Vec::new();
    while let Some(some) = running.join_next().await {
        times.extend(some??);
    }
    times.sort_unstable();
    report(what, &times, begun.elapsed());
    Ticks::now(process)?.report(&before, times.len());
    Ok(())
}

async fn client(address: SocketAddr, requests: Vec<String>, begun: Instant) -> Result<Vec<Duration>> {
    let mut connection = Connection::open(address).await?;
    let mut times = Vec::new();
    for request in requests.iter().cycle() {
        let sent = Instant::now();
        connection.call(request).await?;
        times.push(sent.elapsed());
        if begun.elapsed() >= LOAD {
            break;
        }
    }
    Ok(times)
}

#[allow(clippy::cast_precision_loss, reason = "counts of requests")]
fn report(what: &str, times: &[Duration], span: Duration) {
    let at = |percent: usize| times[(times.len() - 1) * percent / 100].as_secs_f64() * 1000.0;
    let rate = times.len() as f64 / span.as_secs_f64();
    println!("{what:<30} {rate:>9.0} /s   median {:.1} ms   p99 {:.1} ms", at(50), at(99));
}

/// Processor time so far, in hundredths of a second, the unit of `/proc`.
struct Ticks {
    server: u64,
    client: u64,
    /// What all processors had to give, idle or not.
    all: u64,
    idle: u64,
}

impl Ticks {
    fn now(server: u32) -> Result<Self> {
        let machine = std::fs::read_to_string("/proc/stat")?;
        let line = machine.lines().next().context("the line of all processors")?;
        // user, nice, system, idle, iowait, irq, softirq, steal; what follows is counted in these.
        let parts: Vec<u64> = line.split_whitespace().skip(1).take(8).filter_map(|part| part.parse().ok()).collect();
        let idle = parts.iter().skip(3).take(2).sum();
        Ok(Self {
            server: of_process(&server.to_string())?,
            client: of_process("self")?,
            all: parts.iter().sum(),
            idle,
        })
    }

    #[allow(clippy::cast_precision_loss, reason = "counts of ticks and requests")]
    fn report(&self, before: &Self, requests: usize) {
        let (server, client) = (self.server - before.server, self.client - before.client);
        let (all, idle) = (self.all - before.all, self.idle - before.idle);
        let share = |ticks: u64| 100.0 * ticks as f64 / all.max(1) as f64;
        let each = |ticks: u64| ticks as f64 * 10_000.0 / requests as f64;
        println!(
            "    processors                 server {:.0} %, this client {:.0} %, others {:.0} %, idle {:.0} %; \
             for one: server {:.0} µs, client {:.0} µs; load average {}",
            share(server),
            share(client),
            share(all.saturating_sub(idle + server + client)),
            share(idle),
            each(server),
            each(client),
            std::fs::read_to_string("/proc/loadavg").unwrap_or_default().split(' ').next().unwrap_or_default(),
        );
    }
}

/// What a process used of the processors, its finished threads included.
fn of_process(id: &str) -> Result<u64> {
    let stat = std::fs::read_to_string(format!("/proc/{id}/stat"))?;
    // The name, in brackets, may hold anything.
    let fields: Vec<&str> = stat.rsplit_once(')').context("a name")?.1.split_whitespace().collect();
    Ok(fields.get(11).context("user time")?.parse::<u64>()? + fields.get(12).context("system time")?.parse::<u64>()?)
}

/// A connection that is kept open; as little work as possible for the client's side.
struct Connection {
    stream: TcpStream,
    answer: Vec<u8>,
    chunks: Chunks,
}

impl Connection {
    async fn open(address: SocketAddr) -> Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, answer: Vec::with_capacity(1 << 17), chunks: Chunks::default() })
    }

    /// Sends a request and reads the whole answer, of which it gives the body; anything but success is an error.
    async fn call(&mut self, request: &str) -> Result<&[u8]> {
        self.stream.write_all(request.as_bytes()).await?;
        self.answer.clear();
        let begin = loop {
            match position(&self.answer, b"\r\n\r\n") {
                Some(end) => break end + 4,
                None => self.more().await?,
            }
        };
        let head = std::str::from_utf8(&self.answer[..begin])?.to_ascii_lowercase();
        if !head.starts_with("http/1.1 200") {
            bail!("{} for {}", head.lines().next().unwrap_or_default(), request.lines().next().unwrap_or_default());
        }
        match head.lines().find_map(|line| line.strip_prefix("content-length:")) {
            Some(length) => {
                let end = begin + length.trim().parse::<usize>()?;
                while self.answer.len() < end {
                    self.more().await?;
                }
            }
            None => {
                ensure!(head.contains("transfer-encoding: chunked"), "an answer that does not say where it ends");
                self.chunks = Chunks::default();
                while !self.chunks.read(&self.answer[begin..])? {
                    self.more().await?;
                }
                return Ok(&self.chunks.content);
            }
        }
        Ok(&self.answer[begin..])
    }

    async fn more(&mut self) -> Result<()> {
        self.answer.reserve(1 << 14);
        ensure!(self.stream.read_buf(&mut self.answer).await? > 0, "the server closed the connection");
        Ok(())
    }
}

fn position(bytes: &[u8], part: &[u8]) -> Option<usize> {
    bytes.windows(part.len()).position(|window| window == part)
}
