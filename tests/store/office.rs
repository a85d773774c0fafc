use model::{role::Role, text::Lang};
use server::{
    clock,
    mail::letter::Letter,
    store::{By, Invitation, Kind, Message, account::Taken, office::AccountChange},
};
use tests::each_database;
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, account};

fn by(account: Uuid) -> By {
    By { account, event: clock::id(), at: NOW }
}

fn invitation(token: u8, email: &str) -> Invitation {
    let message = Message {
        id: clock::id(),
        to: email.into(),
        lang: Lang::Vi,
        kind: Kind::AccountInvitation,
        letter: Letter::new("Mời").secret_link("Mở", "/invitation/x"),
        about: "account",
        about_id: None,
        sender: None,
        stop: None,
        at: NOW,
    };
    Invitation { token_hash: [token; 32], expires_at: NOW + Duration::days(7), message: Some(message) }
}

/// An account that was invited; its key.
async fn invited(world: &World, role: Role, email: &str, token: u8) -> Uuid {
    let new = account(role, email);
    let stored = world.store.invite_account(&new, &invitation(token, email), &by(Uuid::nil())).await;
    stored.expect("the database works").expect("the address is free");
    new.id
}

#[tokio::test]
async fn an_invited_account_sets_its_password_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = invited(&world, Role::Officer, "can-bo@example.vn", 1).await;
        assert_eq!(world.rows("outbox").await, 1);
        let listed = world.store.office_account(id).await.unwrap().expect("the account");
        assert_eq!((listed.role(), listed.invited_until), (Some(Role::Officer), Some(NOW + Duration::days(7))));
        assert_eq!(world.store.invitation([1; 32], NOW).await.unwrap().as_deref(), Some("Nguyễn Thị Ánh"));
        world.store.start_session([9; 32], id, None, clock::id(), NOW).await.unwrap();
        let accept = async |token: u8, at| {
            world.store.accept_invitation([token; 32], "hash of the new one", clock::id(), at).await.unwrap()
        };
        assert!(!accept(2, NOW).await, "no such link");
        assert!(!accept(1, NOW + Duration::days(7)).await, "too late");
        assert!(accept(1, NOW + Duration::days(7) - Duration::SECOND).await);
        assert!(!accept(1, NOW).await, "it was used");
        assert_eq!(world.store.invitation([1; 32], NOW).await.unwrap(), None);
        let credentials = world.store.credentials_of(id).await.unwrap().expect("the account");
        assert_eq!(credentials.password_hash, "hash of the new one");
        assert!(world.store.visitor([9; 32], NOW).await.unwrap().is_none(), "old sessions end");
        let log = world.store.events("account", id).await.unwrap();
        assert_eq!(log, ["account_added", "signed_in", "invitation_accepted"]);
    })
    .await;
}

#[tokio::test]
async fn a_taken_address_stores_neither_account_nor_message() {
    each_database(|database| async {
        let world = World::on(database).await;
        invited(&world, Role::Officer, "can-bo@example.vn", 1).await;
        let again = account(Role::Analyst, "can-bo@example.vn");
        let refused = world.store.invite_account(&again, &invitation(2, "can-bo@example.vn"), &by(Uuid::nil())).await;
        assert_eq!(refused.unwrap(), Err(Taken::Email));
        assert_eq!((world.rows("account").await, world.rows("outbox").await), (1, 1));
    })
    .await;
}

#[tokio::test]
async fn a_new_link_replaces_the_one_before() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = invited(&world, Role::Officer, "can-bo@example.vn", 1).await;
        world.store.invite_again(id, &invitation(2, "can-bo@example.vn"), &by(Uuid::nil())).await.unwrap();
        assert_eq!(world.store.invitation([1; 32], NOW).await.unwrap(), None);
        assert!(world.store.invitation([2; 32], NOW).await.unwrap().is_some());
        assert_eq!(world.rows("outbox").await, 2);
        let unknown = invitation(3, "can-bo@example.vn");
        assert!(world.store.invite_again(clock::id(), &unknown, &by(Uuid::nil())).await.is_err(), "no such account");
        assert_eq!(world.rows("outbox").await, 2);
    })
    .await;
}

#[tokio::test]
async fn accounts_are_changed_by_others_only() {
    each_database(|database| async {
        let world = World::on(database).await;
        let officer = invited(&world, Role::Officer, "can-bo@example.vn", 1).await;
        let boss = invited(&world, Role::Administrator, "quan-tri@example.vn", 2).await;
        let enterprise = world.enterprise(1).await.account.id;
        let change = async |account, change| world.store.change_account(account, change, &by(boss)).await.unwrap();
        assert!(change(officer, AccountChange::Role(Role::Analyst)).await);
        assert!(!change(officer, AccountChange::Role(Role::Analyst)).await, "it has that role");
        world.store.start_session([9; 32], officer, None, clock::id(), NOW).await.unwrap();
        assert!(change(officer, AccountChange::Disable).await);
        assert!(!change(officer, AccountChange::Disable).await, "it is disabled");
        assert!(world.store.credentials_of(officer).await.unwrap().is_none());
        assert_eq!(world.rows("session").await, 0);
        assert_eq!(world.store.invitation([1; 32], NOW).await.unwrap(), None, "a disabled account takes nothing up");
        assert!(!world.store.accept_invitation([1; 32], "x", clock::id(), NOW).await.unwrap());
        assert!(change(officer, AccountChange::Enable).await);
        assert!(!change(officer, AccountChange::Enable).await);
        for mine in [AccountChange::Role(Role::Officer), AccountChange::Disable] {
            assert!(!change(boss, mine).await, "one's own");
            assert!(!change(enterprise, mine).await, "an enterprise's");
        }
        let log = world.store.events("account", officer).await.unwrap();
        let expected = ["account_added", "account_role_changed", "signed_in", "account_disabled", "account_enabled"];
        assert_eq!(log, expected);
    })
    .await;
}

#[tokio::test]
async fn accounts_of_enterprises_are_not_listed() {
    each_database(|database| async {
        let world = World::on(database).await;
        world.enterprise(1).await;
        let first = invited(&world, Role::Officer, "a@example.vn", 1).await;
        let second = invited(&world, Role::Association, "b@example.vn", 2).await;
        let list = async |before, most| {
            let accounts = world.store.office_accounts(before, most).await.unwrap();
            accounts.into_iter().map(|account| account.id).collect::<Vec<_>>()
        };
        assert_eq!(list(None, 10).await, [second, first]);
        assert_eq!(list(None, 1).await, [second]);
        assert_eq!(list(Some(second), 10).await, [first]);
        assert!(world.store.office_account(clock::id()).await.unwrap().is_none());
    })
    .await;
}
