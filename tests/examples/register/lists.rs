//! The times of every list at a thousand and at a million rows, and how the database goes about it.

use std::{
    pin::Pin,
    time::{Duration, Instant},
};

use anyhow::bail;
use model::assessment::State;
use server::{
    clock,
    store::{
        After, Filter, InPlace, MailState, Order, Part, SilentAfter, Store,
        audit_log::AuditFilter,
        board::{Filter as BoardFilter, Sort},
    },
};
use time::macros::datetime;
use uuid::Uuid;

use crate::{
    grow::{MEMBERS, found, grow},
    plans,
};

/// Calls of a query; the median counts.
const CALLS: usize = 100;
/// Rows of a page.
const PAGE: i64 = 50;
/// Rows of a page of the call list.
const CALLED: usize = 50;
/// The key of everything that there is one of, and of the first row.
const ONE: Uuid = Uuid::from_u128(1);

type Running = Pin<Box<dyn Future<Output = sqlx::Result<usize>>>>;

/// A list as a page asks for it; it answers how many rows it got.
struct Query {
    name: String,
    run: Box<dyn Fn(Store) -> Running>,
}

fn query<R>(name: impl Into<String>, run: impl Fn(Store) -> R + 'static) -> Query
where
    R: Future<Output = sqlx::Result<usize>> + 'static,
{
    Query { name: name.into(), run: Box::new(move |store| Box::pin(run(store))) }
}

/// Prints the times at both sizes, their ratio and the plans at a million rows.
pub async fn measure(store: &Store, url: &str) -> anyhow::Result<()> {
    found(url).await?;
    grow(url, 0, 1_000).await?;
    let queries = queries();
    let small = times(store, &queries).await?;
    let begun = Instant::now();
    grow(url, 1_000, 1_000_000).await?;
    println!(
        "grown to a million in {:.0} s; the association has {MEMBERS} members at both sizes",
        begun.elapsed().as_secs_f64()
    );
    let large = times(store, &queries).await?;
    println!("{:<48} {:>10} {:>10}", "", "1,000", "1,000,000");
    for ((query, small), large) in queries.iter().zip(&small).zip(&large) {
        let ratio = large.as_secs_f64() / small.as_secs_f64();
        println!("{:<48} {:>7} µs {:>7} µs  × {ratio:.2}", query.name, small.as_micros(), large.as_micros());
    }
    println!("\nPlans at a million");
    let talkative = plans::talkative(url).await?;
    for query in &queries {
        plans::listen();
        (query.run)(talkative.clone()).await?;
        println!("{}", query.name);
        for line in plans::of_what_was_done(url).await? {
            println!("    {line}");
        }
    }
    Ok(())
}

async fn times(store: &Store, queries: &[Query]) -> anyhow::Result<Vec<Duration>> {
    let mut medians = Vec::new();
    for query in queries {
        let mut taken = Vec::with_capacity(CALLS);
        for _ in 0..CALLS {
            let begun = Instant::now();
            let rows = (query.run)(store.clone()).await?;
            taken.push(begun.elapsed());
            if rows == 0 {
                bail!("{}: nothing is found", query.name);
            }
        }
        taken.sort_unstable();
        medians.push(taken[CALLS / 2]);
    }
    Ok(medians)
}

fn queries() -> Vec<Query> {
    let mut all = register();
    all.extend(calls());
    all.extend(association());
    all.extend(reviews());
    all.extend(log_and_mail());
    all
}

/// The register by every combination of filters, from the beginning and further on, searched and counted.
fn register() -> Vec<Query> {
    let after = After { key: "0000300000".into(), tax_code: String::new() };
    let mut all = Vec::new();
    for (name, filter) in filters() {
        for (place, after) in [("", None), (", further on", Some(after.clone()))] {
            let filter = filter.clone();
            all.push(query(format!("register: {name}{place}"), move |store| {
                let (filter, after) = (filter.clone(), after.clone());
                async move { Ok(store.register_page(&filter, Order::Ascending, after.as_ref(), PAGE).await?.len()) }
            }));
        }
    }
    for (name, filter) in filters() {
        all.push(query(format!("register, counted: {name}"), move |store| {
            let filter = filter.clone();
            async move { store.register_count(&filter).await.map(|_| 1) }
        }));
    }
    all.push(query("register, backwards", |store| async move {
        Ok(store.register_page(&Filter::default(), Order::Descending, None, PAGE).await?.len())
    }));
    // All names of a thousand begin so, and as many of a million: both have more matches than a search looks at, and every
    // tenth of them is in the ward.
    let of_a_ward = || Filter { place: Some(InPlace::Unit("07210".into())), ..Filter::default() };
    for (name, filter) in [("", Filter::default()), (" in a ward", of_a_ward())] {
        all.push(query(format!("register, searched{name}"), move |store| {
            let filter = filter.clone();
            async move { Ok(store.search_register("000", &filter, None, PAGE).await?.0.len()) }
        }));
    }
    all
}

fn filters() -> Vec<(&'static str, Filter)> {
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

/// Whom to call.
fn calls() -> Vec<Query> {
    let part = |district: Option<&str>, section: Option<&str>, size: Option<&str>| Part {
        district: district.map(ToOwned::to_owned),
        section: section.map(ToOwned::to_owned),
        size: size.map(ToOwned::to_owned),
    };
    // In the district one looks at those that have not begun; further on, at a part of which every other one has answered,
    // and which goes on for more than one looks at, at both sizes.
    let begin: SilentAfter = ["260", "C", "small", "0000000500"].map(ToOwned::to_owned);
    let parts = [
        ("all", part(None, None, None), None),
        ("all, further on", part(None, None, None), Some(begin)),
        ("district", part(Some("213"), None, None), None),
        ("district × section", part(Some("213"), Some("G"), None), None),
        ("district × section × size", part(Some("213"), Some("G"), Some("micro")), None),
    ];
    let one = |(name, part, after): (&str, Part, Option<SilentAfter>)| {
        query(format!("call list: {name}"), move |store| {
            let (part, after) = (part.clone(), after.clone());
            async move { Ok(store.silent(ONE, ONE, &part, after.as_ref(), CALLED).await?.0.len()) }
        })
    };
    parts.into_iter().map(one).collect()
}

/// The board and the members of an association.
fn association() -> Vec<Query> {
    let sorts = [
        ("name", Sort::Name),
        ("active", Sort::Active),
        ("silent", Sort::Silent),
        ("high", Sort::High),
        ("low", Sort::Low),
    ];
    let board = |name: &str, filter: BoardFilter, sort: Sort, after: Option<Uuid>| {
        query(format!("board: {name}"), move |store| {
            let filter = filter.clone();
            async move { Ok(store.board(ONE, ONE, &filter, sort, after, PAGE).await?.len()) }
        })
    };
    let filter =
        |state: &str, search: &str| BoardFilter { state: state.into(), search: search.into(), industry: String::new() };
    let mut all: Vec<Query> = sorts
        .into_iter()
        .map(|(name, sort)| board(&format!("by {name}"), BoardFilter::default(), sort, None))
        .collect();
    all.push(board("further on", BoardFilter::default(), Sort::Name, Some(ONE)));
    all.push(board("submitted", filter("submitted", ""), Sort::Name, None));
    all.push(board("searched", filter("", "0000"), Sort::Name, None));
    all.push(query("board, counted", |store| async move { Ok(store.board_counts(ONE, ONE).await?.len()) }));
    all.push(query("members", |store| async move { Ok(store.members(ONE, None, None, PAGE).await?.len()) }));
    all
}

/// What waits for a review, of the province and of an association.
fn reviews() -> Vec<Query> {
    let mut all = Vec::new();
    for (whose, association) in [("province", None), ("association", Some(ONE))] {
        for (name, state) in [("submitted", State::Submitted), ("in review", State::InReview)] {
            all.push(query(format!("reviews of the {whose}: {name}"), move |store| async move {
                Ok(store.waiting(ONE, state, association, None, PAGE).await?.len())
            }));
        }
        // Half of all that wait come before this one.
        let after = Some(Uuid::from_u128(64));
        all.push(query(format!("reviews of the {whose}: further on"), move |store| async move {
            Ok(store.waiting(ONE, State::Submitted, association, after, PAGE).await?.len())
        }));
    }
    all
}

/// The audit log and the outbox.
fn log_and_mail() -> Vec<Query> {
    let (account, action) = (Some(ONE), Some("assessment_submitted".to_owned()));
    let before = Some((datetime!(2026-01-01 00:12 UTC), Uuid::max()));
    let filters = [
        ("all", AuditFilter::default()),
        ("further on", AuditFilter { before, ..AuditFilter::default() }),
        ("account", AuditFilter { account, ..AuditFilter::default() }),
        ("action", AuditFilter { action: action.clone(), ..AuditFilter::default() }),
        ("account × action", AuditFilter { account, action, ..AuditFilter::default() }),
    ];
    let log = |(name, filter): (&str, AuditFilter)| {
        query(format!("audit log: {name}"), move |store| {
            let filter = filter.clone();
            async move { Ok(store.audit_log(&filter, PAGE).await?.len()) }
        })
    };
    let mut all: Vec<Query> = filters.into_iter().map(log).collect();
    all.push(query("audit log: its actions", |store| async move { Ok(store.audit_actions().await?.len()) }));
    for (name, state, before) in
        [("all", None, None), ("further on", None, Some(Uuid::from_u128(800))), ("held", Some(MailState::Held), None)]
    {
        all.push(query(format!("outbox: {name}"), move |store| async move {
            Ok(store.messages(state, before, PAGE).await?.len())
        }));
    }
    all.push(query("outbox: what is due", |store| async move { store.claim_message(clock::now()).await.map(|_| 1) }));
    all
}
