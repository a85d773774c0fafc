use std::collections::BTreeSet;

use model::{answer::Answer, quick::Kind};
use server::{
    clock,
    store::{Save, Saved, Submitted},
};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};
use tokio::task::JoinSet;

use crate::{NOW, World, save, save_all, submitting};

#[tokio::test]
async fn an_assessment_is_begun_once_and_belongs_to_its_enterprise_alone() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (owner, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let campaign = world.campaign.id;
        assert_eq!(world.store.assessment_in(campaign, owner.enterprise).await.unwrap(), None);
        let id = world.begin(&owner).await;
        assert_eq!(world.begin(&owner).await, id);
        assert_eq!(world.store.assessment_in(campaign, owner.enterprise).await.unwrap(), Some(id));
        assert_eq!(world.store.assessment_in(campaign, other.enterprise).await.unwrap(), None);
        assert_eq!(world.store.events("assessment", id).await.unwrap(), ["assessment_started"]);

        let row = world.store.assessment(id, owner.enterprise).await.unwrap().expect("the assessment");
        assert!(row.is_draft() && row.answers().is_empty());
        assert_eq!((row.revision, row.saved_at), (0, NOW));
        assert_eq!(
            (&row.enterprise_name, &row.tax_code, &row.industry_code),
            (&owner.name, &owner.tax_code, &owner.industry_code)
        );
        assert_eq!((&row.title_vi, &row.title_en), (&world.campaign.title_vi, &world.campaign.title_en));
        assert_eq!(row.closes_at, world.campaign.closes_at);
        assert_eq!(row.questionnaire_version, world.campaign.questionnaire_version);
        assert!(world.store.assessment(id, other.enterprise).await.unwrap().is_none());
        assert!(world.store.assessment(clock::id(), owner.enterprise).await.unwrap().is_none());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixteen_beginnings_at_once_find_one_assessment() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let mut racing = JoinSet::new();
        for _ in 0..16 {
            let (store, campaign) = (world.store.clone(), world.campaign.id);
            let (enterprise, account) = (who.enterprise, who.account.id);
            let new = [clock::id(), clock::id()];
            racing.spawn(async move { store.start_assessment(campaign, enterprise, account, new, NOW).await.unwrap() });
        }
        let ids: BTreeSet<_> = racing.join_all().await.into_iter().collect();
        assert_eq!((ids.len(), world.rows("assessment").await), (1, 1));
        let begun = "SELECT count(*) FROM audit WHERE action = 'assessment_started'";
        assert_eq!(world.database.number(begun).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_submission_keeps_answers_score_and_receipt_and_closes_the_draft() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        assert_eq!(world.store.save(save_all(&who, id)).await.unwrap(), Saved::Done { revision: 1 });
        assert!(world.store.submission(id, who.enterprise).await.unwrap().is_none());
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        let new = submitting(&who, id, 1, &answers, &score);
        assert_eq!(world.store.submit(&new).await.unwrap(), Submitted::Done);

        let sent = world.store.submission(id, who.enterprise).await.unwrap().expect("the submission");
        assert_eq!((sent.number, &sent.receipt, sent.submitted_at), (1, &new.receipt, NOW));
        assert_eq!(sent.answers(), &answers);
        assert!(world.store.submission(id, other.enterprise).await.unwrap().is_none());
        assert!(!world.store.assessment(id, who.enterprise).await.unwrap().unwrap().is_draft());
        assert_eq!(world.store.events("assessment", id).await.unwrap(), ["assessment_started", "assessment_submitted"]);
        assert_eq!(world.database.number("SELECT level FROM submission").await, 2);
        let rounded = "SELECT count(*) FROM submission WHERE overall > 41.53 AND overall < 41.55";
        assert_eq!(world.database.number(rounded).await, 1, "41,54 points");
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn only_the_revision_that_was_checked_is_submitted_and_only_by_its_enterprise() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        world.store.save(save_all(&who, id)).await.unwrap();
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        for (by, revision, end) in
            [(&who, 0, Submitted::Changed), (&who, 2, Submitted::Changed), (&other, 1, Submitted::Missing)]
        {
            assert_eq!(world.store.submit(&submitting(by, id, revision, &answers, &score)).await.unwrap(), end);
        }
        let unknown = submitting(&who, clock::id(), 1, &answers, &score);
        assert_eq!(world.store.submit(&unknown).await.unwrap(), Submitted::Missing);
        assert_eq!(world.rows("submission").await, 0);
        assert!(world.store.assessment(id, who.enterprise).await.unwrap().unwrap().is_draft());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_sixteen_submissions_at_once_one_is_stored_and_all_succeed() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        world.store.save(save_all(&who, id)).await.unwrap();
        let mut racing = JoinSet::new();
        for _ in 0..16 {
            let (store, who) = (world.store.clone(), who.clone());
            racing.spawn(async move {
                let answers = case_a();
                let score = model::score::score(questionnaire(), &answers);
                store.submit(&submitting(&who, id, 1, &answers, &score)).await.unwrap()
            });
        }
        let ends = racing.join_all().await;
        assert!(ends.iter().all(|end| *end == Submitted::Done), "{ends:?}");
        assert_eq!(world.rows("submission").await, 1);
        assert_eq!(world.store.events("assessment", id).await.unwrap().len(), 2);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_save_racing_a_submission_is_either_in_it_or_refused() {
    each_database(|database| async {
        let world = World::on(database).await;
        for n in 0..12 {
            let who = world.enterprise(n).await;
            let id = world.begin(&who).await;
            world.store.save(save_all(&who, id)).await.unwrap();
            let answers = case_a();
            let score = model::score::score(questionnaire(), &answers);
            let new = submitting(&who, id, 1, &answers, &score);
            let late: Save = save(&who, id, 1, &[("Q101", Some(Answer::Whole(5)))]);
            let (sent, saved) = tokio::join!(world.store.submit(&new), world.store.save(late));
            let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
            match (sent.unwrap(), saved.unwrap()) {
                (Submitted::Done, Saved::Closed) => {
                    assert!(!row.is_draft() && row.answers() == answers, "what was sent is what is stored");
                }
                (Submitted::Changed, Saved::Done { revision: 2 }) => {
                    assert!(row.is_draft() && row.answers().get("Q101") == Some(&Answer::Whole(5)));
                }
                other => panic!("{other:?}"),
            }
        }
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_kind_of_a_draft_is_chosen_and_only_full_ones_are_sent() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        world.store.save(save_all(&who, id)).await.unwrap();
        let set = async |whose: uuid::Uuid, kind: Kind| {
            world.store.set_kind((id, whose), kind, who.account.id, clock::id(), NOW).await.unwrap()
        };
        assert!(!set(other.enterprise, Kind::Quick).await, "somebody else's is not found");
        assert!(set(who.enterprise, Kind::Quick).await && set(who.enterprise, Kind::Quick).await);
        assert_eq!(world.store.assessment(id, who.enterprise).await.unwrap().unwrap().kind(), Kind::Quick);
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        let new = submitting(&who, id, 1, &answers, &score);
        assert_eq!(world.store.submit(&new).await.unwrap(), Submitted::Changed);
        assert!(set(who.enterprise, Kind::Full).await);
        assert_eq!(world.store.submit(&new).await.unwrap(), Submitted::Done);
        assert!(!set(who.enterprise, Kind::Quick).await, "what is sent stays what it is");
        let chosen = "SELECT count(*) FROM audit WHERE action = 'assessment_kind_chosen'";
        assert_eq!(world.database.number(chosen).await, 2, "choosing the same again is no change");
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}
