//! The demonstration's enterprises at work: they register, answer and submit by the functions that pages call.

use std::collections::BTreeMap;

use fastrand::Rng;
use model::{
    answer::{Answer, Answers},
    assessment::may_submit,
    questionnaire::Questionnaire,
    role::Role,
    score::score,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    answers::{SHOP, answers},
    firms::{Firm, with_check_digit},
};
use crate::{
    clock,
    store::{Account, Campaign, Registration, Save, Saved, Store, Submitting},
};

/// What everything of the demonstration is stored with.
pub struct Province<'a> {
    pub store: &'a Store,
    pub campaign: Campaign,
    pub questionnaire: &'a Questionnaire,
    /// The hash of everybody's password.
    pub hash: String,
    pub now: OffsetDateTime,
}

/// An enterprise that registered.
#[derive(Clone, Debug)]
pub struct Respondent {
    pub enterprise: Uuid,
    pub account: Uuid,
    pub tax_code: String,
    pub email: String,
    /// When it registered.
    pub registered: OffsetDateTime,
    /// What it answered; empty before the first answer.
    pub answers: Answers,
    /// When it submitted.
    pub submitted: Option<OffsetDateTime>,
}

/// Who an enterprise says it is.
struct Identity<'a> {
    tax_code: &'a str,
    name: &'a str,
    legal_form: &'a str,
    unit: &'a str,
    industry: &'a str,
    email: &'a str,
    person: &'a str,
}

/// Directors of the demonstration.
const PEOPLE: [&str; 12] = [
    "Nguyễn Văn Hùng",
    "Trần Thị Lan",
    "Lê Quang Minh",
    "Phạm Thu Hà",
    "Hoàng Đức Anh",
    "Vũ Thị Hồng",
    "Đặng Quốc Việt",
    "Bùi Thị Mai",
    "Đỗ Văn Thành",
    "Ngô Thị Thảo",
    "Dương Văn Khánh",
    "Giáp Thị Nhung",
];

/// How many of a hundred registered last year.
const FROM_LAST_YEAR: u32 = 40;

const YEAR: Duration = Duration::days(365);

impl Province<'_> {
    /// The campaign of last year, with what those who registered then answered: a little less than today.
    pub async fn last_year(&self, rng: &mut Rng, respondents: &[Respondent]) -> anyhow::Result<Campaign> {
        let opens_at = self.campaign.opens_at - YEAR;
        let year = opens_at.year();
        let campaign = Campaign {
            id: clock::id(),
            title_vi: format!("Phiếu tự đánh giá năm {year}"),
            title_en: format!("Self-assessment {year}"),
            opens_at,
            closes_at: self.now - YEAR + Duration::days(30),
            ..self.campaign.clone()
        };
        self.store.add_campaign(&campaign, clock::id(), opens_at).await?;
        let (store, questionnaire, now) = (self.store, self.questionnaire, self.now);
        let then = Province { store, campaign: campaign.clone(), questionnaire, hash: self.hash.clone(), now };
        let known = |one: &&Respondent| one.submitted.is_some() && one.registered < self.campaign.opens_at;
        for one in respondents.iter().filter(known) {
            let mut before = Respondent { answers: less(rng, &one.answers), submitted: None, ..one.clone() };
            then.submit(&mut before, 0, one.registered + Duration::hours(3)).await?;
        }
        Ok(campaign)
    }

    /// An enterprise registers on some day of the campaign; most of them answer, and most of those submit.
    pub async fn take_part(&self, rng: &mut Rng, number: usize, firm: &Firm) -> anyhow::Result<Respondent> {
        let answers = answers(rng, self.questionnaire, firm.trade.division(), firm.employees);
        let identity = Identity {
            tax_code: &firm.tax_code,
            name: &firm.name,
            legal_form: firm.legal_form,
            unit: &firm.unit.code,
            industry: firm.trade.division(),
            email: &firm.email,
            person: PEOPLE[number % PEOPLE.len()],
        };
        let length = (self.now - self.campaign.opens_at).whole_minutes();
        let begun = self.now - Duration::minutes(rng.i64(60..length));
        let registered = if rng.u32(..100) < FROM_LAST_YEAR { begun - YEAR } else { begun };
        let mut one = self.register(&identity, registered).await?;
        let saved = begun + Duration::minutes(rng.i64(20..2_880)).min(self.now - begun);
        match rng.u32(..100) {
            0..6 => {}
            6..18 => {
                let half = answers.iter().take(answers.len() / 2);
                one.answers = half.map(|(id, answer)| (id.to_owned(), answer.clone())).collect();
                self.save(&one, 0, saved).await?;
            }
            _ => {
                one.answers = answers;
                self.submit(&mut one, 0, saved).await?;
            }
        }
        Ok(one)
    }

    /// A retail shop with twelve people, worked case A of the instrument; half of it for the one in the middle.
    pub async fn shop(&self, whole: bool) -> anyhow::Result<Respondent> {
        let code = with_check_digit(if whole { 240_099_985 } else { 240_099_995 });
        let identity = Identity {
            tax_code: &code,
            name: if whole {
                "Công ty TNHH Thương mại Minh Khôi"
            } else {
                "Công ty TNHH Thương mại Hoa Lài"
            },
            legal_form: "TNHH2",
            unit: "07210",
            industry: "47",
            email: if whole { "ket-qua@example.vn" } else { "dang-lam@example.vn" },
            person: "Phạm Minh Khôi",
        };
        let mut one = self.register(&identity, self.now - Duration::days(9)).await?;
        one.answers = serde_json::from_str(SHOP)?;
        let saved = self.now - Duration::days(6);
        if whole {
            self.submit(&mut one, 0, saved).await?;
            return Ok(one);
        }
        let is_early = |id: &str| !id.starts_with("Q4") && !id.starts_with("Q5") && id != "Q307" && id != "Q308";
        let early = one.answers.iter().filter(|(id, _)| is_early(id));
        one.answers = early.map(|(id, answer)| (id.to_owned(), answer.clone())).collect();
        self.save(&one, 0, saved).await?;
        Ok(one)
    }

    /// An account with everybody's password.
    pub fn account(&self, role: Role, email: &str, name: &str) -> Account {
        Account {
            id: clock::id(),
            role,
            full_name: name.to_owned(),
            email: Some(email.to_owned()),
            phone: None,
            password_hash: self.hash.clone(),
        }
    }

    /// The enterprise's assessment in the campaign.
    ///
    /// # Errors
    /// When it has none.
    pub async fn assessment(&self, of: &Respondent) -> anyhow::Result<Uuid> {
        let found = self.store.assessment_in(self.campaign.id, of.enterprise).await?;
        found.ok_or_else(|| anyhow::anyhow!("{} has no assessment", of.tax_code))
    }

    /// What was returned is corrected in one answer and submitted again.
    pub async fn correct(&self, one: &mut Respondent, item: &str, at: OffsetDateTime) -> anyhow::Result<()> {
        let before = match one.answers.get(item) {
            Some(Answer::Whole(level)) => *level,
            other => anyhow::bail!("{item} is no ladder: {other:?}"),
        };
        one.answers.insert(item, Answer::Whole(if before > 0 { before - 1 } else { 1 }));
        let assessment = self.assessment(one).await?;
        let stored = self.store.assessment(assessment, one.enterprise).await?;
        let revision = stored.map_or(0, |stored| stored.revision);
        self.submit(one, revision, at).await
    }

    async fn register(&self, identity: &Identity<'_>, at: OffsetDateTime) -> anyhow::Result<Respondent> {
        let registration = Registration {
            enterprise: clock::id(),
            tax_code: identity.tax_code.to_owned(),
            name: identity.name.to_owned(),
            legal_form: identity.legal_form.to_owned(),
            unit_code: identity.unit.to_owned(),
            industry_code: identity.industry.to_owned(),
            account: self.account(Role::Enterprise, identity.email, identity.person),
            consents: vec![("service", "demo")],
        };
        let stored = self.store.register(&registration, &mut clock::id, at).await?;
        stored.map_err(|taken| anyhow::anyhow!("the demonstration repeats itself: {taken:?} of {}", identity.name))?;
        Ok(Respondent {
            enterprise: registration.enterprise,
            account: registration.account.id,
            tax_code: registration.tax_code,
            email: identity.email.to_owned(),
            registered: at,
            answers: Answers::new(),
            submitted: None,
        })
    }

    /// Saves all answers over those of a revision.
    async fn save(&self, who: &Respondent, base: i64, at: OffsetDateTime) -> anyhow::Result<(Uuid, i64)> {
        let new = [clock::id(), clock::id()];
        let (enterprise, account) = (who.enterprise, who.account);
        let assessment = self.store.start_assessment(self.campaign.id, enterprise, account, new, at).await?;
        let save = Save {
            assessment,
            enterprise,
            account,
            key: None,
            base,
            was: BTreeMap::new(),
            answers: who.answers.iter().map(|(id, answer)| (id.to_owned(), Some(answer.clone()))).collect(),
            removed: Vec::new(),
            event: clock::id(),
            at,
        };
        match self.store.save(save).await? {
            Saved::Done { revision } => Ok((assessment, revision)),
            other => anyhow::bail!("an answer of the demonstration was not stored: {other:?}"),
        }
    }

    async fn submit(&self, who: &mut Respondent, base: i64, at: OffsetDateTime) -> anyhow::Result<()> {
        let missing = may_submit(self.questionnaire, &who.answers).err();
        anyhow::ensure!(missing.is_none(), "the demonstration leaves questions open: {missing:?}");
        let (assessment, revision) = self.save(who, base, at).await?;
        let new = Submitting {
            id: clock::id(),
            assessment,
            enterprise: who.enterprise,
            revision,
            account: who.account,
            receipt: crate::http::new_receipt(),
            answers: &who.answers,
            score: &score(self.questionnaire, &who.answers),
            findings: &[],
            event: clock::id(),
            at,
        };
        self.store.submit(&new).await?;
        who.submitted = Some(at);
        Ok(())
    }
}

/// The answers with one ladder in four a level lower.
fn less(rng: &mut Rng, answers: &Answers) -> Answers {
    let mut before = Answers::new();
    for (id, answer) in answers.iter() {
        let lower = match answer {
            Answer::Whole(level @ 1..) if id.starts_with('Q') && rng.u32(..100) < 25 => Answer::Whole(level - 1),
            other => other.clone(),
        };
        before.insert(id, lower);
    }
    before
}
