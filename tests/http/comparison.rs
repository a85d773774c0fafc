//! The comparison of an association's members, and what is not said about too few of them.

use tests::{Client, TestServer, answers, each_database, html::words};

use crate::{
    VI,
    association::{NAME, decide, invitation, list, staff},
};

/// Members that agreed and submitted; afterwards each has an overall score of its own.
async fn members(server: &TestServer, client: &Client, numbers: std::ops::RangeInclusive<usize>) {
    for n in numbers {
        let enterprise = server.client();
        answers::submitted(&enterprise, n).await;
        list(client, &answers::tax_code(n)).await;
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
        let score = format!(
            "UPDATE submission SET overall = {n}0.5 WHERE assessment_id IN (SELECT a.id FROM assessment a
             JOIN enterprise e ON e.id = a.enterprise_id WHERE e.tax_code = '{}')",
            answers::tax_code(n)
        );
        assert_eq!(server.database.execute(&score).await, 1);
    }
}

/// The numbers of the members of a page, in its order.
async fn order(client: &Client, query: &str) -> Vec<String> {
    let page = client.get(&format!("/association/comparison?{query}")).await;
    assert_eq!(page.status, 200, "{query}");
    let html = page.html();
    assert_eq!(html.problems(), [""; 0], "{query}");
    html.with_class("c-board__title").map(|name| name.text.rsplit(' ').next().unwrap_or_default().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn members_are_sorted_filtered_and_downloaded_and_a_mean_needs_five() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let other = staff(&server, "Hội khác", "b@example.vn").await;
        assert!(client.get("/association/comparison").await.text.contains(&*VI.t("comparison-nobody")));
        members(&server, &client, 1..=4).await;
        let page = client.get("/association/comparison").await;
        let text = words(&page.html().main_text());
        assert!(text.contains(&VI.with("comparison-too-few", [("count", "4"), ("least", "5")])), "{text}");
        // (10,5 + 20,5 + 30,5 + 40,5) / 4: nobody may read it anywhere.
        assert!(!page.text.contains("25,5"), "a mean of four");
        members(&server, &client, 5..=5).await;
        let page = client.get("/association/comparison?q=dien+2").await;
        let text = words(&page.html().main_text());
        assert!(text.contains("30,5"), "the mean is of all members, whatever the filter: {text}");
        assert!(text.contains(&VI.with("comparison-no-quartiles", [("count", "5"), ("least", "20")])), "{text}");

        assert_eq!(order(&client, "").await, ["5", "4", "3", "2", "1"], "the highest first");
        assert_eq!(order(&client, "sort=overall&order=up").await, ["1", "2", "3", "4", "5"]);
        assert_eq!(order(&client, "sort=name&order=up").await, ["1", "2", "3", "4", "5"]);
        assert_eq!(order(&client, "sort=name").await, ["5", "4", "3", "2", "1"]);
        assert_eq!(order(&client, "q=dien+3").await, ["3"]);
        assert_eq!(order(&client, "industry=10").await.len(), 0);
        for odd in ["sort=P1", "sort=level", "sort=password_hash", "sort=%27%3B--", "page=0", "industry=xx"] {
            assert_eq!(order(&client, odd).await.len(), 5, "{odd}");
        }
        assert_eq!(order(&client, "page=9").await.len(), 0);

        let csv = client.get("/association/comparison/file?format=csv&sort=overall&order=up").await;
        let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 6);
        assert!(lines[1].contains(&answers::tax_code(1)) && lines[1].contains("10.5"), "{lines:?}");
        let some = client.get("/association/comparison/file?format=csv&q=dien+2").await;
        assert_eq!(some.text.lines().count(), 2, "the same filter");
        assert_eq!(client.get("/association/comparison/file?format=xlsx").await.status, 200);
        assert_eq!(client.get("/association/comparison/file?format=exe").await.status, 400);

        let theirs = other.get("/association/comparison").await;
        assert!(theirs.text.contains(&*VI.t("comparison-nobody")) && !theirs.text.contains("Đức Điện"));
        let file = other.get("/association/comparison/file?format=csv").await;
        assert_eq!(file.text.lines().count(), 1, "nobody of another association");
    })
    .await;
}
