use reqwest::StatusCode;
use tests::{
    TestServer,
    answers::{self, PASSWORD, case_a, email},
};

use crate::{EN, VI, assert_error, profiled, shown, stored, topic};

#[tokio::test]
async fn wrong_numbers_are_said_beside_the_field_with_what_was_typed_and_nothing_is_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let page = topic(&assessment, "profile/size");
    let question = format!("“{}”", answers::questionnaire().fact("F01").expect("F01").text.vi);
    let whole = VI.with("not-whole", [("question", &question)]);
    let range = VI.with("out-of-range", [("question", &question), ("min", "1"), ("max", "500.000")]);
    let cases =
        [("mười hai", &whole), ("12,5", &whole), ("0", &range), ("-3", &range), ("99999999999999999999", &range)];
    for (typed, message) in cases {
        let form = client.get(&page).await.form(&page).set("F01", &[typed]).set("F02", &["47"]);
        let refused = client.submit(&form).await;
        assert_eq!(refused.status, 422, "{typed}");
        let html = refused.html();
        assert_eq!(html.problems(), [""; 0]);
        assert_eq!(html.summary(), [("F01".to_owned(), message.clone())], "{typed}");
        assert_eq!(html.error_of("F01").as_ref(), Some(message), "{typed}");
        let kept = html.form(&page).expect("the form again");
        assert_eq!((kept.values("F01"), kept.values("F02")), (vec![typed], vec!["47"]));
    }
    assert_eq!(stored(&server).await.0, 0);
}

#[tokio::test]
async fn choices_that_do_not_exist_are_refused_and_nothing_is_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let before = stored(&server).await;
    let cases: [(&str, &str, &[&str]); 9] = [
        ("P1/plan", "Q101", &["6"]),
        ("P1/plan", "Q101", &["-1"]),
        ("P1/plan", "Q101", &["2.5"]),
        ("P1/plan", "Q101", &["high"]),
        ("P1/plan", "Q101", &["1", "2"]),
        ("P1/offers", "Q104", &["z"]),
        ("P1/offers", "Q104", &["a", "none"]),
        ("profile/customers", "F03", &["everybody"]),
        ("profile/conditions", "F05", &["maybe"]),
    ];
    for tr in [VI, EN] {
        client.speak(tr.lang.code()).await;
        for (place, question, values) in cases {
            let page = topic(&assessment, place);
            let form = client.get(&page).await.form(&page).set(question, values);
            let refused = client.submit(&form).await;
            assert_eq!(refused.status, 422, "{question} {values:?}");
            let html = refused.html();
            let fields: Vec<String> = html.summary().into_iter().map(|(field, _)| field).collect();
            assert_eq!(fields, [question], "{values:?}");
            assert!(html.error_of(question).is_some());
            assert_eq!(html.problems(), [""; 0]);
        }
    }
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn one_wrong_answer_keeps_the_right_ones_of_the_page_from_being_half_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let before = stored(&server).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set("Q102", &["9"]).set("Q103", &["4"]);
    let kept = client.submit(&form).await.form(&page);
    assert_eq!((kept.values("Q101"), kept.values("Q103")), (vec!["3"], vec!["4"]), "typed values stay");
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn answers_to_questions_that_are_not_asked_are_refused_as_a_whole() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let before = stored(&server).await;
    let page = topic(&assessment, "P1/plan");
    // Of another page, not asked of this enterprise, of nothing, a guess at a column.
    for foreign in ["Q501", "Q106", "Q999", "state", "Q101[]"] {
        let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set(foreign, &["3"]);
        assert_error(&client.submit(&form).await, 400, VI, "error-bad-request-title");
    }
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn a_page_without_its_revision_is_refused() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let before = stored(&server).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]);
    for revision in [&[][..], &[""], &["x"], &["99999999999999999999"]] {
        let page = client.submit(&form.clone().set("_revision", revision)).await;
        assert_error(&page, 400, VI, "error-bad-request-title");
    }
    assert_eq!(stored(&server).await, before);
}

#[tokio::test]
async fn unknown_sections_and_topics_are_not_found() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    for place in ["P9/plan", "P1/nothing", "P2/plan", "P1/plan/x", "%00/plan"] {
        let page = client.get(&topic(&assessment, place)).await;
        assert_eq!(page.status, 404, "{place}");
    }
    assert_eq!(client.get(&topic(&assessment, "P9")).await.status, 404);
    let sent = client.post(&topic(&assessment, "P1/nothing"), &[("_revision", "1")]).await;
    assert_eq!(sent.status, 404);
}

#[tokio::test]
async fn a_question_left_open_is_pointed_out_while_the_others_are_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set("Q102", &["2"]);
    let answer = client.submit(&form).await;
    assert_eq!(answer.status, 422);
    let html = answer.html();
    let message = VI.with("missing-ladder", [("question", &VI.with("item-name", [("number", "1.3")]))]);
    assert_eq!(html.summary(), [("Q103".to_owned(), message.clone())]);
    assert_eq!(html.error_of("Q103"), Some(message));
    assert_eq!(
        (shown(&client, &page, "Q101").await, shown(&client, &page, "Q102").await),
        (vec!["3".into()], vec!["2".into()])
    );
    // From the page shown again one goes on.
    let next = client.submit(&html.form(&page).expect("the form again").set("Q103", &["1"])).await;
    assert_eq!((next.status.as_u16(), next.location), (303, Some(topic(&assessment, "P1/offers"))));
}

#[tokio::test]
async fn saving_for_later_stores_a_half_filled_page_and_leads_to_the_task_list() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set("_later", &["1"]);
    let saved = client.submit(&form).await;
    assert_eq!((saved.status.as_u16(), saved.location.as_deref()), (303, Some(assessment.as_str())));
    assert_eq!(shown(&client, &page, "Q101").await, ["3"]);
    // The section is resumed where something is open.
    let resumed = client.get(&topic(&assessment, "P1")).await.location;
    assert_eq!(resumed, Some(page));
}

#[tokio::test]
async fn a_question_that_appears_by_an_answer_of_the_same_page_is_asked_before_going_on() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let page = topic(&assessment, "profile/conditions");
    let form = client.get(&page).await.form(&page).set("F06", &["no"]);
    let next = client.submit(&form).await.location.expect("the next page");
    let reason = client.get(&next).await.form(&next);
    assert!(reason.offered.iter().any(|(name, _)| name == "F06r"), "the reason is asked: {:?}", reason.offered);
}

#[tokio::test]
async fn items_that_fall_away_with_the_profile_are_logged_and_come_back_with_their_answers() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    answers::answer_section(&client, &assessment, "P3", &case_a()).await;
    let page = topic(&assessment, "profile/conditions");
    let change = async |value: &str| {
        let form = client.get(&page).await.form(&page).set("F07", &[value]).set("_later", &["1"]);
        assert_eq!(client.submit(&form).await.status, 303);
    };
    change("no").await;
    let care = topic(&assessment, "P3/care");
    let asked = client.get(&care).await.form(&care);
    assert!(!asked.offered.iter().any(|(name, _)| name == "Q309"));
    let details = server.database.texts("SELECT detail FROM audit WHERE action = 'items_removed'").await;
    assert!(details.len() == 1 && details[0].contains("Q309"), "{details:?}");
    change("yes").await;
    assert_eq!(shown(&client, &care, "Q309").await, ["1"]);
}

#[tokio::test]
async fn typed_answers_survive_the_end_of_the_session_and_can_then_be_saved() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]).set("Q102", &["4"]).set("Q103", &["5"]);
    let before = stored(&server).await;
    server.database.execute("UPDATE session SET seen_at = '2026-01-01T00:00:00Z'").await;

    let expired = client.submit(&form).await;
    assert_eq!(expired.status, 401);
    let html = expired.html();
    assert_eq!(html.problems(), [""; 0]);
    assert!(html.main_text().contains(&*VI.t("expired-kept")), "{}", html.main_text());
    assert_eq!(stored(&server).await, before);

    // A wrong password in between loses nothing.
    let sign_in = html.form("/sign-in").expect("the sign-in form").set("name", &[&email(1)]);
    let wrong = client.submit(&sign_in.set("password", &["một mật khẩu sai"])).await;
    assert_eq!(wrong.status, 422);
    let sign_in = wrong.form("/sign-in").set("password", &[PASSWORD]);
    let back = client.submit(&sign_in).await;
    assert_eq!(back.status, 200);
    assert!(back.html().main_text().contains(&*VI.t("kept-title")));
    assert_eq!(back.html().problems(), [""; 0]);
    assert_eq!(stored(&server).await, before, "shown, not yet saved");

    let typed = back.form(&page);
    for (question, value) in [("Q101", "3"), ("Q102", "4"), ("Q103", "5")] {
        assert_eq!(typed.values(question), [value]);
    }
    assert_eq!(client.submit(&typed).await.status, 303);
    for (question, value) in [("Q101", "3"), ("Q102", "4"), ("Q103", "5")] {
        assert_eq!(shown(&client, &page, question).await, [value]);
    }
}

#[tokio::test]
async fn another_enterprise_that_signs_in_after_the_end_of_a_session_does_not_get_the_page() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    answers::register(&server.client(), 2).await;
    let page = topic(&assessment, "P1/plan");
    let form = client.get(&page).await.form(&page).set("Q101", &["3"]);
    server.database.execute("DELETE FROM session").await;
    let sign_in = client.submit(&form).await.form("/sign-in");
    let other = client.submit(&sign_in.set("name", &[&email(2)]).set("password", &[PASSWORD])).await;
    assert_eq!((other.status, other.location.as_deref()), (StatusCode::SEE_OTHER, Some("/home")));
}

#[tokio::test]
async fn the_end_of_a_session_elsewhere_than_on_a_page_of_questions_leads_home() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = profiled(&client).await;
    server.database.execute("DELETE FROM session").await;
    let page = client.post(&format!("{assessment}/check"), &[("declare", "yes")]).await;
    assert_eq!(page.status, 401);
    let form = page.form("/sign-in");
    assert_eq!((form.values("to"), form.values("kept").len()), (vec!["/home"], 0));
    assert!(page.html().main_text().contains(&*VI.t("expired-text")));
}
