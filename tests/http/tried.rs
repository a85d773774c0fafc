//! Trying the quick check without an account: nothing is stored, and the answers can become a draft.

use model::quick::quick;
use tests::{
    Client, Page, TestServer,
    answers::{self, case_a, fill, questionnaire, registration},
    each_database,
};

use crate::{VI, messages};

/// The form of a page of questions, and its address.
fn asked(page: &Page) -> tests::Form {
    let html = page.html();
    let form = html.by_id("topic").expect("a page of questions");
    page.form(form.attribute("action").expect("an address"))
}

/// Answers page after page like case A until the result; answers it and how many pages there were.
async fn tried(client: &Client) -> (Page, usize) {
    let mut page = client.submit(&client.get("/try").await.form("/try")).await;
    let mut pages = 0;
    while page.html().by_id("topic").is_some() {
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]), "{}", page.html().main_text());
        assert!(!page.text.contains("name=\"_revision\""), "there is nothing to save to");
        page = client.submit(&fill(asked(&page), &case_a())).await;
        pages += 1;
        assert!(pages < 60, "it does not end");
    }
    (page, pages)
}

#[tokio::test]
async fn a_visitor_answers_sees_the_result_and_carries_it_into_a_registration() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let start = client.get("/").await;
        assert!(start.text.contains("href=\"/try\""));
        let (result, pages) = tried(&client).await;
        assert!(pages > 8, "{pages} pages");
        assert_eq!(result.html().problems(), [""; 0]);
        let text = result.html().main_text();
        assert!(text.contains(&*VI.t("quick-title")) && text.contains(&*VI.t("try-yours")), "{text}");
        for table in ["enterprise", "account", "assessment", "save", "session"] {
            assert_eq!(server.database.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
        }

        let mut form = client.submit(&result.form("/try/register")).await.form("/register");
        for (name, value) in registration(1) {
            form = form.set(name, &[value.as_str()]);
        }
        let refused = client.submit(&form.clone().set("password", &["ngắn"])).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.form("/register").values("_answers"), form.values("_answers"), "the answers stay along");
        assert_eq!(client.submit(&form).await.location.as_deref(), Some("/assessments"));
        let assessment = client.get("/assessments").await.location.expect("the draft");
        let given = case_a();
        let small = quick(questionnaire());
        let expected = model::asked(&small, &given).items().count();
        let kept = server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await.pop().expect("a draft");
        let kept: serde_json::Value = serde_json::from_str(&kept).expect("JSON");
        let items = kept.as_object().expect("answers").keys().filter(|id| id.starts_with('Q')).count();
        assert_eq!(items, expected, "every core answer is there");
        answers::answer_all(&client, &assessment, &given).await;
        assert_eq!(client.submit(&answers::declared(&client, &assessment).await).await.status, 303);
    })
    .await;
}

#[tokio::test]
async fn nothing_typed_is_lost_on_the_way_forward_or_back() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let first = client.submit(&client.get("/try").await.form("/try")).await;
    let form = asked(&first);
    let wrong = client.submit(&form.clone().set("F01", &["mười hai"])).await;
    assert_eq!(wrong.status, 422);
    assert_eq!(asked(&wrong).values("F01"), ["mười hai"]);
    assert!(!messages(&wrong).is_empty());
    let second = client.submit(&fill(form, &case_a())).await;
    assert_eq!(second.status, 200);
    let back = client.submit(&asked(&second).set("_back", &["1"])).await;
    assert_eq!(asked(&back).values("F01"), ["12"], "what was answered stands there again");
    let out = client.submit(&asked(&back).set("_back", &["1"])).await;
    assert_eq!(out.location.as_deref(), Some("/try"));
    let address = asked(&first).action;
    assert_eq!(client.get(&address).await.location.as_deref(), Some("/try"), "a page without its form");
}

#[tokio::test]
async fn forged_answers_are_left_out_and_foreign_questions_refused() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let forged = client.post("/try", &[("_answers", "Q101=9&Q999=1&F01=-3&F03=<script>&%%%=%ff")]).await;
    assert_eq!((forged.status.as_u16(), forged.html().problems()), (200, vec![]));
    assert_eq!(asked(&forged).values("_answers"), [""], "nothing of it is an answer");
    let address = asked(&forged).action;
    assert_eq!(client.post(&address, &[("Q101", "3")]).await.status, 400);
    assert_eq!(client.post("/try/P9/nothing", &[]).await.status, 404);
    let large = "x".repeat(70_000);
    assert_eq!(client.post("/try", &[("_answers", &large)]).await.status, 413);
}
