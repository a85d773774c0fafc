//! An association lists its members by a file.

use server::http::routes;
use tests::{Client, Page, TestServer, answers::tax_code, client::read, each_database};

use crate::{
    EN, VI,
    association::{NAME, staff},
    messages,
};

const IMPORTS: &str = "/association/imports";

/// A multipart form with one file, as browsers send it.
async fn upload(client: &Client, content: &[u8]) -> Page {
    const BOUNDARY: &str = "------------------------7d1";
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"hội viên.csv\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
    let request = client.own(IMPORTS).header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
    read(request.body(body)).await
}

fn file() -> String {
    format!(
        "Danh sách hội viên,,,\nMã số thuế,Tên doanh nghiệp,Email,Điện thoại\n{},Gốm Một,mot@example.vn,912345678\n\
         {},Gốm Hai,,\n12345,<b>=1+1</b>,sai@,\n{},Gốm Hai lần nữa,,\n",
        tax_code(1),
        tax_code(2),
        tax_code(2)
    )
}

/// Uploads a file and lists its members; the address of the result.
async fn import(client: &Client, content: &str) -> String {
    let sent = upload(client, content.as_bytes()).await;
    assert_eq!(sent.status, 303, "{}", sent.text);
    let href = sent.location.expect("an address");
    let form = client.get(&href).await.form(&href).set("do", &["start"]);
    assert_eq!(client.submit(&form).await.location.as_deref(), Some(href.as_str()));
    href
}

fn figures(page: &Page) -> Vec<String> {
    page.html().named("dd").map(|figure| figure.text.trim().to_owned()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_is_previewed_and_listed_and_every_rejected_row_is_named() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = staff(&server, NAME, "ha@example.vn").await;
        let href = upload(&client, file().as_bytes()).await.location.expect("an address");
        let preview = client.get(&href).await;
        assert_eq!(preview.html().problems(), [""; 0]);
        let text = preview.html().main_text();
        assert!(text.contains(&VI.with("member-import-preview", [("taken", "2"), ("rejected", "2")])), "{text}");
        assert!(text.contains("0912 345 678") && !preview.text.contains("<b>=1"), "{text}");
        assert_eq!(server.database.number("SELECT count(*) FROM membership").await, 0, "nothing is listed yet");

        let href = import(&client, &file()).await;
        let page = client.get(&href).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert_eq!(figures(&page), ["2", "0", "0", "2"]);
        assert!(page.html().main_text().contains(&*VI.t("reason-repeated")), "{}", page.html().main_text());
        let stored = server.database.texts(
            "SELECT tax_code || ' ' || name || ' ' || COALESCE(email, '-') || ' ' || COALESCE(phone, '-') FROM membership
             ORDER BY tax_code",
        );
        let expected =
            [format!("{} Gốm Một mot@example.vn +84912345678", tax_code(1)), format!("{} Gốm Hai - -", tax_code(2))];
        assert_eq!(stored.await, expected);

        let again = import(&client, &file()).await;
        assert_eq!(figures(&client.get(&again).await), ["0", "0", "2", "2"], "the same file again");
        let newer = format!("MST;Tên công ty;Email\n{};;moi@example.vn\n", tax_code(2));
        let newer = import(&client, &newer).await;
        assert_eq!(figures(&client.get(&newer).await), ["0", "1", "0", "0"]);
        let member = "SELECT name || ' ' || email FROM membership WHERE email = 'moi@example.vn'";
        assert_eq!(server.database.texts(member).await, ["Gốm Hai moi@example.vn"], "what the file leaves out stays");
        // The same page sent again after it was done.
        assert_eq!(client.post(&href, &[("tax_code", "0"), ("do", "start")]).await.location.as_deref(), Some(&*href));

        client.speak("en").await;
        let csv = client.get(&format!("{href}/rejected?format=csv")).await;
        assert!(csv.header("content-disposition").contains("rejected-rows.csv"));
        let lines: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().collect();
        assert_eq!(lines.len(), 3, "{lines:?}");
        assert!(lines[1].starts_with("5,12345,<b>=1+1</b>,") && lines[1].contains(&*EN.t("wrong-email")), "{lines:?}");
        assert!(lines[2].contains(&*EN.t("reason-repeated")), "{lines:?}");
        assert_eq!(client.get(&format!("{href}/rejected?format=xlsx")).await.status, 200);
        assert_eq!(client.get(&format!("{href}/rejected?format=pdf")).await.status, 400);
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_list_is_refused_and_the_columns_can_be_chosen_and_are_remembered() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    for (content, message) in [
        (Vec::new(), VI.t("file-empty").into_owned()),
        (b"%PDF-1.7".to_vec(), VI.t("file-kind").into_owned()),
        (vec![b'a'; 2 * 1024 * 1024 + 1], VI.t("member-import-too-large").into_owned()),
    ] {
        let page = upload(&client, &content).await;
        assert_eq!((page.status.as_u16(), messages(&page)), (422, vec![message]));
        assert_eq!(page.html().problems(), [""; 0]);
    }
    let odd = format!("Cột A,Cột B\n{},Gốm Một\n", tax_code(1));
    let href = upload(&client, odd.as_bytes()).await.location.expect("an address");
    let form = client.get(&href).await.form(&href);
    let refused = client.submit(&form.clone().set("do", &["start"])).await;
    assert_eq!((refused.status.as_u16(), messages(&refused)), (422, vec![VI.t("import-needs-column").into_owned()]));
    let twice = client.submit(&form.clone().set("tax_code", &["0"]).set("name", &["0"]).set("do", &["start"])).await;
    assert_eq!(messages(&twice), [VI.t("import-twice"), VI.t("import-twice")]);
    let chosen = form.set("tax_code", &["0"]).set("name", &["1"]);
    assert_eq!(client.submit(&chosen.clone().set("do", &["preview"])).await.status, 303);
    assert!(client.get(&href).await.text.contains("Gốm Một"));
    assert_eq!(client.submit(&chosen.set("do", &["start"])).await.status, 303);
    assert_eq!(server.database.number("SELECT count(*) FROM membership").await, 1);
    let again = upload(&client, odd.as_bytes()).await.location.expect("an address");
    assert_eq!(client.get(&again).await.form(&again).values("name"), ["1"], "remembered");
}

#[tokio::test]
async fn nobody_else_reaches_the_files_of_an_association_by_any_verb() {
    let server = TestServer::sqlite().await;
    let client = staff(&server, NAME, "ha@example.vn").await;
    let other = staff(&server, "Hội khác", "b@example.vn").await;
    let (enterprise, visitor) = (server.client(), server.client());
    tests::answers::register(&enterprise, 5).await;
    let waiting = upload(&client, file().as_bytes()).await.location.expect("an address");
    let done = import(&client, &file()).await;
    let mut walked = 0;
    for route in routes::all().table.iter().filter(|route| route.path.starts_with("/association/imports/{import}")) {
        for href in [&waiting, &done] {
            let address = route.path.replace("/association/imports/{import}", href) + "?format=csv";
            for (who, expected) in [(&other, &[404][..]), (&enterprise, &[403]), (&visitor, &[303, 401])] {
                let page = if route.method == "GET" { who.get(&address).await } else { who.post(&address, &[]).await };
                assert!(expected.contains(&page.status.as_u16()), "{} {address}: {}", route.method, page.status);
                assert!(!page.text.contains("Gốm"), "{} {address}", route.method);
                walked += 1;
            }
        }
    }
    assert!(walked >= 18, "{walked} calls");
    assert!(!other.get(IMPORTS).await.text.contains("hội viên.csv"));
}
