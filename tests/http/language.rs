use reqwest::Method;
use tests::{TestServer, client::read};

#[tokio::test]
async fn the_footer_switches_the_language_and_comes_back_to_the_same_page() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let page = client.get("/sign-in?to=%2Faccount").await;
    assert_eq!(page.html().lang(), Some("vi"), "Vietnamese first");
    let form = page.form("/language");
    assert_eq!(form.values("lang"), ["en"]);
    let switched = client.submit(&form).await;
    assert_eq!((switched.status.as_u16(), switched.location.as_deref()), (303, Some("/sign-in?to=%2Faccount")));
    let english = client.follow(switched).await;
    assert_eq!(english.html().lang(), Some("en"));
    assert_eq!(english.form("/language").values("lang"), ["vi"], "and back");
    let back = client.submit(&english.form("/language")).await;
    assert_eq!(client.follow(back).await.html().lang(), Some("vi"));
}

#[tokio::test]
async fn an_unknown_language_is_vietnamese() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    for lang in ["fr", "", "EN ", "vi\r\nset-cookie: x=1"] {
        let page = client.post("/language", &[("lang", lang), ("to", "/")]).await;
        assert!(page.cookies()[0].starts_with("lang=vi;"), "{lang}: {:?}", page.cookies());
        assert_eq!(page.cookies().len(), 1);
    }
    assert_eq!(read(client.request(Method::GET, "/").header("cookie", "lang=xx")).await.html().lang(), Some("vi"));
}

#[tokio::test]
async fn no_address_of_another_server_is_ever_followed() {
    let server = TestServer::sqlite().await;
    tests::answers::register(&server.client(), 1).await;
    let foreign = [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example/",
        "\\\\evil.example",
        "http:evil.example",
        "javascript:alert(1)",
        "/\t/evil.example",
        "/\n/evil.example",
        " //evil.example",
        "evil.example",
        "",
    ];
    for to in foreign {
        let language = server.client().post("/language", &[("lang", "en"), ("to", to)]).await;
        assert_eq!((language.status.as_u16(), language.location.as_deref()), (303, Some("/")), "{to:?}");
        let name = tests::answers::email(1);
        let form = [("to", to), ("name", name.as_str()), ("password", tests::answers::PASSWORD)];
        let signed_in = server.client().post("/sign-in", &form).await;
        assert_eq!((signed_in.status.as_u16(), signed_in.location.as_deref()), (303, Some("/home")), "{to:?}");
    }
    let page = server.client().get("/sign-in?to=https%3A%2F%2Fevil.example").await;
    assert_eq!(page.form("/sign-in").values("to"), ["/home"]);
}

#[tokio::test]
async fn a_page_that_answered_a_form_does_not_lead_to_an_error_when_the_language_is_switched() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let refused = client.post("/register", &[]).await;
    let switched = client.submit(&refused.form("/language")).await;
    assert_eq!(client.follow(switched).await.status, 200);
}
