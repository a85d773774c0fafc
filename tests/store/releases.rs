use model::answer::{Answer, Answers};
use serde_json::json;
use server::{
    clock,
    store::{Action, Event, Issued, Measured, NewRelease, NewReleaseJob, NewSnapshot, Unmeasured},
};
use tests::each_database;
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, save, save_all, submitting};

fn job(world: &World) -> NewReleaseJob {
    NewReleaseJob {
        id: clock::id(),
        campaign: world.campaign.id,
        snapshot: None,
        corrects: None,
        parameters: json!({ "nmin": 5 }),
        account: None,
        event: clock::id(),
        at: NOW,
    }
}

fn noted(job: Uuid) -> Event {
    Event {
        id: clock::id(),
        at: NOW,
        account: None,
        action: Action::ReleaseNoted,
        subject: "release",
        subject_id: Some(job),
        detail: json!({}),
    }
}

fn release<'a>(world: &World, job: Uuid, number: i64, document: &'a str) -> NewRelease<'a> {
    NewRelease {
        number,
        job,
        campaign: world.campaign.id,
        account: None,
        hash: "abc",
        document,
        event: clock::id(),
        at: NOW,
    }
}

/// Stores these values for all that is to be measured, and answers the answers they stand for.
async fn measure(world: &World, version: &str, content: &str) -> Vec<Answers> {
    let listed = world.store.unmeasured(10).await.expect("the database works");
    let all: Vec<Measured<'_>> = listed.iter().map(|of| Measured { of, version, content }).collect();
    world.store.add_measured(&all).await.expect("the database works");
    listed.into_iter().map(|one| one.answers.0).collect()
}

/// Two who measure at the same time, one of them something older, leave what was submitted last.
#[tokio::test]
async fn an_earlier_submission_never_replaces_a_later_one() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let assessment = world.begin(&who).await;
        let answers = tests::answers::case_a();
        let score = model::score::score(tests::answers::questionnaire(), &answers);
        let saved = world.store.save(save_all(&who, assessment)).await.unwrap();
        let server::store::Saved::Done { revision } = saved else { panic!("{saved:?}") };
        world.store.submit(&submitting(&who, assessment, revision, &answers, &score)).await.unwrap();
        let listed = world.store.unmeasured(10).await.unwrap();
        let later = Unmeasured { number: 2, ..listed[0].clone() };
        let store = async |of: &Unmeasured, content| {
            world.store.add_measured(&[Measured { of, version: "1", content }]).await.unwrap();
        };
        store(&later, "later").await;
        store(&listed[0], "earlier").await;
        let rows = world.store.measured_rows(world.campaign.id, None, Uuid::nil(), 10).await.unwrap();
        assert_eq!(rows[0].content, "later");
    })
    .await;
}

#[tokio::test]
async fn a_computation_goes_from_running_to_done_and_keeps_its_pieces() {
    each_database(|database| async {
        let world = World::on(database).await;
        let new = job(&world);
        world.store.add_release_job(&new).await.unwrap();
        let later = NOW + Duration::seconds(7);
        world.store.beat_release_job(new.id, "weights", 12, later).await.unwrap();
        let found = world.store.release_job(new.id).await.unwrap().expect("a job");
        assert_eq!((found.state.as_str(), found.step.as_str(), found.done), ("running", "weights", 12));
        assert_eq!((found.beat_at, found.parameters.0, found.number), (later, json!({ "nmin": 5 }), None));
        assert_eq!(world.store.release_draft(new.id).await.unwrap(), None, "not yet");
        let pieces = ["head".to_owned(), "a,1\nb,2\n".to_owned()];
        world.store.finish_release_job(new.id, ("{}", "[]"), pieces.into_iter(), later).await.unwrap();
        assert_eq!(world.store.release_draft(new.id).await.unwrap(), Some(("{}".into(), "[]".into())));
        assert_eq!(world.store.release_part(new.id, 1).await.unwrap().as_deref(), Some("a,1\nb,2\n"));
        assert_eq!(world.store.release_part(new.id, 2).await.unwrap(), None);
        world.store.fail_release_job(new.id, "too late", later).await.unwrap();
        let jobs = world.store.release_jobs().await.unwrap();
        assert_eq!((jobs.len(), jobs[0].state.as_str(), jobs[0].failure.as_deref()), (1, "done", None));
        assert_eq!(world.store.events("release", new.id).await.unwrap(), ["release_computed"]);
    })
    .await;
}

#[tokio::test]
async fn a_failed_computation_says_why() {
    each_database(|database| async {
        let world = World::on(database).await;
        let new = job(&world);
        world.store.add_release_job(&new).await.unwrap();
        world.store.fail_release_job(new.id, "no convergence", NOW).await.unwrap();
        let found = world.store.release_job(new.id).await.unwrap().expect("a job");
        assert_eq!((found.state.as_str(), found.failure.as_deref()), ("failed", Some("no convergence")));
        assert!(!world.store.save_release_note(new.id, ("a", "b"), &noted(new.id)).await.unwrap(), "no draft");
    })
    .await;
}

#[tokio::test]
async fn a_release_is_issued_once_and_never_changes() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (first, second) = (job(&world), job(&world));
        for new in [&first, &second] {
            world.store.add_release_job(new).await.unwrap();
            world.store.finish_release_job(new.id, ("{}", "[]"), ["h".to_owned()].into_iter(), NOW).await.unwrap();
        }
        assert_eq!(world.store.latest_release().await.unwrap(), 0);
        assert!(world.store.save_release_note(first.id, ("chữ", "words"), &noted(first.id)).await.unwrap());
        assert_eq!(world.store.add_release(&release(&world, first.id, 1, "{\"a\":1}")).await.unwrap(), Issued::Done);
        let again = world.store.add_release(&release(&world, first.id, 2, "{}")).await.unwrap();
        assert_eq!(again, Issued::Already { number: 1 });
        let taken = world.store.add_release(&release(&world, second.id, 1, "{}")).await.unwrap();
        assert_eq!(taken, Issued::NumberTaken);
        assert_eq!(world.store.release(1).await.unwrap().as_deref(), Some("{\"a\":1}"));
        assert_eq!(world.store.release(2).await.unwrap(), None);
        assert_eq!(world.store.latest_release().await.unwrap(), 1);
        let late = world.store.save_release_note(first.id, ("x", "y"), &noted(first.id)).await.unwrap();
        assert!(!late, "the note of a release never changes");
        let heads = world.store.releases().await.unwrap();
        assert_eq!((heads.len(), heads[0].number, heads[0].job_id), (1, 1, first.id));
        assert_eq!(world.store.releases_of(world.campaign.id).await.unwrap(), heads);
        assert_eq!(world.store.releases_before(NOW + Duration::days(90)).await.unwrap(), heads);
        assert_eq!(world.store.releases_before(world.campaign.opens_at).await.unwrap(), []);
        assert_eq!(world.store.release_job(first.id).await.unwrap().and_then(|job| job.number), Some(1));
        for statement in
            ["UPDATE release SET document = 'x'", "DELETE FROM release", "UPDATE release_part SET content = 'x'"]
        {
            assert!(world.database.refuses(statement).await, "{statement}");
        }
        assert_eq!(world.store.release(1).await.unwrap().as_deref(), Some("{\"a\":1}"));
        let events = world.store.events("release", first.id).await.unwrap();
        assert_eq!(events, ["release_computed", "release_noted", "release_issued"]);
    })
    .await;
}

#[tokio::test]
async fn submissions_are_read_page_by_page_with_the_codes_of_the_frame() {
    each_database(|database| async {
        let world = World::on(database).await;
        let questionnaire = tests::answers::questionnaire();
        let answers = tests::answers::case_a();
        let score = model::score::score(questionnaire, &answers);
        for n in 1..=3 {
            let who = world.enterprise(n).await;
            let assessment = world.begin(&who).await;
            if n == 3 {
                world.store.save(save(&who, assessment, 0, &[("Q101", Some(Answer::Whole(1)))])).await.unwrap();
                continue;
            }
            let saved = world.store.save(save_all(&who, assessment)).await.unwrap();
            let server::store::Saved::Done { revision } = saved else { panic!("{saved:?}") };
            world.store.submit(&submitting(&who, assessment, revision, &answers, &score)).await.unwrap();
        }
        let cells = world.store.registered_cells().await.unwrap();
        assert_eq!((cells.len(), cells[0].unit.as_str(), cells[0].division.as_str()), (1, "07210", "47"));
        assert_eq!(cells[0].enterprises, 3);
        assert_eq!(measure(&world, "1", "1,2").await, [answers.clone(), answers.clone()], "drafts do not count");
        assert!(measure(&world, "1", "").await.is_empty(), "measured once");
        let page = |after| world.store.measured_rows(world.campaign.id, None, after, 1);
        let first = page(Uuid::nil()).await.unwrap();
        let second = page(first[0].id).await.unwrap();
        assert_eq!((first.len(), second.len(), page(second[0].id).await.unwrap().len()), (1, 1, 0));
        assert_eq!((first[0].unit.as_deref(), first[0].section.as_deref()), (Some("07210"), Some("47")));
        assert_eq!(first[0].content, "1,2");
        assert_eq!(world.store.measure_again(world.campaign.id, "1").await.unwrap(), 0);
        assert_eq!(world.store.measure_again(world.campaign.id, "2").await.unwrap(), 2, "another way of measuring");
        assert_eq!(world.store.measure_again(world.campaign.id, "2").await.unwrap(), 0, "they are on the list");
        assert_eq!(measure(&world, "2", "3").await.len(), 2);
        assert_eq!(page(Uuid::nil()).await.unwrap()[0].content, "3");
        let campaign = world.store.source_campaign(world.campaign.id).await.unwrap().expect("a campaign");
        assert_eq!(campaign.submitted, 2);
        assert_eq!(world.store.source_campaigns(NOW).await.unwrap().len(), 1);
        assert!(world.store.source_campaigns(world.campaign.opens_at - Duration::days(1)).await.unwrap().is_empty());
        let nobody = NewSnapshot { id: clock::id(), title: "2026".into(), account: None, event: clock::id(), at: NOW };
        let rows = world.store.measured_rows(world.campaign.id, Some(nobody.id), Uuid::nil(), 10).await.unwrap();
        assert_eq!(rows.len(), 2);
        assert!(rows.iter().all(|row| row.district.is_none()), "the frame does not have them");
    })
    .await;
}
