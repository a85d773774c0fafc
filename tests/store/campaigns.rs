use serde_json::json;
use server::{clock, store::Progress};
use tests::{answers::questionnaire, each_database};
use time::Duration;
use tokio::task::JoinSet;

use crate::{NOW, World, campaign, save_all, submitting};

#[tokio::test]
async fn a_published_questionnaire_version_never_changes() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (first, other) = (json!({ "a": [1, 2.5, "ệ", null] }), json!({ "a": 2 }));
        assert_eq!(world.store.publish("q", "1", &first, clock::id(), NOW).await.unwrap(), first);
        assert_eq!(world.store.publish("q", "1", &other, clock::id(), NOW).await.unwrap(), first, "what is in force");
        assert_eq!(world.store.publish("q", "2", &other, clock::id(), NOW).await.unwrap(), other);
        assert_eq!(world.store.questionnaire("q", "1").await.unwrap(), Some(first));
        assert_eq!(world.store.questionnaire("q", "3").await.unwrap(), None);
        let published = "SELECT count(*) FROM audit WHERE action = 'questionnaire_published'";
        assert_eq!(world.database.number(published).await, 3, "two here, one of the campaign");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_eight_publications_of_one_version_at_once_all_get_the_same_document() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut racing = JoinSet::new();
        for n in 0..8 {
            let store = world.store.clone();
            racing.spawn(async move { store.publish("q", "1", &json!({ "n": n }), clock::id(), NOW).await.unwrap() });
        }
        let documents = racing.join_all().await;
        assert!(documents.iter().all(|document| *document == documents[0]), "{documents:?}");
        assert_eq!(world.database.number("SELECT count(*) FROM questionnaire WHERE id = 'q'").await, 1);
    })
    .await;
}

#[tokio::test]
async fn the_built_in_questionnaire_comes_back_from_the_database_unchanged() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (id, version) = (&world.campaign.questionnaire_id, &world.campaign.questionnaire_version);
        let document = world.store.questionnaire(id, version).await.unwrap().expect("a document");
        let read = model::questionnaire::Questionnaire::parse(&document.to_string()).expect("a questionnaire");
        assert_eq!(&read, questionnaire());
    })
    .await;
}

#[tokio::test]
async fn a_campaign_is_open_from_its_first_to_before_its_last_moment() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (opens, closes) = (world.campaign.opens_at, world.campaign.closes_at);
        let open = async |at| world.store.open_campaign(at).await.unwrap().map(|campaign| campaign.id);
        let id = Some(world.campaign.id);
        let second = Duration::seconds(1);
        assert_eq!((open(opens - second).await, open(opens).await), (None, id));
        assert_eq!((open(closes - second).await, open(closes).await), (id, None));
        let later = campaign(NOW, NOW + Duration::days(1));
        world.store.add_campaign(&later, clock::id(), NOW).await.unwrap();
        assert_eq!(open(NOW).await, Some(later.id), "the one opened last");
        let found = world.store.open_campaign(NOW).await.unwrap().unwrap();
        assert_eq!((found.title_vi, found.title_en), (later.title_vi, later.title_en));
        assert_eq!((found.opens_at, found.closes_at), (later.opens_at, later.closes_at));
        assert_eq!(world.store.events("campaign", later.id).await.unwrap(), ["campaign_opened"]);
    })
    .await;
}

#[tokio::test]
async fn a_campaign_needs_a_questionnaire_that_exists() {
    each_database(|database| async {
        let world = World::on(database).await;
        assert!(world.store.has_campaign().await.unwrap());
        let mut wrong = campaign(NOW, NOW + Duration::days(1));
        wrong.questionnaire_version = "none".into();
        assert!(world.store.add_campaign(&wrong, clock::id(), NOW).await.is_err());
        assert_eq!(world.rows("campaign").await, 1);
        assert_eq!(world.store.events("campaign", wrong.id).await.unwrap(), [""; 0]);
        world.database.execute("DELETE FROM campaign").await;
        assert!(!world.store.has_campaign().await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn progress_counts_the_campaign_and_no_other() {
    each_database(|database| async {
        let world = World::on(database).await;
        let nothing = Progress { enterprises: 0, drafts: 0, submitted: 0 };
        assert_eq!(world.store.progress(world.campaign.id).await.unwrap(), nothing);
        let (first, second) = (world.enterprise(1).await, world.enterprise(2).await);
        world.enterprise(3).await;
        world.begin(&first).await;
        let assessment = world.begin(&second).await;
        world.store.save(save_all(&second, assessment)).await.unwrap();
        let answers = tests::answers::case_a();
        let score = model::score::score(questionnaire(), &answers);
        world.store.submit(&submitting(&second, assessment, 1, &answers, &score)).await.unwrap();
        let progress = world.store.progress(world.campaign.id).await.unwrap();
        assert_eq!(progress, Progress { enterprises: 3, drafts: 1, submitted: 1 });
        let other = world.store.progress(clock::id()).await.unwrap();
        assert_eq!(other, Progress { enterprises: 3, drafts: 0, submitted: 0 });
    })
    .await;
}
