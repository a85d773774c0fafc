//! Reviews: taken up, asked about, given back, corrected, accepted; and what nobody else may see of them.

use model::role::Role;
use reqwest::Method;
use server::http::routes;
use tests::{Client, Page, TestServer, answers, each_database, html::words};

use crate::{
    VI,
    association::{NAME, decide, invitation, list, staff},
    id_of, topic,
};

/// A member that agreed and submitted: the association's person, the enterprise, its assessment's address.
pub(crate) async fn member(server: &TestServer) -> (Client, Client, String) {
    let reviewer = staff(server, NAME, "ha@example.vn").await;
    let enterprise = server.client();
    let assessment = answers::submitted(&enterprise, 1).await;
    list(&reviewer, &answers::tax_code(1)).await;
    decide(&enterprise, &invitation(&enterprise).await, "agree").await;
    (reviewer, enterprise, assessment)
}

/// The address of the review.
pub(crate) fn review(assessment: &str) -> String {
    format!("/reviews/{}", id_of(assessment))
}

/// Does something to the review of the given submission.
pub(crate) async fn act(client: &Client, review: &str, number: i64, act: &str, more: &[(&str, &str)]) -> Page {
    let number = number.to_string();
    let mut form = vec![("act", act), ("number", number.as_str())];
    form.extend(more);
    client.post(review, &form).await
}

#[track_caller]
pub(crate) fn done(page: &Page) {
    assert_eq!(page.status, 303, "{}", page.html().main_text());
}

async fn state(server: &TestServer) -> String {
    server.database.texts("SELECT state FROM assessment").await.join(" ")
}

/// What the result says, with the words for how far the review is.
async fn result(enterprise: &Client, assessment: &str, reviewed: &'static str) -> String {
    let html = enterprise.get(&format!("{assessment}/result")).await.html();
    assert_eq!(html.problems(), [""; 0]);
    let text = words(&html.main_text());
    assert!(text.contains(&words(&VI.t(reviewed))), "{reviewed}: {text}");
    text
}

#[tokio::test(flavor = "multi_thread")]
async fn the_result_says_what_to_do_first_and_then_how_far_the_review_is() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let (reviewer, enterprise, assessment) = member(&server).await;
        let review = review(&assessment);
        result(&enterprise, &assessment, "self-declared").await;
        done(&act(&reviewer, &review, 1, "take-up", &[]).await);
        done(&act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "Trang nào có giá?")]).await);
        let text = result(&enterprise, &assessment, "reviewed-now").await;
        let first = text.find("Làm trước tiên").expect("what to do first");
        let asked = text.find(&VI.with("waiting-title", [("count", "1")])).expect("what is asked");
        assert!(first < asked, "{text}");
        done(&act(&reviewer, &review, 1, "return", &[]).await);
        let text = result(&enterprise, &assessment, "reviewed-returned").await;
        assert!(text.contains(&*VI.t("found-edit")), "{text}");
        done(&enterprise.submit(&answers::declared(&enterprise, &assessment).await).await);
        done(&act(&reviewer, &review, 2, "take-up", &[]).await);
        let html = reviewer.get(&review).await.html();
        let field = html.named("input").find(|input| input.attribute("name") == Some("question"));
        let question = field.and_then(|field| field.attribute("value")).expect("an open question").to_owned();
        done(&act(&reviewer, &review, 2, "close", &[("question", &question)]).await);
        let rate = [("about", "Q301"), ("level", "0"), ("text", "không có trang nào")];
        done(&act(&reviewer, &review, 2, "rate", &rate).await);
        let text = result(&enterprise, &assessment, "reviewed-now").await;
        assert!(!text.contains(&*VI.t("found-link")), "the reviewer may still change it: {text}");
        done(&act(&reviewer, &review, 2, "accept", &[]).await);
        let text = result(&enterprise, &assessment, "reviewed-accepted").await;
        assert!(text.contains(&*VI.t("found-link")), "what was found stands beside what was declared: {text}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_submission_is_asked_about_given_back_corrected_and_accepted() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let (reviewer, enterprise, assessment) = member(&server).await;
        let review = review(&assessment);
        let page = reviewer.get(&review).await.html();
        assert_eq!(page.problems(), [""; 0]);
        assert!(words(&page.main_text()).contains("41,5"), "{}", page.main_text());
        done(&act(&reviewer, &review, 1, "take-up", &[]).await);
        done(&act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "Trang nào có giá <b>?")]).await);
        let refused = act(&reviewer, &review, 1, "accept", &[]).await;
        assert_eq!(refused.status, 409);
        assert!(refused.html().main_text().contains(&*VI.t("review-refused-open")));
        done(&act(&reviewer, &review, 1, "note", &[("text", "chỉ người thẩm định thấy")]).await);

        let exchange = format!("{assessment}/review");
        let page = enterprise.get(&exchange).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.text.contains("Trang nào có giá &lt;b&gt;?") && !page.text.contains("chỉ người thẩm định thấy"));
        let form = page.form(&exchange).set("text", &["Gian hàng Shopee"]);
        assert_eq!(enterprise.submit(&form).await.location, Some(format!("{exchange}?done")));
        done(&act(&reviewer, &review, 1, "return", &[]).await);
        assert_eq!(state(&server).await, "returned");
        let told = "SELECT count(*) FROM outbox WHERE kind = 'review' AND recipient = 'dn1@example.vn'";
        assert_eq!(server.database.number(told).await, 2, "of the question and of the return");

        let place = topic(&assessment, "P5/tools");
        let form = enterprise.get(&place).await.form(&place).set("Q511", &["2"]);
        done(&enterprise.submit(&form).await);
        done(&enterprise.submit(&answers::declared(&enterprise, &assessment).await).await);
        assert_eq!(state(&server).await, "submitted");
        assert_eq!(server.database.number("SELECT count(*) FROM submission").await, 2, "every version is kept");
        assert_eq!(act(&reviewer, &review, 1, "take-up", &[]).await.status, 409, "not the version that was looked at");
        done(&act(&reviewer, &review, 2, "take-up", &[]).await);
        let html = reviewer.get(&review).await.html();
        assert_eq!(html.problems(), [""; 0]);
        let change = html.with_class("c-thread__post").map(|post| words(&post.text)).find(|text| text.contains("5.11"));
        assert!(
            change.is_some(),
            "the difference between the versions stands in the line of time: {}",
            html.main_text()
        );
        let field = html.named("input").find(|input| input.attribute("name") == Some("question"));
        let question = field.and_then(|field| field.attribute("value")).expect("an open question").to_owned();
        done(&act(&reviewer, &review, 2, "close", &[("question", &question)]).await);
        let rate = [("about", "Q301"), ("level", "2"), ("text", "chỉ 12 mặt hàng")];
        done(&act(&reviewer, &review, 2, "rate", &rate).await);
        let reviewed = "SELECT CAST(reviewed_overall < overall AS TEXT) FROM submission WHERE number = 2";
        assert!(["1", "true"].contains(&server.database.texts(reviewed).await[0].as_str()));
        done(&act(&reviewer, &review, 2, "accept", &[]).await);
        assert_eq!(state(&server).await, "accepted");
        assert!(enterprise.get(&exchange).await.text.contains("chỉ 12 mặt hàng"), "the reason is shown");
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn with_four_eyes_a_colleague_accepts() {
    let server = TestServer::sqlite().await;
    let (reviewer, _, assessment) = member(&server).await;
    let colleague = staff(&server, NAME, "binh@example.vn").await;
    server.database.execute("UPDATE association SET four_eyes = TRUE").await;
    let review = review(&assessment);
    done(&act(&reviewer, &review, 1, "take-up", &[]).await);
    let refused = act(&reviewer, &review, 1, "accept", &[]).await;
    assert_eq!(refused.status, 409);
    assert!(refused.html().main_text().contains(&*VI.t("review-four-eyes")));
    let bulk = reviewer.post("/reviews", &[("chosen", id_of(&assessment))]).await;
    assert_eq!(bulk.location.as_deref(), Some("/association?state=in_review&accepted=0&left=1"));
    let bulk = colleague.post("/reviews", &[("chosen", id_of(&assessment))]).await;
    assert_eq!(bulk.location.as_deref(), Some("/association?state=in_review&accepted=1&left=0"));
    assert_eq!(state(&server).await, "accepted");
}

#[tokio::test]
async fn nothing_goes_back_without_a_reason_and_what_was_typed_is_kept() {
    let server = TestServer::sqlite().await;
    let (reviewer, _, assessment) = member(&server).await;
    let review = review(&assessment);
    done(&act(&reviewer, &review, 1, "take-up", &[]).await);
    assert_eq!(act(&reviewer, &review, 1, "return", &[("text", " ")]).await.status, 409);
    assert_eq!(act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "")]).await.status, 422);
    let long = "dài ".repeat(1_200);
    let refused = act(&reviewer, &review, 1, "note", &[("text", &long)]).await;
    assert_eq!(refused.status, 422);
    assert!(refused.html().problems().is_empty() && refused.text.contains(long.trim()), "nothing typed is lost");
    for (name, form) in [("act", [("about", "Q301"), ("text", "x")]), ("ask", [("about", "F99"), ("text", "x")])] {
        assert_eq!(act(&reviewer, &review, 1, name, &form).await.status, 400, "{name}");
    }
    assert_eq!(state(&server).await, "in_review");
}

#[tokio::test]
async fn the_province_reviews_whoever_is_no_member() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let (officer, enterprise) = (server.client(), server.client());
    officer.sign_in("can-bo@example.vn").await;
    let assessment = answers::submitted(&enterprise, 1).await;
    let html = officer.get("/province/reviews").await.html();
    assert_eq!(html.problems(), [""; 0]);
    assert!(html.named("a").any(|link| link.attribute("href") == Some(&review(&assessment))));
    done(&act(&officer, &review(&assessment), 1, "take-up", &[]).await);
    let html = officer.get("/province/reviews?state=in_review").await.html();
    assert_eq!(html.problems(), [""; 0]);
    let form = html.form("/reviews").expect("a form").set("chosen", &[id_of(&assessment)]);
    let sent = officer.submit(&form).await;
    assert_eq!(sent.location.as_deref(), Some("/province/reviews?state=in_review&accepted=1&left=0"));
    assert_eq!(officer.get(&sent.location.expect("the list")).await.html().problems(), [""; 0]);
}

/// One call with everything that any of our forms sends.
async fn attempt(client: &Client, method: &Method, address: &str, verb: &str, question: &str) -> Page {
    if *method == Method::GET {
        return client.get(address).await;
    }
    let form = [
        ("act", verb),
        ("number", "1"),
        ("about", "Q301"),
        ("level", "0"),
        ("text", "x"),
        ("question", question),
        ("decision", "agree"),
    ];
    client.post(address, &form).await
}

/// Every route with an id, as everybody who must not reach the object behind it.
#[tokio::test]
async fn nobody_else_reaches_anything_of_a_member_by_any_verb() {
    let server = TestServer::sqlite().await;
    let (reviewer, enterprise, assessment) = member(&server).await;
    let review = review(&assessment);
    done(&act(&reviewer, &review, 1, "take-up", &[]).await);
    done(&act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "hỏi")]).await);
    let question = server.database.texts("SELECT lower(hex(id)) FROM question").await.concat();
    let membership = server.database.texts("SELECT lower(hex(id)) FROM membership").await.concat();
    let own = server.database.texts("SELECT lower(hex(id)) FROM association").await.concat();
    let foreign = staff(&server, "Hội khác", "b@example.vn").await;
    let other = server.client();
    answers::submitted(&other, 2).await;
    let visitor = server.client();
    let before = server.database.texts("SELECT state FROM assessment ORDER BY id").await;
    let entries = server.database.number("SELECT count(*) FROM review_entry").await;
    let mut walked = 0;
    for route in routes::all().table.iter().filter(|route| route.path.contains('{') && !route.path.contains("{*")) {
        let ours = ["/reviews/", "/assessments/{id}/review", "/memberships/", "/association/members/"];
        if !ours.iter().any(|start| route.path.starts_with(start)) {
            continue;
        }
        let address = route
            .path
            .replace("{id}", id_of(&assessment))
            .replace("{membership}", &membership)
            .replace("{association}", &own);
        let acts: &[&str] = if route.method == Method::GET {
            &[""]
        } else {
            &["take-up", "ask", "comment", "close", "rate", "note", "accept", "return"]
        };
        for (who, client) in
            [("another association", &foreign), ("another enterprise", &other), ("a visitor", &visitor)]
        {
            for verb in acts {
                let page = attempt(client, &route.method, &address, verb, &question).await;
                let refused = matches!(page.status.as_u16(), 401 | 403 | 404)
                    || page.location.as_deref().is_some_and(|location| location.starts_with("/sign-in"));
                assert!(refused, "{} {address} {verb} as {who}: {}", route.method, page.status);
                assert!(!page.text.contains("Đức Điện 1"), "{} {address} as {who}", route.method);
                walked += 1;
            }
        }
    }
    assert!(walked >= 60, "{walked} calls");
    let chosen = [("chosen", id_of(&assessment))];
    assert_eq!(foreign.post("/reviews", &chosen).await.status, 404);
    assert_eq!(other.post("/reviews", &chosen).await.status, 403);
    assert_eq!(server.database.texts("SELECT state FROM assessment ORDER BY id").await, before);
    assert_eq!(server.database.number("SELECT count(*) FROM review_entry").await, entries);
    // Its own association reaches it until the consent is withdrawn, and not a moment longer.
    assert_eq!(reviewer.get(&review).await.status, 200);
    decide(&enterprise, &invitation(&enterprise).await, "withdraw").await;
    assert_eq!(reviewer.get(&review).await.status, 404);
    assert_eq!(act(&reviewer, &review, 1, "note", &[("text", "x")]).await.status, 404);
}
