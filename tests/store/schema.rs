use std::collections::BTreeMap;

use tests::Database;

use crate::World;

/// Tables with their columns in order; `!` marks NOT NULL.
const SQLITE_COLUMNS: &str =
    "SELECT m.name || ': ' || group_concat(c.name || CASE WHEN c.\"notnull\" THEN '!' ELSE '' END, ', ')
    FROM sqlite_schema m, (SELECT m.name AS tab, c.* FROM sqlite_schema m, pragma_table_info(m.name) c
        WHERE m.type = 'table' ORDER BY m.name, c.cid) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\' AND c.tab = m.name
    GROUP BY m.name ORDER BY m.name";
const POSTGRES_COLUMNS: &str = "SELECT table_name || ': '
    || string_agg(column_name || CASE WHEN is_nullable = 'NO' THEN '!' ELSE '' END, ', ' ORDER BY ordinal_position)
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'
    GROUP BY table_name";

/// Unique constraints and primary keys with their columns in order.
const SQLITE_UNIQUE: &str = "SELECT m.name || ': ' || l.origin || ' ' || (SELECT group_concat(i.name, ', ')
        FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i)
    FROM sqlite_schema m, pragma_index_list(m.name) l
    WHERE m.type = 'table' AND l.\"unique\" AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
const POSTGRES_UNIQUE: &str = "SELECT r.relname || ': ' || CASE c.contype WHEN 'p' THEN 'pk' ELSE 'u' END || ' ' ||
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(c.conkey) WITH ORDINALITY AS k (number, n)
            JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.number)
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_namespace s ON s.oid = r.relnamespace
    WHERE c.contype IN ('p', 'u') AND s.nspname = 'public' AND r.relname NOT LIKE '\\_sqlx%'";

/// Foreign keys.
const SQLITE_FOREIGN: &str = "SELECT m.name || '.' || f.\"from\" || ' -> ' || f.\"table\" || '.' || f.\"to\"
    FROM sqlite_schema m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'";
const POSTGRES_FOREIGN: &str = "SELECT r.relname || '.' || a.attname || ' -> ' || t.relname || '.' || b.attname
    FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid JOIN pg_class t ON t.oid = c.confrelid
    CROSS JOIN unnest(c.conkey, c.confkey) AS k (own, other)
    JOIN pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.own
    JOIN pg_attribute b ON b.attrelid = c.confrelid AND b.attnum = k.other
    WHERE c.contype = 'f'";

/// Indexes made on purpose.
const SQLITE_INDEXES: &str = "SELECT m.name || ': ' || l.name || ' ' || (SELECT group_concat(i.name, ', ')
        FROM (SELECT name FROM pragma_index_info(l.name) ORDER BY seqno) i)
    FROM sqlite_schema m, pragma_index_list(m.name) l WHERE m.type = 'table' AND l.origin = 'c'";
const POSTGRES_INDEXES: &str = "SELECT r.relname || ': ' || i.relname || ' ' ||
        (SELECT string_agg(a.attname, ', ' ORDER BY k.n) FROM unnest(x.indkey) WITH ORDINALITY AS k (number, n)
            JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.number)
    FROM pg_index x JOIN pg_class r ON r.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
    JOIN pg_namespace s ON s.oid = r.relnamespace
    WHERE s.nspname = 'public' AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = x.indexrelid)
   ";

/// Types by table and column.
const SQLITE_TYPES: &str =
    "SELECT m.name || '.' || c.name || ' ' || c.type FROM sqlite_schema m, pragma_table_info(m.name) c
    WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND m.name NOT LIKE '\\_sqlx%' ESCAPE '\\'";
const POSTGRES_TYPES: &str = "SELECT table_name || '.' || column_name || ' ' || data_type
    FROM information_schema.columns WHERE table_schema = 'public' AND table_name NOT LIKE '\\_sqlx%'";

async fn both(sqlite: &str, postgres: &str) -> (Vec<String>, Vec<String>) {
    let light = World::on(Database::sqlite()).await;
    let heavy = World::on(Database::postgres().await).await;
    let (mut ours, mut theirs) = (light.database.texts(sqlite).await, heavy.database.texts(postgres).await);
    // Each database sorts by rules of its own.
    ours.sort();
    theirs.sort();
    (ours, theirs)
}

#[tokio::test]
async fn both_schemas_have_the_same_tables_and_columns_in_the_same_order_with_the_same_not_nulls() {
    let (sqlite, postgres) = both(SQLITE_COLUMNS, POSTGRES_COLUMNS).await;
    assert_eq!(sqlite, postgres);
    assert!(sqlite.len() >= 10 && sqlite.iter().any(|table| table.starts_with("assessment: id!, enterprise_id!, ")));
}

#[tokio::test]
async fn both_schemas_have_the_same_keys_and_unique_constraints() {
    let (sqlite, postgres) = both(SQLITE_UNIQUE, POSTGRES_UNIQUE).await;
    assert_eq!(sqlite, postgres);
    for known in ["enterprise: u tax_code", "assessment: u enterprise_id, campaign_id", "questionnaire: pk id, version"]
    {
        assert!(sqlite.iter().any(|line| line == known), "{known} in {sqlite:?}");
    }
}

#[tokio::test]
async fn both_schemas_have_the_same_foreign_keys() {
    let (sqlite, postgres) = both(SQLITE_FOREIGN, POSTGRES_FOREIGN).await;
    assert_eq!(sqlite, postgres);
    assert!(sqlite.iter().any(|line| line == "submission.assessment_id -> assessment.id"), "{sqlite:?}");
}

#[tokio::test]
async fn both_schemas_have_the_same_indexes() {
    let (sqlite, postgres) = both(SQLITE_INDEXES, POSTGRES_INDEXES).await;
    assert_eq!(sqlite, postgres);
    assert!(!sqlite.is_empty());
}

#[tokio::test]
async fn each_type_of_one_schema_stands_for_types_of_the_other() {
    let (sqlite, postgres) = both(SQLITE_TYPES, POSTGRES_TYPES).await;
    let split = |lines: Vec<String>| -> BTreeMap<String, String> {
        lines
            .into_iter()
            .filter_map(|line| line.split_once(' ').map(|(column, kind)| (column.into(), kind.into())))
            .collect()
    };
    let (sqlite, postgres) = (split(sqlite), split(postgres));
    assert!(sqlite.len() > 50, "{} columns", sqlite.len());
    for (column, kind) in &sqlite {
        let partners: &[&str] = match kind.as_str() {
            "BLOB" => &["uuid", "bytea"],
            "TEXT" => &["text", "jsonb", "timestamp with time zone"],
            "INTEGER" => &["bigint", "boolean"],
            "REAL" => &["double precision"],
            other => panic!("{column} is {other}"),
        };
        assert!(partners.contains(&postgres[column].as_str()), "{column}: {kind} and {}", postgres[column]);
    }
}

#[test]
fn both_migration_folders_have_the_same_files() {
    let names = |folder: &str| {
        let path = format!("{}/../migrations/{folder}", env!("CARGO_MANIFEST_DIR"));
        let mut names: Vec<_> =
            std::fs::read_dir(path).expect("a folder").map(|entry| entry.expect("an entry").file_name()).collect();
        names.sort();
        names
    };
    assert_eq!(names("sqlite"), names("postgres"));
    assert!(!names("sqlite").is_empty());
}

/// PostgreSQL cannot look a tax code of one order up in an index of another one.
#[tokio::test]
async fn tax_codes_have_one_order_everywhere() {
    let world = World::on(Database::postgres().await).await;
    const OTHERS: &str = "SELECT table_name || '' FROM information_schema.columns WHERE table_schema = 'public'
        AND column_name = 'tax_code' AND collation_name IS DISTINCT FROM 'C'";
    assert_eq!(world.database.texts(OTHERS).await, [""; 0]);
}
