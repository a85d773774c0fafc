use tests::{Client, Page, TestServer, answers, answers::case_a, each_database};

use crate::VI;

async fn decide(client: &Client, item: &str, fields: &[(&str, &str)]) -> Page {
    let named: Vec<(String, &str)> = fields.iter().map(|(name, value)| (format!("{name}-{item}"), *value)).collect();
    let mut form: Vec<(&str, &str)> = named.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    form.push(("item", item));
    client.post("/actions", &form).await
}

#[tokio::test]
async fn an_action_is_taken_on_with_a_person_and_a_day_and_shows_on_both_pages() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = answers::submitted(&client, 1).await;
        let page = client.get("/actions").await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));
        let fields = [("decision", "accepted"), ("person", "Chị Hoa"), ("due", "2099-03-31")];
        let saved = decide(&client, "Q506", &fields).await;
        assert_eq!(saved.location.as_deref(), Some("/actions?saved=Q506#action-Q506"));
        let line = VI.with("decided-accepted", [("person", "Chị Hoa"), ("day", "31/03/2099")]);
        for address in ["/actions".to_owned(), format!("{assessment}/result")] {
            let html = client.get(&address).await.html();
            assert_eq!(html.problems(), [""; 0], "{address}");
            assert!(html.main_text().contains(&line), "{address}");
        }
    })
    .await;
}

#[tokio::test]
async fn what_a_decision_needs_is_asked_for_and_nothing_typed_is_lost() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::submitted(&client, 1).await;
    let table = [
        (vec![("person", "An")], vec!["decision-Q506"]),
        (vec![("decision", "accepted")], vec!["person-Q506", "due-Q506"]),
        (vec![("decision", "accepted"), ("person", "An"), ("due", "2020-01-01")], vec!["due-Q506"]),
        (vec![("decision", "accepted"), ("person", "An"), ("due", "31/02/2099")], vec!["due-Q506"]),
        (vec![("decision", "postponed")], vec!["reason-Q506"]),
    ];
    for (fields, wrong) in table {
        let page = decide(&client, "Q506", &fields).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (422, vec![]), "{fields:?}");
        let summary: Vec<String> = page.html().summary().into_iter().map(|(field, _)| field).collect();
        assert_eq!(summary, wrong, "{fields:?}");
        let html = page.html();
        let kept = |name: &str| html.by_id(&format!("{name}-Q506")).and_then(|field| field.attribute("value"));
        for (name, value) in fields.iter().filter(|(name, _)| *name != "decision") {
            assert_eq!(kept(name), Some(*value));
        }
    }
    assert_eq!(server.database.number("SELECT count(*) FROM action").await, 0);
    assert_eq!(decide(&client, "F01", &[("decision", "done")]).await.status, 400, "a fact has no action");
    assert_eq!(decide(&client, "Q506", &[("decision", "postponed"), ("reason", "Chưa có tiền")]).await.status, 303);
    assert_eq!(decide(&client, "Q506", &[("decision", "done")]).await.status, 303);
    assert_eq!(server.database.texts("SELECT state FROM action").await, ["done"]);
}

#[tokio::test]
async fn before_a_result_there_is_nothing_to_decide() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    answers::register(&client, 1).await;
    let page = client.get("/actions").await;
    assert!(page.html().main_text().contains(&*VI.t("actions-none")));
    assert_eq!(decide(&client, "Q506", &[("decision", "done")]).await.status, 404);
    assert!(client.get("/history").await.html().main_text().contains(&*VI.t("history-none")));
}

#[tokio::test]
async fn actions_come_back_with_the_next_assessment_which_is_compared_with_the_last() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let first = answers::submitted(&client, 1).await;
    let fields = [("decision", "accepted"), ("person", "Chị Hoa"), ("due", "2099-03-31")];
    decide(&client, "Q506", &fields).await;
    assert!(client.get("/history").await.html().main_text().contains(&*VI.t("history-one")));
    server.next_campaign().await;
    let second = client.post("/assessments", &[]).await.location.expect("the new assessment");
    assert_ne!(first, second);
    let tasks = client.get(&second).await.html().main_text();
    assert!(tasks.contains(&VI.with("tasks-accepted", [("count", "1")])), "{tasks}");
    // Last time's answers stand in the fields, to be confirmed.
    let page = format!("{second}/sections/P5/security");
    answers::answer_section(&client, &second, "profile", &case_a()).await;
    let form = client.get(&page).await;
    assert!(form.html().main_text().contains(&*VI.t("prefill-title")));
    assert_eq!(form.form(&page).values("Q506"), ["1"]);
    assert_eq!(server.database.number("SELECT count(*) FROM assessment WHERE answers LIKE '%Q506%'").await, 1);

    let mut better = case_a();
    better.insert("Q506", model::answer::Answer::Whole(3));
    better.insert("Q101", model::answer::Answer::Whole(0));
    for section in ["P1", "P2", "P3", "P4", "P5"] {
        answers::answer_section(&client, &second, section, &better).await;
    }
    let sent = client.submit(&answers::declared(&client, &second).await).await;
    assert_eq!(sent.status, 303);
    let result = client.get(&format!("{second}/result")).await.html();
    assert_eq!(result.problems(), [""; 0]);
    let item = answers::questionnaire().item("Q506").expect("the item about backups");
    let model::questionnaire::ItemAnswer::Ladder { levels } = &item.answer else { panic!("it is a ladder") };
    let [from, to] = [1, 3].map(|level: usize| levels[level].get(model::text::Lang::Vi));
    let row = [("title", item.title.get(model::text::Lang::Vi)), ("number", "5.6"), ("from", from), ("to", to)];
    let moved = VI.with("moved-ladder", row);
    assert!(result.main_text().contains(&moved), "{}", result.main_text());
    let history = client.get("/history").await.html();
    assert_eq!(history.problems(), [""; 0]);
    let text = history.main_text();
    assert!(text.contains("+2") && text.contains("−1"), "{text}");
    assert!(text.contains(&*VI.t("history-moves")) && !text.contains(&*VI.t("history-profile")), "{text}");
    // Either one of the pair can be chosen; an id of somebody else changes nothing.
    let other = client.get("/history?before=00000000-0000-0000-0000-000000000000&after=nonsense").await;
    assert_eq!(other.html().main_text(), text);
}
