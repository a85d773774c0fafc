use model::text::Lang;
use server::{
    clock,
    mail::letter::Letter,
    store::{Kind, MailState, Message, Outcome, delivery::LEASE},
};
use tests::each_database;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{NOW, World};

fn message(to: &str, at: OffsetDateTime) -> Message {
    Message {
        id: clock::id(),
        to: to.into(),
        lang: Lang::En,
        kind: Kind::Test,
        letter: Letter::new("Thử “thư”")
            .paragraph("Chào")
            .secret_link("Mở", "/x/token")
            .stop_link("Thôi", "/stop/token"),
        about: "account",
        about_id: Some(clock::id()),
        sender: Some(clock::id()),
        stop: Some(clock::secret::<32>()),
        at,
    }
}

/// Queues a message; its key.
async fn queued(world: &World, to: &str, at: OffsetDateTime) -> Uuid {
    let message = message(to, at);
    world.store.send_message(&message, clock::id(), clock::id()).await.expect("queued");
    message.id
}

#[tokio::test]
async fn a_queued_message_comes_back_as_it_was() {
    each_database(|database| async {
        let world = World::on(database).await;
        let message = message("a@example.vn", NOW);
        world.store.send_message(&message, clock::id(), clock::id()).await.unwrap();
        let stored = world.store.message(message.id).await.unwrap().expect("the message");
        assert_eq!((stored.id, stored.recipient.as_str(), stored.lang()), (message.id, "a@example.vn", Lang::En));
        assert_eq!((stored.kind.as_str(), stored.title.as_str()), ("test", "Thử “thư”"));
        assert_eq!(stored.body(), &message.letter.body);
        assert_eq!((stored.state(), stored.attempts, stored.last_error.as_deref()), (MailState::Queued, 0, None));
        assert_eq!((stored.queued_at, stored.next_at, stored.settled_at), (NOW, NOW, None));
        assert!(world.store.message(clock::id()).await.unwrap().is_none());
        assert_eq!(world.store.events("message", message.id).await.unwrap(), ["message_queued"]);
    })
    .await;
}

#[tokio::test]
async fn messages_are_claimed_one_by_one_when_they_are_due_and_again_after_the_lease() {
    each_database(|database| async {
        let world = World::on(database).await;
        let later = queued(&world, "later@example.vn", NOW + Duration::seconds(1)).await;
        let first = queued(&world, "first@example.vn", NOW).await;
        let claim = async |at| world.store.claim_message(at).await.unwrap().map(|claim| (claim.id, claim.attempts));
        assert_eq!(claim(NOW - Duration::seconds(1)).await, None);
        assert_eq!(claim(NOW).await, Some((first, 1)));
        assert_eq!(claim(NOW).await, None, "it is claimed");
        assert_eq!(claim(NOW + Duration::seconds(1)).await, Some((later, 1)));
        assert_eq!(claim(NOW + LEASE - Duration::seconds(1)).await, None);
        assert_eq!(claim(NOW + LEASE).await, Some((first, 2)), "whoever claimed it has died");
    })
    .await;
}

#[tokio::test]
async fn every_outcome_is_written_down_once_and_only_what_was_sent_loses_its_secrets() {
    let later = NOW + Duration::minutes(5);
    let outcomes = [
        (Outcome::Sent, MailState::Sent, None, NOW, Some(NOW)),
        (Outcome::Held, MailState::Held, None, NOW, Some(NOW)),
        (Outcome::Later("busy".into(), later), MailState::Queued, Some("busy"), later, None),
        (Outcome::Failed("no".into()), MailState::Failed, Some("no"), NOW, Some(NOW)),
    ];
    for (outcome, state, error, next, settled) in outcomes {
        each_database(|database| {
            let outcome = outcome.clone();
            async move {
                let world = World::on(database).await;
                let id = queued(&world, "a@example.vn", NOW).await;
                let claim = world.store.claim_message(NOW).await.unwrap().expect("a claim");
                world.store.settle_message(&claim, &outcome, NOW).await.unwrap();
                let stored = world.store.message(id).await.unwrap().expect("the message");
                assert_eq!((stored.state(), stored.last_error.as_deref()), (state, error));
                assert_eq!((stored.next_at, stored.settled_at), (next, settled));
                let wiped = stored.body() == &claim.body().without_secrets();
                assert_eq!(
                    (wiped, stored.body() == claim.body()),
                    (state == MailState::Sent, state != MailState::Sent)
                );
            }
        })
        .await;
    }
}

#[tokio::test]
async fn a_claim_that_passed_to_another_worker_settles_nothing() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = queued(&world, "a@example.vn", NOW).await;
        let slow = world.store.claim_message(NOW).await.unwrap().expect("a claim");
        let quick = world.store.claim_message(NOW + LEASE).await.unwrap().expect("a claim");
        world.store.settle_message(&slow, &Outcome::Failed("late".into()), NOW + LEASE).await.unwrap();
        assert_eq!(world.store.message(id).await.unwrap().expect("the message").state(), MailState::Queued);
        world.store.settle_message(&quick, &Outcome::Sent, NOW + LEASE).await.unwrap();
        world.store.settle_message(&slow, &Outcome::Failed("late".into()), NOW + LEASE).await.unwrap();
        assert_eq!(world.store.message(id).await.unwrap().expect("the message").state(), MailState::Sent);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_workers_that_claim_at_once_each_gets_messages_of_its_own() {
    each_database(|database| async {
        let world = World::on(database).await;
        for n in 0..40 {
            queued(&world, &format!("a{n}@example.vn"), NOW).await;
        }
        let mut racing = JoinSet::new();
        for _ in 0..8 {
            let store = world.store.clone();
            racing.spawn(async move {
                let mut claimed = Vec::new();
                while let Some(claim) = store.claim_message(NOW).await.unwrap() {
                    claimed.push(claim.id);
                }
                claimed
            });
        }
        let mut claimed: Vec<Uuid> = racing.join_all().await.into_iter().flatten().collect();
        // A worker that finds all due rows locked goes away; what is left is claimed at its next look.
        while let Some(claim) = world.store.claim_message(NOW).await.unwrap() {
            claimed.push(claim.id);
        }
        let all = claimed.len();
        claimed.sort();
        claimed.dedup();
        assert_eq!((all, claimed.len()), (40, 40));
    })
    .await;
}

#[tokio::test]
async fn only_held_and_failed_messages_are_queued_again() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = queued(&world, "a@example.vn", NOW).await;
        let again = async || world.store.resend_message(id, clock::id(), clock::id(), NOW).await.unwrap();
        assert!(!again().await, "it is queued");
        for outcome in [Outcome::Held, Outcome::Failed("no".into())] {
            let claim = world.store.claim_message(NOW).await.unwrap().expect("a claim");
            assert_eq!(claim.attempts, 1, "counting starts again");
            world.store.settle_message(&claim, &outcome, NOW).await.unwrap();
            assert!(again().await);
        }
        let claim = world.store.claim_message(NOW).await.unwrap().expect("a claim");
        world.store.settle_message(&claim, &Outcome::Sent, NOW).await.unwrap();
        assert!(!again().await, "it is sent");
        assert!(!world.store.resend_message(clock::id(), clock::id(), clock::id(), NOW).await.unwrap());
        assert_eq!(world.store.events("message", id).await.unwrap(), ["message_queued"; 3]);
    })
    .await;
}

#[tokio::test]
async fn messages_are_listed_from_the_newest_page_by_page_and_by_state() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut ids = Vec::new();
        for n in 0..5 {
            ids.push(queued(&world, &format!("a{n}@example.vn"), NOW + Duration::seconds(n)).await);
        }
        ids.reverse();
        let claim = world.store.claim_message(NOW).await.unwrap().expect("the oldest");
        world.store.settle_message(&claim, &Outcome::Sent, NOW).await.unwrap();
        let list = async |state, before| {
            let found = world.store.messages(state, before, 2).await.unwrap();
            found.into_iter().map(|message| message.id).collect::<Vec<_>>()
        };
        assert_eq!(list(None, None).await, ids[..2]);
        assert_eq!(list(None, Some(ids[1])).await, ids[2..4]);
        assert_eq!(list(None, Some(ids[3])).await, ids[4..]);
        assert_eq!(list(None, Some(ids[4])).await, Vec::<Uuid>::new());
        assert_eq!(list(Some(MailState::Queued), Some(ids[2])).await, ids[3..4]);
        assert_eq!(list(Some(MailState::Sent), None).await, ids[4..]);
        assert_eq!(list(Some(MailState::Held), None).await, Vec::<Uuid>::new());
    })
    .await;
}
