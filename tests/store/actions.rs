use server::{
    clock,
    store::{Decided, Demand},
};
use tests::each_database;
use time::Duration;

use crate::{NOW, World};

fn decided(item: &str, state: &str) -> Decided {
    Decided {
        questionnaire_id: "bn5".into(),
        item_id: item.into(),
        level_then: 1,
        state: state.into(),
        reason: (state == "postponed").then(|| "Chưa có người".into()),
        person: (state == "accepted").then(|| "Chị Hoa".into()),
        due_on: (state == "accepted").then(|| "2027-03-31".into()),
        decided_at: NOW,
    }
}

#[tokio::test]
async fn a_new_decision_replaces_the_last_and_stays_with_its_enterprise() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let decide = async |decided: &Decided| {
            let new = [clock::id(), clock::id()];
            world.store.decide(decided, who.enterprise, who.account.id, new).await.unwrap();
        };
        decide(&decided("Q506", "postponed")).await;
        decide(&decided("Q101", "done")).await;
        let accepted = Decided { decided_at: NOW + Duration::days(1), level_then: 2, ..decided("Q506", "accepted") };
        decide(&accepted).await;
        let known = world.store.decisions(who.enterprise, "bn5").await.unwrap();
        assert_eq!(known, [decided("Q101", "done"), accepted]);
        assert!(world.store.decisions(other.enterprise, "bn5").await.unwrap().is_empty());
        assert!(world.store.decisions(who.enterprise, "dbi1970").await.unwrap().is_empty());
        let events = world.store.events("enterprise", who.enterprise).await.unwrap();
        assert_eq!(events.iter().filter(|event| *event == "action_decided").count(), 3);
        let logged = "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'action_decided'";
        let logged = world.database.texts(logged).await.concat();
        assert!(!logged.contains("Hoa") && !logged.contains("người"), "no names in the log: {logged}");
    })
    .await;
}

#[tokio::test]
async fn decisions_are_counted_by_action() {
    each_database(|database| async {
        let world = World::on(database).await;
        for n in 1..4 {
            let who = world.enterprise(n).await;
            let state = if n == 3 { "postponed" } else { "accepted" };
            let new = [clock::id(), clock::id()];
            world.store.decide(&decided("Q506", state), who.enterprise, who.account.id, new).await.unwrap();
        }
        let count = |state: &str, enterprises| Demand { item_id: "Q506".into(), state: state.into(), enterprises };
        assert_eq!(world.store.demand("bn5").await.unwrap(), [count("accepted", 2), count("postponed", 1)]);
        assert!(world.store.demand("dbi1970").await.unwrap().is_empty());
    })
    .await;
}
