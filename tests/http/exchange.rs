//! What reviewers ask stands on the item it is about, on the task list and in a letter; what the enterprise gave as
//! reasons stands beside the answers that reviewers see.

use tests::{TestServer, answers, answers::case_a, each_database, html::words};

use crate::{
    EN, VI,
    association::{NAME, staff},
    id_of, messages,
    review::{act, done, member, review},
    topic,
};

/// The address of the page with 3.1.
async fn questions(client: &tests::Client, assessment: &str) -> String {
    let address = client.get(&topic(assessment, "P3")).await.location;
    address.unwrap_or_else(|| panic!("no page of {assessment}"))
}

#[tokio::test]
async fn a_question_stands_on_its_item_and_is_answered_there() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let (reviewer, enterprise, assessment) = member(&server).await;
        let review = review(&assessment);
        done(&act(&reviewer, &review, 1, "take-up", &[]).await);
        done(&act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "Trang nào có giá <b>?")]).await);
        let result = enterprise.get(&format!("{assessment}/result")).await.html();
        assert_eq!(result.problems(), [""; 0]);
        let waiting = words(&VI.with("waiting-title", [("count", "1")]));
        assert!(words(&result.main_text()).contains(&waiting), "the enterprise is told while it is reviewed");
        done(&act(&reviewer, &review, 1, "return", &[]).await);

        let tasks = enterprise.get(&assessment).await.html();
        assert_eq!(tasks.problems(), [""; 0]);
        let text = words(&tasks.main_text());
        assert!(text.contains(&waiting) && text.contains(&VI.with("tasks-asked", [("count", "1")])), "{text}");
        let place = questions(&enterprise, &assessment).await;
        assert!(tasks.named("a").any(|link| link.attribute("href") == Some(&format!("{place}#Q301"))));

        let page = enterprise.get(&place).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.text.contains("Trang nào có giá &lt;b&gt;?"), "{}", page.text);
        let question = server.app.store().questions(id(&assessment), server_scope()).await.expect("questions")[0].id;
        let field = format!("_reply_{question}");
        let long = "dài ".repeat(1_200);
        let refused = enterprise.submit(&page.form(&place).set(&field, &[&long]).set("Q301", &["2"])).await;
        assert_eq!(refused.status, 422);
        assert_eq!(messages(&refused), [VI.with("review-text-long", [("most", "4000")])]);
        assert_eq!(refused.html().problems(), [""; 0]);
        let kept = refused.form(&place);
        assert_eq!((kept.values("Q301"), kept.values(&field).concat().trim()), (vec!["2"], long.trim()));

        // In the background only answers go; the button sends the reply, pressed twice it is one.
        let typed = page.form(&place).set(&field, &["Gian hàng <Shopee>"]).set("Q301", &["2"]);
        let pairs: Vec<(&str, &str)> =
            typed.pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(enterprise.autosave(&place, &pairs).await.status, 200);
        let said = "SELECT text FROM review_entry WHERE kind = 'comment'";
        assert_eq!(server.database.texts(said).await, [""; 0]);
        let form = enterprise.get(&place).await.form(&place).set(&field, &["Gian hàng <Shopee>"]).set("_later", &["1"]);
        for _ in 0..2 {
            assert_eq!(enterprise.submit(&form).await.location.as_deref(), Some(&*assessment));
        }
        assert_eq!(server.database.texts(said).await, ["Gian hàng <Shopee>"]);
        assert!(reviewer.get(&review).await.text.contains("Gian hàng &lt;Shopee&gt;"), "the reviewer reads it");

        // Closed meanwhile: the answers are saved, and what was typed is given back.
        let open = enterprise.get(&place).await.form(&place);
        server.database.execute("UPDATE question SET closed_at = opened_at").await;
        server.database.execute("UPDATE assessment SET open_questions = 0").await;
        let late = enterprise.submit(&open.set(&field, &["Còn nữa"]).set("Q301", &["1"])).await;
        assert_eq!(late.status, 409);
        assert_eq!(late.html().problems(), [""; 0]);
        assert!(late.html().main_text().contains("Còn nữa") && late.form(&place).values("Q301") == ["1"]);
        let text = words(&enterprise.get(&assessment).await.html().main_text());
        assert!(!text.contains(&waiting), "nothing waits any more");
    })
    .await;
}

fn id(assessment: &str) -> uuid::Uuid {
    id_of(assessment).parse().expect("an id")
}

fn server_scope() -> server::store::review::Scope {
    server::store::review::Scope::Province
}

#[tokio::test]
async fn reviewers_see_why_a_warning_was_confirmed() {
    let server = TestServer::sqlite().await;
    let reviewer = staff(&server, NAME, "ha@example.vn").await;
    let enterprise = server.client();
    let assessment = answers::register(&enterprise, 1).await;
    // Case A with a backup that is ticked in one question and denied in the next (X09).
    let mut odd = case_a();
    odd.insert("Q505", model::answer::Answer::Many(["a", "c", "d", "g"].map(ToOwned::to_owned).into()));
    odd.insert("Q506", model::answer::Answer::Whole(0));
    answers::answer_all(&enterprise, &assessment, &odd).await;
    let form = answers::declared(&enterprise, &assessment).await.set("reason-X09", &["Bên <kế toán> giữ"]);
    done(&enterprise.submit(&form).await);
    crate::association::list(&reviewer, &answers::tax_code(1)).await;
    crate::association::decide(&enterprise, &crate::association::invitation(&enterprise).await, "agree").await;
    let page = reviewer.get(&review(&assessment)).await;
    assert_eq!(page.html().problems(), [""; 0]);
    let text = words(&page.html().main_text());
    assert!(text.contains("X09") && text.contains("Đã đánh dấu có bản sao lưu"), "{text}");
    assert!(text.contains(&VI.with("review-finding-reason", [("reason", "Bên <kế toán> giữ")])), "{text}");
    assert!(!page.text.contains("<kế toán>"));
    server.database.execute("UPDATE finding SET reason = NULL").await;
    let text = words(&reviewer.get(&review(&assessment)).await.html().main_text());
    assert!(text.contains(&*VI.t("review-finding-silent")), "{text}");
}

#[tokio::test]
async fn letters_about_a_review_are_in_both_languages() {
    let server = TestServer::sqlite().await;
    let (reviewer, _, assessment) = member(&server).await;
    let review = review(&assessment);
    done(&act(&reviewer, &review, 1, "take-up", &[]).await);
    done(&act(&reviewer, &review, 1, "ask", &[("about", "Q301"), ("text", "?")]).await);
    done(&act(&reviewer, &review, 1, "return", &[("text", "thiếu 3.1")]).await);
    let letters = server.database.texts("SELECT title || ' ' || CAST(body AS TEXT) FROM outbox ORDER BY id").await;
    for (letter, [title, link]) in
        letters.iter().zip([["mail-question-title", "mail-review-link"], ["mail-returned-title", "mail-review-link"]])
    {
        for tr in [VI, EN] {
            let [title, link] = [title_of(tr, title), title_of(tr, link)];
            assert!(letter.contains(&title) && letter.contains(&link), "{letter}");
        }
    }
    assert_eq!(letters.len(), 2);
}

fn title_of(tr: app::i18n::Tr, key: &'static str) -> String {
    tr.t(key).into_owned()
}
