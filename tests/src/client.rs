//! A client that behaves like a browser without scripts: keeps cookies, follows redirects when asked, sends `Origin`.

use reqwest::{Method, StatusCode, header, redirect::Policy};

use crate::{Form, Html, answers::PASSWORD};

/// A visitor.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    base: String,
}

/// What came back.
#[derive(Debug)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Where a redirect leads, if it is one.
    pub location: Option<String>,
    /// All headers.
    pub headers: header::HeaderMap,
    /// The body.
    pub text: String,
}

impl Page {
    /// The page, read strictly.
    ///
    /// # Panics
    /// When it is not well-formed.
    #[must_use]
    pub fn html(&self) -> Html {
        Html::parse(&self.text).unwrap_or_else(|problem| panic!("{} page: {problem}", self.status))
    }

    /// The form of the page that is sent to this address.
    ///
    /// # Panics
    /// When there is none.
    #[must_use]
    pub fn form(&self, action: &str) -> Form {
        let form = self.html().form(action);
        form.unwrap_or_else(|| panic!("no form for {action} in a {} page", self.status))
    }

    /// A header as text; empty if it is missing.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The cookies that the answer sets, each as its whole text.
    #[must_use]
    pub fn cookies(&self) -> Vec<&str> {
        self.headers.get_all(header::SET_COOKIE).iter().filter_map(|value| value.to_str().ok()).collect()
    }
}

impl Client {
    /// A visitor of the server at `base`, without cookies. Redirects are not followed.
    ///
    /// # Panics
    /// When the client cannot be made.
    #[must_use]
    pub fn new(base: &str) -> Self {
        let http = reqwest::Client::builder().cookie_store(true).redirect(Policy::none()).build().expect("a client");
        Self { http, base: base.to_owned() }
    }

    /// Opens a page.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn get(&self, path: &str) -> Page {
        read(self.http.get(format!("{}{path}", self.base))).await
    }

    /// Sends a form as the server's own pages do.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn post(&self, path: &str, form: &[(&str, &str)]) -> Page {
        read(self.own(path).form(form)).await
    }

    /// Sends a form of a page with what it holds.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn submit(&self, form: &Form) -> Page {
        read(self.own(&form.action).form(&form.pairs)).await
    }

    /// Sends a form in the background, as the autosave does.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn autosave(&self, path: &str, form: &[(&str, &str)]) -> Page {
        read(self.own(path).header(header::ACCEPT, "application/json").form(form)).await
    }

    /// Sends a form with one file, as browsers do.
    ///
    /// # Panics
    /// When the server does not answer.
    pub async fn upload(&self, path: &str, name: &str, content: &[u8]) -> Page {
        const BOUNDARY: &str = "------------------------7d1";
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        let body = [head.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat();
        let request = self.own(path).header("content-type", format!("multipart/form-data; boundary={BOUNDARY}"));
        read(request.body(body)).await
    }

    /// Opens a page again and again until it no longer loads itself again.
    ///
    /// # Panics
    /// After two minutes.
    pub async fn when_done(&self, path: &str) -> Page {
        for _ in 0..1_200 {
            let page = self.get(path).await;
            if page.header("refresh").is_empty() {
                return page;
            }
            tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        }
        panic!("{path} does not come to an end");
    }

    /// A request to shape freely.
    pub fn request(&self, method: Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.base))
    }

    /// A POST with the headers of a form of this server, its body to be added.
    pub fn own(&self, path: &str) -> reqwest::RequestBuilder {
        let request = self.request(Method::POST, path).header(header::ORIGIN, &self.base);
        request.header("sec-fetch-site", "same-origin")
    }

    /// Follows redirects by GET until a page comes.
    ///
    /// # Panics
    /// After ten redirects.
    pub async fn follow(&self, mut page: Page) -> Page {
        for _ in 0..10 {
            match &page.location {
                Some(location) => page = self.get(location).await,
                None => return page,
            }
        }
        panic!("too many redirects, the last to {:?}", page.location);
    }

    /// Tries to sign in through the form of the page.
    ///
    /// # Panics
    /// When the server does not answer or has no such form.
    pub async fn try_sign_in(&self, name: &str, password: &str) -> Page {
        let form = self.get("/sign-in").await.form("/sign-in");
        self.submit(&form.set("name", &[name]).set("password", &[password])).await
    }

    /// Signs in a test account.
    ///
    /// # Panics
    /// When the sign-in is refused.
    pub async fn sign_in(&self, name: &str) {
        let page = self.try_sign_in(name, PASSWORD).await;
        assert_eq!(page.status, 303, "{name} cannot sign in: {}", page.html().main_text());
    }

    /// Chooses the language of the pages, `vi` or `en`.
    ///
    /// # Panics
    /// When the server does not take it.
    pub async fn speak(&self, lang: &str) {
        let page = self.post("/language", &[("lang", lang), ("to", "/")]).await;
        assert_eq!(page.status, 303, "{}", page.text);
    }
}

/// Sends a request and reads the whole answer.
///
/// # Panics
/// When the server does not answer.
pub async fn read(request: reqwest::RequestBuilder) -> Page {
    let response = request.send().await.expect("an answer");
    let (status, headers) = (response.status(), response.headers().clone());
    let location = headers.get(header::LOCATION).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned);
    Page { status, location, headers, text: response.text().await.expect("text") }
}
