use model::{
    enterprise::TaxCode,
    register::{Cell, Column, Entry, Mapping, Problem, Reason, read},
};
use serde_json::json;
use server::{
    clock,
    import::{self, file::Kind},
    store::{
        After, Batch, Claimable, Counts, Filter, InPlace, NewClaim, NewImport, Order, Part, Rejected, account::Taken,
        association::By, takeover::TakingOver,
    },
};
use tests::{answers::tax_code, each_database};
use time::Duration;
use uuid::Uuid;

use crate::{NOW, World, save_all, submitting};

const HEADERS: [&str; 6] = ["MST", "Tên", "Xã", "Ngành", "Lao động", "Vốn"];

fn mapping() -> Mapping {
    Mapping::propose(&HEADERS.map(ToOwned::to_owned))
}

/// The n-th enterprise of a register: name, ward, industry, employees.
fn entry(n: usize, name: &str, ward: &str, industry: &str, employees: &str) -> Entry {
    let code = tax_code(n);
    let row = [code.as_str(), name, ward, industry, employees, "2000000000"];
    read(&mapping(), &row.map(|text| Cell::Text(text.to_owned()))).expect("a good row")
}

fn rejected(line: i64) -> Rejected {
    let problem = Problem { column: Column::Name, reason: Reason::Missing, value: String::new() };
    Rejected { line, tax_code: "1".into(), name: String::new(), problems: vec![problem] }
}

async fn uploaded(world: &World, content: &[u8]) -> Uuid {
    let headers = HEADERS.map(ToOwned::to_owned);
    let new = NewImport {
        id: clock::id(),
        file_name: "danh-ba.csv",
        format: "csv",
        headers: &headers,
        mapping: &mapping(),
        lines: 3,
        content,
        account: None,
        event: clock::id(),
        at: NOW,
    };
    world.store.add_import(&new).await.expect("stored");
    new.id
}

/// An import that runs.
async fn started(world: &World) -> Uuid {
    let id = uploaded(world, b"x").await;
    assert!(world.store.start_import(id, None, clock::id(), NOW).await.expect("the database works"));
    id
}

/// A register with these entries.
async fn filled(world: &World, entries: Vec<Entry>) {
    let id = started(world).await;
    let batch = Batch { entries, rejected: Vec::new() };
    world.store.apply_batch(id, &batch, NOW).await.expect("the database works").expect("it runs");
    world.store.finish_import(id, None, json!({}), clock::id(), NOW).await.expect("the database works");
}

fn counts(added: i64, changed: i64, unchanged: i64, rejected: i64) -> Counts {
    Counts { added, changed, unchanged, rejected }
}

#[tokio::test]
async fn an_upload_is_kept_in_pieces_and_goes_when_it_is_imported() {
    each_database(|database| async {
        let world = World::on(database).await;
        let content: Vec<u8> = (0..600_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let id = uploaded(&world, &content).await;
        assert_eq!(world.store.import_content(id).await.unwrap(), content);
        assert_eq!(world.rows("register_import_part").await, 3);
        let stored = world.store.import(id).await.unwrap().expect("an import");
        assert_eq!((stored.state.as_str(), stored.headers.len(), &stored.mapping), ("uploaded", 6, &mapping()));
        assert!(world.store.start_import(id, None, clock::id(), NOW).await.unwrap());
        world.store.finish_import(id, None, json!({}), clock::id(), NOW).await.unwrap();
        assert_eq!(world.rows("register_import_part").await, 0);
        let done = world.store.import(id).await.unwrap().expect("an import");
        assert_eq!((done.state.as_str(), done.lines), ("done", 0), "as many rows as were read");
        assert!(!world.store.start_import(id, None, clock::id(), NOW).await.unwrap(), "its file is gone");
        let events = world.store.events("register_import", id).await.unwrap();
        assert_eq!(events, ["register_uploaded", "register_import_started", "register_imported"]);
        assert_eq!(world.store.imports().await.unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn uploads_that_nobody_ran_go_after_a_week() {
    each_database(|database| async {
        let world = World::on(database).await;
        let old = uploaded(&world, b"old").await;
        world.database.execute("UPDATE register_import SET created_at = '2026-11-10T00:00:00Z'").await;
        uploaded(&world, b"new").await;
        assert_eq!(world.store.import(old).await.unwrap().unwrap().state, "discarded");
        assert!(world.store.import_content(old).await.unwrap().is_empty());
        assert_eq!(world.rows("register_import_part").await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_mapping_is_remembered_for_the_same_headers() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = uploaded(&world, b"x").await;
        let mut mapping = mapping();
        mapping.columns.insert(Column::Address, 2);
        mapping.columns.remove(&Column::Unit);
        assert_eq!(world.store.remembered_mapping([1; 32]).await.unwrap(), None);
        assert!(world.store.map_import(id, [1; 32], &mapping, (None, clock::id()), NOW).await.unwrap());
        assert_eq!(world.store.remembered_mapping([1; 32]).await.unwrap(), Some(mapping.clone()));
        assert_eq!(world.store.remembered_mapping([2; 32]).await.unwrap(), None);
        assert_eq!(world.store.import(id).await.unwrap().unwrap().mapping, mapping);
        assert!(world.store.start_import(id, None, clock::id(), NOW).await.unwrap());
        assert!(!world.store.map_import(id, [1; 32], &mapping, (None, clock::id()), NOW).await.unwrap(), "it runs");
    })
    .await;
}

#[tokio::test]
async fn only_one_import_runs_and_one_that_fell_silent_may_be_repeated() {
    each_database(|database| async {
        let world = World::on(database).await;
        let (first, second) = (started(&world).await, uploaded(&world, b"y").await);
        let start = async |id, at| world.store.start_import(id, None, clock::id(), at).await.unwrap();
        assert!(!start(first, NOW).await && !start(second, NOW + Duration::seconds(59)).await);
        let later = NOW + Duration::seconds(61);
        assert!(world.store.import(first).await.unwrap().unwrap().is_interrupted(later));
        assert!(start(second, later).await);
        let batch = Batch { entries: vec![entry(1, "A", "07210", "47", "5")], rejected: vec![rejected(2)] };
        world.store.apply_batch(second, &batch, later).await.unwrap().expect("it runs");
        let even_later = later + Duration::seconds(61);
        assert!(start(second, even_later).await, "the same again");
        let again = world.store.import(second).await.unwrap().unwrap();
        assert_eq!((again.position, again.added, again.rejected), (0, 0, 0), "counted from the beginning");
        assert!(world.store.rejections(second, 0, 10).await.unwrap().is_empty());
    })
    .await;
}

#[tokio::test]
async fn a_failed_import_says_why_and_keeps_its_file() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = started(&world).await;
        world.store.finish_import(id, Some("broken"), json!({}), clock::id(), NOW).await.unwrap();
        let failed = world.store.import(id).await.unwrap().unwrap();
        assert_eq!((failed.state.as_str(), failed.failure.as_deref()), ("failed", Some("broken")));
        let batch = Batch { entries: vec![entry(1, "A", "07210", "47", "5")], rejected: Vec::new() };
        assert_eq!(world.store.apply_batch(id, &batch, NOW).await.unwrap(), None, "it no longer runs");
        assert_eq!(world.rows("register_entry").await, 0);
        assert!(world.store.start_import(id, None, clock::id(), NOW).await.unwrap());
    })
    .await;
}

#[tokio::test]
async fn the_same_batch_again_changes_nothing_and_a_different_row_is_counted_as_changed() {
    each_database(|database| async {
        let world = World::on(database).await;
        let id = started(&world).await;
        let rows = || vec![entry(1, "Công ty An", "07210", "47", "5"), entry(2, "Công ty Bình", "09319", "62", "60")];
        let first = Batch { entries: rows(), rejected: vec![rejected(4), rejected(5)] };
        assert_eq!(world.store.apply_batch(id, &first, NOW).await.unwrap(), Some(counts(2, 0, 0, 2)));
        let again = Batch { entries: rows(), rejected: Vec::new() };
        assert_eq!(world.store.apply_batch(id, &again, NOW).await.unwrap(), Some(counts(0, 0, 2, 0)));
        let changed = Batch { entries: vec![entry(2, "Công ty Cúc", "09319", "62", "400")], rejected: Vec::new() };
        assert_eq!(world.store.apply_batch(id, &changed, NOW).await.unwrap(), Some(counts(0, 1, 0, 0)));
        let import = world.store.import(id).await.unwrap().unwrap();
        assert_eq!((import.position, import.added, import.changed), (7, 2, 1));
        assert_eq!((import.unchanged, import.rejected), (2, 2));
        let lines: Vec<i64> = world.store.rejections(id, 4, 10).await.unwrap().iter().map(|row| row.line).collect();
        assert_eq!(lines, [5]);
        let entry = world.store.register_entry(&tax_code(2)).await.unwrap().expect("an entry");
        assert_eq!((entry.name.as_str(), entry.size.as_str(), entry.employees), ("Công ty Cúc", "large", Some(400)));
        assert_eq!((entry.file_name.as_str(), entry.district_code.as_str()), ("danh-ba.csv", "260"));
        let (found, _) = world.store.search_register("binh", &Filter::default(), None, 10).await.unwrap();
        assert!(found.is_empty(), "the old name is no longer found");
        assert_eq!(world.store.check().await.unwrap(), [""; 0], "the counts are those of the entries");
    })
    .await;
}

/// Entries whose names are 01 to n, half of them elsewhere and of another industry.
fn many(n: usize) -> Vec<Entry> {
    (1..=n)
        .map(|at| {
            let name = format!("Công ty TNHH Thương mại {at:02}");
            if at % 2 == 0 { entry(at, &name, "07210", "47", "5") } else { entry(at, &name, "09319", "62", "60") }
        })
        .collect()
}

fn section(code: &str) -> Filter {
    Filter { section: Some(code.into()), ..Filter::default() }
}

#[tokio::test]
async fn pages_follow_each_other_without_gap_or_repetition_in_both_orders() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(11)).await;
        for (order, filter, expected) in [
            (Order::Ascending, Filter::default(), (1..=11).collect::<Vec<usize>>()),
            (Order::Descending, Filter::default(), (1..=11).rev().collect()),
            (Order::Ascending, section("G"), vec![2, 4, 6, 8, 10]),
        ] {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = world.store.register_page(&filter, order, after.as_ref(), 2).await.unwrap();
                let Some(last) = page.last() else { break };
                after = Some(After { key: last.key.clone(), tax_code: last.tax_code.clone() });
                seen.extend(page.iter().map(|row| row.name.clone()));
            }
            let names: Vec<String> = expected.iter().map(|at| format!("Công ty TNHH Thương mại {at:02}")).collect();
            assert_eq!(seen, names);
        }
    })
    .await;
}

#[tokio::test]
async fn filters_narrow_the_list_and_its_counts() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(10)).await;
        let unit = Filter { place: Some(InPlace::Unit("09319".into())), ..Filter::default() };
        let district = Filter { place: Some(InPlace::District("213".into())), ..Filter::default() };
        let cell = Filter {
            place: Some(InPlace::District("213".into())),
            section: Some("G".into()),
            size: Some("micro".into()),
        };
        let other = Filter { size: Some("micro".into()), ..unit.clone() };
        for (filter, entries) in
            [(Filter::default(), 10), (unit, 5), (district, 5), (cell, 5), (other, 0), (section("K"), 5)]
        {
            assert_eq!(world.store.register_count(&filter).await.unwrap(), (entries, entries), "{filter:?}");
            let page = world.store.register_page(&filter, Order::Ascending, None, 100).await.unwrap();
            assert_eq!(page.len(), usize::try_from(entries).unwrap());
        }
    })
    .await;
}

#[tokio::test]
async fn any_words_of_a_name_find_it_within_a_filter_and_page_by_page() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut entries = many(12);
        entries.push(entry(20, "HTX Gốm Phù Lãng", "09292", "23", "8"));
        filled(&world, entries).await;
        let search = async |words: &str, filter: &Filter, after: Option<&After>| {
            world.store.search_register(words, filter, after, 5).await.unwrap()
        };
        for words in ["gom", "phu lang", "lan", "gom phu"] {
            let (found, next) = search(words, &Filter::default(), None).await;
            let is_found = found.iter().any(|row| row.name == "HTX Gốm Phù Lãng");
            assert_eq!((is_found, next), (true, None), "{words}");
        }
        assert!(search("htx", &Filter::default(), None).await.0.is_empty(), "the legal form is not searched");
        let (mut seen, mut after) = (0, None);
        loop {
            let (found, next) = search("thuong", &section("G"), after.as_ref()).await;
            seen += found.len();
            assert!(found.iter().all(|row| row.section == "G"));
            after = next;
            if after.is_none() {
                break;
            }
        }
        assert_eq!(seen, 6);
        assert_eq!(world.store.register_entry("0100109106").await.unwrap(), None);
    })
    .await;
}

#[tokio::test]
async fn a_file_runs_through_and_the_second_time_nothing_is_new() {
    each_database(|database| async {
        let world = World::on(database).await;
        let mut file = HEADERS.join(";") + "\n";
        for at in 1..=4_200 {
            file += &format!("{};Công ty {at};Phường Thọ Xương;4711;7;\n", tax_code(at));
        }
        file += &format!("{};Trùng;07210;4711;;\n{};;nơi khác;4711;;\n", tax_code(1), tax_code(5_000));
        assert_eq!(Kind::of(file.as_bytes()), Ok(Kind::Csv));
        for expected in [counts(4_200, 0, 0, 2), counts(0, 0, 4_200, 2)] {
            let id = uploaded(&world, file.as_bytes()).await;
            assert!(world.store.start_import(id, None, clock::id(), clock::now()).await.unwrap());
            let mut calls = 0;
            let done = import::run(&world.store, id, &mut |_| calls += 1).await.unwrap();
            assert_eq!((done, calls), (expected, 3), "batches of 2,000 rows");
            let rejected = world.store.rejections(id, 0, 10).await.unwrap();
            let reasons: Vec<(i64, Vec<Reason>)> =
                rejected.iter().map(|row| (row.line, row.problems.iter().map(|one| one.reason).collect())).collect();
            let both = vec![Reason::Missing, Reason::PlaceUnknown];
            assert_eq!(reasons, [(4_202, vec![Reason::Repeated]), (4_203, both)]);
        }
        assert_eq!(world.store.check().await.unwrap(), [""; 0]);
    })
    .await;
}

/// An association with these members, behind the program's back.
async fn join(world: &World, members: &[&str], by: Uuid) {
    let key = |id: Uuid| match world.database.kind {
        "sqlite" => format!("x'{}'", id.simple()),
        _ => format!("'{id}'"),
    };
    let (association, at) = (clock::id(), "'2026-11-24T03:00:00Z'");
    let four_eyes = if world.database.kind == "sqlite" { "0" } else { "false" };
    let sql = format!(
        "INSERT INTO association (id, name, name_sort, four_eyes, created_at)
        VALUES ({}, 'Hội Gốm', 'g', {four_eyes}, {at})",
        key(association)
    );
    world.database.execute(&sql).await;
    for tax_code in members {
        let sql = format!(
            "INSERT INTO membership (id, association_id, tax_code, name, state, invited_at, invited_by)
            VALUES ({}, {}, '{tax_code}', '', 'agreed', {at}, {})",
            key(clock::id()),
            key(association),
            key(by)
        );
        world.database.execute(&sql).await;
    }
}

#[tokio::test]
async fn who_answered_is_counted_by_cell_and_who_did_not_is_listed() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(6)).await;
        let snapshot = server::store::NewSnapshot {
            id: clock::id(),
            title: "Khung".into(),
            account: None,
            event: clock::id(),
            at: NOW,
        };
        assert_eq!(world.store.take_snapshot(&snapshot).await.unwrap(), 6);
        let (answered, begun, stranger) =
            (world.enterprise(2).await, world.enterprise(4).await, world.enterprise(99).await);
        world.begin(&begun).await;
        for who in [&answered, &stranger] {
            let assessment = world.begin(who).await;
            world.store.save(save_all(who, assessment)).await.unwrap();
            let answers = tests::answers::case_a();
            let score = model::score::score(tests::answers::questionnaire(), &answers);
            world.store.submit(&submitting(who, assessment, 1, &answers, &score)).await.unwrap();
        }
        let campaign = world.campaign.id;
        let cells = world.store.answered(campaign, snapshot.id).await.unwrap();
        let cells: Vec<(&str, &str, &str, i64)> =
            cells.iter().map(|cell| (&*cell.district, &*cell.section, &*cell.size, cell.respondents)).collect();
        assert_eq!(cells, [("213", "G", "micro", 1)]);
        assert_eq!(world.store.answered_in_all(campaign).await.unwrap(), 2);
        assert!(world.store.answered_by_association(campaign, snapshot.id).await.unwrap().is_empty());
        join(&world, &[answered.tax_code.as_str(), &begun.tax_code, &stranger.tax_code], begun.account.id).await;
        let by_association = world.store.answered_by_association(campaign, snapshot.id).await.unwrap();
        let by_association: Vec<(&str, i64, i64)> =
            by_association.iter().map(|one| (&*one.association, one.members, one.respondents)).collect();
        assert_eq!(by_association, [("Hội Gốm", 2, 1)], "who is not in the snapshot does not count");
        let part = Part { district: Some("213".into()), section: Some("G".into()), size: Some("micro".into()) };
        let (silent, next) = world.store.silent(campaign, snapshot.id, &part, None, 10).await.unwrap();
        assert_eq!(next, None);
        let silent: Vec<(String, bool)> = silent.into_iter().map(|one| (one.tax_code, one.has_begun)).collect();
        let mut expected = vec![(tax_code(4), true), (tax_code(6), false)];
        expected.sort();
        assert_eq!(silent, expected);
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = world.store.silent(campaign, snapshot.id, &Part::default(), after.as_ref(), 2).await.unwrap();
            seen.extend(page.0.into_iter().map(|one| one.tax_code));
            after = page.1;
            if after.is_none() {
                break;
            }
        }
        seen.sort();
        let mut all: Vec<String> = [1, 3, 4, 5, 6].map(tax_code).to_vec();
        all.sort();
        assert_eq!(seen, all);
        assert!(all.iter().all(|code| TaxCode::parse(code).is_ok()));
    })
    .await;
}

#[tokio::test]
async fn a_call_list_goes_on_behind_ten_thousand_who_have_answered() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(1)).await;
        let title = "Khung".to_owned();
        let snapshot = server::store::NewSnapshot { id: clock::id(), title, account: None, event: clock::id(), at: NOW };
        world.store.take_snapshot(&snapshot).await.unwrap();
        let officer = crate::account(model::role::Role::Officer, "can-bo@example.vn");
        world.store.add_account(&officer, clock::id(), NOW).await.unwrap().unwrap();
        let (id, at) = match world.database.kind {
            "sqlite" => ("randomblob(16)", "'2026-11-24T03:00:00Z'"),
            _ => ("gen_random_uuid()", "CAST('2026-11-24T03:00:00Z' AS timestamptz)"),
        };
        // The one of the register has not answered, and comes behind all the others, who have.
        for sql in [
            "WITH RECURSIVE g (n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM g WHERE n < 10149)
             INSERT INTO register_snapshot_entry (snapshot_id, tax_code, unit_code, district_code, division, section, size)
             SELECT s.id, CAST(1000000000 + n AS TEXT), '07210', '213', '47', 'G', 'micro'
             FROM g CROSS JOIN register_snapshot s"
                .to_owned(),
            format!(
                "INSERT INTO enterprise (id, tax_code, name, name_search, name_sort, legal_form, unit_code,
                 industry_code, created_at) SELECT {id}, tax_code, 'A', 'a', 'a', 'TNHH2', '07210', '47', {at}
                 FROM register_snapshot_entry WHERE tax_code < '2'"
            ),
            format!(
                "INSERT INTO assessment (id, enterprise_id, campaign_id, state, answers, revision, created_at, saved_at,
                 version, active_at) SELECT p.id, p.id, c.id, 'submitted', '{{}}', 1, {at}, {at}, 1, {at}
                 FROM enterprise p CROSS JOIN campaign c"
            ),
            format!(
                "INSERT INTO submission (id, assessment_id, number, receipt, answers, score, overall, level,
                 submitted_at, submitted_by) SELECT p.id, p.id, 1, p.tax_code, '{{}}', '{{}}', 1, 1, {at}, a.id
                 FROM enterprise p CROSS JOIN account a WHERE a.email = 'can-bo@example.vn'"
            ),
        ] {
            world.database.execute(&sql).await;
        }
        let campaign = world.campaign.id;
        let silent = async |after: Option<&_>| {
            world.store.silent(campaign, snapshot.id, &Part::default(), after, 50).await.unwrap()
        };
        let (nobody, next) = silent(None).await;
        assert!(nobody.is_empty(), "so many are looked at for one page");
        let (found, end) = silent(Some(&next.expect("it goes on"))).await;
        let codes: Vec<&str> = found.iter().map(|one| one.tax_code.as_str()).collect();
        assert_eq!((codes, end), (vec![tax_code(1).as_str()], None));
    })
    .await;
}

#[tokio::test]
async fn a_code_is_made_for_whom_it_is_needed_and_registers_one_enterprise_once() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(3)).await;
        let officer = crate::account(model::role::Role::Officer, "can-bo@example.vn");
        world.store.add_account(&officer, clock::id(), NOW).await.unwrap().unwrap();
        let by = || By { account: Some(officer.id), event: clock::id(), at: NOW };
        let until = NOW + Duration::days(60);
        let claim = |n: usize, hash: u8| NewClaim { tax_code: tax_code(n), hash: [hash; 32] };
        let make = async |new: &[NewClaim]| world.store.make_claims(new, None, until, officer.id, by()).await.unwrap();
        let open = async |at| -> Vec<String> {
            let open: Vec<Claimable> = world.store.claimable(&Filter::default(), 10, at).await.unwrap();
            let mut codes: Vec<String> = open.into_iter().map(|entry| entry.tax_code).collect();
            codes.sort();
            codes
        };
        assert_eq!(open(NOW).await, [tax_code(1), tax_code(2), tax_code(3)]);
        assert_eq!(make(&[claim(1, 1), claim(9, 9)]).await, [tax_code(1)], "nobody outside the register gets one");
        assert_eq!(make(&[claim(1, 2), claim(2, 3)]).await, [tax_code(1), tax_code(2)]);
        assert_eq!(open(NOW).await, [tax_code(3)]);
        assert_eq!(open(until).await.len(), 3, "who did not use a code in time gets another");
        let works = async |n: usize, hash: u8, at| world.store.is_claim(&tax_code(n), [hash; 32], at).await.unwrap();
        assert!(!works(1, 1, NOW).await && works(1, 2, NOW).await && !works(2, 2, NOW).await);
        assert!(!works(1, 2, until).await, "expired");

        let use_up = async |who: &server::store::Registration, hash: u8| {
            world.store.register_claimed(who, [hash; 32], &mut clock::id, NOW).await.unwrap()
        };
        let who = crate::registration(1);
        assert_eq!(use_up(&who, 1).await, Err(Taken::Claim));
        assert_eq!(world.rows("enterprise").await, 0, "nothing is stored with a wrong code");
        assert_eq!(use_up(&who, 2).await, Ok(()));
        assert_eq!(use_up(&crate::registration(1), 2).await, Err(Taken::Claim), "once");
        assert!(make(&[claim(1, 4)]).await.is_empty(), "it has registered");
        let state = world.store.claim_state(&tax_code(1), NOW).await.unwrap();
        assert_eq!((state.registered_at, state.claimed_at, state.code_until), (Some(NOW), Some(NOW), None));
        world.enterprise(2).await;
        let state = world.store.claim_state(&tax_code(2), NOW).await.unwrap();
        assert_eq!((state.registered_at, state.claimed_at, state.code_until), (Some(NOW), None, Some(until)));
        assert!(works(2, 3, NOW).await, "who has the letter can still say that the enterprise is theirs");
    })
    .await;
}

#[tokio::test]
async fn a_code_takes_an_enterprise_over_and_ends_whatever_access_there_was() {
    each_database(|database| async {
        let world = World::on(database).await;
        filled(&world, many(2)).await;
        let officer = crate::account(model::role::Role::Officer, "can-bo@example.vn");
        world.store.add_account(&officer, clock::id(), NOW).await.unwrap().unwrap();
        let by = |account| By { account, event: clock::id(), at: NOW };
        let former = world.enterprise(1).await;
        let assessment = world.begin(&former).await;
        let other = world.enterprise(2).await;
        let make = async |n: usize, hash: u8| {
            let new = NewClaim { tax_code: tax_code(n), hash: [hash; 32] };
            let until = NOW + Duration::days(60);
            world.store.make_takeover_code(&new, until, officer.id, by(Some(officer.id))).await.unwrap()
        };
        assert!(!make(9, 9).await, "it is neither in the register nor here");
        assert!(make(1, 2).await);
        let letter = server::mail::compose::taken_over(app::i18n::Tr::new(model::text::Lang::Vi), "Đức Điện", "10:00");
        let taking = |email: &str, hash: u8| TakingOver {
            tax_code: Box::leak(tax_code(1).into_boxed_str()),
            code_hash: [hash; 32],
            account: crate::account(model::role::Role::Enterprise, email),
            consents: vec![("service", "2026-11")],
            letter: letter.clone(),
        };
        let take = async |new: &TakingOver<'_>| world.store.take_over(new, &mut clock::id, NOW).await.unwrap();
        for session in [(1, former.account.id), (2, other.account.id)] {
            world.store.start_session([session.0; 32], session.1, None, clock::id(), NOW).await.unwrap();
        }
        let before = world.rows("account").await;
        assert_eq!(take(&taking("moi@example.vn", 9)).await, Err(Taken::Claim), "a wrong code");
        assert_eq!(take(&taking("dn2@example.vn", 2)).await, Err(Taken::Email));
        assert_eq!((world.rows("account").await, world.rows("outbox").await), (before, 0), "nothing was changed");
        assert!(world.store.visitor([1; 32], NOW).await.unwrap().is_some());

        let new = taking("moi@example.vn", 2);
        assert_eq!(take(&new).await, Ok(()));
        assert_eq!(take(&taking("khac@example.vn", 2)).await, Err(Taken::Claim), "once");
        assert!(world.store.visitor([1; 32], NOW).await.unwrap().is_none(), "the session has ended");
        assert!(world.store.visitor([2; 32], NOW).await.unwrap().is_some(), "nobody else's");
        assert!(world.store.credentials("dn1@example.vn").await.unwrap().is_none());
        assert!(world.store.credentials("moi@example.vn").await.unwrap().is_some());
        let people = world.store.people(former.enterprise).await.unwrap();
        let people: Vec<_> =
            people.iter().map(|one| (one.id, one.seat, one.is_owner, one.disabled_at.is_some())).collect();
        assert_eq!(people, [(former.account.id, 0, false, true), (new.account.id, 1, true, false)]);
        assert!(world.store.assessment(assessment, former.enterprise).await.unwrap().is_some(), "the draft stays");
        assert_eq!(world.rows("outbox").await, 1, "the former owner is told");
        let events = world.store.events("enterprise", former.enterprise).await.unwrap();
        assert_eq!(events.last().map(String::as_str), Some("enterprise_taken_over"));
        let audited = world.rows("audit").await;
        assert_eq!(take(&new).await, Err(Taken::Claim));
        assert_eq!(world.rows("audit").await, audited);
    })
    .await;
}
