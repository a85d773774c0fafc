use model::{answer::Answer, role::Role};
use server::{
    clock,
    store::{
        Account, Invitation, JoiningColleague, MOST_COLLEAGUES, MOST_PEOPLE, NotInvited, Saved, account::Taken,
        association::By,
    },
};
use tests::each_database;
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, account, save};

fn link(token: u8) -> Invitation {
    Invitation { token_hash: [token; 32], expires_at: NOW + Duration::days(7), message: None }
}

fn by(account: Uuid) -> By {
    By { account: Some(account), event: clock::id(), at: NOW }
}

fn joining(token: u8) -> JoiningColleague<'static> {
    JoiningColleague {
        token_hash: [token; 32],
        full_name: "Trần Thị Lan",
        password_hash: "her own",
        consent: clock::id(),
        text_version: "2026-11",
    }
}

fn colleague(n: usize) -> Account {
    Account { full_name: "Lan".into(), ..account(Role::Colleague, &format!("lan{n}@example.vn")) }
}

#[tokio::test]
async fn a_colleague_joins_by_a_link_once_and_leaves_at_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let (owner, lan) = (who.account.id, colleague(1));
        let invite = async |account: &Account, token| {
            world.store.invite_colleague(account, who.enterprise, &link(token), by(owner)).await.unwrap()
        };
        assert_eq!(invite(&lan, 1).await, Ok(()));
        assert_eq!(invite(&colleague(1), 2).await, Err(NotInvited::Taken(Taken::Email)));
        let invited = world.store.invited_colleague([1; 32], NOW).await.unwrap().expect("the link works");
        assert_eq!((invited.full_name.as_str(), invited.enterprise), ("Lan", who.name.clone()));
        assert!(world.store.invited_colleague([1; 32], NOW + Duration::days(7)).await.unwrap().is_none(), "too late");
        assert!(!world.store.join_enterprise(&joining(9), clock::id(), NOW).await.unwrap());
        assert!(world.store.join_enterprise(&joining(1), clock::id(), NOW).await.unwrap());
        assert!(!world.store.join_enterprise(&joining(1), clock::id(), NOW).await.unwrap(), "once");

        let people = world.store.people(who.enterprise).await.unwrap();
        let told: Vec<(i64, &str)> = people.iter().map(|person| (person.seat, person.full_name.as_str())).collect();
        assert_eq!(told, [(0, "Nguyễn Thị Ánh"), (1, "Trần Thị Lan")]);
        assert_eq!(world.rows("consent").await, 5, "two of each owner and one of the colleague");
        world.store.start_session([5; 32], lan.id, None, clock::id(), NOW).await.unwrap();
        let visitor = world.store.visitor([5; 32], NOW).await.unwrap().expect("signed in");
        assert_eq!((visitor.role, visitor.enterprise), (Role::Colleague, Some(who.enterprise)));

        let end = async |enterprise, account| world.store.end_access(account, enterprise, by(owner)).await.unwrap();
        assert!(!end(other.enterprise, lan.id).await, "nobody else's owner");
        assert!(!end(who.enterprise, owner).await, "the owner stays");
        assert!(world.store.visitor([5; 32], NOW).await.unwrap().is_some());
        assert!(end(who.enterprise, lan.id).await && end(who.enterprise, lan.id).await);
        assert!(world.store.visitor([5; 32], NOW).await.unwrap().is_none(), "the session ended");
        assert!(world.store.credentials("lan1@example.vn").await.unwrap().is_none());

        let again = async |enterprise, account| {
            world.store.invite_colleague_again(account, enterprise, &link(3), by(owner)).await.unwrap()
        };
        assert_eq!(again(other.enterprise, lan.id).await, Err(NotInvited::Unknown));
        assert_eq!(again(who.enterprise, owner).await, Err(NotInvited::Unknown), "the owner needs none");
        assert_eq!(again(who.enterprise, lan.id).await, Ok(()));
        assert!(world.store.join_enterprise(&joining(3), clock::id(), NOW).await.unwrap());
        assert!(world.store.credentials("lan1@example.vn").await.unwrap().is_some());
        let events = world.store.events("account", lan.id).await.unwrap();
        let colleague: Vec<&str> = events.iter().map(String::as_str).filter(|event| *event != "signed_in").collect();
        let expected = ["colleague_invited", "invitation_accepted", "colleague_ended", "colleague_invited"];
        assert_eq!(
            colleague,
            [&expected[..], &["invitation_accepted"]].concat(),
            "an end that is repeated is no event"
        );
    })
    .await;
}

#[tokio::test]
async fn there_is_a_limit_and_no_seat_is_given_twice() {
    each_database(|database| async {
        let world = World::on(database).await;
        let who = world.enterprise(1).await;
        let invite = async |n: usize| {
            let link = Invitation { token_hash: [u8::try_from(n).unwrap(); 32], ..link(0) };
            let by = by(who.account.id);
            world.store.invite_colleague(&colleague(n), who.enterprise, &link, by).await.unwrap()
        };
        let (a, b) = tokio::join!(invite(1), invite(2));
        assert_eq!((a, b), (Ok(()), Ok(())));
        let mut invited = 2;
        for n in 3..30 {
            match invite(n).await {
                Ok(()) => invited += 1,
                Err(why) => assert_eq!(why, NotInvited::TooMany),
            }
        }
        assert_eq!(invited, MOST_COLLEAGUES);
        let seats: Vec<i64> = world.store.people(who.enterprise).await.unwrap().iter().map(|one| one.seat).collect();
        assert_eq!(seats, (0..=MOST_COLLEAGUES).collect::<Vec<_>>());
    })
    .await;
}

#[tokio::test]
async fn only_colleagues_with_access_count_towards_the_limit() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, most) = (world.enterprise(1).await, usize::try_from(MOST_COLLEAGUES).unwrap());
        let owner = who.account.id;
        let token = |n: usize| Invitation { token_hash: [u8::try_from(n).unwrap(); 32], ..link(0) };
        let invite = async |account: &Account, n| {
            world.store.invite_colleague(account, who.enterprise, &token(n), by(owner)).await.unwrap()
        };
        let again = async |account: &Account, n| {
            world.store.invite_colleague_again(account.id, who.enterprise, &token(n), by(owner)).await.unwrap()
        };
        let end = async |account: &Account| {
            assert!(world.store.end_access(account.id, who.enterprise, by(owner)).await.unwrap());
        };
        let people: Vec<Account> = (0..200).map(colleague).collect();
        for (n, person) in people.iter().enumerate().take(most) {
            assert_eq!(invite(person, n).await, Ok(()));
        }
        assert_eq!(invite(&people[most], most).await, Err(NotInvited::TooMany));
        end(&people[0]).await;
        assert_eq!(invite(&people[most], most).await, Ok(()), "whose access ended does not count");
        assert_eq!(again(&people[0], 201).await, Err(NotInvited::TooMany), "nor comes back beyond the limit");
        assert_eq!(world.rows("account WHERE disabled_at IS NOT NULL").await, 1, "nothing of it is stored");
        assert_eq!(again(&people[1], 202).await, Ok(()), "who has access gets another link");
        for (n, both) in (most + 1..).zip(people[most..].windows(2)) {
            end(&both[0]).await;
            let Err(why) = invite(&both[1], n).await else { continue };
            assert_eq!((why, n), (NotInvited::TooManyEver, usize::try_from(MOST_PEOPLE).unwrap() - 1));
            break;
        }
        let listed = world.store.people(who.enterprise).await.unwrap();
        assert_eq!(listed.len(), usize::try_from(MOST_PEOPLE).unwrap(), "everybody is in the list");
        assert_eq!(again(&people[0], 201).await, Ok(()), "who is in the list may come back");
    })
    .await;
}

#[tokio::test]
async fn sections_are_given_to_people_of_the_enterprise_alone() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        let lan = colleague(1);
        world.store.invite_colleague(&lan, who.enterprise, &link(1), by(who.account.id)).await.unwrap().unwrap();
        let assign = async |enterprise, given: &[(&str, Uuid)]| {
            let given: Vec<(String, Uuid)> = given.iter().map(|(section, who)| ((*section).into(), *who)).collect();
            world.store.assign(id, enterprise, &given, by(who.account.id)).await.unwrap()
        };
        assert!(assign(who.enterprise, &[("P1", lan.id), ("P2", who.account.id)]).await);
        assert!(!assign(other.enterprise, &[("P1", other.account.id)]).await, "another enterprise's assessment");
        assert!(!assign(who.enterprise, &[("P3", lan.id), ("P4", other.account.id)]).await, "a stranger");
        let mut given = world.store.assignments(id, who.enterprise).await.unwrap();
        given.sort();
        assert_eq!(given, [("P1".into(), lan.id), ("P2".into(), who.account.id)], "all or nothing");
        assert!(world.store.assignments(id, other.enterprise).await.unwrap().is_empty());
        world.store.end_access(lan.id, who.enterprise, by(who.account.id)).await.unwrap();
        assert_eq!(world.store.assignments(id, who.enterprise).await.unwrap(), [("P2".into(), who.account.id)]);
    })
    .await;
}

#[tokio::test]
async fn answers_know_who_gave_them_and_two_that_differ_are_agreed_on() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let id = world.begin(&who).await;
        let lan = colleague(1);
        world.store.invite_colleague(&lan, who.enterprise, &link(1), by(who.account.id)).await.unwrap().unwrap();
        let whole = |level| Some(Answer::Whole(level));
        let answer = async |account, base, answers: &[(&str, Option<Answer>)]| {
            let save = server::store::Save { account, key: Some(clock::id()), ..save(&who, id, base, answers) };
            world.store.save(save).await.unwrap()
        };
        let first = answer(who.account.id, 0, &[("Q101", whole(1)), ("Q102", whole(2))]).await;
        assert_eq!(first, Saved::Done { revision: 1 });
        assert_eq!(answer(lan.id, 1, &[("Q101", whole(4)), ("Q103", whole(3))]).await, Saved::Done { revision: 2 });
        let stored = world.store.assessment(id, who.enterprise).await.unwrap().expect("it is there");
        let writers: Vec<(&str, i64, i64)> = stored.writers().collect();
        assert_eq!(writers, [("Q101", 2, 1), ("Q102", 1, 0), ("Q103", 2, 1)]);
        assert_eq!(stored.others(), [("Q101".into(), Answer::Whole(1), [0, 1])]);
        assert_eq!(world.store.save_times(id, who.enterprise).await.unwrap(), [(1, NOW), (2, NOW)]);
        assert!(world.store.save_times(id, other.enterprise).await.unwrap().is_empty());

        let agreed = [("Q101".to_owned(), Answer::Whole(1))];
        let agree = async |enterprise, revision| {
            world.store.agree((id, enterprise), revision, &agreed, who.account.id, by(who.account.id)).await.unwrap()
        };
        assert!(!agree(other.enterprise, 2).await && !agree(who.enterprise, 1).await, "not theirs; not as it is now");
        assert!(agree(who.enterprise, 2).await);
        let stored = world.store.assessment(id, who.enterprise).await.unwrap().expect("it is there");
        assert_eq!((stored.revision, stored.answers().get("Q101").cloned()), (3, whole(1)));
        assert!(stored.others().is_empty());
        assert!(world.store.events("assessment", id).await.unwrap().contains(&"answers_agreed".to_owned()));
    })
    .await;
}
