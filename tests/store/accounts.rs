use model::role::Role;
use server::{
    clock,
    store::{Account, Action, Event, Store, account::Taken},
};
use tests::each_database;
use tokio::task::JoinSet;

use crate::{NOW, World, account, registration};

#[tokio::test]
async fn a_registration_stores_enterprise_account_consents_and_its_audit_row() {
    each_database(|database| async {
        let world = World::on(database).await;
        let new = world.enterprise(1).await;
        for (table, rows) in [("enterprise", 1), ("account", 1), ("consent", 2)] {
            assert_eq!(world.rows(table).await, rows, "{table}");
        }
        assert_eq!(world.store.events("enterprise", new.enterprise).await.unwrap(), ["enterprise_registered"]);
        let search = world.database.texts("SELECT name_search FROM enterprise").await;
        assert_eq!(search, [model::text::search_key(&new.name)]);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_taken_is_named_and_nothing_of_the_registration_stays() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut known = registration(1);
        known.account.phone = Some("+84912345678".into());
        world.store.register(&known, &mut clock::id, NOW).await.unwrap().unwrap();
        let mut same_code = registration(2);
        same_code.tax_code.clone_from(&known.tax_code);
        let mut same_email = registration(3);
        same_email.account.email.clone_from(&known.account.email);
        let mut same_phone = registration(4);
        same_phone.account.phone.clone_from(&known.account.phone);
        let all = [(same_code, Taken::TaxCode), (same_email, Taken::Email), (same_phone, Taken::Phone)];
        for (new, taken) in all {
            assert_eq!(world.store.register(&new, &mut clock::id, NOW).await.unwrap(), Err(taken));
            assert_eq!(world.store.events("enterprise", new.enterprise).await.unwrap(), [""; 0]);
        }
        for (table, rows) in [("enterprise", 1), ("account", 1), ("consent", 2)] {
            assert_eq!(world.rows(table).await, rows, "{table}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_registrations_of_one_tax_code_at_once_one_is_stored() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut racing = JoinSet::new();
        for n in 0..16 {
            let (store, mut new) = (world.store.clone(), registration(n));
            new.tax_code = registration(0).tax_code;
            racing.spawn(async move { store.register(&new, &mut clock::id, NOW).await.expect("the database works") });
        }
        let ends = racing.join_all().await;
        assert_eq!(ends.iter().filter(|end| end.is_ok()).count(), 1);
        assert!(ends.iter().all(|end| matches!(end, Ok(()) | Err(Taken::TaxCode))), "{ends:?}");
        assert_eq!((world.rows("enterprise").await, world.rows("consent").await), (1, 2));
    })
    .await;
}

#[tokio::test]
async fn an_account_of_the_province_is_added_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let officer = account(Role::Officer, "can-bo@example.vn");
        assert_eq!(world.store.add_account(&officer, clock::id(), NOW).await.unwrap(), Ok(()));
        let again = Account { id: clock::id(), ..officer.clone() };
        assert_eq!(world.store.add_account(&again, clock::id(), NOW).await.unwrap(), Err(Taken::Email));
        assert_eq!(world.store.events("account", officer.id).await.unwrap(), ["account_added"]);
        assert_eq!(world.rows("account").await, 1);
    })
    .await;
}

#[tokio::test]
async fn credentials_are_found_by_e_mail_phone_and_key_unless_the_account_is_disabled() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut new = account(Role::Analyst, "phan-tich@example.vn");
        new.phone = Some("+84912345678".into());
        world.store.add_account(&new, clock::id(), NOW).await.unwrap().unwrap();
        for name in ["phan-tich@example.vn", "+84912345678"] {
            let known = world.store.credentials(name).await.unwrap().expect("an account");
            assert_eq!((known.id, &known.password_hash), (new.id, &new.password_hash), "{name}");
        }
        let known = world.store.credentials_of(new.id).await.unwrap().expect("an account");
        assert_eq!(known.password_hash, new.password_hash);
        assert!(world.store.credentials("' OR ''='").await.unwrap().is_none());
        assert!(world.store.credentials_of(clock::id()).await.unwrap().is_none());
        world.database.execute("UPDATE account SET disabled_at = '2026-01-01T00:00:00Z'").await;
        assert!(world.store.credentials("+84912345678").await.unwrap().is_none());
        assert!(world.store.credentials_of(new.id).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test]
async fn a_new_password_ends_every_session_of_the_account_but_one() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, other) = (world.enterprise(1).await.account, world.enterprise(2).await.account);
        for (token, who) in [([1; 32], &one), ([2; 32], &one), ([3; 32], &other)] {
            world.store.start_session(token, who.id, None, clock::id(), NOW).await.unwrap();
        }
        world.store.set_password(one.id, "new hash", [1; 32], clock::id(), NOW).await.unwrap();
        let mut valid = Vec::new();
        for token in [[1; 32], [2; 32], [3; 32]] {
            valid.push(world.store.visitor(token, NOW).await.unwrap().is_some());
        }
        assert_eq!(valid, [true, false, true]);
        assert_eq!(world.store.credentials_of(one.id).await.unwrap().unwrap().password_hash, "new hash");
        assert_eq!(world.store.credentials_of(other.id).await.unwrap().unwrap().password_hash, other.password_hash);
        let events = world.store.events("account", one.id).await.unwrap();
        assert_eq!(events, ["signed_in", "signed_in", "password_changed"]);
    })
    .await;
}

#[tokio::test]
async fn events_are_read_oldest_first_and_by_subject() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (subject, actions) = (clock::id(), [Action::SignInRefused, Action::SignedIn, Action::SignedOut]);
        let event = |action, subject_id| Event {
            id: clock::id(),
            at: NOW,
            account: None,
            action,
            subject: "account",
            subject_id,
            detail: serde_json::json!({ "dấu": "“é”" }),
        };
        for action in actions {
            world.store.log(&event(action, Some(subject))).await.unwrap();
        }
        world.store.log(&event(Action::SignInRefused, None)).await.unwrap();
        assert_eq!(world.store.events("account", subject).await.unwrap(), actions.map(Action::as_str));
        assert_eq!(world.store.events("assessment", subject).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_store_is_opened_twice_with_the_same_schema_and_says_when_it_is_closed() {
    each_database(|database| async {
        let world = World::on(database).await;
        world.enterprise(1).await;
        world.store.close().await;
        assert!(world.store.has_campaign().await.is_err(), "closed");
        let again = Store::open(&world.database.url).await.unwrap();
        again.migrate().await.unwrap();
        assert!(again.credentials("dn1@example.vn").await.unwrap().is_some());
        again.close().await;
    })
    .await;
}
