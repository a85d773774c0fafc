use server::{
    clock,
    store::{
        Registration,
        association::By,
        evidence::{Added, NewEvidence, Removed},
        review::Scope,
    },
};
use tests::each_database;
use tokio::task::JoinSet;
use uuid::Uuid;

use crate::{NOW, World};

fn by(account: Uuid) -> By {
    By { account: Some(account), event: clock::id(), at: NOW }
}

async fn add(world: &World, who: &Registration, assessment: Uuid, file: &str, bytes: u64) -> (Uuid, Added) {
    let new = NewEvidence {
        id: clock::id(),
        entry: clock::id(),
        assessment,
        enterprise: who.enterprise,
        account: who.account.id,
        about: "Q301",
        question: None,
        file,
        name: "hóa đơn.pdf",
        media: "application/pdf",
        bytes,
    };
    (new.id, world.store.add_evidence(&new, by(who.account.id)).await.expect("the database works"))
}

#[tokio::test]
async fn a_file_belongs_to_its_enterprise_and_goes_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        let (file, added) = add(&world, &who, id, "a", 7).await;
        assert_eq!(added, Added::Done);
        assert_eq!(add(&world, &other, id, "b", 7).await.1, Added::Missing, "another enterprise's assessment");
        let own = Scope::Enterprise(who.enterprise);
        let stored = world.store.evidence(id, own).await.unwrap();
        assert_eq!((stored.len(), stored[0].id, stored[0].bytes, stored[0].uploaded_at), (1, file, 7, NOW));
        assert_eq!(world.store.evidence_file(file, own).await.unwrap().as_ref(), stored.first());
        for stranger in [Scope::Enterprise(other.enterprise), Scope::Association(clock::id()), Scope::Province] {
            assert!(world.store.evidence(id, stranger).await.unwrap().is_empty(), "{stranger:?} of a draft");
            assert!(world.store.evidence_file(file, stranger).await.unwrap().is_none(), "{stranger:?} of a draft");
        }
        assert!(world.store.is_evidence("a").await.unwrap() && !world.store.is_evidence("b").await.unwrap());
        let remove = async |assessment, who: &Registration| {
            let (account, entry) = (who.account.id, clock::id());
            let gone = world.store.remove_evidence(file, (assessment, who.enterprise), (account, entry), by(account));
            gone.await.expect("the database works")
        };
        let others = world.begin(&other).await;
        assert_eq!(remove(id, &other).await, Removed::Missing);
        assert_eq!(remove(others, &other).await, Removed::Missing, "under an assessment of one's own");
        world.database.execute("UPDATE assessment SET state = 'in_review'").await;
        assert_eq!(remove(id, &who).await, Removed::Closed);
        assert_eq!(add(&world, &who, id, "c", 7).await.1, Added::Closed);
        world.database.execute("UPDATE assessment SET state = 'draft'").await;
        assert_eq!(remove(id, &who).await, Removed::Done("a".into()));
        assert_eq!(remove(id, &who).await, Removed::Missing);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn files_that_race_never_pass_the_limits() {
    each_database(|database| async {
        let world = std::sync::Arc::new(World::on(database).await);
        let who = world.enterprise(1).await;
        let id = world.begin(&who).await;
        let mut racing = JoinSet::new();
        for n in 0..14 {
            let (world, who) = (world.clone(), who.clone());
            racing.spawn(async move { add(&world, &who, id, &n.to_string(), 9 * 1024 * 1024).await.1 });
        }
        let ended = racing.join_all().await;
        assert_eq!(ended.iter().filter(|added| **added == Added::Done).count(), 11, "eleven times 9 MB are 99 MB");
        assert_eq!(ended.iter().filter(|added| **added == Added::Full).count(), 3);
        assert_eq!(world.rows("evidence").await, 11);
    })
    .await;
}
