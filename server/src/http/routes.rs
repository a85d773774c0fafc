//! The route table: method, address, who may call it, what answers.

use axum::{extract::DefaultBodyLimit, handler::Handler as _};

use super::{
    access::{
        ADMINISTRATOR, ANALYST, ASSOCIATION, Access, ENTERPRISE, OFFICE, OFFICER, OWNER, PARTIES, PROVINCE, REVIEWER,
        Routes,
    },
    account, actions, application, assessment, assets, association, board, claim, colleague, comparison, evidence,
    export, forms, history, indicators, invitation, link, member, member_import, member_letter, membership, open_data,
    personal, province, public, quick, register, review, reviews, sign_in, submit, takeover, topic, tried, upload,
};
use crate::import;

/// Every route of the application.
#[must_use]
pub fn all() -> Routes {
    administration(releases(province(evidence_files(associations(register_and_response(Routes::new()))))))
        .get("/", Access::Everyone, public::start)
        .get("/method", Access::Everyone, public::method)
        .get("/glossary", Access::Everyone, public::glossary)
        .get("/privacy", Access::Everyone, public::privacy)
        .get("/accessibility", Access::Everyone, public::accessibility)
        .post("/language", Access::Everyone, public::language)
        .get("/pkg/{*name}", Access::Everyone, assets::file)
        .get("/register", Access::Everyone, register::form)
        .post("/register", Access::Everyone, register::send)
        .get("/try", Access::Everyone, tried::form)
        .post("/try", Access::Everyone, tried::begin)
        .post("/try/register", Access::Everyone, tried::register)
        .get("/try/{section}/{topic}", Access::Everyone, tried::again)
        .post("/try/{section}/{topic}", Access::Everyone, tried::send)
        .get("/claim", Access::Everyone, claim::form)
        .post("/claim", Access::Everyone, claim::send)
        .post("/claim/register", Access::Everyone, claim::register)
        .post("/claim/takeover", Access::Everyone, takeover::send)
        .get("/sign-in", Access::Everyone, sign_in::form)
        .post("/sign-in", Access::Everyone, sign_in::send)
        .post("/sign-out", Access::SignedIn, sign_in::sign_out)
        .get("/home", Access::SignedIn, public::home)
        .get("/account", Access::SignedIn, account::form)
        .post("/account", Access::SignedIn, account::change_password)
        .get("/account/data", Access::SignedIn, personal::show)
        .post("/account/data", ENTERPRISE, personal::choose)
        .get("/account/data/{format}", Access::SignedIn, personal::download)
        .get("/account/erase", Access::SignedIn, personal::erasure)
        .post("/account/erase", Access::SignedIn, personal::erase)
        .get("/account-closed", Access::Everyone, personal::closed)
        .get("/assessments", ENTERPRISE, assessment::current)
        .post("/assessments", ENTERPRISE, assessment::begin)
        .get("/assessments/{id}", ENTERPRISE, assessment::tasks)
        .get("/assessments/{id}/quick", ENTERPRISE, quick::result)
        .post("/assessments/{id}/kind", ENTERPRISE, quick::choose)
        .get("/assessments/{id}/check", ENTERPRISE, submit::check)
        .post("/assessments/{id}/check", OWNER, submit::send)
        .get("/assessments/{id}/people", OWNER, colleague::assignments)
        .post("/assessments/{id}/people", OWNER, colleague::assign)
        .get("/assessments/{id}/agree", ENTERPRISE, colleague::agree_form)
        .post("/assessments/{id}/agree", ENTERPRISE, colleague::agree)
        .get("/colleagues", OWNER, colleague::list)
        .post("/colleagues", OWNER, colleague::invite)
        .post("/colleagues/{id}", OWNER, colleague::change)
        .get("/assessments/{id}/receipt", ENTERPRISE, submit::receipt)
        .get("/assessments/{id}/result", ENTERPRISE, assessment::result)
        .get("/assessments/{id}/export/{format}", ENTERPRISE, export::download)
        .get("/assessments/{id}/links", OWNER, link::list)
        .post("/assessments/{id}/links", OWNER, link::change)
        .get("/shared/{token}", Access::Everyone, link::shared)
        .get("/assessments/{id}/sections/{section}", ENTERPRISE, topic::first)
        .get("/assessments/{id}/sections/{section}/{topic}", ENTERPRISE, topic::form)
        .post("/assessments/{id}/sections/{section}/{topic}", ENTERPRISE, topic::send)
        .get("/actions", ENTERPRISE, actions::list)
        .post("/actions", ENTERPRISE, actions::decide)
        .get("/history", ENTERPRISE, history::list)
}

/// Memberships and reviews.
fn associations(routes: Routes) -> Routes {
    // A file of members is larger than any form.
    let file = member_import::upload.layer(DefaultBodyLimit::max(import::members::LARGEST + forms::LIMIT));
    routes
        .get("/review", ENTERPRISE, review::current)
        .get("/assessments/{id}/review", ENTERPRISE, review::exchange)
        .post("/assessments/{id}/review", ENTERPRISE, review::answer)
        .get("/reviews/{id}", REVIEWER, review::show)
        .post("/reviews/{id}", REVIEWER, review::act)
        .post("/reviews", REVIEWER, reviews::accept)
        .get("/province/reviews", OFFICER, reviews::list)
        .get("/memberships", OWNER, membership::list)
        .post("/memberships/{membership}", OWNER, membership::decide)
        .get("/association", ASSOCIATION, board::show)
        .get("/association/file", ASSOCIATION, board::file)
        .get("/association/comparison", ASSOCIATION, comparison::show)
        .get("/association/comparison/file", ASSOCIATION, comparison::file)
        .get("/association/members", ASSOCIATION, member::list)
        .post("/association/members", ASSOCIATION, member::add)
        .get("/association/members/{membership}", ASSOCIATION, member::show)
        .post("/association/members/{membership}", ASSOCIATION, member::change)
        .post("/association/members/{membership}/cancel", ASSOCIATION, member::cancel)
        .get("/association/imports", ASSOCIATION, member_import::form)
        .upload("/association/imports", ASSOCIATION, file)
        .get("/association/imports/{import}", ASSOCIATION, member_import::show)
        .post("/association/imports/{import}", ASSOCIATION, member_import::act)
        .get("/association/imports/{import}/rejected", ASSOCIATION, member_import::rejected)
        .post("/association/letters", ASSOCIATION, member_letter::send)
        .get("/join/{token}", Access::Everyone, register::join_form)
        .post("/join/{token}", Access::Everyone, register::join)
        .get("/stop/{token}", Access::Everyone, member_letter::ask_stop)
        .post("/stop/{token}", Access::Everyone, member_letter::stop_now)
}

/// Evidence files.
fn evidence_files(routes: Routes) -> Routes {
    // Larger files than are taken arrive, too, so that the page says so.
    let file = evidence::send.layer(DefaultBodyLimit::max(upload::MOST));
    routes
        .get("/assessments/{id}/evidence/{question}", ENTERPRISE, evidence::form)
        .upload("/assessments/{id}/evidence/{question}", ENTERPRISE, file)
        .post("/assessments/{id}/evidence/{question}/{file}/remove", ENTERPRISE, evidence::remove)
        .get("/evidence/{file}", PARTIES, evidence::open)
}

/// The province's pages.
fn province(routes: Routes) -> Routes {
    routes
        .get("/province", PROVINCE, province::overview)
        .get("/associations/apply", Access::Everyone, application::form)
        .post("/associations/apply", Access::Everyone, application::send)
        .get("/province/applications", OFFICE, application::list)
        .get("/province/applications/{application}", OFFICE, application::one)
        .post("/province/applications/{application}", OFFICE, application::decide)
        .get("/invitation/{token}", Access::Everyone, invitation::form)
        .post("/invitation/{token}", Access::Everyone, invitation::send)
        .get("/province/associations", OFFICE, association::list)
        .post("/province/associations", OFFICE, association::add)
        .get("/province/associations/{association}", OFFICE, association::one)
        .post("/province/associations/{association}", OFFICE, association::change)
        .post("/province/associations/{association}/accounts", OFFICE, association::add_person)
}

/// The register of enterprises, and who of it has answered.
fn register_and_response(routes: Routes) -> Routes {
    // A file of the register is larger than any form.
    let file = province::import::upload.layer(DefaultBodyLimit::max(import::file::LARGEST + forms::LIMIT));
    routes
        .get("/province/register", PROVINCE, province::register::list)
        .get("/province/register/entries/{tax_code}", PROVINCE, province::register::entry)
        .post("/province/register/entries/{tax_code}/code", OFFICE, province::claims::one)
        .get("/province/register/codes", OFFICE, province::claims::form)
        .post("/province/register/codes", OFFICE, province::claims::many)
        .get("/province/register/imports", OFFICE, province::import::form)
        .upload("/province/register/imports", OFFICE, file)
        .get("/province/register/imports/{import}", OFFICE, province::import::show)
        .post("/province/register/imports/{import}", OFFICE, province::import::act)
        .get("/province/register/imports/{import}/rejected", OFFICE, province::import::rejected)
        .get("/province/register/snapshots", PROVINCE, province::register::snapshots)
        .post("/province/register/snapshots", OFFICE, province::register::take_snapshot)
        .get("/province/response", PROVINCE, province::response::dashboard)
        .post("/province/response", OFFICE, province::response::attach)
        .get("/province/response/call", OFFICE, province::response::calls)
        .get("/province/response/call/file", OFFICE, province::response::call_file)
}

/// Campaigns, questionnaires, accounts, mail and the log.
fn administration(routes: Routes) -> Routes {
    routes
        .get("/province/mail", ADMINISTRATOR, province::mail::list)
        .post("/province/mail", ADMINISTRATOR, province::mail::test)
        .get("/province/mail/{id}", ADMINISTRATOR, province::mail::message)
        .post("/province/mail/{id}/resend", ADMINISTRATOR, province::mail::resend)
        .get("/province/settings", ADMINISTRATOR, province::settings::form)
        .post("/province/settings", ADMINISTRATOR, province::settings::send)
        .get("/province/audit", ADMINISTRATOR, province::audit::list)
        .get("/province/audit/export", ADMINISTRATOR, province::audit::export)
        .get("/province/questionnaires", ADMINISTRATOR, province::questionnaires::list)
        .upload("/province/questionnaires", ADMINISTRATOR, province::questionnaires::upload)
        .get("/province/questionnaires/{id}/{version}", ADMINISTRATOR, province::questionnaires::preview)
        .post("/province/questionnaires/{id}/{version}", ADMINISTRATOR, province::questionnaires::publish)
        .get("/province/questionnaires/{id}/{version}/compare", ADMINISTRATOR, province::questionnaires::comparison)
        .get("/province/accounts", ADMINISTRATOR, province::accounts::list)
        .post("/province/accounts", ADMINISTRATOR, province::accounts::create)
        .get("/province/accounts/{id}", ADMINISTRATOR, province::accounts::account)
        .post("/province/accounts/{id}/{step}", ADMINISTRATOR, province::accounts::step)
        .get("/province/campaigns", PROVINCE, province::campaigns::list)
        .post("/province/campaigns", OFFICE, province::campaigns::create)
        .get("/province/campaigns/new", OFFICE, province::campaigns::new)
        .get("/province/campaigns/{id}", PROVINCE, province::campaigns::campaign)
        .post("/province/campaigns/{id}", OFFICE, province::campaigns::edit)
        .post("/province/campaigns/{id}/{step}", OFFICE, province::campaigns::step)
        .get("/province/campaigns/{id}/groups", PROVINCE, province::groups::list)
        .post("/province/campaigns/{id}/groups", OFFICE, province::groups::make)
        .get("/province/campaigns/{id}/groups/new", OFFICE, province::groups::new)
        .get("/province/campaigns/{id}/groups/{group}", PROVINCE, province::groups::one)
        .post("/province/campaigns/{id}/groups/{group}", OFFICE, province::groups::act)
        .post("/province/campaigns/{id}/groups/{group}/codes", OFFICE, province::groups::codes)
}

/// Releases: what everybody reads, and what the analyst does.
fn releases(routes: Routes) -> Routes {
    routes
        .get("/indicators", Access::Everyone, indicators::latest)
        .get("/indicators/releases", Access::Everyone, indicators::list)
        .get("/indicators/{number}", Access::Everyone, indicators::release)
        .get("/indicators/{number}/{indicator}", Access::Everyone, indicators::indicator)
        .get("/data/openapi.json", Access::Everyone, open_data::openapi)
        .get("/data/releases", Access::Everyone, open_data::releases)
        .get("/data/latest/{file}", Access::Everyone, open_data::latest)
        .get("/data/releases/{number}/{file}", Access::Everyone, open_data::file)
        .get("/data/releases/{number}/indicators/{file}", Access::Everyone, open_data::indicator)
        .get("/province/releases", ANALYST, province::releases::overview)
        .get("/province/releases/new", ANALYST, province::releases::choose)
        .post("/province/releases/new", ANALYST, province::releases::begin)
        .get("/province/releases/jobs/{id}", ANALYST, province::releases::job)
        .get("/province/releases/jobs/{id}/preview", ANALYST, province::releases::preview)
        .post("/province/releases/jobs/{id}/note", ANALYST, province::releases::note)
        .post("/province/releases/jobs/{id}/issue", ANALYST, province::releases::issue)
        .get("/province/releases/jobs/{id}/archive", ANALYST, province::releases::archive)
}
