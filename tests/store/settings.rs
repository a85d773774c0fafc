use model::{role::Role, text::Lang};
use server::{
    clock,
    mail::letter::Letter,
    store::{
        Association, By, Invitation, Kind, Message, Settings,
        application::{NewApplication, NotAccepted},
        association,
    },
};
use tests::each_database;
use time::Duration;

use crate::{NOW, World, account};

fn by(world_account: uuid::Uuid) -> By {
    By { account: world_account, event: clock::id(), at: NOW }
}

fn message(to: &str) -> Message {
    Message {
        id: clock::id(),
        to: to.into(),
        lang: Lang::Vi,
        kind: Kind::Application,
        letter: Letter::new("t").paragraph("p"),
        about: "application",
        about_id: None,
        sender: None,
        stop: None,
        at: NOW,
    }
}

#[tokio::test]
async fn settings_are_kept_as_one_and_a_change_of_nothing_is_none() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await.account.id;
        assert_eq!(world.store.settings().await.unwrap(), None);
        let mut settings = Settings { owner: "Sở".into(), email: Some("a@b.vn".into()), ..Settings::default() };
        assert!(world.store.change_settings(&settings, &by(who)).await.unwrap());
        assert!(!world.store.change_settings(&settings, &by(who)).await.unwrap());
        settings = Settings { email: None, lang: Lang::En, reminder_days: 9, four_eyes: true, ..settings };
        assert!(world.store.change_settings(&settings, &by(who)).await.unwrap());
        assert_eq!(world.store.settings().await.unwrap(), Some(settings));
        assert_eq!(world.rows("province_setting").await, 1);
        assert_eq!(world.database.number("SELECT count(*) FROM audit WHERE action = 'settings_changed'").await, 2);
    })
    .await;
}

#[tokio::test]
async fn an_application_is_decided_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let officer = world.enterprise(1).await.account.id;
        let by = || association::By { account: Some(officer), event: clock::id(), at: NOW };
        let mut ids = Vec::new();
        for n in 0..2 {
            let new = NewApplication {
                id: clock::id(),
                name: format!("Hội {n}"),
                full_name: "Lê Hòa".into(),
                email: format!("hoa{n}@example.vn"),
                phone: None,
                note: String::new(),
                lang: Lang::Vi,
            };
            ids.push(new.id);
            assert!(world.store.apply(&new, by()).await.unwrap());
            assert!(world.store.apply(&NewApplication { id: clock::id(), ..new }, by()).await.unwrap());
        }
        assert_eq!(world.store.waiting_applications().await.unwrap(), 2, "the second time changes nothing");
        let accept = async |id, name: &str, email: &str| {
            let new = Association { id: clock::id(), name: name.into(), four_eyes: false };
            let account = account(Role::Association, email);
            let invitation =
                Invitation { token_hash: [7; 32], expires_at: NOW + Duration::days(7), message: Some(message(email)) };
            world.store.accept_application(id, &new, &account, &invitation, by()).await.expect("the database works")
        };
        assert_eq!(accept(ids[0], "Hội 0", "dn1@example.vn").await, Err(NotAccepted::Email));
        assert_eq!((world.rows("association").await, world.rows("outbox").await), (0, 0), "all or nothing");
        assert_eq!(accept(ids[0], "Hội 0", "hoa0@example.vn").await, Ok(()));
        assert_eq!(accept(ids[1], "Hội 0", "hoa1@example.vn").await, Err(NotAccepted::Name));
        assert_eq!(accept(ids[0], "Hội khác", "hoa9@example.vn").await, Err(NotAccepted::Decided));
        assert!(world.store.decline_application(ids[1], "vì", &message("x@y.vn"), by()).await.unwrap());
        assert!(!world.store.decline_application(ids[1], "vì", &message("x@y.vn"), by()).await.unwrap());
        assert!(!world.store.decline_application(ids[0], "vì", &message("x@y.vn"), by()).await.unwrap());
        let all = world.store.applications(9).await.unwrap();
        assert_eq!(all.iter().map(|one| one.state.as_str()).collect::<Vec<_>>(), ["declined", "accepted"]);
        let one = world.store.application(ids[1]).await.unwrap().unwrap();
        assert_eq!((one.reason.as_deref(), one.decided_at), (Some("vì"), Some(NOW)));
        assert_eq!(world.rows("outbox").await, 2);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}
