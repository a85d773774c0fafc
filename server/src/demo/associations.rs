//! The demonstration's associations: members in every state, and reviews at every stage.

use anyhow::Context as _;
use model::{
    answer::{Answer, Answers},
    membership::Decision,
    review::Levels,
    role::Role,
    score,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use super::{
    firms::Firm,
    province::{Province, Respondent},
};
use crate::{
    clock,
    http::review_letter,
    store::{
        Association, NewMember,
        association::By,
        membership::{Decided, Deciding},
        review::{Act, Acted, Acting, Scope},
    },
};

/// An association of the demonstration.
pub struct Plan {
    name: &'static str,
    /// Who signs in, and with which name; with four eyes there are two.
    people: &'static [(&'static str, &'static str)],
    /// Members are every so-many-th (multiples of one number, so that nobody is reviewed twice) of those that take part, from a place on …
    every: usize,
    from: usize,
    /// … and so many enterprises that have not registered.
    silent: usize,
}

/// The associations, the one with most members first.
pub const PLANS: [Plan; 3] = [
    Plan {
        name: "Hiệp hội Doanh nghiệp tỉnh Bắc Ninh",
        people: &[("hiep-hoi@example.vn", "Nguyễn Thu Hà")],
        every: 18,
        from: 3,
        silent: 30,
    },
    Plan {
        name: "Hội Doanh nhân trẻ tỉnh Bắc Ninh",
        people: &[("hoi-tre@example.vn", "Trần Quốc Bảo"), ("hoi-tre-2@example.vn", "Lê Ngọc Diệp")],
        every: 36,
        from: 5,
        silent: 12,
    },
    Plan {
        name: "Hội Làng nghề gỗ Đồng Kỵ",
        people: &[("lang-nghe@example.vn", "Dương Văn Khải")],
        every: 504,
        from: 9,
        silent: 2,
    },
];

impl Plan {
    /// What the association's people sign in with.
    pub fn emails(&self) -> impl Iterator<Item = &'static str> {
        self.people.iter().map(|(email, _)| *email)
    }
}

/// Somebody of an association.
pub struct Staff {
    association: Uuid,
    account: Uuid,
}

/// How far the review of a member is.
#[derive(Clone, Copy)]
enum Stage {
    Submitted,
    InReview,
    Asked,
    Returned,
    Accepted,
    /// Returned, corrected and accepted.
    Corrected,
}

/// What is asked about, and the question.
const QUESTIONS: [(&str, &str); 4] = [
    ("Q301", "Trang web hoặc gian hàng nào đang bán hàng? Nhờ doanh nghiệp gửi địa chỉ và ảnh chụp màn hình."),
    ("Q208", "Hóa đơn mua vào có được nhập tự động vào phần mềm kế toán không, hay nhân viên gõ lại?"),
    ("Q401", "Quy trình nào đã được viết ra và đang áp dụng? Xin gửi trang đầu của một quy trình."),
    ("Q506", "Lần khôi phục dữ liệu thử gần nhất là khi nào và mất bao lâu?"),
];
const REASON: &str = "Phần trả lời chưa khớp với minh chứng đã gửi. Nhờ doanh nghiệp xem lại và gửi lại.";

impl Province<'_> {
    /// Makes an association, lists its members, and lets them decide; its people, whom it answers, review.
    pub async fn associate(
        &self,
        plan: &Plan,
        respondents: &mut [Respondent],
        shops: &[&Respondent],
        silent: &[&Firm],
    ) -> anyhow::Result<Vec<Staff>> {
        let staff = self.staff(plan).await?;
        let first = &staff[0];
        let mut members: Vec<&mut Respondent> = respondents.iter_mut().skip(plan.from).step_by(plan.every).collect();
        let listed = members.iter().map(|member| (member.tax_code.clone(), String::new(), member.email.clone()));
        let silent =
            silent.iter().take(plan.silent).map(|firm| (firm.tax_code.clone(), firm.name.clone(), firm.email.clone()));
        let shops = shops.iter().map(|shop| (shop.tax_code.clone(), String::new(), shop.email.clone()));
        let new: Vec<NewMember> = silent
            .chain(shops)
            .chain(listed)
            .map(|(tax_code, name, email)| NewMember {
                id: clock::id(),
                tax_code,
                name,
                email: Some(email),
                phone: None,
            })
            .collect();
        let invited = self.campaign.opens_at + Duration::days(2);
        self.store.invite(first.association, &new, first.account, by(first.account, invited)).await?;
        let mut reviewed = 0;
        for (number, member) in members.iter_mut().enumerate() {
            let decided = (member.registered + Duration::hours(2)).max(invited + Duration::hours(3)).min(self.now);
            match number % 16 {
                // Not decided yet.
                7 => continue,
                3 => self.decide(member, first.association, Decision::Refuse, decided).await?,
                11 => {
                    self.decide(member, first.association, Decision::Agree, decided).await?;
                    let later = (decided + Duration::days(5)).min(self.now);
                    self.decide(member, first.association, Decision::Withdraw, later).await?;
                }
                _ => {
                    self.decide(member, first.association, Decision::Agree, decided).await?;
                    if member.submitted.is_some() {
                        self.review(&staff, member, stage(reviewed), reviewed).await?;
                        reviewed += 1;
                    }
                }
            }
        }
        Ok(staff)
    }

    /// A shop lets the association see its result, and has a question to answer.
    pub async fn ask_shop(&self, staff: &[Staff], shop: &mut Respondent) -> anyhow::Result<()> {
        self.decide(shop, staff[0].association, Decision::Agree, self.now - Duration::days(8)).await?;
        self.review(staff, shop, Stage::Asked, 0).await
    }

    async fn staff(&self, plan: &Plan) -> anyhow::Result<Vec<Staff>> {
        let at = self.campaign.opens_at + Duration::days(1);
        let new = Association { id: clock::id(), name: plan.name.into(), four_eyes: plan.people.len() > 1 };
        let by = |at| By { account: None, event: clock::id(), at };
        anyhow::ensure!(self.store.add_association(&new, by(at)).await?, "{} is there already", plan.name);
        let mut staff = Vec::new();
        for (email, name) in plan.people {
            let account = self.account(Role::Association, email, name);
            let added = self.store.add_association_account(&account, new.id, by(at)).await?;
            added.map_err(|taken| anyhow::anyhow!("the demonstration repeats itself: {taken:?}"))?;
            staff.push(Staff { association: new.id, account: account.id });
        }
        Ok(staff)
    }

    async fn decide(
        &self,
        member: &Respondent,
        association: Uuid,
        decision: Decision,
        at: OffsetDateTime,
    ) -> anyhow::Result<()> {
        let name = self.store.association(association).await?.context("no such association")?.name;
        let known = self.store.memberships(member.enterprise).await?;
        let membership = known.into_iter().find(|one| one.association == name).context("it is not listed")?;
        let new = Deciding {
            membership: membership.id,
            enterprise: member.enterprise,
            decision,
            text_version: "demo",
            consent: clock::id(),
        };
        let decided = self.store.decide_membership(new, member.account, by(member.account, at)).await?;
        anyhow::ensure!(decided == Decided::Done, "{} cannot decide: {decided:?}", member.tax_code);
        Ok(())
    }

    /// Takes the review of a member to a stage, over the days since it submitted.
    async fn review(
        &self,
        staff: &[Staff],
        member: &mut Respondent,
        stage: Stage,
        number: usize,
    ) -> anyhow::Result<()> {
        let submitted = member.submitted.context("nothing is submitted")?;
        let at = |hours: i64| (submitted + Duration::hours(hours)).min(self.now);
        let (taker, accepter) = (&staff[0], &staff[staff.len() - 1]);
        let (about, text) = QUESTIONS[number % QUESTIONS.len()];
        let (item, question) = (about.to_owned(), clock::id());
        let ask = Act::Ask { question, about: item.clone(), text: text.to_owned() };
        if matches!(stage, Stage::Submitted) {
            return Ok(());
        }
        self.act(taker, member, &Act::TakeUp, at(20)).await?;
        match stage {
            Stage::Submitted | Stage::InReview => {}
            Stage::Asked => self.act(taker, member, &ask, at(21)).await?,
            Stage::Accepted => self.act(accepter, member, &Act::Accept, at(28)).await?,
            Stage::Returned | Stage::Corrected => {
                self.act(taker, member, &ask, at(21)).await?;
                self.act(taker, member, &Act::GiveBack(REASON.to_owned()), at(22)).await?;
            }
        }
        if !matches!(stage, Stage::Corrected) {
            return Ok(());
        }
        self.reply(member, question, at(30)).await?;
        self.correct(member, &item, at(31)).await?;
        self.act(taker, member, &Act::TakeUp, at(40)).await?;
        self.act(taker, member, &Act::Close { question }, at(41)).await?;
        if let Some(Answer::Whole(level @ 1..)) = member.answers.get(&item) {
            let level = u8::try_from(level - 1).ok();
            let reason = "Ảnh chụp màn hình cho thấy mới làm được một phần.".to_owned();
            self.act(taker, member, &Act::Rate { about: item, level, reason }, at(41)).await?;
        }
        self.act(accepter, member, &Act::Accept, at(42)).await
    }

    async fn act(&self, staff: &Staff, member: &Respondent, act: &Act, at: OffsetDateTime) -> anyhow::Result<()> {
        self.do_it(Scope::Association(staff.association), staff.account, member, act, at).await
    }

    async fn reply(&self, member: &Respondent, question: Uuid, at: OffsetDateTime) -> anyhow::Result<()> {
        let text = "Đã kiểm tra lại và sửa câu trả lời cho đúng thực tế.".to_owned();
        let act = Act::Comment { question, text };
        self.do_it(Scope::Enterprise(member.enterprise), member.account, member, &act, at).await
    }

    async fn do_it(
        &self,
        scope: Scope,
        account: Uuid,
        member: &Respondent,
        act: &Act,
        at: OffsetDateTime,
    ) -> anyhow::Result<()> {
        let assessment = self.assessment(member).await?;
        let row = self.store.reviewed(assessment, scope).await?.context("it cannot be seen")?;
        let letter = match scope {
            Scope::Enterprise(_) => None,
            Scope::Association(_) | Scope::Province => review_letter(act, &row),
        };
        let doing = Acting {
            assessment,
            scope,
            number: None,
            account,
            entry: clock::id(),
            act,
            letter: letter.as_ref(),
            ids: clock::id,
        };
        let scoring = |answers: &Answers, levels: &Levels| score::reviewed(self.questionnaire, answers, levels);
        let acted = self.store.review(doing, by(account, at), &scoring).await?;
        anyhow::ensure!(acted == Acted::Done, "the demonstration cannot review: {acted:?} to {act:?}");
        Ok(())
    }
}

/// The stages of the members in turn: an association has some of each.
fn stage(number: usize) -> Stage {
    match number % 20 {
        0..6 => Stage::Accepted,
        6..8 => Stage::Corrected,
        8..10 => Stage::Returned,
        10..12 => Stage::Asked,
        12..14 => Stage::InReview,
        _ => Stage::Submitted,
    }
}

fn by(account: Uuid, at: OffsetDateTime) -> By {
    By { account: Some(account), event: clock::id(), at }
}
