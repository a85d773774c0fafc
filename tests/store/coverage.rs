use std::{collections::BTreeSet, fs, path::Path};

/// The files whose tests all run on both databases; one a line, so that additions do not collide.
#[rustfmt::skip]
const FILES: &[&str] = &[
    "accounts",
    "actions",
    "assessments",
    "associations",
    "audit",
    "campaign_life",
    "campaigns",
    "colleagues",
    "comparison",
    "evidence",
    "groups",
    "history",
    "office",
    "letters",
    "links",
    "member_imports",
    "member_progress",
    "outbox",
    "registers",
    "personal",
    "purge",
    "questionnaire_draft",
    "reviews",
    "saves",
    "sessions",
    "settings",
    "snapshots",
];

/// The text of all Rust sources of a folder.
fn sources(folder: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let entries = fs::read_dir(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let files = entries.map(|entry| entry.expect("an entry").path());
    let sources = files.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    sources.map(|path| fs::read_to_string(path).expect("a source")).collect()
}

/// The names of the store's public async functions.
fn functions() -> BTreeSet<String> {
    let source = sources("../server/src/store");
    let names = source.split("pub async fn ").skip(1);
    names.map(|rest| rest.split(['(', '<']).next().unwrap_or_default().to_owned()).collect()
}

#[test]
fn every_function_of_the_store_is_called_on_both_databases() {
    // Whatever is called in this folder runs on both: the tests go through each_database.
    let tests = sources("store");
    let is_called = |name: &str| {
        [format!(".store.{name}("), format!("store.{name}("), format!("Store::{name}("), format!("again.{name}(")]
            .iter()
            .any(|call| tests.contains(call))
    };
    let uncalled: Vec<String> = functions().into_iter().filter(|name| !is_called(name)).collect();
    assert!(uncalled.is_empty(), "no test calls {uncalled:?}");
}

#[test]
fn the_scan_sees_the_functions() {
    let found = functions();
    for name in ["open", "register", "save", "submit", "visitor", "wrong_password", "check", "progress"] {
        assert!(found.contains(name), "{name} in {found:?}");
    }
    assert!(found.len() >= 29, "{found:?}");
}

#[test]
fn nearly_every_test_of_the_store_runs_on_both_databases() {
    for file in FILES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("store/{file}.rs"));
        let source = fs::read_to_string(path).expect("a source");
        let (tests, both) = (source.matches("#[tokio::test").count(), source.matches("each_database(|").count());
        assert_eq!(tests, both, "{file}: a test runs on one database only");
    }
}
