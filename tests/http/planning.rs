use model::role::Role;
use tests::{
    Client, Page, TestServer,
    answers::{self, case_a},
    each_database,
};
use time::Duration;

use crate::{EN, VI, assert_error, messages};

/// A day some days from today in Viet Nam, as a date field sends it.
fn day(from_today: i64) -> String {
    app::date::iso((server::clock::now().to_offset(server::clock::VIETNAM) + Duration::days(from_today)).date())
}

async fn officer(server: &TestServer) -> Client {
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let client = server.client();
    client.sign_in("can-bo@example.vn").await;
    client
}

/// The address of the campaign that was made at the first start.
async fn first_campaign(server: &TestServer) -> String {
    let campaigns = server.app.store().campaigns(1).await.expect("the database works");
    format!("/province/campaigns/{}", campaigns[0].id)
}

async fn plan(client: &Client, opens_on: &str, last_day: &str) -> Page {
    let form = client.get("/province/campaigns/new").await.form("/province/campaigns");
    let form = form.set("title_vi", &["Kỳ năm 2027"]).set("title_en", &["Round of 2027"]);
    client.submit(&form.set("opens_on", &[opens_on]).set("last_day", &[last_day])).await
}

async fn take(client: &Client, campaign: &str, step: &str, last_day: Option<&str>) -> Page {
    let form = client.get(campaign).await.form(&format!("{campaign}/{step}"));
    let form = match last_day {
        Some(day) => form.set("new_last_day", &[day]),
        None => form,
    };
    client.submit(&form).await
}

/// The words that stand in the table of the history, one text per row.
async fn history(client: &Client, campaign: &str) -> Vec<String> {
    let page = client.get(campaign).await;
    let html = page.html();
    assert_eq!(html.problems(), [""; 0], "{}", page.text);
    let cells: Vec<String> = html.named("td").map(|cell| cell.text.trim().to_owned()).collect();
    cells.chunks(2).map(|pair| pair[0].clone()).collect()
}

#[tokio::test]
async fn a_campaign_is_planned_opened_extended_closed_reopened_and_archived_and_its_history_says_so() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let officer = officer(&server).await;
        let first = first_campaign(&server).await;
        assert_eq!(take(&officer, &first, "close", None).await.status, 303);

        let planned = plan(&officer, &day(0), &day(10)).await;
        let campaign = planned.location.expect("the campaign");
        let enterprise = server.client();
        assert_eq!(answers::send_registration(&enterprise, &answers::registration(1)).await.status, 303);
        assert_eq!(enterprise.get("/assessments").await.status, 409, "a draft takes no answers");

        assert_eq!(take(&officer, &campaign, "open", None).await.status, 303);
        assert!(enterprise.get("/assessments").await.html().main_text().contains("Kỳ năm 2027"));
        assert_eq!(take(&officer, &campaign, "extend", Some(&day(20))).await.status, 303);
        let last_day = day(20).split('-').rev().collect::<Vec<_>>().join("/");
        assert!(enterprise.get("/assessments").await.html().main_text().contains(&last_day));
        assert_eq!(take(&officer, &campaign, "close", None).await.status, 303);
        assert_eq!(enterprise.get("/assessments").await.status, 409);
        assert_eq!(take(&officer, &campaign, "reopen", Some(&day(5))).await.status, 303);
        assert_eq!(enterprise.get("/assessments").await.status, 200);
        assert_eq!(take(&officer, &campaign, "close", None).await.status, 303);
        assert_eq!(take(&officer, &campaign, "archive", None).await.status, 303);

        let reopened = day(5).split('-').rev().collect::<Vec<_>>().join("/");
        let expected = [
            VI.t("campaign-step-planned").into_owned(),
            VI.t("campaign-step-opened").into_owned(),
            VI.with("campaign-step-extended", [("day", &last_day)]),
            VI.t("campaign-step-closed").into_owned(),
            VI.with("campaign-step-reopened", [("day", &reopened)]),
            VI.t("campaign-step-closed").into_owned(),
            VI.t("campaign-step-archived").into_owned(),
        ];
        assert_eq!(history(&officer, &campaign).await, expected);
        let late = officer.post(&format!("{campaign}/reopen"), &[("new_last_day", &day(9))]).await;
        assert_eq!(late.status, 409, "archived is archived");
        assert_eq!(late.html().problems(), [""; 0]);
        assert_eq!(history(&officer, &campaign).await.len(), expected.len());
        assert_eq!(officer.post(&format!("{campaign}/explode"), &[]).await.status, 404);
    })
    .await;
}

#[tokio::test]
async fn two_campaigns_are_never_open_at_once() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let officer = officer(&server).await;
        let campaign = plan(&officer, &day(3), &day(10)).await.location.expect("the campaign");
        let refused = take(&officer, &campaign, "open", None).await;
        assert_eq!(refused.status, 409);
        assert!(messages(&refused).iter().any(|line| line.contains("Phiếu tự đánh giá năm")), "{}", refused.text);
        assert_eq!(history(&officer, &campaign).await, [&*VI.t("campaign-step-planned")], "nothing happened");
        take(&officer, &first_campaign_of(&officer, &campaign).await, "close", None).await;
        assert_eq!(take(&officer, &campaign, "open", None).await.status, 303);
        let page = officer.get(&campaign).await.html().main_text();
        assert!(page.contains(&*VI.t("phase-scheduled")), "{page}");
    })
    .await;
}

/// The other campaign in the list.
async fn first_campaign_of(client: &Client, except: &str) -> String {
    let page = client.get("/province/campaigns").await.html();
    let links = page.named("a").filter_map(|link| link.attribute("href").map(ToOwned::to_owned));
    let mut links = links.filter(|href| href.starts_with("/province/campaigns/") && !href.ends_with("/new"));
    links.find(|href| href != except).expect("another campaign")
}

#[tokio::test]
async fn a_form_with_mistakes_keeps_what_was_typed_and_changes_nothing() {
    let server = TestServer::sqlite().await;
    let officer = officer(&server).await;
    let refused = plan(&officer, &day(10), &day(9)).await;
    assert_eq!(refused.status, 422);
    assert_eq!(refused.html().problems(), [""; 0]);
    assert_eq!(messages(&refused), [&*VI.t("campaign-closes-before")]);
    let form = refused.form("/province/campaigns");
    assert_eq!(form.values("title_vi"), ["Kỳ năm 2027"]);
    assert_eq!(form.values("opens_on"), [day(10)]);
    let refused =
        officer.submit(&form.set("title_en", &["x"]).set("last_day", &["mai"]).set("questionnaire", &[""])).await;
    assert_eq!(messages(&refused).len(), 3, "{:?}", messages(&refused));
    assert_eq!(server.database.number("SELECT count(*) FROM campaign").await, 1);

    let campaign = plan(&officer, &day(0), &day(9)).await.location.expect("the campaign");
    let form = officer.get(&campaign).await.form(&campaign);
    assert_eq!(form.values("last_day"), [day(9)]);
    assert_eq!(officer.submit(&form.clone().set("title_vi", &["Kỳ khác"])).await.status, 303);
    let stale = officer.submit(&form.set("title_vi", &["Kỳ khác nữa"])).await;
    assert_eq!(stale.status, 409, "somebody else has changed it");
    let again = stale.form(&campaign);
    assert_eq!(again.values("title_vi"), ["Kỳ khác nữa"], "what was typed stays");
    assert_eq!(officer.submit(&again).await.status, 303);
    assert!(officer.get(&campaign).await.html().main_text().contains("Kỳ khác nữa"));
    let shorter = first_campaign_of(&officer, &campaign).await;
    let refused = take(&officer, &shorter, "extend", Some(&day(1))).await;
    assert_eq!((refused.status.as_u16(), messages(&refused)), (422, vec![VI.t("campaign-not-later").into_owned()]));
    assert_eq!(refused.form(&format!("{shorter}/extend")).values("new_last_day"), [day(1)]);
}

#[tokio::test]
async fn closing_locks_drafts_and_loses_none_and_reopening_lets_them_go_on() {
    each_database(|database| async {
        let server = TestServer::start(database, &[]).await;
        let officer = officer(&server).await;
        let campaign = first_campaign(&server).await;
        let enterprise = server.client();
        let assessment = answers::register(&enterprise, 1).await;
        answers::answer_section(&enterprise, &assessment, "profile", &case_a()).await;
        let page = format!("{assessment}/sections/P1/plan");
        let form = enterprise.get(&page).await.form(&page).set("Q101", &["3"]).set("Q102", &["3"]).set("Q103", &["3"]);
        let stored = server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await;
        assert_eq!(take(&officer, &campaign, "close", None).await.status, 303);

        assert_error(&enterprise.submit(&form).await, 409, VI, "error-campaign-closed-title");
        assert_eq!(server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await, stored);
        let home = enterprise.follow(enterprise.get("/assessments").await).await;
        assert_eq!(home.status, 200);
        let text = home.html().main_text();
        assert!(text.contains(&*VI.t("tasks-closed-title")) && text.contains(&*VI.t("tasks-closed-text")), "{text}");
        assert!(!text.contains(&*VI.t("tasks-send")), "{text}");
        assert_eq!(home.html().problems(), [""; 0]);

        assert_eq!(take(&officer, &campaign, "reopen", Some(&day(5))).await.status, 303);
        assert_eq!(enterprise.submit(&form).await.status, 303);
        assert!(!enterprise.get(&assessment).await.text.contains(&*VI.t("tasks-closed-title")));
    })
    .await;
}

#[tokio::test]
async fn an_analyst_reads_campaigns_and_is_offered_no_step() {
    let server = TestServer::sqlite().await;
    server.add_account(Role::Analyst, "phan-tich@example.vn").await;
    let analyst = server.client();
    analyst.sign_in("phan-tich@example.vn").await;
    analyst.speak("en").await;
    let page = analyst.get(&first_campaign(&server).await).await;
    assert_eq!(page.html().problems(), [""; 0]);
    let text = page.html().main_text();
    assert!(text.contains(&*EN.t("phase-open")) && !text.contains(&*EN.t("campaign-steps")), "{text}");
    assert!(!analyst.get("/province/campaigns").await.text.contains("/province/campaigns/new"));
}
