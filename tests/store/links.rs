use server::{clock, store::NewLink};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};
use time::Duration;

use crate::{NOW, World, save_all, submitting};

fn link(token: u8) -> NewLink<'static> {
    NewLink { id: clock::id(), token_hash: [token; 32], label: "Ngân hàng", expires_at: NOW + Duration::days(30) }
}

#[tokio::test]
async fn a_link_shows_level_and_date_until_it_expires_or_is_taken_back() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        let add = async |new: &NewLink<'_>, whose| {
            world.store.add_link(new, (id, whose), who.account.id, clock::id(), NOW).await.unwrap()
        };
        let first = link(1);
        assert!(!add(&first, who.enterprise).await, "nothing is sent yet");
        world.store.save(save_all(&who, id)).await.unwrap();
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.unwrap();
        assert!(add(&first, who.enterprise).await);
        assert!(!add(&link(2), other.enterprise).await, "somebody else's assessment");

        let shared = world.store.shared([1; 32], NOW).await.unwrap().expect("the link is valid");
        assert_eq!((shared.enterprise, shared.level, shared.submitted_at), (who.name.clone(), Some(2), NOW));
        assert!(world.store.shared([9; 32], NOW).await.unwrap().is_none());
        assert!(world.store.shared([1; 32], first.expires_at).await.unwrap().is_none(), "expired");
        let links = world.store.links(id, who.enterprise).await.unwrap();
        assert_eq!((links.len(), links[0].views, links[0].revoked_at), (1, 1, None));
        assert!(world.store.links(id, other.enterprise).await.unwrap().is_empty());

        let revoke = async |whose| {
            world.store.revoke_link(first.id, (id, whose), who.account.id, clock::id(), NOW).await.unwrap()
        };
        assert!(!revoke(other.enterprise).await);
        assert!(world.store.shared([1; 32], NOW).await.unwrap().is_some(), "nobody else takes it back");
        assert!(revoke(who.enterprise).await && revoke(who.enterprise).await);
        assert!(world.store.shared([1; 32], NOW).await.unwrap().is_none());
        let events = world.store.events("assessment", id).await.unwrap();
        let of_links: Vec<&str> = events.iter().map(String::as_str).filter(|event| event.starts_with("link")).collect();
        assert_eq!(of_links, ["link_created", "link_revoked"]);
    })
    .await;
}

#[tokio::test]
async fn an_assessment_has_a_limited_number_of_links() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        world.store.save(save_all(&who, id)).await.unwrap();
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.unwrap();
        let mut added = 0;
        for token in 0..25 {
            let new = link(token);
            let done = world.store.add_link(&new, (id, who.enterprise), who.account.id, clock::id(), NOW).await;
            added += i64::from(done.unwrap());
        }
        assert_eq!(added, server::store::link::MOST_LINKS);
    })
    .await;
}
