//! Answers of the last assessment: shown in the fields question by question, stored only when they are confirmed.

use tests::{Client, Database, Html, TestServer, answers, answers::case_a, each_database, html::words};

use crate::{VI, shown, topic};

/// Somebody who has sent once and begins the next assessment; the address of its page about the plan.
async fn again(database: Database) -> (TestServer, Client, String) {
    let server = TestServer::start(database, &[]).await;
    let client = server.client();
    answers::submitted(&client, 1).await;
    server.next_campaign().await;
    let next = client.post("/assessments", &[]).await.location.expect("the new assessment");
    (server, client, topic(&next, "P1/plan"))
}

/// Which questions say that their answer is the last one's.
fn marked(page: &Html) -> Vec<String> {
    let marks = page.with_class("c-last__mark");
    let mark = |mark: &tests::html::Element| {
        assert_eq!(words(&mark.text), *VI.t("prefill-mark"));
        mark.attribute("id").and_then(|id| id.strip_suffix("-last")).expect("a question").to_owned()
    };
    marks.map(mark).collect()
}

#[tokio::test]
async fn every_answer_of_last_time_is_marked_until_it_is_saved() {
    each_database(|database| async {
        let (server, client, page) = again(database).await;
        let html = client.get(&page).await.html();
        assert_eq!(html.problems(), [""; 0]);
        assert_eq!(marked(&html), ["Q101", "Q102", "Q103"]);
        assert_eq!(shown(&client, &page, "Q101").await, ["1"]);
        // A background save brings the one answer that was changed; the others still wait.
        let form = client.get(&page).await.form(&page);
        let seen = "Q102=2&Q103=1";
        let changed =
            [("_revision", form.values("_revision")[0]), ("_was", seen), ("Q101", "4"), ("Q102", "2"), ("Q103", "1")];
        assert_eq!(client.autosave(&page, &changed).await.status, 200);
        let html = client.get(&page).await.html();
        assert_eq!(marked(&html), ["Q102", "Q103"]);
        assert_eq!(shown(&client, &page, "Q101").await, ["4"]);
        let stored = "SELECT count(*) FROM assessment WHERE CAST(answers AS TEXT) LIKE '%Q102%'";
        assert_eq!(server.database.number(stored).await, 1, "only that of the first campaign");
        // The button confirms what stands there.
        assert_eq!(client.submit(&client.get(&page).await.form(&page)).await.status, 303);
        assert_eq!(server.database.number(stored).await, 2);
        assert_eq!(marked(&client.get(&page).await.html()), [""; 0]);
        for (question, level) in [("Q101", "4"), ("Q102", "2"), ("Q103", "1")] {
            assert_eq!(shown(&client, &page, question).await, [level], "{question}");
        }
    })
    .await;
}

#[tokio::test]
async fn an_answer_that_was_emptied_does_not_come_back() {
    let (server, client, page) = again(Database::sqlite()).await;
    let page = page.replace("P1/plan", "technology/staff");
    let earlier = "UPDATE submission SET answers = json_set(answers, '$.F09', 7)";
    assert_eq!(server.database.execute(earlier).await, 1);
    answers::answer_section(&client, page.split("/sections").next().expect("an address"), "profile", &case_a()).await;
    assert_eq!(shown(&client, &page, "F09").await, ["7"]);
    for value in ["8", ""] {
        let form = client.get(&page).await.form(&page).set("F09", &[value]);
        assert_eq!(client.submit(&form).await.status, 303);
    }
    assert_eq!(shown(&client, &page, "F09").await, [""]);
    assert_eq!(marked(&client.get(&page).await.html()), [""; 0]);
}

#[tokio::test]
async fn two_tabs_that_confirm_different_answers_meet_in_a_choice() {
    let (_server, client, page) = again(Database::sqlite()).await;
    let (first, second) = (client.get(&page).await.form(&page), client.get(&page).await.form(&page));
    assert_eq!(client.submit(&first.set("Q101", &["5"])).await.status, 303);
    assert_eq!(client.submit(&second).await.status, 409, "the second confirms the answer of last time");
    assert_eq!(shown(&client, &page, "Q101").await, ["5"]);
}
