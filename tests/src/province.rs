//! A province in which enterprises have answered, for whatever is made of many.

use std::{collections::BTreeMap, ops::RangeInclusive};

use model::{
    answer::{Answer, Answers},
    role::Role,
    score::score,
};
use server::{
    clock,
    http::new_receipt,
    store::{Account, Registration, Save, Saved, Submitting},
};
use uuid::Uuid;

use crate::{
    TestServer,
    answers::{PASSWORD_HASH, case_a, email, questionnaire, tax_code},
};

/// Wards in three former districts, and divisions of three sections.
const UNITS: [&str; 3] = ["07210", "07246", "07306"];
const DIVISIONS: [&str; 3] = ["47", "10", "41"];

/// Registers enterprises 1 to `count` through the store; all but every sixth have submitted. The pages of the
/// enterprise have tests of their own.
///
/// # Panics
/// When the database fails.
pub async fn submissions(server: &TestServer, count: usize) {
    more_submissions(server, 1..=count).await;
}

/// The same for some of them, beside those that are there.
///
/// # Panics
/// When the database fails.
pub async fn more_submissions(server: &TestServer, enterprises: RangeInclusive<usize>) {
    let store = server.app.store();
    let now = clock::now();
    let campaign = store.open_campaign(now).await.expect("the database works").expect("a campaign");
    for n in enterprises {
        let who = registration(n);
        store.register(&who, &mut clock::id, now).await.expect("the database works").expect("nothing is taken");
        if n % 6 != 0 {
            submit(server, campaign.id, &who, &answers(n)).await;
        }
    }
}

async fn submit(server: &TestServer, campaign: Uuid, who: &Registration, answers: &Answers) {
    let store = server.app.store();
    let now = clock::now();
    let (enterprise, account) = (who.enterprise, who.account.id);
    let new = [clock::id(), clock::id()];
    let assessment = store.start_assessment(campaign, enterprise, account, new, now).await.expect("begun");
    let save = Save {
        assessment,
        enterprise,
        account,
        key: None,
        base: 0,
        was: BTreeMap::new(),
        answers: answers.iter().map(|(id, answer)| (id.to_owned(), Some(answer.clone()))).collect(),
        removed: vec![],
        event: clock::id(),
        at: now,
    };
    let Saved::Done { revision } = store.save(save).await.expect("saved") else { panic!("not saved") };
    let new = Submitting {
        id: clock::id(),
        assessment,
        enterprise,
        revision,
        account,
        receipt: new_receipt(),
        answers,
        score: &score(questionnaire(), answers),
        findings: &[],
        event: clock::id(),
        at: now,
    };
    store.submit(&new).await.expect("submitted");
}

/// Answers that differ from one enterprise to the next, the same every time.
fn answers(n: usize) -> Answers {
    let mut answers = Answers::new();
    for (position, (id, answer)) in case_a().iter().enumerate() {
        let varied = match answer {
            Answer::Whole(_) if id.starts_with('Q') => {
                Answer::Whole(i64::try_from((n * 7 + position * 5 + n * position) % 6).expect("a level"))
            }
            other => other.clone(),
        };
        answers.insert(id, varied);
    }
    answers
}

fn registration(n: usize) -> Registration {
    Registration {
        enterprise: clock::id(),
        tax_code: tax_code(n),
        name: format!("Công ty {n}"),
        legal_form: "TNHH2".into(),
        unit_code: UNITS[n % 3].into(),
        industry_code: DIVISIONS[n / 3 % 3].into(),
        account: Account {
            id: clock::id(),
            role: Role::Enterprise,
            full_name: "Nguyễn Thị Ánh".into(),
            email: Some(email(n)),
            phone: None,
            password_hash: PASSWORD_HASH.clone(),
        },
        consents: vec![("service", "2026-11")],
    }
}
