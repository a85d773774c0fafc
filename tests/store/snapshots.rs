use server::{clock, store::NewSnapshot};
use tests::each_database;

use crate::{NOW, World};

/// Entries behind the program's back: tax code, unit, district, division, section, size, status.
const ENTRIES: [[&str; 7]; 5] = [
    ["0100109106", "07210", "213", "47", "G", "micro", "active"],
    ["0101248141", "", "213", "47", "G", "unknown", "active"],
    ["0100686209", "09319", "260", "62", "K", "small", "active"],
    ["1600891913", "09319", "260", "62", "K", "small", "active"],
    ["1602042520", "07210", "213", "47", "G", "micro", "closed"],
];

async fn fill(world: &World) {
    let import = "INSERT INTO register_import (id, file_name, format, headers, mapping, state, bytes, position, lines,
        added, changed, unchanged, rejected, created_at) VALUES";
    let (id, bytes, at) = match world.database.kind {
        "sqlite" => ("x'00000000000000000000000000000001'", "x'00'", "'2026-11-24T03:00:00Z'"),
        _ => ("'00000000-0000-0000-0000-000000000001'", "'\\x00'", "'2026-11-24T03:00:00Z'"),
    };
    world
        .database
        .execute(&format!("{import} ({id}, 'f.csv', 'csv', '[]', '{{}}', 'done', 1, 5, 5, 5, 0, 0, 0, {at})"))
        .await;
    for [tax_code, unit, district, division, section, size, status] in ENTRIES {
        let insert =
            "INSERT INTO register_entry (tax_code, name, name_sort, unit_code, district_code, industry_version,
            industry_code, division, section, size, status, fingerprint, import_id, changed_at)";
        let values = format!(
            "('{tax_code}', 'Tên', 'ten', '{unit}', '{district}', 2025, '{division}', '{division}', '{section}',
             '{size}', '{status}', {bytes}, {id}, {at})"
        );
        world.database.execute(&format!("{insert} VALUES {values}")).await;
    }
}

fn new(title: &str) -> NewSnapshot {
    NewSnapshot { id: clock::id(), title: title.into(), account: None, event: clock::id(), at: NOW }
}

#[tokio::test]
async fn a_snapshot_holds_the_active_entries_and_does_not_follow_the_register() {
    each_database(|database| async {
        let world = World::on(database).await;
        fill(&world).await;
        let taken = new("Khung 2026");
        assert_eq!(world.store.take_snapshot(&taken).await.unwrap(), 4);
        let frame = world.store.snapshot_frame(taken.id).await.unwrap();
        let codes: Vec<&str> = frame.iter().map(|row| row.tax_code.as_str()).collect();
        assert_eq!(codes, ["0100109106", "0100686209", "0101248141", "1600891913"]);
        let unplaced = &frame[2];
        assert_eq!((unplaced.unit.as_deref(), unplaced.size.as_deref()), (None, None), "unknown is none");
        assert_eq!((unplaced.district.as_str(), unplaced.section.as_str()), ("213", "G"));
        world.database.execute("UPDATE register_entry SET size = 'large', district_code = '264'").await;
        assert_eq!(world.store.snapshot_frame(taken.id).await.unwrap(), frame);
        let cells = world.store.snapshot_cells(taken.id).await.unwrap();
        assert_eq!(cells.iter().map(|cell| cell.entries).collect::<Vec<_>>(), [1, 1, 2]);
        assert_eq!(world.store.events("register_snapshot", taken.id).await.unwrap(), ["snapshot_taken"]);
    })
    .await;
}

#[tokio::test]
async fn an_empty_register_makes_no_snapshot() {
    each_database(|database| async {
        let world = World::on(database).await;
        let nothing = new("Trống");
        assert_eq!(world.store.take_snapshot(&nothing).await.unwrap(), 0);
        assert_eq!(world.store.snapshot(nothing.id).await.unwrap(), None);
        assert_eq!(world.rows("register_snapshot").await, 0);
        assert_eq!(world.store.events("register_snapshot", nothing.id).await.unwrap(), [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn a_campaign_has_one_snapshot() {
    each_database(|database| async {
        let world = World::on(database).await;
        fill(&world).await;
        let campaign = world.campaign.id;
        assert_eq!(world.store.campaign_snapshot(campaign).await.unwrap(), None);
        let (first, second) = (new("Một"), new("Hai"));
        for taken in [&first, &second] {
            world.store.take_snapshot(taken).await.unwrap();
            world.store.attach_snapshot(campaign, taken.id, None, clock::id(), NOW).await.unwrap();
        }
        let attached = world.store.campaign_snapshot(campaign).await.unwrap().expect("a snapshot");
        assert_eq!((attached.id, attached.entries, attached.title.as_str()), (second.id, 4, "Hai"));
        assert_eq!(world.store.snapshot(second.id).await.unwrap().as_ref(), Some(&attached));
        let titles: Vec<String> = world.store.snapshots().await.unwrap().into_iter().map(|one| one.title).collect();
        assert_eq!(titles, ["Hai", "Một"]);
        let missing = world.store.attach_snapshot(campaign, clock::id(), None, clock::id(), NOW).await;
        assert!(missing.is_err(), "no such snapshot");
        let attached = world.database.number("SELECT count(*) FROM audit WHERE action = 'snapshot_attached'").await;
        assert_eq!(attached, 2);
    })
    .await;
}
