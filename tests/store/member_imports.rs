use model::{
    enterprise::{Email, TaxCode},
    membership::Decision,
    register::{Column, Contact, Mapping, Problem, Reason},
};
use server::{
    clock,
    store::{MemberCounts, MemberRejected, NewMemberImport},
};
use tests::{answers::tax_code, each_database};
use time::Duration;
use uuid::Uuid;

use crate::{
    NOW, World,
    associations::{Staff, by, decide, invite, staff},
};

async fn upload(world: &World, staff: &Staff, headers: &[String], mapping: &Mapping) -> Uuid {
    let id = clock::id();
    let new = NewMemberImport {
        id,
        association: staff.association,
        file_name: "hội viên.csv",
        headers,
        mapping,
        content: b"MST,Email\n",
        account: staff.account,
        at: NOW,
    };
    world.store.add_member_import(&new).await.expect("the database works");
    id
}

fn contact(n: usize, name: &str, email: Option<&str>) -> (Uuid, Contact) {
    let contact = Contact {
        tax_code: TaxCode::parse(&tax_code(n)).expect("a tax code"),
        name: name.into(),
        email: email.and_then(Email::parse),
        phone: None,
    };
    (clock::id(), contact)
}

#[tokio::test]
async fn a_file_lists_members_once_keeps_decisions_and_belongs_to_its_association() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (one, two) = (staff(&world, "Hội Một").await, staff(&world, "Hội Hai").await);
        let headers = ["MST".to_owned(), "Email".to_owned()];
        let mapping = Mapping::propose(&headers);
        let known = invite(&world, &one, &[1]).await[0];
        let who = world.enterprise(1).await;
        decide(&world, known, &who, Decision::Refuse).await;

        let import = upload(&world, &one, &headers, &mapping).await;
        assert_eq!(world.store.member_import(import, two.association).await.unwrap(), None);
        assert_eq!(world.store.member_file(import, two.association).await.unwrap(), None);
        assert_eq!(
            world.store.member_file(import, one.association).await.unwrap().as_deref(),
            Some(&b"MST,Email\n"[..])
        );
        assert_eq!(world.store.member_mapping(one.association, &headers).await.unwrap(), None, "not before it is done");
        let mut other = mapping.clone();
        other.columns.remove(&Column::Email);
        world.store.map_member_import(import, two.association, &other).await.unwrap();
        assert_eq!(world.store.member_import(import, one.association).await.unwrap().unwrap().mapping, mapping);
        world.store.map_member_import(import, one.association, &other).await.unwrap();
        assert_eq!(world.store.member_import(import, one.association).await.unwrap().unwrap().mapping, other);

        let taken = [contact(1, "Tên mới", Some("moi@example.vn")), contact(2, "Hai", None)];
        let problem = Problem { column: Column::TaxCode, reason: Reason::Missing, value: String::new() };
        let rejected =
            [MemberRejected { line: 4, tax_code: String::new(), name: "<b>".into(), problems: vec![problem] }];
        let run = async |import, staff: &Staff| {
            let rows = (&taken[..], &rejected[..]);
            world.store.run_member_import(import, staff.association, rows, staff.account, by(None)).await.unwrap()
        };
        assert_eq!(run(import, &two).await, None, "another association's file");
        assert_eq!(run(import, &one).await, Some(MemberCounts { added: 1, changed: 1, unchanged: 0 }));
        assert_eq!(run(import, &one).await, None, "it is done once");
        assert_eq!(world.store.member_file(import, one.association).await.unwrap(), None, "the file is gone");
        let again = upload(&world, &one, &headers, &mapping).await;
        assert_eq!(run(again, &one).await, Some(MemberCounts { added: 0, changed: 0, unchanged: 2 }));
        assert_eq!(world.store.member_mapping(one.association, &headers).await.unwrap(), Some(mapping.clone()));
        assert_eq!(world.store.member_mapping(two.association, &headers).await.unwrap(), None);

        let member = world.store.member(known, one.association).await.unwrap().expect("the member");
        assert_eq!((member.state.as_str(), member.email.as_deref()), ("refused", Some("moi@example.vn")));
        assert_eq!(member.phone.as_deref(), Some("+84910000001"), "what the file does not say stays");
        let done = world.store.member_imports(one.association).await.unwrap();
        assert_eq!(done.iter().map(|import| import.id).collect::<Vec<_>>(), [again, import]);
        assert_eq!(done[1].rejected, rejected);
        assert!(world.store.member_imports(two.association).await.unwrap().is_empty());
        let events = world.store.events("association", one.association).await.unwrap();
        assert_eq!(events.iter().filter(|event| *event == "members_imported").count(), 2);
    })
    .await;
}

#[tokio::test]
async fn uploads_that_nobody_ran_are_forgotten_after_a_week() {
    each_database(|database| async {
        let world = World::on(database).await;
        let staff = staff(&world, "Hội Một").await;
        let headers = ["MST".to_owned(), "Email".to_owned()];
        let mapping = Mapping::propose(&headers);
        let old = upload(&world, &staff, &headers, &mapping).await;
        let new = NewMemberImport {
            id: clock::id(),
            association: staff.association,
            file_name: "x",
            headers: &headers,
            mapping: &mapping,
            content: b"x",
            account: staff.account,
            at: NOW + Duration::days(8),
        };
        world.store.add_member_import(&new).await.unwrap();
        assert_eq!(world.store.member_import(old, staff.association).await.unwrap(), None);
        assert!(world.store.member_import(new.id, staff.association).await.unwrap().is_some());
    })
    .await;
}
