//! The demonstration: everything can be looked at in it, and everybody signs in.

use app::pages::indicators::words;
use model::{
    membership::Membership,
    release::{FrameKind, Parameters, Release, TableKind},
};
use tests::{Client, TestServer};

#[tokio::test(flavor = "multi_thread")]
async fn the_demonstration_shows_every_state_and_everybody_signs_in() {
    let server = TestServer::sqlite().await;
    // Without the effort for smaller patterns and without fine tables, which take long in a build without optimisation.
    let tables = vec![TableKind::Province, TableKind::District, TableKind::Group, TableKind::Size];
    let parameters = Parameters { effort: 0, tables, ..Parameters::default() };
    let demo = server::demo::fill(&server.app).await.expect("the demonstration is filled");
    demo.release(&server.app, &parameters).await.expect("the demonstration is released");
    let said = demo.sign_ins;
    let password = said.lines().next().and_then(|line| line.split(": ").nth(1)).expect("the password");
    let emails: Vec<&str> = said.lines().skip(1).filter_map(|line| line.split_whitespace().last()).collect();
    assert!(emails.len() >= 9 && emails.contains(&"hiep-hoi@example.vn"), "{said}");
    for email in &emails {
        let client = server.client();
        assert_eq!(client.try_sign_in(email, password).await.status, 303, "{email}");
        let home = client.follow(client.get("/home").await).await;
        assert_eq!((home.status.as_u16(), home.html().problems()), (200, Vec::<String>::new()), "{email}");
    }
    let database = &server.database;
    for state in Membership::ALL {
        let many =
            database.number(&format!("SELECT count(*) FROM membership WHERE state = '{}'", state.as_str())).await;
        assert!(many > 1, "{many} memberships are {state:?}");
    }
    // Each state at the largest association, and each association with a board.
    let client = server.client();
    client.try_sign_in("hiep-hoi@example.vn", password).await;
    let board = client.get("/association").await.html();
    let counts: Vec<String> = board.with_class("c-counts__no").map(|count| count.text.trim().to_owned()).collect();
    assert_eq!(counts.len(), 7);
    assert!(counts.iter().all(|count| count != "0"), "{counts:?}");
    let asked = client.get("/association?state=in_review").await;
    assert!(asked.text.contains("c-board__name"));
    let questions = database.number("SELECT count(*) FROM question WHERE closed_at IS NULL").await;
    assert!(questions > 1, "{questions} questions are open");
    assert!(database.number("SELECT count(*) FROM submission WHERE number = 2").await > 1, "some were corrected");
    assert!(database.number("SELECT count(*) FROM register_rejection").await > 1);
    let release = server.app.store().release(1).await.expect("the database works").expect("a release");
    let release: Release = serde_json::from_str(&release).expect("a release");
    assert_eq!(release.frame.kind, FrameKind::Register);
    assert!(release.frame.enterprises > 10_000, "{}", release.frame.enterprises);
    assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
    sizes_come_from_the_smallest(&server.client(), &release).await;
}

/// On pages and in files, whatever order the document has.
async fn sizes_come_from_the_smallest(visitor: &Client, release: &Release) {
    const SIZES: [&str; 5] = ["micro", "small", "medium", "large", "unknown"];
    let sealed: Vec<&str> = release.domains_of(TableKind::Size).map(|(_, domain)| domain.code.as_str()).collect();
    assert_eq!(
        sealed,
        ["large", "medium", "micro", "small", "unknown"],
        "the document keeps the order that it was sealed in"
    );
    let page = visitor.get("/indicators/1/maturity").await.html();
    let rows = page.elements().filter_map(|one| one.attribute("id")).filter(|id| SIZES.contains(id));
    assert_eq!(rows.collect::<Vec<_>>(), SIZES);
    let dashboard = visitor.get("/indicators/1").await.html().main_text();
    let (_, by_size) = dashboard.split_once(&*crate::VI.t("levels-size-title")).expect("a chart by size");
    let places = SIZES.map(|size| by_size.find(&words::size(crate::VI, size)).expect("a size in the chart"));
    assert!(places.is_sorted(), "{places:?}");
    for (file, code, of) in
        [("figures.csv", 6, "maturity"), ("figures.sdmx.csv", 7, "maturity"), ("codelists.csv", 1, "DOMAIN")]
    {
        let csv = visitor.get(&format!("/data/releases/1/{file}")).await.text;
        let lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>()).filter(|line| line.contains(&of));
        let sizes = lines.filter_map(|line| SIZES.into_iter().find(|size| line.get(code) == Some(size)));
        assert_eq!(sizes.collect::<Vec<_>>(), SIZES, "{file}");
    }
}
