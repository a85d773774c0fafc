use model::answer::Answer;
use server::{
    clock,
    store::{Campaign, Raised},
};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};
use time::Duration;

use crate::{NOW, World, campaign, save_all, submitting};

#[tokio::test]
async fn results_are_listed_by_campaign_and_only_those_of_the_enterprise() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let earlier: Campaign = campaign(NOW - Duration::days(400), NOW - Duration::days(300));
        world.store.add_campaign(&earlier, clock::id(), NOW).await.unwrap();
        let mut improved = case_a();
        improved.insert("Q101", Answer::Whole(4));
        for (campaign, answers) in [(earlier.id, case_a()), (world.campaign.id, improved.clone())] {
            let new = [clock::id(), clock::id()];
            let id = world.store.start_assessment(campaign, who.enterprise, who.account.id, new, NOW).await.unwrap();
            world.store.save(save_all(&who, id)).await.unwrap();
            let score = model::score::score(questionnaire(), &answers);
            world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.unwrap();
        }
        let results = world.store.results(who.enterprise).await.unwrap();
        let known: Vec<_> = results.iter().map(|past| (past.answers().clone(), past.submitted_at)).collect();
        assert_eq!(known, [(improved, NOW), (case_a(), NOW)]);
        assert_eq!(results[1].title_vi, earlier.title_vi);
        assert!(world.store.results(other.enterprise).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn warnings_stay_with_the_submission_that_raised_them() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        world.store.save(save_all(&who, id)).await.unwrap();
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        let raised = |code: &str, reason: Option<&str>| Raised {
            check_id: code.to_owned(),
            reason: reason.map(ToOwned::to_owned),
        };
        let findings = [raised("X04", None), raised("X09", Some("Bên kế toán giữ"))];
        let mut new = submitting(&who, id, 1, &answers, &score);
        new.findings = &findings;
        world.store.submit(&new).await.unwrap();
        assert_eq!(world.store.findings(id, 1).await.unwrap(), findings);
        assert_eq!(world.store.findings(id, 2).await.unwrap(), []);
        assert_eq!(world.store.findings(clock::id(), 1).await.unwrap(), []);
    })
    .await;
}
