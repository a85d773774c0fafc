//! Somebody at a browser who is signed in.

use serde_json::json;
use tests::{Client, Page, TestServer, answers};

use crate::{Chromium, until};

/// An enterprise's account and its assessment.
pub struct Person {
    /// The same session without a browser, to look at what the server has.
    pub client: Client,
    /// The assessment's address, `/assessments/…`.
    pub assessment: String,
    session: String,
}

impl Person {
    /// Registers the first enterprise, without a browser.
    pub async fn new(server: &TestServer) -> Self {
        let client = server.client();
        let page = answers::send_registration(&client, &answers::registration(1)).await;
        assert_eq!(page.status, 303, "{}", page.text);
        let session = session(&page);
        let assessment = client.get("/assessments").await.location.expect("the assessment's address");
        Self { client, assessment, session }
    }

    /// The same with the profile answered like worked case A, so that everything is asked that the shop is asked.
    pub async fn with_profile(server: &TestServer) -> Self {
        let person = Self::new(server).await;
        answers::answer_section(&person.client, &person.assessment, "profile", &answers::case_a()).await;
        person
    }

    /// The same with everything answered like worked case A.
    pub async fn with_answers(server: &TestServer) -> Self {
        let person = Self::new(server).await;
        answers::answer_all(&person.client, &person.assessment, &answers::case_a()).await;
        person
    }

    /// The same person at another assessment.
    pub fn at(self, assessment: String) -> Self {
        Self { assessment, ..self }
    }

    /// The address of a page of questions, such as `P1/plan`.
    pub fn topic(&self, place: &str) -> String {
        format!("{}/sections/{place}", self.assessment)
    }

    /// Gives a browser the session that an answer of the server began.
    pub async fn use_session(page: &Page, chromium: &Chromium, server: &TestServer) {
        set_cookie(&session(page), chromium, server).await;
    }

    /// Gives a browser the session.
    pub async fn sign_in(&self, chromium: &Chromium, server: &TestServer) {
        set_cookie(&self.session, chromium, server).await;
    }

    /// Waits until the server has these values of a question.
    pub async fn until_stored(&self, place: &str, question: &str, values: &[&str]) {
        let waiting = format!("{question} as {values:?} on the server");
        until(&waiting, || async { (self.stored(place, question).await == values).then_some(()) }).await;
    }

    /// The values of a question that the server has.
    pub async fn stored(&self, place: &str, question: &str) -> Vec<String> {
        let address = self.topic(place);
        let form = self.client.get(&address).await.form(&address);
        form.values(question).into_iter().map(ToOwned::to_owned).collect()
    }
}

fn session(page: &Page) -> String {
    let cookie = page.cookies().into_iter().find_map(|cookie| cookie.strip_prefix("session="));
    cookie.and_then(|cookie| cookie.split(';').next()).expect("a session").to_owned()
}

async fn set_cookie(session: &str, chromium: &Chromium, server: &TestServer) {
    let cookie = json!({ "name": "session", "value": session, "url": server.url("/"), "httpOnly": true });
    let set = chromium.devtools("Network.setCookie", cookie).await;
    assert_eq!(set["success"], true, "{set}");
}
