//! A whole campaign: the province imports its register, two associations invite and review, twelve enterprises answer.
//!
//! Every step of the province and of the associations is taken in the browser. Two enterprises register by the links of
//! their letters, agree, answer and submit in the browser; the other ten do the same by the forms of these pages, without
//! a browser. What is returned is corrected in the browser, and the consent is withdrawn there.
//!
//! With `THUOCSO_PICTURES=folder` a picture of every station is kept.

use std::{fmt::Write as _, path::Path, time::Duration};

use fantoccini::key::Key;
use model::{classification, role::Role, text::Lang};
use serde_json::json;
use server::clock::{self, VIETNAM};
use tests::{
    TestServer,
    answers::{self, PASSWORD, email, tax_code},
    html::words,
};

use crate::{Chromium, journey::answer_everything, pictures, until};

/// Rows of the register file.
const ROWS: usize = 20_000;
/// Rows of it that are wrong.
const WRONG: usize = 3;
/// The enterprises that take part: the first half are members of one association, the others of the second.
const ENTERPRISES: usize = 12;
const OFFICER: &str = "can-bo@example.vn";
const ASSOCIATIONS: [(&str, &str); 2] =
    [("Hiệp hội Doanh nghiệp tỉnh", "hiep-hoi@example.vn"), ("Hội Doanh nhân trẻ", "hoi-tre@example.vn")];
/// The one that is returned and corrected, a member of the first association.
const RETURNED: usize = 3;
/// The one that withdraws, a member of the second.
const WITHDRAWN: usize = 12;

#[tokio::test(flavor = "multi_thread")]
async fn a_province_imports_its_register_and_two_associations_bring_twelve_enterprises_through_a_campaign() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Officer, OFFICER).await;
    let desk = Chromium::start(1280, true).await;
    let walk = Walk { server: &server, desk: &desk };
    walk.sign_in(&desk, OFFICER, PASSWORD).await;
    walk.import_the_register().await;
    walk.open_a_campaign().await;
    let mut passwords = Vec::new();
    for (name, staff) in ASSOCIATIONS {
        passwords.push(walk.add_an_association(name, staff).await);
    }
    for (at, (_, staff)) in ASSOCIATIONS.into_iter().enumerate() {
        walk.change_to(&desk, staff, &passwords[at]).await;
        walk.invite(members_of(at)).await;
    }
    let phone = Chromium::phone().await;
    for n in 1..=ENTERPRISES {
        if n == 1 || n == ENTERPRISES / 2 + 1 {
            walk.take_part_in_the_browser(&phone, n).await;
        } else {
            walk.take_part(n).await;
        }
    }
    walk.change_to(&desk, ASSOCIATIONS[0].1, &passwords[0]).await;
    walk.review_one_by_one(&phone).await;
    walk.change_to(&phone, &email(WITHDRAWN), PASSWORD).await;
    walk.withdraw(&phone).await;
    walk.change_to(&desk, ASSOCIATIONS[1].1, &passwords[1]).await;
    walk.accept_at_once().await;
    walk.change_to(&desk, OFFICER, PASSWORD).await;
    walk.look_at_the_response().await;
    walk.assert_what_is_stored().await;
}

/// The numbers of the enterprises that an association invites.
fn members_of(association: usize) -> std::ops::RangeInclusive<usize> {
    let half = ENTERPRISES / 2;
    association * half + 1..=(association + 1) * half
}

struct Walk<'a> {
    server: &'a TestServer,
    desk: &'a Chromium,
}

impl Walk<'_> {
    async fn open(&self, path: &str) {
        self.desk.open(&self.server.url(path)).await;
    }

    async fn sign_in(&self, chromium: &Chromium, name: &str, password: &str) {
        chromium.open(&self.server.url("/sign-in")).await;
        chromium.answer("name", name).await;
        chromium.answer("password", password).await;
        chromium.leave("main form button").await;
        assert_ne!(chromium.path().await, "/sign-in", "{name} is signed in");
    }

    async fn change_to(&self, chromium: &Chromium, name: &str, password: &str) {
        chromium.leave("form[action='/sign-out'] button").await;
        self.sign_in(chromium, name, password).await;
    }

    async fn import_the_register(&self) {
        let desk = self.desk;
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("danh-ba.csv");
        std::fs::write(&file, register()).expect("a file");
        self.open("/province/register/imports").await;
        choose_file(desk, &file).await;
        desk.leave("main form button").await;
        let preview = desk.text("main").await;
        assert!(preview.contains("Công ty TNHH Đức Điện 1"), "{preview}");
        desk.leave("button[value=start]").await;
        // The page asks again by itself.
        let mut last = String::new();
        for _ in 0..1_200 {
            let done = "return document.querySelectorAll('.c-facts dd').length === 4 ? [...document.querySelectorAll('.c-facts dd')].map(dd => dd.innerText).join(' ') : ''";
            let said = desk.tab.execute(done, Vec::new()).await.unwrap_or_default();
            last = said.as_str().unwrap_or_default().to_owned();
            if !last.is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        assert_eq!(last, "19.997 0 0 3", "new, changed, unchanged and rejected rows");
        assert_eq!(self.rows().await, WRONG as u64);
        pictures::keep(desk, "1-imported").await;
        self.open("/province/register?q=duc+dien+12").await;
        assert!(desk.text("main").await.contains(&tax_code(12)));
        self.open("/province/register/snapshots").await;
        desk.answer("title", "Khung mẫu tháng 11").await;
        desk.leave("main form button").await;
        assert!(desk.text("main table").await.contains("19.997"));
    }

    /// The campaign of the first start ends; the province's own takes its place, with the frozen register as its frame.
    async fn open_a_campaign(&self) {
        let desk = self.desk;
        self.open("/province/campaigns").await;
        desk.leave("main tbody a").await;
        desk.leave("form[action$='/close'] button").await;
        self.open("/province/campaigns/new").await;
        desk.answer("title_vi", "Đợt đánh giá mùa đông").await;
        desk.answer("title_en", "Winter round").await;
        let today = clock::now().to_offset(VIETNAM).date();
        for (field, day) in [("opens_on", today), ("last_day", today + time::Duration::days(30))] {
            // How dates are typed depends on the language of the system.
            let set = "document.querySelector(`[name=${arguments[0]}]`).value = arguments[1]";
            desk.script(set, &[json!(field), json!(day.to_string())]).await;
        }
        desk.leave("main form button").await;
        let planned = desk.path().await;
        assert!(planned.starts_with("/province/campaigns/") && !planned.ends_with("/new"), "{planned}");
        desk.leave("form[action$='/open'] button").await;
        let snapshot = self.server.app.store().snapshots().await.expect("the database works").remove(0);
        desk.answer("snapshot", &snapshot.id.to_string()).await;
        desk.leave("form[action$='/snapshot'] button").await;
        assert!(desk.text(".c-facts").await.contains("Khung mẫu tháng 11"));
        pictures::keep(desk, "2-campaign").await;
    }

    /// Answers the first password, which is shown once.
    async fn add_an_association(&self, name: &str, staff: &str) -> String {
        let desk = self.desk;
        self.open("/province/associations").await;
        desk.answer("name", name).await;
        desk.leave("main form button").await;
        desk.answer("full_name", "Nguyễn Thu Hà").await;
        desk.answer("email", staff).await;
        desk.leave("form[action$='/accounts'] button").await;
        let password = desk.text("main strong").await;
        assert_eq!(password.len(), 19, "{password}");
        pictures::keep(desk, "3-association").await;
        password
    }

    async fn invite(&self, numbers: std::ops::RangeInclusive<usize>) {
        let desk = self.desk;
        self.open("/association/members").await;
        let field = desk.find("#lines").await;
        for n in numbers {
            field.send_keys(&format!("{}, {}", tax_code(n), email(n))).await.expect("keys");
            field.send_keys(&char::from(Key::Enter).to_string()).await.expect("a key");
        }
        desk.leave("form[action='/association/members'] button").await;
        assert_eq!(self.rows().await, 6);
        desk.leave("button[value=invite-all]").await;
        assert!(desk.path().await.ends_with("/association/members"));
        pictures::keep(desk, "4-members").await;
    }

    /// The path of the link by which an enterprise registers, from the letter that the program wrote down.
    async fn link_in_the_letter_to(&self, address: &str) -> String {
        until(&format!("the letter to {address}"), || async {
            let files = std::fs::read_dir(self.server.mail.path()).expect("a folder").filter_map(Result::ok);
            let letters = files.filter_map(|file| std::fs::read_to_string(file.path()).ok());
            let letter = letters.into_iter().find(|letter| letter.contains(&format!("To: {address}")))?;
            let text = letter.replace("=\r\n", "");
            let token = text.split("/join/").nth(1)?.chars().take_while(char::is_ascii_alphanumeric);
            Some(format!("/join/{}", token.collect::<String>()))
        })
        .await
    }

    /// The rows of the page's table.
    async fn rows(&self) -> u64 {
        let rows = self.desk.script("return document.querySelectorAll('main tbody tr').length", &[]).await;
        rows.as_u64().expect("a number")
    }

    async fn take_part_in_the_browser(&self, phone: &Chromium, n: usize) {
        if n > 1 {
            phone.leave("form[action='/sign-out'] button").await;
        }
        phone.open(&self.server.url(&self.link_in_the_letter_to(&email(n)).await)).await;
        for (name, value) in answers::registration(n).into_iter().filter(|(name, _)| *name != "tax_code") {
            phone.answer(name, &value).await;
        }
        phone.leave("main form button").await;
        assert_eq!(phone.path().await, "/memberships", "the link leads to the invitation");
        pictures::keep(phone, "5-invitation").await;
        phone.leave("main button[value=agree]").await;
        phone.open(&self.server.url("/assessments")).await;
        let assessment = phone.path().await;
        answer_everything(phone, &assessment).await;
        self.submit(phone, &assessment).await;
    }

    async fn submit(&self, phone: &Chromium, assessment: &str) {
        phone.open(&self.server.url(&format!("{assessment}/check"))).await;
        phone.click("label:has(> #declare)").await;
        phone.leave("main form:has(#declare) button").await;
        assert_eq!(phone.path().await, format!("{assessment}/receipt"));
    }

    async fn take_part(&self, n: usize) {
        let client = self.server.client();
        answers::register(&client, n).await;
        let page = client.get("/memberships").await.html();
        let form = page.named("form").find_map(|form| {
            form.attribute("action").filter(|action| action.starts_with("/memberships/")).map(ToOwned::to_owned)
        });
        let decided = client.post(&form.expect("an invitation"), &[("decision", "agree")]).await;
        assert_eq!(decided.location.as_deref(), Some("/memberships?changed"));
        let assessment = client.get("/assessments").await.location.expect("the assessment");
        answers::answer_all(&client, &assessment, &answers::case_a()).await;
        let sent = client.submit(&answers::declared(&client, &assessment).await).await;
        assert_eq!(sent.status, 303, "{}", sent.text);
    }

    /// The first association looks at each of its members; one is asked, gets its answers back and corrects them.
    async fn review_one_by_one(&self, phone: &Chromium) {
        let desk = self.desk;
        for n in members_of(0) {
            self.take_up(n).await;
            if n == RETURNED {
                self.ask_and_return(phone).await;
                self.take_up(n).await;
                desk.leave("button[value=close]").await;
            }
            desk.leave("#verdict form:has(input[value=accept]) button").await;
            assert!(desk.text(".c-panel").await.contains("Đã chấp nhận"), "{}", desk.text(".c-panel").await);
        }
        self.open("/association?state=accepted").await;
        assert_eq!(self.rows().await, 6);
    }

    /// Opens a member's submission from the board and takes it up.
    async fn take_up(&self, n: usize) {
        self.open(&format!("/association?q={}", tax_code(n))).await;
        self.desk.leave(".c-board tbody a.c-board__name").await;
        self.desk.leave("#verdict form:has(input[value=take-up]) button").await;
    }

    async fn ask_and_return(&self, phone: &Chromium) {
        let desk = self.desk;
        let review = desk.path().await;
        desk.click("#Q301 .c-review__acts details:has(#ask-Q301) summary").await;
        desk.find("#ask-Q301").await.send_keys("Gian hàng nào đang bán hàng?").await.expect("keys");
        desk.leave("form:has(#ask-Q301) button").await;
        desk.click("#verdict details summary").await;
        desk.find("#return").await.send_keys("Nhờ xem lại câu 5.11").await.expect("keys");
        desk.leave("form:has(#return) button").await;
        self.change_to(phone, &email(RETURNED), PASSWORD).await;
        phone.open(&self.server.url("/review")).await;
        let said = phone.text("main").await;
        assert!(said.contains("Gian hàng nào đang bán hàng?") && said.contains("Nhờ xem lại câu 5.11"), "{said}");
        pictures::keep(phone, "6-returned").await;
        phone.find("main textarea").await.send_keys("Gian hàng Shopee của cửa hàng").await.expect("keys");
        phone.leave("form:has(textarea) button").await;
        let assessment = review.replace("/reviews/", "/assessments/");
        phone.open(&self.server.url(&format!("{assessment}/sections/P5/tools"))).await;
        phone.answer("Q511", "2").await;
        phone.leave("#topic button:not([name])").await;
        self.submit(phone, &assessment).await;
        desk.open(&self.server.url(&review)).await;
        let feed = desk.text(".c-panel").await;
        assert!(feed.contains("Gian hàng Shopee") && feed.contains("5.11"), "what changed stands in the line of time");
        pictures::keep(desk, "7-corrected").await;
    }

    async fn withdraw(&self, phone: &Chromium) {
        phone.open(&self.server.url("/memberships")).await;
        phone.leave("main button[value=withdraw]").await;
        assert!(phone.text(".c-memberships").await.contains("Đã rút"), "{}", phone.text(".c-memberships").await);
    }

    /// The second association takes its members up and accepts all that nothing is open about.
    async fn accept_at_once(&self) {
        let desk = self.desk;
        self.open("/association").await;
        let board = desk.text("main").await;
        assert!(!board.contains(&tax_code(WITHDRAWN)), "access ended with the consent: {board}");
        pictures::keep(desk, "8-board").await;
        for n in members_of(1).filter(|n| *n != WITHDRAWN) {
            self.take_up(n).await;
        }
        self.open("/association?state=in_review").await;
        for choice in desk.tab.find_all(fantoccini::Locator::Css("[name=chosen]")).await.expect("choices") {
            choice.click().await.expect("a choice");
        }
        desk.leave("form[action='/reviews'] button").await;
        self.open("/association?state=accepted").await;
        assert_eq!(self.rows().await, 5);
    }

    async fn look_at_the_response(&self) {
        let desk = self.desk;
        self.open("/province/response").await;
        let said = words(&desk.text("main").await);
        pictures::keep(desk, "9-response").await;
        assert!(said.contains("12 trong 19.997") || said.contains("12 / 19.997"), "{said}");
        for (name, _) in ASSOCIATIONS {
            assert!(said.contains(name), "{said}");
        }
        self.open("/province/reviews?state=accepted").await;
        assert_eq!(self.rows().await, 11);
        self.open("/province/reviews?state=submitted").await;
        assert!(
            desk.text(".c-board").await.contains(&tax_code(WITHDRAWN)),
            "the province sees whom no association sees"
        );
    }

    async fn assert_what_is_stored(&self) {
        let number = async |sql: &str| self.server.database.number(sql).await;
        assert_eq!(number("SELECT count(*) FROM assessment WHERE state = 'accepted'").await, 11);
        assert_eq!(number("SELECT count(*) FROM assessment WHERE state = 'submitted'").await, 1);
        assert_eq!(number("SELECT count(*) FROM submission").await, 13, "every version is kept");
        assert_eq!(number("SELECT count(*) FROM membership WHERE state = 'agreed'").await, 11);
        assert_eq!(number("SELECT count(*) FROM membership WHERE state = 'withdrawn'").await, 1);
        assert_eq!(
            number("SELECT count(*) FROM outbox WHERE kind = 'review'").await,
            2 + 11,
            "asked, returned, accepted"
        );
        until("the whole log is sealed", || async {
            let open = self.server.database.number("SELECT count(*) FROM audit WHERE hash IS NULL").await;
            (open == 0).then_some(())
        })
        .await;
        assert_eq!(self.server.app.store().check().await.expect("a check"), [""; 0]);
    }
}

/// A register file with the enterprises of this journey among its first rows.
fn register() -> String {
    let units = classification::units();
    let industries = ["4711", "4649", "1079", "2599", "4101", "4933", "5610", "6201", "0118", "3100"];
    let mut file =
        "STT,Mã số thuế,Tên doanh nghiệp,Xã/Phường,Mã ngành chính,Số lao động,Doanh thu (triệu đồng)\n".to_owned();
    for n in 1..=ROWS - WRONG {
        let (unit, industry) = (units[n % units.len()].label(Lang::Vi), industries[n % industries.len()]);
        let _ =
            writeln!(file, "{n},{},Công ty TNHH Đức Điện {n},{unit},{industry},{},{}", tax_code(n), n % 300, n % 9_000);
    }
    for wrong in [
        "0100109107,Sai số,Phường Bắc Giang,4711,,",
        ",Không mã,Phường Bắc Giang,4711,,",
        "0100109106,Nơi khác,Atlantis,4711,,",
    ] {
        let _ = writeln!(file, "x,{wrong}");
    }
    file
}

async fn choose_file(chromium: &Chromium, file: &Path) {
    let path = file.to_str().expect("a path in UTF-8");
    chromium.find("#file").await.send_keys(path).await.expect("a file");
}
