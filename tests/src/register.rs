//! A register of enterprises, as an import would leave it.

use model::{
    register::{Cell, Mapping, read},
    role::Role,
};
use server::{
    clock,
    store::{Batch, NewImport},
};

use crate::{Client, TestServer, answers::tax_code};

/// Puts "Công ty TNHH Gốm 001" to `count` with their tax codes into the register, each with the address that `email` says
/// (none when empty), and answers the officer, signed in.
///
/// # Panics
/// When the database fails.
pub async fn officer(server: &TestServer, count: usize, email: impl Fn(usize) -> String) -> Client {
    let headers = ["MST", "Tên", "Xã", "Ngành", "Lao động", "Vốn", "Email"].map(ToOwned::to_owned);
    let mapping = Mapping::propose(&headers);
    let new = NewImport {
        id: clock::id(),
        file_name: "danh-ba.csv",
        format: "csv",
        headers: &headers,
        mapping: &mapping,
        lines: 1,
        content: b"x",
        account: None,
        event: clock::id(),
        at: clock::now(),
    };
    let store = server.app.store();
    store.add_import(&new).await.expect("stored");
    assert!(store.start_import(new.id, None, clock::id(), clock::now()).await.expect("started"));
    let entry = |n: usize| {
        let (code, name, email) = (tax_code(n), format!("Công ty TNHH Gốm {n:03}"), email(n));
        let row = [code.as_str(), &name, "Phường Thọ Xương", "4773", "9", "2000000000", &email];
        read(&mapping, &row.map(|text| Cell::Text(text.to_owned()))).expect("a good row")
    };
    let batch = Batch { entries: (1..=count).map(entry).collect(), rejected: Vec::new() };
    store.apply_batch(new.id, &batch, clock::now()).await.expect("the database works").expect("it runs");
    server.add_account(Role::Officer, "can-bo@example.vn").await;
    let client = server.client();
    client.sign_in("can-bo@example.vn").await;
    client
}
