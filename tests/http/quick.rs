use model::{answer::Answers, quick::outlook};
use tests::{
    Client, TestServer, answers,
    answers::{case_a, questionnaire},
    each_database,
};

use crate::{VI, id_of, topic};

/// Makes the assessment a quick check by the button of its task list.
async fn make_quick(client: &Client, assessment: &str) {
    let address = format!("{assessment}/kind");
    let form = client.get(assessment).await.form(&address).set("kind", &["quick"]);
    assert_eq!(client.submit(&form).await.location.as_deref(), Some(assessment));
}

/// Answers the profile and the core items, as the pages lead on.
async fn answer_core(client: &Client, assessment: &str) -> Vec<String> {
    answers::answer_all(client, assessment, &case_a()).await
}

fn core_of_case_a() -> Answers {
    let is_kept = |id: &str| questionnaire().item(id).is_none_or(|item| item.core);
    case_a().into_iter().filter(|(id, _)| is_kept(id)).collect()
}

#[tokio::test]
async fn a_quick_check_asks_only_core_items_and_says_what_is_certain() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = answers::register(&client, 1).await;
        make_quick(&client, &assessment).await;
        let tasks = client.get(&assessment).await;
        assert_eq!(tasks.html().problems(), [""; 0]);
        assert!(!tasks.text.contains("/sections/technology"), "nothing of it is asked");
        answer_core(&client, &assessment).await;
        let page = client.get(&format!("{assessment}/quick")).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));
        let text = page.html().main_text();
        let outlook = outlook(questionnaire(), &core_of_case_a()).expect("all core items are answered");
        let items = outlook.core_items.to_string();
        assert!(text.contains(&VI.with("quick-lead", [("items", &items)])), "{text}");
        let (low, high) = (outlook.levels.0.to_string(), outlook.levels.1.to_string());
        assert!(text.contains(&VI.with("quick-levels", [("low", &low), ("high", &high)])), "{text}");
        let points = |ratio: model::Ratio| model::format::score(model::text::Lang::Vi, ratio);
        let (from, to) = (points(outlook.range.0), points(outlook.range.1));
        assert!(text.contains(&VI.with("quick-range-value", [("low", &from), ("high", &to)])), "{text}");
        assert!(text.contains(&points(outlook.core)), "{text}");
    })
    .await;
}

#[tokio::test]
async fn a_quick_check_is_never_sent_and_not_counted_as_sent() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    make_quick(&client, &assessment).await;
    answer_core(&client, &assessment).await;
    let check = format!("{assessment}/check");
    assert_eq!(client.get(&check).await.location, Some(format!("{assessment}/quick")));
    let revision = server.database.number("SELECT revision FROM assessment").await.to_string();
    let sent = client.post(&check, &[("_revision", &revision), ("declare", "yes")]).await;
    assert_eq!(sent.status, 400);
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 0);
    assert_eq!(server.app.store().check().await.expect("the check runs"), [""; 0]);
}

#[tokio::test]
async fn extending_it_asks_only_what_is_still_open_and_nothing_twice() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    make_quick(&client, &assessment).await;
    answer_core(&client, &assessment).await;
    let address = format!("{assessment}/kind");
    let form = client.get(&format!("{assessment}/quick")).await.form(&address).set("kind", &["full"]);
    assert_eq!(client.submit(&form).await.location.as_deref(), Some(assessment.as_str()));
    // The core answers stand in their fields; only the others are missing.
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page);
    assert_eq!((form.values("Q101"), form.values("Q103").len()), (vec!["1"], 0));
    assert!(form.offers("Q103", "2"));
    answers::answer_all(&client, &assessment, &case_a()).await;
    let sent = client.submit(&answers::declared(&client, &assessment).await).await;
    assert_eq!(sent.location, Some(format!("{assessment}/receipt")));
    assert_eq!(client.get(&format!("{assessment}/quick")).await.location.as_deref(), Some(assessment.as_str()));
    assert_eq!(client.post(&address, &[("kind", "quick")]).await.status, 409, "what is sent stays full");
    let id = id_of(&assessment).parse().expect("an id");
    let events = server.app.store().events("assessment", id).await.expect("events");
    let kinds = events.iter().filter(|event| *event == "assessment_kind_chosen").count();
    assert_eq!(kinds, 2, "{events:?}");
}

#[tokio::test]
async fn before_the_core_is_answered_there_is_no_quick_result() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    make_quick(&client, &assessment).await;
    assert_eq!(client.get(&format!("{assessment}/quick")).await.location.as_deref(), Some(assessment.as_str()));
    assert_eq!(client.post(&format!("{assessment}/kind"), &[("kind", "half")]).await.status, 400);
}
