use serde_json::json;
use server::{clock, store::By};
use tests::each_database;
use time::Duration;

use crate::{NOW, World};

#[tokio::test]
async fn a_draft_is_replaced_until_it_is_published_and_then_never_again() {
    each_database(|database| async {
        let world = World::on(database).await;
        let account = world.enterprise(1).await.account.id;
        let later = NOW + Duration::SECOND;
        let by = |at| By { account, event: clock::id(), at };
        let (first, second) = (json!({ "n": 1 }), json!({ "n": 2 }));
        assert!(world.store.draft_questionnaire("q", "1", &first, &by(NOW)).await.unwrap());
        assert!(world.store.draft_questionnaire("q", "1", &second, &by(later)).await.unwrap());
        assert_eq!(world.store.questionnaire_drafts().await.unwrap(), [("q".into(), "1".into(), later)]);
        assert_eq!(world.store.questionnaire_draft("q", "1").await.unwrap(), Some(second.clone()));
        assert_eq!(world.store.questionnaire_draft("q", "2").await.unwrap(), None);
        assert!(!world.store.publish_draft("q", "1", NOW, &by(later)).await.unwrap(), "another was looked at");
        assert!(world.store.publish_draft("q", "1", later, &by(later)).await.unwrap());
        assert!(!world.store.publish_draft("q", "1", later, &by(later)).await.unwrap(), "it is gone");
        assert_eq!(world.store.questionnaire("q", "1").await.unwrap(), Some(second.clone()));
        assert!(!world.store.draft_questionnaire("q", "1", &first, &by(later)).await.unwrap());
        assert_eq!(world.store.questionnaire("q", "1").await.unwrap(), Some(second));
        assert_eq!(world.rows("questionnaire_draft").await, 0);
    })
    .await;
}
