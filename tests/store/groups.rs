//! Invitation groups: who is in them, and who is written to.

use model::register::{Cell, Entry, Mapping, read};
use server::{
    clock,
    mail::letter::Letter,
    store::{
        AskedGroup, Erasing, Filter, Fitting, Group, GroupLetter, GroupMade, InPlace, Kind, MailState, Message,
        NewClaim, NewGroup, NewImport, NewSnapshot, Occasion, Outcome, Registration, association::By,
    },
};
use tests::{
    answers::{case_a, questionnaire, tax_code},
    each_database,
};
use time::{Duration, OffsetDateTime};
use uuid::Uuid;

use crate::{NOW, World, registration, save_all, submitting};

/// Between two reminders, as long as the administrator has not changed it.
const PAUSE: Duration = Duration::days(7);

/// A campaign with a frame of enterprises 1 to `count`: those with even numbers are in a ward of Yên Dũng and
/// manufacture, the others trade in Bắc Giang. Every third has no address.
struct Office {
    world: World,
    officer: Uuid,
}

impl Office {
    async fn with(world: World, count: usize) -> Self {
        let officer = crate::account(model::role::Role::Officer, "can-bo@example.vn");
        world
            .store
            .add_account(&officer, clock::id(), NOW)
            .await
            .expect("the database works")
            .expect("the database works");
        let office = Self { world, officer: officer.id };
        office.register((1..=count).map(entry).collect()).await;
        office.freeze().await;
        office
    }

    async fn register(&self, entries: Vec<Entry>) {
        let headers = HEADERS.map(ToOwned::to_owned);
        let new = NewImport {
            id: clock::id(),
            file_name: "danh-ba.csv",
            format: "csv",
            headers: &headers,
            mapping: &mapping(),
            lines: 1,
            content: b"x",
            account: None,
            event: clock::id(),
            at: NOW,
        };
        let store = &self.world.store;
        store.add_import(&new).await.expect("the database works");
        assert!(store.start_import(new.id, None, clock::id(), NOW).await.expect("the database works"));
        let batch = server::store::Batch { entries, rejected: Vec::new() };
        store.apply_batch(new.id, &batch, NOW).await.expect("the database works").expect("it runs");
        store.finish_import(new.id, None, serde_json::json!({}), clock::id(), NOW).await.expect("the database works");
    }

    async fn freeze(&self) {
        let new = NewSnapshot { id: clock::id(), title: "Khung".into(), account: None, event: clock::id(), at: NOW };
        self.world.store.take_snapshot(&new).await.expect("the database works");
        self.world
            .store
            .attach_snapshot(self.world.campaign.id, new.id, None, clock::id(), NOW)
            .await
            .expect("the database works");
    }

    fn by(&self, at: OffsetDateTime) -> By {
        By { account: Some(self.officer), event: clock::id(), at }
    }

    fn plan(&self, title: &str, choice: Filter, draw: Option<usize>) -> NewGroup {
        let campaign = self.world.campaign.id;
        let draw = draw.map(|most| (most, "5eed".to_owned()));
        NewGroup { id: clock::id(), campaign, title: title.into(), choice, draw, account: self.officer }
    }

    async fn make(&self, new: &NewGroup) -> GroupMade {
        self.world.store.make_group(new, &mut clock::id, self.by(NOW)).await.expect("the database works")
    }

    /// A group of everybody who is in no other.
    async fn everybody(&self) -> NewGroup {
        let new = self.plan("Tất cả", Filter::default(), None);
        assert!(matches!(self.make(&new).await, GroupMade::Done(_)));
        new
    }

    async fn group(&self, new: &NewGroup) -> Group {
        self.world.store.group(new.campaign, new.id).await.expect("the database works").expect("the group")
    }

    async fn codes(&self, new: &NewGroup) -> Vec<String> {
        let entries = self.world.store.group_entries(new.id, "", 999).await.expect("the database works");
        entries.into_iter().map(|entry| entry.tax_code).collect()
    }

    async fn due(&self, occasion: Occasion, new: &NewGroup, at: OffsetDateTime) -> Vec<String> {
        let found = self.world.store.group_addressees(occasion, new.id, "", 999, at).await.expect("the database works");
        let count = self.world.store.count_group_addressees(occasion, new.id, at).await.expect("the database works");
        assert_eq!(usize::try_from(count).expect("a count"), found.len());
        sorted(found.into_iter().map(|one| one.tax_code).collect())
    }

    async fn ask(&self, occasion: Occasion, new: &NewGroup, at: OffsetDateTime) -> Option<AskedGroup> {
        let key = (new.campaign, new.id);
        let asked =
            self.world.store.ask_group(key, occasion, self.officer, self.by(at)).await.expect("the database works");
        if !asked {
            return None;
        }
        Some(
            self.world
                .store
                .asked_groups()
                .await
                .expect("the database works")
                .into_iter()
                .find(|one| one.id == new.id)
                .expect("asked"),
        )
    }

    /// Writes to everybody who is due, and once more.
    async fn write(&self, occasion: Occasion, new: &NewGroup, at: OffsetDateTime) -> usize {
        let asked = self.ask(occasion, new, at).await.expect("nothing is being written");
        let found = self.world.store.group_addressees(occasion, new.id, "", 999, at).await.expect("the database works");
        let letters: Vec<GroupLetter> =
            found.into_iter().map(|one| letter(one.id, &one.email, &one.tax_code)).collect();
        let store = &self.world.store;
        let queued = store.send_group_letters(&asked, &letters, false, self.by(at)).await.expect("the database works");
        let again: Vec<GroupLetter> = letters.iter().map(|one| letter(one.entry, &one.message.to, "")).collect();
        let twice = store.send_group_letters(&asked, &again, true, self.by(at)).await.expect("the database works");
        assert_eq!(twice, 0, "the rules are in the statement");
        queued
    }

    async fn submit(&self, n: usize) {
        let who = self.world.enterprise(n).await;
        let id = self.world.begin(&who).await;
        self.world.store.save(save_all(&who, id)).await.expect("the database works");
        let (answers, score) = (case_a(), model::score::score(questionnaire(), &case_a()));
        self.world.store.submit(&submitting(&who, id, 1, &answers, &score)).await.expect("the database works");
    }
}

const HEADERS: [&str; 7] = ["MST", "Tên", "Xã", "Ngành", "Lao động", "Vốn", "Email"];

fn mapping() -> Mapping {
    Mapping::propose(&HEADERS.map(ToOwned::to_owned))
}

fn entry(n: usize) -> Entry {
    let (ward, industry) =
        if n.is_multiple_of(2) { ("Phường Tân An", "1010") } else { ("Phường Thọ Xương", "4773") };
    let email = if n.is_multiple_of(3) { String::new() } else { format!("so{n}@example.vn") };
    let (code, name) = (tax_code(n), format!("Gốm {n:03}"));
    let row = [code.as_str(), &name, ward, industry, "9", "2000000000", &email];
    read(&mapping(), &row.map(|text| Cell::Text(text.to_owned()))).expect("a good row")
}

/// A letter that names the enterprise, as letters do.
fn letter(entry: Uuid, to: &str, tax_code: &str) -> GroupLetter {
    let id = clock::id();
    let stop: [u8; 32] = [id.as_bytes().as_slice(), entry.as_bytes()].concat().try_into().expect("32 bytes");
    let message = Message {
        id,
        to: to.into(),
        lang: model::text::Lang::Vi,
        kind: Kind::GroupInvitation,
        letter: Letter::new("Mời").paragraph(tax_code),
        about: "invitation_group_entry",
        about_id: Some(entry),
        sender: None,
        stop: Some(stop),
        at: NOW,
    };
    GroupLetter { entry, message, code: Some((stop, NOW + Duration::days(30))) }
}

fn sorted(mut codes: Vec<String>) -> Vec<String> {
    codes.sort();
    codes
}

fn codes<const N: usize>(numbers: [usize; N]) -> Vec<String> {
    sorted(numbers.map(tax_code).to_vec())
}

fn section(code: &str) -> Filter {
    Filter { section: Some(code.into()), ..Filter::default() }
}

#[tokio::test]
async fn an_enterprise_is_in_one_group_of_a_campaign() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 12).await;
        let (store, campaign) = (&office.world.store, office.world.campaign.id);
        let fitting = async |choice: &Filter| store.fitting(campaign, choice).await.unwrap();
        assert_eq!(fitting(&section("C")).await, Fitting { all: 6, taken: 0 });
        let first = office.plan("Chế biến", section("C"), None);
        assert_eq!(office.make(&first).await, GroupMade::Done(6));
        assert_eq!(office.codes(&first).await, codes([2, 4, 6, 8, 10, 12]));
        assert_eq!(fitting(&section("C")).await, Fitting { all: 6, taken: 6 });
        assert_eq!(fitting(&Filter::default()).await, Fitting { all: 12, taken: 6 });
        assert_eq!(office.make(&office.plan("Nữa", section("C"), None)).await, GroupMade::Nobody);
        assert_eq!(office.make(&office.plan("Chế biến", section("G"), None)).await, GroupMade::TitleTaken);

        let rest = office.plan("Còn lại", Filter::default(), None);
        assert_eq!(office.make(&rest).await, GroupMade::Done(6), "the others stay where they are");
        assert_eq!(office.codes(&rest).await, codes([1, 3, 5, 7, 9, 11]));
        let groups = store.groups(campaign).await.unwrap();
        assert_eq!(groups.iter().map(|one| one.title.as_str()).collect::<Vec<_>>(), ["Chế biến", "Còn lại"]);
        let one = office.group(&first).await;
        assert_eq!((one.entries, one.fitting, one.without_address, one.invited), (6, 6, 2, 0));
        assert_eq!((one.section.as_deref(), one.unit_code, one.seed), (Some("C"), None, None));
        assert_eq!(store.group(Uuid::nil(), first.id).await.unwrap(), None, "of another campaign");
        let page = store.group_entries(first.id, &one_before_last(&office.codes(&first).await), 9).await.unwrap();
        assert_eq!(page.len(), 1, "paged by tax code");

        assert!(!store.rename_group((campaign, rest.id), "Chế biến", office.by(NOW)).await.unwrap());
        assert!(store.rename_group((campaign, rest.id), "Đợt 2", office.by(NOW)).await.unwrap());
        assert!(!store.delete_group((Uuid::nil(), rest.id), office.by(NOW)).await.unwrap());
        assert!(store.delete_group((campaign, rest.id), office.by(NOW)).await.unwrap());
        assert_eq!(office.world.rows("invitation_group_entry").await, 6);
        let events = store.events("invitation_group", rest.id).await.unwrap();
        assert_eq!(events, ["invitation_group_made", "invitation_group_renamed", "invitation_group_deleted"]);
    })
    .await;
}

fn one_before_last(codes: &[String]) -> String {
    codes[codes.len() - 2].clone()
}

#[tokio::test]
async fn a_drawn_group_can_be_drawn_again_from_its_seed() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 30).await;
        let yen_dung = Filter {
            place: Some(InPlace::Unit(entry(2).place.unit.expect("a ward").code.clone())),
            ..Filter::default()
        };
        let drawn = office.plan("Mẫu", yen_dung, Some(4));
        assert_eq!(office.make(&drawn).await, GroupMade::Done(4));
        let one = office.group(&drawn).await;
        assert_eq!((one.entries, one.fitting, one.seed.as_deref()), (4, 15, Some("5eed")));
        let frame: Vec<String> = sorted((1..=15).map(|n| tax_code(2 * n)).collect());
        assert_eq!(office.codes(&drawn).await, model::sample::draw("5eed", frame, 4));
        let more = office.plan("Nhiều hơn có", section("C"), Some(99));
        assert_eq!(office.make(&more).await, GroupMade::Done(11));
        assert_eq!(office.group(&more).await.seed, None, "nothing was left to chance");
    })
    .await;
}

#[tokio::test]
async fn groups_are_made_of_a_frame_as_long_as_the_campaign_is_not_over() {
    each_database(|database| async {
        let world = World::on(database).await;
        let frameless = crate::account(model::role::Role::Officer, "khac@example.vn");
        world.store.add_account(&frameless, clock::id(), NOW).await.unwrap().unwrap();
        let office = Office { world, officer: frameless.id };
        let new = office.plan("Sớm", Filter::default(), None);
        assert_eq!(office.make(&new).await, GroupMade::Refused, "no frame");
        let fitting = office.world.store.fitting(new.campaign, &Filter::default()).await.unwrap();
        assert_eq!(fitting, Fitting { all: 0, taken: 0 });
        let office = Office::with(office.world, 3).await;
        let late = By { at: NOW + Duration::days(60), ..office.by(NOW) };
        let made = office.world.store.make_group(&new, &mut clock::id, late).await.unwrap();
        assert_eq!(made, GroupMade::Refused, "over");
        office.world.database.execute("UPDATE campaign SET state = 'draft'").await;
        assert_eq!(office.make(&new).await, GroupMade::Done(3));
        let asked = office.ask(Occasion::Invitation, &new, NOW).await;
        assert!(asked.is_none(), "a draft invites nobody");
    })
    .await;
}

#[tokio::test]
async fn two_who_choose_the_same_enterprises_at_once_do_not_share_them() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 20).await;
        let (one, two) = (office.plan("Một", section("C"), None), office.plan("Hai", Filter::default(), None));
        let made = tokio::join!(office.make(&one), office.make(&two));
        assert!(
            matches!(made, (GroupMade::Done(10), GroupMade::Done(10)) | (GroupMade::Nobody, GroupMade::Done(20))),
            "{made:?}"
        );
        assert_eq!(office.world.rows("invitation_group_entry").await, 20);
    })
    .await;
}

#[tokio::test]
async fn each_is_invited_once_and_those_who_are_done_or_want_no_letters_are_not() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 9).await;
        let store = &office.world.store;
        office.submit(1).await;
        office.world.enterprise(2).await;
        let group = office.everybody().await;
        // 3, 6 and 9 have no address in the register; 1 is done.
        assert_eq!(office.due(Occasion::Invitation, &group, NOW).await, codes([2, 4, 5, 7, 8]));
        let found = store.group_addressees(Occasion::Invitation, group.id, "", 2, NOW).await.unwrap();
        let rest = store.group_addressees(Occasion::Invitation, group.id, &found[1].tax_code, 9, NOW).await.unwrap();
        assert_eq!(rest.len(), 3, "paged by tax code");
        let two = found.iter().chain(&rest).find(|one| one.tax_code == tax_code(2)).expect("it has an account");
        assert_eq!((two.email.as_str(), two.is_registered), ("dn2@example.vn", true), "the owner agreed to be told");
        office.world.database.execute("UPDATE consent SET withdrawn_at = given_at WHERE purpose = 'contact'").await;
        let found = store.group_addressees(Occasion::Invitation, group.id, "", 9, NOW).await.unwrap();
        assert!(found.iter().any(|one| one.email == "so2@example.vn"), "now only the register's address counts");

        assert_eq!(office.write(Occasion::Invitation, &group, NOW).await, 5);
        assert_eq!(office.world.rows("outbox").await, 5);
        assert_eq!(office.world.rows("mailed_code").await, 4, "who is registered needs no code");
        assert!(store.asked_groups().await.unwrap().is_empty());
        assert_eq!(office.write(Occasion::Invitation, &group, NOW).await, 0, "once per campaign");
        let one = office.group(&group).await;
        assert_eq!((one.invited, one.begun, one.submitted, one.without_address), (5, 1, 1, 3));
        assert_eq!((one.last_invited_at, one.asked), (Some(NOW), None));
        assert!(!store.delete_group((group.campaign, group.id), office.by(NOW)).await.unwrap(), "somebody was invited");

        // What could not be delivered may be sent again, when somebody asks for it.
        let claim = store.claim_message(NOW).await.unwrap().expect("a message");
        store.settle_message(&claim, &Outcome::Failed("no mailbox".into()), NOW).await.unwrap();
        assert_eq!(store.message(claim.id).await.unwrap().expect("it").state(), MailState::Failed);
        assert_eq!((office.group(&group).await.failed, office.group(&group).await.sent), (1, 0));
        assert_eq!(office.write(Occasion::Invitation, &group, NOW).await, 1);
        let events = store.events("invitation_group", group.id).await.unwrap();
        assert_eq!(events.iter().filter(|event| *event == "invitation_group_asked").count(), 3);
        assert_eq!(store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn letters_are_asked_for_once_at_a_time_and_only_while_the_campaign_is_open() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 4).await;
        let group = office.everybody().await;
        let late = NOW + Duration::days(60);
        assert!(office.ask(Occasion::Invitation, &group, late).await.is_none());
        let asked = office.ask(Occasion::Invitation, &group, NOW).await.expect("it begins");
        assert_eq!((asked.occasion(), asked.account), (Occasion::Invitation, Some(office.officer)));
        assert!(office.ask(Occasion::Reminder, &group, NOW).await.is_none(), "one after the other");
        let key = (group.campaign, group.id);
        assert!(!office.world.store.delete_group(key, office.by(NOW)).await.unwrap(), "letters are being written");
        let found = office.world.store.group_addressees(Occasion::Invitation, group.id, "", 9, NOW).await.unwrap();
        let letters: Vec<GroupLetter> =
            found.into_iter().map(|one| letter(one.id, &one.email, &one.tax_code)).collect();
        let ended = office.world.store.send_group_letters(&asked, &[], true, office.by(NOW)).await.unwrap();
        assert_eq!(ended, 0);
        let after = office.world.store.send_group_letters(&asked, &letters, true, office.by(NOW)).await.unwrap();
        assert_eq!(after, 0, "another process that still has letters comes too late");
    })
    .await;
}

#[tokio::test]
async fn reminders_wait_a_week_after_the_invitation_and_after_whoever_reminded() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 5).await;
        let group = office.everybody().await;
        assert!(office.due(Occasion::Reminder, &group, NOW + PAUSE).await.is_empty(), "nobody was invited");
        office.write(Occasion::Invitation, &group, NOW).await;
        let soon = NOW + PAUSE - Duration::SECOND;
        assert!(office.due(Occasion::Reminder, &group, soon).await.is_empty());
        let week = NOW + PAUSE;
        assert_eq!(office.due(Occasion::Reminder, &group, week).await, codes([1, 2, 4, 5]));
        // An association has just reminded the fourth.
        let at = if office.world.database.kind == "sqlite" { "'2026-12-01T02:00:00Z'" } else { "'2026-12-01 02:00Z'" };
        let reminded = format!(
            "INSERT INTO reminder (campaign_id, tax_code, reminded_at) SELECT id, '{}', {at} FROM campaign",
            tax_code(4)
        );
        office.world.database.execute(&reminded).await;
        assert_eq!(office.due(Occasion::Reminder, &group, week).await, codes([1, 2, 5]));
        office.submit(5).await;
        assert_eq!(office.write(Occasion::Reminder, &group, week).await, 2);
        assert!(office.due(Occasion::Reminder, &group, week + PAUSE - Duration::SECOND).await.contains(&tax_code(4)));
        assert_eq!(office.due(Occasion::Reminder, &group, week + PAUSE).await, codes([1, 2, 4]));
    })
    .await;
}

#[tokio::test]
async fn what_still_waits_is_not_sent_to_those_who_are_done() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 4).await;
        let group = office.everybody().await;
        assert_eq!(office.write(Occasion::Invitation, &group, NOW).await, 3);
        office.submit(2).await;
        let waiting = office.world.database.texts("SELECT recipient FROM outbox ORDER BY recipient").await;
        assert_eq!(waiting, ["so1@example.vn", "so4@example.vn"]);
        assert_eq!(office.group(&group).await.invited, 3, "it was written to");
        assert!(!office.due(Occasion::Invitation, &group, NOW).await.contains(&tax_code(2)));
    })
    .await;
}

#[tokio::test]
async fn the_stop_link_ends_the_provinces_letters_for_good() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 2).await;
        let store = &office.world.store;
        let group = office.everybody().await;
        office.write(Occasion::Invitation, &group, NOW).await;
        let found = store.group_entries(group.id, "", 9).await.unwrap();
        assert!(found.iter().all(|one| one.mail.as_deref() == Some("queued") && !one.is_stopped));
        let hash = stop_of(&office, "so1@example.vn").await;
        assert_eq!(store.province_stop_link([9; 32]).await.unwrap(), None);
        assert_eq!(store.province_stop_link(hash).await.unwrap(), Some(false));
        let week = NOW + PAUSE;
        office.write(Occasion::Reminder, &group, week).await;
        assert_eq!(office.world.rows("outbox").await, 4);
        store.stop_province_letters(hash, office.by(week)).await.unwrap();
        store.stop_province_letters(hash, office.by(week)).await.unwrap();
        assert_eq!(store.province_stop_link(hash).await.unwrap(), Some(true));
        assert_eq!(office.world.rows("outbox").await, 3, "the reminder that waited is gone");
        assert_eq!(
            office.world.database.number("SELECT count(*) FROM audit WHERE action = 'reminders_stopped'").await,
            1
        );
        assert_eq!(office.group(&group).await.stopped, 1);
        assert_eq!(office.due(Occasion::Reminder, &group, week + PAUSE).await, codes([2]));
        store.stop_province_letters([9; 32], office.by(week)).await.unwrap();
    })
    .await;
}

/// The hash of the stop link in the letter to this address.
async fn stop_of(office: &Office, to: &str) -> [u8; 32] {
    let hex = format!("SELECT lower(hex(stop_hash)) FROM outbox WHERE recipient = '{to}'");
    let postgres = format!("SELECT encode(stop_hash, 'hex') FROM outbox WHERE recipient = '{to}'");
    let sql = if office.world.database.kind == "sqlite" { hex } else { postgres };
    let hex = office.world.database.texts(&sql).await.remove(0);
    let bytes: Vec<u8> =
        (0..64).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal")).collect();
    bytes.try_into().expect("32 bytes")
}

#[tokio::test]
async fn printed_letters_are_for_those_without_an_address_and_mailed_codes_work_beside_each_other() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 6).await;
        let store = &office.world.store;
        let group = office.everybody().await;
        let open = async || -> Vec<String> {
            let open = store.claimable_of_group(group.id, 9, NOW).await.unwrap();
            open.into_iter().map(|one| one.tax_code).collect()
        };
        assert_eq!(open().await, codes([3, 6]));
        let until = NOW + Duration::days(60);
        let new = [NewClaim { tax_code: tax_code(3), hash: [3; 32] }];
        let made = async |group| store.make_claims(&new, group, until, office.officer, office.by(NOW)).await.unwrap();
        assert!(made(Some(Uuid::nil())).await.is_empty(), "no such group");
        assert_eq!(made(Some(group.id)).await, codes([3]));
        assert_eq!(open().await, codes([6]));
        let one = office.group(&group).await;
        assert_eq!((one.lettered, one.invited, one.last_invited_at), (1, 0, Some(NOW)));
        assert!(!store.delete_group((group.campaign, group.id), office.by(NOW)).await.unwrap());

        office.write(Occasion::Invitation, &group, NOW).await;
        let first = stop_of(&office, "so1@example.vn").await;
        assert!(store.is_claim(&tax_code(1), first, NOW).await.unwrap());
        office.world.database.execute("DELETE FROM outbox").await;
        office.write(Occasion::Reminder, &group, NOW + PAUSE).await;
        let second = stop_of(&office, "so1@example.vn").await;
        assert!(first != second && store.is_claim(&tax_code(1), second, NOW).await.unwrap());
        assert!(store.is_claim(&tax_code(1), first, NOW).await.unwrap(), "both letters lie in one mailbox");
        assert!(!store.is_claim(&tax_code(2), first, NOW).await.unwrap());
        let used = store.register_claimed(&registration(1), first, &mut clock::id, NOW).await.unwrap();
        assert_eq!(used, Ok(()));
        let left = format!("SELECT count(*) FROM mailed_code WHERE tax_code = '{}'", tax_code(1));
        assert_eq!(office.world.database.number(&left).await, 0);
        store.purge(NOW + Duration::days(31)).await.unwrap();
        assert_eq!(office.world.rows("mailed_code").await, 0, "what has expired is forgotten");
    })
    .await;
}

#[tokio::test]
async fn a_household_that_is_erased_leaves_its_group_and_keeps_its_wish_for_no_letters() {
    each_database(|database| async {
        let office = Office::with(World::on(database).await, 2).await;
        let number = "024190001234";
        let row = [number, "Hộ Gốm Xuyến", "Phường Tân An", "1010", "2", "2000000", "xuyen@rieng.example"];
        let household = read(&mapping(), &row.map(|text| Cell::Text(text.to_owned()))).expect("a good row");
        office.register(vec![household]).await;
        office.freeze().await;
        let store = &office.world.store;
        let group = office.everybody().await;
        assert_eq!(office.write(Occasion::Invitation, &group, NOW).await, 3);
        let code = stop_of(&office, "xuyen@rieng.example").await;
        store.stop_province_letters(code, office.by(NOW)).await.unwrap();
        let who = Registration { tax_code: number.into(), ..registration(1) };
        store.register_claimed(&who, code, &mut clock::id, NOW).await.unwrap().expect("the code works");
        let erasing = Erasing { account: who.account.id, attempts: Vec::new(), confirmation: None };
        store.erase(&erasing, By { account: Some(who.account.id), ..office.by(NOW) }).await.unwrap();
        let places = crate::personal::places_of(&office.world.database, number).await;
        let of_register: Vec<&str> =
            places.iter().map(String::as_str).filter(|one| !one.starts_with("register_")).collect();
        assert_eq!(of_register, ["province_stop.tax_code"], "the register has an address that letters would go to");
        assert_eq!(office.group(&group).await.entries, 3, "the counts stay");

        // What is no longer in the register gets no letters anyway.
        office.world.database.execute("DELETE FROM province_stop").await;
        let stranger = Registration { tax_code: "024190001235".into(), ..registration(2) };
        store.register(&stranger, &mut clock::id, NOW).await.unwrap().expect("free");
        let at = if office.world.database.kind == "sqlite" { "'2026-11-24T03:00:00Z'" } else { "'2026-11-24 03:00Z'" };
        let stop = format!("INSERT INTO province_stop (tax_code, stopped_at) VALUES ('024190001235', {at})");
        office.world.database.execute(&stop).await;
        let erasing = Erasing { account: stranger.account.id, ..erasing };
        store.erase(&erasing, By { account: Some(stranger.account.id), ..office.by(NOW) }).await.unwrap();
        assert_eq!(office.world.rows("province_stop").await, 0);
    })
    .await;
}
