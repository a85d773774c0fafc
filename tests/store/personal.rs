//! A person's data: the copy, and the erasure after which nothing of the person is left in any column.

use model::{membership::Decision, score::score};
use server::{
    clock,
    mail::compose,
    store::{
        Account, Action, Association, AttemptKey, Decided, Erasing, Erasure, Event, Kind, MailState, Message, NewLink,
        NewMember, Outcome, Registration, application::NewApplication, association::By, membership::Deciding,
    },
};
use tests::{
    Database,
    answers::{case_a, questionnaire},
    each_database,
};
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, account, registration, save_all, submitting};

const NAME: &str = "Phùng Thị Xuyến Chi";
const EMAIL: &str = "xuyen-chi@rieng.example";
const PHONE: &str = "+84987650123";
/// A household business has its owner's personal number for a tax code.
const NUMBER: &str = "024190001234";

fn by(account: Option<Uuid>) -> By {
    By { account, event: clock::id(), at: NOW }
}

fn erasing(account: Uuid) -> Erasing {
    let tr = app::i18n::Tr::new(model::text::Lang::Vi);
    let confirmation = message(Kind::Erased, compose::erased(tr, "10:00, 24/11/2026"));
    Erasing { account, attempts: vec![[7; 32]], confirmation: Some(confirmation) }
}

fn message(kind: Kind, letter: server::mail::letter::Letter) -> Message {
    Message {
        id: clock::id(),
        to: EMAIL.into(),
        lang: model::text::Lang::Vi,
        kind,
        letter,
        about: "account",
        about_id: None,
        sender: None,
        stop: None,
        at: NOW,
    }
}

/// Somebody of a household business, with a trace in everything that knows people.
async fn person(world: &World, n: usize) -> (Registration, Uuid) {
    let known = Account {
        full_name: NAME.into(),
        email: Some(EMAIL.into()),
        phone: Some(PHONE.into()),
        ..registration(n).account
    };
    let who = Registration {
        tax_code: NUMBER.into(),
        name: format!("Hộ kinh doanh {NAME}"),
        account: known,
        ..registration(n)
    };
    let store = &world.store;
    store.register(&who, &mut clock::id, NOW).await.expect("the database works").expect("nothing is taken");
    let account = who.account.id;
    store.start_session([1; 32], account, None, clock::id(), NOW).await.expect("the database works");
    store.wrong_password(&[AttemptKey { hash: [7; 32], free: 4 }], NOW).await.expect("the database works");
    let letter = compose::invitation(app::i18n::Tr::new(model::text::Lang::Vi), NAME, "/invitation/x", "24/11/2026");
    store
        .send_message(&message(Kind::AccountInvitation, letter), account, clock::id())
        .await
        .expect("the database works");
    let assessment = world.begin(&who).await;
    store.save(save_all(&who, assessment)).await.expect("the database works");
    let (answers, score) = (case_a(), score(questionnaire(), &case_a()));
    store.submit(&submitting(&who, assessment, 1, &answers, &score)).await.expect("the database works");
    let link = NewLink { id: clock::id(), token_hash: [9; 32], label: "Ngân hàng", expires_at: NOW + Duration::DAY };
    assert!(
        store
            .add_link(&link, (assessment, who.enterprise), account, clock::id(), NOW)
            .await
            .expect("the database works")
    );
    let decided = Decided {
        questionnaire_id: "bn5".into(),
        item_id: "Q506".into(),
        level_then: 1,
        state: "accepted".into(),
        reason: None,
        person: Some(NAME.into()),
        due_on: Some("2027-01-31".into()),
        decided_at: NOW,
    };
    store.decide(&decided, who.enterprise, account, [clock::id(), clock::id()]).await.expect("the database works");
    join(world, &who).await;
    apply(world).await;
    let refused = Event {
        id: clock::id(),
        at: NOW,
        account: None,
        action: Action::SignInRefused,
        subject: "account",
        subject_id: Some(account),
        detail: serde_json::json!({}),
    };
    store.log(&refused).await.expect("the database works");
    (who, assessment)
}

/// An association lists the enterprise under the person's address, and the person agrees.
async fn join(world: &World, who: &Registration) {
    let store = &world.store;
    let association = Association { id: clock::id(), name: "Hội".into(), four_eyes: false };
    assert!(store.add_association(&association, by(None)).await.expect("the database works"));
    let staff = account(model::role::Role::Association, "hoi@example.vn");
    store.add_association_account(&staff, association.id, by(None)).await.expect("the database works").expect("free");
    let new = NewMember {
        id: clock::id(),
        tax_code: NUMBER.into(),
        name: format!("Hộ {NAME}"),
        email: Some(EMAIL.into()),
        phone: Some(PHONE.into()),
    };
    store
        .invite(association.id, std::slice::from_ref(&new), staff.id, by(Some(staff.id)))
        .await
        .expect("the database works");
    let deciding = Deciding {
        membership: new.id,
        enterprise: who.enterprise,
        decision: Decision::Agree,
        text_version: "2026-11",
        consent: clock::id(),
    };
    store.decide_membership(deciding, who.account.id, by(Some(who.account.id))).await.expect("the database works");
}

/// The person asks for an account of an association, too.
async fn apply(world: &World) {
    let application = NewApplication {
        id: clock::id(),
        name: "Hội Hộ kinh doanh".into(),
        full_name: NAME.into(),
        email: EMAIL.into(),
        phone: Some(PHONE.into()),
        note: format!("Người liên hệ: {NAME}"),
        lang: model::text::Lang::Vi,
    };
    assert!(world.store.apply(&application, by(None)).await.expect("the database works"));
}

/// Every column that holds text, documents included, as `table.column`.
async fn text_columns(database: &Database) -> Vec<(String, String)> {
    let sql = if database.kind == "sqlite" {
        "SELECT t.name || ' ' || c.name FROM sqlite_master t, pragma_table_info(t.name) c
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite%' AND c.type = 'TEXT'"
    } else {
        "SELECT table_name || ' ' || column_name FROM information_schema.columns
         WHERE table_schema = 'public' AND data_type IN ('text', 'jsonb', 'character varying', 'json')"
    };
    let mut columns = database.texts(sql).await;
    columns.sort();
    columns.iter().filter_map(|column| column.split_once(' ')).map(|(t, c)| (t.to_owned(), c.to_owned())).collect()
}

/// Where a text stands, in capitals or not.
pub(crate) async fn places_of(database: &Database, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (table, column) in text_columns(database).await {
        let sql = format!("SELECT count(*) FROM {table} WHERE lower(CAST({column} AS TEXT)) LIKE lower('%{text}%')");
        if database.number(&sql).await > 0 {
            found.push(format!("{table}.{column}"));
        }
    }
    // The catalogue names its columns in any order.
    found.sort();
    found
}

#[tokio::test]
async fn an_optional_consent_is_withdrawn_and_given_again_and_says_so_at_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let account = who.account.id;
        let agrees = async |account| world.store.agrees(account, "contact").await.unwrap();
        let withdraw = async || world.store.withdraw_consent(account, "contact", by(Some(account))).await.unwrap();
        let give = async || {
            let text = ("contact", "2026-11");
            world.store.give_consent(account, text, clock::id(), by(Some(account))).await.unwrap()
        };
        assert!(agrees(account).await && !give().await, "it was given at the registration");
        assert!(withdraw().await && !withdraw().await, "once");
        assert!(!agrees(account).await && agrees(other.account.id).await, "nobody else's");
        assert!(world.store.agrees(account, "service").await.unwrap(), "nothing else");
        let rows = world.rows("consent").await;
        assert!(give().await && !give().await);
        assert!(agrees(account).await);
        assert_eq!(world.rows("consent").await, rows + 1, "the withdrawn one stays as a proof");
        let events = world.store.events("account", account).await.unwrap();
        assert_eq!(events, ["consent_withdrawn", "consent_given"]);
        assert!(!world.store.give_consent(clock::id(), ("contact", "2026-11"), clock::id(), by(None)).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn nothing_of_the_person_is_left_in_any_column_and_what_must_stay_stays() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, assessment) = person(&world, 1).await;
        let store = &world.store;
        for (text, at_least) in [(NAME, 4), (EMAIL, 3), (PHONE, 2), (NUMBER, 2)] {
            let before = places_of(&world.database, text).await;
            assert!(before.len() >= at_least, "{text} stands in {before:?} only: the walk would prove nothing");
        }
        while store.seal_audit().await.unwrap() {}
        let done = store.erase(&erasing(who.account.id), by(Some(who.account.id))).await.unwrap();
        let Erasure::Done(messages) = done else { panic!("{done:?}") };
        assert_eq!(messages.len(), 1, "the letter to the person");
        assert_eq!(places_of(&world.database, EMAIL).await, ["outbox.recipient"], "the last letter waits");
        let claim = store.claim_message(NOW).await.unwrap().expect("the last letter");
        assert_eq!((claim.recipient.as_str(), claim.kind.as_str()), (EMAIL, "account_erased"));
        let later = Outcome::Later(format!("{EMAIL} is busy"), NOW + Duration::HOUR);
        store.settle_message(&claim, &later, NOW).await.unwrap();
        let claim = store.claim_message(NOW + Duration::HOUR).await.unwrap().expect("again");
        let refused = Outcome::Failed(format!("no mailbox {EMAIL}"));
        store.settle_message(&claim, &refused, NOW + Duration::HOUR).await.unwrap();
        let letter = store.message(claim.id).await.unwrap().expect("the row");
        assert_eq!(letter.state(), MailState::Failed);
        assert!(!store.resend_message(claim.id, who.account.id, clock::id(), NOW).await.unwrap(), "to nobody");
        let folded = model::text::search_key(NAME);
        for text in [NAME, EMAIL, PHONE, NUMBER, &folded, "Xuyến", "xuyen"] {
            assert_eq!(places_of(&world.database, text).await, [""; 0], "{text}");
        }
        assert_eq!((world.rows("session").await, world.rows("attempt").await), (0, 0));

        let submission = store.submission(assessment, who.enterprise).await.unwrap().expect("it stays");
        assert_eq!(submission.answers(), &case_a());
        assert!(store.shared([9; 32], NOW).await.unwrap().is_none(), "nobody could take the link back");
        assert_eq!(world.database.texts("SELECT state FROM membership").await, ["withdrawn"]);
        assert_eq!(world.database.number("SELECT count(*) FROM consent WHERE withdrawn_at IS NULL").await, 0);
        let logged = store.events("account", who.account.id).await.unwrap();
        assert!(logged.contains(&"signed_in".into()) && logged.contains(&"account_erased".into()), "{logged:?}");
        while store.seal_audit().await.unwrap() {}
        assert_eq!(store.check().await.unwrap(), [""; 0], "the chain holds, and every promise");
        assert!(store.credentials(EMAIL).await.unwrap().is_none());
        assert!(store.credentials_of(who.account.id).await.unwrap().is_none());
        let again = store.erase(&erasing(who.account.id), by(Some(who.account.id))).await.unwrap();
        assert_eq!(again, Erasure::Missing);
        let name = store
            .register(
                &Registration {
                    enterprise: clock::id(),
                    account: Account { id: clock::id(), ..who.account.clone() },
                    ..who
                },
                &mut clock::id,
                NOW,
            )
            .await;
        name.unwrap().expect("the person may come again: number and addresses are free");
    })
    .await;
}

#[tokio::test]
async fn of_two_colleagues_one_goes_and_the_enterprise_stays_as_it_was() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, _) = person(&world, 1).await;
        let other = world.enterprise(2).await;
        let moved = "UPDATE account SET seat = 1, role = 'colleague', enterprise_id = (SELECT id FROM enterprise WHERE tax_code = '024190001234')
            WHERE email = 'dn2@example.vn'";
        world.database.execute(moved).await;
        assert!(!world.store.is_last_of_enterprise(who.account.id).await.unwrap());
        let done = world.store.erase(&erasing(who.account.id), by(Some(who.account.id))).await.unwrap();
        assert!(matches!(done, Erasure::Done(_)));
        assert_eq!(world.database.texts("SELECT state FROM membership").await, ["agreed"], "a colleague may withdraw");
        assert!(world.store.shared([9; 32], NOW).await.unwrap().is_some());
        assert_eq!(places_of(&world.database, NUMBER).await, ["enterprise.tax_code", "membership.tax_code"]);
        assert!(places_of(&world.database, "Nguyễn Thị Ánh").await.contains(&"account.full_name".to_owned()));
        assert!(world.store.is_last_of_enterprise(other.account.id).await.unwrap());
        let role = world.database.texts("SELECT role FROM account WHERE email = 'dn2@example.vn'").await;
        assert_eq!(role, ["enterprise"], "who stays decides from now on");
    })
    .await;
}

#[tokio::test]
async fn the_last_administrator_stays_even_when_two_go_at_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let two = ["a@example.vn", "b@example.vn"].map(|email| account(model::role::Role::Administrator, email));
        for one in &two {
            world.store.add_account(one, clock::id(), NOW).await.unwrap().expect("free");
        }
        let go = |account: Uuid| {
            let store = world.store.clone();
            async move { store.erase(&Erasing { confirmation: None, ..erasing(account) }, by(Some(account))).await.unwrap() }
        };
        let ends = tokio::join!(go(two[0].id), go(two[1].id));
        let stayed = [&ends.0, &ends.1].into_iter().filter(|end| **end == Erasure::LastAdministrator).count();
        assert_eq!(stayed, 1, "{ends:?}");
        assert_eq!(world.store.office_accounts(None, 9).await.unwrap().len(), 1, "who is gone is not listed");
    })
    .await;
}

#[tokio::test]
async fn the_copy_has_everything_about_the_person_and_nothing_of_others() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, _) = person(&world, 1).await;
        let other = world.enterprise(2).await;
        let copy = world.store.personal(who.account.id).await.unwrap().expect("a copy");
        assert_eq!((copy.profile.full_name.as_str(), copy.profile.email.as_deref()), (NAME, Some(EMAIL)));
        assert_eq!((copy.sessions.len(), copy.consents.len(), copy.messages.len()), (1, 3, 1));
        let actions: Vec<&str> = copy.logged.iter().map(|row| row.action.as_str()).collect();
        for action in ["enterprise_registered", "signed_in", "sign_in_refused", "assessment_submitted", "link_created"]
        {
            assert!(actions.contains(&action), "{action} in {actions:?}");
        }
        let others = world.store.personal(other.account.id).await.unwrap().expect("a copy");
        assert_eq!((others.sessions.len(), others.consents.len(), others.messages.len()), (0, 2, 0));
        assert!(world.store.personal(Uuid::nil()).await.unwrap().is_none());
    })
    .await;
}

/// A new column with somebody's name or address must be thought of in `store/personal.rs`.
#[tokio::test]
async fn every_column_that_is_named_after_a_person_is_known_to_the_erasure() {
    const KNOWN: [&str; 18] = [
        "account.email",
        "account.full_name",
        "account.phone",
        "action.person",
        "association.name",
        "association_application.email",
        "association_application.full_name",
        "association_application.name",
        "association_application.phone",
        "enterprise.name",
        "evidence.name",
        "membership.email",
        "membership.name",
        "membership.phone",
        "outbox.recipient",
        "register_entry.email",
        "register_entry.name",
        "register_entry.phone",
    ];
    each_database(|database| async {
        let world = World::on(database).await;
        let words = ["email", "phone", "full_name", "person", "recipient", "contact", "address"];
        let is_personal = |column: &str| column == "name" || words.iter().any(|word| column.contains(word));
        let mut found: Vec<String> = text_columns(&world.database)
            .await
            .into_iter()
            .filter(|(table, column)| is_personal(column) && !table.starts_with('_'))
            .map(|(table, column)| format!("{table}.{column}"))
            .collect();
        found.sort();
        found.retain(|column| !KNOWN.contains(&column.as_str()));
        // Names of the register's rows, addresses of enterprises and of the province; the end of the audit chain has a
        // name, too.
        let of_enterprises = [
            "audit_head.name",
            "province_setting.email",
            "province_setting.phone",
            "register_entry.address",
            "register_rejection.name",
        ];
        found.retain(|column| !of_enterprises.contains(&column.as_str()));
        assert_eq!(found, [""; 0], "who erases these?");
    })
    .await;
}
