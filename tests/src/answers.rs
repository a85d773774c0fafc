//! People and answers for the tests.

use std::sync::LazyLock;

use model::{
    answer::{Answer, Answers},
    enterprise::TaxCode,
    questionnaire::Questionnaire,
};

use crate::{Client, Form, Page};

/// A password that every test account has.
pub const PASSWORD: &str = "một câu dễ nhớ lắm";

/// The hash of [`PASSWORD`], made once: hashing is slow on purpose.
pub static PASSWORD_HASH: LazyLock<String> =
    LazyLock::new(|| server::password::hash_now(PASSWORD).expect("a password can be hashed"));

/// Worked case A of the instrument: a retail shop with twelve people, 41,54 points, level 2.
const CASE_A: &str = r#"{
    "F01": 12, "F02": "47", "F03": ["b2c"], "F04": ["c", "e", "f"], "F05": false, "F06": true, "F07": true, "F08": "3to10b",
    "Q101": 1, "Q102": 2, "Q103": 1, "Q104": ["b", "e", "h"], "Q105": 2, "Q201": 2, "Q202": 3, "Q206": 3, "Q208": 3,
    "Q301": 3, "Q302": 2, "Q303": 3, "Q305": 3, "Q306": 2, "Q307": 3, "Q308": 2, "Q309": 1, "Q401": 1, "Q402": 3, "Q403": 2,
    "Q404": 2, "Q405": 1, "Q406": 2, "Q407": 1, "Q408": 2, "Q501": 3, "Q502": 2, "Q503": 1, "Q504": 2,
    "Q505": ["a", "c", "d"], "Q506": 1, "Q507": 1, "Q508": 1, "Q509": 2, "Q510": 3, "Q511": 3
}"#;

/// The answers of worked case A.
///
/// # Panics
/// Never: the text above is JSON.
#[must_use]
pub fn case_a() -> Answers {
    serde_json::from_str(CASE_A).expect("answers")
}

/// The questionnaire of the first campaign.
///
/// # Panics
/// Never: it is built in.
#[must_use]
pub fn questionnaire() -> &'static Questionnaire {
    Questionnaire::builtin("bn5").expect("the built-in questionnaire")
}

/// The n-th valid tax code of the tests.
///
/// # Panics
/// Never: every tenth number is valid.
#[must_use]
pub fn tax_code(n: usize) -> String {
    let candidates = (0..).map(|offset| format!("{:010}", 2_400_000_000_u64 + 1_000 * n as u64 + offset));
    candidates.into_iter().find(|code| TaxCode::parse(code).is_ok()).expect("one in ten is valid")
}

/// The e-mail address of the n-th enterprise's account.
#[must_use]
pub fn email(n: usize) -> String {
    format!("dn{n}@example.vn")
}

/// Everything that a registration needs.
#[must_use]
pub fn registration(n: usize) -> Vec<(&'static str, String)> {
    vec![
        ("tax_code", tax_code(n)),
        ("name", format!("Công ty TNHH Đức Điện {n}")),
        ("legal_form", "TNHH2".into()),
        ("unit", "07210".into()),
        ("industry", "47".into()),
        ("full_name", "Nguyễn Thị Ánh".into()),
        ("phone", format!("09{n:08}")),
        ("email", email(n)),
        ("password", PASSWORD.into()),
        ("consent_service", "yes".into()),
    ]
}

/// A registration with one field changed.
#[must_use]
pub fn registration_with(n: usize, field: &str, value: &str) -> Vec<(&'static str, String)> {
    let mut form = registration(n);
    let changed = form.iter_mut().find(|(name, _)| *name == field);
    changed.unwrap_or_else(|| panic!("no field {field}")).1 = value.to_owned();
    form
}

/// Sends a registration.
///
/// # Panics
/// When the server does not answer.
pub async fn send_registration(client: &Client, form: &[(&str, String)]) -> Page {
    let pairs: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    client.post("/register", &pairs).await
}

/// Registers the n-th enterprise and answers its assessment's address, `/assessments/…`.
///
/// # Panics
/// When the registration is refused.
pub async fn register(client: &Client, n: usize) -> String {
    let page = send_registration(client, &registration(n)).await;
    assert_eq!(page.status, 303, "{}", page.text);
    let page: Page = client.get("/assessments").await;
    page.location.expect("the assessment's address")
}

/// An answer as the values of its fields.
#[must_use]
pub fn values(answer: &Answer) -> Vec<String> {
    match answer {
        Answer::YesNo(yes) => vec![if *yes { "yes" } else { "no" }.to_owned()],
        Answer::Whole(number) => vec![number.to_string()],
        Answer::Decimal(number) => vec![number.to_string().replace('.', ",")],
        Answer::One(option) => vec![option.clone()],
        Answer::Many(options) if options.is_empty() => vec!["none".to_owned()],
        Answer::Many(options) => options.iter().cloned().collect(),
    }
}

/// Answers every question that a page asks.
///
/// # Panics
/// When the page asks something that has no answer or does not offer an answer.
#[must_use]
pub fn fill(mut form: Form, answers: &Answers) -> Form {
    let mut asked: Vec<String> = form.offered.iter().map(|(name, _)| name.clone()).collect();
    asked.retain(|name| !name.starts_with('_'));
    asked.dedup();
    for question in asked {
        let answer = answers.get(&question).unwrap_or_else(|| panic!("{question} is asked and has no answer"));
        let values = values(answer);
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        let is_text = form.offers(&question, "") && !form.offers(&question, values[0]);
        assert!(
            is_text || values.iter().all(|value| form.offers(&question, value)),
            "{question} does not offer {values:?}"
        );
        form = form.set(&question, &values);
    }
    form
}

/// Answers one section page by page, as its pages lead on, and answers the pages' addresses.
///
/// # Panics
/// When a page is refused or the section does not end at the task list.
pub async fn answer_section(client: &Client, assessment: &str, section: &str, answers: &Answers) -> Vec<String> {
    let mut visited = Vec::new();
    let mut next = client.get(&format!("{assessment}/sections/{section}")).await.location;
    while let Some(address) = next.filter(|address| address != assessment) {
        assert!(!visited.contains(&address), "{address} comes again");
        let form = fill(client.get(&address).await.form(&address), answers);
        let saved = client.submit(&form).await;
        assert_eq!(saved.status, 303, "{address}: {:?}", saved.html().summary());
        visited.push(address);
        next = saved.location;
    }
    visited
}

/// Answers the profile and all pillars and answers the pages' addresses.
///
/// # Panics
/// When a page is refused.
pub async fn answer_all(client: &Client, assessment: &str, answers: &Answers) -> Vec<String> {
    let mut visited = Vec::new();
    for section in questionnaire().sections.iter().filter(|section| section.id != "technology") {
        visited.extend(answer_section(client, assessment, &section.id, answers).await);
    }
    visited
}

/// The form of the check page with the declaration ticked.
///
/// # Panics
/// When something is still open.
pub async fn declared(client: &Client, assessment: &str) -> Form {
    let address = format!("{assessment}/check");
    client.get(&address).await.form(&address).set("declare", &["yes"])
}

/// Registers the n-th enterprise with all answers of case A and submits; answers its assessment's address.
///
/// # Panics
/// When anything is refused.
pub async fn submitted(client: &Client, n: usize) -> String {
    let assessment = register(client, n).await;
    answer_all(client, &assessment, &case_a()).await;
    let sent = client.submit(&declared(client, &assessment).await).await;
    assert_eq!(sent.location.as_deref(), Some(format!("{assessment}/receipt").as_str()), "{}", sent.text);
    assessment
}
