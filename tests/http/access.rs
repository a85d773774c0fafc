use model::role::Role;
use reqwest::Method;
use server::http::{Access, routes};
use tests::{
    Client, Page, TestServer,
    answers::{self, PASSWORD},
    client::read,
};

use crate::id_of;

const EVERYONE: &[Option<Role>] = &[
    None,
    Some(Role::Enterprise),
    Some(Role::Colleague),
    Some(Role::Association),
    Some(Role::Officer),
    Some(Role::Analyst),
    Some(Role::Administrator),
];
const SIGNED_IN: &[Option<Role>] = EVERYONE.split_at(1).1;
const ENTERPRISE: &[Option<Role>] = &[Some(Role::Enterprise), Some(Role::Colleague)];
const OWNER: &[Option<Role>] = &[Some(Role::Enterprise)];
const ASSOCIATION: &[Option<Role>] = &[Some(Role::Association)];
const REVIEWER: &[Option<Role>] = &[Some(Role::Association), Some(Role::Officer)];
const PARTIES: &[Option<Role>] =
    &[Some(Role::Enterprise), Some(Role::Colleague), Some(Role::Association), Some(Role::Officer)];
const OFFICER: &[Option<Role>] = &[Some(Role::Officer)];
const OFFICE: &[Option<Role>] = &[Some(Role::Officer), Some(Role::Administrator)];
const ADMINISTRATOR: &[Option<Role>] = &[Some(Role::Administrator)];
const ANALYST: &[Option<Role>] = &[Some(Role::Analyst)];
const PROVINCE: &[Option<Role>] = &[Some(Role::Officer), Some(Role::Analyst), Some(Role::Administrator)];

/// Who may call what: written down a second time on purpose, so that a change of the route table is a decision.
const EXPECTED: &[(Method, &str, &[Option<Role>])] = &[
    (Method::GET, "/", EVERYONE),
    (Method::GET, "/method", EVERYONE),
    (Method::GET, "/glossary", EVERYONE),
    (Method::GET, "/privacy", EVERYONE),
    (Method::GET, "/accessibility", EVERYONE),
    (Method::POST, "/language", EVERYONE),
    (Method::GET, "/pkg/{*name}", EVERYONE),
    (Method::GET, "/register", EVERYONE),
    (Method::POST, "/register", EVERYONE),
    (Method::GET, "/try", EVERYONE),
    (Method::POST, "/try", EVERYONE),
    (Method::POST, "/try/register", EVERYONE),
    (Method::GET, "/try/{section}/{topic}", EVERYONE),
    (Method::POST, "/try/{section}/{topic}", EVERYONE),
    (Method::GET, "/claim", EVERYONE),
    (Method::POST, "/claim", EVERYONE),
    (Method::POST, "/claim/register", EVERYONE),
    (Method::POST, "/claim/takeover", EVERYONE),
    (Method::GET, "/sign-in", EVERYONE),
    (Method::POST, "/sign-in", EVERYONE),
    (Method::POST, "/sign-out", SIGNED_IN),
    (Method::GET, "/home", SIGNED_IN),
    (Method::GET, "/account", SIGNED_IN),
    (Method::POST, "/account", SIGNED_IN),
    (Method::GET, "/account/data", SIGNED_IN),
    (Method::POST, "/account/data", ENTERPRISE),
    (Method::GET, "/account/data/{format}", SIGNED_IN),
    (Method::GET, "/account/erase", SIGNED_IN),
    (Method::POST, "/account/erase", SIGNED_IN),
    (Method::GET, "/account-closed", EVERYONE),
    (Method::GET, "/assessments", ENTERPRISE),
    (Method::POST, "/assessments", ENTERPRISE),
    (Method::GET, "/assessments/{id}", ENTERPRISE),
    (Method::GET, "/assessments/{id}/quick", ENTERPRISE),
    (Method::POST, "/assessments/{id}/kind", ENTERPRISE),
    (Method::GET, "/assessments/{id}/check", ENTERPRISE),
    (Method::POST, "/assessments/{id}/check", OWNER),
    (Method::GET, "/assessments/{id}/people", OWNER),
    (Method::POST, "/assessments/{id}/people", OWNER),
    (Method::GET, "/assessments/{id}/agree", ENTERPRISE),
    (Method::POST, "/assessments/{id}/agree", ENTERPRISE),
    (Method::GET, "/colleagues", OWNER),
    (Method::POST, "/colleagues", OWNER),
    (Method::POST, "/colleagues/{id}", OWNER),
    (Method::GET, "/assessments/{id}/receipt", ENTERPRISE),
    (Method::GET, "/assessments/{id}/result", ENTERPRISE),
    (Method::GET, "/assessments/{id}/export/{format}", ENTERPRISE),
    (Method::GET, "/assessments/{id}/links", OWNER),
    (Method::POST, "/assessments/{id}/links", OWNER),
    (Method::GET, "/shared/{token}", EVERYONE),
    (Method::GET, "/assessments/{id}/sections/{section}", ENTERPRISE),
    (Method::GET, "/assessments/{id}/sections/{section}/{topic}", ENTERPRISE),
    (Method::POST, "/assessments/{id}/sections/{section}/{topic}", ENTERPRISE),
    (Method::GET, "/actions", ENTERPRISE),
    (Method::POST, "/actions", ENTERPRISE),
    (Method::GET, "/history", ENTERPRISE),
    (Method::GET, "/review", ENTERPRISE),
    (Method::GET, "/assessments/{id}/review", ENTERPRISE),
    (Method::POST, "/assessments/{id}/review", ENTERPRISE),
    (Method::GET, "/assessments/{id}/evidence/{question}", ENTERPRISE),
    (Method::POST, "/assessments/{id}/evidence/{question}", ENTERPRISE),
    (Method::POST, "/assessments/{id}/evidence/{question}/{file}/remove", ENTERPRISE),
    (Method::GET, "/evidence/{file}", PARTIES),
    (Method::GET, "/reviews/{id}", REVIEWER),
    (Method::POST, "/reviews/{id}", REVIEWER),
    (Method::POST, "/reviews", REVIEWER),
    (Method::GET, "/province/reviews", OFFICER),
    (Method::GET, "/memberships", OWNER),
    (Method::POST, "/memberships/{membership}", OWNER),
    (Method::GET, "/association", ASSOCIATION),
    (Method::GET, "/association/file", ASSOCIATION),
    (Method::GET, "/association/comparison", ASSOCIATION),
    (Method::GET, "/association/comparison/file", ASSOCIATION),
    (Method::GET, "/association/members", ASSOCIATION),
    (Method::POST, "/association/members", ASSOCIATION),
    (Method::GET, "/association/members/{membership}", ASSOCIATION),
    (Method::POST, "/association/members/{membership}", ASSOCIATION),
    (Method::POST, "/association/members/{membership}/cancel", ASSOCIATION),
    (Method::GET, "/association/imports", ASSOCIATION),
    (Method::POST, "/association/imports", ASSOCIATION),
    (Method::GET, "/association/imports/{import}", ASSOCIATION),
    (Method::POST, "/association/imports/{import}", ASSOCIATION),
    (Method::GET, "/association/imports/{import}/rejected", ASSOCIATION),
    (Method::POST, "/association/letters", ASSOCIATION),
    (Method::GET, "/join/{token}", EVERYONE),
    (Method::POST, "/join/{token}", EVERYONE),
    (Method::GET, "/stop/{token}", EVERYONE),
    (Method::POST, "/stop/{token}", EVERYONE),
    (Method::GET, "/indicators", EVERYONE),
    (Method::GET, "/indicators/releases", EVERYONE),
    (Method::GET, "/indicators/{number}", EVERYONE),
    (Method::GET, "/indicators/{number}/{indicator}", EVERYONE),
    (Method::GET, "/data/openapi.json", EVERYONE),
    (Method::GET, "/data/releases", EVERYONE),
    (Method::GET, "/data/latest/{file}", EVERYONE),
    (Method::GET, "/data/releases/{number}/{file}", EVERYONE),
    (Method::GET, "/data/releases/{number}/indicators/{file}", EVERYONE),
    (Method::GET, "/province/releases", ANALYST),
    (Method::GET, "/province/releases/new", ANALYST),
    (Method::POST, "/province/releases/new", ANALYST),
    (Method::GET, "/province/releases/jobs/{id}", ANALYST),
    (Method::GET, "/province/releases/jobs/{id}/preview", ANALYST),
    (Method::POST, "/province/releases/jobs/{id}/note", ANALYST),
    (Method::POST, "/province/releases/jobs/{id}/issue", ANALYST),
    (Method::GET, "/province/releases/jobs/{id}/archive", ANALYST),
    (Method::GET, "/province", PROVINCE),
    (Method::GET, "/province/mail", ADMINISTRATOR),
    (Method::POST, "/province/mail", ADMINISTRATOR),
    (Method::GET, "/province/mail/{id}", ADMINISTRATOR),
    (Method::POST, "/province/mail/{id}/resend", ADMINISTRATOR),
    (Method::GET, "/province/register", PROVINCE),
    (Method::GET, "/province/register/entries/{tax_code}", PROVINCE),
    (Method::POST, "/province/register/entries/{tax_code}/code", OFFICE),
    (Method::GET, "/province/register/codes", OFFICE),
    (Method::POST, "/province/register/codes", OFFICE),
    (Method::GET, "/province/register/imports", OFFICE),
    (Method::POST, "/province/register/imports", OFFICE),
    (Method::GET, "/province/register/imports/{import}", OFFICE),
    (Method::POST, "/province/register/imports/{import}", OFFICE),
    (Method::GET, "/province/register/imports/{import}/rejected", OFFICE),
    (Method::GET, "/province/register/snapshots", PROVINCE),
    (Method::POST, "/province/register/snapshots", OFFICE),
    (Method::GET, "/province/response", PROVINCE),
    (Method::POST, "/province/response", OFFICE),
    (Method::GET, "/province/response/call", OFFICE),
    (Method::GET, "/province/response/call/file", OFFICE),
    (Method::GET, "/associations/apply", EVERYONE),
    (Method::POST, "/associations/apply", EVERYONE),
    (Method::GET, "/province/applications", OFFICE),
    (Method::GET, "/province/applications/{application}", OFFICE),
    (Method::POST, "/province/applications/{application}", OFFICE),
    (Method::GET, "/province/settings", ADMINISTRATOR),
    (Method::POST, "/province/settings", ADMINISTRATOR),
    (Method::GET, "/province/audit", ADMINISTRATOR),
    (Method::GET, "/province/audit/export", ADMINISTRATOR),
    (Method::GET, "/province/questionnaires", ADMINISTRATOR),
    (Method::POST, "/province/questionnaires", ADMINISTRATOR),
    (Method::GET, "/province/questionnaires/{id}/{version}", ADMINISTRATOR),
    (Method::POST, "/province/questionnaires/{id}/{version}", ADMINISTRATOR),
    (Method::GET, "/province/questionnaires/{id}/{version}/compare", ADMINISTRATOR),
    (Method::GET, "/province/accounts", ADMINISTRATOR),
    (Method::POST, "/province/accounts", ADMINISTRATOR),
    (Method::GET, "/province/accounts/{id}", ADMINISTRATOR),
    (Method::POST, "/province/accounts/{id}/{step}", ADMINISTRATOR),
    (Method::GET, "/invitation/{token}", EVERYONE),
    (Method::POST, "/invitation/{token}", EVERYONE),
    (Method::GET, "/province/campaigns", PROVINCE),
    (Method::POST, "/province/campaigns", OFFICE),
    (Method::GET, "/province/campaigns/new", OFFICE),
    (Method::GET, "/province/campaigns/{id}", PROVINCE),
    (Method::POST, "/province/campaigns/{id}", OFFICE),
    (Method::POST, "/province/campaigns/{id}/{step}", OFFICE),
    (Method::GET, "/province/campaigns/{id}/groups", PROVINCE),
    (Method::POST, "/province/campaigns/{id}/groups", OFFICE),
    (Method::GET, "/province/campaigns/{id}/groups/new", OFFICE),
    (Method::GET, "/province/campaigns/{id}/groups/{group}", PROVINCE),
    (Method::POST, "/province/campaigns/{id}/groups/{group}", OFFICE),
    (Method::POST, "/province/campaigns/{id}/groups/{group}/codes", OFFICE),
    (Method::GET, "/province/associations", OFFICE),
    (Method::POST, "/province/associations", OFFICE),
    (Method::GET, "/province/associations/{association}", OFFICE),
    (Method::POST, "/province/associations/{association}", OFFICE),
    (Method::POST, "/province/associations/{association}/accounts", OFFICE),
];

/// The address of a route for one assessment.
fn address(path: &str, id: &str) -> String {
    let filled =
        path.replace("{id}", id).replace("{section}", "P1").replace("{topic}", "plan").replace("{step}", "open");
    let filled = filled
        .replace("{membership}", id)
        .replace("{association}", id)
        .replace("{token}", "abc")
        .replace("{question}", "Q301")
        .replace("{application}", id)
        .replace("{group}", id)
        .replace("evidence/{file}", &format!("evidence/{id}"))
        .replace("Q301/{file}", &format!("Q301/{id}"))
        .replace("{version}", "1");
    let filled = filled.replace("{import}", "00000000-0000-0000-0000-000000000000").replace("{tax_code}", "0100109106");
    filled.replace("{*name}", "nothing.css")
}

async fn call(client: &Client, method: &Method, address: &str) -> Page {
    if *method == Method::GET {
        return client.get(address).await;
    }
    client.post(address, &[("_revision", "0")]).await
}

fn email(role: Role) -> String {
    if role == Role::Enterprise { answers::email(1) } else { format!("{}@example.vn", role.as_str()) }
}

#[test]
fn the_route_table_says_what_was_decided() {
    let table = routes::all().table;
    for route in &table {
        let expected = EXPECTED.iter().find(|(method, path, _)| (method, *path) == (&route.method, route.path));
        let (_, _, roles) =
            expected.unwrap_or_else(|| panic!("{} {} is new: who may call it?", route.method, route.path));
        for role in EVERYONE {
            let (method, path) = (&route.method, route.path);
            assert_eq!(route.access.allows(*role), roles.contains(role), "{method} {path} for {role:?}");
        }
    }
    for (method, path, _) in EXPECTED {
        assert!(table.iter().any(|route| (&route.method, route.path) == (method, *path)), "{method} {path} is gone");
    }
    assert_eq!(table.len(), EXPECTED.len(), "a route stands twice in the table");
}

#[tokio::test]
async fn every_route_answers_every_role_as_the_table_says() {
    let server = TestServer::sqlite().await;
    let assessment = answers::register(&server.client(), 1).await;
    for role in Role::ALL.into_iter().filter(|role| *role != Role::Enterprise) {
        server.add_account(role, &email(role)).await;
    }
    for role in EVERYONE {
        let client = server.client();
        for route in routes::all().table {
            // Signing out and the like must not decide the next call.
            if let Some(role) = role
                && client.get("/home").await.location.is_some_and(|location| location.starts_with("/sign-in"))
            {
                client.sign_in(&email(*role)).await;
            }
            let page = call(&client, &route.method, &address(route.path, id_of(&assessment))).await;
            let place = format!("{} {} for {role:?}", route.method, route.path);
            check(&place, &page, &route.method, route.access, *role);
        }
    }
}

fn check(place: &str, page: &Page, method: &Method, access: Access, role: Option<Role>) {
    let to_sign_in = page.location.as_deref().is_some_and(|location| location.starts_with("/sign-in"));
    let is_refused = to_sign_in || matches!(page.status.as_u16(), 401 | 403);
    assert_eq!(is_refused, !access.allows(role), "{place}: {}", page.status);
    assert!(!page.status.is_server_error(), "{place}: {}", page.status);
    if !is_refused {
        return;
    }
    let expected = match (role, method == Method::GET) {
        (Some(_), _) => 403,
        (None, true) => 303,
        (None, false) => 401,
    };
    assert_eq!(page.status, expected, "{place}");
    if page.status != 303 {
        assert_eq!(page.html().problems(), [""; 0], "{place} is a whole page");
    }
}

#[tokio::test]
async fn another_enterprises_assessment_is_not_found_on_any_route() {
    let server = TestServer::sqlite().await;
    let (owner, other) = (server.client(), server.client());
    let assessment = answers::submitted(&owner, 1).await;
    answers::register(&other, 2).await;
    let foreign = id_of(&assessment).to_owned();
    let unknown = server::clock::id().to_string();
    let mut walked = 0;
    for route in routes::all().table.iter().filter(|route| route.path.starts_with("/assessments/{id}")) {
        for id in [&foreign, &unknown] {
            let page = call(&other, &route.method, &address(route.path, id)).await;
            assert_eq!(page.status, 404, "{} {}", route.method, route.path);
            assert!(!page.text.contains("Đức Điện 1"), "{} {}", route.method, route.path);
            walked += 1;
        }
        let broken = call(&other, &route.method, &address(route.path, "not-an-id")).await;
        assert!(broken.status.is_client_error(), "{} {}: {}", route.method, route.path, broken.status);
        assert_eq!(broken.html().problems(), [""; 0]);
    }
    assert!(walked >= 16, "{walked} calls");
    assert_eq!(owner.get(&format!("{assessment}/result")).await.status, 200);
}

#[tokio::test]
async fn background_saves_without_a_session_get_a_bare_401() {
    let server = TestServer::sqlite().await;
    let assessment = answers::register(&server.client(), 1).await;
    let page = server.client().autosave(&format!("{assessment}/sections/P1/plan"), &[("_revision", "0")]).await;
    assert_eq!((page.status.as_u16(), page.text.as_str()), (401, ""));
}

#[tokio::test]
async fn after_signing_in_one_lands_on_the_page_that_was_asked_for() {
    let server = TestServer::sqlite().await;
    let assessment = answers::register(&server.client(), 1).await;
    let client = server.client();
    let asked = format!("{assessment}/check");
    let sign_in = client.follow(client.get(&asked).await).await;
    let form = sign_in.form("/sign-in").set("name", &[&answers::email(1)]).set("password", &[PASSWORD]);
    assert_eq!(client.submit(&form).await.location, Some(asked));
}

#[tokio::test]
async fn each_role_has_its_first_page() {
    let server = TestServer::sqlite().await;
    answers::register(&server.client(), 1).await;
    for role in Role::ALL {
        if role != Role::Enterprise {
            server.add_account(role, &email(role)).await;
        }
        let client = server.client();
        client.sign_in(&email(role)).await;
        let home = client.follow(client.get("/home").await).await;
        assert_eq!(home.status, 200, "{role:?}");
        assert_eq!(home.html().problems(), [""; 0], "{role:?}");
    }
}

#[tokio::test]
async fn a_head_request_is_answered_without_a_body_and_other_methods_are_refused() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let head = read(client.request(Method::HEAD, "/")).await;
    assert_eq!((head.status.as_u16(), head.text.as_str()), (200, ""));
    for method in [Method::PUT, Method::DELETE, Method::PATCH, Method::OPTIONS] {
        let page = read(client.request(method.clone(), "/method").header("sec-fetch-site", "same-origin")).await;
        assert_eq!(page.status, 405, "{method}");
        assert!(page.header("allow").contains("GET"), "{method}: {:?}", page.headers);
    }
    assert_eq!(client.post("/method", &[]).await.status, 405, "a POST to a page that takes none");
}
