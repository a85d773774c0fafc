//! The board of an association as a file, and accepting several submissions at once.

use tests::{Client, TestServer, answers, each_database};

use crate::{
    VI,
    association::{NAME, decide, invitation, list, staff},
    id_of,
};

/// Members that agreed and submitted; the keys of their assessments.
async fn submitted(server: &TestServer, client: &Client, numbers: std::ops::RangeInclusive<usize>) -> Vec<String> {
    let mut ids = Vec::new();
    for n in numbers {
        let enterprise = server.client();
        let assessment = answers::submitted(&enterprise, n).await;
        list(client, &answers::tax_code(n)).await;
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
        ids.push(id_of(&assessment).to_owned());
    }
    ids
}

/// Does something to a review.
async fn act(client: &Client, id: &str, act: &str, more: &[(&str, &str)]) {
    let mut form = vec![("act", act), ("number", "1")];
    form.extend(more);
    let page = client.post(&format!("/reviews/{id}"), &form).await;
    assert_eq!(page.status, 303, "{}", page.text);
}

/// The lines of a file without its headers.
async fn lines(client: &Client, address: &str) -> Vec<String> {
    let file = client.get(address).await;
    assert_eq!(file.status, 200, "{}", file.text);
    file.text.trim_start_matches('\u{feff}').lines().skip(1).map(ToOwned::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_taken_up_and_has_no_open_question_is_accepted_at_once_from_the_board() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let other = staff(&server, "Hội khác", "b@example.vn").await;
        let ids = submitted(&server, &client, 1..=4).await;
        for id in &ids[..3] {
            act(&client, id, "take-up", &[]).await;
        }
        act(&client, &ids[2], "ask", &[("about", "Q301"), ("text", "Trang nào?")]).await;
        assert!(!client.get("/association?state=submitted").await.text.contains("name=\"chosen\""), "not taken up");
        let board = client.get("/association?state=in_review").await;
        assert_eq!(board.html().problems(), [""; 0]);
        let offered: Vec<String> =
            board.form("/reviews").offered.into_iter().filter(|(name, _)| name == "chosen").map(|(_, id)| id).collect();
        assert_eq!(offered.len(), 2, "the one with an open question is not offered");
        assert!(offered.iter().all(|id| ids[..2].contains(id)));

        let all: Vec<(&str, &str)> = ids.iter().map(|id| ("chosen", id.as_str())).collect();
        assert_eq!(other.post("/reviews", &all).await.status, 404, "another association's members");
        let accepted = "SELECT count(*) FROM assessment WHERE state = 'accepted'";
        assert_eq!(server.database.number(accepted).await, 0);
        let done = client.post("/reviews", &all).await;
        let page = client.follow(done).await;
        let said = VI.with("reviews-accepted", [("done", "2"), ("left", "2")]);
        assert!(page.text.contains(&said), "{}", page.text);
        assert_eq!(page.html().problems(), [""; 0]);
        assert_eq!(server.database.number(accepted).await, 2);
    })
    .await;
}

#[tokio::test]
async fn the_file_has_the_members_of_the_board_in_its_order_and_no_formulas() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    let other = staff(&server, "Hội khác", "b@example.vn").await;
    submitted(&server, &client, 1..=1).await;
    for n in 2..=3 {
        let enterprise = server.client();
        answers::register(&enterprise, n).await;
        list(&client, &answers::tax_code(n)).await;
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
    }
    list(&client, &format!("{}\tChưa đồng ý", answers::tax_code(4))).await;
    server.database.execute("UPDATE enterprise SET name = '=cmd|''calc''!A1' WHERE name LIKE '%Điện 3'").await;
    let all = lines(&client, "/association/file?format=csv").await;
    assert_eq!(all.len(), 3, "only those that agreed: {all:?}");
    assert!(all.iter().any(|line| line.starts_with("'=cmd|")), "{all:?}");
    let first = all.iter().find(|line| line.contains(&answers::tax_code(1))).expect("the first");
    assert!(first.contains(&*VI.t("state-submitted")) && first.contains("41.5"), "{first}");
    let high = lines(&client, "/association/file?format=csv&sort=high").await;
    assert!(high[0].contains(&answers::tax_code(1)), "{high:?}");
    let low = lines(&client, "/association/file?format=csv&sort=low").await;
    assert!(low[2].contains(&answers::tax_code(1)), "{low:?}");
    assert_eq!(lines(&client, "/association/file?format=csv&state=submitted").await.len(), 1);
    assert_eq!(lines(&client, "/association/file?format=csv&q=dien+2").await.len(), 1);
    assert_eq!(lines(&other, "/association/file?format=csv").await.len(), 0, "not of another association");
    assert_eq!(client.get("/association/file?format=xlsx").await.status, 200);
    assert_eq!(client.get("/association/file?format=exe").await.status, 400);
    let reminded = client.post("/association/letters", &[("do", "remind-all")]).await;
    assert_eq!(reminded.location.as_deref(), Some("/association/members?sent=2&left=0"), "the two that are not done");
    assert!(client.get("/association").await.text.contains("value=\"remind-all\""));
    let board = client.get("/association?state=submitted&sort=high").await;
    assert!(board.text.contains("/association/file?state=submitted&amp;sort=high&amp;format=xlsx"), "{}", board.text);
}
