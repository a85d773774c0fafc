//! Every function of the store on both databases, races included.

mod accounts;
mod actions;
mod assessments;
mod associations;
mod audit;
mod campaign_life;
mod campaigns;
mod check;
mod colleagues;
mod comparison;
mod coverage;
mod evidence;
mod groups;
mod history;
mod letters;
mod links;
mod member_imports;
mod member_progress;
mod office;
mod outbox;
mod personal;
mod purge;
mod questionnaire_draft;
mod registers;
mod releases;
mod reviews;
mod saves;
mod schema;
mod sessions;
mod settings;
mod snapshots;

use model::{answer::Answer, role::Role};
use server::{
    clock,
    store::{Account, Campaign, Durability, Registration, Save, Store, Submitting},
};
use tests::{
    Database,
    answers::{case_a, questionnaire, tax_code},
};
use time::{Duration, OffsetDateTime, macros::datetime};
use uuid::Uuid;

/// When everything in these tests happens.
const NOW: OffsetDateTime = datetime!(2026-11-24 03:00 UTC);

/// A store with a published questionnaire and an open campaign.
struct World {
    store: Store,
    database: Database,
    campaign: Campaign,
}

impl World {
    async fn on(database: Database) -> Self {
        let store = Store::connect(&database.url, Durability::ThrowAway).await.expect("the database opens");
        store.migrate().await.expect("the schema is made");
        let campaign = campaign(NOW - Duration::days(1), NOW + Duration::days(30));
        let document = serde_json::to_value(questionnaire()).expect("a document");
        let (id, version) = (&campaign.questionnaire_id, &campaign.questionnaire_version);
        store.publish(id, version, &document, clock::id(), NOW).await.expect("published");
        store.add_campaign(&campaign, clock::id(), NOW).await.expect("opened");
        Self { store, database, campaign }
    }

    /// Registers the n-th enterprise.
    async fn enterprise(&self, n: usize) -> Registration {
        let new = registration(n);
        self.store.register(&new, &mut clock::id, NOW).await.expect("the database works").expect("nothing is taken");
        new
    }

    /// Begins an assessment.
    async fn begin(&self, who: &Registration) -> Uuid {
        let new = [clock::id(), clock::id()];
        let begun = self.store.start_assessment(self.campaign.id, who.enterprise, who.account.id, new, NOW).await;
        begun.expect("the database works")
    }

    /// How many rows a table has.
    async fn rows(&self, table: &str) -> i64 {
        self.database.number(&format!("SELECT count(*) FROM {table}")).await
    }
}

fn campaign(opens_at: OffsetDateTime, closes_at: OffsetDateTime) -> Campaign {
    Campaign {
        id: clock::id(),
        title_vi: "Kỳ thử".into(),
        title_en: "Test round".into(),
        questionnaire_id: questionnaire().id.clone(),
        questionnaire_version: questionnaire().version.clone(),
        opens_at,
        closes_at,
    }
}

fn registration(n: usize) -> Registration {
    Registration {
        enterprise: clock::id(),
        tax_code: tax_code(n),
        name: format!("Công ty Đức Điện {n}"),
        legal_form: "TNHH2".into(),
        unit_code: "07210".into(),
        industry_code: "47".into(),
        account: account(Role::Enterprise, &format!("dn{n}@example.vn")),
        consents: vec![("service", "2026-11"), ("contact", "2026-11")],
    }
}

fn account(role: Role, email: &str) -> Account {
    Account {
        id: clock::id(),
        role,
        full_name: "Nguyễn Thị Ánh".into(),
        email: Some(email.into()),
        phone: None,
        password_hash: format!("hash of {email}"),
    }
}

/// A save of these answers by this enterprise.
fn save(who: &Registration, assessment: Uuid, base: i64, answers: &[(&str, Option<Answer>)]) -> Save {
    Save {
        assessment,
        enterprise: who.enterprise,
        account: who.account.id,
        key: None,
        base,
        was: std::collections::BTreeMap::new(),
        answers: answers.iter().map(|(question, answer)| ((*question).to_owned(), answer.clone())).collect(),
        removed: Vec::new(),
        event: clock::id(),
        at: NOW,
    }
}

/// A save of all answers of case A.
fn save_all(who: &Registration, assessment: Uuid) -> Save {
    let answers = case_a().into_iter().map(|(question, answer)| (question, Some(answer))).collect();
    Save { answers, ..save(who, assessment, 0, &[]) }
}

/// A submission of case A.
fn submitting<'a>(
    who: &Registration,
    assessment: Uuid,
    revision: i64,
    answers: &'a model::answer::Answers,
    score: &'a model::score::Score,
) -> Submitting<'a> {
    Submitting {
        id: clock::id(),
        assessment,
        enterprise: who.enterprise,
        revision,
        account: who.account.id,
        receipt: server::http::new_receipt(),
        answers,
        score,
        findings: &[],
        event: clock::id(),
        at: NOW,
    }
}
