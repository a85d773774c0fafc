use model::{
    membership::{Decision, Membership},
    role::Role,
};
use server::{
    clock,
    store::{
        Account, Association, NewMember,
        account::Taken,
        association::By,
        board::{Filter, Sort},
        membership::{Decided, Deciding},
    },
};
use tests::{
    answers::{case_a, questionnaire},
    each_database,
};
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, account, registration, save, save_all, submitting};

/// An association with one person.
pub(crate) struct Staff {
    pub association: Uuid,
    pub account: Uuid,
}

pub(crate) fn by(account: Option<Uuid>) -> By {
    By { account, event: clock::id(), at: NOW }
}

pub(crate) async fn staff(world: &World, name: &str) -> Staff {
    let new = Association { id: clock::id(), name: name.into(), four_eyes: false };
    assert!(world.store.add_association(&new, by(None)).await.expect("the database works"));
    let person = account(Role::Association, &format!("{}@example.vn", new.id.simple()));
    world
        .store
        .add_association_account(&person, new.id, by(None))
        .await
        .expect("the database works")
        .expect("nothing is taken");
    Staff { association: new.id, account: person.id }
}

pub(crate) async fn invite(world: &World, staff: &Staff, numbers: &[usize]) -> Vec<Uuid> {
    let member = |n: &usize| NewMember {
        id: clock::id(),
        tax_code: registration(*n).tax_code,
        name: format!("Hội viên {n}"),
        email: Some(format!("hv{n}@example.vn")),
        phone: Some(format!("+8491{n:07}")),
    };
    let members: Vec<NewMember> = numbers.iter().map(member).collect();
    let (store, by) = (&world.store, by(Some(staff.account)));
    store.invite(staff.association, &members, staff.account, by).await.expect("the database works")
}

pub(crate) async fn decide(
    world: &World,
    membership: Uuid,
    who: &server::store::Registration,
    decision: Decision,
) -> Decided {
    let new =
        Deciding { membership, enterprise: who.enterprise, decision, text_version: "2026-11", consent: clock::id() };
    world.store.decide_membership(new, who.account.id, by(Some(who.account.id))).await.expect("the database works")
}

#[tokio::test]
async fn an_association_has_a_name_of_its_own_people_and_settings() {
    each_database(|database| async {
        let world = World::on(database).await;
        let one = staff(&world, "Hội Một").await;
        let two = staff(&world, "Hội Hai").await;
        let taken = Association { id: clock::id(), name: "Hội Một".into(), four_eyes: true };
        assert!(!world.store.add_association(&taken, by(None)).await.unwrap());
        let renamed = Association { id: one.association, name: "Hội Một mới".into(), four_eyes: true };
        assert!(world.store.change_association(&renamed, by(Some(two.account))).await.unwrap());
        let clash = Association { id: two.association, ..renamed.clone() };
        assert!(!world.store.change_association(&clash, by(None)).await.unwrap());
        assert_eq!(world.store.association(one.association).await.unwrap(), Some(renamed.clone()));
        assert_eq!(world.store.association_named("Hội Một mới").await.unwrap(), Some(renamed));
        assert_eq!(world.store.association(clock::id()).await.unwrap(), None);
        let listed = world.store.associations().await.unwrap();
        assert_eq!(
            listed.iter().map(|one| (one.name.as_str(), one.accounts)).collect::<Vec<_>>(),
            [("Hội Hai", 1), ("Hội Một mới", 1)]
        );
        let people = world.store.colleagues(one.association).await.unwrap();
        assert_eq!(people.len(), 1);
        let again: Account = account(Role::Association, people[0].email.as_deref().unwrap());
        let again = world.store.add_association_account(&again, two.association, by(None)).await.unwrap();
        assert_eq!(again, Err(Taken::Email));
        let events = world.store.events("association", one.association).await.unwrap();
        assert_eq!(events, ["association_added", "association_changed"]);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn members_are_listed_once_and_taken_off_only_before_they_decide() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let first = invite(&world, &one, &[1, 2, 3]).await;
        assert_eq!(first.len(), 3);
        assert_eq!(invite(&world, &one, &[2, 3, 4]).await.len(), 1, "two are listed already");
        assert_eq!(invite(&world, &two, &[1]).await.len(), 1, "another association lists for itself");
        assert!(!world.store.cancel_invitation(first[0], two.association, by(None)).await.unwrap(), "another's");
        assert!(world.store.cancel_invitation(first[0], one.association, by(None)).await.unwrap());
        let who = world.enterprise(2).await;
        assert_eq!(decide(&world, first[1], &who, Decision::Refuse).await, Decided::Done);
        assert!(!world.store.cancel_invitation(first[1], one.association, by(None)).await.unwrap(), "it has decided");
        let page = world.store.members(one.association, None, None, 2).await.unwrap();
        let rest = world.store.members(one.association, None, Some(page[1].id), 2).await.unwrap();
        let names: Vec<&str> = page.iter().chain(&rest).map(|member| member.name.as_str()).collect();
        assert_eq!(
            names,
            ["Hội viên 4", "Hội viên 3", "Hội viên 2"],
            "the latest first; before agreeing the listed name"
        );
        let refused = world.store.members(one.association, Some(Membership::Refused), None, 9).await.unwrap();
        assert_eq!(refused.iter().map(|member| member.id).collect::<Vec<_>>(), [first[1]]);
        let standing = world.store.standing(one.association).await.unwrap();
        assert_eq!((standing.invited, standing.refused, standing.agreed, standing.withdrawn), (2, 1, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn only_the_enterprise_decides_and_every_consent_is_proved() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let (who, other) = (world.enterprise(1).await, world.enterprise(2).await);
        let membership = invite(&world, &staff, &[1]).await[0];
        assert_eq!(decide(&world, membership, &other, Decision::Agree).await, Decided::Missing);
        assert_eq!(decide(&world, clock::id(), &who, Decision::Agree).await, Decided::Missing);
        assert_eq!(decide(&world, membership, &who, Decision::Withdraw).await, Decided::NotNow);
        for _ in 0..2 {
            assert_eq!(decide(&world, membership, &who, Decision::Agree).await, Decided::Done);
        }
        let open = "SELECT count(*) FROM consent WHERE purpose = 'association' AND association_id IS NOT NULL
            AND withdrawn_at IS NULL AND text_version = '2026-11'";
        assert_eq!(world.database.number(open).await, 1, "agreeing twice is one consent");
        let rows = world.store.memberships(who.enterprise).await.unwrap();
        assert_eq!((rows.len(), rows[0].association.as_str(), rows[0].state.as_str()), (1, "Hội Một", "agreed"));
        assert!(world.store.memberships(other.enterprise).await.unwrap().is_empty());
        assert_eq!(decide(&world, membership, &who, Decision::Withdraw).await, Decided::Done);
        assert_eq!(world.database.number(open).await, 0);
        let events = world.store.events("membership", membership).await.unwrap();
        assert_eq!(events, ["membership_decided", "membership_decided"]);
    })
    .await;
}

#[tokio::test]
async fn the_board_shows_agreed_members_only_and_ends_at_once_with_the_consent() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let campaign = world.campaign.id;
        let memberships = invite(&world, &one, &[1, 2, 3, 4]).await;
        invite(&world, &two, &[1, 2]).await;
        let mut all = Vec::new();
        for n in 1..=4 {
            all.push(world.enterprise(n).await);
        }
        for n in 0..3 {
            assert_eq!(decide(&world, memberships[n], &all[n], Decision::Agree).await, Decided::Done);
        }
        // The first has sent, the second is in the middle, the third has not begun, the fourth has not decided.
        let sent = world.begin(&all[0]).await;
        world.store.save(save_all(&all[0], sent)).await.unwrap();
        let answers = case_a();
        let score = model::score::score(questionnaire(), &answers);
        world.store.submit(&submitting(&all[0], sent, 1, &answers, &score)).await.unwrap();
        let begun = world.begin(&all[1]).await;
        world.store.save(save(&all[1], begun, 0, &[("Q101", Some(model::answer::Answer::Whole(1)))])).await.unwrap();
        world.begin(&all[2]).await;
        let states = |rows: Vec<server::store::board::BoardRow>| {
            rows.into_iter().map(|row| (row.tax_code, row.state)).collect::<Vec<_>>()
        };
        let all_of = |sort, filter: Filter| {
            let store = world.store.clone();
            async move { store.board(one.association, campaign, &filter, sort, None, 9).await.unwrap() }
        };
        let expected = [(0, "submitted"), (1, "draft"), (2, "none")];
        let expected: Vec<_> = expected.iter().map(|(n, state)| (all[*n].tax_code.clone(), (*state).into())).collect();
        assert_eq!(states(all_of(Sort::Name, Filter::default()).await), expected);
        let only = Filter { state: "draft".into(), ..Filter::default() };
        assert_eq!(states(all_of(Sort::Name, only).await), expected[1..2]);
        let found = Filter { search: "dien 3".into(), ..Filter::default() };
        assert_eq!(states(all_of(Sort::Name, found).await), expected[2..]);
        let other_industry = Filter { industry: "10".into(), ..Filter::default() };
        assert_eq!(all_of(Sort::Name, other_industry).await.len(), 0);
        let counts = world.store.board_counts(one.association, campaign).await.unwrap();
        assert_eq!(counts.iter().map(|count| count.members).sum::<i64>(), 3);
        assert!(
            world
                .store
                .board(two.association, campaign, &Filter::default(), Sort::Name, None, 9)
                .await
                .unwrap()
                .is_empty()
        );
        let seen = world.store.seen_by_associations(all[0].enterprise, campaign).await.unwrap();
        assert_eq!((seen.state.as_str(), seen.version, seen.level), ("submitted", 1, Some(2)));
        assert_eq!(decide(&world, memberships[0], &all[0], Decision::Withdraw).await, Decided::Done);
        assert_eq!(states(all_of(Sort::Name, Filter::default()).await), expected[1..], "access ends at once");
    })
    .await;
}

#[tokio::test]
async fn every_order_of_the_board_pages_through_every_member_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let memberships = invite(&world, &staff, &(1..=7).collect::<Vec<_>>()).await;
        let score = model::score::score(questionnaire(), &case_a());
        for n in 1..=7 {
            let who = world.enterprise(n).await;
            assert_eq!(decide(&world, memberships[n - 1], &who, Decision::Agree).await, Decided::Done);
            if n % 2 == 0 {
                let id = world.begin(&who).await;
                world.store.save(save_all(&who, id)).await.unwrap();
                let answers = case_a();
                let mut new = submitting(&who, id, 1, &answers, &score);
                new.at = NOW + Duration::hours(i64::try_from(n / 4).unwrap());
                world.store.submit(&new).await.unwrap();
            }
        }
        for sort in [Sort::Name, Sort::Active, Sort::Silent, Sort::High, Sort::Low] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let filter = Filter::default();
                let page =
                    world.store.board(staff.association, world.campaign.id, &filter, sort, after, 2).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(last.id);
                seen.extend(page);
            }
            let mut ids: Vec<Uuid> = seen.iter().map(|row| row.id).collect();
            ids.sort();
            assert_eq!(ids, memberships, "{sort:?}");
            let is_ordered = match sort {
                Sort::Name => seen.is_sorted_by_key(|row| model::text::sort_key(&row.name)),
                Sort::Active => seen.is_sorted_by(|a, b| a.active_at >= b.active_at),
                Sort::Silent => seen.is_sorted_by_key(|row| row.active_at),
                Sort::High => seen.is_sorted_by(|a, b| a.overall >= b.overall),
                Sort::Low => seen.is_sorted_by(|a, b| a.overall <= b.overall),
            };
            assert!(is_ordered, "{sort:?}: {seen:#?}");
        }
    })
    .await;
}
