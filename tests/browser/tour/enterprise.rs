//! What visitors and enterprises see.

use model::answer::{Answer, Answers};
use tests::{TestServer, answers};

use super::{Stop, Tour};
use crate::Person;

/// Pages that everybody can open, without those of a release.
const EVERYBODY: [&str; 9] =
    ["/", "/register", "/claim", "/try", "/sign-in", "/method", "/glossary", "/privacy", "/accessibility"];
/// Answers everything that a page asks.
const FILL: &str = "const done = new Set();
    for (const one of document.querySelectorAll('#topic input:not([type=hidden]), #topic select')) {
        if (done.has(one.name)) continue;
        done.add(one.name);
        if (['radio', 'checkbox'].includes(one.type)) one.checked = true;
        else if (one.tagName === 'SELECT') one.selectedIndex = 1;
        else one.value = '12';
    }";
/// What continues a page of questions.
const CONTINUE: &str = "#topic button:not([name])";

impl<L: AsyncFn(Stop<'_>)> Tour<'_, L> {
    pub(super) async fn visitor(&self) {
        self.pages(&EVERYBODY).await;
        self.refused_by("/register", "main form button").await;
        self.refused_by("/sign-in", "main form button").await;
        self.refused_by("/claim", "main form button").await;
        self.tried().await;
        for path in ["/khong-co-trang-nay", "/shared/khong-con"] {
            self.open(path).await;
            self.state(&format!("{path}: no such page")).await;
        }
    }

    /// The quick check without an account, to its end.
    async fn tried(&self) {
        self.refused_by_next("/try", "main form button").await;
        let is_asked = async || self.chromium.script("return !!document.getElementById('topic')", &[]).await == true;
        for page in 1.. {
            self.chromium.script(FILL, &[]).await;
            self.chromium.leave(CONTINUE).await;
            if !is_asked().await {
                break;
            }
            self.state(&format!("page {page} of what is tried")).await;
            assert!(page < 40, "it does not end");
        }
        self.state("the result of what was tried").await;
        self.chromium.leave("form[action='/try/register'] button").await;
        self.state("a registration with answers along").await;
        self.chromium.leave("form[action='/register'] button").await;
        self.refused("a registration with answers along, refused").await;
    }

    /// Opens a page, goes on with its button, and goes on from there with nothing answered.
    async fn refused_by_next(&self, path: &str, button: &str) {
        self.open(path).await;
        self.chromium.leave(button).await;
        self.state(&format!("what follows {path}")).await;
        self.chromium.leave(CONTINUE).await;
        self.refused(&format!("what follows {path}, refused")).await;
    }

    /// A colleague is invited, answers something else than the owner, and the two agree.
    async fn colleague(&self, person: &Person) {
        let invite = "form[action='/colleagues'] button";
        self.page("/colleagues").await;
        self.refused_by("/colleagues", invite).await;
        self.chromium.answer("full_name", "Trần Thị Lan").await;
        self.chromium.answer("contact", "lan@example.vn").await;
        self.chromium.leave(invite).await;
        self.state("an invitation, shown once").await;
        let link = self.chromium.text(".c-share").await;
        let link = link[link.find("/invitation/").expect("a path")..].to_owned();
        self.page(&link).await;
        self.refused_by(&link, "main form button").await;
        let lan = self.server.client();
        let form = lan.get(&link).await.form(&link).set("password", &[answers::PASSWORD]).set("consent", &["yes"]);
        assert_eq!(lan.submit(&form).await.status, 303);
        lan.sign_in("lan@example.vn").await;
        let plan = person.topic("P1/plan");
        let saved = lan.submit(&lan.get(&plan).await.form(&plan).set("Q101", &["5"])).await;
        assert_eq!(saved.status, 303, "{}", saved.text);
        let (people, agree) = (format!("{}/people", person.assessment), format!("{}/agree", person.assessment));
        self.pages(&["/colleagues", &people, &person.assessment, &format!("{}/check", person.assessment)]).await;
        self.refused_by(&agree, "main form button").await;
        self.pages(&[&agree]).await;
        let form = person.client.get(&agree).await.form(&agree).set("Q101", &["other"]);
        assert_eq!(person.client.submit(&form).await.status, 303);
    }

    pub(super) async fn enterprise(&self) {
        let person = Person::new(self.server).await;
        person.sign_in(self.chromium, self.server).await;
        self.nothing_sent(&person).await;
        self.questions(&person).await;
        self.evidence(&person).await;
        self.sending(&person).await;
        self.result(&person).await;
        self.account().await;
        self.next_time(&person).await;
    }

    async fn nothing_sent(&self, person: &Person) {
        self.pages(&["/actions", "/history", "/memberships", &person.assessment]).await;
        answers::answer_section(&person.client, &person.assessment, "profile", &answers::case_a()).await;
        self.page(&person.assessment).await;
        for place in places() {
            self.page(&person.topic(&place)).await;
        }
    }

    /// The states of a page of questions.
    async fn questions(&self, person: &Person) {
        let (chromium, page) = (self.chromium, person.topic("P1/plan"));
        self.refused_by(&page, CONTINUE).await;
        self.open(&person.topic("profile/size")).await;
        chromium.answer("F01", "nhiều").await;
        chromium.leave(CONTINUE).await;
        self.refused("something unreadable").await;
        self.open(&page).await;
        chromium.awake().await;
        let form = person.client.get(&page).await.form(&page);
        let saved = person.client.submit(&form.set("Q101", &["1"]).set("_later", &["1"])).await;
        assert_eq!(saved.status, 303);
        chromium.answer("Q101", "4").await;
        chromium.until_saved("Chưa lưu: người khác").await;
        self.state("a save in conflict").await;
        chromium.leave(".c-saved__do:not([hidden])").await;
        self.refused("two versions").await;
        chromium.answer("_keep_Q101", "theirs").await;
        chromium.leave("#topic button[name=_later]").await;
    }

    async fn evidence(&self, person: &Person) {
        let evidence = format!("{}/evidence/Q301", person.assessment);
        self.page(&evidence).await;
        self.refused_by(&evidence, &format!("form[action='{evidence}'] button")).await;
    }

    async fn sending(&self, person: &Person) {
        let check = format!("{}/check", person.assessment);
        self.page(&check).await;
        answers::answer_all(&person.client, &person.assessment, &odd()).await;
        self.pages(&[&person.assessment, &check]).await;
        self.colleague(person).await;
        self.page(&check).await;
        self.chromium.leave("main form:has(#declare) button").await;
        self.refused("not declared").await;
        let sent = person.client.submit(&answers::declared(&person.client, &person.assessment).await).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        self.page(&format!("{}/receipt", person.assessment)).await;
    }

    async fn result(&self, person: &Person) {
        let links = format!("{}/links", person.assessment);
        for page in ["/result", "/review", "/links"] {
            self.page(&format!("{}{page}", person.assessment)).await;
        }
        self.refused_by(&links, "main form:has(#label) button").await;
        self.chromium.answer("label", "Ngân hàng").await;
        self.chromium.leave("main form:has(#label) button").await;
        self.state("a link, shown once").await;
        let shared = self.chromium.text(".c-share").await;
        self.pages(&[&links, &shared, "/history", "/actions"]).await;
        let decide = "form[action='/actions']:has(input[value=Q506]) button";
        self.chromium.script("document.querySelectorAll('details').forEach(one => { one.open = true })", &[]).await;
        self.chromium.leave(decide).await;
        self.refused("an action without a decision").await;
        let taken =
            [("item", "Q506"), ("decision-Q506", "accepted"), ("person-Q506", "Chị Hoa"), ("due-Q506", "2099-03-31")];
        let decided = person.client.post("/actions", &taken).await;
        self.page(&decided.location.expect("the action").replace('#', "&x#")).await;
        let english = [&format!("{}/result", person.assessment), "/actions", "/history", "/", "/method"];
        self.in_english(&english).await;
    }

    async fn account(&self) {
        self.pages(&["/account", "/account/data", "/account/erase", "/account-closed"]).await;
        self.refused_by("/account/erase", "form[action='/account/erase'] button").await;
        self.refused_by("/account", "form[action='/account'] button").await;
        self.open("/province").await;
        self.state("not allowed").await;
    }

    /// The next campaign: what was answered comes back; a quick check.
    async fn next_time(&self, person: &Person) {
        let next = next_assessment(self.server, person).await;
        self.page(&format!("{next}/sections/P1/plan")).await;
        answers::answer_all(&person.client, &next, &answers::case_a()).await;
        let sent = person.client.submit(&answers::declared(&person.client, &next).await).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
        self.pages(&["/history", &format!("{next}/result"), "/actions"]).await;
        self.server.next_campaign().await;
        self.page("/assessments").await;
        let begun = person.client.post("/assessments", &[("kind", "quick")]).await.location.expect("an assessment");
        self.page(&begun).await;
        answers::answer_all(&person.client, &begun, &answers::case_a()).await;
        self.pages(&[&begun, &format!("{begun}/quick")]).await;
        self.server.database.execute("UPDATE campaign SET closes_at = '2026-01-02T00:00:00Z'").await;
        self.page(&begun).await;
    }
}

async fn next_assessment(server: &TestServer, person: &Person) -> String {
    server.next_campaign().await;
    person.client.post("/assessments", &[]).await.location.expect("an assessment")
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

/// Case A with a backup that is ticked in one question and denied in the next, which is warned about.
fn odd() -> Answers {
    let mut odd = answers::case_a();
    odd.insert("Q505", Answer::Many(["a", "c", "d", "g"].map(ToOwned::to_owned).into()));
    odd.insert("Q506", Answer::Whole(0));
    odd
}
