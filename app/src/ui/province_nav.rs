//! The second row of links for everybody who works for the province.

use leptos::prelude::*;
use model::role::Role;

use crate::i18n::Tr;

/// The links that this role may follow, on every page below `/province`; nothing elsewhere.
pub fn province_nav(tr: Tr, role: Role, path: &str) -> AnyView {
    let path = path.split('?').next().unwrap_or_default();
    if path != "/province" && !path.starts_with("/province/") {
        return ().into_any();
    }
    let link = |href: &'static str, text: &'static str| {
        // The overview is above all others; a page below a link belongs to it.
        let is_below = href != "/province" && path.strip_prefix(href).is_some_and(|rest| rest.starts_with('/'));
        let current = if path == href { Some("page") } else { is_below.then_some("true") };
        view! { <li><a class="c-masthead__link" href=href aria-current=current>{tr.t(text)}</a></li> }
    };
    let administrator = (role == Role::Administrator).then(|| {
        view! {
            {link("/province/questionnaires", "nav-questionnaires")}
            {link("/province/accounts", "nav-accounts")}
            {link("/province/mail", "nav-mail")}
            {link("/province/audit", "nav-audit")}
            {link("/province/settings", "nav-settings")}
        }
    });
    let associations =
        matches!(role, Role::Officer | Role::Administrator).then(|| link("/province/associations", "nav-associations"));
    let reviews = (role == Role::Officer).then(|| link("/province/reviews", "nav-reviews"));
    let analyst = (role == Role::Analyst).then(|| link("/province/releases", "nav-releases"));
    view! {
        <nav class="l-wrap c-subnav" aria-label=tr.t("nav-province-label")>
            <ul class="c-subnav__list">
                {link("/province", "nav-overview")}
                {link("/province/campaigns", "nav-campaigns")}
                {reviews}
                {associations}
                {link("/province/response", "nav-province-response")}
                {link("/province/register", "nav-province-register")}
                {analyst}
                {administrator}
            </ul>
        </nav>
    }
    .into_any()
}
