//! What those see who work for the province or an association, and what a release makes public.

use model::role::Role;
use tests::{Client, Page, answers, answers::tax_code, province::submissions};

use super::{Stop, Tour};

/// Enough for a release with figures of some parts of the province.
const ENTERPRISES: usize = 60;
const IMPORTS: &str = "/province/register/imports";
const QUESTIONNAIRES: &str = "/province/questionnaires";

/// Somebody who is signed in: without a browser, and the answer that began the session.
struct Desk {
    client: Client,
    session: Page,
}

impl<L: AsyncFn(Stop<'_>)> Tour<'_, L> {
    pub(super) async fn offices(&self) {
        self.page("/indicators").await;
        let officer = self.desk(Role::Officer, "can-bo@example.vn").await;
        let analyst = self.desk(Role::Analyst, "phan-tich@example.vn").await;
        let administrator = self.desk(Role::Administrator, "quan-tri@example.vn").await;
        self.nothing_yet(&officer, &analyst).await;
        submissions(self.server, ENTERPRISES).await;
        self.officer(&officer).await;
        self.association(&officer).await;
        self.analyst(&analyst).await;
        self.administrator(&administrator).await;
    }

    async fn desk(&self, role: Role, email: &str) -> Desk {
        self.server.add_account(role, email).await;
        let client = self.server.client();
        let session = client.try_sign_in(email, answers::PASSWORD).await;
        assert_eq!(session.status, 303);
        Desk { client, session }
    }

    async fn nothing_yet(&self, officer: &Desk, analyst: &Desk) {
        self.go_on_as(&officer.session).await;
        let register = ["/province/register", IMPORTS, "/province/register/snapshots"];
        self.pages(&register).await;
        self.pages(&["/province", "/province/response", "/province/reviews", "/province/associations"]).await;
        self.go_on_as(&analyst.session).await;
        self.pages(&["/province", "/province/releases", "/province/releases/new"]).await;
        self.refused_by("/province/releases/new", "main form button").await;
    }

    async fn officer(&self, officer: &Desk) {
        self.go_on_as(&officer.session).await;
        self.register(&officer.client).await;
        self.campaigns(&officer.client).await;
        self.groups(&officer.client).await;
        self.pages(&["/province", "/province/reviews", "/account"]).await;
        self.in_english(&["/province", "/province/register", "/province/response", "/province/reviews"]).await;
    }

    async fn register(&self, client: &Client) {
        self.refused_by(IMPORTS, &format!("form[action='{IMPORTS}'] button")).await;
        let sent = client.upload(IMPORTS, "danh bạ.csv", file().as_bytes()).await;
        let import = sent.location.expect("the import");
        self.page(&import).await;
        let begun = client.submit(&client.get(&import).await.form(&import).set("do", &["start"])).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        client.when_done(&import).await;
        // Of the file alone: whoever has an account needs no code.
        let entry = format!("/province/register/entries/{}", tax_code(ENTERPRISES + 1));
        self.pages(&[&import, IMPORTS, "/province/register", "/province/register?q=atlantis", &entry]).await;
        self.page("/province/register/codes").await;
        self.open(&entry).await;
        self.chromium.leave(&format!("form[action='{entry}/code'] button")).await;
        self.state("a letter with a code").await;
        self.page(&entry).await;
        self.takeover().await;
        let snapshots = "/province/register/snapshots";
        self.refused_by(snapshots, "main form button").await;
        let taken = client.submit(&client.get(snapshots).await.form(snapshots).set("title", &["Tháng 11"])).await;
        assert_eq!(taken.status, 303, "{}", taken.text);
        self.pages(&[snapshots, "/province/response"]).await;
        self.chromium.leave("form[action='/province/response'] button").await;
        self.state("/province/response with a frame").await;
        self.page("/province/response/call").await;
    }

    /// The letter for an enterprise that has registered, and what it opens; nobody takes it over.
    async fn takeover(&self) {
        let entry = format!("/province/register/entries/{}", tax_code(1));
        self.page(&entry).await;
        self.chromium.leave(&format!("form[action='{entry}/code'] button")).await;
        self.state("a letter with a code that takes over").await;
        let sign = self.chromium.text(".c-code__sign").await;
        self.open("/claim").await;
        self.chromium.answer("tax_code", &tax_code(1)).await;
        self.chromium.answer("code", sign.rsplit(' ').next().expect("a code")).await;
        self.chromium.leave("form[action='/claim'] button").await;
        self.state("taking an enterprise over").await;
        self.chromium.leave("form[action='/claim/takeover'] button").await;
        self.refused("taking an enterprise over, refused").await;
    }

    async fn campaigns(&self, client: &Client) {
        let new = "/province/campaigns/new";
        self.pages(&["/province/campaigns", new]).await;
        self.refused_by(new, "form[action='/province/campaigns'] button").await;
        let form = client.get(new).await.form("/province/campaigns").set("title_vi", &["Kỳ năm 2099"]);
        let form = form.set("title_en", &["2099"]).set("opens_on", &["2099-01-01"]).set("last_day", &["2099-03-31"]);
        let planned = client.submit(&form).await.location.expect("the campaign");
        self.page(&planned).await;
        let campaigns = self.server.app.store().campaigns(2).await.expect("the database works");
        for campaign in campaigns {
            self.page(&format!("/province/campaigns/{}", campaign.id)).await;
        }
    }

    /// Two groups of the open campaign: one that was drawn, and the rest.
    async fn groups(&self, client: &Client) {
        let campaigns = self.server.app.store().campaigns(2).await.expect("the database works");
        let framed = campaigns.last().expect("the campaign that is open");
        let list = format!("/province/campaigns/{}/groups", framed.id);
        let planned = format!("/province/campaigns/{}/groups", campaigns[0].id);
        let new = format!("{list}/new");
        self.pages(&[&planned, &list, &new, &format!("{new}?section=A")]).await;
        let make = format!("form[action='{list}'] button");
        self.refused_by(&new, &make).await;
        let mut groups = Vec::new();
        for (title, draw) in [("Đợt 1: doanh nghiệp thương mại", "20"), ("Đợt 2: còn lại", "")] {
            let form = client.get(&new).await.form(&list).set("title", &[title]).set("draw", &[draw]);
            groups.push(client.submit(&form).await.location.expect("the group"));
        }
        self.page(&groups[0]).await;
        let asked = client.post(&groups[1], &[("do", "invite")]).await;
        assert_eq!(asked.status, 303, "{}", asked.text);
        client.when_done(&groups[1]).await;
        self.pages(&[&list, &groups[1], &new, "/province/response"]).await;
        self.in_english(&[&list, &groups[1]]).await;
        self.open(&groups[0]).await;
        self.chromium.answer("title", "").await;
        self.chromium.leave("main form button[value='rename']").await;
        self.refused("a group without a name").await;
    }

    async fn applications(&self, officer: &Desk) {
        let (apply, list) = ("/associations/apply", "/province/applications");
        self.pages(&[apply, list]).await;
        self.refused_by(apply, &format!("form[action='{apply}'] button")).await;
        let form = officer.client.get(apply).await.form(apply).set("name", &["Hội Làng nghề"]);
        let form =
            form.set("full_name", &["Lê Thị Hòa"]).set("email", &["hoa@example.vn"]).set("text", &["120 hội viên"]);
        let sent = officer.client.submit(&form).await;
        self.page(&sent.location.expect("a word of thanks")).await;
        let html = officer.client.get(list).await.html();
        let mut links = html.named("a").filter_map(|link| link.attribute("href"));
        let one = links.find(|href| href.starts_with("/province/applications/")).expect("the application");
        self.pages(&[list, one]).await;
        self.refused_by(one, "main form button[value='decline']").await;
    }

    async fn association(&self, officer: &Desk) {
        self.applications(officer).await;
        let list = "/province/associations";
        self.refused_by(list, &format!("form[action='{list}'] button")).await;
        let form = officer.client.get(list).await.form(list).set("name", &["Hội Doanh nghiệp trẻ"]);
        let one = officer.client.submit(&form).await.location.expect("the association");
        let add = format!("form[action='{one}/accounts'] button");
        self.pages(&[list, &one]).await;
        self.refused_by(&one, &add).await;
        self.chromium.answer("full_name", "Nguyễn Thu Hà").await;
        self.chromium.answer("email", "thu-ha@example.vn").await;
        self.chromium.leave(&add).await;
        self.state("a first password").await;
        self.server.add_staff("Hội Doanh nghiệp trẻ", "ha@example.vn").await;
        let client = self.server.client();
        let session = client.try_sign_in("ha@example.vn", answers::PASSWORD).await;
        let staff = Desk { client, session };
        self.go_on_as(&staff.session).await;
        self.pages(&["/association", "/association/members", "/association/comparison"]).await;
        self.refused_by("/association/members", "form[action='/association/members'] button").await;
        let mut lines: Vec<String> = (1..=4).map(tax_code).collect();
        lines.push(format!("{}\tHợp tác xã Xanh\tketoan@example.vn", tax_code(99)));
        let listed = staff.client.post("/association/members", &[("lines", &lines.join("\n"))]).await;
        self.page(&listed.location.expect("the list")).await;
        self.letters(&staff.client).await;
        self.member_file(&staff.client).await;
        let member = self.member(1, "agree").await;
        self.member(2, "refuse").await;
        self.pages(&["/association", "/association/members", "/association/comparison", "/account"]).await;
        self.in_english(&["/association", "/association/members"]).await;
        self.review(&staff, &member, officer).await;
    }

    /// Invitations, how far they are, and where the links in them lead.
    async fn letters(&self, client: &Client) {
        let sent = client.post("/association/letters", &[("do", "invite-all")]).await;
        self.page(&sent.location.expect("the list")).await;
        let html = client.get("/association/members").await.html();
        let mut links = html.named("a").filter_map(|link| link.attribute("href"));
        let one = links.find(|href| href.starts_with("/association/members/")).expect("a member");
        self.page(one).await;
        let letters = "SELECT CAST(body AS TEXT) FROM outbox WHERE recipient = 'ketoan@example.vn'";
        let letter = self.server.database.texts(letters).await.concat();
        for begins in ["/join/", "/stop/"] {
            let at = letter.find(begins).unwrap_or_else(|| panic!("no {begins} in {letter}"));
            let path: String = letter[at..].chars().take_while(|c| *c != '"').collect();
            self.page(&path).await;
            self.open(&format!("{begins}khong-con")).await;
            let stop = Stop { name: &format!("{begins}: no such link"), is_refused: begins == "/join/" };
            self.look(stop).await;
        }
    }

    async fn member_file(&self, client: &Client) {
        let imports = "/association/imports";
        self.page(imports).await;
        self.refused_by(imports, &format!("form[action='{imports}'] button")).await;
        let file = format!("Mã số thuế,Tên,Email\n{},Gốm Năm,nam@example.vn\n12345,Sai,sai@\n", tax_code(5));
        let import = client.upload(imports, "hội viên.csv", file.as_bytes()).await.location.expect("the import");
        self.page(&import).await;
        let begun = client.submit(&client.get(&import).await.form(&import).set("do", &["start"])).await;
        assert_eq!(begun.status, 303, "{}", begun.text);
        self.pages(&[&import, imports]).await;
    }

    /// The n-th enterprise looks at its invitation and decides.
    async fn member(&self, n: usize, decision: &str) -> Desk {
        let client = self.server.client();
        let session = client.try_sign_in(&answers::email(n), answers::PASSWORD).await;
        let html = client.get("/memberships").await.html();
        let mut forms = html.named("form").filter_map(|form| form.attribute("action"));
        let invitation = forms.find(|action| action.starts_with("/memberships/")).expect("an invitation").to_owned();
        let decided = client.post(&invitation, &[("decision", decision)]).await;
        assert_eq!(decided.status, 303, "{}", decided.text);
        Desk { client, session }
    }

    async fn review(&self, staff: &Desk, member: &Desk, officer: &Desk) {
        let assessment = member.client.get("/assessments").await.location.expect("the assessment");
        let review = assessment.replace("/assessments/", "/reviews/");
        self.page(&review).await;
        let act = async |act: &str, more: &[(&str, &str)]| {
            let done = staff.client.post(&review, &[&[("act", act), ("number", "1")], more].concat()).await;
            assert_eq!(done.status, 303, "{act}: {}", done.html().main_text());
        };
        act("take-up", &[]).await;
        act("ask", &[("about", "Q301"), ("text", "Trang nào có giá?")]).await;
        act("rate", &[("about", "Q302"), ("level", "2"), ("text", "chỉ 12 mặt hàng")]).await;
        act("note", &[("text", "Gọi lại thứ Hai")]).await;
        self.page(&review).await;
        self.go_on_as(&member.session).await;
        self.pages(&["/memberships", &format!("{assessment}/review")]).await;
        self.go_on_as(&officer.session).await;
        self.pages(&["/province/reviews", &review]).await;
    }

    async fn analyst(&self, analyst: &Desk) {
        self.go_on_as(&analyst.session).await;
        let new = "/province/releases/new";
        self.pages(&[new, "/province/register", "/province/response", "/province/campaigns"]).await;
        let begun = analyst.client.submit(&analyst.client.get(new).await.form(new)).await;
        let job = begun.location.expect("the computation");
        analyst.client.when_done(&job).await;
        self.pages(&[&job, &format!("{job}/preview"), "/province/releases"]).await;
        self.open(&job).await;
        let long = "const note = document.querySelector('[name=note_vi]'); note.value = 'x'.repeat(3000)";
        self.chromium.script(long, &[]).await;
        self.chromium.leave(&format!("form[action='{job}/note'] button")).await;
        self.refused("a note that is too long").await;
        let issued = analyst.client.post(&format!("{job}/issue"), &[]).await;
        assert_eq!(issued.location.as_deref(), Some("/indicators/1"), "{}", issued.text);
        self.pages(&[&job, "/province/releases", "/indicators", "/indicators/releases", "/indicators/1"]).await;
        let first = "return document.querySelector(\"main a[href^='/indicators/1/']\").getAttribute('href')";
        let indicator = self.chromium.script(first, &[]).await;
        self.page(indicator.as_str().expect("an indicator")).await;
        self.in_english(&["/indicators", &job]).await;
    }

    async fn administrator(&self, administrator: &Desk) {
        self.go_on_as(&administrator.session).await;
        self.mail().await;
        self.accounts(&administrator.client).await;
        self.questionnaires(&administrator.client).await;
        self.settings().await;
        self.pages(&["/province", "/province/audit", "/province/audit?from=2099-01-01", "/province/campaigns"]).await;
        self.in_english(&["/province/audit", "/province/mail", "/province/accounts"]).await;
    }

    async fn settings(&self) {
        let settings = "/province/settings";
        self.page(settings).await;
        self.chromium.answer("reminder_days", "1").await;
        self.chromium.leave(&format!("form[action='{settings}'] button")).await;
        self.refused("settings that are wrong").await;
    }

    async fn mail(&self) {
        let mail = "/province/mail";
        self.page(mail).await;
        let test = format!("form[action='{mail}'] button");
        self.refused_by(mail, &test).await;
        self.chromium.answer("to", "quan-tri@example.vn").await;
        self.chromium.leave(&test).await;
        self.state("a test message is on its way").await;
        self.page("/province/mail?state=failed").await;
        let messages = self.server.app.store().messages(None, None, 1).await.expect("the database works");
        self.page(&format!("{mail}/{}", messages[0].id)).await;
    }

    async fn accounts(&self, client: &Client) {
        let list = "/province/accounts";
        self.refused_by(list, &format!("form[action='{list}'] button")).await;
        let form = client.get(list).await.form(list).set("full_name", &["Trần Thị Bích"]);
        let added = client.submit(&form.set("email", &["bich@example.vn"]).set("role", &["officer"])).await;
        let account = added.location.expect("the account");
        self.pages(&[list, &account]).await;
        let message = account.split("message=").nth(1).expect("the message");
        let text = client.get(&format!("/province/mail/{message}")).await.html().main_text();
        let at = text.find("/invitation/").expect("a link");
        let invitation = text[at..].split_whitespace().next().expect("a link").to_owned();
        self.page(&invitation).await;
        self.refused_by(&invitation, &format!("form[action='{invitation}'] button")).await;
        self.open("/invitation/khong-con").await;
        self.refused("an invitation that is gone").await;
    }

    async fn questionnaires(&self, client: &Client) {
        self.page(QUESTIONNAIRES).await;
        self.refused_by(QUESTIONNAIRES, &format!("form[action='{QUESTIONNAIRES}'] button")).await;
        let mut next = serde_json::to_value(answers::questionnaire()).expect("a document");
        next["version"] = "9.1".into();
        next["items"][0]["question"]["vi"] = "Một câu khác".into();
        let draft = client.upload(QUESTIONNAIRES, "q.json", next.to_string().as_bytes()).await;
        let draft = draft.location.expect("the draft");
        let known = format!("{}+{}", answers::questionnaire().id, answers::questionnaire().version);
        self.pages(&[QUESTIONNAIRES, &draft, &format!("{draft}/compare?with={known}")]).await;
        let wrong = client.upload(QUESTIONNAIRES, "q.json", b"{}").await;
        assert_eq!(wrong.status, 422);
    }
}

/// All that answer and one more, and two rows that are wrong.
fn file() -> String {
    let mut file =
        "Mã số thuế,Tên doanh nghiệp,Phường/xã,Mã ngành,Lao động,Vốn (tỷ đồng),Điện thoại,Email\n".to_owned();
    for at in 1..=ENTERPRISES + 1 {
        let mailbox = if at % 4 == 0 { String::new() } else { format!("so{at}@example.vn") };
        file +=
            &format!("{},Công ty TNHH Gốm {at:02},Phường Thọ Xương,4773,{at},2,0912345678,{}\n", tax_code(at), mailbox);
    }
    file + "0100109107,Sai số kiểm tra,Phường Thọ Xương,4773,,,,\n,=1+1,Atlantis,4773,,,,\n"
}
