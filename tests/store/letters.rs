use model::{membership::Decision, text::Lang};
use server::{
    clock,
    mail::letter::Letter,
    store::{Kind, MemberLetter, Message, Occasion, Settings},
};
use tests::{
    answers::{case_a, questionnaire, tax_code},
    each_database,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{
    NOW, World,
    associations::{Staff, by, decide, invite, staff},
    save_all, submitting,
};

/// Between two reminders, as long as the administrator has not changed it.
const PAUSE: Duration = Duration::days(7);

const LINK: [u8; 32] = [7; 32];
const NOBODY: [Uuid; 0] = [];

fn at(when: OffsetDateTime) -> server::store::association::By {
    server::store::association::By { at: when, ..by(None) }
}

/// A letter to a member; `stop` makes the hash of its stop link.
fn letter(staff: &Staff, membership: Uuid, to: &str, stop: u8) -> MemberLetter {
    let message = Message {
        id: clock::id(),
        to: to.into(),
        lang: Lang::Vi,
        kind: Kind::MemberInvitation,
        letter: Letter::new("Mời"),
        about: "membership",
        about_id: Some(membership),
        sender: Some(staff.association),
        stop: Some([stop; 32]),
        at: NOW,
    };
    MemberLetter { membership, message, link: None }
}

/// The members that may be written to, by their keys.
async fn due(world: &World, occasion: Occasion, staff: &Staff, now: OffsetDateTime) -> Vec<Uuid> {
    let where_to = (staff.association, world.campaign.id);
    let found = world.store.addressees(occasion, where_to, None, None, 99, now).await.expect("the database works");
    found.into_iter().map(|one| one.id).collect()
}

async fn send(
    world: &World,
    occasion: Occasion,
    staff: &Staff,
    letters: &[MemberLetter],
    now: OffsetDateTime,
) -> usize {
    let where_to = (staff.association, world.campaign.id);
    world.store.send_letters(occasion, where_to, letters, at(now)).await.expect("the database works")
}

/// The n-th enterprise submits case A.
async fn submit(world: &World, who: &server::store::Registration) -> Uuid {
    let id = world.begin(who).await;
    world.store.save(save_all(who, id)).await.expect("saved");
    let answers = case_a();
    let score = model::score::score(questionnaire(), &answers);
    world.store.submit(&submitting(who, id, 1, &answers, &score)).await.expect("submitted");
    id
}

#[tokio::test]
async fn each_member_is_invited_once_and_those_who_are_done_or_said_no_are_not() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let ids = invite(&world, &one, &[1, 2, 3, 4, 5]).await;
        let other = invite(&world, &two, &[1]).await;
        let (done, agreed, refused) = (world.enterprise(1).await, world.enterprise(2).await, world.enterprise(3).await);
        decide(&world, ids[0], &done, Decision::Agree).await;
        submit(&world, &done).await;
        decide(&world, ids[1], &agreed, Decision::Agree).await;
        decide(&world, ids[2], &refused, Decision::Refuse).await;
        assert_eq!(due(&world, Occasion::Invitation, &one, NOW).await, [ids[1], ids[3], ids[4]]);
        assert_eq!(
            due(&world, Occasion::Invitation, &two, NOW).await,
            other,
            "undecided there: still asked for its word"
        );

        let where_to = (one.association, world.campaign.id);
        let first = world.store.addressees(Occasion::Invitation, where_to, None, None, 2, NOW).await.unwrap();
        let rest =
            world.store.addressees(Occasion::Invitation, where_to, None, Some(first[1].id), 2, NOW).await.unwrap();
        let facts: Vec<_> = first.iter().chain(&rest).map(|one| (one.is_registered, one.is_agreed)).collect();
        assert_eq!(facts, [(true, true), (false, false), (false, false)]);
        assert_eq!(first[0].email.as_deref(), Some("hv2@example.vn"), "what the association wrote comes first");
        let foreign =
            world.store.addressees(Occasion::Invitation, where_to, Some(other[0]), None, 2, NOW).await.unwrap();
        assert!(foreign.is_empty(), "another association's member");

        // To everybody, the done, the refusing and the other association's member too: the rules are in the statement.
        let all: Vec<MemberLetter> = ids
            .iter()
            .chain(&other)
            .enumerate()
            .map(|(n, id)| letter(&one, *id, "a@example.vn", u8::try_from(n).unwrap()))
            .collect();
        assert_eq!(send(&world, Occasion::Invitation, &one, &all, NOW).await, 3);
        assert_eq!(world.rows("outbox").await, 3);
        assert_eq!(due(&world, Occasion::Invitation, &one, NOW).await, NOBODY);
        let again: Vec<MemberLetter> = ids
            .iter()
            .enumerate()
            .map(|(n, id)| letter(&one, *id, "a@example.vn", 100 + u8::try_from(n).unwrap()))
            .collect();
        assert_eq!(send(&world, Occasion::Invitation, &one, &again, NOW).await, 0, "once per campaign");
        assert_eq!(world.rows("outbox").await, 3);
        let events = world.store.events("association", one.association).await.unwrap();
        assert_eq!(
            events.iter().filter(|event| *event == "invitations_sent").count(),
            1,
            "none for nothing: {events:?}"
        );

        // A message that could not be delivered may be sent again.
        world.database.execute("UPDATE outbox SET state = 'failed', last_error = 'no such mailbox'").await;
        assert_eq!(due(&world, Occasion::Invitation, &one, NOW).await, [ids[1], ids[3], ids[4]]);
        assert_eq!(send(&world, Occasion::Invitation, &one, &again[3..4], NOW).await, 1);
        assert_eq!(due(&world, Occasion::Invitation, &one, NOW).await, [ids[1], ids[4]]);
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn reminders_go_once_a_week_whoever_sends_them_and_never_to_those_who_are_done() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let ids = invite(&world, &one, &[1, 2, 3]).await;
        let theirs = invite(&world, &two, &[1]).await;
        let (first, second) = (world.enterprise(1).await, world.enterprise(2).await);
        decide(&world, ids[0], &first, Decision::Agree).await;
        decide(&world, theirs[0], &first, Decision::Agree).await;
        decide(&world, ids[1], &second, Decision::Agree).await;
        assert_eq!(
            due(&world, Occasion::Reminder, &one, NOW).await,
            ids[..2],
            "the third was never invited by a letter"
        );
        assert_eq!(send(&world, Occasion::Invitation, &one, &[letter(&one, ids[2], "c@example.vn", 1)], NOW).await, 1);
        assert_eq!(due(&world, Occasion::Reminder, &one, NOW).await, ids);

        let to_all = |base: u8| {
            let numbered = ids.iter().zip(base..);
            numbered.map(|(id, n)| letter(&one, *id, "a@example.vn", n)).collect::<Vec<_>>()
        };
        assert_eq!(send(&world, Occasion::Reminder, &one, &to_all(10), NOW).await, 3);
        let sooner = NOW + PAUSE - Duration::SECOND;
        assert_eq!(due(&world, Occasion::Reminder, &two, sooner).await, NOBODY, "reminded by the other one");
        let by_hand = || server::store::By { account: two.account, event: clock::id(), at: NOW };
        let slower = Settings { reminder_days: 8, ..Settings::default() };
        assert!(world.store.change_settings(&slower, &by_hand()).await.unwrap());
        assert_eq!(
            due(&world, Occasion::Reminder, &two, NOW + PAUSE).await,
            NOBODY,
            "the administrator wants it rarer"
        );
        assert!(world.store.change_settings(&Settings::default(), &by_hand()).await.unwrap());
        let from_two = [letter(&two, theirs[0], "b@example.vn", 20)];
        assert_eq!(send(&world, Occasion::Reminder, &two, &from_two, sooner).await, 0);
        assert_eq!(due(&world, Occasion::Reminder, &two, NOW + PAUSE).await, theirs);
        assert_eq!(send(&world, Occasion::Reminder, &two, &from_two, NOW + PAUSE).await, 1);
        assert_eq!(due(&world, Occasion::Reminder, &one, NOW + PAUSE).await, ids[1..]);

        let assessment = submit(&world, &second).await;
        assert_eq!(due(&world, Occasion::Reminder, &one, NOW + PAUSE).await, ids[2..], "done");
        assert_eq!(
            send(&world, Occasion::Reminder, &one, &to_all(30), NOW + PAUSE).await,
            1,
            "nor when it is asked for"
        );
        let state = |state: &str| format!("UPDATE assessment SET state = '{state}'");
        for done in ["in_review", "accepted"] {
            world.database.execute(&state(done)).await;
            assert_eq!(due(&world, Occasion::Reminder, &one, NOW + PAUSE * 3).await, [ids[0], ids[2]], "{done}");
        }
        world.database.execute(&state("returned")).await;
        assert_eq!(
            due(&world, Occasion::Reminder, &one, NOW + PAUSE * 3).await,
            ids,
            "returned: not done, {assessment}"
        );
    })
    .await;
}

#[tokio::test]
async fn two_associations_that_remind_at_once_send_one_letter() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let who = world.enterprise(1).await;
        let (mine, theirs) = (invite(&world, &one, &[1]).await[0], invite(&world, &two, &[1]).await[0]);
        decide(&world, mine, &who, Decision::Agree).await;
        decide(&world, theirs, &who, Decision::Agree).await;
        let (first, second) = ([letter(&one, mine, "a@example.vn", 1)], [letter(&two, theirs, "a@example.vn", 2)]);
        let sent = tokio::join!(
            send(&world, Occasion::Reminder, &one, &first, NOW),
            send(&world, Occasion::Reminder, &two, &second, NOW)
        );
        assert_eq!(sent.0 + sent.1, 1);
        assert_eq!(world.rows("outbox").await, 1);
    })
    .await;
}

#[tokio::test]
async fn letters_that_still_wait_go_with_the_reason_for_them() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let ids = invite(&world, &staff, &[1, 2]).await;
        let (first, second) = (world.enterprise(1).await, world.enterprise(2).await);
        decide(&world, ids[0], &first, Decision::Agree).await;
        decide(&world, ids[1], &second, Decision::Agree).await;
        let reminders = |base: u8| {
            let numbered = ids.iter().zip(base..);
            let reminder = |(id, n): (&Uuid, u8)| {
                let letter = letter(&staff, *id, "a@example.vn", n);
                MemberLetter { message: Message { kind: Kind::MemberReminder, ..letter.message }, ..letter }
            };
            numbered.map(reminder).collect::<Vec<_>>()
        };
        assert_eq!(send(&world, Occasion::Reminder, &staff, &reminders(1), NOW).await, 2);
        submit(&world, &first).await;
        let waiting = "SELECT count(*) FROM outbox WHERE state = 'queued'";
        assert_eq!(world.database.number(waiting).await, 1, "the one that is done is not reminded");
        // What was sent stays, and so does the letter whose link is used.
        world.database.execute("UPDATE outbox SET state = 'sent'").await;
        assert_eq!(send(&world, Occasion::Reminder, &staff, &reminders(3)[1..], NOW + PAUSE).await, 1);
        world.store.stop_letters([2; 32], by(None)).await.unwrap();
        assert_eq!(world.database.number(waiting).await, 0);
        assert!(world.store.stop_link([2; 32]).await.unwrap().expect("the link").is_stopped);
        assert_eq!(world.rows("outbox").await, 1);
    })
    .await;
}

#[tokio::test]
async fn how_a_member_is_reached_is_changed_by_its_association_alone() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let id = invite(&world, &one, &[1]).await[0];
        let new = (Some("moi@example.vn"), None);
        assert!(!world.store.change_member(id, two.association, new, by(None)).await.unwrap());
        assert!(world.store.change_member(id, one.association, new, by(Some(one.account))).await.unwrap());
        let member = world.store.member(id, one.association).await.unwrap().expect("the member");
        assert_eq!((member.email.as_deref(), member.phone), (Some("moi@example.vn"), None));
        assert_eq!(world.store.events("membership", id).await.unwrap(), ["member_changed"]);
    })
    .await;
}

#[tokio::test]
async fn a_registration_link_works_until_the_enterprise_registers_or_it_is_too_old() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let ids = invite(&world, &staff, &[1, 2]).await;
        let until = NOW + Duration::days(3);
        let new = MemberLetter { link: Some((LINK, until)), ..letter(&staff, ids[0], "hv1@example.vn", 1) };
        assert_eq!(send(&world, Occasion::Invitation, &staff, &[new], NOW).await, 1);
        let link = world.store.registration_link(LINK, NOW).await.unwrap().expect("it works");
        assert_eq!(
            (link.association.as_str(), link.tax_code, link.name.as_str()),
            ("Hội Một", tax_code(1), "Hội viên 1")
        );
        assert_eq!((link.email.as_deref(), link.phone.as_deref()), (Some("hv1@example.vn"), Some("+84910000001")));
        assert_eq!(world.store.registration_link(LINK, until).await.unwrap(), None, "too old");
        assert_eq!(world.store.registration_link([8; 32], NOW).await.unwrap(), None);
        world.enterprise(2).await;
        assert!(world.store.registration_link(LINK, NOW).await.unwrap().is_some(), "somebody else registered");
        world.enterprise(1).await;
        assert_eq!(world.store.registration_link(LINK, NOW).await.unwrap(), None);
        assert_eq!(world.rows("registration_link").await, 0);
    })
    .await;
}

#[tokio::test]
async fn an_enterprise_taken_off_the_list_leaves_no_link_behind() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let ids = invite(&world, &staff, &[1]).await;
        let new = MemberLetter { link: Some((LINK, NOW + PAUSE)), ..letter(&staff, ids[0], "hv1@example.vn", 1) };
        assert_eq!(send(&world, Occasion::Invitation, &staff, &[new], NOW).await, 1);
        assert!(world.store.cancel_invitation(ids[0], staff.association, by(None)).await.unwrap());
        assert_eq!(world.store.registration_link(LINK, NOW).await.unwrap(), None);
        assert_eq!(world.store.stop_link([1; 32]).await.unwrap(), None, "there is nothing left to stop");
        for table in ["membership", "invitation", "registration_link"] {
            assert_eq!(world.rows(table).await, 0, "{table}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_stop_link_stops_the_letters_of_its_association_alone() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let (mine, theirs) = (invite(&world, &one, &[1, 2]).await, invite(&world, &two, &[1]).await);
        let letters = [letter(&one, mine[0], "a@example.vn", 1), letter(&one, mine[1], "b@example.vn", 2)];
        assert_eq!(send(&world, Occasion::Invitation, &one, &letters, NOW).await, 2);
        let link = world.store.stop_link([1; 32]).await.unwrap().expect("the link");
        assert_eq!((link.association.as_str(), link.is_stopped), ("Hội Một", false));
        assert_eq!(world.store.stop_link([9; 32]).await.unwrap(), None);
        world.store.stop_letters([9; 32], by(None)).await.unwrap();
        assert_eq!(due(&world, Occasion::Reminder, &one, NOW).await, mine, "an unknown token stops nothing");
        for _ in 0..2 {
            world.store.stop_letters([1; 32], by(None)).await.unwrap();
        }
        assert!(world.store.stop_link([1; 32]).await.unwrap().expect("the link").is_stopped);
        assert_eq!(world.store.events("membership", mine[0]).await.unwrap(), ["reminders_stopped"], "once");
        assert_eq!(due(&world, Occasion::Reminder, &one, NOW).await, mine[1..]);
        assert_eq!(due(&world, Occasion::Invitation, &two, NOW).await, theirs);
        let late = [letter(&one, mine[0], "a@example.vn", 3)];
        assert_eq!(send(&world, Occasion::Reminder, &one, &late, NOW).await, 0);
        assert!(world.store.member(mine[0], one.association).await.unwrap().expect("the member").stopped_at.is_some());
    })
    .await;
}

#[tokio::test]
async fn an_association_sees_how_far_its_own_messages_are_and_no_address_it_did_not_write() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let (mine, theirs) = (invite(&world, &one, &[1]).await[0], invite(&world, &two, &[1]).await[0]);
        let own = letter(&one, mine, "hv1@example.vn", 1);
        assert_eq!(send(&world, Occasion::Invitation, &one, &[own], NOW).await, 1);
        assert_eq!(send(&world, Occasion::Invitation, &two, &[letter(&two, theirs, "x@example.vn", 2)], NOW).await, 1);
        world.database.execute("UPDATE outbox SET state = 'failed', last_error = 'no such mailbox'").await;
        let seen = world.store.deliveries(mine, one.association).await.unwrap();
        assert_eq!(seen.len(), 1);
        assert_eq!((seen[0].kind.as_str(), seen[0].state.as_str()), ("member_invitation", "failed"));
        assert_eq!(seen[0].recipient.as_deref(), Some("hv1@example.vn"));
        assert_eq!(seen[0].last_error.as_deref(), Some("no such mailbox"));
        let hidden = world.store.deliveries(theirs, two.association).await.unwrap();
        assert_eq!((hidden[0].recipient.as_deref(), hidden[0].last_error.as_deref()), (None, None));
        assert!(
            world.store.deliveries(mine, two.association).await.unwrap().is_empty(),
            "another association's member"
        );
        assert_eq!(world.store.member(mine, two.association).await.unwrap(), None);
        let listed = world.store.members(one.association, None, None, 9).await.unwrap();
        assert_eq!(listed[0].letter.as_deref(), Some("member_invitation"));
        assert_eq!(listed[0].letter_state.as_deref(), Some("failed"));

        // What a review tells the enterprise is seen as long as it agrees.
        let who = world.enterprise(1).await;
        let assessment = submit(&world, &who).await;
        let about =
            Message { about: "assessment", about_id: Some(assessment), kind: Kind::Review, ..seen_message(&one) };
        world.store.send_message(&about, one.account, clock::id()).await.unwrap();
        assert_eq!(world.store.deliveries(mine, one.association).await.unwrap().len(), 1);
        decide(&world, mine, &who, Decision::Agree).await;
        let seen = world.store.deliveries(mine, one.association).await.unwrap();
        assert_eq!((seen.len(), seen[0].kind.as_str(), seen[0].recipient.as_deref()), (2, "review", None));
        decide(&world, mine, &who, Decision::Withdraw).await;
        assert_eq!(world.store.deliveries(mine, one.association).await.unwrap().len(), 1);
    })
    .await;
}

fn seen_message(staff: &Staff) -> Message {
    Message { stop: None, ..letter(staff, clock::id(), "dn1@example.vn", 0).message }
}
