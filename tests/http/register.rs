use std::collections::BTreeMap;

use app::i18n::Tr;
use tests::{
    Page, TestServer,
    answers::{self, PASSWORD, registration, registration_with, send_registration},
    client::read,
    each_database,
};

use crate::{EN, VI};

/// What is wrong in one field: what was typed and the key of the message.
const WRONG: [(&str, &str, &str); 31] = [
    ("tax_code", "", "wrong-tax-code-empty"),
    ("tax_code", "2400123457", "wrong-tax-code-digit"),
    ("tax_code", "0000000000", "wrong-tax-code-digit"),
    ("tax_code", "24001234", "wrong-tax-code-length"),
    ("tax_code", "24001234567890123456789", "wrong-tax-code-length"),
    ("tax_code", "24OO123456", "wrong-tax-code-letters"),
    ("tax_code", "١٢٣٤٥٦٧٨٩٠", "wrong-tax-code-letters"),
    ("tax_code", "027085001234", "wrong-tax-code-form"),
    ("name", "", "wrong-name"),
    ("name", "A", "wrong-name"),
    ("name", "Công ty \u{fffd}", "wrong-unreadable"),
    ("legal_form", "", "wrong-legal-form"),
    ("legal_form", "GmbH", "wrong-legal-form"),
    ("unit", "", "wrong-unit"),
    ("unit", "99999", "wrong-unit"),
    ("industry", "", "wrong-industry"),
    ("industry", "04", "wrong-industry"),
    ("full_name", "", "wrong-full-name"),
    ("full_name", "X", "wrong-full-name"),
    ("phone", "12345", "wrong-phone"),
    ("phone", "0612345678", "wrong-phone"),
    ("phone", "+1 202 555 0100", "wrong-phone"),
    ("phone", "0912x45678", "wrong-phone"),
    ("email", "khong-co-a-cong", "wrong-email"),
    ("email", "a@b", "wrong-email"),
    ("email", "a@c.vn Bcc: x@y.vn", "wrong-email"),
    ("password", "", "password-short"),
    ("password", "ngắn quá", "password-short"),
    ("password", "1234567890", "password-common"),
    ("password", "aaaaaaaaaaaa", "password-common"),
    ("password", "nguyen thi anh", "password-common"),
];

fn message(tr: Tr, key: &'static str) -> String {
    match key {
        "password-short" => tr.with(key, [("length", "10")]),
        "password-long" => tr.with(key, [("length", "200")]),
        _ => tr.t(key).into_owned(),
    }
}

/// Asserts that a registration was refused for one field, with everything but the password kept.
#[track_caller]
fn assert_refused(page: &Page, tr: Tr, form: &[(&str, String)], field: &str, key: &'static str) {
    let typed = &form.iter().find(|(name, _)| *name == field).expect("a field").1;
    assert_eq!(page.status, 422, "{field} {typed:?}");
    let html = page.html();
    assert_eq!(html.problems(), [""; 0]);
    assert_eq!(html.lang(), Some(tr.lang.code()));
    let message = message(tr, key);
    assert_eq!(html.summary(), [(field.to_owned(), message.clone())], "{field} {typed:?}");
    assert_eq!(html.error_of(field), Some(message), "{field} {typed:?}");
    assert!(html.named("title").any(|title| title.text.starts_with(tr.t("error-word").trim_end_matches(':'))));
    let kept = html.form("/register").expect("the form again");
    for (name, value) in form {
        // Choices that do not exist cannot be chosen.
        let expected = match *name {
            "password" => "",
            "legal_form" | "unit" | "industry" if !kept.offers(name, value) => "",
            _ => value.as_str(),
        };
        assert_eq!(kept.values(name), [expected], "{name} after a wrong {field}");
    }
    assert!(!page.text.contains(PASSWORD), "the password is not sent back");
}

async fn assert_nothing_stored(server: &TestServer) {
    for table in ["enterprise", "account", "consent", "session", "assessment"] {
        assert_eq!(server.database.number(&format!("SELECT count(*) FROM {table}")).await, 0, "{table}");
    }
    assert_eq!(server.database.number("SELECT count(*) FROM audit WHERE subject = 'enterprise'").await, 0);
}

#[tokio::test]
async fn each_wrong_field_is_named_beside_it_and_in_the_summary_and_nothing_is_stored() {
    let server = TestServer::sqlite().await;
    for (lang, tr) in [("vi", VI), ("en", EN)] {
        let client = server.client();
        client.speak(lang).await;
        for (field, typed, key) in WRONG {
            let form = registration_with(1, field, typed);
            assert_refused(&send_registration(&client, &form).await, tr, &form, field, key);
        }
    }
    assert_nothing_stored(&server).await;
}

#[tokio::test]
async fn names_and_passwords_have_a_longest_length_in_signs() {
    let server = TestServer::sqlite().await;
    let long = [
        ("name", "ệ".repeat(201), "wrong-name"),
        ("full_name", "ệ".repeat(101), "wrong-full-name"),
        ("password", "một câu rất dài ".repeat(13), "password-long"),
    ];
    for (field, typed, key) in long {
        let form = registration_with(1, field, &typed);
        assert_refused(&send_registration(&server.client(), &form).await, VI, &form, field, key);
    }
    assert_nothing_stored(&server).await;
    let mut longest = registration_with(1, "name", &"ệ".repeat(200));
    longest.iter_mut().find(|(name, _)| *name == "full_name").expect("a field").1 = "ệ".repeat(100);
    assert_eq!(send_registration(&server.client(), &longest).await.status, 303);
}

#[tokio::test]
async fn the_number_of_a_branch_runs_from_001() {
    let server = TestServer::sqlite().await;
    let code = answers::tax_code(1);
    let mut form = registration_with(1, "tax_code", &format!("{code}-000"));
    form.iter_mut().find(|(name, _)| *name == "legal_form").expect("a field").1 = "CN".into();
    assert_refused(&send_registration(&server.client(), &form).await, VI, &form, "tax_code", "wrong-tax-code-branch");
    assert_nothing_stored(&server).await;
    form[0].1 = format!("{code}001");
    assert_eq!(send_registration(&server.client(), &form).await.status, 303);
    assert_eq!(server.database.texts("SELECT tax_code FROM enterprise").await, [format!("{code}-001")]);
}

#[tokio::test]
async fn a_personal_number_belongs_to_household_businesses_only() {
    let server = TestServer::sqlite().await;
    let mut form = registration_with(1, "tax_code", "027085001234");
    for legal_form in ["TNHH1", "CTCP", "HTX", "CN"] {
        form[2].1 = legal_form.into();
        let page = send_registration(&server.client(), &form).await;
        assert_refused(&page, VI, &form, "tax_code", "wrong-tax-code-form");
    }
    form[2].1 = "HKD".into();
    assert_eq!(send_registration(&server.client(), &form).await.status, 303);
}

#[tokio::test]
async fn without_phone_and_e_mail_nobody_could_sign_in() {
    let server = TestServer::sqlite().await;
    let mut form = registration_with(1, "phone", "");
    form.iter_mut().find(|(name, _)| *name == "email").expect("a field").1 = String::new();
    assert_refused(&send_registration(&server.client(), &form).await, VI, &form, "phone", "wrong-unreachable");
    assert_nothing_stored(&server).await;
    for (n, empty) in [(1, "phone"), (2, "email")] {
        let form = registration_with(n, empty, "");
        assert_eq!(send_registration(&server.client(), &form).await.status, 303, "one of the two is enough");
    }
}

#[tokio::test]
async fn without_consent_nothing_is_stored_and_no_tick_is_set_beforehand() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let empty = client.get("/register").await.form("/register");
    assert!(empty.values("consent_service").is_empty() && empty.values("consent_contact").is_empty());
    let form: Vec<_> = registration(1).into_iter().filter(|(name, _)| *name != "consent_service").collect();
    for tr in [VI, EN] {
        client.speak(tr.lang.code()).await;
        let page = send_registration(&client, &form).await;
        let html = page.html();
        let message = tr.t("wrong-consent").into_owned();
        assert_eq!(
            (page.status.as_u16(), html.summary()),
            (422, vec![("consent_service".to_owned(), message.clone())])
        );
        assert_eq!(html.error_of("consent_service"), Some(message));
    }
    assert_nothing_stored(&server).await;
}

#[tokio::test]
async fn each_consent_is_stored_with_the_version_of_its_text() {
    let server = TestServer::sqlite().await;
    let mut form = registration(1);
    form.push(("consent_contact", "yes".into()));
    assert_eq!(send_registration(&server.client(), &form).await.status, 303);
    assert_eq!(send_registration(&server.client(), &registration(2)).await.status, 303);
    let all = "SELECT purpose FROM consent WHERE text_version <> '' ORDER BY purpose";
    assert_eq!(server.database.texts(all).await, ["contact", "service", "service"]);
}

#[tokio::test]
async fn an_empty_form_lists_every_field_in_the_order_of_the_page() {
    let server = TestServer::sqlite().await;
    let html = server.client().post("/register", &[]).await.html();
    let fields: Vec<String> = html.summary().into_iter().map(|(field, _)| field).collect();
    let expected = ["tax_code", "name", "legal_form", "unit", "industry", "full_name", "password", "consent_service"];
    assert_eq!(fields, expected);
    let positions: Vec<_> = html.elements.iter().filter_map(|element| element.attribute("id")).collect();
    let at: Vec<_> = fields.iter().map(|field| positions.iter().position(|id| id == field)).collect();
    assert!(at.is_sorted() && at.iter().all(Option::is_some), "{at:?}");
}

#[tokio::test]
async fn what_belongs_to_somebody_else_is_refused_field_by_field() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        assert_eq!(send_registration(&server.client(), &registration(1)).await.status, 303);
        let taken: BTreeMap<&str, String> = registration(1).into_iter().collect();
        let cases = [("tax_code", "taken-tax-code"), ("email", "taken-email"), ("phone", "taken-phone")];
        for (field, key) in cases {
            for tr in [VI, EN] {
                let client = server.client();
                client.speak(tr.lang.code()).await;
                let form = registration_with(2, field, &taken[field]);
                assert_refused(&send_registration(&client, &form).await, tr, &form, field, key);
            }
        }
        for (field, spelling) in
            [("email", taken["email"].to_uppercase()), ("phone", format!("+84{}", &taken["phone"][1..]))]
        {
            let form = registration_with(2, field, &spelling);
            let refused = send_registration(&server.client(), &form).await;
            assert_eq!(refused.html().summary()[0].0, field, "{spelling} is the same in another spelling");
        }
        assert_eq!(server.database.number("SELECT count(*) FROM enterprise").await, 1);
        assert_eq!(server.database.number("SELECT count(*) FROM account").await, 1);
        assert_eq!(server.database.number("SELECT count(*) FROM consent").await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_same_registration_sent_eight_times_at_once_is_stored_once() {
    each_database(|database| async move {
        let server = TestServer::start(database, &[]).await;
        let mut sending = tokio::task::JoinSet::new();
        for _ in 0..8 {
            let client = server.client();
            sending.spawn(async move { send_registration(&client, &registration(1)).await.status.as_u16() });
        }
        let mut statuses = sending.join_all().await;
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422, 422, 422, 422, 422, 422, 422]);
        assert_eq!(server.database.number("SELECT count(*) FROM enterprise").await, 1);
        assert_eq!(server.database.number("SELECT count(*) FROM consent").await, 1);
    })
    .await;
}

#[tokio::test]
async fn names_typed_with_separate_tone_marks_are_stored_and_shown_composed() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let form = registration_with(1, "name", "Co\u{302}ng ty Ngo\u{323}c A\u{301}nh");
    assert_eq!(send_registration(&client, &form).await.status, 303);
    assert_eq!(server.database.texts("SELECT name FROM enterprise").await, ["Công ty Ngọc Ánh"]);
    assert!(client.get("/account").await.text.contains("Công ty Ngọc Ánh"));
}

#[tokio::test]
async fn bytes_that_are_no_text_are_shown_as_such_and_never_stored() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let encode = |(name, value): &(&str, String)| format!("{name}={}", value.replace(' ', "+"));
    for (field, bytes) in [("name", "Ngh%EC+An"), ("full_name", "Nguy%E1%BB"), ("name", "C%f4ng+ty")] {
        let form = registration_with(1, field, bytes);
        let body: Vec<String> = form.iter().map(encode).collect();
        let request = client.own("/register").header("content-type", "application/x-www-form-urlencoded");
        let page = read(request.body(body.join("&"))).await;
        assert_eq!(page.status, 422, "{bytes}");
        assert_eq!(page.html().summary(), [(field.to_owned(), VI.t("wrong-unreadable").into_owned())]);
        assert!(page.form("/register").values(field)[0].contains('\u{fffd}'), "what arrived is shown");
    }
    assert_nothing_stored(&server).await;
}

#[tokio::test]
async fn a_phone_number_is_stored_in_one_form_however_it_was_typed() {
    let server = TestServer::sqlite().await;
    let spellings =
        ["0912 345 601", "0912.345.602", "+84 912 345 603", "(0912) 345-604", "0204 3854 321", "84912345606"];
    for (n, typed) in spellings.into_iter().enumerate() {
        let form = registration_with(n, "phone", typed);
        assert_eq!(send_registration(&server.client(), &form).await.status, 303, "{typed}");
    }
    let stored = server.database.texts("SELECT phone FROM account ORDER BY id").await;
    let expected = ["+84912345601", "+84912345602", "+84912345603", "+84912345604", "+842043854321", "+84912345606"];
    assert_eq!(stored, expected);
}

#[tokio::test]
async fn what_looks_like_a_script_is_shown_as_text() {
    let server = TestServer::sqlite().await;
    let client = server.client();
    let name = "<script>alert('x')</script> & \"Con\"";
    let refused = send_registration(&client, &{
        let mut form = registration_with(1, "name", name);
        form[0].1 = "1".into();
        form
    })
    .await;
    assert_eq!(refused.form("/register").values("name"), [name]);
    assert_eq!(send_registration(&client, &registration_with(1, "name", name)).await.status, 303);
    let tasks = client.follow(client.get("/assessments").await).await;
    assert!(tasks.html().main_text().contains(name));
    assert!(!tasks.text.contains("<script>alert"));
}

#[tokio::test]
async fn white_space_around_what_was_typed_does_not_count() {
    let server = TestServer::sqlite().await;
    let mut form = registration_with(1, "name", "  Công ty Ánh Dương  ");
    form[0].1 = format!(" {} ", form[0].1);
    assert_eq!(send_registration(&server.client(), &form).await.status, 303);
    assert_eq!(server.database.texts("SELECT name FROM enterprise").await, ["Công ty Ánh Dương"]);
    assert_eq!(server.database.texts("SELECT tax_code FROM enterprise").await, [answers::tax_code(1)]);
}
