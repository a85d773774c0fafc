use model::{answer::Answer, membership::Decision};
use server::store::{
    board::{Filter, Sort},
    membership::Decided,
};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};

use crate::{
    World,
    associations::{decide, invite, staff},
    save, save_all, submitting,
};

/// What the check says about what is kept of members.
const PROMISE: &str = "what is kept of members is what their enterprises and assessments say";

#[tokio::test]
async fn what_is_kept_of_a_member_is_there_as_long_as_it_agrees() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (office, who) = (staff(&world, "Hội Một").await, world.enterprise(1).await);
        let membership = invite(&world, &office, &[1]).await[0];
        let assessment = world.begin(&who).await;
        world.store.save(save_all(&who, assessment)).await.unwrap();
        let (answers, campaign) = (case_a(), world.campaign.id);
        let score = model::score::score(questionnaire(), &answers);
        world.store.submit(&submitting(&who, assessment, 1, &answers, &score)).await.unwrap();
        assert_eq!(world.rows("member_progress").await, 0, "nobody has agreed");
        for _ in 0..2 {
            assert_eq!(decide(&world, membership, &who, Decision::Agree).await, Decided::Done);
            assert_eq!(world.store.check().await.unwrap(), [""; 0]);
            let rows =
                world.store.board(office.association, campaign, &Filter::default(), Sort::High, None, 9).await.unwrap();
            assert_eq!((rows.len(), rows[0].assessment, rows[0].version), (1, Some(assessment), 1));
            assert_eq!(rows[0].overall, score.overall.map(model::ratio::Ratio::value));
            world.database.execute("UPDATE enterprise SET name = 'Tên mới', name_sort = 'ten moi'").await;
            assert_eq!(world.store.check().await.unwrap(), [""; 0], "a new name is known at once");
            assert_eq!(decide(&world, membership, &who, Decision::Withdraw).await, Decided::Done);
            assert_eq!(world.rows("member_progress").await, 0);
            let known = "SELECT count(*) FROM membership WHERE enterprise_name IS NOT NULL OR name_sort IS NOT NULL
                OR name_search IS NOT NULL OR industry_code IS NOT NULL";
            assert_eq!(world.database.number(known).await, 0, "nothing is left of what was allowed");
        }
    })
    .await;
}

#[tokio::test]
async fn an_enterprise_that_agrees_while_it_begins_and_saves_is_seen_as_it_is() {
    each_database(|database| async {
        let world = World::on(database).await;
        let office = staff(&world, "Hội Một").await;
        for n in 1..=20 {
            let membership = invite(&world, &office, &[n]).await[0];
            let who = world.enterprise(n).await;
            let work = async {
                let assessment = world.begin(&who).await;
                let answers = [("Q101", Some(Answer::Whole(1)))];
                world.store.save(save(&who, assessment, 0, &answers)).await.unwrap();
            };
            let (decided, ()) = tokio::join!(decide(&world, membership, &who, Decision::Agree), work);
            assert_eq!(decided, Decided::Done);
        }
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
        let counts = world.store.board_counts(office.association, world.campaign.id).await.unwrap();
        assert_eq!(
            counts.iter().map(|count| (count.state.as_str(), count.members)).collect::<Vec<_>>(),
            [("draft", 20)]
        );
    })
    .await;
}

#[tokio::test]
async fn what_is_kept_of_a_member_and_is_wrong_is_found() {
    let damage = [
        "UPDATE member_progress SET version = 3",
        "UPDATE member_progress SET begun = NOT begun",
        "DELETE FROM member_progress",
        "UPDATE membership SET name_sort = 'x'",
    ];
    for damage in damage {
        each_database(|database| async move {
            let world = World::on(database).await;
            let (office, who) = (staff(&world, "Hội Một").await, world.enterprise(1).await);
            let membership = invite(&world, &office, &[1]).await[0];
            world.begin(&who).await;
            decide(&world, membership, &who, Decision::Agree).await;
            assert_eq!(world.database.execute(damage).await, 1, "{damage}");
            let found = world.store.check().await.unwrap();
            assert!(found.len() == 1 && found[0].contains(PROMISE), "{damage}: {found:?}");
        })
        .await;
    }
}
