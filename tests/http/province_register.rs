use model::role::Role;
use tests::{Client, Page, TestServer, answers::tax_code, client::read};

use crate::{EN, VI, assert_error};

const IMPORTS: &str = "/province/register/imports";

async fn officer(server: &TestServer) -> Client {
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let client = server.client();
    client.sign_in("can-bo@example.vn").await;
    client
}

/// A multipart form with one file, as browsers send it.
async fn upload(client: &Client, name: &str, content: &[u8]) -> Page {
    const BOUNDARY: &str = "------------------------7d1";
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let request = client.own(IMPORTS).header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    read(request.body(body)).await
}

fn file() -> String {
    let mut file = "STT,Mã số thuế,Tên doanh nghiệp,Phường/xã,Mã ngành,Lao động,Vốn (tỷ đồng),Điện thoại\n".to_owned();
    for at in 1..=60 {
        file += &format!("{at},{},Công ty TNHH Gốm {at:02},Phường Thọ Xương,4773,{at},2,=cmd|'calc'\n", tax_code(at));
    }
    file + "61,0100109107,<b>Sai</b>,Phường Thọ Xương,4773,,,\n62,,=1+1,Atlantis,4773,,,\n"
}

/// The page of an import that has ended, however long it took.
async fn ended(client: &Client, href: &str) -> Page {
    for _ in 0..600 {
        let page = client.get(href).await;
        if page.header("refresh").is_empty() {
            return page;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the import does not end");
}

async fn import(client: &Client, content: &[u8]) -> (String, Page) {
    let sent = upload(client, "danh bạ.csv", content).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let href = sent.location.expect("an address");
    let form = client.get(&href).await.form(&href).set("do", &["start"]);
    assert_eq!(client.submit(&form).await.location.as_deref(), Some(href.as_str()));
    let page = ended(client, &href).await;
    (href, page)
}

#[tokio::test]
async fn a_file_is_previewed_imported_listed_and_its_rejected_rows_are_downloaded() {
    tests::each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = officer(&server).await;
        let sent = upload(&client, "danh bạ.csv", file().as_bytes()).await;
        let href = sent.location.expect("an address");
        let preview = client.get(&href).await;
        assert_eq!(preview.html().problems(), [""; 0]);
        let counts = VI.with("import-preview-counts", [("checked", "62"), ("rejected", "2")]);
        assert!(preview.html().main_text().contains(&counts), "{}", preview.html().main_text());
        assert!(!preview.text.contains("<b>Sai"), "names are escaped");
        assert_eq!(preview.form(&href).values("tax_code"), ["1"]);
        assert_eq!(server.database.number("SELECT count(*) FROM register_entry").await, 0, "nothing is imported yet");

        let (href, page) = import(&client, file().as_bytes()).await;
        assert_eq!(page.html().problems(), [""; 0]);
        let figures: Vec<String> = page.html().named("dd").map(|figure| figure.text.trim().to_owned()).collect();
        assert_eq!(figures, ["60", "0", "0", "2"]);
        assert!(page.html().main_text().contains(&*VI.t("reason-tax-code-check-digit")));
        let (_, again) = import(&client, file().as_bytes()).await;
        let figures: Vec<String> = again.html().named("dd").map(|figure| figure.text.trim().to_owned()).collect();
        assert_eq!(figures, ["0", "0", "60", "2"], "the same file again");

        client.speak("en").await;
        let csv = client.get(&format!("{href}/rejected?format=csv")).await;
        assert!(csv.header("content-disposition").contains("rejected-rows.csv"));
        let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3);
        assert!(lines[1].starts_with("62,0100109107,<b>Sai</b>,"), "{}", lines[1]);
        assert!(
            lines[2].starts_with("63,,'=1+1,") && lines[2].contains(&*EN.t("reason-place-unknown")),
            "{}",
            lines[2]
        );
        let xlsx = client.get(&format!("{href}/rejected?format=xlsx")).await;
        assert_eq!(xlsx.status, 200);
    })
    .await;
}

#[tokio::test]
async fn the_list_is_searched_filtered_and_paged() {
    let server = TestServer::sqlite().await;
    let client = officer(&server).await;
    import(&client, file().as_bytes()).await;
    let first = client.get("/province/register").await;
    assert_eq!(first.html().problems(), [""; 0]);
    assert_eq!(first.text.matches("/province/register/entries/").count(), 50);
    let next = first
        .html()
        .named("a")
        .find(|link| link.text.trim() == VI.t("page-next"))
        .map(|link| link.attribute("href").unwrap_or_default().to_owned());
    let second = client.get(&next.expect("a next page")).await;
    assert_eq!(second.text.matches("/province/register/entries/").count(), 10);
    let small = client.get("/province/register?place=u07210&section=G&size=small&sort=-name").await;
    assert!(small.html().main_text().contains("Gốm 50") && !small.html().main_text().contains("Gốm 05"));
    let searched = client.get("/province/register?q=gom+07").await;
    assert_eq!(searched.text.matches("/province/register/entries/").count(), 1);
    let by_code = client.get(&format!("/province/register?q={}", tax_code(3))).await;
    assert!(by_code.html().main_text().contains("Gốm 03"));
    assert!(client.get("/province/register?q=atlantis").await.html().main_text().contains(&*VI.t("register-none")));
    let entry = client.get(&format!("/province/register/entries/{}", tax_code(3))).await;
    assert_eq!(entry.html().problems(), [""; 0]);
    assert!(
        entry.html().main_text().contains("Phường Bắc Giang")
            && entry.html().main_text().contains("Thành phố Bắc Giang")
    );
    assert_eq!(client.get("/province/register/entries/0100109106").await.status, 404);
    for odd in ["?place=u99999&section=ZZ&size=huge&sort=name;drop", "?after=%00&code=%ff", "?q=%27%25_"] {
        let page = client.get(&format!("/province/register{odd}")).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, Vec::<String>::new()), "{odd}");
    }
}

#[tokio::test]
async fn what_is_no_table_is_refused_with_its_reason_and_columns_that_are_missing_are_named() {
    let server = TestServer::sqlite().await;
    let client = officer(&server).await;
    for (content, reason) in [
        (&b""[..], VI.t("file-empty")),
        (b"%PDF-1.7 x", VI.t("file-kind")),
        (b"a\xffb", VI.t("file-encoding")),
        (b"PK\x03\x04 but no workbook", VI.t("file-broken")),
    ] {
        let page = upload(&client, "x.xlsx", content).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains(&*reason), "{reason}");
    }
    let sent = upload(&client, "x.csv", b"MST,Ghi ch\xc3\xba\n1,2\n").await;
    let href = sent.location.expect("an address");
    let form = client.get(&href).await.form(&href).set("do", &["start"]);
    let page = client.submit(&form).await;
    assert_eq!(page.status, 422);
    assert!(page.html().main_text().contains(&*VI.t("import-needs-place")));
    assert_eq!(server.database.number("SELECT count(*) FROM register_import WHERE state = 'running'").await, 0);
    assert_error(&client.get(&format!("{IMPORTS}/{}", server::clock::id())).await, 404, VI, "error-not-found-title");
}

#[tokio::test]
async fn an_import_that_died_is_shown_as_interrupted_and_can_be_repeated() {
    let server = TestServer::sqlite().await;
    let client = officer(&server).await;
    let sent = upload(&client, "x.csv", file().as_bytes()).await;
    let href = sent.location.expect("an address");
    server.database.execute("UPDATE register_import SET state = 'running', beat_at = '2026-01-01T00:00:00Z'").await;
    let page = client.get(&href).await;
    assert!(page.html().main_text().contains(&*VI.t("import-interrupted-title")));
    assert_eq!(client.submit(&page.form(&href).set("do", &["repeat"])).await.status, 303);
    let done = ended(&client, &href).await;
    assert!(done.html().main_text().contains(&*VI.t("import-done-some-title")), "{}", done.html().main_text());
    assert_eq!(server.database.number("SELECT count(*) FROM register_entry").await, 60);
}

#[tokio::test]
async fn a_snapshot_becomes_the_frame_of_the_campaign_and_the_dashboard_names_who_to_call() {
    tests::each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let client = officer(&server).await;
        let snapshots = "/province/register/snapshots";
        let empty = client.submit(&client.get(snapshots).await.form(snapshots).set("title", &["Khung"])).await;
        assert_eq!(empty.status, 422, "there is nothing to freeze");
        import(&client, file().as_bytes()).await;
        tests::answers::submitted(&server.client(), 1).await;
        tests::answers::register(&server.client(), 2).await;
        let nameless = client.submit(&client.get(snapshots).await.form(snapshots)).await;
        assert_eq!(nameless.status, 422);
        let taken = client.submit(&client.get(snapshots).await.form(snapshots).set("title", &["Khung <1>"])).await;
        assert_eq!(taken.status, 303);
        assert!(client.follow(taken).await.html().main_text().contains("Khung <1>"));

        let response = "/province/response";
        let form = client.get(response).await.form(response);
        let id = server.app.store().snapshots().await.unwrap()[0].id.to_string();
        assert_eq!(client.submit(&form.set("snapshot", &[&id])).await.status, 303);
        let page = client.get(response).await;
        assert_eq!(page.html().problems(), [""; 0]);
        let lead = VI.with("response-lead", [("answered", "1"), ("all", "60"), ("percent", "1,7%")]);
        assert!(page.html().main_text().contains(&lead), "{}", page.html().main_text());

        let cell = "/province/response/call?district=213&section=G&size=micro";
        assert!(page.text.contains(&cell.replace('&', "&amp;")), "the cell links to its list");
        let calls = client.get(cell).await;
        assert_eq!(calls.html().problems(), [""; 0]);
        assert_eq!(calls.text.matches("Gốm ").count(), 9, "ten micro enterprises, one has answered");
        assert!(calls.html().main_text().contains(&*VI.t("response-begun")));
        let all = client.get("/province/response/call").await;
        let next = all
            .html()
            .named("a")
            .find(|link| link.text.trim() == VI.t("page-next"))
            .and_then(|link| link.attribute("href").map(ToOwned::to_owned));
        assert_eq!(client.get(&next.expect("a next page")).await.text.matches("Gốm ").count(), 9, "50 and 9");
        let csv = client.get("/province/response/call/file?format=csv").await;
        assert_eq!(csv.text.lines().count(), 60, "59 and the headers");
        assert!(csv.text.contains(",'=cmd|'calc',"), "a telephone number is no formula");
        assert_eq!(client.get("/province/response/call/file?format=exe").await.status, 400);
    })
    .await;
}

#[tokio::test]
async fn others_of_the_province_read_the_register_and_change_nothing() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let client = server.client();
    client.sign_in("phan-tich@example.vn").await;
    let list = client.get("/province/register").await;
    assert_eq!(list.status, 200);
    assert!(!list.text.contains(IMPORTS));
    assert_eq!(client.get("/province/response").await.status, 200);
    assert_eq!(upload(&client, "x.csv", b"MST,T\n1,2\n").await.status, 403);
    assert_eq!(client.post("/province/register/snapshots", &[("title", "x")]).await.status, 403);
}
