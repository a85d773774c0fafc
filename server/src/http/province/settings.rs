//! The settings of the province, for the administrator.

use app::{
    pages::province::settings::{self, SettingsPage},
    ui::errors::Mistake,
};
use axum::{
    extract::State,
    http::StatusCode,
    response::{IntoResponse as _, Redirect, Response},
};
use model::{enterprise::Email, text::nfc};

use crate::{
    clock,
    error::Error,
    http::{App, context::Cx, forms::Pairs},
    store::{
        By,
        setting::{REMINDER_DAYS, Settings},
    },
};

/// The longest name, number or text, in characters: all stand on one line of the footer.
const LONGEST: usize = 160;

/// `GET /province/settings`
pub async fn form(cx: Cx) -> Result<Response, Error> {
    let stored = cx.settings.clone();
    let page = SettingsPage {
        owner: stored.owner.clone(),
        email: stored.email.clone().unwrap_or_default(),
        phone: stored.phone.clone().unwrap_or_default(),
        help_vi: stored.help_vi.clone().unwrap_or_default(),
        help_en: stored.help_en.clone().unwrap_or_default(),
        lang: stored.lang.code().to_owned(),
        reminder_days: stored.reminder_days.to_string(),
        four_eyes: stored.four_eyes,
        changed: cx.query().has("changed"),
        mistakes: Vec::new(),
    };
    Ok(show(&cx, page))
}

/// `POST /province/settings`: changes all of them or none.
pub async fn send(State(app): State<App>, cx: Cx, form: Pairs) -> Result<Response, Error> {
    let text = |name: &str| Some(nfc(form.get(name))).filter(|typed| !typed.is_empty());
    let email = text("email").map(|typed| Email::parse(&typed).map_or(typed, |email| email.as_str().to_owned()));
    let days: Option<i64> = form.get("reminder_days").trim().parse().ok();
    let mistakes = mistakes(&cx, &form, email.as_deref(), days);
    let (Some(reminder_days), Ok(lang), true) = (days, form.get("lang").parse(), mistakes.is_empty()) else {
        let get = |name: &str| form.get(name).to_owned();
        let page = SettingsPage {
            owner: get("owner"),
            email: get("email"),
            phone: get("phone"),
            help_vi: get("help_vi"),
            help_en: get("help_en"),
            lang: get("lang"),
            reminder_days: get("reminder_days"),
            four_eyes: form.has("four_eyes"),
            changed: false,
            mistakes,
        };
        return Ok(show(&cx, page));
    };
    let new = Settings {
        owner: nfc(form.get("owner")),
        email,
        phone: text("phone"),
        help_vi: text("help_vi"),
        help_en: text("help_en"),
        lang,
        reminder_days,
        four_eyes: form.has("four_eyes"),
    };
    let account = cx.visitor.as_ref().ok_or(Error::Forbidden)?.account;
    app.store().change_settings(&new, &By { account, event: clock::id(), at: cx.now }).await?;
    app.settings_changed();
    Ok(Redirect::to("/province/settings?changed").into_response())
}

fn mistakes(cx: &Cx, form: &Pairs, email: Option<&str>, days: Option<i64>) -> Vec<Mistake> {
    let tr = cx.tr();
    let fits = |name: &str| {
        let typed = nfc(form.get(name));
        typed.chars().count() <= LONGEST && !typed.contains('\u{fffd}')
    };
    let phone = nfc(form.get("phone"));
    let is_number = phone.chars().all(|c| c.is_ascii_digit() || matches!(c, ' ' | '+' | '.' | '-' | '(' | ')' | '/'));
    let long = || tr.with("settings-long", [("most", &LONGEST.to_string())]);
    let checks = [
        (
            "owner",
            nfc(form.get("owner")).chars().count() >= 2 && fits("owner"),
            tr.t("settings-wrong-owner").into_owned(),
        ),
        ("email", email.is_none_or(|email| Email::parse(email).is_some()), tr.t("wrong-email").into_owned()),
        ("phone", is_number && fits("phone"), tr.t("settings-wrong-phone").into_owned()),
        ("help_vi", fits("help_vi"), long()),
        ("help_en", fits("help_en"), long()),
        ("lang", form.get("lang").parse::<model::text::Lang>().is_ok(), tr.t("settings-wrong-lang").into_owned()),
        (
            "reminder_days",
            days.is_some_and(|days| REMINDER_DAYS.contains(&days)),
            tr.with(
                "settings-wrong-days",
                [("least", &REMINDER_DAYS.start().to_string()), ("most", &REMINDER_DAYS.end().to_string())],
            ),
        ),
    ];
    let wrong = checks.into_iter().filter(|(_, is_right, _)| !is_right);
    wrong.map(|(field, _, message)| Mistake { field: field.into(), message }).collect()
}

fn show(cx: &Cx, page: SettingsPage) -> Response {
    let title = cx.tr().t("settings-title");
    if page.mistakes.is_empty() {
        return cx.page(&title, || settings::view(cx.tr(), page));
    }
    cx.refused(StatusCode::UNPROCESSABLE_ENTITY, &title, || settings::view(cx.tr(), page))
}
