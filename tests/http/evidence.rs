//! Evidence files: sent on an answer, listed, opened by those who may, taken back; and everything that is refused.

use model::role::Role;
use reqwest::Method;
use tests::{Client, Page, TestServer, answers, client::read, each_database, html::words};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{
    VI, assert_error,
    association::{NAME, decide, invitation, list, staff},
    id_of, messages, topic,
};

const PDF: &[u8] = b"%PDF-1.7\n1 0 obj\n<< >>\nendobj\n%%EOF\n";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\0\x01\0\0\0\x01\x08\x02\0\0\0";
const LIMIT: usize = 10 * 1024 * 1024;

/// A form with a file, as browsers send it.
fn form(name: &str, content: &[u8]) -> Vec<u8> {
    let head = format!(
        "--edge\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: text/html\r\n\r\n"
    );
    [head.as_bytes(), content, b"\r\n--edge--\r\n"].concat()
}

async fn send(client: &Client, address: &str, name: &str, content: &[u8]) -> Page {
    let request = client.own(address).header("content-type", "multipart/form-data; boundary=edge");
    read(request.body(form(name, content))).await
}

/// Where the evidence for 3.1 is sent.
fn place(assessment: &str) -> String {
    format!("{assessment}/evidence/Q301")
}

/// The addresses of the files that a page lists.
fn files(page: &Page) -> Vec<String> {
    let html = page.html();
    let links = html.named("a").filter_map(|link| link.attribute("href").map(ToOwned::to_owned));
    links.filter(|href| href.starts_with("/evidence/")).collect()
}

/// How many files lie in the folder.
fn on_disk(server: &TestServer) -> usize {
    std::fs::read_dir(server.evidence.path()).map_or(0, Iterator::count)
}

async fn rows(server: &TestServer) -> i64 {
    server.database.number("SELECT count(*) FROM evidence").await
}

#[tokio::test]
async fn a_file_is_sent_listed_opened_and_taken_back() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let assessment = answers::register(&client, 1).await;
        answers::answer_section(&client, &assessment, "profile", &answers::case_a()).await;
        let place = place(&assessment);
        assert_eq!(client.get(&place).await.html().problems(), [""; 0]);
        let sent = send(&client, &place, "Ảnh <b>&\"gian hàng.PDF", PDF).await;
        assert_eq!(sent.location, Some(format!("{place}?done")), "{}", sent.text);
        let page = client.follow(sent).await;
        assert_eq!(page.html().problems(), [""; 0]);
        let text = words(&page.html().main_text());
        // The quote ends the name in the header; what is left of it is shown as text.
        assert!(text.contains("Ảnh <b>&.pdfPDF, 1 KB, ") && !page.text.contains("<b>&"), "{text}");
        let file = files(&page).concat();
        let opened = client.get(&file).await;
        assert_eq!((opened.status.as_u16(), opened.text.as_bytes()), (200, PDF));
        assert_eq!(opened.header("content-type"), "application/pdf");
        assert!(opened.header("content-disposition").starts_with("attachment; filename=\""), "{:?}", opened.headers);
        assert!(opened.header("content-disposition").contains("filename*=UTF-8''%E1%BA%A2nh"), "{:?}", opened.headers);
        assert_eq!(opened.header("content-security-policy"), "default-src 'none'; sandbox");
        assert_eq!(opened.header("x-content-type-options"), "nosniff");
        assert_eq!(opened.header("cache-control"), "no-store");
        assert_eq!(opened.header("content-length"), PDF.len().to_string());
        let stored = server.database.texts("SELECT file FROM evidence").await.concat();
        assert_eq!(std::fs::read(server.evidence.path().join(&stored)).expect("the file"), PDF);
        assert!(stored.len() == 64 && stored.bytes().all(|byte| byte.is_ascii_hexdigit()), "{stored}");

        // The page of questions shows it, and its button saves before it leads here.
        let questions = topic(&assessment, "P3/listing");
        let questions = client.get(&topic(&assessment, "P3")).await.location.unwrap_or(questions);
        let shown = client.get(&questions).await;
        assert_eq!(files(&shown), [file.as_str()]);
        let answered = shown.form(&questions).set("Q301", &["3"]).set("_evidence", &["Q301"]);
        assert_eq!(client.submit(&answered).await.location.as_deref(), Some(&*place));
        assert_eq!(crate::shown(&client, &questions, "Q301").await, ["3"], "saved on the way");

        let remove = format!("{place}{}/remove", file.trim_start_matches("/evidence"));
        let gone = client.post(&remove, &[]).await;
        assert_eq!(gone.location, Some(format!("{place}?removed")), "{}", gone.text);
        assert_eq!((rows(&server).await, on_disk(&server)), (0, 0));
        assert_eq!(client.post(&remove, &[]).await.status, 404, "it is gone already");
        assert_eq!(client.get(&file).await.status, 404);
        let log = server.database.texts("SELECT action FROM audit WHERE action LIKE 'evidence%' ORDER BY id").await;
        assert_eq!(log, ["evidence_added", "evidence_removed"]);
        assert_eq!(
            server.database.number("SELECT count(*) FROM review_entry").await,
            0,
            "nobody else knows of a draft"
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_file_is_is_found_by_its_content_and_its_name_follows() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let place = place(&answers::register(&client, 1).await);
    for (name, content) in [
        ("trang.pdf", &b"<!doctype html><script>alert(1)</script>"[..]),
        ("anh.png", b"GIF89a trailing bytes"),
        ("tep.jpg", b"PK\x03\x04 a packed folder"),
        ("ve.png", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("ngan.pdf", b"%PDF"),
    ] {
        let page = send(&client, &place, name, content).await;
        assert_eq!(page.status, 422, "{name}");
        assert_eq!(page.html().problems(), [""; 0]);
        assert_eq!(messages(&page), [VI.t("evidence-kind")]);
    }
    assert_eq!(messages(&send(&client, &place, "trong.pdf", b"").await), [VI.t("evidence-empty")]);
    assert_eq!(messages(&send(&client, &place, "", b"").await), [VI.t("evidence-none")]);
    assert_eq!((rows(&server).await, on_disk(&server)), (0, 0));
    assert_eq!(send(&client, &place, "../../la.html", PNG).await.status, 303);
    assert_eq!(server.database.texts("SELECT name || ' ' || media FROM evidence").await, ["la.html.png image/png"]);
}

#[tokio::test]
async fn ten_megabytes_fit_and_one_byte_more_is_refused_in_words() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let place = place(&answers::register(&client, 1).await);
    let mut content = PDF.to_vec();
    content.resize(LIMIT, b'x');
    assert_eq!(send(&client, &place, "vua.pdf", &content).await.status, 303);
    content.push(b'x');
    let page = send(&client, &place, "to.pdf", &content).await;
    assert_eq!((page.status.as_u16(), messages(&page)), (422, vec![VI.t("evidence-too-large").into_owned()]));
    content.resize(3 * LIMIT, b'x');
    let page = send(&client, &place, "to-nua.pdf", &content).await;
    assert_eq!((page.status.as_u16(), messages(&page)), (422, vec![VI.t("evidence-too-large").into_owned()]));
    assert_eq!((rows(&server).await, on_disk(&server)), (1, 1), "nothing is left of what was refused");
}

#[tokio::test]
async fn an_assessment_has_so_many_files_and_no_more() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let place = place(&answers::register(&client, 1).await);
        for n in 0..30 {
            assert_eq!(send(&client, &place, &format!("{n}.png"), PNG).await.status, 303, "{n}");
        }
        let page = send(&client, &place, "31.png", PNG).await;
        assert_eq!((page.status.as_u16(), messages(&page)), (422, vec![VI.with("evidence-full", [("most", "30")])]));
        assert_eq!((rows(&server).await, on_disk(&server)), (30, 30));
    })
    .await;
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let place = place(&answers::register(&client, 1).await);
    let damaged =
        [form("a.pdf", PDF)[..90].to_vec(), form("a.pdf", PDF).split_last_chunk::<14>().expect("an end").0.to_vec()];
    for body in damaged {
        let request = client.own(&place).header("content-type", "multipart/form-data; boundary=edge");
        assert_eq!(read(request.body(body)).await.status, 400);
    }
    // A sender that promises more than it sends and goes away.
    let signed_in = server.client().try_sign_in(&answers::email(1), answers::PASSWORD).await;
    let cookie = signed_in.cookies().concat().split(';').next().expect("a cookie").to_owned();
    let head = format!(
        "POST {place} HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\nSec-Fetch-Site: same-origin\r\n\
         Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: 100000\r\n\r\n",
        server.address
    );
    let mut socket = tokio::net::TcpStream::connect(server.address).await.expect("a connection");
    let begun = form("a.pdf", &[PDF, &[b'x'; 20_000][..]].concat());
    socket.write_all(&[head.as_bytes(), &begun[..20_000]].concat()).await.expect("sent");
    for _ in 0..500 {
        if on_disk(&server) == 1 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!(on_disk(&server), 1, "it is written while it arrives");
    socket.shutdown().await.expect("the end");
    drop(socket.read_to_end(&mut Vec::new()).await);
    for _ in 0..500 {
        if on_disk(&server) == 0 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    assert_eq!((rows(&server).await, on_disk(&server)), (0, 0));
}

#[tokio::test]
async fn a_file_whose_row_cannot_be_stored_is_cleaned_away() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let place = place(&answers::register(&client, 1).await);
    server
        .database
        .execute("CREATE TRIGGER refuse BEFORE INSERT ON evidence BEGIN SELECT RAISE(ABORT, 'no'); END")
        .await;
    assert_eq!(send(&client, &place, "a.pdf", PDF).await.status, 500);
    assert_eq!((rows(&server).await, on_disk(&server)), (0, 0));
}

#[tokio::test]
async fn files_that_no_row_tells_of_are_swept_after_an_hour() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let client = server.client();
        let place = place(&answers::register(&client, 1).await);
        assert_eq!(send(&client, &place, "giữ.pdf", PDF).await.status, 303);
        assert_eq!(send(&client, &place, "mất.pdf", PDF).await.status, 303);
        let foreign = server.evidence.path().join("README");
        std::fs::write(&foreign, "not ours").expect("written");
        // An assessment that is deleted takes its rows along; its files follow.
        server.database.execute("DELETE FROM evidence WHERE name = 'mất.pdf'").await;
        let (folder, store) = (server.app.evidence(), server.app.store());
        let now = server::clock::now();
        assert_eq!(folder.sweep(store, now).await.expect("swept"), 0, "too young");
        assert_eq!(folder.sweep(store, now + time::Duration::hours(2)).await.expect("swept"), 1);
        assert!(on_disk(&server) == 2 && foreign.exists());
        assert_eq!(client.get(&files(&client.get(&place).await).concat()).await.status, 200);
    })
    .await;
}

#[tokio::test]
async fn whoever_has_no_session_is_led_to_the_sign_in_and_back_to_the_form() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let visitor = server.client();
    let mut large = PDF.to_vec();
    large.resize(LIMIT, b'x');
    let place = place(&assessment);
    for content in [PDF, &large] {
        let page = send(&visitor, &place, "a.pdf", content).await;
        assert_eq!(page.status, 401);
        assert_eq!(page.html().problems(), [""; 0]);
        assert!(page.html().main_text().contains(&*VI.t("expired-upload")));
        let form = page.form("/sign-in").set("name", &[&answers::email(1)]).set("password", &[answers::PASSWORD]);
        assert_eq!(form.values("to"), [place.as_str()]);
        assert_eq!(server.client().submit(&form).await.location.as_deref(), Some(&*place));
    }
    let page = send(&visitor, "/province/register/imports", "a.csv", b"a;b").await;
    assert_eq!(
        (page.status.as_u16(), page.form("/sign-in").values("to").concat()),
        (401, "/province/register/imports".into())
    );
    assert_eq!(rows(&server).await, 0);
}

#[tokio::test]
async fn files_come_while_answers_may_change_and_to_answer_a_question_and_stay_once_they_were_sent() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let reviewer = staff(&server, NAME, "ha@example.vn").await;
        let enterprise = server.client();
        let assessment = answers::register(&enterprise, 1).await;
        answers::answer_all(&enterprise, &assessment, &answers::case_a()).await;
        let place = place(&assessment);
        assert_eq!(send(&enterprise, &place, "truoc.pdf", PDF).await.status, 303);
        let file = files(&enterprise.get(&place).await).concat();
        list(&reviewer, &answers::tax_code(1)).await;
        decide(&enterprise, &invitation(&enterprise).await, "agree").await;
        assert_eq!(reviewer.get(&file).await.status, 404, "a draft is nobody else's");
        enterprise.submit(&answers::declared(&enterprise, &assessment).await).await;
        assert_eq!(reviewer.get(&file).await.status, 200);
        let refused = send(&enterprise, &place, "sau.pdf", PDF).await;
        assert_eq!(refused.status, 409);
        assert!(refused.html().problems().is_empty() && refused.html().form(&place).is_none());
        let remove = format!("{place}{}/remove", file.trim_start_matches("/evidence"));
        assert_error_kept(&enterprise.post(&remove, &[]).await);

        let review = format!("/reviews/{}", id_of(&assessment));
        let act = |act: &'static str, more: &'static [(&'static str, &'static str)]| {
            let (reviewer, review) = (reviewer.clone(), review.clone());
            async move { reviewer.post(&review, &[&[("act", act), ("number", "1")][..], more].concat()).await }
        };
        assert_eq!(act("take-up", &[]).await.status, 303);
        assert_eq!(act("ask", &[("about", "Q301"), ("text", "Trang nào?")]).await.status, 303);
        assert_eq!(send(&enterprise, &place, "tra-loi.png", PNG).await.status, 303, "an answer to the question");
        let other = format!("{assessment}/evidence/Q302");
        assert_eq!(send(&enterprise, &other, "khac.png", PNG).await.status, 409, "nobody asked about that");
        let page = reviewer.get(&review).await;
        assert_eq!(page.html().problems(), [""; 0]);
        assert_eq!(files(&page).len(), 2);
        let posts: Vec<String> = page.html().with_class("c-thread__post").map(|post| words(&post.text)).collect();
        assert!(posts.iter().any(|post| post.contains("tra-loi.png")), "the line of time tells of it: {posts:?}");
        let exchange = enterprise.get(&format!("{assessment}/review")).await;
        assert_eq!(exchange.html().problems(), [""; 0]);
        assert_eq!(files(&exchange).len(), 2);

        assert_eq!(act("return", &[]).await.status, 303);
        assert_eq!(enterprise.post(&remove, &[]).await.status, 303, "open again");
        let told = "SELECT kind FROM review_entry WHERE kind IN ('evidence', 'removed') ORDER BY id";
        assert_eq!(server.database.texts(told).await, ["evidence", "removed"]);
        server.database.execute("UPDATE campaign SET closes_at = opens_at").await;
        assert_eq!(send(&enterprise, &other, "khac.png", PNG).await.status, 409, "the campaign is closed");
        assert_eq!(send(&enterprise, &place, "van-hoi.png", PNG).await.status, 303, "the question is open");
        assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    })
    .await;
}

#[track_caller]
fn assert_error_kept(page: &Page) {
    assert_eq!((page.status.as_u16(), messages(page)), (409, vec![VI.t("evidence-kept").into_owned()]));
}

/// Somebody of each office of the province.
async fn offices(server: &TestServer) -> [Client; 3] {
    let mut clients = Vec::new();
    for role in [Role::Officer, Role::Analyst, Role::Administrator] {
        let email = format!("{}@example.vn", role.as_str());
        server.add_account(role, &email).await;
        let client = server.client();
        client.sign_in(&email).await;
        clients.push(client);
    }
    clients.try_into().unwrap_or_else(|_| panic!("three offices"))
}

/// Whether a page refuses and tells nothing of the file.
#[track_caller]
fn assert_refused(page: &Page, what: &str) {
    let is_refused = matches!(page.status.as_u16(), 401 | 403 | 404)
        || page.location.as_deref().is_some_and(|location| location.starts_with("/sign-in"));
    assert!(is_refused, "{what}: {}", page.status);
    assert!(!page.text.contains("bi-mat") && !page.text.contains("%PDF"), "{what}");
}

/// Every route about files, as everybody who must not reach them.
#[tokio::test]
async fn nobody_else_reaches_a_file_by_any_verb() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let reviewer = staff(&server, NAME, "ha@example.vn").await;
        let foreign = staff(&server, "Hội khác", "b@example.vn").await;
        let (owner, other, visitor) = (server.client(), server.client(), server.client());
        let assessment = answers::register(&owner, 1).await;
        let place = place(&assessment);
        assert_eq!(send(&owner, &place, "bi-mat.pdf", PDF).await.status, 303);
        let file = files(&owner.get(&place).await).concat();
        answers::answer_all(&owner, &assessment, &answers::case_a()).await;
        owner.submit(&answers::declared(&owner, &assessment).await).await;
        let others = answers::submitted(&other, 2).await;
        list(&foreign, &answers::tax_code(2)).await;
        decide(&other, &invitation(&other).await, "agree").await;
        let [officer, analyst, administrator] = offices(&server).await;
        let remove = format!("{place}{}/remove", file.trim_start_matches("/evidence"));
        // The file under an assessment of one's own.
        let moved = format!("{}{}/remove", place_of(&others), file.trim_start_matches("/evidence"));
        let strangers = [
            ("an association that may see others", &foreign),
            ("another enterprise", &other),
            ("a visitor", &visitor),
            ("an analyst", &analyst),
            ("an administrator", &administrator),
        ];
        for (who, client) in strangers {
            for (method, address) in [
                (Method::GET, &file),
                (Method::GET, &place),
                (Method::POST, &place),
                (Method::POST, &remove),
                (Method::POST, &moved),
            ] {
                let page = match method {
                    Method::GET => client.get(address).await,
                    _ if address == &place => send(client, address, "la.pdf", PDF).await,
                    _ => client.post(address, &[]).await,
                };
                assert_refused(&page, &format!("{method} {address} as {who}"));
            }
        }
        assert_eq!((rows(&server).await, on_disk(&server)), (1, 1));
        assert_eq!(officer.get(&file).await.status, 200, "the province reviews everybody");
        assert_eq!(reviewer.get(&file).await.status, 404, "not before the enterprise agrees");
        list(&reviewer, &answers::tax_code(1)).await;
        decide(&owner, &invitation(&owner).await, "agree").await;
        assert_eq!(reviewer.get(&file).await.status, 200);
        decide(&owner, &invitation(&owner).await, "withdraw").await;
        assert_eq!(reviewer.get(&file).await.status, 404, "and not a moment after it withdraws");
        assert_error(
            &owner.get("/evidence/00000000-0000-0000-0000-000000000000").await,
            404,
            VI,
            "error-not-found-title",
        );
    })
    .await;
}

fn place_of(assessment: &str) -> String {
    place(assessment)
}
