use model::{campaign::Schedule, role::Role};
use server::{
    clock,
    store::{Action, By, CampaignText, Changed, PlannedCampaign},
};
use tests::{answers::questionnaire, each_database};
use time::{Duration, OffsetDateTime};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{NOW, World, account};

const DAY: Duration = Duration::DAY;

fn planned(from: OffsetDateTime, until: OffsetDateTime) -> PlannedCampaign {
    let text = CampaignText {
        title_vi: "Kỳ mới".into(),
        title_en: "New round".into(),
        questionnaire_id: questionnaire().id.clone(),
        questionnaire_version: questionnaire().version.clone(),
    };
    PlannedCampaign::new(clock::id(), text, Schedule::draft(from, until).expect("a schedule"))
}

fn by(account: Uuid) -> By {
    By { account, event: clock::id(), at: NOW }
}

/// The stored campaign.
async fn stored(world: &World, id: Uuid) -> PlannedCampaign {
    world.store.campaign(id).await.expect("the database works").expect("the campaign")
}

/// Opens the stored campaign.
async fn open(world: &World, id: Uuid) -> Changed {
    let campaign = stored(world, id).await;
    let opened = campaign.schedule().open(NOW).expect("a draft");
    let (opened, by) = (campaign.scheduled(opened), by(clock::id()));
    world.store.change_campaign(&opened, Action::CampaignOpened, &by).await.expect("the database works")
}

#[tokio::test]
async fn a_planned_campaign_comes_back_and_takes_no_answers_until_it_is_opened() {
    each_database(|database| async {
        let world = World::on(database).await;
        let officer = account(Role::Officer, "can-bo@example.vn");
        world.store.add_account(&officer, clock::id(), NOW).await.unwrap().unwrap();
        let new = planned(NOW + DAY * 31, NOW + DAY * 60);
        world.store.plan_campaign(&new, &by(officer.id)).await.unwrap();
        assert_eq!(world.store.campaign(new.id).await.unwrap().as_ref(), Some(&new));
        assert!(world.store.campaign(clock::id()).await.unwrap().is_none());
        let listed = world.store.campaigns(10).await.unwrap();
        assert_eq!(listed.iter().map(|campaign| campaign.id).collect::<Vec<_>>(), [new.id, world.campaign.id]);
        assert_eq!(world.store.campaigns(1).await.unwrap().len(), 1);
        let at = NOW + DAY * 31;
        assert!(world.store.open_campaign(at).await.unwrap().is_none(), "a draft");
        assert_eq!(open(&world, new.id).await, Changed::Done);
        assert_eq!(world.store.open_campaign(at).await.unwrap().map(|open| open.id), Some(new.id));
        let history = world.store.campaign_history(new.id).await.unwrap();
        let steps: Vec<_> = history.iter().map(|step| (step.action.as_str(), step.full_name.as_deref())).collect();
        assert_eq!(steps, [("campaign_planned", Some("Nguyễn Thị Ánh")), ("campaign_opened", None)]);
        assert_eq!(history[0].closes_at(), Some(NOW + DAY * 60));
    })
    .await;
}

#[tokio::test]
async fn a_change_on_an_old_revision_changes_nothing() {
    each_database(|database| async {
        let world = World::on(database).await;
        let new = planned(NOW, NOW + DAY);
        world.store.plan_campaign(&new, &by(clock::id())).await.unwrap();
        let [mine, theirs] = ["Của tôi", "Của họ"].map(|title| {
            let mut changed = new.clone();
            title.clone_into(&mut changed.title_vi);
            changed
        });
        let change = async |campaign| {
            world.store.change_campaign(campaign, Action::CampaignChanged, &by(clock::id())).await.unwrap()
        };
        assert_eq!(change(&theirs).await, Changed::Done);
        assert_eq!(change(&mine).await, Changed::Stale);
        let now = stored(&world, new.id).await;
        assert_eq!((now.title_vi.as_str(), now.revision), ("Của họ", 1));
        assert_eq!(world.store.events("campaign", new.id).await.unwrap(), ["campaign_planned", "campaign_changed"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_campaigns_opened_at_once_for_the_same_days_one_is_opened() {
    each_database(|database| async {
        let world = World::on(database).await;
        let first = world.campaign.id;
        let mut drafts = Vec::new();
        for _ in 0..6 {
            let new = planned(NOW + DAY * 40, NOW + DAY * 60);
            world.store.plan_campaign(&new, &by(clock::id())).await.unwrap();
            drafts.push(new);
        }
        let overlapping = planned(NOW, NOW + DAY);
        world.store.plan_campaign(&overlapping, &by(clock::id())).await.unwrap();
        assert_eq!(open(&world, overlapping.id).await, Changed::Overlaps(first));
        let mut racing = JoinSet::new();
        for draft in drafts {
            let store = world.store.clone();
            racing.spawn(async move {
                let opened = draft.schedule().open(NOW).expect("a draft");
                let opened = draft.scheduled(opened);
                store.change_campaign(&opened, Action::CampaignOpened, &by(clock::id())).await.unwrap()
            });
        }
        let results = racing.join_all().await;
        assert_eq!(results.iter().filter(|result| **result == Changed::Done).count(), 1, "{results:?}");
        assert_eq!(world.database.number("SELECT count(*) FROM campaign WHERE state = 'open'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn questionnaire_versions_are_listed_newest_first() {
    each_database(|database| async {
        let world = World::on(database).await;
        let later = NOW + DAY;
        world.store.publish("q", "2", &serde_json::json!({}), clock::id(), later).await.unwrap();
        let versions = world.store.questionnaire_versions().await.unwrap();
        let known = (questionnaire().id.clone(), questionnaire().version.clone(), NOW);
        assert_eq!(versions, [("q".into(), "2".into(), later), known]);
    })
    .await;
}

#[tokio::test]
async fn the_assessment_begun_last_is_found_whatever_its_campaign() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        assert_eq!(world.store.last_assessment(who.enterprise).await.unwrap(), None);
        let first = world.begin(&who).await;
        world.begin(&other).await;
        assert_eq!(world.store.last_assessment(who.enterprise).await.unwrap(), Some(first));
        let new = planned(NOW, NOW + DAY);
        world.store.plan_campaign(&new, &by(clock::id())).await.unwrap();
        let ids = [clock::id(), clock::id()];
        let at = NOW + DAY;
        let second = world.store.start_assessment(new.id, who.enterprise, who.account.id, ids, at).await.unwrap();
        assert_eq!(world.store.last_assessment(who.enterprise).await.unwrap(), Some(second));
    })
    .await;
}
