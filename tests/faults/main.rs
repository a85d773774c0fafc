//! The server is killed again and again while people answer and submit: nothing that was acknowledged is lost, and
//! nothing is done twice. And what the program says to whoever types something wrong.

mod command_line;
mod enterprise;
mod victim;

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use enterprise::{Enterprise, Ledger};
use fastrand::Rng;
use serde_json::Value;
use server::store::{Durability, Store};
use tests::{Client, Database};
use tokio::task::JoinSet;
use victim::Victim;

/// How often the server is killed.
const KILLS: usize = 100;
/// Clients at once.
const CLIENTS: usize = 5;
/// Enterprises of each client, one after the other; the last one is never submitted, so that nobody runs out of work.
const ENTERPRISES: usize = 24;
/// The longest life of a server, in milliseconds.
const LIFE: u64 = 300;
/// Set it to see another course of events.
const SEED: &str = "THUOCSO_FAULT_SEED";

/// What the clients saw, added up.
#[derive(Debug, Default)]
struct Seen {
    saved: u64,
    submitted: u64,
    saves_cut_off: u64,
    submits_cut_off: u64,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_acknowledged_is_lost_and_nothing_is_doubled_when_the_server_is_killed() {
    let seed = std::env::var(SEED).map_or(20_261_123, |seed| seed.parse().expect("a number"));
    println!("seed {seed}; another one with {SEED}");
    let begun = Instant::now();
    let mut rng = Rng::with_seed(seed);
    let database = Database::sqlite();
    let mut victim = Victim::start(&database).await;
    let queues = enterprise::register(&database, &victim.base(), CLIENTS, ENTERPRISES).await;
    println!("{} enterprises after {:.1} s", CLIENTS * ENTERPRISES, begun.elapsed().as_secs_f64());

    let ledgers: Vec<Ledger> = queues.iter().flatten().map(|enterprise| enterprise.ledger.clone()).collect();
    let stop = Arc::new(AtomicBool::new(false));
    let mut clients = JoinSet::new();
    for queue in queues {
        clients.spawn(work(queue, rng.fork(), stop.clone()));
    }
    let mut receipts = BTreeMap::new();
    for _ in 0..KILLS {
        tokio::time::sleep(Duration::from_millis(rng.u64(0..LIFE))).await;
        victim.kill().await;
        let promised: Vec<_> = ledgers.iter().map(Ledger::promised).collect();
        victim.restart().await;
        let stored = stored(&database).await;
        for (ledger, promised) in ledgers.iter().zip(promised) {
            ledger.assert_kept(&promised, &stored[&ledger.assessment()]);
        }
        assert_receipts_stay(&mut receipts, &database).await;
        assert_all_well(&mut clients);
    }
    stop.store(true, Ordering::Relaxed);
    let seen = clients.join_all().await.into_iter().fold(Seen::default(), Seen::plus);
    println!("{KILLS} kills in {:.1} s: {seen:?}", begun.elapsed().as_secs_f64());
    victim.kill().await;
    assert_the_end(&database, &receipts, &seen).await;
}

/// Saves and submits, enterprise by enterprise, until it is told to stop.
async fn work(queue: Vec<Enterprise>, mut rng: Rng, stop: Arc<AtomicBool>) -> Seen {
    let mut seen = Seen::default();
    let last = queue.len() - 1;
    for (position, mut enterprise) in queue.into_iter().enumerate() {
        let mut saves = rng.u64(4..14);
        while position == last || saves > 0 {
            if stop.load(Ordering::Relaxed) {
                return seen;
            }
            seen.saves_cut_off += enterprise.save(&mut rng).await;
            seen.saved += 1;
            saves = saves.saturating_sub(1);
        }
        seen.submits_cut_off += enterprise.submit().await;
        seen.submitted += 1;
    }
    seen
}

impl Seen {
    fn plus(self, other: Self) -> Self {
        Self {
            saved: self.saved + other.saved,
            submitted: self.submitted + other.submitted,
            saves_cut_off: self.saves_cut_off + other.saves_cut_off,
            submits_cut_off: self.submits_cut_off + other.submits_cut_off,
        }
    }
}

/// Revision and answers of every assessment, by its id in hexadecimal.
async fn stored(database: &Database) -> BTreeMap<String, (i64, Value)> {
    let sql =
        "SELECT json_object('id', lower(hex(id)), 'revision', revision, 'answers', json(answers)) FROM assessment";
    let row = |text: String| {
        let row: Value = serde_json::from_str(&text).expect("JSON");
        let id = row["id"].as_str().expect("an id").to_owned();
        (id, (row["revision"].as_i64().expect("a revision"), row["answers"].clone()))
    };
    database.texts(sql).await.into_iter().map(row).collect()
}

/// Asserts that no receipt that was ever seen is gone or another one, and that no assessment has two.
async fn assert_receipts_stay(known: &mut BTreeMap<String, String>, database: &Database) {
    let rows = database.texts("SELECT lower(hex(assessment_id)) || ' ' || receipt FROM submission").await;
    let mut present = BTreeMap::new();
    for row in rows {
        let (assessment, receipt) = row.split_once(' ').expect("two words");
        let doubled = present.insert(assessment.to_owned(), receipt.to_owned());
        assert_eq!(doubled, None, "assessment {assessment} was submitted twice");
    }
    for (assessment, receipt) in known.iter() {
        assert_eq!(present.get(assessment), Some(receipt), "the receipt of {assessment} was there before");
    }
    *known = present;
}

/// A client that failed fails the test at once, not after a hundred kills.
fn assert_all_well(clients: &mut JoinSet<Seen>) {
    if let Some(Err(error)) = clients.try_join_next() {
        std::panic::resume_unwind(error.into_panic());
    }
}

async fn assert_the_end(database: &Database, receipts: &BTreeMap<String, String>, seen: &Seen) {
    let said = Victim::check(database).await;
    assert_eq!(said.lines().last(), Some("All promises hold."), "{said}");
    let store = Store::connect(&database.url, Durability::Full).await.expect("the database opens");
    assert_eq!(store.check().await.expect("a check"), [""; 0]);
    store.close().await;
    let mut known = receipts.clone();
    assert_receipts_stay(&mut known, database).await;
    assert_eq!(known.len() as u64, seen.submitted, "one submission for every client that was told so");
    let audit = "SELECT count(*) FROM audit WHERE action = 'assessment_submitted'";
    assert_eq!(database.number(audit).await as u64, seen.submitted, "one audit row for every submission");
    assert!(seen.saved >= 100 && seen.submitted >= 5, "the clients were busy: {seen:?}");
    assert!(seen.saves_cut_off >= 20 && seen.submits_cut_off >= 1, "the kills hit work under way: {seen:?}");
}

/// A visitor with the cookies of a sign-in.
async fn signed_in(base: &str, n: usize) -> Client {
    let client = Client::new(base);
    let page = client.try_sign_in(&tests::answers::email(n), tests::answers::PASSWORD).await;
    assert_eq!(page.status, 303, "{}", page.text);
    client
}
