//! What is of no use any more goes, by the clock that is given.

use server::store::{AttemptKey, SAVE_KEYS, Save, Saved, session};
use tests::each_database;
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, save};

fn keyed(save: Save, key: u128) -> Save {
    Save { key: Some(Uuid::from_u128(key)), ..save }
}

#[tokio::test]
async fn keys_of_saves_go_by_their_age_and_a_late_repetition_still_changes_nothing() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let assessment = world.begin(&who).await;
        let answer = |level| [("Q101", Some(model::answer::Answer::Whole(level)))];
        let first = keyed(save(&who, assessment, 0, &answer(1)), 1);
        assert_eq!(world.store.save(first.clone()).await.unwrap(), Saved::Done { revision: 1 });
        let later = Save { at: NOW + Duration::DAY, ..keyed(save(&who, assessment, 1, &answer(2)), 2) };
        assert_eq!(world.store.save(later).await.unwrap(), Saved::Done { revision: 2 });
        world.store.purge(NOW + SAVE_KEYS).await.unwrap();
        assert_eq!(world.rows("save").await, 2, "not before their time");
        assert_eq!(world.store.save(first.clone()).await.unwrap(), Saved::Repeated { revision: 1, at: NOW });
        assert_eq!(world.store.purge(NOW + SAVE_KEYS + Duration::SECOND).await.unwrap(), 1);
        assert_eq!(world.rows("save").await, 1, "the younger one stays");
        let late = world.store.save(first).await.unwrap();
        assert!(matches!(late, Saved::Conflict { revision: 2, .. }), "never a silent overwrite: {late:?}");
    })
    .await;
}

#[tokio::test]
async fn more_keys_than_one_transaction_takes_all_go() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let assessment = world.begin(&who).await;
        for level in 0..5 {
            let answer = [("Q101", Some(model::answer::Answer::Whole(level)))];
            world
                .store
                .save(keyed(save(&who, assessment, level, &answer), 1 + u128::try_from(level).expect("a small number")))
                .await
                .unwrap();
        }
        // Many rows without as many saves.
        let is_sqlite = world.database.kind == "sqlite";
        let (series, key) = if is_sqlite {
            ("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2500)", "randomblob(16)")
        } else {
            ("WITH n (i) AS (SELECT generate_series(1, 2500))", "gen_random_uuid()")
        };
        let fill = format!(
            "INSERT INTO save (assessment_id, key, revision, at) {series}
             SELECT s.assessment_id, {key}, 1, s.at FROM n, (SELECT assessment_id, at FROM save LIMIT 1) AS s"
        );
        assert_eq!(world.database.execute(&fill).await, 2_500);
        assert_eq!(world.store.purge(NOW + SAVE_KEYS * 2).await.unwrap(), 2_505);
        assert_eq!(world.rows("save").await, 0);
    })
    .await;
}

#[tokio::test]
async fn ended_sessions_and_old_wrong_passwords_go_and_others_stay() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        for (token, age) in [(1, Duration::ZERO), (2, session::IDLE)] {
            world
                .store
                .start_session([token; 32], who.account.id, None, Uuid::from_u128(token.into()), NOW - age)
                .await
                .unwrap();
        }
        let attempt = |hash| AttemptKey { hash: [hash; 32], free: 4 };
        world.store.wrong_password(&[attempt(1)], NOW).await.unwrap();
        world.store.wrong_password(&[attempt(2)], NOW - Duration::hours(25)).await.unwrap();
        assert_eq!(world.store.purge(NOW).await.unwrap(), 1, "the attempt of yesterday");
        assert_eq!((world.rows("session").await, world.rows("attempt").await), (2, 1));
        assert_eq!(world.store.purge(NOW + Duration::SECOND).await.unwrap(), 1, "the session that nobody used");
        assert!(world.store.visitor([1; 32], NOW).await.unwrap().is_some());
        world.store.purge(NOW + session::LONGEST).await.unwrap();
        assert_eq!((world.rows("session").await, world.rows("attempt").await), (0, 0));
    })
    .await;
}
