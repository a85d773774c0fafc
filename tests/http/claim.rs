//! Registering by the code of the province's letter.

use tests::{
    Client, Form, Page, TestServer,
    answers::{self, PASSWORD, tax_code},
    each_database, register,
};

use crate::{EN, VI, messages};

/// A register with the enterprises 1 to `count`, and its officer.
pub async fn officer(server: &TestServer, count: usize) -> Client {
    register::officer(server, count, |_| String::new()).await
}

/// The code that the officer's letter shows.
async fn letter(officer: &Client, n: usize) -> String {
    let entry = format!("/province/register/entries/{}", tax_code(n));
    let page = officer.submit(&officer.get(&entry).await.form(&format!("{entry}/code"))).await;
    assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));
    assert_eq!(page.header("cache-control"), "no-store");
    let html = page.html();
    let sign = html.elements().find(|element| element.attribute("class") == Some("c-code__sign"));
    let sign = sign.expect("a code").text.clone();
    sign.rsplit(' ').next().expect("a code").trim().to_owned()
}

async fn claim(client: &Client, tax_code: &str, code: &str) -> Page {
    let form = client.get("/claim").await.form("/claim");
    client.submit(&form.set("tax_code", &[tax_code]).set("code", &[code])).await
}

#[tokio::test]
async fn a_letters_code_fills_the_registration_in_and_works_once() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let officer = officer(&server, 2).await;
        let first = letter(&officer, 1).await;
        let code = letter(&officer, 1).await;
        assert_ne!(first, code);
        let stored = server.database.number("SELECT count(*) FROM claim_code").await;
        assert_eq!(stored, 1, "the second took the place of the first");
        let client = server.client();
        assert_eq!(messages(&claim(&client, &tax_code(1), &first).await), [VI.t("claim-wrong")]);
        assert_eq!(messages(&claim(&client, &tax_code(2), &code).await), [VI.t("claim-wrong")], "another enterprise's");

        let page = claim(&client, &tax_code(1), &code.to_lowercase().replace('-', " ")).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]), "{}", page.html().main_text());
        let form = page.form("/claim/register");
        assert_eq!(form.values("name"), ["Công ty TNHH Gốm 001"]);
        assert_eq!((form.values("unit"), form.values("industry")), (vec!["07210"], vec!["47"]));
        let form = form.set("legal_form", &["TNHH2"]).set("full_name", &["Nguyễn Thị Ánh"]);
        let form = form.set("email", &["anh@example.vn"]).set("consent_service", &["yes"]);
        let refused = client.submit(&form.clone().set("password", &["ngắn"])).await;
        assert_eq!(refused.status, 422);
        assert_eq!(refused.form("/claim/register").values("email"), ["anh@example.vn"], "nothing typed is lost");

        // Whatever tax code is sent, the code is that of one enterprise.
        let foreign = form.clone().set("password", &[PASSWORD]);
        let pairs: Vec<(String, String)> = foreign
            .pairs
            .iter()
            .map(|(name, value)| match name.as_str() {
                "tax_code" => (name.clone(), tax_code(2)),
                _ => (name.clone(), value.clone()),
            })
            .collect();
        let pairs: Vec<(&str, &str)> = pairs.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(client.post("/claim/register", &pairs).await.status, 422);
        let done = client.submit(&form.clone().set("password", &[PASSWORD])).await;
        assert_eq!(done.location.as_deref(), Some("/assessments"), "{}", done.text);
        assert_eq!(server.database.number("SELECT count(*) FROM claim_code").await, 0);
        let claimed = "SELECT count(*) FROM enterprise WHERE claimed_at IS NOT NULL";
        assert_eq!(server.database.number(claimed).await, 1);
        let again = server.client();
        let twice = again.submit(&form.set("password", &[PASSWORD]).set("email", &["khac@example.vn"])).await;
        assert_eq!(messages(&twice), [VI.t("claim-wrong")]);
        assert_eq!(server.database.number("SELECT count(*) FROM enterprise").await, 1);

        let entry = officer.get(&format!("/province/register/entries/{}", tax_code(1))).await;
        assert!(entry.html().main_text().contains(&*VI.t("code-takeover")), "a code would take over");
    })
    .await;
}

#[tokio::test]
async fn a_file_has_a_code_for_every_enterprise_that_needs_one() {
    each_database(|database| async {
        let server = TestServer::start(database, &["--origin", "http://127.0.0.1:1"]).await;
        let officer = officer(&server, 4).await;
        letter(&officer, 1).await;
        let page = officer.get("/province/register/codes").await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(
            page.html().main_text().contains(&VI.with("codes-count", [("count", "3")])),
            "{}",
            page.html().main_text()
        );
        let form = officer.get("/province/register/codes?place=u07210").await.form("/province/register/codes");
        let file = officer.submit(&form.set("format", &["csv"])).await;
        assert!(file.header("content-disposition").contains("codes.csv"), "{}", file.text);
        let mut reader = csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes());
        let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
        assert_eq!(lines.len(), 3, "one has a letter already");
        assert_eq!(&lines[0][5], "http://127.0.0.1:1/claim");
        let client = server.client();
        for line in &lines {
            assert_eq!(claim(&client, &line[1], &line[4]).await.status, 200, "{line:?}");
        }
        let none = officer.get("/province/register/codes").await;
        assert!(none.html().main_text().contains(&*VI.t("codes-none")));
        let refused = officer.post("/province/register/codes", &[("format", "csv")]).await;
        assert_eq!(messages(&refused), [VI.t("codes-none")]);
        let made = "SELECT count(*) FROM audit WHERE action = 'claim_codes_made'";
        assert_eq!(server.database.number(made).await, 2, "one row for each time");
    })
    .await;
}

#[tokio::test]
async fn where_the_server_does_not_know_its_address_letters_and_files_say_so_in_words() {
    let server = TestServer::sqlite().await;
    let officer = officer(&server, 2).await;
    for tr in [VI, EN] {
        officer.speak(tr.lang.code()).await;
        let words = tr.with("code-address", [("path", "/claim")]);
        let entry = format!("/province/register/entries/{}", tax_code(1));
        let letter = officer.submit(&officer.get(&entry).await.form(&format!("{entry}/code"))).await.html();
        assert_eq!(letter.problems(), [""; 0]);
        let text = letter.main_text();
        assert!(text.contains(&words) && text.contains(&*tr.t("code-no-address")), "{text}");
        let codes = officer.get("/province/register/codes").await;
        assert!(codes.html().main_text().contains(&*tr.t("code-no-address")), "before the file is made");
    }
    let form = officer.get("/province/register/codes").await.form("/province/register/codes");
    let file = officer.submit(&form.set("format", &["csv"])).await;
    let mut reader = csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes());
    let line = reader.records().next().expect("a line").expect("a line");
    assert_eq!(line[5], EN.with("code-address", [("path", "/claim")]));
}

#[tokio::test]
async fn guessing_is_slowed_down_and_leaves_the_right_code_working() {
    let server = TestServer::sqlite().await;
    let officer = officer(&server, 1).await;
    let code = letter(&officer, 1).await;
    let client = server.client();
    let mut refused = 0;
    for _ in 0..8 {
        refused += u32::from(claim(&client, &tax_code(1), "2222-2222-2222").await.status == 429);
    }
    assert!(refused > 0, "nobody guesses at full speed");
    assert_eq!(claim(&client, &tax_code(1), &code).await.status, 429, "the right one waits, too");
    server.database.execute("UPDATE attempt SET last_at = '2026-01-01T00:00:00Z'").await;
    assert_eq!(claim(&client, &tax_code(1), &code).await.status, 200);
    let wrong = claim(&client, "123", "0").await;
    let fields: Vec<String> = wrong.html().summary().into_iter().map(|(field, _)| field).collect();
    assert_eq!(fields, ["tax_code", "code"]);
}

/// The page that takes an enterprise over, filled in.
fn taking_over(page: &Page, email: &str) -> Form {
    let form = page.form("/claim/takeover").set("full_name", &["Lê Văn Chủ"]).set("email", &[email]);
    form.set("password", &[PASSWORD]).set("consent_service", &["yes"]).set("confirm", &["yes"])
}

#[tokio::test]
async fn whoever_has_the_letter_takes_over_an_enterprise_that_somebody_else_registered() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let officer = officer(&server, 2).await;
        let (former, colleague) = (server.client(), server.client());
        let assessment = answers::register(&former, 1).await;
        tests::answers::answer_section(&former, &assessment, "profile", &tests::answers::case_a()).await;
        let invited = former.get("/colleagues").await.form("/colleagues");
        let invited =
            former.submit(&invited.set("full_name", &["Trần Thị Lan"]).set("contact", &["lan@example.vn"])).await;
        let link =
            invited.text.split("/invitation/").nth(1).expect("a link").split(['"', '<']).next().expect("a token");
        let link = format!("/invitation/{link}");
        let form = colleague.get(&link).await.form(&link).set("password", &[PASSWORD]).set("consent", &["yes"]);
        assert_eq!(colleague.submit(&form).await.status, 303);
        colleague.sign_in("lan@example.vn").await;
        assert_eq!(colleague.get(&assessment).await.status, 200);

        // Who registers openly learns that it is taken and where codes come from, and not who took it.
        let stranger = server.client();
        let help = stranger.get("/claim").await.html().main_text();
        assert!(help.contains(&*VI.t("claim-taken-text")), "{help}");
        let code = letter_to_take_over(&officer, 1).await;
        let page = claim(&stranger, &tax_code(1), &code).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]), "{}", page.text);
        let text = page.html().main_text();
        assert!(text.contains(&*VI.t("takeover-ends")), "{text}");
        for secret in ["dn1@example.vn", "Nguyễn Thị Ánh", "Lan"] {
            assert!(!page.text.contains(secret), "{secret}");
        }
        let wrong = page.form("/claim/takeover");
        let wrong = stranger.submit(&wrong).await;
        assert_eq!((wrong.status.as_u16(), wrong.html().problems()), (422, vec![]));
        let fields: Vec<String> = wrong.html().summary().into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["full_name", "phone", "password", "consent_service", "confirm"]);
        let taken = stranger.submit(&taking_over(&page, "dn1@example.vn")).await;
        assert_eq!(messages(&taken), [VI.t("taken-email")]);
        assert_eq!(former.get(&assessment).await.status, 200, "nothing has happened yet");

        let done = stranger.submit(&taking_over(&page, "chu@example.vn")).await;
        assert_eq!(done.location.as_deref(), Some("/colleagues?taken-over"), "{}", done.text);
        let colleagues = stranger.follow(done).await.html();
        assert_eq!(colleagues.problems(), [""; 0]);
        assert!(colleagues.main_text().contains(&*VI.t("takeover-done")), "{}", colleagues.main_text());
        for gone in [&former, &colleague] {
            assert!(gone.get(&assessment).await.location.is_some_and(|to| to.starts_with("/sign-in")), "signed out");
        }
        let refused = former.post("/sign-in", &[("name", "dn1@example.vn"), ("password", PASSWORD)]).await;
        assert_eq!(refused.status, 422);
        assert_eq!(stranger.get(&assessment).await.status, 200, "the draft stays with the enterprise");
        let told = "SELECT recipient FROM outbox WHERE kind = 'taken_over' ORDER BY recipient";
        assert_eq!(server.database.texts(told).await, ["dn1@example.vn", "lan@example.vn"]);
        let body = server.database.texts("SELECT CAST(body AS TEXT) FROM outbox WHERE kind = 'taken_over'").await;
        assert!(body.iter().all(|body| !body.contains("Chủ") && !body.contains("chu@")), "{body:?}");
        let again = server.client();
        assert_eq!(messages(&claim(&again, &tax_code(1), &code).await), [VI.t("claim-wrong")], "used once");
        assert_eq!(again.submit(&taking_over(&page, "ba@example.vn")).await.status, 422);
        let logged = "SELECT count(*) FROM audit WHERE action = 'enterprise_taken_over'";
        assert_eq!(server.database.number(logged).await, 1);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
        // Whom the new owner knows comes back by the list of colleagues.
        let page = stranger.get("/colleagues").await;
        assert!(page.text.contains("lan@example.vn"));
    })
    .await;
}

/// A letter for an enterprise that somebody has registered.
async fn letter_to_take_over(officer: &Client, n: usize) -> String {
    let entry = officer.get(&format!("/province/register/entries/{}", tax_code(n))).await;
    assert_eq!(entry.html().problems(), [""; 0]);
    assert!(entry.html().main_text().contains(&*VI.t("code-takeover")));
    letter(officer, n).await
}

#[tokio::test]
async fn a_letter_still_works_when_somebody_else_was_faster() {
    let server = TestServer::sqlite().await;
    let officer = officer(&server, 1).await;
    let code = letter(&officer, 1).await;
    answers::register(&server.client(), 1).await;
    let page = claim(&server.client(), &tax_code(1), &code).await;
    assert!(page.html().main_text().contains(&*VI.t("takeover-lead")), "{}", page.html().main_text());
    let guess = server.client();
    let mut refused = 0;
    for _ in 0..8 {
        let form = [("tax_code", tax_code(1)), ("code", "2222-2222-2222".to_owned())];
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        refused += u32::from(guess.post("/claim/takeover", &form).await.status == 429);
    }
    assert!(refused > 0, "nobody guesses at full speed here either");
}

#[tokio::test]
async fn a_page_from_before_a_registration_makes_no_code() {
    let server = TestServer::sqlite().await;
    let officer = officer(&server, 1).await;
    answers::register(&server.client(), 1).await;
    let entry = format!("/province/register/entries/{}", tax_code(1));
    let sent = officer.post(&format!("{entry}/code"), &[]).await;
    assert_eq!(sent.location.as_deref(), Some(entry.as_str()), "it would take over");
    assert_eq!(server.database.number("SELECT count(*) FROM claim_code").await, 0);
}
