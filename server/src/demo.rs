//! A synthetic province for `serve --demo`: the same every time, stored through the same functions as real data.

use std::fmt::Write as _;

use anyhow::Context as _;
use fastrand::Rng;
use model::{
    answer::{Answer, Answers},
    assessment::may_submit,
    classification,
    enterprise::TaxCode,
    profile::asked,
    questionnaire::{FactAnswer, ItemAnswer, Question, Questionnaire},
    release::Parameters,
    role::Role,
    score::score,
};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::{
    clock,
    http::App,
    password,
    store::{Account, Action, Campaign, Event, NewReleaseJob, Registration, Save, Saved, Store, Submitting},
};

/// How many enterprises there are, besides the two that can be signed in to.
const ENTERPRISES: usize = 2_000;
/// The same province every time.
const SEED: u64 = 24_2026;
/// The password of every account of a throw-away database.
const PASSWORD: &str = "thuoc-so-demo";

/// The divisions of the demonstration, the frequent ones several times.
const INDUSTRIES: [&str; 24] = [
    "46", "46", "47", "47", "47", "47", "10", "13", "14", "16", "22", "25", "25", "26", "31", "41", "43", "49", "56",
    "55", "62", "71", "01", "95",
];
const KINDS: [(&str, &str); 5] = [
    ("TNHH2", "Công ty TNHH"),
    ("TNHH1", "Công ty TNHH Một thành viên"),
    ("CTCP", "Công ty Cổ phần"),
    ("DNTN", "Doanh nghiệp tư nhân"),
    ("HTX", "Hợp tác xã"),
];
const TRADES: [&str; 12] = [
    "Thương mại",
    "Sản xuất",
    "Dịch vụ",
    "Xây dựng",
    "Cơ khí",
    "Nông sản",
    "Vận tải",
    "Nội thất",
    "May mặc",
    "Bao bì",
    "Thực phẩm",
    "Công nghệ",
];
const NAMES: [&str; 20] = [
    "An Phát",
    "Bình Minh",
    "Đại Thành",
    "Đông Hồ",
    "Gia Hưng",
    "Hà Bắc",
    "Kinh Bắc",
    "Lạng Giang",
    "Long Khánh",
    "Minh Đức",
    "Ngọc Ánh",
    "Phú Cường",
    "Quang Trung",
    "Sông Cầu",
    "Sông Thương",
    "Tân Tiến",
    "Thuận Thành",
    "Trường Sơn",
    "Việt Yên",
    "Yên Dũng",
];

/// Fills the open campaign and answers what to print: one sign-in per role.
///
/// # Errors
/// When the database fails.
pub async fn fill(app: &App) -> anyhow::Result<String> {
    let now = clock::now();
    let store = app.store();
    let campaign = store.open_campaign(now).await?.context("the demonstration has no open campaign")?;
    let questionnaire = app.questionnaire(&campaign.questionnaire_id, &campaign.questionnaire_version).await;
    let questionnaire = questionnaire.map_err(|error| anyhow::anyhow!("{error}"))?;
    let hash = password::hash(PASSWORD.to_owned()).await?;
    let province = Province { store, campaign, questionnaire: &questionnaire, hash, now };
    let mut rng = Rng::with_seed(SEED);
    for number in 0..ENTERPRISES {
        province.enterprise(&mut rng, number).await?;
    }
    province.shop(true).await?;
    province.shop(false).await?;
    province.offices().await?;
    release(app, &province.campaign, now).await?;
    Ok(sign_ins())
}

/// Computes and issues a release of the campaign, weighted to its snapshot of the register if it has one.
async fn release(app: &App, campaign: &Campaign, now: OffsetDateTime) -> anyhow::Result<()> {
    let store = app.store();
    let snapshot = store.campaign_snapshot(campaign.id).await?.map(|snapshot| snapshot.id);
    let new = NewReleaseJob {
        id: clock::id(),
        campaign: campaign.id,
        snapshot,
        corrects: None,
        parameters: serde_json::to_value(Parameters::default())?,
        account: None,
        event: clock::id(),
        at: now,
    };
    store.add_release_job(&new).await?;
    crate::release::run(app.clone(), new.id).await;
    let event = Event {
        id: clock::id(),
        at: now,
        account: None,
        action: Action::ReleaseNoted,
        subject: "release",
        subject_id: Some(new.id),
        detail: serde_json::json!({}),
    };
    store.save_release_note(new.id, NOTE, &event).await?;
    let job = store.release_job(new.id).await?.context("the release of the demonstration is gone")?;
    anyhow::ensure!(job.state == "done", "the release of the demonstration failed: {:?}", job.failure);
    crate::release::issue(store, &job, None, now).await?;
    Ok(())
}

/// What the release says about itself, in Vietnamese and English.
const NOTE: (&str, &str) = (
    "Số liệu minh họa: mọi doanh nghiệp và câu trả lời đều do máy tạo ra. Điểm là tự khai; chưa có thẩm định.",
    "Synthetic data: all enterprises and answers were made by a program. Scores are self-declared; nobody has reviewed them.",
);

fn sign_ins() -> String {
    let mut text = format!("Demonstration, thrown away at the end. Password of every account: {PASSWORD}\n");
    let accounts = [
        ("enterprise with a result", "ket-qua@example.vn"),
        ("enterprise in the middle", "dang-lam@example.vn"),
        ("officer", "can-bo@example.vn"),
        ("analyst", "phan-tich@example.vn"),
        ("administrator", "quan-tri@example.vn"),
    ];
    for (role, email) in accounts {
        let _ = writeln!(text, "  {role:<26}{email}");
    }
    text
}

struct Province<'a> {
    store: &'a Store,
    campaign: Campaign,
    questionnaire: &'a Questionnaire,
    hash: String,
    now: OffsetDateTime,
}

/// Who an enterprise of the demonstration is.
struct Identity {
    tax_code: String,
    name: String,
    legal_form: &'static str,
    unit: String,
    industry: &'static str,
    email: String,
}

impl Province<'_> {
    async fn enterprise(&self, rng: &mut Rng, number: usize) -> anyhow::Result<()> {
        let identity = identity(rng, number);
        let employees = employees(rng);
        let answers = answers(rng, self.questionnaire, identity.industry, employees);
        let registration = self.register(&identity).await?;
        match rng.u32(..100) {
            0..6 => Ok(()),
            6..18 => {
                let part = answers
                    .iter()
                    .take(answers.len() / 2)
                    .map(|(id, answer)| (id.to_owned(), answer.clone()))
                    .collect();
                self.save(&registration, &part).await.map(drop)
            }
            _ => self.submit(&registration, &answers).await,
        }
    }

    /// A retail shop with twelve people, worked case A of the instrument; half of it for the one in the middle.
    async fn shop(&self, whole: bool) -> anyhow::Result<()> {
        let identity = Identity {
            tax_code: with_check_digit(if whole { 240_099_985 } else { 240_099_995 }),
            name: if whole {
                "Công ty TNHH Thương mại Minh Khôi"
            } else {
                "Công ty TNHH Thương mại Hoa Lài"
            }
            .into(),
            legal_form: "TNHH2",
            unit: "07210".into(),
            industry: "47",
            email: if whole { "ket-qua@example.vn" } else { "dang-lam@example.vn" }.into(),
        };
        let registration = self.register(&identity).await?;
        let answers: Answers = serde_json::from_str(SHOP)?;
        if whole {
            return self.submit(&registration, &answers).await;
        }
        let is_early = |id: &str| !id.starts_with("Q4") && !id.starts_with("Q5") && id != "Q307" && id != "Q308";
        let part =
            answers.iter().filter(|(id, _)| is_early(id)).map(|(id, answer)| (id.to_owned(), answer.clone())).collect();
        self.save(&registration, &part).await.map(drop)
    }

    async fn offices(&self) -> anyhow::Result<()> {
        let people = [
            (Role::Officer, "can-bo@example.vn", "Nguyễn Thị Thu"),
            (Role::Analyst, "phan-tich@example.vn", "Trần Văn Đức"),
            (Role::Administrator, "quan-tri@example.vn", "Lê Minh Ánh"),
        ];
        for (role, email, name) in people {
            let account = self.account(role, email, name);
            let added = self.store.add_account(&account, clock::id(), self.now).await?;
            added.map_err(|taken| anyhow::anyhow!("the demonstration repeats itself: {taken:?}"))?;
        }
        Ok(())
    }

    fn account(&self, role: Role, email: &str, name: &str) -> Account {
        Account {
            id: clock::id(),
            role,
            full_name: name.to_owned(),
            email: Some(email.to_owned()),
            phone: None,
            password_hash: self.hash.clone(),
        }
    }

    async fn register(&self, identity: &Identity) -> anyhow::Result<Registration> {
        let registration = Registration {
            enterprise: clock::id(),
            tax_code: identity.tax_code.clone(),
            name: identity.name.clone(),
            legal_form: identity.legal_form.to_owned(),
            unit_code: identity.unit.clone(),
            industry_code: identity.industry.to_owned(),
            account: self.account(Role::Enterprise, &identity.email, "Phạm Minh Khôi"),
            consents: vec![("service", "demo")],
        };
        let stored = self.store.register(&registration, &mut clock::id, self.now).await?;
        stored.map_err(|taken| anyhow::anyhow!("the demonstration repeats itself: {taken:?} of {}", identity.name))?;
        Ok(registration)
    }

    async fn save(&self, who: &Registration, answers: &Answers) -> anyhow::Result<(Uuid, i64)> {
        let new = [clock::id(), clock::id()];
        let (enterprise, account) = (who.enterprise, who.account.id);
        let assessment = self.store.start_assessment(self.campaign.id, enterprise, account, new, self.now).await?;
        let save = Save {
            assessment,
            enterprise,
            account,
            key: None,
            base: 0,
            was: std::collections::BTreeMap::new(),
            answers: answers.iter().map(|(id, answer)| (id.to_owned(), Some(answer.clone()))).collect(),
            removed: Vec::new(),
            event: clock::id(),
            at: self.now,
        };
        match self.store.save(save).await? {
            Saved::Done { revision } => Ok((assessment, revision)),
            other => anyhow::bail!("an answer of the demonstration was not stored: {other:?}"),
        }
    }

    async fn submit(&self, who: &Registration, answers: &Answers) -> anyhow::Result<()> {
        let missing = may_submit(self.questionnaire, answers).err();
        anyhow::ensure!(missing.is_none(), "the demonstration leaves questions open: {missing:?}");
        let (assessment, revision) = self.save(who, answers).await?;
        let new = Submitting {
            id: clock::id(),
            assessment,
            enterprise: who.enterprise,
            revision,
            account: who.account.id,
            receipt: crate::http::new_receipt(),
            answers,
            score: &score(self.questionnaire, answers),
            findings: &[],
            event: clock::id(),
            at: self.now,
        };
        self.store.submit(&new).await?;
        Ok(())
    }
}

fn identity(rng: &mut Rng, number: usize) -> Identity {
    let (legal_form, kind) = KINDS[rng.usize(..KINDS.len())];
    let units = classification::units();
    let name =
        format!("{kind} {} {} {}", TRADES[rng.usize(..TRADES.len())], NAMES[rng.usize(..NAMES.len())], number + 1);
    Identity {
        tax_code: with_check_digit(230_010_000 + u64::try_from(number).unwrap_or_default() * 7),
        name,
        legal_form,
        unit: units[rng.usize(..units.len())].code.clone(),
        industry: INDUSTRIES[rng.usize(..INDUSTRIES.len())],
        email: format!("dn{:04}@example.vn", number + 1),
    }
}

/// The first tax code that is ever issued for nine digits, counting up where none is.
fn with_check_digit(from: u64) -> String {
    let candidates = (from..).flat_map(|body| (0..10).map(move |digit| format!("{body:09}{digit}")));
    candidates.into_iter().find(|code| TaxCode::parse(code).is_ok()).unwrap_or_default()
}

/// Many small ones and few large ones.
fn employees(rng: &mut Rng) -> i64 {
    match rng.u32(..100) {
        0..12 => 1,
        12..62 => rng.i64(2..10),
        62..90 => rng.i64(10..50),
        90..98 => rng.i64(50..200),
        _ => rng.i64(200..2_000),
    }
}

fn answers(rng: &mut Rng, questionnaire: &Questionnaire, industry: &str, employees: i64) -> Answers {
    let mut answers = Answers::new();
    // How far the enterprise is, in levels: larger ones are further, and everybody differs.
    let size = f64::from(u32::try_from(employees).unwrap_or(u32::MAX)).ln();
    let maturity = 0.6 + 0.33 * size + 2.2 * (rng.f64() + rng.f64() - 1.0);
    for section in &questionnaire.sections {
        let pillar = 0.8 * (rng.f64() - 0.5);
        for topic in &section.topics {
            let known = answers.clone();
            let asked = asked(questionnaire, &known);
            for question in asked.questions(topic) {
                let answer = match question.id() {
                    "F01" => Answer::Whole(employees),
                    "F02" => Answer::One(industry.to_owned()),
                    "F09" => Answer::Whole(rng.i64(0..=employees)),
                    _ => plausible(rng, question, maturity + pillar, |option| asked.option(question.id(), option)),
                };
                answers.insert(question.id(), answer);
            }
        }
    }
    answers
}

fn plausible(rng: &mut Rng, question: Question<'_>, maturity: f64, shown: impl Fn(&str) -> bool) -> Answer {
    let chance = (maturity / 5.0).clamp(0.05, 0.95);
    match question {
        Question::Item(item) => match &item.answer {
            ItemAnswer::Ladder { .. } => Answer::Whole(level(maturity + 2.0 * (rng.f64() - 0.5))),
            ItemAnswer::Checklist { options, .. } => {
                let ids = options.iter().map(|option| option.id.clone()).filter(|id| shown(id));
                Answer::Many(ids.filter(|_| rng.f64() < chance).collect())
            }
        },
        Question::Fact(fact) => match &fact.answer {
            FactAnswer::Whole { min, max } => Answer::Whole(rng.i64(*min..=(*max).min(*min + 20))),
            FactAnswer::Percent => {
                Answer::Decimal(f64::from(rng.u32(..40)) * if rng.f64() < chance { 1.0 } else { 0.0 })
            }
            FactAnswer::YesNo => Answer::YesNo(rng.f64() < 0.3 + 0.6 * chance),
            FactAnswer::One { options } => Answer::One(options[rng.usize(..options.len())].id.clone()),
            FactAnswer::Many { options, none } => {
                // Lists with "none of these" ask for things that many enterprises have nothing of.
                let each = if none.is_some() { 0.3 * chance } else { 0.2 + 0.5 * chance };
                let mut ticked: Vec<String> =
                    options.iter().filter(|_| rng.f64() < each).map(|option| option.id.clone()).collect();
                if ticked.is_empty() && none.is_none() {
                    ticked.push(options[rng.usize(..options.len())].id.clone());
                }
                Answer::Many(ticked.into_iter().collect())
            }
            FactAnswer::Industry => Answer::One("47".into()),
        },
    }
}

/// The nearest level.
fn level(value: f64) -> i64 {
    (0..=5).rev().find(|level| value >= f64::from(*level) - 0.5).map_or(0, i64::from)
}

/// Worked case A of the instrument.
const SHOP: &str = r#"{
    "F01": 12, "F02": "47", "F03": ["b2c"], "F04": ["c", "e", "f"], "F05": false, "F06": true, "F07": true, "F08": "3to10b",
    "Q101": 1, "Q102": 2, "Q103": 1, "Q104": ["b", "e", "h"], "Q105": 2, "Q201": 2, "Q202": 3, "Q206": 3, "Q208": 3,
    "Q301": 3, "Q302": 2, "Q303": 3, "Q305": 3, "Q306": 2, "Q307": 3, "Q308": 2, "Q309": 1, "Q401": 1, "Q402": 3, "Q403": 2,
    "Q404": 2, "Q405": 1, "Q406": 2, "Q407": 1, "Q408": 2, "Q501": 3, "Q502": 2, "Q503": 1, "Q504": 2,
    "Q505": ["a", "c", "d"], "Q506": 1, "Q507": 1, "Q508": 1, "Q509": 2, "Q510": 3, "Q511": 3
}"#;

#[cfg(test)]
mod tests {
    use model::enterprise::LegalForm;

    use super::*;

    #[test]
    fn every_kind_is_a_legal_form_and_every_industry_a_division() {
        assert!(KINDS.iter().all(|(code, _)| code.parse::<LegalForm>().is_ok()));
        assert!(INDUSTRIES.iter().all(|code| classification::division(code).is_some()));
    }

    #[test]
    fn the_same_seed_gives_the_same_answers() {
        let questionnaire = Questionnaire::builtin("bn5").unwrap();
        let once = answers(&mut Rng::with_seed(1), questionnaire, "47", 12);
        assert_eq!(once, answers(&mut Rng::with_seed(1), questionnaire, "47", 12));
        assert!(may_submit(questionnaire, &once).is_ok());
    }

    #[test]
    fn the_shop_is_worked_case_a() {
        let questionnaire = Questionnaire::builtin("bn5").unwrap();
        let answers: Answers = serde_json::from_str(SHOP).unwrap();
        let score = score(questionnaire, &answers);
        assert_eq!((score.items_on, score.level), (36, Some(2)));
        assert_eq!(may_submit(questionnaire, &answers), Ok(()));
    }
}
