use tests::{
    Database,
    answers::{case_a, questionnaire},
    each_database,
};

use crate::{World, save_all, submitting};

/// Damage, with the promise that it breaks.
const DAMAGE: [(&str, &str); 6] = [
    (
        "UPDATE assessment SET state = 'submitted' WHERE state = 'draft'",
        "a first draft exactly as long as it has no submission",
    ),
    (
        "UPDATE assessment SET state = 'draft' WHERE state = 'submitted'",
        "a first draft exactly as long as it has no submission",
    ),
    ("UPDATE assessment SET version = 7 WHERE state = 'submitted'", "knows how many submissions it has"),
    ("DELETE FROM audit WHERE action = 'assessment_submitted'", "every submission has its audit row"),
    ("UPDATE account SET role = 'officer' WHERE email = 'dn1@example.vn'", "belongs to an enterprise"),
    ("UPDATE account SET enterprise_id = NULL WHERE email = 'dn1@example.vn'", "belongs to an enterprise"),
];

#[tokio::test]
async fn planted_damage_is_found() {
    for (damage, promise) in DAMAGE {
        each_database(|database| async move {
            let world = one_draft_and_one_submission(database).await;
            assert_eq!(world.store.check().await.unwrap(), [""; 0]);
            assert_eq!(world.database.execute(damage).await, 1, "{damage}");
            let found = world.store.check().await.unwrap();
            assert!(found.len() == 1 && found[0].contains(promise), "{damage}: {found:?}");
            assert!(found[0].starts_with("broken 1 times"), "{found:?}");
        })
        .await;
    }
}

async fn one_draft_and_one_submission(database: Database) -> World {
    let world = World::on(database).await;
    let (done, open) = (world.enterprise(1).await, world.enterprise(2).await);
    let assessment = world.begin(&done).await;
    world.begin(&open).await;
    world.store.save(save_all(&done, assessment)).await.expect("saved");
    let answers = case_a();
    let score = model::score::score(questionnaire(), &answers);
    world.store.submit(&submitting(&done, assessment, 1, &answers, &score)).await.expect("submitted");
    world
}

#[tokio::test]
async fn the_check_of_an_empty_database_finds_nothing() {
    each_database(|database| async {
        let world = World::on(database).await;
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn two_assessments_of_one_enterprise_in_one_campaign_are_found_even_without_the_constraint() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        world.begin(&who).await;
        // A database whose constraint was lost in a repair.
        let id = if world.database.kind == "sqlite" { "randomblob(16)" } else { "gen_random_uuid()" };
        world.database.execute("CREATE TABLE copy AS SELECT * FROM assessment").await;
        world.database.execute("ALTER TABLE submission RENAME TO submission_kept").await;
        world.database.execute("ALTER TABLE assessment RENAME TO assessment_kept").await;
        world.database.execute("ALTER TABLE copy RENAME TO assessment").await;
        let columns = "enterprise_id, campaign_id, state, answers, revision, created_at, saved_at, saved_by";
        let twice = format!("INSERT INTO assessment (id, {columns}) SELECT {id}, {columns} FROM assessment");
        world.database.execute(&twice).await;
        world.database.execute("ALTER TABLE submission_kept RENAME TO submission").await;
        let found = world.store.check().await.unwrap();
        assert!(found.len() == 1 && found[0].contains("one assessment per campaign"), "{found:?}");
    })
    .await;
}

#[tokio::test]
async fn a_damaged_sqlite_file_is_found() {
    let world = World::on(Database::sqlite()).await;
    world.enterprise(1).await;
    // An index that does not hold what the table says.
    let damage = "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, '(enterprise_id)', '(role)')
        WHERE name = 'account_enterprise'; PRAGMA writable_schema = RESET";
    world.database.execute(damage).await;
    world.store.close().await;
    let again = server::store::Store::open(&world.database.url).await.unwrap();
    let found = again.check().await.unwrap();
    assert!(found.iter().any(|line| line.contains("account_enterprise")), "{found:?}");
}
