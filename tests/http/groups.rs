//! Invitation groups: the officer chooses, invites, prints and reminds; enterprises register by what they got.

use model::role::Role;
use server::{clock, store::NewSnapshot};
use tests::{
    Client, Page, TestServer,
    answers::{PASSWORD, tax_code},
    each_database, register,
};

use crate::{VI, messages};

/// A campaign with a frame of enterprises 1 to `count`, and its officer; every third enterprise has no address.
struct Office {
    server: TestServer,
    client: Client,
    /// The address of the campaign.
    campaign: String,
}

impl Office {
    async fn on(server: TestServer, count: usize) -> Self {
        let no_address = |n: usize| n.is_multiple_of(3);
        let email = |n: usize| if no_address(n) { String::new() } else { format!("so{n}@example.vn") };
        let client = register::officer(&server, count, email).await;
        let store = server.app.store();
        let taken = NewSnapshot {
            id: clock::id(),
            title: "Danh bạ tháng 11".into(),
            account: None,
            event: clock::id(),
            at: clock::now(),
        };
        store.take_snapshot(&taken).await.expect("taken");
        let campaign = store.open_campaign(clock::now()).await.expect("the database works").expect("a campaign");
        store.attach_snapshot(campaign.id, taken.id, None, clock::id(), clock::now()).await.expect("attached");
        Self { campaign: format!("/province/campaigns/{}", campaign.id), server, client }
    }

    fn groups(&self) -> String {
        format!("{}/groups", self.campaign)
    }

    /// What comes when a group is made of the choice in the query.
    async fn make(&self, query: &str, title: &str, draw: &str) -> Page {
        let form = self.client.get(&format!("{}/new?{query}", self.groups())).await.form(&self.groups());
        self.client.submit(&form.set("title", &[title]).set("draw", &[draw])).await
    }

    /// The address of a new group.
    async fn group(&self, query: &str, title: &str, draw: &str) -> String {
        let made = self.make(query, title, draw).await;
        made.location.clone().unwrap_or_else(|| panic!("{}", made.html().main_text()))
    }

    async fn press(&self, group: &str, button: &str) -> Page {
        self.client.post(group, &[("do", button)]).await
    }

    /// Presses a button and waits until the letters are written.
    async fn write(&self, group: &str, button: &str) -> Page {
        let pressed = self.press(group, button).await;
        assert_eq!(pressed.location.as_deref(), Some(group), "{}", pressed.html().main_text());
        self.client.when_done(group).await
    }

    async fn letters(&self) -> Vec<String> {
        let sql = "SELECT recipient || ' ' || title || ' ' || CAST(body AS TEXT) FROM outbox ORDER BY recipient, id";
        self.server.database.texts(sql).await
    }
}

/// The path that begins so in a letter.
fn path(letter: &str, begin: &str) -> String {
    let at = letter.find(begin).unwrap_or_else(|| panic!("no {begin} in {letter}"));
    letter[at..].chars().take_while(|c| *c != '"').collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn the_officer_chooses_draws_and_names_groups() {
    each_database(|database| async {
        let office = Office::on(TestServer::start(database, &[]).await, 12).await;
        let client = &office.client;
        let page = client.get(&office.campaign).await.html();
        assert!(
            page.named("a").any(|link| link.attribute("href") == Some(&*office.groups())),
            "the campaign leads there"
        );
        let empty = client.get(&office.groups()).await.html();
        assert_eq!(empty.problems(), [""; 0]);
        assert!(empty.main_text().contains(&*VI.t("groups-none")));

        let refused = office.make("", "x", "vài").await;
        assert_eq!(refused.status, 422);
        assert_eq!(messages(&refused), [VI.t("groups-wrong-title"), VI.t("groups-wrong-draw")]);
        assert_eq!(refused.form(&office.groups()).values("draw"), ["vài"], "nothing typed is lost");
        let drawn = office.group("place=d213&section=G", "Đợt 1", "5").await;
        let page = client.get(&drawn).await.html();
        assert_eq!(page.problems(), [""; 0]);
        let said = VI.with("groups-drawn-text", [("entries", "5"), ("fitting", "12")]);
        assert!(page.main_text().contains(&said), "{}", page.main_text());
        let taken = office.make("", "Đợt 1", "").await;
        assert_eq!((taken.status.as_u16(), messages(&taken)), (422, vec![VI.t("groups-title-taken").into_owned()]));
        let some = client.get(&format!("{}/new", office.groups())).await.html().main_text();
        let said = VI.with("groups-fit-some", [("all", "12"), ("taken", "5"), ("free", "7")]);
        assert!(some.contains(&said), "{some}");
        let rest = office.group("", "Đợt 2", "").await;
        let none = client.get(&format!("{}/new?section=G", office.groups())).await;
        assert!(none.html().form(&office.groups()).is_none(), "all of them are in groups");
        let late = client.post(&office.groups(), &[("title", "Đợt 3"), ("draw", "")]).await;
        assert_eq!((late.status.as_u16(), messages(&late)), (422, vec![VI.t("groups-nobody").into_owned()]));

        let taken = client.post(&rest, &[("do", "rename"), ("title", "Đợt 1")]).await;
        assert_eq!((taken.status.as_u16(), messages(&taken)), (422, vec![VI.t("groups-title-taken").into_owned()]));
        let renamed = client
            .submit(&client.get(&rest).await.form(&rest).set("title", &["Đợt <hai>"]).set("do", &["rename"]))
            .await;
        assert_eq!(renamed.status, 303);
        let list = client.get(&office.groups()).await.html();
        assert_eq!(list.problems(), [""; 0]);
        assert!(list.main_text().contains("Đợt <hai>") && list.main_text().contains("Đợt 1"), "{}", list.main_text());
        assert_eq!(client.post(&rest, &[("do", "delete")]).await.location, Some(office.groups()));
        assert_eq!(client.get(&rest).await.status, 404);
        assert_eq!(client.post(&drawn, &[("do", "sing")]).await.status, 400);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_group_is_invited_once_and_enterprises_register_by_the_link_in_the_letter() {
    each_database(|database| async {
        let office = Office::on(TestServer::start(database, &["--origin", "http://127.0.0.1:1"]).await, 6).await;
        let server = &office.server;
        let group = office.group("", "Tất cả", "").await;
        let page = office.client.get(&group).await.html().main_text();
        assert!(page.contains(&VI.with("groups-invite", [("count", "4")])), "{page}");
        let done = office.write(&group, "invite").await.html();
        assert_eq!(done.problems(), [""; 0]);
        assert!(done.main_text().contains(&*VI.t("groups-nobody-to-invite")), "{}", done.main_text());
        let letters = office.letters().await;
        assert_eq!(letters.len(), 4);
        office.write(&group, "invite").await;
        assert_eq!(office.letters().await.len(), 4, "again changes nothing");

        // The link fills the code in; looking at it uses nothing up.
        let claim = path(&letters[0], "/claim?");
        let visitor = server.client();
        for _ in 0..2 {
            let form = visitor.get(&claim).await.form("/claim");
            assert_eq!(form.values("tax_code"), [tax_code(1)]);
            let page = visitor.submit(&form).await;
            assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));
        }
        let form = visitor.submit(&visitor.get(&claim).await.form("/claim")).await.form("/claim/register");
        let form = form.set("legal_form", &["TNHH2"]).set("full_name", &["Nguyễn Thị Ánh"]);
        let form = form.set("consent_service", &["yes"]).set("password", &[PASSWORD]);
        let registered = visitor.submit(&form).await;
        assert_eq!(registered.location.as_deref(), Some("/assessments"), "{}", registered.html().main_text());
        assert_eq!(server.database.number("SELECT count(*) FROM enterprise WHERE claimed_at IS NOT NULL").await, 1);
        let used = server.client();
        let again = used.submit(&used.get(&claim).await.form("/claim")).await;
        assert_eq!(messages(&again), [VI.t("claim-wrong")], "it works once");

        let page = office.client.get(&group).await.html().main_text();
        assert!(page.contains(&*VI.t("response-begun")), "{page}");
        let response = office.client.get("/province/response").await.html();
        assert_eq!(response.problems(), [""; 0]);
        assert!(response.main_text().contains(&*VI.t("response-by-group")), "{}", response.main_text());
        let refused = office.client.post(&group, &[("do", "delete")]).await;
        assert_eq!(
            (refused.status.as_u16(), messages(&refused)),
            (409, vec![VI.t("groups-invited-stays").into_owned()])
        );
        let logged = "SELECT count(*) FROM audit WHERE action = 'invitation_group_written'";
        assert_eq!(server.database.number(logged).await, 2);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_uses_the_stop_link_is_not_reminded_and_the_rest_once_a_week() {
    each_database(|database| async {
        let office = Office::on(TestServer::start(database, &[]).await, 5).await;
        let group = office.group("", "Tất cả", "").await;
        office.write(&group, "invite").await;
        let stop = path(&office.letters().await[0], "/stop/");
        let visitor = office.server.client();
        let asked = visitor.get(&stop).await;
        assert_eq!((asked.status.as_u16(), asked.html().problems()), (200, vec![]));
        let stopped = visitor.submit(&asked.form(&stop)).await;
        let said = visitor.follow(stopped).await.html().main_text();
        assert!(said.contains(&*VI.t("stop-done-text")), "{said}");

        office.write(&group, "remind").await;
        let reminders = "SELECT count(*) FROM outbox WHERE kind = 'group_reminder'";
        assert_eq!(office.server.database.number(reminders).await, 0, "the invitation is of today");
        let aged = "UPDATE invitation_group_entry SET invited_at = '2026-01-01T00:00:00Z'";
        office.server.database.execute(aged).await;
        let page = office.client.get(&group).await.html().main_text();
        assert!(page.contains(&VI.with("groups-remind", [("count", "3")])), "{page}");
        office.write(&group, "remind").await;
        assert_eq!(office.server.database.number(reminders).await, 3);
        office.write(&group, "remind").await;
        assert_eq!(office.server.database.number(reminders).await, 3, "once a week");
        let page = office.client.get(&group).await.html();
        assert!(page.main_text().contains(&*VI.t("groups-row-stopped")), "{}", page.main_text());
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn those_without_an_address_get_printed_letters_with_codes_that_work() {
    each_database(|database| async {
        let office = Office::on(TestServer::start(database, &["--origin", "http://127.0.0.1:1"]).await, 7).await;
        let group = office.group("", "Tất cả", "").await;
        let codes = format!("{group}/codes");
        let file = office.client.submit(&office.client.get(&group).await.form(&codes).set("format", &["csv"])).await;
        assert!(file.header("content-disposition").contains("codes.csv"), "{}", file.text);
        assert_eq!(file.header("cache-control"), "no-store");
        let mut reader = csv::Reader::from_reader(file.text.trim_start_matches('\u{feff}').as_bytes());
        let lines: Vec<csv::StringRecord> = reader.records().map(|line| line.expect("a line")).collect();
        assert_eq!(lines.len(), 2);
        assert_eq!((&lines[0][0], &lines[0][1]), ("Công ty TNHH Gốm 003", &*tax_code(3)));
        let client = office.server.client();
        let form =
            client.get("/claim").await.form("/claim").set("tax_code", &[&lines[0][1]]).set("code", &[&lines[0][4]]);
        assert_eq!(client.submit(&form).await.status, 200, "the code works");
        let again = office.client.post(&codes, &[("format", "csv")]).await;
        assert_eq!((again.status.as_u16(), messages(&again)), (409, vec![VI.t("groups-nobody-to-print").into_owned()]));
        assert_eq!(office.client.post(&codes, &[("format", "pdf")]).await.status, 400);
        let page = office.client.get(&group).await.html().main_text();
        assert!(page.contains(&*VI.t("groups-lettered")), "{page}");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_closed_campaign_invites_nobody_and_hundreds_of_letters_take_several_transactions() {
    each_database(|database| async {
        let office = Office::on(TestServer::start(database, &[]).await, 330).await;
        let group = office.group("", "Tất cả", "").await;
        office.write(&group, "invite").await;
        assert_eq!(office.server.database.number("SELECT count(*) FROM outbox").await, 220);
        let logged = "SELECT count(*) FROM audit WHERE action = 'invitation_group_written'";
        assert_eq!(office.server.database.number(logged).await, 3);
        let second = office.client.get(&group).await.html();
        let next = second
            .named("a")
            .find_map(|link| link.attribute("href").filter(|href| href.contains("after=")))
            .expect("more")
            .to_owned();
        let page = office.client.get(&next).await;
        assert_eq!((page.status.as_u16(), page.html().problems()), (200, vec![]));

        office.client.post(&format!("{}/close", office.campaign), &[]).await;
        let refused = office.press(&group, "remind").await;
        assert_eq!((refused.status.as_u16(), messages(&refused)), (409, vec![VI.t("groups-not-open").into_owned()]));
        let over = office.client.post(&format!("{group}/codes"), &[("format", "csv")]).await;
        assert_eq!((over.status.as_u16(), messages(&over)), (409, vec![VI.t("groups-over").into_owned()]));
        let other = office.client.post(&office.groups(), &[("title", "Đợt 2"), ("draw", "")]).await;
        assert_eq!(messages(&other), [VI.t("groups-over")]);
    })
    .await;
}

#[tokio::test]
async fn a_group_is_found_in_its_own_campaign_alone_and_analysts_only_look() {
    let office = Office::on(TestServer::sqlite().await, 3).await;
    let group = office.group("", "Tất cả", "").await;
    let id = group.rsplit('/').next().expect("an id");
    let new = office.client.get("/province/campaigns/new").await.form("/province/campaigns");
    let new = new.set("title_vi", &["Kỳ sau"]).set("title_en", &["Next"]);
    let other = office.client.submit(&new.set("opens_on", &["2099-01-01"]).set("last_day", &["2099-03-31"])).await;
    let other = other.location.expect("the campaign");
    assert_eq!(office.client.get(&format!("{other}/groups/{id}")).await.status, 404);
    assert_eq!(office.client.post(&format!("{other}/groups/{id}"), &[("do", "invite")]).await.status, 404);
    let frameless = office.client.get(&format!("{other}/groups")).await.html();
    assert!(frameless.main_text().contains(&*VI.t("groups-no-frame")), "{}", frameless.main_text());
    office.server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let analyst = office.server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    let page = analyst.get(&group).await.html();
    assert_eq!(page.problems(), [""; 0]);
    assert!(page.form(&group).is_none(), "no button");
    assert_eq!(analyst.post(&group, &[("do", "invite")]).await.status, 403);
}
