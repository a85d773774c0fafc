//! The demonstration: everything can be looked at in it, and everybody signs in.

use model::{
    membership::Membership,
    release::{FrameKind, Parameters, TableKind},
};
use tests::TestServer;

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
    let release: model::release::Release = serde_json::from_str(&release).expect("a release");
    assert_eq!(release.frame.kind, FrameKind::Register);
    assert!(release.frame.enterprises > 10_000, "{}", release.frame.enterprises);
    assert_eq!(server.app.store().check().await.expect("a check"), [""; 0]);
}
