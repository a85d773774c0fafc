use tests::{
    Html, TestServer,
    answers::{self, case_a},
    each_database,
    html::words,
};

use crate::id_of;

#[tokio::test(flavor = "multi_thread")]
async fn an_enterprise_registers_answers_submits_and_reads_that_it_is_at_level_2_with_41_5_points() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let mut form = client.get("/register").await.form("/register");
        for (field, value) in answers::registration(1) {
            form = form.set(field, &[value.as_str()]);
        }
        let registered = client.submit(&form).await;
        assert_eq!((registered.status.as_u16(), registered.location.as_deref()), (303, Some("/assessments")));

        let assessment = client.get("/assessments").await.location.expect("the task list");
        let tasks = client.get(&assessment).await.html();
        let head = tasks.main_text();
        assert!(head.contains("Công ty TNHH Đức Điện 1") && head.contains(&answers::tax_code(1)), "{head}");

        let visited = answers::answer_all(&client, &assessment, &case_a()).await;
        assert_eq!(visited.len(), 15, "every page of the profile and the pillars once: {visited:#?}");
        let tasks = client.get(&assessment).await.html();
        assert!(tasks.named("a").any(|link| link.attribute("href") == Some(&format!("{assessment}/check"))));

        let sent = client.submit(&answers::declared(&client, &assessment).await).await;
        let receipt_address = format!("{assessment}/receipt");
        assert_eq!((sent.status.as_u16(), sent.location.as_deref()), (303, Some(receipt_address.as_str())));
        let receipt = client.get(&receipt_address).await.html();
        let number = receipt.with_class("c-receipt__no").next().expect("a receipt").text.clone();
        assert!(number.starts_with("TS-") && number.len() == 12, "{number}");

        let result_address = format!("{assessment}/result");
        assert_result(&client.get(&result_address).await.html(), "vi", "41,5", "Mức 2, trên thang từ 0 đến 5");
        client.speak("en").await;
        assert_result(&client.get(&result_address).await.html(), "en", "41.5", "Level 2 on a scale from 0 to 5");

        let id = id_of(&assessment).parse().expect("an id");
        let events = server.app.store().events("assessment", id).await.expect("events");
        assert_eq!(events, ["assessment_started", "assessment_submitted"]);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

/// The result of case A of the instrument in one language.
fn assert_result(result: &Html, lang: &str, overall: &str, level: &str) {
    assert_eq!(result.lang(), Some(lang));
    assert_eq!(result.problems(), [""; 0]);
    let verdict = words(&result.with_class("c-verdict").next().expect("a verdict").text);
    assert!(verdict.contains(overall), "{verdict}");
    assert!(verdict.contains(level), "{verdict}");
    let point = if lang == "vi" { "," } else { "." };
    let table = words(&result.named("table").next().expect("a table").text);
    for score in ["32.0", "55.0", "47.5", "35.0", "38.2"] {
        assert!(table.contains(&score.replace('.', point)), "{score} in {table}");
    }
}

#[tokio::test]
async fn the_pages_ask_exactly_the_36_items_of_case_a() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let visited = answers::answer_all(&client, &assessment, &case_a()).await;
    let mut asked = std::collections::BTreeSet::new();
    for address in visited {
        let offered = client.get(&address).await.form(&address).offered;
        asked.extend(offered.into_iter().map(|(name, _)| name).filter(|name| name.starts_with('Q')));
    }
    let answered: Vec<String> = case_a().iter().map(|(id, _)| id.to_owned()).filter(|id| id.starts_with('Q')).collect();
    assert_eq!(asked.into_iter().collect::<Vec<_>>(), answered);
    assert_eq!(answered.len(), 36);
}

#[tokio::test]
async fn what_was_answered_is_shown_again_on_its_page_and_on_the_check_page() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    for address in answers::answer_all(&client, &assessment, &case_a()).await {
        let form = client.get(&address).await.form(&address);
        assert_eq!(answers::fill(form.clone(), &case_a()).pairs, form.pairs, "{address}");
    }
    let check = client.get(&format!("{assessment}/check")).await.html();
    assert_eq!(check.problems(), [""; 0]);
    assert_eq!(check.with_class("c-check__none").count(), check.text().matches(&*crate::VI.t("not-given")).count());
    let statement = &answers::questionnaire().item("Q302").expect("Q302").answer;
    let model::questionnaire::ItemAnswer::Ladder { levels } = statement else { panic!("a ladder") };
    assert!(check.main_text().contains(&levels[2].vi), "the chosen statement is quoted");
}

#[tokio::test]
async fn somebody_without_an_assessment_begins_it_by_the_button_and_twice_finds_the_same() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    server.database.execute("DELETE FROM assessment").await;
    let page = client.get("/assessments").await;
    assert_eq!(page.status, 200, "the page with the button");
    let form = page.form("/assessments");
    let first = client.submit(&form).await.location.expect("the task list");
    let second = client.submit(&form).await.location.expect("the task list");
    assert_eq!(first, second);
    assert_ne!(first, assessment);
    assert_eq!(client.get(&assessment).await.status, 404, "the deleted one");
    assert_eq!(client.get(&first).await.status, 200);
}

#[tokio::test]
async fn a_second_enterprise_changes_nothing_for_the_first() {
    let server = TestServer::sqlite().await;
    let (one, two) = (server.client(), server.client());
    let first = answers::submitted(&one, 1).await;
    let second = answers::submitted(&two, 2).await;
    let receipt = async |client: &tests::Client, assessment: &str| {
        let html = client.get(&format!("{assessment}/receipt")).await.html();
        html.with_class("c-receipt__no").next().expect("a receipt").text.clone()
    };
    assert_ne!(receipt(&one, &first).await, receipt(&two, &second).await);
    assert!(one.get(&format!("{first}/result")).await.text.contains("Đức Điện 1"));
    assert!(two.get(&format!("{second}/result")).await.text.contains("Đức Điện 2"));
}
