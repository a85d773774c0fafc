use model::{
    answer::{Answer, Answers},
    questionnaire::{Item, ItemAnswer},
};
use tests::{Client, Page, TestServer, answers};

use crate::topic;

/// Where an interface text was not found or not filled in.
fn leaks(page: &Page) -> Vec<String> {
    let html = page.html();
    let mut texts = vec![html.text()];
    texts.extend(html.elements.iter().flat_map(|element| element.attributes.iter()).map(|(_, value)| value.clone()));
    let mut leaks: Vec<String> =
        texts.iter().filter(|text| text.contains("{ $") || text.contains("{$")).cloned().collect();
    leaks.extend(
        html.text().split([' ', '“', '”', '.', ',', ':', '(', ')']).filter(|word| is_key(word)).map(ToOwned::to_owned),
    );
    leaks
}

/// Whether a word looks like the name of an interface text, such as `start-title`.
fn is_key(word: &str) -> bool {
    let keys = include_str!("../../app/locales/vi.ftl").lines().filter_map(|line| line.split_once(" = "));
    word.contains('-') && keys.into_iter().any(|(key, _)| key == word)
}

/// Opens pages in both languages and asserts that each is whole.
async fn assert_healthy(client: &Client, paths: &[&str], status: u16) {
    for lang in ["vi", "en"] {
        client.speak(lang).await;
        for path in paths {
            let page = client.get(path).await;
            assert_eq!(page.status, status, "{path}");
            assert_whole(&page, lang, path);
        }
    }
}

#[track_caller]
fn assert_whole(page: &Page, lang: &str, path: &str) {
    let html = page.html();
    assert_eq!(html.lang(), Some(lang), "{path}");
    assert_eq!(html.problems(), [""; 0], "{path} in {lang}");
    assert_eq!(leaks(page), [""; 0], "{path} in {lang}");
    assert!(page.header("content-type").starts_with("text/html; charset=utf-8"), "{path}");
}

#[test]
fn a_missing_text_would_be_found() {
    assert!(is_key("start-title") && is_key("error-not-found-title"));
    assert!(!is_key("e-mail") && !is_key("start") && !is_key("Self-assessment"));
}

#[tokio::test]
async fn pages_without_an_account_are_whole_in_both_languages() {
    let server = TestServer::sqlite().await;
    let paths = ["/", "/method", "/privacy", "/accessibility", "/register", "/sign-in", "/sign-in?to=%2Fhome"];
    assert_healthy(&server.client(), &paths, 200).await;
    assert_healthy(&server.client(), &["/nothing"], 404).await;
}

#[tokio::test]
async fn pages_of_an_enterprise_are_whole_in_both_languages_before_during_and_after() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let (check, receipt) = (format!("{assessment}/check"), format!("{assessment}/receipt"));
    let result = format!("{assessment}/result");
    assert_healthy(&client, &[&assessment, &check, "/account", "/account?changed"], 200).await;
    let all = answers::questionnaire().sections.iter().flat_map(|s| s.topics.iter().map(move |t| (&s.id, &t.id)));
    let topics: Vec<String> = all.map(|(section, name)| topic(&assessment, &format!("{section}/{name}"))).collect();
    let topics: Vec<&str> = topics.iter().map(String::as_str).collect();
    assert_healthy(&client, &topics, 200).await;
    answers::answer_all(&client, &assessment, &answers::case_a()).await;
    assert_healthy(&client, &topics, 200).await;
    assert_healthy(&client, &[&assessment, &check], 200).await;
    assert_eq!(client.submit(&answers::declared(&client, &assessment).await).await.status, 303);
    assert_healthy(&client, &[&receipt, &result, "/"], 200).await;
}

#[tokio::test]
async fn pages_of_the_province_and_of_associations_are_whole_in_both_languages() {
    let server = TestServer::sqlite().await;
    server.add_account(model::role::Role::Administrator, "quan-tri@example.vn").await;
    server.add_account(model::role::Role::Association, "hoi@example.vn").await;
    let (administrator, association) = (server.client(), server.client());
    administrator.sign_in("quan-tri@example.vn").await;
    association.sign_in("hoi@example.vn").await;
    assert_healthy(&administrator, &["/province", "/account"], 200).await;
    assert_healthy(&association, &["/association", "/association/members", "/account"], 200).await;
    assert_healthy(&association, &["/province", "/assessments"], 403).await;
}

#[tokio::test]
async fn refused_forms_are_whole_in_both_languages() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let page = topic(&assessment, "profile/size");
    for lang in ["vi", "en"] {
        client.speak(lang).await;
        let wrong = client.post(&page, &[("_revision", "0"), ("F01", "nhiều"), ("F02", "47")]).await;
        assert_eq!(wrong.status, 422);
        assert_whole(&wrong, lang, &page);
        let refused = server.client();
        refused.speak(lang).await;
        assert_whole(&refused.post("/register", &[("name", "\"><script>alert(1)</script>")]).await, lang, "/register");
        assert_whole(&refused.post("/sign-in", &[("name", "x"), ("password", "y")]).await, lang, "/sign-in");
    }
}

#[tokio::test]
async fn the_levels_of_an_enterprise_with_nothing_and_with_everything_have_whole_results() {
    let server = TestServer::sqlite().await;
    for (n, level) in [(1, "0"), (2, "5")] {
        let client = server.client();
        let assessment = answers::register(&client, n).await;
        answers::answer_section(&client, &assessment, "profile", &answers::case_a()).await;
        for pillar in ["P1", "P2", "P3", "P4", "P5"] {
            answers::answer_section(&client, &assessment, pillar, &extreme(level)).await;
        }
        assert_eq!(client.submit(&answers::declared(&client, &assessment).await).await.status, 303);
        let result = format!("{assessment}/result");
        assert_healthy(&client, &[&result], 200).await;
        let html = client.get(&result).await.html();
        assert_eq!(html.with_class("c-verdict__digit").next().expect("a digit").text, level);
    }
}

/// All ladders on one level; all ticks for 5, none for 0. Case A is shown every line of both checklists.
fn extreme(level: &str) -> Answers {
    let answer = |item: &Item| match &item.answer {
        ItemAnswer::Ladder { .. } => Answer::Whole(level.parse().expect("a level")),
        ItemAnswer::Checklist { .. } if level == "0" => Answer::Many([].into()),
        ItemAnswer::Checklist { options, .. } => Answer::Many(options.iter().map(|option| option.id.clone()).collect()),
    };
    answers::questionnaire().items.iter().map(|item| (item.id.clone(), answer(item))).collect()
}
