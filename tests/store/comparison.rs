use model::membership::Decision;
use server::store::{board::Filter, membership::Decided};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};

use crate::{
    World,
    associations::{decide, invite, staff},
    save_all, submitting,
};

#[tokio::test]
async fn only_what_agreed_members_submitted_is_compared_and_only_as_long_as_they_agree() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let memberships = invite(&world, &one, &[1, 2, 3, 4]).await;
        invite(&world, &two, &[1]).await;
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        let mut all = Vec::new();
        for n in 1..=4 {
            let who = world.enterprise(n).await;
            let id = world.begin(&who).await;
            world.store.save(save_all(&who, id)).await.unwrap();
            // The third is in the middle, the fourth has sent and not decided.
            if n != 3 {
                world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.unwrap();
            }
            if n != 4 {
                assert_eq!(decide(&world, memberships[n - 1], &who, Decision::Agree).await, Decided::Done);
            }
            all.push(who);
        }
        let names = async |association, filter: Filter| {
            let found = world.store.compared(association, world.campaign.id, &filter).await.unwrap();
            found.into_iter().map(|row| row.tax_code).collect::<Vec<_>>()
        };
        let expected = [all[0].tax_code.clone(), all[1].tax_code.clone()];
        assert_eq!(names(one.association, Filter::default()).await, expected);
        assert!(names(two.association, Filter::default()).await.is_empty(), "not decided there");
        let found = Filter { search: "dien 2".into(), ..Filter::default() };
        assert_eq!(names(one.association, found).await, expected[1..]);
        let by_code = Filter { search: expected[0].clone(), ..Filter::default() };
        assert_eq!(names(one.association, by_code).await, expected[..1]);
        let industry = |code: &str| Filter { industry: code.into(), ..Filter::default() };
        assert_eq!(names(one.association, industry("47")).await, expected);
        assert!(names(one.association, industry("10")).await.is_empty());

        let rows = world.store.compared(one.association, world.campaign.id, &Filter::default()).await.unwrap();
        for pillar in &score.pillars {
            assert_eq!(rows[0].pillar(&pillar.id), pillar.score.map(model::ratio::Ratio::value), "{}", pillar.id);
        }
        assert_eq!(rows[0].pillar("P9"), None);
        assert_eq!((rows[0].overall, rows[0].level), (score.overall.map(model::ratio::Ratio::value), Some(2)));
        decide(&world, memberships[0], &all[0], Decision::Withdraw).await;
        assert_eq!(names(one.association, Filter::default()).await, expected[1..], "it ends at once");
    })
    .await;
}
