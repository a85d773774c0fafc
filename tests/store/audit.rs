use std::net::IpAddr;

use serde_json::json;
use server::{
    clock,
    store::{Action, Event, audit, audit_log::AuditFilter, chain::Head},
};
use tests::each_database;
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{NOW, World, registration, save};

fn event(action: Action, account: Option<Uuid>, at: OffsetDateTime) -> Event {
    let detail = json!({ "b": 2, "a": [1, { "d": "ệ", "c": null }] });
    Event { id: clock::id(), at, account, action, subject: "account", subject_id: account, detail }
}

/// Logs some events.
async fn logged(world: &World, count: i64) -> Vec<Uuid> {
    let mut ids = Vec::new();
    for n in 0..count {
        let event = event(Action::SignedIn, Some(Uuid::from_u128(7)), NOW + Duration::seconds(n));
        world.store.log(&event).await.expect("logged");
        ids.push(event.id);
    }
    ids
}

async fn seal_all(world: &World) {
    while world.store.seal_audit().await.expect("sealed") {}
}

#[tokio::test]
async fn sealed_rows_form_a_chain_that_holds() {
    each_database(|database| async {
        let world = World::on(database).await;
        assert_eq!(world.store.verify_audit().await.unwrap(), None, "nothing is sealed");
        logged(&world, 1_100).await;
        assert!(world.store.seal_audit().await.unwrap(), "there is more than one batch");
        seal_all(&world).await;
        let head = world.store.audit_head().await.unwrap();
        assert_eq!((head.seq, head.hash.len()), (1_102, 32), "the questionnaire and the campaign were logged too");
        assert_eq!(world.store.verify_audit().await.unwrap(), None);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
        assert!(world.store.audit_has(&head).await.unwrap());
        logged(&world, 1).await;
        assert_eq!(world.store.verify_audit().await.unwrap(), None, "a row that is not sealed yet breaks nothing");
        seal_all(&world).await;
        assert!(world.store.audit_has(&head).await.unwrap(), "a noted end stays true");
        assert_eq!(world.store.audit_head().await.unwrap().seq, 1_103);
        assert!(!world.store.seal_audit().await.unwrap(), "nothing is left");
    })
    .await;
}

#[tokio::test]
async fn an_edited_a_deleted_an_inserted_and_an_unsealed_row_are_found() {
    // The seventh link, and one from the end: damage, and what is said of it.
    let damage = [
        ("UPDATE audit SET action = 'signed_out' WHERE seq = 7", "entry 7 ("),
        ("UPDATE audit SET account_id = NULL WHERE seq = 7", "entry 7 ("),
        ("UPDATE audit SET origin = '203.0.113.0/24' WHERE seq = 7", "entry 7 ("),
        ("UPDATE audit SET hash = (SELECT hash FROM audit WHERE seq = 8) WHERE seq = 7", "entry 7 ("),
        ("DELETE FROM audit WHERE seq = 7", "entries 7 to 7 are gone"),
        ("DELETE FROM audit WHERE seq BETWEEN 3 AND 7", "entries 3 to 7 are gone"),
        ("DELETE FROM audit WHERE seq >= 11", "entries 11 to 12 are gone"),
        ("UPDATE audit SET seq = NULL, hash = NULL WHERE seq = 7", "entries 7 to 7 are gone"),
        ("UPDATE audit SET seq = 6 WHERE seq = 7", "entry 6 stands there twice"),
        ("UPDATE audit_head SET hash = (SELECT hash FROM audit WHERE seq = 11)", "does not end as its end says"),
    ];
    for (damage, found) in damage {
        each_database(|database| async move {
            let world = World::on(database).await;
            logged(&world, 10).await;
            seal_all(&world).await;
            assert_eq!(world.store.check().await.unwrap(), [""; 0]);
            assert!(world.database.execute(damage).await >= 1, "{damage}");
            let broken = world.store.check().await.unwrap();
            assert!(broken.len() == 1 && broken[0].contains(found), "{damage}: {broken:?}");
        })
        .await;
    }
}

#[tokio::test]
async fn a_whole_new_chain_is_found_by_an_end_that_was_noted() {
    each_database(|database| async {
        let world = World::on(database).await;
        logged(&world, 5).await;
        seal_all(&world).await;
        let noted = world.store.audit_head().await.unwrap();
        world.database.execute("DELETE FROM audit WHERE seq = 4").await;
        world.database.execute("UPDATE audit SET seq = NULL, previous_hash = NULL, hash = NULL").await;
        let zero = if world.database.kind == "sqlite" { "zeroblob(32)" } else { "decode(repeat('00', 32), 'hex')" };
        world.database.execute(&format!("UPDATE audit_head SET seq = 0, hash = {zero}")).await;
        logged(&world, 3).await;
        seal_all(&world).await;
        assert_eq!(world.store.verify_audit().await.unwrap(), None, "the new chain holds in itself");
        assert!(!world.store.audit_has(&noted).await.unwrap());
        assert!(!world.store.audit_has(&Head { seq: 99, hash: noted.hash }).await.unwrap());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sealers_and_writers_at_once_make_one_chain_of_all_rows() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut racing = JoinSet::new();
        for _ in 0..6 {
            let store = world.store.clone();
            racing.spawn(async move {
                for _ in 0..25 {
                    store.log(&event(Action::SignedIn, None, NOW)).await.unwrap();
                }
            });
        }
        for _ in 0..4 {
            let store = world.store.clone();
            racing.spawn(async move {
                for _ in 0..25 {
                    store.seal_audit().await.unwrap();
                }
            });
        }
        racing.join_all().await;
        seal_all(&world).await;
        assert_eq!(world.store.verify_audit().await.unwrap(), None);
        assert_eq!(world.store.audit_head().await.unwrap().seq, 152);
        assert_eq!(world.database.number("SELECT count(DISTINCT seq) FROM audit").await, 152);
    })
    .await;
}

#[tokio::test]
async fn the_log_is_read_newest_first_filtered_and_page_by_page() {
    each_database(|database| async {
        let world = World::on(database).await;
        world.database.execute("DELETE FROM audit").await;
        let (one, two) = (Uuid::from_u128(1), Uuid::from_u128(2));
        let day = Duration::DAY;
        let kinds = [
            (Action::SignedIn, Some(one), NOW),
            (Action::SignedOut, Some(one), NOW + day),
            (Action::SignedIn, Some(two), NOW + day),
            (Action::SignInRefused, None, NOW + day * 2),
        ];
        let mut ids = Vec::new();
        for (action, account, at) in kinds {
            let event = event(action, account, at);
            world.store.log(&event).await.unwrap();
            ids.push(event.id);
        }
        let read = async |filter: AuditFilter, most| {
            let rows = world.store.audit_log(&filter, most).await.unwrap();
            rows.iter().map(|row| ids.iter().position(|id| *id == row.id).unwrap()).collect::<Vec<_>>()
        };
        let all = AuditFilter::default();
        assert_eq!(read(all.clone(), 10).await, [3, 2, 1, 0]);
        assert_eq!(read(all.clone(), 2).await, [3, 2]);
        let before = AuditFilter { before: Some((NOW + day, ids[2])), ..all.clone() };
        assert_eq!(read(before, 10).await, [1, 0], "rows of the same second are told apart by their key");
        let by_one = AuditFilter { account: Some(one), ..all.clone() };
        assert_eq!(read(by_one.clone(), 10).await, [1, 0]);
        let signed_in = AuditFilter { action: Some("signed_in".into()), ..all.clone() };
        assert_eq!(read(signed_in, 10).await, [2, 0]);
        assert_eq!(read(AuditFilter { action: Some("signed_in".into()), ..by_one }, 10).await, [0]);
        let middle = AuditFilter { from: Some(NOW + day), until: Some(NOW + day * 2), ..all.clone() };
        assert_eq!(read(middle.clone(), 10).await, [2, 1]);
        assert_eq!(read(AuditFilter { before: Some((NOW + day * 9, ids[0])), ..middle }, 10).await, [2, 1]);
        assert_eq!(world.store.audit_actions().await.unwrap(), ["sign_in_refused", "signed_in", "signed_out"]);
        let rows = world.store.audit_log(&all, 1).await.unwrap();
        assert_eq!((rows[0].full_name.as_deref(), rows[0].origin.as_deref(), rows[0].seq), (None, None, None));
        assert!(rows[0].detail().contains("\"d\":\"ệ\""), "{}", rows[0].detail());
    })
    .await;
}

#[tokio::test]
async fn what_was_logged_is_called_by_its_name_of_today() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = registration(1);
        let mut ids = clock::id;
        world.store.register(&who, &mut ids, NOW).await.unwrap().unwrap();
        let assessment = world.begin(&who).await;
        let campaign = world.store.open_campaign(NOW).await.unwrap().expect("an open campaign");
        let keys = [who.account.id, who.enterprise, assessment, campaign.id, clock::id()];
        let mut found = world.store.audit_objects(&keys).await.unwrap();
        found.sort_by(|a, b| a.kind.cmp(&b.kind));
        let named: Vec<(&str, &str)> = found.iter().map(|one| (one.kind.as_str(), one.name.as_str())).collect();
        let expected = [
            ("account", who.account.full_name.as_str()),
            ("assessment", who.name.as_str()),
            ("campaign", campaign.title_vi.as_str()),
            ("enterprise", who.name.as_str()),
        ];
        assert_eq!(named, expected, "what does not exist is left out");
        assert_eq!(found[0].role.as_deref(), Some("enterprise"));
        assert_eq!(found[2].name_en.as_deref(), Some(campaign.title_en.as_str()));
        assert!(found.iter().all(|one| one.tax_code.is_none()), "the register does not have this enterprise");
        assert!(world.store.audit_objects(&[]).await.unwrap().is_empty());
        let row = world.store.audit_log(&AuditFilter::default(), 9).await.unwrap();
        let begun = row.iter().find(|row| row.action == "assessment_started").expect("the beginning");
        assert_eq!(begun.facts(), [("campaign".to_owned(), serde_json::json!(campaign.id))]);
    })
    .await;
}

#[tokio::test]
async fn what_a_request_logs_names_its_network_even_when_another_task_writes_it() {
    each_database(|database| async {
        let world = World::on(database).await;
        let address: Option<IpAddr> = "203.0.113.77".parse().ok();
        let who = registration(1);
        let mut ids = clock::id;
        audit::from(address, world.store.register(&who, &mut ids, NOW)).await.unwrap().unwrap();
        let assessment = world.begin(&who).await;
        let removing = server::store::Save {
            removed: vec!["Q101".into()],
            ..save(&who, assessment, 0, &[("F01", Some(model::answer::Answer::Whole(3)))])
        };
        audit::from(address, world.store.save(removing)).await.unwrap();
        let sql = "SELECT action || ' ' || coalesce(origin, '-') FROM audit
            WHERE action IN ('enterprise_registered', 'items_removed', 'assessment_started') ORDER BY id";
        let expected = ["enterprise_registered 203.0.113.0/24", "assessment_started -", "items_removed 203.0.113.0/24"];
        assert_eq!(world.database.texts(sql).await, expected);
        assert_eq!(world.store.account_named("dn1@example.vn").await.unwrap(), Some(who.account.id));
        assert_eq!(world.store.account_named("khac@example.vn").await.unwrap(), None);
    })
    .await;
}
