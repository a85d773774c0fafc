//! The route table: method, address, who may call it, what answers.

use super::{
    access::{ADMINISTRATOR, ASSOCIATION, Access, ENTERPRISE, OFFICE, PROVINCE, Routes},
    account, actions, assessment, assets, association, board, history, member, membership, province, public, quick,
    register, sign_in, submit, topic,
};

/// Every route of the application.
#[must_use]
pub fn all() -> Routes {
    Routes::new()
        .get("/", Access::Everyone, public::start)
        .get("/method", Access::Everyone, public::method)
        .get("/privacy", Access::Everyone, public::privacy)
        .get("/accessibility", Access::Everyone, public::accessibility)
        .post("/language", Access::Everyone, public::language)
        .get("/pkg/{*name}", Access::Everyone, assets::file)
        .get("/register", Access::Everyone, register::form)
        .post("/register", Access::Everyone, register::send)
        .get("/sign-in", Access::Everyone, sign_in::form)
        .post("/sign-in", Access::Everyone, sign_in::send)
        .post("/sign-out", Access::SignedIn, sign_in::sign_out)
        .get("/home", Access::SignedIn, public::home)
        .get("/account", Access::SignedIn, account::form)
        .post("/account", Access::SignedIn, account::change_password)
        .get("/assessments", ENTERPRISE, assessment::current)
        .post("/assessments", ENTERPRISE, assessment::begin)
        .get("/assessments/{id}", ENTERPRISE, assessment::tasks)
        .get("/assessments/{id}/quick", ENTERPRISE, quick::result)
        .post("/assessments/{id}/kind", ENTERPRISE, quick::choose)
        .get("/assessments/{id}/check", ENTERPRISE, submit::check)
        .post("/assessments/{id}/check", ENTERPRISE, submit::send)
        .get("/assessments/{id}/receipt", ENTERPRISE, submit::receipt)
        .get("/assessments/{id}/result", ENTERPRISE, assessment::result)
        .get("/assessments/{id}/sections/{section}", ENTERPRISE, topic::first)
        .get("/assessments/{id}/sections/{section}/{topic}", ENTERPRISE, topic::form)
        .post("/assessments/{id}/sections/{section}/{topic}", ENTERPRISE, topic::send)
        .get("/actions", ENTERPRISE, actions::list)
        .post("/actions", ENTERPRISE, actions::decide)
        .get("/history", ENTERPRISE, history::list)
        .get("/memberships", ENTERPRISE, membership::list)
        .post("/memberships/{membership}", ENTERPRISE, membership::decide)
        .get("/association", ASSOCIATION, board::show)
        .get("/association/members", ASSOCIATION, member::list)
        .post("/association/members", ASSOCIATION, member::add)
        .post("/association/members/{membership}/cancel", ASSOCIATION, member::cancel)
        .get("/province", PROVINCE, province::overview)
        .get("/province/mail", ADMINISTRATOR, province::mail::list)
        .post("/province/mail", ADMINISTRATOR, province::mail::test)
        .get("/province/mail/{id}", ADMINISTRATOR, province::mail::message)
        .post("/province/mail/{id}/resend", ADMINISTRATOR, province::mail::resend)
        .get("/province/campaigns", PROVINCE, province::campaigns::list)
        .post("/province/campaigns", OFFICE, province::campaigns::create)
        .get("/province/campaigns/new", OFFICE, province::campaigns::new)
        .get("/province/campaigns/{id}", PROVINCE, province::campaigns::campaign)
        .post("/province/campaigns/{id}", OFFICE, province::campaigns::edit)
        .post("/province/campaigns/{id}/{step}", OFFICE, province::campaigns::step)
        .get("/province/associations", OFFICE, association::list)
        .post("/province/associations", OFFICE, association::add)
        .get("/province/associations/{association}", OFFICE, association::one)
        .post("/province/associations/{association}", OFFICE, association::change)
        .post("/province/associations/{association}/accounts", OFFICE, association::add_person)
}
