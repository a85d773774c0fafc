use model::answer::Answer;
use server::{
    clock,
    store::{Save, Saved},
};
use tests::{answers::case_a, each_database};
use time::Duration;
use tokio::task::JoinSet;

use crate::{NOW, World, save, save_all};

fn whole(number: i64) -> Option<Answer> {
    Some(Answer::Whole(number))
}

#[tokio::test]
async fn every_kind_of_answer_comes_back_as_it_was_saved() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let mut answers = case_a();
        answers.insert("F11", Answer::Decimal(12.5));
        answers.insert("Q104", Answer::Many([].into()));
        let all = answers.clone().into_iter().map(|(question, answer)| (question, Some(answer))).collect();
        let done = world.store.save(Save { answers: all, ..save(&who, id, 0, &[]) }).await.unwrap();
        assert_eq!(done, Saved::Done { revision: 1 });
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert_eq!((row.answers(), row.revision), (answers, 1));
    })
    .await;
}

#[tokio::test]
async fn the_same_save_sent_twice_has_the_effect_of_one() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let once = world.store.save(save_all(&who, id)).await.unwrap();
        let later = Save { at: NOW + Duration::hours(1), ..save_all(&who, id) };
        assert_eq!(world.store.save(later).await.unwrap(), once);
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert_eq!((row.revision, row.saved_at), (1, NOW));
    })
    .await;
}

#[tokio::test]
async fn a_save_with_a_known_key_is_answered_as_the_first_time_whatever_came_after_it() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        let first = Save { key: Some(clock::id()), ..save(&who, id, 0, &[("Q101", whole(1))]) };
        assert_eq!(world.store.save(first.clone()).await.unwrap(), Saved::Done { revision: 1 });
        world.store.save(save(&who, id, 1, &[("Q101", whole(4))])).await.unwrap();
        let again = Save { at: NOW + Duration::hours(1), event: clock::id(), ..first.clone() };
        assert_eq!(world.store.save(again.clone()).await.unwrap(), Saved::Repeated { revision: 1, at: NOW });
        world.database.execute("UPDATE assessment SET state = 'submitted'").await;
        assert_eq!(world.store.save(again).await.unwrap(), Saved::Repeated { revision: 1, at: NOW });
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert_eq!((row.answers().get("Q101"), row.revision), (whole(4).as_ref(), 2));
        // A key is a name within an assessment of one's own, nothing more.
        let foreign = Save { enterprise: other.enterprise, ..first };
        assert_eq!(world.store.save(foreign).await.unwrap(), Saved::Missing);
        assert_eq!(world.rows("save").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_save_sent_sixteen_times_at_once_is_stored_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let save = Save { key: Some(clock::id()), ..save(&who, id, 0, &[("Q101", whole(3))]) };
        let mut saving = JoinSet::new();
        for _ in 0..16 {
            let (store, save) = (world.store.clone(), save.clone());
            saving.spawn(async move { store.save(save).await.unwrap() });
        }
        for end in saving.join_all().await {
            assert!(matches!(end, Saved::Done { revision: 1 } | Saved::Repeated { revision: 1, .. }), "{end:?}");
        }
        assert_eq!(world.rows("save").await, 1);
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_the_reader_has_not_seen_is_not_overwritten_even_from_a_newer_revision() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        world.store.save(save(&who, id, 0, &[("Q101", whole(2))])).await.unwrap();
        // The page was made before that answer; a save of another question in between made its revision newer.
        let blind = Save { was: [("Q101".to_owned(), None)].into(), ..save(&who, id, 1, &[("Q101", whole(5))]) };
        let theirs = vec![("Q101".to_owned(), whole(2))];
        assert_eq!(world.store.save(blind).await.unwrap(), Saved::Conflict { revision: 1, theirs });
        let seen = Save { was: [("Q101".to_owned(), whole(2))].into(), ..save(&who, id, 0, &[("Q101", whole(5))]) };
        assert_eq!(world.store.save(seen).await.unwrap(), Saved::Done { revision: 2 });
    })
    .await;
}

#[tokio::test]
async fn an_older_page_is_merged_where_questions_differ_and_refused_where_answers_do() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let first = save(&who, id, 0, &[("Q101", whole(1)), ("Q102", whole(1))]);
        assert_eq!(world.store.save(first).await.unwrap(), Saved::Done { revision: 1 });
        let other = save(&who, id, 0, &[("Q103", whole(3)), ("Q101", whole(1))]);
        assert_eq!(world.store.save(other).await.unwrap(), Saved::Done { revision: 2 });
        let stale = save(&who, id, 0, &[("Q101", whole(5)), ("Q102", whole(0)), ("Q105", whole(5))]);
        let theirs = vec![("Q101".to_owned(), whole(1)), ("Q102".to_owned(), whole(1))];
        assert_eq!(world.store.save(stale).await.unwrap(), Saved::Conflict { revision: 2, theirs });
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        let expected = [("Q101", 1), ("Q102", 1), ("Q103", 3)];
        assert_eq!(
            row.answers(),
            expected.map(|(q, level)| (q.to_owned(), Answer::Whole(level))).into_iter().collect()
        );
        assert_eq!(row.revision, 2, "nothing of the refused save is stored");
    })
    .await;
}

#[tokio::test]
async fn an_emptied_answer_is_gone_and_an_older_page_does_not_bring_it_back_unseen() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        world.store.save(save(&who, id, 0, &[("Q101", whole(1))])).await.unwrap();
        assert_eq!(world.store.save(save(&who, id, 1, &[("Q101", None)])).await.unwrap(), Saved::Done { revision: 2 });
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert!(row.answers().is_empty());
        let stale = world.store.save(save(&who, id, 1, &[("Q101", whole(4))])).await.unwrap();
        assert_eq!(stale, Saved::Conflict { revision: 2, theirs: vec![("Q101".into(), None)] });
    })
    .await;
}

#[tokio::test]
async fn saves_to_a_foreign_an_unknown_or_a_submitted_assessment_store_nothing() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        assert_eq!(world.store.save(save(&other, id, 0, &[("Q101", whole(1))])).await.unwrap(), Saved::Missing);
        assert_eq!(world.store.save(save(&who, clock::id(), 0, &[("Q101", whole(1))])).await.unwrap(), Saved::Missing);
        world.database.execute("UPDATE assessment SET state = 'submitted'").await;
        assert_eq!(world.store.save(save(&who, id, 0, &[("Q101", whole(1))])).await.unwrap(), Saved::Closed);
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert!(row.answers().is_empty() && row.revision == 0);
    })
    .await;
}

#[tokio::test]
async fn items_that_are_no_longer_asked_are_logged_with_the_save_that_removed_them() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let removing =
            Save { removed: vec!["Q309".into()], ..save(&who, id, 0, &[("F07", Some(Answer::YesNo(false)))]) };
        world.store.save(removing.clone()).await.unwrap();
        let events = ["assessment_started", "items_removed"];
        assert_eq!(world.store.events("assessment", id).await.unwrap(), events);
        // Sent again, nothing changes, so nothing is logged.
        world.store.save(Save { event: clock::id(), ..removing }).await.unwrap();
        assert_eq!(world.store.events("assessment", id).await.unwrap(), events);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn sixty_four_saves_of_different_questions_at_once_all_land() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let mut saving = JoinSet::new();
        for n in 0..64 {
            let (store, question) = (world.store.clone(), format!("X{n:02}"));
            let save = save(&who, id, 0, &[(question.as_str(), whole(n))]);
            saving.spawn(async move { store.save(save).await.unwrap() });
        }
        let mut revisions: Vec<i64> = saving.join_all().await.into_iter().map(revision).collect();
        revisions.sort_unstable();
        assert_eq!(revisions, (1..=64).collect::<Vec<_>>(), "each save has a revision of its own");
        let answers = world.store.assessment(id, who.enterprise).await.unwrap().unwrap().answers();
        let expected = (0..64).map(|n| (format!("X{n:02}"), Answer::Whole(n))).collect();
        assert_eq!(answers, expected);
    })
    .await;
}

fn revision(saved: Saved) -> i64 {
    match saved {
        Saved::Done { revision } => revision,
        other => panic!("{other:?}"),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_thirty_two_answers_to_one_question_at_once_one_is_stored_and_the_others_hear_of_it() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let mut saving = JoinSet::new();
        for n in 0..32 {
            let (store, save) = (world.store.clone(), save(&who, id, 0, &[("Q101", whole(n))]));
            saving.spawn(async move { (n, store.save(save).await.unwrap()) });
        }
        let ends = saving.join_all().await;
        let won: Vec<i64> = ends.iter().filter(|(_, end)| matches!(end, Saved::Done { .. })).map(|(n, _)| *n).collect();
        let [won] = won[..] else { panic!("{won:?} are stored") };
        for (n, end) in ends.into_iter().filter(|(n, _)| *n != won) {
            assert_eq!(end, Saved::Conflict { revision: 1, theirs: vec![("Q101".into(), whole(won))] }, "{n}");
        }
        let row = world.store.assessment(id, who.enterprise).await.unwrap().unwrap();
        assert_eq!(row.answers().get("Q101"), whole(won).as_ref());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_refused_save_does_not_take_its_neighbours_along() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let (id, foreign) = (world.begin(&who).await, world.begin(&other).await);
        let mut saving = JoinSet::new();
        for n in 0..48 {
            let store = world.store.clone();
            let question = format!("X{n:02}");
            // Every third save goes to an assessment of somebody else.
            let to = if n % 3 == 0 { foreign } else { id };
            let save = save(&who, to, 0, &[(question.as_str(), whole(n))]);
            saving.spawn(async move { (n, store.save(save).await.unwrap()) });
        }
        for (n, end) in saving.join_all().await {
            assert_eq!(end == Saved::Missing, n % 3 == 0, "{n}: {end:?}");
        }
        assert_eq!(world.store.assessment(id, who.enterprise).await.unwrap().unwrap().answers().len(), 32);
        assert!(world.store.assessment(foreign, other.enterprise).await.unwrap().unwrap().answers().is_empty());
    })
    .await;
}
