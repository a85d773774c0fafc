use tests::{
    Client, Database, TestServer,
    answers::{self, case_a},
    each_database,
};
use tokio::task::JoinSet;

use crate::{VI, profiled, shown, stored, topic};

/// Somebody whose profile is answered. The server lives as long as its value.
struct Desk {
    server: TestServer,
    client: Client,
    assessment: String,
    /// The address of the page about the plan.
    page: String,
}

impl Desk {
    async fn on(database: Database) -> Self {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = profiled(&client).await;
        let page = topic(&assessment, "P1/plan");
        Self { server, client, assessment, page }
    }

    async fn new() -> Self {
        Self::on(Database::sqlite()).await
    }
}

#[tokio::test]
async fn two_tabs_with_the_same_question_conflict_and_the_second_sees_both_versions() {
    each_database(|database| async move {
        let Desk { server, client, page, .. } = Desk::on(database).await;
        let (first, second) = (client.get(&page).await.form(&page), client.get(&page).await.form(&page));
        let first = first.set("Q101", &["1"]).set("Q102", &["1"]).set("Q103", &["1"]);
        assert_eq!(client.submit(&first).await.status, 303);
        let before = stored(&server).await;

        let second = second.set("Q101", &["4"]).set("Q102", &["1"]).set("Q103", &["1"]);
        let conflict = client.submit(&second).await;
        assert_eq!(conflict.status, 409);
        assert_eq!(stored(&server).await, before, "nothing was stored");
        let html = conflict.html();
        assert_eq!(html.problems(), [""; 0]);
        let text = html.main_text();
        assert!(text.contains(&*VI.t("conflict-title")));
        let item = answers::questionnaire().item("Q101").expect("Q101");
        let model::questionnaire::ItemAnswer::Ladder { levels } = &item.answer else { panic!("a ladder") };
        for (key, level) in [("conflict-theirs", 1), ("conflict-ours", 4)] {
            let version = VI.with(key, [("answer", &levels[level].vi)]);
            assert!(text.contains(&tests::html::words(&version)), "{version} in {text}");
        }
        assert!(html.form(&page).expect("the form").offers("_keep_Q101", "theirs"));
        assert!(!html.form(&page).expect("the form").offers("_keep_Q102", "theirs"), "equal answers are no conflict");

        // The page shown again holds one's own answer; sent again, it wins knowingly.
        let again = html.form(&page).expect("the form again");
        assert_eq!(again.values("Q101"), ["4"]);
        assert_eq!(client.submit(&again).await.status, 303);
        assert_eq!(shown(&client, &page, "Q101").await, ["4"]);
    })
    .await;
}

#[tokio::test]
async fn of_two_versions_each_question_keeps_the_one_that_is_chosen() {
    each_database(|database| async move {
        let Desk { server: _server, client, page, .. } = Desk::on(database).await;
        let (first, second) = (client.get(&page).await.form(&page), client.get(&page).await.form(&page));
        let first = first.set("Q101", &["1"]).set("Q102", &["1"]).set("_later", &["1"]);
        assert_eq!(client.submit(&first).await.status, 303);
        let second = second.set("Q101", &["4"]).set("Q102", &["4"]).set("Q103", &["4"]);
        let conflict = client.submit(&second).await;
        assert_eq!(conflict.status, 409);
        let form = conflict.form(&page);
        assert_eq!(form.values("_keep_Q101"), ["ours"]);
        let decided = client.submit(&form.set("_keep_Q101", &["theirs"])).await;
        assert_eq!(decided.status, 303, "{}", decided.html().main_text());
        for (question, level) in [("Q101", "1"), ("Q102", "4"), ("Q103", "4")] {
            assert_eq!(shown(&client, &page, question).await, [level], "{question}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_page_that_did_not_see_an_answer_does_not_overwrite_it_by_its_next_save() {
    let Desk { server: _server, client, page, .. } = Desk::new().await;
    let form = client.get(&page).await.form(&page);
    let (revision, was) = (form.values("_revision")[0].to_owned(), form.values("_was")[0].to_owned());
    let colleague = client.autosave(&page, &[("_revision", &revision), ("_was", &was), ("Q103", "2")]).await;
    assert_eq!(colleague.status, 200);
    let own = client.autosave(&page, &[("_revision", &revision), ("_was", &was), ("Q101", "3")]).await;
    assert_eq!(own.status, 200);
    // The page knows the revision of its own save now, but not what the colleague saved before it.
    let (revision, was) = (own.header("x-revision").to_owned(), format!("{was}&Q101=3"));
    let blind = [("_revision", &*revision), ("_was", &*was), ("Q101", "3"), ("Q103", "5")];
    let refused = client.autosave(&page, &blind).await;
    assert_eq!((refused.status.as_u16(), refused.header("x-revision")), (409, &*revision));
    assert_eq!(shown(&client, &page, "Q103").await, ["2"]);
}

#[tokio::test]
async fn a_save_repeated_after_a_lost_answer_gets_the_same_answer_whatever_was_saved_in_between() {
    each_database(|database| async move {
        let Desk { server, client, page, .. } = Desk::on(database).await;
        let form = client.get(&page).await.form(&page);
        let (revision, was) = (form.values("_revision")[0].to_owned(), form.values("_was")[0].to_owned());
        let key = "0123456789abcdef0123456789abcdef";
        let save = [("_revision", &*revision), ("_was", &*was), ("_key", key), ("Q101", "3")];
        let first = client.autosave(&page, &save).await;
        assert_eq!(first.status, 200);
        let seen = format!("{was}&Q101=3");
        let newer = [("_revision", first.header("x-revision")), ("_was", &*seen), ("Q101", "5")];
        assert_eq!(client.autosave(&page, &newer).await.status, 200);
        let before = stored(&server).await;
        let again = client.autosave(&page, &save).await;
        assert_eq!(again.status, 200);
        for header in ["x-revision", "x-saved-at"] {
            assert_eq!(again.header(header), first.header(header), "{header}");
        }
        assert_eq!(stored(&server).await, before);
        assert_eq!(client.autosave(&page, &[("_revision", &revision), ("_key", "k"), ("Q101", "3")]).await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn answers_that_will_never_be_stored_are_shown_with_the_reason_and_offered_as_a_file() {
    let Desk { server, client, page, .. } = Desk::new().await;
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]);
    server.database.execute("UPDATE campaign SET closes_at = '2020-01-01T00:00:00Z'").await;
    let closed = client.submit(&form).await;
    assert_eq!(closed.status, 409);
    let html = closed.html();
    assert_eq!(html.problems(), [""; 0]);
    let text = html.main_text();
    let item = answers::questionnaire().item("Q101").expect("Q101");
    let model::questionnaire::ItemAnswer::Ladder { levels } = &item.answer else { panic!("a ladder") };
    for said in [&*VI.t("error-campaign-closed"), &item.question.vi, &levels[3].vi] {
        assert!(text.contains(&tests::html::words(said)), "{said} in {text}");
    }
    let file = html.named("a").find(|link| link.attribute("download").is_some()).expect("a file");
    assert!(file.attribute("href").is_some_and(|href| href.starts_with("data:text/plain;charset=utf-8,1%2E1")));
    // A script passes the reason on.
    let pairs: Vec<(&str, &str)> = form.pairs.iter().map(|(name, value)| (&**name, &**value)).collect();
    let said = client.autosave(&page, &pairs).await;
    assert_eq!((said.status.as_u16(), &*said.text), (409, &*VI.t("error-campaign-closed")));
    // Somebody who may not answer at all gets back what was typed, too, and does not learn whose it is.
    server.database.execute("UPDATE account SET role = 'association'").await;
    let forbidden = client.submit(&form).await;
    assert_eq!(forbidden.status, 403);
    assert!(forbidden.html().main_text().contains(&tests::html::words(&levels[3].vi)));
    assert_eq!(client.autosave(&page, &pairs).await.text, *VI.t("error-forbidden"));
}

#[tokio::test]
async fn two_tabs_with_different_questions_are_merged() {
    let Desk { server: _server, client, page, .. } = Desk::new().await;
    let (first, second) = (client.get(&page).await.form(&page), client.get(&page).await.form(&page));
    assert_eq!(client.submit(&first.set("Q101", &["1"]).set("_later", &["1"])).await.status, 303);
    assert_eq!(client.submit(&second.set("Q102", &["2"]).set("_later", &["1"])).await.status, 303);
    assert_eq!(
        (shown(&client, &page, "Q101").await, shown(&client, &page, "Q102").await),
        (vec!["1".into()], vec!["2".into()])
    );
}

#[tokio::test]
async fn the_same_page_sent_twice_has_the_effect_of_one() {
    let Desk { server, client, page, .. } = Desk::new().await;
    let form = answers::fill(client.get(&page).await.form(&page), &case_a());
    let first = client.submit(&form).await;
    let before = stored(&server).await;
    let second = client.submit(&form).await;
    assert_eq!((first.status, first.location), (second.status, second.location));
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn a_background_save_answers_with_the_revision_to_build_on_and_the_time() {
    each_database(|database| async move {
        let Desk { server: _server, client, page, .. } = Desk::on(database).await;
        let revision = client.get(&page).await.form(&page).values("_revision")[0].to_owned();
        let saved = client.autosave(&page, &[("_revision", &revision), ("Q101", "3")]).await;
        assert_eq!((saved.status.as_u16(), saved.text.as_str()), (200, ""));
        let (was, is): (i64, i64) =
            (revision.parse().expect("a number"), saved.header("x-revision").parse().expect("a number"));
        assert_eq!(is, was + 1);
        let time = saved.header("x-saved-at");
        assert!(time.len() == 5 && time.as_bytes()[2] == b':', "{time}");
        assert_eq!(saved.header("cache-control"), "no-store");
        // The next one builds on it, although the page is older.
        let next =
            client.autosave(&page, &[("_revision", saved.header("x-revision")), ("Q101", "4"), ("Q102", "1")]).await;
        assert_eq!(next.header("x-revision"), (is + 1).to_string());
        assert_eq!(shown(&client, &page, "Q101").await, ["4"]);
    })
    .await;
}

#[tokio::test]
async fn a_background_save_of_the_same_answers_again_changes_nothing() {
    let Desk { server: _server, client, page, .. } = Desk::new().await;
    let revision = client.get(&page).await.form(&page).values("_revision")[0].to_owned();
    let form = [("_revision", revision.as_str()), ("Q101", "3")];
    let first = client.autosave(&page, &form).await;
    // The answer was lost on the way; the browser tries again.
    let second = client.autosave(&page, &form).await;
    assert_eq!((second.status, second.header("x-revision")), (first.status, first.header("x-revision")));
}

#[tokio::test]
async fn a_background_save_over_a_newer_answer_is_409_and_stores_nothing() {
    let Desk { server, client, page, .. } = Desk::new().await;
    let revision = client.get(&page).await.form(&page).values("_revision")[0].to_owned();
    assert_eq!(client.autosave(&page, &[("_revision", &revision), ("Q101", "3")]).await.status, 200);
    let before = stored(&server).await;
    let late = client.autosave(&page, &[("_revision", &revision), ("Q101", "5"), ("Q102", "5")]).await;
    assert_eq!((late.status.as_u16(), late.text.as_str()), (409, ""));
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn a_background_save_of_what_cannot_be_read_is_422_and_stores_nothing() {
    let Desk { server, client, assessment, .. } = Desk::new().await;
    let before = stored(&server).await;
    let wrong = [("profile/size", ("F01", "nhiều")), ("P1/plan", ("Q101", "6"))];
    for (place, field) in wrong {
        let page = client.autosave(&topic(&assessment, place), &[("_revision", "9"), field]).await;
        assert_eq!((page.status.as_u16(), page.text.as_str()), (422, ""), "{field:?}");
    }
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn a_background_save_after_the_session_is_401_and_stores_nothing() {
    let Desk { server, client, assessment, .. } = Desk::new().await;
    let before = stored(&server).await;
    server.database.execute("DELETE FROM session").await;
    let page = client.autosave(&topic(&assessment, "P1/plan"), &[("_revision", "9"), ("Q101", "3")]).await;
    assert_eq!((page.status.as_u16(), page.text.as_str()), (401, ""));
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn an_answer_is_emptied_by_sending_its_page_without_it() {
    let Desk { server: _server, client, assessment, .. } = Desk::new().await;
    let page = topic(&assessment, "technology/staff");
    let with = client.get(&page).await.form(&page).set("F09", &["7"]).set("F15", &["yes"]);
    assert_eq!(client.submit(&with).await.status, 303);
    let without = client.get(&page).await.form(&page).set("F09", &[""]).set("F15", &[]);
    assert_eq!(client.submit(&without).await.status, 303);
    assert_eq!((shown(&client, &page, "F09").await, shown(&client, &page, "F15").await), (vec![String::new()], vec![]));
}

#[tokio::test]
async fn numbers_are_read_as_vietnamese_people_write_them() {
    let Desk { server: _server, client, assessment, .. } = Desk::new().await;
    let page = topic(&assessment, "technology/sales");
    for (typed, shown_again) in [("12,5", "12,5"), ("0", "0"), ("100", "100"), (" 7 ", "7")] {
        let form = client.get(&page).await.form(&page).set("F11", &[typed]).set("_later", &["1"]);
        assert_eq!(client.submit(&form).await.status, 303, "{typed:?}");
        assert_eq!(shown(&client, &page, "F11").await, [shown_again], "{typed:?}");
    }
    let refused = client.submit(&client.get(&page).await.form(&page).set("F11", &["100,1"])).await;
    assert_eq!(refused.status, 422);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn background_saves_of_different_questions_at_once_all_land() {
    each_database(|database| async move {
        let Desk { server, client, assessment, .. } = Desk::on(database).await;
        let ladders: Vec<(String, &str)> = [
            ("P4/records", "Q404"),
            ("P4/records", "Q405"),
            ("P4/records", "Q406"),
            ("P5/people", "Q501"),
            ("P5/people", "Q502"),
            ("P5/tools", "Q509"),
            ("P5/tools", "Q510"),
            ("P5/tools", "Q511"),
        ]
        .map(|(place, question)| (topic(&assessment, place), question))
        .to_vec();
        let revision = server.database.number("SELECT revision FROM assessment").await.to_string();
        let mut saving = JoinSet::new();
        for (page, question) in ladders.clone() {
            let (client, revision) = (client.clone(), revision.clone());
            saving.spawn(
                async move { client.autosave(&page, &[("_revision", &revision), (question, "4")]).await.status },
            );
        }
        assert!(saving.join_all().await.iter().all(|status| *status == 200));
        for (page, question) in ladders {
            assert_eq!(shown(&client, &page, question).await, ["4"], "{question}");
        }
    })
    .await;
}
