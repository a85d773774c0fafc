//! A walk through every page and state, for whatever has to hold on all of them. A new page is one more line here.

use model::role::Role;
use tests::{TestServer, answers};

use crate::{Chromium, Person};

/// Pages that everybody can open.
const EVERYBODY: [&str; 6] = ["/", "/register", "/sign-in", "/method", "/privacy", "/accessibility"];
/// Pages of whoever works for the province, by role.
const PROVINCE: [(Role, &[&str]); 3] = [
    (Role::Officer, &["/home", "/province", "/account"]),
    (Role::Analyst, &["/home", "/province", "/account"]),
    (Role::Administrator, &["/home", "/province", "/account"]),
];
/// Pages of an association.
const ASSOCIATION: &[&str] =
    &["/home", "/association", "/association/members", "/association/imports", "/association/comparison", "/account"];

/// A page as it is shown.
pub struct Stop<'a> {
    /// What it is called in messages: its address, or the state that it is in.
    pub name: &'a str,
    /// It says what is wrong.
    pub is_refused: bool,
}

/// Opens every page and state in turn and calls `look` on each.
pub async fn everywhere(chromium: &Chromium, look: impl AsyncFn(Stop<'_>)) {
    let server = TestServer::sqlite().await;
    let tour = Tour { chromium, server: &server, look };
    tour.everybody().await;
    tour.enterprise().await;
    tour.others().await;
}

struct Tour<'a, L> {
    chromium: &'a Chromium,
    server: &'a TestServer,
    look: L,
}

impl<L: AsyncFn(Stop<'_>)> Tour<'_, L> {
    async fn everybody(&self) {
        for path in EVERYBODY {
            self.page(path).await;
        }
        for (path, button) in [("/register", "main form button"), ("/sign-in", "main form button")] {
            self.chromium.open(&self.server.url(path)).await;
            self.chromium.leave(button).await;
            self.state(&format!("{path}, refused"), true).await;
        }
        self.chromium.open(&self.server.url("/khong-co-trang-nay")).await;
        self.state("no such page", false).await;
    }

    async fn enterprise(&self) {
        let person = Person::new(self.server).await;
        person.sign_in(self.chromium, self.server).await;
        self.page(&person.assessment).await;
        answers::answer_section(&person.client, &person.assessment, "profile", &answers::case_a()).await;
        self.page(&person.assessment).await;
        for place in places() {
            self.page(&person.topic(&place)).await;
        }
        self.questions(&person).await;
        answers::answer_all(&person.client, &person.assessment, &answers::case_a()).await;
        for page in ["", "/check"] {
            self.page(&format!("{}{page}", person.assessment)).await;
        }
        self.chromium.leave("main form:has(#declare) button").await;
        self.state("not declared", true).await;
        let sent = person.client.submit(&answers::declared(&person.client, &person.assessment).await).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        for page in ["/receipt", "/result"] {
            self.page(&format!("{}{page}", person.assessment)).await;
        }
        self.page("/account").await;
        self.english(&[&format!("{}/result", person.assessment), "/account", "/", "/register", "/method"]).await;
    }

    /// The states of a page of questions.
    async fn questions(&self, person: &Person) {
        let (chromium, page) = (self.chromium, self.server.url(&person.topic("P1/plan")));
        chromium.open(&page).await;
        chromium.leave("#topic button:not([name])").await;
        self.state("questions left open", true).await;
        chromium.open(&self.server.url(&person.topic("profile/size"))).await;
        chromium.answer("F01", "nhiều").await;
        chromium.leave("#topic button:not([name])").await;
        self.state("something unreadable", true).await;
        chromium.open(&page).await;
        chromium.awake().await;
        let form = person.client.get(&person.topic("P1/plan")).await.form(&person.topic("P1/plan"));
        let saved = person.client.submit(&form.set("Q101", &["1"]).set("_later", &["1"])).await;
        assert_eq!(saved.status, 303);
        chromium.answer("Q101", "4").await;
        chromium.until_saved("Chưa lưu: người khác").await;
        self.state("a save in conflict", false).await;
        chromium.leave(".c-saved__do:not([hidden])").await;
        self.state("two versions", true).await;
        chromium.answer("_keep_Q101", "theirs").await;
        chromium.leave("#topic button[name=_later]").await;
    }

    async fn others(&self) {
        for (number, (role, pages)) in PROVINCE.into_iter().enumerate() {
            self.as_somebody(role, &format!("tinh{number}@example.vn"), pages).await;
        }
        self.as_somebody(Role::Association, "hoi@example.vn", ASSOCIATION).await;
        self.chromium.open(&self.server.url("/province")).await;
        self.state("not allowed", false).await;
    }

    async fn as_somebody(&self, role: Role, email: &str, pages: &[&str]) {
        self.server.add_account(role, email).await;
        let client = self.server.client();
        let page = client.try_sign_in(email, answers::PASSWORD).await;
        Person::use_session(&page, self.chromium, self.server).await;
        for path in pages {
            self.chromium.open(&self.server.url(path)).await;
            self.state(&format!("{path} as {}", role.as_str()), false).await;
        }
    }

    async fn english(&self, pages: &[&str]) {
        for lang in ["en", "vi"] {
            self.chromium.leave(&format!(".c-langs__button[lang={lang}]")).await;
            for path in pages.iter().filter(|_| lang == "en") {
                self.chromium.open(&self.server.url(path)).await;
                self.state(&format!("{path} in English"), false).await;
            }
        }
    }

    async fn page(&self, path: &str) {
        self.chromium.open(&self.server.url(path)).await;
        assert_eq!(self.chromium.path().await, path, "the page itself is looked at");
        self.state(path, false).await;
    }

    async fn state(&self, name: &str, is_refused: bool) {
        if self.chromium.script("return !!document.getElementById('topic')", &[]).await == true {
            self.chromium.awake().await;
        }
        (self.look)(Stop { name, is_refused }).await;
    }
}

/// Every page of questions that case A is asked.
fn places() -> Vec<String> {
    let (questionnaire, answers) = (answers::questionnaire(), answers::case_a());
    let topics = |section| model::topics_asked(questionnaire, section, &answers);
    let sections = questionnaire.sections.iter();
    sections
        .flat_map(|section| topics(section).into_iter().map(|topic| format!("{}/{}", section.id, topic.id)))
        .collect()
}
