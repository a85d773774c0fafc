//! The commands that write to the database, as somebody types them who has just installed the program.

use std::{
    path::{Path, PathBuf},
    process::{Output, Stdio},
};

use tests::{Database, answers::tax_code, each_database};
use tokio::{io::AsyncWriteExt as _, process::Command};

use crate::victim::{Victim, program};

const HEADERS: &str = "STT,Mã số thuế,Tên doanh nghiệp,Phường/xã,Mã ngành,Lao động\n";

/// What the program says and how it ends.
struct Said {
    code: Option<i32>,
    out: String,
    err: String,
}

async fn type_in(arguments: &[&str], input: &str) -> Said {
    let mut command = Command::new(program());
    command.args(arguments).env_clear().stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("it runs");
    let mut stdin = child.stdin.take().expect("its input");
    // A program that ends without reading closes the other side.
    drop(stdin.write_all(input.as_bytes()).await);
    drop(stdin);
    let Output { status, stdout, stderr } = child.wait_with_output().await.expect("an end");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    Said { code: status.code(), out: text(stdout), err: text(stderr) }
}

fn write(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("a file");
    path
}

async fn import(database: &str, file: &Path, more: &[&str]) -> Said {
    let file = file.to_str().expect("a path in UTF-8");
    type_in(&[&["import", file, "--database", database], more].concat(), "").await
}

fn rows(count: usize) -> String {
    (1..=count).map(|n| format!("{n},{},Công ty TNHH Gốm {n},Phường Thọ Xương,4773,{n}\n", tax_code(n))).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_register_is_imported_again_without_effect_and_wrong_rows_are_named() {
    each_database(|database| async move {
        let folder = tempfile::tempdir().expect("a folder");
        let good = write(folder.path(), "danh bạ.csv", format!("{HEADERS}{}", rows(30)).as_bytes());
        let first = import(&database.url, &good, &[]).await;
        assert_eq!(first.code, Some(0), "{}", first.err);
        assert!(first.out.trim().ends_with("danh bạ.csv: 30 new, 0 changed, 0 unchanged, 0 rejected"), "{}", first.out);
        let again = import(&database.url, &good, &[]).await;
        assert!(again.out.contains("0 new, 0 changed, 30 unchanged, 0 rejected"), "{}", again.out);
        let wrong =
            format!("{HEADERS}{}31,0100109107,Sai,Phường Thọ Xương,4773,\n32,,Không mã,Atlantis,4773,\n", rows(2));
        let wrong = import(&database.url, &write(folder.path(), "sai.csv", wrong.as_bytes()), &[]).await;
        assert_eq!(wrong.code, Some(1), "a file with rejected rows is no success");
        assert!(wrong.out.contains("0 new, 0 changed, 2 unchanged, 2 rejected"), "{}", wrong.out);
        assert!(wrong.err.contains("line 4: ") && wrong.err.contains("line 5: "), "{}", wrong.err);
        assert!(wrong.err.contains("0100109107") && wrong.err.contains("Atlantis"), "{}", wrong.err);
        assert_eq!(database.number("SELECT count(*) FROM register_entry").await, 30);
        Victim::check(&database).await;
    })
    .await;
}

#[tokio::test]
async fn the_folder_of_a_new_database_is_made() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = write(folder.path(), "a.csv", format!("{HEADERS}{}", rows(1)).as_bytes());
    let new = |name: &str| format!("sqlite:{}/data/thuocso.sqlite", folder.path().join(name).display());
    let imported = import(&new("import"), &file, &[]).await;
    assert_eq!(imported.code, Some(0), "{}", imported.err);
    let migrated = type_in(&["migrate", "--database", &new("migrate")], "").await;
    assert_eq!(migrated.code, Some(0), "{}", migrated.err);
    let added = ["user", "add", "a@example.vn", "--role", "officer", "--name", "Trần Thị An", "--database"];
    let added = type_in(&[&added[..], &[&new("user")]].concat(), "một câu dễ nhớ lắm\n").await;
    assert_eq!((added.code, added.out.as_str()), (Some(0), "Added a@example.vn as officer.\n"), "{}", added.err);
    let nowhere = type_in(&["check", "--database", &new("nowhere")], "").await;
    assert_eq!(nowhere.code, Some(1));
    assert!(nowhere.err.contains("there is no database") && !folder.path().join("nowhere").exists(), "{}", nowhere.err);
}

#[tokio::test]
async fn columns_that_are_not_recognised_are_named_on_the_command_line_once() {
    let (folder, database) = (tempfile::tempdir().expect("a folder"), Database::sqlite());
    let content = format!("Cột 1;Cột 2;Cột 3;Ngành nghề\n{};Gốm;Phường Thọ Xương;4773\n", tax_code(1));
    let file = write(folder.path(), "la.csv", content.as_bytes());
    let unknown = import(&database.url, &file, &[]).await;
    assert_eq!(unknown.code, Some(1));
    assert!(
        unknown.err.contains("tax_code") && unknown.err.contains("--map") && unknown.err.contains("Cột 1"),
        "{}",
        unknown.err
    );
    for (map, complaint) in
        [("mst=Cột 1", "no field \"mst\""), ("tax_code=Cột 9", "no column \"Cột 9\""), ("tax_code", "FIELD=COLUMN")]
    {
        let wrong = import(&database.url, &file, &["--map", map]).await;
        assert_eq!(wrong.code, Some(1));
        assert!(wrong.err.contains(complaint), "{map}: {}", wrong.err);
    }
    assert_eq!(database.number("SELECT count(*) FROM register_entry").await, 0);
    let maps = ["--map", "tax_code=Cột 1", "--map", "name=2", "--map", "unit=Cột 3"];
    let said = import(&database.url, &file, &maps).await;
    assert!(said.out.contains("1 new"), "{} {}", said.out, said.err);
    let remembered = import(&database.url, &file, &[]).await;
    assert!(remembered.out.contains("1 unchanged"), "what was said once is remembered: {}", remembered.err);
    assert_eq!(import(&database.url, &file, &["--money", "đô la"]).await.code, Some(1));
    assert_eq!(import(&database.url, &file, &["--vsic", "2007"]).await.code, Some(2));
}

#[tokio::test]
async fn files_that_are_no_table_are_refused_with_the_reason() {
    let (folder, database) = (tempfile::tempdir().expect("a folder"), Database::sqlite());
    for (name, content, reason) in [
        ("old.xls", &b"\xd0\xcf\x11\xe0\xa1\xb1"[..], "neither CSV nor XLSX"),
        ("empty.csv", b"", "empty"),
        ("latin.csv", b"MST,T\xean\n1,2\n", "UTF-8"),
    ] {
        let said = import(&database.url, &write(folder.path(), name, content), &[]).await;
        assert_eq!(said.code, Some(1));
        assert!(said.err.contains(reason) && said.err.contains(name), "{}", said.err);
    }
    let missing = import(&database.url, &folder.path().join("khong-co.csv"), &[]).await;
    assert!(missing.err.contains("cannot read") && missing.err.contains("khong-co.csv"), "{}", missing.err);
}

#[tokio::test(flavor = "multi_thread")]
async fn somebody_of_an_association_is_added_by_its_name_and_signs_in() {
    let database = Database::sqlite();
    let add = async |email: &str, more: &[&str], password: &str| {
        let start = ["user", "add", email, "--name", "Nguyễn Thu Hà", "--database", &database.url];
        type_in(&[&start[..], more].concat(), &format!("{password}\n")).await
    };
    let of = ["--role", "association", "--association", "Hội Doanh nhân trẻ"];
    let nobody = add("ha@example.vn", &of, "một câu dễ nhớ lắm").await;
    assert_eq!(nobody.code, Some(1));
    assert!(nobody.err.contains("there are: none") && nobody.err.contains("/province/associations"), "{}", nobody.err);
    let id = server::clock::id().simple();
    let insert = format!(
        "INSERT INTO association (id, name, name_sort, four_eyes, created_at)
         VALUES (x'{id}', 'Hội Doanh nhân trẻ', 'hoi', FALSE, '2026-01-01T00:00:00Z')"
    );
    database.execute(&insert).await;
    for (more, complaint) in [
        (&["--role", "association"][..], "--association NAME"),
        (&["--role", "officer", "--association", "Hội Doanh nhân trẻ"], "goes with --role association only"),
        (&["--role", "association", "--association", "Hội khác"], "there are: Hội Doanh nhân trẻ"),
        (&["--role", "chief"], "no role \"chief\""),
        (&["--role", "enterprise"], "enterprises register themselves"),
    ] {
        let said = add("ha@example.vn", more, "một câu dễ nhớ lắm").await;
        assert_eq!(said.code, Some(1), "{more:?}");
        assert!(said.err.contains(complaint), "{more:?}: {}", said.err);
    }
    assert!(add("ha@", &of, "một câu dễ nhớ lắm").await.err.contains("no e-mail address"));
    assert!(add("ha@example.vn", &of, "ngắn").await.err.contains("shorter than 10"));
    assert_eq!(database.number("SELECT count(*) FROM account").await, 0, "nothing was changed so far");
    let added = add("ha@example.vn", &of, "một câu dễ nhớ lắm").await;
    assert_eq!((added.code, added.out.as_str()), (Some(0), "Added ha@example.vn as association.\n"), "{}", added.err);
    assert!(add("ha@example.vn", &of, "một câu dễ nhớ lắm").await.err.contains("has an account already"));
    let server = Victim::start(&database).await;
    let client = tests::Client::new(&server.base());
    client.sign_in("ha@example.vn").await;
    assert!(client.get("/association").await.html().main_text().contains("Hội Doanh nhân trẻ"));
}
