//! An enterprise that saves, submits and remembers what it was told.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use fastrand::Rng;
use model::{
    answer::Answer,
    profile::asked,
    questionnaire::{Questionnaire, Topic},
    role::Role,
};
use reqwest::{StatusCode, header};
use serde_json::{Value, json};
use server::{
    clock,
    store::{Account, Durability, Registration, Save, Saved, Store},
};
use tests::{
    Client, Database,
    answers::{self, PASSWORD_HASH},
};

/// A server that does not answer for this long is not only being killed.
const PATIENCE: Duration = Duration::from_secs(30);

/// One enterprise at work.
pub struct Enterprise {
    /// What it was told, shared with the test.
    pub ledger: Ledger,
    client: Client,
    /// `/assessments/…`
    address: String,
    revision: i64,
    /// Counts saves; the numbers in facts grow with it.
    step: i64,
}

/// What was sent and what was acknowledged.
#[derive(Clone)]
pub struct Ledger(Arc<Mutex<Book>>);

struct Book {
    /// The assessment's id in hexadecimal.
    assessment: String,
    /// The revision that was acknowledged last.
    revision: i64,
    /// By question, every value that was sent, in order; acknowledged or not.
    sent: BTreeMap<String, Vec<Value>>,
    /// By question, the position in `sent` that was acknowledged last.
    acknowledged: BTreeMap<String, usize>,
}

/// What the server had promised at one moment.
#[derive(Clone)]
pub struct Promised {
    revision: i64,
    acknowledged: BTreeMap<String, usize>,
}

impl Ledger {
    /// The assessment's id in hexadecimal.
    pub fn assessment(&self) -> String {
        self.book().assessment.clone()
    }

    /// What the server has promised by now.
    pub fn promised(&self) -> Promised {
        let book = self.book();
        Promised { revision: book.revision, acknowledged: book.acknowledged.clone() }
    }

    /// Asserts that what is stored is what was promised, or what was sent after it.
    pub fn assert_kept(&self, promised: &Promised, (revision, answers): &(i64, Value)) {
        let book = self.book();
        let name = &book.assessment;
        assert!(*revision >= promised.revision, "{name}: revision {} became {revision}", promised.revision);
        for (question, position) in &promised.acknowledged {
            let allowed = &book.sent[question][*position..];
            let value = &answers[question]["v"];
            assert!(
                allowed.contains(value),
                "{name}: {question} was acknowledged as {}, later values {:?}, and {value} is stored",
                allowed[0],
                &allowed[1..]
            );
        }
    }

    fn book(&self) -> std::sync::MutexGuard<'_, Book> {
        self.0.lock().expect("nobody panicked with the book in hand")
    }

    /// Writes down what is about to be sent, before anybody can have stored it.
    fn sending(&self, answers: &[(String, Answer)]) {
        let mut book = self.book();
        for (question, answer) in answers {
            book.sent.entry(question.clone()).or_default().push(json!(answer));
        }
    }

    fn acknowledged(&self, answers: &[(String, Answer)], revision: i64) {
        let mut book = self.book();
        assert!(revision >= book.revision, "the server goes back from revision {} to {revision}", book.revision);
        book.revision = revision;
        for (question, _) in answers {
            let last = book.sent[question].len() - 1;
            book.acknowledged.insert(question.clone(), last);
        }
    }
}

/// Registers enterprises behind the server's back, all with the answers of case A, and signs them in.
pub async fn register(database: &Database, base: &str, clients: usize, each: usize) -> Vec<Vec<Enterprise>> {
    let store = Store::connect(&database.url, Durability::ThrowAway).await.expect("the database opens");
    let mut queues = Vec::new();
    for client in 0..clients {
        let mut queue = Vec::new();
        for position in 0..each {
            let n = client * each + position;
            let (id, revision) = add(&store, n).await;
            let client = crate::signed_in(base, n).await;
            let sent = case_a().map(|(question, answer)| (question, vec![json!(answer)])).collect();
            let acknowledged = case_a().map(|(question, _)| (question, 0)).collect();
            let book = Book { assessment: id.simple().to_string(), revision, sent, acknowledged };
            let ledger = Ledger(Arc::new(Mutex::new(book)));
            queue.push(Enterprise { ledger, client, address: format!("/assessments/{id}"), revision, step: 0 });
        }
        queues.push(queue);
    }
    store.close().await;
    queues
}

fn case_a() -> impl Iterator<Item = (String, Answer)> {
    answers::case_a().into_iter()
}

/// Stores an enterprise with its assessment; answers the assessment's id and revision.
async fn add(store: &Store, n: usize) -> (uuid::Uuid, i64) {
    let now = clock::now();
    let registration = Registration {
        enterprise: clock::id(),
        tax_code: answers::tax_code(n),
        name: format!("Công ty {n}"),
        legal_form: "TNHH2".into(),
        unit_code: "07210".into(),
        industry_code: "47".into(),
        account: Account {
            id: clock::id(),
            role: Role::Enterprise,
            full_name: "Nguyễn Thị Ánh".into(),
            email: Some(answers::email(n)),
            phone: None,
            password_hash: PASSWORD_HASH.clone(),
        },
        consents: vec![("service", "test")],
    };
    let registered = store.register(&registration, &mut clock::id, now).await.expect("the database works");
    registered.expect("nobody else has this tax code");
    let campaign = store.open_campaign(now).await.expect("the database works").expect("a campaign");
    let (enterprise, account) = (registration.enterprise, registration.account.id);
    let ids = [clock::id(), clock::id()];
    let id = store.start_assessment(campaign.id, enterprise, account, ids, now).await.expect("an assessment");
    let save = Save {
        assessment: id,
        enterprise,
        account,
        key: None,
        base: 0,
        was: std::collections::BTreeMap::new(),
        answers: case_a().map(|(question, answer)| (question, Some(answer))).collect(),
        removed: Vec::new(),
        event: clock::id(),
        at: now,
    };
    match store.save(save).await.expect("the database works") {
        Saved::Done { revision } => (id, revision),
        other => panic!("{other:?}"),
    }
}

impl Enterprise {
    /// Saves a page as the autosave does, again and again until there is an answer.
    /// Answers how many tries were cut off.
    pub async fn save(&mut self, rng: &mut Rng) -> u64 {
        self.step += 1;
        let (section, topic) = pick(rng);
        let answers = self.page(rng, topic);
        self.ledger.sending(&answers);
        let path = format!("{}/sections/{section}/{}", self.address, topic.id);
        let base = self.revision.to_string();
        let mut form = vec![("_revision".to_owned(), base)];
        let fields = answers.iter().flat_map(|(question, answer)| {
            answers::values(answer).into_iter().map(move |value| (question.clone(), value))
        });
        form.extend(fields);
        let request = || self.client.own(&path).header(header::ACCEPT, "application/json").form(&form);
        let (response, cut_off) = answered(request).await;
        assert_eq!(response.status(), StatusCode::OK, "{path} {form:?}");
        let revision = response.headers().get("x-revision").and_then(|revision| revision.to_str().ok()?.parse().ok());
        self.revision = revision.expect("a revision");
        self.ledger.acknowledged(&answers, self.revision);
        cut_off
    }

    /// Submits until there is an answer, submits once more, and sees the same receipt each time.
    /// Answers how many tries were cut off.
    pub async fn submit(&mut self) -> u64 {
        let path = format!("{}/check", self.address);
        let form = [("_revision", self.revision.to_string()), ("declare", "yes".to_owned())];
        let mut tries = 0;
        let mut receipts = Vec::new();
        for _ in 0..2 {
            let (response, cut_off) = answered(|| self.client.own(&path).form(&form)).await;
            tries += cut_off;
            let location = response.headers().get(header::LOCATION).and_then(|value| value.to_str().ok());
            assert_eq!(location, Some(format!("{}/receipt", self.address).as_str()), "{}", response.status());
            receipts.push(self.receipt().await);
        }
        assert_eq!(receipts[0], receipts[1], "sent twice, one receipt");
        tries
    }

    async fn receipt(&self) -> String {
        let path = format!("{}/receipt", self.address);
        // The page may be cut off in the middle, too.
        loop {
            let (response, _) = answered(|| self.client.request(reqwest::Method::GET, &path)).await;
            assert_eq!(response.status(), StatusCode::OK);
            if let Ok(page) = response.text().await {
                let html = tests::Html::parse(&page).expect("a page");
                return html.with_class("c-receipt__no").next().expect("a receipt").text.clone();
            }
        }
    }

    /// New answers to the questions of a page; what the profile says that decides on questions stays as it is.
    fn page(&self, rng: &mut Rng, topic: &Topic) -> Vec<(String, Answer)> {
        let case_a = answers::case_a();
        let asked = asked(questionnaire(), &case_a);
        let mut new = |id: &str| match case_a.get(id) {
            Some(Answer::Whole(_)) if id.starts_with('Q') => Some(Answer::Whole(rng.i64(0..=5))),
            _ if id == "F01" => Some(Answer::Whole(12 + self.step)),
            _ if id == "F09" => Some(Answer::Whole(self.step)),
            known => known.cloned(),
        };
        let ids: Vec<&str> = asked.questions(topic).map(|question| question.id()).collect();
        ids.into_iter().filter_map(|id| Some((id.to_owned(), new(id)?))).collect()
    }
}

/// Sends a request until it is answered; answers how many tries were cut off while the server was there.
async fn answered(request: impl Fn() -> reqwest::RequestBuilder) -> (reqwest::Response, u64) {
    let begun = Instant::now();
    let mut cut_off = 0;
    loop {
        match request().timeout(PATIENCE).send().await {
            Ok(response) => return (response, cut_off),
            Err(error) if error.is_connect() => {}
            Err(error) => {
                assert!(!error.is_timeout(), "{error:?}");
                cut_off += 1;
            }
        }
        assert!(begun.elapsed() < PATIENCE, "the server has been away for {PATIENCE:?}");
        tokio::time::sleep(Duration::from_millis(3)).await;
    }
}

/// A page on which something can change.
fn pick(rng: &mut Rng) -> (&'static str, &'static Topic) {
    let sections = &questionnaire().sections;
    let pages: Vec<_> = sections
        .iter()
        .flat_map(|section| section.topics.iter().map(move |topic| (section.id.as_str(), topic)))
        .filter(|(_, topic)| topic.questions.iter().any(|id| id.starts_with('Q') || id == "F01" || id == "F09"))
        .collect();
    pages[rng.usize(..pages.len())]
}

fn questionnaire() -> &'static Questionnaire {
    answers::questionnaire()
}
