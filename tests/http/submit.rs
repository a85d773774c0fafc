use std::collections::BTreeSet;

use tests::{
    Client, TestServer,
    answers::{self, case_a},
    each_database,
};
use tokio::task::JoinSet;

use crate::{EN, VI, assert_error, id_of, topic};

async fn receipt(client: &Client, assessment: &str) -> String {
    let html = client.get(&format!("{assessment}/receipt")).await.html();
    html.with_class("c-receipt__no").next().expect("a receipt").text.clone()
}

async fn ready(client: &Client, n: usize) -> String {
    let assessment = answers::register(client, n).await;
    answers::answer_all(client, &assessment, &case_a()).await;
    assessment
}

#[tokio::test(flavor = "multi_thread")]
async fn the_same_form_sent_twice_leads_to_one_receipt_and_one_submission() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = ready(&client, 1).await;
        let form = answers::declared(&client, &assessment).await;
        let first = client.submit(&form).await;
        let number = receipt(&client, &assessment).await;
        let second = client.submit(&form).await;
        assert_eq!((first.status, &first.location), (second.status, &second.location));
        assert_eq!(receipt(&client, &assessment).await, number);
        assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 1);
        let sent = "SELECT count(*) FROM audit WHERE action = 'assessment_submitted'";
        assert_eq!(server.database.number(sent).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_form_sent_eight_times_at_once_leads_to_one_receipt_and_one_submission() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = ready(&client, 1).await;
        let form = answers::declared(&client, &assessment).await;
        let mut sending = JoinSet::new();
        for _ in 0..8 {
            let (client, form) = (client.clone(), form.clone());
            sending.spawn(async move { client.submit(&form).await });
        }
        let answers = sending.join_all().await;
        let ends: BTreeSet<_> = answers.iter().map(|page| (page.status.as_u16(), page.location.clone())).collect();
        assert_eq!(ends, BTreeSet::from([(303, Some(format!("{assessment}/receipt")))]), "{answers:#?}");
        assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 1);
        let sent = "SELECT count(*) FROM audit WHERE action = 'assessment_submitted'";
        assert_eq!(server.database.number(sent).await, 1);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sent_while_a_question_is_open() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = ready(&client, 1).await;
    let form = answers::declared(&client, &assessment).await;
    let page = topic(&assessment, "P5/tools");
    let emptied = client.get(&page).await.form(&page).set("Q511", &[]).set("_later", &["1"]);
    assert_eq!(client.submit(&emptied).await.status, 303);
    let check = client.get(&format!("{assessment}/check")).await.html();
    assert!(check.form(&form.action).is_none(), "no button while something is open");
    let link = format!("{page}#Q511");
    assert!(check.named("a").any(|a| a.attribute("href") == Some(link.as_str())), "a link to the open question");
    let revision = server.database.number("SELECT revision FROM assessment").await.to_string();
    let refused = client.submit(&form.set("_revision", &[&revision])).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.html().problems(), [""; 0]);
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn nothing_is_sent_without_the_declaration() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = ready(&client, 1).await;
    let form = answers::declared(&client, &assessment).await.set("declare", &[]);
    for (lang, tr) in [("vi", VI), ("en", EN)] {
        client.speak(lang).await;
        let refused = client.submit(&form).await;
        assert_eq!(refused.status, 422);
        let html = refused.html();
        assert_eq!(html.problems(), [""; 0]);
        let message = tr.t("declare-missing").into_owned();
        assert_eq!(html.summary(), [("declare".to_owned(), message.clone())]);
        assert_eq!(html.error_of("declare"), Some(message));
    }
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 0);
}

#[tokio::test]
async fn answers_changed_after_the_check_page_was_opened_are_not_sent_unseen() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = ready(&client, 1).await;
    let form = answers::declared(&client, &assessment).await;
    let page = topic(&assessment, "P5/tools");
    assert_eq!(client.submit(&client.get(&page).await.form(&page).set("Q511", &["5"])).await.status, 303);
    let refused = client.submit(&form).await;
    assert_eq!(refused.status, 409);
    let html = refused.html();
    assert!(html.main_text().contains(&*VI.t("changed-title")));
    assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 0);
    let again = html.form(&form.action).expect("the form again").set("declare", &["yes"]);
    assert_eq!(client.submit(&again).await.status, 303, "the page shown again can be sent");
}

#[tokio::test]
async fn a_submitted_assessment_refuses_saves_and_keeps_its_answers() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = ready(&client, 1).await;
    let page = topic(&assessment, "P5/tools");
    let late = client.get(&page).await.form(&page).set("Q511", &["5"]);
    let before = server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await;
    assert_eq!(client.submit(&answers::declared(&client, &assessment).await).await.status, 303);
    assert_error(&client.submit(&late).await, 409, VI, "error-already-submitted-title");
    let pairs: Vec<(&str, &str)> = late.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(client.autosave(&page, &pairs).await.status, 409);
    assert_eq!(server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await, before);
    // The pages of the draft lead to the result.
    for address in [assessment.clone(), format!("{assessment}/check"), page] {
        let result = format!("{assessment}/result");
        assert_eq!(client.get(&address).await.location.as_deref(), Some(result.as_str()), "{address}");
    }
}

#[tokio::test]
async fn before_sending_receipt_and_result_lead_to_the_task_list() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    for page in ["receipt", "result"] {
        let location = client.get(&format!("{assessment}/{page}")).await.location;
        assert_eq!(location.as_deref(), Some(assessment.as_str()));
    }
    let id = id_of(&assessment).parse().expect("an id");
    assert_eq!(server.app.store().events("assessment", id).await.expect("events"), ["assessment_started"]);
}
