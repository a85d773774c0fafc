use model::{assessment::State, review::Refusal};
use server::{
    clock,
    store::{
        Registration,
        association::By,
        review::{Act, Acted, Acting, Scope},
    },
};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{NOW, World, save_all, submitting};

/// An enterprise that submitted case A.
async fn submitted(world: &World, n: usize) -> (Registration, Uuid) {
    let who = world.enterprise(n).await;
    let id = world.begin(&who).await;
    world.store.save(save_all(&who, id)).await.expect("saved");
    let answers = case_a();
    let score = model::score::score(questionnaire(), &answers);
    world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.expect("submitted");
    (who, id)
}

async fn act(world: &World, assessment: Uuid, scope: Scope, account: Uuid, act: &Act) -> Acted {
    let entry = clock::id();
    let doing = Acting { assessment, scope, number: Some(1), account, entry, act, letter: None, ids: clock::id };
    let by = By { account: Some(account), event: clock::id(), at: NOW };
    let scoring = |answers: &model::Answers, levels: &model::review::Levels| {
        model::score::reviewed(questionnaire(), answers, levels)
    };
    world.store.review(doing, by, &scoring).await.expect("the database works")
}

#[tokio::test]
async fn acts_follow_the_rules_and_leave_one_entry_each() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, id) = submitted(&world, 1).await;
        let account = who.account.id;
        let province = Scope::Province;
        assert_eq!(act(&world, id, province, account, &Act::Accept).await, Acted::Refused(Refusal::NotNow));
        assert_eq!(act(&world, clock::id(), province, account, &Act::TakeUp).await, Acted::Missing);
        assert_eq!(act(&world, id, province, account, &Act::TakeUp).await, Acted::Done);
        let question = clock::id();
        let ask = Act::Ask { question, about: "Q301".into(), text: "?".into() };
        assert_eq!(act(&world, id, province, account, &ask).await, Acted::Done);
        assert_eq!(act(&world, id, province, account, &Act::Accept).await, Acted::Refused(Refusal::OpenQuestions));
        let own = Scope::Enterprise(who.enterprise);
        let answer = Act::Comment { question, text: "!".into() };
        assert_eq!(act(&world, id, own, account, &answer).await, Acted::Done);
        assert_eq!(act(&world, id, own, account, &Act::Accept).await, Acted::Missing, "not for enterprises");
        assert_eq!(act(&world, id, province, account, &Act::Close { question }).await, Acted::Done);
        assert_eq!(act(&world, id, province, account, &answer).await, Acted::Missing, "closed");
        let rate = Act::Rate { about: "Q301".into(), level: Some(1), reason: "r".into() };
        assert_eq!(act(&world, id, province, account, &rate).await, Acted::Done);
        assert_eq!(act(&world, id, province, account, &Act::Note("n".into())).await, Acted::Done);
        assert_eq!(act(&world, id, province, account, &Act::Accept).await, Acted::Done);
        let kinds = |entries: Vec<server::store::review::Entry>| {
            entries.into_iter().map(|entry| entry.kind).collect::<Vec<_>>().join(" ")
        };
        let all = world.store.entries(id, province).await.unwrap();
        assert_eq!(kinds(all), "taken question comment closed rated note accepted");
        assert!(!kinds(world.store.entries(id, own).await.unwrap()).contains("note"));
        assert_eq!(world.store.questions(id, own).await.unwrap().len(), 1);
        assert_eq!(world.store.versions(id, own).await.unwrap().len(), 1);
        let row = world.store.reviewed(id, province).await.unwrap().unwrap();
        assert_eq!((row.state.as_str(), row.open_questions), ("accepted", 0));
        for stranger in [Scope::Association(clock::id()), Scope::Enterprise(clock::id())] {
            assert!(world.store.reviewed(id, stranger).await.unwrap().is_none());
            assert!(world.store.versions(id, stranger).await.unwrap().is_empty());
            assert!(world.store.entries(id, stranger).await.unwrap().is_empty());
            assert!(world.store.questions(id, stranger).await.unwrap().is_empty());
            assert_eq!(act(&world, id, stranger, account, &Act::TakeUp).await, Acted::Missing);
        }
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn an_acceptance_racing_a_question_never_accepts_what_is_open() {
    each_database(|database| async {
        let world = std::sync::Arc::new(World::on(database).await);
        for n in 0..8 {
            let (who, id) = submitted(&world, n).await;
            let account = who.account.id;
            act(&world, id, Scope::Province, account, &Act::TakeUp).await;
            let mut racing = JoinSet::new();
            for step in 0..4 {
                let world = world.clone();
                racing.spawn(async move {
                    let asked = Act::Ask { question: clock::id(), about: "Q301".into(), text: "?".into() };
                    let doing = if step % 2 == 0 { Act::Accept } else { asked };
                    act(&world, id, Scope::Province, account, &doing).await
                });
            }
            racing.join_all().await;
            let row = world.store.reviewed(id, Scope::Province).await.unwrap().unwrap();
            assert!(row.state != "accepted" || row.open_questions == 0, "{row:?}");
        }
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn the_list_of_submissions_is_paged_by_key_and_filtered_by_state() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut all = Vec::new();
        for n in 0..5 {
            all.push(submitted(&world, n).await.1);
        }
        let (campaign, submitted) = (world.campaign.id, State::Submitted);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = world.store.waiting(campaign, submitted, None, after, 2).await.unwrap();
            let Some(last) = page.last() else { break };
            after = Some(last.id);
            seen.extend(page.into_iter().map(|row| row.id));
        }
        assert_eq!(seen, all);
        assert!(world.store.waiting(campaign, State::Accepted, None, None, 9).await.unwrap().is_empty());
        let nobody = Some(clock::id());
        assert!(world.store.waiting(campaign, submitted, nobody, None, 9).await.unwrap().is_empty());
    })
    .await;
}
