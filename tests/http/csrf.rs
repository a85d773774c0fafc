use reqwest::{Method, header::ORIGIN};
use server::http::routes;
use tests::{
    Database, TestServer,
    answers::{self, registration},
    client::read,
};

use crate::{EN, VI, assert_error, id_of};

#[tokio::test]
async fn a_form_sent_from_another_site_changes_nothing_on_any_route() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let assessment = answers::register(&client, 1).await;
    let before = server.database.texts("SELECT name FROM enterprise").await;
    let mut walked = 0;
    for route in routes::all().table.iter().filter(|route| route.method != Method::GET) {
        let path = route.path.replace("{id}", id_of(&assessment)).replace("{section}", "P1").replace("{topic}", "plan");
        let by_fetch_site = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
        let by_same_site = [("sec-fetch-site", "same-site"), ("origin", "https://other.example.vn")];
        let by_origin_only = [("origin", "https://evil.example"), ("accept", "text/html")];
        for headers in [by_fetch_site, by_same_site, by_origin_only] {
            let mut request = client.request(route.method.clone(), &path).form(&registration(2));
            for (name, value) in headers {
                request = request.header(name, value);
            }
            let page = read(request).await;
            assert_error(&page, 403, VI, "error-forbidden-title");
            assert_eq!(page.cookies(), [""; 0], "{path}");
        }
        walked += 1;
    }
    assert!(walked >= 7, "{walked} routes that change something");
    assert_eq!(server.database.texts("SELECT name FROM enterprise").await, before);
    assert_eq!(client.get("/home").await.status, 303, "still signed in: the sign-out from elsewhere did nothing");
}

#[tokio::test]
async fn the_page_about_it_is_in_the_readers_language() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    client.speak("en").await;
    let request = client.request(Method::POST, "/register").header("sec-fetch-site", "cross-site");
    assert_error(&read(request.form(&registration(1))).await, 403, EN, "error-forbidden-title");
}

#[tokio::test]
async fn a_form_of_ones_own_is_accepted_with_whatever_headers_the_browser_has() {
    let server = TestServer::sqlite().await;
    let own = server.url("");
    let ways: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "same-origin"), ("origin", &own)],
        &[("sec-fetch-site", "none")],
        &[("origin", &own)],
        // Neither header: no browser of the last years, so nobody's session is at stake.
        &[],
    ];
    for (n, headers) in ways.into_iter().enumerate() {
        let mut request = server.client().request(Method::POST, "/register").form(&registration(n));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let page = read(request).await;
        assert_eq!(page.status, 303, "{headers:?}: {}", page.text);
    }
}

#[tokio::test]
async fn the_null_origin_of_a_sandboxed_frame_is_another_site() {
    let server = TestServer::sqlite().await;
    let request = server.client().request(Method::POST, "/register").header(ORIGIN, "null").form(&registration(1));
    assert_error(&read(request).await, 403, VI, "error-forbidden-title");
}

#[tokio::test]
async fn behind_a_proxy_the_public_address_is_ones_own_and_a_look_alike_is_not() {
    let server = TestServer::start(Database::sqlite(), &["--origin", "https://thuocso.example.vn"]).await;
    let send = async |n, origin| {
        let request = server.client().request(Method::POST, "/register").header(ORIGIN, origin);
        read(request.form(&registration(n))).await.status.as_u16()
    };
    assert_eq!(send(1, "https://thuocso.example.vn").await, 303);
    assert_eq!(send(2, "https://thuocso.example.vn.evil.example").await, 403);
    assert_eq!(send(3, "http://thuocso.example.vn").await, 403);
}
