//! Journeys and refusals through HTTP, on a real server with a real database, by a client without scripts.

mod access;
mod accounts;
mod actions;
mod application;
mod association;
mod audit;
mod board;
mod campaign;
mod claim;
mod colleague;
mod comparison;
mod csrf;
mod demo;
mod errors;
mod evidence;
mod exchange;
mod groups;
mod headers;
mod health;
mod journey;
mod language;
mod last_time;
mod link;
mod mail;
mod member_import;
mod members;
mod peers;
mod personal;
mod planning;
mod province_register;
mod questionnaires;
mod quick;
mod register;
mod releases;
mod review;
mod save;
mod session;
mod settings;
mod sign_in;
mod slow_upload;
mod submit;
mod surfaces;
mod topic;
mod tried;
mod warnings;

use app::i18n::Tr;
use model::text::Lang;
use tests::{
    Client, Page, TestServer,
    answers::{self, case_a},
};

/// The interface texts in Vietnamese.
const VI: Tr = Tr { lang: Lang::Vi };
/// The interface texts in English.
const EN: Tr = Tr { lang: Lang::En };

/// The last part of an assessment's address.
fn id_of(assessment: &str) -> &str {
    assessment.rsplit('/').next().expect("an address with an id")
}

/// Asserts an error page: its status, its title as first heading in the reader's language, well-formed and whole.
#[track_caller]
fn assert_error(page: &Page, status: u16, tr: Tr, title: &'static str) {
    assert_eq!(page.status, status, "{}", page.text);
    let html = page.html();
    assert_eq!(html.problems(), [""; 0], "{}", page.text);
    assert_eq!(html.lang(), Some(tr.lang.code()));
    assert_eq!(html.named("h1").next().map(|heading| heading.text.as_str()), Some(&*tr.t(title)));
}

/// What the error summary of a page says.
fn messages(page: &Page) -> Vec<String> {
    page.html().summary().into_iter().map(|(_, message)| message).collect()
}

/// The address of a page of questions.
fn topic(assessment: &str, place: &str) -> String {
    format!("{assessment}/sections/{place}")
}

/// The value of a field as its page shows it now.
async fn shown(client: &Client, address: &str, question: &str) -> Vec<String> {
    let form = client.get(address).await.form(address);
    form.values(question).into_iter().map(ToOwned::to_owned).collect()
}

/// An enterprise whose profile is answered like case A; its assessment's address.
async fn profiled(client: &Client) -> String {
    let assessment = answers::register(client, 1).await;
    answers::answer_section(client, &assessment, "profile", &case_a()).await;
    assessment
}

/// Everything that is stored of the only assessment: its revision and its answers.
async fn stored(server: &TestServer) -> (i64, Vec<String>) {
    let revision = server.database.number("SELECT revision FROM assessment").await;
    (revision, server.database.texts("SELECT CAST(answers AS TEXT) FROM assessment").await)
}
