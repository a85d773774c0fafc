use model::role::Role;
use server::{
    clock,
    store::{
        AttemptKey,
        session::{IDLE, LONGEST},
    },
};
use tests::each_database;
use time::Duration;

use crate::{NOW, World, account};

const SECOND: Duration = Duration::SECOND;
const TOKEN: [u8; 32] = [7; 32];

#[tokio::test]
async fn a_visitor_is_known_with_role_and_enterprise() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        world.store.start_session(TOKEN, who.account.id, None, clock::id(), NOW).await.unwrap();
        let visitor = world.store.visitor(TOKEN, NOW).await.unwrap().expect("a visitor");
        assert_eq!((visitor.session, visitor.account, visitor.role), (TOKEN, who.account.id, Role::Enterprise));
        assert_eq!((visitor.enterprise, visitor.enterprise_name), (Some(who.enterprise), Some(who.name)));
        assert_eq!(world.store.visitor([8; 32], NOW).await.unwrap(), None);

        let officer = account(Role::Officer, "can-bo@example.vn");
        world.store.add_account(&officer, clock::id(), NOW).await.unwrap().unwrap();
        world.store.start_session([9; 32], officer.id, None, clock::id(), NOW).await.unwrap();
        let visitor = world.store.visitor([9; 32], NOW).await.unwrap().expect("a visitor");
        assert_eq!((visitor.role, visitor.enterprise, visitor.full_name), (Role::Officer, None, officer.full_name));
    })
    .await;
}

#[tokio::test]
async fn a_session_ends_to_the_second() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await.account.id;
        let valid = async |at| world.store.visitor(TOKEN, at).await.unwrap().is_some();
        world.store.start_session(TOKEN, who, None, clock::id(), NOW).await.unwrap();
        assert!(!valid(NOW + IDLE + SECOND).await);
        assert!(valid(NOW + IDLE).await, "the last moment, which begins another twelve hours");
        assert!(valid(NOW + IDLE + IDLE).await);
        let mut at = NOW + IDLE + IDLE;
        while at + IDLE < NOW + LONGEST {
            at += IDLE;
            assert!(valid(at).await, "{at}");
        }
        assert!(valid(NOW + LONGEST).await);
        assert!(!valid(NOW + LONGEST + SECOND).await, "however busy");
    })
    .await;
}

#[tokio::test]
async fn reading_pages_writes_to_the_session_only_every_ten_minutes() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await.account.id;
        world.store.start_session(TOKEN, who, None, clock::id(), NOW).await.unwrap();
        let seen = async || world.database.texts("SELECT CAST(seen_at AS TEXT) FROM session").await;
        let before = seen().await;
        world.store.visitor(TOKEN, NOW + Duration::minutes(10)).await.unwrap();
        assert_eq!(seen().await, before);
        world.store.visitor(TOKEN, NOW + Duration::minutes(10) + SECOND).await.unwrap();
        assert_ne!(seen().await, before);
    })
    .await;
}

#[tokio::test]
async fn signing_in_replaces_the_session_of_the_browser_and_sweeps_out_old_ones() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await.account.id;
        world.store.start_session([1; 32], who, None, clock::id(), NOW - IDLE - SECOND).await.unwrap();
        world.store.start_session([2; 32], who, None, clock::id(), NOW - SECOND).await.unwrap();
        world.store.start_session([3; 32], who, None, clock::id(), NOW).await.unwrap();
        assert_eq!(world.rows("session").await, 2, "the first has ended");
        world.store.start_session([4; 32], who, Some([3; 32]), clock::id(), NOW).await.unwrap();
        assert!(world.store.visitor([3; 32], NOW).await.unwrap().is_none());
        assert!(world.store.visitor([2; 32], NOW).await.unwrap().is_some(), "another browser");
        assert!(world.store.visitor([4; 32], NOW).await.unwrap().is_some());
        assert_eq!(world.store.events("account", who).await.unwrap(), ["signed_in"; 4]);
    })
    .await;
}

#[tokio::test]
async fn signing_out_ends_one_session() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await.account.id;
        for token in [[1; 32], [2; 32]] {
            world.store.start_session(token, who, None, clock::id(), NOW).await.unwrap();
        }
        let visitor = world.store.visitor([1; 32], NOW).await.unwrap().expect("a visitor");
        world.store.end_session(&visitor, clock::id(), NOW).await.unwrap();
        assert!(world.store.visitor([1; 32], NOW).await.unwrap().is_none());
        assert!(world.store.visitor([2; 32], NOW).await.unwrap().is_some());
        assert_eq!(world.store.events("account", who).await.unwrap(), ["signed_in", "signed_in", "signed_out"]);
    })
    .await;
}

#[tokio::test]
async fn wrong_passwords_beyond_the_free_ones_double_the_wait_up_to_a_quarter_of_an_hour() {
    each_database(|database| async {
        let world = World::on(database).await;
        let key = AttemptKey { hash: [1; 32], free: 2 };
        let mut waits = Vec::new();
        for _ in 0..14 {
            world.store.wrong_password(&[key], NOW).await.unwrap();
            waits.push(world.store.wait(&[key], NOW).await.unwrap().map_or(0, Duration::whole_seconds));
        }
        assert_eq!(waits, [0, 0, 2, 4, 8, 16, 32, 64, 128, 256, 512, 900, 900, 900]);
        assert_eq!(world.store.wait(&[key], NOW + Duration::seconds(899)).await.unwrap(), Some(SECOND));
        assert_eq!(world.store.wait(&[key], NOW + Duration::seconds(900)).await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn the_longest_wait_of_all_keys_counts() {
    each_database(|database| async {
        let world = World::on(database).await;
        let name = AttemptKey { hash: [1; 32], free: 0 };
        let address = AttemptKey { hash: [2; 32], free: 2 };
        assert_eq!(world.store.wait(&[name, address], NOW).await.unwrap(), None);
        for _ in 0..3 {
            world.store.wrong_password(&[name, address], NOW).await.unwrap();
        }
        for keys in [[name, address], [address, name]] {
            assert_eq!(world.store.wait(&keys, NOW).await.unwrap(), Some(Duration::seconds(8)));
        }
        assert_eq!(world.store.wait(&[address], NOW).await.unwrap(), Some(Duration::seconds(2)));
        world.store.right_password(name).await.unwrap();
        assert_eq!(world.store.wait(&[name], NOW).await.unwrap(), None);
        assert_eq!(world.store.wait(&[address], NOW).await.unwrap(), Some(Duration::seconds(2)), "the address stays");
    })
    .await;
}

#[tokio::test]
async fn after_a_day_without_a_try_counting_starts_again() {
    each_database(|database| async {
        let world = World::on(database).await;
        let key = AttemptKey { hash: [1; 32], free: 0 };
        for _ in 0..5 {
            world.store.wrong_password(&[key], NOW).await.unwrap();
        }
        let later = NOW + Duration::hours(24);
        world.store.wrong_password(&[key], later).await.unwrap();
        assert_eq!(world.store.wait(&[key], later).await.unwrap(), Some(Duration::seconds(64)), "exactly a day");
        let later = later + Duration::hours(24) + SECOND;
        world.store.wrong_password(&[key], later).await.unwrap();
        assert_eq!(world.store.wait(&[key], later).await.unwrap(), Some(Duration::seconds(2)));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn guesses_at_once_are_all_counted() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut guessing = tokio::task::JoinSet::new();
        for _ in 0..32 {
            let store = world.store.clone();
            let key = AttemptKey { hash: [1; 32], free: 0 };
            guessing.spawn(async move { store.wrong_password(&[key], NOW).await.unwrap() });
        }
        guessing.join_all().await;
        assert_eq!(world.database.number("SELECT failures FROM attempt").await, 32);
    })
    .await;
}
